"""The seal of a letter: a last line, a comment of the format, with the SHA-256 of all before it.

Whoever saves the letter again, or adds to it, breaks the seal.
"""

import hashlib


def seal(data: bytes, begin: bytes, end: bytes = b"") -> bytes:
    """Return a file with its seal; ``begin`` and ``end`` are those of a comment of the format."""
    if not data.endswith(b"\n"):
        data += b"\n"
    digest = hashlib.sha256(data).hexdigest().encode()
    return data + begin + b"prevent-letter " + digest + end + b"\n"


def is_intact(data: bytes, begin: bytes, end: bytes = b"") -> bool:
    """Return True if a file ends with the seal of what is before it."""
    return data == seal(data[: data.rfind(b"\n", 0, -1) + 1], begin, end)
