"""What is installed: an editable install, a wheel, and a wheel from the sdist all bring the same, and work."""

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import CHECKOUT, EXAMPLE, Run, need

import prevent_letter

DATA = [
    "criteria/annex_a.yaml",
    *(f"templates/letter.{end}" for end in ("css", "docx", "html.j2", "typ")),
    *(
        f"templates/preview{end}"
        for end in (".css", ".html.j2", ".js", "_list.html.j2", "_notes.html.j2")
    ),
    *(
        f"templates/{name}"
        for name in ("progress.html.j2", "reading.html.j2", "results.css", "results.html.j2")
    ),
]
PACKAGE = CHECKOUT / "prevent_letter"
MODULES = [
    path.relative_to(PACKAGE).as_posix()
    for path in (
        *PACKAGE.rglob("*.py"),
        PACKAGE / "py.typed",
        PACKAGE / "rules" / "codes.md",
        *(PACKAGE / "rules").glob("*.txt"),
    )
]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A wheel built from the checkout, and one from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    for kind, where in (("--wheel", folder / "direct"), ("--sdist", folder / "sdist")):
        build(CHECKOUT, kind, where)
    [sdist] = (folder / "sdist").glob("*.tar.gz")
    subprocess.run(
        [sys.executable, "-m", "tarfile", "-e", sdist, folder / "unpacked"],
        check=True,
        capture_output=True,
    )
    [unpacked] = (folder / "unpacked").iterdir()
    build(unpacked, "--wheel", folder / "from_sdist")
    return {name: next((folder / name).glob("*.whl")) for name in ("direct", "from_sdist")}


def build(source: Path, kind: str, out: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        kind,
        "--outdir",
        str(out),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.wheel
@pytest.mark.parametrize("kind", ["direct", "from_sdist"])
def test_wheel_holds_exactly_this(kind: str, wheels: dict[str, Path]) -> None:
    info = f"prevent_letter-{prevent_letter.__version__}.dist-info"
    expected = [f"prevent_letter/{name}" for name in (*DATA, *MODULES)]
    expected += [
        f"{info}/{name}"
        for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    ]
    with zipfile.ZipFile(wheels[kind]) as wheel:
        assert sorted(wheel.namelist()) == sorted(expected)
        for name in DATA:
            assert wheel.read(f"prevent_letter/{name}") == (CHECKOUT / name).read_bytes()


@pytest.mark.wheel
def test_installed_wheel_builds_the_same_letter(
    wheels: dict[str, Path], run: Run, tmp_path: Path
) -> None:
    """The wheel in an environment of its own, which borrows the libraries of this one."""
    venv.create(tmp_path / "env", symlinks=os.name != "nt")
    python = tmp_path / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    with zipfile.ZipFile(wheels["direct"]) as wheel:
        wheel.extractall(tmp_path / "installed")
    here = [path for path in sys.path if path.endswith("site-packages")]
    paths = os.pathsep.join([str(tmp_path / "installed"), *here])
    command = [
        str(python),
        "-m",
        "prevent_letter",
        "build",
        str(EXAMPLE),
        "-o",
        str(tmp_path / "wheel.docx"),
    ]
    environment = {**os.environ, "PYTHONPATH": paths}
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=environment)
    run("build", EXAMPLE, "-o", tmp_path / "checkout.docx")
    assert (tmp_path / "wheel.docx").read_bytes() == (tmp_path / "checkout.docx").read_bytes()
    told = [str(python), "-c", "import prevent_letter; print(prevent_letter.ROOT)"]
    root = (
        subprocess.run(told, check=True, capture_output=True, cwd=tmp_path, env=environment)
        .stdout.decode()
        .strip()
    )
    assert Path(root) == (tmp_path / "installed" / "prevent_letter").resolve()
    assert prevent_letter.ROOT == CHECKOUT  # and an editable install finds them in the checkout


def test_data_folders_hold_no_code() -> None:
    assert not [
        path for name in ("criteria", "templates") for path in (CHECKOUT / name).rglob("*.py")
    ]


def test_files_can_be_checked_out_on_windows() -> None:
    """No name that Windows keeps for a device, none with a character it refuses, and none that differ only in case."""
    listed = subprocess.run(
        [need("git"), "ls-files"], cwd=CHECKOUT, check=True, capture_output=True
    )
    names = listed.stdout.decode().splitlines()
    parts = {part for name in names for part in name.split("/")}
    assert len(names) > 300
    assert not [
        part for part in parts if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", part)
    ]
    assert not [part for part in parts if re.search(r'[<>:"|?*\\]|[ .]$', part)]
    assert len({name.casefold() for name in names}) == len(names)


def test_library_bounds_are_lower_ones_only() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert all(
        re.fullmatch(r"[A-Za-z0-9-]+>=[0-9.]+", dependency)
        for dependency in project["dependencies"]
    )
    assert project["requires-python"] == ">=3.11"
