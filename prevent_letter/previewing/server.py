"""A read-only web server for one person on this computer, closed to everybody else.

It listens only on 127.0.0.1, and answers only GET. The Host must be its own, because another site's
page could use a name that resolves to this address. The path must begin with a token that nobody
can guess. A page may fetch, frame and run only what is its own (Content Security Policy Level 3).
"""

import os
import socket
import socketserver
import sys
from collections.abc import Callable
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prevent_letter.core.web import closed_policy
from prevent_letter.previewing.pages import NONCE, Page

_HOST = "127.0.0.1"
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Pages = Callable[[str], Page | None]
"""Returns the page with a name (the path after the token), or None if there is none."""


class Server(ThreadingHTTPServer):
    """The server, which listens as soon as it is created."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # on Windows others could share the port
    allow_reuse_port = False
    request_queue_size = 64  # a restarted browser loads all its tabs at once

    def __init__(self, port: int, pages: Pages, fail: Callable[[Exception], object]) -> None:
        """Listen on a port, or on another one if it is taken; ``fail`` gets unexpected errors.

        Raises:
            OSError: there is no free port.
        """
        self.token, self.pages, self._fail = os.urandom(16).hex(), pages, fail
        try:
            super().__init__((_HOST, port), _Handler)
        except OSError:
            super().__init__((_HOST, 0), _Handler)
        port = self.server_address[1]
        self.host = _HOST if port == 80 else f"{_HOST}:{port}"  # browsers leave out port 80
        """The Host header that a browser sends."""
        self.address = f"http://{self.host}/{self.token}/"
        """The address of the first page."""

    def server_bind(self) -> None:
        """Bind the port for this process alone; skip the base class's look-up of the host name."""
        if exclusive := getattr(socket, "SO_EXCLUSIVEADDRUSE", None):
            self.socket.setsockopt(socket.SOL_SOCKET, exclusive, 1)
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report an unexpected error, but not a lost connection."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, (ConnectionError, TimeoutError)):
            self._fail(error)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "prevent-letter", ""
    protocol_version = "HTTP/1.1"  # a page polls on one connection
    timeout = 60

    def do_GET(self) -> None:
        """Answer with a page, with 304 if it has not changed, or with an error."""
        if self.headers.get_all("Host") != [self.server.host]:
            self.send_error(403)
            return
        token, _, name = self.path.removeprefix("/").partition("/")
        is_ours = compare_digest(token.encode(), self.server.token.encode())
        page = self.server.pages(name) if is_ours and self.path.startswith("/") else None
        if page is None:
            self.send_error(404)
        elif self.headers.get("If-None-Match") == page.tag:
            self._answer(304, "", page.tag)
        else:
            nonce = os.urandom(16).hex()
            self._answer(200, page.html.replace(NONCE, nonce), page.tag, nonce)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send a short error message and close the connection."""
        self.close_connection = True
        text = self.responses.get(code, ("Refused", ""))[0]
        self._answer(code, "There is nothing here." if code == 404 else text)

    def _answer(self, code: int, text: str, tag: str = "", nonce: str = "") -> None:
        data = text.encode(errors="backslashreplace")
        kind = "html" if nonce else "plain"
        allowed: tuple[str, ...] = ()
        if nonce:
            allowed = (f"script-src 'nonce-{nonce}'", f"style-src 'nonce-{nonce}'")
            allowed += ("connect-src 'self'", "img-src data:")
        policy = f"{closed_policy(*allowed)}; frame-ancestors 'none'"
        self.send_response(code)
        self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
        if code != 304:
            self.send_header("Content-Length", str(len(data)))
        if tag:
            self.send_header("ETag", tag)
        if self.close_connection:
            self.send_header("Connection", "close")
        for header, value in {"Content-Security-Policy": policy, **_HEADERS}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing about requests, because the terminal is for findings."""
