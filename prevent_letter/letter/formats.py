"""The list of the letters' formats, and the functions that the writer of each format has.

A writer is a module that is loaded when it is first used.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

CHANGES = " changes"
"""What the identifier ends in of a letter that shows what changed since an earlier one."""


class Identity(NamedTuple):
    """The identifier and digest in a letter's file. ``intact``: the file is unchanged."""

    identifier: str
    digest: str
    intact: bool = True


class Writer(Protocol):
    """A module that writes letters in one format. If it has a LOOK, it has ``read_look`` too."""

    LOOK: str | None
    """The name of the style file of this format; None if the format needs no such file."""

    read_look: Callable[[Path], Any]
    """Reads the style file."""
    write: Callable[[str, Any], bytes]
    """Returns the bytes of a letter's file, from the letter's XHTML and the look."""
    identity: Callable[[bytes], Identity | None]
    """Returns the identity in a file; None if the file is not a letter of this tool."""
    same: Callable[[bytes, bytes], bool]
    """Returns True if two files are the same letter."""
    readable: Callable[[bytes], bool]
    """Returns True if a file is complete and in this format, even if not from this tool."""


class Format(NamedTuple):
    """A format: its file name ending, its name for people, and its module."""

    end: str
    name: str
    module: str

    @property
    def writer(self) -> Writer:
        """The module that writes this format."""
        return cast(Writer, import_module(f"prevent_letter.letter.{self.module}"))


FORMATS = {
    format.end: format
    for format in (
        Format("docx", "Word", "word"),
        Format("pdf", "PDF", "pdf"),
        Format("html", "HTML", "web"),
    )
}
"""All formats by their endings. The first one is the default."""
DEFAULT = next(iter(FORMATS.values()))


ENDINGS = " or ".join((", ".join(f".{end}" for end in [*FORMATS][:-1]), f".{[*FORMATS][-1]}"))
"""The formats' endings as part of a sentence: ``.docx, .pdf or .html``."""


def format_of(path: Path) -> Format | None:
    """Return the format that a file's name ends in; None if it is not a letter's name."""
    return FORMATS.get(path.suffix.lower().removeprefix("."))


def seal(data: bytes, begin: bytes, end: bytes = b"") -> bytes:
    """Return a file with its seal: a last line with the SHA-256 of everything before it.

    Saving the letter again, or adding to it, breaks the seal. ``begin`` and ``end`` are the signs
    that make the line a comment in the file's format.
    """
    import hashlib  # check does not need it

    if not data.endswith(b"\n"):
        data += b"\n"
    digest = hashlib.sha256(data).hexdigest().encode()
    return data + begin + b"prevent-letter " + digest + end + b"\n"


def is_intact(data: bytes, begin: bytes, end: bytes = b"") -> bool:
    """Return True if a file ends with a seal that matches the rest of the file."""
    return data == seal(data[: data.rfind(b"\n", 0, -1) + 1], begin, end)
