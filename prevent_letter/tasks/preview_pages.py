"""The pages of preview: a letter with what check found beside it, and the list of a folder's assessments."""

import copy
import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from xml.etree.ElementTree import Element

from prevent_letter import ROOT
from prevent_letter.assessment.drafts import Draft
from prevent_letter.ground.findings import Place, printable, shown
from prevent_letter.ground.web import templates
from prevent_letter.tasks.live_letter import Letter
from prevent_letter.tasks.report import count

if TYPE_CHECKING:
    from jinja2 import Environment

    from prevent_letter.letter.beside import Note
    from prevent_letter.tasks.check import Report

_LOOK = "letter.css"
NONCE = os.urandom(16).hex()
"""Stands in a page for what each answer has of its own, by which a browser knows our script and styles."""


AT_FAULT = "at fault"
"""How far an assessment is that can't be read, or isn't valid."""


class Page(NamedTuple):
    """A page in HTML, and a tag that tells it from others."""

    tag: str
    html: str


class Sheet(NamedTuple):
    """What the page of an assessment shows."""

    draft: Draft
    report: "Report"
    letter: Letter | None
    """The last one that could be made, if any could."""
    home: str
    """The address of the list that the assessment is in, or empty."""
    fault: str
    """What is wrong with the templates, as a sentence, or empty."""
    is_stale: bool
    """Whether the letter is of an earlier reading."""


class Listed(NamedTuple):
    """A line of the list: an assessment, how far it is (empty: not read yet), its file and its address."""

    name: str
    state: str
    file: str
    link: str


def assessment(sheet: Sheet) -> Page:
    """The page of an assessment."""
    from prevent_letter.letter import beside, web

    draft, letter = sheet.draft, sheet.letter
    main = copy.deepcopy(letter.main) if letter else Element("main")
    main.set("class", "preview-letter preview-stale" if sheet.is_stale else "preview-letter")
    notes = [*_found(sheet), *(_levels(letter.draft) if letter else ())]
    whole = [note.markup for note in beside.place(main, notes)]
    return _page(
        name=" ".join(filter(None, map(draft.source.line, ("authority", "period"))))
        or draft.path.name,
        state=how_far(draft),
        sent=draft.assessment and draft.assessment.sent,
        counts=[count(sheet.report.errors, "error"), count(sheet.report.warnings, "warning")],
        whole=whole,
        main=web.as_html(main) if letter else "",
        look=letter.css if letter else _file(_LOOK),
        **sheet._asdict(),
    )


def failed(path: Path, report: "Report", home: str) -> Page:
    """The page of an assessment with which something happened that nobody foresaw."""
    [failure] = report.failures
    return _page(
        name=path.name,
        state=AT_FAULT,
        sent=None,
        counts=[AT_FAULT],
        whole=[],
        letter=None,
        look=_file(_LOOK),
        report=report,
        home=home,
        fault=failure.text,
    )


def listing(folder: Path, assessments: Sequence[Listed], remarks: Sequence[str]) -> Page:
    """The page with the list of a folder's assessments, and what is to be said of it."""
    name = printable(folder.name) or shown(folder)
    return _page(name=name, assessments=assessments, remarks=remarks, look=_file(_LOOK))


def how_far(draft: Draft) -> str:
    """How far an assessment is, in a word or two."""
    from prevent_letter.results.result import result  # which the first page can wait for

    found = result(draft)
    return found.how_far if found else AT_FAULT


def _page(**words: Any) -> Page:
    template = _jinja().get_template(
        "preview_list.html.j2" if "assessments" in words else "preview.html.j2"
    )
    made = template.render(
        css=_file("preview.css"), script=_file("preview.js"), nonce=NONCE, **words
    )
    tag = hashlib.sha256(made.encode(errors="backslashreplace")).hexdigest()
    return Page(f'"{tag[:32]}"', made)


@cache
def _file(name: str) -> str:
    """The text of one of our files."""
    return (ROOT / "templates" / name).read_text(encoding="utf-8")


def _found(sheet: Sheet) -> Iterator["Note"]:
    """What check found, as notes."""
    from prevent_letter.letter.beside import Note
    from prevent_letter.letter.document import ids

    draft = sheet.draft
    for number, finding in enumerate(sheet.report.findings, 1):
        place = finding.place
        own = place.path == draft.path
        where = f"line {place.line}" if own else f"{shown(place.path)}, line {place.line}"
        mendable = finding in sheet.report.mendable
        markup = _notes().finding(finding, number, _in_editor(place), where, mendable)
        about = draft.about(finding)
        yield Note(tuple(ids(about)), draft.source.block(about, place), markup)


def _levels(draft: Draft) -> Iterator["Note"]:
    """The levels of each benchmark, beside its score, of a draft that a letter was made of."""
    from prevent_letter.letter.beside import Note

    assert draft.assessment
    assert draft.criteria
    for each in draft.criteria.benchmarks:
        if each.levels:
            markup = _notes().levels(
                draft.criteria, each, draft.assessment.benchmarks[each.id].score
            )
            yield Note((f"{each.id}.score",), (0, 0), markup)


def _in_editor(place: Place) -> str:
    """The address by which Visual Studio Code opens a file at a place."""
    path = quote(os.fsencode(place.path.as_posix()), safe="/:")
    return f"vscode://file/{path.removeprefix('/')}:{place.line}:{place.column}"


def _notes() -> Any:
    """The macros that make notes."""
    return _jinja().get_template("preview_notes.html.j2").module


@cache
def _jinja() -> "Environment":
    made = templates()
    made.filters["printable"] = printable
    return made
