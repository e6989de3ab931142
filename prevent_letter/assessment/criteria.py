"""A criteria set: its benchmarks, its scale, and what each level asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from prevent_letter import ROOT
from prevent_letter.assessment import source
from prevent_letter.assessment.places import KeyPath, Source
from prevent_letter.assessment.validation import Fault, validate
from prevent_letter.assessment.values import Entry, Line, Number, OptionalLine, described
from prevent_letter.core.display import quote
from prevent_letter.core.findings import Finding

KEY = "key"
"""The id for key recommendations, as in the handle ``key.1``; it can't be a benchmark's id."""
_ID = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
_MOST_BENCHMARKS = 100
_MOST_SCORES = 101
_LONGEST_NAME = 100
"""The most characters of a score's name."""
_LONGEST_HEADING = 1000
"""The most characters of a benchmark's name and heading. The standard set has one of 250."""
_LONGEST_ID = 19
"""The most characters of an id: id and longest field name must fit a Word bookmark (40)."""


NUMBER_WORDS = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten".split())
}
"""Numbers that people may write as words although figures are required."""


@dataclass(frozen=True, kw_only=True)
class Scale(Entry):
    """The scores from ``min`` to ``max``; the duty is met by a score of ``met`` or more."""

    min: Number = described("The lowest score.")
    max: Number = described("The highest score.")
    met: Number = described("The score at which the duty is met.")
    names: dict[str, Line] | None = described(
        "A name for each score, such as 2: Met, which letters then say instead.", None
    )

    @property
    def scores(self) -> range:
        """All scores, lowest first."""
        return range(self.min, self.max + 1)

    @property
    def below(self) -> range:
        """The scores at which the duty is not met."""
        return range(self.min, self.met)

    @property
    def above(self) -> range:
        """The scores at which the duty is exceeded."""
        return range(self.met + 1, self.max + 1)

    def label(self, score: int) -> str:
        """Return a score as the letter says it: its name if the scale has names, or its number."""
        return self.names[str(score)] if self.names else f"{score:d}"

    @cached_property
    def written(self) -> dict[str, int]:
        """A mapping from each accepted way to write a score, in lower case, to that score.

        If the scale has names, numbers are not accepted: on other scales they mean other levels.
        """
        if self.names:
            return {name.casefold(): int(score) for score, name in self.names.items()}
        return {str(score): score for score in self.scores}

    def meant(self, words: str) -> int | None:
        """Return the score that words such as "two", "3 (met)" or "4/5" mean; None if unsure."""
        text = " ".join(words.casefold().split())
        text = re.sub(rf"(?: */ *| (?:out )?of ){self.max}\b", "", text)  # out of the highest
        ways = dict(self.written)
        if not self.names:
            ways |= {word: n for word, n in NUMBER_WORDS.items() if n in self.scores}
        meant = set()
        for way in sorted(ways, key=len, reverse=True):  # "not met" before "met"
            text, times = re.subn(rf"(?<![\w.,-]){re.escape(way)}(?![\w-]|[.,][0-9])", " ", text)
            meant |= {ways[way]} if times else set()
        return meant.pop() if len(meant) == 1 and not re.search("[0-9]", text) else None


@dataclass(frozen=True, kw_only=True)
class Benchmark(Entry):
    """One benchmark of a set."""

    id: Line = described("The key that assessments use for the benchmark, such as channel_panel.")
    name: Line = described("The benchmark's name in the table of scores.")
    short: OptionalLine = described(
        "The name by which texts mostly call it, such as Venue hire. Without it, the name is cut.",
        None,
    )
    heading: Line = described("The benchmark's heading in the feedback, after its number.")
    statement: Line = described("The statement in Annex A that is scored.")
    levels: tuple[Line, ...] = described(
        "What each score asks for, lowest first. A whole set may leave them out.", ()
    )
    note: OptionalLine = described("A footnote on the benchmark's name in the table.", None)
    caveat: OptionalLine = described("A sentence about it that the letter's opening adds.", None)

    @property
    def short_name(self) -> str:
        """The name by which texts mostly call the benchmark."""
        name = re.sub(
            r"^(?:Multi[- ]Agency|Prevent) | (?:and|activity|process|policies)\b.*", "", self.name
        )
        return self.short or name


SetKey = tuple[tuple[str, ...], int, int, int]
"""What distinguishes a set from others: its ids in order, and its scale (min, max, met)."""


@dataclass(frozen=True, kw_only=True)
class Criteria(Entry):
    """A criteria set; the letter lists the benchmarks in the set's order."""

    title: Line = described("The title of the criteria, as the letter names it.")
    scale: Scale = described("The lowest and highest score, and the one at which the duty is met.")
    benchmarks: tuple[Benchmark, ...] = described("The benchmarks, in the letter's order.")

    def level(self, benchmark: Benchmark, score: int) -> str | None:
        """Return what a score asks for, or None if the set has no texts for its levels."""
        return benchmark.levels[score - self.scale.min] if benchmark.levels else None

    @property
    def key(self) -> SetKey:
        """What distinguishes the set from others; it is the same for a translation of the set."""
        return tuple(self.by_id), self.scale.min, self.scale.max, self.scale.met

    @cached_property
    def by_id(self) -> dict[str, Benchmark]:
        """The benchmarks by their ids, in order."""
        return {benchmark.id: benchmark for benchmark in self.benchmarks}


class CriteriaFile(NamedTuple):
    """A criteria set as it was read: ``criteria`` is None if ``findings`` has errors."""

    source: Source
    criteria: Criteria | None
    findings: tuple[Finding, ...]


BUNDLED = ROOT / "criteria"
"""The folder of the sets that come with the tool."""


def read(path: Path) -> CriteriaFile:
    """Read and check a criteria set. Bundled sets are cached: --fix and import read them often."""
    if path.parent == BUNDLED and path.is_file():
        return _read_bundled(path, path.stat().st_mtime_ns)
    return _read(path, 0)


def _read(path: Path, modified: int) -> CriteriaFile:
    set_source = source.read(path)
    if set_source.findings:
        return CriteriaFile(set_source, None, tuple(set_source.findings))
    criteria, findings = validate(Criteria, set_source)
    if criteria:
        findings = [fault.finding(set_source) for fault in _faults(criteria)]
    return CriteriaFile(set_source, None if findings else criteria, tuple(findings))


_read_bundled = lru_cache(maxsize=4)(_read)


def _faults(criteria: Criteria) -> Iterator[Fault]:
    """Yield the faults that the models of a set can't detect, such as two equal ids."""
    scale = criteria.scale
    if not scale.min <= scale.met <= scale.max or scale.min == scale.max:
        range_ = f"from {scale.min} to {scale.max}"
        message = f"the scale can't go {range_} with the duty met at {scale.met}"
        help = "min is the lowest score, max the highest, and met lies between them"
        yield Fault(("scale",), "PL112", message, help)
        return  # the number of levels is not known
    if len(scale.scores) > _MOST_SCORES:
        message = f"the scale has {len(scale.scores)} scores; no letter has over {_MOST_SCORES}"
        yield Fault(("scale",), "PL112", message, "make it shorter")
        return
    if len(criteria.benchmarks) > _MOST_BENCHMARKS:
        count = f"{len(criteria.benchmarks):,}"
        message = f"the set has {count} benchmarks; no letter has over {_MOST_BENCHMARKS}"
        yield Fault(("benchmarks",), "PL113", message, "check that this is the file you meant")
        return
    if scale.names is not None:
        path, names = ("scale", "names"), [*scale.names.values()]
        expected = [str(score) for score in scale.scores]
        if sorted(scale.names) != sorted(expected):
            help = f"name each of {', '.join(expected)} once, or leave names out"
            yield Fault(path, "PL112", "the scale does not have one name for each score", help)
        elif any(name.isdecimal() for name in names):
            help = "give it a name in words"
            yield Fault(path, "PL112", "the name of a score can't be a number", help)
        elif max(map(len, names)) > _LONGEST_NAME:
            message = f"a score's name has over {_LONGEST_NAME} characters"
            yield Fault(path, "PL112", message, "write a shorter one")
        elif len({name.casefold() for name in names}) < len(names):
            help = "give each score its own name"
            yield Fault(path, "PL112", "two scores have the same name", help)
    if not criteria.benchmarks:
        yield Fault(("benchmarks",), "PL102", "the set has no benchmark", "list at least one")
    ids: set[str] = set()
    for number, benchmark in enumerate(criteria.benchmarks):
        key: KeyPath = ("benchmarks", number)
        id, message, help = benchmark.id, "", ""
        if not re.fullmatch(_ID, id) or len(id) > _LONGEST_ID:
            message = f"{quote(id)} can't be a benchmark's id"
            help = f"use at most {_LONGEST_ID} small letters, digits and single _ between them"
            help += ", such as channel_panel"
        elif id in reserved_ids():
            message = f"{id} can't be a benchmark's id: the letter has a part of that name"
            help = "choose another"
        elif id in ids:
            message, help = f"two benchmarks have the id {id}", "give each benchmark its own id"
        if message:
            yield Fault((*key, "id"), "PL111", message, help)
        ids.add(id)
        for name, text in (("name", benchmark.name), ("heading", benchmark.heading)):
            if len(text) > _LONGEST_HEADING:
                message = f"the {name} has over {_LONGEST_HEADING:,} characters"
                yield Fault((*key, name), "PL113", message, "write a shorter one")
        levels, scores = len(benchmark.levels), len(scale.scores)
        required = scores if criteria.benchmarks[0].levels else 0
        if levels != required and (levels != scores or number):
            message = f"{benchmark.name} has {levels} levels, and the scale has {scores} scores"
            help = "give all benchmarks one text per score, lowest first, or leave out all levels"
            yield Fault((*key, "levels"), "PL113", message, help)


@cache
def reserved_ids() -> frozenset[str]:
    """Return the ids no benchmark can have: ``KEY``, and the template's ids and block names."""
    template = (ROOT / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    names = re.findall(r'(?<=id=")[a-z_]+(?=[."])|(?<=\{% block )[a-z_]+', template)
    return frozenset((KEY, *names))
