"""Build letters: from paths to files."""
