"""The pages of a claim and of a concept as a browser sets them: measured at three widths, opened, read aloud, printed."""

from __future__ import annotations

import contextlib
from pathlib import Path

import browser
import measuring
import pytest
from playwright.sync_api import expect
from test_butterfly import STUDIES

import kg
from kg import claims
from kg.browse import addresses, html
from kg.browse import butterfly as written
from kg.browse import sides as around
from kg.browse.fragments import Fragments
from kg.browse.study import BuiltStudy
from kg.picture import butterfly, sides
from kg.picture.butterfly import Butterfly, Group, Quote, Side
from kg.picture.theory import Claim, Named

WIDTHS = (1440, 768, 390)
MEASURE = """
() => {
  const root = document.querySelector(".butterfly, .sides"), texts = [], clips = new Map();
  const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width > 1;
  const box = (node) => { const r = node.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  // What is cut off by a box around it, as the third line of a quote, is not seen.
  const cut = (node, r) => {
    for (let at = node; at && at !== root; at = at.parentElement)
      if (getComputedStyle(at).overflow !== "visible") { const b = box(at); r = [Math.max(r[0], b[0]), Math.max(r[1], b[1]), Math.min(r[2], b[2]), Math.min(r[3], b[3])]; }
    return r;
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !shown(parent) || parent.closest(".hidden")) continue;
    const range = document.createRange(), size = parseFloat(getComputedStyle(parent).fontSize);
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const middle = (rect.top + rect.bottom) / 2, r = cut(parent, [rect.left, middle - size * .4, rect.right, middle + size * .4]);
      if (r[2] - r[0] > 1 && r[3] - r[1] > size * .5) texts.push({ node, text: node.data.trim().slice(0, 30), size, box: r });
    }
  }
  const boxes = [...root.querySelectorAll(".claim, .group, .quote, .pill, .other a, .concept-box, .near a")].filter(shown).map((node) => ({ node, box: box(node) }));
  const lines = [...root.querySelectorAll(".strand")].filter((node) => node.checkVisibility()).map((node) => {
    const length = node.getTotalLength(), matrix = node.getScreenCTM(), points = [];
    for (let at = 0; at <= 60; at++) { const p = node.getPointAtLength(length * at / 60).matrixTransform(matrix); points.push([p.x, p.y]); }
    return { points, group: node.closest(".group"), level: getComputedStyle(node).stroke };
  });
  const inside = ([x, y], b, by = 1) => x > b[0] + by && x < b[2] - by && y > b[1] + by && y < b[3] - by;
  const meets = (a, b) => a[0] < b[2] - 1 && b[0] < a[2] - 1 && a[1] < b[3] - 1 && b[1] < a[3] - 1;
  const overlaps = [];
  texts.forEach((one, at) => texts.slice(at + 1).forEach((other) => { if (one.node !== other.node && meets(one.box, other.box)) overlaps.push([one.text, other.text]); }));
  // A line begins at the edge of its group, or under the heading of a side, and ends, with its head, at the edge of the claim.
  const ending = [...boxes, ...[...root.querySelectorAll(".side h2")].map((node) => ({ box: box(node) }))];
  const loose = lines.filter((line) => {
    const ends = [line.points[0], line.points[60]];
    const wide = (b) => [b[0] - 10, b[1] - 10, b[2] + 10, b[3] + 10];
    return !ends.every((end) => ending.some(({ box }) => inside(end, wide(box), 0)));
  }).length;
  const frame = box(root);
  return {
    width: frame[2] - frame[0], height: frame[3] - frame[1], edges: lines.length, overlaps, loose,
    smallest: Math.min(...texts.map((t) => t.size)),
    behind: lines.filter((line) => boxes.some(({ box }) => line.points.some((p) => inside(p, box)))).length,
    through: lines.filter((line) => texts.some(({ box }) => line.points.some((p) => inside(p, box)))).length,
    outside: texts.filter((t) => t.box[0] < -1 || t.box[2] > innerWidth + 1).map((t) => t.text),
    in_view: texts.filter((t) => t.box[1] >= 0 && t.box[3] <= innerHeight).length / Math.max(texts.length, 1),
    sideways: document.documentElement.scrollWidth - innerWidth,
  };
}
"""
"""Measures a picture of HTML and lines; no box and no text is excused."""


def measured(page):
    found = page.evaluate(MEASURE)
    loose = found.pop("loose")
    assert loose == 0, "a line begins or ends nowhere"
    return measuring.Figures(
        **{**found, "overlaps": tuple(map(tuple, found["overlaps"])), "outside": tuple(found["outside"])}
    )


@pytest.fixture(params=STUDIES, ids=lambda study: Path(study).name)
def served(request, chromium):
    """Serve a study; give its graph and a window on it."""
    graph = kg.open(request.param)
    with browser.served(graph.folder) as address, browser.Visit(chromium, address) as visit:
        yield graph, visit


@pytest.fixture
def window(chromium, site_of_dart):
    """Open a window on the bundled study."""
    with contextlib.ExitStack() as opened:
        yield lambda **settings: opened.enter_context(browser.Visit(chromium, site_of_dart, **settings))


def test_the_picture_of_every_claim_and_concept_has_no_fault_at_any_width(served):
    graph, visit = served
    pages = [f"proposition/{row['claim']}" for row in graph.query("claims").dicts()]
    pages += [f"concept/{identifier}" for kind, identifier in graph.tables.names if kind == "concept"]
    for path in pages:
        page = visit.go(f"/{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            figures = measured(page)
            assert figures.faults() == [], (path, width)
            if width == WIDTHS[0] and path.startswith("proposition/"):
                claim = butterfly.of(graph.tables, path.partition("/")[2])
                form = butterfly.shape(claim)
                sides = [claim.sides[stance] for stance in ("supports", "opposes")]
                assert figures.edges == sum(len(side.groups) for side in sides) + bool(
                    claim.sides["qualifies"].number
                ), path
                # The heights of the style sheet are those from which the lines are computed.
                for side in sides:
                    places = butterfly.stack(side.groups, 2 if form.double == side.stance else 1)
                    found = page.evaluate(
                        "s => { const top = document.querySelector(`#${s}`).getBoundingClientRect().top; return"
                        " [...document.querySelectorAll(`#${s} > .group`)].map(g => g.getBoundingClientRect()).map(r => [r.top - top, r.height]) }",
                        side.stance,
                    )
                    assert found == [pytest.approx([place.top, place.height], abs=1) for place in places], path


STYLES = "<!doctype html>" + "".join(
    f"<style>{(html.assets() / name).read_text('utf-8')}</style>" for name in ("style.css", "map.css", "evidence.css")
)
"""The style sheets without the faces of the pages, as on a machine that could not fetch them."""


def made_up(number, stances, cases):
    """Return a claim with long quotes in Chinese and in words without a blank, from authors with long names."""
    words = (
        "在线互动创新平台让顾客参与新产品开发的每一个阶段，从创意到交付，“透明”是保障。" * 4,
        "Donaudampfschifffahrt" * 9,
        "a <b> & c " * 40,
    )
    quotes = [
        Quote(f"L{n}", f"s:{n}-9", words[n % 3], claims.STRENGTHS[n % 3], words[(n + 1) % 3], (("r", "中国国家标准化管理委员会与若干机构 (n.d.-aa)"), ("q", "x")), "s", "y", "pp. 120-134, 附录")
        for n in range(number)
    ]  # fmt: skip
    sides = {}
    for at, stance in enumerate(claims.STANCES):
        own = quotes[at :: len(claims.STANCES)] if stances == 3 else quotes if at < stances else []
        groups = [
            Group(stance, f"c{k}", f"案例 {'very long case ' * k}{k}", tuple(own[k::cases]), 2) for k in range(cases)
        ]
        sides[stance] = Side(stance, tuple(group for group in groups if group.quotes), 3)
    concept = Named("dialogue", "在线互动" * 9)
    return Butterfly(
        "P17" * 9,
        words[0],
        concept,
        Named("drives", "drives"),
        concept,
        "finding",
        None,
        words[2],
        "contested",
        dict.fromkeys(claims.STANCES, 99),
        sides,
        (),
    )


@pytest.mark.parametrize(
    ("number", "stances", "cases"), [(0, 3, 1), (1, 1, 1), (60, 3, 1), (60, 3, 5), (33, 1, 4), (40, 2, 9)]
)
def test_no_claim_is_too_large_nor_any_word_too_long(window, dart, number, stances, cases):
    claim = made_up(number, stances, cases)
    pieces = Fragments(BuiltStudy(dart), addresses.Served("en"))
    page = window(bypass_csp=True).page
    for drawn in (written.picture(pieces, claim), written.by_case(pieces, claim)):
        page.set_content(f"{STYLES}<main><section class=butterfly>{drawn}</section></main>")
        for width in (*WIDTHS, 1240, 1000, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert measured(page).faults() == [], width


@pytest.mark.parametrize(("acting", "acted"), [(0, 0), (1, 0), (7, 12), (24, 60)])
def test_no_concept_has_too_many_claims(window, dart, acting, acted):
    def side(number):
        others = [
            Named("dialogue", f"{'在线互动' * (n % 5)} customer-driven participation {n}")
            for n in range(1 + number // 3)
        ]
        tally = dict.fromkeys(claims.STANCES, 120)
        some = [
            (other, Claim(f"P{n}" * 3, "s", other, Named("drives", "drives"), other, None, "contested", tally, tally))
            for n in range(min(number, sides.MOST)) for other in [others[n % len(others)]]
        ]  # fmt: skip
        return sides.Side(tuple(sorted(some, key=lambda pair: (pair[0], pair[1].id))), number)

    near = tuple(Named("dialogue", "a") for n in range(acting % 5))
    concept = sides.Sides(
        Named("dialogue", "在线互动 dialogue"), side(acting), side(acted), ("P1",), near, near, near, (), (), ()
    )
    page = window(bypass_csp=True).page
    drawn = around.picture(Fragments(BuiltStudy(dart), addresses.Served("en")), concept)
    page.set_content(f"{STYLES}<main><section class=sides>{drawn}</section></main>")
    for width in (*WIDTHS, 1240, 1000, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert measured(page).faults() == [], width


def test_what_matters_is_in_view_when_the_page_is_there(window, dart):
    for row in dart.query("claims").dicts():
        claim = butterfly.of(dart.tables, row["claim"])
        page = window(viewport={"width": 1440, "height": 900}).go(f"/proposition/{row['claim']}")
        if sum(side.number for side in claim.sides.values()) <= 14:
            assert measured(page).in_view >= 0.95, row["claim"]
        bottoms = "s => [...document.querySelectorAll(s)].map(n => n.getBoundingClientRect().bottom)"
        assert max(page.evaluate(bottoms, "p.standing, .side h2 + .group .quote:first-child"), default=0) <= 900
    for size in ({"width": 768, "height": 900}, {"width": 390, "height": 844}):
        page = window(viewport=size).go("/proposition/P17")
        assert page.evaluate(bottoms, "p.standing")[0] <= size["height"]
        assert page.evaluate("document.querySelector('.group .quote').getBoundingClientRect().bottom") <= size["height"]


def test_a_quote_is_opened_in_place_and_no_line_is_left_in_the_air(window):
    page = window(viewport={"width": 1440, "height": 900}).go("/proposition/P17")
    quote = page.locator("#supports .quote").first
    before = quote.bounding_box()["height"]
    expect(quote.locator(".because")).to_be_hidden()
    quote.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(quote.locator(".because")).to_be_visible()
    assert quote.bounding_box()["height"] > before
    words = quote.locator(".words")
    assert words.evaluate("n => n.scrollHeight <= n.clientHeight + 1")
    expect(page.locator("#supports .edge").first).not_to_be_visible()
    expect(page.locator("#opposes .edge").first).to_be_visible()
    assert measured(page).faults() == []


def test_a_quote_leads_to_its_passage_and_its_reference(window):
    page = window().go("/proposition/P17")
    page.click("#opposes .quote .words a >> nth=0")
    assert "#excerpt-" in page.url
    page.go_back()
    page.click("#opposes .quote .origin a >> nth=0")
    assert "/reference/" in page.url


def test_the_other_view_has_an_address_and_no_other_view_is_there(window):
    opened = window(viewport={"width": 1440, "height": 900})
    page = opened.go("/proposition/P17")
    page.click(".views a:not([aria-current])")
    page.wait_for_load_state()
    browser.leads_to(page, "/proposition/P17?view=cases")
    expect(page.locator(".by-case tbody tr")).to_have_count(4)
    expect(page.locator(".by-case tbody tr >> nth=0")).to_contain_text("nothing")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert measured(page).faults() == [], width
    page.click(".languages a[hreflang=zh]")
    browser.leads_to(page, "/zh/proposition/P17?view=cases")
    answer = opened.page.goto(f"{opened.base}/proposition/P17?view=case")
    assert answer.status == 400
    page.click(".chips a:has-text('cases')")
    browser.leads_to(page, "/proposition/P17?view=cases")


def test_a_phone_has_three_buttons_and_no_lines(window):
    page = window(viewport={"width": 390, "height": 844}).go("/proposition/P17")
    assert page.locator(".jumps a").all_inner_texts() == ["For 18", "Against 3", "Qualifying 6"]
    page.click(".jumps .opposes")
    assert page.evaluate("document.querySelector('#opposes').getBoundingClientRect().top") < 100
    expect(page.locator(".edge:visible, .stem:visible")).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    [
        "/proposition/P17",
        "/zh/proposition/P17?view=cases",
        "/proposition/P22",
        "/concept/transparency",
        "/zh/concept/customer-participation",
    ],
)
def test_they_have_no_barriers(window, path):
    for width in (1440, 390):
        page = window(bypass_csp=True, viewport={"width": width, "height": 900}).go(path)
        page.evaluate("document.querySelectorAll('.wings details').forEach((one, at) => { one.open = at % 5 === 0 })")
        browser.has_no_barrier(page)


def test_a_print_shows_quotes_whole_and_no_buttons(window):
    page = window().go("/proposition/P17")
    page.emulate_media(media="print")
    expect(page.locator(".views:visible, .whole > summary:visible, .jumps:visible")).to_have_count(0)
    assert page.evaluate(
        "[...document.querySelectorAll('.quote .words')].every(n => n.scrollHeight <= n.clientHeight + 1)"
    )
