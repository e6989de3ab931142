"""Rules on scores, and on what the text says about them (PL2xx)."""

import re
from functools import cache
from textwrap import shorten

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


def _disagrees(
    context: RuleContext, block: RuleBlock, match: re.Match[str], kind: str = ""
) -> Problem:
    """Return the problem at words that the score of the block's benchmark contradicts."""
    score = context.criteria.scale.label(context.scores[block.section])
    message = f"the text says {quote(match[0])}, but {context.names[block.section]} scores {score}"
    return block.problem(match, message + kind, "correct the text or the score")


@cache
def _named_scores(highest: int) -> Expressions:
    """Return the expression for "scores 4" and the like, on a scale up to ``highest``."""
    return Expressions(
        (
            "score scores scored scoring Score Scores Scored Scoring",
            r"\b[Ss]cor(?:es?|ed|ing)(?: (?:of|is|was|at|it|a|as|this|here|the|benchmark|area"
            r"|section|council"
            r"|authority|borough))*:?"
            r" ([0-9]+|[A-Za-z]+)\b"
            r"(?! ?%|[-/–.][0-9]| (?:times?|or|to|and|of"
            rf"(?! {highest})|points?|would|could|should|asks?|was within)\b"
            r"| (?!(?:this|its|as|is|was|has|across)\b)[a-z]+s\b)",
        )
    )


_SCORES_IN_FIGURES = Expressions(
    (
        "0 1 2 3 4 5 6 7 8 9 one two three four five",
        r"\([Ss]core(?: of)? ?[–:-]? ?(?P<bracketed>[0-9])\)"
        r"|\b(?P<of>[0-9])(?: out of |/)(?P<most>[0-9]{1,2})\b(?! [a-hj-z]|%|/|,? on)"
        r"|\b(?:at|reach(?:es|ed)?|is|achieves?|remains? at) [Ll]evel (?P<level>[0-9])\b"
        r"|\b(?:rating|mark|grade) of (?P<mark>[0-9])\b(?! or| out)"
        r"|(?<= )(?P<rated>[0-9]|one|two|three|four|five)(?=[.,;:)]|$| (?:this|here|for this"
        r"|overall)\b)",
    )
)
_SCORE_GROUPS = ("bracketed", "of", "rated", "level", "mark")
_RATED = Expression(
    r"\b(?:rated|graded|a (?:strong|good|solid|clear|low|high)"
    r"|(?:given|gives?|earns?|merits?|deserves?) (?:this |it )?an?) $"
)
_OTHER_THING = Expression(
    r"(?i)\b(?:session|course|visit|survey|quiz|event|workshop|matrix|risks?|register|members"
    r"|rates?"
    r"|by those)\b"
)
_OTHER_TIME = Expression(
    r"(?i)\b(?:last|previous(?:ly)?|earlier|next|future|up from|down from|20[0-9]{2})\b"
)
_AIM = Expression(
    r"(?i)\b(?:to|would|could|should|towards?|aim\w*|below|above|under|over|short of|unlike"
    r"|what)\b|\bfor(?: an?| the)? $"
)


@rule("PL206", "warning", english=True)
def another_score(context: RuleContext) -> Problems:
    """The text on a benchmark gives a score, in words or figures, that is not the benchmark's."""
    if not context.scores:
        return
    scale = context.criteria.scale
    named: list[tuple[RuleBlock, re.Match[str], int | None]] = []
    for block, match in _SCORES_IN_FIGURES.find(context):
        before = block.text[max(0, match.start() - 40) : match.start()]
        is_other_scale = match["most"] and int(match["most"]) != scale.max
        if not is_other_scale and (not match["rated"] or re.search(_RATED, before)):
            score = next(filter(None, (match[key] for key in _SCORE_GROUPS)))
            named.append((block, match, NUMBER_WORDS.get(score) or int(score)))
    for block, match in _named_scores(scale.max).find(context):
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
            or re.search(_OTHER_TIME, sentence.replace(context.line("period"), ""))
        ):
            continue
        own = context.scores.get(block.section)
        if own is not None and score != own:
            yield _disagrees(context, block, match)


_ALL = r"(?:all|every|each)(?: one)?(?: of)?(?: (?:the|its|our|ten|of))*(?: \w+)??"
_END = r"(?=[.,;:!?)]|$| and\b)"
_ALL_MET = Expression(
    rf"(?i)\b{_ALL} (?:benchmark|area)s? (?:is|are|was|were|has been|have been)"
    r" (?:fully )?(?:met|exceeded)\b"
    r"|\b(?:meets?|met|exceed(?:s|ed)?)\b"
    r"(?: (?:or|and|exceeds?|meets?|fully|the|its|statutory|requirements?|of|prevent|duty))*"
    rf" (?:(?:in|across) {_ALL} (?:area|benchmark)s?|{_ALL} benchmarks?){_END}"
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
_DUTY_CLUES = " ".join(
    f"{one}_{other}"
    for ones, others in (
        ("duty benchmark standard requirement requirements", "is are has have isn hasn"),
        ("meets", "the its"),
        ("duty benchmark standard", "requires asks sets expects"),
        ("beyond below", "what the this"),
        ("short", "of"),
        ("about just barely narrowly", "meets"),
        ("meets exceeds exceed exceeded", "this"),
        ("exceeds exceed exceeded", "the"),
        ("duty", "here"),
        ("not t yet currently fully", "meet"),
        ("falls is fail fails", "short unmet to"),
    )
    for one in ones.split()
    for other in others.split()
)
_DUTY_MET = Expressions(
    (
        _DUTY_CLUES,
        r"\b(?P<not>(?:falls?|is|are|remains?|sits?) (?:well |just |still |a little )?(?:below"
        r"|short of)"
        rf" (?:the (?:level|standard) )?(?:that |which )?(?:what )?{_DUTY}\b(?: requires"
        rf"| asks(?: for)?| sets| expects)?"
        rf"|{_DUTY} (?:(?:is|are|has|have) (?:(?:\w+ly|therefore|still) )?not"
        r"|(?:is|has)n['’]t)"
        r" (?:yet |fully |being |been )*met\b(?! by\b)|[Tt]his benchmark is unmet\b"
        r"|falls short of (?:the|this) (?:duty|benchmark)\b"
        rf"|{_DUTY} (?:is|are) (?:only )?part(?:ly|ially) met\b"
        r"|fails? to meet (?:the|this) (?:duty|benchmark)\b"
        r"|(?<!that )(?<!who )(?<!which )does(?: not|n['’]t) (?:yet |currently |fully )*"
        r"meet (?:the |this )(?:duty|benchmark)\b)"
        rf"|\b(?P<exceeds>(?:exceeds?|goe?s? (?:well |far )?beyond) (?:what|the (?:level"
        rf"|standard)(?: that)?) {_DUTY}"
        r" (?:requires|asks|sets|expects)"
        r"|exceed(?:s|ed)? (?:the |this )(?:requirements? of (?:the |this ))?"
        r"(?:statutory )?(?:duty|benchmark|standard)\b(?! (?:of|set|for)\b)"
        rf"|{_DUTY} (?:is|are|has been) exceeded\b)"
        rf"|\b(?P<met>{_DUTY} (?:is|are|has been) (?:\w+ly |now |therefore "
        rf"|well )*met\b(?! (?:by|in)\b)"
        rf"|meets what {_DUTY} (?:requires|asks|expects)"
        r"|meets (?:the|its) (?:[Pp]revent |statutory )?(?:duty|benchmark"
        r"|requirements? of (?:the|this) duty)"
        r"|(?:just about|only just|barely|narrowly) meets (?:the|this) (?:duty|benchmark)"
        r"|meets (?:the duty here|this (?:benchmark|duty)))\b",
    )
)
_UNSURE = Expression(
    r"(?i)\b(?:if|whether|unless|until|ensure|so that|could|would|should|once|when|where|how"
    r"|nothing|view|response|put to me|suggests?|not only|almost|contractors?|trainers?|hirers?"
    r"|services?)\b"
)


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
        near = block.text[start : match.end() + 20]
        if re.search(_OTHER_TIME, sentence) or re.search(_UNSURE, near):
            continue
        score = context.scores.get(block.section)
        if score is None:
            continue
        is_barely = re.search("(?i)just|barely|narrowly", match[0])
        kind, agrees = "duty met", bool(match["met"])
        if score < scale.met:
            kind, agrees = "duty not met", bool(match["not"])
        elif score > scale.met:
            agrees = bool(match["exceeds"]) or (agrees and not is_barely)
            kind = "duty exceeded"
        if not agrees:
            yield _disagrees(context, block, match, f" ({kind})")


_PRAISE = "outstanding excellent exemplary exceptional superb"
_BLAME = "poor weak inadequate unacceptable absent patchy adequate sporadic basic uneven thin"


_JUDGEMENTS = frozenset(f"{_PRAISE} {_BLAME}".split())


@cache
def _judgements(name: str) -> re.Pattern[str]:
    """Return the expression for "Training is outstanding", in the section of that benchmark."""
    subject = rf"(?:(?:[Tt]he )?(?i:{re.escape(name)})(?: work| delivery)?"
    subject += "|[Tt]his(?: benchmark| area)?"
    subject += r"|[Tt]he (?:\w+ )?(?:work|practice|position) here)"
    verb = r"(?:is|are|remains?) (?:truly |quite |already |still |very )?"
    praise, blame = (words.replace(" ", "|") for words in (_PRAISE, _BLAME))
    return re.compile(
        rf"\b{subject} {verb}(?:(?P<praise>{praise})"
        rf"|(?P<blame>{blame}))\b(?! [a-z]+(?<! and)(?<! but)(?<! overall)\b)"
    )


_PRAISED = Expressions(
    (
        "model exemplar exemplary sector leading among second best",
        r"\b(?:an exemplar|exemplary|a model (?:of its kind|for (?:others|other \w+))"
        r"|sector[- ]leading"
        r"|among the (?:best|strongest)|second to none|(?:the )?best practice (?:nationally"
        r"|in the (?:region|country)))\b"
        r"(?! (?:elsewhere|of other))",
    )
)
_BLAMED = Expressions(
    (
        "irregularly rarely infrequently sit little good unsatisfactory "
        "urgent urgently failing requirement standard",
        r"\b(?:meets? (?:irregularly|rarely|infrequently)|did not (?:sit|meet) at all"
        r"|little or no|not good enough|unsatisfactory|is failing"
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
            is_other = re.search(_OTHER_TIME, sentence) or re.search(_UNSURE, sentence)
            if score is None or is_other or block.path[-1] != "good_practice":
                continue
            if score < met if is_praise else score > met:
                yield _disagrees(context, block, match)


_ABSENT = Expressions(
    (
        "is_no has_no",
        r"\b[Tt]here is no (?:\w+ ){0,2}(?:strategy|plan|policy|risk assessment|board|panel"
        r"|pathway|training)\b"
        r"(?! (?:for|on|to|that|which|beyond|without))",
    )
)


@rule("PL221", "warning", english=True)
def absence_and_score(context: RuleContext) -> Problems:
    """A section with the highest score says that there is no strategy, plan, policy or the like."""
    for block, match in _ABSENT.find(context) if context.scores else ():
        if context.scores.get(block.section) == context.criteria.scale.max:
            yield _disagrees(context, block, match)


_CHANGES = Expressions(
    (
        "from_1 from_2 from_3 from_4 from_5",
        r"\b(?:would|could|to) (?:take|move|raise|bring"
        r"|lift) [^.;]{0,30}?from (?P<now>[0-9]) to [0-9]\b"
        r"|\bscore (?:has |had )?(?:slipped|fallen|fell|dropped|risen|rose|improved|gone up"
        r"|moved|gone down)"
        r" from [0-9] to (?P<new>[0-9])\b",
    ),
    (
        "ten benchmarks",
        r"\b(?P<place>weakest|strongest|lowest|highest|best) of the (?:\w+ )?benchmarks\b",
    ),
    (
        "score marks",
        r"\b(?:award(?:ed)?|given?|earns?|deserves?|merits?) (?:it "
        r"|this )?(?:the )?(?P<top>full marks"
        r"|(?:top|highest|maximum|best) score)\b|\b(?:[Tt]o reach|[Ff]or) the (?P<aim>(?:top"
        r"|highest) score)\b",
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
        said = found.get("now") or found.get("new") or found.get("score") or ""
        agrees = NUMBER_WORDS.get(said, int(said) if said.isdigit() else score) == score
        if place := found.get("place"):
            agrees = score == (lowest if place in ("weakest", "lowest") else highest)
        elif found.get("top") or found.get("aim"):
            agrees = (score == scale.max) is bool(found["top"])
        if not agrees:
            yield _disagrees(context, block, match)


@rule("PL218", "warning", english=True)
def judgement_and_score(context: RuleContext) -> Problems:
    """A section calls its benchmark outstanding, or poor; the score says otherwise."""
    if context.words.isdisjoint(_JUDGEMENTS):
        return
    met = context.criteria.scale.met if context.scores else 0
    for block in context.blocks:
        score = context.scores.get(block.section)
        if score is None or _JUDGEMENTS.isdisjoint(block.words):
            continue
        name = context.criteria.by_id[block.section].short_name
        for match in _judgements(name).finditer(block.text):
            sentence, _ = block.sentence_at(match.start())
            is_now = not re.search(_OTHER_TIME, sentence)
            if is_now and (score < met if match["praise"] else score > met):
                yield _disagrees(context, block, match)


_NONE_AND_MORE = re.compile(
    r"\W{0,9}((?:None|Nil|N/A|No (?:recommendations?|good practice"
    r"|areas? (?:for|of) (?:development|improvement)))"
    r"(?: (?:identified|noted|required|needed))?)"
    r"(?:[.:;,]?(?: [–-])?\s+(?=[A-Z])|[;,]?\s+(?=but\b|however\b))"
)


@rule("PL209", "warning", english=True)
def none_and_more(context: RuleContext) -> Problems:
    """A passage begins with "None" and goes on: the text was added to the "None" of a form."""
    for path, passage in context.passages:
        if path[0] == "benchmarks" and (match := _NONE_AND_MORE.match(passage)):
            message = f"{quote(match[1])} is followed by more text"
            yield Problem(path, message, "delete the word", match[1])
