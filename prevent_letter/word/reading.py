"""What is read from an edited letter: its values, doubts about some, and changed wording."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from prevent_letter.assessment.criteria import Scale

Value = str | tuple[str, ...]
"""A value as its assessment says it: text, or the texts of a list."""


class OtherWording(NamedTuple):
    """How fixed wording differs, in words, and the id of the nearest value.

    ``before`` and ``after`` are the wording itself, where it was changed.
    """

    id: str
    words: str
    before: str = ""
    after: str = ""


@dataclass
class LetterValues:
    """What a letter says: values by their ids, doubts about some, and other differences."""

    values: dict[str, Value] = field(default_factory=dict)
    """Each value, by its id; empty where the letter says nothing."""
    doubts: dict[str, str] = field(default_factory=dict)
    """Why a value is in doubt."""
    doubts_if_changed: dict[str, str] = field(default_factory=dict)
    """Why a value is in doubt, where this counts only if the value has been changed."""
    looks: dict[str, set[str]] = field(default_factory=dict)
    """What a text looks like that the file can't hold, such as underlined words, by its id."""
    breaks: set[str] = field(default_factory=set)
    """The ids of values with line breaks; each break begins a paragraph in the assessment."""
    unlike: list[OtherWording] = field(default_factory=list)
    """How the fixed wording differs."""
    share_found: float = 1.0
    """The share of the letter's headings, labels and fixed words that were found, from 0 to 1."""
    owners: dict[int, str] = field(default_factory=dict)
    """The id of the value in each block, by the block's number."""


@dataclass(frozen=True)
class Wording:
    """What a letter says in place of a value that it lacks, and its scale."""

    scale: Scale | None = None
    nothing: Callable[[], str] = str
    """Returns the words for an empty text."""
    prompts: Collection[str] = ()
    """The words of a form that stand for what has still to be written."""
