"""Two copies of a study are merged entry by entry: what one changed is taken, what both changed is chosen."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg import cli, editing, paths
from kg.editing.merging import MergeConflicts, merge, merge_text
from kg.errors import EditRefused, KGError
from kg.loaders import study as loader

PAGE = (Path(__file__).parent.parent / "docs/editing.md").read_text("utf-8")
NOW = datetime.datetime(2026, 11, 29, 10, 0, tzinfo=datetime.UTC)
FEEDBACK = "Every Friday the coordinator tells me what went well"
MEMBERS = "Two of us left although they were praised every week."


def snapshot(folder):
    names = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {name: data for name, data in names.items() if not name.startswith(("edits/", ".git"))}


def do(folder, *operations, by="me", now=NOW):
    return editing.apply(folder, [editing.read(one) for one in operations], by, now)


@pytest.fixture(params=["git", "journals"])
def copies(request, tmp_path):
    """Two copies of a study, whose coders are 'me' and 'you'; what they came from is known in both ways."""
    mine = tmp_path / "mine"
    shutil.copytree(paths.shipped("seeds") / "template", mine)
    listing = mine / "study.yaml"
    listing.write_text(listing.read_text("utf-8").replace("coders:\n", "coders:\n  - {id: you, name: You}\n"), "utf-8")
    if request.param == "git":
        git(mine, "init", "-q")
        git(mine, "add", "-A")
        git(mine, "commit", "-qm", "one")
    shutil.copytree(mine, tmp_path / "yours")
    return mine, tmp_path / "yours"


def git(folder, *words, code=0):
    author = ("-c", "user.name=n", "-c", "user.email=e")
    done = subprocess.run(["git", "-C", folder, *author, *words], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout


def test_what_each_changed_is_taken_and_undone_to_the_byte(copies):
    mine, yours = copies
    do(mine, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]})
    do(mine, {"do": "edit", "kind": "code", "id": "belonging", "values": {"definition": "Mine."}})
    do(yours, {"do": "code", "source": "interview", "quote": MEMBERS, "codes": ["recognition"]}, by="you")
    do(yours, {"do": "edit", "kind": "code", "id": "recognition", "values": {"definition": "Yours."}}, by="you")
    before = snapshot(mine)
    done = merge(mine, yours, "me", NOW, {})
    after = snapshot(mine)
    assert done.outcome.entry.said == "merged yours: 2 changes"
    assert "codings/you-interview.yaml" in after
    study = loader.load(mine).study
    assert {code.id: code.definition for code in study.codes if code.definition in ("Mine.", "Yours.")} == {
        "belonging": "Mine.", "recognition": "Yours.",
    }  # fmt: skip
    editing.undo(mine, "me", NOW)
    assert snapshot(mine) == before
    editing.redo(mine, "me", NOW)
    assert snapshot(mine) == after
    assert merge(mine, yours, "me", NOW, {}).outcome.entry is None


def test_what_both_changed_alike_is_taken_once(copies):
    mine, yours = copies
    for folder, by in ((mine, "me"), (yours, "you")):
        do(folder, {"do": "edit", "kind": "code", "id": "belonging", "values": {"definition": "Both."}}, by=by)
    before = snapshot(mine)
    assert merge(mine, yours, "me", NOW, {}).taken == 0
    assert snapshot(mine) == before


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_what_both_changed_differently_is_shown_and_chosen(copies, side):
    mine, yours = copies
    for folder, by in ((mine, "me"), (yours, "you")):
        do(folder, {"do": "edit", "kind": "proposition", "id": "P1", "values": {"scope": f"as {by} say"}}, by=by)
    do(yours, {"do": "edit", "kind": "code", "id": "belonging", "values": {"definition": "Yours."}}, by="you")
    before = snapshot(mine)
    with pytest.raises(MergeConflicts) as caught:
        merge(mine, yours, "me", NOW, {})
    (conflict,) = caught.value.conflicts
    assert conflict.address == "propositions.yaml:P1"
    assert ("as me say" in conflict.ours, "as you say" in conflict.theirs) == (True, True)
    assert snapshot(mine) == before
    merge(mine, yours, "me", NOW, {"propositions.yaml:P1": side})
    text = (mine / "propositions.yaml").read_text("utf-8")
    assert ("as you say" in text, "as me say" in text) == (side == "theirs", side == "ours")
    assert "Yours." in (mine / "codebook.yaml").read_text("utf-8")


def test_a_stance_and_a_strength_that_nobody_chose_together_are_a_conflict(copies):
    mine, yours = copies
    line = "line-9a21dd3463"
    do(mine, {"do": "edit", "kind": "line", "id": line, "values": {"stance": "qualifies"}})
    do(yours, {"do": "edit", "kind": "line", "id": line, "values": {"strength": "strong"}}, by="you")
    with pytest.raises(MergeConflicts) as caught:
        merge(mine, yours, "me", NOW, {})
    assert [one.address for one in caught.value.conflicts] == [f"codings/interview.yaml:{line}"]


def test_a_code_that_one_has_renamed_is_followed_in_what_the_other_wrote(copies):
    mine, yours = copies
    do(mine, {"do": "rename", "kind": "code", "id": "belonging", "to": "being-known"})
    do(yours, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]}, by="you")
    for first, second, by in ((mine, yours, "me"), (yours, mine, "you")):
        copy = first.parent / f"merged-{by}"
        shutil.copytree(first, copy)
        merge(copy, second, by, NOW, {})
        codes = {coding.code for coding in loader.load(copy).study.codings}
        assert "being-known" in codes
        assert "belonging" not in codes


def test_a_code_that_one_removed_and_the_other_uses_stays(copies):
    mine, yours = copies
    unused = {
        "do": "add",
        "kind": "code",
        "record": {"id": "spare", "level": "open", "label": {"en": "Spare"}, "definition": "D."},
    }
    for folder in copies:
        do(folder, unused)
        if (folder / ".git").exists():
            git(folder, "add", "-A")
            git(folder, "-c", "user.useConfigOnly=false", "commit", "-qm", "two", "--date=2026-11-29T10:00:00Z")
    if (mine / ".git").exists():
        git(yours, "fetch", "-q", mine)
        git(yours, "reset", "-q", "--hard", "FETCH_HEAD")
    do(mine, {"do": "retire", "kind": "code", "id": "spare"})
    do(yours, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["spare"]}, by="you")
    for first, second, by in ((mine, yours, "me"), (yours, mine, "you")):
        copy = first.parent / f"merged-{by}"
        shutil.copytree(first, copy)
        merge(copy, second, by, NOW, {})
        assert "spare" in {code.id for code in loader.load(copy).study.codes}


def test_sources_that_the_other_added_come_with_their_documents(copies, tmp_path):
    from kg import adding

    mine, yours = copies
    (tmp_path / "talk.txt").write_text("I: Why?\n\nB: So.\n", "utf-8")
    adding.add(yours, [tmp_path / "talk.txt"], adding.Options(), by="you", now=NOW)
    before = snapshot(mine)
    merge(mine, yours, "me", NOW, {})
    assert "talk" in {source.id for source in loader.load(mine).study.sources}
    assert (mine / "sources/originals/talk.txt").is_file()
    editing.undo(mine, "me", NOW)
    assert snapshot(mine) == before


def test_another_study_and_the_study_itself_are_refused(copies):
    mine, yours = copies
    listing = yours / "study.yaml"
    listing.write_text(listing.read_text("utf-8").replace("id: template", "id: other"), "utf-8")
    for other in (mine, yours):
        with pytest.raises(EditRefused):
            merge(mine, other, "me", NOW, {})


# ---- Random edits

ACTS = st.sampled_from(["code", "memo", "claim", "define", "rename", "new", "retire", "line", "undo"])


def act(folder, by, kind, number):
    """Do something, if it can be done."""
    text = (folder / "sources/interview.md").read_text("utf-8")
    start = text.index("The guests")
    quote = text[start : start + 14 + number].rstrip()
    codes = [one["id"] for one in _codes(folder)]
    code = codes[number % len(codes)]
    operation = {
        "code": {"do": "code", "source": "interview", "quote": quote, "codes": [code]},
        "memo": {"do": "code", "source": "interview", "quote": quote, "codes": [code], "memo": f"{by} {number}"},
        "claim": {"do": "edit", "kind": "proposition", "id": "P1", "values": {"scope": f"{by} {number}"}},
        "define": {"do": "edit", "kind": "code", "id": code, "values": {"definition": f"{by} {number}."}},
        "rename": {"do": "rename", "kind": "code", "id": code, "to": f"{code}-{by}{number}"},
        "new": {"do": "add", "kind": "code", "record": {"id": f"{by}-{number}", "level": "open", "label": {"en": "N"}}},
        "retire": {"do": "retire", "kind": "code", "id": code},
        "line": {"do": "evidence", "source": "interview", "quote": quote, "claim": "P2", "stance": "supports", "strength": "weak", "reason": f"{by} {number}"},
    }  # fmt: skip
    try:
        editing.undo(folder, by, NOW) if kind == "undo" else do(folder, operation[kind], by=by)
    except KGError:
        return


def _codes(folder):
    from kg.editing.files import Files

    return Files(folder).value("codebook.yaml")["codes"]


@settings(max_examples=examples(20))
@given(
    st.lists(st.tuples(ACTS, st.integers(0, 9)), max_size=5), st.lists(st.tuples(ACTS, st.integers(0, 9)), max_size=5)
)
def test_random_edits_in_two_copies_are_merged_in_both_orders_and_nothing_is_lost(tmp_path_factory, first, second):
    home = tmp_path_factory.mktemp("merge")
    mine, yours = home / "mine", home / "yours"
    shutil.copytree(paths.shipped("seeds") / "template", mine)
    listing = mine / "study.yaml"
    listing.write_text(listing.read_text("utf-8").replace("coders:\n", "coders:\n  - {id: you, name: You}\n"), "utf-8")
    shutil.copytree(mine, yours)
    for folder, by, acts in ((mine, "me", first), (yours, "you", second)):
        for kind, number in acts:
            act(folder, by, kind, number)
    said = [_said(folder) for folder in (mine, yours)]
    start = _said(paths.shipped("seeds") / "template")
    for here, there, by in ((mine, yours, "me"), (yours, mine, "you")):
        copy = home / f"merged-{by}"
        shutil.copytree(here, copy)
        before = snapshot(copy)
        done = merge(copy, there, by, NOW, {"all": "theirs"})
        loader.load(copy)
        now = _said(copy)
        # What is new in either copy is there; a definition or scope that both changed is the other's.
        assert (said[0] - start) | (said[1] - start) <= now
        if done.outcome.entry:
            editing.undo(copy, by, NOW)
        assert snapshot(copy) == before


def _said(folder):
    study = loader.load(folder).study
    memos = {("coding", one.excerpt, one.coder) for one in study.codings}
    return memos | {("line", line.rationale) for line in study.lines}


# ---- One file, as git asks for it


def test_the_driver_merges_in_a_real_repository(tmp_path):
    folder = tmp_path / "s"
    shutil.copytree(paths.shipped("seeds") / "template", folder)
    (attributes,) = re.findall(r"```gitattributes\n(.*?)```", PAGE, re.DOTALL)
    (folder / ".gitattributes").write_text(attributes, "utf-8")
    git(folder, "init", "-q", "-b", "main")
    driver = f"{sys.executable} -c 'from kg.cli import main; main()' merge --driver %O %A %B %P"
    git(folder, "config", "merge.kg.driver", driver)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    # Both write at the end of the same list, which git alone cannot put together.
    git(folder, "checkout", "-qb", "other")
    do(folder, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"], "memo": "Theirs."})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "theirs")
    git(folder, "checkout", "-q", "main")
    do(folder, {"do": "code", "source": "interview", "quote": MEMBERS, "codes": ["recognition"], "memo": "Ours."})
    do(folder, {"do": "edit", "kind": "proposition", "id": "P1", "values": {"scope": "ours"}})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "ours")
    git(folder, "merge", "-q", "other", "-m", "both")
    loader.load(folder)
    text = (folder / "codings/interview.yaml").read_text("utf-8")
    assert ("Theirs." in text, "Ours." in text) == (True, True)
    # A claim that both changed is marked as git marks it.
    git(folder, "checkout", "-q", "other")
    do(folder, {"do": "edit", "kind": "proposition", "id": "P1", "values": {"scope": "theirs"}})
    git(folder, "commit", "-qam", "theirs")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "other", "-m", "both", code=1)
    assert "<<<<<<<" in (folder / "propositions.yaml").read_text("utf-8")


def test_a_file_that_is_no_yaml_is_left_to_git():
    with pytest.raises(ValueError, match="flow node"):
        merge_text("codebook.yaml", "a: 1\n", "a: [\n", "a: 2\n")


def test_the_command_lists_conflicts_and_takes_a_side(copies):
    mine, yours = copies
    for folder, by in ((mine, "me"), (yours, "you")):
        do(folder, {"do": "edit", "kind": "code", "id": "belonging", "values": {"definition": f"{by}."}}, by=by)
    words = ["merge", str(yours), "--study", str(mine), "--coder", "me"]
    listed = CliRunner().invoke(cli.app, words)
    assert listed.exit_code == 1
    assert listed.output == (
        "codebook.yaml:belonging.definition: changed in both\n  ours: me.\n  theirs: you.\n"
        "1 changed differently in both; nothing was written; choose with --ours or --theirs, by address, or 'all'\n"
    )
    shown = json.loads(CliRunner().invoke(cli.app, [*words, "--json"]).output)
    assert [one["entry"] for one in shown["conflicts"]] == ["codebook.yaml:belonging"]
    taken = CliRunner().invoke(cli.app, [*words, "--theirs", "codebook.yaml:belonging"])
    assert taken.output.startswith("merged yours: 1 change\n")
    assert "definition: you." in (mine / "codebook.yaml").read_text("utf-8")
