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


def test_a_question_is_never_refused_and_says_what_it_was_taken_for():
    assert "“transparncy” read as “transparency”" in kg("ask", "what supports transparncy")
    assert kg("ask", "hello").startswith("help\n")
    for typed in ("?", "zyxwv", "DROP TABLE claims; --", "--", "什么"):
        assert kg("ask", "--", typed).strip()


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
    ("question", "reading", "verdict"),
    [
        ("in which stage does transparency act", "stage · on transparency", "co-creation stage (P18 supported"),
        ("顾客信任在哪个阶段起作用", "阶段 · 关于顾客信任", "其主张都没有限定阶段:P12"),
        (
            "what drives customer participation",
            "drivers · on customer participation",
            "5 claims: contested customer demand (P10), customer trust (P12), customer demand (P14); weakly supported ",
        ),
        ("顾客需求驱动什么", "它作用于什么 · 关于顾客需求", "顾客参与 (P10 有支持也有反对):支持 10 条(9 个独立来源)"),
        ("谁说透明性", "谁说 · 关于透明性", "Solakis et al., 2017"),
        ("which cases support transparency", "cases · supports · on transparency", "No case supports P18, P23"),
        (
            "what supports transparency",
            "evidence · supports · on transparency",
            "6 evidence lines support P18 (supported), P23 (supported); besides, 0 oppose, 3 qualify.",
        ),
        (
            "什么支持透明度",
            "证据 · 支持 · 关于透明性",
            "6 条证据支持P18(有证据支持)、P23(有证据支持);此外反对 0 条,限定 3 条。",
        ),
        ("what is missing on trust", "missing · on customer trust", "Every claim on it has support: P12 contested"),
        ("客户信任缺少什么", "缺少什么 · 关于顾客信任", "每条主张都有支持;P12 有支持也有反对"),
        (
            "what is missing on middle knowledge level",
            "missing · on middle knowledge level",
            "Without support: 1 claim, P19.",
        ),
        (
            "what supports service-dominant logic",
            "evidence · supports · on service-dominant logic",
            "5 evidence lines support P01 (supported), P03 (weakly supported); besides, 0 oppose, 2 qualify.",
        ),
        (
            "what opposes P01",
            "evidence · opposes · on P01",
            "Nothing opposes P01 (supported); besides, 2 support, 0 qualify.",
        ),
        ("什么是风险评估", "定义 · 关于风险评估", "风险评估 (risk assessment):The customer's weighing of the risks"),
        (
            "what supports transparency in Haier",
            "evidence · supports · on transparency · in Haier",
            "Nothing supports P18 (qualified only), P23 (nothing within the limits) (in Haier); besides, 0 oppose, 1 qualifies.",
        ),
    ],
)
def test_the_first_line_says_how_the_question_was_read_and_the_next_answers_it(question, reading, verdict):
    printed = kg("ask", question)
    head = "".join(printed.partition("\n\n")[0].split())
    assert printed.startswith(reading)
    assert "".join(verdict.split()) in head


def test_an_answer_about_cases_counts_both_sides():
    assert "Soup kitchen (+1 −1 ~0)" in kg("ask", "which cases mention feedback", "-s", "template")


def test_an_answer_fits_a_screen_unless_all_of_it_is_asked_for():
    short, whole = kg("ask", "what supports dialogue"), kg("ask", "what supports dialogue", "--all")
    assert 'besides, 3 evidence lines oppose: kg ask "what opposes dialogue"' in whole
    assert "besides, 6 evidence lines qualify" in whole
    assert "此外反对 3 条证据" in kg("ask", "什么支持对话", "--all")
    assert len(short.splitlines()) <= 60
    assert "more: --all" in short
    assert "more: --all" not in whole
    assert len(whole.splitlines()) > 2 * len(short.splitlines())


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
