"""Paths, line ends and encodings as Windows and macOS have them, as far as they can be had here."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from helpers import errors, repin
from typer.testing import CliRunner

import kg
from kg import cli, filenames, scaffold
from kg.browse import site
from kg.loaders import study as loader
from kg.store import rdf

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "kg").rglob("*.py"), *(ROOT / "loaders").rglob("*.py")])


def run(*words, **env):
    """Run the command in a process, and return its exit code and the bytes that it wrote."""
    done = subprocess.run([sys.executable, "-X", "utf8=0", "-P", "-m", "kg", *map(str, words)], capture_output=True,
                          cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **env}, check=False)  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def notes(study, rule):
    return [finding for finding in loader.load(study).findings if finding.rule == rule]


# ---- Encodings of consoles, and the line ends of what is written


def calls(tree, *names):
    """Give the calls of functions and methods of some names, each with its arguments by keyword."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield called, node, {keyword.arg for keyword in node.keywords}


def words_of(node):
    return [argument.value for argument in node.args if isinstance(argument, ast.Constant)]


def test_every_text_is_read_and_written_in_an_encoding_that_is_named_and_with_line_ends_that_no_system_chooses():
    wrong = []
    for path in MODULES:
        for called, node, named in calls(ast.parse(path.read_text("utf-8")), "open", "write_text", "read_text"):
            given = words_of(node)
            modes = [word for word in given if isinstance(word, str) and set(word) <= set("rwaxbt+")]
            if called == "open" and ((not modes and "encoding" not in named) or any("b" in mode for mode in modes)):
                continue  # a method of ours, or bytes
            if ast.unparse(node).startswith(("open(os.devnull", "self.archive.open(")):
                continue  # nothing is written, or into a zip file
            encoded = "encoding" in named or {"utf-8", "utf-8-sig", "ascii"} & set(given)
            writes = called == "write_text" or any("w" in mode or "a" in mode for mode in modes)
            if not encoded or (writes and "newline" not in named):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "gbk"}, {"PYTHONIOENCODING": "ascii:strict"}, {"LC_ALL": "C"}])
def test_what_is_printed_is_utf_8_whatever_the_console_says(env):
    code, said = run("ask", "什么支持透明度", "--study", "dart", **env)
    assert code == 0
    assert "保障" in said.decode()
    code, said = run("trace", "P18", "--study", "dart", **env)
    assert code == 0
    assert "├── state" in said.decode()
    assert "“" in said.decode()
    code, said = run("trace", "透明—😀", "--study", "dart", **env)
    assert code != 0
    assert "透明—😀" in said.decode()


def test_words_in_the_encoding_of_the_console_are_read_as_they_were_typed():
    assert cli._typed("谁支持".encode(), "谁支持") == "谁支持"
    assert cli._typed("谁支持".encode("gbk"), "谁支持") == "谁支持"  # Python read them by the locale
    assert cli._typed(b"\xd6 x", "\udcd6 x") == "\ufffd x"  # nobody can tell


def test_a_study_whose_files_have_the_line_ends_of_windows_has_the_same_graph(study):
    before = rdf.nquads(loader.load(study).study)
    for file in study.rglob("*"):
        if file.suffix in (".yaml", ".json"):
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert rdf.nquads(loader.load(study).study) == before


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_source_whose_line_ends_git_changed_is_told_so(study, bom):
    file = study / "sources/interview.md"
    was = bom + file.read_bytes()
    file.write_bytes(was)
    repin(study)
    file.write_bytes(was.replace(b"\n", b"\r\n"))
    (finding,) = (one for one in errors(study) if one.rule == "source-edited")
    assert "only its line ends were changed" in finding.message
    assert "sources/** -text" in finding.mend
    repin(study)
    file.write_bytes(was)
    (finding,) = (one for one in errors(study) if one.rule == "source-edited")
    assert "only its line ends were changed" in finding.message


def test_git_leaves_the_line_ends_of_a_new_study_alone(tmp_path):
    scaffold.init(study := tmp_path / "mine")
    was = {path: path.read_bytes() for path in (study / "sources").iterdir()}
    git = ["git", "-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@b", "-C"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"]):
        subprocess.run([*git, str(study), *words], check=True, capture_output=True)
    subprocess.run([*git[:-1], "clone", "-q", str(study), str(copy := tmp_path / "copy")], check=True)
    assert b"\r\n" in (copy / "study.yaml").read_bytes()
    assert {path: (copy / "sources" / path.name).read_bytes() for path in was} == was
    assert loader.load(copy).study


# ---- Names of files


def test_names_that_are_one_on_macos_or_windows_are_two_files_of_an_output():
    composed, decomposed = "café", unicodedata.normalize("NFD", "café")
    names = filenames.of([("code", one) for one in ("Trust", "trust", composed, decomposed, "aux.x", "nul", "a.")])
    folded = {unicodedata.normalize("NFC", name).casefold() for name in names.values()}
    assert len(folded) == len(names)
    assert not [name for name in names.values() if filenames.forbidden(name)]


@pytest.mark.parametrize(
    "name", ["CON", "aux.txt", "com1.md", "a. ", "b.", "c ", "d:e.txt", 'f".txt', "g?.md", "h|i", "con .txt"]
)
def test_a_name_that_windows_cannot_have_is_known(name):
    assert filenames.forbidden(name)
    assert filenames.forbidden(f"sources/{name}/x.txt")


@pytest.mark.parametrize("name", ["console.txt", "a.txt", ".hidden", "为什么.md", "sources/a b.txt", "auxiliary"])
def test_other_names_are_no_matter(name):
    assert not filenames.forbidden(name)


def test_files_of_a_study_that_another_system_cannot_hold_are_told(study, edit):
    shutil.copy(study / "sources/interview.md", study / "sources/Theory.TXT")
    (study / "sources/theory.txt").rename(study / "sources/aux.txt")
    shutil.copy(study / "codings/interview.yaml", study / "codings/Interview.yaml")
    edit("study.yaml", "sources/theory.txt", "sources/aux.txt")
    text = (study / "codings/Interview.yaml").read_text("utf-8")
    (study / "codings/Interview.yaml").write_text(text.partition("excerpts:")[0] + "excerpts: []\n", "utf-8")
    told = notes(study, "name-not-portable")
    assert [(note.file, note.severity) for note in told] == [
        ("codings/Interview.yaml", "note"),
        ("sources/aux.txt", "note"),
    ]
    assert "'codings/interview.yaml'" in told[0].message
    assert "Windows" in told[1].message


def test_the_studies_that_ship_have_names_for_every_system():
    for name in ("dart", "template"):
        assert notes(ROOT / "seeds" / name, "name-not-portable") == []


def test_a_name_in_the_other_unicode_form_is_said_to_be_that(study, edit):
    (study / "sources/interview.md").rename(study / f"sources/{unicodedata.normalize('NFD', 'gespräch.md')}")
    edit("study.yaml", "sources/interview.md", "sources/gespräch.md")
    (finding,) = (one for one in errors(study) if one.rule == "missing-file")
    assert "other Unicode form" in finding.mend


def test_sources_that_differ_by_case_only_have_pages_of_their_own_on_every_system(study, edit, tmp_path):
    shutil.copy(study / "sources/interview.md", study / "sources/other.md")
    entry = (
        (study / "study.yaml")
        .read_text("utf-8")
        .partition("  - id: interview")[2]
        .partition("\n  - ")[0]
        .partition("\nstages")[0]
    )
    text = (study / "study.yaml").read_text("utf-8")
    added = ("  - id: Interview" + entry).replace("sources/interview.md", "sources/other.md").rstrip() + "\n"
    (study / "study.yaml").write_text(text.replace("  - id: interview", added + "  - id: interview", 1), "utf-8")
    (tmp_path / "public").mkdir()
    site.write(kg.open(study), tmp_path / "public", lambda *_: None)
    written = [path.relative_to(tmp_path / "public").as_posix() for path in (tmp_path / "public").rglob("*")]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in written}) == len(written)
    assert not [name for name in written if filenames.forbidden(name)]
    assert (
        sum(
            name.startswith("source/") and name.lower().startswith("source/interview") and name.endswith(".html")
            for name in written
        )
        == 2
    )


def test_a_study_may_lie_deeper_than_the_paths_that_windows_has_by_itself(study, tmp_path):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name-志愿者"] * 9, "study")
    deep.parent.mkdir(parents=True)
    study.rename(deep)
    assert len(str(deep)) > 260
    done = CliRunner().invoke(cli.app, ["ask", "what opposes feedback", "--study", str(deep)])
    assert "Two of us left" in done.output
    done = CliRunner().invoke(cli.app, ["site", str(deep.parent / "public"), "--study", str(deep)])
    assert done.exit_code == 0, done.output
    assert (deep.parent / "public/index.html").is_file()


# ---- What other systems lack

WITHOUT = """
import os, sys
import filelock, psutil  # which have their own ways there
for name in ("fcntl", "resource", "termios", "pwd", "grp"):
    sys.modules[name] = None  # as where there is no such module
def link(*_, **__):
    raise OSError(1, "there are no hard links here")
os.link = link
del os.fork, os.getuid
from kg.cli import main
sys.argv[0] = "kg"
main()
"""


def test_everything_works_without_the_modules_that_windows_lacks(study, tmp_path):
    def without(*words):
        done = subprocess.run([sys.executable, "-P", "-c", WITHOUT, *map(str, words)], capture_output=True, text=True,
                              cwd=study, env={**os.environ, "PYTHONPATH": str(ROOT)}, encoding="utf-8", check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "Two of us left" in without("ask", "what opposes feedback")
    assert "added" in without("add", ROOT / "docs/examples/documents/ilvesoo-renkvist-2021.pdf").lower()
    assert "Two of us left" in without("ask", "what opposes feedback")  # built again, from the build before
    without("site", tmp_path / "public")
    assert list((tmp_path / "public").rglob("index.html"))
