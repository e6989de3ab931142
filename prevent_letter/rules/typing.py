"""Slips of typing: signs and spaces, and words that are nearly others (PL324, PL325)."""

import re

from prevent_letter.assessment.fields import quoted
from prevent_letter.rules.dates import MONTH
from prevent_letter.rules.judged import Judged, Verdict, Verdicts, rule


@rule("PL324", "a sign or a space is amiss", "warning")
def signs(judged: Judged) -> Verdicts:
    """A sign stands twice, or after a space; a space is missing; a bracket isn't closed; two words don't go together.

    Bad:
        summary: The board meets each term .
    Good:
        summary: The board meets each term.
    """
    small = judged.pairs & _PAIRS or judged.lower & {"st", "nd", "rd"} or ("prevent", "duty") in judged.pairs
    for block in judged.blocks if small else ():
        for found in _TOGETHER.finditer(block.text):
            yield block.verdict(found, f"something is amiss here: {quoted(found[0])}", "correct it")
    dated = any(word[0].isdigit() and word[-1].islower() for word in judged.words)
    amiss = any(sign in judged.text for sign in _SIGN) or _STOP.search(judged.text)
    for block in judged.blocks if dated or amiss else ():
        for found in _SIGNS.finditer(block.text):
            if "://" not in found[0] and "@" not in found[0]:
                yield block.verdict(found, f"a sign or a space is amiss here: {quoted(found[0].strip())}", "correct it")
    for block in judged.holding("("):
        opened, closed = block.words.count("("), len(re.findall(r"(?<![0-9])(?<!\b[a-z])\)", block.words))
        closed += len(re.findall(r"\([^()]{0,200}?(?:[0-9]|\b[a-z])\)", block.words))
        at = block.text.rindex("(") if opened > closed else 0
        if opened > closed and (words := re.match(r"\(\S*(?: \S+)?", block.text[at:])):
            help = "close it with ), or delete it"
            yield Verdict(block.at, "a bracket is opened here and not closed", help, words[0], block, at)


_SIGN = (" ,", " ;", " :", " .", "..", ",,", ";;", ",.", ";.", ".,")
_STOP = re.compile(r"\.[A-Z][a-z]")
"""One of these stands in each, and is quick to look for."""
_SIGNS = re.compile(
    r"(?<!\w)\w{1,30} [,;:.](?=\s|$)|(?<![.\w])\w{1,30}\.\.(?!\.)|[,;]\.(?!\.)|\.,|,,|;;"
    r"|(?<![\w./@-])[a-z]{2,30}\.[A-Z][a-z]{1,30}(?![\w/@]|\.[a-z])"
    rf"|\b[0-9]{{1,2}}(?:{MONTH})\b"
)
_PAIRS = frozenset(
    (*pair.split("_"),)
    for pair in (
        "the_its the_their the_our the_an the_this the_these the_those with_of to_of in_of for_of of_for a_the an_the "
        "and_and is_are are_is has_have have_has a_an an_a be_been will_been"
    ).split()
)
_TOGETHER = re.compile(
    rf"\b(?i:{'|'.join(sorted(' '.join(pair) for pair in _PAIRS))})\b(?! ?[-/])|\b[0-9]{{1,2}} (?:st|nd|rd|th)\b"
    r"|(?<!to )(?<!can )(?<!could )\bprevent duty\b"
)


@rule("PL325", "a word is misspelt", "warning", english=True)
def misspelt(judged: Judged) -> Verdicts:
    """A word of a short list is misspelt, or taken for one that sounds like it, or spelt as in America.

    All other spelling is left to a spelling checker.

    Bad:
        summary: The comittee reviews it's plan.
    Good:
        summary: The committee reviews its plan.
    """
    suspect = judged.lower & _SLIPS.keys()
    for block in judged.blocks if suspect else ():
        for found in re.finditer(rf"\b(?:{'|'.join(sorted(suspect))})\b", block.text, re.I):
            if not found[0][0].isupper() or _SLIPS[found[0].lower()][0] not in "zo" or block.text.startswith(found[0]):
                right = _SLIPS[found[0].lower()]
                yield block.verdict(found, f"{quoted(found[0])} is misspelt, or another word", f"did you mean {right}?")
    for block in judged.blocks if judged.pairs & _TAKEN or "t's " in judged.text or "t’s " in judged.text else ():
        for found in _CONFUSED.finditer(block.text):
            right = next(_RIGHT[name] for name, words in found.groupdict().items() if words)
            yield block.verdict(found, f"{quoted(found[0])} takes one word for another", f"did you mean {right}?")


_SLIPS = dict(
    pair.split(":")
    for pair in (
        "pubic:public manger:manager mangers:managers comittee:committee commitee:committee committe:committee "
        "seperate:separate seperately:separately councillers:councillors councilers:councillors accomodate:accommodate "
        "accomodation:accommodation recieve:receive recieved:received occured:occurred occurence:occurrence "
        "goverment:government govenment:government wich:which thier:their teh:the definately:definitely "
        "enviroment:environment liase:liaise liason:liaison liasing:liaising maintainance:maintenance "
        "neccessary:necessary necesary:necessary priviledge:privilege responsable:responsible sucess:success "
        "sucessful:successful successfull:successful untill:until refered:referred referal:referral referals:referrals "
        "safegaurding:safeguarding safegarding:safeguarding safeguading:safeguarding vunerable:vulnerable "
        "vulnerble:vulnerable extremisim:extremism extremsim:extremism radicalistion:radicalisation "
        "radicalisaton:radicalisation radicalization:radicalisation radicalized:radicalised terorism:terrorism "
        "terrrorism:terrorism counciler:councillor benchamrk:benchmark benchmrak:benchmark recomend:recommend "
        "reccomend:recommend reccommend:recommend recomendation:recommendation recomendations:recommendations "
        "reccomendation:recommendation reccomendations:recommendations particpate:participate partnersip:partnership "
        "parternship:partnership parnership:partnership stategy:strategy stratgey:strategy stategic:strategic "
        "assesment:assessment assesments:assessments asessment:assessment assesed:assessed embeded:embedded "
        "embeding:embedding begining:beginning benifit:benefit beleive:believe acheive:achieve acheived:achieved "
        "acheivement:achievement independant:independent relevent:relevant consistant:consistent existance:existence "
        "explict:explicit knowlege:knowledge occassion:occasion proffesional:professional profesional:professional "
        "publically:publicly questionaire:questionnaire reguarly:regularly regulary:regularly similiar:similar "
        "throught:throughout tommorow:tomorrow traning:training trainning:training wheras:whereas "
        "behavior:behaviour behaviors:behaviours center:centre centers:centres color:colour organize:organise "
        "organized:organised organizes:organises organizing:organising recognize:recognise recognized:recognised "
        "recognizes:recognises prioritize:prioritise prioritized:prioritised utilize:utilise utilized:utilised "
        "analyze:analyse analyzed:analysed counselor:counsellor defense:defence fulfill:fulfil labor:labour "
        "neighborhood:neighbourhood neighborhoods:neighbourhoods emphasize:emphasise summarize:summarise "
        "minimize:minimise maximize:maximise"
    ).split()
)
_NOUN = (
    r"(?:plans?|board|teams?|policy|policies|staff|partners|work|own|roles?|duty|duties|strategy|area|members|approach)"
)
_CONFUSED = re.compile(
    rf"\b(?P<their>[Tt]here {_NOUN})\b|\b(?P<there>[Tt]heir (?:is|are|was|were|has been|have been))\b"
    rf"|\b(?P<its>[Ii]t['’]s {_NOUN})\b|\b(?P<it_is>[Ii]ts (?:a|an|the|not|been|clear|important) (?=\w))"
    r"|\b(?P<from>form (?=(?:the|all|its|their|each|local|other) (?:council|police|board|partners?|districts?|schools?|"
    r"authority|authorities|community|communities|local|area|county)\b))"
)
_TAKEN = frozenset(
    (one, two)
    for one, others in (
        (
            "there",
            "plan plans board team teams policy policies staff partners work own role roles duty duties strategy area "
            "members approach",
        ),
        ("their", "is are was were has have"),
        ("its", "a an the not been clear important"),
        ("form", "the all its their each local other"),
    )
    for two in others.split()
)
"""What stands side by side where one word is taken for another."""
_RIGHT = {"their": "their", "there": "there", "its": "its", "it_is": "it's (it is)", "from": "from"}
