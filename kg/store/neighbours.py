"""The neighbours of records in SQL: each link of the graph, from either end."""

from __future__ import annotations

from functools import lru_cache

_CLAIM_OR_CONCEPT = "CASE WHEN EXISTS (SELECT 1 FROM claims WHERE claim = about) THEN 'proposition' ELSE 'concept' END"
# fmt: off
LINKS = (
    ("proposition", "'subject'", "to", "'concept'", "subject", "NULL", "claims WHERE claim = wanted"),
    ("proposition", "'object'", "to", "'concept'", "object", "NULL", "claims WHERE claim = wanted"),
    ("proposition", "'relation'", "to", "'relation'", "relation", "NULL", "claims WHERE claim = wanted"),
    ("proposition", "'stage'", "to", "'concept'", "stage", "NULL", "claims WHERE claim = wanted AND stage IS NOT NULL"),
    ("concept", "'subject'", "from", "'proposition'", "claim", "NULL", "claims WHERE subject = wanted"),
    ("concept", "'object'", "from", "'proposition'", "claim", "NULL", "claims WHERE object = wanted"),
    ("relation", "'relation'", "from", "'proposition'", "claim", "NULL", "claims WHERE relation = wanted"),
    ("concept", "'stage'", "from", "'proposition'", "claim", "NULL", "claims WHERE stage = wanted"),
    ("concept", "property", "to", "'concept'", "value", "NULL", "concept WHERE concept = wanted AND property IN ('broader', 'related')"),
    ("concept", "property", "from", "'concept'", "concept", "NULL", "concept WHERE value = wanted AND property IN ('broader', 'related')"),
    ("code", "property", "to", "target", "value", "NULL", "code WHERE id = wanted AND property IN ('broader', 'indicates')"),
    ("code", "property", "from", "'code'", "id", "NULL", "code WHERE value = wanted AND property = 'broader'"),
    ("concept", "property", "from", "'code'", "id", "NULL", "code WHERE value = wanted AND property = 'indicates'"),
    ("source", "'case'", "to", "'case'", "[case]", "NULL", "sources WHERE source = wanted AND [case] IS NOT NULL"),
    ("case", "'case'", "from", "'source'", "source", "NULL", "sources WHERE [case] = wanted"),
    ("source", "'cites'", "to", "'reference'", "reference", "NULL", "sources WHERE source = wanted AND reference IS NOT NULL"),
    ("reference", "'cites'", "from", "'source'", "source", "NULL", "sources WHERE reference = wanted"),
    ("reference", "'creator'", "to", "'author'", "author", "NULL", "references_by_author WHERE reference = wanted"),
    ("author", "'creator'", "from", "'reference'", "reference", "NULL", "references_by_author WHERE author = wanted"),
    ("question", "'about'", "to", "'concept'", "about", "NULL", "open_questions WHERE question = wanted"),
    ("concept", "'about'", "from", "'question'", "question", "NULL", "open_questions WHERE about = wanted"),
    ("question", "'candidate'", "to", "'concept'", "candidate", "NULL", "open_questions WHERE question = wanted AND candidate IS NOT NULL"),
    ("concept", "'candidate'", "from", "'question'", "question", "NULL", "open_questions WHERE candidate = wanted"),
    ("search", "'case'", "to", "'case'", "[case]", "NULL", "searches WHERE search = wanted AND [case] IS NOT NULL"),
    ("case", "'case'", "from", "'search'", "search", "NULL", "searches WHERE [case] = wanted"),
    ("search", "'about'", "to", _CLAIM_OR_CONCEPT, "about", "NULL", "searches ON search = wanted"),
    ("proposition", "'about'", "from", "'search'", "search", "NULL", "searches WHERE about = wanted"),
    ("concept", "'about'", "from", "'search'", "search", "NULL", "searches WHERE about = wanted AND NOT EXISTS (SELECT 1 FROM claims WHERE claim = about)"),
    ("excerpt", "'source'", "to", "'source'", "source", "NULL", "excerpt WHERE id = wanted"),
    ("excerpt", "'cites'", "to", "'reference'", "reference", "NULL", "citing WHERE excerpt = wanted"),
    ("excerpt", "'coded'", "to", "'code'", "code", "NULL", "coding WHERE excerpt = wanted"),
    ("excerpt", "'asserts'", "to", "'proposition'", "claim", "NULL", "assertion WHERE excerpt = wanted"),
    ("excerpt", "n.stance", "to", "'proposition'", "n.claim", "NULL", "line_excerpt m JOIN line n ON n.id = m.line WHERE m.excerpt = wanted AND n.status = 'active'"),
    ("source", "'source'", "from", "'excerpt'", "id", "quote", "excerpt WHERE source = wanted"),
    ("reference", "'cites'", "from", "'excerpt'", "e.id", "e.quote", "citing r JOIN excerpt e ON e.id = r.excerpt WHERE r.reference = wanted"),
    ("code", "'coded'", "from", "'excerpt'", "e.id", "e.quote", "coding c JOIN excerpt e ON e.id = c.excerpt WHERE c.code = wanted"),
    ("proposition", "'asserts'", "from", "'excerpt'", "e.id", "e.quote", "assertion a JOIN excerpt e ON e.id = a.excerpt WHERE a.claim = wanted"),
    ("proposition", "n.stance", "from", "'excerpt'", "e.id", "e.quote", "line n JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt WHERE n.claim = wanted AND n.status = 'active'"),
)
# fmt: on
"""Neighbours: kind of the record; their link, way, kind, id and quote in SQL; and where they are found."""


@lru_cache(maxsize=128)
def text(kind: str, into: tuple[str, ...]) -> str:
    """Write the SQL for the neighbours of a kind that are of some kinds, or of any; empty when there are none."""
    # SQLite never reorders a CROSS JOIN (https://sqlite.org/optoverview.html): what is asked is read first, and its
    # neighbours are looked up for each.
    parts = [
        f"SELECT wanted, {link}, '{way}', {other}, {identifier}, {quote} FROM asked CROSS JOIN {place}"
        for one, link, way, other, identifier, quote, place in LINKS
        # A kind that differs from row to row is no literal.
        if one == kind and (not into or other.strip("'") in into or other[0] != "'")
    ]
    return f"WITH asked (wanted) AS (SELECT value FROM json_each(:ids)) {' UNION ALL '.join(parts)}" if parts else ""
