"""How many passages there are of each source, code, reference and coder, counted in the tables of a build."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store.tables import Tables


def by_source(tables: Tables) -> dict[str, int]:
    """Return how many passages each source has that has any.

    Args:
        tables: the tables of a build.
    """
    return dict(tables.sql("SELECT source, count(*) FROM excerpt GROUP BY source"))


def uncoded_by_source(tables: Tables) -> dict[str, int]:
    """Return how many paragraphs of each source have no passage, and no memo that says why not; those with any.

    Args:
        tables: the tables of a build.
    """
    text = """
        SELECT p.source, p.start, p."end" FROM paragraph p JOIN sources s ON s.source = p.source
        WHERE s.role <> 'theory' AND NOT EXISTS (
            SELECT 1 FROM uncoded_paragraphs u WHERE u.source = p.source AND u.paragraph = p.label)
        ORDER BY p.source, p.start"""
    # Both are sorted, so one walk along them finds what no passage reaches, however many there are.
    passages = iter(tables.sql('SELECT source, start, "end" FROM excerpt ORDER BY source, start'))
    passage, reached, number = next(passages, None), ("", 0), Counter[str]()
    for source, start, end in tables.sql(text):
        while passage and (passage[0], passage[1]) < (source, end):
            reached = max(reached, (passage[0], passage[2]))
            passage = next(passages, None)
        if reached <= (source, start):
            number[source] += 1
    return dict(number)


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


class Uncounted(NamedTuple):
    """An evidence line that does not count.

    Args:
        id: its id.
        claim: id of the proposition.
        stance: supports, opposes or qualifies.
        status: withdrawn, superseded or disputed.
    """

    id: str
    claim: str
    stance: str
    status: str


def of_coder_by_claim(tables: Tables, coder: str) -> dict[str, int]:
    """Return how many passages of the theory a coder said to state each claim.

    Args:
        tables: the tables of a build.
        coder: id of the coder.
    """
    text = """
        SELECT claim, count(DISTINCT excerpt) FROM assertion WHERE coder = :coder GROUP BY claim
        ORDER BY count(DISTINCT excerpt) DESC, claim"""
    return dict(tables.sql(text, coder=coder))


def uncounted(tables: Tables, coder: str) -> list[Uncounted]:
    """Return the evidence lines of a coder that do not count, by claim and id.

    Args:
        tables: the tables of a build.
        coder: id of the coder.
    """
    text = "SELECT id, claim, stance, status FROM line WHERE coder = :coder AND status <> 'active' ORDER BY claim, id"
    return [Uncounted(*row) for row in tables.sql(text, coder=coder)]


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
