"""Sources that belong to no case are called what they are; interviews are not called literature."""

from __future__ import annotations

import urllib.request

import pytest
from browser import served
from test_cli import kg as command

import kg
from kg import claims


@pytest.fixture
def interviewed(study, edit):
    """Return a study without cases, of which an interview is evidence."""
    edit("study.yaml", "    role: case\n    case: kitchen\n", "    role: case\n")
    kg.open(study)
    return study


@pytest.mark.parametrize(
    ("sources", "cases", "called"),
    [
        ([], False, "literature"),
        ([("theory", None), ("case", "afu"), ("literature", None)], True, "literature"),
        ([("theory", None), ("literature", None)], False, "literature"),
        ([("case", "afu"), ("case", None)], True, "other sources"),
        ([("case", "afu"), ("case", None), ("literature", None)], True, "literature and other sources"),
        ([("theory", None), ("case", None)], False, "sources"),
        ([("case", None), ("literature", None)], False, "sources"),
    ],
)
def test_what_belongs_to_no_case_has_the_name_of_what_it_is(sources, cases, called):
    assert claims.outside(sources, cases=cases) == called


def test_no_answer_and_no_report_calls_an_interview_literature(interviewed):
    asked = command("ask", "what supports feedback", "--study", interviewed)
    assert "other sources" in asked
    assert "other sources" in command("report", "matrix", "--study", interviewed)
    assert "other sources" in command("report", "codes", "--by", "case", "--study", interviewed)
    assert "iterature" not in asked
    assert "其他来源" in command("ask", "什么支持反馈", "--study", interviewed)


@pytest.mark.slow
def test_no_page_calls_an_interview_literature(interviewed):
    with served(interviewed) as address:
        for path, called in (
            ("/ask?q=what+supports+feedback", "other sources"),
            ("/matrix", "other sources"),
            ("/proposition/P1", "ther sources"),
            ("/concept/feedback", "ther sources"),
            ("/crosstab", "ther sources"),
            ("/zh/proposition/P1", "其他来源"),
        ):
            with urllib.request.urlopen(f"{address}{path}", timeout=60) as answer:
                page = answer.read().decode()
            main = page[page.index("<main") : page.index("</main")]
            assert called in main, path
            assert ">literature<" not in main.lower(), path
            assert "文献</" not in main, path
