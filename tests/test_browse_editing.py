"""The road by which a page changes the study: who may send an edit, what it may be, and that nothing else changes it."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import subprocess
import sys
import threading
import urllib.parse

import browser
import pytest
from helpers import awaited

import kg
from kg import editing
from kg.browse import connections
from kg.browse.editing import LONGEST, MOST, TOKEN

QUOTE = "The guests know my name by now"
PASSAGE = {"source": "interview", "quote": QUOTE}
CODED = {"do": "code", **PASSAGE, "codes": ["recognition"]}
EVERY = {
    "code": CODED,
    "uncode": {**PASSAGE, "codes": ["belonging"], "quote": "The guests know my name by now, so I would miss them."},
    "reach": {"source": "interview", "quote": "The guests know my name by now, so I would miss them.", "to": QUOTE},
    "evidence": {**PASSAGE, "claim": "P1", "stance": "supports", "strength": "weak", "reason": "It holds them."},
    "assert": {"source": "theory", "quote": "Pay has no part in it.", "claims": ["P1"]},
    "memo": {
        "source": "interview",
        "quote": "The guests know my name by now, so I would miss them.",
        "memo": "A rival.",
    },
    "end": {"line": "line-9a21dd3463", "reason": "Told by a third person."},
    "read": {"line": "line-9a21dd3463", "stance": "qualifies", "strength": "weak", "reason": "It is one week."},
    "finish": {"source": "interview"},
    "confirm": {"address": "interview:3"},
    "add": {"kind": "code", "record": {"id": "thanks", "level": "open", "label": {"en": "Thanks"}}},
    "edit": {"kind": "code", "id": "belonging", "values": {"definition": "Being known."}},
    "rename": {"kind": "code", "id": "belonging", "to": "being-known"},
    "merge": {"codes": ["belonging"], "into": "recognition"},
    "split": {"code": "belonging", "into": "recognition", "passages": ["interview:224-277"]},
    "retire": {"kind": "proposition", "id": "P2"},
    "pin": {"source": "interview"},
    "upgrade": {},
}
"""One operation of each kind; all are JSON that the study would take, or refuse with a reason of its own."""


class Browser:
    """What a browser sends: its cookie, and what its pages put into a request."""

    def __init__(self, address, begin=""):
        self.where = urllib.parse.urlsplit(address)
        self.cookie, self.token = "", ""
        if begin:
            _, headers, _ = self.send("GET", begin)
            self.cookie = headers.get("set-cookie", "").partition(";")[0]
            self.token = self.session()["token"]

    def send(self, method, path, body=b"", **headers):
        connection = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=60)
        sent = {"Cookie": self.cookie} if self.cookie else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        with contextlib.closing(connection):
            connection.request(method, path, body=body or None, headers=sent)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()

    def session(self):
        return json.loads(self.send("GET", "/edit/session")[2])

    def post(self, path, content, **headers):
        """Send JSON as a page of ours does, but for what is said otherwise; return status and answer."""
        usual = {
            "Content_Type": "application/json",
            "Origin": f"http://{self.where.netloc}",
            "Sec_Fetch_Site": "same-origin",
            TOKEN: self.token,
        }
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        status, _, text = self.send("POST", path, body, **{**usual, **headers})
        return status, json.loads(text) if text.startswith("{") else {"page": text}

    def edit(self, *operations, **headers):
        return self.post("/edit", {"operations": operations}, **headers)


def bytes_of(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def editor(built):
    with browser.edited(built) as (address, begin):
        yield Browser(address, begin)


@pytest.mark.slow
def test_an_edit_is_written_answered_with_what_was_stored_and_undone_to_the_byte(editor, built):
    before = bytes_of(built)
    status, told = editor.edit(CODED)
    assert status == 200
    (passage,) = told["passages"]
    assert (passage["id"], passage["quote"]) == ("interview:224-254", QUOTE)
    assert [entry["codes"] for entry in passage["entries"] if entry["coder"] == "me"] == [["recognition"]]
    assert told["by"] == "me"
    assert told["last"] == told["said"] == f"coded interview:224-254 recognition: {QUOTE!r}"
    assert sorted(told["files"]) == ["codings/interview.yaml"]
    assert "recognition" in (built / "codings/interview.yaml").read_text("utf-8")
    status, told = editor.post("/edit/undo", {})
    assert (status, told["undone"]) == (200, f"undid: coded interview:224-254 recognition: {QUOTE!r}")
    after = bytes_of(built)
    assert {name: after[name] for name in before} == before
    assert editor.post("/edit/redo", {})[0] == 200
    assert editor.session()["last"].startswith("redid")


@pytest.mark.slow
def test_what_cannot_be_done_is_said_with_the_mend_and_nothing_is_written(editor, built):
    before = bytes_of(built)
    status, told = editor.edit(CODED, {**CODED, "quote": "The guests knew my name by now"})
    assert status == 409
    assert "quote-not-found" in str(told["findings"])
    assert told["mend"].startswith("is it 224-254")
    status, told = editor.edit({"do": "retire", "kind": "code", "id": "belonging"})
    assert status == 409
    assert told["places"] == ["codings/interview.yaml:24"]
    status, told = editor.edit({"do": "rename", "kind": "code", "id": "belonging"})
    assert (status, told["places"]) == (409, ["to: Field required"])
    assert bytes_of(built) == before


@pytest.mark.slow
def test_what_another_program_wrote_is_kept_and_a_clash_is_told(editor, built):
    """An editor between two edits of the browser loses nothing; what it changed in the same entry is shown."""
    assert editor.edit(EVERY["memo"] | {"do": "memo"})[0] == 200
    file = built / "codings/interview.yaml"
    file.write_text(file.read_text("utf-8").replace("A rival.", "Changed by hand."), "utf-8")
    status, told = editor.post("/edit/undo", {})
    assert status == 409
    assert "changed again since" in told["error"]
    seen = {**EVERY["memo"], "do": "memo", "memo": "Mine", "was": "A rival."}
    assert editor.edit(seen)[1]["places"] == ["Changed by hand."]
    assert editor.edit({**CODED, "codes": ["weekly-feedback"]})[0] == 200
    assert "Changed by hand." in file.read_text("utf-8")


@pytest.mark.slow
def test_without_edit_nothing_changes_the_study_by_any_road(built):
    assert EVERY.keys() == editing.OPERATIONS.keys()
    before = bytes_of(built)
    with browser.served(built) as address:
        reader = Browser(address)
        for name, one in EVERY.items():
            for path in ("/edit", "/edit/preview", "/edit/undo", "/edit/redo", "/edit/who", "/", "/codes", "/zh/edit"):
                status, _ = reader.post(path, {"operations": [{"do": name, **one}]})
                assert status in (404, 405), (path, name)
        assert reader.send("GET", "/edit/session")[0] == 404
        assert reader.send("GET", "/edit/begin?key=")[0] == 400
        assert "edit.js" not in reader.send("GET", "/")[2]
    assert bytes_of(built) == before


@pytest.mark.slow
def test_each_operation_needs_the_session_its_token_our_origin_and_json(editor, built):
    before = bytes_of(built)
    other = Browser(f"http://{editor.where.netloc}")
    strange = [
        "https://evil.example",
        "null",
        "",
        None,
        f"http://{editor.where.hostname}:1",
        f"http://x.{editor.where.netloc}",
    ]
    for name, values in EVERY.items():
        one = {"do": name, **values}
        for origin in strange:
            assert editor.edit(one, Origin=origin)[0] == 403, (name, origin)
        for site in ("cross-site", "same-site", "none"):
            assert editor.edit(one, Sec_Fetch_Site=site)[0] == 403
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", None):
            assert editor.edit(one, Content_Type=kind)[0] == 415
        for token in ("", "x", None, editor.token[:-1], editor.token.lower() + "é"):
            assert editor.edit(one, **{TOKEN: token})[0] == 403
        assert other.edit(one, **{TOKEN: editor.token})[0] == 403
        assert editor.edit(one, Host="evil.example")[0] == 400
        query = urllib.parse.urlencode({"operations": json.dumps([one])})
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
            for path in ("/edit", "/edit/undo", "/edit/who"):
                assert editor.send(method, f"{path}?{query}")[0] in (400, 404, 405)
    assert bytes_of(built) == before


@pytest.mark.slow
def test_a_session_begins_only_at_the_address_that_was_printed(built):
    with browser.edited(built) as (address, begin):
        stranger = Browser(address)
        assert stranger.session()["token"] == ""
        for key in ("", "x", "é"):
            status, headers, _ = stranger.send("GET", f"/edit/begin?key={urllib.parse.quote(key)}")
            assert status == 403
            assert "set-cookie" not in headers
        _, headers, _ = stranger.send("GET", begin)
        cookie = headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert headers["cache-control"] == "no-store"
        # What another site shows or asks for gets neither session nor token.
        assert stranger.send("GET", begin, Sec_Fetch_Site="cross-site")[0] == 403
        mine = Browser(address, begin)
        assert mine.send("GET", "/edit/session", Sec_Fetch_Site="cross-site")[0] == 403
        # Each window has a token of its own session.
        assert Browser(address, begin).token != mine.token


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{", 400),
        (b"[" * 50_000, 400),
        (b'{"operations": {}}', 400),
        (b'{"operations": [1]}', 400),
        (b'{"operations": []}', 400),
        (json.dumps({"operations": [CODED] * (MOST + 1)}).encode(), 400),
        (b'{"operations": [{"do": "memo", "memo": "\\ud800"}]}', 400),
        (b'{"operations": [{"do": "memo", "memo": NaN}]}', 400),
        (b"\xff", 400),
        (b'{"operations": [{"do": "nope"}]}', 409),
        (b'{"operations": [{"do": ["code"]}]}', 409),
        (b'{"operations": [{"do": "code", "source": "../../etc/passwd", "quote": "x", "codes": ["a"]}]}', 409),
        (json.dumps({"operations": [{**CODED, "coder": "someone"}]}).encode(), 409),
        (json.dumps({"operations": [{**CODED, "memo": "x" * LONGEST}]}).encode(), 413),
    ],
    ids=lambda one: one[:40] if isinstance(one, bytes) else one,
)
def test_what_is_no_edit_is_refused_in_json(editor, built, sent, status):
    before = bytes_of(built)
    got, told = editor.post("/edit", sent)
    assert got == status
    assert told["error"]
    assert bytes_of(built) == before


@pytest.mark.slow
def test_what_is_too_long_is_not_read_to_its_end(editor, built):
    before = bytes_of(built)
    length = str(10**9)
    with contextlib.suppress(ConnectionError):
        assert editor.post("/edit", b"{", Content_Length=length)[0] == 413
    parts = (b"x" * 10_000 for _ in range(2 * connections.LENGTH // 10_000))
    connection = http.client.HTTPConnection(editor.where.hostname, editor.where.port, timeout=30)
    headers = {"Content-Type": "application/json", "Origin": f"http://{editor.where.netloc}", TOKEN: editor.token}
    with contextlib.closing(connection), contextlib.suppress(ConnectionError):
        connection.request("POST", "/edit", parts, {**headers, "Cookie": editor.cookie}, encode_chunked=True)
        assert connection.getresponse().status in (413, 431)
    assert editor.session()["token"] == editor.token
    assert bytes_of(built) == before


@pytest.mark.slow
def test_who_edits_is_chosen_and_stands_on_every_act(editor, built):
    assert editor.session()["coder"] == "me"
    status, told = editor.post("/edit/who", {"name": "Ada Lovelace", "kind": "person"})
    assert (status, told["coder"]) == (200, "ada-lovelace")
    assert editor.edit(CODED)[1]["by"] == "ada-lovelace"
    assert "coder: ada-lovelace" in (built / "codings/ada-lovelace-interview.yaml").read_text("utf-8")
    # Each undoes own edits only.
    assert editor.post("/edit/who", {"coder": "me"})[1]["last"] == ""
    assert editor.post("/edit/undo", {})[0] == 409
    for wrong in ({}, {"coder": "nobody"}, {"coder": "me", "name": "Me"}, {"coder": 1}, {"name": "X", "kind": "bot"}):
        assert editor.post("/edit/who", wrong)[0] in (400, 409), wrong
    assert editor.session()["coder"] == "me"


@pytest.mark.slow
def test_where_it_is_not_sure_who_edits_nothing_is_done_until_it_is_said(built):
    file = built / "study.yaml"
    other = "  - {id: other, name: Another}\n"
    file.write_text(file.read_text("utf-8").replace("cases:\n", f"{other}cases:\n", 1), "utf-8")
    with browser.edited(built) as (address, begin):
        nobody = Browser(address, begin)
        assert nobody.session()["coder"] == ""
        assert nobody.edit(CODED)[0] == 409
        assert nobody.post("/edit/who", {"coder": "other"})[0] == 200
        assert nobody.edit(CODED)[1]["by"] == "other"


@pytest.mark.slow
def test_edits_of_two_windows_at_once_are_all_kept(built):
    codes = [{"do": "add", "kind": "code", "record": {"id": f"c{n}", "level": "open", "label": {"en": f"C {n}"}, "definition": "x"}} for n in range(8)]  # fmt: skip
    with browser.edited(built) as (address, begin):
        windows = [Browser(address, begin) for _ in range(2)]
        told = {}

        def send(number):
            told[number] = windows[number % 2].edit(codes[number])

        threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert {status for status, _ in told.values()} == {200}
    codebook = (built / "codebook.yaml").read_text("utf-8")
    assert all(f"id: c{n}\n" in codebook for n in range(8))
    kg.open(built)


@pytest.mark.slow
def test_an_edit_goes_on_when_the_process_that_writes_was_ended(editor):
    import psutil

    for one in psutil.Process().children():
        if "kg.browse.writer" in one.cmdline():
            one.kill()
            one.wait()
    assert editor.edit(CODED)[0] == 200


def test_pages_of_a_folder_say_nothing_of_editing(built, tmp_path):
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "site",
        str(tmp_path / "site"),
        "--study",
        str(built),
    ]
    subprocess.run(command, check=True, capture_output=True)
    pages = list((tmp_path / "site").rglob("*.html"))
    assert pages
    assert not [page for page in pages if re.search(r"edit\.(js|css)|id=\"editing\"", page.read_text("utf-8"))]
    assert not list((tmp_path / "site/static").glob("edit*"))


def test_kg_browse_lets_nobody_edit_from_elsewhere_nor_the_bundled_study(built, tmp_path):
    prefix = [sys.executable, "-c", "from kg.cli import main; main()", "browse", "--edit", "--no-open"]
    elsewhere = [
        (["--study", built, "--host", host], "others could edit")
        for host in ("0.0.0.0", "::", "192.0.2.1", "example.org")
    ]
    for words, why in (*elsewhere, ([], "you stand in no study")):
        # Who is not refused would be served without end.
        ended = subprocess.run([*prefix, *words], check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60)
        assert ended.returncode == 2
        assert why in ended.stderr


def test_what_a_page_asks_for_while_too_many_edits_wait_is_refused_in_words(tmp_path):
    """Sessions and all that only tells are refused as an edit is, and a page in blind mode shows no more for it."""
    from starlette.applications import Starlette
    from starlette.requests import Request

    from kg.browse import editing as road

    study = road.Editing(tmp_path)
    study._sessions["s"] = road.Session("me", blind=True)
    study._waiting = road.WAITING
    app = Starlette(routes=study.routes())

    def scope(path):
        cookie = (b"cookie", b"kg-edit-80=s")
        about = {"type": "http", "method": "GET", "path": path, "query_string": f"key={study.key}".encode()}
        return about | {"headers": [cookie], "server": ("127.0.0.1", 80), "scheme": "http", "http_version": "1.1"}

    async def got(path):
        sent = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        await app(scope(path), receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])["error"]

    for path in (road.BEGIN, "/edit/session", "/edit/source/interview", "/edit/record/code/belonging"):
        assert awaited(got, path) == (503, "too many edits wait for their turn"), path
    assert awaited(study.hidden, Request(scope("/source/interview")), "source/interview") == "me"
