"""Learning of its refusals what a server lacks: what may be changed of a request, and sending it once more."""
