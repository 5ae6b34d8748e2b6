"""Coverage, shapes and what each is good for."""

from __future__ import annotations

import time

import pytest
import sizes
from helpers import accept, repin
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import check
from kg.store import build, rdf

BASE = "https://w3id.org/dart-kg/study/template/"


@pytest.mark.slow
def test_the_bundled_study_has_evidence_or_a_search_for_every_claim(dart):
    assert check.check(dart.folder) == []


def test_a_claim_looked_for_in_vain_is_no_claim_nobody_looked_for(study, edit):
    assert check.check(study) == []
    edit("propositions.yaml", "about: [P2]", "about: [pay]")
    assert [(f.rule, f.line) for f in check.check(study)] == [("proposition-without-evidence", 8)]


def test_what_nothing_uses_is_said(study, edit):
    edit("references.json", "[\n", '[\n  { "id": "unread", "type": "book", "title": "Never cited" },\n')
    edit(
        "study.yaml",
        "    case: kitchen\n",
        "    case: kitchen\n  - {id: extra, file: sources/extra.txt, title: Extra, role: literature}\n",
    )
    (study / "sources/extra.txt").write_text("Nobody coded this.\n", "utf-8")
    assert [f.severity for f in check.check(study) if f.rule == "reference-uncited"] == ["error"]
    found = {(f.rule, f.file, f.line) for f in check.check(study)}
    assert found == {
        ("reference-uncited", "references.json", 2), ("source-uncoded", "study.yaml", 24), ("unpinned-source", "study.yaml", 24),
    }  # fmt: skip


def test_paragraphs_without_a_code_are_one_finding_a_source(study, edit):
    turns = "".join(f"[Y{number}] Yeah.\n\n" for number in range(63))
    source = study / "sources/interview.md"
    source.write_text(source.read_text("utf-8") + "\n" + turns, "utf-8")
    repin(study)
    (finding,) = [f for f in check.check(study) if f.rule == "paragraph-uncoded"]
    assert finding.message.startswith("63 of 66 paragraphs of 'interview' have no code: Y0, Y1,")
    assert finding.message.endswith(" …")


def test_a_long_text_is_checked_for_its_shape_in_time_that_grows_with_it(tmp_path):
    times = []
    for number in (5_000, 20_000):
        folder = sizes.lines_of_a_text(tmp_path / str(number), number)
        build.build(folder)
        began = time.process_time()
        check._union(build.read(folder))
        times.append(time.process_time() - began)
    assert times[1] < 0.5 + 8 * times[0]  # rdflib's own parser took 3 s and 48 s


def break_graph(study, change):
    build.build(study)
    built = build.current(study)
    store = Store(str(built / build.STORE))
    change(store)
    store.flush()
    del store
    accept(built)
    return {f.message.split(": ", 1)[1] for f in check.check(study) if f.rule == "shape"}


def remove(prefix, predicate):
    def change(store):
        for quad in [q for q in store if q.subject.value.startswith(BASE + prefix) and q.predicate.value == predicate]:
            store.remove(quad)

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (remove("proposition/P1", rdf.RDF + "subject"), "a proposition has one subject"),
        (remove("proposition/P1", rdf.RDFS + "label"), "a proposition has a statement, one a language"),
        (remove("excerpt/", rdf.OA + "hasSource"), "an excerpt has one source"),
        (
            remove("excerpt/interview:39-121#", rdf.OA + "start"),
            "an excerpt has one selector with exact text, start and end",
        ),
        (remove("line/", rdf.EV + "stance"), "an evidence line has one stance"),
        (remove("line/", rdf.EV + "rationale"), "an evidence line has a rationale"),
        (remove("coding/", rdf.PROV + "wasAssociatedWith"), "a coding has a coder"),
        (remove("code/", rdf.EV + "level"), "a code has one level"),
        (remove("source/", rdf.EV + "sha256"), "a source has one SHA-256"),
        (remove("reference/", rdf.EV + "cslJson"), "a reference has one CSL-JSON item"),
        (remove("concept/pay", rdf.SKOS + "prefLabel"), "a concept, code or case has a label, one a language"),
        (remove("search/", rdf.DCT + "subject"), "a search is about a proposition or concept"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_graph_out_of_shape_is_seen(study, change, message):
    assert message in break_graph(study, change)


def test_a_line_that_rests_on_the_theory_is_out_of_shape(study):
    def change(store):
        line = next(q for q in store if q.predicate.value == rdf.EV + "excerpt")
        store.add(Quad(line.subject, line.predicate, NamedNode(BASE + "excerpt/theory:0-48"), line.graph_name))

    assert "the theory's own text is no evidence for it" in break_graph(study, change)


def test_two_stances_on_one_line_are_out_of_shape(study):
    def change(store):
        stance = next(q for q in store if q.predicate.value == rdf.EV + "stance")
        store.add(Quad(stance.subject, stance.predicate, Literal("both"), stance.graph_name))

    assert "an evidence line has one stance" in break_graph(study, change)
