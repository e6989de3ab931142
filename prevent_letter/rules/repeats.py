"""What stands twice: sentences, passages, key recommendations (PL321 to PL323)."""

import re
from itertools import pairwise

from prevent_letter.assessment.fields import quoted
from prevent_letter.ground.names import folded
from prevent_letter.rules.judged import Block, Judged, Verdict, Verdicts, rule


def _section(block: Block) -> str:
    """The part of the letter that a block stands in."""
    return str(block.at[1]) if block.at[0] == "benchmarks" else str(block.at[0])


def _verdict(block: Block, words: str, start: int, message: str) -> Verdict:
    """A verdict at the first words of a sentence."""
    first = " ".join(words.split(" ")[:6])
    return Verdict(
        block.at,
        f"{message}: {quoted(words)}",
        "delete one of the two, or say what differs",
        first,
        block,
        start,
    )


@rule("PL321", "a sentence stands twice in a section", "warning")
def repeated_sentence(judged: Judged) -> Verdicts:
    """A sentence of eight words or more stands twice in one section.

    Bad:
        summary: |
          The board meets each term and all partners attend it.

          It is led well. The board meets each term and all partners attend it.
    Good:
        summary: The board meets each term and all partners attend it.
    """
    seen: set[tuple[str, str]] = set()
    for block, sentences in judged.sentences:
        section = _section(block)
        for sentence, start in sentences if section != "key_recommendations" else ():
            if sentence.count(" ") >= 7:
                key = section, sentence.strip(" .!?*_").casefold()
                if key in seen:
                    yield _verdict(
                        block, sentence, start, "this sentence stands twice in its section"
                    )
                seen.add(key)


@rule("PL322", "a passage stands in two sections", "warning")
def repeated_passage(judged: Judged) -> Verdicts:
    """A paragraph, or two sentences that follow each other, stand in two sections: one was copied and not changed.

    Bad:
        benchmarks:
          engagement:
            score: 3
            good_practice: |
              It meets the groups of the county. It listens to what they say.
          training:
            score: 3
            good_practice: |
              It meets the groups of the county. It listens to what they say.
    Good:
        benchmarks:
          engagement:
            score: 3
            good_practice: |
              It meets the groups of the county. It listens to what they say.
    """
    seen: dict[tuple[str, str], str] = {}
    paragraphs: dict[str, str] = {}
    for block, sentences in judged.sentences:
        section, told = _section(block), False
        words = block.words.casefold()
        whole = words.count(" ") >= 7 and section != "key_recommendations"
        if whole and paragraphs.setdefault(words, section) != section:
            first = len(block.text) - len(block.words)
            yield _verdict(
                block,
                block.words,
                first,
                f"this paragraph stands under {paragraphs[words]} as well",
            )
            continue
        for (one, start), (other, _) in (
            pairwise(sentences) if section != "key_recommendations" else ()
        ):
            pair = one.casefold(), other.casefold()
            if (
                one.count(" ") + other.count(" ") >= 10
                and seen.setdefault(pair, section) != section
                and not told
            ):
                told = True
                yield _verdict(block, one, start, f"this passage stands under {seen[pair]} as well")


_COMMON = frozenset(
    "that this with from have been will would should their there which these those also more most".split()
)


@rule("PL323", "a key recommendation that no section makes", "warning")
def strange_key_recommendation(judged: Judged) -> Verdicts:
    """A key recommendation stands twice, or half of its words stand in no section of the letter.

    Bad:
        benchmarks:
          engagement: {score: 2, recommendations: Develop an engagement plan.}
        key_recommendations:
          - Appoint somebody who oversees Channel referrals of volunteers abroad.
    Good:
        benchmarks:
          engagement: {score: 2, recommendations: Develop an engagement plan.}
        key_recommendations: [Develop an engagement plan.]
    """
    keys = [block for block in judged.blocks if block.at[0] == "key_recommendations"]
    if not keys:
        return
    known = set[str]().union(
        *(words for block, words in judged.tokens if block.at[0] != "key_recommendations")
    )
    stems: set[str] = set()
    seen: set[str] = set()
    for block in keys:
        text, words = (
            folded(block.words.strip(" .*_")),
            [word for word in _words(block) if word not in _COMMON],
        )
        unknown = [word for word in words if word not in known]
        if len(words) >= 6 and len(unknown) * 2 > len(words):
            stems = stems or {_stem(word) for word in known}
            unknown = [word for word in unknown if _stem(word) not in stems]
        if text in seen:
            yield _verdict(
                block,
                block.words,
                len(block.text) - len(block.words),
                "this key recommendation stands twice",
            )
        elif len(words) >= 6 and len(unknown) * 2 > len(words):
            message = (
                "half of the words of this key recommendation stand in no section of the letter"
            )
            yield Verdict(block.at, message, "recommend it in its section too, or delete it")
        seen.add(text)


def _words(block: Block) -> list[str]:
    text = re.sub(r"\]\([^)]{0,2000}\)", "]", block.text)  # without the addresses of links
    return [word for word in re.findall(r"[^\W\d_]+", folded(text)) if len(word) > 3]


def _stem(word: str) -> str:
    """A word without its ending, roughly."""
    return word[:6].lower()
