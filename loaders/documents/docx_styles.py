"""What the styles and lists of a Word document say of a paragraph: heading, hidden, its number.

Section numbers are those of ISO 29500-1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.loaders.documents import numbers, symbols
from kg.loaders.documents.office import Names, integer

if TYPE_CHECKING:
    from lxml import etree

NAMES = Names(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
        "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
        "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
        "http://purl.oclc.org/ooxml/officeDocument/math": "m",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
        "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
        "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
        "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
        "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
        "http://purl.oclc.org/ooxml/drawingml/main": "a",
        "urn:schemas-microsoft-com:vml": "v",
    }
)
MAX_CHAIN = 50
"""Styles that one rests on."""
MAX_LABEL = 100
"""Characters of a number of a list: a few bytes would give many."""
LEVELS = 9
_OFF = frozenset(["0", "false", "off"])
_HEADING = re.compile("heading ([1-9])", re.IGNORECASE)
_PLACE = re.compile("%([1-9])")


def on(element: etree._Element | None, name: str) -> bool | None:
    """Return whether a property is on (17.17.4), or None when nothing is said.

    Args:
        element: the properties.
        name: that of the property.
    """
    found = NAMES.child(element, name)
    return None if found is None else NAMES.get(found, "w:val", "1") not in _OFF


class Style(NamedTuple):
    """What a style says, with what it rests on.

    Args:
        level: of a heading 1 to 9, else 0.
        number: id of a list, empty when it has none.
        depth: level of that list from 0, or None when the list says it.
        hidden: whether its text is hidden, or None when nothing is said.
    """

    level: int = 0
    number: str = ""
    depth: int | None = None
    hidden: bool | None = None


class Styles:
    """The styles of a document (17.7).

    Args:
        root: the part of styles, or None when there is none.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._resolved: dict[str, Style] = {}
        self.default = ""
        for style in NAMES.children(root, "w:style"):
            identifier = NAMES.get(style, "w:styleId")
            self._styles.setdefault(identifier, style)
            if NAMES.get(style, "w:type") == "paragraph" and NAMES.get(style, "w:default", "0") not in _OFF:
                self.default = self.default or identifier
        self.hidden = bool(on(NAMES.child(root, "w:docDefaults", "w:rPrDefault", "w:rPr"), "w:vanish"))

    def style(self, identifier: str) -> Style:
        """Return what a style says.

        Args:
            identifier: its id; one that the document does not have says nothing.
        """
        if identifier not in self._styles:
            return Style()
        if identifier not in self._resolved:
            self._resolved[identifier] = self._resolve(identifier)
        return self._resolved[identifier]

    def _resolve(self, identifier: str) -> Style:
        level, number, depth, hidden = None, "", None, None
        for _ in range(MAX_CHAIN):
            style = self._styles.get(identifier)
            if style is None:
                break
            properties = NAMES.child(style, "w:pPr")
            if level is None:
                level = outline(properties)
            name = NAMES.child(style, "w:name")
            called = NAMES.get(name, "w:val") if name is not None else ""
            if level is None and (heading := _HEADING.fullmatch(called)):
                level = int(heading[1])
            if level is None and called.lower() == "title":
                level = 1
            listed = NAMES.child(properties, "w:numPr")
            if not number and listed is not None:
                number, depth = list_of(listed)
            if hidden is None:
                hidden = on(NAMES.child(style, "w:rPr"), "w:vanish")
            based = NAMES.child(style, "w:basedOn")
            identifier = NAMES.get(based, "w:val") if based is not None else ""
        return Style(level or 0, number, depth, hidden)


def outline(properties: etree._Element | None) -> int | None:
    """Return the level of a heading that a paragraph's properties say, 0 for a body, None when they say nothing."""
    found = NAMES.child(properties, "w:outlineLvl")
    if found is None:
        return None
    level = integer(NAMES.get(found, "w:val"), LEVELS)
    return level + 1 if 0 <= level < LEVELS else 0


def list_of(listed: etree._Element) -> tuple[str, int | None]:
    """Return the id of a list and the level in it that a paragraph's properties say."""
    number, depth = NAMES.child(listed, "w:numId"), NAMES.child(listed, "w:ilvl")
    return (
        NAMES.get(number, "w:val") if number is not None else "",
        min(max(integer(NAMES.get(depth, "w:val")), 0), LEVELS - 1) if depth is not None else None,
    )


class _Level(NamedTuple):
    """A level of a list (17.9.6)."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = " "
    restart: int = LEVELS
    style: str = ""
    plain: bool = False


class Lists:
    """The lists of a document with the numbers given so far (17.9).

    Args:
        root: the part of numbering, or None when there is none.
        styles: those of the document, by which lists may be named.
    """

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract = {NAMES.get(one, "w:abstractNumId"): one for one in NAMES.children(root, "w:abstractNum")}
        self._lists = {NAMES.get(one, "w:numId"): one for one in NAMES.children(root, "w:num")}
        self._levels: dict[str, tuple[str, list[_Level], dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}

    def label(self, number: str, depth: int | None, style: str) -> str:
        """Count a paragraph of a list.

        Args:
            number: the list's id.
            depth: the paragraph's level in it, or None when its style says it.
            style: id of the paragraph's style.

        Returns:
            Its number with the space behind it; nothing when the list is not known.
        """
        if number not in self._lists or number == "0":
            return ""
        if number not in self._levels:
            self._levels[number] = self._read(number)
        abstract, levels, overrides = self._levels[number]
        if depth is None:
            depth = next((at for at, level in enumerate(levels) if level.style and level.style == style), 0)
        counts = self._counts.setdefault(abstract, [None] * LEVELS)
        # A list that begins anew does so once, though it counts on with the others of its kind.
        start = overrides.pop(depth, None)
        previous = counts[depth]
        if start is not None:
            counts[depth] = start
        else:
            counts[depth] = levels[depth].start if previous is None else previous + 1
        for deeper in range(depth + 1, LEVELS):
            if depth < levels[deeper].restart:
                counts[deeper] = None
        return self._write(levels, depth, counts)

    def _write(self, levels: list[_Level], depth: int, counts: list[int | None]) -> str:
        level = levels[depth]
        if level.form == "bullet":
            return level.text + level.suffix if level.text else ""

        def number(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            count = counts[at]
            form = "decimal" if level.plain else levels[at].form
            return numbers.word(levels[at].start if count is None else count, form)

        text = _PLACE.sub(number, level.text)[:MAX_LABEL].strip()
        return text + level.suffix if text else ""

    def _read(self, number: str) -> tuple[str, list[_Level], dict[int, int]]:
        """Return what a list counts with, its levels, and at which of them it begins anew."""
        one = self._lists[number]
        abstract = self._abstract_of(one)
        levels = [_Level()] * LEVELS
        for level in NAMES.children(self._abstract.get(abstract), "w:lvl"):
            self._put(levels, level)
        overrides: dict[int, int] = {}
        for override in NAMES.children(one, "w:lvlOverride"):
            depth = integer(NAMES.get(override, "w:ilvl"), LEVELS)
            for level in NAMES.children(override, "w:lvl"):
                self._put(levels, level)
            start = NAMES.child(override, "w:startOverride")
            if start is not None and 0 <= depth < LEVELS:
                overrides[depth] = integer(NAMES.get(start, "w:val"), 1)
        return abstract, levels, overrides

    def _abstract_of(self, one: etree._Element) -> str:
        """Return the id of what a list is an instance of, also where it is named by a style (17.9.21)."""
        for _ in range(MAX_CHAIN):
            named = NAMES.child(one, "w:abstractNumId")
            identifier = NAMES.get(named, "w:val") if named is not None else ""
            link = NAMES.child(self._abstract.get(identifier), "w:numStyleLink")
            linked = self._styles.style(NAMES.get(link, "w:val")).number if link is not None else ""
            if linked not in self._lists:
                return identifier
            one = self._lists[linked]
        return identifier

    def _put(self, levels: list[_Level], level: etree._Element) -> None:
        depth = integer(NAMES.get(level, "w:ilvl"), LEVELS)
        if not 0 <= depth < LEVELS:
            return

        def value(name: str, default: str = "") -> str:
            found = NAMES.child(level, name)
            return default if found is None else NAMES.get(found, "w:val", default)

        form, text = value("w:numFmt", "decimal"), value("w:lvlText")[:MAX_LABEL]
        if form == "bullet":
            fonts = NAMES.child(level, "w:rPr", "w:rFonts")
            text = _bullet(text, NAMES.get(fonts, "w:ascii") if fonts is not None else "")
        restart = value("w:lvlRestart")
        levels[depth] = _Level(
            start=integer(value("w:start"), 0 if form == "none" else 1),
            form=form,
            text=text,
            suffix="" if value("w:suff") == "nothing" else " ",
            restart=integer(restart, depth) if restart else depth,
            style=value("w:pStyle"),
            plain=bool(on(level, "w:isLgl")),
        )


def _bullet(text: str, font: str) -> str:
    """Return the sign of a bullet as Unicode has it."""
    if text == "o" and font.startswith("Courier"):
        return "◦"
    shown = "".join(symbols.character(ord(one), font) for one in text.strip())
    return shown.replace(symbols.UNKNOWN, "•")
