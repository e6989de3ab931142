"""Write values into the text of a YAML file, and keep all other text byte for byte.

The source gives the place of each value. A value keeps its style (after a |, quoted, plain) if
possible, and prose keeps its line breaks where its words are the same.
"""

import json
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from prevent_letter.assessment.places import KeyPath, Source, Spot
from prevent_letter.assessment.source import parse
from prevent_letter.core import prose

WIDTH = 100
"""The width of a new line in columns, unless the lines of the old value have another width."""
_NARROWEST = 40
"""The fewest columns of a line, however narrow the old value's lines were."""
_LONGEST_QUOTED = 60
"""A new value of this many characters or more goes after a |, not in quotation marks."""


class Edit(NamedTuple):
    """A value to write: text, a list of texts, or None to empty the field.

    A mapping of texts is written in braces, at the top level alone; an empty one removes the field.
    """

    path: KeyPath
    value: str | list[str] | dict[str, str] | None


class _Change(NamedTuple):
    """A span of the file, and its new text, whose newlines become the file's own line ends."""

    start: int
    end: int
    text: str


def apply_edits(source: Source, edits: Sequence[Edit]) -> str:
    """Return the text of a file with its values changed.

    Raises:
        LookupError: a value is in a place that can't be written to.
    """
    for edit in edits:
        if edit.value and isinstance(edit.value, str) and _lacks_parent(source, edit.path):
            text = _with_changes(source, [_add_parents(source, edit.path, edit.value)])
            return apply_edits(parse(source.path, text.encode()), [e for e in edits if e != edit])
    changes: list[_Change] = []
    for edit in edits:
        old, spot = source.value(*edit.path), source.spots.get(edit.path)
        if isinstance(edit.value, dict):
            changes.append(_mapping_change(source, edit.path, edit.value))
        elif not isinstance(edit.value, list):
            if isinstance(old, (list, dict)):
                raise LookupError(edit.path)  # text would be put beside it
            changes.append(_text_change(source, edit.path, edit.value))
        elif not isinstance(old, list) or not old:
            changes.append(_new_list(source, edit.path, edit.value))
        else:
            items = [item if isinstance(item, str) else "" for item in old]
            if spot and source.text[spot.start : spot.start + 1] == "[":
                changes.append(_flow_list(source, edit.path, spot, items, edit.value))
            else:
                changes += _item_changes(source, edit.path, items, edit.value)
    return _with_changes(source, changes)


def _with_changes(source: Source, changes: Sequence[_Change]) -> str:
    text = source.text
    line_end = re.compile(r"\r\n|\r|\n")
    for start, end, written in sorted(changes, reverse=True):
        nearest = line_end.search(source.text, start) or line_end.search(source.text)
        written = written.replace("\n", nearest[0] if nearest else "\n")
        text = text[:start] + written + text[end:]
    return text


def _column(source: Source, offset: int) -> int:
    before = source.text[:offset]
    return offset - (max(before.rfind("\n"), before.rfind("\r")) + 1)


def _is_in_flow(source: Source, path: KeyPath) -> bool:
    """Return True if a value is inside braces or brackets."""
    parents = (source.spots.get(path[:length]) for length in range(len(path)))
    return any(spot and source.text[spot.start : spot.start + 1] in ("{", "[") for spot in parents)


def _text_change(source: Source, path: KeyPath, value: str | None) -> _Change:
    """Return the change that writes one text."""
    spot = source.spots.get(path)
    if spot is None:
        return _add_key(source, path, value)
    start, end, style = spot.start, spot.end, spot.style
    in_flow = _is_in_flow(source, path)
    indent = _column(source, spot.key) + 2
    if style in ("|", ">"):
        return _block_change(source, spot, indent, value, keep_lines=path[-1] == "address")
    if start >= end:  # there is nothing after the colon
        position = spot.key_end + 1
        written = f" {_new_scalar(value, indent, in_flow=in_flow)}" if value else ""
        return _Change(position, position, written)
    if not value:
        if in_flow:
            return _Change(start, end, '""')
        return _Change(len(source.text[:start].rstrip(" ")), end, "")
    if style == "'" and "\n" not in value:
        return _Change(start, end, "'" + value.replace("'", "''") + "'")
    if style in ("'", '"'):
        return _Change(start, end, json.dumps(value, ensure_ascii=False))
    is_wrapped = not in_flow and "\n" in source.text[start:end]  # plain, on several lines
    written = _new_scalar(value, indent, in_flow=in_flow, as_block=is_wrapped)
    if is_wrapped and spot.key_end < start:
        return _Change(spot.key_end + 1, end, f" {written}")
    return _Change(start, end, written)


_PLAIN = re.compile(r"[^\W_][^\n:#\[\]{},&*!|>'\"%@`]*[^\s:#\[\]{},]|\w")


def _new_scalar(value: str, indent: int, *, in_flow: bool, as_block: bool = False) -> str:
    """Return text as YAML: plain if that is safe, else quoted, or after a |."""
    is_plain = (
        _PLAIN.fullmatch(value)
        and value.casefold() not in ("null", "true", "false")
        and not value.endswith("-")
    )
    if is_plain and not as_block and (in_flow or len(value) < WIDTH):
        return value
    is_short = "\n" not in value and len(value) < _LONGEST_QUOTED
    if in_flow or (is_short and not as_block):
        return json.dumps(value, ensure_ascii=False)
    lines = rewrap("", value, WIDTH - indent)
    return "\n".join(["|", *(f"{' ' * indent}{line}" if line else "" for line in lines)])


def _add_key(source: Source, path: KeyPath, value: str | None) -> _Change:
    """Return the change that adds a key after the last key of its mapping."""
    parent, parent_path = source.value(*path[:-1]), path[:-1]
    if not isinstance(parent, dict) or not parent or not value:
        raise LookupError(path)
    last = (*parent_path, next(reversed(parent)))
    spot = source.spots.get(last)
    if spot is None:
        raise LookupError(path)
    if _is_in_flow(source, path):
        end = max(spot.end, spot.key_end + 1)
        return _Change(end, end, f", {path[-1]}: {_new_scalar(value, 0, in_flow=True)}")
    column = _column(source, spot.key)
    end = _last_line_end(source, last)
    scalar = _new_scalar(value, column + 2, in_flow=False)
    return _Change(end, end, f"\n{' ' * column}{path[-1]}: {scalar}")


def _lacks_parent(source: Source, path: KeyPath) -> bool:
    """Return True if a value's mapping is missing, or has no key yet."""
    return len(path) > 1 and source.value(*path[:-1]) is None


def _add_parents(source: Source, path: KeyPath, value: str) -> _Change:
    """Return the change that adds a key with the mappings that it is in, such as a benchmark."""
    depth = next(n for n in range(len(path) - 1, -1, -1) if source.value(*path[:n]) is not None)
    parent = source.value(*path[:depth])
    if not isinstance(parent, dict) or not parent or _is_in_flow(source, path):
        raise LookupError(path)
    spot = source.spots.get(path[: depth + 1])  # a key with nothing after its colon
    last = path[: depth + 1] if spot else (*path[:depth], next(reversed(parent)))
    column, end = _column(source, source.spots[last].key), _last_line_end(source, last)
    lines = ""
    for number, key in enumerate(path[depth:-1]):
        lines += "" if spot and not number else f"\n{' ' * (column + 2 * number)}{key}:"
    column += 2 * (len(path) - 1 - depth)
    scalar = _new_scalar(value, column + 2, in_flow=False)
    return _Change(end, end, f"{lines}\n{' ' * column}{path[-1]}: {scalar}")


def _last_line_end(source: Source, path: KeyPath) -> int:
    """Return the offset where a value's last line ends, before any blank lines that follow it."""
    spots = [spot for other, spot in source.spots.items() if other[: len(path)] == path]
    end = max((max(spot.end, spot.key_end) for spot in spots), default=0)
    line_end = re.compile(r"[\r\n]").search(source.text, len(source.text[:end].rstrip()))
    return line_end.start() if line_end else len(source.text)


def _block_change(
    source: Source, spot: Spot, indent: int, value: str | None, *, keep_lines: bool
) -> _Change:
    """Return the change to a text after a | or >; it rewraps the text unless ``keep_lines``."""
    header_match = re.compile(r"[^\r\n]*").match(source.text, spot.start)
    assert header_match  # it may be empty
    header, header_end = header_match[0], header_match.end()
    body = source.text[header_end : spot.end].rstrip()
    old_lines = re.split(r"\r\n|\r|\n", body)[1:]
    with_text = [line for line in old_lines if line.strip()]
    if with_text:
        indent = len(with_text[0]) - len(with_text[0].lstrip(" "))
    old = "\n".join(line[indent:] for line in old_lines)
    if header[0] == ">":
        if value and "\n" in value:
            header = "|" + header[1:]
        else:
            old = re.sub(r"\n\n+", "\n", old)
    widths = [len(line) for line in with_text] + ([] if len(with_text) > 1 else [WIDTH])
    if keep_lines and value:
        lines = value.split("\n")
    else:
        lines = rewrap(old, value or "", max(max(widths) - indent, _NARROWEST))
    written = "".join(f"\n{' ' * indent}{line}" if line else "\n" for line in lines)
    return _Change(spot.start, header_end + len(body), header + written)


def _mapping_change(source: Source, path: KeyPath, values: dict[str, str]) -> _Change:
    """Return the change that writes a mapping in braces, on one line of its own."""
    line = f"{path[0]}: {{{', '.join(f'{key}: {value}' for key, value in values.items())}}}"
    spot, text = source.spots.get(path), f"\n{line}" if values else ""
    if spot is None:
        end = _last_line_end(source, (next(reversed(source.value())),))
        return _Change(end, end, text)
    return _Change(_before_line(source, spot.key), _last_line_end(source, path), text)


# Lists.


def _new_list(source: Source, path: KeyPath, values: list[str]) -> _Change:
    """Return the change that writes a list where there was no list, or an empty one."""
    spot = source.spots.get(path)
    indent = _column(source, spot.key) + 2 if spot else 2
    items = (_new_scalar(value, indent + 2, in_flow=False) for value in values)
    written = "".join(f"\n{' ' * indent}- {item}" for item in items)
    if spot is None:
        is_top = len(path) == 1
        end = _last_line_end(source, (next(reversed(source.value())),)) if is_top else 0
        return _Change(end, end, f"\n{path[-1]}:{written}")
    start = end = spot.key_end + 1
    if spot.end > spot.start:
        is_empty_list = source.text[spot.start] == "["
        end = source.text.index("]", spot.start) + 1 if is_empty_list else spot.end
    return _Change(start, end, written)


def _flow_list(
    source: Source, path: KeyPath, spot: Spot, old: list[str], values: list[str]
) -> _Change:
    """Return the change to a list in brackets."""
    first, last = source.spots[*path, 0], source.spots[*path, len(old) - 1]
    end = source.text.index("]", last.end)
    if re.search(r"#|[\r\n]", source.text[spot.start : end]):
        raise LookupError(path)  # its comments and line breaks would be lost
    written = {text: source.written((*path, number)) for number, text in enumerate(old)}
    quoted = source.text[first.start : first.start + 1] in ("'", '"')
    items = []
    for value in values:
        new = json.dumps(value, ensure_ascii=False) if quoted else ""
        items.append(written.get(value) or new or _new_scalar(value, 0, in_flow=True))
    return _Change(first.start, end, ", ".join(items))


def _item_changes(
    source: Source, path: KeyPath, old: list[str], new: list[str]
) -> Iterator[_Change]:
    """Yield the changes to the items of a list, with similar old and new items paired."""
    first = source.spots[*path, 0]
    dash = source.text.rfind("-", 0, first.start)
    indent = " " * _column(source, dash)
    added: dict[int, str] = {}  # by offset, so that several items keep their order
    same = [" ".join(text.split()) for text in old], [" ".join(text.split()) for text in new]
    for kind, a, b, c, d in SequenceMatcher(None, *same, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = _pair_items(same[0][a:b], same[1][c:d])
        for i, j in pairs.items():
            yield _text_change(source, (*path, a + i), new[c + j])
        for i in range(b - a):
            if i not in pairs:
                spot = source.spots[*path, a + i]
                start = _before_line(source, source.text.rfind("-", 0, spot.start))
                yield _Change(start, _last_line_end(source, (*path, a + i)), "")
        for j in range(d - c):
            if j not in pairs.values():
                earlier = max((a + i for i, k in pairs.items() if k < j), default=a - 1)
                end = _before_line(source, dash)
                if earlier >= 0:
                    end = _last_line_end(source, (*path, earlier))
                item = _new_scalar(new[c + j], len(indent) + 2, in_flow=False)
                added[end] = added.get(end, "") + f"\n{indent}- {item}"
    yield from (_Change(end, end, text) for end, text in added.items())


def _before_line(source: Source, offset: int) -> int:
    """Return the offset where the line above the line that contains ``offset`` ends."""
    start = offset - _column(source, offset)
    if not start:
        return 0
    return start - (2 if source.text[start - 2 : start] == "\r\n" else 1)


def _pair_items(old: list[str], new: list[str]) -> dict[int, int]:
    """Return pairs of similar items: the new item's index by the old item's, both ascending."""
    pairs, first = dict[int, int](), 0
    for i, text in enumerate(old):
        later = new[first:]
        ratios = [SequenceMatcher(None, text, other, autojunk=False).ratio() for other in later]
        if max(ratios, default=0) > 0.5:
            pairs[i] = first + ratios.index(max(ratios))
            first = pairs[i] + 1
    return pairs


# Prose.

_ITEM = re.compile(r" *(?:[-+*]|[0-9]{1,9}\.) ")
_MARKS = re.compile(r" *(?:[-+*] +|[0-9]{1,9}\. +)*")
_LIKE_A_MARK = re.compile(r"(?:[-+*#>]|[0-9]{1,9}[.)])$|#")


def rewrap(old: str, new: str, width: int) -> list[str]:
    """Return a new passage's lines, with the old line breaks where the words are the same."""
    old_blocks, new_lines = prose.parse(old), [line for line in new.split("\n") if line.strip()]
    depths = [block.depth for block in prose.parse(new)]
    lines: list[str] = []
    last, ends_in_item = -1, False
    for n, block in enumerate(new_lines):
        number = _most_alike(block, old_blocks)
        before = old_blocks[number] if number >= 0 else None
        raw = old[before.start - before.indent : before.end] if before else ""
        same_depth = before and len(depths) == len(new_lines) and before.depth == depths[n]
        if before and same_depth and _words(raw) == _words(block):
            block_lines = raw.split("\n")
        else:
            marks = _MARKS.match(block)
            assert marks  # it may be empty
            block_lines = _break_lines(raw, block, width, len(marks[0]))
        is_item = bool(_ITEM.match(block))
        is_apart = not (is_item and ends_in_item)
        goes_on = re.match(r" *(?!1\.)[0-9]", block) and not ends_in_item  # an earlier list
        if before and is_item and number == last + 1 and not goes_on:
            is_apart = before.apart
        if lines and is_apart:
            lines.append("")
        ends_in_item = any(map(_ITEM.match, block_lines)) or (ends_in_item and not is_apart)
        lines += block_lines
        last = number if before else last
    return lines


_MOST_COMPARED = 1_000_000
"""Pairs of words of two texts; beyond it a text is broken anew, as comparing would take long."""


def _words(text: str) -> list[str]:
    """Return the words of a text; a no-break space is part of its word."""
    return re.split(r"[ \t\r\n]+", text.strip(" \t\r\n"))


def _most_alike(block: str, old_blocks: Sequence[prose.ProseBlock]) -> int:
    """Return the index of the old block that a new block comes from; -1 if it comes from none."""
    words, lines = _words(block), [_words(old.line) for old in old_blocks]
    if words in lines:
        return lines.index(words)
    ratios = [
        SequenceMatcher(None, line, words, autojunk=False).ratio()
        if len(line) * len(words) < _MOST_COMPARED
        else 0
        for line in lines
    ]
    best = max(ratios, default=0)
    return ratios.index(best) if best > 0.4 else -1


def _break_lines(raw: str, block: str, width: int, hanging: int) -> list[str]:
    """Return the lines of a block, broken at the old line breaks and where a line is too long."""
    raw_lines = raw.split("\n")
    old_words = [word for line in raw_lines for word in _words(line) if word]
    is_first = [
        number == 0 for line in raw_lines for number, word in enumerate(_words(line)) if word
    ]
    words = _words(block)
    breaks = set()
    is_long = len(old_words) * len(words) > _MOST_COMPARED
    matcher = SequenceMatcher(None, [] if is_long else old_words, words, autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        breaks |= {b + n for n in range(size) if is_first[a + n]}
    margin = " " * hanging
    continued = [line for line in raw_lines[1:] if line.strip()]
    if continued:
        margin = continued[0][: len(continued[0]) - len(continued[0].lstrip(" "))]
    lines, line = [], block[: len(block) - len(block.lstrip(" "))]
    for number, word in enumerate(words):
        is_too_long = len(line) + 1 + len(word) > width
        may_break = not _LIKE_A_MARK.match(word) and line.strip() not in ("-", "*", "+")
        if number and (number in breaks or is_too_long) and may_break:
            lines.append(line)
            line = margin + word
        else:
            line += f" {word}" if line.strip() else word
    return [*lines, line]
