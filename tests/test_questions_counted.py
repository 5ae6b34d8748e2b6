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
    [("aside", "how many farms are there", "3 cases."), ("aside", "有几家农场", "3 个案例。")],
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
