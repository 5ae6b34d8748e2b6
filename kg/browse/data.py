"""Records as data: what their pages say, in Turtle and in JSON-LD."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg import paths
from kg.errors import UnknownTerm
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.graph import Graph

MOST = 1000
"""How many statements of others about a record are given."""


def _triples(graph: Graph, records: Sequence[tuple[str, str]]) -> list[Any]:
    """Return what is said of some records, and of a single one what others say of it too, sorted."""
    from kg.property_graph import projection

    root = rdf.base(projection.study_id(graph.store))
    triples: set[Any] = set()
    for kind, identifier in records:
        triples |= _statements(graph, root, kind, identifier, others=len(records) == 1)
    return sorted(triples, key=str)


def _statements(graph: Graph, root: str, kind: str, identifier: str, *, others: bool) -> set[Any]:
    """Return what is said of a record, its selector, citations and confidence, and what others say of it."""
    from pyoxigraph import NamedNode

    node = _node(graph, root, kind, identifier)
    own = [q.triple for q in graph.store.quads_for_pattern(node, None, None)]
    if not own:
        raise UnknownTerm(identifier, kind)
    if kind == "excerpt":
        citations: list[Any] = [triple.object for triple in own if triple.predicate.value == f"{rdf.EV}citation"]
        for part in (NamedNode(f"{node.value}#selector"), *citations):
            own += [q.triple for q in graph.store.quads_for_pattern(part, None, None)]
    if kind == "proposition":
        for part in _judged(graph, node):
            own += [q.triple for q in graph.store.quads_for_pattern(part, None, None)]
    if others:
        own += [q.triple for q in islice(graph.store.quads_for_pattern(None, None, node), MOST)]
    return set(own)


def _judged(graph: Graph, claim: Any) -> list[Any]:
    """Return the nodes of what was judged of the confidence in a claim: the whole, and its components."""
    from pyoxigraph import NamedNode

    def of(predicate: str, node: Any) -> list[Any]:
        return [q.subject for q in graph.store.quads_for_pattern(None, NamedNode(rdf.EV + predicate), node)]

    whole = of("assesses", claim)
    return [*whole, *(concern for one in whole for concern in of("assessment", one))]


def _node(graph: Graph, root: str, kind: str, identifier: str) -> Any:
    """Return the IRI of a record: one of the study's own, or of a bundled ontology's concept."""
    from pyoxigraph import Literal, NamedNode

    here = "concept" if kind == "relation" else kind
    node = NamedNode(f"{root}{here}/{quote(identifier, safe=':')}")
    if kind in ("concept", "relation") and not any(graph.store.quads_for_pattern(node, None, None)):
        quad: Any
        for quad in graph.store.quads_for_pattern(None, NamedNode(rdf.DCT + "identifier"), Literal(identifier)):
            if quad.subject.value.startswith(rdf.VOCABULARIES) and not quad.subject.value.startswith(rdf.STUDIES):
                return quad.subject
    return node


def turtle(graph: Graph, records: Sequence[tuple[str, str]]) -> bytes:
    """Write records as Turtle.

    Args:
        graph: the study's graph.
        records: kind and id of each.

    Raises:
        UnknownTerm: when there is no such record.
    """
    from pyoxigraph import RdfFormat, serialize

    from kg.store.sparql import prefixes

    text = serialize(_triples(graph, records), format=RdfFormat.TURTLE, prefixes=prefixes())
    return text or b""


def jsonld(graph: Graph, records: Sequence[tuple[str, str]]) -> bytes:
    """Write records as JSON-LD, compacted by ``ontology/context.jsonld``.

    Args:
        graph: the study's graph.
        records: kind and id of each.

    Raises:
        UnknownTerm: when there is no such record.
    """
    from rdflib import Graph as Triples

    context = json.loads((paths.shipped("ontology") / "context.jsonld").read_text("utf-8"))["@context"]
    lines = "".join(f"{t} .\n" for t in _triples(graph, records))
    triples = Triples().parse(data=lines, format="nt")
    document = json.loads(triples.serialize(format="json-ld", context=context, auto_compact=False))
    return json.dumps(_sorted(document), ensure_ascii=False, indent=2).encode() + b"\n"


def _sorted(value: Any) -> Any:
    """Order what rdflib leaves in no order."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) if key != "@context" else value[key] for key in sorted(value)}
    if isinstance(value, list):
        return sorted((_sorted(v) for v in value), key=lambda v: json.dumps(v, ensure_ascii=False, sort_keys=True))
    return value


FORMS: dict[str, tuple[str, Callable[[Graph, Sequence[tuple[str, str]]], bytes]]] = {
    "ttl": ("text/turtle; charset=utf-8", turtle),
    "json": ("application/ld+json", jsonld),
}
"""Media type and function by suffix."""
