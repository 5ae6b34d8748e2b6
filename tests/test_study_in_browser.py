"""A small study is made in the browser alone, from documents that are dropped: by mouse, by keys, by a finger at 390 px."""

from __future__ import annotations

import shutil
from types import MappingProxyType

import browser
import documents
import pytest
import yaml
from playwright.sync_api import expect
from test_coding_in_browser import drag, select
from test_dropping import dropped

import kg

pytestmark = pytest.mark.slow
PASSAGES = {"ann": "They thank me", "ben": "Nobody thanks us", "cara": "Thanks keep me"}
CLAIM = "Thanks lengthen staying."
KEYS = {"palette-code": "c"}


class Mouse:
    """A hand with a mouse."""

    settings = MappingProxyType({})

    def __init__(self, page):
        self.page = page

    def bring(self, files):
        dropped(self.page, files)

    def press(self, place):
        place.click()

    def mark(self, words):
        drag(self.page, words)


class Keys(Mouse):
    """A hand on the keyboard alone."""

    def bring(self, files):
        with self.page.expect_file_chooser() as chooser:
            self.press(self.page.locator("#documents input[type=file]"))
        chooser.value.set_files(files)

    def press(self, place):
        place.wait_for()
        # What the palette has is reached by the key that stands on it.
        if key := place.get_attribute("aria-keyshortcuts") or KEYS.get(place.get_attribute("id")):
            self.page.keyboard.press(key)
            return
        for _ in range(200):
            if place.evaluate("one => one === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            pytest.fail(f"no key leads to {place}")
        kind = place.evaluate("one => one.type")
        if kind not in ("text", "textarea"):
            self.page.keyboard.press("Space" if kind == "checkbox" else "Enter")

    def mark(self, words):
        self.page.keyboard.press("j")
        self.page.keyboard.press("ArrowRight")
        for _ in words.split()[1:]:
            self.page.keyboard.press("Shift+ArrowRight")
        assert self.page.inner_text("#palette-quote") == words


class Finger(Mouse):
    """A finger on a phone; the words are marked by what the phone itself has for that."""

    settings = MappingProxyType({"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True})

    def bring(self, files):
        with self.page.expect_file_chooser() as chooser:
            self.press(self.page.locator("#documents input[type=file]"))
        chooser.value.set_files(files)

    def press(self, place):
        place.tap()

    def mark(self, words):
        select(self.page, words)


@pytest.fixture
def files(tmp_path):
    """Return three documents, as people have them."""
    (folder := tmp_path / "documents").mkdir()
    (folder / "ben.txt").write_text("Nobody thanks us here. Two have left since.\n", "utf-8")
    (folder / "cara.srt").write_text("1\n00:00:01,000 --> 00:00:04,000\nThanks keep me going.\n", "utf-8")
    return [
        documents.docx(folder / "ann.docx", documents.p("They thank me every day.")),
        *sorted(folder.glob("*.[st]*")),
    ]


@pytest.mark.parametrize("how", [Mouse, Keys, Finger])
def test_a_study_is_made_of_three_documents_and_builds_elsewhere_to_the_same_graph(
    chromium, study, files, tmp_path, how
):
    kg.open(study)
    with browser.edited(study) as (address, begin), browser.Visit(chromium, address, **how.settings) as visit:
        page, hand = visit.page, how(visit.page)
        page.set_default_timeout(20_000)

        def edit(do, *words, path="/edit"):
            with page.expect_response(lambda r: r.url.endswith(path) and r.request.method == "POST") as told:
                do(*words)
            assert told.value.status == 200, told.value.text()
            return told.value.json()

        page.goto(address + begin)
        page.goto(address + "/sources")
        page.wait_for_selector("#editing:not([hidden])")
        told = edit(hand.bring, files, path="/edit/documents")
        assert [one["id"] for one in told["added"]] == [*PASSAGES]
        page.locator("#documents a.source").last.wait_for()

        page.goto(address + "/propositions")
        page.wait_for_selector("#editing:not([hidden])")
        hand.press(page.get_by_role("button", name="New claim"))
        form = page.locator("#proposition-form form")
        for name, text in (
            ("statement.en", CLAIM),
            ("subject", "thanks"),
            ("relation", "lengthens"),
            ("object", "staying"),
        ):
            hand.press(form.locator(f"[name='{name}']"))
            page.keyboard.type(text)
        hand.press(form.locator("[data-adds]"))
        edit(hand.press, form.get_by_role("button", name="Save"))
        page.locator("a.proposition", has_text="P3").wait_for()

        for source, words in PASSAGES.items():
            page.goto(f"{address}/source/{source}")
            page.wait_for_selector("body[data-coding=ready]")
            hand.mark(words)
            hand.press(page.locator("#palette-code"))
            page.keyboard.type("thanked")
            if how is Finger:
                told = edit(hand.press, page.locator("#palette-codes [role=option]").first)
            else:
                told = edit(page.keyboard.press, "Enter")
            assert told["passages"][0]["quote"] == words
        # On the last one, an evidence line as well.
        page.locator("mark", has_text=words).wait_for()
        if page.locator("#palette").is_hidden():
            hand.mark(words)
        hand.press(page.locator("[data-act=supports]"))
        page.locator("#palette-claim").wait_for()
        if how is Finger:
            hand.press(page.locator("#palette-claim"))
        page.keyboard.type("P3")
        if how is Finger:
            hand.press(page.locator("#palette-claims [role=option]").first)
        else:
            page.keyboard.press("Enter")
        if how is Keys:
            page.keyboard.press("s")
        else:
            hand.press(page.locator("[data-act=strong]"))
            hand.press(page.locator("#palette-reason"))
        page.keyboard.type("It is what keeps her.")
        told = (
            edit(page.keyboard.press, "Enter")
            if how is not Finger
            else edit(hand.press, page.locator("#palette form.evidence button.main"))
        )
        assert visit.complaints == []
        built = kg.open(study).digest
        page.goto(address + "/proposition/P3")
        page.locator(f"body[data-build='{built[:12]}']").wait_for()
        expect(page.locator("main").get_by_text(words)).not_to_have_count(0)
    records = yaml.safe_load((study / "propositions.yaml").read_text("utf-8"))["propositions"]
    assert records[-1]["statement"] == {"en": CLAIM}
    shutil.copytree(study, elsewhere := tmp_path / "elsewhere" / "study")
    assert kg.open(elsewhere).digest == built
