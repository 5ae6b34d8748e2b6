"""How a process of ours is called, what it may take, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from kg.errors import QueryRefused, UnknownTerm
from kg.processes import Child, Ended, Limits

TESTS = Path(__file__).parent
ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}


@pytest.fixture
def child():
    with Child("answering", quiet=True, environment=ENVIRONMENT) as one:
        yield one


def test_values_come_back_as_they_were_given(child):
    for values in ([], [1, 2.5, None, True], ["\n", "中文 👍", "\ud800", '"'], [{"a": [{}]}]):
        assert child.call("echo", *values).value == values


def test_bytes_come_with_a_value_whole(child):
    for size in (0, 1, 2**16 + 1, 5 * 2**20):
        value, body = child.call("body", size)
        assert (value, len(body)) == ({"size": size}, size)


def test_an_error_of_ours_is_raised_as_itself_and_the_next_call_is_answered(child):
    with pytest.raises(QueryRefused, match="because"):
        child.call("refuse", "because")
    with pytest.raises(UnknownTerm, match="did you mean 'this' or 'that'") as error:
        child.call("unknown", "thus")
    assert (error.value.word, error.value.kind) == ("thus", "concept")
    assert child.call("echo", 1).value == [1]


def test_a_fault_of_the_program_ends_it_with_its_last_words(child):
    with pytest.raises(Ended) as ended:
        child.call("fail")
    assert (ended.value.limit, ended.value.complaint) == ("", "ZeroDivisionError: by a fault")
    assert not child.running


def test_a_process_that_ends_in_the_middle_of_a_call_gives_no_reply(child):
    with pytest.raises(Ended, match="last words"):
        child.call("end", 0)
    with pytest.raises(Ended):
        child.call("echo", "any more")


@pytest.mark.parametrize(
    ("call", "limits", "limit"),
    [
        (("sleep", 60), Limits(seconds=0.5), "seconds"),
        (("take", 200 * 2**20), Limits(memory=100 * 2**20), "memory"),
        (("take", 200 * 2**20), Limits(60, 100 * 2**20), "memory"),
    ],
)
def test_a_call_that_passes_a_limit_ends_the_process(child, call, limits, limit):
    assert child.call("echo", 1).value == [1]
    began = time.monotonic()
    with pytest.raises(Ended) as ended:
        child.call(*call, limits=limits)
    assert ended.value.limit == limit
    assert time.monotonic() - began < 30
    assert not child.running


def test_a_call_that_nobody_wants_any_more_ends_the_process(child):
    unwanted = threading.Event()
    threading.Timer(0.5, unwanted.set).start()
    with pytest.raises(Ended) as ended:
        child.call("sleep", 60, limits=Limits(unwanted=unwanted))
    assert ended.value.limit == "unwanted"


def test_a_process_that_was_stopped_is_ended_too(child):
    child.call("echo")
    child.process.send_signal(signal.SIGSTOP)
    with pytest.raises(Ended) as ended:
        child.call("echo", limits=Limits(seconds=0.5))
    assert ended.value.limit == "seconds"


def test_time_between_calls_does_not_count(child):
    limits = Limits(seconds=1)
    child.call("echo", limits=limits)
    time.sleep(1.5)
    assert child.call("echo", 2, limits=limits).value == [2]


def test_a_process_that_is_closed_ends_by_itself(child):
    child.call("echo")
    child.close()
    assert child.process.returncode == 0


def test_what_it_is_called_with_is_not_in_its_command_line(child):
    child.call("echo", "a secret")
    assert "a secret" not in " ".join(psutil.Process(child.process.pid).cmdline())
    assert child.call("command").value[1:] == []


@pytest.mark.parametrize("busy", [False, True])
def test_it_ends_though_the_process_that_started_it_was_killed(busy):
    """At once when it waits for a call, else by its own clock."""
    call = "sleep" if busy else "echo"
    code = (
        "from kg.processes import *; import time; child = Child('answering'); child.call('echo'); "
        f"print(child.process.pid, flush=True); child.call({call!r}, 600, limits=Limits(seconds=3)); time.sleep(600)"
    )
    environment = {**os.environ, **ENVIRONMENT}
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
    started = psutil.Process(int(parent.stdout.readline()))
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert not psutil.wait_procs([started], timeout=30)[1]
