"""From any record to its passages, and from a source to the claims that rest on it."""

from __future__ import annotations

import csv
import io

import pytest

import kg
from kg import render, trace
from kg.errors import UnknownTerm


def leaves(node):
    return [x for child in node.children for x in leaves(child)] if node.children else [node]


def every(node):
    return [node, *(x for child in node.children for x in every(child))]


@pytest.mark.parametrize("number", range(1, 24))
def test_every_proposition_ends_in_a_passage_or_says_that_none_supports_it(dart, number):
    found = dart.trace(f"P{number:02}")
    nodes = every(found.tree)
    supported = any(r[6] == "supports" for r in found.rows)
    assert any(n.kind == "excerpt" for n in nodes)
    assert any(n.label == "no quote supports this" for n in nodes) != supported
    assert all(
        n.kind in ("reference", "codes", "state", "supported by", "looked, found nothing") for n in leaves(found.tree)
    )
    texts = {
        r["source"]: (dart.folder / dart_file(dart, r["source"])).read_bytes().decode()
        for r in dart.query("sources").dicts()
    }
    for excerpt, quote, *_ in found.rows:
        source, span = excerpt.split(":")
        start, end = map(int, span.split("-"))
        assert texts[source][start:end] == quote


def dart_file(graph, source):
    return next(p.relative_to(graph.folder) for p in (graph.folder / "sources").iterdir() if p.stem == source)


def test_a_claim_with_evidence_shows_both_sides_and_their_reasons(study):
    tree = str(kg.open(study).trace("P1").tree)
    for words in (
        "contested",
        "Every Friday",
        "names the weekly feedback",
        "Two of us left",
        "in spite of weekly praise",
        "interview2026",
    ):
        assert words in tree
    assert "no quote supports this" not in tree
    assert "looked, found nothing" in str(kg.open(study).trace("P2").tree)


@pytest.mark.parametrize(
    "start", ["interview", "interview2026", "kitchen", "weekly-feedback", "recognition", "me", "interview:39-121"]
)
def test_the_way_back_leads_to_the_claims(study, start):
    nodes = every(kg.open(study).trace(start).tree)
    assert any(n.id == "P1" for n in nodes)
    assert any("Every Friday" in n.label for n in nodes)


def test_the_claims_that_rest_on_a_source_are_counted(study):
    nodes = every(kg.open(study).trace("interview").tree)
    assert [n.label for n in nodes if n.kind == "claims that rest on this"] == ["1"]
    assert any("supports 1, opposes 1" in n.label for n in nodes)


def test_an_evidence_line_a_question_a_search_and_a_relation_can_be_traced(study, dart):
    graph = kg.open(study)
    line = next(n.id for n in every(graph.trace("P1").tree) if n.kind == "line")
    assert "Every Friday" in str(graph.trace(line).tree) or "Two of us" in str(graph.trace(line).tree)
    assert any(n.id == "P2" for n in every(graph.trace("S1").tree))
    assert any(n.id == "independent-value-creation" for n in every(dart.trace("Q03").tree))
    assert [n.id for n in every(dart.trace("is-condition-for").tree) if n.kind == "proposition"] == ["P15"]


def test_an_id_that_two_kinds_share_says_so(dart):
    assert dart.trace("transparency").also == ("code/transparency",)
    assert dart.trace("code/transparency").kind == "code"


@pytest.mark.parametrize("wrong", ["P99", "nothing", "", "code/nothing", "abstract:0-1", "../../etc", "concept/"])
def test_an_unknown_id_is_an_error(dart, wrong):
    with pytest.raises(UnknownTerm):
        dart.trace(wrong)


def test_an_unknown_id_gets_suggestions(dart):
    with pytest.raises(UnknownTerm) as caught:
        dart.trace("custmer-trust")
    assert "customer-trust" in caught.value.suggestions


def test_the_table_has_what_a_researcher_pastes(study):
    found = kg.open(study).trace("P1")
    rows = list(csv.DictReader(io.StringIO(render.csv(trace.COLUMNS, found.rows))))
    friday = next(r for r in rows if "Friday" in r["quote"])
    assert friday == {
        "excerpt": "interview:39-121", "quote": "Every Friday the coordinator tells me what went well, and that is why I come back.",
        "document": "interview", "position": "I01 39-121", "codes": "weekly-feedback", "proposition": "P1", "stance": "supports", "strength": "moderate",
        "reason": "The volunteer names the weekly feedback as the reason for coming back.", "reference": "interview2026", "locator": "", "speakers": "",
    }  # fmt: skip
    assert render.markdown(trace.COLUMNS, found.rows).count("\n") == len(found.rows) + 2


def test_tables_do_no_harm_where_they_are_pasted():
    out = render.csv(("a",), [("=HYPERLINK(1)",), ("-1+1",), ("fine",), (-3,)])
    assert out.splitlines()[1:] == ["'=HYPERLINK(1)", "'-1+1", "fine", "-3"]
    assert render.markdown(("a",), [("x|y\n<script>",)]).splitlines()[-1] == "| x\\|y &lt;script> |"
