"""Files: where a letter goes, what becomes of what is there already, and how it is written so that nothing is lost."""

import contextlib
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from prevent_letter.findings import Stop, shown

FORMATS = ("docx",)


class Outcome(Enum):
    """What became of a letter's target, in words."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    KEPT = (
        "kept, and not built: somebody has saved it since it was built, or it isn't a letter of this tool; "
        "move or rename it to build the letter anew"
    )


def target(assessment: Path, output: Path | None, folder: Path | None, base: Path | None, *, draft: bool) -> Path:
    """Where the letter of an assessment goes.

    Args:
        assessment: the assessment's file.
        output: what ``-o`` says: a letter's file, or a folder.
        folder: the settings' output folder, which mirrors the path below ``base``, the settings' own folder.
        base: as above.
        draft: whether the name says that the letter is a draft; a file named by ``output`` keeps its name.
    """
    if output and names_letter(output):
        return output
    name = f"{assessment.stem}{'.draft' * draft}.docx"
    if output:
        return output / name
    if folder and base:
        return folder / assessment.absolute().parent.relative_to(base) / name
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
