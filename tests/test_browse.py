"""What a person does in the web app, in a real browser: ask, read, follow, filter, come back."""

from __future__ import annotations

import re

import browser
import pytest
from playwright.sync_api import expect

QUESTION = "/ask?q=what+supports+dialogue"
KINDS = {
    "first": "/", "answer": QUESTION, "proposition": "/proposition/P18", "concept": "/concept/transparency",
    "relation": "/relation/drives", "code": "/code/misstatement", "case": "/case/afu", "source": "/source/xiaomi?at=3896-4000",
    "reference": "/reference/timeweekly2013afu", "coder": "/coder/second", "line": "/line/line-134d74caf6", "question": "/question/Q01",
    "search": "/search/S01", "author": "/author/prahalad-c-k", "authors": "/authors", "cases": "/cases", "coders": "/coders", "references": "/references?q=value&sort=cited", "style": "/style", "reader": "/coder/reader", "passage": "/source/afu?at=5521-5662", "field": "/matrix?focus=P18", "no page": "/claimz", "nothing found": "/search?q=zzzz", "claims": "/propositions", "codes": "/codes", "sources": "/sources", "ontology": "/ontology", "matrix": "/matrix",
    "gaps": "/gaps", "agreement": "/agreement", "compared": "/source/xiaomi?coder=dart-kg&coder=second", "search page": "/search?q=guarantee", "sparql": "/sparql?q=ASK+%7B%7D", "picture": "/picture?q=what+supports+transparency", "explore": "/explore?q=what+supports+transparency",
    "error": "/proposition/nope", "Chinese": "/zh/proposition/P18",
}  # fmt: skip
"""One page of every kind."""


def in_view(page, selector):
    return page.evaluate(
        "s => { const r = document.querySelector(s).getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.height > 0 }",
        selector,
    )


def test_from_a_question_to_the_highlighted_passage_and_its_reference_in_three_clicks(visit):
    page = visit().go("/")
    page.fill("#q", "what supports dialogue")
    page.click("form.question button")  # one
    assert page.inner_text("h1").startswith("23 evidence lines support P17")
    expect(page.locator("h1")).to_contain_text("3 oppose, 6 qualify")
    page.click(".line.opposes blockquote footer a[href*='at=3896-4000'] >> nth=0")  # two
    page.wait_for_load_state()
    browser.leads_to(page, "/source/xiaomi?at=3896-4000#excerpt-3896-4000")
    marked = page.locator("mark.chosen").all_inner_texts()
    assert "".join(marked).startswith("Xiaomi asked Twitter followers to choose")
    assert in_view(page, "mark.chosen")
    heights = "all => all.map(a => a.getBoundingClientRect().height)"
    assert min(page.eval_on_selector_all(".margin a", heights)) >= 24  # as WCAG 2.2 AA has it of what is no sentence
    page.click(".margin li.chosen a.reference")  # three: it stands beside the passage
    assert "Android" in page.input_value(".cite textarea")
    page.go_back()
    page.go_back()
    browser.leads_to(page, "/ask?q=what+supports+dialogue")
    expect(page.locator("#q")).to_have_value("what supports dialogue")


def test_the_citation_is_copied(visit):
    page = visit().go("/reference/timeweekly2013afu")
    page.click("main button.copy")
    page.wait_for_function("document.querySelector('main button.copy').textContent.includes('✓')")
    assert page.evaluate("navigator.clipboard.readText()") == page.input_value("main .cite textarea")


def test_questions_are_suggested_as_one_types_in_both_languages(visit):
    page = visit().go("/")
    for typed, expected in (("what opposes trans", "what opposes transparency"), ("什么支持透", "什么支持透明性")):
        page.fill("#q", typed)
        page.wait_for_function(
            "e => [...document.querySelectorAll('#suggested option')].some(o => o.value === e)", arg=expected
        )


def test_filters_combine_stand_in_the_address_and_can_be_taken_back(visit):
    page = visit().go(QUESTION)
    page.check("input[name=case][value=xiaomi]")
    page.wait_for_url("**case=xiaomi**")
    counts = dict(
        zip(
            *[iter(re.findall(r"supports|opposes|qualifies|\d+", page.inner_text("fieldset:has(input[name=stance])")))]
            * 2,
            strict=True,
        )
    )
    page.check("input[name=stance][value=opposes]")
    page.wait_for_url("**stance=opposes**")
    assert page.locator(".line").count() == int(counts["opposes"]) == 1
    expect(page.locator(".line:not(.opposes)")).to_have_count(0)
    page.goto(page.url + "&case=afu&stance=qualifies")
    page.go_back()
    page.goto(
        page.url.replace("case=xiaomi", "case=haier")
        .replace("case=afu", "case=haier")
        .replace("opposes", "opposes&coder=second")
    )
    expect(page.locator(".evidence")).to_contain_text("No evidence line has all that is chosen")
    page.click(".none a")
    page.wait_for_load_state()
    expect(page.locator(".line")).to_have_count(25)


def test_a_long_list_has_pages(visit):
    page = visit().go("/coder/dart-kg?stance=supports")
    expect(page.locator(".line")).to_have_count(25)
    page.click(".evidence .pages a[rel=next]")
    page.wait_for_url("**page=2**")
    assert "stance=supports" in page.url
    page.click(".evidence .pages a[rel=next]")
    page.wait_for_url("**page=3**")
    expect(page.locator(".line")).to_have_count(25)


def test_the_language_is_switched_and_stays(visit):
    page = visit().go("/proposition/P18")
    page.click(".languages a")
    browser.leads_to(page, "/zh/proposition/P18")
    assert page.get_attribute("html", "lang") == "zh"
    expect(page.locator("h1")).to_contain_text("透明性")
    page.click(".says a >> nth=0")
    assert "/zh/concept/" in page.url
    page.fill("#q", "什么支持透明度")
    page.click("header button")
    expect(page.locator("h1")).to_contain_text("条证据支持P18")


def test_everything_is_reached_by_keyboard(visit):
    page = visit().go("/propositions")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("what opposes transparency")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?**")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.line blockquote footer a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/source/**")
    assert in_view(page, "mark.chosen")


def test_pages_are_read_without_scripts(visit):
    page = visit(java_script_enabled=False).go(QUESTION)
    page.click(".line blockquote footer a >> nth=0")
    page.wait_for_load_state()
    assert page.locator("mark.chosen").count() > 0
    page.go_back()
    page.check("input[name=stance][value=opposes]")
    page.click(".facets button")
    page.wait_for_load_state()
    expect(page.locator(".line")).to_have_count(3)
    expect(page.locator(".line.opposes")).to_have_count(3)
    page.goto(page.url.split("/ask")[0] + "/explore?q=what+supports+transparency")
    assert page.locator("#picture svg .node").count() == page.locator("#list li[id^=node-]").count() > 10


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_page_has_a_serious_barrier(visit, kind):
    page = visit(bypass_csp=True).go(KINDS[kind])
    if kind == "explore":
        page.wait_for_selector("#stage[data-drawn]")
    browser.has_no_barrier(page)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_page_is_wider_than_the_window(visit, kind):
    page = visit(viewport={"width": 320, "height": 800}).go(KINDS[kind])
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_the_page_prints_without_the_tools(visit):
    page = visit().go(QUESTION)
    page.emulate_media(media="print")
    assert not page.is_visible(".facets")
    assert not page.is_visible(".menu")
    assert page.is_visible(".line blockquote")
