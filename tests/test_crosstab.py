"""Cross tables: claims and codes set against cases, sources, other codes and values of attributes."""

from __future__ import annotations

import gzip
import html as entities
import re
from collections import Counter, defaultdict

import pytest
from judging import study_of
from test_browse_http import ask
from test_cli import kg as run

import kg
from kg import bearing, claims, crosstab, query
from kg.errors import KGError, UnknownTerm
from kg.limits import Limits


@pytest.fixture(scope="module")
def cycling():
    return kg.open(study_of("cycling"))


def coded(graph):
    """Return the codes of every passage that has any, with its source, from the rows of all codings."""
    codes, source = defaultdict(set), {}
    for row in graph.query("codings").dicts():
        codes[row["excerpt"]].add(row["code"])
        source[row["excerpt"]] = row["source"]
    return codes, source


def test_codes_are_set_against_cases_by_passages(dart):
    codes, source = coded(dart)
    of = {
        r["source"]: r["case"] or {"theory": "theory"}.get(r["role"], "literature")
        for r in dart.query("sources").dicts()
    }
    expected = Counter((code, of[source[e]]) for e, some in codes.items() for code in some)
    table = crosstab.crosstab(dart.engine)
    assert {cell: n for cell, n in table.cells.items() if n} == dict(expected)
    assert table.passages == Counter(code for some in codes.values() for code in some)
    assert table.columns == ("afu", "haier", "xiaomi", "literature", "theory")


def test_codes_are_set_against_each_other_by_the_passages_that_they_share(dart):
    codes, _ = coded(dart)
    table = crosstab.crosstab(dart.engine, "code")
    for (code, other), number in table.cells.items():
        shared = [e for e, some in codes.items() if {code, other} <= some]
        assert number == len(shared)
        rows = dart.query("passages-with-codes", code=code, other=other).dicts()
        assert {row["excerpt"] for row in rows} == set(shared)
    assert sum(table.cells.values()) == sum(len(some) * (len(some) - 1) for some in codes.values())


def test_codes_are_set_against_values_of_an_attribute_of_cases(cycling):
    codes, source = coded(cycling)
    region = {r["record"]: r["value"] for r in cycling.query("attributes").dicts() if r["attribute"] == "region"}
    of = {r["source"]: region.get(r["case"], "none") for r in cycling.query("sources").dicts()}
    expected = Counter((code, of[source[e]]) for e, some in codes.items() for code in some)
    table = crosstab.crosstab(cycling.engine, "region")
    assert table.columns == ("Coast", "North", "South", "none")
    assert {cell: n for cell, n in table.cells.items() if n} == dict(expected)


def test_numbers_stand_in_the_order_of_their_size(cycling):
    table = crosstab.crosstab(cycling.engine, "population")
    assert table.columns == ("131000", "182000", "205000", "240000", "none")


def test_an_attribute_that_is_none_is_told_with_what_comes_near(cycling):
    with pytest.raises(UnknownTerm, match="did you mean 'region'"):
        cycling.report("codes", by="regin")
    with pytest.raises(UnknownTerm, match="did you mean 'population'"):
        cycling.report("matrix", by="populatoin")


def test_a_report_that_sets_nothing_against_another_says_so(cycling):
    with pytest.raises(KGError, match="'gaps' has no option 'by'; these have it: matrix, codes"):
        cycling.report("gaps", by="case")


def lines(graph):
    """Return every line that counts, with its passages."""
    rows = graph.query("claims").dicts()
    return [line for row in rows for line in bearing.of(graph.engine).active(row["claim"])]


def test_claims_are_set_against_values_of_an_attribute(cycling):
    region = {r["record"]: r["value"] for r in cycling.query("attributes").dicts() if r["attribute"] == "region"}
    expected = Counter(
        (line.claim, value, line.stance)
        for line in lines(cycling)
        for value in {region.get(p.case) for p in line.passages} - {None} or {"none"}
    )
    found = cycling.report("matrix", by="region")
    for row in found.numbers.dicts():
        for value in ("Coast", "North", "South", "none"):
            for stance in claims.STANCES:
                assert row[f"{value} {stance}"] == expected[row["claim"], value, stance]


def test_each_number_of_the_matrix_is_a_cell_for_programs(dart):
    found = dart.report("matrix")
    for shown, single in zip(found.table.dicts(), found.numbers.dicts(), strict=True):
        for case in ("afu", "haier", "xiaomi", "literature"):
            numbers = {sign: single[f"{case} {stance}"] for stance, sign in claims.SIGNS.items()}
            assert shown[case] == (" ".join(f"{sign}{n}" for sign, n in numbers.items() if n) or "none")
    printed = run("report", "matrix", "--format", "csv").splitlines()
    assert printed[0].startswith("claim,state,afu supports,afu opposes,afu qualifies,haier supports,")
    assert all(cell.isdigit() for cell in printed[1].split(",")[2:16])


@pytest.mark.parametrize(
    "limits",
    [
        Limits(attributes=("region=North",)),
        Limits(attributes=("region=North", "region=Coast")),
        Limits(attributes=("region=North", "population=131000")),
        Limits(attributes=("region=North", "population=240000")),
        Limits(attributes=("held=2024-03-12",), roles=("case",)),
        Limits(without=(("attribute", "region=North"),)),
    ],
)
def test_evidence_is_limited_by_attributes_alike_by_both_roads(cycling, limits):
    counted, read = bearing.of(cycling.engine).within(limits), bearing.Read(cycling.engine, limits=limits)
    for row in cycling.query("claims").dicts():
        assert counted.tally(row["claim"]) == read.tally(row["claim"])
        assert [line.id for line in counted.lines(row["claim"])] == [line.id for line in read.lines(row["claim"])]


def test_values_of_one_attribute_are_either_and_those_of_two_are_both(cycling):
    def number(*some):
        return sum(sum(bearing.of(cycling.engine).within(Limits(attributes=some)).tally(r["claim"]).values())
                   for r in cycling.query("claims").dicts())  # fmt: skip

    north, coast = number("region=North"), number("region=Coast")
    assert min(north, coast) > 0
    assert number("region=North", "region=Coast") == north + coast
    assert number("region=North", "population=240000") == 0
    assert 0 < number("region=North", "population=131000") < north


def test_a_matrix_of_limited_evidence_counts_only_that(cycling):
    found = cycling.report("matrix", limits=Limits(attributes=("region=North",)), by="region")
    assert found.table.columns == ("claim", "state", "North", "quotes", "independent", "statement")
    whole = {row["claim"]: row["North"] for row in cycling.report("matrix", by="region").table.dicts()}
    assert {row["claim"]: row["North"] for row in found.table.dicts()} == whole


def test_the_values_on_a_page_count_what_they_would_give(cycling):
    every = cycling.tables.evidence
    counts = every.counts(every.of(), {"attribute": frozenset(["region=North"])})["attribute"]
    for value, number in counts.items():
        attribute = value.partition("=")[0]
        wanted = {value} if attribute == "region" else {value, "region=North"}
        assert number == every.choose(every.of(), {"attribute": frozenset(wanted)}).bit_count()
    assert counts["region=Coast"] > 0
    assert query.named("codes-by-source").sql


def main(app, path, status=200):
    """Return the main part of a page."""
    got, _, body = ask(app, path)
    assert got == status, (path, body)
    return re.search(r"<main.*?</main>", body, re.DOTALL)[0]


def test_every_number_of_the_page_opens_as_many_passages(site_of_dart):
    page = main(site_of_dart, "/crosstab")
    cells = re.findall(r'<a href="(/passages\?[^"]+)">(\d+)</a>', page)
    assert len(cells) > 60
    for address, number in cells[::9]:
        opened = main(site_of_dart, entities.unescape(address))
        assert f"<small>{number}</small>" in opened
        assert opened.count("<blockquote>") == min(int(number), 20)
    pairs = re.findall(r'<a href="(/passages\?[^"]+)">(\d+)</a>', main(site_of_dart, "/crosstab?by=code"))
    assert len(pairs) > 60
    for address, number in pairs[:3]:
        assert f"<small>{number}</small>" in main(site_of_dart, entities.unescape(address))


def test_what_is_chosen_can_be_taken_back(site_of_dart):
    page = main(site_of_dart, "/passages?code=access-effect&code=risk-effect")
    assert "<small>4</small>" in page
    left = re.findall(r'class="less" href="([^"]+)"', page)
    assert sorted(map(entities.unescape, left)) == ["/passages?code=access-effect", "/passages?code=risk-effect"]
    assert "No passage has all that is chosen." in main(site_of_dart, "/passages?code=access-effect&case=haier")


@pytest.mark.parametrize(
    ("path", "near"),
    [("/crosstab?by=cse", "case"), ("/passages?code=acess-effect", "access-effect"), ("/matrix?by=code", "case")],
)
def test_a_page_is_refused_for_what_the_study_does_not_have(site_of_dart, path, near):
    assert near in main(site_of_dart, path, 400)


def test_pages_are_limited_by_attributes_in_both_languages(cycling):
    from kg.browse import responses
    from kg.browse.study import BuiltStudy
    from kg.browse.targets import Target

    study = BuiltStudy(cycling)

    def page(path, query, language="en"):
        made = responses.respond(study, Target(path, "html", language, query))
        assert made.status == 200
        return gzip.decompress(made.body).decode()

    by_region = page("matrix", "by=region")
    opened = re.findall(r'href="(/proposition/[^"]+attribute=region%3DNorth)#evidence"', by_region)
    assert len(opened) > 5
    for address in opened[:3]:
        path, _, query = entities.unescape(address).lstrip("/").partition("?")
        assert 'name="attribute" value="region=North" checked' in page(path, query)
    assert "Region: North" in page("passages", "attribute=region%3DNorth")
    assert "主张按" in page("matrix", "by=region", "zh")
