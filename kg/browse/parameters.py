"""What stands after the question mark of an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from kg.agreement import UNITS
from kg.errors import KGError, closest
from kg.store.evidence import FACETS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

FIELDS = 200
"""How many fields an address may have."""
MANY = "this address has too many fields; choose less at once"
SORTS = ("author", "year", "title", "cited")
"""What references are sorted by."""
VIEWS = ("cases",)
"""The views of the evidence on a claim besides the first, by stance: cases against stances."""
COUNTED = "a whole number from 1"
"""What a page of a list is named by."""

_EXPLORED = frozenset({"of", "q", "find", "show", "hide", "pin"})
_EVIDENCE = frozenset({*FACETS, "page"})
TAKES: dict[str, frozenset[str]] = {
    "": frozenset({"page"}),
    "ask": _EVIDENCE | {"q", "claims"},
    "matrix": frozenset({"page", "by"}),
    "crosstab": frozenset({"page", "by"}),
    "agreement": frozenset({"page", "unit"}),
    "passages": frozenset({"page", "code", "case", "attribute"}),
    "search": frozenset({"q", "exact", "page"}),
    "references": frozenset({"q", "sort", "page"}),
    **dict.fromkeys(("propositions", "codes", "cases", "sources", "authors", "coders", "waiting"), frozenset({"page"})),
    **dict.fromkeys(("picture", "figure"), frozenset({"of", "q", "case", "stance", "stage"})),
    "explore": _EXPLORED | {"arrangement"},
    "sparql": frozenset({"q", "name"}),
    "suggest": frozenset({"q"}),
    "proposition": _EVIDENCE | {"view"},
    **dict.fromkeys(("concept", "case", "coder"), _EVIDENCE | {"claims"}),
    "code": _EVIDENCE,
    **dict.fromkeys(("relation", "search-record", "reference", "author"), frozenset({"page"})),
    "source": frozenset({"at", "coder", "unit"}),
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


class UnknownValue(KGError):
    """The refusal of an address with a value that makes no sense for its field, with those that do.

    Args:
        field: the field.
        value: the value.
        known: the values that it can have, in their order; none where :attr:`takes` says what they are.
        takes: what it can be, in words, where the values cannot be listed.
    """

    def __init__(self, field: str, value: str, known: tuple[str, ...] = (), takes: str = "") -> None:
        self.field, self.value, self.known, self.takes = field, value, known, takes
        self.suggestions = closest(value, known)
        super().__init__(field, value, known, takes)

    def __str__(self) -> str:
        near = f"; did you mean '{self.suggestions[0]}'?" if self.suggestions else ""
        return f"the field '{self.field}' cannot be '{self.value}'{near or (self.takes and f'; it is {self.takes}')}"


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
        starts: kind and id of each record that exploring begins with, as ``kind/id``.
        shown: the neighbours that are shown, as ``kind/id>kind*number``; None when nobody chose any.
        hidden: kind and id of each record that is not shown.
        pinned: kind and id of each record that was put somewhere, as ``kind/id@height``.
        find: what is looked for among the names of records.
        sort: what references are sorted by, one of :data:`SORTS`.
        exact: whether what is looked for is looked for as it stands.
        whole: whether all of a list is on one page, as in a folder of files.
        view: which of the views of a record is wanted, one of :data:`VIEWS`; empty for the first.
        by: what claims or codes are set against: ``case``, ``code`` or id of an attribute.
        unit: in which units coders are compared, one of :data:`kg.agreement.UNITS`.
        arrangement: id of the arrangement that is opened, or empty.
        pictures: whether pages of documents are shown.
        only: id of the coder whose acts alone are shown of a source; empty for those of all.
    """

    choice: dict[str, frozenset[str]] = field(default_factory=dict)
    page: int = 1
    claims: int = 1
    question: str = ""
    at: str = ""
    of: str = ""
    starts: tuple[str, ...] = ()
    shown: tuple[str, ...] | None = None
    hidden: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    find: str = ""
    sort: str = SORTS[0]
    exact: bool = False
    whole: bool = False
    view: str = ""
    by: str = "case"
    unit: str = "paragraph"
    arrangement: str = ""
    pictures: bool = True
    only: str = ""

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


def check_choice(choice: Mapping[str, Iterable[str]], known: Mapping[str, Collection[str]]) -> None:
    """Refuse to choose evidence by what the study does not have.

    Args:
        choice: wanted values by facet.
        known: the values that there are, by facet.

    Raises:
        UnknownValue: when a value is none of them.

    Example:
        >>> check_choice({"case": ["haire"]}, {"case": ["afu", "haier"]})
        Traceback (most recent call last):
        kg.browse.parameters.UnknownValue: the field 'case' cannot be 'haire'; did you mean 'haier'?
    """
    for facet, values in choice.items():
        for value in sorted(values):
            if value not in known[facet]:
                raise UnknownValue(facet, value, tuple(known[facet]))


def read(query: str, page: str) -> Parameters:
    """Read what stands after the question mark; a field without a value is as if it were not there.

    Args:
        query: it, as it was sent.
        page: path of the page, or kind of the record that it is about.

    Raises:
        KGError: when there are too many fields.
        UnknownField: when there is one that the page does not have.
        UnknownValue: when a value makes no sense for its field.

    Example:
        >>> read("q=what+is+missing&case=haier&page=", "ask")
        Parameters(choice={'case': frozenset({'haier'})}, page=1, claims=1, question='what is missing', at='', of='', \
starts=(), shown=None, hidden=(), pinned=(), find='', sort='author', exact=False, whole=False, view='', by='case', \
unit='paragraph', arrangement='', pictures=True, only='')
    """
    given = fields(query)
    check(given, page)

    def one(name: str) -> str:
        return given.get(name, [""])[-1]

    def number(name: str) -> int:
        value = one(name)
        if not value:
            return 1
        if not (value.isascii() and value.isdigit() and len(value) < 7 and int(value)):
            raise UnknownValue(name, value, takes=COUNTED)
        return int(value)

    def one_of(name: str, known: tuple[str, ...]) -> str:
        value = one(name)
        if value and value not in known:
            raise UnknownValue(name, value, known)
        return value

    return Parameters(
        choice={facet: values for facet in FACETS if (values := frozenset(given.get(facet, ())) - {""})},
        page=number("page"),
        claims=number("claims"),
        question=_line(one("q")),
        at=one("at"),
        of=one("of"),
        starts=tuple(filter(None, given.get("of", ()))),
        shown=tuple(given["show"]) if "show" in given else None,
        hidden=tuple(filter(None, given.get("hide", ()))),
        pinned=tuple(filter(None, given.get("pin", ()))),
        find=_line(one("find")),
        sort=one_of("sort", SORTS) or SORTS[0],
        exact=bool(one_of("exact", ("1",))),
        view=one_of("view", VIEWS),
        by=one("by") or "case",
        arrangement=one("arrangement"),
        unit=one_of("unit", tuple(UNITS)) or "paragraph",
    )


def _line(text: str) -> str:
    """Return a text in one line, without characters that act and are not seen."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
