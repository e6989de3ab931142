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
