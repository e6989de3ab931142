"""Write the letter as a PDF (PDF/UA-1, ISO 14289-1:2014), typeset by Typst with letter.typ.

Typst and the one font that it may use come with the extra ``pdf``. letter.typ reads the XHTML
itself. It lists the elements and classes that it knows, and any other stops the build.
"""

import datetime as dt
import re
from html import unescape
from operator import eq
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UserError
from prevent_letter.letter import document
from prevent_letter.letter.formats import Identity, is_intact, seal

if TYPE_CHECKING:
    import typst

LOOK = "letter.typ"
_MOST_BYTES = 1 << 20
"""The largest Typst file, in bytes. letter.typ has 12,000."""
_COMMENT = b"%"
_PACKAGE = re.compile(r"""(?m)^[^\n]{0,200}?\b(?:import|include)\s{1,9}["']@""")


class PdfLook(NamedTuple):
    """The Typst file, and the fonts that it may use."""

    path: Path
    fonts: "typst.Fonts"


def read_look(path: Path) -> PdfLook:
    """Return the look of a PDF, which is a letter.typ and the fonts for it.

    Raises:
        UserError: the extra ``pdf`` is not installed.
    """
    try:
        import fontpkg_arimo
        import typst
    except ImportError as error:
        message = "PDF letters need the typesetter, which is not installed here"
        help = "install prevent-letter[pdf] in the same way as prevent-letter itself"
        raise UserError(f"{message}: {help}") from error
    folder = Path(fontpkg_arimo.__file__).parent / "files"
    of_machine = {"include_system_fonts": False, "include_embedded_fonts": False}
    fonts = typst.Fonts(font_paths=[folder], **of_machine)
    return PdfLook(path, fonts)


def write(xhtml: str, look: PdfLook) -> bytes:
    """Return the letter as a PDF. The same Typst and font always give the same bytes.

    Raises:
        UserError: the letter has an element or a class that letter.typ does not know, letter.typ
            is wrong, or the typesetter warns of anything, such as a missing font.
    """
    import typst

    for path in look.path.parent.glob("*.typ"):
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(f"{show_path(path)}: this is too large for a Typst file")
        text = path.read_text(encoding="utf-8", errors="replace")
        if match := _PACKAGE.search(text):  # it would come from the network
            line = text.count("\n", 0, match.start()) + 1
            message = "packages can't be used here; copy what you need into this file"
            raise UserError(f"{show_path(path)}:{line}: {message}")
    date = document.properties(document.tree(xhtml))["date"] or "2000-01-01"
    try:
        data, warnings = typst.compile_with_warnings(
            look.path,
            root=look.path.parent,
            font_paths=look.fonts,
            sys_inputs={"letter": xhtml},
            pdf_standards=["ua-1"],
            timestamp=dt.datetime.fromisoformat(f"{date}T00:00:00+00:00"),  # never the current time
        )
    except typst.TypstError as error:
        raise _as_user_error(look.path, error.message, error.diagnostic) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic in Rust is not an Exception
            raise
        message = f"the typesetter gave up on this letter: {printable(str(error))}"
        raise UserError(f"{show_path(look.path)}: {message}") from error
    if warnings:
        raise _as_user_error(look.path, warnings[0].message, warnings[0].diagnostic)
    return seal(bytes(data), _COMMENT)


def _as_user_error(path: Path, message: str, diagnostic: str) -> UserError:
    """Return the typesetter's error as a sentence, with the line if letter.typ is wrong."""
    if glyph := re.search(r'the text `(".*?")` could not be displayed', message):
        where = "which is in the template or the criteria"
        return UserError(f"the PDF can't show a character in {glyph[1]}, {where}")
    if panic := re.search(r"panicked with: (.*)", message):
        return UserError(f"{show_path(path)}: {panic[1]}")
    line = re.search(rf"{re.escape(path.name)}:(\d+):", str(diagnostic))
    where = f"{show_path(path)}:{line[1]}" if line else show_path(path)
    return UserError(f"{where}: the letter can't be typeset: {message}")


def identity(data: bytes) -> Identity | None:
    """Return the identity in the keywords of a PDF's metadata (ISO 16684-1), if there is one."""
    keywords = re.search(rb"<pdf:Keywords>([^<]*), ([0-9a-f]{64})</pdf:Keywords>", data)
    if not keywords:
        return None
    identifier = unescape(keywords[1].decode("utf-8", "replace"))
    return Identity(identifier, keywords[2].decode(), is_intact(data, _COMMENT))


same = eq
"""Returns True if two files are the same letter."""


def readable(data: bytes) -> bool:
    """Return True if the bytes begin and end like a whole PDF (ISO 32000-2, 7.5)."""
    return data.startswith(b"%PDF-") and b"startxref" in data[-2048:]
