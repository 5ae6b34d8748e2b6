"""All that a study has of a kind, row by row, for exports and pictures, which take all of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.store.tables import Tables

Row = tuple[Any, ...]
PLACE = (
    "e.quote",
    "e.start",
    'e."end"',
    "e.paragraph",
    "e.locator",
    "(SELECT group_concat(j.value, '; ') FROM json_each(e.speakers) j)",
    "e.fragment",
)
"""What says where a passage stands: quote, start, end, paragraph, locator, speakers and fragment, as SQL has them."""
_PLACE = ", ".join(PLACE)


def codings(tables: Tables) -> Iterator[Row]:
    """Return every coding with its passage.

    Args:
        tables: the tables of a build.

    Returns:
        Excerpt, source, code, coder, date, memo and its place; by place, code, coder and date.
    """
    return tables.each(
        f"SELECT e.id, e.source, c.code, c.coder, c.date, c.memo, {_PLACE} "
        "FROM coding c JOIN excerpt e ON e.id = c.excerpt "
        'ORDER BY e.source, e.start, e."end", c.code, c.coder, c.date, c.memo'
    )


def lines(tables: Tables) -> Iterator[Row]:
    """Return every evidence line with each of its passages.

    Args:
        tables: the tables of a build.

    Returns:
        Excerpt, source and its place, the line's id, its columns; by claim and line.
    """
    own = ", ".join(f'n."{field.column}"' for field in model.columns("line"))
    return tables.each(
        f"SELECT e.id, e.source, {_PLACE}, n.id, {own} "
        "FROM line n JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt "
        'ORDER BY n.claim, n.id, e.source, e.start, e."end"'
    )


def assertions(tables: Tables) -> Iterator[Row]:
    """Return every assertion with its passage.

    Args:
        tables: the tables of a build.

    Returns:
        Claim, excerpt, source, coder, date and its place; by claim and place.
    """
    return tables.each(
        f"SELECT a.claim, e.id, e.source, a.coder, a.date, {_PLACE} "
        "FROM assertion a JOIN excerpt e ON e.id = a.excerpt "
        'ORDER BY a.claim, e.source, e.start, e."end", a.coder, a.date'
    )


def excerpts(tables: Tables) -> Iterator[Row]:
    """Return every passage.

    Args:
        tables: the tables of a build.

    Returns:
        Excerpt, source and its place; by place.
    """
    return tables.each(f'SELECT e.id, e.source, {_PLACE} FROM excerpt e ORDER BY e.source, e.start, e."end"')


def citations(tables: Tables) -> Iterator[Row]:
    """Return every passage with each reference that it rests on, and each place in that.

    Args:
        tables: the tables of a build.

    Returns:
        Excerpt, reference and locator, sorted.
    """
    return tables.each(
        "SELECT excerpt, reference, locator FROM citing LEFT JOIN placed USING (excerpt, reference) ORDER BY 1, 2, 3"
    )


def authors(tables: Tables) -> dict[str, list[str]]:
    """Return the ids of the authors of each reference that has any, sorted, by its key.

    Args:
        tables: the tables of a build.
    """
    by_reference: dict[str, list[str]] = {}
    for key, author in tables.sql("SELECT reference, author FROM references_by_author ORDER BY 1, 2"):
        by_reference.setdefault(key, []).append(author)
    return by_reference


def concept_properties(tables: Tables) -> Iterator[Row]:
    """Return every property of every concept.

    Args:
        tables: the tables of a build.

    Returns:
        Concept, property and value, sorted.
    """
    return tables.each("SELECT concept, property, value FROM concept ORDER BY 1, 2, 3")


def indicated_concepts(tables: Tables) -> dict[str, str]:
    """Return the concept that each code indicates, of those that indicate one.

    Args:
        tables: the tables of a build.
    """
    return dict(tables.sql("SELECT id, value FROM code WHERE property = 'indicates'"))


def coding_counts(tables: Tables) -> dict[str, int]:
    """Return the number of codings with each code.

    Args:
        tables: the tables of a build.
    """
    return dict(tables.sql("SELECT code, count(*) FROM coding GROUP BY code"))


def source_files(tables: Tables) -> dict[str, tuple[str, str, int]]:
    """Return of each source its file, the SHA-256 of that, and the length of its text (codepoints).

    Args:
        tables: the tables of a build.
    """
    return {key: (file, digest, length) for key, file, digest, length in tables.sql(
        "SELECT source, file, sha256, length(whole) FROM source_text"
    )}  # fmt: skip


def coded_passages(tables: Tables, most: int) -> list[Row]:
    """Return passages with each of their codes.

    Args:
        tables: the tables of a build.
        most: rows at most.

    Returns:
        Excerpt, source, code and quote.
    """
    return tables.sql(
        "SELECT DISTINCT e.id, e.source, c.code, e.quote FROM coding c JOIN excerpt e ON e.id = c.excerpt LIMIT :most",
        most=most,
    )


def coded_counts(tables: Tables) -> list[Row]:
    """Return how many passages of a source have a code.

    Args:
        tables: the tables of a build.

    Returns:
        Code, source and number.
    """
    return tables.sql(
        "SELECT c.code, e.source, count(DISTINCT e.id) FROM coding c JOIN excerpt e ON e.id = c.excerpt GROUP BY 1, 2"
    )


def readers(tables: Tables, claims: Sequence[str]) -> list[tuple[str, str]]:
    """Return who read evidence lines on claims again, or settled them.

    Args:
        tables: the tables of a build.
        claims: ids of the claims.

    Returns:
        Id of the coder and of the line, each pair once; the authors of lines that were read again are among them.
    """
    return tables.sql(
        "SELECT DISTINCT r.coder, r.line FROM line n JOIN reading r ON r.line = n.id "
        "WHERE n.status = 'active' AND n.claim IN (SELECT value FROM json_each(:claims)) ORDER BY 1, 2",
        claims=json.dumps(claims),
    )
