"""Take the changes of a Word letter back into its assessment."""
