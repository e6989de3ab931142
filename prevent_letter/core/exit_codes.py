"""The exit codes of the command line."""

FAULT = 1
"""A file has errors, a letter was kept or can't be written, or ``--check`` found something."""
USAGE = 2
"""The command was used wrongly."""
UNEXPECTED = 3
"""Something unexpected happened."""
INTERRUPTED = 130
"""Ctrl-C was pressed."""
