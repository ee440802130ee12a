"""Who may do what: `operations` are the verbs, `roles` sets of them, `grants` give roles to actors within scopes.

A denial wins over every allowance. `Permissions` decides; it is asked by the service, never at an edge.
"""
