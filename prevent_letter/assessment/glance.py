"""An assessment at a glance: whose it is and for when, by a few of its lines, so that hundreds cost next to nothing."""

import re
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import source


class Glance(NamedTuple):
    """What tells an assessment from its neighbours; empty where that can't be read."""

    path: Path
    authority: str
    area: str
    period: str
    language: str


# A value as far as it goes on: to the end of its line, and the lines below it that are indented.
_VALUE = re.compile(rb"[ \t]+([^\r\n]*(?:\r?\n[ \t]+[^\s#][^\r\n]*)*)")
_COMMENT = re.compile(r"(?:^|\s)#.*")


def glance(path: Path, beginning: bytes) -> Glance:
    """Read the names and the period of an assessment whose file begins with these bytes, in UTF-8.

    Values that are written in another way than on a plain line have the whole file read.
    """
    found = {}
    for key in Glance._fields[
        1:
    ]:  # plain searches: an expression would look at each letter of the prose
        at = beginning.find(f"\n{key}:".encode()) + 1
        if (at or beginning.startswith(f"{key}:".encode())) and (
            value := _VALUE.match(beginning, at + len(key) + 1)
        ):
            found[key] = value[1].decode(errors="replace").strip()
    if "authority" not in found or any(
        value[:1] in tuple("'\"|>[{&*!") for value in found.values()
    ):
        data = source.parse(path, beginning).data
        found = (
            {key: value for key, value in data.items() if isinstance(value, str)}
            if isinstance(data, dict)
            else {}
        )
    else:
        found = {key: _COMMENT.sub("", value) for key, value in found.items()}
    return Glance(path, *(" ".join(found.get(key, "").split()) for key in Glance._fields[1:]))
