"""A year's results, authority by authority, with last year's beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from prevent_letter.assessment.criteria import Benchmark, Criteria, SetKey
from prevent_letter.assessment.languages import english, in_other_languages
from prevent_letter.ground.findings import Misuse, shown
from prevent_letter.ground.names import folded
from prevent_letter.results.result import Result, State, Where

Scores = dict[str, int]


@dataclass(frozen=True)
class Authority:
    """An authority's results: this year's, and last year's where there is something to compare."""

    results: tuple[Result, ...]
    """This year's assessments, one in each language, the English one first."""
    scores: Scores
    """Those that count: where two languages differ, neither does."""
    last_results: tuple[Result, ...] = ()
    last: Scores | None = None

    @property
    def result(self) -> Result:
        """The assessment by which the authority goes."""
        return self.results[0]

    @property
    def name(self) -> str:
        """The authority's name."""
        return self.result.authority

    @property
    def state(self) -> State:
        """How far it is: of its languages the one that is least far."""
        return min((each.state for each in self.results), key=[*State].index)

    @cached_property
    def changes(self) -> Scores:
        """By how much each score went up or down, where both years have one."""
        return {
            id: score - self.last[id]
            for id, score in self.scores.items()
            if self.last and id in self.last
        }

    def where(self, id: str) -> list[Where]:
        """Where a benchmark's score is written, and last year's."""
        years = (
            next((each for each in year if id in each.lines), None)
            for year in (self.results, self.last_results)
        )
        return [each.score_at(id) for each in years if each]


def share(part: int, whole: int) -> str:
    """A share in whole per cent: 100% only where it is all, 0% only where it is nothing."""
    if part in (0, whole):
        return f"{100 * part // whole}%"
    return f"{min(99, max(1, round(100 * part / whole)))}%"


@dataclass(frozen=True)
class Row:
    """One benchmark across all authorities: how many stand where, and how many moved."""

    benchmark: Benchmark
    levels: dict[int, int]
    """How many have each score, lowest first."""
    met: int
    """How many have met the duty, or exceeded it."""
    down_2: int
    down_1: int
    same: int
    up_1: int
    up_2: int

    @property
    def scored(self) -> int:
        """How many are scored."""
        return sum(self.levels.values())

    @property
    def share(self) -> str:
        """The share at met or above, in whole per cent."""
        return share(self.met, self.scored) if self.scored else "none"

    @property
    def up(self) -> int:
        """How many went up."""
        return self.up_1 + self.up_2

    @property
    def down(self) -> int:
        """How many went down."""
        return self.down_1 + self.down_2

    @property
    def compared(self) -> int:
        """How many have last year's score too."""
        return self.down + self.same + self.up


@dataclass(frozen=True)
class Section:
    """The authorities that are scored against one criteria set, alphabetically."""

    criteria: Criteria
    authorities: tuple[Authority, ...]

    def rows(self, authorities: Iterable[Authority] | None = None) -> list[Row]:
        """Each benchmark in the criteria's order, across all of the authorities or some of them."""
        among = self.authorities if authorities is None else tuple(authorities)
        return [_row(self.criteria, benchmark, among) for benchmark in self.criteria.benchmarks]

    @property
    def comparable(self) -> list[Authority]:
        """The authorities with something to compare."""
        return [each for each in self.authorities if each.last is not None]

    @property
    def not_comparable(self) -> list[str]:
        """The names of the others: no assessment last year under this name, or one against another set."""
        return [each.name for each in self.authorities if each.last is None]

    @property
    def regions(self) -> dict[str, list[Authority]]:
        """The authorities of each region, alphabetically; where it isn't filled in they have none."""
        ordered = sorted(
            self.authorities, key=lambda each: (each.result.region.casefold(), each.result.region)
        )
        return {
            region: [*found] for region, found in groupby(ordered, lambda each: each.result.region)
        }


@dataclass(frozen=True)
class Year:
    """All of one period."""

    period: str
    others: tuple[str, ...]
    """The other periods that there are, newest first."""
    sections: tuple[Section, ...]
    """One for each criteria set, the one with most authorities first."""
    no_file_yet: tuple[str, ...]
    """The authorities that had a letter last year and have no file yet."""
    remarks: tuple[str, ...]
    """What doesn't count, and what may be a slip."""

    @property
    def authorities(self) -> list[Authority]:
        """All authorities, section by section."""
        return [each for section in self.sections for each in section.authorities]

    @property
    def states(self) -> dict[State, int]:
        """How many are how far."""
        found = [each.state for each in self.authorities]
        return {state: found.count(state) for state in State}


def year(results: Sequence[Result], period: str | None = None, unread: Iterable[str] = ()) -> Year:
    """The results of a period; unless it is given, of the newest in which anything is scored.

    ``unread`` are the authorities of files of which nothing can count: these have a file.

    Raises:
        Misuse: there is no assessment of that period.
    """
    periods = sorted({each.period for each in results}, reverse=True)
    scored = sorted({each.period for each in results if each.scores}, reverse=True)
    period = period or (scored or periods)[0]
    if period not in periods:
        raise Misuse(
            f"--period {period}: there is no assessment of that period; there are {', '.join(periods)}"
        )
    now = [each for each in results if each.period == period]
    preceding = f"{int(period[:4]) - 1:04}/{period[:4]}"
    before = [*_together([each for each in results if each.period == preceding])]
    remarks = [
        *_regions_alike(now),
        *(
            f"{shown(each.path)}: no score of the scale, and not counted: {', '.join(each.odd)}"
            for each in now
            if each.odd
        ),
    ]
    last = {(group[0].criteria.key, each.key): group for group in before for each in group}
    sections: dict[SetKey, list[Authority]] = {}
    for group in _together(now):
        remarks += _unlike(group)
        sections.setdefault(group[0].criteria.key, []).append(_authority(group, last))
    here = {each.key for each in now} | {folded(name) for name in unread}
    ordered = sorted(
        sections.values(), key=lambda found: (-len(found), found[0].result.criteria.title)
    )
    return Year(
        period,
        tuple(each for each in periods if each != period),
        tuple(
            Section(each[0].result.criteria, tuple(sorted(each, key=_alphabetical)))
            for each in ordered
        ),
        tuple(_no_file_yet(before, here)),
        tuple(remarks),
    )


def _no_file_yet(before: Sequence[list[Result]], here: set[str]) -> list[str]:
    """The authorities that were scored last year, none of whose names is here this year."""
    groups = (group for group in before if any(each.scores for each in group))
    missing = {
        group[0].authority for group in groups if not any(each.key in here for each in group)
    }
    return sorted(missing, key=folded)


def _alphabetical(authority: Authority) -> tuple[str, str]:
    return authority.result.key, str(authority.result.path)


def _together(results: Sequence[Result]) -> Iterator[list[Result]]:
    """The assessments of each authority against one set, in whatever languages, the English one first."""
    ordered = sorted(results, key=lambda each: (english(each.language), each.path))
    named: dict[tuple[str, SetKey], list[Result]] = {}
    for each in ordered:
        named.setdefault((each.key, each.criteria.key), []).append(each)
    translated, seen = in_other_languages(ordered), set[Path]()
    for each in ordered:
        if each.path not in seen:
            others = [
                other
                for other in translated.get(each.path, ())
                if other.criteria.key == each.criteria.key
            ]
            group = {
                other.path: other
                for other in (*named[each.key, each.criteria.key], *others)
                if other.path not in seen
            }
            seen |= group.keys()
            yield [*group.values()]


def _authority(group: list[Result], last: dict[tuple[SetKey, str], list[Result]]) -> Authority:
    before = next(filter(None, (last.get((each.criteria.key, each.key)) for each in group)), [])
    return Authority(
        tuple(group),
        _counting(group),
        tuple(before),
        (_counting(before) or None) if before else None,
    )


def _counting(group: list[Result]) -> Scores:
    """The scores that count, in the criteria's order: those on which all that have one agree."""
    found = {
        id: {each.scores[id] for each in group if id in each.scores}
        for id in group[0].criteria.by_id
    }
    return {id: next(iter(scores)) for id, scores in found.items() if len(scores) == 1}


def _unlike(group: list[Result]) -> Iterator[str]:
    """A remark where several assessments of one authority have unlike scores."""
    counting = _counting(group)
    unlike = [
        id
        for id in group[0].criteria.by_id
        if id not in counting and any(id in each.scores for each in group)
    ]
    if unlike:
        where = " and ".join(shown(each.path) for each in group)
        yield f"{group[0].authority}: the scores of {', '.join(unlike)} differ between {where}, and count for neither"


def _regions_alike(results: Iterable[Result]) -> Iterator[str]:
    """A remark on regions that are written in two ways."""
    ways: dict[str, set[str]] = {}
    for each in results:
        ways.setdefault("".join(each.region.casefold().split()), set()).add(each.region)
    for several in (sorted(each) for each in ways.values() if len(each) > 1):
        yield f"these regions differ only in capitals or spaces, and count as several: {', '.join(several)}"


def _row(criteria: Criteria, benchmark: Benchmark, authorities: Sequence[Authority]) -> Row:
    id, scale = benchmark.id, criteria.scale
    scores = [each.scores[id] for each in authorities if id in each.scores]
    moves = [max(-2, min(2, each.changes[id])) for each in authorities if id in each.changes]
    return Row(
        benchmark,
        {score: scores.count(score) for score in scale.scores},
        sum(score >= scale.met for score in scores),
        *(moves.count(by) for by in range(-2, 3)),
    )
