"""How long a PDF takes in a warm process, from its XHTML, against Typst compiling the finished source alone.

The finished source is what letter.typ makes of the XHTML, written down: plain Typst markup, the same page, no
XML. Each round typesets another letter, since Typst remembers what it has typeset before.

Run it with: python benchmarks/pdf.py
"""

import statistics
import tempfile
import time
from pathlib import Path
from xml.etree.ElementTree import Element

import typst
from check import write

from prevent_letter import ROOT, letter, pdf
from prevent_letter.assessment import Desk

PAGE = """
#set document(title: "TITLE", keywords: ("DIGEST",), date: datetime(year: 2022, month: 5, day: 27))
#set text(font: "Arimo", size: 12pt, top-edge: 0.8em, bottom-edge: -0.2em, fallback: false, lang: "en", region: "GB")
#set par(leading: 0.265em, spacing: 13.2pt)
#set page(paper: "a4", margin: 72pt, numbering: "1", header-ascent: 12pt, footer-descent: 12pt,
  header: context if counter(page).get().first() > 1 { text(10pt)[Leicestershire County Council \\ 27 May 2022] },
  footer: context text(10pt)[Page #counter(page).display("1") of #counter(page).final().first()])
#show link: it => underline(it)
"""


def plain(element: Element) -> str:
    """The words of an element as Typst markup."""
    return "".join(
        f"\\{each}" if each in "\\#*_$@<>[]`~=-+/" else each for each in " ".join("".join(element.itertext()).split())
    )


def finished(xhtml: str) -> str:
    """The letter as Typst markup."""
    root = letter.tree(xhtml)
    main, said = root.find("body/main"), letter.properties(root)
    assert main is not None
    made = [PAGE.replace("TITLE", said["title"]).replace("DIGEST", said["digest"])]
    for element in main.iter():
        if element.tag in ("h1", "h2", "h3"):
            made.append(f"{'=' * int(element.tag[1])} {plain(element)}\n")
        elif element.tag == "p":
            made.append(f"#block(sticky: {str('class' in element.attrib).lower()}, par[{plain(element)}])\n")
        elif element.tag in ("ul", "ol"):
            items = ", ".join(f"[{plain(item)}]" for item in element)
            made.append(f"#{'list' if element.tag == 'ul' else 'enum'}({items})\n")
        elif element.tag == "table":
            cells = ", ".join(f"[{plain(cell)}]" for row in element.iter("tr") for cell in row)
            made.append(f"#table(columns: (8%, 74%, 18%), {cells})\n")
    return "\n".join(made)


def main(letters: int = 30) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), letters)
        drafts = [Desk().open(path) for path in sorted(Path(folder).glob("*.yaml"))]
        composer, look = letter.Composer(), pdf.look(ROOT / "templates" / pdf.LOOK)
        composed = [
            composer.compose(each.assessment, each.criteria) for each in drafts if each.assessment and each.criteria
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
            typst.compile(source, root=folder, font_paths=look.fonts, pdf_standards=["ua-1"])
            peer.append((time.perf_counter() - start) * 1000)
        ours, theirs = statistics.median(own[1:]), statistics.median(peer[1:])
        print(f"pdf: {ours:.0f} ms, Typst alone {theirs:.0f} ms, {ours / theirs:.2f} times as long (at most 1.6)")


if __name__ == "__main__":
    main()
