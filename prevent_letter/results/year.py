"""A year's results for each authority, with last year's beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from prevent_letter.assessment.criteria import Benchmark, Criteria, SetKey
from prevent_letter.assessment.drafts import State
from prevent_letter.assessment.header import Header
from prevent_letter.assessment.languages import translations, without_english
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UsageError
from prevent_letter.core.names import fold_name
from prevent_letter.results.result import Result, Where

Scores = dict[str, int]


@dataclass(frozen=True)
class Authority:
    """An authority's results: this year's, and last year's if there is something to compare."""

    results: tuple[Result, ...]
    """This year's assessments, one in each language, the English one first."""
    scores: Scores
    """The scores that count. If those in two languages differ, neither counts."""
    last_results: tuple[Result, ...] = ()
    last: Scores | None = None

    @property
    def result(self) -> Result:
        """The first assessment, which gives the authority its name."""
        return self.results[0]

    @property
    def name(self) -> str:
        """The authority's name."""
        return self.result.authority

    @property
    def state(self) -> State:
        """The state of its assessment or, in several languages, of the least advanced one."""
        return min((result.state for result in self.results), key=[*State].index)

    @cached_property
    def changes(self) -> Scores:
        """The levels by which each score went up or down, if both years have a score."""
        last = self.last or {}
        return {id: score - last[id] for id, score in self.scores.items() if id in last}

    def places_of_score(self, id: str) -> list[Where]:
        """Return where a benchmark's score is, and last year's."""
        places = []
        for results in (self.results, self.last_results):
            result = next((result for result in results if id in result.lines), None)
            if result:
                key_path = f"benchmarks.{id}.score"
                places.append(Where(result.path, result.lines[id], key_path))
        return places


def share(part: int, whole: int) -> str:
    """Return a share in whole per cent, 100% only for the whole and 0% only for nothing."""
    if part in (0, whole):
        return f"{100 * part // whole}%"
    return f"{min(99, max(1, round(100 * part / whole)))}%"


@dataclass(frozen=True)
class BenchmarkCounts:
    """One benchmark across all authorities: how many are at each level, and how many moved."""

    benchmark: Benchmark
    levels: dict[int, int]
    """The number of authorities with each score, lowest first."""
    met: int
    """The number of authorities that have met or exceeded the duty."""
    down_2: int
    down_1: int
    same: int
    up_1: int
    up_2: int

    @property
    def scored(self) -> int:
        """The number of authorities that are scored."""
        return sum(self.levels.values())

    @property
    def share(self) -> str:
        """The share at met or above, in whole per cent."""
        return share(self.met, self.scored) if self.scored else "none"

    @property
    def up(self) -> int:
        """The number of authorities whose score went up."""
        return self.up_1 + self.up_2

    @property
    def down(self) -> int:
        """The number of authorities whose score went down."""
        return self.down_1 + self.down_2

    @property
    def compared(self) -> int:
        """The number of authorities that have last year's score too."""
        return self.down + self.same + self.up


@dataclass(frozen=True)
class Section:
    """The authorities that are scored against one criteria set, alphabetically."""

    criteria: Criteria
    authorities: tuple[Authority, ...]

    def counts(self, authorities: Iterable[Authority] | None = None) -> list[BenchmarkCounts]:
        """Return each benchmark in order, across all of the authorities or some of them."""
        among = self.authorities if authorities is None else tuple(authorities)
        return [_count(self.criteria, benchmark, among) for benchmark in self.criteria.benchmarks]

    @property
    def comparable(self) -> list[Authority]:
        """The authorities with something to compare."""
        return [authority for authority in self.authorities if authority.last is not None]

    @property
    def not_comparable(self) -> list[str]:
        """The names of authorities whose scores of last year are missing or against another set."""
        return [authority.name for authority in self.authorities if authority.last is None]

    @property
    def regions(self) -> dict[str, list[Authority]]:
        """The authorities of each region, alphabetically; those of no region have an empty name."""

        def region(authority: Authority) -> str:
            return authority.result.region

        ordered = sorted(self.authorities, key=lambda a: (region(a).casefold(), region(a)))
        return {name: [*authorities] for name, authorities in groupby(ordered, region)}


@dataclass(frozen=True)
class Year:
    """All assessments of one period."""

    period: str
    others: tuple[str, ...]
    """The other periods that have an assessment, newest first."""
    sections: tuple[Section, ...]
    """A section for each criteria set, the one with most authorities first."""
    no_file_yet: tuple[str, ...]
    """The authorities that had a letter last year and have no file yet."""
    remarks: tuple[str, ...]
    """What is not counted, and what may be a mistake."""

    @property
    def authorities(self) -> list[Authority]:
        """All authorities, section by section."""
        return [authority for section in self.sections for authority in section.authorities]

    @property
    def states(self) -> dict[State, int]:
        """The number of authorities in each state."""
        states = [authority.state for authority in self.authorities]
        return {state: states.count(state) for state in State}


def year(results: Sequence[Result], period: str | None = None, unread: Iterable[str] = ()) -> Year:
    """Return the results of a period, by default the newest one with any score.

    ``unread`` are the authorities of files that can't be counted. They are not in ``no_file_yet``.

    Raises:
        UsageError: there is no assessment of that period.
    """
    periods = sorted({result.period for result in results}, reverse=True)
    scored = sorted({result.period for result in results if result.scores}, reverse=True)
    period = period or (scored or periods)[0]
    if period not in periods:
        message = f"--period {period}: there is no assessment of that period"
        raise UsageError(f"{message}; there are {', '.join(periods)}")
    now = [result for result in results if result.period == period]
    last_period = f"{int(period[:4]) - 1:04}/{period[:4]}"
    last_groups = [*_group([result for result in results if result.period == last_period])]
    by_name = {
        (group[0].criteria.key, result.key): group for group in last_groups for result in group
    }
    remarks = [*_similar_regions(now), *_odd_scores(now)]
    by_set: dict[SetKey, list[Authority]] = {}
    for group in _group(now):
        remarks += _differing_scores(group)
        by_set.setdefault(group[0].criteria.key, []).append(_authority(group, by_name))
    sections = []
    for authorities in by_set.values():
        authorities.sort(key=lambda authority: (authority.result.key, str(authority.result.path)))
        sections.append(Section(authorities[0].result.criteria, tuple(authorities)))
    sections.sort(key=lambda section: (-len(section.authorities), section.criteria.title))
    here = {result.key for result in now} | {fold_name(name) for name in unread}
    return Year(
        period=period,
        others=tuple(other for other in periods if other != period),
        sections=tuple(sections),
        no_file_yet=tuple(_without_file(last_groups, here)),
        remarks=tuple(remarks),
    )


def _without_file(last_groups: Sequence[list[Result]], here: set[str]) -> list[str]:
    """Return the authorities that were scored last year and have no name in ``here``."""
    missing = set()
    for group in last_groups:
        is_scored = any(result.scores for result in group)
        if is_scored and not any(result.key in here for result in group):
            missing.add(group[0].authority)
    return sorted(missing, key=fold_name)


def _group(results: Sequence[Result]) -> Iterator[list[Result]]:
    """Yield each authority's assessments against one set, in all languages, English first."""
    ordered = sorted(results, key=lambda result: (without_english(result.language), result.path))
    by_name: dict[tuple[str, SetKey], list[Result]] = {}
    for result in ordered:
        by_name.setdefault((result.key, result.criteria.key), []).append(result)
    by_path = {result.path: result for result in ordered}
    in_other_languages = translations(
        Header(r.path, r.authority, "", r.period, r.language) for r in ordered
    )
    done = set[Path]()
    for result in ordered:
        if result.path in done:
            continue
        set_key = result.criteria.key
        others = [by_path[header.path] for header in in_other_languages.get(result.path, ())]
        same = [*by_name[result.key, set_key]]
        same += [other for other in others if other.criteria.key == set_key]
        group = {other.path: other for other in same if other.path not in done}
        done |= group.keys()
        yield [*group.values()]


def _authority(group: list[Result], by_name: dict[tuple[SetKey, str], list[Result]]) -> Authority:
    last_group: list[Result] = []
    for result in group:
        last_group = last_group or by_name.get((result.criteria.key, result.key), [])
    last = (_agreed_scores(last_group) or None) if last_group else None
    return Authority(tuple(group), _agreed_scores(group), tuple(last_group), last)


def _agreed_scores(group: list[Result]) -> Scores:
    """Return the scores on which all assessments with a score agree, in the criteria's order."""
    agreed = {}
    for id in group[0].criteria.by_id:
        scores = {result.scores[id] for result in group if id in result.scores}
        if len(scores) == 1:
            agreed[id] = scores.pop()
    return agreed


def _differing_scores(group: list[Result]) -> Iterator[str]:
    """Yield a remark if several assessments of one authority have different scores."""
    agreed, criteria = _agreed_scores(group), group[0].criteria
    differing = [
        benchmark.name
        for id, benchmark in criteria.by_id.items()
        if id not in agreed and any(id in result.scores for result in group)
    ]
    if differing:
        where = " and ".join(show_path(result.path) for result in group)
        message = f"the scores of {', '.join(differing)} differ between {where}"
        yield f"{group[0].authority}: {message}, and are not counted"


def _odd_scores(results: Iterable[Result]) -> Iterator[str]:
    """Yield a remark on scores that are not on the scale."""
    for result in results:
        if result.odd:
            names = ", ".join(result.criteria.by_id[id].name for id in result.odd)
            yield f"{show_path(result.path)}: not on the scale, and not counted: {names}"


def _similar_regions(results: Iterable[Result]) -> Iterator[str]:
    """Yield a remark on regions that are written in two ways."""
    spellings: dict[str, set[str]] = {}
    for result in results:
        key = "".join(result.region.casefold().split())
        spellings.setdefault(key, set()).add(result.region)
    for regions in spellings.values():
        if len(regions) > 1:
            message = "these regions differ only in capitals or spaces, and count as several"
            yield f"{message}: {', '.join(sorted(regions))}"


def _count(
    criteria: Criteria, benchmark: Benchmark, authorities: Sequence[Authority]
) -> BenchmarkCounts:
    id, scale = benchmark.id, criteria.scale
    scores = [a.scores[id] for a in authorities if id in a.scores]
    moves = [max(-2, min(2, a.changes[id])) for a in authorities if id in a.changes]
    return BenchmarkCounts(
        benchmark,
        {score: scores.count(score) for score in scale.scores},
        sum(score >= scale.met for score in scores),
        *(moves.count(by) for by in range(-2, 3)),
    )
