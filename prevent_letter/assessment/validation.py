"""Validate a file against its model, and explain each error in plain words (PL1xx)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from prevent_letter.assessment.fields import describe, dotted, entry_in
from prevent_letter.assessment.places import KeyPath, Source
from prevent_letter.assessment.values import Entry
from prevent_letter.core.display import nearest, quote
from prevent_letter.core.findings import Finding, FindingList
from prevent_letter.core.names import find_invisible, normalise

Model = TypeVar("Model", bound=Entry)


def validate(
    model: type[Model], source: Source, context: Mapping[str, Any] | None = None
) -> tuple[Model | None, list[Finding]]:
    """Return a source's data as a model (None if it has errors), and the findings on all errors."""
    try:
        return model.model_validate(source.data, context=context), []
    except ValidationError as error:
        criteria = (context or {}).get("criteria")
        names = {b.id: b.name for b in criteria.benchmarks} if criteria else {}
        return None, _Explainer(model, source, names).findings(error.errors(include_url=False))


_CODES = {
    "extra_forbidden": "PL101",
    "missing": "PL102",
    **dict.fromkeys(("model_type", "dict_type", "tuple_type"), "PL103"),
}
"""The codes for pydantic's own error types; errors of our validators have a code as their type."""


class Fault(NamedTuple):
    """What is wrong with the value at a key path."""

    path: KeyPath
    code: str
    message: str
    help: str
    words: str = ""
    """The wrong words, if only a part of the value is wrong."""

    def finding(self, source: Source) -> Finding:
        """Return the fault as a finding, at its place in the file."""
        place = source.find(self.path, self.words)
        return Finding(place, self.code, "error", self.message, self.help, 1, dotted(self.path))


@dataclass
class _Explainer:
    """Turns pydantic's errors into findings in plain words, each at its place."""

    model: type[Entry]
    source: Source
    names: Mapping[str, str]
    misspelt: set[KeyPath] = field(default_factory=set)
    """The paths of misspelt keys in correct spelling; they are not reported as missing."""

    def findings(self, errors: list[ErrorDetails]) -> list[Finding]:
        """Return all errors as findings."""
        findings = FindingList()
        for error in sorted(errors, key=lambda error: error["type"] == "missing"):
            path: KeyPath = error["loc"]
            if error["type"] == "missing" and path in self.misspelt:
                continue
            code = _CODES.get(error["type"], error["type"])
            if error["input"] is None and error["type"] in ("model_type", "dict_type"):
                code = "PL102"
            findings.add(code, partial(self._finding, error, path, code))
        return findings

    def _finding(self, error: ErrorDetails, path: KeyPath, code: str) -> Finding:
        name, words = describe(path, self.names), ""
        match error["type"]:
            case "extra_forbidden":
                return self._unknown_key(path, error["input"])
            case "missing":
                message = f"{name} is missing"
                help = f"add a line {path[-1]}: {self._where(path[:-1])}"
            case "model_type" | "dict_type" if error["input"] is None:
                message, help = f"{name} is missing", "write its keys below it, indented"
            case "model_type":
                *most, last = (f"{key}:" for key in self._keys(path))
                message = f"{name} needs {', '.join(most)} and {last}, each on its own line"
                help = "write them as key: value, one below the other"
            case "dict_type":
                message = f"{name} needs keys with their values, each on its own line"
                help = "write them as key: value, one below the other"
            case "tuple_type":
                message = f"{name} must be a list"
                if re.match(r"-[^\s-]", str(error["input"])):
                    message = f"a space is missing after the - in {name}"
                help = "write each item on its own line, after - and a space"
            case _:  # found by a validator of our own
                context = error["ctx"]
                help, words = context["help"], context.get("words", "")
                if code == "PL102" and self.source.written(path).startswith(("|", ">")):
                    help = f"write it on the lines below {path[-1]}:, indented by two more spaces"
                elif not help and isinstance(path[-1], int):
                    help = "write it, or delete the item"
                elif not help:
                    help = f"write it after {path[-1]}:"
                message = f"{name} {context['message']}"
        return Fault(path, code, message, help, words=words).finding(self.source)

    def _unknown_key(self, path: KeyPath, value: object) -> Finding:
        written, parent = normalise(str(path[-1])), path[:-1]
        known, present = self._keys(parent), self.source.value(*parent)
        absent = [key for key in known if key not in present]
        guess = nearest(written, absent) or nearest(written, known)
        self.misspelt.add((*parent, guess or ""))
        message = f"{quote(path[-1])} is not a key that belongs {self._where(parent)}"
        help = f"did you mean {guess}?" if guess else f"the keys here are {', '.join(known)}"
        if invisible := find_invisible(str(path[-1])):
            message = f"{written} is not the key it looks like: {invisible.description}"
            help = f"type {written} again"
        elif value is None and not guess and " " in written:
            help = "if it is the rest of a text with a comma: put that text in quotation marks"
        place = self.source.place(path, key=True)
        return Finding(place, "PL101", "error", message, help, 1, dotted(path))

    def _where(self, path: KeyPath) -> str:
        if not path:
            return "in this file"
        return f"under {path[-1] if isinstance(path[-1], str) else describe(path, self.names)}"

    def _keys(self, path: KeyPath) -> list[str]:
        """Return the keys that the model has at a path; ids and numbers in the path are ignored."""
        model = self.model
        for part in path:
            field = model.model_fields.get(str(part))
            model = (entry_in(field.annotation) if field else None) or model
        return list(model.model_fields)
