"""Writing so that nothing is lost: whole or not at all, and never over what isn't ours to write over."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from prevent_letter.ground.findings import Stop, shown


def replace(path: Path, data: bytes) -> None:
    """Put data in the place of a file, whole or not at all; its folder is made where it is missing.

    Raises:
        OSError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _beside(path).write_bytes(data)
        _beside(path).replace(path)
    finally:
        clear(path)


def write_new(path: Path, text: str) -> None:
    """Write a file that isn't there yet, in UTF-8.

    Raises:
        Stop: it is there, or can't be written.
    """
    data = text.encode()
    try:
        file = path.open("xb")
        try:
            with file:
                file.write(data)
        except BaseException:  # Ctrl-C too
            path.unlink()
            raise
    except FileExistsError as error:
        raise Stop(f"{shown(path)} is there already, and isn't written over; move or rename it first") from error
    except OSError as error:
        raise Stop(f"{shown(path)}: the file can't be written: {_reason(path, error)}") from error


def write_over(path: Path, text: str) -> None:
    """Write a file of ours, in UTF-8, where it differs from what is there.

    Raises:
        Stop: it can't be written.
    """
    data = text.encode()
    try:
        if not path.is_file() or path.read_bytes() != data:
            replace(path, data)
    except OSError as error:
        raise Stop(f"{shown(path)}: the file can't be written: {_reason(path, error)}") from error


def clear(path: Path) -> None:
    """Remove what is half-written beside a target, by this build or by an earlier one that was cut short."""
    with contextlib.suppress(OSError):
        _beside(path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")


@contextlib.contextmanager
def stopping(path: Path) -> Iterator[None]:
    """Say in a sentence why a letter can't be read or written."""
    try:
        yield
    except OSError as error:
        raise Stop(f"{shown(path)}: the letter can't be written: {_reason(path, error)}") from error


def _reason(path: Path, error: OSError) -> str:
    if error.errno == errno.ENAMETOOLONG:
        return "its name is too long; name a shorter one with -o"
    if path.is_dir():
        return "a folder has this name; rename the folder, or name another file with -o"
    if blocking := next((above for above in path.parents if above.exists() and not above.is_dir()), None):
        return f"its folder can't be made, since {shown(blocking)} is a file; name another folder"
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        return "is it open in Word? Close it there, and build again"
    if isinstance(error, PermissionError):
        return "you may not write in its folder; name another with -o"
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room on it, and build again"
    return error.strerror or str(error)
