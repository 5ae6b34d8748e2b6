"""Read passages and evidence lines from the tables of a build, all that a page shows at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.claims import Line, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.tables import Tables

BETWEEN = "\n"
"""What stands between ids in a cell; no id has it."""

_PASSAGES = """
SELECT e.id, e.source, s.[case], e.paragraph, e.start, e."end", e.quote,
  (SELECT group_concat(code, :between) FROM (SELECT DISTINCT code FROM coding WHERE excerpt = e.id ORDER BY code)),
  (SELECT group_concat(reference, :between) FROM (SELECT reference FROM citing WHERE excerpt = e.id ORDER BY reference))
FROM json_each(:ids) j CROSS JOIN excerpt e ON e.id = j.value JOIN sources s ON s.source = e.source ORDER BY j.key
"""
_LINES = """
SELECT n.id, n.claim, n.stance, n.strength, n.stated, n.lowered, n.status, n.rationale, n.coder, n.date,
  (SELECT group_concat(id, :between) FROM (
    SELECT e.id FROM line_excerpt m JOIN excerpt e ON e.id = m.excerpt
    WHERE m.line = n.id ORDER BY e.source, e.start, e."end"))
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
    rows = tables.sql(_PASSAGES, ids=json.dumps([*ids]), between=BETWEEN)
    return {
        key: Passage(key, source, case, paragraph, start, end, quote, _split(codes), _split(references))
        for key, source, case, paragraph, start, end, quote, codes, references in rows
    }


def lines(tables: Tables, ids: Sequence[str]) -> list[Line]:
    """Read some evidence lines with their passages.

    Args:
        tables: the tables of a build.
        ids: ids of evidence lines.

    Returns:
        The lines, in the order of the ids.
    """
    rows = tables.sql(_LINES, ids=json.dumps(ids), between=BETWEEN)
    known = passages(tables, dict.fromkeys(e for row in rows for e in _split(row[-1])))
    found = []
    for key, claim, stance, strength, stated, lowered, status, rationale, coder, date, excerpts in rows:
        mine = tuple(known[e] for e in _split(excerpts))
        found.append(Line(key, claim, stance, strength, stated, lowered, status, rationale, coder, date, mine))
    return found


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split(BETWEEN)) if cell else ()
