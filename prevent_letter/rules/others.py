"""Rules on other bodies and people than the letter's own (PL329, PL331, PL332)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from prevent_letter.core.display import quote
from prevent_letter.core.names import fold_name
from prevent_letter.rules.context import (
    Problem,
    Problems,
    RuleBlock,
    RuleContext,
    rule,
    table,
    word_list,
)
from prevent_letter.rules.expressions import BlockMatch, Expression, Expressions
from prevent_letter.rules.names import is_misspelling


class Council(NamedTuple):
    """A council of England, Wales or Scotland, as councils.txt has it."""

    name: str
    area: str
    group: str


@cache
def councils() -> tuple[Council, ...]:
    """Return the councils of England, Wales and Scotland."""
    return tuple(Council(*row) for row in table("councils.txt"))


@cache
def _all_words() -> frozenset[str]:
    """Return the words of the names of all councils."""
    return frozenset(word for c in councils() for word in re.findall(r"\w+", c.name))


@cache
def _folded(council: Council) -> str:
    """Return the folded area of a council, or its name."""
    return _words(council.area or council.name)


@cache
def _all_names() -> frozenset[str]:
    """Return the names of all councils, with their areas."""
    return frozenset(name for council in councils() for name in council[:2])


@cache
def _by_first_word() -> Mapping[str, tuple[Council, ...]]:
    """Return the councils by the first word of the area."""
    index: dict[str, list[Council]] = {}
    for council in councils():
        if council.area:
            index.setdefault(re.split(r"\W", council.area)[0], []).append(council)
    return {word: tuple(several) for word, several in index.items()}


@cache
def _by_label() -> Mapping[str, str]:
    """Return the councils' names by their areas as one word in small letters, as in an address."""
    return {area.replace(" ", ""): name for area, name in _by_area().items()}


@cache
def _by_area() -> Mapping[str, str]:
    """Return the councils' names by their areas, folded."""
    return {fold_name(council.area): council.name for council in councils() if council.area}


_KINDS = (
    r"(?:County|City|Borough|District|Metropolitan Borough|Metropolitan District|Metropolitan|Town"
    r"|County Borough|Unitary|City and County|Royal Borough)"
)
_NAME_BEFORE = Expression(
    rf"(?:(?<!\w)[A-Z][\w'’-]{{1,30}}(?: and| upon| on| of| &)? ?){{1,4}} {_KINDS} $"
)
_LONGEST_NAME = 80
"""The characters before "County Council" in which the name is looked for."""
_BOROUGHS = Expressions(
    (
        "borough_of",
        r"\b(?:London|Royal|Metropolitan) Borough of"
        r" (?:[A-Z][\w'’-]+(?: (?:and|upon|&) (?=[A-Z]))? ?){1,3}",
    )
)
_OLD_COUNTIES = frozenset(word_list("others.old_counties"))
_NOT_COUNCILS = Expression(
    r"(?:['’]s)?(?: (?:and|of|the|&|[A-Z][\w'’-]*)){0,4}?"
    r" (?:[Pp]olice|Constabulary|Fire|University|College|NHS|ICB|Trust|Hospitals?|Integrated Care"
    r"|Railway"
    r"|Ambulance|Airport|Football|FC|Diocese|Cathedral|Mosque|Probation|Prison|Crown Court"
    r"|Magistrates"
    r"|Academy|School|Gazette|Chamber|Road|Street|Lane|Avenue|Square|House|Hall|Park|Healthcare"
    r"|Foundation)\b"
)
_BEFORE_ANOTHER = Expression(
    r"(?:Greater|Duke of|University of|NHS|Diocese of|Bishop of|HMP|Lord Lieutenant of|Mr|Mrs"
    r"|Ms|Miss"
    r"|Dr|Cllr"
    r"|Councillor|[A-Z][a-z]+) $"
)
_PLACED = Expression(
    r"(?:\b(?:in|across|for|of|from|to|with|by|and|or|throughout|at|within|between|like|than) "
    r"|, |^|[.:(] )$"
)
_HELP = "correct it, or list the council under partners if the letter is allowed to name it"
_REGIONS = (
    "North East,North West,Yorkshire and the Humber,East Midlands,West Midlands,East of England"
    ",South East,South West"
).split(",")
_JOINT_POLICING = {("North East", "Yorkshire and the Humber"), ("South East", "London")}
"""Regions whose Counter Terrorism Policing is that of another region, too."""
_OF_REGION = Expressions(
    (
        "East West Midlands England Humber",
        rf"(?:Counter[- ]Terrorism Policing |\bCTP |\b[Tt]he |\b(?:in|of|across) (?=York|East of))"
        rf"(?P<region>{'|'.join(_REGIONS)})\b"
        r"(?! (?:[A-Z]|of (?!England)|(?:side|end|gate|wing|part|ward|corner)\b))",
    )
)


def _own(context: RuleContext) -> str:
    """Return all names that the letter is allowed to have, folded, as words between spaces."""
    lines = (context.line(*path) for path in (("authority",), ("area",), ("addressee", "address")))
    return f" {' | '.join(map(_words, (*lines, *context.partners, *context.own_names)))} "


def _words(name: str) -> str:
    """Return the words of a name, folded, with a space between two."""
    return " ".join(_WORD.findall(fold_name(name)))


_WORD = re.compile(r"[\w'’-]+")


def _is_own(name: str, own: str) -> bool:
    return f" {_words(name)} " in own


def _other_councils(context: RuleContext, own: str) -> Iterator[tuple[RuleBlock, int, str, str]]:
    """Yield the names of other councils and counties: block, offset, name, and the message."""
    if not context.line("authority"):
        return
    for block, offset, words in _named_councils(context):
        name = re.sub(r"^(?:The|Both|And|With|As|In|For|While) ", "", words.strip())
        if " and " in name and name not in _all_names():
            name = (
                name.rpartition(" and ")[2]
                if name.endswith("Council")
                else name.partition(" and ")[0]
            )
        short = re.sub(rf" {_KINDS} Council$|^\w+ Borough of ", "", name)
        if short and not _is_own(name, own) and not _is_own(short, own):
            yield block, offset + words.index(name), name, "is another council"
    title = own.title()
    for word in sorted(w for w in context.words if w.endswith("shire") and w.istitle()):
        if word in title or _is_own(word, own) or word in _OLD_COUNTIES or word in _all_words():
            continue
        if any(is_misspelling(word, name) for name in title.split() if len(name) > 4):
            continue  # PL305 tells of it
        for block, match in _places(context, word):
            yield block, match.start(), word, "is not the letter's area, nor any county"
    yield from _real_councils(context, own)
    for block, match in _ADDRESSES.find(context):
        name = _by_label().get(match["label"], "")
        if name and match["label"] not in own.replace(" ", ""):
            yield block, match.start(), match[0], f"is an address of {name}"


_ADDRESSES = Expressions((".gov.uk", r"(?<![\w-])(?P<label>[a-z-]{3,40})\.gov\.uk\b"))


def _named_councils(context: RuleContext) -> Iterator[tuple[RuleBlock, int, str]]:
    """Yield each name such as "X County Council" or "London Borough of X", and its offset."""
    authority = context.line("authority")
    for number in sorted(context.blocks_with(" council")):
        block = context.blocks[number]
        end = 0
        for match in re.finditer(r"Council\b", block.text):
            start = max(end, match.start() - _LONGEST_NAME)
            end = match.end()
            is_own = block.text.endswith(authority, start, end)
            before = re.search(_NAME_BEFORE, "" if is_own else block.text[start : match.start()])
            if before:
                yield block, start + before.start(), before[0] + match[0]
    for block, match in _BOROUGHS.find(context):
        yield block, match.start(), match[0]


def _places(context: RuleContext, name: str) -> Iterator[BlockMatch]:
    """Yield where the text has a name that is not part of another body's or a person's."""
    expression = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    for number in sorted(context.blocks_with(name.lower())):
        block = context.blocks[number]
        for match in expression.finditer(block.text):
            before = block.text[max(0, match.start() - 40) : match.start()]
            if not re.search(_BEFORE_ANOTHER, before) and not re.compile(_NOT_COUNCILS).match(
                block.text, match.end()
            ):
                yield BlockMatch(block, match)


def _real_councils(context: RuleContext, own: str) -> Iterator[tuple[RuleBlock, int, str, str]]:
    """Yield the areas of other real councils, but those of the authority's own county."""
    index = _by_first_word()
    if context.words.isdisjoint(index):
        return
    area = fold_name(context.line("area"))
    named = (council for word in sorted(context.words & index.keys()) for council in index[word])
    others = [c for c in named if c.area in context.text and not _is_own(c.area, own)]
    if not others:
        return
    groups = {c.group for c in councils() if c.group and f" {_folded(c)} " in own}
    for council in others:
        name = council.area
        is_own = area.startswith(fold_name(name)) or fold_name(name).startswith(area)
        for block, match in _places(context, name) if council.group not in groups else ():
            before = block.text[max(0, match.start() - 40) : match.start()]
            goes_on = re.match(rf" {_KINDS} Council| [A-Z]", block.text[match.end() :])
            is_placed = re.search(_PLACED, before) or re.match("['’]s ", block.text[match.end() :])
            is_named = block.text.startswith(" Council", match.end())
            if not is_own and ((is_placed and not goes_on) or is_named):
                yield block, match.start(), name, "is another council's area"


_DISTRICT_BODY = (
    r"\b[Cc]ounty and district\b"
    r"|\b[Dd]istrict (?:councils?|chief executives?|leaders?|authorities)\b"
)
_DISTRICTS = Expressions(("district", _DISTRICT_BODY))
_COUNTY = Expressions(
    (
        "county district county_councillor county_councillors county_hall",
        rf"\b[Cc]ounty (?:councillors?|hall)\b"
        rf"|\b[Tt]he county(?:['’]s)?\b(?! lines| court| show)|{_DISTRICT_BODY}",
    )
)
_BOROUGH = Expressions(
    (
        "borough borough's metropolitan_borough",
        r"\b(?:[Tt]he|[Ii]n a) (?:borough\b(?! (?:and district )?councils)|[Mm]etropolitan"
        r" [Bb]orough\b(?! of| [Cc]ouncils?))",
    )
)
_PLACES = Expressions(
    (
        "mayor_of bishop_of sheriff_of voluntary_action citizens_advice Healthwatch",
        r"\b(?:Mayor of|Bishop of|Sheriff of|Voluntary Action|Citizens Advice|Healthwatch)"
        r" (?P<place>(?!Bureau|Service|Scotland|England|Wales)[A-Z][a-z]+"
        r"(?: (?:and )?[A-Z][a-z]+)?)\b(?P<safer>)",
    ),
    (
        "LBTH LBBD LBHF LBWF LBRUT RBKC RBWM",
        r"\b(?:LB[A-Z]{2,3}|RBKC|RBWM)\b(?P<safer>)(?P<place>)",
    ),
    (
        "had_a made_good made_steady made_real made_further made_strong made_great made_progress"
        " meets_the exceeds_the be_proud takes_prevent does_well does_very",
        r"(?:^|(?<=[.!?] ))(?P<place>[A-Z][a-z]{3,20}) (?:has (?:had an? \w+ year"
        r"|made (?:\w+ )?progress)|(?:meets|exceeds) the duty|(?:should|can) be (?:\w+ )?proud"
        r"|takes Prevent seriously|does (?:very )?well)\b(?P<safer>)",
    ),
    ("royal_borough", r"\b[Tt]he [Rr]oyal [Bb]orough\b(?! of)(?P<safer>)(?P<place>)"),
    (
        "MOPAC GMCA tri_borough bi_borough",
        r"\b(?:MOPAC|GMCA|(?:tri|bi)-borough)\b(?P<safer>)(?P<place>)",
    ),
    (
        "Safer",
        r"\bSafer (?P<safer>[A-Z][a-z]+(?: (?:and )?[A-Z][a-z]+)?)"
        r" (?:Partnership|pages?|website|team|board|hub)\b(?P<place>)",
    ),
    (
        "intranet Guildhall town_hall civic_centre safeguarding_adults safeguarding_children"
        " community_safety prevent_board prevent_partnership prevent_team prevent_delivery"
        " prevent_lead",
        r"[Tt](?<!\w.)he (?P<place>[A-Z][a-z]{3,20}) (?:intranet|Town Hall|Guildhall|Civic Centre"
        r"|Safeguarding (?:Adults|Children)|Community Safety Partnership"
        r"|Prevent (?:[Bb]oard|[Pp]artnership(?: [Bb]oard)?|[Tt]eam|[Dd]elivery"
        r"|[Ll]ead))\b(?P<safer>)",
    ),
    (
        "london_borough london_boroughs",
        r"\b(?:[Nn]eighbouring|[Aa]djoining|[Oo]ther|[Ii]nner|[Oo]uter) London [Bb]oroughs?\b"
        r"|\b[Tt]he London [Bb]orough\b(?! of)"
        r"(?P<safer>)(?P<place>)",
    ),
)
_NO_PLACES = frozenset(word_list("others.no_places"))


@rule("PL331", "warning", english=True)
def another_council(context: RuleContext) -> Problems:
    """The text names another council, county or region than the letter's, or a borough's county."""
    known: set[tuple[int, int]] = set()
    own = _own(context)
    for block, offset, name, message in _other_councils(context, own):
        if (id(block), offset) not in known:
            known.add((id(block), offset))
            yield block.problem_at(offset, name, f"{quote(name)} {message}", _HELP)
    authority, partners = context.line("authority"), " ".join(context.partners)
    area = fold_name(context.line("area"))
    real_name = _by_area().get(area, "")
    has_county = re.search("County(?! Borough)|District", f"{authority} {partners} {real_name}")
    other_kind: Expressions | None = None
    if re.search(r"London|Metropolitan|Royal|City", authority) and not has_county:
        other_kind, why = _COUNTY, "is in no county council's area"
    elif "County Council" in authority and "Borough" not in partners:
        other_kind, why = _BOROUGH, "is a county's"
    elif not has_county and ("County Borough" in authority or "Borough" not in authority):
        other_kind, why = _DISTRICTS, "has no districts"
    for block, match in other_kind.find(context) if other_kind else ():
        message = f"{quote(match[0])}: {authority} {why}"
        yield block.problem(match, message, "correct it: this may be another council's text")
    for block, match in _PLACES.find(context):
        unnamed = "North West" if match[0] == "GMCA" else "London"
        place = match["safer"] or match["place"] or unnamed
        places = fold_name(f"{own} {context.line('advisor', 'region')} {real_name}")
        if fold_name(place) not in places and place not in _NO_PLACES:
            message = f"{quote(match[0])}: {place} is not the letter's area"
            yield block.problem(match, message, _HELP)
    region = context.line("advisor", "region")
    if region in (*_REGIONS, "London", "Wales"):
        for block, match in _OF_REGION.find(context):
            is_joint = match[0].startswith("C") and (match["region"], region) in _JOINT_POLICING
            if match["region"] != region and not is_joint:
                message = f"the advisor's region is {region}, and the text says {match['region']}"
                yield block.problem(match, message, "correct the text or the region")


# Recommendations to others.

_BODIES = (
    r"(?:Home Office(?: press team| communications team)?|Home Secretary|Welsh Government"
    r"|[Ff]ire(?: and rescue)? service|[Aa]mbulance service|[\w ]{3,40}? of the police"
    r"|[Pp]olice and [Cc]rime [Cc]ommissioner|[Cc]onstabulary|(?:mental )?[Hh]ealth (?:board|trust)"
    r"|[Tt]rust|[Ss]chool|[Cc]ollege|[Uu]niversity|[Cc]ompany|[Cc]hief [Cc]onstable|[Hh]ospital"
    r"|[Aa]cademy|[Pp]rison|Department for Education|DfE|Department of Health|[Gg]overnment"
    r"|NHS England|[Nn]eighbourhood policing(?: teams?)?"
    r"|(?:[A-Z]\w+ )*[Ii]ntegrated [Cc]are [Bb]oard"
    r"|[Pp]robation(?: [Ss]ervice)?|(?:[A-Z]\w+ )+Trust|Ofsted|CTP(?: [A-Z]\w+){0,2}"
    r"|(?:[A-Z]\w+ )+(?:Mercury|Gazette|Herald|Echo|Chronicle)|[Ff]orce"
    r"|Ministry of \w+|Counter[- ]Terrorism Policing(?: [A-Z]\w+){0,2}|Crown"
    r" Prosecution Service|Charity Commission|Prevent Directorate|Homeland Security Group|police"
    r"|NHS|[Pp]robation service"
    r"|(?:Schools|GPs|Department|Head ?teachers|Governors|Colleges|Universities|Parents|Mosques"
    r"|[Ii]nternet providers|(?:\w+ )?hall committees|[Ss]ocial media companies)"
    r"(?= (?:should|must|ought to) (?!(?:all |also |each )?(?:be|have|feel|know|not) (?!\w+ing\b)))"
    r"|Police|(?:[A-Z]\w+ ){1,3}(?:Police|Constabulary)|(?:local |regional )police|regional advisor"
    rf"|(?:[A-Z][\w'’-]+ ){{1,4}}?{_KINDS} Council|(?:London|Royal) Borough of [A-Z]\w+)"
)
_BEFORE_BODY = Expression(r"[.!?:;] |[Tt]hat | and ")
_WRONG_BODY = Expression(
    rf"(?:- )?(?:[Tt]he |[Yy]our )?(?P<body>{_BODIES})"
    r"(?: and (?:the |your |its )?[a-z][\w’' -]{2,40}?)?"
    r"(?: (?:(?:now |also )?(?:should|must|needs? to|ought to"
    r"|may (?:wish|like) to)|(?:is|are) (?:asked|advised|urged|encouraged) to)\b"
    r"(?! (?:all |also |each )?(?:be|have been) (?:asked|invited|consulted|told|involved"
    r"|informed|given|shown|offered|included|represented|encouraged|thanked))"
    r"| (?P<verb>(?!(?:is|are|be) )[a-z]+)\b)"
)
_RECOMMENDED = Expression(r"\b(?:recommend(?:s|ed)?|suggest(?:s|ed)?|propos(?:e|ed)) that $")

_AREAS = ("city", "county", "district", "borough")
_AREA = "|".join(_AREAS)
_BODY_WORDS = frozenset(word_list("others.body_words"))
_ASKS = ("should", "must", "need", "ought", "recommend", "suggest", "propos", "wish", "like to")
_ASKED_OF = (
    r"(?P<body>(?:trust|school|college|university|company|[Cc]hief [Cc]onstable|hospital|academy"
    r"|prison|[Pp]olice(?: and [Cc]rime [Cc]ommissioner)?|force|health board|charity|DfE"
    r"|Home Office|Department for Education|regional advisor))"
)
_ASKED_BODY = Expressions(
    (
        "ask_the advise_the urge_the invite_the encourage_the recommend_the",
        r"\bI(?:['’]d)? (?:would |should |will )?(?:also )?(?:ask|advise|urge|invite|encourage"
        rf"|recommend) the {_ASKED_OF} to\b",
    ),
    (
        " ".join(
            f"{body}_{verb}"
            for body in ("districts", "district", "councils", "universities")
            for verb in ("should", "must")
        ),
        r"(?:^|(?<=[.;] )|(?<=^- ))(?:The |Both |All )?(?:remaining |other |six |seven |five )?"
        r"(?P<body>[Dd]istrict councils?|[Dd]istricts?|[Uu]niversities) (?:should|must)\b"
        r"(?! (?:be|have|all|also|each)\b)",
    ),
    ("is_for_the", rf"\b(?:[Ii]t|[Tt]his) is for the {_ASKED_OF} to [a-z]+"),
    (
        "ask_our ask_my",
        r"\bI (?:will|shall) (?:also )?ask (?:our|my) (?:own )?(?P<body>[\w ]{3,30}?) to\b",
    ),
)
_OTHER_KIND = Expressions(
    (
        " ".join(f"the_{area}_council" for area in _AREAS),
        rf"[Tt](?<!\w.)he ({_AREA}) council(?:['’]s [a-z ]{{4,20}}?)?,?"
        r"(?: should| must| needs to| adopts?| writes?| makes?|,? with )"
        rf"|\brecommend that the ({_AREA}) council\b",
    ),
    (
        " ".join(f"{area}_{verb}" for area in _AREAS for verb in ("should", "must", "needs")),
        rf"(?:^|(?<=[.!?] ))The ({_AREA}) (?:should|must|needs to)\b",
    ),
)


@rule("PL329", "warning", english=True)
def wrong_body(context: RuleContext) -> Problems:
    """A recommendation says what another body than the authority should do."""
    authority = context.line("authority").lower()
    own = f" {fold_name(authority)} {fold_name(context.line('area'))} "
    has_kind = any(word in authority for word in (*_AREAS, "shire"))
    for block, match in _OTHER_KIND.find(context) if has_kind else ():
        kind = next(filter(None, match.groups()))
        is_own = kind in authority or (kind == "county" and "shire" in authority)
        if block.recommends and not is_own:
            message = f"{quote(match[0])}: the letter is to {context.line('authority')}"
            yield block.problem(match, message, "say what the authority should do")
    short = rf" (?:{_KINDS} )?Council$|^\w+ Borough of "
    partners = tuple(re.sub(short, "", name) for name in context.partners)
    recommending = [block for block in context.blocks if block.recommends]
    for block in recommending:
        for words, offset in _asked_partners(block, partners):
            message = f"this recommends something to another council: {quote(words)}"
            help = "say what the authority should do, such as: agree it with them"
            yield block.problem_at(offset, words, message, help)
    asked = [(block, match) for block in recommending for match in _asked_bodies(block.text)]
    asked += [found for found in _ASKED_BODY.find(context) if found.block.recommends]
    for block, match in asked:
        if fold_name(match["body"]) not in own:
            message = f"this recommends something to another body: {quote(match[0])}"
            help = f"say what the authority should do, such as: ask {match['body']} to ..."
            yield block.problem(match, message, help)


_ASKED = Expression(
    rf"(?: (?:{_KINDS} )?Council)?(?: and [A-Z]\w+)?"
    r" (?:should|must|needs? to|to (?=[a-z]+ (?:a|an|the|its|their)\b)[a-z]+)\b"
)


def _asked_partners(block: RuleBlock, partners: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield "X should" and "X to publish" at the start of a sentence, where X is a partner."""
    begins = [start for _, start in block.sentences]
    begins += [match.end() for match in re.finditer("; ", block.text)]
    for start in begins:
        offset = start + len(block.mark) + 1 if block.mark and not start else start
        for name in partners if block.text.startswith(partners, offset) else ():
            match = re.compile(_ASKED).match(block.text, offset + len(name))
            if match and block.text.startswith(name, offset):
                yield block.text[offset : match.end()], offset


def _asked_bodies(text: str) -> Iterator[re.Match[str]]:
    """Yield "The police should", "I recommend that Ofsted writes" and the like."""
    if not any(word in text for word in _ASKS) or not any(word in text for word in _BODY_WORDS):
        return
    expression = re.compile(_WRONG_BODY)
    for start in (0, *(match.end() for match in re.finditer(_BEFORE_BODY, text))):
        match = expression.match(text, start)
        is_joined = text[:start].endswith(" and ")
        if not match or (is_joined and not match["body"][0].isupper()):
            continue
        if not match["verb"] or (not is_joined and re.search(_RECOMMENDED, text[:start])):
            yield match


# Other people.

_THANKS = Expressions(
    (
        "thank Thank",
        r"\b[Tt]hank you,? (?:again,? )?(?P<name>(?:(?:Mr|Ms|Mrs|Miss|Dr|Cllr|Councillor|Sir"
        r"|Dame)\.? )?"
        r"[A-Z][a-z]+(?: [A-Z][\w'’-]+)?),? for\b",
    ),
    (
        "grateful_to thanks_to",
        r"\b(?:grateful|thanks) to (?P<to>(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|Sir"
        r"|Dame)\.? [A-Z][\w'’-]+"
        r"(?: [A-Z][\w'’-]+)?)(?= and| for|,)",
    ),
)


@rule("PL332", "warning")
def another_person(context: RuleContext) -> Problems:
    """The e-mail address is not the advisor's, or somebody is not the one whom the letter names."""
    email, name = context.line("advisor", "email"), context.line("advisor", "name")
    parts = re.findall(r"[a-z]{3,}", email.partition("@")[0].lower())
    known = {*re.findall(r"\w+", fold_name(name))}
    is_personal = re.fullmatch(r"[A-Za-z]+[._][A-Za-z'-]+[0-9]?", email.partition("@")[0])
    names = [word for word in known if len(word) > 2]
    fitting = [part for part in parts if any(part in word or word in part for word in names)]
    others = [part for part in parts if part not in fitting]
    is_near = any(is_misspelling(part, word) for part in others for word in names)
    if is_personal and len(known) > 1 and parts and (is_near or not fitting):
        message = f"{email} is not the advisor's name, {name}"
        yield Problem(("advisor", "email"), message, "correct the address or the name")
    yield from _another_surname(context)
    people = [context.line("addressee", "name"), context.line("addressee", "greeting")]
    people += map(str, context.listed("cc"))
    words = {*re.findall(r"\w+", fold_name(" ".join(people)))}
    for block, match in _THANKS.find(context):
        name = next(filter(None, match.groups()))
        thanked = re.findall(r"\w+", fold_name(name))
        if people[0] and not words & {word for word in thanked if len(word) > 3}:
            message = f"the letter goes to {people[0]}, and {quote(name)} is thanked"
            yield block.problem(match, message, "correct the name")


def _another_surname(context: RuleContext) -> Problems:
    """Yield problems at people with a first name of the copy list, and another surname."""
    people = [context.line("addressee", "name"), *map(str, context.listed("cc"))]
    names = [
        name.split() for name in people if re.fullmatch(r"[A-Z][a-z]{2,20} [A-Z][\w'’-]+", name)
    ]
    known = {(first, last) for first, last in names}
    firsts = sorted({first for first, _ in known} & context.words)
    for block in context.blocks if firsts else ():
        for match in re.finditer(rf"\b({'|'.join(firsts)}) ([A-Z][a-z'’-]+)\b", block.text):
            if (match[1], match[2]) not in known:
                own = " or ".join(sorted(" ".join(name) for name in known if name[0] == match[1]))
                message = f"{quote(match[0])} is named, and the letter goes to {own}"
                yield block.problem(match, message, "correct the name, if the same person is meant")
