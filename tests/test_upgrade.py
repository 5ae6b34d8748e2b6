"""An older study gets what its files lack, and nothing else of them changes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import strategies
from helpers import errors
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg import check, cli, moving, upgrade
from kg.entries import STUDY_FORMAT
from kg.errors import StudyError
from kg.loaders import _yaml_write
from kg.loaders import study as loader
from kg.store import rdf

ADDED = re.compile(r"(?m)^ *(?:id: line-[0-9a-f]{10}|format: 2)(?:\r?\n|\Z)|id: line-[0-9a-f]{10}, ")
"""What an upgrade adds: a line, or a key within braces."""


def kg(*words):
    result = CliRunner().invoke(cli.app, [str(word) for word in words])
    return result.exit_code, result.output


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def quads(folder):
    return rdf.nquads(loader.load(folder).study)


def unnamed(folder):
    return [finding for finding in loader.load(folder).findings if finding.rule == "line-without-id"]


# ---- Studies as people have them


def _without_ids(entries, wanted):
    """Remove the ids of evidence lines, but those that others name and some more."""
    lines = [line for entry in entries for line in entry.get("evidence", ())]
    for line in lines:
        if line["id"] not in wanted:
            del line["id"]
    return entries


@st.composite
def older(draw):
    """Draw a study of format 1: in braces or in lines, with comments, CRLF and byte order marks."""
    made = draw(strategies.files())
    codings = {
        name: {key: json.loads(part) for key, part in (line.split(": ", 1) for line in text.splitlines())}
        for name, text in made.items()
        if name.startswith("codings/")
    }
    lines = [n for content in codings.values() for e in content["excerpts"] for n in e.get("evidence", ())]
    kept = {line["replaced_by"] for line in lines if "replaced_by" in line}
    kept |= {line["id"] for line in lines if draw(st.integers(0, 3)) == 0}
    for name, content in codings.items():
        _without_ids(content["excerpts"], kept)
        made[name] = strategies.as_yaml(content)
        if draw(st.booleans()):
            made[name] = _commented(draw, _yaml_write.dump(content))
    # A reading names a line by its id, which the line has given up here.
    made = {name: text for name, text in made.items() if not name.startswith("readings/")}
    for name in (*codings, "study.yaml"):
        if draw(st.booleans()):
            made[name] = made[name].replace("\n", "\r\n")
        if draw(st.booleans()):
            made[name] = "\ufeff" + made[name]
        if draw(st.booleans()):
            made[name] = made[name].rstrip("\r\n")
    return made


def _commented(draw, text):
    """Put comments behind lines and between them; the text has no block of literal lines."""
    return "".join(
        line + draw(st.sampled_from(["\n", "\n", "  # 为什么? id: x\n", "\n# - {a comment\n", "\n\n"]))
        for line in text.splitlines()
    )


@given(older())
def test_an_upgrade_keeps_the_graph_and_all_that_was_in_the_files(tmp_path_factory, made):
    folder = strategies.write(tmp_path_factory.mktemp("older") / "s", made)
    before, graph = files(folder), quads(folder)
    bare = sum(len(ids) for ids in _ids(folder).values())
    changes = upgrade.write(folder)
    assert sum(change.ids for change in changes) == bare
    assert "study.yaml" in {change.file for change in changes}
    assert quads(folder) == graph
    assert unnamed(folder) == []
    after = files(folder)
    assert {name: ADDED.sub("", data.decode()).rstrip("\r\n") for name, data in after.items()} == {
        name: data.decode().rstrip("\r\n") for name, data in before.items()
    }
    assert upgrade.write(folder) == upgrade.plan(folder) == []
    assert files(folder) == after


def _ids(folder):
    reading = loader.Reading(folder)
    list(reading.parts())
    return reading.unnamed


OLDER = {
    "format-1-first": "the first study that there was, of claims and passages alone",
    "format-1": "the template of format 1, whose evidence lines have no ids",
    "format-2": "the template as it was when format 2 came",
}
"""The small studies in tests/older, as the commits of their time have them; one for each format at least."""


def test_there_is_an_older_study_of_every_format():
    folders = {path.name: path for path in (Path(__file__).parent / "older").iterdir()}
    assert folders.keys() == OLDER.keys()
    found = {loader.Reading(folder).theory.listing.format for folder in folders.values()}
    assert found == set(range(1, STUDY_FORMAT + 1))


@pytest.mark.parametrize("name", OLDER)
def test_a_study_of_a_version_before_is_read_answered_and_upgraded(tmp_path, name):
    shutil.copytree(Path(__file__).parent / "older" / name, folder := tmp_path / name)
    assert [finding for finding in check.check(folder) if finding.severity == "error"] == []
    code, before = kg("report", "matrix", "--study", folder)
    assert code == 0
    graph, was = quads(folder), files(folder)
    changes = upgrade.write(folder, by=None)
    assert bool(changes) == (name != "format-2")
    assert quads(folder) == graph
    assert kg("report", "matrix", "--study", folder) == (0, before)
    assert upgrade.plan(folder) == []
    added = {file: ADDED.sub("", data.decode()) for file, data in files(folder).items() if data != was.get(file)}
    assert added == {file: ADDED.sub("", was[file].decode()) for file in added}
    assert [finding for finding in check.check(folder) if finding.severity == "error"] == []


# ---- What is shown and written


@pytest.fixture
def former(study):
    """Return the template as it was in format 1, with a comment and a Chinese rationale."""
    for name in ("study.yaml", "codings/interview.yaml"):
        text = ADDED.sub("", (study / name).read_text("utf-8"))
        text = text.replace("  - quote: Two", "  # 为什么\n  - quote: Two").replace("Volunteers left", "志愿者 left")
        (study / name).write_text(text, "utf-8")
    return study


def test_the_upgrade_is_shown_as_a_diff_and_nothing_is_written(former):
    before = files(former)
    code, shown = kg("upgrade", former)
    assert code == 0
    assert "--- a/codings/interview.yaml\n+++ b/codings/interview.yaml\n@@ -7,6 +7,7 @@\n" in shown
    assert [line for line in shown.splitlines() if line.startswith("+ ")] == [
        "+        id: line-b8e5950a4d",
        f"+        id: {next(n.id for n in loader.load(former).study.lines if n.stance == 'opposes')}",
    ]
    assert "+format: 2" in shown
    assert not [line for line in shown.splitlines() if line.startswith("-") and not line.startswith("---")]
    assert "2 files, 2 ids of evidence lines; nothing was written, --write does that" in shown
    assert "\x1b" not in shown
    assert files(former) == before


def test_git_applies_the_diff_and_it_is_what_is_written(former):
    text = (former / "codings/interview.yaml").read_text("utf-8")
    more = "".join(
        f"  - quote: Two of us left although they were praised every week.\n    evidence: [{{proposition: P1, stance: supports, strength: weak, rationale: '{n}'}}]\n"
        for n in range(20)
    )
    (former / "codings/interview.yaml").write_text(text + more, "utf-8")
    shutil.copytree(former, copy := former.parent / "copy")
    (former.parent / "diff").write_text(kg("upgrade", former)[1].rpartition("2 files")[0], "utf-8")
    subprocess.run(["git", "apply", "../diff"], check=True, cwd=copy)
    upgrade.write(former)
    assert files(copy) == files(former)


def test_what_is_written_is_that_diff_and_the_check_says_no_more_of_ids(former):
    (note,) = (f for f in check.check(former) if f.rule == "line-without-id")
    assert (note.file, note.line, note.severity) == ("codings/interview.yaml", 9, "note")
    assert note.message.startswith("2 evidence lines have no id")
    assert "kg upgrade" in note.mend
    shown = kg("upgrade", former)[1]
    assert kg("upgrade", former, "--write")[0] == 0
    assert "id: line-b8e5950a4d" in (former / "codings/interview.yaml").read_text("utf-8")
    assert all(
        line[1:] in (former / "study.yaml").read_text("utf-8") for line in shown.splitlines() if "format" in line[:7]
    )
    assert "line-without-id" not in {f.rule for f in check.check(former)}
    assert "there is nothing to upgrade" in kg("upgrade", former)[1]


def test_a_corrected_line_keeps_its_id(former):
    upgrade.write(former)
    ids = [line.id for line in loader.load(former).study.lines]
    file = former / "codings/interview.yaml"
    file.write_text(file.read_text("utf-8").replace("names the weekly feedback", "says it"), "utf-8")
    assert [line.id for line in loader.load(former).study.lines] == ids


def test_it_is_one_edit_and_taken_back_by_undo(former):
    before = files(former)
    said = kg("upgrade", former, "--write")[1]
    assert said.endswith("codings/interview.yaml, study.yaml; kg undo takes it back\n")
    kg("undo", "-s", former)
    assert {name: data for name, data in files(former).items() if not name.startswith("edits/")} == before


def test_as_json_the_files_and_their_diffs_are_given(former):
    shown = json.loads(kg("upgrade", former, "--json")[1])
    assert [(file["file"], file["ids"]) for file in shown["files"]] == [
        ("codings/interview.yaml", 2),
        ("study.yaml", 0),
    ]
    assert shown["written"] is False
    assert json.loads(kg("upgrade", former, "--write", "--json")[1])["written"] is True
    assert json.loads(kg("upgrade", former, "--write", "--json")[1]) == {
        "study": str(former), "written": False, "files": [],
    }  # fmt: skip


# ---- What hinders it


def test_a_study_with_errors_is_not_upgraded(former):
    file = former / "codings/interview.yaml"
    file.write_text(file.read_text("utf-8").replace("stance: opposes", "stance: against"), "utf-8")
    before = files(former)
    for attempt in (upgrade.plan, upgrade.write):
        with pytest.raises(StudyError, match="'against' is none of"):
            attempt(former)
    assert files(former) == before


def test_what_cannot_be_changed_surely_is_named_with_what_to_write(former):
    file = former / "codings/interview.yaml"
    text = file.read_text("utf-8").replace(
        "      - proposition: P1\n        stance: opposes",
        "      - ? proposition\n        : P1\n        stance: opposes",
    )
    file.write_text(text, "utf-8")
    before = files(former)
    with pytest.raises(StudyError) as caught:
        upgrade.write(former)
    (finding,) = caught.value.findings
    assert finding.rule == "not-upgraded"
    assert re.search(r"write 'id: line-[0-9a-f]{10}' there by hand", finding.mend)
    assert text.splitlines()[finding.line - 1].startswith("      - ?")
    assert files(former) == before


def test_a_move_that_fails_leaves_all_files_as_they_were(former, monkeypatch):
    before = files(former)

    failures = [OSError(28, "No space left on device")]

    def sync(path):
        if path == former / "codings" and failures:
            raise failures.pop()

    monkeypatch.setattr(moving, "sync", sync)
    with pytest.raises(StudyError, match="No space left on device"):
        upgrade.write(former)
    monkeypatch.undo()
    assert files(former) == before
    assert upgrade.write(former)


@pytest.mark.parametrize("written", ["3", "999999999999"])
def test_a_newer_format_is_one_error_that_says_what_to_do(former, written):
    listing = former / "study.yaml"
    listing.write_text(
        listing.read_text("utf-8").replace("id: template", f"id: template\nformat: {written}\nnews: 1"), "utf-8"
    )
    (finding,) = errors(former)
    assert (finding.file, finding.line, finding.rule) == ("study.yaml", 4, "newer-format")
    assert f"has format {written}" in finding.message
    assert "install a newer version" in finding.mend


@pytest.mark.parametrize("written", ["0", "two", "-1", "[2]"])
def test_a_format_that_is_no_number_is_an_error(former, written):
    listing = former / "study.yaml"
    listing.write_text(listing.read_text("utf-8").replace("id: template", f"id: template\nformat: {written}"), "utf-8")
    (finding,) = errors(former)
    assert (finding.line, finding.rule) == (4, "invalid-value")


def test_an_unconfirmed_passage_has_lines_that_get_ids_too(former):
    file = former / "codings/interview.yaml"
    file.write_text(
        file.read_text("utf-8") + "  - quote: It was never said.\n    unconfirmed: it is not in its document\n    evidence:\n"
        "      - {proposition: P1, stance: supports, strength: weak, rationale: So it was.}\n", "utf-8",
    )  # fmt: skip
    graph = quads(former)
    assert sum(change.ids for change in upgrade.write(former)) == 3
    assert quads(former) == graph
    assert unnamed(former) == []
    assert upgrade.plan(former) == []


def test_new_and_imported_studies_need_no_upgrade(tmp_path):
    assert kg("init", tmp_path / "new")[0] == 0
    assert upgrade.plan(tmp_path / "new") == []
    table = tmp_path / "quotes.csv"
    table.write_text("document,quote,code\nA,We came back,x\n", "utf-8")
    assert kg("import", table, "--into", tmp_path / "taken")[0] == 0
    assert "\nformat: 2\n" in (tmp_path / "taken/study.yaml").read_text("utf-8")
    assert upgrade.plan(tmp_path / "taken") == []
