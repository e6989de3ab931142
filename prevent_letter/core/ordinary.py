"""Open files to read, but nothing outside their repository, and nothing without an end."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from prevent_letter.core.repository import is_inside, repository

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def open_ordinary(path: Path) -> BinaryIO:
    """Open an ordinary file to read its bytes.

    Raises:
        OSError: it can't be opened, is a folder, a pipe or a device, or is behind a link that leads
            out of its repository.
    """
    real = os.path.realpath(path)
    if real != os.path.abspath(path):
        root = repository(path.parent)
        if root and not is_inside(path, root):
            raise OSError(errno.ELOOP, "this link leads outside the repository")
    descriptor = os.open(real, _FLAGS)  # does not wait for the other end of a pipe
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise OSError(errno.EINVAL, "it is not an ordinary file")
