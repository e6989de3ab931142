"""Show one assessment, or a folder's assessments with a list, as live pages on this computer."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from prevent_letter.assessment import files
from prevent_letter.assessment.report import unexpected
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UsageError
from prevent_letter.previewing.folder import FolderPage
from prevent_letter.previewing.live import LivePage
from prevent_letter.previewing.pages import Page
from prevent_letter.previewing.server import Server

if TYPE_CHECKING:
    from prevent_letter.checking.check import CheckReport

_LOOK_EVERY = 0.5
"""Seconds between looks at the open assessment, even if no page asks for it."""


class Preview:
    """The preview of an assessment, or of a folder's assessments. It never writes a file."""

    def __init__(self, path: Path, port: int) -> None:
        """Prepare to show the assessment or folder at a path.

        Raises:
            UsageError: the path is neither an assessment nor a folder with one.
            OSError: there is no free port.
        """
        self._path = Path(os.path.abspath(path))  # removes .., but keeps links
        self.reports: SimpleQueue[tuple[Path, CheckReport]] = SimpleQueue()
        """A queue of check reports, with paths: one for each change to the open assessment."""
        self._folder = FolderPage(self._path) if self._path.is_dir() else None
        if self._folder:
            if not self._folder.find():
                raise UsageError(f"there is no assessment in {show_path(path)}.")
        elif not self._path.is_file() or not files.find([path]).assessments:
            help = "give an assessment's file, or a folder with assessments."
            raise UsageError(f"{show_path(path)} is not an assessment; {help}")
        self._pages: dict[str, LivePage] = {}
        self._open = None if self._folder else ""
        """The name of the assessment that was opened last; None while the list is open."""
        self.server = Server(port, self._page, self._fail)

    def watch(self, show: Callable[[Path, "CheckReport"], None]) -> None:
        """Keep looking at the open assessment and showing what check finds, for ever.

        Only this method shows findings, so that a blocked terminal keeps no page waiting.
        """
        while True:
            if self._open is not None and (page := self._live_page(self._open)):
                page.page()
            with suppress(Empty):
                while True:
                    show(*self.reports.get(timeout=_LOOK_EVERY))

    def _page(self, name: str) -> Page | None:
        """Return the page at an address: the list, or an assessment; None if there is none."""
        if self._folder and not name:
            self._open = None
            return self._folder.page()
        if page := self._live_page(name):
            self._open = name
            return page.page()
        return None

    def _live_page(self, name: str) -> LivePage | None:
        if self._folder:
            path, home = self._folder.paths.get(name), f"/{self.server.token}/"
        else:
            path, home = None if name else self._path, ""
        if path and name not in self._pages:
            page = LivePage(path, home, lambda path, report: self.reports.put((path, report)))
            self._pages.setdefault(name, page)
        return self._pages.get(name)

    def _fail(self, error: Exception) -> None:
        """Report an unexpected error in the server."""
        from prevent_letter.checking.check import CheckReport

        self.reports.put((self._path, CheckReport(failures=[unexpected(error)])))


def open_browser(address: str) -> None:
    """Open an address in the browser, unless the browser would run in the terminal."""
    import webbrowser  # not loaded until the address is printed

    with suppress(webbrowser.Error, OSError):  # the address is printed anyway
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser or "BROWSER" in os.environ:
            browser.open(address)
