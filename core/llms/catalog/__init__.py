"""The models that have no room of their own, as data: a file a provider, with source and date of every fact.

Importing this package loads nothing; `catalog.store` reads a provider's file when it is first asked for.
"""
