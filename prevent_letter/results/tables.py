"""A year's results as text, as rows, and as plain data for JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from prevent_letter.ground.findings import from_root
from prevent_letter.results import columns
from prevent_letter.results.columns import wrapped
from prevent_letter.results.flags import FAIR, flags
from prevent_letter.results.result import State
from prevent_letter.results.year import Row, Section, Year

NONE = "none"
"""What stands where there is no score."""


# Text.


def text(year: Year, marking: str | None = None) -> str:
    """The results as text: how far the year is, each benchmark, and what to read again in numbers."""
    marked = [marking] if marking else []
    made = [*marked]
    made.append(f"Prevent assessments {year.period}{_other_periods(year)}")
    made.append(wrapped(how_far(year)))
    if year.no_file_yet:
        made.append(
            wrapped(
                f"A letter last year, and no file yet ({len(year.no_file_yet)}): {', '.join(year.no_file_yet)}"
            )
        )
    for section in year.sections:
        made += ["", *_section(section)]
    made += ["", wrapped(FAIR), *marked]
    return columns.joined(made)


def how_far(year: Year) -> str:
    """How far the year is, in a sentence."""
    states = [f"{number} {state.value}" for state, number in year.states.items()]
    comparable = sum(len(section.comparable) for section in year.sections)
    authorities = (
        f"{len(year.authorities)} authorities" if len(year.authorities) != 1 else "1 authority"
    )
    return f"{authorities}: {', '.join(states)}; {comparable} with last year's to compare"


def _other_periods(year: Year) -> str:
    return f" (other periods here: {', '.join(year.others)})" if year.others else ""


def _section(section: Section) -> Iterator[str]:
    yield wrapped(section.criteria.title)
    yield from _benchmarks(section)
    if names := section.not_comparable:
        yield wrapped(f"Nothing to compare ({len(names)}): {', '.join(names)}")
    yield ""
    found = (f"{kind.name}: {kind.total if kind.known else 'unknown'}" for kind in flags(section))
    yield wrapped(
        f"To read again: {'; '.join(found)}. They are listed by -o results.html with --marking."
    )


def _benchmarks(section: Section) -> Iterator[str]:
    """The table: how many stand at each level, the share at met or above, and how many moved, each of how many."""
    rows, scale = section.rows(), section.criteria.scale
    shares: list[columns.Column] = [
        ("met+", [row.share for row in rows]),
        ("of", [row.scored for row in rows]),
    ]
    shares += [("up", [row.up for row in rows]), ("down", [row.down for row in rows])]
    shares += [("of", [row.compared for row in rows])]
    sides = [(scale.label(score), [score]) for score in scale.scores]
    if (
        columns.room([*_levels(sides, rows), *shares]) < columns.NARROWEST
    ):  # a long scale, or long names
        sides = [("below", [*scale.below]), ("met", [scale.met]), ("above", [*scale.above])]
    yield from columns.table([row.benchmark.name for row in rows], [*_levels(sides, rows), *shares])
    met = f"met+: the share at {scale.label(scale.met)} or above, of so many that are scored"
    yield wrapped(f"{met}; up, down: on last year, of so many.")


def _levels(
    sides: Sequence[tuple[str, Sequence[int]]], rows: Sequence[Row]
) -> Iterator[columns.Column]:
    """A column for each level, or for several together."""
    return (
        (title, [sum(row.levels[score] for score in scores) for row in rows])
        for title, scores in sides
    )


# Rows.

COLUMNS = ("authority", "region", "benchmark", "score", "last_year", "change", "path")


def scores(year: Year) -> Iterator[tuple[str | int, ...]]:
    """A row for each authority and benchmark, as in ``COLUMNS``; of a named scale the names; "none" for no score."""
    for section in year.sections:
        scale = section.criteria.scale
        for each in section.authorities:
            for id in section.criteria.by_id:
                score, last = each.scores.get(id), (each.last or {}).get(id)
                values = [NONE if value is None else scale.cell(value) for value in (score, last)]
                change = each.changes.get(id, NONE)
                yield (
                    each.name,
                    each.result.region,
                    id,
                    *values,
                    change,
                    from_root(each.result.path),
                )


# JSON.


def plain(year: Year, marking: str | None = None) -> dict[str, Any]:
    """The counts and the flags as an object of JSON."""
    return {
        "period": year.period,
        "other_periods": list(year.others),
        "marking": marking,
        "no_file_yet": list(year.no_file_yet),
        **{state.value.replace(" ", "_"): year.states[state] for state in State},
        "sets": [_plain_section(section) for section in year.sections],
    }


def _plain_section(section: Section) -> dict[str, Any]:
    return {
        "title": section.criteria.title,
        "authorities": len(section.authorities),
        "with_last_year": len(section.comparable),
        "nothing_to_compare": section.not_comparable,
        "benchmarks": [_plain_row(section, row) for row in section.rows()],
        "to_read_again": [kind.plain() for kind in flags(section)],
    }


def _plain_row(section: Section, row: Row) -> dict[str, Any]:
    label = section.criteria.scale.label
    counts = {"scored": row.scored, "met_or_above": row.met, "compared": row.compared}
    moves = {"down_2_or_more": row.down_2, "down_1": row.down_1, "same": row.same}
    moves |= {"up_1": row.up_1, "up_2_or_more": row.up_2}
    levels = {label(score): number for score, number in row.levels.items()}
    return {"id": row.benchmark.id, "name": row.benchmark.name, "levels": levels, **counts, **moves}
