"""The same input gives the same bytes, and a reader sees the old graph or the new one."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from helpers import digest_of, errors
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

import kg
from kg import check, paths
from kg.errors import StudyError
from kg.loaders import study as loader
from kg.store import build, fold, opening, quotes, rdf, tables


def test_the_same_study_gives_the_same_bytes_wherever_it_lies(study, tmp_path, monkeypatch):
    there = tmp_path / "elsewhere" / "another name"
    shutil.copytree(study, there)
    monkeypatch.chdir(tmp_path)
    once, again = rdf.nquads(loader.load(study).study), rdf.nquads(loader.load(there).study)
    assert once == again
    assert str(tmp_path).encode() not in once
    assert build.build(study).digest == build.build(there).digest


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_bytes_do_not_depend_on_the_hash_seed(seed, tmp_path):
    text = "from kg import paths; from kg.store import build; print(build.build(paths.study_folder('dart')).digest)"
    env = {**os.environ, "PYTHONHASHSEED": seed, "DART_KG_CACHE": str(tmp_path)}
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


def test_the_digest_is_made_of_the_digests_of_the_named_graphs(study):
    assert build.build(study).digest == digest_of(rdf.nquads(loader.load(study).study))


def quote_another_source(study, edit):
    """Let an evidence line of the interview quote a diary that codes another passage, and one that codes none."""
    for name in ("diary", "notes"):
        (study / f"sources/{name}.txt").write_text("We were thanked.\nSo we came back.\n", "utf-8")
        listed = f"  - {{id: {name}, file: sources/{name}.txt, title: Other, role: case, case: kitchen}}\nsources:\n"
        edit("study.yaml", "sources:\n", listed.removesuffix("sources:\n").join(("sources:\n", "")))
    coded = "source: diary\ncoder: me\ndate: 2026-01-01\nexcerpts:\n  - {quote: We were thanked., codes: [belonging]}\n"
    (study / "codings/diary.yaml").write_text(coded, "utf-8")
    also = "".join(
        f"          - {{source: {name}, quote: {quote}}}\n"
        for name, quote in (
            ("diary", "So we came back."),
            ("diary", "We were thanked."),
            ("notes", "So we came back."),
        )
    )
    edit("codings/interview.yaml", "        strength: weak\n", f"        strength: weak\n        also:\n{also}")


def test_a_quoted_passage_of_a_later_source_that_cites_no_reference_is_told_with_its_place(study, edit):
    (study / "sources/zine.md").write_text("[Z01] So we came back. [@nobody]\n", "utf-8")
    listed = "    case: kitchen\n  - {id: zine, file: sources/zine.md, title: Other, role: case, case: kitchen}\n"
    edit("study.yaml", "    case: kitchen\n", listed)
    also = "        also:\n          - {source: zine, quote: So we came back.}\n"
    edit("codings/interview.yaml", "        strength: weak\n", f"        strength: weak\n{also}")
    with pytest.raises(StudyError) as caught:
        build.build(study)
    assert [(f.rule, f.file, f.line) for f in caught.value.findings] == [("unknown-reference", "sources/zine.md", 1)]


def test_a_passage_that_only_a_line_of_another_source_quotes_is_in_the_graph_of_its_own(study, edit):
    quote_another_source(study, edit)
    built = build.build(study)
    data = rdf.nquads(loader.load(study).study)
    assert built.digest == digest_of(data)
    assert sorted(map(str, build.read(study))) == sorted(
        {*map(str, parse(data, format=RdfFormat.N_QUADS)), *map(str, vocabulary(study))}
    )
    db = sqlite3.connect(build.current(study) / tables.NAME)
    rows = db.execute("SELECT id, codes FROM excerpt WHERE source IN ('diary', 'notes') ORDER BY id").fetchall()
    assert rows == [("diary:0-16", "belonging"), ("diary:17-33", ""), ("notes:17-33", "")]
    (members,) = {row[0] for row in db.execute("SELECT excerpts FROM line WHERE stance = 'opposes'")}
    assert members.split("\n")[:-1] == [
        "diary:0-16",
        "diary:17-33",
        "interview:" + members.split("interview:")[1].split("\n")[0],
    ]
    assert check.check(study)[0].rule == "unpinned-source"


def vocabulary(study):
    return [quad for quad in build.read(study) if not quad.graph_name.value.startswith(rdf.STUDIES)]


def test_one_line_id_in_two_files_and_a_successor_in_another_are_checked_over_all_sources(study, edit):
    quote_another_source(study, edit)
    line = "evidence: [{id: same, proposition: P1, stance: supports, strength: weak, rationale: So.%s}]"
    coded = (study / "codings/diary.yaml").read_text("utf-8")
    (study / "codings/diary.yaml").write_text(
        coded.replace("belonging]}", f"belonging], {line % ', replaced_by: other'}}}"), "utf-8"
    )
    edit("codings/interview.yaml", "    codes: [belonging]", f"    {line % ''}\n    codes: [belonging]")
    assert [(f.rule, f.file) for f in errors(study)] == [("duplicate-id", "codings/interview.yaml")]
    edit("codings/interview.yaml", "id: same", "id: other")
    assert build.build(study).fresh
    edit("codings/interview.yaml", "id: other", "id: another")
    assert [(f.rule, f.file, f.line) for f in errors(study)] == [("unknown-line", "codings/diary.yaml", 5)]


@pytest.mark.parametrize(
    "change",
    ["exact", "prefix", "suffix", "start", "end", "hasSource", "hasSelector", "text", "twice", "elsewhere"],
)
def test_a_store_that_differs_from_the_files_fails_the_build(study, edit, change, monkeypatch):
    build.build(study)
    before = build.current(study)
    edit("codings/interview.yaml", "memo: Praise alone", "memo: Praise as such")
    checked = quotes.check

    def spoil(store, *rest):
        predicate = NamedNode(
            (rdf.EV if change == "text" else rdf.OA) + ("exact" if change in ("twice", "elsewhere") else change)
        )
        quad = next(q for q in store.quads_for_pattern(None, predicate, None, None) if "interview" in q.subject.value)
        old, graph = quad.object, quad.graph_name
        if change == "elsewhere":
            graph = NamedNode(graph.value.replace("interview", "theory"))
        if change != "twice":
            store.remove(quad)
        new = (
            old
            if change == "elsewhere"
            else NamedNode(old.value + "x")
            if change.startswith("has")
            else Literal("7" if old.value.isdigit() else old.value + "x")
        )
        store.add(Quad(quad.subject, predicate, new, graph))
        monkeypatch.setattr(quotes, "check", checked)
        return checked(store, *rest)

    monkeypatch.setattr(quotes, "check", spoil)
    with pytest.raises(StudyError) as caught:
        build.build(study)
    places = {(f.rule, f.file, f.line) for f in caught.value.findings}
    if change == "text":
        assert ("source-edited", "sources/interview.md", 0) in places
    else:
        assert places <= {("quote-not-in-source", "codings/interview.yaml", line) for line in (6, 14, 23)}
    assert build.current(study) == before


def test_a_study_loaded_in_many_bundles_is_the_same(study, edit, monkeypatch):
    quote_another_source(study, edit)
    whole = build.build(study)
    monkeypatch.setattr(fold, "BUNDLE", 1)
    monkeypatch.setattr(build, "FORMAT", "0")
    assert build.build(study)._replace(findings=()) == whole._replace(findings=())


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


def builds(study):
    return {path.name for path in paths.store_folder(study).glob("graph-*")}


def build_again(study, edit, times):
    """Build a study some times, each time with another memo."""
    for _ in range(times):
        edit("codings/interview.yaml", "memo: Praise", "memo: Praise again,")
        assert build.build(study).fresh


def test_a_graph_that_was_opened_answers_whatever_is_built_after_it(study, edit):
    graph = kg.open(study)
    build_again(study, edit, 4)
    assert graph.ask("what supports feedback").claims
    assert len(graph.store) > 100
    assert graph.built.name in builds(study)


def test_a_build_is_removed_once_nobody_has_it_open(study, edit):
    graph = kg.open(study)
    name = graph.built.name
    other = graph.with_sparql()
    del graph
    gc.collect()
    build_again(study, edit, 2)
    assert name in builds(study)
    del other
    gc.collect()
    build_again(study, edit, 1)
    assert name not in builds(study)
    assert len(builds(study)) == 2


def test_a_reader_that_was_killed_keeps_no_build(study, edit):
    text = f"import kg, time; g = kg.open({str(study)!r}); print(g.built.name, flush=True); time.sleep(600)"
    reader = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
    name = reader.stdout.readline().strip()
    build_again(study, edit, 2)
    assert name in builds(study)
    reader.kill()
    reader.wait()
    reader.stdout.close()
    build_again(study, edit, 1)
    assert name not in builds(study)


def test_a_build_that_is_taken_away_while_it_is_opened_is_not_missed(study, edit, monkeypatch):
    build.build(study)
    late = build.current(study)
    build_again(study, edit, 2)
    latest = build.current(study)
    answers = iter((late, latest))
    monkeypatch.setattr(build, "current", lambda _: next(answers, latest))
    assert kg.open(study, built=True).built == latest


def test_who_locks_a_build_too_late_is_told(study, monkeypatch):
    """The folder goes between the opening of its file and the lock."""
    build.build(study)
    built = build.current(study)
    lock = opening.fcntl.flock

    def late(file, how):
        if how == opening.fcntl.LOCK_SH:
            opening.remove(built)
        lock(file, how)

    monkeypatch.setattr(opening.fcntl, "flock", late)
    with pytest.raises(kg.StoreUnavailable, match="is gone"):
        opening.use(built, lock)


@pytest.mark.slow
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
