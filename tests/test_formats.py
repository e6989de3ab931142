"""The three formats say the same: their words in reading order, read by readers that know nothing of this tool."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from conftest import CHECKOUT, HEAD, Run, W, need, part, text, write_rich_draft
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prevent_letter.assessment.digests import digest
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.letter import document, pdf, web, word, word_story
from prevent_letter.letter.compose import Composer
from prevent_letter.letter.formats import FORMATS, Format, Identity

TEMPLATES = CHECKOUT / "templates"
SHORT = CHECKOUT / "tests" / "clean" / "plain.yaml"
"""Two benchmarks: poppler takes seconds to read a long letter."""


@dataclass
class Said:
    """What a letter says: the words of its body and of its notes, without white space, and its headings by level."""

    body: str = ""
    notes: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)


def bare(words: str) -> str:
    return "".join(words.split())


def said_by_word(path: Path) -> Said:
    said = Said()
    for paragraph in part(path, "word/document.xml").iter(f"{W}p"):
        said.body += bare(text(paragraph))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and (found := re.fullmatch(r"Heading(\d)", style.attrib[f"{W}val"])):
            said.headings.append((int(found[1]), bare(text(paragraph))))
    said.notes = "".join(bare(text(note)) for note in part(path, "word/footnotes.xml"))
    return said


class Page(HTMLParser):
    """Reads main as a person would, without what a browser alone shows."""

    VOID = frozenset({"meta", "br", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.said, self.open = Said(), list[tuple[str, str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            marks = dict(attrs)
            hidden = (
                "hidden"
                if "screen" in (marks.get("class") or "") or marks.get("role") == "doc-noteref"
                else ""
            )
            self.open.append((tag, hidden))
        if re.fullmatch(r"h\d", tag):
            self.said.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        if "main" not in tags or any(hidden for _, hidden in self.open):
            return
        if "aside" in tags:
            self.said.notes += bare(data)
            return
        self.said.body += bare(data)
        if re.fullmatch(r"h\d", tags[-1]):
            level, words = self.said.headings[-1]
            self.said.headings[-1] = level, words + bare(data)


def said_by_page(path: Path) -> Said:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    assert page.open == []
    return page.said


def said_by_pdf(path: Path) -> Said:
    """The tagged text as poppler reads it: the numbers of lists and notes are labels, the notes stand at their places."""
    done = subprocess.run([need("pdfinfo"), "-struct-text", path], check=True, capture_output=True)
    said, skipped, note = Said(), 1000, 1000
    for line in done.stdout.decode(errors="replace").split(
        "\n"
    ):  # it prints the titles of headings as they are
        depth, item = len(line) - len(line.lstrip()), line.strip()
        if depth <= skipped:
            skipped = depth if item.startswith("Lbl") else 1000
        if depth <= note:
            note = depth if item.startswith("Note") else 1000
        if skipped < 1000:
            continue
        if heading := re.match(r"H(\d) ", item):
            said.headings.append((int(heading[1]), ""))
            at = depth
        elif item.startswith('"') and note < 1000:
            said.notes += bare(item[1:-1])
        elif item.startswith('"'):
            said.body += bare(item[1:-1])
            if said.headings and depth > at:
                level, words = said.headings[-1]
                said.headings[-1] = level, words + bare(item[1:-1])
        if not item.startswith(('"', "H", "/")) and depth <= (at if said.headings else 0):
            at = 1000
    return said


def bookmarks(path: Path) -> list[tuple[int, str]]:
    def below(items: object, level: int) -> Iterator[tuple[int, str]]:
        for item in items:  # type: ignore[attr-defined]
            yield level, bare(item.title)
            yield from below(item.children, level + 1)

    with pikepdf.open(path) as document, document.open_outline() as outline:
        return list(below(outline.root, 1))


def same(folder: Path, name: str) -> Said:
    """Hold the three letters of a name against each other."""
    by_word = said_by_word(folder / f"{name}.docx")
    by_page = said_by_page(folder / f"{name}.html")
    by_pdf = said_by_pdf(folder / f"{name}.pdf")
    assert len(by_word.body) > 1000
    assert by_word == by_page
    assert by_page == by_pdf
    assert by_page.headings == bookmarks(folder / f"{name}.pdf")
    return by_page


@pytest.mark.libreoffice  # pdfinfo comes with the same tools
def test_example_says_the_same_in_all_formats(run: Run, example: Path) -> None:
    assert run("build", example, "-f", ",".join(FORMATS)).code == 0
    said = same(example.parent, "leicestershire_2022")
    assert said.notes.startswith("Thisbenchmarkisassessedseparately")
    assert "Score–4" in said.body


@pytest.mark.libreoffice
def test_draft_with_lists_links_and_a_marking_says_the_same(run: Run, tmp_path: Path) -> None:
    assert (
        run(
            "build", write_rich_draft(tmp_path / "rich.yaml"), "--draft", "-f", ",".join(FORMATS)
        ).code
        == 0
    )
    said = same(tmp_path, "rich.draft")
    assert said.body.startswith("DRAFTOFFICIAL-SENSITIVE&moreHomeOffice")
    assert said.body.count("DRAFT") == 1


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", ["areas", "named", "short"])
def test_other_criteria_say_the_same(name: str, run: Run, tmp_path: Path) -> None:
    criteria = CHECKOUT / "tests" / "criteria" / f"{name}.yaml"
    ids = re.findall(r"\bid: (\w+)", criteria.read_text(encoding="utf-8"))
    path = tmp_path / "other.yaml"
    benchmarks = {
        id: {"score": "met" if name == "named" else 2, "recommendations": "Do more."} for id in ids
    }
    path.write_text(
        f"{HEAD}criteria: {criteria.as_posix()}\nbenchmarks: {benchmarks}\n", encoding="utf-8"
    )
    built = run("build", path, "-f", "docx", "-f", "pdf", "-f", "html")
    assert built.code == 0, built.err
    same(tmp_path, "other")


WORDS = st.text(
    "abcdeÄé&<>{}#$@\"'`~_^|\\%/=+.,:;!?()-–—•0123456789 \N{NO-BREAK SPACE}",
    min_size=1,
    max_size=60,
)
LINES = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from(["- a point", "  - within", "1. one", "2. two", "", "*a* **b**", "_"]),
    )
)


@pytest.mark.libreoffice
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=LINES, name=WORDS)
@example(lines=["", ""], name="x")
def test_whatever_is_written_says_the_same(lines: list[str], name: str, tmp_path: Path) -> None:
    draft = DraftLoader().load(SHORT)
    assert draft.assessment
    assert draft.criteria
    addressee = replace(draft.assessment.addressee, name=name.strip() or "x")
    text = "\n".join(lines) or "x"
    assessment = replace(
        draft.assessment, addressee=addressee, summary=text, key_recommendations=(text,)
    )
    xhtml = Composer().compose(assessment, draft.criteria)
    for end, each in FORMATS.items():
        look = each.writer.read_look(TEMPLATES / each.writer.LOOK) if each.writer.LOOK else None
        (tmp_path / f"any.{end}").write_bytes(each.writer.write(xhtml, look))
    same(tmp_path, "any")


@pytest.mark.libreoffice
@pytest.mark.parametrize("room", [word, pdf, web])
def test_difference_would_be_found(
    room: object, run: Run, tmp_path: Path, alone: Callable[[Path], Path]
) -> None:
    """A fault in one format alone: a wrong score, two swapped benchmarks, a missing paragraph, flattened headings."""
    short = alone(SHORT)
    run("build", short, "-f", ",".join(FORMATS), "-o", tmp_path)
    draft = DraftLoader().load(short)
    assert draft.assessment
    assert draft.criteria
    xhtml = Composer().compose(draft.assessment, draft.criteria)
    swapped = (
        xhtml.replace(">Training<", ">X<").replace(">Plan<", ">Training<").replace(">X<", ">Plan<")
    )
    name = {word: "docx", pdf: "pdf", web: "html"}[room]  # type: ignore[index]
    target = tmp_path / f"{SHORT.stem}.{name}"
    look = room.read_look(TEMPLATES / room.LOOK)  # type: ignore[attr-defined]
    faulty = [
        xhtml.replace("Score – </span>3", "Score – </span>5", 1),
        swapped,
        re.sub(r'<p class="recommendations">(?:.|\n)*?</p>', "", xhtml, count=1),
        xhtml.replace("<h3", "<h2").replace("</h3", "</h2"),
    ]
    for each in (xhtml, *faulty):
        target.write_bytes(room.write(each, look))  # type: ignore[attr-defined]
        if each == xhtml:
            same(tmp_path, SHORT.stem)
        else:
            with pytest.raises(AssertionError):
                same(tmp_path, SHORT.stem)


# A new element is added in one place for each format, and fails loudly where it is missing.


def test_element_that_a_format_has_no_place_for_stops_the_build(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    (ours / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}{% block closing %}<blockquote>Well said.</blockquote>{% endblock %}',
        encoding="utf-8",
    )
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    assert "<blockquote> can't be in <main>" in run("build", example).err
    monkeypatch.setitem(document._CONTENT, "main", document._CONTENT["main"] | {"blockquote"})
    monkeypatch.setitem(document._CONTENT, "blockquote", document._INLINE)
    monkeypatch.setattr(document, "_WITH_TEXT", document._WITH_TEXT | {"blockquote"})
    built = run("build", example, "-f", "docx,pdf,html")
    assert (built.code, built.out) == (1, "")
    assert (
        "the letter's template has <blockquote>, and the Word letter has no place for it"
        in built.err
    )
    assert "letter.typ: the letter has <blockquote>, and this file has no place for it" in built.err
    assert "the letter's template has <blockquote>, which a web page can't have" in built.err
    # One line each.
    monkeypatch.setattr(
        word_story.Story,
        "BLOCKS",
        {**word_story.Story.BLOCKS, "blockquote": word_story.Story.BLOCKS["p"]},
    )
    monkeypatch.setattr(web, "ELEMENTS", web.ELEMENTS | {"blockquote"})
    typst = (TEMPLATES / "letter.typ").read_text(encoding="utf-8")
    place = '    else if each.tag in ("ul", "ol") {'
    assert typst.count(place) == 1
    place_for_it = '    else if each.tag == "blockquote" { paragraph(each, false, true) }\n'
    (ours / "letter.typ").write_text(typst.replace(place, place_for_it + place), encoding="utf-8")
    built = run("build", example, "-f", "docx,pdf,html")
    assert built.code == 0, built.err
    assert "Well said." in text(part(example.with_suffix(".docx"), "word/document.xml"))
    assert "<blockquote>Well said.</blockquote>" in example.with_suffix(".html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("block", "kept"),
    [
        ("{% block closing %}<section><p>KEEP ME</p></section>{% endblock %}", ["KEEP ME", "Benchmark"]),
        ('{% block annex %}<!-- <section role="doc-appendix"><p>OLD</p></section> --><section><h2 id="annex">NEW</h2></section>{% endblock %}', ["NEW"]),
        ('{% block annex %}<section role="doc-appendix" aria-label="x"><p class="closing">LAST</p></section>{% endblock %}', ["LAST"]),
    ],
)  # fmt: skip
def test_appendix_of_ones_own_is_in_each_format(
    block: str, kept: list[str], run: Run, example: Path
) -> None:
    """Appendices are read once for all letters that share one; that mustn't show."""
    (example.parent / "ours").mkdir()
    (example.parent / "ours" / "letter.html.j2").write_text(
        f'{{% extends "standard/letter.html.j2" %}}{block}', encoding="utf-8"
    )
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    other = example.with_name("other.yaml")
    other.write_text(
        example.read_text("utf-8").replace("authority: Leicestershire", "authority: Rutshire"),
        encoding="utf-8",
    )
    assert run("build", example, other, "-f", "docx,html").code == 0
    for path in (example, other):
        for words in kept:
            assert words in text(part(path.with_suffix(".docx"), "word/document.xml"))
            assert words in path.with_suffix(".html").read_text(encoding="utf-8")
        assert "OLD" not in text(part(path.with_suffix(".docx"), "word/document.xml"))
    alone = {path: path.with_suffix(".docx").read_bytes() for path in (example, other)}
    for path, data in alone.items():  # each alone, and in the other order, is the same
        path.with_suffix(".docx").unlink()
        assert run("build", path).code == 0
        assert path.with_suffix(".docx").read_bytes() == data


class Text:
    """A trial of another format: the words of the letter in a plain text, which needs no look."""

    LOOK = None

    @staticmethod
    def write(xhtml: str, look: None) -> bytes:
        root = document.tree(xhtml)
        properties = document.properties(root)
        [main] = root.iter("main")
        return f"{properties['identifier']}\n{properties['digest']}\n{''.join(main.itertext())}".encode()

    @staticmethod
    def identity(data: bytes) -> Identity | None:
        lines = data.decode(errors="replace").split("\n")
        return Identity(lines[0], lines[1]) if len(lines) > 2 else None

    @staticmethod
    def same(one: bytes, other: bytes) -> bool:
        return one == other


def test_another_format_is_an_entry_in_the_list(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prevent_letter.letter.trial", Text())
    monkeypatch.setitem(FORMATS, "txt", Format("txt", "Plain text", "trial"))
    assert run("build", example, "-f", "txt,html").out.count("leicestershire_2022.") == 2
    assert "Score – 4" in example.with_suffix(".txt").read_text(encoding="utf-8")
    assert run("build", example, "-f", "txt").err.startswith("1 letter: 0 built, 1 unchanged")
    example.with_suffix(".txt").write_text("somebody's own", encoding="utf-8")
    assert run("build", "--check", example, "-f", "txt").out.endswith(
        "leicestershire_2022.txt: edited\n"
    )
    assert "rtf is not one of docx, pdf, html, txt" in run("build", example, "-f", "rtf").err


def test_class_that_a_look_has_no_style_for_stops_the_build(run: Run, example: Path) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    (ours / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}{% block closing %}<p class="big-red">Bye.</p>{% endblock %}',
        encoding="utf-8",
    )
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    built = run("build", example, "-f", "docx,pdf,html")
    assert (built.code, built.out) == (1, "")
    assert 'letter.docx: the style "Big Red" is missing' in built.err
    assert (
        "letter.typ: the letter has <p> of class big-red, and this file has no place for it"
        in built.err
    )
    assert "letter.css: there is no rule for .big-red, and the letter needs it" in built.err


# What becomes of a target is the same for all formats.


@pytest.mark.parametrize("end", ["pdf", "html"])
def test_unchanged_changed_and_somebody_elses_files(end: str, run: Run, example: Path) -> None:
    letter_file = example.with_suffix(f".{end}")
    assert run("build", example, "-f", end).out.endswith(f"leicestershire_2022.{end}\n")
    before = letter_file.stat().st_mtime_ns
    assert run("build", example, "-f", end).out == ""
    assert run("build", "--check", example, "-f", end).code == 0
    assert letter_file.stat().st_mtime_ns == before
    text = example.read_text(encoding="utf-8")
    example.write_text(text.replace("score: 3", "score: 4", 1), encoding="utf-8")
    assert run("build", "--check", example, "-f", end).out.endswith(
        f"leicestershire_2022.{end}: out of date\n"
    )
    example.write_text(f"{text}sent: 2022-06-01\n", encoding="utf-8")
    assert run("build", "--check", example, "-f", end).code == 0
    example.write_text(
        text.replace("score: 3", "score: 4", 1) + "sent: 2022-06-01\n", encoding="utf-8"
    )
    assert run("build", "--check", example, "-f", end).out.endswith(
        f"leicestershire_2022.{end}: out of date\n"
    )
    example.write_text(text, encoding="utf-8")
    letter_file.write_bytes(b"somebody's own file")
    kept = run("build", example, "-f", end)
    assert kept.code == 1
    assert "kept" in kept.err
    assert run("build", "--check", example, "-f", end).out.endswith(
        f"leicestershire_2022.{end}: edited\n"
    )
    assert run("build", example, "-f", end, "--force").code == 0
    assert letter_file.read_bytes() != b"somebody's own file"


def test_name_of_the_letter_names_the_format(run: Run, example: Path, tmp_path: Path) -> None:
    assert run("build", example, "-o", tmp_path / "Letter.PDF").code == 0
    assert (tmp_path / "Letter.PDF").read_bytes().startswith(b"%PDF-1.7")
    assert run("build", example, "-o", tmp_path / "letter.html", "-f", "html").code == 0
    built = run("build", example, "-f", "pdf,docx", "-f", "pdf", "-o", tmp_path / "out")
    assert built.err == "2 letters: 2 built, 0 unchanged, 0 kept, 0 failed\n"


@pytest.mark.parametrize("room", [word, pdf, web])
def test_mark_says_whose_letter_it_is(room: object, run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    example.write_text(
        text.replace(
            "authority: Leicestershire", "authority: Leicestershire, Rutland & Co's <West>"
        ),
        encoding="utf-8",
    )
    end = {word: "docx", pdf: "pdf", web: "html"}[room]  # type: ignore[index]
    assert run("build", example, "--draft", "-f", end).code == 0
    draft = DraftLoader().load(example)
    assert draft.assessment
    assert draft.criteria
    found = room.identity(example.with_suffix(f".draft.{end}").read_bytes())  # type: ignore[attr-defined]
    assert found.identifier == "Leicestershire, Rutland & Co's <West> County Council 2021/2022"
    assert found.digest == digest(draft.assessment, draft.criteria)
    assert room.identity(b"") is None  # type: ignore[attr-defined]
