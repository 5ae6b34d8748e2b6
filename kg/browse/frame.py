"""What pages share: what was asked, a page of a long list, evidence with what it can be chosen by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg import claims, evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    """

    items: Sequence[Any]
    total: int
    page: int
    pages: int


def cut(items: Sequence[Any], asked: Asked, size: int = PER_PAGE, *, claims: bool = False) -> Slice:
    """Take one page of a list.

    Args:
        items: the whole list.
        asked: says which page; one past the end is the last.
        size: how many are on a page.
        claims: whether it is the list of claims above the evidence, which has pages of its own.
    """
    if asked.whole:
        return Slice(items, len(items), 1, 1)
    pages = max(1, -(-len(items) // size))
    page = min(max(asked.claims if claims else asked.page, 1), pages)
    return Slice(items[(page - 1) * size : page * size], len(items), page, pages)


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
    wanted: Iterable[str] | None,
    first: str | None = None,
    fixed: str = "",
    value: str = "",
    loaded: dict[str, claims.Line] | None = None,
) -> dict[str, Any]:
    """Choose evidence and fill the lines of one page of it.

    Args:
        view: the study.
        asked: says what is chosen, and which page.
        wanted: ids of the claims it bears on; None means all.
        first: the stance that comes first, if one was asked for.
        fixed: a facet that the page is about, with its value.
        value: the value.
        loaded: lines by id, when all were read already.

    Returns:
        What the templates show of it.
    """
    key = (tuple(wanted) if wanted is not None else None, fixed, value, tuple(sorted(asked.choice.items())))
    of, chosen, found = view.choice(*key)
    if first:
        chosen = sorted(chosen, key=lambda line: line.stance != first)
    part = cut(chosen, asked)
    return {
        "facets": [f for f in facets(found, asked.choice) if f.name != fixed],
        "lines": [loaded[line.id] for line in part.items]
        if loaded is not None
        else claims.load_lines(view.engine, [line.id for line in part.items]),
        "part": part,
        "of": of,
        "chosen": asked.chosen(),
    }


def standing(view: View, wanted: Iterable[str]) -> list[dict[str, Any]]:
    """Say of claims how they stand.

    Args:
        view: the study.
        wanted: ids of the claims.

    Returns:
        Rows as the query ``claims`` has them, with the claim's state and its number of lines by stance.
    """
    return [
        {**view.claims[c], "state": view.evidence.state(c), "tally": evidence.tally(view.evidence.by_claim[c])}
        for c in wanted
    ]


def by_case(view: View, lines: Iterable[evidence.Line]) -> list[tuple[str, list[int]]]:
    """Set cases against stances; a case without a line is shown, too.

    Args:
        view: the study.
        lines: what is counted.

    Returns:
        Id of the case, or ``literature``, and the number of lines of each stance.
    """
    counts = Counter((case, line.stance) for line in lines for case in line.cases)
    return [
        (case, [counts[case, stance] for stance in claims.STANCES]) for case in (*view.ids("case"), evidence.LITERATURE)
    ]
