"""Compose a letter as one XHTML document, and write it in each format."""
