"""Reading blind: what a coder is shown, and what is written of it."""

from __future__ import annotations

import json

import browser
import pytest
from playwright.sync_api import expect
from test_browse_editing import Browser
from typer.testing import CliRunner

import kg
from kg import blind, paths
from kg.cli import app
from kg.errors import UnknownTerm
from kg.words import ZH


@pytest.fixture
def read_by_two(study, edit):
    edit("study.yaml", "coders:\n", "coders:\n  - {id: you, name: you}\n")
    return study


def run(study, *words, answers=""):
    return CliRunner().invoke(app, ["read", "--study", str(study), "--coder", "you", *words], input=answers)


def test_a_coder_sees_claim_paragraph_and_passage_and_nothing_that_was_judged(read_by_two):
    shown = run(read_by_two, answers="x\n").output
    assert "Every Friday the coordinator" in shown or "Two of us left" in shown
    assert next(r["statement"] for r in kg.open(read_by_two).query("claims").dicts() if r["claim"] == "P1") in shown
    listed = json.loads(run(read_by_two, "--json").output)["unread"]
    assert {frozenset(one) for one in listed} == {frozenset({"line", "claim", "passages"})}
    for told in ("The volunteer names the weekly", "told by a third person", "weekly-feedback", "Praise alone", "me:"):
        assert told not in shown
        assert told not in json.dumps(listed)


def test_the_passage_stands_in_its_paragraph(read_by_two, edit):
    edit("codings/interview.yaml", "Two of us left although they were praised every week.", "they were praised")
    marked = {p for one in blind.unread(kg.open(read_by_two), "you") for p in one.passages}
    assert blind.Marked("Two of us left although ", "they were praised", " every week.") in marked


def test_a_reading_is_written_at_once_and_the_line_waits_no_more(read_by_two):
    first, second = (one.line for one in blind.unread(kg.open(read_by_two), "you"))
    done = run(read_by_two, answers="sup\nmod\ny\nIt says so.\nx\n")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "1 read, 1 wait for 'you'")
    graph = kg.open(read_by_two)
    (written,) = (r for r in graph.query("readings").dicts() if r["coder"] == "you")
    assert (written["line"], written["stance"], written["strength"]) == (first, "supports", "moderate")
    assert (written["alone"], written["reason"]) == ("true", "It says so.")
    assert [one.line for one in blind.unread(graph, "you")] == [second]
    assert blind.unread(graph, "me") == []


def test_what_is_irrelevant_has_no_strength_and_the_end_of_the_input_ends_the_reading(read_by_two):
    done = run(read_by_two, answers="what\nirr\n\nnext\n")
    assert done.exit_code == 0
    (written,) = (r for r in kg.open(read_by_two).query("readings").dicts() if r["coder"] == "you")
    assert (written["stance"], written["strength"]) == ("irrelevant", None)
    # Half a judgement is none.
    assert "0 read, 1 wait for 'you'" in run(read_by_two, answers="sup\n").output


def test_a_withdrawn_line_is_not_read(read_by_two, edit):
    edit(
        "codings/interview.yaml",
        "strength: weak",
        "strength: weak\n        status: withdrawn\n        status_date: 2026-11-25\n        status_reason: Hearsay.",
    )
    assert len(blind.unread(kg.open(read_by_two), "you")) == 1


def test_the_order_is_the_same_for_a_coder_and_says_nothing_of_the_claims(dart):
    order = [one.claim for one in blind.unread(dart, "second")]
    assert order == [one.claim for one in blind.unread(dart, "second")]
    assert order not in (sorted(order), sorted(order, reverse=True))


def test_an_unknown_coder_is_said(dart):
    with pytest.raises(UnknownTerm, match="coder"):
        blind.unread(dart, "nobody")


def test_the_rules_in_short_are_those_of_the_documentation():
    said = (paths.shipped("seeds").parent / "docs/judging.md").read_text("utf-8").partition("## 1.")[0]
    for name in (*blind.STANCES, *blind.STRENGTHS):
        assert f"- **{name}**" in said


# ---- In the browser

JUDGED = ("The volunteer names the weekly", "told by a third person", "weekly-feedback", "Praise alone", '"me"')
"""What the study has of judgements of these lines, their codes and their coder."""


@pytest.mark.slow
def test_what_is_sent_of_an_unread_line_has_nothing_that_anybody_judged(read_by_two):
    kg.open(read_by_two)
    with browser.edited(read_by_two) as (address, begin):
        you = Browser(address, begin)
        assert you.post("/edit/who", {"coder": "you"})[0] == 200
        told = [json.loads(you.send("GET", f"/edit/unread/en/{place}")[2]) for place in range(3)]
        expected = blind.unread(kg.open(read_by_two), "you")
        assert [one["unread"]["line"] for one in told] == [*(one.line for one in expected), expected[0].line]
        for one in told:
            assert {*one["unread"]} == {"line", "claim", "passages"}
            assert not [words for words in JUDGED if words in json.dumps(one)]
        # The page itself is the same for every line.
        page = you.send("GET", "/read")[2]
        assert not [words for words in (*JUDGED, expected[0].line, expected[0].claim) if words in page]
        for path in ("/edit/unread/en/x", "/edit/unread/fr/0", "/edit/unread/en/" + "9" * 5000):
            assert you.send("GET", path)[0] in (400, 414)
        # Blind mode leaves the page and what it asks for.
        assert you.post("/edit/blind", {"blind": True})[0] == 200
        assert you.send("GET", "/read")[0] == you.send("GET", "/edit/unread/en/0")[0] == 200
        read = {"do": "read", "line": expected[0].line, "stance": "irrelevant"}
        assert you.edit(read)[0] == 200
        # It waits no more, also while no build has it, and waits again when it is taken back.
        assert json.loads(you.send("GET", "/edit/unread/en/0")[2])["number"] == 1
        assert you.post("/edit/undo", {})[0] == 200
        assert json.loads(you.send("GET", "/edit/unread/en/0")[2])["number"] == 2
    with browser.served(read_by_two) as address:
        assert Browser(address).send("GET", "/edit/unread/en/0")[0] == 404
        assert "kg browse --edit" in Browser(address).send("GET", "/read")[2]


def test_a_coder_judges_blind_in_the_browser_by_keys_and_by_buttons(read_by_two, chromium):
    kg.open(read_by_two)
    first, second = blind.unread(kg.open(read_by_two), "you")
    with browser.edited(read_by_two) as (address, begin), browser.Visit(chromium, address, bypass_csp=True) as visit:
        page = visit.page
        page.goto(address + begin)
        page.wait_for_load_state()
        page.goto(f"{address}/read")
        # Who judges is asked first where several people could.
        page.get_by_label("you", exact=True).check()
        page.get_by_role("button", name="Choose", exact=True).click()
        claim = page.locator("#blind h2")
        page.locator("#blind .text mark", has_text=first.passages[0].passage).wait_for()
        expect(claim).to_have_text(first.claim)
        page.evaluate(browser.AXE)
        assert page.evaluate("axe.run()")["violations"] == []
        # The next line and back again, which is the one after the last.
        page.keyboard.press("x")
        page.locator("#blind .text mark", has_text=second.passages[0].passage).wait_for()
        page.keyboard.press("x")
        page.locator("#blind .text mark", has_text=first.passages[0].passage).wait_for()
        page.keyboard.press("Enter")
        page.get_by_text("Stance and strength are missing").wait_for()
        for key in ("1", "m", "y", "r"):
            page.keyboard.press(key)
        page.keyboard.type("It says so, with 4 words more.")
        page.keyboard.press("Enter")
        page.locator("#blind .text mark", has_text=second.passages[0].passage).wait_for()
        page.get_by_role("button", name="irrelevant").click()
        expect(page.get_by_role("button", name="strong")).to_be_hidden()
        page.get_by_role("button", name="Save").click()
        page.locator("#blind").get_by_text("Nothing waits here.").wait_for()
        page.locator("[data-does=undo]").click()
        page.locator("#blind .text mark", has_text=second.passages[0].passage).wait_for()
        assert [c for c in visit.complaints if "409" not in c] == []
    (written,) = (r for r in kg.open(read_by_two).query("readings").dicts() if r["coder"] == "you")
    assert [written[key] for key in ("line", "stance", "strength", "alone", "reason")] == [
        first.line, "supports", "moderate", "true", "It says so, with 4 words more.",
    ]  # fmt: skip


def test_the_rules_are_there_in_chinese():
    assert {*blind.STANCES.values(), *blind.STRENGTHS.values(), blind.DOUBT} <= {*ZH}
