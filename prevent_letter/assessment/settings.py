"""The settings of a repository of assessments: ``prevent-letter.yaml``, the nearest one found upwards."""

import os.path
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from prevent_letter import ROOT
from prevent_letter.assessment import fields, source
from prevent_letter.assessment.fields import Entry, Line, OptionalLine
from prevent_letter.assessment.source import Source
from prevent_letter.ground.findings import Finding

NAME = "prevent-letter.yaml"

CODES = {"PL109": "a folder that the settings name isn't there"}

Codes = Annotated[tuple[Line, ...], BeforeValidator(fields.unless_empty)]


class RuleSettings(Entry):
    """Which rules are silent, and which warnings fail."""

    ignore: Codes = Field(default=(), description="Codes of rules that stay silent in this repository, such as PL304.")
    error: Codes = Field(default=(), description="Codes of rules whose warnings count as errors in this repository.")


class SettingsFile(Entry):
    """What ``prevent-letter.yaml`` says."""

    criteria: OptionalLine = Field(
        default=None,
        description="The criteria set of assessments that name none: a bundled set's name, or a path from this file.",
    )
    templates: OptionalLine = Field(
        default=None, description="A folder with your own letter.docx or letter.html.j2, as a path from this file."
    )
    output: OptionalLine = Field(default=None, description="The folder where the letters go, as a path from this file.")
    rules: Annotated[RuleSettings, BeforeValidator(lambda value: {} if value is None else value)] = Field(
        default=RuleSettings(), description="Rules that stay silent or count as errors."
    )


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

    def template(self, name: str) -> Path:
        """One of the files that a letter is made with: the user's own, or else the standard one."""
        own = self.path(self.file.templates)
        return own / name if own and (own / name).is_file() else ROOT / "templates" / name


def find(folder: Path) -> Settings:
    """The settings that hold in a folder: those of the nearest ``prevent-letter.yaml`` in it or above it."""
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 (.. goes, links stay)
    found = next((above / NAME for above in (folder, *folder.parents) if (above / NAME).is_file()), None)
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
    templates = settings.path(settings.file.templates)
    if templates and not os.path.isdir(templates):  # noqa: PTH112 (a name may be too long)
        message = f"templates names a folder that isn't there: {settings.file.templates}"
        help = "make the folder, correct the path (it goes from this file), or delete the line"
        fault = Finding(read_source.place(("templates",)), "PL109", "error", message, help)
        return replace(settings, findings=(fault,))
    return settings
