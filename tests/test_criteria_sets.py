"""Other criteria sets are other files, with no line of Python: each letter has its own counts, sentences and annex."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import CHECKOUT, HEAD, Run, W, paragraphs, part, text

from prevent_letter.assessment import criteria
from prevent_letter.assessment.drafts import DraftLoader
from prevent_letter.assessment.fields import fields_of
from prevent_letter.assessment.model import Assessment
from prevent_letter.assessment.values import Entry
from prevent_letter.letter.compose import Composer
from prevent_letter.letter.document import tree

SETS = Path(__file__).parent / "criteria"


def build(run: Run, folder: Path, criteria_set: Path, benchmarks: str) -> list[tuple[str, str]]:
    path = folder / "exampleshire.yaml"
    path.write_text(
        f"{HEAD}criteria: {criteria_set.as_posix()}\nbenchmarks: {benchmarks}\n", encoding="utf-8"
    )
    built = run("build", path)
    assert built.code == 0, built.err
    found = paragraphs(path.with_suffix(".docx"))
    assert "Channel" not in str(found)
    assert len(part(path.with_suffix(".docx"), "word/footnotes.xml")) == 2  # the separators
    return found


def table(folder: Path) -> list[list[str]]:
    rows = part(folder / "exampleshire.docx", "word/document.xml").iter(f"{W}tr")
    return [[text(cell) for cell in row.findall(f"{W}tc")] for row in rows]


def test_eight_benchmarks_on_four_numbers(run: Run, tmp_path: Path) -> None:
    ids = "forum risks plan pathway panel training venues media".split()
    scores = dict(
        zip(reversed(ids), (4, 3, 2, 4, 3, 2, 4, 3), strict=True)
    )  # the letter follows the set's order
    found = build(
        run,
        tmp_path,
        SETS / "areas.yaml",
        str({id: {"score": score} for id, score in scores.items()}),
    )
    [scale] = [words for _, words in found if "Using this tool" in words]
    assert scale.replace("\N{NO-BREAK SPACE}", " ") == (
        "As part of the agreed process the Home Office has been exclusively using the Exampleshire Area Criteria "
        "across England and Wales to determine scores (Annex A). Using this tool, we individually score assurance "
        "against eight set benchmarks on a scale of 1-4. A score of 2 represents a position where the duty is met, a "
        "score of 1 indicates that statutory responsibilities are not being met and a score of 3-4 signifies those requirements "
        "being exceeded."
    )
    assert table(tmp_path) == [
        ["", "Benchmark", "Score"],
        *([str(number), id.capitalize(), str(scores[id])] for number, id in enumerate(ids, 1)),
    ]
    assert [words for style, words in found if style == "Score"] == [
        f"Score – {scores[id]}" for id in ids
    ]
    headings = [words for style, words in found if style == "Heading3"]
    assert headings[0] == "1. There is a forum."
    assert headings[8].replace("\N{NO-BREAK SPACE}", " ") == "Benchmark 1 – Forum"
    assert len([style for style, _ in found if style == "Level"]) == 32


def test_three_named_levels_without_texts(run: Run, tmp_path: Path) -> None:
    benchmarks = "{plan: {score: Exceeding}, risk: {score: MET}, group: {score: not met, recommendations: Found a group.}}"
    found = build(run, tmp_path, SETS / "named.yaml", benchmarks)
    [scale] = [words for _, words in found if "Using this tool" in words]
    assert scale.endswith(
        "Using this tool, we individually assess assurance against three set benchmarks as Not met, Met or Exceeding. "
        "Met represents a position where the duty is met, Not met indicates that statutory responsibilities are not "
        "being met and Exceeding signifies those requirements being exceeded."
    )
    assert [row[2] for row in table(tmp_path)] == ["Score", "Not met", "Met", "Exceeding"]
    assert [words for style, words in found if style == "Score"] == [
        "Score – Not met",
        "Score – Met",
        "Score – Exceeding",
    ]
    assert ("Statement", "A group oversees delivery.") in found
    assert not [words for style, words in found if style == "Level"]
    assert "Framework" in [words for style, words in found if style == "Heading2"][-1]


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        (
            "{min: 1, max: 2, met: 1}",
            "A score of 1 represents a position where the duty is met and a score of 2 signifies",
        ),
        (
            "{min: 1, max: 2, met: 2}",
            "A score of 2 represents a position where the duty is met and a score of 1 indicates",
        ),
        (
            "{min: 0, max: 3, met: 2, names: {0: Absent, 1: Poor, 2: Met, 3: Good}}",
            "Absent, Poor, Met or Good. Met represents a position where the duty is met, Absent or Poor indicates",
        ),
    ],
)
def test_sentences_about_the_scale_follow_from_it(
    scale: str, said: str, run: Run, tmp_path: Path
) -> None:
    one = tmp_path / "one.yaml"
    one.write_text(
        f"title: One\nscale: {scale}\nbenchmarks: [{{id: plan, name: Plan, heading: Plan, statement: A plan.}}]\n",
        encoding="utf-8",
    )
    found = build(run, tmp_path, one, f"{{plan: {{score: {'Met' if 'names' in scale else 2}}}}}")
    [sentence] = [words for _, words in found if "Using this tool" in words]
    assert "against one set benchmark " in sentence
    assert said in sentence


def test_named_levels_with_texts_are_an_unnumbered_list(run: Run, tmp_path: Path) -> None:
    named = (SETS / "named.yaml").read_text(encoding="utf-8")
    own = tmp_path / "named.yaml"
    own.write_text(named.replace(".}", "., levels: [Little., Enough., More.]}"), encoding="utf-8")
    found = build(
        run, tmp_path, own, "{plan: {score: exceeding}, risk: {score: Met}, group: {score: met}}"
    )
    assert [words for style, words in found if style == "Level"][:3] == [
        "Not met – Little.",
        "Met – Enough.",
        "Exceeding – More.",
    ]
    numbered = part(tmp_path / "exampleshire.docx", "word/document.xml").iter(f"{W}numId")
    assert {number.attrib[f"{W}val"] for number in numbered} == {"2"}  # the bullets of the look


def test_score_off_the_scale_names_the_scale(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "exampleshire.yaml"
    sets = (SETS / "named.yaml").as_posix()
    benchmarks = (
        "{plan: {score: 4}, risk: {score: meets}, group: {score: 2}}"  # 2 may be another scale's
    )
    path.write_text(f"{HEAD}criteria: {sets}\nbenchmarks: {benchmarks}\n", encoding="utf-8")
    checked = run("check", path)
    assert 'score of Partnership plan must be Not met, Met or Exceeding, not "4"' in checked.out
    assert (
        'score of Local risk assessment process must be Not met, Met or Exceeding, not "meets"'
        in checked.out
    )
    assert (
        'score of Multi-agency partnership group must be Not met, Met or Exceeding, not "2"'
        in checked.out
    )


def test_benchmarks_of_another_set_are_recognised(run: Run, example: Path) -> None:
    (example.parent / "named.yaml").write_bytes((SETS / "named.yaml").read_bytes())
    (example.parent / "prevent-letter.yaml").write_text("criteria: named.yaml\n", encoding="utf-8")
    example.write_text(
        example.read_text(encoding="utf-8").replace("criteria: annex_a\n", ""), encoding="utf-8"
    )
    checked = run("check", example)
    told = [line for line in checked.out.splitlines() if "PL115" in line or "PL116" in line]
    assert len(told) == 1
    assert "these benchmarks are those of annex_a" in told[0]
    assert "help: write criteria: annex_a" in checked.out


@pytest.mark.parametrize("place", ["criteria/next_year.yaml", "our_set.yaml"])
def test_benchmarks_of_a_set_of_the_repository_are_recognised(
    place: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((SETS / "named.yaml").read_bytes())
    settings = f"criteria: {place}\n" if place == "our_set.yaml" else ""
    (tmp_path / "prevent-letter.yaml").write_text(settings, encoding="utf-8")
    assessment = tmp_path / "midlands" / "exampleshire.yaml"
    assessment.parent.mkdir()
    ids = re.findall(r"\bid: (\w+)", path.read_text(encoding="utf-8"))
    scores = "".join(f"  {id}: {{score: Met}}\n" for id in ids)
    assessment.write_text(f"{HEAD}criteria: annex_a\nbenchmarks:\n{scores}", encoding="utf-8")
    out = run("check", assessment).out
    assert f"these benchmarks are those of ../{place}" in out
    assert f"help: write criteria: ../{place}" in out


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("scale: {min: 1, max: 5, met: 3}", "scale: {min: 1, max: 5, met: 6}"), "3:8: error PL112"),
        (("min: 1, max: 5, met: 3}", "min: 0, max: 101, met: 3}"), "3:8: error PL112: the scale has 102 scores; no letter has over 101"),
        (("benchmarks:\n", "benchmarks:\n" + "".join(f"  - {{id: a{n}, name: A, heading: A, statement: A., levels: [A., A., A., A., A.]}}\n" for n in range(100))), "4:1: error PL113: the set has 102 benchmarks; no letter has over 100"),
        (("met: 3}", "met: 3, names: {1: No, 2: Hardly}}"), "3:40: error PL112"),
        (("met: 3}", "met: 3, names: {1: A, 2: B, 3: C, 4: D, 5: " + "E" * 101 + "}}"), "3:40: error PL112: a score's name has over 100 characters"),
        (("name: Plan", "name: Plan" + "n" * 1000), "6:11: error PL113: the name has over 1,000 characters"),
        (("met: 3}", "met: three}"), "3:30: error PL108"),
        (("id: plan", "id: Plan"), "5:9: error PL111"),
        (("id: plan", "id: a_very_long_identifier"), "5:9: error PL111"),
        (("id: plan", "id: summary"), "5:9: error PL111"),
        (("id: training", "id: plan"), "10:9: error PL111"),
        (("Nobody is trained., ", ""), "14:13: error PL113"),
        (("[No plan., A plan exists., The plan is followed., The plan is reviewed., The plan is shared.]", ""),
         "14:13: error PL113"),
        (("name: Plan", "nmae: Plan"), "6:5: error PL101"),
        (("title: Short", "# title: Short"), "3:1: error PL102"),
    ],
)  # fmt: skip
def test_set_at_fault_is_told_at_its_own_lines_and_where_it_is_named(
    edit: tuple[str, str], told: str, run: Run, tmp_path: Path
) -> None:
    short = (SETS / "short.yaml").read_text(encoding="utf-8")
    assert short.count(edit[0]) == 1
    own, path = tmp_path / "own.yaml", tmp_path / "exampleshire.yaml"
    own.write_text(short.replace(*edit), encoding="utf-8")
    benchmarks = "{plan: {score: 3}, training: {score: 3}}"
    path.write_text(f"{HEAD}criteria: own.yaml\nbenchmarks: {benchmarks}\n", encoding="utf-8")
    checked = run("check", path)
    assert checked.code == 1
    assert f"own.yaml:{told}" in checked.out
    assert (
        "exampleshire.yaml:8:11: error PL110: the criteria set own.yaml has errors" in checked.out
    )
    assert checked.out.count(" error ") == 2
    assert run("build", path).code == 1
    assert not (tmp_path / "exampleshire.docx").exists()


def every_field(model: type[Entry], known: dict[str, Any]) -> Any:
    """Plain data in which each field of a model is set, lists and mappings with one entry."""
    data: dict[str, Any] = {}
    for field in fields_of(model):
        value = known.get(field.name, "2027-06-01" if field.name in ("date", "sent") else "Words")
        value = "en" if field.name == "language" else value
        data[field.name] = every_field(field.entry, known) if field.entry else value
        if field.name == "imported":
            data[field.name] = {"plan.score": "1a2b3c4d"}
        elif field.several and field.name != "benchmarks":
            data[field.name] = [data[field.name]]
    return data


def test_no_part_of_the_letter_can_be_a_benchmarks_id(tmp_path: Path) -> None:
    """A letter is composed in which every field is set; its ids, and the names of its parts, are reserved."""
    known = {
        "period": "2026/2027",
        "email": "a@region.example",
        "phone": "07700 900123",
        "score": "3",
    }
    known |= {"about": "plan", "status": "done"}
    data = every_field(Assessment, {**known, "criteria": (SETS / "short.yaml").as_posix()})
    data["benchmarks"] = {"plan": data["benchmarks"], "training": data["benchmarks"]}
    path = tmp_path / "every_field.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    draft = DraftLoader().load(path)
    assert draft.assessment, draft.findings
    assert draft.criteria
    root = tree(Composer().compose(draft.assessment, draft.criteria))
    ids = {element.get("id", "").split(".")[0] for element in root.iter()} - {
        "",
        "plan",
        "training",
    }
    assert ids >= {"addressee", "advisor", "annex", "cc", "date", "greeting", "marking", "summary"}
    for id in {*(id for id in ids if "-" not in id), "header", "footer", "closing", "signature"}:
        assert id in criteria.reserved_ids()


@pytest.mark.parametrize("id", ["header", "marking"])
def test_id_of_a_part_is_refused_at_its_line(id: str, run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        (SETS / "short.yaml").read_text(encoding="utf-8").replace("id: plan", f"id: {id}"),
        encoding="utf-8",
    )
    assert "own.yaml:5:9: error PL111" in run("check", own).out


def test_published_criteria_come_whole() -> None:
    found = criteria.read(CHECKOUT / "criteria" / "annex_a.yaml")
    assert found.criteria is not None
    assert [len(benchmark.levels) for benchmark in found.criteria.benchmarks] == [5] * 10
    assert [bool(benchmark.note) for benchmark in found.criteria.benchmarks] == [False] * 4 + [
        True
    ] + [False] * 5
    plan = found.criteria.by_id["partnership_plan"]
    assert (plan.heading, plan.statement) == (
        "The Area Has an Agreed Prevent Partnership Plan",
        "The area has an agreed Prevent Partnership Action Plan.",
    )
