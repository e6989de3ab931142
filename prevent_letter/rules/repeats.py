"""Rules on sentences, passages and key recommendations written twice (PL321 to PL323)."""

import re
from itertools import pairwise

from prevent_letter.core.display import quote
from prevent_letter.core.names import fold_name
from prevent_letter.rules.context import Problem, Problems, RuleBlock, RuleContext, rule

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
_MORE = frozenset(
    "more further continue extend each regular regularly "
    "again keep share publish widen longer rest other"
    " others remaining annual annually review reviewed update updated "
    "improve strengthen sustain maintain build"
    " consider wider better every whole next beyond evaluate measure "
    "formalise record than ensure".split()
)


@rule("PL330", "warning", english=True)
def recommended_already(context: RuleContext) -> Problems:
    """A recommendation asks for what a sentence of the section's good practice has already."""
    asked: dict[str, list[tuple[RuleBlock, str, int]]] = {}
    for block in context.blocks:
        for sentence, offset in block.sentences if block.path[-1] == "recommendations" else ():
            words = sentence.split()
            asks = len(words) <= _LONGEST_ASKED and (words[0] in _VERBS or _ASKS.search(sentence))
            if asks and _MORE.isdisjoint(word.lower().strip(".,;") for word in words):
                asked.setdefault(block.section, []).append((block, sentence, offset))
    practice: dict[str, list[set[str]]] = {}
    for block in context.blocks if asked else ():
        if block.path[-1] == "good_practice" and block.section in asked:
            sentences = (_stems(s) for s, _ in block.sentences if not re.search(_NOT_THERE, s))
            practice.setdefault(block.section, []).extend(sentences)
    for section, known in practice.items():
        for block, sentence, offset in asked[section]:
            stems = _stems(sentence.partition(" ")[2])  # without the verb that asks
            if any(_is_there(stems, of_sentence) for of_sentence in known):
                message = f"good practice has this already: {quote(sentence)}"
                help = "delete it, or say what is still to be done"
                first = " ".join(sentence.split()[:6])
                yield block.problem_at(offset, first, message, help)


_ASKS = re.compile(r"\b(?:should|recommend|needs? (?:a|an|to (?!be\b))|must|like to see)\b")
_VERBS = frozenset(
    "Appoint Name Write Draw Set Put Agree Offer Create Establish "
    "Develop Introduce Hold Train Provide Produce"
    " Make Include Add Bring Invite Ask Give Send Brief Designate "
    "Nominate Adopt Start Begin".split()
)


def _is_there(asked: set[str], known: set[str]) -> bool:
    """Return True if a sentence has nearly all words of what is asked for."""
    common = len(asked & known)
    return common > 2 and common * 4 >= len(asked) * 3


_NOT_THERE = re.compile(
    r"(?i)\b(?:no|not|yet|lacks?|without|never|neither|should|could|will|once|plans? to)\b"
)


def _stems(sentence: str) -> set[str]:
    """Return the beginnings of the words that carry a sentence's sense."""
    words = re.findall(r"[^\W\d_]{4,}", sentence.lower())
    return {word[:5] for word in words if word not in _COMMON and word not in _ASKING}


_ASKING = frozenset(
    "recommend recommends council authority county borough city partners "
    "partnership prevent please make sure"
    " been into when where which they them then your take place least".split()
)
_COMMON = frozenset(
    "that this with from have will would should their there which these those also"
    " more most".split()
)


@rule("PL323", "warning")
def unsupported_key_recommendation(context: RuleContext) -> Problems:
    """A key recommendation appears twice, or most of its long words are in no other section."""
    key_blocks = [block for block in context.blocks if block.section == _KEY]
    if not key_blocks:
        return
    known = {word for block in context.blocks if block.section != _KEY for word in block.words}
    stems: set[str] = set()
    texts: set[str] = set()
    for block in key_blocks:
        text = re.sub(r"\]\([^)]{0,2000}\)", "]", block.text)  # without the addresses of links
        long_words = re.findall(r"[^\W\d_]{4,}", fold_name(text))
        words = [word for word in long_words if word not in _COMMON]
        unknown = [word for word in words if word not in known]
        if len(words) >= 6 and len(unknown) * 2 > len(words):
            stems = stems or {word[:6].lower() for word in known}
            unknown = [word for word in unknown if word[:6] not in stems]
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
