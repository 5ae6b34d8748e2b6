"""Fill the tables of a build: source by source, then what is asked of the whole."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import query
from kg.ids import BETWEEN
from kg.language import lexicon
from kg.model import columns
from kg.store import evidence, fulltext
from kg.store.tables import COUNTED, WHOLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from pyoxigraph import Store

    from kg.query import Query
    from kg.records import Excerpt, Source, SourcePart

_LINE = columns("line")
"""What an evidence line has that is one value."""
SCHEMA = f"""
CREATE TABLE excerpt (id TEXT PRIMARY KEY, source TEXT, start INTEGER, "end" INTEGER, paragraph TEXT, quote TEXT,
  codes TEXT, citations TEXT, locator TEXT, speakers TEXT, places TEXT, fragment TEXT) WITHOUT ROWID;
CREATE TABLE coding (excerpt TEXT, code TEXT, coder TEXT, date TEXT, memo TEXT,
  PRIMARY KEY (excerpt, code, coder, date)) WITHOUT ROWID;
CREATE TABLE assertion (excerpt TEXT, claim TEXT, coder TEXT, date TEXT, PRIMARY KEY (excerpt, claim)) WITHOUT ROWID;
CREATE TABLE line (id TEXT PRIMARY KEY, {", ".join(field.column for field in _LINE)},
  excerpts TEXT) WITHOUT ROWID;
CREATE TABLE line_excerpt (line TEXT, excerpt TEXT, PRIMARY KEY (line, excerpt)) WITHOUT ROWID;
CREATE TABLE reading (line TEXT, coder TEXT, date TEXT, stance TEXT, strength TEXT, alone TEXT, settles TEXT,
  reason TEXT, PRIMARY KEY (line, coder, date, settles)) WITHOUT ROWID;
CREATE TABLE citing (excerpt TEXT, reference TEXT, PRIMARY KEY (excerpt, reference)) WITHOUT ROWID;
CREATE TABLE placed (excerpt TEXT, reference TEXT, locator TEXT, PRIMARY KEY (excerpt, reference, locator))
  WITHOUT ROWID;
CREATE TABLE source_text (source TEXT PRIMARY KEY, whole TEXT, file TEXT, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE part (source TEXT PRIMARY KEY, kept TEXT, graphs TEXT, quoted TEXT, only_quoted TEXT) WITHOUT ROWID;
CREATE TABLE source_document (source TEXT PRIMARY KEY, original TEXT, sha256 TEXT, pages TEXT, pages_sha256 TEXT,
  places TEXT, speakers TEXT) WITHOUT ROWID;
CREATE TABLE paragraph (source TEXT, start INTEGER, "end" INTEGER, label TEXT, PRIMARY KEY (source, start))
  WITHOUT ROWID;
"""
BY_SOURCE = """
CREATE INDEX IF NOT EXISTS excerpt_source ON excerpt (source, start);
CREATE INDEX IF NOT EXISTS coding_code ON coding (code);
CREATE INDEX IF NOT EXISTS coding_coder ON coding (coder, date);
CREATE INDEX IF NOT EXISTS assertion_claim ON assertion (claim);
CREATE INDEX IF NOT EXISTS line_claim ON line (claim);
CREATE INDEX IF NOT EXISTS line_disputed ON line (claim, id) WHERE status = 'disputed';
CREATE INDEX IF NOT EXISTS line_withdrawn ON line (claim, id) WHERE status IN ('withdrawn', 'superseded');
CREATE INDEX IF NOT EXISTS line_excerpt_excerpt ON line_excerpt (excerpt);
CREATE INDEX IF NOT EXISTS citing_reference ON citing (reference);
"""
"""The indexes of the tables that have their rows source by source."""
BY_THEORY = """
CREATE INDEX records_id ON records (id);
CREATE INDEX claims_subject ON claims (subject);
CREATE INDEX claims_object ON claims (object);
CREATE INDEX claims_stage ON claims (stage);
CREATE INDEX claims_relation ON claims (relation);
CREATE INDEX concept_value ON concept (value);
CREATE INDEX code_value ON code (value);
CREATE INDEX references_by_author_reference ON references_by_author (reference);
CREATE INDEX attributes_record ON attributes (kind, record);
CREATE INDEX sets_member ON sets (kind, member);
CREATE INDEX sources_case ON sources ([case]);
CREATE INDEX sources_reference ON sources (reference);
CREATE INDEX open_questions_about ON open_questions (about);
CREATE INDEX open_questions_candidate ON open_questions (candidate);
CREATE INDEX searches_about ON searches (about);
CREATE INDEX searches_case ON searches ([case]);
"""
CODED = """
CREATE TABLE coded (code TEXT, place INTEGER, excerpt TEXT, PRIMARY KEY (code, place)) WITHOUT ROWID;
"""
_PLACED = """
INSERT INTO coded SELECT c.code, row_number() OVER (PARTITION BY c.code ORDER BY e.source, e.start, e."end") - 1, e.id
FROM (SELECT DISTINCT code, excerpt FROM coding {among}) c JOIN excerpt e ON e.id = c.excerpt
"""
"""The passages that have each code, numbered in the order of their places."""
_GIVEN = """
SELECT DISTINCT c.code, e.id FROM excerpt e JOIN coding c ON c.excerpt = e.id
WHERE e.source IN (SELECT value FROM json_each(?))
"""
_QUOTES = "SELECT id, quote FROM excerpt WHERE source IN (SELECT value FROM json_each(?))"
"""The passages of some sources."""


class Rows(NamedTuple):
    """The rows that the records of one source give, by table."""

    excerpt: list[tuple[Any, ...]]
    coding: list[tuple[Any, ...]]
    assertion: list[tuple[Any, ...]]
    line: list[tuple[Any, ...]]
    line_excerpt: list[tuple[Any, ...]]
    reading: list[tuple[Any, ...]]
    citing: list[tuple[Any, ...]]
    placed: list[tuple[Any, ...]]
    source_text: list[tuple[Any, ...]]
    source_document: list[tuple[Any, ...]]
    paragraph: list[tuple[Any, ...]]


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
        reading=[
            (
                r.line,
                r.coder,
                str(r.date),
                r.stance,
                r.strength,
                _truth(value=r.alone),
                _truth(value=r.settles),
                r.reason or None,
            )
            for r in part.readings
        ],
        citing=[(e.id, key) for e in part.excerpts for key in e.cited],
        placed=[(e.id, *place) for e in part.excerpts for place in e.places],
        source_text=[(part.source.id, part.source.text, part.source.file, part.source.sha256)],
        source_document=_document(part.source),
        paragraph=[(part.source.id, p.start, p.end, p.id) for p in part.source.body],
    )


def _document(source: Source) -> list[tuple[Any, ...]]:
    """Return what is kept of the file that a source was made of, and what stretches of its text are called."""
    if source.original is None and not source.places:
        return []
    original = (source.original.file, source.original.sha256) if source.original else (None, None)
    called = (json.dumps(one, ensure_ascii=False) for one in (source.places, dict(source.speakers)))
    return [(source.id, *original, *(source.pages or (None, None)), *called)]


def _cell(value: Any) -> Any:
    """Return what a column holds of an attribute: texts are joined, an empty text is nothing, a date is text."""
    if isinstance(value, tuple):
        value = ", ".join(value)
    return str(value) if isinstance(value, date) else None if value == "" else value


def _truth(*, value: bool | None) -> str | None:
    """Return true or false as the graph writes it."""
    return None if value is None else str(value).lower()


def _excerpt(excerpt: Excerpt, codes: Iterable[str]) -> tuple[Any, ...]:
    e = excerpt
    lists = (BETWEEN.join(sorted(codes)), BETWEEN.join(e.cited))
    places = (str(e.locator) if e.locator else None, _list(e.speakers), _list(e.places))
    return (e.id, e.source, e.start, e.end, e.paragraph, e.exact, *lists, *places, e.fragment or None)


def _list(values: tuple[Any, ...]) -> str | None:
    """Return what a column holds of several values: JSON, or nothing when there are none."""
    return json.dumps(values, ensure_ascii=False) if values else None


def create(path: Path) -> sqlite3.Connection:
    """Make the tables of a build, without rows.

    Args:
        path: the file, which is not there yet.
    """
    db = change(path)
    db.executescript(SCHEMA)
    return db


def change(path: Path) -> sqlite3.Connection:
    """Open the tables of a build that is not in use yet, to change them.

    Args:
        path: the file.
    """
    db = sqlite3.connect(path)
    # The file is made aside and thrown away if anything fails.
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    return db


def insert(db: sqlite3.Connection, of: Rows) -> None:
    """Add the rows of one source.

    Args:
        db: the tables of a build.
        of: the rows.
    """
    for table, values in of._asdict().items():
        if values:
            # Two evidence lines with one id are found, and told with their places, when all sources were read.
            db.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)


def insert_excerpts(db: sqlite3.Connection, excerpts: Iterable[Excerpt]) -> list[str]:
    """Add passages that have no code, unless they are there.

    Args:
        db: the tables of a build, with the rows of all sources.
        excerpts: the passages.

    Returns:
        Ids of those that were not there.
    """
    new = [e for e in excerpts if not db.execute("SELECT 1 FROM excerpt WHERE id = ?", (e.id,)).fetchone()]
    citing = [(e.id, key) for e in new for key in e.cited]
    placed = [(e.id, *place) for e in new for place in e.places]
    insert(db, Rows([_excerpt(e, ()) for e in new], [], [], [], [], [], citing, placed, [], [], []))
    return [e.id for e in new]


def remove(db: sqlite3.Connection, source: str, lines: Iterable[str]) -> None:
    """Remove the rows of one source.

    Args:
        db: the tables of a build.
        source: its id.
        lines: ids of the evidence lines whose first passage stands in it.
    """
    remove_excerpts(db, [e for (e,) in db.execute("SELECT id FROM excerpt WHERE source = ?", (source,))])
    for table in ("source_text", "source_document", "paragraph", "part"):
        db.execute(f"DELETE FROM {table} WHERE source = ?", (source,))
    ids = [(line,) for line in lines]
    for table, column in (("line", "id"), ("line_excerpt", "line"), ("reading", "line")):
        db.executemany(f"DELETE FROM {table} WHERE {column} = ?", ids)


def remove_excerpts(db: sqlite3.Connection, excerpts: Iterable[str]) -> None:
    """Remove passages, and what is said of them but for evidence lines.

    Args:
        db: the tables of a build.
        excerpts: ids of the passages.
    """
    ids = [(excerpt,) for excerpt in excerpts]
    for table, column in (*((t, "excerpt") for t in ("coding", "assertion", "citing", "placed")), ("excerpt", "id")):
        db.executemany(f"DELETE FROM {table} WHERE {column} = ?", ids)


def finish(path: Path, store: Store, phrases: Iterable[lexicon.Phrases]) -> None:
    """Complete the tables of a build: answers about the theory, indexes, sets of evidence lines, the full text.

    Args:
        path: the file, which has the rows of all sources; what it has besides is made anew.
        store: the study's graph, which has the concepts of the ontology too.
        phrases: words of the study's own by which something is asked.
    """
    with closing(change(path)) as db:
        _drop_derived(db)
        for name in WHOLE:
            _whole(db, store, query.named(name))
        db.executescript(BY_SOURCE + BY_THEORY + CODED)
        db.execute(_PLACED.format(among=""))
        _count(db)
        evidence.write(db)
        lexicon.write(db, phrases)
        fulltext.write(db)
        db.commit()


def update(
    path: Path, before: Path, store: Store, phrases: Iterable[lexicon.Phrases], sources: Collection[str]
) -> None:
    """Complete the tables of a build that was made out of the one before it, when nothing but sources changed.

    Args:
        path: the file: a copy of the one before, which has the new rows of all sources.
        before: the one before.
        store: the study's graph.
        phrases: words of the study's own by which something is asked.
        sources: ids of the sources that have other rows than before.
    """
    uri = f"{before.as_uri()}?mode=ro&immutable=1"
    with closing(change(path)) as db, closing(sqlite3.connect(uri, uri=True)) as old:
        chosen = (json.dumps(sorted(sources), ensure_ascii=False),)
        # Of the questions of WHOLE these alone tell what stands in files of sources: what was read and given no code,
        # and the quotes that show codes.
        asked = ["read-whole", "uncoded-paragraphs"]
        if {*old.execute(_QUOTES, chosen)} != {*db.execute(_QUOTES, chosen)}:
            asked.append("codebook")
        for name in asked:
            db.execute(f'DROP TABLE "{name.replace("-", "_")}"')
            _whole(db, store, query.named(name))
        given = {*old.execute(_GIVEN, chosen)} ^ {*db.execute(_GIVEN, chosen)}
        for code in sorted({code for code, _ in given}):
            db.execute("DELETE FROM coded WHERE code = ?", (code,))
            db.execute(_PLACED.format(among="WHERE code = ?"), (code,))
        _recount(db, {code for code, _ in given})
        evidence.change(db, old, sources)
        lexicon.change(db, old, sources, phrases)
        fulltext.change(db, old, sources)
        db.commit()


def _count(db: sqlite3.Connection) -> None:
    """Keep the rows of the questions that count among all passages."""
    for name in COUNTED:
        db.execute(f'CREATE TABLE "{name.replace("-", "_")}" AS {query.named(name).sql}')


def _recount(db: sqlite3.Connection, codes: Collection[str]) -> None:
    """Count anew for the concepts that some codes indicate, or codes above these."""
    concepts = [
        concept
        for (concept,) in db.execute(
            """
            WITH RECURSIVE above (code) AS (
              SELECT value FROM json_each(?)
              UNION SELECT k.value FROM above a JOIN code k ON k.id = a.code AND k.property = 'broader'
            )
            SELECT DISTINCT k.value FROM above a JOIN code k ON k.id = a.code AND k.property = 'indicates' ORDER BY 1
            """,
            (json.dumps(sorted(codes)),),
        )
    ]
    for name in COUNTED:
        table = name.replace("-", "_")
        db.executemany(
            f'UPDATE "{table}" SET (label, claims, excerpts) = '
            f"(SELECT label, claims, excerpts FROM ({query.named(name).sql}) WHERE concept = :concept) "
            "WHERE concept = :concept",
            [{"concept": concept} for concept in concepts],
        )


def _drop_derived(db: sqlite3.Connection) -> None:
    """Drop all tables but those that have their rows source by source, whose indexes stay."""
    kept = {*Rows._fields, "part"}
    db.execute("DROP TABLE IF EXISTS fulltext")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if name not in kept:
            db.execute(f'DROP TABLE "{name}"')
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
