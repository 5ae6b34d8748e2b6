"""Every wrong file gives a finding with file, line and remedy, and leaves the old graph readable."""

from __future__ import annotations

import hashlib

import pytest
from helpers import errors, repin

import kg
from kg.errors import SHOWN, StudyError
from kg.loaders import _yaml
from kg.loaders import study as loader
from kg.store import build


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "line", "remedy"),
    [
        ("study.yaml", "role: case\n", "role: cas\n", "invalid-value", 22, "kg schema study"),
        ("study.yaml", "title: {en: Why volunteers stay}", "title: Reuse", "invalid-value", 5, "'title: {en: Reuse}'"),
        ("study.yaml", "title: {en: Why volunteers stay}", "title: 'Re: use'", "invalid-value", 5, '{en: "Re: use"}'),
        ("codebook.yaml", "label: {en: Recognition}", "label: 表扬", "invalid-value", 5, "'label: {en: 表扬}'"),
        ("study.yaml", "title: {en: Why volunteers stay}\n", "", "invalid-value", 3, "add 'title: …'"),
        ("propositions.yaml", "about: [P2]", "about: P2", "invalid-value", 15, "'about: [P2]'"),
        ("study.yaml", "    case: kitchen", "    case: kitschen", "unknown-case", 23, "'kitchen'"),
        ("study.yaml", "title: {en", "tilte: {en", "unknown-key", 5, "'title'"),
        ("study.yaml", "sources/interview.md", "sources/intervew.md", "missing-file", 19, "'sources/interview.md'"),
        ("study.yaml", "sources/interview.md", "../interview.md", "outside-study", 19, "copy it"),
        ("study.yaml", "sources/interview.md", "sources/interview.odt", "unknown-format", 19, ".md"),
        ("study.yaml", "  - {id: me, name: The coder}", "  - {id: me, name: The coder", "broken-yaml", 9, ""),
        ("codebook.yaml", "broader: recognition", "broader: recogniton", "unknown-code", 13, "'recognition'"),
        ("codebook.yaml", "indicates: feedback", "indicates: feedbak", "unknown-concept", 14, "'feedback'"),
        ("codebook.yaml", "id: weekly-feedback", "id: recognition", "duplicate-id", 7, "rename"),
        ("concepts.yaml", "id: pay", "id: staying", "duplicate-id", 14, "rename"),
        ("propositions.yaml", "relation: lengthens", "relation: lenghtens", "unknown-relation", 6, "'lengthens'"),
        ("propositions.yaml", "object: staying", "object: stay", "unknown-concept", 7, "'staying'"),
        ("propositions.yaml", "object: staying", "object: lengthens", "unknown-concept", 7, "concept is one of"),
        ("concepts.yaml", "id: lengthens", "id: feedback", "duplicate-id", 19, "rename"),
        (
            "codings/theory.yaml",
            "Pay has no part in it.\n    asserts: [P2]",
            "Pay has no part in it.\n    codes: [recognition, recognition]",
            "duplicate-id",
            9,
            "into one",
        ),
        (
            "propositions.yaml",
            "    relation: lengthens",
            "    relation: lengthens\n    relation: lengthens",
            "duplicate-key",
            7,
            "",
        ),
        ("propositions.yaml", "coder: me", "coder: you", "unknown-coder", 19, "me"),
        ("propositions.yaml", "date: 2026-11-24", "date: yesterday", "invalid-value", 20, ""),
        ("codings/theory.yaml", "asserts: [P1]", "asserts: [P7]", "unknown-proposition", 7, "P1"),
        ("codings/theory.yaml", "source: theory", "source: teory", "unknown-source", 2, "'theory'"),
        (
            "codings/interview.yaml",
            "codes: [weekly-feedback]",
            "codes: [weekly-fedback]",
            "unknown-code",
            7,
            "'weekly-feedback'",
        ),
        ("codings/interview.yaml", "stance: supports", "stance: suports", "invalid-value", 11, ""),
        ("codings/interview.yaml", "strength: moderate", "strength: certain", "invalid-value", 12, ""),
        (
            "codings/interview.yaml",
            "        rationale: The volunteer names the weekly feedback as the reason for coming back.\n",
            "",
            "invalid-value",
            9,
            "",
        ),
        (
            "codings/interview.yaml",
            "    codes: [belonging]",
            "    paragraph: I04\n    codes: [belonging]",
            "unknown-paragraph",
            24,
            "'I01'",
        ),
        (
            "codings/interview.yaml",
            "    codes: [belonging]",
            "    paragraph: I02\n    codes: [belonging]",
            "quote-not-found",
            23,
            "I03",
        ),
        (
            "codings/interview.yaml",
            "coder: me\n",
            "coder: me\nuncoded: [{paragraph: I09, memo: Nothing.}]\n",
            "unknown-paragraph",
            4,
            "",
        ),
        (
            "codebook.yaml",
            "    indicates: feedback\n",
            "    indicates: feedback\n    anchor: {source: interview, quote: The guests know my name by now}\n",
            "anchor-not-coded",
            15,
            "code this",
        ),
        (
            "codings/interview.yaml",
            "        rationale: The volunteer",
            "        because: The volunteer",
            "unknown-key",
            13,
            "",
        ),
        ("sources/interview.md", "[I02]", "[I01]", "duplicate-id", 5, "rename"),
        (
            "sources/interview.md",
            "week. [@interview2026]",
            "week. [@intervew2026]",
            "unknown-reference",
            5,
            "'interview2026'",
        ),
        ("references.json", '"type": "interview"', '"type": "intervew"', "not-csl-json", 3, "'interview'"),
        ("references.json", '"note":', '"custom": {"marks": ["paid"]}, "note":', "unknown-mark", 3, "company"),
        ("references.json", '"note":', '"nota":', "not-csl-json", 3, "schema"),
        ("references.json", '"id": "interview2026",', '"id": "interview2026"', "broken-json", 4, ""),
    ],
)
def test_a_wrong_word_is_found_with_its_line(study, edit, file, old, new, rule, line, remedy):
    edit(file, old, new)
    if file.startswith("sources/"):
        repin(study)
    found = [f for f in errors(study) if f.rule == rule]
    assert [(f.file, f.line) for f in found] == [(file, line)]
    assert remedy in found[0].mend


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "line"),
    [
        ("propositions.yaml", "about: [P2]", "about: [P9]", "unknown-concept", 15),
        ("propositions.yaml", "case: kitchen", "case: kitschen", "unknown-case", 16),
        ("propositions.yaml", "sources: [interview]", "sources: [intervew]", "unknown-source", 17),
        (
            "propositions.yaml",
            "searches:",
            "questions:\n  - id: Q1\n    about: [pey]\n    question: {en: Why}\nsearches:",
            "unknown-concept",
            15,
        ),
        (
            "codings/interview.yaml",
            "stance: supports",
            "stance: supports\n        replaced_by: no-line",
            "unknown-line",
            12,
        ),
        (
            "codings/interview.yaml",
            "stance: supports",
            "stance: supports\n        also: [{source: intervew, quote: praise}]",
            "unknown-source",
            12,
        ),
        (
            "codebook.yaml",
            "    indicates: feedback\n",
            "    indicates: feedback\n    anchor: {source: intervew, quote: praise}\n",
            "unknown-source",
            15,
        ),
    ],
)
def test_a_name_of_another_record_that_is_nowhere_is_found_in_every_file(study, edit, file, old, new, rule, line):
    edit(file, old, new)
    assert [(f.file, f.line) for f in errors(study) if f.rule == rule] == [(file, line)]


def test_a_settlement_names_a_selective_code(study):
    settled = "{source: interview, paragraph: I01, family: belonging, decision: given, reason: So., coder: me, date: 2026-01-01}"
    (study / "agreement.yaml").write_text(f"settlements:\n  - {settled}\n", "utf-8")
    (found,) = errors(study)
    assert (found.file, found.line, found.message) == ("agreement.yaml", 2, "unknown code 'belonging'")


def test_of_many_findings_of_a_rule_those_that_are_shown_say_how_to_mend_them(study):
    text = "codes:\n" + "".join(
        f"  - {{id: c{n:02}, level: open, label: {{en: C}}, broader: c{n:02}x}}\n" for n in range(SHOWN + 5)
    )
    (study / "codebook.yaml").write_text(text, "utf-8")
    found = [f for f in errors(study) if f.rule == "unknown-code" and f.file == "codebook.yaml"]
    assert [bool(f.mend) for f in found] == [True] * SHOWN + [False] * 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("excerpts: [{source: b}]\nsource: a\n", "a"),
        ("source: a\nexcerpts: [", "a"),
        ("excerpts: [\nsource: a\n", None),
        ("{source: 'a'}", "a"),
        ("source: {source: a}", None),
        ("[source, a]", None),
        ("- source: a", None),
        ("", None),
        ("other: a", None),
    ],
)
def test_the_source_of_a_codings_file_is_read_wherever_it_stands(text, value):
    assert _yaml.peek(text, "source") == value


def test_a_circle_of_broader_codes_is_shown(study, edit):
    edit("codebook.yaml", "    definition: Being seen", "    broader: weekly-feedback\n    definition: Being seen")
    found = errors(study)
    assert {f.rule for f in found} == {"cyclic-broader"}
    assert "recognition -> weekly-feedback -> recognition" in found[0].message


def test_a_source_edited_after_coding_is_refused(study, edit):
    edit("sources/interview.md", "Every Friday", "Every Monday")
    found = {f.rule: f for f in errors(study)}
    assert found["source-edited"].line == 20
    digest = hashlib.sha256((study / "sources/interview.md").read_bytes()).hexdigest()
    assert digest in found["source-edited"].mend
    assert found["quote-not-found"].file == "codings/interview.yaml"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty-file"),
        (b"  \n\t\n", "empty-file"),
        ("Volunteers".encode("utf-16"), "wrong-encoding"),
        ("反馈使志愿者留下".encode("gb2312"), "wrong-encoding"),
        (b"Volunteers\0stay", "nul-byte"),
        (b"x" * (100 * 1024 * 1024 + 1), "file-too-big"),
    ],
    ids=["empty", "blank", "UTF-16", "GB2312", "NUL", "100 MB"],
)
@pytest.mark.parametrize("file", ["sources/theory.txt", "codebook.yaml", "references.json"])
def test_a_file_that_is_no_text_is_refused(study, file, data, rule):
    (study / file).write_bytes(data)
    assert (file, rule) in {(f.file, f.rule) for f in errors(study)}


@pytest.mark.parametrize("file", ["study.yaml", "codebook.yaml", "propositions.yaml"])
def test_a_file_that_is_not_there_is_named(study, file):
    (study / file).unlink()
    assert [(f.file, f.rule) for f in errors(study)] == [(file, "missing-file")]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["BOM", "no BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_byte_order_mark_and_line_ends_shift_no_quote(study, mark, end):
    for name in ("sources/theory.txt", "sources/interview.md"):
        text = (study / name).read_text("utf-8")
        (study / name).write_bytes(mark + text.replace("\n", end).encode())
    repin(study)
    loaded = loader.load(study)
    rules = {f.rule for f in loaded.findings}
    assert ("source-bom" in rules) == bool(mark)
    assert ("source-crlf" in rules) == ("\r" in end)
    assert len(loaded.study.excerpts) == 5
    texts = {s.id: s.text for s in loaded.study.sources}
    assert all(texts[e.source][e.start : e.end] == e.exact for e in loaded.study.excerpts)


def test_everything_wrong_is_said_in_one_run(study, edit):
    edit("codebook.yaml", "indicates: feedback", "indicates: feedbak")
    edit("propositions.yaml", "relation: lengthens", "relation: lenghtens")
    edit("codings/interview.yaml", "codes: [weekly-feedback]", "codes: [nothing]")
    edit("codings/theory.yaml", "Pay has no part", "Pay has a part")
    edit("references.json", '"type": "interview"', '"type": "talk"')
    assert len(errors(study)) >= 5
    assert {f.file for f in errors(study)} >= {
        "codebook.yaml", "propositions.yaml", "codings/interview.yaml", "codings/theory.yaml", "references.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "a: !!python/object/apply:os.system [ls]\n",
        "? [1, 2]\n: 3\n",
        "a: 1\n---\nb: 2\n",
        "- " * 5000 + "1",
        "a: \x07\n",
    ],
    ids=["alias", "tag", "complex key", "two documents", "depth", "control character"],
)
def test_hostile_yaml_is_only_bad_input(study, text):
    (study / "codebook.yaml").write_text(text, "utf-8")
    assert errors(study)


def test_a_study_with_errors_leaves_the_old_graph_readable(study, edit):
    built = build.build(study)
    before = {p.name for p in build.current(study).parent.iterdir()}
    edit("codings/theory.yaml", "Pay has no part", "Pay has a part")
    with pytest.raises(StudyError):
        build.build(study)
    assert {p.name for p in build.current(study).parent.iterdir()} == before
    graph = kg.open(study)
    assert [f.rule for f in graph.errors] == ["quote-not-found"]
    assert graph.ask("what supports feedback").claims[0].state == "contested"
    edit("codings/theory.yaml", "Pay has a part", "Pay has no part")
    assert build.build(study) == built._replace(fresh=False, quads=0)


def test_a_link_out_of_the_folder_is_not_followed(study, tmp_path):
    outside = tmp_path / "codebook.yaml"
    (study / "codebook.yaml").rename(outside)
    (study / "codebook.yaml").symlink_to(outside)
    assert [(f.file, f.rule) for f in errors(study)] == [("codebook.yaml", "outside-study")]


def test_a_paragraph_removed_while_coded_is_an_error_at_its_coding(study, edit):
    edit("sources/interview.md", "[I02] Two of us left although they were praised every week. [@interview2026]\n\n", "")
    repin(study)
    assert [(f.rule, f.file, f.line) for f in errors(study)] == [("quote-not-found", "codings/interview.yaml", 14)]
