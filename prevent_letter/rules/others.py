"""Rules on other bodies and people than the letter's own (PL329, PL331, PL332)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from prevent_letter.core.display import quote
from prevent_letter.core.names import fold_name
from prevent_letter.rules.context import Problem, Problems, RuleBlock, RuleContext, rule, table
from prevent_letter.rules.expressions import Expressions
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


_KINDS = (
    r"(?:County|City|Borough|District|Metropolitan Borough|Metropolitan District|Metropolitan|Town"
    r"|County Borough|Unitary|City and County|Royal Borough)"
)
_COUNCILS = Expressions(
    (
        "Council Borough",
        rf"(?P<council>(?:[A-Z][\w'’-]+ (?:and |upon |on |of "
        rf"|& )?){{1,4}}?{_KINDS} Council)\b(?!lors?)"
        r"|(?P<borough>(?:London|Royal|Metropolitan) Borough of (?:[A-Z][\w'’-]+(?: (?:and|upon"
        r"|&) (?=[A-Z]))?"
        r" ?){1,3})",
    )
)
_COUNTIES = Expressions(("shire", r"\b[A-Z][a-z]{2,20}shire\b"), hints=(r"[A-Z][a-z]+shire\b",))
_OLD_COUNTIES = frozenset(
    "Ayrshire Bedfordshire Berkshire Caernarfonshire Cheshire Glamorganshire Huntingdonshire"
    " Lanarkshire Merionethshire Northamptonshire Perthshire Radnorshire Yorkshire".split()
)
_NOT_COUNCILS = re.compile(
    r"(?:['’]s)?(?: (?:and|of|the|&|[A-Z][\w'’-]*)){0,4}?"
    r" (?:[Pp]olice|Constabulary|Fire|University|College|NHS|ICB|Trust|Hospitals?|Integrated Care"
    r"|Railway"
    r"|Ambulance|Airport|Football|FC|Diocese|Cathedral|Mosque|Probation|Prison|Crown Court"
    r"|Magistrates"
    r"|Academy|School|Gazette|Chamber|Road|Street|Lane|Avenue|Square|House|Hall|Park|Healthcare"
    r"|Foundation)\b"
)
_BEFORE_ANOTHER = re.compile(
    r"(?:Greater|Duke of|University of|NHS|Diocese of|Bishop of|HMP|Lord Lieutenant of|Mr|Mrs"
    r"|Ms|Miss"
    r"|Dr|Cllr"
    r"|Councillor|[A-Z][a-z]+) $"
)
_PLACED = re.compile(
    r"(?:\b(?:in|across|for|of|from|to|with|by|and|or|throughout|at|within|between|like|than) "
    r"|, |^|[.:(] )$"
)
_HELP = "correct it, or list the council under partners if the letter is allowed to name it"
_REGIONS = (
    "North East,North West,Yorkshire and the Humber,East Midlands,West Midlands,East of England"
    ",South East,South West"
).split(",")
_OF_REGION = Expressions(
    (
        "East West Midlands England Humber",
        rf"(?:Counter[- ]Terrorism Policing |\b[Tt]he )(?P<region>{'|'.join(_REGIONS)})\b"
        r"(?= region\b|['’]s? region| network|(?<=Policing [A-Z])|[.,;]| has| have| and)",
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


def other_councils(context: RuleContext) -> Iterator[tuple[RuleBlock, int, str, str]]:
    """Yield the names of other councils and counties: block, offset, name, and the message."""
    if not context.line("authority"):
        return
    own = _own(context)
    for block, match in _COUNCILS.find(context):
        name = re.sub(r"^(?:The|Both|And|With|As|In|For|While) ", "", match[0].strip())
        if " and " in name and name not in _all_names():
            name = (
                name.rpartition(" and ")[2]
                if name.endswith("Council")
                else name.partition(" and ")[0]
            )
        short = re.sub(rf" {_KINDS} Council$|^\w+ Borough of ", "", name)
        if short and not _is_own(name, own) and not _is_own(short, own):
            yield block, match.start() + match[0].index(name), name, "is another council"
    own_words = [word for word in own.title().split() if len(word) > 4]
    for block, match in _COUNTIES.find(context):
        word = match[0]
        before = block.text[max(0, match.start() - 40) : match.start()]
        if _BEFORE_ANOTHER.search(before) or _NOT_COUNCILS.match(block.text, match.end()):
            continue
        if any(is_misspelling(word, name) for name in own_words):
            continue  # PL305 tells of it
        if word in own.title() or _is_own(word, own) or word in _OLD_COUNTIES:
            continue
        if word not in _all_words():
            yield block, match.start(), word, "is not the letter's area, nor any county"
    yield from _real_councils(context, own)


def _real_councils(context: RuleContext, own: str) -> Iterator[tuple[RuleBlock, int, str, str]]:
    """Yield the areas of other real councils, but those of the authority's own county."""
    index = _by_first_word()
    if context.words.isdisjoint(index):
        return
    area = fold_name(context.line("area"))
    groups = {c.group for c in councils() if c.group and f" {_folded(c)} " in own}
    for word in sorted(context.words & index.keys()):
        for council in index[word]:
            name = council.area
            if council.group in groups or _is_own(name, own) or name not in context.text:
                continue
            if area.startswith(fold_name(name)) or fold_name(name).startswith(area):
                continue
            for block in context.blocks:
                for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", block.text):
                    before = block.text[max(0, match.start() - 40) : match.start()]
                    if (
                        _PLACED.search(before)
                        and not _BEFORE_ANOTHER.search(before)
                        and not _NOT_COUNCILS.match(block.text, match.end())
                        and not re.match(rf" {_KINDS} Council| [A-Z]", block.text[match.end() :])
                    ):
                        yield block, match.start(), name, "is another council's area"


_COUNTY = Expressions(
    (
        "county county's districts",
        r"\b[Tt]he county(?:['’]s)?\b(?! lines| court| show)|\b[Dd]istrict councils\b",
    )
)


@rule("PL331", "warning", english=True)
def another_council(context: RuleContext) -> Problems:
    """The text names another council, county or region than the letter's, or a borough's county."""
    known: set[tuple[int, int]] = set()
    for block, offset, name, message in other_councils(context):
        if (id(block), offset) not in known:
            known.add((id(block), offset))
            yield block.problem_at(offset, name, f"{quote(name)} {message}", _HELP)
    authority, partners = context.line("authority"), " ".join(context.partners)
    if re.search(r"London|Metropolitan|Royal|City", authority) and "County" not in partners:
        for block, match in _COUNTY.find(context):
            message = f"{quote(match[0])}: {authority} is in no county council's area"
            yield block.problem(match, message, "correct it: this may be another council's text")
    region = context.line("advisor", "region")
    if region in (*_REGIONS, "London"):
        for block, match in _OF_REGION.find(context):
            if match["region"] != region:
                message = f"the advisor's region is {region}, and the text says {match['region']}"
                yield block.problem(match, message, "correct the text or the region")


# Recommendations to others.

_BODIES = (
    r"(?:Home Office|Home Secretary|Department for Education|DfE|Department of Health|[Gg]overnment"
    r"|NHS England|Ofsted|Ministry of \w+|Counter[- ]Terrorism Policing(?: [A-Z]\w+){0,2}|Crown"
    r" Prosecution Service|Charity Commission|Prevent Directorate|Homeland Security Group|police"
    r"|Police|(?:[A-Z]\w+ ){1,3}(?:Police|Constabulary)|regional advisor"
    rf"|(?:[A-Z][\w'’-]+ ){{1,4}}?{_KINDS} Council|(?:London|Royal) Borough of [A-Z]\w+)"
)
_WRONG_BODY = Expressions(
    (
        "should must needs need ought recommend recommends recommended",
        rf"(?:^|(?<=[.!?:;] )|(?<=^- )|(?<=\b[Tt]hat )|(?<=\b[Tt]hat the ))(?:The "
        rf"|the )?(?P<body>{_BODIES})"
        r"(?: and (?:the |your |its )?[a-z][\w’' -]{2,40}?)?(?: should| must| needs? to"
        r"| ought to)\b"
        r"(?! (?:all |also |each )?(?:be|have been) (?:asked|invited|consulted|told|involved"
        r"|informed|given|shown"
        r"|offered|included|represented|encouraged|thanked))"
        rf"|\brecommend(?:s|ed)? that (?:the )?(?P<that>{_BODIES})(?: and (?:the |your "
        rf"|its )?[a-z][\w’' -]{{2,40}}?)?"
        r" (?!(?:is|are|be) )[a-z]+\b",
    )
)


_AREAS = ("city", "county", "district", "borough")
_BODY_WORDS = frozenset(
    "Home Secretary Department DfE government Government NHS Ofsted "
    "Ministry Counter Crown Charity Directorate"
    " Homeland police Police Constabulary advisor Council Borough".split()
)
_ASKS = frozenset(
    "should must needs need ought recommend recommends recommended adopts writes makes".split()
)
_OTHER_KIND = Expressions(
    (
        "council council's should must needs",
        r"\b[Tt]he (?P<kind>city|county|district|borough) council(?:['’]s [a-z ]{4,20}?)?,?"
        r"(?: should| must| needs to| adopts?| writes?| makes?|,? with )"
        r"|(?:^|(?<=[.!?] ))The (?P<kind2>city|county|district|borough) (?:should|must|needs to)\b"
        r"|\brecommend that the (?P<kind3>city|county|district|borough) council\b",
    )
)


@rule("PL329", "warning", english=True)
def wrong_body(context: RuleContext) -> Problems:
    """A recommendation says what another body than the authority should do."""
    authority = context.line("authority").lower()
    own = f" {fold_name(authority)} {fold_name(context.line('area'))} "
    asked = (block for block in context.blocks if block.recommends)
    has_kind = any(word in authority for word in (*_AREAS, "shire"))
    for block in asked:
        if _ASKS.isdisjoint(block.lower_words):
            continue
        for match in _OTHER_KIND.find_in_text(block.text) if has_kind else ():
            kind = match["kind"] or match["kind2"] or match["kind3"]
            if kind not in authority and not (kind == "county" and "shire" in authority):
                message = f"{quote(match[0])}: the letter is to {context.line('authority')}"
                yield block.problem(match, message, "say what the authority should do")
        has_body = not _BODY_WORDS.isdisjoint(block.words)
        for match in _WRONG_BODY.find_in_text(block.text) if has_body else ():
            body = match["body"] or match["that"]
            if fold_name(body) not in own:
                message = f"this recommends something to another body: {quote(match[0])}"
                help = f"say what the authority should do, such as: ask {body} to ..."
                yield block.problem(match, message, help)


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
    """The e-mail address is not the advisor's, or somebody else than the addressee is thanked."""
    email, name = context.line("advisor", "email"), context.line("advisor", "name")
    parts = re.findall(r"[a-z]{3,}", email.partition("@")[0].lower())
    known = {*re.findall(r"\w+", fold_name(name))}
    is_personal = re.fullmatch(r"[A-Za-z]+[._][A-Za-z'-]+[0-9]?", email.partition("@")[0])
    if (
        is_personal
        and len(known) > 1
        and parts
        and not any(
            part in word or word in part for part in parts for word in known if len(word) > 2
        )
    ):
        message = f"{email} has no part of the advisor's name, {name}"
        yield Problem(("advisor", "email"), message, "correct the address or the name")
    people = [context.line("addressee", "name"), context.line("addressee", "greeting")]
    people += map(str, context.listed("cc"))
    words = {*re.findall(r"\w+", fold_name(" ".join(people)))}
    for block, match in _THANKS.find(context):
        name = next(filter(None, match.groups()))
        thanked = re.findall(r"\w+", fold_name(name))
        if people[0] and not words & {word for word in thanked if len(word) > 3}:
            message = f"the letter goes to {people[0]}, and {quote(name)} is thanked"
            yield block.problem(match, message, "correct the name")
