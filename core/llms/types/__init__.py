"""Pure values: what goes into a call and what comes out of it. No I/O, no vendor, no settings."""
