"""Edit letters in LibreOffice as a person would, for test_office_edits.py.

It runs in a Python that has ``uno``, and nothing else of ours: python3 office_edits.py JOBS.json.
Each job names a letter, a seed, and the blocks of its passages (by key, without their marks). What
was done to which is written back into JOBS.json.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice brings it
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.text.ControlCharacter import PARAGRAPH_BREAK  # type: ignore[import-not-found]

NEW = ["in writing", "twice a year", "with the schools & colleges", "“a model” for others"]
MORE = ["It was shared with partners.", "Ask for it each spring.", "The board has seen it."]


def connect(folder: str) -> tuple[subprocess.Popen[bytes], Any, Any]:
    """Start LibreOffice, and return its process, its desktop and what dispatches its commands."""
    pipe = "edits" + Path(folder).name.replace("_", "")
    command = ["soffice", "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    office = subprocess.Popen([*command, f"-env:UserInstallation=file://{folder}"])
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.5)
    desktop, dispatcher = (
        context.ServiceManager.createInstanceWithContext(f"com.sun.star.frame.{name}", context)
        for name in ("Desktop", "DispatchHelper")
    )
    return office, desktop, dispatcher


def hidden() -> tuple[Any]:
    """What loads a document without a window."""
    return (PropertyValue("Hidden", 0, True, 0),)


class Edits:
    """The edits of one letter."""

    def __init__(self, job: dict[str, Any], document: Any) -> None:
        self.job, self.document, self.text = job, document, document.Text
        self.chance, self.used = random.Random(job["seed"]), set[tuple[str, int]]()
        self.done = list[Any]()

    def paragraphs(self) -> Iterator[Any]:
        cells = self.text.createEnumeration()
        while cells.hasMoreElements():
            each = cells.nextElement()
            if each.supportsService("com.sun.star.text.Paragraph"):
                yield each

    def pick(self, least: int) -> tuple[str, int, str, Any] | None:
        """A block's key, number (from ``least`` on) and words, and a cursor at its end."""
        for _ in range(300):
            key = self.chance.choice(sorted(self.job["passages"]))
            blocks = self.job["passages"][key]
            number = self.chance.randrange(len(blocks))
            if number < least:
                continue
            words = blocks[number]
            if (key, number) in self.used or len(words) < 40 or not set(words).isdisjoint("*_[]\\"):
                continue
            found = [p for p in self.paragraphs() if p.getString().endswith(words)]
            if len(found) == 1:
                self.used.add((key, number))
                return key, number, words, self.text.createTextCursorByRange(found[0].getEnd())
        return None

    def select(self, end: Any, words: str, first: int, last: int) -> Any:
        """A cursor around characters of a block."""
        cursor = self.text.createTextCursorByRange(end)
        cursor.goLeft(len(words) - first, False)
        cursor.goRight(last - first, True)
        return cursor

    def some_words(self, words: str) -> tuple[int, int]:
        pieces = words.split(" ")
        start = self.chance.randrange(1, len(pieces) - 2)
        end = start + self.chance.randint(1, 2)
        first = len(" ".join(pieces[:start])) + 1
        return first, first + len(" ".join(pieces[start:end]))

    def replace(self, words: str, end: Any) -> str:
        first, last = self.some_words(words)
        new = self.chance.choice(NEW)
        self.select(end, words, first, last).setString(new)
        return words[:first] + new + words[last:]

    def add(self, words: str, end: Any) -> str:
        more = self.chance.choice(MORE)
        self.text.insertString(end, f" {more}", False)
        return f"{words} {more}"

    def emphasise(self, words: str, end: Any) -> str:
        first, last = self.some_words(words)
        self.select(end, words, first, last).setPropertyValue(
            "CharPosture", uno.Enum("com.sun.star.awt.FontSlant", "ITALIC")
        )
        return f"{words[:first]}*{words[first:last]}*{words[last:]}"

    def link(self, words: str, end: Any) -> str:
        first, last = self.some_words(words)
        self.select(end, words, first, last).setPropertyValue(
            "HyperLinkURL", "https://www.exampleshire.example/plan"
        )
        return f"{words[:first]}[{words[first:last]}](https://www.exampleshire.example/plan){words[last:]}"

    def enter(self, words: str, end: Any) -> list[str]:
        more = self.chance.choice(MORE)
        self.text.insertControlCharacter(end, PARAGRAPH_BREAK, False)
        self.text.insertString(end, more, False)
        return [words, more]

    def cut(self, words: str, end: Any) -> None:
        cursor = self.text.createTextCursorByRange(end)
        cursor.goLeft(len(words) + 1, True)
        cursor.setString("")
        return

    def run(self) -> list[Any]:
        kinds: list[Any] = [self.replace, self.replace, self.add, self.emphasise]
        kinds += [self.link, self.enter, self.cut]
        for _ in range(self.chance.randint(1, 4)):
            kind = self.chance.choice(kinds)
            picked = self.pick(1 if kind == self.cut else 0)
            if picked is not None:
                key, number, words, end = picked
                self.document.RecordChanges = self.chance.random() < 0.5
                self.done.append([kind.__name__, key, number, kind(words, end)])
        self.document.RecordChanges = False
        if self.chance.random() < 0.3:
            self.score()
        return self.done

    def score(self) -> None:
        """Another score in the section and in the table."""
        key = self.chance.choice(sorted(self.job["scores"]))
        row, old = self.job["scores"][key]
        new = self.chance.choice([n for n in "12345" if n != old])
        [table] = [self.document.TextTables.getByIndex(0)]
        table.getCellByName(f"C{row + 1}").setString(new)
        sections = [p for p in self.paragraphs() if p.getString().startswith("Score – ")]
        at = sections[row - 1]
        assert at.getString() == f"Score – {old}"
        cursor = self.text.createTextCursorByRange(at.getEnd())
        cursor.goLeft(len(old), True)
        cursor.setString(new)
        self.done.append(["score", key, 0, new])


def main(path: str) -> None:
    jobs = json.loads(Path(path).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        office, desktop, _ = connect(folder)
        try:
            for job in jobs:
                url = Path(job["letter"]).as_uri()
                document = desktop.loadComponentFromURL(url, "_blank", 0, hidden())
                job["done"] = Edits(job, document).run()
                word = PropertyValue("FilterName", 0, "MS Word 2007 XML", 0)
                document.storeToURL(url, (word,))
                document.close(True)
        finally:
            office.terminate()
    Path(path).write_text(json.dumps(jobs), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
