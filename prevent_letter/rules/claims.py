"""A rule on what a section says of all its work, which the section's score contradicts (PL224)."""

import re

from prevent_letter.assessment.criteria import NUMBER_WORDS
from prevent_letter.rules.context import Problem, Problems, RuleBlock, RuleContext, rule, word_list
from prevent_letter.rules.expressions import Expressions
from prevent_letter.rules.scores import LONGEST_SENTENCE, OTHER_TIME, UNSURE, disagrees

_BE = r"(?:is|are|remains?)"
_HOW = r"(?: (?:now|still|clearly|fully|comfortably|well|far|just|some way))*"
_NOT_PART = (
    r"(?! (?!of the (?:county|council|borough|city|authority)\b)(?:of|to|that|which|shared"
    r"|raised|for"
    r"|only|in|as)\b)"
)
_OF_ALL = Expressions(
    ("fully_compliant", rf"(?P<met>{_BE}{_HOW} compliant)\b"),
    (
        "duty_asks duty_requires",
        r"(?P<met>(?:does|do) (?:all |everything )?(?:what|that) the duty (?:asks"
        r"|requires))\b(?! in\b)",
    ),
    (
        "required_level required_standard expected_level expected_standard level_required"
        " standard_required level_expected standard_expected",
        rf"(?P<met>{_BE}{_HOW} at the (?:(?:required|expected) (?:level|standard)"
        r"|(?:level|standard) (?:required|expected)))\b",
    ),
    (
        "above_the beyond_the",
        rf"(?P<exceeds>(?:{_BE}|goe?s?){_HOW} (?:above|beyond) the (?:required |expected )?"
        r"(?:standard|level|duty|benchmark))\b(?! (?:of|for|to|set|that|which|at|in)\b)",
    ),
    (
        "further_than exceeded_expectations",
        r"(?P<exceeds>goe?s? further than (?:it|they|you) (?:needs?|ha(?:s|ve)) to"
        r"|ha(?:s|ve) exceeded expectations)\b(?! in\b)",
    ),
    (
        "strength strengths",
        rf"(?P<praise>{_BE} (?:one of )?(?:the|your|a|an"
        rf"|its)(?: [\w'’]+){{0,2}} strengths?)\b{_NOT_PART}",
    ),
    (
        "the_region the_way the_field the_country",
        r"(?P<praise>leads? the (?:region|way|field))\b(?! on\b| in (?!this\b))",
    ),
    (
        "ahead_of model_that model_which model_for have_seen very_good very_strong"
        " particularly_good particularly_strong",
        rf"(?P<praise>{_BE}{_HOW} (?:ahead of (?:others|other (?:authorities|councils|areas))"
        r"|a model (?:that|which|for)|(?:among )?the best (?:that )?I have seen"
        r"|(?:very|particularly) (?:good|strong)))\b(?! (?:at|in|on|but|to|as|for)\b|;)",
    ),
    (
        "top_mark top_marks full_marks top_score highest_score",
        r"(?P<top>(?:earns?|deserves?|merits?) (?:an? |the )?(?:top|highest|full)"
        r" (?:marks?|score))\b",
    ),
    (
        "failing_to required_standard expected_standard to_standard the_standard at_standard"
        " is_expected is_required",
        rf"(?P<not>{_BE}{_HOW} (?:failing to meet|not (?:yet )?(?:at|up to) (?:the )?(?:required "
        r"|expected )?standard|below what is (?:expected|required)))\b",
    ),
    ("not_do not_yet", r"(?P<not>do(?:es)? not (?:yet )?do what the duty (?:asks|requires))\b"),
    (
        "adequate no_more",
        rf"(?P<barely>{_BE} (?:only just|barely|merely|no more than) adequate"
        r"|meets? (?:the )?(?:basic|minimum) requirements? and no more)\b",
    ),
    (
        "weak_point weak_link weak_spot weakest_point weakest_link weakest_part weakest_area"
        " concerns_me a_weakness a_concern a_worry serious_weakness serious_concern real_weakness",
        rf"(?P<blame>{_BE} (?:the|a|an|your)(?: [\w'’]+){{0,2}} (?:weak(?:est)? (?:point|link|part"
        r"|area|spot)|weakness|concern|worry)|(?:is|are) (?:the area |what )(?:that |which )?"
        rf"concerns? me most)\b{_NOT_PART}",
    ),
    (
        "way_to falls_short fall_short urgent_attention urgent_improvement urgent_action",
        r"(?P<blame>ha(?:s|ve) (?:a long|some) way to go|falls? short"
        r"|needs? urgent (?:attention|improvement|action))\b(?! (?:in no|of nothing|on|to)\b)",
    ),
    (
        " ".join(f"at_{digit}" for digit in "12345"),
        r"(?P<score>(?:remains?|stays?|is) at (?:a |level )?(?P<number>[1-5]))(?=[.,;]|$)",
    ),
)
"""What is said of a subject: all the work of a section."""
_ABOUT_IT = (
    r"(?=\.| here\b| (?:about|in) (?:the|this|your) (?:panel|board|plan|pathway|process|work"
    r"|training"
    r"|arrangements|approach)\b)"
)
_IN_ITSELF = Expressions(
    (
        "criterion_is criteria_are criteria_ask duty_asks benchmark_asks",
        r"\b(?P<met>[Ee]very criterion is met|(?:[Tt]he|[Aa]ll(?: the)?) criteria are"
        r" (?:all |fully )*met|(?:[Aa]ll|[Ee]verything) that the (?:criteria|duty|benchmark)"
        r" asks? for is in place)\b",
    ),
    (
        "duty_is benchmark_is required_standard required_level",
        r"\b(?P<met>[Tt]he (?:duty|benchmark) is (?:clearly |fully )*(?:being met|discharged"
        r"|met (?=with (?:room|something)))|[Tt]he required (?:standard|level) (?:has been|is|was)"
        r" (?:reached|achieved))",
    ),
    (
        "in_doubt beyond_doubt to_add",
        r"\b(?P<met>[Cc]ompliance (?:with the duty )?is (?:not in|beyond) doubt"
        r"|[Tt]here is nothing to add(?=\.| to what))",
    ),
    (
        "are_exceeded were_exceeded been_exceeded",
        r"\b(?P<exceeds>[Ee]xpectations .{2,9} exceeded)\b",
    ),
    (
        "no_other",
        r"\b(?P<praise>[Nn]o other (?:authority|council|area)\b[^.;]{0,40}\bdoes (?:it"
        r"|this) (?:better|so well))\b",
    ),
    (
        "be_met",
        r"\b(?P<not>[Uu]ntil [^.;]{3,50}? (?:benchmark|duty) (?:cannot|will not) be met"
        r"|(?<![a-z] )[Ww]ithout (?:this|it|that),? the (?:duty|benchmark) (?:will not"
        r"|cannot) be met(?=\.)"
        r"|[Tt]he (?:duty|benchmark) will be met (?:once|when|if))\b",
    ),
    ("to_bring", r"\b(?P<not>[Tt]o bring (?:this|it) up to (?:the )?(?:required )?standard)\b"),
    (
        "serious_weaknesses serious_concerns serious_shortcomings serious_failings serious_concern"
        " grave_concerns grave_concern remains_to is_needed is_required",
        rf"(?:^|(?<=[.;] ))(?P<blame>(?:There are serious (?:weaknesses|concerns|shortcomings"
        rf"|failings)"
        rf"|I have (?:serious|grave) concerns?){_ABOUT_IT}|Much remains to be done(?! nationally)"
        r"|Urgent (?:improvement|action|attention) is (?:needed|required)(?=\.))",
    ),
    (
        " ".join(f"to_{digit} a_{digit}" for digit in "12345"),
        r"(?:^|(?<=[.;] ))(?:I have|(?:This|It|The (?:score|benchmark))(?: benchmark)?"
        r" has(?: been)?) (?P<score>(?:raised|moved|lifted|lowered|reduced|brought|gone|risen"
        r"|fallen)(?: (?:it|this))?(?: (?:up|down|back))?(?: by (?:one|two|a level))?"
        r"(?: from an? [1-5])? to (?:an? )?(?P<number>[1-5]))(?=[.,;]|$| this (?:year|time))",
    ),
    (
        " ".join(f"a_{digit}" for digit in "12345"),
        r"\b(?P<score>[Aa] (?P<number>[1-5]) is (?:the )?(?:right|fair|just|appropriate))\b"
        r"(?! (?:target|aim|goal)\b)",
    ),
    (
        " ".join(f"a_{digit}" for digit in "12345"),
        r"\b(?P<aim>[Tt]o (?:achieve|get|attain|earn|secure) an? (?P<number>[1-5]))(?=[,. ])",
    ),
    (
        "out_of",
        r"\b(?P<score>(?P<number>[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive) out of five is (?:a "
        r"|the )?(?:fair|right))\b",
    ),
    (
        "criteria_for",
        r"\b(?P<score>criteria for (?:an? |level )?(?P<number>[1-5]) are (?:all "
        r"|fully )*met)\b(?! (?:in part|partly))",
    ),
    (
        " ".join(f"above_{digit}" for digit in "12345"),
        r"\b(?P<above>[Tt]o (?:get|rise|move) above (?:an? )?(?P<number>[1-5]))\b",
    ),
    (
        "the_score its_score this_score",
        r"(?:^|(?<=[.;] ))(?P<raise>To (?:raise|improve|increase|lift) (?:the|its"
        r"|this) score next year)\b",
    ),
)
"""What is said of a section by a whole sentence, or by its words alone."""
_SUBJECTS = frozenset(word_list("claims.subjects"))
_JOINING = frozenset(word_list("claims.joining"))
_LONGEST_SUBJECT = 4
"""The most words of a subject, such as "The local risk assessment"."""


@rule("PL224", "warning", english=True)
def claim_and_score(context: RuleContext) -> Problems:
    """A section says of all its work what the benchmark's score contradicts."""
    if not context.scores:
        return
    found = [(each, True) for each in _OF_ALL.find(context)]
    found += [(each, False) for each in _IN_ITSELF.find(context)]
    for (block, match), has_subject in found:
        score = context.scores.get(block.section)
        sentence, start = block.sentence_at(match.start())
        if score is None or len(sentence) > LONGEST_SENTENCE:
            continue
        before = block.text[start : match.start()]
        if has_subject and not _is_all_of_it(before, context.names[block.section]):
            continue
        clause = re.split("[,;]", before)[-1] + match[0]
        near = before + block.text[match.end() :][:20]
        is_told = has_subject and (re.search(OTHER_TIME, clause) or re.search(UNSURE, near))
        if not is_told and not _agrees(context, match, score):
            yield _problem(context, block, match)


def _problem(context: RuleContext, block: RuleBlock, match: re.Match[str]) -> Problem:
    met, score = context.criteria.scale.met, context.scores[block.section]
    kind = "duty not met" if score < met else "duty exceeded" if score > met else "duty met"
    return disagrees(context, block, match, f" ({kind})")


def _is_all_of_it(before: str, name: str) -> bool:
    """Return True if the words before a verb are a subject that stands for the whole section."""
    words = before.lower().replace("-", " ").split()
    known = _SUBJECTS | {*name.lower().replace("-", " ").split()}
    return 0 < len(words) <= _LONGEST_SUBJECT and words[-1] in known and _JOINING.isdisjoint(words)


def _agrees(context: RuleContext, match: re.Match[str], score: int) -> bool:
    """Return True if a section with a score can say this."""
    scale, said = context.criteria.scale, match.groupdict()
    met = scale.met
    number = said.get("number") or "0"
    value = NUMBER_WORDS.get(number.lower(), 0) or int(number)
    agrees = {
        "met": score >= met,
        "exceeds": score > met,
        "praise": score >= met,
        "top": score == scale.max,
        "not": score < met,
        "barely": score == met,
        "blame": score <= met,
        "score": score == value,
        "aim": score < value,
        "above": score <= value,
        "raise": score < scale.max,
    }
    return all(is_so for kind, is_so in agrees.items() if said.get(kind))
