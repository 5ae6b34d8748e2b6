"""Every named question has the same rows in six engines: tables, rdflib, Oxigraph, Fuseki, ArcadeDB and Neo4j."""

from __future__ import annotations

from collections import Counter
from functools import cache
from unittest import mock

import pytest
import strategies
from helpers import examples
from hypothesis import given, settings

import kg
from kg import query
from kg.endpoint import push as endpoint_push
from kg.endpoint.client import Address, Client
from kg.property_graph import cypher, push
from kg.property_graph.server import Server
from kg.store import build
from kg.store.named_graphs import NamedGraphs

EMPTY = {
    "dart": {"attributes", "read-whole", "sets"},
    "template": {
        "code-co-occurrence", "codes-to-drivers", "settlements", "uncoded-paragraphs", "open-questions", "propositions-by-stage",
        "readings", "readings-of-line", "authors", "references-by-author", "trace-author", "attributes", "sets",
        "passages-with-codes", "confidence", "read-whole",
    },
}  # fmt: skip
"""Queries that have no rows in a study."""


def values(graph, kind):
    """Give values for a parameter from the graph itself, and one that is not there."""
    rows = graph.query("records").dicts()
    if kind == "excerpt":
        found = [r[0] for r in graph.query("passages-containing", text="e").rows]
    elif kind == "text":
        found = ["the", "P18", "P1", "transparency", "透明", "X"]
    elif kind == "line":
        found = [r["id"] for r in graph.query("lines").dicts()]
    elif kind == "any":
        found = [r["id"] for r in rows][::9]
    else:
        found = [r["id"] for r in rows if r["kind"] == kind]
    return [*found[:6], "nowhere"]


ENOUGH = 700
"""Rows of a question, all its answers together: more of the same form prove no more, and take the slow engines minutes."""
opened = cache(kg.open)


@cache
def choices(study, name):
    """Give values for all parameters of a query, those with the fewest rows first, until there are enough rows."""
    graph, chosen, total = opened(study), [], 0
    # The tables, which are compared too, count within milliseconds.
    counted = [
        (len(query.run(graph.tables, name, **one).rows), place, one) for place, one in enumerate(drawn(graph, name))
    ]
    for number, _, one in sorted(counted, key=lambda each: each[:2]):
        if not chosen or total + number <= ENOUGH:
            chosen.append(one)
            total += number
    return chosen


def drawn(graph, name):
    """Give values for all parameters of a query, such that some of them belong together."""
    asked = query.named(name)
    if name in ("record", "neighbours"):
        rows = [*graph.query("records").dicts(), *graph.query("lines").dicts()]
        kinds = {r["kind"]: (r["id"], r["kind"]) for r in rows}
        passages = [(r[0], "excerpt") for r in graph.query("passages-containing", text="e").rows]
        pairs = [*kinds.values(), *passages[:2], ("nowhere", "concept")]
    elif name == "passages-with-codes":
        shared = [row[:2] for row in graph.query("code-co-occurrence").rows]
        pairs = [*shared[:5], *(pair[::-1] for pair in shared[:2]), ("nowhere", "nothing")]
    elif len(asked.parameters) == 2:
        columns = {
            "claims-by-relation": ("relation", "object"),
            "claims-by-subject": ("subject", "relation"),
            "claims-between": ("subject", "object"),
        }[name]
        pairs = [*{tuple(r[c] for c in columns) for r in graph.query("claims").dicts()}, ("nowhere", "nothing")]
    else:
        pairs = [tuple(v) for v in zip(*(values(graph, asked.kind(p)) for p in asked.parameters), strict=False)]
    return [dict(zip(asked.parameters, pair, strict=True)) for pair in pairs or [()]]


class Rdflib:
    """Answer in rdflib's own memory store."""

    def __init__(self, nquads):
        from rdflib import Dataset

        self.data = Dataset(default_union=True)
        self.data.parse(data=nquads, format="nquads")

    def answer(self, asked, parameters):
        from rdflib import Literal
        from rdflib.plugins.sparql import CUSTOM_EVALS

        with mock.patch.dict(CUSTOM_EVALS, joined=joined):
            found = self.data.query(prepared(asked.text), initBindings={k: Literal(v) for k, v in parameters.items()})
            rows = [tuple(_python(getattr(row, c, None)) for c in asked.columns) for row in found]
        return query.Table(tuple(asked.columns), rows)


@cache
def prepared(text):
    """Parse a query once: that takes rdflib ten times as long as its answer."""
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(text)


def joined(context, part):
    """Join the patterns of a query one at a time: rdflib would begin with every pair of what is asked for by type."""
    from rdflib import BNode, Variable
    from rdflib.plugins.sparql.evaluate import evalBGP

    if part.name != "BGP":
        raise NotImplementedError
    variables = {t: {term for term in t if isinstance(term, (Variable, BNode))} for t in part.triples}
    bound = {term for terms in variables.values() for term in terms if context[term] is not None}
    rest, ordered = list(part.triples), []
    while rest:
        ordered.append(min(rest, key=lambda t: (not variables[t] & bound, len(variables[t] - bound))))
        rest.remove(ordered[-1])
        bound |= variables[ordered[-1]]
    return evalBGP(context, ordered)


def _python(term):
    if term is None:
        return None
    held = term.toPython() if getattr(term, "datatype", None) else None
    return held if isinstance(held, (int, bool)) else str(term)


def in_fuseki(server, graph):
    """Push a study to a Fuseki that has no other, and return what asks it there."""
    server.update("CLEAR ALL")
    with Client(Address(f"{server.url}/data")) as client:
        endpoint_push.push(client, NamedGraphs(graph.built, graph.store, graph.id))
    return graph.with_endpoint(f"{server.url}/sparql").engine


SERVERS = ("fuseki", "arcadedb", "neo4j")
ENGINES = (
    "tables",
    pytest.param("rdflib", marks=pytest.mark.slow),
    *(pytest.param(name, marks=[pytest.mark.slow, pytest.mark.xdist_group(name)]) for name in SERVERS),
)
"""What is compared with Oxigraph."""


@pytest.fixture(scope="module")
def engine(request):
    """Return a function that gives an engine over a bundled study; each is opened once, and its server when it is asked for."""
    opened = []

    @cache
    def open_(which, study):
        graph = kg.open(study)
        if which in ("arcadedb", "neo4j"):
            address = request.getfixturevalue("neo4j").address if which == "neo4j" else None
            if address:
                with Server(address) as server:
                    push.push(server, cypher.property_graph(graph.folder, graph.store))
            opened.append(cypher.Cypher(graph.folder, graph.store, address))
            return opened[-1]
        if which == "fuseki":
            opened.append(in_fuseki(request.getfixturevalue("fuseki")(study), graph))
            return opened[-1]
        return graph.tables if which == "tables" else Rdflib(nquads(graph))

    yield open_
    for one in opened:
        one.close()


def nquads(graph):
    from pyoxigraph import RdfFormat

    return graph.store.dump(format=RdfFormat.N_QUADS)


def rows(engine, name, parameters):
    return Counter(query.run(engine, name, **parameters).rows)


@cache
def in_oxigraph(study, name, place):
    """Return the rows that Oxigraph gives for one of the choices, with which every other engine is compared."""
    return rows(opened(study).oxigraph, name, choices(study, name)[place])


@pytest.mark.parametrize("name", query.names())
@pytest.mark.parametrize("which", ENGINES)
@pytest.mark.parametrize("study", ["dart", "template"])
def test_a_question_has_the_same_rows_in_every_engine(engine, study, which, name):
    other, compared, chosen = engine(which, study), 0, choices(study, name)
    # rdflib takes seconds for each, however few its rows are: it is asked every third, and at most two of many.
    for place in range(len(chosen) - 1, -1, -max(3, len(chosen) // 2) if which == "rdflib" else -1):
        ours = in_oxigraph(study, name, place)
        assert rows(other, name, chosen[place]) == ours, chosen[place]
        compared += ours.total()
    assert (compared > 0) == (name not in EMPTY[study])


@pytest.fixture(scope="module")
def arcadedb(tmp_path_factory):
    """Run the embedded engine on a database that can be written."""
    from kg.property_graph.embedded import Embedded

    with Embedded(tmp_path_factory.mktemp("arcadedb"), writable=True) as running:
        yield running


@settings(max_examples=examples(3))
@given(made=strategies.files(mapped=True))
def test_a_study_of_any_shape_has_the_same_rows_in_every_engine(made, neo4j, arcadedb, fuseki, tmp_path_factory):
    folder = strategies.write(tmp_path_factory.mktemp("drawn"), made)
    build.build(folder)
    graph = kg.open(folder)
    engines = {
        "tables": graph.tables,
        "rdflib": Rdflib(nquads(graph)),
        "fuseki": in_fuseki(fuseki("drawn"), graph),
    }
    opened = [engines["fuseki"]]
    for which, address in (("arcadedb", arcadedb.address), ("neo4j", neo4j.address)):
        with Server(address) as server:
            push.push(server, cypher.property_graph(folder, graph.store))
        opened.append(cypher.Cypher(folder, graph.store, address))
        engines[which] = opened[-1]
    try:
        for name in query.names():
            for parameters in drawn(graph, name)[-3:]:
                ours = rows(graph.oxigraph, name, parameters)
                for which, other in engines.items():
                    assert rows(other, name, parameters) == ours, (which, name, parameters)
    finally:
        for one in opened:
            one.close()
