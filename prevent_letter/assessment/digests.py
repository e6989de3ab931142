"""Digests of what a letter says: one of its whole content, and one of each value."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from prevent_letter.assessment.criteria import Criteria, Scale
from prevent_letter.assessment.fields import fields_of
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.places import KeyPath
from prevent_letter.assessment.values import Entry
from prevent_letter.core import prose
from prevent_letter.core.names import normalise

IMPORTED = "imported"
"""The id of the digest of what ``import`` has noted in the assessment so far."""


def digest(assessment: Assessment, criteria: Criteria) -> str:
    """Return the digest of what the letter says: SHA-256, in hexadecimal, of canonical JSON.

    The digest covers the fields that the letter shows and the criteria's title. Comments, line
    breaks within a paragraph and fields that are not set do not change it.
    """
    content = {**_content(assessment, "form"), "title": criteria.title}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(value: Any, kind: str) -> Any:
    """Return fields that are shown and not empty, as plain data; collapse white space in prose."""
    if isinstance(value, Entry):
        shown = [(f, getattr(value, f.name)) for f in fields_of(type(value)) if f.use.shown]
        is_set = [(f, inner) for f, inner in shown if inner not in (None, "", (), {})]
        return {f.name: _content(inner, f.kind) for f, inner in is_set}
    if isinstance(value, dict):
        return {key: _content(inner, kind) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_content(inner, kind) for inner in value]
    if isinstance(value, int):
        return value
    return prose.collapse(value) if kind == "prose" else str(value)


class ShownValue(NamedTuple):
    """A value that the letter shows: its id, its field's kind, and what it is."""

    id: str
    kind: str
    value: Any


def value_id(path: KeyPath) -> str:
    """Return the id of a value in the letter, such as ``training.score``, by its key path."""
    is_inner = path[0] == "benchmarks" or path == ("addressee", "greeting")
    return ".".join(map(str, path[1:] if is_inner else path))


def shown_values(entry: Entry, path: KeyPath = ()) -> Iterator[ShownValue]:
    """Yield the values that the letter of an assessment shows, empty ones too."""
    for field in fields_of(type(entry)):
        value = getattr(entry, field.name)
        if not field.use.shown:
            continue
        if isinstance(value, Entry):
            yield from shown_values(value, (*path, field.name))
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield from shown_values(inner, (*path, field.name, key))
        else:
            yield ShownValue(value_id((*path, field.name)), field.kind, value)


def value_digests(assessment: Assessment, scale: Scale) -> dict[str, str]:
    """Return the digest of each value that the letter shows, and that of ``imported``, by id."""
    shown = shown_values(assessment)
    digests = {id: value_digest(kind, value, scale) for id, kind, value in shown}
    return digests | {IMPORTED: imported_digest(assessment.imported)}


def value_digest(kind: str, value: Any, scale: Scale) -> str:
    """Return the digest of a value: the beginning of a SHA-256, in 8 hexadecimal figures.

    Wrapping, and whatever else a reader of the letter can't see, makes no difference.
    """
    return _short(_canonical(kind, value, scale))


def imported_digest(imported: Mapping[str, str]) -> str:
    """Return the digest of what ``import`` has noted in an assessment."""
    return _short(json.dumps(dict(imported), sort_keys=True))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _canonical(kind: str, value: Any, scale: Scale) -> str:
    if isinstance(value, tuple):
        return "\n\n".join(_canonical(kind, item, scale) for item in value)
    if isinstance(value, int):
        value = scale.label(value)
    text = "" if value is None else str(value)
    if kind == "prose":
        return prose.canonical(text)
    lines = (" ".join(normalise(line).split()) for line in text.split("\n"))
    text = "\n".join(filter(None, lines))
    return text.casefold() if kind == "score" else text
