"""What is done in Word comes back: letters edited as Word and people do it, read into copies of their assessments."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, Run, need, paragraphs
from docx import Document
from docx.text.paragraph import Paragraph
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from prevent_letter.assessment.digests import value_digest
from prevent_letter.assessment.drafts import Draft, DraftLoader
from prevent_letter.importing.comparison import Comparison
from prevent_letter.word.letter_values import BuiltLetters
from prevent_letter.word.passages import as_prose

Edit = Callable[[Path], None]
SENTENCE = "Written consent is obtained"


@pytest.fixture
def letter(example: Path, run: Run) -> Path:
    run("build", example)
    return example.with_suffix(".docx")


def within(letter: Path, words: str, nth: int = 0) -> Paragraph:
    """The paragraph of a letter that holds some words."""
    found = [each for each in Document(str(letter)).paragraphs if words in each.text]
    assert len(found) > nth, words
    return found[nth]


def plain(old: str, new: str) -> Edit:
    """Words changed without a trace."""

    def edit(letter: Path) -> None:
        raw(letter, lambda xml: xml.replace(old, new, 1), old)

    return edit


def tracked(old: str, new: str, author: str = "A. Manager") -> Edit:
    """Words changed with the change tracked, as Word writes it."""

    def edit(letter: Path) -> None:
        def changed(xml: str) -> str:
            at = xml.index(old)
            start, end = xml.rindex("<w:r>", 0, at), xml.index("</w:r>", at) + len("</w:r>")
            if xml.rfind("<w:rPr>", start, at) >= 0 or not xml[start:at].startswith("<w:r><w:t"):
                raise AssertionError("the run has a look of its own")
            whole = re.search(r"<w:t[^>]*>(.*)</w:t>", xml[start:end])
            assert whole
            before, after = whole[1].split(old, 1)
            by = f'w:author="{author}" w:date="2027-06-01T10:00:00Z"'
            run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'.format
            deleted = f'<w:del w:id="901" {by}><w:r><w:delText xml:space="preserve">{old}</w:delText></w:r></w:del>'
            inserted = f'<w:ins w:id="902" {by}>{run(new)}</w:ins>' if new else ""
            return xml[:start] + run(before) + deleted + inserted + run(after) + xml[end:]

        raw(letter, changed, old)

    return edit


def raw(
    letter: Path, change: Callable[[str], str], words: str = "", part: str = "word/document.xml"
) -> None:
    """Change the XML of a part, and save as Word does: the parts no longer match their digest."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(letter) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for info in package.infolist():
            data = package.read(info)
            if info.filename == part:
                assert words in data.decode(), words
                data = change(data.decode()).encode()
            made.writestr(info.filename, data)
    letter.write_bytes(out.getvalue())


def after(words: str, *paragraphs: str, style: str = "") -> Edit:
    """New paragraphs behind one that holds some words."""

    def edit(letter: Path) -> None:
        document = Document(str(letter))
        place = next(each for each in document.paragraphs if words in each.text)
        for text in reversed(paragraphs):
            new = document.add_paragraph(text, style or None)
            place._p.addnext(new._p)
        document.save(str(letter))

    return edit


def told(run: Run, letter: Path, *more: str) -> tuple[int, list[dict[str, str]], str]:
    done = run("import", letter, "--format", "json", *more)
    return done.code, json.loads(done.out), done.err


def value(path: Path, *keys: str) -> object:
    data = yaml.load(path.read_text(encoding="utf-8-sig"), yaml.BaseLoader)
    for key in keys:
        data = data[key]
    return data


def unlike(one: str, other: str) -> list[str]:
    """The lines of one text that the other hasn't."""
    lines = other.splitlines()
    return [line for line in one.splitlines() if line not in lines]


# Certain changes.


@pytest.mark.parametrize("way", [plain, tracked])
def test_changed_words_come_back_and_every_other_line_stays(
    way: Callable[[str, str], Edit], run: Run, letter: Path
) -> None:
    assessment = letter.with_suffix(".yaml")
    before = assessment.read_bytes()
    way("Written consent", "Oral consent")(letter)
    kept = letter.read_bytes()
    code, found, _ = told(run, letter)
    assert code == 0
    assert [each["code"] for each in found] == ["PL503"]
    assert found[0]["severity"] == "note"
    told_words = (
        'channel_panel, good_practice: was "time. Written consent", is "time. Oral consent" now'
    )
    assert found[0]["message"].startswith(told_words)
    assert int(found[0]["line"]) == before.decode().split("channel_panel:")[0].count("\n") + 3
    assert assessment.read_bytes() == before
    code, _, err = told(run, letter, "--apply")
    assert code == 0
    assert "leicestershire_2022.yaml: written" in err
    if way is tracked:
        assert "2 tracked changes taken as accepted (2 by A. Manager)" in err
    changed = assessment.read_text(encoding="utf-8")
    [_, noted] = unlike(changed, before.decode())
    assert noted.startswith("imported: {channel_panel.good_practice: ")
    assert len(unlike(before.decode(), changed)) == 1
    assert "Oral consent is obtained" in " ".join(
        str(value(assessment, "benchmarks", "channel_panel", "good_practice")).split()
    )
    assert letter.read_bytes() == kept
    assert told(run, letter)[1] == []
    run("build", assessment, "-o", letter.with_name("again.docx"))
    if way is plain:
        assert paragraphs(letter.with_name("again.docx")) == paragraphs(letter)


@pytest.mark.parametrize(
    ("edit", "keys", "expected"),
    [
        (plain("Gurjit Samra-rai", "Alex Example"), ("addressee", "name"), "Alex Example"),
        (
            plain("Dear </w:t></w:r><w:bookmarkEnd", "Dear </w:t></w:r><w:bookmarkEnd"),
            ("addressee", "greeting"),
            "Gurjit",
        ),
        (plain("Gurjit,", "Alex and Sam,"), ("addressee", "greeting"), "Alex and Sam"),
        (plain("Jane Moore", "Pat Muster"), ("cc",), ["Pat Muster", "Anita Chavda"]),
        (
            plain("Prevent Regional Advisor and Account Manager", "Head of Prevent"),
            ("advisor", "role"),
            "Head of Prevent",
        ),
        (
            after("Written consent is obtained", "One more thing."),
            ("benchmarks", "channel_panel", "good_practice"),
            "One more thing.",
        ),
        (
            after(
                "Written consent is obtained",
                "ask the schools,",
                "ask the clubs.",
                style="List Bullet",
            ),
            ("benchmarks", "channel_panel", "good_practice"),
            "- ask the schools,\n- ask the clubs.",
        ),
    ],
)
def test_values_of_each_kind_come_back(
    edit: Edit, keys: tuple[str, ...], expected: object, run: Run, letter: Path
) -> None:
    edit(letter)
    code, _, _ = told(run, letter, "--apply")
    assert code == 0
    found = value(letter.with_suffix(".yaml"), *keys)
    if isinstance(expected, str) and len(keys) == 3:
        assert str(found).rstrip().endswith(expected)
    else:
        assert found == expected
    assert run("check", letter.with_suffix(".yaml")).code == 0
    assert told(run, letter)[1] == []


def scored(letter: Path, *, section: str | None, table: str | None) -> None:
    """The score of training changed in one of its places, or in both."""
    document = Document(str(letter))
    if section:
        at = next(
            n
            for n, each in enumerate(document.paragraphs)
            if each.text.startswith("7. There is a training")
        )
        run = document.paragraphs[at + 1].runs[-1]
        assert document.paragraphs[at + 1].text.startswith("Score")
        run.text = section
    if table:
        document.tables[0].rows[7].cells[2].paragraphs[0].runs[0].text = table
    document.save(str(letter))


def test_score_counts_where_both_its_places_say_it(run: Run, letter: Path) -> None:
    scored(letter, section="2", table="2")
    code, found, _ = told(run, letter, "--apply")
    assert (code, [each["code"] for each in found]) == (0, ["PL503"])
    assert value(letter.with_suffix(".yaml"), "benchmarks", "training", "score") == "2"


@pytest.mark.parametrize(("section", "table"), [("2", None), (None, "2"), ("2", "4")])
def test_score_in_one_place_or_unlike_is_left_alone(
    section: str | None, table: str | None, run: Run, letter: Path
) -> None:
    before = letter.with_suffix(".yaml").read_bytes()
    scored(letter, section=section, table=table)
    code, found, _ = told(run, letter, "--apply")
    assert (code, [each["code"] for each in found]) == (0, ["PL507"])
    assert found[0]["message"].startswith("training, score: unsure")
    assert letter.with_suffix(".yaml").read_bytes() == before


# Doubts.


def test_what_the_file_cant_say_is_a_finding_and_the_rest_is_written(
    run: Run, letter: Path
) -> None:
    after(SENTENCE, "A heading", style="Heading 2")(letter)
    plain("There is an IT policy in place.", "There is a new IT policy in place.")(letter)
    code, found, _ = told(run, letter, "--apply")
    assert code == 0
    assert sorted(each["code"] for each in found) == ["PL503", "PL507"]
    text = letter.with_suffix(".yaml").read_text(encoding="utf-8")
    assert "There is a new IT policy" in text
    assert "A heading" not in text


def test_half_a_word_in_bold_is_left_alone(run: Run, letter: Path) -> None:
    document = Document(str(letter))
    place = next(each for each in document.paragraphs if SENTENCE in each.text)
    place.add_run(" Half a wo")
    place.add_run("rd").bold = True
    document.save(str(letter))
    before = letter.with_suffix(".yaml").read_bytes()
    _, found, _ = told(run, letter, "--apply")
    assert [each["code"] for each in found] == ["PL507"]
    assert letter.with_suffix(".yaml").read_bytes() == before


def test_fixed_wording_is_told_with_both_its_words(run: Run, letter: Path) -> None:
    plain("We highly value", "We very much value")(letter)
    code, [found], _ = told(run, letter, "--apply")
    assert (code, found["code"], found["severity"]) == (0, "PL506", "warning")
    assert '"We highly value" is "We very much value" now' in found["message"]


@pytest.mark.parametrize(
    "words", ["Areas for Development/Recommendations –", "7. There is a training"]
)
def test_lost_label_is_never_a_deleted_value(words: str, run: Run, letter: Path) -> None:
    document = Document(str(letter))
    place = [each for each in document.paragraphs if each.text.startswith(words)][-1]
    place._p.getparent().remove(place._p)  # type: ignore[union-attr]
    document.save(str(letter))
    before = letter.with_suffix(".yaml").read_bytes()
    _, found, _ = told(run, letter, "--apply")
    assert found
    assert {each["code"] for each in found} <= {"PL506", "PL507"}
    assert letter.with_suffix(".yaml").read_bytes() == before


def test_letter_without_styles_and_bookmarks_loses_nothing(run: Run, letter: Path) -> None:
    raw(letter, lambda xml: re.sub(r"<w:pStyle[^>]*/>|<w:bookmark(?:Start|End)[^>]*/>", "", xml))
    before = letter.with_suffix(".yaml").read_bytes()
    told(run, letter, "--apply")
    data = yaml.load(letter.with_suffix(".yaml").read_text("utf-8"), yaml.BaseLoader)
    assert data == yaml.load(before, yaml.BaseLoader)


def test_line_that_cant_be_found_is_never_taken_for_deleted(run: Run, letter: Path) -> None:
    document = Document(str(letter))
    phone = next(each for each in document.paragraphs if each.text.startswith("T "))
    for words in ("any time.", "Ring me"):
        new = document.add_paragraph(words)
        phone._p.addnext(new._p)
    phone._p.getparent().remove(phone._p)  # type: ignore[union-attr]
    document.save(str(letter))
    before = letter.with_suffix(".yaml").read_bytes()
    _, found, _ = told(run, letter, "--apply")
    assert any("phone of advisor: unsure" in each["message"] for each in found)
    assert letter.with_suffix(".yaml").read_bytes() == before


def test_net_below_all_tells_what_did_not_come_back(
    run: Run, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain("The CTLP is developed", "The CTLP was developed")(letter)
    after("As you are aware", "An extra line of the manager.")(letter)
    net = "this did not come back"
    _, found, _ = told(run, letter)
    assert net not in str(found)  # nothing is written, so nothing is lost
    before = letter.with_suffix(".yaml").read_bytes()
    _, found, _ = told(run, letter, "--apply")
    assert "An extra line of the manager." in str(found)
    assert net not in str(found)  # it is told as fixed wording
    letter.with_suffix(".yaml").write_bytes(before)
    monkeypatch.setattr(Comparison, "report_others", lambda comparison: None)
    _, found, _ = told(run, letter, "--apply")
    [lost] = [each for each in found if net in each["message"]]
    assert lost["code"] == "PL507"
    assert "An extra line of the manager." in lost["message"]


def test_comment_is_told_with_author_and_words(run: Run, letter: Path) -> None:
    document = Document(str(letter))
    place = next(each for each in document.paragraphs if SENTENCE in each.text)
    document.add_comment(place.runs[-1], "Is this so?", author="A. Manager", initials="AM")
    document.save(str(letter))
    code, [found], _ = told(run, letter)
    assert (code, found["code"], found["severity"]) == (0, "PL508", "note")
    assert found["message"].startswith("channel_panel, good_practice: A. Manager comments on ")
    assert found["message"].endswith(": Is this so?")


# Three ways.


def changed_file(letter: Path, old: str, new: str) -> None:
    path = letter.with_suffix(".yaml")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def built_before_values_were_noted(letter: Path) -> None:
    raw(
        letter,
        lambda xml: re.sub("(<cp:version>[0-9a-f]{64}) [^<]*", r"\1 " + "0" * 64, xml),
        part="docProps/core.xml",
    )


@pytest.mark.parametrize("way", [plain, tracked])
@pytest.mark.parametrize("noted", [True, False])
def test_both_changed_is_a_conflict_and_another_value_comes_back(
    way: Callable[[str, str], Edit], noted: bool, run: Run, letter: Path
) -> None:
    way("Written consent", "Verbal consent")(letter)
    way("There is an IT policy", "There is a new IT policy")(letter)
    changed_file(letter, "Written consent", "No consent")
    if not noted:
        built_before_values_were_noted(letter)
    code, found, _ = told(run, letter, "--apply")
    text = letter.with_suffix(".yaml").read_text(encoding="utf-8")
    assert "No consent" in text
    if not noted:
        assert code == 0
        known = way is tracked  # for a value that was what the file says before the tracked change
        codes = ["PL509", "PL503"] if known else ["PL509", "PL509"]
        assert [each["code"] for each in found] == codes
        assert ("There is a new IT policy" in text) == known
        assert "imported:" not in text
        return
    assert code == 1
    assert [each["code"] for each in found] == ["PL504", "PL503"]
    assert "Verbal consent" in found[0]["message"]
    assert "No consent" in found[0]["message"]
    assert "There is a new IT policy" in text


def test_only_the_file_was_changed_is_no_news(run: Run, letter: Path) -> None:
    changed_file(letter, "Written consent", "No consent")
    before = letter.with_suffix(".yaml").read_bytes()
    assert told(run, letter, "--apply")[:2] == (0, [])
    assert letter.with_suffix(".yaml").read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda version: version.replace(";", ""),
        lambda version: version.replace("training.score", "training.scone"),
        lambda version: re.sub(":[0-9a-f]{8}", ":1234567", version, count=1),
        lambda version: version[:300],
    ],
)
def test_record_that_was_cut_or_altered_counts_as_none(
    damage: Callable[[str], str], run: Run, letter: Path
) -> None:
    plain("Written consent", "Verbal consent")(letter)
    raw(
        letter,
        lambda xml: re.sub("(?<=<cp:version>)[^<]*", lambda m: damage(m[0]), xml),
        part="docProps/core.xml",
    )
    changed_file(letter, "There is an IT policy", "There is an old IT policy")
    before = letter.with_suffix(".yaml").read_bytes()
    code, found, _ = told(run, letter, "--apply")
    assert (code, {each["code"] for each in found}) == (0, {"PL509"})
    assert letter.with_suffix(".yaml").read_bytes() == before


def test_letter_that_nobody_saved_changes_nothing(run: Run, letter: Path) -> None:
    as_built = letter.read_bytes()
    plain("Written consent", "Verbal consent")(letter)
    assert told(run, letter, "--apply")[0] == 0
    letter.write_bytes(as_built)  # an older copy, found and imported again
    assert told(run, letter)[1] == []


def test_sittings_and_rounds_in_one_letter(run: Run, letter: Path) -> None:
    """Edited and imported again and again, with the file edited and the letter built between."""
    file = letter.with_suffix(".yaml")

    def imported() -> list[str]:
        code, found, err = told(run, letter, "--apply")
        assert code == 0, err
        return [each["code"] for each in found]

    plain("Written consent", "Verbal consent")(letter)
    assert imported() == ["PL503"]
    assert re.fullmatch(
        r"imported: \{channel_panel.good_practice: [0-9a-f]{8}\}",
        file.read_text(encoding="utf-8").splitlines()[-1],
    )
    assert imported() == []
    plain("Verbal consent", "Oral consent")(letter)  # a second sitting, at the same value
    plain("There is an IT policy", "There is a new IT policy")(letter)  # and at another one
    assert imported() == ["PL503"] * 2
    Document(str(letter)).save(str(letter))  # saved by another program, as all of these edits are
    plain("Oral consent", "Written consent")(letter)  # as it was at first
    assert imported() == ["PL503"]
    assert file.read_text(encoding="utf-8").count("imported:") == 1
    assert "channel_panel" not in file.read_text(encoding="utf-8").splitlines()[-1]
    changed_file(letter, "There is a new IT policy", "There is a good IT policy")
    assert imported() == []  # only the file has changed
    assert run("build", "--force", file).code == 0  # the second round
    plain("There is a good IT policy", "There is a very good IT policy")(letter)
    assert imported() == ["PL503"]
    Document(str(letter)).save(str(letter))
    plain("There is a very good IT policy", "There is a good IT policy")(letter)
    assert imported() == ["PL503"]
    assert "imported:" not in file.read_text(encoding="utf-8")


WORDS = st.lists(
    st.sampled_from(
        "word *light* **strong** _so_ 5*4*3 [link](https://a.example/b#c) ***both*** **a** (b) x’s"
        " [see] no\u00a0break Mon\u0302 https://a.example end.".split(" ")
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
PASSAGES = st.lists(
    st.tuples(
        st.sampled_from(["", "", "- ", "  - ", "1. ", "2. ", "    - ", "  ", "* ", "3. "]),
        WORDS,
        st.sampled_from(["", "\n"]),
    ).map("".join),
    min_size=1,
    max_size=8,
).map("\n".join)


@given(text=PASSAGES)
@hypothesis_settings(max_examples=60, deadline=None)
def test_passage_of_an_unedited_letter_has_the_digest_of_the_assessments(text: str) -> None:
    draft, built = unedited()
    says = built.says(replace(draft.valid[0], summary=text))
    scale = draft.valid[1].scale
    read = as_prose(str(says.values["summary"]))
    assert value_digest("prose", read, scale) == value_digest("prose", text, scale), read


@cache
def unedited() -> tuple[Draft, BuiltLetters]:
    draft = DraftLoader().load(EXAMPLE)
    return draft, BuiltLetters(draft)


# Which assessment.


def test_assessment_is_found_by_what_the_letter_tells(
    run: Run, letter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain("Written consent", "Verbal consent")(letter)
    other = EXAMPLE.read_text("utf-8").replace("Leicestershire County Council", "Rutshire Council")
    letter.with_name("rutshire.yaml").write_text(other, encoding="utf-8")
    assert told(run, letter)[1][0]["path"].endswith("leicestershire_2022.yaml")
    letter.with_suffix(".yaml").unlink()
    monkeypatch.chdir(tmp_path)
    code, [lost], _ = told(run, letter)
    assert (code, lost["code"]) == (1, "PL502")
    assert "Leicestershire County Council 2021/2022" in lost["message"]
    code, found, _ = told(run, letter, "--into", str(letter.with_name("rutshire.yaml")))
    assert {each["code"] for each in found} == {"PL503"}


def test_two_letters_of_one_assessment_are_both_left(run: Run, letter: Path) -> None:
    plain("Written consent", "Verbal consent")(letter)
    shutil.copy(letter, letter.with_name("OTHER.DOCX"))
    shutil.copy(letter, letter.with_name("~$other.docx"))
    before = letter.with_suffix(".yaml").read_bytes()
    code, found, _ = told(run, letter.parent, "--apply")
    assert (code, [each["code"] for each in found]) == (1, ["PL511"] * 2)
    assert letter.with_suffix(".yaml").read_bytes() == before


def test_record_is_changed_only_where_that_is_said(run: Run, letter: Path) -> None:
    path = letter.with_suffix(".yaml")
    path.write_text(path.read_text("utf-8") + "sent: 2022-05-30\n", encoding="utf-8")
    plain("Written consent", "Verbal consent")(letter)
    before = path.read_bytes()
    code, found, _ = told(run, letter, "--apply")
    assert (code, sorted(each["code"] for each in found)) == (1, ["PL503", "PL510"])
    assert path.read_bytes() == before
    assert told(run, letter, "--apply", "--sent")[0] == 0
    assert b"Verbal consent" in path.read_bytes()


# Other people's files.


SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def holding(path: Path, document: str | bytes) -> None:
    """Make a package with this main document."""
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = f'<Relationship Id="a" Type="{OFFICE}" Target="word/document.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("_rels/.rels", f'<Relationships xmlns="{package}">{link}</Relationships>')
        made.writestr("word/document.xml", document)


def bomb(path: Path) -> None:
    holding(path, b" " * (1 << 28))


def entities(path: Path) -> None:
    holding(path, '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')


def many(path: Path) -> None:
    body = "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 100_000
    holding(path, f"<w:document {SPACE}><w:body>{body}</w:body></w:document>")


def nested(path: Path) -> None:
    body = "<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000
    holding(path, f"<w:document {SPACE}><w:body>{body}</w:body></w:document>")


@pytest.mark.parametrize(
    "make",
    [
        bomb,
        entities,
        many,
        nested,
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 1000),
        lambda path: path.write_bytes(b"no letter"),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes((CHECKOUT / "templates" / "letter.docx").read_bytes()),
        lambda path: path.write_bytes((CHECKOUT / "templates" / "letter.docx").read_bytes()[:3000]),
    ],
)
def test_file_that_is_no_letter_gets_a_sentence(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "letter.docx"
    make(path)
    command = [sys.executable, "-m", "prevent_letter", "import", str(path)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=20, cwd=CHECKOUT)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert re.search(rb"error PL50[12]: ", done.stdout), done.stderr


# LibreOffice.


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_letter_that_libreoffice_saved_says_what_it_said(
    run: Run, letter: Path, tmp_path: Path
) -> None:
    plain("Written consent", "Verbal consent")(letter)
    home = (tmp_path / "office").as_uri()
    command = [
        need("soffice"),
        f"-env:UserInstallation={home}",
        "--headless",
        "--convert-to",
        "docx:MS Word 2007 XML",
    ]
    out = tmp_path / "saved"
    subprocess.run(
        [*command, "--outdir", str(out), str(letter)], check=True, capture_output=True, timeout=120
    )
    saved = out / letter.name
    code, found, _ = told(run, saved, "--into", str(letter.with_suffix(".yaml")), "--apply")
    assert (code, [each["code"] for each in found]) == (0, ["PL503"])
    assert "Verbal consent" in letter.with_suffix(".yaml").read_text(encoding="utf-8")


# A draft is a form.


def filled(
    path: Path, words: dict[str, str], scores: dict[int, tuple[str | None, str | None]]
) -> None:
    """Prompts of a form written over, each the first that stands; scores in the section, in the table, or in both."""
    document = Document(str(path))
    for old, new in words.items():
        run = next(run for each in document.paragraphs for run in each.runs if run.text == old)
        run.text, run.style = new, None
    headings = [
        n
        for n, each in enumerate(document.paragraphs)
        if each.style and each.style.name == "Heading 3"
    ]
    for number, (section, table) in scores.items():
        if section:
            document.paragraphs[headings[number - 1] + 1].runs[-1].text = section
        if table:
            document.tables[0].rows[number].cells[2].paragraphs[0].runs[0].text = table
    document.save(str(path))


def test_form_is_filled_in_in_word_and_comes_back(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("new", "Exampleshire County Council", "--period", "2026/2027")
    built = run("build", "--draft", "exampleshire_2027.yaml", "-f", "docx,pdf,html")
    assert built.code == 0, built.err
    form, file = tmp_path / "exampleshire_2027.draft.docx", tmp_path / "exampleshire_2027.yaml"
    before = file.read_text(encoding="utf-8")
    assert told(run, form)[:2] == (0, [])
    filled(
        form,
        {
            "[name of the addressee]": "The Chief Executive",
            "[address]": "Exampleshire County Council",
            "[name]": "Chief Executive",
            "[date]": "27th May 2027",
            "[Say how the authority implements the duty.]": "Exampleshire meets the duty.",
            "[Say what the authority does well.]": "The risk assessment is read by all.",
            "[your name]": "A. N. Advisor",
            "[your role]": "Prevent Regional Advisor",
            "[your region]": "Example Midlands",
            "[your e-mail address]": "a.advisor@region.example",
        },
        {1: ("3", None), 2: (None, "4"), 3: ("2", "2")},
    )
    code, found, err = told(run, form, "--apply")
    assert (code, [each["message"] for each in found if each["code"] != "PL503"]) == (0, []), err
    assert value(file, "addressee", "name") == "The Chief Executive"
    assert value(file, "date") == "2027-05-27"
    assert value(file, "summary") == "Exampleshire meets the duty.\n"
    assert value(file, "advisor", "email") == "a.advisor@region.example"
    scores = [
        value(file, "benchmarks", id, "score")
        for id in ("risk_assessment", "partnership_board", "partnership_plan")
    ]
    assert scores == ["3", "4", "2"]
    assert (
        value(file, "benchmarks", "risk_assessment", "good_practice")
        == "The risk assessment is read by all.\n"
    )
    after = file.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line.startswith("#")] == [
        line for line in after.splitlines() if line.startswith("#")
    ]
    assert "7 more missing" in run("check").out or "score" in run("check").out
    again = run("build", "--draft", "exampleshire_2027.yaml", "--force")
    assert again.code == 0
    words = [each.text for each in Document(str(form)).paragraphs]
    assert "Good Practice – The risk assessment is read by all." in words
    assert (
        "Areas for Development/Recommendations – None" in words
    )  # of a benchmark that has its score
    assert "Areas for Development/Recommendations – [Say what the authority should do.]" in words


def test_prompts_are_in_a_draft_alone_and_need_whose_it_is(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    example.write_text(text.replace("  name: Ian Stubbs\n", "  name:\n"), encoding="utf-8")
    assert run("build", example).code == 1
    assert run("build", "--draft", example).code == 0
    example.write_text(text.replace("area: Leicestershire\n", "area:\n"), encoding="utf-8")
    refused = run("build", "--draft", example)
    assert refused.code == 1
    assert "area is missing" in refused.err
    example.write_text(text.replace("score: 4", "score: nine", 1), encoding="utf-8")
    assert "PL114" in run("build", "--draft", example).err


# What build makes of a letter that was cleared.


def test_cleared_letter_is_kept_and_the_remark_says_what_is_where(run: Run, letter: Path) -> None:
    file = letter.with_suffix(".yaml")
    plain("Written consent", "Oral consent")(letter)
    kept = run("build", file)
    assert kept.code == 1
    assert "--force would lose changes (channel_panel.good_practice); import shows" in kept.err
    told(run, letter, "--apply")
    assert "its changes are in the assessment now" in run("build", file).err
    plain("We highly value", "We very much value")(letter)
    assert "--force would lose changed fixed wording" in run("build", file).err


def test_letter_that_was_cleared_and_sent_is_the_record(run: Run, letter: Path) -> None:
    file = letter.with_suffix(".yaml")
    plain("Written consent", "Oral consent")(letter)
    file.write_text(file.read_text("utf-8") + "sent: 2022-05-30\n", encoding="utf-8")
    told(run, letter, "--apply", "--sent")
    checked = run("build", "--check", file)
    assert (checked.code, checked.out) == (0, ""), checked.err
    changed_file(letter, "There is an IT policy", "There is no IT policy")
    assert run("build", "--check", file).code == 1


# Findings in the draft.


def test_findings_are_comments_at_their_words_and_dont_come_back(
    run: Run, example: Path, tmp_path: Path
) -> None:
    text = example.read_text(encoding="utf-8").replace(
        "Written consent is obtained", "The the board is told. It was comittee"
    )
    text = text.replace("date: 2022-05-27\n", "date: 2022-05-27\nmarking: OFFICIAL\n").replace(
        "    score: 4\n", "    score: 5\n", 1
    )
    text += "accepted:\n  - {rule: PL325, reason: it is a name}\n"
    example.write_text(text, encoding="utf-8")
    built = run("build", "--draft", "--comments", example)
    assert built.code == 0, built.err
    draft = example.with_suffix(".draft.docx")
    comments = {each.text[-6:-1]: each for each in Document(str(draft)).comments}
    assert set(comments) == {"PL303", "PL325"}
    assert {each.author for each in comments.values()} == {"prevent-letter"}
    assert re.fullmatch(
        r'Channel Panel: "The" is written twice\. Delete one\. \(PL303\)', comments["PL303"].text
    )
    assert comments["PL325"].text.endswith("Accepted: it is a name. (PL325)")
    assert {str(each.timestamp)[:10] for each in comments.values()} == {"2022-05-27"}
    xml = zipfile.ZipFile(draft).read("word/document.xml").decode()
    ranges = re.findall(r'<w:commentRangeStart w:id="\d"/>(.*?)<w:commentRangeEnd', xml)
    assert sorted("".join(re.findall(r"<w:t[^>]*>([^<]*)", each)) for each in ranges) == [
        "The the",
        "comittee",
    ]
    assert not OpenXmlValidator().validate(str(draft)).errors
    assert paragraphs(draft) == paragraphs(plain_draft(run, example))
    assert told(run, draft)[1] == []
    assert run("build", "--comments", example).code == 2
    assert run("build", "--draft", "--comments", "--check", example).code == 0


def plain_draft(run: Run, example: Path) -> Path:
    """The same draft without comments, beside it."""
    run("build", "--draft", example, "-o", example.with_name("plain.docx"))
    return example.with_name("plain.docx")


# Edits out of which wrong values might come.


def moved_section(letter: Path) -> None:
    document = Document(str(letter))
    starts = [
        n
        for n, each in enumerate(document.paragraphs)
        if each.style and each.style.name == "Heading 3"
    ]
    section = document.paragraphs[starts[2] : starts[3]]
    for each in section:
        document.paragraphs[starts[1]]._p.addprevious(each._p)
    document.save(str(letter))


def joined(words: str) -> Edit:
    """The mark of the paragraph before one that begins with some words deleted: Backspace at its beginning."""

    def edit(letter: Path) -> None:
        document = Document(str(letter))
        number = next(
            n for n, each in enumerate(document.paragraphs) if each.text.startswith(words)
        )
        before, behind = document.paragraphs[number - 1], document.paragraphs[number]
        for run in behind.runs:
            before._p.append(run._r)
        behind._p.getparent().remove(behind._p)  # type: ignore[union-attr]
        document.save(str(letter))

    return edit


def struck(letter: Path) -> None:
    document = Document(str(letter))
    next(each for each in document.paragraphs if SENTENCE in each.text).runs[-1].font.strike = True
    document.save(str(letter))


def longer_table(letter: Path) -> None:
    document = Document(str(letter))
    row = document.tables[0].add_row()  # type: ignore[no-untyped-call]
    for cell, text in zip(row.cells, ("11", "Prevent in schools", "3"), strict=True):
        cell.text = text
    document.save(str(letter))


@pytest.mark.parametrize(
    "edit",
    [
        moved_section,
        joined("We are aware that"),
        joined("2. There is an Effective"),
        joined("A summary of your scores"),
        struck,
        longer_table,
        plain("Dear </w:t>", "Dearest </w:t>"),
        plain("local Government", "Local government"),
    ],
)
def test_change_that_isnt_a_value_is_told_and_nothing_is_written(
    edit: Edit, run: Run, letter: Path
) -> None:
    edit(letter)
    before = letter.with_suffix(".yaml").read_bytes()
    _, found, _ = told(run, letter, "--apply")
    assert found
    assert {each["code"] for each in found} <= {"PL506", "PL507"}
    assert letter.with_suffix(".yaml").read_bytes() == before


def test_one_line_of_the_address_is_one_line_of_the_file(run: Run, letter: Path) -> None:
    before = letter.with_suffix(".yaml").read_text(encoding="utf-8")
    plain("Leicester Road", "London Road")(letter)
    told(run, letter, "--apply")
    after = letter.with_suffix(".yaml").read_text(encoding="utf-8")
    assert after.startswith(before.replace("Leicester Road", "London Road"))


def test_template_that_needs_each_field_does_not_stop_an_import(run: Run, example: Path) -> None:
    (example.parent / "ours").mkdir()
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    (example.parent / "ours" / "letter.html.j2").write_text(
        '{% extends "standard/letter.html.j2" %}{% block closing %}<p>{{ assessment.date.day }}</p>{% endblock %}',
        encoding="utf-8",
    )
    assert run("build", example).code == 0
    letter = example.with_suffix(".docx")
    plain("Written consent", "[Verbal] consent")(letter)
    done = run("import", letter)
    assert "Verbal" in done.out
    assert "1 kept" in run("build", example).err
