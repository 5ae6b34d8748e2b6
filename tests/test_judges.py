"""What rests on the judgement of software alone says so in one line, in every form and language; else nothing does."""

from __future__ import annotations

import gzip
import json

import pytest
from typer.testing import CliRunner

import kg
from kg import cli, judges, render
from kg.agents import tools
from kg.browse.responses import respond
from kg.browse.study import BuiltStudy
from kg.browse.targets import Target
from kg.words import word

READING = """\
source: interview
coder: ada
date: 2026-11-29
readings:
  - {line: line-b8e5950a4d, stance: supports, strength: moderate}
"""
"""One line on P1, which a person read again."""
WORDS = [
    ("ask", "what supports P1"),
    ("ask", "什么支持P1"),
    ("ask", "do the coders agree"),
    ("trace", "P1"),
    ("trace", "interview"),
    ("trace", "P1", "--md"),
    ("report", "matrix"),
    ("report", "gaps", "--format", "md"),
]
DATA = [
    ("ask", "what supports P1", "--json"),
    ("trace", "P1", "--json"),
    ("trace", "line-b8e5950a4d", "--json"),
]
PAGES = [
    ("ask", "en", "q=what+supports+P1"),
    ("ask", "zh", "q=P1"),
    ("proposition/P1", "en", ""),
    ("proposition/P1", "zh", ""),
]


@pytest.fixture
def coded(study, edit):
    """A study whose only coder is software, and where a person may have read a line again."""
    edit("study.yaml", "name: The coder}", "name: The coder, kind: software}\n  - {id: ada, name: Ada}")

    def read_by_a_person():
        (study / "readings").mkdir()
        (study / "readings/interview.yaml").write_text(READING, "utf-8")

    return study, read_by_a_person


def printed(study, *words):
    ran = CliRunner().invoke(cli.app, [*words, "--study", str(study)])
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def page(graph, path, language, query):
    return gzip.decompress(respond(BuiltStudy(graph), Target(path, "html", language, query)).body).decode()


def over_mcp(graph, name, *arguments):
    """What an assistant gets, whose text is made like that of --json."""
    return json.loads(render.dump(tools.FUNCTIONS[name](graph, *arguments)))


def told_on_a_terminal(study):
    return [
        f"{word(judges.ALONE, 'zh' if '什么' in words[1] else 'en')}: The coder" in printed(study, *words)
        for words in WORDS
    ]


def told_as_data(study):
    graph = kg.open(study)
    (listed,) = (row for row in over_mcp(graph, "claims") if row["claim"] == "P1")
    one = over_mcp(graph, "claim", "P1")
    asked = over_mcp(graph, "ask", "什么支持P1")
    return [json.loads(printed(study, *words))["software"] for words in DATA] + [
        item["software"] for item in (listed, one, asked)
    ]


def told_on_pages(study):
    graph = kg.open(study)
    return [
        f"{word(judges.ALONE, language)}: The coder" in page(graph, path, language, query)
        for path, language, query in PAGES
    ]


def test_what_software_alone_judged_says_so_on_the_terminal_in_data_and_on_pages(coded):
    study, _ = coded
    assert told_on_a_terminal(study) == [True] * len(WORDS)
    assert told_as_data(study) == [["The coder"]] * 6
    assert told_on_pages(study) == [True] * len(PAGES)


def test_what_a_person_judged_too_says_nothing_of_the_kind(coded):
    study, read_by_a_person = coded
    read_by_a_person()
    assert told_on_a_terminal(study) == [False] * len(WORDS)
    assert told_as_data(study) == [[]] * 6
    assert told_on_pages(study) == [False] * len(PAGES)


def test_codes_that_software_alone_gave_are_told_so_though_a_person_read_lines(coded):
    study, read_by_a_person = coded
    read_by_a_person()
    for report in ("codes", "saturation"):
        assert "judged by software alone: The coder" in printed(study, "report", report)


def test_what_nobody_judged_says_nothing_of_judges(coded):
    study, _ = coded
    assert "software" not in printed(study, "ask", "who are the authors")


def test_claims_that_are_only_named_or_found_undisputed_rest_on_judgement_too(dart):
    for question in ("which claims have no evidence", "do the coders agree on P10"):
        assert dart.ask(question).software == ("dart-kg authors",)


def test_every_engine_says_the_same_of_who_judged(coded):
    graph = kg.open(coded[0])
    assert graph.trace("P1").software == graph.with_sparql().trace("P1").software == ("The coder",)
    assert judges.by_claim(graph.engine, graph.answers.bearing, ["P1"]) == {"P1": ("The coder",)}
