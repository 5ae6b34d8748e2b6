"""The embedded property graph engine: ArcadeDB in a child process, on loopback, for one session.

It is a process of its own because a query in it cannot be interrupted: it is ended when its
time is over.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

from kg.errors import ServerUnavailable
from kg.processes import Child, Ended, serve
from kg.property_graph.server import Address

NAME = "study"
USER = "root"
HOST = "127.0.0.1"


class Embedded:
    """The engine over a folder of databases; a context manager.

    Args:
        databases: the folder; the database in it is called :data:`NAME`.
        writable: whether a database is made there; otherwise it is opened read only, by as many
            processes as like.

    Raises:
        ServerUnavailable: when the engine is not installed or does not start.
    """

    def __init__(self, databases: Path, *, writable: bool = False) -> None:
        from importlib.util import find_spec

        if find_spec("arcadedb_embedded") is None:
            raise ServerUnavailable(
                "the embedded Cypher engine is not installed: pip install '.[cypher]' in the checkout, "
                "or name a Neo4j by NEO4J_URI"
            )
        password = secrets.token_urlsafe(24)
        self.root = Path(tempfile.mkdtemp(prefix="kg-engine-"))
        self.child = Child(
            "kg.property_graph.embedded",
            quiet=True,
            folder=self.root,
            environment={"ARCADEDB_JVM_ERROR_FILE": str(self.root / "crash.log")},
        )
        mode = "READ_WRITE" if writable else "READ_ONLY"
        try:
            port = self.child.call("start", str(self.root), str(databases), mode, password).value
        except BaseException as e:
            self.close()
            if isinstance(e, Ended):
                raise ServerUnavailable(f"the embedded Cypher engine did not start: {e.complaint}") from e
            raise
        self.address = Address(f"bolt://{HOST}:{port}", USER, password, NAME)

    def __enter__(self) -> Embedded:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def mistake(self, text: str) -> str | None:
        """Say what is wrong with a query, without running it.

        Args:
            text: the Cypher.

        Returns:
            What the engine's parser says; None when it finds no fault.
        """
        mistake: str | None = self.child.call("mistake", text).value
        return mistake

    def close(self) -> None:
        """End the engine in order."""
        self.child.close()
        shutil.rmtree(self.root, ignore_errors=True)

    def kill(self) -> None:
        """End the engine at once, in the middle of whatever it does."""
        self.child.kill()


class _Engine:
    """The engine in its own process."""

    def __init__(self) -> None:
        self.root: Path | None = None
        self.server: Any = None
        self.scratch: Any = None

    def start(self, root: str, databases: str, mode: str, password: str) -> int:
        """Start it, and return its port.

        Args:
            root: a folder for what it writes.
            databases: the folder of its databases.
            mode: ``READ_WRITE`` to make a database there, or ``READ_ONLY``.
            password: the one that :data:`USER` has.
        """
        import arcadedb_embedded
        from arcadedb_embedded.jvm import start_jvm

        self.root = Path(root)
        logging = self.root / "logging.properties"
        logging.write_text("handlers=\n.level=OFF\n", "ascii", newline="\n")
        # Half of it is what queries may sort in: 100,000 passages with their texts need more than 1 GB.
        start_jvm(heap_size=f"{_heap()}m", jvm_args=[f"-Djava.util.logging.config.file={logging}"])
        bolt, http = _free_ports(2)
        self.server = arcadedb_embedded.create_server(
            root,
            password,
            {
                "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
                "host": HOST,
                "bolt_port": bolt,
                "http_port": http,
                "server_databaseDirectory": databases,
                "server_defaultDatabaseMode": mode,
            },
        )
        self.server.start()
        if mode == "READ_WRITE":
            self.server.create_database(NAME)
        return bolt

    def mistake(self, text: str) -> str | None:
        """Return what its parser says of a query; None when it finds no fault.

        Args:
            text: the Cypher.
        """
        import arcadedb_embedded

        # Read only, the engine says of any query that it cannot parse that it would write.
        self.scratch = self.scratch or arcadedb_embedded.create_database(f"{self.root}/scratch")
        try:
            self.scratch.query("opencypher", f"EXPLAIN {text}")
        except arcadedb_embedded.ArcadeDBError as e:
            message = str(e).split("Exception: ", 1)[-1].split(" (caused by", 1)[0]
            return None if "is not idempotent" in message else " ".join(message.split("\n", 1)[0].split())
        return None

    def stop(self) -> None:
        """End it in order, and leave nothing."""
        if self.server:
            self.server.stop()
        if self.root:
            shutil.rmtree(self.root, ignore_errors=True)


def _heap() -> int:
    """Return how many MB the engine may use: a quarter of the machine's memory, between 2 and 8 GB."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (AttributeError, ValueError, OSError):  # not on Windows
        memory = 0
    return min(max(memory // 4, 2048), 8192)


def _free_ports(count: int) -> list[int]:
    """Return ports that are free on loopback now."""
    import socket

    taken = [socket.socket() for _ in range(count)]
    for one in taken:
        one.bind((HOST, 0))
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


if __name__ == "__main__":
    _engine = _Engine()
    serve({"start": _engine.start, "mistake": _engine.mistake})
    _engine.stop()
    # The engine's threads are not waited for: the database is closed.
    os._exit(0)
