"""Find the values in a letter that was typed by hand, before this tool.

Its parts are recognised by the fixed words of the standard letter and of the criteria set, in their
order, however they were typed. What is uncertain is reported and left empty.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.assessment.values import only_possible_date
from prevent_letter.word import passages
from prevent_letter.word.anchors import Anchor, anchors, fold, is_near
from prevent_letter.word.blocks import Block, Paragraph, TextRun
from prevent_letter.word.passages import Piece
from prevent_letter.word.reading import Value

AREA = "@AREA@"
"""The placeholder for the area in the letter that the typed one is compared with."""
_DATE = re.compile(
    r"(?i)(?:date:?\s*)?(?:\w+day,? )?(?:[0-9]{1,2}\D.*[0-9]{4}|[a-z]+ [0-9]{1,2},? [0-9]{4})$"
)
_SCORE_IN_HEADING = re.compile(
    r"(?i)[–:(-]\W{0,5}(?:score\W{1,5})?([\w/]{1,9}(?: \w{1,9}){0,3})\W{0,3}$"
)
_FAREWELL = re.compile(r"(?i)(?:yours|kind|best|warm|many|with)\b.{0,30}$|.{1,40},$")
_NOTHING = ("none", "n/a", "nil")


class _TypedLine(NamedTuple):
    """A line of the letter: a paragraph or a part of one, or a row of a table."""

    text: str
    piece: Piece | None


@dataclass
class Typed:
    """The values of a typed letter by their ids, and what is uncertain about some, in words."""

    values: dict[str, Value] = field(default_factory=dict)
    unsure: list[tuple[str, str]] = field(default_factory=list)
    is_letter: bool = False
    """True if a benchmark's heading was found, or a score."""


def read(model: Sequence[Block], criteria: Criteria, blocks: Sequence[Block]) -> Typed:
    """Read a typed letter. ``model`` is an empty letter by this tool, with the area ``AREA``."""
    return _LegacyReader(anchors(model), criteria, _lines(blocks)).read()


def _lines(blocks: Sequence[Block]) -> list[_TypedLine]:
    lines: list[_TypedLine] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            pieces = passages.pieces_of(block.runs, block.depth, block.mark, set())
            lines += [_TypedLine(piece.text, piece) for piece in pieces]
            continue
        for row in block.rows:
            cells = [" ".join(cell.split()) for cell in row]
            if len(row) > 1 and max(map(len, cells)) < 120:
                lines.append(_TypedLine("\t".join(cells), None))
                continue
            for line in (line for cell in row for line in cell.split("\n")):
                words = " ".join(line.split())  # the feedback is in a table
                lines.append(_TypedLine(words, Piece(0, "", (TextRun(words),))))
    return [line for line in lines if line.text.strip()]


def _near(one: str, other: str, least: float = 0.85) -> bool:
    """Return True if two texts are the same or similar, however they were typed."""
    one, other = fold(one), fold(other)
    return one == other or is_near(one, other, least)


_LONGEST_HEADING = 260
"""Characters of a benchmark's heading, however it was typed."""


class _LegacyReader:
    """Reads the lines once, from one group of fixed words to the next."""

    def __init__(self, anchors: list[Anchor], criteria: Criteria, lines: list[_TypedLine]) -> None:
        self.anchors, self.criteria, self.lines = anchors, criteria, lines
        self.letter = Typed()
        self.wholes = {a.id: a.block.text for a in reversed(anchors) if a.id}
        """The full text of each anchor's block in the model, by the anchor's id."""
        self.key_opening = self.wholes["key_recommendations.opening"][:40]
        self.labels = {}
        for name in ("good_practice", "recommendations", "score"):
            words = next((a.words for a in anchors if a.id.endswith(f".{name}")), "")
            self.labels[name] = self._label(words, whole=name != "recommendations")

    @staticmethod
    def _label(words: str, *, whole: bool) -> re.Pattern[str]:
        """Return a pattern for a label, whatever sign ends it.

        If ``whole`` is False, each part of a label such as A/B is matched alone too.
        """
        bare = words.rstrip(" \t\n\u00a0–—:-")
        ways = [bare] if whole else [bare, *bare.split("/")]
        parts = [
            [re.escape(part.strip()) for part in way.split("/")] for way in ways if way.strip()
        ]
        spaced = "|".join(map(r"\s*/\s*".join, parts)) or "(?!)"
        return re.compile(rf"(?i)\s*(?:{spaced})s?(?:\s*[–—:-]+\s*|\s*$)")

    def read(self) -> Typed:
        """Return all values of the letter."""
        title = self._find("title", 0)
        summary = self._after_words(self.wholes["summary"], title + 1)
        scores = self._find("scores", summary + 1)
        feedback = self._find("feedback", max(scores, summary) + 1)
        annex = self._annex(feedback + 1)
        headings = self._headings(feedback + 1, annex)
        end = max([feedback, *headings.values()])
        heading, opening = self.wholes["key_recommendations"], self.key_opening
        after = range(end + 1, annex)
        is_key = (n for n in after if fold(self.lines[n].text).rstrip(":") == fold(heading))
        begins_key = (n for n in after if self._begins_with(n, opening))
        key = min([*is_key, *begins_key], default=-1)
        words = self.wholes["closing"][:40]
        closings = (n for n in range(max(key, end) + 1, annex) if self._begins_with(n, words))
        closing = next(closings, -1)
        self._head(title if title >= 0 else len(self.lines))
        self._opening(title + 1, summary if summary >= 0 else len(self.lines))
        if summary >= 0:
            later = [n for n in (feedback, annex) if n > summary]
            stop = scores if scores > summary else min(later or [summary + 1])
            passage = passages.written(self._passage(summary + 1, stop))
            self.letter.values["summary"] = passage
        else:
            self._doubt("summary", "its heading isn't there")
        table = self._table(scores + 1 if scores >= 0 else 0, feedback if feedback >= 0 else annex)
        last = key if key >= 0 else closing if closing >= 0 else annex
        ids = [benchmark.id for benchmark in self.criteria.benchmarks]
        for id, start in headings.items():
            following = [n for n in headings.values() if n > start]
            stop = min([*following, last if last > start else len(self.lines)])
            self._section(id, start + 1, stop, table)
            if any(other not in headings for other in ids[ids.index(id) + 1 :][:1]):
                why = "the heading after its section isn't there, so it may go on too far"
                self._doubt(f"{id}.recommendations", why)
        self._key(key, closing if closing >= 0 else annex)
        scored = any(id.endswith(".score") for id in self.letter.values)
        self.letter.is_letter = bool(headings) or scored
        self._signature(max(closing, key, end) + 1, annex)
        return self.letter

    def _doubt(self, id: str, words: str) -> None:
        self.letter.unsure.append((id, words))

    # Where the parts begin.

    def _begins_with(self, number: int, words: str) -> bool:
        return _near(self.lines[number].text[: len(words)], words)

    def _find(self, id: str, start: int) -> int:
        """Return the number of the line that begins with a fixed sentence; -1 if there is none."""
        goal = self.wholes[id]
        for number in range(max(0, start), len(self.lines)):
            text = self.lines[number].text
            if _near(text, goal) or _near(text[: len(goal)], goal):
                return number
            if id == "title" and _near(text[: len(goal) - 9], goal[:-9]):  # without its period
                return number
        return -1

    def _after_words(self, whole: str, start: int) -> int:
        """Return the number of the line with the heading that ends with the area; -1 if none."""
        words = whole.split(AREA)[0]
        for number in range(max(0, start), len(self.lines)):
            text = self.lines[number].text
            if len(text) < len(words) + 80 and _near(text[: len(words)], words, 0.9):
                self.letter.values.setdefault("area", text[len(words) :].strip(" .:"))
                return number
        return -1

    def _annex(self, start: int) -> int:
        words = self.wholes["annex"]
        name = re.escape(fold(words).split(" -")[0])
        for number in range(max(0, start), len(self.lines)):
            text = self.lines[number].text
            if _near(text, words) or re.fullmatch(rf"{name}\W*", fold(text)):
                return number
        return len(self.lines)

    def _headings(self, start: int, end: int) -> dict[str, int]:
        """Return the number of the line with each benchmark's heading, by the benchmark's id."""
        headings: dict[str, int] = {}
        for number, benchmark in enumerate(self.criteria.benchmarks, 1):
            score = f"{benchmark.id}.score"
            for line in range(start, end):
                text = self.lines[line].text
                if len(text) >= _LONGEST_HEADING:
                    continue
                bare = re.sub(r"^\s*(?:Benchmark\s*)?[0-9]{1,2}\s*[.):–-]*\s*", "", text)
                is_near = _near(bare, benchmark.heading, 0.8) or _near(bare, benchmark.name)
                is_numbered = re.match(rf"\s*(?:Benchmark\s*)?{number}\s*[.):–-]", text)
                below = self.lines[line + 1 : min(line + 3, end)]
                has_score = any(self.labels["score"].match(other.text) for other in below)
                if is_near:
                    headings[benchmark.id], start = line, line + 1
                    break
                if is_numbered and len(text) < 200 and has_score:
                    headings[benchmark.id], start = line, line + 1
                    self._doubt(score, f'its heading was taken by its number: "{text[:60]}"')
                    break
            else:
                self._doubt(score, "its heading isn't there, so its section couldn't be read")
        return headings

    # What they say.

    def _head(self, title: int) -> None:
        """Read what is before the title: marking, addressee, copies, date and greeting."""
        texts = [anchor.block.text for anchor in self.anchors[:12] if not anchor.value]
        fixed = [fold(line) for text in texts for line in text.split("\n")]
        prefix = fold(next((a.words for a in self.anchors if a.id == "greeting"), "")).strip()
        recipient, copies, values = list[str](), list[str](), self.letter.values
        for line in self.lines[:title]:
            text, folded = line.text.strip(), fold(line.text)
            if any(_near(text, words, 0.9) for words in fixed) or "www." in folded:
                continue
            is_short = len(text) < 40
            if prefix and folded.startswith(prefix + " "):
                values["greeting"] = text[len(prefix) :].strip(" ,:")
            elif copy := re.match(r"(?i)c\.?\s?c\.?\s*:?\s+(.+)", text):
                copies += [name.strip() for name in copy[1].split(";")]
                if "," in copy[1]:
                    self._doubt("cc", f"this may be one name or several: {copy[1][:60]}")
            elif is_short and _DATE.match(text):
                values["date"] = only_possible_date(re.sub(r"(?i)^date:?\s*", "", text)) or ""
            elif is_short and text.isupper() and not recipient and " " not in text.strip("-"):
                values["marking"] = text
            elif "greeting" not in values:
                recipient.append(text.rstrip(","))
        if title == len(self.lines) or "greeting" not in values:
            self._doubt("addressee.name", "neither the greeting nor the title shows where it is")
            recipient = []
        values["addressee.name"] = "".join(recipient[:1])
        values["addressee.address"] = "\n".join(recipient[1:])
        values["cc"] = tuple(copies)

    def _opening(self, start: int, end: int) -> None:
        """Read the period from the title, and the area if the summary's heading lacks it."""
        title = self.lines[start - 1].text if start else ""
        if years := re.search(r"(20[0-9]{2})\s*[/–-]\s*(?:20)?([0-9]{2})", title):
            self.letter.values["period"] = f"{years[1]}/20{years[2]}"
        texts = (anchor.block.text for anchor in self.anchors if not anchor.value)
        before, _, after = next((text for text in texts if AREA in text), "").partition(AREA)
        shape = re.escape(fold(before)[-30:]) + r"\s*(.{2,60}?)\s*" + re.escape(fold(after)[:12])
        for line in self.lines[start:end] if before and "area" not in self.letter.values else ():
            if area := re.search(shape, fold(line.text)):
                words, offset = " ".join(line.text.split()), fold(line.text).index(area[1])
                self.letter.values["area"] = words[offset : offset + len(area[1])]

    def _passage(self, start: int, end: int) -> list[Piece]:
        """Return the pieces of some lines; a line that continues a sentence is joined to it."""
        pieces: list[Piece] = []
        for piece in (line.piece for line in self.lines[start:end] if line.piece):
            last = pieces[-1] if pieces else None
            goes_on = last and not last.depth and last.text[-1:] not in ".!?:;"
            if last and goes_on and not piece.depth and piece.text[:1].islower():
                runs = (*last.runs, TextRun(" "), *piece.runs)
                pieces[-1] = last._replace(runs=passages.tidy(runs))
                words = f'a sentence was joined over the end of a page: "{piece.text[:50]}"'
                self._doubt("", words)
            else:
                pieces.append(piece)
        return pieces

    def _table(self, start: int, end: int) -> dict[str, str]:
        """Return the scores of the table, by the benchmarks' ids."""
        scores: dict[str, str] = {}
        for line in self.lines[max(0, start) : end]:
            *names, score = line.text.split("\t")
            for benchmark in self.criteria.benchmarks if names else ():
                bare = (name.rstrip("0123456789¹ ") for name in names)
                if benchmark.id not in scores and any(_near(n, benchmark.name) for n in bare):
                    scores[benchmark.id] = score.strip()
        return scores

    def _section(self, id: str, start: int, stop: int, table: dict[str, str]) -> None:
        """Read score, good practice and recommendations of one benchmark."""
        labels: dict[str, tuple[int, int]] = {}  # the line of each, and its length there
        for number in range(start, stop):
            for name, label in self.labels.items():
                match = label.match(self.lines[number].text)
                if match and name not in labels:
                    labels[name] = number, match.end()
                    break
        order = sorted((number, name, length) for name, (number, length) in labels.items())
        for (number, name, length), (end, _, _) in pairwise([*order, (stop, "", 0)]):
            line = self.lines[number]
            if name == "score":
                below = self.lines[number + 1].text.strip() if number + 1 < end else ""
                self._score(id, line.text[length:].strip() or below, table, "")
                continue
            runs = passages.cut(line.piece.runs, length) if line.piece else []
            first = Piece(0, "", passages.tidy(passages.unbold(runs)[0]))
            pieces = [*([first] if first.runs else []), *self._passage(number + 1, end)]
            text = passages.written(pieces)
            is_nothing = text.rstrip(".").casefold() in _NOTHING
            self.letter.values[f"{id}.{name}"] = "" if is_nothing else text
        if "score" not in labels:
            heading = _SCORE_IN_HEADING.search(self.lines[start - 1].text)
            self._score(id, "", table, heading[1] if heading else "")
        for name in self.labels.keys() - labels.keys() - {"score"}:
            self._doubt(f"{id}.{name}", "its label isn't there")

    def _score(self, id: str, text: str, table: dict[str, str], in_heading: str) -> None:
        scale, numbers = self.criteria.scale, set[int]()
        for words in (text, table.get(id, ""), *([] if text else [in_heading])):
            score = scale.meant(words)
            numbers |= {score} if score is not None else set()
        if len(numbers) > 1:
            other = table.get(id, "")
            self._doubt(f"{id}.score", f'its section says "{text}", the table "{other}"')
        elif numbers:
            self.letter.values[f"{id}.score"] = scale.label(numbers.pop())
        else:
            why = "no score of the scale is in its section or in the table"
            self._doubt(f"{id}.score", why)

    def _key(self, start: int, end: int) -> None:
        """Read the key recommendations, without the sentence that opens them."""
        if start < 0:
            self._doubt("key_recommendations", "their heading isn't there")
            return
        first, opening = start + 1, self.key_opening
        if not self._begins_with(start, opening):
            while first < end and self._begins_with(first, opening):
                first += 1
        pieces = self._passage(first, end)
        numbers = [re.match(r"[0-9]{1,2}[.)]\s+", piece.text) for piece in pieces]
        if all(numbers):  # typed by hand
            pieces = [
                piece._replace(runs=passages.tidy(passages.cut(piece.runs, number.end())))
                for piece, number in zip(pieces, numbers, strict=True)
                if number
            ]
        items = [[piece] for piece in pieces]
        if any(piece.depth for piece in pieces):
            items = [*passages.items_of(pieces)]
        self.letter.values["key_recommendations"] = tuple(map(passages.written, items))

    def _signature(self, start: int, end: int) -> None:
        """Read the lines of the signature: name, role, region, telephone, e-mail."""
        blocks = [anchor.block for anchor in self.anchors]
        fixed = [b.text for b in blocks if isinstance(b, Paragraph) and b.style == "closing"]
        numbers, lines = range(max(0, start), end), self.lines
        closing = [n for n in numbers if any(_near(lines[n].text, words) for words in fixed)]
        short = (n for n in numbers if _FAREWELL.match(lines[n].text.strip()))
        last = max(closing) if closing else next(short, -1)  # else "Yours sincerely," or the like
        names = ["advisor.name", "advisor.role", "advisor.region"]
        if not start:
            last = -1  # nothing before it was found
        while 0 <= last < end - 1 and _FAREWELL.match(lines[last + 1].text.strip()):
            last += 1
        for line in lines[last + 1 : end] if last >= 0 else ():
            text = " ".join(line.text.split())
            email = re.search(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,200}\w", text)
            rest = text.replace(email[0], "") if email else text
            phone = re.search(r"\+?[0-9(][0-9 ()-]{8,24}[0-9]", rest)
            if email:
                self.letter.values["advisor.email"] = email[0]
            if phone:
                self.letter.values["advisor.phone"] = phone[0]
            if email or phone:
                continue
            if names and len(text) < 100 and not (len(names) == 3 and text.endswith(",")):
                self.letter.values[names.pop(0)] = text.rstrip(",")  # not "Yours sincerely,"
        if last < 0 or names:
            self._doubt("advisor.name", "the lines of the signature couldn't be told apart")
