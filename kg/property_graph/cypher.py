"""Cypher over a study's property graph: the named questions and a user's own, read only, with limits.

The graph is on the Neo4j that the user names, or in the embedded engine, where it is written the
first time it is asked for.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING

from kg import paths
from kg.errors import QueryLimit, QueryRefused, ServerUnavailable
from kg.progress import silent
from kg.property_graph import projection, push
from kg.property_graph.embedded import Embedded
from kg.property_graph.server import Address, Server
from kg.store import build
from kg.store.named_graphs import NamedGraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import Store

    from kg.progress import Progress
    from kg.query import Query, Table

_SKIPPED = re.compile(
    r'"(?:[^"\\]|\\.)*"' r"|'(?:[^'\\]|\\.)*'" r"|`(?:[^`]|``)*`" r"|//[^\n\r]*" r"|/\*.*?\*/", re.DOTALL
)
_WORDS = re.compile(r"[\w$]+|[^\s\w]")
_WRITES = frozenset(
    "CREATE MERGE DELETE DETACH SET REMOVE FOREACH INSERT LOAD USE".split()
    + "DROP ALTER GRANT DENY REVOKE TERMINATE START STOP".split()
)
_BEFORE_A_NAME, _AFTER_A_NAME = frozenset(".:|&!$"), frozenset(":.=,)}]")
_CALLS = re.compile(r"(?<![\w$.:])CALL\s+(?!\{)([\w.`]+)", re.IGNORECASE)
_READERS = re.compile(
    r"db\.(labels|relationshipTypes|propertyKeys|schema\.\w+|index\.fulltext\.query(Nodes|Relationships))$"
)
_ESCAPE = re.compile(r"\\u+([0-9A-Fa-f]{4})")


def refuse_writes(text: str) -> None:
    """Refuse a query that would write, call a procedure that might, or read from elsewhere.

    The access mode of the transaction, or the embedded database, forbids writing too.

    Args:
        text: the Cypher.

    Raises:
        QueryRefused: when it has a word that only such a query has.

    Example:
        >>> refuse_writes("MATCH (n:Set) WHERE n.create = 'DELETE' RETURN n // SET")
        >>> refuse_writes("MATCH (n) DETACH DELETE n")
        Traceback (most recent call last):
            ...
        kg.errors.QueryRefused: DETACH is refused: queries are read only and stay on this server
    """
    for form in (text, _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)):
        bare = _SKIPPED.sub(" ` ", form)
        words = ["", *_WORDS.findall(bare), ""]
        for before, word, after in zip(words, words[1:], words[2:], strict=False):
            named = before in _BEFORE_A_NAME or before.upper() == "AS" or after in _AFTER_A_NAME
            if word.upper() in _WRITES and not named:
                raise QueryRefused(f"{word.upper()} is refused: queries are read only and stay on this server")
        for called in _CALLS.findall(bare):
            if not _READERS.match(called):
                raise QueryRefused(
                    f"CALL {called} is refused: queries are read only; allowed are db.labels, db.relationshipTypes, "
                    "db.propertyKeys, db.schema… and db.index.fulltext.query…"
                )


def address() -> Address | None:
    """Return the server that the environment names by NEO4J_URI, or None."""
    uri, *rest = (os.environ.get(f"NEO4J_{name}") or None for name in ("URI", "USERNAME", "PASSWORD", "DATABASE"))
    return Address(uri, *rest) if uri else None


class Cypher:
    """The engine that answers named queries and others in Cypher; a context manager.

    Args:
        folder: the study's folder.
        store: its graph in RDF, from which the embedded engine's is made.
        server: where the graph was pushed to; None for the embedded engine.
        progress: called while the embedded engine's graph is made.

    Raises:
        ServerUnavailable: when the server does not answer, or does not have this study's graph.
    """

    def __init__(self, folder: Path, store: Store, server: Address | None = None, progress: Progress = silent) -> None:
        self.folder, self.store, self.progress = folder, store, progress
        self.address, self.study = server, projection.study_id(store)
        self.server: Server | None = None
        self.embedded: Embedded | None = None
        self._open()

    def __enter__(self) -> Cypher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, and the embedded engine."""
        if self.server is not None:
            self.server.close()
        if self.embedded is not None:
            self.embedded.close()
        self.server = self.embedded = None

    def _open(self) -> Server:
        if self.server is not None and (self.embedded is None or self.embedded.child.running):
            return self.server
        self.close()
        if self.address is None:
            self.embedded = Embedded(_database(self.folder, self.store, self.progress))
        try:
            self.server = Server(self.address or self.embedded.address)  # type: ignore[union-attr]
            if self.address is not None:
                self._check(self.server)
        except BaseException:
            self.close()
            raise
        return self.server

    def _check(self, server: Server) -> None:
        """Make sure that the server has the graph that was built last."""
        table, _ = server.read("MATCH (s:Study {study: $study}) RETURN s.digest", {"study": self.study})
        where = server.address.shown
        if not table.rows:
            raise ServerUnavailable(f"{where} does not have the study '{self.study}'; write it there with 'kg push'")
        if table.rows[0][0] is None:
            raise ServerUnavailable(f"a push of '{self.study}' to {where} was broken off; carry on with 'kg push'")
        if table.rows[0][0] != build.digest(self.folder):
            raise ServerUnavailable(f"{where} has another build of '{self.study}' than this; renew it with 'kg push'")

    def answer(self, query: Query, parameters: Mapping[str, str]) -> Table:
        """Return the rows of a named query."""
        table, _ = self._read(query.cypher, parameters, None, None)
        return table.select(tuple(query.columns))

    def limited(self, query: Query, parameters: Mapping[str, str], *, timeout: float, limit: int) -> tuple[Table, bool]:
        """Return the rows of a named query, and whether there were more."""
        table, more = self._read(query.cypher, parameters, timeout, limit)
        return table.select(tuple(query.columns)), more

    def run(self, text: str, *, timeout: float, limit: int) -> tuple[Table, bool]:
        """Run a query of one's own.

        Args:
            text: Cypher that only reads; ``$study`` is the study's id.
            timeout: seconds until it is ended.
            limit: rows at most.

        Returns:
            The rows, and whether there were more.

        Raises:
            QueryRefused: when it would write or is not valid.
            QueryLimit: when it ran past its time.
            ServerUnavailable: when the server does not answer.
        """
        refuse_writes(text)
        return self._read(text, {}, timeout, limit)

    def _read(
        self, text: str, parameters: Mapping[str, str], timeout: float | None, limit: int | None
    ) -> tuple[Table, bool]:
        server, embedded = self._open(), self.embedded
        given = {**parameters, "study": self.study}
        if embedded is None:
            return server.read(text, given, timeout=timeout, limit=limit)
        # The embedded engine has no time limit of its own.
        late = Event()

        def end() -> None:
            late.set()
            embedded.kill()

        timer = Timer(timeout or 0, end)
        if timeout is not None:
            timer.start()
        try:
            return server.read(text, given, limit=limit)
        except ServerUnavailable as e:
            if late.is_set():
                self.close()
                why = f"the query was ended after {timeout:g} s; make it narrower, or give it more with --timeout"
                raise QueryLimit(why) from None
            # It takes what it cannot parse for something that writes.
            if "read only database" in str(e):
                raise QueryRefused(f"the query did not run: {embedded.mistake(text) or 'it would write'}") from e
            raise
        finally:
            timer.cancel()


def property_graph(folder: Path, store: Store) -> projection.PropertyGraph:
    """Return a study as a property graph, with the digest of its build.

    Args:
        folder: the study's folder.
        store: its graph.
    """
    built = build.current(folder)
    graphs = NamedGraphs(built, store, projection.study_id(store))
    return projection.project(store, graphs.build, graphs.digests)


def _database(folder: Path, store: Store, progress: Progress) -> Path:
    """Return the embedded engine's database of the graph built last; make it if need be, aside and in one step."""
    from filelock import FileLock

    database = build.current(folder) / "arcadedb"
    with FileLock(paths.store_folder(folder) / "engine.lock"):
        if database.is_dir():
            return database
        aside = Path(tempfile.mkdtemp(prefix="arcadedb-", dir=database.parent))
        try:
            with Embedded(aside, writable=True) as engine, Server(engine.address) as server:
                push.push(server, property_graph(folder, store), progress)
            aside.rename(database)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
    return database
