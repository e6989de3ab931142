"""The seal of a letter: a last line of its own, a comment of the format, with the SHA-256 of all bytes before it.

Whoever saves the letter again, or adds to it, breaks it.
"""

import hashlib


def seal(data: bytes, begin: bytes, end: bytes = b"") -> bytes:
    """A file with its seal; ``begin`` and ``end`` are those of a comment of the format."""
    data += b"\n" * (not data.endswith(b"\n"))
    return (
        data + begin + b"prevent-letter " + hashlib.sha256(data).hexdigest().encode() + end + b"\n"
    )


def is_intact(data: bytes, begin: bytes, end: bytes = b"") -> bool:
    """Whether a file ends with the seal of what stands before it."""
    return data == seal(data[: data.rfind(b"\n", 0, -1) + 1], begin, end)
