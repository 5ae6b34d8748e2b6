"""A study is built anew when a file of it changed, and nothing else of its folder is read."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from kg import check, inputs
from kg.errors import StudyError
from kg.loaders import study as loader
from kg.store import build


@pytest.fixture
def hashed(monkeypatch):
    """List the files that are read to know whether they changed."""
    names = []
    whole = inputs.file_digest
    monkeypatch.setattr(inputs, "file_digest", lambda path: names.append(path.name) or whole(path))
    return names


def age(study, seconds=10):
    """Let the files of a study be older than they are."""
    for path in study.rglob("*"):
        then = path.stat().st_mtime_ns - seconds * 10**9
        os.utime(path, ns=(then, then))


def settle(study, monkeypatch):
    """Build a study as if its files had been there for long."""
    monkeypatch.setattr(inputs, "GRANULARITY", 0)
    age(study)
    time.sleep(0.05)
    build.build(study)


def test_an_unchanged_study_is_known_by_sizes_and_times(study, hashed, monkeypatch):
    settle(study, monkeypatch)
    hashed.clear()
    assert not build.build(study).fresh
    assert hashed == []


def test_a_file_that_was_written_anew_with_the_same_content_is_read_once(study, hashed, monkeypatch):
    settle(study, monkeypatch)
    (study / "codebook.yaml").write_bytes((study / "codebook.yaml").read_bytes())
    hashed.clear()
    assert not build.build(study).fresh
    assert hashed == ["codebook.yaml"]
    assert not build.build(study).fresh
    assert hashed == ["codebook.yaml"]


def test_a_change_of_the_same_size_and_time_is_seen(study, edit, monkeypatch):
    settle(study, monkeypatch)
    status = (study / "codings/interview.yaml").stat()
    edit("codings/interview.yaml", "memo: Praise alone", "memo: Praise alane")
    os.utime(study / "codings/interview.yaml", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert build.build(study).fresh


def test_a_change_within_the_same_moment_as_the_build_is_seen(study, edit, monkeypatch):
    build.build(study)
    status = (study / "codings/interview.yaml").stat()
    edit("codings/interview.yaml", "memo: Praise alone", "memo: Praise alane")
    # The file system may know the time only to two seconds.
    monkeypatch.setattr(
        inputs, "state", lambda there, sha: inputs.File(there.st_size, status.st_mtime_ns, status.st_ctime_ns, sha)
    )
    assert build.build(study).fresh


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("agreement.yaml", "settlements: []\n"),
        ("codings/more.yaml", "source: interview\ncoder: me\ndate: 2026-01-01\nexcerpts: []\n"),
    ],
)
def test_a_file_that_was_not_there_is_seen_and_so_is_one_that_is_gone(study, file, text):
    build.build(study)
    (study / file).write_text(text, "utf-8")
    assert build.build(study).fresh
    (study / file).unlink()
    assert build.build(study).fresh
    assert not build.build(study).fresh


def test_a_source_that_lies_among_the_codings_does_not_look_like_a_new_codings_file(study, edit):
    (study / "codings/interview.md").write_bytes((study / "sources/interview.md").read_bytes())
    edit("study.yaml", "sources/interview.md", "codings/interview.md")
    assert build.build(study).fresh
    assert not build.build(study).fresh


def test_a_large_file_that_is_no_part_of_the_study_is_not_read(study, tmp_path):
    with (study / "recordings.mp4").open("wb") as stream:
        stream.truncate(2 * 2**30)
    text = "import sys, kg; kg.open(sys.argv[1]).ask('what supports feedback')\n"
    # What the system counts as the most that a process had begins with what its parent had.
    text += "print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')])"
    for _ in range(2):
        out = subprocess.run([sys.executable, "-c", text, study], capture_output=True, text=True, check=True).stdout
        assert int(out.split()[0]) < 2**20, "kilobytes of memory"


@pytest.mark.parametrize("name", ["language/operations.toml", "queries/concept-coverage.sql", "ontology/dart.ttl"])
def test_a_build_is_made_anew_where_the_package_has_other_words_queries_or_terms(study, name, tmp_path, monkeypatch):
    build.build(study)
    there = inputs._shipped()
    other = tmp_path / "other"
    other.write_bytes(there[name].read_bytes() + b"\n")
    monkeypatch.setattr(inputs, "_shipped", lambda: {**there, name: other})
    assert build.build(study).fresh


def test_an_edit_and_its_undo_while_a_study_is_built_leave_a_graph_that_is_built_again(study, monkeypatch):
    """The graph of the edit does not pass for that of the file that stands there."""
    file = study / "codings/interview.yaml"
    before = file.read_bytes()
    whole = loader.Reading.parts

    def edited(reading, *rest):
        file.write_bytes(before.replace(b"memo: Praise alone", b"memo: Praise alane"))
        yield from whole(reading, *rest)
        file.write_bytes(before)

    with monkeypatch.context() as patch:
        patch.setattr(loader.Reading, "parts", edited)
        of_the_edit = build.build(study)
    again = build.build(study)
    assert again.fresh
    assert again.digest != of_the_edit.digest


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("codings/zz.yml", "codings/zz.yaml"),
        ("codings/notes.txt", "codings/notes.yaml"),
        ("codings/older/interview.yaml", "move it out"),
        ("sources/forgotten.md", "study.yaml"),
        ("sources/2024/forgotten.txt", "study.yaml"),
        ("concept.yaml", "'concepts.yaml'"),
        ("codebook.yml", "'codebook.yaml'"),
        ("reference.json", "'references.json'"),
    ],
)
def test_what_looks_like_a_part_of_the_study_and_is_not_read_is_said(study, name, mend):
    (study / name).parent.mkdir(exist_ok=True)
    (study / name).write_text("text\n", "utf-8")
    (finding,) = check.check(study)
    assert (finding.rule, finding.severity) == ("file-not-read", "warning")
    assert name.startswith(finding.file)
    assert mend in finding.mend


def test_other_files_are_one_note_and_those_of_the_tools_none(study):
    for name in ("recordings.mp4", "README.md", "sources/interview.pdf", "thesis/draft.docx", ".git/config"):
        (study / name).parent.mkdir(exist_ok=True)
        (study / name).write_text("text\n", "utf-8")
    (finding,) = check.check(study)
    assert finding.severity == "note"
    assert "README.md, recordings.mp4, sources/interview.pdf, thesis/" in finding.message


@pytest.mark.parametrize(
    "name", ["references.json", "concepts.yaml", "agreement.yaml", "codings/interview.yaml", "study.yaml"]
)
@pytest.mark.parametrize("there", [True, False])
def test_a_link_out_of_the_study_is_refused(study, tmp_path, name, there):
    outside = tmp_path / "outside"
    (study / name).unlink(missing_ok=True)
    (study / name).symlink_to(outside)
    if there:
        outside.write_text("settlements: []\n", "utf-8")
    with pytest.raises(StudyError) as caught:
        loader.load(study)
    assert ("outside-study", name) in {(f.rule, f.file) for f in caught.value.findings}


def test_links_in_a_circle_are_refused(study):
    (study / "references.json").unlink()
    (study / "references.json").symlink_to("references.json")
    with pytest.raises(StudyError) as caught:
        loader.load(study)
    assert "outside-study" in {f.rule for f in caught.value.findings}


def test_a_file_where_a_folder_is_meant_is_said(study):
    for path in (study / "codings").iterdir():
        path.unlink()
    (study / "codings").rmdir()
    (study / "codings").write_text("oh\n", "utf-8")
    assert "codings" in {f.file for f in check.check(study) if f.rule == "file-not-read"}
