"""A claim's picture: every quote is readable where it belongs, and nothing lies in the way of anything."""

from __future__ import annotations

import re
from pathlib import Path

import measuring
import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg import claims, paths
from kg.errors import UnknownTerm
from kg.picture import butterfly, drawing, marks
from kg.picture.butterfly import Butterfly, Group, Quote, Side
from kg.picture.theory import Named

STUDIES = ["dart", paths.shipped("seeds") / "template", *sorted((Path(__file__).parent / "studies").iterdir())]
"""Every study of the tests."""
TEXTS = st.text(alphabet="aZ é中文引文很长，。“”… '\"<&>-", max_size=60).map(lambda text: f"x {text} " * 6)
NAMES = st.text(alphabet="aZ中é-(", min_size=1, max_size=40)


@st.composite
def drawn(draw):
    """Draw a claim with none to 60 quotes, in any places."""
    cases = draw(st.lists(NAMES, min_size=1, max_size=8, unique=True))
    left = draw(st.integers(0, 60))
    sides = {}
    for stance in claims.STANCES:
        groups = []
        for case in cases:
            number = draw(st.integers(0, min(left, 25)))
            left -= number
            quotes = tuple(
                Quote(
                    f"L{n}", f"s:{n}-{n + 1}", draw(TEXTS), draw(st.sampled_from(claims.STRENGTHS)), draw(TEXTS),
                    tuple((f"r{k}", draw(NAMES)) for k in range(draw(st.integers(0, 2)))), "s", draw(NAMES), draw(NAMES | st.just("")),
                )
                for n in range(number)
            )  # fmt: skip
            if quotes:
                groups.append(Group(stance, case, case, quotes, draw(st.integers(1, number))))
        sides[stance] = Side(stance, tuple(groups), sum(group.independent for group in groups))
    return Butterfly(
        draw(NAMES), draw(TEXTS), Named("a", draw(NAMES)), Named("r", draw(NAMES)), Named("b", draw(NAMES)), "finding",
        draw(st.none() | NAMES.map(lambda name: Named("c", name))), draw(st.none() | TEXTS), draw(st.sampled_from([*claims.STATES])),
        {stance: side.number for stance, side in sides.items()}, sides, tuple(Named(case, case) for case in cases),
    )  # fmt: skip


@settings(max_examples=examples(40))
@given(drawn(), st.sampled_from(["en", "zh"]))
def test_nothing_is_too_small_covered_or_crossed_however_much_evidence_there_is(claim, language):
    scene = butterfly.scene(claim, language)
    assert measuring.of_scene(scene).faults() == []
    groups = sum(len(side.groups) for side in claim.sides.values())
    below = bool(claim.sides["qualifies"].groups)
    assert len(scene.edges) == groups - len(claim.sides["qualifies"].groups) + below
    shown = sum(len(group.shown) for side in claim.sides.values() for group in side.groups)
    assert sum(group.kind == "quote" for group in scene.groups) == shown
    assert drawing.in_file(scene) == drawing.in_file(butterfly.scene(claim, language))


@settings(max_examples=examples(40))
@given(drawn())
def test_lines_of_a_side_never_cross_and_end_at_the_claim(claim):
    for side in claim.sides.values():
        places = butterfly.stack(side.groups)
        lines = butterfly.curves(side.groups, places)
        assert [line.start for line in lines] == sorted(line.start for line in lines)
        assert [line.end for line in lines] == sorted(line.end for line in lines)
        for line, group in zip(lines, side.groups, strict=True):
            assert butterfly.HEADING < line.end < butterfly.HEADING + butterfly.CLAIM
            assert line.place.top < line.start < line.place.bottom
            assert line.width == marks.strand_width(group.independent)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("study", STUDIES, ids=lambda study: Path(study).name)
def test_every_claim_of_every_study_is_drawn_without_a_fault(study, language):
    graph = kg.open(study)
    ids = [row["claim"] for row in graph.query("claims").dicts()]
    assert ids
    for claim in ids:
        scene = butterfly.scene(butterfly.of(graph.tables, claim, language), language)
        assert measuring.of_scene(scene).faults() == [], claim
        # What qualifies stands below the sides rather than making a picture that is twice as high.
        assert scene.height < 1100, claim


def test_quotes_stand_by_stance_and_case_strong_before_weak(dart):
    claim = butterfly.of(dart.tables, "P17")
    (found,) = (c for c in dart.ask("what supports dialogue").claims if c.id == "P17")
    for stance, side in claim.sides.items():
        passages = {p.id: p for line in found.of(stance) for p in line.passages}
        assert side.number == len(passages)
        assert side.independent == claims.witnesses(passages.values())
        assert [group.case for group in side.groups] == [
            c.id for c in claim.cases if c.id in {p.case or "literature" for p in passages.values()}
        ]
        for group in side.groups:
            assert {q.excerpt for q in group.quotes} == {
                p.id for p in passages.values() if (p.case or "literature") == group.case
            }
            strengths = [claims.STRENGTHS.index(quote.strength) for quote in group.quotes]
            assert strengths == sorted(strengths)


def test_a_reference_is_named_as_in_a_text_with_or_without_an_author(dart):
    named = {
        key: name for c in dart.query("claims").dicts() for side in butterfly.of(dart.tables, c["claim"]).sides.values()
        for group in side.groups for quote in group.quotes for key, name in quote.references
    }  # fmt: skip
    by_author, by_publisher, by_title = (
        "Taghizadeh et al. (2016)",
        "XDA Developers (2019)",
        "“Report on Haier’s customisation platform…” (n.d.)",
    )
    assert {by_author, by_publisher, by_title} <= {*named.values()}
    assert len(named) > 50
    for key, name in named.items():
        assert re.fullmatch(r".*[^ ,] \((-?\d+[a-z]*|n\.d\.(-[a-z]+)?)\)", name), (key, name)


def test_cases_and_stances_are_chosen(dart):
    only = butterfly.of(dart.tables, "P17", cases=["haier"], stances=["supports"])
    assert [group.case for group in only.sides["supports"].groups] == ["haier"]
    assert only.sides["opposes"].groups == only.sides["qualifies"].groups == ()
    assert [case.id for case in only.cases] == ["haier"]


def test_a_line_on_which_coders_differ_stands_nowhere():
    tables = kg.open(Path(__file__).parent / "studies" / "aside").tables
    claim = butterfly.of(tables, "P4")
    shown = {quote.line for side in claim.sides.values() for group in side.groups for quote in group.quotes}
    assert tables.evidence.disputed["P4"] == ["ho-gave-up"]
    assert shown
    assert "ho-gave-up" not in shown


def test_of_more_than_ten_quotes_of_a_group_six_are_shown():
    def group(number):
        quotes = tuple(Quote(f"L{n}", f"s:{n}-9", "w", "weak", "b", (), "s", "o", "") for n in range(number))
        return Group("supports", "c", "c", quotes, 1)

    assert [(len(group(n).shown), len(group(n).more)) for n in (10, 11, 60)] == [(10, 0), (6, 5), (6, 54)]
    assert butterfly.height([group(11)]) == butterfly.height([group(6)]) + butterfly.MORE


@settings(max_examples=examples(40))
@given(drawn(), st.sampled_from(["light", "dark"]))
def test_a_file_is_well_formed_whatever_a_study_says(claim, theme):
    from xml.etree import ElementTree

    text = drawing.in_file(butterfly.scene(claim), theme)
    tree = ElementTree.fromstring(text)
    assert tree.get("viewBox").startswith("0 0 1376 ")
    assert {node.tag.rpartition("}")[2] for node in tree.iter()} <= {"svg", "g", "rect", "path", "text", "title"}


def test_a_file_of_a_claim_is_its_butterfly_and_that_of_a_concept_its_sides(dart):
    from kg.picture import sides
    from kg.picture.scene import MARGIN

    claim, concept = dart.scene("P18"), dart.scene("transparency", language="zh")
    assert claim == butterfly.scene(butterfly.of(dart.tables, "P18")).with_margin(MARGIN)
    assert concept == sides.scene(sides.of(dart.tables, "transparency", "zh"), "zh").with_margin(MARGIN)
    for scene in (claim, concept, dart.scene("P17", cases=["haier"], stances=["supports"])):
        assert measuring.of_scene(scene).faults() == []
        assert min(box.x for box in scene.boxes) >= MARGIN
    with pytest.raises(UnknownTerm, match="did you mean"):
        dart.scene("P18", cases=["haeir"])
    with pytest.raises(UnknownTerm, match="did you mean"):
        dart.scene("transparency", stances=["suports"])
