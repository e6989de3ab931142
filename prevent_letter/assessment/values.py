"""The kinds of value in the files, and the validators that find wrong values (PL1xx).

The YAML reader gives a validator text, a list, a dict or None. The validator returns the model's
value or raises ``InvalidValueError``, whose message follows the field's name ("email of advisor" +
"is not an e-mail address"). ``shapes`` describes the same kinds in JSON Schema.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import MISSING, dataclass, field
from typing import Annotated, Any, Literal, NamedTuple

from prevent_letter.assessment import shapes
from prevent_letter.assessment.shapes import STATUSES
from prevent_letter.core.display import nearest, quote
from prevent_letter.core.findings import UsageError
from prevent_letter.core.names import find_invisible


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A mapping in a file, with a fixed set of keys. Each kind of entry is a frozen dataclass.

    The annotation of a field has its `FieldKind`; a field whose name begins with ``_`` is none of
    the file's.
    """


class InvalidValueError(Exception):
    """What is wrong with a value, raised by a validator.

    ``code`` is that of the finding, and ``message`` follows the field's name. Without ``help``,
    ``validation`` says what to do, by the value's place in the file. ``words`` are the wrong words,
    if only a part of the value is wrong.
    """

    def __init__(self, code: str, message: str, help: str = "", words: str = "") -> None:
        super().__init__(code, message)
        self.code, self.message, self.help, self.words = code, message, help, words


ScoreReader = Callable[[object], int]
"""The validator of a score, which depends on the criteria."""


def score_without_criteria(value: object) -> int:
    """Stand in for the validator of a score, which `validation` is told."""
    raise AssertionError("a score can't be read without the criteria")


class FieldKind(NamedTuple):
    """The kind of text in a field; ``form`` is text in a fixed format, such as a date."""

    name: Literal["line", "lines", "prose", "score", "form"]
    validate: Callable[[object], Any]
    """The validator."""
    shape: shapes.Shape
    """The kind in JSON Schema."""
    example: str = "Exampleshire"
    """A valid text."""


def described(description: str, default: Any = MISSING, *, factory: Any = MISSING) -> Any:
    """Return the declaration of a field; without a default or its factory, it is required."""
    about = {"description": description}
    return field(default=default, default_factory=factory, metadata=about)


def text(value: object) -> str:
    """Return required text, without the white space around it."""
    if isinstance(value, list):
        raise InvalidValueError("PL103", "must be text, not a list")
    if isinstance(value, dict):
        message = "must be text, but a colon and a space in it make a key"
        raise InvalidValueError("PL103", message)
    if value is None or not str(value).strip():
        raise InvalidValueError("PL102", "is missing")
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")


def short_text(value: object) -> str:
    """Return text with its white space collapsed, for a value such as a date."""
    return " ".join(_visible(value).split())


def _visible(value: object) -> str:
    """Return text, or raise an error if it has an invisible character, which is hard to find."""
    words = text(value)
    if invisible := find_invisible(words):
        message = f"is not what it looks like: {invisible.description}"
        raise InvalidValueError("PL119", message, "delete it", words=invisible.character)
    return words


def _line(value: object) -> str:
    return re.sub(r"[ \t\r\n]+", " ", _visible(value))


def _lines(value: object) -> str:
    lines = (re.sub(r"[ \t]+", " ", line).strip(" ") for line in _visible(value).split("\n"))
    return "\n".join(line for line in lines if line)


def _optional(convert: Callable[[object], Any]) -> Callable[[object], Any]:
    """Return a validator that gives None for an empty value, and converts the text of any other."""
    return lambda value: None if value is None or not str(value).strip() else convert(text(value))


def _date(value: object) -> dt.date:
    words = short_text(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        help = ""
        if day := next(_possible_dates(words), None):
            help = f"write year, month and day like this: {day}"
        elif day := next(_possible_dates(words.translate(_FIGURES)), None):
            help = f"write {day}: there is a letter in place of a figure"
        raise InvalidValueError("PL104", f"can't be read as a date here: {quote(words)}", help)
    try:
        return dt.date.fromisoformat(words)
    except ValueError:
        help = "check the month and the day"
        raise InvalidValueError("PL104", f"is not a day of any year: {words}", help) from None


_FIGURES = str.maketrans("OoIl", "0011")
_DATE_FORMS = (
    *("%d %m %Y", "%m %d %Y", "%Y %m %d", "%d %m %y", "%m %d %y"),
    *("%d %B %Y", "%d %b %Y", "%B %d %Y", "%A %d %B %Y"),
)
"""The ways in which people write dates, as strptime formats, the British one first."""


def _possible_dates(words: str) -> Iterator[str]:
    """Yield each day that words can mean in one of ``_DATE_FORMS``, as year-month-day."""
    words = re.sub(r"(?<=[0-9])(?:st|nd|rd|th)\b", "", words[:40], flags=re.IGNORECASE)
    words = re.sub(r"[-/.,\s]+", " ", words).strip()
    for form in _DATE_FORMS:
        with suppress(ValueError):
            yield dt.datetime.strptime(words, form).date().isoformat()


def only_possible_date(words: str) -> str | None:
    """Return the only day that words such as "26 July, 2027" can mean (year-month-day), or None."""
    days = set(_possible_dates(short_text(words)))
    return days.pop() if len(days) == 1 else None


def is_period(words: str) -> bool:
    """Return True if words are two successive years, such as 2026/2027."""
    years = re.fullmatch(r"([0-9]{4})/([0-9]{4})", words)
    return years is not None and int(years[1]) + 1 == int(years[2])


def check_period(period: str | None) -> None:
    """Raise ``UsageError`` unless a period is valid or None."""
    if period and not is_period(period):
        raise UsageError(f"--period {period}: write two successive years, such as 2026/2027")


def _period(value: object) -> str:
    words = short_text(value)
    if is_period(words):
        return words
    years = re.fullmatch(r"([0-9]{4})/([0-9]{4})", words)
    is_one_year = not re.match(r"[0-9]{4}\D", words)
    first = re.match(r"[0-9]{4}", words)
    example = f"{first[0]}/{int(first[0]) + 1:04}" if first else "2021/2022"
    if years:
        help = f"write {example}: after {years[1]} comes {int(years[1]) + 1}"
        raise InvalidValueError("PL105", f"must be two successive years, not {words}", help)
    help = f"write two years with a slash between them: {example}" if not is_one_year else ""
    raise InvalidValueError("PL105", f"can't be read as a period: {quote(words)}", help)


_LANGUAGE_PATTERN = "[a-z]{2,3}"


def is_language(words: str) -> bool:
    """Return True if words are the code of a language, two or three small letters."""
    return re.fullmatch(_LANGUAGE_PATTERN, words) is not None


def _status(value: object) -> str:
    words = short_text(value).casefold()
    if words not in STATUSES:
        guess = nearest(words, STATUSES)
        help = f"did you mean {guess}?" if guess else f"write one of {', '.join(STATUSES)}"
        raise InvalidValueError("PL122", f"is not a status: {quote(value)}", help)
    return words


def _matching(pattern: str, value: object, code: str, message: str, help: str) -> str:
    """Return text on one line that matches a pattern as a whole."""
    words = short_text(value)
    if not re.fullmatch(pattern, words):
        raise InvalidValueError(code, f"{message}: {quote(words)}", help)
    return words


def _language(value: object) -> str | None:
    help = "write two or three small letters, such as cy for Welsh; for English delete the line"
    message = "is not the code of a language"
    words = _matching(_LANGUAGE_PATTERN, value, "PL121", message, help)
    return None if words == "en" else words


def _email(value: object) -> str:
    help = "write one such as a.advisor@region.example"
    return _matching(shapes.EMAIL_PATTERN, value, "PL106", "is not an e-mail address", help)


def _number(value: object) -> int:
    help = "write it in figures, such as 3"
    return int(_matching("[0-9]{1,3}", value, "PL108", "is not a whole number", help))


def _phone(value: object) -> str:
    words = short_text(value)
    if re.fullmatch(shapes.PHONE_PATTERN, words):
        return words
    help = "write one such as 07700 900495"
    first, *others = re.split(r" ?(?:[/,;]|\bor\b) ?", words)
    if others and re.fullmatch(shapes.PHONE_PATTERN, first):
        help = f"write one number alone, such as {first}"
    elif not re.search("[0-9]", words):
        help += ", or leave it empty"
    raise InvalidValueError("PL107", f"is not a telephone number: {quote(words)}", help)


Line = Annotated[str, FieldKind("line", _line, shapes.REQUIRED_TEXT)]
"""Text on one line; white space is collapsed."""
OptionalLine = Annotated[str | None, FieldKind("line", _optional(_line), shapes.OPTIONAL_TEXT)]
"""A line, or None."""
Lines = Annotated[str, FieldKind("lines", _lines, shapes.REQUIRED_TEXT)]
"""Text on several lines, such as an address, without blank lines."""
Prose = Annotated[str, FieldKind("prose", text, shapes.REQUIRED_TEXT)]
"""Running text, in the CommonMark of ``core.prose``."""
OptionalProse = Annotated[str | None, FieldKind("prose", _optional(str), shapes.OPTIONAL_TEXT)]
"""Prose, or None."""
Date = Annotated[dt.date, FieldKind("form", _date, shapes.DATE, "2027-05-27")]
"""A date, written year-month-day (ISO 8601)."""
OptionalDate = Annotated[
    dt.date | None, FieldKind("form", _optional(_date), shapes.OPTIONAL_DATE, "2027-05-27")
]
"""A date, or None."""
Period = Annotated[str, FieldKind("form", _period, shapes.PERIOD, "2026/2027")]
"""Two successive years: 2021/2022."""
Language = Annotated[str | None, FieldKind("form", _optional(_language), shapes.LANGUAGE, "cy")]
"""The code of a language (ISO 639, in small letters), or None for English."""
Email = Annotated[str, FieldKind("form", _email, shapes.EMAIL, "a.advisor@region.example")]
"""A plausible e-mail address."""
Phone = Annotated[str | None, FieldKind("form", _optional(_phone), shapes.PHONE, "07700 900123")]
"""A plausible telephone number, or None."""
Status = Annotated[str, FieldKind("form", _status, shapes.STATUS, "done")]
"""The status of a recommendation: one of ``STATUSES``."""
Number = Annotated[int, FieldKind("form", _number, {})]
"""A whole number, not negative, in ASCII digits."""
