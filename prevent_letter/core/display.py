"""How words, paths and numbers are shown to a person, in a terminal, a log or JSON."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from prevent_letter.core.repository import work_tree


def printable(text: str, keep: str = "") -> str:
    """Escape characters that could forge log lines or move the cursor, except those in ``keep``."""
    if not text.isprintable():
        escaped = (c.encode("unicode_escape").decode() for c in text)
        pairs = zip(text, escaped, strict=True)
        text = "".join(c if c.isprintable() or c in keep else e for c, e in pairs)
    return text.replace("##[", "#\\x23[")  # GitHub Actions runs such commands anywhere in a line


def without_commands(text: str) -> str:
    """Return the text of a page or message without what GitHub Actions runs at a line's start."""
    return re.sub(r"(?m)^([^\S\n]*)::", r"\1:\\x3a", text).replace("##[", "#\\x23[")


def quote(value: object) -> str:
    """Return a value in quotation marks for a message: on one line, cut to 40 characters."""
    text = " ".join(str(value).split())
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return f'"{text[:40]}..."' if len(text) > 40 else f'"{text}"'


def count(number: int, thing: str) -> str:
    """Return a number with its noun, such as ``2 letters``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def wrap(line: str, width: int) -> list[str]:
    """Wrap a line at ``width`` columns (0: not at all); indent all but the first by 3 spaces."""
    if not 0 < width < len(line):
        return [line]
    import textwrap  # only a terminal needs it

    return textwrap.wrap(
        line,
        max(width, 40),
        subsequent_indent="   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def as_json(data: object) -> bytes:
    """Return plain data as JSON in UTF-8, with no text that GitHub Actions would run.

    What can't be seen is escaped: it could move a terminal's cursor, or turn its text round.
    """
    import json  # text output does not need it

    text = json.dumps(data, ensure_ascii=False, indent=2).replace("##[", "#\\u0023[")
    if not text.isprintable():
        shown = (c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
        text = "".join(shown)
    return f"{text}\n".encode()


_LONGEST_NAME = 60
"""Characters. Comparing longer words with the known ones would take too long."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to a misspelt one, or None if none is close enough."""
    import difflib  # only error messages need it

    if len(word) > _LONGEST_NAME:
        return None
    one_joint = str.maketrans("- ", "__")
    by_shape = {name.casefold().translate(one_joint): name for name in known}
    matches = difflib.get_close_matches(word.casefold().translate(one_joint), by_shape, 1, 0.7)
    return by_shape[matches[0]] if matches else None


def show_path(path: Path, folder: Path | str | None = None) -> str:
    """Return a printable path, with forward slashes, relative to a folder or to the current one."""
    try:
        text = printable(Path(os.path.relpath(path, folder or None)).as_posix())
    except (ValueError, OSError):  # another Windows drive; a current folder that no longer exists
        text = printable(path.as_posix())
    return f"./{text}" if text.startswith((":", "#")) else text  # or GitHub Actions may run it


def path_from_root(path: Path) -> str:
    """Return a path relative to GITHUB_WORKSPACE, else the work tree, else the current folder."""
    try:
        return show_path(path, os.environ.get("GITHUB_WORKSPACE") or work_tree(Path.cwd()))
    except OSError:  # the current folder no longer exists
        return show_path(path)
