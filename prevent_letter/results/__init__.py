"""What many assessments say together: scores, progress, and their pages."""
