"""Rules on praise, blame and changes, which a section's score contradicts (PL218 to PL222)."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from prevent_letter.assessment.criteria import NUMBER_WORDS, Benchmark
from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problems, RuleContext, rule, word_list
from prevent_letter.rules.expressions import Expression, Expressions
from prevent_letter.rules.scores import OTHER_TIME, UNSURE, disagrees, disagrees_at

_PRAISE = word_list("judgements.praise")
_BLAME = word_list("judgements.blame")


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
                yield disagrees_at(context, block, match.start() - len(subject), subject + match[0])
