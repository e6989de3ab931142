"""Whole jobs, without a command line: a request goes in, a report comes out."""
