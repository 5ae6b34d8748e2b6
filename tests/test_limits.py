"""What is counted under limits is what is left when each evidence line is looked at by itself."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest
import strategies
from helpers import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg import bearing, dates
from kg.claims import LITERATURE, SIGNS, STANCES, STRENGTHS
from kg.limits import FIELDS, Limits
from kg.store import build

OF_ROWS = ("case", "source", "role", "reference", "author", "coder", "stage", "strength", "year")
"""The facets that the rows of named queries tell."""
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
def limits(draw, tables, facets_out=OUT):
    """Draw limits by a few facets of a build."""
    values = facets(tables)
    some = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, max_size=2))
    drawn = {
        FIELDS[f]: tuple(draw(st.lists(st.sampled_from(values.get(f, ["nowhere"])), min_size=1, max_size=3)))
        for f in some
    }
    years = st.none() | st.integers(1995, 2026)
    out = draw(st.lists(st.sampled_from(facets_out), max_size=2))
    pairs = tuple((facet, draw(st.sampled_from(values.get(facet, ["nowhere"])))) for facet in out)
    return Limits(**drawn, since=draw(years), until=draw(years), without=pairs)


def facts(graph):
    """Return every active line with what it has by facet, told by the rows of named queries alone."""
    roles = {row["source"]: row["role"] for row in graph.query("sources").dicts()}
    stages = {row["claim"]: row["stage"] for row in graph.query("claims").dicts()}
    years = {
        row["reference"]: dates.year(json.loads(row["csl"]).get("issued")) for row in graph.query("references").dicts()
    }
    wrote = {}
    for row in graph.query("authors").dicts():
        for cited in graph.query("references-by-author", author=row["author"]).dicts():
            wrote.setdefault(cited["reference"], set()).add(row["author"])
    having = {}
    for row in graph.query("attributes").dicts():
        having.setdefault((row["kind"], row["record"]), set()).add(f"{row['attribute']}={row['value']}")
    told = []
    for claim, stage in stages.items():
        for line in bearing.Read(graph.tables).active(claim):
            keys = {key for passage in line.passages for key in passage.references}
            told.append(
                (
                    line,
                    {
                        "case": {*line.cases},
                        "stage": {stage} - {None},
                        "source": {passage.source for passage in line.passages},
                        "role": {roles[passage.source] for passage in line.passages},
                        "reference": keys,
                        "author": {author for key in keys for author in wrote.get(key, ())},
                        "attribute": {
                            value
                            for passage in line.passages
                            for record in (("source", passage.source), ("case", passage.case))
                            for value in having.get(record, ())
                        },
                        "coder": {line.coder},
                        "strength": {line.strength},
                        "year": {years[key] for key in keys if years.get(key, "").lstrip("-").isdigit()},
                    },
                )
            )
    return told


def passes(values, wanted):
    """Say whether a line that has some values is within limits, facet by facet."""
    for facet, name in FIELDS.items():
        some = {*getattr(wanted, name)}
        # Of attributes each is a facet by itself.
        groups = [{v for v in some if v.split("=")[0] == one.split("=")[0]} for one in some]
        if some and not all(values[facet] & group for group in (groups if facet == "attribute" else [some])):
            return False
    if (wanted.since, wanted.until) != (None, None):
        first = wanted.since if wanted.since is not None else -(10**6)
        last = wanted.until if wanted.until is not None else 10**6
        if not any(first <= int(year) <= last for year in values["year"]):
            return False
    return all(value not in values[facet] for facet, value in wanted.without)


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


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@settings(max_examples=examples(15))
@given(made=strategies.files(), data=st.data())
def test_a_study_of_any_shape_is_counted_by_both_roads_as_its_rows_say(made, data, tmp_path_factory):
    folder = strategies.write(tmp_path_factory.mktemp("drawn"), made)
    build.build(folder)
    graph = kg.open(folder)
    lines, claims = facts(graph), sorted(row["claim"] for row in graph.query("claims").dicts())
    for _ in range(4):
        wanted = data.draw(limits(graph.tables, OF_ROWS))
        counted, read = bearing.Counted(graph.tables).within(wanted), bearing.Read(graph.tables).within(wanted)
        assert told(counted, claims) == told(read, claims)
        for claim in claims:
            left = {line.id for line, values in lines if line.claim == claim and passes(values, wanted)}
            assert {line.id for line in counted.lines(claim)} == left
            assert counted.assertions(claim) == read.assertions(claim) == bearing.of(graph.engine).assertions(claim)


@settings(max_examples=examples(15))
@given(data=st.data())
def test_the_matrix_under_any_limits_counts_the_rows_that_are_left(dart, data):
    lines, wanted = every_line(), data.draw(limits(dart.tables, OF_ROWS))
    cases = [row["id"] for row in dart.query("records").dicts() if row["kind"] == "case"]
    for row in dart.report("matrix", limits=wanted).table.dicts():
        left = [line for line, values in lines if line.claim == row["claim"] and passes(values, wanted)]
        for case in (*cases, LITERATURE):
            counts = {s: sum(line.stance == s and case in line.cases for line in left) for s in SIGNS}
            assert row[case] == (" ".join(f"{SIGNS[s]}{n}" for s, n in counts.items() if n) or "none")
        assert row["quotes"] == len({passage.id for line in left for passage in line.passages})


@lru_cache
def every_line():
    return facts(kg.open("dart"))


def test_a_matrix_without_limits_is_the_matrix(dart):
    assert dart.report("matrix", limits=Limits()) == dart.report("matrix")


@pytest.mark.parametrize(
    ("limits", "values", "admitted"),
    [
        (Limits(), {}, True),
        (Limits(cases=("haier",)), {"case": ["haier", "afu"]}, True),
        (Limits(cases=("haier", "afu")), {"case": ["afu"]}, True),
        (Limits(cases=("haier",)), {"case": ["afu"]}, False),
        (Limits(cases=("haier",)), {}, False),
        (Limits(cases=("haier",), roles=("literature",)), {"case": ["haier"], "role": ["case"]}, False),
        (Limits(since=2015), {"year": ["2015"]}, True),
        (Limits(since=2015), {"year": ["2014", "2016"]}, True),
        (Limits(since=2015), {}, False),
        (Limits(until=2015), {"year": ["2015"]}, True),
        (Limits(until=2015), {"year": ["2016"]}, False),
        (Limits(since=2010, until=2015), {"year": ["2009", "2016"]}, False),
        (Limits(without=(("case", "afu"),)), {"case": ["haier", "afu"]}, False),
        (Limits(without=(("case", "afu"),)), {}, True),
        (Limits(attributes=("town=x", "town=y")), {"attribute": ["town=y"]}, True),
        (Limits(attributes=("town=x", "open=true")), {"attribute": ["town=x"]}, False),
        (Limits(attributes=("town=x", "open=true")), {"attribute": ["open=true", "town=x"]}, True),
    ],
)
def test_a_line_is_within_limits_when_it_has_a_wanted_value_of_every_facet_and_none_that_is_excluded(
    limits, values, admitted
):
    assert limits.admit({facet: frozenset(some) for facet, some in values.items()}) is admitted
