"""Rules on sentences, doubled words, years and characters (PL302 to PL304, PL307, PL309)."""

import re
from collections.abc import Iterator
from itertools import groupby, islice, zip_longest
from operator import eq

from prevent_letter.core.display import quote
from prevent_letter.core.findings import MOST_LISTED
from prevent_letter.rules import glyphs
from prevent_letter.rules.context import (
    Problem,
    Problems,
    RuleBlock,
    RuleContext,
    is_nothing,
    rule,
    word_list,
)
from prevent_letter.rules.expressions import Expression, Expressions
from prevent_letter.rules.lists import no_list_mark
from prevent_letter.rules.notes import PLACEHOLDERS, SIGNED_NOTES

_LONGEST_LINK = 2100
"""The characters at the end of a block that are searched for a link."""


@rule("PL302", "warning")
def unfinished(context: RuleContext) -> Problems:
    """A paragraph or list item does not end its sentence."""
    for (path, _), passage in groupby(context.blocks, lambda block: (block.path, block.passage)):
        blocks = list(passage)
        if path == ("key_recommendations",):
            continue  # another finding says what is wrong
        phrases = {block for group in _lists(blocks) for block in group}
        is_reported = False  # one warning for each list
        for block, below in zip_longest(blocks, blocks[1:]):
            if (block.mark and is_reported) or not _breaks_off(block, below, phrases):
                continue
            if no_list_mark(block.passage):
                break  # another finding says what is wrong
            is_reported = bool(block.mark)
            words = " ".join(block.without_mark.rsplit(" ", 4)[-4:])
            is_item = block.mark or block.path[0] == "key_recommendations"
            kind = "item" if is_item else "paragraph"
            message = f"this {kind} stops without a full stop: {quote('... ' + words)}"
            help = "finish the sentence, add the full stop, or delete what was left over"
            yield block.problem_at(len(block.text) - len(words), words, message, help)
    for block in context.blocks:
        for sentence, start in block.sentences:
            last = sentence[:-1].rpartition(" ")[2] if sentence.endswith(".") else ""
            is_cut = last in _CUT or sentence.endswith(" such as.")
            if is_cut or (last in _AUXILIARIES and not re.search(_ELLIPSIS, sentence)):
                words = f"{last}."
                offset = start + len(sentence) - len(words)
                yield block.problem_at(offset, words, _said_cut(sentence), _FINISH)
    for block, match in _TRAILS.find(context):
        yield block.problem(match, _said_cut(block.text[: match.end()]), _FINISH)


_FINISH = "finish the sentence, or delete what was left over"


def _said_cut(text: str) -> str:
    return f"this sentence breaks off: {quote('... ' + text[-30:].strip())}"


@rule("PL334", "warning", english=True)
def small_letter(context: RuleContext) -> Problems:
    """A sentence begins with a small letter, as if a part of it were lost."""
    for block in context.blocks:
        begins = re.match(_SMALL_FIRST, block.text) if not block.mark and not block.start else None
        if begins and block.path[0] != "key_recommendations" and not is_nothing(block.text):
            message = f"this text begins with a small letter: {quote(begins[0])}"
            yield block.problem(
                begins, message, "write a capital, or add what is missing before it"
            )
    has_small = re.search(r"\. [a-z]", context.text)
    for block in context.blocks if has_small else ():
        for match in re.finditer(_SMALL, block.text):
            start, word = match.start("small"), match["small"]
            if not re.search(_SHORTENED, block.text[max(0, start - 12) : start]):
                message = f"this sentence begins with a small letter: {quote(word)}"
                help = "write a capital, or a comma before it"
                yield block.problem_at(start, word, message, help)


def _breaks_off(block: RuleBlock, below: RuleBlock | None, phrases: set[RuleBlock]) -> bool:
    """Return True if a block does not end its sentence. ``below`` is the next of its passage."""
    has_items = below is not None and below.mark
    if block.mark and not has_items and re.search(r"[ ,;](?:and|or)$", block.text):
        return True  # the last item of a list
    if block.text.endswith((".", "!", "?")):
        return False
    if re.search(r" (?:of|the|an?|with|for|from|by)$", block.text):
        return True
    if not block.mark and not has_items and _ANNOUNCES.search(block.text):
        return True  # the list is missing
    if block in phrases or block.text.startswith("|") or _has_note(block):
        return False
    return not _is_finished(block)


_SMALL_FIRST = Expression(r"[a-z]{2,20}\b(?![-.@/])")
_SMALL = Expression(
    r"\. (?<=[a-z0-9]{3}\. )(?!and\b|or\b|e\.g|i\.e|www)(?P<small>[a-z]{2,20})\b(?! ?[.:])"
)
_SHORTENED = Expression(
    r"\b(?:etc|approx|incl|vs|cf|dept|govt|para|paras|fig|ext|tel|max|min|est)\. $"
)
_ANNOUNCES = re.compile(r" (?:looks at|the following|includes?|including|such as):$")


def _lists(blocks: list[RuleBlock]) -> Iterator[list[RuleBlock]]:
    """Yield the items of each list of phrases: after a colon, and without a full stop."""
    introduced: RuleBlock | None = None
    for is_item, several in groupby(blocks, lambda block: bool(block.mark)):
        group = list(several)
        if not is_item:
            introduced = group[-1]
            continue
        opens = any(block.text.endswith(":") for block in group)
        stops = any(block.text.endswith((".", "!", "?")) for block in group)
        if not stops and (opens or (introduced and introduced.text.endswith(":"))):
            yield group


def _has_note(block: RuleBlock) -> bool:
    """Return True if the last words are a placeholder or a note, of which another rule tells."""
    end = block.text[-200:]
    return end.endswith(("]", ")", "}", ">", "?", "_")) and any(
        match.end() > len(end) - 2
        for expressions in (PLACEHOLDERS, SIGNED_NOTES)
        for match in expressions.find_in_text(end)
    )


_ELLIPSIS = Expression(
    r"(?i)\b(?:as|than|that|what|when|where|who|how|which|if|so|nor|neither|do|to be|they|can)\b"
)
"""Words by which a sentence may well end in "would"."""
_CUT = frozenset(word_list("wording.cut"))
_AUXILIARIES = frozenset(word_list("wording.auxiliaries"))
_TRAILS = Expressions(
    ("... …", r"\b(?:but|although|which|with|of the|to the|that the)(?:\.{3}| ?…)$")
)


def _is_finished(block: RuleBlock) -> bool:
    words = block.without_mark
    if block.text.endswith((".", "!", "?")) or is_nothing(words):
        return True
    text = re.sub(r"\[[0-9]{1,9}\]$", "", words.rstrip("¹²³"))
    link = r"\]\((?:https?:|mailto:)[^() ]{1,2000}\)$"
    if text.endswith(")") and re.search(link, text[-_LONGEST_LINK:]):
        return True  # a link needs no full stop after it
    text = text.rstrip("*_)]}\"'’”»")
    if block.mark or block.path[0] == "key_recommendations":
        goes_on = text.endswith((";", ",", "; and", "; or", ", and", ", or"))
        if goes_on or words[0].islower():
            return True
    introduces_next = text.endswith(":") and not block.is_last
    return introduces_next or text.endswith((".", "!", "?", "…"))


_DOUBLED = Expression(
    r"(?i)(?<![\w'’-])((?:[^\W\d_]{2,}|[ai])(?:['’][^\W\d_]+)?)[*_]* [*_]*\1(?![\w'’-])"
)
_TWO_DOUBLED = Expression(
    r"(?i)(?<![\w'’-])([a-z]{2,20} (?!(?:by|after|and|in|for|on|upon)\b)[a-z]{2,20}) \1(?![\w'’-])"
)
_THREE_DOUBLED = Expression(
    r"(?i)(?<![\w'’-])([a-z]{1,20} [a-z]{2,20} [a-z]{2,20}),? \1(?![\w'’-])"
)
_NEAR = 80
"""How many characters on each side of a doubled word are searched for the words next to it."""


@rule("PL303", "warning", english=True)
def doubled_word(context: RuleContext) -> Problems:
    """A word is written twice in a row."""
    words = context.clues.lower_in_order

    def again(distance: int) -> bytes:
        """Return a 1 for each word that is there again so many words later, and a 0 for others."""
        return bytes(map(eq, words, islice(words, distance, None)))

    is_doubled = b"\1" in again(1)
    found = ((_TWO_DOUBLED, b"\1\1" in again(2)), (_THREE_DOUBLED, b"\1\1\1" in again(3)))
    expressions = [expression for expression, is_found in found if is_found]
    for block in context.blocks if is_doubled or expressions else ():
        for match in re.finditer(_DOUBLED, block.text) if is_doubled else ():
            if not _is_meant_twice(block.text, match):
                yield block.problem(match, f"{quote(match[1])} is written twice", "delete one")
        for expression in expressions:
            for match in re.finditer(expression, block.text):
                if not match[0].endswith(match[1].capitalize()):  # a heading, and its sentence
                    yield block.problem(match, f"{quote(match[1])} is written twice", "delete one")


_ALSO_NAMES = ("will", "may", "mark", "bill")


def _is_meant_twice(text: str, match: re.Match[str]) -> bool:
    """Return True if a doubled word may be right."""
    first, second = match[0].split()[0], match[0].split()[-1]
    lower = first.lower()
    if lower in ("had", "that") or (lower == "needs" and "less" not in text[match.end() :][:9]):
        return True
    before = text[max(0, match.start() - _NEAR) : match.start()].split()[-2:]
    after = text[match.end() : match.end() + _NEAR].split()[:1]
    if lower == "is" and {*before[:1], *after} & {"what", "it"}:
        return True
    is_name = first[0].isupper() and (second[0].isupper() or lower in _ALSO_NAMES)
    return is_name and len(first) > 2 and first != "The"


_PERIODS = Expressions(
    ("", r"\b((?:19|20)[0-9]{2}) ?[/–-] ?((?:19|20)?[0-9]{2})\b(?![-/–])"),
    hint="[0-9]{4}[/–-]|^[/–-]",
)
_COVERED = Expressions(
    (
        "to_march until_march and_march",
        r"\b[Tt]his (?:letter|assessment|report) (?:covers|is (?:about|for)|relates to|concerns)"
        r"[^.;]{0,40}?\b(?P<covered>April (?P<first>20[0-9]{2}) (?:to|until|and) March"
        r" 20[0-9]{2})\b",
    )
)
_COMPARES = Expression(
    r"(?i)\b(?:last|previous|earlier|prior|since|compar\w*|than|increase\w*|former|either)\b"
)
_COMPARES_BEFORE = Expression(
    r"(?i)\b(?:from|up|down)(?: [\w,.%]+){0,2} (?:in |on |of )?$|\bfrom $"
)


@rule("PL304", "warning")
def another_period(context: RuleContext) -> Problems:
    """The text names a period that is not the letter's, as if copied from last year's letter."""
    year, period = context.first_year, context.line("period")
    for block, match in _COVERED.find(context) if year else ():
        if int(match["first"]) != year:
            message = f"this letter is about {period}, but the text says {match['covered']}"
            yield block.problem(match, message, "correct the years or the period")
    for block, match in _PERIODS.find(context) if year else ():
        first, last = int(match[1]), int(match[2][-2:])
        if re.fullmatch(r"20[0-9]{2}/20[0-9]{2}", match[0]) and int(match[2]) != first + 1:
            message = f"{match[0]} is no period: after {first} comes {first + 1}"
            yield block.problem(match, message, "correct the years")
            continue
        is_period = (first + 1) % 100 == last
        sentence, start = block.sentence_at(match.start())
        before = block.text[max(start, match.start() - 40) : match.start()]
        compares = re.search(_COMPARES, sentence) or re.search(_COMPARES_BEFORE, before)
        if is_period and first not in (year, year + 1) and not compares:
            message = f"this letter is about {period}, but the text says {match[0]}"
            help = "correct it, or accept it if the earlier year is meant"
            yield block.problem(match, message, help)


_CURLY, _STRAIGHT = "‘’“”", "'\""


@rule("PL307", "warning")
def mixed_quotes(context: RuleContext) -> Problems:
    """Straight and curly quotation marks, or apostrophes, are mixed in one letter."""
    curly, straight = (sum(map(context.text.count, marks)) for marks in (_CURLY, _STRAIGHT))
    if not curly or not straight:
        return
    rarer, message = _STRAIGHT, "this quotation mark is straight, and most here are curly"
    help = "use one kind in the whole letter"
    if curly <= straight:
        rarer, message = _CURLY, "this quotation mark is curly, and most here are straight"
        help = "use one kind; check --fix makes them all straight"
    for block in context.blocks:
        if match := re.search(rf"\w{{0,40}}[{rarer}]\w*", block.text):
            yield block.problem(match, message, help)
            return


@rule("PL309", "warning", needed="pdf")
def no_glyph(context: RuleContext) -> Problems:
    """The font of the PDF does not have this character. Word and the web page use another font."""
    for path, field, text in context.texts:
        if field.kind == "score":
            continue
        for number, character in enumerate(glyphs.missing_glyphs(text)):
            message = f"the PDF can't show {quote(character)} (U+{ord(character):04X})"
            word = ""
            if number <= MOST_LISTED:
                word = next((word for word in text.split() if character in word), "")
            yield Problem(path, message, "leave it out, or write it in words", word)
