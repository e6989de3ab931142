"""The real letter, end to end: from the example's YAML to every word of the published letter."""

from pathlib import Path

from conftest import EXAMPLE, Run, paragraphs


def test_example_is_checked_and_built(run: Run, example: Path) -> None:
    assert run("check", "--strict", example).code == 0
    built = run("build", example)
    assert built.code == 0
    assert built.out.endswith("leicestershire_2022.docx\n")
    letter = example.with_suffix(".docx")
    assert ("Heading1", "Assessment of Prevent Duty 2021/2022") in paragraphs(letter)
    assert EXAMPLE.read_text(encoding="utf-8") == example.read_text(encoding="utf-8")
