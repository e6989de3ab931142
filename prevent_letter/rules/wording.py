"""The prose and the names: what was left in or left out, typed twice or misspelt, and odd characters (PL3xx)."""

import re
from operator import eq

from prevent_letter.assessment.fields import label, quoted
from prevent_letter.rules import glyphs
from prevent_letter.rules.judged import Judged, Verdict, Verdicts, is_nothing, rule


@rule("PL301", "a placeholder is left in the letter", "error")
def placeholder(judged: Judged) -> Verdicts:
    """A placeholder of the draft is left in the prose, or in a name or another line of the letter.

    Bad:
        summary: Exampleshire has [insert number] trained staff.
    Good:
        summary: Exampleshire has 200 trained staff.
    """
    signs = ("TODO", "TBC", "TBD", "FIXME", "XX", "LOREM", "[", "<", "£", "???")
    upper = {passage: passage.upper() for passage in {block.passage for block in (*judged.blocks, *judged.lines)}}
    suspect = {passage for passage, text in upper.items() if any(sign in text for sign in signs)}
    for block in (*judged.blocks, *judged.lines) if suspect else ():
        if block.passage in suspect:
            for found in _PLACEHOLDER.finditer(block.text):
                yield block.verdict(found, f"a placeholder is left here: {quoted(found[0])}", "write what belongs here")


_PLACEHOLDER = re.compile(
    r"[\[<](?i:insert)\b[^\]>]{0,200}[\]>]?"
    r"|\[(?i:name|date|number|area|council|authority|add|tbc|to be|x+)\b"
    r"(?![^\]]{0,200}(?:redacted|removed|withheld))[^\]]{0,200}\](?!\()"
    r"|\b(?:(?i:todo|tbc|tbd|fixme)|X{3,}|(?:19|20)XX|XX%|(?i:xx/xx)(?:/\w+)?|(?i:lorem ipsum))(?!\w)|£XX+|\?{3,}"
)


@rule("PL302", "a paragraph or item doesn't end its sentence", "warning")
def unfinished(judged: Judged) -> Verdicts:
    """A paragraph or list item doesn't end its sentence.

    That is how a note of the draft shows that was left in at the end, or a text that was cut. An item that begins with
    a small letter, and one that ends with a semicolon or comma, goes on with the sentence before and after it.

    Bad:
        summary: Exampleshire meets the duty. Engagement with districts good
    Good:
        summary: Exampleshire meets the duty. Engagement with districts is good.
    """
    for block in judged.blocks:
        words = block.text.removeprefix(block.mark).lstrip(" ")
        if block.text.endswith((".", "!", "?")) or is_nothing(words):
            continue
        item = bool(block.mark) or block.at[0] == "key_recommendations"
        text = re.sub(r"\]\([^)]{0,2000}\)|\[[0-9]{1,9}\]$", "", words.rstrip("¹²³")).rstrip("*_)]}\"'’”»")
        runs_on = item and (text.endswith((";", ",", "; and", "; or", ", and", ", or")) or words[0].islower())
        introduces = text.endswith(":") and not block.last
        if not (text.endswith((".", "!", "?", "…")) or runs_on or introduces):
            last = " ".join(words.rsplit(" ", 4)[-4:])
            message = f"this {'item' if item else 'paragraph'} doesn't end its sentence: {quoted('... ' + last)}"
            help = "end it with a full stop, or delete what was left in"
            yield Verdict(block.at, message, help, last, block, len(block.text) - len(last))


@rule("PL303", "a word stands twice", "warning")
def doubled_word(judged: Judged) -> Verdicts:
    """A word stands twice in a row. "Had had" and "that that" may be right and are left alone.

    Bad:
        summary: The board meets in the the autumn.
    Good:
        summary: The board meets in the autumn.
    """
    for block in judged.blocks:
        words = re.findall(r"[^\W_]+", block.text.lower())
        for found in _DOUBLED.finditer(block.text) if any(map(eq, words, words[1:])) else ():
            first, second = found[0].split()[0], found[0].split()[-1]
            named = first[0].isupper() and (second[0].isupper() or first.lower() in ("will", "may", "mark", "bill"))
            if first.lower() not in ("had", "that") and not (named and len(first) > 2 and first != "The"):
                yield block.verdict(found, f"{quoted(found[1])} stands twice here", "delete one of the two")


_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]{2,}(?:['’][^\W\d_]+)?)[*_]* [*_]*\1(?![\w'’-])", re.I)


@rule("PL304", "another period than the letter's", "warning")
def another_period(judged: Judged) -> Verdicts:
    """A period is named that isn't the letter's: a trace of last year's letter, as a rule.

    Bad:
        period: 2021/2022
        summary: In 2020/2021 the board met twice.
    Good:
        period: 2021/2022
        summary: In 2021/2022 the board met twice.
    """
    if not re.fullmatch(r"[0-9]{4}/[0-9]{4}", period := judged.line("period")):
        return
    for block in judged.blocks:
        for found in re.finditer(r"\b((?:19|20)[0-9]{2}) ?[/–-] ?((?:19|20)?[0-9]{2})\b(?![-/–])", block.text):
            first, last = int(found[1]), int(found[2][-2:])
            if (first + 1) % 100 == last and first != int(period[:4]):
                message = f"{quoted(found[0])} isn't the letter's period, {period}"
                yield block.verdict(found, message, "correct the one or the other")


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
    others = " ".join((*judged.partners, judged.line("advisor", "name"), str(judged.draft.source.value("cc"))))
    known = set(re.findall(r"\w+", f"{named} {others}"))
    names = {name for name in re.findall(r"\w+", named) if len(name) > 4 and name[0].isupper()} - _TITLES
    slips = {
        word: name
        for word in judged.words - known
        if len(word) > 3 and word[0].isupper()
        for name in sorted(names)
        if _misspells(word, name)
    }
    for block in judged.blocks if slips else ():
        for found in re.finditer(rf"\b(?:{'|'.join(slips)})\b", block.text):
            name = slips[found[0]]
            yield block.verdict(found, f"{quoted(found[0])} is nearly {name}", f"did you mean {name}?")


_TITLES = frozenset(
    "Borough Cabinet Chief Council County Director District Executive Leader London Mayor Member Office Officer Royal "
    "Service Services Unitary".split()
)


def _misspells(word: str, name: str) -> bool:
    """Whether a word is a name with one slip: two letters changed round, or one doubled or halved.

    In a name of eight letters and more also one left out, added or taken for another: short names are too near to
    ordinary words.
    """
    if word[0] != name[0] or abs(len(word) - len(name)) > 1 or word.rstrip("s") == name.rstrip("s"):
        return False
    shorter, longer = sorted((word, name), key=len)
    if len(word) == len(name):
        differ = [at for at, (one, other) in enumerate(zip(word, name, strict=True)) if one != other]
        swapped = len(differ) == 2 and word[differ[0]] + word[differ[1]] == name[differ[1]] + name[differ[0]]
        return (swapped and differ[1] == differ[0] + 1) or (len(differ) == 1 and len(name) >= 8)
    more = [at for at in range(1, len(longer)) if longer[:at] + longer[at + 1 :] == shorter]
    return bool(more) and (len(name) >= 8 or longer[more[0]] == longer[more[0] - 1])


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
    if authority and isinstance(address, str) and address.strip():
        wanted = _plain(authority)
        if wanted not in (_plain(line) for line in re.split(r"\n|, ", address)) and f"{wanted}," not in _plain(address):
            message = f"no line of the address is {authority}"
            yield Verdict(("addressee", "address"), message, "write the authority's name as a line of the address")


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("&", "and").replace("’", "'").split()).rstrip(",")


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


@rule("PL307", "straight and curly quotation marks are mixed", "warning")
def mixed_quotes(judged: Judged) -> Verdicts:
    """Straight and curly quotation marks, or apostrophes, are mixed in one letter.

    The rarer kind is reported, where it stands first. The standard wording has straight ones.

    Bad:
        summary: The council's plan is the partners’ plan.
    Good:
        summary: The council's plan is the partners' plan.
    """
    curly, straight = "‘’“”", "'\""
    many = {
        marks: sum(block.text.count(mark) for block in judged.blocks for mark in marks) for marks in (curly, straight)
    }
    if all(many.values()):
        rarer = min(many, key=lambda marks: many[marks])
        block = next(block for block in judged.blocks if any(mark in block.text for mark in rarer))
        at = min(block.text.index(mark) for mark in rarer if mark in block.text)
        before, after = (
            re.findall(r"\w+", f" {block.text[max(0, at - 40) : at]}"),
            re.match(r"\w*", block.text[at + 1 :]),
        )
        begin = at - len(before[-1]) if before and block.text[at - 1 : at].isalnum() else at
        found = block.text[begin : at + 1] + (after[0] if after else "")
        kind = "curly" if rarer == curly else "straight"
        message = f"a {kind} quotation mark stands here, and most of the letter's are of the other kind"
        yield Verdict(block.at, message, "use one kind throughout", found, block, begin)


@rule("PL308", "a mark that makes no list", "warning")
def no_list(judged: Judged) -> Verdicts:
    """A line begins with a mark that makes no list, such as a bullet pasted from Word: the lines will run together.

    So will those of a list whose text has no | before it.

    Bad:
        recommendations: |
          • Train more people.
          • Train them again.
    Good:
        recommendations: |
          - Train more people.
          - Train them again.
    """
    for at, words in judged.prose:
        for found in _ITEM_MARK.finditer(words):
            above = words[max(0, found.start() - 200) : found.start()].rstrip(" \t")
            begins = found[1][0] in _BULLETS or above in ("", "\n") or above.endswith("\n\n")
            if (begins or above.rstrip().endswith((".", ":", ";"))) and not is_nothing(words):
                help = "begin each item with - and a space, or with 1. and a space, 2. and so on"
                yield Verdict(at, f"this mark makes no list: {quoted(found[1].split()[0])}", help, found[1])
                break  # the other items have the same
        written = judged.draft.source.written(at)
        if not written.startswith("|") and re.search(r"\n[ \t]*(?:[-+*•]|[0-9]+[.)]) ", written):
            message = "a list stands here without a | before it, so its lines run together"
            yield Verdict(at, message, f"begin the text of {label(at)} with a |, and write it on the next lines")


_BULLETS = "•·◦▪‣●○\uf0b7\uf0a7"  # the last two are of Word's symbol fonts
_ITEM_MARK = re.compile(rf"(?m)^[ \t]*((?:[{_BULLETS}–—]|[0-9]{{1,2}}\)|[a-z]\)|-(?=[A-Za-z]))\s*\S+)")


@rule("PL309", "a character that the PDF can't show", "warning", needed="pdf")
def no_glyph(judged: Judged) -> Verdicts:
    """The font of the PDF hasn't this character. Word and the web page borrow it from another font.

    A PDF isn't built with it: nobody would see what stands there.

    Bad:
        summary: The board meets monthly ✅.
    Good:
        summary: The board meets monthly.
    """
    for at, field, text in judged.texts:
        for character in glyphs.lacking(text) if field.kind != "score" else ():
            message = f"the font of the PDF hasn't the character {quoted(character)} (U+{ord(character):04X})"
            word = next((word for word in text.split() if character in word), "")
            yield Verdict(at, message, "leave it out, or write it in words", word)
