"""Time a PDF from its XHTML in a warm process, against Typst on the finished source alone.

The finished source is what letter.typ makes of the XHTML, written down: plain Typst markup, the
same page, no XML. Each round typesets another letter, since Typst remembers what it has typeset
before.

Run it with: python benchmarks/pdf.py
"""

import copy
import statistics
import tempfile
import time
from pathlib import Path
from xml.etree.ElementTree import Element

import typst
from harness import write

from prevent_letter import ROOT
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.letter import document, pdf, typesetter
from prevent_letter.letter.compose import Composer

PAGE = """
#set document(title: "TITLE", keywords: ("DIGEST",), date: datetime(year: 2022, month: 5, day: 27))
#set text(font: "Arimo", size: 12pt, top-edge: 0.8em, bottom-edge: -0.2em, fallback: false,
  lang: "en", region: "GB")
#set par(leading: 0.265em, spacing: 13.2pt)
#set page(paper: "a4", margin: 72pt, numbering: "1", header-ascent: 12pt, footer-descent: 12pt,
  header: context if counter(page).get().first() > 1 {
    text(10pt)[Leicestershire County Council \\ 27 May 2022] },
  footer: context text(10pt)[Page #counter(page).display("1") of #counter(page).final().first()])
#show heading: set block(above: 15pt, below: 9pt)
"""


FORM = {"strong": "#strong[{}]", "em": "#emph[{}]", "sup": "#super[{}]"}


def escaped(words: str | None) -> str:
    return "".join(
        f"\\{each}" if each in "\\#*_$@<>[]`~=-+/" else each
        for each in (words or "").replace("\n", " ")
    )


def markup(element: Element, notes: dict[str, str]) -> str:
    """What stands in a line, as Typst markup."""
    made = [escaped(element.text)]
    for child in element:
        if child.get("role") == "doc-noteref":
            made.append(f"#footnote[{notes[child.get('href', '')[1:]]}]")
        elif child.get("class") != "screen":
            inner = markup(child, notes)
            form = "{}" if inner.startswith("#footnote") else FORM.get(child.tag, "{}")
            made.append(" \\\n" if child.tag == "br" else form.format(inner))
        made.append(escaped(child.tail))
    return "".join(made).strip()


def finished(xhtml: str) -> str:
    """The letter as Typst markup."""
    root = copy.deepcopy(document.tree(xhtml))
    main, said = root.find("body/main"), document.properties(root)
    assert main is not None
    made = [PAGE.replace("TITLE", said["title"]).replace("DIGEST", said["digest"])]
    notes = {aside.get("id", ""): markup(aside[0], {}) for aside in main.iter("aside")}
    for aside in main.findall("aside"):
        aside.clear()  # it stands where its reference is
    for element in main.iter():
        text = markup(element, notes) if element.tag in ("h1", "h2", "h3", "p") else ""
        if element.tag[0] == "h":
            made.append(f"{'=' * int(element.tag[1])} {text}\n")
        elif element.tag == "p":
            made.append(
                "#block(above: 0pt, below: 13.2pt, sticky: "
                f"{str('class' in element.attrib).lower()}, par[{text}])\n"
            )
        elif element.tag in ("ul", "ol"):
            items = ", ".join(f"[{markup(item, notes)}]" for item in element)
            made.append(
                f"#{'list' if element.tag == 'ul' else 'enum'}"
                f"(tight: false, spacing: 8pt, {items})\n"
            )
        elif element.tag == "table":
            first, second, third, *cells = [
                f"[{markup(cell, notes)}]" for row in element.iter("tr") for cell in row
            ]
            head = f"table.header({first}, {second}, {third})"
            made.append(f"#table(columns: (8%, 74%, 18%), {head}, {', '.join(cells)})\n")
    return "\n".join(made)


def main(letters: int = 30) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), letters)
        drafts = [DraftLoader().load(path) for path in sorted(Path(folder).glob("*.yaml"))]
        composer, look = Composer(), pdf.read_look(ROOT / "templates" / pdf.LOOK)
        composed = [
            composer.compose(each.assessment, each.criteria)
            for each in drafts
            if each.assessment and each.criteria
        ]
        source = Path(folder) / "letter.typ"
        own: list[float] = []
        peer: list[float] = []
        for each in composed:  # in turn
            start = time.perf_counter()
            pdf.write(each, look)
            own.append((time.perf_counter() - start) * 1000)
            source.write_text(finished(each), encoding="utf-8")
            start = time.perf_counter()
            typst.compile(
                source, root=folder, font_paths=typesetter.fonts(), pdf_standards=["ua-1"]
            )
            peer.append((time.perf_counter() - start) * 1000)
        ours, theirs = statistics.median(own[1:]), statistics.median(peer[1:])
        print(
            f"pdf: {ours:.0f} ms, Typst alone {theirs:.0f} ms,"
            f" {ours / theirs:.2f} times as long (at most 1.6)"
        )


if __name__ == "__main__":
    main()
