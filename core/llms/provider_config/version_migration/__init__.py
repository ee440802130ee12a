"""From one model, or one version of a provider's API, to another: what becomes of each parameter, and doing it.

`plan` has the values, `planning` decides without any database, `applying` changes what is stored.
"""
