"""Turn HTML into text as a browser shows it, and positions in the one into positions in the other.

The HTML is read by the rules of the HTML standard, as browsers do, so that positions which were counted in a
browser are met to the character. Only white space differs between the HTML's text and the text shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from html5rdf import HTMLParser  # type: ignore[import-untyped]
from html5rdf.treebuilders import base  # type: ignore[import-untyped]

from kg.loaders.imports.safe import fit, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_HTML = 10_000_000
MAX_ELEMENTS = 500_000
"""A few unclosed tags are opened again in every paragraph."""
MAX_DEPTH = 250
"""For every tag the standard looks through what is open."""

_NAMESPACE = "http://www.w3.org/1999/xhtml"
_PARAGRAPHS = frozenset(
    ["article", "blockquote", "body", "caption", "div", "dl", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
     "header", "hr", "main", "ol", "p", "pre", "section", "table", "ul"]
)  # fmt: skip
_LINES = frozenset(["dd", "dt", "figcaption", "li", "tbody", "tfoot", "thead", "tr"])
_CHUNK = re.compile("([ \t\n\r\f]+)|[^ \t\n\r\f]+(?: [^ \t\n\r\f]+)*")
"""White space, or words with one space between."""
_CONTROL = str.maketrans("\r\f", "\n ")


class _Gap(IntEnum):
    """The gap between two words; of several the strongest."""

    NONE, SPACE, CELL, LINE, PARAGRAPH = range(5)


_SHOWN = {_Gap.CELL: "\t", _Gap.LINE: "\n", _Gap.PARAGRAPH: "\n\n"}


class Hypertext:
    r"""The text of some HTML as it is shown.

    Args:
        html: a document, or what stands in a document's body.
        file: how a person calls it.

    Attributes:
        text: the text, in paragraphs; it ends with a line end when there is any.
        pictures: how many pictures there are.

    Raises:
        StudyError: when it is too long, or nested too deep.

    Example:
        >>> page = Hypertext("<p>One <b>大</b></p>\n<p>two</p>")
        >>> page.text
        'One 大\n\ntwo\n'
        >>> page.spans([(4, 11)])  # the bytes of 大, of the line end, and of "two"
        [(4, 10)]
    """

    def __init__(self, html: str, file: str = "HTML") -> None:
        self.pictures = 0
        self._raw: list[str] = []
        self._shown: list[str] = []
        # Stretches that stand in both: where they begin in the HTML's text, in the text shown, and how long they are.
        self._theirs: list[int] = []
        self._ours: list[int] = []
        self._sizes: list[int] = []
        self._length = 0
        self._show(parse(html, file))
        self.text = fit("".join(self._shown))[0] + "\n" * bool(self._shown)
        self._data = "".join(self._raw).encode("utf-8", "surrogatepass")
        del self._raw, self._shown

    def spans(self, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Translate places in the HTML's text to places in the text shown.

        Args:
            places: starts and ends in bytes of UTF-8, end exclusive.

        Returns:
            Starts and ends in codepoints, end exclusive, without white space that is not shown; what lies
            outside the HTML's text lies behind the text shown.
        """
        listed = list(places)
        codepoints = self._codepoints({position for place in listed for position in place})
        return [self._span(codepoints[start], codepoints[end]) for start, end in listed]

    def _codepoints(self, offsets: Iterable[int]) -> dict[int, int | None]:
        """Translate bytes to codepoints: inside a character its end is meant, as in Taguette; outside None."""
        codepoints: dict[int, int | None] = {}
        before = count = 0
        for offset in sorted(offsets):
            codepoints[offset] = None
            if 0 <= offset <= len(self._data):
                at = max(offset, before)
                # A byte 10xxxxxx goes on with a character of UTF-8 (RFC 3629, 3).
                while at < len(self._data) and self._data[at] & 0xC0 == 0x80:
                    at += 1
                count += len(self._data[before:at].decode("utf-8", "surrogatepass"))
                before, codepoints[offset] = at, count
        return codepoints

    def _span(self, start: int | None, end: int | None) -> tuple[int, int]:
        if start is None or end is None or start > end:
            return len(self.text) + 1, len(self.text) + 1
        # What is not shown has no place: a start in it moves on to the next stretch shown, an end back to the last.
        index = bisect_right(self._theirs, start) - 1
        if index >= 0 and start < self._theirs[index] + self._sizes[index]:
            first = self._ours[index] + start - self._theirs[index]
        else:
            first = self._ours[index + 1] if index + 1 < len(self._ours) else len(self.text)
        index = bisect_left(self._theirs, end) - 1
        last = self._ours[index] + min(end - self._theirs[index], self._sizes[index]) if index >= 0 else 0
        return first, max(first, last)

    def _show(self, root: Node) -> None:
        theirs = verbatim = 0
        gap, space, space_at = _Gap.NONE, "", 0
        for kind, value in _walk(root):
            if kind != "text":
                opens = kind == "open"
                self.pictures += opens and value == "img"
                if value == "pre":
                    verbatim += 1 if opens else -1
                gap = _gap(gap, value, opens=opens)
                continue
            self._raw.append(value)
            for chunk in _CHUNK.finditer(value):
                stretch = chunk.group()
                if chunk.group(1):
                    if gap == _Gap.NONE:
                        gap, space, space_at = _Gap.SPACE, "", theirs
                    if gap == _Gap.SPACE and (verbatim or not space):
                        space += stretch.translate(_CONTROL) if verbatim else " "
                else:
                    if self._length and gap == _Gap.SPACE:
                        self._put(space, space_at)
                    elif self._length and gap:
                        self._shown.append(_SHOWN[gap])
                        self._length += len(_SHOWN[gap])
                    gap = _Gap.NONE
                    self._put(stretch, theirs)
                theirs += len(stretch)

    def _put(self, stretch: str, theirs: int) -> None:
        """Show a stretch of the HTML's text."""
        ends = self._ours and (self._theirs[-1] + self._sizes[-1], self._ours[-1] + self._sizes[-1])
        if ends == (theirs, self._length):
            self._sizes[-1] += len(stretch)
        else:
            self._theirs.append(theirs)
            self._ours.append(self._length)
            self._sizes.append(len(stretch))
        self._shown.append(stretch)
        self._length += len(stretch)


def _gap(before: _Gap, name: str, *, opens: bool) -> _Gap:
    """Return the gap after the beginning or end of an element."""
    if name == "br" and opens:
        return _Gap.LINE if before < _Gap.LINE else _Gap.PARAGRAPH
    if name in _PARAGRAPHS:
        return _Gap.PARAGRAPH
    if name in _LINES:
        return max(before, _Gap.LINE)
    return max(before, _Gap.CELL) if name in {"td", "th"} else before


class Node(base.Node):  # type: ignore[misc]
    """An element that keeps texts among its children, so that a long text is put together once."""

    def __init__(self, tree: _Tree, name: str, namespace: str | None = None) -> None:
        super().__init__(name)
        self.tree, self.namespace, self.nameTuple = tree, namespace, (namespace or _NAMESPACE, name)

    def appendChild(self, node: Node | str) -> None:  # noqa: N802 - named by the parser
        """Add a child at the end."""
        self.childNodes.append(node)
        if isinstance(node, Node):
            node.parent = self

    def insertBefore(self, node: Node | str, refNode: Node) -> None:  # noqa: N802, N803
        """Add a child before another."""
        self.childNodes.insert(self._index(refNode), node)
        if isinstance(node, Node):
            node.parent = self

    def insertText(self, data: str, insertBefore: Node | None = None) -> None:  # noqa: N802, N803
        """Add a text at the end, or before a child."""
        if insertBefore is None:
            self.childNodes.append(data)
        else:
            self.insertBefore(data, insertBefore)

    def removeChild(self, node: Node) -> None:  # noqa: N802
        """Take a child away."""
        del self.childNodes[self._index(node)]
        node.parent = None

    def cloneNode(self) -> Node:  # noqa: N802
        """Return an element of the same name without attributes and children."""
        return self.tree.element(self.name, self.namespace)

    def hasContent(self) -> bool:  # noqa: N802
        """Say whether it has children."""
        return bool(self.childNodes)

    def _index(self, node: Node) -> int:
        """Return a child's place, which is near the end whenever the parser asks for it."""
        return next(at for at in range(len(self.childNodes) - 1, -1, -1) if self.childNodes[at] is node)


class _Tree(base.TreeBuilder):  # type: ignore[misc]
    """A builder of trees of bounded size without comments and document types."""

    def __init__(self, file: str) -> None:
        self.file, self.element_count = file, 0
        self.elementClass = self.element
        self.commentClass = self.doctypeClass = self.documentClass = lambda *_: Node(self, "")
        super().__init__(namespaceHTMLElements=True)

    def element(self, name: str, namespace: str | None = None) -> Node:
        self.element_count += 1
        if self.element_count > MAX_ELEMENTS or len(self.openElements) > MAX_DEPTH:
            much = f"{MAX_ELEMENTS:,} elements, or more than {MAX_DEPTH} inside each other"
            refuse(self.file, "file-too-big", f"its HTML has more than {much}", "simplify it")
        return Node(self, name, namespace)


def parse(html: str, file: str) -> Node:
    """Return the tree of some HTML as browsers make it.

    Args:
        html: a document, or what stands in a document's body.
        file: how a person calls it.

    Raises:
        StudyError: when it is too long, or nested too deep.
    """
    if len(html) > MAX_HTML:
        refuse(file, "file-too-big", f"it has {len(html):,} characters of HTML, more than {MAX_HTML:,}", "split it")
    root: Node = HTMLParser(lambda _: _Tree(file)).parse(html)
    return root


def _walk(root: Node) -> Iterator[tuple[str, str]]:
    """Give the beginnings and ends of elements, and the texts, in their order."""
    stack: list[tuple[Node, Iterator[Any]]] = [(root, iter(root.childNodes))]
    while stack:
        node, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "close", node.name
        elif isinstance(child, str):
            yield "text", child
        else:
            yield "open", child.name
            stack.append((child, iter(child.childNodes)))
