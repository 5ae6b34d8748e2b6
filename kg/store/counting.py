"""How many passages there are of each source, code, reference and coder, counted in the tables of a build."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store.tables import Tables


def by_source(tables: Tables) -> dict[str, int]:
    """Return how many passages each source has that has any.

    Args:
        tables: the tables of a build.
    """
    return dict(tables.sql("SELECT source, count(*) FROM excerpt GROUP BY source"))


def by_code(tables: Tables) -> dict[str, int]:
    """Return how many passages have each code that any has.

    Args:
        tables: the tables of a build.
    """
    # Places are counted from 0 without a gap.
    return dict(tables.sql("SELECT code, max(place) + 1 FROM coded GROUP BY code"))


def by_reference(tables: Tables) -> dict[str, int]:
    """Return how many passages rest on each reference that any rests on.

    Args:
        tables: the tables of a build.
    """
    return dict(tables.sql("SELECT reference, count(DISTINCT excerpt) FROM citing GROUP BY reference"))


def of_code_by_case(tables: Tables, code: str) -> dict[str | None, int]:
    """Return how many passages have a code in each case, and outside of all cases under None.

    Args:
        tables: the tables of a build.
        code: its id.
    """
    text = """
        SELECT s.[case], count(*) FROM coded c JOIN excerpt e ON e.id = c.excerpt JOIN sources s ON s.source = e.source
        WHERE c.code = :code GROUP BY s.[case] ORDER BY s.[case] IS NULL, s.[case]"""
    return dict(tables.sql(text, code=code))


def of_coder_by_code(tables: Tables, coder: str) -> dict[str, int]:
    """Return how many passages a coder gave each code, the most frequent first.

    Args:
        tables: the tables of a build.
        coder: id of the coder.
    """
    text = """
        SELECT code, count(DISTINCT excerpt) FROM coding WHERE coder = :coder GROUP BY code
        ORDER BY count(DISTINCT excerpt) DESC, code"""
    return dict(tables.sql(text, coder=coder))


def coders(tables: Tables, code: str, excerpts: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return who gave a code to some passages, and when, by the passage's id.

    Args:
        tables: the tables of a build.
        code: its id.
        excerpts: ids of the passages.
    """
    text = """
        SELECT DISTINCT c.excerpt, c.coder, c.date FROM json_each(:ids) j CROSS JOIN coding c ON c.excerpt = j.value
        WHERE c.code = :code ORDER BY c.excerpt, c.date, c.coder"""
    given: dict[str, list[tuple[str, str]]] = {}
    for excerpt, coder, date in tables.sql(text, ids=json.dumps(excerpts), code=code):
        given.setdefault(excerpt, []).append((coder, date))
    return given
