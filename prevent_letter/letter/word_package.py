"""The package of a Word letter (ECMA-376 Part 2): its parts in a zip, and its properties."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from prevent_letter.core.findings import UserError
from prevent_letter.core.word_file import DAMAGED, open_zip, read_member, read_xml
from prevent_letter.core.xml_text import escape
from prevent_letter.letter.formats import Identity

AUTHOR = "prevent-letter"
"""The author of the comments that this tool writes."""
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CORE = "docProps/core.xml"
LANGUAGE = "x-the-letters"
"""The placeholder for the letter's language in the styles of a look."""
MOST_BYTES = 1 << 26
"""The largest package, in bytes when unpacked. A letter has a quarter of a megabyte."""
_MOST_CORE = 1 << 20
"""The largest part of properties, in bytes. A letter's has 3,000."""


class Version(NamedTuple):
    """What ``cp:version`` says of a letter: digests of its content, its parts, and its values.

    There are no digests of values, by their ids, in a copy to publish, in a letter from before they
    were written, and if they were cut or altered.
    """

    content: str
    parts: str
    values: dict[str, str]

    def __str__(self) -> str:
        values = ",".join(f"{id}:{digest}" for id, digest in self.values.items())
        return f"{self.content} {self.parts}" + (f" {values};" if values else "")


_VALUES = re.compile(r"(?:[\w.]+:[0-9a-f]{8},)*[\w.]+:[0-9a-f]{8};")


def version(text: str) -> Version | None:
    """Return what the text of ``cp:version`` says; None if this tool didn't write it."""
    content, _, rest = text.partition(" ")
    parts, _, values = rest.partition(" ")
    if not re.fullmatch("[0-9a-f]{64}", content) or not re.fullmatch("[0-9a-f]{64}|", parts):
        return None
    pairs = values[:-1].split(",") if _VALUES.fullmatch(values) else []
    return Version(content, parts, dict(pair.split(":") for pair in pairs))


def pack(
    prepared: bytes,
    sums: Mapping[str, str],
    parts: Mapping[str, str],
    properties: Mapping[str, str],
    lang: str,
    values: Mapping[str, str],
) -> bytes:
    """Return the bytes of a .docx file.

    Args:
        prepared: a zip of the parts that are the same in each letter.
        sums: the SHA-256 of these parts, by their names.
        parts: the XML of the other parts, by their names in the folder ``word``.
        properties: title and metas, as ``document.properties`` gives them.
        lang: the letter's language (BCP 47).
        values: the digest of each value, by its id.
    """
    own = Version(properties["digest"], "", dict(values))
    data = {f"word/{name}": xml.encode() for name, xml in parts.items()}
    data[CORE] = _core(properties, lang, own).encode()
    own_sums = {name: hashlib.sha256(xml).hexdigest() for name, xml in data.items()}
    digest = _digest_of_parts({**sums, **own_sums})
    data[CORE] = _core(properties, lang, own._replace(parts=digest)).encode()
    out = io.BytesIO(prepared)
    with zipfile.ZipFile(out, "a") as package:
        for name, xml in data.items():
            package.writestr(member(name), xml, compresslevel=1)  # 0.9 ms faster, 3 KB larger
    return out.getvalue()


def as_part(root: ElementTree.Element, part: str) -> str:
    """Return the XML of a part that was changed as a tree, with the prefixes of ``part``."""
    for prefix, address in re.findall(r'xmlns:(\w+)="([^"]+)"', part):
        ElementTree.register_namespace(prefix, address)
    return XML + ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")


def member(name: str) -> zipfile.ZipInfo:
    """Return a zip member without time, platform or owner, so that equal parts give equal bytes."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
    info.external_attr = 0o600 << 16
    return info


_VERSION = re.compile(rb"<cp:version>[^<]*</cp:version>")


def identity(data: bytes) -> Identity | None:
    """Return the identity in a .docx file; None if there is none, or the file is no .docx."""
    try:
        with open_zip(io.BytesIO(data)) as package:
            part = read_member(package, package.getinfo(CORE), _MOST_CORE)
        core = read_xml(part or b"")
    except (*DAMAGED, UserError):
        return None
    found = version(core.findtext("cp-version") or "")
    if not found or not found.parts:
        return None
    parts = _members(data) or {}
    without_own = f"<cp:version>{found._replace(parts='')}</cp:version>".encode()
    parts[CORE] = _VERSION.sub(without_own, parts.get(CORE, b""))
    sums = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}
    identifier = core.findtext("dc-identifier") or ""
    return Identity(identifier, found.content, found.parts == _digest_of_parts(sums))


def same(one: bytes, other: bytes) -> bool:
    """Return True if two files are the same letter, even if compressed by different zlibs."""
    return one == other or (_members(one) or {}) == _members(other)


def readable(data: bytes) -> bool:
    """Return True if every part of the package can be read, and one is the main document."""
    return "word/document.xml" in (_members(data) or {})


def _members(data: bytes) -> dict[str, bytes] | None:
    """Return the parts by name; None if the bytes are damaged, too large or not a zip."""
    found, space = dict[str, bytes](), MOST_BYTES
    try:
        with open_zip(io.BytesIO(data)) as package:
            for info in package.infolist():
                part = read_member(package, info, space)
                if part is None or info.filename in found:
                    return None
                found[info.filename] = part
                space -= len(part)
    except DAMAGED:
        return None
    return found


def _digest_of_parts(sums: Mapping[str, str]) -> str:
    """Return one SHA-256 of all the parts' names and SHA-256 sums."""
    lines = "\n".join(f"{name} {sums[name]}" for name in sorted(sums))
    return hashlib.sha256(lines.encode()).hexdigest()


def _core(properties: Mapping[str, str], lang: str, version: Version) -> str:
    """Return the core properties (ECMA-376 Part 2, 11). All times in them are the letter's date."""
    values = {name: escape(value) for name, value in properties.items()}
    author, date = values["author"], values["date"]
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{date}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
        if date
    )
    return (
        f"{XML}<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{values['title']}</dc:title><dc:subject>{values['subject']}</dc:subject>"
        f"<dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy>{times}"
        f"<dc:identifier>{values['identifier']}</dc:identifier>"
        f"<dc:language>{escape(lang)}</dc:language>"
        f"<cp:version>{version}</cp:version></cp:coreProperties>"
    )
