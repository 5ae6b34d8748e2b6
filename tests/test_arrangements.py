"""Arrangements: what the explorer shows, kept under a name in a file of the study, and opened by anybody."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import json
import re
import shutil

import browser
import pytest
import yaml
from helpers import errors
from test_browse_editing import Browser, bytes_of

import kg
from kg import arrangements, editing, pseudonyms
from kg.browse import responses, site
from kg.browse.study import BuiltStudy
from kg.browse.targets import Target
from kg.check import check
from kg.editing import merging
from kg.errors import EditRefused
from kg.progress import silent

NOW = datetime.datetime(2026, 11, 29, 12, tzinfo=datetime.UTC)
KEPT = """arrangements:
  - id: praise
    name: How praise works
    note: For the talk in May.
    of: [proposition/P1]
    show:
      - {record: proposition/P1, kind: excerpt, number: 6}
    hide: ["excerpt/interview:84-166"]
    pins:
      - {record: proposition/P1, height: -40}
"""


@pytest.fixture
def kept(study):
    passage = next(r["excerpt"] for r in kg.open(study).query("codings").dicts() if r["code"] == "weekly-feedback")
    (study / "arrangements.yaml").write_text(KEPT.replace("interview:84-166", passage), "utf-8")
    return study


def respond(folder, form="html", query="", path="explore"):
    made = responses.respond(BuiltStudy(kg.open(folder)), Target(path, form, "en", query))
    return made.status, gzip.decompress(made.body).decode()


def shown(folder, query):
    return json.loads(respond(folder, "columns", query)[1])


def test_an_arrangement_opens_as_the_very_view_that_was_kept(kept):
    passage = kept_entry(kept)["hide"][0]
    view = shown(kept, "arrangement=praise")["view"]
    assert view == {
        "of": ["proposition/P1"], "show": ["proposition/P1>excerpt*6"], "hide": [passage], "pin": ["proposition/P1@-40"],
    }  # fmt: skip
    fields = "of=proposition/P1&show=proposition/P1>excerpt*6&pin=proposition/P1@-40&hide=" + passage
    there, same = shown(kept, "arrangement=praise"), shown(kept, fields)
    assert there == same
    status, page = respond(kept, query="arrangement=praise")
    assert status == 200
    assert "<h1>How praise works</h1>" in page
    assert "For the talk in May." in page
    assert "data-arranges" not in page


def test_arrangements_are_listed_where_exploring_begins(kept):
    page = respond(kept)[1]
    assert re.search(r'href="/explore\?arrangement=praise">How praise works</a>', page)
    assert "Arrangements" not in respond(kept, query="of=proposition/P1")[1]


def kept_entry(folder, number=0):
    return yaml.safe_load((folder / "arrangements.yaml").read_text("utf-8"))["arrangements"][number]


def test_a_record_that_is_not_in_the_study_any_more_is_named_and_the_rest_is_shown(kept):
    file = kept / "arrangements.yaml"
    text = file.read_text("utf-8").replace("of: [proposition/P1]", "of: [proposition/P1, code/gone, robot/x]")
    file.write_text(text.replace("hide: [", "hide: [line/line-0000000000, "), "utf-8")
    lost = ["code/gone", "robot/x", "line/line-0000000000"]
    page = respond(kept, query="arrangement=praise")[1]
    assert re.search("Not in the study any more.*?</p>", page)[0].count("<code>") == len(lost)
    assert shown(kept, "arrangement=praise")["view"]["of"] == ["proposition/P1"]
    (found,) = (one for one in check(kept) if one.rule == "arrangement-incomplete")
    assert (found.file, found.line, found.severity) == ("arrangements.yaml", 2, "warning")
    assert all(one in found.message for one in lost)
    # It is named in the file, too, and nothing of it is lost.
    assert kept_entry(kept)["of"] == ["proposition/P1", "code/gone", "robot/x"]
    file.write_text(text.replace("of: [proposition/P1, code/gone, robot/x]", "of: [code/gone]"), "utf-8")
    status, page = respond(kept, query="arrangement=praise")
    assert status == 200
    assert "code/gone" in page


def test_what_is_no_arrangement_is_refused_with_its_line(kept):
    for old, new, rule in (
        ("height: -40", "height: .inf", "invalid-value"),
        ("height: -40", "height: .nan", "invalid-value"),
        ("height: -40", "height: 1e99", "invalid-value"),
        ("height: -40", "height: 9999999999", "invalid-value"),
        ("number: 6", "number: -1", "invalid-value"),
        ("of: [proposition/P1]", "of: []", "invalid-value"),
        ("of: [proposition/P1]", "of: ['<script>alert(1)</script>']", "invalid-value"),
        ("of: [proposition/P1]", f"of: [{', '.join(['code/a'] * 201)}]", "invalid-value"),
        ("    note: For", "    scale: 2\n    note: For", "unknown-key"),
    ):
        text = KEPT.replace(old, new)
        (kept / "arrangements.yaml").write_text(text, "utf-8")
        found = errors(kept)
        assert {(one.file, one.rule) for one in found} == {("arrangements.yaml", rule)}, new
        assert all(one.line > 1 for one in found)
    (kept / "arrangements.yaml").write_text(KEPT + KEPT.removeprefix("arrangements:\n"), "utf-8")
    assert [one.rule for one in errors(kept)] == ["duplicate-id"]


def test_what_an_arrangement_says_is_text_and_never_markup(kept):
    file = kept / "arrangements.yaml"
    harm = '"<img src=x onerror=alert(1)>"'
    text = file.read_text("utf-8").replace("How praise works", harm).replace("For the talk in May.", harm)
    file.write_text(text.replace("[proposition/P1]", f"[proposition/P1, 'code/x{harm}']".replace("=", "")), "utf-8")
    for query in ("", "arrangement=praise"):
        assert "<img src" not in respond(kept, query=query)[1]


def test_an_unknown_arrangement_is_a_page_with_those_that_are_like_it(kept):
    status, page = respond(kept, query="arrangement=prais")
    assert status == 404
    assert "prais" in page
    assert respond(kept, "columns", "arrangement=prais")[0] == 404
    # A passage, or a link that leads out of the folder, is none.
    (kept / "arrangements.yaml").unlink()
    assert respond(kept, query="arrangement=praise")[0] == 404


def test_the_graph_is_the_same_with_and_without_arrangements(kept):
    with_it = (kg.open(kept).built / "digest").read_text("ascii")
    (kept / "arrangements.yaml").unlink()
    assert (kg.open(kept).built / "digest").read_text("ascii") == with_it


ADD = {"do": "add", "kind": "arrangement", "record": {"id": "all", "name": "All of it", "of": ["proposition/P2"]}}


def make(folder, *values):
    return editing.apply(folder, [editing.read(one) for one in values], "me", NOW)


def test_it_is_kept_renamed_and_removed_by_edits_that_can_be_undone(study):
    kg.open(study)
    before = bytes_of(study)
    make(study, ADD)
    assert [one.id for one in arrangements.read(study)] == ["all"]
    make(study, {"do": "edit", "kind": "arrangement", "id": "all", "values": {"name": "Everything", "note": "New."}})
    assert kept_entry(study) == {"id": "all", "name": "Everything", "of": ["proposition/P2"], "note": "New."}
    make(study, {"do": "rename", "kind": "arrangement", "id": "all", "to": "every"})
    make(study, {"do": "retire", "kind": "arrangement", "id": "every"})
    assert arrangements.read(study) == ()
    for _ in range(4):
        editing.undo(study, "me", NOW)
    after = bytes_of(study)
    assert {name: after.get(name) for name in before} == before
    assert not (study / "arrangements.yaml").exists()
    with pytest.raises(kg.KGError):
        make(study, {**ADD, "record": {**ADD["record"], "of": ["P2"]}})
    make(study, ADD)
    with pytest.raises(EditRefused, match="there already"):
        make(study, ADD)


def test_it_follows_records_that_are_called_otherwise(study):
    record = {
        "id": "codes", "name": "Codes", "of": ["code/belonging", "code/recognition"], "hide": ["code/belonging"],
        "show": [{"record": "code/belonging", "kind": "excerpt", "number": 2}],
        "pins": [{"record": "code/belonging", "height": 3}],
    }  # fmt: skip
    make(study, {"do": "add", "kind": "arrangement", "record": record})
    before = bytes_of(study)
    make(study, {"do": "rename", "kind": "code", "id": "belonging", "to": "being-known"})
    found = kept_entry(study)
    assert "code/belonging" not in str(found)
    assert str(found).count("code/being-known") == 4
    editing.undo(study, "me", NOW)
    assert bytes_of(study)["arrangements.yaml"] == before["arrangements.yaml"]
    make(study, {"do": "merge", "codes": ["belonging"], "into": "recognition"})
    assert arrangements.missing(kg.open(study).tables, arrangements.read(study)[0]) == ()


def test_copies_of_a_study_are_merged_with_their_arrangements(kept, tmp_path):
    make(kept, {**ADD, "record": {**ADD["record"], "id": "mine"}})
    shutil.copytree(kept, tmp_path / "theirs")
    make(tmp_path / "theirs", {**ADD, "record": {**ADD["record"], "id": "theirs"}})
    editing.apply(
        tmp_path / "theirs",
        [editing.read({"do": "edit", "kind": "arrangement", "id": "praise", "values": {"name": "Praise"}})],
        "me",
        NOW,
    )
    made = merging.merge(kept, tmp_path / "theirs", "me", NOW, {})
    assert made.taken
    assert {one.id: one.name for one in arrangements.read(kept)} == {
        "praise": "Praise", "mine": "All of it", "theirs": "All of it",
    }  # fmt: skip


def test_the_folder_of_pages_is_written_with_and_without_arrangements_and_has_no_script_of_editing(kept, tmp_path):
    site.write(kg.open(kept), tmp_path / "site", silent)
    assert not (tmp_path / "site/static/edit-explore.js").exists()
    assert "data-arranges" not in (tmp_path / "site/explore.html").read_text("utf-8")


@contextlib.contextmanager
def window(chromium, folder, path):
    with browser.edited(folder) as (address, begin), browser.Visit(chromium, address, bypass_csp=True) as visit:
        visit.page.set_default_timeout(15_000)
        visit.page.goto(address + begin)
        visit.page.wait_for_load_state()
        visit.page.goto(address + path)
        visit.page.wait_for_selector("#editing:not([hidden])")
        yield visit.page
        assert [c for c in visit.complaints if "409" not in c and "404" not in c] == []


def test_what_is_explored_is_kept_opened_changed_and_removed_in_the_browser(study, chromium):
    kg.open(study)
    with window(chromium, study, "/explore?of=proposition/P1&pin=proposition/P1@30") as page:
        page.wait_for_selector("#stage[data-drawn]")
        form = page.locator("#arrangement-form")
        page.get_by_role("button", name="Keep this arrangement").click()
        form.get_by_label("Name").fill("How praise works")
        form.get_by_label("note").fill("For the talk.")
        form.get_by_role("button", name="Save").click()
        page.wait_for_url("**/explore?arrangement=how-praise-works")
        page.locator("h1", has_text="How praise works").wait_for()
        page.wait_for_selector("#stage[data-drawn]")
        page.evaluate(browser.AXE)
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in page.evaluate("axe.run()")["violations"]] == []
        written = kept_entry(study)
        assert (written["note"], written["pins"]) == ("For the talk.", [{"record": "proposition/P1", "height": 30}])
        page.get_by_role("button", name="Change").click()
        form.get_by_label("Name").fill("Praise")
        with page.expect_navigation():
            form.get_by_role("button", name="Save").click()
        page.locator("h1", has_text="Praise").wait_for()
        assert kept_entry(study)["name"] == "Praise"
        assert kept_entry(study)["pins"] == written["pins"]
        with page.expect_navigation():
            page.get_by_role("button", name="Remove").click()
        page.locator("h1", has_text="Begin with a record").wait_for()
        assert arrangements.read(study) == ()


@pytest.mark.slow
def test_without_edit_it_is_opened_and_cannot_be_changed(kept):
    kg.open(kept)
    before = bytes_of(kept)
    with browser.served(kept) as address:
        anybody = Browser(address)
        assert "How praise works" in anybody.send("GET", "/explore?arrangement=praise")[2]
        assert "edit-explore" not in anybody.send("GET", "/explore?arrangement=praise")[2]
        assert anybody.edit(ADD)[0] in (404, 405)
    assert bytes_of(kept) == before


def test_a_copy_under_pseudonyms_has_them_in_notes_and_names_its_records_as_they_are(kept, tmp_path):
    (tmp_path / "names.csv").write_text("name,pseudonym\nMay,Summer\nP1,P7\n", "utf-8")
    kg.open(kept)
    pseudonyms.pseudonymise(kg.open(kept), tmp_path / "names.csv", tmp_path / "copy", silent)
    (found,) = arrangements.read(tmp_path / "copy")
    assert (found.note, found.of) == ("For the talk in Summer.", ("proposition/P1",))
