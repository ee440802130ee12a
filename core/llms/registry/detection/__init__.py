"""A detector for each provider that tells something of its models, a class each. This package imports nothing."""
