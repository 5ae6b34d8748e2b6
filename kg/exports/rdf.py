"""The study as RDF: Turtle, TriG, N-Quads and JSON-LD, the same statements each time.

Every form is two files: ``study`` holds what the build made, ``vocabularies`` defines the terms that it uses.
Together they are all that the store holds. Statements are sorted, so that one graph gives the same bytes.
"""

from __future__ import annotations

import json
from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kg import kinds, paths
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import Quad, Store

    from kg.graph import Graph

STUDY, VOCABULARIES = "study", "vocabularies"
PREFIXED = sorted((*kinds.SEGMENTS, "graph"))
"""What stands after the study in the IRI of a record or a graph; a prefix each in Turtle and TriG."""

_NO_GRAPHS = "Turtle cannot say of which source or vocabulary a statement is; TriG, N-Quads and JSON-LD can"
_TYPE = f"<{rdf.RDF}type>".encode()

Properties = dict[str, list[Any]]
"""The values of a record, as pyoxigraph terms, by predicate."""


def named_graphs(store: Store) -> dict[str, list[str]]:
    """Return the names of the graphs by the file that they belong to, sorted.

    Args:
        store: a study's graph.
    """
    names = sorted(name.value for name in store.named_graphs())
    own = [name for name in names if name.startswith(rdf.STUDIES)]
    return {STUDY: own, VOCABULARIES: [name for name in names if name not in own]}


def root(store: Store) -> str:
    """Return the IRI of the study, with which those of its records begin.

    Args:
        store: a study's graph.
    """
    from kg.property_graph import projection

    return rdf.base(projection.study_id(store))


def prefixes(store: Store) -> dict[str, str]:
    """Return the prefixes of a study's files: of the vocabularies, and one for each kind of record.

    Args:
        store: a study's graph.
    """
    from kg.store.sparql import prefixes as common

    start = root(store)
    return (
        common() | {"owl": "http://www.w3.org/2002/07/owl#"} | {segment: f"{start}{segment}/" for segment in PREFIXED}
    )


def nodes(store: Store, name: str) -> Iterator[tuple[str, Properties]]:
    """Return what a graph says of each thing, sorted by IRI.

    Args:
        store: a study's graph.
        name: of a named graph.
    """
    from pyoxigraph import RdfFormat, parse

    quads = parse(b"".join(_lines(store, name)), format=RdfFormat.N_QUADS)
    for subject, group in groupby(quads, key=attrgetter("subject")):
        yield subject.value, grouped(group)


def grouped(quads: Iterable[Quad]) -> Properties:
    """Return the values of one thing by predicate.

    Args:
        quads: statements about it.
    """
    properties: Properties = {}
    for quad in quads:
        properties.setdefault(quad.predicate.value, []).append(quad.object)
    return properties


def write_turtle(graph: Graph, folder: Path) -> list[str]:
    """Write Turtle: every statement, without the graph that it stands in.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        What is left out.
    """
    from pyoxigraph import RdfFormat, serialize

    for part, names in named_graphs(graph.store).items():
        with (folder / f"{part}.ttl").open("wb") as file:
            file.write(f"# {_NO_GRAPHS}.\n".encode())
            triples = (quad.triple for quad in _quads(graph.store, names))
            serialize(triples, file, format=RdfFormat.TURTLE, prefixes=prefixes(graph.store))
    return [_NO_GRAPHS]


def write_trig(graph: Graph, folder: Path) -> None:
    """Write TriG: a named graph for the theory, for each source and for each vocabulary.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    from pyoxigraph import RdfFormat, serialize

    for part, names in named_graphs(graph.store).items():
        path = folder / f"{part}.trig"
        serialize(_quads(graph.store, names), path, format=RdfFormat.TRIG, prefixes=prefixes(graph.store))


def write_nquads(graph: Graph, folder: Path) -> None:
    """Write N-Quads; the study's are those that the build made, of which its digest can be made again.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    for part, names in named_graphs(graph.store).items():
        with (folder / f"{part}.nq").open("wb") as file:
            file.writelines(sorted(chain.from_iterable(_lines(graph.store, name) for name in names)))


def write_jsonld(graph: Graph, folder: Path) -> None:
    """Write JSON-LD, with the short names of ``ontology/context.jsonld``; a node is a line.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    context = Context(root(graph.store))
    for part, names in named_graphs(graph.store).items():
        with (folder / f"{part}.jsonld").open("w", encoding="utf-8", newline="\n") as file:
            file.write(f'{{"@context": {json.dumps(context.terms, indent=1)},\n"graph": [')
            for number, name in enumerate(names):
                items = (context.node(iri, properties) for iri, properties in nodes(graph.store, name))
                file.write(f'{"," if number else ""}\n{{"id": {json.dumps(context.iri(name))}, "graph": [')
                write_items(file, items)
                file.write("]}")
            file.write("]}\n")


def write_items(file: Any, items: Iterable[Any]) -> None:
    """Write the items of a JSON array, a line each, so that they need never all be held.

    Args:
        file: where; the array is opened already.
        items: what json can write.
    """
    for number, item in enumerate(items):
        file.write(",\n" if number else "\n")
        file.write(json.dumps(item, ensure_ascii=False))
    file.write("\n")


class Context:
    """The short names of ``ontology/context.jsonld``, by which nodes are shortened.

    rdflib compacts too; at a hundred thousand excerpts it takes minutes, and holds all of them.

    Args:
        study: IRI of the study, for which the prefix ``study`` is to stand; None when it is to be written out.

    Example:
        >>> Context("https://w3id.org/dart-kg/study/dart/").iri("https://w3id.org/dart-kg/study/dart/code/trust")
        'study:code/trust'
    """

    def __init__(self, study: str | None = None) -> None:
        text = (paths.shipped("ontology") / "context.jsonld").read_text("utf-8")
        self.terms: dict[str, Any] = json.loads(text)["@context"] | ({"study": study} if study else {})
        spaces = {k: v for k, v in self.terms.items() if isinstance(v, str) and v.endswith(("#", "/"))}
        # The longest first: the vocabularies lie in one another.
        self._spaces = sorted(((v, k) for k, v in spaces.items()), key=lambda pair: -len(pair[0]))
        self._names: dict[str, tuple[str, dict[str, str]]] = {}
        for name, given in self.terms.items():
            definition = given if isinstance(given, dict) else {"@id": str(given)}
            prefix, colon, rest = definition["@id"].partition(":")
            if colon and prefix in spaces:
                self._names[spaces[prefix] + rest] = (name, definition)

    def iri(self, value: str) -> str:
        """Return an IRI as a prefix and the rest, or as it is when none fits.

        Args:
            value: the IRI.
        """
        for space, prefix in self._spaces:
            if value.startswith(space):
                return f"{prefix}:{value[len(space) :]}"
        return value

    def node(self, iri: str, properties: Properties) -> dict[str, Any]:
        """Return a node object.

        Args:
            iri: what it is about.
            properties: its values.
        """
        node: dict[str, Any] = {"id": self.iri(iri)}
        for predicate, values in properties.items():
            for value in values:
                self._add(node, predicate, value)
        return node

    def _add(self, node: dict[str, Any], predicate: str, value: Any) -> None:
        """Add a value in the shortest way that its name's definition can hold."""
        if predicate == rdf.RDF + "type":
            return _append(node, "type", self.iri(value.value))
        name, definition = self._names.get(predicate, (self.iri(predicate), {}))
        kind, language = definition.get("@type"), getattr(value, "language", None)
        if "@container" in definition:
            # A map by language (https://www.w3.org/TR/json-ld11/#language-indexing) holds no value without one.
            if language:
                return _append(node.setdefault(name, {}), language, value.value)
            name = self.iri(predicate)
        datatype = getattr(value, "datatype", None)
        if datatype is None:
            iri = self.iri(value.value)
            return _append(node, name, iri if kind == "@id" else {"id": iri})
        if language:
            return _append(node, name, {"@language": language, "@value": value.value})
        typed = self.iri(datatype.value)
        if kind == "@json" and (parsed := _json(value.value)) is not None:
            return _append(node, name, parsed)
        if kind == typed == "xsd:integer":
            return _append(node, name, int(value.value))
        if typed == (kind or "xsd:string"):
            return _append(node, name, value.value)
        return _append(node, name, {"@type": typed, "@value": value.value})


def _append(node: dict[str, Any], key: str, value: Any) -> None:
    """Add a value: the first stands alone, more make an array."""
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _json(text: str) -> dict[str, Any] | None:
    """Return what a JSON literal holds, or None when that would be read back as other text."""
    parsed = json.loads(text)
    again = json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return parsed if isinstance(parsed, dict) and again == text else None


def _order(line: bytes) -> tuple[bytes, bool, bytes]:
    """Put what a thing is before what else is said of it."""
    subject, predicate, _ = line.split(b" ", 2)
    return subject, predicate != _TYPE, line


def _lines(store: Store, name: str) -> list[bytes]:
    """Return a graph as lines of N-Quads, sorted."""
    from pyoxigraph import NamedNode, RdfFormat

    tail = f"<{name}> .\n".encode()
    dumped = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name)) or b""
    return sorted((line[:-2] + tail for line in dumped.splitlines(keepends=True)), key=_order)


def _quads(store: Store, names: Sequence[str]) -> Iterator[Quad]:
    """Return the statements of some graphs, graph by graph."""
    from pyoxigraph import RdfFormat, parse

    for name in names:
        yield from parse(b"".join(_lines(store, name)), format=RdfFormat.N_QUADS)
