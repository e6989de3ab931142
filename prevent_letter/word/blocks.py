"""What is read from a Word letter: its paragraphs, tables, comments and properties."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class TextRun(NamedTuple):
    """Text with the same format throughout; ``link`` is the address it links to, if any."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass
class Paragraph:
    """A paragraph: its runs, its style in lower case, and a list item's depth and mark."""

    runs: list[TextRun] = field(default_factory=list)
    style: str = ""
    depth: int = 0
    mark: str = ""
    """``-`` or ``3.``, as prose has it; empty outside lists, and if the item above goes on."""
    marks: dict[str, int] = field(default_factory=dict)
    """The ids of our bookmarks that begin here, each with the length of the text before its end.

    The length is 0 if the bookmark ends elsewhere.
    """
    odd: set[str] = field(default_factory=set)
    """What this paragraph has that text can't express, such as a picture or a footnote."""
    looks: set[str] = field(default_factory=set)
    """How its words look, where prose can't say it and they can be read without, as underlined."""

    @property
    def text(self) -> str:
        """The text of all its runs."""
        return "".join(run.text for run in self.runs)


@dataclass
class Table:
    """A table: the text of each cell, row by row, and the id of each row's bookmark, if any."""

    rows: list[list[str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    odd: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The text of all its cells."""
        return " ".join(map(" ".join, self.rows))


Block = Paragraph | Table


class WordPlace(NamedTuple):
    """A piece of the letter's text, the number of its block, and the id of its table's row."""

    text: str
    block: int
    row: str


class CommentRange(NamedTuple):
    """Where a comment is: its words among all, the number of its block, and the table's row."""

    start: int
    end: int
    block: int
    row: str


class LetterComment(NamedTuple):
    """A comment on words of the letter.

    ``block`` is the number of the block with the words (-1: none), and ``row`` the id of the
    table's row with them, if any. ``replies`` are the authors and texts of the replies.
    """

    number: str
    author: str
    text: str
    is_resolved: bool
    replies: tuple[tuple[str, str], ...]
    quoted: str = ""
    block: int = -1
    row: str = ""


@dataclass
class WordDocument:
    """A Word letter as it was read."""

    blocks: list[Block]
    notes: list[str]
    """The texts of the footnotes, in the order of their references."""
    comments: list[LetterComment]
    changes: Counter[str]
    """The number of tracked changes, by their author."""
    rejected: list[Block]
    """The blocks with all tracked changes rejected."""
    identifier: str = ""
    title: str = ""
    version: str = ""
    """The letter's properties: its identifier, its title, and what its builder noted."""
    is_as_built: bool = field(default=False, init=False)
    """True if no other program has saved the letter since it was built."""
