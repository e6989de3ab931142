"""Fix what is beyond doubt in an assessment. Each fix is checked by reading the file again."""

import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.edit import Edit, apply_edits
from prevent_letter.assessment.fields import parse_dotted, walk_texts
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.places import KeyPath, Source
from prevent_letter.assessment.source import read_bytes
from prevent_letter.assessment.values import only_possible_date
from prevent_letter.core import atomic, prose
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import Finding, Group
from prevent_letter.core.names import strip_invisible
from prevent_letter.rules.engine import apply_rules
from prevent_letter.rules.lists import BULLETS

_MOST_FIXES = 200
"""The most fixes in one file. A person should look at a file that needs more."""
_MOST_BYTES = 1 << 17
"""The largest file to fix, in bytes: each fix parses it again. Assessments have a quarter of it."""


@dataclass
class FixedFile:
    """One file before and after its fixes."""

    path: Path
    before: bytes
    after: bytes
    fixes: list[str] = field(default_factory=list)
    """A line about each fix."""

    def diff(self) -> str:
        """Return the fixes as a unified diff."""
        import difflib  # only a diff needs it

        old, new = (
            data.decode("utf-8", errors="replace").splitlines(keepends=True)
            for data in (self.before, self.after)
        )
        name = show_path(self.path)
        lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
        no_end = "\n\\ No newline at end of file\n"
        return "".join(line if line.endswith("\n") else line + no_end for line in lines)


def fix_file(
    path: Path, *, write: bool, only: Callable[[Finding], bool] = lambda finding: True
) -> FixedFile | None:
    """Fix an assessment, and save it only if ``write``; return None if nothing was fixed.

    ``only`` chooses the findings to fix.

    Raises:
        UserError: the file was saved meanwhile, or can't be written.
    """
    try:
        data = read_bytes(path)
    except OSError:
        return None
    if len(data) > _MOST_BYTES:
        return None
    fixed = FixedFile(path, data, data)
    draft, findings = _check(path, data)
    while len(fixed.fixes) < _MOST_FIXES and not _is_record(draft):
        chosen = [finding for finding in findings if only(finding)]
        better = next(_improvements(draft, chosen, fixed.after, findings), None)
        if better is None:
            break
        finding, fixed.after = better
        where = f"{show_path(path)}:{finding.place.line}"
        fixed.fixes.append(f"{where}: fixed {finding.code}: {finding.message}")
        draft, findings = _check(path, fixed.after)
    if fixed.fixes and write:
        atomic.put_back(path, fixed.before, fixed.after)
    return fixed if fixed.fixes else None


def _is_record(draft: Draft) -> bool:
    """Return True if the letter was sent, on a day that can be read."""
    return re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", draft.source.line("sent")) is not None


def fixable_findings(draft: Draft, findings: list[Finding]) -> Iterator[Finding]:
    """Yield those of the ``findings`` on a draft that ``fix_file`` would fix."""
    with contextlib.suppress(OSError):
        data = read_bytes(draft.path)
        if not _is_record(draft) and len(data) <= _MOST_BYTES:
            before = _check(draft.path, data)[1]
            for finding, _ in _improvements(draft, findings, data, before):
                yield finding


def _check(path: Path, data: bytes) -> tuple[Draft, list[Finding]]:
    """Return the draft of a file as if ``data`` were its bytes, and the findings on the draft."""
    draft = DraftLoader({path: data}).load(path)
    return draft, sorted(apply_rules([draft], {})[draft.path])


def _improvements(
    draft: Draft, findings: list[Finding], data: bytes, before: list[Finding]
) -> Iterator[tuple[Finding, bytes]]:
    """Yield each finding that can be fixed, and the bytes of the file after the fix.

    A fix removes its finding and brings no other, and the letter shows the same but for what the
    fix is about. Fixing an error of the file itself may reveal later errors that this error had
    hidden. ``findings`` are those to try to fix, and ``before`` are all findings in the file.
    """
    known = Counter(map(_identity, before))
    for finding in findings:
        best: tuple[int, bytes] | None = None
        for candidate in dict.fromkeys(_candidates(draft, finding, data)):
            if candidate == data:
                continue
            fixed, after = _check(draft.path, candidate)
            if Group.of(finding.code) is Group.FILE:
                lines = [f.place.line for f in after if Group.of(f.code) is Group.FILE]
                is_better = not lines or min(lines) > finding.place.line
            else:
                faults = (finding for finding in after if finding.severity != "note")
                is_new = Counter(map(_identity, faults)) - known
                is_better = len(after) < len(before) and not is_new
                is_better = is_better and _shows_the_same(draft, fixed, finding)
            if is_better and (best is None or len(after) < best[0]):
                best = len(after), candidate
        if best:
            yield finding, best[1]


def _identity(finding: Finding) -> tuple[str, str, str | None]:
    """Return what a finding is about, without the lines that a fix may move."""
    return finding.code, re.sub(r"\bline [0-9]+", "", finding.message), finding.key_path


def _shows_the_same(old: Draft, new: Draft, finding: Finding) -> bool:
    """Return True if the letter shows what it showed, but for what the finding is about."""
    blocks, fixed = (dict(_shown_blocks(draft.source.data)) for draft in (old, new))
    path = parse_dotted(finding.key_path or "")
    if finding.code == "PL308" and path[:1] == ("key_recommendations",):
        words = [re.findall(r"\w+", " ".join(of.pop(path))) for of in (blocks, fixed)]
        if words[0] != words[1]:
            return False
    elif finding.code == "PL308":
        lines = old.source.written(path).splitlines()
        if not _is_list_of_lines(blocks.pop(path), fixed.pop(path), lines):
            return False
    elif finding.code not in ("PL101", "PL115", "PL119", "PL307"):
        for shown in (blocks, fixed):  # the fix is about all that this value contains
            for inner in [inner for inner in shown if inner[: len(path)] == path]:
                del shown[inner]
    return blocks == fixed


def _shown_blocks(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, list[str]]]:
    """Yield the blocks of each text, without invisible characters and curly quotation marks."""
    if isinstance(data, dict):
        for key, inner in data.items():
            yield from _shown_blocks(inner, (*path, strip_invisible(str(key))))
    elif isinstance(data, list):
        for number, inner in enumerate(data):
            yield from _shown_blocks(inner, (*path, number))
    else:
        text = strip_invisible(str(data)).translate(_STRAIGHT)
        yield path, [block.line for block in prose.parse(text)]


def _is_list_of_lines(blocks: list[str], fixed: list[str], lines: list[str]) -> bool:
    """Return True if the fixed blocks have the same words, and each marked line is an item."""
    marked, items = (sum(bool(_MARK.match(line)) for line in of) for of in (lines, fixed))
    words, fixed_words = (re.findall(r"\w+", " ".join(of)) for of in (blocks, fixed))
    return words == fixed_words and items == marked and len(fixed) - items <= len(blocks)


def _candidates(draft: Draft, finding: Finding, data: bytes) -> Iterator[bytes]:
    """Yield the bytes that the file would have after each possible fix of a finding."""
    text, code, texts = draft.source.text, finding.code, list[str]()
    if code == "PL002" and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield data.decode("utf-16", errors="replace").encode()
    elif code in ("PL004", "PL005", "PL006"):
        texts.append(text.replace("\ufeff", ""))  # a byte order mark inside the text
        for fix in (_spaces_for_tabs, _missing_space, _text_after_bar, _missing_bar):
            texts += fix(text, finding)
    elif "U+" in finding.message and code in ("PL101", "PL115", "PL119"):
        texts.append(strip_invisible(text))
    elif code == "PL103" and finding.key_path:
        if spot := draft.source.spots.get(parse_dotted(finding.key_path)):
            value = text[spot.start : spot.end]
            value = re.sub(r"(?m)^([ \t]*)-(?=[^\s-])", r"\1- ", value)
            texts.append(text[: spot.start] + value + text[spot.end :])
            texts += _other_shape(draft, parse_dotted(finding.key_path))
    elif code == "PL308" and finding.key_path:
        texts += _list_below(draft.source, parse_dotted(finding.key_path))
    elif finding.key_path is not None:
        edits = _edits(draft, code, parse_dotted(finding.key_path))
        with contextlib.suppress(LookupError):
            texts.append(apply_edits(draft.source, list(edits)))
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    yield from (mark + text.encode() for text in texts)


# Fixes to lines, in a file that is not valid YAML yet.


def _line_span(text: str, number: int) -> tuple[int, int]:
    """Return the offsets of a line, without its line end."""
    lines = [*re.finditer(r"([^\r\n]*)(?:\r\n|\r|\n|$)", text)]
    return lines[number - 1].span(1)


_LEAD_WITH_TABS = re.compile(r"(?m)^( *\t[ \t]*)(?=[^ \t\r\n])")


def _spaces_for_tabs(text: str, finding: Finding) -> Iterator[str]:
    """Yield the text with plain spaces in place of tabs and no-break spaces that begin a line."""
    start, end = _line_span(text, finding.place.line)
    lead = re.compile(r"[ \t\u00a0]*").match(text, start, end)
    if lead and lead[0].strip(" "):
        for width in (2, 4, 8):
            parts = _LEAD_WITH_TABS.split(text)
            yield "".join(part.expandtabs(width) if n % 2 else part for n, part in enumerate(parts))
        depths = [len(spaces) for spaces in re.findall(r"(?m)^( *)[^\s#]", text[:start])]
        last = depths[-1] if depths else 0
        for width in dict.fromkeys((last, last + 2, *depths[:-6:-1], 2, 4, 6)):
            yield text[:start] + " " * width + text[lead.end() :]
            yield re.sub(r"(?m)^[ ]*[\t\u00a0][ \t\u00a0]*(?=[^ \t\r\n])", " " * width, text)
    offset = start + finding.place.column - 1
    if text[offset : offset + 1] == "\u00a0":
        yield f"{text[:offset]} {text[offset + 1 :]}"


def _missing_space(text: str, finding: Finding) -> Iterator[str]:
    """Yield the text with a space after the colon or the dash that lacks one."""
    start, end = _line_span(text, finding.place.line)
    offset = start + finding.place.column - 1
    ends = [offset + 1] if text[offset : offset + 1] in (":", "-") else []
    patterns = (r" *-(?=[^\s-])", r" *[a-z_]+:(?=\S)")
    matches = (re.compile(pattern).match(text, start, end) for pattern in patterns)
    ends += [match.end() for match in matches if match]
    for after in ends:
        yield f"{text[:after]} {text[after:]}"


def _text_after_bar(text: str, finding: Finding) -> Iterator[str]:
    """Yield the text with what follows a | on its line moved to the next line."""
    start, end = _line_span(text, finding.place.line)
    if bar := re.compile(r"( *)([a-z_]+:[ ]*\|)[ ]+([^\s#][^\r\n]*)").fullmatch(text, start, end):
        newline = "\r\n" if "\r\n" in text else "\n"
        yield f"{text[:start]}{bar[1]}{bar[2]}{newline}{bar[1]}  {bar[3]}{text[end:]}"


_TEXT_KEY = re.compile(r"( *)(summary|good_practice|recommendations|address):[ \t]*(.*)")
_MOST_LINES_ABOVE = 30


def _missing_bar(text: str, finding: Finding) -> Iterator[str]:
    """Yield the text with a | after a key, and the key's text on the lines below."""
    number = finding.place.line
    for above in range(number, max(0, number - _MOST_LINES_ABOVE), -1):
        start, end = _line_span(text, above)
        key = _TEXT_KEY.fullmatch(text, start, end)
        if not key or (above != number and not key[3] and number != above + 1):
            continue
        if key[3].startswith(("|", ">", "#")) or re.search(r"\s#", key[3]):
            return  # it has a | or >, or a comment that would become text
        newline, indent = "\r\n" if "\r\n" in text else "\n", " " * (len(key[1]) + 2)
        blank, indented = r"[ \t]*(?=\r?\n|$)", rf"{re.escape(key[1])} +\S[^\r\n]*"
        below = re.compile(rf"(?:\r?\n(?:{blank}|{indented}))*").match(text, end)
        body_end = below.end() if below else end
        body = re.split(r"\r?\n", text[end:body_end])[1:]
        depths = [len(line) - len(line.lstrip(" ")) for line in body if line.strip()]
        lines = [line[min(depths, default=0) :].rstrip() for line in body]
        if first := key[3]:
            is_unclosed = first[0] in "'\"" and text[end:body_end].count(first[0]) == 0
            lines.insert(0, first[is_unclosed and first.count(first[0]) == 1 :])
        written = [indent + line if line.strip() else "" for line in lines]
        head = text[start : key.start(3)].rstrip() + " |"
        yield text[:start] + newline.join([head, *written]) + text[body_end:]
        return


# Fixes to values, in a file that is valid YAML.

_BULLET = re.compile(rf"(?m)^([ \t]*)[{BULLETS}][ \t\u00a0]*(?=\S)")
_MARK = re.compile(rf"[ \t]*(?:[{BULLETS}]|(?:[-+*]|[0-9]{{1,9}}\.) )")
_NOTHING = re.compile(r"(?i)(?:none|nil|n/?a|nobody|-)\.?")
_NAMES = re.compile(r"(?:[A-Z][\w'’.-]* ?){2,5}(?:[,;] ?(?:[A-Z][\w'’.-]* ?){2,5})+")


def _other_shape(draft: Draft, path: KeyPath) -> Iterator[str]:
    """Yield the text with a value as the list, or the text, that belongs at its place."""
    source, value = draft.source, draft.source.value(*path)
    spot = source.spots.get(path)
    if spot is None or not isinstance(path[-1], str):
        return
    last = source.spots.get((*path, len(value) - 1)) if isinstance(value, list) else None
    end = max(spot.end, last.end if last else 0)
    head, body = source.text[: spot.key_end + 1], source.text[spot.key_end + 1 : end]
    rest = source.text[end:]
    if isinstance(value, list):  # a | makes text of it; an address has no dashes
        lines = re.sub(r"(?m)^([ \t]*)- +", r"\1", body) if path[-1] == "address" else body
        if not body.strip().startswith("["):
            yield f"{head} |{lines}{rest}"
    elif isinstance(value, str) and _NOTHING.fullmatch(value.strip()):
        yield apply_edits(source, [Edit(path, None)])
    elif isinstance(value, str) and _NAMES.fullmatch(value.strip()):
        yield apply_edits(source, [Edit(path, [s.strip() for s in re.split("[,;]", value)])])
    elif isinstance(value, str):
        below = re.sub(r"^ *[|>][-+]?", "", body)
        marked = re.sub(
            rf"(?m)^([ \t]*)(?:[{BULLETS}*]|[0-9]{{1,2}}[.)])[ \t\u00a0]*(?=\S)", r"\1- ", below
        )
        if re.match(r"\s*\n *- ", marked):
            yield head + marked + rest


_STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def _list_below(source: Source, path: KeyPath) -> Iterator[str]:
    """Yield the text with a value's bullets as list marks, and a | before it if it had none."""
    spot = source.spots.get(path)
    if spot is None:
        return
    if path[0] == "key_recommendations":  # the item has its dash already
        plain = re.sub(rf"^[{BULLETS}][ \t\u00a0]*", "", source.written(path))
        yield source.text[: spot.start] + plain + source.text[spot.end :]
    start, written = spot.start, source.written(path)
    if spot.style in ("|", ">"):
        written = "|" + written[1:]
    elif not spot.style and spot.key_end < start and "\n" in written:
        newline = "\r\n" if "\r\n" in source.text else "\n"
        first, *lines = written.splitlines()
        depths = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
        start = spot.key_end + 1
        written = newline.join([" |", " " * min(depths, default=0) + first, *lines])
    else:
        return
    yield source.text[:start] + _BULLET.sub(r"\1- ", written) + source.text[spot.end :]


def _edits(draft: Draft, code: str, path: KeyPath) -> Iterator[Edit]:
    """Yield the edits that may fix a finding with this code at a value."""
    value = str(draft.source.value(*path))
    if code == "PL104" and (day := only_possible_date(value)):
        yield Edit(path, day)
    elif code == "PL202" and not isinstance(path[-1], int):
        yield Edit(path, None)
    elif code == "PL307":  # in all prose
        for of_text, field_info, text in walk_texts(Assessment, draft.source.data):
            changed = text.translate(_STRAIGHT)
            if field_info.kind == "prose" and changed != text:
                blocks = prose.parse(changed)
                lines = (" " * block.indent + block.line for block in blocks)
                yield Edit(of_text, "\n".join(lines))
