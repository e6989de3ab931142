"""Build the page: a folder that any static server can show, with all of prevent-letter in it.

    python web/build.py OUTPUT

In the folder is also prevent-letter.html, the page as one file, without PDF. It needs pip and npm,
and fetches pinned parts into web/parts once: Pyodide (Python as WebAssembly), the libraries, and
the typesetter. Two builds of the same commit give the same bytes.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock
from form import form_html, standard_criteria, templates

WEB = Path(__file__).resolve().parent
PARTS = WEB / "parts"
PYODIDE = "314.0.7"
PLATFORM = ("--platform", "pyemscripten_2026_0_wasm32", "--python-version", "314")
TYPESETTER = ("typst==0.15.2", "fontpkg-arimo==1.341")
LIBRARIES = (
    *("click==8.5.1", "filelock==4.3.1", "Jinja2==3.1.6"),
    *("markdown-it-py==4.3.0", "mdurl==0.1.2"),
)
PURE = ("PyYAML==6.0.4", "MarkupSafe==3.0.4")
"""Libraries with optional parts in C, which are left out."""
OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
OWN = ("desk.py", "form.py")
POLICY = "script-src {}'wasm-unsafe-eval'; worker-src {}; connect-src {}"
PYODIDE_LICENCE = f"""\
Pyodide {PYODIDE} is under the Mozilla Public License 2.0 (https://mozilla.org/MPL/2.0/); its source
is at https://github.com/pyodide/pyodide. In it is Python, under the Python Software Foundation
License (https://docs.python.org/3/license.html)."""
NOT_NEEDED = (".dist-info/sboms", ".pyi", "/RECORD")


def main(output: Path) -> None:
    """Build the page into a folder, whose former content goes."""
    fetch()
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    for name in OF_PYODIDE:
        shutil.copy(PARTS / "package" / name, output)
    lock = json.loads((PARTS / "package" / LOCK).read_text(encoding="utf-8"))
    (output / LOCK).write_text(json.dumps(lock | {"packages": {}}), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, WEB.parent)
        wheels = [*Path(folder).glob("*.whl"), *(PARTS / "wheels").glob("*.whl")]
        members = {name: (WEB / name).read_bytes() for name in OWN}
        for wheel in wheels:
            members |= members_of(wheel)
        for path in (PARTS / "pure").rglob("*"):
            if path.is_file() and (path.suffix == ".py" or "licenses" in path.parts):
                members[path.relative_to(PARTS / "pure").as_posix()] = path.read_bytes()
        (output / "product.zip").write_bytes(packed(members))
    typesetter: dict[str, bytes] = {}
    for wheel in (PARTS / "pdf").glob("*.whl"):
        typesetter |= members_of(wheel)
    (output / "pdf.zip").write_bytes(packed(typesetter))
    (output / "licences.txt").write_text(licences(members | typesetter), encoding="utf-8")
    for name in ("worker.mjs", "page.js", "page.css"):
        shutil.copy(WEB / name, output)
    served = POLICY.format("'self' ", "'self'", "'self'")
    (output / "index.html").write_text(page(policy=served, parts={}), encoding="utf-8")
    (output / "prevent-letter.html").write_text(one_file(output), encoding="utf-8")


def one_file(site: Path) -> str:
    """Return the page as one file, with the parts of a built site in it. It asks for nothing."""
    names = (*OF_PYODIDE, LOCK, "product.zip")
    parts = {name: (site / name).read_bytes() for name in names}
    packed = {name: gzip.compress(data, 9, mtime=0) for name, data in parts.items()}
    script = (WEB / "page.js").read_text(encoding="utf-8")
    own = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return page(
        policy=POLICY.format(f"'sha256-{own}' data: ", "data:", "'none'"),
        parts={name: base64.b64encode(data).decode() for name, data in packed.items()},
        css=(WEB / "page.css").read_text(encoding="utf-8"),
        worker=(WEB / "worker.mjs").read_text(encoding="utf-8"),
        script=script,
        licences=(site / "licences.txt").read_text(encoding="utf-8"),
    )


def run(*command: object) -> None:
    """Run a program, which must succeed."""
    subprocess.run([str(word) for word in command], check=True)


def fetch() -> None:
    """Fetch the pinned parts, unless they are there already."""
    with FileLock(WEB / "parts.lock"):  # tests build it several times at once
        _fetch()


def _fetch() -> None:
    pins = json.dumps([PYODIDE, TYPESETTER, LIBRARIES, PURE])
    if (PARTS / "pins.json").exists() and (PARTS / "pins.json").read_text() == pins:
        return
    shutil.rmtree(PARTS, ignore_errors=True)
    PARTS.mkdir()
    pack = ["npm", "pack", "--silent", f"pyodide@{PYODIDE}"]
    subprocess.run(pack, check=True, cwd=PARTS, stdout=subprocess.DEVNULL)
    shutil.unpack_archive(next(PARTS.glob("pyodide-*.tgz")), PARTS)
    download = (sys.executable, "-m", "pip", "download", "-q", "--no-deps")
    wheels = (*download, "--only-binary=:all:")
    run(*wheels, *PLATFORM, "-d", PARTS / "pdf", *TYPESETTER)
    run(*wheels, "-d", PARTS / "wheels", *LIBRARIES)
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


def licences(members: dict[str, bytes]) -> str:
    """Return the licences of all that the page contains, from the wheels and from here."""
    texts = [PYODIDE_LICENCE]
    for name in sorted(members):
        package, _, file = name.partition(".dist-info/")
        if file.rpartition("/")[2].upper().startswith(("LICEN", "COPYING")):
            texts.append(f"{package}\n\n{members[name].decode()}")
    return f"\n\n{'-' * 80}\n\n".join(texts)


def page(**words: object) -> str:
    """Return the page with its form for the standard criteria."""
    form = form_html(standard_criteria())
    return templates().get_template("page.html.j2").render(form=form, **words)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the page.")
    parser.add_argument("output", type=Path)
    main(parser.parse_args().output)
