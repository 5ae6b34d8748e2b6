"""Each step of docs/documents.md is done as it is written there, and gives what is written there."""

from __future__ import annotations

import gzip
import json
import re
import shlex
from pathlib import Path

from papers import SOURCE
from typer.testing import CliRunner

import kg
from kg import cli
from kg.browse import responses
from kg.browse.study import BuiltStudy
from kg.store import passages

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/documents.md").read_text("utf-8")


def fits(written, printed):
    """Say whether what is printed is what is written, where an ellipsis stands for anything."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…\n" else re.escape(line).replace("…", ".*")
        for line in written.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, printed) is not None


def test_the_whole_road_is_as_the_page_says(tmp_path, monkeypatch):
    study = tmp_path / "my-study"
    monkeypatch.chdir(ROOT)
    (reference,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    (codings,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    steps = re.findall(r"^\$ kg (.*)\n((?:(?!\$ |```).*\n)*)", PAGE, re.MULTILINE)
    assert [command.split()[0] for command, _ in steps] == ["init", "add", "add", "build", "ask", "cite"]
    for command, written in steps:
        if command.startswith("build"):
            (study / f"codings/{SOURCE}.yaml").write_text(codings, "utf-8")
        words = [word.replace("my-study", str(study)) for word in shlex.split(command)]
        ran = CliRunner().invoke(cli.app, words)
        assert ran.exit_code == 0, ran.output
        assert fits(written, ran.output), (command, ran.output)
        if command.startswith("init"):
            file = study / "references.json"
            file.write_text(json.dumps([*json.loads(file.read_text("utf-8")), json.loads(reference)]), "utf-8")
    # And the page of the paper shows where the quote stands: on two pages, as the text of the docs has it.
    built = BuiltStudy(kg.open(study))
    (passage,) = passages.of_source(built.tables, SOURCE).values()
    query = f"at={passage.start}-{passage.end}"
    answer = responses.respond(built, responses.Target(f"source/{SOURCE}", "html", "en", query))
    page = gzip.decompress(answer.body).decode()
    assert ">pages 115–116</a>" in page
    assert page.count('class="box chosen"') == 2
    assert (study / f"sources/{SOURCE}.pages.json").is_file()


def test_what_is_written_fits_only_what_is_printed():
    assert fits("a … c\n…\nd\n", "a b c\nx\ny\nd\n")
    assert fits("…\nd\n", "d\n")
    assert not fits("a\n", "a\nb\n")
