"""Text in its normal form, for comparing names and words whatever way they were typed or pasted."""

import re
import unicodedata

_UNSEEN = dict.fromkeys(
    map(
        ord,
        "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff",
    )
)
_PLAIN = (
    _UNSEEN
    | dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
    | dict.fromkeys(map(ord, "\u2010\u2011"), "-")
)


def normal(text: str) -> str:
    """A text as it is meant: composed (NFC), no-break spaces and hyphens plain, without what nobody sees."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_PLAIN))


_JOINERS = "\u200c\u200d"  # which other scripts than ours, and emoji, are written with
_NOBODY_SEES = re.compile(
    f"[{''.join(chr(each) for each in _UNSEEN if chr(each) not in _JOINERS)}]|(?<![^\x00-\u024f])[{_JOINERS}]"
)


def seen(text: str) -> str:
    """A passage without what nobody sees in it; a no-break space or hyphen stays one."""
    return text if text.isascii() else _NOBODY_SEES.sub("", text)


def unseen(text: str) -> tuple[str, str] | None:
    """The first character of a text that nobody sees, and in words what it is and where; None where there is none."""
    at = (
        next((at for at, sign in enumerate(text) if ord(sign) in _UNSEEN), -1)
        if not text.isascii()
        else -1
    )
    if at < 0:
        return None
    name = unicodedata.name(text[at]).lower().replace("zero width", "zero-width")
    before = re.search(r"\w{1,30}$|\S$", text[:at].rstrip())
    where = f"stands after {before[0]}" if before else "stands before it"
    return text[at], f"{'an' if name[0] in 'aeiou' else 'a'} {name} (U+{ord(text[at]):04X}) {where}"


def folded(name: str) -> str:
    """A name for comparing: in its normal form and small letters, ``&`` as "and", white space collapsed."""
    return " ".join(normal(name).replace("’", "'").replace("&", " and ").casefold().split())


_BETWEEN = f"[{''.join(map(chr, _UNSEEN))}]*"


def as_pattern(word: str) -> str:
    """An expression for a word in its normal form, that finds it in whatever form it was typed or pasted."""
    return _BETWEEN.join(_sign(sign) for sign in word) if len(word) < 60 else re.escape(word)


def _sign(sign: str) -> str:
    if sign == "-":
        return "[-\u2010\u2011]"
    apart = unicodedata.normalize("NFD", sign)
    return re.escape(sign) if apart == sign else f"(?:{re.escape(sign)}|{re.escape(apart)})"
