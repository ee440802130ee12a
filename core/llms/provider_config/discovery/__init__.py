"""Finding what could be configured: accounts of the environment, servers of this machine, and their models.

`discover.discover` looks and changes nothing; `applying.apply` registers what was chosen of its proposals. How a server
is known from the others is a room each, in `servers`.
"""
