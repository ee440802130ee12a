"""What all callers share. No provider is named here."""
