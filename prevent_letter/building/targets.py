"""Compare a letter with the file at its path, and write it unless that file was edited.

A file counts as *edited* in two cases:

- its content no longer matches its checksum: ``Identity.intact``, set by ``letter.word_package``
  for Word, and by ``letter.formats.is_intact`` for PDF and HTML;
- it is another letter, or not a letter of this tool: ``compare``.

A letter that was sent counts as edited only if it also differs from its assessment:
``compare_sent`` and, for Word, ``word.letter_values.unsaved_changes``, which reads letters' values.
"""

import os
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from prevent_letter.core import atomic
from prevent_letter.core.display import show_path
from prevent_letter.core.findings import UsageError, UserError
from prevent_letter.core.names import fold_name
from prevent_letter.core.ordinary import open_ordinary
from prevent_letter.core.repository import is_inside
from prevent_letter.letter.formats import DEFAULT, ENDINGS, Format, Identity, Writer, format_of

_MOST_BYTES = 1 << 24
"""The largest file that is read, in bytes. A letter has some 30,000."""
_OTHER_ENDINGS = frozenset((".doc", ".htm", ".md", ".odt", ".rtf", ".txt", ".yaml", ".yml"))
"""Common file endings that a letter can't have, except those of the formats."""


class Outcome(Enum):
    """What happened to a letter or, with ``--check``, what would happen to it."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    READ_ONLY = "read-only"
    MISSING = "missing"
    OUT_OF_DATE = "out of date"
    EDITED = "edited"
    SENT = "sent"


class TargetStatus(NamedTuple):
    """The outcome for a target, and the identifier in its file if that file is another letter."""

    outcome: Outcome
    owner: str = ""


def choose_formats(output: Path | None, requested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the formats to build: the output name's, else those requested, else the default.

    Raises:
        UsageError: the output's name can't be a letter's, or contradicts the formats requested.
    """
    format = format_of(output) if output else None
    if output:
        atomic.refuse_device(output)
        if not format and output.suffix.lower() in _OTHER_ENDINGS:
            raise UsageError(f"-o {output}: a letter's name ends in {ENDINGS}.")
    if not format:
        return requested or (DEFAULT.end,)
    if requested not in ((), (format.end,)):
        formats = ", ".join(requested)
        raise UsageError(f"-o {output} is one letter's file, and -f asks for {formats}.")
    return (format.end,)


def compare(path: Path, data: bytes, identifier: str, writer: Writer) -> TargetStatus:
    """Compare a target with the letter as it would be built.

    The outcome is missing, unchanged, out of date or edited. Another letter counts as edited.

    Raises:
        UserError: the target can't be read.
    """
    old = _read(path)
    if old is None:
        return TargetStatus(Outcome.MISSING)
    if writer.same(old, data):
        return TargetStatus(Outcome.UNCHANGED)
    identity = writer.identity(old)
    if owner := _other_owner(identity, identifier):
        return TargetStatus(Outcome.EDITED, owner)
    is_intact = identity is not None and identity.intact
    return TargetStatus(Outcome.OUT_OF_DATE if is_intact else Outcome.EDITED)


def compare_sent(path: Path, digest: str, identifier: str, format: Format) -> TargetStatus:
    """Compare a sent letter with its assessment, whose content has the digest ``digest``.

    The outcome is sent, missing, out of date or edited. A letter without our digest counts as sent.

    Raises:
        UserError: the letter can't be read, or is not complete.
    """
    old = _read(path)
    if old is None:
        return TargetStatus(Outcome.MISSING)
    if not format.writer.readable(old):
        message = f"the letter that was sent can't be read as a {format.name} file"
        raise UserError(f"{show_path(path)}: {message}; put the one that was sent there again")
    identity = format.writer.identity(old)
    if owner := _other_owner(identity, identifier):
        return TargetStatus(Outcome.EDITED, owner)
    if identity is None or identity.digest == digest:
        return TargetStatus(Outcome.SENT)
    return TargetStatus(Outcome.OUT_OF_DATE if identity.intact else Outcome.EDITED)


def _other_owner(identity: Identity | None, identifier: str) -> str:
    """Return the identifier in a file if it differs from ``identifier``, else an empty text."""
    if identity is None or fold_name(identity.identifier) == fold_name(identifier):
        return ""
    return identity.identifier


def _read(path: Path) -> bytes | None:
    """Return the bytes of a target; None if there is no file, and no bytes if it is too large."""
    with atomic.explain_errors(path, "read"):
        if not path.exists():
            return None
        with open_ordinary(path) as file:
            data = file.read(_MOST_BYTES + 1)
        return data if len(data) <= _MOST_BYTES else b""


def save(
    path: Path, data: bytes, identifier: str, writer: Writer, *, force: bool = False
) -> TargetStatus:
    """Write a letter, whole or not at all, unless it would overwrite somebody else's work.

    The outcome is built, unchanged, kept or read-only. ``force`` overwrites somebody else's work,
    but not a read-only file.

    Raises:
        UserError: the target can't be read or written.
    """
    atomic.refuse_outside(path)
    path = Path(os.path.realpath(path))  # so that a link stays a link
    status = compare(path, data, identifier, writer)
    if status.outcome is Outcome.UNCHANGED:
        return status
    if status.outcome is Outcome.EDITED and not force:
        return TargetStatus(Outcome.KEPT, status.owner)
    with atomic.explain_errors(path):
        if status.outcome is not Outcome.MISSING and not path.stat().st_mode & 0o222:
            return TargetStatus(Outcome.READ_ONLY)
        try:
            atomic.replace(path, data)
        except FileExistsError:  # another build was first
            if compare(path, data, identifier, writer).outcome is Outcome.UNCHANGED:
                return TargetStatus(Outcome.UNCHANGED)
            raise
    return TargetStatus(Outcome.BUILT)


def refuse_links(path: Path, folder: Path | None, name: str) -> None:
    """Refuse a target whose links lead nowhere, or out of the folder that it must be in.

    Raises:
        UserError: the target has such a link.
    """
    with atomic.explain_errors(path):
        if path.is_symlink() and not path.exists():
            help = "delete it, or name another file with -o"
            raise UserError(f"{show_path(path)}: this link leads nowhere; {help}")
        if folder and not is_inside(path, folder):
            real = show_path(Path(os.path.realpath(path)))
            message = f"this leads outside {name}, to {real}; to write there, use -o"
            raise UserError(f"{show_path(path)}: {message}")
