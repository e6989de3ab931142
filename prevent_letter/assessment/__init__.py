"""From the text of a YAML file to a checked draft: data with places, criteria, settings, models."""
