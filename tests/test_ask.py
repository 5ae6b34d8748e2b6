"""Questions in English and Chinese get the claims, the stance and the limits that were asked for, or the nearest things."""

from __future__ import annotations

import pytest

import kg
from kg.cjk import has_han
from kg.language.tokens import fold
from kg.limits import Limits

UNSUPPORTED = ["P19", "P22"]
GOLDEN = [
    ("what supports transparency", "evidence", "supports", ["transparency"], ["P18", "P23"]),
    ("什么支持透明度", "evidence", "supports", ["transparency"], ["P18", "P23"]),
    ("哪些证据支持透明性?", "evidence", "supports", ["transparency"], ["P18", "P23"]),
    ("What evidence is there for openness?", "evidence", "supports", ["transparency"], ["P18", "P23"]),
    ("is customer trust supported?", "verdict", "supports", ["customer-trust"], ["P12"]),
    ("what supports P18", "evidence", "supports", ["P18"], ["P18"]),
    ("what opposes risk assessment", "evidence", "opposes", ["risk-assessment"], []),
    ("evidence against the interactive platform", "evidence", "opposes", ["interactive-platform"], ["P13"]),
    ("什么反对价值主张", "evidence", "opposes", ["value-proposition"], ["P11", "P15"]),
    ("what qualifies dialogue", "evidence", "qualifies", ["dialogue"], ["P17", "P21"]),
    ("有哪些证据限定对话", "evidence", "qualifies", ["dialogue"], ["P17", "P21"]),
    ("which cases support acquisition", "cases", "supports", ["access"], ["P16", "P22"]),
    ("哪些案例支持获取", "cases", "supports", ["access"], ["P16", "P22"]),
    ("who says that transparency", "says", None, ["transparency"], ["P18", "P23"]),
    ("谁说P15", "says", None, ["P15"], ["P15"]),
    ("what drives customer participation", "drivers", None, ["customer-participation"], ["P10", "P11", "P12", "P13", "P14"]),
    ("哪些因素驱动顾客参与", "drivers", None, ["customer-participation"], ["P10", "P11", "P12", "P13", "P14"]),
    ("what promotes user participation?", "drivers", None, ["customer-participation"], ["P21", "P22", "P23"]),
    ("what is a condition for the co-creation stage", "drivers", None, ["co-creation-stage"], ["P15"]),
    ("how does customer demand relate to customer participation", "relate", None, ["customer-demand", "customer-participation"], ["P10", "P14"]),
    ("对话和主线有什么关系", "relate", None, ["dialogue", "main-line"], ["P17"]),
    ("how are trust and platform related", "relate", None, ["customer-trust", "interactive-platform"], []),
    ("in which stage does customer demand act", "stage", None, ["customer-demand"], ["P14"]),
    ("对话在哪个阶段起作用", "stage", None, ["dialogue"], ["P17"]),
    ("what is the third stage", "define", None, ["unnamed-stage"], ["P09"]),
    ("什么是服务主导逻辑", "define", None, ["service-dominant-logic"], ["P01", "P03"]),
    ("风险评估是什么", "define", None, ["risk-assessment"], []),
    ("what is missing", "missing", None, [], ["P19", "P22"]),
    ("缺少什么证据", "missing", None, [], ["P19", "P22"]),
    ("open questions about risk", "missing", None, ["risk-assessment"], []),
    ("what does customer demand drive", "effects", None, ["customer-demand"], ["P10", "P14"]),
    ("顾客需求驱动什么", "effects", None, ["customer-demand"], ["P10", "P14"]),
    ("which claims are about trust", "claims", None, ["customer-trust"], ["P12"]),
    ("哪些命题涉及信任", "claims", None, ["customer-trust"], ["P12"]),
    ("有没有证据支持透明度", "verdict", "supports", ["transparency"], ["P18", "P23"]),
    ("what does transparency do", "evidence", None, ["transparency"], ["P18", "P23"]),
    ("what are the drivers", "drivers", None, [], ["P10", "P11", "P12", "P13", "P14"]),
    ("what supports transparency in Haier", "evidence", "supports", ["transparency", "haier"], ["P18", "P23"]),
    ("什么支持海尔的透明性", "evidence", "supports", ["haier", "transparency"], ["P18", "P23"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "operation", "stance", "about", "claims"), GOLDEN, ids=[one[0] for one in GOLDEN])
def test_golden_answers(dart, question, operation, stance, about, claims):
    answer = dart.ask(question)
    assert (answer.operation, answer.stance) == (operation, stance)
    assert [t.id for t in answer.about] == about
    assert [c.id for c in answer.claims] == claims
    supported = {c.id for c in answer.claims if c.of("supports")}
    assert {c.id for c in answer.unsupported} == {c.id for c in answer.claims} - supported
    if not answer.limits:
        without = {row["claim"] for row in dart.query("unsupported-propositions").dicts()}
        assert supported.isdisjoint(without)


@pytest.mark.parametrize("question", [one[0] for one in GOLDEN])
def test_a_golden_answer_leaves_no_word_out_and_speaks_the_language_of_its_question(dart, question):
    answer = dart.ask(question)
    assert answer.left_out == ()
    assert answer.language == ("zh" if has_han(question) else "en")
    assert has_han(answer.reading) == has_han(question)
    assert answer.headline


def test_there_are_thirty_golden_answers():
    assert len(GOLDEN) >= 30


def test_the_main_question_shows_the_exact_words_and_positions_of_the_abstract(dart):
    text = (dart.folder / "sources/abstract.txt").read_bytes().decode()
    for question in ("what supports transparency", "什么支持透明度"):
        passages = [p for c in dart.ask(question).claims for p in c.assertions]
        assert [p.quote for p in passages] == [
            '"transparency" is the guarantee',
            'strengthening "transparency"',
            "so as to promote customers’ participation in the process of value co-creation",
        ]
        assert all(text[p.start : p.end] == p.quote for p in passages)


READ_AS_RELATIONS = {"driver", "drivers", "needs"}
"""Synonyms of concepts in which a relation of the study is heard: what drives, what is needed for."""


def test_every_label_of_every_concept_can_be_asked_for(dart):
    stages = {row["stage"] for row in dart.query("claims").dicts()}
    for row in dart.query("labels").dicts():
        if row["kind"] == "concept" and row["id"] not in stages and row["label"] not in READ_AS_RELATIONS:
            for question in (f"what supports {row['label']}", f"什么支持{row['label']}"):
                answer = dart.ask(question)
                assert answer.stance == "supports", question
                assert [term.id for term in answer.about] == [row["id"]], question


def test_no_label_names_two_concepts(dart):
    concepts = {}
    for row in dart.query("labels").dicts():
        if row["kind"] == "concept":
            assert concepts.setdefault(fold(row["label"]), row["id"]) == row["id"], row["label"]


@pytest.mark.parametrize(
    ("question", "typed", "about"),
    [
        ("what supports transparncy", "transparncy", "transparency"),
        ("什么支持透明渡", "透明渡", "transparency"),
        ("who says custmer trust", "custmer", "customer-trust"),
        ("what is dialouge", "dialouge", "dialogue"),
    ],
)
def test_a_misspelt_word_is_read_as_the_nearest_and_the_reading_says_so(dart, question, typed, about):
    answer = dart.ask(question)
    assert [term.id for term in answer.about] == [about]
    assert f"“{typed}”" in answer.reading
    assert answer.left_out == ()


@pytest.mark.parametrize(
    ("question", "about"), [("transparency", "transparency"), ("透明", "transparency"), ("P18", "P18")]
)
def test_a_name_alone_is_a_question(dart, question, about):
    answer = dart.ask(question)
    assert not answer.is_nearest
    assert [term.id for term in answer.about] == [about]
    assert answer.claims


@pytest.mark.parametrize("question", ["hello", "", "?", "支持什么", "what supports", "x" * 5000, "zyxwv qqqq"])
def test_what_asks_for_nothing_is_no_answer_and_never_an_error(dart, question):
    answer = dart.ask(question)
    assert answer.is_nearest
    assert answer.claims == ()
    assert answer.headline
    assert 2 <= len(answer.further) <= 3


@pytest.mark.parametrize(
    "question",
    [*(one[0] for one in GOLDEN), "hello", "你好", "zyxwv", "支持什么"],
)
def test_the_questions_that_come_next_are_in_its_language_others_than_it_and_have_answers(dart, question):
    answer = dart.ask(question)
    assert answer.further
    assert question not in answer.further
    for following in answer.further:
        asked = dart.ask(following)
        assert has_han(following) == (answer.language == "zh")
        assert not asked.is_nearest, following
        assert asked.left_out == (), following


def test_a_word_that_no_claim_has_is_named_beside_the_nearest_claims(dart):
    answer = dart.ask("what eats transparency")
    assert any("eats" in words for words in answer.left_out)
    assert "eats" in answer.reading
    assert [claim.id for claim in answer.claims] == ["P18", "P23"]
    assert "not understood: “eats”" in answer.reading


def test_support_weakness_opposition_and_silence_are_told_apart(study, edit):
    def state(claim="P1"):
        found = {c.id: c for c in kg.open(study).ask("what supports staying").claims}
        return found[claim].state

    assert state() == "contested"
    assert state("P2") == "looked for evidence, found none"
    edit("codings/interview.yaml", "stance: opposes", "stance: qualifies")
    assert state() == "supported"
    edit("codings/interview.yaml", "strength: moderate", "strength: weak")
    assert state() == "weakly supported"
    edit("codings/interview.yaml", "stance: supports", "stance: opposes")
    assert state() == "opposed"
    edit("codings/interview.yaml", "stance: opposes", "stance: qualifies")
    assert state() == "qualified only"
    edit("propositions.yaml", "about: [P2]", "about: [P1]")
    assert state("P2") == "asserted, no case evidence yet"
    edit("codings/theory.yaml", "    asserts: [P2]", "    codes: [recognition]")
    assert state("P2") == "no passage at all"


def test_withdrawn_evidence_is_kept_and_left_out_of_answers(study, edit):
    edit(
        "codings/interview.yaml",
        "stance: opposes",
        "status: withdrawn\n        status_date: 2026-11-25\n        status_reason: Hearsay.\n        stance: opposes",
    )
    graph = kg.open(study)
    (claim,) = graph.ask("what opposes feedback").claims
    assert claim.state == "supported"
    assert not claim.of("opposes")
    assert "withdrawn" not in str(graph.trace("P1").tree)
    assert "withdrawn" in str(graph.trace("P1", withdrawn=True).tree)


def test_evidence_is_counted_by_case_and_can_be_limited_to_one(study):
    graph = kg.open(study)
    answer = graph.ask("what supports feedback")
    assert answer.by_case["supports"] == {"kitchen": 1}
    limited = graph.ask("what supports feedback in soup kitchen")
    assert limited.limits == Limits(cases=("kitchen",))
    assert limited.by_case["supports"] == {"kitchen": 1}


def test_a_place_that_the_study_has_not_is_named_and_not_taken_for_a_limit(study):
    answer = kg.open(study).ask("what supports feedback in Atlantis")
    assert not answer.limits
    assert any("atlantis" in words for words in answer.left_out)
    assert "atlantis" in answer.reading.casefold()


@pytest.mark.parametrize("question", ["what does dialogue promote", "对话促进什么"])
def test_a_concept_acts_where_a_concept_named_after_it_does(dart, question):
    assert [claim.id for claim in dart.ask(question).claims] == ["P21"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what drives dialogue", "No claim says what acts on dialogue; about it: P17 "),
        ("什么驱动对话", "没有主张说什么作用于对话;关于它的主张:P17 "),
    ],
)
def test_claims_on_the_other_side_are_not_passed_off_as_drivers(dart, question, said):
    assert dart.ask(question).headline.startswith(said)
