"""Passages are coded where they are read: what is selected, by mouse, keys and touch, and what two windows see."""

from __future__ import annotations

import re
from contextlib import contextmanager

import browser
import pytest
import yaml
from playwright.sync_api import expect

import kg
from kg import scaffold

pytestmark = pytest.mark.slow
ODD = """# Mixed signs

Plain words stand here, and the second sentence follows.

🤔🤔 The firm shows <its> costs; 👩‍👩‍👧 cafe\u0301 tables & more.

价格透明让顾客信任商家。第二句话在这里。

الشفافية تبني الثقة بين الناس.
"""


@pytest.fixture
def odd(study):
    """Return a study whose interview has signs of all kinds."""
    (study / "sources/odd.md").write_bytes(ODD.replace("stand here, and", "stand here,\r\nand").encode())
    file = study / "study.yaml"
    file.write_text(
        file.read_text("utf-8") + "  - {id: odd, file: sources/odd.md, title: Odd, role: case, case: kitchen}\n",
        "utf-8",
    )
    kg.open(study)
    return study


@contextmanager
def reading(chromium, folder, source, **settings):
    with browser.edited(folder) as (address, begin), browser.Visit(chromium, address, **settings) as visit:
        visit.page.goto(address + begin)
        visit.page.goto(f"{address}/source/{source}")
        visit.page.wait_for_selector("body[data-coding=ready]")
        yield visit
        assert [c for c in visit.complaints if "409" not in c] == []


def text_of(folder, source="odd"):
    return (folder / f"sources/{source}.md").read_bytes().decode()


def select(page, words, *, also=""):
    """Select words as a hand would, from the text node in which they begin; ``also`` ends the selection elsewhere."""
    page.evaluate(
        """([words, also]) => {
          const find = (text) => {
            const walk = document.createTreeWalker(document.querySelector('.reader'), NodeFilter.SHOW_TEXT);
            for (let node; (node = walk.nextNode());) {
              const at = node.data.indexOf(text);
              if (at >= 0) return [node, at, at + text.length];
            }
          };
          const first = find(words), last = also ? find(also) : first, range = document.createRange();
          range.setStart(first[0], first[1]);
          range.setEnd(last[0], last[2]);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [words, also],
    )
    page.wait_for_selector("#palette:not([hidden])")


def stored(folder, source):
    """Return the passages of a source as its codings have them, with their codes."""
    found = {}
    for file in sorted((folder / "codings").glob("*.yaml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        if content["source"] == source:
            for one in content["excerpts"]:
                found.setdefault(one["quote"], set()).update(one.get("codes", ()))
    return found


def give(page, code):
    """Give the code that is typed; the answer of the server is waited for."""
    page.keyboard.press("c")
    page.keyboard.type(code)
    with page.expect_response(lambda r: r.url.endswith("/edit")) as told:
        page.keyboard.press("Enter")
    return told.value.json()


@pytest.mark.parametrize(
    ("selected", "also", "expected"),
    [
        ("lain wor", "", "Plain words"),
        (" words ", "", "words"),
        ("stand here", "and the sec", None),
        ("he firm shows", "", "The firm shows"),
        ("<its> costs", "", "its> costs"),
        ("cafe", "", "cafe\u0301"),
        ("价格透明", "", "价格透明"),
        ("الشفافية", "", "الشفافية"),
        ("second sentence follows.", "🤔🤔 The firm", "second sentence follows.\n\n🤔🤔 The firm"),
    ],
)
def test_a_selection_is_whole_words_of_the_source_at_its_very_place(chromium, odd, selected, also, expected):
    with reading(chromium, odd, "odd") as visit:
        select(visit.page, selected, also=also)
        told = give(visit.page, "belonging")
        (passage,) = told["passages"]
        text = text_of(odd)
        assert text[passage["start"] : passage["end"]] == passage["quote"]
        assert not re.search(r"\w$", text[: passage["start"]]) or not passage["quote"][0].isascii()
        if expected:
            assert passage["quote"].strip("<>") == expected.strip("<>")


def test_a_selection_across_highlights_and_beside_the_margin_has_no_word_of_the_margin(chromium, built):
    with reading(chromium, built, "interview") as visit:
        select(visit.page, "that is why I come back.", also="Two of us left")
        told = give(visit.page, "belonging")
        assert told.get("error") or "Friday" not in told["passages"][0]["quote"]
        visit.page.keyboard.press("Escape")
        select(visit.page, "went well", also="Weekly feedback")
        quote = visit.page.inner_text("#palette-quote")
        assert "Weekly" not in quote
        assert quote.startswith("went well")


def drag(page, words):
    """Draw the mouse over words of a source; the palette stands beside them then."""
    browser.draw(page, words)
    page.wait_for_selector("#palette:not([hidden])")


def test_by_mouse_a_passage_takes_at_most_8_actions_and_its_evidence_line_8_more(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        actions = 0
        drag(page, "know my name")
        actions += 1
        give(page, "re")
        actions += 4  # c, two letters, Enter
        assert actions <= 8
        page.wait_for_selector("mark[data-passages*='-']:has-text('know my name')")
        drag(page, "know my name")
        for key in ("2", "P", "2", "Enter", "w"):
            page.keyboard.press(key)
        page.keyboard.type("It is one voice.")
        with page.expect_response(lambda r: r.url.endswith("/edit")) as told:
            page.keyboard.press("Enter")
        assert 1 + 5 + 1 <= 8
        lines = [line for one in told.value.json()["passages"][0]["entries"] for line in one["evidence"]]
        assert [(one["claim"], one["stance"], one["strength"]) for one in lines] == [("P2", "opposes", "weak")]
        page.locator(".margin").get_by_text("P2").first.wait_for()
    assert stored(built, "interview")["know my name"] == {"recognition"}


def missing(page, field, words):
    """Expect that a field of the palette says what is missing, to eye and ear, and has the focus."""
    told = page.locator("#palette-wrong")
    expect(told).to_contain_text(words)
    expect(told).to_have_attribute("role", "alert")
    expect(page.locator(field)).to_be_focused()
    expect(page.locator(field)).to_have_attribute("aria-describedby", "palette-wrong")


def test_the_palette_says_at_its_field_what_is_missing_and_keeps_what_was_typed(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        drag(page, "know my name")
        page.keyboard.press("1")
        page.keyboard.type("P99")
        page.keyboard.press("Enter")
        missing(page, "#palette-claim", "P99")
        expect(page.locator("#palette-claim")).to_have_value("P99")
        page.locator("#palette-reason").fill("She says so.")
        page.keyboard.press("Enter")
        missing(page, "#palette-claim", "P99")
        page.locator("#palette-claim").fill("P2")
        expect(page.locator("#palette-wrong")).to_be_hidden()
        page.locator("#palette .evidence button.main").click()
        missing(page, "#palette [data-act=strong]", "strongly")
        page.locator("#palette-reason").fill(" ")
        page.keyboard.press("Enter")
        missing(page, "#palette [data-act=strong]", "strongly")
        page.keyboard.press("w")
        page.keyboard.press("Enter")
        missing(page, "#palette-reason", "why")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.locator("#palette .memo button.main").click()
        missing(page, "#palette-memo", "memo")
        assert "know my name" not in stored(built, "interview")


def test_a_claim_that_was_taken_and_then_written_over_is_not_what_is_stored(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        drag(page, "know my name")
        for key in ("1", "P", "1", "Enter", "w"):
            page.keyboard.press(key)
        page.keyboard.type("It is one voice.")
        page.locator("#palette-claim").fill("P2")
        with page.expect_response(lambda r: r.url.endswith("/edit")) as told:
            page.locator("#palette .evidence button.main").click()
        lines = [line for one in told.value.json()["passages"][0]["entries"] for line in one["evidence"]]
        assert [one["claim"] for one in lines] == ["P2"]


def test_in_a_study_without_codes_and_claims_the_palette_says_what_to_do(chromium, tmp_path):
    study = tmp_path / "new"
    scaffold.init(study, empty=True)
    (study / "sources").mkdir(exist_ok=True)
    (study / "sources/talk.txt").write_text("We came back every Saturday.\n", "utf-8")
    file = study / "study.yaml"
    listed = "sources:\n  - {id: talk, file: sources/talk.txt, title: Talk, role: case}\n"
    text = re.sub(r"(?m)^sources:.*\n", listed, file.read_text("utf-8"))
    coders = "coders:\n  - {id: me, name: Me, kind: person}\n"
    file.write_text(re.sub(r"(?m)^coders:.*\n", coders, text), "utf-8")
    kg.open(study)
    with reading(chromium, study, "talk") as visit:
        page = visit.page
        drag(page, "every Saturday")
        page.keyboard.press("c")
        page.keyboard.press("Enter")
        missing(page, "#palette-code", "name of the code")
        page.keyboard.press("Escape")
        drag(page, "every Saturday")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        missing(page, "#palette-claim", "no claims yet")


def test_what_the_server_refuses_is_told_in_the_palette_with_what_was_typed(chromium, built):
    file = built / "propositions.yaml"
    text = file.read_text("utf-8")
    # The claim goes while the reason is being typed.
    found = [text, text.replace("id: P2", "id: P7")]
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        page.route("**/edit", lambda route: (file.write_text(found.pop(), "utf-8"), route.continue_()))
        # A page that is open already sends the first request past a route, if the machine is busy.
        page.reload()
        page.wait_for_selector("body[data-coding=ready]")
        drag(page, "know my name")
        page.keyboard.press("2")
        page.keyboard.type("P2")
        page.keyboard.press("Enter")
        page.keyboard.press("w")
        page.keyboard.type("It is one voice.")
        page.keyboard.press("Enter")
        expect(page.locator("#palette-wrong")).to_contain_text("P2")
        expect(page.locator("#palette-reason")).to_have_value("It is one voice.")
        expect(page.locator("#palette [data-act=weak]")).to_have_attribute("aria-pressed", "true")
        page.locator("#palette-reason").focus()
        with page.expect_response(lambda r: r.url.endswith("/edit")) as told:
            page.keyboard.press("Enter")
        assert told.value.status == 200, told.value.text()


@pytest.mark.parametrize(("width", "height"), [(1280, 600), (740, 360)])
def test_the_form_of_evidence_fits_a_short_window_and_scrolls_inside(chromium, built, width, height):
    with reading(chromium, built, "interview", viewport={"width": width, "height": height}) as visit:
        page = visit.page
        page.locator(".reader .text", has_text="Two of us left").evaluate("one => one.scrollIntoView({block: 'end'})")
        select(page, "Two of us left")
        page.click("[data-act=supports]")
        # Without a scroll by anybody, and with the words still to be seen.
        for field in ("#palette", "#palette-reason", "#palette .evidence button.main"):
            if field != "#palette":
                page.locator(field).focus()
            page.wait_for_function(
                """field => {
                  const [one, all] = [field, '#palette'].map((name) => document.querySelector(name).getBoundingClientRect());
                  const words = getSelection().getRangeAt(0).getBoundingClientRect();
                  return one.top >= all.top && one.bottom <= all.bottom && all.top >= 0 && all.bottom <= innerHeight && words.top >= 0;
                }""",
                arg=field,
            )


def test_by_keyboard_alone_a_passage_is_coded_widened_and_undone(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        for key in ("j", "j", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
            page.keyboard.press(key)
        assert page.inner_text("#palette-quote") == "Two of us"
        # What only a stored passage has is not offered.
        expect(page.locator("[data-act=remove]")).to_be_hidden()
        told = give(page, "a kind of its own")
        assert told["passages"][0]["entries"][0]["codes"] == ["a-kind-of-its-own"]
        page.wait_for_selector("mark:has-text('Two of us')")
        # The last code again on other words.
        for key in ("j", "ArrowRight", "Shift+ArrowRight"):
            page.keyboard.press(key)
        with page.expect_response(lambda r: r.url.endswith("/edit")):
            page.keyboard.press(".")
        assert "a-kind-of-its-own" in str(stored(built, "interview")["The guests"])
        with page.expect_response(lambda r: r.url.endswith("/edit/undo")):
            page.keyboard.press("z")
        assert "The guests" not in stored(built, "interview")


def test_a_memo_of_words_without_a_code_is_stored_and_shown_with_them(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        drag(page, "know my name")
        page.keyboard.press("n")
        page.keyboard.type("Ask her what changed.")
        with page.expect_response(lambda r: r.url.endswith("/edit")) as told:
            page.locator("#palette .memo button.main").click()
        assert told.value.status == 200
        assert "Ask her what changed." in (built / "codings/interview.yaml").read_text("utf-8")
        page.click("mark:text-is('know my name')")
        expect(page.locator("#palette .given")).to_contain_text("Ask her what changed.")
        page.keyboard.press("n")
        expect(page.locator("#palette-memo")).to_have_value("Ask her what changed.")


def test_a_stored_passage_is_found_by_a_click_and_shortened_split_and_removed(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        page.get_by_text("The guests know my name by now", exact=False).first.click()
        page.wait_for_selector("#palette:not([hidden])")
        page.keyboard.press("e")
        select(page, "guests know my name by now")
        with page.expect_response(lambda r: r.url.endswith("/edit")) as told:
            page.click("[data-act=take]")
        assert told.value.json()["passages"][0]["quote"] == "guests know my name by now"
        page.wait_for_selector("mark:text-is('guests know my name by now')")
        page.click("mark:text-is('guests know my name by now')")
        page.click("[data-act=split]")
        select(page, "by now")
        with page.expect_response(lambda r: r.url.endswith("/edit")):
            page.click("[data-act=take]")
        page.wait_for_selector("mark:text-is('guests know my name')")
        assert {"guests know my name", "by now"} <= stored(built, "interview").keys()
        page.click("mark:text-is('by now')")
        with page.expect_response(lambda r: r.url.endswith("/edit")):
            page.click("[data-act=remove]")
        assert "by now" not in stored(built, "interview")


def test_by_touch_at_390_px_the_palette_is_at_the_bottom_and_takes_no_focus(chromium, built):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with reading(chromium, built, "interview", **phone) as visit:
        page = visit.page
        select(page, "know my name")
        box = page.locator("#palette").bounding_box()
        assert round(box["y"] + box["height"]) == 844
        assert page.evaluate("document.activeElement.id") != "palette-code"
        page.tap("#palette-code")
        page.keyboard.type("recog")
        with page.expect_response(lambda r: r.url.endswith("/edit")):
            page.tap("#palette-codes [role=option]")
        assert stored(built, "interview")["know my name"] == {"recognition"}


def test_single_keys_can_be_turned_off_and_every_action_is_a_button(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        page.keyboard.press("?")
        page.locator("[data-act=single]").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(page.locator("#palette")).to_be_hidden()
        select(page, "know my name")
        page.keyboard.press("c")
        assert page.evaluate("document.activeElement.id") != "palette-code"
        page.click("[data-act=supports]")
        expect(page.locator("#palette form.evidence")).to_be_visible()


def test_two_windows_see_each_other(chromium, built):
    with reading(chromium, built, "interview") as visit:
        other = visit.context.new_page()
        other.goto(visit.page.url)
        other.wait_for_selector("body[data-coding=ready]")
        select(visit.page, "know my name")
        give(visit.page, "belonging")
        other.wait_for_selector("mark:text-is('know my name')")
        other.click("mark:text-is('know my name')")
        expect(other.locator("#palette .given")).to_contain_text("Belonging")


def test_a_new_page_of_the_study_leaves_the_palette_in_which_a_code_is_being_typed(chromium, built):
    with reading(chromium, built, "interview") as visit:
        page = visit.page
        drag(page, "know my name")
        page.keyboard.press("c")
        page.keyboard.type("rec")
        before = page.get_attribute("body", "data-build")
        file = built / "codebook.yaml"
        file.write_text(file.read_text("utf-8").replace("{en: Belonging}", "{en: Being known}"), "utf-8")
        page.wait_for_function("was => document.body.dataset.build !== was", arg=before)
        expect(page.locator("#palette-code:focus")).to_have_value("rec")
        with page.expect_response(lambda r: r.url.endswith("/edit")):
            page.keyboard.press("Enter")
        assert stored(built, "interview")["know my name"] == {"recognition"}


def test_blind_the_codings_of_others_are_hidden_until_the_source_was_read_whole(chromium, built):
    file = built / "study.yaml"
    file.write_text(file.read_text("utf-8").replace("cases:\n", "  - {id: other, name: Another}\ncases:\n", 1), "utf-8")
    kg.open(built)
    with reading(chromium, built, "interview") as visit:
        page, base = visit.page, visit.base
        page.evaluate(
            "import('/static/edit.js').then((road) => fetch('/edit/session').then((a) => a.json()).then((s) => fetch('/edit/who', {method: 'POST', body: JSON.stringify({coder: 'other'}), headers: {'Content-Type': 'application/json', 'X-KG-Token': s.token}})))"
        )
        page.reload()
        page.wait_for_selector("body[data-coding=ready]")
        expect(page.locator(".reader mark")).not_to_have_count(0)
        with page.expect_navigation():
            page.locator("[data-act=blind]").check()
        page.wait_for_selector("body[data-coding=ready]")
        expect(page.locator(".reader mark")).to_have_count(0)
        for path in (
            "/",
            "/codes",
            "/proposition/P1",
            "/ask?q=feedback",
            "/matrix",
            "/source/interview.ttl",
            "/sparql",
        ):
            assert page.request.get(base + path).status == 403, path
        with page.expect_navigation():
            page.click("[data-act=finish]")
        expect(page.locator(".reader mark")).not_to_have_count(0)
        visit.complaints.clear()


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_that_edit_have_no_serious_barrier(chromium, built, width):
    with reading(chromium, built, "interview", viewport={"width": width, "height": 900}, bypass_csp=True) as visit:
        page = visit.page
        select(page, "know my name")
        for key in ("", "c", "1"):
            page.keyboard.press("Escape") if key == "1" else None
            if key == "1":
                select(page, "name by now")
            page.keyboard.press(key) if key else None
            page.evaluate(browser.AXE)
            found = page.evaluate("axe.run()")["violations"]
            assert [
                (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")
            ] == []
        visit.complaints.clear()
