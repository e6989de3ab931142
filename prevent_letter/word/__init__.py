"""Read a Word letter that somebody has edited, and find the values in it."""
