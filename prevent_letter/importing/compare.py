"""Compare edited Word letters with their assessments, and write what is certain into the files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import files
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.fields import dotted
from prevent_letter.assessment.header import without_english
from prevent_letter.assessment.report import Failure, Report, attempt
from prevent_letter.core.display import count, show_path
from prevent_letter.core.findings import SEVERITIES, FileErrors, Finding, Place, UsageError
from prevent_letter.core.names import fold_name
from prevent_letter.core.repository import repository
from prevent_letter.importing.apply import certain_edits, write
from prevent_letter.importing.comparison import Comparison, key_path_of
from prevent_letter.letter.formats import CHANGES
from prevent_letter.word.anchors import fold
from prevent_letter.word.blocks import Table, WordDocument
from prevent_letter.word.edited_letter import quoted
from prevent_letter.word.letter_values import BuiltLetters, read_letter
from prevent_letter.word.pairs import LetterBlocks, paired


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
        elif _only_shows_changes(opened.letter) and path not in request.letters:
            report.letters -= 1
            message = "passed over, as it only shows what changed and nobody has edited it"
            report.remarks.append(f"{show_path(path)}: {message}")
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
    report.findings.sort(key=_order)
    return report


def _only_shows_changes(letter: WordDocument) -> bool:
    """Return True for a letter with changes since another one that nobody has edited."""
    return letter.identifier.endswith(CHANGES) and letter.is_as_built


_ORDER = ("PL504", "PL507", "PL509", "PL503", "PL512", "PL506", "PL508")
"""What is to be decided comes first, then what is certain, then fixed wording and comments."""


def _order(finding: Finding) -> tuple[Path, int, int]:
    """Return the place of a finding among the others; comments keep the letter's order."""
    number = _ORDER.index(finding.code) if finding.code in _ORDER else -1
    line = finding.place.line if finding.code in _ORDER[:5] else 0
    return finding.place.path, number, line


def _letters(given: Path) -> Iterator[Path]:
    """Yield the letters at a path: a file, or the .docx files at any depth in a folder."""
    if not given.is_dir():
        yield given
        return
    for path in map(Path, files.all_paths(given)):
        if path.suffix.lower() == ".docx" and not path.name.startswith("~$") and path.is_file():
            yield path


def _open(path: Path, request: ImportRequest) -> _OpenLetter | Finding:
    """Return a letter with its assessment, or a finding that says why this fails."""
    try:
        letter = read_letter(path)
    except FileErrors as errors:
        return errors.findings[0]
    known = [request.into] if request.into else _assessments(path, letter)
    if len(known) != 1:
        message = f"the assessment of this letter wasn't found: {letter.identifier}"
        help = "name it with --into FILE.yaml"
        if known:
            names = ", ".join(map(show_path, known))
            message = f"this letter may belong to {len(known)} assessments: {names}"
        elif not letter.identifier:
            message = "this isn't a letter of this tool, or it has lost what says whose it is"
            help = "for a letter from before, write a new assessment with -o FILE.yaml"
            help += "; if it is this tool's, name its assessment with --into FILE.yaml"
        return Finding(Place(path), "PL502", "error", message, help)
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
    title, identifier = fold_name(letter.title), fold_name(letter.identifier.removesuffix(CHANGES))
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


_MOST_AUTHORS = 10
_SHORT = 30
"""So many characters at its beginning tell one paragraph from another."""


def _compare(opened: _OpenLetter, request: ImportRequest, report: ImportReport) -> None:
    """Report how a letter differs from its assessment. With ``--apply``, write what is certain."""
    comparison, letter, draft = Comparison(opened.letter, opened.draft), opened.letter, opened.draft
    if comparison.says.share_found < 0.5:
        message = f"this isn't the letter of {show_path(draft.path)}"
        message += ": more than half of its headings and fixed words aren't there"
        help = "give the letter; for one from before, write a new assessment with -o FILE.yaml"
        report.findings.append(Finding(Place(opened.path), "PL502", "error", message, help))
        return
    sent = draft.valid[0].sent
    if letter.changes:
        some = letter.changes.most_common(_MOST_AUTHORS)
        authors = ", ".join(f"{number} by {name}" for name, number in some)
        authors += " and others" if len(letter.changes) > _MOST_AUTHORS else ""
        total = count(sum(letter.changes.values()), "tracked change")
        report.remarks.append(f"{show_path(opened.path)}: {total} taken as accepted ({authors})")
    comparison.judge_values()
    certain = certain_edits(comparison)
    if certain and request.apply and sent and not request.sent:
        message = f"the letter was sent on {sent}, so the file isn't changed"
        help = "add --sent to change the record of a sent letter"
        comparison.add("PL510", "error", ("sent",), message, help)
    elif certain and request.apply:
        write(comparison, certain)
        report.written.append(draft.path)
    comparison.report_edits(certain, is_written=draft.path in report.written)
    comparison.report_others()
    if draft.path in report.written:
        _report_lost(comparison)
    report.findings += comparison.findings
    report.remarks.append(f"{show_path(opened.path)}: {_progress(comparison.findings, request)}")


def _report_lost(comparison: Comparison) -> None:
    """Report what the cleared letter says, the assessment's new letter doesn't, and nothing told.

    This is a net under the rest: what is certain was written, and what is not was told value by
    value.
    """
    draft = DraftLoader().load(comparison.draft.path, accept_numbers=True)
    draft = draft.as_form(accept_numbers=True)
    if not draft.assessment:
        return
    built = BuiltLetters(draft)
    cleared, says = comparison.letter, built.read(comparison.letter.blocks)
    before = LetterBlocks(cleared.blocks, says.owners, cleared.notes)
    after = LetterBlocks(built.letter.blocks, built.now.owners, built.letter.notes)
    told = {finding.key_path for finding in comparison.findings if finding.code != "PL508"}
    words = fold(" ".join(finding.message for finding in comparison.findings))
    said = (value if isinstance(value, tuple) else (value,) for value in says.values.values())
    values = fold("\n".join(chain.from_iterable(said)))
    for old, new in paired(before, after):
        if old is None or isinstance(block := before.blocks[old], Table):
            continue
        text, id = fold(block.text), before.owners.get(old, "")
        is_there = new is not None  # if as fixed wording, a finding says how that differs
        if id:
            is_there = says.values.get(id) == built.now.values.get(id)
            is_there |= dotted(key_path_of(id)) in told
        if text and not is_there and text[:_SHORT] not in words and text not in values:
            message = f"this did not come back: {quoted(' '.join(block.text.split()))}"
            help = "look at the letter, and correct the file by hand if it belongs there"
            comparison.add("PL507", "warning", key_path_of(id) if id else (), message, help)


def _progress(findings: Sequence[Finding], request: ImportRequest) -> str:
    """Return how many values are taken over, and how many there are to look at."""
    taken, open_ = (
        sum(finding.code in codes for finding in findings)
        for codes in (("PL503",), ("PL504", "PL506", "PL507", "PL509"))
    )
    over = "taken over" if request.apply else "to take over with --apply"
    return f"{count(taken, 'value')} {over}; {open_} to look at"
