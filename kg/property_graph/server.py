"""A property graph server spoken to over Bolt by the official driver: Neo4j, or the embedded engine."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kg.errors import QueryLimit, QueryRefused, ServerUnavailable
from kg.query import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from neo4j import Driver, ManagedTransaction

_URI = re.compile(
    r"(?P<shown>(?:neo4j|bolt)(?:\+s(?:sc)?)?://(?:\[[\da-fA-F:.%]+\]|[^\s/@:?#\[\]]+)(?::\d{1,5})?)(?P<more>\?[^\s@#]*)?"
)
T = TypeVar("T")
PATIENCE = 15.0
"""Seconds after which a server that does not answer is given up."""


class Address(NamedTuple):
    """The address of a server, and who asks.

    Args:
        uri: such as ``neo4j://localhost:7687``.
        username: None when the server asks for none.
        password: goes with the username.
        database: None for the user's home database.
    """

    uri: str
    username: str | None = None
    password: str | None = None
    database: str | None = None

    @property
    def shown(self) -> str:
        """Return the address as it may be printed: a host and a port. A person may have put a password into it.

        Example:
            >>> Address("neo4j://localhost:7687").shown, Address("neo4j://me:secret@localhost").shown
            ('neo4j://localhost:7687', '…')
        """
        match = _URI.fullmatch(self.uri)
        return match["shown"] + ("?…" if match["more"] else "") if match else "…"

    def __repr__(self) -> str:
        return f"Address({self.shown!r}, {self.username!r}, ..., {self.database!r})"


class Server:
    """A connection to one database of a server; a context manager.

    Args:
        address: where it is.

    Raises:
        ServerUnavailable: when it cannot be reached or does not let us in.
    """

    def __init__(self, address: Address) -> None:
        from neo4j import GraphDatabase, NotificationMinimumSeverity

        # What the driver logs is in the errors; without a handler it would stand on the user's terminal.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        self.address = address
        # What one session wrote the next one reads, also from another member of a cluster.
        self._bookmarks = GraphDatabase.bookmark_manager()
        if not _URI.fullmatch(address.uri):
            more = " and the name and the password as NEO4J_USERNAME and NEO4J_PASSWORD" if "@" in address.uri else ""
            raise ServerUnavailable(f"what is given as --uri or NEO4J_URI is no address; write neo4j://HOST:7687{more}")
        with self.explained():
            self.driver: Driver = GraphDatabase.driver(
                address.uri,
                auth=(address.username, address.password or "") if address.username else None,
                connection_timeout=PATIENCE,
                connection_acquisition_timeout=PATIENCE,
                max_transaction_retry_time=PATIENCE,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                user_agent="dart-kg",
            )
        try:
            self.read("RETURN 1", {})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self.driver.close()

    @property
    def full_text(self) -> bool:
        """Say whether the server has Neo4j's full-text indexes."""
        return "ArcadeDB" not in self.driver.get_server_info().agent

    def read(
        self,
        text: str,
        parameters: Mapping[str, Any],
        *,
        timeout: float | None = None,
        limit: int | None = None,
        newest: bool = False,
    ) -> tuple[Table, bool]:
        """Run a query in a read transaction.

        Args:
            text: the Cypher.
            parameters: values by name, bound by the server.
            timeout: seconds until the server ends it.
            limit: rows at most.
            newest: whether the member of a cluster is asked that writes, which knows what others wrote just now.

        Returns:
            The rows as plain Python values, and whether there were more.

        Raises:
            QueryRefused: when it is not valid or would write.
            QueryLimit: when it ran past its time.
            ServerUnavailable: when the server does not answer.
        """
        from neo4j import READ_ACCESS, WRITE_ACCESS, Query

        # Not a managed transaction: the embedded engine opens none on a database that is read only.
        with self.explained(), self._session(WRITE_ACCESS if newest else READ_ACCESS) as session:
            result = session.run(Query(text, timeout=timeout), dict(parameters))
            columns = tuple(result.keys())
            records = list(result) if limit is None else result.fetch(limit + 1)
            rows = [tuple(plain(value) for value in record.values()) for record in records[:limit]]
            return Table(columns, rows), limit is not None and len(records) > limit

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Run one unit of work in a managed transaction.

        Args:
            work: called with the transaction; called again when the server asks for that.

        Returns:
            What it returns.

        Raises:
            ServerUnavailable: when the server does not answer or cannot write.
        """
        from neo4j import WRITE_ACCESS

        with self.explained(), self._session(WRITE_ACCESS) as session:
            done: T = session.execute_write(work)
            return done

    def change(self, text: str) -> None:
        """Run a statement that changes the schema, which wants a transaction of its own.

        Args:
            text: the Cypher.
        """
        from neo4j import WRITE_ACCESS

        with self.explained(), self._session(WRITE_ACCESS) as session:
            session.run(text).consume()

    def _session(self, access: str) -> Any:
        return self.driver.session(
            database=self.address.database, default_access_mode=access, bookmark_manager=self._bookmarks
        )

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into ours, which say what to do."""
        from neo4j import exceptions as bolt

        uri, database = self.address.shown, self.address.database
        try:
            yield
        except bolt.AuthError as e:
            raise ServerUnavailable(
                f"{uri} did not let us in: {_message(e)}; check NEO4J_USERNAME and NEO4J_PASSWORD"
            ) from e
        except bolt.ClientError as e:
            code = e.code or ""
            if "DatabaseNotFound" in code:
                raise ServerUnavailable(f"{uri} has no database '{database}'; check NEO4J_DATABASE") from e
            if "Timeout" in code or "TimedOut" in code:
                raise QueryLimit("the query was ended after its time; make it narrower, or give it more") from e
            if code.endswith((".Forbidden", "ReadOnly", "ReadOnlyAccessDatabase", "NotALeader", "DatabaseUnavailable")):
                raise ServerUnavailable(f"{uri} does not allow that: {_message(e)}") from e
            raise QueryRefused(f"the query did not run: {_message(e)}") from e
        except bolt.Neo4jError as e:
            raise ServerUnavailable(f"{uri} could not do that: {_message(e)}") from e
        except (bolt.DriverError, OSError, ValueError) as e:
            # A host that no name server knows is a ValueError.
            raise ServerUnavailable(
                f"no answer from {uri}: {_message(e).replace(self.address.uri, uri)}; "
                "is the server running, and is NEO4J_URI right?"
            ) from e


def _message(error: BaseException) -> str:
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return str(text).strip().split("\n")[0].rstrip(".")


def plain(value: Any) -> Any:
    """Return a value of the driver, or one that it was given, as plain Python: text, number, list or mapping.

    Args:
        value: what a row or a property holds; a date becomes its ISO text, a node its labels and properties.
    """
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, Node):
        return {"labels": sorted(value.labels), "properties": {k: plain(v) for k, v in sorted(value.items())}}
    if isinstance(value, Relationship):
        return {"type": value.type, "properties": {k: plain(v) for k, v in sorted(value.items())}}
    if isinstance(value, Path):
        return {"nodes": [plain(n) for n in value.nodes], "relationships": [plain(r) for r in value.relationships]}
    return value.iso_format() if hasattr(value, "iso_format") else str(value)
