"""Find the names of authorities and people in an assessment, and remove them from text."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from prevent_letter.assessment.blank import area_of
from prevent_letter.assessment.places import Source
from prevent_letter.core.names import normalise

NAME = "[name]"
"""The text that replaces a name."""
_MOST_NAMES = 100
"""The limit on how many names of a list are removed; no authority has more partners."""
_ADDRESS = re.compile(
    r"(?<!\]\()(?:https?://|www\.)[^\s<>()]+"
    r"|(?<![\w.+-])(?<!mailto:)[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+){1,9}"
)
_SHORTEST = 3
"""A part of a person's name with fewer letters than this is not removed on its own."""
_TITLES = frozenset(
    "The And Chief Executive Officer Director Leader Councillor Cllr Mrs Miss Sir Dame".split()
)
"""Parts of a name that identify nobody."""


def names_of_bodies(source: Source) -> Iterator[str]:
    """Yield the names of authority, area and partners, also without words like "County Council"."""
    names = (source.line("authority"), source.line("area"), *_listed(source, "partners"))
    for name in filter(None, names):
        yield from dict.fromkeys((name, area_of(name)))


def names_of_people(source: Source) -> Iterator[str]:
    """Yield the names of addressee and advisor, whole and in parts, and the whole names of cc."""
    paths = (("addressee", "name"), ("addressee", "greeting"), ("advisor", "name"))
    for name in filter(None, (source.line(*path) for path in paths)):
        yield name
        for part in re.findall(r"[\w'’]+", name):
            if len(part) >= _SHORTEST and part[0].isupper() and part not in _TITLES:
                yield part
    for name in _listed(source, "cc"):
        yield from (name, name.partition(",")[0].rstrip())  # a job title may follow


def _listed(source: Source, key: str) -> list[str]:
    return [source.line(key, n) for n in range(len(source.listed(key)[:_MOST_NAMES]))]


def without_names(words: str, names: Iterable[str]) -> str:
    """Return text with names (as whole words), web addresses and e-mail replaced by ``[name]``.

    A name in capitals is replaced too. The addresses of links stay, since only the words of a link
    are shown.
    """
    words = _ADDRESS.sub(NAME, normalise(words))
    return _pattern(tuple(dict.fromkeys(names))).sub(NAME, words)


@lru_cache(64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    forms = []
    written = dict.fromkeys(form for name in names if name for form in (name, name.upper()))
    for name in sorted(written, key=len, reverse=True):
        words = ("(?:&|and)" if word in ("&", "and") else re.escape(word) for word in name.split())
        forms.append(re.sub("['’]", "['’]", r"\s+".join(words)))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(forms) or '(?!)'})(?![^\W_])")  # or _emphasis_
