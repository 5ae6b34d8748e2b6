"""A source says what it is a witness of, and its passages then rest on that alone."""

from __future__ import annotations

import datetime
import json
import urllib.request

import browser
import pytest
from helpers import errors
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import kg
from kg import bearing, claims, exports, importing, query, scaffold
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.property_graph import projection
from kg.store import rdf

SETTLED = "2026-11-24"


def interviews(study, *, number=6, witness=""):
    """Add interviews of one data set to the template, each with a passage that cites it and supports P1."""
    references = study / "references.json"
    item = '{"id": "dataset2020", "type": "dataset", "title": "Interviews with volunteers"}'
    references.write_text(references.read_text("utf-8").rstrip().removesuffix("]") + f", {item}]\n", "utf-8")
    listed = []
    for at in range(1, number + 1):
        name = f"qr{at:02}"
        quote = f"Interview {at}: I came back because somebody told me that it was good."
        (study / f"sources/{name}.md").write_text(f"[A01] {quote} [@dataset2020]\n", "utf-8")
        said = witness.replace("{at}", str(at))
        listed.append(
            f"  - {{id: {name}, file: sources/{name}.md, title: 'No. {at}', role: case, case: kitchen{said}}}\n"
        )
        (study / f"codings/{name}.yaml").write_text(
            f"source: {name}\ncoder: me\ndate: {SETTLED}\nexcerpts:\n  - quote: '{quote}'\n    codes: [belonging]\n"
            "    evidence:\n      - {proposition: P2, stance: supports, strength: weak, rationale: They say so.}\n",
            "utf-8",
        )
    listing = study / "study.yaml"
    listing.write_text(listing.read_text("utf-8").rstrip("\n") + "\n" + "".join(listed), "utf-8")
    return study


def counted(graph, claim="P2"):
    return tuple(bearing.of(graph.engine).witnesses(claim))


@pytest.mark.parametrize(
    ("witness", "independent"),
    [
        ("", 1),
        (", witness: self", 6),
        (", witness: {person: 'Mrs Li'}", 1),
        (", witness: {person: 'Volunteer {at}'}", 6),
        (", witness: {event: Town meeting}", 1),
        (", witness: {reference: dataset2020}", 1),
    ],
)
def test_six_interviews_of_one_data_set_count_as_they_say(study, witness, independent):
    graph = kg.open(interviews(study, witness=witness))
    assert counted(graph) == (6, independent)
    # The tables count at the build, all other engines when they are asked.
    assert counted(graph.with_sparql()) == (6, independent)
    (row,) = (r for r in graph.report("matrix").table.dicts() if r["claim"] == "P2")
    assert (row["quotes"], row["independent"]) == (6, independent)


def test_a_witness_of_a_publication_is_one_with_those_who_cite_it(study):
    interviews(study, number=3)
    listing = study / "study.yaml"
    text = listing.read_text("utf-8")
    text = text.replace("title: 'No. 1', role: case, case: kitchen", "title: 'No. 1', role: case, witness: self")
    text = text.replace("title: 'No. 2', role: case", "title: 'No. 2', role: case, witness: {reference: dataset2020}")
    listing.write_text(text, "utf-8")
    assert counted(kg.open(study)) == (3, 2)


def test_answers_traces_tables_pages_and_graphs_say_the_witness(study, tmp_path):
    graph = kg.open(interviews(study, number=2, witness=", witness: {person: '李 女士'}"))
    told = {r["source"]: r["witness"] for r in graph.query("sources").dicts()}
    assert (told["qr01"], told["interview"]) == ("person/李 女士", None)
    rows = graph.query("trace-proposition", id="P2").dicts()
    assert {r["target"] for r in rows if r["link"] == "witness"} == {"person/李 女士"}
    for engine in (graph, graph.with_sparql()):
        passages = claims.passages(query.run(engine.engine, "trace-proposition", id="P2").dicts()).values()
        assert {p.witness for p in passages if p.source.startswith("qr")} == {"person/李 女士"}
    (line, *_) = next(node for node in graph.trace("P2").tree.children if node.kind == "supports").children
    assert "person/李 女士" in {node.label for node in line.children[0].children[-1].children}
    assert graph.table("sources").set_index("source")["witness"]["qr02"] == "person/李 女士"
    nodes = projection.project(graph.store, "").nodes["Source"]
    assert (nodes["qr01"]["witness"], nodes["interview"].get("witness")) == ("person/李 女士", None)
    with browser.served(study) as address, urllib.request.urlopen(f"{address}/source/qr01") as answer:
        assert "<dt>witness</dt><dd>person/李 女士</dd>" in answer.read().decode()


def test_refi_qda_gives_every_witness_back(study, tmp_path):
    interviews(study, number=1, witness=", witness: {reference: dataset2020}")
    for name, said in (("theory", "self"), ("interview", "{person: Mrs Li}")):
        listing = study / "study.yaml"
        listing.write_text(
            listing.read_text("utf-8").replace(f"id: {name}\n", f"id: {name}\n    witness: {said}\n"), "utf-8"
        )
    graph = kg.open(study)
    (path,) = (p for p in exports.export(graph, "refi-qda", tmp_path / "out").files if str(p).endswith(".qdpx"))
    importing.import_file(tmp_path / "out" / path, tmp_path / "back", Options({}, {}, ""), datetime.date(2026, 11, 28))
    assert kg.open(tmp_path / "back").query("sources").rows == graph.query("sources").rows
    assert rdf.nquads(loader.load(tmp_path / "back").study) == rdf.nquads(loader.load(study).study)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "me",
            "sources.1.witness: 'me' is no witness; write self, or one of {reference: KEY}, {person: NAME}, {event: NAME}",
        ),
        ("[self]", "is no witness"),
        ("{}", "sources.1.witness: a witness is one of reference, person and event"),
        ("{person: A, event: B}", "sources.1.witness: a witness is one of reference, person and event"),
        ("{persn: A}", "unknown key 'persn'"),
        ("{reference: nothing}", "unknown reference 'nothing'"),
        ("{person: ' '}", "sources.1.witness.person: String should have at least 1 character"),
    ],
)
def test_a_witness_that_is_none_is_one_readable_error_at_its_line(study, edit, written, message):
    edit("study.yaml", "    case: kitchen", f"    witness: {written}")
    (finding,) = errors(study)
    lines = (study / "study.yaml").read_text("utf-8").splitlines()
    assert message in finding.message
    assert "witness" in lines[finding.line - 1]
    if "persn" in written:
        assert "person" in finding.mend


def test_the_schema_shows_what_a_witness_may_be(study):
    validator = Draft202012Validator(json.loads(scaffold.schema("study")))

    def fits(witness):
        source = {"id": "a", "file": "a.txt", "title": "A", "role": "case", "witness": witness}
        listing = {"id": "s", "title": {"en": "S"}, "coders": [], "sources": [source]}
        return validator.is_valid(listing)

    assert all(map(fits, ["self", {"person": "Mrs Li"}, {"reference": "k"}, {"event": "Meeting"}]))
    assert not any(map(fits, ["me", {}, {"person": "A", "event": "B"}, {"persn": "A"}]))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.lists(st.sampled_from("rs"), max_size=2)), max_size=6))
def test_a_witness_of_every_source_makes_as_many_witnesses_as_sources(passages):
    witnessed = [claims.rests_on(source, keys, f"source/{source}") for source, keys in passages]
    assert claims.independent(witnessed) == len({source for source, _ in passages})


@pytest.mark.slow
def test_cypher_gives_the_same_rows(study):
    graph = kg.open(interviews(study, number=2, witness=", witness: {event: 'a: 访问'}"))
    with graph.with_cypher() as other:
        for name, parameters in (
            ("sources", {}),
            ("trace-proposition", {"id": "P2"}),
            ("trace-source", {"id": "qr01"}),
        ):
            rows = graph.query(name, **parameters).rows
            assert any("event/a: 访问" in row for row in rows)
            assert sorted(rows, key=str) == sorted(other.query(name, **parameters).rows, key=str)
