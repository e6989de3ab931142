"""The kinds of value that the files share, each one's verdict in a person's words (PL1xx), and what a field is.

A value comes as the YAML reader gives it: text, list, dict or None. A verdict is a ``PydanticCustomError`` whose type
is the code; its message goes on from the field's name ("email of advisor" + "isn't ...").

A field of an assessment says where it is declared what it is (``Facts``): the digest, the rules, ``new`` and the
pages of docs/ go by ``declared`` and ``texts``, and keep no lists of their own.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from prevent_letter.assessment.source import KeyPath, Source
from prevent_letter.ground.findings import MOST, Finding, Misuse, nearest
from prevent_letter.ground.names import normal, unseen

os.environ.setdefault(
    "PYDANTIC_DISABLE_PLUGINS", "1"
)  # looking for them takes as long as reading a file


class Entry(BaseModel):
    """A mapping of a file: its keys are known, its values don't change. Built at its first use, for a quick start."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


Model = TypeVar("Model", bound=Entry)


class Kind(NamedTuple):
    """What a field's text is: a ``line``, several ``lines``, ``prose``, a ``score``, or a ``form`` such as a date."""

    name: Literal["line", "lines", "prose", "score", "form"]
    example: str = "Exampleshire"
    """A text that can stand there."""


@dataclass(frozen=True)
class Facts:
    """What a field of an assessment is, beside its kind; declared once, with the field."""

    shown: bool
    """Whether the letter shows it."""
    carried: Literal["never", "always", "with the authority"] = "never"
    """Whether ``new --from`` carries it over: always, or only where the authority stays the same."""


def verdict(code: str, message: str, help: str = "") -> PydanticCustomError:
    """What a validator raises: ``message`` goes on from the field's name."""
    # The text goes in as a value, so that a brace in somebody's words stays a brace.
    return PydanticCustomError(code, "{message}", {"message": message, "help": help})


def quoted(value: object) -> str:
    """A value as a message repeats it: short, on one line, nothing in it invisible."""
    text = "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" for c in " ".join(str(value).split())
    )
    return f'"{text[:40]}..."' if len(text) > 40 else f'"{text}"'


def text(value: object) -> str:
    """A text that must be there, as it stands but for white space round it."""
    if isinstance(value, list):
        raise verdict("PL103", "must be text, not a list", f"write {_TEXT_BELOW}")
    if isinstance(value, dict):
        raise verdict(
            "PL103",
            "must be text, but a colon and a space in it make a key",
            f"write {_TEXT_BELOW}",
        )
    if value is None or not str(value).strip():
        raise verdict("PL102", "is missing")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")


def _visible(value: object) -> str:
    """A text in which nothing is that nobody sees: it would be looked for, or written to, in vain."""
    words = text(value)
    if found := unseen(words):
        sign, message = found
        context = {
            "message": f"isn't what it looks like: {message}",
            "help": "delete it",
            "words": sign,
        }
        raise PydanticCustomError("PL119", "{message}", context)
    return words


_TEXT_BELOW = "a | in its place, and the text on the next lines, indented"


def short(value: object) -> str:
    """A text of which no white space matters, such as a date: pasted no-break spaces are plain ones."""
    return " ".join(_visible(value).split())


def _line(value: object) -> str:
    return re.sub(r"[ \t\r\n]+", " ", _visible(value))


def _lines(value: object) -> str:
    lines = (re.sub(r"[ \t]+", " ", line).strip(" ") for line in _visible(value).split("\n"))
    return "\n".join(line for line in lines if line)


def _optional(value: object) -> object:
    return None if value is None or (isinstance(value, str) and not value.strip()) else text(value)


def _date(value: object) -> dt.date:
    words = short(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        example = next(_dates(words), "2022-05-27")
        raise verdict(
            "PL104",
            f"isn't a date: {quoted(words)}",
            f"write year, month and day like this: {example}",
        )
    try:
        return dt.date.fromisoformat(words)
    except ValueError:
        raise verdict(
            "PL104", f"isn't a day of any year: {words}", "check the month and the day"
        ) from None


_WAYS = (
    "%d %m %Y",
    "%m %d %Y",
    "%Y %m %d",
    "%d %m %y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d %Y",
    "%A %d %B %Y",
)
"""How people write dates, the British way first (the codes of strptime)."""


def _dates(words: str) -> Iterator[str]:
    """What a date means that isn't written as it should be; several where it can be taken in more than one way."""
    plain = re.sub(
        r"[-/.,\s]+", " ", re.sub(r"(?<=[0-9])(?:st|nd|rd|th)\b", "", words[:40])
    ).strip()
    for way in _WAYS:
        with suppress(ValueError):
            yield dt.datetime.strptime(plain, way).date().isoformat()


def meant_date(words: str) -> str | None:
    """The day that words such as "26 July, 2027" mean, as year-month-day; None where it may be another, or none."""
    days = set(_dates(short(words)))
    return days.pop() if len(days) == 1 else None


def _period(value: object) -> str:
    words = short(value)
    if not (years := re.fullmatch(r"([0-9]{4})/([0-9]{4})", words)):
        first = re.match(r"[0-9]{4}", words)
        example = f"{first[0]}/{int(first[0]) + 1}" if first else "2021/2022"
        raise verdict(
            "PL105",
            f"isn't a period: {quoted(words)}",
            f"write two years in full, like this: {example}",
        )
    if int(years[1]) + 1 != int(years[2]):
        help = f"after {years[1]} comes {int(years[1]) + 1}: {years[1]}/{int(years[1]) + 1:04}"
        raise verdict("PL105", f"must be two successive years, not {words}", help)
    return words


def is_period(words: str) -> bool:
    """Whether words are two successive years."""
    years = re.fullmatch(r"([0-9]{4})/([0-9]{4})", words)
    return bool(years) and int(words[:4]) + 1 == int(words[5:])


def refuse_odd_period(asked: str | None) -> None:
    """See to it that a period that is asked for, if any, is one.

    Raises:
        Misuse: it isn't.
    """
    if asked and not is_period(asked):
        raise Misuse(f"--period {asked}: write two successive years, such as 2026/2027")


def _language(value: object) -> str | None:
    """A language's code, None for English."""
    if not _optional(value):
        return None
    words = short(value)
    if not is_language(words):
        help = "write its two or three small letters, such as cy for Welsh; for English leave the line out"
        raise verdict("PL121", f"isn't a language's code: {quoted(words)}", help)
    return words if words != "en" else None


def is_language(words: str) -> bool:
    """Whether words are a language's code, two or three small letters."""
    return re.fullmatch(r"[a-z]{2,3}", words) is not None


_EMAIL_SHAPE = r"""[^\s@<>()\[\],;:?&#%"\\]+@[^\s@<>()\[\],;:"\\.]+(\.[^\s@<>()\[\],;:"\\.]+)+"""


def _email(value: object) -> str:
    words = short(value)
    if not re.fullmatch(_EMAIL_SHAPE, words):
        raise verdict(
            "PL106",
            f"isn't an e-mail address: {quoted(words)}",
            "write one such as a.advisor@region.example",
        )
    return words


def _phone(value: object) -> str | None:
    if not _optional(value):
        return None
    words = short(value)
    shape = re.fullmatch(_PHONE_SHAPE, words)
    if not shape or not 9 <= sum(c.isdigit() for c in words) <= 20:
        raise verdict(
            "PL107", f"isn't a telephone number: {quoted(words)}", "write one such as 07700 900495"
        )
    return words


STATUSES = ("not started", "in progress", "done", "overtaken")


def _status(value: object) -> str:
    words = short(value).casefold()
    if words not in STATUSES:
        guess = nearest(words, STATUSES)
        help = f"did you mean {guess}?" if guess else f"write one of {', '.join(STATUSES)}"
        raise verdict("PL122", f"isn't a status: {quoted(value)}", help)
    return words


def _number(value: object) -> int:
    words = short(value)
    if not re.fullmatch(r"[0-9]{1,3}", words):
        raise verdict(
            "PL108", f"isn't a whole number: {quoted(words)}", "write it in figures, such as 3"
        )
    return int(words)


NUMBER_WORDS = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten".split())
}
"""Numbers as people write them out, where figures are asked for."""


def unless_empty(value: object) -> object:
    """For a list or mapping that may be left empty: nothing is as good as an empty one."""
    return () if value is None else value


# The same verdicts as JSON Schema, as far as it can say them. An editor sees a number, or true, where the text is one.
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_PHONE_SHAPE = r"[+(]?[0-9][0-9 ()-]*( ?([xX]|[eE][xX][tT]\.?) ?[0-9]+)?"


def in_any_case(words: str) -> str:
    """A pattern of JSON Schema, which has no flag for it: the words in small or capital letters."""
    return "".join(map(_either_case, words))


def _either_case(character: str) -> str:
    if character == " ":
        return r"\s+"
    if character.isalpha():
        return f"[{character.lower()}{character.upper()}]"
    return f"\\{character}" if character in r"\^$.*+?()[]{}|/" else character


def _or_empty(pattern: str = "", **more: Any) -> dict[str, Any]:
    """A text that may be empty, or left out."""
    shape = (
        {"pattern": rf"^\s*({pattern})?\s*$"}
        if pattern
        else {"type": ["string", "number", "boolean", "null"]}
    )
    return {"type": ["string", "number", "null"], **shape, **more}


Line = Annotated[str, BeforeValidator(_line), WithJsonSchema(_TEXT), Kind("line")]
"""Text on one line; white space is collapsed."""
OptionalLine = Annotated[
    str | None,
    BeforeValidator(lambda value: _optional(value) and _line(value)),
    WithJsonSchema(_or_empty()),
    Kind("line"),
]
"""A line, or None."""
Lines = Annotated[str, BeforeValidator(_lines), WithJsonSchema(_TEXT), Kind("lines")]
"""Text of several lines, such as an address: no blank ones, joined by a newline."""
Prose = Annotated[str, BeforeValidator(text), WithJsonSchema(_TEXT), Kind("prose")]
"""Running text: the CommonMark of ``prose``."""
OptionalProse = Annotated[
    str | None, BeforeValidator(_optional), WithJsonSchema(_or_empty()), Kind("prose")
]
"""Prose, or None."""
_DATE_SHAPE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
Date = Annotated[
    dt.date,
    BeforeValidator(_date),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_DATE_SHAPE}\s*$"}),
    Kind("form", "2027-05-27"),
]
"""A date that is written year-month-day (ISO 8601)."""
OptionalDate = Annotated[
    dt.date | None,
    BeforeValidator(lambda value: _optional(value) and _date(value)),
    WithJsonSchema(_or_empty(_DATE_SHAPE, type=["string", "null"])),
    Kind("form", "2027-05-27"),
]
"""A date that is written year-month-day (ISO 8601), or None."""
Period = Annotated[
    str,
    BeforeValidator(_period),
    WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9]{4}/[0-9]{4}\s*$"}),
    Kind("form", "2026/2027"),
]
"""Two successive years: 2021/2022."""
Language = Annotated[
    str | None,
    BeforeValidator(_language),
    WithJsonSchema(_or_empty("[a-z]{2,3}", type=["string", "null"])),
    Kind("form", "cy"),
]
"""The code of a language (ISO 639, in small letters), or None for English."""
Email = Annotated[
    str,
    BeforeValidator(_email),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_EMAIL_SHAPE}\s*$"}),
    Kind("form", "a.advisor@region.example"),
]
"""A plausible e-mail address."""
Phone = Annotated[
    str | None,
    BeforeValidator(_phone),
    WithJsonSchema(
        _or_empty(
            rf"(?=([^0-9]*[0-9]){{9,20}}[^0-9]*$){_PHONE_SHAPE}", minimum=10**7, maximum=10**20
        )
    ),
    Kind("form", "07700 900123"),
]
"""A plausible telephone number, or None."""
Status = Annotated[
    str,
    BeforeValidator(_status),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [
                {"enum": [*STATUSES]},
                {"pattern": rf"^\s*({'|'.join(map(in_any_case, STATUSES))})\s*$"},
            ],
        }
    ),
    Kind("form", "done"),
]
"""What became of a recommendation: one of ``STATUSES``, in small letters."""
Number = Annotated[int, BeforeValidator(_number)]
"""A whole number, not negative, in ASCII digits."""


# What the fields of a model are.


class Declared(NamedTuple):
    """A field of a model, as it is declared."""

    name: str
    facts: Facts
    kind: str
    example: str
    description: str
    entry: type[Entry] | None
    """The model of what stands in it: of its keys, or of each item of its list or mapping."""
    several: bool
    """Whether it is a list, or a mapping by ids, rather than one value."""


@cache
def declared(model: type[Entry]) -> tuple[Declared, ...]:
    """The fields of a model of an assessment.

    Raises:
        LookupError: a field doesn't say what it is.
    """
    found = []
    for name, field in model.model_fields.items():
        facts = next((each for each in field.metadata if isinstance(each, Facts)), None)
        if facts is None:
            raise LookupError(
                f"{model.__name__}.{name} must say with Facts whether the letter shows it"
            )
        marks = (*field.metadata, *_metadata(field.annotation))
        kind = next((each for each in marks if isinstance(each, Kind)), Kind("form"))
        entry = _model_in(field.annotation)
        several = get_origin(field.annotation) in (tuple, dict)
        found.append(
            Declared(name, facts, kind.name, kind.example, field.description or "", entry, several)
        )
    return tuple(found)


def _metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _metadata(inner)


def texts(
    model: type[Entry], data: Any, at: KeyPath = ()
) -> Iterator[tuple[KeyPath, Declared, str]]:
    """Each text in plain data of an assessment, valid or not: its key path, the field it belongs to, and the text."""
    if isinstance(data, dict):
        for field in declared(model):
            if field.name in data:
                yield from _texts(
                    field,
                    None if field.several else field.entry,
                    data[field.name],
                    (*at, field.name),
                )


def _texts(
    field: Declared, entry: type[Entry] | None, data: Any, at: KeyPath
) -> Iterator[tuple[KeyPath, Declared, str]]:
    if isinstance(data, str):
        yield at, field, data
    elif entry:
        yield from texts(entry, data, at)
    for key, inner in (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    ):
        if not entry:
            yield from _texts(field, field.entry, inner, (*at, key))


# Faults of a whole file.


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
    guessed: set[KeyPath] = set()
    counts: dict[str, int] = {}
    for error in sorted(errors, key=lambda error: error["type"] == "missing"):
        counts[error["type"]] = counts.get(error["type"], 0) + 1
        if counts[error["type"]] > MOST + 1:
            continue  # counted below
        at: KeyPath = error["loc"]
        name, context = label(at), error.get("ctx", {})
        code, message, help, key = "PL103", name, context.get("help", ""), False
        match error["type"]:
            case "extra_forbidden":
                known, here, written = (
                    _keys(model, at[:-1]),
                    source.value(*at[:-1]),
                    normal(str(at[-1])),
                )
                guess = nearest(written, [key for key in known if key not in here]) or nearest(
                    written, known
                )
                guessed.add((*at[:-1], guess or ""))
                code, message, key = (
                    "PL101",
                    f"{quoted(at[-1])} isn't a key that belongs {_where(at[:-1])}",
                    True,
                )
                help = (
                    f"did you mean {guess}?" if guess else f"the keys here are {', '.join(known)}"
                )
                if error["input"] is None and not guess and " " in written:
                    help = (
                        "if it is the rest of a text with a comma: put that text in quotation marks"
                    )
                if found := unseen(str(at[-1])):
                    message, help = (
                        f"{written} isn't the key it looks like: {found[1]}",
                        f"write {written} anew",
                    )
            case "missing":
                if at in guessed:
                    continue
                code, message, help = (
                    "PL102",
                    f"{name} is missing",
                    f"add a line {at[-1]}: {_where(at[:-1])}",
                )
            case "model_type" | "dict_type" if error["input"] is None:
                code, message, help = (
                    "PL102",
                    f"{name} is missing",
                    "write its keys below it, indented",
                )
            case "model_type" | "dict_type":
                message = f"{name} must be keys with their values, each key on a line of its own"
                keys = (
                    f"; the keys are {', '.join(_keys(model, at))}"
                    if error["type"] == "model_type"
                    else ""
                )
                help = f"write them as key: value, one below the other{keys}"
            case "tuple_type":
                message, help = (
                    f"{name} must be a list",
                    "write each item on a line of its own, after - and a space",
                )
                if re.match(r"-[^\s-]", str(error["input"])):
                    message = f"a space is missing after the - in {name}"
            case verdict_code:
                code, message = verdict_code, f"{name} {context['message']}"
                if code == "PL102" and source.written(at).startswith(("|", ">")):
                    help = f"write it on the lines below {at[-1]}:, indented by two more spaces"
                help = help or (
                    f"write it after {at[-1]}:"
                    if isinstance(at[-1], str)
                    else "write it, or delete the item"
                )
        rest = (
            sum(each["type"] == error["type"] for each in errors) - MOST
            if counts[error["type"]] > MOST
            else 1
        )
        place = (
            source.find(at, context["words"]) if "words" in context else source.place(at, key=key)
        )
        yield Finding(place, code, "error", message, help, rest, at=dotted(at))


def dotted(at: KeyPath) -> str:
    """A key path as ``accepted`` takes it: items of a list count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in at)


def key_path(at: Any) -> KeyPath:
    """``key_recommendations.2`` as a key path; items count from 1 there."""
    parts = at.strip().split(".") if isinstance(at, str) and at.strip() else ()
    return tuple(int(part) - 1 if re.fullmatch("[1-9][0-9]{0,5}", part) else part for part in parts)


def label(at: KeyPath) -> str:
    """A key path in a person's words: ``("advisor", "email")`` is "email of advisor"."""
    if not at:
        return "the file"
    name = f"item {at[-1] + 1}" if isinstance(at[-1], int) else at[-1]
    alone = len(at) == 1 or (at[-2] == "benchmarks" and isinstance(at[-1], str))
    return name if alone else f"{name} of {label(at[:-1])}"


def _where(at: KeyPath) -> str:
    return f"under {at[-1] if isinstance(at[-1], str) else label(at)}" if at else "in this file"


def _keys(model: type[Entry], at: KeyPath) -> list[str]:
    """The keys that the model knows at a path; ids and items' numbers on the way name no field."""
    for part in at:
        field = model.model_fields.get(str(part))
        model = (_model_in(field.annotation) if field else None) or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[Entry] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
