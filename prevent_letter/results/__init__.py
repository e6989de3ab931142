"""Show what many assessments say together: scores and progress."""
