"""OpenDocument texts: the text as it stands when all changes are accepted, with notes, numbers, boxes and comments.

Section numbers are those of ODF 1.3, part 3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.loaders.documents.draft import Block, Draft, Line, note, row
from kg.loaders.documents.odt_styles import LEVELS, NAMES, Counter, Styles
from kg.loaders.documents.office import AGAIN, Package, integer, words
from kg.loaders.documents.remarks import Remarks
from kg.loaders.imports.safe import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from kg.loaders.documents.document import Document

LOADER = "odt 1"
MAX_HEADERS = 20
MAX_SPACES = 1000
"""Spaces that one element stands for."""
_WHITE = re.compile("[ \t\r\n]+")
_PARAGRAPHS = frozenset(["text:p", "text:h"])
_WRAPPERS = frozenset(
    ["text:section", "text:index-body", "text:index-title", "text:table-of-content", "text:illustration-index",
     "text:table-index", "text:object-index", "text:user-index", "text:alphabetical-index", "text:bibliography",
     "draw:a", "draw:g"]
)  # fmt: skip
"""What holds paragraphs and is none."""
_DROPPED = frozenset(
    ["text:tracked-changes", "text:note-citation", "text:ruby-text", "text:script", "text:change", "text:change-start",
     "text:change-end", "text:soft-page-break", "text:bookmark", "text:reference-mark", "office:annotation-end"]
)  # fmt: skip
_SHAPES = frozenset(["draw:frame", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:polygon", "draw:path",
                     "draw:line", "draw:polyline", "draw:connector", "draw:caption", "draw:g", "draw:a"])  # fmt: skip


def read(path: Path) -> Document:
    """Read an OpenDocument text.

    Args:
        path: the file.

    Raises:
        StudyError: when it is broken, encrypted or not to be trusted.
    """
    with Package(path) as package:
        try:
            return _Reader(package).document()
        except RecursionError:
            refuse(path.name, "file-too-big", "its tables, lists or boxes are nested too deep", "simplify it")


class _Reader:
    """A walk over the content of a document."""

    def __init__(self, package: Package) -> None:
        manifest = package.part("META-INF/manifest.xml")
        if any(NAMES.child(one, "manifest:encryption-data") is not None
               for one in NAMES.children(manifest, "manifest:file-entry")):  # fmt: skip
            mend = "save it without one, then add that"
            refuse(package.name, "locked-document", "it is encrypted with a password", mend)
        root = package.part("content.xml")
        text = NAMES.child(root, "office:body", "office:text")
        if text is None:
            refuse(package.name, "broken-document", "it has no text of an OpenDocument text", AGAIN)
        self._package, self._text = package, text
        self._set = package.part("styles.xml")
        self._styles = Styles([root, self._set])
        self._draft = Draft(package.name)
        self._left = Remarks(package.name)
        self._pending: list[tuple[str, etree._Element, str]] = []
        self._comments: list[tuple[str, etree._Element]] = []
        self._outline = Counter()
        self._by_id: dict[str, Counter] = {}
        self._by_style: dict[str, Counter] = {}
        self._blank = True
        """Whether white space is left out here: at the beginning, and after other white space (6.1.2)."""

    def document(self) -> Document:
        """Read the document."""
        self._draft.take(self._blocks(self._text))
        for identifier, element in self._comments:
            text = "\n".join(block.line.text for block in self._blocks(element)).strip()
            author, date = (words(NAMES.child(element, name)) for name in ("dc:creator", "dc:date"))
            if not self._draft.comment(identifier, text, author, date):
                self._left.counts["comments"] += 1
        changes = NAMES.child(self._text, "text:tracked-changes")
        self._left.counts["changes"] += len(changes) if changes is not None else 0
        return self._draft.document(LOADER, self._left.findings(self._headers()))

    # ---- Blocks

    def _blocks(self, parent: etree._Element) -> Iterator[Block]:
        """Give the paragraphs, items and rows of a body, a section, a cell, a box or a note."""
        gap = False
        for child in parent:
            name = NAMES.of(child) if isinstance(child.tag, str) else ""
            blocks: Iterator[Block] = iter(())
            if name in _PARAGRAPHS:
                blocks = self._paragraph(child)
            elif name == "text:list":
                blocks = self._list(child, 0, "", None)
            elif name == "table:table":
                blocks = self._table(child)
            elif name in ("text:section", "text:numbered-paragraph") or name in _WRAPPERS:
                if NAMES.get(child, "text:display") == "none":
                    self._left.hide(words(child))
                else:
                    blocks = self._blocks(child)
            elif name in _SHAPES:
                self._shape(child)
                blocks = self._asides()
            for block in blocks:
                yield block._replace(gap=block.gap or gap)
                gap = False
            gap |= name == "table:table"

    def _paragraph(self, element: etree._Element, label: str = "") -> Iterator[Block]:
        """Give a paragraph or heading, and what stands beside it."""
        name = NAMES.get(element, "text:style-name")
        style = self._styles.style("paragraph", name)
        heading = NAMES.of(element) == "text:h"
        level = min(max(integer(NAMES.get(element, "text:outline-level"), 1), 1), 9) if heading else int(style.title)
        line = Line()
        before, self._blank = self._blank, True
        self._inline(element, line, hidden=style.hidden or self._is_hidden_paragraph(element))
        self._blank = before
        if heading and not label and style.listed != "" and NAMES.get(element, "text:is-list-header") != "true":
            label = self._numbered(element, level - 1)
        whole = Line()
        if line.text.strip():
            whole.put(label)
        whole.join(line)
        yield Block(whole, level)
        yield from self._asides()

    def _numbered(self, element: etree._Element, depth: int) -> str:
        """Count a heading that is in no list (text:outline-style, 16.34)."""
        if not words(element):
            return ""
        start = None
        if NAMES.get(element, "text:restart-numbering") == "true":
            start = integer(NAMES.get(element, "text:start-value"), self._styles.outline[depth].start)
        return self._outline.label(self._styles.outline, depth, start)

    def _is_hidden_paragraph(self, element: etree._Element) -> bool:
        found = NAMES.child(element, "text:hidden-paragraph")
        return found is not None and NAMES.get(found, "text:is-hidden") == "true"

    def _list(self, element: etree._Element, depth: int, style: str, counter: Counter | None) -> Iterator[Block]:
        """Give the items of a list (5.3)."""
        style = NAMES.get(element, "text:style-name") or style or self._listed(element)
        goes_on = NAMES.get(element, "text:continue-numbering") == "true"
        if counter is None:
            counter = self._by_id.get(NAMES.get(element, "text:continue-list"))
            if counter is None:
                counter = self._by_style.get(style) if goes_on else None
            counter = counter or Counter()
            self._by_style[style] = counter
            if identifier := NAMES.get(element, "xml:id"):
                self._by_id[identifier] = counter
        elif not goes_on and depth < LEVELS:
            counter.restart(depth)
        levels = self._styles.levels(style)
        for item in element:
            name = NAMES.of(item) if isinstance(item.tag, str) else ""
            if name not in ("text:list-item", "text:list-header"):
                continue
            first = name == "text:list-item"
            for child in item:
                inner = NAMES.of(child) if isinstance(child.tag, str) else ""
                if inner == "text:list":
                    first = False
                    yield from self._list(child, depth + 1, style, counter)
                elif inner in _PARAGRAPHS:
                    label = ""
                    if first:
                        said = NAMES.get(item, "text:start-value")
                        start = integer(said, 1) if said else None
                        label = counter.label(levels, min(depth, LEVELS - 1), start)
                    first = False
                    yield from self._paragraph(child, label)
                else:
                    yield from self._blocks_of(child)

    def _blocks_of(self, element: etree._Element) -> Iterator[Block]:
        """Give what one element that is no paragraph holds."""
        if isinstance(element.tag, str) and NAMES.of(element) == "table:table":
            yield from self._table(element)

    def _listed(self, element: etree._Element) -> str:
        """Return the list style that the first paragraph of a list names."""
        for one in element.iterdescendants():
            if isinstance(one.tag, str) and NAMES.of(one) in _PARAGRAPHS:
                return self._styles.style("paragraph", NAMES.get(one, "text:style-name")).listed or ""
        return ""

    def _table(self, table: etree._Element) -> Iterator[Block]:
        """Give the rows of a table; the only cell of a row is no row but what stands in it."""
        gap = True
        for one in self._rows(table):
            cells, across = [], 0
            for cell in one:
                name = NAMES.of(cell) if isinstance(cell.tag, str) else ""
                if name == "table:table-cell":
                    cells.append(self._blocks(cell))
                    across = integer(NAMES.get(cell, "table:number-columns-spanned"), 1) - 1
                elif name == "table:covered-table-cell":
                    # What a cell beside it covers is no cell; what one above it covers is an empty one.
                    if across <= 0:
                        cells.append(iter(()))
                    across -= 1
            for block in cells[0] if len(cells) == 1 else row(cells):
                yield block._replace(gap=block.gap or gap)
                gap = False

    def _rows(self, parent: etree._Element) -> Iterator[etree._Element]:
        for child in parent:
            name = NAMES.of(child) if isinstance(child.tag, str) else ""
            if name == "table:table-row":
                yield child
            elif name in ("table:table-rows", "table:table-header-rows", "table:table-row-group"):
                yield from self._rows(child)

    # ---- What stands in a paragraph

    def _inline(self, parent: etree._Element, line: Line, *, hidden: bool) -> None:
        """Write what stands in a paragraph or a part of it."""
        self._say(line, parent.text, hidden=hidden)
        for child in parent:
            if isinstance(child.tag, str):
                self._element(child, line, hidden=hidden)
            self._say(line, child.tail, hidden=hidden)

    def _element(self, child: etree._Element, line: Line, *, hidden: bool) -> None:
        name = NAMES.of(child)
        match name:
            case "text:s":
                count = min(max(integer(NAMES.get(child, "text:c"), 1), 0), MAX_SPACES)
                self._write(line, " " * count, hidden=hidden)
            case "text:tab":
                self._write(line, "\t", hidden=hidden)
            case "text:line-break":
                self._write(line, "\n", hidden=hidden)
            case "text:note":
                if not hidden:
                    self._refer(child)
            case "office:annotation":
                identifier = NAMES.get(child, "office:name") or f"#{len(self._comments)}"
                self._comments.append((identifier, child))
                line.mark("opens", identifier)
            case "office:annotation-end":
                line.mark("closes", NAMES.get(child, "office:name"))
            case "text:span" | "text:a" | "text:meta" | "text:meta-field" | "text:ruby":
                style = self._styles.style("text", NAMES.get(child, "text:style-name"))
                self._left.counts["readings"] += name == "text:ruby"
                self._inline(child, line, hidden=hidden or (name == "text:span" and style.hidden))
            case "text:hidden-text":
                self._inline(child, line, hidden=hidden or NAMES.get(child, "text:is-hidden") == "true")
            case "text:hidden-paragraph":
                pass
            case _ if name in _SHAPES:
                if not hidden:
                    self._shape(child)
            case _ if name in _PARAGRAPHS or name.startswith(("text:", "draw:")):
                if name not in _DROPPED:
                    self._inline(child, line, hidden=hidden)

    def _say(self, line: Line, text: str | None, *, hidden: bool) -> None:
        """Write text of the XML, whose white space is folded."""
        if not text:
            return
        text = _WHITE.sub(" ", text).replace("\xad", "")
        if self._blank and text.startswith(" "):
            text = text[1:]
        if text:
            self._write(line, text, hidden=hidden)
            self._blank = text.endswith(" ")

    def _write(self, line: Line, text: str, *, hidden: bool) -> None:
        self._blank = False
        if hidden:
            self._left.hide(text)
        else:
            line.put(text)

    def _refer(self, element: etree._Element) -> None:
        """Take a note to be written after the paragraph."""
        citation, body = NAMES.child(element, "text:note-citation"), NAMES.child(element, "text:note-body")
        if body is not None:
            sign = words(citation)[:8]
            self._pending.append(("note", body, sign or "*"))

    def _shape(self, element: etree._Element) -> None:
        """Take the text of a box or shape to be written after the paragraph, and count what else it shows."""
        name = NAMES.of(element)
        if name in ("draw:a", "draw:g"):
            for child in element:
                if isinstance(child.tag, str) and NAMES.of(child) in _SHAPES:
                    self._shape(child)
            return
        if name == "draw:frame":
            # Of several contents the first is shown (10.4.2).
            for child in element:
                inner = NAMES.of(child) if isinstance(child.tag, str) else ""
                if inner == "draw:text-box":
                    self._pending.append(("box", child, ""))
                    return
                if inner.startswith("draw:") or inner == "table:table":
                    self._left.counts["pictures"] += 1
                    return
            return
        self._pending.append(("box", element, ""))

    def _asides(self) -> Iterator[Block]:
        """Give the notes and boxes that were met in the paragraph before."""
        pending, self._pending = self._pending, []
        for kind, element, sign in pending:
            if kind == "note":
                yield note(sign, self._blocks(element))
            else:
                for block in self._blocks(element):
                    yield block._replace(aside=True)

    def _headers(self) -> list[str]:
        """Return the texts of headers and footers."""
        pages = NAMES.children(NAMES.child(self._set, "office:master-styles"), "style:master-page")
        parts = [
            one for page in pages for name in ("style:header", "style:footer") for one in NAMES.children(page, name)
        ]
        return [" ".join(block.line.text for block in self._blocks(part)) for part in parts[:MAX_HEADERS]]
