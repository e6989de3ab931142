"""Values back into a file, however it is written: they read back right, and every other line stays byte for byte."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prevent_letter.assessment import source
from prevent_letter.assessment.edit import Edit, apply_edits, rewrap
from prevent_letter.assessment.places import Source

PATH = Path("assessment.yaml")
WORD = st.text("abcdeéŵ'\"-:#,.*[]{}&!|>%@`1", min_size=1, max_size=9)
LINE = (
    st.lists(WORD, min_size=1, max_size=12).map(" ".join).filter(lambda text: text == text.strip())
)
PARAGRAPH = st.lists(
    st.sampled_from("The council meets its partners often and shares a plan.".split()),
    min_size=3,
    max_size=40,
).map(" ".join)
PASSAGE = st.lists(
    st.one_of(PARAGRAPH, LINE, PARAGRAPH.map(lambda text: f"- {text}\n- {text[::-1].strip()}")),
    min_size=1,
    max_size=4,
).map("\n\n".join)
STYLES = st.sampled_from(["plain", "'", '"', "|", ">", "empty", "bar"])


def scalar(text: str, style: str, indent: int) -> str:
    """A text as somebody may have written it."""
    if style in ("empty", "bar"):
        return " |" if style == "bar" else ""
    if style == "plain":
        return (
            f" {yaml.dump(text, allow_unicode=True, width=60, indent=2).removesuffix(chr(10)).removesuffix('...').strip()}".replace(
                "\n", "\n" + " " * indent
            )
            if "\n" not in text
            else scalar(text, '"', indent)
        )
    if style == "'":
        return " '" + text.replace("\n", " ").replace("'", "''") + "'"
    if style == '"':
        return " " + yaml.dump(text, default_style='"', allow_unicode=True, width=10_000).strip()
    lines = text.replace("\n", " " if style == ">" else "\n").split("\n")
    return f" {style}  # a remark" + "".join(
        f"\n{' ' * indent}{line}" if line else "\n" for line in lines
    )


def parsed(text: str) -> Source:
    return source.parse(PATH, text.encode())


def leaves(data: Any, at: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    if isinstance(data, dict):
        return {
            key: value
            for name, inner in data.items()
            for key, value in leaves(inner, (*at, name)).items()
        }
    if isinstance(data, list):
        return {
            key: value
            for number, inner in enumerate(data)
            for key, value in leaves(inner, (*at, number)).items()
        }
    return {at: data}


@given(
    old=st.lists(PASSAGE, min_size=4, max_size=4),
    styles=st.lists(STYLES, min_size=4, max_size=4),
    which=st.integers(0, 3),
    new=st.one_of(st.none(), LINE, PASSAGE),
    end=st.sampled_from(["\n", "\r\n"]),
    comment=st.booleans(),
)
@example(["a b", "c", "d", "e"], ["plain", "|", ">", "'"], 2, "one\n\ntwo", "\r\n", True)
@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_value_reads_back_and_all_else_stays(
    old: list[str], styles: list[str], which: int, new: str | None, end: str, comment: bool
) -> None:
    keys = [
        ("summary",),
        ("benchmarks", "training", "good_practice"),
        ("benchmarks", "training", "note"),
        ("last",),
    ]
    said = [
        scalar(text, style, 6 if 0 < n < 3 else 2)
        for n, (text, style) in enumerate(zip(old, styles, strict=True))
    ]
    text = f"# begins\nsummary:{said[0]}\n"
    text += "# between\n" * comment
    text += f"benchmarks:\n  training:\n    score: 3\n    good_practice:{said[1]}\n\n    note:{said[2]}\nlast:{said[3]}\n# ends\n"
    text = text.replace("\n", end)
    before = parsed(text)
    if before.findings or (
        before.value(*keys[which]) is not None and not isinstance(before.value(*keys[which]), str)
    ):
        return
    made = apply_edits(before, [Edit(keys[which], new)])
    after = parsed(made)
    assert after.findings == [], made
    assert (after.value(*keys[which]) or "").split() == (new or "").split(), made
    if new and "- " not in new:
        count = len([each for each in new.split("\n\n") if each.strip()])
        assert (
            len([each for each in after.value(*keys[which]).split("\n\n") if each.strip()]) == count
        )
    for key, value in leaves(before.data).items():
        if key != keys[which]:
            assert after.value(*key) == value, made
    one, other = text.split(end), made.split(end)
    start = before.place(keys[which], key=True).line
    assert other[: start - 1] == one[: start - 1]
    if which < 3:
        behind = [read.place(keys[which + 1], key=True).line for read in (before, after)]
        assert other[behind[1] - 1 :] == one[behind[0] - 1 :]
    assert [line for line in other if line.startswith("#")] == [
        line for line in one if line.startswith("#")
    ]
    assert "\n" not in made.replace("\r\n", "") if end == "\r\n" else "\r" not in made


def test_lines_break_where_they_broke_before() -> None:
    old = "One two\nthree four,\nfive.\n\nSix seven\neight."
    assert rewrap(old, "One two three six, five.\n\nSix seven eight.", 100) == [
        *("One two", "three six,", "five.", "", "Six seven", "eight.")
    ]
    assert rewrap(old, "One two three four, five.\n\nNine.\n\nSix seven eight.", 100)[4:] == [
        "Nine.",
        "",
        "Six seven",
        "eight.",
    ]
    assert rewrap("", "One two three four five - six", 16) == ["One two three", "four five - six"]


ITEMS = st.lists(
    st.sampled_from(
        ["Train all.", "Meet twice.", "Share the plan.", "Ask: why?", "[Name]", "- odd"]
    ),
    max_size=5,
    unique=True,
)


@given(ITEMS, ITEMS, st.sampled_from(["block", "flow", "barred"]), st.sampled_from(["\n", "\r\n"]))
@settings(deadline=None)
def test_list_reads_back_and_its_other_items_stay(
    old: list[str], new: list[str], style: str, end: str
) -> None:
    if style == "flow":
        text = f"cc: [{', '.join(yaml.dump(each, default_style=chr(34)).strip() for each in old)}]"
    elif style == "barred":
        text = "cc:" + "".join(f"\n  - |\n    {each}" for each in old)
    else:
        text = "cc:" + "".join(
            f"\n  - {yaml.dump(each, default_style=chr(34)).strip()}  # mine" for each in old
        )
    text = f"first: 1\n{text}\nlast: 2\n".replace("\n", end)
    before = parsed(text)
    assert before.findings == []
    made = apply_edits(before, [Edit(("cc",), new)]) if old or new else text
    after = parsed(made)
    assert after.findings == [], made
    assert [str(each).strip() for each in after.value("cc") or []] == new, made
    assert (after.value("first"), after.value("last")) == ("1", "2")


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_many_values(data: st.DataObject) -> None:
    test_value_reads_back_and_all_else_stays.hypothesis.inner_test(  # type: ignore[attr-defined]
        data.draw(st.lists(PASSAGE, min_size=4, max_size=4)),
        data.draw(st.lists(STYLES, min_size=4, max_size=4)),
        data.draw(st.integers(0, 3)),
        data.draw(st.one_of(st.none(), LINE, PASSAGE)),
        data.draw(st.sampled_from(["\n", "\r\n"])),
        data.draw(st.booleans()),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "advisor:\n  name: A. N. Advisor  # signs\n\nsummary: It is good.\n",
            "advisor:\n  name: A. N. Advisor  # signs\n  phone: 07700 900123\n\nsummary: It is good.\n",
        ),
        (
            "advisor:\n  role: |\n    Prevent Advisor\n\n# below\n",
            "advisor:\n  role: |\n    Prevent Advisor\n  phone: 07700 900123\n\n# below\n",
        ),
        (
            "advisor: {name: A. N. Advisor}\n",
            "advisor: {name: A. N. Advisor, phone: 07700 900123}\n",
        ),
    ],
)
def test_key_that_is_missing_is_added_after_the_last_of_its_mapping(
    before: str, after: str
) -> None:
    assert apply_edits(parsed(before), [Edit(("advisor", "phone"), "07700 900123")]) == after


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("authority: A\n", "benchmarks.training.score"),
        ("authority: A", "benchmarks.training.score"),
        ("authority: A\nbenchmarks:\n  training:  # later\n\n# end\n", "benchmarks.training.score"),
        ("benchmarks:\n  training:\n  risk:\n    score: 2\n", "benchmarks.training.good_practice"),
        ("benchmarks:\n    risk:\n        score: 2\nauthority: A\n", "benchmarks.training.score"),
        ("addressee:\nauthority: A\n", "addressee.greeting"),
    ],
)
def test_value_is_written_with_the_mappings_that_it_lacks(
    text: str, path: str, newline: str
) -> None:
    keys = tuple(path.split("."))
    before = parsed(text.replace("\n", newline))
    sibling = (*keys[:-1], "recommendations")
    edited = apply_edits(before, [Edit(keys, "3"), Edit(sibling, "Train all.")])
    after = parsed(edited)
    assert not after.findings
    assert after.value(*keys) == "3"
    assert after.value(*sibling) == "Train all."
    rest = {
        leaf: value for leaf, value in leaves(after.value()).items() if leaf not in (keys, sibling)
    }
    kept = {leaf: value for leaf, value in leaves(before.value()).items() if value is not None}
    assert {leaf: value for leaf, value in rest.items() if value is not None} == kept
    if newline in before.text:
        assert edited.count(newline) == edited.count("\n")


def test_value_in_an_empty_mapping_in_braces_is_refused() -> None:
    with pytest.raises(LookupError):
        apply_edits(
            parsed("benchmarks: {training: {}}\n"), [Edit(("benchmarks", "training", "score"), "3")]
        )
