"""What the page asks of prevent-letter, in the browser's Python: plain data in, plain data out.

One assessment is open at a time. Its file is in a folder of the browser's memory, with the text
that the page would save; every value goes into that text by the product's own splicer.
"""

import codecs
import copy
import datetime as dt
import json
import os
import re
import shutil
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from form import standard_criteria

from prevent_letter.assessment import blank, files, source
from prevent_letter.assessment.criteria_sets import STANDARD
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.assessment.fields import dotted, parse_dotted, required_paths
from prevent_letter.assessment.header import without_english
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.places import KeyPath, Source
from prevent_letter.assessment.values import is_period, only_possible_date
from prevent_letter.building.build import build
from prevent_letter.building.letter_builder import BuildRequest
from prevent_letter.checking.check import CheckReport, check
from prevent_letter.checking.fix import fix_file
from prevent_letter.core import prose
from prevent_letter.core.findings import FileErrors, Finding, UsageError, UserError
from prevent_letter.core.names import fold_name, strip_invisible
from prevent_letter.importing.apply import certain_edits, write
from prevent_letter.importing.comparison import Comparison, unlike
from prevent_letter.importing.legacy import from_old_letter
from prevent_letter.previewing import pages
from prevent_letter.previewing.live import PreviewComposer
from prevent_letter.starting.new import NewOptions, NewReport, start
from prevent_letter.word.letter_values import read_letter
from prevent_letter.word.passages import as_prose

FOLDER = Path("/folder")
"""A repository of one assessment."""
LETTER = "/letter.docx"
OUT, OPENED, OLD = Path("/out"), Path("/opened"), Path("/old.yaml")
PROSE = ("summary", "good_practice", "recommendations", "key_recommendations")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_BREAKS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")
_ITEM = re.compile(r" *(?:-|[0-9]{1,2}[.)]) ")
NEW = "assessment.yaml"
"""The name of a file that has no area yet."""
Data = dict[str, Any]


class Desk:
    """The open assessment."""

    def __init__(self) -> None:
        self._composer = PreviewComposer({})
        self._letter: pages.PreviewLetter | None = None
        self._comparison: Comparison | None = None
        self._empty()

    def _empty(self) -> None:
        """Forget the assessment that is open."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        (FOLDER / ".git").mkdir(parents=True)  # all of it is one repository
        os.chdir(FOLDER)
        self.path, self._letter, self._comparison = FOLDER / NEW, None, None

    def new(self, authority: str, last_name: str = "") -> Data:
        """Begin an assessment of an authority; last year's, or its Word letter, is in OPENED."""
        if not authority and not last_name:
            known = {"criteria": STANDARD, "period": blank.current_period(dt.date.today())}
            known |= {"authority": "", "area": ""}
            text = blank.blank_assessment(standard_criteria(), STANDARD, known, name=NEW)
            return self.open(NEW, text)
        last_year = self._last_year(last_name) if last_name else None
        if last_year and not authority and not last_year.line("authority"):
            raise UserError("this file has no authority: type its name")
        report, old, data = NewReport(), self.path, self.path.read_bytes()
        self._empty()
        try:
            start(report, FOLDER, authority, last_year, NewOptions())
        except (FileErrors, UserError, UsageError):
            self.path = old
            old.write_bytes(data)
            raise
        self.path = report.started[0]
        remarks = [remark.rpartition(".yaml: ")[2] for remark in report.remarks]
        return self._shown() | {"remarks": remarks}

    def _last_year(self, name: str) -> Source:
        """Return last year's assessment; of a Word letter, what it says."""
        path = FOLDER / name
        if name.lower().endswith(".docx"):
            OLD.unlink(missing_ok=True)
            from_old_letter(OPENED, OLD)
            last_year = source.parse(path.with_suffix(".yaml"), OLD.read_bytes())
        else:
            last_year = source.parse(path, OPENED.read_bytes())
        if last_year.findings:
            raise FileErrors(last_year.findings)
        return last_year

    def open(self, name: str, text: str | None = None) -> Data:
        """Open an assessment alone: its text, or the bytes in OPENED; ``name`` is its file's."""
        if text is None and files.file_kind(OPENED) is not files.FileKind.ASSESSMENT:
            raise UserError("this is no assessment: it has no authority:, advisor: or benchmarks:")
        data = OPENED.read_bytes() if text is None else text.encode()
        self._empty()
        self.path = FOLDER / Path(name).name
        self.path.write_bytes(data)
        return self._shown()

    def put(self, text: str) -> Data:
        """Replace the whole text, whose lines end as they did, and return what the page shows."""
        is_windows = b"\r\n" in self.path.read_bytes()
        self.path.write_text(text, encoding="utf-8", newline="\r\n" if is_windows else "\n")
        return self._shown()

    def set(self, values: dict[str, str | list[str]]) -> Data:
        """Write values into the text, by their key paths, such as benchmarks.training.score.

        A text that can't be read as YAML stays as it is; ``unwritten`` is true then. ``refused``
        are the keys of values that would change anything else, or that a letter can't have.
        """
        file, refused = source.read(self.path), list[str]()
        for key, value in values.items() if not file.findings else ():
            file, text, path = source.read(self.path), _typed(key, value), parse_dotted(key)
            if (file.value(*path) or "") == (text or ""):
                continue
            try:
                new = text if isinstance(text, list) else text or None
                edited = apply_edits(file, [Edit(path, new)]).encode()
            except LookupError:  # the key of an empty value isn't there, or the file is otherwise
                edited = b""
            if edited and _sets_alone(file, source.parse(self.path, edited), path):
                mark = codecs.BOM_UTF8 if self.path.read_bytes()[:3] == codecs.BOM_UTF8 else b""
                self.path.write_bytes(mark + edited)
            elif text:
                refused.append(key)
        line = source.read(self.path).line
        if self.path.name == NEW and line("area") and is_period(line("period")):
            known = {key: line(key) for key in ("area", "period", "language")}
            self.path = self.path.rename(FOLDER / blank.file_name(known))
        return self._shown() | {"unwritten": bool(file.findings), "refused": refused}

    def mend(self, code: str, key: str) -> Data:
        """Mend one finding that is beyond doubt, as check --fix does."""
        fix_file(self.path, write=True, only=lambda f: (f.code, f.key_path) == (code, key))
        return self._shown()

    def make(self, end: str, kind: str) -> Data:
        """Make the letter in a format; ``kind`` is letter, draft, published or changes.

        ``changes`` marks what changed since the Word letter that was read last. What the advisor
        left unticked then is shown as taken back.
        """
        shutil.rmtree(OUT, ignore_errors=True)
        is_draft, is_copy = kind == "draft", kind == "published"
        request = BuildRequest([self.path], OUT, (end,), as_draft=is_draft, publish=is_copy)
        if kind == "changes":
            request = replace(request, changes_since=Path(LETTER), force=True)
        if is_copy and not source.read(self.path).line("sent"):
            raise UserError(
                "the copy for the web is of a letter that has gone out: fill in Sent on"
            )
        report = build(request)
        made = [str(path) for path in OUT.rglob("*.*")]
        why = [f.message for f in report.findings if f.severity == "error"]
        why += [failure.text.rpartition(f"{self.path.name}: ")[2] for failure in report.failures]
        if not made and not why:
            why = ["nothing is scored or written yet"]
            if source.read(self.path).line("sent"):
                why = ["this letter is marked as sent: to make it again, empty the field Sent on"]
        remark = report.letters[0].remark if kind == "changes" and report.letters else ""
        return {"file": made[0] if made else "", "why": why, "remark": remark}

    def read(self, letter: str = LETTER) -> Data:
        """Compare a Word letter, a file of the browser's memory, with the open assessment."""
        document = read_letter(Path(letter))
        draft = DraftLoader().load(self.path, accept_numbers=True).as_form(accept_numbers=True)
        if draft.assessment is None:
            why = "to take back what was changed in Word, first open the saved file (.yaml) of the"
            raise UserError(f"{why} assessment; for a letter of last year begin with New")
        line = draft.source.line
        own = (line("authority"), line("period"), without_english(line("language")))
        if document.identifier and fold_name(document.identifier) != fold_name(" ".join(own)):
            why = f"this is the letter of another assessment: {document.identifier}"
            raise UserError(f"{why}. Open that assessment first, then the letter")
        self._comparison = comparison = Comparison(document, draft)
        if comparison.says.share_found < 0.5:
            raise UserError("this isn't the letter of this assessment: it lacks the fixed words")
        comparison.judge_values()
        certain = certain_edits(comparison)
        was, now = comparison.built.now.values, comparison.says.values
        changes = [
            {"id": id, "sure": id in certain, "before": _text(was.get(id)), "after": _text(now[id]),
             "short": "was {}, is {} now".format(*unlike(was.get(id, ""), now[id]))}
            for id in comparison.edits
        ]  # fmt: skip
        comparison.report_others()
        return {"changes": changes, "told": [*map(_told, comparison.findings)]}

    def take(self, ids: list[str]) -> Data:
        """Take over some of the changes of the letter that was read last."""
        if self._comparison and ids:
            self.read(LETTER)  # what was typed since then counts
            edits = self._comparison.edits
            write(self._comparison, {id: edits[id] for id in ids if id in edits})
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
        values = draft.source.value()
        is_sound = isinstance(values, dict) and not draft.source.findings
        is_sound = is_sound and not any(f.code == "PL103" for f in report.findings)
        return {
            "name": self.path.name,
            "text": data.decode(errors="replace"),
            "values": _unwrapped(values) if is_sound else None,
            "findings": [_finding(finding, report) for finding in report.findings],
            "missing": [] if draft.source.findings else _missing(draft),
            "complete": sum(_is_complete(draft, id) for id in draft.scores),
            "of": len(draft.criteria.by_id) if draft.criteria else 0,
            "letter": pages.assessment_page(sheet).html if self._letter else "",
        }


def _sets_alone(before: Source, after: Source, path: KeyPath) -> bool:
    """Return True if nothing but the value at a path differs."""
    rest = [copy.deepcopy(file.value()) for file in (before, after)]
    for data in rest:
        for length in range(len(path), 0, -1):  # and the mappings that the value alone is in
            *parents, last = path[:length]
            inner = reduce(lambda found, key: (found or {}).get(key), parents, data)
            if isinstance(inner, dict) and (length == len(path) or not inner.get(last)):
                inner.pop(last, None)
    return not after.findings and rest[0] == rest[1]


def _missing(draft: Draft) -> list[str]:
    """Return the key paths of the values that a letter needs and the file lacks."""
    paths = [path for path in required_paths(Assessment) if path[0] != "benchmarks"]
    ids = draft.criteria.by_id if draft.criteria else ()
    paths += [("benchmarks", id, "score") for id in ids]
    return [dotted(path) for path in paths if not str(draft.source.value(*path) or "").strip()]


def _is_complete(draft: Draft, id: str) -> bool:
    """Return True if a scored benchmark has a text too; a text that is left out is a "None"."""
    texts = (draft.source.value("benchmarks", id, name) for name in PROSE)
    return any(str(text or "").strip() for text in texts)


def _told(finding: Finding) -> Data:
    """Return what import says of a letter; the page puts the field's own name before it."""
    message = finding.message.partition(": ")[2] if finding.key_path else ""
    return {"key": finding.key_path, "message": message or finding.message}


def _typed(key: str, value: str | list[str]) -> str | list[str]:
    """Return what was typed as the file is to have it, without characters that no letter has."""
    if isinstance(value, list):
        return [str(_typed(key, item)) for item in value]
    text = strip_invisible(_BREAKS.sub("\n", value)).replace("\t", " ")
    text = _CONTROL.sub("", text)
    if key.rpartition(".")[2] in PROSE:
        return _paragraphs(text)
    return (key in ("date", "sent") and text and only_possible_date(text)) or text


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
    told: Data = {word: getattr(finding, word) for word in ("code", "severity", "message", "help")}
    more = {"key": finding.key_path, "line": finding.place.line, "mend": finding in report.fixable}
    return told | more


def _text(value: object) -> str:
    texts = value if isinstance(value, tuple) else (value or "",)
    return "\n".join(as_prose(str(text)) for text in texts)


_desk = Desk()


def ask(name: str, arguments: str) -> str:
    """Call a method of the desk with JSON, and return JSON."""
    try:
        answer = getattr(_desk, name)(*json.loads(arguments))
    except FileErrors as errors:
        answer = {"why": [finding.message for finding in errors.findings]}
    except (UserError, UsageError) as error:
        answer = {"why": [str(error)]}
    return json.dumps(answer)
