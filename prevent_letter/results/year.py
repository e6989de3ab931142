"""A year's results for each authority, with last year's beside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from prevent_letter.assessment.criteria import Benchmark, Criteria, SetKey
from prevent_letter.assessment.drafts import State
from prevent_letter.assessment.header import Header, translations, without_english
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UsageError
from prevent_letter.core.names import fold_name
from prevent_letter.results.result import Result, Where

Scores = dict[str, int]


@dataclass(frozen=True)
class Authority:
    """An authority's results: this year's, and last year's if there is something to compare."""

    name: str
    result: Result
    """The first assessment, the English one if there are several."""
    state: State
    """The state of its assessment or, in several languages, of the least advanced one."""
    scores: Scores
    """The scores that count. A score that differs between two languages does not count."""
    last: Scores | None
    changes: Scores
    """The levels by which each score went up or down, if both years have a score."""
    results: tuple[tuple[Result, ...], ...]
    """The assessments of this year, and those of last year."""

    def places(self, id: str) -> tuple[Where, ...]:
        """Return the place of this year's score of a benchmark, and of last year's, if any."""
        of_years = ([r for r in results if id in r.lines][:1] for results in self.results)
        return tuple(r.where(id, "score", r.lines[id]) for of_year in of_years for r in of_year)


def share(part: int, whole: int) -> str:
    """Return a share without decimals: 100% only for everything, and 0% only for nothing."""
    if part in (0, whole):
        return f"{100 * part // whole}%"
    return f"{min(99, max(1, round(100 * part / whole)))}%"


@dataclass(frozen=True)
class BenchmarkCounts:
    """One benchmark across all authorities: how many are at each level, and how many moved."""

    benchmark: Benchmark
    levels: dict[int, int]
    """The number of authorities with each score, lowest first."""
    scored: int
    """The number of authorities that are scored."""
    met: int
    """The number of authorities that have met or exceeded the duty."""
    moves: dict[int, int]
    """The number of authorities by how far their score moved: -2 (or less) to 2 (or more)."""
    compared: int
    """The number of authorities that have last year's score too."""
    met_last: int
    """How many of these had met or exceeded the duty last year."""


@dataclass(frozen=True)
class Section:
    """The authorities that are scored against one criteria set, alphabetically."""

    criteria: Criteria
    authorities: tuple[Authority, ...]
    not_comparable: list[str]
    """The names of authorities without scores of last year against this criteria set."""
    regions: dict[str, list[Authority]]
    """The authorities by region, alphabetically; authorities without a region are under ""."""

    def at_level(self, benchmark: str, score: int) -> list[str]:
        """Return the names of the authorities with a score."""
        return [a.name for a in self.authorities if a.scores.get(benchmark) == score]

    def counts(self, authorities: Iterable[Authority] | None = None) -> list[BenchmarkCounts]:
        """Return the counts of each benchmark, in order, over all or some of the authorities."""
        among = self.authorities if authorities is None else tuple(authorities)
        rows, scale = [], self.criteria.scale
        for benchmark in self.criteria.benchmarks:
            id = benchmark.id
            scores = [a.scores[id] for a in among if id in a.scores]
            levels = {score: scores.count(score) for score in scale.scores}
            met = sum(score >= scale.met for score in scores)
            moved = [max(-2, min(2, a.changes[id])) for a in among if id in a.changes]
            moves = {by: moved.count(by) for by in range(-2, 3)}
            last = (a.scores[id] - a.changes[id] for a in among if id in a.changes)
            met_last = sum(score >= scale.met for score in last)
            counted = (levels, len(scores), met, moves, len(moved), met_last)
            rows.append(BenchmarkCounts(benchmark, *counted))
        return rows


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

    states: dict[State, int]
    """The number of authorities in each state."""


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
    by_name = {(g[0].criteria.key, result.key): g for g in last_groups for result in g}
    remarks = [*_remarks(now)]
    by_set: dict[SetKey, list[Authority]] = {}
    for group in _group(now):
        keys = ((result.criteria.key, result.key) for result in group)
        last_group = next((by_name[key] for key in keys if key in by_name), [])
        authority, criteria = _authority(group, last_group), group[0].criteria
        by_set.setdefault(criteria.key, []).append(authority)
        disputed = {id for result in group for id in result.scores} - authority.scores.keys()
        differing = [
            benchmark.name for benchmark in criteria.benchmarks if benchmark.id in disputed
        ]
        if differing:
            where = " and ".join(show_path(result.path) for result in group)
            message = f"the scores of {', '.join(differing)} differ between {where}"
            remarks.append(f"{authority.name}: {message}, and are not counted")
    sections = []
    for authorities in by_set.values():
        authorities.sort(key=lambda authority: (authority.result.key, str(authority.result.path)))
        criteria, names = authorities[0].result.criteria, {a.result.region for a in authorities}
        not_comparable = [a.name for a in authorities if a.last is None]
        regions = {
            name: [a for a in authorities if a.result.region == name]
            for name in sorted(names, key=lambda name: (name.casefold(), name))
        }
        sections.append(Section(criteria, tuple(authorities), not_comparable, regions))
    sections.sort(key=lambda section: (-len(section.authorities), section.criteria.title))
    here = {result.key for result in now} | {fold_name(name) for name in unread}
    no_file_yet = set()
    for group in last_groups:
        is_scored = any(result.scores for result in group)
        if is_scored and not any(result.key in here for result in group):
            no_file_yet.add(group[0].authority)
    states = [authority.state for section in sections for authority in section.authorities]
    return Year(
        period=period,
        others=tuple(other for other in periods if other != period),
        sections=tuple(sections),
        no_file_yet=tuple(sorted(no_file_yet, key=fold_name)),
        remarks=tuple(remarks),
        states={state: states.count(state) for state in State},
    )


def _remarks(results: Sequence[Result]) -> Iterator[str]:
    """Yield a remark on regions written in two ways, and on scores that are not on the scale."""
    spellings: dict[str, set[str]] = {}
    for result in results:
        key = "".join(result.region.casefold().split())
        spellings.setdefault(key, set()).add(result.region)
    for regions in spellings.values():
        if len(regions) > 1:
            message = "these regions differ only in capitals or spaces, and count as several"
            yield f"{message}: {', '.join(sorted(regions))}"
    for result in results:
        if result.odd:
            names = ", ".join(result.criteria.by_id[id].name for id in result.odd)
            yield f"{show_path(result.path)}: not on the scale, and not counted: {names}"


def _group(results: Sequence[Result]) -> Iterator[list[Result]]:
    """Yield an authority's assessments, English first, for each authority and criteria set."""
    ordered = sorted(results, key=lambda result: (without_english(result.language), result.path))
    by_name: dict[tuple[str, SetKey], list[Result]] = {}
    for result in ordered:
        by_name.setdefault((result.key, result.criteria.key), []).append(result)
    by_path = {result.path: result for result in ordered}
    headers = (Header(r.path, r.authority, "", r.period, r.language) for r in ordered)
    in_other_languages = translations(headers)
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


def _authority(group: list[Result], last_group: list[Result]) -> Authority:
    """Return the results of an authority from its assessments of this year and of last year."""
    scores = _agreed_scores(group)
    last = (_agreed_scores(last_group) or None) if last_group else None
    return Authority(
        name=group[0].authority,
        result=group[0],
        state=min((result.state for result in group), key=[*State].index),
        scores=scores,
        last=last,
        changes={id: score - last[id] for id, score in scores.items() if last and id in last},
        results=(tuple(group), tuple(last_group)),
    )


def _agreed_scores(group: list[Result]) -> Scores:
    """Return the scores on which all assessments with a score agree, in the criteria's order."""
    agreed = {}
    for id in group[0].criteria.by_id:
        scores = {result.scores[id] for result in group if id in result.scores}
        if len(scores) == 1:
            agreed[id] = scores.pop()
    return agreed
