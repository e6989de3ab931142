"""Which files paths mean: assessments, criteria sets and settings, each that is named and those in folders."""

import codecs
import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from prevent_letter.assessment.glance import Glance, glance
from prevent_letter.assessment.settings import NAME, is_inside, leads_to, repository
from prevent_letter.ground.findings import Finding, Place


@dataclass
class Found:
    """The files that paths mean, by their kind, and how many others were passed over."""

    assessments: dict[Path, Path] = field(default_factory=dict)
    """Each assessment, and where it lies below the folder that was given: ``midlands/rutland.yaml``."""
    named: set[Path] = field(default_factory=set)
    """The assessments that were given themselves."""
    folders: list[Path] = field(default_factory=list)
    """The folders that were given."""
    criteria: list[Path] = field(default_factory=list)
    settings: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """What isn't looked at, though somebody may think it is."""
    passed_over: int = 0

    def take(self, path: Path, kind: "Kind", below: Path, *, named: bool) -> None:
        """Sort a file in by its kind; one that is named is an assessment if nothing else."""
        if kind == "settings":
            self.settings.append(path)
        elif kind == "criteria":
            self.criteria.append(path)
        elif named or kind == "assessment":
            self.assessments[path] = below
            self.named |= {path} if named else set()
        else:
            self.passed_over += 1

    def overlooked(self, path: Path, message: str, help: str) -> None:
        """Report what isn't looked at."""
        self.findings.append(Finding(Place(path), "PL014", "error", message, help))


def _beginning(path: Path) -> bytes | None:
    """The first mebibyte of a plain file; None where it can't be read, or could be only once, as a pipe."""
    with contextlib.suppress(OSError, ValueError):
        if path.is_file():
            with path.open("rb") as file:
                return file.read(1 << 20).removeprefix(codecs.BOM_UTF8)
    return None


# Looking back from the word is quicker than looking for it at each line's beginning.
_CRITERIA = re.compile(rb"scale:(?<![^\r\n]scale:)")
_KEY = rb"[\"']?(?:authority|addressee|advisor|benchmarks)[\"']?[ \t]*:"
_ASSESSMENT = re.compile(rb"(?:^|[\r\n])" + _KEY)
_FIRST_LINE = re.compile(rb"(?:^|[\r\n])([ \t{]*)(?=[^ \t\r\n#{])")


def _is_assessment(lines: bytes) -> bool:
    """Whether a file is one by its lines, in which all may be indented; one in UTF-16 isn't passed over in silence."""
    if (
        _ASSESSMENT.search(lines)
        or lines.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        or b"\0" in lines[:64]
    ):
        return True
    indent = _FIRST_LINE.search(lines)
    if not indent or not indent[1]:
        return False
    return (
        re.search(rb"(?:^|[\r\n,])" + re.escape(indent[1].rstrip(b"{")) + rb"[ \t{]*" + _KEY, lines)
        is not None
    )


Kind = Literal["settings", "criteria", "assessment", "other"]


def kind_of(path: Path) -> Kind:
    """What kind of file this is, by its name and its lines, good YAML or not."""
    if path.name == NAME:
        return "settings"
    lines = _beginning(path)
    if _CRITERIA.search(lines or b""):
        return "criteria"
    return (
        "assessment" if lines is None or _is_assessment(lines) else "other"
    )  # what can't be read is reported as one


def find(paths: Iterable[Path], kind_of: Callable[[Path], Kind] = kind_of) -> Found:
    """The files that paths mean: each that is named, and in a folder at any depth those that end in .yaml or .yml.

    Hidden files and folders don't count, and no file counts twice. The paths found are absolute.
    """
    found, seen = Found(), set[str]()
    for path in (Path(os.path.abspath(path)) for path in paths):  # .. goes, links stay
        folder = os.path.isdir(path)
        found.folders += [path] * folder
        for each in _below(path, found) if folder else [path]:
            if (real := leads_to(each)) not in seen:  # a link is the file it leads to
                seen.add(real)
                below = each.relative_to(path if folder else path.parent)
                found.take(each, kind_of(each), below, named=not folder)
    return found


def neighbours(found: Found) -> Iterator[Glance]:
    """The other assessments of the repositories that the found ones are in; without one, of their own folders."""
    homes = {folder: repository(folder) for folder in {path.parent for path in found.assessments}}
    seen = {_number(path) for path in found.assessments}
    for folder, deep in {
        home or folder: home is not None for folder, home in homes.items()
    }.items():
        if any(folder.is_relative_to(each) for each in found.folders):
            continue  # all of it was asked for
        for other in glances(folder, deep=deep):
            if _number(other.path) not in seen:
                seen.add(_number(other.path))
                yield other


def glances(folder: Path, *, deep: bool = True) -> Iterator[Glance]:
    """The assessments of a folder, at any depth where it is ``deep``, at a glance."""
    for path in _below(folder, Found(), deep=deep):
        lines = _beginning(path) or b""
        if path.name != NAME and not _CRITERIA.search(lines) and _is_assessment(lines):
            yield glance(path, lines)


def _number(path: Path) -> tuple[int, int] | Path:
    """What tells a file from others, whatever links lead to it."""
    with contextlib.suppress(OSError):
        stat = path.stat()
        return stat.st_dev, stat.st_ino
    return path


def _walk(
    folder: Path, *, deep: bool = True, unreadable: Callable[[OSError], None] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each folder with the folders and the files in it, in order, less what is hidden."""
    for above, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if deep and not name.startswith("."))
        yield above, folders, sorted(name for name in names if not name.startswith("."))


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def all_in(folder: Path, *, deep: bool = True) -> Iterator[str]:
    """The files and folders in a folder; none is looked at, so that hundreds cost next to nothing."""
    for above, folders, names in _walk(folder, deep=deep):
        yield from (f"{above}{os.sep}{name}" for name in (*folders, *names))


def yaml_files(folder: Path, *, deep: bool = True) -> Iterator[str]:
    """The files of a folder that are YAML by their names, and those that would be but for a hidden .txt."""
    return (
        each for each in all_in(folder, deep=deep) if _is_yaml(each.lower().removesuffix(".txt"))
    )


def around(path: Path) -> Iterator[str]:
    """The YAML files of the repository that an assessment is in; without one, of its folder."""
    home = repository(path.parent)
    return yaml_files(home or path.parent, deep=home is not None)


def _below(folder: Path, found: Found, *, deep: bool = True) -> Iterator[Path]:
    """The YAML files of a folder, at any depth where it is ``deep``; what may be meant and isn't one is reported."""

    def unreadable(error: OSError) -> None:
        help = "see whether you may open it yourself"
        found.overlooked(
            Path(error.filename or folder), f"this folder can't be read: {error.strerror}", help
        )

    home = repository(folder)
    for above, folders, names in _walk(folder, deep=deep, unreadable=unreadable):
        for path in (Path(above, name) for name in folders):
            if path.is_symlink() and not is_inside(path, folder):
                help = "name that folder itself, or put a copy in its place"
                found.overlooked(path, "this is a link to a folder, and isn't followed", help)
        for path in (Path(above, name) for name in names):
            name = path.name
            if path.is_fifo():
                continue
            if not _is_yaml(name):
                _look_at_ending(path, found)
            elif name.lower() in (NAME.replace(".yaml", ".yml"), NAME) and name != NAME:
                found.overlooked(path, f"settings are read from {NAME} alone", f"rename it {NAME}")
            elif home and path.is_symlink() and path.exists() and not is_inside(path, home):
                found.overlooked(
                    path,
                    "this link leads outside the repository",
                    "put a copy of the file in its place",
                )
            else:
                yield path


def _look_at_ending(path: Path, found: Found) -> None:
    """Report an assessment, a criteria set or settings whose name doesn't end as it seems to: Explorer hides .txt."""
    inner = path.with_suffix("")
    if path.suffix.lower() != ".txt" or inner.suffix.lower() not in (".yaml", ".yml"):
        return
    lines = _beginning(path) or b""
    if inner.name == NAME or _CRITERIA.search(lines) or _is_assessment(lines):
        message = "this file isn't looked at, since its name ends in .txt, which Explorer may hide"
        found.overlooked(path, message, f"rename it {inner.name}")
