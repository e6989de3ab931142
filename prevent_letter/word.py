"""The letter as a Word document (WordprocessingML, ECMA-376 Part 1), from its XHTML and the styles of a letter.docx.

python-docx reads the look and makes the parts that don't vary; the others are written here, one element of the XHTML
after the other. A class names a paragraph style; an id on fixed words becomes a hidden bookmark (``_PL_...``) round
them, by which a cleared letter can be read back. What Word has no place for is an error, never left out.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml import etree

from prevent_letter import letter, prose
from prevent_letter.findings import Stop, shown
from prevent_letter.letter import Mark

LOOK = "letter.docx"

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_RELATIONSHIPS = f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_CORE = "docProps/core.xml"
_VARYING = {
    *("word/document.xml", "word/_rels/document.xml.rels", "word/footnotes.xml", "word/numbering.xml"),
    *("word/styles.xml", _CORE),
    # python-docx names headers and footers in the order they are made: here the first page's, then the running one
    *("word/header1.xml", "word/header2.xml", "word/footer1.xml", "word/footer2.xml"),
}
"""The parts that each letter writes itself."""


@dataclass(frozen=True)
class Look:
    """What a letter.docx gives to every letter: styles and page set-up, ready to be written."""

    path: Path
    package: bytes
    """A zip of the parts that are the same in each letter."""
    styles: Mapping[str, str]
    """Style ids, by the styles' names in small letters."""
    styles_part: str
    """The styles, with a mark in place of the language."""
    lists: Mapping[str, tuple[str, str, list[int]]]
    """For ``ol`` and ``ul``: abstract number, number, and the indentation of each level in twips."""
    section: str
    """The ``w:sectPr`` (17.6.17): paper, margins, the references to headers and footers."""
    text_width: int
    """The width of the text in twips."""
    relationships: str
    """The main document's relationships, but for the end tag."""
    numbering: str
    """The numbering definitions, but for the end tag."""
    free_number: int
    """The first number that no numbering of the look has."""


def look(path: Path) -> Look:
    """Read the look from a Word document, whose text is ignored.

    Raises:
        Stop: it isn't there, isn't a Word document, or lacks the styles of lists.
    """
    try:
        return _look(path, docx.Document(str(path)))
    except Stop:
        raise
    except Exception as error:  # python-docx lets through whatever zipfile, lxml and its own look-ups raise
        raise Stop(f"{shown(path)}: this can't be opened as a Word document; save it again in Word") from error


def _look(path: Path, document: Any) -> Look:
    lists = {tag: _list(path, document, name) for tag, name in (("ol", "List Number"), ("ul", "List Bullet"))}
    _strip(document)
    _make_room(document)
    _set_language(document)
    saved, same = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as whole, zipfile.ZipFile(same, "w") as package:
        for name in whole.namelist():
            if name not in _VARYING:
                package.writestr(_member(name), whole.read(name))
        relationships = whole.read("word/_rels/document.xml.rels").decode()
        styles = whole.read("word/styles.xml").decode()
    numbers = document.part.numbering_part.element
    numbering = etree.tostring(numbers, encoding="unicode")
    section = document.sections[-1]
    return Look(
        path,
        same.getvalue(),
        {style.name.lower(): style.style_id for style in document.styles if style.name},
        styles,
        lists,
        etree.tostring(section._sectPr, encoding="unicode"),
        (section.page_width - section.left_margin - section.right_margin) // docx.shared.Twips(1),
        relationships[: relationships.rindex("</")],
        _XML + numbering[: numbering.rindex("</")],
        1 + max(number.numId for number in numbers.num_lst),
    )


def _list(path: Path, document: Any, name: str) -> tuple[str, str, list[int]]:
    """The numbering behind a list style (17.9): abstract number, number, indentation of each level."""
    found = [style.element for style in document.styles if style.name == name]
    number = found[0].find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}") if found else None
    id = None if number is None else number.get(qn("w:val"))
    defined = any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in document.part.rels.values())
    numbers = document.part.numbering_part.element.num_lst if defined else []
    abstract = next((str(each.abstractNumId.val) for each in numbers if str(each.numId) == id), None)
    if id is None or abstract is None:
        raise Stop(f'{shown(path)}: the style "{name}" isn\'t there or has no numbering, and the lists need it')
    numbering = document.part.numbering_part.element
    levels = numbering.findall(f"{qn('w:abstractNum')}[@{qn('w:abstractNumId')}='{abstract}']/{qn('w:lvl')}")
    indents = [level.find(f"{qn('w:pPr')}/{qn('w:ind')}") for level in levels]
    lefts = [0 if ind is None else int(ind.get(qn("w:left")) or ind.get(qn("w:start")) or 0) for ind in indents]
    return abstract, id, lefts or [0]


def _strip(document: Any) -> None:
    """Leave nothing but the look: no text, no thumbnail, no custom XML, no template of somebody's machine."""
    kept = {getattr(RELATIONSHIP_TYPE, name) for name in ("STYLES", "NUMBERING", "SETTINGS", "FONT_TABLE", "THEME")}
    settings = document.settings.element
    settings_part = document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    for part, wanted in (
        (document.part.package, {RELATIONSHIP_TYPE.OFFICE_DOCUMENT}),
        (document.part, kept),
        (settings_part, {}),
    ):
        for id in [id for id, relationship in part.rels.items() if relationship.reltype not in wanted]:
            del part.rels[id]
    document.element.body.clear_content()
    section, numbering = document.sections[-1]._sectPr, document.part.numbering_part.element
    for parent, tags in (
        (section, ("w:headerReference", "w:footerReference")),
        (settings, ("w:footnotePr", "w:endnotePr", "w:attachedTemplate", "w:evenAndOddHeaders")),
        (numbering, ("w:numIdMacAtCleanup",)),
    ):
        for tag in tags:
            for element in parent.findall(qn(tag)):
                parent.remove(element)


def _make_room(document: Any) -> None:
    """Name the parts that vary in relationships and content types; settings name the separators (17.11.9)."""
    package, section = document.part.package, document.sections[-1]
    section.different_first_page_header_footer = True
    for story in (section.first_page_header, section.header, section.first_page_footer, section.footer):
        story.is_linked_to_previous = False
    footnotes = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, b"", package)
    document.part.relate_to(footnotes, RELATIONSHIP_TYPE.FOOTNOTES)
    core = Part(PackURI(f"/{_CORE}"), CONTENT_TYPE.OPC_CORE_PROPERTIES, b"", package)
    package.relate_to(core, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    notes = OxmlElement("w:footnotePr")
    for id in ("-1", "0"):
        notes.append(OxmlElement("w:footnote", {qn("w:id"): id}))
    later = ("w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang", "w:clrSchemeMapping", "w:decimalSymbol")
    document.settings.element.insert_element_before(notes, *later)


_LANGUAGE = "x-the-letters"


def _set_language(document: Any) -> None:
    """Put a mark wherever the styles name the language of the text, and into their defaults (17.3.2.20, 17.7.5.1)."""
    styles = document.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        defaults.append(OxmlElement("w:lang"))
    for element in styles.iter(qn("w:lang")):
        element.set(qn("w:val"), _LANGUAGE)


def _member(name: str) -> zipfile.ZipInfo:
    """A zip member without a clock, a platform or an owner, so that the same parts are the same bytes."""
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.compress_type, made.create_system, made.external_attr = zipfile.ZIP_DEFLATED, 0, 0o600 << 16
    return made


def write(xhtml: str, look: Look) -> bytes:
    """The letter as the bytes of a .docx file.

    Raises:
        Stop: the letter has an element or a class that Word, or this look, has no place for.
    """
    root = letter.tree(xhtml)
    parts = {f"word/{name}": xml.encode() for name, xml in _Letter(look, root).parts().items()}
    out = io.BytesIO(look.package)
    with zipfile.ZipFile(out, "a") as package:
        sums = {info.filename: info.CRC for info in package.infolist()}
        sums |= {name: zlib.crc32(xml) for name, xml in parts.items()}
        parts[_CORE] = _core(letter.properties(root), root.get("lang", ""), _digest_of_parts(sums)).encode()
        for name, xml in parts.items():
            package.writestr(_member(name), xml, compresslevel=1)
    return out.getvalue()


def mark(data: bytes) -> Mark | None:
    """The mark in the bytes of a .docx file; None where there is none, or where it isn't such a file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            sums = {info.filename: info.CRC for info in package.infolist() if info.filename != _CORE}
            core = etree.fromstring(package.read(_CORE))
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        SyntaxError,
        OSError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ):
        return None
    identifier = core.findtext("{http://purl.org/dc/elements/1.1/}identifier") or ""
    version = core.findtext("{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}version") or ""
    found = re.fullmatch("([0-9a-f]{64}) ([0-9a-f]{64})", version)
    return Mark(identifier, found[1], found[2] == _digest_of_parts(sums)) if found else None


def same(one: bytes, other: bytes) -> bool:
    """Whether two files are the same letter: the same parts, though another zlib may have deflated them."""
    return one == other or (_members(one) or {}) == _members(other)


def _members(data: bytes) -> dict[str, tuple[int, int]] | None:
    """Checksum and size of each part; None where it isn't a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {info.filename: (info.CRC, info.file_size) for info in package.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None


def _digest_of_parts(sums: Mapping[str, int]) -> str:
    """SHA-256 of the parts' names and checksums."""
    return hashlib.sha256("\n".join(f"{name} {sums[name]:08x}" for name in sorted(sums)).encode()).hexdigest()


def _core(properties: Mapping[str, str], lang: str, parts: str) -> str:
    """The core properties (ECMA-376 Part 2, 11); the times are the letter's date."""
    said = {name: escape(value) for name, value in properties.items()}
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{said["date"]}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
        if said["date"]
    )
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{said['title']}</dc:title><dc:subject>{said['subject']}</dc:subject>"
        f"<dc:creator>{said['author']}</dc:creator><cp:lastModifiedBy>{said['author']}</cp:lastModifiedBy>{times}"
        f"<dc:identifier>{said['identifier']}</dc:identifier><dc:language>{escape(lang)}</dc:language>"
        f"<cp:version>{said['digest']} {parts}</cp:version></cp:coreProperties>"
    )


class _Paragraph:
    """One paragraph as it grows: pieces of XML, and pairs of run properties and text."""

    def __init__(self, opening: str) -> None:
        self.pieces: list[str | tuple[str, str]] = [opening]
        self.spaced = True  # at the beginning, after a space or a line break: another space would be one too many

    def text(self, words: str | None, run: str) -> None:
        """Add text with its white space collapsed, as XHTML means it."""
        if words and (words := prose.one_line(words)[self.spaced and words[0] in " \t\r\n" :]):
            self.pieces.append((run, words))
            self.spaced = words.endswith(" ")

    def add(self, xml: str, spaced: bool = False) -> None:
        """Add what stands in the line like a letter: a field, a reference, a line break."""
        self.pieces.append(xml)
        self.spaced = spaced

    def xml(self) -> str:
        """The runs (17.3.2.25) of the paragraph."""
        if self.spaced:
            for number in range(len(self.pieces) - 1, -1, -1):
                if isinstance(piece := self.pieces[number], tuple):
                    self.pieces[number] = (piece[0], piece[1].removesuffix(" "))
                    break
        return "".join(piece if isinstance(piece, str) else _run(*piece) for piece in self.pieces)


def _run(properties: str, words: str) -> str:
    properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""


_FIELDS = {"page": "PAGE", "pages": "NUMPAGES"}


class _Story:
    """A part with text of its own (the body, the notes, a header), and the links in it."""

    def __init__(self, writer: "_Letter", style: str = "", opening: str = "") -> None:
        """``style`` is that of a paragraph without a class (none is Normal), ``opening`` begins the first paragraph."""
        self.writer, self.plain, self.opening = writer, style, opening
        self.links: dict[str, str] = {}

    # The elements that are paragraphs, or hold some.

    def blocks(self, parent: Element) -> str:
        """All that stands in an element that holds blocks."""
        shown = [child for child in parent if child.get("class") != "screen"]
        made = []
        for child, after in zip(shown, [*(child.tag for child in shown[1:]), ""], strict=False):
            if child.tag not in self.BLOCKS:
                raise self.writer.unknown(child)
            made.append(self.BLOCKS[child.tag](self, child, after in ("ol", "ul", "table")))
        return "".join(made)

    def paragraph(self, element: Element, keep: bool) -> str:
        return self.made(element, _class(element) or self.plain, keep)

    def heading(self, element: Element, keep: bool) -> str:
        return self.made(element, f"heading {element.tag[1]}")

    def section(self, element: Element, keep: bool) -> str:
        self.writer.new_page = element.get("role") == "doc-appendix"
        return self.blocks(element)

    def note(self, element: Element, keep: bool) -> str:
        return ""  # written where its reference stands

    def items(self, element: Element, keep: bool, depth: int = 0) -> str:
        """A list (17.9). Each numbered one has a number of its own, so that it starts where it should."""
        _, number, indents = self.writer.look.lists[element.tag]
        if element.tag == "ol":
            number = self.writer.numbered(depth, element.get("start", "1"))
        mark = f'<w:numPr><w:ilvl w:val="{min(depth, 8)}"/><w:numId w:val="{number}"/></w:numPr>'
        indent = f'<w:ind w:left="{indents[min(depth, len(indents) - 1)]}"/>' if depth else ""
        made = []
        for item in element:
            style = _class(item) or ("list number" if element.tag == "ol" else "list bullet")
            blocks = [child for child in item if child.tag in self.BLOCKS]
            if len(blocks) < len(item) or (item.text or "").strip(" \t\r\n") or not blocks:
                blocks.insert(0, item)  # its own text is the first paragraph
            for block, after in zip(blocks, [*(block.tag for block in blocks[1:]), ""], strict=True):
                keep = after in ("ol", "ul")
                if block.tag in ("ol", "ul"):
                    made.append(self.items(block, False, depth + 1))
                elif block is blocks[0]:
                    made.append(self.made(block, style, keep, mark))
                else:
                    made.append(self.made(block, "list continue", keep, indent))
        return "".join(made)

    def table(self, element: Element, keep: bool) -> str:
        """A table (17.4.37) with a repeated header row, and no row split over pages."""
        edges = [0.0]
        for column in element.iter("col"):
            edges.append(edges[-1] + float(column.get("data-width", "0")))
        at = [round(self.writer.look.text_width * edge / 100) for edge in edges]
        widths = [f'w:w="{end - start}"' for start, end in pairwise(at)]
        rows = []
        for part in element:
            head = part.tag == "thead"
            for row in part.iter("tr"):
                cells = "".join(
                    f'<w:tc><w:tcPr><w:tcW {width} w:type="dxa"/></w:tcPr>{self.made(cell, "", head)}</w:tc>'
                    for cell, width in zip(row, widths, strict=True)
                )
                rows.append(f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * head}</w:trPr>{cells}</w:tr>")
        grid = "".join(f"<w:gridCol {width}/>" for width in widths)
        caption = quoteattr(self.writer.words(element.get("aria-labelledby", "")))
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.writer.style("table grid")}"/>'
            f'<w:tblW w:w="{at[-1]}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/><w:tblCaption w:val={caption}/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def made(self, element: Element | None, style: str, keep: bool = False, rest: str = "") -> str:
        """A paragraph (17.3.1.22) of the text in an element; ``rest`` are its other properties."""
        properties = f'<w:pStyle w:val="{self.writer.style(style)}"/>' if style else ""
        properties += "<w:keepNext/>" * keep + "<w:pageBreakBefore/>" * self.writer.new_page + rest
        paragraph = _Paragraph(self.opening)
        self.writer.new_page, self.opening = False, ""
        if element is not None and element.tag[0] == "h":
            self.marked(element, paragraph, "")
        elif element is not None:
            self.inline(element, paragraph, "")
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' * bool(properties)}{paragraph.xml()}</w:p>"

    # The elements inside a paragraph.

    def inline(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """The text of an element and of those in it, in runs of these properties; the blocks of an item end it."""
        paragraph.text(element.text, run)
        for child in element:
            if child.tag in self.BLOCKS:
                break
            if child.get("class") != "screen":
                if child.tag not in self.INLINE:
                    raise self.writer.unknown(child)
                self.INLINE[child.tag](self, child, paragraph, run)
            paragraph.text(child.tail, run)

    def marked(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Fixed words, with a hidden bookmark (17.13.6) round them where they have an id."""
        begin, end = self.writer.bookmark(element.get("id"))
        paragraph.pieces.append(begin)
        self.inline(element, paragraph, run)
        paragraph.pieces.append(end)

    def emphasis(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        self.marked(element, paragraph, f"{run}<w:i/><w:iCs/>")

    def strong(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        italic = "<w:i/><w:iCs/>"  # comes after bold (17.3.2.28)
        self.marked(element, paragraph, f"{run.removesuffix(italic)}<w:b/><w:bCs/>{italic * run.endswith(italic)}")

    def raised(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        noted = any(child.get("role") == "doc-noteref" for child in element)  # whose own style raises it
        self.marked(element, paragraph, run if noted else f'{run}<w:vertAlign w:val="superscript"/>')

    def span(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Words with an id, or the number of a page as a field (17.16.5.44, 17.16.5.42)."""
        if not (kind := element.get("class")):
            self.marked(element, paragraph, run)
        elif kind in _FIELDS:
            paragraph.add(f'<w:fldSimple w:instr=" {_FIELDS[kind]} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        else:
            raise self.writer.unknown(element)

    def line_break(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        paragraph.add("<w:r><w:br/></w:r>", spaced=True)

    def link(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """A hyperlink (17.16.22), or the reference to a footnote (17.11.14)."""
        target = element.get("href", "")
        if element.get("role") == "doc-noteref":
            number = self.writer.footnote(target[1:])
            paragraph.add(f'<w:r>{self.writer.raised_number}<w:footnoteReference w:id="{number}"/></w:r>')
        else:
            id = self.links.setdefault(target, f"link{len(self.links) + 1}")
            paragraph.pieces.append(f'<w:hyperlink r:id="{id}">')
            self.inline(element, paragraph, f'<w:rStyle w:val="{self.writer.style("hyperlink")}"/>{run}')
            paragraph.pieces.append("</w:hyperlink>")

    # All that Word has a place for.
    BLOCKS: Mapping[str, Callable[["_Story", Element, bool], str]] = {
        **dict.fromkeys(("h1", "h2", "h3"), heading),
        **dict.fromkeys(("ol", "ul"), items),
        **{"p": paragraph, "table": table, "section": section, "aside": note},
    }
    INLINE: Mapping[str, Callable[["_Story", Element, _Paragraph, str], None]] = {
        **{"em": emphasis, "strong": strong, "sup": raised, "span": span, "br": line_break, "a": link}
    }

    def relationships(self, begun: str = _RELATIONSHIPS) -> str:
        """The relationships part of the story (ECMA-376 Part 2, 8.3), after what has ``begun`` it."""
        kind = f'Type="{RELATIONSHIP_TYPE.HYPERLINK}" TargetMode="External"'
        links = (f'<Relationship Id="{id}" {kind} Target={quoteattr(target)}/>' for target, id in self.links.items())
        return f"{begun}{''.join(links)}</Relationships>"


def _class(element: Element) -> str:
    """The name of the paragraph style that an element's class names."""
    return element.get("class", "").replace("-", " ")


class _Letter:
    """One letter being written: what its stories share."""

    def __init__(self, look: Look, root: Element) -> None:
        self.look, self.root = look, root
        self.new_page = False
        self.bookmarks: set[str] = set()
        self.numbers: list[str] = []
        self.notes: list[str] = []
        self.raised_number = f'<w:rPr><w:rStyle w:val="{self.style("footnote reference")}"/></w:rPr>'
        self.note_opening = f"<w:r>{self.raised_number}<w:footnoteRef/></w:r>{_run('', ' ')}"
        self.stories = {"document.xml": _Story(self), "footnotes.xml": _Story(self, "footnote text")}

    def parts(self) -> dict[str, str]:
        """The parts that vary with the letter, by their names in the folder word."""
        [body] = self.root.iter("body")
        for element in body.iter():
            if element.get("class", "screen") != "screen" and element.tag not in ("body", "p", "li", "span"):
                raise self.unknown(element)
        mark = _watermark(body.get("data-mark", "")) if body.get("class") == "draft" else ""
        main = "".join(self.stories["document.xml"].blocks(main) for main in body.iter("main"))
        texts = {
            "document.xml": ("document", f"<w:body>{main}{self.look.section}</w:body>"),
            "header1.xml": ("hdr", self.furniture("header1.xml", "header", None, mark)),
            "header2.xml": ("hdr", self.furniture("header2.xml", "header", body.find("header"), mark)),
            "footer1.xml": ("ftr", self.furniture("footer1.xml", "footer", body.find("footer"))),
            "footer2.xml": ("ftr", self.furniture("footer2.xml", "footer", body.find("footer"))),
            "footnotes.xml": ("footnotes", _SEPARATORS + "".join(self.notes)),
        }
        parts = {name: f"{_XML}<w:{tag} {_NAMESPACES}>{text}</w:{tag}>" for name, (tag, text) in texts.items()}
        parts["numbering.xml"] = f"{self.look.numbering}{''.join(self.numbers)}</w:numbering>"
        parts["styles.xml"] = self.look.styles_part.replace(_LANGUAGE, escape(self.root.get("lang", "")))
        parts |= {f"_rels/{name}.rels": story.relationships() for name, story in self.stories.items() if story.links}
        parts["_rels/document.xml.rels"] = self.stories["document.xml"].relationships(self.look.relationships)
        return parts

    def furniture(self, name: str, style: str, element: Element | None, mark: str = "") -> str:
        """A header or footer (17.10): the mark of a draft hangs on its first paragraph, which it has in any case."""
        story = self.stories[name] = _Story(self, style, mark)
        return (story.blocks(element) if element is not None else "") or story.made(None, style)

    def footnote(self, id: str) -> int:
        """Write the note with an id of the XHTML as the next footnote (17.11.10), and give its number."""
        [note] = (note for note in self.root.iter("aside") if note.get("id") == id)
        self.stories["footnotes.xml"].opening = self.note_opening
        number = len(self.notes) + 1
        self.notes.append(f'<w:footnote w:id="{number}">{self.stories["footnotes.xml"].blocks(note)}</w:footnote>')
        return number

    def numbered(self, depth: int, start: str) -> str:
        """The number of a new numbering instance (17.9.15), which starts its level where a list starts."""
        number = str(self.look.free_number + len(self.numbers))
        restart = f'<w:lvlOverride w:ilvl="{min(depth, 8)}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        abstract = f'<w:abstractNumId w:val="{self.look.lists["ol"][0]}"/>'
        self.numbers.append(f'<w:num w:numId="{number}">{abstract}{restart}</w:num>')
        return number

    def bookmark(self, id: str | None) -> tuple[str, str]:
        """The beginning and the end of the hidden bookmark for an id; nothing where there is none."""
        if not id:
            return "", ""
        name, number = f"_PL_{id.replace('.', '__')}", len(self.bookmarks)
        if not re.fullmatch(r"\w{1,40}", name, re.ASCII) or name in self.bookmarks:
            raise Stop(f"the letter's template has an id that Word can't take for a bookmark: {id}")
        self.bookmarks.add(name)
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>', f'<w:bookmarkEnd w:id="{number}"/>'

    def style(self, name: str) -> str:
        """The id of the style with a name; the look must have it."""
        if name not in self.look.styles:
            raise Stop(f'{shown(self.look.path)}: the style "{name.title()}" is missing, and the letter needs it')
        return self.look.styles[name]

    def words(self, id: str) -> str:
        """The words of the element with an id."""
        found = (element for element in self.root.iter() if element.get("id") == id)
        return "".join(prose.one_line("".join(element.itertext())) for element in found)

    def unknown(self, element: Element) -> Stop:
        """The error for an element, or a class, that Word has no place for."""
        named = " of class ".join(filter(None, (f"<{element.tag}>", element.get("class"))))
        return Stop(f"the letter's template has {named}, and the Word letter has no place for it")


_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{id}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    f"</w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>"
    for id, kind in ((-1, "separator"), (0, "continuationSeparator"))
)
"""The lines over the footnotes (17.11.23, 17.11.1)."""


def _watermark(words: str) -> str:
    """Large, pale words behind the page: VML WordArt (ECMA-376 Part 4, 19), as Word itself writes a watermark."""
    return (
        '<w:r><w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" '
        'xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
        '<v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136" style="position:absolute;margin-left:0;'
        "margin-top:0;width:440pt;height:176pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#d9d9d9" stroked="f">'
        '<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" '
        f'string={quoteattr(words)}/><w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
    )
