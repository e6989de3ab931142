"""Rules on typing mistakes: signs, spaces, and words confused with others (PL324, PL325)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from prevent_letter.core.display import quote
from prevent_letter.rules import grammar
from prevent_letter.rules.context import Problems, RuleBlock, RuleContext, rule, table, word_list
from prevent_letter.rules.dates import MONTH
from prevent_letter.rules.expressions import Expression, Expressions

_PAIRS = word_list("typing.never_together")
_WORDS_TOGETHER = Expressions(
    (" ".join(_PAIRS), rf"\b(?i:{'|'.join(_PAIRS).replace('_', ' ')})\b(?! ?[-/])"),
    ("st nd rd ST ND RD St Nd Rd", r"\b[0-9]{1,2} (?:st|nd|rd|th)\b"),
    (
        "prevent",
        r"(?<!to )(?<!can )(?<!could )\bprevent [Dd]uty\b(?! (?:managers?|officers?))"
        r"|(?<=[Tt]he )prevent (?:team|leads?|training|board|officers?|co-?ordinators?|strategy"
        r"|programme|referrals?)\b"
        r"|(?<=[Aa]ll )prevent (?:training|referrals?)\b",
    ),
    ("PREVENT", r"\bPREVENT\b(?! [A-Z]{2})"),
    (
        "channel_panel channel_process channel_case channel_cases "
        "channel_referral channel_referrals"
        " channel_chair to_channel for_channel",
        r"channel\b(?:(?<=\bchannel) (?:panels?|process|cases?|referrals?|chair)\b"
        r"|(?<=suitable for channel)|(?<=referred to channel)|(?<=referrals to channel)"
        r"|(?<=adopted by channel))",
    ),
    ("CTPL CLTP CLPT CPTL CPT", r"\b(?:CTPL|CLTP|CLPT|CPTL|CPT)\b"),
    ("prevention_duty", r"\b[Pp]revention [Dd]uty\b"),
    (
        "prevention_officers prevention_officer prevention_team prevention_lead prevention_board"
        " prevention_plan prevention_strategy prevention_training prevention_partnership",
        r"\bPrevention (?:officers?|team|lead|board|plan|strategy|training|partnership)\b",
    ),
    ("CONTEXT", r"\bCONTEXT\b(?= (?:board|strategy|group|lead))"),
    ("insurance_statement", r"\bQuality Insurance Statement\b"),
    ("Channell channell", r"\b[Cc]hannell\b"),
    ("channels_panel channels_process channels_case", r"\bChannels (?:[Pp]anel|process|cases?)\b"),
    ("prevent", r"(?<!to )(?<!and )(?<!or )(?<![/.@-])\bprevent(?=[.,;:)](?![a-z/]))"),
    (
        "terrorism_policy terrorism_police",
        r"\b[Cc]ounter[- ][Tt]errorism (?:Policy|Police)\b(?! (?:and|of|officers?))",
    ),
    (
        "through_channel into_channel at_channel by_channel within_channel of_channel "
        "outside_channel",
        r"\b(?:through|into|at|by|within|of|outside) channel(?=[.,;)]| (?:are|is|were|was|and|or|in"
        r"|has|have|by|as|should)\b)",
    ),
    ("prevent", r"\b(?:[Pp]ut|of|about|on|for|with|in) prevent\b(?! (?:terror|people|harm))"),
    (
        "local_plan local_policy local_programme local_project",
        r"\b[Cc]ounter[- ][Tt]errorism [Ll]ocal (?:[Pp]lan|[Pp]olicy|[Pp]rogramme|[Pp]roject)\b",
    ),
    (
        "vulnerability_assessment vulnerable_assessment prevention_assessment",
        r"\b(?:Vulnerab\w+|Prevention) Assessment Framework\b",
    ),
    (
        "terrorist_local terrorist_policing",
        r"\b[Cc]ounter[- ][Tt]errorist (?:[Ll]ocal [Pp]rofile|[Pp]olicing)\b",
    ),
    ("home_office", r"\bHome office\b|(?<=[Tt]he )home [Oo]ffice\b"),
)
_SIGNS = Expressions(
    (
        "",
        r"(?<!\w)\w{1,30} [,;:.](?=\s|$|[A-Z])|(?<![.\w])\w{1,30}\.\.(?!\.)|[,;]\.(?!\.)|,,|;;"
        r"|\. \.(?!\.)|(?<=\w)[!?]\.(?!\.)"
        r"|(?<!\b\w\.\w)(?<!\betc)(?<!\bCo)(?<!\bLtd)(?<!\bInc)(?<!\b[A-Z]h\.[A-Z])\.,"
        r"|(?<![\w./@-])[a-z]{2,30}\.(?:the|it|this|we|they|in|on|as|and)(?= )"
        r"|(?<![\w/@-])[a-z]{3,30}[,;][A-Za-z]{2,30}\b"
        r"|(?<![\w/@-])(?!mailto|https?)[a-z]{3,30}:[a-z]{2,30}\b(?!/)"
        r"|\( \w+|(?<!\w)\w{1,30} \)"
        r"|(?<![\w./@-])[a-z]{2,30}\.[A-Z][a-z]{1,30}(?![\w/@]|\.[a-z])"
        rf"|\b[0-9]{{1,2}}(?:st|nd|rd|th)?(?:{MONTH})\b|\b(?:{MONTH})(?:19|20)?[0-9]{{2}}\b",
    ),
    hint=r"^[,;:.](?:$|[A-Z])|[,;.!?][.,;]|[a-z][,;.:][A-Za-z]|\($|^\)"
    r"|[0-9](?:st|nd|rd|th)?[A-Z]|[a-z][0-9]{2}",
)
_LONGEST_ADDRESS = 300
"""Characters of a web address before a sign, by which the sign belongs to it."""
_URL = Expression(r"(?:https?:|www\.|mailto:)\S*$")
_SIGN_NAMES = {",": "comma", ";": "semicolon", ":": "colon", ".": "full stop"}


@rule("PL324", "warning")
def signs(context: RuleContext) -> Problems:
    """A sign is doubled or follows a space, a space is missing, or a bracket isn't closed."""
    yield from _outside_names(context, _signs(context))


def _signs(context: RuleContext) -> Problems:
    """Yield the problems of `signs`, in names of the region too."""
    for block, match in _WORDS_TOGETHER.find(context):
        before = block.text[max(0, match.start() - 2) : match.start()]
        begins_sentence = not before or before in (". ", "! ", "? ")
        if re.search(r"\bA\b", match[0]) and not begins_sentence:
            continue  # Annex A the, an A to Z
        words, help = quote(match[0]), "delete one of the two, or correct them"
        message = f"these two words do not go together: {words}"
        if re.search(r"\bprevent\b", match[0]):
            message, help = f"Prevent has a capital: {words}", "write it with a capital"
        elif name := _usual_name(match[0]):
            message, help = f"this is usually written otherwise: {words}", f"write {name}"
        elif match[0][0].isdigit():
            message, help = f"there is a space in {words}", "delete the space"
        yield block.problem(match, message, help)
    for block, match in _SIGNS.find(context):
        is_address = "://" in match[0] or "@" in match[0]
        before = block.text[max(0, match.start() - _LONGEST_ADDRESS) : match.start()]
        if not is_address and not re.search(_URL, before):
            message, help = _wrong_sign(match[0].strip())
            yield block.problem(match, f"{message}: {quote(match[0].strip())}", help)
    for block in context.blocks:
        has_bracket = "(" in block.text or ")" in block.text or "[" in block.text
        is_even = block.passage.count("(") == block.passage.count(")")
        if has_bracket and ("[" in block.text or not is_even):
            yield from _brackets(block)


def _usual_name(words: str) -> str:
    """Return how Prevent's own names are written, for words that have another form of one."""
    others = {"CONTEXT": "CONTEST", "Quality Insurance Statement": "Quality Assurance Statement"}
    if words in others:
        return others[words]
    if words.lower() == "channell":
        return "Channel"
    if words.startswith("Channels "):
        return words.replace("Channels", "Channel")
    if re.match("Prevention [a-z]", words) and not words.endswith("duty"):
        return words.replace("Prevention", "Prevent")
    if words == "PREVENT":
        return "Prevent"
    if "channel" in words:
        return words.replace("channel", "Channel", 1)
    if words == "CPT":
        return "CTP, for Counter Terrorism Policing"
    if words.startswith(("Prevention d", "Prevention D", "prevention d", "prevention D")):
        return "Prevent duty"
    if words.lower() == "home office":
        return "Home Office"
    if re.fullmatch("C[A-Z]{3}", words):
        return "CTLP, for Counter Terrorism Local Profile"
    if words.endswith("Framework"):
        return "Prevent Assessment Framework"
    if re.search("olic(?:ing|y|e)$", words) and "ocal" not in words:
        return "Counter Terrorism Policing"
    return "Counter Terrorism Local Profile" if "ocal" in words else ""


def _wrong_sign(words: str) -> tuple[str, str]:
    """Return the message and the help for words in which a sign is wrong."""
    if words.startswith("( "):
        return "there is a space after the bracket", "delete the space"
    if words.endswith(" )"):
        return "there is a space before the bracket", "delete the space"
    if re.fullmatch(r"\w+ [,;:.]", words):
        return f"there is a space before the {_SIGN_NAMES[words[-1]]}", "delete the space"
    if both := re.search(r"([,;.!?]) ?([,;.])$", words):
        names = {**_SIGN_NAMES, "!": "exclamation mark", "?": "question mark"}
        first, second = names[both[1]], names[both[2]]
        if first == second:
            return f"there are two {first}s", "delete one of the two"
        return f"there is a {second} after the {first}", "delete one of the two"
    if sign := re.search(r"\w([,;:.])\w", words):
        return f"there is no space after the {_SIGN_NAMES[sign[1]]}", "add the space"
    return "there is no space between the month and the number", "add the space"


def _brackets(block: RuleBlock) -> Problems:
    """Yield problems at brackets without a partner, except the ) of a list mark such as a)."""
    open_offsets: list[int] = []
    for match in re.finditer(r"[()]", block.text):
        before = block.text[max(0, match.start() - 5) : match.start()]
        if match[0] == "(":
            open_offsets.append(match.start())
        elif open_offsets:
            open_offsets.pop()
        elif not re.search(r"(?:^|[ (])(?:[0-9]{1,2}|[A-Za-z]|[ivx]{1,4})$|[:;][-o]?$", before):
            word = block.text[block.text.rfind(" ", 0, match.end()) + 1 : match.end()]
            message, help = "this bracket has no opening one", "open it with (, or delete it"
            yield block.problem_at(match.end() - len(word), word, message, help)
    unclosed = [(offset, ")") for offset in open_offsets[:1]]
    if block.text.count("[") > block.text.count("]"):
        unclosed.append((block.text.rindex("["), "]"))
    for offset, end in unclosed:
        words = re.findall(r"[(\[]\S*(?: \S+)?", block.text[offset:])[0]
        help = f"close it with {end}, or delete it"
        yield block.problem_at(offset, words, "this bracket is not closed", help)


@rule("PL325", "warning", english=True)
def misspelt(context: RuleContext) -> Problems:
    """A word is misspelt, has a wrong form, is taken for another, or is spelt as in America."""
    yield from _outside_names(context, _misspelt(context))


def _outside_names(context: RuleContext, problems: Problems) -> Problems:
    """Yield the problems with words that are not in one of the region's own names."""
    names = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in context.own_names]
    for problem in problems:
        text = problem.block.text if problem.block and names else ""
        spans = (match.span() for name in names for match in name.finditer(text))
        end = problem.offset + len(problem.words)
        if not any(first < end and problem.offset < last for first, last in spans):
            yield problem


def _misspelt(context: RuleContext) -> Problems:
    """Yield the problems of `misspelt`, in names of the region too."""
    misspellings = _misspellings()
    for wrong in sorted(misspellings.keys() & context.clues.lower_words):
        pattern = re.compile(rf"\b(?i:{wrong})\b")
        for block in map(context.blocks.__getitem__, sorted(context.blocks_with(wrong))):
            for match in pattern.finditer(block.text):
                right = misspellings[wrong]
                is_name = match[0][0].isupper() and right[0] in "zo"  # World Health Organization
                if not is_name or block.text.startswith(match[0]):
                    message = f"{quote(match[0])}: did you mean {right}?"
                    yield block.problem(match, message, _OR_ACCEPT)
    for block, offset, words, right in grammar.wrong_forms(context):
        message = f"{quote(words)}: did you mean {right}?"
        yield block.problem_at(offset, words, message, _OR_ACCEPT)
    for block, match in grammar.AGREEMENT.find(context):
        message = f"{quote(match[0])}: one of these words has a wrong form"
        yield block.problem(match, message, _OR_ACCEPT)
    for block, match, right in _phrases_in(context):
        yield block.problem(match, f"{quote(match[0])}: did you mean {right}?", _OR_ACCEPT)
    for block, match in _CONFUSED.find(context):
        right = (match.lastgroup or "").rstrip("2").replace("_", " ")
        if right == "apostrophe":
            right = "a word with an apostrophe"
        message = f"{quote(match[0])}: one word here is confused with another"
        yield block.problem(match, message, f"did you mean {right}?")


def _phrases_in(context: RuleContext) -> Iterator[tuple[RuleBlock, re.Match[str], str]]:
    """Yield the phrases of confused.txt in the blocks, with what is meant."""
    for last in sorted(context.pairs & _ends_of_phrases()):
        for words, wrong, right in _phrases()[last]:
            if context.pairs.issuperset(pairwise(words)):
                written = {wrong.lower(), wrong.lower().replace("'", "’")}
                rest = re.escape(wrong[1:]).replace("'", "['’]")
                expression = rf"(?<![\w'’-])(?i:{wrong[0]}){rest}(?![\w’'-])"
                for number in sorted(frozenset[int]().union(*map(context.blocks_with, written))):
                    block = context.blocks[number]
                    for match in re.finditer(expression, block.text):
                        yield block, match, right


class _Phrase(NamedTuple):
    """A row of confused.txt, and the words of the wrong phrase in small letters, as `Clues` has."""

    words: list[str]
    wrong: str
    right: str


@cache
def _phrases() -> Mapping[tuple[str, str], list[_Phrase]]:
    """Return the rows of confused.txt by the last two words of the wrong phrase."""
    phrases = defaultdict[tuple[str, str], list[_Phrase]](list)
    for wrong, right in table("confused.txt"):
        words = wrong.lower().replace("'", " ").replace("-", " ").split()
        phrases[words[-2], words[-1]].append(_Phrase(words, wrong, right))
    return phrases


@cache
def _ends_of_phrases() -> frozenset[tuple[str, str]]:
    """Return the keys of `_phrases` as a set, with which pairs are compared fast."""
    return frozenset(_phrases())


_OR_ACCEPT = "correct it, or accept it if it is right"


@cache
def _misspellings() -> Mapping[str, str]:
    """Return the right spelling of each misspelling, in small letters."""
    return dict(table("misspelt.txt"))


_NOUNS = word_list("typing.nouns")
_NOUN = f"(?:{'|'.join(_NOUNS)})"
_PARTNERS = (
    r"(?:council|health|education|probation|police|boards?|partners?|districts?|schools?"
    r"|authority|authorities|community"
    r"|communities)"
)
_FROM_SOMEBODY = (
    r"(?:[Rr]epresentation|information|feedback|letters?|[Rr]eferrals?|data|help|evidence|staff"
    r"|officers?"
    r"|representatives|support|advice|heard|hears?|came|comes?|received|obtained|moved|drawn|taken"
    r"|apart|away|benefit(?:s|ed)?|learn(?:s|ed|t)?)"
)
_AFTER_FORM = (
    "the all its their each local other health education probation council police"
    " board boards partner partners district"
    " districts school schools authority authorities community communities"
)
_BEFORE_FORM = word_list("typing.before_form")
_TOO = word_list("typing.too")
_COMPARATIVES = "|".join(word_list("typing.comparatives"))
_NOT_AFTER_ALL = "".join(
    f"(?<!{all} {subject} )"
    for all in ("all", "what", "as")
    for subject in ("it", "they", "you", "we")
)
"""The team does all it should to be fair."""
_CONFUSED = Expressions(
    (
        " ".join(f"there_{noun}" for noun in _NOUNS),
        rf"\b(?P<their>[Tt]here {_NOUN})\b"
        r"(?! (?:each|the|a|their|its|for|to|what|how|is|are|was)\b)",
    ),
    (
        "their_is their_are their_was their_were their_has their_have",
        r"\b(?P<there>[Tt]heir (?:is|are|was|were|has been|have been))\b",
    ),
    (
        "should_to must_to",
        rf"{_NOT_AFTER_ALL}\b(?P<a_verb_without_to>(?:should|must) to"
        r" (?!some\b|an?\b|the\b|my\b|this\b)[a-z]+)\b",
    ),
    (
        "then_in then_for then_at then_with then_those then_any",
        rf"\b(?P<than2>(?:{_COMPARATIVES}|more|less) [^.;,]{{2,50}}?(?<!and)(?<!but) then"
        r" (?:in|for|at|with|those|any) (?:any|other|the|those|most|last)?)\b",
    ),
    (
        "then_the then_in then_any then_a then_it then_last then_expected then_other then_most",
        rf"\b(?P<than3>(?:{_COMPARATIVES}) then)"
        r"(?= (?:the|in|any|an?|it|last|expected|other|most)\b)",
    ),
    (
        "january february april june july september october november december monday tuesday"
        " wednesday thursday friday saturday sunday",
        r"\b(?P<a_capital>january|february|april|june|july|september|october|november|december"
        r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b",
    ),
    ("i", r"(?<=[a-z,] )(?P<I>i)(?= [a-z])"),
    (
        "do_nt does_nt did_nt is_nt was_nt has_nt have_nt would_nt could_nt should_nt are_nt",
        r"\b(?P<the_apostrophe_after_n>(?:do|does|did|is|was|has|have|would|could|should|are)['’]nt)\b",
    ),
    (
        "is_to are_to was_to were_to been_to be_to becomes_to",
        rf"\b(?P<too>(?:is|are|was|were|been|be|becomes) to (?:{'|'.join(_TOO)}))"
        r"(?= (?:for|to|a|an|in|on|of)\b|[.,;])",
    ),
    (
        "recommend_to suggest_to",
        r"\b(?P<a_verb_that_ends_in_ing>I (?:would |also )?(?:recommend|suggest) to"
        r" (?!you\b|the\b|your\b|them\b|it\b|members\b|all\b|both\b|each\b|its\b)[a-z]+)\b",
    ),
    (
        "is_use are_use was_use were_use be_use been_use",
        r"\b(?P<used>(?:is|are|was|were|be|been) use)(?= (?:to|for|by|in|as|well|widely|regularly"
        r"|appropriately|only|when|at)\b)",
    ),
    ("it_s", rf"\b(?P<its>[Ii]t['’]s {_NOUN})\b(?! (?:that|which|who))"),
    (
        "it_s",
        r"\b(?P<its>(?:in|of|by|with|for|from|on|at|under|into|brings|shares|reviews|holds"
        r"|uses|keeps|publishes|updates|writes|leads|delivers|improves|monitors|evaluates) it['’]s"
        r" (?=[a-z]))",
    ),
    ("its_a its_an its_the its_been", r"\b(?P<it_is>[Ii]ts (?:a|an|the|been) (?=\w))"),
    (
        " ".join(f"form_{word}" for word in _AFTER_FORM.split()),
        rf"\b(?P<from>{_FROM_SOMEBODY} form"
        rf" (?=(?:the |all |its |their |each |local |other )*{_PARTNERS}\b)|form each other\b)",
    ),
    (
        "more_then less_then better_then rather_then other_then fewer_then greater_then"
        " higher_then",
        r"\b(?P<than>(?:[Mm]ore|less|better|rather|other|fewer|greater|higher) then)\b"
        r"(?! (?:that|in))",
    ),
    (
        "affect",
        r"\b(?P<effect>(?:good|great|positive|negative|little|no|its|their|this|any|overall|full"
        r"|real|lasting|gives?|into|in|takes?) affect)\b(?! (?:the|their|its|how|all)\b)",
    ),
    (
        " ".join(f"{word}_from" for word in _BEFORE_FORM),
        rf"\b(?P<form>(?:{'|'.join(_BEFORE_FORM)}) from)"
        r"(?=[.,;)]| (?:by|is|was|has|and is)\b)",
    ),
    (
        "to_early to_late to_few to_many to_often",
        r"\b(?P<too>to (?:early|late|few|many|often))\b(?= (?:to|for)\b|[.,])",
    ),
    (
        "who_s",
        r"\b(?P<whose>[Ww]ho['’]s (?:role|duty|work|task|job|responsibility"
        r"|officers|members|interest|help|support|name|staff|team|view|knowledge|experience"
        r"|commitment|time|advice"
        r"|contribution|remit|budget))\b",
    ),
    ("could_of would_of should_of must_of", r"\b(?P<have>(?:could|would|should|must) of)\b"),
    ("loose", r"\b(?P<lose>(?:[Tt]hey|to|may|will|not) loose)\b"),
    ("your_to", r"\b(?P<you_are>[Yy]our to be)\b"),
    ("staff_our", r"\b(?P<are>[Ss]taff our)\b"),
    (
        "bought_up bought_in bought_together",
        r"\b(?P<brought>bought (?:up to|together"
        r"|into line))\b",
    ),
    ("the_broad", r"\b(?P<board>the broad)(?= (?:and|is|has|meets|should|in|of)\b|[.,;])"),
    ("Chanel chanel", r"\b(?P<Channel>[Cc]hanel)\b"),
    (
        "an_affect the_affect an_effect will_effect",
        r"\b(?P<effect>an affect)\b|\b(?P<affect>(?:will|may|would|could|can) effect (?=the"
        r"|its|their|how))",
    ),
    (
        "come_form comes_form drawn_form taken_form received_form hear_form came_form learn_form",
        r"\b(?P<from>(?:comes?|came|drawn|taken|received|hear|learn(?:t|ed)?) form (?=[a-z]))",
    ),
    (
        "form",
        r"(?P<from>form(?<!\wform)(?<!the form)(?<!a form)(?<!this form)(?<!referral form)"
        r"(?<!consent form)(?<!and form)(?<!to form) (?=[A-Z][a-z]|the Prevent))",
    ),
    (
        "where",
        r"(?P<were>where(?<=[a-z]{3}s where)(?<!areas where)(?<!cases where)(?<!places where)"
        r"(?<!instances where)(?<!circumstances where)"
        r" [a-z]{3,20}ed (?:to|by|in|at|with|on|for)\b)",
    ),
    (
        "where_well where_not where_all where_also where_held where_given where_made where_able"
        " where_asked where_told where_very where_invited where_shown where_reviewed"
        " where_discussed where_attended",
        r"\b(?P<were>(?:meetings"
        r"|sessions|events|officers|partners|schools|actions|they|we|these"
        r"|those"
        r"|members|minutes|referrals|staff) where (?:well|not|all|also|held|given|made|able"
        r"|asked|told"
        r"|very|invited|shown|reviewed|discussed|attended))\b",
    ),
    (
        "case_were cases_were area_were areas_were place_were places_were instances_were",
        r"\b(?P<where>(?:case|area|place) were (?:it|they|there|the)|"
        r"(?:cases|areas|places|instances) were (?:it|they|there))\b",
    ),
    (
        "compete",
        r"\b(?P<complete>compete (?:the|their|its|all|this) (?:national |online )?"
        r"(?:training|e-learning|actions?|course|form|audit|review|plan))\b",
    ),
    (
        "are_use is_use were_use was_use been_use be_use",
        r"\b(?P<used>(?:are|is|were|was|been|be) use (?:with|by|to|in|for|well|as))\b",
    ),
    (
        "principle",
        r"\b(?P<principal>(?:the|The|its|their|your|a|is) principle (?:difficulty|weakness"
        r"|reason|aim"
        r"|partners?|risk|concern|strength|objective|officer|recommendation|purpose|source|cause"
        r"|lead"
        r"|finding|challenge|gap|themes?|author)|principle (?:in response|because|by|through))\b",
    ),
    (
        "contract_details",
        r"\b(?P<contact>(?:correct|accurate|right|current|full) contract details)\b",
    ),
    (
        "its_on its_in its_not its_been its_also its_now its_clear",
        r"(?:^|(?<=[.!?] ))(?P<it_is>Its (?:on|in|not|been|also|now|clear)\b)",
    ),
    (
        "was_present were_present been_present is_present",
        r"\b(?P<presented>(?:was|were|been|is) present to the)\b",
    ),
    (
        "have_rose has_rose have_fell has_fell have_went has_went have_took has_took have_began"
        " has_began have_wrote has_wrote have_gave has_gave have_saw has_saw have_did has_did"
        " have_spoke has_spoke have_grew has_grew have_came_to has_came",
        r"\b(?P<another_form>ha(?:s|ve) (?:rose|fell|went|took|began|wrote|gave|saw|did|spoke"
        r"|grew|came)"
        r")\b",
    ),
    (
        "be_widen be_extend be_include be_review be_share be_train be_invite be_update be_record"
        " be_publish be_agree be_finish be_revise be_adopt be_write be_give be_make be_hold be_take"
        " be_ask be_tell be_show be_strengthen be_broaden",
        r"\b(?P<the_form_in_ed>(?:should|must|to|could|can|will|would|not|also) be (?:widen"
        r"|extend|include"
        r"|review|share|train|invite|update|record|publish|agree|finish|revise|adopt|write|give"
        r"|make|hold"
        r"|take|ask|tell|show|strengthen|broaden))\b(?![-])",
    ),
    ("too_do to_do", r"\b(?P<to>(?:still|is|what|much|more) too do)\b"),
    ("weakly", r"\b(?P<weekly>weakly (?:staff |news)?(?:bulletin|newsletter|meetings?))\b"),
    ("excess_to", r"\b(?P<access>excess to (?:terrorist|extremist|content|training|the))\b"),
    (
        "other_roll key_roll leading_roll clear_roll active_roll central_roll",
        r"\b(?P<role>(?:other|key|leading|clear|active|central) roll)\b",
    ),
    (
        "should_rewritten should_reviewed should_shared should_written should_given should_taken"
        " should_held should_kept should_told must_written",
        r"\b(?P<be>(?:should|must) (?:rewritten|written|given|taken|held|kept|told|drawn|shown"
        r"|made))\b",
    ),
    ("more_then better_then", r"(?<=, )(?P<than2>then (?:they|it|he|she|we) did)\b(?=[.,;])"),
    ("be_complied", r"\b(?P<compiled>be complied)\b(?! with)"),
    ("is_great was_great", r"\b(?P<a_great_deal>(?:is|was) great deal)\b"),
    (
        "practise",
        r"\b(?P<practice>(?:police|good|best|common|current|local|their|its|this|of|in) practise)\b"
        r"(?! (?:what|the)\b)",
    ),
    ("confidant", r"\b(?P<confident>(?:more|feel|felt|be|are|is|less|very) confidant)\b"),
    (
        "lead_on lead_by lead_to lead_the",
        r"\b(?P<led>(?:has|have|been|was|were) lead (?:on|by|to)\b)",
    ),
    (
        "councils_own counties_own authorities_own boroughs_own "
        "districts_own schools_own boards_own",
        r"\b(?P<apostrophe>(?:the|The|all|All|its|each|this) (?:[a-z]+ )?(?:councils|counties"
        r"|authorities"
        r"|boroughs|districts|schools"
        r"|boards) own)\b(?! [a-z]+s? (?:and|the)\b)",
    ),
    ("the_counsel", r"\b(?P<council>[Tt]he counsel)\b(?! for| of| to)"),
    ("asses", r"\b(?P<assess>(?:to|and|will|should|must) asses)\b"),
    ("polices", r"\b(?P<policies>(?<!who )(?<!that )(?<!which )(?<!it )(?<!force )\w+ polices)\b"),
    (
        " ".join(
            f"there_{noun}"
            for noun in "own work staff partners team area duty plan community communities local"
            " officers managers schools members".split()
        ),
        r"\b(?P<their>(?:of|in|with|for|to|on|by|from|and|that|which|all|about|through) there"
        r" (?:own|work|staff|partners|team|area|duty|plan|community|communities|local|officers"
        r"|managers|schools|members))\b(?! (?:is|are|was|were|has|have|will|would)\b)",
    ),
    ("lose_of", r"\b(?P<loss_of>(?:the|a) lose of)\b"),
    (
        "less_people less_referrals less_meetings less_staff less_schools",
        r"\b(?P<fewer>less (?:people|referrals|meetings|schools|cases|members))\b",
    ),
    ("of_been of_had", r"\b(?P<have>(?:may|might|could|would|should|must) of (?:been|had))\b"),
    ("past passed", r"\b(?P<passed>(?:has|have|was|were|been|is|are|be) past (?:to|on|by|the))\b"),
)
"""Expressions for confused words; the name of the group that matches is the word meant."""
