"""What changed since an earlier letter: accepted it is the new letter, rejected the earlier one."""

import copy
import json
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from conftest import CHECKOUT, EXAMPLE, Run, W
from openxml_audit import OpenXmlValidator
from test_office_edits import python_with_uno

from prevent_letter.word import docx_reader
from prevent_letter.word.blocks import Block, Table

NAME = "leicestershire_2022"
DATA: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
IDS = list(DATA["benchmarks"])
WORDS = (
    "the council partners officers plan a of risk Prevent training board panel and review".split()
)


def sentence(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.randint(3, 14))]
    for form in ("**{}**", "*{}*", "[{}](https://a.example/x)"):
        if chance.random() < 0.15:
            number = chance.randrange(len(words))
            words[number] = form.format(words[number].strip("*"))
    return f"Then {' '.join(words)}."


def passage(chance: random.Random) -> str:
    blocks = []
    for _ in range(chance.randint(1, 4)):
        kind = chance.choice(["text", "text", "-", "1"])
        if kind == "text":
            blocks.append(" ".join(sentence(chance) for _ in range(chance.randint(1, 4))))
            continue
        start, lines = chance.choice([1, 1, 3]), list[str]()
        for number in range(start, start + chance.randint(1, 4)):
            lines.append(f"{'-' if kind == '-' else f'{number}.'} {sentence(chance)}")
            if chance.random() < 0.2:
                lines.append(f"   - {sentence(chance)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def reworked(chance: random.Random, text: str) -> str:
    """A passage with blocks or words added, moved, changed or taken away."""
    blocks = text.split("\n\n")
    number = chance.randrange(len(blocks))
    kind = chance.randrange(6)
    if kind == 0:
        blocks[number] = passage(chance)
    elif kind == 1:
        blocks.insert(number, passage(chance))
    elif kind == 2 and len(blocks) > 1:
        del blocks[number]
    elif kind == 3:
        chance.shuffle(blocks)
    else:
        words = blocks[number].split(" ")
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(words))
            if words[at].isalpha():
                new = chance.choice(WORDS)
                words[at] = chance.choice([new, f"{words[at]} {new}", f"**{words[at]}**"])
        blocks[number] = " ".join(words)
    return "\n\n".join(blocks)


def changed(chance: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """The assessment with edits of any field."""
    data = copy.deepcopy(data)
    for _ in range(chance.choice([0, 1, 1, 2, 3, 6, 12])):
        scored = data["benchmarks"][chance.choice(IDS)]
        field = chance.choice(["good_practice", "recommendations"])
        match chance.randrange(9):
            case 0:
                scored["score"] = chance.randint(1, 5)
            case 1:
                data["summary"] = reworked(chance, data["summary"])
            case 2:
                data["date"] = f"2022-06-{chance.randint(1, 28):02}"
            case 3:
                key = [*data.get("key_recommendations", []), sentence(chance)]
                chance.shuffle(key)
                data["key_recommendations"] = key[: chance.randint(1, len(key))]
            case 4:
                lines = chance.sample(["County Hall", "Glenfield", "Leicester"], 2)
                data["addressee"]["address"] = "\n".join(lines)
            case 5:
                data["cc"] = [f"A. N. {name}" for name in chance.sample(["Other", "Advisor"], 1)]
            case _:
                old = scored.get(field)
                scored[field] = reworked(chance, old) if old else passage(chance)
    return data


def pairs(run: Run, folder: Path, number: int, seed: int) -> Iterator[tuple[Path, Path, Path]]:
    """Letters: an earlier one, a new one, and the new one with the changes."""
    chance = random.Random(seed)
    for each in range(number):
        home = folder / str(each)
        home.mkdir()
        path, old = home / f"{NAME}.yaml", changed(chance, DATA)
        for name, data in (("earlier", old), (NAME, changed(chance, old))):
            text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
            path.write_text(text, encoding="utf-8")
            output = home / f"{name}.docx"
            if run("build", path, "-o", output).code:
                break  # a score without recommendations, say
        else:
            built = run("build", "--changes-since", home / "earlier.docx", path)
            assert built.code == 0, built.err
            yield home / "earlier.docx", output, home / f"{NAME}.changes.docx"


def said(blocks: list[Block]) -> list[Any]:
    """The words of blocks with their looks and links, and their lists."""
    found: list[Any] = []
    for block in blocks:
        if isinstance(block, Table):
            found.append([[cell.split() for cell in row] for row in block.rows])
        elif block.text.strip():
            looks = [
                (character, run.bold, run.italic, run.link)
                for run in block.runs
                for character in run.text
                if not character.isspace()
            ]
            mark = block.mark if block.mark in ("", "-") else "1."
            found.append((looks, " ".join(block.text.split()), block.depth, mark))
    return found


def check(earlier: Path, new: Path, changes: Path) -> None:
    letter = docx_reader.read(changes.read_bytes())
    assert said(letter.blocks) == said(docx_reader.read(new.read_bytes()).blocks)
    assert said(letter.rejected) == said(docx_reader.read(earlier.read_bytes()).blocks)


def test_accepted_and_rejected_are_the_two_letters(run: Run, tmp_path: Path) -> None:
    marked = 0
    for each, (earlier, new, changes) in enumerate(pairs(run, tmp_path, 40, seed=1)):
        check(earlier, new, changes)
        if each < 5:
            result = OpenXmlValidator().validate(changes)
            assert result.is_valid, result.errors
        marked += len(marked_words(changes))
    assert marked > 1000


@pytest.mark.slow
def test_five_hundred_pairs(run: Run, tmp_path: Path) -> None:
    marked = least = 0
    for earlier, new, changes in pairs(run, tmp_path, 500, seed=2):
        check(earlier, new, changes)
        assert OpenXmlValidator().validate(changes).is_valid
        old, now = (re.findall(r"\w+", " ".join(plain(path))) for path in (earlier, new))
        matcher = SequenceMatcher(None, old, now, autojunk=False)
        least += len(old) + len(now) - 2 * sum(m.size for m in matcher.get_matching_blocks())
        marked += len(marked_words(changes))
    assert marked <= 1.3 * least


def marked_words(path: Path) -> list[str]:
    """The words that are marked as new or gone, from the XML itself."""
    with zipfile.ZipFile(path) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    texts = (
        "".join(text.text or "" for text in change.iter() if text.tag in (f"{W}t", f"{W}delText"))
        for change in root.iter()
        if change.tag in (f"{W}ins", f"{W}del")
    )
    return [word for text in texts for word in re.findall(r"\w+", text)]


def plain(path: Path) -> list[str]:
    """The text of each paragraph and cell, from the XML itself."""
    with zipfile.ZipFile(path) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    lines = {f"{W}br": " "}
    texts = (
        "".join(
            lines.get(each.tag, each.text or "")
            for each in p.iter()
            if each.tag in (f"{W}t", f"{W}br")
        )
        for p in root.iter(f"{W}p")
    )
    return [" ".join(text.split()) for text in texts if text.strip()]


@pytest.fixture
def cleared(run: Run, example: Path) -> Path:
    """The letter as it went to be cleared."""
    assert run("build", example, "-o", example.with_name("cleared.docx")).code == 0
    return example.with_name("cleared.docx")


def without(path: Path, old: str, new: str) -> None:
    """Change the XML of a letter, as somebody would who saves it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts["word/document.xml"].decode()
    parts["word/document.xml"] = re.sub(old, new, text, count=1, flags=re.S).encode()
    assert parts["word/document.xml"] != text.encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<w:tr>(?:(?!<w:tr>).)*Referral Pathway.*?</w:tr>", ""),  # a row is gone
        (r"(<w:tr>(?:(?!<w:tr>).)*Referral Pathway.*?</w:tr>)", r"\1<w:tr><w:trPr/></w:tr>"),
        ("well-informed", "ve\u00adry well-informed"),
        ("well-informed risk", "10\u202f000 well-informed risk"),
        ("multi-agency", "." * 8_000),
    ],
    ids=["row", "row without cells", "soft hyphen", "narrow space", "dots"],
)
def test_odd_earlier_letters(old: str, new: str, run: Run, example: Path, cleared: Path) -> None:
    before = cleared.read_bytes()
    without(cleared, old, new)
    built = run("build", "--force", "--changes-since", cleared, example)
    assert built.code == 0, built.err
    letter = example.with_name(f"{NAME}.changes.docx")
    assert OpenXmlValidator().validate(letter).is_valid
    (accepted := example.with_name("before.docx")).write_bytes(before)
    read = docx_reader.read(letter.read_bytes())
    assert said(read.blocks) == said(docx_reader.read(accepted.read_bytes()).blocks)
    rejected = "".join(plain_text(read.rejected)).replace("\u00ad", "")
    earlier = docx_reader.read(cleared.read_bytes()).blocks
    assert rejected == "".join(plain_text(earlier)).replace("\u00ad", "")


def plain_text(blocks: list[Block]) -> list[str]:
    rows = [each for each in blocks if each.text.strip()]
    return ["".join(each.text.split()) for each in rows]


def test_spaces_of_any_kind_come_into_the_new_letter(
    run: Run, example: Path, cleared: Path
) -> None:
    edit(example, ("well-informed risk", "10\u202f000\u2009well-informed\u3000risk"))
    assert run("build", "--changes-since", cleared, example).code == 0
    letter = docx_reader.read(example.with_name(f"{NAME}.changes.docx").read_bytes())
    assert any("10\u202f000\u2009well-informed\u3000risk" in block.text for block in letter.blocks)


@pytest.mark.libreoffice
def test_libreoffice_accepts_and_rejects_them(run: Run, tmp_path: Path) -> None:
    letters = [*pairs(run, tmp_path, 4, seed=3)]
    script = CHECKOUT / "tests" / "office_settle.py"
    command = [python_with_uno(), str(script), *(str(changes) for _, _, changes in letters)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    for (earlier, new, _), found in zip(letters, json.loads(done.stdout), strict=True):
        for name, path in (("Accept", new), ("Reject", earlier)):
            words = [re.sub(r"(Channel Panel) 1$", r"\1", text) for text in found[name]]
            assert words == plain(path)  # but for the number of the note, which Word has as a field


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_says_how_much_changed_since_when(run: Run, example: Path, cleared: Path) -> None:
    same = run("build", "--changes-since", cleared, example)
    assert same.code == 0
    assert same.err.splitlines()[0].endswith(
        f"{NAME}.changes.docx: nothing has changed since 27th May 2022"
    )
    assert not marked_words(example.with_name(f"{NAME}.changes.docx"))
    edit(example, ("score: 2", "score: 3"), ("well-informed risk", "well-informed local risk"))
    edit(example, ("date: 2022-05-27", "date: 2022-06-10"))
    built = run("build", "--changes-since", cleared, example)
    assert "changes in 2 benchmarks and elsewhere since 27th May 2022" in built.err
    letter = example.with_name(f"{NAME}.changes.docx")
    words = marked_words(letter)
    assert sorted(words) == sorted("27th May 2022 10th June 2022 local 2 3 2 3".split())
    with zipfile.ZipFile(letter) as package:
        document = package.read("word/document.xml").decode()
    assert set(re.findall(r'w:author="([^"]*)"', document)) == {DATA["advisor"]["name"]}
    assert set(re.findall(r'w:date="([^"]*)"', document)) == {"2022-06-10T00:00:00Z"}
    before = letter.read_bytes()
    letter.unlink()
    assert run("build", "--changes-since", cleared, example).code == 0
    assert letter.read_bytes() == before
    assert not example.with_suffix(".docx").exists()  # it is written alone


def test_it_is_no_record_and_is_read_as_the_new_letter(
    run: Run, example: Path, cleared: Path
) -> None:
    edit(example, ("well-informed risk", "well-informed local risk"))
    assert run("build", example).code == 0
    assert run("build", "--changes-since", cleared, example).code == 0
    cleared.unlink()
    letter = example.with_name(f"{NAME}.changes.docx")
    read = run("import", letter)
    assert read.code == 0
    assert "0 values changed" in read.err
    assert "tracked change" in read.err
    walked = run("import", example.parent)
    assert "1 letter, 0 values changed" in walked.err
    assert "passed over, as it only shows what changed" in " ".join(walked.err.split())
    other = run("build", "--changes-since", letter, example, "-o", example.with_suffix(".docx"))
    assert "kept: this is the letter; name another file with -o" in " ".join(other.err.split())
    assert run("build", "--check", example).code == 0
    assert "1 unchanged" in run("build", example).err


def test_draft_without_a_date_has_changes_without_one(
    run: Run, example: Path, cleared: Path
) -> None:
    edit(example, ("date: 2022-05-27\n", ""), ("well-informed risk", "well-informed local risk"))
    built = run("build", "--draft", "--changes-since", cleared, example)
    assert built.code == 0
    with zipfile.ZipFile(example.with_name(f"{NAME}.draft.changes.docx")) as package:
        document = package.read("word/document.xml").decode()
    assert "w:author=" in document
    assert "w:date=" not in document


def test_another_authoritys_letter_is_refused_by_name(
    run: Run, example: Path, cleared: Path
) -> None:
    edit(example, ("authority: Leicestershire County", "authority: Exampleshire County"))
    refused = run("build", "--changes-since", cleared, example)
    assert refused.code == 1
    assert "this is the letter of Leicestershire County Council" in refused.err
    assert not example.with_name(f"{NAME}.changes.docx").exists()


def test_what_was_cleared_is_imported_first(run: Run, example: Path, cleared: Path) -> None:
    with zipfile.ZipFile(cleared) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    old, new = b"well-informed risk", b"well-informed and recent risk"
    assert parts["word/document.xml"].count(old) == 1
    parts["word/document.xml"] = parts["word/document.xml"].replace(old, new)
    with zipfile.ZipFile(cleared, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    edit(example, ("score: 2", "score: 3"))
    refused = run("build", "--changes-since", cleared, example)
    assert refused.code == 1
    assert "1 value changed in it is not in the file: risk_assessment.good_practice" in refused.err
    assert "import it first (prevent-letter import" in refused.err
    assert run("build", "--force", "--changes-since", cleared, example).code == 0
    assert run("import", "--apply", "--into", example, cleared).code in (0, 1)
    assert "and recent risk" in example.read_text(encoding="utf-8")
    edit(example, ("and recent risk", "and very recent risk"))  # the advisor's own, later
    built = run("build", "--changes-since", cleared, example)
    assert built.code == 0, built.err
    assert "very" in marked_words(example.with_name(f"{NAME}.changes.docx"))


def test_a_folder_has_each_ones_letter(run: Run, example: Path, cleared: Path) -> None:
    folder = example.with_name("earlier")
    folder.mkdir()
    shutil.move(cleared, folder / f"{NAME}.docx")
    assert run("build", "--changes-since", folder, example).code == 0
    (folder / f"{NAME}.docx").unlink()
    missing = run("build", "--changes-since", folder, example)
    assert missing.code == 1
    assert f"{NAME}.docx: there is no earlier letter of this name" in " ".join(missing.err.split())


def test_only_in_word(run: Run, example: Path, cleared: Path) -> None:
    for more in (["-f", "pdf"], ["--publish", "-f", "html"], ["--check"]):
        refused = run("build", "--changes-since", cleared, *more, example)
        assert refused.code == 2
        assert "--changes-since writes Word letters with tracked changes" in refused.err
