"""HTML pages: their blocks as they are shown, without scripts, styles and what is hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.loaders import encoding as encodings
from kg.loaders.documents import numbers
from kg.loaders.documents.draft import Block, Draft, Line, row
from kg.loaders.documents.office import integer
from kg.loaders.documents.remarks import Remarks
from kg.loaders.imports import hypertext
from kg.loaders.imports.safe import read_bytes, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.loaders.documents.document import Document
    from kg.loaders.imports.hypertext import Node

LOADER = "html 1"
_SNIFFED = 4096
"""Bytes in which a page says how it is encoded; the standard asks for 1,024."""
_DECLARED = re.compile(
    rb"""<meta\b[^>]*?charset\s*=\s*["']?\s*([\w.:-]{1,40})|\A\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_APART = frozenset(
    ["address", "article", "aside", "blockquote", "details", "dl", "fieldset", "figure", "footer", "header", "hr",
     "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul", *_HEADINGS]
)  # fmt: skip
"""What stands apart from what is before and after it."""
_BLOCKS = _APART | {"body", "caption", "center", "dd", "div", "dt", "figcaption", "form", "legend", "li", "summary"}
_DROPPED = frozenset(
    ["annotation", "annotation-xml", "audio", "canvas", "datalist", "embed", "head", "iframe", "noembed", "noframes",
     "noscript", "object", "rp", "script", "select", "style", "template", "textarea", "title", "video"]
)  # fmt: skip
"""What is not shown, or is no text of the page."""
_LAYOUT = _APART - {"p"}
"""What stands in the cells of a table that only lays out a page."""
_PICTURES = frozenset(["img", "svg", "picture"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_WHITE = re.compile("[ \t\n\r\f]+")
_ENDS = re.compile(" *\n *")


def read(path: Path, *, encoding: str | None = None) -> Document:
    """Read an HTML page.

    Args:
        path: the file.
        encoding: what it is encoded as; without it what a byte order mark or the page says, else UTF-8.

    Raises:
        StudyError: when its encoding is not known, or it is nested too deep.
    """
    data = read_bytes(path)
    declared = _DECLARED.search(data[:_SNIFFED])
    name = (declared[1] or declared[2]).decode("ascii") if declared else ""
    # A page whose declaration can be read so is not UTF-16 (HTML, 13.2.3.2).
    name = "utf-8" if name.lower().startswith("utf-16") else name
    decoded = encodings.decode(data, path.name, encoding, name)
    draft, page = Draft(path.name), _Page(path.name)
    try:
        draft.take(page.blocks(hypertext.parse(decoded.text, path.name)))
    except RecursionError:
        refuse(path.name, "file-too-big", "its tables are nested too deep", "simplify it")
    return draft.document(LOADER, [*decoded.remarks, *page.left.findings()])


class _Page:
    """A walk over the tree of a page.

    Args:
        file: how a person calls it.

    Attributes:
        left: what was left out.
    """

    def __init__(self, file: str) -> None:
        self.left = Remarks(file)
        self._pieces: list[str] = []
        self._blank = True
        """Whether white space is left out here: at the beginning, and after other white space."""
        self._level = self._verbatim = 0
        self._label = ""
        self._gap = False

    def blocks(self, root: Node) -> Iterator[Block]:
        """Give the blocks of an element.

        Args:
            root: the element.
        """
        yield from self._flow(root)
        yield from self._flush()

    def _flow(self, parent: Node) -> Iterator[Block]:
        number = 0
        for child in parent.childNodes:
            if isinstance(child, str):
                self._say(child)
                continue
            name = child.name
            if name in _DROPPED:
                continue
            if _is_hidden(child):
                self.left.hide(_text(child))
            elif name == "rt":
                self.left.counts["readings"] += 1
            elif name in _PICTURES:
                self.left.counts["pictures"] += 1
            elif name == "br":
                self._pieces.append("\n")
                self._blank = True
            elif name == "table":
                yield from self._flush()
                yield from self._table(child)
            elif name in _BLOCKS:
                yield from self._flush()
                self._gap |= name in _APART and parent.name != "li"
                if name == "li":
                    number = integer(child.attributes.get("value", ""), number + 1 if number else _first(parent))
                    form = parent.attributes.get("type", "1")[:1]
                    self._label = f"{numbers.opendocument(number, form)}. " if parent.name == "ol" else "• "
                level, self._level = self._level, _HEADINGS.get(name, self._level)
                self._verbatim += name == "pre"
                yield from self._flow(child)
                yield from self._flush()
                self._verbatim -= name == "pre"
                self._level = level
                self._gap |= name in _APART and parent.name != "li"
            else:
                yield from self._flow(child)

    def _table(self, table: Node) -> Iterator[Block]:
        """Give the rows of a table; cells with blocks in them are no row but what stands in them."""
        self._gap = True
        for one in _rows(table):
            if isinstance(one, str):
                continue
            if one.name == "caption":
                yield from self.blocks(one)
                continue
            cells = [cell for cell in one.childNodes if not isinstance(cell, str) and cell.name in ("td", "th")]
            if len(cells) == 1 or any(_is_layout(cell) for cell in cells):
                for cell in cells:
                    yield from self.blocks(cell)
                continue
            gap, self._gap = self._gap, False
            for block in row(self.blocks(cell) for cell in cells):
                yield block._replace(gap=gap)
                gap = False
            self._gap = False
        self._gap = True

    def _say(self, text: str) -> None:
        """Write text, whose white space is folded outside of pre."""
        text = text.replace("\xad", "")
        if not self._verbatim:
            text = _WHITE.sub(" ", text)
            if self._blank:
                text = text.removeprefix(" ")
        if text:
            if self._label and text.strip():
                self._pieces.append(self._label)
                self._label = ""
            self._pieces.append(text)
            self._blank = text.endswith((" ", "\n"))

    def _flush(self) -> Iterator[Block]:
        """Give what was written since the last block, if that are words."""
        text = "".join(self._pieces)
        self._pieces, self._blank = [], True
        if not text.strip():
            return
        line = Line()
        line.put(text if self._verbatim else _ENDS.sub("\n", text))
        gap, self._gap = self._gap, False
        yield Block(line, self._level, gap=gap)


def _first(parent: Node) -> int:
    return integer(parent.attributes.get("start", ""), 1)


def _rows(table: Node) -> Iterator[Node]:
    for child in table.childNodes:
        if isinstance(child, str) or _is_hidden(child):
            continue
        if child.name in ("tr", "caption"):
            yield child
        elif child.name in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _is_hidden(element: Node) -> bool:
    attributes = element.attributes
    return bool(attributes) and ("hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", ""))))


def _is_layout(cell: Node) -> bool:
    """Say whether a cell holds more than a line."""
    waiting: list[Node | str] = list(reversed(cell.childNodes))
    paragraphs = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            continue
        paragraphs += one.name in ("p", "div")
        if one.name in _LAYOUT or paragraphs > 1:
            return True
        waiting += reversed(one.childNodes)
    return False


def _text(element: Node) -> str:
    """Return the text of an element but for scripts and the like."""
    pieces: list[str] = []
    waiting: list[Node | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            pieces.append(_WHITE.sub(" ", one))
        elif one.name not in _DROPPED:
            waiting += reversed(one.childNodes)
    return "".join(pieces).strip()
