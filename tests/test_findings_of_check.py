"""What the page of what waits is told of the findings of 'kg check'."""

from __future__ import annotations

from helpers import awaited

import kg
from kg.browse import findings
from kg.check import check


def told(folder, language="en"):
    return awaited(findings.Findings(folder).told, language)


def test_the_page_is_told_what_check_finds_but_for_what_it_lists_elsewhere(study, edit):
    edit("codebook.yaml", "    definition: Being seen by others for the work.\n", "")
    edit("study.yaml", "    sha256: 6a9cefdc9db2845e2c284a555e835e170b061606e5c75245e66aa7f127f3dd86\n", "")
    kg.open(study)
    found = check(study)
    assert {one.rule for one in found} == {"code-undefined", "unpinned-source"}
    ((group),) = told(study)["groups"]
    (one,) = group["first"]
    assert (group["rule"], group["title"], group["number"]) == ("code-undefined", "A code has no definition.", 1)
    assert (one["file"], one["line"], one["kind"], one["id"]) == ("codebook.yaml", 3, "code", "recognition")
    assert told(study, "zh")["groups"][0]["title"] == "编码没有定义。"


def test_of_lines_that_begin_at_one_place_the_one_that_is_named_is_meant():
    doubt = kg.Finding("c.yaml", 3, "strong-on-few-words", "'line-b' is strong", severity="warning")
    there = [("excerpt", "a:1-2"), ("line", "line-a"), ("line", "line-b")]
    assert findings._meant(doubt, there) == ("line", "line-b")
    assert findings._meant(doubt, there[:1]) == ("", "")


def test_a_study_that_cannot_be_read_tells_its_errors(study, edit):
    kg.open(study)
    edit("codebook.yaml", "level: axial", "level: axel")
    assert [(one["severity"], one["rule"]) for one in told(study)["groups"]] == [("error", "invalid-value")]


def test_it_is_looked_at_again_only_when_the_study_is_another_one(study, edit, monkeypatch):
    kg.open(study)
    looked = findings.Findings(study)
    first = looked._look()
    monkeypatch.setattr(findings, "Child", None)
    assert looked._look() is first
    monkeypatch.undo()
    edit("codebook.yaml", "    definition: Being seen by others for the work.\n", "")
    assert [one["rule"] for one in looked._look()] == ["code-undefined"]


def test_what_takes_too_long_is_left_to_check(study, monkeypatch):
    kg.open(study)
    monkeypatch.setattr(findings, "SECONDS", 0.0)
    assert told(study) == {"status": 200, "groups": [], "late": True}
