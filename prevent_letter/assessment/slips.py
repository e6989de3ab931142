"""The slips behind a syntax error, in plain words: a table, in the order in which they are looked for.

They are read off the lines round the parser's two marks: where it stopped, and where what it was reading began. The
words of the parsers differ, their marks don't. Each slip has a file in tests/faults that shows it.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

BLOCK = "write a | in its place, and the text on the next lines, indented"
LEADING = {
    **{sign: f"a text that begins with {sign} means something else to YAML" for sign in "*&!>"},
    **{sign: f"YAML takes no text that begins with {sign}" for sign in "%@`]},"},
    **{
        sign: f"a text that begins with {sign} ends at the next {sign} to YAML, and this one doesn't"
        for sign in "'\""
    },
    "[": "a text that begins with [ is a list to YAML, and this one isn't closed properly",
    "{": "a text that begins with { is a mapping to YAML, and this one isn't closed properly",
    "|": "nothing may follow the | on its line",
}
"""What is wrong with a text that begins with a sign."""


class Slip(NamedTuple):
    """What somebody slipped on: its span in the text, what it is, and the cure."""

    start: int
    end: int
    message: str
    help: str


class Scene:
    """The lines round a syntax error: where the parser stopped, where it had begun, and the line before."""

    def __init__(self, text: str, at: int, begun: int) -> None:
        self.text, self.at = text.replace("\r", "\n"), at
        self.stopped = self.text[at : at + 1]
        self.here, self.opened = line_at(self.text, at), line_at(self.text, begun)
        self.before = line_at(self.text, self.here.start() - 1)

    @cached_property
    def beside(self) -> bool:
        """Whether the parser stopped at the colon of a key that begins in the column of the line before."""
        return self.stopped == ":" and _depth(self.before) == _depth(self.here)


Looker = Callable[[Scene], Iterator[Slip]]
SLIPS: list[Looker] = []
"""What is looked for, in order."""


def find(text: str, at: int, begun: int) -> Slip:
    """The slip behind a syntax error.

    Args:
        text: the file.
        at: the offset at which the parser stopped.
        begun: the offset at which what it was reading began.
    """
    scene = Scene(text, at, begun)
    return next(slip for look in SLIPS for slip in look(scene))


# The lines that the parser was at.

_LINE = re.compile(
    r"(?P<lead> *(?:- +)*)(?P<key>[^\s:#'\"*&!%@`\[\]{},|>-][^:#]*?:(?= |$))? *(?P<value>.*)"
)
_FIELD = re.compile(r" *(?:- +)*[a-z_][a-z0-9_]*:(?: |$)")
_TEXT_BELOW = ("|", ">", "|-", ">-")


def line_at(text: str, at: int) -> re.Match[str]:
    """The line round an offset, or the last before it that isn't blank: its groups are lead, key and value."""
    start = text.rfind("\n", 0, max(at, 0)) + 1
    if start and not text[start : _end(text, start)].strip(" "):
        at = start
        while at and text[at - 1] in " \n":
            at -= 1
        start = text.rfind("\n", 0, at) + 1
    found = _LINE.match(text, start, _end(text, start))
    assert found  # every part of it may be empty
    return found


def _end(text: str, start: int) -> int:
    return end if (end := text.find("\n", start)) >= 0 else len(text)


def _depth(line: re.Match[str]) -> int:
    return line.end("lead") - line.start()


# The table.


def _slip(look: Looker) -> Looker:
    SLIPS.append(look)
    return look


_CONFLICT = re.compile(r"(?m)^(?:<{7}|>{7}|\|{7}) .*$")


@_slip
def conflict(scene: Scene) -> Iterator[Slip]:
    """What git leaves where two people changed the same lines."""
    if mark := _CONFLICT.search(scene.text):
        help = "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
        yield Slip(
            *mark.span(),
            "git found two versions of these lines, and nobody has chosen between them",
            help,
        )


_ODD_SPACE = re.compile(r" *(?:- +)*(?:\w+:)?([\u00a0\u2007\u202f\u3000])")


@_slip
def odd_space(scene: Scene) -> Iterator[Slip]:
    """A no-break space, pasted from Word, where YAML counts plain ones."""
    for line in (scene.before, scene.here, scene.opened):
        if odd := _ODD_SPACE.match(line[0]):
            start = line.start() + odd.start(1)
            message = "a no-break space stands here, and YAML takes it for text"
            yield Slip(start, start + 1, message, "put a plain space there")


@_slip
def leading_sign(scene: Scene) -> Iterator[Slip]:
    """A text that begins with what means something to YAML, such as a bracket or a quotation mark."""
    for line in (scene.here, scene.opened, scene.before):
        if (value := line["value"])[:1] in LEADING and not _closed(value):
            start, end = line.span("value")
            if value[0] == "|":
                yield Slip(start, end, LEADING["|"], "move the text to the next line, indented")
            if value[0] in "'\"" and value.count(value[0]) == 1:
                yield Slip(start, end, f"the closing {value[0]} is missing", f"add it; or {BLOCK}")
            close = {"[": "]", "{": "}"}.get(value[0], "")
            if close and close not in value:
                yield Slip(
                    start,
                    end,
                    f"the closing {close} is missing",
                    f"add it; if this is text: {BLOCK}",
                )
            yield Slip(start, end, LEADING[value[0]], BLOCK)


def _closed(value: str) -> bool:
    """Whether a quoted or bracketed value closes on its own line with nothing after it."""
    value = re.split(r"(?<=\s)#", value)[0].rstrip()
    if (sign := value[0]) in "'\"":
        return len(value) > 1 and value.endswith(sign) and value.count(sign) == 2
    if sign in "[{":
        close = {"[": "]", "{": "}"}[sign]
        return value.endswith(close) and value.count(sign) == value.count(close)
    return value in (*_TEXT_BELOW, "|+", ">+")


@_slip
def colon_in_text(scene: Scene) -> Iterator[Slip]:
    """A second colon on a line, as in ``summary: Good practice: the board meets``."""
    if scene.stopped == ":" and ": " in scene.text[scene.here.start() : scene.at]:
        message = "a colon and a space inside a text make YAML take the words before it for a key"
        help = "write a | after the first colon, and the text on the next lines, indented"
        if "{" in scene.text[scene.here.start() : scene.at]:
            help = "put the text in quotation marks"
        yield Slip(scene.at, scene.at + 1, message, help)


@_slip
def colon_without_space(scene: Scene) -> Iterator[Slip]:
    """A key whose colon touches its value: ``score:3``."""
    for line in (scene.opened, scene.before):
        if not line["key"] and (near := re.search(r"(?<=\S):(?=\S)", line["value"])):
            start = line.start("value") + near.start()
            yield Slip(start, start + 1, "a space is missing after this colon", "add it")


@_slip
def key_without_colon(scene: Scene) -> Iterator[Slip]:
    """A name alone on its line, with fields further in below it: ``training`` for ``training:``."""
    for line in (scene.opened, scene.before):
        below = _LINE.match(scene.text, line.end() + 1, _end(scene.text, line.end() + 1))
        alone = not line["key"] and re.fullmatch(r"[a-z][a-z0-9_]*", line["value"].rstrip())
        if alone and below and _FIELD.match(below[0]) and _depth(below) > _depth(line):
            yield Slip(
                *line.span("value"), f"a colon is missing after {alone[0]}", f"write {alone[0]}:"
            )


@_slip
def text_in_two_columns(scene: Scene) -> Iterator[Slip]:
    """A text of which a line begins further left than its first one."""
    first = line = scene.here
    for _ in range(_MOST_LINES):
        if not line.start() or (line["key"] and line["value"] in _TEXT_BELOW):
            break
        first, line = line, line_at(scene.text, line.start() - 1)
    within = _depth(line) < _depth(scene.here) < _depth(first)
    if within and line["key"] and line["value"] in _TEXT_BELOW and not _FIELD.match(scene.here[0]):
        help = "begin the first line no further in than the others"
        yield Slip(
            first.end("lead"),
            first.end(),
            f"the lines of the text of {line['key']} must begin in one column",
            help,
        )


@_slip
def text_without_bar(scene: Scene) -> Iterator[Slip]:
    """A text that runs over the lines below its key, which has no | after it."""
    fields = scene.beside and _FIELD.match(scene.here[0])
    if not fields and (key := _key_without_bar(scene.text, scene.opened)):
        yield Slip(
            *key.span("key"),
            f"the text below {key['key']} has no | before it",
            f"write a | after {key['key']}",
        )


_MOST_LINES = 1000
"""How far up a text without a | is followed."""


def _key_without_bar(text: str, line: re.Match[str]) -> re.Match[str] | None:
    """The line of a key whose text runs over the lines below it without a |, if this is one of them."""
    first = line
    for _ in range(_MOST_LINES):
        if not first.start() or _depth(first) < _depth(line):
            break
        above = line_at(text, first.start() - 1)
        if _depth(above) < _depth(line):
            return (
                above
                if above["key"] and not above["value"] and not _FIELD.match(first[0])
                else None
            )
        if _FIELD.match(above[0]) and _depth(above) == _depth(line):
            break  # these lines are fields, and the key above them needs no |
        first = above
    return None


@_slip
def line_without_key(scene: Scene) -> Iterator[Slip]:
    """A line that has no key: its colon was forgotten, or it is a text that stands too far out."""
    for line in (scene.opened, *([scene.before] if scene.beside else [])):
        above = line_at(scene.text, line.start() - 1)
        if line["key"]:
            continue
        if above["key"] and above["value"] in _TEXT_BELOW:
            message = f"the text of {above['key']} must begin further in than its key"
            help = "indent it by two more spaces, and the lines below it alike"
            yield Slip(*line.span("value"), message, help)
        help = (
            "write it as key: value; if it goes on with the text above, indent it as that text is"
        )
        yield Slip(*line.span("value"), "this line has no colon after a key", help)


@_slip
def key_too_far_in(scene: Scene) -> Iterator[Slip]:
    """A key that begins further right than the one above it, which has its value already."""
    here, before = scene.here, scene.before
    if scene.stopped == ":" and before["key"] and before["value"] and _depth(here) > _depth(before):
        message = "this line begins further right than the key above it, so YAML reads it as that key's text"
        help = f"if it is a key, begin it in that key's column; if it is text, write a | after {before['key']} first"
        yield Slip(here.end("lead"), here.end(), message, help)


@_slip
def backslash(scene: Scene) -> Iterator[Slip]:
    """A backslash in double quotes, as in the name of a folder."""
    start = scene.text.rfind("\\", scene.here.start("value"), scene.at + 1)
    if scene.here["value"][:1] == '"' and start >= 0:
        yield Slip(
            start, start + 1, "a backslash in double quotes means something else to YAML", BLOCK
        )


@_slip
def list_beside_key(scene: Scene) -> Iterator[Slip]:
    """A list that begins on the line of its key: ``cc: - Alex``."""
    if scene.stopped == "-" and scene.here["key"]:
        key = scene.here["key"]
        help = f"write a | after {key}, and the points below it as they are; if it is a list of names, without the |"
        yield Slip(scene.at, scene.at + 1, "a list begins on the line below its key", help)


@_slip
def item_among_keys(scene: Scene) -> Iterator[Slip]:
    """An item of a list where the lines round it are keys."""
    if scene.stopped == "-":
        help = "delete the - if this is a key; else indent it"
        yield Slip(scene.at, scene.at + 1, "an item of a list stands here among keys", help)


@_slip
def column(scene: Scene) -> Iterator[Slip]:
    """A key that begins in no column of the keys above it: itself, or the one above it that has none of its own."""
    here, line = scene.here, scene.here
    above: list[re.Match[str]] = []  # the fields above, each further left than all below it
    like: re.Match[str] | None = None
    for _ in range(_MOST_LINES if _FIELD.match(here[0]) else 0):
        if not line.start() or like:
            break
        line = line_at(scene.text, line.start() - 1)
        if _FIELD.match(line[0]) and (not above or _depth(line) < _depth(above[-1])):
            above.append(line)
        elif above and _FIELD.match(line[0]) and _depth(line) == _depth(here) > _depth(above[-1]):
            if here["value"] or line["value"] or above[-1]["value"]:
                break
            like = line
    deeper = [each for each in above if _depth(each) > _depth(here)]
    strange, like = (above[-1], like) if like else (here, deeper[-1] if deeper else None)
    if like:
        number, other = (scene.text.count("\n", 0, each.start()) + 1 for each in (strange, like))
        spaces = (
            f"{_depth(like)} space{'s' if _depth(like) > 1 else ''}" if _depth(like) else "no space"
        )
        message = f"line {number} should begin with {spaces}, as line {other} does"
        yield Slip(
            strange.end("lead"),
            strange.end(),
            message,
            "indent it alike, and what belongs to it further in",
        )


@_slip
def indentation(scene: Scene) -> Iterator[Slip]:
    """Whatever else: as a rule lines that belong together and begin in different columns."""
    help = "compare the indentation with the lines above: keys that belong together share a column"
    yield Slip(scene.at, scene.at + 1, "the lines here don't fit together as YAML", help)
