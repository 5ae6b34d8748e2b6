"""Every named question has the same rows in six engines: tables, rdflib, Oxigraph, Fuseki, ArcadeDB and Neo4j."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections import Counter
from functools import cache
from unittest import mock

import pytest
import strategies
from helpers import examples
from hypothesis import given, settings

import kg
from kg import query
from kg.property_graph import cypher, push
from kg.property_graph.server import Server
from kg.store import build

EMPTY = {
    "dart": {"attributes", "sets"},
    "template": {
        "code-co-occurrence", "codes-to-drivers", "settlements", "uncoded-paragraphs", "open-questions", "propositions-by-stage",
        "readings", "readings-of-line", "authors", "references-by-author", "trace-author", "attributes", "sets",
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


def choices(graph, name):
    """Give values for all parameters of a query, such that some of them belong together."""
    asked = query.named(name)
    if name in ("record", "neighbours"):
        rows = [*graph.query("records").dicts(), *graph.query("lines").dicts()]
        kinds = {r["kind"]: (r["id"], r["kind"]) for r in rows}
        passages = [(r[0], "excerpt") for r in graph.query("passages-containing", text="e").rows]
        pairs = [*kinds.values(), *passages[:2], ("nowhere", "concept")]
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


class InFuseki:
    """Answer in Fuseki, over the union of its named graphs."""

    def __init__(self, server, nquads):
        self.url = server.url
        self.post("data", nquads, "application/n-quads", method="PUT")

    def post(self, service, data, kind, method="POST"):
        request = urllib.request.Request(
            f"{self.url}/{service}",
            data,
            {"Content-Type": kind, "Accept": "application/sparql-results+json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def answer(self, asked, parameters):
        text = asked.text
        if parameters:
            # The protocol has no parameters; a VALUES clause binds them, as data.
            names = " ".join(f"?{name}" for name in parameters)
            given = " ".join(json.dumps(value, ensure_ascii=False) for value in parameters.values())
            text = text.replace(" WHERE {", f" WHERE {{ VALUES ({names}) {{ ({given}) }}", 1)
        form = {"query": text, "default-graph-uri": "urn:x-arq:UnionGraph"}
        sent = urllib.parse.urlencode(form).encode()
        found = json.loads(self.post("sparql", sent, "application/x-www-form-urlencoded"))
        rows = [tuple(_json(row.get(c)) for c in asked.columns) for row in found["results"]["bindings"]]
        return query.Table(tuple(asked.columns), rows)


def _json(cell):
    if cell is None:
        return None
    kind = cell.get("datatype", "").rpartition("#")[2]
    return int(cell["value"]) if kind == "integer" else cell["value"] == "true" if kind == "boolean" else cell["value"]


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
            return InFuseki(request.getfixturevalue("fuseki")(study), nquads(graph))
        return graph.tables if which == "tables" else Rdflib(nquads(graph))

    yield open_
    for one in opened:
        one.close()


def nquads(graph):
    from pyoxigraph import RdfFormat

    return graph.store.dump(format=RdfFormat.N_QUADS)


def rows(engine, name, parameters):
    return Counter(query.run(engine, name, **parameters).rows)


@pytest.mark.parametrize("name", query.names())
@pytest.mark.parametrize("which", ENGINES)
@pytest.mark.parametrize("study", ["dart", "template"])
def test_a_question_has_the_same_rows_in_every_engine(engine, study, which, name):
    graph, other, compared = kg.open(study), engine(which, study), 0
    for parameters in choices(graph, name):
        ours = rows(graph.oxigraph, name, parameters)
        assert rows(other, name, parameters) == ours, parameters
        compared += len(ours)
    assert (compared > 0) == (name not in EMPTY[study])


@pytest.fixture(scope="module")
def arcadedb(tmp_path_factory):
    """Run the embedded engine on a database that can be written."""
    from kg.property_graph.embedded import Embedded

    with Embedded(tmp_path_factory.mktemp("arcadedb"), writable=True) as running:
        yield running


@settings(max_examples=examples(5))
@given(made=strategies.files(mapped=True))
def test_a_study_of_any_shape_has_the_same_rows_in_every_engine(made, neo4j, arcadedb, fuseki, tmp_path_factory):
    folder = strategies.write(tmp_path_factory.mktemp("drawn"), made)
    build.build(folder)
    graph = kg.open(folder)
    engines = {
        "tables": graph.tables,
        "rdflib": Rdflib(nquads(graph)),
        "fuseki": InFuseki(fuseki("drawn"), nquads(graph)),
    }
    opened = []
    for which, address in (("arcadedb", arcadedb.address), ("neo4j", neo4j.address)):
        with Server(address) as server:
            push.push(server, cypher.property_graph(folder, graph.store))
        opened.append(cypher.Cypher(folder, graph.store, address))
        engines[which] = opened[-1]
    try:
        for name in query.names():
            for parameters in choices(graph, name)[-4:]:
                ours = rows(graph.oxigraph, name, parameters)
                for which, other in engines.items():
                    assert rows(other, name, parameters) == ours, (which, name, parameters)
    finally:
        for one in opened:
            one.close()
