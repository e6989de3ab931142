"""Text in its normal form, for comparing names and words whatever way they were typed or pasted."""

import unicodedata

_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")
)
_PLAIN = _UNSEEN | dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ") | dict.fromkeys(map(ord, "\u2010\u2011"), "-")


def normal(text: str) -> str:
    """A text as it is meant: composed (NFC), no-break spaces and hyphens plain, without what nobody sees."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_PLAIN))


def folded(name: str) -> str:
    """A name for comparing: in its normal form and small letters, ``&`` as "and", white space collapsed."""
    return " ".join(normal(name).replace("’", "'").replace("&", " and ").casefold().split())
