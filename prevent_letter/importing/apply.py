"""Write what a letter says into its assessment, if it is certain that the file then says it."""

import codecs

from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.core import atomic
from prevent_letter.core.findings import UserError
from prevent_letter.importing.comparison import Comparison
from prevent_letter.word.letter_values import ids_of_values


def certain_edits(comparison: Comparison) -> dict[str, Edit]:
    """Return the edits that change just their own values in the letter of the edited file."""
    edits = comparison.edits
    if not edits or edited_text(comparison, edits) is not None:
        return edits
    certain = {id: e for id, e in edits.items() if edited_text(comparison, {id: e}) is not None}
    return certain if edited_text(comparison, certain) is not None else {}


def edited_text(comparison: Comparison, edits: dict[str, Edit]) -> str | None:
    """Return the edited file; None unless only the edited values change in its letter."""
    built = comparison.built
    try:
        text = apply_edits(comparison.draft.source, [*edits.values()])
        assessment = built.assessment(text.encode())
        says = built.says(assessment) if assessment else None
    except (LookupError, ValueError, UserError):
        return None
    if says is None:
        return None
    for id in ids_of_values(says, built.now):
        expected = (comparison.says if id in edits else built.now).values.get(id, "")
        if says.values.get(id, "") != expected:
            return None
    return text


def write(comparison: Comparison, edits: dict[str, Edit]) -> None:
    """Write edits into the assessment, and note in it which values came from the letter.

    Raises:
        UserError: the file was saved meanwhile, or can't be written.
    """
    source, built_from = comparison.draft.source, comparison.built_from
    note: list[Edit] = []
    if built_from and built_from.values:
        earlier = {} if comparison.is_newer else comparison.assessment.imported
        noted = {**earlier, **{id: comparison.digest_of(id) for id in edits}}
        noted = {id: of for id, of in noted.items() if built_from.values.get(id) != of}
        note = [Edit(("imported",), noted)]
    text = apply_edits(source, [*edits.values(), *note])
    data = comparison.draft.path.read_bytes()
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    before = mark + source.text.encode()
    atomic.put_back(comparison.draft.path, before, mark + text.encode())
