"""'kg browse' and 'kg site' as commands: where they listen, how they end, what they refuse."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from helpers import awaited

import kg
from kg.browse import server, workers
from kg.store import build, tables

PREFIX = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"]


@pytest.fixture
def browse():
    """Start the command; each that was started is ended."""
    running = []

    def start(*words, study="template"):
        running.append(
            subprocess.Popen(
                [*PREFIX, "browse", "--study", study, "--no-open", *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        )
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.wait()


def test_it_says_where_it_is_answers_there_and_ends_quietly(browse):
    process = browse("--port", "0", "--json")
    told = json.loads(process.stdout.readline())
    assert told["study"] == "template"
    with urllib.request.urlopen(told["address"]) as answer:
        assert b"Regular feedback lengthens" in answer.read()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert "Traceback" not in said


def children(process):
    """Return the ids of the processes that a process started."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text("ascii").split()]


def runs(pid):
    """Say whether a process runs, and is not just waiting to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(said, seconds=30):
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_however_it_ends(browse, how):
    process = browse("--port", "0", "--json")
    told = json.loads(process.stdout.readline())
    until(lambda: len(children(process)) >= workers.number())
    with urllib.request.urlopen(told["address"]):
        started = children(process)
    process.send_signal(how)
    process.wait(timeout=120)
    until(lambda: not any(map(runs, started)))


def test_a_page_is_made_though_the_processes_that_make_pages_were_ended(browse):
    process = browse("--port", "0", "--json")
    told = json.loads(process.stdout.readline())
    with urllib.request.urlopen(told["address"]) as answer:
        before = answer.read()
    for pid in children(process):
        os.kill(pid, signal.SIGKILL)
    with urllib.request.urlopen(told["address"] + "propositions", timeout=60) as answer:
        assert b"Regular feedback lengthens" in answer.read()
    with urllib.request.urlopen(told["address"]) as answer:
        assert answer.read() == before


def test_a_build_of_an_older_version_is_made_anew_without_a_word(study, browse):
    made = build.current(kg.open(study).folder)
    (made / "inputs").write_text("of another version", "ascii")
    (made / tables.NAME).unlink()
    process = browse("--port", "0", "--json", study=str(study))
    told = json.loads(process.stdout.readline())
    with urllib.request.urlopen(told["address"]) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert said == ""


def test_it_listens_on_this_machine_only(browse):
    process = browse("--port", "0", "--json")
    port = int(json.loads(process.stdout.readline())["address"].rstrip("/").rpartition(":")[2])
    listening = {
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    }
    assert listening == {f"0100007F:{port:04X}"}


def test_it_is_reached_by_another_family_of_addresses(browse):
    with socket.socket(socket.AF_INET6) as trial:
        try:
            trial.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
    process = browse("--port", "0", "--host", "::1", "--json")
    address = json.loads(process.stdout.readline())["address"]
    assert address.startswith("http://[::1]:")
    with urllib.request.urlopen(address) as answer:
        assert answer.status == 200


def test_what_is_sent_over_a_connection_that_is_kept_is_not_held_back():
    async def held_back():
        told = asyncio.get_running_loop().create_future()

        async def answer(_, writer):
            told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with server.listen("127.0.0.1", 0) as listening:
            address = listening.getsockname()
            async with await asyncio.start_server(answer, sock=listening):
                _, writer = await asyncio.open_connection(*address)
                writer.close()
                return not await told

    assert not awaited(held_back)


def test_a_port_that_is_taken_is_said(browse):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = browse("--port", str(taken.getsockname()[1]))
        _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "take another with --port" in said
    assert "Traceback" not in said


def test_a_study_with_errors_is_said_before_anything_is_served(study, edit):
    edit("codings/interview.yaml", "quote: Two of us left", "quote: Three of us left")
    failed = subprocess.run(
        [*PREFIX, "browse", "--study", str(study), "--no-open"], capture_output=True, text=True, check=False, timeout=60
    )
    assert failed.returncode == 2
    assert "quote-not-found" in failed.stderr


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    failed = subprocess.run(
        [*PREFIX, "site", str(tmp_path), "--study", "template"], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 2
    assert "holds something already" in failed.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_a_site_is_written(tmp_path):
    made = subprocess.run(
        [*PREFIX, "site", str(tmp_path / "public"), "--study", "template"], capture_output=True, text=True, check=True
    )
    assert "open " in made.stdout
    assert (tmp_path / "public" / "index.html").is_file()
    assert (tmp_path / "public" / "zh" / "proposition" / "P1.html").is_file()
