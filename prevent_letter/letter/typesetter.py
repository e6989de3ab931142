"""Run Typst: with our letter.typ here, and with a repository's own one where it can do no harm.

A letter.typ is code. A repository's own one runs in a process of its own, which ends with this one
letter, after a second, or with too much memory: Typst itself has no such limits, and can crash. It
sees a copy of the templates folder's files, without links. What would run or fetch other code is
refused by name.
"""

import datetime as dt
import os
import re
import signal
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UserError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import typst

_MOST_BYTES = 1 << 22
"""The most that the templates folder's files may have together, in bytes."""
_SECONDS = 1
"""Processor time for one letter. The standard one takes a tenth of a second."""
_LONGEST_WAIT = 20
"""Seconds until the process is ended where processor time can't be limited, as on Windows."""
_NO_DATE = "2000-01-01"
"""The time that a draft without a date is made with: never the current one."""
_NOWHERE = "http://127.0.0.1:9"
"""Where there is no proxy, so that nothing comes from the network."""
_MEMORY = 300 << 20
"""Bytes of memory for one letter, where it can be limited."""
_USED = frozenset({".typ", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"})
"""The endings of the files that a letter.typ can use. An assessment is not among them."""
_OTHER_CODE = re.compile(
    rb"""(?<!\w)(?:
        (?P<word>eval|plugin|std)(?![\w-])
        | (?P<keyword>import|include)(?![\w-])
            (?!\s*"[^"@\\]+\.typ"(?:\s|//[^\n]*+(?:\n|\Z))*+(?:[:;}\])\#\w]|\Z))
    )""",
    re.VERBOSE,
)
"""What runs other code: a package or WebAssembly, or a text as code (``std`` has ``eval``)."""


class Typeset(NamedTuple):
    """A PDF, or why there is none."""

    data: bytes
    message: str = ""
    diagnostic: str = ""
    """Where in which file, as Typst shows it."""


@cache
def fonts() -> "typst.Fonts":
    """Return the one family of fonts that a letter may use."""
    import fontpkg_arimo
    import typst

    folder = Path(fontpkg_arimo.__file__).parent / "files"
    of_machine = {"include_system_fonts": False, "include_embedded_fonts": False}
    return typst.Fonts(font_paths=[folder], **of_machine)


def typeset(path: Path, xhtml: str, date: str) -> Typeset:
    """Return what Typst makes of a letter in this process. ``date`` is in ISO 8601, or empty."""
    import typst

    try:
        data, warnings = typst.compile_with_warnings(
            path,
            root=path.parent,
            font_paths=fonts(),
            sys_inputs={"letter": xhtml},
            pdf_standards=["ua-1", "a-2a"] if date else ["ua-1"],  # PDF/A asks for a date
            timestamp=dt.datetime.fromisoformat(
                f"{date or _NO_DATE}T00:00:00+00:00"
            ),  # never the current time
            package_path=path,  # no folder, so that there is none
            package_cache_path=path,
        )
    except typst.TypstError as error:
        return Typeset(b"", error.message, error.diagnostic)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic in Rust is not an Exception
            raise
        return Typeset(b"", f"the typesetter gave up on it: {printable(str(error))}")
    if warnings:
        return Typeset(b"", warnings[0].message, warnings[0].diagnostic)
    return Typeset(bytes(data))


def typeset_own(path: Path, xhtml: str, date: str) -> Typeset:
    """Typeset a letter with a repository's own letter.typ.

    Args:
        path: the letter.typ. It can use the Typst files and pictures of its folder, but not links,
            nor folders in it.
        xhtml: the letter.
        date: the date in the PDF's properties (ISO 8601), or empty.

    Raises:
        UserError: a file of the folder is too large, or could run or fetch other code.
    """
    with tempfile.TemporaryDirectory(prefix="prevent-letter-") as name:
        copy = Path(name, "templates")
        copy.mkdir()
        space = _MOST_BYTES
        for file in sorted(path.parent.iterdir()):
            is_link = file.is_symlink() and file != path
            if is_link or file.suffix.lower() not in _USED or not file.is_file():
                continue
            space -= file.stat().st_size
            if space < 0:
                raise UserError(f"{show_path(file)}: the files of this folder are too large")
            data = file.read_bytes()
            found = _OTHER_CODE.search(data) if file.suffix.lower() == ".typ" else None
            if found:
                line = data.count(b"\n", 0, found.start()) + 1
                raise UserError(f"{show_path(file)}:{line}: {_refusal(found)}")
            (copy / file.name).write_bytes(data)
        return _in_process(copy / path.name, xhtml, date)


def _refusal(found: re.Match[bytes]) -> str:
    if word := found["word"]:
        return f"the word {word.decode()} can't be used here, as it can run other code"
    keyword = found["keyword"].decode()
    return (
        f"after the word {keyword}, even in a comment, must come the name of a Typst file of this "
        'folder, in "quotes", and nothing that changes it; packages can\'t be used here'
    )


def _in_process(path: Path, xhtml: str, date: str) -> Typeset:
    import multiprocessing  # seldom needed

    os.environ["PYTHONSAFEPATH"] = "1"  # else the new process could import files of this folder
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, path, xhtml, date), daemon=True)
    process.start()
    theirs.close()
    try:
        if ours.poll(_LONGEST_WAIT):
            result: Typeset = ours.recv()
            return result
    except EOFError:  # it was ended by a limit, or crashed
        pass
    finally:
        process.kill()
        process.join()
        ours.close()
    message = "it takes more than a second or 300 megabytes, or crashes the typesetter"
    return Typeset(b"", message, "")


def _child(connection: "Connection", path: Path, xhtml: str, date: str) -> None:
    """Typeset the letter in a new process, within limits, and send the result."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # a crash of Typst writes there
        os.dup2(nothing, stream)
    if os.name != "nt":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        most = resource.getrlimit(resource.RLIMIT_DATA)[1]
        memory = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    os.environ["RAYON_NUM_THREADS"] = "2"  # the memory of each thread counts
    os.environ.update(dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _NOWHERE))
    connection.send(typeset(path, xhtml, date))
