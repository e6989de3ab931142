"""Which assessments are the same one in several languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from prevent_letter.ground.names import folded


class Letter(Protocol):
    """What tells an assessment, and so its letter, from others; empty where it can't be read."""

    @property
    def path(self) -> Path:
        """Its file."""

    @property
    def authority(self) -> str:
        """The authority's name."""

    @property
    def period(self) -> str:
        """The two years."""

    @property
    def language(self) -> str:
        """The language's code."""


AnyLetter = TypeVar("AnyLetter", bound=Letter)


def english(language: str) -> str:
    """A language's code, empty for English."""
    return "" if language == "en" else language


def in_other_languages(letters: Sequence[AnyLetter]) -> dict[Path, list[AnyLetter]]:
    """By its path, an assessment in its other languages: of one authority and period, or named NAME.cy.yaml."""
    groups: dict[tuple[str, ...] | Path, dict[Path, AnyLetter]] = {}
    for each in letters:
        if each.authority and each.period:
            groups.setdefault((folded(each.authority), each.period), {})[each.path] = each
        named = each.path.with_name(each.path.stem.removesuffix(f".{each.language}"))
        groups.setdefault(named, {})[each.path] = each
    found: dict[Path, dict[Path, AnyLetter]] = {}
    for several in groups.values():
        languages = {english(each.language) for each in several.values()}
        for each in several.values() if len(languages) > 1 else ():
            others = {
                path: other
                for path, other in several.items()
                if english(other.language) != english(each.language)
            }
            found.setdefault(each.path, {}).update(others)
    return {path: [*others.values()] for path, others in found.items()}
