"""Build a letter that shows what changed since an earlier one (``--changes-since``)."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment.drafts import Draft
from prevent_letter.building.changes import ChangeMarker
from prevent_letter.core.display import count, printable, show_path
from prevent_letter.core.findings import FileErrors, UserError
from prevent_letter.core.names import fold_name
from prevent_letter.letter import word
from prevent_letter.letter.formats import CHANGES
from prevent_letter.letter.word_look import WordLook
from prevent_letter.letter.word_package import AUTHOR, version
from prevent_letter.word import docx_reader, edited_letter
from prevent_letter.word.blocks import WordDocument
from prevent_letter.word.letter_values import BuiltLetters, ids_of_values, read_letter
from prevent_letter.word.pairs import LetterBlocks

_LONGEST_DAY = 40
"""The most characters of a date, which may be written in words."""


class LetterWithChanges(NamedTuple):
    """The bytes of a .docx file, and how much changed, in words."""

    data: bytes
    summary: str


def with_changes(
    draft: Draft, xhtml: str, look: WordLook, values: Mapping[str, str], path: Path, *, force: bool
) -> LetterWithChanges:
    """Return a draft's letter, with what changed since the one at ``path`` as tracked changes.

    Raises:
        UserError: the earlier letter can't be read, or is another assessment's; or, without
            ``force``, it was cleared, and the file lacks what was changed then.
    """
    assessment, criteria = draft.valid
    letter = _read(path, assessment.identifier)
    if lost := [] if force or letter.is_as_built else _not_imported(letter, BuiltLetters(draft)):
        name = show_path(path)
        message = f"{count(len(lost), 'value')} changed in it {'is' if len(lost) == 1 else 'are'} "
        message += f"not in the file: {', '.join(lost[:3])}{' ...' if len(lost) > 3 else ''}"
        quoted = f'"{name}"' if " " in name else name
        help = f"import it first (prevent-letter import {quoted}), or add --force"
        raise UserError(f"{name}: {message}; {help}")
    new = docx_reader.read(word.write(xhtml, look))
    old_owners, owners = (
        edited_letter.read(new.blocks, each.blocks).owners for each in (letter, new)
    )
    marker = ChangeMarker(
        look,
        LetterBlocks(letter.blocks, old_owners, letter.notes),
        LetterBlocks(new.blocks, owners, new.notes),
        assessment.advisor.name or AUTHOR,
        str(assessment.date or ""),
    )
    data = word.write(xhtml, look, values, mark_changes=marker.mark)
    days = [letter.blocks[number].text for number, id in old_owners.items() if id == "date"]
    day = printable(" ".join("".join(days[:1]).split()))[:_LONGEST_DAY]
    since = f"since {day if any(map(str.isdigit, day)) else 'the earlier letter'}"
    changed = {id.split(".")[0] for id in marker.changed} & criteria.by_id.keys()
    summary = f"nothing has changed {since}"
    if marker.changed:
        where = f" in {count(len(changed), 'benchmark')}" if changed else ""
        if where and any(id.split(".")[0] not in changed for id in marker.changed):
            where += " and elsewhere"
        summary = f"{count(len(marker.changed), 'change')}{where} {since}"
    return LetterWithChanges(data, summary)


def _read(path: Path, identifier: str) -> WordDocument:
    """Return the earlier letter, which must have the identifier of the assessment."""
    if not path.exists():
        raise UserError(f"{show_path(path)}: there is no earlier letter of this name")
    try:
        letter = read_letter(path)
    except FileErrors as errors:
        [finding] = errors.findings
        raise UserError(f"{show_path(path)}: {finding.message}; {finding.help}") from errors
    owner = letter.identifier.removesuffix(CHANGES)
    if fold_name(owner) == fold_name(identifier):
        return letter
    message = "this isn't a letter of this tool, or it has lost what says whose it is"
    if owner:
        message = f"this is the letter of {printable(owner)}, and this assessment is {identifier}'s"
    raise UserError(f"{show_path(path)}: {message}")


def _not_imported(letter: WordDocument, built: BuiltLetters) -> list[str]:
    """Return the ids of values that were changed in a letter and that the file doesn't have."""
    built_from = version(letter.version)
    if not built_from or not built_from.values:
        return []
    imported, says = built.draft.valid[0].imported, built.read(letter.blocks)
    return [
        id
        for id in ids_of_values(built.now, says)
        if says.values.get(id, "") != built.now.values.get(id, "")
        and built.digest_of(says, id) not in (built_from.values.get(id), imported.get(id))
    ]
