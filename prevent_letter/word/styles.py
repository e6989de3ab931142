"""What the styles and lists of a Word file say of its text (ECMA-376 Part 1, 17.7 and 17.9)."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from xml.etree.ElementTree import Element

_OFF = ("0", "false", "off", "none")
_NO_LOOK = ("auto", "nil")
_NEARLY_BLACK = re.compile("(?:[0-3][0-9A-Fa-f]){3}")
_PLAIN_NUMBER = re.compile(r"\(?%1[.)]?")
_SYMBOL_FONTS = ("symbol", "wingding", "webding")
_LOOKS = {"u": "underlined text", "highlight": "highlighted text", "shd": "shaded text"}
_LOOKS |= {"caps": "text in capitals", "smallCaps": "text in capitals", "bdr": "text in a box"}
_LOOKS |= {"color": "coloured text"}
_OWN_STYLES = (
    "normal default_paragraph_font recipient cc date greeting score good_practice recommendations"
    " key_recommendations closing signature signatory statement level marking letterhead prompt"
    " list_bullet list_number list_continue header footer footnote_text hyperlink"
).split()
"""The styles of our own letters, whose emphasis is that of the look."""
_LINKS = ("hyperlink", "followedhyperlink")
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
    return indent_of(element.find("pPr/ind") if element is not None else None)


def indent_of(indent: Element | None) -> int:
    """Return the left indentation that an element says; 0 if it says none."""
    return whole_number(indent.get("left", indent.get("start", ""))) if indent is not None else 0


_LIST = "list "
"""What the name of a list that has begun begins with, among the counts."""


class ListItem(NamedTuple):
    """An item of a list: its depth from 1, its mark as prose has it, and what prose can't say.

    ``left`` is where its text begins, in twentieths of a point, ``list`` the number of its list.
    ``counts`` are the counts of lists that this item changes.
    """

    depth: int
    mark: str
    left: int
    list: str
    odd: str = ""
    counts: Mapping[str, tuple[int, ...]] = MappingProxyType({})


class Look(NamedTuple):
    """How a run looks, as far as prose can say it, and what prose can't say."""

    bold: bool
    italic: bool
    hidden: bool
    raised: str
    """``superscript``, ``subscript``, ``position`` or empty."""
    odd: tuple[str, ...]
    looks: tuple[str, ...]


_LONGEST = 50
"""The most styles that are each based on the next. Word makes 10."""


class Styles:
    """The styles of a file, and its lists with the numbers of their items so far."""

    def __init__(self, styles: Element, numbering: Element) -> None:
        self._styles = {style.get("styleId", ""): style for style in styles.iterfind("style")}
        self._known: dict[tuple[str, str], Element | None] = {}
        self._abstract: dict[str, Element] = {}
        self._abstract_levels: dict[str, dict[str, Element]] = {}
        for abstract in numbering.iterfind("abstractNum"):
            id = abstract.get("abstractNumId", "")
            self._abstract[id] = abstract
            self._abstract_levels[id] = {e.get("ilvl", ""): e for e in abstract.iterfind("lvl")}
        self._lists = {e.get("numId", ""): e for e in numbering.iterfind("num")}
        restart = "lvlOverride/startOverride"
        self._restarts = {id for id, e in self._lists.items() if e.find(restart) is not None}
        self._levels: dict[tuple[str, int], tuple[str, int, int, str]] = {}
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
        chain: list[str] = []
        while (style, path) not in self._known and style in self._styles and len(chain) < _LONGEST:
            chain.append(style)
            found = self._known[style, path] = self._styles[style].find(path)
            if found is not None:
                break
            style = value(self._styles[style], "basedOn")
        result = self._known.get((style, path))
        for each in chain:
            self._known[each, path] = result
        return result

    def look(self, properties: Element | None, of_paragraph: str = "") -> Look:
        """Return the look of a run with these properties; a style's count where it has none.

        ``of_paragraph`` is the style of its paragraph; that of our own is the look's.
        """
        style = value(properties, "rStyle")
        name = self.name(style) if style else ""
        styles = [style] if style and name != "prompt" else []  # typed over a prompt of the form
        if self.name(of_paragraph).replace(" ", "_") not in _OWN_STYLES:
            styles.append(of_paragraph)
        found: dict[str, str] = {}
        for each in ("b", "i", "vanish", "strike", "dstrike", "vertAlign", "position", *_LOOKS):
            element = properties.find(each) if properties is not None else None
            inherited = (self.inherited(style, f"rPr/{each}") for style in styles)
            if element is None and (each in ("b", "i") or name not in _LINKS):
                element = next((one for one in inherited if one is not None), None)
            setting = element.get("val", "1") if element is not None else "0"
            if each == "shd" and element is not None:
                setting = element.get("fill", "auto").replace("FFFFFF", "auto")
            is_plain = setting in _NO_LOOK or _NEARLY_BLACK.fullmatch(setting)
            if setting not in _OFF and not (each in _LOOKS and is_plain):
                found[each] = setting
        emphasis = {"strong": "b", "emphasis": "i"}.get(name, "")
        if emphasis and (properties is None or properties.find(emphasis) is None):
            found[emphasis] = "1"  # a look of one's own may say it in another way
        odd = ["struck-out text"] if "strike" in found or "dstrike" in found else []
        if self._is_symbol_font(properties, style):
            odd.append("symbol")
        raised = found.get("vertAlign") or ("position" if "position" in found else "")
        is_note = "reference" in name
        looks = sorted({_LOOKS[each] for each in found.keys() & _LOOKS.keys()})
        if name in _LINKS or is_note:
            looks = []
        return Look(
            "b" in found,
            "i" in found,
            "vanish" in found,
            "" if is_note else raised,
            tuple(odd),
            tuple(looks),
        )

    def _is_symbol_font(self, properties: Element | None, style: str) -> bool:
        fonts = properties.find("rFonts") if properties is not None else None
        if fonts is None and style:
            fonts = self.inherited(style, "rPr/rFonts")
        names = [fonts.get(name, "") for name in ("ascii", "hAnsi")] if fonts is not None else []
        return any(name.casefold().startswith(_SYMBOL_FONTS) for name in names)

    # Lists.

    def item(
        self, properties: Element | None, style: str, counts: Mapping[str, tuple[int, ...]]
    ) -> ListItem | None:
        """Return the list item that a paragraph is; None if it is in no list.

        ``counts`` has the numbers of the last items at each level, by the definition of their list,
        and the lists that have begun.
        """
        number = value(properties, "numPr/numId") or self._val(style, "pPr/numPr/numId")
        written = value(properties, "numPr/ilvl") or self._val(style, "pPr/numPr/ilvl")
        if number in ("", "0") or number not in self._lists:
            return None
        level = int(written) if written in tuple("012345678") else 0  # 17.9.3
        kind, start, left, form = self._level(number, level)
        left = indent_of(self.inherited(style, "pPr/ind")) or left
        depth = level + 1
        if kind == "bullet":
            return ListItem(depth, "-", left, number)
        if kind == "none":
            return ListItem(depth, "-", left, number, "list without marks")
        key = value(self._lists[number], "abstractNumId")  # lists with one definition share it
        listed = [*counts.get(key, ())][: level + 1]
        listed += [0] * (level + 1 - len(listed))
        restart = f"{_LIST}{number}" not in counts and number in self._restarts  # 17.9.26
        listed[level] = start if restart or not listed[level] else listed[level] + 1
        odd = ""
        if not level and (kind != "decimal" or not _PLAIN_NUMBER.fullmatch(form)):
            odd = "list with letters" if kind in _BY_LETTER else "list with numbers of another form"
        new = {key: tuple(listed), f"{_LIST}{number}": ()}
        return ListItem(depth, f"{listed[level]}.", left, number, odd, new)

    def _val(self, style: str, path: str) -> str:
        found = self.inherited(style, path)
        return found.get("val", "") if found is not None else ""

    def _level(self, number: str, level: int) -> tuple[str, int, int, str]:
        """Return a list's level (17.9.6): its kind, first number, where text begins, its form."""
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
            first, form = whole_number(start, 1), value(definition, "lvlText")
            self._levels[number, level] = kind, first, left_of(definition), form
        return self._levels[number, level]
