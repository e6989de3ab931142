"""Word files as Word, Word for the web and other programs write them: read whole, or named as what they are."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import CHECKOUT, Run
from docx.oxml.ns import nsdecls

SENTENCE = "The partners meet each term."
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ASSESSMENT = """\
authority: Exampleshire County Council
area: Exampleshire
period: 2026/2027
date: 2027-05-27
addressee:
  name: The Chief Executive
  greeting: Chief Executive
  address: |
    Exampleshire County Council
    The Town Hall
advisor:
  name: A. N. Advisor
  role: Prevent Regional Advisor
  region: Example Midlands
  email: a.advisor@region.example
criteria: CRITERIA
summary: |
  Exampleshire meets the duty, as [its site](https://www.exampleshire.example/a#b) says.
benchmarks:
  plan:
    score: 3
    good_practice: |
      There is a plan.
    recommendations: |
      Train more people.
  training:
    score: 4
    good_practice: |
      The partners meet each term.
    recommendations: |
      Go on as before.
key_recommendations:
  - |
    Write district plans.
"""


class Package:
    """The parts of a letter, to be changed and written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as package:
            self.parts = {name: package.read(name).decode() for name in package.namelist()}

    def put(self, old: str, new: str, part: str = "word/document.xml") -> None:
        assert old in self.parts[part], old
        self.parts[part] = self.parts[part].replace(old, new, 1)

    def add(self, name: str, xml: str, kind: str) -> None:
        self.parts[f"word/{name}"] = xml
        link = f'<Relationship Id="x{len(self.parts)}" Type="{OFFICE}/{kind}" Target="{name}"/>'
        self.put("</Relationships>", f"{link}</Relationships>", "word/_rels/document.xml.rels")

    def write(self, encode: Callable[[str], bytes] = str.encode) -> None:
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in self.parts.items():
                package.writestr(name, encode(text))


@pytest.fixture
def letter(run: Run, tmp_path: Path) -> Package:
    path = tmp_path / "exampleshire_2027.yaml"
    criteria = (CHECKOUT / "tests" / "criteria" / "short.yaml").as_posix()
    path.write_text(ASSESSMENT.replace("CRITERIA", criteria), encoding="utf-8")
    assert run("build", path).code == 0
    return Package(path.with_suffix(".docx"))


def imported(run: Run, letter: Package) -> tuple[str, list[dict[str, Any]]]:
    """Training's good practice after the import, and the findings."""
    done = run("import", "--apply", "--format", "json", letter.path)
    assert done.code in (0, 1), done.err
    text = letter.path.with_suffix(".yaml").read_text(encoding="utf-8")
    data = yaml.load(text, yaml.BaseLoader)
    return data["benchmarks"]["training"]["good_practice"], json.loads(done.out)


def run_of(text: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


ALTERNATIVE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x">{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback></mc:AlternateContent>'
)
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
INSTRUCTION = '<w:r><w:instrText xml:space="preserve">{}</w:instrText></w:r>'.format
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
SHOWN: dict[str, tuple[str, str]] = {
    "a choice of a branch": (
        run_of("They ") + ALTERNATIVE.format(run_of("meet often.")),
        "They meet often.",
    ),
    "squares": (
        run_of("The hall has 500 m")
        + run_of("2", '<w:vertAlign w:val="superscript"/>')
        + run_of("."),
        "The hall has 500 m².",
    ),
    "an ordinal": (
        run_of("On the 4")
        + run_of("th", '<w:vertAlign w:val="superscript"/>')
        + run_of(" they met."),
        "On the 4th they met.",
    ),
    "emphasis by a style": (
        run_of("They meet ") + run_of("often", '<w:rStyle w:val="Loud"/>') + run_of("."),
        "They meet **often**.",
    ),
    "a style switched off": (
        run_of("They ") + run_of("meet", '<w:rStyle w:val="Loud"/><w:b w:val="0"/>') + run_of("."),
        "They meet.",
    ),
    "the result of a field alone": (
        FIELD("begin")
        + INSTRUCTION(" IF ")
        + FIELD("begin")
        + INSTRUCTION(" MERGEFIELD kind ")
        + FIELD("separate")
        + run_of("county")
        + FIELD("end")
        + INSTRUCTION(' = "county" "They meet." ')
        + FIELD("separate")
        + run_of("They meet.")
        + FIELD("end"),
        "They meet.",
    ),
    "an address and its anchor": (
        '<w:hyperlink r:id="own" w:anchor="c">'
        + run_of("Their site")
        + "</w:hyperlink>"
        + run_of("."),
        "[Their site](https://a.example/b#c).",
    ),
    "a no-break hyphen": (
        "<w:r><w:t>Anti</w:t><w:noBreakHyphen/><w:t>hate work.</w:t></w:r>",
        "Anti\u2011hate work.",
    ),
}
LOUD = '<w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/>{}</w:style>'.format


def prepared(letter: Package, xml: str) -> Package:
    """The letter with other content in place of a sentence, and what that content needs."""
    namespaces = f'xmlns:r="{OFFICE}" '
    document = letter.parts["word/document.xml"]
    if "xmlns:r=" not in document[:1000]:
        letter.put("<w:document ", f"<w:document {namespaces}")
    letter.put("</w:styles>", LOUD("<w:rPr><w:b/></w:rPr>") + "</w:styles>", "word/styles.xml")
    link = f'<Relationship Id="own" Type="{OFFICE}/hyperlink" Target="https://a.example/b"'
    letter.put(
        "</Relationships>",
        f'{link} TargetMode="External"/></Relationships>',
        "word/_rels/document.xml.rels",
    )
    letter.put(run_of(SENTENCE), xml)
    return letter


@pytest.mark.parametrize("name", SHOWN)
def test_what_word_shows_comes_back(name: str, run: Run, letter: Package) -> None:
    xml, expected = SHOWN[name]
    prepared(letter, xml).write()
    text, found = imported(run, letter)
    assert text.strip() == expected
    assert [each["code"] for each in found] == ["PL503"]


ODD = {
    "symbol": run_of("They meet ") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>',
    "symbol of a font": run_of("ü", '<w:rFonts w:ascii="Wingdings"/>') + run_of(SENTENCE),
    "equation": f"<m:oMath {MATH}><m:r><m:t>x</m:t></m:r></m:oMath>" + run_of(SENTENCE),
    "hidden text": run_of(SENTENCE) + run_of(" Ask first.", "<w:vanish/>"),
    "raised or lowered text": run_of("10") + run_of("n", '<w:vertAlign w:val="superscript"/>'),
    "struck-out text": run_of(SENTENCE, "<w:strike/>"),
    "picture": run_of(SENTENCE) + "<w:r><w:drawing/></w:r>",
    "footnote": run_of(SENTENCE) + '<w:r><w:footnoteReference w:id="1"/></w:r>',
}


@pytest.mark.parametrize("name", ODD)
def test_what_prose_cant_say_is_named_and_left(name: str, run: Run, letter: Package) -> None:
    before = letter.path.with_suffix(".yaml").read_bytes()
    prepared(letter, ODD[name]).write()
    _, found = imported(run, letter)
    assert {each["code"] for each in found} == {"PL507"}
    assert name.removesuffix(" of a font") in found[0]["message"]
    assert letter.path.with_suffix(".yaml").read_bytes() == before


LEVEL = (
    '<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>'
    '<w:lvlText w:val="%1."/></w:lvl>'
)


def item(text: str, number: int, style: str = "") -> str:
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    of_list = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{look}{of_list}</w:pPr>{run_of(text)}</w:p>"


def listed(letter: Package, lists: str, paragraphs: str) -> None:
    """Put definitions of lists into a letter, and paragraphs behind the sentence's."""
    numbering = letter.parts["word/numbering.xml"]
    at = numbering.index("<w:num ")
    abstract = "".join(re.findall("<w:abstractNum .*?</w:abstractNum>", lists))
    instances = lists.replace(abstract, "")
    numbering = numbering[:at] + abstract + numbering[at:]
    letter.parts["word/numbering.xml"] = numbering.replace(
        "</w:numbering>", instances + "</w:numbering>"
    )
    document = letter.parts["word/document.xml"]
    end = document.index("</w:p>", document.index(SENTENCE)) + len("</w:p>")
    letter.parts["word/document.xml"] = document[:end] + paragraphs + document[end:]


def numbered(number: int, kind: str = "decimal", start: int = 1) -> str:
    level = LEVEL.format(start=start, kind=kind)
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{level}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    )


@pytest.mark.parametrize(
    ("lists", "paragraphs", "expected"),
    [
        (numbered(900), item("Ask.", 900) + item("Answer.", 900), "1. Ask.\n2. Answer."),
        (
            numbered(900),
            item("Ask.", 900) + f"<w:p>{run_of('Then wait.')}</w:p>" + item("Answer.", 900),
            "1. Ask.\n\nThen wait.\n\n2. Answer.",
        ),
        (
            '<w:abstractNum w:abstractNumId="900">'
            + LEVEL.format(start=1, kind="bullet")
            + '</w:abstractNum><w:num w:numId="900"><w:abstractNumId w:val="900"/>'
            + '<w:lvlOverride w:ilvl="0">'
            + LEVEL.format(start=1, kind="decimal")
            + "</w:lvlOverride></w:num>",
            item("Ask.", 900) + item("Answer.", 900),
            "1. Ask.\n2. Answer.",
        ),
        (numbered(900, "lowerLetter"), item("Ask.", 900) + item("Answer.", 900), ""),
        (numbered(900, start=4), item("Ask.", 900) + item("Answer.", 900), ""),
    ],
    ids=["numbers", "interrupted", "level of an override", "letters", "begins with 4"],
)
def test_lists_keep_their_numbers(
    lists: str, paragraphs: str, expected: str, run: Run, letter: Package
) -> None:
    listed(letter, lists, paragraphs)
    letter.write()
    text, found = imported(run, letter)
    assert (expected in text) if expected else "Ask" not in text
    assert [each["code"] for each in found] == ["PL503" if expected else "PL507"]


def renamed(letter: Package) -> None:
    """The parts are called as Word for the web calls them."""
    document = letter.parts.pop("word/document.xml")
    letter.parts["word/document2.xml"] = document
    links = letter.parts.pop("word/_rels/document.xml.rels")
    letter.parts["word/_rels/document2.xml.rels"] = links
    for part in ("_rels/.rels", "[Content_Types].xml"):
        letter.put("word/document.xml", "word/document2.xml", part)


def strict(letter: Package) -> None:
    """All namespaces are those of Strict Open XML (ECMA-376 Part 1)."""
    for name, text in letter.parts.items():
        text = text.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        letter.parts[name] = text.replace(
            OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )


def with_backslashes(letter: Package) -> None:
    letter.parts = {name.replace("/", "\\"): text for name, text in letter.parts.items()}


@pytest.mark.parametrize("save", [renamed, strict, with_backslashes, None])
def test_letter_is_read_whatever_its_parts_are_called(
    save: Callable[[Package], None] | None, run: Run, letter: Package
) -> None:
    letter.put(SENTENCE, "They met.")
    if save:
        save(letter)
        letter.write()
    else:
        letter.write(lambda text: text.replace("UTF-8", "UTF-16", 1).encode("utf-16"))
    text, found = imported(run, letter)
    assert text.startswith("They met.\n")
    assert [each["code"] for each in found] == ["PL503"]


def test_comments_with_replies_in_the_letters_order(run: Run, letter: Package) -> None:
    ids = (f'w14:paraId="0000000{n}"' for n in range(1, 4))
    texts = ("Is this so?", "It is.", "Too high?")
    comments = "".join(
        f'<w:comment w:id="{n}" w:author="Person {n}"><w:p {id}>{run_of(text)}</w:p></w:comment>'
        for n, (id, text) in enumerate(zip(ids, texts, strict=True))
    )
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    letter.add("own.xml", f"<w:comments {nsdecls('w')} {w14}>{comments}</w:comments>", "comments")
    states = (
        '<w15:commentEx w15:paraId="00000001" w15:done="1"/>'
        '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001"/>'
    )
    w15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    letter.add("more.xml", f"<w15:commentsEx {w15}>{states}</w15:commentsEx>", "commentsExtended")
    start, end = '<w:commentRangeStart w:id="{}"/>', '<w:commentRangeEnd w:id="{}"/>'
    letter.put(run_of(SENTENCE), start.format(0) + run_of(SENTENCE) + end.format(0))
    cell = re.search(r"<w:r><w:t[^>]*>4</w:t></w:r>", letter.parts["word/document.xml"])
    assert cell
    letter.put(cell[0], start.format(2) + cell[0] + end.format(2))
    letter.write()
    _, found = imported(run, letter)
    messages = [each["message"] for each in found]
    assert messages[0].startswith('training, score: Person 2 comments on "4": Too high?')
    assert messages[1].startswith("training, good_practice: Person 0 commented, and it is resolved")
    assert messages[1].endswith("Is this so?; Person 1 replies: It is.")


def test_fixed_footnote_and_order_of_rows_are_told(run: Run, letter: Package) -> None:
    document = letter.parts["word/document.xml"]
    rows = re.findall("<w:tr>.*?</w:tr>", document)
    letter.parts["word/document.xml"] = document.replace(rows[1] + rows[2], rows[2] + rows[1])
    letter.write()
    _, found = imported(run, letter)
    assert [each["code"] for each in found] == ["PL506"]
    assert "another order" in found[0]["message"]


def test_link_that_a_program_wrote_in_another_way_is_no_change(run: Run, letter: Package) -> None:
    links = letter.parts["word/_rels/document.xml.rels"]
    assert "https://www.exampleshire.example/a#b" in links
    letter.put(
        "https://www.exampleshire.example/a#b",
        "https://WWW.exampleshire.example/%61#b",
        "word/_rels/document.xml.rels",
    )
    letter.write()
    assert imported(run, letter)[1] == []


def test_area_changed_in_fixed_wording_is_told_as_the_area(run: Run, letter: Package) -> None:
    document = letter.parts["word/document.xml"]
    letter.parts["word/document.xml"] = re.sub(
        r"(<w:pStyle w:val=\"Heading2\"/>.*?)Exampleshire", r"\1Otherchester", document, count=1
    )
    assert letter.parts["word/document.xml"] != document
    letter.write()
    _, found = imported(run, letter)
    assert [each["code"] for each in found] == ["PL506"]
    assert found[0]["message"].startswith("area: the letter says it otherwise: ")
    assert found[0]["help"] == "if the letter is right, change area: in the file"


@pytest.mark.parametrize(
    ("look", "name"),
    [
        ('<w:highlight w:val="yellow"/>', "highlighted text"),
        ('<w:u w:val="single"/>', "underlined text"),
        ('<w:color w:val="FF0000"/>', "coloured text"),
        ('<w:shd w:val="clear" w:fill="FFFF00"/>', "shaded text"),
        ("<w:caps/>", "text in capitals"),
    ],
)
def test_look_that_prose_cant_say_is_told_and_the_words_come(
    look: str, name: str, run: Run, letter: Package
) -> None:
    letter.put(run_of(SENTENCE), run_of("They met.", look))
    letter.write()
    text, found = imported(run, letter)
    assert text == "They met.\n"
    assert [each["code"] for each in found] == ["PL503", "PL512"]
    assert name in found[1]["message"]


@pytest.mark.parametrize(
    ("instruction", "address"),
    [
        (' HYPERLINK "https://a.example/b" ', "https://a.example/b"),
        (" HYPERLINK https://a.example/b ", "https://a.example/b"),
        (' HYPERLINK \\l "c" "https://a.example/b" ', "https://a.example/b#c"),
        (' HYPERLINK "https://a.example/b" \\o "A tip" \\t "_blank"', "https://a.example/b"),
    ],
)
def test_links_that_are_fields(instruction: str, address: str, run: Run, letter: Package) -> None:
    field = FIELD("begin") + INSTRUCTION(instruction) + FIELD("separate")
    letter.put(run_of(SENTENCE), field + run_of("Their site") + FIELD("end"))
    letter.write()
    text, _ = imported(run, letter)
    assert text == f"[Their site]({address})\n"


def test_field_without_a_result_is_named(run: Run, letter: Package) -> None:
    field = FIELD("begin") + INSTRUCTION(" EQ \\f(3,4) ") + FIELD("end")
    letter.put(run_of(SENTENCE), run_of("In ") + field + run_of(" of all."))
    letter.write()
    _, found = imported(run, letter)
    assert [each["code"] for each in found] == ["PL507"]
    assert "field without a result" in found[0]["message"]


def test_items_deleted_with_tracking_do_not_count(run: Run, letter: Package) -> None:
    mark = '<w:rPr><w:del w:id="9" w:author="A"/></w:rPr>'
    deleted = item("Ask.", 900).replace("</w:pPr>", f"{mark}</w:pPr>")
    deleted = deleted.replace("<w:r>", '<w:del w:id="8" w:author="A"><w:r>')
    deleted = deleted.replace("</w:r></w:p>", "</w:r></w:del></w:p>").replace("w:t ", "w:delText ")
    deleted = deleted.replace("</w:t>", "</w:delText>")
    listed(letter, numbered(900), deleted + item("Answer.", 900) + item("Listen.", 900))
    letter.write()
    text, _ = imported(run, letter)
    assert "1. Answer.\n2. Listen." in text


def test_fixed_footnote_is_compared(run: Run, letter: Package) -> None:
    note = re.search(r"<w:t[^>]*>[^<]{10,}</w:t>", letter.parts.get("word/footnotes.xml", ""))
    if note is None:
        letter.put(run_of(SENTENCE), run_of(SENTENCE))  # the set has no note
        return
    letter.put(note[0], "<w:t>It is so.</w:t>", "word/footnotes.xml")
    letter.write()
    _, found = imported(run, letter)
    assert "footnote 1 is" in found[0]["message"]


def test_words_above_other_words_are_told_and_the_others_come(run: Run, letter: Package) -> None:
    above = f"<w:rt>{run_of('x')}</w:rt><w:rubyBase>{run_of('They')}</w:rubyBase>"
    letter.put(run_of(SENTENCE), f"<w:r><w:ruby>{above}</w:ruby></w:r>" + run_of(" met."))
    letter.write()
    text, found = imported(run, letter)
    assert text == "They met.\n"
    assert [each["code"] for each in found] == ["PL503", "PL512"]


BULLETS_OF_WORD = (
    '<w:abstractNum w:abstractNumId="900"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:pPr><w:ind w:left="643" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="900"><w:abstractNumId w:val="900"/></w:num>'
)
"""List Bullet 2 as Word has it: a list of its own, a little further in."""
HYBRID = (
    '<w:abstractNum w:abstractNumId="900"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:pPr><w:ind w:left="720"/></w:pPr></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/>'
    '<w:pPr><w:ind w:left="1440"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="900"><w:abstractNumId w:val="900"/></w:num>'
)


def test_lists_of_words_own_are_as_deep_as_they_look(run: Run, letter: Package) -> None:
    listed(letter, BULLETS_OF_WORD, item("One.", 2) + item("Within.", 900) + item("Two.", 2))
    letter.write()
    assert imported(run, letter)[0].endswith("\n- One.\n  - Within.\n- Two.\n")


def test_levels_of_one_list_stay_what_they_are(run: Run, letter: Package) -> None:
    second = item("Within.", 900).replace('w:ilvl w:val="0"', 'w:ilvl w:val="1"')
    listed(letter, HYBRID, item("One.", 2) + second + item("Two.", 900) + item("Three.", 2))
    letter.write()
    assert imported(run, letter)[0].endswith("\n- One.\n  - Within.\n- Two.\n- Three.\n")


def test_words_behind_a_label_that_had_a_list_below(run: Run, letter: Package) -> None:
    path = letter.path.with_suffix(".yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(f"      {SENTENCE}\n", "      - One.\n      - Two.\n"), encoding="utf-8"
    )
    assert run("build", "--force", path).code == 0
    again = Package(letter.path)
    document = again.parts["word/document.xml"]
    items = re.findall(r"<w:p>(?:(?!</w:p>).)*>(?:One|Two)\.</w:t></w:r></w:p>", document)
    assert len(items) == 2
    again.put("".join(items), "")
    label = r"(<w:t[^>]*>Good Practice –</w:t></w:r>(?:<w:bookmarkEnd[^>]*/>)*)(</w:p>)"
    whole = again.parts["word/document.xml"]
    again.parts["word/document.xml"] = re.sub(label, rf"\1{run_of(' There is a forum.')}\2", whole)
    again.write()
    text, found = imported(run, again)
    assert text == "There is a forum.\n"
    assert [each["code"] for each in found] == ["PL503"]


def test_bookmark_in_both_halves_of_an_address(run: Run, letter: Package) -> None:
    """LibreOffice writes it so where somebody typed Enter."""
    end = "</w:p><w:p>" + '<w:bookmarkStart w:id="801" w:name="_PL_addressee"/>'
    half = run_of("The Town Hall")
    letter.put(half, f"{run_of('First Floor')}{end}{half}<w:bookmarkEnd w:id='801'/>")
    letter.write()
    _, found = imported(run, letter)
    data = yaml.load(letter.path.with_suffix(".yaml").read_text("utf-8"), yaml.BaseLoader)
    assert data["addressee"]["name"] == "The Chief Executive"
    lines = data["addressee"]["address"].splitlines()
    assert lines == ["Exampleshire County Council", "First Floor", "The Town Hall"]
    assert {each["code"] for each in found} == {"PL503"}


def test_marking_that_was_deleted_is_not_the_next_line(run: Run, letter: Package) -> None:
    path = letter.path.with_suffix(".yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("period:", "marking: OFFICIAL\nperiod:"), encoding="utf-8")
    assert run("build", "--force", path).code == 0
    again = Package(letter.path)
    by = 'w:id="801" w:author="A" w:date="2027-06-01T00:00:00Z"'
    again.put(
        run_of("OFFICIAL"), f"<w:del {by}>{run_of('OFFICIAL').replace('w:t', 'w:delText')}</w:del>"
    )
    first = re.search(r"<w:p><w:pPr>(?=(?:(?!</w:p>).)*delText)", again.parts["word/document.xml"])
    assert first
    again.put(first[0], first[0] + f"<w:rPr><w:del {by}/></w:rPr>")
    again.write()
    imported(run, again)
    assert yaml.load(path.read_text("utf-8"), yaml.BaseLoader).get("marking") in (None, "OFFICIAL")


def test_copy_written_as_in_an_e_mail(run: Run, letter: Package) -> None:
    date = re.search(r'<w:p><w:pPr><w:pStyle w:val="Date"/>', letter.parts["word/document.xml"])
    assert date
    letter.put(date[0], f"<w:p>{run_of('Cc: The Police and Crime Commissioner')}</w:p>{date[0]}")
    letter.write()
    imported(run, letter)
    data = yaml.load(letter.path.with_suffix(".yaml").read_text("utf-8"), yaml.BaseLoader)
    assert data["cc"] == ["The Police and Crime Commissioner"]


@pytest.mark.parametrize("look", ['<w:color w:val="222222"/>', '<w:color w:val="1F1F1F"/>'])
def test_nearly_black_is_plain(look: str, run: Run, letter: Package) -> None:
    letter.put(run_of(SENTENCE), run_of(SENTENCE, look))
    letter.write()
    assert imported(run, letter)[1] == []


def test_look_of_a_link_is_no_look_of_the_text(run: Run, letter: Package) -> None:
    style = (
        '<w:style w:type="character" w:styleId="FollowedHyperlink"><w:name w:val="FollowedHyperlink"/>'
        '<w:rPr><w:color w:val="954F72"/><w:u w:val="single"/></w:rPr></w:style>'
    )
    letter.put("</w:styles>", f"{style}</w:styles>", "word/styles.xml")
    letter.put('<w:rStyle w:val="Hyperlink"/>', '<w:rStyle w:val="FollowedHyperlink"/>')
    letter.write()
    assert imported(run, letter)[1] == []


def test_highlighted_fixed_words_are_told(run: Run, letter: Package) -> None:
    words = "Prevent Regional Advisor"
    letter.put(run_of(words), run_of(words, '<w:highlight w:val="yellow"/>'))
    letter.write()
    _, found = imported(run, letter)
    assert [each["code"] for each in found] == ["PL506"]
    assert "highlighted text" in found[0]["message"]


def test_answer_to_a_comment_of_this_tool_is_shown(run: Run, letter: Package) -> None:
    path = letter.path.with_suffix(".yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("meet each term", "meet meet each term"), encoding="utf-8")
    draft = letter.path.with_name("draft.docx")
    assert run("build", "--draft", "--comments", path, "-o", draft).code == 0
    package = Package(draft)
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    package.put("<w:comments ", f"<w:comments {w14} ", "word/comments.xml")
    package.put("<w:p>", '<w:p w14:paraId="00000001">', "word/comments.xml")
    answer = f'<w:p w14:paraId="00000002">{run_of("No, it is right.")}</w:p>'
    package.put(
        "</w:comments>",
        f'<w:comment w:id="90" w:author="Pat Manager">{answer}</w:comment></w:comments>',
        "word/comments.xml",
    )
    w15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    state = '<w15:commentEx w15:paraId="00000002" w15:paraIdParent="00000001"/>'
    package.add("more.xml", f"<w15:commentsEx {w15}>{state}</w15:commentsEx>", "commentsExtended")
    package.write()
    done = run("import", draft, "--into", path)
    assert "Pat Manager" in done.out
    assert "No, it is right." in done.out


def test_letter_that_ends_with_its_signature_is_read(run: Run, letter: Package) -> None:
    document = letter.parts["word/document.xml"]
    end = document.index("</w:p>", document.index("Prevent Regional Advisor")) + len("</w:p>")
    rest = document[document.index("<w:sectPr>") :]
    letter.parts["word/document.xml"] = document[:end] + rest
    letter.write()
    _, found = imported(run, letter)
    assert "region" in str([each["message"] for each in found])
