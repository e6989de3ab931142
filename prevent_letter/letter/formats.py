"""The formats of letters: the one list of them, and what each can do.

A writer is a module, which is not loaded before it is needed.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast


@dataclass(frozen=True)
class Identity:
    """Whose letter a file is and what it says; ``intact`` unless somebody saved it since."""

    identifier: str
    digest: str
    intact: bool = True


class Writer(Protocol):
    """A module that writes letters in one format. If it has a LOOK, it has ``read_look`` too."""

    LOOK: str | None
    """The name of the style file of this format; None if it needs none."""

    def read_look(self, path: Path, /) -> Any:
        """Read the style file."""

    def write(self, xhtml: str, look: Any, /) -> bytes:
        """Return the letter as the bytes of a file."""

    def identity(self, data: bytes, /) -> Identity | None:
        """Return whose letter a file is; None if it is no letter of this tool."""

    def same(self, one: bytes, other: bytes, /) -> bool:
        """Return True if two files are the same letter."""

    def readable(self, data: bytes, /) -> bool:
        """Return True if a file is whole and of this format, whoever made it."""


@dataclass(frozen=True)
class Format:
    """A format: the ending of its files' names, what people call it, and its module."""

    end: str
    name: str
    module: str

    @property
    def writer(self) -> Writer:
        """The module that writes it."""
        return cast(Writer, import_module(f"prevent_letter.letter.{self.module}"))


FORMATS = {
    format.end: format
    for format in (
        Format("docx", "Word", "word"),
        Format("pdf", "PDF", "pdf"),
        Format("html", "HTML", "web"),
    )
}
"""All formats by their endings; a letter is built in the first unless another is asked for."""
DEFAULT = next(iter(FORMATS.values()))


def format_of(path: Path) -> Format | None:
    """Return the format that a file's name says; None if it is no letter's name."""
    return FORMATS.get(path.suffix.lower().removeprefix("."))


def list_endings(conjunction: str) -> str:
    """Return the endings of letters' names for a sentence: ``.docx, .pdf or .html``."""
    *most, last = (f".{end}" for end in FORMATS)
    return f"{', '.join(most)} {conjunction} {last}"
