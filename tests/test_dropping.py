"""Documents are dropped on the page of the sources: who may send them, what becomes of them, and that all can be undone."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import subprocess
import sys
import time

import browser
import documents
import pytest
from helpers import awaited
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect
from test_browse_editing import Browser, bytes_of

import kg
from kg import paths
from kg.browse import connections, receiving
from kg.browse.editing import RECEIVED, TOKEN

TALK = (
    "I: Why do you stay?\n\nB: We get feedback every week.\n\nI: Since when?\n\nB: Since May.\n\nI: And?\n\nB: Good.\n"
)
NAMES = TALK.replace("I:", "Zack:").replace("B:", "Jim:").replace("Since May", "Since last June")
RTF = "{\\rtf1 A talk.}"


@pytest.fixture
def editor(built):
    with browser.edited(built) as (address, begin):
        yield Browser(address, begin)


def body(files, **about):
    """Return what a page sends: a line that says which documents follow, and these."""
    files = [(name, text if isinstance(text, bytes) else text.encode()) for name, text in files]
    head = {"files": [{"name": name, "size": len(data)} for name, data in files], **about}
    return json.dumps(head).encode() + b"\n" + b"".join(data for _, data in files)


def drop(editor, sent, **headers):
    return editor.post("/edit/documents", sent, **{"Content_Type": receiving.KIND, **headers})


def left(folder):
    """Return what lies aside beside the graphs of a study."""
    return [p.name for p in paths.store_folder(folder).iterdir() if p.name.startswith(".kg-")]


# ---- The road


@pytest.mark.slow
def test_documents_are_added_as_one_edit_each_told_by_its_name_and_undone_to_the_byte(editor, built, tmp_path):
    before = bytes_of(built)
    word = documents.docx(tmp_path / "Ann.docx", documents.p("She stayed for the people.")).read_bytes()
    long = "\n\n".join(f"Paragraph {number} of a long diary." for number in range(10_000))
    assert len(long) > 2 * connections.LENGTH
    status, told = drop(editor, body([("talk.txt", TALK), ("Ann.docx", word), ("old.rtf", RTF), ("diary.txt", long)]))
    assert status == 200
    assert [one["id"] for one in told["added"]] == ["talk", "ann", "diary"]
    assert told["added"][0]["turns"] == {"I": 3, "B": 3}
    assert [(one["file"], one["severity"]) for one in told["findings"]] == [("old.rtf", "error")]
    assert "save it as DOCX" in told["findings"][0]["mend"]
    assert told["last"] == "added 3 sources: talk, ann, diary"
    assert (built / "sources/originals/Ann.docx").read_bytes() == word
    assert {"talk", "ann", "diary"} <= {row[0] for row in kg.open(built).query("sources").rows}
    status, told = drop(editor, body([("again.txt", TALK), ("old.rtf", RTF)]))
    assert status == 409
    assert {one["file"]: one["rule"] for one in told["findings"]} == {
        "again.txt": "source-exists", "old.rtf": "unknown-format",
    }  # fmt: skip
    status, told = editor.post("/edit/undo", {})
    assert status == 200, told
    after = bytes_of(built)
    assert {name: after[name] for name in before} == before
    assert [name for name in after if name not in before and not name.startswith("edits/")] == []
    assert left(built) == []


@pytest.mark.slow
def test_the_name_of_a_document_leads_nowhere_and_what_is_said_of_it_is_checked(editor, built):
    outside = bytes_of(built.parent)
    names = [
        "../../../evil.txt",
        "C:\\tmp\\CON.txt",
        "/etc/passwd.txt",
        "..",
        ".hidden.txt",
        "a\nb\0\u202e.txt",
        "x" * 900,
    ]
    status, told = drop(editor, body([(name, f"{TALK} {number}") for number, name in enumerate(names)], case="kitchen"))
    assert status == 200, told
    kept = sorted(p.name for p in (built / "sources/originals").iterdir())
    assert {"evil.txt", "file-CON.txt", "passwd.txt", "hidden.txt"} <= {*kept}
    assert all(len(name) < 200 and name.isprintable() for name in kept)
    new = {name for name in bytes_of(built.parent) if name not in outside}
    assert all(name.startswith(("study/sources/", "study/edits/")) for name in new), new
    before = bytes_of(built)
    for about in ({"case": "nowhere"}, {"case": "../x"}, {"role": "boss"}, {"speakers": "Ann"}, {"study": "/tmp"}):
        status, told = drop(editor, body([("b.txt", "Another text.")], **about))
        assert status in (400, 409), about
        assert told["error"]
    assert editor.post("/edit/turns", {"source": "/etc/passwd"})[0] == 409
    assert bytes_of(built) == before


@pytest.mark.slow
def test_documents_need_the_session_its_token_our_origin_and_their_own_bound(editor, built):
    before, sent = bytes_of(built), body([("talk.txt", TALK)])
    other = Browser(f"http://{editor.where.netloc}")
    for headers, status in (
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": None}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Type": "application/json"}, 415),
        ({"Content_Type": "multipart/form-data"}, 415),
        ({"Content_Type": "text/plain"}, 415),
        ({TOKEN: "x"}, 403),
        ({TOKEN: None}, 403),
        ({"Host": "evil.example"}, 400),
        ({"Content_Length": str(connections.ADDING.length + 1)}, 413),
    ):
        assert drop(editor, sent, **headers)[0] == status, headers
    assert drop(other, sent, **{TOKEN: editor.token})[0] == 403
    for method in ("GET", "PUT", "DELETE"):
        assert editor.send(method, "/edit/documents")[0] in (404, 405)
    # Its bound is for this path alone.
    with contextlib.suppress(ConnectionError):
        assert editor.post("/edit", sent * 1000)[0] == 413
    with browser.served(built) as address:
        assert drop(Browser(address), sent)[0] in (404, 405)
    assert bytes_of(built) == before
    assert left(built) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 400),
        (b"{}\n", 400),
        (b"[" * 100_000, 413),
        (b'{"files": []}\n', 400),
        (b'{"files": [{"name": "a.txt", "size": -1}]}\n', 400),
        (json.dumps({"files": [{"name": "a.txt", "size": RECEIVED + 1}]}).encode() + b"\n", 413),
        (body([("a.txt", TALK)])[:-1], 400),
        (body([("a.txt", TALK)]) + b"x", 400),
        (body([("a.txt", "")]), 409),
        (body([("a.txt", b"\0\1\2")]), 409),
    ],
    ids=lambda one: one[:40] if isinstance(one, bytes) else one,
)
def test_what_are_no_documents_is_refused_in_words_and_leaves_nothing(editor, built, sent, status):
    before = bytes_of(built)
    got, told = drop(editor, sent)
    assert (got, bool(told["error"])) == (status, True), told
    assert bytes_of(built) == before
    assert left(built) == []


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=4), st.data())
def test_documents_are_the_same_however_their_body_comes_in_parts(tmp_path_factory, files, data):
    whole = body([(f"{number}.txt", content) for number, content in enumerate(files)])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    place = tmp_path_factory.mktemp("drop")

    async def parts():
        for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            yield whole[start:end]

    sent = awaited(receiving.receive, parts(), place, 10**6)
    assert [one.size for one in sent.files] == [len(content) for content in files]
    assert [(place / str(number)).read_bytes() for number in range(len(files))] == files


@pytest.mark.slow
def test_a_kill_while_documents_come_leaves_the_study_as_it_was(built):
    before = bytes_of(built)
    command = [sys.executable, "-c", "from kg.cli import main; main()", "browse", "--edit", "--no-open", "--port", "0"]
    with (
        subprocess.Popen([*command, "--study", built], stdout=subprocess.PIPE, text=True) as server,
        contextlib.ExitStack() as whatever,
    ):
        whatever.callback(server.kill)
        address, begin = re.search(r"(http://[^/]+)(/\S+)", server.stdout.readline()).groups()
        editor = Browser(address, begin)
        sent = body([("talk.txt", TALK * 1000)])
        connection = http.client.HTTPConnection(editor.where.hostname, editor.where.port, timeout=30)
        connection.putrequest("POST", "/edit/documents")
        about = {"Content-Type": receiving.KIND, "Origin": address, TOKEN: editor.token, "Cookie": editor.cookie}
        for name, value in {**about, "Content-Length": len(sent)}.items():
            connection.putheader(name, str(value))
        connection.endheaders()
        connection.send(sent[:-100])
        while not left(built):
            time.sleep(0.01)
    connection.close()
    assert bytes_of(built) == before
    with browser.edited(built) as (address, begin):
        assert drop(Browser(address, begin), sent)[0] == 200
    assert left(built) == []


# ---- The page


def dropped(page, files):
    """Drop files and folders on the middle of a page, as from a window of the computer."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    for what in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": what, "x": 500, "y": 400, "data": data})


def test_what_is_dropped_is_told_at_its_name_with_the_mend_and_gets_its_case_where_it_is_listed(
    chromium, built, tmp_path
):
    (folder := tmp_path / "interviews").mkdir()
    for name, text in (("talk.txt", TALK), ("Jim.txt", NAMES), (".DS_Store", "x"), ("old.rtf", RTF)):
        (folder / name).write_text(text, "utf-8")
    before = bytes_of(built)
    with browser.edited(built) as (address, begin), browser.Visit(chromium, address) as visit:
        page = visit.page
        page.set_default_timeout(20_000)
        page.goto(address + begin)
        page.goto(address + "/sources")
        page.wait_for_selector("#editing:not([hidden])")
        dropped(page, [folder])
        told = page.locator("#documents li")
        told.filter(has_text="old.rtf").get_by_text("save it as DOCX").wait_for()
        expect(told).to_have_count(3)
        expect(told.filter(has_text="talk.txt")).to_contain_text("I 3 (interviewer)")
        told.filter(has_text="Jim.txt").get_by_role("button", name="Take the turns").click()
        told.filter(has_text="Jim.txt").get_by_text("Its turns were taken.").wait_for()
        row = page.locator("main > .entry-list li").filter(has_text="talk")
        row.get_by_role("button", name="Edit").click()
        form = page.locator("#source-form form")
        form.locator("[name=case]").select_option("kitchen")
        with page.expect_response(lambda r: r.url.endswith("/edit")):
            form.get_by_role("button", name="Save").click()
        row.get_by_text("Soup kitchen").wait_for()
        # What was told stays when the page is exchanged for that of the new build, and leads to the source.
        page.evaluate(browser.AXE)
        assert page.evaluate("axe.run()")["violations"] == []
        told.get_by_role("link", name="jim").click()
        page.wait_for_url("**/source/jim")
        page.locator(".reader").get_by_text("Since last June").wait_for()
        for _ in range(3):
            with page.expect_response(lambda r: r.url.endswith("/edit/undo")):
                page.locator("[data-does=undo]").click()
        after = bytes_of(built)
        assert {name: after[name] for name in before} == before
        assert visit.complaints == []
        assert visit.elsewhere() == []
