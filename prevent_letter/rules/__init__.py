"""Check drafts for mistakes that the schema can't find."""

from prevent_letter.rules import (  # noqa: F401 (their rules register themselves)
    across,
    claims,
    dates,
    duty,
    figures,
    judgements,
    lists,
    names,
    notes,
    others,
    private,
    repeats,
    scores,
    summary,
    sums,
    typing,
    wording,
)
