"""Earlier versions of an assessment, from the git history of its repository."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer

from prevent_letter.assessment.drafts import Draft
from prevent_letter.assessment.source import MOST_BYTES

_MOST_VERSIONS = 100
_MOST_SECONDS = 20.0
"""For all calls together."""
_ENVIRONMENT = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
"""Forbids git to fetch what a repository lacks, for which its settings may name programs."""


def earlier_versions(draft: Draft) -> Iterator[bytes]:
    """Yield the versions of an assessment in the history of its work tree, newest first.

    Git reads the work tree's own ``.git`` alone, since a branch may contain folders that look like
    repositories. The commands are git's plumbing, which runs no hook, filter, pager or signature
    program. Without git, or if it takes too long, there are no versions.
    """
    root, git = draft.repository, shutil.which("git")
    if git is None or root is None or not os.path.exists(root / ".git"):
        return
    program = Path(git).resolve()  # Windows looks in the current folder first
    if program.is_relative_to(root.resolve()) or program.parent == Path.cwd():
        return
    command = [git, f"--git-dir={root / '.git'}", "--no-pager"]
    path = draft.path.relative_to(root).as_posix()
    until = time.monotonic() + _MOST_SECONDS
    commits = _output([*command, "rev-list", "-n", str(_MOST_VERSIONS), "HEAD", "--", path], until)
    for commit in commits.decode().split():
        version = _output([*command, "cat-file", "blob", f"{commit}:{path}"], until)
        if 0 < len(version) <= MOST_BYTES:
            yield version


def _output(command: list[str], until: float) -> bytes:
    """Return what a command prints, up to one byte more than a file may have; empty if it fails."""
    environment = {**os.environ, **_ENVIRONMENT}
    try:
        process = Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=environment)
    except OSError:
        return b""
    with process:
        timer = Timer(max(0.0, until - time.monotonic()), process.kill)
        timer.start()
        output = process.stdout.read(MOST_BYTES + 1) if process.stdout else b""
        timer.cancel()
        if len(output) > MOST_BYTES:
            process.kill()
    return output
