"""The look and the wording are files that people change: a copy of letter.docx, a letter.html.j2 of their own."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from conftest import CHECKOUT, Run, W, paragraphs, part
from docx.shared import Cm, Pt, RGBColor
from openxml_audit import OpenXmlValidator

TEMPLATES = CHECKOUT / "templates"


@pytest.fixture
def own(example: Path) -> Path:
    """A templates folder of one's own, named in the settings."""
    folder = example.parent / "our templates"
    folder.mkdir()
    (example.parent / "prevent-letter.yaml").write_text(
        "templates: our templates\n", encoding="utf-8"
    )
    return folder


def test_changed_style_and_page_are_followed(run: Run, example: Path, own: Path) -> None:
    document = docx.Document(str(TEMPLATES / "letter.docx"))
    style = document.styles["Score"]
    style.font.size, style.font.color.rgb = Pt(20), RGBColor(0xAA, 0x00, 0x55)
    document.sections[0].left_margin = Cm(4)
    document.add_paragraph("Some text that is not the letter's")
    document.save(str(own / "letter.docx"))
    assert run("build", example).code == 0
    letter = example.with_suffix(".docx")
    built = docx.Document(str(letter))
    font = built.styles["Score"].font
    assert (font.size, font.color.rgb) == (Pt(20), RGBColor(0xAA, 0x00, 0x55))
    assert part(letter, "word/document.xml").find(f".//{W}pgMar").attrib[f"{W}left"] == "2268"  # type: ignore[union-attr]
    grid = part(letter, "word/document.xml").iter(f"{W}gridCol")
    assert abs(sum(int(column.attrib[f"{W}w"]) for column in grid) - (11906 - 1440 - 2268)) <= 1
    assert "not the letter's" not in str(paragraphs(letter))
    assert [str(error) for error in OpenXmlValidator().validate(letter).errors] == []


def test_values_of_a_look_write_no_xml_of_their_own(run: Run, example: Path, own: Path) -> None:
    document = docx.Document(str(TEMPLATES / "letter.docx"))
    sly = '"/><w:vanish/><w:x w:y="'
    document.styles["Score"].element.set(f"{W}styleId", sly)
    for spacing in document.styles.element.iter(f"{W}spacing"):
        spacing.set(f"{W}after", sly)
    document.save(str(own / "letter.docx"))
    built = run("build", example)
    assert built.code == 0, built.err
    letter = part(example.with_suffix(".docx"), "word/document.xml")
    assert not [*letter.iter(f"{W}vanish")]
    assert sly in {style.get(f"{W}val") for style in letter.iter(f"{W}pStyle")}
    assert {space.get(f"{W}after") for space in letter.iter(f"{W}spacing")} <= {"0", None}


def test_own_folder_without_a_look_takes_the_standard_one(
    run: Run, example: Path, own: Path
) -> None:
    standard = example.parent / "standard.docx"
    run("build", example, "-o", standard)
    (example.parent / "prevent-letter.yaml").unlink()
    run("build", example)
    assert standard.read_bytes() == example.with_suffix(".docx").read_bytes()


def test_look_as_word_saves_it_brings_nothing_along(run: Run, example: Path, own: Path) -> None:
    """python-docx's default template has what Word adds: custom XML, a thumbnail, styles with effects, headers."""
    document = docx.Document(str(TEMPLATES / "letter.docx"))
    document.sections[0].header.paragraphs[0].text = "A header that is not the letter's"
    document.sections[0].even_page_header.paragraphs[0].text = "Nor is this"
    document.settings.odd_and_even_pages_header_footer = True
    document.core_properties.author = "Somebody"
    paragraph = document.add_paragraph("A note for colleagues")
    document.add_comment(paragraph.runs, text="A comment", author="Somebody")
    document.add_section()
    document.save(str(own / "letter.docx"))
    assert run("build", example).code == 0
    letter = example.with_suffix(".docx")
    with zipfile.ZipFile(letter) as package:
        said = b"".join(package.read(name) for name in package.namelist())
        assert not re.search(
            b"not the letter's|Nor is this|A note for|A comment|Somebody|evenAndOdd", said
        )
        assert "word/comments.xml" not in package.namelist()
    assert [str(error) for error in OpenXmlValidator().validate(letter).errors] == []


@pytest.mark.parametrize(
    ("removed", "said"),
    [("Good Practice", '"Good Practice" is missing'), ("List Bullet", '"List Bullet" is missing')],
)
def test_missing_style_is_told_with_the_file(
    removed: str, said: str, run: Run, example: Path, own: Path
) -> None:
    document = docx.Document(str(TEMPLATES / "letter.docx"))
    document.styles[removed].delete()
    document.save(str(own / "letter.docx"))
    built = run("build", example)
    assert built.code == 1
    assert f"our templates/letter.docx: the style {said}" in built.err
    assert not example.with_suffix(".docx").exists()


@pytest.mark.parametrize(
    "data", [b"", b"no Word file", (TEMPLATES / "letter.docx").read_bytes()[:3000]]
)
def test_look_that_is_no_word_document_is_told(
    data: bytes, run: Run, example: Path, own: Path
) -> None:
    (own / "letter.docx").write_bytes(data)
    built = run("build", example)
    assert (built.code, built.out) == (1, "")
    assert "our templates/letter.docx: this can't be opened as a Word document" in built.err


def test_zip_that_is_no_word_document_is_told(run: Run, example: Path, own: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("hello.txt", "hello")
    (own / "letter.docx").write_bytes(packed.getvalue())
    assert "can't be opened as a Word document" in run("build", example).err


def test_one_block_of_the_wording_changed(run: Run, example: Path, own: Path) -> None:
    (own / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}\n'
        "{% block closing %}\n<p>We met {{ months[assessment.date.month - 1] }} last.</p>\n"
        '<p class="closing">Yours sincerely,</p>\n{% endblock %}\n',
        encoding="utf-8",
    )
    assert run("build", example).code == 0
    found = paragraphs(example.with_suffix(".docx"))
    assert ("", "We met May last.") in found
    assert ("Closing", "Yours sincerely,") in found
    assert "Kind regards," not in str(found)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% block closing %}", "letter.html.j2:1: the template can't be read"),
        ('{% extends "standard/letter.html.j2" %}\n{% block closing %}\n{{ assessment.colour }}\n{% endblock %}',
         "letter.html.j2:3: the template can't be filled in"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}\n<p>Bye<br></p>{% endblock %}',
         "letter.html.j2:2: the template does not make a letter: it is not well-formed XHTML: <br> is not closed, near: <br>"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}Bye{% endblock %}',
         "there is text where none can be, in <main>: Bye"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<p style="color: red">Bye</p>{% endblock %}',
         "<p> has a style attribute"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<blockquote>Bye</blockquote>{% endblock %}',
         "<blockquote> can't be in <main>"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<p><a href="#summary">Up</a></p>{% endblock %}',
         "a link leads to #summary"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<p class="big-red">Bye</p>{% endblock %}',
         'the style "Big Red" is missing'),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<p id="summary">Bye</p>{% endblock %}',
         "the id summary is used twice"),
        ('{% extends "standard/letter.html.j2" %}{% block scores %}{% endblock %}',
         "the note note-1 must have one reference"),
        ('{% extends "standard/other.html.j2" %}', "there is no template standard/other.html.j2"),
        ('{% extends "letter.html.j2" %}', 'letter.html.j2:1: the template can\'t be read: it extends itself; write {% extends "standard/letter.html.j2" %}'),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}{{ 5 | dictsort }}{% endblock %}',
         "letter.html.j2:1: the template can't be read: No filter named 'dictsort'"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<h2 class="score">Bye</h2>{% endblock %}',
         "the letter's template has <h2> of class score, and the Word letter has no place for it"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<table><tbody><tr><td>Bye</td></tr></tbody></table>'
         "{% endblock %}", "a table needs a col with a data-width in per cent for each column"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<table><colgroup><col data-width="9"/></colgroup>'
         "<tbody><tr><td>Bye</td><td>Bye</td></tr></tbody></table>{% endblock %}", "each row of a table needs a cell"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}<ol start="x"><li>Bye</li></ol>{% endblock %}',
         "a list can't start at x"),
        ('{% extends "standard/letter.html.j2" %}{% block scores %}{% endblock %}{% block footer %}<p><sup><a role="doc-noteref" id="noteref-1" href="#note-1">1</a></sup>'
         "</p>{% endblock %}", "a note can't have its reference in the footer"),
        ('{% extends "standard/letter.html.j2" %}{% block closing %}{{ "".__class__ }}{% endblock %}',
         "can't be filled in"),
    ],
)  # fmt: skip
def test_template_at_fault_is_told_and_nothing_is_written(
    template: str, said: str, run: Run, example: Path, own: Path
) -> None:
    (own / "letter.html.j2").write_text(template, encoding="utf-8")
    built = run("build", example)
    assert built.code == 1
    assert said in built.err
    assert not example.with_suffix(".docx").exists()


def test_empty_header_and_a_section_without_anything_are_no_trouble(
    run: Run, example: Path, own: Path
) -> None:
    blocks = "{% block header %}{% endblock %}{% block notes %}{% endblock %}{% block scores %}{% endblock %}"
    blocks += "{% block annex %}<section></section>{% endblock %}"
    (own / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}' + blocks, encoding="utf-8"
    )
    assert run("build", example).code == 0
    assert [
        str(error) for error in OpenXmlValidator().validate(example.with_suffix(".docx")).errors
    ] == []


def test_list_style_whose_numbering_was_taken_off_is_told(
    run: Run, example: Path, own: Path
) -> None:
    document = docx.Document(str(TEMPLATES / "letter.docx"))
    for number in document.styles["List Number"].element.iter(f"{W}numId"):
        number.set(f"{W}val", "0")
    document.save(str(own / "letter.docx"))
    assert 'the style "List Number" is missing or has no numbering' in run("build", example).err


def test_letter_in_another_language_says_so(run: Run, example: Path, own: Path) -> None:
    standard = (TEMPLATES / "letter.html.j2").read_text(encoding="utf-8")
    own_letter = standard.replace('set lang = "en-GB"', 'set lang = "cy-GB"').replace(
        '"May"', '"Mai"'
    )
    (own / "letter.html.j2").write_text(own_letter, encoding="utf-8")
    assert run("build", example).code == 0
    letter = example.with_suffix(".docx")
    languages = [
        each.attrib[f"{W}val"] for each in part(letter, "word/styles.xml").iter(f"{W}lang")
    ]
    assert languages == ["cy-GB"]
    with zipfile.ZipFile(letter) as package:
        assert b"<dc:language>cy-GB</dc:language>" in package.read("docProps/core.xml")
    assert ("Date", "27th\N{NO-BREAK SPACE}Mai\N{NO-BREAK SPACE}2022") in paragraphs(letter)


def test_templates_with_windows_line_ends_make_the_same_letter(
    run: Run, example: Path, own: Path
) -> None:
    run("build", example)
    first = example.with_suffix(".docx").read_bytes()
    standard = (TEMPLATES / "letter.html.j2").read_bytes()
    (own / "letter.html.j2").write_bytes(standard.replace(b"\n", b"\r\n"))
    shutil.copy(TEMPLATES / "letter.docx", own)
    again = example.parent / "again.docx"
    run("build", example, "-o", again)
    assert first == again.read_bytes()


def test_look_of_very_many_parts_brings_none_of_them(run: Run, example: Path) -> None:
    ours = example.with_name("ours")
    ours.mkdir()
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    data = (CHECKOUT / "templates" / "letter.docx").read_bytes()
    (ours / "letter.docx").write_bytes(data)
    with zipfile.ZipFile(ours / "letter.docx", "a") as package:
        for number in range(2000):
            package.writestr(f"x/{number}.xml", "<a/>")
    assert run("build", example).code == 0
    with zipfile.ZipFile(example.with_suffix(".docx")) as letter:
        assert not [name for name in letter.namelist() if name.startswith("x/")]
