"""Values back into the text of a YAML file: everything else stays as it is, byte for byte.

The places are the source's own. A value keeps the way in which it is written (after a |, in quotes, plain) as far as it
can, and prose keeps its line breaks where its words are the same.
"""

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from prevent_letter.assessment.source import KeyPath, Source
from prevent_letter.ground import prose

WIDTH = 100
"""How wide lines are that no line of the value was before."""


class Edit(NamedTuple):
    """A value to write: a text, the texts of a list, or None for nothing."""

    at: KeyPath
    value: str | list[str] | None


def splice(source: Source, edits: Sequence[Edit]) -> str:
    """The text of a file with other values.

    Raises:
        LookupError: the place of a value isn't one that can be written to.
    """
    changes: list[tuple[int, int, str]] = []
    for edit in edits:
        if isinstance(edit.value, list):
            changes += _list(source, edit.at, edit.value)
        else:
            changes.append(_scalar(source, edit.at, edit.value))
    text = source.text
    for start, end, written in sorted(changes, reverse=True):
        text = text[:start] + written.replace("\n", _line_end(source, start)) + text[end:]
    return text


def _line_end(source: Source, at: int) -> str:
    """How the line at a place ends, or the first one."""
    shape = re.compile(r"\r\n|\r|\n")
    found = shape.search(source.text, at) or shape.search(source.text)
    return found[0] if found else "\n"


def _column(source: Source, offset: int) -> int:
    return offset - (
        max(source.text.rfind("\n", 0, offset), source.text.rfind("\r", 0, offset)) + 1
    )


def _in_flow(source: Source, at: KeyPath) -> bool:
    """Whether a value stands within braces or brackets."""
    above = (source.spot(at[:length]) for length in range(len(at)))
    return any(spot and source.text[spot.start : spot.start + 1] in ("{", "[") for spot in above)


def _scalar(source: Source, at: KeyPath, value: str | None) -> tuple[int, int, str]:
    """The change that writes one text."""
    spot = source.spot(at)
    if spot is None:
        return _absent(source, at, value)
    flow = _in_flow(source, at)
    indent = _column(source, spot.key) + 2
    if spot.style in ("|", ">"):
        return _block(source, spot.start, spot.end, indent, value, lines=at[-1] == "address")
    if spot.start >= spot.end:  # nothing after the colon
        return (
            spot.key_end + 1,
            spot.key_end + 1,
            f" {_fresh(value, indent, flow=flow)}" if value else "",
        )
    if not value:
        return (spot.start, spot.end, '""') if flow else (_back(source, spot.start), spot.end, "")
    if spot.style == "'" and "\n" not in value:
        return spot.start, spot.end, "'" + value.replace("'", "''") + "'"
    if spot.style in ("'", '"'):
        return spot.start, spot.end, json.dumps(value, ensure_ascii=False)
    if not flow and source.text[spot.start : spot.end].count("\n"):  # plain, on several lines
        return spot.start, spot.end, _fresh(value, indent, flow=False, block=True)
    return spot.start, spot.end, _fresh(value, indent, flow=flow)


def _back(source: Source, start: int) -> int:
    while start and source.text[start - 1] == " ":
        start -= 1
    return start


_PLAIN = re.compile(r"[^\W_][^\n:#\[\]{},&*!|>'\"%@`]*[^\s:#\[\]{},]|\w")


def _fresh(value: str, indent: int, *, flow: bool, block: bool = False) -> str:
    """A text as YAML where none of its kind stood: plain where that is safe, else quoted, or after a |."""
    plain = (
        _PLAIN.fullmatch(value)
        and value.casefold() not in ("null", "true", "false")
        and not value.endswith("-")
    )
    if plain and not block and (flow or len(value) < WIDTH):
        return value
    if flow or ("\n" not in value and len(value) < 60 and not block):
        return json.dumps(value, ensure_ascii=False)
    lines = [f"{' ' * indent}{line}" if line else "" for line in woven("", value, WIDTH - indent)]
    return "\n".join(["|", *lines])


def _absent(source: Source, at: KeyPath, value: str | None) -> tuple[int, int, str]:
    """The change that adds a key, after the one that stands last before its place."""
    parent = source.value(*at[:-1])
    spot = source.spot(at[:-1])
    if not isinstance(parent, dict) or not parent or not value or (spot is None and at[:-1]):
        raise LookupError(at)
    last = (*at[:-1], next(reversed(parent)))
    before = source.spot(last)
    if before is None:
        raise LookupError(at)
    if _in_flow(source, at):
        end = max(before.end, before.key_end + 1)
        return end, end, f", {at[-1]}: {_fresh(value, 0, flow=True)}"
    column = _column(source, before.key)
    end = _last_line(source, last)
    return end, end, f"\n{' ' * column}{at[-1]}: {_fresh(value, column + 2, flow=False)}"


def _last_line(source: Source, at: KeyPath) -> int:
    """Where the last line of what stands at a key path ends, blank lines after it left out."""
    ends = [max(spot.end, spot.key_end) for path, spot in source.spots() if path[: len(at)] == at]
    end = max(ends, default=0)
    end = len(source.text[:end].rstrip())
    found = re.compile(r"[\r\n]").search(source.text, end)
    return found.start() if found else len(source.text)


def _block(
    source: Source, start: int, end: int, indent: int, value: str | None, *, lines: bool = False
) -> tuple[int, int, str]:
    """The change of a text after a | or >, which is prose, or (``lines``) has each line for itself."""
    head = re.compile(r"[^\r\n]*").match(source.text, start)
    assert head
    body = source.text[head.end() : end].rstrip()
    written_lines = re.split(r"\r\n|\r|\n", body)[1:]
    filled = [line for line in written_lines if line.strip()]
    if filled:
        indent = len(filled[0]) - len(filled[0].lstrip(" "))
    old = "\n".join(line[indent:] for line in written_lines)
    header = head[0]
    if value and header[0] == ">" and "\n" in value:
        header = "|" + header[1:]
    if header[0] == ">" and "\n\n" in old:
        old = re.sub(r"\n\n+", "\n", old)
    width = max([len(line) for line in filled] + ([] if len(filled) > 1 else [WIDTH])) - indent
    new = (value or "").split("\n") if lines and value else woven(old, value or "", max(width, 40))
    written = "".join(f"\n{' ' * indent}{line}" if line else "\n" for line in new)
    return start, head.end() + len(body), header + written


# Lists.


def _list(source: Source, at: KeyPath, values: list[str]) -> list[tuple[int, int, str]]:
    """The changes of a list; items are paired by their likeness, and those that stay aren't touched."""
    old = source.value(*at)
    spot = source.spot(at)
    texts = [one if isinstance(one, str) else "" for one in old] if isinstance(old, list) else []
    if not texts:
        if spot is None:
            items = "".join(f"\n  - {_fresh(value, 4, flow=False)}" for value in values)
            end = _last_line(source, (next(reversed(source.value())),)) if not at[:-1] else 0
            return [(end, end, f"\n{at[-1]}:{items}")]
        indent = _column(source, spot.key) + 2
        items = "".join(
            f"\n{' ' * indent}- {_fresh(value, indent + 2, flow=False)}" for value in values
        )
        end = source.text.find("]", spot.start) + 1 if spot.end > spot.start else spot.key_end + 1
        return [(spot.key_end + 1, end, items)]
    assert spot
    if source.text[spot.start : spot.start + 1] == "[":
        end = source.text.index("]", (source.spot((*at, len(texts) - 1)) or spot).end)
        first = source.spot((*at, 0)) or spot
        if re.search(r"#|[\r\n]", source.text[spot.start : end]):
            raise LookupError(at)  # comments and lines of their own, which would be lost
        kept = {text: source.written((*at, number)) for number, text in enumerate(texts)}
        quoted = source.text[first.start : first.start + 1] in ("'", '"')
        written = [
            kept.get(value)
            or (json.dumps(value, ensure_ascii=False) if quoted else _fresh(value, 0, flow=True))
            for value in values
        ]
        return [(first.start, end, ", ".join(written))]
    return list(_items(source, at, texts, values))


def _items(
    source: Source, at: KeyPath, old: list[str], new: list[str]
) -> list[tuple[int, int, str]]:
    changes: list[tuple[int, int, str]] = []
    same = [" ".join(text.split()) for text in old], [" ".join(text.split()) for text in new]
    column = source.text.rfind("-", 0, (source.spot((*at, 0)) or source.spot(at)).start)  # type: ignore[union-attr]
    indent = " " * _column(source, column)

    def fresh(value: str) -> str:
        return f"\n{indent}- {_fresh(value, len(indent) + 2, flow=False)}"

    for kind, a, b, c, d in SequenceMatcher(None, *same, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = _paired(same[0][a:b], same[1][c:d])
        for i, j in pairs:
            changes.append(_scalar(source, (*at, a + i), new[c + j]))
        for i in set(range(b - a)) - {i for i, _ in pairs}:
            spot = source.spot((*at, a + i))
            assert spot
            start = source.text.rfind("-", 0, spot.start)
            changes.append((_line_start(source, start), _last_line(source, (*at, a + i)), ""))
        for j in range(d - c):
            if j not in {j for _, j in pairs}:
                earlier = max((a + i for i, k in pairs if k < j), default=a - 1)
                end = (
                    _last_line(source, (*at, earlier))
                    if earlier >= 0
                    else _line_start(source, column)
                )
                changes.append((end, end, fresh(new[c + j])))
    return _merged(changes)


def _line_start(source: Source, offset: int) -> int:
    """Where the line before a line ends, so that a change from there takes the line with it."""
    begin = offset - _column(source, offset)
    return begin - (2 if source.text[begin - 2 : begin] == "\r\n" else 1)


def _merged(changes: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Insertions at one place as one, in their order."""
    made: dict[tuple[int, int], str] = {}
    for start, end, text in changes:
        made[start, end] = made.get((start, end), "") + text
    return [(start, end, text) for (start, end), text in made.items()]


def _paired(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Which old item became which new one, in their order."""
    pairs, first = [], 0
    for i, text in enumerate(old):
        likes = [
            (SequenceMatcher(None, text, other, autojunk=False).ratio(), -j)
            for j, other in enumerate(new)
            if j >= first
        ]
        best = max(likes, default=(0.0, 0))
        if best[0] > 0.5:
            pairs.append((i, -best[1]))
            first = -best[1] + 1
    return pairs


# Prose.


def woven(old: str, new: str, width: int) -> list[str]:
    """The lines of a new passage; where its words are those of the old one, they break where that breaks."""
    before = prose.read(old)
    lines: list[str] = []
    last = -1
    for block in new.split("\n"):
        if not block.strip():
            continue
        number = _alike(block, before)
        raw = (
            old[before[number].start - before[number].indent : before[number].end]
            if number >= 0
            else ""
        )
        hanging = len(re.match(r" *(?:[-+*] +|[0-9]{1,9}\. +)*", block)[0])  # type: ignore[index]
        made = (
            raw.split("\n")
            if number >= 0 and _collapsed(raw) == _collapsed(block)
            else _weave(raw, block, width, hanging)
        )
        item, after_item = (
            bool(re.match(r" *(?:[-+*]|[0-9]{1,9}\.) ", block)),
            bool(lines) and _ends_in_item(lines),
        )
        apart = (
            before[number].apart
            if number >= 0 and number == last + 1 and lines
            else not (item and after_item)
        )
        lines += [""] * (bool(lines) and apart) + made
        last = number if number >= 0 else last
    return lines


def _ends_in_item(lines: Sequence[str]) -> bool:
    """Whether what stands last is an item of a list."""
    for line in reversed(lines):
        if not line:
            return False
        if re.match(r" *(?:[-+*]|[0-9]{1,9}\.) ", line):
            return True
    return False


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _alike(block: str, before: Sequence[prose.Block]) -> int:
    """The number of the old block that a new one comes from; -1 where there is none."""
    goal = _collapsed(block)
    lines = [_collapsed(each.line) for each in before]
    if goal in lines:
        return lines.index(goal)
    words = goal.split()
    ratios = [SequenceMatcher(None, each.split(), words, autojunk=False).ratio() for each in lines]
    best = max(range(len(ratios)), key=ratios.__getitem__, default=-1)
    return best if best >= 0 and ratios[best] > 0.4 else -1


_MARKLIKE = re.compile(r"(?:[-+*#>]|[0-9]{1,9}[.)])$|#")


def _weave(raw: str, block: str, width: int, hanging: int) -> list[str]:
    """The words of a block, broken where the old ones were, and where a line would be too long."""
    old: list[tuple[str, bool]] = []
    for line in raw.split("\n"):
        old += [(word, number == 0) for number, word in enumerate(line.split())]
    words = block.split()
    breaks = set()
    matcher = SequenceMatcher(None, [word for word, _ in old], words, autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        breaks |= {b + n for n in range(size) if old[a + n][1]}
    lead = block[: len(block) - len(block.lstrip(" "))]
    margin = " " * hanging
    continued = [line for line in raw.split("\n")[1:] if line.strip()]
    if continued:
        margin = continued[0][: len(continued[0]) - len(continued[0].lstrip(" "))]
    lines, line = [], lead
    for number, word in enumerate(words):
        long = len(line) + 1 + len(word) > width
        if (
            number
            and (number in breaks or long)
            and not _MARKLIKE.match(word)
            and line.strip() not in ("-", "*", "+")
        ):
            lines.append(line)
            line = margin + word
        else:
            line += " " * bool(line.strip()) + word
    return [*lines, line]
