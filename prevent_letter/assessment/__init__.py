"""Read an assessment: from the text of a YAML file to a checked draft, and values back into it."""
