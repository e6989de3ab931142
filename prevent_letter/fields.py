"""The kinds of value that the files share, and each one's verdict in a person's words (PL1xx).

A value comes as the YAML reader gives it: text, list, dict or None. A verdict is a ``PydanticCustomError`` whose type
is the code; its message goes on from the field's name ("email of advisor" + "isn't ...").
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from prevent_letter.findings import Finding, meant
from prevent_letter.source import KeyPath, Source

CODES = {
    "PL101": "a key that isn't known here",
    "PL102": "something that must be there is missing",
    "PL103": "a text, a list or a mapping where another of them belongs",
    "PL104": "a date that isn't one",
    "PL105": "a period that isn't two successive years",
    "PL106": "an e-mail address that isn't one",
    "PL107": "a telephone number that isn't one",
    "PL108": "a number that isn't one",
}


class Entry(BaseModel):
    """A mapping of a file: its keys are known, its values don't change. Built at its first use, for a quick start."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


Model = TypeVar("Model", bound=Entry)


def verdict(code: str, message: str, help: str = "") -> PydanticCustomError:
    """What a validator raises: ``message`` goes on from the field's name."""
    # The text goes in as a value, so that a brace in somebody's words stays a brace.
    return PydanticCustomError(code, "{message}", {"message": message, "help": help})


def quoted(value: object) -> str:
    """A value as a message repeats it: short, on one line, nothing in it invisible."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in " ".join(str(value).split()))
    return f'"{text[:40]}..."' if len(text) > 40 else f'"{text}"'


def text(value: object) -> str:
    """A text that must be there, as it stands but for white space round it."""
    if isinstance(value, list):
        raise verdict("PL103", "must be text, not a list", f"write {_TEXT_BELOW}")
    if isinstance(value, dict):
        raise verdict("PL103", "must be text, but a colon and a space in it make a key", f"write {_TEXT_BELOW}")
    if value is None or not str(value).strip():
        raise verdict("PL102", "is missing")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")


_TEXT_BELOW = "a | in its place, and the text on the next lines, indented"


def short(value: object) -> str:
    """A text of which no white space matters, such as a date: pasted no-break spaces are plain ones."""
    return " ".join(text(value).split())


def _line(value: object) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text(value))


def _lines(value: object) -> str:
    lines = (re.sub(r"[ \t]+", " ", line).strip(" ") for line in text(value).split("\n"))
    return "\n".join(line for line in lines if line)


def _optional(value: object) -> object:
    return None if value is None or (isinstance(value, str) and not value.strip()) else text(value)


def _date(value: object) -> dt.date:
    words = short(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        british = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", words)
        meant_date = f"{british[3]}-{int(british[2]):02}-{int(british[1]):02}" if british else "2022-05-27"
        raise verdict("PL104", f"isn't a date: {quoted(words)}", f"write year, month and day like this: {meant_date}")
    try:
        return dt.date.fromisoformat(words)
    except ValueError:
        raise verdict("PL104", f"isn't a day of any year: {words}", "check the month and the day") from None


def _period(value: object) -> str:
    words = short(value)
    if not (years := re.fullmatch(r"([0-9]{4})/([0-9]{4})", words)):
        first = re.match(r"[0-9]{4}", words)
        meant_period = f"{first[0]}/{int(first[0]) + 1}" if first else "2021/2022"
        raise verdict(
            "PL105", f"isn't a period: {quoted(words)}", f"write two years in full, like this: {meant_period}"
        )
    if int(years[1]) + 1 != int(years[2]):
        help = f"after {years[1]} comes {int(years[1]) + 1}: {years[1]}/{int(years[1]) + 1:04}"
        raise verdict("PL105", f"must be two successive years, not {words}", help)
    return words


def is_period(words: str) -> bool:
    """Whether words are two successive years."""
    years = re.fullmatch(r"([0-9]{4})/([0-9]{4})", words)
    return bool(years) and int(words[:4]) + 1 == int(words[5:])


_EMAIL_SHAPE = r"""[^\s@<>()\[\],;:?&#%"\\]+@[^\s@<>()\[\],;:"\\.]+(\.[^\s@<>()\[\],;:"\\.]+)+"""


def _email(value: object) -> str:
    words = short(value)
    if not re.fullmatch(_EMAIL_SHAPE, words):
        raise verdict(
            "PL106", f"isn't an e-mail address: {quoted(words)}", "write one such as a.advisor@region.example"
        )
    return words


def _phone(value: object) -> str | None:
    if not _optional(value):
        return None
    words = short(value)
    shape = re.fullmatch(_PHONE_SHAPE, words)
    if not shape or not 9 <= sum(c.isdigit() for c in words) <= 20:
        raise verdict("PL107", f"isn't a telephone number: {quoted(words)}", "write one such as 07700 900495")
    return words


def _number(value: object) -> int:
    words = short(value)
    if not re.fullmatch(r"[0-9]{1,3}", words):
        raise verdict("PL108", f"isn't a whole number: {quoted(words)}", "write it in figures, such as 3")
    return int(words)


def unless_empty(value: object) -> object:
    """For a list or mapping that may be left empty: nothing is as good as an empty one."""
    return () if value is None else value


# The same verdicts as JSON Schema, as far as it can say them. An editor sees a number, or true, where the text is one.
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_PHONE_SHAPE = r"[+(]?[0-9][0-9 ()-]*( ?([xX]|[eE][xX][tT]\.?) ?[0-9]+)?"


def _or_empty(pattern: str = "", **more: Any) -> dict[str, Any]:
    """A text that may be empty, or left out."""
    shape = {"pattern": rf"^\s*({pattern})?\s*$"} if pattern else {"type": ["string", "number", "boolean", "null"]}
    return {"type": ["string", "number", "null"], **shape, **more}


Line = Annotated[str, BeforeValidator(_line), WithJsonSchema(_TEXT)]
"""Text on one line; white space is collapsed."""
OptionalLine = Annotated[
    str | None, BeforeValidator(lambda value: _optional(value) and _line(value)), WithJsonSchema(_or_empty())
]
"""A line, or None."""
Lines = Annotated[str, BeforeValidator(_lines), WithJsonSchema(_TEXT)]
"""Text of several lines, such as an address: no blank ones, joined by a newline."""
Prose = Annotated[str, BeforeValidator(text), WithJsonSchema(_TEXT)]
"""Running text: the CommonMark of ``prose``."""
OptionalProse = Annotated[str | None, BeforeValidator(_optional), WithJsonSchema(_or_empty())]
"""Prose, or None."""
OptionalDate = Annotated[
    dt.date | None,
    BeforeValidator(lambda value: _optional(value) and _date(value)),
    WithJsonSchema(_or_empty("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", type=["string", "null"])),
]
"""A date that is written year-month-day (ISO 8601), or None."""
Period = Annotated[
    str, BeforeValidator(_period), WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9]{4}/[0-9]{4}\s*$"})
]
"""Two successive years: 2021/2022."""
Email = Annotated[
    str, BeforeValidator(_email), WithJsonSchema({"type": "string", "pattern": rf"^\s*{_EMAIL_SHAPE}\s*$"})
]
"""A plausible e-mail address."""
Phone = Annotated[
    str | None,
    BeforeValidator(_phone),
    WithJsonSchema(_or_empty(rf"(?=([^0-9]*[0-9]){{9,20}}[^0-9]*$){_PHONE_SHAPE}", minimum=10**7, maximum=10**20)),
]
"""A plausible telephone number, or None."""
Number = Annotated[int, BeforeValidator(_number)]
"""A whole number, not negative, in ASCII digits."""


def on_lines(field: FieldInfo) -> bool:
    """Whether a field's text is written on lines of its own, below a ``|``."""
    return any(getattr(each, "func", None) in (_lines, text, _optional) for each in field.metadata)


def validate(
    model: type[Model], source: Source, context: Mapping[str, Any] | None = None
) -> tuple[Model | None, list[Finding]]:
    """The data of a source as a model, or None and all that is wrong with it, each at its place."""
    try:
        return model.model_validate(source.data, context=context), []
    except ValidationError as error:
        return None, list(_findings(model, source, error.errors(include_url=False)))


def _findings(model: type[Entry], source: Source, errors: list[ErrorDetails]) -> Iterator[Finding]:
    """The findings of a validation; a key that is only misspelt isn't missing as well."""
    meant_keys: set[KeyPath] = set()
    for error in sorted(errors, key=lambda error: error["type"] == "missing"):
        at: KeyPath = error["loc"]
        name, context = label(at), error.get("ctx", {})
        code, message, help, key = "PL103", name, context.get("help", ""), False
        match error["type"]:
            case "extra_forbidden":
                known, here = _keys(model, at[:-1]), source.value(*at[:-1])
                guess = meant(str(at[-1]), [key for key in known if key not in here]) or meant(str(at[-1]), known)
                meant_keys.add((*at[:-1], guess or ""))
                code, message, key = "PL101", f"{quoted(at[-1])} isn't a key that belongs {_where(at[:-1])}", True
                help = f"did you mean {guess}?" if guess else f"the keys here are {', '.join(known)}"
            case "missing":
                if at in meant_keys:
                    continue
                code, message, help = "PL102", f"{name} is missing", f"add a line {at[-1]}: {_where(at[:-1])}"
            case "model_type" | "dict_type" if error["input"] is None:
                code, message, help = "PL102", f"{name} is missing", "write its keys below it, indented"
            case "model_type" | "dict_type":
                message = f"{name} must be keys with their values, each key on a line of its own"
                keys = f"; the keys are {', '.join(_keys(model, at))}" if error["type"] == "model_type" else ""
                help = f"write them as key: value, one below the other{keys}"
            case "tuple_type":
                message, help = f"{name} must be a list", "write each item on a line of its own, after - and a space"
            case verdict_code:
                code, message = verdict_code, f"{name} {context['message']}"
                if code == "PL102" and source.written(at).startswith(("|", ">")):
                    help = f"write it on the lines below {at[-1]}:, indented by two more spaces"
                help = help or (
                    f"write it after {at[-1]}:" if isinstance(at[-1], str) else "write it, or delete the item"
                )
        yield Finding(source.place(at, key=key), code, "error", message, help)


def label(at: KeyPath) -> str:
    """A key path in a person's words: ``("advisor", "email")`` is "email of advisor"."""
    if not at:
        return "the file"
    name = f"item {at[-1] + 1}" if isinstance(at[-1], int) else at[-1]
    alone = len(at) == 1 or (at[-2] == "benchmarks" and isinstance(at[-1], str))
    return name if alone else f"{name} of {label(at[:-1])}"


def _where(at: KeyPath) -> str:
    return f"under {at[-1] if isinstance(at[-1], str) else label(at)}" if at else "in this file"


def _keys(model: type[BaseModel], at: KeyPath) -> list[str]:
    """The keys that the model knows at a path; ids and items' numbers on the way name no field."""
    for part in at:
        field = model.model_fields.get(str(part))
        model = (_model_in(field.annotation) if field else None) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
