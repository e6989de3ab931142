"""One assessment as it is now: read anew once one of its files has changed, and shown once nothing passing is wrong."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR
from threading import Lock
from typing import TYPE_CHECKING

from prevent_letter.assessment import settings, source
from prevent_letter.assessment.drafts import Desk, Draft, named_set
from prevent_letter.ground.findings import Misuse, Stop
from prevent_letter.tasks import paths, preview_pages
from prevent_letter.tasks.live_letter import Letter, Workshop
from prevent_letter.tasks.preview_pages import Page
from prevent_letter.tasks.report import Failure, unforeseen

if TYPE_CHECKING:
    from prevent_letter.tasks.check import Report

SETTLED, GONE = 0.25, 2.0
"""The seconds for which it isn't shown that a file got worse, or is gone or empty: saving takes a moment."""
_WAIT, _WAITS = 0.03, 20
_FRESH = 3.0
"""The seconds within which a file system may give two savings the same time."""
_SELDOM = 2.0
"""After so many seconds the neighbours are looked at again, and what nobody foresaw is tried again."""
_READS = 3
"""How often an assessment is read at the most while the files that it is made with change."""

Stamp = tuple[int, int, int, int] | None
"""A file's two times in nanoseconds, its size (of a folder 0) and its number; None where there is no file."""
Tell = Callable[[Path, "Report"], None]
"""What is called with an assessment and what check found, each time that something changed."""


def stamp(path: Path | str) -> Stamp:
    """What tells whether a file was written anew."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    size = 0 if S_ISDIR(found.st_mode) else found.st_size
    return found.st_mtime_ns, found.st_ctime_ns, size, found.st_ino


def made_with(draft: Draft) -> Iterator[Path]:
    """The files besides its own that a draft and its letter are made with, those included that may come to be."""
    yield from (folder / settings.NAME for folder in draft.path.parents)
    yield named_set(draft.source, draft.settings).path
    if own := draft.settings.path(draft.settings.file.templates):
        yield own
        yield from map(Path, paths.all_in(own))


@dataclass
class Reading:
    """What an assessment held at one time, and what check found."""

    data: bytes | None
    stamps: dict[Path, Stamp]
    """Those of its own file and of the others that it is made with."""
    around: dict[str, Stamp]
    """Those of its neighbours."""
    draft: Draft
    report: "Report"
    since: float
    """When it was saved, by the clock that only goes on; when it was first seen, where that can't be known."""

    @cached_property
    def form(self) -> Draft:
        """The draft whose letter is shown: what is missing as prompts."""
        return self.draft.as_form()

    @cached_property
    def others(self) -> dict[Path, Stamp]:
        """The stamps of the other files that it is made with."""
        return {path: was for path, was in self.stamps.items() if path != self.draft.path}

    def is_made_with_the_same(self) -> bool:
        """Whether all other files are as they were."""
        return all(stamp(path) == was for path, was in self.others.items())

    @cached_property
    def sizes(self) -> dict[Path, int]:
        """How much is in each of its files: nothing in one that can't be read."""
        own = len((self.data or b"").strip())
        return {path: found[2] if found else 0 for path, found in self.stamps.items()} | {
            self.draft.path: own
        }

    def lacks_one_of(self, other: "Reading") -> bool:
        """Whether a file is gone or empty that another reading had."""
        return any(size and not self.sizes.get(path, size) for path, size in other.sizes.items())

    @property
    def _wrong(self) -> tuple[bool, bool, int]:
        return bool(self.draft.source.findings), self.form.assessment is None, self.report.errors

    def is_worse(self, other: "Reading") -> bool:
        """Whether more is wrong with it than with another one, or much less is in a file."""
        less = any(self.sizes.get(path, size) < size * 3 // 4 for path, size in other.sizes.items())
        return self._wrong > other._wrong or less

    def is_no_news(self, other: "Reading | None") -> bool:
        """Whether only a neighbour was saved since another reading, and nothing else is said for it."""
        if other is None or (self.data, self.stamps) != (other.data, other.stamps):
            return False
        told, was = self.report, other.report
        return (told.findings, told.failures) == (was.findings, was.failures)


class Live:
    """One assessment, as its page shows it."""

    def __init__(self, path: Path, home: str, tell: Tell) -> None:
        """``path`` is absolute; ``home`` is the address of the list that it is in, or empty."""
        self.path, self._home, self._tell = path, home, tell
        self._lock, self._workshop = Lock(), Workshop()
        self._shown: Reading | None = None
        self._waiting: Reading | None = None
        self._letter: Letter | None = None
        self._failure: Failure | None = None
        self._failed = self._looked = self._looked_around = -_SELDOM
        """When nobody foresaw what happened; when files were looked at; when neighbours were."""
        self._neighbours: dict[str, Stamp] = {}
        self._page = Page("", "")

    def page(self) -> Page:
        """The page as it is now."""
        with self._lock:
            if time.monotonic() - self._failed < _SELDOM:
                return self._page
            try:
                for _ in range(_WAITS):
                    if self._look():
                        break
                    time.sleep(_WAIT)
            except Exception as error:  # the next saving may be better
                self._fail(unforeseen(error, self.path))
            return self._page

    def _fail(self, failure: Failure) -> None:
        """Show what nobody foresaw, and tell it once."""
        from prevent_letter.tasks.check import Report

        report = Report(files=1, failures=[failure])
        self._shown = self._waiting = None
        self._failed, self._page = (
            time.monotonic(),
            preview_pages.failed(self.path, report, self._home),
        )
        if failure != self._failure:
            self._failure = failure
            self._tell(self.path, report)

    def _look(self) -> bool:
        """Look at the files, and show what they hold; False where that may pass in a moment."""
        now = self._read()
        if now is self._shown:
            self._waiting = None  # what was amiss has passed
            return True
        if self._shown and now.is_worse(self._shown):
            seen_again, self._waiting = now is self._waiting, now
            is_gone = now.lacks_one_of(self._shown)
            if not seen_again or time.monotonic() - now.since < (GONE if is_gone else SETTLED):
                return is_gone
        self._show(now)
        return True

    def _show(self, now: Reading) -> None:
        """Make the page of a reading, with the last letter that could be made."""
        fault, is_stale = "", True
        try:
            if letter := self._workshop.letter(now.form):
                self._letter, is_stale = letter, False
        except Stop as stop:
            fault = str(stop)
        sheet = preview_pages.Sheet(
            now.draft, now.report, self._letter, self._home, fault, is_stale
        )
        self._page = preview_pages.assessment(sheet)
        if not now.is_no_news(self._shown):
            self._tell(self.path, now.report)
        self._shown, self._waiting, self._failure = now, None, None

    def _read(self) -> Reading:
        """What the files hold: a reading that is there, where nothing has changed since."""
        looked, self._looked = self._looked, time.monotonic()
        mine, around = stamp(self.path), self._around()
        known = [
            each
            for each in (self._waiting, self._shown)
            if each and each.around is around and each.is_made_with_the_same()
        ]
        fresh = mine is not None and abs(time.time() - mine[0] / 1e9) < _FRESH
        for each in known if not fresh else ():
            if each.stamps[self.path] == mine:
                return each
        data = _bytes(self.path)
        for each in known:
            if each.data == data:
                each.stamps[self.path] = mine  # saved without a change
                return each
        return self._new(data, mine, looked)

    def _around(self) -> dict[str, Stamp]:
        """The stamps of the neighbours, the same ones while nothing has changed."""
        if self._looked - self._looked_around >= _SELDOM:
            self._looked_around = self._looked
            now = {each: stamp(each) for each in paths.around(self.path) if each != str(self.path)}
            self._neighbours = self._neighbours if now == self._neighbours else now
        return self._neighbours

    def _new(self, data: bytes | None, mine: Stamp, looked: float) -> Reading:
        """Read what the files hold, which at the look before (``looked``) was another thing."""
        from prevent_letter.tasks.check import Report, check  # rules take their time

        known = self._waiting or self._shown
        others = known.others if known else None
        went = [path for path, was in self._shown.others.items() if was] if self._shown else []
        for _ in range(_READS):
            desk, before = Desk({self.path: data} if data is not None else None), others
            draft = desk.open(self.path)
            if (others := {path: stamp(path) for path in (*made_with(draft), *went)}) == before:
                break  # none changed while they were read
        assert others is not None
        self._workshop.clear_unless(others)
        try:
            report = check([self.path], desk=desk, of_templates=self._workshop.template_findings)
        except Misuse:  # it has become a folder
            report = Report(files=1, findings=[*draft.findings])
        stamps = {self.path: mine, **others}
        since = _saved(stamps, looked, self._looked)
        return Reading(data, stamps, self._neighbours, draft, report, since)


def _saved(stamps: dict[Path, Stamp], before: float, now: float) -> float:
    """When the last of some files was saved, which nobody knew at one look and somebody did at the next.

    A file's own time is believed only if it lies between the two: clocks differ, and a file that is renamed is older.
    """
    newest = max((found[0] for found in stamps.values() if found), default=0)
    saved = time.monotonic() - (time.time() - newest / 1e9)
    return saved if before <= saved <= now else now


def _bytes(path: Path) -> bytes | None:
    """What a plain file holds, as far as one is read; None where there is none."""
    with suppress(OSError):
        if path.is_file():
            return source.contents(path)
    return None
