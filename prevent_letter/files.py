"""Files: which are meant, where a letter goes, what becomes of what is there, and writing so that nothing is lost."""

import codecs
import contextlib
import errno
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from prevent_letter.findings import Stop, shown
from prevent_letter.settings import NAME, Settings

if TYPE_CHECKING:
    from prevent_letter.letter import Mark

FORMATS = {"docx": "word", "pdf": "pdf", "html": "web"}
"""The formats of letters, as their files end, and the rooms that write them."""


@dataclass
class Meant:
    """The files that paths mean, by their kind, and how many others were passed over."""

    assessments: dict[Path, Path] = field(default_factory=dict)
    """Each assessment, and where it lies below the folder that was given: ``midlands/rutland.yaml``."""
    criteria: list[Path] = field(default_factory=list)
    settings: list[Path] = field(default_factory=list)
    passed_over: int = 0

    def take(self, path: Path, below: Path, *, named: bool) -> None:
        """Sort a file in by its lines, good YAML or not; one that is named is an assessment if nothing else."""
        lines: bytes | None = None
        if path.is_file():  # a pipe can be read only once
            with contextlib.suppress(OSError), path.open("rb") as file:
                lines = file.read(1 << 20).removeprefix(codecs.BOM_UTF8)
        if path.name == NAME:
            self.settings.append(path)
        elif _CRITERIA.search(lines or b""):
            self.criteria.append(path)
        elif named or lines is None or _ASSESSMENT.search(lines):  # what can't be read is told as an assessment
            self.assessments[path] = below
        else:
            self.passed_over += 1


# Looking back from the word is quicker than looking for it at each line's beginning.
_CRITERIA = re.compile(rb"scale:(?<![^\r\n]scale:)")
# A file in UTF-16 isn't passed over in silence.
_ASSESSMENT = re.compile(rb"^\xff\xfe|^\xfe\xff|(?:^|[\r\n])(?:authority|addressee|advisor|benchmarks):")


def meant(paths: Iterable[Path]) -> Meant:
    """The files that paths mean: each that is named, and in a folder at any depth those that end in .yaml or .yml.

    Hidden files and folders don't count, and no file counts twice. The paths found are absolute.
    """
    found, seen = Meant(), set[str]()
    for path in (Path(os.path.abspath(path)) for path in paths):  # noqa: PTH100 (.. goes, links stay)
        folder = path.is_dir()
        for each in _below(path) if folder else [path]:
            if (real := os.path.realpath(each)) not in seen:  # a link is the file it leads to
                seen.add(real)
                found.take(each, each.relative_to(path if folder else path.parent), named=not folder)
    return found


def _below(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(above, name)
            if name.lower().endswith((".yaml", ".yml")) and not name.startswith(".") and not path.is_fifo():
                yield path


class Format(Protocol):
    """What a format can do with a letter's file, as bytes."""

    def mark(self, data: bytes, /) -> "Mark | None":
        """What the letter says about itself; None where no letter of this tool speaks."""

    def same(self, one: bytes, other: bytes, /) -> bool:
        """Whether two files are the same letter."""


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
    assessment: Path, below: Path, output: Path | None, held: Settings, form: str = "docx", *, draft: bool = False
) -> Path:
    """Where the letter of an assessment goes, in a format: as ``-o`` says, or the settings, or else beside it.

    ``output`` is a letter's file, or a folder in which the assessment's place ``below`` the given one is mirrored. A
    draft's name says that it is one, but for a file that ``-o`` names.
    """
    if output and format_named(output):
        return output
    name = f"{assessment.stem}{'.draft' * draft}.{form}"
    if output:
        return output / below.parent / name
    if held.output and held.folder:
        return held.output / assessment.parent.relative_to(held.folder) / name
    return assessment.parent / name


def format_named(output: Path) -> str | None:
    """The format that a path names, if it is a letter's file, rather than a folder for letters."""
    return end if (end := output.suffix.lower().removeprefix(".")) in FORMATS else None


def names_other_file(output: Path) -> bool:
    """Whether a path names a file that no letter can be."""
    others = (".doc", ".htm", ".md", ".odt", ".rtf", ".txt", ".yaml", ".yml")
    return output.suffix.lower() in others


def state(path: Path, data: bytes, form: Format) -> Outcome:
    """How what is there stands to the letter as it would be built: missing, unchanged, out of date or edited.

    Raises:
        Stop: it can't be read.
    """
    there = _there(path)
    if there is None:
        return Outcome.MISSING
    if form.same(there, data):
        return Outcome.UNCHANGED
    found = form.mark(there)
    return Outcome.OUT_OF_DATE if found and found.intact else Outcome.EDITED


def record(path: Path, digest: str, form: Format) -> Outcome:
    """How a letter that was sent stands to its assessment, whose content has this digest: sent, or as in ``state``.

    A letter that says nothing of its content is taken for the one that was sent.

    Raises:
        Stop: it can't be read.
    """
    there = _there(path)
    if there is None:
        return Outcome.MISSING
    found = form.mark(there)
    if found is None or found.digest == digest:
        return Outcome.SENT
    return Outcome.OUT_OF_DATE if found.intact else Outcome.EDITED


def _there(path: Path) -> bytes | None:
    """What stands at a target; None where nothing does."""
    with _told(path):
        if not path.exists():
            return None
        if not path.is_file():  # a pipe would be waited for
            raise IsADirectoryError(errno.EISDIR, "it isn't a plain file")
        return path.read_bytes()


def save(path: Path, data: bytes, form: Format, *, force: bool = False) -> Outcome:
    """Put a letter in its place, whole or not at all, unless somebody else's work is there: built, unchanged or kept.

    Its folder is made where it is missing. ``force`` writes over somebody else's work.

    Raises:
        Stop: the target can't be read or written.
    """
    path = Path(os.path.realpath(path))  # a link stays one
    try:
        found = state(path, data, form)
        if found is Outcome.UNCHANGED:
            return found
        if found is Outcome.EDITED and not force:
            return Outcome.KEPT
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _beside(path).write_bytes(data)
            _beside(path).replace(path)
        return Outcome.BUILT
    finally:
        clear(path)


def write_new(path: Path, text: str) -> None:
    """Write a file that isn't there yet, in UTF-8.

    Raises:
        Stop: it is there, or can't be written.
    """
    data = text.encode()
    try:
        file = path.open("xb")
        try:
            with file:
                file.write(data)
        except BaseException:  # Ctrl-C too
            path.unlink()
            raise
    except FileExistsError as error:
        raise Stop(f"{shown(path)} is there already, and isn't written over; move or rename it first") from error
    except OSError as error:
        raise Stop(f"{shown(path)}: the file can't be written: {_reason(path, error)}") from error


def write_over(path: Path, text: str) -> None:
    """Write a file of ours, in UTF-8, where it differs from what is there.

    Raises:
        Stop: it can't be written.
    """
    data = text.encode()
    try:
        if not path.is_file() or path.read_bytes() != data:
            _beside(path).write_bytes(data)
            _beside(path).replace(path)
    except OSError as error:
        raise Stop(f"{shown(path)}: the file can't be written: {_reason(path, error)}") from error
    finally:
        clear(path)


def clear(path: Path) -> None:
    """Remove what is half-written beside a target, by this build or by an earlier one that was cut short."""
    with contextlib.suppress(OSError):
        _beside(path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell in a sentence why a letter can't be read or written."""
    try:
        yield
    except OSError as error:
        raise Stop(f"{shown(path)}: the letter can't be written: {_reason(path, error)}") from error


def _reason(path: Path, error: OSError) -> str:
    if error.errno == errno.ENAMETOOLONG:
        return "its name is too long; name a shorter one with -o"
    if path.is_dir():
        return "a folder has this name; rename the folder, or name another file with -o"
    if blocking := next((above for above in path.parents if above.exists() and not above.is_dir()), None):
        return f"its folder can't be made, since {shown(blocking)} is a file; name another folder"
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        return "is it open in Word? Close it there, and build again"
    if isinstance(error, PermissionError):
        return "you may not write in its folder; name another with -o"
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room on it, and build again"
    return error.strerror or str(error)
