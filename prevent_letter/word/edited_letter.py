"""Find the values in a Word letter that somebody has edited, by their ids, and what is in doubt.

The letter as it was built is the model. Its fixed words are the anchors, in order, with the values
between them. Each anchor is looked for in the edited letter by its bookmark, by its words, by its
label, and last by similar words. A value is in doubt unless anchors prove where it is.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import unescape
from itertools import groupby, pairwise
from typing import NamedTuple

from prevent_letter.assessment.values import only_possible_date
from prevent_letter.core.prose import one_line
from prevent_letter.word.docx_reader import Block, Paragraph, Table, TextRun

Value = str | tuple[str, ...]
"""A value as its assessment says it: text, or the texts of a list."""
_PASSAGES = (".good_practice", ".recommendations")


@dataclass
class Anchor:
    """Fixed words of the model, or a line of it that shows one field."""

    block: Block
    """Its block in the model."""
    id: str = ""
    words: str = ""
    """The fixed words before a value."""
    value: str = ""
    """The id of the value that it has, or that follows it; empty for fixed words alone."""
    is_passage: bool = False
    """True if the value is a passage, which goes on up to the next anchor."""
    number: int | None = None
    """The number of its block in the edited letter; None if it was not located."""


@dataclass
class LetterValues:
    """What a letter says: values by their ids, doubts about some, and other differences."""

    values: dict[str, Value] = field(default_factory=dict)
    """Each value, by its id; empty where the letter says nothing."""
    doubts: dict[str, str] = field(default_factory=dict)
    """Why a value is in doubt."""
    doubts_if_changed: dict[str, str] = field(default_factory=dict)
    """Why a value is in doubt if it has been changed."""
    breaks: set[str] = field(default_factory=set)
    """The ids of values with a line break, which begins a paragraph in the file."""
    unlike: list[tuple[str, str]] = field(default_factory=list)
    """The id of the nearest value, and a sentence on how the fixed wording differs."""
    owners: dict[int, str] = field(default_factory=dict)
    """The id of the value in each block, by the block's number."""


def anchors(model: Sequence[Block]) -> list[Anchor]:
    """Return the anchors of a letter as it was built, in order."""
    listed: list[Anchor] = []
    passage = ""  # the id of the passage that is open
    for block in model:
        if isinstance(block, Table):
            listed.append(Anchor(block, "table"))
            continue
        ids = sorted(block.marks, key=len)
        id, length = (ids[0], block.marks[ids[-1]]) if ids else ("", 0)
        words = block.text[:length] if len(ids) > 1 or length < len(block.text) else ""
        if passage and (not id or (id.startswith(f"{passage}.") and id[-1].isdigit())):
            continue  # it belongs to the passage
        passage = ""
        if block.style.startswith("heading"):
            passage = "summary" if id == "summary" else ""
        elif id.endswith(_PASSAGES):
            passage = id
        elif id == "key_recommendations.opening":
            passage, words = "key_recommendations", ""
        elif id:
            is_field = not words or len(ids) > 1 or id.startswith("advisor.")
            if is_field or id.endswith(".score"):
                listed.append(Anchor(block, id, words, id))
                continue
        listed.append(Anchor(block, id, words if passage else "", passage, bool(passage)))
    return listed


_QUOTES = str.maketrans("‘’‚“”„«»", '\'\'\'"""""')


def fold(text: str) -> str:
    """Return text for comparison: all white space, dashes, quotation marks and cases are alike."""
    text = re.sub(r"[‐-―−]", "-", text.translate(_QUOTES))
    return " ".join(text.replace("\u00ad", "").split()).casefold()


def align(anchors: Sequence[Anchor], blocks: Sequence[Block]) -> None:
    """Set the ``number`` of each anchor that is found among the blocks, in the same order."""
    texts, wholes = [fold(b.text) for b in blocks], [fold(a.block.text) for a in anchors]
    known, labels = {a.id for a in anchors if a.id}, [fold(a.words) for a in anchors]
    marks, begins = [], []
    for block, text in zip(blocks, texts, strict=True):
        mark = "table"
        if isinstance(block, Paragraph):
            mark = next((id for id in block.marks if id in known), "") if text else ""
        marks.append(mark)
        begins.append(next((label for label in labels if label and text.startswith(label)), ""))
    # By bookmark, by all words, and by label. What is empty is like nothing else.
    for ours, theirs in (([a.id for a in anchors], marks), (wholes, texts), (labels, begins)):
        for own, among in _gaps(anchors, len(blocks)):
            pair = [ours[n] or n for n in own], [theirs[n] or -1 - n for n in among]
            for a, b, size in SequenceMatcher(None, *pair, autojunk=False).get_matching_blocks():
                for n in range(size):
                    anchors[own[a + n]].number = among[b + n]
    for own, among in _gaps(anchors, len(blocks)):  # by similar words
        left = list(among)
        for n in own:
            similar = (m for m in left if not anchors[n].is_passage and _close(texts[m], wholes[n]))
            if (number := next(similar, None)) is not None:
                anchors[n].number, left = number, [m for m in left if m > number]


def _gaps(anchors: Sequence[Anchor], blocks: int) -> Iterator[tuple[range, range]]:
    """Yield, gap by gap, the numbers of the anchors not located yet and of the blocks there."""
    located = [(n, anchor.number) for n, anchor in enumerate(anchors) if anchor.number is not None]
    for (first, start), (last, end) in pairwise([(-1, -1), *located, (len(anchors), blocks)]):
        if last - first > 1 and end - start > 1:
            yield range(first + 1, last), range(start + 1, end)


def _close(one: str, other: str) -> bool:
    """Return True if two texts are nearly the same."""
    if not one or not other or not 0.55 < len(one) / len(other) < 1.8:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)  # the quick ones first
    return all(ratio() >= 0.8 for ratio in ratios)


def read(
    model: Sequence[Block], blocks: Sequence[Block], nothing: str = "", prompts: Container[str] = ()
) -> LetterValues:
    """Read the values of an edited letter.

    Args:
        model: the letter as it was built.
        blocks: the letter as it is now.
        nothing: the words that a letter shows for an empty text.
        prompts: the words of a form that stand for what has still to be written.
    """
    return _ValueReader(model, blocks, nothing, prompts).read()


class _ValueReader:
    """Reads the values of one letter, anchor by anchor."""

    def __init__(
        self, model: Sequence[Block], blocks: Sequence[Block], nothing: str, prompts: Container[str]
    ) -> None:
        self.anchors, self.blocks = anchors(model), blocks
        self.nothing, self.prompts = nothing, prompts
        self.labels = {fold(a.words) for a in self.anchors if a.is_passage and a.words}
        self.says = LetterValues()
        align(self.anchors, blocks)
        self.taken = {a.number for a in self.anchors if a.number is not None}

    def read(self) -> LetterValues:
        copies = self._new_copies()
        self._locate_lines()
        for position, anchor in enumerate(self.anchors):
            block = self.blocks[anchor.number] if anchor.number is not None else None
            if anchor.is_passage:
                self._passage(position, anchor)
            elif isinstance(anchor.block, Table):
                self._table(anchor.block, block)
            elif anchor.value and block:
                owner = "cc" if anchor.value.startswith("cc.") else anchor.value
                self.says.owners[anchor.number or 0] = owner
                self.says.values[anchor.value] = self._line(anchor, block)
            elif not anchor.value:
                self._fixed(anchor, block)
        for anchor in (anchor for anchor in self.anchors if anchor.value.startswith("cc.")):
            text = str(self.says.values.pop(anchor.value, ""))
            if anchor.number is not None:
                copies[anchor.number] = text
        self.says.values["cc"] = tuple(text for _, text in sorted(copies.items()) if text)
        self._addressee()
        self._scores()
        for number in self._free(range(len(self.blocks))):
            words = one_line(self.blocks[number].text)[:100]
            self.says.unlike.append(("", f'these words stand among the fixed ones: "{words}"'))
        return self.says

    def _free(self, among: range) -> list[int]:
        """Return the numbers of blocks with text that no anchor or value has taken yet."""
        return [n for n in among if n not in self.taken and self.blocks[n].text.strip()]

    def _new_copies(self) -> dict[int, str]:
        """Read new cc lines, which begin like the others, between addressee and greeting."""
        numbers = {anchor.value: anchor.number for anchor in self.anchors}
        first, last = numbers.get("addressee"), numbers.get("greeting")
        words = next((a.words for a in self.anchors if a.value.startswith("cc.")), "cc ")
        copies = {}
        for number in self._free(range((first or 0) + 1, last or 0)) if first is not None else ():
            text = self.blocks[number].text
            if length := length_of(text, words):
                copies[number] = one_line(text[length:]).strip()
                self.taken.add(number)
                self.says.owners[number] = "cc"
        return copies

    def _locate_lines(self) -> None:
        """Locate the lines that show one field where it is certain which lines these are.

        If a line is missing, its value is empty if no other text is there, and else in doubt.
        """
        located = [(n, a.number) for n, a in enumerate(self.anchors) if a.number is not None]
        ends = [(-1, -1), *located, (len(self.anchors), len(self.blocks))]
        for (first, start), (last, end) in pairwise(ends):
            lost, free = self.anchors[first + 1 : last], self._free(range(start + 1, end))
            lines = [anchor for anchor in lost if anchor.value and not anchor.is_passage]
            after_passage = first >= 0 and self.anchors[first].is_passage
            is_certain = len(lost) == len(lines) == len(free) and not after_passage
            if lines and is_certain and (len(free) == 1 or not any(a.words for a in lines)):
                for anchor, number in zip(lines, free, strict=True):
                    anchor.number = number
                    self.taken.add(number)
                continue
            for anchor in lines:
                if anchor.value.endswith(".score"):
                    label = anchor.words.strip()
                    self.says.doubts[anchor.value] = f'its label, "{label}", is missing'
                elif len(lost) == len(lines) and not free:
                    self.says.values[anchor.value] = ""
                elif not anchor.value.startswith("cc."):
                    self.says.doubts[anchor.value] = "its line can't be found"

    def _line(self, anchor: Anchor, block: Block) -> str:
        """Return the value after the fixed words of a line. It is in doubt if they are missing."""
        length = length_of(block.text, anchor.words)
        if anchor.words and not length:
            label = anchor.words.strip()
            words = f'"{label}" isn\'t there any more: "{one_line(block.text)[:60]}"'
            self.says.unlike.append((anchor.id, words))
            self.says.doubts[anchor.value] = f'its label, "{label}", was changed'
        text = block.text[length:]
        if anchor.value != "addressee":
            text = one_line(text.replace("\n", " ").replace("\u00a0", " ")).strip()
        if anchor.value == "greeting":
            text = text.rstrip(",: ")
        if anchor.value == "date" and text:
            text = only_possible_date(text) or text
        return "" if text in self.prompts else text

    def _fixed(self, anchor: Anchor, block: Block | None) -> None:
        """Note fixed words that were changed or deleted. A draft's marking may be missing."""
        whole = anchor.block.text
        if block is None:
            is_marking = isinstance(anchor.block, Paragraph) and anchor.block.style == "marking"
            if not is_marking:
                self.says.unlike.append((anchor.id, f'these words are gone: "{whole[:80]}"'))
            return
        if isinstance(block, Paragraph) and (odd := block.odd - {"footnote"}):
            words = f'a {" and a ".join(sorted(odd))} stands in "{whole[:60]}"'
            self.says.unlike.append((anchor.id, words))
        texts = [text.replace("\u00a0", " ").split() for text in (whole, block.text)]
        if texts[0] != texts[1]:
            before, after = difference(one_line(whole), one_line(block.text))
            self.says.unlike.append((anchor.id, f'"{before}" is "{after}" now'))

    def _passage(self, position: int, anchor: Anchor) -> None:
        """Read a passage: the text after its label, and the blocks up to the next anchor."""
        id, says = anchor.value, self.says
        if anchor.number is None:
            words = anchor.words.strip() or anchor.block.text[:60]
            label = "its label, " if anchor.words else ""
            says.doubts[id] = f'{label}"{words}"{"," if label else ""} is missing'
            if not anchor.words:
                words = f'these words are gone: "{anchor.block.text[:80]}"'
                says.unlike.append((id, words))
            return
        head, pieces, odd = self.blocks[anchor.number], list[Piece](), set[str]()
        is_label_bold = bool(anchor.words)
        if anchor.words and isinstance(head, Paragraph):
            self._line(anchor, head)
            runs = cut(head.runs, length_of(head.text, anchor.words))
            runs, is_label_bold = unbold(runs, is_label_bold)
            pieces, odd = pieces_of(runs, 0, False, odd), odd | head.odd
            says.owners[anchor.number] = id
        else:
            self._fixed(anchor, head)
        later = (a.number for a in self.anchors[position + 1 :] if a.number is not None)
        for number in range(anchor.number + 1, next(later, len(self.blocks))):
            block = self.blocks[number]
            self.taken.add(number)
            says.owners[number] = id
            if isinstance(block, Table):
                odd.add("table")
                continue
            text = fold(block.text)
            odd |= block.odd | ({"heading"} if block.style.startswith("heading") else set())
            odd |= {"label"} if any(text.startswith(label) for label in self.labels) else set()
            runs, is_label_bold = unbold(block.runs, is_label_bold)
            pieces += pieces_of(runs, block.depth, block.ordered, odd)
        self._keep_passage(id, [piece for piece in pieces if piece.text not in self.prompts], odd)
        following = self.anchors[position + 1] if position + 1 < len(self.anchors) else None
        if following and (not following.value or following.is_passage):
            whole, text = following.block.text, ""
            if following.number is not None:
                text = self.blocks[following.number].text
            if fold(text)[:12] != fold(whole)[:12]:
                words = one_line(whole.replace("\n", " "))[:60]
                why = f'the words after it, "{words}", are missing or begin otherwise'
                says.doubts_if_changed[id] = why

    def _keep_passage(self, id: str, pieces: "list[Piece]", odd: set[str]) -> None:
        """Keep a passage, and note what in it a file can't hold."""
        if id == "key_recommendations":
            self.says.values[id] = tuple(map(written, items_of(pieces)))
            if any(not piece.depth for piece in pieces):
                self.says.doubts[id] = "a paragraph stands among its items that is none"
        else:
            text = written(pieces)
            is_nothing = id != "summary" and fold(text) == fold(self.nothing)
            self.says.values[id] = "" if is_nothing else text
        if hard := sorted(odd - {"line break"}):
            names = " and a ".join(hard)
            self.says.doubts[id] = f"a {names} stands in it, which the file can't hold"
        if "line break" in odd:
            self.says.breaks.add(id)

    def _addressee(self) -> None:
        """Split the addressee's block into name and address."""
        text = str(self.says.values.pop("addressee", ""))
        number = next(a.number for a in self.anchors if a.value == "addressee")
        name, *lines = [one_line(line).strip() for line in text.split("\n")]
        address = "\n".join(line for line in lines if line and line not in self.prompts)
        self.says.values["addressee.name"] = "" if name in self.prompts else name
        self.says.values["addressee.address"] = address
        doubt = self.says.doubts.pop("addressee", "")
        if number is not None:
            self.says.owners[number] = "addressee"
            later = [a.number for a in self.anchors if a.number is not None and a.number > number]
            if self._free(range(number + 1, min(later, default=number))):
                doubt = "other lines stand below it"
        if doubt:
            self.says.doubts |= {"addressee.name": doubt, "addressee.address": doubt}

    def _table(self, model: Table, block: Block | None) -> None:
        """Read the scores of the table, by the names in its rows."""
        pairs = zip(model.ids, model.rows, strict=True)
        rows = {id.removeprefix("scores."): row for id, row in pairs if id}
        if not isinstance(block, Table):
            missing = "the table of the scores is missing"
            self.says.doubts |= {f"{id}.score": missing for id in rows}
            return
        left = [(id, row) for id, row in zip(block.ids, block.rows, strict=True) if row]
        for id, row in rows.items():
            alike = [other for other in left if len(other[1]) == len(row)]
            named = next((other for other in alike if fold(other[1][1]) == fold(row[1])), None)
            marked = next((other for other in alike if other[0] == f"scores.{id}"), None)
            match = named or marked
            if not match:
                self.says.doubts[f"{id}.score"] = f'the row "{row[1]}" of the table is missing'
                continue
            left.remove(match)
            *cells, score = match[1]
            self.says.values[f"{id}.score in the table"] = one_line(score).strip()
            if [*map(fold, cells)] != [*map(fold, row[:-1])]:
                words = f'a row of the table is "{" ".join(cells)}" now'
                self.says.unlike.append((f"{id}.score", words))
        head = left[0][1] if left else []
        if [*map(fold, head)] != [*map(fold, model.rows[0])]:
            words = f'the head of the table is "{" ".join(head)[:80]}" now'
            self.says.unlike.append(("scores", words))
        for _, more in left[1:]:
            words = f'a row was added to the table: "{" ".join(more)[:80]}"'
            self.says.unlike.append(("scores", words))

    def _scores(self) -> None:
        """Compare each score in its section with the table; a prompt contradicts neither."""
        for anchor in self.anchors:
            if not anchor.value.endswith(".score"):
                continue
            texts = (
                str(self.says.values.get(anchor.value, "")),
                str(self.says.values.pop(f"{anchor.value} in the table", "")),
                anchor.block.text[len(anchor.words) :],
            )
            section, table, before = ("" if text in self.prompts else text for text in texts)
            self.says.values[anchor.value] = section if before or section else table
            if section != table and (before or (section and table)):
                one = "they differ"
                if before in (section, table):
                    one = "only one of them was changed"
                why = f"its section says {quoted(section)}, the table {quoted(table)}; {one}"
                self.says.doubts.setdefault(anchor.value, why)


def prompts_of(xhtml: str) -> set[str]:
    """Return the prompts of a form: the words in place of what has still to be written."""
    return set(map(unescape, re.findall('<span class="prompt">(.*?)</span>', xhtml)))


def quoted(value: str) -> str:
    """Return a value for a message, in quotation marks."""
    return f'"{value}"' if value else "nothing"


def length_of(text: str, words: str) -> int:
    """Return the length of ``words`` as they are written at a text's beginning; 0 if not there."""
    goal = fold(words)
    for end in range(1, min(len(text), len(words) + 8) + 1) if goal else ():
        in_longer_word = goal[-1:].isalnum() and text[end : end + 1].isalnum()
        if fold(text[:end]) == goal and not in_longer_word:
            return end + len(text[end:]) - len(text[end:].lstrip(" \u00a0:"))
    return 0


def difference(one: str, other: str) -> tuple[str, str]:
    """Return the words in which two texts differ, with one common word on each side."""
    a, b = one.split(), other.split()
    least = min(len(a), len(b))
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), least)
    end = 0
    while end < least - start and a[-1 - end] == b[-1 - end]:
        end += 1
    start, end = max(0, start - 1), max(0, end - 1)
    texts = (" ".join(words[start : len(words) - end]) for words in (a, b))
    before, after = (t if len(t) < 200 else f"{t[:95]} ... {t[-95:]}" for t in texts)
    return before, after


# Passages as prose.


class Piece(NamedTuple):
    """A paragraph (``depth`` 0) or list item of a passage."""

    depth: int
    ordered: bool
    runs: tuple[TextRun, ...]

    @property
    def text(self) -> str:
        """The text of all its runs."""
        return "".join(run.text for run in self.runs)


def cut(runs: Sequence[TextRun], length: int) -> list[TextRun]:
    """Return runs without their first ``length`` characters."""
    left: list[TextRun] = []
    for run in runs:
        if length < len(run.text):
            left.append(run._replace(text=run.text[length:]))
        length = max(0, length - len(run.text))
    return left


def unbold(runs: Sequence[TextRun], is_label_bold: bool = True) -> tuple[list[TextRun], bool]:
    """Return runs without the bold that has spread from a label into their beginning.

    ``is_label_bold`` is True if all runs since the label are bold. The second result is its value
    for the runs that come next.
    """
    plain = []
    for run in runs:
        is_label_bold = is_label_bold and (run.bold or not run.text.strip())
        plain.append(run._replace(bold=False) if is_label_bold else run)
    return plain, is_label_bold


def pieces_of(runs: Sequence[TextRun], depth: int, ordered: bool, odd: set[str]) -> list[Piece]:
    """Return the pieces of a paragraph: one, or one for each line if it has line breaks."""
    lines: list[list[TextRun]] = [[]]
    for run in runs:
        first, *more = run.text.split("\n")
        lines[-1].append(run._replace(text=first))
        lines += [[run._replace(text=text)] for text in more]
    all_pieces = (Piece(depth, ordered and depth > 0, tidy(line)) for line in lines)
    pieces = [piece for piece in all_pieces if piece.runs]
    if len(pieces) > 1:
        odd.add("line break")
    return pieces


def tidy(runs: Sequence[TextRun]) -> tuple[TextRun, ...]:
    """Return runs with white space collapsed, and none at the edges.

    A space between two runs has only the format that both have.
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
    for n in range(1, len(signs) - 1):
        if signs[n][0] == " ":
            (bold, italic, link), other = signs[n - 1][1], signs[n + 1][1]
            both = bold and other[0], italic and other[1], link if link == other[2] else ""
            signs[n] = " ", both
    looks = groupby(signs, key=lambda sign: sign[1])
    return tuple(TextRun("".join(sign for sign, _ in group), *look) for look, group in looks)


def items_of(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the key recommendations: each outermost item with its inner items, as a passage."""
    item: list[Piece] = []
    for piece in pieces:
        if piece.depth <= 1 and item:
            yield item
            item = []
        depth, ordered = max(0, piece.depth - 1), piece.ordered and piece.depth > 1
        item.append(piece._replace(depth=depth, ordered=ordered))
    if item:
        yield item


# They stand for the marks of emphasis and links until a value goes into a file: nobody types them.
_STAR, _OPEN, _LEADS, _CLOSE = "\ufdd0\ufdd1\ufdd2\ufdd3"
_MARKS = str.maketrans({_STAR: "*", _OPEN: "[", _LEADS: "](", _CLOSE: ")"})


def written(passage: Sequence[Piece]) -> str:
    """Return a passage as text, with blank lines between paragraphs and with list marks.

    Emphasis and links have placeholders, which ``as_prose`` replaces with their marks.
    """
    lines: list[str] = []
    counts: list[int] = []
    margins = [0]
    for piece in passage:
        text = ""
        for run in piece.runs:  # spaces are outside the marks
            inner = run.text.strip(" ")
            before, _, after = run.text.partition(inner) if inner else (run.text, "", "")
            sign = _STAR * (run.italic + 2 * run.bold) if inner else ""
            words = f"{_OPEN}{inner}{_LEADS}{run.link}{_CLOSE}" if inner and run.link else inner
            text += f"{before}{sign}{words}{sign}{after}"
        begins_list = len(counts) < piece.depth == 1
        if lines and (not piece.depth or begins_list):
            lines.append("")
        if not piece.depth:
            lines.append(text)
            counts, margins = [], [0]
            continue
        del counts[piece.depth :], margins[piece.depth :]
        counts += [0] * (piece.depth - len(counts))
        counts[-1] += 1
        mark = f"{counts[-1]}." if piece.ordered else "-"
        lines.append(f"{' ' * margins[-1]}{mark} {text}")
        margins.append(margins[-1] + len(mark) + 1)
    return "\n".join(lines)


def as_prose(value: str) -> str:
    """Return a value with the marks of prose in place of the placeholders of ``written``."""
    return value.translate(_MARKS)
