"""The map of the theory in a real browser: read at every width, in both themes and languages, by eye, hand and ear."""

from __future__ import annotations

import shutil

import browser
import measuring
import pytest
from playwright.sync_api import expect

import kg
from kg import paths
from kg.picture import typeset

WIDTHS = {1440: 900, 1280: 800, 768: 1024, 390: 844}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/zh/", "/picture", "/picture?case=haier", "/picture?of=concept/transparency"])
def test_the_map_has_no_fault_at_any_width_in_either_theme(visit, path, width):
    page = visit(viewport={"width": width, "height": WIDTHS[width]}).go(path)
    page.evaluate("document.fonts.ready")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        figures = measuring.of_page(page, ".map")
        assert figures.faults() == [], scheme
    if width > 700:
        assert figures.edges > 0
    if width == 1440 and path != "/picture?case=haier":
        lanes = measuring.of_page(page, ".lanes.wide")
        assert lanes.in_view >= 0.95
    if width == 390:
        first = page.locator(".map .card").first.bounding_box()
        assert first["y"] + first["height"] < WIDTHS[width]


@pytest.mark.parametrize("path", ["/picture", "/zh/picture"])
def test_texts_are_as_wide_in_the_browser_as_they_were_computed(visit, path):
    page = visit(viewport={"width": 1440, "height": 900}).go(path)
    page.evaluate("document.fonts.ready")
    texts = page.locator(".lanes.wide text").evaluate_all(
        "all => all.map(t => [t.textContent, parseFloat(getComputedStyle(t).fontSize), Number(getComputedStyle(t).fontWeight), t.getComputedTextLength()])"
    )
    assert len(texts) > 100
    for text, size, weight, wide in texts:
        computed = typeset.width(text, size, weight=int(weight))
        assert 0.94 * computed - 1 < wide < 1.02 * computed + 0.5, text


def test_every_claim_is_a_link_in_the_order_of_the_rows(visit):
    page = visit(viewport={"width": 1440, "height": 900}).go("/picture")
    claims = page.locator(".lanes.wide a.row")
    assert claims.count() == 23
    tops = claims.evaluate_all("all => all.map(a => a.querySelector('rect.reach').getBoundingClientRect().top)")
    assert tops == sorted(tops)
    page.locator(".lanes.wide a").first.focus()
    reached = []
    for _ in range(60):
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
        page.keyboard.press("Tab")
    rows = [href for href in reached if href and "/proposition/" in href]
    assert rows == claims.evaluate_all("all => all.map(a => a.getAttribute('href'))")
    (spoken,) = claims.evaluate_all(
        "all => all.map(a => a.querySelector('title').textContent).filter(t => t.startsWith('P17:'))"
    )
    assert spoken == "P17: dialogue plays the role of main line; contested; 18 for, 3 against, 6 qualifying"
    claims.nth(0).click()
    assert "/proposition/P16" in page.url


def opacity(page, selector):
    return page.locator(selector).evaluate_all("all => all.map(a => getComputedStyle(a).opacity)")


def test_a_row_lifts_with_its_two_concepts(visit):
    page = visit(viewport={"width": 1440, "height": 900}).go("/picture")
    for lift in (lambda row: row.hover(), lambda row: (page.mouse.move(0, 0), page.keyboard.press("Tab"), row.focus())):
        lift(page.locator(".lanes.wide a.row[href$='P17']"))
        assert opacity(page, ".lanes.wide a.row[href$='P17']") == ["1"]
        assert set(opacity(page, ".lanes.wide a.row:not([href$='P17'])")) == {"0.35"}
        lit = page.locator(".lanes.wide a.concept").evaluate_all(
            "all => all.filter(a => getComputedStyle(a).opacity === '1').map(a => a.querySelector('title').textContent)"
        )
        assert lit == ["dialogue", "main line"]


def test_the_style_sheet_lifts_the_concepts_of_as_many_rows_as_are_shown():
    from kg.browse import html
    from kg.picture import map as lanes

    text = (html.assets() / "map.css").read_text("utf-8")
    for number in range(2 * lanes.MOST):
        assert f".scene:has(.n{number}:is(:hover, :focus-visible)) .b{number}" in text


def test_the_first_page_names_the_contested_claims_and_asks_three_questions(visit):
    page = visit(viewport={"width": 1440, "height": 900}).go("/")
    assert page.inner_text("h1") == "8 of 23 claims are contested"
    expect(page.locator(".contested a")).to_have_count(8)
    for question in page.locator(".asked a").all_inner_texts():
        answer = visit().go(f"/ask?q={question.replace(' ', '+')}")
        assert "nothing" not in answer.inner_text("h1").lower()
        assert answer.locator("main .claims li, main .named li, main .lines li").count() > 0
    expect(page.locator(".asked a")).to_have_count(3)
    expect(page.locator("main input[type=search]")).to_have_count(0)


def test_only_free_exploring_loads_the_library_that_moves(visit):
    for path in ("/", "/picture", "/proposition/P18", "/concept/transparency"):
        opened = visit()
        opened.go(path)
        assert [url for url in opened.asked if "cytoscape" in url] == []
    opened = visit()
    opened.go("/explore?of=proposition/P18").wait_for_selector("#stage[data-drawn]")
    assert [url for url in opened.asked if url.endswith("cytoscape.min.js")]


def test_evidence_is_chosen_in_one_line_and_the_address_says_it(visit):
    page = visit(viewport={"width": 1440, "height": 900}, java_script_enabled=False).go("/picture")
    assert page.inner_text(".filter summary").startswith("case: all · stance: all")
    page.click(".filter summary")
    page.check(".filter input[value=haier]")
    page.click(".filter button")
    browser.leads_to(page, "/picture?case=haier")
    assert page.inner_text(".filter summary").startswith("case: Haier")
    spoken = page.locator(".lanes.wide a.row[href$='P17'] title").text_content()
    assert spoken.endswith("6 for, 1 against, 2 qualifying")


def test_what_the_map_cannot_show_is_said(visit):
    for path, words in (
        ("/picture?of=code/misstatement", "/explore?of=code/misstatement"),
        ("/picture?case=haire", "haier"),
        ("/picture?stage=no", "stage"),
        ("/picture?of=concept/transparence", "transparency"),
    ):
        page = visit().go(path)
        assert words in page.inner_text("main"), path


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """Give the address of a study of more claims than are read at once."""
    folder = tmp_path_factory.mktemp("crowded") / "study"
    shutil.copytree(paths.shipped("seeds") / "template", folder)
    with (folder / "concepts.yaml").open("r+", encoding="utf-8") as file:
        text = file.read()
        more = [
            f"  - {{id: c{n}, label: {{en: concept number {n}}}, definition: One of many, source: This study}}\n"
            for n in range(30)
        ]
        file.seek(0)
        file.write(text.replace("relations:\n", "".join(more) + "relations:\n"))
    with (folder / "propositions.yaml").open("r+", encoding="utf-8") as file:
        text = file.read()
        more = [
            f"  - {{id: X{n}, statement: {{en: Claim {n}}}, subject: c{n % 30}, relation: lengthens, object: c{(n * 7 + 1) % 30}"
            + (", stage: pay}\n" if n % 3 else "}\n")
            for n in range(98)
        ]
        file.seek(0)
        file.write(text.replace("searches:\n", "".join(more) + "searches:\n"))
    kg.open(folder)
    with browser.served(folder) as address:
        yield address


def test_of_more_claims_than_are_read_at_once_a_stage_or_a_concept_is_chosen_first(chromium, crowded):
    with browser.Visit(chromium, crowded, viewport={"width": 1440, "height": 900}) as opened:
        for path in ("/", "/picture"):
            page = opened.go(path)
            expect(page.locator("main")).to_contain_text("100 claims")
            expect(page.locator(".map")).to_have_count(0)
            assert page.locator(".choose a").count() == 2 + 33
        page.click(".choose a:has-text('any stage')")
        page.wait_for_load_state()
        browser.leads_to(page, "/picture?stage=-")
        expect(page.locator(".lanes.wide a.row")).to_have_count(35)
        assert measuring.of_page(page, ".map").faults() == []
        opened.go("/picture?stage=pay")
        # Sixty-five are too many still: as many as are read are shown, and how many there are is said.
        expect(page.locator(".lanes.wide a.row")).to_have_count(60)
        expect(page.locator("h1")).to_contain_text("60 / 100")
        opened.go("/picture?of=concept/c1")
        assert 2 < page.locator(".lanes.wide a.row").count() < 10


@pytest.mark.parametrize("width", [1440, 600])
def test_on_paper_the_map_is_the_narrow_one_without_what_only_a_screen_needs(visit, width):
    page = visit(viewport={"width": width, "height": 900}).go("/picture")
    page.emulate_media(media="print")
    assert page.is_visible(".lanes.narrow svg")
    for only in (".lanes.wide svg", ".cards", ".filter", ".ways"):
        assert page.is_hidden(only), only


def test_the_pages_of_files_have_the_map_too(dart, tmp_path):
    from kg.browse import site

    site.write(dart, tmp_path, lambda *_: None)
    for name in ("index.html", "picture.html", "zh/picture.html"):
        text = (tmp_path / name).read_text("utf-8")
        assert text.count('class="scene lanes"') == 2
        assert text.count("<title>P17") == 2
    assert not list((tmp_path / "static").glob("*cytoscape*"))
