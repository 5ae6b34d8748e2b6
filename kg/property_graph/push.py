"""Write a study's property graph to a server so that the server holds it, and change nothing else.

The study's node keeps the digest of every named graph of the build: of the theory, of each source. Only those that
differ are read from the server, and only the difference is written, so a second push reads and writes nothing, a push
after an edit removes what is gone, and a push that was broken off is carried on.
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
        kept: named graphs with their digests that the server has and keeps, as the study's node lists them.
        is_told: whether the server already says which build it holds.
    """

    create: dict[str, list[Properties]]
    change: dict[str, list[tuple[str, Properties]]]
    delete: dict[str, list[str]]
    link: dict[Kind, list[tuple[str, str]]]
    unlink: dict[Kind, list[tuple[str, str]]]
    kept: list[str]
    is_told: bool

    def __bool__(self) -> bool:
        return any(any(part.values()) for part in self[:5]) or not self.is_told

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


def difference(server: Server, graph: PropertyGraph, *, whole: bool = False) -> Difference:
    """Compare what a server holds of a study with what it should hold.

    Args:
        server: the server.
        graph: the study.
        whole: whether all is compared, also named graphs that the server says it has.

    Returns:
        What a push would do.

    Raises:
        ServerUnavailable: when the server does not answer.
    """
    return _compare(server, graph, whole=whole)[0]


def _compare(server: Server, graph: PropertyGraph, *, whole: bool) -> tuple[Difference, list[str]]:
    """Return the difference, and the names of the graphs that were compared."""
    digest, held = _held(server, graph.study)
    names = held.keys() | graph.digests.keys()
    changed = sorted(name for name in names if whole or held.get(name) != graph.digests.get(name))
    kept = [line for line in graph.listed if line.partition(" ")[2] not in changed]
    changes = Difference({}, {}, {}, {}, {}, kept, digest == graph.digest)
    if not changed and held:
        return changes, changed
    # Without digests it was pushed by a version that had none, or never: all of the study is compared.
    only = changed if held and not whole else None
    wanted_graph = graph if only is None else graph.limited(only)
    for label, wanted in wanted_graph.nodes.items():
        ours = projection.keys(label) - {*projection.OF_BUILD}
        within = "" if only is None else " WHERE n.graph IN $graphs"
        given = {"study": graph.study, "graphs": only}
        table, _ = server.read(f"MATCH (n:{label} {{study: $study}}){within} RETURN properties(n)", given, newest=True)
        stored = {row[0]["id"]: {k: v for k, v in row[0].items() if k in ours} for row in table.rows}
        changes.create[label] = [_plain(node) for key, node in wanted.items() if key not in stored]
        changes.delete[label] = sorted(stored.keys() - wanted.keys())
        changes.change[label] = [
            (key, change)
            for key, node in wanted.items()
            if key in stored and (change := _changes(stored[key], _plain(node)))
        ]
    linked: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    if any(len(changes.create[label]) < len(wanted) for label, wanted in wanted_graph.nodes.items()):
        linked = _linked(server, graph.study, only)
    for kind in sorted({*wanted_graph.relationships, *(projection.Kind(*k) for k in linked)}):
        wanted_pairs, stored_pairs = wanted_graph.relationships.get(kind, []), linked.get(kind, set())
        changes.link[kind] = [pair for pair in wanted_pairs if pair not in stored_pairs]
        gone = {label: set(changes.delete.get(label, ())) for label in (kind.start, kind.end)}
        # A node that is deleted takes its relationships along.
        changes.unlink[kind] = sorted(
            (start, end)
            for start, end in stored_pairs.difference(wanted_pairs)
            if start not in gone[kind.start] and end not in gone[kind.end]
        )
    return changes, changed


def _plain(node: Properties) -> Properties:
    """Return what of a node says nothing of the build, which is written last."""
    return {key: value for key, value in node.items() if key not in projection.OF_BUILD}


def _held(server: Server, study: str) -> tuple[str | None, dict[str, str]]:
    """Return the digest of the build that a server holds, and those of its named graphs."""
    text = "MATCH (s:Study {study: $study}) RETURN s.digest, s.graphs"
    table, _ = server.read(text, {"study": study}, newest=True)
    if not table.rows:
        return None, {}
    ((digest, graphs),) = table.rows
    lines = (line.partition(" ") for line in graphs or [])
    return digest, {name: one for one, _, name in lines}


_BY_END = ["SUPPORTED_BY", "OPPOSED_BY", "QUALIFIED_BY", projection.NOT_COUNTED]
"""Types of relationships that are stated where they end: a source states for which claim its evidence lines are."""


def _linked(server: Server, study: str, only: list[str] | None) -> dict[tuple[str, str, str], set[tuple[str, str]]]:
    """Return the relationships that a server holds between nodes of a study, those that some graphs state, or all."""
    links: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    ways = [("a", f"(a:{label} {{study: $study}})", "(b {study: $study})") for label in projection.PROPERTIES]
    if only is not None:
        ways += [
            ("b", "(a:Proposition {study: $study})", f"(b:{label} {{study: $study}})")
            for label in ("EvidenceLine", "UncountedLine")
        ]
    for home, start_node, end_node in ways:
        within = ""
        if only is not None:
            # A relationship belongs to the graph that states it, by its start or by its end.
            within = f"WHERE {home}.graph IN $graphs AND {'NOT ' if home == 'a' else ''}type(r) IN $by_end "
        table, _ = server.read(
            f"MATCH {start_node}-[r]->{end_node} {within}RETURN type(r), labels(a), labels(b), a.id, b.id",
            {"study": study, "graphs": only, "by_end": _BY_END},
            newest=True,
        )
        for name, starts, ends, start, end in table.rows:
            if name in projection.TYPES:
                (label,) = [n for n in starts if n in projection.PROPERTIES]
                (target,) = [n for n in ends if n in projection.PROPERTIES]
                links.setdefault((str(name), label, target), set()).add((str(start), str(end)))
    return links


def _changes(stored: Properties, wanted: Properties) -> Properties:
    """Return what has to be set on a node; None where a property has to go."""
    changed = {key: value for key, value in wanted.items() if stored.get(key) != plain(value)}
    return {**changed, **dict.fromkeys(stored.keys() - wanted.keys())}


def push(server: Server, graph: PropertyGraph, progress: Progress = silent, *, whole: bool = False) -> Difference:
    """Make a server hold a study, and nothing of the study besides.

    While it lasts, the study's node has no digest, by which a reader knows that the graph is not whole.

    Args:
        server: the server.
        graph: the study.
        progress: called with each step, how much of it is done, and how much there is.
        whole: whether all is compared, also named graphs that the server says it has.

    Returns:
        What was done.

    Raises:
        ServerUnavailable: when the server does not answer or cannot write. A push again carries on.
    """
    progress("reading what the server holds", 0, 1)
    for statement in projection.schema(full_text=server.full_text):
        server.change(statement)
    changes, changed = _compare(server, graph, whole=whole)
    if not changes:
        return changes
    # What changes is named, so that a graph which is half there, or half gone, is compared by the next push.
    begun = sorted([*changes.kept, *(f"- {name}" for name in changed)], key=lambda line: line.partition(" ")[2])
    beginning = "UNWIND $rows AS row MATCH (n:Study {study: $study}) REMOVE n.digest SET n.graphs = row"
    server.write(_writing(beginning, graph.study, [begun]))
    steps = list(_steps(graph, changes, begun))
    total, done = sum(len(rows) for _, rows in steps), 0
    for text, rows in steps:
        for batch in _batches(rows):
            if " DELETE n" in text:
                _unlink(server, text, graph.study, batch)
            server.write(_writing(text, graph.study, batch))
            done += len(batch)
            progress("writing to the server", done, total)
    return changes


def _unlink(server: Server, deleting: str, study: str, rows: list[Any]) -> None:
    """Delete the relationships of nodes that will be deleted, a bounded number at a time: a coder may have 100,000."""
    text = deleting.partition(" DETACH")[0]
    text += f" MATCH (n)-[r]-() WITH DISTINCT r LIMIT {BATCH} DELETE r RETURN count(*) AS number"

    def work(transaction: ManagedTransaction) -> int:
        record = transaction.run(text, study=study, rows=rows).single()
        return int(record["number"]) if record else 0

    while server.write(work) == BATCH:
        pass


def _writing(text: str, study: str, rows: list[Any]) -> Callable[[ManagedTransaction], None]:
    def work(transaction: ManagedTransaction) -> None:
        transaction.run(text, study=study, rows=rows).consume()

    return work


def _steps(graph: PropertyGraph, changes: Difference, begun: list[str]) -> Iterator[tuple[str, list[Any]]]:
    """Give the statements of a push with their rows, in order; which build it is comes last."""
    for kind, pairs in changes.unlink.items():
        match = f"MATCH (:{kind.start} {{study: $study, id: row[0]}})-[r:{kind.type}]->"
        yield f"UNWIND $rows AS row {match}(:{kind.end} {{study: $study, id: row[1]}}) DELETE r", pairs
    for label, gone in changes.delete.items():
        yield f"UNWIND $rows AS row MATCH (n:{label} {{study: $study, id: row}}) DETACH DELETE n", gone
    for label, changed in changes.change.items():
        text = f"UNWIND $rows AS row MATCH (n:{label} {{study: $study, id: row[0]}}) SET n += row[1]"
        yield text, changed
    for label, nodes in changes.create.items():
        rows = [{**node, "graphs": begun} for node in nodes] if label == "Study" else nodes
        # MERGE, because a server may ask for a transaction again that it had carried out.
        text = f"UNWIND $rows AS row MERGE (n:{label} {{study: $study, id: row.id}}) SET n += row"
        yield text, rows
    for kind, pairs in changes.link.items():
        match = f"MATCH (a:{kind.start} {{study: $study, id: row[0]}}) "
        match += f"MATCH (b:{kind.end} {{study: $study, id: row[1]}}) "
        yield f"UNWIND $rows AS row {match}MERGE (a)-[:{kind.type}]->(b)", pairs
    told = {"digest": graph.digest, "graphs": graph.listed}
    yield "UNWIND $rows AS row MATCH (n:Study {study: $study}) SET n += row", [told]


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
