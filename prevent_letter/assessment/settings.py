"""The settings of assessments: the nearest ``prevent-letter.yaml`` in or above their folder."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from prevent_letter import ROOT
from prevent_letter.assessment import source
from prevent_letter.assessment.places import Source
from prevent_letter.assessment.validation import validate
from prevent_letter.assessment.values import Entry, Line, OptionalLine, described
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import Finding
from prevent_letter.core.repository import SETTINGS, is_inside, repository

LETTER = "letter.html.j2"
"""The template with the letter's wording."""
_IN_LANGUAGE = re.compile(r"^(\w+\.)([a-z]{2,3})\.")


@dataclass(frozen=True, kw_only=True)
class RuleSettings(Entry):
    """Codes of the rules that are silent, and of those whose warnings count as errors."""

    ignore: tuple[Line, ...] = described(
        "Codes of rules that are silent in this repository, such as PL304.", ()
    )
    error: tuple[Line, ...] = described(
        "Codes of rules whose warnings are errors in this repository.", ()
    )


@dataclass(frozen=True, kw_only=True)
class SettingsFile(Entry):
    """The content of ``prevent-letter.yaml``."""

    criteria: OptionalLine = described(
        "The criteria set of assessments that name none: a bundled set's name,"
        " or a path from this file.",
        None,
    )
    templates: OptionalLine = described(
        "A folder with your own letter.docx or letter.html.j2, as a path from this file.", None
    )
    output: OptionalLine = described(
        "The folder where the letters go, as a path from this file.", None
    )
    names: tuple[Line, ...] = described(
        "Names of your region that no rule about spelling or other councils takes for a mistake.",
        (),
    )
    rules: RuleSettings = described(
        "Rules that are silent, or whose warnings fail.", factory=RuleSettings
    )


class Settings(NamedTuple):
    """The settings of an assessment, and their ``source`` (None if there is no settings file)."""

    file: SettingsFile = SettingsFile()
    source: Source | None = None
    findings: tuple[Finding, ...] = ()
    templates: Path | None = None
    """The folder with the repository's own templates."""
    output: Path | None = None
    """The folder where the letters go."""

    def template(self, name: str, language: str | None = None) -> Path:
        """Return the path of a template: the repository's own if it exists, else the standard one.

        For a language other than English, the repository's template in that language comes first.
        """
        for candidate in dict.fromkeys((in_language(name, language), name)):
            if self.templates and os.path.isfile(self.templates / candidate):
                return self.templates / candidate
        return ROOT / "templates" / name


def in_language(name: str, language: str | None) -> str:
    """Return a template's name in a language: ``letter.docx`` is ``letter.cy.docx`` in Welsh."""
    return name.replace(".", f".{language}.", 1) if language else name


def is_template(name: str) -> bool:
    """Return True if this is the name of a template of the letter, in any language."""
    standard = ROOT / "templates" / _IN_LANGUAGE.sub(r"\1", name)
    return name.startswith("letter.") and os.path.isfile(standard)


def languages(folder: Path) -> list[str]:
    """Return the languages other than English that a templates folder has wording for."""
    names = (path.name for path in folder.glob(f"*{LETTER.partition('.')[2]}"))
    return sorted(match[2] for name in names if (match := _IN_LANGUAGE.match(name)))


def find(folder: Path) -> Settings:
    """Return the settings of a folder, from the nearest settings file in it or above it."""
    folder = Path(os.path.abspath(folder))  # without .., and links unresolved
    for above in (folder, *folder.parents):
        if os.path.isfile(above / SETTINGS):
            return read(above / SETTINGS)
    return Settings()


def read(path: Path) -> Settings:
    """Read a settings file. If it is not a valid ``SettingsFile``, the settings are empty."""
    file_source = source.read(path)
    if [finding.code for finding in file_source.findings] == ["PL012"]:
        return Settings(source=file_source)  # an empty file sets nothing
    if file_source.findings:
        return Settings(source=file_source, findings=tuple(file_source.findings))
    file, findings = validate(SettingsFile, file_source)
    file = file or SettingsFile()
    root, folders = repository(path.parent), dict[str, Path]()
    for key, name in (("templates", file.templates), ("output", file.output)):
        if not name:
            continue
        folder, problems = path.parent / name, list[tuple[str, str]]()
        folders[key] = folder
        if root and not is_inside(folder, root):
            help = "name a folder in the repository, or delete the line"
            problems = [(f"{key} leads outside the repository: {name}", help)]
        elif key == "templates" and not os.path.isdir(folder):
            help = "make the folder, correct the path (relative to this file), or delete the line"
            problems = [(f"templates names a folder that does not exist: {name}", help)]
        elif key == "templates":
            problems = [*_template_problems(folder, root)]
        place = file_source.place((key,))
        findings += [Finding(place, "PL109", "error", *problem) for problem in problems]
    return Settings(file, file_source, tuple(findings), **folders)


def _template_problems(folder: Path, root: Path | None) -> Iterator[tuple[str, str]]:
    """Yield message and help about each unusable file in a templates folder."""
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        yield f"the templates folder can't be read: {error.strerror}", source.OPEN_IT
        return
    for path in paths:
        lower = path.name.lower().removesuffix(".txt")
        name = lower if is_template(lower) else path.name
        if path.is_symlink() and not path.exists():
            yield f"{show_path(path)} is a link that leads nowhere", "delete or correct it"
        elif root and not is_inside(path, root):
            help = "put a copy of the file in its place"
            yield f"{show_path(path)} leads outside the repository", help
        elif name != path.name and not (folder / name).exists():
            yield f"{show_path(path)} is not used: its name is not {name}", f"rename it {name}"
