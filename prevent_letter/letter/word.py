"""Write the letter as a Word document (WordprocessingML, ECMA-376 Part 1), styled by letter.docx.

A class in the XHTML names a paragraph style. An id on fixed words becomes a hidden bookmark
(``_PL_...``) around them, with which ``import`` can read an edited letter. An element that Word has
no place for is an error, and is never left out. ``word_story`` writes text, ``word_look`` reads the
look, and ``word_package`` packs the parts.
"""

from collections.abc import Callable, Mapping, Sequence

from prevent_letter.core.xml_text import escape, quoteattr
from prevent_letter.letter import document
from prevent_letter.letter.formats import CHANGES
from prevent_letter.letter.word_comments import NewComment, annotate
from prevent_letter.letter.word_look import WordLook, read_look
from prevent_letter.letter.word_package import LANGUAGE, XML, identity, pack, readable, same
from prevent_letter.letter.word_story import LetterParts, Story

__all__ = ["LOOK", "identity", "read_look", "readable", "same", "write"]

LOOK = "letter.docx"

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)


def write(
    xhtml: str,
    look: WordLook,
    values: Mapping[str, str] | None = None,
    comments: Sequence[NewComment] | None = None,
    mark_changes: Callable[[dict[str, str]], None] | None = None,
) -> bytes:
    """Return the letter as the bytes of a .docx file.

    Args:
        xhtml: the letter.
        look: its look, which must have been read with ``comments=True`` if there are comments.
        values: the digest of each value by its id, for ``import`` to know what was changed since.
        comments: comments to put on the letter.
        mark_changes: marks tracked changes in the parts, by their names in the folder ``word``.

    Raises:
        UserError: the letter has an element or a class that Word, or this look, has no place for.
    """
    root = document.tree(xhtml)
    parts, properties = _parts(LetterParts(look, root)), document.properties(root)
    if comments is not None:
        annotated = annotate(parts["document.xml"], comments, look.styles, properties["date"])
        parts["document.xml"], parts["comments.xml"] = annotated
    if mark_changes:
        mark_changes(parts)
        properties["identifier"] += CHANGES
    return pack(look.package, look.sums, parts, properties, root.get("lang", ""), values or {})


def _parts(letter: LetterParts) -> dict[str, str]:
    """Return the parts that differ between letters, by their names in the folder ``word``."""
    look, stories, [body] = letter.look, letter.stories, letter.root.iter("body")
    for element in body.iter():
        may_have_class = element.tag in ("body", "p", "li", "span")
        if not may_have_class and element.get("class", "screen") != "screen":
            raise letter.unknown(element)
    mark = body.get("data-mark", "") if body.get("class") == "draft" else ""
    watermark = _watermark(mark) if mark else ""
    main = "".join(stories["document.xml"].blocks(main) for main in body.iter("main"))
    texts = {"document.xml": ("document", f"<w:body>{main}{look.section}</w:body>")}
    for name, tag, style, content, opening in (
        ("header1.xml", "hdr", "header", None, watermark),
        ("header2.xml", "hdr", "header", body.find("header"), watermark),
        ("footer1.xml", "ftr", "footer", body.find("footer"), ""),
        ("footer2.xml", "ftr", "footer", body.find("footer"), ""),
    ):  # headers and footers (17.10)
        story = stories[name] = Story(letter, style, opening)
        text = story.blocks(content) if content is not None else ""
        texts[name] = tag, text or story.as_paragraph(None, style)
    texts["footnotes.xml"] = "footnotes", _SEPARATORS + "".join(letter.notes)
    parts = {
        name: f"{XML}<w:{tag} {_NAMESPACES}>{text}</w:{tag}>" for name, (tag, text) in texts.items()
    }
    parts["numbering.xml"] = f"{look.numbering}{''.join(letter.numbers)}</w:numbering>"
    language = escape(letter.root.get("lang", ""))
    parts["styles.xml"] = look.styles_part.replace(LANGUAGE, language)
    for name, story in stories.items():
        if story.links:
            parts[f"_rels/{name}.rels"] = story.relationships()
    of_document = stories["document.xml"].relationships(look.relationships)
    parts["_rels/document.xml.rels"] = of_document
    return parts


_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{id}"><w:p><w:pPr>'
    f'<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
    f"</w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>"
    for id, kind in ((-1, "separator"), (0, "continuationSeparator"))
)
"""The lines above the footnotes (17.11.23, 17.11.1)."""


def _watermark(words: str) -> str:
    """Return large, pale words behind the page, as Word's own VML WordArt (ECMA-376 Part 4, 19)."""
    formulas = (
        "sum #0 0 10800|prod #0 2 1|sum 21600 0 @1|sum 0 0 @2|sum 21600 0 @3|if @0 @3 0"
        "|if @0 21600 @1|if @0 0 @2|if @0 @4 21600|mid @5 @6|mid @8 @5|mid @7 @8|mid @6 @7"
        "|sum @6 0 @5"
    )
    equations = "".join(f'<v:f eqn="{formula}"/>' for formula in formulas.split("|"))
    return (
        '<w:r><w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136"'
        ' coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
        f"<v:formulas>{equations}</v:formulas>"
        '<v:path textpathok="t" o:connecttype="custom"'
        ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"'
        ' o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/>'
        '<v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
        '<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
        '<v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136"'
        f' alt={quoteattr(words)} style="position:absolute;margin-left:0;'
        "margin-top:0;width:440pt;height:176pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#d9d9d9"'
        ' stroked="f"><v:fill opacity=".5"/>'
        '<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" '
        f'string={quoteattr(words)}/><w10:wrap anchorx="margin" anchory="margin"/>'
        "</v:shape></w:pict></w:r>"
    )
