"""What stands around records, for exploring: how much of each kind, some of it, and the links among what is shown.

A record may have a hundred thousand neighbours, so they are counted where they lie and only those that are wanted read.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import claims
from kg.store import neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.tables import Tables

# fmt: off
_LINKS = (
    *neighbours.LINKS,
    ("line", "stance", "to", "'proposition'", "claim", "NULL", "line WHERE id = wanted"),
    ("line", "'quotes'", "to", "'excerpt'", "excerpt", "NULL", "line_excerpt WHERE line = wanted"),
    ("coder", "'coded by'", "from", "'excerpt'", "excerpt", "NULL", "coding WHERE coder = wanted"),
    ("excerpt", "'coded by'", "to", "'coder'", "coder", "NULL", "coding WHERE excerpt = wanted"),
)
# fmt: on
"""The links of the named query ``neighbours``, with those of coders, and from an evidence line."""
_RANKS = {
    "n.stance": "CASE n.strength WHEN 'strong' THEN 0 WHEN 'moderate' THEN 1 ELSE 2 END",
    "'source'": "start",
}
"""What neighbours by a link are ordered by before their ids: evidence by strength, passages of a source by place."""
_ASKED = "WITH asked (wanted) AS (SELECT value FROM json_each(:ids))"
KINDS = tuple(dict.fromkeys(kind for kind, *_ in _LINKS))
"""The kinds of records that have neighbours."""


class Count(NamedTuple):
    """The number of a record's neighbours of one kind.

    Args:
        total: how many there are.
        links: how many there are by link; one that is joined in two ways counts in both.
    """

    total: int
    links: tuple[tuple[str, int], ...]


def order(link: str) -> tuple[int, str]:
    """Return what links are sorted by: stances first, then what is asserted, the parts of a claim, the others by name.

    Args:
        link: name of a link.
    """
    first = (*claims.STANCES, "asserts", "subject", "relation", "object", "stage")
    return (first.index(link) if link in first else len(first), link)


@lru_cache
def _parts(kind: str, way: str = "") -> tuple[str, ...]:
    # SQLite never reorders a CROSS JOIN (https://sqlite.org/optoverview.html): what is asked is read first.
    return tuple(
        f"SELECT wanted, {link} AS link, {other} AS kind, {identifier} AS id, {_RANKS.get(link, '0')} AS rank "
        f"FROM asked CROSS JOIN {place}"
        for one, link, leads, other, identifier, _, place in _LINKS
        if one == kind and leads.startswith(way)
    )


def counted(tables: Tables, kind: str, ids: Sequence[str]) -> dict[str, dict[str, Count]]:
    """Count the neighbours of some records by their kind.

    Args:
        tables: the tables of a build.
        kind: kind of the records.
        ids: their ids.

    Returns:
        Counts by the neighbours' kind, by id; of a record without neighbours none.
    """
    numbers: dict[str, dict[str, Count]] = {identifier: {} for identifier in ids}
    if not (parts := _parts(kind)):
        return numbers
    found = f"{_ASKED}, found AS ({' UNION ALL '.join(parts)})"
    links: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for wanted, other, link, number in tables.sql(
        f"{found} SELECT wanted, kind, link, count(DISTINCT id) FROM found GROUP BY wanted, kind, link",
        ids=json.dumps(ids),
    ):
        links.setdefault((wanted, other), []).append((link, number))
    twice = sorted({wanted for (wanted, _), some in links.items() if len(some) > 1})
    totals: dict[tuple[str, str], int] = {}
    if twice:
        rows = tables.sql(
            f"{found} SELECT wanted, kind, count(DISTINCT id) FROM found GROUP BY wanted, kind", ids=json.dumps(twice)
        )
        totals = {(wanted, other): number for wanted, other, number in rows}
    for (wanted, other), some in sorted(links.items()):
        some.sort(key=lambda pair: order(pair[0]))
        numbers[wanted][other] = Count(totals.get((wanted, other), some[0][1]), tuple(some))
    return numbers


def first(tables: Tables, kind: str, identifier: str, into: str, number: int) -> list[str]:
    """Return the first neighbours of a record that are of one kind.

    They are taken from each link in turn, so that a part of them shows what speaks against a claim as well as what
    speaks for it; of each the strongest evidence first, passages of a source by place, then by id.

    Args:
        tables: the tables of a build.
        kind: kind of the record.
        identifier: its id.
        into: kind of the neighbours.
        number: how many are wanted.
    """
    by_link: dict[str, list[tuple[int, str]]] = {}
    for part in _parts(kind):
        stances = claims.STANCES if " n.stance AS link" in part else ("",)
        for stance in stances:
            chosen = " AND link = :stance" if stance else ""
            rows: Iterable[tuple[Any, ...]] = tables.sql(
                f"{_ASKED} SELECT link, min(rank), id FROM ({part}) WHERE kind = :into{chosen} "
                "GROUP BY link, id ORDER BY 2, 3 LIMIT :number",
                ids=json.dumps([identifier]),
                into=into,
                number=number,
                **({"stance": stance} if stance else {}),
            )
            for link, rank, other in rows:
                by_link.setdefault(link, []).append((rank, other))
    turns = [sorted(by_link[link]) for link in sorted(by_link, key=order)]
    longest = max(map(len, turns), default=0)
    drawn = [some[turn][1] for turn in range(longest) for some in turns if turn < len(some)]
    return [*dict.fromkeys(drawn)][:number]


def leading(tables: Tables, kind: str, ids: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Return the links that lead from some records; of these each has few, whatever the size of the study.

    Args:
        tables: the tables of a build.
        kind: kind of the records.
        ids: their ids.

    Returns:
        Id of the record, link, kind and id of what it leads to; sorted, each once.
    """
    if not (parts := _parts(kind, "to")):
        return []
    rows = tables.sql(f"{_ASKED} {' UNION ALL '.join(parts)}", ids=json.dumps(ids))
    return sorted({(wanted, link, other, identifier) for wanted, link, other, identifier, _ in rows})


def quotes(tables: Tables, ids: Sequence[str]) -> dict[str, str]:
    """Return the words of passages by their ids; a passage that is not there has none.

    Args:
        tables: the tables of a build.
        ids: ids of excerpts.
    """
    text = "SELECT e.id, e.quote FROM json_each(:ids) j CROSS JOIN excerpt e ON e.id = j.value"
    return dict(tables.sql(text, ids=json.dumps(ids)))
