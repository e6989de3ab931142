"""The letter as a Word document (WordprocessingML, ECMA-376 Part 1), from its XHTML and the styles of a letter.docx.

One element of the XHTML is written after the other. A class names a paragraph style; an id on fixed words becomes a
hidden bookmark (``_PL_...``) round them, by which a cleared letter can be read back. What Word has no place for is an
error, never left out. ``word_look`` reads the look, ``word_package`` packs the parts.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE

from prevent_letter.ground.findings import Stop, shown
from prevent_letter.ground.prose import one_line
from prevent_letter.letter import document
from prevent_letter.letter.word_comments import Comment, annotate
from prevent_letter.letter.word_look import Look
from prevent_letter.letter.word_look import read as look
from prevent_letter.letter.word_package import LANGUAGE, XML, identity, pack, readable, same

__all__ = ["LOOK", "identity", "look", "readable", "same", "write"]

LOOK = "letter.docx"

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_RELATIONSHIPS = (
    f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
)


def write(xhtml: str, look: Look, comments: Sequence[Comment] | None = None) -> bytes:
    """The letter as the bytes of a .docx file; the look must have room for ``comments``, where there are to be some.

    Raises:
        Stop: the letter has an element or a class that Word, or this look, has no place for.
    """
    root = document.tree(xhtml)
    parts, properties = _Letter(look, root).parts(), document.properties(root)
    if comments is not None:
        made = annotate(parts["document.xml"], comments, look.styles, properties["date"])
        parts["document.xml"], parts["comments.xml"] = made
    return pack(look.package, look.sums, parts, properties, root.get("lang", ""))


class _Paragraph:
    """One paragraph as it grows: pieces of XML, and pairs of run properties and text."""

    def __init__(self, opening: str) -> None:
        self.pieces: list[str | tuple[str, str]] = [opening]
        self.spaced = True  # at the beginning, after a space or a line break: another space would be one too many

    def text(self, words: str | None, run: str) -> None:
        """Add text with its white space collapsed, as XHTML means it."""
        if words and (words := one_line(words)[self.spaced and words[0] in " \t\r\n" :]):
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
    return (
        f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>' if words else ""
    )


_BOOKMARK = re.compile(r"\w{1,40}", re.ASCII)
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
        if element is self.writer.appendix[0]:
            return self.writer.appendix[1]
        self.writer.new_page = element.get("role") == "doc-appendix"
        return self.blocks(element)

    def note(self, element: Element, keep: bool) -> str:
        return ""  # written where its reference stands

    def items(self, element: Element, keep: bool, depth: int = 0, ends: bool = True) -> str:
        """A list (17.9). Each numbered one has a number of its own, so that it starts where it should.

        Where one ``ends``, what follows stands as far away as from a paragraph.
        """
        _, number, indents = self.writer.look.lists[element.tag]
        if element.tag == "ol":
            number = self.writer.numbered(depth, element.get("start", "1"))
        numbering = (
            f'<w:numPr><w:ilvl w:val="{min(depth, 8)}"/><w:numId w:val="{number}"/></w:numPr>'
        )
        indent = f'<w:ind w:left="{indents[min(depth, len(indents) - 1)]}"/>' if depth else ""
        space = f'<w:spacing w:after="{self.writer.look.space}"/>'
        made = []
        for item in element:
            style = _class(item) or ("list number" if element.tag == "ol" else "list bullet")
            blocks = [child for child in item if child.tag in self.BLOCKS]
            if len(blocks) < len(item) or (item.text or "").strip(" \t\r\n") or not blocks:
                blocks.insert(0, item)  # its own text is the first paragraph
            for block, after in zip(
                blocks, [*(block.tag for block in blocks[1:]), ""], strict=True
            ):
                keep, last = after in ("ol", "ul"), ends and item is element[-1] and not after
                if block.tag in ("ol", "ul"):
                    made.append(self.items(block, False, depth + 1, last))
                elif block is blocks[0]:
                    made.append(self.made(block, style, keep, numbering + space * last))
                else:
                    made.append(self.made(block, "list continue", keep, space * last + indent))
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
                rows.append(
                    f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * head}</w:trPr>{cells}</w:tr>"
                )
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
        if self.writer.new_page and not rest:
            properties += '<w:spacing w:before="0"/>'  # a heading stands as high where the page ended by itself
        paragraph = _Paragraph(self.opening)
        self.writer.new_page, self.opening = False, ""
        if element is not None and (element.tag[0] == "h" or element.get("id")):
            self.bookmarked(element, paragraph, "")
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

    def bookmarked(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Fixed words, with a hidden bookmark (17.13.6) round them where they have an id."""
        begin, end = self.writer.bookmark(element.get("id"))
        paragraph.pieces.append(begin)
        self.inline(element, paragraph, run)
        paragraph.pieces.append(end)

    def emphasis(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        self.bookmarked(element, paragraph, f"{run}<w:i/><w:iCs/>")

    def strong(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        italic = "<w:i/><w:iCs/>"  # comes after bold (17.3.2.28)
        self.bookmarked(
            element,
            paragraph,
            f"{run.removesuffix(italic)}<w:b/><w:bCs/>{italic * run.endswith(italic)}",
        )

    def raised(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        noted = any(
            child.get("role") == "doc-noteref" for child in element
        )  # whose own style raises it
        self.bookmarked(
            element, paragraph, run if noted else f'{run}<w:vertAlign w:val="superscript"/>'
        )

    def span(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """Words with an id, or the number of a page as a field (17.16.5.44, 17.16.5.42)."""
        if not (kind := element.get("class")):
            self.bookmarked(element, paragraph, run)
        elif kind == "prompt":
            self.inline(
                element, paragraph, f'<w:rStyle w:val="{self.writer.style("prompt")}"/>{run}'
            )
        elif kind in _FIELDS:
            paragraph.add(
                f'<w:fldSimple w:instr=" {_FIELDS[kind]} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            )
        else:
            raise self.writer.unknown(element)

    def line_break(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        paragraph.add("<w:r><w:br/></w:r>", spaced=True)

    def link(self, element: Element, paragraph: _Paragraph, run: str) -> None:
        """A hyperlink (17.16.22), or the reference to a footnote (17.11.14)."""
        target = element.get("href", "")
        if element.get("role") == "doc-noteref":
            number = self.writer.footnote(target[1:])
            paragraph.add(
                f'<w:r>{self.writer.raised_number}<w:footnoteReference w:id="{number}"/></w:r>'
            )
        else:
            id = self.links.setdefault(target, f"link{len(self.links) + 1}")
            paragraph.pieces.append(f'<w:hyperlink r:id="{id}">')
            self.inline(
                element, paragraph, f'<w:rStyle w:val="{self.writer.style("hyperlink")}"/>{run}'
            )
            paragraph.pieces.append("</w:hyperlink>")

    # All that Word has a place for.
    BLOCKS: Mapping[str, Callable[["_Story", Element, bool], str]] = {
        **dict.fromkeys(("h1", "h2", "h3"), heading),
        **dict.fromkeys(("ol", "ul"), items),
        **{"p": paragraph, "table": table, "section": section, "aside": note},
    }
    INLINE: Mapping[str, Callable[["_Story", Element, _Paragraph, str], None]] = {
        **{
            "em": emphasis,
            "strong": strong,
            "sup": raised,
            "span": span,
            "br": line_break,
            "a": link,
        }
    }

    def relationships(self, begun: str = _RELATIONSHIPS) -> str:
        """The relationships part of the story (ECMA-376 Part 2, 8.3), after what has ``begun`` it."""
        kind = f'Type="{RELATIONSHIP_TYPE.HYPERLINK}" TargetMode="External"'
        links = (
            f'<Relationship Id="{id}" {kind} Target={quoteattr(target)}/>'
            for target, id in self.links.items()
        )
        return f"{begun}{''.join(links)}</Relationships>"


def _class(element: Element) -> str:
    """The name of the paragraph style that an element's class names."""
    return element.get("class", "").replace("-", " ")


class _Letter:
    """One letter being written: what its stories share."""

    def __init__(self, look: Look, root: Element) -> None:
        self.look, self.root = look, root
        self.by_id = {id: element for element in root.iter() if (id := element.get("id"))}
        self.new_page = False
        self.bookmarks: set[str] = set()
        self.numbers: list[str] = []
        self.notes: list[str] = []
        self.raised_number = (
            f'<w:rPr><w:rStyle w:val="{self.style("footnote reference")}"/></w:rPr>'
        )
        self.note_opening = f"<w:r>{self.raised_number}<w:footnoteRef/></w:r>{_run('', ' ')}"
        self.stories = {
            "document.xml": _Story(self),
            "footnotes.xml": _Story(self, "footnote text"),
        }
        self.appendix: tuple[Element | None, str] = None, ""

    def write_appendix(self) -> None:
        """Write the appendix before all else, so that its numbers are the same in each letter that has it."""
        appendix = self.root.find("body/main/section[@role='doc-appendix']")
        if appendix is None or appendix.find(".//table") is not None:
            return  # a table's caption may stand elsewhere
        if any(link.get("role") == "doc-noteref" for link in appendix.iter("a")):
            return
        story, kept = self.stories["document.xml"], self.look.appendices
        if kept.get(id(appendix), (None,))[0] is not appendix:
            kept.clear()
            xml = story.section(appendix, False)
            kept[id(appendix)] = appendix, xml, self.numbers, self.bookmarks, story.links
        _, xml, numbers, bookmarks, links = kept[id(appendix)]
        self.appendix, self.new_page = (appendix, xml), False
        self.numbers, self.bookmarks, story.links = [*numbers], {*bookmarks}, {**links}

    def parts(self) -> dict[str, str]:
        """The parts that vary with the letter, by their names in the folder word."""
        [body] = self.root.iter("body")
        for element in body.iter():
            if element.get("class", "screen") != "screen" and element.tag not in (
                "body",
                "p",
                "li",
                "span",
            ):
                raise self.unknown(element)
        self.write_appendix()
        watermark = _watermark(body.get("data-mark", "")) if body.get("class") == "draft" else ""
        main = "".join(self.stories["document.xml"].blocks(main) for main in body.iter("main"))
        texts = {
            "document.xml": ("document", f"<w:body>{main}{self.look.section}</w:body>"),
            "header1.xml": ("hdr", self.furniture("header1.xml", "header", None, watermark)),
            "header2.xml": (
                "hdr",
                self.furniture("header2.xml", "header", body.find("header"), watermark),
            ),
            "footer1.xml": ("ftr", self.furniture("footer1.xml", "footer", body.find("footer"))),
            "footer2.xml": ("ftr", self.furniture("footer2.xml", "footer", body.find("footer"))),
            "footnotes.xml": ("footnotes", _SEPARATORS + "".join(self.notes)),
        }
        parts = {
            name: f"{XML}<w:{tag} {_NAMESPACES}>{text}</w:{tag}>"
            for name, (tag, text) in texts.items()
        }
        parts["numbering.xml"] = f"{self.look.numbering}{''.join(self.numbers)}</w:numbering>"
        parts["styles.xml"] = self.look.styles_part.replace(
            LANGUAGE, escape(self.root.get("lang", ""))
        )
        parts |= {
            f"_rels/{name}.rels": story.relationships()
            for name, story in self.stories.items()
            if story.links
        }
        parts["_rels/document.xml.rels"] = self.stories["document.xml"].relationships(
            self.look.relationships
        )
        return parts

    def furniture(self, name: str, style: str, element: Element | None, opening: str = "") -> str:
        """A header or footer (17.10): a draft's watermark hangs on its first paragraph, which it has in any case."""
        story = self.stories[name] = _Story(self, style, opening)
        return (story.blocks(element) if element is not None else "") or story.made(None, style)

    def footnote(self, id: str) -> int:
        """Write the note with an id of the XHTML as the next footnote (17.11.10), and give its number."""
        note = self.by_id[id]
        self.stories["footnotes.xml"].opening = self.note_opening
        number = len(self.notes) + 1
        self.notes.append(
            f'<w:footnote w:id="{number}">{self.stories["footnotes.xml"].blocks(note)}</w:footnote>'
        )
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
        if not _BOOKMARK.fullmatch(name) or name in self.bookmarks:
            raise Stop(f"the letter's template has an id that Word can't take for a bookmark: {id}")
        self.bookmarks.add(name)
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>',
            f'<w:bookmarkEnd w:id="{number}"/>',
        )

    def style(self, name: str) -> str:
        """The id of the style with a name; the look must have it."""
        if name not in self.look.styles:
            raise Stop(
                f'{shown(self.look.path)}: the style "{name.title()}" is missing, and the letter needs it'
            )
        return self.look.styles[name]

    def words(self, id: str) -> str:
        """The words of the element with an id."""
        return one_line("".join(self.by_id[id].itertext())) if id in self.by_id else ""

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
        f'<v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136" alt={quoteattr(words)} '
        'style="position:absolute;margin-left:0;'
        "margin-top:0;width:440pt;height:176pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#d9d9d9" stroked="f">'
        '<v:fill opacity=".5"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" '
        f'string={quoteattr(words)}/><w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
    )
