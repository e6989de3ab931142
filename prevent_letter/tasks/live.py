"""One assessment as it is now: read anew once one of its files has changed, and shown once nothing passing is wrong."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from prevent_letter.assessment import settings, source
from prevent_letter.assessment.drafts import Desk, Draft, named_set
from prevent_letter.ground.findings import Stop
from prevent_letter.tasks import preview_pages
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

Stamp = tuple[int, int, int] | None
"""A file's time in nanoseconds, its size and its number; None where there is no file."""
Tell = Callable[[Path, "Report"], None]
"""What is called with an assessment and what check found, each time that something changed."""


def stamp(path: Path | str) -> Stamp:
    """What tells whether a file was written anew."""
    try:
        found = os.stat(path)  # noqa: PTH116 (a list of hundreds is looked at again and again)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def made_with(draft: Draft) -> Iterator[Path]:
    """The files besides its own that a draft and its letter are made with, those included that may come to be."""
    yield from (folder / settings.NAME for folder in draft.path.parents)
    yield named_set(draft.source, draft.settings).path
    if own := draft.settings.path(draft.settings.file.templates):
        yield from (own, *(Path(above, name) for above, _, names in os.walk(own) for name in names))


@dataclass
class Reading:
    """What an assessment held at one time, and what check found."""

    data: bytes | None
    stamps: dict[Path, Stamp]
    draft: Draft
    report: "Report"
    since: float
    """When it was first seen, by the clock that only goes on."""

    @cached_property
    def form(self) -> Draft:
        """The draft whose letter is shown: what is missing as prompts."""
        return self.draft.as_form()

    def is_made_with_the_same(self) -> bool:
        """Whether all other files are as they were."""
        return all(stamp(path) == was for path, was in self.stamps.items() if path != self.draft.path)

    @property
    def is_gone(self) -> bool:
        """Whether the file can't be read, or holds nothing."""
        return not (self.data or b"").strip()

    @property
    def age(self) -> float:
        """The seconds since it was saved, or first seen, whichever is longer."""
        found = self.stamps[self.draft.path]
        return max(time.time() - found[0] / 1e9 if found else 0, time.monotonic() - self.since)

    @property
    def _wrong(self) -> tuple[bool, bool, int]:
        return bool(self.draft.source.findings), self.form.assessment is None, self.report.errors

    def is_worse(self, other: "Reading") -> bool:
        """Whether more is wrong with it than with another one, or much less is in it."""
        return self._wrong > other._wrong or len(self.data or b"") < len(other.data or b"") * 3 // 4


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
        self._page = Page("", "")

    def page(self) -> Page:
        """The page as it is now."""
        with self._lock:
            try:
                for _ in range(_WAITS):
                    if self._look():
                        break
                    time.sleep(_WAIT)
            except Exception as error:  # the next saving may be better
                self._report(unforeseen(error, self.path))
            return self._page

    def _report(self, failure: Failure) -> None:
        """Tell what nobody foresaw, once."""
        from prevent_letter.tasks.check import Report

        if failure != self._failure:
            self._failure = failure
            self._tell(self.path, Report(files=1, failures=[failure]))

    def _look(self) -> bool:
        """Look at the files, and show what they hold; False where that may pass in a moment."""
        now = self._read()
        if now is self._shown:
            self._waiting = None  # what was amiss has passed
            return True
        if self._shown and now.is_worse(self._shown):
            seen_again, self._waiting = now is self._waiting, now
            if not seen_again or now.age < (GONE if now.is_gone else SETTLED):
                return now.is_gone
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
        sheet = preview_pages.Sheet(now.draft, now.report, self._letter, self._home, fault, is_stale)
        self._page = preview_pages.assessment(sheet)
        self._shown, self._waiting = now, None
        self._tell(self.path, now.report)

    def _read(self) -> Reading:
        """What the files hold: a reading that is there, where nothing has changed since."""
        mine = stamp(self.path)
        known = [each for each in (self._waiting, self._shown) if each and each.is_made_with_the_same()]
        fresh = mine is not None and abs(time.time() - mine[0] / 1e9) < _FRESH
        for each in known if not fresh else ():
            if each.stamps[self.path] == mine:
                return each
        data = _bytes(self.path)
        for each in known:
            if each.data == data:
                each.stamps[self.path] = mine  # saved without a change
                return each
        return self._new(data, mine)

    def _new(self, data: bytes | None, mine: Stamp) -> Reading:
        from prevent_letter.tasks.check import check  # rules take their time

        desk = Desk({self.path: data} if data is not None else None)
        draft = desk.open(self.path)
        others = {path: stamp(path) for path in made_with(draft)}
        self._workshop.clear_unless(others)
        report = check([self.path], desk=desk, of_templates=self._workshop.template_findings)
        return Reading(data, {self.path: mine, **others}, draft, report, time.monotonic())


def _bytes(path: Path) -> bytes | None:
    """What a plain file holds, as far as one is read; None where there is none."""
    with suppress(OSError):
        if path.is_file():
            return source.contents(path)
    return None
