"""Measure the pages of 'kg browse' beside what one would otherwise look with: Fuseki, and Taguette's document page.

    python bench/browse.py [--size 100000] [--requests 10000] [--write]

Twenty requests are answered in parallel, of every kind of page and with records drawn at random. Server time
is what the app says in Server-Timing: from the request to the first byte of the answer.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import httptools
from generate import generate
from run import machine

import kg
from kg import query

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import servers

PAGE = Path(__file__).parent.parent / "docs" / "speed-pages.md"
AT_ONCE = 20
SEED = 1
TAGUETTE = "1.5.2"
EVIDENCE = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ev: <https://w3id.org/dart-kg/evidence#>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?line ?stance ?strength ?rationale ?quote ?source WHERE {
  ?p dcterms:identifier CLAIM .
  ?l ev:proposition ?p ; dcterms:identifier ?line ; ev:stance ?stance ; ev:strength ?strength ; ev:rationale ?rationale ;
     ev:excerpt ?e .
  ?e oa:hasSelector/oa:exact ?quote ; oa:hasSource/dcterms:identifier ?source .
}"""
"""The evidence of a claim, as one would ask for it by hand."""
AS_A_BROWSER = {"Accept-Encoding": "gzip"}
STARTS = 5
TARGET = 0.1
"""Seconds within which 95 of 100 pages are to be answered."""


class Answer(NamedTuple):
    """Hold how long one request took: for the server and for the client (seconds), and its status."""

    server: float
    whole: float
    status: int


class Client:
    """Ask over one connection, which is kept as a browser keeps it, with as little work of its own as can be.

    Python's own client would take a tenth of the processors that are being measured.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connected()

    def _connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=120)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self.headers[name.lower()] = value

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self.body.append(body)

    def on_message_complete(self) -> None:
        """Note that the answer is whole, and whether the server keeps the connection."""
        self.whole, self.kept = True, self.parser.should_keep_alive()

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[Answer, bytes]:
        """Send one request."""
        self.headers: dict[bytes, bytes] = {}
        self.body: list[bytes] = []
        self.whole = False
        self.parser = httptools.HttpResponseParser(self)
        sent = {"Host": f"127.0.0.1:{self.port}", "Accept": "text/html", **(headers or {})}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        began = time.perf_counter()
        self.socket.sendall("\r\n".join(lines).encode("ascii"))
        while not self.whole:
            part = self.socket.recv(2**18)
            if not part:
                raise ConnectionError(f"no whole answer to {path}")
            self.parser.feed_data(part)
        took = time.perf_counter() - began
        if not self.kept:
            self.close()
            self.socket = self._connected()
        said = re.search(rb"dur=([\d.]+)", self.headers.get(b"server-timing", b""))
        answer = Answer(float(said[1]) / 1000 if said else took, took, self.parser.get_status_code())
        return answer, b"".join(self.body)

    def close(self) -> None:
        """End the connection."""
        self.socket.close()


def parallel(port: int, paths: list[str], headers: dict[str, str] | None = None) -> list[Answer]:
    """Send requests, :data:`AT_ONCE` at a time, and return the answers in their order."""
    found: list[Answer | None] = [None] * len(paths)
    waiting = iter(range(len(paths)))
    lock = threading.Lock()

    def work() -> None:
        client = Client(port)
        while True:
            with lock:
                place = next(waiting, None)
            if place is None:
                client.close()
                return
            found[place] = client.get(paths[place], headers)[0]

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [a for a in found if a is not None]


def share(values: list[float], part: float) -> float:
    """Return the value below which a part of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


class Draw:
    """Draw addresses of every kind of page."""

    def __init__(self, graph: kg.Graph) -> None:
        self.chance = random.Random(SEED)
        told = graph.tables
        self.ids: dict[str, list[str]] = {}
        for row in query.run(told, "records").dicts():
            self.ids.setdefault(row["kind"], []).append(row["id"])
        with sqlite3.connect(told.path) as db:
            self.ids["excerpt"] = [i for (i,) in db.execute("SELECT id FROM excerpt ORDER BY id")]
            self.ids["line"] = [i for (i,) in db.execute("SELECT id FROM line ORDER BY id")]
        self.kinds = {
            "claim": lambda: f"/proposition/{self.one('proposition')}",
            "claim, filtered": lambda: f"/proposition/{self.one('proposition')}?case={self.one('case')}",
            "concept": lambda: f"/concept/{self.one('concept')}?page={self.chance.randrange(1, 20)}",
            "code": lambda: f"/code/{self.one('code')}?page={self.chance.randrange(1, 50)}",
            "case": lambda: f"/case/{self.one('case')}?page={self.chance.randrange(1, 50)}",
            "coder": lambda: f"/coder/{self.one('coder')}?page={self.chance.randrange(1, 50)}",
            "source": lambda: f"/source/{self.one('source')}",
            "passage in its source": self.passage,
            "reference": lambda: f"/reference/{self.one('reference')}",
            "evidence line": lambda: f"/line/{self.one('line')}",
            "answer": lambda: f"/ask?q=what+supports+{self.one('concept')}&page={self.chance.randrange(1, 20)}",
            "picture": lambda: f"/explore?of=proposition/{self.one('proposition')}",
            "list": lambda: f"/{self.chance.choice(('propositions', 'codes', 'sources', 'references', 'ontology'))}",
            "matrix": lambda: f"/matrix?page={self.chance.randrange(1, 11)}",
        }

    def one(self, kind: str) -> str:
        """Draw an id."""
        return self.chance.choice(self.ids[kind])

    def passage(self) -> str:
        """Draw a passage in its source."""
        source, _, span = self.one("excerpt").rpartition(":")
        return f"/source/{source}?at={span}"

    def some(self, number: int) -> list[tuple[str, str]]:
        """Draw pages, each with its kind."""
        names = sorted(self.kinds)
        return [(kind, self.kinds[kind]()) for kind in (self.chance.choice(names) for _ in range(number))]


class Browser:
    """Run 'kg browse', which starts processes of its own."""

    def __init__(self, study: Path) -> None:
        self.port = servers.free_port()
        command = ["browse", "--study", str(study), "--port", str(self.port), "--no-open"]
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from kg.cli import main; main()", *command], stdout=subprocess.DEVNULL
        )
        while True:
            try:
                Client(self.port).get("/ask?q=what+supports+trust")
                break
            except OSError:
                time.sleep(0.01)
        self.first = time.perf_counter() - began

    def memory(self) -> int:
        """Return how much memory of their own its processes hold together (MB); files they read are shared by all."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = [pid for task in tasks for pid in task.read_text("ascii").split()]
        texts = [Path(f"/proc/{pid}/smaps_rollup").read_text("ascii") for pid in (self.process.pid, *children)]
        return sum(int(re.search(r"Anonymous:\s+(\d+)", text)[1]) for text in texts) // 1024  # type: ignore[index]

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def in_fuseki(graph: kg.Graph, claims: list[str], scratch: Path) -> list[Answer]:
    """Ask Fuseki for the evidence of claims, as one would on its query page."""
    from pyoxigraph import RdfFormat

    server = servers.Fuseki(scratch / "fuseki")
    server.heap = "8g"
    server.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
        data = graph.store.dump(format=RdfFormat.N_QUADS)
        connection.request("PUT", "/ds/data", data, {"Content-Type": "application/n-quads"})
        connection.getresponse().read()
        asked = [EVIDENCE.replace("CLAIM", json.dumps(c)) for c in claims]
        paths = [
            "/ds/sparql?" + urllib.parse.urlencode({"query": q, "default-graph-uri": "urn:x-arq:UnionGraph"})
            for q in asked
        ]
        headers = {"Accept": "application/sparql-results+json"}
        return parallel(server.port, paths, headers)
    finally:
        server.stop()


def in_taguette(graph: kg.Graph, sources: list[str], scratch: Path) -> list[Answer]:
    """Ask Taguette for the same documents with the same highlights."""
    # It asks for older versions of what we use, so that it gets an environment of its own.
    folder = scratch / "taguette"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin" / "pip"), "install", "-q", f"taguette=={TAGUETTE}"], check=True)
    database, port = folder / "project.sqlite3", servers.free_port()

    def start() -> tuple[subprocess.Popen[str], str]:
        command = [str(folder / "bin" / "taguette"), "--no-browser", "--database", str(database)]
        running = subprocess.Popen(
            [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "HOME": str(folder)},
        )  # fmt: skip
        assert running.stdout
        for line in running.stdout:
            if found := re.search(r"token=(\w+)", line):
                return running, found[1]
        raise RuntimeError("Taguette did not start")

    running, _ = start()
    running.terminate()
    running.wait()
    told = graph.tables
    with sqlite3.connect(database) as db:
        project = 1
        db.execute("INSERT INTO projects VALUES (1, 'p', '', '2026-01-01 00:00:00')")
        db.execute("INSERT INTO project_members (project_id, user_login, privileges) VALUES (1, 'admin', 'ADMIN')")
        for number, source in enumerate(sources, 100):
            (text,) = query.run(told, "source-text", id=source).rows[0]
            db.execute(
                "INSERT INTO documents (id, name, description, filename, created, project_id, text_direction, contents) "
                "VALUES (?, ?, '', 'd.html', '2026-01-01 00:00:00', ?, 'LEFT_TO_RIGHT', ?)",
                (number, source, project, f"<p>{text}</p>"),
            )
            spans = {(r["start"], r["end"], r["quote"]) for r in query.run(told, "trace-source", id=source).dicts()}
            db.executemany(
                "INSERT INTO highlights (document_id, start_offset, end_offset, snippet) VALUES (?, ?, ?, ?)",
                [(number, *span) for span in sorted(spans)],
            )
    running, token = start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", f"/?token={token}")
        cookies = [v.split(";")[0] for k, v in connection.getresponse().getheaders() if k.lower() == "set-cookie"]
        headers = {"Cookie": "; ".join(cookies), "Accept": "application/json"}
        paths = [f"/api/project/{project}/document/{n}" for n in range(100, 100 + len(sources))]
        answer, body = Client(port).get(paths[0], headers)
        assert answer.status == 200, body[:500]
        assert len(json.loads(body)["highlights"]) > 50
        return parallel(port, paths, headers)
    finally:
        running.terminate()
        running.wait()


def measure(size: int, requests: int, scratch: Path) -> list[str]:
    """Measure everything, and return the lines of the page."""
    study = scratch / "study"
    generate(size, study)
    os.environ["DART_KG_CACHE"] = str(scratch / "cache")
    subprocess.run([sys.executable, "-c", "from kg.cli import main; main()", "build", str(study)], check=True)
    graph = kg.open(study, built=True)
    draw = Draw(graph)
    asked = draw.some(requests)
    began = []
    for _ in range(STARTS - 1):
        once = Browser(study)
        began.append(once.first)
        once.stop()
    browser = Browser(study)
    began.append(browser.first)
    try:
        memory = [browser.memory()]
        first: list[Answer] = []
        for at in range(0, len(asked), 2000):
            first += parallel(browser.port, [path for _, path in asked[at : at + 2000]], AS_A_BROWSER)
            memory.append(browser.memory())
        again = parallel(browser.port, [path for _, path in asked[-2000:]], AS_A_BROWSER)
    finally:
        browser.stop()
    # Others have not been asked the same before either.
    claims, sources = (draw.chance.sample(draw.ids[kind], 200) for kind in ("proposition", "source"))
    fresh = Browser(study)
    try:
        asked_of_both = {"claim": [f"/proposition/{c}" for c in claims], "source": [f"/source/{s}" for s in sources]}
        ours = {what: parallel(fresh.port, paths, AS_A_BROWSER) for what, paths in asked_of_both.items()}
    finally:
        fresh.stop()
    assert {a.status for a in (*first, *again)} == {200}
    print(
        f"pages: {share([a.server for a in first], 0.95):.3f} s, again {share([a.server for a in again], 0.95):.3f} s, {memory} MB",
        file=sys.stderr,
    )
    theirs = {"claim": in_fuseki(graph, claims, scratch), "source": in_taguette(graph, sources, scratch)}
    assert {a.status for some in theirs.values() for a in some} == {200}

    def ms(seconds: float) -> str:
        return f"{seconds * 1000:,.0f}"

    rows = []
    for kind in sorted(draw.kinds):
        mine = [a.server for (k, _), a in zip(asked, first, strict=True) if k == kind]
        warm = [a.server for (k, _), a in zip(asked[-2000:], again, strict=True) if k == kind]
        rows.append((kind, len(mine), ms(share(mine, 0.5)), ms(share(mine, 0.95)), ms(share(warm, 0.95))))
    every = [a.server for a in first]
    warm = [a.server for a in again]
    rows.append(("all", len(every), ms(share(every, 0.5)), ms(share(every, 0.95)), ms(share(warm, 0.95))))
    beside = [
        (what, other, ms(share([a.whole for a in ours[key]], 0.95)), ms(share([a.whole for a in theirs[key]], 0.95)),
         f"{share([a.whole for a in theirs[key]], 0.95) / share([a.whole for a in ours[key]], 0.95):.1f} ×")
        for key, what, other in (
            ("claim", "a claim with its passages", "Fuseki, the lines, quotes and sources as JSON, without codes and references"),
            ("source", "a source with its passages", "Taguette, its highlights as JSON, without text and codes"),
        )
    ]  # fmt: skip
    met = "met" if share(every, 0.95) <= TARGET else "NOT met"
    again_met = "met" if share(warm, 0.95) <= TARGET else "NOT met"
    soon = "met" if share(began, 0.5) <= 1 else "NOT met"
    head = (
        f"{size:,} passages, {requests:,} requests, {AT_ONCE} at a time over connections that are kept, in milliseconds of server time. Target: 95 of "
        f"100 within {TARGET * 1000:.0f} ms: **{met}** over all, **{again_met}** for pages that were made before."
    )
    start = (
        f"First answer {share(began, 0.5):.2f} s after start, the middle of {STARTS} starts "
        f"({min(began):.2f} to {max(began):.2f}; target 1 s: **{soon}**). "
        f"Memory before, and after each 2,000 requests: {', '.join(map(str, memory))} MB."
    )
    return [
        head,
        "",
        *_table(("page", "requests", "median", "95 of 100", "95 of 100, made before"), rows),
        "",
        start,
        "",
        "## Beside other ways to look",
        "",
        f"200 requests, {AT_ONCE} at a time, whole round trip, 95 of 100 within so many milliseconds.",
        "",
        *_table(("what", "beside", "kg browse", "the other", "ratio"), beside),
        "",
    ]


def _table(head: tuple[str, ...], rows: list[Any]) -> list[str]:
    return ["| " + " | ".join(map(str, line)) + " |" for line in (head, ["---"] * len(head), *rows)]


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(description="Measure the pages.")
    parser.add_argument("--size", type=int, default=100_000, help="passages of the study")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--write", action="store_true", help="write docs/speed-pages.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(given.size, given.requests, Path(folder))
    names = ("starlette", "uvicorn", "jinja2")
    text = "\n".join(
        [
            "# Speed of the pages",
            "",
            "`python bench/browse.py --write` measures this anew and writes this page.",
            "",
            *lines,
            "## On what",
            "",
            *(
                f"- {fact}"
                for fact in (
                    *machine(),
                    "; ".join(f"{n} {version(n)}" for n in names),
                    f"Fuseki 5.5.0; Taguette {TAGUETTE}",
                    "a build of Python without profile-guided optimization, as pyenv makes it by default, takes a quarter to a third longer",
                )
            ),
            "",
        ]
    )
    print(text)
    if given.write:
        PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
