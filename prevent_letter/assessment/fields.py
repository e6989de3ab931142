"""The fields of an assessment, as the models declare them and their use (``FieldUse``).

The digest, the rules, ``new``, ``import`` and the reference use ``fields_of`` and ``walk_texts``,
so none of them needs its own list of fields.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, Literal, NamedTuple, get_args, get_origin

from prevent_letter.assessment.places import KeyPath
from prevent_letter.assessment.values import Entry, FieldKind


class FieldUse(NamedTuple):
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
    text_kind: FieldKind | None
    """The kind of text in the field or in each of its items; None if these are entries."""
    description: str
    entry: type[Entry] | None
    """The model of the field's keys or, if ``several`` is set, of each of its items."""
    several: Literal["", "list", "mapping"]
    """What the field has several of its kind in: a list, or a mapping by ids."""
    required: bool

    @property
    def kind(self) -> str:
        """The name of the kind of text; ``form`` for entries."""
        return self.text_kind.name if self.text_kind else "form"

    @property
    def example(self) -> str:
        """A valid text."""
        return self.text_kind.example if self.text_kind else ""


_NOT_SAID = FieldUse(shown=False)
"""The use of a field in a file that isn't an assessment."""


_DECLARED: dict[type, Mapping[str, FieldInfo]] = {}


def declared(model: type[Entry]) -> Mapping[str, FieldInfo]:
    """Return the fields of any file's model, as they are declared, by name."""
    if model not in _DECLARED:
        _DECLARED[model] = _declared(model)
    return _DECLARED[model]


def _declared(model: type[Entry]) -> Mapping[str, FieldInfo]:
    found = dict[str, FieldInfo]()
    for field in (field for field in fields(model) if not field.name.startswith("_")):
        marks, types = _parts(field.type)
        use = next((mark for mark in marks if isinstance(mark, FieldUse)), _NOT_SAID)
        kind = next((mark for mark in marks if isinstance(mark, FieldKind)), None)
        entry = next((each for each in types if issubclass(each, Entry)), None)
        several: Literal["", "list", "mapping"]
        several = "list" if tuple in types else "mapping" if dict in types else ""
        required = field.default is MISSING and field.default_factory is MISSING
        description = field.metadata["description"]
        found[field.name] = FieldInfo(field.name, use, kind, description, entry, several, required)
    return found


def fields_of(model: type[Entry]) -> tuple[FieldInfo, ...]:
    """Return the fields of a model of an assessment.

    Raises:
        LookupError: a field does not declare its use.
    """
    for field in declared(model).values():
        if field.use is _NOT_SAID:
            raise LookupError(f"{model.__name__}.{field.name} must declare its FieldUse")
    return tuple(declared(model).values())


def _parts(annotation: Any) -> tuple[list[object], list[type]]:
    """Return all marks and all types in an annotation such as ``dict[str, Line] | None``."""
    marks, types = [*getattr(annotation, "__metadata__", ())], list[type]()
    if isinstance(origin := get_origin(annotation) or annotation, type):
        types.append(origin)
    for inner in get_args(annotation):
        more_marks, more_types = _parts(inner)
        marks += more_marks
        types += more_types
    return marks, types


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
