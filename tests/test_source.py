"""The reader: text as it stands in the file, the place of every key and value, and words found inside a value."""

import codecs
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from prevent_letter.assessment import source
from prevent_letter.assessment.places import KeyPath, Source


def read(folder: Path, text: str | bytes) -> Source:
    path = folder / "read.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return source.read(path)


@pytest.mark.parametrize(
    "scalar",
    [
        "no",
        "on",
        "Yes",
        "07700 900495",
        "12:30",
        "2021_22",
        "0x10",
        "1e3",
        "2022-05-27",
        ".5",
        "4.0",
        "=",
        "<<",
    ],
)
def test_scalar_is_the_text_that_stands_in_the_file(scalar: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"a: {scalar}\n").data == {"a": scalar}


@pytest.mark.parametrize(
    "nothing", ["", "~", "null", "Null", "NULL", "# a comment", " # a comment"]
)
def test_nothing_is_none(nothing: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"a: {nothing}\n")
    assert (found.data, found.findings) == ({"a": None}, [])


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("phone: # optional", None),
        ("area: Exampleshire # the name in the prose", "Exampleshire"),
        ("area: Exampleshire  # the name in the prose", "Exampleshire"),
        ("authority: Exampleshire County Council  # in full", "Exampleshire County Council"),
        ("authority: Exampleshire County Council  #", "Exampleshire County Council"),
        ("area: C#", "C#"),
    ],
)
def test_comment_after_a_value(line: str, value: str | None, tmp_path: Path) -> None:
    found = read(tmp_path, line)
    assert found.findings == []
    assert list(found.data.values()) == [value]


@pytest.mark.parametrize(
    "line",
    [
        "summary: The plan is priority #1",
        "summary: The plan # mostly",
        "summary: #1 is it",
        "- a b #",
        "a: b #c",
    ],
)
def test_value_that_would_be_cut_short_is_refused(line: str, tmp_path: Path) -> None:
    assert [each.code for each in read(tmp_path, line).findings] == ["PL011"]


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1])
def test_file_may_have_a_mebibyte(size: int, tmp_path: Path) -> None:
    text = b"a: |\n" + b"  word\n" * 1000
    found = read(tmp_path, text + b"\n" * (size - len(text)))
    assert [each.code for each in found.findings] == ["PL003"] * (size > 1 << 20)


def test_mark_and_line_ends_of_windows_and_old_ones_are_fine(tmp_path: Path) -> None:
    unix = "a: b\nc: |\n  d\n\n  e\nf:\n  - g\n"
    for data in (
        unix,
        "\N{BOM}" + unix,
        unix.replace("\n", "\r\n"),
        "\N{BOM}" + unix.replace("\n", "\r\n"),
        unix.replace("\n", "\r"),
    ):
        found = read(tmp_path, data)
        assert found.data == {"a": "b", "c": "d\n\ne\n", "f": ["g"]}
        place = found.place(("f", 0))
        assert (place.line, place.column, place.excerpt) == (7, 5, "  - g")


def test_separators_that_editors_dont_take_for_line_ends_are_spaces(tmp_path: Path) -> None:
    found = read(tmp_path, 'a: b\u2028c\td\ne: "f\\Lg"\nh: i\n')
    assert found.data["a"] == "b c d"
    assert (found.place(("h",)).line, found.place(("h",)).column) == (3, 4)


def test_places_of_keys_values_and_what_is_missing(tmp_path: Path) -> None:
    found = read(tmp_path, "# first\na: Ŵy\nb:\n  c:\n  d: [e, 'f g']\n")

    def at(*path: str | int, key: bool = False) -> tuple[int, int, int]:
        place = found.place(path, key=key)
        return place.line, place.column, place.width

    assert at("a") == (2, 4, 2)
    assert at("a", key=True) == (2, 1, 1)
    assert at("b", "c") == (4, 3, 1)  # empty: its key
    assert at("b", "d", 1) == (5, 10, 5)
    assert at("b", "x", "y") == (3, 1, 1)  # missing: the nearest key above
    assert at() == (2, 1, 1)


STYLES = [
    "a: {}",
    "a: '{}'",
    'a: "{}"',
    "a: |\n  Before.\n  {}\n  After.",
    "a: >-\n  Before.\n\n  {}",
    "- a: |\n    {}",
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("gap", [" ", "\n", "  \n "])
def test_words_are_found_inside_a_value_of_any_style(style: str, gap: str, tmp_path: Path) -> None:
    indent = "    " if style.startswith("-") else "  "
    said = f"one{gap}two".replace("\n", "\n" + indent)
    text = style.format(f"zero {said} three")
    found = read(tmp_path, text)
    assert found.findings == []
    path: KeyPath = (0, "a") if style.startswith("-") else ("a",)
    place = found.find(path, "one two")
    lines = text.split("\n")
    assert lines[place.line - 1][place.column - 1 :].startswith("one")
    assert found.find(path, "nowhere") == found.place(path)


def test_words_with_quotes_are_found_in_quotes(tmp_path: Path) -> None:
    assert read(tmp_path, "a: 'the council''s plan'\n").find(("a",), "council's plan").column == 9
    assert read(tmp_path, 'a: "say \\"no\\" to it"\n').find(("a",), '"no" to').column == 9
    wrapped = read(tmp_path, 'a: "one \\\n  two"\n')
    assert (wrapped.find(("a",), "one two").line, wrapped.find(("a",), "one two").column) == (1, 5)


WORDS = st.text(st.sampled_from("abé'\"\\#:&*- ,[]{}%@!|>\t🙂"), max_size=12)
TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(WORDS, TREES, min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None)
def test_what_a_yaml_writer_writes_is_read_as_an_ordinary_reader_reads_it(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object], flow: bool, end: str
) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, width=20).replace(
        "\n", end
    )
    found = read(tmp_path_factory.getbasetemp(), text)
    assert found.findings == []
    expected = yaml.load(text.replace("\t", " "), yaml.BaseLoader)
    assert found.data == expected
    for path, spot in found.spots.items():
        place = found.place(path)
        assert text.splitlines()[place.line - 1] == place.excerpt
        if spot.style == "" and isinstance(value := _at(found.data, path), str):
            assert (
                place.excerpt[place.column - 1 :]
                .split(maxsplit=1)[0]
                .startswith(value.split(" ")[0].rstrip(":,"))
            )


def _at(data: object, path: KeyPath) -> object:
    for part in path:
        data = data[part]  # type: ignore[index]
    return data


@given(st.text(st.sampled_from("ab:-#|>'\"[]{},&*!%@`? \n\t"), max_size=60))
@settings(deadline=None)
def test_any_text_is_read_or_told_in_plain_words(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    found = read(tmp_path_factory.getbasetemp(), text)
    for finding in found.findings:
        assert finding.place.line <= text.count("\n") + 1
        assert finding.place.column <= len(finding.place.excerpt) + 1
        assert not re.search("while|expected|found character|token", finding.message)
        assert str(finding)


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_read_or_told(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    found = read(tmp_path_factory.getbasetemp(), data)
    assert found.findings or found.data is not None


def test_place_of_a_byte_that_is_not_utf_8_does_not_count_the_byte_order_mark() -> None:
    for mark in (b"", codecs.BOM_UTF8):
        file = source.parse(Path("a.yaml"), mark + b"area: Exampl\xe9shire\n")
        [finding] = file.findings
        assert (finding.code, finding.place.line, finding.place.column) == ("PL002", 1, 13)
