"""A question is read as an operation, terms, a stance and limits, and what is not understood is named."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from kg.claims import LITERATURE
from kg.language.shipped import table
from kg.limits import Limits

OPERATIONS = table("operations")["operation"]
EXAMPLES = [
    (name, language, question) for name, entry in OPERATIONS.items() for language, question in entry["example"].items()
]
NOT_YET: dict[str, str] = {}
"""Examples of the table of operations that are not answered as they should be, and how they are taken."""
NOT_YET_READ = {
    "evidence coded by nobody-known on trust": "the name is dropped silently",
}
"""Questions that are read otherwise than they should be, and how they are taken."""


def each(questions, reasons):
    """Return questions as parameters, those that are not yet as they should be marked."""
    listed = []
    for one in questions:
        question = one.text if isinstance(one, Asked) else one[-1]
        marks = [pytest.mark.xfail(reason=reasons[question], strict=True)] if question in reasons else []
        listed.append(pytest.param(one, id=question, marks=marks))
    return listed


class Asked(NamedTuple):
    """A question with how it is read."""

    text: str
    operation: str
    stance: str | None
    about: tuple[str, ...] = ()
    limits: Limits = Limits()
    left_out: tuple[str, ...] = ()


@pytest.mark.parametrize("example", each(EXAMPLES, NOT_YET))
def test_the_example_of_every_operation_is_read_as_that_and_answered(dart, example):
    name, language, question = example
    answer = dart.ask(question)
    assert answer.language == language
    assert answer.operation == name
    # That one can be told what to ask, or that no study tells it, is no answer of the theory.
    assert answer.is_nearest == (name in ("help", "outside"))


def test_every_operation_says_what_it_does_and_has_phrases_and_an_example_in_both_languages():
    for name, entry in OPERATIONS.items():
        assert entry["is"], name
        assert entry["en"], name
        assert entry["zh"], name
        assert {*entry["example"]} == {"en", "zh"}, name
        assert entry.get("needs") in (None, "claims", "words"), name


TRUST, DIALOGUE = ("customer-trust",), ("dialogue",)
READ = [
    # Terms and stances, in any order
    Asked("what supports trust", "evidence", "supports", TRUST),
    Asked("trust: evidence against?", "evidence", "opposes", TRUST),
    Asked("is dialogue contradicted", "verdict", "opposes", DIALOGUE),
    Asked("under what conditions does trust hold", "evidence", "qualifies", TRUST),
    Asked("evidence for and against trust", "evidence", None, TRUST),
    Asked("does trust not drive participation", "verdict", None, ("customer-trust", "customer-participation")),
    Asked("谁反对对话", "evidence", "opposes", DIALOGUE),
    Asked("对话有证据吗", "verdict", None, DIALOGUE),
    Asked("對話的證據", "evidence", None, DIALOGUE),
    Asked("透明性 in Haier", "evidence", None, ("transparency", "haier"), Limits(cases=("haier",))),
    Asked("in which stage does dialogue act", "stage", None, DIALOGUE),
    Asked("is it true that trust drives participation", "verdict", None, ("customer-trust", "customer-participation")),
    Asked("where do I find the passage about My Starbucks Idea", "where", None),
    # Limits
    Asked("what supports dialogue in Haier", "evidence", "supports", ("dialogue", "haier"), Limits(cases=("haier",))),
    Asked(
        "what supports dialogue in Haier and Xiaomi",
        "evidence", "supports", ("dialogue", "haier", "xiaomi"), Limits(cases=("haier", "xiaomi")),
    ),
    Asked("海尔中什么支持对话", "evidence", "supports", ("haier", "dialogue"), Limits(cases=("haier",))),
    Asked("what in the literature supports dialogue", "evidence", "supports", DIALOGUE, Limits(roles=(LITERATURE,))),
    Asked("文献中什么支持透明性", "evidence", "supports", ("transparency",), Limits(roles=(LITERATURE,))),
    Asked("weak evidence for dialogue", "evidence", "supports", DIALOGUE, Limits(strengths=("weak",))),
    Asked(
        "strong evidence for trust in the literature",
        "evidence", "supports", TRUST, Limits(roles=(LITERATURE,), strengths=("strong",)),
    ),
    Asked(
        "evidence from Prahalad on dialogue",
        "evidence", None, ("prahalad-c-k", "dialogue"), Limits(authors=("prahalad-c-k",)),
    ),
    Asked(
        "how many lines oppose dialogue in the co-creation stage",
        "count", "opposes", DIALOGUE, Limits(stages=("co-creation-stage",)),
    ),
    # Years
    Asked("what supports dialogue since 2015", "evidence", "supports", DIALOGUE, Limits(since=2015)),
    Asked("what supports dialogue after 2015", "evidence", "supports", DIALOGUE, Limits(since=2016)),
    Asked("evidence for dialogue before 2018", "evidence", "supports", DIALOGUE, Limits(until=2017)),
    Asked("evidence for dialogue until 2018", "evidence", "supports", DIALOGUE, Limits(until=2018)),
    Asked("2015年以来什么支持对话", "evidence", "supports", DIALOGUE, Limits(since=2015)),
    Asked("2015年以前支持对话的证据", "evidence", "supports", DIALOGUE, Limits(until=2014)),
    Asked("evidence on dialogue between 2010 and 2015", "evidence", None, DIALOGUE, Limits(since=2010, until=2015)),
    Asked("evidence on dialogue from 2010 to 2015", "evidence", None, DIALOGUE, Limits(since=2010, until=2015)),
    # What is not wanted
    Asked("what supports trust except Afu", "evidence", "supports", TRUST, Limits(without=(("case", "afu"),))),
    Asked("evidence for dialogue but not from Haier", "evidence", "supports", DIALOGUE, Limits(without=(("case", "haier"),))),
    Asked("对话的证据,不包括海尔", "evidence", None, DIALOGUE, Limits(without=(("case", "haier"),))),
    Asked("除了小米,谁支持对话", "evidence", "supports", DIALOGUE, Limits(without=(("case", "xiaomi"),))),
    Asked(
        "what opposes participation excluding the literature",
        "evidence", "opposes", ("customer-participation",), Limits(without=(("role", LITERATURE),)),
    ),
    Asked(
        "evidence for dialogue from Haier but not from the literature",
        "evidence", "supports", ("dialogue", "haier"), Limits(cases=("haier",), without=(("role", LITERATURE),)),
    ),
    # What is not understood
    Asked("what supports trust among women", "evidence", "supports", TRUST, left_out=("women",)),
    Asked("what supports dialogue on the moon", "evidence", "supports", DIALOGUE, left_out=("moon",)),
    Asked("what supports dialogue in 2015", "evidence", "supports", DIALOGUE, left_out=("2015",)),
    Asked("evidence coded by nobody-known on trust", "coders", None, TRUST, left_out=("nobody known",)),
    Asked("ЖЖЖ", "evidence", None, left_out=("жжж",)),
]  # fmt: skip


@pytest.mark.parametrize("asked", each(READ, NOT_YET_READ))
def test_a_question_is_read_as_a_person_means_it(dart, asked):
    answer = dart.ask(asked.text)
    assert answer.operation == asked.operation
    assert answer.stance == asked.stance
    assert tuple(term.id for term in answer.about) == asked.about
    assert answer.limits == asked.limits
    assert answer.left_out == asked.left_out
    for words in answer.left_out:
        assert f"“{words}”" in answer.reading


@pytest.mark.parametrize(
    "asked", [asked for asked in READ if asked.limits and asked.text not in NOT_YET_READ], ids=lambda a: a.text
)
def test_every_count_is_that_of_the_matrix_under_the_limits_that_were_read(dart, asked):
    answer = dart.ask(asked.text)
    rows = {row["claim"]: row for row in dart.report("matrix", limits=answer.limits).table.dicts()}
    for claim in answer.claims:
        assert claim.state == rows[claim.id]["state"]
        assert claim.witnesses() == (rows[claim.id]["quotes"], rows[claim.id]["independent"])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what supports dialogue since 2015", "since 2015"),
        ("what supports dialogue in Haier", "in Haier"),
        ("what supports trust except Afu", "without Afu"),
        ("dialogue but not platform", "without claims on interactive platform"),
        ("weak evidence for dialogue", "weak"),
        ("what in the literature supports dialogue", "in the literature"),
        ("2015年以来什么支持对话", "2015 年以来"),
        ("对话的证据,不包括海尔", "不含海尔"),
        ("what supports custmer demnd", "“custmer” read as “customer”; “demnd” read as “demand”"),
        ("什么支持透明渡", "“透明渡”读作“透明度”"),
        ("what supports trust among women", "not understood: “women”"),
        ("月球上什么支持对话", "没有理解:"),
    ],
)
def test_how_a_question_was_read_is_said_in_its_language(dart, question, said):
    assert said in dart.ask(question).reading


def test_a_concept_that_is_not_wanted_takes_its_claims_away_and_is_named(dart):
    every = {claim.id for claim in dart.ask("evidence on participation").claims}
    answer = dart.ask("evidence on participation but not platform")
    assert {claim.id for claim in answer.claims} == every - {"P13"} != every
    assert "without claims on interactive platform" in answer.reading


def test_the_order_of_words_makes_no_difference(dart):
    readings = {
        dart.ask(question).reading
        for question in ("what supports trust in Haier", "in Haier, what supports trust", "trust supports Haier what")
    }
    assert len(readings) == 1
