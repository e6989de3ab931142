"""Read an assessment from a YAML file, validate it, and write values back into the file."""
