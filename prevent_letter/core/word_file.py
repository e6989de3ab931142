"""Open a Word file that anybody may have written: its parts by their relationships, as XML trees.

An Open Packaging Convention package (ECMA-376 Part 2) is read with limits that count while it is
read. Names in the trees are short: ``p`` and ``val`` for those of WordprocessingML, transitional or
strict (Part 4 and Part 1), and a prefix and a dash for those of other namespaces, as in ``r-id``.
"""

import os
import posixpath
import re
import zipfile
import zlib
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from prevent_letter.core.findings import UserError

_MOST_BYTES = 1 << 23
"""The most bytes of one part. The main document of ten pages has 100,000."""
_MOST_NAMES = 1 << 19
"""The most bytes of a package's list of parts. A letter has 15 parts, in 1,000 bytes."""
_MOST_ELEMENTS = 100_000
_MOST_LEVELS = 200
"""The most elements in a part, and elements within each other."""
_LONGEST_ADDRESS = 2000
"""The most characters of a link's address, of which a letter may have thousands."""
_LONG_NAMESPACE = re.compile(
    rb"""xmlns[^=<>]{0,200}=\s{0,200}(?:"[^"]{2000}|'[^']{2000})|xmlns[^=<>]{200}|xmlns[^=<>]{0,200}=\s{200}"""
)
_LONGEST_END = (1 << 16) + 22
"""The most bytes of a zip's end record, with its comment."""
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError, KeyError),
    *(NotImplementedError, SyntaxError),
)
"""What is raised for a file that is damaged or not a package."""
_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_PREFIXES = {
    f"{_TRANSITIONAL}wordprocessingml/2006/main": "",
    f"{_STRICT}wordprocessingml/main": "",
    f"{_TRANSITIONAL}officeDocument/2006/relationships": "r-",
    f"{_STRICT}officeDocument/relationships": "r-",
    f"{_TRANSITIONAL}officeDocument/2006/math": "m-",
    f"{_STRICT}officeDocument/math": "m-",
    f"{_TRANSITIONAL}package/2006/relationships": "rel-",
    f"{_TRANSITIONAL}package/2006/metadata/core-properties": "cp-",
    f"{_TRANSITIONAL}markup-compatibility/2006": "mc-",
    f"{_TRANSITIONAL}drawingml/2006/main": "a-",
    f"{_STRICT}drawingml/main": "a-",
    "http://purl.org/dc/elements/1.1/": "dc-",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14-",
    "http://schemas.microsoft.com/office/word/2012/wordml": "w15-",
}


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Open a zip, but none whose list of members alone would take seconds and gigabytes.

    Raises:
        DAMAGED: it is no zip, or has too many members.
    """
    file.seek(max(file.seek(0, os.SEEK_END) - _LONGEST_END, 0))
    tail = file.read()
    at = len(tail) - 22 if tail[-22:-18] == b"PK\5\6" else tail.rfind(b"PK\5\6")
    names = int.from_bytes(tail[at + 12 : at + 16], "little")  # APPNOTE.TXT 4.3.16
    if names > _MOST_NAMES or tail[max(at - 20, 0) : at].startswith(b"PK\6\7"):  # Zip64
        raise zipfile.BadZipFile("too many members")
    return zipfile.ZipFile(file)


def read_member(package: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes | None:
    """Return a member of a zip; None if it has more than ``most`` bytes, whatever it says.

    Raises:
        DAMAGED: it can't be read. Only the two methods of a package (ECMA-376 Part 2, C.2) can be:
            others may unpack gigabytes at once.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    with package.open(info) as file:
        data = file.read(most + 1)
    return data if len(data) <= most else None


class Relationship(NamedTuple):
    """What a part refers to: the last word of its type, and its part's name or an address."""

    kind: str
    target: str


class Package:
    """A Word file. ``main`` is the name of its main document, ``core`` of its properties."""

    def __init__(self, file: BinaryIO) -> None:
        """Open a file, which must stay open. What is large in it, such as a photo, isn't read.

        Raises:
            UserError: it is no Word file. The message does not name the file.
        """
        if file.read(4) == b"\xd0\xcf\x11\xe0":
            raise UserError("this is a .doc file of an older Word, or it has a password")
        try:
            self._zip = open_zip(file)
        except DAMAGED as error:
            raise UserError("it isn't a Word document") from error
        infos = self._zip.infolist()
        self._infos = {_plain_name(info.filename): info for info in infos}
        kinds = dict(self.related("").values())
        self.main, self.core = kinds.get("officeDocument", ""), kinds.get("core-properties", "")
        if _plain_name(self.main) not in self._infos:
            raise UserError("it has no text that Word would show")

    def related(self, part: str) -> dict[str, Relationship]:
        """Return the relationships of a part (of the package, if it has no name) by their ids."""
        folder, name = posixpath.split(part)
        found = {}
        for element in self.tree(posixpath.join(folder, "_rels", f"{name}.rels")):
            kind = element.get("Type", "").rpartition("/")[2]
            target = element.get("Target", "")[:_LONGEST_ADDRESS]
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))
            found[element.get("Id", "")] = Relationship(kind, target)
        return found

    def tree(self, part: str) -> Element:
        """Return the XML of a part; an empty element if there is no such part.

        Raises:
            UserError: it is damaged, or larger than any letter.
        """
        info = self._infos.get(_plain_name(part))
        if info is None:
            return Element("none")
        try:
            data = read_member(self._zip, info, _MOST_BYTES)
        except DAMAGED as error:
            raise UserError("it is damaged") from error
        if data is None:
            raise UserError("it is too large for a letter")
        return read_xml(data)


def read_xml(data: bytes) -> Element:
    """Return the tree of an XML part, with short names (see the module).

    Raises:
        UserError: it is damaged, or larger than any letter.
    """
    plain = data.replace(b"\0", b"") if b"\0" in data else data  # UTF-16
    if _LONG_NAMESPACE.search(plain):  # expat would write it out at each name
        raise UserError("it has a namespace with a very long name")
    try:
        return _XmlReader().read(data)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UserError(f"it is damaged ({error})") from error


def _plain_name(name: str) -> str:
    """Return a part's name to look it up by; names are the same in any case (Part 2, 6.2.2.3)."""
    return name.replace("\\", "/").lstrip("/").casefold()


class _XmlReader:
    """Builds the tree of one part, and refuses what no letter has before it takes any memory."""

    def __init__(self) -> None:
        self._builder, self._names = TreeBuilder(), dict[str, str]()
        self._elements = self._levels = 0

    def read(self, data: bytes) -> Element:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(data, True)
        return self._builder.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements, self._levels = self._elements + 1, self._levels + 1
        if self._elements > _MOST_ELEMENTS or self._levels > _MOST_LEVELS:
            raise UserError("it is too large for a letter")
        names = {self._short(key): value for key, value in attributes.items()}
        self._builder.start(self._short(name), names)

    def _end(self, name: str) -> None:
        self._levels -= 1
        self._builder.end(self._short(name))

    def _short(self, name: str) -> str:
        short = self._names.get(name)
        if short is None:
            namespace, _, local = name.rpartition(" ")
            short = f"{_PREFIXES.get(namespace, 'other-')}{local}" if namespace else name
            self._names[name] = short
        return short

    @staticmethod
    def _doctype(*_: object) -> None:
        raise UserError("it has a document type, as no Word file does")
