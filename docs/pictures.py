"""Make the pictures of README.md and docs/, at twice their size for sharp screens.

Each keeps the SHA-256 of what it shows in its metadata, and a test fails when that has changed.

Run it with: python docs/pictures.py (it needs Chromium, poppler and npm)
"""

import functools
import hashlib
import html
import http.server
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
CHECKOUT = DOCS.parent
EXAMPLE = CHECKOUT / "examples" / "leicestershire_2022.yaml"
_KEY = b"Source-SHA256"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FAULT = "tests/faults/below_met_without_recommendations.yaml"
_TERMINAL = """<!DOCTYPE html><style>
body {{ margin: 0; background: #16191b; color: #f3f2f1; }}
body {{ font: 15px/1.45 "Liberation Mono", monospace; }}
pre {{ margin: 0; padding: 20px 24px; font: inherit; white-space: pre-wrap; width: 96ch; }}
b {{ color: #ff8f8f; font-weight: normal; }}
</style><pre id="it">{}</pre>"""


def _files(*paths: str) -> bytes:
    """Return the content of files of the checkout, whatever the ends of their lines are."""
    return b"\0".join((CHECKOUT / path).read_bytes().replace(b"\r\n", b"\n") for path in paths)


def _said() -> str:
    """Return a command, and what it prints."""
    command = ["check", _FAULT]
    run = [sys.executable, "-m", "prevent_letter", *command]
    wide = {**os.environ, "COLUMNS": "96"}
    done = subprocess.run(run, capture_output=True, text=True, cwd=CHECKOUT, env=wide, check=False)
    return f"$ prevent-letter {' '.join(command)}\n{done.stdout}{done.stderr}"


SOURCES: dict[str, Callable[[], bytes]] = {
    "second-page.png": lambda: _files(
        *("examples/leicestershire_2022.yaml", "criteria/annex_a.yaml"),
        *("templates/letter.html.j2", "templates/letter.typ"),
    ),
    "check.png": lambda: _said().encode(),
    "page.png": lambda: _files(
        *("web/page.html.j2", "web/form.html.j2", "web/page.css", "web/page.js"),
        *("examples/leicestershire_2022.yaml", "templates/letter.html.j2", "templates/letter.css"),
    ),
}
"""What decides what each picture shows."""


def source(name: str) -> str:
    """Return the SHA-256 of what decides what a picture shows."""
    return hashlib.sha256(SOURCES[name]()).hexdigest()


def source_of(picture: Path) -> str:
    """Return the hash in the metadata of a PNG file; empty if there is none (PNG, 11.3.3.2)."""
    data, at = picture.read_bytes(), len(_SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        text = data[at + 8 : at + 8 + length]
        if kind == b"tEXt" and text.startswith(_KEY + b"\0"):
            return text.partition(b"\0")[2].decode()
        at += 12 + length
    return ""


def with_source(data: bytes, source: str) -> bytes:
    """Return a PNG file with a hash in its metadata."""
    text = _KEY + b"\0" + source.encode()
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text
    chunk += struct.pack(">I", zlib.crc32(b"tEXt" + text))
    end = len(_SIGNATURE) + 25  # behind the header, which is first and always as long
    return data[:end] + chunk + data[end:]


def _second_page(browser: Any) -> bytes:
    """The page of the letter with its table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        letter = folder / "letter.pdf"
        _run(sys.executable, "-m", "prevent_letter", "build", EXAMPLE, "-o", letter)
        _run(
            "pdftoppm", "-r", 110, "-f", 2, "-l", 2, "-png", "-singlefile", letter, folder / "page"
        )
        return (folder / "page.png").read_bytes()


def _check(browser: Any) -> bytes:
    """What ``check`` prints in a terminal."""
    text = html.escape(_said())
    for words in ("error PL203", "^"):
        text = text.replace(words, f"<b>{words}</b>")
    page = browser.new_context(device_scale_factor=2).new_page()
    page.set_content(_TERMINAL.format(text))
    return bytes(page.locator("#it").screenshot())


def _page(browser: Any) -> bytes:
    """The page in a browser: the form, and the letter beside it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "page"
        _run(sys.executable, CHECKOUT / "web" / "build.py", folder)
        handler = functools.partial(_Files, directory=str(folder))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            size = {"width": 1180, "height": 760}
            page = browser.new_context(viewport=size, device_scale_factor=2).new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.wait_for_selector("body[data-ready]", timeout=60_000)
            page.set_input_files("#open-file", EXAMPLE)
            page.wait_for_timeout(3_000)
            page.locator("[name='benchmarks.training.good_practice']").focus()
            page.wait_for_timeout(1_000)
            picture = bytes(page.screenshot())
            server.shutdown()
        return picture


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        **{".mjs": "text/javascript", ".wasm": "application/wasm"},
    }

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request."""


def _run(*command: object) -> None:
    subprocess.run([*map(str, command)], check=True, capture_output=True, cwd=CHECKOUT)


PICTURES: dict[str, Callable[[Any], bytes]] = {
    "second-page.png": _second_page,
    "check.png": _check,
    "page.png": _page,
}


def main() -> None:
    """Make all pictures."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, make in PICTURES.items():
            data = with_source(make(browser), source(name))
            (DOCS / name).write_bytes(data)
        browser.close()


if __name__ == "__main__":
    main()
