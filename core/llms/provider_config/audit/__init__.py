"""What was done, by whom, in the transaction in which it was done: entries that are chained by their hashes."""
