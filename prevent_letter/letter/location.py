"""Choose the path of an assessment's letter."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import files
from prevent_letter.assessment import settings as settings_files
from prevent_letter.assessment.files import InputFiles
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
    """Return a letter's path: from ``-o``, else from the settings, else beside its assessment.

    Args:
        assessment: the assessment's file.
        below: the assessment's path relative to the folder that the user named.
        output: a letter's file, or a folder in which ``below`` is mirrored.
        settings: the settings that apply to the assessment.
        end: the ending of the format.
        variant: a word for the name, such as draft; not used if ``-o`` names a file.
    """
    if output and format_of(output):
        return output
    name = ".".join(filter(None, (assessment.stem, variant, end)))
    if output:
        return output / below.parent / name
    if settings.output and settings.source:
        below = assessment.parent.relative_to(settings.source.path.parent)
        return settings.output / below / name
    return assessment.parent / name


class Neighbour(NamedTuple):
    """An assessment that the user did not name, and its letter's path (None with ``-o``)."""

    header: Header
    target: Path | None


def neighbours(
    inputs: InputFiles, output: Path | None, end: str, variant: str = ""
) -> Iterator[Neighbour]:
    """Yield the neighbours of the input files, without their letters' paths if ``-o`` is given."""
    find_settings = cache(settings_files.find)
    for header in files.neighbours(inputs):
        target = None
        if not output:
            settings = find_settings(header.path.parent)
            target = letter_path(header.path, Path(), None, settings, end, variant)
        yield Neighbour(header, target)
