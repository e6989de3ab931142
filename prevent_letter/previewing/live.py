"""One assessment as it is now, read again when one of its files changes.

A file that is being saved may be empty, cut off or missing for a moment. So a version that is worse
than the one shown is not shown until it has lasted for a while.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from stat import S_ISDIR
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from prevent_letter.assessment import files, source
from prevent_letter.assessment.criteria_sets import named_set
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.assessment.report import Failure, unexpected
from prevent_letter.assessment.settings import Settings
from prevent_letter.core.findings import Finding, UsageError, UserError
from prevent_letter.core.repository import SETTINGS, repository
from prevent_letter.previewing import pages
from prevent_letter.previewing.pages import Page, PreviewLetter

if TYPE_CHECKING:
    from prevent_letter.checking.check import CheckReport

SETTLED, GONE = 0.25, 2.0
"""Seconds before the page shows that a file got worse, and that a file is gone or empty."""
_WAIT, _MOST_WAITS = 0.03, 20
"""Seconds between two looks at a file that got worse, and the most looks for one page."""
_FRESH = 3.0
"""Seconds within which a file system may give two saves the same time."""
_SELDOM = 2.0
"""Seconds before looking at the neighbours again, and before retrying after a failure."""
_MOST_READS = 3
"""The most times an assessment is read while the files that it depends on keep changing."""


class Stamp(NamedTuple):
    """A file's times in nanoseconds, size (folder: 0) and inode. A save changes some of these."""

    modified: int
    changed: int
    size: int
    number: int


ShowReport = Callable[[Path, "CheckReport"], None]
"""Called with an assessment's path and check report, each time that something changed."""


def stamp(path: Path | str) -> Stamp | None:
    """Return the stamp of a file; None if there is no file."""
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        return None
    size = 0 if S_ISDIR(stat.st_mode) else stat.st_size
    return Stamp(stat.st_mtime_ns, stat.st_ctime_ns, size, stat.st_ino)


def files_of(draft: Draft) -> Iterator[Path]:
    """Yield the other files that a draft and its letter depend on, existing or not."""
    for folder in draft.path.parents:
        yield folder / SETTINGS
    yield named_set(draft.source, draft.settings).path
    if templates := draft.settings.templates:
        yield templates
        yield from map(Path, files.all_paths(templates, deep=False))


@dataclass
class Snapshot:
    """The files of an assessment at one time, and what check found in them."""

    data: bytes | None
    own: Stamp | None
    others: dict[Path, Stamp | None]
    """The stamps of the other files that the assessment depends on."""
    sizes: dict[Path, int]
    """The sizes of all its files, 0 for those that can't be read."""
    neighbours: dict[str, Stamp | None]
    draft: Draft
    form: Draft
    """The draft whose letter is shown, with prompts for missing values."""
    report: "CheckReport"
    faults: tuple[bool, bool, int]
    """For ``is_worse``: True if unreadable, True if there is no letter, the number of errors."""
    since: float
    """On the monotonic clock: when this version was saved, or first seen if that is unknown."""

    def is_worse(self, other: "Snapshot") -> bool:
        """Return True if this has more faults than ``other`` or a file shrank by over a quarter."""
        if self.faults > other.faults:
            return True
        return any(self.sizes.get(path, size) < size * 3 // 4 for path, size in other.sizes.items())


class PreviewComposer:
    """Makes the letters of one assessment."""

    def __init__(self, stamps: Mapping[Path, Any]) -> None:
        """Load no template yet. ``stamps`` are the present ones of the files that letters use."""
        from prevent_letter.letter.compose import Composer  # slow to load

        self.stamps = stamps
        self._composers = cache(Composer)
        self._template_findings: list[Finding] | None = None

    def template_findings(self, settings: Settings) -> Iterable[Finding]:
        """Return what is wrong with the repository's own templates."""
        from prevent_letter.letter.template_check import template_findings

        if self._template_findings is None:
            self._template_findings = list(template_findings(settings))
        return self._template_findings

    def letter(self, draft: Draft) -> PreviewLetter | None:
        """Return the letter of a draft; None if the draft has errors.

        Raises:
            UserError: a template or the style sheet is wrong.
        """
        from prevent_letter.letter import web

        assessment = draft.assessment
        if not assessment or not draft.criteria:
            return None
        composer = self._composers(draft.settings.templates, assessment.language)
        xhtml = composer.compose(assessment, draft.criteria, as_draft=not assessment.sent)
        look = web.read_look(draft.settings.template(web.LOOK, assessment.language))
        with composer.blamed():
            root = web.page(xhtml, look)
        [body], [main] = root.iter("body"), root.iter("main")
        main.set("lang", root.get("lang", ""))
        css = root.findtext("head/style", "")
        return PreviewLetter(draft, css, body.get("class", ""), body.get("data-mark", ""), main)


class LivePage:
    """The live page of one assessment."""

    def __init__(self, path: Path, home: str, show: ShowReport) -> None:
        """Prepare the page. ``path`` is absolute; ``home`` is the list's address, or empty."""
        self.path, self._home, self._show_report = path, home, show
        self._lock, self._composer = Lock(), PreviewComposer({})
        self._shown: Snapshot | None = None
        self._waiting: Snapshot | None = None
        """A snapshot that is worse than the one shown, and may be temporary."""
        self._news: tuple[Any, ...] = ()
        """The files (without neighbours) and findings last seen; a change in them is reported."""
        self._letter: PreviewLetter | None = None
        self._failure: Failure | None = None
        self._failed_time = self._look_time = self._neighbours_time = -_SELDOM
        """The times of the last failure, of the last look at the files, and at the neighbours."""
        self._neighbours: dict[str, Stamp | None] = {}
        self._page = Page("", "")

    def page(self) -> Page:
        """Return the page as it is now."""
        with self._lock:
            if time.monotonic() - self._failed_time < _SELDOM:
                return self._page
            try:
                for _ in range(_MOST_WAITS):
                    if self._look():
                        break
                    time.sleep(_WAIT)
            except Exception as error:  # the next save may be better
                from prevent_letter.checking.check import CheckReport

                failure = unexpected(error, self.path)
                report = CheckReport(files=1, failures=[failure])
                self._shown = self._waiting = None
                self._failed_time = time.monotonic()
                self._page = pages.failed_page(self.path, report, self._home)
                if failure != self._failure:  # report it once
                    self._failure = failure
                    self._show_report(self.path, report)
            return self._page

    def _look(self) -> bool:
        """Read the files, and make the page with the last letter that could be made.

        Return False if a file got worse but is not gone, so that the caller looks again.
        """
        now = self._read()
        if now is self._shown:
            self._waiting = None
            return True
        if self._shown and now.is_worse(self._shown):
            is_first_look, self._waiting = now is not self._waiting, now
            sizes = self._shown.sizes.items()
            is_gone = any(size and not now.sizes.get(path, size) for path, size in sizes)
            patience = GONE if is_gone else SETTLED
            if is_first_look or time.monotonic() - now.since < patience:
                return is_gone
        fault, is_stale = "", True
        try:
            if letter := self._composer.letter(now.form):
                self._letter, is_stale = letter, False
        except UserError as error:
            fault = str(error)
        sheet = pages.Sheet(now.draft, now.report, self._letter, self._home, fault, is_stale)
        self._page = pages.assessment_page(sheet)
        news = now.data, now.own, now.others, now.report.findings, now.report.failures
        if not self._shown or news != self._news:
            self._show_report(self.path, now.report)
        self._news = news
        self._shown, self._waiting, self._failure = now, None, None
        return True

    def _read(self) -> Snapshot:
        """Return a new snapshot of the files, or the known snapshot that still matches them."""
        last_look, self._look_time = self._look_time, time.monotonic()
        if self._look_time - self._neighbours_time >= _SELDOM:
            self._neighbours_time = self._look_time
            root = repository(self.path.parent)
            names = files.yaml_names(root or self.path.parent, deep=root is not None)
            neighbours = {path: stamp(path) for path in names if path != str(self.path)}
            if neighbours != self._neighbours:  # else the same object stays
                self._neighbours = neighbours
        own, known = stamp(self.path), []
        for snapshot in (self._waiting, self._shown):
            if not snapshot or snapshot.neighbours is not self._neighbours:
                continue
            if all(stamp(path) == old for path, old in snapshot.others.items()):
                known.append(snapshot)
        is_fresh = own is not None and abs(time.time() - own.modified / 1e9) < _FRESH
        for snapshot in known if not is_fresh else ():
            if snapshot.own == own:
                return snapshot
        data = None
        with suppress(OSError):
            data = source.read_bytes(self.path) if self.path.is_file() else None
        for snapshot in known:
            if snapshot.data == data:
                snapshot.own = own  # saved without a change
                return snapshot
        return self._new_snapshot(data, own, last_look)

    def _new_snapshot(self, data: bytes | None, own: Stamp | None, last_look: float) -> Snapshot:
        """Read the files, at least one of which has changed since ``last_look``."""
        from prevent_letter.checking.check import CheckReport, check  # the rules are slow to load

        known = self._waiting or self._shown
        others = known.others if known else None
        shown = self._shown.others if self._shown else {}
        existed = [path for path, old in shown.items() if old]
        for _ in range(_MOST_READS):
            loader, before = DraftLoader({self.path: data} if data is not None else None), others
            draft = loader.load(self.path)
            others = {path: stamp(path) for path in (*files_of(draft), *existed)}
            if others == before:
                break  # no file has changed while they were read
        assert others is not None
        if others != self._composer.stamps:
            self._composer = PreviewComposer(others)
        check_templates = self._composer.template_findings
        try:
            report = check([self.path], loader=loader, check_templates=check_templates)
        except UsageError:  # the assessment has become a folder
            report = CheckReport(files=1, findings=[*draft.findings])
        sizes = {path: stamp.size if stamp else 0 for path, stamp in others.items()}
        sizes[self.path] = len((data or b"").strip())
        form = draft.as_form()
        faults = bool(draft.source.findings), form.assessment is None, report.tally("error")
        # Other times than those since the last look are not trusted, because clocks differ and a
        # renamed file keeps its old time.
        times = [stamp.modified for stamp in (own, *others.values()) if stamp]
        since = time.monotonic() - (time.time() - max(times, default=0) / 1e9)
        if not last_look <= since <= self._look_time:
            since = self._look_time
        return Snapshot(
            *(data, own, others, sizes, self._neighbours, draft, form, report, faults, since)
        )
