"""core.llms."""
