"""Write a story (ECMA-376 Part 1): a part of the Word letter with text of its own.

The stories of a letter are its body, notes, headers and footers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar
from xml.etree.ElementTree import Element

from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UserError
from prevent_letter.core.prose import one_line
from prevent_letter.core.xml_text import escape, quoteattr
from prevent_letter.letter.word_look import WordLook
from prevent_letter.letter.word_package import XML

_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONSHIPS = f'{XML}<Relationships xmlns="{_PACKAGE}">'
_FIELDS = {"page": "PAGE", "pages": "NUMPAGES"}
_ITALIC = "<w:i/><w:iCs/>"
_LINE_BREAK = "<w:r><w:br/></w:r>"
_END = "</w:t></w:r>"
"""The end of a run with text."""
_BOOKMARK = re.compile(r"\w{1,40}", re.ASCII)

_LONGEST_CAPTION = 255
"""Characters of the caption of a table, which is its name for a screen reader."""


class LetterParts:
    """What the stories of a letter share: its look, notes, numbering instances and bookmarks."""

    def __init__(self, look: WordLook, root: Element) -> None:
        self.look, self.root = look, root
        self.by_id = {id: element for element in root.iter() if (id := element.get("id"))}
        self.new_page = False
        """True if the next paragraph is to begin a new page."""
        self.bookmarks: set[str] = set()
        self.numbers: list[str] = []
        self.notes: list[str] = []
        self.note_mark = f'<w:rPr><w:rStyle w:val="{self.style("footnote reference")}"/></w:rPr>'
        self.stories = {"document.xml": Story(self), "footnotes.xml": Story(self, "footnote text")}

    def new_numbering(self, depth: int, start: str) -> str:
        """Add a numbering instance that begins at ``start``, and return its number."""
        number = str(self.look.free_number + len(self.numbers))
        self.numbers.append(self.look.numbering_instance(number, depth, start))
        return number

    def bookmark(self, id: str) -> tuple[str, str]:
        """Return the beginning and the end of an id's hidden bookmark."""
        name, number = f"_PL_{id.replace('.', '__')}", len(self.bookmarks)
        if not _BOOKMARK.fullmatch(name) or name in self.bookmarks:
            message = f"the letter's template has an id that can't be a bookmark in Word: {id}"
            raise UserError(message)
        self.bookmarks.add(name)
        start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
        return start, f'<w:bookmarkEnd w:id="{number}"/>'

    def style(self, name: str) -> str:
        """Return the id of the style with this name, which the look must have."""
        if name not in self.look.styles:
            message = f'the style "{name.title()}" is missing, and the letter needs it'
            raise UserError(f"{show_path(self.look.path)}: {message}")
        return self.look.styles[name]

    def unknown(self, element: Element) -> UserError:
        """Return the error for an element, or a class, that Word has no place for."""
        name = " of class ".join(filter(None, (f"<{element.tag}>", element.get("class"))))
        why = "and the Word letter has no place for it"
        return UserError(f"the letter's template has {name}, {why}")


@dataclass
class _Paragraph:
    """A paragraph being written, as pieces of XML."""

    pieces: list[str]
    last_text: int = 0
    """The number of the last piece with text."""
    ends_in_space: bool = True
    """True if the text is empty or ends in a space or line break; a further space is dropped."""

    def add_text(self, words: str | None, run: str) -> None:
        """Add text as a run (17.3.2.25), with its white space collapsed, as in XHTML."""
        if not words:
            return
        words = one_line(words)
        if self.ends_in_space:
            words = words.removeprefix(" ")
        if words:
            self.ends_in_space = words[-1] == " "
            self.last_text = len(self.pieces)
            properties = f"<w:rPr>{run}</w:rPr>" if run else ""
            if "&" in words or "<" in words or ">" in words:  # seldom
                words = escape(words)
            self.pieces.append(f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>')

    def add_xml(self, xml: str, *, is_space: bool = False) -> None:
        """Add XML that takes the place of a character: a field, a reference, a line break."""
        self.pieces.append(xml)
        self.ends_in_space = is_space

    def xml(self) -> str:
        """Return the XML of the paragraph, without a space at its end."""
        if self.ends_in_space and self.last_text:
            text = self.pieces[self.last_text].removesuffix(_END).removesuffix(" ")
            self.pieces[self.last_text] = "" if text.endswith('"preserve">') else text + _END
        return "".join(self.pieces)


@dataclass
class Story:
    """A part of the letter with its own text, and the links in it."""

    letter: LetterParts
    plain: str = ""
    """The style of paragraphs without a class."""
    opening: str = ""
    """XML that the next paragraph begins with, such as the number of a note."""
    links: dict[str, str] = field(default_factory=dict)

    # The elements that are paragraphs, or contain some.

    def blocks(self, parent: Element) -> str:
        """Return the XML of all blocks in an element."""
        children = [child for child in parent if child.get("class") != "screen"]
        followed = [*zip(children, [*(e.tag for e in children[1:]), ""], strict=False)]
        xml: dict[Element, str] = {}
        # Write the appendix first, so that its numbers are the same in each letter that has it.
        # Footnotes are numbered in reading order, so an appendix that has some waits its turn.
        note = ".//a[@role='doc-noteref']"
        first = [e for e in children if e.get("role") == "doc-appendix" and e.find(note) is None]
        for child, next_tag in sorted(followed, key=lambda pair: pair[0] not in first):
            if child.tag not in self.BLOCKS:
                raise self.letter.unknown(child)
            keeps_with_next = next_tag in ("ol", "ul", "table")
            xml[child] = self.BLOCKS[child.tag](self, child, keeps_with_next)
        return "".join(map(xml.__getitem__, children))

    def _paragraph(self, element: Element, keep: bool) -> str:
        style = element.get("class", "").replace("-", " ") or self.plain
        return self.as_paragraph(element, style, keep)

    def _section(self, element: Element, keep: bool) -> str:
        self.letter.new_page = element.get("role") == "doc-appendix"
        return self.blocks(element)

    def _list(self, element: Element, keep: bool, depth: int = 0, is_last: bool = True) -> str:
        """Return a list (17.9). A numbered list has its own numbering, to begin at its own number.

        ``is_last``: no outer list goes on below, so leave a paragraph's space after this one.
        """
        numbering = self.letter.look.lists[element.tag]
        number = numbering.number
        if element.tag == "ol":
            number = self.letter.new_numbering(depth, element.get("start", "1"))
        level = min(depth, 8)
        of_item = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        left = numbering.indents[min(depth, len(numbering.indents) - 1)]
        indent = f'<w:ind w:left="{left}"/>' if depth else ""
        space = f'<w:spacing w:after="{self.letter.look.space}"/>'
        xml = []
        for item in element:
            style = "list number" if element.tag == "ol" else "list bullet"
            style = item.get("class", "").replace("-", " ") or style
            blocks = [child for child in item if child.tag in self.BLOCKS]
            if len(blocks) < len(item) or (item.text or "").strip(" \t\r\n") or not blocks:
                blocks.insert(0, item)  # the item's own text is the first paragraph
            for block, next_tag in zip(blocks, [*(e.tag for e in blocks[1:]), ""], strict=True):
                ends_list = is_last and item is element[-1] and not next_tag
                keep = next_tag in ("ol", "ul")
                after = space if ends_list else ""
                if block.tag in ("ol", "ul"):
                    xml.append(self._list(block, False, depth + 1, ends_list))
                elif block is blocks[0]:
                    xml.append(self.as_paragraph(block, style, keep, of_item + after))
                else:
                    xml.append(self.as_paragraph(block, "list continue", keep, after + indent))
        return "".join(xml)

    def _table(self, element: Element, keep: bool) -> str:
        """Return a table (17.4.37) with a repeated header row, and no row split over pages."""
        edges = [0.0]
        for column in element.iter("col"):
            edges.append(edges[-1] + float(column.get("data-width", "0")))
        offsets = [round(self.letter.look.text_width * edge / 100) for edge in edges]
        widths = [f'w:w="{end - start}"' for start, end in pairwise(offsets)]
        rows, last = [], [*element.iter("tr")][-1]
        for part in element:
            repeat = "<w:tblHeader/>" if part.tag == "thead" else ""
            for row in part.iter("tr"):  # all on one page, where they fit (17.3.1.15)
                cells = "".join(
                    f'<w:tc><w:tcPr><w:tcW {width} w:type="dxa"/></w:tcPr>'
                    f"{self.as_paragraph(cell, '', row is not last)}</w:tc>"
                    for cell, width in zip(row, widths, strict=True)
                )
                rows.append(f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>")
        grid = "".join(f"<w:gridCol {width}/>" for width in widths)
        label = self.letter.by_id.get(element.get("aria-labelledby", ""))
        caption = quoteattr(
            "" if label is None else one_line("".join(label.itertext()))[:_LONGEST_CAPTION]
        )
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.letter.style("table grid")}"/>'
            f'<w:tblW w:w="{offsets[-1]}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/><w:tblCaption w:val={caption}/>'
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def as_paragraph(
        self, element: Element | None, style: str, keep: bool = False, rest: str = ""
    ) -> str:
        """Return a paragraph (17.3.1.22) of an element's text, with ``rest`` as more properties."""
        properties = f'<w:pStyle w:val="{self.letter.style(style)}"/>' if style else ""
        if keep:
            properties += "<w:keepNext/>"
        if self.letter.new_page:
            properties += f"<w:pageBreakBefore/>{rest}"
            if not rest:
                properties += '<w:spacing w:before="0"/>'  # as at an automatic page break
            self.letter.new_page = False
        else:
            properties += rest
        paragraph = _Paragraph([self.opening])
        self.opening = ""
        if element is not None and (element.tag[0] == "h" or element.get("id")):
            self._bookmarked(element, paragraph, "")
        elif element is not None:
            self._inline(element, paragraph, "")
        properties = f"<w:pPr>{properties}</w:pPr>" if properties else ""
        return f"<w:p>{properties}{paragraph.xml()}</w:p>"

    # The elements inside a paragraph.

    def _inline(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Add an element's text up to its first block, in runs with the properties ``run``."""
        paragraph.add_text(element.text, run)
        for child in element:
            if child.tag in self.BLOCKS:
                break
            if child.get("class") != "screen":
                if child.tag not in self.INLINE:
                    raise self.letter.unknown(child)
                self.INLINE[child.tag](self, child, paragraph, run)
            paragraph.add_text(child.tail, run)

    def _bookmarked(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Add an element's text, in a hidden bookmark (17.13.6) if the element has an id."""
        id = element.get("id")
        start, end = self.letter.bookmark(id) if id else ("", "")
        paragraph.pieces.append(start)
        self._inline(element, paragraph, run)
        paragraph.pieces.append(end)

    def _strong(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        bold = f"{run.removesuffix(_ITALIC)}<w:b/><w:bCs/>"
        if run.endswith(_ITALIC):  # italic comes after bold (17.3.2.28)
            bold += _ITALIC
        self._bookmarked(element, paragraph, bold)

    def _raised(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        is_note = any(child.get("role") == "doc-noteref" for child in element)
        if not is_note:  # a note mark's own style raises it
            run += '<w:vertAlign w:val="superscript"/>'
        self._bookmarked(element, paragraph, run)

    def _span(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Add words with an id, a prompt, or a page number as a field (17.16.5.44, 17.16.5.42)."""
        kind = element.get("class")
        if not kind:
            self._bookmarked(element, paragraph, run)
        elif kind == "prompt":
            style = f'<w:rStyle w:val="{self.letter.style("prompt")}"/>'
            self._inline(element, paragraph, f"{style}{run}")
        elif kind in _FIELDS:
            field = f'<w:fldSimple w:instr=" {_FIELDS[kind]} ">'
            paragraph.add_xml(f"{field}<w:r><w:t>1</w:t></w:r></w:fldSimple>")
        else:
            raise self.letter.unknown(element)

    def _link(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Add a hyperlink (17.16.22), or the reference to a footnote (17.11.14)."""
        target = element.get("href", "")
        if element.get("role") == "doc-noteref":
            letter, notes = self.letter, self.letter.stories["footnotes.xml"]
            number = len(letter.notes) + 1
            notes.opening = f"<w:r>{letter.note_mark}<w:footnoteRef/></w:r>"
            notes.opening += '<w:r><w:t xml:space="preserve"> </w:t></w:r>'
            text = notes.blocks(letter.by_id[target[1:]])
            letter.notes.append(f'<w:footnote w:id="{number}">{text}</w:footnote>')  # 17.11.10
            reference = f'<w:footnoteReference w:id="{number}"/>'
            paragraph.add_xml(f"<w:r>{self.letter.note_mark}{reference}</w:r>")
        else:
            id = self.links.setdefault(target, f"link{len(self.links) + 1}")
            style = f'<w:rStyle w:val="{self.letter.style("hyperlink")}"/>'
            paragraph.pieces.append(f'<w:hyperlink r:id="{id}">')
            self._inline(element, paragraph, f"{style}{run}")
            paragraph.pieces.append("</w:hyperlink>")

    # The elements that Word has a place for.
    BLOCKS: ClassVar[Mapping[str, Callable[["Story", Element, bool], str]]] = {
        **dict.fromkeys(
            ("h1", "h2", "h3"),
            lambda story, heading, keep: story.as_paragraph(heading, f"heading {heading.tag[1]}"),
        ),
        **dict.fromkeys(("ol", "ul"), _list),
        **{"p": _paragraph, "table": _table, "section": _section},
        "aside": lambda *_: "",  # a note is written where its reference is
    }
    INLINE: ClassVar[Mapping[str, Callable[["Story", Element, _Paragraph, str], None]]] = {
        "em": lambda story, em, paragraph, run: story._bookmarked(em, paragraph, run + _ITALIC),
        **{"strong": _strong, "sup": _raised, "span": _span, "a": _link},
        "br": lambda story, br, paragraph, run: paragraph.add_xml(_LINE_BREAK, is_space=True),
    }

    def relationships(self, beginning: str = _RELATIONSHIPS) -> str:
        """Return the relationships part of the story (ECMA-376 Part 2, 8.3)."""
        kind = f'Type="{_HYPERLINK}" TargetMode="External"'
        links = (
            f'<Relationship Id="{id}" {kind} Target={quoteattr(target)}/>'
            for target, id in self.links.items()
        )
        return f"{beginning}{''.join(links)}</Relationships>"
