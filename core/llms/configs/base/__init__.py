"""What all configurations share. No provider is named here, and this package imports nothing."""
