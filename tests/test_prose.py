"""Prose comes out whole and as it stands, save paragraphs, lists, emphasis and links; for any text at all."""

import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from conftest import CHECKOUT, Run, paragraphs
from hypothesis import example as tried
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from prevent_letter.assessment.digests import digest
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.core import prose

BITING = [
    "& < > { } * _ # | \\ \" '",
    "{{ 7*7 }} {% if x %} {# no #}",
    "]]> <![CDATA[ x ]]> <!-- no --> <script>alert(1)</script>",
    "&copy; &amp; &#65; \\* \\_ \\&",
    "5*4*3 = 60 and 2**3**2 and f(*args)",
    "1986. It was a year.",
    "# not a heading",
    "> not a quotation",
    "```\nnot code\n```",
    "    not code either",
    "![a picture](https://a.example/b.png)",
    "| not | a table |",
    "<https://a.example> https://b.example",
    "[no](javascript:alert(1)) [no](file:///etc) [no](//a.example) [no]() [no][ref]",
    '[titled](https://a.example "its title")',
    "Ynys Môn, Dùn Dè, Rhondda Cynon Tâf, Ŵy, Ỳ, 🙂, 👩‍👩‍👧, e\u0301, ﷽, 中文",
    "snake_case_name and _under",
    "1) one\n2) two",
    "---\n***\n___\n- - -",
    "-\n*\n+\n1.\n2.",
    "Setext\n======\nnot\n---",
    "a  \nb\\\nc",
    "50% @home `tick` ~tilde~ ^caret^ $x$",
    "«quoted» “curly” ‘single’ no\N{NO-BREAK SPACE}break",
]


def words(passage: prose.Prose) -> str:
    """The text of a passage with the marks of its lists as they were written, white space collapsed."""
    root = ElementTree.fromstring(f"<div><p>{passage.first}</p>{passage.rest}</div>")
    said: list[str] = []

    def walk(element: ElementTree.Element, number: int) -> None:
        if element.tag == "li":
            said.append(f"\n{number}. " if number else "\n- ")
        elif element.tag in ("p", "ul", "ol"):
            said.append("\n")
        said.append(element.text or "")
        start = int(element.get("start", "1"))
        for at, child in enumerate(element):
            walk(child, start + at if element.tag == "ol" else 0)
            said.append(child.tail or "")

    walk(root, 0)
    return " ".join("".join(said).split())


def expected(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("text", BITING)
def test_text_that_bites_comes_out_as_it_stands(text: str) -> None:
    assert words(prose.render(text)) == expected(text)


@pytest.mark.parametrize("text", BITING)
def test_text_that_bites_stands_in_the_word_letter(text: str, run: Run, example: Path) -> None:
    changed = example.read_text(encoding="utf-8").replace("There is an IT policy in place.", "MARK")
    block = "\n".join(f"      {line}" for line in f"Here: {text}".splitlines()) + "\n      There"
    example.write_text(changed.replace("      MARK", block), encoding="utf-8")
    assert run("build", "--draft", example).code == 0  # of which no placeholder stops a draft
    found = " ".join(words for _, words in paragraphs(example.with_suffix(".draft.docx")))
    assert " ".join(f"Good Practice – Here: {text} There A venue hire policy".split()) in " ".join(
        found.split()
    )


def test_paragraphs_emphasis_links_and_lists() -> None:
    text = "One\nline.\n\nTwo *light* and **strong**, [here](HTTPS://a.example/?b=1&c=2).\n\n- a\n- b\n\n  more\n    1. c\n"
    first, rest = prose.render(text, "good-practice")
    assert first == "One\nline."
    assert rest.split("\n") == [
        '<p class="good-practice">Two <em>light</em> and <strong>strong</strong>, '
        '<a href="HTTPS://a.example/?b=1&amp;c=2">here</a>.</p>',
        "<ul>",
        "<li>",
        "<p>a</p>",
        "</li>",
        "<li>",
        "<p>b</p>",
        "<p>more</p>",
        "<ol>",
        "<li>c</li>",
        "</ol>",
        "</li>",
        "</ul>",
    ]


def test_passage_that_begins_with_a_list_has_no_first_paragraph() -> None:
    assert prose.render("- a\n- b") == ("", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1. a\n2. b\n3. c", ["1-3"]),
        ("1. a\n1. b\n1. c", ["1-3"]),
        ("1. a\n3. b", ["1-1"]),
        ("2. a\n3. b", []),
        ("In\n1986. It was", []),
        ("1. a\n\nBetween.\n\n2. b\n3. c", ["1-1", "2-3"]),
        ("1. a\n\nBetween.\n\n3. b", ["1-1"]),
        ("1. a\n\nBetween.\n\n1. b", ["1-1", "1-1"]),
        ("1. a\n   1. b\n   2. c\n2. d", ["1-2", "1-2"]),
        ("1. a\n2019. It was\n2. b", ["1-2"]),
    ],
)
def test_numbers_that_are_no_list_are_text(text: str, numbers: list[str]) -> None:
    rendered = prose.render(text)
    root = ElementTree.fromstring(f"<div><p>{rendered.first}</p>{rendered.rest}</div>")
    found = [
        f"{(start := int(each.get('start', '1')))}-{start + len(each) - 1}"
        for each in root.iter("ol")
    ]
    assert found == numbers
    if "1. b" not in text:
        assert words(rendered) == expected(text)


# Whatever the reader lets through: it refuses control characters and noncharacters.
LETTERS = st.characters(
    codec="utf-8",
    exclude_categories=["Cc", "Cs"],
    exclude_characters=[chr(code) for code in range(0xFDD0, 0xFDF0)],
)
MARKED = st.text(st.sampled_from("abc é*_[]()<>&\\!#`~-+.1290{}|\"'\n\n  \t"), max_size=80)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "  ", "   ", "    ", "      "]),
        st.sampled_from(
            ["", "", "- ", "* ", "1. ", "2. ", "3. ", "- 1. ", "1) ", "12. ", "-   ", "1.      "]
        ),
        st.sampled_from(
            ["word", "*word*", "two words", "", "1986. It was", "[a](https://b.example)", "-", "*"]
        ),
    ).map("".join),
    max_size=14,
).map("\n".join)


def plain(text: str) -> str:
    """A text without what lists, emphasis and links may take out of it or put into it, and without white space."""
    text = re.sub(r"\]\([^\n]*?\)", "", text)
    text = "".join(
        sign for sign in text if unicodedata.category(sign) != "Cf" and sign != "\u034f"
    )  # what nobody sees
    return re.sub(r"[\s*_\[\]().+-]|[0-9]+", "", text)


@given(MARKED | LINES | st.text(LETTERS))
@tried("- " * 60 + "x")
@tried("*a " * 300 + "a* " * 300)
@tried("[" * 400 + "x" + "]" * 400)
@tried("**a *b " * 100)
@settings(deadline=None)
def test_any_text_is_well_formed_and_loses_nothing(text: str) -> None:
    rendered = prose.render(text, "good-practice")
    root = ElementTree.fromstring(f"<div><p>{rendered.first}</p>{rendered.rest}</div>")
    assert {each.tag for each in root.iter()} <= {"div", "p", "ul", "ol", "li", "em", "strong", "a"}
    assert all(
        re.match("(https?://|mailto:)", each.attrib["href"], re.I) for each in root.iter("a")
    )
    assert plain("".join(root.itertext())) == plain(text)


@given(LINES)
@tried("  1. word\n    2. word\n3. word")
@settings(deadline=None)
def test_numbers_of_lists_are_those_that_were_written(text: str) -> None:
    """What a reader sees, marks and numbers included, is what stands in the file."""
    written = re.sub(r"(?m)^(\s*(?:[-*]\s+|1\.\s+)*)[*](?=\s)", r"\1-", text)
    if written.count("1. ") > 1:
        return  # a list may be written with 1. throughout
    said = re.sub(r"[*\[\]]|\(https://b.example\)|-", "", words(prose.render(text)))
    assert said.split() == re.sub(r"[*\[\]]|\(https://b.example\)|-", "", text).split()


MARKS = st.sampled_from(["- ", "* ", "1. ", "2. ", "- 1. ", "12. "])
PLAIN = st.lists(
    st.tuples(
        st.sampled_from(["", "", "  ", "   "]),
        st.just("") | MARKS,
        st.sampled_from(["word", "*two* words", "[a](b)"]),
    ).map("".join)
    | st.just(""),
    max_size=12,
).map("\n".join)


def shape(element: ElementTree.Element) -> object:
    """An element's name, numbers and words, and those of what stands in it."""
    inner = [(shape(each), " ".join((each.tail or "").split())) for each in element]
    return element.tag, element.get("start"), " ".join((element.text or "").split()), inner


@given(PLAIN)
@settings(deadline=None)
def test_lists_near_the_margin_are_those_of_commonmark(text: str) -> None:
    """Held against markdown-it, whose own reading of numbers and of marks that stand alone is taken out before."""
    text = re.sub(r"(?m)^ *(?:2\.|12\.|- 1\.|\*) (?=\*)", "", text)
    parser = MarkdownIt("zero", {"xhtmlOut": True}).enable(["list", "emphasis", "link"])
    parser.validateLink = lambda url: False  # type: ignore[method-assign]
    if re.search(r"(?m)^ *(2|12)\. ", text) or re.search(
        r"(?m)^ {0,3}(?:- )?1\. (?:.|\n)*^ {0,3}(?:- )?1\. ", text
    ):
        return  # a number that follows no other is text here, and a list there
    ours = prose.render(text)
    lone = ours.first and f"<p>{ours.first}</p>\n"
    assert shape(ElementTree.fromstring(f"<div>{lone}{ours.rest}</div>")) == shape(
        ElementTree.fromstring(f"<div>{parser.render(text)}</div>")
    )


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("The council should:\n    - train\n    - meet", ["ul 2"]),
        ("The council should:\n\n    1. train\n    2. meet\n        - monthly\n        - in public\n    3. report", ["ol 3", "ul 2"]),
        ("- a\n          - b\n          - c\n- d", ["ul 2", "ul 2"]),
        ("      - a\n      - b\n\nAnd.", ["ul 2"]),
    ],
)  # fmt: skip
def test_list_may_stand_as_far_in_as_its_writer_likes(text: str, lists: list[str]) -> None:
    rendered = prose.render(text)
    root = ElementTree.fromstring(f"<div><p>{rendered.first}</p>{rendered.rest}</div>")
    assert [f"{each.tag} {len(each)}" for each in root.iter() if each.tag in ("ul", "ol")] == lists
    assert words(rendered) == expected(text)


def test_lists_nest_nine_deep() -> None:
    rendered = prose.render("\n".join("  " * depth + f"- {depth}" for depth in range(10)))
    root = ElementTree.fromstring(f"<div>{rendered.rest}</div>")
    assert len(list(root.iter("ul"))) == 9
    assert [" ".join((each.text or "").split()) for each in root.iter("li")][-1] == "8 - 9"


@given(MARKED | LINES | st.text(LETTERS))
@tried("The council should:\r\n    - train\r\n\tthem\r\n")
@settings(deadline=None)
def test_blocks_say_where_they_stand(text: str) -> None:
    """Between them there is nothing but white space, and what stands in them is their mark and their text."""
    behind = 0
    for block in prose.parse(text):
        assert text[behind : block.start].strip(" \t\r\n") == ""
        assert prose.one_line(text[block.start : block.end]).split() == block.line.split()
        assert block.depth >= len(block.mark.split())
        behind = block.end
    assert text[behind:].strip(" \t\r\n") == ""


DIGESTS = {
    "leicestershire_2022.yaml": "108ec4233769aa811db378b2110e5bd049e39b2f11e1d27f2bec964a02cbad8c",
    "repository/midlands/exampleshire_2026.yaml": "bff34ac4e51403778b91e79b5988a8ac8148fe9ace4807e4eacaa4ee77a8a282",
    "repository/midlands/exampleshire_2027.yaml": "1a20853c664e32426d36650efb6abca61ce5f10e0fc833bbd630fbba50c4bde2",
    "repository/north/borshire_2027.yaml": "2ac38781b7840700b47287d07f3a7760c9fc83fdde7be0da667e20837d909952",
    "repository/north/rutshire_2026.yaml": "f847e494c5a8b5da3586a8b11fdf7bb343263e3de2e9df77a1004aaf0d27a300",
}
COLLAPSED = {
    "One\nline,  and\tmore.\n\n  Two.": "One line, and more.\n\nTwo.",
    "One *light*\nline.\n  \n  Two.": "One *light* line.\n\n  Two.",
    "In:\n- a\n  b\n-   c\n\n  more\n  1.  d\n": "In:\n- a b\n- c\n\n  more\n  1. d",
    "1. a\n\nBetween.\n\n2. b\n19. c": "1. a\n\nBetween.\n\n2. b 19. c",
    "- - a\n-\n1) b\n\n1986. It was\n": "- - a - 1) b\n\n1986. It was",
    "[a] b\N{NO-BREAK SPACE}\nc\N{NO-BREAK SPACE}\r\nd": "[a] b c\N{NO-BREAK SPACE} d",
}
"""A passage of each kind, as it stands in the digests of letters that were sent."""


def test_digests_of_letters_that_were_sent_stay() -> None:
    for name, value in DIGESTS.items():
        draft = DraftLoader().load(CHECKOUT / "examples" / name)
        assert draft.assessment
        assert draft.criteria
        assert digest(draft.assessment, draft.criteria) == value
    for passage, collapsed in COLLAPSED.items():
        assert prose.collapse(passage) == collapsed


@given(
    st.lists(
        st.sampled_from(["word", "*light*", "longer", "1986.", "-", "5*4"]), min_size=1, max_size=30
    ),
    st.data(),
)
@settings(deadline=None)
def test_wrapping_anew_changes_no_digest(said: list[str], data: st.DataObject) -> None:
    text = " ".join(said)
    gaps = data.draw(st.lists(st.booleans(), min_size=len(said), max_size=len(said)))
    wrapped = "".join(
        f"{word}\n" if gap else f"{word} " for word, gap in zip(said, gaps, strict=True)
    )
    if re.search(r"^- |\n- |\n-\n|^-\n", wrapped) or text.startswith("- "):
        return  # a dash at a line's beginning makes an item
    assert prose.collapse(wrapped.strip()) == prose.collapse(text)


def test_a_paragraph_an_item_or_a_level_more_is_another_text() -> None:
    texts = [
        "a b",
        "a\n\nb",
        "- a b",
        "- a\n- b",
        "- a\n  - b",
        "- a\n\n  b",
        "a\n- b",
        "1. a\n2. b",
        "- a\n\nb",
    ]
    assert len({prose.collapse(text) for text in texts}) == len(texts)


def test_prose_in_yaml_reads_as_any_yaml_reader_reads_it(example: Path) -> None:
    """The reader's text is that of an ordinary YAML reader, for the whole example."""
    from prevent_letter.assessment import source

    loaded = yaml.load(example.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert source.read(example).data == loaded
