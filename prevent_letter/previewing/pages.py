"""The pages of preview: a letter with what check found beside it, and the list of a folder."""

import copy
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from prevent_letter import ROOT
from prevent_letter.assessment.drafts import Draft, State
from prevent_letter.assessment.places import BlockNumber
from prevent_letter.assessment.values import is_period
from prevent_letter.core.display import count, printable, show_path
from prevent_letter.core.findings import SEVERITIES
from prevent_letter.core.web import page_templates

if TYPE_CHECKING:
    from prevent_letter.checking.check import CheckReport
    from prevent_letter.previewing.notes import Note

NONCE = os.urandom(16).hex()
"""The placeholder that each response replaces with its own nonce for our script and styles."""
HAS_ERRORS = "has errors"
"""The state of an assessment that can't be read, or is not valid."""
_RANKS = ("unreadable", "with errors", "with warnings", "unfinished", "complete", "sent")
"""What the list counts, the most urgent first."""
_LOOK = "letter.css"


class Page(NamedTuple):
    """A page in HTML, and an ETag that changes with it."""

    tag: str
    html: str


class PreviewLetter(NamedTuple):
    """A letter to show: its draft, style sheet, the class and mark of its body, and ``main``."""

    draft: Draft
    css: str
    kind: str
    mark: str
    main: Element


class Sheet(NamedTuple):
    """What the page of an assessment shows."""

    draft: Draft
    report: "CheckReport"
    letter: PreviewLetter | None
    """The last letter that could be made."""
    home: str
    """The address of the list that the assessment is in, or empty."""
    fault: str
    """What is wrong with the templates, as a sentence, or empty."""
    is_stale: bool
    """The letter is older than the findings."""


class ListEntry(NamedTuple):
    """A line of the list: an assessment's name, state (empty if not read yet), file and address.

    ``tallies`` has how many errors and warnings it has. Those of a sent letter aren't counted.
    """

    name: str
    state: str
    file: str
    link: str
    tallies: tuple[int, int] = (0, 0)

    @property
    def rank(self) -> int:
        """The number of its line in ``_RANKS``: the lower, the more is to be done."""
        if self.state == HAS_ERRORS:
            return 0
        if any(self.tallies):
            return 1 if self.tallies[0] else 2
        return {State.COMPLETE.value: 4, State.SENT.value: 5}.get(self.state, 3)

    @property
    def told(self) -> str:
        """The errors and warnings in words, or empty."""
        found = zip(self.tallies, SEVERITIES, strict=False)
        return ", ".join(count(number, kind) for number, kind in found if number)


def assessment_page(sheet: Sheet) -> Page:
    """Return the page of an assessment."""
    from prevent_letter.previewing.notes import place_notes

    draft, letter, report = sheet.draft, sheet.letter, sheet.report
    main = copy.deepcopy(letter.main) if letter else Element("main")
    main.set("class", "preview-letter preview-stale" if sheet.is_stale else "preview-letter")
    notes = [*_finding_notes(sheet), *(_level_notes(letter.draft) if letter else ())]
    about_no_value = [note.markup for note in place_notes(main, notes)]
    names = map(draft.source.line, ("authority", "period"))
    kinds = [kind for kind in SEVERITIES[:2] if report.tally(kind)]
    return _render(
        "preview.html.j2",
        name=" ".join(filter(None, names)) or draft.path.name,
        state=show_state(draft),
        sent=draft.assessment and draft.assessment.sent,
        counts=[(kind, count(report.tally(kind), kind)) for kind in kinds],
        whole=about_no_value,
        main=ElementTree.tostring(main, "unicode", method="html") if letter else "",
        look=letter.css if letter else "",
        **sheet._asdict(),
    )


def failed_page(path: Path, report: "CheckReport", home: str) -> Page:
    """Return the page of an assessment that failed unexpectedly."""
    [failure] = report.failures
    return _render(
        "preview.html.j2",
        name=path.name,
        state=HAS_ERRORS,
        sent=None,
        counts=[("error", HAS_ERRORS)],
        whole=[],
        letter=None,
        report=report,
        home=home,
        fault=failure.text,
    )


def list_page(folder: Path, entries: Sequence[ListEntry], remarks: Sequence[str]) -> Page:
    """Return the page with the list of a folder's assessments, and remarks about it."""
    folders: dict[str, list[ListEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.rank):  # a folder is where its first is
        folders.setdefault(entry.file.rpartition("/")[0], []).append(entry)
    return _render(
        "preview_list.html.j2",
        name=printable(folder.name) or show_path(folder),
        folders=folders,
        tallies=_tallies(entries),
        remarks=remarks,
    )


def _tallies(entries: Sequence[ListEntry]) -> str:
    """Return how many assessments there are, and what is to be done with how many of them."""
    numbers = Counter(entry.rank for entry in entries)
    parts = [f"{numbers[rank]} {words}" for rank, words in enumerate(_RANKS) if rank in numbers]
    return f"{count(len(entries), 'assessment')}: {', '.join(parts)}"


def show_state(draft: Draft) -> str:
    """Return an assessment's progress in a few words, such as ``7 of 10 scored``."""
    line = draft.source.line
    if draft.criteria is None or not line("authority") or not is_period(line("period")):
        return HAS_ERRORS
    if draft.state is State.BEGUN:
        return f"{len(draft.scores)} of {len(draft.criteria.benchmarks)} scored"
    return str(draft.state.value)


def _render(template: str, *, look: str = "", **words: Any) -> Page:
    css, script = _template_text("preview.css"), _template_text("preview.js")
    words |= {"css": css, "script": script, "look": look or _template_text(_LOOK), "nonce": NONCE}
    html = page_templates().get_template(template).render(words)
    tag = hashlib.sha256(html.encode(errors="backslashreplace")).hexdigest()
    return Page(f'"{tag[:32]}"', html)


@cache
def _template_text(name: str) -> str:
    return (ROOT / "templates" / name).read_text(encoding="utf-8")


def _finding_notes(sheet: Sheet) -> Iterator["Note"]:
    """Yield a note for each finding of check."""
    from prevent_letter.letter.document import ids_of
    from prevent_letter.previewing.notes import Note

    draft = sheet.draft
    macros: Any = page_templates().get_template("preview_notes.html.j2").module
    for number, finding in enumerate(sheet.report.findings, 1):
        place = finding.place
        file, line, words = show_path(place.path), f"line {place.line}", ""
        if place.path == draft.path:
            words = place.words
            words = words if len(words) > 1 or words.isdigit() else ""  # no place without a width
        else:
            line = f"{file}, {line}"
        where = (f"{file}:{place.line}", line)
        fixable = finding in sheet.report.fixable
        markup = macros.finding(finding, number, words, where, fixable)
        about = draft.path_of(finding)
        yield Note(tuple(ids_of(about)), draft.source.block_at(about, place), markup)


def _level_notes(draft: Draft) -> Iterator["Note"]:
    """Yield for each benchmark a note with its levels, to be placed at its score."""
    from prevent_letter.previewing.notes import Note

    assessment, criteria = draft.valid
    macros: Any = page_templates().get_template("preview_notes.html.j2").module
    for benchmark in criteria.benchmarks:
        if benchmark.levels:
            score = assessment.benchmarks[benchmark.id].score
            markup = macros.levels(criteria, benchmark, score)
            yield Note((f"{benchmark.id}.score",), BlockNumber(0, 0), markup)
