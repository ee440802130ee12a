"""One room a provider: its address, its authentication, its dialect, its models."""
