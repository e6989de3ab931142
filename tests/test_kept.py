"""Nothing is lost: whose letter stands at a target, whether it was changed, links, rights, builds at the same time."""

import io
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from conftest import CHECKOUT, EXAMPLE, Run, git

from prevent_letter.letter.formats import FORMATS

ENDS = sorted(FORMATS)


def another(example: Path, name: str, *changes: tuple[str, str]) -> Path:
    """An assessment of another authority or period beside the example."""
    text = example.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = example.with_name(f"{name}.yaml")
    path.write_text(text, encoding="utf-8")
    return path


RUTSHIRE = ("authority: Leicestershire County Council", "authority: Rutshire County Council")


# Whose letter it is.


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("sent", ["", "sent: 2022-05-30\n"])
def test_letter_of_another_authority_is_kept(end: str, sent: str, run: Run, example: Path) -> None:
    letter = example.with_suffix(f".{end}")
    assert run("build", example, "-f", end).code == 0
    example.write_text(example.read_text(encoding="utf-8") + sent, encoding="utf-8")
    before = letter.read_bytes()
    other = another(example, "other", RUTSHIRE)
    built = run("build", other, "-o", letter)
    assert (built.code, built.out, letter.read_bytes()) == (1, "", before)
    told = "this is the letter of Leicestershire County Council 2021/2022, and this assessment is Rutshire County Council "
    assert f"kept: {told}2021/2022's; if the name was corrected, use --force" in built.err
    checked = run("build", "--check", other, "-o", letter)
    assert (checked.code, checked.out.endswith(f".{end}: edited\n")) == (1, True)
    assert told in checked.err


def test_next_years_assessment_in_last_years_file_keeps_last_years_letter(
    run: Run, example: Path
) -> None:
    run("build", example)
    before = example.with_suffix(".docx").read_bytes()
    another(example, example.stem, ("period: 2021/2022", "period: 2022/2023"))
    built = run("build", example)
    assert built.code == 1
    assert "the letter of Leicestershire County Council 2021/2022" in built.err
    assert example.with_suffix(".docx").read_bytes() == before
    forced = run("build", example, "--force")
    assert forced.code == 0
    assert example.with_suffix(".docx").read_bytes() != before


def test_record_of_another_letter_counts_as_not_built(run: Run, example: Path) -> None:
    run("build", example)
    before = example.with_suffix(".docx").read_bytes()
    another(example, example.stem, ("period: 2021/2022", "period: 2022/2023\nsent: 2023-05-30"))
    for options in ([], ["--force"]):
        built = run("build", example, *options)
        assert (built.code, example.with_suffix(".docx").read_bytes()) == (1, before)
        assert "kept: this is the letter of Leicestershire County Council 2021/2022" in built.err
    assert run("build", "--check", example).out.endswith("leicestershire_2022.docx: edited\n")


def test_draft_keeps_the_letter_that_has_its_name(run: Run, example: Path) -> None:
    other = another(example, f"{example.stem}.draft", RUTSHIRE)
    assert run("build", other).out.endswith("leicestershire_2022.draft.docx\n")
    other.write_text(other.read_text(encoding="utf-8") + "sent: 2022-05-30\n", encoding="utf-8")
    built = run("build", "--draft", example)
    assert built.code == 1
    assert "the letter of Rutshire County Council 2021/2022" in built.err


@pytest.mark.parametrize(
    "name", ["LEICESTERSHIRE County\u00a0Council", "leicestershire County  Council"]
)
def test_same_name_in_another_form_is_the_same_letter(name: str, run: Run, example: Path) -> None:
    run("build", example)
    another(
        example, example.stem, ("authority: Leicestershire County Council", f'authority: "{name}"')
    )
    assert run("build", example).code == 0


def test_ampersand_is_and(run: Run, example: Path) -> None:
    another(example, example.stem, ("authority: Leicestershire", "authority: Rut & Leicestershire"))
    run("build", example)
    another(example, example.stem, ("authority: Rut &", "authority: Rut and"))
    assert run("build", example).code == 0


# Whether it was changed.


def with_comment(letter: Path) -> None:
    """A note on a page of the PDF, as a reader's program saves it."""
    with pikepdf.open(letter, allow_overwriting_input=True) as document:
        page = document.pages[0]
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[10, 10, 30, 30],
            Contents="Is this right?",
        )
        page.Annots = pikepdf.Array([document.make_indirect(note)])
        document.save(letter)


def appended(letter: Path) -> None:
    letter.write_bytes(letter.read_bytes() + b"% somebody's own\n")


def saved_unchanged(letter: Path) -> None:
    with pikepdf.open(letter, allow_overwriting_input=True) as document:
        document.save(letter)


def other_sentence(letter: Path) -> None:
    letter.write_bytes(letter.read_bytes().replace(b"Kind regards,", b"Best wishes,"))


def without_seal(letter: Path) -> None:
    letter.write_bytes(
        re.sub(rb"<!-- prevent-letter .*\n|%prevent-letter .*\n", b"", letter.read_bytes())
    )


@pytest.mark.parametrize(
    ("end", "change"),
    [("pdf", with_comment), ("pdf", appended), ("pdf", saved_unchanged), ("html", other_sentence), ("html", without_seal)],
)  # fmt: skip
def test_work_in_pdf_and_html_is_kept(end: str, change: object, run: Run, example: Path) -> None:
    assert callable(change)
    letter = example.with_suffix(f".{end}")
    run("build", example, "-f", end)
    change(letter)
    before = letter.read_bytes()
    another(example, example.stem, ("score: 3", "score: 4"))
    built = run("build", example, "-f", end)
    assert (built.code, letter.read_bytes()) == (1, before)
    assert "kept: somebody has saved it" in built.err
    assert run("build", "--check", example, "-f", end).out.endswith(": edited\n")


def test_line_ends_of_windows_are_no_change(run: Run, example: Path) -> None:
    letter = example.with_suffix(".html")
    run("build", example, "-f", "html")
    letter.write_bytes(letter.read_bytes().replace(b"\n", b"\r\n"))
    assert run("build", "--check", example, "-f", "html").code == 0
    another(example, example.stem, ("score: 3", "score: 4"))
    assert run("build", example, "-f", "html").code == 0


def damaged(data: bytes) -> bytes:
    """40 bytes of a part zeroed."""
    at = data.index(b"word/document.xml") + 2000
    return data[:at] + bytes(40) + data[at + 40 :]


def changed_with_its_sum_kept(data: bytes) -> bytes:
    """A stored letter in which two words change, and four bytes of a comment make the checksum what it was."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as stored,
    ):
        for info in package.infolist():
            stored.writestr(info.filename, package.read(info))
    whole = made.getvalue()
    at = whole.index(b"Kind regards,")
    forged = bytearray(whole)
    forged[at : at + 13] = b"Best regards,"
    return bytes(forged)  # the directory's sum is that of the letter as it was


@pytest.mark.parametrize("change", [damaged, changed_with_its_sum_kept])
def test_damaged_letter_is_not_unchanged(change: object, run: Run, example: Path) -> None:
    assert callable(change)
    letter = example.with_suffix(".docx")
    run("build", example)
    letter.write_bytes(change(letter.read_bytes()))
    built = run("build", example)
    assert built.code == 1
    assert "1 kept" in built.err


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("data", [b"", os.urandom(3000)])
def test_sent_letter_that_cant_be_read_is_an_error(
    end: str, data: bytes, run: Run, example: Path
) -> None:
    another(example, example.stem, ("criteria: annex_a\n", "criteria: annex_a\nsent: 2022-05-30\n"))
    letter = example.with_suffix(f".{end}")
    letter.write_bytes(data)
    for options in (["--check"], []):
        built = run("build", example, "-f", end, *options)
        assert built.code == 1
        assert (
            f"the letter that was sent can't be read as a {FORMATS[end].name} file; put the one"
            in built.err
        )
    assert letter.read_bytes() == data


def test_record_is_kept_from_a_draft_that_has_its_name(run: Run, example: Path) -> None:
    odd = example.rename(example.with_name("foo.draft.yaml"))
    run("build", odd)
    odd.write_text(odd.read_text("utf-8") + "sent: 2022-05-30\n", encoding="utf-8")
    record = odd.with_name("foo.draft.docx")
    before = record.read_bytes()
    another(odd, "foo.draft", ("score: 3", "score: 4"))
    assert run("build", "--draft", odd, "-o", record).err.endswith("1 sent\n")
    assert record.read_bytes() == before
    review = odd.with_name("review.docx")
    for score in ("5", "3"):
        odd.write_text(
            re.sub("score: [345]", f"score: {score}", odd.read_text("utf-8"), count=1),
            encoding="utf-8",
        )
        assert run("build", "--draft", odd, "-o", review).out.endswith("review.docx\n")


def test_description_that_somebody_gave_a_letter_is_kept(run: Run, example: Path) -> None:
    import docx

    letter = example.with_suffix(".docx")
    run("build", example)
    with zipfile.ZipFile(letter) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(
        b"<dc:language>", b"<dc:description>mine</dc:description><dc:language>"
    )
    with zipfile.ZipFile(letter, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert docx.Document(str(letter)).core_properties.comments == "mine"
    assert run("build", "--check", example).out.endswith("edited\n")
    assert run("build", example).code == 1


# Links and rights.

needs_links = pytest.mark.skipif(os.name == "nt", reason="needs links")


@needs_links
def test_link_in_place_of_a_temporary_file_leads_nowhere(
    run: Run, example: Path, tmp_path: Path
) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("mine", encoding="utf-8")
    for name in (".leicestershire_2022.docx.tmp", "prevent-letter-annex_a.schema.json"):
        (example.parent / name).symlink_to(thesis)
    assert run("build", example).code == 0
    made = subprocess.run(
        [sys.executable, "-m", "prevent_letter", "new", "Rutshire"],
        cwd=example.parent,
        capture_output=True,
        check=False,
    )
    assert made.returncode == 1
    assert b"this is a link, and links are not written through; delete it first" in made.stderr
    assert thesis.read_text(encoding="utf-8") == "mine"


@needs_links
def test_dangling_link_is_refused(run: Run, example: Path) -> None:
    example.with_suffix(".docx").symlink_to(example.with_name("nowhere.docx"))
    built = run("build", example)
    assert built.code == 1
    assert (
        "leicestershire_2022.docx: this link leads nowhere; delete it, or name another" in built.err
    )
    assert not example.with_name("nowhere.docx").exists()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the example in it, and a folder beside it that is nobody's business."""
    folder = tmp_path / "repository"
    folder.mkdir()
    shutil.copy(EXAMPLE, folder)
    git(folder, "init", "-q")
    (tmp_path / "outside").mkdir()
    return folder


def test_output_outside_the_repository_is_refused(run: Run, repository: Path) -> None:
    (repository / "prevent-letter.yaml").write_text("output: ../outside\n", encoding="utf-8")
    built = run("build", repository)
    assert built.code == 1
    assert (
        "prevent-letter.yaml:1:9: error PL109: output leads outside the repository: ../outside"
        in built.err
    )
    assert not list((repository.parent / "outside").iterdir())
    assert (
        run("build", repository / EXAMPLE.name, "-o", repository.parent / "outside").code == 1
    )  # the settings' fault
    (repository / "prevent-letter.yaml").unlink()
    assert run("build", repository / EXAMPLE.name, "-o", repository.parent / "outside").code == 0


@needs_links
def test_links_that_lead_outside_the_repository_are_refused(run: Run, repository: Path) -> None:
    outside = repository.parent / "outside"
    (repository / "letters").symlink_to(outside)
    (repository / "prevent-letter.yaml").write_text("output: letters\n", encoding="utf-8")
    assert "error PL109: output leads outside" in run("check", repository).out
    (repository / "prevent-letter.yaml").unlink()
    (outside / "letter.docx").write_bytes(b"somebody's")
    (repository / "leicestershire_2022.docx").symlink_to(outside / "letter.docx")
    built = run("build", "--force", repository / EXAMPLE.name)
    assert built.code == 1
    assert "leicestershire_2022.docx: this leads outside the repository, to" in built.err
    assert (outside / "letter.docx").read_bytes() == b"somebody's"


@needs_links
def test_link_below_the_folder_of_the_option_is_not_followed_out_of_it(
    run: Run, repository: Path
) -> None:
    outside, region = repository.parent / "outside", repository / "midlands"
    region.mkdir()
    (repository / EXAMPLE.name).rename(region / EXAMPLE.name)
    (repository / "letters").mkdir()
    (repository / "letters" / "midlands").symlink_to(outside)
    built = run("build", repository, "-o", repository / "letters")
    assert built.code == 1
    assert "leicestershire_2022.docx: this leads outside " in built.err
    new = run("new", "--from", repository, "-o", repository / "letters")
    assert "leads outside " in new.err
    assert not [*outside.iterdir()]
    (repository / "letters" / "midlands").unlink()
    (repository / "letters" / "midlands").symlink_to(repository / "north")  # nor to a sibling
    assert run("build", repository, "-o", repository / "letters").code == 1
    (repository.parent / "linked").symlink_to(outside)  # but the folder itself may be a link
    assert run("build", repository, "-o", repository.parent / "linked").code == 0
    assert [*outside.rglob("*.docx")]


@needs_links
def test_no_verb_reads_a_set_from_outside_the_repository(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(CHECKOUT / "criteria" / "annex_a.yaml", repository.parent / "outside" / "set.yaml")
    monkeypatch.chdir(repository)
    (repository / "prevent-letter.yaml").write_text(
        "criteria: ../outside/set.yaml\n", encoding="utf-8"
    )
    text = (repository / EXAMPLE.name).read_text(encoding="utf-8")
    (repository / "last.yaml").write_text(
        text.replace("criteria: annex_a", "criteria: ../outside/set.yaml"), encoding="utf-8"
    )
    for command in (
        ["criteria"],
        ["schema"],
        ["new", "Exampleshire County Council"],
        ["new", "--from", "last.yaml"],
        ["new", "Otherchester City Council", "--criteria", "../outside/set.yaml"],
        ["check"],
    ):
        done = run(*command)
        assert done.code in (1, 2), command
        assert "the criteria set ../outside/set.yaml is outside the repository" in (
            done.out + done.err
        ), command
    assert not [*repository.glob("*.schema.json")]


@needs_links
def test_templates_and_criteria_outside_the_repository_are_refused(
    run: Run, repository: Path
) -> None:
    outside, assessment = repository.parent / "outside", repository / EXAMPLE.name
    settings = repository / "prevent-letter.yaml"
    settings.write_text("templates: ../outside\n", encoding="utf-8")
    assert (
        "1:12: error PL109: templates leads outside the repository" in run("check", assessment).out
    )
    (repository / "ours").mkdir()
    (outside / "secret.css").write_text("secret", encoding="utf-8")
    (repository / "ours" / "letter.css").symlink_to(outside / "secret.css")
    settings.write_text("templates: ours\n", encoding="utf-8")
    assert "ours/letter.css leads outside the repository" in run("check", assessment).out
    (repository / "ours" / "letter.css").unlink()
    settings.unlink()
    shutil.copy(CHECKOUT / "criteria" / "annex_a.yaml", outside / "set.yaml")
    text = assessment.read_text(encoding="utf-8")
    assessment.write_text(
        text.replace("criteria: annex_a", "criteria: ../outside/set.yaml"), encoding="utf-8"
    )
    assert (
        "error PL110: the criteria set ../outside/set.yaml is outside the repository"
        in run("check", assessment).out
    )


@needs_links
def test_two_links_to_one_target_are_two_letters_for_it(run: Run, example: Path) -> None:
    real = example.with_name("real.docx")
    shutil.copy(CHECKOUT / "templates" / "letter.docx", real)
    another(example, "other", RUTSHIRE)
    for name in ("leicestershire_2022.docx", "other.docx"):
        (example.parent / name).symlink_to(real)
    built = run("build", example.parent)
    assert (built.code, built.err.count("error PL402")) == (1, 2)


@pytest.mark.skipif(os.name == "nt", reason="needs rights as POSIX has them")
def test_rights_of_a_letter_stay_and_a_read_only_one_is_kept(run: Run, example: Path) -> None:
    letter = example.with_suffix(".docx")
    run("build", example)
    letter.chmod(0o640)
    another(example, example.stem, ("score: 3", "score: 4"))
    assert run("build", example).code == 0
    assert stat.S_IMODE(letter.stat().st_mode) == 0o640
    letter.chmod(0o440)
    before = letter.read_bytes()
    another(example, example.stem, ("score: 4", "score: 5"))
    for options in ([], ["--force"]):
        built = run("build", example, *options)
        assert (built.code, letter.read_bytes()) == (1, before)
        assert "kept: it is read-only; make it writable" in built.err


# Builds at the same time.


def build_at_once(folder: Path, builds: int, at_once: int) -> None:
    """Builds of two assessments into the same letters: each ends well, and each letter is whole whenever one looks."""
    for number in range(6):
        text = EXAMPLE.read_text(encoding="utf-8").replace(
            "Leicestershire County", f"Council {number}'s County", 1
        )
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "prevent_letter", "build", str(folder)]
    for begun in range(0, builds, at_once):
        for path in folder.glob("*.yaml"):
            score = 3 + begun // at_once % 2
            text = re.sub(
                r"score: [34]", f"score: {score}", path.read_text(encoding="utf-8"), count=1
            )
            path.write_text(text, encoding="utf-8")
        going = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(at_once)
        ]
        while any(each.poll() is None for each in going):
            for letter in folder.glob("[0-9].docx"):
                with zipfile.ZipFile(io.BytesIO(letter.read_bytes())) as package:
                    assert package.testzip() is None
        for each in going:
            _, err = each.communicate()
            assert each.returncode == 0, err
    assert sorted(path.suffix for path in folder.iterdir()) == [".docx"] * 6 + [".yaml"] * 6


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows lets no file be replaced that is being read")
def test_four_builds_at_once_are_all_right(tmp_path: Path) -> None:
    build_at_once(tmp_path, 8, 4)


@pytest.mark.slow
def test_sixty_builds_four_at_once_are_all_right(tmp_path: Path) -> None:
    build_at_once(tmp_path, 60, 4)
