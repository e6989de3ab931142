"""A rule on what a section says of the duty, which the section's score contradicts (PL208)."""

import re

from prevent_letter.rules.context import Problems, RuleBlock, RuleContext, rule, word_list
from prevent_letter.rules.expressions import Expression, Expressions
from prevent_letter.rules.scores import LONGEST_SENTENCE, OTHER_TIME, UNSURE, disagrees

_DUTY = r"(?:[Tt]he |[Tt]his )?(?:duty|benchmark|standard|statutory requirements?)"
_DUTY_IS = " ".join(
    f"{noun}_{verb}"
    for noun in "duty benchmark standard requirement requirements".split()
    for verb in "is are has have isn hasn".split()
)
_THIS_DUTY = "(?:the|this) (?:duty|benchmark)"
_A_DUTY = r"(?:duty|benchmark|requirements?|standard)"
_REACHED_VERBS = word_list("duty.reached")
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
    (
        " ".join(
            f"{verb}_{the}" for verb in ("meet", "reach", "satisfy") for the in ("the", "this")
        ),
        r"(?:^|(?<=[.;] )|(?<=^- ))(?P<not>To (?:meet|reach|satisfy) (?:the|this) (?:duty|benchmark"
        r"|(?:expected|required) (?:standard|level))(?: in full| fully)?,)(?= [a-z])",
    ),
)
_BARELY = Expression(
    r"(?i)just|barely|narrowly|no less|, (?:though|but|if) not (?:as )?exceed"
    r"|,? (?:but|and) no more"
)
_UNTIL = Expression(r"[Uu]ntil\b")
"""Until this is done, the duty is not met."""


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
        said = (match.lastgroup or "").rstrip("23")
        near = re.sub(_UNTIL, "", near) if said == "not" else near
        if re.search(OTHER_TIME, clause) or re.search(UNSURE, near):
            continue
        score = context.scores.get(block.section)
        if score is None:
            continue
        is_barely = re.search(_BARELY, match[0] + block.text[match.end() :][:30])
        kind, agrees = "duty met", said == "met"
        if score < scale.met:
            kind, agrees = "duty not met", said == "not"
        elif score > scale.met:
            agrees = said == "exceeds" or (agrees and not is_barely)
            kind = "duty exceeded"
        if not agrees:
            yield disagrees(context, block, match, f" ({kind})")
