"""What the styles and lists of a Word file say of its text (ECMA-376 Part 1, 17.7 and 17.9)."""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

_OFF = ("0", "false", "off", "none")
_MOST_LEVEL = 8
_UNORDERED = ("bullet", "none", "")
_BY_LETTER = ("lowerLetter", "upperLetter", "lowerRoman", "upperRoman")


def value(element: Element | None, path: str) -> str:
    """Return the ``w:val`` of the element at a path; empty if there is none."""
    found = element.find(path) if element is not None else None
    return found.get("val", "") if found is not None else ""


def whole_number(text: str, default: int = 0) -> int:
    """Return a number of at most five figures; what is none counts as ``default``."""
    return int(text) if re.fullmatch("[0-9]{1,5}", text) else default


def left_of(element: Element | None) -> int:
    """Return the left indentation (17.3.1.12) that an element's paragraph properties have."""
    indent = element.find("pPr/ind") if element is not None else None
    return whole_number(indent.get("left", indent.get("start", ""))) if indent is not None else 0


class ListItem(NamedTuple):
    """An item of a list: its depth from 1, its mark as prose has it, and what prose can't say.

    ``left`` is where its text begins, in twentieths of a point.
    """

    depth: int
    mark: str
    left: int
    odd: str = ""


class Look(NamedTuple):
    """How a run looks, as far as prose can say it, and what prose can't say."""

    bold: bool
    italic: bool
    hidden: bool
    raised: str
    """``superscript``, ``subscript`` or empty."""
    odd: tuple[str, ...]


class Styles:
    """The styles of a file, and its lists with the numbers of their items so far."""

    def __init__(self, styles: Element, numbering: Element) -> None:
        self._styles = {style.get("styleId", ""): style for style in styles.iter("style")}
        self._known: dict[tuple[str, str], Element | None] = {}
        self._abstract: dict[str, Element] = {}
        self._abstract_levels: dict[str, dict[str, Element]] = {}
        for abstract in numbering.iter("abstractNum"):
            id = abstract.get("abstractNumId", "")
            self._abstract[id] = abstract
            self._abstract_levels[id] = {e.get("ilvl", ""): e for e in abstract.iter("lvl")}
        self._lists = {e.get("numId", ""): e for e in numbering.iter("num")}
        self._levels: dict[tuple[str, int], tuple[str, int, int]] = {}
        self.default = next(
            (
                id
                for id, style in self._styles.items()
                if style.get("type") == "paragraph" and style.get("default") in ("1", "true")
            ),
            "",
        )

    def name(self, style: str) -> str:
        """Return the name of a style, in small letters, by its id."""
        return value(self._styles.get(style), "name").casefold() or style.casefold()

    def inherited(self, style: str, path: str) -> Element | None:
        """Return what a style, or the nearest that it is based on, has at a path (17.7.4.3)."""
        chain = []
        while (style, path) not in self._known and style in self._styles:
            chain.append(style)
            found = self._known[style, path] = self._styles[style].find(path)
            if found is not None:
                break
            style = value(self._styles[style], "basedOn")
        result = self._known.get((style, path))
        for each in chain:
            self._known[each, path] = result
        return result

    def look(self, properties: Element | None) -> Look:
        """Return the look of a run with these properties; a style's count where it has none."""
        style = value(properties, "rStyle")
        if style and self.name(style) == "prompt":  # typed over a prompt of the form
            style = ""
        found: dict[str, str] = {}
        for name in ("b", "i", "vanish", "strike", "dstrike", "highlight", "vertAlign"):
            element = properties.find(name) if properties is not None else None
            if element is None and style:
                element = self.inherited(style, f"rPr/{name}")
            if element is not None and (setting := element.get("val", "1")) not in _OFF:
                found[name] = setting
        name = self.name(style) if style else ""
        emphasis = {"strong": "b", "emphasis": "i"}.get(name, "")
        if emphasis and (properties is None or properties.find(emphasis) is None):
            found[emphasis] = "1"  # a look of one's own may say it in another way
        odd = []
        if "strike" in found or "dstrike" in found:
            odd.append("struck-out text")
        if "highlight" in found:
            odd.append("highlighted text")
        raised = found.get("vertAlign", "") if "reference" not in name else ""
        return Look("b" in found, "i" in found, "vanish" in found, raised, tuple(odd))

    # Lists.

    def item(
        self, properties: Element | None, style: str, counts: dict[str, list[int]]
    ) -> ListItem | None:
        """Return the list item that a paragraph is; None if it is in no list.

        ``counts`` has the number of the last item at each level, by list, and is kept up to date.
        """
        number = value(properties, "numPr/numId") or self._val(style, "pPr/numPr/numId")
        written = value(properties, "numPr/ilvl") or self._val(style, "pPr/numPr/ilvl")
        if number in ("", "0") or number not in self._lists:
            return None
        level = int(written) if written in tuple("012345678") else 0  # 17.9.3
        kind, start, left = self._level(number, level)
        depth = level + 1
        ending = self.name(style)[-2:]
        if not level and ending[0] == " " and ending[1] in "2345":  # List Bullet 2 and the like
            depth = int(ending[1])
        if kind in _UNORDERED:
            return ListItem(depth, "-", left)
        key = self._key(number)
        listed = counts.setdefault(key, [])
        del listed[level + 1 :]
        listed += [0] * (level + 1 - len(listed))
        listed[level] = listed[level] + 1 if listed[level] else start
        odd = "list with letters" if kind in _BY_LETTER and depth == 1 else ""
        return ListItem(depth, f"{listed[level]}.", left, odd)

    def _val(self, style: str, path: str) -> str:
        found = self.inherited(style, path)
        return found.get("val", "") if found is not None else ""

    def _key(self, number: str) -> str:
        """Return what counts the items: lists with one definition share it (17.9.15)."""
        restarts = self._lists[number].find("lvlOverride/startOverride") is not None
        return f"list {number}" if restarts else value(self._lists[number], "abstractNumId")

    def _level(self, number: str, level: int) -> tuple[str, int, int]:
        """Return a list's level (17.9.6): its kind, its first number, and where text begins."""
        if (number, level) not in self._levels:
            listed, abstract = self._lists[number], value(self._lists[number], "abstractNumId")
            if link := value(self._abstract.get(abstract), "numStyleLink"):  # 17.9.21
                by_style = self._lists.get(self._val(link, "pPr/numPr/numId"))
                abstract = value(by_style, "abstractNumId")
            definition = self._abstract_levels.get(abstract, {}).get(str(level))
            override = listed.find(f"lvlOverride[@ilvl='{level}']")
            if override is not None and override.find("lvl") is not None:
                definition = override.find("lvl")
            kind = value(definition, "numFmt") or "bullet"
            start = value(override, "startOverride") or value(definition, "start") or "1"
            self._levels[number, level] = kind, whole_number(start, 1), left_of(definition)
        return self._levels[number, level]
