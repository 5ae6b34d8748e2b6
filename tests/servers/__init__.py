"""Real servers for the tests, as processes on loopback: Neo4j and Fuseki, brought by fetch.sh."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

FOLDER = Path(sys.prefix) / "servers"
PASSWORD = "a-password-for-tests"
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options that halve what the start of a Java process costs, and slow down one that lives long."""


def needed() -> None:
    """Skip a test when the servers are not there; in CI that is a failure."""
    if not (FOLDER / "ready").is_file():
        missing = "the real servers are missing: run 'make test', which brings them, on a machine with Java and Maven"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


def free_port() -> int:
    """Return a port that is free on loopback now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Process:
    """Run a server until it is stopped; it listens on ``port`` of loopback only."""

    options: tuple[str, ...] = ()

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        needed()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, cwd=self.folder)
        end = time.monotonic() + 120
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the server did not start:\n" + (self.folder / "log").read_text("utf-8")[-3000:])
            time.sleep(0.2)

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def limit_files(self, size: int) -> None:
        """Let no file of the running server grow beyond a size, as on a full disk; -1 lifts that."""
        assert self.process
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End the server in order."""
        if self.process:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            self.kill()


class Neo4j(Process):
    """Run Neo4j Community with a password."""

    USER = "neo4j"

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder)
        for name in ("data", "logs", "run", "import", "plugins", "conf"):
            (folder / name).mkdir(exist_ok=True)
        self.configure(**settings)

    def configure(self, **settings: str) -> None:
        """Write the settings; underscores stand for dots, two for an underscore."""
        given = {
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "server.memory.pagecache.size": "256m",
            **{k.replace("__", "%").replace("_", ".").replace("%", "_"): v for k, v in settings.items()},
        }
        lines = "".join(f"{key}={value}\n" for key, value in given.items())
        (self.folder / "conf" / "neo4j.conf").write_text(lines, "utf-8")

    def java(self, main: str, *words: str) -> list[str]:
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "sun.nio.ch")]
        return ["java", "-Xmx1500m", *self.options, *opened, "-cp", f"{FOLDER}/neo4j/*", main, *words]

    def command(self) -> list[str]:
        where = [f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}"]
        return self.java("org.neo4j.server.CommunityEntryPoint", *where)

    @property
    def home(self) -> dict[str, str]:
        """Say to neo4j-admin where the server's files are."""
        return {"NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")}

    def admin(self, *words: str) -> str:
        """Run neo4j-admin."""
        needed()
        run = subprocess.run(
            self.java("org.neo4j.cli.AdminTool", *words),
            env={**os.environ, **self.home},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout + run.stderr

    def start(self) -> None:
        if not (self.folder / "data" / "dbms").exists():
            self.admin("dbms", "set-initial-password", PASSWORD)
        super().start()
        end = time.monotonic() + 60
        while True:
            try:
                with self.driver() as driver:
                    driver.execute_query("RETURN 1")
                return
            except Exception:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Say where it is and who asks, as a user's environment does."""
        return {"NEO4J_URI": self.uri, "NEO4J_USERNAME": self.USER, "NEO4J_PASSWORD": PASSWORD}

    @property
    def address(self):
        from kg.property_graph.server import Address

        return Address(self.uri, self.USER, PASSWORD)

    def driver(self):
        from neo4j import GraphDatabase

        return GraphDatabase.driver(self.uri, auth=(self.USER, PASSWORD))

    def ask(self, text: str, **parameters: object) -> list[list[object]]:
        """Run any Cypher, writing too, past the project's own code."""
        with self.driver() as driver:
            return [list(record.values()) for record in driver.execute_query(text, parameters).records]


class Fuseki(Process):
    """Run Fuseki with an empty dataset in memory."""

    heap = "1500m"

    def command(self) -> list[str]:
        (jar,) = (FOLDER / "fuseki").glob("jena-fuseki-server-*.jar")
        where = ["--mem", "--localhost", "--port", str(self.port), "/ds"]
        return ["java", f"-Xmx{self.heap}", *self.options, "-jar", str(jar), *where]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ds"

    def update(self, text: str, **headers: str) -> None:
        """Run any SPARQL update, past the project's own code."""
        kind = {"Content-Type": "application/sparql-update", **headers}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/update", text.encode(), kind)):
            pass


class FusekiOnDisk(Fuseki):
    """Run Fuseki with a dataset on disk, whose default graph is the union, and which asks for a password."""

    USER = "me"

    def start(self) -> None:
        (self.folder / "data").mkdir(exist_ok=True)
        (self.folder / "passwords").write_text(f"{self.USER}: {PASSWORD}\n", "utf-8")
        (self.folder / "server.ttl").write_text(
            f"""
            PREFIX fuseki: <http://jena.apache.org/fuseki#>
            PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
            [] a fuseki:Server ; fuseki:passwd "{self.folder}/passwords" ; fuseki:auth "basic" ; fuseki:services ( <#ds> ) .
            <#ds> a fuseki:Service ; fuseki:name "ds" ; fuseki:allowedUsers "{self.USER}" ; fuseki:dataset <#data> ;
              fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "sparql" ] ,
                [ fuseki:operation fuseki:update ; fuseki:name "update" ] ,
                [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] .
            <#data> a tdb2:DatasetTDB2 ; tdb2:location "{self.folder}/data" ; tdb2:unionDefaultGraph true .
            """,
            "utf-8",
        )
        super().start()

    def command(self) -> list[str]:
        (jar,) = (FOLDER / "fuseki").glob("jena-fuseki-server-*.jar")
        where = [f"--config={self.folder}/server.ttl", "--localhost", "--port", str(self.port)]
        return ["java", f"-Xmx{self.heap}", *self.options, "-jar", str(jar), *where]

    @property
    def environment(self) -> dict[str, str]:
        """Say who asks, as a user's environment does."""
        return {"SPARQL_USERNAME": self.USER, "SPARQL_PASSWORD": PASSWORD}
