"""Every fenced block of the documentation is proven: here, by a test that is named here, or it says why it cannot be.

What a block belongs to may be told by a comment on the line before it, which readers do not see:

* ``<!-- study.yaml -->``: the block is a part of this file of a study;
* ``<!-- study.yaml: sources -->``: it is entries of the list under this key;
* ``<!-- not run: WHY -->``: nothing can prove it. How many there are is counted in ``NOT_RUN``.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import shlex
import shutil
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import typer
from typer.testing import CliRunner

import kg
from kg import cli, exports, paths, pseudonyms, query, reports
from kg.loaders import imports, markdown, pandoc_citations
from kg.loaders._reader import Reader
from kg.property_graph import projection

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("*.md"), *(page for page in ROOT.glob("docs/**/*.md") if "examples" not in page.parts)])
PAGES = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in FILES}
NOT_RUN = {
    "docs/design.md": 1,
    "docs/endpoint.md": 1,
    "docs/first-study.md": 1,
    "docs/index.md": 1,
    "docs/zh/first-study.md": 1,
}
"""How many blocks of each page say that they are not run."""

_TRANSCRIPTS = "test_documented.py::test_the_transcripts_of_the_first_pages_are_what_is_printed"
_DOCUMENTS = "test_documented_documents.py::test_the_whole_road_is_as_the_page_says"
_EXCHANGE = "test_documented_exchange.py::test_a_page_shows_what_is_printed_and_its_way_back_works"
_FIRST = "test_first_study.py::test_the_first_study_is_made_and_published_as_its_page_says"
_CODINGS = "test_documented_exchange.py::test_the_codings_file_and_the_lines_of_python_that_the_page_shows_are_true"
ELSEWHERE = {
    ("README.md", "console"): _TRANSCRIPTS,
    ("docs/cypher.md", ""): "test_documented.py::test_every_label_and_relationship_of_the_property_graph_is_documented",
    ("docs/documents.md", "console"): _DOCUMENTS,
    ("docs/documents.md", "json"): _DOCUMENTS,
    ("docs/editing.md", "console"): "test_editing_command.py::test_the_page_shows_what_is_printed",
    ("docs/editing.md", "gitattributes"): "test_merging.py::test_the_driver_merges_in_a_real_repository",
    ("docs/exchange.md", "console"): _EXCHANGE,
    ("docs/exchange.md", "python"): _CODINGS,
    ("docs/first-study.md", "console"): _FIRST,
    ("docs/index.md", "console"): _TRANSCRIPTS,
    ("docs/python.md", "pycon"): "test_documented.py::test_a_page_that_the_code_says_by_itself_is_what_it_says",
    ("docs/study.md", "console"): "test_documented.py::test_documents_are_added_as_the_page_of_the_study_says",
    ("docs/terminal.md", "console"): _TRANSCRIPTS,
    ("docs/zh/first-study.md", "console"): _FIRST,
    ("docs/zh/index.md", "console"): _TRANSCRIPTS,
    ("docs/coming-from/spreadsheet.md", ""): _EXCHANGE,
} | {(page, "console"): _EXCHANGE for page in PAGES if page.startswith("docs/coming-from/")}
"""The tests that prove blocks by what they do or print; a block of commands is read by the parser here, too."""
PICKED = {("docs/cypher.md", ""): 1, ("docs/study.md", "console"): 2, ("docs/coming-from/spreadsheet.md", ""): 3}
"""How many blocks there are where such a test picks some out, so that another is not taken for proven."""

RUN = {"ask", "cite", "graph", "list", "query", "report", "search", "show", "sparql", "trace"}
"""The commands that are run here where they ask the bundled study; no engine is started for it, since all answer alike."""
PROGRAMS = {".", "dask", "export", "git", "make", "pip", "python", "python3", "uv"}
"""What else may stand at the beginning of a line for a shell; of make, pip and python more is asked below."""

LEAST = {
    "study": {"id": "s", "title": "{en: S}", "coders": "[]", "sources": "[]"},
    "concepts": {},
    "codebook": {"codes": "[]"},
    "propositions": {"propositions": "[]"},
    "codings": {"source": "s", "coder": "c", "date": "2026-01-01", "excerpts": "[]"},
    "readings": {"source": "s", "coder": "c", "date": "2026-01-01", "readings": "[]"},
    "agreement": {"settlements": "[]"},
    "confidence": {"confidence": "[]"},
    "arrangements": {"arrangements": "[]"},
}
"""What a file must have, for blocks that show a part of one."""


class Block(NamedTuple):
    """A fenced block of a page.

    Args:
        page: its path.
        line: where it begins, 1-based.
        kind: the word behind the fence.
        text: what it holds.
        told: the comment on the line before it.
    """

    page: str
    line: int
    kind: str
    text: str
    told: str = ""


def blocks(page, text):
    """Find the fenced blocks of a page, in lists, too."""
    before, fence = "", None
    for number, line in enumerate(text.splitlines(), 1):
        if fence is None and (found := re.match(r"( *)(`{3,}|~{3,}) *(\S*)", line)):
            told = re.fullmatch(r" *<!-- (.*) -->", before)
            fence, start, lines = found, number, []
        elif fence and line.strip() == fence[2]:
            yield Block(page, start, fence[3], "".join(f"{one}\n" for one in lines), told[1] if told else "")
            fence = None
        elif fence:
            lines.append(line.removeprefix(fence[1]))
        before = line
    assert fence is None, f"{page}:{start}: a block without an end"


ALL = [block for page, text in sorted(PAGES.items()) for block in blocks(page, text)]


# Commands -------------------------------------------------------------------------------------------------------


@cache
def command():
    return typer.main.get_command(cli.app)


def parsed(words):
    """Read the words behind ``kg`` as the command does; what it does not take is refused as it does that.

    Returns:
        The name of the command, and its parameters.
    """
    context = command().make_context("kg", list(words))
    name, one, rest = command().resolve_command(context, [*context._protected_args, *context.args])
    taken = one.make_context(name, rest, parent=context).params
    known(name, taken.get("name"))
    return name, taken


def known(command, name):
    """Fail when a command is given the name of something that it does not have."""
    names = {"export": exports.FORMATS, "query": query.names(), "report": [*reports.REPORTS, "supplement"]}
    assert name is None or command not in names or name in names[command], f"kg {command} knows no {name}"


def lines_for_a_shell(block):
    """Return the lines that are typed, each as its words."""
    text = block.text.replace("\\\n", " ")
    if block.kind == "console":
        text = "".join(re.findall(r"^\$ (.*\n)", text, re.MULTILINE))
    return [words for line in text.splitlines() if (words := shlex.split(line, comments=True))]


def prove_command(words, run):
    """Prove a line: a command of ours takes it, and answers where ``run`` says so; else it is a known program."""
    if words[0] == "kg":
        name, taken = parsed(words[1:])
        if name == "cypher":
            called = re.findall(r":(\w+)", taken["text"] or "")
            assert set(called) <= {*projection.PROPERTIES, *projection.TYPES}, called
        if run and name in RUN and taken["study"] in (None, "dart"):
            ran = CliRunner().invoke(cli.app, without_engine(words[1:]))
            assert ran.exit_code == 0, (ran.output, ran.exception)
        return
    assert words[0] in PROGRAMS, f"{words[0]} is no program of the list"
    prove_program(words)
    for word in words:
        if word.startswith("kg "):
            parsed(shlex.split(word)[1:])


def without_engine(words):
    """Leave out which engine answers."""
    at = words.index("--engine") if "--engine" in words else len(words)
    return words[:at] + words[at + 2 :]


def prove_program(words):
    """Prove what can be of a line for another program: targets, extras and files are there."""
    if words[0] == "make":
        target = words[1]
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), target
    if words[0] in ("pip", "uv"):
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        asked = [extra for word in words for some in re.findall(r"\[([\w,]+)\]$", word) for extra in some.split(",")]
        assert set(asked) <= extras.keys(), asked
    if words[0] == "python" and words[1].endswith(".py"):
        assert (ROOT / words[1]).is_file(), words[1]


def prove_commands(block, room):
    lines = lines_for_a_shell(block)
    assert lines
    for words in lines:
        prove_command(words, run=block.kind == "sh")


@pytest.mark.parametrize("name", sorted(command().commands))
def test_the_examples_in_the_help_of_a_command_are_taken_and_answered(dart, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^Example: (kg .*)$", command().commands[name].help, re.MULTILINE)
    assert examples
    for example in examples:
        prove_command(shlex.split(example), run=True)


# Files ----------------------------------------------------------------------------------------------------------


_SCHEMA = re.compile(r"# yaml-language-server: \$schema=(?:\.\./)?schema/(\w+)\.json\n")
_FILE = re.compile(r"(?:# )?(\w+)(?:/\w+)?\.yaml(?:: (\w+))?")


def prove_yaml(block, room):
    """Validate a block as the file that it is, or is a part of."""
    first = block.text.partition("\n")[0]
    if found := _SCHEMA.match(block.text):
        schema, key = found[1], None
    else:
        found = _FILE.fullmatch(block.told) or _FILE.fullmatch(first)
        assert found, "which file it is of is said by no comment before it, such as <!-- study.yaml -->"
        schema, key = found.groups()
    text = f"{key}:\n{block.text}" if key else block.text
    given = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    text += "".join(f"{name}: {value}\n" for name, value in LEAST[schema].items() if name not in given)
    reader = Reader(room)
    assert reader.parse(text, f"{schema}.yaml", schema) is not None, [str(one) for one in reader.listed()]


def prove_json(block, room):
    """Read it; what an assistant is given to start is a command of ours."""
    read = json.loads(block.text)
    if (block.page, block.kind) in ELSEWHERE:
        return
    for entry in read["mcpServers"].values():
        if "command" in entry:
            assert entry["command"] == "kg"
            parsed(entry["args"])
        else:
            assert entry.keys() == {"type", "url"}


def prove_toml(block, room):
    """Read it; a group of entry points is that which is looked at."""
    assert tomllib.loads(block.text)["project"]["entry-points"].keys() == {imports.GROUP}


def prove_csv(block, room):
    (room / "names.csv").write_text(block.text, "utf-8")
    assert pseudonyms.table(room / "names.csv")


def prove_markdown(block, room):
    """Find its paragraphs, and in each the label and citations whose places can be read."""
    for one in markdown.blocks(block.text):
        items = list(pandoc_citations.items(one.content, 0, len(one.content)))
        assert re.match(r"\[[\w.-]+\] ", one.content)
        assert [item.unread for item in items] == [""] * max(len(items), 1)


# Python ---------------------------------------------------------------------------------------------------------

_SIGNATURE = re.compile(r"(?:kg|g)\.(\w+)(?:\(.*\) -> .*|  # \w+)\n")


def prove_python(block, room):
    """A signature names what is there; all else runs, and gives what its comments say, if they are values."""
    if signature := _SIGNATURE.fullmatch(block.text):
        inspect.getattr_static(kg if block.text.startswith("kg.") else kg.Graph, signature[1])
        return
    shutil.copytree(paths.shipped("seeds") / "template", room / "my-study")
    names = {}
    for statement in ast.parse(block.text).body:
        source = ast.get_source_segment(block.text, statement)
        line = block.text.splitlines()[statement.end_lineno - 1]
        said = line[statement.end_col_offset :].strip(" #") if statement.lineno == statement.end_lineno else ""
        if not isinstance(statement, ast.Expr):
            exec(source, names)
        elif re.fullmatch(r"'.*'|\d+", said):
            assert eval(source, names) == ast.literal_eval(said), line
        else:
            eval(source, names)


PROVE = {
    "console": prove_commands,
    "csv": prove_csv,
    "json": prove_json,
    "markdown": prove_markdown,
    "python": prove_python,
    "sh": prove_commands,
    "toml": prove_toml,
    "yaml": prove_yaml,
}
"""What proves a block, by its kind."""


def prove(block, room):
    """Prove a block, or fail."""
    if block.told.startswith("not run"):
        if block.kind == "python":
            ast.parse(block.text)
        if block.kind == "sh":
            for words in lines_for_a_shell(block):
                prove_command(words, run=False)
        return
    elsewhere = (block.page, block.kind) in ELSEWHERE
    assert elsewhere or block.kind in PROVE, f"nothing proves a block of the kind '{block.kind}'"
    assert elsewhere or block.kind != "console", "no test compares what is printed"
    if block.kind in PROVE and not (elsewhere and block.kind == "python"):
        PROVE[block.kind](block, room)


@pytest.mark.parametrize("block", ALL, ids=lambda block: f"{block.page}:{block.line}")
def test_a_block_is_true(dart, block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prove(block, tmp_path)


def test_the_blocks_that_are_not_run_say_why_and_are_counted():
    marked = [block for block in ALL if block.told.startswith("not run")]
    assert all(re.fullmatch(r"not run[\w ]*: \S.{9,}", block.told) for block in marked)
    assert Counter(block.page for block in marked) == NOT_RUN


def test_the_tests_that_prove_blocks_elsewhere_are_there_and_are_needed():
    there = Counter((block.page, block.kind) for block in ALL)
    assert there.keys() >= ELSEWHERE.keys()
    assert {one: there[one] for one in PICKED} == PICKED
    for test in ELSEWHERE.values():
        file, _, name = test.partition("::")
        assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text("utf-8"), test


WRONG = [
    ("sh", "kg ask transparency --loud\n", "", "No such option: --loud"),
    ("sh", "kg asks transparency\n", "", "No such command 'asks'"),
    ("sh", "kg export refi-qdb there\n", "", "kg export knows no refi-qdb"),
    ("sh", "kg brows\n", "not run: it serves until it is ended", "No such command 'brows'"),
    ("sh", "kg trace P999\n", "", "UnknownTerm('P999'"),
    ("sh", "kg query claims -p nothing=1 --engine cypher\n", "", "nothing"),
    ("sh", "kg cypher 'MATCH (p:Propositions) RETURN p.id'\n", "", "Propositions"),
    ("sh", "make nothing\n", "", "nothing"),
    ("sh", "pip install '.[everything]'\n", "", "everything"),
    ("sh", 'git config merge.kg.driver "kg merge --drive %O"\n', "", "No such option: --drive"),
    ("sh", "wget it\n", "", "wget is no program of the list"),
    ("console", "$ kg ask transparency\nYes.\n", "", "no test compares what is printed"),
    ("yaml", "codes: []\n", "", "which file it is of"),
    ("yaml", "codes:\n  - {id: a, levle: open, label: {en: A}}\n", "codebook.yaml", "unknown key 'levle'"),
    ("yaml", "  - {quote: Said., code: [a]}\n", "codings/a.yaml: excerpts", "unknown key 'code'"),
    ("yaml", "# yaml-language-server: $schema=schema/agreement.json\nsettled: []\n", "", "unknown key 'settled'"),
    ("json", '{"mcpServers": {"s": {"command": "kg", "args": ["mpc"]}}}\n', "", "No such command 'mpc'"),
    ("toml", "[project.entry-points.others]\n", "", "others"),
    ("csv", "name;pseudonym\n", "", "is not 'name,pseudonym'"),
    ("markdown", "[H04] Said. [@smith2014, page three of]\n", "", "page three of"),
    ("python", "len('ab')  # 3\n", "", "len"),
    ("python", "g.aks(question: str) -> Answer\n", "", "aks"),
    ("ruby", "puts 1\n", "", "nothing proves a block of the kind 'ruby'"),
]


@pytest.mark.parametrize(("kind", "text", "told", "said"), WRONG)
def test_a_block_that_is_wrong_fails_with_the_reason(dart, kind, text, told, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception, match=re.escape(said)):
        prove(Block("page.md", 1, kind, text, told), tmp_path)


# In the prose ---------------------------------------------------------------------------------------------------


def prove_inline(words):
    """Prove a command within a sentence, which may stop early or have words in capitals for what a reader puts there."""
    if words[0] != "kg":
        prove_program(words)
        return
    options = {name for one in command().params for name in [*one.opts, *one.secondary_opts]}
    rest = words[1:]
    if not rest[0].startswith("-"):
        name, rest = rest[0], rest[1:]
        assert name in command().commands or name == "COMMAND", f"no command {name}"
        if name in command().commands:
            options = {one for taken in command().commands[name].params for one in [*taken.opts, *taken.secondary_opts]}
            known(name, next((word for word in rest[:1] if re.fullmatch(r"[a-z][a-z0-9-]*", word)), None))
    asked = {word.strip("[]").partition("=")[0] for word in rest if word.strip("[").startswith("-")}
    assert asked - options - {"--help", "--install-completion"} == set(), (words, asked - options)


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_commands_in_the_sentences_of_a_page_are_there(page):
    prose = re.sub(r"^( *)(`{3,}).*?^\1\2$", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    for said in re.findall(r"(?<!`)`((?:kg|make|pip|uv|python) [^`]+)`(?!`)", prose):
        prove_inline(shlex.split(said))
