"""The list of a folder's assessments, each read again only if its files change."""

import os
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from urllib.parse import quote

from prevent_letter.assessment import files
from prevent_letter.assessment.drafts import Draft, DraftLoader, State
from prevent_letter.assessment.files import InputFiles
from prevent_letter.assessment.report import Failure, attempt, unread_remark
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import Finding
from prevent_letter.previewing import pages
from prevent_letter.previewing.live import Stamp, files_of, stamp
from prevent_letter.previewing.pages import HAS_ERRORS, ListEntry, Page
from prevent_letter.rules.engine import apply_rules

_READ_FOR = 0.5
"""Seconds spent reading assessments before the list is shown, even if some are not read yet."""
_SETTLED = 1.0
"""Seconds before an assessment is shown as gone or with errors: a save may be under way."""

Stamps = Callable[[Path], Stamp | None]


class _ReadAssessment(NamedTuple):
    """What the list shows of an assessment, and the stamps of its files."""

    stamps: dict[Path, Stamp | None]
    name: str
    state: str
    tallies: tuple[int, int] = (0, 0)
    """How many errors and warnings it has."""


class FolderPage:
    """The list of a folder's assessments."""

    def __init__(self, path: Path) -> None:
        self._folder = path
        self._lock = Lock()
        self._kind_of = cache(lambda path, stamp: files.file_kind(path))
        self._read: dict[Path, _ReadAssessment] = {}
        self.paths: dict[str, Path] = {}
        """The paths of the assessments, even of those now gone, by the addresses of their pages."""
        self._remarks: list[str] = []
        self._other_files = set[str]()
        """The files that the assessments depend on, such as settings and templates."""
        self._stamps: dict[str, Stamp | None] = {}
        self._entries: dict[str, ListEntry] = {}
        self._worse_since: dict[str, float] = {}
        """By page address: when an assessment without errors was first found gone or faulty."""
        self._page = Page("", "")

    def find(self) -> dict[str, Path]:
        """Return the paths of the assessments that exist now, by their pages' addresses."""
        inputs = InputFiles()
        if self._folder.is_dir():
            inputs = files.find([self._folder], lambda path: self._kind_of(path, stamp(path)))
        assessments = inputs.assessments.items()
        names = {quote(os.fsencode(below.as_posix())): path for path, below in assessments}
        self.paths |= names
        self._remarks = [*map(unread_remark, inputs.findings)]
        return names

    def page(self) -> Page:
        """Return the list page. Assessments that are not read yet are listed without a state."""
        with self._lock:
            paths = (*files.yaml_names(self._folder), *self._other_files)
            stamps = {path: stamp(path) for path in paths}
            if stamps != self._stamps:
                loader, until = DraftLoader(), time.monotonic() + _READ_FOR
                one_look = cache(stamp)
                entries = {
                    name: self._entry(name, path, loader, one_look, until)
                    for name, path in self.find().items()
                }
                # An assessment that got worse a moment ago keeps its old entry.
                now, worse = time.monotonic(), {}
                for name, old in self._entries.items():
                    entry = entries.get(name)
                    is_worse = entry is None or entry.state == HAS_ERRORS
                    if is_worse and old.state not in ("", HAS_ERRORS):
                        worse[name] = self._worse_since.get(name, now)
                recent = [name for name, since in worse.items() if now - since < _SETTLED]
                kept = {name: self._entries[name] for name in recent}
                self._worse_since = worse
                self._entries = dict(sorted((entries | kept).items()))
                entries_shown = [*self._entries.values()]
                self._page = pages.list_page(self._folder, entries_shown, self._remarks)
                all_read = all(entry.state for entry in entries.values())
                self._stamps = stamps if all_read and entries == self._entries else {}
            return self._page

    def _entry(
        self, name: str, path: Path, loader: DraftLoader, stamps: Stamps, until: float
    ) -> ListEntry:
        read = self._read.get(path) or _ReadAssessment({}, path.name, "")
        is_stale = not read.state or any(stamps(file) != old for file, old in read.stamps.items())
        if is_stale and time.monotonic() < until:
            own = stamps(path)
            result = attempt(lambda path: self._load(path, loader, stamps), path, path)
            if isinstance(result, Failure):
                result = _ReadAssessment({path: own}, path.name, HAS_ERRORS)
            read = self._read[path] = result
        file = show_path(path, self._folder)
        return ListEntry(read.name, read.state, file, f"./{name}", read.tallies)

    def _load(self, path: Path, loader: DraftLoader, stamps: Stamps) -> _ReadAssessment:
        own, draft = stamps(path), loader.load(path)
        names = map(draft.source.line, ("authority", "period", "language"))
        others = {file: stamps(file) for file in files_of(draft)}
        self._other_files |= {str(file) for file in others}
        name = " ".join(filter(None, names)) or path.name
        kinds = [finding.severity for finding in _findings(draft)]
        tallies = (kinds.count("error"), kinds.count("warning"))
        return _ReadAssessment({path: own, **others}, name, pages.show_state(draft), tallies)


def _findings(draft: Draft) -> Iterable[Finding]:
    """Return what is to be looked at in an assessment; of one that was sent, nothing is."""
    return () if draft.state is State.SENT else apply_rules([draft], {})[draft.path]
