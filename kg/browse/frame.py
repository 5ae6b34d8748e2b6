"""What pages share: a page, a part of a long list, evidence with what it can be chosen by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from kg import claims
from kg.store import passages

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from _typeshed import DataclassInstance

    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy

PER_PAGE = 25
"""How many evidence lines, passages or records a page shows."""
CLAIMS = 30
"""How many claims a page lists above its evidence."""
FEW = 12
"""How many values of a facet are shown before the rest."""
FACET_KINDS = {"case": "case", "stance": "", "stage": "concept", "code": "code", "coder": "coder", "attribute": "value"}
"""The kind of record that the values of a facet are ids of, or empty."""


@dataclass(frozen=True)
class Page:
    """A page: its content, and what stands around that.

    Args:
        template: name of its template.
        title: what it is about.
        path: its path, without the language.
        content: what stands on it; the template has its fields.
        record: kind and id of the record it is about, if it is about one.
        shows: kind and id of the records that it lists, which are its data when it is about no single one.
        trail: kind and id of what it belongs to, from the theory on.
        kept: what stands after the question mark of every address of this page.
        passing: whether it says what may change without a build, so that it is made anew each time.
    """

    template: str
    title: str
    path: str
    content: DataclassInstance
    record: tuple[str, str] | None = None
    shows: tuple[tuple[str, str], ...] = ()
    trail: tuple[tuple[str, str], ...] = ()
    kept: Mapping[str, object] = field(default_factory=dict)
    passing: bool = False


T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a long list.

    Args:
        items: what is on it.
        total: how many there are.
        page: which page it is, from 1.
        pages: how many there are.
        start: how many stand on the pages before.
    """

    items: Sequence[T]
    total: int
    page: int
    pages: int
    start: int

    @property
    def stop(self) -> int:
        """Return how many stand on this page and those before."""
        return self.start + len(self.items)

    def of(self, items: Sequence[U]) -> Slice[U]:
        """Return the same page with other items in place of these.

        Args:
            items: one for each.
        """
        return Slice(items, self.total, self.page, self.pages, self.start)


def cut(items: Sequence[T], parameters: Parameters, size: int = PER_PAGE, *, claims: bool = False) -> Slice[T]:
    """Take one page of a list.

    Args:
        items: the whole list.
        parameters: says which page; one past the end is the last.
        size: how many are on a page.
        claims: whether it is the list of claims above the evidence, which has pages of its own.
    """
    if parameters.whole:
        return Slice(items, len(items), 1, 1, 0)
    pages = max(1, -(-len(items) // size))
    page = min(max(parameters.claims if claims else parameters.page, 1), pages)
    start = (page - 1) * size
    return Slice(items[start : start + size], len(items), page, pages, start)


@dataclass(frozen=True)
class Facet:
    """A facet of a filter, such as the case.

    Args:
        name: one of :data:`kg.store.evidence.FACETS`.
        kind: kind of record that its values are ids of, or empty.
        options: value, number of lines, and whether it is chosen; the first :data:`FEW`.
        more: the others.
    """

    name: str
    kind: str
    options: tuple[tuple[str, int, bool], ...]
    more: tuple[tuple[str, int, bool], ...]


def facets(counts: dict[str, Counter[str]], choice: dict[str, frozenset[str]]) -> list[Facet]:
    """Return what evidence can be chosen by, with counts.

    Args:
        counts: number of lines by value, for each facet.
        choice: wanted values by facet.
    """
    shown = []
    for name, tally in counts.items():
        chosen = choice.get(name, frozenset())
        # What was chosen is shown even if nothing has it, so that it can be taken back.
        values = {**tally, **{value: tally.get(value, 0) for value in chosen}}
        if name == "stance":
            order = [s for s in claims.STANCES if s in values]
        else:
            order = sorted(values, key=lambda value: (value not in chosen, -values[value], value))
        options = tuple((value, values[value], value in chosen) for value in order)
        if len(options) > 1 or chosen:
            shown.append(Facet(name, FACET_KINDS[name], options[:FEW], options[FEW:]))
    return shown


@dataclass(frozen=True)
class Evidence:
    """Evidence to choose from, with one page of what is chosen.

    Args:
        lines: the evidence lines on this page.
        part: which page it is, and how many are chosen.
        total: how many there are to choose from.
        facets: what they can be chosen by.
        chosen: what is chosen, as it stands in an address.
    """

    lines: Sequence[claims.Line]
    part: Slice[int]
    total: int
    facets: Sequence[Facet]
    chosen: Mapping[str, tuple[str, ...]]


def chosen_evidence(
    study: BuiltStudy,
    parameters: Parameters,
    lines: int,
    first: str | None = None,
    fixed: str = "",
    loaded: dict[str, claims.Line] | None = None,
) -> Evidence:
    """Choose evidence and fill the lines of one page of it.

    Args:
        study: the study.
        parameters: says what is chosen, and which page.
        lines: what is chosen from.
        first: the stance that comes first, if one was asked for.
        fixed: a facet that the page is about.
        loaded: lines by id, when all were read already.
    """
    every = study.evidence
    chosen = every.choose(lines, parameters.choice)
    part = cut(range(chosen.bit_count()), parameters)
    before = chosen & every.having("stance", first) if first else 0
    led = before.bit_count()
    ids = [
        *every.ids(before, min(part.start, led), min(part.stop, led)),
        *every.ids(chosen & ~before, max(part.start - led, 0), max(part.stop - led, 0)),
    ]
    return Evidence(
        [loaded[line] for line in ids] if loaded is not None else passages.lines(study.tables, ids),
        part,
        lines.bit_count(),
        [f for f in facets(every.counts(lines, parameters.choice), parameters.choice) if f.name != fixed],
        parameters.chosen(),
    )
