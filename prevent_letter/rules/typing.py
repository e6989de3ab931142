"""Slips of typing: signs and spaces, and words that are nearly others (PL324, PL325)."""

import re

from prevent_letter.assessment.fields import quoted
from prevent_letter.rules.dates import MONTH
from prevent_letter.rules.judged import Block, Clues, Judged, Verdict, Verdicts, rule


@rule("PL324", "a sign or a space is amiss", "warning")
def signs(judged: Judged) -> Verdicts:
    """A sign stands twice, or after a space; a space is missing; a bracket isn't closed; two words don't go together.

    Bad:
        summary: The board meets each term .
    Good:
        summary: The board meets each term.
    """
    small = judged.pairs & _PAIRS or judged.lower & {"st", "nd", "rd"} or "prevent" in judged.words
    for block in judged.blocks if small else ():
        for found in _TOGETHER.finditer(block.text):
            if re.search(r"\bA\b", found[0]) and not re.search(
                r"(?:^|[.!?] )$", block.text[: found.start()]
            ):
                continue  # Annex A the, an A to Z
            yield block.verdict(found, f"something is amiss here: {quoted(found[0])}", "correct it")
    dated = _DIGIT_IN_WORD.search(judged.text)
    amiss = _SIGN.search(judged.text) or _STOP.search(judged.text)
    for block in judged.blocks if dated or amiss else ():
        for found in _SIGNS.finditer(block.text):
            if (
                "://" not in found[0]
                and "@" not in found[0]
                and not _URL.search(block.text[: found.start()])
            ):
                yield block.verdict(
                    found,
                    f"a sign or a space is amiss here: {quoted(found[0].strip())}",
                    "correct it",
                )
    for block in judged.holding("(", ")", "["):
        if block.passage.count("(") != block.passage.count(")") or "[" in block.text:
            yield from _brackets(block)


def _brackets(block: Block) -> Verdicts:
    """What is opened and not closed, or the other way round; the ) of a list's mark, such as a), closes nothing."""
    open: list[int] = []
    for found in re.finditer(r"[()]", block.text):
        before = block.text[max(0, found.start() - 5) : found.start()]
        if found[0] == "(":
            open.append(found.start())
        elif open:
            open.pop()
        elif not re.search(r"(?:^|[ (])(?:[0-9]{1,2}|[A-Za-z]|[ivx]{1,4})$|[:;][-o]?$", before):
            word = block.text[: found.end()].split(" ")[-1]
            help = "open it with (, or delete it"
            yield Verdict(
                block.at,
                "a bracket is closed here that isn't opened",
                help,
                word,
                block,
                found.end() - len(word),
            )
    for at in open[:1]:
        words = re.match(r"\(\S*(?: \S+)?", block.text[at:])
        help = "close it with ), or delete it"
        yield Verdict(
            block.at,
            "a bracket is opened here and not closed",
            help,
            words[0] if words else "(",
            block,
            at,
        )
    if block.text.count("[") > block.text.count("]"):
        at = block.text.rindex("[")
        words = re.match(r"\[\S*(?: \S+)?", block.text[at:])
        help = "close it with ], or delete it"
        yield Verdict(
            block.at,
            "a bracket is opened here and not closed",
            help,
            words[0] if words else "[",
            block,
            at,
        )


_DIGIT_IN_WORD = re.compile(r"[0-9](?:(?<=[A-Za-z].)|(?=[A-Za-z]))")
_SIGN = re.compile(
    r"[,;:.()](?:(?<=[ ,;.!?][,;:.])|(?<=[,;:])[A-Za-z]|(?<=\() |(?<= \))|(?<=\.)(?:the|it|this|we|they|in|on|as"
    r"|and)\b)"
)
_URL = re.compile(r"(?:https?:|www\.|mailto:)\S*$")
_STOP = re.compile(r"\.[A-Z][a-z]")
"""One of these stands in each, and is quick to look for."""
_SIGNS = re.compile(
    r"(?<!\w)\w{1,30} [,;:.](?=\s|$|[A-Z])|(?<![.\w])\w{1,30}\.\.(?!\.)|[,;]\.(?!\.)|,,|;;|\. \.(?!\.)"
    r"|(?<=\w)[!?]\.(?!\.)"
    r"|(?<!\b\w\.\w)(?<!\betc)(?<!\bCo)(?<!\bLtd)(?<!\bInc)(?<!\b[A-Z]h\.[A-Z])\.,"
    r"|(?<![\w./@-])[a-z]{2,30}\.(?:the|it|this|we|they|in|on|as|and)(?= )"
    r"|(?<![\w/@-])[a-z]{3,30}[,;][A-Za-z]{2,30}\b|(?<![\w/@-])(?!mailto|https?)[a-z]{3,30}:[a-z]{2,30}\b(?!/)"
    r"|\( \w+|(?<!\w)\w{1,30} \)"
    r"|(?<![\w./@-])[a-z]{2,30}\.[A-Z][a-z]{1,30}(?![\w/@]|\.[a-z])"
    rf"|\b[0-9]{{1,2}}(?:st|nd|rd|th)?(?:{MONTH})\b|\b(?:{MONTH})(?:19|20)?[0-9]{{2}}\b"
)
_PAIRS = frozenset(
    (*pair.split("_"),)
    for pair in (
        "the_its the_their the_our the_an the_this the_these the_those with_of to_of for_of of_for a_the an_the "
        "and_and is_are a_an an_a be_been will_been"
    ).split()
)
_TOGETHER = re.compile(
    rf"\b(?i:{'|'.join(sorted(' '.join(pair) for pair in _PAIRS))})\b(?! ?[-/])|\b[0-9]{{1,2}} (?:st|nd|rd|th)\b"
    r"|(?<!to )(?<!can )(?<!could )\bprevent [Dd]uty\b(?! (?:managers?|officers?))"
    r"|(?<=[Tt]he )prevent (?:team|leads?|training|board|officers?|co-?ordinators?|strategy|programme|referrals?)\b"
    r"|(?<=[Aa]ll )prevent (?:training|referrals?)\b"
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
            if (
                not found[0][0].isupper()
                or _SLIPS[found[0].lower()][0] not in "zo"
                or block.text.startswith(found[0])
            ):
                right = _SLIPS[found[0].lower()]
                yield block.verdict(
                    found,
                    f"{quoted(found[0])} is misspelt, or another word",
                    f"did you mean {right}?",
                )
    for block, found in _TAKEN.find(judged):
        right = (found.lastgroup or "").replace("_", " ")
        yield block.verdict(
            found, f"{quoted(found[0])} takes one word for another", f"did you mean {right}?"
        )


_SLIPS = dict(
    pair.replace("_", " ").split(":")
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
        "minimize:minimise maximize:maximise organization:organisation organizations:organisations "
        "organizational:organisational realize:realise program:programme programs:programmes pervent:prevent "
        "prevnt:prevent orgnisation:organisation organistion:organisation committment:commitment "
        "committments:commitments oportunities:opportunities oportunity:opportunity comunity:community "
        "comunities:communities communites:communities managment:management goverance:governance govenance:governance "
        "partnerhsip:partnership accross:across aswell:as_well councl:council coucil:council counci:council adn:and "
        "wether:whether guidence:guidance guidace:guidance safeguardng:safeguarding safegurding:safeguarding "
        "refferal:referral refferals:referrals reffered:referred benckmark:benchmark strategey:strategy "
        "extremisn:extremism fro:from tot:to_the statuary:statutory statutary:statutory statutry:statutory "
        "adressed:addressed adress:address agressive:aggressive alot:a_lot appologies:apologies apparant:apparent "
        "arguement:argument attendence:attendance availabe:available availible:available awarness:awareness "
        "basicly:basically calender:calendar catagory:category challange:challenge challanges:challenges "
        "collegue:colleague collegues:colleagues coleagues:colleagues comming:coming comunicate:communicate "
        "comunication:communication comunications:communications concious:conscious contine:continue "
        "co-ordiator:coordinator delievered:delivered delivary:delivery developement:development "
        "develope:develop dilligence:diligence dissapoint:disappoint districs:districts dosen't:doesn't "
        "effecient:efficient effectivly:effectively engagment:engagement ensurance:assurance equiped:equipped "
        "evalution:evaluation excelent:excellent exellent:excellent facilites:facilities familar:familiar "
        "finaly:finally foward:forward freqent:frequent garantee:guarantee gaurd:guard grammer:grammar "
        "hte:the idealogy:ideology identifed:identified imediate:immediate implemention:implementation "
        "improvment:improvement improvments:improvements incidently:incidentally infomation:information "
        "informaton:information intial:initial intiative:initiative intiatives:initiatives interupt:interrupt "
        "ot:to lisence:licence meetting:meeting memeber:member memebers:members mutli:multi "
        "noticable:noticeable objectve:objective offical:official officals:officials oppurtunity:opportunity "
        "ourself:ourselves parners:partners partener:partner perfomance:performance performace:performance "
        "perhas:perhaps persue:pursue posess:possess practioner:practitioner practioners:practitioners "
        "pratice:practice preperation:preparation presance:presence prevelent:prevalent proceedure:procedure "
        "proceedures:procedures progam:programme programe:programme recieving:receiving reconise:recognise "
        "regulary:regularly relavant:relevant resouces:resources resourse:resource responsibilty:responsibility "
        "reveiw:review reveiwed:reviewed reviewd:reviewed scince:since secratary:secretary shcool:school "
        "shcools:schools sevice:service sevices:services sharring:sharing signifcant:significant "
        "specialst:specialist staf:staff stratagy:strategy strenght:strength strenghten:strengthen "
        "suport:support supoort:support suprised:surprised teh:the theat:threat theats:threats "
        "themselfs:themselves tranining:training transfered:transferred truely:truly undertand:understand "
        "underpined:underpinned usefull:useful vunerability:vulnerability vulnerabilty:vulnerability "
        "whcih:which whith:with withing:within writen:written"
    ).split()
)
_NOUNS = "plan plans board boards policy policies own role roles duty duties strategy approach use responsibility"
_NOUNS += " responsibilities priorities"
_NOUN = f"(?:{_NOUNS.replace(' ', '|')})"
_PARTNERS = r"(?:council|police|boards?|partners?|districts?|schools?|authority|authorities|community|communities)"
_TOLD = (
    r"(?:information|feedback|letters?|referrals?|data|help|evidence|staff|officers?|representatives|support|advice"
    r"|heard|hears?|came|comes?|received|obtained|moved|drawn|taken|apart|away|benefit(?:s|ed)?|learn(?:s|ed|t)?)"
)
_AFTER_FORM = "the all its their each local other council police board boards partner partners district districts school"
_AFTER_FORM += " schools authority authorities community communities"
_TAKEN = Clues(
    (
        " ".join(f"there_{noun}" for noun in _NOUNS.split()),
        rf"\b(?P<their>[Tt]here {_NOUN})\b(?! (?:each|the|a|their|its|for|to|what|how|is|are|was)\b)",
    ),
    (
        "their_is their_are their_was their_were their_has their_have",
        r"\b(?P<there>[Tt]heir (?:is|are|was|were|has been|have been))\b",
    ),
    ("it_s", rf"\b(?P<its>[Ii]t['’]s {_NOUN})\b(?! (?:that|which|who))"),
    ("its_a its_an its_the its_been", r"\b(?P<it_is>[Ii]ts (?:a|an|the|been) (?=\w))"),
    (
        " ".join(f"form_{word}" for word in _AFTER_FORM.split()),
        rf"\b(?P<from>{_TOLD} form (?=(?:the |all |its |their |each |local |other )*{_PARTNERS}\b)|form each other\b)",
    ),
    ("well_lead", r"\b(?P<led>well[ -]lead)\b(?! (?:to|by example))"),
    (
        "more_then less_then better_then rather_then other_then fewer_then greater_then higher_then",
        r"\b(?P<than>(?:[Mm]ore|less|better|rather|other|fewer|greater|higher) then)\b(?! (?:that|in))",
    ),
    ("counsel", r"\b(?P<council>(?:county|city|borough|district) counsel)\b"),
    ("principle", r"\b(?P<principal>principle (?:officer|social|advis|lead))\w*"),
    ("affect", r"\b(?P<effect>(?:good|great|positive|little|no) affect)\b"),
    ("lack_off", r"\b(?P<lack_of>lack off)\b"),
    (
        "to_early to_late to_few to_many to_often",
        r"\b(?P<too>to (?:early|late|few|many|often))\b(?= (?:to|for)\b|[.,])",
    ),
    ("who_s", r"\b(?P<whose>[Ww]ho['’]s (?:role|duty|work|task|job|responsibility))\b"),
    ("could_of would_of should_of must_of", r"\b(?P<have>(?:could|would|should|must) of)\b"),
    ("loose", r"\b(?P<lose>(?:[Tt]hey|to|may|will|not) loose)\b"),
    ("apart_of", r"\b(?P<a_part>apart of the)\b"),
    ("weary_of", r"\b(?P<wary>weary of)\b"),
    ("upto", r"\b(?P<up_to>upto)\b"),
    ("your_to", r"\b(?P<you_are>[Yy]our to be)\b"),
    ("staff_our", r"\b(?P<are>[Ss]taff our)\b"),
    ("Chanel chanel", r"\b(?P<Channel>[Cc]hanel(?= (?:panel|case|chair|process|works)))"),
)
"""Where one word is taken for another; the group's name is what it should be."""
