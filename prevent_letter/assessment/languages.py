"""Find assessments that are translations of each other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from prevent_letter.core.names import fold_name


class Translatable(Protocol):
    """What identifies an assessment; a value that can't be read is empty."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def authority(self) -> str:
        """The authority's name."""

    @property
    def period(self) -> str:
        """The two years."""

    @property
    def language(self) -> str:
        """The code of the language."""


AnyTranslatable = TypeVar("AnyTranslatable", bound=Translatable)


def without_english(language: str) -> str:
    """Return the code of a language, or an empty string for English."""
    return "" if language == "en" else language


def translations(assessments: Sequence[AnyTranslatable]) -> dict[Path, list[AnyTranslatable]]:
    """Return the translations of each assessment into other languages, by the assessment's path.

    They have the same authority and period, or similar names: NAME.yaml and NAME.cy.yaml.
    """
    groups: dict[tuple[str, str] | Path, dict[Path, AnyTranslatable]] = {}
    for assessment in assessments:
        path = assessment.path
        if assessment.authority and assessment.period:
            key = fold_name(assessment.authority), assessment.period
            groups.setdefault(key, {})[path] = assessment
        name = path.with_name(path.stem.removesuffix(f".{assessment.language}"))
        groups.setdefault(name, {})[path] = assessment
    others: dict[Path, dict[Path, AnyTranslatable]] = {}
    for group in groups.values():
        languages = {path: without_english(a.language) for path, a in group.items()}
        if len(set(languages.values())) < 2:
            continue
        for path, language in languages.items():
            in_others = {p: a for p, a in group.items() if languages[p] != language}
            others.setdefault(path, {}).update(in_others)
    return {path: [*group.values()] for path, group in others.items()}
