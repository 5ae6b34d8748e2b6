"""What a page reads of passages in one question is what the traces of the records say."""

from __future__ import annotations

from collections import defaultdict

import pytest

import kg
from kg import claims, query
from kg.loaders.study import load
from kg.store import passages


@pytest.fixture(scope="module")
def graph():
    return kg.open("dart")


@pytest.fixture(scope="module")
def read(graph):
    return graph.tables


@pytest.fixture(scope="module")
def records(graph):
    return load(graph.folder).study


def ids(graph, kind):
    return [row["id"] for row in query.run(graph.engine, "records").dicts() if row["kind"] == kind]


def trace(graph, kind, identifier):
    return query.run(graph.engine, f"trace-{kind}", id=identifier).dicts()


def test_the_evidence_lines_on_a_claim_are_those_of_its_trace(graph, read):
    for claim in ids(graph, "proposition"):
        rows = trace(graph, "proposition", claim)
        traced = [n for n in claims.lines(rows, claims.passages(rows)) if n.claim == claim]
        assert passages.lines_on(read, claim) == sorted(traced, key=lambda n: n.id)
        assert passages.lines(read, [n.id for n in traced]) == traced


def test_the_passages_of_a_source_are_those_of_its_trace_with_what_they_bear_on(graph, read):
    for source in ids(graph, "source"):
        rows = trace(graph, "source", source)
        traced = claims.passages(rows)
        assert passages.of_source(read, source) == traced
        assert list(passages.of_source(read, source)) == list(traced)
        assert passages.passages(read, reversed(traced)) == traced
        bears = defaultdict(set)
        for row in rows:
            if row["link"] == "asserts" or row["status"] == "active":
                bears[row["excerpt"]].add((row["link"], row["target"], row["line"], row["reason"]))
        assert {key: set(some) for key, some in passages.bearing(read, source).items()} == bears


def test_the_passages_with_a_code_come_in_parts_that_are_all_of_them(graph, read, records):
    place = {e.id: (e.source, e.start, e.end) for e in records.excerpts}
    for code in ids(graph, "code"):
        coded = sorted({c.excerpt for c in records.codings if c.code == code}, key=place.__getitem__)
        number = passages.number_coded(read, code)
        parts = [q.id for at in range(0, number, 3) for q in passages.coded_with(read, code, at, at + 3)]
        assert parts == coded


def test_what_rests_on_a_reference_is_what_its_passages_bear_on(graph, read, records):
    place = {e.id: (e.source, e.start, e.end) for e in records.excerpts}
    for reference in ids(graph, "reference"):
        citing = [e.id for e in records.excerpts if reference in e.references]
        assert passages.resting_on(read, [reference]) == sorted(citing, key=place.__getitem__)
        bears = defaultdict(set)
        for line in records.lines:
            if line.status == "active" and {*line.excerpts} & {*citing}:
                bears[line.proposition].add(line.stance)
        for assertion in records.assertions:
            if assertion.excerpt in citing:
                bears[assertion.proposition].add("asserts")
        assert passages.claims_resting_on(read, [reference]) == bears


def test_an_id_that_no_line_has_is_no_line(read):
    assert not passages.is_line(read, "none")
    assert passages.lines(read, ["none"]) == []
    assert passages.passages(read, ["none:0-1"]) == {}
