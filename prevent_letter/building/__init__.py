"""Build letters from assessments, and write them to files."""
