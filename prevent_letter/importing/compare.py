"""Compare edited Word letters with their assessments, and write what is certain into the files."""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import files
from prevent_letter.assessment.criteria import Scale
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.assessment.fields import describe, required_paths
from prevent_letter.assessment.header import without_english
from prevent_letter.assessment.model import Assessment, digest
from prevent_letter.assessment.places import KeyPath
from prevent_letter.assessment.report import Failure, Report, attempt
from prevent_letter.assessment.settings import repository
from prevent_letter.assessment.values import only_possible_date
from prevent_letter.core import atomic
from prevent_letter.core.display import count, show_path
from prevent_letter.core.findings import (
    SEVERITIES,
    FileErrors,
    Finding,
    Place,
    Severity,
    UsageError,
    UserError,
    for_report,
)
from prevent_letter.core.names import fold_name
from prevent_letter.importing.history import earlier_versions
from prevent_letter.word.docx_reader import Block, WordDocument
from prevent_letter.word.edited_letter import LetterValues, Value, difference, quoted
from prevent_letter.word.letter_values import BuiltLetters, ids_of_values, read_letter
from prevent_letter.word.passages import as_prose


@dataclass(frozen=True)
class ImportRequest:
    """Which letters to import. Without ``into``, the assessment of each is looked for."""

    letters: Sequence[Path]
    into: Path | None = None
    apply: bool = False
    """Write what is certain into the assessments."""
    sent: bool = False
    """Write also into assessments whose letter was sent."""


@dataclass
class ImportReport(Report):
    """How letters differ from their assessments. ``str()`` is the summary for the user."""

    letters: int = 0
    remarks: list[str] = field(default_factory=list)
    """Sentences for the user, in addition to the findings."""
    written: list[Path] = field(default_factory=list)
    """The assessments that were written."""

    def __str__(self) -> str:
        changed = sum(finding.code == "PL503" for finding in self.findings)
        counts = [count(self.letters, "letter"), count(changed, "value") + " changed"]
        counts += [count(self.tally(severity), severity) for severity in SEVERITIES[:2]]
        return self.summary(*counts, f"{count(len(self.written), 'file')} written")


class _OpenLetter(NamedTuple):
    """A letter with its assessment."""

    path: Path
    letter: WordDocument
    draft: Draft


def read_back(request: ImportRequest) -> ImportReport:
    """Read edited letters, and report how they differ from their assessments.

    Raises:
        UsageError: there is no letter to read, or ``into`` is given for several letters.
    """
    paths = [path for given in request.letters for path in _letters(given)]
    if not paths:
        raise UsageError("there is no Word letter to read there.")
    if request.into and len(paths) > 1:
        message = f"--into {request.into} is one assessment"
        raise UsageError(f"{message}, and {len(paths)} letters are to be read.")
    report = ImportReport(letters=len(paths))
    by_assessment: dict[Path, list[_OpenLetter]] = {}
    for path in paths:
        opened = attempt(lambda path: _open(path, request), path, path)
        if isinstance(opened, Failure):
            report.failures.append(opened)
        elif isinstance(opened, Finding):
            report.findings.append(opened)
        else:
            by_assessment.setdefault(opened.draft.path, []).append(opened)
    for letters in by_assessment.values():
        for one in letters if len(letters) > 1 else ():
            other = next(letter for letter in letters if letter is not one)
            message = f"{show_path(other.path)} is also a letter"
            message += f" of {show_path(one.draft.path)}"
            help = "import only the one that counts"
            report.findings.append(Finding(Place(one.path), "PL511", "error", message, help))
        if len(letters) == 1:
            compare = partial(_compare, request=request, report=report)
            failure = attempt(compare, letters[0], letters[0].path)
            report.failures += [failure] if failure else []
    report.findings = for_report(report.findings)
    return report


def _letters(given: Path) -> Iterator[Path]:
    """Yield the letters at a path: a file, or the .docx files at any depth in a folder."""
    if not given.is_dir():
        yield given
        return
    for path in map(Path, files.all_paths(given)):
        if path.suffix == ".docx" and not path.name.startswith("~$") and path.is_file():
            yield path


def _open(path: Path, request: ImportRequest) -> _OpenLetter | Finding:
    """Return a letter with its assessment, or a finding that says why this fails."""
    try:
        letter = read_letter(path)
    except FileErrors as errors:
        return errors.findings[0]
    known = [request.into] if request.into else _assessments(path, letter)
    if len(known) != 1:
        message = "the assessment of this letter isn't known"
        if owner := letter.identifier or letter.title:
            message += f": none was found for {owner}"
        if known:
            names = ", ".join(map(show_path, known))
            message = f"this letter may belong to {len(known)} assessments: {names}"
        return Finding(Place(path), "PL502", "error", message, "name it with --into FILE.yaml")
    draft = DraftLoader().load(known[0], accept_numbers=True).as_form(accept_numbers=True)
    if not draft.assessment:
        messages = [finding.message for finding in draft.findings if finding.severity == "error"]
        why = f": {messages[0]}" if messages else ""
        message = f"{show_path(draft.path)}: its letter can't be built yet{why}"
        help = f"correct it first: prevent-letter check {show_path(draft.path)}"
        return Finding(Place(path), "PL502", "error", message, help)
    return _OpenLetter(path, letter, draft)


def _assessments(path: Path, letter: WordDocument) -> list[Path]:
    """Return the assessments that a letter may belong to, by its identifier, else by its title.

    They are looked for in the repository of the letter, else in that of the current folder.
    """
    title, identifier = fold_name(letter.title), fold_name(letter.identifier)
    for folder in dict.fromkeys((path.absolute().parent, Path.cwd())):
        titled, identified = [], []
        for header in files.headers(repository(folder) or folder):
            if not header.authority or not header.period:
                continue
            language = without_english(header.language)
            names = filter(None, (header.authority, header.period, language))
            if identifier == fold_name(" ".join(names)):
                identified.append(header.path)
            names_it = title.endswith(fold_name(header.authority)) and header.period in title
            if names_it and not language:  # a title says it in English
                titled.append(header.path)
        if identified or titled:
            return sorted(identified or titled)
    return []


# Three ways: the letter, what it was built from, and the file as it is.


def _base(built: BuiltLetters, letter: WordDocument) -> tuple[list[Block], LetterValues | None]:
    """Return the model, which is the letter as it was built, and the values in it.

    If the version that it was built from is unknown, the model is built from the present file, and
    the values are those before the edited letter's tracked changes; None without such changes.
    """
    if letter.digest == digest(*built.draft.valid):
        return built.model, built.now
    for data in earlier_versions(built.draft):
        assessment = built.assessment(data)
        if assessment and letter.digest == digest(assessment, built.criteria):
            model = built.build(assessment)
            return model, built.read(model)
    rejected = letter.rejected
    return built.model, built.read(rejected, built.model) if rejected is not None else None


def key_path_of(id: str) -> KeyPath:
    """Return the key path of a value by its id in the letter."""
    parts = tuple(id.split("."))
    if parts[-1] in ("score", "good_practice", "recommendations"):
        return ("benchmarks", *parts)
    return ("addressee", "greeting") if id == "greeting" else parts


_REQUIRED = {*required_paths(Assessment), ("date",)}
_UNSURE = "look at the letter, and correct the file by hand"
_FIXED = "the wording is every letter's; to keep this change, change the template, else leave it"


def _compare(opened: _OpenLetter, request: ImportRequest, report: ImportReport) -> None:
    """Report how a letter differs from its assessment. With ``--apply``, write what is certain."""
    comparison, letter, draft = _Comparison(opened), opened.letter, opened.draft
    sent = draft.valid[0].sent
    if letter.changes:
        authors = ", ".join(f"{number} by {name}" for name, number in letter.changes.most_common())
        total = count(sum(letter.changes.values()), "tracked change")
        report.remarks.append(f"{show_path(opened.path)}: {total} taken as accepted ({authors})")
    comparison.judge_values()
    certain = comparison.edits
    if certain and request.apply and sent and not request.sent:
        message = f"the letter was sent on {sent}, so the file isn't changed"
        help = "add --sent to change the record of a sent letter"
        comparison.add("PL510", "error", ("sent",), message, help)
    elif certain and request.apply:
        certain = comparison.certain_edits()
        if text := comparison.try_edits(certain) if certain else None:
            data = draft.path.read_bytes()
            mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
            before = mark + draft.source.text.encode()
            atomic.put_back(draft.path, before, mark + text.encode())
            report.written.append(draft.path)
        else:
            certain = {}
    comparison.report_edits(certain)
    comparison.report_others()
    report.findings += comparison.findings


class _Comparison:
    """One letter compared with its assessment, and the findings on it."""

    def __init__(self, opened: _OpenLetter) -> None:
        self.letter, self.draft, self.findings = opened.letter, opened.draft, list[Finding]()
        self.built = BuiltLetters(opened.draft)
        model, self.base = _base(self.built, opened.letter)
        self.says = self.built.read(opened.letter.blocks, model)
        self.before = (self.base or self.built.now).values
        self.edits: dict[str, Edit] = {}
        """The edit that writes each changed value into the file, by the value's id."""

    def add(self, code: str, severity: Severity, path: KeyPath, message: str, help: str) -> None:
        """Add a finding at a key path, and put the value's name before the message."""
        name = f"{describe(path)}: " if path else ""
        place = self.draft.source.place(path)
        self.findings.append(Finding(place, code, severity, f"{name}{message}", help))

    def add_unsure(self, id: str, why: str) -> None:
        """Add a finding on a value that is left as it is."""
        message = f"unsure, and left as it is: {why}"
        self.add("PL507", "warning", key_path_of(id), message, _UNSURE)

    def judge_values(self) -> None:
        """Report each changed value in doubt or conflict; collect edits of other changed values."""
        for id in ids_of_values(self.built.now, self.says):
            theirs, ours = self.says.values.get(id, ""), self.built.now.values.get(id, "")
            before, path = self.before.get(id, ""), key_path_of(id)
            is_in_file = self.base is not None and theirs == ours
            if id not in self.says.doubts and (theirs == before or is_in_file):
                continue
            doubt = self.says.doubts.get(id) or self.says.doubts_if_changed.get(id)
            doubt = doubt or self._why_not(id, theirs, before)
            was, is_now = _unlike(before, theirs)
            if doubt:
                self.add_unsure(id, doubt)
            elif self.base is None:
                message = f"the letter says {is_now}, the file {was}"
                message += "; it isn't known which version the letter was built from"
                help = "correct the file by hand where the letter is right"
                self.add("PL509", "warning", path, message, help)
            elif ours != before:
                message = f"changed in the letter and in the file: from {was} to {is_now}"
                message += f" in the letter, to {_unlike(before, ours)[1]} in the file"
                help = "decide which is right, and change the file"
                self.add("PL504", "error", path, message, help)
            else:
                self.edits[id] = edit_of(id, theirs, self.built.criteria.scale)

    def _why_not(self, id: str, theirs: Value, before: Value) -> str:
        """Return why the file can't hold a value, as a sentence; empty if it can."""
        if key_path_of(id) in _REQUIRED and not theirs:
            return "nothing is left of it"
        written = self.built.criteria.scale.written
        if key_path_of(id)[-1] == "score" and str(theirs).casefold() not in written:
            return f"{quoted(str(theirs))} is no score of the scale"
        if id == "date" and not only_possible_date(str(theirs)):
            return f"{quoted(str(theirs))} isn't one day"
        text = self.draft.source.value(*key_path_of(id))
        if isinstance(text, str) and text.lstrip().startswith("**"):
            return "it begins in bold, which can't be told from its label"
        are_texts = isinstance(text, str) and isinstance(before, str)
        if are_texts and _NUMBER.findall(text) != _NUMBER.findall(str(before)):
            return "its list has numbers of its own, which a letter doesn't keep"
        return ""

    def certain_edits(self) -> dict[str, Edit]:
        """Return the edits that, each made alone, change just their own value in the letter."""
        return {id: e for id, e in self.edits.items() if self.try_edits({id: e}) is not None}

    def try_edits(self, edits: dict[str, Edit]) -> str | None:
        """Return the edited file; None unless only the edited values change in its letter."""
        try:
            text = apply_edits(self.draft.source, [*edits.values()])
            assessment = self.built.assessment(text.encode())
            says = self.built.read(self.built.build(assessment)) if assessment else None
        except (LookupError, ValueError, UserError):
            return None
        if says is None:
            return None
        for id in ids_of_values(says, self.built.now):
            expected = (self.says if id in edits else self.built.now).values.get(id, "")
            if says.values.get(id, "") != expected:
                return None
        return text

    def report_edits(self, certain: dict[str, Edit]) -> None:
        """Report each changed value, as unsure if its edit is not certain after all."""
        for id in self.edits:
            if id not in certain:
                self.add_unsure(id, "the file can't say it just as the letter does")
                continue
            was, is_now = _unlike(self.before.get(id, ""), self.says.values[id])
            help = "--apply writes it into the file"
            if id in self.says.breaks:
                help += "; a line break in the value begins a paragraph in the file"
            self.add("PL503", "note", key_path_of(id), f"was {was}, is {is_now} now", help)

    def report_others(self) -> None:
        """Report changed fixed wording, and the comments."""
        for id, words in self.says.unlike:
            path = key_path_of(id)
            path = path if path[0] in Assessment.model_fields else ()
            self.add("PL506", "warning", path, f"fixed wording was changed: {words}", _FIXED)
        for comment in self.letter.comments:
            owner = self.says.owners.get(comment.block, "")
            words = " ".join(comment.quoted.split())[:80]
            on = f' on "{words}"' if words else ""
            message = f"{comment.author or 'somebody'} comments{on}: {comment.text.strip()}"
            path = key_path_of(owner) if owner else ()
            self.add("PL508", "note", path, message, "answer it, or change the text")


_NUMBER = re.compile(r"(?m)^[ \t]*([0-9]{1,9})\.[ \t]")


def edit_of(id: str, value: Value, scale: Scale) -> Edit:
    """Return the edit that writes a value of a letter into its assessment."""
    if isinstance(value, tuple):
        return Edit(key_path_of(id), [as_prose(text) for text in value])
    if key_path_of(id)[-1] == "score":
        value = scale.label(scale.written[value.casefold()])
    return Edit(key_path_of(id), as_prose(value) or None)


def _unlike(one: Value, other: Value) -> tuple[str, str]:
    """Return two values for a message; of long ones, only the words that differ."""
    texts = []
    for value in (one, other):
        parts = (value,) if isinstance(value, str) else value
        texts.append(as_prose(" / ".join(" ".join(p.split()) for p in parts)))
    if max(map(len, texts)) >= 60 and all(texts):
        texts = [*difference(*texts)]
    return quoted(texts[0]), quoted(texts[1])
