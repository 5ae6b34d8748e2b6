"""What is counted under limits is what is left when each evidence line is looked at by itself."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg import bearing
from kg.claims import STANCES, STRENGTHS
from kg.limits import FIELDS, Limits

OUT = ("case", "source", "role", "reference", "author", "coder", "stage", "strength", "stance", "code", "year")
"""The facets that a line can be left out by."""


@lru_cache
def facets(tables):
    """Return the values of every facet of a build, and one that nothing has."""
    values = {}
    for facet, value in tables.sql("SELECT facet, value FROM line_set ORDER BY facet, value"):
        values.setdefault(facet, ["nowhere"]).append(value)
    cited = tables.sql("SELECT DISTINCT reference FROM citing ORDER BY 1")
    values["reference"] = ["nowhere", *(key for (key,) in cited)]
    values["author"] = ["nowhere", *(key for (key,) in tables.sql("SELECT author FROM authors ORDER BY 1"))]
    values["source"] = ["nowhere", *tables.cases]
    return values


@st.composite
def limits(draw, tables):
    """Draw limits by a few facets of a build."""
    values = facets(tables)
    some = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=2))
    drawn = {FIELDS[f]: tuple(draw(st.lists(st.sampled_from(values[f]), min_size=1, max_size=3))) for f in some}
    years = st.none() | st.integers(1995, 2026)
    out = draw(st.lists(st.sampled_from(OUT), max_size=2))
    pairs = tuple((facet, draw(st.sampled_from(values[facet]))) for facet in out)
    return Limits(**drawn, since=draw(years), until=draw(years), without=pairs)


def told(bears, claims):
    """Return all that a reader says of claims."""
    return {
        claim: (
            [line.id for line in bears.lines(claim)],
            [[line.id for line in bears.active(claim, stance)] for stance in STANCES],
            [dispute.line.id for dispute in bears.disputes(claim)],
            bears.tally(claim),
            bears.by_case(claim),
            bears.weights(claim),
            [bears.witnesses(claim, stance) for stance in ("", *STANCES)],
            bears.sources(claim),
        )
        for claim in claims
    } | {"all": (bears.tally(*claims), bears.by_case(*claims), bears.sources(*claims))}


@pytest.fixture(scope="module", params=["dart", "cycling", "yiliao"])
def study(request, cache):
    """Open a study; lines of the last two are disputed."""
    folder = Path(__file__).parent / "studies" / request.param
    return kg.open(folder if folder.is_dir() else request.param)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_both_roads_say_the_same_under_any_limits(study, data):
    wanted = data.draw(limits(study.tables))
    every = [row["claim"] for row in study.query("claims").dicts()]
    # In order of their ids, in which lines stand in the tables.
    claims = sorted(data.draw(st.lists(st.sampled_from(every), unique=True, min_size=1, max_size=4)))
    counted, read = bearing.Counted(study.tables).within(wanted), bearing.Read(study.tables).within(wanted)
    assert told(counted, claims) == told(read, claims)


@pytest.mark.parametrize("year", [0, -450])
def test_a_year_may_be_nought_or_before(year):
    assert Limits(until=year)
    assert not Limits(until=year).admit({"year": frozenset(["2015"])})


def test_no_limit_is_none():
    assert not Limits()
    assert Limits().admit({})


@pytest.mark.parametrize("case", ["haier", "literature"])
@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_matrix_under_limits_is_the_lines_that_are_left(dart, case, strength):
    counts = {}
    for claim in dart.query("claims").dicts():
        for line in bearing.of(dart.tables).lines(claim["claim"]):
            if case in line.cases and line.strength == strength:
                counts.setdefault(claim["claim"], []).append(line.stance)
    rows = dart.report("matrix", limits=Limits(cases=(case,), strengths=(strength,))).table.dicts()
    for row in rows:
        stances = counts.get(row["claim"], [])
        marks = [f"{sign}{n}" for stance, sign in bearing.claims.SIGNS.items() if (n := stances.count(stance))]
        assert row[case] == (" ".join(marks) or "none"), row["claim"]
