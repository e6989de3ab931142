"""Start new assessments, and show the criteria they are scored against."""
