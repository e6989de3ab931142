"""Compare the values of an edited Word letter with those of a newly built one."""

from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.values import only_possible_date
from prevent_letter.core import atomic
from prevent_letter.core.display import count
from prevent_letter.core.findings import UserError
from prevent_letter.letter import word
from prevent_letter.letter.compose import Composer
from prevent_letter.letter.word_package import MOST_BYTES
from prevent_letter.word import docx_reader, edited_letter
from prevent_letter.word.docx_reader import WordDocument
from prevent_letter.word.edited_letter import LetterValues, Passage, Piece, Value


def read_letter(path: Path) -> WordDocument:
    """Read a Word letter.

    Raises:
        UserError: the file can't be read.
    """
    with atomic.explain_errors(path, "read"):
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    return docx_reader.read(data)


class BuiltLetter(NamedTuple):
    """A letter that was just built: its XHTML, and the values read back from it."""

    xhtml: str
    values: LetterValues
    nothing: Passage = ()
    """The words that the letter shows for an empty text."""


def built_letter(draft: Draft, assessment: Assessment) -> BuiltLetter:
    """Build the letter of an assessment, and return its values, read as from any other letter."""
    assert draft.criteria
    composer = Composer(draft.settings.templates, assessment.language)
    xhtml = composer.compose(assessment, draft.criteria, as_draft=True)
    look = word.read_look(draft.settings.template(word.LOOK, assessment.language))
    document = docx_reader.read(word.write(xhtml, look))
    return BuiltLetter(xhtml, edited_letter.read(xhtml, document.blocks))


def words_for_nothing(draft: Draft) -> Passage:
    """Return the words that the letter shows for an empty text."""
    assessment, criteria = draft.valid
    id, scored = next(iter(assessment.benchmarks.items()))
    bare = scored.model_copy(update={"good_practice": None, "score": criteria.scale.met})
    benchmarks = {**assessment.benchmarks, id: bare}
    empty = assessment.model_copy(update={"benchmarks": benchmarks})
    values = built_letter(draft, empty).values.values
    return values.get(f"{id}.good_practice", ())  # type: ignore[return-value]  # a good practice is always a passage


def fill_empty(values: LetterValues, nothing: Passage) -> None:
    """Replace each empty text with the words that the letter shows for it."""
    for id, value in values.values.items():
        if value == () and id.endswith((".good_practice", ".recommendations")):
            values.values[id] = nothing


def ids_of_values(says: LetterValues, now: LetterValues) -> list[str]:
    """Return the ids of all values; the two places of a score have one id."""
    ids = (*now.values, *says.values, *now.doubts, *says.doubts)
    return list(dict.fromkeys(id.split("|")[0] for id in ids))


def value_of(values: LetterValues | None, id: str) -> Value:
    """Return the value with this id; empty if there is none."""
    if values is None:
        return ""
    if id.endswith(".score"):
        return values.values.get(f"{id}|section") or values.values.get(f"{id}|table", "")
    return values.values.get(id, "")


def score_of(says: LetterValues, id: str, before: Value | None) -> tuple[Value, str]:
    """Return a score, and why it is in doubt if its two places differ or are empty."""
    section, table = says.values.get(f"{id}|section", ""), says.values.get(f"{id}|table", "")
    if not before and (not section or not table):
        return section or table, ""  # a prompt does not contradict the score in the other place
    if section == table:
        return section, "" if section else "it is empty now"
    why = "only one of them was changed" if before in (section, table) else "they differ"
    doubt = f"its section says {show_value(section)}, the table {show_value(table)}; {why}"
    return section, doubt


def show_value(value: Value | None) -> str:
    """Return a value as text for a message."""
    if not value:
        return "nothing"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value[0], str):
        return f'"{", ".join(map(str, value))}"'
    texts = []
    for item in value:
        passage = (item,) if isinstance(item, Piece) else item
        texts.append(" ".join(edited_letter.written(passage).split()))
    return f'"{" / ".join(texts)}"'


def is_same(id: str, one: Value, other: Value) -> bool:
    """Return True if two values are equal, apart from a date's form or a greeting's comma."""
    if id == "date" and one and other and one != other:
        day = only_possible_date(str(one))
        return day is not None and day == only_possible_date(str(other))
    if id == "greeting":
        return str(one).rstrip(",: ") == str(other).rstrip(",: ")
    return one == other


class UnsavedChanges(NamedTuple):
    """What overwriting a letter would lose: ids of changed values, and other things in words."""

    values: tuple[str, ...]
    others: tuple[str, ...]


def unsaved_changes(path: Path, draft: Draft) -> UnsavedChanges | None:
    """Return the changes in a letter that its assessment lacks; None if either can't be read."""
    if not draft.assessment:
        return None
    try:
        letter = read_letter(path)
        now = built_letter(draft, draft.assessment)
        nothing = words_for_nothing(draft)
    except (OSError, UserError):
        return None
    says = edited_letter.read(now.xhtml, letter.blocks)
    fill_empty(says, nothing)
    fill_empty(now.values, nothing)
    changed = []
    for id in ids_of_values(says, now.values):
        value = value_of(now.values, id)
        if id.endswith(".score"):
            is_kept = score_of(says, id, value) == (value, "")
        else:
            is_kept = is_same(id, value_of(says, id), value)
        if id in says.doubts or not is_kept:
            changed.append(id)
    others = [count(len(letter.comments), "comment")] if letter.comments else []
    others += ["changed fixed wording"] if says.unlike else []
    return UnsavedChanges(tuple(changed), tuple(others))
