"""Mends what is beyond doubt in an assessment, each mend tried by reading the file again."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prevent_letter.assessment import fields
from prevent_letter.assessment.drafts import Desk, Draft
from prevent_letter.assessment.source import KeyPath
from prevent_letter.assessment.splice import Edit, splice
from prevent_letter.ground.findings import Finding, shown
from prevent_letter.ground.names import seen
from prevent_letter.rules.judge import judge
from prevent_letter.tasks import writing

_MOST = 200
"""How many mends are made in a file; after so many somebody should look at it."""
_MOST_BYTES = 1 << 17
"""What a file may have that is read again for each mend; an assessment has a quarter of it."""


@dataclass
class Mended:
    """What became of one file."""

    path: Path
    before: bytes
    after: bytes
    done: list[str] = field(default_factory=list)
    """What was mended, a line each."""

    def diff(self) -> str:
        """The mends as a unified diff."""
        import difflib  # only a diff needs it

        old, new = (
            each.decode("utf-8", errors="replace").splitlines(keepends=True)
            for each in (self.before, self.after)
        )
        lines = difflib.unified_diff(old, new, f"a/{shown(self.path)}", f"b/{shown(self.path)}")
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )

    def write(self) -> None:
        """Put the mended text in the file's place.

        Raises:
            Stop: it can't be written.
        """
        writing.put(self.path, self.after, force=True)


def mend(path: Path) -> Mended | None:
    """Mend an assessment; None where there is nothing to mend, or it can't be read. Nothing is written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if len(data) > _MOST_BYTES:
        return None
    made = Mended(path, data, data)
    draft, found = _judged(path, data)
    while len(made.done) < _MOST and draft.source.value("sent") is None:
        better = next(_better(draft, found, made.after, found), None)
        if better is None:
            break
        finding, made.after = better
        made.done.append(
            f"{shown(path)}:{finding.place.line}: mended {finding.code}: {finding.message}"
        )
        draft, found = _judged(path, made.after)
    return made if made.done else None


def mendable(draft: Draft, findings: list[Finding]) -> Iterator[Finding]:
    """Which findings of a draft ``mend`` mends."""
    if draft.source.value("sent") is not None:
        return
    try:
        data = draft.path.read_bytes()
    except OSError:
        return
    if len(data) <= _MOST_BYTES:
        before = _judged(draft.path, data)[1]
        yield from (finding for finding, _ in _better(draft, findings, data, before))


def _judged(path: Path, data: bytes) -> tuple[Draft, list[Finding]]:
    """What is wrong with a file that holds these bytes."""
    draft = Desk({path: data}).open(path)
    return draft, sorted(judge([draft], {})[draft.path])


def _better(
    draft: Draft, findings: list[Finding], data: bytes, before: list[Finding]
) -> Iterator[tuple[Finding, bytes]]:
    """Each of some findings that can be mended, and the bytes of the file without it; ``before`` are all in it."""
    for finding in findings:
        tries = [each for each in dict.fromkeys(_candidates(draft, finding, data)) if each != data]
        left = [
            (len(after), each)
            for each in tries
            if _helps(before, after := _judged(draft.path, each)[1], finding)
        ]
        if left:
            yield finding, min(left, key=lambda each: each[0])[1]


def _helps(before: list[Finding], after: list[Finding], finding: Finding) -> bool:
    """Whether a mend took its finding away, and brought no other fault; behind one of the file others may come up."""
    if finding.code < "PL1":
        first = min((each.place.line for each in after if each.code < "PL1"), default=None)
        return first is None or first > finding.place.line
    told = [(each.code, each.message) for each in before]
    new = [each for each in after if (each.code, each.message) not in told]
    return len(after) < len(before) and not any(each.severity == "error" for each in new)


def _candidates(draft: Draft, finding: Finding, data: bytes) -> Iterator[bytes]:
    """What the file might look like without a finding."""
    if finding.code == "PL002" and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield data.decode("utf-16", errors="replace").encode()
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    for text in _texts(draft, finding):
        yield mark + text.encode()


def _texts(draft: Draft, finding: Finding) -> Iterator[str]:
    text = draft.source.text
    if finding.code in ("PL004", "PL005", "PL006"):
        yield from (change for way in _IN_LINES for change in way(text, finding))
    elif "U+" in finding.message and finding.code in ("PL101", "PL115", "PL119"):
        yield seen(text)
    elif finding.code == "PL103" and finding.at:
        spot = draft.source.spot(fields.key_path(finding.at))
        if spot:
            value = re.sub(r"(?m)^([ \t]*)-(?=[^\s-])", r"\1- ", text[spot.start : spot.end])
            yield text[: spot.start] + value + text[spot.end :]
    elif finding.code in _BY_VALUE and finding.at is not None:
        try:
            edits = list(_BY_VALUE[finding.code](draft, fields.key_path(finding.at)))
            yield splice(draft.source, edits)
        except LookupError:
            return


# In the lines of a file that isn't YAML yet.


def _line(text: str, number: int) -> tuple[int, int]:
    """Where a line begins and ends, without its line end."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]
    start = starts[number - 1]
    found = re.compile(r"[\r\n]").search(text, start)
    return start, found.start() if found else len(text)


def _spaces(text: str, finding: Finding) -> Iterator[str]:
    """Plain spaces for tabs and no-break spaces before a line, as many as the line before has, or a few."""
    start, end = _line(text, finding.place.line)
    lead = re.compile(r"[ \t\u00a0]*").match(text, start, end)
    above = re.findall(r"(?m)^( *)[^\s#]", text[:start])
    if lead and lead[0].strip(" "):
        last = len(above[-1]) if above else 0
        for width in dict.fromkeys(
            (last, last + 2, *(len(each) for each in above[:-6:-1]), 2, 4, 6)
        ):
            yield text[:start] + " " * width + text[lead.end() :]
            yield re.sub(r"(?m)^[ ]*[\t\u00a0][ \t\u00a0]*(?=[^ \t\r\n])", " " * width, text)
    at = start + finding.place.column - 1
    if text[at : at + 1] == "\u00a0":
        yield f"{text[:at]} {text[at + 1 :]}"


def _missing_space(text: str, finding: Finding) -> Iterator[str]:
    """A space after the colon or the dash that lacks it."""
    start, end = _line(text, finding.place.line)
    at = start + finding.place.column - 1
    if text[at : at + 1] in (":", "-"):
        yield f"{text[: at + 1]} {text[at + 1 :]}"
    if found := re.compile(r" *-(?=[^\s-])").match(text, start, end):
        yield f"{text[: found.end()]} {text[found.end() :]}"
    if found := re.compile(r" *[a-z_]+:(?=\S)").match(text, start, end):
        yield f"{text[: found.end()]} {text[found.end() :]}"


def _bar(text: str, finding: Finding) -> Iterator[str]:
    """A | before a text, which goes on the lines below its key."""
    number = finding.place.line
    for above in range(number, max(0, number - 30), -1):
        start, end = _line(text, above)
        key = re.compile(
            r"( *)(summary|good_practice|recommendations|address):[ \t]*(.*)"
        ).fullmatch(text, start, end)
        if not key or (above != number and not key[3] and finding.place.line != above + 1):
            continue
        if key[3].startswith(("|", ">", "#")) or re.search(r"\s#", key[3]):
            return  # it has its mark, or a comment that would become text
        newline = "\r\n" if "\r\n" in text else "\n"
        indent = " " * (len(key[1]) + 2)
        below = re.compile(
            rf"(?:\r?\n(?:[ \t]*(?=\r?\n|$)|{re.escape(key[1])} +\S[^\r\n]*))*"
        ).match(text, end)
        body = re.split(r"\r?\n", text[end : below.end()])[1:] if below else []
        least = min((len(line) - len(line.lstrip(" ")) for line in body if line.strip()), default=0)
        lines = [*([key[3]] if key[3] else []), *(line[least:].rstrip() for line in body)]
        written = [indent + line if line.strip() else "" for line in lines]
        rest = text[below.end() if below else end :]
        yield (
            text[:start]
            + newline.join([text[start : key.start(3)].rstrip() + " |", *written])
            + rest
        )
        return


def _unseen(text: str, finding: Finding) -> Iterator[str]:
    """No byte order mark within."""
    yield text.replace("\ufeff", "")


_IN_LINES: tuple[Callable[[str, Finding], Iterator[str]], ...] = (
    _unseen,
    _spaces,
    _missing_space,
    _bar,
)


# In the values of a file that is.


def _date(draft: Draft, at: KeyPath) -> Iterator[Edit]:
    if day := fields.meant_date(str(draft.source.value(*at))):
        yield Edit(at, day)


def _nothing(draft: Draft, at: KeyPath) -> Iterator[Edit]:
    if not isinstance(at[-1], int):
        yield Edit(at, None)


def _bullets(draft: Draft, at: KeyPath) -> Iterator[Edit]:
    yield Edit(
        at,
        re.sub(r"(?m)^([ \t]*)[•·◦▪‣●○■►→➢\uf0b7\uf0a7]\s*", r"\1- ", str(draft.source.value(*at))),
    )


_STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def _straight(draft: Draft, at: KeyPath) -> Iterator[Edit]:
    """Straight quotation marks for the curly ones, where straight ones prevail: the finding is at the rarer kind."""
    for path, declared, text in (
        fields.texts(type(draft.assessment), draft.source.data) if draft.assessment else ()
    ):
        if declared.kind == "prose" and (changed := text.translate(_STRAIGHT)) != text:
            yield Edit(path, changed)


_BY_VALUE: Mapping[str, Callable[[Draft, KeyPath], Iterator[Edit]]] = {
    "PL104": _date,
    "PL202": _nothing,
    "PL307": _straight,
    "PL308": _bullets,
}
