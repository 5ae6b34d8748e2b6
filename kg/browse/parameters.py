"""What stands after the question mark of an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from kg.errors import KGError, closest
from kg.store.evidence import FACETS

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELDS = 200
"""How many fields an address may have."""
MANY = "this address has too many fields; choose less at once"
SORTS = ("author", "year", "title", "cited")
"""What references are sorted by."""

_EXPLORED = frozenset({"of", "q", "depth", "unfold", "expand", "all", *FACETS})
_EVIDENCE = frozenset({*FACETS, "page"})
TAKES: dict[str, frozenset[str]] = {
    "": frozenset({"page"}),
    "ask": _EVIDENCE | {"q", "claims"},
    "matrix": frozenset({"page"}),
    "search": frozenset({"q", "exact", "page"}),
    "references": frozenset({"q", "sort", "page"}),
    **dict.fromkeys(("propositions", "codes", "cases", "sources", "authors", "coders"), frozenset({"page"})),
    **dict.fromkeys(("picture", "figure"), frozenset({"of", "q", "case", "stance", "stage"})),
    "explore": _EXPLORED,
    "sparql": frozenset({"q", "name"}),
    "suggest": frozenset({"q"}),
    "proposition": _EVIDENCE | {"view"},
    **dict.fromkeys(("concept", "case", "coder"), _EVIDENCE | {"claims"}),
    "code": _EVIDENCE,
    **dict.fromkeys(("relation", "search-record", "reference", "author"), frozenset({"page"})),
    "source": frozenset({"at"}),
}
"""The fields that an address may have, by path of a page or kind of its record; the others take none."""


class UnknownField(KGError):
    """The refusal of an address with a field that its page does not know, with those that it knows.

    Args:
        field: the field.
        known: the fields that the page has, sorted.
    """

    def __init__(self, field: str, known: tuple[str, ...]) -> None:
        self.field, self.known = field, known
        self.suggestions = closest(field, known)
        super().__init__(field, known)

    def __str__(self) -> str:
        near = f"; did you mean '{self.suggestions[0]}'?" if self.suggestions else ""
        return f"this page has no field '{self.field}'{near}"


@dataclass(frozen=True)
class Parameters:
    """The parameters of a page, as its address has them.

    Args:
        choice: wanted values by facet.
        page: which page of a long list, from 1.
        claims: which page of the claims above it, from 1.
        question: the question, or what is looked for in the sources.
        at: the passage that was followed, as ``start-end``.
        of: kind and id of the record that is drawn, as ``kind/id``.
        depth: how many links away from it.
        unfolded: keys of nodes that are drawn one by one.
        expanded: keys of nodes whose neighbours are drawn too, with the neighbours' kind, as ``kind/id>kind``.
        sort: what references are sorted by, one of :data:`SORTS`.
        exact: whether what is looked for is looked for as it stands.
        everything: whether more than :data:`kg.browse.pages.DRAWN` nodes are drawn.
        whole: whether all of a list is on one page, as in a folder of files.
        view: which of the views of a record is wanted; empty for the first.
        pictures: whether pages of documents are shown.
    """

    choice: dict[str, frozenset[str]] = field(default_factory=dict)
    page: int = 1
    claims: int = 1
    question: str = ""
    at: str = ""
    of: str = ""
    depth: int = 2
    unfolded: tuple[str, ...] = ()
    expanded: tuple[str, ...] = ()
    sort: str = SORTS[0]
    exact: bool = False
    everything: bool = False
    whole: bool = False
    view: str = ""
    pictures: bool = True

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return what is chosen as it stands in an address."""
        return {facet: tuple(sorted(values)) for facet, values in self.choice.items() if values}


def fields(query: str) -> dict[str, list[str]]:
    """Return the values of each field.

    Args:
        query: what stands after the question mark.

    Raises:
        KGError: when there are too many fields.
    """
    try:
        return parse_qs(query, keep_blank_values=True, max_num_fields=FIELDS, errors="replace")
    except ValueError:
        raise KGError(MANY) from None


def check(given: Iterable[str], page: str) -> None:
    """Refuse an address with a field that its page does not have: nobody should believe that it was heeded.

    Args:
        given: the fields of the address.
        page: path of the page, or kind of the record that it is about.

    Raises:
        UnknownField: when there is one.

    Example:
        >>> check(["focus"], "matrix")
        Traceback (most recent call last):
        kg.browse.parameters.UnknownField: this page has no field 'focus'
    """
    known = TAKES.get(page, frozenset())
    for name in given:
        if name not in known:
            raise UnknownField(name, tuple(sorted(known)))


def read(query: str, page: str) -> Parameters:
    """Read what stands after the question mark; a value that makes no sense is left out.

    Args:
        query: it, as it was sent.
        page: path of the page, or kind of the record that it is about.

    Raises:
        KGError: when there are too many fields, or one that the page does not have.

    Example:
        >>> read("q=what+is+missing&case=haier&page=x", "ask")
        Parameters(choice={'case': frozenset({'haier'})}, page=1, claims=1, question='what is missing', at='', of='', \
depth=2, unfolded=(), expanded=(), sort='author', exact=False, everything=False, whole=False, view='', pictures=True)
    """
    given = fields(query)
    check(given, page)

    def one(name: str) -> str:
        return given.get(name, [""])[-1]

    def number(name: str, least: int, most: int, default: int) -> int:
        value = one(name)
        return min(max(int(value), least), most) if value.isascii() and value.isdigit() and len(value) < 9 else default

    return Parameters(
        choice={facet: values for facet in FACETS if (values := frozenset(given.get(facet, ())) - {""})},
        page=number("page", 1, 10**6, 1),
        claims=number("claims", 1, 10**6, 1),
        question=_line(one("q")),
        at=one("at"),
        of=one("of"),
        depth=number("depth", 1, 6, 2),
        unfolded=tuple(filter(None, given.get("unfold", ()))),
        expanded=tuple(filter(None, given.get("expand", ()))),
        sort=one("sort") if one("sort") in SORTS else SORTS[0],
        exact=one("exact") == "1",
        everything=one("all") == "1",
        view=one("view"),
    )


def _line(text: str) -> str:
    """Return a text in one line, without characters that act and are not seen."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
