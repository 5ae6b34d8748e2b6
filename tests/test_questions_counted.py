"""Questions for several numbers at once, for more and less, and for cases under what the study calls them."""

from __future__ import annotations

import re

import pytest
from questioning import ask, asked

from kg.claims import STANCES


def test_several_kinds_are_counted_at_once():
    ids = {
        kind: len([1 for of, _ in asked("cycling").answers.labels["en"] if of == kind]) for kind in ("case", "coder")
    }
    claims = len(ask("cycling", "all claims").claims)
    assert ask("cycling", "how many claims, cities and coders does the study have?").headline == (
        f"{claims} claims, {ids['case']} cases, {ids['coder']} coders."
    )
    assert ask("yiliao", "这项研究有几个命题、几家医院、几位编码者？").headline == "12 条主张、3 个案例、2 位编码者。"


def test_lines_are_counted_by_stance_where_several_are_asked_for():
    tally = ask("dart", "P17").claims[0].tally
    said = ask("dart", "how many lines support, how many oppose and how many qualify P17?").headline
    assert [int(n) for n in re.findall(r"\d+", said)] == [tally[stance] for stance in STANCES]


@pytest.mark.parametrize(
    "question", ["is there more evidence from Haier than from Xiaomi?", "海尔和小米，哪家的证据多一些？"]
)
def test_which_case_has_more_evidence_is_told_by_all_its_lines(question):
    answer = ask("dart", question)
    lines = dict.fromkeys(("haier", "xiaomi"), 0)
    for claim in ask("dart", "all claims").claims:
        for stance in STANCES:
            for case in lines:
                lines[case] += claim.by_case[stance].get(case, 0)
    assert f"Xiaomi {lines['xiaomi']} " in answer.headline or f"小米 {lines['xiaomi']} " in answer.headline
    assert answer.headline.index(str(lines["xiaomi"])) < answer.headline.index(str(lines["haier"]))


@pytest.mark.parametrize(
    ("name", "question", "headline"),
    [
        ("aside", "how many farms are there", "3 cases: Duarte Farm, Holm Farm, Red Ridge Farm."),
        ("aside", "有几家农场", "3 个案例:杜阿尔特农场、霍姆农场、红岭农场。"),
    ],
)
def test_cases_are_counted_under_what_their_names_call_them(name, question, headline):
    assert ask(name, question).headline == headline


@pytest.mark.parametrize("question", ["which farm opposes P6", "哪家农场反对P6", "which farms oppose P6"])
def test_cases_are_asked_for_under_what_their_names_call_them(question):
    assert ask("aside", question).operation == "cases"


def test_when_a_talk_was_held_is_told_by_what_is_said_of_its_text():
    assert "2025-04-09" in ask("yiliao", "老陈是哪一天接受访谈的？").headline


def test_two_things_that_no_claim_joins_are_said_to_be_joined_by_none():
    said = ask("cycling", "how do staff capacity and public acceptance belong together?").headline
    assert said == "No claim joins “staff capacity” and “public acceptance”."


def test_what_something_is_said_to_act_on_is_no_other_thing():
    answer = ask("cycling", "do protected lanes raise house prices?")
    assert answer.is_nearest
    assert "house prices" in answer.headline


@pytest.mark.parametrize(
    ("question", "operation", "claims"),
    [
        ("in what order do the stages come", "stage", ["P14", "P15", "P16", "P17", "P18"]),
        ("at which moment does dialogue matter", "stage", ["P17"]),
        ("what happens in the promotion stage", "effects", ["P14", "P15"]),
        ("access: definition", "define", ["P16", "P22"]),
        ("where does the claim on trust come from", "references", ["P12"]),
        ("I run a small bakery. What should I do first?", "advice", ["P21", "P22", "P23"]),
        ("most opposed claim", "claims", ["P17"]),
        ("claims with nothing but weak support", "claims", ["P02", "P03", "P06", "P07", "P09", "P11", "P14", "P15"]),
    ],
)
def test_a_question_is_read_by_what_is_asked_and_not_by_a_word_beside_it(question, operation, claims):
    answer = ask("dart", question)
    assert answer.operation == operation
    assert [claim.id for claim in answer.claims] == claims


def test_stages_are_told_in_the_order_of_the_theory():
    assert ask("dart", "order of the stages").headline == "value promotion stage → co-creation stage."
    assert ask("dart", "阶段的顺序是什么").headline == "价值促进阶段→价值共创阶段。"


def test_which_of_two_things_comes_first_is_told_before_the_evidence():
    said = ask("dart", "does trust come before or after participation").headline
    assert said.startswith("By the theory customer trust comes before customer participation. P12 contested: ")


def test_that_nothing_of_a_case_bears_on_it_is_told_with_the_search_in_vain():
    said = ask("dart", "what did Afu's customers contribute to new products").headline
    assert said.startswith("No evidence of Afu bears on it; looked for in vain: S01. ")
    assert "looked for in vain" not in ask("dart", "what supports dialogue in Haier").headline


@pytest.mark.parametrize("question", ["which case has no evidence on trust", "哪个案例没有关于信任的证据"])
def test_a_case_without_evidence_is_named_and_not_those_that_have_some(question):
    assert [one.id for one in ask("dart", question).named if one.kind == "case"] == ["afu"]


def test_what_is_asked_for_by_which_is_no_code_that_is_called_so():
    answer = ask("dart", "which customers lead enterprise-driven participation")
    assert [claim.id for claim in answer.claims] == ["P20"]


def test_after_no_answer_the_next_questions_are_about_what_was_found():
    answer = ask("dart", "do pros prefer it when the manufacturer calls the shots?")
    assert answer.is_nearest
    assert answer.further


def test_a_claim_without_a_line_of_the_stance_is_told_apart_from_those_that_have_one():
    said = ask("dart", "what opposes dialogue").headline
    assert said == (
        "3 evidence lines oppose P17 (contested); none opposes P21 (supported); besides, 23 support, 6 qualify."
    )


def test_where_no_case_opposes_it_is_told_which_cases_limit_it():
    said = ask("dart", "which case contradicts the platform claim").headline
    assert said.startswith("No case opposes P13; qualified in Haier (~1), Xiaomi (~1); in all, ")


@pytest.mark.parametrize("question", ["how is the strength of evidence decided", "证据强度怎么判定"])
def test_by_what_rules_evidence_is_strong_is_told_and_no_dispute(question):
    assert ask("dart", question).operation == "method"


@pytest.mark.parametrize(
    "question", ["how many lines support trust in the Haier case", "how many open questions are there"]
)
def test_what_stands_behind_how_many_is_counted_and_no_word_of_a_limit(question):
    assert "case" not in ask("dart", question).headline
