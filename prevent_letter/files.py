"""Files: which are meant, where a letter goes, what becomes of what is there, and writing so that nothing is lost."""

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from prevent_letter.findings import Stop, shown
from prevent_letter.settings import NAME, Settings

FORMATS = ("docx",)


@dataclass
class Meant:
    """The files that paths mean, by their kind, and how many others were passed over."""

    assessments: list[Path] = field(default_factory=list)
    criteria: list[Path] = field(default_factory=list)
    settings: list[Path] = field(default_factory=list)
    passed_over: int = 0

    def take(self, path: Path, *, named: bool) -> None:
        """Sort a file in by its lines, good YAML or not; one that is named is an assessment if nothing else."""
        lines: bytes | None = None
        if path.is_file():  # a pipe can be read only once
            with contextlib.suppress(OSError), path.open("rb") as file:
                lines = file.read(1 << 20)
        if path.name == NAME:
            self.settings.append(path)
        elif _CRITERIA.search(lines or b""):
            self.criteria.append(path)
        elif named or lines is None or _ASSESSMENT.search(lines):  # what can't be read is told as an assessment
            self.assessments.append(path)
        else:
            self.passed_over += 1


_CRITERIA = re.compile(rb"(?:^|[\r\n])(?:\xef\xbb\xbf)?scale:")
# A file in UTF-16 isn't passed over in silence.
_ASSESSMENT = re.compile(
    rb"^\xff\xfe|^\xfe\xff|(?:^|[\r\n])(?:\xef\xbb\xbf)?(?:authority|addressee|advisor|benchmarks):"
)


def meant(paths: Iterable[Path]) -> Meant:
    """The files that paths mean: each that is named, and in a folder at any depth those that end in .yaml or .yml.

    Hidden files and folders don't count, and no file counts twice.
    """
    found, seen = Meant(), set[str]()
    for path in paths:
        for each in _below(path) if path.is_dir() else [path]:
            if (real := os.path.realpath(each)) not in seen:  # a link is the file it leads to
                seen.add(real)
                found.take(each, named=each == path)
    return found


def _below(folder: Path) -> Iterator[Path]:
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(above, name)
            if name.lower().endswith((".yaml", ".yml")) and not name.startswith(".") and not path.is_fifo():
                yield path


class Outcome(Enum):
    """What became of a letter's target, in words."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    KEPT = (
        "kept, and not built: somebody has saved it since it was built, or it isn't a letter of this tool; "
        "move or rename it to build the letter anew"
    )


def target(assessment: Path, output: Path | None, held: Settings, *, draft: bool) -> Path:
    """Where the letter of an assessment goes: where ``-o`` says, else where the settings say, else beside it.

    ``output`` is a letter's file or a folder. A draft's name says that it is one, but for a file that ``-o`` names.
    """
    if output and names_letter(output):
        return output
    name = f"{assessment.stem}{'.draft' * draft}.docx"
    if output:
        return output / name
    if held.output and held.folder:
        return held.output / assessment.parent.relative_to(held.folder) / name
    return assessment.parent / name


def names_letter(output: Path) -> bool:
    """Whether a path names a letter's file, rather than a folder for letters."""
    return output.suffix.lower().removeprefix(".") in FORMATS


def names_other_file(output: Path) -> bool:
    """Whether a path names a file that no letter can be."""
    others = (".doc", ".html", ".md", ".odt", ".pdf", ".rtf", ".txt", ".yaml", ".yml")
    return output.suffix.lower() in others


def save(path: Path, data: bytes, *, same: Callable[[bytes, bytes], bool], ours: Callable[[bytes], bool]) -> Outcome:
    """Put a letter in its place, whole or not at all, unless somebody else's work is there.

    Args:
        path: the target. Its folder is made where it is missing.
        data: the letter.
        same: whether two files are the same letter; then the file isn't touched.
        ours: whether a file is a letter as it was built, which may be replaced.

    Raises:
        Stop: the target can't be read or written.
    """
    beside = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            there = path.read_bytes()
            if same(there, data):
                return Outcome.UNCHANGED
            if not ours(there):
                return Outcome.KEPT
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with_word = "; is it open in Word?" if isinstance(error, PermissionError) and path.exists() else ""
        raise Stop(f"{shown(path)}: the letter can't be written: {error.strerror or error}{with_word}") from error
    finally:
        with contextlib.suppress(OSError):  # nothing half-written is left, of this build or an earlier one
            beside.unlink(missing_ok=True)
    return Outcome.BUILT
