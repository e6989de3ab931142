"""The sentences of the prose: ended, said once, of this period, in one kind of quotation marks (PL302 to PL309)."""

import re
from itertools import groupby, starmap
from operator import and_, eq

from prevent_letter.assessment.fields import quoted
from prevent_letter.ground.findings import MOST
from prevent_letter.rules import glyphs
from prevent_letter.rules.judged import Block, Judged, Verdict, Verdicts, is_nothing, rule


@rule("PL302", "a paragraph or item doesn't end its sentence", "warning")
def unfinished(judged: Judged) -> Verdicts:
    """A paragraph or list item doesn't end its sentence.

    That is how a note of the draft shows that was left in at the end, or a text that was cut. An item that begins with
    a small letter, and one that ends with a semicolon or comma, goes on with the sentence before and after it.

    Bad:
        summary: Exampleshire meets the duty. Engagement with districts good
    Good:
        summary: Exampleshire meets the duty. Engagement with districts is good.
    """
    for _, passage in groupby(judged.blocks, lambda block: (block.at, block.passage)):
        blocks = list(passage)
        introduced = any(block.text.endswith(":") for block in blocks)
        items = [block for block in blocks if block.mark]
        stops = any(block.text.endswith((".", "!", "?")) for block in items)
        told = False  # one warning a list
        for block in blocks:
            bare = block.mark and introduced and not stops  # a list of phrases after a colon
            if _is_finished(block) or bare or (block.mark and told):
                continue
            told = bool(block.mark)
            words = block.words
            last = " ".join(words.rsplit(" ", 4)[-4:])
            kind = "item" if block.mark or block.at[0] == "key_recommendations" else "paragraph"
            message = f"this {kind} doesn't end its sentence: {quoted('... ' + last)}"
            help = "end it with a full stop, or delete what was left in"
            yield Verdict(block.at, message, help, last, block, len(block.text) - len(last))


def _is_finished(block: Block) -> bool:
    words = block.words
    if block.text.endswith((".", "!", "?")) or is_nothing(words):
        return True
    item = bool(block.mark) or block.at[0] == "key_recommendations"
    text = re.sub(r"\[[0-9]{1,9}\]$", "", words.rstrip("¹²³"))
    if text.endswith(")") and re.search(r"\]\((?:https?:|mailto:)[^() ]{1,2000}\)$", text[-2100:]):
        return True  # a link is an end
    text = text.rstrip("*_)]}\"'’”»")
    runs_on = item and (
        text.endswith((";", ",", "; and", "; or", ", and", ", or")) or words[0].islower()
    )
    introduces = text.endswith(":") and not block.last
    return text.endswith((".", "!", "?", "…")) or runs_on or introduces


@rule("PL303", "a word stands twice", "warning", english=True)
def doubled_word(judged: Judged) -> Verdicts:
    """A word stands twice in a row. "Had had" and "that that" may be right and are left alone.

    Bad:
        summary: The board meets in the the autumn.
    Good:
        summary: The board meets in the autumn.
    """
    twice = any(starmap(eq, judged.pairs))
    for block, words in judged.lowered:
        for found in (
            _DOUBLED.finditer(block.text) if twice and any(map(eq, words, words[1:])) else ()
        ):
            first, second = found[0].split()[0], found[0].split()[-1]
            named = first[0].isupper() and (
                second[0].isupper() or first.lower() in ("will", "may", "mark", "bill")
            )
            near = max(0, found.start() - _NEAR)
            before = block.text[near : found.start()].split()[-2:]
            after = block.text[found.end() : found.end() + _NEAR].split()[:1]
            meant = first.lower() in ("had", "that") or (
                first.lower() == "is" and {*before[:1], *after} & {"what", "it"}
            )
            if not meant and not (named and len(first) > 2 and first != "The"):
                yield block.verdict(
                    found, f"{quoted(found[1])} stands twice here", "delete one of the two"
                )
        again = [*map(eq, words, words[2:])] if any(map(eq, words, words[2:])) else []
        for found in _TWO_DOUBLED.finditer(block.text) if any(map(and_, again, again[1:])) else ():
            if not found[1].isdigit():
                yield block.verdict(
                    found, f"{quoted(found[1])} stands twice here", "delete one of the two"
                )


_TWO_DOUBLED = re.compile(
    r"(?<![\w'’-])([a-z]{2,20} (?!(?:by|after|and|in|for|on|upon)\b)[a-z]{2,20}) \1(?![\w'’-])",
    re.I,
)
_NEAR = 80
"""How far round a doubled word its neighbours are looked for; a whole text, for each, would take its square."""
_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]{2,}(?:['’][^\W\d_]+)?)[*_]* [*_]*\1(?![\w'’-])", re.I)


@rule("PL304", "another period than the letter's", "warning")
def another_period(judged: Judged) -> Verdicts:
    """A period is named that isn't the letter's: a trace of last year's letter, as a rule. The next one may be named.

    Bad:
        period: 2021/2022
        summary: In 2020/2021 the board met twice.
    Good:
        period: 2021/2022
        summary: In 2021/2022 the board met twice.
    """
    period = judged.first_year
    for block in judged.blocks if period and _YEARS.search(judged.text) else ():
        if not _YEARS.search(block.text):
            continue
        for found in re.finditer(
            r"\b((?:19|20)[0-9]{2}) ?[/–-] ?((?:19|20)?[0-9]{2})\b(?![-/–])", block.text
        ):
            first, last = int(found[1]), int(found[2][-2:])
            if (
                (first + 1) % 100 == last
                and first not in (period, period + 1)
                and not _COMPARES.search(_sentence(block, found))
            ):
                message = f"{quoted(found[0])} isn't the letter's period, {judged.line('period')}"
                yield block.verdict(found, message, "correct the one or the other")


_YEARS = re.compile(r"[/–-](?:(?<=[0-9]{4}.)|(?<=[0-9]{4} .)) ?[0-9]")
_COMPARES = re.compile(
    r"(?i)\b(?:last|previous|earlier|prior|since|compar\w*|than|from|increase\w*|up|down|former)\b"
)


def _sentence(block: Block, found: re.Match[str]) -> str:
    """The sentence in which words stand."""
    return next(text for text, start in reversed([*block.sentences()]) if start <= found.start())


@rule("PL307", "straight and curly quotation marks are mixed", "warning")
def mixed_quotes(judged: Judged) -> Verdicts:
    """Straight and curly quotation marks, or apostrophes, are mixed in one letter.

    The rarer kind is reported, where it stands first. The standard wording has straight ones.

    Bad:
        summary: The council's plan is the partners’ plan.
    Good:
        summary: The council's plan is the partners' plan.
    """
    curly, straight = "‘’“”", "'\""
    many = {
        marks: sum(block.text.count(mark) for block in judged.blocks for mark in marks)
        for marks in (curly, straight)
    }
    if all(many.values()):
        rarer = min(many, key=lambda marks: many[marks])
        block = next(block for block in judged.blocks if any(mark in block.text for mark in rarer))
        at = min(block.text.index(mark) for mark in rarer if mark in block.text)
        before, after = (
            re.findall(r"\w+", f" {block.text[max(0, at - 40) : at]}"),
            re.match(r"\w*", block.text[at + 1 :]),
        )
        begin = at - len(before[-1]) if before and block.text[at - 1 : at].isalnum() else at
        found = block.text[begin : at + 1] + (after[0] if after else "")
        kind = "curly" if rarer == curly else "straight"
        message = (
            f"a {kind} quotation mark stands here, and most of the letter's are of the other kind"
        )
        yield Verdict(block.at, message, "use one kind throughout", found, block, begin)


@rule("PL309", "a character that the PDF can't show", "warning", needed="pdf")
def no_glyph(judged: Judged) -> Verdicts:
    """The font of the PDF hasn't this character. Word and the web page borrow it from another font.

    A PDF isn't built with it: nobody would see what stands there.

    Bad:
        summary: The board meets monthly ✅.
    Good:
        summary: The board meets monthly.
    """
    for at, field, text in judged.texts:
        for number, character in enumerate(glyphs.lacking(text) if field.kind != "score" else ()):
            message = f"the font of the PDF hasn't the character {quoted(character)} (U+{ord(character):04X})"
            word = (
                next((word for word in text.split() if character in word), "")
                if number <= MOST
                else ""
            )
            yield Verdict(at, message, "leave it out, or write it in words", word)
