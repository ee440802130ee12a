"""Kinds of servers that people run themselves, a room each: where one usually is, and by which answer it is known."""
