"""The questions that the question box will be measured by are about records that are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from judging import study_of

from kg.loaders import study as loader

HERE = Path(__file__).parent
FILES = sorted((HERE / "questions").glob("*.jsonl"))
OPERATIONS = {
    "evidence", "verdict", "list", "who-authors", "who-coders", "who-cases", "sources", "why", "how", "drives", "follows",
    "advice", "compare", "summary", "count", "when", "where", "define", "relate", "missing", "find", "other",
}  # fmt: skip
LISTS = ("references", "authors", "sources", "codes", "concepts", "questions", "searches", "propositions", "coders",
         "cases", "lines", "relations")  # fmt: skip


def folder_of(file):
    """Return the study that the questions of a file are about."""
    return study_of(file.stem)


def asked(file):
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_questions_are_about_claims_and_records_that_are_there(file):
    loaded = loader.load(folder_of(file))
    study = loaded.study
    claims = {claim.id for claim in study.propositions}
    records = {record.id for name in LISTS for record in getattr(study, name)} | set(study.bundled)
    for one in asked(file):
        assert one["operation"] in OPERATIONS, one
        assert set(one["claims"] or ()) <= claims, one
        assert set(one["names"]) <= records, one
        assert one["stance"] in ("supports", "opposes", "qualifies", None), one
        assert one["good"].strip(), one


def test_no_question_is_put_twice_and_there_are_more_than_four_hundred():
    questions = [(folder_of(file), one["question"].casefold()) for file in FILES for one in asked(file)]
    assert len(set(questions)) == len(questions) > 400


@pytest.mark.parametrize("name", ["aside", "cycling", "handover", "yiliao"])
def test_the_studies_that_are_asked_have_nothing_to_mend(name):
    findings = loader.load(HERE / "studies" / name).findings
    assert [f for f in findings if f.severity != "note"] == []
