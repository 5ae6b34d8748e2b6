"""A study is edited from the terminal, as docs/editing.md shows it."""

from __future__ import annotations

import datetime
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import cli, editing, paths, scaffold
from kg.cli import _coder
from kg.editing import journal
from kg.loaders import study as loader

PAGE = (Path(__file__).parent.parent / "docs/editing.md").read_text("utf-8")
NOW = datetime.datetime(2026, 11, 29, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Stand in a new study, on a day."""
    folder = scaffold.init(tmp_path / "s")
    monkeypatch.chdir(folder)
    monkeypatch.delenv(_coder.CODER, raising=False)
    monkeypatch.setattr(journal, "now", lambda: NOW)
    return folder


def kg(*words, code=0, answers=None):
    result = CliRunner().invoke(cli.app, [str(word) for word in words], input=answers)
    said = result.output
    if result.exception and not isinstance(result.exception, SystemExit):
        from kg.cli._ending import _code_and_words

        number, words = _code_and_words(result.exception)
        said, result.exit_code = said + words + "\n", number
    assert result.exit_code == code, said
    return said


def test_the_page_shows_what_is_printed(here):
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for command, printed in re.findall(r"^\$ kg (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            code = 2 if "nothing was written" in printed or printed.startswith("error") else 0
            assert kg(*shlex.split(command), code=code) == printed, command
    (entry,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert entry.replace("belonging", "being-known") in (here / "codings/interview.yaml").read_text("utf-8")
    loader.load(here)


def test_the_page_lists_every_operation():
    for name, said, fields in editing.listing():
        assert f"| `{name}` | {said} | {fields} |" in PAGE


def test_a_claim_and_a_line_are_renamed_and_json_says_what_was_done(here):
    done = json.loads(kg("rename", "claim", "P1", "P-one", "--json"))
    assert done["files"] == ["codings/interview.yaml", "codings/theory.yaml", "propositions.yaml"]
    assert done["done"]["operations"] == [{"do": "rename", "kind": "proposition", "id": "P1", "to": "P-one"}]
    kg("rename", "line", "line-9a21dd3463", "praised-and-gone")
    assert "praised-and-gone" in {line.id for line in loader.load(here).study.lines}


def test_codes_are_merged_under_a_new_name(here):
    kg("merge", "code", "belonging", "weekly-feedback", "--into", "seen")
    assert sorted({coding.code for coding in loader.load(here).study.codings}) == ["seen"]
    kg("undo")
    assert len({coding.code for coding in loader.load(here).study.codings}) == 2


def test_new_codes_are_added_when_that_is_said(here):
    words = ("code", "interview", "The guests know my name", "warm-welcome")
    assert "unknown code 'warm-welcome'" in kg(*words, code=2)
    kg(*words, "--new")
    (code,) = [code for code in loader.load(here).study.codes if code.id == "warm-welcome"]
    assert (code.level, code.label.en) == ("open", "warm welcome")


def test_the_source_of_a_quote_is_found_and_never_the_theory(here):
    assert "no source that may be evidence" in kg(
        "support", "P1", "Pay has no part", "--because", "b", "--strength", "weak", code=2
    )
    text = kg("oppose", "P2", "The guests know my name", "--because", "b", "--strength", "weak", "--in", "interview")
    assert "opposes P2" in text
    assert "qualifies P2" in kg("qualify", "P2", "so I would miss", "--because", "b", "--strength", "strong")


def test_edits_come_as_json_all_or_none(here):
    two = [
        {"do": "add", "kind": "case", "record": {"id": "bakery", "label": {"en": "Bakery"}}},
        {"do": "retire", "kind": "case", "id": "kitchen"},
    ]
    before = (here / "study.yaml").read_bytes()
    assert "in use" in kg("edit", json.dumps(two), code=2)
    assert (here / "study.yaml").read_bytes() == before
    kg("edit", "-", answers=json.dumps(two[:1]))
    assert "bakery" in (here / "study.yaml").read_text("utf-8")
    for wrong in ("{", "[1]", '{"do": "cod"}', "[" * 100_000):
        kg("edit", wrong, code=2)


# ---- Who edits


def test_who_edits_is_asked_once_where_it_is_not_sure(here, monkeypatch):
    kg("edit", '{"do": "add", "kind": "coder", "record": {"id": "you", "name": "You"}}')
    act = ("code", "interview", "The guests know my name", "belonging")
    assert "who edits?\n    name a coder with --coder or DART_KG_CODER: me, you" in kg(*act, code=2)
    assert "no coder of this study is called 'yo'" in kg(*act, "--coder", "yo", code=2)
    monkeypatch.setenv(_coder.CODER, "you")
    kg(*act)
    assert (here / "codings/you-interview.yaml").exists()
    kg("undo")
    monkeypatch.delenv(_coder.CODER)
    (paths.store_folder(here) / "coder").write_text("you\n", "utf-8")
    kg(*act)
    assert (here / "codings/you-interview.yaml").exists()


def test_software_is_not_who_edits_unless_it_is_named(here):
    kg("edit", '{"do": "add", "kind": "coder", "record": {"id": "model", "name": "M", "kind": "software"}}')
    kg("code", "interview", "The guests know my name", "belonging")
    assert not (here / "codings/model-interview.yaml").exists()


def test_the_bundled_study_is_not_edited_by_mistake(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (("code", "afu", "q", "trust"), ("undo",), ("fix",), ("edit", "[]")):
        assert "you stand in no study" in kg(*words, code=2)


# ---- Mend


def test_what_can_be_mended_is_listed_and_what_is_sure_is_done(here):
    study, codings = here / "study.yaml", here / "codings/interview.yaml"
    study.write_text(re.sub(r"    sha256: 85.*\n", "", study.read_text("utf-8")).replace("format: 2\n", ""), "utf-8")
    text = codings.read_text("utf-8").replace("        id: line-9a21dd3463\n", "")
    codings.write_text(text.replace("I would miss", "I wuold miss"), "utf-8")
    listed = kg("fix")
    assert "theory: the source 'theory' has no digest" in listed
    assert "interview:3: codings/interview.yaml: the quote is not in the source 'interview'" in listed
    assert "'The guests know my name by now, so I would miss them.' (it looks alike, by" in listed
    assert "3 to mend, 2 of them surely" in listed
    kg("fix", "--take", "nothing", code=2)
    kg("fix", "--take", "interview:3")
    kg("fix", "--yes")
    assert loader.load(here).findings == []
    assert "nothing to mend" in kg("fix")
    assert {line.id for line in loader.load(here).study.lines} == {"line-9a21dd3463", "line-b8e5950a4d"}


def test_a_source_that_was_edited_is_pinned_only_by_name(here):
    source = here / "sources/interview.md"
    source.write_text(source.read_text("utf-8") + "\nMore was said.\n", "utf-8")
    assert "see first that its passages are where they belong" in kg("fix")
    assert "1 to mend, 0 of them surely" in kg("fix", "--yes")
    kg("fix", "--take", "interview")
    loader.load(here)


# ---- Ids in the shell


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("code inter", ["interview"]),
        ("code interview quote b", ["belonging"]),
        ("support P", ["P1", "P2"]),
        ("rename code w", ["weekly-feedback"]),
        ("rename claim P", ["P1", "P2"]),
        ("undo --coder m", ["me"]),
        ("code --study nowhere inter", []),
    ],
)
def test_the_shell_completes_ids(here, words, completed):
    line = f"kg {words}"
    run = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"],
        capture_output=True, text=True, check=False, cwd=here,
        env={**os.environ, "_KG_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)},
    )  # fmt: skip
    assert run.stdout.split() == completed, run.stderr
