"""What is kept of one assessment to compare it with hundreds: whose and when, how far it is, its scores and words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.fields import is_period
from prevent_letter.ground.findings import from_root
from prevent_letter.ground.names import folded
from prevent_letter.results import names_out


class State(Enum):
    """How far an assessment is."""

    NOT_BEGUN = "not begun"
    BEGUN = "begun"
    COMPLETE = "complete"
    SENT = "sent"


class Where(NamedTuple):
    """A place in an assessment: its file, the line, and the key path with dots."""

    path: Path
    line: int
    at: str

    def __str__(self) -> str:
        return f"{from_root(self.path)}:{self.line}"

    def plain(self) -> dict[str, Any]:
        """The place as an object of JSON: path (from the root), line, at."""
        return {"path": from_root(self.path), "line": self.line, "at": self.at}


class Passage(NamedTuple):
    """What is written on a benchmark: under good practice, or under recommendations."""

    benchmark: str
    words: str
    where: Where


@dataclass(frozen=True)
class Result:
    """One assessment. Names are in their normal form; ``scores`` holds those that can be read and are on the scale."""

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
    """The benchmarks whose score is none of the scale's."""
    passages: tuple[Passage, ...]
    names: tuple[str, ...]
    """The names of bodies and areas that its words may hold."""

    @property
    def key(self) -> str:
        """The authority's name for comparing."""
        return folded(self.authority)

    @property
    def how_far(self) -> str:
        """How far it is, in a word or two."""
        begun = f"{len(self.scores)} of {len(self.criteria.benchmarks)}"
        return begun if self.state is State.BEGUN else self.state.value

    def score_at(self, id: str) -> Where:
        """Where a benchmark's score is written."""
        return Where(self.path, self.lines[id], f"benchmarks.{id}.score")


def result(draft: Draft) -> Result | None:
    """What is kept of a draft; None where nothing of it can count, which its findings explain."""
    line = draft.source.line
    authority, period = line("authority"), line("period")
    if draft.criteria is None or not authority or not is_period(period):
        return None
    scores = draft.scores
    places = {id: draft.source.place(("benchmarks", id, "score")).line for id in scores}
    return Result(
        draft.path,
        authority,
        line("advisor", "region"),
        period,
        line("language"),
        draft.criteria,
        _state(draft),
        scores,
        places,
        tuple(
            id
            for id in draft.criteria.by_id
            if id not in scores and line("benchmarks", id, "score")
        ),
        tuple(_passages(draft)),
        tuple(names_out.bodies(draft.source)),
    )


def _state(draft: Draft) -> State:
    if draft.is_not_begun:
        return State.NOT_BEGUN
    if draft.assessment is None:
        return State.BEGUN
    return State.SENT if draft.assessment.sent else State.COMPLETE


def _passages(draft: Draft) -> Iterator[Passage]:
    for id in draft.criteria.by_id if draft.criteria else ():
        for key in ("good_practice", "recommendations"):
            words = draft.source.value("benchmarks", id, key)
            if isinstance(words, str) and words.strip():
                place = draft.source.place(("benchmarks", id, key))
                yield Passage(id, words, Where(draft.path, place.line, f"benchmarks.{id}.{key}"))
