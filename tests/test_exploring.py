"""Free exploring: what is chosen and where it stands, and the page on which a person goes from record to record."""

from __future__ import annotations

import json
import re
import time
from itertools import pairwise
from pathlib import Path

import browser
import measuring
import pytest
import strategies
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

import kg
from kg import claims
from kg.picture import columns, drawing, neighbourhood
from kg.picture.neighbourhood import Neighbourhood, Pin, Record, Show, View
from kg.store import around, build

STUDIES = ("dart", *(str(Path(__file__).parent / "studies" / name) for name in ("aside", "cycling", "yiliao")))
STARTS = (
    "proposition",
    "concept",
    "code",
    "excerpt",
    "source",
    "case",
    "reference",
    "author",
    "search",
    "coder",
    "line",
)
WIDTHS = {1440: "columns", 768: "outline", 390: "narrow"}


def keys(shown, kind=""):
    return [record.key for record in shown.records if record.kind == kind or not kind]


def some_of(tables, each=2):
    """Return some records of every kind."""
    found = [key for kind in STARTS for key in [f"{k}/{i}" for k, i in tables.names if k == kind][:each]]
    found += [f"excerpt/{row[0]}" for row in tables.sql("SELECT id FROM excerpt ORDER BY id LIMIT 2")]
    return found + [f"line/{row[0]}" for row in tables.sql("SELECT id FROM line ORDER BY id LIMIT 1")]


def expanded(tables, view, times=1):
    """Return a view with the next neighbours of every record."""
    for _ in range(times):
        shown = neighbourhood.choose(tables, view)
        more = [Show(r.key, near.kind, near.further) for r in shown.records for near in r.near if near.further]
        view = shown.view._replace(shows=(*shown.view.shows, *more))
    return view


# What is chosen.


def test_a_concept_says_on_which_side_of_the_other_it_stands(dart):
    down = neighbourhood.choose(dart.tables, View(("concept/customer-participation",)))
    assert columns.captions(down, "en")["concept/customer-driven-participation"] == "concept · narrower"
    up = neighbourhood.choose(dart.tables, View(("concept/customer-driven-participation",)))
    assert columns.captions(up, "en")["concept/customer-participation"] == "concept · broader"


def test_a_record_is_shown_with_some_of_its_neighbours_of_each_kind_and_with_how_many_there_are(dart):
    shown = neighbourhood.choose(dart.tables, View(("proposition/P17",)))
    near = {one.kind: one for one in shown.records[0].near}
    assert (near["excerpt"].total, near["excerpt"].shown) == (28, neighbourhood.STEP)
    assert dict(near["excerpt"].links) == {"supports": 18, "opposes": 3, "qualifies": 6, "asserts": 1}
    assert near["concept"].total == near["concept"].shown == 3
    assert shown.records[0].more == 22
    assert len(keys(shown, "excerpt")) == neighbourhood.STEP


def test_a_part_of_the_evidence_shows_what_speaks_against_a_claim_too(dart):
    shown = neighbourhood.choose(dart.tables, View(("proposition/P17",)))
    assert {name for link in shown.links for name in link.names} >= {*claims.STANCES, "asserts"}


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: Path(study).name)
def test_neighbours_are_counted_and_listed_as_the_named_query_has_them(study):
    graph = kg.open(study)
    for key in some_of(graph.tables, 30):
        kind, _, identifier = key.partition("/")
        if kind in ("coder", "line"):
            continue
        rows = {}
        for row in graph.query("neighbours", id=identifier, kind=kind).dicts():
            rows.setdefault(row["neighbour_kind"], set()).add(row["neighbour"])
        counted = around.counted(graph.tables, kind, [identifier])[identifier]
        assert {k: n.total for k, n in counted.items() if k != "coder"} == {k: len(some) for k, some in rows.items()}
        for other, some in rows.items():
            listed = around.first(graph.tables, kind, identifier, other, 10**6)
            assert len(listed) == len({*listed})
            assert {*listed} == some
            assert around.first(graph.tables, kind, identifier, other, 2) == listed[:2]


def test_more_neighbours_are_shown_a_part_at_a_time_until_all_are(dart):
    view, seen = View(("proposition/P17",), ()), []
    for _ in range(9):
        shown = neighbourhood.choose(dart.tables, view)
        (near,) = [one for one in shown.records[0].near if one.kind == "excerpt"]
        seen.append(near.shown)
        if not near.further:
            break
        view = view._replace(shows=(Show("proposition/P17", "excerpt", near.further),))
    assert seen == [0, 6, 12, 18, 24, 28]


def test_what_is_hidden_stays_hidden_and_is_named(dart):
    whole = neighbourhood.choose(dart.tables, View(("proposition/P17",)))
    gone = keys(whole, "excerpt")[0]
    shown = neighbourhood.choose(dart.tables, View(("proposition/P17",), whole.view.shows, (gone,)))
    assert {*keys(whole)} - {*keys(shown)} == {gone}
    assert shown.names[gone].startswith("Among 249 managers")
    # What is begun with cannot be hidden, so that a picture is never empty.
    assert keys(neighbourhood.choose(dart.tables, View(("case/afu",), (), ("case/afu",)))) == ["case/afu"]


def test_what_came_by_a_record_goes_with_it(dart):
    view = View(("proposition/P17",), (Show("proposition/P17", "concept", 3), Show("concept/dialogue", "code", 6)))
    assert len(keys(neighbourhood.choose(dart.tables, view), "code")) == 6
    assert keys(neighbourhood.choose(dart.tables, view._replace(hidden=("concept/dialogue",))), "code") == []


def test_too_many_are_left_out_and_said(dart):
    sources = tuple(f"source/{k[1]}" for k in dart.tables.names if k[0] == "source")
    shown = neighbourhood.choose(dart.tables, View(sources, tuple(Show(key, "excerpt", 120) for key in sources)))
    assert len(shown.records) == neighbourhood.MOST
    assert shown.left_out > 50


def test_a_view_is_read_as_it_is_written(dart):
    shown = neighbourhood.choose(dart.tables, View(("proposition/P17",), None, (), (Pin("concept/dialogue", -40),)))
    assert tuple(neighbourhood.show(one.written) for one in shown.view.shows) == shown.view.shows
    assert tuple(neighbourhood.pin(one.written) for one in shown.view.pins) == shown.view.pins
    assert neighbourhood.choose(dart.tables, shown.view) == shown
    for text in (
        "",
        ">",
        "a/b>",
        "a/b>code",
        "a/b>code*",
        "a/b>code*-1",
        "a/b>code*9999999",
        "code*6",
        "a/b@",
        "a/b@x",
    ):
        assert neighbourhood.show(text) is None
        assert neighbourhood.pin(text) is None


def test_what_nobody_can_meet_is_left_out_of_the_view(dart):
    wishes = (Show("proposition/P17", "nonsense", 6), Show("code/none", "excerpt", 6))
    view = View(("proposition/P17",), wishes, ("code/none",), (Pin("code/none", 3),))
    shown = neighbourhood.choose(dart.tables, view)
    assert keys(shown) == ["proposition/P17"]
    assert shown.view.pins == ()


def test_an_evidence_line_and_a_coder_lead_to_what_they_join(dart):
    line = dart.tables.sql("SELECT id, claim FROM line WHERE status = 'active' ORDER BY id LIMIT 1")[0]
    shown = neighbourhood.choose(dart.tables, View((f"line/{line[0]}",)))
    assert f"proposition/{line[1]}" in keys(shown)
    assert keys(shown, "excerpt")
    assert len(keys(neighbourhood.choose(dart.tables, View(("coder/second",))), "excerpt")) == neighbourhood.STEP


# Where it stands.


@pytest.mark.parametrize("form", columns.FORMS)
@pytest.mark.parametrize("study", STUDIES, ids=lambda study: Path(study).name)
def test_no_picture_has_a_fault_wherever_it_begins(study, form):
    tables = kg.open(study).tables
    for key in some_of(tables, 1):
        for times in (0, 1):
            for language in ("en", "zh"):
                shown = neighbourhood.choose(tables, expanded(tables, View((key,)), times), language)
                placed = columns.place(shown, form, language)
                scene = columns.scene(shown, placed, language)
                assert measuring.of_scene(scene).faults() == [], (key, times, language)
                assert {box.name for box in scene.boxes} == {*keys(shown)}
                assert len(scene.edges) == len(shown.links)
                assert form == "columns" or placed.width <= columns.FORMS[form]
                assert all(card.height >= columns.LOWEST for card in placed.cards)


def drawn_kinds():
    return st.sampled_from([kind for kinds in columns.COLUMNS for kind in kinds])


@st.composite
def drawn(draw):
    """Draw any records, joined in any way, some of them pinned."""
    texts = st.text(alphabet="abc deé 透明性的保障，-", min_size=1, max_size=160) | st.just("unbroken" * 30)
    kinds = draw(st.lists(drawn_kinds(), min_size=1, max_size=40))
    records, links = [], {}
    for number, kind in enumerate(kinds):
        parent = draw(st.sampled_from(["", *(r.key for r in records)])) if records else ""
        records.append(Record(kind, f"{number}", draw(texts), draw(texts) if kind == "excerpt" else "", parent))
        if parent and draw(st.integers(0, 9)):
            links[parent, records[-1].key] = ("subject",)
    names = [r.key for r in records]
    for one, other in draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=40)):
        if one != other and (other, one) not in links:
            links[one, other] = (draw(st.sampled_from([*claims.STANCES, "coded", "cites"])),)
    pins = draw(st.dictionaries(st.sampled_from(names), st.integers(-900, 900), max_size=4))
    view = View(tuple(r.key for r in records if not r.parent), (), (), tuple(Pin(*pair) for pair in pins.items()))
    return Neighbourhood(
        view, tuple(records), tuple(neighbourhood.Link(*pair, some) for pair, some in sorted(links.items()))
    )


@settings(max_examples=examples(80))
@given(drawn(), st.sampled_from([*columns.FORMS]), st.sampled_from(["en", "zh"]))
def test_nothing_is_covered_or_crossed_whatever_is_shown_and_wherever_it_was_put(shown, form, language):
    scene = columns.scene(shown, columns.place(shown, form, language), language)
    assert measuring.of_scene(scene).faults() == []
    assert scene == columns.scene(shown, columns.place(shown, form, language), language)


def test_a_pinned_record_stays_where_it_was_put(dart):
    for y in (-300, 0, 420):
        view = View(("proposition/P17",), None, (), (Pin("concept/dialogue", y),))
        for times in (0, 1):
            placed = columns.place(neighbourhood.choose(dart.tables, expanded(dart.tables, view, times)))
            (card,) = [card for card in placed.cards if card.record.key == "concept/dialogue"]
            assert card.middle - placed.origin == pytest.approx(y, abs=1)


def test_the_record_to_begin_with_stays_where_it_is_when_more_is_shown(dart):
    for times in (0, 1, 2):
        view = expanded(dart.tables, View(("proposition/P17",)), times)
        placed = columns.place(neighbourhood.choose(dart.tables, view))
        (card,) = [card for card in placed.cards if card.record.key == "proposition/P17"]
        assert card.middle == pytest.approx(placed.origin, abs=2)


def test_quotes_are_read_and_not_cut_after_three_words(dart):
    for form in columns.FORMS:
        shown = neighbourhood.choose(dart.tables, View(("source/xiaomi",), (Show("source/xiaomi", "excerpt", 100),)))
        cards = [card for card in columns.place(shown, form).cards if card.record.kind == "excerpt"]
        whole = [card for card in cards if not card.lines[-1].endswith("…")]
        assert len(whole) > 0.95 * len(cards)
        assert all(len(" ".join(card.lines)) > 200 for card in cards if card not in whole)


@settings(max_examples=examples(10))
@given(made=strategies.files())
def test_any_study_is_explored_from_any_record(made, tmp_path_factory):
    folder = strategies.write(tmp_path_factory.mktemp("explored"), made)
    build.build(folder)
    tables = kg.open(folder).tables
    for key in some_of(tables, 2):
        shown = neighbourhood.choose(tables, expanded(tables, View((key,))))
        for form in columns.FORMS:
            assert measuring.of_scene(columns.scene(shown, columns.place(shown, form))).faults() == []
        drawing.in_file(columns.scene(shown, columns.place(shown)))


# What the server says.


@pytest.fixture(scope="module")
def app(dart):
    """Answer addresses as the app does, without a network."""
    from kg.browse import responses
    from kg.browse.study import BuiltStudy

    study = BuiltStudy(dart)

    def ask(form, query, path="explore", language="en"):
        import gzip

        answer = responses.respond(study, responses.Target(path, form, language, query))
        return answer.status, gzip.decompress(answer.body).decode()

    return ask


def test_the_picture_of_an_address_is_the_same_every_time_and_bounded(app):
    every = "&".join(f"of=source/{one}" for one in ("xiaomi", "haier", "afu", "literature", "abstract"))
    every += "".join(f"&show=source/{one}>excerpt*120" for one in ("xiaomi", "haier", "literature"))
    for query in ("of=proposition/P17", "q=what+supports+dialogue", every):
        status, text = app("columns", query)
        assert (status, text) == app("columns", query)
        made = json.loads(text)
        assert 0 < len(made["cards"]) <= neighbourhood.MOST
        assert len(text) < 400_000
    assert made["left_out"] > 0


def test_a_step_costs_the_server_little(dart):
    """A ratio, so that no machine is too slow: a picture costs no more than four answers, which take some milliseconds."""

    def least(call):
        call()
        taken = []
        for _ in range(5):
            began = time.process_time()
            call()
            taken.append(time.process_time() - began)
        return min(taken)

    view = expanded(dart.tables, View(("proposition/P17",)))
    answer = least(lambda: kg.open("dart").ask("what supports dialogue"))
    assert least(lambda: columns.place(neighbourhood.choose(dart.tables, view))) < 4 * answer


def test_records_are_found_by_id_by_name_in_both_languages_and_passages_by_their_words(app):
    for text, first in (("p17", "proposition/P17"), ("transparency", "concept/transparency"), ("透明性", "concept/transparency"),
                        ("haier", "case/haier"), ("Malaysian telecommunication", "excerpt/literature:5826-5979")):  # fmt: skip
        rows = json.loads(app("found", f"q={text}")[1])
        assert first in [row["key"] for row in rows][:3], text
    assert json.loads(app("found", "q=")[1]) == []
    assert json.loads(app("found", "q=%25_")[1]) == []


def test_an_address_that_begins_with_nothing_known_says_so(app):
    assert app("columns", "of=proposition/P88")[0] == 404
    status, text = app("html", "of=nonsense/P17")
    assert status == 404
    assert "nonsense" in text
    assert app("html", "of=proposition/P17&show=%00&hide=%3Cscript%3E&pin=x")[0] == 200


def test_the_page_without_scripts_lists_neighbours_with_links_for_every_step(app):
    text = app("html", "of=proposition/P17")[1]
    listed = text[text.index('<section id="list">') :]
    assert 'href="/proposition/P17"' in listed
    more = re.findall(r'href="(/explore\?[^"]*excerpt%2A12[^"]*)">more: excerpt 6 / 28<', listed)
    assert len(more) == 1
    step = more[0].replace("&amp;", "&").partition("?")[2]
    assert app("html", step)[1].count('class="excerpt"') == 12
    hide = re.findall(r'href="(/explore\?[^"]*hide=concept%2Fdialogue[^"]*)">Hide<', listed)
    after = app("html", hide[0].replace("&amp;", "&").partition("?")[2])[1]
    assert 'id="node-concept/dialogue"' not in after
    assert "Show again" in after


def test_before_a_record_is_chosen_there_are_some_to_begin_with(app):
    text = app("html", "")[1]
    assert text.index("P17") > 0
    for link in ("of=proposition%2FP17", "of=concept%2Fco-creation-stage", "of=case%2Fafu", "of=source%2Fxiaomi"):
        assert link in text
    assert "of=concept%2Ftransparency" in app("html", "find=transparency")[1]


# What a person does.


@pytest.fixture(scope="module")
def addresses(chromium, cache):
    """Serve every study."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield {study: stack.enter_context(browser.served(kg.open(study).folder)) for study in STUDIES}


def opened(page):
    page.wait_for_selector("#stage[data-drawn]:not([aria-busy])")
    return page


def after(page, act):
    """Do something, and wait for the picture that comes of it."""
    step = int(page.get_attribute("#stage", "data-step"))
    act()
    page.wait_for_selector(f"#stage[data-step='{step + 1}']:not([aria-busy])")
    return page


def shown_keys(page):
    return page.evaluate("[...document.querySelectorAll('#plane .node')].map(n => n.dataset.key)")


def card(page, key):
    return page.locator(f"#plane .node[data-key='{key}']")


def middle(page, key):
    box = card(page, key).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


_MEASURE = """
() => {
  const cy = document.getElementById("explorer").explored, zoom = cy.zoom(), pan = cy.pan(), stage = document.getElementById("stage").getBoundingClientRect();
  const boxes = {};
  for (const one of document.querySelectorAll("#plane .node")) { const r = one.getBoundingClientRect(); boxes[one.dataset.key] = [r.left, r.top, r.right, r.bottom]; }
  const texts = [];
  for (const one of document.querySelectorAll("#plane .node span.t, #plane .node .cap > span, #plane .node .cap b")) {
    const range = document.createRange(); range.selectNode([...one.childNodes].find(node => node.nodeType === 3));
    const r = range.getBoundingClientRect(), own = boxes[one.closest(".node").dataset.key];
    texts.push({ text: String(range), size: parseFloat(getComputedStyle(one).fontSize) * zoom, box: [r.left, r.top, r.right, r.bottom], own });
  }
  const screen = p => [p.x * zoom + pan.x + stage.left + 1, p.y * zoom + pan.y + stage.top + 1];
  const lines = cy.edges().map(edge => {
    const from = edge.sourceEndpoint(), to = edge.targetEndpoint(), bent = edge.data("bent");
    const turns = (bent ? edge.controlPoints() : edge.segmentPoints()) || [];
    const points = [];
    if (!bent) points.push(from, ...turns, to);
    else {
      const through = turns.slice(1).map((p, i) => ({ x: (p.x + turns[i].x) / 2, y: (p.y + turns[i].y) / 2 }));
      const starts = [from, ...through], ends = [...through, to];
      turns.forEach((c, i) => { for (let n = 0; n <= 8; n++) { const t = n / 8, s = 1 - t; points.push({ x: s*s*starts[i].x + 2*s*t*c.x + t*t*ends[i].x, y: s*s*starts[i].y + 2*s*t*c.y + t*t*ends[i].y }); } });
    }
    return { ends: [edge.data("source"), edge.data("target")], points: points.map(screen) };
  });
  return { boxes, texts, lines, sideways: document.documentElement.scrollWidth - innerWidth, zoom, stage: [stage.left, stage.top, stage.right, stage.bottom] };
}
"""


def settled(page):
    """Wait until nothing of the picture moves any more."""
    page.wait_for_function(
        """() => {
          const boxes = [...document.querySelectorAll('#stage, #plane .node')].map(one => one.getBoundingClientRect());
          const now = JSON.stringify(boxes), before = window.before;
          window.before = now;
          return now === before;
        }""",
        polling=200,
    )


def measured(page):
    """Return what is wrong with the picture as the browser has drawn it, and what was measured."""
    settled(page)
    got = page.evaluate(_MEASURE)
    faults = []
    faults += [f"{t['text']!r} has {t['size']:.1f} px" for t in got["texts"] if t["size"] < measuring.SMALLEST - 0.05]
    for line in got["lines"]:
        for key, box in got["boxes"].items():
            if key not in line["ends"] and any(measuring.crosses(a, b, box, 1) for a, b in pairwise(line["points"])):
                faults.append(f"{line['ends']} behind {key}")
    faults += [f"{a} over {b}" for a, b in measuring.overlapping([*got["boxes"].items()])]
    for text in got["texts"]:
        (left, top, right, bottom), own = text["box"], text["own"]
        if left < own[0] or right > own[2] + 1 or bottom > own[3] + 1 or top < own[1] - 1:
            faults.append(f"{text['text']!r} leaves its card")
    if got["sideways"] > 0:
        faults.append("it scrolls sideways")
    return faults, got


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("study", STUDIES, ids=lambda study: Path(study).name)
def test_pictures_of_every_study_are_read_at_every_width_in_both_themes(chromium, addresses, study, width, scheme):
    starts = [
        key
        for key in some_of(kg.open(study).tables, 1)
        if key.partition("/")[0] in ("proposition", "concept", "excerpt", "source")
    ]
    language = "/zh" if scheme == "dark" else ""
    with browser.Visit(
        chromium, addresses[study], viewport={"width": width, "height": 900}, color_scheme=scheme
    ) as visit:
        for key in starts:
            page = opened(visit.go(f"{language}/explore?of={key}"))
            assert page.get_attribute("#stage", "data-form") == WIDTHS[width]
            faults, got = measured(page)
            assert faults == [], key
            assert len(got["lines"]) >= len(got["boxes"]) - 1
            # What was begun with is in view.
            left, top, right, bottom = got["boxes"][key]
            assert left >= 0
            assert right <= width
            assert top >= got["stage"][1] - 1
            assert bottom <= got["stage"][3] + 1
            paper = page.evaluate("getComputedStyle(document.querySelector('#stage')).backgroundColor")
            assert paper == ("rgb(20, 24, 29)" if scheme == "dark" else "rgb(251, 250, 247)")
        assert visit.complaints == []
        assert visit.elsewhere() == []


def test_lines_take_the_colours_of_the_theme_also_when_it_changes(visit):
    page = opened(visit(color_scheme="light").go("/explore?of=proposition/P17"))
    colour = "document.getElementById('explorer').explored.edges(\"[stance='supports']\")[0].style('line-color')"
    assert page.evaluate(colour) == "rgb(27,110,60)"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => {colour} === 'rgb(123,211,155)'")


def test_kinds_and_their_numbers_are_seen_before_neighbours_are_shown_and_a_part_is_added(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=proposition/P17"))
    page.mouse.click(*middle(page, "proposition/P17"))
    row = page.locator("#panel .around li", has_text="excerpt")
    assert "6 / 28" in row.inner_text()
    assert "supports 18 · opposes 3 · qualifies 6 · asserts 1" in row.inner_text()
    after(page, row.locator("button", has_text="+6").click)
    assert sum(key.startswith("excerpt/") for key in shown_keys(page)) == 12
    assert "12 / 28" in row.inner_text()
    after(page, row.locator("button", has_text="all").click)
    assert sum(key.startswith("excerpt/") for key in shown_keys(page)) == 28
    assert measured(page)[0] == []
    after(page, row.locator("button", has_text="−").click)
    assert sum(key.startswith("excerpt/") for key in shown_keys(page)) == 0


def test_a_record_is_expanded_hidden_and_shown_again_undone_and_redone(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=proposition/P17"))
    first = shown_keys(page)
    after(page, lambda: page.mouse.dblclick(*middle(page, "concept/dialogue")))
    more = shown_keys(page)
    assert len(more) > len(first) + 5
    card(page, "concept/dialogue").focus()
    after(page, page.locator("#panel button", has_text="Hide").click)
    assert "concept/dialogue" not in shown_keys(page)
    assert page.inner_text("#away") == "1 hidden"
    assert "hide=concept/dialogue" in page.url
    after(page, lambda: page.click("#undo"))
    assert shown_keys(page) == more
    after(page, lambda: page.click("#undo"))
    assert shown_keys(page) == first
    assert page.is_disabled("#undo")
    after(page, lambda: page.click("#redo"))
    after(page, lambda: page.click("#redo"))
    assert "concept/dialogue" not in shown_keys(page)
    assert page.is_disabled("#redo")
    page.click("#away")
    after(page, page.locator("#panel button", has_text="Show again").click)
    assert "concept/dialogue" in shown_keys(page)


def test_an_address_that_was_sent_gives_the_same_picture(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=concept/transparency"))
    card(page, "concept/transparency").focus()
    after(page, lambda: page.keyboard.press("Enter"))
    card(page, "proposition/P18").focus()
    after(page, lambda: page.keyboard.press("Enter"))
    cards = page.evaluate("[...document.querySelectorAll('#plane .node')].map(n => [n.dataset.key, n.style.transform])")
    other = opened(
        visit(viewport={"width": 1440, "height": 900}).go(page.url.removeprefix(page.url.split("/explore")[0]))
    )
    assert (
        other.evaluate("[...document.querySelectorAll('#plane .node')].map(n => [n.dataset.key, n.style.transform])")
        == cards
    )
    assert (
        other.get_attribute(".languages a", "href")
        .partition("/zh")[2]
        .startswith("/explore?of=concept/transparency&show=")
    )
    # The steps are those of the browser, too.
    after(page, page.go_back)
    assert len(shown_keys(page)) < len(cards)
    page.reload()
    opened(page)
    assert len(shown_keys(page)) < len(cards)


def test_a_card_that_is_dragged_stays_and_lines_go_around_it(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=proposition/P17"))
    x, y = middle(page, "concept/dialogue")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y - 120, steps=6)
    after(page, page.mouse.up)
    assert re.search(r"pin=concept/dialogue@-?\d+", page.url)
    settled(page)
    assert abs(middle(page, "concept/dialogue")[0] - x) < 60
    expect(card(page, "concept/dialogue").locator(".pin")).to_have_count(1)
    assert measured(page)[0] == []
    place = page.evaluate("[...document.querySelectorAll('#plane .node')].map(n => n.style.transform)")
    page.reload()
    opened(page)
    assert page.evaluate("[...document.querySelectorAll('#plane .node')].map(n => n.style.transform)") == place
    card(page, "concept/dialogue").focus()
    after(page, lambda: page.keyboard.press("p"))
    assert "pin=" not in page.url


def test_records_are_added_from_the_search_box(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=proposition/P17"))
    page.fill("#find", "misstatement")
    page.wait_for_selector("#found a[href$='code%2Fmisstatement']")
    page.keyboard.press("ArrowDown")
    after(page, lambda: page.keyboard.press("Enter"))
    assert "of=proposition/P17&of=code/misstatement" in page.url
    assert page.evaluate("document.activeElement.dataset.key") == "code/misstatement"
    page.fill("#find", "zzzz")
    page.wait_for_selector("#found .none")
    assert page.inner_text("#found") == "Nothing has this name."
    page.keyboard.press("Escape")
    assert page.is_hidden("#found")


def test_exploring_begins_with_a_record_that_was_looked_for(visit):
    page = visit().go("/explore")
    page.fill("#find", "dialogue")
    page.click("#found a[href$='concept%2Fdialogue']")
    opened(page)
    assert page.inner_text("h1") == "dialogue"


def test_everything_is_done_by_keyboard(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=proposition/P17"))
    keys_of = shown_keys(page)
    card(page, keys_of[0]).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.key") == keys_of[1]
    card(page, "proposition/P17").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.key").startswith("concept/")
    page.keyboard.press("ArrowDown")
    beside = page.evaluate("document.activeElement.dataset.key")
    assert beside.startswith("concept/")
    expect(page.locator("#panel .kind")).to_contain_text("concept")
    after(page, lambda: page.keyboard.press("Enter"))
    assert len(shown_keys(page)) > len(keys_of)
    assert page.evaluate("document.activeElement.dataset.key") == beside
    after(page, lambda: page.keyboard.press("Delete"))
    assert beside not in shown_keys(page)
    assert page.evaluate("document.activeElement.dataset.key") in shown_keys(page)
    after(page, lambda: page.keyboard.press("Control+z"))
    assert beside in shown_keys(page)
    after(page, lambda: page.keyboard.press("Control+Shift+z"))
    assert beside not in shown_keys(page)
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    expect(page.locator("#keys")).to_contain_text("Delete")
    page.keyboard.press("Escape")
    assert page.is_hidden("#keys")
    before = page.evaluate("document.getElementById('explorer').explored.zoom()")
    page.keyboard.press("+")
    assert page.evaluate("document.getElementById('explorer').explored.zoom()") > before
    page.keyboard.press("f")
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.id") == "find"
    card(page, "proposition/P17").focus()
    page.keyboard.press("o")
    page.wait_for_url("**/proposition/P17")


def test_the_way_on_leads_to_the_page_of_the_record(visit):
    page = opened(visit().go("/explore?of=proposition/P17"))
    card(page, "concept/dialogue").focus()
    page.click("#panel a:has-text('Open its page')")
    page.wait_for_url("**/concept/dialogue")
    expect(page.locator("a[href='/explore?of=concept%2Fdialogue']")).to_have_count(1)


def test_the_whole_screen_is_used_and_given_back(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=proposition/P17"))
    before = page.locator("#stage").bounding_box()
    page.click("#whole")
    page.wait_for_selector("#explorer.whole")
    page.wait_for_function("least => document.querySelector('#stage').offsetHeight > least", arg=before["height"] + 80)
    page.click("#whole")
    page.wait_for_selector("#explorer:not(.whole)")


def test_a_line_says_what_it_joins(visit):
    page = opened(visit(viewport={"width": 1440, "height": 900}).go("/explore?of=proposition/P17"))
    page.evaluate("document.getElementById('explorer').explored.edges(\"[stance='opposes']\")[0].emit('tap')")
    expect(page.locator("#panel")).to_contain_text("opposes")
    expect(page.locator("#panel")).to_contain_text("Dialogue is the main line")


def test_fingers_choose_drag_and_pinch_and_find_every_button(chromium, site_of_dart):
    settings_ = {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    }
    with browser.Visit(chromium, site_of_dart, **settings_) as visit:
        page = opened(visit.go("/explore?of=proposition/P17"))
        key = "concept/dialogue"
        page.touchscreen.tap(*middle(page, key))
        page.wait_for_selector("#panel:not([hidden])")
        expect(card(page, key)).to_have_attribute("aria-pressed", "true")
        small = page.evaluate(
            "[...document.querySelectorAll('#buttons button, #panel button, #panel a, #plane .node, .find button, #find')].filter(b => b.offsetParent)"
            ".map(b => [b.id || b.textContent.slice(0, 20), b.getBoundingClientRect()]).filter(([, r]) => r.width < 43.5 || r.height < 43.5).map(([n, r]) => [n, r.width, r.height])"
        )
        assert small == []
        after(page, page.locator("#panel .around li", has_text="code").locator("button").first.tap)
        assert any(one.startswith("code/") for one in shown_keys(page))
        session = page.context.new_cdp_session(page)

        def touch(kind, *points):
            session.send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]},
            )

        page.locator("#panel .shut").tap()
        pan = page.evaluate("document.getElementById('explorer').explored.pan().y")
        touch("touchStart", (200, 700))
        for step in range(1, 7):
            touch("touchMove", (200, 700 - 30 * step))
        touch("touchEnd")
        page.wait_for_function("most => document.getElementById('explorer').explored.pan().y < most", arg=pan - 80)
        zoom = page.evaluate("document.getElementById('explorer').explored.zoom()")
        touch("touchStart", (150, 500), (250, 500))
        for step in range(1, 7):
            touch("touchMove", (150 - 12 * step, 500), (250 + 12 * step, 500))
        touch("touchEnd")
        page.wait_for_function("least => document.getElementById('explorer').explored.zoom() > least", arg=zoom * 1.2)
        assert visit.complaints == []


@pytest.mark.parametrize("path", ["/explore", "/explore?of=proposition/P17", "/zh/explore?of=concept/transparency"])
def test_exploring_has_no_serious_barrier(visit, path):
    page = visit(bypass_csp=True).go(path)
    if "of=" in path:
        opened(page)
        page.locator("#plane .node").first.focus()
        settled(page)
    # What is faded while another record is chosen is read when it is chosen itself.
    browser.has_no_barrier(page, exclude=[[".faint"]])


def test_a_picture_is_saved_as_png_and_svg(visit):
    page = opened(visit().go("/explore?of=proposition/P17"))
    with page.expect_download() as held:
        page.click("#png")
    assert held.value.path().read_bytes().startswith(b"\x89PNG")
    card(page, "concept/dialogue").focus()
    after(page, lambda: page.keyboard.press("Enter"))
    with page.expect_download() as held:
        page.click("#save a")
    text = held.value.path().read_text("utf-8")
    assert text.count("<title>") == len(shown_keys(page))


def test_pages_of_files_show_the_same_without_a_program(dart, tmp_path):
    from kg.browse import site

    site.write(dart, tmp_path, lambda *_: None)
    for name in ("explore.html", "zh/explore.html", "explore/proposition/P17.html"):
        text = (tmp_path / name).read_text("utf-8")
        assert 'class="scene chain"' in text
        assert "<script" not in text.replace('<script src="', "", 1) or "explore.js" not in text
        assert "explore?" not in text
    assert 'href="../../proposition/P17.html"' in text
    assert (tmp_path / "static" / "explore.css").exists()
    assert not (tmp_path / "static" / "explore.js").exists()
