"""Measure what a push costs after one source was edited, beside the first push, to a real Fuseki and a real Neo4j.

    python bench/push.py STUDY [ROUNDS]

prints for each server and round the seconds of the clock and of the processor (this process and the server's) of the
first push into an empty server, of one after a rationale was changed and the study built, and their ratio. The study
is edited in place, and DART_KG_CACHE has to be an empty folder.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
from engines import clear

import kg
from kg.endpoint import push as endpoint_push
from kg.endpoint.client import Address, Client
from kg.property_graph import cypher, push
from kg.property_graph.server import Server
from kg.store.named_graphs import NamedGraphs

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import servers

if TYPE_CHECKING:
    from collections.abc import Callable


class Cost(NamedTuple):
    """The seconds of a push: of the clock, of this process, and of the server."""

    clock: float
    here: float
    there: float

    def __str__(self) -> str:
        """Return them for a line."""
        return f"{self.clock:.2f} s, processor {self.here:.2f} + {self.there:.2f} s"


def cost(work: Callable[[kg.Graph], None], folder: Path, server: servers.Process) -> Cost:
    """Build a study, then push it, and return what the push alone took."""
    graph = kg.open(folder)
    assert server.process
    there = psutil.Process(server.process.pid)
    before, clock, here = sum(there.cpu_times()[:2]), time.perf_counter(), time.process_time()
    work(graph)
    return Cost(time.perf_counter() - clock, time.process_time() - here, sum(there.cpu_times()[:2]) - before)


def edit(folder: Path, number: int) -> None:
    """Change one rationale of the study's last codings file that has one."""
    files = sorted((folder / "codings").glob("*.yaml"), reverse=True)
    file = next(file for file in files if re.search(r"rationale: \w", file.read_text("utf-8")))
    text = re.sub(r"(rationale: )(\w)", rf"\g<1>In reading {number} \g<2>", file.read_text("utf-8"), count=1)
    file.write_text(text, "utf-8")


def to_fuseki(server: servers.Fuseki) -> Callable[[kg.Graph], None]:
    """Return what pushes a study to a Fuseki, as the command does."""

    def work(graph: kg.Graph) -> None:
        with Client(Address(f"{server.url}/data")) as client:
            endpoint_push.push(client, NamedGraphs(graph.built, graph.store, graph.id))

    return work


def to_neo4j(server: servers.Neo4j) -> Callable[[kg.Graph], None]:
    """Return what pushes a study to a Neo4j, as the command does."""

    def work(graph: kg.Graph) -> None:
        with Server(server.address) as opened:
            push.push(opened, cypher.property_graph(graph.folder, graph.store))

    return work


def main() -> None:
    """Measure and print."""
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as scratch:
        fuseki, neo4j = servers.Fuseki(Path(scratch) / "fuseki"), servers.Neo4j(Path(scratch) / "neo4j")
        pushes = ((fuseki, to_fuseki(fuseki)), (neo4j, to_neo4j(neo4j)))
        try:
            for server, _ in pushes:
                server.start()
            for number in range(rounds):
                fuseki.update("CLEAR ALL")
                clear(neo4j)
                first = {server: cost(work, folder, server) for server, work in pushes}
                edit(folder, number)
                for server, work in pushes:
                    again = cost(work, folder, server)
                    clock, processor = (
                        again.clock / first[server].clock,
                        sum(again[1:]) / sum(first[server][1:]),
                    )
                    print(
                        f"{type(server).__name__}: first {first[server]}; one source edited {again}; "
                        f"ratio {clock:.3f}, of the processor {processor:.3f}",
                        flush=True,
                    )
        finally:
            for server, _ in pushes:
                server.stop()


if __name__ == "__main__":
    main()
