"""The graph in a real Neo4j and in the embedded engine: pushes, refusals, limits, and what goes wrong."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import servers
from test_cli import PREFIX
from test_cli import kg as command

import kg
from kg import paths
from kg.errors import QueryLimit, QueryRefused, ServerUnavailable
from kg.property_graph import browser, cypher, projection, push, server
from kg.property_graph.server import Address, Server

ALL = "MATCH (n) OPTIONAL MATCH (n)-[r]->() WITH n, count(r) AS links RETURN labels(n), properties(n), links ORDER BY elementId(n)"
SLOW = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 1000) AS c RETURN sum(a * b * c)"


def graph_of(folder):
    graph = kg.open(folder)
    return cypher.property_graph(graph.folder, graph.store)


@pytest.fixture
def empty(neo4j):
    """Give the Neo4j with nothing in it."""
    neo4j.ask("MATCH (n) DETACH DELETE n")
    return neo4j


@pytest.fixture
def connected(empty):
    with Server(empty.address) as opened:
        yield opened


def test_a_second_push_changes_nothing(empty, connected, study):
    graph = graph_of(study)
    done = push.push(connected, graph)
    assert {(act, what) for act, what, _ in done.counts()} >= {
        ("create", ":Proposition"),
        ("create", "(:Proposition)-[:OPPOSED_BY]->(:EvidenceLine)"),
    }
    before = empty.ask(ALL)
    assert len(before) == sum(map(len, graph.nodes.values()))
    assert not push.push(connected, graph)
    assert empty.ask(ALL) == before


def test_labels_types_constraints_and_indexes_follow_the_conventions_of_neo4j(empty, connected):
    push.push(connected, graph_of("dart"))
    ((labels,),) = empty.ask("CALL db.labels() YIELD label RETURN collect(label)")
    assert set(labels) >= set(projection.PROPERTIES)
    assert all(re.fullmatch(r"([A-Z][a-z]+)+", label) for label in projection.PROPERTIES)
    assert all(re.fullmatch(r"[A-Z]+(_[A-Z]+)*", name) for name in projection.TYPES)
    constraints = empty.ask("SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes, properties")
    assert [["Proposition"], ["study", "id"]] in constraints
    assert len(constraints) == len(projection.PROPERTIES)
    found = empty.ask(
        "CALL db.index.fulltext.queryNodes('excerpt_text', 'popcorn') YIELD node RETURN node.quote, node.start"
    )
    assert found == [["the feature voted best won its makers a bucket of popcorn.", 8039]]


def test_a_push_after_an_edit_removes_what_is_gone_and_changes_what_changed(empty, connected, study, edit):
    push.push(connected, graph_of(study))
    edit("codings/interview.yaml", "    memo: Praise alone was not enough here.\n", "")
    edit(
        "codings/interview.yaml",
        "  - quote: The guests know my name by now, so I would miss them.\n    codes: [belonging]\n",
        "",
    )
    edit("concepts.yaml", "synonyms: [praise]", "synonyms: [praise, thanks]")
    done = push.push(connected, graph_of(study)).counts()
    assert ("delete", ":Excerpt", 1) in done
    assert ("delete", ":Coding", 1) in done
    assert ("change", ":Concept", 1) in done
    assert ("change", ":Coding", 1) in done
    assert empty.ask("MATCH (c:Coding {id: 'interview:146-199:weekly-feedback:me:2026-11-24'}) RETURN c.memo") == [
        [None]
    ]
    assert empty.ask("MATCH (c:Concept {id: 'feedback'}) RETURN c.synonyms") == [[["praise", "thanks"]]]
    assert not push.difference(connected, graph_of(study))


@pytest.mark.parametrize("study", ["dart", "template"])
def test_the_nodes_and_relationships_of_the_named_graphs_are_together_those_of_the_study(study):
    whole, nodes, links = graph_of(study), [], []
    for name in whole.digests:
        part = whole.limited([name])
        mine = [(label, key, node) for label, of in part.nodes.items() for key, node in of.items()]
        assert {node["graph"] for _, _, node in mine} <= {name}
        nodes += mine
        links += [(kind, pair) for kind, pairs in part.relationships.items() for pair in pairs]
    assert len(nodes) == sum(map(len, whole.nodes.values()))
    assert all(whole.nodes[label][key] == node for label, key, node in nodes)
    assert sorted(links) == [(kind, pair) for kind, pairs in whole.relationships.items() for pair in pairs]


class Watching:
    """A server that tells which texts it was asked to read."""

    def __init__(self, opened):
        self.opened, self.asked = opened, []

    def __getattr__(self, name):
        return getattr(self.opened, name)

    def read(self, text, parameters, **more):
        self.asked.append((text, parameters.get("graphs")))
        return self.opened.read(text, parameters, **more)


def test_only_sources_that_changed_are_compared_and_sent(empty, connected, study, edit):
    push.push(connected, graph_of(study))
    watching = Watching(connected)
    push.push(watching, graph_of(study))
    assert len(watching.asked) == 1
    edit("codings/interview.yaml", "    memo: Praise alone was not enough here.\n", "")
    watching = Watching(connected)
    graph = graph_of(study)
    assert push.push(watching, graph).counts() == [("change", ":Coding", 1)]
    assert {tuple(graphs) for _, graphs in watching.asked[1:]} == {("source/interview",)}
    assert not push.difference(connected, graph, whole=True)


def test_what_another_changed_on_the_server_is_mended_by_a_whole_push(empty, connected, study):
    push.push(connected, graph_of(study))
    empty.ask("MATCH (p:Proposition) SET p.statement = 'x'")
    assert not push.push(connected, graph_of(study))
    assert push.push(connected, graph_of(study), whole=True).counts()
    assert not push.difference(connected, graph_of(study), whole=True)


def test_a_study_that_an_older_version_pushed_is_compared_whole(empty, connected, study):
    push.push(connected, graph_of(study))
    empty.ask("MATCH (n) REMOVE n.graph, n.graphs")
    empty.ask("CREATE (:Code {study: 'template', id: 'old'})")
    done = push.push(connected, graph_of(study)).counts()
    assert ("delete", ":Code", 1) in done
    assert not push.difference(connected, graph_of(study), whole=True)


def test_a_node_with_many_relationships_is_removed_in_bounded_transactions(empty, connected, study, monkeypatch):
    monkeypatch.setattr(push, "BATCH", 3)
    push.push(connected, graph_of(study))
    made = "MATCH (s:Study {study: 'template'}) SET s.graphs = s.graphs + '- source/gone' "
    made += "CREATE (c:Coder {study: 'template', id: 'gone', graph: 'source/gone'}) WITH c UNWIND range(1, 10) AS n "
    empty.ask(made + "CREATE (c)<-[:MADE_BY]-(:Coding {study: 'template', id: toString(n), graph: 'source/gone'})")
    sizes = []

    class Counting(Watching):
        def write(self, work):
            def counted(transaction):
                class Within:
                    def run(self, text, **parameters):
                        result = transaction.run(text, **parameters)

                        class Told:
                            def consume(self):
                                sizes.append(result.consume().counters.relationships_deleted)

                            def single(self):
                                found = result.single()
                                sizes.append(result.consume().counters.relationships_deleted)
                                return found

                        return Told()

                return work(Within())

            return self.opened.write(counted)

    push.push(Counting(connected), graph_of(study))
    assert max(sizes) == 3
    assert sum(sizes) == 10
    assert not push.difference(connected, graph_of(study), whole=True)


def test_a_server_is_reached_by_routing(empty, study):
    routed = empty.environment | {"NEO4J_URI": empty.uri.replace("bolt:", "neo4j:")}
    command("push", "-s", study, **routed)
    assert "nothing to do" in command("push", routed["NEO4J_URI"], "-s", study, **routed)
    assert "P1" in command("query", "claims", "--engine", "cypher", "-s", study, **routed)


def test_what_is_not_of_this_study_is_left_alone(empty, connected, study, edit):
    empty.ask(
        "CREATE (:Proposition {id: 'P1', theirs: 1})-[:SUPPORTED_BY]->(:EvidenceLine {study: 'another', id: 'x'})"
    )
    edit("study.yaml", "id: template", "id: a-second")
    push.push(connected, graph_of(study))
    edit("study.yaml", "id: a-second", "id: template")
    push.push(connected, graph_of(study))
    empty.ask(
        "MATCH (p:Proposition {study: 'template', id: 'P1'}) SET p.stars = 5, p:Read CREATE (p)-[:LIKED]->(:Person)"
    )
    others = "MATCH (n) WHERE NOT coalesce(n.study, '') = 'template' OPTIONAL MATCH (n)-[r]-() WITH n, count(r) AS links RETURN properties(n), links ORDER BY elementId(n)"
    before = empty.ask(others)
    edit("propositions.yaml", "Regular feedback lengthens", "Feedback lengthens")
    push.push(connected, graph_of(study))
    assert empty.ask(others) == before
    kept = "MATCH (p:Proposition {study: 'template', id: 'P1'})-[:LIKED]->(:Person) RETURN p.stars, p:Read, p.statement"
    assert empty.ask(kept) == [[5, True, "Feedback lengthens the time volunteers stay."]]


def test_a_dry_run_says_the_difference_and_writes_nothing(empty, study):
    said = command("push", "--dry-run", "-s", study, **empty.environment)
    assert ":Proposition" in said
    assert empty.ask(ALL) == []
    command("push", "-s", study, **empty.environment)
    assert "nothing to do" in command("push", "-s", study, **empty.environment)
    assert "nothing to do" in command("push", "--dry-run", "-s", study, **empty.environment)


@pytest.mark.slow
def test_a_server_killed_in_mid_push_ends_up_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "PATIENCE", 5.0)
    running = servers.Neo4j(tmp_path / "neo4j", db_tx__log_preallocate="false")
    running.start()
    graph, steps = graph_of("dart"), []

    def kill_in_the_middle(step, done, total):
        steps.append(done)
        if done > total / 10 and running.process.poll() is None:
            running.kill()

    with Server(running.address) as opened, pytest.raises(ServerUnavailable, match="is the server running"):
        push.push(opened, graph, kill_in_the_middle)
    assert max(steps) > 0
    running.start()
    try:
        held = running.ask("MATCH (n) RETURN count(n)")[0][0]
        assert 0 < held < sum(map(len, graph.nodes.values()))
        with pytest.raises(ServerUnavailable, match="was broken off; carry on with 'kg push'"):
            kg.open("dart").with_cypher(running.address)
        with Server(running.address) as opened:
            push.push(opened, graph)
            assert not push.difference(opened, graph)
        assert running.ask("MATCH (n) RETURN count(n)")[0][0] == sum(map(len, graph.nodes.values()))
        assert running.ask("MATCH ()-[r]->() RETURN count(r)")[0][0] == sum(map(len, graph.relationships.values()))
        full(running, graph)
        read_only(running, graph)
    finally:
        running.kill()


def full(running, graph):
    """Let the server's files grow no more, as on a full disk: a push says so, and carries on when there is room."""
    running.ask("MATCH (n) DETACH DELETE n")
    running.limit_files(1 << 19)
    with Server(running.address) as opened, pytest.raises(ServerUnavailable):
        push.push(opened, graph)
    running.kill()
    running.start()
    with Server(running.address) as opened:
        push.push(opened, graph)
        assert not push.difference(opened, graph)


def read_only(running, graph):
    """Start the server on databases that cannot be written: a push says so."""
    running.ask("MATCH (p:Proposition) SET p.statement = 'x'")
    running.stop()
    running.configure(server_databases_default__to__read__only="true")
    running.start()
    with Server(running.address) as opened, pytest.raises(ServerUnavailable, match=r"read[ -]only"):
        push.push(opened, graph, whole=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"NEO4J_PASSWORD": "wrong"}, "check NEO4J_USERNAME and NEO4J_PASSWORD"),
        ({"NEO4J_URI": "bolt://127.0.0.1:9"}, "is the server running, and is NEO4J_URI right"),
        ({"NEO4J_URI": "http://127.0.0.1:9"}, "write neo4j://HOST:7687"),
        ({"NEO4J_URI": "nonsense"}, "write neo4j://HOST:7687"),
        ({"NEO4J_DATABASE": "nowhere"}, "has no database 'nowhere'"),
    ],
)
def test_a_server_that_cannot_be_used_is_named_with_what_to_check(neo4j, change, said):
    for words in (["push"], ["query", "claims", "--engine", "cypher"]):
        out = command(*words, code=3, **neo4j.environment | change)
        assert out.startswith("error: ")
        assert out.count("\n") == 1
        assert said in out


@pytest.mark.slow
def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(server, "PATIENCE", 1.0)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        began = time.monotonic()
        with pytest.raises(ServerUnavailable, match="no answer from"):
            Server(Address(f"bolt://127.0.0.1:{deaf.getsockname()[1]}"))
    assert time.monotonic() - began < 20


def test_a_study_that_is_not_there_or_is_another_build_is_pushed_first(empty, study, edit):
    words = ["query", "claims", "--engine", "cypher", "-s", study]
    assert "does not have the study 'template'; write it there with 'kg push'" in command(
        *words, code=3, **empty.environment
    )
    command("push", "-s", study, **empty.environment)
    assert "P1" in command(*words, **empty.environment)
    edit("propositions.yaml", "Regular feedback lengthens", "Feedback lengthens")
    assert "another build" in command(*words, code=3, **empty.environment)


def test_push_without_a_server_says_how_to_name_one():
    assert "set NEO4J_URI" in command("push", code=2, NEO4J_URI="")


def test_a_dry_run_without_a_server_says_with_what_it_compares():
    said = command("push", "--dry-run", code=2, NEO4J_URI="")
    assert (
        "--dry-run compares this build with what a server holds of the study; give a URL, or --uri neo4j://HOST" in said
    )


SECRETS = [
    "neo4j://me:geheim@127.0.0.1:9", "bolt+ssc://geheim@127.0.0.1", "neo4j://me:ge@heim@127.0.0.1", "neo4j://me:a/geheim@h", "neo4j://me:a?geheim@h:1", "me:geheim@127.0.0.1:7687",
    "neo4j://me:geheim", "neo4j://127.0.0.1:geheim", "http://me:geheim@127.0.0.1:9", "neo4j://127.0.0.1:9?password=geheim", "bolt://127.0.0.1:9?geheim=1", "neo4j://127.0.0.1:9#geheim",
    "neo4j://127.0.0.1:9/geheim", "neo4j://127.0.0.1:9\nme:geheim@h", "neo4j://no.such.host.invalid?x=geheim", " neo4j://me:geheim@h", "neo4j:me:geheim@h",
]  # fmt: skip


@pytest.mark.parametrize("uri", SECRETS)
def test_a_password_in_an_address_is_never_repeated(uri):
    with pytest.raises(ServerUnavailable) as refused:
        Server(Address(uri, "me", "geheim"))
    assert "heim" not in str(refused.value)
    assert "heim" not in repr(Address(uri, "me", "geheim"))
    if "@" in uri:
        assert "the password as NEO4J_USERNAME and NEO4J_PASSWORD" in str(refused.value)


@pytest.mark.parametrize("words", [["push", "--json"], ["cypher", "RETURN 1"]], ids=" ".join)
@pytest.mark.parametrize("uri", [SECRETS[0], "bolt://127.0.0.1:9?geheim=1"])
def test_a_command_does_not_repeat_it_either(words, uri):
    said = command(*words, code=3, NEO4J_URI=uri, NEO4J_USERNAME="", NEO4J_PASSWORD="geheim", KG_DEBUG="1")
    assert said.startswith("error: ")
    assert said.count("\n") == 1
    assert "heim" not in said


def test_what_a_push_says_it_wrote_to_has_nothing_that_could_be_secret(empty, study):
    env = empty.environment
    uri = f"{env['NEO4J_URI'].replace('bolt:', 'neo4j:')}?policy=geheim"
    for words in (["push", "--dry-run"], ["push", "--json"], ["push"]):
        said = command(*words, "-s", study, **env | {"NEO4J_URI": uri})
        assert "geheim" not in said
        assert env["NEO4J_URI"].partition("://")[2] in said or words == ["push", "--dry-run"]
    refused = command("push", "-s", study, code=3, **env | {"NEO4J_URI": uri, "NEO4J_PASSWORD": "geheim-2"})
    assert "did not let us in" in refused
    assert "geheim" not in refused


WRITES = [
    "CREATE (:X)", "MATCH (n) DETACH DELETE n", "MATCH (n) SET n.x = 1", "MATCH (n) REMOVE n.x", "MERGE (:X)", "match (n) delete n", "FOREACH (x IN [1] | CREATE (:X))",
    "LOAD CSV FROM 'http://127.0.0.1:9/' AS row RETURN row", "CALL dbms.listConfig()", "CALL { CREATE (:X) }", "CALL apoc.cypher.run('CREATE (:X)', {})", "CREATE INDEX x FOR (n:X) ON (n.x)",
    "DROP CONSTRAINT proposition_id", "USE system SHOW DATABASES", "TERMINATE TRANSACTION 'x'", "\\u0043REATE (:X)", "MATCH (n) /* ; */ SET/**/n.x = 1", "CREATE/**/(:X)",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITES)
def test_cypher_that_would_write_or_call_out_is_refused_by_the_check(text):
    with pytest.raises(QueryRefused, match="refused"):
        cypher.refuse_writes(text)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n:Create {set: 'DELETE'}) WHERE n.merge = 1 RETURN n.drop AS load, `SET x` // CREATE",
        "MATCH (s:Start)-[:SET|CREATE]->(d) RETURN s {.set, .load} AS merge ORDER BY d.remove",
        "CALL db.labels() YIELD label RETURN label",
        "CALL { MATCH (n) RETURN n } RETURN count(n)",
    ],
)
def test_cypher_that_only_reads_is_not_refused_for_its_names(text):
    cypher.refuse_writes(text)


@pytest.mark.parametrize("text", ["CREATE (:X)", "MATCH (n:Study) SET n.x = 1", "MATCH (n) DETACH DELETE n"])
def test_a_write_that_passed_the_check_is_refused_by_the_access_mode(empty, connected, embedded, study, text):
    push.push(connected, graph_of(study))
    before = empty.ask(ALL)
    with pytest.raises((QueryRefused, ServerUnavailable)):
        connected.read(text, {})
    assert empty.ask(ALL) == before
    with pytest.raises((QueryRefused, ServerUnavailable)):
        embedded.engine.server.read(text, {})


@pytest.fixture(scope="module")
def embedded():
    """Give the template's graph in the embedded engine, which takes seconds to start."""
    graph = kg.open("template").with_cypher()
    yield graph
    graph.close()


@pytest.fixture(params=["neo4j", "embedded"])
def engine(request, empty, embedded):
    """Give the template's graph, asked in Cypher in either engine."""
    if request.param == "embedded":
        yield embedded
        return
    with Server(empty.address) as opened:
        push.push(opened, graph_of("template"))
    graph = kg.open("template").with_cypher(empty.address)
    yield graph
    graph.close()


def test_a_query_that_takes_too_long_is_ended_and_the_next_one_answered(engine):
    with pytest.raises(QueryLimit):
        engine.cypher(SLOW, timeout=1)
    assert engine.cypher("RETURN 1 AS one")[0].rows == [(1,)]


def test_rows_past_the_limit_are_said_to_be_missing(engine):
    table, more = engine.cypher("UNWIND range(1, 5) AS n RETURN n", limit=3)
    assert ([row[0] for row in table.rows], more) == ([1, 2, 3], True)
    assert not engine.cypher("UNWIND range(1, 3) AS n RETURN n", limit=3)[1]


def test_rows_are_plain_values(engine):
    table, _ = engine.cypher(
        "MATCH (s:Search)-[r:ABOUT]->(p) RETURN s.created AS day, r, p, [1, 'x'] AS list, $study AS study"
    )
    ((day, relationship, node, listed, of),) = table.rows
    assert (str(day), listed, of) == ("2026-11-24", [1, "x"], "template")
    assert relationship["type"] == "ABOUT"
    assert (node["labels"], node["properties"]["id"]) == (["Proposition"], "P2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MATCH (n", "[Ii]nput"),
        ("RETURN $nothing", "nothing"),
        ("RETURN x", "Variable .x. not defined"),
        ("MATCH (n) RETRUN n", "RETRUN"),
    ],
)
def test_a_query_that_is_not_valid_is_bad_input_and_its_fault_is_named(engine, text, said):
    with pytest.raises(QueryRefused, match=f"did not run: .*{said}"):
        engine.cypher(text)
    assert engine.cypher("RETURN 1 AS one")[0].rows == [(1,)]


PRINTED = [
    ["query", "evidence-for-concept", "-p", "concept=transparency"],
    ["ask", "什么支持透明度"],
    ["trace", "P18"],
    ["ask", "what supports transparency"],
    ["ask", "what is missing"],
    ["query", "cross-case-matrix", "--format", "csv", "--limit", "5"],
]


@pytest.mark.parametrize(
    ("where", "words"),
    # The embedded engine is started anew by each command; that it gives the same rows is shown in test_parity.
    [*(("neo4j", words) for words in PRINTED), *(("embedded", words) for words in PRINTED[:3])],
    ids=lambda given: given if isinstance(given, str) else " ".join(given),
)
def test_both_engines_print_the_same(neo4j, where, words):
    env = {"NEO4J_URI": ""}
    if where == "neo4j":
        env = neo4j.environment
        with Server(neo4j.address) as opened:
            push.push(opened, graph_of("dart"))
    assert command(*words, "--engine", "cypher", **env) == command(*words)


@pytest.mark.slow
def test_the_queries_that_were_asked_are_shown_in_the_language_of_the_engine():
    run = subprocess.run([*PREFIX, "ask", "what supports transparency", "--engine", "cypher", "--show-query"], capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    assert "# kg query claims-about-concept: concept=transparency" in run.stderr
    assert "// Propositions about a concept" in run.stderr


def listening(pid: int) -> set[str]:
    """Return the addresses that a process listens on, from Linux's own list."""
    sockets = {os.readlink(fd).removeprefix("socket:[").rstrip("]") for fd in Path(f"/proc/{pid}/fd").iterdir()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == "0A" and inode in sockets:
                found.add(local.split(":")[0])
    return found


LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}


@pytest.mark.slow
def test_the_embedded_engine_listens_on_loopback_only():
    graph = kg.open("template").with_cypher()
    try:
        heard = listening(graph.engine.embedded.child.process.pid)
        assert heard
        assert heard <= LOOPBACK
    finally:
        graph.close()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_the_embedded_engine_ends_when_it_is_closed_and_leaves_nothing():
    graph = kg.open("template").with_cypher()
    child, root = graph.engine.embedded.child.process, graph.engine.embedded.root
    graph.close()
    assert child.poll() == 0
    assert not root.exists()


@pytest.mark.slow
def test_the_embedded_engine_leaves_no_orphan_when_its_parent_is_killed(study):
    code = "import sys, time, kg; g = kg.open(sys.argv[1]).with_cypher(); print(g.engine.embedded.child.process.pid, g.engine.embedded.root, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", code, str(study)], stdout=subprocess.PIPE, encoding="utf-8")
    pid, root = parent.stdout.readline().split()
    assert alive(int(pid))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    end = time.monotonic() + 20
    while (alive(int(pid)) or Path(root).exists()) and time.monotonic() < end:
        time.sleep(0.1)
    assert not alive(int(pid))
    assert not Path(root).exists()


def test_the_embedded_engine_that_is_not_installed_says_what_to_install(monkeypatch, study):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ServerUnavailable, match=r"pip install '\.\[cypher\]' in the checkout"):
        kg.open(study).with_cypher()


@pytest.mark.slow
def test_many_commands_share_the_embedded_graph():
    first, second = kg.open("template").with_cypher(), kg.open("template").with_cypher()
    try:
        assert first.query("claims").rows == second.query("claims").rows
    finally:
        first.close()
        second.close()


@pytest.mark.slow
def test_a_graph_made_for_an_import_is_the_one_that_a_push_makes(tmp_path, study, edit):
    edit("concepts.yaml", "synonyms: [praise]", 'synonyms: [praise, "a \\"b\\"; c, d", 赞扬, "=1+1", "\\u200b=2"]')
    edit("concepts.yaml", "What a volunteer is told about their work.", '"back\\\\slash, \\"quote\\", 中文 👍🏽"')
    where = tmp_path / "csv"
    command("export", "neo4j-csv", where, "-s", study)
    running = servers.Neo4j(tmp_path / "neo4j")
    script = tmp_path / "neo4j-admin"
    servers.needed()
    words = " ".join(f"'{w}'" for w in running.java("org.neo4j.cli.AdminTool"))
    script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    script.chmod(0o755)
    env = {**os.environ, **running.home, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    run = subprocess.run(["sh", where / "import.sh", "neo4j"], env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    running.start()
    try:
        for statement in (where / "schema.cypher").read_text("utf-8").split(";\n"):
            if statement.strip():
                running.ask(statement)
        with Server(running.address) as opened:
            assert push.difference(opened, graph_of(study)).counts() == []
    finally:
        running.kill()


def test_texts_for_the_server_have_no_guard_and_the_files_say_so(tmp_path, study, edit):
    edit("concepts.yaml", "What a volunteer is told about their work.", "'=HYPERLINK(\"http://x\")'")
    command("export", "neo4j-csv", tmp_path / "csv", "-s", study)
    assert '"=HYPERLINK(""http://x"")"' in (tmp_path / "csv/Concept.csv").read_text("utf-8")
    assert "a spreadsheet would run" in (tmp_path / "csv/import.sh").read_text("utf-8")


@pytest.mark.slow
def test_the_same_study_gives_the_same_files(tmp_path, study):
    for name in ("one", "two"):
        command("export", "neo4j-csv", tmp_path / name, "-s", study)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    assert "holds something already" in command("export", "neo4j-csv", tmp_path / "one", code=2)
    assert "did you mean 'neo4j-csv'" in command("export", "neo4j-cvs", tmp_path / "three", code=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "study", "two"]


def test_every_saved_query_runs_and_finds_something(neo4j, tmp_path):
    with Server(neo4j.address) as opened:
        push.push(opened, graph_of("dart"))
    browser.write("dart", tmp_path)
    saved = sorted(tmp_path.glob("*.cypher"))
    assert len(saved) == len(list((paths.shipped("queries") / "browser").glob("*.cypher")))
    for path in saved:
        text = path.read_text("utf-8")
        assert text.startswith("// ")
        assert neo4j.ask(text.rstrip().rstrip(";")), path.name


def test_the_style_names_every_label_and_no_other(tmp_path):
    style = (paths.shipped("queries") / "browser" / "style.grass").read_text("utf-8")
    assert set(re.findall(r"node\.(\w+)", style)) == set(projection.PROPERTIES)
    assert set(re.findall(r"relationship\.(\w+)", style)) == set(projection.BY_STANCE.values())


@pytest.mark.slow
def test_a_list_or_a_node_is_json_in_a_cell():
    words = ["cypher", "MATCH (p:Proposition {id: 'P1'})-[r:OPPOSED_BY]->() RETURN [p.id, r] AS both", "-s", "template"]
    assert command(*words, "--format", "csv") == 'both\n"[""P1"", {""type"": ""OPPOSED_BY"", ""properties"": {}}]"\n'
    assert '{"type": "OPPOSED_BY"' in command(*words)


@pytest.mark.slow
def test_a_shell_answers_one_query_after_the_other():
    typed = "MATCH (p:Proposition) // all; of them\nRETURN count(p) AS claims; RETURN ';' AS a;\n:help\nMATCH (n) DELETE n;\nRETURN 2 AS two"
    run = subprocess.run([*PREFIX, "cypher", "--shell", "-s", "template", "--format", "csv"], input=typed, capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert run.stdout == "claims\n2\na\n;\ntwo\n2\n"
    assert "DELETE is refused" in run.stderr
    assert "End a query with ';'" in run.stderr
    assert run.returncode == 2


@pytest.mark.slow
def test_cypher_wants_a_query_or_a_shell():
    assert "--shell" in command("cypher", code=2)
    assert command("cypher", "-", "--format", "csv", stdin="MATCH (p:Proposition) RETURN count(p) AS n") == "n\n23\n"
