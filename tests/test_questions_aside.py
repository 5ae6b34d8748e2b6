"""What stands in a question beside what it asks: who asks, slips, short forms, names of people that are words."""

from __future__ import annotations

import pytest
from questioning import ask


def claims(name, question):
    return [claim.id for claim in ask(name, question).claims]


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [
        ("dart", "Good morning! I run a brewery and we want fans to invent beers with us. Any advice?", "P21 P22 P23"),
        (
            "dart",
            "As a retired teacher who edits a magazine, I wonder how readers could write it. Suggestions?",
            "P21 P22 P23",
        ),
        ("cycling", "I chair the council of a harbour town and my voters moan. What would you advise us?", "P13"),
        ("cycling", "I work in a town hall and want our street to accept the lane. What could we do?", "P06 P10 P14"),
        ("yiliao", "大家好!我儿子在药店上班,他说我妈总停药,请问你们有什么办法吗?", "P11"),
        ("yiliao", "我是社区卫生站的站长，想让老人都按时吃药，怎么办？", "P11"),
    ],
)
def test_what_askers_tell_of_themselves_is_no_topic_but_what_they_wish_for_is(study, question, wanted):
    answer = ask(study, question)
    assert answer.operation == "advice"
    assert claims(study, question) == wanted.split()


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [
        ("cycling", "how to soften merchants who block lane building", ["P04", "P11"]),
        ("yiliao", "怎样减少怕副作用而不坚持用药的人？", ["P10"]),
    ],
)
def test_what_lessens_something_is_told_by_what_acts_on_it(study, question, wanted):
    assert claims(study, question) == wanted


def test_what_helps_something_asks_for_what_acts_on_it():
    assert ask("cycling", "what helps lanes").operation == "drivers"


@pytest.mark.parametrize("word", ["fans", "readers", "advisers"])
def test_those_who_do_something_are_no_author_no_coder_and_no_advice(word):
    answer = ask("dart", f"are {word} of any use")
    assert not answer.limits.authors
    assert not answer.limits.coders
    assert answer.operation != "advice"


def test_an_ordinal_is_a_coder_only_before_a_word_for_one():
    assert not ask("dart", "is the order of offer first, work second wrong?").limits.coders
    assert ask("dart", "what did the second coder do").limits.coders == ("second",)


@pytest.mark.parametrize("word", ["wins", "fond", "attacked", "hate", "width", "bays"])
def test_a_word_of_the_language_is_never_mended(word):
    assert "read as" not in ask("cycling", f"is it {word} that counts").reading


@pytest.mark.parametrize(("typed", "meant"), [("contestd", "contested"), ("evidnce", "evidence")])
def test_a_slip_is_mended(typed, meant):
    assert f"“{typed}” read as “{meant}”" in ask("cycling", f"{typed} on lanes").reading


def test_a_chinese_name_is_never_mended_into_its_contrary():
    assert "读作" not in ask("yiliao", "哪家医院的病人不信医生").reading


@pytest.mark.parametrize(
    ("study", "question", "wanted"),
    [
        ("template", "consequences of praise w.r.t. volunteers", ["P1"]),
        ("cycling", "results of trials acc. to chapter 5", ["P06", "P13"]),
        ("dart", "effects of transparency w/r/t satisfaction", ["P18"]),
    ],
)
def test_short_forms_are_read_as_what_they_stand_for(study, question, wanted):
    assert claims(study, question) == wanted


@pytest.mark.parametrize(
    ("study", "question", "claim"),
    [
        ("cycling", "The claim on parking isn't attacked anywhere, if I recall correctly?", "P04"),
        ("dart", "Strengthening transparency was never contradicted, I believe?", "P23"),
        ("yiliao", "我记得药费那条从来没人反对，对不对", "P07"),
    ],
)
def test_what_somebody_seems_to_recall_is_answered_by_how_the_claim_stands(study, question, claim):
    answer = ask(study, question)
    assert [one.id for one in answer.claims] == [claim]
    assert not answer.tally["opposes"]


def test_a_noun_right_behind_the_auxiliary_is_what_is_asked_about():
    answer = ask("cycling", "Do comparisons with other cities convince a council?")
    assert answer.operation == "verdict"
    assert "comparisons" in answer.left_out


@pytest.mark.parametrize(
    "question", ["Can cities build lanes without backing of traders?", "is it feasible without support from riders"]
)
def test_what_is_possible_without_support_is_not_what_lacks_it(question):
    assert ask("cycling", question).operation == "verdict"
