"""What was left in of the draft: placeholders, notes to oneself, keys that the text swallowed (PL301, PL311, PL312)."""

import re
from collections.abc import Iterator

from prevent_letter.assessment.fields import quoted
from prevent_letter.rules.judged import Block, Clues, Judged, Verdict, Verdicts, rule


@rule("PL301", "a placeholder is left in the letter", "error")
def placeholder(judged: Judged) -> Verdicts:
    """A placeholder of the draft is left in the prose, or in a name or another line of the letter.

    Bad:
        summary: Exampleshire has [insert number] trained staff.
    Good:
        summary: Exampleshire has 200 trained staff.
    """
    signs = ("TODO", "TBC", "TBD", "FIXME", "XX", "LOREM", "[", "<", "£", "??", "___", "{{")
    blocks = (*judged.blocks, *judged.lines)
    whole = "\n".join((judged.text, *(block.text for block in judged.lines)))
    if whole.isascii() and not any(map(whole.upper().__contains__, signs)):
        return
    upper = {passage: passage.upper() for passage in {block.passage for block in blocks}}
    suspect = {
        passage
        for passage, text in upper.items()
        if not text.isascii() or any(map(text.__contains__, signs))
    }
    for block in blocks if suspect else ():
        if block.passage in suspect:
            for found in PLACEHOLDER.finditer(block.text):
                before, after = (
                    block.text[max(0, found.start() - 200) : found.start()],
                    block.text[found.end() :][:200],
                )
                if _in_quotation(before) and re.search('["”]', after):
                    continue  # what somebody else wrote
                yield block.verdict(
                    found,
                    f"a placeholder is left here: {quoted(found[0])}",
                    "write what belongs here",
                )


PLACEHOLDER = re.compile(
    r"[\[<](?i:insert)\b[^\]>]{0,200}[\]>]?"
    r"|\[(?i:name|date|number|area|council|authority|add|tbc|to be|x+)\b"
    r"(?![^\]]{0,200}(?:redacted|removed|withheld))[^\]]{0,200}\](?!\()"
    r"|\b(?:(?i:todo|tbc|tbd|fixme)|X{3,}|(?:19|20)XX|XX%|(?i:xx/xx)(?:/\w+)?|(?<!page )(?<!pages )x{2,4}"
    r"|(?i:lorem ipsum))(?!\w)"
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
    for block, found in (*_signed(judged), *_WORDED.find(judged)):
        told = [found.span() for found in PLACEHOLDER.finditer(block.text)]
        twice = any(start < found.end() and found.start() < end for start, end in told)
        before = block.text[max(0, found.start() - 300) : found.start()]
        if not twice and not (found[0][0] == "[" and _in_quotation(before)):
            help = "write what belongs here, or delete it"
            yield block.verdict(
                found, f"a note of the draft is left here: {quoted(found[0])}", help
            )
    yield from _asides(judged)
    for block in judged.holding(advisor) if len(advisor.split()) > 1 else ():
        message = f"{quoted(advisor)} signs the letter, and stands in its text"
        yield Verdict(
            block.at, message, "delete the note", advisor, block, block.text.index(advisor)
        )


def _signed(judged: Judged) -> Iterator[tuple[Block, re.Match[str]]]:
    """The notes that their signs give away."""
    clues = [clue for clue in _CLUES if clue.search(judged.text)]
    for block in judged.blocks if clues else ():
        if any(clue.search(block.text) for clue in clues):
            yield from ((block, found) for found in _SIGNED.finditer(block.text))


def _asides(judged: Judged) -> Verdicts:
    """Words to or about a colleague: somebody whom the letter names, by the first name alone."""
    people = [
        judged.line("addressee", "name"),
        judged.line("advisor", "name"),
        *map(str, judged.listed("cc")),
    ]
    firsts = {
        name.split()[0]
        for name in people
        if re.fullmatch(r"[A-Z][a-z]{2,20}(?: [A-Z][\w'’-]+)+", name)
    } - _TITLES
    if firsts & judged.words:
        name = "|".join(sorted(firsts))
        aside = re.compile(
            rf"\b(?:{name}) (?:to (?:add|check|confirm|finish|provide|send|update)\b|[–-] )"
            rf"|\b(?:[Aa]sk|[Cc]hase|[Cc]an|[Cc]heck with|[Cc]onfirm with|[Cc]omments? from"
            rf"|[Aa]waited from) (?:{name})\b"
            rf"|\b[Ss]ee (?:{name})['’]s\b"
        )
        for block in judged.holding(*firsts):
            for found in aside.finditer(block.text):
                message = f"a note of the draft is left here: {quoted(found[0])}"
                yield block.verdict(found, message, "write what belongs here, or delete it")


_TITLES = frozenset(
    "The Chief Councillor Cllr Director Leader Head Mayor Sir Dame Lady Lord Doctor".split()
)


def _in_quotation(before: str) -> bool:
    """Whether a quotation is open after some words."""
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


# Each begins with one sign, which is quick to look for.
_CLUES = (
    re.compile(r"[%£#{\[*<«$?]"),
    re.compile(r": (?<=[A-Z]: )"),
    re.compile(r" to (?<=[A-Z.] to )"),
    re.compile(r"X(?<=[0-9]X)"),
    re.compile(r"\((?:date|name|number|area)\)"),
)
_SIGNED = re.compile(
    r"\bX{1,2}%|[?]%|£[Xx]+k?\b|\(\?\)|(?<![\w*])\*{3,}(?![\w*])|<<[^>]{0,80}>?>?|«[^»]{0,80}»?|\{[a-z][a-z _]{1,40}\}"
    r"|(?<!\w)##(?!\w)|\b(?:19|20)[0-9]X\b|<(?!https?:|mailto:)!?-{0,2}[ A-Za-z][^<>]{0,80}>|%[A-Z]{3,20}%"
    r"|(?<![\w$])\$[a-z]{3,20}\b|#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?)|\([^()?]{1,30}\?\)|\((?:date|name|number|area)\)"
    r"|\bis this right\?"
    r"|(?:^|(?<=[(\[])|(?<=[.!?] ))(?!NB|PS|RE|FAO|HR|IT|ICT|PR)[A-Z]{2,3}: (?=\w)|(?:^|(?<=[.!?] ))Q: (?=\w)"
    r"|(?:^|(?<=[.!?] ))[A-Z]\.?[A-Z]\.? to (?:confirm|check|finish|add|update)\b"
    r"|\[(?!(?:19|20)?[0-9]{1,3}\]|(?:19|20)[0-9]{2}\] [0-9A-Z]|(?i:sic|\.{3}|…|emphasis [a-z]+)\]"
    r"|[^\]]{0,60}(?i:redacted|removed|withheld|anonymised))[^\]]{1,200}\](?![(\[])"
)
_BEGINS = r"(?:^|(?<=[,;(–-] )|(?<=[(])|(?<=[.!?] ))"
_WORDED = Clues(
    (
        "XX XXth XXst XXnd XXrd",
        r"(?<!Article )(?<!Part )(?<!Annex )(?<!Chapter )\bXX(?:th|st|nd|rd)?\b(?!%)",
    ),
    ("X", r"\b(?:[Aa]round|[Aa]bout|[Ss]ome|[Oo]ver) X (?=[a-z])"),
    ("nn", r"\bnn\b"),
    ("DD dd D d Dd", r"\b[Dd]{1,2}([/.-])[Mm]{1,2}\1[Yy]{2,4}\b(?!,? and)"),
    ("Month", r"\bMonth Year\b"),
    ("Error", r"\bError! [A-Z]\w+(?: \w+){0,5}"),
    ("Click click", r"\b[Cc]lick (?:or tap(?: here)?|here)\b(?: to enter \w+)?"),
    ("Choose", r"\bChoose an item\b"),
    ("Enter", r"\bEnter text(?: here)?\b"),
    ("TBA tba", r"\b(?:TBA|tba)\b"),
    ("t_b", r"\b[Tt]\.[Bb]\.[ACDacd]\b\.?"),
    ("be_confirmed be_advised", r"\b[Tt]o be (?:confirmed|advised)(?=[.,;)]|$)"),
    ("w", r"\bw/(?![coe]\b)(?=[ \w])"),
    ("delete Delete", r"\*?\b[Dd]elete (?:as appropriate|if not applicable)\b"),
    (
        "same_as as_last per_last from_last since_last",
        r"(?:^|(?<=[.!?(] ))(?:(?:Same as|As per|No change (?:from|since)) last year(?:['’]s letter)?"
        r"|As last year(?=\.))",
    ),
    ("see_email see_e see_my see_the see_your", rf"{_BEGINS}[Ss]ee (?:my |the |your )?e-?mail\b"),
    (
        "check_with check_this confirm_with confirm_this",
        rf"{_BEGINS}(?:[Cc]heck|[Cc]onfirm) (?:this )?with (?:the )?\w+|\b[Nn]eed to (?:check|confirm) this\b",
    ),
    ("awaited_from", r"\b[Aa]waited from [A-Z]\w+"),
    ("to_self", r"\b[Nn]ote to self\b"),
    ("NB", r"\bNB ask\b"),
    ("DO", r"\bTO DO\b"),
    ("DRAFT", r"\bDRAFT ONLY\b"),
    ("PLEASE", r"\bPLEASE (?:UPDATE|CHECK|ADD)\b"),
    ("CHECK", r"(?<!PLEASE )\bCHECK\b"),
    ("INSERT", r"\bINSERT [A-Z]+"),
    ("add_more", r"\bAdd more detail\b"),
    ("chase Chase", r"\b[Cc]hase [A-Z][a-z]+(?=[.,;)]|$)"),
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
        for found in (
            _SWALLOWED.finditer(passage) if any(map(passage.__contains__, _SWALLOWED_SIGNS)) else ()
        ):
            if (
                found[0].strip()[0].islower()
                and re.search(r"\w\n[ \t]*$", passage[: found.start()])
                and "–" in found[0]
            ):
                continue  # a sentence that was wrapped here
            message = (
                f"the text says {quoted(found[0].strip())}, as a key or a label of the letter does"
            )
            help = "indent it as the other keys are, if it is one; else delete it"
            yield Verdict(at, message, help, found[0].strip())


_SWALLOWED_SIGNS = (":", "–", "# ", " -", "<!--")
_SWALLOWED = re.compile(
    r"(?m)^[ \t]*(?:(?:score|good_practice|(?:key_)?recommendations|summary|accepted|sent):[ \t]*(?:\||[0-9]|$)"
    r"|# ?[0-9]{1,2}\. [A-Z]\w*|(?i:good practice|areas for (?:development|improvement)|(?:key )?recommendations?"
    r"|score(?: [0-9])?|benchmark [0-9]{1,2})"
    r" ?[–:-](?=[ \t]|$)|<!--)"
)
