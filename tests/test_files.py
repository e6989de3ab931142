"""Where letters go, what becomes of what is there already, and that nothing is lost."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import docx
import pytest
from conftest import CHECKOUT, EXAMPLE, Run, paragraphs, to_pdf

from prevent_letter.building import targets
from prevent_letter.core import atomic, ordinary
from prevent_letter.letter import word
from prevent_letter.letter.formats import format_of


def letter_of(run: Run, assessment: Path) -> Path:
    assert run("build", assessment).code == 0
    return assessment.with_suffix(".docx")


def test_letter_goes_where_the_option_or_the_settings_say(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = example.parent
    monkeypatch.chdir(folder)
    assert (
        run("build", example.name, "-o", "new/letters").out
        == "new/letters/leicestershire_2022.docx\n"
    )
    assert run("build", example.name, "-o", "new/Letter.DOCX").out == "new/Letter.DOCX\n"
    assert run("build", example.name, "--draft").out == "leicestershire_2022.draft.docx\n"
    assert run("build", example.name, "--draft", "-o", "for Jo.docx").out == "for Jo.docx\n"
    (folder / "prevent-letter.yaml").write_text("output: letters\n", encoding="utf-8")
    (folder / "midlands").mkdir()
    shutil.move(example, folder / "midlands")
    assert (
        run("build", "midlands/leicestershire_2022.yaml").out
        == "letters/midlands/leicestershire_2022.docx\n"
    )


def test_unchanged_letter_is_not_touched(run: Run, example: Path) -> None:
    letter = letter_of(run, example)
    os.utime(letter, ns=(10**18, 10**18))
    again = run("build", example)
    assert (again.code, again.out) == (0, "")
    assert "unchanged" in again.err
    assert letter.stat().st_mtime_ns == 10**18
    assert run("build", example, "--quiet").err == ""


def test_letter_of_ours_is_replaced_when_the_assessment_changes(run: Run, example: Path) -> None:
    letter = letter_of(run, example)
    example.write_text(
        example.read_text(encoding="utf-8").replace("score: 3", "score: 4", 1), encoding="utf-8"
    )
    again = run("build", example)
    assert again.code == 0
    assert again.out.endswith("leicestershire_2022.docx\n")
    assert ("Score", "Score – 4") in paragraphs(letter)


def edited_by_python_docx(letter: Path) -> None:
    document = docx.Document(str(letter))
    document.paragraphs[5].add_run(" (a colleague's remark)")
    document.save(str(letter))


def not_ours(letter: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Somebody's own letter")
    document.save(str(letter))


def no_word_file(letter: Path) -> None:
    letter.write_bytes(b"not a Word file")


def empty(letter: Path) -> None:
    letter.write_bytes(b"")


@pytest.mark.parametrize("change", [edited_by_python_docx, not_ours, no_word_file, empty])
def test_what_somebody_saved_or_we_never_wrote_is_kept(
    change: object, run: Run, example: Path
) -> None:
    letter = letter_of(run, example)
    assert callable(change)
    change(letter)
    before = letter.read_bytes()
    again = run("build", example)
    assert (again.code, again.out) == (1, "")
    assert "leicestershire_2022.docx: kept: somebody has saved it" in again.err
    assert (
        "overwrite it with --force\n1 letter: 0 built, 0 unchanged, 1 kept, 0 failed\n" in again.err
    )
    assert letter.read_bytes() == before
    assert "kept" in run("build", "--quiet", example).err
    checked = run("build", "--check", example)
    assert checked.code == 1
    assert checked.out.endswith("leicestershire_2022.docx: edited\n")
    assert letter.read_bytes() == before
    forced = run("build", "--force", example)
    assert (forced.code, forced.out.endswith("leicestershire_2022.docx\n")) == (0, True)
    assert run("build", "--check", example).code == 0
    letter.write_bytes(before)
    assert run("build", example, "--draft").code == 0  # which has another name


@pytest.mark.libreoffice
def test_letter_saved_by_libreoffice_is_kept(run: Run, example: Path, tmp_path: Path) -> None:
    letter = letter_of(run, example)
    to_pdf(letter, tmp_path, "docx:MS Word 2007 XML", tmp_path / "saved")
    letter.write_bytes((tmp_path / "saved" / letter.name).read_bytes())
    found = word.identity(letter.read_bytes())
    assert found is not None
    assert (found.identifier, found.intact) == ("Leicestershire County Council 2021/2022", False)
    assert run("build", example).code == 1


def test_mark_survives_where_the_digest_is_of_what_the_letter_says(run: Run, example: Path) -> None:
    text = example.read_text(encoding="utf-8")
    digests: list[str] = []
    for changed in (
        text,
        "# a comment\n" + text,
        text.replace("Leicester to\n  provide", "Leicester\n  to provide"),
        text.replace("criteria: annex_a\n", ""),
        text.replace(
            "partners:\n  - Leicester City Council\n  - Rutland County Council\n", "partners: []\n"
        ),
        text + "accepted:\n  - {rule: PL202, reason: fine}\n",
        text.replace("score: 3", "score: 4", 1),
        text.replace("Gurjit\n", "Gurjit and Jane\n", 1),
        text.replace("Leicester to\n  provide", "Leicester to\n\n  provide"),
    ):
        example.write_text(changed, encoding="utf-8")
        target = example.parent / f"{len(digests)}.docx"
        assert run("build", example, "-o", target).code == 0
        found = word.identity(target.read_bytes())
        assert found is not None
        assert found.intact
        digests.append(found.digest)
    assert len(set(digests[:6])) == 1
    assert len(set(digests[5:])) == 4


def test_stray_temporary_file_is_removed_also_where_nothing_changed(
    run: Run, example: Path
) -> None:
    stray = left_behind(example.parent)
    letter_of(run, example)
    assert not stray.exists()
    stray = left_behind(example.parent)
    assert run("build", example).code == 0
    assert not stray.exists()


def left_behind(folder: Path, *, old: bool = True, pid: int = 0) -> Path:
    """A half-written letter, as a build leaves it that is killed."""
    left = folder / f".prevent-letter-{atomic._HOST}-{pid or 4194305}-0.tmp"
    left.write_bytes(b"half a letter")
    if old:
        os.utime(left, (1, 1))
    return left


@pytest.mark.skipif(os.name == "nt", reason="needs a process whose end can be seen")
def test_what_another_build_is_writing_is_left_to_it(run: Run, example: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        theirs = left_behind(example.parent, old=False, pid=other.pid)
        assert run("build", example).code == 0
        assert theirs.exists()
        other.communicate(b"\n")
    assert run("build", example).code == 0
    assert not theirs.exists()


@pytest.mark.parametrize("step", ["open", "replace"])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PermissionError(13, "Permission denied"),
            "is it open in Word? Close it there, and build again",
        ),
        (
            OSError(28, "No space left on device"),
            "the disk is full; make room on it, and build again",
        ),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_letter_that_cant_be_written_leaves_the_old_one(
    error: OSError, said: str, step: str, run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_of(run, example)
    before = letter.read_bytes()
    example.write_text(
        example.read_text(encoding="utf-8").replace("score: 3", "score: 4", 1), encoding="utf-8"
    )

    real = getattr(Path, step)

    def fail(path: Path, *arguments: Any, **more: Any) -> Any:
        if step == "replace" or "xb" in arguments:
            raise error
        return real(path, *arguments, **more)

    monkeypatch.setattr(Path, step, fail)
    again = run("build", example)
    assert again.code == 1
    assert f"leicestershire_2022.docx: the letter can't be written: {said}\n" in again.err
    assert letter.read_bytes() == before
    assert sorted(path.name for path in example.parent.iterdir()) == [
        "leicestershire_2022.docx",
        "leicestershire_2022.yaml",
    ]


def test_letter_that_cant_be_read_is_told(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_of(run, example)
    opened = ordinary.open_ordinary

    def fail(path: Path) -> BinaryIO:
        if path == letter:
            raise PermissionError(
                13, "Permission denied"
            )  # as Windows says where Word has the file
        return opened(path)

    monkeypatch.setattr(targets, "open_ordinary", fail)
    again = run("build", example)
    assert again.code == 1
    assert "is it open in Word?" in again.err


AS_NOBODY = """
import os, sys
from prevent_letter.assessment import settings
from prevent_letter.letter import word
from prevent_letter.cli import main
look = word.read_look(settings.Settings().template("letter.docx"))
word.read_look = lambda path: look
try:
    main(["build", sys.argv[1], "-o", sys.argv[2]])  # loads all that nobody may not read
except SystemExit:
    pass
os.setgid(65534); os.setuid(65534)
main(["build", sys.argv[1]])
"""


@pytest.mark.skipif(
    os.name == "nt" or os.getuid() != 0, reason="needs a user who can become another"
)
def test_read_only_folder_is_told_and_the_old_letter_stays(run: Run) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        assessment = Path(shutil.copy(EXAMPLE, folder))
        command = [sys.executable, "-c", AS_NOBODY, str(assessment), str(folder / "other.docx")]
        fresh = subprocess.run(command, capture_output=True, check=False, cwd=CHECKOUT)
        letter = letter_of(run, assessment)
        before = letter.read_bytes()
        assessment.write_text(
            assessment.read_text(encoding="utf-8").replace("score: 3", "score: 4", 1),
            encoding="utf-8",
        )
        again = subprocess.run(command, capture_output=True, check=False, cwd=CHECKOUT)
        for done in (fresh, again):
            assert done.returncode == 1
            assert (
                b"leicestershire_2022.docx: the letter can't be written: you do not have permission to write in its"
                in done.stderr
            )
            assert b"Traceback" not in done.stderr
        assert letter.read_bytes() == before


def test_target_that_is_a_folder_or_has_a_file_for_its_folder_is_told(
    run: Run, example: Path
) -> None:
    example.with_suffix(".docx").mkdir()
    built = run("build", example)
    assert built.code == 1
    assert (
        "leicestershire_2022.docx: the letter can't be read: a folder has this name; rename"
        in built.err
    )
    assert "a folder has this name" in run("build", "--check", example).err
    built = run("build", example, "-o", example.with_name("notes") / "letters")
    assert built.code == 0
    example.with_name("letters").write_bytes(b"a file")
    built = run("build", example, "-o", example.with_name("letters") / "of_may")
    assert built.code == 1
    assert "its folder can't be made, since" in built.err
    assert "letters is a file; name another folder\n" in built.err
    built = run("build", example, "-o", example.with_name(f"{'a' * 300}.docx"))
    assert built.code == 1
    assert "the letter can't be written: its name is too long; name a shorter" in built.err
    settings = example.with_name("prevent-letter.yaml")
    settings.write_text(f"output: {'a' * 300}\n", encoding="utf-8")
    assert run("check", example).err.startswith("1 file, 0 errors")


def test_letter_never_goes_over_what_it_is_made_from(run: Run, example: Path) -> None:
    templates = example.with_name("ours")
    templates.mkdir()
    look = Path(shutil.copy(CHECKOUT / "templates" / "letter.docx", templates))
    example.with_name("prevent-letter.yaml").write_text("templates: ours\n", encoding="utf-8")
    odd = example.rename(example.with_name("odd.docx"))  # an assessment, whatever its name says
    for arguments, kept in (([odd], odd), ([odd, "-o", look], look)):
        before = kept.read_bytes()
        built = run("build", "--force", *arguments)
        assert built.code == 1
        assert "the letter is made from this file; name another with -o\n" in built.err
        assert kept.read_bytes() == before


def test_letters_whose_names_differ_only_in_case_are_told(run: Run, example: Path) -> None:
    other = example.with_name("LEICESTERSHIRE_2022.yaml")
    if other.exists():
        pytest.skip("this disk doesn't tell capitals from small letters")
    text = example.read_text(encoding="utf-8")
    other.write_text(text.replace("period: 2021/2022", "period: 2020/2021"), encoding="utf-8")
    for options in ([], ["--draft"], ["--check"]):
        built = run("build", example.parent, *options)
        assert (built.code, built.out) == (1, "")
        assert "error PL402" in built.err
        assert not list(example.parent.glob("*.docx"))


def test_assessment_itself_is_never_the_target(run: Run, example: Path) -> None:
    before = example.read_bytes()
    built = run("build", example, "-o", example)
    assert built.code != 0
    assert example.read_bytes() == before


def test_same_parts_deflated_otherwise_are_the_same_letter(run: Run, example: Path) -> None:
    import io
    import zipfile

    letter = letter_of(run, example)
    other = io.BytesIO()
    with (
        zipfile.ZipFile(letter) as package,
        zipfile.ZipFile(other, "w", zipfile.ZIP_STORED) as stored,
    ):
        for name in package.namelist():
            stored.writestr(name, package.read(name))
    letter.write_bytes(other.getvalue())
    again = run("build", example)
    assert (again.code, again.out) == (0, "")
    assert letter.read_bytes() == other.getvalue()


def test_mark_of_anything_is_read_without_a_fuss() -> None:
    for data in (b"", b"PK\x03\x04", b"%PDF-1.7", os.urandom(4000)):
        assert word.identity(data) is None


def test_format_is_known_by_the_name() -> None:
    assert format_of(Path("a.DOCX")).end == "docx"  # type: ignore[union-attr]
    assert format_of(Path("a.d")) is None


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes")
def test_link_stays_one_and_a_pipe_is_told(run: Run, example: Path) -> None:
    real = example.parent / "real" / "there.docx"
    real.parent.mkdir()
    letter = letter_of(run, example)
    letter.rename(real)
    letter.symlink_to(real)
    example.write_text(
        example.read_text(encoding="utf-8").replace("score: 3", "score: 4", 1), encoding="utf-8"
    )
    assert run("build", example).code == 0
    assert letter.is_symlink()
    assert ("Score", "Score – 4") in paragraphs(real)
    assert not list(real.parent.glob(".*"))
    letter.unlink()
    os.mkfifo(letter)
    built = run("build", example)
    assert built.code == 1
    assert "the letter can't be read: it is not an ordinary file" in built.err
    example.write_text(example.read_text(encoding="utf-8") + "sent: 2022-05-30\n", encoding="utf-8")
    assert "it is not an ordinary file" in run("build", "--check", example).err


def test_stray_temporary_file_of_a_faulty_assessment_is_removed_too(
    run: Run, example: Path
) -> None:
    stray = left_behind(example.parent)
    example.write_text(
        example.read_text(encoding="utf-8").replace("score: 3", "score: 6", 1), encoding="utf-8"
    )
    assert run("build", "--check", example).code == 1
    assert stray.exists()
    assert run("build", example).code == 1
    assert not stray.exists()


def test_draft_never_goes_over_the_letter_that_was_sent(run: Run, example: Path) -> None:
    letter = letter_of(run, example)
    before = letter.read_bytes()
    example.write_text(example.read_text(encoding="utf-8") + "sent: 2022-05-30\n", encoding="utf-8")
    for options in ([], ["--force"]):
        assert run("build", "--draft", example, "-o", letter, *options).err.endswith(
            "0 failed, 1 sent\n"
        )
        assert letter.read_bytes() == before


def test_system_without_hard_links(
    run: Run, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python in a browser has no os.link at all."""
    monkeypatch.chdir(example.parent)
    monkeypatch.delattr(os, "link")
    assert run("build", example).code == 0
    assert run("new", "--from", example).code == 0
    assert run("new", "--from", example).code == 1  # exists already
