"""A concept's picture: what acts on it, on what it acts, what shows it; nothing lies in the way of anything."""

from __future__ import annotations

from pathlib import Path

import measuring
import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from test_butterfly import NAMES, STUDIES

import kg
from kg import claims
from kg.browse.sides import labels
from kg.picture import sides
from kg.picture.sides import CodeUse, Side, Sides
from kg.picture.theory import Claim, Named


@st.composite
def drawn(draw):
    """Draw a concept with none to 40 claims on a side."""

    def side(prefix):
        total = draw(st.integers(0, 40))
        others = [Named(f"{prefix}{n}", draw(NAMES)) for n in range(draw(st.integers(1, 5)))]
        some = []
        for n in range(min(total, sides.MOST)):
            other = others[n * len(others) // min(total, sides.MOST)]
            tally = {stance: draw(st.integers(0, 2000)) for stance in claims.STANCES}
            state = draw(st.sampled_from([*claims.STATES]))
            claim = Claim(
                f"{prefix}{n}{draw(NAMES)}", "s", other, Named("r", draw(NAMES)), other, None, state, tally, tally
            )
            some.append((other, claim))
        return Side(tuple(some), total)

    def near(prefix):
        return tuple(Named(f"{prefix}{n}", draw(NAMES)) for n in range(draw(st.integers(0, 6))))

    cases = (*near("case"), Named("literature", "Literature"))
    codes = tuple(
        CodeUse(
            Named(f"k{n}", draw(NAMES)), {case.id: draw(st.integers(1, 500)) for case in cases if draw(st.booleans())}
        )
        for n in range(draw(st.integers(0, 30)))
    )
    return Sides(Named("me", draw(NAMES)), side("i"), side("o"), (), near("b"), near("n"), near("r"), codes, cases, ())


@settings(max_examples=examples(40))
@given(drawn(), st.sampled_from(["en", "zh"]))
def test_nothing_is_too_small_covered_or_crossed_however_many_claims_there_are(concept, language):
    scene = sides.scene(concept, language)
    assert measuring.of_scene(scene).faults() == []
    assert scene == sides.scene(concept, language)
    shown = [group.record[1] for group in scene.groups if group.kind == "claim"]
    assert sorted(shown) == sorted(
        claim.id for side in (concept.acts_on_it, concept.it_acts_on) for _, claim in side.claims
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("study", STUDIES, ids=lambda study: Path(study).name)
def test_every_concept_of_every_study_is_drawn_without_a_fault(study, language):
    graph = kg.open(study)
    ids = [identifier for kind, identifier in graph.tables.names if kind == "concept"]
    assert ids
    for concept in ids:
        scene = sides.scene(sides.of(graph.tables, concept, language), language)
        assert measuring.of_scene(scene).faults() == [], concept


def test_every_claim_about_a_concept_stands_on_its_side(dart):
    rows = dart.query("claims").dicts()
    shown = sides.of(dart.tables, "customer-participation")
    assert {c.id for _, c in shown.acts_on_it.claims} == {
        r["claim"] for r in rows if r["object"] == "customer-participation"
    }
    assert {c.id for _, c in shown.it_acts_on.claims} == {
        r["claim"] for r in rows if r["subject"] == "customer-participation"
    }
    assert [other.id for other, _ in shown.acts_on_it.neighbours] == list(
        dict.fromkeys(o.id for o, _ in shown.acts_on_it.claims)
    )
    assert sides.of(dart.tables, "co-creation-stage").stage_of == tuple(
        r["claim"] for r in rows if r["stage"] == "co-creation-stage"
    )


def test_the_passages_of_a_code_are_counted_by_case_and_those_that_no_claim_uses_are_listed(dart):
    shown = sides.of(dart.tables, "transparency")
    cases = {
        row["source"]: row["case"] or "literature" for row in dart.query("sources").dicts() if row["role"] != "theory"
    }
    codes = {row["value"] for row in dart.query("concept", concept="transparency").dicts() if row["property"] == "code"}
    coded = {(r["code"], r["excerpt"]) for r in dart.query("codings").dicts() if r["code"] in codes}
    expected: dict[str, dict[str, int]] = {}
    for code, excerpt in coded:
        if case := cases.get(excerpt.partition(":")[0]):
            expected.setdefault(code, {})[case] = expected.get(code, {}).get(case, 0) + 1
    assert {use.code.id: dict(use.by_case) for use in shown.codes if use.number} == expected
    used = {r["excerpt"] for claim in dart.query("claims").dicts() for r in dart.query("trace-proposition", id=claim["claim"]).dicts()
            if r["link"] in (*claims.STANCES, "asserts") and r.get("status", "active") in (None, "active")}  # fmt: skip
    assert {quote.id for quote in shown.unused} == {excerpt for _, excerpt in coded} - used


def test_names_stand_in_one_line_by_language():
    def row(label, language="", preferred=0):
        return {"label": label, "language": language, "preferred": preferred}

    rows = [row("openness"), row("transparency", "en", 1), row("透明"), row("透明性", "zh", 1), row("openness")]
    assert labels(rows) == [("en", "transparency", ["openness"]), ("zh", "透明性", ["透明"])]
    assert labels([row("x", "en", 1)]) == [("en", "x", [])]
    assert labels([]) == []
