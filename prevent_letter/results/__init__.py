"""Show the scores and progress of many assessments together."""
