"""Writing so that nothing is lost: whole or not at all, and never over what isn't ours to write over.

What is written stands under a temporary name first, which no other process has and no link can be; then it takes the
place of its target. What a killed process left is removed by the next one, once its owner is gone or it is old.
"""

import contextlib
import errno
import os
import platform
import re
import time
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from prevent_letter.ground.findings import Misuse, Stop, printable, shown

_HOST = f"{zlib.crc32(platform.node().encode()):08x}"
_COUNT = count()
_OLD = 3600
"""The seconds after which what was half-written is nobody's, whoever its owner was."""


_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")


def refuse_device(path: Path) -> None:
    """See to it that a file's name is none that Windows keeps for a device, such as con.docx.

    Raises:
        Misuse: it is one.
    """
    if _DEVICES.fullmatch(path.name):
        raise Misuse(f"-o {path}: Windows keeps the name {path.stem} for itself; choose another")


def replace(path: Path, data: bytes, *, to_disk: bool = False) -> None:
    """Put data in the place of a file, whole or not at all; its folder is made where it is missing.

    What was there keeps its rights and, where that is allowed, its owner. ``to_disk`` is for what a person wrote.

    Raises:
        OSError: it can't be written.
    """
    with _temporary(path, data, to_disk=to_disk) as made:
        try:
            there = path.stat()
        except FileNotFoundError:
            _name(made, path)  # somebody may have put something there meanwhile
            return
        made.chmod(there.st_mode & 0o7777)
        if hasattr(os, "chown"):
            with contextlib.suppress(OSError):
                os.chown(made, there.st_uid, there.st_gid)
        made.replace(path)


def write_new(path: Path, text: str) -> None:
    """Write a file that isn't there yet, in UTF-8, through to the disk.

    Raises:
        Stop: it is there, or can't be written.
    """
    with stopping(path, thing="file"):
        try:
            if os.path.lexists(path):
                raise FileExistsError
            with _temporary(path, text.encode(), to_disk=True) as made:
                _name(made, path)
        except FileExistsError as error:
            raise Stop(
                f"{shown(path)} is there already, and isn't written over; move or rename it first"
            ) from error


def put(path: Path, data: bytes, *, force: bool = False) -> bool:
    """Put data into a file, whole or not at all, unless something else stands there; whether it was written.

    ``force`` writes over what else stands there.

    Raises:
        Misuse: no file can have this name.
        Stop: something else stands there, or it can't be read or written.
    """
    refuse_device(path)
    with stopping(path, thing="file"):
        real = Path(os.path.realpath(path))  # a link stays one
        there = real.read_bytes() if real.is_file() else None
        if there == data:
            return False
        if there is None and real.exists():
            raise Stop(f"{shown(path)}: this is no plain file; name another one")
        if there is not None and not force:
            message = "something else stands there, perhaps somebody's notes; name another file, or use --force"
            raise Stop(f"{shown(path)}: {message}")
        replace(real, data, to_disk=True)
        return True


def write_over(path: Path, text: str) -> None:
    """Write a file of ours, in UTF-8, where it differs from what is there.

    Raises:
        Stop: it can't be written, or is a link.
    """
    data = text.encode()
    with stopping(path, thing="file"):
        if path.is_symlink():
            raise Stop(f"{shown(path)}: this is a link, and isn't written through; delete it first")
        if not path.is_file() or path.stat().st_size != len(data) or path.read_bytes() != data:
            replace(path, data)


def _name(made: Path, path: Path) -> None:
    """Give a file its name, unless something has it."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if os.path.lexists(path):
            raise FileExistsError from None
        made.rename(path)


@contextlib.contextmanager
def _temporary(path: Path, data: bytes, *, to_disk: bool = False) -> Iterator[Path]:
    """The data in a file beside a target, under a name of this process; what is left of it goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".prevent-letter-{_HOST}-{os.getpid()}-{next(_COUNT)}.tmp")
    while os.path.lexists(made):  # left by a process that had our number
        made = path.with_name(f".prevent-letter-{_HOST}-{os.getpid()}-{next(_COUNT)}.tmp")
    try:
        with made.open("xb") as file:
            file.write(data)
            if to_disk:
                file.flush()
                os.fsync(file.fileno())
        yield made
    finally:
        with contextlib.suppress(OSError):
            made.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Remove what processes that are gone left half-written in a folder."""
    with contextlib.suppress(OSError):
        for left in folder.glob(".prevent-letter-*.tmp"):
            with contextlib.suppress(OSError, ValueError):
                _, _, host, pid, _ = left.stem.split("-")
                if time.time() - left.lstat().st_mtime > _OLD or (
                    host == _HOST and _is_gone(int(pid))
                ):
                    left.unlink()


def _is_gone(pid: int) -> bool:
    """Whether no process has this number; on Windows, where asking would end it, nobody knows."""
    try:
        if os.name != "nt":
            os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # it is another user's
    return False


@contextlib.contextmanager
def stopping(path: Path, what: str = "written", thing: str = "letter") -> Iterator[None]:
    """Put into a sentence why a letter, or another thing, can't be read or written."""
    try:
        yield
    except OSError as error:
        raise Stop(f"{shown(path)}: the {thing} can't be {what}: {_reason(path, error)}") from error


def _reason(path: Path, error: OSError) -> str:
    too_long = len(os.fsencode(path.name)) > 255 or getattr(error, "winerror", 0) == 206
    if too_long or error.errno == errno.ENAMETOOLONG:
        return "its name is too long; name a shorter one with -o"
    if getattr(error, "winerror", 0) == 123:
        return "no file can have this name; name another with -o"
    if path.is_dir():
        return "a folder has this name; rename the folder, or name another file with -o"
    if blocking := next(
        (above for above in path.parents if above.exists() and not above.is_dir()), None
    ):
        return f"its folder can't be made, since {shown(blocking)} is a file; name another folder"
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        if path.suffix.lower() == ".docx":
            return "is it open in Word? Close it there, and build again"
        return "is it open in another program? Close it there, and try again"
    if isinstance(error, PermissionError):
        return "you may not write in its folder; name another with -o"
    if isinstance(error, FileExistsError):
        return "something was put there meanwhile; build again"
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room on it, and build again"
    return printable(error.strerror or str(error))
