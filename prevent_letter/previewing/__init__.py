"""Show a letter in the browser while it is being written."""
