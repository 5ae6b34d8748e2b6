"""Kinds of questions, each asked in several ways and of several studies, get the records that were asked for."""

from __future__ import annotations

from functools import cache

import pytest
from judging import study_of

import kg
from kg.limits import Limits


@cache
def graph(name):
    return kg.open(study_of(name))


def named(answer, kind):
    return {one.id for one in answer.named if one.kind == kind}


@pytest.mark.parametrize(
    "question",
    [
        "who proposed the DART model",
        "谁提出了DART模型",
        "whose idea is the DART model",
        "who came up with DART",
        "where does the DART model come from",
        "when was DART proposed",
        "in what year was the DART model published",
    ],
)
def test_whom_a_concept_is_from_is_told_by_the_source_of_its_definition(question):
    answer = graph("dart").ask(question)
    assert named(answer, "author") == {"prahalad-c-k", "ramaswamy-venkat"}
    assert named(answer, "reference") == {"prahalad2004experiences"}
    assert not answer.is_nearest


def test_writers_on_a_concept_are_not_passed_off_as_those_whom_it_is_from():
    assert graph("dart").ask("who invented service-dominant logic").is_nearest


def test_writers_on_a_concept_are_not_passed_off_as_those_who_oppose_it():
    answer = graph("dart").ask("which scholars doubt DART")
    assert not answer.named
    assert answer.headline.startswith("Nothing opposes P04")


@pytest.mark.parametrize(
    ("study", "question", "coders"),
    [
        ("dart", "who read the evidence lines a second time", {"reader": "reread 145 lines, 2026-11-28"}),
        ("dart", "who settled paragraph H12", {"dart-kg": "settled 2 disagreements, 2026-11-25"}),
        ("cycling", "who read the lines again", {"idris": "reread 6 lines, 2025-03-10"}),
        ("cycling", "when were the Averton lines read again", {"idris": "reread 3 lines, 2025-03-10"}),
        ("cycling", "who settled ke-rieger", {"maren": "settled 1 line, 2025-03-17"}),
        ("cycling", "when was ke-rieger settled", {"maren": "settled 1 line, 2025-03-17"}),
        ("cycling", "who drew av-union", {"maren": "drew 1 line, 2025-02-03"}),
        ("template", "When was it coded?", {"me": "coded 3 passages, 2026-11-24; drew 2 lines, 2026-11-24"}),
    ],
)
def test_who_coded_read_and_settled_is_told_with_the_day(study, question, coders):
    answer = graph(study).ask(question)
    assert {one.id: one.note for one in answer.named if one.kind == "coder"} == coders


def test_how_a_line_was_judged_is_told_by_coder_with_the_reason():
    values = [row["value"] for row in graph("cycling").ask("who settled ke-rieger").definition]
    assert values[-1].startswith("Maren Holt, 2025-03-17: settled, opposes, weak: Agreed;")


@pytest.mark.parametrize("question", ["how well do the coders agree", "how reliable is the study"])
def test_agreement_is_that_of_the_report(question):
    assert "alpha 0.77" in graph("dart").ask(question).headline


@pytest.mark.parametrize(
    ("study", "question", "told"),
    [
        ("cycling", "why is Velora's report only weak evidence?", "moderate → weak, lowered: company"),
        (
            "cycling",
            "why is ke-referendum weak",
            "supports, weak: He is the chair of the campaign and tells it himself.",
        ),
        ("cycling", "Why didn't they code the paragraph on steep streets?", "Left for a second look"),
        ("dart", "which paragraphs were not coded", "no customer and no product of Afu is in it"),
    ],
)
def test_why_something_was_judged_so_is_told(study, question, told):
    assert any(told in row["value"] for row in graph(study).ask(question).definition)


@pytest.mark.parametrize(
    ("question", "kind", "ids"),
    [
        ("cities with more than 200,000 inhabitants", "case", {"kesslau", "port-halden"}),
        ("which cities have fewer than 150 thousand residents", "case", {"brenwick"}),
        ("which city is the largest", "case", {"port-halden"}),
        ("northern cities", "case", {"averton", "brenwick"}),
        ("which source was made in 2023", "source", {"port-halden-minutes"}),
        ("which interviews were held in 2024", "source", {"averton-interview", "kesslau-interview"}),
    ],
)
def test_records_are_chosen_by_values_of_attributes(question, kind, ids):
    assert named(graph("cycling").ask(question), kind) == ids


def test_a_value_is_told_where_it_is_asked_for():
    assert "182000" in graph("cycling").ask("what is the population of Averton").headline


@pytest.mark.parametrize(
    ("question", "facet", "values"),
    [
        ("what supports leadership in northern cities", "cases", ("averton", "brenwick")),
        ("evidence from the minutes on traders", "sources", ("brenwick-minutes", "port-halden-minutes")),
        ("what is the council paper of Port Halden about", "sources", ("port-halden-minutes",)),
        ("evidence on leadership in the decision phase", "stages", ("decision-stage",)),
        ("which claims belong to the first phase", "stages", ("agenda-stage",)),
        ("decision stage: all opposing quotes", "stages", ("decision-stage",)),
    ],
)
def test_limits_may_be_called_otherwise(question, facet, values):
    assert getattr(graph("cycling").ask(question).limits, facet) == values


@pytest.mark.parametrize(
    ("study", "question", "operation", "claims"),
    [
        # Passive questions, and verbs that are no relation of the study
        ("dart", "what is participation driven by at the stage of value promotion", "drivers", ["P14"]),
        ("dart", "what is driven by customer trust", "effects", ["P12"]),
        ("dart", "by what is participation promoted", "drivers", ["P21", "P22", "P23"]),
        ("cycling", "what is hindered by traders", "effects", ["P03"]),
        ("cycling", "factors which stop lanes from being built", "drivers", ["P03"]),
        ("cycling", "what keeps lanes from being built", "drivers", ["P03"]),
        ("cycling", "what helps lanes", "drivers", ["P01", "P02", "P05", "P07", "P08", "P13"]),
        # Of a topic's claims those that are meant
        ("dart", "consequences of agreement on the value proposition", "effects", ["P15"]),
        ("cycling", "what evidence do we have that mayors matter", "evidence", ["P01"]),
        ("cycling", "what happens once protected lanes are there", "effects", ["P09"]),
        ("cycling", "Did subsidies soften the shops?", "verdict", ["P11"]),
        ("cycling", "why was the lane on Castle Street dropped?", "drivers", ["P03"]),
        # Claims by their places, and by the cases that support them
        ("dart", "what opposes P9", "evidence", ["P09"]),
        ("cycling", "what supports the last claim", "evidence", ["P14"]),
        ("cycling", "which claims have no evidence from cities", "missing", ["P08", "P11", "P12", "P13"]),
        ("cycling", "which findings come from the literature only", "claims", ["P08", "P13"]),
        ("dart", "which claim is best supported", "claims", ["P17"]),
        ("cycling", "which evidence is from 2012", "evidence", ["P04"]),
    ],
)
def test_the_claims_that_are_meant_are_given(study, question, operation, claims):
    answer = graph(study).ask(question)
    assert (answer.operation, [claim.id for claim in answer.claims]) == (operation, claims)
    assert not answer.is_nearest


@pytest.mark.parametrize(
    ("study", "question", "stance", "cases"),
    [
        ("cycling", "towns where traders stopped a lane", "supports", {"brenwick", "port-halden"}),
        ("cycling", "which towns built nothing despite money", "opposes", {"brenwick"}),
        ("template", "in which case did volunteers leave despite praise", "opposes", {"kitchen"}),
        ("cycling", "which cities have data on trials", None, {"brenwick", "port-halden"}),
    ],
)
def test_what_is_told_of_a_case_bears_it_out_and_what_is_so_in_spite_does_not(study, question, stance, cases):
    answer = graph(study).ask(question)
    assert (answer.stance, named(answer, "case")) == (stance, cases)


@pytest.mark.parametrize(
    ("question", "references"),
    [
        ("which references are from a company", {"velora2020"}),
        ("Any reference that comes from industry?", {"velora2020"}),
        ("which publication is not dated?", {"brandtnd"}),
        ("which references oppose any of the claims", {"okafor2016", "ostrow2014"}),
    ],
)
def test_references_of_a_kind_are_named(question, references):
    assert named(graph("cycling").ask(question), "reference") == references


def test_that_nothing_hinders_is_no_list_of_what_promotes():
    answer = graph("dart").ask("what holds customers back from taking part")
    assert answer.is_nearest
    assert answer.stance is None


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("how many sources oppose dialogue", "3 sources."),
        ("how many cities support the claim on traders", "2 cases: Brenwick, Port Halden."),
        ("how many stages", "3 stages: agenda stage, decision stage, delivery stage."),
    ],
)
def test_what_is_counted_is_what_was_asked_for(question, number):
    assert graph("dart" if "dialogue" in question else "cycling").ask(question).headline.startswith(number)


def test_things_in_the_world_are_not_counted_as_evidence_lines():
    answer = graph("cycling").ask("how many signatures did the traders collect")
    assert "evidence line" not in answer.headline
    assert any("900 signatures" in passage.quote for passage in answer.passages)


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("what supports dialogue without Xiaomi", ("case", "xiaomi")),
        ("evidence for dialogue, nothing from Haier", ("case", "haier")),
        ("evidence for dialogue ignoring weak evidence", ("strength", "weak")),
        ("对话的证据,不要弱证据", ("strength", "weak")),
    ],
)
def test_what_is_not_wanted_is_left_out_and_never_all_that_is_shown(dart, question, without):
    answer = dart.ask(question)
    assert answer.limits.without == (without,)
    assert not answer.limits.strengths
    assert not answer.limits.cases


def test_a_word_of_the_name_of_an_organisation_is_not_its_name(dart):
    assert dart.ask("what should a manager do on monday morning").limits == Limits()


def test_what_has_no_evidence_is_told_apart_from_what_has_no_support(dart):
    assert dart.ask("which propositions have no evidence").headline == (
        "Without any evidence: 1 claim, P22; P19 with some, none of it in support."
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "what promotes value co-creation apart from dialogue",
            "Apart from that, no claim says what acts on value co-creation.",
        ),
        ("除了对话，还有什么能推动共创", "除此之外,没有主张说什么作用于价值共创。"),
    ],
)
def test_where_all_that_acts_is_excluded_the_theory_is_not_said_to_claim_nothing(dart, question, said):
    assert dart.ask(question).headline == said
