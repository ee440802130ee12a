"""What every provider builds on. Import from the modules: this package imports nothing."""
