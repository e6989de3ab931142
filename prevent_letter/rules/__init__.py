"""Judgement beyond the schema: from drafts to findings. The letter does not pass through here."""
