"""The kinds of value in JSON Schema (draft 2020-12), as far as a schema can express them.

An editor reads text such as 5 or true as a number or a boolean, so text can have these types.
"""

from typing import Any

Shape = dict[str, Any]

STATUSES = ("not started", "in progress", "done", "overtaken")
"""The statuses of a recommendation."""

EMAIL_PATTERN = r"""[^\s@<>()\[\],;:?&#%"\\]+@[^\s@<>()\[\],;:"\\.]+(\.[^\s@<>()\[\],;:"\\.]+)+"""
PHONE_PATTERN = (
    r"(?=([^0-9]*[0-9]){9,20}[^0-9]*$)"  # as many digits
    r"[+(]?[0-9][0-9 ()-]*( ?([xX]|[eE][xX][tT]\.?) ?[0-9]+)?"
)
_DATE_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def any_case(words: str) -> str:
    """Return a pattern for words in any case, since JSON Schema has no flag to ignore case."""
    pattern = ""
    for character in words:
        if character == " ":
            pattern += r"\s+"
        elif character.isalpha():
            pattern += f"[{character.lower()}{character.upper()}]"
        else:
            pattern += f"\\{character}" if character in r"\^$.*+?()[]{}|/" else character
    return pattern


def _or_empty(pattern: str, **more: Any) -> Shape:
    """Return the JSON Schema of a text that can be empty or left out."""
    return {"type": ["string", "number", "null"], "pattern": rf"^\s*({pattern})?\s*$", **more}


REQUIRED_TEXT: Shape = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
OPTIONAL_TEXT: Shape = {"type": ["string", "number", "boolean", "null"]}
DATE: Shape = {"type": "string", "pattern": rf"^\s*{_DATE_PATTERN}\s*$"}
OPTIONAL_DATE = _or_empty(_DATE_PATTERN, type=["string", "null"])
PERIOD: Shape = {"type": "string", "pattern": r"^\s*[0-9]{4}/[0-9]{4}\s*$"}
LANGUAGE = _or_empty("[a-z]{2,3}", type=["string", "null"])
EMAIL: Shape = {"type": "string", "pattern": rf"^\s*{EMAIL_PATTERN}\s*$"}
PHONE = _or_empty(PHONE_PATTERN, minimum=10**7, maximum=10**20)
STATUS: Shape = {
    "type": "string",
    "anyOf": [
        {"enum": [*STATUSES]},
        {"pattern": rf"^\s*({'|'.join(map(any_case, STATUSES))})\s*$"},
    ],
}
