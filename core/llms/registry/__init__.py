"""Which models and providers there are, and what they can do. Import its modules: this package imports nothing."""
