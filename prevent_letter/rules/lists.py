"""Rules on lines that don't become a list, and marks shown as typed (PL308, PL316, PL326)."""

import re
from itertools import pairwise

from prevent_letter.assessment.fields import describe
from prevent_letter.assessment.places import KeyPath
from prevent_letter.core import prose
from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problem, Problems, RuleContext, is_nothing, rule
from prevent_letter.rules.expressions import Expression, Expressions

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n[ \t]*(\w+(?: \w+)?)")
_ITEMS = re.compile(r"\n[ \t]*(?:[-+*•]|[0-9]+[.)]) ")
_LISTS_NEED = "begin each item with - and a space, or with 1. and a space, 2. and so on"
_SHORTEST_LINE = 37
"""Three successive lines with fewer characters than this are a list or an address."""


@rule("PL308", "warning")
def no_list(context: RuleContext) -> Problems:
    """A line begins with a mark that makes no list, such as a bullet pasted from Word."""
    for path, passage in context.passages:
        if path == ("key_recommendations",):
            continue  # text where a list belongs is an error
        match = _mark_without_list(passage)
        written = context.draft.source.written(path).replace("\r\n", "\n")
        if match and not is_nothing(passage):
            mark, help = quote(match[1].split()[0]), _LISTS_NEED
            message = f"{mark} doesn't make a list here: these lines will run together"
            if path[0] == "key_recommendations" and passage.startswith(match[1]):
                message, help = f"{mark} would be shown in the letter", "delete it: the - is enough"
            yield Problem(path, message, help, match[1])
        yield from _pasted_lines(path, passage, written)
        if not match:
            yield from _joined_lines(path, passage)
        lost = None if written.startswith("|") else _PARAGRAPHS.search(written)
        if lost and len(prose.parse(passage)) < len(_BLANK_LINES.split(written.strip())):
            message = "this blank line is no paragraph's end in the letter"
            help = f"write a | after {path[-1]}:, and all of the text on the lines below it"
            if isinstance(path[-1], int):
                help = f"begin the text of {describe(path)} with a |, and go on in the next lines"
            yield Problem(path, message, help, lost[1])
        elif not written.startswith("|") and _ITEMS.search(written):
            message = "this list has no | before it: its lines will run together"
            help = f"write a | after {path[-1]}:, and the text on the lines below it"
            if isinstance(path[-1], int):
                help = f"begin the text of {describe(path)} with a |, and go on in the next lines"
            yield Problem(path, message, help)


def _pasted_lines(path: KeyPath, passage: str, written: str) -> Problems:
    """Yield problems at the lines of a pasted table or address."""
    tab = re.search(r"(\S{1,40})\t[ \t]{0,40}(?=[^\s])", written) if "\t" in written else None
    if tab:
        message = "there is a tab here, as in a pasted table: the lines will run together"
        yield Problem(path, message, "write a list, or sentences", tab[1])
    row = r"(?m)^(\S[^\n]{0,60}?\S) {3,}\S[^\n]*\n\S[^\n]{0,60}? {3,}\S"
    table = re.search(row, passage) if "   " in passage else None
    if table:
        message = "this looks like a pasted table: its lines will run together"
        yield Problem(path, message, "write a list, or sentences", table[1])
    short = sum(len(line) < _SHORTEST_LINE for line in passage.split("\n"))
    if short > 2 and (lines := re.search(_SHORT_LINES, passage)):
        message = f"these lines will run together: {quote(lines[1])}"
        help = "write them as a list, or on one line with commas"
        yield Problem(path, message, help, lines[1].partition("\n")[0])


_SHORT_LINES = Expression(
    r"(?:^|\n\n|:\n)(?![-*+] |[0-9]+\. )((?:[A-Z0-9][\w '’&-]{1,34}\n){2})"
    r"(?=[A-Z0-9][\w '’&-]{0,34}\.?(?:\n|$))"
)


def _joined_lines(path: KeyPath, passage: str) -> Problems:
    """Yield problems at lines that become part of the list item above, but seem to be separate."""
    for block in (block for block in prose.parse(passage) if block.mark):
        for line, next_line in pairwise(passage[block.start : block.end].split("\n")):
            is_marked = re.match(r" *[0-9]{1,2}\. +\S", next_line)
            is_indented = len(next_line) - len(next_line.lstrip()) > block.indent
            ends = line.rstrip().endswith((".", "!", "?"))
            begins_sentence = next_line.strip()[:1].isupper()
            if is_marked or (not is_indented and ends and begins_sentence):
                words = " ".join(next_line.split()[:3])
                message = f"this line joins the item above it: {quote(words)}"
                help = "if it is text after the list, leave a blank line before it"
                help += "; if it is an item, begin it with the list's mark or next number"
                yield Problem(path, message, help, words)
                break


BULLETS = "•·◦▪‣●○■►→➢\uf0b7\uf0a7\uf06e\uf0d8\uf0fc\uf076"
"""Signs that Word makes bullets of. The last six are of its fonts Symbol and Wingdings."""
_MARKS = f"{BULLETS}§✓"
_ITEM_MARK = re.compile(
    rf"\n[ \t]*((?:[{_MARKS}»]"
    r"|(?P<sure>[–—]|[0-9]{1,2}\)|[a-z]\)|-(?=[A-Za-z\u00a0])|-{2}(?= ))"
    r"|(?P<number>[0-9]{1,2}(?:\.(?![0-9])| -|:(?! ?[0-9])))"
    r"|(?P<letter>[A-Za-z]\.|[A-Z]\)|\([a-z0-9]{1,3}\)|[ivxIVX]{1,4}[.)]|[a-z] -)"
    r"|(?P<part>[0-9]\.[0-9]{1,2}\.?|R[0-9]{1,2}[.:]?"
    r"|(?:Recommendation|Rec\.?) ?[0-9]{1,2}[.:]?|#[0-9]{1,2})"
    r"|(?P<sign>[oü~](?= )|[*+](?=[A-Z])))"
    r"[ \t\u00a0]*\S+)"
)
"""An expression for a passage with a newline before it, as ``^`` would be tried everywhere."""
_DOUBTFUL = ("number", "letter", "part", "sign")


def no_list_mark(passage: str) -> bool:
    """Return True if lines of a passage will run together, as PL308 says."""
    return ("\n" in passage and _mark_without_list(passage) is not None) and not is_nothing(passage)


def _mark_without_list(passage: str) -> re.Match[str] | None:
    """Return the first mark that seems meant to begin a list item, but does not.

    A mark that may be ordinary text, such as "A.", counts only if two lines begin in that way.
    """
    starts = {block.start for block in prose.parse(passage) if block.mark}
    first: dict[str, re.Match[str]] = {}
    doubtful_end = -1  # the end of the line with the last doubtful mark
    for match in _ITEM_MARK.finditer(f"\n{passage}"):
        above = passage[max(0, match.start() - 200) : match.start()].rstrip(" \t")
        begins_paragraph = above in ("", "\n") or above.endswith("\n\n")
        may_begin = begins_paragraph or above.rstrip().endswith((".", ":", ";"))
        may_begin = may_begin or doubtful_end == match.start() - 1
        if match.start(1) - 1 in starts:
            continue
        if match[1][0] in _MARKS or (may_begin and match["sure"]):
            return match
        kind = next((name for name in _DOUBTFUL if match[name]), "") if may_begin else ""
        if kind in first and not (begins_paragraph and match[1][0] == "("):
            return first[kind]
        if kind:
            doubtful_end = passage.find("\n", match.end() - 1)
            first[kind] = match
    return None


@rule("PL326", "warning")
def joined_items(context: RuleContext) -> Problems:
    """A name under ``cc`` or ``partners`` contains the next name, whose - is indented further."""
    for key in ("cc", "partners"):
        for number in range(len(context.listed(key))):
            path: KeyPath = (key, number)
            if match := re.search(r"\n[ \t]*(- \S+)", context.draft.source.written(path)):
                message = "this item runs into the one above it"
                yield Problem(path, message, "begin each - in the same column", match[1])


_MARKUP = Expressions(
    (
        "# > ` ]( [ |- & â€ ã â â~ ã~ _x0 õs õt -~ ?s %20 \u00ad ï»¿ \ufffd",
        r"(?m)^[ \t]*(?:#{1,6} (?![0-9]{1,2}\.)|> |```)\S*"
        r"|^[ \t]*\|[ :-]*-{2,}[ :|-]*$"
        r"|(?<=\w)\[[0-9]{1,2}\](?![\w(\[]|\.?$)"
        r"|\b[a-z]{3,20}\?s\b|\w{1,30}%20\w{0,30}|\ufffd"
        r"|\w{1,30}Õ\w{1,9}|\b[a-z]{3,12}- (?!and\b|or\b|to\b|but\b|as\b|nor\b)[a-z]{2,12}\b"
        r"|&(?:[a-z]{2,8}|#[0-9]{2,5}|#x[0-9a-fA-F]{2,4});|_x[0-9A-F]{4}_"
        r"|\w{0,30}(?:â(?:€|\x80)[\x80-\xbf™œ\x9d˜¢“”–—¦]?|[ÃÂ][\x80-\xbf©¨¢«])\w{0,10}"
        r"|\[[^\[\]\n]{1,100}\]\((?!https?:|mailto:)[\w/.-][^()\n]{0,200}\)",
    )
)


@rule("PL316", "warning")
def markup(context: RuleContext) -> Problems:
    """A mark of another notation, or an unclosed **, would be shown exactly as it is typed."""
    for path, _, match in _MARKUP.find_in_passages(context):
        words = match[0].strip()
        message = f"the letter will show this exactly as you typed it: {quote(words)}"
        help = "delete the mark; a link is [words](https://...)"
        if re.search("[âÃÂÕ]", words):
            message = f"the characters are damaged here, as by a wrong encoding: {quote(words)}"
            help = "type the word again"
        elif re.search(r"\w- \w", words):
            message, help = f"a word is parted as at the end of a line: {quote(words)}", "join it"
        elif words[0] in "&_" or "?" in words or "%" in words:
            help = "type the character that is meant"
        elif words.startswith("|"):
            message, help = "a letter has no tables", "write a list, or sentences"
        elif words[0] == "[" and words[-1] == "]":
            help = "delete the mark of the footnote"
        yield Problem(path, message, help, words)
    for path, field, text in context.texts:
        if field.kind == "line" and (quoted := re.fullmatch(r"[“‘]([^”’]*)[”’]", text.strip())):
            message = f"the letter will show these quotation marks: {quote(text)}"
            yield Problem(path, message, f"delete them: {quoted[1]}")
    for block in context.blocks:
        if block.text.count("**") % 2 and "***" not in block.text:
            message = "one ** is missing: bold needs a ** before its words and a ** after them"
            offset = block.text.index("**")
            yield block.problem_at(offset, "**", message, "add the other **, or delete this one")
