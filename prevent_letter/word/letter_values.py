"""Read what a Word letter says, and compare it with the letters that its assessment gives."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import source
from prevent_letter.assessment.digests import shown_values, value_digest
from prevent_letter.assessment.drafts import Draft, form
from prevent_letter.assessment.model import Assessment, score_reader
from prevent_letter.assessment.validation import convert
from prevent_letter.core import atomic
from prevent_letter.core.display import count
from prevent_letter.core.findings import FileErrors, Finding, Place, UserError
from prevent_letter.core.ordinary import open_ordinary
from prevent_letter.letter import word, word_package
from prevent_letter.letter.compose import Composer
from prevent_letter.word import docx_reader, edited_letter
from prevent_letter.word.blocks import Block, WordDocument
from prevent_letter.word.passages import as_prose
from prevent_letter.word.reading import LetterValues, Wording

_EMPTY = b"authority: A\narea: A\nperiod: 2020/2021\n"


def read_letter(path: Path) -> WordDocument:
    """Read a Word letter.

    Raises:
        FileErrors: the file can't be read (PL501).
    """
    try:
        with atomic.explain_errors(path, "read"), open_ordinary(path) as file:
            letter = docx_reader.read(file)
            file.seek(0)
            identity = word_package.identity(file.read())
            letter.is_as_built = identity is not None and identity.intact
            return letter
    except UserError as error:
        message = f"this letter can't be read: {error}"
        help = "open it in Word, and save it as Word Document (.docx)"
        if "outside the repository" in str(error):
            help = source.COPY_IT
        finding = Finding(Place(path), "PL501", "error", message, help)
        raise FileErrors([finding]) from error


class BuiltLetters:
    """Builds letters from versions of a draft's file, as models for reading edited letters."""

    def __init__(self, draft: Draft) -> None:
        """Build the letter of a draft that has an assessment."""
        assessment, self.criteria = draft.valid
        self.draft = draft
        self._composer = Composer(draft.settings.templates, assessment.language)
        self._look = word.read_look(draft.settings.template(word.LOOK, assessment.language))
        self._prompts = set[str]()
        self._kinds = {shown.id: shown.kind for shown in shown_values(assessment)}
        self.letter = self._build(assessment)
        """The draft's own letter."""
        self.now = self.read(self.letter.blocks)
        """What the draft's own letter says."""

    @cached_property
    def _nothing(self) -> str:
        """The words that the letter has in place of an empty text."""
        assessment = self.draft.valid[0]
        id, first = next(iter(assessment.benchmarks.items()))
        bare = replace(first, good_practice=None, score=self.criteria.scale.met)
        benchmarks = {**assessment.benchmarks, id: bare}
        blocks = self._build(replace(assessment, benchmarks=benchmarks)).blocks
        return str(edited_letter.read(blocks, blocks).values[f"{id}.good_practice"])

    @property
    def _wording(self) -> Wording:
        return Wording(self.criteria.scale, lambda: self._nothing, self._prompts)

    def _build(self, assessment: Assessment) -> WordDocument:
        xhtml = self._composer.compose(assessment, self.criteria, as_draft=True)
        self._prompts |= set(map(unescape, re.findall('<span class="prompt">(.*?)</span>', xhtml)))
        return docx_reader.read(word.write(xhtml, self._look))

    def says(self, assessment: Assessment) -> LetterValues:
        """Return what the letter of an assessment says.

        Raises:
            UserError: a template or a style file is wrong.
        """
        blocks = self._build(assessment).blocks
        return edited_letter.read(blocks, blocks, self._wording)

    def read(self, blocks: Sequence[Block]) -> LetterValues:
        """Return what the blocks of an edited letter say. The draft's own letter is the model."""
        empty = form(source.parse(self.draft.path, _EMPTY), self.criteria)
        if empty and any("[" in block.text for block in blocks):  # as a prompt that was left
            with suppress(UserError):  # of a template that needs all fields
                self._build(empty)
        return edited_letter.read(self.letter.blocks, blocks, self._wording)

    def digest_of(self, says: LetterValues, id: str) -> str:
        """Return the digest of a value that a letter says, as its version has it."""
        value, scale = says.values.get(id, ""), self.criteria.scale
        texts = tuple(map(as_prose, value)) if isinstance(value, tuple) else as_prose(value)
        return value_digest(self._kinds.get(id, "line"), texts, scale)

    def assessment(self, data: bytes) -> Assessment | None:
        """Return the assessment in another version of the draft's file, finished or not."""
        file = source.parse(self.draft.path, data)
        if file.findings:
            return None
        read_score = score_reader(self.criteria, accept_numbers=True)
        assessment, _ = convert(Assessment, file.data, read_score)
        return assessment or form(file, self.criteria, accept_numbers=True)


def ids_of_values(*readings: LetterValues) -> list[str]:
    """Return the ids of all values in some readings, each once."""
    ids = [id for reading in readings for id in (*reading.values, *reading.doubts)]
    return list(dict.fromkeys(ids))


class UnsavedChanges(NamedTuple):
    """What overwriting a letter would lose: ids of changed values, and other things in words."""

    values: tuple[str, ...]
    others: tuple[str, ...]


def unsaved_changes(path: Path, draft: Draft) -> UnsavedChanges | None:
    """Return the changes in a letter that its assessment lacks; None if either can't be read."""
    if not draft.assessment:
        return None
    try:
        letter, built = read_letter(path), BuiltLetters(draft)
    except (FileErrors, UserError):
        return None
    says, now = built.read(letter.blocks), built.now
    changed = [
        id
        for id in ids_of_values(now, says)
        if id in says.doubts or says.values.get(id) != now.values.get(id)
    ]
    others = [count(len(letter.comments), "comment")] if letter.comments else []
    others += ["changed fixed wording"] if says.unlike else []
    return UnsavedChanges(tuple(changed), tuple(others))
