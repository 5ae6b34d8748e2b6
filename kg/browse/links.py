"""The addresses of pages: in the running app, and in a folder of files."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGES = ("en", "zh")
MENU = (
    ("propositions", "Claims"),
    ("ontology", "Ontology"),
    ("codes", "Codebook"),
    ("cases", "Cases"),
    ("sources", "Sources"),
    ("references", "References"),
    ("coders", "Coders"),
    ("matrix", "Claims by case"),
    ("gaps", "What is missing"),
    ("picture", "Picture"),
)
"""Path and name of the pages that are about no single record."""

_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


class Links(Protocol):
    """Give addresses."""

    language: str

    def page(self, path: str = "", **asked: object) -> str:
        """Return the address of a page.

        Args:
            path: such as ``matrix`` or ``proposition/P18``; empty for the first page.
            asked: what stands after the question mark; empty values are left out.
        """

    def place(self, span: str) -> str:
        """Return what stands behind the address of a source for one of its passages.

        Args:
            span: where the passage is, as ``start-end``.
        """

    def menu(self) -> tuple[tuple[str, str], ...]:
        """Return path and name of the pages that are about no single record."""

    def asset(self, name: str) -> str:
        """Return the address of a file that ships with the pages."""

    def other(self, language: str, path: str, **asked: object) -> str:
        """Return the address of a page in another language."""

    def data(self, kind: str, identifier: str, suffix: str) -> str:
        """Return the address of a record's data, as ``ttl`` or ``json``."""


def path_of(kind: str, identifier: str) -> str:
    """Return the path of a record's page.

    Args:
        kind: kind of record.
        identifier: its id.

    Example:
        >>> path_of("proposition", "P18")
        'proposition/P18'
    """
    return f"{kind}/{identifier}"


def record(links: Links, kind: str, identifier: str, **asked: object) -> str:
    """Return the address of a record; of an excerpt, its place in its source, with nothing else asked.

    Args:
        links: gives addresses.
        kind: kind of record.
        identifier: its id.
        asked: what stands after the question mark.
    """
    if kind == "excerpt":
        source, _, span = identifier.rpartition(":")
        return f"{links.page(path_of('source', source))}{links.place(span)}#{anchor(identifier)}"
    return links.page(path_of(kind, identifier), **asked)


def anchor(excerpt: str) -> str:
    """Return the name that an excerpt has on its source's page.

    Args:
        excerpt: its id.

    Example:
        >>> anchor("abstract:2375-2406")
        'excerpt-2375-2406'
    """
    return f"excerpt-{excerpt.rpartition(':')[2]}"


def _query(asked: dict[str, object]) -> str:
    pairs = [
        (key, value)
        for key, held in asked.items()
        if held
        for value in (held if isinstance(held, (list, tuple)) else [held])
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


class Served:
    """Give the addresses of the running app.

    Args:
        language: ``en`` or ``zh``.
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def page(self, path: str = "", **asked: object) -> str:
        """Return the address of a page."""
        return self.other(self.language, path, **asked)

    def other(self, language: str, path: str, **asked: object) -> str:
        """Return the address of a page in another language."""
        prefix = "" if language == "en" else f"/{language}"
        return f"{prefix}/{quote(path, safe='/:')}{_query(asked)}"

    def place(self, span: str) -> str:
        """Return what stands behind the address of a source for one of its passages."""
        return f"?at={span}"

    def menu(self) -> tuple[tuple[str, str], ...]:
        """Return path and name of the pages that are about no single record."""
        return (*MENU, ("search", "Search the sources"), ("sparql", "SPARQL"))

    def asset(self, name: str) -> str:
        """Return the address of a file that ships with the pages."""
        return f"/static/{name}"

    def data(self, kind: str, identifier: str, suffix: str) -> str:
        """Return the address of a record's data."""
        return f"/{quote(path_of(kind, identifier), safe='/:')}.{suffix}"


class Files:
    """Give addresses relative to a page in a folder of files; what needs a program to answer has none.

    Args:
        language: ``en`` or ``zh``.
        here: path of the page they are given on.
        names: the file's name by kind and id, from :func:`names`.
    """

    def __init__(self, language: str, here: str, names: dict[tuple[str, str], str]) -> None:
        self.language, self.names = language, names
        self.up = "../" * self.file(language, here).count("/")

    def file(self, language: str, path: str) -> str:
        """Return the name of a page's file, with its folders."""
        kind, slash, identifier = path.partition("/")
        name = f"{kind}/{self.names[kind, identifier]}" if slash else kind or "index"
        return f"{'' if language == 'en' else language + '/'}{name}.html"

    def page(self, path: str = "", **asked: object) -> str:
        """Return the address of a page; there is nothing to ask for."""
        return self.other(self.language, path, **asked)

    def other(self, language: str, path: str, **_: object) -> str:
        """Return the address of a page in another language."""
        return self.up + quote(self.file(language, path))

    def place(self, span: str) -> str:  # noqa: ARG002
        """Return nothing: the anchor alone says which passage it is."""
        return ""

    def menu(self) -> tuple[tuple[str, str], ...]:
        """Return path and name of the pages that are about no single record; nothing can be searched."""
        return MENU

    def asset(self, name: str) -> str:
        """Return the address of a file that ships with the pages."""
        return f"{self.up}static/{name}"

    def data(self, kind: str, identifier: str, suffix: str) -> str:
        """Return the address of a record's data."""
        return self.up + quote(f"{kind}/{self.names[kind, identifier]}.{suffix}")


def names(records: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name files after ids so that every file system can hold them beside each other.

    Args:
        records: kind and id of every record.

    Returns:
        The name by kind and id: the id, with a tail where another differs by case only, or a system forbids it.

    Example:
        >>> sorted(names([("code", "con"), ("code", "Ab"), ("code", "aB"), ("code", "P18")]).values())
        ['Ab-025b55', 'P18', 'aB-042ac5', 'con-1143da']
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for kind, identifier in records:
        groups.setdefault((kind, identifier.casefold()), []).append(identifier)
    found = {}
    for (kind, folded), alike in groups.items():
        for identifier in alike:
            safe = folded.partition(".")[0] not in _RESERVED and not identifier.endswith(".")
            if safe and len(alike) == 1 and len(identifier.encode()) < 200:
                found[kind, identifier] = identifier
            else:
                tail = hashlib.sha256(identifier.encode()).hexdigest()[:6]
                short = identifier.encode()[:150].decode(errors="ignore").rstrip(".")
                found[kind, identifier] = f"{short}-{tail}"
    return found
