"""The recommendations of an assessment with their handles, and the progress made on each.

A paragraph or a list item is a recommendation. Nested items belong to their outermost item, and a
paragraph that ends in a colon before a list only introduces that list. Recommendations are read
from plain data, so that they are found in last year's file too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import KEY, Criteria
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.places import KeyPath, on_one_line
from prevent_letter.assessment.shapes import STATUSES
from prevent_letter.assessment.validation import Fault
from prevent_letter.core import prose
from prevent_letter.core.display import nearest, quote
from prevent_letter.core.names import strip_invisible

NO_UPDATE = "no update yet"
"""The status of a recommendation without an entry in ``progress``; no entry can have it."""
ALL_STATUSES = (NO_UPDATE, *STATUSES)
_MOST_LISTED = 1000
"""The most characters of a list of handles in a message."""


class Recommendation(NamedTuple):
    """A recommendation on one line; ``benchmark`` is an id, or ``key``.

    ``handle`` identifies it in ``progress``: ``training``, or ``training.1`` if there are several.
    """

    handle: str
    benchmark: str
    words: str


class ProgressEntry(NamedTuple):
    """The last entry on a recommendation; ``date`` is year-month-day, or empty without an entry."""

    status: str
    date: str = ""
    note: str = ""


def recommendations(data: Any, ids: Iterable[str]) -> list[Recommendation]:
    """Return all recommendations found in plain data: benchmark by benchmark, then the key ones."""
    listed = []
    for id in ids:
        passage = _value(data, "benchmarks", id, "recommendations")
        parts = [*_parts(passage)] if isinstance(passage, str) else []
        for number, words in enumerate(parts, 1):
            listed.append(Recommendation(f"{id}.{number}" if len(parts) > 1 else id, id, words))
    key = _value(data, "key_recommendations")
    for number, passage in enumerate(key if isinstance(key, list) else (), 1):
        words = " ".join(_parts(passage)) if isinstance(passage, str) else ""
        listed.append(Recommendation(f"{KEY}.{number}", KEY, words))
    return listed


def _value(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _parts(passage: str) -> Iterator[str]:
    """Yield the recommendations of a passage, each on one line."""
    parts: list[list[str]] = []
    blocks = prose.parse(strip_invisible(passage))
    for number, block in enumerate(blocks):
        is_outermost = block.depth == len(block.mark.split())
        next_is_item = number + 1 < len(blocks) and blocks[number + 1].depth > 0
        ends_in_colon = block.text.rstrip("*_ ").endswith(":")
        if not block.depth and ends_in_colon and next_is_item:
            continue  # it introduces the list
        if is_outermost:
            parts.append([])
        if parts:
            parts[-1].append(prose.one_line(block.text))
    return (" – ".join(lines) for lines in parts)


def with_handle(about: str, known: Sequence[Recommendation]) -> list[Recommendation]:
    """Return the recommendation with a handle; for a benchmark's id, all those on the benchmark."""
    handle = about.strip().casefold()
    of_benchmark = [r for r in known if r.benchmark == handle.removesuffix(".1")]
    if len(of_benchmark) == 1 and of_benchmark[0].benchmark != KEY:
        return of_benchmark
    return [r for r in known if handle in (r.handle, r.benchmark)]


def last_entries(data: Any, known: Sequence[Recommendation]) -> dict[str, ProgressEntry]:
    """Return the last entry of ``progress`` on each recommendation, by its handle."""
    entries = {r.handle: ProgressEntry(NO_UPDATE) for r in known}
    items = _value(data, "progress")
    for item in items if isinstance(items, list) else ():
        keys = ("about", "status", "date", "note")
        about, status, date, note = (on_one_line(_value(item, key)) for key in keys)
        for recommendation in with_handle(about, known):
            entries[recommendation.handle] = ProgressEntry(status.casefold(), date, note)
    return entries


def progress_faults(assessment: Assessment, data: Any, criteria: Criteria) -> Iterator[Fault]:
    """Yield the faults that the model of ``progress`` can't detect, such as an unknown handle."""
    if not assessment.sent:
        message = "progress is only for a letter that was sent, and sent: is missing"
        help = "add sent: with the day that the letter went out, or delete progress"
        yield Fault(("progress",), "PL124", message, help)
    known = recommendations(data, criteria.by_id)
    letter_date = assessment.date or assessment.sent
    last_date = letter_date
    for number, item in enumerate(assessment.progress):
        path: KeyPath = ("progress", number)
        if not with_handle(item.about, known):
            yield Fault((*path, "about"), "PL123", *_unknown_handle(item.about, known, criteria))
        if item.status == "overtaken" and not item.note:
            help = "add note: with what has overtaken it"
            yield Fault((*path, "status"), "PL124", "overtaken needs a note", help)
        if last_date and item.date < last_date:
            before = "the letter" if last_date == letter_date else "the one above it"
            message = f"this date is before that of {before}, {last_date}"
            help = "items must be in order of date, none before the letter's; correct the date"
            yield Fault((*path, "date"), "PL124", message, help)
        last_date = max(last_date, item.date) if last_date else item.date


def _unknown_handle(
    about: str, known: Sequence[Recommendation], criteria: Criteria
) -> tuple[str, str]:
    """Return message and help about a handle that no recommendation has."""
    handle = about.strip().casefold()
    id = re.sub(r"\.\d+$", "", handle)
    message = f"{quote(about)} is not a recommendation of this letter"
    handles = [r.handle for r in known if r.benchmark == id] or [r.handle for r in known]
    listed = f"there are {', '.join(handles)}"[:_MOST_LISTED] if handles else "there are none"
    with_some = {r.benchmark for r in known}
    if id in criteria.by_id and id not in with_some:
        return f"{message}: it recommends nothing on {criteria.by_id[id].name}", listed
    ids = {b.name.casefold(): b.id for b in criteria.benchmarks if b.id in with_some}
    guess = ids.get(handle) or nearest(about, [*handles, *ids.values()])
    return message, f"did you mean {guess}?" if guess and id not in ids.values() else listed
