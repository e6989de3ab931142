"""Write files whole or not at all, and never over somebody else's work.

Data is first written to a new temporary file whose name no other process uses, so that the write
follows no link. This file is then renamed over its target. A later run removes temporary files that
killed processes left: at once if the process is known to have ended, else after an hour.
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

from prevent_letter.core.display import printable, show_path
from prevent_letter.core.findings import UsageError, UserError
from prevent_letter.core.repository import is_inside, repository

_HOST = f"{zlib.crc32(platform.node().encode()):08x}"
_NUMBERS = count()
_LONGEST_WAIT = 10
"""Seconds to wait while another run writes the same file."""
_OLD = 3600
"""Seconds after which a temporary file is removed, even if its process seems to be running."""
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")


def refuse_device(path: Path) -> None:
    """Raise ``UsageError`` if Windows reserves the file's name for a device, such as con.docx."""
    if _DEVICE.fullmatch(path.name):
        raise UsageError(f"-o {path}: Windows reserves the name {path.stem}; choose another name")


def refuse_outside(path: Path) -> None:
    """Raise ``UserError`` if a link of a file's repository leads out of it, or into its .git."""
    path = Path(os.path.abspath(path))  # without .., and links unresolved
    root = repository(path.parent)
    if root and not is_inside(path, root):
        real = show_path(Path(os.path.realpath(path)))
        message = f"this leads outside the repository, to {real}; name a file in it"
        raise UserError(f"{show_path(path)}: {message}")


def replace(path: Path, data: bytes, *, to_disk: bool = False) -> None:
    """Write data to a file, whole or not at all, and make its folder if that is missing.

    An existing file keeps its permissions and, where that is allowed, its owner. ``to_disk``
    flushes the data to the disk before the rename. Set it if a person wrote the data.

    Raises:
        OSError: the file can't be written.
    """
    with _temporary(path, data, to_disk=to_disk) as temporary:
        try:
            old = path.stat()
        except FileNotFoundError:
            _link(temporary, path)  # does not overwrite a file just put there
            return
        _give(temporary, old)
        temporary.replace(path)


def _give(path: Path, old: os.stat_result) -> None:
    """Give a file the permissions and, where that is allowed, the owner of the one it replaces."""
    path.chmod(old.st_mode & 0o7777)
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(path, old.st_uid, old.st_gid)


def write_new(path: Path, text: str) -> None:
    """Write a new file in UTF-8, and flush it to the disk.

    Raises:
        UserError: the file exists, or can't be written.
    """
    with explain_errors(path, thing="file"):
        refuse_outside(path)
        try:
            if os.path.lexists(path):
                raise FileExistsError
            with _temporary(path, text.encode(), to_disk=True) as temporary:
                _link(temporary, path)
        except FileExistsError as error:
            message = "exists already and is not overwritten; move or rename it first"
            raise UserError(f"{show_path(path)} {message}") from error


def put(path: Path, data: bytes, *, force: bool = False) -> bool:
    """Write data to a file, or return False if the file has this content already.

    ``force`` overwrites a file with other content.

    Raises:
        UsageError: no file can have this name.
        UserError: other content is there, or the file can't be read or written.
    """
    refuse_device(path)
    with explain_errors(path, thing="file"):
        refuse_outside(path)
        real = Path(os.path.realpath(path))  # write to a link's target, and keep the link
        if _has(real, data):
            return False
        if real.exists() and not real.is_file():
            raise UserError(f"{show_path(path)}: this is not an ordinary file; name another one")
        if real.exists() and not force:
            message = "it has other content, perhaps somebody's notes; name another file"
            raise UserError(f"{show_path(path)}: {message}, or use --force")
        replace(real, data, to_disk=True)
        return True


def put_back(path: Path, before: bytes, after: bytes) -> None:
    """Replace a person's file with an edited version, and keep the file as NAME.before.

    Nothing is written unless the file still has the content ``before``, from which the edited
    version was made. A lock makes other runs of this user wait meanwhile.

    Raises:
        UserError: somebody has saved the file meanwhile, or it can't be written.
    """
    import tempfile  # these are slow to load, and seldom needed

    from filelock import FileLock, Timeout

    refuse_outside(path)
    real = Path(os.path.realpath(path))  # write to a link's target, and keep the link
    user = getattr(os, "getuid", lambda: 0)()
    name = f"prevent-letter-{user}-{zlib.crc32(os.fsencode(real)):08x}.lock"
    with explain_errors(path, thing="file"):
        try:
            with FileLock(Path(tempfile.gettempdir(), name), timeout=_LONGEST_WAIT):
                if _has(real, before) and _exchange(real, before, after):
                    return
        except Timeout:
            pass
    message = "somebody has saved it meanwhile, so nothing is written into it; run this again"
    raise UserError(f"{show_path(path)}: {message}")


def _exchange(path: Path, before: bytes, after: bytes) -> bool:
    """Put the new version in the place of the old, or return False if that is no longer there."""
    kept = path.with_name(f"{path.name}.before")
    with (
        _temporary(kept, before, to_disk=True) as old,
        _temporary(path, after, to_disk=True) as new,
    ):
        state = path.stat()
        _give(old, state)
        _give(new, state)
        if not _has(path, before):  # the disk may have taken its time
            return False
        old.replace(kept)
        if not _has(path, before):
            return False
        new.replace(path)
    return True


def _has(path: Path, data: bytes) -> bool:
    """Return True if a file is there and has this content."""
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def write_generated(path: Path, text: str) -> None:
    """Write generated text to a file in UTF-8, unless the file has this content already.

    Raises:
        UserError: the file can't be written, or is a link.
    """
    data = text.encode()
    with explain_errors(path, thing="file"):
        if path.is_symlink():
            message = "this is a link, and links are not written through; delete it first"
            raise UserError(f"{show_path(path)}: {message}")
        refuse_outside(path)
        if not _has(path, data):
            replace(path, data)


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that killed processes left in a folder of the repository."""
    with contextlib.suppress(OSError, UserError):
        refuse_outside(folder / "any")
        for leftover in folder.glob(".prevent-letter-*.tmp"):
            with contextlib.suppress(OSError, ValueError):
                _, _, host, process, _ = leftover.stem.split("-")
                is_dead = time.time() - leftover.lstat().st_mtime > _OLD
                if host == _HOST and os.name != "nt":  # on Windows os.kill would end the process
                    try:
                        os.kill(int(process), 0)
                    except ProcessLookupError:
                        is_dead = True
                    except OSError:  # another user's process
                        pass
                if is_dead:
                    leftover.unlink()


@contextlib.contextmanager
def explain_errors(path: Path, what: str = "written", thing: str = "letter") -> Iterator[None]:
    """Turn an ``OSError`` into a ``UserError`` that says why the file can't be read or written."""
    try:
        yield
    except OSError as error:
        reason = _reason(path, error)
        raise UserError(f"{show_path(path)}: the {thing} can't be {what}: {reason}") from error


def _link(temporary: Path, path: Path) -> None:
    """Give a temporary file its final name; raise ``FileExistsError`` if that is taken."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError):  # without hard links, as on some disks and in a browser
        if os.path.lexists(path):
            raise FileExistsError from None
        temporary.rename(path)


@contextlib.contextmanager
def _temporary(path: Path, data: bytes, *, to_disk: bool) -> Iterator[Path]:
    """Write data to a temporary file beside the target, and remove it after the ``with`` block."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        name = f".prevent-letter-{_HOST}-{os.getpid()}-{next(_NUMBERS)}.tmp"
        temporary = path.with_name(name)
        if not os.path.lexists(temporary):  # else a process with the same number left it
            break
    try:
        with temporary.open("xb") as file:
            file.write(data)
            if to_disk:
                file.flush()
                os.fsync(file.fileno())
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _reason(path: Path, error: OSError) -> str:
    """Return why a file can't be read or written, and what to do about it."""
    windows_code = getattr(error, "winerror", 0)
    is_long = len(os.fsencode(path.name)) > 255 or error.errno == errno.ENAMETOOLONG
    if is_long or windows_code == 206:
        return "its name is too long; name a shorter one with -o"
    if windows_code == 123:
        return "no file can have this name; name another with -o"
    if path.is_dir():
        return "a folder has this name; rename the folder, or name another file with -o"
    above = (folder for folder in path.parents if folder.exists() and not folder.is_dir())
    if file := next(above, None):
        return f"its folder can't be made, since {show_path(file)} is a file; name another folder"
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        if path.suffix.lower() == ".docx":
            return "is it open in Word? Close it there, and build again"
        return "is it open in another program? Close it there, and try again"
    if isinstance(error, PermissionError):
        return "you do not have permission to write in its folder; name another with -o"
    if isinstance(error, FileExistsError):
        return "another file was put there meanwhile; build again"
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room on it, and build again"
    return printable(error.strerror or str(error))
