"""Judge assessments beyond the schema: from drafts to findings."""
