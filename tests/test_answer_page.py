"""What the page of an answer shows beside its counts, and what is suggested as one types."""

from __future__ import annotations

import pytest
from test_truth import asked, built, shown

from kg.browse import exploring, maps, pages
from kg.browse.parameters import Parameters


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("what supp", "what supports "),
        ("P4", "what supports P04"),
        ("P1", "what supports P01"),
        ("P18", "what supports P18"),
        ("openness", "what supports transparency"),
        ("风险", "什么支持风险评估"),
        ("Prahal", "tell me about Prahalad, C. K."),
        ("hai", "tell me about Haier"),
        ("what opposes trans", "what opposes transparency"),
    ],
)
def test_what_is_suggested_begins_as_was_typed_and_is_answered(typed, first):
    suggested = built("dart").answers.suggest(typed)
    assert suggested[0].startswith(first)
    assert len(suggested) <= 10
    for question in suggested[:3]:
        answer = built("dart").answers.answer(question)
        assert not answer.is_nearest
        assert not answer.left_out


def test_nothing_is_suggested_for_what_names_nothing():
    assert built("dart").answers.suggest("zz") == []


@pytest.mark.parametrize("typed", ["", " ", "?", "P9999", "\x00", "NEAR(", "zzz " * 900])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_whatever_is_asked_a_page_leads_on(typed, language):
    assert "/ask?q=" in shown("dart", typed, language)


def test_what_is_only_near_is_called_so():
    nearest = [q for q in ("do guarantees bring people to the zzz qqq", "washing qqq")
               if (a := asked("dart").graph.ask(q)).is_nearest and (a.claims or a.named or a.passages)]  # fmt: skip
    assert nearest
    assert all("The nearest:" in shown("dart", question) for question in nearest)
    assert "The nearest:" not in shown("dart", "what supports dialogue")


@pytest.mark.parametrize("name", ["yiliao", "cycling"])
def test_lines_on_which_coders_differ_are_shown_apart_and_counted_nowhere(name):
    (claim,) = built(name).evidence.disputed
    page = pages.answer(built(name), Parameters(question=f"what supports {claim}"), "en").content
    assert page.disputes
    assert not {dispute.line.id for dispute in page.disputes} & {line.id for line in page.evidence.lines}
    assert "Coders differ" in shown(name, f"what supports {claim}")


def test_the_evidence_that_is_chosen_from_is_that_of_the_answer_under_its_limits():
    for question in ("what supports transparency in Xiaomi", "what opposes trust in Haier", "trust except Afu"):
        answer = asked("dart").graph.ask(question)
        page = pages.answer(built("dart"), Parameters(question=question), "en").content
        assert answer.limits
        assert page.evidence.total == sum(answer.tally.values())
        assert [standing.tally for standing in page.claims.items] == [claim.tally for claim in answer.claims]
        assert [standing.state for standing in page.claims.items] == [claim.state for claim in answer.claims]


def test_the_picture_of_a_question_leaves_out_the_cases_that_it_leaves_out():
    def cited(question):
        shown = exploring.drawing(built("dart"), Parameters(question=question), "en")
        return {r.id.partition(":")[0] for r in shown.records if r.kind in ("excerpt", "case")}

    assert "xiaomi" in cited("what supports trust")
    assert "xiaomi" not in cited("what supports trust except Xiaomi")
    assert cited("what supports trust except Xiaomi")


def test_the_map_of_a_question_counts_the_evidence_that_the_question_asks_for():
    made = maps.drawn(built("dart"), Parameters(question="what supports dialogue in Haier"), "en")
    reply = asked("dart").graph.ask("what supports dialogue in Haier")
    assert [claim.id for claim in made.theory.claims] == sorted(claim.id for claim in reply.claims)
    assert {claim.id: claim.tally for claim in made.theory.claims} == {claim.id: claim.tally for claim in reply.claims}
