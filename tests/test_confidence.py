"""Confidence in claims after GRADE-CERQual: written, read, counted beside, shown, asked for; never computed."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
import strategies
from helpers import errors, examples
from hypothesis import given, settings
from typer.testing import CliRunner

import kg
from kg import bearing, confidence
from kg.browse import data
from kg.confidence import Judgement
from kg.entries import COMPONENTS, CONCERNS, CONFIDENCES
from kg.exports import reports
from kg.loaders import study as loader
from kg.store import build

WRITTEN = """\
confidence:
  - proposition: P1
    methodological_limitations: {concern: moderate, reason: One interview.}
    coherence: {concern: minor, reason: "Two left: in spite of praise."}
    adequacy: {concern: serious, reason: Two passages., coder: me, date: 2026-11-28}
    relevance: {concern: none, reason: Such a kitchen.}
    overall: very-low
    reason: One thin interview.
    coder: me
    date: 2026-11-29
"""


@pytest.fixture
def judged(study):
    (study / "confidence.yaml").write_text(WRITTEN, "utf-8")
    return study


def kg_(*words):
    from kg.cli import app

    return CliRunner().invoke(app, [*words])


def test_a_judgement_is_read_with_the_coder_and_day_of_each_component(judged):
    one = confidence.judged(kg.open(judged).engine)["P1"]
    assert (one.level, one.overall) == ("very low", Judgement("very-low", "One thin interview.", "me", "2026-11-29"))
    assert tuple(one.concerns) == COMPONENTS
    assert one.concerns["adequacy"] == Judgement("serious", "Two passages.", "me", "2026-11-28")
    assert one.concerns["relevance"] == Judgement("none", "Such a kitchen.", "me", "2026-11-29")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("proposition: P1", "proposition: P9", "unknown-proposition"),
        ("coder: me\n", "coder: nobody\n", "unknown-coder"),
        ("coder: me, date", "coder: nobody, date", "unknown-coder"),
        ("overall: very-low", "overall: fair", "invalid-value"),
        ("concern: none", "concern: huge", "invalid-value"),
        ("    relevance: {concern: none, reason: Such a kitchen.}\n", "", "invalid-value"),
        ("reason: One thin interview.", "reason: ''", "invalid-value"),
    ],
)
def test_what_is_no_judgement_is_refused_where_it_stands(judged, old, new, rule):
    (judged / "confidence.yaml").write_text(WRITTEN.replace(old, new, 1), "utf-8")
    assert [(f.file, f.rule) for f in errors(judged)] == [("confidence.yaml", rule)]


def test_a_claim_is_judged_once(judged):
    (judged / "confidence.yaml").write_text(WRITTEN + WRITTEN.removeprefix("confidence:\n"), "utf-8")
    assert [(f.line, f.rule) for f in errors(judged)] == [(11, "duplicate-id")]


def test_a_judgement_changes_no_state_and_no_count(study):
    before = kg.open(study).report("matrix").table.rows
    (study / "confidence.yaml").write_text(WRITTEN, "utf-8")
    build.build(study)
    assert kg.open(study).report("matrix").table.rows == before


def test_what_the_graph_knows_is_counted_from_the_lines_themselves(dart):
    claims = bearing.load(dart.engine, dart.query("claims"), bearing.of(dart.engine))
    again = confidence.read_again(dart.engine)
    for claim in claims:
        known = {key: dict(some) for key, some in confidence.known(claim, again).items()}
        lines = list(claim.lines)
        assert known["adequacy"]["quotes"] == str(len({p.id for line in lines for p in line.passages}))
        assert known["methodological_limitations"]["lowered"].startswith(f"{sum(bool(n.lowered) for n in lines)} / ")
        counted = known["coherence"].get("evidence lines", "")
        assert sum(int(part.split()[-1]) for part in counted.split(", ") if part) == len(lines)


def test_the_report_has_a_summary_of_findings_and_an_evidence_profile(dart):
    made = dart.report("confidence")
    summary, profile = made.all
    assert summary.table.columns == ("claim", "finding", "confidence", "explanation", "references")
    assert [row[0] for row in summary.table.rows] == [row[0] for row in profile.table.rows]
    row = dict(zip(profile.table.columns, profile.table.rows[0], strict=True))
    assert row["coherence"].startswith("minor concerns: ")
    assert row["coherence: what is known"] == "evidence lines: supports 2"
    assert any("software" in note for note in summary.notes)


def test_a_judgement_follows_its_claim_when_that_gets_another_id(judged):
    assert kg_("rename", "claim", "P1", "P7", "--study", str(judged)).exit_code == 0
    assert confidence.judged(kg.open(judged).engine)["P7"].level == "very low"


def test_a_study_without_judgements_has_no_report_of_them(study):
    with pytest.raises(kg.KGError, match=r"confidence\.yaml"):
        kg.open(study).report("confidence")


def test_every_claim_of_the_bundled_study_that_has_evidence_is_judged_by_its_software_coder(dart):
    claims = bearing.load(dart.engine, dart.query("claims"), bearing.of(dart.engine))
    judged = confidence.judged(dart.engine)
    assert set(judged) == {claim.id for claim in claims if claim.lines}
    kinds = {row["coder"]: row["kind"] for row in dart.query("coders").dicts()}
    assert {kinds[j.coder] for one in judged.values() for j in (one.overall, *one.concerns.values())} == {"software"}


def test_the_table_in_the_docs_is_that_of_the_bundled_study(dart):
    page = (Path(__file__).parent.parent / "docs/evidence.md").read_text("utf-8")
    told = {tuple(row.strip("| ").split(" | ")) for row in page.splitlines() if row.count("|") == 7}
    for claim, one in confidence.judged(dart.engine).items():
        assert (claim, *(concern.level for concern in one.concerns.values()), one.level) in told


def test_the_report_is_printed_in_every_form(judged, tmp_path):
    word = tmp_path / "confidence.docx"
    shown = kg_("report", "confidence", "--study", str(judged), "--word", str(word))
    assert "very low" in shown.stdout
    rows = list(
        csv.DictReader(io.StringIO(kg_("report", "confidence", "--study", str(judged), "--format", "csv").stdout))
    )
    assert rows[0]["adequacy"] == "serious concerns: Two passages."
    made = json.loads(kg_("report", "confidence", "--study", str(judged), "--format", "json").stdout)
    assert (made["rows"][0]["confidence"], made["further"][0]["title"]) == ("very low", "Evidence profile")
    markdown = kg_("report", "confidence", "--study", str(judged), "--format", "md").stdout
    assert markdown.index("# Summary of findings") < markdown.index("## Evidence profile")
    page = kg_("report", "confidence", "--study", str(judged), "--format", "html").stdout
    assert page.count("<table>") == 2
    text = zipfile.ZipFile(word).read("word/document.xml").decode()
    assert text.count("<w:tbl>") == 2
    assert "serious concerns: Two passages." in text


def test_the_same_report_gives_the_same_word_document(dart):
    made = dart.report("confidence")
    assert reports.document(dart.engine, made) == reports.document(dart.engine, made)


def test_a_record_that_is_shown_has_its_confidence(judged):
    shown = " ".join(kg_("show", "P1", "--study", str(judged)).stdout.split())
    assert "confidence: very low (me, 2026-11-29): One thin interview." in shown
    assert "adequacy: serious concerns (me, 2026-11-28): Two passages." in shown
    assert (
        json.loads(kg_("show", "P1", "--study", str(judged), "--json").stdout)["confidence"]["overall"]["level"]
        == "very-low"
    )


def test_a_claim_as_data_has_its_confidence(judged):
    graph = json.loads(data.jsonld(kg.open(judged), [("proposition", "P1")]))["graph"]
    (whole,) = [node for node in graph if node.get("type") == "ev:ConfidenceAssessment"]
    concerns = [node for node in graph if node.get("type") == "ev:Concern"]
    assert (whole["confidence"], whole["comment"]) == ("ev:very-lowConfidence", "One thin interview.")
    assert {(node["component"], node["concern"]) for node in concerns} >= {("ev:adequacy", "ev:seriousConcern")}
    assert len(concerns) == 4


@pytest.mark.parametrize("question", ["how sure is P18", "how confident are we in P18", "对P18有多大把握"])
def test_how_sure_a_claim_is_is_answered_with_the_judgement_of_each_component(dart, question):
    answer = dart.ask(question)
    assert [claim.id for claim in answer.claims] == ["P18"]
    assert len(answer.definition) == 5
    assert confidence.judged(dart.engine)["P18"].overall.reason in answer.definition[0]["value"]
    assert answer.left_out == ()


@pytest.mark.parametrize(
    ("question", "level"), [("which claims are we least sure of", "very low"), ("哪些主张最有把握", "moderate")]
)
def test_the_least_and_most_sure_claims_are_those_of_that_level_alone(dart, question, level):
    judged = confidence.judged(dart.engine)
    expected = sorted(claim for claim, one in judged.items() if one.level == level)
    assert [claim.id for claim in dart.ask(question).claims] == expected


def test_a_question_that_does_not_ask_how_sure_is_answered_as_before(dart):
    assert not any("confidence" in row["property"] for row in dart.ask("what supports P18").definition)


def test_an_answer_on_the_judgement_of_software_alone_says_so(dart, study, edit):
    assert dart.ask("what supports P18").software == ("dart-kg authors",)
    assert dart.ask("who are the coders").software == ()
    assert "judged by software alone: dart-kg authors" in kg_("ask", "what supports P18", "--study", "dart").stdout
    assert kg.open(study).ask("what supports P1").software == ()
    edit("study.yaml", "name: The coder}", "name: The coder, kind: software}")
    assert kg.open(study).ask("what supports P1").software != ()


def test_a_person_who_read_the_lines_of_software_judged_them_too(study, edit):
    edit("study.yaml", "name: The coder}", "name: The coder, kind: software}\n  - {id: ada, name: Ada}")
    assert kg.open(study).ask("what supports P1").software != ()
    (study / "readings").mkdir()
    (study / "readings/interview.yaml").write_text(
        "source: interview\ncoder: ada\ndate: 2026-11-29\nreadings:\n"
        "  - {line: line-b8e5950a4d, stance: supports, strength: moderate}\n",
        "utf-8",
    )
    assert kg.open(study).ask("what supports P1").software == ()


@settings(max_examples=examples(15))
@given(made=strategies.files())
def test_drawn_judgements_are_the_same_in_sql_and_sparql_and_as_written(made, tmp_path_factory):
    folder = strategies.write(tmp_path_factory.mktemp("drawn"), made)
    build.build(folder)
    graph = kg.open(folder)
    rows = graph.query("confidence").rows
    assert rows == graph.with_sparql().query("confidence").rows
    study = loader.load(folder).study
    written = [(c.proposition, "overall", c.level, c.reason, c.coder, c.date.isoformat()) for c in study.confidences]
    written += [(c.proposition, c.component, c.level, c.reason, c.coder, c.date.isoformat()) for c in study.concerns]
    assert sorted(rows) == sorted(written)
    assert {row[2] for row in rows} <= {*CONCERNS, *CONFIDENCES}
