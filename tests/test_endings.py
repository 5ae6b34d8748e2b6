"""How a command ends that cannot go on: real causes, in processes of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kg
from kg.cli import _ending
from kg.store import build

pytestmark = pytest.mark.slow
RUN = "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"
resource = pytest.importorskip("resource")


def ended(*words, before="", **of):
    """Run kg, after some lines of Python; return its exit code and what it said on standard error."""
    env = {k: v for k, v in os.environ.items() if k != "KG_DEBUG"} | of.pop("env", {})
    of = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **of}
    run = subprocess.run(
        [sys.executable, "-c", f"{before}\n{RUN}", *map(str, words)], env=env, encoding="utf-8", check=False, **of
    )
    return run.returncode, run.stderr or ""


FAULT = """
from kg.cli import app
@app.command()
def fault():
    {}
"""
FAULTS = [
    ("1 / 0", "ZeroDivisionError: division by zero"),
    ("f = lambda: f(); f()", "RecursionError: maximum recursion depth exceeded"),
    ("'\\ud800'.encode()", "UnicodeEncodeError: 'utf-8' codec can't encode"),
    ("int('9' * 6000)", "ValueError: Exceeds the limit"),
    ("{}['a\\nb']", "KeyError: 'a\\nb'"),
    ("import sqlite3; sqlite3.connect(':memory:').execute('SELEC')", 'OperationalError: near "SELEC"'),
    ("raise ExceptionGroup('two', [ValueError(1), TypeError(2)])", "ExceptionGroup: two"),
]


@pytest.mark.parametrize(("body", "words"), FAULTS, ids=[w.split(":")[0] for _, w in FAULTS])
def test_a_fault_of_the_program_is_one_line_that_says_how_to_report_it_and_never_exit_code_1(body, words):
    code, said = ended("fault", before=FAULT.format(body))
    assert code == 70
    assert said.count("\n") == 1
    assert said.startswith(f"error: this is a fault of kg, nothing of yours: {words}")
    assert "KG_DEBUG=1" in said
    assert "kg --version" in said
    code, said = ended("fault", before=FAULT.format(body), env={"KG_DEBUG": "1"})
    assert code == 70
    assert said.startswith(("Traceback (most recent call last):", "  + Exception Group Traceback"))
    assert said.splitlines()[-1].startswith("error: this is a fault of kg")


def test_too_little_memory_is_said_and_is_no_fault():
    body = "b'x' * 2**33"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))"
    assert ended("fault", before=limit + FAULT.format(body)) == (3, "error: there is not enough memory for this\n")


@pytest.mark.parametrize("words", [["sparql", "-"], ["cypher", "--shell"]])
def test_control_c_ends_quietly_with_130(words, dart):
    if words[0] == "cypher":
        pytest.importorskip("arcadedb_embedded")
    child = subprocess.Popen(
        [sys.executable, "-c", RUN, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    # It waits for what we do not write.
    _until(lambda: _waits_for_a_pipe(child.pid))
    child.send_signal(signal.SIGINT)
    child.stdin.flush()
    child.wait(60)
    assert (child.returncode, child.stdout.read(), child.stderr.read()) == (130, b"", b"")
    for stream in (child.stdin, child.stdout, child.stderr):
        stream.close()


def _until(true):
    while not true():
        time.sleep(0.02)


def _waits_for_a_pipe(pid):
    if not Path("/proc/self/wchan").exists():
        pytest.skip("this system does not tell what a process waits for")
    return "pipe_r" in Path(f"/proc/{pid}/wchan").read_text() or _reads_zero(pid)


def _reads_zero(pid):
    try:
        call = Path(f"/proc/{pid}/syscall").read_text().split()[:2]
        # read() of x86-64 and of arm64.
        return call in (["0", "0x0"], ["63", "0x0"])
    except OSError:
        return False


def test_a_pipe_that_is_closed_early_is_no_finding():
    reading, writing = os.pipe()
    os.close(reading)
    assert ended("sparql", "SELECT * { ?s ?p ?o }", stdout=writing)[0] == 0
    os.close(writing)


def test_standard_output_and_error_that_are_closed_are_no_fault(dart):
    run = f'{sys.executable} -c "{RUN}" list'
    for closed in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        done = subprocess.run(f"{run} {closed}", shell=True, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), closed


def test_input_that_is_no_text_is_the_users_to_mend():
    run = subprocess.run(
        [sys.executable, "-c", RUN, "sparql", "-"], input=b"SELECT \xff", capture_output=True, check=False
    )
    assert (run.returncode, run.stderr) == (2, b"error: standard input is not UTF-8: byte 0xff at 7\n")


def test_a_wrong_word_and_help_keep_their_exit_codes():
    assert ended("frobnicate")[0] == 2
    assert ended("--help") == (0, "")
    assert ended("ask", "--help") == (0, "")


# A damaged cache


@pytest.fixture
def cached(study, tmp_path):
    """Build a study in a cache of its own; give the study, the environment, and the folder of the build."""
    env = {"DART_KG_CACHE": str(tmp_path / "cache")}
    assert ended("build", study, env=env) == (0, "")
    (folder,) = (tmp_path / "cache").glob("*/graph-*")
    return study, env, folder


def damages(folder):
    """Name the files that answers are read from."""
    return [*sorted(folder.glob("*/*.sst")), *folder.glob("*/MANIFEST-*"), *folder.glob("*/CURRENT"), *folder.glob("*.sqlite")]  # fmt: skip


QUESTIONS = (
    ["ask", "what supports feedback"],
    ["graph", "--format", "svg"],
    ["sparql", "ASK { ?s ?p ?o }"],
    ["export", "csv"],
)


@pytest.mark.parametrize("how", ["cut", "deleted"])
def test_a_graph_of_which_a_file_was_cut_off_or_deleted_is_built_again(cached, how, tmp_path):
    study, env, folder = cached
    whole = tmp_path / "whole"
    shutil.copytree(folder.parent, whole)
    files = [p.relative_to(folder) for p in damages(folder)][-4:]
    assert [f.suffix for f in files] == [".sst", "", "", ".sqlite"]
    for number, name in enumerate(files):
        shutil.rmtree(folder.parent)
        shutil.copytree(whole, folder.parent)
        if how == "cut":
            os.truncate(folder / name, (folder / name).stat().st_size // 2)
        else:
            (folder / name).unlink()
        words = QUESTIONS[number % len(QUESTIONS)]
        more = [tmp_path / f"out-{number}"] if words[0] == "export" else []
        assert ended(*words, *more, "-s", study, env=env) == (0, ""), name


@pytest.mark.parametrize("words", QUESTIONS, ids=lambda words: words[0])
def test_a_graph_that_is_damaged_within_says_how_to_mend_it_and_that_mends_it(cached, words, tmp_path):
    study, env, folder = cached
    for path in damages(folder):
        data = path.read_bytes()
        path.write_bytes(b"\xa5" * len(data))
    more = [tmp_path / "out"] if words[0] == "export" else []
    code, said = ended(*words, *more, "-s", study, env=env)
    assert "Traceback" not in said
    assert code == 3
    (named,) = re.findall(r"remove the folder (\S+) and run the command again", said)
    assert Path(named) == folder
    shutil.rmtree(named)
    assert ended(*words, *more, "-s", study, env=env) == (0, "")


def test_a_graph_deleted_while_it_is_open_is_said(study, monkeypatch, tmp_path):
    monkeypatch.setenv("DART_KG_CACHE", str(tmp_path / "cache"))
    opened = kg.open(study)
    shutil.rmtree(build.current(study))
    with pytest.raises(kg.errors.StoreUnavailable, match="run the command again, which builds it anew"):
        opened.query("claims")
    with pytest.raises(kg.errors.StoreUnavailable, match="run the command again, which builds it anew"):
        opened.picture()


def test_every_exit_code_is_documented():
    text = (Path(__file__).parent.parent / "docs/commands.md").read_text("utf-8")
    codes = {0, 1, _ending.UNAVAILABLE, _ending.UNEXPECTED, _ending.INTERRUPTED}
    codes |= {e.exit_code for e in (kg.errors.KGError, *kg.errors.KGError.__subclasses__())}
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == sorted(codes)
