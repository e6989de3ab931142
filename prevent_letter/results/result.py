"""The scores and texts of one assessment, kept to compare it with hundreds of others."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.drafts import Draft, State
from prevent_letter.assessment.values import is_period
from prevent_letter.core.display import path_from_root
from prevent_letter.core.names import fold_name
from prevent_letter.results.anonymise import names_of_bodies


class Where(NamedTuple):
    """A place in an assessment: its file, the line, and the key path with dots."""

    path: Path
    line: int
    key_path: str

    def __str__(self) -> str:
        return f"{path_from_root(self.path)}:{self.line}"


class ScoredText(NamedTuple):
    """A text on a benchmark: its ``key`` (good practice or recommendations), and its line."""

    benchmark: str
    key: str
    packed: bytes
    """The words, compressed: those of 20,000 assessments would fill 170 MB."""
    line: int

    @classmethod
    def of(cls, benchmark: str, key: str, words: str, line: int) -> "ScoredText":
        """Return a text with these words."""
        return cls(benchmark, key, zlib.compress(words.encode(), level=1), line)

    @property
    def words(self) -> str:
        """The words of the text."""
        return zlib.decompress(self.packed).decode()


@dataclass(frozen=True)
class Result:
    """One assessment. ``scores`` has only scores that can be read and are on the scale."""

    path: Path
    authority: str
    region: str
    period: str
    language: str
    criteria: Criteria
    state: State
    scores: dict[str, int]
    lines: dict[str, int]
    """The line of each score."""
    odd: tuple[str, ...]
    """The benchmarks whose score is not on the scale."""
    texts: tuple[ScoredText, ...]
    names: tuple[str, ...]
    """The names of authorities and areas that the assessment's texts can contain."""

    @property
    def key(self) -> str:
        """The authority's name in a form for comparing."""
        return fold_name(self.authority)

    def where(self, benchmark: str, key: str, line: int) -> Where:
        """Return the place of a value of a benchmark."""
        return Where(self.path, line, f"benchmarks.{benchmark}.{key}")


def result(draft: Draft) -> Result | None:
    """Return the result of a draft, or None if the draft can't be counted; its findings say why."""
    source, line = draft.source, draft.source.line
    if draft.criteria is None or not line("authority") or not is_period(line("period")):
        return None
    scores, ids, texts = draft.scores, draft.criteria.by_id, list[ScoredText]()
    for id in ids:
        for key in ("good_practice", "recommendations"):
            words = source.value("benchmarks", id, key)
            if isinstance(words, str) and words.strip():
                number = source.place(("benchmarks", id, key)).line
                texts.append(ScoredText.of(id, key, words, number))
    return Result(
        path=draft.path,
        authority=line("authority"),
        region=line("advisor", "region"),
        period=line("period"),
        language=line("language"),
        criteria=draft.criteria,
        state=draft.state,
        scores=scores,
        lines={id: source.place(("benchmarks", id, "score")).line for id in scores},
        odd=tuple(id for id in ids if id not in scores and line("benchmarks", id, "score")),
        texts=tuple(texts),
        names=tuple(names_of_bodies(source)),
    )
