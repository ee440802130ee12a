"""Routes: one call, several targets. What is asked, in which order, and what an error of one means for the next."""
