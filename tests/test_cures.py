"""The cure that a message gives, followed exactly, works: each slip, its message, and the file afterwards."""

from pathlib import Path

import pytest
from conftest import CHECKOUT, PLAIN, Run

TEXT = PLAIN.replace(
    "../criteria/short.yaml", (CHECKOUT / "tests" / "criteria" / "short.yaml").as_posix()
)
PLAN = "    score: 3\n    good_practice: |\n      The plan is agreed, e.g. with the districts, the police etc.\n"

CURES = {
    "text at the margin": (
        ("almost every area. The board", "almost every area.\n\nThe board"),
        "begin it with 2 spaces",
        ("\nThe board had", "\n  The board had"),
    ),
    "a comment without its #": (
        ("authority: ", "The council's full name\nauthority: "),
        "begin it with # and a space if it is a comment",
        ("The council's full name", "# The council's full name"),
    ),
    "an equals sign": (
        ("    score: 3", "    score = 3"),
        "write score: and a space before the value",
        ("score = 3", "score: 3"),
    ),
    "a wide colon": (
        ("    score: 3", "    score：3"),
        "write score: and a space before the value",
        ("score：3", "score: 3"),
    ),
    "a question mark first": (
        ("summary: |\n  Example", "summary: ? Example"),
        "write a | in front of it, and begin the text on the line below, two spaces further in",
        ("summary: ? Example", "summary: |\n  Example"),
    ),
    "bold at the beginning of an item": (
        ("key_recommendations:\n", "key_recommendations:\n  - **First**: do it.\n"),
        "write a | in front of it, and begin the text on the line below, two spaces further in",
        ("  - **First**: do it.", "  - |\n    **First**: do it."),
    ),
    "a colon in an item": (
        ("key_recommendations:\n", "key_recommendations:\n  - First: do it.\n"),
        "write a | after the -, and the text on the line below, two spaces further in",
        ("  - First: do it.", "  - |\n    First: do it."),
    ),
    "a | before a list": (
        ("key_recommendations:\n", "key_recommendations: |\n"),
        "delete the | after key_recommendations:",
        ("key_recommendations: |", "key_recommendations:"),
    ),
    "bullets of Word": (
        ("key_recommendations:\n  - |\n    ", "key_recommendations:\n  • "),
        "begin each line with - and a space in place of •",
        ("  • ", "  - "),
    ),
    "nobody in cc": (
        ("criteria:", "cc: None\ncriteria:"),
        'delete "None": without an item, cc: stays empty',
        ("cc: None", "cc:"),
    ),
    "an address with dashes": (
        (
            "  address: |\n    Exampleshire County Council\n    The Town Hall\n    Exampletown\n",
            "  address:\n    - Exampleshire County Council\n    - The Town Hall\n    - Exampletown\n",
        ),
        "write a | after address:, and delete the - before each line",
        (
            "  address:\n    - Exampleshire County Council\n    - The Town Hall\n    - Exampletown\n",
            "  address: |\n    Exampleshire County Council\n    The Town Hall\n    Exampletown\n",
        ),
    ),
    "one year as a period": (
        ("period: 2026/2027", "period: 2027"),
        "write two years with a slash between them: 2026/2027",
        ("period: 2027", "period: 2026/2027"),
    ),
    "a letter in a date": (
        ("date: 2027-05-27", "date: 2027-O5-27"),
        "write 2027-05-27: there is a letter in place of a figure",
        ("2027-O5-27", "2027-05-27"),
    ),
    "not sent yet": (
        ("criteria:", "sent: not yet\ncriteria:"),
        "leave it empty until the letter is sent",
        ("sent: not yet", "sent:"),
    ),
    "two telephone numbers": (
        ("  email: a", "  phone: 07700 900321 / 07700 900322\n  email: a"),
        "write one number alone, such as 07700 900321",
        ("07700 900321 / 07700 900322", "07700 900321"),
    ),
    "no telephone": (
        ("  email: a", "  phone: n/a\n  email: a"),
        "or leave it empty",
        ("phone: n/a", "phone:"),
    ),
    "quotation marks round a role": (
        ("role: Prevent Regional Advisor", "role: “Prevent Regional Advisor”"),
        "delete them: Prevent Regional Advisor",
        ("“Prevent Regional Advisor”", "Prevent Regional Advisor"),
    ),
    "two paragraphs without a |": (
        (PLAN, "    score: 3\n    good_practice: The plan is agreed.\n\n      It is shared.\n"),
        "write a | after good_practice:, and all of the text on the lines below it",
        (
            "    good_practice: The plan is agreed.\n\n      It is shared.\n",
            "    good_practice: |\n      The plan is agreed.\n\n      It is shared.\n",
        ),
    ),
    "a mark of a footnote": (
        ("is agreed, e.g.", "is agreed[1], e.g."),
        "delete the mark of the footnote",
        ("[1]", ""),
    ),
    "a bullet after a dash": (
        ("key_recommendations:\n  - |\n    ", "key_recommendations:\n  - • "),
        "delete it: the - is enough",
        ("- • ", "- "),
    ),
    "an accepted code alone": (
        ("criteria:", "accepted:\n  - PL309\ncriteria:"),
        "write {rule: PL309, at: summary, reason: why it may stay}",
        ("  - PL309", "  - {rule: PL309, at: summary, reason: why it may stay}"),
    ),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("name", CURES)
def test_cure_works(name: str, newline: str, run: Run, tmp_path: Path) -> None:
    (right, wrong), cure, (before, after) = CURES[name]
    assert TEXT.count(right) == 1
    path = tmp_path / "exampleshire_2027.yaml"
    text = TEXT.replace(right, wrong)
    path.write_text(text, encoding="utf-8", newline=newline)
    assert cure in run("check", path, "--format", "json").out.replace('\\"', '"')
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8", newline=newline)
    left = run("check", path).out
    assert (
        left == "" or name == "an accepted code alone"
    )  # there it is told to delete what isn't needed
    assert "error" not in left
