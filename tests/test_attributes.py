"""Attributes of cases and sources, each of a type, and sets of codes, sources and cases."""

from __future__ import annotations

import datetime

import pytest
import strategies
from helpers import errors
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg import importing, values
from kg.browse import site
from kg.check import check
from kg.exports import export
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.progress import silent
from kg.property_graph import projection

ATTRIBUTES = """attributes:
  - {id: founded, label: {en: Founded, zh: 成立年份}, type: integer, description: Year of the first shift.}
  - {id: share, label: {en: Share of regulars}, type: decimal}
  - {id: open, label: {en: Open to all}, type: boolean}
  - {id: held, label: {en: Held on}, type: date}
  - {id: begun, label: {en: Begun at}, type: datetime}
  - {id: town, label: {en: Town}, type: text}
  - {id: unused, label: {en: Unused}, type: text}
sets:
  - {id: round-1, label: {en: First round, zh: 第一轮}, description: Read in spring., codes: [praise], sources: [interview], cases: [kitchen]}
  - {id: empty, label: {en: Nothing yet}}
cases:
  - {id: kitchen, label: {en: Soup kitchen}, attributes: {founded: "+1984", share: 3.50, open: true, town: "Oslo,  east"}}
"""
VALUES = "    case: kitchen\n    attributes: {held: 2026-03-01, begun: 2026-03-01 09:30}\n"


@pytest.fixture
def described(study, edit):
    """Make a study whose case and whose interview have values, and that has sets."""
    code = loader.load(study).study.codes[0].id
    text = ATTRIBUTES.replace("praise", code)
    edit("study.yaml", "cases:\n  - {id: kitchen, label: {en: Soup kitchen}}\n", text)
    edit("study.yaml", "    case: kitchen\n", VALUES)
    return study


def test_values_are_checked_and_kept_in_one_form(described):
    study = loader.load(described).study
    assert study.values["kitchen"] == (
        ("founded", "integer", "1984"), ("open", "boolean", "true"), ("share", "decimal", "3.5"),
        ("town", "text", "Oslo, east"),
    )  # fmt: skip
    (interview,) = (source for source in study.sources if source.id == "interview")
    assert interview.values == (("begun", "datetime", "2026-03-01T09:30:00"), ("held", "date", "2026-03-01"))
    assert not [finding for finding in check(described) if finding.severity == "error"]


@pytest.mark.parametrize(
    ("before", "after", "rule", "said"),
    [
        ('"+1984"', "nineteen", "attribute-value", "write a whole number"),
        ("held: 2026-03-01", "held: 1.3.2026", "attribute-value", "write a day, such as 2026-11-24"),
        ("open: true", "open: perhaps", "attribute-value", "write true or false"),
        ("share: 3.50", 'share: "3,5"', "attribute-value", "write a number with a point"),
        ("begun: 2026-03-01 09:30", "begun: 2026-03-01", "attribute-value", "write a day and time"),
        ("{held:", "{hald:", "unknown-attribute", "did you mean 'held'?"),
        ("sources: [interview]", "sources: [intervew]", "unknown-source", "did you mean 'interview'?"),
        ("{id: unused,", "{id: town,", "duplicate-id", "rename one"),
        ("{id: empty,", "{id: round-1,", "duplicate-id", "rename one"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_what_was_expected(described, edit, before, after, rule, said):
    edit("study.yaml", before, after)
    lines = (described / "study.yaml").read_text("utf-8").splitlines()
    finding = next(finding for finding in errors(described) if finding.rule == rule)
    assert finding.file == "study.yaml"
    assert said in finding.mend
    assert after in lines[finding.line - 1]


def test_an_attribute_is_the_predicate_of_a_typed_literal(described):
    quads = {str(quad) for quad in kg.open(described).store}
    root = "https://w3id.org/dart-kg/study/template/"
    (value,) = (q for q in quads if f"<{root}case/kitchen> <{root}attribute/founded>" in q)
    assert '"1984"^^<http://www.w3.org/2001/XMLSchema#integer>' in value
    rows = kg.open(described).sparql(f"SELECT ?c WHERE {{ ?c <{root}attribute/founded> ?year FILTER(?year < 1990) }}")
    assert len(rows.table.rows) == 1


def test_questions_list_attributes_and_sets(described):
    graph = kg.open(described)
    rows = graph.query("attributes").dicts()
    assert [(r["attribute"], r["type"], r["kind"], r["record"], r["value"]) for r in rows] == [
        ("begun", "datetime", "source", "interview", "2026-03-01T09:30:00"),
        ("founded", "integer", "case", "kitchen", "1984"),
        ("held", "date", "source", "interview", "2026-03-01"),
        ("open", "boolean", "case", "kitchen", "true"),
        ("share", "decimal", "case", "kitchen", "3.5"),
        ("town", "text", "case", "kitchen", "Oslo, east"),
        ("unused", "text", None, None, None),
    ]
    assert [(r["set"], r["kind"]) for r in graph.query("sets").dicts()] == [
        ("empty", None), ("round-1", "case"), ("round-1", "code"), ("round-1", "source")
    ]  # fmt: skip
    for name in ("attributes", "sets"):
        assert graph.with_sparql().query(name).rows == graph.query(name).rows
    record = {row["property"]: row["value"] for row in graph.query("record", id="kitchen", kind="case").dicts()}
    assert (record["founded"], record["share"]) == ("1984", "3.5")


def test_a_value_is_a_node_of_the_property_graph_with_a_number_where_it_is_one(described):
    graph = kg.open(described)
    projected = projection.project(graph.store, "d")
    assert projected.nodes["AttributeValue"]["case/kitchen/founded"] == {
        "graph": "theory", "study": "template", "id": "case/kitchen/founded", "value": "1984", "number": 1984.0
    }  # fmt: skip
    assert "number" not in projected.nodes["AttributeValue"]["case/kitchen/town"]


def test_pages_show_values_and_sets(described, tmp_path):
    site.write(kg.open(described), tmp_path / "site", silent)
    case, source = (
        (tmp_path / f"site/{name}.html").read_text("utf-8") for name in ("case/kitchen", "source/interview")
    )
    assert "Founded" in case
    assert "1984" in case
    assert "First round" in case
    assert "2026-03-01T09:30:00" in source
    assert "成立年份" in (tmp_path / "site/zh/case/kitchen.html").read_text("utf-8")


@given(st.decimals(-(10**18) + 1, 10**18 - 1, allow_nan=False, places=4))
def test_a_decimal_in_its_form_is_the_same_number(number):
    written = f"{number:f}"
    kept = values.parse("decimal", written)
    assert float(kept) == float(written)
    assert values.parse("decimal", kept) == kept
    assert not kept.endswith(".")


@given(st.sampled_from(sorted(values.TYPES)), st.text(max_size=30))
def test_whatever_is_written_is_a_value_or_an_error(kind, written):
    try:
        kept = values.parse(kind, written)
    except ValueError:
        return
    assert values.parse(kind, kept) == kept


@given(st.datetimes(timezones=st.none() | st.just(datetime.UTC)))
def test_a_time_in_its_form_is_the_same_time(moment):
    kept = values.parse("datetime", moment.isoformat())
    zone = "+00:00" if kept.endswith("Z") else ""
    clock, _, fraction = kept.removesuffix("Z").partition(".")
    assert datetime.datetime.fromisoformat(f"{clock}.{fraction:0<6}{zone}") == moment


def test_attributes_and_sets_come_back_from_refi_qda_also_a_set_that_is_called_as_a_level(described, edit, tmp_path):
    edit("study.yaml", "label: {en: Nothing yet}", "label: {en: Axial}")
    export(kg.open(described), "refi-qda", tmp_path / "out")
    project = next((tmp_path / "out").glob("*.qdpx"))
    importing.import_file(project, tmp_path / "back", Options(), datetime.date(2026, 1, 2))
    before, after = (loader.load(folder).study for folder in (described, tmp_path / "back"))
    assert (after.attributes, after.values, after.sets) == (before.attributes, before.values, before.sets)
    assert [source.values for source in after.sources] == [source.values for source in before.sources]


def test_attributes_and_sets_of_another_study_are_added_to_a_study(described, tmp_path):
    export(kg.open(described), "refi-qda", tmp_path / "out")
    project = next((tmp_path / "out").glob("*.qdpx"))
    other = strategies.write(
        tmp_path / "other",
        {
            "study.yaml": "id: other\ntitle: {en: Other}\ncoders: [{id: me, name: Me}]\nsources: []\n"
            "attributes: [{id: year, label: {en: founded}, type: text}]\n",
            "codebook.yaml": "codes: []\n",
            "propositions.yaml": "propositions: []\n",
        },
    )
    importing.import_file(project, other, Options(), datetime.date(2026, 1, 2))
    study = loader.load(other).study
    # An attribute of the same name is the same one, with the type that the study gave it.
    assert ("year", "text", "+1984") not in study.values["kitchen"]
    assert ("year", "text", "1984") in study.values["kitchen"]
    assert [attribute.id for attribute in study.attributes][:2] == ["year", "share"]
    assert [one.id for one in study.sets] == ["round-1", "empty"]
    assert study.sets[0].sources == ("interview",)
