"""Named queries: headers, the same rows from two engines, and nothing but reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import kinds, paths, query
from kg.errors import KGError, QueryLimit, QueryRefused, UnknownTerm
from kg.store import sparql

NEEDED = {
    "evidence-for-concept", "trace-proposition", "cross-case-matrix", "unsupported-propositions", "codes-to-drivers", "sources-by-reference",
    "code-co-occurrence", "propositions-by-stage", "rival-explanations", "coverage-by-case",
}  # fmt: skip


def test_every_question_that_users_need_is_a_file():
    assert set(query.names()) >= NEEDED


@pytest.mark.parametrize("name", query.names())
def test_a_header_says_what_goes_in_and_what_comes_out(name):
    import re

    asked = query.named(name)
    assert asked.title
    assert asked.description.endswith((".", "?"))
    chosen = re.search(r"SELECT (?:DISTINCT )?(.*?) WHERE \{", asked.text, re.DOTALL)[1]
    variables = re.findall(r"\?(\w+)\)|(?<!\()\?(\w+)(?!\))", chosen)
    outer = [a or b for a, b in variables if a or b]
    assert [v for v in outer if v in asked.columns] == list(asked.columns)
    assert set(asked.parameters) <= {v for pair in re.findall(r"\?(\w+)", chosen) for v in [pair]}
    assert all(" - " in meaning for meaning in asked.parameters.values())


@pytest.mark.parametrize(("file", "marker"), [("trace.rq", "#"), ("trace.cypher", "//")])
def test_a_trace_is_one_file_in_which_each_kind_marks_the_lines_of_its_own(file, marker):
    import re

    text = (paths.shipped("queries") / file).read_text("utf-8")
    marked = re.findall(rf"^{marker}\[(\w+)\] ", text, re.MULTILINE)
    assert set(marked) == set(kinds.WITH_PASSAGES)
    assert text.count(f"{marker}[") - text.count(f"{marker}[…]") == len(marked)
    for kind in kinds.WITH_PASSAGES:
        asked = query.named(f"trace-{kind}")
        assert f"{marker}[{kind}]" not in (asked.text if marker == "#" else asked.cypher)
        assert list(asked.parameters.values()) == [f"{kind} - id of the {asked.title.split(maxsplit=3)[3]}"]
    assert "trace" not in query.names()


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:a> <a:a> }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://127.0.0.1:9/>", "CLEAR ALL", "DROP ALL",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "select * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o . # {\nSERVICE<http://127.0.0.1:9/>{} }", "SELECT * { SERV\\u0049CE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { {SELECT * { SERVICE ?where { ?s ?p ?o } } } }", "no query at all", "", "SELECT ?x { ?x nope:nope ?y }",
    ],
)  # fmt: skip
def test_what_would_write_or_call_out_is_refused(dart, text):
    with pytest.raises(QueryRefused):
        dart.sparql(text)


@given(st.text(alphabet="abc'\"\\\n #<>{}", max_size=20))
def test_service_inside_a_string_a_comment_or_a_name_is_fine(inside):
    import json

    sparql.refuse_writes(f"SELECT ?service {{ ?service ex:load {json.dumps(inside + 'SERVICE')} }} # SERVICE")


def test_a_query_that_takes_too_long_is_ended(dart):
    with pytest.raises(QueryLimit, match=r"0\.5 s"):
        dart.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=0.5)


def test_rows_past_the_limit_are_said_to_be_missing(dart):
    result = dart.sparql("SELECT ?s { ?s ?p ?o }", limit=3)
    assert (len(result.table.rows), result.more) == (3, True)
    assert not dart.sparql("SELECT ?s { ?s a ev:Case }", limit=3).more


def test_a_graph_comes_back_as_turtle(dart):
    from rdflib import Graph

    turtle = dart.sparql("CONSTRUCT { ?p a ev:Proposition } { ?p a ev:Proposition }").turtle
    assert len(Graph().parse(data=turtle, format="turtle")) == 23


def test_parameters_are_values_never_text(dart):
    for hostile in ('transparency" . ?s ?p ?o . FILTER("', "x\\", "\n} INSERT", "'\"\u0000"):
        assert query.run(dart.engine, "claims-about-concept", concept=hostile).rows == []


def test_a_label_in_any_language_is_a_parameter(dart):
    by_id = dart.query("claims-about-concept", concept="transparency")
    assert dart.query("claims-about-concept", concept="透明度") == by_id
    assert dart.query("claims-about-concept", concept="Openness") == by_id


def test_wrong_parameters_are_named(dart):
    with pytest.raises(KGError, match="needs the parameter 'concept'"):
        dart.query("evidence-for-concept")
    with pytest.raises(KGError, match="has no parameter 'concpt'"):
        dart.query("evidence-for-concept", concpt="transparency")
    with pytest.raises(UnknownTerm) as caught:
        dart.query("evidence-for-concept", concept="transparancy")
    assert "transparency" in caught.value.suggestions
    with pytest.raises(UnknownTerm) as caught:
        dart.query("evidence-of-concept", concept="transparency")
    assert "evidence-for-concept" in caught.value.suggestions
