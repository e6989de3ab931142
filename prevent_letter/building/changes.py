"""Mark what changed since an earlier letter in a Word letter, as tracked changes.

Accepting all changes gives the new letter, rejecting all of them the words, lists, emphasis and
links of the earlier one (ECMA-376 Part 1, 17.13.5). ``earlier`` reads the earlier letter.
"""

from collections.abc import Sequence
from copy import deepcopy
from itertools import count, groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from prevent_letter.core.xml_text import quoteattr
from prevent_letter.letter.word_look import WordLook
from prevent_letter.letter.word_package import as_part
from prevent_letter.word.blocks import Block, Paragraph, Table, TextRun
from prevent_letter.word.pairs import (
    BIT,
    Bit,
    LetterBlocks,
    Pair,
    compared,
    cut,
    list_kind,
    paired,
    paired_rows,
    said,
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_RELATIONSHIPS = "_rels/document.xml.rels"
_FIRST_ID = 90_000
"""The number of the first change, beyond those of the bookmarks."""
_BEFORE_MARK = ("pStyle", "keepNext", "pageBreakBefore", "numPr", "spacing", "ind")
"""The paragraph properties that the letter uses, which precede those of the paragraph's mark."""


class ChangeMarker:
    """Marks what changed since an earlier letter in the parts of a new one."""

    def __init__(
        self, look: WordLook, old: LetterBlocks, new: LetterBlocks, author: str, date: str
    ) -> None:
        """Take the look of the new letter, both letters, and who changed it on what day.

        ``date`` is year-month-day, or empty.
        """
        self.look, self.old, self.new = look, old, new
        self.changed: list[str] = []
        """The id of the value that each change is in; empty for a change of fixed wording."""
        self._who = {f"{_W}author": author}
        if date:
            self._who[f"{_W}date"] = f"{date}T00:00:00Z"
        self._ids, self._owner = count(_FIRST_ID), ""
        self._links: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        self._lists: dict[tuple[int, int], str] = {}
        """The numbering of each numbered list of the old letter, by its number and depth."""
        self._list_of = _list_numbers(old.blocks)
        self._new_numbers: list[str] = []

    def mark(self, parts: dict[str, str]) -> None:
        """Mark the changes in the parts of the new letter, by their names in the folder word."""
        relationships = ElementTree.fromstring(parts[_RELATIONSHIPS])
        external = [each for each in relationships if each.get("TargetMode") == "External"]
        self._links = {each.get("Target", ""): each.get("Id", "") for each in external}
        self._targets = {id: target for target, id in self._links.items()}
        root, notes = (ElementTree.fromstring(parts[f"{n}.xml"]) for n in ("document", "footnotes"))
        [body] = root.iter(f"{_W}body")
        self._mark_blocks(body)
        self._mark_notes(notes)
        parts["document.xml"] = as_part(root, parts["document.xml"])
        parts["footnotes.xml"] = as_part(notes, parts["footnotes.xml"])
        new_links = "".join(
            f'<Relationship Id="{id}" Type="{_HYPERLINK}" TargetMode="External"'
            f" Target={quoteattr(target)}/>"
            for target, id in self._links.items()
            if id not in self._targets
        )
        for name, more in ((_RELATIONSHIPS, new_links), ("numbering.xml", self._new_numbers)):
            before, end, after = parts[name].rpartition("</")
            parts[name] = f"{before}{''.join(more)}{end}{after}"

    def _stamp(self) -> dict[str, str]:
        """Return the attributes of a change: a number, who and when (17.13.5.1)."""
        return {f"{_W}id": str(next(self._ids)), **self._who}

    # Blocks.

    def _mark_blocks(self, body: Element) -> None:
        elements = [child for child in body if child.tag in (f"{_W}p", f"{_W}tbl")]
        rest = [child for child in body if child not in elements]
        pairs, marked = [*paired(self.old, self.new)], []
        for ours, theirs in pairs:  # a list's numbers go on where an item of it is still there
            if ours is not None and theirs is not None:
                old, new = self.old.blocks[ours], self.new.blocks[theirs]
                if list_kind(old)[1] == list_kind(new)[1] == "1":
                    number = elements[theirs].find(f"{_W}pPr/{_W}numPr/{_W}numId")
                    if number is not None:
                        key = self._list_of[ours], list_kind(old)[0]
                        self._lists.setdefault(key, number.get(f"{_W}val", ""))
        for ours, theirs in pairs:
            if theirs is None:
                self._owner = self.old.owners.get(ours or 0, "")
                marked.append(self._deleted(ours or 0))
                continue
            element, new = elements[theirs], self.new.blocks[theirs]
            self._owner = self.new.owners.get(theirs, "")
            marked.append(element)
            if ours is None:
                self._insert(element)
                continue
            old = self.old.blocks[ours]
            if isinstance(new, Table):
                self._mark_table(element, old, new)
                continue
            assert isinstance(old, Paragraph)
            if said(old.runs) != said(new.runs):
                self._mark_words(element, cut(old.runs))
            if list_kind(old) != list_kind(new):
                self.changed.append(self._owner)
                change = SubElement(_child(element, "pPr"), f"{_W}pPrChange", self._stamp())
                change.append(self._properties(ours))
        self._join_inserted(elements, pairs)
        body[:] = [*marked, *rest]

    def _join_inserted(self, elements: Sequence[Element], pairs: Sequence[Pair]) -> None:
        """Make one insertion of the new words at a paragraph's end and new paragraphs below it.

        Then the sign at the end of the first one is new, and that of the last one is the old sign,
        as if somebody had typed it all. LibreOffice rejects it rightly only in this form.
        """
        last: int | None = None
        new_below = list[Element]()
        for ours, theirs in [*pairs, (-1, None)]:
            if ours is None and theirs is not None and elements[theirs].tag == f"{_W}p":
                new_below.append(elements[theirs])
                continue
            if last is not None and new_below:
                [first] = (
                    elements[theirs] for o, theirs in pairs if o == last and theirs is not None
                )
                ends = [child for child in first if child.tag != f"{_W}bookmarkEnd"]
                if ends[-1].tag in (f"{_W}ins", f"{_W}del"):
                    self._mark_sign(first, "ins")
                    properties = _child(new_below[-1], "pPr")
                    properties.remove(_child(properties, "rPr"))
                    if not _alike(properties, before := self._properties(last)):
                        SubElement(properties, f"{_W}pPrChange", self._stamp()).append(before)
            is_paragraph = theirs is not None and elements[theirs].tag == f"{_W}p"
            last, new_below = ours if is_paragraph else None, []

    def _insert(self, element: Element) -> None:
        """Mark a paragraph, or a table with all its rows, as new."""
        self.changed.append(self._owner)
        for row in element.iter(f"{_W}tr"):
            self._change(_child(row, "trPr"), "ins")
        for paragraph in element.iter(f"{_W}p"):
            self._mark_words(paragraph, [], is_whole=True)
            if element.tag == f"{_W}p":
                self._mark_sign(paragraph, "ins")

    def _deleted(self, number: int) -> Element:
        """Return a block that is gone, in the look of the new letter."""
        self.changed.append(self._owner)
        block = self.old.blocks[number]
        if isinstance(block, Table):
            table = Element(f"{_W}tbl")
            SubElement(table, f"{_W}tblPr")
            SubElement(table, f"{_W}tblGrid")
            table.extend(self._deleted_row(row, []) for row in block.rows if row)
            return table
        paragraph = Element(f"{_W}p")
        paragraph.append(self._properties(number))
        self._mark_words(paragraph, cut(block.runs), is_whole=True)
        self._mark_sign(paragraph, "del")
        return paragraph

    def _mark_sign(self, paragraph: Element, change: str) -> None:
        """Mark the sign at the end of a paragraph as new or gone (17.13.5.15, 17.13.5.20)."""
        mark = _child(_child(paragraph, "pPr"), "rPr", *_BEFORE_MARK)
        mark.insert(0, Element(f"{_W}{change}", self._stamp()))

    def _mark_table(self, table: Element, old: Block, new: Table) -> None:
        """Mark the changes in a table row by row, and in rows that both have cell by cell."""
        assert isinstance(old, Table)
        rows = table.findall(f"{_W}tr")
        marked = [child for child in table if child not in rows]
        widths = [cell.find(f"{_W}tcPr") for cell in rows[0].iter(f"{_W}tc")]
        for ours, theirs in paired_rows(old, new):
            id = new.ids[theirs] if theirs is not None else old.ids[ours or 0]
            self._owner = f"{id.removeprefix('scores.')}.score" if id else ""
            if theirs is None:
                if old.rows[ours or 0]:  # a row without cells can't be written
                    self.changed.append(self._owner)
                    marked.append(self._deleted_row(old.rows[ours or 0], widths))
                continue
            marked.append(row := rows[theirs])
            if ours is None:
                self._insert(row)
                continue
            cells = zip(row.iter(f"{_W}p"), old.rows[ours], new.rows[theirs], strict=True)
            for paragraph, before, now in cells:
                if before.split() != now.split():
                    self._mark_words(paragraph, cut([TextRun(before)]), has_look=False)
        table[:] = marked

    def _deleted_row(self, texts: Sequence[str], widths: Sequence[Element | None]) -> Element:
        """Return a row that is gone (17.13.5.12)."""
        row = Element(f"{_W}tr")
        properties = SubElement(row, f"{_W}trPr")
        SubElement(properties, f"{_W}cantSplit")
        self._change(properties, "del")
        for number, text in enumerate(texts):
            cell = SubElement(row, f"{_W}tc")
            if (width := widths[number] if number < len(widths) else None) is not None:
                cell.append(deepcopy(width))
            paragraph = SubElement(cell, f"{_W}p")
            self._mark_words(paragraph, cut([TextRun(text)]), is_whole=True)
        return row

    def _properties(self, number: int) -> Element:
        """Return the properties of a paragraph of the old letter: its style and its list."""
        block = self.old.blocks[number]
        assert isinstance(block, Paragraph)
        depth, kind = list_kind(block)
        style = {"-": "list bullet", "1": "list number", "": "list continue"}[kind]
        if not depth:
            style = "" if block.style.startswith("list ") else block.style
        properties = Element(f"{_W}pPr")
        if style in self.look.styles:
            SubElement(properties, f"{_W}pStyle", {f"{_W}val": self.look.styles[style]})
        if kind:
            numbering = self.look.lists["ul"].number
            if kind == "1":
                key = self._list_of[number], depth
                if key not in self._lists:
                    self._lists[key] = self._new_numbering(depth - 1, block.mark.rstrip("."))
                numbering = self._lists[key]
            of_list = SubElement(properties, f"{_W}numPr")
            SubElement(of_list, f"{_W}ilvl", {f"{_W}val": str(min(depth - 1, 8))})
            SubElement(of_list, f"{_W}numId", {f"{_W}val": numbering})
        return properties

    def _new_numbering(self, depth: int, start: str) -> str:
        """Add a numbering instance (17.9.15) beyond those of the new letter."""
        number = str(_FIRST_ID + len(self._new_numbers))
        self._new_numbers.append(self.look.numbering_instance(number, depth, start))
        return number

    def _mark_notes(self, notes: Element) -> None:
        """Mark the changes in footnotes that both letters have."""
        self._owner = ""
        written = [note for note in notes if note.get(f"{_W}type") is None]
        for note, before, now in zip(written, self.old.notes, self.new.notes, strict=False):
            paragraphs = note.findall(f"{_W}p")
            if before.split() != now.split() and len(paragraphs) == 1:
                text = " ".join(before.split())
                self._mark_words(paragraphs[0], cut([TextRun(f" {text}")]), has_look=False)

    # Words.

    def _mark_words(
        self,
        paragraph: Element,
        old: Sequence[Bit],
        *,
        is_whole: bool = False,
        has_look: bool = True,
    ) -> None:
        """Write the runs of a paragraph of the new letter anew, with the words that it had.

        ``is_whole``: all of it is new or gone, and is counted already. Without ``has_look``, only
        the words of ``old`` count.
        """
        new, end = self._bits(paragraph)
        children = [child for child in paragraph if child.tag == f"{_W}pPr"]
        paragraph[:] = children
        last: tuple[object, ...] = ()
        was_changed, run, link = is_whole, Element("none"), Element("none")
        for before, now in compared(old, new):
            for each in now.before if now else ():
                is_new = before is None and each.tag == f"{_W}r"  # the number of a note
                (self._change(paragraph, "ins") if is_new else paragraph).append(each)
                last = ()
            bit = now or before
            assert bit is not None
            kind = "del" if now is None else "ins" if before is None else ""
            looked = before[1:3] if before and now and has_look and not bit.text.isspace() else None
            looked = looked if looked != bit[1:3] else None
            is_changed = bool(kind) or looked is not None
            if is_changed and not was_changed:
                self.changed.append(self._owner)
            was_changed = is_whole or is_changed or (was_changed and bit.text.isspace())
            key = (kind, bit.link, id(bit.run) if now else bit[1:3], looked)
            if key != last:
                parent = paragraph
                if bit.link:
                    if last[1:2] != (bit.link,):
                        id_of_link = {f"{_R}id": self._link(bit.link)}
                        link = SubElement(paragraph, f"{_W}hyperlink", id_of_link)
                    parent = link
                if kind:
                    is_open = last[:1] == (kind,) and len(parent) and last[1:2] == (bit.link,)
                    parent = parent[-1] if is_open else self._change(parent, kind)
                run = SubElement(parent, f"{_W}r")
                if len(properties := self._look(bit, looked)):
                    run.append(properties)
                last = key
            _say(run, bit.text, "delText" if kind == "del" else "t")
        for each in end:
            is_new = is_whole and each.tag == f"{_W}r"
            (self._change(paragraph, "ins") if is_new else paragraph).append(each)

    def _change(self, parent: Element, kind: str) -> Element:
        return SubElement(parent, f"{_W}{kind}", self._stamp())

    def _bits(self, paragraph: Element) -> tuple[list[Bit], tuple[Element, ...]]:
        """Return the words of a paragraph as the tool writes it, and what follows the last one."""
        bits: list[Bit] = []
        before: list[Element] = []
        for child in paragraph:
            link = self._targets.get(child.get(f"{_R}id", ""), "")
            for run in child if child.tag == f"{_W}hyperlink" else [child]:
                words = [word for each in run for word in _words_in(each)]
                if not words and run.tag != f"{_W}pPr":
                    before.append(run)
                bold, italic = (run.find(f"{_W}rPr/{_W}{name}") is not None for name in "bi")
                for word in words:
                    bits.append(Bit(word, bold, italic, link, run, tuple(before)))
                    before = []
        return bits, tuple(before)

    def _look(self, bit: Bit, before: tuple[object, ...] | None) -> Element:
        """Return the properties of a run, with those that it had before (17.13.5.31)."""
        properties = self._plain_look(bit.bold, bit.italic, bit.link)
        if bit.run is not None:
            own = bit.run.find(f"{_W}rPr")
            properties = Element(f"{_W}rPr") if own is None else deepcopy(own)
        if before is not None:
            change = SubElement(properties, f"{_W}rPrChange", self._stamp())
            change.append(self._plain_look(bool(before[0]), bool(before[1]), bit.link))
        return properties

    def _plain_look(self, bold: bool, italic: bool, link: str) -> Element:
        properties = Element(f"{_W}rPr")
        if link:
            SubElement(properties, f"{_W}rStyle", {f"{_W}val": self.look.styles["hyperlink"]})
        for name in ("b", "bCs") * bold + ("i", "iCs") * italic:
            SubElement(properties, f"{_W}{name}")
        return properties

    def _link(self, target: str) -> str:
        """Return the id of a link's relationship, which the new letter may not have."""
        return self._links.setdefault(target, f"link{len(self._links) + 1}")


def _child(element: Element, name: str, *before: str) -> Element:
    """Return the child of a name; else a new one, behind those whose names are ``before``."""
    found = element.find(f"{_W}{name}")
    if found is None:
        ahead = {f"{_W}{each}" for each in before}
        places = (n + 1 for n, child in enumerate(element) if child.tag in ahead)
        found = Element(f"{_W}{name}")
        element.insert(max(places, default=0), found)
    return found


def _alike(one: Element, other: Element) -> bool:
    """Return True if two elements have the same XML."""
    return ElementTree.tostring(one) == ElementTree.tostring(other)


def _say(run: Element, text: str, name: str) -> None:
    """Add words, or a line break, at the end of a run."""
    if text == "\n":
        SubElement(run, f"{_W}br")
        return
    if not len(run) or run[-1].tag != f"{_W}{name}":
        SubElement(run, f"{_W}{name}", {_SPACE: "preserve"}).text = ""
    run[-1].text = (run[-1].text or "") + text


def _words_in(element: Element) -> list[str]:
    if element.tag == f"{_W}br":
        return ["\n"]
    return BIT.findall(element.text or "") if element.tag == f"{_W}t" else []


def _list_numbers(blocks: Sequence[Block]) -> list[int]:
    """Return a number for each block that all items of a list have in common."""
    groups = enumerate(groupby(blocks, key=lambda block: list_kind(block)[0] > 0))
    return [number for number, (_, group) in groups for _ in group]
