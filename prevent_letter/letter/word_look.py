"""The look of the Word letter (ECMA-376 Part 1), from letter.docx: styles, numbering and pages.

Anybody may have made a letter.docx, and each letter brings its look to councils. So only what is on
a list is taken from it, by name, and written anew into parts of our own: no text but the marks of
list items, no relationship, picture, macro or address of theirs comes into a letter.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UserError
from prevent_letter.core.ordinary import open_ordinary
from prevent_letter.core.word_file import Package
from prevent_letter.core.xml_text import escape, quoteattr
from prevent_letter.letter.word_package import CORE, LANGUAGE, XML, member

_MOST_ELEMENTS = 50_000
"""The most elements of a look. The standard one has 700, one with Word's gallery 15,000."""
_LONGEST_VALUE = 255
"""Characters of an attribute, which is a number or a name."""
_MOST_BYTES = 1 << 23
"""The largest look, in bytes. A photo in it would not be used."""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument"
_NAMESPACES = f'xmlns:w="{_W}" xmlns:r="{_R}"'
_ELEMENTS = frozenset(
    # the parts, and what is in them that is no property (17.7, 17.9, 17.15.1, 17.8.3)
    "styles docDefaults rPrDefault pPrDefault latentStyles lsdException style name aliases basedOn"
    " next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked rsid"
    " tblStylePr numbering abstractNum nsid multiLevelType tmpl styleLink numStyleLink lvl start"
    " numFmt lvlRestart pStyle isLgl suff lvlText lvlJc num abstractNumId lvlOverride startOverride"
    " settings zoom mirrorMargins defaultTabStop autoHyphenation consecutiveHyphenLimit"
    " hyphenationZone doNotHyphenateCaps characterSpacingControl compat compatSetting themeFontLang"
    " clrSchemeMapping decimalSymbol listSeparator fonts font altName panose1 charset family"
    " notTrueType pitch sig"
    # of a section (17.6)
    " sectPr pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols col vAlign titlePg"
    " textDirection bidi rtlGutter docGrid"
    # of a paragraph (17.3.1) and its borders and tabs
    " pPr keepNext keepLines pageBreakBefore framePr widowControl numPr ilvl numId"
    " suppressLineNumbers pBdr top left start bottom right end between bar shd tabs tab"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN"
    " adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc"
    " textAlignment textboxTightWrap outlineLvl cnfStyle"
    # of a run (17.3.2)
    " rPr rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint"
    " noProof vanish webHidden color w kern position sz szCs highlight u effect bdr fitText"
    " vertAlign rtl cs em lang eastAsianLayout specVanish"
    # of a table (17.4)
    " tblPr tblStyleRowBandSize tblStyleColBandSize tblW tblCellSpacing tblInd tblBorders insideH"
    " insideV tblLayout tblCellMar tblLook trPr cantSplit trHeight tblHeader tcPr tcW tcBorders"
    " tl2br tr2bl noWrap tcMar tcFitText hideMark".split()
)
"""The elements of WordprocessingML that are taken from a look."""
_NOT_OF_THEME = frozenset({"a-objectDefaults", "a-extLst", "a-custClrLst"})
_PARTS = {
    "styles": ("styles.xml", f"{_TYPE}.wordprocessingml.styles+xml"),
    "numbering": ("numbering.xml", f"{_TYPE}.wordprocessingml.numbering+xml"),
    "settings": ("settings.xml", f"{_TYPE}.wordprocessingml.settings+xml"),
    "fontTable": ("fontTable.xml", f"{_TYPE}.wordprocessingml.fontTable+xml"),
    "theme": ("theme/theme1.xml", f"{_TYPE}.theme+xml"),
}
"""The parts that are taken from a look: names in the folder ``word``, and content types."""
_STORIES = {
    **{f"header{n}.xml": ("header", f"{_TYPE}.wordprocessingml.header+xml") for n in (1, 2)},
    **{f"footer{n}.xml": ("footer", f"{_TYPE}.wordprocessingml.footer+xml") for n in (1, 2)},
    "footnotes.xml": ("footnotes", f"{_TYPE}.wordprocessingml.footnotes+xml"),
}
_COMMENTS = {"comments.xml": ("comments", f"{_TYPE}.wordprocessingml.comments+xml")}
"""The parts that each letter writes: kinds of relationship, and content types."""
_SEPARATORS = '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
"""The declaration of the lines above the footnotes, for the settings (17.11.9)."""


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

    def numbering_instance(self, number: str, depth: int, start: str) -> str:
        """Return a numbering instance (17.9.15) whose items at a depth begin at ``start``."""
        abstract = f'<w:abstractNumId w:val="{self.lists["ol"].abstract}"/>'
        restart = f'<w:lvlOverride w:ilvl="{min(depth, 8)}"><w:startOverride w:val="{start}"/>'
        return f'<w:num w:numId="{number}">{abstract}{restart}</w:lvlOverride></w:num>'


def read_look(path: Path, *, comments: bool = False) -> WordLook:
    """Return the look of a Word document, but not its text. ``comments``: add a part for comments.

    Raises:
        UserError: the file does not exist, is not a Word document, or lacks the styles for lists.
    """
    try:
        state = path.stat()
        if state.st_size > _MOST_BYTES:
            message = "this is too large for a look; delete pictures and the like from it"
            raise UserError(f"{show_path(path)}: {message}")
        return _read(path, comments, state.st_size, state.st_mtime_ns)
    except OSError as error:
        message = f"this can't be opened: {printable(error.strerror or str(error))}"
        raise UserError(f"{show_path(path)}: {message}") from error


@lru_cache(maxsize=4)  # import builds a letter three times
def _read(path: Path, comments: bool, size: int, modified: int) -> WordLook:
    """Return the look of a file, cached by the file's size and modification time (nanoseconds)."""
    try:
        parts, section = _read_parts(path)
    except UserError as error:
        message = "this can't be opened as a Word document; save it again in Word"
        raise UserError(f"{show_path(path)}: {message} ({error})") from error
    if sum(1 for part in (*parts.values(), section) for _ in part.iter()) > _MOST_ELEMENTS:
        message = "this is too large for a look; delete styles that you do not need from it"
        raise UserError(f"{show_path(path)}: {message}")
    styles, numbers = parts["styles"], parts.get("numbering", Element("numbering"))
    lists = {
        tag: _numbering(path, styles, numbers, name)
        for tag, name in (("ol", "list number"), ("ul", "list bullet"))
    }
    for defaults in styles.iterfind("docDefaults/rPrDefault/rPr"):
        if defaults.find("lang") is None:
            SubElement(defaults, "lang")
    for language in styles.iter("lang"):  # 17.3.2.20
        language.set("val", LANGUAGE)
    written = {kind: XML + _written(part, _NAMESPACES) for kind, part in parts.items()}
    written["settings"] = _with_separators(parts.get("settings", Element("settings")))
    if "theme" in parts:
        written["theme"] = XML + _theme(parts["theme"])
    package, sums = _prepared(written, comments)
    size_of_page, margins = section.find("pgSz"), section.find("pgMar")
    width = _twips(size_of_page, "w", 11906)
    numbering = written.get("numbering", XML + _written(numbers, _NAMESPACES))
    return WordLook(
        path=path,
        package=package,
        sums=sums,
        styles={
            _name(style): escape(style.get("styleId", "")).replace('"', "&quot;")
            for style in styles.iterfind("style")
            if len(style.get("styleId", "")) <= _LONGEST_VALUE
        },
        styles_part=written["styles"],
        lists=lists,
        space=str(_space_after(styles)),
        section=_section(section),
        text_width=max(width - _twips(margins, "left", 1440) - _twips(margins, "right", 1440), 1),
        relationships=_relationships(written, comments),
        numbering=numbering.removesuffix("</w:numbering>"),
        free_number=1 + max(_twips(number, "numId", 0) for number in numbers.iterfind("num")),
    )


def _read_parts(path: Path) -> tuple[dict[str, Element], Element]:
    """Return the parts of a look by their kinds of relationship, and its last section.

    Raises:
        UserError: the file can't be read as a Word document. The message does not name it.
    """
    with open_ordinary(path) as file:
        package = Package(file)
        targets = dict(reversed([*package.related(package.main).values()]))
        parts = {kind: package.tree(targets[kind]) for kind in _PARTS if kind in targets}
        main = package.tree(package.main)
    roots = {"fontTable": "fonts", "theme": "a-theme"}
    parts = {kind: part for kind, part in parts.items() if part.tag == roots.get(kind, kind)}
    parts.setdefault("styles", Element("styles"))
    return parts, [Element("sectPr"), *main.iter("sectPr")][-1]


def _written(element: Element, namespaces: str = "") -> str:
    """Return the XML of a WordprocessingML element with what is on the list, and without text."""
    attributes = "".join(f" w:{name}={quoteattr(value)}" for name, value in _short(element))
    inner = "".join(_written(child) for child in element if child.tag in _ELEMENTS)
    opening = f"w:{element.tag}{namespaces and ' '}{namespaces}{attributes}"
    if inner or namespaces:
        return f"<{opening}>{inner}</w:{element.tag}>"
    return f"<{opening}/>"


def _short(element: Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes without a namespace of their own, and of no more than any look has."""
    for name, value in element.items():
        if "-" not in name and len(value) <= _LONGEST_VALUE:
            yield name, value


def _theme(element: Element, namespaces: str = f' xmlns:a="{_A}"') -> str:
    """Return the XML of a theme (20.1.6.9): its colours, fonts and effects, but no pictures."""
    name = element.tag.replace("-", ":")
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in _short(element))
    inner = "".join(
        _theme(child, "")
        for child in element
        if re.fullmatch(r"a-\w+", child.tag) and child.tag not in _NOT_OF_THEME
    )
    return f"<{name}{namespaces}{attributes}>{inner}</{name}>"


def _with_separators(settings: Element) -> str:
    """Return the settings part with the footnotes' separators, in the order of 17.15.1.78."""
    after = ("compat", "themeFontLang", "clrSchemeMapping", "decimalSymbol", "listSeparator")
    children = [child for child in settings if child.tag in _ELEMENTS]
    texts = [(child.tag in after, _written(child)) for child in children]
    first = "".join(text for is_after, text in texts if not is_after)
    last = "".join(text for is_after, text in texts if is_after)
    return f"{XML}<w:settings {_NAMESPACES}>{first}{_SEPARATORS}{last}</w:settings>"


def _section(section: Element) -> str:
    """Return the section with our headers and footers, those of the first page being others."""
    last = ("textDirection", "bidi", "rtlGutter", "docGrid")
    children = [c for c in section if c.tag in _ELEMENTS and c.tag not in ("sectPr", "titlePg")]
    references = "".join(
        f'<w:{kind}Reference w:type="{page}" r:id="{kind}{number}"/>'
        for kind in ("header", "footer")
        for number, page in ((1, "first"), (2, "default"))
    )
    before = "".join(_written(child) for child in children if child.tag not in last)
    after = "".join(_written(child) for child in children if child.tag in last)
    return f"<w:sectPr>{references}{before}<w:titlePg/>{after}</w:sectPr>"


def _numbering(path: Path, styles: Element, numbers: Element, name: str) -> Numbering:
    """Return the numbering of a list style (17.9)."""
    style = next((style for style in styles.iterfind("style") if _name(style) == name), None)
    own = None if style is None else style.find("pPr/numPr/numId")
    id = "" if own is None else own.get("val", "")
    for number in numbers.iterfind("num"):
        abstract = number.find("abstractNumId")
        if number.get("numId") == id and abstract is not None:
            levels = [
                _twips(level.find("pPr/ind"), "left", _twips(level.find("pPr/ind"), "start", 0))
                for definition in numbers.iterfind("abstractNum")
                if definition.get("abstractNumId") == abstract.get("val")
                for level in definition.iterfind("lvl")
            ]
            kind = str(_twips(abstract, "val", 0))
            return Numbering(kind, str(_twips(number, "numId", 0)), levels or [0])
    title = name.title()
    message = f'the style "{title}" is missing or has no numbering, and the lists need it'
    raise UserError(f"{show_path(path)}: {message}")


def _space_after(styles: Element) -> int:
    """Return the space after a paragraph (17.3.1.33), in twips: the default style's, or else 0."""
    for style in styles.iterfind("style"):
        if style.get("type") == "paragraph" and style.get("default") in ("1", "true", "on"):
            spacing = style.find("pPr/spacing")
            if spacing is not None and spacing.get("after"):
                return max(_twips(spacing, "after", 0), 0)
    return max(_twips(styles.find("docDefaults/pPrDefault/pPr/spacing"), "after", 0), 0)


def _name(style: Element) -> str:
    name = style.find("name")
    return "" if name is None else name.get("val", "").lower()


def _twips(element: Element | None, attribute: str, default: int) -> int:
    """Return a whole number, such as one in twips; the default if it is missing or none."""
    text = "" if element is None else element.get(attribute, "")
    return int(text) if re.fullmatch("-?[0-9]{1,5}", text) else default


def _our_parts(written: Mapping[str, str], comments: bool) -> Iterator[tuple[str, str, str]]:
    """Yield the name in ``word``, relationship and content type of each part of a letter."""
    for kind, (name, type) in _PARTS.items():
        if kind in written or kind == "numbering":
            yield name, kind, type
    for name, (kind, type) in (_STORIES | (_COMMENTS if comments else {})).items():
        yield name, kind, type


def _relationships(written: Mapping[str, str], comments: bool) -> str:
    """Return the main document's relationships (ECMA-376 Part 2, 8.3), without the end tag."""
    relationships = "".join(
        f'<Relationship Id="{name.partition(".")[0].rpartition("/")[2]}" Type="{_R}/{kind}"'
        f' Target="{name}"/>'
        for name, kind, _ in _our_parts(written, comments)
    )
    return f'{XML}<Relationships xmlns="{_PACKAGE}relationships">{relationships}'


_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def _prepared(written: Mapping[str, str], comments: bool) -> tuple[bytes, dict[str, str]]:
    """Return a zip of the parts that are the same in each letter, and their SHA-256 sums."""
    types = {
        f"/{CORE}": "application/vnd.openxmlformats-package.core-properties+xml",
        "/word/document.xml": f"{_TYPE}.wordprocessingml.document.main+xml",
    }
    types |= {f"/word/{name}": type for name, _, type in _our_parts(written, comments)}
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{type}"/>' for name, type in types.items()
    )
    parts = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{_PACKAGE}content-types">'
        f'<Default Extension="rels" ContentType="{_RELATIONSHIPS}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{_PACKAGE}relationships">'
        f'<Relationship Id="document" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="core" Type="{_PACKAGE}relationships/metadata/core-properties"'
        f' Target="{CORE}"/></Relationships>',
    }
    parts |= {
        f"word/{name}": written[kind]
        for kind, (name, _) in _PARTS.items()
        if kind in written and kind not in ("styles", "numbering")
    }
    prepared = io.BytesIO()
    with zipfile.ZipFile(prepared, "w") as package:
        for name, text in parts.items():
            package.writestr(member(name), text)
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in parts.items()}
    return prepared.getvalue(), sums


_RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
