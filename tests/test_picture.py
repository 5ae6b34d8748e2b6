"""A picture shows the chain, nothing covers anything, and the same study gives the same bytes."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from itertools import pairwise

import browser
import measuring
import pytest
import strategies
from helpers import examples
from hypothesis import given, settings
from playwright.sync_api import expect

import kg
from kg import claims, kinds, query
from kg.errors import KGError, UnknownTerm
from kg.picture import chain, formats, layers, network
from kg.store import build, evidence


def run(*words, **environment):
    import os

    return subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", "graph", "--study", "dart", *words],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def written(name, drawn, language="en"):
    """Return the bytes of a network in a form."""
    return formats.FORMATS[name].write(formats.Picture(drawn, chain.chain(drawn, language), language))


def test_the_chain_from_theory_to_reference_is_joined(dart):
    drawn = dart.picture("P18", depth=2)
    nodes = {n.key: n for n in drawn.nodes}
    seen = {min(key for key in nodes if key.startswith("reference/"))}
    for _ in range(5):
        seen |= {e.start for e in drawn.edges if e.end in seen}
    assert {nodes[key].kind for key in seen} == {"theory", "proposition", "concept", "code", "excerpt", "reference"}


@pytest.mark.parametrize("into", [("concept",), ("code", "concept"), ("excerpt", "source"), kinds.LAYERS])
def test_neighbours_of_some_kinds_are_those_among_all(dart, into):
    told = dart.tables
    ids: dict[str, list[str]] = {"excerpt": [row[0] for row in told.sql("SELECT id FROM excerpt ORDER BY id LIMIT 9")]}
    for kind, identifier in told.names:
        ids.setdefault(kind, []).append(identifier)
    for kind, some in ids.items():
        chosen = {i: [r for r in rows if r[2] in into] for i, rows in told.neighbours(kind, some, into).items()}
        assert chosen == {i: [r for r in rows if r[2] in into] for i, rows in told.neighbours(kind, some).items()}


def test_every_line_of_evidence_is_drawn_with_its_stance(dart):
    drawn = dart.picture("P18", depth=1)
    found = {s: sum(e.count for e in drawn.edges if e.link == s) for s in claims.STANCES}
    (claim,) = (c for c in dart.ask("what supports transparency").claims if c.id == "P18")
    assert found == {s: len(claim.quotes(s)) for s in claims.STANCES}


def test_a_crowded_column_is_folded_and_nothing_is_lost(dart):
    engine = dart.tables
    whole = [row[0] for row in query.run(engine, "claims").rows]
    drawn = network.claimed(engine, whole, "all", evidence=True)
    assert all(len(nodes) <= 2 * network.CROWDED for nodes in drawn.layers().values())
    known = evidence.Evidence(engine)
    shown = {s: sum(e.count for e in drawn.edges if e.link == s) for s in claims.STANCES}
    assert sum(shown.values()) >= known.of().bit_count() > 0
    folded = [n for n in drawn.nodes if n.count > 1]
    assert folded
    assert all(n.count == len(n.members) for n in folded)
    opened = network.claimed(
        engine, whole, "all", choice=network.Choice(unfolded=frozenset([folded[0].key])), evidence=True
    )
    assert {f"{folded[0].kind}/{m}" for m in folded[0].members} <= {n.key for n in opened.nodes}


def test_cases_and_stances_are_chosen(dart):
    drawn = dart.picture("P17", cases=["haier"], stances=["opposes"])
    assert {e.link for e in drawn.edges} & {*claims.STANCES, "asserts"} == {"opposes"}
    assert {n.id for n in drawn.nodes if n.kind == "source"} == {"haier"}
    with pytest.raises(UnknownTerm, match="afu"):
        dart.picture("P18", cases=["afuu"])
    with pytest.raises(UnknownTerm, match="afu"):
        dart.picture(cases=["afuu"])


def test_what_has_no_place_in_the_layers_is_refused_with_what_has(dart):
    with pytest.raises(KGError, match="proposition, concept, code, excerpt, source, reference, case"):
        dart.picture("dart-kg")


def test_too_much_is_left_out_and_said(dart):
    drawn = network.theory(dart.tables, choice=network.Choice(most=10))
    assert len(drawn.nodes) == 10
    assert drawn.left_out > 30
    assert all(e.start in {n.key for n in drawn.nodes} and e.end in {n.key for n in drawn.nodes} for e in drawn.edges)


@pytest.mark.parametrize("name", sorted(formats.FORMATS))
def test_the_same_picture_is_the_same_bytes_in_another_process(name):
    one, other = (run("--focus", "P21", "--format", name, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert one.returncode == 0, one.stderr
    assert one.stdout == other.stdout
    assert len(one.stdout) > 500


@pytest.mark.slow
def test_the_forms_are_read_by_what_they_are_for(dart):
    import networkx

    drawn = dart.picture("P18")
    for name, read in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        graph = read(io.BytesIO(written(name, drawn, "en")))
        assert set(graph.nodes) == {n.key for n in drawn.nodes}
        assert graph.number_of_edges() == len(drawn.edges)
    text = written("mermaid", drawn, "zh").decode()
    assert text.startswith("flowchart LR\n")
    assert len(re.findall(r"^  n\d+[\[({>]", text, re.MULTILINE)) == len(drawn.nodes)
    assert written("png", drawn, "en").startswith(b"\x89PNG")
    assert written("pdf", drawn, "zh").startswith(b"%PDF")


def overlaps(boxes):
    """Return pairs of nodes of which one covers the other."""
    by_column = {}
    for key, box in boxes.items():
        by_column.setdefault(box.x, []).append((box.y, box.y + box.height, key))
    return [(a[2], b[2]) for column in by_column.values() for a, b in pairwise(sorted(column)) if b[0] < a[1]]


@settings(max_examples=examples(15))
@given(made=strategies.files())
def test_no_node_covers_another_and_every_word_is_escaped(made, tmp_path_factory):
    from xml.etree import ElementTree

    folder = strategies.write(tmp_path_factory.mktemp("drawn"), made)
    build.build(folder)
    graph = kg.open(folder)
    for drawn in (graph.picture(), graph.picture("P1", depth=3)):
        boxes = layers.place(drawn)
        assert overlaps(boxes) == []
        assert set(boxes) == {n.key for n in drawn.nodes}
        for language in ("en", "zh"):
            assert measuring.of_scene(chain.chain(drawn, language)).faults() == []
            ElementTree.fromstring(written("svg", drawn, language))
            for name in ("graphml", "gexf", "mermaid"):
                written(name, drawn, language)


def test_the_page_opens_offline_says_the_same_as_its_table_and_asks_for_nothing(dart, chromium, tmp_path):
    file = tmp_path / "p18.html"
    drawn = dart.picture("P18")
    file.write_bytes(written("html", drawn, "en"))
    with browser.Visit(chromium, tmp_path.as_uri()) as visit:
        visit.context.set_offline(True)
        page = visit.go("/p18.html")
        page.wait_for_selector("#mynetwork canvas")
        assert visit.elsewhere() == []
        assert visit.complaints == []
        assert (
            page.locator("tbody tr").count()
            == len(drawn.nodes)
            == page.evaluate("nodes.getIds({ filter: n => !n.corner }).length")
        )
        page.fill("#find", "the progress of an order")
        assert page.inner_text("#count") == "1"
        page.evaluate("document.querySelector('#mynetwork').scrollIntoView({ block: 'center' })")
        at = page.evaluate(
            "() => { const p = network.canvasToDOM(network.getPosition('proposition/P18')); const r = document.querySelector('#mynetwork').getBoundingClientRect(); return [p.x + r.x, p.y + r.y] }"
        )
        page.mouse.click(*at)
        page.locator("#chosen", has_text="Transparency is the guarantee").wait_for()
        assert page.get_attribute("html", "lang") == "en"


def test_the_page_is_read_when_it_opens_and_no_line_of_it_passes_behind_a_box(dart, chromium, tmp_path):
    drawn = dart.picture("P18", depth=2)
    (tmp_path / "p18.html").write_bytes(written("html", drawn, "en"))
    with browser.Visit(chromium, tmp_path.as_uri(), viewport={"width": 1440, "height": 900}) as visit:
        page = visit.go("/p18.html")
        page.wait_for_selector("#mynetwork canvas")
        assert page.evaluate("network.getScale() * 12") >= 12
        boxes, lines = page.evaluate(
            "() => { const ids = nodes.getIds({ filter: n => !n.corner });"
            " const boxes = Object.fromEntries(ids.map(i => { const { x, y, shape: { width: w, height: h } } = network.body.nodes[i]; return [i, [x - w / 2, y - h / 2, x + w / 2, y + h / 2]]; }));"
            " const at = i => { const p = network.getPosition(i); return [p.x, p.y]; };"
            " return [boxes, edges.get().map(e => [at(e.from), at(e.to), parseInt(e.from)])]; }"
        )
        assert len(boxes) == len(drawn.nodes)
        assert len(lines) > len(drawn.edges)
        behind = [
            (drawn.edges[number], key)
            for a, b, number in lines
            for key, box in boxes.items()
            if key not in (drawn.edges[number].start, drawn.edges[number].end) and measuring.crosses(a, b, box, 3)
        ]
        assert behind == []
        assert visit.complaints == []


def test_the_page_of_a_hostile_study_runs_nothing(chromium, tmp_path):
    evil = "</script><script>alert(1)</script><a href='javascript:alert(2)'>href</a><img src=x onerror=alert(3)>\u202e"
    nodes = (network.Node("theory", "t", evil, evil), network.Node("proposition", evil, evil, evil))
    drawn = network.Network(evil, nodes, (network.Edge("theory/t", f"proposition/{evil}", evil, forward=True),))
    for language in ("en", "zh"):
        (tmp_path / "evil.html").write_bytes(written("html", drawn, language))
        with browser.Visit(chromium, tmp_path.as_uri()) as visit:
            page = visit.go("/evil.html")
            page.wait_for_selector("#mynetwork canvas")
            page.mouse.move(700, 400)
            assert visit.ran == []
            assert visit.elsewhere() == []
            expect(page.locator("img")).to_have_count(0)
            assert page.inner_text("h1").startswith("</script>")
        (tmp_path / "evil.svg").write_bytes(written("svg", drawn, language))
        with browser.Visit(chromium, tmp_path.as_uri()) as visit:
            visit.go("/evil.svg")
            assert visit.ran == []


@pytest.mark.slow
def test_the_command_takes_the_form_from_the_name_and_says_what_is_wrong(tmp_path):
    file = tmp_path / "p21.svg"
    whole, focused = (run(str(file), *words).stdout for words in ((), ("--focus", "P21")))
    assert focused.endswith(b" links\n")
    assert focused != whole
    assert file.read_text("utf-8").startswith("<svg")
    for words, said in (
        (("--format", "svgg"), "did you mean 'svg'"),
        (("--stance", "oppose"), "did you mean 'opposes'"),
        (("--focus", "P211"), "did you mean"),
        ((str(tmp_path / "x.docx"),), "html"),
    ):
        failed = run(*words)
        assert failed.returncode == 2
        assert said in failed.stderr.decode()
    # Without a record the picture is the map, in light or dark.
    light, dark = (run("--format", "svg", *words).stdout.decode() for words in ((), ("--dark",)))
    assert light.count("plays the role of</text>") == dark.count("plays the role of</text>") == 3
    assert "#fbfaf7" in light
    assert "#14181d" in dark
    made = json.loads(run("--focus", "P21", "--json").stdout)
    assert {n["kind"] for n in made["nodes"]} >= {"theory", "proposition", "excerpt"}


def test_no_line_of_a_chain_passes_behind_a_box(dart):
    for focus, depth in (("P18", 2), ("P17", 3), ("transparency", 3), ("misstatement", 2)):
        drawn = chain.chain(dart.picture(focus, depth=depth))
        assert len(drawn.edges) > 20
        assert measuring.of_scene(drawn).faults() == []


def test_the_scene_of_the_theory_is_its_map_with_a_title_and_a_legend(dart):
    for language in ("en", "zh"):
        drawn = dart.scene(language=language)
        assert measuring.of_scene(drawn).faults() == []
        assert [g.kind for g in drawn.groups].count("row") == 23
        assert drawn.groups[-1].kind == "legend"
        assert drawn.back[0].labels[0].text in drawn.title
    with pytest.raises(UnknownTerm, match="afu"):
        dart.scene(cases=["afuu"])
    assert "row" not in {g.kind for g in dart.scene("P18").groups}
