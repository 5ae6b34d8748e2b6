"""The addresses of pages: in the running app, and in a folder of files."""

from __future__ import annotations

from copy import copy
from typing import Protocol
from urllib.parse import quote, urlencode

from kg.ids import source_of, span_of

Menu = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
LANGUAGES = ("en", "zh")
MENU: Menu = (
    ("Claims", (("propositions", "Claims"),)),
    ("Evidence", (("cases", "Cases"), ("matrix", "Claims by case"), ("gaps", "What is missing"))),
    ("Sources", (("sources", "Sources"),)),
    ("Codes", (("codes", "Codebook"), ("crosstab", "Codes by case"))),
    (
        "More",
        (
            ("ontology", "Ontology"),
            ("references", "References"),
            ("authors", "Authors"),
            ("coders", "Coders"),
            ("agreement", "Agreement of coders"),
            ("picture", "Picture"),
        ),
    ),
)
"""The entries of the menu, each with path and name of its pages: those that are about no single record."""
ASKED = (("search", "Search the sources"), ("sparql", "SPARQL"))
"""Path and name of the pages that a program has to answer; they stand in the last entry."""


class Addresses(Protocol):
    """The addresses of pages, as links on a page give them."""

    language: str

    def page(self, path: str = "", **parameters: object) -> str:
        """Return the address of a page.

        Args:
            path: such as ``matrix`` or ``proposition/P18``; empty for the first page.
            parameters: what stands after the question mark; empty values are left out.
        """

    def place(self, span: str) -> str:
        """Return what is put after the address of a source to open it at one passage; empty in a folder of files.

        Args:
            span: where the passage is, as ``start-end``.
        """

    def menu(self) -> Menu:
        """Return the entries of the menu."""

    def asset(self, name: str) -> str:
        """Return the address of a file that ships with the pages."""

    def other(self, language: str, path: str, **parameters: object) -> str:
        """Return the address of a page in a given language."""

    def sheet(self, source: str, number: int) -> str:
        """Return the address of the picture of a page of a source's document.

        Args:
            source: its id.
            number: index of the page, from 1.
        """

    def data(self, kind: str, identifier: str, suffix: str) -> str:
        """Return the address of a record's data, as ``ttl`` or ``json``."""

    def speaking(self, language: str) -> Addresses:
        """Return the addresses of pages in a given language, as the same page gives them."""


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


def record(addresses: Addresses, kind: str, identifier: str, **parameters: object) -> str:
    """Return the address of a record; of an excerpt, its place in its source, with no parameters.

    Args:
        addresses: gives addresses.
        kind: kind of record.
        identifier: its id.
        parameters: what stands after the question mark.
    """
    if kind == "excerpt":
        source, span = source_of(identifier), span_of(identifier)
        return f"{addresses.page(path_of('source', source))}{addresses.place(span)}#{anchor(identifier)}"
    return addresses.page(path_of(kind, identifier), **parameters)


def anchor(excerpt: str) -> str:
    """Return the name that an excerpt has on its source's page.

    Args:
        excerpt: its id.

    Example:
        >>> anchor("abstract:2375-2406")
        'excerpt-2375-2406'
    """
    return f"excerpt-{excerpt.rpartition(':')[2]}"


def _query(parameters: dict[str, object]) -> str:
    pairs = [
        (key, value)
        for key, given in parameters.items()
        if given
        for value in (given if isinstance(given, (list, tuple)) else [given])
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


class Served:
    """The addresses of the running app.

    Args:
        language: ``en`` or ``zh``.
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def page(self, path: str = "", **parameters: object) -> str:
        """Return the address of a page."""
        return self.other(self.language, path, **parameters)

    def other(self, language: str, path: str, **parameters: object) -> str:
        """Return the address of a page in a given language."""
        prefix = "" if language == "en" else f"/{language}"
        return f"{prefix}/{quote(path, safe='/:')}{_query(parameters)}"

    def place(self, span: str) -> str:
        """Return what is put after the address of a source to open it at one passage; empty in a folder of files."""
        return f"?at={span}"

    def menu(self) -> Menu:
        """Return the entries of the menu."""
        *others, (name, pages) = MENU
        return (*others, (name, (*pages, *ASKED)))

    def asset(self, name: str) -> str:
        """Return the address of a file that ships with the pages."""
        return f"/static/{name}"

    def sheet(self, source: str, number: int) -> str:
        """Return the address of the picture of a page of a source's document."""
        return f"/source/{quote(source, safe=':')}/pages/{number}.png"

    def data(self, kind: str, identifier: str, suffix: str) -> str:
        """Return the address of a record's data."""
        return f"/{quote(path_of(kind, identifier), safe='/:')}.{suffix}"

    def speaking(self, language: str) -> Served:
        """Return the addresses of pages in a given language, as the same page gives them."""
        return Served(language)


class Files:
    """The addresses relative to a page in a folder of files; what needs a program to answer has none.

    Args:
        language: ``en`` or ``zh``.
        here: path of the page they are given on.
        names: the file's name by kind and id, from :func:`kg.filenames.of`.
    """

    def __init__(self, language: str, here: str, names: dict[tuple[str, str], str]) -> None:
        self.language, self.names = language, names
        self.up = "../" * self.file(language, here).count("/")

    def file(self, language: str, path: str) -> str:
        """Return the name of a page's file, with its folders."""
        kind, slash, identifier = path.partition("/")
        name = f"{kind}/{self.names[kind, identifier]}" if slash else kind or "index"
        return f"{'' if language == 'en' else language + '/'}{name}.html"

    def page(self, path: str = "", **parameters: object) -> str:
        """Return the address of a page; there is nothing to ask for."""
        return self.other(self.language, path, **parameters)

    def other(self, language: str, path: str, **_: object) -> str:
        """Return the address of a page in a given language."""
        return self.up + quote(self.file(language, path))

    def place(self, span: str) -> str:  # noqa: ARG002
        """Return nothing: the anchor alone says which passage it is."""
        return ""

    def menu(self) -> Menu:
        """Return the entries of the menu; nothing can be searched."""
        return MENU

    def asset(self, name: str) -> str:
        """Return the address of a file that ships with the pages."""
        return f"{self.up}static/{name}"

    def sheet(self, source: str, number: int) -> str:
        """Return the address of the picture of a page of a source's document."""
        return self.up + quote(f"source/{self.names['source', source]}-{number}.png")

    def data(self, kind: str, identifier: str, suffix: str) -> str:
        """Return the address of a record's data."""
        return self.up + quote(f"{kind}/{self.names[kind, identifier]}.{suffix}")

    def speaking(self, language: str) -> Files:
        """Return the addresses of pages in a given language, as the same page gives them."""
        other = copy(self)
        other.language = language
        return other
