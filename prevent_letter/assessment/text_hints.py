"""Explain a file that is not UTF-8 YAML, and text that YAML reads as something else (PL0xx)."""

import re
from typing import NamedTuple

WRITE_BAR = "write a | in front of it, and begin the text on the line below, two spaces further in"
SAVE_AS_UTF_8 = "save it again with the encoding UTF-8"
_GIVE_ASSESSMENT = "give the assessment's own file, which ends in .yaml"


class Hint(NamedTuple):
    """One mistake: its offsets (0 and 0 for the whole file), what it is, and how to fix it."""

    start: int
    end: int
    message: str
    help: str


class Scalar(NamedTuple):
    """A value that is not a list or a mapping: its offsets, and how it is written (see Spot)."""

    start: int
    end: int
    style: str


# Files that are not YAML in UTF-8.

SIGNATURES = (
    (b"PK\x03\x04", "this is a Word file, or another packed file", _GIVE_ASSESSMENT),
    (b"%PDF", "this is a PDF file", _GIVE_ASSESSMENT),
    (b"{\\rtf", "this is a Rich Text file", "save it as plain text, with the encoding UTF-8"),
    (b"\xff\xfe", "the file is saved as UTF-16", SAVE_AS_UTF_8),
    (b"\xfe\xff", "the file is saved as UTF-16", SAVE_AS_UTF_8),
)


def refused_character(start: int, end: int, character: str) -> Hint:
    """Return the hint about a character that no letter can have."""
    if character == "\x0b":
        help = "delete it; leave a blank line to begin a paragraph"
        return Hint(start, end, "Word's manual line break (U+000B) is here", help)
    code = f"U+{ord(character):04X}"
    message = f"there is an invisible character here that no letter can have ({code})"
    return Hint(start, end, message, "delete it")


# Text that YAML reads differently from what its writer meant.

LEADING_SIGNS = {
    **{sign: f"a text that begins with {sign} means something else to YAML" for sign in "*&!>?"},
    **{sign: f"YAML has no text that begins with {sign}" for sign in "%@`]},"},
    **{
        sign: f"a text that begins with {sign} ends at the next {sign} to YAML"
        f", and this one doesn't"
        for sign in "'\""
    },
    "[": "a text that begins with [ is a list to YAML, and this one is not closed properly",
    "{": "a text that begins with { is a mapping to YAML, and this one is not closed properly",
    "|": "nothing may follow the | on its line",
}
_COMMENT = re.compile(r"( *)#([^\r\n]?)")
_COMMENT_AFTER_BAR = re.compile(r"[|>][-+0-9]*( +)#([^\r\n]?)")
_COMMENT_BELOW = re.compile(r" *(?:\r\n|\r|\n)( *)#(?=[^ \r\n])")


def leading_sign_means_more(start: int, end: int, sign: str) -> Hint:
    """Return the hint about an alias (*), anchor (&) or tag (!), often meant as ordinary text."""
    help = WRITE_BAR
    if sign != "*":
        help = f"if it is text: {WRITE_BAR}; else delete what begins with {sign}"
    return Hint(start, end, LEADING_SIGNS[sign], help)


def comment_that_cuts(text: str, scalar: Scalar, value: str, key_start: int | None) -> Hint | None:
    """Return the hint about a value if YAML takes a part of it for a comment.

    After a value, `` #`` is accepted as a comment if a space follows the #. After several words,
    two spaces must also come before the #. ``key_start`` is the offset of the value's key, if it
    has one.
    """
    if scalar.style in ("|", ">"):
        words, comment = 0, _COMMENT_AFTER_BAR.match(text, scalar.start)
    else:
        words, comment = len(value.split()), _COMMENT.match(text, scalar.end)
    is_cut = comment is not None and (
        comment[2] not in ("", " ") or (words > 1 and len(comment[1]) < 2)
    )
    if value and not scalar.style and key_start is not None:
        below = _COMMENT_BELOW.match(text, scalar.end)
        line_start = max(text.rfind("\n", 0, key_start), text.rfind("\r", 0, key_start)) + 1
        if below and len(below[1]) > key_start - line_start:
            comment, is_cut = below, True
    if not comment or not is_cut:
        return None
    message = "YAML reads what follows a space and # as a comment, so this text would be cut short"
    help = "put a space after the # if a comment follows"
    help += "; else write a | before the text, on the line above"
    if words > 1:
        help = f"{WRITE_BAR}; a comment has two spaces before its # and one after"
    return Hint(comment.end(1), comment.end(1) + 1, message, help)


def repeated_key(start: int, end: int, key: str, line: int, part: str | None) -> Hint:
    """Return the hint about a key that is on ``line`` already.

    ``part`` is None, or the part with the key if the next part's name seems missing.
    """
    if part is None:
        message = f"{key[:60]} is here twice; the first is on line {line}"
        return Hint(start, end, message, "keep one of the two")
    message = f"{key} of {part} is on line {line} already; is the next part's name missing?"
    help = f"above this line write the name of what begins here, as {part}: is above line {line}"
    return Hint(start, end, message, help)
