"""Where a letter goes, what stands there already, and what becomes of it."""

import errno
import os
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import settings
from prevent_letter.assessment.glance import Glance
from prevent_letter.assessment.settings import Settings, is_inside
from prevent_letter.ground.findings import Misuse, Stop, shown
from prevent_letter.ground.names import folded
from prevent_letter.letter.formats import FORMATS, Format, Writer, ends, format_of
from prevent_letter.tasks import paths, writing
from prevent_letter.tasks.paths import Found

Neighbour = tuple[Glance, Path | None]


class Outcome(Enum):
    """What became of a letter, or, where nothing is written, what would."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    READ_ONLY = "read-only"
    MISSING = "missing"
    OUT_OF_DATE = "out of date"
    EDITED = "edited"
    SENT = "sent"


def target(
    assessment: Path, below: Path, output: Path | None, held: Settings, end: str, variant: str = ""
) -> Path:
    """Where the letter of an assessment goes, in a format: as ``-o`` says, or the settings, or else beside it.

    ``output`` is a letter's file, or a folder in which the assessment's place ``below`` the given one is mirrored. The
    name of a ``variant``, such as draft, says that it is one, but for a file that ``-o`` names.
    """
    if output and format_of(output):
        return output
    name = ".".join(filter(None, (assessment.stem, variant, end)))
    if output:
        return output / below.parent / name
    if (settings_output := held.path(held.file.output)) and held.folder:
        return settings_output / assessment.parent.relative_to(held.folder) / name
    return assessment.parent / name


def neighbours(
    found: Found, output: Path | None, end: str, variant: str = ""
) -> Iterator[Neighbour]:
    """The neighbours of what was found, each with where its letter goes; with ``-o`` that is beside the point."""
    held = cache(settings.find)
    for each in paths.neighbours(found):
        goes = (
            target(each.path, Path(), None, held(each.path.parent), end, variant)
            if not output
            else None
        )
        yield each, goes


def formats(output: Path | None, asked: tuple[str, ...]) -> tuple[str, ...]:
    """The formats to build, as the names of files end: as asked, or as ``output`` names one, or else the first.

    Raises:
        Misuse: ``output`` names a file that no letter can be, or one of another format than is asked for.
    """
    if output:
        writing.refuse_device(output)
    named = format_of(output) if output else None
    if output and output.suffix.lower() in _OTHER_FILES:
        raise Misuse(f"-o {output}: a letter's name ends in {ends('or')}.")
    if not named:
        return asked or (next(iter(FORMATS)),)
    if asked not in ((), (named.end,)):
        raise Misuse(f"-o {output} is one letter's file, and -f asks for {', '.join(asked)}.")
    return (named.end,)


_OTHER_FILES = frozenset((".doc", ".htm", ".md", ".odt", ".rtf", ".txt", ".yaml", ".yml")) - {
    f".{end}" for end in FORMATS
}


class Standing(NamedTuple):
    """What stands at a target; of another letter, whose."""

    outcome: Outcome
    whose: str = ""


def state(path: Path, data: bytes, identifier: str, writer: Writer) -> Standing:
    """How what is there stands to the letter as it would be built: missing, unchanged, out of date or edited.

    Another letter, by its identifier, counts as edited.

    Raises:
        Stop: it can't be read.
    """
    there = _there(path)
    if there is None:
        return Standing(Outcome.MISSING)
    if writer.same(there, data):
        return Standing(Outcome.UNCHANGED)
    found = writer.identity(there)
    if found and folded(found.identifier) != folded(identifier):
        return Standing(Outcome.EDITED, found.identifier)
    return Standing(Outcome.OUT_OF_DATE if found and found.intact else Outcome.EDITED)


def record(path: Path, digest: str, identifier: str, format: Format) -> Standing:
    """How a letter that was sent stands to its assessment, whose content has this digest: sent, or as in ``state``.

    A letter without a digest of ours is taken for the one that was sent.

    Raises:
        Stop: it can't be read, or isn't whole.
    """
    there = _there(path)
    if there is None:
        return Standing(Outcome.MISSING)
    if not format.writer.readable(there):
        message = f"the letter that was sent can't be read as a {format.name} file"
        raise Stop(f"{shown(path)}: {message}; put the one that was sent there again")
    found = format.writer.identity(there)
    if found and folded(found.identifier) != folded(identifier):
        return Standing(Outcome.EDITED, found.identifier)
    if found is None or found.digest == digest:
        return Standing(Outcome.SENT)
    return Standing(Outcome.OUT_OF_DATE if found.intact else Outcome.EDITED)


_MOST_BYTES = 1 << 26
"""What a letter may have; more isn't read."""


def _there(path: Path) -> bytes | None:
    """What stands at a target; None where nothing does; nothing of what is too large for a letter."""
    with writing.stopping(path, "read"):
        if not path.exists():
            return None
        if not path.is_file():  # a pipe would be waited for
            raise IsADirectoryError(errno.EISDIR, "it isn't a plain file")
        return path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""


def save(
    path: Path, data: bytes, identifier: str, writer: Writer, *, force: bool = False
) -> Standing:
    """Put a letter in its place, whole or not at all, unless somebody else's work is there: built, unchanged or kept.

    Its folder is made where it is missing. ``force`` writes over somebody else's work, but over no read-only file.

    Raises:
        Stop: the target can't be read or written.
    """
    path = Path(os.path.realpath(path))  # a link stays one
    found = state(path, data, identifier, writer)
    if found.outcome is Outcome.UNCHANGED:
        return found
    if found.outcome is Outcome.EDITED and not force:
        return Standing(Outcome.KEPT, found.whose)
    with writing.stopping(path):
        if found.outcome is not Outcome.MISSING and not path.stat().st_mode & 0o222:
            return Standing(Outcome.READ_ONLY)
        try:
            writing.replace(path, data)
        except FileExistsError:  # another build was there first
            if state(path, data, identifier, writer).outcome is Outcome.UNCHANGED:
                return Standing(Outcome.UNCHANGED)
            raise
    return Standing(Outcome.BUILT)


def refuse_links(path: Path, repository: Path | None) -> None:
    """See to it that a target, whatever links lead to it, is somewhere, and in the repository where there is one.

    Raises:
        Stop: it isn't.
    """
    with writing.stopping(path):
        if path.is_symlink() and not path.exists():
            raise Stop(
                f"{shown(path)}: this link leads nowhere; delete it, or name another file with -o"
            )
        if repository and not is_inside(path, repository):
            where = shown(Path(os.path.realpath(path)))
            raise Stop(
                f"{shown(path)}: this leads outside the repository, to {where}; name the place with -o"
            )
