"""An edit that is killed at any moment, and edits of several at once: before or after, never half, and none is lost."""

from __future__ import annotations

import datetime
import shutil
import signal
import threading

import killing
import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import editing, moving, paths, scaffold
from kg.editing import journal
from kg.errors import EditRefused, StudyError
from kg.loaders import study as loader

NOW = datetime.datetime(2026, 11, 29, tzinfo=datetime.UTC)
OPERATIONS = [
    {"do": "add", "kind": "coder", "record": {"id": "you", "name": "You"}},
    {"do": "rename", "kind": "code", "id": "belonging", "to": "being-known"},
    {"do": "code", "source": "interview", "quote": "Two of us left", "codes": ["being-known"], "coder": "you"},
]
"""An edit of three files, and one that is new."""


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def runner():
    with killing.Runner() as runner:
        yield runner


@pytest.mark.slow
@pytest.mark.parametrize("task", ["edit", "undo"])
def test_a_kill_at_any_moment_leaves_all_of_an_edit_or_nothing(runner, tmp_path, task):
    start = scaffold.init(tmp_path / "start" / "study")
    if task == "undo":
        assert runner.run("edit", into=str(start), operations=OPERATIONS, by="me") == 0
    before = tree(start)

    def run(folder, at, **more):
        shutil.rmtree(folder.parent, ignore_errors=True)
        shutil.copytree(start, folder)
        return runner.run(task, into=str(folder), operations=OPERATIONS, by="me", root=str(folder), at=at, **more)

    log = tmp_path / "changes"
    assert run(tmp_path / "whole" / "study", 0, log=str(log)) == 0
    after = tree(tmp_path / "whole" / "study")
    assert ("codings/you-interview.yaml" in after) is (task == "edit")
    changes = log.read_text().splitlines()
    begun = next(n for n, line in enumerate(changes, 1) if line.startswith("os.rename") and ".journal.json" in line)
    ends = {"before": 0, "after": 0}
    for at in range(max(1, begun - 12), len(changes) + 1):
        folder = tmp_path / "at" / "study"
        assert run(folder, at) == -signal.SIGKILL
        assert runner.run("recover", into=str(folder)) == 0
        loader.load(folder)
        end = "after" if at > begun else "before"
        assert tree(folder) == (after if end == "after" else before), at
        ends[end] += 1
    assert ends["before"] >= 10
    assert ends["after"] >= 10


# ---- Several at once

ACTS = st.sampled_from(["me", "you", "hand", "hand", "undo me", "undo you", "rename"])


@settings(max_examples=examples(25))
@given(st.lists(ACTS, min_size=3, max_size=12))
def test_edits_of_two_with_a_text_editor_in_between_lose_nothing(tmp_path_factory, acts):
    """What each wrote stands in the files in the end, unless its author took it back."""
    folder = tmp_path_factory.mktemp("several") / "s"
    shutil.copytree(paths.shipped("seeds") / "template", folder)
    listing = folder / "study.yaml"
    listing.write_text(listing.read_text("utf-8").replace("coders:\n", "coders:\n  - {id: you, name: You}\n"), "utf-8")
    text = (folder / "sources/interview.md").read_text("utf-8")
    start = text.index("The guests")
    # A passage does not end in white space, so that each of these is another one.
    ends = [end for end in range(start + 12, len(text)) if not text[end - 1].isspace()]
    first = tree(folder)
    written, mine = [], {"me": [], "you": []}
    code = "belonging"
    for number, act in enumerate(acts):
        memo = f"memo {number}."
        if act in mine:
            values = {"do": "code", "source": "interview", "quote": text[start : ends[number]]}
            values |= {"codes": [code], "memo": memo}
            editing.apply(folder, [editing.read(values)], act, NOW)
            mine[act].append(memo)
        elif act == "hand":
            name = ("codings/interview.yaml", "codebook.yaml")[number % 2]
            at = folder / name
            now = at.read_text("utf-8")
            at.write_text(now.replace("\n", f"\n# by hand {number}\n", 1), "utf-8")
            written.append((name, f"# by hand {number}"))
        elif act == "rename":
            new = f"belonging-{number}"
            editing.apply(folder, [editing.read({"do": "rename", "kind": "code", "id": code, "to": new})], "me", NOW)
            mine["me"].append(("rename", code))
            code = new
        else:
            by = act.removeprefix("undo ")
            try:
                editing.undo(folder, by, NOW)
            except EditRefused as e:
                assert "nothing to undo" in str(e) or "changed again since" in str(e)  # noqa: PT017
                continue
            except StudyError as e:
                # What one calls otherwise the other has used since: to call it as before would leave that without a code.
                assert {finding.rule for finding in e.findings} == {"unknown-code"}  # noqa: PT017
                continue
            if mine[by]:
                taken = mine[by].pop()
                code = taken[1] if isinstance(taken, tuple) else code
        loader.load(folder)
    texts = "".join(data.decode() for name, data in tree(folder).items() if not name.startswith("edits/"))
    for memo in (memo for memos in mine.values() for memo in memos if isinstance(memo, str)):
        assert memo in texts
    now = tree(folder)
    for name, line in written:
        assert line in now[name].decode()
    assert set(first) <= set(now)


def test_two_clients_at_the_same_time_both_write(study):
    editing.apply(study, [editing.read(OPERATIONS[0])], "me", NOW)
    words = "Two of us left although they were praised every week.".split()
    failed = []

    def work(by):
        try:
            for number in range(6):
                values = {"do": "code", "source": "interview", "quote": " ".join(words[: 3 + number])}
                editing.apply(study, [editing.read(values | {"codes": ["belonging"]})], by, NOW)
        except Exception as e:
            failed.append(e)

    threads = [threading.Thread(target=work, args=(by,)) for by in ("me", "you")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    codings = [coding for coding in loader.load(study).study.codings if coding.date == NOW.date()]
    assert sorted(coding.coder for coding in codings) == ["me"] * 6 + ["you"] * 6
    assert [entry.number for entry in journal.read(study, "me")] == [1, 2, 3, 4, 5, 6, 7]


def test_a_file_that_changes_right_before_it_is_written_is_not_overwritten(study, monkeypatch):
    written, times = study / "codings/interview.yaml", []
    rename = moving._save

    def meanwhile(folder, files=None):
        if not times:
            written.write_text(written.read_text("utf-8") + "# saved by an editor\n", "utf-8")
        times.append(1)
        rename(folder, files)

    monkeypatch.setattr(moving, "_save", meanwhile)
    editing.apply(study, [editing.read(OPERATIONS[1])], "me", NOW)
    text = written.read_text("utf-8")
    assert "# saved by an editor" in text
    assert "codes: [being-known]" in text
