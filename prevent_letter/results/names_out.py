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
_TITLES = frozenset("The And Chief Executive Officer Director Leader Councillor Cllr Mrs Miss Sir Dame".split())
"""Parts of a name that tell nobody's."""


def bodies(read: Source) -> Iterator[str]:
    """The names of authority, area and partners, and of each the short form without "County Council" and the like."""
    for name in (read.value("authority"), read.value("area"), *_listed(read, "partners")):
        if isinstance(name, str) and name.strip():
            yield from dict.fromkeys((_plain(name), area(_plain(name))))


def people(read: Source) -> Iterator[str]:
    """The names of addressee, cc and advisor, and the parts of them that begin with a capital, but titles."""
    named = [read.value("addressee", "name"), read.value("addressee", "greeting"), read.value("advisor", "name")]
    for name in (*named, *_listed(read, "cc")):
        if isinstance(name, str) and name.strip():
            yield _plain(name)
            parts = re.findall(r"[\w'’-]+", _plain(name))
            yield from (each for each in parts if len(each) >= _SHORTEST and each[0].isupper() and each not in _TITLES)


def _listed(read: Source, key: str) -> list[Any]:
    """The items of a list, whether they are texts or not."""
    value = read.value(key)
    return value[:_MOST] if isinstance(value, list) else []


def taken_out(words: str, names: Iterable[str]) -> str:
    """Words with each of the names, as whole words, as ``[name]``."""
    return _names(tuple(dict.fromkeys(names))).sub(NAME, normal(words))


@lru_cache(64)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    forms = (r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    ways = (form.replace(r"\&", "(?:&|and)") for form in forms)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways) or '(?!)'})(?!\w)")


def _plain(name: str) -> str:
    return " ".join(normal(name).split())
