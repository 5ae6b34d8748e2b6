"""The tables of a build, from which answers come at once: what :mod:`kg.store.filling` wrote, read.

Named questions are answered from them, with the parameters, columns and rows that they have in SPARQL: from a table
that :data:`WHOLE` names, or in the SQL of ``queries/NAME.sql``. What has no form in SQL is answered by Oxigraph.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg import claims
from kg.errors import QueryLimit, StoreUnavailable
from kg.query import Table
from kg.store import evidence, neighbours
from kg.store.opening import damage_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.query import Engine, Query

NAME = "tables.sqlite"
MAPPED = 2**30
"""How much of the file is mapped into memory (bytes), which all processes share."""
STEPS = 100_000
"""Steps of SQLite's machine between two looks at the clock."""
WHOLE = (
    "attributes",
    "authors",
    "claims",
    "claims-about-concept",
    "claims-by-relation",
    "claims-by-subject",
    "code",
    "codebook",
    "coders",
    "concept",
    "confidence",
    "labels",
    "open-questions",
    "propositions-by-stage",
    "read-whole",
    "records",
    "references",
    "references-by-author",
    "searches",
    "sets",
    "settlements",
    "sources",
    "study",
    "uncoded-paragraphs",
)
"""Questions whose rows for all values of their parameters are a table each; the theory is small."""

COUNTED = ("concept-coverage",)
"""Questions that count among all passages, whose rows are counted once, at the build."""


def form(asked: Query) -> str:
    """Return a named query in SQL; empty when it has no form in SQL.

    Args:
        asked: the query.

    Example:
        >>> from kg.query import named
        >>> form(named("coders"))
        'SELECT [coder], [name], [kind], [orcid], [version], [note] FROM "coders" WHERE true ORDER BY rowid'
    """
    if asked.name not in (*WHOLE, *COUNTED):
        return asked.sql
    chosen = " AND ".join(f"[{key}] = :{key}" for key in asked.parameters) or "true"
    listed = ", ".join(f"[{column}]" for column in asked.columns)
    return f'SELECT {listed} FROM "{asked.name.replace("-", "_")}" WHERE {chosen} ORDER BY rowid'


class Tables:
    """The tables of a build, which answer in SQL the named questions that have a form in SQL.

    Args:
        path: the file that :mod:`kg.store.filling` made.
        others: what answers the rest.
    """

    def __init__(self, path: Path, others: Engine) -> None:
        self.path, self.others = path, others
        self.here = threading.local()

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection: a connection answers one question at a time."""
        if not hasattr(self.here, "db"):
            self.here.db = sqlite3.connect(f"{self.path.as_uri()}?mode=ro&immutable=1", uri=True)
            # Else every page of the file is copied anew by each question.
            self.here.db.execute(f"PRAGMA mmap_size = {MAPPED}")
            # SQLite's own changes the case of ASCII only.
            self.here.db.create_function("lower_case", 1, str.lower, deterministic=True)
        db: sqlite3.Connection = self.here.db
        return db

    def answer(self, query: Query, parameters: Mapping[str, str]) -> Table:
        """Return the rows of a query."""
        columns = tuple(query.columns)
        if query.name == "neighbours":
            by_id = self.neighbours(parameters["kind"], [parameters["id"]])
            return Table(columns, [row for rows in by_id.values() for row in rows])
        if text := form(query):
            return Table(columns, self.sql(text, **parameters))
        return self.others.answer(query, parameters)

    def sql(self, text: str, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of SQL.

        Args:
            text: one statement that reads.
            parameters: values by name.
        """
        with damage_told(self.path.parent):
            return self.each(text, **parameters).fetchall()

    def each(self, text: str, /, **parameters: Any) -> sqlite3.Cursor:
        """Return the rows of SQL one by one, for those that are too many to be held.

        Args:
            text: one statement that reads.
            parameters: values by name.
        """
        with damage_told(self.path.parent):
            return self._connection().execute(text, parameters)

    def neighbours(self, kind: str, ids: Sequence[str], into: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
        """Return the neighbours of many records.

        Args:
            kind: kind of the records.
            ids: their ids.
            into: kinds of neighbours that are wanted; empty for all. Some others may come with them.

        Returns:
            By id the rows that the query ``neighbours`` has for it.
        """
        by_id: dict[str, set[tuple[Any, ...]]] = {identifier: set() for identifier in ids}
        if text := neighbours.text(kind, into):
            for identifier, *row in self.sql(text, ids=json.dumps(ids)):
                by_id[identifier].add(tuple(row))
        return {identifier: sorted(rows) for identifier, rows in by_id.items()}

    @cached_property
    def names(self) -> dict[tuple[str, str], dict[str, str]]:
        """Return what every record is called, by kind and id, in each language that it has a name in."""
        names: dict[tuple[str, str], dict[str, str]] = {}
        for kind, identifier, english, chinese in self.sql(
            "SELECT kind, id, label, label_zh FROM records ORDER BY rowid"
        ):
            names.setdefault((kind, identifier), {"en": english} | ({"zh": chinese} if chinese else {}))
        return names

    @cached_property
    def labels(self) -> dict[tuple[str, str], str]:
        """Return what every record is called in English, by kind and id."""
        return {key: names["en"] for key, names in self.names.items()}

    @cached_property
    def reference_names(self) -> dict[str, str]:
        """Return who made each reference and when, in a few words, by key."""
        return dict(self.sql('SELECT reference, name FROM "references" ORDER BY rowid'))

    @cached_property
    def evidence(self) -> evidence.Evidence:
        """Return all active evidence lines, to be chosen and counted."""
        return evidence.Evidence(self)

    @cached_property
    def stated(self) -> dict[str, list[str]]:
        """Return the passages of the theory's own text that state a claim, by its id."""
        passages: dict[str, list[str]] = {}
        for claim, excerpt in self.sql(
            "SELECT a.claim, e.id FROM assertion a JOIN excerpt e ON e.id = a.excerpt "
            'ORDER BY a.claim, e.source, e.start, e."end"'
        ):
            passages.setdefault(claim, []).append(excerpt)
        return passages

    @cached_property
    def cases(self) -> dict[str, str | None]:
        """Return the case of every source."""
        return dict(self.sql("SELECT source, [case] FROM sources ORDER BY rowid"))

    @cached_property
    def outside(self) -> str:
        """Return what the sources of no case are called, in English."""
        return claims.outside(
            self.sql("SELECT role, [case] FROM sources"), cases=any(k == "case" for k, _ in self.names)
        )

    @cached_property
    def witnesses(self) -> dict[str, str | None]:
        """Return what every source is a witness of, where it says so."""
        return dict(self.sql("SELECT source, witness FROM sources ORDER BY rowid"))

    def limited(self, query: Query, parameters: Mapping[str, str], *, timeout: float, limit: int) -> tuple[Table, bool]:
        """Return the rows of a query, and whether there were more.

        Args:
            query: the query.
            parameters: values by name.
            timeout: seconds until it is ended.
            limit: rows at most.

        Raises:
            QueryLimit: when it ran past its time.
        """
        text = form(query)
        if not text:
            return self.others.limited(query, parameters, timeout=timeout, limit=limit)
        end = time.monotonic() + timeout
        db = self._connection()
        db.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        try:
            with damage_told(self.path.parent):
                rows = db.execute(text, parameters).fetchmany(limit + 1)
        except StoreUnavailable:
            if time.monotonic() > end:
                raise QueryLimit(f"the query ran past its time of {timeout:g} s; --timeout gives it more") from None
            raise
        finally:
            db.set_progress_handler(None, STEPS)
        return Table(tuple(query.columns), rows[:limit]), len(rows) > limit

    def close(self) -> None:
        """End nothing: the tables are only read."""
        self.others.close()
