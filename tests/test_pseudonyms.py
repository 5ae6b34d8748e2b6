"""Pseudonyms: no name of the table is left in a text, every quote is where it stands, and the study is as it was."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from pathlib import Path

import pytest
import strategies
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import kg
from kg import pseudonyms
from kg.cli import app
from kg.errors import KGError
from kg.places import Place, Places

TEXT = """# Talk with Li Ming

[H01] Li Ming met Anna  Berg in Turin. Then Li
Ming said that Bergen is far. [as Li Ming told @LiMing2014, p. 3]

[H02] 王小姐说护士长王芳来了。Ring 0171 2345678, asked Dr Weiss; Anna laughed.
"""
TABLE = {"Li Ming": "P1", "Anna Berg": "Carla", "Anna": "Carla", "王芳": "受访者甲"}


@pytest.fixture
def talk(study):
    """Add a source with names to the template."""
    (study / "sources/talk.md").write_text(TEXT, "utf-8")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    end = TEXT.index("[as")
    places = Places(digest, "0" * 64, "docx 1", speakers={"Li Ming": "participant"}, places=(
        Place("heading", 0, 19, "Talk with Li Ming", 1), Place("turn", 21, end, "Li Ming"))).write()  # fmt: skip
    (study / "sources/talk.places.json").write_text(places, "utf-8")
    references = json.loads((study / "references.json").read_text("utf-8"))
    references.append({"id": "LiMing2014", "type": "book", "title": "T", "author": [{"literal": "Li Ming"}]})
    (study / "references.json").write_text(json.dumps(references), "utf-8")
    listing = study / "study.yaml"
    entry = (
        f"  - id: talk\n    file: sources/talk.md\n    title: Talk with Li Ming\n    role: case\n    sha256: {digest}\n"
        "    places: sources/talk.places.json\n    speakers: {Li Ming: participant}\n    witness: {person: Li Ming}\n"
    )
    listing.write_text(listing.read_text("utf-8").replace("sources:\n", f"sources:\n{entry}", 1), "utf-8")
    quotes = ["Ming met Anna  Berg in Turin.", "Li Ming said that Bergen is far.", "护士长王芳来了。", "Anna laughed"]
    codings = {"source": "talk", "coder": "me", "date": "2026-01-02",
               "excerpts": [{"quote": quote, "codes": ["weighing"], "memo": f"Li Ming again: {number}"}
                            for number, quote in enumerate(quotes)]}  # fmt: skip
    me = kg.open(study).query("coders").rows[0][0]
    code = kg.open(study).query("codebook").rows[0][0]
    text = strategies.as_yaml(codings).replace('"me"', json.dumps(me)).replace('"weighing"', json.dumps(code))
    (study / "codings/talk.yaml").write_text(text, "utf-8")
    return study


@pytest.fixture
def names(tmp_path):
    """Write a table of names."""
    return table(tmp_path / "names.csv", TABLE)


def table(file, rows):
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("name", "pseudonym"), *rows.items()])
    return file


def test_no_name_is_left_in_a_text(talk, names, tmp_path):
    told = pseudonyms.pseudonymise(kg.open(talk), names, tmp_path / "copy")
    text = (tmp_path / "copy/sources/talk.md").read_text("utf-8")
    assert text.startswith("# Talk with P1\n\n[H01] P1 met Carla in Turin. Then P1 said that Bergen is far.")
    assert "护士长受访者甲来了" in text
    assert "@LiMing2014, p. 3" in text
    assert [(row.name, row.texts) for row in told.rows] == [("Li Ming", 4), ("Anna Berg", 1), ("Anna", 1), ("王芳", 1)]
    assert "Li Ming" not in "".join(p.read_text("utf-8") for p in (tmp_path / "copy").rglob("*.yaml"))
    assert "Li Ming" not in (tmp_path / "copy/sources/talk.places.json").read_text("utf-8")


def test_every_quote_is_the_one_of_the_new_text(talk, names, tmp_path):
    told = pseudonyms.pseudonymise(kg.open(talk), names, tmp_path / "copy")
    rows = kg.open(tmp_path / "copy").tables.sql(
        'SELECT e.quote, substr(s.whole, e.start + 1, e."end" - e.start), e.speakers FROM excerpt e '
        "JOIN source_text s ON s.source = e.source WHERE e.source = 'talk' ORDER BY e.start"
    )
    assert [quote for quote, _, _ in rows] == [
        "P1 met Carla in Turin.", "P1 said that Bergen is far.", "护士长受访者甲来了。", "Carla laughed"
    ]  # fmt: skip
    assert all(quote == there for quote, there, _ in rows)
    assert [json.loads(speakers) for _, _, speakers in rows[:2]] == [["P1"], ["P1"]]
    assert told.widened == 1


def test_what_looks_like_a_name_is_told(talk, names, tmp_path):
    told = pseudonyms.pseudonymise(kg.open(talk), names, tmp_path / "copy")
    assert {one.words for one in told.suspects} >= {"Turin", "Bergen", "Dr Weiss", "王小姐", "0171 2345678"}
    assert not {one.words for one in told.suspects} & {"Then", "Ring", "P1", "Carla", "Talk"}
    assert any("reference 'LiMing2014'" in where for where in told.kept)


def test_the_study_itself_stays_as_it_is(talk, names, tmp_path):
    before = {path: path.read_bytes() for path in talk.rglob("*") if path.is_file()}
    pseudonyms.pseudonymise(kg.open(talk), names, tmp_path / "copy")
    assert {path: path.read_bytes() for path in talk.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("Li,P1\n", "the first line"),
        ("name,pseudonym\nLi\n", "row 2"),
        ("name,pseudonym\nLi,P1\nLi,P2\n", "has another pseudonym above"),
        ("name,pseudonym\nLi,[P1]\n", "no name has brackets"),
        ("name,pseudonym\n", "has no names"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, content, why):
    (tmp_path / "t.csv").write_text(content, "utf-8")
    with pytest.raises(KGError, match=why):
        pseudonyms.table(tmp_path / "t.csv")


def test_a_table_that_would_go_along_is_refused(talk, tmp_path):
    with pytest.raises(KGError, match="would go along"):
        pseudonyms.pseudonymise(kg.open(talk), table(talk / "names.csv", TABLE), tmp_path / "copy")
    with pytest.raises(KGError, match="would lie in the study"):
        pseudonyms.pseudonymise(kg.open(talk), table(tmp_path / "names.csv", TABLE), talk / "copy")


def test_the_command_says_what_it_did(talk, names, tmp_path):
    ran = CliRunner().invoke(app, ["pseudonymise", str(names), str(tmp_path / "copy"), "--study", str(talk)])
    assert ran.exit_code == 0, ran.output
    assert "Li Ming" in ran.output
    assert "These look like names and were not changed" in ran.output
    ran = CliRunner().invoke(app, ["pseudonymise", str(names), str(tmp_path / "two"), "--study", str(talk), "--json"])
    assert json.loads(ran.stdout)["widened"] == 1


@settings(max_examples=examples(10))
@given(data=st.data())
def test_a_drawn_study_is_the_same_under_other_names(data):
    made = data.draw(strategies.files(mapped=True))
    words = sorted({word for name, text in made.items() if name.startswith("sources/") and "json" not in name
                    for word in text.split() if (word.isalnum() and not word.isascii()) or word in ("one.", "theory.")})  # fmt: skip
    wanted = {word.strip("."): f"Zz{number}" for number, word in enumerate(words[:3])} or {"one": "Zz"}
    with tempfile.TemporaryDirectory() as room:
        folder = strategies.write(Path(room) / "drawn", made)
        graph = kg.open(folder)
        names = table(Path(room) / "names.csv", wanted)
        pseudonyms.pseudonymise(graph, names, Path(room) / "copy")
        copy = kg.open(Path(room) / "copy")
        number = "SELECT count(*) FROM excerpt"
        assert copy.tables.sql(number) == graph.tables.sql(number)
        assert copy.query("claims").rows is not None
        state = [(row["claim"], row.get("state")) for row in copy.query("claims").dicts()]
        assert state == [(row["claim"], row.get("state")) for row in graph.query("claims").dicts()]


@given(st.text("abLi ", max_size=40), st.sampled_from([{"Li": "X"}, {"Li": "Long name"}, {"a b": "", "L": "Q"}]))
def test_positions_move_with_the_text(text, wanted):
    names = pseudonyms._Names(wanted)
    found = [(start, end, len(wanted[name])) for start, end, name in names.found(text)]
    moves = pseudonyms._Moves(found)
    new = names.replaced(text, pseudonyms.Counter())
    outside = [at for at in range(len(text)) if not any(start <= at < end for start, end, _ in found)]
    assert all(new[moves.at(at)] == text[at] for at in outside)
    assert moves.at(len(text), end=True) == len(new)
    assert [moves.at(at) for at in range(len(text) + 1)] == sorted(moves.at(at) for at in range(len(text) + 1))
