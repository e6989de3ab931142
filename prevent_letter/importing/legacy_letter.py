"""Find the values in a letter that was typed by hand, before this tool.

Its parts are recognised by the fixed words of the standard letter and of the criteria set, in their
order, however they were typed. What is uncertain is reported and left empty.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from prevent_letter.assessment.criteria import Criteria
from prevent_letter.word import edited_letter
from prevent_letter.word.docx_reader import Block, Paragraph, TextRun
from prevent_letter.word.edited_letter import Anchor, Passage, Piece, Value, fold

AREA = "@AREA@"
"""The placeholder for the area in the letter that the typed one is compared with."""


class _TypedLine(NamedTuple):
    """A line of the letter: a paragraph or a part of one, or a row of a table."""

    text: str
    piece: Piece | None


@dataclass
class Typed:
    """The values of a typed letter by their ids, and what is uncertain about some, in words."""

    values: dict[str, Value] = field(default_factory=dict)
    unsure: list[tuple[str, str]] = field(default_factory=list)


def read(xhtml: str, criteria: Criteria, blocks: Sequence[Block]) -> Typed:
    """Read a letter, given the XHTML of an empty one whose area is ``AREA``."""
    return _LegacyReader(edited_letter.anchors(xhtml), criteria, _lines(blocks)).read()


def _lines(blocks: Sequence[Block]) -> list[_TypedLine]:
    lines: list[_TypedLine] = []
    for block in blocks:
        if not isinstance(block, Paragraph):
            for row in block.rows:
                cells = [" ".join(cell.split()) for cell in row]
                if len(row) > 1 and max(len(cell) for cell in cells) < 120:
                    lines.append(_TypedLine("\t".join(cells), None))
                else:  # the feedback stands in a table
                    lines += [
                        _plain(line) for cell in row for line in cell.split("\n") if line.strip()
                    ]
            continue
        odd: set[str] = set()
        for piece in edited_letter.pieces_of(block.runs, block.depth, block.ordered, odd):
            lines.append(_TypedLine(piece.text, piece))
    return [line for line in lines if line.text.strip()]


def _plain(text: str) -> _TypedLine:
    words = " ".join(text.split())
    return _TypedLine(words, Piece(0, False, (TextRun(words),)))


def _near(one: str, other: str, least: float = 0.85) -> bool:
    one, other = fold(one), fold(other)
    if one == other:
        return True
    if not one or not other or not 0.6 < len(one) / len(other) < 1.7:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= least


class _LegacyReader:
    """Reads the lines once, from one group of fixed words to the next."""

    def __init__(self, anchors: list[Anchor], criteria: Criteria, lines: list[_TypedLine]) -> None:
        self.anchors, self.criteria, self.lines = anchors, criteria, lines
        self.made = Typed()
        self.by_id = {anchor.id: anchor for anchor in reversed(anchors) if anchor.id}
        label = next((anchor for anchor in anchors if anchor.id.endswith(".good_practice")), None)
        other = next((anchor for anchor in anchors if anchor.id.endswith(".recommendations")), None)
        score = next((anchor for anchor in anchors if anchor.kind == "score"), None)
        self.labels = {
            "good_practice": self._label(label.words if label else ""),
            "recommendations": self._label(other.words if other else "", whole=False),
            "score": self._label(score.words if score else ""),
        }

    @staticmethod
    def _label(words: str, *, whole: bool = True) -> re.Pattern[str]:
        """Return a pattern for a label, whatever sign ends it.

        If it has several parts with / between them, each part counts.
        """
        bare = words.rstrip(" \t\n\u00a0–—:-")
        ways = [bare] if whole else [bare, *bare.split("/")]
        spaced = (
            r"\s*/\s*".join(re.escape(part.strip()) for part in way.split("/"))
            for way in ways
            if way.strip()
        )
        return re.compile(
            rf"\s*(?:{'|'.join(spaced) or '(?!)'})s?(?:\s*[–—:-]+\s*|\s*$)", re.IGNORECASE
        )

    def read(self) -> Typed:
        """Return all values of the letter."""
        title = self._find("title", 0)
        summary = self._after_words(self.by_id["summary"].whole, title + 1)
        scores = self._find("scores", summary + 1)
        feedback = self._find("feedback", max(scores, summary) + 1)
        annex = self._annex(feedback + 1)
        headings = self._headings(feedback + 1, annex)
        end = max([feedback, *headings.values()])
        heading, opening = self.by_id["key_recommendations"], "key_recommendations.opening"
        words, key = self.by_id[opening].whole[:40], -1
        for number in range(end + 1, annex):
            text = self.lines[number].text
            is_heading = fold(text).rstrip(":") == fold(heading.whole)
            if is_heading or _near(text[: len(words)], words):
                key = number
                break
        words = self.by_id["closing"].whole[:40]
        after = range(max(key, end) + 1, annex)
        closing = next((n for n in after if _near(self.lines[n].text[: len(words)], words)), -1)
        self._head(title if title >= 0 else len(self.lines))
        self._opening(title + 1, summary if summary >= 0 else len(self.lines))
        if summary >= 0:
            stop = (
                scores
                if scores > summary
                else min([n for n in (feedback, annex) if n > summary] or [summary + 1])
            )
            self.made.values["summary"] = self._passage(summary + 1, stop)
        else:
            self._doubt("summary", "its heading isn't there")
        table = self._table(scores + 1 if scores >= 0 else 0, feedback if feedback >= 0 else annex)
        last = key if key >= 0 else closing if closing >= 0 else annex
        for id, start in headings.items():
            later = [n for n in headings.values() if n > start]
            stop = min([*later, last if last > start else len(self.lines)])
            self._section(id, start + 1, stop, table)
        self._key(key, closing if closing >= 0 else annex)
        self._signature(max(closing, key, end) + 1, annex)
        return self.made

    def _doubt(self, id: str, words: str) -> None:
        self.made.unsure.append((id, words))

    # Where the parts begin.

    def _find(self, id: str, start: int) -> int:
        """Return the number of the line that begins with a fixed sentence; -1 if there is none."""
        goal = self.by_id[id].whole
        for number in range(max(0, start), len(self.lines)):
            text = self.lines[number].text
            if (
                _near(text, goal)
                or _near(text[: len(goal)], goal)
                or (id == "title" and _near(text[: len(goal) - 9], goal[:-9]))
            ):
                return number
        return -1

    def _after_words(self, whole: str, start: int) -> int:
        """Return the number of the line with the heading that ends with the area; -1 if none."""
        words = whole.split(AREA)[0]
        for number in range(max(0, start), len(self.lines)):
            text = self.lines[number].text
            if len(text) < len(words) + 80 and _near(text[: len(words)], words, 0.9):
                self.made.values.setdefault("area", text[len(words) :].strip(" .:"))
                return number
        return -1

    def _annex(self, start: int) -> int:
        words = self.by_id["annex"].whole
        for number in range(max(0, start), len(self.lines)):
            text = self.lines[number].text
            if _near(text, words) or re.fullmatch(
                rf"{re.escape(fold(words).split(' -')[0])}\W*", fold(text)
            ):
                return number
        return len(self.lines)

    def _headings(self, start: int, end: int) -> dict[str, int]:
        """Return the number of the line with each benchmark's heading, by its id."""
        found: dict[str, int] = {}
        at = start
        for number, benchmark in enumerate(self.criteria.benchmarks, 1):
            for line in range(at, end):
                text = self.lines[line].text
                bare = re.sub(r"^\s*(?:Benchmark\s*)?[0-9]{1,2}\s*[.):–-]*\s*", "", text)
                numbered = re.match(rf"\s*(?:Benchmark\s*)?{number}\s*[.):–-]", text)
                if len(text) < 260 and (
                    _near(bare, benchmark.heading, 0.8) or _near(bare, benchmark.name)
                ):
                    found[benchmark.id], at = line, line + 1
                    break
                below = self.lines[line + 1 : min(line + 3, end)]
                has_score = any(self.labels["score"].match(other.text) for other in below)
                if numbered and len(text) < 200 and has_score:
                    found[benchmark.id], at = line, line + 1
                    self._doubt(
                        f"{benchmark.id}.score",
                        f'its heading was taken by its number: "{text[:60]}"',
                    )
                    break
            else:
                self._doubt(
                    f"{benchmark.id}.score",
                    "its heading isn't there, so its section couldn't be read",
                )
        return found

    # What they say.

    def _head(self, title: int) -> None:
        """Read what is before the title: marking, addressee, copies, date and greeting."""
        fixed = [
            fold(line)
            for anchor in self.anchors[:12]
            if anchor.kind == "fixed"
            for line in anchor.whole.split("\n")
        ]
        prefix = fold(next((p.words for p in self.anchors if p.id == "greeting"), "")).strip()
        recipient: list[str] = []
        copies: list[str] = []
        for line in self.lines[:title]:
            text = line.text.strip()
            folded = fold(text)
            if any(_near(text, each, 0.9) for each in fixed) or "www." in folded:
                continue
            if prefix and folded.startswith(prefix + " "):
                self.made.values["greeting"] = text[len(prefix) :].strip(" ,:")
            elif found := re.match(r"(?i)c\.?\s?c\.?\s*:?\s+(.+)", text):
                copies += [each.strip() for each in re.split(r"[;,] (?=[A-Z])", found[1])]
            elif len(text) < 40 and _DATE.match(text):
                self.made.values["date"] = re.sub(r"(?i)^date:?\s*", "", text)
            elif text.isupper() and not recipient and len(text) < 40 and " " not in text.strip("-"):
                self.made.values["marking"] = text
            elif "greeting" not in self.made.values:
                recipient.append(text.rstrip(","))
        self.made.values["addressee"] = tuple(recipient)
        self.made.values["cc"] = tuple(copies)

    def _opening(self, start: int, end: int) -> None:
        """Read the period from the title, and the area if the summary's heading lacks it."""
        title = self.lines[start - 1].text if start else ""
        if found := re.search(r"(20[0-9]{2})\s*[/–-]\s*(?:20)?([0-9]{2})", title):
            self.made.values["period"] = f"{found[1]}/20{found[2]}"
        fixed = next(
            (
                anchor.whole
                for anchor in self.anchors
                if AREA in anchor.whole and anchor.kind == "fixed"
            ),
            "",
        )
        before, _, after = fixed.partition(AREA)
        shape = re.escape(fold(before)[-30:]) + r"\s*(.{2,60}?)\s*" + re.escape(fold(after)[:12])
        for line in self.lines[start:end] if before and "area" not in self.made.values else ():
            if found := re.search(shape, fold(line.text)):
                at = fold(line.text).index(found[1])
                self.made.values["area"] = " ".join(line.text.split())[at : at + len(found[1])]

    def _passage(self, start: int, end: int) -> Passage:
        """Return the pieces of some lines; a line that continues a sentence is joined to it."""
        pieces: list[Piece] = []
        for line in self.lines[start:end]:
            if line.piece is None:
                continue
            piece = line.piece
            goes_on = (
                pieces
                and not piece.depth
                and not pieces[-1].depth
                and pieces[-1].text[-1:] not in ".!?:;"
                and piece.text[:1].islower()
            )
            if goes_on:  # as at the end of a page
                runs = (*pieces[-1].runs, TextRun(" "), *piece.runs)
                pieces[-1] = pieces[-1]._replace(runs=edited_letter.tidy(runs))
                self._doubt(
                    "", f'a sentence was joined over the end of a page: "{piece.text[:50]}"'
                )
            elif found := re.match(r"[•·◦▪●–-]\s+", piece.text):
                pieces.append(
                    Piece(1, False, edited_letter.tidy(edited_letter.cut(piece.runs, found.end())))
                )
            else:
                pieces.append(piece)
        return tuple(pieces)

    def _table(self, start: int, end: int) -> dict[str, str]:
        """Return the scores of the table, by the benchmarks' ids."""
        found: dict[str, str] = {}
        for line in self.lines[max(0, start) : end]:
            cells = line.text.split("\t")
            for benchmark in self.criteria.benchmarks if len(cells) > 1 else ():
                if benchmark.id not in found and any(
                    _near(cell.rstrip("0123456789¹ "), benchmark.name) for cell in cells[:-1]
                ):
                    found[benchmark.id] = cells[-1].strip()
        return found

    def _section(self, id: str, start: int, stop: int, table: dict[str, str]) -> None:
        """Read score, good practice and recommendations of one benchmark."""
        marks: dict[str, tuple[int, int]] = {}
        for number in range(start, stop):
            for name, label in self.labels.items():
                found = label.match(self.lines[number].text)
                if found and name not in marks:
                    marks[name] = number, found.end()
                    break
        order = sorted((at, name, length) for name, (at, length) in marks.items())
        for (at, name, length), behind in zip(
            order, [*(each[0] for each in order[1:]), stop], strict=True
        ):
            line = self.lines[at]
            if name == "score":
                said = line.text[length:].strip() or (
                    self.lines[at + 1].text.strip() if at + 1 < behind else ""
                )
                self._score(id, said, table)
                continue
            runs = (
                edited_letter.unbold(edited_letter.cut(line.piece.runs, length), True)[0]
                if line.piece
                else ()
            )
            first = Piece(0, False, edited_letter.tidy(runs))
            rest = self._passage(at + 1, behind)
            self.made.values[f"{id}.{name}"] = (first, *rest) if first.runs else rest
        if "score" not in marks:
            self._score(id, "", table)
        for name in self.labels.keys() - marks.keys() - {"score"}:
            self._doubt(f"{id}.{name}", "its label isn't there")

    def _score(self, id: str, said: str, table: dict[str, str]) -> None:
        written = self.criteria.scale.written
        section = next(
            (word for word in (said, *re.findall(r"\w+", said)) if word.casefold() in written), ""
        )
        other = table.get(id, "")
        if section and other and section.casefold() != other.casefold():
            self._doubt(f"{id}.score", f'its section says "{section}", the table "{other}"')
            return
        if score := section or other:
            self.made.values[f"{id}.score"] = score
        else:
            self._doubt(
                f"{id}.score", "no score of the scale stands in its section or in the table"
            )

    def _key(self, start: int, end: int) -> None:
        if start < 0:
            self._doubt("key_recommendations", "their heading isn't there")
            return
        opening = self.by_id["key_recommendations.opening"].whole[:40]
        first = start + 1
        while first < end and _near(self.lines[first].text[: len(opening)], opening):
            first += 1
        if _near(self.lines[start].text[: len(opening)], opening):
            first = start + 1
        pieces = self._passage(first, end)
        if any(piece.depth for piece in pieces):
            self.made.values["key_recommendations"] = tuple(edited_letter.items_of(pieces))
        else:
            self.made.values["key_recommendations"] = tuple((piece,) for piece in pieces)

    def _signature(self, start: int, end: int) -> None:
        """Read the lines of the signature: name, role, region, telephone, e-mail."""
        fixed = [anchor.whole for anchor in self.anchors if anchor.style == "closing"]
        last = max(
            (
                n
                for n in range(max(0, start), end)
                if any(_near(self.lines[n].text, each) for each in fixed)
            ),
            default=-1,
        )
        if last < 0:  # "Yours sincerely," or the like
            short = (
                n
                for n in range(max(0, start), end)
                if self.lines[n].text.endswith(",") and len(self.lines[n].text) < 40
            )
            last = next(short, -1)
        names = ["advisor.name", "advisor.role", "advisor.region"]
        for line in self.lines[last + 1 : end] if last >= 0 else ():
            text = " ".join(line.text.split())
            if found := re.search(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,200}\w", text):
                self.made.values["advisor.email"] = found[0]
            elif found := re.search(r"\+?[0-9(][0-9 ()-]{8,24}[0-9]", text):
                self.made.values["advisor.phone"] = found[0]
            elif (
                names and len(text) < 100 and not (len(names) == 3 and text.endswith(","))
            ):  # no "Yours sincerely,"
                self.made.values[names.pop(0)] = text.rstrip(",")
        if last < 0 or len(names) > 0:
            self._doubt("advisor.name", "the lines of the signature couldn't be told apart")


_DATE = re.compile(
    r"(?i)(?:date:?\s*)?(?:\w+day,? )?(?:[0-9]{1,2}\D.*[0-9]{4}|[a-z]+ [0-9]{1,2},? [0-9]{4})$"
)
