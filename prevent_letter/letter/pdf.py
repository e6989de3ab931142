"""Write the letter as a PDF, typeset by Typst with letter.typ.

It is PDF/UA-1 (ISO 14289-1:2014), for screen readers, and PDF/A-2a (ISO 19005-2), for archives.

Typst and the one font that it may use come with the extra ``pdf``. letter.typ reads the XHTML
itself. It lists the elements and classes that it knows, and any other stops the build.
"""

import re
from html import unescape
from importlib.util import find_spec
from operator import eq
from pathlib import Path
from typing import NamedTuple

from prevent_letter import ROOT
from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UserError
from prevent_letter.letter import document
from prevent_letter.letter.formats import Identity, is_intact, seal
from prevent_letter.letter.typesetter import typeset, typeset_own

LOOK = "letter.typ"
_COMMENT = b"%"
_END = re.compile(rb"startxref\r?\n[0-9]{1,12}\r?\n%%EOF\r?\n?\Z")
"""The end of a PDF (ISO 32000-2, 7.5.5). PDF/A allows nothing after it."""
_LONGEST_END = 60
"""The bytes at the end of a file in which its end is looked for."""
_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_STRING = re.compile(rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\)", re.DOTALL)
_ADDRESS = re.compile(rb"/URI\s*(<|\((?!https?:|mailto:)[^)]*)")
_ACTIVE = re.compile(
    rb"/(?:EmbeddedFiles?|Launch|JavaScript|JS|GoToR|SubmitForm|ImportData|ObjStm)\b"
)
"""What a PDF must not have (ISO 32000-2, 12.6), or could hide it: Typst packs no objects."""


class PdfLook(NamedTuple):
    """The Typst file."""

    path: Path


def read_look(path: Path) -> PdfLook:
    """Return the look of a PDF, which is a letter.typ.

    Raises:
        UserError: the extra ``pdf`` is not installed.
    """
    if not (find_spec("typst") and find_spec("fontpkg_arimo")):
        message = "PDF letters need the typesetter, which is not installed here"
        help = "install prevent-letter[pdf] in the same way as prevent-letter itself"
        raise UserError(f"{message}: {help}")
    return PdfLook(path)


def write(xhtml: str, look: PdfLook) -> bytes:
    """Return the letter as a PDF. The same Typst and font always give the same bytes.

    Raises:
        UserError: the letter has an element or a class that letter.typ does not know, letter.typ
            is wrong, or the typesetter warns of anything, such as a missing font.
    """
    date = document.properties(document.tree(xhtml))["date"]
    is_own = look.path.parent != ROOT / "templates"
    result = (typeset_own if is_own else typeset)(look.path, xhtml, date)
    if result.message:
        raise _as_user_error(look.path, result.message, result.diagnostic)
    if is_own and (other := _active(result.data)):
        words = printable(other.decode("latin-1")[:60])
        message = "only links to http, https and mailto, and no files, can be in a letter"
        raise UserError(f"{show_path(look.path)}: {message}: {words}")
    end = _END.search(result.data[-_LONGEST_END:])
    if not end:
        raise UserError(f"{show_path(look.path)}: the letter can't be typeset: it has no end")
    return seal(result.data[: -len(end[0])], _COMMENT) + end[0]


def _active(data: bytes) -> bytes | None:
    """Return the first link or action in a PDF that no letter has, if there is one."""
    objects = _STREAM.sub(b"", data)
    found = _ADDRESS.search(objects) or _ACTIVE.search(_STRING.sub(b"()", objects))
    return found[0] if found else None


def _as_user_error(path: Path, message: str, diagnostic: str) -> UserError:
    """Return the typesetter's error as a sentence, with the line if letter.typ is wrong."""
    if glyph := re.search(r'the text `(".*?")` could not be displayed', message):
        where = "which is in the template or the criteria"
        return UserError(f"the PDF can't show a character in {glyph[1]}, {where}")
    if panic := re.search(r"panicked with: (.*)", message):
        return UserError(f"{show_path(path)}: {panic[1]}")
    line = re.search(rf"{re.escape(path.name)}:(\d+):", str(diagnostic))
    where = f"{show_path(path)}:{line[1]}" if line else show_path(path)
    message = re.sub(r" \((?:searched|occurred) at .*?\)", "", message)  # a path of a machine
    return UserError(f"{where}: the letter can't be typeset: {message}")


def identity(data: bytes) -> Identity | None:
    """Return the identity in the keywords of a PDF's metadata (ISO 16684-1), if there is one."""
    keywords = re.search(rb"<pdf:Keywords>([^<]*), ([0-9a-f]{64})</pdf:Keywords>", data)
    if not keywords:
        return None
    identifier = unescape(keywords[1].decode("utf-8", "replace"))
    end = _END.search(data[-_LONGEST_END:])
    is_whole = is_intact(data[: -len(end[0])] if end else data, _COMMENT)  # at the end: before 2027
    return Identity(identifier, keywords[2].decode(), is_whole)


same = eq
"""Returns True if two files are the same letter."""


def readable(data: bytes) -> bool:
    """Return True if the bytes begin and end like a whole PDF (ISO 32000-2, 7.5)."""
    return data.startswith(b"%PDF-") and b"startxref" in data[-2048:]
