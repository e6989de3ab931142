"""Find the assessments, criteria sets and settings in paths, and neighbouring assessments."""

import codecs
import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from prevent_letter.assessment import source
from prevent_letter.assessment.header import Header, read_header
from prevent_letter.core.findings import Finding, Place
from prevent_letter.core.repository import SETTINGS, is_inside, real_path, real_paths, repository

_YAML = (".yaml", ".yml")
_DEEPEST = 100
"""The most levels of folders that are searched."""


class FileKind(Enum):
    """The kind of a YAML file."""

    SETTINGS = "settings"
    CRITERIA = "criteria"
    ASSESSMENT = "assessment"
    OTHER = "other"


@dataclass
class InputFiles:
    """The files found in the paths given."""

    assessments: dict[Path, Path] = field(default_factory=dict)
    """Each assessment, and its path below the folder given, such as ``midlands/rutland.yaml``."""
    named: set[Path] = field(default_factory=set)
    """The assessments given by their own paths, not in a folder."""
    folders: list[Path] = field(default_factory=list)
    """The folders that were given."""
    criteria: list[Path] = field(default_factory=list)
    settings: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """Findings on files and folders that are not read, although a user may expect them to be."""
    passed_over: int = 0
    """The number of YAML files of other kinds, which are not read further."""


def find(paths: Iterable[Path], kind_of: "Callable[[Path], FileKind] | None" = None) -> InputFiles:
    """Return the files in paths: the files given, and the YAML files at any depth in folders given.

    Hidden files and folders are left out, and no file counts twice. Returned paths are absolute.
    ``kind_of``, if given, is called in place of ``file_kind``.
    """
    inputs, real_paths = InputFiles(), set[str]()
    for path in (Path(os.path.abspath(path)) for path in paths):  # without .., and links unresolved
        is_folder = os.path.isdir(path)
        if is_folder:
            inputs.folders.append(path)
        for file in _yaml_paths(path, inputs) if is_folder else [path]:
            if (real := real_path(file)) in real_paths:
                continue  # a link is the file it leads to
            real_paths.add(real)
            kind = (kind_of or file_kind)(file)
            if kind is FileKind.SETTINGS:
                inputs.settings.append(file)
            elif kind is FileKind.CRITERIA:
                inputs.criteria.append(file)
            elif kind is FileKind.ASSESSMENT or not is_folder:
                inputs.assessments[file] = file.relative_to(path if is_folder else path.parent)
                if not is_folder:
                    inputs.named.add(file)
            else:
                inputs.passed_over += 1
    return inputs


# Looking back from the word is faster than looking for it at the beginning of each line.
_CRITERIA = re.compile(rb"scale:(?<![^\r\n]scale:)")
_KEY = rb"[\"']?(?:authority|addressee|advisor|benchmarks)[\"']?[ \t]*:"
_ASSESSMENT = re.compile(rb"(?:^|[\r\n])" + _KEY)
_FIRST_LINE = re.compile(rb"(?:^|[\r\n])([ \t{]*)(?=[^ \t\r\n#{])")


def file_kind(path: Path) -> FileKind:
    """Return the kind of a file, by its name and its lines, whether it is valid YAML or not."""
    if path.name == SETTINGS:
        return FileKind.SETTINGS
    data = _first_bytes(path)
    if data is None:
        return FileKind.ASSESSMENT  # so that it is reported as unreadable
    if _CRITERIA.search(data):
        return FileKind.CRITERIA
    return FileKind.ASSESSMENT if _is_assessment(data) else FileKind.OTHER


def _first_bytes(path: Path) -> bytes | None:
    """Return the first bytes of an ordinary file; None if it can't be read, or is a pipe."""
    with contextlib.suppress(OSError, ValueError):
        return source.read_bytes(path).removeprefix(codecs.BOM_UTF8)
    return None


def _is_assessment(data: bytes) -> bool:
    """Return True if data has a key of an assessment, or is UTF-16 (reported as an error later)."""
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:64]
    if is_utf_16 or _ASSESSMENT.search(data):
        return True
    indent = _FIRST_LINE.search(data)
    if not indent or not indent[1]:
        return False
    start = rb"(?:^|[\r\n,])" + re.escape(indent[1].rstrip(b"{")) + rb"[ \t{]*"  # all is indented
    return re.search(start + _KEY, data) is not None


def neighbours(inputs: InputFiles) -> Iterator[Header]:
    """Yield the headers of assessments that are in the same repositories, but not in ``inputs``.

    Outside a repository, only the folder of each input is searched, without the folders below it.
    """
    folders: dict[Path, bool] = {}
    for folder in {path.parent for path in inputs.assessments}:
        root = repository(folder)
        folders[root or folder] = root is not None
    known = set(map(real_path, inputs.assessments))
    for folder, deep in folders.items():
        if any(folder.is_relative_to(named) for named in inputs.folders):
            continue  # the whole folder was given
        found = [*headers(folder, deep=deep)]
        for header, real in zip(found, real_paths(h.path for h in found), strict=True):
            if real not in known:
                known.add(real)
                yield header


def headers(folder: Path, *, deep: bool = True) -> Iterator[Header]:
    """Yield the headers of the assessments in a folder, at any depth if ``deep``."""
    for path in _yaml_paths(folder, InputFiles(), deep=deep):
        data = _first_bytes(path) or b""
        if path.name != SETTINGS and not _CRITERIA.search(data) and _is_assessment(data):
            yield read_header(path, data)


def all_paths(folder: Path, *, deep: bool = True) -> Iterator[str]:
    """Yield the paths of files and folders in a folder, except hidden ones, without opening any."""
    for above, folders, names in _walk(folder, deep=deep):
        for name in (*folders, *names):
            yield f"{above}{os.sep}{name}"


def yaml_names(folder: Path, *, deep: bool = True) -> Iterator[str]:
    """Yield the paths in a folder that end in .yaml, .yml, .yaml.txt or .yml.txt."""
    for path in all_paths(folder, deep=deep):
        if path.lower().removesuffix(".txt").endswith(_YAML):
            yield path


def _walk(
    folder: Path, *, deep: bool = True, on_error: Callable[[OSError], None] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each folder with the folders and files in it, sorted, hidden ones left out."""
    for above, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if deep and not name.startswith("."))
        if folders and len(Path(above).parts) - len(folder.parts) == _DEEPEST:
            folders[:] = []  # os.walk calls itself for each level
            if on_error:
                on_error(OSError(0, f"folders are nested more than {_DEEPEST} deep here", above))
        yield above, folders, sorted(name for name in names if not name.startswith("."))


def _yaml_paths(folder: Path, inputs: InputFiles, *, deep: bool = True) -> Iterator[Path]:
    """Yield the YAML files to read in a folder, and add findings on files skipped unexpectedly."""
    root, errors = repository(folder), list[OSError]()
    unread: list[tuple[Path, str, str]] = []
    for above, folders, names in _walk(folder, deep=deep, on_error=errors.append):
        for path in (Path(above, name) for name in folders):
            if path.is_symlink() and not is_inside(path, folder):
                help = "name the folder that it leads to, or put a copy in its place"
                unread.append((path, "this is a link to a folder and is not followed", help))
        for path in (Path(above, name) for name in names):
            lower = path.name.lower()
            if path.is_fifo():
                continue
            if not lower.endswith(_YAML):
                inner = path.with_suffix("")
                if not lower.endswith(".txt") or not inner.name.lower().endswith(_YAML):
                    continue
                data = _first_bytes(path) or b""
                if inner.name == SETTINGS or _CRITERIA.search(data) or _is_assessment(data):
                    message = "this file is not read, since its name ends in .txt"
                    message += ", which Explorer may hide"
                    unread.append((path, message, f"rename it {inner.name}"))
            elif lower in (SETTINGS.replace(".yaml", ".yml"), SETTINGS) and path.name != SETTINGS:
                unread.append(
                    (path, f"settings are read from {SETTINGS} alone", f"rename it {SETTINGS}")
                )
            elif path.name == SETTINGS:
                yield path  # if it is a link that leads outside, reading says so
            elif root and path.is_symlink() and path.exists() and not is_inside(path, root):
                help = "put a copy of the file in its place"
                unread.append((path, "this link leads outside the repository", help))
            else:
                yield path
    for error in errors:
        message, help = f"this folder can't be read: {error.strerror}", source.OPEN_IT
        unread.append((Path(error.filename or folder), message, help))
    for path, message, help in unread:
        inputs.findings.append(Finding(Place(path), "PL014", "error", message, help))
