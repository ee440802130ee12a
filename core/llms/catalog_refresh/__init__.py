"""Fetching newer lists of models and prices, when somebody asks for it: never at import, never during a call.

`refresh` is the way in. The facts come to stand in one file on this machine, which `catalog.refreshed` reads.
"""
