"""Read the paragraphs of a Word letter that somebody has edited, tracked changes resolved.

The format is WordprocessingML (ECMA-376 Part 1). It is read leniently, because Word and
LibreOffice both write elements that it does not allow.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from prevent_letter.core.findings import UserError
from prevent_letter.letter.word_comments import AUTHOR

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST_BYTES = 1 << 24
"""The largest part, in bytes. The main document of ten pages has 100,000."""
_MOST_BLOCKS = 20_000
_TOLD = (
    ("http://purl.org/dc/elements/1.1/", "identifier"),
    ("http://purl.org/dc/elements/1.1/", "title"),
    ("http://schemas.openxmlformats.org/package/2006/metadata/core-properties", "version"),
)


class TextRun(NamedTuple):
    """Text with one look; ``link`` is the address that it links to, if any."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass
class Paragraph:
    """A paragraph: its runs, its style in small letters, and, of a list item, depth and kind."""

    runs: list[TextRun] = field(default_factory=list)
    style: str = ""
    depth: int = 0
    ordered: bool = False
    marks: set[str] = field(default_factory=set)
    """The names of the bookmarks that begin in it."""
    odd: set[str] = field(default_factory=set)
    """What it contains that text can't express, such as a picture or a footnote."""

    @property
    def text(self) -> str:
        """The text of all its runs."""
        return "".join(run.text for run in self.runs)


@dataclass
class Table:
    """A table: the text of each cell, row by row."""

    rows: list[list[str]]
    marks: set[str] = field(default_factory=set)


Block = Paragraph | Table


class LetterComment(NamedTuple):
    """A comment on words of the letter, and the number of the block with them (-1: none)."""

    author: str
    text: str
    quoted: str
    block: int


@dataclass
class WordDocument:
    """A Word letter as it was read."""

    blocks: list[Block]
    comments: list[LetterComment]
    changes: Counter[str]
    """The number of tracked changes, by their author."""
    rejected: list[Block] | None
    """The blocks with all tracked changes rejected; None if there are no changes."""
    identifier: str = ""
    title: str = ""
    digest: str = ""
    """The letter's properties: its identifier, its title, and its digest when it was built."""


def read(data: bytes) -> WordDocument:
    """Read the bytes of a .docx file, with its tracked changes accepted.

    Raises:
        UserError: it is not a Word file, or can't be a letter. The message follows the file's name.
    """
    parts = _parts(data)
    try:
        reader = _DocxReader(parts)
        root = _parse(parts["word/document.xml"])
        changes = Counter(
            element.get(f"{_W}author") or "somebody"
            for element in root.iter(
                *(f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
            )
        )
        body = _settle(root, accept=True).find(f"{_W}body")
        if body is None:
            raise UserError("it has no text")
        blocks, comments = reader.read(body)
        rejected = None
        if changes or next(root.iter(f"{_W}rPrChange", f"{_W}pPrChange"), None) is not None:
            unsettled = _parse(parts["word/document.xml"])
            again = _settle(unsettled, accept=False).find(f"{_W}body")
            rejected = reader.read(again)[0] if again is not None else None
    except etree.XMLSyntaxError as error:
        raise UserError(f"it can't be read as a Word file: {error.msg}") from error
    core = (
        _parse(parts["docProps/core.xml"])
        if "docProps/core.xml" in parts
        else etree.Element("none")
    )
    told = [core.findtext(f"{{{space}}}{name}") or "" for space, name in _TOLD]
    digest = re.match("[0-9a-f]{64}", told[2])
    return WordDocument(
        blocks, comments, changes, rejected, told[0], told[1], digest[0] if digest else ""
    )


def _parts(data: bytes) -> dict[str, bytes]:
    """Return the parts that a letter is read from, by their names in the package."""
    wanted = {f"word/{name}.xml" for name in ("document", "styles", "numbering", "comments")}
    wanted |= {"word/_rels/document.xml.rels", "docProps/core.xml"}
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise UserError(
            "this is a .doc file of an older Word, or one with a password; save it as .docx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = [info for info in package.infolist() if info.filename in wanted]
            if any(info.file_size > _MOST_BYTES for info in infos):
                raise UserError("it is too large for a letter")
            parts = {}
            for info in infos:
                with package.open(info) as part:
                    parts[info.filename] = part.read(_MOST_BYTES + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
    ) as error:
        raise UserError("it can't be read as a Word file") from error
    if "word/document.xml" not in parts:
        raise UserError("this is no Word letter")
    if any(len(part) > _MOST_BYTES for part in parts.values()):
        raise UserError("it is too large for a letter")
    return parts


def _parse(xml: bytes) -> Any:
    """Parse XML without resolving entities or using the network."""
    return etree.fromstring(
        xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    )


# Tracked changes (17.13.5).

_RANGES = tuple(
    f"{_W}{name}"
    for name in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd")
)


def _settle(root: Any, *, accept: bool) -> Any:
    """Accept or reject all tracked changes in a tree, and return it."""
    kept, gone = (
        (("ins", "moveTo"), ("del", "moveFrom"))
        if accept
        else (("del", "moveFrom"), ("ins", "moveTo"))
    )
    for name in gone:
        for element in list(root.iter(f"{_W}{name}")):
            if _tag(element.getparent()) in ("rPr", "trPr", "numPr"):
                continue
            for mark in list(element.iter(*_RANGES)):
                element.addprevious(mark)
    for row in list(root.iter(f"{_W}tr")):
        if any(row.find(f"{_W}trPr/{_W}{name}") is not None for name in gone):
            row.getparent().remove(row)
    for name in gone:
        for element in list(root.iter(f"{_W}{name}")):
            if _tag(element.getparent()) not in ("rPr", "trPr", "numPr"):
                element.getparent().remove(element)
    for name in kept:
        for element in list(root.iter(f"{_W}{name}")):
            if _tag(element.getparent()) not in ("rPr", "trPr", "numPr"):
                for child in list(element):
                    element.addprevious(child)
                element.getparent().remove(element)
    for text in list(root.iter(f"{_W}delText")):
        text.tag = f"{_W}t"
    for change in [each for each in root.iter(etree.Element) if _tag(each).endswith("Change")]:
        owner, parent = change.getparent(), change.getparent().getparent()
        old = next(iter(change), None)
        if not accept and _tag(owner) in ("rPr", "pPr") and parent is not None:
            if old is None:
                old = etree.Element(owner.tag)
            marks = owner.find(f"{_W}rPr") if _tag(owner) == "pPr" else None
            if marks is not None and old.find(f"{_W}rPr") is None:
                old.append(marks)
            parent.replace(owner, old)
        else:
            owner.remove(change)
    for paragraph in reversed(list(root.iter(f"{_W}p"))):
        if any(paragraph.find(f"{_W}pPr/{_W}rPr/{_W}{name}") is not None for name in gone):
            _join(paragraph)
    return root


def _join(paragraph: Any) -> None:
    """Join a paragraph with the next one, because its paragraph mark was deleted."""
    following = paragraph.getnext()
    while following is not None and following.tag in _RANGES:
        paragraph.append(following)
        following = paragraph.getnext()
    if following is None or following.tag != f"{_W}p":
        return
    empty = not "".join(paragraph.itertext(f"{_W}t")).strip()
    properties, others = paragraph.find(f"{_W}pPr"), following.find(f"{_W}pPr")
    for child in list(following):
        if child is not others:
            paragraph.append(child)
    following.getparent().remove(following)
    if empty:
        if properties is not None:
            paragraph.remove(properties)
        if others is not None:
            paragraph.insert(0, others)
    elif properties is not None and (mark := properties.find(f"{_W}rPr")) is not None:
        properties.remove(mark)
        if others is not None and (own := others.find(f"{_W}rPr")) is not None:
            properties.append(own)


def _tag(element: Any) -> str:
    return (
        str(element.tag).rpartition("}")[2]
        if element is not None and isinstance(element.tag, str)
        else ""
    )


# Words.

_THROUGH = frozenset("smartTag sdt sdtContent ins moveTo customXml dir bdo".split())
_OFF = ("0", "false", "off", "none")


class _DocxReader:
    """Reads the blocks of a body, by the styles, the numbering and the links of its package."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.styles: dict[str, Any] = {}
        self.default = ""
        for style in self._part("styles").iter(f"{_W}style"):
            self.styles[style.get(f"{_W}styleId", "")] = style
            if style.get(f"{_W}default") in ("1", "true") and style.get(f"{_W}type") == "paragraph":
                self.default = style.get(f"{_W}styleId", "")
        numbering = self._part("numbering")
        abstract = {
            each.get(f"{_W}abstractNumId"): each for each in numbering.iter(f"{_W}abstractNum")
        }
        self.numbers = {
            each.get(f"{_W}numId"): abstract.get(self._value(each, "abstractNumId"))
            for each in numbering.iter(f"{_W}num")
        }
        relationships = parts.get("word/_rels/document.xml.rels")
        links = _parse(relationships) if relationships else ()
        self.links = {
            each.get("Id"): each.get("Target", "") for each in links if isinstance(each.tag, str)
        }

    def _part(self, name: str) -> Any:
        xml = self.parts.get(f"word/{name}.xml")
        return _parse(xml) if xml else etree.Element("none")

    @staticmethod
    def _value(element: Any, *path: str) -> str:
        found = (
            element.find("/".join(f"{_W}{name}" for name in path)) if element is not None else None
        )
        return found.get(f"{_W}val", "") if found is not None else ""

    def name(self, style: str) -> str:
        """Return the name of a style, in small letters, by its id."""
        return self._value(self.styles.get(style), "name").casefold() or style.casefold()

    def read(self, body: Any) -> tuple[list[Block], list[LetterComment]]:
        """Return the blocks of a body in order, and the comments on them."""
        self.blocks: list[Block] = []
        self.ranges: dict[str, tuple[int, list[str]]] = {}
        self.quoting: dict[str, list[str]] = {}
        self.waiting: set[str] = set()  # bookmarks that begin between paragraphs
        self._blocks(body)
        comments: list[LetterComment] = []
        for each in self._part("comments").iter(f"{_W}comment"):
            text = "\n".join("".join(p.itertext(f"{_W}t")) for p in each.iter(f"{_W}p"))
            if each.get(f"{_W}author") != AUTHOR:
                block, words = self.ranges.get(each.get(f"{_W}id", ""), (-1, []))
                author, quoted = each.get(f"{_W}author", ""), "".join(words)
                comments.append(LetterComment(author, text, quoted, block))
        return self.blocks, comments

    def _blocks(self, parent: Any) -> None:
        for child in parent:
            name = _tag(child)
            if len(self.blocks) > _MOST_BLOCKS:
                raise UserError("it has too many paragraphs for a letter")
            if name == "p":
                self.blocks.append(self._paragraph(child))
            elif name == "tbl":
                rows = [
                    [
                        "\n".join(self._paragraph(p).text for p in cell.iter(f"{_W}p"))
                        for cell in row.iter(f"{_W}tc")
                    ]
                    for row in child.iter(f"{_W}tr")
                ]
                marks = {mark.get(f"{_W}name", "") for mark in child.iter(f"{_W}bookmarkStart")}
                self.blocks.append(Table(rows, marks))
            elif name in _THROUGH:
                self._blocks(child)
            elif name == "bookmarkStart":
                self.waiting.add(child.get(f"{_W}name", ""))

    def _paragraph(self, element: Any) -> Paragraph:
        style = self._value(element, "pPr", "pStyle") or self.default
        made = Paragraph(style=self.name(style), marks=self.waiting)
        self.waiting = set()
        made.depth, made.ordered = self._list(element, style)
        _LineReader(self, made, len(self.blocks)).take(element, "")
        return made

    def _list(self, element: Any, style: str) -> tuple[int, bool]:
        """Return the depth in lists (0: in none), and True if the list is numbered (17.9)."""
        number, level, seen = "", "", set[str]()
        holder = element.find(f"{_W}pPr")
        while holder is not None and not number:
            number, level = (
                self._value(holder, "numPr", "numId"),
                level or self._value(holder, "numPr", "ilvl"),
            )
            if style in seen or style not in self.styles:
                break
            seen.add(style)
            holder, style = (
                self.styles[style].find(f"{_W}pPr"),
                self._value(self.styles[style], "basedOn"),
            )
            if holder is None:
                holder = etree.Element("none")
        abstract = self.numbers.get(number)
        if number in ("", "0") or abstract is None:
            return 0, False
        depth = int(level) if level.isdigit() else 0
        formats = {
            each.get(f"{_W}ilvl"): self._value(each, "numFmt") for each in abstract.iter(f"{_W}lvl")
        }
        return depth + 1, formats.get(str(depth), "bullet") not in ("bullet", "none")


@dataclass
class _LineReader:
    """Reads the runs of one paragraph."""

    reader: _DocxReader
    made: Paragraph
    number: int
    fields: list[list[str]] = field(default_factory=list)
    """For each open field: its instruction, the address it links to, and its state."""

    def take(self, parent: Any, link: str) -> None:
        """Read the children of an element."""
        for child in parent:
            name = _tag(child)
            if name == "r":
                self.run(child, link or next((each[1] for each in self.fields if each[1]), ""))
            elif name == "hyperlink":
                anchor = child.get(f"{_W}anchor")
                self.take(
                    child,
                    self.reader.links.get(child.get(f"{_R}id"), f"#{anchor}" if anchor else ""),
                )
            elif name == "fldSimple":
                self.take(child, _leads(child.get(f"{_W}instr", "")))
            elif name == "bookmarkStart":
                self.made.marks.add(child.get(f"{_W}name", ""))
            elif name == "commentRangeStart":
                words: list[str] = []
                self.reader.ranges[child.get(f"{_W}id", "")] = self.number, words
                self.reader.quoting[child.get(f"{_W}id", "")] = words
            elif name == "commentRangeEnd":
                self.reader.quoting.pop(child.get(f"{_W}id", ""), None)
            elif name in _THROUGH and child.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
                self.take(child, link)

    def run(self, element: Any, link: str) -> None:
        """Read a run (17.3.2.25)."""
        properties = element.find(f"{_W}rPr")
        look = (
            self.reader.name(self.reader._value(properties, "rStyle"))
            if properties is not None
            else ""
        )
        bold = self._on(properties, "b") or look == "strong"
        italic = self._on(properties, "i") or look == "emphasis"
        if self._on(properties, "strike") or self._on(properties, "dstrike"):
            self.made.odd.add("struck-out text")
        for child in element:
            match _tag(child):
                case "t":
                    if not (self.fields and not self.fields[-1][2]):
                        self.add(child.text or "", bold, italic, link)
                case "tab" | "ptab":
                    self.add("\t", bold, italic, link)
                case "br" | "cr":
                    self.add("\n", bold, italic, link)
                case "noBreakHyphen":
                    self.add("\u2011", bold, italic, link)
                case "fldChar":
                    self.take_field(child.get(f"{_W}fldCharType", ""))
                case "instrText" if self.fields:
                    self.fields[-1][0] += child.text or ""
                    self.fields[-1][1] = _leads(self.fields[-1][0])
                case "drawing" | "pict" | "object":
                    self.made.odd.add("picture")
                case "footnoteReference" | "endnoteReference":
                    self.made.odd.add("footnote")
                case "AlternateContent":
                    self.made.odd.add("picture")

    def take_field(self, kind: str) -> None:
        """Begin a field, go on to its result, or end it (17.16.18)."""
        if kind == "begin":
            self.fields.append(["", "", ""])
        elif kind == "separate" and self.fields:
            self.fields[-1][2] = "result"
        elif kind == "end" and self.fields:
            self.fields.pop()

    @staticmethod
    def _on(properties: Any, name: str) -> bool:
        found = properties.find(f"{_W}{name}") if properties is not None else None
        return found is not None and found.get(f"{_W}val", "1") not in _OFF

    def add(self, text: str, bold: bool, italic: bool, link: str) -> None:
        """Add text to the paragraph, and to the comments whose ranges are open."""
        self.made.runs.append(TextRun(text, bold, italic, link))
        for words in self.reader.quoting.values():
            words.append(text)


def _leads(instruction: str) -> str:
    """Return the address of a HYPERLINK field (17.16.5.25); empty for other fields."""
    name, _, rest = instruction.strip().partition(" ")
    return rest.split('"')[1] if name.upper() == "HYPERLINK" and rest.count('"') >= 2 else ""
