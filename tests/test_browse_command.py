"""'kg browse' and 'kg site' as commands: where they listen, how they end, what they refuse."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

PREFIX = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"]


@pytest.fixture
def browse():
    """Start the command; each that was started is ended."""
    running = []

    def start(*words):
        running.append(
            subprocess.Popen(
                [*PREFIX, "browse", "--study", "template", "--no-open", *words],
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
    _, said = process.communicate(timeout=20)
    assert "Traceback" not in said


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


def test_a_site_is_written(tmp_path):
    made = subprocess.run(
        [*PREFIX, "site", str(tmp_path / "public"), "--study", "template"], capture_output=True, text=True, check=True
    )
    assert "open " in made.stdout
    assert (tmp_path / "public" / "index.html").is_file()
    assert (tmp_path / "public" / "zh" / "proposition" / "P1.html").is_file()
