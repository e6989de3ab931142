"""Lists that are none, and marks that reach the council as they were typed (PL308, PL316)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from prevent_letter.assessment.fields import label, quoted
from prevent_letter.assessment.source import KeyPath
from prevent_letter.ground import prose
from prevent_letter.rules.judged import Judged, Verdict, Verdicts, is_nothing, rule


@rule("PL308", "a mark that makes no list", "warning")
def no_list(judged: Judged) -> Verdicts:
    """A line begins with a mark that makes no list, such as a bullet pasted from Word: the lines will run together.

    So will those of a list whose text has no | before it.

    Bad:
        recommendations: |
          • Train more people.
          • Train them again.
    Good:
        recommendations: |
          - Train more people.
          - Train them again.
    """
    for at, words in judged.prose:
        if at == ("key_recommendations",):
            continue  # a text where a list belongs is an error
        found = next(_no_marks(words), None)
        if found and not is_nothing(words):
            mark = found[1].split()[0]
            message = f"this mark makes no list, so its lines will run together: {quoted(mark)}"
            yield Verdict(
                at,
                message,
                "begin each item with - and a space, or with 1. and a space, 2. and so on",
                found[1],
            )
        written = judged.draft.source.written(at)
        yield from _run_together(at, words, written)
        yield from _joined(at, words) if not found else ()
        if not written.startswith("|") and re.search(r"\n[ \t]*(?:[-+*•]|[0-9]+[.)]) ", written):
            message = "a list stands here without a | before it, so its lines run together"
            yield Verdict(
                at,
                message,
                f"begin the text of {label(at)} with a |, and write it on the next lines",
            )


def _run_together(at: KeyPath, words: str, written: str) -> Verdicts:
    """Lines of a pasted table or address."""
    if "\t" in written and (found := re.search(r"(\S{1,40})\t[ \t]{0,40}(?=[^\s])", written)):
        message = "a tab stands here, as in a pasted table; the letter has none, so its lines will run together"
        yield Verdict(at, message, "write a list, or sentences", found[1])
    if "   " in words and (
        found := re.search(r"(?m)^(\S[^\n]{0,60}?\S) {3,}\S[^\n]*\n\S[^\n]{0,60}? {3,}\S", words)
    ):
        message = "a table seems to be pasted here; its lines will run together"
        yield Verdict(at, message, "write a list, or sentences", found[1])
    if sum(len(line) < 37 for line in words.split("\n")) > 2 and (
        found := _SHORT_LINES.search(words)
    ):
        message = f"these lines will run together: {quoted(found[1])}"
        yield Verdict(
            at,
            message,
            "write them as a list, or in one line with commas",
            found[1].split("\n")[-1],
        )


def _joined(at: KeyPath, words: str) -> Verdicts:
    """A line that joins an item, though its writer meant it to stand after the list, or to be the next item."""
    for block in (block for block in prose.read(words) if block.mark):
        lines = words[block.start : block.end].split("\n")
        for one, other in pairwise(lines):
            marked = re.match(r" *[0-9]{1,2}\. +\S", other)
            below = len(other) - len(other.lstrip()) > block.indent
            if marked or (
                not below and one.rstrip().endswith((".", "!", "?")) and other.strip()[:1].isupper()
            ):
                first = " ".join(other.split()[:3])
                message = f"this line joins the item above it: {quoted(first)}"
                help = "leave a blank line before it; an item of the list needs its mark, numbers one after the other"
                yield Verdict(at, message, help, first)
                break


_SHORT_LINES = re.compile(
    r"(?:^|\n\n|:\n)(?![-*+] |[0-9]+\. )((?:[A-Z0-9][\w '’&-]{1,34}\n){2})(?=[A-Z0-9][\w '’&-]{0,34}\.?(?:\n|$))"
)


def _no_marks(words: str) -> Iterator[re.Match[str]]:
    """The first lines of what should be a list and is none; of a mark that may be a word, only where two have it."""
    starts = {block.start for block in prose.read(words) if block.mark}
    kinds: dict[str, int] = {}
    doubtful: dict[str, re.Match[str]] = {}
    before = -1  # where the line of the last doubtful mark ends
    for found in _ITEM_MARK.finditer(words):
        above = words[max(0, found.start() - 200) : found.start()].rstrip(" \t")
        begins = (
            above in ("", "\n")
            or above.endswith("\n\n")
            or above.rstrip().endswith((".", ":", ";"))
        )
        begins = begins or before == found.start() - 1
        if found.start(1) in starts:
            continue
        if found[1][0] in _BULLETS or (begins and found["sure"]):
            yield found
        elif kind := begins and next(
            (name for name in ("number", "letter", "part", "sign") if found[name]), ""
        ):
            kinds[kind] = kinds.get(kind, 0) + 1
            before = words.find("\n", found.end())
            if kinds[kind] == 2:
                yield doubtful[kind]
            doubtful.setdefault(kind, found)


_BULLETS = "•·◦▪‣●○■►→§✓➢\uf0b7\uf0a7"  # the last two are of Word's symbol fonts
_ITEM_MARK = re.compile(
    rf"(?m)^[ \t]*((?:[{_BULLETS}»]|(?P<sure>[–—]|[0-9]{{1,2}}\)|[a-z]\)|-(?=[A-Za-z\u00a0])|-{{2}}(?= ))"
    r"|(?P<number>[0-9]{1,2}(?:\.(?![0-9])| -|:(?! ?[0-9])))"
    r"|(?P<letter>[A-Za-z]\.|[A-Z]\)|\([a-z0-9]{1,3}\)|[ivxIVX]{1,4}[.)]|[a-z] -)"
    r"|(?P<part>[0-9]\.[0-9]{1,2}\.?|R[0-9]{1,2}[.:]?|(?:Recommendation|Rec\.?) ?[0-9]{1,2}[.:]?|#[0-9]{1,2})"
    r"|(?P<sign>[oü~](?= )|[*+](?=[A-Z])))"
    r"[ \t]*\S+)"
)


@rule("PL326", "an item runs into another", "warning")
def joined_items(judged: Judged) -> Verdicts:
    """A name under ``cc`` or ``partners`` holds the next one, whose - stands further in than its own.

    Bad:
        cc:
          - Alex Example
            - Sam Example
    Good:
        cc:
          - Alex Example
          - Sam Example
    """
    for key in ("cc", "partners"):
        for number in range(len(judged.listed(key))):
            if found := re.search(r"\n[ \t]*(- \S+)", judged.draft.source.written((key, number))):
                help = "begin each - in the same column"
                yield Verdict((key, number), "this item runs into the one above it", help, found[1])


@rule("PL316", "a mark that the letter shows as it is typed", "warning")
def markup(judged: Judged) -> Verdicts:
    """A mark of some other notation, or one that isn't closed, would reach the council as it was typed.

    Bad:
        summary: The board **met once.
    Good:
        summary: The board **met** once.
    """
    for at, passage in judged.prose:
        for found in (
            _MARKUP.finditer(passage)
            if any(map(passage.__contains__, ("#", ">", "`", "](")))
            else ()
        ):
            message = f"this would reach the council as it is typed: {quoted(found[0].strip())}"
            yield Verdict(
                at, message, "delete the mark; a link is [words](https://...)", found[0].strip()
            )
    for block in judged.blocks:
        if block.text.count("**") % 2 and "***" not in block.text:
            message = "** is opened and not closed, or the other way round"
            yield Verdict(
                block.at, message, "close it, or delete it", "**", block, block.text.index("**")
            )


_MARKUP = re.compile(
    r"(?m)^[ \t]*(?:#{1,6} (?![0-9]{1,2}\.)|> |```)\S*|\[[^\[\]\n]{1,100}\]\((?!https?:|mailto:)[\w/.-][^()\n]{0,200}\)"
)
