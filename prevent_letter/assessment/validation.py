"""Validate a file against its model, and explain each error in plain words (PL1xx).

No library does the first half: all that one saves is the walk below, and it takes longer to load
than all our own modules together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple, TypeVar

from prevent_letter.assessment.fields import FieldInfo, declared, describe, dotted
from prevent_letter.assessment.places import KeyPath, Source
from prevent_letter.assessment.values import Entry, InvalidValueError, ScoreReader
from prevent_letter.core.display import nearest, quote
from prevent_letter.core.findings import Finding, FindingList
from prevent_letter.core.names import find_invisible, normalise

Model = TypeVar("Model", bound=Entry)


def validate(
    model: type[Model],
    source: Source,
    read_score: ScoreReader | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[Model | None, list[Finding]]:
    """Return a source's data as a model (None if it has errors), and the findings on all errors.

    ``read_score`` is for an assessment, and ``names`` maps the ids of benchmarks to their names.
    """
    read, errors = convert(model, source.data, read_score)
    return read, _Explainer(model, source, names or {}).findings(errors) if errors else []


_Form = Literal["unknown key", "missing", "no entry", "no mapping", "no list"]


class Error(NamedTuple):
    """What is wrong with the value at a key path: its form, or what a validator says."""

    path: KeyPath
    value: object
    wrong: _Form | InvalidValueError

    @property
    def code(self) -> str:
        """The code of the finding."""
        if isinstance(self.wrong, InvalidValueError):
            return self.wrong.code
        if self.wrong == "unknown key":
            return "PL101"
        is_missing = self.value is None and self.wrong in ("no entry", "no mapping")
        return "PL102" if self.wrong == "missing" or is_missing else "PL103"


def convert(
    model: type[Model], data: object, read_score: ScoreReader | None = None
) -> tuple[Model | None, list[Error]]:
    """Return plain data as a model (None if there are errors), and all errors in it."""
    conversion = _Conversion(read_score)
    return conversion.entry(model, data, ()), conversion.errors


@dataclass
class _Conversion:
    """Turns plain data into models, and collects the errors. With an error there is no model."""

    read_score: ScoreReader | None
    errors: list[Error] = field(default_factory=list)

    def entry(self, model: type[Model], data: object, path: KeyPath) -> Model | None:
        if not isinstance(data, dict):
            self.errors.append(Error(path, data, "no entry"))
            return None
        known, values = declared(model), dict[str, Any]()
        for name, info in known.items():
            value, at = data.get(name), (*path, name)
            if name not in data:
                if info.required:
                    self.errors.append(Error(at, None, "missing"))
            elif value is None and not info.required and (info.several or info.entry):
                pass  # an empty list or mapping that may be left out is its default
            else:
                values[name] = self._field(info, value, at)
        for name in (name for name in data if name not in known):
            self.errors.append(Error((*path, name), data[name], "unknown key"))
        return None if self.errors else model(**values)

    def _field(self, info: FieldInfo, value: object, path: KeyPath) -> object:
        if info.several == "list":
            if isinstance(value, list):
                return tuple(self._item(info, each, (*path, n)) for n, each in enumerate(value))
            self.errors.append(Error(path, value, "no list"))
        elif info.several == "mapping":
            if isinstance(value, dict):
                return {key: self._item(info, each, (*path, key)) for key, each in value.items()}
            self.errors.append(Error(path, value, "no mapping"))
        else:
            return self._item(info, value, path)
        return None

    def _item(self, info: FieldInfo, value: object, path: KeyPath) -> object:
        if info.entry:
            return self.entry(info.entry, value, path)
        assert info.text_kind
        validate = info.text_kind.validate
        if info.kind == "score" and self.read_score:
            validate = self.read_score
        try:
            return validate(value)
        except InvalidValueError as error:
            self.errors.append(Error(path, value, error))
            return None


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
    """Turns errors into findings in plain words, each at its place."""

    model: type[Entry]
    source: Source
    names: Mapping[str, str]
    misspelt: set[KeyPath] = field(default_factory=set)
    """The paths of misspelt keys in correct spelling; they are not reported as missing."""

    def findings(self, errors: list[Error]) -> list[Finding]:
        """Return all errors as findings."""
        findings = FindingList()
        for error in sorted(errors, key=lambda error: error.wrong == "missing"):
            if error.wrong != "missing" or error.path not in self.misspelt:
                findings.add(error.code, partial(self._finding, error))
        return findings

    def _finding(self, error: Error) -> Finding:
        path, value, wrong = error
        name, words = describe(path, self.names), ""
        match wrong:
            case "unknown key":
                return self._unknown_key(path, value)
            case "missing":
                message = f"{name} is missing"
                help = f"add a line {path[-1]}: {self._where(path[:-1])}"
            case "no entry" | "no mapping" if value is None:
                message, help = f"{name} is missing", "write its keys below it, indented"
            case "no entry":
                *most, last = (f"{key}:" for key in self._keys(path))
                message = f"{name} needs {', '.join(most)} and {last}, each on its own line"
                help = "write them as key: value, one below the other"
                if path[:1] == ("accepted",) and re.fullmatch("PL[0-9]{3}", str(value)):
                    help = f"write {{rule: {value}, at: summary, reason: why it may stay}}"
                    help += ", with the place and the reason"
            case "no mapping":
                message = f"{name} needs keys with their values, each on its own line"
                help = "write them as key: value, one below the other"
            case "no list":
                message, help = self._no_list(name, path, str(value))
            case InvalidValueError():
                help = wrong.help or self._cure(error.code, path, value)
                message, words = f"{name} {wrong.message}", wrong.words
        return Fault(path, error.code, message, help, words=words).finding(self.source)

    def _no_list(self, name: str, path: KeyPath, words: str) -> tuple[str, str]:
        """Return the message and the help for words where a list belongs."""
        message, mark = f"{name} must be a list", re.match(r"([^\w\s]|[0-9]{1,2}[.)])(\s?)", words)
        if mark and mark[1] == "-" and not mark[2]:
            message = f"a space is missing after the - in {name}"
        elif re.fullmatch(r"(?i)(?:none|nil|n/?a|no|nobody)\.?", words.strip()):
            return message, f"delete {quote(words)}: without an item, {path[-1]}: stays empty"
        elif words.startswith("- ") and self.source.written(path)[:1] in ("|", ">"):
            return message, f"delete the {self.source.written(path)[0]} after {path[-1]}:"
        elif mark and mark[1] != "-":
            return message, f"begin each line with - and a space in place of {mark[1]}"
        return message, "write each item on its own line, after - and a space"

    def _cure(self, code: str, path: KeyPath, value: object) -> str:
        """Return what to do about an error whose cure depends on the value's place in the file."""
        key, year = path[-1], self._year()
        match code:
            case "PL102" if self.source.written(path).startswith(("|", ">")):
                return f"write it on the lines below {key}:, indented by two more spaces"
            case "PL102":
                return (
                    "write it, or delete the item"
                    if isinstance(key, int)
                    else f"write it after {key}:"
                )
            case "PL103" if isinstance(key, int):
                return (
                    "write a | after the -, and the text on the line below, two spaces further in"
                )
            case "PL103" if isinstance(value, list) and self._line(path).rstrip().endswith(":"):
                rest = (
                    "and delete the - before each line" if key == "address" else "on the same line"
                )
                return f"write a | after {key}:, {rest}"
            case "PL103":
                return f"write a | after {key}:, and the text on the lines below it, indented"
            case "PL104" if key == "sent":
                help = "leave it empty until the letter is sent"
                return f"{help}; then write the day, such as {year}-05-27"
            case "PL104":
                return f"write year, month and day like this: {year}-05-27"
            case _:
                return f"write two years with a slash between them: {year - 1}/{year}"

    def _year(self) -> int:
        """Return the letter's year, by its period, its date or the file's name."""
        words = self.source.line("period"), self.source.line("date"), self.source.path.stem
        patterns = "[0-9]{4}/([0-9]{4})", "([0-9]{4})-[0-9]{2}-[0-9]{2}", ".*_(20[0-9]{2})"
        matches = (re.fullmatch(*pair) for pair in zip(patterns, words, strict=True))
        return int(next((match[1] for match in matches if match), "2027"))

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
        elif self._is_among_comments(path):
            help = "if it is a comment, begin the line with #"
        elif value is None and not guess and " " in written:
            help = "if it is the rest of a text with a comma: put that text in quotation marks"
        place = self.source.place(path, key=True)
        return Finding(place, "PL101", "error", message, help, 1, dotted(path))

    def _line(self, path: KeyPath) -> str:
        """Return the line with the key of a value."""
        return self.source.text.splitlines()[self.source.place(path, key=True).line - 1]

    def _is_among_comments(self, path: KeyPath) -> bool:
        """Return True if the key is several words beside a line that is a comment."""
        number = self.source.place(path, key=True).line
        lines = self.source.text.splitlines()
        beside = lines[max(0, number - 2) : number - 1] + lines[number : number + 1]
        return " " in str(path[-1]) and any(line.lstrip().startswith("#") for line in beside)

    def _where(self, path: KeyPath) -> str:
        if not path:
            return "in this file"
        return f"under {path[-1] if isinstance(path[-1], str) else describe(path, self.names)}"

    def _keys(self, path: KeyPath) -> list[str]:
        """Return the keys that the model has at a path; ids and numbers in the path are ignored."""
        model = self.model
        for part in path:
            info = declared(model).get(str(part))
            model = (info.entry if info else None) or model
        return list(declared(model))
