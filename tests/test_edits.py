"""However a study came to be what it is, its build is the one that is made of it from nothing."""

from __future__ import annotations

import os
import shutil
import signal
from random import Random

import drafts
import killing
import pytest
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import paths
from kg.errors import StudyError
from kg.loaders import codings
from kg.store import build, tables


@pytest.fixture(autouse=True, scope="module")
def edited():
    """Take what did not change from the build before, however little that is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "LEAST_KEPT", 0)
        yield


def made(folder):
    """Build a study, and return what the build holds; where it cannot be built, what is wrong."""
    try:
        built = build.build(folder)
        held = drafts.content(folder, built)
        # Of what was built before nothing is said again.
        return held if built.fresh else {name: held[name] for name in held if name not in ("findings", "of the study")}
    except StudyError as e:
        return {"errors": [str(finding) for finding in e.findings]}


def compare(folder, aside):
    """Build a study that was built before, and compare it with one that never was."""
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(paths.store_folder(aside), ignore_errors=True)
    shutil.copytree(folder, aside)
    edited, clean = made(folder), made(aside)
    assert ("errors" in edited) == ("errors" in clean), (edited.get("errors"), clean.get("errors"))
    for name in edited:
        assert edited[name] == clean[name], name


@pytest.mark.parametrize("change", drafts.CHANGES + drafts.BREAKS, ids=lambda change: change.__name__)
def test_after_any_one_change_a_build_is_as_one_made_from_nothing(change, tmp_path):
    draft, chance, folder = drafts.Draft(1), Random(1), tmp_path / "study"
    draft.write(folder)
    build.build(folder)
    for _ in range(2):
        before = draft.copy()
        change(draft, chance)
        if draft.files() == before.files():
            continue
        draft.write(folder)
        compare(folder, tmp_path / "clean")
        if change in drafts.BREAKS:
            draft = before
            draft.write(folder)
            compare(folder, tmp_path / "clean")


@pytest.mark.slow
@settings(max_examples=examples(8))
@given(
    seed=st.integers(0, 10**6),
    steps=st.lists(st.lists(st.sampled_from(drafts.CHANGES), min_size=1, max_size=3), min_size=3, max_size=8),
    wrong=st.sampled_from((None, *drafts.BREAKS)),
)
def test_after_any_changes_a_build_is_as_one_made_from_nothing(seed, steps, wrong, tmp_path_factory):
    folder = tmp_path_factory.mktemp("edits")
    draft, chance = drafts.Draft(seed), Random(seed)
    draft.write(folder / "study")
    build.build(folder / "study")
    for step in steps:
        if wrong:
            broken = draft.copy()
            wrong(broken, chance)
            broken.write(folder / "study")
            compare(folder / "study", folder / "clean")
        for change in step:
            change(draft, chance)
        draft.write(folder / "study")
        compare(folder / "study", folder / "clean")


@pytest.fixture
def read(monkeypatch):
    """List the sources that are read."""
    names = []
    whole = codings.read

    def listed(folder, files, *rest):
        names.append(files.id)
        return whole(folder, files, *rest)

    monkeypatch.setattr(codings, "read", listed)
    return names


def test_only_the_sources_whose_files_changed_are_read(tmp_path, read):
    draft, chance, folder = drafts.Draft(), Random(1), tmp_path / "study"
    for line, _, _ in draft.lines():
        line.pop("also", None)
    draft.write(folder)
    build.build(folder)
    assert sorted(read) == ["ames", "beck", "cole", "frame"]
    read.clear()
    drafts.add_coding(draft, chance, "ames")
    draft.write(folder)
    assert build.build(folder).fresh
    assert read == ["ames"]
    read.clear()
    draft.claims["propositions"][0]["statement"] = {"en": "Talk raises trust slowly."}
    draft.codebook["codes"].append({"id": "another", "level": "open", "label": {"en": "Another"}})
    draft.write(folder)
    assert build.build(folder).fresh
    assert read == []


def test_what_a_source_quotes_of_another_is_read_again_with_that(tmp_path, read):
    draft, folder = drafts.Draft(), tmp_path / "study"
    for line, _, _ in draft.lines():
        line.pop("also", None)
    line = next(line for line, _, file in draft.lines() if file["source"] == "ames")
    line["also"] = [{"source": "beck", "quote": draft.passage("beck", Random(1))}]
    draft.write(folder)
    build.build(folder)
    read.clear()
    draft.texts["sources/beck.md"] = draft.texts["sources/beck.md"].replace("\n\n", "\n\nAn aside.\n\n", 1)
    draft.write(folder)
    compare(folder, tmp_path / "clean")
    assert "ames" in read[: read.index("cole") if "cole" in read else None]


@pytest.mark.parametrize("name", [tables.NAME, "oxigraph/*.sst"])
def test_what_is_damaged_is_not_built_upon_and_that_is_said(name, tmp_path, caplog):
    draft, folder = drafts.Draft(), tmp_path / "study"
    draft.write(folder)
    build.build(folder)
    for file in build.current(folder).glob(name):
        size = file.stat().st_size
        file.write_bytes(os.urandom(size))
    drafts.add_coding(draft, Random(1), "ames")
    draft.write(folder)
    caplog.clear()
    compare(folder, tmp_path / "clean")
    assert "built from nothing" in caplog.text


def test_after_many_edits_a_study_is_built_from_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "MOST_EDITS", 2)
    draft, folder, ages = drafts.Draft(), tmp_path / "study", []
    for number in range(5):
        draft.study["title"] = {"en": f"Title {number}"}
        draft.write(folder)
        build.build(folder)
        ages.append((build.current(folder) / build.EDITS).read_text("ascii").split()[0])
    assert ages == ["0", "1", "2", "0", "1"]


@pytest.mark.slow
def test_an_edit_that_is_killed_anywhere_leaves_the_old_build_or_the_new_one(tmp_path):
    draft, folder = drafts.Draft(), tmp_path / "study"
    draft.write(folder)
    old = made(folder)
    drafts.add_coding(draft, Random(3), "ames")
    drafts.add_line(draft, Random(3), "beck")
    draft.write(folder)
    shutil.copytree(folder, tmp_path / "clean")
    new = made(tmp_path / "clean")
    with killing.Runner() as runner:
        for at in range(1, 1000):
            code = runner.run("build", into=str(folder), root=str(paths.store_folder(folder)), at=at)
            digest = build.digest(folder)
            assert digest in (old["digest"], new["digest"])
            held = drafts.content(folder, build.Built(digest, fresh=False))
            for name, value in (old if digest == old["digest"] else new).items():
                assert name in ("findings", "of the study") or held[name] == value, name
            if code == 0:
                break
            assert code == -signal.SIGKILL
    assert at > 5
    assert digest == new["digest"]
