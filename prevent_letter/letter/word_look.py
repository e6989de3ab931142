"""The look of the Word letter (ECMA-376 Part 1), from letter.docx: styles, numbering and pages."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml import etree

from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UserError
from prevent_letter.letter.word_package import CORE, LANGUAGE, MOST_BYTES, VARYING, XML, member

_QUOTE = {'"': "&quot;"}
_SPACE_AFTER = "w:spacing/@w:after"
"""The XPath from a paragraph's properties to the space after it (17.3.1.33)."""


class Numbering(NamedTuple):
    """The numbering of a list style (17.9)."""

    abstract: str
    number: str
    indents: list[int]
    """The indentation of each level, in twips."""


@dataclass(frozen=True)
class WordLook:
    """What a letter.docx gives to every letter: styles and page set-up, ready to be written."""

    path: Path
    package: bytes
    """A zip of the parts that are the same in each letter."""
    sums: Mapping[str, str]
    """The SHA-256 of each part in ``package``, by its name."""
    styles: Mapping[str, str]
    """Style ids, by the styles' names in lower case."""
    styles_part: str
    """The styles, with ``LANGUAGE`` in place of the language."""
    lists: Mapping[str, Numbering]
    """The numbering of ``ol`` and ``ul``."""
    space: str
    """The space between two paragraphs, in twips."""
    section: str
    """The ``w:sectPr`` (17.6.17): paper, margins, the references to headers and footers."""
    text_width: int
    """The width of the text, in twips."""
    relationships: str
    """The main document's relationships, without the end tag, as each letter adds more."""
    numbering: str
    """The numbering definitions, without the end tag, as each letter adds more."""
    free_number: int
    """The first number after those of the look's numbering instances."""


def read_look(path: Path, *, comments: bool = False) -> WordLook:
    """Return the look of a Word document, but not its text. ``comments``: add a part for comments.

    Raises:
        UserError: the file does not exist, is not a Word document, or lacks the styles for lists.
    """
    try:
        state = path.stat()
        return _read(path, comments, state.st_size, state.st_mtime_ns)
    except UserError:
        raise
    except Exception as error:  # python-docx doesn't catch errors of zipfile, lxml and look-ups
        words = " ".join(str(error).split())[:200]
        cause = printable(f"{type(error).__name__}: {words}")
        message = "this can't be opened as a Word document; save it again in Word"
        raise UserError(f"{show_path(path)}: {message} ({cause})") from error


_MOST_PARTS = 500
"""The most parts of a look. The standard one has 10."""


@lru_cache(maxsize=4)  # import builds a letter three times, and reading takes 12 ms
def _read(path: Path, comments: bool, size: int, modified: int) -> WordLook:
    """Return the look of a file, cached by the file's size and modification time (nanoseconds)."""
    with zipfile.ZipFile(path) as package:
        unpacked = sum(info.file_size for info in package.infolist())
        if max(size, unpacked) > MOST_BYTES or len(package.infolist()) > _MOST_PARTS:
            message = "this is too large for a look; delete pictures and the like from it"
            raise UserError(f"{show_path(path)}: {message}")
    document: Any = docx.Document(str(path))
    names = {"ol": "List Number", "ul": "List Bullet"}
    lists = {tag: _numbering(path, document, name) for tag, name in names.items()}
    _strip(document)
    _make_room(document, comments)
    look_styles = document.styles.element
    for defaults in look_styles.xpath("w:docDefaults/w:rPrDefault/w:rPr[not(w:lang)]"):
        defaults.append(OxmlElement("w:lang"))
    for element in look_styles.iter(qn("w:lang")):  # 17.3.2.20
        element.set(qn("w:val"), LANGUAGE)
    saved, prepared = io.BytesIO(), io.BytesIO()
    document.save(saved)
    sums = {}
    with zipfile.ZipFile(saved) as whole, zipfile.ZipFile(prepared, "w") as package:
        for name in whole.namelist():
            if name not in VARYING:
                part = whole.read(name)
                package.writestr(member(name), part)
                sums[name] = hashlib.sha256(part).hexdigest()
        relationships = whole.read("word/_rels/document.xml.rels").decode()
        styles = whole.read("word/styles.xml").decode()
    of_paragraphs = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    spaces = [] if of_paragraphs is None else of_paragraphs.element.xpath(f"w:pPr/{_SPACE_AFTER}")
    spaces += look_styles.xpath(f"w:docDefaults/w:pPrDefault/w:pPr/{_SPACE_AFTER}")
    numbers = document.part.numbering_part.element
    numbering = etree.tostring(numbers, encoding="unicode")
    section = document.sections[-1]
    width = section.page_width - section.left_margin - section.right_margin
    return WordLook(
        path=path,
        package=prepared.getvalue(),
        sums=sums,
        styles={s.name.lower(): escape(s.style_id, _QUOTE) for s in document.styles if s.name},
        styles_part=styles,
        lists=lists,
        space=next((space for space in spaces if re.fullmatch("[0-9]{1,5}", space)), "0"),
        section=etree.tostring(section._sectPr, encoding="unicode"),
        text_width=width // docx.shared.Twips(1),
        relationships=relationships[: relationships.rindex("</")],
        numbering=XML + numbering[: numbering.rindex("</")],
        free_number=1 + max(number.numId for number in numbers.num_lst),
    )


def _numbering(path: Path, document: Any, name: str) -> Numbering:
    """Return the numbering of a list style (17.9)."""
    relationships = document.part.rels.values()
    has_numbering = any(r.reltype == RELATIONSHIP_TYPE.NUMBERING for r in relationships)
    styles = [style.element for style in document.styles if style.name == name]
    numbering: Any = document.part.numbering_part.element if has_numbering else None
    ids = styles[0].xpath("w:pPr/w:numPr/w:numId/@w:val") if styles and has_numbering else []
    for instance in numbering.num_lst if ids else ():
        if str(instance.numId) == ids[0]:
            abstract, indents = str(instance.abstractNumId.val), []
            for level in numbering.xpath(f"w:abstractNum[@w:abstractNumId='{abstract}']/w:lvl"):
                indent = level.find(f"{qn('w:pPr')}/{qn('w:ind')}")
                values = {} if indent is None else indent.attrib
                indents.append(int(values.get(qn("w:left")) or values.get(qn("w:start")) or 0))
            return Numbering(abstract, ids[0], indents or [0])
    message = f'the style "{name}" is missing or has no numbering, and the lists need it'
    raise UserError(f"{show_path(path)}: {message}")


def _strip(document: Any) -> None:
    """Delete what is not the look: text, thumbnail, custom XML, the attached template."""
    names = ("STYLES", "NUMBERING", "SETTINGS", "FONT_TABLE", "THEME")
    kept = {getattr(RELATIONSHIP_TYPE, name) for name in names}
    settings_part = document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    for part, kinds in (
        (document.part.package, {RELATIONSHIP_TYPE.OFFICE_DOCUMENT}),
        (document.part, kept),
        (settings_part, set[str]()),
    ):
        for id in [id for id, r in part.rels.items() if r.reltype not in kinds]:
            del part.rels[id]
    for related in [r.target_part for r in document.part.rels.values() if not r.is_external]:
        for id in [id for id, r in related.rels.items() if r.is_external]:
            del related.rels[id]
    document.element.body.clear_content()
    settings = "w:footnotePr | w:endnotePr | w:attachedTemplate | w:evenAndOddHeaders"
    for parent, children in (
        (document.sections[-1]._sectPr, "w:headerReference | w:footerReference"),
        (document.settings.element, settings),
        (document.part.numbering_part.element, "w:numIdMacAtCleanup"),
    ):
        for element in parent.xpath(children):
            parent.remove(element)


def _make_room(document: Any, comments: bool) -> None:
    """Declare the parts that each letter writes, with their relationships and content types.

    The footnote separators are declared in the settings (17.11.9).
    """
    package, section = document.part.package, document.sections[-1]
    section.different_first_page_header_footer = True
    for story in (
        *(section.first_page_header, section.header),
        *(section.first_page_footer, section.footer),
    ):
        story.is_linked_to_previous = False
    footnotes = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, b"", package)
    document.part.relate_to(footnotes, RELATIONSHIP_TYPE.FOOTNOTES)
    if comments:
        part = Part(PackURI("/word/comments.xml"), CONTENT_TYPE.WML_COMMENTS, b"", package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.COMMENTS)
    core = Part(PackURI(f"/{CORE}"), CONTENT_TYPE.OPC_CORE_PROPERTIES, b"", package)
    package.relate_to(core, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    separators = OxmlElement("w:footnotePr")
    for id in ("-1", "0"):
        separators.append(OxmlElement("w:footnote", {qn("w:id"): id}))
    successors = (
        *("w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang"),
        *("w:clrSchemeMapping", "w:decimalSymbol"),
    )
    document.settings.element.insert_element_before(separators, *successors)
