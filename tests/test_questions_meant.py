"""What is meant by a word that may be several things: parts of names, whoever it may be, what hinders, what is compared."""

from __future__ import annotations

import pytest
from questioning import ask


def claims(name, question):
    return [claim.id for claim in ask(name, question).claims]


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("what makes people take up a plot?", ["G1", "G2", "G3"]),
        ("Are people put off when they have to wait for years?", ["G2"]),
        ("what does the study say makes people stay on?", ["G11", "G4", "G5", "G6"]),
        ("does an early crop make beginners stick with it?", ["G5"]),
        ("what has been published since 2020 on why people keep their plots?", ["G11", "G4", "G5", "G6"]),
        ("If a bed belongs to everybody, do some people just pick and never work?", ["G9"]),
    ],
)
def test_whoever_it_may_be_names_no_concept(question, answered):
    assert claims("gardens", question) == answered


def test_a_part_of_a_name_is_left_where_no_claim_joins_it_with_what_else_is_named():
    answer = ask("gardens", "Will tenants put up sheds and plant trees if the lease is short?")
    assert [claim.id for claim in answer.claims] == ["G7"]
    assert not answer.is_nearest
    assert answer.left_out == ("tenants",)


def test_who_does_something_does_not_make_them_do_it():
    said = ask("gardens", "why do residents take up a plot").headline
    assert said.startswith("rising food prices (G1 contested): ")
    assert "; hindered by: long waiting list (G2 contested): " in said


def test_what_keeps_somebody_from_something_hinders_it():
    assert claims("gardens", "what keeps people from taking up a plot") == ["G2"]
    assert claims("textbooks", "what keeps teachers from changing the book") == ["T3", "T5"]


def test_what_helps_against_something_opposes_no_claim():
    answer = ask("gardens", "do inspections help against weeds")
    assert (answer.operation, answer.stance) == ("verdict", None)
    assert answer.headline.startswith("G8 contested: ")


def test_how_far_away_asks_for_no_limits():
    assert ask("gardens", "Does it matter how far away from the plot you live?").stance is None


@pytest.mark.parametrize(
    ("name", "question", "cases"),
    [
        ("gardens", "how many gardens are there", ["canalbank", "pinfold", "quarryhill", "stationyard"]),
        ("fenlei", "有几个小区", ["haitang", "liuan", "shiqiao", "wutongli"]),
        ("gardens", "which gardens back the claim that inspections lower neglect", ["canalbank", "quarryhill", "stationyard"]),
    ],
)  # fmt: skip
def test_cases_are_called_by_what_half_of_their_names_end_with(name, question, cases):
    assert [one.id for one in ask(name, question).named if one.kind == "case"] == cases


def test_who_says_something_is_named_also_where_they_speak_in_an_interview():
    said = ask("gardens", "who is against half plots?").headline
    assert said.startswith("Against G12 (contested): Haddad, Samir (Haddad, 2019); Interview with Joe Marsden ")
    assert "(pf-14)" in said


def test_the_case_with_most_evidence_is_told_claim_by_claim():
    said = ask("dart", "which company gives the most support to dialogue").headline
    assert said.startswith("Evidence lines: Haier 11 (+8 −1 ~2), Xiaomi 11 (+8 −1 ~2), Afu 0 ")
    assert "P17: Xiaomi +7 −1 ~2, Haier +6 −1 ~2; P21: Haier +2 −0 ~0, Xiaomi +1 −0 ~0." in said


def test_cases_are_compared_on_something_where_none_is_named():
    answer = ask("dart", "differences between the cases as regards dialogue?")
    assert answer.limits.cases == ("afu", "haier", "xiaomi")
    assert "P17: Afu +0 −0 ~0, Haier +6 −1 ~2, Xiaomi +7 −1 ~2" in answer.headline


@pytest.mark.parametrize(
    ("name", "question", "said"),
    [
        ("dart", "how large is the bibliography?", "270 references."),
        ("dart", "How many claims, cases and sources does this study have in total?", "23 claims, 3 cases, 5 sources."),
        ("gardens", "what are the stages a gardener goes through?", "waiting time → first season → settled years."),
        ("gardens", "what is the theory wrong about", "9 claims: opposed G11; contested G1, "),
        ("fenlei", "理论哪里错了", "7 条主张:被证据反对:F11;有支持也有反对:F1、"),
        ("gardens", "what should we do about weeds", "The theory recommends nothing on this. G8 contested: "),
        (
            "gardens",
            "which evidence was downgraded because of company works",
            "1 evidence line was lowered: nt-04 (G1) ",
        ),
        ("fenlei", "有没有哪些证据因为是宣传材料被降了级？", "1 条证据被降级:bc-07 (F3) "),
        (
            "gardens",
            "Is a lease mentioned at Pinfold at all?",
            "No evidence of Pinfold Community Garden bears on it; looked ",
        ),
        ("fenlei", "常态期从什么时候算起", "常态期:撤桶满一年以后"),
        ("fenlei", "谁说过远近没有关系？", "“我们只留了一个投放点"),
        (
            "dart",
            "is there any tie between risk assessment and transparency?",
            "No claim joins “risk assessment” and “",
        ),
        ("textbooks", "strong evidence about licences", "T5 contested: 1 supports, 1 opposes, 0 qualify (strong "),
    ],
)
def test_the_verdict_begins_with_what_was_asked(name, question, said):
    assert ask(name, question).headline.startswith(said)


@pytest.mark.parametrize(
    ("name", "question", "open_question"),
    [
        ("textbooks", "what happens to the book when I leave", "Q1"),
        ("repair", "do people in the back room stay as long", "Q2"),
        ("libraries", "does lending go on if the volunteer leaves", "Q1"),
        ("aside", "how many seasons until a farm sticks with it", "Q1"),
    ],
)
def test_an_open_question_is_known_by_most_of_what_is_said(name, question, open_question):
    assert ask(name, question).headline.startswith(f"An open question: {open_question}: ")


def test_how_many_of_a_kind_is_no_open_question():
    assert ask("aside", "how many farms were visited").headline.startswith("3 cases: ")


def test_words_of_a_coded_passage_come_first():
    answer = ask("fenlei", "找一下换鸡蛋的那段话")
    assert "换鸡蛋" in answer.passages[0].quote


def test_the_verb_like_is_no_comparison():
    assert "P06" in claims("cycling", "so trials don't make people like lanes?")


@pytest.mark.parametrize(
    ("question", "cases"),
    [
        ("gardens without inspections", ["pinfold", "stationyard"]),
        ("which gardens hold inspections", ["canalbank", "quarryhill"]),
    ],
)
def test_a_clause_on_cases_is_their_attribute_true_or_false(question, cases):
    assert [one.id for one in ask("gardens", question).named if one.kind == "case"] == cases


def test_evidence_is_limited_to_the_cases_of_a_clause():
    answer = ask("choirs", "in the choirs that hold no auditions, are people kept from joining by embarrassment?")
    assert answer.limits.cases == ("larkholm", "oxenby", "tidemill")
    assert [claim.id for claim in answer.claims] == ["C3"]
    assert claims("fenlei", "没有物业的小区里，哪几条命题遭到反对？") == ["F11", "F3"]


def test_an_interview_is_known_by_who_speaks_in_it():
    assert claims("fenlei", "周桂芳的话支持了哪些命题") == ["F1", "F13", "F2", "F4", "F6", "F8", "F9"]
    assert ask("choirs", "who coded the interview with Hal Brockway, and when?").headline.startswith(
        "Priya Raman (coded 14 "
    )


def test_a_line_in_no_count_is_told_with_what_became_of_it():
    assert ask("cycling", "why does av-union not count?").headline.startswith(
        "av-union: disputed; av-union: Maren Holt qualifies"
    )
    assert "withdrawn" in ask("cycling", "why is br-takings not counted?").headline


def test_what_hinders_bears_out_that_something_is_not_done():
    answer = ask("choirs", "is it shown that people who are ashamed of their voice don't sign up?")
    assert answer.stance is None
    assert answer.headline.startswith("C3 supported: 5 support ")


def test_at_least_a_strength_takes_in_those_above():
    assert ask("choirs", "At least moderate evidence on praise").limits.strengths == ("strong", "moderate")


@pytest.mark.parametrize(
    ("name", "question", "answered"),
    [
        ("handover", "Which claims have no literature behind them at all?", ["P04", "P08", "P09", "P10", "P12"]),
        ("choirs", "Is there a claim that everything speaks against?", ["C7"]),
        ("yiliao", "西山那边有什么经验？", ["P03", "P08", "P10", "P11"]),
        ("fenlei", "柳岸新村的经验，哪些做法见效了，哪些没有？", "F1 F11 F13 F2 F3 F4 F5 F6 F7 F8 F9".split()),
        ("dart", "evidence on dialogue as the main line, leaving out Haier and Xiaomi", ["P17"]),
        ("aside", "evidence on payments without the seed company's report", ["P3"]),
    ],
)
def test_claims_are_chosen_by_what_is_asked_of_them(name, question, answered):
    assert claims(name, question) == answered


@pytest.mark.parametrize(
    ("name", "question", "said"),
    [
        ("dart", "which claims have the most evidence", "Most evidence lines: P17 27, P16 15, P13 14. 1 claim: "),
        ("dart", "inter-coder reliability overall", "families 94.2 %, alpha 0.77 "),
        ("dart", "Samsung?", "No claim has the word “Samsung”, or one like it; a passage does: "),
        ("gardens", "list all evidence against the theory", "20 evidence lines oppose G1 (contested), "),
        (
            "gardens",
            "How much of the evidence on homes without a garden is promotional?",
            "1 evidence line of 5 cites works ",
        ),
        (
            "gardens",
            "What does a community garden cost the city per year?",
            "No claim has the word “cost”, or one like it",
        ),
        ("cycling", "Which of your cities have more than 200,000 people, like mine?", "Kesslau (Population: 205000); "),
        ("yiliao", "药费和信任医生，哪个更要紧？先解决哪个？", "未决问题 Q1: 药费负担与医生信任哪一个更重要？"),
        ("yiliao", "何芳复核了哪几条证据？", "何芳 (复核 6 条证据, "),
        ("aside", "what do cover crops do to the land", "lessens or hinders: erosion (P5 supported): "),
    ],
)
def test_the_first_words_answer(name, question, said):
    assert ask(name, question).headline.startswith(said)
