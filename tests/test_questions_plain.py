"""Questions as people type them: short, in everyday words, with slips."""

from __future__ import annotations

import pytest
from questioning import ask

from kg.asking.wording import plain


def ids(answer):
    return [claim.id for claim in answer.claims]


@pytest.mark.parametrize(
    ("study", "question", "operation", "claims"),
    [
        # What is denied without an apostrophe, and what ends in a repetition of the question.
        ("cycling", "who says lanes dont raise cycling levels", "says", ["P09"]),
        ("cycling", "which claims does nobody contradict, and which not?", "claims", ["P04", "P08", "P11", "P12", "P13", "P14"]),
        # Words between those that ask.
        ("cycling", "what actually gets lanes built", "drivers", ["P01", "P02", "P05", "P07", "P08", "P13"]),
        ("cycling", "do trials win residents over", "verdict", ["P06"]),
        ("cycling", "what helps and what hinders the building of protected lanes", "drivers",
         ["P01", "P02", "P03", "P05", "P07", "P08", "P13"]),
        # What makes somebody do something is not what that does.
        ("cycling", "what makes retailers turn against bike lanes", "drivers", ["P04"]),
        ("cycling", "is there anything that calms angry shop owners", "drivers", ["P11"]),
        ("yiliao", "does trusting the doctor make people less afraid of side effects", "verdict", ["P10"]),
        # What comes after is what something else comes before.
        ("cycling", "does acceptance come after leadership", "verdict", ["P10"]),
        ("cycling", "what has the most evidence against it of all", "claims",
         ["P01", "P02", "P03", "P05", "P06", "P07", "P09", "P10"]),
        ("cycling", "findings backed by evidence that nobody contradicts or limits", "claims", ["P08", "P13", "P14"]),
        ("dart", "which of the tips has no backing", "advice", ["P22"]),
        ("dart", "which claims have evidence both for and against them", "claims",
         ["P08", "P10", "P12", "P14", "P15", "P16", "P17", "P20"]),
        ("dart", "who says that we dont know enough about why customers take part", "says", ["P03", "P04", "P05"]),
        ("yiliao", "老人为啥不肯好好吃药", "drivers", ["P04", "P07"]),
        ("yiliao", "什么促进坚持用药，什么阻碍", "drivers", ["P03", "P04", "P05", "P06", "P07", "P08", "P11"]),
        ("yiliao", "什么能让老人家按时吃药", "drivers", ["P03", "P05", "P06", "P08", "P11"]),
        ("yiliao", "家里人帮忙能让人坚持吃药吗", "verdict", ["P06"]),
        ("yiliao", "不看访谈光看文献，药费影响坚持用药吗", "verdict", ["P07"]),
    ],
)  # fmt: skip
def test_everyday_words_are_heard(study, question, operation, claims):
    answer = ask(study, question)
    assert (answer.operation, ids(answer)) == (operation, claims)
    assert not answer.is_nearest


@pytest.mark.parametrize(
    ("study", "question", "says"),
    [
        ("cycling", "how many cities are there", "4 cases: Averton, Brenwick, Kesslau, Port Halden."),
        ("cycling", "date of the interview with Ruth Ames?", "2024-03-12"),
        ("cycling", "bibliography please", "Haddad, 2018"),
        ("cycling", "was any evidence taken back later", "br-takings"),
        ("cycling", "what is it about, and is it real or made up", "Invented to try the tool"),
        ("cycling", "who holds that accidents get lanes built", "Ostrow"),
        ("cycling", "what don't the authors know yet", "Q1, Q2"),
        ("dart", "how many pieces of evidence were taken back", "were withdrawn or superseded"),
        ("dart", "what is this study about and which firms are in it", "Afu, Haier, Xiaomi"),
        ("dart", "when was Afu founded", "2003, 2005"),
        ("yiliao", "签约病人最多的是哪家", "签约人数: 1240"),
        ("yiliao", "命题、证据、医院各是多少", "12 条主张、24 条证据、3 个案例"),
        ("yiliao", "一共跑了几家医院，都叫什么名字", "东河社区医院、南苑社区医院、西山社区医院"),
        ("yiliao", "起始期和维持期是啥意思", "从确诊到患者第一次自己去续方的时期"),
        ("yiliao", "何芳觉得刘静的试验怎么样", "何芳 反对, 中"),
        ("yiliao", "有条证剧被撤掉了，什么原因", "ny-meiganjue"),
        ("yiliao", "分格的小药盒管不管用", "七格药盒"),
    ],
)  # fmt: skip
def test_what_is_asked_stands_in_the_verdict(study, question, says):
    assert says in ask(study, question).headline


@pytest.mark.parametrize(
    ("study", "question", "claims"),
    [
        ("cycling", "what did Tomas Veld make of his mayor", ["P10"]),
        ("yiliao", "张医生做了什么，大家就不怕了", ["P10"]),
        ("yiliao", "随防有没有用", ["P09", "P11"]),
        ("dart", "周文辉写了什么", ["P10", "P13"]),
    ],
)
def test_who_is_named_is_known(study, question, claims):
    assert ids(ask(study, question)) == claims


def test_what_somebody_says_of_something_is_the_nearest_of_what_is_told_by_them():
    answer = ask("cycling", "what does Haddad say about customers who walk to the shop")
    assert answer.is_nearest
    assert "come on foot" in answer.headline


def test_what_was_in_one_year_is_not_told_by_a_passage_of_another():
    answer = ask("dart", "what went on at Xiaomi in August 2021")
    assert "August 2017" not in answer.headline


def test_a_word_of_the_texts_is_no_slip_of_a_name():
    assert "读作" not in ask("yiliao", "药盒有什么用").reading


def test_a_theory_is_not_denied_what_was_only_half_understood():
    answer = ask("dart", "is it true that you must first agree on what is on offer before working together")
    assert "does not say so" not in answer.headline


@pytest.mark.parametrize("question", ["how reliable is all this", "can I trust these findings", "这些结论可靠吗"])
def test_how_far_all_of_it_can_be_relied_on_is_told_by_states_confidence_and_agreement(question):
    answer = ask("dart", question)
    assert answer.operation == "overall"
    assert "P18" in answer.headline
    assert "alpha 0.77" in answer.headline
    assert any(word in answer.headline for word in ("moderate 5", "中 5"))


def test_only_a_repetition_in_the_negative_is_left_out():
    assert plain("哪些案例支持对话，哪些不支持") == "哪些案例支持对话，哪些不支持"
    assert plain("which firms support access, and which do not") == "which firms support access"
    assert plain("which is better, and which is not better") == "which is better, and which is not better"
