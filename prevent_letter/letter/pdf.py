"""The letter as a PDF (PDF/UA-1, ISO 14289-1:2014), typeset by Typst from its XHTML and the look in a letter.typ.

Typst and the one font it may use come with the extra ``pdf``. letter.typ walks the XHTML itself: the elements and
classes that it knows are listed there, and one that it doesn't know stops the build.
"""

import datetime as dt
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from prevent_letter.ground.findings import Stop, printable, shown
from prevent_letter.letter import document
from prevent_letter.letter.formats import Identity
from prevent_letter.letter.seal import is_intact, seal

if TYPE_CHECKING:
    import typst

LOOK = "letter.typ"
_MOST_BYTES = 1 << 20


class Look(NamedTuple):
    """What makes a PDF of the letter's words: the Typst file, and the fonts that it may use."""

    path: Path
    fonts: "typst.Fonts"


def look(path: Path) -> Look:
    """The look in a letter.typ.

    Raises:
        Stop: the extra ``pdf`` isn't installed.
    """
    try:
        import fontpkg_arimo
        import typst  # noqa: F401 (is it there?)
    except ImportError as error:
        message = "PDF letters need the typesetter, which isn't installed here"
        raise Stop(
            f"{message}: install prevent-letter[pdf], as you installed prevent-letter"
        ) from error
    return Look(path, fonts_in(Path(fontpkg_arimo.__file__).parent / "files"))


def fonts_in(folder: Path) -> "typst.Fonts":
    """The fonts of a folder, and none of the machine's."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def write(xhtml: str, look: Look) -> bytes:
    """The letter as the bytes of a PDF file: the same ones for the same versions of Typst and the font.

    Raises:
        Stop: the letter has an element or a class that letter.typ has no place for, letter.typ is at fault, or the
            typesetter warns, if only of a missing font.
    """
    import typst

    _refuse_packages(look.path)
    date = document.properties(document.tree(xhtml))["date"]
    try:
        data, warnings = typst.compile_with_warnings(
            look.path,
            root=look.path.parent,
            font_paths=look.fonts,
            sys_inputs={"letter": xhtml},
            pdf_standards=["ua-1"],
            timestamp=dt.datetime.fromisoformat(
                f"{date or '2000-01-01'}T00:00:00+00:00"
            ),  # never the clock's
        )
    except typst.TypstError as error:
        raise _stop(look.path, error.message, error.diagnostic) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust, which is no Exception
            raise
        raise Stop(
            f"{shown(look.path)}: the typesetter gave up on this letter: {printable(str(error))}"
        ) from error
    if warnings:
        raise _stop(look.path, warnings[0].message, warnings[0].diagnostic)
    return seal(bytes(data), b"%")


_PACKAGE = re.compile(r"""(?m)^[^\n]{0,200}?\b(?:import|include)\s{1,9}["']@""")


def _refuse_packages(look: Path) -> None:
    """See to it that no Typst file beside the look asks for a package, which would come from the network."""
    for path in look.parent.glob("*.typ"):
        if path.stat().st_size > _MOST_BYTES:
            raise Stop(f"{shown(path)}: this is too large for a look")
        text = path.read_text(encoding="utf-8", errors="replace")
        if found := _PACKAGE.search(text):
            line = text.count("\n", 0, found.start()) + 1
            raise Stop(
                f"{shown(path)}:{line}: packages aren't used here; copy what you need of it into this file"
            )


def _stop(path: Path, message: str, diagnostic: str) -> Stop:
    """The typesetter's complaint as a sentence; where it is the look's fault, with the line."""
    lacking = re.search(r'the text `(".*?")` could not be displayed', message)
    if lacking:
        return Stop(
            f"the font of the PDF hasn't a character in {lacking[1]}, which the template or the criteria have"
        )
    if panic := re.search(r"panicked with: (.*)", message):
        return Stop(f"{shown(path)}: {panic[1]}")
    line = re.search(rf"{re.escape(path.name)}:(\d+):", str(diagnostic))
    return Stop(
        f"{shown(path)}{f':{line[1]}' if line else ''}: the letter can't be typeset: {message}"
    )


def identity(data: bytes) -> Identity | None:
    """What the bytes of a PDF file tell about themselves: in its keywords, as its metadata have them (ISO 16684-1)."""
    found = re.search(rb"<pdf:Keywords>([^<]*), ([0-9a-f]{64})</pdf:Keywords>", data)
    if not found:
        return None
    return Identity(
        unescape(found[1].decode("utf-8", "replace")), found[2].decode(), is_intact(data, b"%")
    )


def same(one: bytes, other: bytes) -> bool:
    """Whether two files are the same letter."""
    return one == other


def readable(data: bytes) -> bool:
    """Whether the bytes are a PDF file from its first line to its last (ISO 32000-2, 7.5)."""
    return data.startswith(b"%PDF-") and b"startxref" in data[-2048:]
