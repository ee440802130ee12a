"""The rows of the contract: one module a provider, each with its `ROW`."""
