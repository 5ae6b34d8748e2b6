"""Questions in English and Chinese, and what is not a question."""

from __future__ import annotations

import pytest

import kg
from kg import ask
from kg.errors import KGError, UnknownTerm

UNSUPPORTED = ["P19", "P22"]
GOLDEN = [
    ("what supports transparency", "supports", ["transparency"], ["P18", "P23"]),
    ("什么支持透明度", "supports", ["transparency"], ["P18", "P23"]),
    ("哪些证据支持透明性?", "supports", ["transparency"], ["P18", "P23"]),
    ("What evidence is there for openness?", "supports", ["transparency"], ["P18", "P23"]),
    ("is customer trust supported?", "supports", ["customer-trust"], ["P12"]),
    ("what supports P18", "supports", ["P18"], ["P18"]),
    ("what opposes risk assessment", "opposes", ["risk-assessment"], []),
    ("evidence against the interactive platform", "opposes", ["interactive-platform"], ["P13"]),
    ("什么反对价值主张", "opposes", ["value-proposition"], ["P11", "P15"]),
    ("what qualifies dialogue", "qualifies", ["dialogue"], ["P17", "P21"]),
    ("有哪些证据限定对话", "qualifies", ["dialogue"], ["P17", "P21"]),
    ("which cases support acquisition", "cases", ["access"], ["P16", "P22"]),
    ("哪些案例支持获取", "cases", ["access"], ["P16", "P22"]),
    ("who says that transparency", "who", ["transparency"], ["P18", "P23"]),
    ("谁说P15", "who", ["P15"], ["P15"]),
    ("what drives customer participation", "relation", ["customer-participation"], ["P10", "P11", "P12", "P13", "P14"]),
    ("哪些因素驱动顾客参与", "relation", ["customer-participation"], ["P10", "P11", "P12", "P13", "P14"]),
    ("what promotes user participation?", "relation", ["customer-participation"], ["P21", "P22", "P23"]),
    ("what is a condition for the co-creation stage", "relation", ["co-creation-stage"], ["P15"]),
    ("how does customer demand relate to customer participation", "relate", ["customer-demand", "customer-participation"], ["P10", "P14"]),
    ("对话和主线有什么关系", "relate", ["dialogue", "main-line"], ["P17"]),
    ("how are trust and platform related", "relate", ["customer-trust", "interactive-platform"], []),
    ("in which stage does customer demand act", "stage", ["customer-demand"], ["P10", "P14"]),
    ("对话在哪个阶段起作用", "stage", ["dialogue"], ["P17", "P21"]),
    ("what is the third stage", "what", ["unnamed-stage"], ["P09"]),
    ("什么是服务主导逻辑", "what", ["service-dominant-logic"], ["P01", "P03"]),
    ("风险评估是什么", "what", ["risk-assessment"], []),
    ("what is missing", "missing", [], UNSUPPORTED),
    ("缺少什么证据", "missing", [], UNSUPPORTED),
    ("open questions about risk", "missing", ["risk-assessment"], []),
    ("what does customer demand drive", "relation", ["customer-demand"], ["P10", "P14"]),
    ("顾客需求驱动什么", "relation", ["customer-demand"], ["P10", "P14"]),
    ("which claims are about trust", "claims", ["customer-trust"], ["P12"]),
    ("哪些命题涉及信任", "claims", ["customer-trust"], ["P12"]),
    ("有没有证据支持透明度", "supports", ["transparency"], ["P18", "P23"]),
    ("what does transparency do", "what", ["transparency"], ["P18", "P23"]),
    ("what are the drivers", "what", ["driving-factor"], ["P05", "P10", "P11", "P12", "P13", "P14", "P15"]),
    ("what supports transparency in Haier", "supports", ["transparency"], ["P18", "P23"]),
    ("什么支持海尔的透明性", "supports", ["transparency"], ["P18", "P23"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "intent", "about", "claims"), [g for g in GOLDEN if g[1]], ids=[g[0] for g in GOLDEN if g[1]]
)
def test_golden_answers(dart, question, intent, about, claims):
    answer = dart.ask(question)
    assert (answer.intent, [t.id for t in answer.about], [c.id for c in answer.claims]) == (intent, about, claims)
    supported = {c.id for c in answer.claims if c.of("supports")}
    assert {c.id for c in answer.unsupported} == {c.id for c in answer.claims} - supported
    if not answer.case:
        without = {row["claim"] for row in dart.query("unsupported-propositions").dicts()}
        assert supported.isdisjoint(without)


def test_there_are_thirty_golden_answers():
    assert sum(g[1] is not None for g in GOLDEN) >= 30


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


def test_every_way_shown_to_the_user_is_understood(dart):
    vocabulary = ask.Vocabulary(dart.engine)
    for intent, way, _ in ask.FORMS:
        form, _, example = way.partition(": ")
        x, y = ("transparency", "dialogue") if form.isascii() else ("透明性", "对话")
        question = example or form.replace("X", x).replace("Y", y)
        assert ask.parse(question, vocabulary).intent == intent, way


def test_every_label_of_every_concept_can_be_asked_for(dart):
    vocabulary = ask.Vocabulary(dart.engine)
    for row in dart.query("labels").dicts():
        if row["kind"] == "concept":
            for question in (f"what supports {row['label']}", f"什么支持{row['label']}"):
                parsed = ask.parse(question, vocabulary)
                assert (parsed.intent, [term.id for term in parsed.about]) == ("supports", [row["id"]]), question


def test_no_label_names_two_concepts(dart):
    seen = {}
    for row in dart.query("labels").dicts():
        if row["kind"] == "concept":
            assert seen.setdefault(ask.fold(row["label"]), row["id"]) == row["id"], row["label"]


@pytest.mark.parametrize(
    ("question", "suggestion"),
    [
        ("what supports transparncy", "transparency"),
        ("什么支持透明化", "透明性"),
        ("who says custmer trust", "customer trust"),
        ("what is dialoge", "dialogue"),
    ],
)
def test_an_unknown_word_gets_a_suggestion_and_no_answer(dart, question, suggestion):
    with pytest.raises(UnknownTerm) as caught:
        dart.ask(question)
    assert suggestion in caught.value.suggestions


@pytest.mark.parametrize(
    "question",
    ["hello", "", "?", "transparency", "what eats transparency", "透明", "支持什么", "what supports", "x" * 5000],
)
def test_what_has_no_form_is_refused_with_the_forms(dart, question):
    with pytest.raises(KGError):
        dart.ask(question)


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
    assert graph.ask("what supports feedback in soup kitchen").case.id == "kitchen"
    with pytest.raises(UnknownTerm):
        graph.ask("what supports feedback in Atlantis")
