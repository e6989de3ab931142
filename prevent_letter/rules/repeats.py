"""Rules on sentences, passages and key recommendations written twice (PL321 to PL323)."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from prevent_letter.core.display import quote
from prevent_letter.core.names import fold_name
from prevent_letter.rules.context import Problem, Problems, RuleBlock, RuleContext, rule, word_list
from prevent_letter.rules.expressions import Expression

_KEY = "key_recommendations"


def _repeated(block: RuleBlock, words: str, offset: int, message: str) -> Problem:
    """Return a problem at the first words of a repeated text."""
    first = " ".join(words.split(" ")[:6])
    help = "delete one of the two, or say what differs"
    return block.problem_at(offset, first, f"{message}: {quote(words)}", help)


@rule("PL321", "warning")
def repeated_sentence(context: RuleContext) -> Problems:
    """A sentence of eight words or more appears twice in one section."""
    known: set[tuple[str, str]] = set()
    for block in context.blocks:
        for sentence, offset in block.sentences if block.section != _KEY else ():
            if sentence.count(" ") >= 7:
                key = block.section, sentence.strip(" .!?*_").casefold()
                if key in known:
                    message = "this sentence appears twice in this section"
                    yield _repeated(block, sentence, offset, message)
                known.add(key)


@rule("PL322", "warning")
def repeated_passage(context: RuleContext) -> Problems:
    """A paragraph, or two sentences in a row, appear in two sections, as if copied unchanged."""
    sections: dict[tuple[str, str], str] = {}
    of_paragraphs: dict[str, str] = {}
    for block in context.blocks:
        section, words = block.section, block.without_mark
        if section == _KEY:
            continue
        if words.count(" ") >= 7:
            other = of_paragraphs.setdefault(words.casefold(), section)
            if other != section:
                offset = len(block.text) - len(words)
                message = f"this paragraph is also under {context.names.get(other, other)}"
                yield _repeated(block, words, offset, message)
                continue
        is_reported = False
        for (one, offset), (next_one, _) in pairwise(block.sentences):
            if one.count(" ") + next_one.count(" ") < 10:
                continue
            other = sections.setdefault((one.casefold(), next_one.casefold()), section)
            if other != section and not is_reported:
                is_reported = True
                message = f"this passage is also under {context.names.get(other, other)}"
                yield _repeated(block, one, offset, message)


_LONGEST_ASKED = 22
_MORE = frozenset(word_list("repeats.more"))


class _Asked(NamedTuple):
    """A recommendation: its words, the stems of these, and the thing that is to be made, if any."""

    block: RuleBlock
    words: str
    offset: int
    stems: set[str]
    thing: str


@rule("PL330", "warning", english=True)
def recommended_already(context: RuleContext) -> Problems:
    """A recommendation asks for what a sentence of the section's good practice has already."""
    asked: dict[str, list[_Asked]] = {}
    for block in context.blocks:
        for words, offset in _clauses(block) if block.path[-1] == "recommendations" else ():
            several = words.split()
            asks = len(several) <= _LONGEST_ASKED and (several[0] in _VERBS or _ASKS.search(words))
            if asks and _MORE.isdisjoint(word.lower().strip(".,;") for word in several):
                stems = _stems(words.partition(" ")[2])  # without the verb that asks
                thing = re.match(_THING, words)
                one = _Asked(block, words, offset, stems, thing["thing"].lower() if thing else "")
                asked.setdefault(block.section, []).append(one)
    practice: dict[str, list[str]] = {}
    for block in context.blocks if asked else ():
        if block.path[-1] == "good_practice" and _may_have(block, asked.get(block.section, ())):
            there = (words for words, _ in block.sentences if not re.search(_NOT_THERE, words))
            practice.setdefault(block.section, []).extend(there)
    for section, sentences in practice.items():
        known = [(sentence.lower(), _stems(sentence)) for sentence in sentences]
        reported: set[tuple[RuleBlock, int]] = set()
        for one in asked[section]:
            is_there = any(
                _is_there(one.stems, stems) or (one.thing and f" {one.thing}" in sentence)
                for sentence, stems in known
            )
            if is_there and (one.block, one.offset) not in reported:
                reported.add((one.block, one.offset))
                message = f"good practice has this already: {quote(one.words)}"
                help = "delete it, or say what is still to be done"
                first = " ".join(one.words.split()[:6])
                yield one.block.problem_at(one.offset, first, message, help)


def _clauses(block: RuleBlock) -> Iterator[tuple[str, int]]:
    """Yield the sentences of a block, and the clauses of each that asks twice."""
    for sentence, offset in block.sentences:
        yield sentence, offset
        first, joined, second = sentence.partition(", and ")
        if not joined and _ASKS_MORE.search(sentence):
            first, joined, second = sentence.partition(", ")
        if joined and _ASKS.search(second):
            yield first, offset
            yield second, offset + len(first) + len(joined)
        elif joined:
            yield first, offset


_ASKS_MORE = re.compile(r", (?:extend|invite|publish|share|review|add|bring|ask|make|name|agree)\b")
_THING = Expression(
    r"(?:Appoint|Identify|Name|Designate|Nominate|Create|Establish|Set up|Draw up|Write|Adopt"
    r"|Develop|Introduce|Put in place|Agree|Recruit) an?"
    r" (?P<thing>[a-z][a-z-]+(?: [a-z][a-z-]+){1,3}?)"
    r"(?=[.,;]|$| (?:and|for|to|who|by|with|of|in|on|at|that|which|so|within|before|from)\b)"
)
_ASKS = re.compile(
    r"\b(?:should|recommend\w*|suggest|encourage|needs? (?:a|an|to (?!be\b))|must|ought to|might"
    r"|like to see|would (?:be|help|welcome|make|let|give)|[Cc]onsider|[Tt]hink about)\b"
    r"|^Build (?!on\b|upon\b)"
)
_VERBS = frozenset(word_list("repeats.verbs"))


def _may_have(block: RuleBlock, asked: Iterable[_Asked]) -> bool:
    """Return True if a block has enough of the words of one of the recommendations."""
    text = block.text.lower()
    return any(
        sum(stem in text for stem in one.stems) * 4 >= len(one.stems) * 3
        or (one.thing and one.thing in text)
        for one in asked
    )


def _is_there(asked: set[str], known: set[str]) -> bool:
    """Return True if a sentence has nearly all words of what is asked for."""
    common = len(asked & known)
    return (common > 2 and common * 4 >= len(asked) * 3) or common == len(asked) == 2


_NOT_THERE = re.compile(
    r"(?i)\b(?:no|not|yet|lacks?|without|never|neither|should|could|will|once|plans? to|being"
    r"|intends?|consider\w*)\b"
)


def _stems(sentence: str) -> set[str]:
    """Return the beginnings of the words that carry a sentence's sense."""
    words = re.findall(r"[^\W\d_]{4,}", sentence.lower())
    return {word[:5] for word in words if word not in _COMMON and word not in _ASKING}


_ASKING = frozenset(word_list("repeats.asking"))
_COMMON = frozenset(word_list("repeats.common"))


@rule("PL323", "warning")
def unsupported_key_recommendation(context: RuleContext) -> Problems:
    """A key recommendation appears twice, or most of its long words are in no other section."""
    key_blocks = [block for block in context.blocks if block.section == _KEY]
    if not key_blocks:
        return
    others = "\n".join(block.text for block in context.blocks if block.section != _KEY).lower()
    texts: set[str] = set()
    for block in key_blocks:
        text = re.sub(r"\]\([^)]{0,2000}\)", "]", block.text)  # without the addresses of links
        long_words = re.findall(r"[^\W\d_]{4,}", fold_name(text))
        words = [word for word in long_words if word not in _COMMON]
        unknown = [word for word in words if word[:6] not in others]
        text = fold_name(block.without_mark.strip(" .*_"))
        if text in texts:
            offset = len(block.text) - len(block.without_mark)
            message = "this key recommendation appears twice"
            yield _repeated(block, block.without_mark, offset, message)
        elif len(words) >= 6 and len(unknown) * 2 > len(words):
            message = "no section seems to recommend this"
            help = "recommend it in its section too, or delete it"
            yield Problem(block.path, message, help)
        texts.add(text)
