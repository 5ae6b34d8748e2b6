"""A study is edited by operations: only the lines of the touched entry change, and each edit can be taken back."""

from __future__ import annotations

import contextlib
import datetime
import difflib
import json
import re
import shutil

import pytest
import strategies
import yaml
from helpers import examples
from hypothesis import event, given, settings
from hypothesis import strategies as st

import kg
from kg import blind, editing, paths
from kg.editing import fixing, journal
from kg.errors import EditRefused, KGError, StudyError, UnknownTerm
from kg.loaders import _yaml_write
from kg.loaders import study as loader
from kg.loaders._yaml_text import YamlText
from kg.store import build

NOW = datetime.datetime(2026, 11, 29, 10, 0, tzinfo=datetime.UTC)
FEEDBACK = "Every Friday the coordinator tells me what went well"


def snapshot(folder):
    """Return the files of a study but for its journal."""
    files = (p for p in folder.rglob("*") if p.is_file())
    names = {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}
    return {name: data for name, data in names.items() if not name.startswith("edits/")}


def do(folder, *operations, by="me", now=NOW):
    return editing.apply(folder, [editing.read(one) for one in operations], by, now)


def diff(before, after):
    """Return the lines that differ, by file, each with its sign."""
    changed = {}
    for name in sorted(before.keys() | after.keys()):
        old, new = (part.get(name, b"").decode().splitlines() for part in (before, after))
        lines = [line for line in difflib.unified_diff(old, new, n=0, lineterm="") if line[:3] not in ("---", "+++")]
        if lines := [line for line in lines if line[:2] != "@@"]:
            changed[name] = lines
    return changed


# ---- YAML as people write it

HOSTILE = """\
# yaml-language-server: $schema=../schema/codings.json
# 为什么 {this: [stays}
source: interview   # its source
coder: 'me'

date: 2026-11-24
excerpts:

  # - a comment that looks like an entry
  - quote: "Tab\\there, and 👍🏽: # no comment"   # but this is
    codes: [a,  b ,c]   # odd blanks
    memo: |
      first line

      # no comment either
    # about the evidence
    evidence:
    - {proposition: P1, "stance": supports,
       strength: weak,  # in the midst
       rationale: 'it''s so'}
  # between
  - {quote: 'in braces', codes: ["a"]}
  -   quote: >-
        folded
        text
      codes:
      - a
      # the last
      - "b"
# the end"""


def changed(text, note):
    file = YamlText(text)
    note(file)
    return file.changed()[0].text


def lines_of(before, after):
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("+ ", "- ")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (lambda f: f.replace(("excerpts", 0, "codes", 1), "z"), ["-     codes: [a,  b ,c]   # odd blanks", "+     codes: [a,  z ,c]   # odd blanks"]),
        (lambda f: f.replace(("excerpts", 2, "codes", 1), "z"), ['-       - "b"', '+       - "z"']),
        (lambda f: f.replace(("coder",), "我"), ["- coder: 'me'", "+ coder: '我'"]),
        (lambda f: f.append(("excerpts", 0, "codes"), ["d"]), ["-     codes: [a,  b ,c]   # odd blanks", "+     codes: [a,  b ,c, d]   # odd blanks"]),
        (lambda f: f.append(("excerpts", 2, "codes"), ["d: e"]), ['+       - "d: e"']),
        (lambda f: f.set(("excerpts", 1), {"memo": "so, [it] is"}), ["-   - {quote: 'in braces', codes: [\"a\"]}", "+   - {quote: 'in braces', codes: [\"a\"], memo: \"so, [it] is\"}"]),
        (lambda f: f.set(("excerpts", 2), {"quote": "New: text"}), ["-   -   quote: >-", "-         folded", "-         text", '+   -   quote: "New: text"']),
        (lambda f: f.set(("excerpts", 0), {"memo": None}), ["-     memo: |", "-       first line", "- ", "-       # no comment either"]),
        (lambda f: f.remove(("excerpts", 1)), ["-   - {quote: 'in braces', codes: [\"a\"]}"]),
        (lambda f: f.remove(("excerpts", 2)), ["-   -   quote: >-", "-         folded", "-         text", "-       codes:", "-       - a", "-       # the last", '-       - "b"']),
        (lambda f: f.append(("excerpts", 0, "evidence"), [{"proposition": "P2"}]), ["+     - {proposition: P2}"]),
        (lambda f: f.set(("excerpts", 0, "evidence", 0), {"rationale": "it's 'not'"}), ["-        rationale: 'it''s so'}", "+        rationale: 'it''s ''not'''}"]),
        (lambda f: f.append(("excerpts",), [{"quote": "新：的 text, so", "codes": ["a"]}]), ["+   - quote: 新：的 text, so", "+     codes: [a]"]),
    ],
)  # fmt: skip
def test_a_change_touches_its_own_lines_in_the_style_of_the_file(note, expected, end):
    text = HOSTILE.replace("\n", end)
    after = changed(text, note)
    assert sorted(lines_of(text, after)) == sorted(expected)
    assert after.count("\r") == (after.count("\n") if end == "\r\n" else 0)
    assert after.endswith("# the end")


def test_a_value_behind_an_anchor_is_not_changed_and_aliases_are_refused():
    with pytest.raises(ValueError, match="surely"):
        changed("a: &x b\n", lambda f: f.replace(("a",), "c"))
    with pytest.raises(ValueError, match="aliases"):
        changed("a: &x b\nc: *x\n", lambda f: f.replace(("c",), "d"))


def test_a_file_without_a_last_line_end_gets_none():
    assert changed("of:\n  - id: a", lambda f: f.append(("of",), [{"id": "b"}])) == "of:\n  - id: a\n  - id: b"
    assert changed("of: []", lambda f: f.append(("of",), [{"id": "b"}])) == "of:\n  - id: b"


TEXTS = st.text("aZ é中👍🏽'\"\\`{}[]$,:#.-?!&*|>%@~=\t\n\r\u0301\u2028\ufeff0", max_size=12) | st.sampled_from(
    ["null", "yes", "~", "2026-01-02", "1e3", "a: b", "a #b", "- a", "''", "a\n\nb", " a", "a ", ":", "?"]
)
IDS = st.sampled_from(["a", "b-1", "代码", "x.y"])


@st.composite
def documents(draw):
    """Draw a file of entries as a person may have written it, and its values."""
    entry = st.fixed_dictionaries(
        {"id": IDS},
        optional={"memo": TEXTS, "codes": st.lists(IDS, max_size=3), "label": st.fixed_dictionaries({"en": TEXTS})},
    )
    entries = draw(st.lists(entry, min_size=1, max_size=4))
    style = draw(st.sampled_from(["lines", "braces", "yaml", "wide"]))
    value = {"source": "s", "of": entries, "end": draw(TEXTS)}
    if style == "lines":
        text = _yaml_write.dump(value)
    elif style == "braces":
        text = strategies.as_yaml(value)
    else:
        text = yaml.safe_dump(
            value, allow_unicode=True, sort_keys=False, indent=2, width=20 if style == "wide" else 200
        )
    if draw(st.booleans()):
        text = re.sub(r"(?m)^(  - |- )", lambda found: f"  # 注 {{\n{found[1]}", text)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text, entries, style


@given(documents(), st.data())
def test_any_change_reads_as_meant_or_is_refused_and_its_splices_lead_back(drawn, data):
    text, entries, style = drawn
    file = YamlText(text)
    number = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[number]
    kinds = ["add", "append", "remove"] + ["codes"] * bool(entry.get("codes")) + ["drop"] * (len(entry) > 1)
    kind = data.draw(st.sampled_from(kinds))
    expected = yaml.load(text, Loader=yaml.CBaseLoader)
    at = expected["of"][number]
    if kind == "add":
        values = data.draw(st.fixed_dictionaries({}, optional={"memo": TEXTS, "note": TEXTS, "codes": st.lists(IDS)}))
        note = lambda: file.set(("of", number), values)  # noqa: E731
        at.update(values)
    elif kind == "append":
        items = [{"id": "n", "memo": data.draw(TEXTS), "of": [{"a": data.draw(TEXTS)}]}]
        note = lambda: file.append(("of",), items)  # noqa: E731
        expected["of"] += items
    elif kind == "codes":
        note = lambda: file.append(("of", number, "codes"), ["z"])  # noqa: E731
        at["codes"].append("z")
    elif kind == "drop":
        key = data.draw(st.sampled_from([key for key in entry if key != "id"]))
        note = lambda: file.set(("of", number), {key: None})  # noqa: E731
        del at[key]
    else:
        note = lambda: file.remove(("of", number))  # noqa: E731
        del expected["of"][number]
    try:
        note()
        after, splices = file.changed()
    except ValueError:
        assert style in ("yaml", "wide")
        return
    assert yaml.load(after.text, Loader=yaml.CBaseLoader) == expected
    back, shift = after.text, 0
    for splice in splices:
        start = splice.start + shift
        assert back.startswith(splice.text, start)
        back = back[:start] + text[splice.start : splice.end] + back[start + len(splice.text) :]
    assert back == text
    assert after.text.count("# 注 {") == text.count("# 注 {") or kind in ("remove", "drop")


# ---- Operations on a study that people wrote


@pytest.fixture
def dart_copy(tmp_path):
    folder = tmp_path / "dart"
    shutil.copytree(paths.shipped("seeds") / "dart", folder)
    return folder


QUOTE = "newcomers to a trade, free of its rules"
ON_DART = [
    ({"do": "code", "source": "afu", "quote": QUOTE, "codes": ["trust"], "memo": "A note."}, {"codings/afu.yaml": 4}),
    ({"do": "evidence", "source": "afu", "quote": QUOTE, "claim": "P18", "stance": "opposes", "strength": "weak", "reason": "So."}, {"codings/afu.yaml": 8}),
    ({"do": "assert", "source": "abstract", "quote": "This part mainly determines three enterprises", "claims": ["P01"]}, {"codings/abstract.yaml": 3}),
    ({"do": "end", "line": "line-b8ec65d5fe", "reason": "It says so of another."}, {"codings/haier.yaml": 3}),
    ({"do": "read", "line": "line-b8ec65d5fe", "stance": "supports", "strength": "weak", "reason": "R.", "settles": True}, {"readings/haier-settled.yaml": 6}),
    ({"do": "rename", "kind": "code", "id": "trust", "to": "confidence"}, {"codebook.yaml": 2, "codings/abstract.yaml": 2}),
    ({"do": "rename", "kind": "proposition", "id": "P18", "to": "P18b"}, {"propositions.yaml": 6, "codings/abstract.yaml": 2}),
    ({"do": "rename", "kind": "line", "id": "line-b8ec65d5fe", "to": "heat-1"}, {"codings/haier.yaml": 2, "readings/haier.yaml": 2}),
    ({"do": "edit", "kind": "code", "id": "trust", "values": {"definition": "What is said of trust."}}, {"codebook.yaml": 2}),
    ({"do": "edit", "kind": "code", "id": "trust", "values": {"broader": None}}, {"codebook.yaml": 1}),
    ({"do": "edit", "kind": "line", "id": "line-b8ec65d5fe", "values": {"strength": "weak"}}, {"codings/haier.yaml": 2}),
    ({"do": "add", "kind": "case", "record": {"id": "lego", "label": {"en": "Lego", "zh": "乐高"}}}, {"study.yaml": 2}),
    ({"do": "add", "kind": "proposition", "record": {"id": "P99", "statement": {"en": "It is."}, "subject": "dialogue", "relation": "has-branch", "object": "access"}}, {"propositions.yaml": 5}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "lines"), ON_DART, ids=lambda one: one.get("do", "") if isinstance(one, dict) else ""
)
def test_an_operation_changes_the_lines_of_its_entries_and_undo_gives_the_bytes_back(dart_copy, operation, lines):
    before = snapshot(dart_copy)
    outcome = do(dart_copy, operation, by="dart-kg")
    after = snapshot(dart_copy)
    at_most = {name: len(changed) for name, changed in diff(before, after).items()}
    assert {name: at_most.get(name, 0) <= number for name, number in lines.items()} == dict.fromkeys(lines, True)
    assert set(lines) <= set(at_most)
    assert outcome.entry.by == "dart-kg"
    assert not [f for f in loader.load(dart_copy).findings if f.severity == "error"]
    editing.undo(dart_copy, "dart-kg", NOW)
    assert snapshot(dart_copy) == before
    editing.redo(dart_copy, "dart-kg", NOW)
    assert snapshot(dart_copy) == after


def test_values_of_attributes_are_written_as_a_person_writes_them_and_numbers_stand_without_quotes(study):
    kinds = ("integer", "decimal", "boolean", "date", "text")
    attributes = "".join(f"  - {{id: {kind}, type: {kind}, label: {{en: {kind}}}}}\n" for kind in kinds)
    file = study / "study.yaml"
    file.write_text(file.read_text("utf-8") + "attributes:\n" + attributes, "utf-8")
    values = {"integer": "12", "decimal": "1.50", "boolean": "true", "date": "2026-11-29", "text": "12"}
    do(study, {"do": "edit", "kind": "case", "id": "kitchen", "values": {"attributes": values}})
    written = '{integer: 12, decimal: 1.50, boolean: true, date: 2026-11-29, text: "12"}'
    assert f"attributes: {written}" in file.read_text("utf-8")
    do(study, {"do": "add", "kind": "case", "record": {"id": "bar", "label": {"en": "Bar"}, "attributes": values}})
    before = file.read_bytes()
    do(study, {"do": "edit", "kind": "case", "id": "bar", "values": {"attributes": values}})
    assert file.read_bytes() == before


@pytest.mark.parametrize("value", ["012", "+4", "twelve", ""])
def test_what_is_no_plain_number_is_kept_as_it_was_typed(study, value):
    file = study / "study.yaml"
    file.write_text(
        f"{file.read_text('utf-8')}attributes:\n  - {{id: size, type: integer, label: {{en: Size}}}}\n", "utf-8"
    )
    edit = {"do": "edit", "kind": "case", "id": "kitchen", "values": {"attributes": {"size": value}}}
    if value in ("twelve", ""):
        with pytest.raises(StudyError):
            do(study, edit)
    else:
        do(study, edit)
        assert f'size: "{value}"' in file.read_text("utf-8")


def test_codes_are_merged_and_the_study_builds(dart_copy):
    before = snapshot(dart_copy)
    do(dart_copy, {"do": "merge", "codes": ["platform", "demand"], "into": "trust"}, by="dart-kg")
    study = loader.load(dart_copy).study
    assert {"platform", "demand"}.isdisjoint(code.id for code in study.codes)
    assert [line for line in diff(before, snapshot(dart_copy))["codings/abstract.yaml"] if line[0] == "+"] == [
        "+    codes: [trust, proposition-agreed]",
        "+    codes: [trust, promotion-stage]",
    ]
    editing.undo(dart_copy, "dart-kg", NOW)
    assert snapshot(dart_copy) == before


def test_a_code_is_split(study):
    text = (study / "sources/interview.md").read_text("utf-8")
    start = text.index("Two of us")
    passage = f"interview:{start}-{text.index('every week.') + len('every week.')}"
    do(
        study,
        {
            "do": "add",
            "kind": "code",
            "record": {"id": "in-vain", "level": "open", "label": {"en": "In vain"}, "definition": "D."},
        },
        {"do": "split", "code": "weekly-feedback", "into": "in-vain", "passages": [passage]},
    )
    codings = {coding.excerpt: coding.code for coding in loader.load(study).study.codings}
    assert codings[passage] == "in-vain"
    assert sorted(codings.values()) == ["belonging", "in-vain", "weekly-feedback"]


def test_a_coder_without_a_file_gets_one_which_undo_removes(study):
    do(study, {"do": "add", "kind": "coder", "record": {"id": "你", "name": "You"}})
    assert "  - {id: 你, name: You}\n" in (study / "study.yaml").read_text("utf-8")
    before = snapshot(study)
    do(study, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]}, by="你")
    assert (study / "codings/你-interview.yaml").read_text("utf-8") == (
        "# yaml-language-server: $schema=../schema/codings.json\nsource: interview\ncoder: 你\ndate: 2026-11-29\n"
        f"excerpts:\n  - quote: {FEEDBACK}\n    codes: [belonging]\n"
    )
    editing.undo(study, "你", NOW)
    assert snapshot(study) == before
    editing.redo(study, "你", NOW)
    assert (study / "codings/你-interview.yaml").exists()


def test_a_passage_that_stands_twice_is_told_apart_by_its_place(study, edit):
    source = study / "sources/theory.txt"
    source.write_text(
        "Pay has no part in it. Volunteers who get regular feedback stay longer. Pay has no part in it.\n", "utf-8"
    )
    (study / "codings/theory.yaml").unlink()
    do(study, {"do": "pin", "source": "theory"})
    act = {"do": "code", "source": "theory", "quote": "Pay has no part in it.", "codes": ["belonging"]}
    with pytest.raises(StudyError, match="2 times"):
        do(study, act)
    do(study, act | {"start": 71, "end": 94})
    assert [e.start for e in loader.load(study).study.excerpts if e.source == "theory"] == [72]
    with pytest.raises(StudyError, match="other words"):
        do(study, act | {"start": 70, "end": 94})


def test_a_passage_is_widened_with_all_that_is_said_of_it(study):
    quote = "Two of us left although they were praised every week."
    do(study, {"do": "reach", "source": "interview", "quote": quote, "to": "Two of us left"})
    text = (study / "codings/interview.yaml").read_text("utf-8")
    assert "  - quote: Two of us left\n    codes: [weekly-feedback]\n" in text
    records = loader.load(study).study
    (line,) = [line for line in records.lines if line.stance == "opposes"]
    assert {e.id: e.exact for e in records.excerpts}[line.excerpts[0]] == "Two of us left"


def test_an_evidence_line_rests_on_further_passages_of_other_sources(dart_copy):
    further = {"source": "xiaomi", "quote": "Xiaomi promised to answer"}
    text = (dart_copy / "sources/xiaomi.md").read_text("utf-8")
    paragraph = next(one for one in text.split("\n\n")[2:] if one.startswith("["))
    further["quote"] = " ".join(paragraph.split()[1:6])
    act = {
        "do": "evidence",
        "source": "afu",
        "quote": QUOTE,
        "claim": "P18",
        "stance": "opposes",
        "strength": "weak",
        "reason": "So.",
    }
    do(dart_copy, act | {"also": [further]}, by="dart-kg")
    (line,) = [line for line in loader.load(dart_copy).study.lines if line.rationale == "So."]
    assert [one.split(":")[0] for one in line.excerpts] == ["afu", "xiaomi"]


# ---- What is refused


@pytest.mark.parametrize(
    ("operation", "error", "said"),
    [
        ({"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belongin"]}, StudyError, "did you mean 'belonging'"),
        ({"do": "code", "source": "intervew", "quote": FEEDBACK, "codes": ["belonging"]}, UnknownTerm, "'interview'"),
        ({"do": "code", "source": "interview", "quote": "Every Friday the co-ordinator tells", "codes": ["belonging"]}, StudyError, "not in the source"),
        ({"do": "evidence", "source": "theory", "quote": "Pay has no part in it.", "claim": "P1", "stance": "supports", "strength": "weak", "reason": "R"}, StudyError, "asserts"),
        ({"do": "rename", "kind": "code", "id": "belonging", "to": "recognition"}, EditRefused, "merge"),
        ({"do": "retire", "kind": "code", "id": "belonging"}, EditRefused, "1 place in 1 file"),
        ({"do": "retire", "kind": "coder", "id": "me"}, EditRefused, "codings/interview.yaml:3"),
        ({"do": "edit", "kind": "proposition", "id": "P1", "values": {"subject": "feedbak"}}, StudyError, "did you mean 'feedback'"),
        ({"do": "edit", "kind": "proposition", "id": "P1", "values": {"scope": "x"}, "was": {"subject": "pay"}}, EditRefused, "meanwhile"),
        ({"do": "add", "kind": "code", "record": {"id": "x", "level": "opn", "label": {"en": "X"}}}, StudyError, "none of 'open'"),
        ({"do": "add", "kind": "case", "record": {"id": "kitchen", "label": {"en": "X"}}}, EditRefused, "already"),
        ({"do": "end", "line": "L9", "reason": "R"}, UnknownTerm, "L9"),
        ({"do": "memo", "source": "interview", "quote": FEEDBACK, "memo": ""}, EditRefused, "no memo of 'me'"),
        ({"do": "confirm", "address": "interview:1"}, EditRefused, "not confirmed"),
        ({"do": "confirm", "address": "../study:1"}, EditRefused, "not confirmed"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_mend_and_nothing_is_written(study, operation, error, said):
    before = snapshot(study)
    with pytest.raises(error, match=re.escape(said)):
        do(study, operation)
    assert snapshot(study) == before
    assert not (study / "edits").exists()


BROKEN = [
    "",
    "[]",
    "3",
    "a: [",
    "a: &x 1\nb: *x\n",
    "source: interview\nexcerpts: 3\n",
    "source: interview\nexcerpts: [a]\n",
    "a: 1\na: 2\n",
]


@pytest.mark.parametrize("name", ["study.yaml", "codebook.yaml", "propositions.yaml", "codings/interview.yaml"])
@pytest.mark.parametrize("content", [*BROKEN, None, b"\xff"])
def test_in_a_study_with_a_broken_file_an_edit_is_made_or_refused_in_words(study, name, content):
    if content is None:
        (study / name).unlink()
    else:
        (study / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for operation in (
        {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]},
        {"do": "rename", "kind": "code", "id": "belonging", "to": "home"},
        {"do": "merge", "codes": ["belonging"], "into": "recognition"},
        {"do": "retire", "kind": "case", "id": "kitchen"},
        {"do": "end", "line": "line-9a21dd3463", "reason": "R"},
        {"do": "confirm", "address": "interview:1"},
        {"do": "pin", "source": "theory"},
        {"do": "upgrade"},
    ):
        before = snapshot(study)
        try:
            do(study, operation)
        except KGError:
            assert snapshot(study) == before
    with contextlib.suppress(KGError):
        fixing.fixes(study)


@pytest.mark.parametrize(
    "entry",
    [
        "{quote: 3}",
        "{}",
        "{quote: [a]}",
        "{quote: a, codes: b}",
        "{quote: a, evidence: [b]}",
        "{quote: a, evidence: {id: b}}",
        "{quote: a, start: x}",
    ],
)
def test_among_broken_entries_an_edit_is_made_or_refused_in_words(study, entry):
    codings = study / "codings/interview.yaml"
    codings.write_text(codings.read_text("utf-8") + f"  - {entry}\n", "utf-8")
    for operation in (
        {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]},
        {
            "do": "evidence",
            "source": "interview",
            "quote": FEEDBACK,
            "claim": "P1",
            "stance": "supports",
            "strength": "weak",
            "reason": "R",
        },
        {"do": "rename", "kind": "code", "id": "belonging", "to": "home"},
        {"do": "merge", "codes": ["belonging"], "into": "recognition"},
        {"do": "end", "line": "b", "reason": "R"},
        {"do": "confirm", "address": "interview:4"},
        {"do": "upgrade"},
    ):
        before = snapshot(study)
        try:
            do(study, operation)
        except KGError:
            assert snapshot(study) == before


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"do": "cod"},
        {"do": "code"},
        {"do": "rename", "kind": "x", "id": "a", "to": "b"},
        {"do": "pin", "source": "a", "b": 1},
    ],
)
def test_what_is_no_operation_is_refused(values):
    with pytest.raises(EditRefused):
        editing.read(values)


def test_an_error_that_is_there_already_does_not_stand_against_an_edit(study, edit):
    edit("codings/theory.yaml", "Pay has no part", "Pay has a part")
    do(study, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]})
    with pytest.raises(StudyError, match="unknown-code"):
        do(study, {"do": "code", "source": "interview", "quote": "The guests know my name", "codes": ["x"]})


@pytest.mark.parametrize("broken", [b"<<<<<<< HEAD\n", b'{"number": 1}\n', b"\xff\n", b"[]\n"])
def test_a_journal_that_cannot_be_read_is_said_and_left_as_it_is(study, broken):
    do(study, {"do": "rename", "kind": "code", "id": "belonging", "to": "home"})
    (file,) = (study / "edits").iterdir()
    file.write_bytes(file.read_bytes() + broken)
    before = snapshot(study)
    for act in (
        lambda: do(study, {"do": "pin", "source": "theory"}, {"do": "rename", "kind": "code", "id": "home", "to": "x"}),
        lambda: editing.undo(study, "me", NOW),
    ):
        with pytest.raises(KGError, match="journal"):
            act()
    assert snapshot(study) == before
    file.unlink()
    do(study, {"do": "rename", "kind": "code", "id": "home", "to": "x"})
    assert editing.undo(study, "me", NOW).entry.number == 2


def test_edits_of_two_months_are_undone_in_their_order(study):
    before = snapshot(study)
    for number, month in enumerate((9, 10, 12)):
        now = NOW.replace(month=month)
        do(study, {"do": "edit", "kind": "code", "id": "belonging", "values": {"definition": f"D{number}."}}, now=now)
    assert len(list((study / "edits").iterdir())) == 3
    for _ in range(3):
        editing.undo(study, "me", NOW.replace(month=12))
    assert snapshot(study) == before


def test_who_edits_must_be_a_coder_of_the_study(study):
    with pytest.raises(UnknownTerm, match="'me'"):
        do(study, {"do": "rename", "kind": "code", "id": "belonging", "to": "home"}, by="mee")


def test_each_operation_reads_the_same_from_the_journal(dart_copy):
    for operation, _ in ON_DART[:5]:
        do(dart_copy, operation, by="dart-kg")
    entries = journal.read(dart_copy, "dart-kg")
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    for entry, (operation, _) in zip(entries, ON_DART, strict=False):
        (stored,) = entry.operations
        assert editing.read(stored).model_dump(mode="json", exclude_none=True) == stored
        assert operation.items() <= json.loads(json.dumps(stored)).items()


def test_an_error_that_was_mended_may_come_back_when_that_is_undone(study, edit):
    edit("codings/interview.yaml", "Two of us left although", "Two of us left, though")
    edit("study.yaml", "6a9cefdc", "00000000")
    before = snapshot(study)
    do(study, {"do": "confirm", "address": "interview:2"})
    do(study, {"do": "pin", "source": "interview"})
    after = snapshot(study)
    assert len(loader.load(study).study.lines) == 2
    editing.undo(study, "me", NOW)
    editing.undo(study, "me", NOW)
    assert snapshot(study) == before
    editing.redo(study, "me", NOW)
    editing.redo(study, "me", NOW)
    assert snapshot(study) == after
    editing.undo(study, "me", NOW)


# ---- Any sequence of operations and undos


@st.composite
def written_by_people(draw):
    """Draw a study whose files are in lines or braces, with comments, CRLF, byte order marks or no last line end."""
    made = draw(strategies.files())
    for name in [name for name in made if name.endswith(".yaml")]:
        content = {key: json.loads(part) for key, part in (line.split(": ", 1) for line in made[name].splitlines())}
        if draw(st.booleans()):
            made[name] = re.sub(
                r"(?m)$",
                lambda _: draw(st.sampled_from(["", "", "", "  # 注: {"])),
                _yaml_write.dump(content).rstrip("\n"),
            )
            made[name] += draw(st.sampled_from(["\n", "", "\n# end"]))
        if draw(st.booleans()):
            made[name] = made[name].replace("\n", "\r\n")
        if draw(st.booleans()):
            made[name] = "\ufeff" + made[name]
    return made


def some_operation(draw, folder):
    """Draw an operation that may be possible in a study."""
    study = loader.load(folder).study
    pick = lambda some: draw(st.sampled_from(sorted(some))) if some else "none"  # noqa: E731
    codes, claims, lines = ([one.id for one in some] for some in (study.codes, study.propositions, study.lines))
    source = draw(st.sampled_from([s for s in study.sources if s.body]))
    paragraph = draw(st.sampled_from(source.body))
    start = draw(st.integers(paragraph.start, paragraph.end - 1))
    end = draw(st.integers(start + 1, paragraph.end))
    passage = {"source": source.id, "quote": source.text[start:end], "start": start, "end": end}
    own = [e for e in study.excerpts if e.source == source.id]
    if own and draw(st.booleans()):
        excerpt = draw(st.sampled_from(own))
        passage = {"source": source.id, "quote": excerpt.exact, "start": excerpt.start, "end": excerpt.end}
    kind = draw(st.sampled_from(["code", "proposition", "concept", "source", "case", "coder", "relation"]))
    there = {
        "code": codes, "proposition": claims, "concept": [c.id for c in study.concepts], "case": [c.id for c in study.cases],
        "source": [s.id for s in study.sources], "coder": [c.id for c in study.coders], "relation": [r.id for r in study.relations],
    }[kind]  # fmt: skip
    label = {"en": draw(strategies.WORDS)}
    return draw(
        st.sampled_from(
            [
                passage | {"do": "code", "codes": [pick(codes)], "memo": draw(st.just("") | strategies.WORDS)},
                passage | {"do": "uncode"},
                passage | {"do": "evidence", "claim": pick(claims), "stance": "opposes", "strength": "weak", "reason": draw(strategies.WORDS)},
                passage | {"do": "assert", "claims": [pick(claims)]},
                passage | {"do": "reach", "to": source.text[paragraph.start : end], "to_start": paragraph.start, "to_end": end},
                passage | {"do": "memo", "memo": draw(st.just("") | strategies.WORDS)},
                {"do": "end", "line": pick(lines), "reason": draw(strategies.WORDS)},
                {"do": "read", "line": pick(lines), "stance": "supports", "strength": "weak", "reason": "r", "settles": draw(st.booleans())},
                {"do": "rename", "kind": kind, "id": pick(there), "to": draw(st.sampled_from(["new", "新", "x.y"]))},
                {"do": "rename", "kind": "line", "id": pick(lines), "to": "新-line"},
                {"do": "merge", "codes": [pick(codes)], "into": pick(codes)},
                {"do": "split", "code": pick(codes), "into": pick(codes), "passages": [pick([e.id for e in study.excerpts])]},
                {"do": "retire", "kind": kind, "id": pick(there)},
                {"do": "add", "kind": "code", "record": {"id": "added", "level": "open", "label": label}},
                {"do": "add", "kind": "concept", "record": {"id": "added", "label": label}},
                {"do": "add", "kind": "case", "record": {"id": "added", "label": label}},
                {"do": "edit", "kind": "code", "id": pick(codes), "values": {"definition": draw(st.none() | strategies.WORDS)}},
                {"do": "edit", "kind": "proposition", "id": pick(claims), "values": {"statement": label}},
                {"do": "edit", "kind": "code", "id": pick(codes), "values": {"broader": pick(codes)}},
            ]
        )
    )  # fmt: skip


@settings(max_examples=examples(25))
@given(written_by_people(), st.data())
def test_any_sequence_of_operations_and_undos_builds_and_undoing_all_gives_the_bytes_back(tmp_path_factory, made, data):
    folder = strategies.write(tmp_path_factory.mktemp("edited") / "s", made)
    before = snapshot(folder)
    order = []
    for _ in range(data.draw(st.integers(1, 6))):
        by = data.draw(st.sampled_from(["me", "me", "you"]))
        act = data.draw(st.sampled_from(["do", "do", "do", "undo", "redo"]))
        try:
            if act == "do":
                operation = some_operation(data.draw, folder)
                outcome = do(folder, operation, by=by)
                event(f"{operation['do']}: {'done' if outcome.entry else 'nothing to do'}")
            else:
                outcome = getattr(editing, act)(folder, by, NOW)
                event(f"{act}: done")
        except KGError as e:
            event(f"{operation['do'] if act == 'do' else act}: {type(e).__name__}")
            loader.load(folder)
            continue
        if outcome.entry:
            order.append((by, outcome.entry.number))
        loader.load(folder)
    # The latest of what is not undone first, whoever did it.
    while True:
        tops = [(order.index((by, done[-1].number)), by) for by in ("me", "you") if (done := stack(folder, by).done)]
        if not tops:
            break
        editing.undo(folder, max(tops)[1], NOW)
        loader.load(folder)
    assert snapshot(folder) == before


def stack(folder, by):
    return journal.stack(journal.read(folder, by))


def test_an_evidence_line_does_not_get_the_id_of_another(dart_copy):
    first, second = re.findall(r"id: (line-\w+)", (dart_copy / "codings/haier.yaml").read_text("utf-8"))[:2]
    with pytest.raises(EditRefused, match=f"'{second}' is there already"):
        do(dart_copy, {"do": "rename", "kind": "line", "id": first, "to": second}, by="dart-kg")


# ---- Others who write meanwhile


def test_a_codings_file_that_another_program_gave_to_another_source_is_read_again(study, monkeypatch):
    from kg import inputs
    from kg.editing.files import Files

    # What was written just now is remembered, too, which else waits until two changes cannot have one time.
    monkeypatch.setattr(inputs, "GRANULARITY", 0)
    path, read = study / "codings/interview.yaml", []
    monkeypatch.setattr(Files, "read", lambda files, name, read_=Files.read: (read.append(name), read_(files, name))[1])
    assert [Files(study).source_of("codings/interview.yaml") for _ in range(3)] == ["interview"] * 3
    assert read == ["codings/interview.yaml"]
    assert Files(study).of_source("codings", "interview") == ["codings/interview.yaml"]
    path.write_text(path.read_text("utf-8").replace("source: interview", "source: ancestors", 1), "utf-8")
    assert Files(study).source_of("codings/interview.yaml") == "ancestors"
    assert Files(study).of_source("codings", "interview") == []


@settings(max_examples=examples(25))
@given(written_by_people(), st.data())
def test_what_is_written_by_hand_between_edits_and_undos_stays(tmp_path_factory, made, data):
    folder = strategies.write(tmp_path_factory.mktemp("hand") / "s", made)
    written = []
    for number in range(data.draw(st.integers(2, 8))):
        act = data.draw(st.sampled_from(["do", "do", "hand", "undo", "redo"]))
        if act == "hand":
            file = data.draw(st.sampled_from(sorted(p for p in folder.rglob("*.yaml"))))
            text = file.read_bytes().decode()
            mark, line = f"# by hand {number}", data.draw(st.integers(0, 3))
            lines = text.split("\n")
            # In front of a key at the top of the file, where a comment may stand.
            places = [at for at, one in enumerate(lines) if re.match(r"\w+:", one)] or [0]
            lines.insert(places[line % len(places)], mark + "\r" * ("\r\n" in text))
            file.write_bytes("\n".join(lines).encode())
            written.append((file, mark))
            loader.load(folder)
            continue
        try:
            if act == "do":
                do(folder, some_operation(data.draw, folder))
            else:
                getattr(editing, act)(folder, "me", NOW)
        except KGError as e:
            event(f"{act}: {str(e)[:25] if act == 'undo' else type(e).__name__}")
        else:
            event(f"{act}: done")
        loader.load(folder)
        for file, mark in written:
            assert mark in file.read_bytes().decode()


def test_a_memo_of_a_passage_without_a_code_is_kept_and_goes_with_the_code_it_gets(study):
    before = snapshot(study)
    memo = {"do": "memo", "source": "interview", "quote": FEEDBACK, "memo": "A rival reason."}

    def stored():
        entries = yaml.safe_load((study / "codings/interview.yaml").read_text("utf-8"))["excerpts"]
        return [(one.get("codes"), one["memo"]) for one in entries if one["quote"] == FEEDBACK]

    findings = do(study, memo).findings
    assert [one.rule for one in findings] == ["memo-without-code"]
    assert stored() == [(None, "A rival reason.")]
    do(study, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]})
    assert stored() == [(["belonging"], "A rival reason.")]
    editing.undo(study, "me", NOW)
    # Of an entry that says nothing else, nothing is left when its memo is removed.
    do(study, memo | {"memo": ""})
    assert stored() == []
    after = snapshot(study)
    assert {name: after[name] for name in before} == before


def test_a_line_without_an_id_is_read_by_the_one_that_the_build_gives_it_which_is_written_down(study):
    file = study / "codings/interview.yaml"
    text = file.read_text("utf-8")
    bare = re.sub(r"(?m)^\s+id: line-\w+\n", "", re.sub(r"id: line-\w+, ", "", text))
    bare = re.sub(r"- id: line-\w+\n\s+", "- ", bare)
    assert "id: line-" not in bare
    file.write_text(bare, "utf-8")
    do(study, {"do": "add", "kind": "coder", "record": {"id": "you", "name": "You"}})
    kg.open(study)
    unread = blind.unread(kg.open(study), "you")
    assert len(unread) >= 2
    for one in unread:
        do(study, {"do": "read", "line": one.line, "stance": "irrelevant"}, by="you")
    kg.open(study)
    assert blind.unread(kg.open(study), "you") == []
    assert all(f"id: {one.line}" in file.read_text("utf-8") for one in unread)
    with pytest.raises(UnknownTerm):
        do(study, {"do": "read", "line": "line-0000000000", "stance": "irrelevant"}, by="you")


def test_an_editor_that_changed_another_entry_keeps_its_change_when_an_edit_is_undone(study, edit):
    do(study, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"], "memo": "Mine."})
    do(study, {"do": "edit", "kind": "code", "id": "belonging", "values": {"definition": "New."}})
    edit("codings/interview.yaml", "Praise alone was not enough here.", "Praise alone, written by hand.")
    edit("codebook.yaml", "  - id: recognition\n", "  # by hand\n  - id: recognition\n")
    editing.undo(study, "me", NOW)
    editing.undo(study, "me", NOW)
    codings = (study / "codings/interview.yaml").read_text("utf-8")
    assert "Mine." not in codings
    assert "written by hand" in codings
    assert "  # by hand\n" in (study / "codebook.yaml").read_text("utf-8")
    assert "Being known by the guests." in (study / "codebook.yaml").read_text("utf-8")
    editing.redo(study, "me", NOW)
    editing.redo(study, "me", NOW)
    assert "Mine." in (study / "codings/interview.yaml").read_text("utf-8")
    assert "written by hand" in (study / "codings/interview.yaml").read_text("utf-8")


def test_an_edit_of_an_entry_that_was_changed_since_is_not_undone_but_shown(study, edit):
    do(study, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"], "memo": "Mine."})
    edit("codings/interview.yaml", "Mine.", "Mine, corrected by hand.")
    before = snapshot(study)
    with pytest.raises(EditRefused, match="changed again since"):
        editing.undo(study, "me", NOW)
    assert snapshot(study) == before


def test_an_undo_that_would_break_what_another_did_since_is_refused(study):
    do(study, {"do": "add", "kind": "coder", "record": {"id": "you", "name": "You"}})
    do(
        study,
        {
            "do": "add",
            "kind": "code",
            "record": {"id": "late", "level": "open", "label": {"en": "Late"}, "definition": "D"},
        },
    )
    do(study, {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["late"]}, by="you")
    with pytest.raises(StudyError, match="unknown code 'late'"):
        editing.undo(study, "me", NOW)


def test_an_edit_is_worked_out_again_when_a_file_changes_in_the_midst(study, monkeypatch):
    from kg.editing import checking

    check, times = checking.check, []

    def meanwhile(files, **options):
        if not times:
            path = study / "codings/interview.yaml"
            path.write_text(path.read_text("utf-8").replace("by now, so", "by now; so") + "# by hand\n", "utf-8")
        times.append(1)
        return check(files, **options) if len(times) > 1 else checking.Checked(())

    monkeypatch.setattr(checking, "check", meanwhile)
    (study / "sources/interview.md").write_text(
        (study / "sources/interview.md").read_text("utf-8").replace("by now, so", "by now; so"), "utf-8"
    )
    do(
        study,
        {"do": "pin", "source": "interview"},
        {"do": "code", "source": "interview", "quote": FEEDBACK, "codes": ["belonging"]},
    )
    text = (study / "codings/interview.yaml").read_text("utf-8")
    assert len(times) == 2
    assert "by now; so" in text
    assert "# by hand" in text
    assert FEEDBACK in text
    build.build(study)


def test_who_has_read_a_source_whole_stands_in_a_codings_file_and_is_undone(study):
    from kg.editing.coding import finished
    from kg.editing.files import Files

    before = {path: path.read_bytes() for path in sorted(study.glob("codings/*"))}
    edit = editing.read({"do": "finish", "source": "interview"})
    assert finished(Files(study), "interview") == set()
    assert editing.apply(study, [edit], "me", NOW).entry.said == "me has read interview whole"
    assert finished(Files(study), "interview") == {"me"}
    assert "whole: true\n" in (study / "codings/interview.yaml").read_text("utf-8")
    assert kg.open(study).query("read-whole").dicts() == [{"source": "interview", "coder": "me"}]
    assert editing.apply(study, [edit], "me", NOW).entry is None
    editing.undo(study, "me", NOW)
    assert {path: path.read_bytes() for path in sorted(study.glob("codings/*"))} == before
