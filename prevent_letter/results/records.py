"""Show sent letters and the progress on their recommendations, as text, rows and a page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment.criteria import KEY, Criteria
from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.header import Header, translations
from prevent_letter.assessment.recommendations import (
    ALL_STATUSES,
    NO_UPDATE,
    ProgressEntry,
    Recommendation,
    last_entries,
    recommendations,
)
from prevent_letter.core import prose
from prevent_letter.core.display import path_from_root
from prevent_letter.core.names import fold_name, normalise
from prevent_letter.results import columns
from prevent_letter.results.columns import Column, wrap_line

COLUMNS = ("authority", "path", "handle", "status", "date", "words")
MOST_LISTED = 20
"""The most benchmarks without an update that a text lists; the rest are counted."""


class FollowedUp(NamedTuple):
    """A recommendation with the last progress entry about it."""

    recommendation: Recommendation
    entry: ProgressEntry


@dataclass(frozen=True)
class Record:
    """A letter and its recommendations; ``sent`` is empty until the letter is sent."""

    path: Path
    authority: str
    period: str
    language: str
    sent: str
    marking: str
    criteria: Criteria
    followed: tuple[FollowedUp, ...]
    rank: tuple[int, bool]
    """Of letters for one period, the highest rank counts: most updates; if equal, English."""
    without_update: dict[str, list[str]]
    """By unmet benchmark, the handles of recommendations without an update."""


def record(draft: Draft) -> Record:
    """Return the record of a valid draft."""
    (assessment, criteria), data = draft.valid, draft.source.data
    known = recommendations(data, criteria.by_id)
    entries = last_entries(data, known)
    without_update: dict[str, list[str]] = {}
    updates = 0
    for recommendation in known:
        scored = assessment.benchmarks.get(recommendation.benchmark)
        has_update = entries[recommendation.handle].status != NO_UPDATE
        updates += has_update
        if scored and scored.score < criteria.scale.met and not has_update:
            handles = without_update.setdefault(recommendation.benchmark, [])
            handles.append(recommendation.handle)
    return Record(
        path=draft.path,
        authority=normalise(assessment.authority),
        period=assessment.period,
        language=assessment.language or "",
        sent=assessment.sent.isoformat() if assessment.sent else "",
        marking=assessment.marking or "",
        criteria=criteria,
        followed=tuple(FollowedUp(r, entries[r.handle]) for r in known),
        rank=(updates, not assessment.language),
        without_update=without_update,
    )


def newest(records: Sequence[Record]) -> list[Record]:
    """Return each authority's newest sent letter, alphabetically by authority.

    Of letters in two languages, return the one with more updates.
    """
    by_authority: dict[str, list[Record]] = {}
    for record in records:
        if record.sent:
            by_authority.setdefault(fold_name(record.authority), []).append(record)
    chosen = []
    for letters in by_authority.values():
        period = max(letter.period for letter in letters)
        chosen.append(max((r for r in letters if r.period == period), key=lambda r: r.rank))
    headers = (Header(r.path, r.authority, "", r.period, r.language) for r in chosen)
    in_other_languages = translations(headers)
    left_out = set[Path]()
    for record in sorted(chosen, key=lambda record: (record.rank, record.path), reverse=True):
        if record.path not in left_out:
            others = in_other_languages.get(record.path, ())
            left_out |= {other.path for other in others if other.period == record.period}
    left = [record for record in chosen if record.path not in left_out]
    return sorted(left, key=lambda record: fold_name(record.authority))


def text_of_one(record: Record) -> str:
    """Return a text with each recommendation of one letter: handle, status, date, words."""
    sent = f"sent {record.sent}" if record.sent else "not sent yet"
    lines = [wrap_line(f"{record.authority} {record.period}, {sent}"), ""]
    widest = max((len(item.recommendation.handle) for item in record.followed), default=0)
    status_width = max(map(len, ALL_STATUSES))
    for recommendation, entry in record.followed:
        lead = f"{recommendation.handle:{widest}}  {entry.status:{status_width}}  {entry.date:10}  "
        lines.append(wrap_line(lead + recommendation.words, " " * len(lead)))
    if not record.followed:
        lines.append("The letter recommends nothing.")
    return columns.join_lines(lines)


def text_of_all(records: Sequence[Record]) -> str:
    """Return a text: counts of statuses by benchmark, then unmet benchmarks without an update."""
    letters = "1 letter" if len(records) == 1 else f"{len(records)} letters"
    title = f"Progress on the recommendations of {letters}, the newest sent to each authority"
    lines = [wrap_line(title)]
    sets: dict[object, list[Record]] = {}
    for record in records:
        sets.setdefault(record.criteria.key, []).append(record)
    most_first = sorted(sets.values(), key=lambda of_set: (-len(of_set), of_set[0].criteria.title))
    for of_set in most_first:
        criteria = of_set[0].criteria
        names = {b.id: b.name for b in criteria.benchmarks} | {KEY: "Key recommendations"}
        items = [item for record in of_set for item in record.followed]
        pairs = [(item.recommendation.benchmark, item.entry.status) for item in items]
        table = []
        for status in ALL_STATUSES:
            counts = [pairs.count((id, status)) for id in names]
            table.append(Column(status.replace(" ", "\n", 1), counts))
        totals = [sum(benchmark == id for benchmark, _ in pairs) for id in names]
        table.append(Column("of", totals))
        lines += ["", wrap_line(criteria.title), *columns.table([*names.values()], table)]
    silent = [
        wrap_line(f"{record.sent}  {record.authority}: {', '.join(handles)}", " " * 12)
        for record in sorted(records, key=lambda record: (record.sent, fold_name(record.authority)))
        for handles in record.without_update.values()
    ]
    lines += ["", f"Duty not met, and no update since the letter: {len(silent)}"]
    lines += silent[:MOST_LISTED]
    if len(silent) > MOST_LISTED:
        lines.append(f"and {len(silent) - MOST_LISTED} more")
    return columns.join_lines(lines)


def rows(records: Iterable[Record]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each recommendation, with the columns in ``COLUMNS``."""
    for record in records:
        path = path_from_root(record.path)
        for recommendation, entry in record.followed:
            handle, words = recommendation.handle, recommendation.words
            yield (record.authority, path, handle, entry.status, entry.date, words)


def council_page(record: Record) -> bytes:
    """Return a page in UTF-8 with each recommendation, its status and date, but without notes.

    It is as at the newest date of a status, so that the same file gives the same page.
    """
    from prevent_letter.results.pages import render_page  # Jinja is slow to load

    names = {benchmark.id: benchmark.name for benchmark in record.criteria.benchmarks}
    sections = []
    for id, name in {KEY: "", **names}.items():
        items = [item for item in record.followed if item.recommendation.benchmark == id]
        if items:
            sections.append((name, items))
    filters = {"prose": lambda words: prose.render(words).first}
    entries = [item.entry for item in record.followed]
    words = {
        "record": record,
        "sections": sections,
        "done": sum(entry.status == "done" for entry in entries),
        "newest": max((entry.date for entry in entries), default=""),
    }
    return render_page("progress.html.j2", record.marking, filters, **words)
