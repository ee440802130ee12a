"""Wire formats: pure functions without I/O. A wire knows a format, and no vendor's address or key."""
