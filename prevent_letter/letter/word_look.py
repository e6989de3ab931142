"""The look of the Word letter: styles, numbering and page set-up, read from a letter.docx by python-docx."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml import etree

from prevent_letter.ground.findings import Stop, printable, shown
from prevent_letter.letter.word_package import CORE, LANGUAGE, VARYING, XML, member

_MOST_BYTES = 1 << 26


@dataclass(frozen=True)
class Look:
    """What a letter.docx gives to every letter: styles and page set-up, ready to be written."""

    path: Path
    package: bytes
    """A zip of the parts that are the same in each letter."""
    sums: Mapping[str, str]
    """The SHA-256 of these parts, by their names."""
    styles: Mapping[str, str]
    """Style ids, by the styles' names in small letters."""
    styles_part: str
    """The styles, with ``LANGUAGE`` in place of the language."""
    lists: Mapping[str, tuple[str, str, list[int]]]
    """For ``ol`` and ``ul``: abstract number, number, and the indentation of each level in twips."""
    space: str
    """The space between two paragraphs, in twips."""
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
    appendices: dict[int, Any] = field(default_factory=dict, compare=False)
    """Appendices as they were written, by their elements' ids: most letters of a run share one."""


def read(path: Path, *, comments: bool = False) -> Look:
    """Read the look from a Word document, whose text is ignored; with room for ``comments`` where a letter has some.

    Raises:
        Stop: it isn't there, isn't a Word document, or lacks the styles of lists.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if (
                path.stat().st_size > _MOST_BYTES
                or sum(info.file_size for info in package.infolist()) > _MOST_BYTES
            ):
                raise Stop(
                    f"{shown(path)}: this is too large for a look; delete pictures and the like from it"
                )
        return _look(path, docx.Document(str(path)), comments)
    except Stop:
        raise
    except (
        Exception
    ) as error:  # python-docx lets through whatever zipfile, lxml and its own look-ups raise
        cause = printable(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
        message = f"this can't be opened as a Word document; save it again in Word ({cause})"
        raise Stop(f"{shown(path)}: {message}") from error


def _look(path: Path, document: Any, comments: bool) -> Look:
    lists = {
        tag: _list(path, document, name)
        for tag, name in (("ol", "List Number"), ("ul", "List Bullet"))
    }
    _strip(document)
    _make_room(document, comments)
    _set_language(document)
    saved, same = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as whole, zipfile.ZipFile(same, "w") as package:
        parts = {name: whole.read(name) for name in whole.namelist() if name not in VARYING}
        for name, part in parts.items():
            package.writestr(member(name), part)
        sums = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}
        relationships = whole.read("word/_rels/document.xml.rels").decode()
        styles = whole.read("word/styles.xml").decode()
    numbers = document.part.numbering_part.element
    numbering = etree.tostring(numbers, encoding="unicode")
    section = document.sections[-1]
    return Look(
        path,
        same.getvalue(),
        sums,
        {style.name.lower(): style.style_id for style in document.styles if style.name},
        styles,
        lists,
        _space(document),
        etree.tostring(section._sectPr, encoding="unicode"),
        (section.page_width - section.left_margin - section.right_margin) // docx.shared.Twips(1),
        relationships[: relationships.rindex("</")],
        XML + numbering[: numbering.rindex("</")],
        1 + max(number.numId for number in numbers.num_lst),
    )


def _list(path: Path, document: Any, name: str) -> tuple[str, str, list[int]]:
    """The numbering behind a list style (17.9): abstract number, number, indentation of each level."""
    found = [style.element for style in document.styles if style.name == name]
    number = found[0].find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}") if found else None
    id = None if number is None else number.get(qn("w:val"))
    defined = any(
        each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in document.part.rels.values()
    )
    numbers = document.part.numbering_part.element.num_lst if defined else []
    abstract = next(
        (str(each.abstractNumId.val) for each in numbers if str(each.numId) == id), None
    )
    if id is None or abstract is None:
        raise Stop(
            f'{shown(path)}: the style "{name}" isn\'t there or has no numbering, and the lists need it'
        )
    numbering = document.part.numbering_part.element
    levels = numbering.findall(
        f"{qn('w:abstractNum')}[@{qn('w:abstractNumId')}='{abstract}']/{qn('w:lvl')}"
    )
    indents = [level.find(f"{qn('w:pPr')}/{qn('w:ind')}") for level in levels]
    lefts = [
        0 if ind is None else int(ind.get(qn("w:left")) or ind.get(qn("w:start")) or 0)
        for ind in indents
    ]
    return abstract, id, lefts or [0]


def _space(document: Any) -> str:
    """The space after a Normal paragraph (17.3.1.33), or that of all, in twips."""
    styles, normal = document.styles.element, document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    places = (normal and normal.element, styles.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}"))
    found = [each.find(f"{qn('w:pPr')}/{qn('w:spacing')}") for each in places if each is not None]
    return next(filter(None, (each.get(qn("w:after")) for each in found if each is not None)), "0")


def _strip(document: Any) -> None:
    """Leave nothing but the look: no text, no thumbnail, no custom XML, no template of somebody's machine."""
    kept = {
        getattr(RELATIONSHIP_TYPE, name)
        for name in ("STYLES", "NUMBERING", "SETTINGS", "FONT_TABLE", "THEME")
    }
    settings = document.settings.element
    settings_part = document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS)
    for part, wanted in (
        (document.part.package, {RELATIONSHIP_TYPE.OFFICE_DOCUMENT}),
        (document.part, kept),
        (settings_part, {}),
    ):
        for id in [
            id for id, relationship in part.rels.items() if relationship.reltype not in wanted
        ]:
            del part.rels[id]
    for part in [each.target_part for each in document.part.rels.values() if not each.is_external]:
        for id in [id for id, relationship in part.rels.items() if relationship.is_external]:
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


def _make_room(document: Any, comments: bool) -> None:
    """Name the parts that vary in relationships and content types; settings name the separators (17.11.9)."""
    package, section = document.part.package, document.sections[-1]
    section.different_first_page_header_footer = True
    for story in (
        section.first_page_header,
        section.header,
        section.first_page_footer,
        section.footer,
    ):
        story.is_linked_to_previous = False
    footnotes = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, b"", package)
    document.part.relate_to(footnotes, RELATIONSHIP_TYPE.FOOTNOTES)
    if comments:
        part = Part(PackURI("/word/comments.xml"), CONTENT_TYPE.WML_COMMENTS, b"", package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.COMMENTS)
    core = Part(PackURI(f"/{CORE}"), CONTENT_TYPE.OPC_CORE_PROPERTIES, b"", package)
    package.relate_to(core, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    notes = OxmlElement("w:footnotePr")
    for id in ("-1", "0"):
        notes.append(OxmlElement("w:footnote", {qn("w:id"): id}))
    later = (
        "w:compat",
        "w:docVars",
        "w:rsids",
        "m:mathPr",
        "w:themeFontLang",
        "w:clrSchemeMapping",
        "w:decimalSymbol",
    )
    document.settings.element.insert_element_before(notes, *later)


def _set_language(document: Any) -> None:
    """Put ``LANGUAGE`` wherever the styles name a language, and into their defaults (17.3.2.20, 17.7.5.1)."""
    styles = document.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        defaults.append(OxmlElement("w:lang"))
    for element in styles.iter(qn("w:lang")):
        element.set(qn("w:val"), LANGUAGE)
