"""Read the paragraphs of an edited Word letter, with and without its tracked changes.

The format is WordprocessingML (ECMA-376 Part 1). It is read leniently, because Word and
LibreOffice both write elements that it does not allow. What a reader of the letter sees and prose
can't say is noted in the paragraph that has it, and nothing is passed over without a word.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import Element

from prevent_letter.core.findings import UserError
from prevent_letter.core.word_file import Package
from prevent_letter.word import annotations
from prevent_letter.word.blocks import (
    Block,
    CommentRange,
    Paragraph,
    Table,
    TextRun,
    WordDocument,
    WordPlace,
)
from prevent_letter.word.styles import ListItem, Styles, left_of, value, whole_number

_INDENT = 150
"""An item that is indented by more than this (in twips) is within the item above it."""
_MOST_BLOCKS = 5_000
_MOST_TEXT = 500_000
"""The most paragraphs and tables, and the most characters. A letter has 150 and 30,000."""
_LINE = 100
"""What a line break counts as, in characters, so that there are no more lines than blocks."""
_MOST_FIELDS = 50
"""The most fields within each other."""


def read(data: bytes | BinaryIO) -> WordDocument:
    """Read a .docx file: its bytes, or the file itself.

    Raises:
        UserError: it is not a Word file, or can't be a letter. The message does not name the file.
    """
    package = Package(io.BytesIO(data) if isinstance(data, bytes) else data)
    reader = _DocxReader(package)
    core = package.tree(package.core) if package.core else Element("none")
    texts = (core.findtext(name) or "" for name in ("dc-identifier", "dc-title", "cp-version"))
    comments = annotations.comments(reader.part("comments"), reader.part("commentsExtended"))
    return WordDocument(
        reader.views[0].blocks,
        annotations.notes(reader.part("footnotes"), reader.note_numbers),
        annotations.located(comments, reader.quoted, reader.words),
        reader.changes,
        reader.views[-1].blocks,
        *texts,
    )


_CHANGES = frozenset(("ins", "del", "moveFrom", "moveTo"))
_THROUGH = frozenset("smartTag sdt sdtContent customXml dir bdo".split()) | _CHANGES
_RANGES = frozenset("bookmarkStart bookmarkEnd commentRangeStart commentRangeEnd".split())
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_ODD = dict.fromkeys(("drawing", "pict", "object", "contentPart"), "picture or text box")
_ODD |= dict.fromkeys(("footnoteReference", "endnoteReference"), "footnote")
_ODD |= {"sym": "symbol", "m-oMath": "equation", "m-oMathPara": "equation"}
_ODD |= {"altChunk": "inserted document", "subDoc": "inserted document", "pgNum": "page number"}
_ODD |= dict.fromkeys(("dayShort", "dayLong", "monthShort", "monthLong"), "date field")
_SILENT_FIELDS = ("", "TC", "XE", "TA", "RD", "SET", "ASK", "PRIVATE", "SEQ")
"""Fields that show nothing (17.16.5)."""
_DRAWN_FIELDS = ("EQ", "SYMBOL", "MACROBUTTON", "LISTNUM")
"""Fields that show what their instruction says, and have no result."""
_RAISED = {"2": "²", "3": "³", "o": "º"} | {end: end for end in ("st", "nd", "rd", "th")}


@dataclass
class _View:
    """The letter with all tracked changes accepted, or with all of them rejected (17.13.5)."""

    gone: frozenset[str]
    """The changes whose content is left out."""
    blocks: list[Block] = field(default_factory=list)
    open: Paragraph | None = None
    """The paragraph that is read, or whose mark is gone, so that it goes on in the next one."""
    style: str = ""
    """The style of the open paragraph."""
    has_text: bool = False
    length: int = 0
    """Whether the open paragraph has text, and how many characters."""
    waiting: dict[str, int] = field(default_factory=dict)
    """The bookmarks that began between paragraphs, for the next paragraph to take."""
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    item: ListItem | None = None
    """The item that the open paragraph is, which counts once the paragraph ends."""
    items: list[tuple[int, int]] = field(default_factory=list)
    """The items that are open: the depth of each, and where its text begins."""
    deeper: dict[str, int] = field(default_factory=dict)
    """How much deeper than it says a list is among the open items, by its indentation."""
    fields: list["_Field"] = field(default_factory=list)
    """The fields that are open, the innermost last."""

    def properties(self, element: Element, name: str) -> Element | None:
        """Return an element's properties: those before a tracked change if it is rejected."""
        properties = element.find(name)
        if properties is not None and "ins" in self.gone:
            change = properties.find(f"{name}Change")
            if change is not None:
                return change.find(name)
        return properties

    def is_gone(self, element: Element, path: str) -> bool:
        """Return True if a tracked change removes a row, or the mark of a paragraph."""
        properties = element.find(path)
        return properties is not None and any(each.tag in self.gone for each in properties)


@dataclass
class _Field:
    """A field (17.16): the pieces of its instruction, and whether its result has begun."""

    instruction: list[str] = field(default_factory=list)
    has_begun: bool = False
    link: str = ""


class _DocxReader:
    """Reads the blocks of a document's body, using the package's styles, lists and links."""

    def __init__(self, package: Package) -> None:
        self.package, self.relationships = package, package.related(package.main)
        self.styles = Styles(self.part("styles"), self.part("numbering"))
        root = package.tree(package.main)
        changed = [element for element in root.iter() if element.tag in _CHANGES]
        self.changes = Counter(element.get("author") or "somebody" for element in changed)
        self.views = [_View(frozenset(("del", "moveFrom")))]
        looks = (element.tag in ("rPrChange", "pPrChange") for element in root.iter())
        if changed or any(looks):
            self.views.append(_View(frozenset(("ins", "moveTo"))))
        self.marks: dict[str, str] = {}
        """The ids of our bookmarks whose beginning was read, by the bookmarks' numbers."""
        self.words: list[WordPlace] = []
        """All text with changes accepted."""
        self.quoted: dict[str, CommentRange] = {}
        """Where each comment is, by its number."""
        self.row, self.length = "", 0
        self.note_numbers: list[str] = []
        body = root.find("body")
        self._blocks(body if body is not None else root, self.views)
        for view in self.views:
            self._close(view)

    def part(self, kind: str) -> Element:
        """Return the tree of the main document's part of a kind; an empty element without one."""
        targets = [each.target for each in self.relationships.values() if each.kind == kind]
        return self.package.tree(targets[0]) if targets else Element("none")

    # Blocks.

    def _blocks(self, parent: Element, views: Sequence[_View]) -> None:
        """Read the paragraphs and tables of a body or of a content control."""
        for child in parent:
            name = child.tag
            if len(self.views[0].blocks) > _MOST_BLOCKS:
                raise UserError("it has too many paragraphs for a letter")
            if name == "p":
                self._paragraph(child, views)
            elif name == "tbl":
                for view in views:
                    self._close(view)
                self._table(child, views)
            elif name == "sdt" and child.find("sdtPr/showingPlcHdr") is not None:
                continue
            elif name in _THROUGH:
                self._blocks(child, [view for view in views if name not in view.gone])
            elif name == "mc-AlternateContent":
                self._blocks(_alternative(child), views)
            elif name in _ODD:
                for view in views:
                    self._begin(view, None)
                    self._note_odd(_ODD[name], [view])
                    self._close(view)
            elif name in _RANGES:
                self._range(child)

    def _close(self, view: _View) -> None:
        """End the open paragraph of a view."""
        if view.open is not None:
            view.blocks.append(view.open)
            view.numbers |= view.item.counts if view.item else {}
            view.open = view.item = None

    def _begin(self, view: _View, element: Element | None) -> Paragraph:
        """Begin a paragraph, or go on with the open one, whose mark is gone.

        If the open one has no text, it gets the properties of the one that begins.
        """
        if view.open is None or not view.has_text:
            old = view.open or Paragraph()
            properties = view.properties(element, "pPr") if element is not None else None
            style = value(properties, "pStyle") or self.styles.default
            paragraph = Paragraph(
                old.runs, self.styles.name(style), marks=old.marks, odd=old.odd, looks=old.looks
            )
            item = self.styles.item(properties, style, view.numbers)
            if item and item.mark == "-" and paragraph.style.startswith("heading"):
                item = None  # a list of Word's own that numbers headings, with no number here
            if item:
                own = left_of(element) if element is not None else 0
                left = own or item.left
                outer = [depth for depth, text_left in view.items if text_left < left - _INDENT]
                nested = item.depth if item.depth > 1 or not outer else outer[-1] + 1
                if not own:
                    nested = item.depth + view.deeper.setdefault(item.list, nested - item.depth)
                paragraph.depth = nested
                paragraph.mark = item.mark
                paragraph.odd |= {item.odd} - {""}
                view.items = [pair for pair in view.items if pair[0] < paragraph.depth]
                view.items.append((paragraph.depth, left))
            elif paragraph.style.startswith("list continue") and view.items:
                left = left_of(element)
                outer = [depth for depth, text_left in view.items if text_left <= left]
                by_name = whole_number(paragraph.style[-1:], 1)
                paragraph.depth = outer[-1] if outer else min(by_name, view.items[-1][0])
            else:
                view.items, view.deeper = [], {}
            view.item = item
            view.open, view.style, view.has_text = paragraph, style, False
            view.length = len(paragraph.text)
        view.open.marks |= view.waiting
        view.waiting, view.fields = {}, []
        return view.open

    def _paragraph(self, element: Element, views: Sequence[_View]) -> None:
        for view in views:
            self._begin(view, element)
        self._content(element, views, "")
        for view in views:
            if not view.is_gone(element, "pPr/rPr"):
                self._close(view)

    def _table(self, element: Element, views: Sequence[_View]) -> None:
        """Read a table; a table within a cell is only noted."""
        tables = {id(view): Table() for view in views}
        for row in _inside(element, "tr"):
            kept = [view for view in views if not view.is_gone(row, "trPr")]
            self.row = next(filter(None, map(_id_of, row.iter("bookmarkStart"))), "")
            cells: dict[int, list[str]] = {id(view): [] for view in kept}
            for cell in _inside(row, "tc"):
                if cell.find("tcPr/vMerge") is not None:
                    for view in kept:
                        tables[id(view)].odd.add("merged cell")
                deleted = cell.find("tcPr/cellDel") is not None
                inserted = cell.find("tcPr/cellIns") is not None
                shown = [v for v in kept if not (deleted if "del" in v.gone else inserted)]
                texts: dict[int, list[str]] = {id(view): [] for view in shown}
                for part in _inside(cell, "p", "tbl"):
                    for view in shown:
                        view.open = None
                        self._begin(view, part if part.tag == "p" else None)
                    if part.tag == "p":
                        self._content(part, shown, "")
                    else:
                        self._note_odd("table within a table", shown)
                    for view in shown:
                        paragraph, view.open = view.open, None
                        if paragraph:
                            texts[id(view)].append(paragraph.text)
                            tables[id(view)].odd |= paragraph.odd
                for view in shown:
                    cells[id(view)].append("\n".join(texts[id(view)]))
            for view in kept:
                tables[id(view)].rows.append(cells[id(view)])
                tables[id(view)].ids.append(self.row)
        self.row = ""
        for view in views:
            view.blocks.append(tables[id(view)])

    # The content of a paragraph.

    def _content(self, parent: Element, views: Sequence[_View], link: str) -> None:
        """Read the runs of a paragraph, and where bookmarks and comments begin and end in it."""
        for child in parent:
            name = child.tag
            if name == "r":
                self._run(child, views, link)
            elif name in _RANGES:
                self._range(child)
            elif name == "hyperlink":
                target = self.relationships.get(child.get("r-id", ""))
                anchor = child.get("anchor", "")
                address = target.target if target else ""
                self._content(child, views, f"{address}#{anchor}" if anchor else address)
            elif name == "fldSimple":
                self._content(child, views, _link_of(child.get("instr", "")))
            elif name == "sdt" and child.find("sdtPr/showingPlcHdr") is not None:
                continue
            elif name in _THROUGH:
                self._content(child, [view for view in views if name not in view.gone], link)
            elif name == "mc-AlternateContent":
                self._content(_alternative(child), views, link)
            elif name in _ODD:
                self._note_odd(_ODD[name], views)
            elif next(child.iter("t"), None) is not None:
                self._note_odd("part that can't be read", views)

    def _note_odd(self, what: str, views: Sequence[_View]) -> None:
        for view in views:
            if view.open is not None:
                view.open.odd.add(what)

    def _range(self, element: Element) -> None:
        """Begin or end a bookmark, or the range of a comment, whatever becomes of its place."""
        number = element.get("id", "")
        if element.tag == "bookmarkStart" and (mark := _id_of(element)):
            self.marks[number] = mark
            for view in self.views:
                (view.open.marks if view.open is not None else view.waiting)[mark] = 0
        elif element.tag == "bookmarkEnd":
            mark = self.marks.get(number, "")
            for view in self.views:
                if view.open is not None and mark in view.open.marks:
                    view.open.marks[mark] = view.length
        elif element.tag == "commentRangeStart":
            self._place_comment(number)
        elif element.tag == "commentRangeEnd" and number in self.quoted:
            self.quoted[number] = self.quoted[number]._replace(end=len(self.words))

    def _place_comment(self, number: str) -> None:
        """Note where a comment is, which so far is on no words."""
        start, block = len(self.words), len(self.views[0].blocks)
        self.quoted[number] = CommentRange(start, start, block, self.row)

    def _run(self, element: Element, views: Sequence[_View], link: str) -> None:
        """Read a run (17.3.2.25)."""
        for view in views:
            properties = view.properties(element, "rPr")
            look = self.styles.look(properties, view.style)
            for child in element:
                text = self._character(child, view)
                if child.tag == "mc-AlternateContent":
                    text = "".join(self._character(each, view) for each in _alternative(child))
                if not text:
                    continue
                if look.hidden:
                    self._note_odd("hidden text", [view])
                    continue
                if look.raised:
                    plain = _RAISED.get(text.strip()) if look.raised == "superscript" else None
                    if plain is None:
                        self._note_odd("raised or lowered text", [view])
                    text = plain or text
                if re.search("[\uf000-\uf0ff]", text):
                    self._note_odd("symbol", [view])
                if text.strip() and view.open is not None:
                    view.open.odd.update(look.odd)
                of_field = next((field.link for field in view.fields if field.link), "")
                if text.strip() and view.open is not None and not (link or of_field):
                    view.open.looks.update(look.looks)
                if view.open is not None:
                    view.open.runs.append(TextRun(text, look.bold, look.italic, link or of_field))
                    view.length += len(text)
                    view.has_text = view.has_text or bool(text.strip())
                if view is self.views[0]:
                    self.length += len(text) + _LINE * text.count("\n")
                    if self.length > _MOST_TEXT:
                        raise UserError("it has too much text for a letter")
                    self.words.append(WordPlace(text, len(view.blocks), self.row))

    def _character(self, child: Element, view: _View) -> str:
        """Return the text of one element of a run; note what is no text, and follow fields."""
        name = child.tag
        if name == "fldChar":
            self._field(child, view)
        elif name == "instrText":
            if view.fields:
                view.fields[-1].instruction.append(child.text or "")
        elif not all(field.has_begun for field in view.fields):
            pass  # within an instruction
        elif name in ("t", "delText"):
            return (child.text or "").replace("\n", " ")
        elif name in _CHARACTERS:
            return "" if child.get("type") in ("page", "column") else _CHARACTERS[name]
        elif name == "ruby":  # 17.3.3.25: words above other words
            if view.open is not None:
                view.open.looks.add("text with words above it")
            return "".join(text.text or "" for text in child.iterfind("rubyBase//t"))
        elif name == "commentReference":
            if (number := child.get("id", "")) not in self.quoted:
                self._place_comment(number)
        elif name in _ODD:
            self._note_odd(_ODD[name], [view])
            if name == "footnoteReference" and view is self.views[0]:
                self.note_numbers.append(child.get("id", ""))
        return ""

    def _field(self, element: Element, view: _View) -> None:
        """Begin a field, go on to its result, or end it (17.16.18)."""
        kind = element.get("fldCharType", "")
        if kind == "begin":
            if len(view.fields) == _MOST_FIELDS:
                raise UserError("it has too many fields within each other for a letter")
            view.fields.append(_Field())
            if any(element.find(f"ffData/{name}") is not None for name in ("ddList", "checkBox")):
                self._note_odd("form field", [view])
        elif kind == "separate" and view.fields and not view.fields[-1].has_begun:
            view.fields[-1].has_begun = True
            view.fields[-1].link = _link_of("".join(view.fields[-1].instruction))
        elif kind == "end" and view.fields:
            ended = view.fields.pop()
            instruction = "".join(ended.instruction).strip().partition(" ")[0].upper()
            has_nothing = not ended.has_begun and instruction not in _SILENT_FIELDS
            if has_nothing or instruction in _DRAWN_FIELDS:
                self._note_odd("field without a result", [view])


def _inside(parent: Element, *names: str) -> list[Element]:
    """Return the elements with these names in a parent, in content controls and changes too."""
    found = []
    for child in parent:
        if child.tag in names:
            found.append(child)
        elif child.tag in _THROUGH:
            found += _inside(child, *names)
    return found


def _alternative(element: Element) -> Element:
    """Return the content that a reader without extensions shows (Part 3, 9.3)."""
    for name in ("mc-Fallback", "mc-Choice"):
        found = element.find(name)
        if found is not None and len(found):
            return found
    return Element("none")


def _id_of(mark: Element) -> str:
    """Return the id that one of our bookmarks stands for; empty for other bookmarks."""
    name = mark.get("name", "")
    return name.removeprefix("_PL_").replace("__", ".") if name.startswith("_PL_") else ""


_WORDS = re.compile(r'"([^"]*)"|(\\\w)|(\S+)')


def _link_of(instruction: str) -> str:
    """Return the address of a HYPERLINK field (17.16.5.25); empty for other fields."""
    address, anchor, switch = "", "", ""
    for number, (quoted, sign, word) in enumerate(_WORDS.findall(instruction)):
        if number == 0:
            if word.upper() != "HYPERLINK":
                return ""
        elif sign:
            switch = sign.lower()
        elif switch in ("\\l", "\\o", "\\t"):  # they have a word of their own
            anchor, switch = (quoted or word) if switch == "\\l" else anchor, ""
        else:
            address = address or quoted or word
    return f"{address}#{anchor}" if anchor else address
