"""What the styles and lists of an OpenDocument text say of a paragraph: heading, hidden, its number.

Section numbers are those of ODF 1.3, part 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.loaders.documents import numbers
from kg.loaders.documents.office import Names, integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = Names(
    {
        f"{_ODF}:office:1.0": "office",
        f"{_ODF}:style:1.0": "style",
        f"{_ODF}:text:1.0": "text",
        f"{_ODF}:table:1.0": "table",
        f"{_ODF}:drawing:1.0": "draw",
        f"{_ODF}:manifest:1.0": "manifest",
        "http://purl.org/dc/elements/1.1/": "dc",
        "http://www.w3.org/XML/1998/namespace": "xml",
    }
)
LEVELS = 10
MAX_CHAIN = 50
"""Styles that one rests on."""
_UNSAID = "?"
MAX_AFFIX = 20
"""Characters before or behind a number."""


class Style(NamedTuple):
    """What a style says, with what it rests on.

    Args:
        hidden: whether its text is hidden.
        title: whether it is that of the title.
        listed: the list style of its paragraphs; empty for none, None when nothing is said.
    """

    hidden: bool = False
    title: bool = False
    listed: str | None = None


class Styles:
    """The styles of a document (16).

    Args:
        roots: the parts that have styles, the document's own first.
    """

    def __init__(self, roots: list[etree._Element | None]) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._resolved: dict[tuple[str, str], Style] = {}
        self._lists: dict[str, etree._Element] = {}
        self._levels: dict[str, list[_Level]] = {}
        self.outline: list[_Level] = [_Level()] * LEVELS
        for one in _children(roots):
            name, called = NAMES.of(one), NAMES.get(one, "style:name")
            if name == "style:style":
                self._styles.setdefault((NAMES.get(one, "style:family"), called), one)
            elif name == "text:list-style":
                self._lists.setdefault(called, one)
            elif name == "text:outline-style":
                self.outline = _levels(one)

    def style(self, family: str, name: str) -> Style:
        """Return what a style says.

        Args:
            family: ``paragraph`` or ``text``.
            name: its name; one that the document does not have says nothing.
        """
        key = family, name
        if key not in self._styles:
            return Style()
        if key not in self._resolved:
            hidden, title, listed = None, False, None
            for _ in range(MAX_CHAIN):
                style = self._styles.get(key)
                if style is None:
                    break
                shown = NAMES.child(style, "style:text-properties")
                display = NAMES.get(shown, "text:display") if shown is not None else ""
                if hidden is None and display:
                    hidden = display == "none"
                title = title or key[1] == "Title"
                if listed is None and (said := NAMES.get(style, "style:list-style-name", _UNSAID)) != _UNSAID:
                    listed = said
                key = family, NAMES.get(style, "style:parent-style-name")
            self._resolved[family, name] = Style(bool(hidden), title, listed)
        return self._resolved[family, name]

    def levels(self, name: str) -> list[_Level]:
        """Return the levels of a list style; one that the document does not have has no numbers."""
        if name not in self._lists:
            return [_Level()] * LEVELS
        if name not in self._levels:
            self._levels[name] = _levels(self._lists[name])
        return self._levels[name]


def _children(roots: list[etree._Element | None]) -> Iterator[etree._Element]:
    for root in roots:
        for group in ("office:automatic-styles", "office:styles"):
            holder = NAMES.child(root, group)
            if holder is not None:
                yield from (child for child in holder if isinstance(child.tag, str))


class _Level(NamedTuple):
    """A level of a list (16.31 to 16.35)."""

    form: str = ""
    prefix: str = ""
    suffix: str = ""
    shown: int = 1
    start: int = 1
    bullet: str = ""


def _levels(style: etree._Element) -> list[_Level]:
    levels = [_Level()] * LEVELS
    for one in style:
        depth = integer(NAMES.get(one, "text:level"), 0) - 1 if isinstance(one.tag, str) else -1
        if not 0 <= depth < LEVELS:
            continue
        name = NAMES.of(one)
        bullet = ""
        if name == "text:list-level-style-bullet":
            sign = NAMES.get(one, "text:bullet-char")[:1]
            bullet = "•" if not sign or "\ue000" <= sign <= "\uf8ff" else sign
        elif name == "text:list-level-style-image":
            bullet = "•"
        levels[depth] = _Level(
            form=NAMES.get(one, "style:num-format")[:20],
            prefix=NAMES.get(one, "style:num-prefix")[:MAX_AFFIX],
            suffix=NAMES.get(one, "style:num-suffix")[:MAX_AFFIX],
            shown=min(max(integer(NAMES.get(one, "text:display-levels"), 1), 1), depth + 1),
            start=integer(NAMES.get(one, "text:start-value"), 1),
            bullet=bullet,
        )
    return levels


class Counter:
    """The numbers that a list has given so far."""

    def __init__(self) -> None:
        self._counts: list[int | None] = [None] * LEVELS

    def restart(self, depth: int) -> None:
        """Begin a level anew."""
        self._counts[depth] = None

    def label(self, levels: list[_Level], depth: int, start: int | None) -> str:
        """Count an item.

        Args:
            levels: those of the list's style.
            depth: the item's level from 0.
            start: the number that it has whatever was counted, or None.

        Returns:
            Its number or bullet with the space behind it; nothing when the list has none.
        """
        before = self._counts[depth]
        self._counts[depth] = start if start is not None else levels[depth].start if before is None else before + 1
        for deeper in range(depth + 1, LEVELS):
            self._counts[deeper] = None
        level = levels[depth]
        if level.bullet:
            return f"{level.bullet} "
        if not level.form:
            text = f"{level.prefix}{level.suffix}".strip()
            return f"{text} " if text else ""
        written = []
        for at in range(depth + 1 - level.shown, depth + 1):
            count = self._counts[at]
            if levels[at].form:
                written.append(numbers.opendocument(levels[at].start if count is None else count, levels[at].form))
        return f"{level.prefix}{'.'.join(written)}{level.suffix}".strip() + " "
