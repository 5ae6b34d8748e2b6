"""Measure the property graph: a push beside a plain loader, our Cypher beside Cypher by hand, three engines.

    python bench/engines.py [--sizes 1000,10000,100000] [--write]

The Neo4j is the one that 'make test' brings. Everything is a ratio of two times taken in turn in one run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generate import generate
from run import Row, best, machine, not_met, table, told

import kg
from kg import query
from kg.errors import KGError
from kg.property_graph import cypher, push
from kg.property_graph.server import Server

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import servers

if TYPE_CHECKING:
    from kg.property_graph.projection import PropertyGraph

PAGE = Path(__file__).parent.parent / "docs" / "engines.md"
BY_HAND = Path(__file__).parent / "by_hand"
BATCH = 10_000
ENOUGH = 10.0
"""Seconds after which an engine is not asked the same of a larger study."""
CHOSEN = {
    "any": "P00003", "case": "north", "code": "open-03", "coder": "first", "concept": "trust", "proposition": "P00003", "reference": "r00005",
    "relation": "strengthens", "source": "s00005", "kind": "proposition", "text": "forum", "other": "openness", "object": "openness",
}  # fmt: skip
"""What is asked about, by the kind or the name of a parameter; an excerpt and a line are taken from the graph."""


def load_by_hand(server: Server, graph: PropertyGraph) -> None:
    """Load a graph into an empty database as a page on UNWIND shows it: constraints, CREATE in batches, no comparing."""

    def write(text: str, rows: list[Any]) -> None:
        for at in range(0, len(rows), BATCH):
            batch = rows[at : at + BATCH]
            server.write(
                lambda transaction, batch=batch: transaction.run(text, rows=batch, study=graph.study).consume()
            )

    for label in graph.nodes:
        server.change(
            f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE (n.study, n.id) IS UNIQUE"
        )
    for label, nodes in graph.nodes.items():
        write(f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", list(nodes.values()))
    for kind, pairs in graph.relationships.items():
        ends = (
            f"MATCH (a:{kind.start} {{study: $study, id: row[0]}}) MATCH (b:{kind.end} {{study: $study, id: row[1]}})"
        )
        write(f"UNWIND $rows AS row {ends} CREATE (a)-[:{kind.type}]->(b)", [list(pair) for pair in pairs])


def pushes(running: servers.Neo4j, graph: PropertyGraph, size: int) -> list[Row]:
    """Compare a push into an empty database with a plain loader of the same graph, and a push again with the first."""
    times: dict[str, float] = {}
    with Server(running.address) as server:
        for what, work in (("by hand", load_by_hand), ("push", push.push)):
            clear(running)
            began = time.perf_counter()
            work(server, graph)
            times[what] = time.perf_counter() - began
        began = time.perf_counter()
        assert not push.push(server, graph)
        again = time.perf_counter() - began
    return [
        Row("push to Neo4j, beside UNWIND by hand", f"{size:,}", times["push"], times["by hand"], 1.5, least=False),
        Row("push again, nothing to do, beside the first", f"{size:,}", again, times["push"], 1, least=False),
    ]


def clear(running: servers.Neo4j) -> None:
    """Empty the database, constraints and indexes too."""
    with running.driver() as driver, driver.session() as session:
        # A coder alone has more relationships than one transaction may delete.
        session.run("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS").consume()
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
        for (name,) in session.run("SHOW CONSTRAINTS YIELD name").values():
            session.run(f"DROP CONSTRAINT {name}").consume()
        for (name,) in session.run("SHOW INDEXES YIELD name, type WHERE type = 'FULLTEXT' RETURN name").values():
            session.run(f"DROP INDEX {name}").consume()


def parameters(graph: kg.Graph, name: str) -> dict[str, str]:
    """Choose what a query is asked about."""
    asked = query.named(name)
    found = {}
    for key in asked.parameters:
        kind = asked.kind(key)
        if kind == "excerpt":
            found[key] = str(query.run(graph.engine, "trace-proposition", id="P00003").rows[0][0])
        elif kind == "line":
            found[key] = str(query.run(graph.engine, "evidence-for-concept", concept="trust").dicts()[0]["line"])
        else:
            found[key] = CHOSEN[key if key in CHOSEN else kind]
    return found


def questions(
    graph: kg.Graph, running: servers.Neo4j, size: int, cells: dict[str, dict[int, tuple[float | None, ...]]]
) -> list[Row]:
    """Time every question in three engines, and our Cypher beside Cypher by hand on Neo4j."""
    rows = []
    with (
        cypher.Cypher(graph.folder, graph.store) as embedded,
        cypher.Cypher(graph.folder, graph.store, running.address) as neo4j,
        Server(running.address) as server,
    ):
        for name in query.names():
            given = parameters(graph, name)
            # What took so long on the study before would take minutes or hours on this one.
            slow = {
                place
                for times in cells.get(name, {}).values()
                for place, took in enumerate(times)
                if took is None or took > ENOUGH
            }
            works: list[Any] = []
            answers = []
            for place, engine in enumerate((graph.engine, embedded, neo4j)):
                if place in slow:
                    continue
                work = partial(query.run, engine, name, **given)
                try:
                    answers.append(Counter(work().rows))
                except KGError as e:  # such as more to sort than an engine has memory for
                    print(f"{name}, {size:,}: {e}")
                    slow.add(place)
                else:
                    works.append(work)
            assert all(a == answers[0] for a in answers), name
            by_hand = BY_HAND / f"{name}.cypher"
            if by_hand.is_file():
                works.append(partial(server.read, by_hand.read_text("utf-8"), {**given, "study": neo4j.study}))
                assert Counter(works[-1]()[0].select(tuple(query.named(name).columns)).rows) == answers[0], name
            times = best(7, *works)
            if by_hand.is_file():
                hand = times.pop()
                rows.append(Row(f"{name}, beside Cypher by hand", f"{size:,}", times[-1], hand, 1.2, least=False))
            taken = iter(times)
            cells.setdefault(name, {})[size] = tuple(None if place in slow else next(taken) for place in range(3))
    return rows


def page(rows: list[Row], cells: dict[str, dict[int, tuple[float | None, ...]]], facts: list[str]) -> str:
    """Return docs/engines.md."""
    sizes = sorted({size for by_size in cells.values() for size in by_size})
    head = ["question", *(f"{engine} {size:,}" for size in sizes for engine in ("Oxigraph", "ArcadeDB", "Neo4j"))]
    body = [
        [name, *("left out" if t is None else f"{t * 1000:,.1f}" for size in sizes for t in by_size[size])]
        for name, by_size in cells.items()
    ]
    won = Counter(
        ("Oxigraph", "ArcadeDB", "Neo4j")[min(range(3), key=lambda place, t=by_size[size]: t[place] or float("inf"))]
        for by_size in cells.values()
        for size in [sizes[-1]]
    )
    return "\n".join(
        [
            "# Engines",
            "",
            "`python bench/engines.py --write` measures this anew and writes this page.",
            "",
            "## Which to pick",
            "",
            f"Of {len(cells)} questions at {sizes[-1]:,} excerpts "
            + ", ".join(
                f"{engine} answers {number} fastest"
                for engine, number in sorted(won.items(), key=lambda e: (-e[1], e[0]))
            )
            + ".",
            "",
            "- **Tables** (SQL) answer `kg ask`, `kg trace`, reports and pages unless another engine is asked for; they are not below.",
            "- **Oxigraph** (SPARQL, the default of `kg query`): nothing to start, nothing to install, a trace in milliseconds.",
            "- **Neo4j**: when your people and tools speak Cypher, or several share one graph. It needs a server.",
            "- **Embedded (ArcadeDB)**: Cypher without a server. Starting costs seconds for each command: use `--shell`.",
            "- **Any SPARQL server** ([by its URL](endpoint.md)): when several share one graph, or it outgrows a machine; not measured here.",
            "",
            "## Every question, in milliseconds",
            "",
            *_table(head, body),
            "",
            "## Beside what one would write by hand",
            "",
            *table(rows),
            "",
            "## Not met",
            "",
            *not_met(rows),
            "",
            "## What was measured",
            "",
            "- A question is asked through the project's own code in each engine, already started and warm, in turn; the",
            "  shortest of up to seven. The rows of all engines and of the Cypher by hand were compared before.",
            "- The Cypher by hand (`bench/by_hand/`) was written by another from the questions and the model alone, tuned on",
            "  Neo4j, without sight of ours.",
            "- The plain loader creates constraints, then nodes and relationships by UNWIND and CREATE, in batches of 10,000,",
            "  into an empty database; a push also makes full-text indexes, compares first, and can be carried on.",
            "- The studies are those of [Speed](speed.md).",
            "",
            "## On what",
            "",
            *(f"- {fact}" for fact in facts),
            "",
        ]
    )


def _table(head: list[str], body: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *body)]


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(description="Measure the property graph.")
    parser.add_argument("--sizes", default="1000,10000", help="excerpts, comma-separated")
    parser.add_argument("--write", action="store_true", help="write docs/engines.md")
    given = parser.parse_args()
    rows: list[Row] = []
    cells: dict[str, dict[int, tuple[float | None, ...]]] = {}
    names = ("neo4j", "arcadedb-embedded")
    facts = [*machine(), "Neo4j 5.26.0 Community; " + ", ".join(f"{name} {version(name)}" for name in names)]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        os.environ["DART_KG_CACHE"] = str(scratch / "cache")
        running = servers.Neo4j(scratch / "neo4j")
        running.start()
        try:
            for size in map(int, given.sizes.split(",")):
                made = scratch / f"study-{size}"
                generate(size, made)
                graph = kg.open(made)
                projected = cypher.property_graph(graph.folder, graph.store)
                rows += told(pushes(running, projected, size))
                facts.append(
                    f"{size:,} excerpts: {sum(map(len, projected.nodes.values())):,} nodes, "
                    f"{sum(map(len, projected.relationships.values())):,} relationships"
                )
                del projected
                rows += told(questions(graph, running, size, cells))
                if given.write:  # after each size: the last takes an hour, and what was measured should not go with it
                    PAGE.write_text(page(rows, cells, facts), "utf-8")
        finally:
            running.stop()
    missed = [f"{row.what} ({row.size})" for row in rows if row.met.startswith("NO")]
    print(f"not met: {'; '.join(missed)}" if missed else "every target is met")


if __name__ == "__main__":
    main()
