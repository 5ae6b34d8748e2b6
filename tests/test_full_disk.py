"""A disk without room: it is said, nothing half written stays, and what was there is whole."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kg.files import write_whole

RUN = "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"
FEW = 40 * 1024
"""Bytes: room for a folder and a small file, and for no result."""
FULL = "the disk is full|No space left on device|disk is full"


def ended(*words, limit=None, **of):
    """Run kg, with a limit on the bytes of a file where one is given."""
    before = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n" if limit else ""
    of = {"stdout": subprocess.PIPE, **of}
    run = subprocess.run(
        [sys.executable, "-c", before + RUN, *map(str, words)],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        **of,
    )
    return run.returncode, run.stderr


@pytest.fixture
def disk(tmp_path):
    """Mount a disk of few bytes; where that is not allowed, skip."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if (
        not mount
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", f"size={FEW}", "tmpfs", folder], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("only root on Linux may mount a disk; the limit of a file is tested below")
    yield folder
    subprocess.run([umount, folder], check=True)


def told(result):
    code, said = result
    assert code == 3, said
    assert re.search(FULL, said), said
    assert said.startswith("error: ")
    assert said.count("\n") == 1, said
    assert "None" not in said


def everything(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


WRITES = {
    "graph": ["graph", "{}/p.html", "-s", "dart"],
    "plot": ["report", "matrix", "--plot", "{}/p.html", "-s", "dart"],
    "schema": ["schema", "--output", "{}/new"],
    "export": ["export", "csv", "{}/new", "-s", "dart"],
    "site": ["site", "{}/new", "-s", "template"],
    "init": ["init", "{}/new"],
}


@pytest.mark.parametrize("name", WRITES)
def test_a_full_disk_is_said_and_what_was_there_is_whole(name, disk, dart):
    (disk / "p.html").write_bytes(b"before" * 1000)
    there = everything(disk)
    told(ended(*[word.format(disk) for word in WRITES[name]]))
    left = everything(disk)
    # Of several named files those that were written are whole.
    schemas = {k: v for k, v in left.items() if name == "schema" and k.startswith("new/")}
    for file, data in schemas.items():
        assert data.endswith(b"}\n"), file
    assert {k: v for k, v in left.items() if k not in schemas} == there
    assert {p.name for p in disk.iterdir()} <= {"p.html"} | ({"new"} if name == "schema" else set())


def test_a_build_on_a_full_disk_is_said_leaves_nothing_and_is_made_when_there_is_room(disk, study):
    env = os.environ | {"DART_KG_CACHE": str(disk)}
    told(ended("build", study, env=env))
    assert set(everything(disk).values()) <= {b""}, "but for the lock"
    assert not list(disk.glob("*/graph-*"))
    subprocess.run([shutil.which("mount"), "-o", "remount,size=64m", disk], check=True)
    assert ended("build", study, env=env) == (0, "")


def test_a_build_that_finds_no_room_leaves_the_graph_before(disk, study, edit):
    env = os.environ | {"DART_KG_CACHE": str(disk)}
    subprocess.run([shutil.which("mount"), "-o", "remount,size=64m", disk], check=True)
    assert ended("build", study, env=env) == (0, "")
    built = {k: v for k, v in everything(disk).items() if not k.endswith("/LOG")}
    edit("propositions.yaml", "Regular feedback lengthens", "Regular praise lengthens")
    used = sum(p.stat().st_blocks * 512 for p in disk.rglob("*"))
    subprocess.run([shutil.which("mount"), "-o", f"remount,size={used + FEW}", disk], check=True)
    told(ended("build", study, env=env))
    assert {k: v for k, v in everything(disk).items() if not k.endswith("/LOG")} == built
    edit("propositions.yaml", "Regular praise lengthens", "Regular feedback lengthens")
    assert ended("ask", "what supports feedback", "-s", study, env=env) == (0, "")


PRINTS = (["list"], ["ask", "what supports transparency"], ["graph"], ["graph", "/dev/full"], ["schema", "study"], ["check"], ["report", "gaps", "--format", "csv"],
          ["report", "supplement"], ["query", "claims", "--json"], ["--help"])  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", PRINTS, ids=" ".join)
def test_output_that_cannot_be_written_is_said(words, dart):
    with open("/dev/full", "wb") as full:
        told(ended(*words, stdout=full))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_words_that_cannot_be_written_do_not_change_the_exit_code():
    with open("/dev/full", "wb") as full:
        run = subprocess.run([sys.executable, "-c", RUN, "trace", "P99"], stdout=full, stderr=full, check=False)
    assert run.returncode == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["graph", "plot", "export", "init"])
def test_a_file_that_may_not_get_that_big_is_said_and_what_was_there_is_whole(name, tmp_path, dart):
    pytest.importorskip("resource")
    (tmp_path / "p.html").write_bytes(b"before")
    code, said = ended(*[word.format(tmp_path) for word in WRITES[name]], limit=2000)
    assert (code, said.count("\n")) == (3, 1), said
    assert "may not get that big" in said
    assert everything(tmp_path) == {"p.html": b"before"}
    assert [p.name for p in tmp_path.iterdir()] == ["p.html"]


# The file itself


def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_the_users_files(tmp_path):
    there, new, plain = tmp_path / "there", tmp_path / "new", tmp_path / "plain"
    there.write_bytes(b"before")
    there.chmod(0o640)
    write_whole(there, b"after")
    write_whole(new, b"new")
    plain.write_bytes(b"")
    assert stat.S_IMODE(there.stat().st_mode) == 0o640
    assert new.stat().st_mode == plain.stat().st_mode
    assert everything(tmp_path) == {"there": b"after", "new": b"new", "plain": b""}


def test_a_link_stays_a_link_to_the_file_that_is_replaced(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/file").write_bytes(b"before")
    (tmp_path / "link").symlink_to("real/file")
    (tmp_path / "dangling").symlink_to("real/new")
    write_whole(tmp_path / "link", b"after")
    write_whole(tmp_path / "dangling", b"new")
    assert (tmp_path / "link").is_symlink()
    assert everything(tmp_path / "real") == {"file": b"after", "new": b"new"}


def test_what_is_no_file_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        write_whole(pipe, b"through")
        assert reader.stdout.read() == b"through"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    log = tmp_path / "log"
    log.write_bytes(b"first\n")
    with log.open("ab") as end:
        assert ended("graph", "/dev/stdout", "--format", "mermaid", stdout=end) == (0, "")
    assert log.read_bytes().startswith(b"first\nflowchart LR\n")
    assert b"wrote" not in log.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["no/p.html", "a-file/p.html", "", "n" * 300])
def test_a_place_that_cannot_be_written_is_named_as_it_was_given(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").write_bytes(b"before")
    given = name or str(tmp_path)
    code, said = ended("report", "matrix", "--plot", given)
    assert code == 3
    assert said.startswith(f"error: {given}: ")
    assert said.count("\n") == 1
    assert everything(tmp_path) == {"a-file": b"before"}
