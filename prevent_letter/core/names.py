"""Normalise text, so that names and words match however they were typed or pasted."""

import re
import unicodedata
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF)
)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")
_NORMAL_FORM = _INVISIBLE | _SPACES | _HYPHENS
_JOINERS = "\u200c\u200d"  # needed in emoji and in scripts other than Latin
_STRIPPED = re.compile(
    f"[{''.join(chr(code) for code in _INVISIBLE if chr(code) not in _JOINERS)}]"
    f"|(?<![^\x00-\u024f])[{_JOINERS}]"
)
_ONE_INVISIBLE = re.compile(f"[{''.join(map(chr, _INVISIBLE))}]")
_MOST_IN_PATTERN = 60
"""A word of this many characters or more is matched by ``word_pattern`` only as written."""


def normalise(text: str) -> str:
    """Return text in NFC, with plain spaces and hyphens and no invisible characters."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_NORMAL_FORM))


def fold_name(name: str) -> str:
    """Return a name for comparison: normalised, lower case, ``&`` as "and", single spaces."""
    name = normalise(name).replace("’", "'").replace("&", " and ")
    return " ".join(name.casefold().split())


def strip_invisible(text: str) -> str:
    """Return a passage without invisible characters; no-break spaces and needed joiners stay."""
    return text if text.isascii() else _STRIPPED.sub("", text)


class Invisible(NamedTuple):
    """An invisible character, and a description with its name and where it is."""

    character: str
    description: str


def find_invisible(text: str) -> Invisible | None:
    """Return the first invisible character in a text, or None."""
    match = None if text.isascii() else _ONE_INVISIBLE.search(text)
    if not match:
        return None
    name = unicodedata.name(match[0]).lower().replace("zero width", "zero-width")
    article = "an" if name[0] in "aeiou" else "a"
    before = re.search(r"\w{1,30}$|\S$", text[: match.start()].rstrip())
    where = f"after {before[0]}" if before else "at its beginning"
    code = f"U+{ord(match[0]):04X}"
    return Invisible(match[0], f"there is {article} {name} ({code}) {where}")


def word_pattern(word: str) -> str:
    """Return a regular expression that finds a normalised word however it was typed."""
    if len(word) >= _MOST_IN_PATTERN:
        return re.escape(word)
    forms = []
    for character in word:
        decomposed, form = unicodedata.normalize("NFD", character), re.escape(character)
        if character == "-":
            form = "[-\u2010\u2011]"
        elif decomposed != character:
            form = f"(?:{form}|{re.escape(decomposed)})"
        forms.append(form)
    return f"{_ONE_INVISIBLE.pattern}*".join(forms)
