"""A draft against its criteria: scores, and what the text makes of them (PL2xx)."""

import re
from functools import cache
from itertools import pairwise
from textwrap import shorten

from prevent_letter.assessment.fields import NUMBER_WORDS, quoted
from prevent_letter.rules.judged import Judged, Verdict, Verdicts, is_nothing, rule


@rule("PL201", "the letter has no date", "warning", needed="letter")
def missing_date(judged: Judged) -> Verdicts:
    """The letter has no date.

    A draft may lack it, and ``check`` only warns; a letter can't be built without it.

    Bad:
        period: 2021/2022
    Good:
        period: 2021/2022
        date: 2022-05-27
    """
    if judged.assessment.date is None:
        help = "add the day it is sent, such as date: 2022-05-27; only a draft may lack it"
        yield Verdict(("date",), "the letter has no date", help)


@rule("PL202", '"None" is typed where leaving it out says so', "warning")
def typed_none(judged: Judged) -> Verdicts:
    """Nothing but "None" or "N/A" is typed where leaving the field out says so.

    The letter writes "None" by itself, always in the same words.

    Bad:
        training:
          score: 4
          recommendations: N/A
    Good:
        training:
          score: 4
    """
    met = judged.criteria.scale.met
    for at, words in judged.prose:
        # Where the duty isn't met, PL203 asks for recommendations.
        unmet = at[-1] == "recommendations" and judged.assessment.benchmarks[str(at[1])].score < met
        if words.strip() and at != ("summary",) and not unmet and is_nothing(words.strip()):
            message = f"{quoted(words)} is typed here, and the letter says so by itself"
            yield Verdict(at, message, "delete it: the letter then says that there is none", words)
    if judged.assessment.marking and is_nothing(judged.assessment.marking):
        message = f"{quoted(judged.assessment.marking)} would stand on each page as the marking"
        yield Verdict(("marking",), message, "delete marking: and what follows it")


@rule("PL203", "the duty isn't met and nothing is recommended", "error")
def unmet_without_recommendations(judged: Judged) -> Verdicts:
    """A benchmark scores below "duty met" and has no recommendations.

    A council that is told it doesn't meet the duty must be told what to do about it.

    Bad:
        engagement:
          score: 2
    Good:
        engagement:
          score: 2
          recommendations: Develop a community engagement plan.
    """
    scale = judged.criteria.scale
    for id, scored in judged.assessment.benchmarks.items():
        if scored.score < scale.met and is_nothing(scored.recommendations):
            benchmark = judged.criteria.by_id[id]
            asks = judged.criteria.level(benchmark, scale.met)
            wants = (
                f"level {scale.label(scale.met)} asks for: {asks}"
                if asks
                else f"the statement is: {benchmark.statement}"
            )
            message = (
                f"{id} scores {scale.label(scored.score)} (duty not met) but has no recommendations"
            )
            help = f"say under recommendations what the authority should do; {shorten(wants, 200, placeholder=' ...')}"
            yield Verdict(("benchmarks", id, "score"), message, help)


@rule("PL204", "the duty is exceeded and no good practice is named", "warning")
def exceeding_without_good_practice(judged: Judged) -> Verdicts:
    """A benchmark scores above "duty met" and has nothing under good practice.

    The council will ask what earned the score.

    Bad:
        channel_panel:
          score: 5
    Good:
        channel_panel:
          score: 5
          good_practice: The panel meets monthly and is well attended.
    """
    scale = judged.criteria.scale
    for id, scored in judged.assessment.benchmarks.items():
        if scored.score > scale.met and is_nothing(scored.good_practice):
            message = (
                f"{id} scores {scale.label(scored.score)} (duty exceeded) but has no good practice"
            )
            help = "say under good_practice what earns the score"
            yield Verdict(("benchmarks", id, "score"), message, help)


@rule("PL205", "the duty isn't met somewhere and there is no key recommendation", "warning")
def unmet_without_key_recommendations(judged: Judged) -> Verdicts:
    """A benchmark scores below "duty met" while the letter closes without any key recommendation.

    The letter would then say: "I have no key recommendations for improvement."

    Bad:
        benchmarks:
          engagement: {score: 2, recommendations: Develop an engagement plan.}
        key_recommendations: []
    Good:
        benchmarks:
          engagement: {score: 2, recommendations: Develop an engagement plan.}
        key_recommendations:
          - Develop an engagement plan.
    """
    unmet = [
        id
        for id, each in judged.assessment.benchmarks.items()
        if each.score < judged.criteria.scale.met
    ]
    if unmet and not judged.assessment.key_recommendations:
        message = (
            f"there are no key recommendations, though the duty isn't met by {', '.join(unmet)}"
        )
        yield Verdict(
            ("key_recommendations",), message, "list under key_recommendations what matters most"
        )


@cache
def _scored(most: int) -> re.Pattern[str]:
    """A score that the text names, on a scale that goes up to ``most``."""
    return re.compile(
        r"\b[Ss]cor(?:es?|ed|ing)(?: (?:of|is|was|at|it|a|as|this|here))*:? ([0-9]+|[A-Za-z]+)\b"
        rf"(?! ?%|[-/–.][0-9]| (?:times?|or|to|and|of(?! {most})|points?|would|could|should|asks?|was within)\b"
        r"| (?!(?:this|its|as|is|was|has|across)\b)[a-z]+s\b)"
    )


def _rated(text: str, at: int) -> bool:
    """Whether the words before a number make it a score."""
    return _RATED.search(text[max(0, at - 40) : at]) is not None


_OUT_OF = re.compile(
    r"\([Ss]core(?: of)? ?[–:-]? ?(?P<bracketed>[0-9])\)"
    r"|\b(?P<of>[0-9])(?: out of |/)(?P<most>[0-9]{1,2})\b(?! [a-hj-z]|%|/|,? on)"
    r"|(?<= )(?P<rated>[0-9])(?=[.,;:)]|$| (?:this|here|for this|overall)\b)"
)
_RATED = re.compile(
    r"\b(?:rated|graded|a (?:strong|good|solid|clear|low|high)|(?:given|gives?|earns?|merits?|deserves?) (?:this "
    r"|it )?an?) $"
)
_OTHER_THING = re.compile(
    r"\b(?:session|course|visit|survey|quiz|event|workshop|matrix|risks?|register|members|rates?|by those)\b",
    re.I,
)
_NAMES_SCORE = frozenset((*"0123456789", "score", "scores", "scored", "scoring"))
_OTHER_TIME = re.compile(
    r"\b(?:last|previous(?:ly)?|earlier|next|future|up from|down from|20[0-9]{2})\b", re.I
)
_AIM = re.compile(
    r"\b(?:to|would|could|should|towards?|aim\w*|below|above|under|over|short of|for|unlike|what)\b",
    re.I,
)


@rule("PL206", "a section names a score that isn't its own", "warning", english=True)
def another_score(judged: Judged) -> Verdicts:
    """A score stands in a benchmark's section, in words or figures, that isn't the section's score.

    Scores change while a draft is written, and the text doesn't follow by itself. A sentence about another time
    ("up from a score of 2 last year") is left alone.

    Bad:
        training:
          score: 4
          good_practice: Training earns a score of 3.
    Good:
        training:
          score: 4
          good_practice: Training earns a score of 4.
    """
    scale = judged.criteria.scale
    for block, words in judged.lowered if judged.lower & _NAMES_SCORE else ():
        if block.at[0] != "benchmarks" or _NAMES_SCORE.isdisjoint(words):
            continue
        own = judged.assessment.benchmarks[str(block.at[1])].score
        named = [
            found
            for found in _OUT_OF.finditer(block.text)
            if not found["rated"] or _rated(block.text, found.start())
        ]
        named += [*_scored(scale.max).finditer(block.text)] if "cor" in block.text else []
        for found in named:
            sentence, start = next(
                each for each in reversed([*block.sentences()]) if each[1] <= found.start()
            )
            about_another = _OTHER_TIME.search(sentence.replace(judged.assessment.period, ""))
            if len(sentence) > 1000 or about_another or _OTHER_THING.search(sentence):
                continue
            if found.re is _OUT_OF:
                given = int(found["bracketed"] or found["of"] or found["rated"])
                meant = int(found["most"] or scale.max) == scale.max
            else:
                given = NUMBER_WORDS.get(
                    found[1].lower(), scale.written.get(found[1].casefold(), -1)
                )
                meant = not _AIM.search(block.text, start, found.start())
            if meant and given in scale.scores and given != own:
                message = f"{quoted(found[0])} stands here, and the score of {block.at[1]} is {scale.label(own)}"
                yield block.verdict(found, message, "correct the text or the score")


_ALL = r"(?:all|every|each)(?: one)?(?: of)?(?: (?:the|its|our|ten|of))*(?: \w+)??"
_END = r"(?=[.,;:!?)]|$| and\b)"
_ALL_MET = re.compile(
    rf"\b{_ALL} (?:benchmark|area)s? (?:is|are|was|were|has been|have been) (?:fully )?(?:met|exceeded)\b"
    r"|\b(?:meets?|met|exceed(?:s|ed)?)\b"
    r"(?: (?:or|and|exceeds?|meets?|fully|the|its|statutory|requirements?|of|prevent|duty))*"
    rf" (?:(?:in|across) {_ALL} (?:area|benchmark)s?|{_ALL} benchmarks?){_END}",
    re.I,
)
_NOT_ALL = re.compile(
    r"\b(?:almost|nearly|virtually|practically|mostly|not|cannot|no|other|remaining|rest|should|would|will|must"
    r"|aim\w*|expect\w*"
    r"|to|whether|self-assess\w*|view|fail\w*|but|except\w*|apart from|save for|however|although|though|unless|if)\b"
    r"|n't\b",
    re.I,
)


@rule("PL207", "the summary and the table disagree", "warning", english=True)
def summary_and_table(judged: Judged) -> Verdicts:
    """The summary says that all benchmarks are met, or exceeded, and the table says otherwise.

    Bad:
        summary: Exampleshire meets the duty in every area.
        benchmarks:
          engagement:
            score: 2
    Good:
        summary: Exampleshire meets the duty in every area but engagement.
        benchmarks:
          engagement:
            score: 2
    """
    scale = judged.criteria.scale
    for block in (block for block in judged.blocks if block.at == ("summary",)):
        for sentence, start in block.sentences():
            if len(sentence) > 1000:
                continue  # nobody's sentence, and the pattern's work grows as its square
            found = _ALL_MET.search(block.text, start, start + len(sentence))
            if (
                found
                and not _NOT_ALL.search(sentence)
                and not re.match("met (?:in|across) ", found[0])
            ):
                exceeded = "exceed" in found[0].lower() and not re.search(
                    r"\bme?e?ts?\b", found[0], re.I
                )
                least = scale.met + exceeded
                fails = [
                    id for id, each in judged.assessment.benchmarks.items() if each.score < least
                ]
                if fails:
                    message = f"{quoted(found[0])} stands here, and the table has other scores for {', '.join(fails)}"
                    yield block.verdict(found, message, "correct the summary or the scores")


_DUTY = r"(?:[Tt]he |[Tt]his )?(?:duty|benchmark|standard|statutory requirements?)"
_MET_CLUES = frozenset(
    (one, other)
    for ones, others in (
        ("duty benchmark standard requirement requirements", "is are has have isn hasn"),
        ("meets exceeds exceed exceeded", "the this"),
        ("not t yet currently fully", "meet"),
        ("falls is fail fails", "short unmet to"),
    )
    for one in ones.split()
    for other in others.split()
)
"""Words of which two stand side by side in whatever _MET finds."""
_MET = re.compile(
    rf"\b(?P<not>{_DUTY} (?:(?:is|are|has|have) (?:(?:currently|therefore|still|clearly) )?not|(?:is|has)n['’]t)"
    r" (?:yet |fully |being |been )*met\b(?! by\b)|[Tt]his benchmark is unmet\b|falls short of (?:the|this) (?:duty"
    r"|benchmark)\b"
    rf"|{_DUTY} (?:is|are) (?:only )?part(?:ly|ially) met\b|fails? to meet (?:the|this) (?:duty|benchmark)\b"
    r"|(?<!that )(?<!who )(?<!which )does(?: not|n['’]t) (?:yet |currently |fully )*meet (?:the |this )(?:duty"
    r"|benchmark)\b)"
    r"|\b(?P<exceeds>exceed(?:s|ed)? (?:the |this )(?:requirements? of (?:the |this ))?"
    r"(?:statutory )?(?:duty|benchmark|standard)\b(?! (?:of|set|for)\b)"
    rf"|{_DUTY} (?:is|are|has been) exceeded\b)"
    rf"|\b(?P<met>{_DUTY} (?:is|are|has been) (?:fully |now |therefore )*met\b(?! (?:by|in)\b)"
    r"|meets (?:the duty here|this (?:benchmark|duty)))\b"
)
_UNSURE = re.compile(
    r"\b(?:if|whether|unless|until|ensure|so that|could|would|should|once|when|where|how|nothing|view|response"
    r"|put to me"
    r"|suggests?|not only|almost|contractors?|trainers?|hirers?|services?)\b",
    re.I,
)


@rule("PL208", "a section and its score disagree", "warning", english=True)
def section_and_score(judged: Judged) -> Verdicts:
    """A benchmark's section says in words that the duty is met, not met or exceeded, and its score says otherwise.

    Bad:
        training:
          score: 4
          recommendations: Training is rare, so the duty is not met.
    Good:
        training:
          score: 2
          recommendations: Training is rare, so the duty is not met.
    """
    scale = judged.criteria.scale
    both = zip(judged.sentences, judged.lowered, strict=True) if judged.pairs & _MET_CLUES else ()
    for (block, sentences), (_, words) in both:
        if block.at[0] != "benchmarks" or _MET_CLUES.isdisjoint(pairwise(words)):
            continue
        id = str(block.at[1])
        score = judged.assessment.benchmarks[id].score
        for sentence, start in sentences:
            found = (
                _MET.search(block.text, start, start + len(sentence))
                if len(sentence) < 1000
                else None
            )
            if not found or _OTHER_TIME.search(sentence) or _UNSURE.search(sentence):
                continue
            right = (found["not"] and score < scale.met) or (found["exceeds"] and score > scale.met)
            if not right and not (found["met"] and score >= scale.met):
                message = (
                    f"{quoted(found[0])} stands here, and the score of {id} is {scale.label(score)}"
                )
                yield block.verdict(found, message, "correct the text or the score")


@rule("PL209", '"None" stands before more text', "warning", english=True)
def none_and_more(judged: Judged) -> Verdicts:
    """A passage begins with "None" and goes on: it was written over the word that a form had there.

    Bad:
        training:
          score: 4
          recommendations: None. It would be good to train more people.
    Good:
        training:
          score: 4
          recommendations: It would be good to train more people.
    """
    for at, passage in judged.prose:
        if at[0] == "benchmarks" and (found := _NONE_AND_MORE.match(passage)):
            yield Verdict(
                at,
                f"{quoted(found[1])} stands here, and more text after it",
                "delete the word",
                found[1],
            )


_NONE_AND_MORE = re.compile(
    r"\W{0,9}((?:None|Nil|N/A|No (?:recommendations?|good practice|areas? (?:for|of) (?:development|improvement)))"
    r"(?: (?:identified|noted|required|needed))?)(?:[.:;,]?(?: [–-])?\s+(?=[A-Z])|[;,]?\s+(?=but\b|however\b))"
)
