"""Text as XML writes it (XML 1.0, 2.4 and 3.3.3).

``xml.sax.saxutils`` gives the same, but loads a client for HTTP, which takes 10 ms.
"""

from functools import partial
from html import escape as _escape

escape = partial(_escape, quote=False)
"""Return text for an element: with ``&``, ``<`` and ``>`` as entities."""


def quoteattr(text: str) -> str:
    """Return text as the value of an attribute, with its quotation marks."""
    escaped = escape(text).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in escaped:
        return f'"{escaped}"'
    if "'" not in escaped:
        return f"'{escaped}'"
    quoted = escaped.replace('"', "&quot;")
    return f'"{quoted}"'
