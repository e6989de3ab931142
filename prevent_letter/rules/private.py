"""Rules on what must not be in a letter (it can be published) or a progress note (PL320, PL327)."""

from itertools import chain

from prevent_letter.core.display import quote
from prevent_letter.rules.context import Problem, Problems, RuleContext, rule, word_list
from prevent_letter.rules.dates import MONTH
from prevent_letter.rules.expressions import Expressions

_PEOPLE = word_list("private.people")
_PERSON = f"(?:{'|'.join(_PEOPLE)})"
_AGE = (
    r"(?:[1-9][0-9]?"
    r"|(?:ten|eleven|twelve|thir|four|fif|six|seven|eigh|nine)(?:teen)?)"
)
_NOT_EACH = r"\b(?<!to )(?<!or )(?<![Ee]ach )(?<![Ee]very )(?<![Aa]ll )(?<![Aa]ny )"
_EMAIL = (
    "@ (at) [at]",
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@| ?[\[(]at[\])] ?)[\w-]{2,60}(?:\.[\w-]{1,60})*",
)
_PHONE = (  # numbers that begin with 080, 030, 084 or 087 are public
    "~0 (0 +44",
    r"(?<![\w/-])(?!0(?:[83]0|8[47]))(?:\+44 ?(?:\(0\) ?)?"
    r"|\(?0)[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}"
    r"(?![\w/-])",
)
_MARKING = (
    "OFFICIAL Official SECRET MARKED marked Marked RESTRICTED CONFIDENTIAL",
    r"(?<!not protectively marked )\b(?:OFFICIAL(?:[- ]SENSITIVE)?|Official[- ]Sensitive"
    r"|TOP SECRET|RESTRICTED"
    r"|CONFIDENTIAL)\b"
    r"|\b(?:NOT PROTECTIVELY MARKED|[Nn]ot [Pp]rotectively [Mm]arked)\b",
)
_AGES = (
    (
        "old",
        rf"{_NOT_EACH}(?<!-){_AGE}[- ](?:years?|yrs?)[- ]old(?: [a-z]+)? {_PERSON}\b"
        rf"|\b[Aa]n? {_AGE}[- ](?:years?|yrs?)[- ]old(?= (?:was|is|who|had|from|has)\b)"
        rf"|\b(?:[Aa]n?|[Oo]ne|[Aa]nother|[Tt]he) {_AGE}[- ]year[- ]old\b"
        r"(?! (?!from|who|of|at|in)[a-z])",
    ),
    (
        " ".join(_PEOPLE),
        rf"{_NOT_EACH}{_PERSON}(?:,? (?:\w+ ){{0,3}}?aged? [0-9]{{1,2}}| of (?:1?[0-9]|{_AGE})"
        r"| \([0-9]{1,2}\)|, [0-9]{1,2},)"
        r"(?![\w-]| ?[–/]| (?:to|or|and)\b)",
    ),
    ("now aged then age", r"\b[A-Z][a-z]+ [A-Z][a-z'’-]+, (?:now|then|aged?|who is) [1-9][0-9]?\b"),
    (
        "autistic disabled suicidal",
        rf"\b(?:[Aa]n?|[Oo]ne|[Tt]he|[Aa]nother) (?:autistic|disabled|suicidal) {_PERSON}\b",
    ),
    ("yo", r"\b[0-9]{1,2} yo\b"),
    (
        "aged age",
        r"\b(?:[A-Z]\.? ?[A-Z]\.?|(?:Mr|Mrs|Ms|Miss|Dr) [A-Z][\w'’-]+),? \(?aged? [0-9]{1,2}\b",
    ),
    ("DOB d.o.b dob birth born", r"\b(?:DOB|[Dd]\.o\.b\.?|[Dd]ate of birth|[Bb]orn (?:on )?[0-9])"),
    ("he_was she_was", r"\b(?:[Hh]e|[Ss]he) was [0-9]{1,2}(?= when| years)"),
)


_RANKS = word_list("private.ranks")
_OFFICERS = (
    (
        " ".join(_RANKS),
        rf"\b(?:{'|'.join(_RANKS)}) (?!Of |The |And )[A-Z][a-z'’-]+\b(?! [Rr]oad"
        rf"| [Ss]treet)",
    ),
)
_STREETS = (
    (
        "Street Road Lane Avenue Close Drive Crescent Terrace Gardens Grove Court Walk Row Mews"
        " Rd St Parade Place Square Way Hill Quay Gate Rise View Mount Green Villas",
        r"(?<!No\. )(?<!no\. )\b[0-9]{1,3}[A-Za-z]? (?:[A-Z][\w'’-]+ ){1,3}(?:Street|Road"
        r"|Lane|Avenue|Close|Drive|Crescent"
        r"|Terrace|Gardens|Grove|Court|Walk|Row|Mews|Rd|St|Parade|Place|Square|Way|Hill|Quay|Gate"
        r"|Rise|View|Mount|Green|Villas)\b",
    ),
)
_PLACE = (
    r"(?:[A-Z][\w'’.-]+ ){1,4}(?:Primary |Secondary |High |Grammar |Junior |Infant |Academy )?"
    r"(?:School|Academy|College|[Mm]osque|[Cc]hurch|[Tt]emple)\b"
)
_SCHOOLS = (
    (
        "Year School Academy College Mosque Church Temple mosque church temple",
        r"\b(?:referrals?|referred|pupils?|boys?|girls?|child|children|students?"
        r"|young (?:person|man|woman|people)"
        r"|concerns?|incidents?|cases?)\b(?: \w+){0,3}? (?:from|of|at|by|in|involving"
        r"|attending|who attend) (?:the )?"
        rf"{_PLACE}"
        rf"|\b[Rr]eferrals?\b[^.;]{{0,60}}? from {_PLACE}"
        rf"|\b(?:[0-9]{{1,2}}|(?i:one|two|three|four|five|six|seven|eight|nine|ten))"
        rf"(?: of (?:them|these|which))? (?:by|from|at) {_PLACE}"
        rf"|\b{_PERSON} in Year [0-9]{{1,2}}\b"
        rf"|\b{_PLACE}, which made (?:\w+ )?referrals?\b"
        rf"|\b{_PLACE}(?! (?:board|and|or|governors))[^.;:]{{0,40}}? (?:referr(?:al|ed)|pupil"
        rf"|incident|concern)\w*",
    ),
)
_PERSON_NAMED = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor) )?[A-Z][a-z]+ [A-Z][a-z'’-]+"
_PERSON_ALONE = (
    r"(?!The |A |An |This |That |No |Each |Every |Prevent|Channel|Home|Council|Counter|Local"
    r"|Risk|Safer"
    r"|Multi|Children|Adult|All |Cases |Referrals )[A-Z][a-z]+ (?!Board|Panel|Plan|Council"
    r"|Office|Police"
    r"|Partnership|Group|Team|Service|Hub|School|Academy|College|Policy|Strategy|Assessment|Duty"
    r"|Forum"
    r"|Cabinet|Committee)[A-Z][a-z'’-]+\b(?! [A-Z])"
)
_RELATIONS = word_list("private.relations")
_NO_CROWD = word_list("private.no_crowd")
_OF_A_CASE = word_list("private.of_a_case")
_AT = ("on", "in", "off", "at")
_RELATED = (
    (
        " ".join(_RELATIONS),
        rf"\b(?:{'|'.join(_RELATIONS)}) of (?:a|the|one|another) (?:\w+ )?(?:man|woman"
        rf"|boy|girl"
        r"|person|child|pupil|individual|referral)\b",
    ),
    (
        "was_discussed was_referred was_adopted was_considered was_arrested was_convicted"
        " were_discussed conduct_of case_of referral_of behaviour_of views_of"
        " activities_of actions_of",
        rf"\b{_PERSON_ALONE} (?:was|were) (?:discussed|referred|adopted|considered|arrested"
        r"|convicted)\b"
        rf"|\bthe (?:conduct|case|referral|behaviour|views|activities|actions) of {_PERSON_ALONE}",
    ),
    (
        "murder arrest conviction sentencing death trial imprisonment",
        r"\b(?:murder|arrest|conviction|sentencing|trial|imprisonment) of (?:Mr |Mrs "
        r"|Ms )?[A-Z][a-z]+"
        r" [A-Z][a-z'’-]+\b",
    ),
    (
        "Year",
        r"\b(?:[Aa]|[Oo]ne|[Tt]he|[Aa]nother) (?:\w+ )?Year [0-9]{1,2} (?:pupil|boy|girl"
        r"|student|child)\b",
    ),
    (
        "autism autistic ADHD schizophrenia suicidal diagnosed",
        rf"\b(?:[Aa]|[Oo]ne|[Tt]he|[Tt]his) (?:\w+ )?{_PERSON}\b[^.;:]{{0,60}}?\b(?:autis(?:m"
        rf"|tic)|ADHD"
        r"|schizophreni\w+|suicidal|diagnosed)\b",
    ),
    (
        "whose his her",
        rf"\b(?:[Ww]hose|[Hh]is|[Hh]er) (?:{'|'.join(_RELATIONS)}) (?:was|is|had been"
        rf"|has been)"
        r" (?:convicted|arrested|imprisoned|killed|jailed|referred|known)\b",
    ),
    (
        "Mr Mrs Ms Miss",
        r"\b(?:Mr|Mrs|Ms|Miss) [A-Z][a-z'’-]+\b[^.;:]{0,60}?\b(?:referred|arrested|convicted"
        r"|suspended|dismissed"
        r"|resigned|complained|complaint|ill)\b",
    ),
    (
        "Mr Mrs Ms Miss",
        r"\b(?:Mr|Mrs|Ms|Miss) [A-Z][a-z'’-]+\b[^.;:]{0,60}?\b(?:[Hh]is|[Hh]er)"
        rf" (?:{'|'.join(_RELATIONS)})['’]s (?:\w+ )?(?:case|referral|arrest"
        r"|(?:time|place|involvement|support) (?:on|in|with|from|through) (?:Channel|Prevent))\b",
    ),
    (
        " ".join(_PEOPLE),
        rf"\b{_PERSON} (?:from|of|on) (?:the )?[A-Z][a-z]+ (?:estate|Estate|Road|Street|Avenue"
        rf"|village|ward)\b",
    ),
)
_RELATION = rf"(?:{'|'.join(_RELATIONS)})"
_OF_FAMILY = (
    (
        " ".join(f"s_{relation}" for relation in _RELATIONS),
        rf"\b[A-Za-z]+['’]s (?:elder |eldest |younger |youngest )?{_RELATION}\b",
    ),
    (
        " ".join(
            f"{word}_{relation}"
            for word in ("own", "elder", "eldest", "younger", "youngest", "teenage")
            for relation in _RELATIONS
        ),
        rf"\b(?:(?:his|her|their) own|elder|eldest|younger|youngest|teenage) {_RELATION}\b",
    ),
    (
        "twins brothers sisters siblings",
        r"\b(?:[Tt]he|[Tt]wo|[Bb]oth) (?:twins|brothers|sisters|siblings)\b"
        r"(?= (?:who|were|are|have|had|from|adopted|referred)\b)",
    ),
)
_ONE_CASE = (
    ("case Case", r"\b[Cc]ase (?:[Nn]umber |[Nn]o\.? |[Rr]ef(?:erence)?:? )?[0-9]{3,}\b"),
    ("panel_as", r"\bknown to (?:the )?panel as\b"),
    (
        " ".join(f"channel_{person}" for person in _NO_CROWD),
        rf"\b[Tt]he Channel (?:{'|'.join(_NO_CROWD)})\b",
    ),
    (
        " ".join(f"only_{person}" for person in _PEOPLE),
        rf"\bthe only {_PERSON}\b(?=[^.;]{{0,30}}\b(?:caseload|panel|Channel|referred|adopted"
        r"|case)\b)",
    ),
    (
        "turned",
        rf"\b(?:who|has|had|just|he|she) (?:just )?turned {_AGE}\b(?= (?:in|on|last|this)\b)",
    ),
    (
        "was_referred was_adopted was_arrested was_convicted was_jailed",
        r"\bwho was (?:referred|adopted|arrested|convicted|jailed)(?: [a-z]+){0,3} (?:in|on)"
        rf" (?:{MONTH}|[0-9]{{1,2}}(?:st|nd|rd|th)? [A-Z])",
    ),
    (
        " ".join(f"{person}_{verb}" for person in _NO_CROWD for verb in ("living", "lives", "who")),
        rf"\b(?:{'|'.join(_NO_CROWD)}) (?:who )?(?:lives|lived|living) (?:in|at|on|near)"
        r" (?:the )?[A-Z]",
    ),
    (
        " ".join(f"{noun}_{word}" for noun in ("family", "house", "flat") for word in _AT),
        r"\b(?:family|house|flat) (?:on|in|off|at) (?:the )?(?:[A-Z][\w'’-]+ ){1,3}"
        r"(?:Road|Street|Lane|Avenue|Close|Drive|Crescent|Terrace|Grove|Way|[Ee]state)\b",
    ),
    (
        " ".join(f"{word}_{thing}" for word in ("his", "her") for thing in _OF_A_CASE),
        rf"\b(?:[Hh]is|[Hh]er) (?:{'|'.join(_OF_A_CASE)})\b",
    ),
    (
        " ".join(f"{event}_of" for event in ("arrest", "suspension", "dismissal", "resignation")),
        r"\b(?:arrest|suspension|dismissal|resignation) of (?:an?|the|one) (?:\w+ )?(?:teacher"
        r"|assistant|officer|manager|pupil|student|employee|worker|councillor|caretaker|nurse|doctor"
        r"|imam|governor|trainer|member of staff)\b",
    ),
    ("patient_being patient_with", r"\b[Aa] patient (?:being treated|with)\b"),
)
"""What tells which of few people is meant."""
_ABBREVIATED = (
    r"[A-Z](?<!\w.)\.[A-Z]\.(?! ?[A-Z][a-z])"
    r"(?<!U\.K\.)(?<!U\.S\.)(?<!E\.U\.)(?<!N\.B\.)(?<!P\.S\.)(?<!I\.T\.)(?<!H\.R\.)(?<!A\.I\.)"
)
_INITIALS = Expressions(
    (
        "",
        rf"{_ABBREVIATED}(?<=of .{{4}})"
        rf"|{_ABBREVIATED}(?= (?:for (?:instance|example)|case|who|was|is|has|had|in|of [A-Z]"
        rf"|and (?:his|her"
        rf"|their))\b|,| \()"
        r"|\b[A-Z][a-z]+ [A-Z]\.(?= (?:was|is|has|had|who|and (?:his|her|their))\b)",
    ),
    hint=r"[A-Z]\.[A-Z]\.|^[A-Z]\.$",
)
_NUMBERS = (
    (
        " ".join(
            f"{word}_{number}"
            for word in ("case", "crime", "referral", "passport")
            for number in ("ref", "reference", "number", "no")
        ),
        r"\b(?:[Cc]ase|[Cc]rime|[Rr]eferral|[Pp]assport) (?:[Rr]ef(?:erence)?|[Nn]umber"
        r"|[Nn]o)\.?:? ?[A-Z]{0,4}[0-9/-]{4,}",
    ),
    ("NHS", r"\bNHS (?:[Nn]umber|[Nn]o\.?) ?[0-9][0-9 ]{6,}"),
)
_CODES = Expressions(
    (
        "",
        r"[A-Z](?<![\w-].)(?:[A-Z]?[0-9][0-9A-Z]? [0-9][A-Z]{2}|[A-Z][0-9]{2} [A-Z]{3}"
        r"|[A-Z] ?(?:[0-9]{2} ?){3}[A-D])(?!\w)",
    ),
    hint=r"[A-Z]{1,2}[0-9]|^[0-9]{2}$",
)
_SOMEBODY = (
    r"\b(?:[Oo]ne of (?:the|its|your) (?:\w+ )?(?:officers|trainers|leads|coordinators|managers"
    r"|colleagues|chairs|mentors|men|women|boys|girls|pupils|students)"
    r"|(?:[Aa]n?|[Oo]ne|[Aa]nother|[Tt]he|[Ii]ts|[Yy]our)(?: [\w-]+){0,3}? (?:officer|trainer|lead"
    r"|coordinator|co-ordinator|manager|chair|colleague|deputy|mentor|man|woman|boy|girl|pupil"
    r"|student|teenager))\b"
)
_ILL = (
    r"(?:cancer|depression|chemotherapy|radiotherapy|a nervous breakdown"
    r"|a breakdown(?! (?:of|by|in|for|on)\b)|a stroke|dementia|a heart attack|addiction"
    r"|alcoholism|a miscarriage)\b"
    r"(?! (?:care|support|services?|awareness|charit\w+|research|nurses?|training|teams?)\b)"
)
_LEAVES = word_list("private.leaves")
_PRIVATE_LIFE = word_list("private.private_life")
_HEALTH = (
    (
        "cancer depression chemotherapy radiotherapy breakdown stroke dementia heart addiction"
        " alcoholism miscarriage",
        rf"{_SOMEBODY}(?: who)?(?: (?:was|is|has been|had been))?(?: (?:also|just|recently|still))?"
        rf" (?:having|had|has|with|off (?:work )?with|suffering from|recovering from"
        rf"|diagnosed with) (?:\w+ )?{_ILL}"
        rf"|\b(?:lost|losing) {_SOMEBODY} to {_ILL}",
    ),
    (
        "hospital psychiatric rehab",
        rf"{_SOMEBODY}(?: only| just| recently)* out of (?:hospital|psychiatric care|rehab)\b"
        r"|\b(?:come|came|coming|released|discharged) (?:out of|from) (?:psychiatric care|rehab)\b",
    ),
    (
        "operation surgery illness cancer breakdown depression stroke "
        "treatment leave sick sectioned disciplinary suspended bereavement pregnant chemotherapy"
        " radiotherapy dementia diagnosis diagnosed rehab divorce off_with off_since signed_off",
        rf"\b{_PERSON_NAMED}\b[^.;:]{{0,60}}? (?:(?:sick|maternity|paternity|compassionate"
        rf"|stress) leave"
        r"|off (?:work |ill |sick )?(?:with|since)|signed off|chemotherapy|radiotherapy|diagnosed"
        r"|diagnosis of|dementia|rehab|divorce|(?:having|with|has|had|despite (?:her|his)) "
        r"(?:\w+ )?(?:cancer|depression|anxiety"
        r"|a (?:breakdown|stroke|miscarriage))"
        r"|off sick|disciplinary|suspended|sectioned|bereavement|pregnant|(?:after|since"
        r"|for) (?:her|his|their)"
        r" (?:\w+ )?(?:operation|surgery|illness|cancer|breakdown|depression|stroke|treatment))\b"
        r"|\b(?:sick|maternity|compassionate) leave of (?:the )?(?:Mr|Mrs|Ms|Miss|Dr"
        r"|[A-Z][a-z]+ [A-Z])\w*",
    ),
)
_AWAY = (
    (
        "with_stress with_anxiety with_depression with_burnout off_sick off_ill",
        r"\b(?:off|away|absent)(?: work| sick| ill)*(?: at present| again)? with (?:\w+ )?"
        r"(?:stress|anxiety|depression|burnout)\b"
        r"|\b(?:is|was|been|being|went|gone) off (?:sick|ill)\b",
    ),
    (
        " ".join(f"{kind}_{noun}" for kind in _LEAVES for noun in ("leave", "absence")),
        rf"\b(?:[Hh]er|[Hh]is|on|[a-z]+['’]s) (?:long[- ]term )?(?:{'|'.join(_LEAVES)})"
        r" (?:leave|absence)\b",
    ),
    (
        "investigation_by written_warning final_warning disciplinary_hearing disciplinary_action"
        " disciplinary_process disciplinary_proceedings gross_misconduct his_probation"
        " her_probation suspended_pending a_grievance",
        r"\bunder investigation by (?:HR|human resources|internal audit|professional standards)\b"
        r"|\b(?:written|final) warning\b(?! (?:to|of|signs?|systems?)\b)"
        r"|\bdisciplinary (?:hearing|action|process|proceedings)\b|\bgross misconduct\b"
        r"|\b(?:fail(?:ed|ing)|passed|passing) (?:his|her) probation\b|\bsuspended pending\b"
        r"|\ba grievance (?:against|by|from|over)\b",
    ),
    (
        " ".join(
            f"{word}_{thing}"
            for word in ("his", "her", "s", "hip", "knee", "difficult", "messy", "bitter", "a")
            for thing in _PRIVATE_LIFE
        ),
        rf"\b(?:[Hh]is|[Hh]er|(?:manager|officer|lead|chair|coordinator|trainer|head|director)['’]s"
        rf"|hip|knee|difficult|messy|bitter|through a)(?: \w+)? (?:{'|'.join(_PRIVATE_LIFE)})\b"
        r"(?! (?:plan|centre|team|support)s?\b)",
    ),
)


_LEAVE_OUT = "leave it out: yours is below the signature"
_WITHOUT_AGE = 'write it without the age, such as "a young person"'
_IDENTIFYING = (
    (Expressions(_EMAIL), "there is an e-mail address in the text", _LEAVE_OUT),
    (Expressions(_PHONE), "there is a telephone number in the text", _LEAVE_OUT),
    (Expressions(*_AGES), "an age may identify a person", _WITHOUT_AGE),
    (
        Expressions(*_OFFICERS),
        "an officer is named with the rank",
        'write "the police" or the post',
    ),
    (Expressions(*_STREETS), "there is a street address in the text", "leave it out"),
    (
        Expressions(*_SCHOOLS),
        "this may identify a person",
        "write it without the name of the place",
    ),
    (
        Expressions(*_RELATED, *_OF_FAMILY, *_ONE_CASE),
        "this may identify a person",
        "write it without the person",
    ),
    (_INITIALS, "initials may identify a person", "write it without the initials"),
    (Expressions(*_NUMBERS), "there is a person's number", "leave it out"),
    (_CODES, "there is a postcode, or a person's or a vehicle's number", "leave it out"),
    (
        Expressions(*_HEALTH, *_AWAY),
        "this tells of a person's health or employment",
        "leave it out",
    ),
)
_MARKED = (
    (Expressions(_MARKING), "there is a protective marking in the text", "put it under marking:"),
)
"""Kinds of words that a letter must not have: expressions, message, help."""


@rule("PL320", "warning")
def private(context: RuleContext) -> Problems:
    """The prose has an address, a telephone number, a marking, or what may identify a person."""
    for expressions, message, help in (*_IDENTIFYING, *_MARKED):
        for block, match in expressions.find(context):
            if not block.text[: match.start()].endswith("mailto:"):
                yield block.problem(match, f"{message}: {quote(match[0])}", help)


@rule("PL327", "warning")
def private_note(context: RuleContext) -> Problems:
    """There is an e-mail address, a telephone number, or a person's age in a note of progress."""
    for number in range(len(context.listed("progress"))):
        words = context.line("progress", number, "note")
        tables = (expressions for expressions, _, _ in _IDENTIFYING)
        for match in chain.from_iterable(table.find_in_text(words) for table in tables):
            message = f"this note may identify a person: {quote(match[0])}"
            path = ("progress", number, "note")
            yield Problem(path, message, "write it without the person", match[0])
