"""The settings of a repository of assessments: ``prevent-letter.yaml``, the nearest one found upwards."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from prevent_letter import ROOT
from prevent_letter.assessment import fields, source
from prevent_letter.assessment.fields import Entry, Line, OptionalLine
from prevent_letter.assessment.source import Source
from prevent_letter.ground.findings import Finding, Place, shown, work_tree

NAME = "prevent-letter.yaml"


Codes = Annotated[tuple[Line, ...], BeforeValidator(fields.unless_empty)]


class RuleSettings(Entry):
    """Which rules are silent, and which warnings fail."""

    ignore: Codes = Field(
        default=(), description="Codes of rules that stay silent in this repository, such as PL304."
    )
    error: Codes = Field(
        default=(), description="Codes of rules whose warnings count as errors in this repository."
    )


class SettingsFile(Entry):
    """What ``prevent-letter.yaml`` says."""

    criteria: OptionalLine = Field(
        default=None,
        description="The criteria set of assessments that name none: a bundled set's name, or a path from this file.",
    )
    templates: OptionalLine = Field(
        default=None,
        description="A folder with your own letter.docx or letter.html.j2, as a path from this file.",
    )
    output: OptionalLine = Field(
        default=None, description="The folder where the letters go, as a path from this file."
    )
    rules: Annotated[
        RuleSettings, BeforeValidator(lambda value: {} if value is None else value)
    ] = Field(default=RuleSettings(), description="Rules that stay silent or count as errors.")


@dataclass(frozen=True)
class Settings:
    """The settings that hold for an assessment, with the file they stand in (None where there is no file)."""

    file: SettingsFile = field(default_factory=SettingsFile)
    source: Source | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def folder(self) -> Path | None:
        """The folder of the settings, from which the paths in them go."""
        return self.source.path.parent if self.source else None

    def path(self, name: str | None) -> Path | None:
        """A path that the settings name, such as ``file.templates``."""
        return self.folder / name if self.folder and name else None

    def template(self, name: str, language: str | None = None) -> Path:
        """One of the files that a letter is made with: the user's own, or else the standard one.

        For a letter in another language than English it is that language's, where there is one.
        """
        own = self.path(self.file.templates)
        for each in dict.fromkeys((in_language(name, language), name)):
            if own and os.path.isfile(own / each):
                return own / each
        return ROOT / "templates" / name

    def has_letter(self, language: str) -> bool:
        """Whether there is wording for letters in a language other than English."""
        return self.template(LETTER, language).name == in_language(LETTER, language)


LETTER = "letter.html.j2"
"""The file of the letter's wording."""


def in_language(name: str, language: str | None) -> str:
    """The name of a template for letters in a language: ``letter.docx`` is ``letter.cy.docx`` in Welsh."""
    return name.replace(".", f".{language}.", 1) if language else name


def is_template(name: str) -> bool:
    """Whether a file's name is one of the letter's templates, in whatever language."""
    return name.startswith("letter.") and os.path.isfile(
        ROOT / "templates" / _IN_LANGUAGE.sub(r"\1", name)
    )


def languages(folder: Path) -> list[str]:
    """The languages other than English that a templates folder has wording for."""
    found = (_IN_LANGUAGE.match(path.name) for path in folder.glob(f"*{LETTER.partition('.')[2]}"))
    return sorted(each[2] for each in found if each)


_IN_LANGUAGE = re.compile(r"^(\w+\.)([a-z]{2,3})\.")


def repository(folder: Path) -> Path | None:
    """The repository that a folder is in: the git work tree, else the outermost folder above it that has settings."""
    folder = Path(os.path.abspath(folder))  # .. goes, links stay
    outermost = (
        each for each in reversed((folder, *folder.parents)) if os.path.isfile(each / NAME)
    )
    return work_tree(folder) or next(outermost, None)


def leads_to(path: Path) -> str:
    """Where a path leads, links followed, as far as that can be known."""
    try:
        return os.path.realpath(path)
    except OSError:
        return str(path)


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path leads into a folder, links followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def find(folder: Path) -> Settings:
    """The settings that hold in a folder: those of the nearest ``prevent-letter.yaml`` in it or above it."""
    folder = Path(os.path.abspath(folder))  # .. goes, links stay
    above = (each / NAME for each in (folder, *folder.parents))
    found = next((path for path in above if os.path.isfile(path)), None)
    return read(found) if found else Settings()


def read(path: Path) -> Settings:
    """Read one settings file; where it is at fault, ``findings`` tell how and the settings are empty."""
    read_source = source.read(path)
    if [finding.code for finding in read_source.findings] == ["PL012"]:
        return Settings(source=read_source)  # a file with nothing in it sets nothing
    if read_source.findings:
        return Settings(source=read_source, findings=tuple(read_source.findings))
    file, findings = fields.validate(SettingsFile, read_source)
    settings = Settings(file or SettingsFile(), read_source, tuple(findings))
    return replace(settings, findings=(*settings.findings, *_folder_faults(settings, read_source)))


def _folder_faults(settings: Settings, read_source: Source) -> Iterator[Finding]:
    """What is wrong with the folders that the settings name."""
    home = repository(read_source.path.parent)
    for key in ("templates", "output"):
        name = getattr(settings.file, key)
        place, path = read_source.place((key,)), settings.path(name)
        if path and home and not is_inside(path, home):
            help = "name a folder in the repository, or delete the line"
            yield Finding(
                place, "PL109", "error", f"{key} leads outside the repository: {name}", help
            )
        elif path and key == "templates" and not os.path.isdir(path):
            help = "make the folder, correct the path (it goes from this file), or delete the line"
            yield Finding(
                place, "PL109", "error", f"templates names a folder that isn't there: {name}", help
            )
        elif path and key == "templates":
            yield from _template_faults(place, path, home)


def _template_faults(place: Place, folder: Path, home: Path | None) -> Iterator[Finding]:
    """What in a templates folder can't be used as it is meant to."""
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        help = "see whether you may open it yourself"
        yield Finding(
            place, "PL109", "error", f"the templates folder can't be read: {error.strerror}", help
        )
        return
    for path in found:
        meant = path.name.lower().removesuffix(".txt")
        meant = meant if is_template(meant) else path.name
        if path.is_symlink() and not path.exists():
            yield Finding(
                place,
                "PL109",
                "error",
                f"{shown(path)} is a link that leads nowhere",
                "delete or mend it",
            )
        elif home and not is_inside(path, home):
            help = "put a copy of the file in its place"
            yield Finding(
                place, "PL109", "error", f"{shown(path)} leads outside the repository", help
            )
        elif meant != path.name and not (folder / meant).exists():
            message = f"{shown(path)} isn't used: its name isn't {meant}"
            yield Finding(place, "PL109", "error", message, f"rename it {meant}")
