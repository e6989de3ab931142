"""The formats of letters: the one list of them, and what each can do. No writer is loaded before it is needed."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Identity:
    """Whose letter a file is and what it holds; ``intact`` unless somebody saved it since, as far as that shows."""

    identifier: str
    digest: str
    intact: bool = True


class Writer(Protocol):
    """A room that writes letters in one format. Where it has a LOOK, it has ``look`` too."""

    LOOK: str | None
    """The name of the file that the look of this format lives in; None where a format needs none."""

    def look(self, path: Path, /) -> Any:
        """Read the look."""

    def write(self, xhtml: str, look: Any, /) -> bytes:
        """The letter as the bytes of a file."""

    def identity(self, data: bytes, /) -> Identity | None:
        """What a letter's file tells about itself; None where it is no letter of this tool."""

    def same(self, one: bytes, other: bytes, /) -> bool:
        """Whether two files are the same letter."""

    def readable(self, data: bytes, /) -> bool:
        """Whether a file is whole, and one of this format, whoever made it."""


class Format:
    """A format: what its files' names end in, and what people call it."""

    def __init__(self, end: str, name: str, room: str) -> None:
        self.end, self.name, self._room = end, name, room

    @property
    def writer(self) -> Writer:
        """The room that writes it."""
        writer: Any = import_module(f"prevent_letter.letter.{self._room}")
        return writer  # type: ignore[no-any-return]


FORMATS = {
    each.end: each
    for each in (
        Format("docx", "Word", "word"),
        Format("pdf", "PDF", "pdf"),
        Format("html", "HTML", "web"),
    )
}
"""All formats, by what their files' names end in; a letter is built in the first unless another is asked for."""


def format_of(path: Path) -> Format | None:
    """The format that the name of a file asks for; None where it is no letter's name."""
    return FORMATS.get(path.suffix.lower().removeprefix("."))


def ends(last: str) -> str:
    """How letters' names end, for a sentence: ``.docx, .pdf or .html``."""
    *others, end = (f".{end}" for end in FORMATS)
    return f"{', '.join(others)} {last} {end}" if others else end
