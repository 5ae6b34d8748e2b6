"""The answer to a question is one, whoever shows it: Python, SPARQL, JSON, the terminal, the page."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter

import pytest
from test_ask import GOLDEN

from kg import cli, render
from kg.browse import addresses, pages
from kg.browse import html as html_of
from kg.browse.parameters import Parameters
from kg.browse.study import BuiltStudy
from kg.claims import STANCES, STATES
from kg.words import word

QUESTIONS = [question for question, *_ in GOLDEN]
QUICK = [question for question in QUESTIONS if question != "缺少什么证据"]
"""Those of which none asks in SPARQL for nearly a minute what another one asks in the other language."""


@pytest.fixture(scope="module")
def study(dart):
    return BuiltStudy(dart)


def stands(answer):
    """Return what is compared: ids, states and counts of the claims, and the counts of all by case."""
    return [(c.id, c.state, c.tally) for c in answer.claims], answer.by_case, answer.tally


@pytest.mark.parametrize("question", QUICK)
def test_tables_and_sparql_give_one_answer(dart, question):
    ours, other = dart.ask(question), dart.with_sparql().ask(question)
    assert stands(ours) == stands(other)
    assert (ours.reading, ours.headline, ours.named) == (other.reading, other.headline, other.named)
    assert ours.passages == other.passages
    assert [c.witnesses() for c in ours.claims] == [c.witnesses() for c in other.claims]
    assert [list(c.lines) for c in ours.claims] == [list(c.lines) for c in other.claims]
    assert render.dump(ours) == render.dump(other)


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_holds_the_lines_that_are_counted(dart, question):
    answer = dart.ask(question)
    written = json.loads(render.dump(answer))
    assert [(c["id"], c["state"]) for c in written["claims"]] == [(c.id, c.state) for c in answer.claims]
    for claim, told in zip(answer.claims, written["claims"], strict=True):
        counts = Counter(line["stance"] for line in told["lines"])
        assert {stance: counts[stance] for stance in STANCES} == claim.tally


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_terminal_prints_it(dart, question, capsys):
    answer = dart.ask(question)
    with pytest.raises(SystemExit):
        cli.app(["ask", "--study", "dart", "--all", question])
    printed = re.sub(r"\s+", "", capsys.readouterr().out)
    assert printed.startswith(re.sub(r"\s+", "", render.clean(answer.reading + answer.headline)))
    shown = [line for claim in answer.claims for line in (claim.of(answer.stance) if answer.stance else claim.lines)]
    assert all(line.id in printed for line in shown)
    assert all(re.sub(r"\s+", "", render.clean(p.quote)) in printed for line in shown for p in line.passages)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_page_shows_it(dart, study, question):
    answer = dart.ask(question)
    page = pages.answer(study, Parameters(question=question), answer.language)
    text = html_of.render(study, page, addresses.Served(answer.language))
    headline = re.search(r'<h1 class="answer">(.*?)</h1>', text, re.DOTALL)[1]
    assert html.unescape(headline) == answer.headline
    section = re.search(r'<ul class="claims">.*?</ul>', text, re.DOTALL)
    listed = re.findall(r'<a class="proposition"[^>]*><b>(.*?)</b>', section[0]) if answer.claims else []
    assert listed == [c.id for c in answer.claims]
    stated = re.compile(r'<span class="state"><span aria-hidden="true">(.)</span> (.*?)</span>')
    states = stated.findall(section[0]) if answer.claims else []
    assert states == [(STATES[c.state].sign, word(c.state, answer.language)) for c in answer.claims]


@pytest.mark.parametrize(
    "words",
    [
        ["ask", "what supports transparency"],
        ["ask", "缺少什么"],
        ["trace", "P18"],
        ["trace", "concept/dialogue"],
        ["report", "matrix"],
        ["report", "gaps"],
        ["cite", "P18"],
        ["search", "guarantee"],
    ],
    ids=" ".join,
)
def test_an_answer_needs_no_library_for_graphs(dart, words):
    """To import rdflib takes longer than to answer."""
    code = (
        "import sys; from kg.cli import app\n"
        "try: app(sys.argv[1:])\n"
        "finally: sys.stderr.write(' '.join({'pyoxigraph', 'rdflib', 'neo4j', 'pyvis'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--study", str(dart.folder)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert done.stdout


def test_lines_that_are_read_when_they_are_looked_at_are_a_sequence(dart):
    claim = next(claim for claim in dart.ask("what supports dialogue").claims if len(claim.of("supports")) > 4)
    whole = list(claim.of("supports"))
    for part in (
        slice(2),
        slice(1, 4),
        slice(None, None, -1),
        slice(3, 0, -2),
        slice(1, None, 2),
        slice(9, 2),
        slice(-2, None),
    ):
        assert list(claim.of("supports")[part]) == whole[part]
    assert claim.of("supports")[-1] == whole[-1]
    assert list(reversed(claim.of("supports"))) == whole[::-1]
