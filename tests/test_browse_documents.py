"""A person on the page of a document in a real browser: from a question to the words on the printed page, and back."""

from __future__ import annotations

import io
import re

import browser
import pytest
from papers import QUOTES, SOURCE, with_paper
from playwright.sync_api import expect

import kg
from kg import scaffold
from kg.store import passages

QUOTE = "Praise without an event was remembered by nobody."


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    folder = tmp_path_factory.mktemp("document") / "study"
    scaffold.init(folder)
    return kg.open(with_paper(folder))


@pytest.fixture(scope="module")
def site_of_paper(paper):
    with browser.served(paper.folder) as address:
        yield address


@pytest.fixture
def open_page(chromium, site_of_paper):
    """Open a window; nothing may be asked for elsewhere, and nothing complained of."""
    opened = []

    def open_(path, **settings):
        opened.append(browser.Visit(chromium, site_of_paper, **settings))
        return opened[-1].go(path)

    yield open_
    for one in opened:
        assert one.elsewhere() == []
        assert one.complaints == []
        one.close()


def address(paper, words):
    (passage,) = [p for p in passages.of_source(paper.tables, SOURCE).values() if p.quote == words]
    span = f"{passage.start}-{passage.end}"
    return f"/source/{SOURCE}?at={span}#excerpt-{span}"


def drawn(page, number):
    """Wait until the picture of a page is there, and bring it into view."""
    sheet = page.locator(f"#leaf-{number} .paper")
    sheet.scroll_into_view_if_needed()
    page.wait_for_function(
        "n => { const i = document.querySelector(`#leaf-${n} img`); return i.complete && i.naturalWidth > 0 }",
        arg=number,
    )
    return sheet


def ink_of(picture):
    """Return the left, top, right and bottom edge of what is dark in a part of a window, and how much of it is."""
    from PIL import Image

    grey = Image.open(io.BytesIO(picture)).convert("L")
    dark = grey.point(lambda shade: 255 if shade < 110 else 0)
    return dark.getbbox(), dark.histogram()[255] / (dark.width * dark.height)


def test_the_box_is_round_the_words_on_the_picture_of_the_page(open_page, paper):
    """Measured in the window: in the boxes stands ink, and it is that of one line of words; around them is none."""
    page = open_page(address(paper, QUOTE), viewport={"width": 1440, "height": 1000}, bypass_csp=True)
    # Without the colours of the boxes only ink is dark.
    page.add_style_tag(content=".paper svg { opacity: 0 }")
    for number in (4, 5):
        sheet = drawn(page, number)
        box = page.locator(f"#leaf-{number} .box.chosen rect").bounding_box()
        paper_box = sheet.bounding_box()
        assert paper_box["x"] < box["x"] < box["x"] + box["width"] < paper_box["x"] + paper_box["width"]
        height = box["height"]
        inside = page.screenshot(clip=box)
        edges, part = ink_of(inside)
        assert edges is not None
        assert part > 0.08  # letters, as in any line of print
        assert edges[0] <= 4  # from the first letter to the last
        assert edges[2] >= box["width"] - 5
        # Between the lines, just above and below, there is nearly nothing.
        for y in (box["y"] - 0.3 * height, box["y"] + 1.1 * height):
            between = {**box, "y": y, "height": 0.2 * height}
            assert ink_of(page.screenshot(clip=between))[1] < 0.04
    # The first part ends its line, and the second begins one.
    for number, edge in ((4, "right"), (5, "left")):
        sheet = page.locator(f"#leaf-{number} .paper").bounding_box()
        page.locator(f"#leaf-{number} .paper").scroll_into_view_if_needed()
        sheet, box = (page.locator(f"#leaf-{number} {one}").bounding_box() for one in (".paper", ".box.chosen rect"))
        scale = sheet["width"] / 396
        position = box["x"] + box["width"] if edge == "right" else box["x"]
        assert (position - sheet["x"]) / scale == pytest.approx(52 + 292 if edge == "right" else 52, abs=3)


def test_from_a_question_to_the_words_on_the_page_to_their_reference_in_three_clicks_and_back(open_page):
    page = open_page("/")
    page.fill("#q", "what supports feedback")
    page.click("form.question button")  # one
    page.click(f"blockquote:has-text('Praise without an event') footer a[href*='{SOURCE}?at='] >> nth=0")  # two
    here = page.url
    assert "#excerpt-" in here
    chosen = page.locator("mark.chosen").first
    assert chosen.evaluate("m => { const r = m.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }")
    box = page.locator("#leaf-4 .box.chosen")
    expect(box).to_have_count(1)
    link = page.locator(".margin li.chosen a.reference")
    assert link.evaluate("a => { const r = a.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }")
    link.click()  # three
    browser.leads_to(page, "/reference/ilvesoo2021")
    # And back: the reference, the passage, its box, the passage again.
    page.click("blockquote:has-text('Praise without an event') footer a >> nth=0")
    assert page.url == here
    drawn(page, 4)
    page.locator("#leaf-4 .box.chosen").click()
    assert page.url == here


def test_without_scripts_pages_are_turned_by_links(open_page, paper):
    page = open_page(address(paper, QUOTE), java_script_enabled=False)
    page.click("#leaf-4 a[rel=next]")
    browser.leads_to(page, "#leaf-5")
    page.click("#leaf-5 a[rel=prev]")
    browser.leads_to(page, "#leaf-4")
    page.click(".leaflets summary")
    page.click(".leaflets a:has-text('114')")
    browser.leads_to(page, "#leaf-3")
    top = page.locator("#leaf-3").bounding_box()["y"]
    assert -2 <= top < 40
    page.click("#leaf-3 figcaption a[href='#page-3']")
    browser.leads_to(page, "#page-3")


def test_on_a_phone_the_page_stands_below_its_passage_and_others_come_by_their_marks(open_page, paper):
    page = open_page(address(paper, QUOTE), viewport={"width": 390, "height": 844})
    visible = "[...document.querySelectorAll('.sheet')].filter(s => s.offsetHeight).map(s => s.id)"
    assert page.evaluate(visible) == ["leaf-4", "leaf-5"]
    passage = page.locator("mark.chosen").last.bounding_box()
    sheet = page.locator("#leaf-4").bounding_box()
    assert 0 < sheet["y"] - passage["y"] < 500
    assert sheet["x"] + sheet["width"] <= 390
    page.click("#page-2")
    assert page.evaluate(visible) == ["leaf-2", "leaf-4", "leaf-5"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_boxes_are_reached_by_keyboard_and_say_which_words_they_hold(open_page, paper):
    page = open_page(address(paper, QUOTE))
    box = page.locator("#leaf-4 .box.chosen")
    box.focus()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"“{QUOTE}”"
    page.keyboard.press("Enter")
    assert re.search(r"#excerpt-\d+-\d+$", page.url)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_of_a_document_has_no_serious_barrier(open_page, paper, width):
    browser.has_no_barrier(open_page(address(paper, QUOTE), bypass_csp=True, viewport={"width": width, "height": 900}))


def test_every_passage_of_the_example_has_its_boxes_in_view_of_its_page(open_page, paper):
    page = open_page(f"/source/{SOURCE}", viewport={"width": 1440, "height": 1000})
    for words, labels in QUOTES.items():
        span = re.search(r"at=(\d+-\d+)", address(paper, words))[1]
        sheets = page.evaluate(
            "span => [...document.querySelectorAll(`.box[data-passages='${span}']`)].map(b => b.closest('.sheet').id)",
            span,
        )
        assert sheets == [f"leaf-{int(label) - 111}" for label in labels]
