"""Rules on scores, and on those that the text names (PL201 to PL207, PL209)."""

import re

from prevent_letter.assessment.criteria import NUMBER_WORDS
from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problem, Problems, RuleBlock, RuleContext, is_nothing, rule
from prevent_letter.rules.expressions import Expression, Expressions

LONGEST_SENTENCE = 1000
"""Longer sentences (in characters) are not searched. Some expressions take quadratic time."""


@rule("PL201", "warning", needed="letter", whole=True)
def missing_date(context: RuleContext) -> Problems:
    """The letter has no date."""
    if context.assessment.date is None:
        help = "add the day it is sent, such as date: 2022-05-27; only a draft may lack it"
        yield Problem(("date",), "the letter has no date", help)


@rule("PL202", "warning")
def typed_none(context: RuleContext) -> Problems:
    """A field that can be left out has nothing but "None" or "N/A"."""
    for path, passage in context.passages:
        words = passage.strip()
        if not words or path in (("summary",), ("key_recommendations",)) or not is_nothing(words):
            continue
        if path[-1] == "recommendations":
            score = context.scores.get(str(path[1]))
            if score is None or score < context.criteria.scale.met:
                continue  # PL203 asks for recommendations
        message = f"{quote(passage)} is typed here, but the letter writes it itself"
        yield Problem(path, message, "delete it: the letter then says that there is none", passage)
    marking = context.line("marking")
    if marking and is_nothing(marking):
        message = f"{quote(marking)} would be the marking on each page"
        yield Problem(("marking",), message, "delete marking: and its value")


@rule("PL203", "error")
def unmet_without_recommendations(context: RuleContext) -> Problems:
    """A benchmark scores below "duty met" and has no recommendations."""
    for id, score in context.scores.items():
        criteria, scale = context.criteria, context.criteria.scale
        if score < scale.met and is_nothing(context.line("benchmarks", id, "recommendations")):
            benchmark = criteria.by_id[id]
            from textwrap import shorten  # seldom needed

            asks = f"the statement is: {benchmark.statement}"
            if level := criteria.level(benchmark, scale.met):
                asks = f"level {scale.label(scale.met)} asks for: {level}"
            message = f"{benchmark.name} scores {scale.label(score)} (duty not met)"
            message += " but has no recommendations"
            help = "say under recommendations what the authority should do"
            help += f"; {shorten(asks, 200, placeholder=' ...')}"
            yield Problem(("benchmarks", id, "score"), message, help)


@rule("PL204", "warning")
def exceeding_without_good_practice(context: RuleContext) -> Problems:
    """A benchmark scores above "duty met" and has nothing under good practice."""
    for id, score in context.scores.items():
        scale = context.criteria.scale
        if score > scale.met and is_nothing(context.line("benchmarks", id, "good_practice")):
            message = f"{context.names[id]} scores {scale.label(score)} (duty exceeded)"
            message += " but has no good practice"
            help = "say under good_practice what earns the score"
            yield Problem(("benchmarks", id, "score"), message, help)


@rule("PL205", "warning", whole=True)
def unmet_without_key_recommendations(context: RuleContext) -> Problems:
    """A benchmark scores below "duty met", but the letter closes without any key recommendation."""
    met = context.criteria.scale.met
    benchmarks = context.assessment.benchmarks
    unmet = [context.names[id] for id, scored in benchmarks.items() if scored.score < met]
    if unmet and not context.assessment.key_recommendations:
        message = "there are no key recommendations, but the duty is not met on:"
        help = "list under key_recommendations what matters most"
        yield Problem(("key_recommendations",), f"{message} {', '.join(unmet)}", help)


def disagrees(
    context: RuleContext, block: RuleBlock, match: re.Match[str], kind: str = ""
) -> Problem:
    """Return the problem at words that the score of the block's benchmark contradicts."""
    return disagrees_at(context, block, match.start(), match[0], kind)


def disagrees_at(
    context: RuleContext, block: RuleBlock, offset: int, words: str, kind: str = ""
) -> Problem:
    """Return the problem at words, which begin at an offset of the block."""
    score = context.criteria.scale.label(context.scores[block.section])
    message = f"the text says {quote(words)}, but {context.names[block.section]} scores {score}"
    return block.problem_at(offset, words, message + kind, "correct the text or the score")


_NAMED_SCORES = Expressions(
    (
        "score scores scored scoring Score Scores Scored Scoring",
        r"[Ss](?<!\w.)cor(?:es?|ed|ing)(?: (?:of|is|was|at|it|a|as|this|here|the|benchmark|area"
        r"|section|council|authority|borough))*:?"
        r" ([0-9]+|[A-Za-z]+)\b"
        r"(?! ?%|[-/–.][0-9]| (?:times?|or|to|and|points?|would|could|should|asks?|was within)\b"
        r"| (?!(?:this|its|as|is|was|has|across)\b)[a-z]+s\b)(?: of (?P<of>\w+))?",
    )
)
_RATED = (
    r"\b(?:rated|graded|a (?:strong|good|solid|clear|low|high)"
    r"|(?:given|gives?|earns?|merits?|deserves?) (?:this |it )?an?)"
)
_NOT_LONG = "(?! (?:day|week|month|year|hour|mile|page)s?\\b)"
_SCORES = ("score", "given", "limit", "only", "kept", "earned", "held")
_SCORES_IN_FIGURES = Expressions(
    ("(score", r"\([Ss]core(?: of)? ?[–:-]? ?(?P<score>[0-9])\)"),
    ("out_of /", r"\b(?P<score>[0-9])(?: out of |/)(?P<most>[0-9]{1,2})\b(?! [a-hj-z]|%|/|,? on)"),
    (
        " ".join(f"level_{digit}" for digit in "0123456789"),
        r"\b(?:at|reach(?:es|ed)?|is|achieves?|remains? at) [Ll]evel (?P<score>[0-9])\b",
    ),
    (
        " ".join(
            f"{word}_{digit}"
            for word in ("at", "as", "a", "an", "the", "its")
            for digit in "012345"
        ),
        r"\b(?:put|placed?|rated?|marked|scored?) (?:this|it)(?: benchmark| area)? (?:at|as|a)"
        r" (?:a )?(?P<score>[0-9])\b"
        r"|\bkeeps? (?:this|it)(?: benchmark| area)? at (?P<kept>[0-9])\b"
        r"|\b(?:enough for|earn(?:s|ed)? (?:it|this|the \w+)?) ?(?:its|an?) (?P<earned>[0-9])\b"
        rf"|\b(?:higher|lower|more) than an? (?P<limit>[0-9])\b{_NOT_LONG}"
        r"|\b[Aa] (?P<only>[0-9]) is (?:all"
        r"|the most)\b"
        r"|\bthe (?P<given>[0-9]) (?:awarded|given|(?:that )?I have (?:given|awarded))\b"
        r"|\b(?:[Tt]o )?(?:hold|hang|cling)(?:s|ing)? on to (?:its|the|a|your|this)"
        r" (?P<held>[0-9])(?=[.,;:]|$)",
    ),
    (
        "down_to up_to",
        r"\b(?:mark|scor|rat|grad)(?:ed|es|s|e) (?:\w+ ){1,3}(?:down|up) to an? (?P<score>[0-9])\b",
    ),
    (
        "assessed_as held_it hold_it held_this hold_this better_than worse_than close_to deserved"
        " merited earned fair right_mark right_score only_mark only_score",
        r"\bassessed as an? (?P<score>[0-9])\b|\bh[eo]ld (?:it|this) at (?:a )?(?P<kept>[0-9])\b"
        rf"|\b(?:no (?:better|worse|more) than|close to) an? (?P<limit>[0-9])\b{_NOT_LONG}"
        r"|\b(?:[Aa]n?|[Ll]evel) (?P<given>[0-9]|two|three|four|five) (?:is|was) (?:well |fully "
        r"|richly )?(?:deserved|merited|earned|fair|the (?:right|only) (?:mark|score))\b",
    ),
    ("rating_of mark_of grade_of", r"\b(?:rating|mark|grade) of (?P<score>[0-9])\b(?! or| out)"),
    (
        " ".join(
            f"{word}_{number}"
            for word in "rated graded strong good solid clear low high a an".split()
            for number in "0 1 2 3 4 5 6 7 8 9 one two three four five".split()
        ),
        rf"(?:{_RATED}) (?P<score>[0-9]|two|three|four|five)"
        r"(?=[.,;:)]|$| (?:this|here|for this|overall|and|but|for|because|since)\b)",
    ),
)
_OTHER_THING = Expression(
    r"(?i)\b(?:session|course|visit|survey|quiz|event|workshop|matrix"
    r"|risks?(?! assessment)|register|members"
    r"|rates?"
    r"|by those)\b"
)
OTHER_TIME = Expression(
    r"(?i)\b(?:last|previous(?:ly)?|earlier|next|future|up from|down from|20[0-9]{2})\b"
)
UNSURE = Expression(
    r"(?i)\b(?:(?<!even )if(?! only)|whether|unless|until|ensure|so that(?! neither)"
    r"|could|would|should|(?<!only )once"
    r"|when"
    r"|where|how"
    r"|nothing(?! further)|(?<!my )view|response|put to me|suggests?|not only|almost"
    r"|contractors?|trainers?|hirers?"
    r"|services?)\b"
)
"""Words after which nothing is said to be so."""
_AIM = Expression(
    r"(?i)\b(?:to|would|could|should|towards?|aim\w*|below|above|under|over|short of|unlike"
    r"|what)\b|\bfor(?: an?| the)? $"
)


def _clause(block: RuleBlock, match: re.Match[str]) -> str:
    """Return the sentence of a match, up to the comma after it."""
    _, start = block.sentence_at(match.start())
    return block.text[start : match.end()] + re.split("[,;]", block.text[match.end() :])[0]


@rule("PL206", "warning", english=True)
def another_score(context: RuleContext) -> Problems:
    """The text on a benchmark gives a score, in words or figures, that is not the benchmark's."""
    if not context.scores:
        return
    scale = context.criteria.scale
    named: list[tuple[RuleBlock, re.Match[str], int | None]] = []
    for block, match in _SCORES_IN_FIGURES.find(context):
        if int(match.groupdict().get("most", scale.max)) == scale.max:
            score = next(filter(None, map(match.groupdict().get, _SCORES)))
            named.append((block, match, NUMBER_WORDS.get(score) or int(score)))
    for block, match in _NAMED_SCORES.find(context):
        if match["of"] and match["of"] != str(scale.max):
            continue
        score = NUMBER_WORDS.get(match[1].lower(), scale.written.get(match[1].casefold()))
        sentence, start = block.sentence_at(match.start())
        before = block.text[start : match.start()]
        is_aim = len(sentence) <= LONGEST_SENTENCE and re.search(_AIM, before[-30:])
        named.append((block, match, None if is_aim else score))
    for block, match, score in named:
        sentence, _ = block.sentence_at(match.start())
        if (
            score not in scale.scores
            or block.path[0] != "benchmarks"
            or len(sentence) > LONGEST_SENTENCE
            or re.search(_OTHER_THING, sentence)
            or re.search(OTHER_TIME, _clause(block, match).replace(context.line("period"), ""))
        ):
            continue
        own = context.scores.get(block.section)
        if own is not None and score != own:
            yield disagrees(context, block, match)


_ALL = r"(?:all|every|each)(?: one)?(?: of)?(?: (?:the|its|our|ten|of))*(?: \w+)??"
_END = r"(?=[.,;:!?)]|$| and\b)"
_ALL_MET = Expression(
    rf"(?i)\b{_ALL} (?:benchmark|area)s? (?:is|are|was|were|has been|have been)"
    r" (?:fully )?(?:met|exceeded)\b"
    r"|\b(?:meets?|met|exceed(?:s|ed)?)\b"
    r"(?: (?:or|and|exceeds?|meets?|fully|the|its|statutory|requirements?|of|prevent|duty))*"
    rf" (?:(?:in|across) {_ALL} (?:area|benchmark)s?|{_ALL} benchmarks?){_END}"
    rf"|\bduty is (?:met|exceeded) (?:throughout|everywhere|in every (?:area|respect)){_END}"
)
_NOT_ALL = Expression(
    r"(?i)\b(?:almost|nearly|virtually|practically|mostly|not|cannot|no|other|remaining|rest|should"
    r"|would|will|must|aim\w*|expect\w*"
    r"|to|whether|self-assess\w*|view|fail\w*|but|except\w*|apart from|save for|however|although"
    r"|though|unless|if)\b"
    r"|n't\b"
)


@rule("PL207", "warning", english=True, whole=True)
def summary_and_table(context: RuleContext) -> Problems:
    """The summary says that all benchmarks are met or exceeded, but some score lower."""
    met = context.criteria.scale.met
    for block in (block for block in context.blocks if block.path == ("summary",)):
        for sentence, start in block.sentences:
            if len(sentence) > LONGEST_SENTENCE:
                continue
            match = re.compile(_ALL_MET).search(block.text[: start + len(sentence)], start)
            if not match or re.search(_NOT_ALL, sentence):
                continue
            if re.match("met (?:in|across) ", match[0]):
                continue
            says_met = re.search(r"\bme?e?ts?\b", match[0], re.I)
            says_exceeded = "exceed" in match[0].lower() and not says_met
            least = met + 1 if says_exceeded else met
            scores = context.assessment.benchmarks.items()
            below = [context.names[id] for id, scored in scores if scored.score < least]
            if below:
                message = f"the summary says {quote(match[0])}"
                message += f", but these score lower: {', '.join(below)}"
                yield block.problem(match, message, "correct the summary or the scores")


_NONE_AND_MORE = Expression(
    r"\W{0,9}((?:None|Nil|N/A|No (?:recommendations?|good practice"
    r"|areas? (?:for|of) (?:development|improvement)))"
    r"(?: (?:identified|noted|required|needed))?)"
    r"(?:[.:;,]?(?: [–-])?\s+(?=[A-Z])|[;,]?\s+(?=but\b|however\b))"
)


@rule("PL209", "warning", english=True)
def none_and_more(context: RuleContext) -> Problems:
    """A passage begins with "None" and goes on: the text was added to the "None" of a form."""
    for path, passage in context.passages:
        may_begin_so = path[0] == "benchmarks" and "N" in passage[:10]
        if may_begin_so and (match := re.match(_NONE_AND_MORE, passage)):
            message = f"{quote(match[1])} is followed by more text"
            yield Problem(path, message, "delete the word", match[1])
