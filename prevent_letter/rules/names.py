"""The names of the area, the authority and the addressee (PL305, PL306, PL310, PL313 to PL315)."""

import re

from prevent_letter.assessment.fields import quoted
from prevent_letter.ground.names import folded
from prevent_letter.rules.judged import Judged, Verdict, Verdicts, is_nothing, rule
from prevent_letter.rules.notes import PLACEHOLDER


@rule("PL305", "a name is misspelt", "warning")
def misspelt_name(judged: Judged) -> Verdicts:
    """A word is nearly, but not quite, a word of the area's, the authority's or the addressee's name.

    Bad:
        area: Exampleshire
        summary: Exmapleshire meets the duty.
    Good:
        area: Exampleshire
        summary: Exampleshire meets the duty.
    """
    fields = (("area",), ("authority",), ("addressee", "name"), ("addressee", "greeting"))
    named = " ".join(judged.line(*at) for at in fields)
    others = " ".join(
        (*judged.partners, judged.line("advisor", "name"), str(judged.draft.source.value("cc")))
    )
    known = set(re.findall(r"\w+", f"{named} {others}"))
    names = {
        name for name in re.findall(r"\w+", named)[:60] if len(name) > 4 and name[0].isupper()
    } - _TITLES
    by_letter = {
        letter: [name for name in names if name[0] == letter]
        for letter in {name[0] for name in names}
    }
    slips = {
        word: name
        for word in judged.words - known
        if len(word) > 3 and word[0] in by_letter and word not in _ORDINARY
        for name in by_letter[word[0]]
        if _misspells(word, name)
    }
    for block in judged.blocks if slips else ():
        for found in re.finditer(rf"\b(?:{'|'.join(slips)})\b", block.text):
            name = slips[found[0]]
            yield block.verdict(
                found, f"{quoted(found[0])} is nearly {name}", f"did you mean {name}?"
            )


@rule("PL315", "the area is nearly a word of the authority's name", "warning")
def misspelt_area(judged: Judged) -> Verdicts:
    """A word of the area is nearly, but not quite, one of the authority's name: one of the two is misspelt.

    Bad:
        authority: Exampleshire County Council
        area: Exampleshre
    Good:
        authority: Exampleshire County Council
        area: Exampleshire
    """
    names = {*re.findall(r"\w+", judged.line("authority"))[:60]} - _TITLES
    for word in re.findall(r"\w{4,}", judged.line("area"))[:60]:
        for name in sorted(
            name for name in names - {word} if len(name) > 4 and _misspells(word, name)
        ):
            message = f"{quoted(word)} is nearly {name}, which the authority's name has"
            yield Verdict(("area",), message, "correct the one that is wrong", word)


_ORDINARY = frozenset(
    "Bath Both Coast Cost Dale Dates Dean Forest Hall Health Heath Hill Hull March North Port Reading Simple South "
    "Vale Welsh West Worth".split()
)
"""Words that begin a sentence, or stand in other names, and are nearly names."""
_TITLES = frozenset(
    "Borough Cabinet Chief Council County Director District Executive Leader London Mayor Member Office Officer Royal "
    "Service Services Unitary".split()
)


def _misspells(word: str, name: str) -> bool:
    """Whether a word is a name with one slip: a letter left out, added, or another; two changed round."""
    if word[0] != name[0] or abs(len(word) - len(name)) > 1 or word.rstrip("s") == name.rstrip("s"):
        return False
    if len(word) == len(name):
        differ = [
            at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other
        ]
        swapped = (
            len(differ) == 2
            and word[differ[0]] + word[differ[1]] == name[differ[1]] + name[differ[0]]
        )
        return (swapped and differ[1] == differ[0] + 1) or len(differ) == 1
    shorter, longer = sorted((word, name), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(1, len(longer)))


@rule("PL306", "the address lacks the authority's name", "warning")
def address_without_authority(judged: Judged) -> Verdicts:
    """The authority's name isn't in the address: another council's address may have survived.

    Bad:
        authority: Exampleshire County Council
        addressee:
          address: |
            County Hall
            Exampletown
    Good:
        authority: Exampleshire County Council
        addressee:
          address: |
            Exampleshire County Council
            County Hall
            Exampletown
    """
    authority, address = judged.line("authority"), judged.draft.source.value("addressee", "address")
    if not authority or not isinstance(address, str) or not address.strip():
        return
    lines = ", ".join(folded(line).rstrip(",") for line in address.split("\n"))
    if f", {folded(authority).rstrip(',')}," in f", {lines},":
        return
    written = judged.draft.source.written(("addressee", "address"))
    if written[:1] not in ("|", ">", "'", '"') and "\n" in written.strip():
        message = "the address has no | before it, so its lines run together"
        yield Verdict(
            ("addressee", "address"),
            message,
            "write a | after address:, and the lines as they are below it",
        )
        return
    message = f"no line of the address is {authority}"
    yield Verdict(
        ("addressee", "address"), message, "write the authority's name as a line of the address"
    )


@rule("PL310", "the greeting says more than a name", "warning")
def greeting(judged: Judged) -> Verdicts:
    """The letter writes "Dear", the greeting and a comma; here the greeting has one of these itself.

    Bad:
        addressee:
          greeting: Dear Chief Executive,
    Good:
        addressee:
          greeting: Chief Executive
    """
    written = judged.line("addressee", "greeting")
    if re.match(r"(?i:dear|annwyl)\b", written) or written.endswith((",", ":")):
        message = f"the letter would begin: Dear {written},"
        help = "write the name alone, as it stands between Dear and the comma"
        yield Verdict(("addressee", "greeting"), message, help)


_ANYBODY = frozenset(
    "all chief colleague colleagues councillor executive leader madam sir team".split()
)


@rule("PL313", "the greeting names somebody else", "warning")
def greeting_of_another(judged: Judged) -> Verdicts:
    """The greeting has no word of the addressee's name: last year's addressee may have survived in one of the two.

    Bad:
        addressee:
          name: Alex Example
          greeting: Sam
    Good:
        addressee:
          name: Alex Example
          greeting: Alex
    """
    name, written = judged.line("addressee", "name"), judged.line("addressee", "greeting")
    words = {*re.findall(r"\w+", folded(written))} - {"and"}
    if (
        name
        and words
        and not PLACEHOLDER.search(name)
        and not words & {*re.findall(r"\w+", folded(name)), *_ANYBODY}
    ):
        message = f"the greeting is {quoted(written)}, and the letter goes to {quoted(name)}"
        yield Verdict(("addressee", "greeting"), message, "correct the one or the other")


@rule("PL314", '"None" stands where a name belongs', "warning")
def none_for_a_name(judged: Judged) -> Verdicts:
    """Nothing but "None" or "N/A" stands under ``cc`` or ``partners``, where leaving the field out is enough.

    Bad:
        cc: [None]
    Good:
        cc: []
    """
    for key in ("cc", "partners"):
        for number, each in enumerate(judged.listed(key)):
            if isinstance(each, str) and is_nothing(each):
                yield Verdict(
                    (key, number),
                    f"{quoted(each)} stands here as a name",
                    f"delete {key}: and what follows it",
                )
