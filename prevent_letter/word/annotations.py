"""Read the footnotes and comments of a Word letter (ECMA-376 Part 1, 17.11 and 17.13.4)."""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from prevent_letter.letter.word_package import AUTHOR
from prevent_letter.word.blocks import CommentRange, LetterComment, WordPlace

_MOST_QUOTED = 50
"""The most pieces of text that are quoted from the words that a comment is on."""


def notes(part: Element, numbers: Sequence[str]) -> list[str]:
    """Return the texts of the footnotes with these numbers."""
    texts = {note.get("id", ""): _plain_text(note) for note in part.iter("footnote")}
    return [texts.get(number, "") for number in numbers]


def comments(part: Element, extended: Element) -> list[LetterComment]:
    """Return the comments in order, each with its replies; this tool's own are left out.

    ``extended`` says which are replies or resolved ([MS-DOCX] 2.5.4.1, commentEx).
    """
    by_paragraph: dict[str, Element] = {}
    texts = {comment.get("id", ""): _plain_text(comment) for comment in part.iterfind("comment")}
    for comment in part.iterfind("comment"):
        by_paragraph |= {p.get("w14-paraId", ""): comment for p in comment.iter("p")}
    replies: dict[str, list[tuple[str, str]]] = {}
    resolved, are_replies, roots = set[str](), set[str](), dict[str, str]()
    for state in extended.iter("w15-commentEx"):
        of_state, above = (
            by_paragraph.get(state.get(name, "")) for name in ("w15-paraId", "w15-paraIdParent")
        )
        if of_state is None:
            continue
        number = of_state.get("id", "")
        if state.get("w15-done") in ("1", "true"):
            resolved.add(number)
        if above is not None and above is not of_state:
            are_replies.add(number)
            reply = of_state.get("author", ""), texts.pop(number, "")  # once, if it is said twice
            root = above.get("id", "")
            roots[number] = root = roots.get(root, root)
            replies.setdefault(root, []).extend([reply] if reply[1] else [])
    read = []
    for comment in part.iterfind("comment"):
        number, author = comment.get("id", ""), comment.get("author", "")
        text, of_it = texts.get(number, ""), tuple(replies.get(number, ()))
        if author == AUTHOR and of_it:  # somebody answers this tool
            (author, text), *rest = of_it
            of_it = tuple(rest)
        if author != AUTHOR and number not in are_replies:
            read.append(LetterComment(number, author, text, number in resolved, of_it))
    return read


_LONGEST = 5000
"""Characters of a comment that are shown."""


def located(
    comments: Sequence[LetterComment],
    quoted: Mapping[str, CommentRange],
    words: Sequence[WordPlace],
) -> list[LetterComment]:
    """Return the comments with the words that they are on, in the order of these.

    ``quoted`` has the place of each comment, by its number.
    """
    nowhere = CommentRange(len(words), 0, -1, "")
    placed = []
    for comment in sorted(comments, key=lambda each: quoted.get(each.number, nowhere).start):
        place = quoted.get(comment.number, nowhere)
        on = words[place.start : min(place.end, place.start + _MOST_QUOTED)]
        text = "".join(each.text for each in on)
        first = on[0] if on else place
        placed.append(comment._replace(quoted=text, block=first.block, row=first.row))
    return placed


def _plain_text(element: Element) -> str:
    """Return the text of all paragraphs in an element, as lines."""
    lines = [""]
    for each in element.iter():
        if each.tag == "p":
            lines.append("")
        elif each.tag == "t":
            lines[-1] += each.text or ""
    text = "\n".join(lines).strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
