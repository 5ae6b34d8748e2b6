"""The command as a person meets it: exit codes, pipes, 80 columns, wrong words, hostile studies."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import pytest
import typer
from rich.cells import cell_len

PREFIX = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from kg.cli import main; main()"]


def kg(*words, code=0, cwd=None, stdin=None, **env):
    run = subprocess.run(
        [*PREFIX, *map(str, words)],
        capture_output=True,
        cwd=cwd,
        input=stdin,
        encoding="utf-8",
        env={**os.environ, **env},
        check=False,
    )
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    return run.stdout if code == 0 else run.stdout + run.stderr


COMMANDS = [
    ["build", "dart"], ["ask", "what supports transparency"], ["ask", "什么支持透明度"], ["trace", "P18"], ["trace", "transparency"], ["trace", "abstract"],
    ["trace", "thesis-abstract"], ["cite", "P18"], ["search", "transparency"], ["show", "transparency"], ["show", "abstract"], ["list"], ["list", "propositions"],
    ["query"], ["query", "cross-case-matrix", "-s", "template"], ["query", "trace-proposition", "-p", "id=P18"],
    ["sparql", "SELECT ?p ?l { ?p a ev:Proposition ; rdfs:label ?l }"], ["schema", "codings"],
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_prints_at_most_80_columns_and_valid_json(words):
    out = kg(*words)
    assert out.strip()
    if words[0] not in ("build", "schema"):
        assert max(cell_len(line) for line in out.splitlines()) <= 80
        assert not any(line != line.rstrip() for line in out.splitlines())
    assert json.loads(kg(*words, "--json")) or words[0] == "query"


def test_chinese_comes_through_a_pipe_in_the_c_locale():
    assert "保障" in kg("ask", "什么支持透明度", LC_ALL="C", PYTHONIOENCODING="", PYTHONUTF8="0")


def test_a_pipe_that_is_closed_early_is_no_error():
    run = subprocess.run(
        f"{sys.executable} -c 'from kg.cli import main; main()' sparql 'SELECT ?s ?p ?o {{ ?s ?p ?o }}' --format csv | head -1",
        shell=True, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.stdout == "s,p,o\n"
    assert "Traceback" not in run.stderr
    assert "BrokenPipe" not in run.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ask", "what supports transparncy"], "did you mean 'transparency'"),
        (["ask", "hello"], "what supports X"),
        (["trace", "custmer-trust"], "did you mean 'customer-trust'"),
        (["trace", "P99"], "kg list"),
        (["query", "cross-case"], "'cross-case-matrix'"),
        (["query", "evidence-for-concept"], "needs the parameter 'concept'"),
        (["query", "evidence-for-concept", "-p", "transparency"], "-p name=value"),
        (["cite", "P18", "--style", "apaa"], "'apa'"),
        (["list", "proposotion"], "'proposition'"),
        (["schema", "coding"], "'codings'"),
        (["build", "nowhere"], "kg init nowhere"),
        (["sparql", "SELECT"], "not valid"),
        (["sparql", "DROP ALL"], "read only"),
        (["sparql", "SELECT ?s { ?s ?p ?o }", "--format", "ttl"], "CONSTRUCT"),
        (["frobnicate"], "No such command"),
        (["ask"], "Missing argument"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(words, said):
    assert said in kg(*words, code=2)


def test_no_graph_and_no_time_are_unavailable(study):
    assert "ended after" in kg(
        "sparql", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "0.5", code=3
    )


@pytest.mark.slow
def test_check_tells_warnings_from_errors(study, edit):
    assert "nothing to mend" in kg("check", study)
    edit(
        "codebook.yaml",
        "  - id: weekly-feedback",
        "  - {id: unused, level: open, label: {en: Unused}, definition: Never given.}\n  - id: weekly-feedback",
    )
    out = kg("check", study, code=1)
    assert "codebook.yaml:7: warning: the code 'unused' was never given [code-unused]" in out
    log = json.loads(kg("check", study, "--format", "sarif", code=1))
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("code-unused", "warning")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "codebook.yaml"},
        "region": {"startLine": 7},
    }
    edit("codings/theory.yaml", "Pay has no part", "Pay has some part")
    out = kg("check", study, code=2)
    assert "codings/theory.yaml:8: error:" in out
    assert json.loads(kg("check", study, "--format", "json", code=2))[0]["rule"] == "quote-not-found"
    assert "nothing was written" in kg("build", study, code=2)


def test_a_study_with_errors_answers_from_the_graph_before_and_says_so(study, edit):
    kg("build", study)
    edit("codings/theory.yaml", "Pay has no part", "Pay has some part")
    run = subprocess.run(
        [*PREFIX, "ask", "what supports feedback", "-s", str(study)], capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0
    assert "contested" in run.stdout
    assert "graph built before" in run.stderr


@pytest.mark.slow
def test_a_new_study_builds_checks_and_answers(tmp_path):
    assert "my-study" in kg("init", "my-study", cwd=tmp_path)
    assert "nothing to mend" in kg("check", cwd=tmp_path / "my-study")
    assert "Two of us left" in kg("ask", "what opposes feedback", cwd=tmp_path / "my-study" / "codings")
    assert "something here already" in kg("init", "my-study", cwd=tmp_path, code=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["my-study"]


NAMES = [
    ("my-study", "my-study"),
    ("Volunteers.2026", "Volunteers.2026"),
    ("My study", "my-study"),
    ("n" * 200, "n" * 60),
    ("n" * 240, "n" * 60),
    ("为什么志愿者留下", "为什么志愿者留下"),
    ("研究 (第一版)", "研究-第一版"),
    ("👩‍🔬🧪", "study"),
    ("study.", "study"),
    ("..study", "study"),
    ("study  ", "study"),
    ("   ", "study"),
    ("-", "study"),
    ("--", "study"),
    ("CON", "study-con"),
    ("nul.txt", "study-nul.txt"),
    ("null", "null"),
    ("true", "true"),
    ("No", "No"),
    ("~", "study"),
    ("1e5", "1e5"),
    ("0x1F", "0x1F"),
    ("2024-01-01", "2024-01-01"),
    ("it's: #1 & {x}", "it-s-1-x"),
    ("a'b\"c\nd", "a-b-c-d"),
    ("O\u0308kologie", "ökologie"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "identifier"), NAMES, ids=[ascii(n[:20]) for n, _ in NAMES])
def test_any_name_makes_a_study_that_builds_and_its_id_is_said_when_it_differs(name, identifier, tmp_path):
    import yaml

    out = kg("init", "--", name, cwd=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert folder.name == name
    assert (f"the study's id is {identifier}\n" in out) == (name != identifier)
    assert [row["study"] for row in json.loads(kg("query", "study", "--json", cwd=folder))] == [identifier]
    # Other tools read it as text, too.
    assert yaml.safe_load((folder / "study.yaml").read_text("utf-8"))["id"] == identifier
    words = out.partition("\nnext: kg ")[2]
    assert "contested" in kg(*shlex.split(words), cwd=tmp_path)


def test_a_name_that_is_too_long_for_the_disk_is_refused_in_words(tmp_path):
    assert "the name is too long" in kg("init", "n" * 300, cwd=tmp_path, code=3)
    assert not list(tmp_path.iterdir())


def test_show_query_prints_what_was_asked():
    run = subprocess.run(
        [*PREFIX, "ask", "what supports transparency", "--show-query"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "# kg query claims-about-concept: concept=transparency" in run.stderr
    assert "SELECT DISTINCT ?concept ?claim" in run.stderr
    assert "SELECT" not in run.stdout


@pytest.mark.slow
def test_citations_in_every_format():
    assert "(n.d.)" in kg("cite", "P18")
    assert "2375" not in kg("cite", "abstract:2375-2406")
    assert "@phdthesis{thesis-abstract," in kg("cite", "P18", "--format", "bibtex")
    assert "TY  - THES\n" in kg("cite", "P18", "--format", "ris")
    assert "thesis-abstract" in [c["id"] for c in json.loads(kg("cite", "P18", "--format", "csl-json"))]
    assert "[1]" in kg("cite", "P18", "--style", "ieee")


def test_a_query_from_standard_input():
    assert kg("sparql", "-", "--format", "csv", stdin="SELECT (COUNT(?p) AS ?n) { ?p a ev:Proposition }") == "n\n23\n"


@pytest.mark.slow
def test_a_hostile_study_does_not_reach_the_terminal(study, edit):
    edit(
        "propositions.yaml", "Regular feedback lengthens", '"\\e[2J\\u202Eevil\\e]0;title\\a Regular feedback lengthens'
    )
    edit("propositions.yaml", "volunteers stay.}\n    subject: feedback", 'volunteers stay."}\n    subject: feedback')
    for words in (
        ["ask", "what supports feedback"],
        ["trace", "P1"],
        ["list", "proposition"],
        ["show", "P1"],
        ["query", "claims"],
        ["trace", "P1", "--md"],
    ):
        out = kg(*words, "-s", study)
        assert "evil" in out or "--md" in words
        assert not set(out) & set("\x1b\x07\u202e"), words


@pytest.mark.parametrize(
    "words", [["--version"], ["ask", "what supports transparency"], ["build"], ["trace", "P18"], ["--help"]]
)
def test_a_command_imports_no_more_than_it_uses(words):
    code = "import sys; sys.argv = ['kg', *sys.argv[1:]]\nfrom kg.cli import main\ntry:\n    main()\nexcept SystemExit: pass\n"
    code += "print(sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, encoding="utf-8", check=True)
    loaded = set(eval(run.stderr.splitlines()[-1]))
    heavy = {
        "rdflib",
        "pyshacl",
        "citeproc",
        "pybtex",
        "rispy",
        "neo4j",
        "pyvis",
        "starlette",
        "fastapi",
        "markdown_it",
        "rapidfuzz",
        "numpy",
    }
    assert not loaded & heavy


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("in which stage does transparency act", "“transparency”: co-creation stage (P18)."),
        ("顾客信任在哪个阶段起作用", "“顾客信任”:没有主张限定在某个阶段。"),
        (
            "what drives customer participation",
            "“customer participation”: customer demand, value proposition, customer trust,",
        ),
        ("顾客需求驱动什么", "“顾客需求”:顾客参与。"),
        ("谁说透明性", "“透明性”:提出于 abstract; 讨论于 literature, haier, xiaomi。"),
        ("which cases support transparency", "“transparency”: no case yet."),
        (
            "what supports transparency",
            "“transparency”: 2 claims; evidence lines: 6 supports, 0 opposes, 3 qualifies.",
        ),
        ("什么支持透明度", "“透明性”:2 条主张;证据:支持 6, 反对 0, 限定 3。"),
        ("what is missing on trust", "Every claim about “customer trust” has a quote that supports it."),
        ("客户信任缺少什么", "“顾客信任”的每条主张都有引文支持。"),
        ("what is missing on middle knowledge level", "1 claim on “middle knowledge level” has no quote in support."),
        (
            "what supports service-dominant logic",
            "“service-dominant logic”: 2 claims; evidence lines: 5 supports, 0 opposes, 2",
        ),
        ("what opposes P01", "No evidence opposes “Service-dominant logic is a theoretical branch of value"),
        ("什么是风险评估", "理论对“风险评估”没有任何主张。"),
    ],
)
def test_the_first_line_answers_the_question(question, first):
    assert kg("ask", question).splitlines()[0] == first


def test_the_first_line_counts_both_sides():
    assert kg("ask", "which cases mention feedback", "-s", "template").splitlines()[0] == (
        "“feedback”: supports: Soup kitchen (1), opposes: Soup kitchen (1)."
    )
    assert "argued\nin interview" in kg("ask", "who says P1", "-s", "template")


@pytest.mark.slow
def test_a_plot_that_cannot_be_written_is_an_error_and_no_traceback(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", "report", "matrix", "--plot", str(tmp_path / "no/x.svg")],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 3
    assert run.stderr.startswith("error: ")
    assert "Traceback" not in run.stderr


def test_a_suggestion_is_made_once():
    run = subprocess.run(
        [sys.executable, "-c", "from kg.cli import main; main()", "trace", "xiaom"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.stderr.count("'xiaomi'") == 1


@pytest.mark.slow
def test_the_worst_finding_is_said_first_and_a_note_alone_is_no_warning(study, edit):
    (study / "recordings.mp4").write_bytes(b"0" * 10)
    assert kg("check", study).endswith("study: 0 errors, 0 warnings, 1 note\n")
    edit("study.yaml", "    sha256: 85c", "    # sha256: 85c")
    assert kg("check", study, code=1).startswith("study.yaml:13: warning: ")
    edit("references.json", "[\n", '[\n  { "id": "unread", "type": "book", "title": "Never cited" },\n')
    out = kg("check", study, code=2)
    assert [line.split(": ")[1] for line in out.splitlines() if line[0] != " "][:3] == ["error", "warning", "note"]
    assert out.endswith("study: 1 error, 1 warning, 1 note\n")


def test_a_command_stands_in_the_module_that_is_read_for_it():
    from kg import cli

    commands = {name: command.callback.__module__ for name, command in typer.main.get_command(cli.app).commands.items()}
    assert {name: f"kg.cli.{module}" for module, names in cli.MODULES.items() for name in names} == commands
