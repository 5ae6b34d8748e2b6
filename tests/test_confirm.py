"""Passages that are not confirmed are listed with their places, and one command takes a place."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg import check, confirm, editing, importing
from kg.errors import KGError, StudyError, UnknownTerm
from kg.files import write_whole
from kg.loaders import _yaml_write
from kg.loaders import study as loader
from kg.loaders._yaml_text import YamlText
from kg.loaders.imports import Options

CASES = Path(__file__).parent / "cases"
DAY = datetime.date(2026, 3, 4)
OPTIONS = Options(texts=importing.texts(CASES / "transcript-texts"))


@pytest.fixture
def taken(tmp_path):
    """Import the quotes from a transcript, of which four are not in it word for word."""
    importing.import_file(CASES / "transcript-quotes.csv", tmp_path / "talk", OPTIONS, DAY)
    return tmp_path / "talk"


def run(*words, at=None):
    made = [sys.executable, "-c", "from kg.cli import main; main()", *map(str, words)]
    return subprocess.run(made, capture_output=True, text=True, encoding="utf-8", cwd=at, check=False)


def test_the_report_of_an_import_shows_the_nearest_place_of_each(tmp_path):
    report = importing.import_file(CASES / "transcript-quotes.csv", tmp_path / "talk", OPTIONS, DAY)
    assert [said.partition(":")[0] for said in report.said] == [
        "line 2 of 'Int 1' may be 22-94",
        "line 3 of 'Int 1' may be 22-94",
        "line 4 of 'Int 1' may be 22-71",
        "line 5 of 'Int 1' may be 22-34",
    ]


def test_a_report_shows_a_few_and_points_to_the_command(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("document,quote,code\n" + "".join(f"Int 1,we come back {n},a\n" for n in range(30)), "utf-8")
    report = importing.import_file(path, tmp_path / "talk", OPTIONS, DAY)
    assert len(report.said) == 6
    assert "'kg confirm' shows the others" in report.said[-1]


def test_a_check_shows_the_nearest_place_of_each(taken):
    found = [f for f in check.check(taken) if f.rule == "quote-unconfirmed"]
    assert len(found) == 4
    assert all("; nearest 22-" in f.message and "'kg confirm'" in f.mend for f in found)


def test_each_passage_is_listed_with_its_places(taken):
    listed = confirm.pending(taken)
    assert [(one.address, one.file, one.stated) for one in listed] == [
        ("int-1:2", "codings/int-1.yaml", "“We came back”"),
        ("int-1:3", "codings/int-1.yaml", "We came back … the people too."),
        ("int-1:4", "codings/int-1.yaml", "We came back [...] because the food was warm"),
        ("int-1:5", "codings/int-1.yaml", "We came back because the food was warm, and the people too."),
    ]
    lines = (taken / "codings/int-1.yaml").read_text("utf-8").splitlines()
    assert all("unconfirmed" in lines[one.line - 1] for one in listed)


def test_taking_a_place_changes_its_entry_and_nothing_else(taken):
    file = taken / "codings/int-1.yaml"
    before = file.read_text("utf-8").replace("codes: [warmth]", "codes:   [ warmth ]  # sure?")
    file.write_text(f"# mine\n\n{before}\n# the end", "utf-8")
    before = file.read_text("utf-8")
    made = confirm.take(taken, ["int-1:2"])
    assert made.left == ()
    old = '  - quote: "“We came back”"\n    unconfirmed: it is not in its document\n'
    new = '  - quote: "We came back"\n    start: 22\n    stated: “We came back”\n'
    assert before.count(old) == 1
    assert file.read_text("utf-8") == before.replace(old, new)
    assert (22, "We came back") in [(e.start, e.exact) for e in loader.load(taken).study.excerpts]
    assert [one.address for one in confirm.pending(taken)] == ["int-1:3", "int-1:4", "int-1:5"]
    assert not [path for path in file.parent.iterdir() if path != file]


def test_all_takes_only_what_has_the_very_words_at_one_place(taken):
    made = confirm.take(taken, ["all"])
    assert sorted(made.places) == ["int-1:2", "int-1:5"]
    assert [one.address for one in made.left] == ["int-1:3", "int-1:4"]
    exact = {e.exact for e in loader.load(taken).study.excerpts}
    assert "We came back [00:01:12] because the food was warm,\n3\tand the people too." in exact


def test_a_code_that_is_there_already_is_not_given_twice(taken):
    made = confirm.take(taken, ["int-1:5", "int-1:3"])
    assert list(made.places) == ["int-1:5"]
    (left,) = made.left
    assert left.address == "int-1:3"
    assert (
        "has the code warmth by the same coder and day already; remove the entry at codings/int-1.yaml:13" in left.why
    )
    loader.load(taken)


def test_several_places_are_told_apart_by_letters(tmp_path):
    path = tmp_path / "q.csv"
    path.write_text("document,quote,code\nA,trust,x\n", "utf-8")
    text = "Some trust, and some do not trust.\n"
    importing.import_file(path, tmp_path / "s", Options(texts={"A": text}), DAY)
    with pytest.raises(KGError, match="one of several places: a:1a, a:1b"):
        confirm.take(tmp_path / "s", ["a:1"])
    with pytest.raises(KGError, match="one of several places"):
        confirm.take(tmp_path / "s", ["a:1c"])
    assert confirm.take(tmp_path / "s", ["all"]).places == {}
    confirm.take(tmp_path / "s", ["a:1b"])
    (excerpt,) = loader.load(tmp_path / "s").study.excerpts
    assert (excerpt.start, excerpt.exact) == (28, "trust")
    assert "stated" not in (tmp_path / "s/codings/a.yaml").read_text("utf-8")


def test_a_passage_at_another_position_keeps_what_the_file_stores(tmp_path):
    path = tmp_path / "q.csv"
    path.write_text("quote,document,code,start,end\nWe trust them,A,x,17,30\nPrices are closed,A,x,0,16\n", "utf-8")
    importing.import_file(path, tmp_path / "s", Options(texts={"A": "Prices are open. We trust them.\n"}), DAY)
    confirm.take(tmp_path / "s", ["a:1a"])
    first = yaml.safe_load((tmp_path / "s/codings/a.yaml").read_text("utf-8"))["excerpts"][0]
    assert first == {"quote": "Prices are open.", "start": 0, "stated": "Prices are closed", "codes": ["x"]}


def test_a_passage_without_a_text_or_a_place_cannot_be_taken(tmp_path):
    path = tmp_path / "q.csv"
    path.write_text("document,quote,code\nA,trust,x\nB,zzzz qqqq,x\n", "utf-8")
    importing.import_file(path, tmp_path / "s", Options(texts={"B": "Nothing like it.\n"}), DAY)
    assert [one.proposals for one in confirm.pending(tmp_path / "s")] == [(), ()]
    with pytest.raises(KGError, match="no place of the source comes near 'b:1'"):
        confirm.take(tmp_path / "s", ["b:1"])


def test_what_is_not_there_is_refused_and_nothing_is_written(taken):
    before = (taken / "codings/int-1.yaml").read_bytes()
    with pytest.raises(UnknownTerm, match="int-1:2"):
        confirm.take(taken, ["int-1:2", "int-1:9"])
    with pytest.raises(UnknownTerm):
        confirm.take(taken, ["int-1:1"])
    assert (taken / "codings/int-1.yaml").read_bytes() == before


def test_a_source_that_was_edited_since_is_an_error_before_anything_is_taken(taken):
    before = (taken / "codings/int-1.yaml").read_bytes()
    source = taken / "sources/int-1.txt"
    source.write_text(source.read_text("utf-8").replace("We came", "They came"), "utf-8")
    with pytest.raises(StudyError, match="source-edited"):
        confirm.take(taken, ["int-1:2"])
    assert (taken / "codings/int-1.yaml").read_bytes() == before


def test_an_entry_in_braces_is_confirmed_in_braces(taken):
    file = taken / "codings/int-1.yaml"
    text = file.read_text("utf-8")
    old = '  - quote: "“We came back”"\n    unconfirmed: it is not in its document\n    codes: [warmth]\n'
    assert old in text
    text = text.replace(old, '  - {quote: "“We came back”", unconfirmed: odd, codes: [warmth]}  # mine\n')
    file.write_text(text, "utf-8")
    confirm.take(taken, ["int-1:2"])
    new = '  - {quote: "We came back", start: 22, stated: “We came back”, codes: [warmth]}  # mine\n'
    assert file.read_text("utf-8") == text.replace(text[text.index("  - {") : text.index("# mine\n") + 7], new)


def test_what_cannot_be_changed_surely_is_left_to_the_person(taken):
    file = taken / "codings/int-1.yaml"
    file.write_text(
        file.read_text("utf-8").replace("quote: “We", "quote: !!str “We").replace('quote: "“We', 'quote: !!str "“We'),
        "utf-8",
    )
    before = file.read_bytes()
    with pytest.raises(KGError, match="cannot be changed surely"):
        confirm.take(taken, ["int-1:2"])
    assert file.read_bytes() == before


def test_what_was_confirmed_is_one_edit_which_is_undone_to_the_byte(taken):
    before = (taken / "codings/int-1.yaml").read_bytes()
    (coder,) = loader.load(taken).study.coders
    made = confirm.take(taken, ["all"], coder.id, datetime.datetime.now().astimezone())
    after = (taken / "codings/int-1.yaml").read_bytes()
    undone = editing.undo(taken, coder.id, datetime.datetime.now().astimezone())
    assert (len(made.places), undone.entry.said) == (2, "undid: confirmed 2 passages")
    assert (taken / "codings/int-1.yaml").read_bytes() == before
    editing.redo(taken, coder.id, datetime.datetime.now().astimezone())
    assert (taken / "codings/int-1.yaml").read_bytes() == after


def test_the_same_file_again_keeps_what_was_confirmed(taken):
    confirm.take(taken, ["all"])
    before = (taken / "codings/int-1.yaml").read_bytes()
    path = CASES / "transcript-quotes.csv"
    assert not importing.import_file(path, taken, OPTIONS, DAY).fresh
    # Read once more, since it is said otherwise: the study has the texts now.
    assert importing.import_file(path, taken, Options(), DAY).fresh
    assert (taken / "codings/int-1.yaml").read_bytes() == before


def test_a_newer_file_never_takes_a_confirmation_away(taken, tmp_path):
    confirm.take(taken, ["all"])
    before = (taken / "codings/int-1.yaml").read_bytes()
    newer = tmp_path / "transcript-quotes.csv"
    newer.write_bytes((CASES / "transcript-quotes.csv").read_bytes() + b"Int 1,How was it?,Question\n")
    with pytest.raises(StudyError, match="import-conflict"):
        importing.import_file(newer, taken, OPTIONS, DAY)
    assert (taken / "codings/int-1.yaml").read_bytes() == before


@pytest.mark.slow
def test_the_command_lists_takes_and_answers_in_json(taken):
    listed = run("confirm", taken)
    assert listed.returncode == 0
    assert "  a  22-34: 'We came back' (it has the same words)" in listed.stdout
    assert "4 passages are not confirmed; to take a place: kg confirm … --take int-1:2" in listed.stdout
    rows = json.loads(run("confirm", taken, "--json").stdout)
    assert rows[0]["proposals"] == [
        {"start": 22, "end": 34, "exact": "We came back", "why": "it has the same words", "sure": True}
    ]
    assert run("confirm", "--take", "all", at=taken).stdout.endswith("2 confirmed, 2 left\n")
    made = json.loads(run("confirm", taken, "--take", "int-1:4", "--json").stdout)
    assert list(made["places"]) == ["int-1:4"]
    wrong = run("confirm", taken, "--take", "int-1:2")
    assert (wrong.returncode, wrong.stderr) == (
        2, "error: no passage that is not confirmed is called 'int-1:2'; did you mean 'int-1:3'?\n"
    )  # fmt: skip
    assert run("confirm", "template").stdout == "template: every passage is confirmed\n"


@pytest.mark.slow
def test_a_kill_leaves_the_old_file_or_the_new_one(taken):
    file = taken / "codings/int-1.yaml"
    one = file.read_bytes()
    two = one + b"# " + b"x" * 200_000 + b"\n"
    code = (
        "import sys; from pathlib import Path; from kg.files import write_whole\n"
        "file = Path(sys.argv[1]); one = file.read_bytes(); two = one + b'# ' + b'x' * 200_000 + b'\\n'\n"
        "print('ready', flush=True)\n"
        "while True:\n    write_whole(file, two)\n    write_whole(file, one)\n"
    )
    for _ in range(20):
        file.write_bytes(one)
        with subprocess.Popen([sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE) as running:
            running.stdout.readline()
            running.kill()
        assert file.read_bytes() in (one, two)
        loader.load(taken)
    file.write_bytes(one)
    (file.parent / ".kg-write-left").mkdir()
    (file.parent / ".kg-write-left/file").write_text("half of it", "utf-8")
    write_whole(file, one)
    assert [path.name for path in file.parent.iterdir()] == ["int-1.yaml"]


# ---- The change of a YAML file


def changed(text, path, values):
    file = YamlText(text)
    file.set(path, values)
    return file.changed()[0].text


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("- a: 1\n  b: 2\n", {"a": None}, "- b: 2\n"),
        ("- a: 1\n  b: 2\n  # c\n", {"b": None}, "- a: 1\n  # c\n"),
        ("- a: 1\n  b: 2", {"b": None}, "- a: 1\n"),
        ("- a: 1", {"b": "z"}, "- a: 1\n  b: z"),
        ("- a: 1\r\n", {"b": "z", "c": "w"}, "- a: 1\r\n  b: z\r\n  c: w\r\n"),
        ("- a: |-\n    x\n    y\n\n\n  c: 1\n", {"a": "z"}, "- a: z\n\n\n  c: 1\n"),
        ("- a: >\n    x\n    y\n  c: |+\n    q\n\n", {"a": None}, "- c: |+\n    q\n\n"),
        ("- a: x\n    y # z\n  c: 1\n", {"a": "n: o"}, '- a: "n: o" # z\n  c: 1\n'),
        ("-\n  'a' :   \"x\"   # 😀\n  b: 1\n", {"a": "中"}, "-\n  'a' :   \"中\"   # 😀\n  b: 1\n"),
        ("-   a: 1\n    b: 2\n", {"a": 7, "m": 8, "b": None}, "-   a: 7\n    m: 8\n"),
    ],
)
def test_only_the_keys_that_are_named_are_changed(text, values, expected):
    assert changed(text, (0,), values) == expected


@pytest.mark.parametrize("text", ["- {a: 1}\n", "- a\n", "- a: 1\n"])
def test_what_cannot_be_changed_surely_is_refused(text):
    with pytest.raises(ValueError, match="it "):
        changed(text, (0,), {"a": None})


TEXT = st.text(alphabet="ab:#-'\"\\ \n\t[]{},&*!|>%@`中😀é\u2028", min_size=1, max_size=12).filter(str.strip)
ENTRY = st.fixed_dictionaries({"quote": TEXT, "unconfirmed": TEXT}, optional={"start": st.integers(0, 9), "memo": TEXT})


@pytest.mark.parametrize("value", [":\n\t", "a\n \t\nb", "a\n \nb"])
def test_a_value_with_a_line_of_blanks_can_be_taken_out(value):
    text = _yaml_write.dump({"excerpts": [{"quote": "a", "unconfirmed": value, "start": 0}]})
    assert yaml.load(text, Loader=yaml.CSafeLoader)["excerpts"][0]["unconfirmed"] == value
    after = changed(text, ("excerpts", 0), {"unconfirmed": None})
    assert yaml.load(after, Loader=yaml.CSafeLoader) == {"excerpts": [{"quote": "a", "start": 0}]}


@given(st.lists(ENTRY, min_size=1, max_size=4), TEXT, st.data())
def test_whatever_a_file_holds_its_other_lines_stay(entries, quote, data):
    text = "# mine\n" + _yaml_write.dump({"excerpts": entries}) + "# end\n"
    index = data.draw(st.integers(0, len(entries) - 1))
    after = changed(text, ("excerpts", index), {"quote": quote, "start": 3, "unconfirmed": None})
    expected = [dict(entry) for entry in entries]
    expected[index] |= {"quote": quote, "start": 3}
    del expected[index]["unconfirmed"]
    assert yaml.load(after, Loader=yaml.CSafeLoader) == {"excerpts": expected}
    others = [_yaml_write.dump({"excerpts": [entry]}).split("\n", 1)[1] for entry in entries]
    del others[index]
    assert all(other in after for other in others)
    assert after.startswith("# mine\n")
    assert after.endswith("# end\n")
