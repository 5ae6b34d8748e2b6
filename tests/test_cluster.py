"""A study that is read on a cluster gives the graph that it gives on one machine, whatever ends in the middle."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import sys
import threading
import time
from contextlib import closing, nullcontext
from random import Random

import drafts
import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cli import kg as command
from typer.testing import CliRunner

import kg
from kg import cluster, inputs, paths
from kg.cli import app
from kg.errors import ServerUnavailable, StoreUnavailable, StudyError
from kg.store import build
from kg.store.parts import Parts

VERSION = inputs.version(build.FORMAT)


@pytest.fixture
def here(monkeypatch):
    """Let this process be the only worker, and list the sources that it reads."""
    read = []

    def do(self, step, tasks):
        given = (str(self.folder), str(self.parts.folder), self.parts.version, self.state)
        done = cluster.write([tuple(task) for task in tasks], *given)
        read.extend(source for source, was_read, _ in done if was_read)
        return done

    monkeypatch.setattr(cluster._Work, "do", do)
    monkeypatch.setattr(cluster, "_connected", nullcontext)
    return read


@pytest.fixture
def drafted(tmp_path):
    """Write a study of four sources, whose evidence lines quote one another's, and return its draft too."""
    draft = drafts.Draft(3)
    draft.write(tmp_path / "study")
    return draft, tmp_path / "study"


def files(folder):
    """Return the inode and the time of each part of a source or graph."""
    return {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.glob("*/??/*")}


def same_as_on_one_machine(study, into, aside):
    """Write the parts of a study, build it from them, and compare both with a build from nothing."""
    shutil.rmtree(aside, ignore_errors=True)
    for folder in (study, aside):
        shutil.rmtree(paths.store_folder(folder), ignore_errors=True)
    shutil.copytree(study, aside)
    wrong, alone = [], None
    try:
        alone = build.build(aside)
    except StudyError as e:
        wrong += e.findings
    if wrong:
        with pytest.raises(StudyError) as raised:
            cluster.write_parts(study, "", into)
        assert [*raised.value.findings] == wrong
        return
    written = cluster.write_parts(study, "", into)
    assert (written.digest, written.quads, written.findings) == (alone.digest, alone.quads, alone.findings)
    built = build.build(study, parts=into)
    assert built == alone
    assert drafts.content(study, built) == drafts.content(aside, alone)


def test_the_parts_and_a_build_from_them_are_as_on_one_machine(here, drafted, tmp_path):
    same_as_on_one_machine(drafted[1], tmp_path / "parts", tmp_path / "clean")
    assert here


@pytest.mark.parametrize("change", drafts.CHANGES + drafts.BREAKS, ids=lambda change: change.__name__)
def test_after_any_one_change_they_are_so_too(change, here, drafted, tmp_path):
    draft, study = drafted
    cluster.write_parts(study, "", tmp_path / "parts")
    change(draft, Random(1))
    draft.write(study)
    same_as_on_one_machine(study, tmp_path / "parts", tmp_path / "clean")


@pytest.mark.slow
@settings(max_examples=examples(8))
@given(
    seed=st.integers(0, 10**6),
    steps=st.lists(st.lists(st.sampled_from(drafts.CHANGES), min_size=1, max_size=3), min_size=2, max_size=5),
)
def test_after_any_changes_they_are_so_too(seed, steps, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "_connected", nullcontext)
        patch.setattr(
            cluster._Work,
            "do",
            lambda self, _, tasks: cluster.write(
                tasks, str(self.folder), str(self.parts.folder), self.parts.version, self.state
            ),
        )
        folder, draft, chance = tmp_path_factory.mktemp("parts"), drafts.Draft(seed), Random(seed)
        for step in steps:
            for change in step:
                change(draft, chance)
            draft.write(folder / "study")
            same_as_on_one_machine(folder / "study", folder / "parts", folder / "clean")


def test_the_folder_is_what_sha256sum_lists(here, drafted, tmp_path):
    written = cluster.write_parts(drafted[1], "", tmp_path / "parts")
    listing = (tmp_path / "parts" / "graphs").read_bytes()
    assert hashlib.sha256(listing).hexdigest() == written.digest
    parts = Parts.at(tmp_path / "parts", VERSION)
    for name, digest in parts.graphs().items():
        data = parts.file(digest).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        lines = data.decode().splitlines(keepends=True)
        assert lines == sorted(lines)
        assert all(line.endswith(f"{name} .\n") for line in lines)


def test_what_is_done_is_not_done_again(here, drafted, tmp_path):
    draft, study = drafted
    assert cluster.write_parts(study, "", tmp_path / "parts").fresh
    before = files(tmp_path / "parts")
    here.clear()
    assert not cluster.write_parts(study, "", tmp_path / "parts").fresh
    assert files(tmp_path / "parts") == before
    drafts.add_coding(draft, Random(1), "ames")
    draft.write(study)
    here.clear()
    assert cluster.write_parts(study, "", tmp_path / "parts").fresh
    assert "ames" in here


def test_what_a_killed_run_wrote_is_taken(here, drafted, tmp_path):
    study = drafted[1]
    whole = cluster.write_parts(study, "", tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "parts")
    parts = Parts.at(tmp_path / "parts", VERSION)
    (tmp_path / "parts" / "graphs").unlink()
    gone = parts._source("beck")
    gone.rename(gone.with_name(".unfinished-1"))
    here.clear()
    assert cluster.write_parts(study, "", tmp_path / "parts").digest == whole.digest
    assert "beck" in here
    assert not [*(tmp_path / "parts").rglob(".unfinished*")]


def test_a_source_is_read_again_when_one_that_it_quotes_was_edited(here, tmp_path):
    draft, study, parts = drafts.Draft(3), tmp_path / "study", tmp_path / "parts"
    draft.write(study)
    cluster.write_parts(study, "", parts)
    there = {header.source: header for header in Parts.at(parts, VERSION).headers(study)}
    quoting, quoted = next((h.source, q) for h in there.values() for q in h.kept.quotes)
    text = study / next(name for name in there[quoted].files if name.startswith("sources/"))
    # The words that are quoted stay where they are; who quotes them is another passage, for its context is part of it.
    text.write_bytes(text.read_bytes() + b"\n\nAn afterthought.\n")
    there = {header.source for header in Parts.at(parts, VERSION).headers(study)}
    assert not {quoting, quoted} & there


def test_what_belongs_to_the_study_no_more_is_removed(here, drafted, tmp_path):
    draft, study = drafted
    cluster.write_parts(study, "", tmp_path / "parts")
    before = files(tmp_path / "parts")
    drafts.drop_source(draft, Random(1))
    draft.write(study)
    cluster.write_parts(study, "", tmp_path / "parts")
    after = files(tmp_path / "parts")
    assert len(after) < len(before)
    parts = Parts.at(tmp_path / "parts", VERSION)
    named = {parts.file(digest) for digest in parts.graphs().values()}
    assert len([*parts.headers(study)]) == len(draft.study["sources"])
    own = {parts.file(graph.digest) for header in parts.headers(study) for graph in header.graphs.values()}
    assert {p for p in after if p.suffix == ".nq"} == named | own


def test_a_server_is_filled_from_the_parts_without_a_build(here, study, edit, tmp_path, fuseki):
    running, parts = fuseki("parts"), tmp_path / "parts"
    cluster.write_parts(study, "", parts)
    done = command("push", f"{running.url}/data", "--parts", parts)
    assert re.search(r"create +graph of a source +2\n", done)
    with pytest.raises(StoreUnavailable):
        build.current(study)
    # A build has the same graphs: nothing is left to be sent, and the server answers for it.
    assert "nothing to do" in command("push", f"{running.url}/data", "-s", study)
    with kg.open(study) as graph, graph.with_endpoint(f"{running.url}/sparql") as there:
        assert sorted(there.query("codings").rows) == sorted(graph.query("codings").rows)
    edit("codings/interview.yaml", "    memo: Praise alone was not enough here.\n", "")
    cluster.write_parts(study, "", parts)
    done = command("push", f"{running.url}/data", "--parts", parts)
    assert re.search(r"replace +graph of a source +1\n", done)
    assert "create" not in done


def test_parts_that_cannot_be_pushed_are_refused(here, study, tmp_path):
    parts, nowhere = tmp_path / "parts", "http://127.0.0.1:9/ds/data"
    cluster.write_parts(study, "", parts)
    assert "leave --study out" in command("push", nowhere, "--parts", parts, "-s", study, code=2)
    assert "a Neo4j is filled from a build" in command("push", "bolt://127.0.0.1:9", "--parts", parts, code=2)
    next((parts / "vocabularies").iterdir()).write_bytes(b"")
    assert "unfinished, or of another version" in command("push", nowhere, "--parts", parts, code=3)
    cluster.write_parts(study, "", parts)
    (parts / "graphs").unlink()
    assert "unfinished, or of another version" in command("push", nowhere, "--parts", parts, code=3)
    assert "no folder of parts" in command("push", nowhere, "--parts", study, code=3)


def test_a_folder_of_something_else_is_refused(here, study, tmp_path):
    drafts.Draft(3).write(tmp_path / "another")
    with pytest.raises(StoreUnavailable, match="no folder of parts"):
        cluster.write_parts(study, "", study)
    with pytest.raises(StoreUnavailable, match="no folder of parts"):
        build.build(study, parts=tmp_path)
    cluster.write_parts(study, "", tmp_path / "parts")
    with pytest.raises(StoreUnavailable, match="another study"):
        cluster.write_parts(tmp_path / "another", "", tmp_path / "parts")


def test_a_damaged_part_is_named(here, study, tmp_path):
    cluster.write_parts(study, "", tmp_path / "parts")
    (_, digest), *_ = Parts.at(tmp_path / "parts", VERSION).graphs().items()
    file = Parts.at(tmp_path / "parts", VERSION).file(digest)
    data = bytearray(file.read_bytes())
    data[40] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreUnavailable, match=file.name):
        build.build(study, parts=tmp_path / "parts")


def test_a_worker_that_sees_something_else_says_so(study, tmp_path):
    (tmp_path / "parts").mkdir()
    state = cluster.SourceReader(study).state()
    given = {"study": str(study), "folder": str(tmp_path / "parts"), "version": VERSION, "state": (state, "1")}
    assert cluster.write([], **given) == []
    with pytest.raises(StoreUnavailable, match="another version"):
        cluster.write([], **given | {"version": "1"})
    with pytest.raises(StoreUnavailable, match="does not see the folder"):
        cluster.write([], **given | {"folder": str(tmp_path / "elsewhere")})
    with pytest.raises(StoreUnavailable, match="cannot read the study"):
        cluster.write([], **given | {"study": str(tmp_path)})
    with pytest.raises(StoreUnavailable, match="sees other files"):
        cluster.write([], **given | {"state": ("0", "1")})


def test_a_scheduler_needs_a_folder_and_an_address(study, tmp_path):
    run = CliRunner().invoke(app, ["build", str(study), "--scheduler", "tcp://127.0.0.1:1"])
    assert run.exit_code == 2
    assert "--parts FOLDER" in run.output
    pytest.importorskip("distributed")
    with pytest.raises(ServerUnavailable, match="name the address"):
        cluster.write_parts(study, "", tmp_path / "parts")


def test_without_the_package_it_is_said_how_to_get_it(study, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StoreUnavailable, match=r"\[cluster\]"):
        cluster.write_parts(study, "tcp://127.0.0.1:1", tmp_path / "parts")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "gopher://127.0.0.1:1", "nonsense"])
def test_a_wrong_scheduler_is_an_error_in_words(address, study, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "CONNECT", 1)
    with pytest.raises(ServerUnavailable, match="no Dask scheduler answers at"):
        cluster.write_parts(study, address, tmp_path / "parts")
    assert not (tmp_path / "parts").exists()


@pytest.fixture(scope="module")
def workers():
    """Run a Dask cluster of two workers on loopback, each a process."""
    distributed = pytest.importorskip("distributed")
    options = {"host": "127.0.0.1", "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as running:
        yield running


@pytest.mark.slow
def test_two_workers_give_what_one_machine_gives(workers, drafted, tmp_path):
    study = drafted[1]
    written = cluster.write_parts(study, workers.scheduler_address, tmp_path / "parts")
    assert written.fresh
    assert not cluster.write_parts(study, workers.scheduler_address, tmp_path / "parts").fresh
    built = build.build(study, parts=tmp_path / "parts")
    shutil.copytree(study, tmp_path / "clean")
    alone = build.build(tmp_path / "clean")
    assert written.digest == alone.digest
    assert drafts.content(study, built) == drafts.content(tmp_path / "clean", alone)


@pytest.mark.slow
def test_workers_find_the_errors_that_one_machine_finds(workers, study, edit, tmp_path):
    edit("codings/interview.yaml", "quote: ", "quote: Nobody ever said this. ")
    with pytest.raises(StudyError) as alone:
        build.build(study)
    with pytest.raises(StudyError) as raised:
        cluster.write_parts(study, workers.scheduler_address, tmp_path / "parts")
    assert raised.value.findings == alone.value.findings
    assert not (tmp_path / "parts" / "graphs").exists()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_costs_its_sources_only(workers, tmp_path, monkeypatch):
    """One worker is stopped before there is work, so that what it is given stays in its hand, and is killed there."""
    import distributed

    monkeypatch.setattr(cluster, "TOGETHER", 1)
    draft, study, parts = drafts.Draft(5), tmp_path / "study", tmp_path / "parts"
    for number in range(16):
        draft.add_source(f"more{number}", "case", Random(number))
    draft.write(study)
    states, done_before = {}, threading.Event()

    def kill(client):
        pids = client.run(os.getpid)
        stopped, pid = min(pids.items())
        os.kill(pid, signal.SIGSTOP)
        done_before.set()
        # The other one does all that it is given; then nothing moves but for the death of this one.
        while not client.processing()[stopped] or len(files(parts)) < 2:
            time.sleep(0.01)
        states.update((p, state) for p, state in files(parts).items() if p.suffix == ".json")
        states["in hand"] = len(client.processing()[stopped])
        os.kill(pid, signal.SIGKILL)

    with closing(distributed.Client(workers.scheduler_address, set_as_default=False)) as client:
        killer = threading.Thread(target=kill, args=(client,))
        killer.start()
        assert done_before.wait(60)
        written = cluster.write_parts(study, workers.scheduler_address, parts)
        killer.join()
    assert states.pop("in hand") > 0
    after = files(parts)
    assert {p: after[p] for p in states} == states
    shutil.copytree(study, tmp_path / "clean")
    assert written.digest == build.build(tmp_path / "clean").digest


@pytest.mark.slow
def test_a_scheduler_without_workers_is_an_error_in_words(study, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "JOIN", 0.5)
    options = {"host": "127.0.0.1", "dashboard_address": None, "silence_logs": 50}
    with (
        distributed.LocalCluster(n_workers=0, **options) as running,
        pytest.raises(ServerUnavailable, match="has no worker"),
    ):
        cluster.write_parts(study, running.scheduler_address, tmp_path / "parts")
