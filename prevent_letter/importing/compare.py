"""Compare edited Word letters with their assessments, and write what is certain into the files."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from prevent_letter.assessment import files, source
from prevent_letter.assessment.drafts import Draft, DraftLoader, form
from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.assessment.fields import describe
from prevent_letter.assessment.header import without_english
from prevent_letter.assessment.model import Assessment, digest
from prevent_letter.assessment.places import KeyPath, Source
from prevent_letter.assessment.report import Failure, Report, attempt
from prevent_letter.assessment.settings import repository
from prevent_letter.assessment.validation import validate
from prevent_letter.assessment.values import only_possible_date
from prevent_letter.core import atomic
from prevent_letter.core.display import count, quote, show_path
from prevent_letter.core.findings import Finding, Place, Severity, UsageError, UserError, for_report
from prevent_letter.core.names import fold_name
from prevent_letter.word import edited_letter
from prevent_letter.word.docx_reader import WordDocument
from prevent_letter.word.edited_letter import LetterValues, Value
from prevent_letter.word.letter_values import (
    BuiltLetter,
    built_letter,
    fill_empty,
    ids_of_values,
    is_same,
    read_letter,
    score_of,
    show_value,
    value_of,
    words_for_nothing,
)


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
    """Sentences for the user beside the findings."""
    written: list[Path] = field(default_factory=list)
    """The assessments that were written."""

    def __str__(self) -> str:
        changed = sum(each.code == "PL503" for each in self.findings)
        counts = [
            count(self.letters, "letter"),
            count(changed, "value") + " changed",
            count(self.tally("error"), "error"),
        ]
        return self.summary(
            *counts,
            count(self.tally("warning"), "warning"),
            f"{count(len(self.written), 'file')} written",
        )


def read_back(request: ImportRequest) -> ImportReport:
    """Read edited letters, and report how they differ from their assessments.

    Raises:
        UsageError: there is no letter to read, or ``into`` is given for several.
    """
    letters = [path for asked in request.letters for path in _letters(asked)]
    if not letters:
        raise UsageError("there is no Word letter to read there.")
    if request.into and len(letters) > 1:
        raise UsageError(
            f"--into {request.into} is one assessment, and {len(letters)} letters are to be read."
        )
    made = ImportReport(letters=len(letters))
    found: dict[Path, list[_OpenLetter]] = {}
    for path in letters:
        done = attempt(lambda each: _open(each, request), path, path)
        if isinstance(done, Failure):
            made.failures.append(done)
        elif isinstance(done, Finding):
            made.findings.append(done)
        else:
            found.setdefault(done.draft.path, []).append(done)
    for several in found.values():
        if len(several) > 1:
            for one in several:
                other = next(each for each in several if each is not one)
                message = f"{show_path(other.path)} is a letter of the same assessment"
                message += f", {show_path(one.draft.path)}"
                help = "read the one that counts, and no other"
                made.findings.append(Finding(Place(one.path), "PL511", "error", message, help))
            continue
        failed = attempt(lambda each: _compare(each, request, made), several[0], several[0].path)
        made.failures += [failed] if failed else []
    made.findings = for_report(made.findings)
    return made


def _letters(asked: Path) -> Iterator[Path]:
    """Yield the letters at a path: a file, or the .docx files at any depth in a folder."""
    if not asked.is_dir():
        yield asked
        return
    for path in sorted(asked.rglob("*.docx")):
        hidden = any(part.startswith(".") for part in path.relative_to(asked).parts)
        if not hidden and not path.name.startswith("~$") and path.is_file():
            yield path


class _OpenLetter(NamedTuple):
    """A letter with its assessment."""

    path: Path
    letter: WordDocument
    draft: Draft


def _open(path: Path, request: ImportRequest) -> "_OpenLetter | Finding":
    """Return a letter with its assessment, or a finding that says why that can't be."""
    try:
        letter = read_letter(path)
    except UserError as stop:
        help = "give a Word letter, saved as .docx"
        return Finding(Place(path), "PL501", "error", f"this letter can't be read: {stop}", help)
    known = [request.into] if request.into else _assessments(path, letter)
    if len(known) != 1:
        whose = (
            f": it says it is that of {letter.identifier or letter.title}"
            if letter.identifier or letter.title
            else ""
        )
        message = (
            f"the assessment of this letter isn't known{whose}"
            if not known
            else (
                f"{len(known)} assessments may be this letter's: {', '.join(map(show_path, known))}"
            )
        )
        return Finding(Place(path), "PL502", "error", message, "name it with --into FILE.yaml")
    draft = DraftLoader().load(known[0], accept_numbers=True).as_form(accept_numbers=True)
    if not draft.assessment:
        first = next((each for each in draft.findings if each.severity == "error"), None)
        where = f"{show_path(draft.path)}: its assessment can't be built yet" + (
            f": {first.message}" if first else ""
        )
        return Finding(
            Place(path),
            "PL502",
            "error",
            where,
            f"mend it first: prevent-letter check {show_path(draft.path)}",
        )
    return _OpenLetter(path, letter, draft)


def _assessments(path: Path, letter: WordDocument) -> list[Path]:
    """Return the assessments that a letter may belong to, by its identifier, else by its title.

    They are looked for in the repository of the letter, else in that of the current folder.
    """
    for folder in dict.fromkeys((path.absolute().parent, Path.cwd())):
        known = [
            each
            for each in files.headers(repository(folder) or folder)
            if each.authority and each.period
        ]
        titled, identified = [], []
        for header in known:
            language = without_english(header.language)
            names = filter(None, (header.authority, header.period, language))
            if fold_name(letter.identifier) == fold_name(" ".join(names)):
                identified.append(header.path)
            title = fold_name(letter.title)
            names_it = title.endswith(fold_name(header.authority)) and header.period in title
            if names_it and not language:  # a title says it in English
                titled.append(header.path)
        if identified or titled:
            return sorted(identified or titled)
    return []


# Three ways: the letter, what it was built from, and the file as it is.


def _base(done: _OpenLetter, now: BuiltLetter) -> BuiltLetter | None:
    """Return what the letter said when it was built; None if that is unknown."""
    draft, letter = done.draft, done.letter
    assert draft.assessment
    assert draft.criteria
    if letter.digest == digest(draft.assessment, draft.criteria):
        return now
    for data in _history(draft):
        assessment = _assessment(draft, data)
        if assessment and letter.digest == digest(assessment, draft.criteria):
            return built_letter(draft, assessment)
    if letter.rejected is not None:
        return BuiltLetter(now.xhtml, edited_letter.read(now.xhtml, letter.rejected))
    return None


def _assessment(draft: Draft, data: bytes) -> Assessment | None:
    """Return the assessment in another version of a draft's file, finished or not."""
    assert draft.criteria
    read = source.parse(draft.path, data)
    if read.findings:
        return None
    found = validate(Assessment, read, {"criteria": draft.criteria, "accept_numbers": True})[0]
    return found or form(read, draft.criteria, accept_numbers=True)


def _history(draft: Draft) -> Iterator[bytes]:
    """Yield earlier versions of an assessment from its git history, newest first."""
    if draft.repository is None or not (draft.repository / ".git").exists():
        return
    git = ["git", "-C", str(draft.path.parent)]
    run: Any = partial(subprocess.run, capture_output=True, check=True, timeout=30)
    try:
        log = run([*git, "log", "--format=%H", "-n", "100", "--", draft.path.name]).stdout
        for commit in log.decode().split():
            yield run([*git, "show", f"{commit}:./{draft.path.name}"]).stdout
    except (OSError, subprocess.SubprocessError):
        return


_REQUIRED = (
    "summary",
    "date",
    "greeting",
    "addressee",
    "advisor.name",
    "advisor.role",
    "advisor.region",
    "advisor.email",
)


def key_path_of(id: str) -> KeyPath:
    """Return the key path of the value with an id of the letter."""
    parts = tuple(id.split("."))
    if parts[-1] in ("score", "good_practice", "recommendations"):
        return ("benchmarks", *parts)
    return ("addressee", "greeting") if id == "greeting" else parts


def _compare(done: _OpenLetter, request: ImportRequest, made: ImportReport) -> None:
    """Report how a letter differs from its assessment. With ``--apply``, write what is certain."""
    draft, letter = done.draft, done.letter
    assert draft.assessment
    now = built_letter(draft, draft.assessment)._replace(nothing=words_for_nothing(draft))
    base = _base(done, now)
    says = edited_letter.read((base or now).xhtml, letter.blocks)
    for reading in (says, now.values, *([base.values] if base else ())):
        fill_empty(reading, now.nothing)
    if letter.changes:
        authors = ", ".join(f"{number} by {name}" for name, number in letter.changes.most_common())
        total = count(sum(letter.changes.values()), "tracked change")
        made.remarks.append(f"{show_path(done.path)}: {total} taken as accepted ({authors})")
    findings = _Findings(draft.source)
    edits: dict[str, list[Edit]] = {}
    for id in ids_of_values(says, now.values):
        _judge(id, draft, says, now, base.values if base else None, findings, edits)
    for id, words in says.unlike:
        at = key_path_of(id) if "." in id or id in _REQUIRED else ()
        findings.add("PL506", "warning", at, f"fixed wording was changed: {words}", _FIXED)
    for comment in letter.comments:
        at = key_path_of(says.owners.get(comment.block, "").replace("scores", ""))
        on = f' on "{" ".join(comment.quoted.split())[:80]}"' if comment.quoted.strip() else ""
        message = f"{comment.author or 'somebody'} comments{on}: {comment.text.strip()}"
        findings.add(
            "PL508", "note", at if at != ("",) else (), message, "answer it, or change the text"
        )
    if edits and request.apply:
        _apply(done, edits, now, says, findings, request, made)
    made.findings += findings.made


_FIXED = "the wording is every letter's; to keep this change, change the template, else leave it"


@dataclass
class _Findings:
    """Collects findings at places of one assessment."""

    source: Source
    made: list[Finding] = field(default_factory=list)

    def add(self, code: str, severity: Severity, at: KeyPath, message: str, help: str) -> None:
        """Add a finding at a key path, whose message begins with the value's name."""
        name = f"{describe(at)}: " if at else ""
        self.made.append(Finding(self.source.place(at), code, severity, f"{name}{message}", help))


def _judge(
    id: str,
    draft: Draft,
    says: LetterValues,
    now: BuiltLetter,
    base: LetterValues | None,
    findings: _Findings,
    edits: dict[str, list[Edit]],
) -> None:
    """Report how one value was changed, and add the edits that write it if it is certain."""
    at, doubt = key_path_of(id), says.doubts.get(id, "")
    ours, before = value_of(now.values, id), value_of(base, id) if base else None
    stood = before if base else ours
    theirs, split = value_of(says, id), ""
    if id.endswith(".score"):
        theirs, split = score_of(says, id, stood)
    unchanged = is_same(id, theirs, stood or "") or theirs == stood
    if not doubt and not split and unchanged:
        return
    doubt = doubt or split or (says.values.get(f"{id}|open", "") if theirs != before else "")  # type: ignore[assignment]  # a doubt is text
    if not doubt and base and theirs == ours:
        return
    if not doubt and id in _REQUIRED and not theirs:
        doubt = "nothing is left of it"
    was, is_now = _unlike(stood, theirs)
    if doubt:
        findings.add("PL507", "warning", at, f"unsure, and left as it is: {doubt}", _UNSURE)
        return
    if base is None:
        message = f"the letter says {is_now}, the file {was}"
        message += "; nothing tells what the letter was built from"
        findings.add(
            "PL509", "warning", at, message, "correct the file by hand where the letter is right"
        )
        return
    if ours != before:
        file_says = _unlike(before, ours)[1]
        message = f"changed in the letter and in the file: from {was} to {is_now} in the letter"
        message += f", to {file_says} in the file"
        findings.add("PL504", "error", at, message, "correct the file by hand, to what shall count")
        return
    try:
        edits[id] = _edits(id, at, draft, theirs, before, now.nothing)
    except ValueError as error:
        findings.add("PL507", "warning", at, f"unsure, and left as it is: {error}", _UNSURE)
        return
    broken = says.values.get(f"{id}|break")
    help = f"taken over with --apply{f'; {broken}' if broken else ''}"
    findings.add("PL503", "note", at, f"was {was}, is {is_now} now", help)


_UNSURE = "look at the letter, and correct the file by hand"


def _unlike(one: Value | None, other: Value | None) -> tuple[str, str]:
    """Return two values for a message; of long ones, only the words that differ."""
    shown = show_value(one), show_value(other)
    if max(map(len, shown)) < 60 or "nothing" in shown:
        return shown
    before, after = edited_letter.difference(shown[0][1:-1], shown[1][1:-1])
    return f'"{before}"', f'"{after}"'


def _edits(
    id: str,
    at: KeyPath,
    draft: Draft,
    theirs: Value,
    before: Value | None,
    nothing: edited_letter.Passage,
) -> list[Edit]:
    """Return the edits that write a value of the letter into the assessment.

    Raises:
        ValueError: the assessment can't express it. The message is a sentence.
    """
    assert draft.criteria
    if id.endswith(".score"):
        scale = draft.criteria.scale
        score = scale.written.get(str(theirs).casefold())
        if score is None:
            raise ValueError(f"{quote(theirs)} is no score of the scale")
        return [Edit(at, scale.label(score))]
    if id == "date":
        if (day := only_possible_date(str(theirs))) is None:
            raise ValueError(f"{quote(theirs)} isn't one day")
        return [Edit(at, day)]
    if id == "greeting":
        return [Edit(at, str(theirs).rstrip(",: "))]
    if id == "addressee":
        lines = [str(line) for line in theirs]
        old = [str(line) for line in before or ()]
        if len(old) > 1 and len(lines) < 2:
            raise ValueError("it has no address")
        edits = [Edit(("addressee", "name"), lines[0])] if lines[:1] != old[:1] else []
        return edits + (
            [Edit(("addressee", "address"), "\n".join(lines[1:]))] if lines[1:] != old[1:] else []
        )
    if id == "cc":
        return [Edit(at, [str(line) for line in theirs])]
    if id == "key_recommendations":
        return [Edit(at, [edited_letter.written(item) for item in theirs])]  # type: ignore[arg-type]  # its kind is known by the id
    if isinstance(theirs, str):
        return [Edit(at, theirs or None)]
    text, file = edited_letter.written(theirs), str(draft.source.value(*at) or "")  # type: ignore[arg-type]  # its kind is known by the id
    if file.lstrip().startswith("**"):
        raise ValueError("it begins in bold, which can't be told from its label")
    if _NUMBER.findall(file) != _NUMBER.findall(edited_letter.written(before or ())):  # type: ignore[arg-type]  # its kind is known by the id
        raise ValueError("its list has numbers of its own, which a letter doesn't keep")
    is_nothing = at[-1] != "summary" and edited_letter.fold(text) == edited_letter.fold(
        edited_letter.written(nothing)
    )
    return [Edit(at, None if is_nothing else text)]


_NUMBER = re.compile(r"(?m)^[ \t]*([0-9]{1,9})\.[ \t]")


# Into the file.


def _apply(
    done: _OpenLetter,
    edits: dict[str, list[Edit]],
    now: BuiltLetter,
    says: LetterValues,
    findings: _Findings,
    request: ImportRequest,
    made: ImportReport,
) -> None:
    """Write the certain values into an assessment, if its letter then says exactly the same."""
    draft = done.draft
    assert draft.assessment
    if draft.assessment.sent and not request.sent:
        message = f"the letter was sent on {draft.assessment.sent}, so the file isn't changed"
        findings.add(
            "PL510",
            "error",
            ("sent",),
            message,
            "say so with --sent if the record itself is to change",
        )
        return
    good = {
        id: each for id, each in edits.items() if _tried(draft, {id: each}, now, says) is not None
    }
    text = _tried(draft, good, now, says) if good else None
    for id in edits.keys() - (good.keys() if text else set()):
        message = "unsure, and left as it is: the file can't say it just as the letter does"
        findings.add("PL507", "warning", key_path_of(id), message, _UNSURE)
        findings.made = [
            each
            for each in findings.made
            if each.code != "PL503" or each.place != findings.source.place(key_path_of(id))
        ]
    if text is not None:
        data = draft.path.read_bytes()
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        atomic.put(draft.path, mark + text.encode(), force=True)
        made.written.append(draft.path)


def _tried(
    draft: Draft, edits: dict[str, list[Edit]], now: BuiltLetter, says: LetterValues
) -> str | None:
    """Return the file with some edits, if its letter then says them and nothing else."""
    try:
        text = apply_edits(draft.source, [edit for several in edits.values() for edit in several])
        assessment = _assessment(draft, text.encode())
        reading = built_letter(draft, assessment).values if assessment else None
    except (LookupError, ValueError, UserError):
        return None
    if reading is None:
        return None
    fill_empty(reading, now.nothing)
    for id in ids_of_values(reading, now.values):
        wanted = says if id in edits else now.values
        if not is_same(id, value_of(reading, id), value_of(wanted, id)):
            return None
    return text
