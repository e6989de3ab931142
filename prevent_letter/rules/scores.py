"""Rules on scores, and on what the text says about them (PL2xx)."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from prevent_letter.assessment.criteria import NUMBER_WORDS, Benchmark
from prevent_letter.core.display import quote
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
    return _disagreement(context, block, match.start(), match[0], kind)


def _disagreement(
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


_DUTY = r"(?:[Tt]he |[Tt]his )?(?:duty|benchmark|standard|statutory requirements?)"
_DUTY_IS = " ".join(
    f"{noun}_{verb}"
    for noun in "duty benchmark standard requirement requirements".split()
    for verb in "is are has have isn hasn".split()
)
_THIS_DUTY = "(?:the|this) (?:duty|benchmark)"
_A_DUTY = r"(?:duty|benchmark|requirements?|standard)"
_REACHED_VERBS = word_list("scores.reached")
_REACHED = rf"(?:{'|'.join(_REACHED_VERBS)})"
_LOOSELY = (
    (
        " ".join(
            f"{word}_{verb}"
            for word in ("not", "yet", "fully", "t", "to", "be")
            for verb in _REACHED_VERBS
        ),
        rf"\b(?P<not>(?:not (?:as yet |yet |fully )?|n['’]t (?:yet |fully )?|yet to (?:be "
        rf")?){_REACHED}"
        rf"\b(?: the| this)?(?: statutory| Prevent)? {_A_DUTY}\b)",
    ),
    ("yet_to", rf"\b(?P<not>{_A_DUTY} (?:has|have) yet to be {_REACHED}\b)"),
    ("unmet missed", rf"\b(?P<not>{_A_DUTY} (?:is|are|remains?) (?:\w+ )?(?:unmet|missed)\b)"),
    (
        "not_persuaded say_that doubt_that not_perform",
        rf"\b(?P<not>(?:not persuaded|cannot say|could not say|doubt) that the {_A_DUTY} is met\b"
        r"|not perform at the level required\b)",
    ),
    ("short_of shy_of", rf"\b(?P<not>(?:short|shy) of (?:what )?(?:the|this) {_A_DUTY}\b)"),
    (
        "come_up up_to",
        r"\b(?P<not>[Tt]o (?:come up to|reach) the (?:level|standard) of the duty\b)",
    ),
    (
        "further_than better_than more_here",
        rf"\b(?P<exceeds>(?:further|better|more)(?: here)? than (?:what )?(?:the|this) "
        rf"{_A_DUTY}\b)",
    ),
    (
        "satisfying_the compliant_with with_something narrowly_met barely_met only_just",
        rf"\b(?P<met>satisfying the {_A_DUTY}|(?:fully )?compliant with the duty"
        rf"|(?:{_A_DUTY}|standard)[^.;,]{{0,40}} reached with something to spare"
        rf"|{_A_DUTY} is (?:only |just )*(?:narrowly|barely) met)\b",
    ),
)
_ASKED_FOR = (
    r"(?:(?:all |just |exactly )?(?:what|that which) |the (?:level|standard)"
    r" (?:that |which |of |set by |required by )?)?"
    r"(?:(?:the|this) (?:(?:statutory|Prevent) )?(?:duty|benchmark|required standard))\b"
    r"(?: (?:requires|asks(?: for)?|expects|sets|demands|calls for))?"
    r"(?! (?:to|of|officer|desk|team|social|manager|rota|solicitor|holder|on|for|in|set|by)\b)"
    r"(?!,? (?:but|although|though|yet|while|except)\b)"
)
"""What the duty asks for, in any of the ways in which a letter says it."""
_ALL_OF_IT = (
    r"(?:^|(?<=[.;] ))(?:What|It|This|Overall|Governance|Communications|The (?:\w+ )?(?:offer"
    r"|provision|work|whole|position|arrangements|approach|practice|panel|council|benchmark|area"
    r"|section|authority|plan|pathway|board|county|borough|district|city|programme|process"
    r"|team))\b[^.;,]{0,60}? "
)
"""The beginning of a sentence about all that is scored, and not a part of it."""
_BY_RELATION = (
    (
        " ".join(
            f"{word}_{asked}"
            for word in ("with", "for", "to")
            for asked in ("what", "that_which", "the_duty", "this_duty", "the_benchmark")
        )
        + " with_this_benchmark with_the_required for_the_required to_the_required"
        " the_level_that the_standard_that",
        rf"{_ALL_OF_IT}(?P<met>(?:in line with|enough for|sufficient for|equal to|on a par with"
        rf"|in keeping with|consistent with|complies with|conforms (?:to|with)) {_ASKED_FOR})",
    ),
    (
        "ahead_of excess_of above_what than_what",
        rf"{_ALL_OF_IT}(?P<exceeds>(?:ahead of|in excess of|(?:above|(?:more|better|further) than)"
        rf" (?=what )) ?{_ASKED_FOR})",
    ),
    (
        "way_off way_from distance_off distance_from than_what beneath_what",
        rf"{_ALL_OF_IT}(?P<not>(?:(?:way|distance) (?:off|from)|(?:less than|beneath) (?=what ))"
        rf" ?{_ASKED_FOR})",
    ),
    (
        "stands_between stand_between",
        rf"\b(?P<not>stands? between (?:you|it|this|the \w+) and {_ASKED_FOR})",
    ),
    (
        "be_called be_regarded be_considered be_counted be_met be_said be_judged",
        r"\b(?P<not>[Bb]efore (?:this|the) (?:benchmark|duty|area|section) (?:can|could) be"
        r" (?:(?:called|regarded as|considered|counted as|said to be|judged) )?met)\b"
        r"(?! (?:by|in|with|for)\b)",
    ),
)
_WHAT_IS_SCORED = (
    "[Ii]t|[Tt]his|the (?:panel|council|benchmark|area|section|authority|work|provision|whole|plan"
    "|pathway|board|county|borough|district|city)"
)
_PLAINLY = (
    (
        "misses_the missed_the below_standard below_par principal_failings main_failings",
        rf"\b(?P<not>(?:{_WHAT_IS_SCORED}) (?:"
        r"miss(?:es|ed) the mark|(?:is|are|remains?)(?: still| well)? below (?:standard|par))"
        r"|among the (?:[\w'’]+ )?(?:principal|main) failings)\b",
    ),
    (
        "partially_fulfilled partly_fulfilled partially_satisfied partly_satisfied benchmark_met"
        " duty_met benchmark_fulfilled duty_fulfilled insufficient_to inadequate_to as_met",
        r"\b(?P<not>(?:only )?part(?:ial)?ly (?:fulfilled|satisfied)"
        r"|(?:cannot|can ?not|could not|can['’]t) (?:yet )?(?:call|regard|consider|describe|rate)"
        rf" (?:the|this) {_A_DUTY} (?:as )?(?:being )?(?:met|fulfilled)"
        rf"|(?:insufficient|inadequate) to (?:discharge|meet|satisfy|fulfil) (?:the|this)"
        rf" {_A_DUTY})"
        r"\b|\b(?P<met>(?:rated|assessed|judged|scored|marked) as (?:fully )?[Mm]et)\b",
    ),
    (
        "a_failure a_fail become_compliant the_statute the_law what_the",
        r"\b(?P<not>(?:mark|rate|score|grade|count)(?:s|ed|d)? (?:it|this)? ?as a fail(?:ure)?"
        r"|(?:does|do) not do (?:all )?(?:what|that) the"
        r" (?:statute|law|duty) (?:asks|requires|demands))\b"
        r"|\b(?P<met>does (?:all )?(?:what|that) the (?:statute|law) (?:asks|requires|demands))\b",
    ),
    (
        "pass_mark the_threshold the_bar the_minimum the_benchmark",
        r"\b(?P<not>(?:pass mark|required standard) (?:has|is) not (?:yet |quite )*"
        r"(?:been )?(?:reached|met|achieved|cleared))\b"
        r"|\b(?P<met>(?:the|this) (?:pass mark|benchmark|standard)"
        r" (?:has(?:, [\w ]{3,20},)? been|is) (?:\w+ly )?(?:reached|achieved|cleared))\b",
    ),
    (
        "letter_nor be_said from_being",
        r"\b(?P<not>neither the letter nor the spirit|cannot be said to (?:comply|meet|satisfy"
        rf"|fulfil|discharge)|{_A_DUTY} is (?:still )?(?:a long way|some (?:distance|way)|far)"
        r" from being met)\b",
    ),
    (
        "comfortably_met safely_met easily_met side_of its_duty the_line further_need no_less"
        " no_more",
        r"\b(?P<met>(?:comfortably|safely|easily|fairly|squarely) met"
        r"|(?:on )?the right side of the duty|discharges its (?:\w+ )?duty"
        r"|(?:gets|is|just) over the line|nothing further need be done to"
        r"|what is (?:needed|required|asked), no less and no more)\b",
    ),
    (
        "surpasses surpass surpassed than_sufficient than_enough could_demand is_required"
        " the_finest is_asked",
        rf"\b(?P<exceeds>surpass(?:es|ed)? (?:the|this) (?:statutory |legal )?{_A_DUTY}"
        rf"|more than (?:sufficient|enough) (?:for|to (?:meet|satisfy)) (?:the|this) {_A_DUTY}"
        r"|more than one could (?:demand|ask|expect)"
        r"|(?:goe?s?|went) (?:[a-z]+ ){0,3}beyond what is (?:required|asked)"
        r"|(?:some of|among) the finest)\b",
    ),
)
_DUTY_MET = Expressions(
    (
        _DUTY_IS,
        rf"\b{_DUTY} (?:"
        r"(?P<not>(?:(?:is|are|has|have) (?:(?:\w+ly|therefore|still) )?not|(?:is|has)n['’]t)"
        r" (?:yet |fully |being |been )*met\b(?! by\b)"
        r"|(?:is|are) (?:only )?part(?:ly|ially) met\b)"
        r"|(?P<exceeds>(?:is|are|has been) exceeded\b)"
        r"|(?P<met>(?:is|are|has been) (?:\w+ly |now |therefore |well |just )*(?:met|satisfied)\b"
        r"(?! (?:by|in(?! full)|with)\b)))",
    ),
    (
        "below_what below_the below_this short_of",
        r"\b(?P<not>(?:falls?|is|are|remains?|sits?) (?:well |just |still |a little )?"
        r"(?:below|short of) (?:the (?:level|standard) )?(?:that |which )?(?:what )?"
        rf"{_DUTY}\b(?: requires| asks(?: for)?| sets| expects)?)",
    ),
    ("unmet", r"\b(?P<not>(?:[Tt]his benchmark|duty) (?:is|remains) unmet)\b"),
    *_LOOSELY,
    *_PLAINLY,
    *_BY_RELATION,
    ("to_go", rf"\b(?P<not>way to go before {_DUTY} is met)\b"),
    ("duty_asks", r"\b(?P<met>does all that the duty asks)\b"),
    ("fail_to fails_to", rf"\b(?P<not>fails? to meet {_THIS_DUTY})\b"),
    (
        "not_meet t_meet yet_meet currently_meet fully_meet",
        r"(?P<not>(?<!that )(?<!who )(?<!which )\bdoes(?: not|n['’]t) (?:yet |currently |fully )*"
        rf"meet {_THIS_DUTY})\b",
    ),
    (
        "beyond_what beyond_the exceed exceeds exceeded",
        r"\b(?P<exceeds>(?:exceeds?|goe?s? (?:[a-z]+ ){0,4}beyond)"
        rf" (?:what|the (?:level|standard)(?: that)?) {_DUTY} (?:requires|asks|sets|expects)"
        r"|exceed(?:s|ed)? (?:the |this )(?:requirements? of (?:the |this ))?"
        r"(?:statutory )?(?:duty|benchmark|standard)\b(?! (?:of|set|for)\b))",
    ),
    (
        "meets_what meets_the meets_its meets_this",
        rf"\b(?P<met>meets what {_DUTY} (?:requires|asks|expects)"
        r"|meets (?:the|its) (?:[Pp]revent |statutory )?(?:duty|benchmark"
        r"|requirements? of (?:the|this) duty)"
        rf"|(?:just about|only just|barely|narrowly) meets {_THIS_DUTY}"
        r"|meets (?:the duty here|this (?:benchmark|duty)))\b",
    ),
    (
        "be_regarded be_considered be_described regard_this regard_the consider_this consider_the"
        " count_this count_the",
        rf"\b(?P<not>{_DUTY} (?:cannot|could not)(?:, \w+,)? (?:yet )?be"
        r" (?:regarded|described|considered|said to be)(?: as)? met)\b"
        r"|\b(?P<met>(?:regard|consider|count) (?:this|the) (?:benchmark|duty)"
        r" (?:as |to be )?(?:met|achieved|satisfied))\b",
    ),
    (
        "enough_to sufficient_to satisfy_the satisfies_the satisfy_this law_asks requirement_is"
        " requirements_are benchmark_are duty_requires duty_asks law_requires beyond_what short_of",
        rf"\b(?P<met>(?:enough|sufficient) to (?:satisfy|meet) {_THIS_DUTY}"
        r"|satisf(?:y|ies) (?:the|this) (?:Prevent )?(?:duty|benchmark)"
        r"|with that the requirement is satisfied"
        r"|requirements? of (?:the|this) (?:benchmark|duty) (?:is|are) (?:\w+ )?(?:satisfied|met)"
        r"|what the (?:law|duty) asks of (?:the|your) \w+ is being done)\b"
        rf"|\b(?P<exceeds>(?:a good deal |far |much |rather )?more than {_DUTY}"
        r" (?:requires|asks))\b"
        r"|\bmore than the law (?:requires|asks)\b(?P<exceeds2>)"
        r"|\b(?P<exceeds3>goes (?:[a-z]+ ){0,3}beyond what is (?:required|asked|expected))\b"
        r"|\b(?P<not>falls? (?:well |far )?short of what (?:I would expect"
        r"|is (?:expected|required|asked)))\b",
    ),
    (
        "order_that required_standard",
        rf"\b(?P<not>[Ii]n order that {_THIS_DUTY} may be met"
        r"|would come up to the (?:required|expected) (?:standard|level))\b",
    ),
    ("be_met", rf"\b(?P<met>(?:enough|sufficient) for {_THIS_DUTY} to be met)\b"),
    (
        "to_meet",
        rf"(?P<not>To meet {_THIS_DUTY}(?: in full| fully)?, [\w' ]{{1,40}}?"
        r"\b(?:needs?|must|should|will need|has to|have to))\b",
    ),
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


_BARELY = Expression(r"(?i)just|barely|narrowly|no less|, (?:though|but|if) not (?:as )?exceed")


@rule("PL208", "warning", english=True)
def section_and_score(context: RuleContext) -> Problems:
    """A section says that the duty is met, not met or exceeded; the benchmark's score disagrees."""
    if not context.scores:
        return
    scale = context.criteria.scale
    last: tuple[RuleBlock, int] | None = None
    for block, match in _DUTY_MET.find(context):
        sentence, start = block.sentence_at(match.start())
        is_first = last != (block, start)  # the first match in its sentence
        last = block, start
        if block.path[0] != "benchmarks" or not is_first or len(sentence) >= LONGEST_SENTENCE:
            continue
        before = re.split(r"[;:]|, but ", block.text[start : match.start()])[-1]
        near = before + block.text[match.end() :][:20]
        clause = re.split(r"[,;:]| and ", block.text[start : match.start()])[-1] + match[0]
        if re.search(OTHER_TIME, clause) or re.search(UNSURE, near):
            continue
        score = context.scores.get(block.section)
        if score is None:
            continue
        is_barely = re.search(_BARELY, match[0] + block.text[match.end() :][:30])
        said = (match.lastgroup or "").rstrip("23")
        kind, agrees = "duty met", said == "met"
        if score < scale.met:
            kind, agrees = "duty not met", said == "not"
        elif score > scale.met:
            agrees = said == "exceeds" or (agrees and not is_barely)
            kind = "duty exceeded"
        if not agrees:
            yield disagrees(context, block, match, f" ({kind})")


_PRAISE = word_list("scores.praise")
_BLAME = word_list("scores.blame")


_JUDGEMENTS = frozenset((*_PRAISE, *_BLAME))


_JUDGED = Expression(
    r"\b(?:is|are|remains?) (?:truly |quite |already |still |very )?"
    rf"(?:(?P<praise>{'|'.join(_PRAISE)})|(?P<blame>{'|'.join(_BLAME)}))\b"
    r"(?! [a-z]+(?<! and)(?<! but)(?<! overall)\b)"
)
_HERE = Expression(
    r"\b(?:[Tt]his(?: benchmark| area)?|[Tt]he (?:\w+ )?(?:work|practice|position) here|The work) $"
)
_AFTER_NAME = Expression(r"s? (?:work |delivery )?(?:(?:about|of|on|for|with|in) \w+ (?:\w+ )?)?")
_LONGEST_SUBJECT = 80
"""The characters before "is outstanding" in which the benchmark's name is looked for."""


def _subject(before: str, name: str) -> str:
    """Return the end of a text, if it is the name of a benchmark, or "this benchmark"."""
    before = before[-_LONGEST_SUBJECT:]
    if here := re.search(_HERE, before):
        return here[0]
    stem = name.casefold().removesuffix("s")
    start = before.casefold().rfind(stem)
    begins_word = start == 0 or not before[start - 1].isalnum()
    is_subject = start >= 0 and begins_word
    if is_subject and re.fullmatch(_AFTER_NAME, before[start + len(stem) :]):
        return before[start:]
    return ""


_PRAISED = Expressions(
    (
        "entirely_satisfactory exemplar exemplary model_of model_for sector_leading among_the"
        " second_to best_practice",
        r"\b(?:entirely satisfactory|an exemplar|exemplary|a model (?:of its kind|for (?:others"
        r"|other \w+))"
        r"|sector[- ]leading"
        r"|among the (?:best|strongest)|second to none|(?:the )?best practice (?:nationally"
        r"|in the (?:region|country)))\b"
        r"(?! (?:elsewhere|of other))",
    )
)
_BLAMED = Expressions(
    (
        "meet_irregularly meet_rarely meet_infrequently meets_irregularly meets_rarely"
        " meets_infrequently sit_at meet_at little_or good_enough unsatisfactory is_failing"
        " not_meet well_below not_compliant yet_compliant rarely_attend seldom_attend"
        " rarely_attends seldom_attends poorly_informed poorly_attended poorly_understood"
        " poorly_led poorly_documented poorly_organised little_governance little_oversight"
        " little_awareness no_governance no_oversight rarely_discussed seldom_discussed"
        " rarely_reviewed seldom_reviewed never_reviewed no_involvement not_used only_rarely"
        " up_rarely rarely seldom little_understood limited_understanding no_understanding"
        " poor_understanding solely_on rudimentary name_only little_more on_the_agenda"
        " gets_round none_of_them only_on patchy sporadic piecemeal remain_voluntary"
        " remains_voluntary no_record no_records no_terms no_strategy no_plan no_policy"
        " no_training no_process no_pathway speak_of sat_since sat_for met_since met_for done_no"
        " no_awareness",
        r"\b(?:meets? (?:irregularly|rarely|infrequently)|did not (?:sit|meet) at all"
        r"|(?:turn(?:s|ed)? up|attend(?:s|ed)?|come|meets?|met)(?: only| very)? (?:rarely|seldom)"
        r"|(?:rarely|seldom) (?:attend(?:s|ed)?|turns? up|come|discussed|reviewed|used|shared"
        r"|consulted"
        r"|involved|updated)|never (?:discussed|reviewed|used|updated)"
        r"|poorly (?:informed|attended|understood|led|documented|organised)"
        r"|(?:little|no|limited|poor|weak) (?:governance|oversight|awareness|involvement"
        r"|understanding of)|little understood|rel(?:y|ies) (?:solely|only) on"
        r"|rudimentary|in name only|little more than|seldom on the agenda"
        r"|rarely gets round|none of them has a (?:deadline|date|owner)|patchy|sporadic"
        r"|piecemeal|remains? voluntary|no records? (?:is|are|was|were) kept"
        r"|[Nn]o (?:terms of reference|strategy|plan|policy|training|process|pathway) (?:exists?"
        r"|is in"
        r" place|has been)|to speak of|has not (?:sat|met) (?:since|for)|has (?:so far |as yet "
        r")?done no|little or no|not good "
        r"enough|unsatisfactory|is failing"
        r"|(?:does|do) not meet the (?:requirements?|standards?)"
        r"|well below the"
        r" (?:standard|level|requirement)s?|not (?:yet )?compliant)\b",
    )
)


@rule("PL220", "warning", english=True)
def words_and_score(context: RuleContext) -> Problems:
    """A section's good practice praises what scores below the duty, or blames what exceeds it."""
    for expressions, is_praise in ((_PRAISED, True), (_BLAMED, False)):
        for block, match in expressions.find(context) if context.scores else ():
            score, met = context.scores.get(block.section), context.criteria.scale.met
            sentence, _ = block.sentence_at(match.start())
            is_other = re.search(OTHER_TIME, sentence) or re.search(UNSURE, sentence)
            if score is None or is_other or block.path[-1] != "good_practice":
                continue
            if score < met if is_praise else score > met:
                yield disagrees(context, block, match)


_RUN = 6
"""So many successive words of a level, in the text on its benchmark, are a quotation of it."""


@cache
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Return the runs of words of a text, in small letters."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


_Runs = Mapping[tuple[str, str], Sequence[tuple[str, ...]]]
"""Runs of words, by the two successive words that are the longest, and so perhaps the rarest."""


@cache
def _runs_of_levels(benchmark: Benchmark, met: int, *, is_exceeded: bool) -> _Runs:
    """Return the runs that only the levels below "duty met", or only those above it, have.

    ``met`` is the number of levels below; ``is_exceeded`` asks for the runs of these.
    """
    levels = benchmark.levels
    far = levels[:met] if is_exceeded else levels[met + 1 :]
    near = (benchmark.statement, *(levels[met:] if is_exceeded else levels[: met + 1]))
    none = frozenset[tuple[str, ...]]()
    runs = defaultdict[tuple[str, str], list[tuple[str, ...]]](list)
    for run in none.union(*map(_runs, far)) - none.union(*map(_runs, near)):
        runs[max(pairwise(run), key=lambda pair: len(pair[0] + pair[1]))].append(run)
    return runs


@rule("PL222", "warning", english=True)
def level_and_score(context: RuleContext) -> Problems:
    """A section's good practice has words of a level on the other side of "duty met"."""
    if not context.scores:
        return
    scale = context.criteria.scale
    for block in context.blocks:
        score = context.scores.get(block.section, scale.met)
        if score == scale.met or block.path[-1] != "good_practice":
            continue
        benchmark = context.criteria.by_id[block.section]
        below = scale.met - scale.min
        far = _runs_of_levels(benchmark, below, is_exceeded=score > scale.met)
        runs = sorted(run for pair in far.keys() & context.pairs for run in far[pair])
        words = f" {' '.join(block.lower_words)} " if runs else ""
        runs = [run for run in runs if f" {' '.join(run)} " in words]
        expressions = (re.compile(r"\b" + r"\W+".join(run) + r"\b", re.I) for run in runs)
        if match := next(filter(None, (e.search(block.text) for e in expressions)), None):
            label = context.criteria.scale.label(score)
            message = f"{quote(match[0])} is of a level of the criteria far from {label}"
            yield block.problem(match, message, "correct the text or the score")


_ABSENT = Expressions(
    (
        "here_is_no",
        r"\b[Tt]here is no (?:\w+ ){0,2}(?:strategy|plan|policy|risk assessment|board|panel"
        r"|pathway|training)\b"
        r"(?! (?:for|on|to|that|which|beyond|without))"
        r"|\b[Tt]here (?:is|are) no (?:agreed|formal|clear|documented|written|local) (?:\w+ )?"
        r"(?:process|pathway|policy|strategy|plan|board|panel)\b",
    )
)


@rule("PL221", "warning", english=True)
def absence_and_score(context: RuleContext) -> Problems:
    """A section with the highest score says that there is no strategy, plan, policy or the like."""
    for block, match in _ABSENT.find(context) if context.scores else ():
        if context.scores.get(block.section) == context.criteria.scale.max:
            yield disagrees(context, block, match)


_CHANGES = Expressions(
    (
        "from_1 from_2 from_3 from_4 from_5",
        r"\b(?:would|could|to) (?:take|move|raise|bring"
        r"|lift) [^.;]{0,30}?from (?P<now>[0-9]) to [0-9]\b"
        r"|\bscore (?:has |had )?(?:slipped|fallen|fell|dropped|risen|rose|improved|gone up"
        r"|moved|gone down)"
        r" from [0-9] to (?P<new>[0-9])\b"
        r"|(?:(?:^|(?<=[.;] ))(?:It|This(?: benchmark| area)?|The benchmark)(?: has)?"
        r"|\bto see (?P<seen>[\w ]{3,40}?)) (?:climb(?:s|ed)?|risen|rises?|rose|moves?|moved|goes"
        r"|went|gone|falls?|fell|fallen|drop(?:s|ped)?|slip(?:s|ped)?|improve[sd]?)"
        r" from [0-9] to (?P<rose>[0-9])(?=[.,;]|$| (?:this|in the) (?:year|time|period)\b)",
    ),
    (
        "weakest strongest lowest highest best",
        r"\b(?P<place>weakest|strongest|lowest|highest|best) of the (?:\w+ )?benchmarks\b",
    ),
    ("weak_spot weak_link weak_point", r"\bthe (?P<place>weak (?:spot|link|point)) (?:of|in)\b"),
    (
        "weakest_part strongest_part weakest_area strongest_area greatest_weakness"
        " greatest_strength furthest_to the_furthest",
        r"\b[Tt]his is the (?:area of )?(?P<place>weakest|strongest|greatest weakness|greatest "
        r"strength)"
        r"(?: (?:part|area))?\b"
        r"|(?:^|(?<=\. )|(?<=benchmarks, ))[Tt]his is where \w+(?: \w+)?"
        r" (?P<furthest>(?:still )?ha(?:s|ve) (?:the )?furthest (?:still )?to go)\b",
    ),
    (
        " ".join(f"a_{digit}" for digit in "12345"),
        r"\bwould (?:lift|raise|bring|take|move) [^.;]{0,40}? to a (?P<goal>[0-9])\b"
        r"|\b(?:kept|keeps?|stopped|stops?|prevented|prevents?|held) [^.;,]{2,40}?"
        r"(?: back)? from (?:being |getting |reaching |earning |scoring )?an?"
        r" (?P<kept_from>[0-9])(?=[.,;]|$| (?:this|here|and|but)\b)",
    ),
    (
        "score marks top_level highest_level top_mark highest_mark",
        r"\b(?:award(?:ed)?|given?|earns?|deserves?|merits?) (?:it "
        r"|this )?(?:the )?(?P<top>full marks"
        r"|(?:top|highest|maximum|best) score)\b|\b(?:[Tt]o reach|[Ff]or) the (?P<aim>(?:top"
        r"|highest) score)\b"
        r"|\b[Tt]o (?:move|get|rise|step|climb|go|come) (?:up )?to the"
        r" (?P<higher>(?:top|highest) (?:score|level|mark))\b",
    ),
    (
        "beyond_a award_a given_a give_a awarded_a settled_on",
        r"\b(?:go beyond|award(?:ed)?|given?|settled on) an? (?P<score>[0-9]|one|two|three|four"
        r"|five)\b(?! [a-z])",
    ),
)


@rule("PL219", "warning", english=True)
def change_and_score(context: RuleContext) -> Problems:
    """A section says how its score changed or how it stands among the others; the table differs."""
    if not context.scores:
        return
    scale = context.criteria.scale
    lowest, highest = min(context.scores.values()), max(context.scores.values())
    for block, match in _CHANGES.find(context):
        score = context.scores.get(block.section)
        if score is None:
            continue
        found = match.groupdict()
        said = next(filter(None, map(found.get, ("now", "new", "rose", "score"))), "")
        goal = found.get("goal") or found.get("kept_from")
        short = context.criteria.by_id[block.section].short_name
        if found.get("seen") and short.casefold() not in found["seen"].casefold():
            continue
        agrees = NUMBER_WORDS.get(said, int(said) if said.isdigit() else score) == score
        if goal:
            agrees = int(goal) > score
        elif place := found.get("place") or found.get("furthest"):
            agrees = score == (lowest if re.search("weak|low|furthest", place) else highest)
        elif found.get("top") or found.get("aim") or found.get("higher"):
            agrees = (score == scale.max) is bool(found["top"])
        if not agrees:
            yield disagrees(context, block, match)


@rule("PL218", "warning", english=True)
def judgement_and_score(context: RuleContext) -> Problems:
    """A section calls its benchmark outstanding, or poor; the score says otherwise."""
    met = context.criteria.scale.met if context.scores else 0
    judged = (context.blocks_with(word) for word in context.words & _JUDGEMENTS)
    for number in sorted(frozenset[int]().union(*judged)):
        block = context.blocks[number]
        score = context.scores.get(block.section)
        if score is None:
            continue
        name = context.criteria.by_id[block.section].short_name
        for match in re.finditer(_JUDGED, block.text):
            subject = _subject(block.text[: match.start()], name)
            sentence, _ = block.sentence_at(match.start())
            is_now = subject and not re.search(OTHER_TIME, sentence)
            if is_now and (score < met if match["praise"] else score > met):
                yield _disagreement(
                    context, block, match.start() - len(subject), subject + match[0]
                )


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
