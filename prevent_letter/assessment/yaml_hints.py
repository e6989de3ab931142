"""Explain a syntax error in YAML (PL006), and how to fix it.

The detectors look for the mistake, in order. They use the lines at the parser's two marks: where it
stopped, and where the part that it was reading began. The messages of PyYAML's C and Python parsers
differ, but their marks do not. Each detector has an example file in tests/faults.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from prevent_letter.assessment.text_hints import LEADING_SIGNS, WRITE_BAR, Hint, Scalar

_MOST_LINES = 1000
"""A detector reads at most this many lines above an error."""


class ErrorContext:
    """The line where the parser stopped, the line before, and where the part being read began."""

    def __init__(self, text: str, stopped: int, began: int) -> None:
        self.text, self.offset = text.replace("\r", "\n") + "\n", stopped
        self.character = self.text[stopped : stopped + 1]
        self.here, self.opened = line_at(self.text, stopped), line_at(self.text, began)
        self.before = line_at(self.text, self.here.start() - 1)
        self.is_beside_key = self.character == ":" and _depth(self.before) == _depth(self.here)
        """True if the parser stopped at the colon of a key that is aligned with the line before."""


Detector = Callable[[ErrorContext], Iterator[Hint]]


def explain_syntax_error(text: str, stopped: int, began: int, scalar: Scalar) -> Hint:
    """Return the mistake behind a syntax error.

    Args:
        text: the file.
        stopped: the offset at which the parser stopped.
        began: the offset at which the part that it was reading began.
        scalar: the last value that the parser read.
    """
    if scalar.style in ("'", '"'):
        inner, between = text[scalar.start : scalar.end], text[scalar.end : stopped]
        if "\n" in inner.replace("\r", "\n") and "\n" not in between.replace("\r", "\n"):
            line = len(re.findall(r"\r\n|\r|\n", text[: scalar.end - 1])) + 1
            style = scalar.style
            message = f"the {style} that begins this text is closed by the one on line {line}"
            help = f"close it where the text ends; or {WRITE_BAR}"
            return Hint(scalar.start, scalar.end, message, help)
    context = ErrorContext(text, stopped, began)
    message = "the indentation of these lines does not fit together"
    help = "compare it with the lines above: keys that belong together begin in one column"
    usual = Hint(context.offset, context.offset + 1, message, help)
    return next((hint for detector in DETECTORS for hint in detector(context)), usual)


_LINE = re.compile(
    r"(?P<lead> *(?:- +)*)(?P<key>[^\s:#'\"*&!%@`\[\]{},|>-][^:#]*?:(?= |$))? *(?P<value>.*)"
)
_FIELD = re.compile(r" *(?:- +)*[a-z_][a-z0-9_]*:(?: |$)")
_TEXT_BELOW = ("|", ">", "|-", ">-")


def line_at(text: str, offset: int) -> re.Match[str]:
    """Match the lead (spaces and dashes), key and value of the line at an offset.

    If that line is blank, match the nearest one above that is not. ``text`` ends with a newline.
    """
    start = text.rfind("\n", 0, max(offset, 0)) + 1
    if start and not text[start : text.find("\n", start)].strip(" "):
        offset = start
        while offset and text[offset - 1] in " \n":
            offset -= 1
        start = text.rfind("\n", 0, offset) + 1
    line = _LINE.match(text, start, text.find("\n", start))
    assert line  # all of its parts may be empty
    return line


def _depth(line: re.Match[str]) -> int:
    return line.end("lead") - line.start()


def _depth_of_text(line: re.Match[str]) -> int:
    """Return the number of spaces before a line of text, in which a - is text."""
    return len(line[0]) - len(line[0].lstrip(" "))


def _spaces(count: int) -> str:
    return "no space" if not count else f"{count} space" if count == 1 else f"{count} spaces"


_CONFLICT = re.compile(r"(?m)^(?:<{7}|>{7}|\|{7}) .*$")


def conflict(context: ErrorContext) -> Iterator[Hint]:
    """Detect the lines that git leaves where two people changed the same place."""
    if mark := _CONFLICT.search(context.text):
        message = "git found two versions of these lines, and nobody has chosen one yet"
        help = "keep one of the two versions"
        help += ", and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
        yield Hint(*mark.span(), message, help)


_ODD_SPACE = re.compile(r" *(?:- +)*(?:\w+:)?([\u00a0\u2007\u202f\u3000])")


def odd_space(context: ErrorContext) -> Iterator[Hint]:
    """Detect a no-break space, pasted from Word, where YAML needs ordinary ones."""
    for line in (context.before, context.here, context.opened):
        if odd := _ODD_SPACE.match(line[0]):
            start = line.start() + odd.start(1)
            message = "there is a no-break space here, which is text to YAML"
            yield Hint(start, start + 1, message, "put an ordinary space there")


def leading_sign(context: ErrorContext) -> Iterator[Hint]:
    """Detect text that begins with a sign of YAML, such as a bracket or a quotation mark."""
    for line in (context.here, context.opened, context.before):
        value = line["value"]
        if value[:1] not in LEADING_SIGNS or re.match(r"\?\S", value):
            continue
        sign, close = value[0], {"[": "]", "{": "}"}.get(value[0])
        written = re.split(r"(?<=\s)#", value)[0].rstrip()
        if sign in "'\"":
            is_closed = len(written) > 1 and written[-1] == sign and written.count(sign) == 2
        elif close:
            is_closed = written[-1] == close and written.count(sign) == written.count(close)
        else:
            is_closed = written in (*_TEXT_BELOW, "|+", ">+")
        if is_closed:
            continue
        start, end = line.span("value")
        if sign == "|":
            yield Hint(start, end, LEADING_SIGNS["|"], "move the text to the next line, indented")
        if sign in "'\"" and value.count(sign) == 1:
            yield Hint(start, end, f"the closing {sign} is missing", f"add it; or {WRITE_BAR}")
        if close and close not in value:
            help = f"add it; if this is text: {WRITE_BAR}"
            yield Hint(start, end, f"the closing {close} is missing", help)
        yield Hint(start, end, LEADING_SIGNS[sign], WRITE_BAR)


def colon_in_text(context: ErrorContext) -> Iterator[Hint]:
    """Detect a second colon on a line, as in ``summary: Good practice: the board meets``."""
    before = context.text[context.here.start() : context.offset]
    if context.character == ":" and ": " in before:
        message = "YAML reads the words before a colon and a space as a key, even inside a text"
        help = "write a | after the first colon, and the text on the next lines, indented"
        if "{" in before:
            help = "put the text in quotation marks"
        yield Hint(context.offset, context.offset + 1, message, help)


def colon_without_space(context: ErrorContext) -> Iterator[Hint]:
    """Detect a key whose colon touches its value: ``score:3``."""
    for line in (context.opened, context.before):
        if not line["key"] and (colon := re.search(r"(?<=\S):(?=\S)", line["value"])):
            start = line.start("value") + colon.start()
            yield Hint(start, start + 1, "a space is missing after this colon", "add it")


def key_without_colon(context: ErrorContext) -> Iterator[Hint]:
    """Detect a name alone on a line above indented fields: ``training`` for ``training:``."""
    for line in (context.opened, context.before):
        end = line.end() + 1
        below = _LINE.match(context.text, end, context.text.find("\n", end))
        name = line["value"].rstrip()
        is_name = not line["key"] and re.fullmatch(r"[a-z][a-z0-9_]*", name)
        if is_name and below and _FIELD.match(below[0]) and _depth(below) > _depth(line):
            yield Hint(*line.span("value"), f"a colon is missing after {name}", f"write {name}:")


def text_in_two_columns(context: ErrorContext) -> Iterator[Hint]:
    """Detect text in which a later line begins further left than the first line."""
    first = line = context.here
    for _ in range(_MOST_LINES):
        if not line.start() or (line["key"] and line["value"] in _TEXT_BELOW):
            break
        first, line = line, line_at(context.text, line.start() - 1)
    has_text_below = line["key"] and line["value"] in _TEXT_BELOW
    here, depth = context.here, _depth_of_text(first)
    is_between = _depth(line) < _depth_of_text(here) < depth
    if has_text_below and is_between and not _FIELD.match(here[0]):
        message = f"the lines of the text of {line['key']} must begin in one column"
        below = _LINE.match(context.text, here.end() + 1, context.text.find("\n", here.end() + 1))
        is_one_of_several = below and below[0].strip() and _depth_of_text(below) < depth
        if is_one_of_several or depth != _depth(line) + 2:
            help = "begin the first line no further in than the others"
            yield Hint(first.end("lead"), first.end(), message, help)
        help = f"begin this line with {_spaces(depth)}, like the first"
        yield Hint(here.start() + _depth_of_text(here), here.end(), message, help)


def text_not_further_in(context: ErrorContext) -> Iterator[Hint]:
    """Detect text below a | that begins no further in than what the | belongs to."""
    line = context.opened
    above = line_at(context.text, line.start() - 1)
    if line["key"] or above["value"] not in _TEXT_BELOW:
        return
    owner = above["key"] or "its -"
    what = f"the text of {owner}" if above["key"] else "the text below this |"
    message = f"{what} must begin further in than {'its key' if above['key'] else owner}"
    help = "indent it by two more spaces, and the lines below it in the same way"
    yield Hint(*line.span("value"), message, help)


def text_without_bar(context: ErrorContext) -> Iterator[Hint]:
    """Detect text on the lines below a key that has no | after it."""
    if context.is_beside_key and _FIELD.match(context.here[0]):
        return
    first = context.opened
    depth = _depth(first)
    for _ in range(_MOST_LINES):
        if not first.start() or _depth(first) < depth:
            return
        above = line_at(context.text, first.start() - 1)
        if _depth(above) < depth:
            if above["key"] and not above["value"] and not _FIELD.match(first[0]):
                key = above["key"]
                message = f"the text below {key} has no | before it"
                yield Hint(*above.span("key"), message, f"write a | after {key}")
            return
        if _FIELD.match(above[0]) and _depth(above) == depth:
            return  # these lines are fields, and the key above them needs no |
        first = above


def line_without_key(context: ErrorContext) -> Iterator[Hint]:
    """Detect a line without a key: a colon is missing, or text is not indented enough."""
    for line in (context.opened, *([context.before] if context.is_beside_key else [])):
        if line["key"]:
            continue
        above = line_at(context.text, line.start() - 1)
        words, span = line["value"].rstrip(), line.span("value")
        if other := re.match(r"([a-z][a-z0-9_]*) ?([=：﹕;])", words):
            name, sign = other.groups()
            message = f"the sign after {name} is not a colon: {sign}"
            if sign in "：﹕":
                message = f"the colon after {name} is a wide one, which YAML doesn't know"
            yield Hint(*span, message, f"write {name}: and a space before the value")
        if not above["key"] and _depth(above) > _depth(line) and words.count(" ") > 1:
            message = "this line is not indented like the text above it"
            help = f"begin it with {_spaces(_depth(above))}, if it goes on with that text"
            help += "; else write it as key: value"
            yield Hint(*span, message, help)
        help = "write it as key: value; if it goes on with the text above, indent it like that text"
        if words.count(" ") > 1:
            help = "begin it with # and a space if it is a comment; else write it as key: value"
        yield Hint(*span, "this line has no colon after a key", help)


def key_too_far_in(context: ErrorContext) -> Iterator[Hint]:
    """Detect a key further right than the key above it, although that key has a value already."""
    here, before = context.here, context.before
    has_value = before["key"] and before["value"]
    if context.character == ":" and has_value and _depth(here) > _depth(before):
        message = "this line begins further right than the key above it"
        message += ", so YAML reads it as that key's text"
        help = "if it is a key, begin it in that key's column"
        help += f"; if it is text, write a | after {before['key']} first"
        yield Hint(here.end("lead"), here.end(), message, help)


def backslash(context: ErrorContext) -> Iterator[Hint]:
    """Detect a backslash in double quotes, as in the path of a folder."""
    start = context.text.rfind("\\", context.here.start("value"), context.offset + 1)
    if context.here["value"][:1] == '"' and start >= 0:
        message = "a backslash in double quotes means something else to YAML"
        yield Hint(start, start + 1, message, WRITE_BAR)


def item_among_keys(context: ErrorContext) -> Iterator[Hint]:
    """Detect a list item on the line of its key (``cc: - Alex``), or between keys."""
    if context.character != "-":
        return
    message = "there is an item of a list here among keys"
    help = "delete the - if this is a key; else indent it"
    before, item = context.before, r" *- "
    if re.match(item, before[0]) and re.match(item, context.here[0]):
        message = "this item of the list is not indented like the one above it"
        dash = len(before[0]) - len(before[0].lstrip())
        help = f"begin it with {_spaces(dash)}, so that the two - are in one column"
    elif context.here["value"] == "-":
        message = "a - alone is no value"
        help = f"delete the -, and leave {context.here['key']} empty"
    elif key := context.here["key"]:
        message = "a list must begin on the line below its key"
        help = f"write a | after {key}, and the points on the lines below it"
        help += "; if it is a list of names, without the |"
    yield Hint(context.offset, context.offset + 1, message, help)


_MOST_FIELDS = 12
"""How many fields above an error are compared with fields of the same name."""


def unusual_column(context: ErrorContext) -> Iterator[Hint]:
    """Detect the first of some fields above that isn't where fields of its name are elsewhere."""
    line, odd, usual = context.here, None, 0
    for _ in range(_MOST_FIELDS if _FIELD.match(line[0]) else 0):
        if field := _FIELD.match(line[0]):
            elsewhere = _columns_of(context.text, line["key"])
            depth, times = elsewhere.most_common(1)[0]
            if times > 2 and elsewhere[_depth(line)] * 2 < times:
                odd, usual = line, depth
            elif odd or (field and elsewhere[_depth(line)] < times):
                break
        if not line.start():
            break
        line = line_at(context.text, line.start() - 1)
    if odd:
        number = context.text.count("\n", 0, odd.start()) + 1
        message = f"line {number} should begin with {_spaces(usual)}"
        message += f", as {odd['key']} does elsewhere in this file"
        help = "indent it in that way, and what belongs to it further in"
        yield Hint(odd.end("lead"), odd.end(), message, help)


def _columns_of(text: str, key: str) -> Counter[int]:
    """Return how often each number of spaces comes before a key in a file."""
    return Counter(map(len, re.findall(rf"(?m)^( *){re.escape(key)}(?: |$)", text)))


def column(context: ErrorContext) -> Iterator[Hint]:
    """Detect a misaligned key: the key on the line of the error, or a key above that line."""
    here = line = context.here
    above: list[re.Match[str]] = []  # the fields above, each further left than all below it
    odd, other = here, None
    for _ in range(_MOST_LINES if _FIELD.match(here[0]) else 0):
        if not line.start():
            break
        line = line_at(context.text, line.start() - 1)
        if not _FIELD.match(line[0]):
            continue
        if not above or _depth(line) < _depth(above[-1]):
            above.append(line)
        elif _depth(line) == _depth(here) > _depth(above[-1]):
            if not here["value"] and not line["value"] and not above[-1]["value"]:
                odd, other = above[-1], line
            break
    if other is None:
        deeper = [field for field in above if _depth(field) > _depth(here)]
        other = deeper[-1] if deeper else None
    if other is None:
        return
    number, other_number = (context.text.count("\n", 0, f.start()) + 1 for f in (odd, other))
    spaces = _spaces(_depth(other))
    message = f"line {number} should begin with {spaces}, as line {other_number} does"
    help = "indent it in the same way, and what belongs to it further in"
    yield Hint(odd.end("lead"), odd.end(), message, help)


DETECTORS = (
    *(conflict, odd_space, leading_sign, colon_in_text, colon_without_space, key_without_colon),
    *(text_in_two_columns, text_not_further_in, text_without_bar, line_without_key),
    *(key_too_far_in, backslash, item_among_keys, unusual_column, column),
)
"""The detectors, in the order in which they are called."""
