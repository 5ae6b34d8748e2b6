"""The embedded property graph engine: ArcadeDB in a child process, on loopback, for one session.

It is a process of its own because a query in it cannot be interrupted: it is ended when its
time is over. The child ends itself as soon as its standard input is closed, that is, however
its parent ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from kg.errors import ServerUnavailable
from kg.property_graph.server import Address

NAME = "study"
USER = "root"
HOST = "127.0.0.1"


class Embedded:
    """Run the engine over a folder of databases; a context manager.

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
        order = {
            "root": str(self.root),
            "databases": str(databases),
            "mode": "READ_WRITE" if writable else "READ_ONLY",
            "password": password,
        }
        with (self.root / "stderr").open("wb") as errors:
            self.child = subprocess.Popen(
                [sys.executable, "-P", "-m", "kg.property_graph.embedded"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "ARCADEDB_JVM_ERROR_FILE": str(self.root / "crash.log")},
                cwd=self.root,
                # Control-C is for the parent, which ends the child in order.
                start_new_session=True,
            )
        assert self.child.stdin
        assert self.child.stdout
        try:
            self.child.stdin.write(json.dumps(order).encode() + b"\n")
            self.child.stdin.flush()
            port = int(self.child.stdout.readline())
        except BaseException as e:
            said = (self.root / "stderr").read_text("utf-8", "replace").strip().split("\n")[-1]
            self.close()
            if isinstance(e, (OSError, ValueError)):
                raise ServerUnavailable(f"the embedded Cypher engine did not start: {said}") from e
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
        assert self.child.stdin
        assert self.child.stdout
        self.child.stdin.write(json.dumps(text).encode() + b"\n")
        self.child.stdin.flush()
        said: str | None = json.loads(self.child.stdout.readline() or b"null")
        return said

    def close(self) -> None:
        """End the engine in order."""
        # A broken pipe only says that the child has ended already.
        with contextlib.suppress(OSError):
            self.child.stdin.close()  # type: ignore[union-attr]
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.child.stdout.close()  # type: ignore[union-attr]
        shutil.rmtree(self.root, ignore_errors=True)

    def kill(self) -> None:
        """End the engine at once, in the middle of whatever it does."""
        self.child.kill()
        self.child.wait()


def _serve(order: dict[str, Any]) -> None:
    """Be the child: start the engine, say its port, and wait until standard input is closed."""
    import arcadedb_embedded
    from arcadedb_embedded.jvm import start_jvm

    root = Path(order["root"])
    (root / "logging.properties").write_text("handlers=\n.level=OFF\n", "ascii")
    # Half of it is what queries may sort in: 100,000 passages with their texts need more than 1 GB.
    start_jvm(heap_size=f"{_heap()}m", jvm_args=[f"-Djava.util.logging.config.file={root / 'logging.properties'}"])
    bolt, http = _free_ports(2)
    server = arcadedb_embedded.create_server(
        order["root"],
        order["password"],
        {
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "host": HOST,
            "bolt_port": bolt,
            "http_port": http,
            "server_databaseDirectory": order["databases"],
            "server_defaultDatabaseMode": order["mode"],
        },
    )
    server.start()
    if order["mode"] == "READ_WRITE":
        server.create_database(NAME)
    sys.stdout.write(f"{bolt}\n")
    sys.stdout.flush()
    scratch: Any = None
    for line in sys.stdin:
        # Read only, the engine says of any query that it cannot parse that it would write.
        scratch = scratch or arcadedb_embedded.create_database(str(root / "scratch"))
        sys.stdout.write(json.dumps(_mistake(scratch, json.loads(line))) + "\n")
        sys.stdout.flush()
    server.stop()
    shutil.rmtree(root, ignore_errors=True)


def _heap() -> int:
    """Return how many MB the engine may use: a quarter of the machine's memory, between 2 and 8 GB."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (AttributeError, ValueError, OSError):  # not on Windows
        memory = 0
    return min(max(memory // 4, 2048), 8192)


def _mistake(database: Any, text: str) -> str | None:
    import arcadedb_embedded

    try:
        database.query("opencypher", f"EXPLAIN {text}")
    except arcadedb_embedded.ArcadeDBError as e:
        said = str(e).split("Exception: ", 1)[-1].split(" (caused by", 1)[0]
        return None if "is not idempotent" in said else " ".join(said.split("\n", 1)[0].split())
    return None


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
    _serve(json.loads(sys.stdin.readline()))
    sys.stdout.flush()
    # The engine's threads are not waited for: the database is closed.
    os._exit(0)
