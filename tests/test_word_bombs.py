"""Small Word letters that would take minutes or gigabytes are read soon, or refused."""

import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from prevent_letter.core import word_file
from prevent_letter.core.findings import UserError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
W15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
Parts = dict[str, str]
FIRST = "In Leicestershire Prevent"
"""The first words of the summary."""


def first_words(words: str) -> Callable[[Parts], None]:
    """Words before the summary."""

    def change(parts: Parts) -> None:
        assert FIRST in parts["word/document.xml"]
        parts["word/document.xml"] = parts["word/document.xml"].replace(FIRST, words + FIRST, 1)

    return change


def first_paragraph(xml: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        whole = parts["word/document.xml"]
        parts["word/document.xml"] = whole.replace("<w:body>", f"<w:body><w:p>{xml}</w:p>", 1)

    return change


def numbering(xml: str, paragraphs: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        end = "</w:numbering>"
        parts["word/numbering.xml"] = parts["word/numbering.xml"].replace(end, xml + end)
        cell = f"<w:tbl><w:tr><w:tc>{paragraphs}</w:tc></w:tr></w:tbl>"
        whole = parts["word/document.xml"]
        parts["word/document.xml"] = whole.replace("<w:body>", f"<w:body>{cell}", 1)

    return change


def comments(inner: str, states: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        state = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
        more = f'<Relationship Id="c1" Type="{base}/comments" Target="comments.xml"/>'
        more += f'<Relationship Id="c2" Type="{state}" Target="commentsExtended.xml"/>'
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace("</Relationships>", f"{more}</Relationships>")
        comment = f'<w:comment w:id="0" w:author="A">{inner}</w:comment>'
        parts["word/comments.xml"] = f"<w:comments {W} {W14}>{comment}</w:comments>"
        parts["word/commentsExtended.xml"] = f"<w15:commentsEx {W15}>{states}</w15:commentsEx>"

    return change


def chain(parts: Parts) -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(30_000)
    )
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(
        "</w:styles>", f"{styles}</w:styles>"
    )
    first_paragraph('<w:pPr><w:pStyle w:val="s0"/></w:pPr><w:r><w:t>x</w:t></w:r>')(parts)


def long_link(parts: Parts) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = f'<Relationship Id="x" Type="{kind}" TargetMode="External" Target="https://{"x" * 4_000_000}"/>'
    name = "word/_rels/document.xml.rels"
    parts[name] = parts[name].replace("</Relationships>", f"{link}</Relationships>")
    run = '<w:hyperlink r:id="x"><w:r><w:t>x</w:t></w:r></w:hyperlink>'
    end = parts["word/document.xml"].index(FIRST)
    start = parts["word/document.xml"].rindex("<w:r>", 0, end)
    whole = parts["word/document.xml"]
    parts["word/document.xml"] = whole[:start] + run * 400 + whole[start:]


def long_name_of_core(parts: Parts) -> None:
    name, empty = "docProps/core.xml", "<q:a/>" * 60_000
    parts[name] = parts[name].replace(
        "<dc:title>", f"<dc:x xmlns:q='urn:{'x' * 100_000}'>{empty}</dc:x><dc:title>"
    )


BOMBS: dict[str, Callable[[Parts], None]] = {
    "long namespace": first_paragraph(f'<w:r xmlns:q="urn:{"x" * 1_000_000}">{"<q:a/>" * 60_000}</w:r>'),
    "long namespace of attributes": first_paragraph(
        "<w:r xmlns:q='urn:" + "x" * 2_000_000 + "' " + " ".join(f"q:a{n}=''" for n in range(1500)) + "/>"
    ),
    "long namespace of properties": long_name_of_core,
    "no-break spaces": first_words("\N{NO-BREAK SPACE}" * 400_000),
    "lines": first_words("the\n" * 100_000),
    "breaks": first_paragraph("<w:r>" + "<w:t>a</w:t><w:br/>" * 45_000 + "</w:r>"),
    "words": first_words("a " * 100_000),
    "long link": long_link,
    "chain of styles": chain,
    "nested definitions": numbering('<w:abstractNum w:abstractNumId="90">' * 150 + '<w:lvl w:ilvl="0"/>' * 60_000 + "</w:abstractNum>" * 150, "<w:p/>"),
    "many overrides": numbering(
        '<w:num w:numId="99"><w:abstractNumId w:val="0"/>' + '<w:lvlOverride w:ilvl="8"/>' * 60_000 + "</w:num>",
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="99"/></w:numPr></w:pPr></w:p>' * 10_000,
    ),
    "states of a comment": comments(
        "".join(f'<w:p w14:paraId="{n:08X}"><w:r><w:t>x</w:t></w:r></w:p>' for n in range(20_000)),
        "".join(f'<w15:commentEx w15:paraId="{n:08X}" w15:paraIdParent="00000001"/>' for n in range(20_000)) * 2,
    ),
    "nested comment": comments("<w:p>" * 150 + f"<w:r><w:t>{'x' * 5_000_000}</w:t></w:r>" + "</w:p>" * 150, ""),
}  # fmt: skip


@pytest.fixture
def letter(run: Run, example: Path) -> Path:
    assert run("build", example).code == 0
    return example.with_suffix(".docx")


def change(letter: Path, bomb: Callable[[Parts], None]) -> None:
    with zipfile.ZipFile(letter) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    bomb(parts)
    with zipfile.ZipFile(letter, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_bomb_is_read_soon_or_refused(
    bomb: Callable[[Parts], None], run: Run, letter: Path
) -> None:
    change(letter, bomb)
    assert letter.stat().st_size < 600_000
    new = letter.parent / "other" / "new.yaml"
    for command in (["import", letter], ["import", letter, "-o", new]):
        begun = time.process_time()
        done = run(*command)
        assert done.code in (0, 1)
        assert time.process_time() - begun < 5  # it took up to a minute, or gigabytes
    if new.exists():
        new.unlink()  # it is of the same authority and period
    assert "1 kept" in run("build", letter.with_suffix(".yaml")).err


def test_prompt_many_times_is_taken_out_soon(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    example.write_text(re.sub(r"(?m)^summary: \|\n(  .*\n)+", "summary:\n", text), encoding="utf-8")
    draft = example.with_name("a.docx")
    assert run("build", "--draft", example, "-o", draft).code == 0

    def many(parts: Parts) -> None:
        whole = parts["word/document.xml"]
        prompt = re.search(r"<w:t[^>]*>(\[Say how[^<]*\])</w:t></w:r>", whole)
        assert prompt
        more = f"<w:r><w:t>{prompt[1]}</w:t></w:r>" * 10_000
        parts["word/document.xml"] = whole[: prompt.end()] + more + whole[prompt.end() :]

    change(draft, many)
    begun = time.process_time()
    assert run("import", draft, "--into", example).code == 0
    assert time.process_time() - begun < 5


def test_list_of_a_million_members_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(20_000):
            package.writestr(f"{number:020}", "")
    with path.open("rb") as file, pytest.raises(UserError, match="it isn't a Word document"):
        word_file.Package(file)


def test_long_namespace_in_utf_16_is_refused() -> None:
    for quote in "\"'":
        for space in ("", " ", "\n"):
            xml = f"<a xmlns:q{space}={space}{quote}{'x' * 3000}{quote}/>"
            for data in (
                xml.encode(),
                ('<?xml version="1.0" encoding="UTF-16"?>' + xml).encode("utf-16"),
            ):
                with pytest.raises(UserError, match="very long name"):
                    word_file.read_xml(data)
    assert word_file.read_xml(b'<a xmlns:q="urn:x"/>').tag == "a"


def test_guard_against_long_names_is_quick_itself() -> None:
    for data in (b"<a>" + b"xmlns<" * 100_000, b"<a>" + b"<b>xmlns</b>" * 100_000):
        begun = time.process_time()
        with pytest.raises(UserError):
            word_file.read_xml(data)
        assert time.process_time() - begun < 2


def test_end_record_that_hides_another_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(20_000):
            package.writestr(f"{number:020}", "")
    data = path.read_bytes()
    zip64 = b"PK\6\6" + (44).to_bytes(8, "little") + bytes(44) + b"PK\6\7" + bytes(16)
    small = data[-22:-10] + (1000).to_bytes(4, "little") + b"PK\5\6" + bytes(2)
    for end in (zip64 + data[-22:], small):
        path.write_bytes(data[:-22] + end)
        with path.open("rb") as file, pytest.raises(UserError):
            word_file.Package(file)
