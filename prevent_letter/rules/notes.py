"""What was left in of the draft: placeholders, notes to oneself, keys that the text swallowed (PL301, PL311, PL312)."""

import re

from prevent_letter.assessment.fields import quoted
from prevent_letter.rules.judged import Judged, Verdict, Verdicts, rule


@rule("PL301", "a placeholder is left in the letter", "error")
def placeholder(judged: Judged) -> Verdicts:
    """A placeholder of the draft is left in the prose, or in a name or another line of the letter.

    Bad:
        summary: Exampleshire has [insert number] trained staff.
    Good:
        summary: Exampleshire has 200 trained staff.
    """
    signs = ("TODO", "TBC", "TBD", "FIXME", "XX", "LOREM", "[", "<", "£", "??", "___", "{{")
    upper = {passage: passage.upper() for passage in {block.passage for block in (*judged.blocks, *judged.lines)}}
    suspect = {passage for passage, text in upper.items() if not text.isascii() or any(sign in text for sign in signs)}
    for block in (*judged.blocks, *judged.lines) if suspect else ():
        if block.passage in suspect:
            for found in PLACEHOLDER.finditer(block.text):
                yield block.verdict(found, f"a placeholder is left here: {quoted(found[0])}", "write what belongs here")


PLACEHOLDER = re.compile(
    r"[\[<](?i:insert)\b[^\]>]{0,200}[\]>]?"
    r"|\[(?i:name|date|number|area|council|authority|add|tbc|to be|x+)\b"
    r"(?![^\]]{0,200}(?:redacted|removed|withheld))[^\]]{0,200}\](?!\()"
    r"|\b(?:(?i:todo|tbc|tbd|fixme)|X{3,}|(?:19|20)XX|XX%|(?i:xx/xx)(?:/\w+)?|x{2,4}|(?i:lorem ipsum))(?!\w)"
    r"|£XX+|\?{2,}|(?<!\w)_{3,}|\{\{"
)


@rule("PL311", "a note of the draft is left in the letter", "warning")
def note(judged: Judged) -> Verdicts:
    """A note to oneself or to a colleague is left in the prose, or what a form or Word put in place of a value.

    Bad:
        summary: Exampleshire trained X% of its staff, check with Sam.
    Good:
        summary: Exampleshire trained 80% of its staff.
    """
    advisor = judged.line("advisor", "name")
    for block in judged.holding(*_SIGNS) if not _INITIALS.search(judged.text) else judged.blocks:
        told = [found.span() for found in PLACEHOLDER.finditer(block.text)]
        for found in _NOTE.finditer(block.text):
            twice = any(start < found.end() and found.start() < end for start, end in told)
            if not twice and not (found[0][0] == "[" and _in_quotation(block.text[: found.start()])):
                help = "write what belongs here, or delete it"
                yield block.verdict(found, f"a note of the draft is left here: {quoted(found[0])}", help)
    for block in judged.holding(advisor) if len(advisor.split()) > 1 else ():
        message = f"{quoted(advisor)} signs the letter, and stands in its text"
        yield Verdict(block.at, message, "delete the note", advisor, block, block.text.index(advisor))


def _in_quotation(before: str) -> bool:
    """Whether a quotation is open after some words."""
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


_SIGNS = (
    *("X%", "£X", "XX", "(?)", "***", "<<", "{", "#", "[", "DD", "dd/", "D/M", "d/m", "Error! ", "TBA", "T.B.", "w/"),
    *("lick or tap", "o be confirmed", "o be advised", "ame as last year", "email", "e-mail", "heck with"),
    "heck this with",
)
"""One of these, or initials, stands in each note."""
_INITIALS = re.compile(r"[A-Z]: ")
_NOTE = re.compile(
    r"\bX{1,2}%|£X\b|\bXX\b|\(\?\)|(?<![\w*])\*{3,}(?![\w*])|<<[^>]{0,80}>?>?|\{[a-z][a-z _]{1,40}\}"
    r"|\b[Dd]{1,2}([/.-])[Mm]{1,2}\1[Yy]{2,4}\b|#(?:REF!|N/A|VALUE!|DIV/0!)|\bError! [A-Z]\w+(?: \w+){0,5}"
    r"|\b[Cc]lick or tap(?: here)?\b|\bTBA\b|\bT\.B\.[ACD]\b\.?|\b[Tt]o be (?:confirmed|advised)\b|\bw/(?=[ \w])"
    r"|\b[Ss]ame as last year\b|\b[Ss]ee (?:my |the |your )?e-?mail\b|\b[Cc]heck (?:this )?with [A-Z][a-z]+"
    r"|(?:^|(?<=[(\[])|(?<=[.!?] ))(?!NB|PS|RE|FAO)[A-Z]{2,3}: (?=\w)"
    r"|\[(?![0-9]{1,3}\]|(?i:sic|\.{3}|…)\]|[^\]]{0,60}(?i:redacted|removed|withheld|anonymised))"
    r"[^\]]{1,200}\](?![(\[])"
)


@rule("PL312", "a key or a label is part of the text", "warning")
def swallowed(judged: Judged) -> Verdicts:
    """A line of the text is a key of the file, a comment of it, or a label that the letter writes itself.

    As a rule the line was indented too far, and the text above it swallowed it.

    Bad:
        recommendations: |
          Train more people.
          score: 4
    Good:
        recommendations: |
          Train more people.
    """
    for at, passage in judged.prose:
        for found in _SWALLOWED.finditer(passage):
            message = f"the text says {quoted(found[0].strip())}, as a key or a label of the letter does"
            help = "indent it as the other keys are, if it is one; else delete it"
            yield Verdict(at, message, help, found[0].strip())


_SWALLOWED = re.compile(
    r"(?m)^[ \t]*(?:(?:score|good_practice|(?:key_)?recommendations|summary|accepted|sent):[ \t]*(?:\||[0-9]|$)"
    r"|# ?[0-9]{1,2}\. [A-Z]|(?i:good practice|areas for development|recommendations|score) ?[–:-](?=[ \t]|$))"
)
