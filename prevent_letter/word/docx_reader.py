"""Read the paragraphs of an edited Word letter, with tracked changes accepted or rejected.

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
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MOST_BYTES = 1 << 24
"""The largest part, in bytes. The main document of ten pages has 100,000."""
_MOST_BLOCKS = 20_000
_NOT_WORD = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError)
"""What zipfile raises for a file that is damaged or not a package."""


class TextRun(NamedTuple):
    """Text with the same format throughout; ``link`` is the address it links to, if any."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass
class Paragraph:
    """A paragraph: its runs, its style in lower case, and a list item's depth and kind."""

    runs: list[TextRun] = field(default_factory=list)
    style: str = ""
    depth: int = 0
    ordered: bool = False
    marks: dict[str, int] = field(default_factory=dict)
    """The ids of our bookmarks that begin here, each with the length of the text before its end.

    The length is 0 if the bookmark ends elsewhere.
    """
    odd: set[str] = field(default_factory=set)
    """What this paragraph has that text can't express, such as a picture or a footnote."""

    @property
    def text(self) -> str:
        """The text of all its runs."""
        return "".join(run.text for run in self.runs)


@dataclass
class Table:
    """A table: the text of each cell, row by row, and the id of each row's bookmark, if any."""

    rows: list[list[str]]
    ids: list[str]

    @property
    def text(self) -> str:
        """The text of all its cells."""
        return " ".join(map(" ".join, self.rows))


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
        UserError: it is not a Word file, or can't be a letter. The message does not name the file.
    """
    parts = _parts(data)
    try:
        root = _parse(parts["word/document.xml"])
        body = root.find(f"{_W}body")
        if body is None:
            raise UserError("it has no text")
        changed = root.iter(*(f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")))
        changes = Counter(element.get(f"{_W}author") or "somebody" for element in changed)
        accepted = _DocxReader(parts, gone=("del", "moveFrom"))
        blocks, rejected = accepted.read(body), None
        if changes or next(root.iter(f"{_W}rPrChange", f"{_W}pPrChange"), None) is not None:
            rejected = _DocxReader(parts, gone=("ins", "moveTo")).read(body)
        core = _parse(parts.get("docProps/core.xml", b"<none/>"))
        comments = accepted.comments()
    except etree.XMLSyntaxError as error:
        raise UserError(f"it can't be read as a Word file: {error.msg}") from error
    names = (f"{_DC}identifier", f"{_DC}title", f"{_CORE}version")
    identifier, title, version = (core.findtext(name) or "" for name in names)
    digest = next(iter(re.findall("^[0-9a-f]{64}", version)), "")
    return WordDocument(blocks, comments, changes, rejected, identifier, title, digest)


def _parts(data: bytes) -> dict[str, bytes]:
    """Return the parts that a letter is read from, by their names in the package."""
    wanted = {f"word/{name}.xml" for name in ("document", "styles", "numbering", "comments")}
    wanted |= {"word/_rels/document.xml.rels", "docProps/core.xml"}
    if data[:4] == b"\xd0\xcf\x11\xe0":
        message = "this is a .doc file of an older Word, or it has a password"
        raise UserError(f"{message}; save it as .docx")
    parts = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for info in package.infolist():
                if info.filename in wanted:
                    with package.open(info) as part:
                        parts[info.filename] = part.read(_MOST_BYTES + 1)
    except _NOT_WORD as error:
        raise UserError("it can't be read as a Word file") from error
    if any(len(part) > _MOST_BYTES for part in parts.values()):
        raise UserError("it is too large for a letter")
    if "word/document.xml" not in parts:
        raise UserError("this is no Word letter")
    return parts


def _parse(xml: bytes) -> Any:
    """Parse XML without resolving entities or using the network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(xml, parser)


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _value(element: Any, *path: str) -> str:
    """Return the ``w:val`` at the end of a path below an element; empty if there is none."""
    if element is not None:
        element = element.find("/".join(f"{_W}{name}" for name in path))
    return element.get(f"{_W}val", "") if element is not None else ""


_THROUGH = frozenset("smartTag sdt sdtContent ins del moveFrom moveTo customXml dir bdo".split())
_RANGES = frozenset("bookmarkStart bookmarkEnd commentRangeStart commentRangeEnd".split())
_OFF = ("0", "false", "off", "none")
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_ODD = dict.fromkeys(("drawing", "pict", "object", "AlternateContent"), "picture")
_ODD |= dict.fromkeys(("footnoteReference", "endnoteReference"), "footnote")


class _DocxReader:
    """Reads the blocks of a document's body, using the package's styles, numbering and links."""

    def __init__(self, parts: dict[str, bytes], gone: tuple[str, str]) -> None:
        """``gone`` names the tracked changes whose content is left out (17.13.5)."""
        self.parts, self.gone = parts, gone
        self.styles: dict[str, Any] = {}
        self.default = ""
        for style in self._part("word/styles.xml").iter(f"{_W}style"):
            self.styles[style.get(f"{_W}styleId", "")] = style
            if style.get(f"{_W}default") in ("1", "true") and style.get(f"{_W}type") == "paragraph":
                self.default = style.get(f"{_W}styleId", "")
        numbering = self._part("word/numbering.xml")
        abstract = {e.get(f"{_W}abstractNumId"): e for e in numbering.iter(f"{_W}abstractNum")}
        self.numbers = {
            number.get(f"{_W}numId"): abstract.get(_value(number, "abstractNumId"))
            for number in numbering.iter(f"{_W}num")
        }
        links = self._part("word/_rels/document.xml.rels")
        targets = [link for link in links if isinstance(link.tag, str)]
        self.links = {link.get("Id"): link.get("Target", "") for link in targets}
        self.blocks: list[Block] = []
        self.marks: dict[str, str] = {}
        """The ids of our bookmarks whose beginning was read, by the bookmarks' numbers."""
        self.waiting: dict[str, int] = {}
        """The bookmarks that began between paragraphs, for the next paragraph to take."""
        self.quoted: dict[str, tuple[int, list[str]]] = {}
        """By each comment's number: the number of its block, and the words that it is on."""
        self.quoting: set[str] = set()
        self.fields: list[list[str]] = []
        """For each open field: its instruction, the address it links to, and its state."""

    def _part(self, name: str) -> Any:
        return _parse(self.parts.get(name, b"<none/>"))

    def _style_name(self, style: str) -> str:
        """Return the name of a style, in small letters, by its id."""
        return _value(self.styles.get(style), "name").casefold() or style.casefold()

    def _properties(self, element: Any, name: str) -> Any:
        """Return an element's properties: those before a tracked change if changes are rejected."""
        properties = element.find(f"{_W}{name}")
        if properties is not None and "ins" in self.gone:
            change = properties.find(f"{_W}{name}Change")
            if change is not None:
                return next(iter(change), None)
        return properties

    def _is_gone(self, element: Any, *path: str) -> bool:
        """Return True if a tracked change removes a row, or the mark of a paragraph."""
        paths = ("/".join(f"{_W}{part}" for part in (*path, name)) for name in self.gone)
        return any(element.find(path) is not None for path in paths)

    def read(self, parent: Any) -> list[Block]:
        """Return the blocks of a body in order."""
        joined: Paragraph | None = None  # its mark is gone, so it goes on in the next paragraph
        for child in parent:
            name = _tag(child)
            if len(self.blocks) > _MOST_BLOCKS:
                raise UserError("it has too many paragraphs for a letter")
            if name == "p":
                paragraph = self._paragraph(child, joined)
                joined = paragraph if self._is_gone(child, "pPr", "rPr") else None
                if joined is None:
                    self.blocks.append(paragraph)
            elif name == "tbl":
                self.blocks += [joined] if joined else []
                joined = None
                rows = [row for row in child.iter(f"{_W}tr") if not self._is_gone(row, "trPr")]
                cells = [[self._cell(cell) for cell in row.iter(f"{_W}tc")] for row in rows]
                marks = [row.iter(f"{_W}bookmarkStart") for row in rows]
                ids = [next(map(_id_of, of_row), "") for of_row in marks]
                self.blocks.append(Table(cells, ids))
            elif name in _THROUGH and name not in self.gone:
                self.read(child)
            elif name == "bookmarkStart" and (id := _id_of(child)):
                self.waiting[id] = 0
        if joined:
            self.blocks.append(joined)
        return self.blocks

    def _cell(self, cell: Any) -> str:
        return "\n".join(self._paragraph(p, None).text for p in cell.iter(f"{_W}p"))

    def _paragraph(self, element: Any, joined: Paragraph | None) -> Paragraph:
        """Return a paragraph, appended to the paragraph ``joined`` if that is given.

        If ``joined`` has no text, the result has the properties of the appended paragraph.
        """
        paragraph = joined
        if paragraph is None or not paragraph.text.strip():
            properties = self._properties(element, "pPr")
            style = _value(properties, "pStyle") or self.default
            depth, ordered = self._list(properties, style)
            runs, marks = (joined.runs, joined.marks) if joined else ([], {})
            paragraph = Paragraph(runs, self._style_name(style), depth, ordered, marks)
        paragraph.marks |= self.waiting
        self.waiting = {}
        self.fields = []
        self._take(element, paragraph, "")
        return paragraph

    def _list(self, properties: Any, style: str) -> tuple[int, bool]:
        """Return a paragraph's list depth (0: no list), and True if its list is numbered (17.9)."""
        number, level, known = "", "", set[str]()
        while not number:
            number = _value(properties, "numPr", "numId")
            level = level or _value(properties, "numPr", "ilvl")
            if style in known or style not in self.styles:
                break
            known.add(style)
            properties = self.styles[style].find(f"{_W}pPr")
            style = _value(self.styles[style], "basedOn")
        abstract = self.numbers.get(number)
        if number in ("", "0") or abstract is None:
            return 0, False
        depth = int(level) if re.fullmatch("[0-8]", level) else 0  # 17.9.3
        levels = abstract.iter(f"{_W}lvl")
        formats = {level.get(f"{_W}ilvl"): _value(level, "numFmt") for level in levels}
        return depth + 1, formats.get(str(depth), "bullet") not in ("bullet", "none")

    def comments(self) -> list[LetterComment]:
        """Return the comments on the blocks that were read, except this tool's own."""
        comments = []
        for comment in self._part("word/comments.xml").iter(f"{_W}comment"):
            text = "\n".join("".join(p.itertext(f"{_W}t")) for p in comment.iter(f"{_W}p"))
            author = comment.get(f"{_W}author", "")
            if author != AUTHOR:
                block, words = self.quoted.get(comment.get(f"{_W}id", ""), (-1, []))
                comments.append(LetterComment(author, text, "".join(words), block))
        return comments

    # The content of a paragraph.

    def _take(self, parent: Any, paragraph: Paragraph, link: str) -> None:
        """Read an element's content; if it is left out, only where bookmarks and comments are."""
        is_gone = _tag(parent) in self.gone
        for child in parent.iter() if is_gone else parent:
            name = _tag(child)
            if name in _RANGES:
                self._range(name, child, paragraph)
            elif is_gone:
                continue
            elif name == "r":
                of_field = next((field[1] for field in self.fields if field[1]), "")
                self._run(child, paragraph, link or of_field)
            elif name == "hyperlink":
                anchor = child.get(f"{_W}anchor")
                target = self.links.get(child.get(f"{_R}id"), f"#{anchor}" if anchor else "")
                self._take(child, paragraph, target)
            elif name == "fldSimple":
                self._take(child, paragraph, _link_of(child.get(f"{_W}instr", "")))
            elif name in _THROUGH and child.find(f"{_W}sdtPr/{_W}showingPlcHdr") is None:
                self._take(child, paragraph, link)

    def _range(self, name: str, element: Any, paragraph: Paragraph) -> None:
        """Begin or end a bookmark, or the range of a comment."""
        number = element.get(f"{_W}id", "")
        if name == "bookmarkStart" and (id := _id_of(element)):
            self.marks[number] = id
            paragraph.marks[id] = 0
        elif name == "bookmarkEnd" and self.marks.get(number) in paragraph.marks:
            paragraph.marks[self.marks[number]] = len(paragraph.text)
        elif name == "commentRangeStart":
            self.quoted[number] = len(self.blocks), []
            self.quoting.add(number)
        elif name == "commentRangeEnd":
            self.quoting.discard(number)

    def _run(self, element: Any, paragraph: Paragraph, link: str) -> None:
        """Read a run (17.3.2.25)."""
        properties = self._properties(element, "rPr")
        look = self._style_name(_value(properties, "rStyle"))
        bold = _is_on(properties, "b") or look == "strong"
        italic = _is_on(properties, "i") or look == "emphasis"
        if _is_on(properties, "strike") or _is_on(properties, "dstrike"):
            paragraph.odd.add("struck-out text")
        for child in element:
            name, text = _tag(child), ""
            if name in _ODD:
                paragraph.odd.add(_ODD[name])
            elif name == "fldChar":
                self._field(child.get(f"{_W}fldCharType", ""))
            elif name == "instrText" and self.fields:
                self.fields[-1][0] += child.text or ""
                self.fields[-1][1] = _link_of(self.fields[-1][0])
            elif name in ("t", "delText") and not (self.fields and not self.fields[-1][2]):
                text = child.text or ""
            elif name in _CHARACTERS:
                text = _CHARACTERS[name]
            if text:
                paragraph.runs.append(TextRun(text, bold, italic, link))
                for number in self.quoting:
                    self.quoted[number][1].append(text)

    def _field(self, kind: str) -> None:
        """Begin a field, go on to its result, or end it (17.16.18)."""
        if kind == "begin":
            self.fields.append(["", "", ""])
        elif kind == "separate" and self.fields:
            self.fields[-1][2] = "result"
        elif kind == "end" and self.fields:
            self.fields.pop()


def _id_of(mark: Any) -> str:
    """Return the id that one of our bookmarks stands for; empty for other bookmarks."""
    name = mark.get(f"{_W}name", "")
    return name.removeprefix("_PL_").replace("__", ".") if name.startswith("_PL_") else ""


def _is_on(properties: Any, name: str) -> bool:
    """Return True if a yes-or-no property (17.17.4) is set."""
    toggle = properties.find(f"{_W}{name}") if properties is not None else None
    return toggle is not None and toggle.get(f"{_W}val", "1") not in _OFF


def _link_of(instruction: str) -> str:
    """Return the address of a HYPERLINK field (17.16.5.25); empty for other fields."""
    name, _, rest = instruction.strip().partition(" ")
    return rest.split('"')[1] if name.upper() == "HYPERLINK" and rest.count('"') >= 2 else ""
