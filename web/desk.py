"""What the page asks of prevent-letter, in the browser's Python: plain data in, plain data out.

One assessment is open at a time. Its file is in a folder of the browser's memory, with the text
that the page would save; every value goes into that text by the product's own splicer.
"""

import datetime as dt
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from form import form_html, standard_criteria

from prevent_letter.assessment import blank, files, source
from prevent_letter.assessment.criteria_sets import STANDARD
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.assessment.fields import dotted, parse_dotted, required_paths
from prevent_letter.assessment.header import without_english
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.values import is_period
from prevent_letter.building.build import build
from prevent_letter.building.letter_builder import BuildRequest
from prevent_letter.checking.check import CheckReport, check
from prevent_letter.core import prose
from prevent_letter.core.findings import FileErrors, Finding, UserError
from prevent_letter.core.names import fold_name
from prevent_letter.importing.apply import certain_edits, write
from prevent_letter.importing.comparison import Comparison
from prevent_letter.previewing import pages
from prevent_letter.previewing.live import PreviewComposer
from prevent_letter.starting.new import NewOptions, NewReport, start
from prevent_letter.word.letter_values import read_letter
from prevent_letter.word.passages import as_prose

FOLDER = Path("/folder")
"""The open folder, as a repository; it has one assessment alone unless a person opened a folder."""
OUT, OPENED = Path("/out"), Path("/opened")
PROSE = ("summary", "good_practice", "recommendations", "key_recommendations")
_ITEM = re.compile(r" *(?:-|[0-9]{1,2}[.)]) ")
NEW = "assessment.yaml"
"""The name of a file that has no area yet."""
Data = dict[str, Any]


class Desk:
    """The open assessment."""

    def __init__(self) -> None:
        self.empty()
        self._criteria = standard_criteria()
        self._composer = PreviewComposer({})
        self._letter: pages.PreviewLetter | None = None
        self._comparison: Comparison | None = None

    def empty(self) -> Data:
        """Forget the folder that is open, and its assessment."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        (FOLDER / ".git").mkdir(parents=True)  # all of it is one repository
        os.chdir(FOLDER)
        self.path, self._is_folder = FOLDER / NEW, False
        return {}

    def new(self, authority: str, last_name: str = "", last_text: str = "") -> Data:
        """Begin an assessment of an authority, from last year's if there is one."""
        if not authority and not last_text:
            known = {"criteria": STANDARD, "period": blank.current_period(dt.date.today())}
            known |= {"authority": "", "area": ""}
            text = blank.blank_assessment(standard_criteria(), STANDARD, known, name=NEW)
            return self.open(NEW, text)
        if not self._is_folder:
            self.empty()
        last_year = source.parse(FOLDER / last_name, last_text.encode()) if last_text else None
        report = NewReport()
        start(report, FOLDER, authority, last_year, NewOptions())
        self.path, self._letter = report.started[0], None
        remarks = [remark.rpartition(".yaml: ")[2] for remark in report.remarks]
        return self._shown() | {"remarks": remarks}

    def open(self, name: str, text: str | None = None) -> Data:
        """Open an assessment alone: its text, or the bytes in OPENED; ``name`` is its file's."""
        self.empty()
        self.path, self._letter = FOLDER / Path(name).name, None
        self.path.write_bytes(OPENED.read_bytes() if text is None else text.encode())
        return self._shown()

    def folder(self) -> Data:
        """Return the assessments of the folder that was written into the browser's memory."""
        self._is_folder = True
        paths = (header.path.relative_to(FOLDER).as_posix() for header in files.headers(FOLDER))
        return {"assessments": sorted(paths, key=str.casefold)}

    def choose(self, path: str) -> Data:
        """Open an assessment of the folder."""
        self.path, self._letter = FOLDER / path, None
        self._composer = PreviewComposer({})
        return self._shown()

    def put(self, text: str) -> Data:
        """Replace the whole text, whose lines end as they did, and return what the page shows."""
        is_windows = b"\r\n" in self.path.read_bytes()
        self.path.write_text(text, encoding="utf-8", newline="\r\n" if is_windows else "\n")
        return self._shown()

    def set(self, values: dict[str, str | list[str]]) -> Data:
        """Write values into the text, by their key paths, such as benchmarks.training.score.

        A text that can't be read as YAML stays as it is; the page says so.
        """
        for key, value in values.items():
            file = source.read(self.path)
            is_prose = key.rpartition(".")[2] in PROSE
            texts = [value] if isinstance(value, str) else value
            texts = [*map(_paragraphs, texts)] if is_prose else texts
            text = texts[0] if isinstance(value, str) else texts
            if not file.findings and (file.value(*parse_dotted(key)) or "") != (text or ""):
                try:
                    edited = apply_edits(file, [Edit(parse_dotted(key), text or None)])
                except LookupError:  # an empty value whose key isn't there
                    continue
                self.path.write_bytes(edited.encode())
        self._name_new()
        return self._shown()

    def _name_new(self) -> None:
        """Give a new file its name once there are an area and a period."""
        file = source.read(self.path)
        area, period = file.line("area"), file.line("period")
        if self.path.name == NEW and area and is_period(period):
            known = {"area": area, "period": period, "language": file.line("language")}
            self.path = self.path.rename(FOLDER / blank.file_name(known))

    def mend(self) -> Data:
        """Mend what is beyond doubt, as check --fix does."""
        check([self.path], fix=True)
        return self._shown()

    def make(self, end: str, kind: str) -> Data:
        """Make the letter in a format; ``kind`` is letter, draft or published."""
        shutil.rmtree(OUT, ignore_errors=True)
        is_draft, is_copy = kind == "draft", kind == "published"
        request = BuildRequest([self.path], OUT, (end,), as_draft=is_draft, publish=is_copy)
        report = build(request)
        made = [str(path) for path in OUT.rglob("*.*")]
        why = [f.message for f in report.findings if f.severity == "error"]
        why += [failure.text.rpartition(f"{self.path.name}: ")[2] for failure in report.failures]
        if not made and not why:
            why = ["nothing is scored or written yet" if report.not_begun else str(report)]
        return {"file": made[0] if made else "", "why": why}

    def read(self, letter: str) -> Data:
        """Compare a Word letter, a file of the browser's memory, with the open assessment."""
        document = read_letter(Path(letter))
        draft = DraftLoader().load(self.path, accept_numbers=True).as_form(accept_numbers=True)
        if draft.assessment is None:
            why = "open the assessment that this letter was made from first, then the letter"
            return {"why": [why]}
        line = draft.source.line
        own = (line("authority"), line("period"), without_english(line("language")))
        if document.identifier and fold_name(document.identifier) != fold_name(" ".join(own)):
            why = f"this is the letter of another assessment: {document.identifier}"
            return {"why": [f"{why}. Open that assessment first, then the letter"]}
        self._comparison = comparison = Comparison(document, draft)
        if comparison.says.share_found < 0.5:
            return {
                "why": ["this isn't the letter of this assessment: its fixed words aren't there"]
            }
        comparison.judge_values()
        certain = certain_edits(comparison)
        changes = [
            {"id": id, "before": _text(comparison.built.now.values.get(id)), "sure": id in certain,
             "after": _text(comparison.says.values.get(id))}
            for id in comparison.edits
        ]  # fmt: skip
        comparison.report_others()
        told = [_told(finding) for finding in comparison.findings if finding.code != "PL503"]
        return {"changes": changes, "told": told}

    def take(self, ids: list[str]) -> Data:
        """Take over some of the changes of the letter that was read last."""
        if self._comparison and ids:
            write(self._comparison, {id: self._comparison.edits[id] for id in ids})
        self._comparison = None
        return self._shown()

    def _shown(self) -> Data:
        data = self.path.read_bytes()
        loader = DraftLoader({self.path: data})
        draft, report = loader.load(self.path), check([self.path], loader=loader)
        fault, is_stale = "", True
        try:
            if letter := self._composer.letter(draft.as_form()):
                self._letter, is_stale = letter, False
        except UserError as error:
            fault = str(error)
        sheet = pages.Sheet(draft, report, self._letter, "", fault, is_stale)
        values, form = draft.source.value(), dict[str, str]()
        if draft.criteria and draft.criteria != self._criteria:
            self._criteria = draft.criteria
            form = {"form": form_html(draft.criteria)}
        return form | {
            "name": self.path.name,
            "text": data.decode(errors="replace"),
            "values": _unwrapped(values) if values and not draft.source.findings else None,
            "findings": [_finding(finding, report) for finding in report.findings],
            "missing": [] if draft.source.findings else _missing(draft),
            "complete": sum(_is_complete(draft, id) for id in draft.scores),
            "of": len(draft.criteria.by_id) if draft.criteria else 0,
            "letter": pages.assessment_page(sheet).html if self._letter else "",
        }


def _missing(draft: Draft) -> list[str]:
    """Return the key paths of the values that a letter needs and the file lacks."""
    paths = [path for path in required_paths(Assessment) if path[0] != "benchmarks"]
    paths += [
        ("benchmarks", id, "score") for id in (draft.criteria.by_id if draft.criteria else ())
    ]
    return [dotted(path) for path in paths if not str(draft.source.value(*path) or "").strip()]


def _is_complete(draft: Draft, id: str) -> bool:
    """Return True if a scored benchmark has a text too; a text that is left out is a "None"."""
    texts = (draft.source.value("benchmarks", id, name) for name in PROSE)
    return any(str(text or "").strip() for text in texts)


def _told(finding: Finding) -> Data:
    """Return what import says of a letter; the page puts the field's own name before it."""
    message = finding.message
    if finding.key_path:
        message = message.partition(": ")[2] or message
    return {"key": finding.key_path, "message": message}


def _paragraphs(text: str) -> str:
    """Return typed text as prose: each line that is no item of a list is a paragraph."""
    lines: list[str] = []
    for line in text.split("\n"):
        is_item = _ITEM.match(line) and lines and _ITEM.match(lines[-1])
        if line.strip() and lines and lines[-1].strip() and not is_item:
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def _unwrapped(values: Any, key: str = "") -> Any:
    """Return the values with each paragraph of prose on one line, as a form shows it."""
    if isinstance(values, dict):
        return {name: _unwrapped(value, name) for name, value in values.items()}
    if isinstance(values, list):
        return [_unwrapped(value, key) for value in values]
    return prose.collapse(values) if key in PROSE and isinstance(values, str) else values


def _finding(finding: Finding, report: CheckReport) -> Data:
    words = ("code", "severity", "message", "help")
    told: Data = {word: getattr(finding, word) for word in words}
    told |= {"key": finding.key_path, "line": finding.place.line}
    return told | {"mend": finding in report.fixable}


def _text(value: object) -> str:
    texts = value if isinstance(value, tuple) else (value or "",)
    return "\n".join(as_prose(str(text)) for text in texts)


_desk = Desk()


def ask(name: str, arguments: str) -> str:
    """Call a method of the desk with JSON, and return JSON. Only public names can be called."""
    if name.startswith("_"):
        raise ValueError(name)
    try:
        answer = getattr(_desk, name)(*json.loads(arguments))
    except FileErrors as errors:
        answer = {"why": [finding.message for finding in errors.findings]}
    except UserError as error:
        answer = {"why": [str(error)]}
    return json.dumps(answer)
