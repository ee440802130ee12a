"""What all detectors share: reading a vendor's list, asking a model what it can do, and what comes of it."""
