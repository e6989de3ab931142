"""Check assessments, criteria sets and settings, and fix what is beyond doubt."""
