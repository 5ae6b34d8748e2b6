"""Reports that a journal takes: the checklist COREQ, and annotations as the ATI form asks."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.errors import StudyError
from kg.reports import coreq


def test_the_checklist_has_all_items_in_their_domains(dart):
    items = dart.report("coreq").table.dicts()
    assert [row["item"] for row in items] == list(range(1, 33))
    assert [sum(row["domain"] == one for row in items) for one in (coreq.TEAM, coreq.DESIGN, coreq.FINDINGS)] == [
        8,
        15,
        9,
    ]


def test_what_nobody_told_is_named_and_nothing_is_made_up(dart):
    report = dart.report("coreq")
    gaps = [row["item"] for row in report.table.dicts() if not row["told by"]]
    assert {1, 2, 4, 13, 23, 28} <= set(gaps)
    assert f"not told: {', '.join(map(str, gaps))}" in report.notes
    assert all(row["answer"] == "not told" for row in report.table.dicts() if row["item"] in gaps)


def test_what_the_graph_knows_is_counted(dart):
    said = {row["item"]: row["answer"] for row in dart.report("coreq").table.dicts()}
    assert said[12] == "3 cases, 4 sources"
    assert said[24].startswith("2 coders: ")
    assert said[25].startswith(f"{len(dart.query('codebook').rows)} codes")
    quotes = {row["source excerpt"] for row in dart.report("ati").table.dicts()}
    assert said[29] == f"{len(quotes)} quotes, each with its source and place"
    assert said[22].startswith(f"the last of 5 coded sources added {dart.report('saturation').table.rows[-1][4]} codes")


def test_a_person_answers_in_study_yaml_and_comes_first(study, edit):
    edit(
        "study.yaml",
        "license: CC-BY-4.0",
        "license: CC-BY-4.0\ncoreq: {2: An MA., 12: Two volunteers.}\nmethod: Grounded theory.",
    )
    items = {row["item"]: row for row in kg.open(study).report("coreq").table.dicts()}
    assert (items[2]["answer"], items[2]["told by"]) == ("An MA.", "study.yaml")
    assert items[12]["answer"].startswith("Two volunteers.; ")
    assert (items[9]["answer"], items[9]["told by"]) == ("Grounded theory.", "graph")


@pytest.mark.parametrize("item", ["0", "33", "x"])
def test_an_item_that_the_checklist_does_not_have_is_an_error(study, edit, item):
    edit("study.yaml", "license: CC-BY-4.0", f"license: CC-BY-4.0\ncoreq: {{{item}: Yes.}}")
    with pytest.raises(StudyError):
        kg.open(study)


def test_each_annotation_stands_in_its_source_word_for_word(dart):
    texts = {
        row["source"]: dart.query("source-text", id=row["source"]).dicts()[0]["whole"]
        for row in dart.query("sources").dicts()
    }
    rows = dart.report("ati").table.dicts()
    counting = {row["line"] for row in dart.query("evidence").dicts() if row["status"] == "active"}
    assert len(rows) >= len(counting)
    for row in rows:
        assert any(row["source excerpt"] in text for text in texts.values())
        assert row["analytic note"]
        assert row["citation"] or not row["link"]


def test_annotations_are_made_without_what_a_source_withholds(study, edit, tmp_path):
    from test_cli import kg as run

    edit("study.yaml", "    case: kitchen\n", "    case: kitchen\n    publish: none\n")
    printed = run("report", "ati", "--study", study, "--format", "csv", DART_KG_CACHE=str(tmp_path))
    assert "praised every week" in Path(study, "sources/interview.md").read_text("utf-8")
    assert "praised every week" not in printed
    assert "P1," in printed


def test_saturation_follows_the_order_in_which_sources_are_listed(study):
    listing = Path(study, "study.yaml")
    rows = [row[0] for row in kg.open(study).report("saturation").table.rows]
    order = [line.split()[-1] for line in listing.read_text("utf-8").splitlines() if line.startswith("  - id: ")]
    assert [one for one in order if one in rows] == rows
