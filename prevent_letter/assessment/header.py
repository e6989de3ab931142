"""Read what identifies an assessment, mostly without a YAML parser, and find translations."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import source
from prevent_letter.core.names import fold_name


class Header(NamedTuple):
    """What identifies an assessment among its neighbours; a value that can't be read is empty."""

    path: Path
    authority: str
    area: str
    period: str
    language: str


# The rest of a key's line, and the indented lines below it.
_VALUE = re.compile(rb"[ \t]+([^\r\n]*(?:\r?\n[ \t]+[^\s#][^\r\n]*)*)")
_TRAILING_COMMENT = re.compile(r"(?:^|\s)#.*")
_KEYS = Header._fields[1:]


def read_header(path: Path, data: bytes) -> Header:
    """Read the header of an assessment from ``data``, the beginning of its file (UTF-8).

    The whole YAML is parsed if ``authority`` is not found or a value is not plain text.
    """
    values = {}
    for key in _KEYS:  # one expression for all keys would scan each letter of the prose
        start = data.find(f"\n{key}:".encode()) + 1
        if start or data.startswith(f"{key}:".encode()):
            value = _VALUE.match(data, start + len(key) + 1)
            if value:
                values[key] = value[1].decode(errors="replace").strip()
    if "authority" in values and not any(value[:1] in _SIGNS for value in values.values()):
        values = {key: _TRAILING_COMMENT.sub("", value).strip() for key, value in values.items()}
        values = {key: "" if value in ("~", "null") else value for key, value in values.items()}
    else:
        parsed = source.parse(path, data).data
        pairs = parsed.items() if isinstance(parsed, dict) else ()
        values = {key: value for key, value in pairs if isinstance(value, str)}
    return Header(path, *(" ".join(values.get(key, "").split()) for key in _KEYS))


_SIGNS = tuple("'\"|>[{&*!")
"""The signs that begin a value that is not plain text."""


def without_english(language: str) -> str:
    """Return the code of a language, or an empty string for English."""
    return "" if language == "en" else language


def translations(headers: Iterable[Header]) -> dict[Path, list[Header]]:
    """Return the translations of each assessment into other languages, by the assessment's path.

    Translations have the same authority and period, or similar names: NAME.yaml, NAME.cy.yaml.
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
