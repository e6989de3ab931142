"""Find the repository of a file, which nothing is read from or written outside of."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

SETTINGS = "prevent-letter.yaml"


def work_tree(folder: Path) -> Path | None:
    """Return the git work tree that contains a folder (an absolute path), or None.

    What is behind a link of a work tree is outside of it, even if that is a work tree too.
    """
    found = None
    for each in reversed((folder, *folder.parents)):
        if found and each.is_symlink():
            break
        if os.path.exists(each / ".git"):
            found = each
    return found


def repository(folder: Path) -> Path | None:
    """Return a folder's repository: its git work tree, else the outermost folder with settings."""
    folder = Path(os.path.abspath(folder))  # without .., and links unresolved
    outermost_first = reversed((folder, *folder.parents))
    with_settings = (above for above in outermost_first if os.path.isfile(above / SETTINGS))
    return work_tree(folder) or next(with_settings, None)


def real_path(path: Path) -> str:
    """Return a path with its links resolved, as far as possible."""
    try:
        return os.path.realpath(path)
    except OSError:
        return str(path)


def real_paths(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the real path of each of many files, for which each folder is resolved once.

    On Windows a name must be as the folder has it.
    """
    real_folder = cache(real_path)
    for path in paths:
        is_link = os.path.islink(path)
        yield real_path(path) if is_link else f"{real_folder(path.parent)}{os.sep}{path.name}"


def is_inside(path: Path, folder: Path) -> bool:
    """Return True if a path is inside a folder after links are resolved, but not in its .git."""
    real, root = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    if not real.is_relative_to(root):
        return False
    return all(part.lower() != ".git" for part in real.relative_to(root).parts)
