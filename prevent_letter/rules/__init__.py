"""Check drafts for mistakes that the schema can't find."""
