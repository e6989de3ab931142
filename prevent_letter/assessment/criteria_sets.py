"""Choose the criteria set: the one requested, else the assessment's, the settings', or annex_a."""

import os.path
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from prevent_letter.assessment import criteria as criteria_files
from prevent_letter.assessment import settings as settings_files
from prevent_letter.assessment.criteria import BUNDLED, Criteria
from prevent_letter.assessment.places import Source, on_one_line
from prevent_letter.assessment.settings import Settings
from prevent_letter.core.display import nearest, quote, show_path
from prevent_letter.core.findings import FileErrors, Finding, Place, UsageError
from prevent_letter.core.repository import is_inside, repository

STANDARD = "annex_a"


class NamedSet(NamedTuple):
    """A criteria set, given by a bundled set's name or by a path that ends in .yaml or .yml."""

    name: str
    folder: Path
    """The folder that ``name`` is relative to if it is a path."""
    source: Source | None = None
    """The file that names the set, if any."""

    @property
    def place(self) -> Place:
        """Where the name is written."""
        return self.source.place(("criteria",)) if self.source else Place(Path())

    @property
    def is_path(self) -> bool:
        """True if the name is a path."""
        return self.name.endswith((".yaml", ".yml"))

    @property
    def path(self) -> Path:
        """The file of the set."""
        return self.folder / self.name if self.is_path else BUNDLED / f"{self.name}.yaml"

    def faults(self, root: Path | None) -> Iterator[Finding]:
        """Yield a finding at the set's name if there is no such set, or none in the repository."""
        is_name = self.is_path or self.name.isidentifier()  # no path into another folder
        if not is_name or not os.path.isfile(self.path):
            sets = sorted(path.stem for path in BUNDLED.glob("*.yaml"))
            guess = nearest(self.name, sets)
            help = f"the bundled sets: {', '.join(sets)}; or give a path to a .yaml file"
            help = f"did you mean {guess}?" if guess else help
            message = f"there is no criteria set {quote(self.name)}"
            yield Finding(self.place, "PL110", "error", message, help)
        elif root and self.is_path and not is_inside(self.path, root):
            help = "put a copy of the set into the repository, and name the copy"
            message = f"the criteria set {self.name} is outside the repository"
            yield Finding(self.place, "PL110", "error", message, help)


def named_set(assessment: Source | None, settings: Settings) -> NamedSet:
    """Return the set that an assessment names, else that of the settings, else the standard one."""
    if assessment and (own := on_one_line(assessment.value("criteria"))):
        return NamedSet(own, assessment.path.parent, assessment)
    if settings.file.criteria and settings.source:
        return NamedSet(settings.file.criteria, settings.source.path.parent, settings.source)
    return NamedSet(STANDARD, Path(), assessment)


class ChosenSet(NamedTuple):
    """A criteria set, and the name or path by which an assessment names it."""

    criteria: Criteria
    name: str


def choose(
    name: str | None, last_year: Source | None = None, folder: Path | None = None
) -> ChosenSet:
    """Return the set called ``name``; if that is None, the set that ``named_set`` finds.

    A path in the result is relative to ``folder``, or to the current folder if ``folder`` is None.

    Raises:
        UsageError: ``name`` is given, and there is no such set or the settings have errors.
        FileErrors: the set has errors; without ``name``, also: no such set, or errors in settings.
    """
    if name:
        settings = settings_files.find(Path.cwd())
        named = NamedSet(name, Path.cwd())
        root = repository(folder.absolute()) if folder else None
    else:
        settings = settings_files.find(last_year.path.parent if last_year else Path.cwd())
        named = named_set(last_year, settings)
        root = repository(named.folder)
    findings = [*settings.findings, *named.faults(root)]
    if findings:
        if name:
            raise UsageError(f"{findings[-1].message}; {findings[-1].help}")
        raise FileErrors(findings)
    file = criteria_files.read(named.path)
    if file.criteria is None:
        raise FileErrors(file.findings)
    return ChosenSet(file.criteria, show_path(named.path, folder) if named.is_path else named.name)
