"""Read passages and evidence lines from the tables of a build, all that a page shows at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.claims import Line, Passage
from kg.store.tables import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store.tables import Tables

_PASSAGES = """
SELECT e.id, e.source, e.paragraph, e.start, e."end", e.quote, e.codes, e.citations
FROM json_each(:ids) j CROSS JOIN excerpt e ON e.id = j.value ORDER BY j.key
"""
_OF_SOURCE = """
SELECT e.id, e.source, e.paragraph, e.start, e."end", e.quote, e.codes, e.citations
FROM excerpt e WHERE e.source = :source ORDER BY e.start, e."end"
"""
_LINES = """
SELECT n.id, n.claim, n.stance, n.strength, n.stated, n.lowered, n.status, n.rationale, n.coder, n.date, n.excerpts
FROM json_each(:ids) j CROSS JOIN line n ON n.id = j.value ORDER BY j.key
"""


def passages(tables: Tables, ids: Iterable[str]) -> dict[str, Passage]:
    """Read some passages.

    Args:
        tables: the tables of a build.
        ids: ids of excerpts; those that are not there are left out.

    Returns:
        The passages by id, in the order of the ids.
    """
    return _read(tables, tables.sql(_PASSAGES, ids=json.dumps([*ids])))


def of_source(tables: Tables, source: str) -> dict[str, Passage]:
    """Read the passages of a source.

    Args:
        tables: the tables of a build.
        source: its id.

    Returns:
        The passages by id, in the order in which they begin.
    """
    return _read(tables, tables.sql(_OF_SOURCE, source=source))


def _read(tables: Tables, rows: Iterable[tuple[Any, ...]]) -> dict[str, Passage]:
    return {
        key: Passage(key, source, tables.cases[source], paragraph, start, end, quote, _split(codes), _split(references))
        for key, source, paragraph, start, end, quote, codes, references in rows
    }


def lines(tables: Tables, ids: Sequence[str]) -> list[Line]:
    """Read some evidence lines with their passages.

    Args:
        tables: the tables of a build.
        ids: ids of evidence lines.

    Returns:
        The lines, in the order of the ids.
    """
    rows = tables.sql(_LINES, ids=json.dumps(ids))
    known = passages(tables, dict.fromkeys(e for row in rows for e in _split(row[-1])))
    found = []
    for key, claim, stance, strength, stated, lowered, status, rationale, coder, date, excerpts in rows:
        mine = tuple(known[e] for e in _split(excerpts))
        found.append(Line(key, claim, stance, strength, stated, lowered, status, rationale, coder, date, mine))
    return found


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(BETWEEN)) if cell else ()
