"""The theory map: rows in an order that merges boxes, nothing behind or over anything, the same for page and file."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import measuring
import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import claims
from kg.picture import drawing, theory
from kg.picture import map as lanes_of
from kg.picture.theory import Claim, Named, Theory

WORDS = st.one_of(
    st.text("顾客参与价值共创的驱动因素，（）《》“”", min_size=1, max_size=60),
    st.text("abc-", min_size=1, max_size=14).map(lambda text: f"x{text} making access demand explicit {text}"),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40),
    st.just("W" * 80),
)
COUNTS = st.integers(0, 3) | st.integers(0, 5000)


@st.composite
def theories(draw, most=200):
    """Draw the claims of a study, from one to as many as are asked for, in up to five stages."""
    number = draw(st.integers(1, 12) | st.integers(1, most))
    concepts = [Named(f"c{n}", name) for n, name in enumerate(draw(st.lists(WORDS, min_size=1, max_size=25)))]
    relations = [Named(f"r{n}", name) for n, name in enumerate(draw(st.lists(WORDS, min_size=1, max_size=4)))]
    stages = [None, *(Named(f"s{n}", name) for n, name in enumerate(draw(st.lists(WORDS, max_size=5))))]
    random = draw(st.randoms(use_true_random=False))
    counts = draw(st.lists(COUNTS, min_size=12, max_size=12))
    prefix = draw(st.sampled_from(["P", "命题", "a-rather-long-identifier-of-a-claim-"]))
    made = []
    for n in range(number):
        tally = {stance: random.choice(counts) if random.random() < 0.6 else 0 for stance in claims.STANCES}
        state = random.choice([*claims.STATES])
        pair = random.choice(concepts), random.choice(concepts)
        made.append(
            Claim(
                f"{prefix}{n}",
                "",
                pair[0],
                random.choice(relations),
                pair[1],
                random.choice(stages),
                state,
                tally,
                tally,
            )
        )
    return Theory(draw(WORDS), tuple(made), draw(st.sampled_from(["en", "zh"])))


@settings(max_examples=examples(60))
@given(drawn=theories(), wide=st.sampled_from([lanes_of.WIDE, lanes_of.NARROW]))
def test_nothing_of_any_map_is_small_hidden_or_in_the_way(drawn, wide):
    scene = lanes_of.lanes(drawn, wide)
    assert measuring.of_scene(scene).faults() == []
    assert [g.record for g in scene.groups if g.kind == "row"] == [
        g.record for g in sorted((g for g in scene.groups if g.kind == "row"), key=lambda g: g.boxes[0].y)
    ]


@settings(max_examples=examples(60))
@given(drawn=theories(60))
def test_every_claim_has_one_row_between_its_subject_and_its_object(drawn):
    scene = lanes_of.lanes(drawn)
    boxes = {box.name: (group, box) for group in scene.groups for box in group.boxes}
    rows = {g.record[1]: g for g in scene.groups if g.kind == "row"}
    assert sorted(rows) == sorted(claim.id for claim in drawn.claims)
    for claim in drawn.claims:
        (left, right) = {edge.ends for edge in rows[claim.id].edges}.pop()
        assert boxes[left][0].record == ("concept", claim.subject.id)
        assert boxes[right][0].record == ("concept", claim.object.id)
        assert boxes[left][1].x < boxes[right][1].x
        middle = rows[claim.id].boxes[0].y + rows[claim.id].boxes[0].height / 2
        assert all(box.y <= middle <= box.y + box.height for _, box in (boxes[left], boxes[right]))
        stances = [s for s in claims.STANCES if claim.witnesses[s]]
        assert sorted(edge.colour for edge in rows[claim.id].edges) == sorted(stances or ["none"])


@settings(max_examples=examples(40))
@given(drawn=theories(60))
def test_the_drawing_is_well_formed_and_the_same_every_time(drawn):
    scene = lanes_of.lanes(drawn)
    assert scene == lanes_of.lanes(drawn)
    page = drawing.in_page(scene, lambda kind, identifier: f"/{kind}/{identifier}")
    assert "style=" not in page
    assert '="#' not in page
    root = ElementTree.fromstring(page)
    assert len(root.findall("a[@class]")) == len([g for g in scene.groups if g.record])
    for theme in ("light", "dark"):
        text = drawing.in_file(scene, theme)
        file = ElementTree.fromstring(text)
        assert "class=" not in text
        shown = [node.text or "" for node in file.iter("{http://www.w3.org/2000/svg}text")]
        assert shown == [label.text for label in scene.labels]


def row(claim, subject, object_, *, stage=None, state="supported", **tally):
    counts = dict.fromkeys(claims.STANCES, 0) | tally
    return Claim(
        claim, "", Named(subject, subject), Named("acts", "acts"), Named(object_, object_), stage, state, counts, counts
    )


def test_equal_subjects_and_objects_stand_together():
    some = [row("P1", "a", "x"), row("P2", "b", "y"), row("P3", "a", "y"), row("P4", "c", "x"), row("P5", "c", "z")]
    rows = lanes_of.ordered(some)
    order = [(c.subject.id, c.object.id) for c in rows]
    assert order in (
        [("b", "y"), ("a", "y"), ("a", "x"), ("c", "x"), ("c", "z")],
        [("c", "z"), ("c", "x"), ("a", "x"), ("a", "y"), ("b", "y")],
    )
    scene = lanes_of.lanes(Theory("", tuple(some)))
    assert len([g for g in scene.groups if g.kind == "concept"]) == 3 + 3


def test_contested_claims_stand_above_those_they_share_nothing_with():
    some = [row("P1", "a", "x"), row("P2", "b", "y", state="contested"), row("P3", "c", "z", state="opposed")]
    assert [c.id for c in lanes_of.ordered(some)] == ["P2", "P1", "P3"]


def test_the_label_of_a_claim_stands_in_the_column_of_its_stage():
    early, late = Named("early", "early"), Named("late", "late")
    some = (row("P1", "a", "x", stage=late), row("P2", "b", "x", stage=early), row("P3", "c", "x"))
    scene = lanes_of.lanes(Theory("", some))
    at = {g.record[1]: g.boxes[0] for g in scene.groups if g.kind == "row"}
    bands = [g.boxes[0] for g in scene.back if g.kind == "band"]
    assert [g.labels[0].text for g in scene.back if g.kind == "band"] == ["any stage", "late", "early"]
    for claim, band in zip(("P3", "P1", "P2"), bands, strict=True):
        assert band.x < at[claim].x
        assert at[claim].x + at[claim].width < band.x + band.width


def test_stages_without_room_side_by_side_have_their_rows_one_below_the_other():
    stages = [Named(f"s{n}", f"stage {n}") for n in range(9)]
    scene = lanes_of.lanes(Theory("", tuple(row(f"P{n}", "a", "x", stage=s) for n, s in enumerate(stages))))
    bands = [g.boxes[0] for g in scene.back if g.kind == "band"]
    assert len(bands) == 9
    assert len({band.x for band in bands}) == 1
    assert measuring.of_scene(scene).faults() == []


def test_a_claim_is_read_out_as_a_sentence():
    made = row("P18", "transparency", "guarantee", state="contested", supports=7, opposes=5, qualifies=5)
    assert made.says("en") == "P18: transparency acts guarantee; contested; 7 for, 5 against, 5 qualifying"
    assert made.says("zh") == "P18：transparencyactsguarantee；有支持也有反对；支持 7，反对 5，限定 5"
    bare = row("P1", "a", "x", state="no passage at all")
    assert bare.says("en") == "P1: a acts x; no passage at all"


def test_a_claim_without_evidence_is_a_hollow_dotted_label():
    scene = lanes_of.lanes(
        Theory("", (row("P1", "a", "x", state="no passage at all"), row("P2", "b", "y", supports=1)))
    )
    hollow, full = (g for g in scene.groups if g.kind == "row")
    assert (hollow.boxes[0].dashes, full.boxes[0].dashes) == ("2 3", "")
    assert [e.dashes for e in hollow.edges] == ["2 5"]
    assert hollow.labels[-1].text == "no evidence"


def test_what_a_study_says_is_escaped():
    evil = '"><script>alert(1)</script><a href="javascript:alert(2)">&'
    made = Theory(
        evil,
        (
            Claim(
                evil,
                evil,
                Named(evil, evil),
                Named(evil, evil),
                Named("x", evil),
                Named(evil, evil),
                "contested",
                dict.fromkeys(claims.STANCES, 1),
                dict.fromkeys(claims.STANCES, 1),
            ),
        ),
    )
    scene = lanes_of.lanes(made)
    for text in (drawing.in_page(scene, lambda kind, identifier: f"/{kind}/x"), drawing.in_file(scene)):
        ElementTree.fromstring(text)
        assert "<script" not in text


def test_the_claims_of_the_bundled_study_are_read_with_state_and_witnesses(dart):
    read = theory.theory(dart.tables)
    every = dart.tables.evidence
    assert [c.id for c in read.claims] == [row["claim"] for row in dart.query("claims").dicts()]
    for claim in read.claims:
        assert claim.state == every.state(claim.id)
        assert claim.witnesses == {s: every.witnesses.get((claim.id, s), (0, 0))[1] for s in claims.STANCES}
    # All lines, counted by the other road.
    assert every.independent(every.of()) == {k: n for k, (_, n) in every.witnesses.items() if k[1]}
    zh = theory.theory(dart.tables, "zh", ["P18"])
    assert [c.subject.name for c in zh.claims] == ["透明性"]


def test_evidence_of_a_case_alone_changes_counts_strands_and_states(dart):
    every = dart.tables.evidence
    within = every.having("case", "haier")
    read = theory.theory(dart.tables, within=within)
    assert sum(sum(c.tally.values()) for c in read.claims) == within.bit_count()
    assert all((sum(c.tally.values()) == 0) == (c.state in ("nothing within the limits",)) for c in read.claims)
    assert {c.state for c in read.claims} > {"nothing within the limits"}


@pytest.mark.parametrize("wide", [lanes_of.WIDE, lanes_of.NARROW])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_map_of_the_bundled_study_has_no_fault(dart, wide, language):
    scene = lanes_of.lanes(theory.theory(dart.tables, language), wide)
    assert measuring.of_scene(scene).faults() == []
    if wide == lanes_of.WIDE:
        # It is seen whole under the header of a window of 1440 by 900.
        assert scene.height <= 720


def grid(number):
    return Theory(
        "", tuple(row(f"P{n}", f"concept {n % 97}", f"concept {n * 7 % 89}", supports=n % 5) for n in range(number))
    )


def test_a_thousand_claims_take_about_ten_times_as_long_as_a_hundred():
    def spent(made):
        lanes_of.lanes(made)
        begun = time.process_time()
        for _ in range(3):
            lanes_of.lanes(made)
        return time.process_time() - begun

    small, large = grid(100), grid(1000)
    assert min(spent(large) / spent(small) for _ in range(3)) < 30
