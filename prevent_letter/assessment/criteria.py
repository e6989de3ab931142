"""What is scored against: a criteria set, its benchmarks and its scale."""

import os.path
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field

from prevent_letter import ROOT
from prevent_letter.assessment import fields, source
from prevent_letter.assessment.fields import Entry, Line, Number, OptionalLine
from prevent_letter.assessment.source import KeyPath, Source
from prevent_letter.ground.findings import Finding, Place, nearest

STANDARD = "annex_a"
KEY = "key"
"""What stands for the key recommendations in the handles of ``progress``, and so for no benchmark."""


_ID = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
_LONGEST_ID = 19


class Scale(Entry):
    """The scores from ``min`` to ``max``; from ``met`` on the duty is met."""

    min: Number = Field(description="The lowest score.")
    max: Number = Field(description="The highest score.")
    met: Number = Field(description="The score at which the duty is met.")
    names: dict[str, Line] | None = Field(
        default=None,
        description="A name for each score, such as 2: Met, which letters then say instead.",
    )

    @property
    def scores(self) -> range:
        """All scores, lowest first."""
        return range(self.min, self.max + 1)

    @property
    def below(self) -> range:
        """The scores at which the duty isn't met."""
        return range(self.min, self.met)

    @property
    def above(self) -> range:
        """The scores at which the duty is exceeded."""
        return range(self.met + 1, self.max + 1)

    def label(self, score: int) -> str:
        """A score as the letter says it: its name where the scale has names, else the number."""
        return self.names[str(score)] if self.names else str(score)

    def cell(self, score: int) -> str | int:
        """A score as a table has it: its name where the scale has names, else the number as a number."""
        return self.label(score) if self.names else score

    @cached_property
    def written(self) -> dict[str, int]:
        """What an assessment may write, in lower case, with the score: the names where there are any, else numbers.

        Of two scales, a number may mean one thing here and another there; a name says what it means.
        """
        if self.names:
            return {name.casefold(): int(score) for score, name in self.names.items()}
        return {str(score): score for score in self.scores}


class Benchmark(Entry):
    """One benchmark of a set."""

    id: Line = Field(
        description="The key that assessments use for the benchmark, such as channel_panel."
    )
    name: Line = Field(description="The benchmark's name in the table of scores.")
    heading: Line = Field(description="The benchmark's heading in the feedback, after its number.")
    statement: Line = Field(description="The statement in Annex A that is scored.")
    levels: Annotated[tuple[Line, ...], BeforeValidator(fields.unless_empty)] = Field(
        default=(),
        description="What each score asks for, lowest first. A whole set may leave them out.",
    )
    note: OptionalLine = Field(
        default=None, description="A footnote on the benchmark's name in the table."
    )
    caveat: OptionalLine = Field(
        default=None, description="A sentence about it that the letter's opening adds."
    )


SetKey = tuple[tuple[str, ...], int, int, int]
"""What tells a set from others: its ids in order; min, max and met of its scale."""


class Criteria(Entry):
    """A criteria set: the letter follows its order."""

    title: Line = Field(description="The title of the criteria, as the letter names it.")
    scale: Scale = Field(
        description="The lowest and highest score, and the one at which the duty is met."
    )
    benchmarks: tuple[Benchmark, ...] = Field(description="The benchmarks, in the letter's order.")

    def level(self, benchmark: Benchmark, score: int) -> str | None:
        """What a score asks for, or None where the set has no level texts."""
        return benchmark.levels[score - self.scale.min] if benchmark.levels else None

    @property
    def key(self) -> SetKey:
        """What tells the set from others, in whatever language."""
        return tuple(self.by_id), self.scale.min, self.scale.max, self.scale.met

    @cached_property
    def by_id(self) -> dict[str, Benchmark]:
        """The benchmarks by their ids, in order."""
        return {benchmark.id: benchmark for benchmark in self.benchmarks}


@dataclass(frozen=True)
class CriteriaSet:
    """A criteria set as it was read: ``criteria`` is None where the file is at fault, and ``findings`` say how."""

    source: Source
    criteria: Criteria | None
    findings: tuple[Finding, ...]


class NamedSet(NamedTuple):
    """A criteria set as somebody names it: a bundled set's name, or a path that ends in .yaml or .yml."""

    name: str
    folder: Path
    """Where a path begins."""
    source: Source | None = None
    """The file in which it is named, if it is named anywhere."""

    @property
    def place(self) -> Place:
        """Where the name is written."""
        return self.source.place(("criteria",)) if self.source else Place(Path())

    @property
    def is_own(self) -> bool:
        """Whether it is named by its path, rather than a bundled set."""
        return self.name.endswith((".yaml", ".yml"))

    @property
    def path(self) -> Path:
        """The file of the set."""
        return self.folder / self.name if self.is_own else ROOT / "criteria" / f"{self.name}.yaml"

    def missing(self) -> Iterator[Finding]:
        """The finding at its place, if there is no such set."""
        if not os.path.isfile(self.path):
            bundled = sorted(path.stem for path in (ROOT / "criteria").glob("*.yaml"))
            guess, sets = nearest(self.name, bundled), ", ".join(bundled)
            help = (
                f"did you mean {guess}?"
                if guess
                else f"the bundled sets: {sets}; or give a path to a .yaml file"
            )
            yield Finding(
                self.place,
                "PL110",
                "error",
                f"there is no criteria set {fields.quoted(self.name)}",
                help,
            )


def read(path: Path) -> CriteriaSet:
    """Read a criteria set and check that it holds together."""
    read_source = source.read(path)
    if read_source.findings:
        return CriteriaSet(read_source, None, tuple(read_source.findings))
    criteria, findings = fields.validate(Criteria, read_source)
    if criteria:
        findings = [
            Finding(read_source.place(at), code, "error", message, help)
            for at, code, message, help in _misfits(criteria)
        ]
    return CriteriaSet(read_source, None if findings else criteria, tuple(findings))


def _misfits(criteria: Criteria) -> Iterator[tuple[KeyPath, str, str, str]]:
    """What the keys and types of a set can't say: path, code, message, help."""
    scale, names = criteria.scale, criteria.scale.names
    if not scale.min <= scale.met <= scale.max or scale.min == scale.max:
        message = f"the scale goes from {scale.min} to {scale.max} with the duty met at {scale.met}, which can't be"
        yield (
            ("scale",),
            "PL112",
            message,
            "min is the lowest score, max the highest, and met lies between them",
        )
        return
    if names is not None:
        expected = [str(score) for score in scale.scores]
        if sorted(names) != sorted(expected):
            help = f"name each of {', '.join(expected)} once, or leave names out"
            yield (
                ("scale", "names"),
                "PL112",
                "the names of the scale are not one for each score",
                help,
            )
        elif any(name.isdecimal() for name in names.values()):
            yield (
                ("scale", "names"),
                "PL112",
                "the name of a score can't be a number",
                "give it a name in words",
            )
        elif len({name.casefold() for name in names.values()}) < len(names):
            yield (
                ("scale", "names"),
                "PL112",
                "two scores have the same name",
                "give each score a name of its own",
            )
    seen: set[str] = set()
    for number, benchmark in enumerate(criteria.benchmarks):
        at: KeyPath = ("benchmarks", number)
        yield from _id_misfit(benchmark.id, (*at, "id"), seen)
        expected_levels = len(scale.scores) if criteria.benchmarks[0].levels else 0
        if len(benchmark.levels) != expected_levels and (
            len(benchmark.levels) != len(scale.scores) or number
        ):
            message = f"{benchmark.id} has {len(benchmark.levels)} levels, and the scale has {len(scale.scores)} scores"
            yield (
                (*at, "levels"),
                "PL113",
                message,
                "give a text for each score, lowest first, or no benchmark of the set any",
            )
    if not criteria.benchmarks:
        yield ("benchmarks",), "PL102", "the set has no benchmark", "list at least one"


@cache
def reserved() -> frozenset[str]:
    """What names a part of the letter, so that no benchmark may: the ids and blocks of the standard template."""
    template = (ROOT / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    return frozenset(
        (KEY, *re.findall(r'(?<=id=")[a-z_]+(?=[."])|(?<=\{% block )[a-z_]+', template))
    )


def _id_misfit(id: str, at: KeyPath, seen: set[str]) -> Iterator[tuple[KeyPath, str, str, str]]:
    if not re.fullmatch(_ID, id) or len(id) > _LONGEST_ID:
        message = f"{fields.quoted(id)} can't be a benchmark's id"
        help = f"use at most {_LONGEST_ID} small letters, digits and single _ between them, such as channel_panel"
        yield at, "PL111", message, help
    elif id in reserved():
        yield (
            at,
            "PL111",
            f"{id} can't be a benchmark's id: the letter has a part of that name",
            "choose another",
        )
    elif id in seen:
        yield (
            at,
            "PL111",
            f"two benchmarks have the id {id}",
            "give each benchmark an id of its own",
        )
    seen.add(id)
