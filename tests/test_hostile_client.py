"""A client that means harm: what it sends, holds and never reads is bounded, and everybody else is answered."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import httptools
import psutil
import pytest
from helpers import accept

import kg
from kg.browse import app, connections, refusals, workers

# Most of them wait: one process waits for them all, while another works.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("waiting")]
PREFIX = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"]
HUNGRY = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?b ?c ?x ?y ?z { ?a ?b ?c . ?x ?y ?z } }"


class Served:
    """The command 'kg browse', running."""

    def __init__(self, study, scratch, *words):
        self.complaints = scratch / "complaints.txt"
        with self.complaints.open("wb") as told:
            self.process = subprocess.Popen(
                [*PREFIX, "browse", "--study", study, "--no-open", "--port", "0", "--json", *words],
                stdout=subprocess.PIPE,
                stderr=told,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self.address = json.loads(self.process.stdout.readline())["address"]
        self.where = urllib.parse.urlsplit(self.address)

    def get(self, path, **headers):
        """Ask for a page; return status, headers and body."""
        connection = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=120)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

    def connect(self):
        return socket.create_connection((self.where.hostname, self.where.port), timeout=120)

    def workers(self):
        """Return the processes that make answers."""
        some = []
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                some += [process] if "kg.browse.workers" in process.cmdline() else []
        return some

    def said(self):
        """Return what it wrote to its terminal."""
        return self.complaints.read_text("utf-8")

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def served(tmp_path):
    """Serve a study with the command; each is ended."""
    with contextlib.ExitStack() as stack:

        def start(study="template", *words):
            one = Served(str(study), tmp_path, *words)
            stack.callback(one.end)
            return one

        yield start


def answer_of(connection):
    """Return all that comes over a connection until it is closed."""
    came = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(2**16):
            came += piece
    return came


def is_page(answer, status):
    """Say that a raw answer is a page with a status, the headers and a mend."""
    top, _, body = answer.partition(b"\r\n\r\n")
    lines = top.decode().lower().split("\r\n")
    assert lines[0].startswith(f"http/1.1 {status} ")
    assert {f"{name}: {value}".lower() for name, value in refusals.HEADERS.items()} <= set(lines)
    assert refusals.REASONS[status].encode().replace(b"'", b"&#39;") in body


def test_a_request_that_is_too_long_is_refused_while_it_comes(served):
    one = served()
    for begin in (b"GET / HTTP/1.1\r\nX: ", b"GET /", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\nX: "):
        with one.connect() as connection:
            connection.sendall(begin + b"a" * (connections.LENGTH + 1 - len(begin)))
            is_page(answer_of(connection), 431)
    before = psutil.Process(one.process.pid).memory_info().rss
    lines = b"".join(b"X: " + b"a" * 60_000 + b"\r\n" for _ in range(500))
    with one.connect() as connection, pytest.raises(ConnectionError):
        connection.sendall(b"GET / HTTP/1.1\r\n" + lines)
    assert psutil.Process(one.process.pid).memory_info().rss - before < 20 * 2**20
    assert one.get("/")[0] == 200
    assert one.said() == ""


def test_a_long_head_that_comes_at_once_is_refused_too(served):
    one = served()
    status, headers, _ = one.get("/", X="a" * (connections.LENGTH - 100), Y="b" * 200)
    assert status == 431
    assert headers["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize(
    "begin", [b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\nX: "]
)
def test_a_request_that_does_not_come_to_its_end_is_given_up(served, begin):
    """A byte now and then is no reason to wait, neither at first nor after an answer."""
    one = served()
    with one.connect() as connection:
        connection.sendall(begin)
        began = time.monotonic()
        connection.settimeout(0.5)
        came = b""
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < 120:
                with contextlib.suppress(TimeoutError):
                    if not (piece := connection.recv(2**16)):
                        break
                    came += piece
                connection.sendall(b"a")
    assert connections.RECEIVING - 1 < time.monotonic() - began < 120
    is_page(b"HTTP/1.1" + came.rpartition(b"HTTP/1.1")[2], 408)


def test_a_connection_that_says_nothing_is_closed(served):
    one = served()
    with one.connect() as connection:
        assert answer_of(connection) == b""


def test_who_holds_many_connections_keeps_nobody_out(served):
    one = served()
    with contextlib.ExitStack() as stack:
        for _ in range(3 * connections.CONNECTIONS):
            stack.enter_context(one.connect()).sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(10):
            assert one.get("/propositions")[0] == 200
        open_ones = [c for c in psutil.Process(one.process.pid).net_connections("tcp") if c.status == "ESTABLISHED"]
        assert len(open_ones) <= connections.CONNECTIONS + 1
    assert one.said() == ""


def test_who_does_not_read_an_answer_is_not_waited_for(site_of_dart, monkeypatch):
    monkeypatch.setattr(connections, "ANSWERING", 3.0)
    where = urllib.parse.urlsplit(site_of_dart)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect((where.hostname, where.port))
        asked = b"GET /static/cytoscape.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 60
        connection.sendall(asked)
        time.sleep(8)
        connection.settimeout(60)
        came = answer_of(connection)
    assert len(came) < 60 * (Path(app.__file__).parent / "static" / "cytoscape.min.js").stat().st_size


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\xfe garbage\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_request_is_answered_by_a_page(served, sent):
    one = served()
    with one.connect() as connection:
        connection.sendall(sent)
        is_page(answer_of(connection), 400)
    assert one.said() == ""


class Taken:
    """Status and size of each answer of a connection."""

    def __init__(self):
        self.answers, self.size = [], 0

    def on_body(self, body):
        self.size += len(body)

    def on_message_complete(self):
        self.answers.append((self.parser.get_status_code(), self.size))
        self.size = 0


def test_many_requests_at_once_are_answered_in_turn(served):
    one = served()
    paths = ["/propositions", "/nope", "/static/style.css", "/ask?q=what+is+missing", "/zh/"] * 20
    with one.connect() as connection:
        for path in paths:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        parser = httptools.HttpResponseParser(taken := Taken())
        taken.parser = parser
        while len(taken.answers) < len(paths):
            parser.feed_data(connection.recv(2**16))
    answers = taken.answers
    assert answers == answers[:5] * 20
    assert [status for status, _ in answers[:5]] == [200, 404, 200, 200, 200]


def test_no_queue_of_requests_that_nobody_answers_yet_grows(served):
    one = served()
    before = psutil.Process(one.process.pid).memory_info().rss
    for number in range(20):
        with one.connect() as connection, contextlib.suppress(ConnectionError):
            for _ in range(40):
                connection.sendall(f"GET /search?q={number} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * 5000)
            pytest.fail("all of them were taken")
    assert psutil.Process(one.process.pid).memory_info().rss - before < 40 * 2**20
    assert one.get("/")[0] == 200
    assert one.said() == ""


def test_a_process_that_was_stopped_is_replaced_and_the_page_says_so(served):
    one = served()
    assert one.get("/")[0] == 200
    stopped = one.workers()
    for process in stopped:
        process.suspend()
    status, headers, body = one.get("/gaps")
    assert status == 503
    assert workers.LATE.encode() in body
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert any(not process.is_running() for process in stopped)
    for process in stopped:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.resume()
    assert one.get("/gaps")[0] == 200
    assert one.said() == ""


def test_a_graph_that_was_deleted_is_said_and_built_again(served, study, tmp_path, monkeypatch):
    monkeypatch.setenv("DART_KG_CACHE", str(tmp_path / "cache"))
    kg.open(study)
    one = served(study)
    assert one.get("/")[0] == 200
    import shutil

    shutil.rmtree(tmp_path / "cache")
    for path in (
        "/",
        "/proposition/P1.ttl",
        "/sparql",
        "/sparql?q=ASK+%7B%7D",
        "/suggest?q=w",
        "/explore-columns.json?of=proposition/P1",
    ):
        status, headers, body = one.get(path)
        assert status == 503, path
        assert b"run &#39;kg build&#39;" in body
        assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "请运行 kg build" in one.get("/zh/")[2].decode()
    assert one.get("/static/style.css")[0] == 200
    assert one.get("/nope")[0] == 404
    assert one.said() == ""
    kg.open(study)
    assert one.get("/")[0] == 200


def test_a_fault_of_the_program_is_a_page_and_one_traceback(served, study):
    """A table is empty, which no build and no disk does."""
    from kg.store import build, tables

    kg.open(study)
    built = build.current(study)
    with contextlib.closing(sqlite3.connect(built / tables.NAME)) as connection:
        connection.execute("DELETE FROM study")
        connection.commit()
    accept(built)
    one = served(study)
    status, headers, body = one.get("/")
    assert status == 500
    assert refusals.REASONS[500].encode() in body
    assert b"sqlite" not in body
    assert headers["x-content-type-options"] == "nosniff"
    assert one.said().count("Traceback") == 1


@pytest.mark.parametrize("how", ["half requests", "answers that nobody reads", "a query that runs"])
def test_ctrl_c_ends_it_at_once_whoever_still_waits(served, how):
    one = served()
    one.get("/")
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect((one.where.hostname, one.where.port))
            if how == "half requests":
                connection.sendall(b"GET / HTTP/1.1\r\n")
            elif how == "answers that nobody reads":
                connection.sendall(b"GET /static/cytoscape.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 60)
            else:
                asked = f"GET /sparql?q={urllib.parse.quote(HUNGRY)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                connection.sendall(asked.encode())
        time.sleep(1)
        started = psutil.Process(one.process.pid).children(recursive=True)
        one.process.send_signal(signal.SIGINT)
        one.process.wait(timeout=8)
        assert not psutil.wait_procs(started, timeout=120)[1]
    assert "Traceback" not in one.said()


def test_a_query_whose_reader_is_gone_is_ended(served):
    """Not after its ten seconds, and the readers behind it come in turn."""
    one = served("dart")
    asked = f"GET /sparql?q={urllib.parse.quote(HUNGRY)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    for _ in range(40):
        with one.connect() as connection:
            connection.sendall(asked)
    status, _, body = one.get("/sparql?q=ASK+%7B%7D", Accept="application/json")
    assert (status, json.loads(body)["rows"]) == (200, [[True]])


def test_a_query_that_takes_too_much_memory_is_a_page_that_says_so(served):
    status, headers, body = served("dart").get(f"/sparql?q={urllib.parse.quote(HUNGRY)}", Accept="text/html")
    assert status == 503
    assert b"more than 512 MiB of memory" in body or b"ended after 10 s" in body
    assert headers["content-security-policy"].startswith("default-src 'self'")


SOAK = 60
"""How long the hostile clients attack (seconds)."""


def test_a_minute_of_attacks_takes_no_more_memory_and_keeps_nobody_waiting_for_ever(served):
    one = served("dart")
    one.get("/")
    server = psutil.Process(one.process.pid)
    attack = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "hostile.py"), str(one.where.port), str(SOAK)],
        stdout=subprocess.PIPE,
        text=True,
    )
    began, memory, answered = time.monotonic(), [], 0
    paths = [
        "/",
        "/proposition/P18",
        "/ask?q=what+supports+transparency",
        "/static/style.css",
        "/suggest?q=what",
        "/source/afu",
    ]
    while attack.poll() is None:
        for path in paths:
            status, headers, body = one.get(path)
            assert status == 200, (path, body)
            assert headers["x-content-type-options"] == "nosniff"
            answered += 1
        taken = server.memory_info().rss + sum(p.memory_info().rss for p in one.workers())
        memory.append((time.monotonic() - began, taken))
        assert time.monotonic() - began < 5 * SOAK
        time.sleep(0.1)
    tried = dict(line.split() for line in attack.communicate()[0].splitlines())
    print(tried, answered, [(round(at), taken >> 20) for at, taken in memory])  # noqa: T201 (shown when it fails)
    assert attack.returncode == 0
    assert all(int(times) > 0 for times in tried.values())
    assert one.said() == ""
    early = max(taken for at, taken in memory if at < SOAK / 3)
    late = max(taken for at, taken in memory if at > SOAK / 3)
    # What is kept of the pages made last is still filling.
    assert late - early < 32 * 2**20
    assert one.get("/")[0] == 200
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(timeout=120) == 130
