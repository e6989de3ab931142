"""Where the letter of an assessment goes."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import files
from prevent_letter.assessment import settings as settings_files
from prevent_letter.assessment.files import FoundFiles
from prevent_letter.assessment.header import Header
from prevent_letter.assessment.settings import Settings
from prevent_letter.letter.formats import format_of


def letter_path(
    assessment: Path,
    below: Path,
    output: Path | None,
    settings: Settings,
    end: str,
    variant: str = "",
) -> Path:
    """Return the path of a letter: as ``-o`` says, or the settings, or else beside its assessment.

    Args:
        assessment: its assessment.
        below: the path of the assessment below the folder that was named.
        output: a letter's file, or a folder in which ``below`` is mirrored.
        settings: those of the assessment.
        end: the ending of the format.
        variant: what the name says, such as draft; a file that ``-o`` names stays as it is.
    """
    if output and format_of(output):
        return output
    name = ".".join(filter(None, (assessment.stem, variant, end)))
    if output:
        return output / below.parent / name
    folder = settings.path(settings.file.output)
    if folder and settings.folder:
        return folder / assessment.parent.relative_to(settings.folder) / name
    return assessment.parent / name


class Neighbour(NamedTuple):
    """An assessment that was not named, and where its letter goes (None if that is of no use)."""

    header: Header
    target: Path | None


def neighbours(
    found: FoundFiles, output: Path | None, end: str, variant: str = ""
) -> Iterator[Neighbour]:
    """Yield the neighbours of the files found; with ``-o`` their letters go elsewhere."""
    find_settings = cache(settings_files.find)
    for header in files.neighbours(found):
        target = None
        if not output:
            settings = find_settings(header.path.parent)
            target = letter_path(header.path, Path(), None, settings, end, variant)
        yield Neighbour(header, target)
