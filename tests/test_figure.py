"""The theory as a figure: each concept once, claims as labelled arrows, by Graphviz where it is and without it."""

from __future__ import annotations

import re
import stat
from xml.etree import ElementTree

import measuring
import pytest
from helpers import examples
from hypothesis import given, settings
from test_map import grid, row, theories

from kg.picture import dot, drawing, figure, theory
from kg.picture import map as lanes
from kg.picture.theory import Theory


@settings(max_examples=examples(40))
@given(drawn=theories(60))
def test_nothing_of_any_figure_is_small_hidden_or_in_the_way(drawn):
    scene = lanes.framed(figure.figure(drawn, graphviz=False), drawn)
    assert measuring.of_scene(scene).faults() == []
    ElementTree.fromstring(drawing.in_file(scene))


@settings(max_examples=examples(20))
@given(drawn=theories(40))
def test_every_concept_stands_once_and_every_claim_joins_its_two(drawn):
    scene = figure.figure(drawn, graphviz=False)
    assert scene == figure.figure(drawn, graphviz=False)
    concepts = [g.record[1] for g in scene.groups if g.kind == "concept"]
    assert sorted(concepts) == sorted({c.id for claim in drawn.claims for c in (claim.subject, claim.object)})
    rows = {g.record[1]: g for g in scene.groups if g.kind == "row"}
    assert sorted(rows) == sorted(claim.id for claim in drawn.claims)
    for claim in drawn.claims:
        before, after = rows[claim.id].edges
        assert (before.ends, after.ends) == ((f"concept-{claim.subject.id}",), (f"concept-{claim.object.id}",))
        box = next(b for b in scene.boxes if b.name == after.ends[0])
        tip = rows[claim.id].signs[0]
        # The head of the arrow touches the box of what is acted on.
        assert min(abs(tip.x - box.x), abs(tip.x - box.x - box.width)) < 0.2
        assert box.y < tip.y < box.y + box.height


def test_what_acts_stands_left_of_what_it_acts_on_and_a_circle_is_drawn_too():
    def left(scene):
        return {b.name.removeprefix("concept-"): b.x for b in scene.boxes if b.name.startswith("concept-")}

    some = (row("P1", "a", "b"), row("P2", "b", "c"), row("P3", "a", "c"), row("P4", "d", "c"))
    at = left(figure.figure(Theory("", some), graphviz=False))
    assert at["a"] < at["b"] < at["c"]
    assert at["b"] < at["d"] + 150 < at["c"] + 150
    circle = Theory("", (row("P1", "a", "b"), row("P2", "b", "a"), row("P3", "b", "b")))
    scene = figure.figure(circle, graphviz=False)
    assert measuring.of_scene(scene).faults() == []
    assert left(scene)["a"] < left(scene)["b"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_figure_of_the_bundled_study_has_no_fault(dart, language):
    read = theory.theory(dart.tables, language)
    scene = figure.figure(read, graphviz=False)
    assert measuring.of_scene(scene).faults() == []
    assert scene.width < 1300
    assert scene.height < 900


PLAIN = """graph 1 8.0 2.0
node n0 0.5 1.0 0.5 0.5 \"\" solid box black lightgrey
node n1 7.0 1.0 0.5 0.5 \"\" solid box black lightgrey
node n2 3.5 1.0 1.0 0.3 \"\" solid box black lightgrey
edge n0 n2 4 0.9 1.0 1.5 1.0 2.0 1.0 2.4 1.0 solid black
edge n2 n1 4 4.6 1.0 5.0 1.0 6.0 1.0 6.6 1.0 solid black
stop
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program called dot first on the path: what it does is a script of the shell."""

    def write(script):
        file = tmp_path / "dot"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        return tmp_path

    return write


TWO = Theory("", (row('evil"];', "a", "b", supports=2),))


def test_graphviz_is_asked_for_places_where_it_is_installed(program):
    folder = program(f"cat > asked; cat <<'END'\n{PLAIN}END".replace("cat > asked", 'cat > "$(dirname "$0")/asked"'))
    scene = figure.figure(TWO)
    middles = {b.name: round(b.x + b.width / 2 - dot._MARGIN) for b in scene.boxes}
    assert middles == {"concept-a": 36, "concept-b": 504, 'claim-evil"];': 252}
    asked = (folder / "asked").read_text()
    # Nothing of a study reaches the program.
    assert "evil" not in asked
    assert re.findall(r"n\d+ -> n\d+", asked) == ["n0 -> n2", "n2 -> n1"]


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "echo 'graph 1 8 2'", "echo 'node n9 x y'", "sleep 60"])
def test_a_program_that_fails_or_takes_too_long_leaves_it_to_our_columns(program, script, monkeypatch):
    monkeypatch.setattr(dot, "SECONDS", 0.5)
    program(script)
    assert figure.figure(TWO) == figure.figure(TWO, graphviz=False)


def test_without_the_program_nothing_is_called(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert figure.figure(TWO) == figure.figure(TWO, graphviz=False)


def test_a_large_figure_is_made_too():
    scene = figure.figure(grid(200), graphviz=False)
    assert len([g for g in scene.groups if g.kind == "row"]) == 200
