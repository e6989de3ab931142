"""Cleared Word letters back into their assessments: what changed in them and, if it is asked for, into the files."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import fields, source, splice
from prevent_letter.assessment.drafts import Desk, Draft, form
from prevent_letter.assessment.fields import label, quoted
from prevent_letter.assessment.glance import Glance
from prevent_letter.assessment.model import Assessment, digest
from prevent_letter.assessment.settings import repository
from prevent_letter.assessment.source import KeyPath, Source
from prevent_letter.assessment.splice import Edit
from prevent_letter.ground.findings import Finding, Misuse, Place, Severity, Stop, limited, shown
from prevent_letter.ground.names import folded
from prevent_letter.letter import cleared, settled, word
from prevent_letter.letter.cleared import Reading, Value
from prevent_letter.letter.compose import Composer
from prevent_letter.letter.settled import Letter
from prevent_letter.tasks import paths, report, writing
from prevent_letter.tasks.report import count


@dataclass(frozen=True)
class Request:
    """Which letters to read back. Without ``into`` each one's assessment is looked for."""

    letters: Sequence[Path]
    into: Path | None = None
    apply: bool = False
    """Write what is certain into the assessments."""
    sent: bool = False
    """Also into those whose letter was sent."""


@dataclass
class Report(report.Report):
    """What the letters say that their assessments don't. ``str()`` of it is the summary that a person reads."""

    letters: int = 0
    remarks: list[str] = field(default_factory=list)
    """What a person should know beside the findings."""
    written: list[Path] = field(default_factory=list)
    """The assessments that were written."""

    def __str__(self) -> str:
        changed = sum(each.code == "PL503" for each in self.findings)
        counts = [
            count(self.letters, "letter"),
            count(changed, "value") + " changed",
            count(self.errors, "error"),
        ]
        return self.summary(
            *counts, count(self.warnings, "warning"), f"{count(len(self.written), 'file')} written"
        )


def read_back(request: Request) -> Report:
    """Read letters that somebody worked on, and find what they say that their assessments don't.

    Raises:
        Misuse: there is no letter to read, or ``into`` is given for several.
    """
    letters = [path for asked in request.letters for path in _letters(asked)]
    if not letters:
        raise Misuse("there is no Word letter to read there.")
    if request.into and len(letters) > 1:
        raise Misuse(
            f"--into {request.into} is one assessment, and {len(letters)} letters are to be read."
        )
    made = Report(letters=len(letters))
    found: dict[Path, list[_Cleared]] = {}
    for path in letters:
        done = report.attempt(lambda each: _open(each, request), path, path)
        if isinstance(done, report.Failure):
            made.failures.append(done)
        elif isinstance(done, Finding):
            made.findings.append(done)
        else:
            found.setdefault(done.draft.path, []).append(done)
    for several in found.values():
        if len(several) > 1:
            made.findings += [_two_letters(each, several) for each in several]
            continue
        failed = report.attempt(
            lambda each: _compare(each, request, made), several[0], several[0].path
        )
        made.failures += [failed] if failed else []
    made.findings = limited(made.findings)
    return made


_MOST_BYTES = 1 << 26
"""What a letter may have; more isn't read."""


def _letters(asked: Path) -> Iterator[Path]:
    """The letters that a path means: a file, or in a folder at any depth those that end in .docx."""
    if not asked.is_dir():
        yield asked
        return
    for path in sorted(asked.rglob("*.docx")):
        hidden = any(part.startswith(".") for part in path.relative_to(asked).parts)
        if not hidden and not path.name.startswith("~$") and path.is_file():
            yield path


def letter_bytes(path: Path) -> bytes:
    """The bytes of a letter; none of what is too large for one.

    Raises:
        Stop: it can't be read.
    """
    with writing.stopping(path, "read"):
        return path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""


class _Cleared(NamedTuple):
    """A letter with its assessment."""

    path: Path
    letter: Letter
    draft: Draft


def _open(path: Path, request: Request) -> "_Cleared | Finding":
    """A letter and its assessment, or the finding that says why not."""
    try:
        letter = settled.read(letter_bytes(path))
    except Stop as stop:
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
            else (f"{len(known)} assessments may be this letter's: {', '.join(map(shown, known))}")
        )
        return Finding(Place(path), "PL502", "error", message, "name it with --into FILE.yaml")
    draft = Desk().open(known[0], numbers=True).as_form(numbers=True)
    if not draft.assessment:
        first = next((each for each in draft.findings if each.severity == "error"), None)
        where = f"{shown(draft.path)}: its assessment can't be built yet" + (
            f": {first.message}" if first else ""
        )
        return Finding(
            Place(path),
            "PL502",
            "error",
            where,
            f"mend it first: prevent-letter check {shown(draft.path)}",
        )
    return _Cleared(path, letter, draft)


def _assessments(path: Path, letter: Letter) -> list[Path]:
    """The assessments that a letter may be of, by its identifier, else by its title.

    They are looked for in the repository that the letter lies in, else in that of the current folder.
    """
    for folder in dict.fromkeys((path.absolute().parent, Path.cwd())):
        known = [
            each
            for each in paths.glances(repository(folder) or folder)
            if each.authority and each.period
        ]
        found = [each.path for each in known if folded(letter.identifier) == _identifier(each)]
        found = found or [
            each.path for each in known if letter.title and _is_titled(each, folded(letter.title))
        ]
        if found:
            return sorted(found)
    return []


def _identifier(each: Glance) -> str:
    """What the letter of an assessment has for its identifier, for comparing."""
    language = each.language if each.language not in ("", "en") else ""
    return folded(" ".join(filter(None, (each.authority, each.period, language))))


def _is_titled(each: Glance, title: str) -> bool:
    """Whether the title of a letter names the authority and the period of an assessment in English."""
    return (
        title.endswith(folded(each.authority))
        and each.period in title
        and each.language in ("", "en")
    )


def _two_letters(one: _Cleared, several: Sequence[_Cleared]) -> Finding:
    other = next(each for each in several if each is not one)
    message = f"{shown(other.path)} is a letter of the same assessment, {shown(one.draft.path)}"
    return Finding(
        Place(one.path), "PL511", "error", message, "read the one that counts, and no other"
    )


class Kept(NamedTuple):
    """What a letter that somebody worked on has that a new one wouldn't: values, and in words all else."""

    values: tuple[str, ...]
    others: tuple[str, ...]


def kept(path: Path, draft: Draft) -> Kept | None:
    """What of a letter isn't in its assessment; None where that can't be read."""
    if not draft.assessment:
        return None
    try:
        letter = settled.read(letter_bytes(path))
        now = _built(draft, draft.assessment)._replace(nothing=_nothing(draft))
    except (OSError, Stop):
        return None
    says = cleared.read(now.xhtml, letter.blocks)
    for reading in (says, now.reading):
        _say_nothing(reading, now.nothing)
    values = [id for id in _ids(says, now.reading) if not _is_said(id, says, now.reading)]
    comments = [count(len(letter.comments), "comment")] if letter.comments else []
    wording = ["changed fixed wording"] if says.unlike else []
    return Kept(tuple(values), (*comments, *wording))


def _is_said(id: str, says: Reading, now: Reading) -> bool:
    if id in says.doubts:
        return False
    if id.endswith(".score"):
        return _score(says, id, _value(now, id)) == (_value(now, id), "")
    return _same(id, _value(says, id), _value(now, id))


# Three ways: the letter, what it was built from, and the file as it is.


class _Said(NamedTuple):
    """What a letter said as it was built, with the XHTML it was made of."""

    xhtml: str
    reading: Reading
    nothing: cleared.Passage = ()
    """What it says by itself where nothing was written."""


def _built(draft: Draft, assessment: Assessment) -> _Said:
    """What the letter of an assessment says, by reading it as any other."""
    assert draft.criteria
    held = draft.settings
    xhtml = Composer(held.path(held.file.templates), assessment.language).compose(
        assessment, draft.criteria, as_draft=True
    )
    data = word.write(xhtml, word.look(held.template(word.LOOK, assessment.language)))
    return _Said(xhtml, cleared.read(xhtml, settled.read(data).blocks))


def _base(done: _Cleared, now: _Said) -> _Said | None:
    """What the letter said when it was built; None where nothing tells."""
    draft, letter = done.draft, done.letter
    assert draft.assessment
    assert draft.criteria
    if letter.digest == digest(draft.assessment, draft.criteria):
        return now
    for data in _history(draft):
        assessment = _assessment(draft, data)
        if assessment and letter.digest == digest(assessment, draft.criteria):
            return _built(draft, assessment)
    if letter.rejected is not None:
        return _Said(now.xhtml, cleared.read(now.xhtml, letter.rejected))
    return None


def _assessment(draft: Draft, data: bytes) -> Assessment | None:
    """The assessment that other bytes of a draft's file hold, finished or not."""
    assert draft.criteria
    read = source.parse(draft.path, data)
    if read.findings:
        return None
    found = fields.validate(Assessment, read, {"criteria": draft.criteria, "numbers": True})[0]
    return found or form(read, draft.criteria, numbers=True)


def _history(draft: Draft) -> Iterator[bytes]:
    """The earlier versions of an assessment in its git history, the newest first."""
    if draft.repository is None or not (draft.repository / ".git").exists():
        return

    def git(*arguments: str) -> bytes:
        command = ["git", "-C", str(draft.path.parent), *arguments]
        return subprocess.run(command, capture_output=True, check=True, timeout=30).stdout

    try:
        for commit in (
            git("log", "--format=%H", "-n", "100", "--", draft.path.name).decode().split()
        ):
            yield git("show", f"{commit}:./{draft.path.name}")
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
    """The key path of a value by its id in the letter."""
    parts = tuple(id.split("."))
    if parts[-1] in ("score", "good_practice", "recommendations"):
        return ("benchmarks", *parts)
    return ("addressee", "greeting") if id == "greeting" else parts


def _compare(done: _Cleared, request: Request, made: Report) -> None:
    """Find what a letter says otherwise than its file, and write what is certain where that is asked for."""
    draft, letter = done.draft, done.letter
    assert draft.assessment
    now = _built(draft, draft.assessment)._replace(nothing=_nothing(draft))
    base = _base(done, now)
    says = cleared.read((base or now).xhtml, letter.blocks)
    for reading in (says, now.reading, *([base.reading] if base else ())):
        _say_nothing(reading, now.nothing)
    if letter.changes:
        authors = ", ".join(f"{number} by {name}" for name, number in letter.changes.most_common())
        total = count(sum(letter.changes.values()), "tracked change")
        made.remarks.append(f"{shown(done.path)}: {total} taken as accepted ({authors})")
    findings = _Findings(draft.source)
    edits: dict[str, list[Edit]] = {}
    for id in _ids(says, now.reading):
        _judge(id, draft, says, now, base.reading if base else None, findings, edits)
    for id, words in says.unlike:
        at = key_path_of(id) if "." in id or id in _REQUIRED else ()
        findings.add("PL506", "warning", at, f"fixed wording was changed: {words}", _FIXED)
    for comment in letter.comments:
        at = key_path_of(says.homes.get(comment.block, "").replace("scores", ""))
        on = f' on "{" ".join(comment.quoted.split())[:80]}"' if comment.quoted.strip() else ""
        message = f"{comment.author or 'somebody'} comments{on}: {comment.text.strip()}"
        findings.add(
            "PL508", "note", at if at != ("",) else (), message, "answer it, or change the text"
        )
    if edits and request.apply:
        _apply(done, edits, now, says, findings, request, made)
    made.findings += findings.made


_FIXED = "the wording is every letter's; to keep this change, change the template, else leave it"


class _Findings:
    """Findings on one assessment, as its file stood."""

    def __init__(self, read: Source) -> None:
        self.source = read
        self.made: list[Finding] = []

    def add(self, code: str, severity: Severity, at: KeyPath, message: str, help: str) -> None:
        """Add one at a key path; messages about a value begin with its name."""
        name = f"{label(at)}: " if at else ""
        self.made.append(Finding(self.source.place(at), code, severity, f"{name}{message}", help))


def _ids(says: Reading, now: Reading) -> list[str]:
    """The ids of all values, without the marks of a score's two places."""
    found = [id.split("|")[0] for id in (*now.values, *says.values, *now.doubts, *says.doubts)]
    return list(dict.fromkeys(found))


def _judge(
    id: str,
    draft: Draft,
    says: Reading,
    now: _Said,
    base: Reading | None,
    findings: _Findings,
    edits: dict[str, list[Edit]],
) -> None:
    """What is to be said, and done, about one value."""
    at, doubt = key_path_of(id), says.doubts.get(id, "")
    ours, before = _value(now.reading, id), _value(base, id) if base else None
    stood = before if base else ours
    theirs, split = _value(says, id), ""
    if id.endswith(".score"):
        theirs, split = _score(says, id, stood)
    unchanged = _same(id, theirs, stood or "") or theirs == stood
    if not doubt and not split and unchanged:
        return
    doubt = doubt or split or (says.values.get(f"{id}|open", "") if theirs != before else "")  # type: ignore[assignment]
    if not doubt and base and theirs == ours:
        return
    if not doubt and id in _REQUIRED and not theirs:
        doubt = "nothing is left of it"
    was, is_now = _unlike(stood, theirs)
    if doubt:
        findings.add("PL507", "warning", at, f"unsure, and left as it is: {doubt}", _UNSURE)
        return
    if base is None:
        message = f"the letter says {is_now}, the file {was}; nothing tells what the letter was built from"
        findings.add(
            "PL509", "warning", at, message, "correct the file by hand where the letter is right"
        )
        return
    if ours != before:
        file_says = _unlike(before, ours)[1]
        message = f"changed in the letter and in the file: from {was} to {is_now} in the letter, to {file_says} in the file"
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


def _value(reading: Reading | None, id: str) -> Value:
    if reading is None:
        return ""
    if id.endswith(".score"):
        return reading.values.get(f"{id}|section") or reading.values.get(f"{id}|table", "")
    return reading.values.get(id, "")


def _score(says: Reading, id: str, before: Value | None) -> tuple[Value, str]:
    """A score that stands in two places, and what is in doubt about it."""
    section, table = says.values.get(f"{id}|section", ""), says.values.get(f"{id}|table", "")
    if not before and (not section or not table):
        return section or table, ""  # a prompt in one of its places is no second opinion
    if section == table:
        return section, "" if section else "nothing is left of it"
    one = "only one of them was changed" if before in (section, table) else "they are unlike"
    return section, f"its section says {_shown(section)}, the table {_shown(table)}; {one}"


def _unlike(one: Value | None, other: Value | None) -> tuple[str, str]:
    """What differs in two values, as a message shows it: of long ones the words alone, with those beside them."""
    shown = _shown(one), _shown(other)
    if max(map(len, shown)) < 60 or "nothing" in shown:
        return shown
    before, after = cleared.difference(shown[0][1:-1], shown[1][1:-1])
    return f'"{before}"', f'"{after}"'


def _shown(value: Value | None) -> str:
    """A value as a message shows it."""
    if not value:
        return "nothing"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value[0], str):
        return f'"{", ".join(map(str, value))}"'
    texts = [
        cleared.written((each,)) if isinstance(each, cleared.Piece) else cleared.written(each)
        for each in value
    ]
    words = " / ".join(" ".join(text.split()) for text in texts)
    return f'"{words}"'


def _edits(
    id: str,
    at: KeyPath,
    draft: Draft,
    theirs: Value,
    before: Value | None,
    nothing: cleared.Passage,
) -> list[Edit]:
    """What to write for a value of the letter.

    Raises:
        ValueError: the file has no way to say it, as a sentence.
    """
    assert draft.criteria
    if id.endswith(".score"):
        scale = draft.criteria.scale
        score = scale.written.get(str(theirs).casefold())
        if score is None:
            raise ValueError(f"{quoted(theirs)} is no score of the scale")
        return [Edit(at, scale.label(score))]
    if id == "date":
        if (day := fields.meant_date(str(theirs))) is None:
            raise ValueError(f"{quoted(theirs)} isn't one day")
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
        return [Edit(at, [cleared.written(item) for item in theirs])]  # type: ignore[arg-type]
    if isinstance(theirs, str):
        return [Edit(at, theirs or None)]
    text, file = cleared.written(theirs), str(draft.source.value(*at) or "")  # type: ignore[arg-type]
    if file.lstrip().startswith("**"):
        raise ValueError("it begins in bold, which can't be told from its label")
    if _NUMBER.findall(file) != _NUMBER.findall(cleared.written(before or ())):  # type: ignore[arg-type]
        raise ValueError("its list has numbers of its own, which a letter doesn't keep")
    is_nothing = at[-1] != "summary" and cleared.fold(text) == cleared.fold(
        cleared.written(nothing)
    )
    return [Edit(at, None if is_nothing else text)]


def _say_nothing(reading: Reading, nothing: cleared.Passage) -> None:
    """An empty text, and a prompt that still stands, say what a missing text says."""
    for id, value in reading.values.items():
        if value == () and id.endswith((".good_practice", ".recommendations")):
            reading.values[id] = nothing


_NUMBER = re.compile(r"(?m)^[ \t]*([0-9]{1,9})\.[ \t]")


def _nothing(draft: Draft) -> cleared.Passage:
    """What the letter says by itself where nothing was written."""
    assert draft.assessment
    assert draft.criteria
    id, scored = next(iter(draft.assessment.benchmarks.items()))
    bare = scored.model_copy(update={"good_practice": None, "score": draft.criteria.scale.met})
    empty = draft.assessment.model_copy(
        update={"benchmarks": {**draft.assessment.benchmarks, id: bare}}
    )
    return _built(draft, empty).reading.values.get(f"{id}.good_practice", ())  # type: ignore[return-value]


# Into the file.


def _apply(
    done: _Cleared,
    edits: dict[str, list[Edit]],
    now: _Said,
    says: Reading,
    findings: _Findings,
    request: Request,
    made: Report,
) -> None:
    """Write what is certain into an assessment, if the letter then says exactly that and nothing else changed."""
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
        writing.put(draft.path, mark + text.encode(), force=True)
        made.written.append(draft.path)


def _tried(draft: Draft, edits: dict[str, list[Edit]], now: _Said, says: Reading) -> str | None:
    """The text of the file with some edits, if its letter then says them and nothing else; None if it doesn't."""
    try:
        text = splice.splice(draft.source, [edit for several in edits.values() for edit in several])
        assessment = _assessment(draft, text.encode())
        reading = _built(draft, assessment).reading if assessment else None
    except (LookupError, ValueError, Stop):
        return None
    if reading is None:
        return None
    _say_nothing(reading, now.nothing)
    for id in _ids(reading, now.reading):
        wanted = says if id in edits else now.reading
        if not _same(id, _value(reading, id), _value(wanted, id)):
            return None
    return text


def _same(id: str, one: Value, other: Value) -> bool:
    """Whether two values say the same: a day however it is written, a greeting with its comma or without."""
    if id == "date" and one and other:
        return (
            one == other or fields.meant_date(str(one)) == fields.meant_date(str(other)) is not None
        )
    if id == "greeting":
        return str(one).rstrip(",: ") == str(other).rstrip(",: ")
    return one == other
