"""Find the values in a Word letter that somebody has edited, by their ids, and what is in doubt.

The letter as it was built is the model. Its fixed words are the anchors, in order, with the values
between them. Each anchor is looked for in the edited letter by its bookmark, by its words, by its
label, and last by similar words. A value is in doubt unless anchors prove where it is.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import unquote

from prevent_letter.assessment.values import only_possible_date
from prevent_letter.core.prose import one_line
from prevent_letter.word import passages
from prevent_letter.word.anchors import Anchor, align, anchors, fold, length_of
from prevent_letter.word.blocks import Block, Paragraph, Table, TextRun
from prevent_letter.word.passages import Piece
from prevent_letter.word.reading import LetterValues, OtherWording, Wording

_LONGEST_NOTHING = 40
"""The words for an empty text have fewer characters than this."""


def read(
    model: Sequence[Block], blocks: Sequence[Block], wording: Wording | None = None
) -> LetterValues:
    """Read the values of an edited letter.

    Args:
        model: the letter as it was built.
        blocks: the letter as it is now.
        wording: what the letter says in place of a value, if that is known.
    """
    return _ValueReader(model, blocks, wording or Wording()).read()


class _ValueReader:
    """Reads the values of one letter, anchor by anchor."""

    def __init__(self, model: Sequence[Block], blocks: Sequence[Block], wording: Wording) -> None:
        self.anchors, self.blocks, self.wording = anchors(model), blocks, wording
        runs = (run for block in model if isinstance(block, Paragraph) for run in block.runs)
        self.links = {same_address(run.link): run.link for run in runs if run.link}
        """The addresses of the letter as it was built; a program may write them in other ways."""
        self.is_form = any(self._has_prompt(block.text) for block in (*model, *blocks))
        self.labels = {fold(a.words) for a in self.anchors if a.is_passage and a.words}
        copies = (a.words for a in self.anchors if a.value.startswith("cc."))
        self.copy_words = next(copies, "cc ")
        self.says = LetterValues()
        align(self.anchors, blocks)
        self.taken = {a.number for a in self.anchors if a.number is not None}

    def read(self) -> LetterValues:
        """Return what the letter says."""
        letter = [a for a in self.anchors if not a.id.startswith("annex")]
        found = sum(anchor.number is not None for anchor in letter)
        self.says.share_found = found / len(letter)
        copies = self._new_copies()
        self._locate_lines()
        for position, anchor in enumerate(self.anchors):
            block = self.blocks[anchor.number] if anchor.number is not None else None
            if anchor.is_passage:
                self._passage(position, anchor)
            elif isinstance(anchor.block, Table):
                self._table(anchor.block, block)
            elif anchor.value and block:
                owner = "cc" if anchor.value.startswith("cc.") else anchor.value
                self.says.owners[anchor.number or 0] = owner
                self.says.values[anchor.value] = self._line(anchor, block)
            elif not anchor.value:
                self._fixed(anchor, block)
        for anchor in (anchor for anchor in self.anchors if anchor.value.startswith("cc.")):
            text = str(self.says.values.pop(anchor.value, ""))
            if anchor.number is not None:
                copies[anchor.number] = text
        names = (name for _, text in sorted(copies.items()) for name in text.split("\n"))
        names = (_one_line(name.lstrip(": \u00a0")) for name in names)  # Cc: as in an e-mail
        self.says.values["cc"] = tuple(filter(None, names))
        self._addressee()
        self._telephone()
        self._scores()
        for number, block in enumerate(self.blocks):
            if block.odd and number not in self.taken and not block.text.strip():
                self._note_wording("", f"a {' and a '.join(sorted(block.odd))} is among the words")
        for number in self._free(range(len(self.blocks))):
            text = self.blocks[number].text
            if length_of(text, self.copy_words):
                self.says.doubts["cc"] = f'a copy is in another place: "{one_line(text)[:60]}"'
                continue
            words = one_line(self.blocks[number].text)[:100]
            self.says.unlike.append(
                OtherWording("", f'these words stand among the fixed ones: "{words}"')
            )
        return self.says

    def _free(self, among: range) -> list[int]:
        """Return the numbers of the blocks that have text and belong to no anchor or value yet."""
        return [n for n in among if n not in self.taken and self.blocks[n].text.strip()]

    def _new_copies(self) -> dict[int, str]:
        """Read new cc lines, which begin like the others, between addressee and greeting."""
        numbers = {anchor.value: anchor.number for anchor in self.anchors}
        first, last = numbers.get("addressee"), numbers.get("greeting")
        words = self.copy_words
        copies = {}
        for number in self._free(range((first or 0) + 1, last or 0)) if first is not None else ():
            text = self.blocks[number].text
            if length := length_of(text, words):
                copies[number] = self._typed(text[length:])
                self.taken.add(number)
                self.says.owners[number] = "cc"
        return copies

    def _locate_lines(self) -> None:
        """Locate the lines that each show a single field, where only one match is possible.

        A missing line's value is empty, or in doubt if other text may be that line.
        """
        located = [(n, a.number) for n, a in enumerate(self.anchors) if a.number is not None]
        ends = [(-1, -1), *located, (len(self.anchors), len(self.blocks))]
        for (first, start), (last, end) in pairwise(ends):
            lost, free = self.anchors[first + 1 : last], self._free(range(start + 1, end))
            lines = [anchor for anchor in lost if anchor.value and not anchor.is_passage]
            after_passage = first >= 0 and self.anchors[first].is_passage
            is_certain = len(lost) == len(lines) == len(free) and not after_passage
            if lines and is_certain and (len(free) == 1 or not any(a.words for a in lines)):
                for anchor, number in zip(lines, free, strict=True):
                    anchor.number = number
                    self.taken.add(number)
                continue
            for anchor in lines:
                if anchor.value.endswith(".score"):
                    label = anchor.words.strip()
                    self.says.doubts[anchor.value] = f'its label, "{label}", is missing'
                elif len(lost) == len(lines) and not free:
                    self.says.values[anchor.value] = ""
                elif not anchor.value.startswith("cc."):
                    self.says.doubts[anchor.value] = "its line can't be found"

    def _line(self, anchor: Anchor, block: Block) -> str:
        """Return the value after a line's fixed words. Without them, the value is in doubt."""
        length = length_of(block.text, anchor.words)
        if anchor.words and not length:
            label = anchor.words.strip()
            words = f'"{label}" isn\'t there any more: "{one_line(block.text)[:60]}"'
            self._note_wording(anchor.id, words)
            self.says.doubts[anchor.value] = f'its label, "{label}", was changed'
        if not anchor.is_passage:
            self._note_odd(anchor, block)
        text = self._typed(block.text[length:])
        if anchor.value.startswith("cc."):
            return re.sub(rf"\n\s*{re.escape(anchor.words.strip())}\s", "\n", text)
        if anchor.value == "addressee":
            return text
        text = _one_line(text)
        if anchor.value == "greeting":
            text = text.rstrip(",: ")
        if anchor.value == "date" and text:
            text = only_possible_date(text) or text
        return self._score(text) if anchor.value.endswith(".score") else text

    def _score(self, text: str) -> str:
        """Return a score as the scale writes it; what may mean several is left as it is."""
        scale = self.wording.scale
        score = scale.meant(text) if scale else None
        return scale.label(score) if scale and score is not None else text

    def _typed(self, text: str) -> str:
        """Return text without the prompts of a form, or the brackets around what replaced one."""
        for prompt in self.wording.prompts:
            text = text.replace(prompt, "")
        if self.is_form:
            text = re.sub(r"^\s*\[([^\[\]]*)\](\s*[,.:]?\s*)$", r"\1\2", text)
        return unicodedata.normalize("NFC", text)

    def _note_wording(self, id: str, words: str, before: str = "", after: str = "") -> None:
        self.says.unlike.append(OtherWording(id, words.replace("\u00a0", " "), before, after))

    def _note_odd(self, anchor: Anchor, block: Block) -> None:
        """Note what a line or fixed words have that they didn't have, such as a picture."""
        links, built = (
            {same_address(run.link) for run in each.runs} if isinstance(each, Paragraph) else set()
            for each in (block, anchor.block)
        )
        new = {link for link in links - built if link.removeprefix("mailto:") not in block.text}
        if new:
            words = f'a link to {sorted(new)[0]} is on "{one_line(block.text)[:60]}"'
            self._note_wording(anchor.id, words)
        mine = anchor.block.looks if isinstance(anchor.block, Paragraph) else set()
        looks = block.looks - mine if isinstance(block, Paragraph) else set()
        if looks:
            words = f'{" and ".join(sorted(looks))} is in "{one_line(block.text)[:60]}"'
            self._note_wording(anchor.id, words)
        if odd := block.odd - anchor.block.odd:
            words = f'a {" and a ".join(sorted(odd))} is in "{one_line(block.text)[:60]}"'
            self._note_wording(anchor.id, words)

    def _fixed(self, anchor: Anchor, block: Block | None) -> None:
        """Note fixed words that were changed or deleted. Deleting a draft's marking is allowed."""
        whole = anchor.block.text
        if block is None:
            is_marking = isinstance(anchor.block, Paragraph) and anchor.block.style == "marking"
            if not is_marking:
                self.says.unlike.append(
                    OtherWording(anchor.id, f'these words are gone: "{whole[:80]}"')
                )
            return
        self._note_odd(anchor, block)
        text = block.text
        if isinstance(block, Paragraph) and block.style.startswith("heading") and block.mark:
            text = f"{block.mark} {text}"  # Word numbers it, and nobody has typed the number
        texts = [text.replace("\u00a0", " ").split() for text in (whole, text)]
        if texts[0] != texts[1]:
            before, after = difference(one_line(whole), one_line(text))
            words = f'"{before}" is "{after}" now'
            self._note_wording(anchor.id, words, whole, text)

    def _passage(self, position: int, anchor: Anchor) -> None:
        """Read a passage: the text after its label, and the blocks up to the next anchor."""
        id, says = anchor.value, self.says
        if anchor.number is None:
            words = anchor.words.strip() or anchor.block.text[:60]
            label = "its label, " if anchor.words else ""
            says.doubts[id] = f'{label}"{words}"{"," if label else ""} is missing'
            if not anchor.words:
                words = f'these words are gone: "{anchor.block.text[:80]}"'
                self._note_wording(id, words)
            return
        head, pieces, odd = self.blocks[anchor.number], list[Piece](), set[str]()
        looks = set[str]()
        is_label_bold = bool(anchor.words)
        if anchor.words and isinstance(head, Paragraph):
            self._line(anchor, head)
            runs = passages.cut(head.runs, length_of(head.text, anchor.words))
            runs, is_label_bold = passages.unbold(self._without_prompts(runs), is_label_bold)
            pieces, odd = passages.pieces_of(runs, 0, "", odd), odd | head.odd
            looks |= head.looks
            if head.depth:
                self._note_wording(id, "its label is an item of a list now")
            says.owners[anchor.number] = id
        else:
            self._fixed(anchor, head)
        later = (a.number for a in self.anchors[position + 1 :] if a.number is not None)
        for number in range(anchor.number + 1, next(later, len(self.blocks))):
            block = self.blocks[number]
            self.taken.add(number)
            says.owners[number] = id
            if isinstance(block, Table):
                odd.add("table")
                continue
            text = fold(block.text)
            looks |= block.looks
            odd |= block.odd | ({"heading"} if block.style.startswith("heading") else set())
            odd |= {"label"} if any(text.startswith(label) for label in self.labels) else set()
            runs = self._without_prompts(block.runs)
            runs, is_label_bold = passages.unbold(runs, is_label_bold)
            pieces += passages.pieces_of(runs, block.depth, block.mark, odd)
        self._keep_passage(anchor, pieces, odd)
        if looks:
            says.looks[id] = looks
        following = self.anchors[position + 1] if position + 1 < len(self.anchors) else None
        if following and (not following.value or following.is_passage):
            whole, text = following.block.text, ""
            if following.number is not None:
                text = self.blocks[following.number].text
            if fold(text)[:12] != fold(whole)[:12]:
                words = one_line(whole.replace("\n", " "))[:60]
                why = f'the words after it, "{words}", are missing or begin otherwise'
                says.doubts_if_changed[id] = why

    def _without_prompts(self, runs: Sequence[TextRun]) -> list[TextRun]:
        """Return runs without the prompts of a form, and with addresses as they were built."""
        for prompt in self.wording.prompts:
            runs = passages.without(runs, prompt)
        return [run._replace(link=self.links.get(same_address(run.link), run.link)) for run in runs]

    def _keep_passage(self, anchor: Anchor, pieces: list[Piece], odd: set[str]) -> None:
        """Keep a passage, and note what in it a file can't hold."""
        id = anchor.value
        if self.is_form and len(pieces) == 1 and re.fullmatch(r"\[[^\[\]]*\]", pieces[0].text):
            [piece] = pieces
            runs = passages.without(passages.without(piece.runs, "["), "]")
            pieces = [piece._replace(runs=passages.tidy(runs))]
        if id == "key_recommendations":
            self.says.values[id] = tuple(map(passages.written, passages.items_of(pieces)))
            if any(not piece.depth for piece in pieces):
                self.says.doubts[id] = "a paragraph stands among its items that is none"
            elif any(piece.depth == 1 and piece.mark not in ("", "-") for piece in pieces):
                self._note_wording(id, "its items are numbered now")
        else:
            text = passages.written(pieces)
            is_nothing = id != "summary" and len(text) < _LONGEST_NOTHING
            if is_nothing:
                is_nothing = fold(text).rstrip(".") == fold(self.wording.nothing()).rstrip(".")
            self.says.values[id] = "" if is_nothing else text
        if hard := sorted(odd - {"line break"}):
            names = " and a ".join(hard)
            self.says.doubts[id] = f"a {names} is in it, which the file can't hold"
        if "line break" in odd:
            self.says.breaks.add(id)

    def _addressee(self) -> None:
        """Split the addressee's block into name and address."""
        text = str(self.says.values.pop("addressee", ""))
        number = next(a.number for a in self.anchors if a.value == "addressee")
        if number is not None:
            self.says.owners[number] = "addressee"
            later = [a.number for a in self.anchors if a.number is not None and a.number > number]
            for below in self._free(range(number + 1, min(later, default=number))):
                text += f"\n{self._typed(self.blocks[below].text)}"  # typed with Enter
                self.taken.add(below)
        name, *lines = [one_line(line.replace("\u00a0", " ")).strip() for line in text.split("\n")]
        self.says.values["addressee.name"] = name
        self.says.values["addressee.address"] = "\n".join(filter(None, lines))
        if doubt := self.says.doubts.pop("addressee", ""):
            self.says.doubts |= {"addressee.name": doubt, "addressee.address": doubt}

    def _telephone(self) -> None:
        """Read a telephone number on a line of its own, where the letter had none."""
        numbers = [a.number for a in self.anchors if a.value.startswith("advisor.") and a.number]
        if self.says.values.get("advisor.phone") or not numbers:
            return
        for number in self._free(range(min(numbers), min(max(numbers) + 3, len(self.blocks)))):
            if match := _TELEPHONE.fullmatch(self.blocks[number].text.strip()):
                self.says.values["advisor.phone"] = match[1].replace("\u00a0", " ")
                self.taken.add(number)
                return

    def _table(self, model: Table, block: Block | None) -> None:
        """Read the scores of the table, by the names in its rows."""
        pairs = zip(model.ids, model.rows, strict=True)
        rows = {id.removeprefix("scores."): row for id, row in pairs if id}
        if not isinstance(block, Table):
            missing = "the table of the scores is missing"
            self.says.doubts |= {f"{id}.score": missing for id in rows}
            return
        if odd := block.odd - model.odd:
            words = f"a {' and a '.join(sorted(odd))} is in the table of the scores"
            self._note_wording("scores", words)
        left = [(id, row) for id, row in zip(block.ids, block.rows, strict=True) if row]
        matched: list[int] = []
        for id, row in rows.items():
            alike = [other for other in left if len(other[1]) == len(row)]
            named = next((other for other in alike if fold(other[1][1]) == fold(row[1])), None)
            marked = next((other for other in alike if other[0] == f"scores.{id}"), None)
            match = named or marked
            if not match:
                self.says.doubts[f"{id}.score"] = f'the row "{row[1]}" of the table is missing'
                continue
            matched.append(block.rows.index(match[1]))
            left.remove(match)
            *cells, score = match[1]
            self.says.values[f"{id}.score in the table"] = one_line(score).strip()
            if [*map(fold, cells)] != [*map(fold, row[:-1])]:
                words = f'a row of the table is "{" ".join(cells)}" now'
                self._note_wording(f"{id}.score", words)
        if [*matched] != sorted(matched):
            self.says.unlike.append(
                OtherWording("scores", "the rows of the table are in another order now")
            )
        head = left[0][1] if left else []
        if [*map(fold, head)] != [*map(fold, model.rows[0])]:
            words = f'the head of the table is "{" ".join(head)[:80]}" now'
            self._note_wording("scores", words)
        for _, more in left[1:]:
            words = f'a row was added to the table: "{" ".join(more)[:80]}"'
            self._note_wording("scores", words)

    def _scores(self) -> None:
        """Compare each section's score with its score in the table; a prompt says nothing."""
        for anchor in self.anchors:
            if not anchor.value.endswith(".score"):
                continue
            raw_section = self.blocks[anchor.number].text if anchor.number is not None else ""
            raw_table = str(self.says.values.pop(f"{anchor.value} in the table", ""))
            section = str(self.says.values.get(anchor.value, ""))
            table = self._score(self._typed(raw_table))
            before = self._score(self._typed(anchor.block.text[len(anchor.words) :]))
            has_prompt = self._has_prompt(raw_section) or self._has_prompt(raw_table)
            self.says.values[anchor.value] = section or (table if has_prompt or not before else "")
            if section != table and not has_prompt and (before or (section and table)):
                one = "they differ"
                if before in (section, table):
                    one = "only one of them was changed"
                why = f"its section says {quoted(section)}, the table {quoted(table)}; {one}"
                self.says.doubts.setdefault(anchor.value, why)

    def _has_prompt(self, text: str) -> bool:
        return any(prompt in text for prompt in self.wording.prompts)


_TELEPHONE = re.compile(
    r"(?:T|Tel|Telephone|Phone|Mobile|M)?[.:]?\s*(\+?[0-9][0-9 ()\u00a0-]{8,20})"
)


def same_address(address: str) -> str:
    """Return a web address in a form in which programs' ways of writing it are the same."""
    site, slashes, rest = unquote(address).removesuffix("/").partition("://")
    host, slash, path = rest.partition("/")
    return f"{site.casefold()}://{host.casefold()}{slash}{path}" if slashes else site


def _one_line(text: str) -> str:
    return one_line(text.replace("\u00a0", " ")).strip()


def quoted(value: str) -> str:
    """Return a value for a message, in quotation marks."""
    return f'"{value}"' if value else "nothing"


def difference(one: str, other: str) -> tuple[str, str]:
    """Return the words in which two texts differ, with one common word on each side."""
    a, b = one.split(), other.split()
    least = min(len(a), len(b))
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), least)
    end = 0
    while end < least - start and a[-1 - end] == b[-1 - end]:
        end += 1
    start, end = max(0, start - 1), max(0, end - 1)
    texts = (" ".join(words[start : len(words) - end]) for words in (a, b))
    before, after = (t if len(t) < 200 else f"{t[:95]} ... {t[-95:]}" for t in texts)
    return before, after
