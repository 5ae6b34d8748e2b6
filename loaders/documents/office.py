"""Open the zipped XML that word processors write, without trusting it.

The bounds are those of documents: their XML has some megabytes, and a table is nested in a table a few times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kg.loaders.imports.safe import Archive, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lxml import etree

MAX_PART = 64 * 1024 * 1024
"""Bytes of XML of a part; the text of a book has some ten million."""
MAX_NODES = 4_000_000
"""Elements and attributes of a part: the tree of as many takes some 500 MB."""
_INTEGER = re.compile("-?[0-9]{1,9}")
AGAIN = "open it in its program and save it again"


class Names:
    """The names of elements and attributes with short prefixes, whichever of several namespaces they are in.

    Args:
        prefixes: namespace -> prefix; OOXML has two of each, transitional and strict.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._namespaces: dict[str, list[str]] = {}
        for namespace, prefix in prefixes.items():
            self._namespaces.setdefault(prefix, []).append(namespace)
        self._names: dict[str, str] = {}
        self._keys: dict[str, list[str]] = {}

    def of(self, element: etree._Element) -> str:
        """Return an element's name, such as ``w:p``; of another namespace without a prefix."""
        tag = element.tag
        if tag not in self._names:
            namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
            prefix = self._prefixes.get(namespace)
            # What a file makes up is not kept.
            if prefix is None:
                return f":{local}"
            self._names[tag] = f"{prefix}:{local}"
        return self._names[tag]

    def get(self, element: etree._Element, name: str, default: str = "") -> str:
        """Return the value of an attribute.

        Args:
            element: what has it.
            name: such as ``w:val``.
            default: what is returned when it has none.
        """
        for key in self._in_full(name):
            value = element.get(key)
            if value is not None:
                return value
        return default

    def child(self, element: etree._Element | None, *path: str) -> etree._Element | None:
        """Return the first child of a name, its first child of the next, and so on; None when there is none."""
        for name in path:
            element = next(self.children(element, name), None)
        return element

    def children(self, element: etree._Element | None, name: str) -> Iterator[etree._Element]:
        """Give the children of a name; none of None."""
        if element is not None:
            yield from element.iterchildren(*self._in_full(name))

    def _in_full(self, name: str) -> list[str]:
        if name not in self._keys:
            prefix, _, local = name.partition(":")
            self._keys[name] = [f"{{{namespace}}}{local}" for namespace in self._namespaces[prefix]]
        return self._keys[name]


def integer(value: str, default: int = 0) -> int:
    """Return a whole number of bounded size that an attribute holds, or a default.

    Example:
        >>> integer("12"), integer("9" * 5000), integer("x", 1)
        (12, 0, 1)
    """
    return int(value) if _INTEGER.fullmatch(value) else default


def words(element: etree._Element | None) -> str:
    """Return the text of an element and all in it, without white space around it; nothing of None."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


class Package:
    """A document that is a zip file of XML parts; as a context manager it is closed at the end.

    Args:
        path: the document.

    Raises:
        StudyError: when it is no zip file or is not to be trusted.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._archive = Archive(path)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def names(self) -> list[str]:
        """Return the names of the parts, sorted."""
        return self._archive.names()

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part's XML, or None when there is no such part.

        Args:
            name: the part's name, in any case.

        Raises:
            StudyError: when it is too big, nested too deep, not well formed, or has a document type.
        """
        from lxml import etree

        found = self._archive.find(name)
        if found is None:
            return None
        file = f"{self.name}: {found}"
        if (size := self._archive.size(found)) > MAX_PART:
            refuse(file, "file-too-big", f"it unpacks to {size:,} bytes, more than {MAX_PART:,}", "split the document")
        data = self._archive.read(found)
        # Counted before the tree is made, which would take the memory.
        if data.count(b"<") + data.count(b"=") > MAX_NODES:
            message = f"it has more than {MAX_NODES:,} elements and attributes"
            refuse(file, "file-too-big", message, "split the document")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
            remove_comments=True, remove_pis=True, collect_ids=False,
        )  # fmt: skip
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as e:
            message = " ".join(str(e.msg or e).split())[:200]
            refuse(file, "broken-xml", message, AGAIN, e.lineno or 0)
        tree: Any = root.getroottree()
        if tree.docinfo.doctype:
            message = "it has a document type, which could expand to anything"
            refuse(file, "broken-xml", message, AGAIN)
        return root
