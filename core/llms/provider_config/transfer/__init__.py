"""Stored configurations as a document for a file: written without secrets, read back all or nothing."""
