"""The program that judges answers can be trusted: it grades answers made by hand as a person would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging import (
    WORKED_WITH,
    Judgement,
    Known,
    StudyAsked,
    Told,
    denies,
    described,
    grade,
    questions,
    stands,
    study_of,
    unlimited,
)

ASKED = {
    "question": "what supports transparency in Xiaomi", "operation": "evidence", "claims": ["P18", "P23"],
    "stance": "supports", "limits": {"case": "xiaomi"}, "names": ["kumar2023"], "says": ["4", "survey"],
    "never": ["no evidence"], "good": "Four lines.",
}  # fmt: skip
GOOD = Told(
    operation="evidence",
    reading="evidence · for transparency · in Xiaomi",
    headline="Transparency: 4 support",
    claims=("P23", "P18"),
    stance="supports",
    limits={"case": frozenset(["xiaomi"])},
    names=frozenset(["kumar2023"]),
    numbers="Transparency: 4 support",
    text=lambda: "Transparency: 4 support\n“the\nsurvey shows”",
)
STUDY = Known(
    {"haier": frozenset(["haier-notes", "haier-site"]), "xiaomi": frozenset(["xiaomi-notes"])},
    frozenset(["transparency"]),
)


def ideal(asked):
    """Make what a good answer to a question tells."""
    limits = {}
    for name, value in asked["limits"].items():
        facet = {"cases": "case"}.get(name, name)
        values = frozenset(value if isinstance(value, list) else [value])
        if facet == "source" and values == {"literature"}:
            facet = "role"
        limits[facet] = limits.get(facet, frozenset()) | values
    nothing = asked["claims"] == []
    said = " · ".join(asked["says"])
    return Told(
        operation=asked["operation"],
        reading="read",
        headline="The theory claims nothing about it." if nothing else "It stands.",
        claims=tuple(asked["claims"] or ()),
        stance=asked["stance"],
        limits=limits,
        names=frozenset(asked["names"]),
        numbers=said,
        text=lambda: said,
    )


@pytest.mark.parametrize("name", WORKED_WITH)
def test_every_question_can_be_answered_well_and_a_refusal_is_bad(name):
    study = StudyAsked(study_of(name))
    for asked in questions(name):
        assert grade(asked, ideal(asked), study.known) == ("well", ())
        assert grade(asked, "refused: no form", study.known)[0] == "bad"


def test_an_answer_with_all_that_was_asked_for_is_a_good_one():
    assert grade(ASKED, GOOD, STUDY) == ("well", ())


@pytest.mark.parametrize(
    ("expected", "change", "reason"),
    [
        ("false", {"headline": "There is no evidence."}, "says: no evidence"),
        ("false", {"headline": "The theory claims nothing about transparency.", "claims": ()}, "nothing is claimed"),
        ("false", {"headline": "理论对透明性没有任何主张。"}, "nothing is claimed"),
        ("partly", {"claims": ("P18",)}, "without P23"),
        ("partly", {"claims": ("P17", "P18", "P23")}, "beyond: P17"),
        ("partly", {"names": frozenset()}, "does not name kumar2023"),
        ("partly", {"numbers": "14 support"}, "does not say 4"),
        ("partly", {"limits": {}, "left_out": ("in Xiaomi",)}, "not limited: case=xiaomi"),
        ("partly", {"is_nearest": True, "claims": ()}, "no answer, the nearest"),
        ("bad", {"limits": {}}, "not limited: case=xiaomi"),
        (
            "bad",
            {"limits": {"case": frozenset(["xiaomi"]), "since": frozenset([2020])}},
            "limited, unasked: since=2020",
        ),
        ("bad", {"stance": None}, "stance: None"),
        ("bad", {"claims": ("P01",)}, "without P18 P23"),
    ],
)
def test_what_is_missing_or_wrong_lowers_the_grade_and_is_named(expected, change, reason):
    given, reasons = grade(ASKED, replace(GOOD, **change), STUDY)
    assert given == expected
    assert any(reason in one for one in reasons)


def test_where_nothing_is_claimed_an_answer_must_say_so():
    asked = ASKED | {"claims": [], "limits": {}, "names": [], "says": []}
    nothing = replace(GOOD, headline="The theory claims nothing about pay.", claims=(), limits={})
    assert grade(asked, nothing, STUDY)[0] == "well"
    assert grade(asked, replace(nothing, claims=("P01",), is_nearest=True), STUDY)[0] == "well"
    assert grade(asked, replace(nothing, headline="Not an answer; nearest:", is_nearest=True), STUDY)[0] == "partly"
    assert grade(asked, replace(GOOD, limits={}), STUDY)[0] == "false"
    assert grade(asked, replace(GOOD, limits={}, left_out=("gamification",)), STUDY)[0] == "bad"


def test_what_is_no_question_gets_the_nearest_things_and_no_evidence():
    asked = ASKED | {"operation": "other", "claims": None, "stance": None, "limits": {}, "names": [], "says": []}
    assert grade(asked, replace(GOOD, is_nearest=True, limits={}), STUDY)[0] == "well"
    assert grade(asked, replace(GOOD, limits={}), STUDY)[0] == "bad"


@pytest.mark.parametrize(
    ("limits", "given", "kept"),
    [
        ({"source": "literature"}, {"role": {"literature"}}, True),
        ({"source": "literature"}, {"case": {"literature"}}, True),
        ({"source": "literature"}, {"not": {"haier", "xiaomi"}}, True),
        ({"source": "literature"}, {"not": {"haier"}}, False),
        ({"case": "xiaomi"}, {"source": {"xiaomi-notes"}}, True),
        ({"case": "haier"}, {"source": {"haier-notes"}}, False),
        ({"source": "xiaomi-notes"}, {"case": {"xiaomi"}}, True),
        ({"not": ["haier-notes"]}, {"source": {"xiaomi-notes"}}, True),
        ({"not": ["literature"]}, {"case": {"haier", "xiaomi"}}, True),
        ({"cases": ["haier", "xiaomi"], "source": "literature"}, {"case": {"haier", "xiaomi", "literature"}}, True),
        ({"cases": ["haier", "xiaomi"]}, {"case": {"haier"}}, False),
        ({"not": ["transparency"]}, {}, True),
        ({"not": ["haier"], "case": "xiaomi"}, {"not": {"haier"}, "case": {"xiaomi"}}, True),
        ({"strength": "moderate"}, {"strength": {"moderate", "strong"}}, True),
        ({"strength": "strong"}, {"strength": {"moderate", "strong"}}, False),
        ({"since": 2020}, {"since": {2019}}, False),
    ],
)
def test_equal_limits_may_be_said_in_several_ways(limits, given, kept):
    it = replace(GOOD, limits={facet: frozenset(values) for facet, values in given.items()})
    missing = unlimited(ASKED | {"limits": limits}, it, STUDY)
    assert (not missing) is kept, missing


def test_a_list_that_several_limits_choose_is_judged_by_its_claims():
    asked = ASKED | {"operation": "list", "limits": {"case": "xiaomi", "not": ["haier"]}}
    it = replace(GOOD, limits={"case": frozenset(["xiaomi"])})
    assert grade(asked, it, STUDY)[0] == "well"
    assert grade(asked, replace(it, claims=("P18",)), STUDY)[0] != "well"


def test_a_claim_without_a_line_that_was_asked_for_may_be_shown_in_an_answer_but_not_in_a_list():
    it = replace(GOOD, claims=("P18", "P22", "P23"), empty=frozenset(["P22"]))
    assert grade(ASKED, it, STUDY)[0] == "well"
    assert grade(ASKED | {"operation": "list"}, it, STUDY)[1] == ("beyond: P22",)


def test_a_comparison_may_show_more_claims_about_what_is_compared():
    asked = ASKED | {"operation": "compare"}
    it = replace(GOOD, claims=("P17", "P18", "P23"), on_topic=frozenset(["P17", "P18"]))
    assert grade(asked, it, STUDY)[0] == "well"
    assert grade(asked, replace(it, on_topic=frozenset()), STUDY)[1] == ("beyond: P17",)


def test_numbers_and_words_stand_whole():
    assert stands("3", "3 support, 2 oppose")
    assert not any(stands("3", text) for text in ("13 support", "3.5", "0.3", "3,000"))
    assert stands("two engineers", "fewer than two\n   engineers")
    assert stands("停药就是没有坚持", "停药就是\n   没有坚持")
    assert not stands("contested", "uncontested")


def test_a_headline_that_denies_is_known_in_both_languages():
    assert all(
        map(denies, ("The theory claims nothing about pay.", "No claim joins the two.", "理论对此没有任何主张。"))
    )
    assert not any(map(denies, ("Not an answer; nearest:", "contested: 7 support", "没有反对的证据。")))


def test_what_is_not_well_is_shown_in_a_few_lines():
    it = replace(GOOD, limits={})
    shown = described(Judgement("dart", 7, ASKED, it, *grade(ASKED, it, STUDY)))
    assert shown.splitlines()[0] == "dart:7 BAD evidence “what supports transparency in Xiaomi”"
    assert "why       not limited: case=xiaomi" in shown
