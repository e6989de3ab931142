"""The seal of a letter: its last line, a comment with the SHA-256 of everything before it.

Saving the letter again, or adding to it, breaks the seal.
"""

import hashlib


def seal(data: bytes, begin: bytes, end: bytes = b"") -> bytes:
    """Return a file with its seal, in a comment that has this ``begin`` and ``end``."""
    if not data.endswith(b"\n"):
        data += b"\n"
    digest = hashlib.sha256(data).hexdigest().encode()
    return data + begin + b"prevent-letter " + digest + end + b"\n"


def is_intact(data: bytes, begin: bytes, end: bytes = b"") -> bool:
    """Return True if a file ends with a seal that matches the rest of the file."""
    return data == seal(data[: data.rfind(b"\n", 0, -1) + 1], begin, end)
