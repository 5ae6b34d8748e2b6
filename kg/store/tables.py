"""The same study as SQLite tables, made at every build, for pages that must come at once from a large one.

Named questions are answered from them, with the parameters, columns and rows that they have in SPARQL: from a table
that :data:`WHOLE` names, or in the SQL of ``queries/NAME.sql``. What has no form in SQL is answered by Oxigraph.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import closing
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import query
from kg.errors import QueryLimit, StoreUnavailable
from kg.model import columns
from kg.query import Table
from kg.store import evidence
from kg.store.opening import damage_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Store

    from kg.query import Engine, Query
    from kg.records import Excerpt, SourcePart

NAME = "tables.sqlite"
BETWEEN = "\n"
"""What stands between ids in a cell, which a page reads faster than rows of their own; no id has it."""
MAPPED = 2**30
"""How much of the file is mapped into memory (bytes), which all processes share."""
STEPS = 100_000
"""Steps of SQLite's machine between two looks at the clock."""
WHOLE = (
    "claims",
    "claims-about-concept",
    "claims-by-relation",
    "claims-by-subject",
    "code",
    "codebook",
    "coders",
    "concept",
    "labels",
    "open-questions",
    "propositions-by-stage",
    "records",
    "references",
    "searches",
    "settlements",
    "sources",
    "study",
    "uncoded-paragraphs",
)
"""Questions whose rows for all values of their parameters are a table each; the theory is small."""

COUNTED = ("concept-coverage",)
"""Questions that count among all passages, whose rows are counted once, at the build."""

_LINE = columns("line")
"""What an evidence line has that is one value."""
SCHEMA = f"""
CREATE TABLE excerpt (id TEXT PRIMARY KEY, source TEXT, start INTEGER, "end" INTEGER, paragraph TEXT, quote TEXT,
  codes TEXT, citations TEXT) WITHOUT ROWID;
CREATE TABLE coding (excerpt TEXT, code TEXT, coder TEXT, date TEXT, memo TEXT);
CREATE TABLE assertion (excerpt TEXT, claim TEXT, coder TEXT, date TEXT);
CREATE TABLE line (id TEXT PRIMARY KEY, {", ".join(field.column for field in _LINE)},
  excerpts TEXT) WITHOUT ROWID;
CREATE TABLE line_excerpt (line TEXT, excerpt TEXT);
CREATE TABLE citing (excerpt TEXT, reference TEXT);
CREATE TABLE source_text (source TEXT PRIMARY KEY, whole TEXT, file TEXT, sha256 TEXT);
"""
INDEXES = """
CREATE INDEX excerpt_source ON excerpt (source, start);
CREATE INDEX coding_excerpt ON coding (excerpt);
CREATE INDEX coding_code ON coding (code);
CREATE INDEX assertion_excerpt ON assertion (excerpt);
CREATE INDEX assertion_claim ON assertion (claim);
CREATE INDEX line_claim ON line (claim);
CREATE INDEX line_excerpt_line ON line_excerpt (line);
CREATE INDEX line_excerpt_excerpt ON line_excerpt (excerpt);
CREATE INDEX citing_excerpt ON citing (excerpt);
CREATE INDEX citing_reference ON citing (reference);
CREATE INDEX records_id ON records (id);
CREATE INDEX claims_subject ON claims (subject);
CREATE INDEX claims_object ON claims (object);
CREATE INDEX claims_stage ON claims (stage);
CREATE INDEX claims_relation ON claims (relation);
CREATE INDEX concept_value ON concept (value);
CREATE INDEX code_value ON code (value);
CREATE INDEX sources_case ON sources ([case]);
CREATE INDEX sources_reference ON sources (reference);
CREATE INDEX open_questions_about ON open_questions (about);
CREATE INDEX open_questions_candidate ON open_questions (candidate);
CREATE INDEX searches_about ON searches (about);
CREATE INDEX searches_case ON searches ([case]);
CREATE TABLE coded (code TEXT, place INTEGER, excerpt TEXT, PRIMARY KEY (code, place)) WITHOUT ROWID;
INSERT INTO coded SELECT c.code, row_number() OVER (PARTITION BY c.code ORDER BY e.source, e.start, e."end") - 1, e.id
  FROM (SELECT DISTINCT code, excerpt FROM coding) c JOIN excerpt e ON e.id = c.excerpt;
"""

_CLAIM_OR_CONCEPT = "CASE WHEN EXISTS (SELECT 1 FROM claims WHERE claim = about) THEN 'proposition' ELSE 'concept' END"
# fmt: off
_TO = (
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
def _neighbours(kind: str, into: tuple[str, ...]) -> str:
    """Write the SQL for the neighbours of a kind that are of some kinds, or of any; empty when there are none."""
    parts = [
        f"SELECT wanted, {link}, '{way}', {other}, {identifier}, {quote} FROM asked CROSS JOIN {place}"
        for one, link, way, other, identifier, quote, place in _TO
        # A kind that differs from row to row is no literal.
        if one == kind and (not into or other.strip("'") in into or other[0] != "'")
    ]
    return f"WITH asked (wanted) AS (SELECT value FROM json_each(:ids)) {' UNION ALL '.join(parts)}" if parts else ""


def form(asked: Query) -> str:
    """Return a named query in SQL; empty when it has no form in SQL.

    Args:
        asked: the query.

    Example:
        >>> form(query.named("coders"))
        'SELECT [coder], [name], [note] FROM "coders" WHERE true ORDER BY rowid'
    """
    if asked.name not in (*WHOLE, *COUNTED):
        return asked.sql
    chosen = " AND ".join(f"[{key}] = :{key}" for key in asked.parameters) or "true"
    listed = ", ".join(f"[{column}]" for column in asked.columns)
    return f'SELECT {listed} FROM "{asked.name.replace("-", "_")}" WHERE {chosen} ORDER BY rowid'


class Rows(NamedTuple):
    """The rows that the records of one source give, by table."""

    excerpt: list[tuple[Any, ...]]
    coding: list[tuple[Any, ...]]
    assertion: list[tuple[Any, ...]]
    line: list[tuple[Any, ...]]
    line_excerpt: list[tuple[Any, ...]]
    citing: list[tuple[Any, ...]]
    source_text: list[tuple[Any, ...]]


def rows(part: SourcePart) -> Rows:
    """Return the rows that the records of one source give.

    Args:
        part: its records.
    """
    codes: dict[str, set[str]] = {}
    for c in part.codings:
        codes.setdefault(c.excerpt, set()).add(c.code)
    places = {e.id: (e.source, e.start, e.end) for e in (*part.excerpts, *part.quoted)}
    return Rows(
        excerpt=[_excerpt(e, codes.get(e.id, ())) for e in part.excerpts],
        coding=sorted({(c.excerpt, c.code, c.coder, str(c.date), c.memo or None) for c in part.codings}, key=str),
        assertion=sorted({(a.excerpt, a.proposition, a.coder, str(a.date)) for a in part.assertions}),
        line=[
            (
                n.id,
                *(_cell(getattr(n, field.name)) for field in _LINE),
                BETWEEN.join(sorted(set(n.excerpts), key=places.__getitem__)),
            )
            for n in part.lines
        ],
        line_excerpt=sorted({(n.id, e) for n in part.lines for e in n.excerpts}),
        citing=[(e.id, key) for e in part.excerpts for key in _cited(e)],
        source_text=[(part.source.id, part.source.text, part.source.file, part.source.sha256)],
    )


def _cell(value: Any) -> Any:
    """Return what a column holds of an attribute: texts are joined, an empty text is nothing, a date is text."""
    if isinstance(value, tuple):
        value = ", ".join(value)
    return str(value) if isinstance(value, date) else None if value == "" else value


def _excerpt(excerpt: Excerpt, codes: Iterable[str]) -> tuple[Any, ...]:
    e = excerpt
    lists = (BETWEEN.join(sorted(codes)), BETWEEN.join(_cited(e)))
    return (e.id, e.source, e.start, e.end, e.paragraph, e.exact, *lists)


def _cited(excerpt: Excerpt) -> list[str]:
    return sorted({key for key in excerpt.references if key != "uncited"})


def create(path: Path) -> sqlite3.Connection:
    """Make the tables of a build, without rows.

    Args:
        path: the file, which is not there yet.
    """
    db = sqlite3.connect(path)
    # The file is made aside and thrown away if anything fails.
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    db.executescript(SCHEMA)
    return db


def insert(db: sqlite3.Connection, of: Rows) -> None:
    """Add the rows of one source.

    Args:
        db: the tables of a build.
        of: the rows.
    """
    for table, values in of._asdict().items():
        if values:
            db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)


def insert_excerpts(db: sqlite3.Connection, excerpts: Iterable[Excerpt]) -> list[str]:
    """Add passages that have no code, unless they are there.

    Args:
        db: the tables of a build, with the rows of all sources.
        excerpts: the passages.

    Returns:
        Ids of those that were not there.
    """
    new = [e for e in excerpts if not db.execute("SELECT 1 FROM excerpt WHERE id = ?", (e.id,)).fetchone()]
    insert(
        db, Rows([_excerpt(e, ()) for e in new], [], [], [], [], [(e.id, key) for e in new for key in _cited(e)], [])
    )
    return [e.id for e in new]


def finish(path: Path, store: Store) -> None:
    """Complete the tables of a build: answers about the theory, indexes, and sets of evidence lines.

    Args:
        path: the file, which has the rows of all sources.
        store: the study's graph, which has the concepts of the ontology too.
    """
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        for name in WHOLE:
            _whole(db, store, query.named(name))
        db.executescript(INDEXES)
        for name in COUNTED:
            db.execute(f'CREATE TABLE "{name.replace("-", "_")}" AS {query.named(name).sql}')
        evidence.write(db)
        db.commit()


def _whole(db: sqlite3.Connection, store: Store, asked: Query) -> None:
    """Keep the rows of a question for all values of its parameters, with a column for each of these."""
    columns = tuple(dict.fromkeys((*asked.parameters, *asked.columns)))
    table = asked.name.replace("-", "_")
    listed = ", ".join(f"[{c}]" for c in columns)
    db.execute(f'CREATE TABLE "{table}" ({listed})')
    solutions: Any = store.query(asked.text, use_default_graph_as_union=True)
    rows = [tuple(query.value(s[c]) for c in columns) for s in solutions]
    db.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})', rows)
    db.execute(f'CREATE INDEX {table}_key ON "{table}" ("{columns[0]}")')


class Tables:
    """Answer named questions in SQL where they have a form in SQL.

    Args:
        path: the file that :func:`write` made.
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
            found = self.neighbours(parameters["kind"], [parameters["id"]])
            return Table(columns, [row for rows in found.values() for row in rows])
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
        found: dict[str, set[tuple[Any, ...]]] = {identifier: set() for identifier in ids}
        if text := _neighbours(kind, into):
            for identifier, *row in self.sql(text, ids=json.dumps(ids)):
                found[identifier].add(tuple(row))
        return {identifier: sorted(rows) for identifier, rows in found.items()}

    @cached_property
    def names(self) -> dict[tuple[str, str], dict[str, str]]:
        """Return what every record is called, by kind and id, in each language that it has a name in."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for kind, identifier, english, chinese in self.sql(
            "SELECT kind, id, label, label_zh FROM records ORDER BY rowid"
        ):
            found.setdefault((kind, identifier), {"en": english} | ({"zh": chinese} if chinese else {}))
        return found

    @cached_property
    def evidence(self) -> evidence.Evidence:
        """Return all active evidence lines, to be chosen and counted."""
        return evidence.Evidence(self)

    @cached_property
    def stated(self) -> dict[str, list[str]]:
        """Return the passages of the theory's own text that state a claim, by its id."""
        found: dict[str, list[str]] = {}
        for claim, excerpt in self.sql(
            "SELECT a.claim, e.id FROM assertion a JOIN excerpt e ON e.id = a.excerpt "
            'ORDER BY a.claim, e.source, e.start, e."end"'
        ):
            found.setdefault(claim, []).append(excerpt)
        return found

    @cached_property
    def cases(self) -> dict[str, str | None]:
        """Return the case of every source."""
        return dict(self.sql("SELECT source, [case] FROM sources ORDER BY rowid"))

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
