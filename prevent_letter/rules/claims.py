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
_ASKED = (
    r"(?:(?:the|its|this|their|your) (?:statutory |legal |Prevent |minimum |required |expected )*"
    r"(?:duty|duties|obligations?|responsibilities|expectations?|requirements?|standard)"
    r"|(?:what|where|the (?:minimum|level|standard)(?: that)?)"
    r" (?:(?:the )?(?:duty|law|Act|guidance|statute|legislation) (?:requires?|asks?|demands?"
    r"|expects?|wants?)|is (?:required|expected|asked|demanded)|(?:I|we|one) would expect))"
)
"""What is asked of an authority."""
_ASKED_CLUES = (
    " duty_requires duty_asks duty_demands duty_expects law_requires law_asks law_demands"
    " act_requires act_asks act_demands guidance_requires guidance_asks guidance_expects"
    " is_required is_expected is_asked is_demanded would_expect"
)
_ASKED_NOUNS = (
    " ".join(
        f"{word}_{noun}"
        for word in ("its", "the", "this", "statutory", "legal", "minimum", "required", "expected")
        for noun in ("obligation", "obligations", "responsibilities", "expectation", "expectations")
    )
    + " required_standard expected_standard minimum_standard minimum_requirements"
)
_OF_ALL = Expressions(
    (
        _ASKED_NOUNS + _ASKED_CLUES,
        rf"(?P<met>(?:now |still |clearly |fully |just |also )*(?:meets?|satisf(?:y|ies)|fulfils?"
        rf"|discharges?|honours?|complies with|ha(?:s|ve) (?:met|satisfied|fulfilled|discharged"
        rf"|honoured)) {_ASKED})\b",
    ),
    (
        _ASKED_NOUNS + _ASKED_CLUES,
        rf"(?P<not>(?:{_BE}|falls?|comes?|stays?){_HOW}(?: some way| a long way| a little)?"
        rf" (?:below|short of|beneath|in breach of|failing to (?:meet|satisfy|fulfil|discharge"
        rf"|honour|comply with)|not (?:yet )?(?:meeting|satisfying|fulfilling|discharging"
        rf"|complying with)|(?:cannot|can ?not) be said to be (?:meeting|fulfilling|satisfying"
        rf"|discharging)) {_ASKED})\b",
    ),
    (
        _ASKED_NOUNS + _ASKED_CLUES,
        rf"(?P<exceeds>(?:(?:{_BE}|goe?s?|does){_HOW} (?:above|beyond|more than|further than"
        rf"|in excess of)|(?:comfortably |easily |clearly )?(?:surpass(?:es)?|exceeds?"
        rf"|outstrips?)) {_ASKED})\b",
    ),
    (
        "extra_mile missed_the misses_the",
        r"(?P<exceeds>(?:has|have) (?:really |again )?gone the extra mile)\b"
        r"|(?P<not>(?:has|have) missed the mark|misses the mark)\b",
    ),
    (
        "should_be doing_enough not_adequate not_sufficient being_met area_of",
        rf"(?P<blame>{_BE}{_HOW} (?:not (?:yet )?(?:where (?:it|they) should be|doing enough"
        r"|adequate|sufficient)|an area of (?:real |serious |some )?concern))\b"
        r"(?! (?:to|for|in|on)\b)",
    ),
    (
        "fails_to fail_to the_level the_standard being_met",
        r"(?P<not>fails? to do what the (?:duty|law|Act) (?:asks|requires)"
        r"|do(?:es)? not (?:yet )?reach the (?:level|standard)(?: that)? the duty (?:asks|requires)"
        rf"|{_BE} a long way from being met)\b",
    ),
    (
        "its_duty its_duties it_must",
        r"(?P<exceeds>goe?s? beyond its (?:duty|duties|obligations?)"
        r"|(?:already |now )*does more than (?:it must|is required|it has to))\b"
        r"(?! (?:in|on|for)\b)",
    ),
    ("the_duty", r"(?P<exceeds>goe?s? beyond the duty)\b(?! (?:of|for|to|set|that|which|at|in)\b)"),
    (
        "is_asked every_criterion the_criteria",
        r"(?P<met>does all that is asked|has met (?:every criterion|all (?:of )?the criteria))\b",
    ),
    (
        "is_excellent are_excellent first_class is_impressive doing_well very_well high_standard"
        " as_any the_best proud_of",
        rf"(?P<praise>{_BE}{_HOW} (?:excellent|first[- ]class|impressive|doing (?:very )?well"
        r"|of a (?:very )?high standard|as good as any|the best in the (?:region|country))"
        r"|can be (?:very |rightly )*proud of (?:this|it))\b(?! (?:at|in|on|but|to|as|for)\b|;)",
    ),
    (
        "goes_no but_no is_satisfactory are_satisfactory no_more but_does not_exceed requires_and"
        " asks_and",
        rf"(?P<barely>(?:meets? the|{_BE} enough to meet the|does (?:all )?what the)"
        r" (?:duty|benchmark|standard)(?: requires| asks)?,? (?:but|and) (?:goes no further|no more"
        rf"|does not exceed it|not to exceed it)|{_BE} satisfactory(?=\.)"
        rf"|{_BE} (?:just )?what the duty asks,? (?:and|but) no more)\b",
    ),
    (
        "the_standard expected_standard required_standard",
        r"(?P<met>(?:meets?|reach(?:es)?) the (?:expected |required )?standard)\b"
        r"(?! (?:of|for|set)\b)",
    ),
    ("about_compliant", rf"(?P<barely>{_BE} (?:only )?just(?: about)? compliant)\b"),
    ("not_compliant yet_compliant", rf"(?P<not>{_BE}{_HOW} not (?:yet |fully )*compliant)\b"),
    ("is_compliant now_compliant", rf"(?P<met>{_BE}(?: now| again)? compliant)\b(?! in\b)"),
    ("fully_compliant", rf"(?P<met>{_BE}{_HOW} compliant)\b"),
    (
        "duty_asks duty_requires",
        r"(?P<met>(?:does|do) (?:all |everything )?(?:what|that) the duty (?:asks"
        r"|requires))\b(?! in\b)",
    ),
    (
        "required_level required_standard expected_level expected_standard level_required"
        " standard_required level_expected standard_expected",
        rf"(?P<barely>{_BE}{_HOW} at the (?:(?:required|expected) (?:level|standard)"
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
_REACHED = "met|satisfied|fulfilled|discharged|honoured"
_NUMBER = "(?:an? )?(?P<number>[1-5]|one|two|three|four|five)"
_DIGITS = ("1", "2", "3", "4", "5", "one", "two", "three", "four", "five")
_ENDS = r"(?=[.,;]|$| (?:this|here|for|because|as|so|and|now|again|to|while|since|in|when)\b)"
_IN_ITSELF = Expressions(
    (
        " ".join(f"{word}_{digit}" for word in ("than", "than_a", "solid") for digit in _DIGITS)
        + " "
        + " ".join(f"{word}_{digit}" for word in ("a", "clear", "firm") for digit in _DIGITS[5:]),
        rf"\b(?P<score>(?:no|(?:not|n['’]t) (?:go|be|score|mark)(?: this)?(?: any)?) higher than"
        rf" {_NUMBER})\b{_ENDS}",
    ),
    (
        " ".join(f"{word}_{digit}" for word in ("solid", "clear", "firm") for digit in _DIGITS),
        r"(?:^|(?<=[.;] ))(?P<score>An? (?:very )?(?:solid|clear|firm)"
        r" (?P<number>[1-5]|one|two|three|four|five))(?=[,.]| then\b)",
    ),
    (
        " ".join(f"{word}_{digit}" for word in ("to", "a", "at") for digit in _DIGITS),
        r"\b(?P<score>(?:score|mark) (?:has |had )?(?:dropped|fallen|fell|risen|rose|gone (?:up"
        r"|down)|moved|slipped|climbed)(?: by)?(?: (?:one|two|three|a) (?:points?|levels?|places?)"
        rf"|) to {_NUMBER})\b{_ENDS}",
    ),
    (
        " ".join(f"{word}_{digit}" for word in ("to", "a", "at") for digit in _DIGITS),
        r"\b(?P<score>(?:brought|bring|raised?|lift(?:ed)?|lower(?:ed)?|reduced?|increased?|put"
        r"|moved?|dropped) (?:the|this|its) (?:score|mark)(?: up| down| back)* (?:to|at)"
        rf" {_NUMBER})\b{_ENDS}",
    ),
    (
        " ".join(f"{word}_{digit}" for word in ("at", "a") for digit in _DIGITS),
        r"\b(?P<score>(?:held|kept|left|maintained) (?:the|this) (?:benchmark|section|score|mark)"
        rf" at {_NUMBER})\b{_ENDS}",
    ),
    (
        " ".join(f"to_{digit}" for digit in _DIGITS),
        r"\b(?P<score>(?:(?:[Cc]ounty|[Cc]ouncil|authority|borough|city|[Ii]t|[Tt]his|benchmark)"
        r" has (?:slipped|fallen|dropped|climbed|risen|moved|gone (?:up|down))|step (?:up|down)"
        rf"|move (?:up|down)) from (?:an? )?(?:[1-5]|{'|'.join(_DIGITS[5:])}) to {_NUMBER})\b"
        r"(?!-| (?:or|per|of|a|people|sessions|officers|staff|days|members|meetings)\b)",
    ),
    (
        " ".join(f"s_{digit}" for digit in _DIGITS),
        r"\b(?P<score>(?:move|change|depart|differ) from last year['’]s"
        r" (?P<number>[1-5]|one|two|three|four|five))(?=[.,;]|$)",
    ),
    (
        "the_only",
        r"\b(?P<score>[Aa]n? (?P<number>[1-5]|one|two|three|four|five) is the only (?:score|mark)"
        r"|(?:score|mark) of (?:an? )?[1-5] is the only one)\b",
    ),
    (
        "low_mark low_score low_rating poor_mark poor_score disappointing_score"
        " disappointing_mark weak_score",
        r"(?<!a )\b(?P<low>[Tt]h(?:e|is) (?:rather )?(?:low|poor|weak|disappointing) (?:mark|score"
        r"|rating))\b(?! of| for (?!this))",
    ),
    (
        "strong_score high_score excellent_score good_score high_mark strong_mark",
        r"\b(?P<praise>(?:already|[Tt]h(?:e|is)|such) (?:an? )?(?:strong|high|excellent|good"
        r"|pleasing) (?:score|mark|rating))\b(?! of| for (?!this))",
    ),
    (
        "highest_scoring lowest_scoring",
        r"\b(?P<exceeds>(?:among|one of|is) (?:the |your )?(?:[\w]+['’]s )?highest[- ]scoring)\b"
        r"|\b(?P<low>(?:among|one of|is) (?:the |your )?(?:[\w]+['’]s )?lowest[- ]scoring)\b",
    ),
    (
        "top_rating highest_rating maximum_score maximum_mark top_grade top_band higher_score",
        r"\b(?P<top>(?:earns?|deserves?|merits?|attained|attains?|reached|reaches|given|award(?:ed)?"
        r"|achieve[sd]?) (?:it |this )?the (?:top|highest|maximum) (?:rating|score|mark|grade|band)"
        r"|no higher (?:score|mark) (?:that )?I could)\b(?! (?:if|when|once|next)\b)",
    ),
    (
        "highest_rating top_rating highest_mark highest_score top_score very_top the_top",
        r"\b(?P<raise>(?:one|a) (?:notch|step|point|level|mark) (?:away from|below|short of|off)"
        r" the (?:top|highest|maximum)|taken this (?:up )?to the (?:very )?top)\b",
    ),
    (
        "bottom_bracket bottom_band bottom_rung lowest_band lowest_rating lowest_score lowest_mark"
        " bottom_mark bottom_score",
        r"\b(?P<lowest>(?:left|put|placed|given?|award(?:ed)?|carries|in|on) (?:[\w]+ ){0,3}?the"
        r" (?:bottom (?:bracket|band|rung|mark|score)|lowest (?:band|rating|score|mark)(?: there is"
        r"| available| possible)))\b",
    ),
    (
        " ".join(
            f"{verb}_{reached}"
            for verb in ("being", "be", "been", "having")
            for reached in _REACHED.split("|")
        ),
        rf"\b(?:obligation|expectation|requirement|responsibilit|dut)(?:s|y|ies)?"
        rf" (?:(?P<not>(?:is|are) not (?:yet )?being (?:{_REACHED})|ha(?:s|ve) (?:yet to be"
        rf"|not (?:yet )?been) (?:{_REACHED}))|(?P<met>ha(?:s|ve) been (?:{_REACHED})))\b"
        rf"(?! (?:by|in|for|with|to)\b)",
    ),
    (
        " ".join(f"having_{reached}" for reached in _REACHED.split("|")) + " about_compliant",
        rf"\b(?:marked|scored|rated|judged) (?:the \w+|it|this) as (?:(?P<met>having (?:{_REACHED})"
        r" its)|(?P<barely>(?:only )?just (?:about )?compliant))\b",
    ),
    (
        _ASKED_NOUNS + _ASKED_CLUES,
        rf"\b(?P<met>(?:sufficient|enough)(?:, [\w ]{{3,20}},)? to (?:satisfy|meet|fulfil)"
        rf" {_ASKED})\b",
    ),
    (
        "line_with",
        r"\b(?P<met>brings? (?:\w+ ){1,4}into line with the (?:duty|law|Act|guidance))\b",
    ),
    (
        "in_this",
        r"\b(?P<least>(?:lowest|poorest|weakest) (?:mark|score) in this (?:letter|assessment))\b"
        r"|\b(?P<most>(?:highest|best) (?:mark|score) in this (?:letter|assessment))\b",
    ),
    (
        "in_part quite_met to_meet to_reach to_bring be_met is_met to_met",
        r"\b(?P<not>(?:needed|required) to meet the (?:duty|benchmark)(?=\.)"
        r"|(?:^|(?<=[.;] )|(?<=^- ))To (?:meet|reach) the standard(?=,)"
        r"|(?:^|(?<=[.;] )|(?<=^- ))To bring the \w+ up to the (?:standard|benchmark|duty)(?=,)"
        r"|[Tt]he (?:duty|benchmark) is (?:met only in part|not quite met)"
        r"|not enough (?:here )?to meet the (?:duty|benchmark)"
        r"|needed before the (?:duty|benchmark) (?:is|can be) met"
        r"|hard to say that the (?:duty|benchmark) is met|[Tt]hat is why (?:this|it) is not met"
        r"|[Ii]t would take [^.;,]{3,40} to meet the duty"
        r"|(?:[Ss]o that|[Ii]n order that) the (?:duty|benchmark) (?:is|may be|can be) met"
        r"|[Ii]n order to meet the (?:duty|benchmark)"
        r"|[Tt]o meet the (?:duty|benchmark),? (?:the|this) \w+ (?:needs?|must|should)"
        r"|[Ww]ith (?:this|these)[^.;,]{0,20},? the (?:duty|benchmark) would be met"
        r"|[Oo]nce (?:this|that|it) is done,? the (?:duty|benchmark) will be met"
        r"|(?:next|first) step is to meet the (?:duty|benchmark)|up to met)\b",
    ),
    ("more_than", r"\b(?P<exceeds>[Tt]he (?:duty|benchmark|standard) is more than met)\b"),
    (
        "to_exceeded beyond_the and_no not_exceeded",
        r"\b(?P<barely>(?:duty|benchmark|standard) is met,? but not exceeded|which is just what the"
        r" duty asks and no more|from met to exceeded|would (?:take|move|lift) (?:the \w+|it|this)"
        r" beyond the (?:duty|standard)|(?:judge|consider|find) the (?:duty|benchmark) to be met"
        r" and no more)\b",
    ),
    (
        " ".join(f"{word}_{digit}" for word in ("than", "at", "from", "a") for digit in _DIGITS),
        r"\b(?P<score>(?:could|can)(?: ?not|['’]t) (?:give|award)(?: it| this)? more than"
        rf" {_NUMBER})\b{_ENDS}",
    ),
    (
        " ".join(f"{word}_{digit}" for word in ("at", "from", "a") for digit in _DIGITS),
        rf"(?:^|(?<=[.;] )|(?<=^- ))(?P<score>To (?:keep (?:the score|it|this) at|go from)"
        rf" {_NUMBER})\b(?= to\b|,)",
    ),
    (
        "be_higher is_low is_lower",
        r"\b(?P<raise>score (?:would|could) be higher|score can(?:not|['’]t) be higher)\b"
        r"|\b(?P<blame>score is (?:so )?low(?:er)?)\b(?! than)",
    ),
    ("score_reflects", r"\b(?P<blame>score reflects the (?:lack|absence|weakness) of)\b"),
    (
        "been_done not_begun",
        r"(?:^|(?<=[.;] ))(?P<blame>Little has been done|The work has not begun)(?=\.)",
    ),
    (
        "to_ask more_is improvement_is for_more wish_for in_place no_concerns",
        r"(?:^|(?<=[.;] ))(?P<praise>There is nothing more to ask(?: for)?|Nothing more is needed"
        r"|No improvement is needed|I could not ask for more|It is all that one could wish for"
        r"|All that the duty asks is in place|Everything is in place|I have no concerns)"
        r"(?=\.| here\.)",
    ),
    (
        "learn_from best_practice highest_order best_work",
        r"(?:^|(?<=[.;] ))(?P<praise>This is among the best work in the (?:country|region)"
        r"|Other (?:councils|authorities|areas) could learn from (?:this|it)(?=\.)"
        r"|(?:This|It) is (?:work of the highest order|an example of best practice)(?=\.))",
    ),
    ("pass_mark", r"\b(?P<not>(?:below|under|short of|beneath) the pass mark)\b"),
    (
        "middle_of mid_range middle_range",
        r"\b(?P<barely>(?:score|mark|rating|position) in the middle of the (?:range|scale|table)"
        r"|middle[- ]of[- ]the[- ]road (?:score|mark|position))\b",
    ),
    (
        "the_minimum bare_minimum basic_standard",
        r"\b(?P<barely>(?:satisf(?:y|ies)|meets?|does|is|reaches) (?:just |only )?the (?:bare )?"
        r"(?:minimum|basic standard)(?= (?:that )?(?:the )?(?:Act|duty|law|guidance|standard)"
        r"| and no more|, (?:no|and|but)|\.))",
    ),
    (
        "is_compliant being_compliant",
        r"\b(?P<met>(?:content|satisfied|confident|pleased to say|clear) that (?:the |your )?"
        r"(?:county|council|authority|borough|city|district|area) is (?:now )?compliant)\b",
    ),
    (
        "to_compliance for_compliance the_threshold say_it be_compliant",
        r"\b(?P<not>(?:bring|lift|take|get|raise) (?:the \w+|it|this|[A-Z]\w+)[^.;,]{0,60}? up to"
        r" the (?:threshold|required standard|expected standard|pass mark)"
        r"|in a position to say (?:that )?it is compliant)\b",
    ),
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
    (
        "to_bring would_bring",
        r"\b(?P<not>(?:[Tt]o|would) bring (?:this|it|the (?:council|county|city|borough|authority"
        r"|district)) up to (?:the )?(?:required |expected )?(?:standard|benchmark|duty))\b",
    ),
    ("of_the_scale", r"\b(?P<top>at the (?:very )?top of the scale)\b"),
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
_OPENINGS = frozenset(word_list("claims.openings"))
"""Words after which a clause has a subject of its own."""
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
        names = f"{context.names[block.section]} {context.line('area')}"
        if has_subject and not _is_all_of_it(before, names):
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


def _is_all_of_it(before: str, names: str) -> bool:
    """Return True if the words before a verb are a subject that stands for the whole section.

    ``names`` are those of the benchmark and of the area.
    """
    words = before.lower().replace("-", " ").split()
    openings = [number for number, word in enumerate(words, 1) if word in _OPENINGS]
    words = words[max(openings, default=0) :]
    if len(words) > _LONGEST_SUBJECT and words[-2] in ("the", "this"):
        words = words[-2:] if words[-3] not in _JOINING else words
    known = _SUBJECTS | {*names.lower().replace("-", " ").split()}
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
        "low": score < met or score == scale.min,
        "least": score == min(context.scores.values()),
        "most": score == max(context.scores.values()),
        "lowest": score == scale.min,
    }
    return all(is_so for kind, is_so in agrees.items() if said.get(kind))
