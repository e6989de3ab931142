"""The names by which a reader would know an authority, and words with these taken out."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from prevent_letter.assessment.blank import area
from prevent_letter.assessment.source import Source
from prevent_letter.ground.names import normal

NAME = "[name]"
"""What stands for a name that was taken out."""
_MOST = 100
"""The names of a list that are looked for; nobody has more partners."""
_SHORTEST = 3
"""The letters of a part of a person's name that is taken out by itself."""
_TITLES = frozenset(
    "The And Chief Executive Officer Director Leader Councillor Cllr Mrs Miss Sir Dame".split()
)
"""Parts of a name that tell nobody's."""


def bodies(read: Source) -> Iterator[str]:
    """The names of authority, area and partners, and of each the short form without "County Council" and the like."""
    for name in (read.value("authority"), read.value("area"), *_listed(read, "partners")):
        if isinstance(name, str) and name.strip():
            known = _plain(name), area(_plain(name))
            yield from dict.fromkeys((*known, *map(str.upper, known)))


def people(read: Source) -> Iterator[str]:
    """The names of addressee, cc and advisor; of addressee and advisor also the parts that begin with a capital."""
    for name in (
        read.value("addressee", "name"),
        read.value("addressee", "greeting"),
        read.value("advisor", "name"),
    ):
        if isinstance(name, str) and name.strip():
            yield _plain(name)
            parts = re.findall(r"[\w'’]+", _plain(name))
            yield from (
                each
                for each in parts
                if len(each) >= _SHORTEST and each[0].isupper() and each not in _TITLES
            )
    for name in _listed(read, "cc"):
        if isinstance(name, str) and name.strip():
            yield from (_plain(name), _plain(name.partition(",")[0]))  # a post may follow


def _listed(read: Source, key: str) -> list[Any]:
    """The items of a list, whether they are texts or not."""
    value = read.value(key)
    return value[:_MOST] if isinstance(value, list) else []


def taken_out(words: str, names: Iterable[str]) -> str:
    """Words with each of the names, as whole words, as ``[name]``."""
    return _names(tuple(dict.fromkeys(names))).sub(NAME, normal(words))


@lru_cache(64)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted((name for name in names if name), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_form, longest_first)) or '(?!)'})(?!\w)")


def _form(name: str) -> str:
    words = ("(?:&|and)" if word in ("&", "and") else re.escape(word) for word in name.split())
    return r"\s+".join(words).replace("'", "['’]")


def _plain(name: str) -> str:
    return " ".join(normal(name).replace("’", "'").split())
