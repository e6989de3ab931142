"""The fields of an assessment, as the models declare them and their use (``FieldUse``).

The digest, the rules, ``new``, ``import`` and the reference use ``fields_of`` and ``walk_texts``,
so none of them needs its own list of fields.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from prevent_letter.assessment.places import KeyPath
from prevent_letter.assessment.values import Entry, FieldKind


@dataclass(frozen=True)
class FieldUse:
    """What a field is used for, declared once with the field."""

    shown: bool
    """True if the letter shows the field."""
    carried: Literal["never", "always", "with the authority"] = "never"
    """Whether ``new --from`` copies the field: never, always, or only for the same authority."""
    typed: bool = True
    """True if people write the field; False if only ``import`` does."""


class FieldInfo(NamedTuple):
    """A field of a model, as it is declared."""

    name: str
    use: FieldUse
    kind: str
    example: str
    description: str
    entry: type[Entry] | None
    """The model of the field's keys or, if ``several`` is True, of each of its items."""
    several: bool
    """True if the field is a list, or a mapping by ids."""
    required: bool


@cache
def fields_of(model: type[Entry]) -> tuple[FieldInfo, ...]:
    """Return the fields of a model of an assessment.

    Raises:
        LookupError: a field does not declare its use.
    """
    fields = []
    for name, field in model.model_fields.items():
        use = next((mark for mark in field.metadata if isinstance(mark, FieldUse)), None)
        if use is None:
            raise LookupError(f"{model.__name__}.{name} must declare its FieldUse")
        marks = (*field.metadata, *_metadata(field.annotation))
        kind = next((mark for mark in marks if isinstance(mark, FieldKind)), FieldKind("form"))
        entry = entry_in(field.annotation)
        several = get_origin(field.annotation) in (tuple, dict)
        description = field.description or ""
        required = field.is_required()
        about = kind.name, kind.example, description
        fields.append(FieldInfo(name, use, *about, entry, several, required))
    return tuple(fields)


def _metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _metadata(inner)


def entry_in(annotation: Any) -> type[Entry] | None:
    """Return the model in a type such as ``tuple[Progress, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((entry for arg in get_args(annotation) if (entry := entry_in(arg))), None)


def required_paths(model: type[Entry], path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the key path of each value that must not be missing, except those in lists."""
    for field in fields_of(model):
        if field.required and field.entry and not field.several:
            yield from required_paths(field.entry, (*path, field.name))
        elif field.required and not field.several:
            yield (*path, field.name)


class FieldText(NamedTuple):
    """A text in an assessment, with the field that it belongs to."""

    path: KeyPath
    field: FieldInfo
    text: str


def walk_texts(model: type[Entry], data: Any, path: KeyPath = ()) -> Iterator[FieldText]:
    """Yield each text in the plain data of an assessment, valid or not."""
    if isinstance(data, dict):
        for field in fields_of(model):
            if field.name in data:
                entry = None if field.several else field.entry
                yield from _field_texts(field, entry, data[field.name], (*path, field.name))


def _field_texts(
    field: FieldInfo, entry: type[Entry] | None, data: Any, path: KeyPath
) -> Iterator[FieldText]:
    if isinstance(data, str):
        yield FieldText(path, field, data)
    elif entry:
        yield from walk_texts(entry, data, path)
    elif isinstance(data, (dict, list)):
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _field_texts(field, field.entry, inner, (*path, key))


def dotted(path: KeyPath) -> str:
    """Return a key path as text such as ``key_recommendations.2``: items count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def parse_dotted(text: Any) -> KeyPath:
    """Return the key path of a text such as ``key_recommendations.2``: items count from 1."""
    parts = text.strip().split(".") if isinstance(text, str) and text.strip() else ()
    return tuple(int(part) - 1 if re.fullmatch("[1-9][0-9]{0,5}", part) else part for part in parts)


def describe(path: KeyPath, names: Mapping[str, str] | None = None) -> str:
    """Return a key path in words: ``("advisor", "email")`` is "email of advisor".

    ``names`` maps the ids of benchmarks to their names.
    """
    if not path:
        return "the file"
    last = path[-1]
    name = f"item {last + 1}" if isinstance(last, int) else last
    if len(path) == 1:
        return name
    if path[-2] == "benchmarks" and isinstance(last, str):
        return (names or {}).get(last, name)
    return f"{name} of {describe(path[:-1], names)}"
