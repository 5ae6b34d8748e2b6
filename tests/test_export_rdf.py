"""Turtle, TriG, N-Quads and JSON-LD say what the store holds, and each says it in the same bytes twice."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
import strategies
from helpers import digest_of, examples
from hypothesis import given, settings
from pyoxigraph import RdfFormat, parse
from rdflib import Dataset
from rdflib import Graph as Triples
from rdflib.compare import to_isomorphic

import kg
from kg.exports import rdf
from kg.store import build

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # of rdflib, to itself

WRITERS = {"ttl": rdf.write_turtle, "trig": rdf.write_trig, "nq": rdf.write_nquads, "jsonld": rdf.write_jsonld}
OXIGRAPH = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
}
WITH_GRAPHS = ("trig", "nq", "jsonld")


def written(graph, suffix):
    """Write a form and return the bytes of its two files by their names."""
    with tempfile.TemporaryDirectory() as folder:
        WRITERS[suffix](graph, Path(folder))
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def oxigraph(files, suffix):
    """Read files with Oxigraph."""
    return {quad for data in files.values() for quad in parse(data, format=OXIGRAPH[suffix])}


def rdflib_quads(data, form):
    """Read a file with rdflib, terms as N3 so that a datatype, a language or a form of a number tells."""
    read = Dataset()
    read.parse(data=data, format=form)
    return {(s.n3(), p.n3(), o.n3(), str(name)) for s, p, o, name in read.quads()}


@pytest.fixture(params=["dart", "template"])
def graph(request, dart, study):
    return dart if request.param == "dart" else kg.open(study)


@pytest.mark.parametrize("suffix", WITH_GRAPHS)
def test_both_files_of_a_form_together_are_exactly_the_quads_of_the_store(graph, suffix):
    files = written(graph, suffix)
    assert list(files) == [f"study.{suffix}", f"vocabularies.{suffix}"]
    assert oxigraph(files, suffix) == set(graph.store)


def test_turtle_has_every_statement_and_says_that_it_lacks_the_graphs(graph):
    files = written(graph, "ttl")
    assert {quad.triple for quad in oxigraph(files, "ttl")} == {quad.triple for quad in graph.store}
    assert files["study.ttl"].startswith(b"# Turtle cannot say of which source")


def test_rdflib_reads_the_same_quads_from_jsonld_and_from_trig_as_from_nquads(graph):
    quads = rdflib_quads(written(graph, "nq")["study.nq"], "nquads")
    assert len(quads) > 100
    assert rdflib_quads(written(graph, "jsonld")["study.jsonld"], "json-ld") == quads
    assert rdflib_quads(written(graph, "trig")["study.trig"], "trig") == quads


def test_rdflib_reads_the_vocabularies_of_jsonld_as_they_ship(dart):
    shipped = Triples()
    for name in ("dart", "evidence"):
        shipped.parse(Path(__file__).parents[1] / f"ontology/{name}.ttl")
    read = Triples().parse(data=written(dart, "ttl")["vocabularies.ttl"], format="turtle")
    assert to_isomorphic(read) == to_isomorphic(shipped)


def test_the_nquads_are_the_bytes_that_the_build_made(graph):
    assert digest_of(written(graph, "nq")["study.nq"]) == build.digest(graph.folder)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_graph_gives_the_same_bytes_however_its_statements_lie_in_the_store(study, suffix):
    """The store is built anew elsewhere, so that nothing of its order can be the same but by sorting."""
    files = written(kg.open(study), suffix)
    elsewhere = study.rename(study.with_name("elsewhere"))
    assert written(kg.open(elsewhere), suffix) == files


def test_turtle_names_records_by_prefixes_and_says_first_what_a_thing_is(dart):
    text = written(dart, "ttl")["study.ttl"].decode()
    assert "\nproposition:P18 a ev:Proposition ;\n" in text
    assert "\tev:proposition proposition:P18 ;\n" in text
    assert "<https://w3id.org/dart-kg/study/dart/proposition" not in text.replace(
        "@prefix proposition: <https://w3id.org/dart-kg/study/dart/proposition/>", ""
    )


def test_jsonld_is_short_and_readable(dart):
    files = written(dart, "jsonld")
    graphs = {
        part["id"]: {node["id"]: node for node in part["graph"]} for part in json.loads(files["study.jsonld"])["graph"]
    }
    theory, abstract = graphs["study:graph/theory"], graphs["study:graph/source/abstract"]
    assert set(graphs) == {
        q.graph_name.value.replace(rdf.root(dart.store), "study:")
        for q in dart.store
        if "/study/" in q.graph_name.value
    }
    code = theory["study:code/transparency"]
    assert set(code["prefLabel"]) == {"en", "zh"}
    assert code["level"] == "ev:openLevel"
    selector = abstract["study:excerpt/abstract:2375-2406#selector"]
    assert (selector["start"], selector["end"]) == (2375, 2406)
    assert theory["study:reference/zwick2008work"]["cslJson"]["author"][0]["family"] == "Zwick"
    assert not [key for key in {k for part in graphs.values() for node in part.values() for k in node} if "://" in key]


def test_a_json_literal_that_would_be_read_back_as_other_text_is_kept_as_text(dart):
    from pyoxigraph import Literal, NamedNode

    json_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON")
    predicate = "https://w3id.org/dart-kg/evidence#cslJson"
    made = rdf.Context().node("http://x/1", {predicate: [Literal('{"b": 1,"a":2}', datatype=json_type)]})
    assert made["cslJson"] == {"@type": "rdf:JSON", "@value": '{"b": 1,"a":2}'}


@pytest.mark.slow
@settings(max_examples=examples(10))
@given(strategies.files())
def test_every_form_of_any_study_is_read_back_as_it_is_in_the_store(made):
    with tempfile.TemporaryDirectory() as folder:
        graph = kg.open(strategies.write(Path(folder) / "study", made))
        store = set(graph.store)
        for suffix in WITH_GRAPHS:
            assert oxigraph(written(graph, suffix), suffix) == store
        assert {quad.triple for quad in oxigraph(written(graph, "ttl"), "ttl")} == {quad.triple for quad in store}
        files = written(graph, "nq")
        assert digest_of(files["study.nq"]) == build.digest(graph.folder)
        jsonld = written(graph, "jsonld")["study.jsonld"]
        assert rdflib_quads(jsonld, "json-ld") == rdflib_quads(files["study.nq"], "nquads")
