"""Rules on the names of the area, authority and addressee (PL305, PL306, PL310, PL313 to PL315)."""

import re

from prevent_letter.core.display import quote
from prevent_letter.core.names import fold_name
from prevent_letter.rules.context import Problem, Problems, RuleContext, is_nothing, rule, word_list
from prevent_letter.rules.notes import PLACEHOLDERS

_ORDINARY = frozenset(word_list("names.ordinary"))
"""Words that may look like misspelt names, but begin a sentence or are part of other names."""
_TITLES = frozenset(word_list("names.titles"))
_MOST_NAMES = 60
"""The limit on how many words of the names are compared."""


@rule("PL305", "warning")
def misspelt_name(context: RuleContext) -> Problems:
    """A word looks like a misspelt name: of the area, authority, addressee or a partner."""
    paths = (("area",), ("authority",), ("addressee", "name"), ("addressee", "greeting"))
    named = " ".join(context.line(*path) for path in paths)
    advisor, cc = context.line("advisor", "name"), str(context.draft.source.value("cc"))
    known = set(
        re.findall(r"\w+", " ".join((named, *context.partners, *context.own_names, advisor, cc)))
    )
    words = re.findall(r"\w+", " ".join((named, *context.partners)))[:_MOST_NAMES]
    names = {word for word in words if len(word) > 4 and word[0].isupper()} - _TITLES
    initials = {name[0] for name in names}
    others = [word for word in context.words - known if len(word) > 3 and word[0] in initials]
    others = [word for word in others if word not in _ORDINARY]
    misspelt = {word: name for word in others for name in names if is_misspelling(word, name)}
    if misspelt:
        pattern = re.compile(rf"\b(?:{'|'.join(misspelt)})\b")
        for block in context.blocks:
            for match in pattern.finditer(block.text):
                name = misspelt[match[0]]
                message = f"{quote(match[0])} looks like a misspelling of {name}"
                yield block.problem(match, message, f"did you mean {name}?")


@rule("PL315", "warning")
def misspelt_area(context: RuleContext) -> Problems:
    """A word of the area looks like a misspelling of a word in the authority's name."""
    authority = {*re.findall(r"\w+", context.line("authority"))[:_MOST_NAMES]} - _TITLES
    for word in re.findall(r"\w{4,}", context.line("area"))[:_MOST_NAMES]:
        for name in sorted(name for name in authority - {word} if len(name) > 4):
            if is_misspelling(word, name):
                message = f"the area {quote(word)} and the authority's name ({name})"
                message += " spell this differently"
                yield Problem(("area",), message, "correct the one that is wrong", word)


def is_misspelling(word: str, name: str) -> bool:
    """Return True if a word is a name with a letter missing, added or changed, or two swapped."""
    if word[0] != name[0] or word.rstrip("s") == name.rstrip("s"):
        return False
    if len(word) == len(name):
        pairs = enumerate(zip(word, name, strict=True))
        differing = [number for number, (one, other) in pairs if one != other]
        if len(differing) != 2:
            return len(differing) == 1
        first, second = differing
        is_swap = word[first] == name[second] and word[second] == name[first]
        return is_swap and second == first + 1
    shorter, longer = sorted((word, name), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    return any(longer[:n] + longer[n + 1 :] == shorter for n in range(1, len(longer)))


@rule("PL306", "warning")
def address_without_authority(context: RuleContext) -> Problems:
    """The address does not contain the authority's name: it may be another council's address."""
    path = ("addressee", "address")
    authority, address = context.line("authority"), context.draft.source.value(*path)
    if not authority or not isinstance(address, str) or not address.strip():
        return
    lines = ", ".join(fold_name(line).rstrip(",") for line in address.split("\n"))
    if f", {fold_name(authority).rstrip(',')}," in f", {lines},":
        return
    written = context.draft.source.written(path)
    if written[:1] not in ("|", ">", "'", '"') and "\n" in written.strip():
        message = "the address has no | before it, so its lines run together"
        help = "write a | after address:, and begin the address on the next line"
        yield Problem(path, message, help)
        return
    message = f'the address has no line "{authority}": is it another council\'s?'
    yield Problem(path, message, "write the authority's name as a line of the address")


@rule("PL310", "warning")
def greeting(context: RuleContext) -> Problems:
    """The greeting has the "Dear" or the comma that the letter adds to it."""
    written = context.line("addressee", "greeting")
    if re.match(r"(?i:dear|annwyl)\b", written) or written.endswith((",", ":")):
        message = f"the letter would begin: Dear {written},"
        help = "write only the words that come between Dear and the comma"
        yield Problem(("addressee", "greeting"), message, help)


_NOT_NAMES = frozenset(word_list("names.not_names"))


@rule("PL313", "warning")
def greeting_of_another(context: RuleContext) -> Problems:
    """The greeting has no word of the addressee's name: one of the two may be last year's."""
    name, written = context.line("addressee", "name"), context.line("addressee", "greeting")
    words = {*re.findall(r"\w+", fold_name(written))} - {"and"}
    known = {*re.findall(r"\w+", fold_name(name)), *_NOT_NAMES}
    is_placeholder = any(PLACEHOLDERS.find_in_text(name))
    if name and words and not words & known and not is_placeholder:
        message = f"the greeting is {quote(written)}, but the letter goes to {quote(name)}"
        yield Problem(("addressee", "greeting"), message, "correct the greeting or the name")


@rule("PL314", "warning")
def none_for_a_name(context: RuleContext) -> Problems:
    """``cc`` or ``partners`` has an item "None" or "N/A", where the item can simply be left out."""
    for key in ("cc", "partners"):
        for number, item in enumerate(context.listed(key)):
            if isinstance(item, str) and is_nothing(item):
                message = f"{quote(item)} is read as a name here"
                help = f"delete it; if it is the only item, delete {key}: too"
                yield Problem((key, number), message, help)
