"""A year's results as text, as rows, and as plain data for JSON.

``COUNTS`` lists the counts of a benchmark, for the text, the page, JSON and the workbook.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import Scale
from prevent_letter.assessment.drafts import State
from prevent_letter.core.display import path_from_root
from prevent_letter.results import columns
from prevent_letter.results.columns import Cell, Column, wrap_line
from prevent_letter.results.flags import FAIR, flags
from prevent_letter.results.year import BenchmarkCounts, Section, Year, share

NO_SCORE = "none"
"""The value of a missing score."""


class Count(NamedTuple):
    """A count of a benchmark, and its name in each output. Where not shown, a name is empty."""

    value: Callable[[BenchmarkCounts], int | str]
    key: str = ""
    """Its key in JSON. A count with a key is in the workbook too."""
    title: str = ""
    """Its title on the page and in the workbook; ``{met}`` is the label for duty met."""
    heading: str = ""
    """Its heading in the text table."""
    table: str = ""
    """The table on the page that shows the count: levels or changes."""


COUNTS = (
    Count(
        lambda row: share(row.met, row.scored) if row.scored else "none",
        *("", "At {met} or above", "met or\nabove", "levels"),
    ),
    Count(lambda row: row.scored, "scored", "Scored", "of", "levels"),
    Count(lambda row: row.met, "met_or_above", "Met or above"),
    Count(lambda row: row.moves[1] + row.moves[2], heading="up"),
    Count(lambda row: row.moves[-1] + row.moves[-2], heading="down"),
    Count(lambda row: row.moves[-2], "down_2_or_more", "Down 2 or more", table="changes"),
    Count(lambda row: row.moves[-1], "down_1", "Down 1", table="changes"),
    Count(lambda row: row.moves[0], "same", "The same", table="changes"),
    Count(lambda row: row.moves[1], "up_1", "Up 1", table="changes"),
    Count(lambda row: row.moves[2], "up_2_or_more", "Up 2 or more", table="changes"),
    Count(lambda row: row.compared, "compared", "Compared", "of", "changes"),
)
"""The counts of a benchmark, in the order in which every output shows them."""
SCORE_COLUMNS = ("authority", "region", "benchmark", "score", "last_year", "change", "path")


def as_text(year: Year, marking: str | None = None) -> str:
    """Return the results as text: progress, each benchmark, and counts of what to re-read."""
    marked = [marking] if marking else []
    others = f" (other periods here: {', '.join(year.others)})" if year.others else ""
    lines = [*marked, f"Prevent assessments {year.period}{others}", wrap_line(show_progress(year))]
    if year.no_file_yet:
        names = ", ".join(year.no_file_yet)
        title = f"A letter last year, and no file yet ({len(year.no_file_yet)})"
        lines.append(wrap_line(f"{title}: {names}"))
    for section in year.sections:
        lines += ["", *_section_lines(section)]
    return columns.join_lines([*lines, "", wrap_line(FAIR), *marked])


def show_progress(year: Year) -> str:
    """Return a line with the number of authorities in each state."""
    states = [f"{number} {state.value}" for state, number in year.states.items()]
    number = sum(year.states.values())
    comparable = number - sum(len(section.not_comparable) for section in year.sections)
    authorities = "1 authority" if number == 1 else f"{number} authorities"
    return f"{authorities}: {', '.join(states)}; {comparable} with last year's to compare"


def _section_lines(section: Section) -> Iterator[str]:
    yield wrap_line(section.criteria.title)
    rows, scale = section.counts(), section.criteria.scale
    headed = [count for count in COUNTS if count.heading]
    shown = [Column(count.heading, [count.value(row) for row in rows]) for count in headed]
    levels = [Column(scale.label(n), [row.levels[n] for row in rows]) for n in scale.scores]
    if columns.room_for_names([*levels, *shown]) < columns.NARROWEST:  # no room for each level
        sides = {"below": scale.below, "met": [scale.met], "above": scale.above}
        levels = [
            Column(side, [sum(row.levels[score] for score in scores) for row in rows])
            for side, scores in sides.items()
        ]
    yield from columns.table([row.benchmark.name for row in rows], [*levels, *shown])
    met = f"met or above: the share at {scale.label(scale.met)} or above, of those scored"
    yield wrap_line(f"{met}; up, down: on last year, of those with both years' scores.")
    if names := section.not_comparable:
        yield wrap_line(f"Nothing to compare ({len(names)}): {', '.join(names)}")
    yield ""
    counts = (
        f"{group.name}: {'unknown' if group.total is None else group.total}"
        for group in flags(section)
    )
    how = "-o results.html with --marking lists them"
    yield wrap_line(f"Assessments to re-read: {'; '.join(counts)}. {how}.")


def score_cells(scale: Scale, missing: Cell) -> dict[int | None, Cell]:
    """Return what a table shows for each score (its name if the scale has names) and for none."""
    cells = {score: scale.label(score) if scale.names else score for score in scale.scores}
    return {None: missing} | cells


def score_rows(year: Year) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each authority and benchmark, with the columns in ``SCORE_COLUMNS``.

    Scores are names if the scale has names; ``NO_SCORE`` replaces a missing score.
    """
    for section in year.sections:
        cells = score_cells(section.criteria.scale, NO_SCORE)
        for authority in section.authorities:
            name, region = authority.name, authority.result.region
            path, last_scores = path_from_root(authority.result.path), authority.last or {}
            for id in section.criteria.by_id:
                score, last = cells[authority.scores.get(id)], cells[last_scores.get(id)]
                yield name, region, id, score, last, authority.changes.get(id, NO_SCORE), path


def as_dict(year: Year, marking: str | None = None) -> dict[str, Any]:
    """Return the counts and the flags as a JSON object."""
    sets = []
    for section in year.sections:
        label = section.criteria.scale.label
        benchmarks = [
            {
                "id": row.benchmark.id,
                "name": row.benchmark.name,
                "levels": {label(score): number for score, number in row.levels.items()},
                **{count.key: count.value(row) for count in COUNTS if count.key},
            }
            for row in section.counts()
        ]
        sets.append(
            {
                "title": section.criteria.title,
                "authorities": len(section.authorities),
                "with_last_year": len(section.authorities) - len(section.not_comparable),
                "nothing_to_compare": section.not_comparable,
                "benchmarks": benchmarks,
                "to_read_again": [
                    {
                        "kind": group.name,
                        "count": group.total,
                        "expected": group.chance,
                        "flags": [
                            {
                                **flag._asdict(),
                                "places": [
                                    {"path": path_from_root(path), "line": line, "at": key_path}
                                    for path, line, key_path in flag.places
                                ],
                            }
                            for flag in group.flags
                        ],
                    }
                    for group in flags(section)
                ],
            }
        )
    return {
        "period": year.period,
        "other_periods": list(year.others),
        "marking": marking,
        "no_file_yet": list(year.no_file_yet),
        **{state.value.replace(" ", "_"): year.states[state] for state in State},
        "sets": sets,
    }
