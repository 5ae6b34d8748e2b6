"""What stands after the question mark of an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs

from kg.errors import KGError
from kg.store.evidence import FACETS

FIELDS = 200
"""How many fields an address may have."""
MANY = "this address has too many fields; choose less at once"


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
        exact: whether what is looked for is looked for as it stands.
        everything: whether more than :data:`kg.browse.pages.DRAWN` nodes are drawn.
        whole: whether all of a list is on one page, as in a folder of files.
        view: which of the views of a record is wanted; empty for the first.
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
    exact: bool = False
    everything: bool = False
    whole: bool = False
    view: str = ""

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
        return parse_qs(query, max_num_fields=FIELDS, errors="replace")
    except ValueError:
        raise KGError(MANY) from None


def read(query: str) -> Parameters:
    """Read what stands after the question mark; what makes no sense is left out.

    Args:
        query: it, as it was sent.

    Raises:
        KGError: when there are too many fields.

    Example:
        >>> read("q=what+is+missing&case=haier&page=x")
        Parameters(choice={'case': frozenset({'haier'})}, page=1, claims=1, question='what is missing', at='', of='', \
depth=2, unfolded=(), expanded=(), exact=False, everything=False, whole=False, view='')
    """
    given = fields(query)

    def one(name: str) -> str:
        return given.get(name, [""])[-1]

    def number(name: str, least: int, most: int, default: int) -> int:
        value = one(name)
        return min(max(int(value), least), most) if value.isascii() and value.isdigit() and len(value) < 9 else default

    return Parameters(
        choice={facet: frozenset(given[facet]) for facet in FACETS if facet in given},
        page=number("page", 1, 10**6, 1),
        claims=number("claims", 1, 10**6, 1),
        question=_line(one("q")),
        at=one("at"),
        of=one("of"),
        depth=number("depth", 1, 6, 2),
        unfolded=tuple(given.get("unfold", ())),
        expanded=tuple(given.get("expand", ())),
        exact=one("exact") == "1",
        everything=one("all") == "1",
        view=one("view"),
    )


def _line(text: str) -> str:
    """Return a text in one line, without characters that act and are not seen."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
