"""Where a letter goes, what stands there already, and what becomes of it."""

import errno
import os
from enum import Enum
from pathlib import Path

from prevent_letter.assessment.settings import Settings
from prevent_letter.ground.findings import Misuse
from prevent_letter.letter.formats import FORMATS, Writer, ends, format_of
from prevent_letter.tasks import writing


class Outcome(Enum):
    """What became of a letter, or, where nothing is written, what would."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    MISSING = "missing"
    OUT_OF_DATE = "out of date"
    EDITED = "edited"
    SENT = "sent"


def target(
    assessment: Path, below: Path, output: Path | None, held: Settings, end: str, *, as_draft: bool = False
) -> Path:
    """Where the letter of an assessment goes, in a format: as ``-o`` says, or the settings, or else beside it.

    ``output`` is a letter's file, or a folder in which the assessment's place ``below`` the given one is mirrored. A
    draft's name says that it is one, but for a file that ``-o`` names.
    """
    if output and format_of(output):
        return output
    name = f"{assessment.stem}{'.draft' * as_draft}.{end}"
    if output:
        return output / below.parent / name
    if (settings_output := held.path(held.file.output)) and held.folder:
        return settings_output / assessment.parent.relative_to(held.folder) / name
    return assessment.parent / name


def formats(output: Path | None, asked: tuple[str, ...]) -> tuple[str, ...]:
    """The formats to build, as the names of files end: as asked, or as ``output`` names one, or else the first.

    Raises:
        Misuse: ``output`` names a file that no letter can be, or one of another format than is asked for.
    """
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


def state(path: Path, data: bytes, writer: Writer) -> Outcome:
    """How what is there stands to the letter as it would be built: missing, unchanged, out of date or edited.

    Raises:
        Stop: it can't be read.
    """
    there = _there(path)
    if there is None:
        return Outcome.MISSING
    if writer.same(there, data):
        return Outcome.UNCHANGED
    found = writer.identity(there)
    return Outcome.OUT_OF_DATE if found and found.intact else Outcome.EDITED


def record(path: Path, digest: str, writer: Writer) -> Outcome:
    """How a letter that was sent stands to its assessment, whose content has this digest: sent, or as in ``state``.

    A letter that says nothing of its content is taken for the one that was sent.

    Raises:
        Stop: it can't be read.
    """
    there = _there(path)
    if there is None:
        return Outcome.MISSING
    found = writer.identity(there)
    if found is None or found.digest == digest:
        return Outcome.SENT
    return Outcome.OUT_OF_DATE if found.intact else Outcome.EDITED


def _there(path: Path) -> bytes | None:
    """What stands at a target; None where nothing does."""
    with writing.stopping(path):
        if not path.exists():
            return None
        if not path.is_file():  # a pipe would be waited for
            raise IsADirectoryError(errno.EISDIR, "it isn't a plain file")
        return path.read_bytes()


def save(path: Path, data: bytes, writer: Writer, *, force: bool = False) -> Outcome:
    """Put a letter in its place, whole or not at all, unless somebody else's work is there: built, unchanged or kept.

    Its folder is made where it is missing. ``force`` writes over somebody else's work.

    Raises:
        Stop: the target can't be read or written.
    """
    path = Path(os.path.realpath(path))  # a link stays one
    found = state(path, data, writer)
    if found is Outcome.UNCHANGED:
        return found
    if found is Outcome.EDITED and not force:
        return Outcome.KEPT
    with writing.stopping(path):
        writing.replace(path, data)
    return Outcome.BUILT
