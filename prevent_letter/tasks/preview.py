"""Shows assessments as live pages on this computer: one, or those of a folder, with a list of them."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from prevent_letter.assessment.drafts import Desk
from prevent_letter.ground.findings import Misuse, shown
from prevent_letter.tasks import paths, preview_pages
from prevent_letter.tasks.live import Live, Stamp, Tell, made_with, stamp
from prevent_letter.tasks.paths import Found, Kind
from prevent_letter.tasks.preview_pages import AT_FAULT, Listed, Page
from prevent_letter.tasks.report import Failure, attempt, unforeseen
from prevent_letter.tasks.server import Server
from prevent_letter.tasks.showing import overlooked

if TYPE_CHECKING:
    from prevent_letter.tasks.check import Report

_READ_FOR = 0.5
"""The seconds for which a list reads assessments before it is shown with those that it has."""
_SETTLED = 1.0
"""The seconds for which a list doesn't show that an assessment is gone or at fault: saving takes a moment."""
_LOOK_EVERY = 0.5


class Preview:
    """What is shown: an assessment, or the assessments of a folder. Nothing is ever written."""

    def __init__(self, path: Path, port: int) -> None:
        """Get ready to show what is at a path.

        Raises:
            Misuse: it is no assessment, and no folder with one.
            OSError: no port can be had.
        """
        self._path = Path(os.path.abspath(path))  # .. goes, links stay
        self.told: SimpleQueue[tuple[Path, Report]] = SimpleQueue()
        """Each reading of an assessment that is open, and what was found."""
        self._folder = _Folder(self._path) if self._path.is_dir() else None
        if not self._folder and (not self._path.is_file() or not paths.find([path]).assessments):
            raise Misuse(
                f"{shown(path)} is no assessment; give an assessment's file, or a folder with assessments."
            )
        if self._folder and not self._folder.find():
            raise Misuse(f"there is no assessment in {shown(path)}.")
        self._lives: dict[str, Live] = {}
        self._open = "" if not self._folder else None
        self.server = Server(port, self._page, self._fail)

    def watch(self, tell: Tell) -> None:
        """Look at the assessment that was opened last, which no page may ask for, and tell what was found, for ever.

        It is told here alone: a terminal that nobody reads keeps no page waiting.
        """
        while True:
            if self._open is not None and (live := self._live(self._open)):
                live.page()
            with suppress(Empty):
                while True:
                    tell(*self.told.get(timeout=_LOOK_EVERY))

    def _page(self, name: str) -> Page | None:
        """The page whose address ends in a name: the first one, or of a folder one of its assessments."""
        if self._folder and not name:
            self._open = None
            return self._folder.page()
        if live := self._live(name):
            self._open = name
            return live.page()
        return None

    def _live(self, name: str) -> Live | None:
        path = self._folder.path(name) if self._folder else self._path if not name else None
        if path and name not in self._lives:
            home = f"/{self.server.token}/" if self._folder else ""
            self._lives.setdefault(name, Live(path, home, self._tell))
        return self._lives.get(name)

    def _tell(self, path: Path, report: "Report") -> None:
        self.told.put((path, report))

    def _fail(self, error: Exception) -> None:
        from prevent_letter.tasks.check import Report

        self._tell(self._path, Report(failures=[unforeseen(error)]))


class _Folder:
    """The assessments of a folder, each read once until it or what it is made with changes."""

    def __init__(self, path: Path) -> None:
        self._folder = path
        self._lock = Lock()
        self._kinds: dict[Path, tuple[Stamp, Kind]] = {}
        self._read: dict[Path, _Read] = {}
        self._names: dict[str, Path] = {}
        self._overlooked: list[str] = []
        self._others = set[str]()
        """What the assessments are made with besides."""
        self._stamps: dict[str, Stamp] = {}
        self._lines: dict[str, Listed] = {}
        self._worse: dict[str, float] = {}
        """Since when an assessment is gone or at fault that wasn't, by its address."""
        self._page = Page("", "")

    def path(self, name: str) -> Path | None:
        """The assessment whose address ends so."""
        return self._names.get(name)

    def find(self) -> dict[str, Path]:
        """The assessments that are there now, by the end of their address: where each lies below the folder."""
        found = paths.find([self._folder], self._kind_of) if self._folder.is_dir() else Found()
        names = {
            quote(os.fsencode(below.as_posix())): path for path, below in found.assessments.items()
        }
        self._names |= names
        self._overlooked = [*map(overlooked, found.findings)]
        return names

    def page(self) -> Page:
        """The list, with those that could be read in a moment; the one that was, while nothing has changed."""
        with self._lock:
            stamps = {
                each: stamp(each) for each in (*paths.yaml_files(self._folder), *self._others)
            }
            if stamps != self._stamps:
                desk, known, until = Desk(), cache(stamp), time.monotonic() + _READ_FOR
                lines = {
                    name: self._line(name, path, desk, known, until)
                    for name, path in self.find().items()
                }
                self._lines = self._settled(lines)
                self._page = preview_pages.listing(
                    self._folder, [*self._lines.values()], self._overlooked
                )
                is_final = all(line.state for line in lines.values()) and lines == self._lines
                self._stamps = stamps if is_final else {}
            return self._page

    def _settled(self, lines: dict[str, Listed]) -> dict[str, Listed]:
        """The lines as they are, but for those that got worse a moment ago: they stay as they were."""
        worse = {
            name
            for name, was in self._lines.items()
            if was.state not in ("", AT_FAULT) and _is_worse(lines.get(name))
        }
        now = time.monotonic()
        self._worse = {name: self._worse.get(name, now) for name in worse}
        kept = {
            name: self._lines[name] for name, since in self._worse.items() if now - since < _SETTLED
        }
        return dict(sorted((lines | kept).items()))

    def _kind_of(self, path: Path) -> Kind:
        known, now = self._kinds.get(path), stamp(path)
        if known is None or known[0] != now:
            known = self._kinds[path] = now, paths.kind_of(path)
        return known[1]

    def _line(
        self, name: str, path: Path, desk: Desk, stamps: Callable[[Path], Stamp], until: float
    ) -> Listed:
        known = self._read.get(path)
        if (
            not known or any(stamps(each) != was for each, was in known.stamps.items())
        ) and time.monotonic() < until:
            mine = stamps(path)
            read = attempt(lambda path: self._open(path, desk, stamps), path, path)
            known = _Read({path: mine}, path.name, AT_FAULT) if isinstance(read, Failure) else read
            self._read[path] = known
        link, file = f"./{name}", shown(path, self._folder)
        return (
            Listed(known.name, known.state, file, link)
            if known
            else Listed(path.name, "", file, link)
        )

    def _open(self, path: Path, desk: Desk, stamps: Callable[[Path], Stamp]) -> "_Read":
        mine, draft = stamps(path), desk.open(path)
        whose = " ".join(filter(None, map(draft.source.line, ("authority", "period", "language"))))
        others = {each: stamps(each) for each in made_with(draft)}
        self._others |= {str(each) for each in others}
        return _Read({path: mine, **others}, whose or path.name, preview_pages.how_far(draft))


def _is_worse(line: Listed | None) -> bool:
    return line is None or line.state == AT_FAULT


class _Read(NamedTuple):
    """What was read of an assessment for the list, and what it was made with."""

    stamps: dict[Path, Stamp]
    name: str
    state: str


def show(address: str) -> None:
    """Open an address in the browser, unless it would be one in the terminal that nobody asked for."""
    import webbrowser  # the address is printed before

    try:
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser or "BROWSER" in os.environ:
            browser.open(address)
    except (webbrowser.Error, OSError):
        pass  # the address is printed
