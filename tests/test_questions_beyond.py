"""Questions beyond what claims say: what no study tells, how evidence is judged, how many of something, what is denied."""

from __future__ import annotations

import pytest
from judging import denies
from questioning import ask, asked

from kg.claims import LITERATURE, STANCES


def ids(answer):
    return [claim.id for claim in answer.claims]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("will Kesslau have more lanes by 2035", "what will be"),
        ("what is your opinion on mayors", "no opinions"),
        ("make up a quote of a trader", "nothing is invented"),
        ("translate the chapter into Danish", "no task"),
        ("who made this software", "documentation"),
        ("这个软件是谁做的", "文档"),
        ("请编一条支持随访的引文", "不编造"),
    ],
)
def test_what_no_study_tells_is_said_plainly_and_is_no_answer(question, told):
    answer = ask("yiliao" if "随访" in question else "cycling", question)
    assert answer.operation == "outside"
    assert answer.is_nearest
    assert told in answer.headline


@pytest.mark.parametrize("question", ["should we plan a trial for next year", "does a mayor help to get lanes built"])
def test_advice_and_plain_questions_with_such_words_are_answered(question):
    assert ask("cycling", question).operation != "outside"


def test_the_study_itself_is_told_with_its_licence():
    answer = ask("cycling", "under which licence may I use the interviews?")
    assert answer.operation == "study"
    assert "CC-BY-4.0" in answer.headline
    assert "Invented" in answer.headline


def test_how_evidence_is_judged_is_explained_by_what_is_asked():
    assert "one step lower" in ask("dart", "why do lines of a company source count for less").headline
    assert "one witness" in ask("dart", "what is a witness").headline
    assert "降一级" in ask("yiliao", "证据为什么会降级").headline
    assert [row["property"] for row in ask("dart", "by what rules was it done").definition] == ["stance"]


RESTRICTED = [
    ("claims with more than two supporting lines", lambda n: n("supports") > 2),
    ("claims with at least two opposing quotes", lambda n: n("opposes") >= 2),
    ("which claims have exactly one opposing line", lambda n: n("opposes") == 1),
    ("claims with fewer than two supporting lines", lambda n: n("supports") < 2),
    ("有两条以上支持证据的命题", lambda n: n("supports") >= 2),
    ("反对证据只有一条的命题", lambda n: n("opposes") == 1),
]


@pytest.mark.parametrize("name", ["dart", "cycling", "yiliao"])
@pytest.mark.parametrize(("question", "fits"), RESTRICTED)
def test_claims_are_chosen_by_how_many_lines_they_have(name, question, fits):
    every = ask(name, "all claims").claims
    assert ids(ask(name, question)) == [c.id for c in every if fits(lambda stance, c=c: c.tally[stance])]


def test_claims_are_chosen_by_cases_and_witnesses_too():
    every = ask("cycling", "all claims").claims
    in_two = [c.id for c in every if len({case for case in c.by_case["supports"] if case != LITERATURE}) > 1]
    assert ids(ask("cycling", "claims supported by more than one city")) == in_two
    independent = [c.id for c in every if c.witnesses("supports").independent > 1]
    assert ids(ask("cycling", "claims with at least two independent witnesses in support")) == independent


def test_how_many_claims_fit_is_counted():
    fitting = ids(ask("dart", "claims with at least two opposing quotes"))
    assert ask("dart", "number of claims with at least two opposing quotes").headline == f"{len(fitting)} claims."


def test_where_nothing_fits_that_is_said_and_not_that_all_do():
    answer = ask("cycling", "claims with more than nine supporting lines")
    assert not answer.claims
    assert denies(answer.headline)
    assert "more than nine supporting lines" in answer.reading


@pytest.mark.parametrize(
    ("name", "question", "stance"),
    [
        ("dart", "who holds that trust does not drive participation", "opposes"),
        ("dart", "which authors disagree that access comes first", "opposes"),
        ("cycling", "towns in which the mayor did not matter", "opposes"),
        ("cycling", "evidence that trials do not raise acceptance", "opposes"),
        ("dart", "what contradicts the idea that transparency doesn't matter", "supports"),
        ("yiliao", "谁认为随访没有用", "opposes"),
        ("yiliao", "哪些证据说明信任医生并不能让人坚持用药", "opposes"),
        ("dart", "does trust not drive participation?", None),
        ("dart", "who says that trust drives participation", None),
    ],
)
def test_what_is_denied_turns_the_stance(name, question, stance):
    assert ask(name, question).stance == stance


def test_who_denies_something_is_named_by_the_works_that_oppose_it():
    answer = ask("dart", "who holds that trust does not drive participation")
    assert ids(answer) == ["P12"]
    opposing = {key for line in answer.claims[0].of("opposes") for p in line.passages for key in p.references}
    assert opposing
    assert {one.note for one in answer.named if one.kind == "author"} <= {
        asked("dart").tables.reference_names[key] for key in opposing
    }


def test_a_chain_of_claims_leads_from_one_concept_to_another():
    assert ids(ask("cycling", "which steps lead from cycling advocacy to cycling levels")) == ["P05", "P09"]
    assert ids(ask("yiliao", "随访一步步怎样减轻药物顾虑")) == ["P09", "P10"]


@pytest.mark.parametrize(
    ("name", "question", "searches"),
    [
        ("cycling", "what did Idris look for in vain", ["S2"]),
        ("cycling", "searches carried out on 10 February 2025", ["S1"]),
        ("cycling", "what was looked for in vain in Port Halden", ["S1"]),
        ("yiliao", "2025年7月4日查找了什么", ["S2"]),
        ("dart", "what was looked for in vain", ["S01", "S02", "S03", "S04", "S05"]),
    ],
)
def test_searches_are_chosen_by_who_when_and_where(name, question, searches):
    answer = ask(name, question)
    assert answer.operation == "searches"
    assert [row["search"] for row in answer.searches] == searches


def test_coders_are_named_by_their_order_and_told_what_they_are():
    assert [term.id for term in ask("cycling", "who is the first coder").about] == ["maren"]
    assert [term.id for term in ask("yiliao", "第二位编码者是谁").about] == ["hefang"]
    told = ask("dart", "was the coding done by people or by machines")
    assert all(row["value"].startswith("software") for row in told.definition)


def test_disputes_are_those_of_the_document_that_is_asked_about():
    assert ids(ask("cycling", "where do the coders disagree in the Averton interview")) == ["P05"]
    assert not ids(ask("cycling", "where do the coders disagree in the minutes of Brenwick"))


@pytest.mark.parametrize(
    ("name", "question", "word"),
    [
        ("dart", "does gender influence who takes part", "gender"),
        ("cycling", "do schools influence whether lanes get built", "schools"),
        ("yiliao", "家庭收入怎么样", "收入"),
    ],
)
def test_something_else_with_words_of_a_concept_is_no_answer_but_named(name, question, word):
    answer = ask(name, question)
    assert answer.is_nearest
    assert word in answer.headline
    assert denies(answer.headline)


def test_what_is_public_is_not_what_is_published():
    assert not ask("cycling", "is there public transport").limits


def test_no_limit_is_taken_from_a_word_for_the_theory():
    answer = ask("dart", "does the model say anything about trust?")
    assert ids(answer) == ["P12"]
    assert any(answer.claims[0].tally[stance] for stance in STANCES)
