"""'kg mcp' as an assistant uses it: the package's own client, over stdio and HTTP, with a process at the other end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import pytest
from helpers import awaited

from kg import paths
from kg.agents.asked import AT_ONCE, AskedStudy
from kg.errors import QueryLimit

pytest.importorskip("mcp")
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.shared.exceptions import MCPError

PREFIX = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"]
YILIAO = Path(__file__).parent / "studies/yiliao"
TOOLS = ["ask", "check_quote", "cite", "gaps", "passage", "search", "sparql", "trace"]
pytestmark = pytest.mark.slow


@contextlib.contextmanager
def over_http(study, *words):
    """Start 'kg mcp' on a free port and give its address; it is ended afterwards."""
    command = [*PREFIX, "mcp", "--transport", "http", "--port", "0", "--json", "--study", str(study), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())["address"]
        finally:
            process.kill()


@pytest.fixture(params=["stdio", "http"])
def asked(request):
    """Give a function that runs a coroutine with a client of a study."""

    def run(study, work):
        async def with_client(server):
            with anyio.fail_after(120):
                async with Client(server) as client:
                    return await work(client)

        if request.param == "http":
            with over_http(study) as address:
                return awaited(with_client, address)
        command = StdioServerParameters(
            command=PREFIX[0], args=[*PREFIX[1:], "mcp", "--study", str(study)], env=dict(os.environ)
        )
        return awaited(with_client, stdio_client(command))

    return run


def printed(*words, study="dart"):
    """Return what a command prints."""
    return subprocess.run([*PREFIX, *words, "--study", str(study)], capture_output=True, text=True, check=True).stdout


def text(result):
    assert not result.is_error, result.content[0].text
    return result.content[0].text


def refusal(result):
    assert result.is_error
    return result.content[0].text


def test_every_tool_only_reads_and_says_so(asked):
    async def work(client):
        return (await client.list_tools()).tools, await client.list_resources(), await client.list_resource_templates()

    tools, resources, templates = asked("dart", work)
    assert sorted(tool.name for tool in tools) == TOOLS
    for tool in tools:
        hints = tool.annotations
        assert (hints.read_only_hint, hints.destructive_hint) == (True, False)
        assert (hints.idempotent_hint, hints.open_world_hint) == (True, False)
        assert tool.description
    assert sorted(one.uri for one in resources.resources) == ["kg://claims", "kg://codebook", "kg://sources"]
    assert sorted(one.uri_template for one in templates.resource_templates) == [
        "kg://claims/{id}",
        "kg://sources/{id}",
    ]


def test_an_answer_is_the_very_text_that_the_command_prints(asked):
    query = "SELECT ?p ?label { ?p a ev:Proposition ; rdfs:label ?label } ORDER BY ?p ?label"
    same = [
        ("ask", {"question": "what supports transparency"}, ["ask", "what supports transparency", "--json"]),
        ("ask", {"question": "什么反对透明性"}, ["ask", "什么反对透明性", "--json"]),
        ("trace", {"id": "P18"}, ["trace", "P18", "--json"]),
        ("search", {"text": "guarantee"}, ["search", "guarantee", "--json"]),
        ("cite", {"id": "P18", "style": "ieee"}, ["cite", "P18", "--style", "ieee", "--json"]),
        ("gaps", {}, ["report", "gaps", "--json"]),
        ("sparql", {"query": query}, ["sparql", query, "--json"]),
    ]

    async def work(client):
        return [text(await client.call_tool(name, arguments)) for name, arguments, _ in same]

    for answer, (_, _, words) in zip(asked("dart", work), same, strict=True):
        assert answer.rstrip("\n") == printed(*words).rstrip("\n")


def test_a_passage_comes_with_what_is_around_it_and_what_it_bears_on(asked):
    async def work(client):
        right = json.loads(text(await client.call_tool("passage", {"id": "abstract:2375-2406"})))
        named = json.loads(text(await client.call_tool("passage", {"id": "excerpt/abstract:2375-2406"})))
        source = json.loads((await client.read_resource("kg://sources/abstract")).contents[0].text)
        wrong = [refusal(await client.call_tool("passage", {"id": id})) for id in ("P18", "abstract:1-2")]
        return right, named, source, wrong

    right, named, source, (claim, nothing) = asked("dart", work)
    assert right == named
    assert right["passage"]["quote"] == '"transparency" is the guarantee' == source["text"][2375:2406]
    assert right["before"] + right["passage"]["quote"] + right["after"] in source["text"]
    assert ("asserts", "P18") in [(bears["link"], bears["claim"]) for bears in right["bears_on"]]
    assert "'P18' is no passage but a proposition; 'trace' leads" in claim
    assert "no record is called 'abstract:1-2'" in nothing


def test_a_quote_is_checked_in_english_and_chinese(asked):
    async def work(client):
        checked = {}
        for quote in (
            '"transparency" is the guarantee',
            '"transparency" is the best guarantee',
            "quantum annealing outperformed zebras yesterday",
        ):
            checked[quote] = json.loads(text(await client.call_tool("check_quote", {"text": quote})))
        return checked

    async def chinese(client):
        quotes = ["习惯是有了，可是一出门住到儿子家", "习惯是没有了，可是一出门住到女儿家", "量子计算机昨天超过了斑马"]
        return [
            json.loads(text(await client.call_tool("check_quote", {"text": quote, "source": "xishan-fangtan"})))
            for quote in quotes
        ]

    english = list(asked("dart", work).values())
    for first, second, third in (english, asked(YILIAO, chinese)):
        assert [first["verdict"], second["verdict"], third["verdict"]] == ["verbatim", "nearest", "not there"]
        assert first["places"][0]["exact"] == first["text"]
        assert second["places"][0]["exact"] != second["text"]
        assert third["places"] == []


def test_resources_list_claims_sources_and_codes_and_give_one(asked):
    async def work(client):
        addresses = ("kg://claims", "kg://claims/P18", "kg://sources", "kg://codebook")
        contents = [(await client.read_resource(address)).contents[0] for address in addresses]
        missing = []
        for address in ("kg://claims/P99", "kg://sources/..%2F..%2Fetc%2Fpasswd", "kg://claims/%00", "kg://other"):
            with pytest.raises(MCPError) as error:
                await client.read_resource(address)
            missing.append(str(error.value))
        answer = json.loads(text(await client.call_tool("ask", {"question": "what supports P18"})))
        return contents, missing, answer

    contents, missing, answer = asked("dart", work)
    assert {one.mime_type for one in contents} == {"application/json"}
    claims, claim, sources, codes = (json.loads(one.text) for one in contents)
    assert len(claims) == 23
    assert claim == next(one for one in answer["claims"] if one["id"] == "P18") | {"software": answer["software"]}
    (listed,) = (one for one in claims if one["claim"] == "P18")
    assert (listed["state"], sum(listed["lines"].values())) == (claim["state"], len(claim["lines"]))
    assert [one["source"] for one in sources] == sorted(one["source"] for one in sources)
    assert {"code", "definition"} <= codes[0].keys()
    assert "no claim is called 'P99'" in missing[0]


HOSTILE = [
    ("ask", {"question": "x" * 8001}, "8000 characters"),
    ("ask", {"question": {"$ne": 1}}, "string"),
    ("ask", {}, "question"),
    ("trace", {"id": "P99"}, "no record is called 'P99'"),
    ("trace", {"id": "transparancy"}, "did you mean 'transparency'"),
    ("trace", {"id": "../../etc/passwd"}, "no record"),
    ("cite", {"id": "P18", "style": "../../../etc/passwd"}, ""),
    ("cite", {"id": "' OR 1=1 --"}, "no record"),
    ("check_quote", {"text": "transparency", "source": "hair"}, "did you mean 'haier'"),
    ("check_quote", {"text": "…"}, "no words"),
    ("sparql", {"query": "DROP ALL"}, "DROP is refused"),
    ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}, "SERVICE is refused"),
    ("sparql", {"query": "SELECT"}, "not valid"),
    ("rm", {"path": "/"}, "Unknown tool"),
]


def test_what_is_wrong_is_said_with_its_mend_and_the_next_is_answered(asked):
    async def work(client):
        said = [refusal(await client.call_tool(name, arguments)) for name, arguments, _ in HOSTILE]
        odd = await client.call_tool("check_quote", {"text": "\u202e\u200b a" * 500})
        return said, odd.is_error, text(await client.call_tool("ask", {"question": "what supports transparency"}))

    said, failed, answer = asked("dart", work)
    for words, (_, _, expected) in zip(said, HOSTILE, strict=True):
        assert expected in words
        assert "Traceback" not in words
        assert "fault of kg" not in words, words
    assert not failed
    assert "P18" in answer


NO_QUESTIONS = ('zyxwv \x1b[2J\x00"; --', "?", "hello", "zyxwv", "支持什么", "x" * 8000)


def test_what_is_no_question_gets_the_nearest_things_and_questions_that_come_next(asked):
    async def work(client):
        return [await client.call_tool("ask", {"question": question}) for question in NO_QUESTIONS]

    for question, result in zip(NO_QUESTIONS, asked("dart", work), strict=True):
        assert not result.is_error, question
        answer = json.loads(text(result))
        assert answer["is_nearest"], question
        assert answer["question"] == question
        assert answer["claims"] == []
        assert answer["further"], question


def test_a_query_is_cut_at_the_row_limit_of_the_command_and_says_so(asked):
    async def work(client):
        return await client.call_tool("sparql", {"query": "SELECT * { ?s ?p ?o }"})

    result = asked("dart", work)
    assert len(json.loads(text(result))) == 10_000
    assert "more than 10,000 rows" in result.content[1].text


def test_a_graph_is_given_in_turtle(asked):
    async def work(client):
        return await client.call_tool("sparql", {"query": "CONSTRUCT { ?p a ev:Proposition } { ?p a ev:Proposition }"})

    assert "a ev:Proposition" in text(asked("dart", work))


def test_it_follows_the_files_and_says_when_they_have_errors(asked, study, edit):
    async def work(client):
        first = await client.call_tool("ask", {"question": "what supports feedback"})
        edit("propositions.yaml", "Regular feedback lengthens", "Regular feedback surely lengthens")
        second = await client.call_tool("ask", {"question": "what supports feedback"})
        edit("propositions.yaml", "id: P1", "idd: P1")
        third = await client.call_tool("ask", {"question": "what supports feedback"})
        return first, second, third

    first, second, third = asked(study, work)
    assert "surely" not in text(first)
    assert "Regular feedback surely lengthens" in text(second)
    assert len(first.content) == len(second.content) == 1
    assert text(third) == text(second)
    assert "this is the graph that was built before its files changed" in third.content[1].text


def test_calls_at_the_same_time_are_all_answered(asked):
    async def work(client):
        answers = {}

        async def one(claim):
            answers[claim] = json.loads(text(await client.call_tool("trace", {"id": claim})))["id"]

        async with anyio.create_task_group() as tasks:
            for number in range(1, 13):
                tasks.start_soon(one, f"P{number:02}")
        return answers

    answers = asked("dart", work)
    assert len(answers) == 12
    assert all(asked_for == given for asked_for, given in answers.items())


def test_of_too_many_calls_at_once_those_that_are_refused_are_told_so(asked):
    async def work(client):
        results = []

        async def one():
            results.append(await client.call_tool("gaps", {}))

        async with anyio.create_task_group() as tasks:
            for _ in range(2 * AT_ONCE):
                tasks.start_soon(one)
        return results

    results = asked("template", work)
    answered = {text(result) for result in results if not result.is_error}
    refused = [refusal(result) for result in results if result.is_error]
    assert len(answered) == 1
    assert len(results) - len(refused) >= AT_ONCE
    assert all("too much is asked at once" in words for words in refused)


def test_an_answer_that_takes_too_long_is_ended_and_the_next_is_given(monkeypatch):
    with AskedStudy(paths.study_folder("template")) as study:
        first = study.answer("claims")
        monkeypatch.setattr("kg.agents.asked.TIME", 0.5)
        os.kill(study._child.process.pid, signal.SIGSTOP)
        with pytest.raises(QueryLimit, match="took longer"):
            study.answer("claims")
        monkeypatch.undo()
        assert study.answer("claims") == first


def test_a_process_that_is_gone_is_said_to_be_and_replaced():
    with AskedStudy(paths.study_folder("template")) as study:
        first = study.answer("claims")
        study._child.process.kill()
        with pytest.raises(QueryLimit, match="has ended"):
            study.answer("claims")
        assert study.answer("claims") == first


# Over HTTP: who may ask.


def send(address, method="POST", body=b"{}", **headers):
    at = urlsplit(address)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=60)
    sent = {
        "Host": at.netloc,
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    with contextlib.closing(connection):
        connection.request(method, at.path, body, sent)
        return connection.getresponse().status


PING = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}'


def test_only_programs_of_this_machine_may_ask():
    with over_http("template") as address:
        assert urlsplit(address).hostname == "127.0.0.1"
        port = urlsplit(address).port
        assert send(address, body=PING) == 200
        assert send(address, body=PING, Host=f"localhost:{port}") == 200
        # A name that leads here (DNS rebinding), a page elsewhere, a page of another server here, a form.
        for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", f"127.0.0.1:{port + 1}"):
            assert send(address, body=PING, Host=host) == 421
        for origin in ("https://evil.example", "null", f"http://127.0.0.1:{port}", "http://localhost:8000"):
            assert send(address, body=PING, Origin=origin) == 403
        assert send(address, body=PING, Content_Type="text/plain") == 400
        assert send(address, method="GET", body=None) == 405
        assert send(address, method="DELETE", body=None) == 405
        assert send(address, body=b'{"jsonrpc"') == 400
        assert send(address, body=b"[" * 50_000) == 400
        assert send(address, body=b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "x": "\\ud800"}') in (200, 400)
        with contextlib.suppress(ConnectionError):
            assert send(address, body=b" " * 2**20) in (413, 431)
        assert send(address, body=PING) == 200


def test_a_port_that_is_taken_is_said_to_be():
    with over_http("template") as address:
        command = [*PREFIX, "mcp", "--transport", "http", "--port", str(urlsplit(address).port), "--study", "template"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 3
    assert "take another with --port" in ended.stderr


HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_control_c_ends_it_quietly(transport):
    command = [*PREFIX, "mcp", "--transport", transport, "--port", "0", "--study", "template"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as process:
        if transport == "stdio":
            process.stdin.write(json.dumps(HELLO) + "\n")
            process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        # Its input stays open meanwhile.
        process.wait(timeout=60)
        assert "Traceback" not in process.stderr.read()
    assert process.returncode in (0, 130, -signal.SIGINT)


def test_lines_that_are_no_messages_are_passed_over():
    lone = {"name": "ask", "arguments": {"question": "\ud800"}}
    deep = '{"jsonrpc": "2.0", "id": 3, "method": "ping", "params": ' + '{"a":' * 5000 + "1" + "}" * 5001
    lines = [
        "no message",
        "\x00\x01",
        "[" * 100_000,
        deep,
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": lone}),
        "x" * 2**20,
        json.dumps(HELLO),
    ]
    command = [*PREFIX, "mcp", "--study", "template"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write("".join(f"{line}\n" for line in lines).encode() + b"\xff\xfe\n")
        process.stdin.flush()
        while (answer := json.loads(process.stdout.readline()))["id"] != HELLO["id"]:
            assert "error" in answer
        process.stdin.close()
        process.wait(timeout=60)
        assert b"Traceback" not in process.stderr.read()
    assert answer["result"]["serverInfo"]["name"] == "dart-kg"
    assert process.returncode == 0


def test_it_ends_when_the_assistant_does():
    command = [*PREFIX, "mcp", "--study", "template"]
    ended = subprocess.run(command, input="no message\n", capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr


def test_without_the_package_it_says_which_extra_has_it():
    script = "import sys; sys.modules['mcp'] = None; sys.argv = ['kg', 'mcp', '--study', 'template']; from kg.cli import main; main()"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 3
    assert "pip install '.[mcp]' in the checkout" in ended.stderr
    assert "Traceback" not in ended.stderr
