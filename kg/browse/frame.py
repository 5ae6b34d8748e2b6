"""What pages share: what was asked, a page of a long list, evidence with what it can be chosen by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg import claims
from kg.browse import passages

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from kg.browse.view import View

PER_PAGE = 25
"""How many evidence lines, passages or records a page shows."""
CLAIMS = 30
"""How many claims a page lists above its evidence."""
FEW = 12
"""How many values of a facet are shown before the rest."""


@dataclass(frozen=True)
class Asked:
    """Hold what stands after the question mark of an address.

    Args:
        choice: wanted values by facet.
        page: which page of a long list, from 1.
        claims: which page of the claims above it, from 1.
        question: what was asked.
        at: the passage that was followed, as ``start-end``.
        text: what is looked for in the sources.
        of: kind and id of the record that is drawn, as ``kind/id``.
        depth: how many links away from it.
        unfolded: keys of nodes that are drawn one by one.
        expanded: keys of nodes whose neighbours are drawn too, with the neighbours' kind, as ``kind/id>kind``.
        everything: whether more than :data:`DRAWN` nodes are drawn.
        whole: whether all of a list is on one page, as in a folder of files.
    """

    choice: dict[str, frozenset[str]] = field(default_factory=dict)
    page: int = 1
    claims: int = 1
    question: str = ""
    at: str = ""
    text: str = ""
    of: str = ""
    depth: int = 2
    unfolded: tuple[str, ...] = ()
    expanded: tuple[str, ...] = ()
    everything: bool = False
    whole: bool = False

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return what is chosen as it stands in an address."""
        return {facet: tuple(sorted(values)) for facet, values in self.choice.items() if values}


@dataclass(frozen=True)
class Page:
    """Hold a page.

    Args:
        template: name of its template.
        title: what it is about.
        path: its path, without the language.
        content: what the template shows.
        record: kind and id of the record it is about, if it is about one.
        shows: kind and id of the records that it lists, which are its data when it is about no single one.
        trail: kind and id of what it belongs to, from the theory on.
    """

    template: str
    title: str
    path: str
    content: dict[str, Any]
    record: tuple[str, str] | None = None
    shows: tuple[tuple[str, str], ...] = ()
    trail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Slice:
    """Hold one page of a long list.

    Args:
        items: what is on it.
        total: how many there are.
        page: which page it is, from 1.
        pages: how many there are.
        start: how many stand on the pages before.
    """

    items: Sequence[Any]
    total: int
    page: int
    pages: int
    start: int

    @property
    def stop(self) -> int:
        """Return how many stand on this page and those before."""
        return self.start + len(self.items)


def cut(items: Sequence[Any], asked: Asked, size: int = PER_PAGE, *, claims: bool = False) -> Slice:
    """Take one page of a list.

    Args:
        items: the whole list.
        asked: says which page; one past the end is the last.
        size: how many are on a page.
        claims: whether it is the list of claims above the evidence, which has pages of its own.
    """
    if asked.whole:
        return Slice(items, len(items), 1, 1, 0)
    pages = max(1, -(-len(items) // size))
    page = min(max(asked.claims if claims else asked.page, 1), pages)
    start = (page - 1) * size
    return Slice(items[start : start + size], len(items), page, pages, start)


@dataclass(frozen=True)
class Facet:
    """Hold a facet of a filter.

    Args:
        name: case, stance, stage, code or coder.
        kind: kind of record that its values are ids of, or empty.
        options: value, number of lines, and whether it is chosen; the first :data:`FEW`.
        more: the others.
    """

    name: str
    kind: str
    options: tuple[tuple[str, int, bool], ...]
    more: tuple[tuple[str, int, bool], ...]


def facets(counts: dict[str, Counter[str]], choice: dict[str, frozenset[str]]) -> list[Facet]:
    """Say what evidence can be chosen by, with counts.

    Args:
        counts: number of lines by value, for each facet.
        choice: wanted values by facet.
    """
    kinds = {"case": "case", "stage": "concept", "code": "code", "coder": "coder"}
    found = []
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
            found.append(Facet(name, kinds.get(name, ""), options[:FEW], options[FEW:]))
    return found


def chosen_evidence(
    view: View,
    asked: Asked,
    lines: int,
    first: str | None = None,
    fixed: str = "",
    loaded: dict[str, claims.Line] | None = None,
) -> dict[str, Any]:
    """Choose evidence and fill the lines of one page of it.

    Args:
        view: the study.
        asked: says what is chosen, and which page.
        lines: what is chosen from.
        first: the stance that comes first, if one was asked for.
        fixed: a facet that the page is about.
        loaded: lines by id, when all were read already.

    Returns:
        What the templates show of it.
    """
    known = view.evidence
    chosen = known.choose(lines, asked.choice)
    part = cut(range(chosen.bit_count()), asked)
    before = chosen & known.having("stance", first) if first else 0
    led = before.bit_count()
    ids = [
        *known.ids(before, min(part.start, led), min(part.stop, led)),
        *known.ids(chosen & ~before, max(part.start - led, 0), max(part.stop - led, 0)),
    ]
    return {
        "facets": [f for f in facets(known.counts(lines, asked.choice), asked.choice) if f.name != fixed],
        "lines": [loaded[line] for line in ids] if loaded is not None else passages.lines(view.tables, ids),
        "part": part,
        "of": lines.bit_count(),
        "chosen": asked.chosen(),
    }


def by_case(view: View, lines: int) -> list[tuple[str, list[int]]]:
    """Set cases against stances; a case without a line is shown, too.

    Args:
        view: the study.
        lines: what is counted.

    Returns:
        Id of the case, or ``literature``, and the number of lines of each stance.
    """
    known = view.evidence
    cases = (*view.ids("case"), claims.LITERATURE)
    return [(case, [*known.tally(lines & known.having("case", case)).values()]) for case in cases]
