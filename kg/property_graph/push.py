"""Write a study's property graph to a server so that the server holds it, and change nothing else.

What the server holds is read first and only the difference is written, so a second push writes
nothing, a push after an edit removes what is gone, and a push that was broken off is carried on.
Nodes without this study's id, and labels, properties and relationship types that are not ours,
are left as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg.progress import silent
from kg.property_graph import projection
from kg.property_graph.server import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from neo4j import ManagedTransaction

    from kg.progress import Progress
    from kg.property_graph.projection import Kind, Properties, PropertyGraph
    from kg.property_graph.server import Server

BATCH = 5_000
"""Rows of a transaction at most."""
WEIGHT = 4_000_000
"""Characters of text in a transaction at most: a source is a whole text."""


class Difference(NamedTuple):
    """The difference between a property graph and what a server holds.

    Args:
        create: by label, nodes that the server does not have.
        change: by label, id and the properties that differ; None removes one.
        delete: by label, ids of nodes that are gone.
        link: by kind, relationships that the server does not have.
        unlink: by kind, relationships that are gone.
    """

    create: dict[str, list[Properties]]
    change: dict[str, list[tuple[str, Properties]]]
    delete: dict[str, list[str]]
    link: dict[Kind, list[tuple[str, str]]]
    unlink: dict[Kind, list[tuple[str, str]]]

    def __bool__(self) -> bool:
        return any(any(part.values()) for part in self)

    def counts(self) -> list[tuple[str, str, int]]:
        """Return what happens to which label or type, and to how many, for a person to read."""
        nodes = (("create", self.create), ("change", self.change), ("delete", self.delete))
        counts = [(act, f":{label}", len(rows)) for act, part in nodes for label, rows in part.items() if rows]
        kinds = (("create", self.link), ("delete", self.unlink))
        counts += [
            (act, f"(:{kind.start})-[:{kind.type}]->(:{kind.end})", len(rows))
            for act, links in kinds
            for kind, rows in links.items()
            if rows
        ]
        return counts


def difference(server: Server, graph: PropertyGraph) -> Difference:
    """Compare what a server holds of a study with what it should hold.

    Args:
        server: the server.
        graph: the study.

    Returns:
        What a push would do.

    Raises:
        ServerUnavailable: when the server does not answer.
    """
    changes = Difference({}, {}, {}, {}, {})
    for label, wanted in graph.nodes.items():
        ours = projection.keys(label)
        table, _ = server.read(f"MATCH (n:{label} {{study: $study}}) RETURN properties(n)", {"study": graph.study})
        stored = {row[0]["id"]: {k: v for k, v in row[0].items() if k in ours} for row in table.rows}
        changes.create[label] = [node for key, node in wanted.items() if key not in stored]
        changes.delete[label] = sorted(stored.keys() - wanted.keys())
        changes.change[label] = [
            (key, change) for key, node in wanted.items() if key in stored and (change := _changes(stored[key], node))
        ]
    linked: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    if any(len(changes.create[label]) < len(wanted) for label, wanted in graph.nodes.items()):
        linked = _linked(server, graph.study)
    for kind in sorted({*graph.relationships, *(projection.Kind(*k) for k in linked)}):
        wanted_pairs, stored_pairs = graph.relationships.get(kind, []), linked.get(kind, set())
        changes.link[kind] = [pair for pair in wanted_pairs if pair not in stored_pairs]
        gone = {label: set(changes.delete.get(label, ())) for label in (kind.start, kind.end)}
        # A node that is deleted takes its relationships along.
        changes.unlink[kind] = sorted(
            (start, end)
            for start, end in stored_pairs.difference(wanted_pairs)
            if start not in gone[kind.start] and end not in gone[kind.end]
        )
    return changes


def _linked(server: Server, study: str) -> dict[tuple[str, str, str], set[tuple[str, str]]]:
    """Return the relationships that a server holds between nodes of a study."""
    links: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    for label in projection.PROPERTIES:
        table, _ = server.read(
            f"MATCH (a:{label} {{study: $study}})-[r]->(b {{study: $study}}) RETURN type(r), labels(b), a.id, b.id",
            {"study": study},
        )
        for name, labels, start, end in table.rows:
            if name in projection.TYPES:
                (target,) = [n for n in labels if n in projection.PROPERTIES]
                links.setdefault((str(name), label, target), set()).add((str(start), str(end)))
    return links


def _changes(stored: Properties, wanted: Properties) -> Properties:
    """Return what has to be set on a node; None where a property has to go."""
    changed = {key: value for key, value in wanted.items() if stored.get(key) != plain(value)}
    return {**changed, **dict.fromkeys(stored.keys() - wanted.keys())}


def push(server: Server, graph: PropertyGraph, progress: Progress = silent) -> Difference:
    """Make a server hold a study, and nothing of the study besides.

    While it lasts, the study's node has no digest, by which a reader knows that the graph is not whole.

    Args:
        server: the server.
        graph: the study.
        progress: called with each step, how much of it is done, and how much there is.

    Returns:
        What was done.

    Raises:
        ServerUnavailable: when the server does not answer or cannot write. A push again carries on.
    """
    progress("reading what the server holds", 0, 1)
    for statement in projection.schema(full_text=server.full_text):
        server.change(statement)
    changes = difference(server, graph)
    if not changes:
        return changes
    steps = list(_steps(graph, changes))
    total, done = sum(len(rows) for _, rows in steps), 0
    for text, rows in steps:
        for batch in _batches(rows):
            server.write(_writing(text, graph.study, batch))
            done += len(batch)
            progress("writing to the server", done, total)
    return changes


def _writing(text: str, study: str, rows: list[Any]) -> Callable[[ManagedTransaction], None]:
    def work(transaction: ManagedTransaction) -> None:
        transaction.run(text, study=study, rows=rows).consume()

    return work


def _steps(graph: PropertyGraph, changes: Difference) -> Iterator[tuple[str, list[Any]]]:
    """Give the statements of a push with their rows, in order; the study's digest comes off first and on last."""
    yield "UNWIND $rows AS row MATCH (n:Study {study: $study}) REMOVE n.digest", [None]
    for kind, pairs in changes.unlink.items():
        match = f"MATCH (:{kind.start} {{study: $study, id: row[0]}})-[r:{kind.type}]->"
        yield f"UNWIND $rows AS row {match}(:{kind.end} {{study: $study, id: row[1]}}) DELETE r", pairs
    for label, gone in changes.delete.items():
        yield f"UNWIND $rows AS row MATCH (n:{label} {{study: $study, id: row}}) DETACH DELETE n", gone
    for label, changed in changes.change.items():
        text = f"UNWIND $rows AS row MATCH (n:{label} {{study: $study, id: row[0]}}) SET n += row[1]"
        yield text, [(key, {k: v for k, v in of.items() if k != "digest"}) for key, of in changed]
    for label, nodes in changes.create.items():
        rows = [{k: v for k, v in node.items() if k != "digest"} for node in nodes]
        # MERGE, because a server may ask for a transaction again that it had carried out.
        text = f"UNWIND $rows AS row MERGE (n:{label} {{study: $study, id: row.id}}) SET n += row"
        yield text, rows
    for kind, pairs in changes.link.items():
        match = f"MATCH (a:{kind.start} {{study: $study, id: row[0]}}) "
        match += f"MATCH (b:{kind.end} {{study: $study, id: row[1]}}) "
        yield f"UNWIND $rows AS row {match}MERGE (a)-[:{kind.type}]->(b)", pairs
    digest = graph.nodes["Study"][graph.study]["digest"]
    yield "UNWIND $rows AS row MATCH (n:Study {study: $study}) SET n.digest = row", [digest]


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut rows into transactions of bounded size."""
    batch: list[Any] = []
    weight = 0
    for row in rows:
        batch.append(row)
        weight += len(row.get("text", "")) if isinstance(row, dict) else 0
        if len(batch) == BATCH or weight > WEIGHT:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
