"""The same input gives the same bytes, and a reader sees the old graph or the new one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import kg
from kg import paths
from kg.loaders import study as loader
from kg.store import build, rdf


def test_the_same_study_gives_the_same_bytes_wherever_it_lies(study, tmp_path, monkeypatch):
    there = tmp_path / "elsewhere" / "another name"
    shutil.copytree(study, there)
    monkeypatch.chdir(tmp_path)
    once, again = rdf.nquads(loader.load(study).study), rdf.nquads(loader.load(there).study)
    assert once == again
    assert str(tmp_path).encode() not in once
    assert build.build(study).digest == build.build(there).digest


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_bytes_do_not_depend_on_the_hash_seed(seed):
    text = "from kg import paths; from kg.store import rdf; from kg.loaders import study; import hashlib\n"
    text += "print(hashlib.sha256(rdf.nquads(study.load(paths.study_folder('dart')).study)).hexdigest())"
    env = {**os.environ, "PYTHONHASHSEED": seed}
    out = subprocess.run([sys.executable, "-c", text], env=env, capture_output=True, text=True, check=True).stdout
    assert out.strip() == build.build(paths.study_folder("dart")).digest


def test_an_unchanged_study_is_not_built_again(study, edit):
    first = build.build(study)
    assert first.fresh
    assert not build.build(study).fresh
    edit("codings/interview.yaml", "memo: Praise alone", "memo: Praise as such")
    changed = build.build(study)
    assert changed.fresh
    assert changed.digest != first.digest


def test_every_record_is_in_the_graph_and_in_the_graph_of_its_source(study):
    build.build(study)
    graphs = {}
    for quad in build.read(study):
        graphs.setdefault(quad.graph_name.value.rsplit("/", 2)[-1], set()).add(quad.subject.value)
    root = "https://w3id.org/dart-kg/study/template/"
    assert f"{root}proposition/P1" in graphs["theory"]
    assert f"{root}excerpt/interview:39-121" in graphs["interview"]
    assert not any(s.startswith(f"{root}excerpt") for s in graphs["theory"] if "interview" in s)
    assert set(graphs) == {"theory", "interview", "evidence"}


def test_two_builds_at_once_give_one_graph(study):
    command = [
        sys.executable,
        "-c",
        f"from kg.store import build; from pathlib import Path; build.build(Path({str(study)!r}))",
    ]
    running = [subprocess.Popen(command) for _ in range(4)]
    assert [p.wait(60) for p in running] == [0, 0, 0, 0]
    assert kg.open(study).ask("what supports feedback").claims
    home = paths.store_folder(study)
    assert len(list(home.glob("graph-*"))) == 1


def test_a_build_killed_at_any_moment_leaves_a_readable_graph(study, edit):
    """Kill -9 a build at many moments; after each the graph is the old one or the new one, whole."""
    quads = build.build(study).quads
    command = [
        sys.executable,
        "-c",
        f"from kg.store import build; from pathlib import Path; build.build(Path({str(study)!r}))",
    ]
    started = time.monotonic()
    edit("codings/interview.yaml", "memo: Praise alone", "memo: Praise 0")
    subprocess.run(command, check=True)
    whole = time.monotonic() - started
    kept = 0
    for number in range(40):
        edit("codings/interview.yaml", f"memo: Praise {number}", f"memo: Praise {number + 1}")
        child = subprocess.Popen(command)
        time.sleep(whole * (number + 1) / 40)
        child.send_signal(signal.SIGKILL)
        child.wait()
        store = build.read(study)
        text = "SELECT ?m { GRAPH ?g { ?c a ev:Coding ; rdfs:comment ?m } }"
        memo = [s["m"].value for s in store.query(text, prefixes={"ev": rdf.EV, "rdfs": rdf.RDFS})]
        assert len(memo) == 1
        kept += int(memo[0].split()[1]) <= number
        assert len(store) == quads
    assert build.build(study).digest
    assert len(list(paths.store_folder(study).glob("graph-*"))) <= 2
    assert kept > 0


def test_no_graph_is_an_error_that_says_what_to_do(study):
    with pytest.raises(kg.StoreUnavailable, match="kg build"):
        build.read(study)


def test_a_cache_that_cannot_be_written_is_an_error_that_says_what_to_do(study, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("DART_KG_CACHE", str(tmp_path / "file"))
    with pytest.raises(kg.StoreUnavailable, match="DART_KG_CACHE"):
        build.build(study)
