"""What the page asks of prevent-letter, in the browser's Python: plain data in, plain data out.

One assessment is open at a time. Its file is in a folder of the browser's memory, with the text
that the page would save; every value goes into that text by the product's own splicer.
"""

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

from prevent_letter.assessment import blank, source
from prevent_letter.assessment.criteria import BUNDLED
from prevent_letter.assessment.criteria import read as read_criteria
from prevent_letter.assessment.criteria_sets import STANDARD
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.assessment.fields import parse_dotted
from prevent_letter.assessment.values import is_period
from prevent_letter.building.build import build
from prevent_letter.building.letter_builder import BuildRequest
from prevent_letter.checking.check import CheckReport, check
from prevent_letter.core import prose
from prevent_letter.core.findings import FileErrors, Finding, UserError
from prevent_letter.importing.apply import certain_edits, write
from prevent_letter.importing.comparison import Comparison
from prevent_letter.previewing import pages
from prevent_letter.previewing.live import PreviewComposer
from prevent_letter.word.letter_values import read_letter
from prevent_letter.word.passages import as_prose

FOLDER = Path("/desk")
OUT = Path("/out")
PROSE = ("summary", "good_practice", "recommendations", "key_recommendations")
_ITEM = re.compile(r" *(?:-|[0-9]{1,2}[.)]) ")
NEW = "assessment.yaml"
"""The name of a file that has no area yet."""
Data = dict[str, Any]


class Desk:
    """The open assessment."""

    def __init__(self) -> None:
        FOLDER.mkdir(exist_ok=True)
        self.path = FOLDER / "assessment.yaml"
        self._composer = PreviewComposer({})
        self._letter: pages.PreviewLetter | None = None
        self._comparison: Comparison | None = None

    def new(self, authority: str) -> Data:
        """Begin an assessment of an authority; without a name, an empty one."""
        criteria = read_criteria(BUNDLED / f"{STANDARD}.yaml").criteria
        assert criteria
        known = {"authority": authority, "area": blank.area_of(authority), "criteria": STANDARD}
        known["period"] = blank.current_period(dt.date.today())
        text = blank.blank_assessment(criteria, STANDARD, known, name=NEW)
        return self.open(NEW, text)

    def open(self, name: str, text: str) -> Data:
        """Open the text of an assessment; ``name`` is its file's."""
        for old in FOLDER.iterdir():
            old.unlink()
        self.path, self._letter = FOLDER / Path(name).name, None
        return self.put(text)

    def put(self, text: str) -> Data:
        """Replace the whole text, and return what the page shows."""
        self.path.write_bytes(text.encode())
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
        made = [str(path) for path in OUT.iterdir()] if OUT.exists() else []
        why = [f.message for f in report.findings if f.severity == "error"]
        why += [failure.text.rpartition(f"{self.path.name}: ")[2] for failure in report.failures]
        if not made and not why:
            why = ["nothing is scored or written yet" if report.not_begun else str(report)]
        return {"file": made[0] if made else "", "why": why}

    def read(self, letter: str) -> Data:
        """Compare a Word letter, a file of the browser's memory, with the open assessment."""
        try:
            document = read_letter(Path(letter))
            draft = DraftLoader().load(self.path).as_form()
            if draft.assessment is None:
                why = "open the assessment that this letter was made from first, then the letter"
                return {"why": why, "changes": []}
            self._comparison = comparison = Comparison(document, draft)
        except FileErrors as errors:
            return {"why": errors.findings[0].message, "changes": []}
        except UserError as error:
            return {"why": str(error), "changes": []}
        if comparison.says.share_found < 0.5:
            why = "this isn't the letter of this assessment: its fixed words aren't there"
            return {"why": why, "changes": []}
        comparison.judge_values()
        certain = certain_edits(comparison)
        changes = [
            {"id": id, "before": _text(comparison.built.now.values.get(id)), "sure": id in certain,
             "after": _text(comparison.says.values.get(id))}
            for id in comparison.edits
        ]  # fmt: skip
        comparison.report_others()
        told = [f.message for f in comparison.findings if f.code != "PL503"]
        told += [f"{c.author}: {c.text}" for c in document.comments if not c.is_resolved]
        return {"why": "", "changes": changes, "told": list(dict.fromkeys(told))}

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
        fault, form, is_stale = "", draft.as_form(), True
        try:
            if letter := self._composer.letter(form):
                self._letter, is_stale = letter, False
        except UserError as error:
            fault = str(error)
        sheet = pages.Sheet(draft, report, self._letter, "", fault, is_stale)
        benchmarks = draft.criteria.by_id if draft.criteria else {}
        values = draft.source.value()
        return {
            "name": self.path.name,
            "text": data.decode(errors="replace"),
            "values": _unwrapped(values) if values and not draft.source.findings else None,
            "findings": [_finding(finding, report) for finding in report.findings],
            "complete": len(draft.scores),
            "of": len(benchmarks),
            "letter": pages.assessment_page(sheet).html,
        }


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
    return json.dumps(getattr(_desk, name)(*json.loads(arguments)))
