"""Find the values in a Word letter that somebody has edited, by their ids, and what is in doubt.

The letter is composed again as it was built. Its fixed words, in their order, are the anchors
between which values are. Each anchor is looked for in the edited letter by its bookmark, by its
words, and last by its style, and all of them together so that their order stays. What no anchor
proves is a doubt, never a value.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element

from prevent_letter.core.prose import one_line
from prevent_letter.letter import document
from prevent_letter.word.docx_reader import Block, Paragraph, Table, TextRun

Passage = tuple["Piece", ...]
"""Prose as a letter has it: its paragraphs and list items."""


class Piece(NamedTuple):
    """A paragraph (``depth`` 0) or list item of a passage."""

    depth: int
    ordered: bool
    runs: tuple[TextRun, ...]

    @property
    def text(self) -> str:
        """The text of all its runs."""
        return "".join(run.text for run in self.runs)


Value = str | Passage | tuple[str, ...] | tuple[Passage, ...]
"""A line, prose, the lines of the address or cc, or the key recommendations."""


@dataclass
class Anchor:
    """An anchor: fixed words of the letter, or a line that is a field."""

    kind: str
    """heading, fixed, field, label, score or table."""
    id: str
    words: str
    """Its words. For a label, score or field, only those before the value."""
    whole: str = ""
    style: str = ""
    value: str = ""
    """The id of the value that follows it, if any."""
    at: int | None = None
    """The number of its block in the edited letter; None if it was not located."""


@dataclass
class LetterValues:
    """What a letter says: values by their ids, doubts about some, and other differences."""

    values: dict[str, Value] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    unlike: list[tuple[str, str]] = field(default_factory=list)
    """The id of the nearest value, and a sentence on how the fixed wording differs."""
    owners: dict[int, str] = field(default_factory=dict)
    """The id of the value in each block, by the block's number."""


# The anchors, from the letter as it was composed.


def anchors(xhtml: str) -> list[Anchor]:
    """Return the anchors of a letter in order, from its XHTML."""
    [main] = document.tree(xhtml).iter("main")
    found: list[Anchor] = []
    passage = ""  # the id of the passage that is open
    for element in _blocks(main):
        id, inner = element.get("id", ""), next(iter(element), None)
        if inner is not None and ((element.text or "").strip() or not inner.get("id")):
            inner = None  # the paragraph does not begin with it
        text = _words(element)
        if element.tag in ("h1", "h2", "h3"):
            found.append(Anchor("heading", id, text, text, f"heading {element.tag[1]}"))
            passage = "summary" if id == "summary" else ""
        elif element.tag == "table":
            found.append(Anchor("table", "scores", text))
        elif id and element.tag == "p":
            found.append(
                Anchor(
                    "field",
                    id,
                    _words(inner) if inner is not None else "",
                    text,
                    _style(element),
                    id,
                )
            )
        elif inner is not None and element.tag == "p":
            inner_id, kind = inner.get("id", ""), "fixed"
            passage = ""
            if inner_id.endswith((".good_practice", ".recommendations")):
                kind, passage = "label", inner_id
            elif inner_id.endswith(".score"):
                kind = "score"
            elif inner_id.startswith("advisor."):
                kind = "field"
            elif inner_id == "key_recommendations.opening":
                passage = "key_recommendations"
            words = text if kind == "fixed" else _words(inner)
            value = inner_id if kind in ("label", "score", "field") else ""
            found.append(Anchor(kind, inner_id, words, text, _style(element), value))
        elif not passage:
            found.append(Anchor("fixed", "", text, text, _style(element)))
        if passage and found and element.tag in ("h2", "p") and not found[-1].value:
            found[-1].value = (
                passage if found[-1].id in ("summary", "key_recommendations.opening") else ""
            )
    return found


def _blocks(parent: Element) -> Iterator[Element]:
    """Yield paragraphs, items with text of their own, headings and tables, in order."""
    for child in parent:
        if child.get("class") == "screen" or child.tag == "aside":
            continue
        if child.tag in ("section", "ul", "ol", "li"):
            if child.tag == "li" and not any(each.tag == "p" for each in child):
                yield child
            yield from _blocks(child)
        elif child.tag in ("p", "h1", "h2", "h3", "table"):
            yield child


def _words(element: Element) -> str:
    """Return the text of an element, with line breaks as newlines and white space collapsed."""
    parts: list[str] = []

    def walk(each: Element) -> None:
        parts.append(each.text or "")
        for child in each:
            if child.tag == "br":
                parts.append("\n")
            elif (
                child.get("class") != "screen"
                and child.get("role") != "doc-noteref"
                and child.tag not in ("ul", "ol")
            ):
                walk(child)
            parts.append(child.tail or "")

    walk(element)
    return "\n".join(
        one_line(line).strip()
        for line in "".join(p.replace("\n", " ") if p != "\n" else p for p in parts).split("\n")
    )


def _style(element: Element) -> str:
    return element.get("class", "").replace("-", " ") or ("normal" if element.tag == "p" else "")


# Where they stand in the cleared letter.


def fold(text: str) -> str:
    """Return text for comparison: all white space, dashes, quotation marks and cases are alike."""
    text = re.sub(r"[‐-―−]", "-", text.translate(_QUOTES))
    return " ".join(text.replace("\u00ad", "").split()).casefold()


_QUOTES = str.maketrans("‘’‚“”„«»", '\'\'\'"""""')


def align(anchors: Sequence[Anchor], blocks: Sequence[Block]) -> None:
    """Locate each anchor among the blocks (``at``), keeping their order.

    The first pass uses bookmarks and equal words. The second pass compares what is between the
    located anchors more closely.
    """
    texts = [fold(block.text) if isinstance(block, Paragraph) else "" for block in blocks]
    folded = [(fold(anchor.words), fold(anchor.whole)) for anchor in anchors]

    def fill(of: range, among: range, near: bool) -> None:
        """Locate anchors by the heaviest sequence of pairs that are in the same order."""
        best = [[0.0] * (len(among) + 1) for _ in range(len(of) + 1)]
        weights: dict[tuple[int, int], float] = {}
        for i in range(len(of) - 1, -1, -1):
            row, below, anchor, words = best[i], best[i + 1], anchors[of[i]], folded[of[i]]
            for j in range(len(among) - 1, -1, -1):
                row[j] = max(below[j], row[j + 1])
                if weight := _weight(anchor, *words, blocks[among[j]], texts[among[j]], near):
                    weights[i, j] = weight
                    row[j] = max(row[j], weight + below[j + 1])
        i = j = 0
        while i < len(of) and j < len(among):
            if (i, j) in weights and best[i][j] == weights[i, j] + best[i + 1][j + 1]:
                anchors[of[i]].at = among[j]
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1

    fill(range(len(anchors)), range(len(blocks)), near=False)
    ends = [
        (-1, -1),
        *((n, anchor.at) for n, anchor in enumerate(anchors) if anchor.at is not None),
        (len(anchors), len(blocks)),
    ]
    for (first, start), (last, end) in pairwise(ends):
        if last - first > 1 and end - start > 1:
            fill(range(first + 1, last), range(start + 1, end), near=True)


def _weight(anchor: Anchor, words: str, whole: str, block: Block, text: str, near: bool) -> float:
    """Return how sure it is that a block is an anchor (0: it is not).

    With ``near``, similar words count too.
    """
    if isinstance(block, Table):
        return 3 * (
            anchor.kind == "table"
            and bool(block.rows)
            and _close(fold(" ".join(map(" ".join, block.rows))), words)
        )
    if anchor.kind == "table":
        return 0
    marked = bool(anchor.id) and f"_PL_{anchor.id.replace('.', '__')}" in block.marks
    if anchor.kind in ("label", "score"):
        if text.startswith(words.rstrip()):
            return 3 + marked
        return 1.5 * (marked and bool(text))
    if anchor.kind == "field":
        if words and not text.startswith(words.strip()):
            return 1.2 * (marked and bool(text))
        if text == whole:
            return 3 + marked
        if marked and text:
            return 2.5
        if words and block.style == anchor.style:
            return 1.5
        if near and _close(text, whole):
            return 2.0
        same_style = block.style == anchor.style
        if anchor.style == "recipient":
            same_style = block.style in ("recipient", "addressee", "envelope address")
        return 0.6 if near and text and anchor.style not in ("", "normal") and same_style else 0
    if text == whole:
        return 4 if text else 0
    if marked and text and fold(text)[:20] == whole[:20]:
        return 2.6
    if near and _close(text, whole):
        return 2.5 + marked
    return 1.5 * (
        marked and bool(text) and anchor.kind == "heading" and block.style == anchor.style
    )


def _close(one: str, other: str) -> bool:
    """Return True if two texts are nearly the same."""
    if not one or not other or not 0.55 < len(one) / len(other) < 1.8:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return (
        matcher.real_quick_ratio() >= 0.8
        and matcher.quick_ratio() >= 0.8
        and matcher.ratio() >= 0.8
    )


# What stands between them.


def read(xhtml: str, blocks: Sequence[Block]) -> LetterValues:
    """Read the values of a letter that was composed as ``xhtml`` from its edited blocks."""
    found, made = anchors(xhtml), LetterValues()
    align(found, blocks)
    _check_sections(found, blocks, made)
    taken = {anchor.at for anchor in found if anchor.at is not None}
    _read_fields(found, blocks, taken, made)
    for number, anchor in enumerate(found):
        behind = next((each.at for each in found[number + 1 :] if each.at is not None), len(blocks))
        if anchor.kind == "table":
            _read_table(anchor, xhtml, blocks, made)
        elif anchor.at is None and anchor.style == "marking":
            continue  # a draft's mark
        elif anchor.at is None:
            if anchor.kind in ("label", "score"):
                made.doubts[anchor.value] = f'its label, "{anchor.words.strip()}", is missing'
            elif anchor.value in ("summary", "key_recommendations"):
                made.doubts[anchor.value] = (
                    f'the words before it are missing: "{anchor.whole[:60]}"'
                )
                made.unlike.append((anchor.value, f'these words are gone: "{anchor.whole[:80]}"'))
            elif anchor.kind in ("heading", "fixed"):
                made.unlike.append((anchor.id, f'these words are gone: "{anchor.whole[:80]}"'))
        elif anchor.kind == "score":
            made.values[f"{anchor.id}|section"] = one_line(
                _rest(blocks[anchor.at], anchor.words)
            ).strip()
            made.owners[anchor.at] = anchor.id
            _label(anchor, blocks[anchor.at], made)
        elif anchor.kind == "label" or anchor.value in ("summary", "key_recommendations"):
            _read_passage(
                anchor, found[number + 1 :], blocks, range(anchor.at + 1, behind), taken, made
            )
        if anchor.at is not None and anchor.kind in ("fixed", "heading"):
            _compare(anchor, blocks[anchor.at], made)
    taken |= {anchor.at for anchor in found if anchor.at is not None}
    for number, block in enumerate(blocks):
        if number not in taken and _has_text(block):
            text = " ".join(map(" ".join, block.rows)) if isinstance(block, Table) else block.text
            words = f'these words stand among the fixed ones: "{one_line(text)[:100]}"'
            made.unlike.append(("", words))
    asked = prompts(xhtml)
    if asked:
        made.values = {id: _without(value, asked) for id, value in made.values.items()}
    return made


def prompts(xhtml: str) -> frozenset[str]:
    """Return the prompts of a form: the words in place of what has still to be written."""
    spans = document.tree(xhtml).iter("span") if 'class="prompt"' in xhtml else ()
    return frozenset(_words(span) for span in spans if span.get("class") == "prompt")


def _without(value: Value, asked: frozenset[str]) -> Value:
    """Return a value without its prompts; in the address the name keeps its place."""
    if isinstance(value, str):
        return "" if value.rstrip(",") in asked else value
    if value and isinstance(value[0], str):
        return tuple(
            "" if line in asked else str(line)
            for n, line in enumerate(value)
            if not n or line not in asked
        )
    if value and isinstance(value[0], Piece):
        return tuple(
            piece for piece in value if isinstance(piece, Piece) and piece.text not in asked
        )
    passages = (item for item in value if isinstance(item, tuple))
    items = (tuple(p for p in item if p.text not in asked) for item in passages)  # type: ignore[union-attr]  # the value is a passage list here
    return tuple(item for item in items if item)  # type: ignore[return-value]  # the value is a passage list here


def _check_sections(found: Sequence[Anchor], blocks: Sequence[Block], made: LetterValues) -> None:
    """Doubt values whose label is not below its own heading, because sections were moved."""
    sections = [
        anchor.id
        for anchor in found
        if anchor.kind == "heading" and any(p.id == f"{anchor.id}.score" for p in found)
    ]
    at = {anchor.id: anchor.at for anchor in found if anchor.id in sections}
    texts = {fold(anchor.whole): anchor.id for anchor in found if anchor.id in sections}
    owners: dict[int, str] = {}
    astray: set[str] = set()
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph) and (id := texts.get(fold(block.text))):
            owners[number] = id
            if at[id] != number:
                astray.add(id)
    for anchor in found:
        section = anchor.id.rsplit(".", 1)[0]
        if anchor.at is None or anchor.kind not in ("label", "score") or section not in sections:
            continue
        above = max((number for number in owners if number < anchor.at), default=-1)
        owner = owners.get(above, section)
        late = sections.index(owner) > sections.index(section)
        if owner != section and (owner in astray or late):
            made.doubts[anchor.value] = "its section isn't where it was"
    for id in astray:
        made.unlike.append((id, "its section stands in another place"))
        for name in ("score", "good_practice", "recommendations"):
            made.doubts.setdefault(f"{id}.{name}", "its section isn't where it was")


def _rest(block: Block, words: str) -> str:
    """Return the text of a paragraph after its fixed words."""
    text = block.text if isinstance(block, Paragraph) else ""
    length = _length(text, words)
    return text[length:] if length else text


def _length(text: str, words: str) -> int:
    """Return the length of fixed words at the beginning of a text; 0 if it has others."""
    goal = fold(words)
    for end in range(min(len(text), len(words) + 8) + 1):
        if fold(text[:end]) == goal:
            if goal[-1:].isalnum() and text[end : end + 1].isalnum():
                continue  # the beginning of a longer word
            while end < len(text) and text[end] in " \u00a0:":
                end += 1
            return end
    return 0


def _label(anchor: Anchor, block: Block, made: LetterValues) -> None:
    """Note that the label of a value was changed."""
    text = block.text if isinstance(block, Paragraph) else ""
    if not _length(text, anchor.words):
        made.unlike.append(
            (anchor.id, f'"{anchor.words.strip()}" isn\'t there any more: "{one_line(text)[:60]}"')
        )
        made.doubts[anchor.value or anchor.id] = f'its label, "{anchor.words.strip()}", was changed'


def _compare(anchor: Anchor, block: Block, made: LetterValues) -> None:
    """Note that fixed words were changed."""
    text = block.text if isinstance(block, Paragraph) else ""
    if isinstance(block, Paragraph) and (odd := block.odd - {"footnote", "line break"}):
        made.unlike.append(
            (anchor.id, f'a {" and a ".join(sorted(odd))} stands in "{anchor.whole[:60]}"')
        )
    if (
        one_line(text.replace("\n", " ").replace("\u00a0", " ")).split()
        != anchor.whole.replace("\u00a0", " ").split()
    ):
        before, after = difference(
            one_line(anchor.whole.replace("\n", " ")), one_line(text.replace("\n", " "))
        )
        made.unlike.append((anchor.id, f'"{before}" is "{after}" now'))


def difference(one: str, other: str) -> tuple[str, str]:
    """Return the words in which two texts differ, with one common word on each side."""
    a, b = one.split(), other.split()
    start = next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    start, end = max(0, start - 1), max(0, end - 1)
    return _short(a[start : len(a) - end]), _short(b[start : len(b) - end])


def _short(words: list[str]) -> str:
    """Return words for a message, shortened in the middle if they are many."""
    text = " ".join(words)
    return text if len(text) < 200 else f"{text[:95]} ... {text[-95:]}"


def _read_fields(
    found: Sequence[Anchor], blocks: Sequence[Block], taken: set[int], made: LetterValues
) -> None:
    """Read the values of lines that are only a field.

    A line that was typed anew is known by the anchors before and after it.
    """
    for number, anchor in enumerate(found):
        if anchor.kind != "field" or anchor.at is not None:
            continue
        before = next((each.at for each in reversed(found[:number]) if each.at is not None), -1)
        behind = next((each.at for each in found[number + 1 :] if each.at is not None), len(blocks))
        lost: list[Anchor] = []
        for other, each in enumerate(found):
            if each.at is None and before < behind and each.kind == "field":
                first = next((p.at for p in reversed(found[:other]) if p.at is not None), -1)
                last = next((p.at for p in found[other + 1 :] if p.at is not None), -1)
                if (first, last) in ((before, behind), (before, -1)):
                    lost.append(each)
        free = [n for n in range(before + 1, behind) if n not in taken and _has_text(blocks[n])]
        if len(lost) == len(free) == 1 or (
            len(lost) == len(free) and not any(each.words for each in lost)
        ):
            for each, at in zip(lost, free, strict=True):
                each.at = at
                taken.add(at)
    copies: list[str] = []
    for anchor in (each for each in found if each.kind == "field"):
        if anchor.at is None:
            if not anchor.id.startswith("cc.") and _proved(found, anchor, blocks, taken):
                made.values[anchor.id] = ""
            elif not anchor.id.startswith("cc."):
                made.doubts[anchor.id] = "its line can't be found"
            continue
        block = blocks[anchor.at]
        text = block.text if isinstance(block, Paragraph) else ""
        made.owners[anchor.at] = (
            anchor.id.split(".")[0] if anchor.id.startswith("cc.") else anchor.id
        )
        rest = _rest(block, anchor.words) if anchor.words else text
        if anchor.words and not _length(text, anchor.words):
            made.doubts[anchor.id] = (
                f'it doesn\'t begin with "{anchor.words.strip()}": "{one_line(text)[:60]}"'
            )
        if anchor.id.startswith("cc."):
            copies.append(one_line(rest).strip())
        elif anchor.id == "addressee":
            made.values[anchor.id] = tuple(
                line for each in text.split("\n") if (line := one_line(each).strip())
            )
        else:
            made.values[anchor.id] = one_line(
                rest.replace("\n", " ").replace("\u00a0", " ")
            ).strip()
    made.values["cc"] = tuple(copies)
    _more_copies(found, blocks, taken, made)
    address = next((anchor.at for anchor in found if anchor.id == "addressee"), None)
    behind = min(
        (
            anchor.at
            for anchor in found
            if anchor.at is not None and address is not None and anchor.at > address
        ),
        default=0,
    )
    if address is not None and any(
        n not in taken and _has_text(blocks[n]) for n in range(address + 1, behind)
    ):
        made.doubts["addressee"] = "other lines stand below it"


def _proved(
    found: Sequence[Anchor], anchor: Anchor, blocks: Sequence[Block], taken: set[int]
) -> bool:
    """Return True if a line was deleted: the anchors before and after it are neighbours."""
    number = found.index(anchor)
    around = (
        (found[number - 1].at if number else -1),
        (found[number + 1].at if number + 1 < len(found) else len(blocks)),
    )
    if around[0] is None or around[1] is None:
        return False
    return not any(_has_text(blocks[n]) and n not in taken for n in range(around[0] + 1, around[1]))


def _more_copies(
    found: Sequence[Anchor], blocks: Sequence[Block], taken: set[int], made: LetterValues
) -> None:
    """Read the cc lines: those between addressee and greeting that begin with "cc"."""
    prefix = next(
        (anchor.words for anchor in found if anchor.id.startswith("cc.") and anchor.words), "cc "
    )
    ends = [anchor.at for anchor in found if anchor.id in ("addressee", "greeting")]
    if None in ends or len(ends) != 2:
        return
    lines = []
    for number in range(ends[0] + 1, ends[1]):  # type: ignore[operator,arg-type]  # both anchors were found
        block = blocks[number]
        if (
            isinstance(block, Paragraph)
            and _length(block.text, prefix)
            and (rest := _rest(block, prefix).strip())
        ):
            lines.append(one_line(rest))
            taken.add(number)
            made.owners[number] = "cc"
    made.values["cc"] = tuple(lines)


def _has_text(block: Block) -> bool:
    return isinstance(block, Table) or bool(block.text.strip())


def _read_table(anchor: Anchor, xhtml: str, blocks: Sequence[Block], made: LetterValues) -> None:
    """Read the scores of the table, by the names in its rows."""
    element = next(document.tree(xhtml).iter("table"))
    rows = {}
    for row in element.iter("tr"):
        named = next(
            (each for each in row.iter("span") if each.get("id", "").startswith("scores.")), None
        )
        if named is not None:
            rows[named.get("id", "").removeprefix("scores.")] = [_words(cell) for cell in row]
    block = blocks[anchor.at] if anchor.at is not None else None
    if not isinstance(block, Table):
        for id in rows:
            made.doubts[f"{id}.score"] = "the table of the scores is missing"
        return
    made.owners[anchor.at or 0] = "scores"
    left = [list(row) for row in block.rows]
    head = [_words(cell) for cell in next(element.iter("tr"))]
    if left and fold(" ".join(left[0])) != fold(" ".join(head)):
        made.unlike.append(("scores", f'the head of the table is "{" ".join(left[0])[:80]}" now'))
    for id, cells in rows.items():
        there: list[str] | None = next(
            (each for each in left if len(each) == len(cells) and fold(each[1]) == fold(cells[1])),
            None,
        )
        there = (
            there
            or next(
                (each for each in left if len(each) == len(cells) and each[0] == cells[0]), None
            )
            or next(
                (
                    each
                    for each in left
                    if len(each) == len(cells) and _close(fold(each[1]), fold(cells[1]))
                ),
                None,
            )
        )
        if there is None:
            made.doubts[f"{id}.score"] = f'the row "{cells[1]}" of the table is missing'
            continue
        left.remove(there)
        made.values[f"{id}.score|table"] = one_line(there[-1]).strip()
        if [fold(each) for each in there[:-1]] != [fold(each) for each in cells[:-1]]:
            made.unlike.append(
                (f"{id}.score", f'a row of the table is "{" ".join(there[:-1])}" now')
            )
    for more in left[1:]:
        made.unlike.append(("scores", f'a row was added to the table: "{" ".join(more)[:80]}"'))


def _read_passage(
    anchor: Anchor,
    behind: Sequence[Anchor],
    blocks: Sequence[Block],
    numbers: range,
    taken: set[int],
    made: LetterValues,
) -> None:
    """Read a passage: the text after its label, and the blocks up to the next anchor."""
    assert anchor.at is not None
    pieces: list[Piece] = []
    head = blocks[anchor.at]
    id = anchor.value
    odd: set[str] = set()
    touching = anchor.kind == "label"
    if anchor.kind == "label" and isinstance(head, Paragraph):
        _label(anchor, head, made)
        runs, touching = unbold(cut(head.runs, _length(head.text, anchor.words)), touching)
        pieces += pieces_of(runs, 0, False, odd)
        odd |= head.odd
        made.owners[anchor.at] = id
    for number in numbers:
        block = blocks[number]
        if number in taken or not (isinstance(block, Table) or block.text.strip() or block.odd):
            continue
        taken.add(number)
        made.owners[number] = id
        if isinstance(block, Table):
            odd.add("table")
            continue
        if block.style.startswith("heading"):
            odd.add("heading")
        odd |= block.odd
        runs, touching = unbold(block.runs, touching)
        pieces += pieces_of(runs, block.depth, block.ordered, odd)
    if id == "key_recommendations":
        made.values[id] = tuple(items_of(pieces))
        if any(not piece.depth for piece in pieces):
            made.doubts[id] = "a paragraph stands among its items that is none"
    else:
        made.values[id] = tuple(pieces)
    if hard := odd - {"line break"}:
        names = " and a ".join(sorted(hard))
        made.doubts[id] = f"a {names} stands in it, which the file can't hold"
    elif "line break" in odd:
        made.values[f"{id}|break"] = "a line break in it begins a paragraph in the file"
    following = behind[0] if behind else None
    if following and following.kind != "field":
        words = " ".join(following.whole.split())[:60]
        at = blocks[following.at] if following.at is not None else None
        if at is None:
            made.values[f"{id}|open"] = f'the words after it, "{words}", are missing'
        elif isinstance(at, Paragraph) and fold(at.text)[:12] != fold(following.whole)[:12]:
            made.values[f"{id}|open"] = f'the words after it, "{words}", begin otherwise'


def cut(runs: Sequence[TextRun], length: int) -> list[TextRun]:
    """Return runs without their first characters."""
    left: list[TextRun] = []
    for run in runs:
        if length >= len(run.text):
            length -= len(run.text)
        else:
            left.append(run._replace(text=run.text[length:]))
            length = 0
    return left


def unbold(runs: Sequence[TextRun], touching: bool) -> tuple[list[TextRun], bool]:
    """Return runs without the bold that a label spread into them, and whether it goes on.

    ``touching`` is True if all runs so far are bold like the label.
    """
    made = []
    for run in runs:
        touching = touching and (run.bold or not run.text.strip())
        made.append(run._replace(bold=False) if touching else run)
    return made, touching


def pieces_of(runs: Sequence[TextRun], depth: int, ordered: bool, odd: set[str]) -> list[Piece]:
    """Return the pieces of a paragraph: one, or one for each line if it has line breaks."""
    lines: list[list[TextRun]] = [[]]
    for run in runs:
        first, *more = run.text.split("\n")
        lines[-1].append(run._replace(text=first))
        lines += [[run._replace(text=text)] for text in more]
    pieces = [
        piece for line in lines if (piece := Piece(depth, ordered and depth > 0, tidy(line))).runs
    ]
    if len(pieces) > 1:
        odd.add("line break")
    return pieces


def tidy(runs: Sequence[TextRun]) -> tuple[TextRun, ...]:
    """Return runs with white space collapsed, and none at the edges.

    A space between two looks gets what the two have in common.
    """
    signs: list[tuple[str, tuple[bool, bool, str]]] = []
    for run in runs:
        for sign in run.text.replace("\u00ad", ""):
            sign = " " if sign.isspace() and sign != "\u00a0" else sign
            if sign != " " or (signs and signs[-1][0] != " "):
                signs.append((sign, run[1:]))
    while signs and signs[-1][0] in " \u00a0":
        signs.pop()
    while signs and signs[0][0] in " \u00a0":
        signs.pop(0)
    for number in range(1, len(signs) - 1):
        if signs[number][0] == " ":
            before, after = signs[number - 1][1], signs[number + 1][1]
            both = (
                before
                if before == after
                else (
                    before[0] and after[0],
                    before[1] and after[1],
                    "" if before[2] != after[2] else before[2],
                )
            )
            signs[number] = " ", both
    looks = groupby(signs, key=lambda sign: sign[1])
    return tuple(TextRun("".join(sign for sign, _ in group), *look) for look, group in looks)


def items_of(pieces: Sequence[Piece]) -> Iterator[Passage]:
    """Yield the key recommendations: each outermost item with its inner items, as a passage."""
    item: list[Piece] = []
    for piece in pieces:
        if piece.depth <= 1 and item:
            yield tuple(item)
            item = []
        item.append(
            piece._replace(depth=max(0, piece.depth - 1), ordered=piece.ordered and piece.depth > 1)
        )
    if item:
        yield tuple(item)


# As the file has it.


def written(passage: Passage) -> str:
    """Return a passage as prose, with blank lines between paragraphs and with list marks."""
    lines: list[str] = []
    counts: list[int] = []
    margins = [0]
    for piece in passage:
        text = ""
        for run in piece.runs:  # spaces stand outside the marks
            inner = run.text.strip(" ")
            sign = "*" * (run.italic + 2 * run.bold) if inner else ""
            words = f"[{inner}]({run.link})" if inner and run.link else inner
            before, _, after = run.text.partition(inner) if inner else (run.text, "", "")
            text += f"{before}{sign}{words}{sign}{after}"
        if not piece.depth:
            lines += [""] * bool(lines) + [text]
            counts, margins = [], [0]
            continue
        del counts[piece.depth :], margins[piece.depth :]
        begins = len(counts) < piece.depth
        while len(counts) < piece.depth:
            counts.append(0)
        counts[-1] += 1
        mark = f"{counts[-1]}." if piece.ordered else "-"
        lines += [""] * (begins and piece.depth == 1 and bool(lines)) + [
            f"{' ' * margins[-1]}{mark} {text}"
        ]
        margins.append(margins[-1] + len(mark) + 1)
    return "\n".join(lines)
