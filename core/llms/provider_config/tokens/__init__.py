"""API tokens: who holds one acts as the actor that it was made for. Only a digest of a token is stored."""
