"""A SPARQL endpoint by its URL: what is bound, what is refused, what goes wrong, and what a real Fuseki answers."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import servers
from helpers import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_cli import kg as command
from test_parity import drawn, rows

import kg
from kg import query
from kg.endpoint import binding, client, engine, held, push
from kg.endpoint.client import Address, Client
from kg.errors import QueryLimit, QueryRefused, ServerUnavailable
from kg.store.named_graphs import NamedGraphs

# What is bound


@settings(max_examples=examples(300))
@given(st.text() | st.text("\\uU\"'0022\n{}?#x\x07"))
@example("\\\x07")
def test_any_text_is_bound_as_it_is(text):
    from pyoxigraph import Store

    bound = binding.bind("SELECT ?x WHERE { }", {"x": text})
    assert bound == "SELECT ?x WHERE { }"  # it is named in no group
    (row,) = Store().query(binding.bind("SELECT ?y WHERE { BIND(?x AS ?y) }", {"x": text}))
    assert row["y"].value == text


def test_a_parameter_is_bound_in_each_group_that_names_it_and_in_no_other():
    text = """SELECT ?id ?n WHERE {
  { SELECT ?id (COUNT(?x) AS ?n) WHERE { { ?x ex:p ?id } UNION { ?id ex:p ?x } FILTER NOT EXISTS { ?x a ?id } } GROUP BY ?id }
  ?z ex:says "?id { " ; ex:is <http://x/?id> . # ?id {
  VALUES (?z) { (1) }
}"""
    bound = binding.bind(text, {"id": "a"})
    assert bound.replace(' VALUES ?id { "a" }', "") == text
    assert bound.count("VALUES ?id") == 3
    assert '{ VALUES ?id { "a" } ?x ex:p ?id }' in bound
    assert '{ VALUES ?id { "a" } ?x a ?id }' in bound


@pytest.mark.parametrize("name", [n for n in query.names() if query.named(n).parameters])
def test_a_bound_question_has_the_rows_that_the_engine_has_which_binds_by_itself(study, name):
    graph = kg.open(study)
    asked = query.named(name)
    for parameters in drawn(graph, name):
        found = graph.store.query(binding.bind(asked.text, parameters), use_default_graph_as_union=True)
        ours = [tuple(query.value(row[c]) for c in asked.columns) for row in found]
        assert sorted(map(repr, ours)) == sorted(map(repr, rows(graph.oxigraph, name, parameters).elements()))


# What goes wrong, seen from a server that is made for it


@contextmanager
def answering(respond):
    """Run a server that answers every request by a function, and list what it was sent."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append((self.command, self.path, dict(self.headers), body))
            respond(self)

        do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - so the standard library calls them

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/sparql", seen
    finally:
        running.shutdown()
        running.server_close()


def reply(status, body=b"", kind="text/plain", **headers):
    def respond(handler):
        handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def send(url, seconds=5.0, **more):
    with Client(Address(url, "me", "geheim", **more)) as opened:
        return opened.send("POST", form={"query": "ASK {}"}, headers={}, seconds=seconds)


@pytest.mark.parametrize(
    ("respond", "error", "said"),
    [
        (reply(401), ServerUnavailable, "check SPARQL_USERNAME and SPARQL_PASSWORD, or SPARQL_TOKEN"),
        (reply(403), ServerUnavailable, "did not let us in (403 Forbidden)"),
        (reply(404), ServerUnavailable, "is it the address of its queries"),
        (reply(400, b"Parse error:\n  Encountered x"), QueryRefused, "asked: Parse error: Encountered x"),
        (reply(500, b"out of memory"), ServerUnavailable, "(500 Internal Server Error): out of memory"),
        (reply(503, b"<h1>no</h1>", "text/html"), ServerUnavailable, "could not do that (503 Service Unavailable)"),
        (reply(507), ServerUnavailable, "507 Insufficient Storage"),
        (reply(599), ServerUnavailable, "(599)"),
        (reply(302, Location="/elsewhere"), ServerUnavailable, "give that address if you trust it"),
        (reply(307, Location="http://127.0.0.2:1/sparql"), ServerUnavailable, "sends on to http://127.0.0.2:1/sparql"),
        (reply(307, Location="/sparql"), ServerUnavailable, "sends every request on"),
        (reply(307), ServerUnavailable, "sends on to nowhere"),
        (reply(200, b"no gzip at all", **{"Content-Encoding": "gzip"}), ServerUnavailable, "no answer from"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_server_refuses_is_said_with_what_to_check(respond, error, said):
    with answering(respond) as (url, _), pytest.raises(error) as refused:
        send(url)
    assert said in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_a_request_is_sent_on_to_the_same_server_whole():
    def respond(handler):
        (reply(200, b"there") if handler.path == "/there" else reply(307, Location="/there"))(handler)

    with answering(respond) as (url, seen):
        assert send(url).body == b"there"
    assert [(method, path) for method, path, *_ in seen] == [("POST", "/sparql"), ("POST", "/there")]
    assert seen[0][3] == seen[1][3] == b"query=ASK+%7B%7D"
    assert seen[1][2]["Authorization"].startswith("Basic ")


def test_a_password_is_given_to_no_other_server():
    with (
        answering(reply(200)) as (other, seen),
        answering(reply(307, Location=other)) as (url, _),
        pytest.raises(ServerUnavailable),
    ):
        send(url)
    assert seen == []


def test_a_token_is_sent_instead_of_a_password():
    with answering(reply(200)) as (url, seen):
        send(url, token="abc")
    assert seen[0][2]["Authorization"] == "Bearer abc"


def test_the_environment_says_who_asks(monkeypatch):
    monkeypatch.setenv("SPARQL_USERNAME", "me")
    monkeypatch.setenv("SPARQL_PASSWORD", "geheim")
    monkeypatch.setenv("SPARQL_TOKEN", "")
    assert tuple(client.address("http://x/")) == ("http://x/", "me", "geheim", None)


def test_what_stands_in_the_address_after_a_question_mark_goes_along():
    with answering(reply(200)) as (url, seen), Client(Address(f"{url}?infer=false")) as opened:
        opened.send("GET", parameters={"graph": "http://x/ä?b#c"}, headers={}, seconds=5)
    assert seen[0][1] == "/sparql?infer=false&graph=http%3A%2F%2Fx%2F%C3%A4%3Fb%23c"


def test_an_answer_that_is_too_big_is_given_up(monkeypatch):
    monkeypatch.setattr(client, "SIZE", 1000)
    with answering(reply(200, b"x" * 1001)) as (url, _), pytest.raises(QueryLimit, match="is bigger than"):
        send(url)
    with answering(reply(200, b"x" * 1000)) as (url, _):
        assert len(send(url).body) == 1000


def test_a_server_that_is_silent_or_never_comes_to_an_end_is_given_up():
    ended = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        with suppress(OSError):
            while not ended.wait(0.05):
                handler.wfile.write(b"x")
                handler.wfile.flush()

    for respond in (drip, lambda _: ended.wait(30)):
        with answering(respond) as (url, _), pytest.raises(QueryLimit, match=r"did not answer within 0\.5 s"):
            send(url, seconds=0.5)
    ended.set()


def test_a_server_that_breaks_off_is_said_to_give_no_answer():
    def respond(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"x")
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    with answering(respond) as (url, _), pytest.raises(ServerUnavailable, match=r"no answer from .*is the server"):
        send(url)


SECRETS = [
    "http://me:geheim@127.0.0.1:9/x", "http://geheim@127.0.0.1", "http://127.0.0.1:9/x#geheim", "ftp://geheim/", "http://127.0.0.1:9\\geheim", "http://127.0.0.1:9/x?key=geheim",
    "https://127.0.0.1:9/x?geheim", " http://geheim", "http:geheim", "http://me:ge/heim@h/", "http://127.0.0.1:9/me:geheim@h", "http://no.such.host.invalid/?geheim",
]  # fmt: skip


@pytest.mark.parametrize("url", SECRETS)
def test_a_password_in_an_address_is_never_repeated(url):
    with pytest.raises(ServerUnavailable) as refused:
        send(url)
    assert "heim" not in str(refused.value)
    assert "heim" not in repr(Address(url, "me", "geheim", "geheim"))
    if "@" in url:
        assert "the password as SPARQL_USERNAME and SPARQL_PASSWORD" in str(refused.value)


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"<html>", "text/html"), (b"", "text/plain"), (b"{}", "application/json"), (b"[1]", "application/json"), (b'{"head":{"vars":["what"]},"results":{"bindings":[{"what":1}]}}', "application/sparql-results+json"), (b'{"head":{},"boolean":true}', "application/sparql-results+json")],
)  # fmt: skip
def test_what_is_no_result_of_sparql_is_said_to_be_none(study, body, kind):
    with answering(reply(200, body, kind)) as (url, _), pytest.raises(ServerUnavailable, match="no result of SPARQL"):
        kg.open(study).with_endpoint(url)


@pytest.mark.parametrize(("body", "kind"), [(b"<html>", "text/html"), (b"<a> <b>", "application/n-triples")])
def test_what_is_no_graph_is_said_to_be_none(study, body, kind):
    with answering(reply(200, body, kind)) as (url, _):
        said = command("push", url, "-s", study, code=3)
    assert "answers with what is no graph" in said


def test_an_engine_that_is_none_is_refused():
    said = command("query", "claims", "--engine", "sprql", code=2)
    assert "'sprql' is none of tables, sparql, cypher" in said


def test_a_record_is_read_as_it_was_written():
    from pyoxigraph import RdfFormat, parse

    for record in (held.Held("abc", {"urn:a": "1", "urn:b": "2"}), held.Held(None, {"urn:a": None, "urn:b": "2"})):
        quads = parse(held.write("é t", record), RdfFormat.N_TRIPLES)
        assert held.read("é t", [(q.subject.value, q.predicate.value, q.object.value) for q in quads]) == record


# A real Fuseki


@pytest.fixture
def empty(fuseki):
    """Give a Fuseki with nothing in it, whose default graph is not the union of the others."""
    running = fuseki("endpoint")
    running.update("CLEAR ALL")
    return running


def graphs_of(folder):
    graph = kg.open(folder)
    return NamedGraphs(graph.built, graph.store, graph.id)


def pushed(running, folder, **more):
    with Client(client.address(f"{running.url}/data")) as opened:
        return push.push(opened, graphs_of(folder), **more)


def asked(running, folder):
    return kg.open(folder).with_endpoint(f"{running.url}/sparql")


def test_a_parameter_at_the_end_of_a_query_reaches_no_filter_and_one_in_each_group_does(empty, dart):
    pushed(empty, "dart")
    text = query.named("passages-containing").text
    with asked(empty, "dart") as graph:
        ours = graph.query("passages-containing", text="the").rows
        assert len(ours) > 300
        assert sorted(ours) == sorted(dart.query("passages-containing", text="the").rows)
        at_the_end = f'{text}\nVALUES ?text {{ "the" }}'
        assert graph.engine._ask(at_the_end, ("quote",), 30) == []


@settings(max_examples=examples(20))
@given(st.text(min_size=1) | st.text("\\uU\"'0022\n", min_size=1))
def test_no_text_breaks_out_of_its_query(fuseki, text):
    with Client(Address(f"{fuseki('endpoint').url}/sparql")) as opened:
        bound = binding.bind("SELECT ?y WHERE { BIND(?x AS ?y) }", {"x": text})
        answer = opened.send(
            "POST", form={"query": bound}, headers={"Accept": "application/sparql-results+json"}, seconds=30
        )
        assert client.results(answer, opened.address, ["y"]) == [(text,)]


def test_a_second_push_sends_nothing_and_one_after_an_edit_what_changed(empty, study, edit):
    done = pushed(empty, study)
    assert done.counts() == [("create", "vocabulary", 1), ("create", "graph of a source", 2), ("create", "graph of the theory", 1)]  # fmt: skip
    assert not pushed(empty, study)
    edit("codings/interview.yaml", "    memo: Praise alone was not enough here.\n", "")
    (changed,) = pushed(empty, study).replace
    assert changed.endswith("/graph/source/interview")
    with asked(empty, study) as graph:
        assert sorted(graph.query("codings").rows) == sorted(kg.open(study).query("codings").rows)


def test_a_source_that_is_gone_is_removed_and_what_is_beside_the_study_is_left_alone(empty, study):
    import shutil

    other = study.with_name("other")
    shutil.copytree(study, other)
    (other / "study.yaml").write_text((other / "study.yaml").read_text("utf-8").replace("id: template", "id: other", 1), "utf-8")  # fmt: skip
    pushed(empty, other)
    empty.update("INSERT DATA { GRAPH <urn:mine> { <urn:a> <urn:b> 1 } }")
    pushed(empty, study)
    with Client(Address(f"{empty.url}/data")) as opened:
        gone = f"{held.rdf.base('template')}graph/source/gone"
        push._put(opened, gone, b"<urn:a> <urn:b> <urn:c> .")
        record = push._held(opened, "template")
        push._put(opened, held.name("template"), held.write("template", record._replace(digests=record.digests | {gone: "x"})))  # fmt: skip
        assert pushed(empty, study).delete == [gone]
        for name in ("urn:mine", held.name("other")):
            assert opened.send("GET", parameters={"graph": name}, headers={}, seconds=30).body
        with pytest.raises(ServerUnavailable, match="404"):
            opened.send("GET", parameters={"graph": gone}, headers={}, seconds=30)
    assert not pushed(empty, other)
    with pytest.raises(ServerUnavailable, match=r"also has other; give each study a dataset of its own"):
        asked(empty, study)


def test_a_study_that_is_not_there_or_is_another_build_is_pushed_first(empty, study, edit):
    words = ["query", "claims", "-s", study, "--engine", f"{empty.url}/sparql"]
    assert "does not have the study 'template'; write it there with 'kg push'" in command(*words, code=3)
    with Client(Address(f"{empty.url}/data")) as opened:
        for name in graphs_of(study).digests:
            push._put(opened, name, *graphs_of(study).content(name))
    assert "does not say which build of 'template' it has" in command(*words, code=3)
    said = command("push", f"{empty.url}/data", "-s", study, "--dry-run")
    assert "graph of the theory" in said
    command("push", f"{empty.url}/data", "-s", study)
    assert "nothing to do" in command("push", f"{empty.url}/data", "-s", study)
    assert "P1" in command(*words)
    edit("propositions.yaml", "Regular feedback lengthens", "Feedback lengthens")
    assert "another build" in command(*words, code=3)


def test_a_push_that_breaks_off_is_not_whole_for_a_reader_and_is_carried_on(empty, study, monkeypatch):
    monkeypatch.setattr(push, "NOTED", 1)
    graphs = graphs_of(study)

    def stop(step, done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pushed(empty, study, progress=stop)
    with pytest.raises(
        ServerUnavailable, match=r"a push of 'template' to .* is not at its end; carry on with 'kg push'"
    ):
        asked(empty, study)
    rest = pushed(empty, study)
    assert len(rest.replace) == len(graphs.digests) - 2
    assert not rest.create
    with asked(empty, study) as graph:
        assert graph.query("claims").rows == kg.open(study).query("claims").rows


def test_a_reader_sees_within_seconds_that_a_push_began(empty, study, monkeypatch):
    pushed(empty, study)
    monkeypatch.setattr(engine, "CHECKED", 0.0)
    with asked(empty, study) as graph:
        graph.query("claims")
        with Client(Address(f"{empty.url}/data")) as opened:
            push._put(opened, held.name("template"), held.write("template", held.Held(None, {"urn:a": None})))
        with pytest.raises(ServerUnavailable, match="not at its end"):
            graph.query("claims")


def test_what_another_changed_on_the_server_is_mended_by_a_whole_push(empty, study):
    pushed(empty, study)
    theory = f"{held.rdf.base('template')}graph/theory"
    empty.update(f"CLEAR GRAPH <{theory}>")
    assert not pushed(empty, study)
    assert theory in pushed(empty, study, whole=True).replace
    with asked(empty, study) as graph:
        assert graph.query("claims").rows == kg.open(study).query("claims").rows


def test_rows_past_the_limit_are_said_to_be_missing_and_the_time_is_kept(empty, study):
    pushed(empty, study)
    with asked(empty, study) as graph:
        table, more = graph.limited_query("records", {}, limit=3)
        assert (len(table.rows), more) == (3, True)
        number = len(kg.open(study).query("records").rows)
        assert not graph.limited_query("records", {}, limit=number)[1]
        with pytest.raises(QueryLimit, match="did not answer within"):
            graph.limited_query("records", {}, timeout=0.0001)


def test_answers_traces_and_pages_are_the_same(empty, dart):
    from kg.browse import html, responses
    from kg.browse.study import BuiltStudy
    from kg.browse.targets import PATHS, Target

    pushed(empty, "dart")
    html.read()
    with asked(empty, "dart") as graph:
        for question in ("what supports transparency", "什么支持透明度", "who coded what"):
            assert graph.ask(question) == dart.ask(question)
        for record in ("P18", "xiaomi", "transparency"):
            assert graph.trace(record) == dart.trace(record)
        there, here = BuiltStudy(graph), BuiltStudy(dart)
        for path in (*PATHS, "proposition/P18", "concept/transparency", "source/abstract", "code/transparency"):
            for target in (
                Target(path, "html", language, "q=transparency" if path == "ask" else "") for language in ("en", "zh")
            ):
                assert responses.respond(there, target) == responses.respond(here, target), target


def test_a_server_on_disk_that_is_killed_full_or_asks_for_a_password(tmp_path, monkeypatch, fuseki):
    running = servers.FusekiOnDisk(tmp_path / "fuseki")
    running.start()
    try:
        push_words = ["push", f"{running.url}/data"]
        query_words = ["query", "claims", "--engine", f"{running.url}/sparql"]
        wrong = running.environment | {"SPARQL_PASSWORD": "geheim"}
        for words in (push_words, query_words):
            said = command(*words, code=3, **wrong)
            assert "did not let us in (401 Unauthorized); check SPARQL_USERNAME and SPARQL_PASSWORD" in said
            assert "geheim" not in said
        killed(running, monkeypatch)
        command(*push_words, **running.environment)
        assert "P01" in command(*query_words, **running.environment)
        full(running, push_words)
        running.kill()
        assert "is the server running, and is the address right?" in command(
            *query_words, code=3, **running.environment
        )
    finally:
        running.kill()


def killed(running, monkeypatch):
    """Kill the server in the middle of a push: what was whole is not sent again."""
    monkeypatch.setattr(push, "NOTED", 1)
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)

    def kill_in_the_middle(step, done, total):
        if done > total / 2 and running.process.poll() is None:
            running.kill()

    with pytest.raises(ServerUnavailable, match="is the server running"):
        pushed(running, "dart", progress=kill_in_the_middle)
    running.start()
    with pytest.raises(ServerUnavailable, match="carry on with 'kg push'"):
        asked(running, "dart")
    with Client(client.address(f"{running.url}/data")) as opened:
        rest = push.difference(opened, graphs_of("dart"))
    assert 0 < len(rest.replace) <= len(graphs_of("dart").digests) / 2


def full(running, words):
    """Let the server's files grow no more, as on a full disk: a push says so, and carries on when there is room."""
    running.limit_files(1)
    said = command(*words, "--whole", code=3, **running.environment)
    assert "could not do that (500" in said
    running.limit_files(-1)
    command(*words, **running.environment)
    assert "nothing to do" in command(*words, **running.environment)
