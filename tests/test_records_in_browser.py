"""Codes, claims and sources are edited where they are listed, and what waits for somebody is worked off on one page."""

from __future__ import annotations

from contextlib import contextmanager

import browser
import pytest
import yaml
from playwright.sync_api import expect

import kg
from kg import editing, moving

pytestmark = pytest.mark.slow
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@contextmanager
def editor(chromium, folder, path, **settings):
    """Open a page of a study that is edited, with nothing to complain of but what was refused."""
    with browser.edited(folder) as (address, begin), browser.Visit(chromium, address, **settings) as visit:
        visit.page.set_default_timeout(12_000)
        visit.page.goto(address + begin)
        visit.page.goto(address + path)
        visit.page.wait_for_selector("#editing:not([hidden])", timeout=15000)
        yield visit.page
        assert [c for c in visit.complaints if "409" not in c] == []
        assert visit.elsewhere() == []


@contextmanager
def edit(page, path="/edit"):
    """Wait for the answer of the server to what is done."""
    with page.expect_response(lambda r: r.url.endswith(path) and r.request.method == "POST") as told:
        yield told


def row(page, identifier):
    return page.locator(f"[data-record='{identifier}']")


def records(folder, file, key):
    content = yaml.safe_load((folder / f"{file}.yaml").read_text("utf-8"))
    return {one["id"]: one for one in content.get(key) or ()}


def codes(folder):
    return records(folder, "codebook", "codes")


def rename(page, code):
    row(page, code).get_by_role("button", name="Rename").click()
    page.wait_for_selector(".busy input:focus")


def barriers(page):
    page.evaluate(browser.AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


def wide(page):
    """Return how much wider the page is than the window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


# ---- The codebook


def test_a_code_is_renamed_where_it_stands(chromium, built):
    with editor(chromium, built, "/codes") as page:
        rename(page, "belonging")
        page.keyboard.type("Being known")
        with edit(page):
            page.keyboard.press("Enter")
        page.locator("a.code", has_text="Being known").wait_for()
        assert codes(built)["belonging"]["label"] == {"en": "Being known"}
        with edit(page, "/edit/undo"):
            page.locator("[data-does=undo]").click()
        page.locator("a.code", has_text="Belonging").wait_for()
        # What was begun and given up changes nothing.
        rename(page, "belonging")
        page.keyboard.type("Something else")
        page.keyboard.press("Escape")
        expect(row(page, "belonging").locator("input")).to_have_count(0)
        assert codes(built)["belonging"]["label"] == {"en": "Belonging"}


def test_a_new_page_of_the_study_does_not_take_a_name_that_is_being_typed(chromium, built):
    with editor(chromium, built, "/codes") as page:
        rename(page, "belonging")
        page.keyboard.type("Half a na")
        file = built / "codebook.yaml"
        file.write_text(file.read_text("utf-8").replace("{en: Recognition}", "{en: Being seen}"), "utf-8")
        before = page.get_attribute("body", "data-build")
        page.wait_for_timeout(2500)
        expect(page.locator(".busy input")).to_have_value("Half a na")
        page.keyboard.press("Escape")
        page.wait_for_function("was => document.body.dataset.build !== was", arg=before)
        page.locator("a.code", has_text="Being seen").wait_for()


def test_the_definition_and_the_id_of_a_code_are_edited_in_one_form(chromium, built):
    with editor(chromium, built, "/codes") as page:
        row(page, "weekly-feedback").get_by_role("button", name="Edit").click()
        form = page.locator("#code-form form")
        form.wait_for()
        expect(form.get_by_label("definition")).to_have_value("Feedback at a fixed time of the week.")
        expect(form.get_by_label("below")).to_have_value("recognition")
        form.get_by_label("definition").fill("Feedback each week.\nBy whomever.")
        form.get_by_label("name in Chinese").fill("每周反馈")
        form.get_by_label("id", exact=False).last.wait_for()
        form.locator("[name=id]").fill("each-week")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        page.wait_for_selector("#code-form", state="hidden")
        code = codes(built)["each-week"]
        assert code["definition"] == "Feedback each week.\nBy whomever."
        assert code["label"] == {"en": "Weekly feedback", "zh": "每周反馈"}
        assert "each-week" in (built / "codings/interview.yaml").read_text("utf-8")


def test_a_form_says_what_is_refused_and_keeps_what_was_typed(chromium, built):
    with editor(chromium, built, "/codes") as page:
        page.get_by_role("button", name="New code").click()
        form = page.locator("#code-form form")
        form.get_by_label("name in English").fill("Thanks")
        form.locator("[name=id]").fill("belonging")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        form.get_by_text("the code 'belonging' is there already").wait_for()
        expect(form.get_by_label("name in English")).to_have_value("Thanks")
        form.locator("[name=id]").fill("")
        form.get_by_label("below").select_option("recognition")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        row(page, "thanks").wait_for()
        assert codes(built)["thanks"] == {
            "id": "thanks",
            "level": "open",
            "label": {"en": "Thanks"},
            "broader": "recognition",
        }


def test_what_was_changed_meanwhile_is_not_overwritten_by_a_form(chromium, built):
    with editor(chromium, built, "/codes") as page:
        row(page, "belonging").get_by_role("button", name="Edit").click()
        form = page.locator("#code-form form")
        form.wait_for()
        file = built / "codebook.yaml"
        file.write_text(file.read_text("utf-8").replace("Being known by the guests.", "Known by guests."), "utf-8")
        form.get_by_label("definition").fill("Mine")
        with edit(page) as told:
            form.get_by_role("button", name="Save").click()
        assert told.value.status == 409
        form.get_by_text("Known by guests.", exact=False).wait_for()
        assert codes(built)["belonging"]["definition"].startswith("Known by guests.")


def test_a_code_is_dragged_below_another_and_to_the_top(chromium, built):
    with editor(chromium, built, "/codes") as page:
        with edit(page):
            row(page, "belonging").locator(".about").drag_to(row(page, "recognition").locator(".about"))
        assert codes(built)["belonging"]["broader"] == "recognition"
        page.locator("[data-record=belonging] .depth1").wait_for()
        with edit(page):
            row(page, "belonging").locator(".about").drag_to(page.locator("[data-drop='']"))
        assert "broader" not in codes(built)["belonging"]
        # A code cannot come below what stands below it.
        with edit(page) as told:
            row(page, "recognition").locator(".about").drag_to(row(page, "weekly-feedback").locator(".about"))
        assert told.value.status == 409
        expect(page.locator(".told")).to_be_visible()


def test_a_code_is_moved_by_keys_below_the_one_before_it_and_up_again(chromium, built):
    with editor(chromium, built, "/codes") as page:
        assert page.locator("li[data-depth]").evaluate_all("all => all.map(one => one.dataset.record)") == [
            "belonging",
            "recognition",
            "weekly-feedback",
        ]
        row(page, "recognition").get_by_role("button", name="Edit").focus()
        with edit(page):
            page.keyboard.press("Alt+Shift+ArrowRight")
        assert codes(built)["recognition"]["broader"] == "belonging"
        page.locator("[data-record=recognition] .depth1").wait_for()
        # The hand stays on the code, and what is below it moved with it.
        page.locator("[data-record=recognition] [data-do=edit]:focus").wait_for()
        expect(row(page, "weekly-feedback")).to_have_attribute("data-depth", "2")
        row(page, "weekly-feedback").get_by_role("button", name="Rename").focus()
        with edit(page):
            page.keyboard.press("Alt+Shift+ArrowLeft")
        assert codes(built)["weekly-feedback"]["broader"] == "belonging"
        page.locator("[data-record=weekly-feedback] [data-do=rename]:focus").wait_for()
        page.locator("[data-record=weekly-feedback] .depth1").wait_for()
        with edit(page):
            page.keyboard.press("Alt+Shift+ArrowLeft")
        assert "broader" not in codes(built)["weekly-feedback"]


def test_an_edit_that_waits_for_a_build_says_so_and_is_made_after_it(chromium, built):
    with editor(chromium, built, "/codes") as page:
        status = page.locator("#editing [role=status]")
        with edit(page) as told, moving.lock(built):  # as a build holds it
            row(page, "belonging").locator(".about").drag_to(row(page, "recognition").locator(".about"))
            status.get_by_text("while the study is built, it waits").wait_for()
        assert told.value.status == 200
        status.get_by_text("code belonging: broader").wait_for()


def test_a_merge_says_what_it_changes_before_it_is_done(chromium, built):
    with editor(chromium, built, "/codes") as page:
        before = {p: p.read_bytes() for p in built.rglob("*.yaml")}
        row(page, "belonging").get_by_role("button", name="Merge").click()
        form = page.locator("#merge-form form")
        button = form.get_by_role("button", name="Merge")
        expect(button).to_be_disabled()
        with edit(page, "/edit/preview"):
            form.get_by_label("into").select_option("recognition")
        told = form.locator(".preview")
        told.get_by_text("1 place in 1 file").wait_for()
        assert "codings/interview.yaml" in told.inner_text()
        assert {p: p.read_bytes() for p in before} == before
        with edit(page):
            button.click()
        row(page, "belonging").wait_for(state="detached")
        assert "belonging" not in codes(built)
        assert "belonging" not in (built / "codings/interview.yaml").read_text("utf-8")


def test_a_code_in_use_is_not_retired_and_an_unused_one_is(chromium, built):
    file = built / "codebook.yaml"
    file.write_text(file.read_text("utf-8") + "  - {id: idle, level: open, label: {en: Idle}}\n", "utf-8")
    kg.open(built)
    with editor(chromium, built, "/codes") as page:
        with edit(page):
            row(page, "belonging").get_by_role("button", name="Retire").click()
        page.locator(".told").get_by_text("is in use", exact=False).wait_for()
        with edit(page):
            row(page, "idle").get_by_role("button", name="Retire").click()
        row(page, "idle").wait_for(state="detached")
        assert sorted(codes(built)) == ["belonging", "recognition", "weekly-feedback"]


# ---- What waits


@pytest.fixture
def waits(study):
    """Return a study with one of each that waits: two coders who differ, a passage to confirm, an edited source."""
    codings = study / "codings/interview.yaml"
    text = codings.read_text("utf-8").replace("The guests know my name by now", "The guests knew my name by now")
    codings.write_text(
        text.replace("    codes: [belonging]", "    unconfirmed: of an import\n    codes: [belonging]"), "utf-8"
    )
    listing = study / "study.yaml"
    text = listing.read_text("utf-8").replace("coders:\n", "coders:\n  - {id: ann, name: Ann}\n")
    listing.write_text("".join(one for one in text.splitlines(keepends=True) if "sha256: 85c9" not in one), "utf-8")
    (study / "readings").mkdir()
    (study / "readings/interview.yaml").write_text(
        "source: interview\ncoder: ann\ndate: 2026-11-25\nreadings:\n"
        "  - {line: line-b8e5950a4d, stance: qualifies, strength: weak, reason: One voice.}\n",
        "utf-8",
    )
    kg.open(study)
    return study


def waiting(page, title):
    return page.locator("section.gap").filter(has=page.locator("h2", has_text=title))


def test_a_passage_is_confirmed_by_the_button_of_its_nearest_place(chromium, waits):
    with editor(chromium, waits, "/waiting") as page:
        part = waiting(page, "Passages to confirm")
        part.get_by_text("interview:3").wait_for()
        choose(page, "The coder")
        with edit(page):
            part.get_by_role("button", name="take").first.click()
        part.get_by_text("Nothing waits here.").wait_for()
        text = (waits / "codings/interview.yaml").read_text("utf-8")
        assert "unconfirmed" not in text
        assert "The guests know my name by now" in text
        with edit(page):
            waiting(page, "What can be mended").get_by_role("button", name="Mend").click()
        assert "sha256: 85c9" in (waits / "study.yaml").read_text("utf-8")


def choose(page, name):
    page.locator("[data-does=who]").click()
    page.locator("#who").get_by_role("radio", name=name, exact=True).check()
    with page.expect_response(lambda r: r.url.endswith("/edit/who")):
        page.get_by_role("button", name="Choose", exact=True).click()
    page.wait_for_selector("#who", state="hidden")
    page.locator("[data-does=who]", has_text=name).wait_for()


def test_a_dispute_is_settled_where_it_waits_and_the_line_counts_again(chromium, waits):
    with editor(chromium, waits, "/waiting") as page:
        choose(page, "The coder")
        part = waiting(page, "Coders differ")
        part.get_by_role("button", name="Settle").click()
        form = page.locator("#reading-form form")
        form.get_by_label("stance").select_option("supports")
        form.get_by_label("strength").select_option("moderate")
        form.get_by_label("because").fill("Both of us read it again.")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        part.get_by_text("Nothing waits here.").wait_for()
        settled = yaml.safe_load((waits / "readings/interview-settled.yaml").read_text("utf-8"))
        assert (settled["coder"], settled["readings"]) == (
            "me",
            [
                {
                    "line": "line-b8e5950a4d",
                    "stance": "supports",
                    "strength": "moderate",
                    "settles": True,
                    "reason": "Both of us read it again.",
                }
            ],
        )


def test_a_coder_judges_the_lines_of_others_that_were_not_read(chromium, waits):
    with editor(chromium, waits, "/waiting") as page:
        choose(page, "Ann")
        part = waiting(page, "Evidence lines that you have not read")
        part.get_by_text("line-9a21dd3463").wait_for()
        expect(part.get_by_text("line-b8e5950a4d")).to_have_count(0)
        part.get_by_role("button", name="Judge").click()
        form = page.locator("#reading-form form")
        form.get_by_label("stance").select_option("irrelevant")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        part.get_by_text("Nothing waits here.").wait_for()
        readings = yaml.safe_load((waits / "readings/interview.yaml").read_text("utf-8"))["readings"]
        assert (readings[-1]["line"], readings[-1]["stance"]) == ("line-9a21dd3463", "irrelevant")


def test_what_check_finds_is_listed_by_rule_and_mended_by_a_button(chromium, study):
    codebook = study / "codebook.yaml"
    more = "  - {id: queue, level: open, label: {en: Queue}}\n"
    codebook.write_text(codebook.read_text("utf-8") + more, "utf-8")
    codings = study / "codings/interview.yaml"
    text = codings.read_text("utf-8").replace("strength: moderate", "strength: strong", 1)
    codings.write_text(text.replace(" tells me what went well, and that is why I come back.", ""), "utf-8")
    kg.open(study)
    with editor(chromium, study, "/waiting") as page:
        page.locator("#findings[data-ready]").wait_for()
        rule = page.locator("#findings section section")
        undefined, unused = (rule.filter(has_text=one) for one in ("no definition.", "never given, nor"))
        assert "codebook.yaml:" in undefined.inner_text()
        expect(undefined.get_by_role("link", name="queue")).to_have_attribute("href", "/code/queue")
        undefined.get_by_role("button", name="Edit").click()
        page.locator("#code-form form").get_by_label("definition").fill("Standing in line.")
        with edit(page):
            page.locator("#code-form form").get_by_role("button", name="Save").click()
        undefined.wait_for(state="detached")
        assert codes(study)["queue"]["definition"] == "Standing in line."
        with edit(page):
            unused.get_by_role("button", name="Retire").click()
        unused.wait_for(state="detached")
        assert "queue" not in codes(study)
        # A doubt about a judgement is answered with the reason.
        doubt = rule.filter(has_text="fewer than five words.")
        doubt.get_by_role("textbox").fill("She says it so.")
        with edit(page):
            doubt.get_by_role("button", name="It is right").click()
        page.locator("#findings[data-ready]").get_by_text("Nothing waits here.").wait_for()
        lines = yaml.safe_load(codings.read_text("utf-8"))["excerpts"][0]["evidence"]
        assert (lines[0]["id"], lines[0]["accepted"]) == ("line-b8e5950a4d", "She says it so.")


def test_in_chinese_what_is_found_done_and_refused_is_said_in_chinese(chromium, study):
    codebook = study / "codebook.yaml"
    more = "  - {id: queue, level: open, label: {en: Queue}}\n"
    codebook.write_text(codebook.read_text("utf-8") + more, "utf-8")
    kg.open(study)
    with editor(chromium, study, "/zh/waiting") as page:
        unused = page.locator("#findings section section", has_text="编码“queue”从未使用")
        expect(unused).to_contain_text("把它加到某段引文上,或移除它")
        with edit(page):
            unused.get_by_role("button", name="移除").click()
        last = page.locator("#editing [role=status]")
        expect(last).to_have_text("已移除编码 queue")
        with edit(page, "/edit/undo"):
            page.locator("[data-does=undo]").click()
        expect(last).to_have_text("尚未做任何更改")
        codebook.write_text(codebook.read_text("utf-8").replace("level: open", "level: opn", 1), "utf-8")
        expect(page.locator("#broken")).to_be_visible()
        codebook.write_text(codebook.read_text("utf-8").replace("level: opn", "level: open", 1), "utf-8")
        codings = study / "codings/interview.yaml"
        codings.write_text(codings.read_text("utf-8").replace("Every Friday the", "Each Friday the"), "utf-8")
        expect(page.locator("#broken")).to_contain_text("来源“interview”中没有这段引文")


def test_without_edit_what_waits_is_listed_and_nothing_can_be_done_about_it(chromium, waits):
    with browser.served(waits) as address, browser.Visit(chromium, address) as visit:
        page = visit.go("/waiting")
        expect(waiting(page, "Coders differ").get_by_text("line-b8e5950a4d")).to_have_count(1)
        expect(waiting(page, "Paragraphs without a code").locator("a.source")).to_have_count(1)
        expect(waiting(page, "Claims that no quote supports").get_by_text("P2")).to_have_count(1)
        expect(page.locator("main button, dialog")).to_have_count(0)


# ---- Claims


def claims(folder):
    return records(folder, "propositions", "propositions")


def test_a_new_claim_is_made_of_words_and_what_the_study_suggests(chromium, built):
    with editor(chromium, built, "/propositions") as page:
        page.get_by_role("button", name="New claim").click()
        form = page.locator("#proposition-form form")
        form.get_by_label("claim in English").fill("Feedback leaves pay unchanged.")
        offered = form.get_by_label("subject").evaluate("one => [...one.list.options].map(o => o.value)")
        assert offered == ["feedback", "pay", "staying"]
        form.get_by_label("subject").fill("feedback")
        form.get_by_label("relation", exact=True).fill("Leaves unchanged")
        form.get_by_label("object").fill("pay")
        form.get_by_label("kind").select_option("suggestion")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        page.locator("a.proposition", has_text="P3").wait_for()
        assert claims(built)["P3"] == {
            "id": "P3",
            "kind": "suggestion",
            "statement": {"en": "Feedback leaves pay unchanged."},
            "subject": "feedback",
            "relation": "leaves-unchanged",
            "object": "pay",
        }


def test_a_claim_about_what_is_not_there_is_refused_or_adds_it_if_that_is_wanted(chromium, built):
    with editor(chromium, built, "/propositions") as page:
        page.get_by_role("button", name="New claim").click()
        form = page.locator("#proposition-form form")
        for label, words in (("claim in English", "A team lengthens staying."), ("subject", "The team")):
            form.get_by_label(label).fill(words)
        form.get_by_label("relation", exact=True).fill("lengthens")
        form.get_by_label("object").fill("staying")
        with edit(page) as told:
            form.get_by_role("button", name="Save").click()
        assert told.value.status == 409
        told = form.locator(".refused p", has_text="tick “Add concepts and relations that are not there yet”")
        expect(told).to_contain_text("The team")
        expect(form.get_by_label("Add concepts")).to_be_focused()
        expect(form.get_by_label("subject")).to_have_value("The team")
        form.get_by_label("Add concepts").check()
        with edit(page):
            form.get_by_role("button", name="Save").click()
        page.locator("a.proposition", has_text="P3").wait_for()
        assert claims(built)["P3"]["subject"] == "the-team"
        assert records(built, "concepts", "concepts")["the-team"]["label"] == {"en": "The team"}
        # All of it was one edit.
        with edit(page, "/edit/undo"):
            page.locator("[data-does=undo]").click()
        assert "the-team" not in records(built, "concepts", "concepts")
        assert "P3" not in claims(built)


def test_who_edits_is_not_chosen_without_a_name_and_the_window_says_so(chromium, built):
    with editor(chromium, built, "/propositions") as page:
        page.locator("[data-does=who]").click()
        page.locator("#who summary").click()
        for one in page.locator("#who [type=radio]").all():
            one.evaluate("one => { one.checked = false; }")
        page.locator("#who [value=choose]").click()
        expect(page.locator("#who [role=alert]")).to_contain_text("name")
        expect(page.locator("#who [name=name]")).to_be_focused()
        page.locator("#who [name=name]").fill("Ada Park")
        with edit(page, "/edit/who"):
            page.locator("#who [value=choose]").click()
        expect(page.locator("[data-does=who]")).to_contain_text("Ada Park")


def test_a_claim_is_edited_on_its_page_and_not_retired_while_it_is_in_use(chromium, built):
    with editor(chromium, built, "/proposition/P1") as page:
        page.locator("main").get_by_role("button", name="Edit").click()
        form = page.locator("#proposition-form form")
        form.wait_for()
        expect(form.get_by_label("subject")).to_have_value("feedback")
        # A file that says nothing of the kind means a finding.
        expect(form.get_by_label("kind")).to_have_value("finding")
        form.get_by_label("claim in English").fill("Feedback lengthens staying.")
        with edit(page) as told:
            form.get_by_role("button", name="Save").click()
        assert told.value.json()["said"] == "proposition P1: statement"
        page.locator("h1", has_text="Feedback lengthens staying.").wait_for()
        with edit(page):
            page.locator("main").get_by_role("button", name="Retire").click()
        page.locator(".told").get_by_text("is in use", exact=False).wait_for()


def test_a_dispute_is_settled_on_the_page_of_its_claim(chromium, waits):
    with editor(chromium, waits, "/proposition/P1") as page:
        choose(page, "The coder")
        page.locator("#disputes").get_by_role("button", name="Settle").click()
        form = page.locator("#reading-form form")
        form.get_by_label("stance").select_option("qualifies")
        form.get_by_label("strength").select_option("weak")
        form.get_by_label("because").fill("It is one week.")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        page.wait_for_selector("#disputes", state="detached")
        assert "settles: true" in (waits / "readings/interview-settled.yaml").read_text("utf-8")


# ---- Sources


def test_a_source_gets_another_title_case_and_attribute(chromium, study):
    file = study / "study.yaml"
    listing = file.read_text("utf-8").replace(
        "cases:\n",
        "attributes:\n  - {id: years, type: integer, label: {en: Years there}}\ncases:\n  - {id: choir, label: {en: Choir}}\n",
    )
    file.write_text(listing, "utf-8")
    kg.open(study)
    with editor(chromium, study, "/source/interview") as page:
        page.locator("main").get_by_role("button", name="Edit", exact=True).click()
        form = page.locator("#source-form form")
        form.wait_for()
        form.get_by_label("title").fill("A talk")
        form.locator("[name=case]").select_option("choir")
        form.get_by_label("Years there").fill("4")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        page.locator("h1", has_text="A talk").wait_for()
        source = records(study, "study", "sources")["interview"]
        assert (source["title"], source["case"], source["attributes"]) == ("A talk", "choir", {"years": 4})
        assert source["sha256"] in listing
        # Its keys do not reach the reader, whose single keys act on the text.
        expect(page.locator("#palette")).to_be_hidden()


def test_a_case_is_made_edited_and_retired_where_cases_are_listed(chromium, study):
    file = study / "study.yaml"
    attribute = "attributes:\n  - {id: size, type: integer, label: {en: Volunteers}}\ncases:\n"
    file.write_text(file.read_text("utf-8").replace("cases:\n", attribute), "utf-8")
    kg.open(study)
    with editor(chromium, study, "/cases") as page:
        page.get_by_role("button", name="New case").click()
        form = page.locator("#case-form form")
        form.get_by_label("name in English").fill("Night shelter")
        form.get_by_label("Volunteers").fill("12")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        made = {"id": "night-shelter", "label": {"en": "Night shelter"}, "attributes": {"size": 12}}
        assert records(study, "study", "cases")["night-shelter"] == made
        row(page, "night-shelter").wait_for()
        page.get_by_role("link", name="Night shelter").click()
        page.wait_for_url("**/case/night-shelter")
        page.wait_for_selector("#editing:not([hidden])")
        page.locator("main").get_by_role("button", name="Edit", exact=True).click()
        form.get_by_label("name in Chinese").fill("夜间收容所")
        with edit(page):
            form.get_by_role("button", name="Save").click()
        assert records(study, "study", "cases")["night-shelter"]["label"]["zh"] == "夜间收容所"
        page.goto(page.url.replace("/case/night-shelter", "/cases"))
        # A case that a source is of cannot go, and one of which there is nothing can.
        with edit(page) as told:
            row(page, "kitchen").get_by_role("button", name="Retire").click()
        assert told.value.status == 409
        with edit(page):
            row(page, "night-shelter").get_by_role("button", name="Retire").click()
        assert [*records(study, "study", "cases")] == ["kitchen"]


# ---- What holds on all of these pages


@pytest.mark.parametrize(
    "path",
    ["/codes", "/zh/codes", "/waiting", "/read", "/propositions", "/proposition/P1", "/source/interview", "/cases"],
)
@pytest.mark.parametrize(("settings", "scheme"), [({}, "light"), (PHONE, "dark")])
def test_pages_of_records_have_no_barrier_and_fit_a_phone(chromium, waits, path, settings, scheme):
    with editor(chromium, waits, path, **settings, color_scheme=scheme, bypass_csp=True) as page:
        assert barriers(page) == []
        assert wide(page) <= 0
        for number in range(page.locator("main [data-do][aria-haspopup=dialog]").count()):
            page.locator("main [data-do][aria-haspopup=dialog]").nth(number).click()
            page.wait_for_selector("dialog.form[open]")
            assert barriers(page) == []
            page.keyboard.press("Escape")


@pytest.mark.parametrize(
    "path", ["/codes", "/waiting", "/propositions", "/proposition/P1", "/source/interview", "/cases"]
)
def test_without_edit_the_pages_have_no_buttons_and_no_script_of_editing(chromium, built, path):
    with browser.served(built) as address, browser.Visit(chromium, address) as visit:
        page = visit.go(path)
        expect(page.locator("main button[data-do], dialog, [draggable=true], datalist[id^=all-]")).to_have_count(0)
        assert not [url for url in visit.asked if "edit" in url]


def test_a_preview_writes_nothing_and_says_what_would_be_refused(built):
    import datetime

    before = {p: p.read_bytes() for p in built.rglob("*") if p.is_file()}
    now = datetime.datetime(2026, 11, 29, 12, tzinfo=datetime.UTC)
    asked = editing.read({"do": "rename", "kind": "code", "id": "belonging", "to": "known"})
    assert editing.preview(built, [asked], "me", now) == (
        "code belonging is called known: 1 place in 1 file",
        ("codebook.yaml", "codings/interview.yaml"),
    )
    with pytest.raises(kg.KGError, match="in use"):
        editing.preview(built, [editing.read({"do": "retire", "kind": "code", "id": "belonging"})], "me", now)
    assert {p: p.read_bytes() for p in before} == before
