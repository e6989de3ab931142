"""The exit codes of the command line."""

FAULT = 1
"""A file has errors (or, with ``--strict``, warnings). Or a letter was kept, can't be written or,
with ``--check``, is not up to date."""
USAGE = 2
"""The command was used wrongly."""
UNEXPECTED = 3
"""Something unexpected happened."""
INTERRUPTED = 130
"""Ctrl-C was pressed."""
