"""What a person saved is never lost: not meanwhile, not by two runs at once, and there is a way back."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, Run
from test_import import plain

from prevent_letter.assessment.edit import apply_edits
from prevent_letter.checking import fix
from prevent_letter.core import atomic
from prevent_letter.core.findings import UserError

NONE_TYPED = CHECKOUT / "tests" / "faults" / "none_typed.yaml"
MEANWHILE = "somebody has saved it meanwhile, so nothing is written into it; run this again"


@pytest.fixture
def letter(run: Run, tmp_path: Path) -> Path:
    """A letter that was edited in Word, beside its assessment."""
    path = tmp_path / "a.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    assert run("build", path).code == 0
    plain("Written consent", "Verbal consent")(path.with_suffix(".docx"))
    return path.with_suffix(".docx")


def saving(path: Path, work: Callable[..., object]) -> Callable[..., object]:
    """Do some work, after a person has saved a comment in a file."""

    def save_and_work(*arguments: object, **options: object) -> object:
        path.write_bytes(path.read_bytes() + b"# saved meanwhile\n")
        return work(*arguments, **options)

    return save_and_work


def test_import_does_not_overwrite_what_was_saved_meanwhile(
    run: Run, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = letter.with_suffix(".yaml")
    saved = saving(path, apply_edits)
    monkeypatch.setattr("prevent_letter.importing.apply.apply_edits", saved)
    done = run("import", "--apply", letter)
    assert done.code == 1
    assert f"a.yaml: {MEANWHILE}" in done.err
    text = path.read_text(encoding="utf-8")
    assert text.startswith(EXAMPLE.read_text(encoding="utf-8"))
    assert "Verbal consent" not in text
    assert not path.with_name("a.yaml.before").exists()


def test_fix_does_not_overwrite_what_was_saved_meanwhile(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    before = NONE_TYPED.read_bytes().replace(
        b"../", (CHECKOUT / "tests").as_posix().encode() + b"/"
    )
    path.write_bytes(before)
    monkeypatch.setattr(fix, "_check", saving(path, fix._check))
    done = run("check", "--fix", path)
    assert done.code == 1
    assert f"a.yaml: {MEANWHILE}" in done.err
    assert path.read_bytes().startswith(before)


def test_what_is_replaced_is_kept_and_said_once(run: Run, letter: Path) -> None:
    path, kept = letter.with_suffix(".yaml"), letter.with_name("a.yaml.before")
    for words, other in (("Written consent", "Verbal consent"), ("Verbal consent", "No consent")):
        before = path.read_bytes()
        if words != "Written consent":
            assert run("build", "--force", path).code == 0
            plain(words, other)(letter)
        done = run("import", "--apply", letter)
        assert done.code == 0, done.err
        assert done.err.count("a.yaml.before") == 1
        assert kept.read_bytes() == before  # the last one alone
    for verb in ("check", "scores", "progress"):
        assert "before" not in run(verb, path.parent).err


def test_a_link_in_place_of_the_kept_file_is_not_followed(tmp_path: Path) -> None:
    path, outside = tmp_path / "a.yaml", tmp_path / "outside"
    path.write_bytes(b"one")
    outside.write_bytes(b"somebody's")
    try:
        (tmp_path / "a.yaml.before").symlink_to(outside)
    except OSError:
        pytest.skip("no links here")
    atomic.put_back(path, b"one", b"two")
    assert outside.read_bytes() == b"somebody's"
    assert (path.read_bytes(), (tmp_path / "a.yaml.before").read_bytes()) == (b"two", b"one")
    with pytest.raises(UserError, match=MEANWHILE):
        atomic.put_back(path, b"one", b"three")
    assert path.read_bytes() == b"two"


def test_of_many_runs_at_once_one_writes_and_the_others_say_so(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"0")
    code = (
        "import sys; from pathlib import Path; from prevent_letter.core.atomic import put_back\n"
        "put_back(Path(sys.argv[1]), b'0', sys.argv[2].encode())"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(n)], stderr=subprocess.PIPE)
        for n in range(1, 7)
    ]
    said = [run.communicate()[1].decode() for run in runs]
    wrote = [n for n, run in enumerate(runs, 1) if run.returncode == 0]
    assert [path.read_bytes()] == [str(n).encode() for n in wrote]
    assert sum(MEANWHILE in words for words in said) == 5


def test_what_is_saved_while_it_writes_is_not_lost(
    run: Run, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person saves in the last moment: when the former version has been kept."""
    path, replaced = letter.with_suffix(".yaml"), Path.replace

    def replace(temporary: Path, target: Path) -> Path:
        result = replaced(temporary, target)
        if target.name.endswith(".before"):
            path.write_bytes(EXAMPLE.read_bytes() + b"# saved meanwhile\n")
        return result

    monkeypatch.setattr(Path, "replace", replace)
    done = run("import", "--apply", letter)
    assert done.code == 1
    assert MEANWHILE in done.err
    assert path.read_bytes() == EXAMPLE.read_bytes() + b"# saved meanwhile\n"


@pytest.mark.skipif(sys.platform == "win32", reason="has no permissions like these")
def test_kept_file_has_the_permissions_of_what_it_was(run: Run, letter: Path) -> None:
    path = letter.with_suffix(".yaml")
    path.chmod(0o600)
    assert run("import", "--apply", letter).code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.with_name("a.yaml.before").stat().st_mode & 0o777 == 0o600
