"""Which files paths mean: assessments, criteria sets and settings, each that is named and those in folders."""

import codecs
import contextlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prevent_letter.assessment.settings import NAME


@dataclass
class Found:
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
        elif named or lines is None or _ASSESSMENT.search(lines):  # what can't be read is reported as an assessment
            self.assessments[path] = below
        else:
            self.passed_over += 1


# Looking back from the word is quicker than looking for it at each line's beginning.
_CRITERIA = re.compile(rb"scale:(?<![^\r\n]scale:)")
# A file in UTF-16 isn't passed over in silence.
_ASSESSMENT = re.compile(rb"^\xff\xfe|^\xfe\xff|(?:^|[\r\n])(?:authority|addressee|advisor|benchmarks):")


def find(paths: Iterable[Path]) -> Found:
    """The files that paths mean: each that is named, and in a folder at any depth those that end in .yaml or .yml.

    Hidden files and folders don't count, and no file counts twice. The paths found are absolute.
    """
    found, seen = Found(), set[str]()
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
