"""Find assessments that are translations of each other."""

from collections.abc import Iterable
from pathlib import Path

from prevent_letter.assessment.header import Header
from prevent_letter.core.names import fold_name


def without_english(language: str) -> str:
    """Return the code of a language, or an empty string for English."""
    return "" if language == "en" else language


def translations(headers: Iterable[Header]) -> dict[Path, list[Header]]:
    """Return the translations of each assessment into other languages, by the assessment's path.

    They have the same authority and period, or similar names: NAME.yaml and NAME.cy.yaml.
    """
    groups: dict[tuple[str, str] | Path, dict[Path, Header]] = {}
    for header in headers:
        path = header.path
        if header.authority and header.period:
            key = fold_name(header.authority), header.period
            groups.setdefault(key, {})[path] = header
        name = path.with_name(path.stem.removesuffix(f".{header.language}"))
        groups.setdefault(name, {})[path] = header
    others: dict[Path, dict[Path, Header]] = {}
    for group in groups.values():
        languages = {path: without_english(header.language) for path, header in group.items()}
        if len(set(languages.values())) < 2:
            continue
        for path, language in languages.items():
            in_others = {p: header for p, header in group.items() if languages[p] != language}
            others.setdefault(path, {}).update(in_others)
    return {path: [*group.values()] for path, group in others.items()}
