"""The package of a Word letter (ECMA-376 Part 2): its parts in a zip, its properties, and what they tell."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

from lxml import etree

from prevent_letter.letter.formats import Identity

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CORE = "docProps/core.xml"
LANGUAGE = "x-the-letters"
"""What stands in the styles of a look in place of the letter's language."""
VARYING = {
    *(
        "word/document.xml",
        "word/_rels/document.xml.rels",
        "word/footnotes.xml",
        "word/numbering.xml",
    ),
    *("word/styles.xml", "word/comments.xml", CORE),
    # python-docx names headers and footers in the order they are made: here the first page's, then the running one
    *("word/header1.xml", "word/header2.xml", "word/footer1.xml", "word/footer2.xml"),
}
"""The parts that each letter writes itself."""


_MOST_BYTES = 1 << 26
"""What the parts of a package may have together; a letter has a quarter of a megabyte."""


def pack(
    prepared: bytes,
    sums: Mapping[str, str],
    parts: Mapping[str, str],
    properties: Mapping[str, str],
    lang: str,
) -> bytes:
    """The bytes of a .docx file.

    Args:
        prepared: a zip of the parts that are the same in each letter.
        sums: the SHA-256 of these, by their names.
        parts: the XML of the other parts, by their names in the folder ``word``.
        properties: title and metas, as ``document.properties`` gives them.
        lang: the letter's language (BCP 47).
    """
    data = {f"word/{name}": xml.encode() for name, xml in parts.items()}
    data[CORE] = _core(properties, lang, "").encode()
    own = {name: hashlib.sha256(xml).hexdigest() for name, xml in data.items()}
    data[CORE] = _core(properties, lang, _digest_of_parts({**sums, **own})).encode()
    out = io.BytesIO(prepared)
    with zipfile.ZipFile(out, "a") as package:
        for name, xml in data.items():
            package.writestr(member(name), xml, compresslevel=1)
    return out.getvalue()


def member(name: str) -> zipfile.ZipInfo:
    """A zip member without a clock, a platform or an owner, so that the same parts are the same bytes."""
    made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    made.compress_type, made.create_system, made.external_attr = (
        zipfile.ZIP_DEFLATED,
        0,
        0o600 << 16,
    )
    return made


_VERSION = re.compile(rb"<cp:version>[^<]*</cp:version>")


def identity(data: bytes) -> Identity | None:
    """Whose letter the bytes of a .docx file are; None where they don't tell, or aren't such a file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if package.getinfo(CORE).file_size > _MOST_BYTES:
                return None
            core = etree.fromstring(
                package.read(CORE), etree.XMLParser(resolve_entities=False, no_network=True)
            )
    except _NO_PACKAGE:
        return None
    identifier = core.findtext("{http://purl.org/dc/elements/1.1/}identifier") or ""
    version = (
        core.findtext(
            "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}version"
        )
        or ""
    )
    if not (found := re.fullmatch("([0-9a-f]{64}) ([0-9a-f]{64})", version)):
        return None
    parts = _members(data) or {}
    parts[CORE] = _VERSION.sub(
        b"<cp:version>" + found[1].encode() + b" </cp:version>", parts.get(CORE, b"")
    )
    sums = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}
    return Identity(identifier, found[1], found[2] == _digest_of_parts(sums))


def same(one: bytes, other: bytes) -> bool:
    """Whether two files are the same letter: the same parts, though another zlib may have deflated them."""
    return one == other or (_members(one) or {}) == _members(other)


def readable(data: bytes) -> bool:
    """Whether the bytes are a package that can be read whole, with a document in it."""
    return "word/document.xml" in (_members(data) or {})


def _members(data: bytes) -> dict[str, bytes] | None:
    """Each part; None where it isn't a zip, is damaged, or would be too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            if sum(info.file_size for info in infos) > _MOST_BYTES or len(
                {info.filename for info in infos}
            ) < len(infos):
                return None
            return {info.filename: package.read(info) for info in infos}
    except _NO_PACKAGE:
        return None


def _digest_of_parts(sums: Mapping[str, str]) -> str:
    """SHA-256 of the parts' names and their own SHA-256."""
    return hashlib.sha256(
        "\n".join(f"{name} {sums[name]}" for name in sorted(sums)).encode()
    ).hexdigest()


def _core(properties: Mapping[str, str], lang: str, parts: str) -> str:
    """The core properties (ECMA-376 Part 2, 11); the times are the letter's date."""
    values = {name: escape(value) for name, value in properties.items()}
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{values["date"]}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
        if values["date"]
    )
    return (
        f'{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{values['title']}</dc:title><dc:subject>{values['subject']}</dc:subject>"
        f"<dc:creator>{values['author']}</dc:creator><cp:lastModifiedBy>{values['author']}</cp:lastModifiedBy>{times}"
        f"<dc:identifier>{values['identifier']}</dc:identifier><dc:language>{escape(lang)}</dc:language>"
        f"<cp:version>{values['digest']} {parts}</cp:version></cp:coreProperties>"
    )


_NO_PACKAGE = (
    *(
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        SyntaxError,
        OSError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ),
    EOFError,
)
