"""Tables for R, pandas and spreadsheets, the network and the references: each is read back by what it is for."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from datetime import date
from pathlib import Path

import networkx
import pandas
import pytest
import rispy
import strategies
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pyarrow import parquet
from pybtex.database import parse_string

import kg
import kg.loaders.references
from kg import render
from kg.errors import StoreUnavailable, UnknownTerm
from kg.exports import columns, graphml, references, tables

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "'=1", "''-1", "\u200b=1", "\xa0=1", " =1", "\t @A1",
    "\ufeff\u3000+1", "\u2028-1", "\x1f=1", "'\u200d=1", "\u202e=1", "﹦1", "\u3164=1",
)  # fmt: skip
HOSTILE = st.text(alphabet="=+-@'\"\t\r\n,;a中👍\u0301＝\x1b \xa0\u200b\ufeff﹦\u2800", max_size=8)
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
UNSEEN = [
    c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace() or unicodedata.category(c) in ("Cc", "Cf", "Zs")
]
BLANK = "\u2800" + "".join(UNSEEN)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


def unescaped(cell):
    """Read a cell as the companion file says."""
    rest = cell.lstrip("'")
    bare = rest.lstrip(BLANK)
    return cell[1:] if cell[:1] == "'" and (rest[:1] in set("\t\r\n\0") or bare[:1] in set(SIGNS)) else cell


def read_csv(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: unescaped(cell) for key, cell in row.items()} for row in csv.DictReader(file)]


def as_text(value):
    """Write a value as CSV has it."""
    return "" if value is None else str(value)


def test_a_coding_is_a_row_with_all_that_an_analysis_asks_for(study, folder):
    tables.write_csv(kg.open(study), folder)
    first, second, third = read_csv(folder, "codings")
    assert first == {
        "excerpt": "interview:39-121",
        "source": "interview",
        "role": "case",
        "case": "kitchen",
        "coder": "me",
        "date": "2026-11-24",
        "code": "weekly-feedback",
        "label": "Weekly feedback",
        "level": "open",
        "family": "",
        "broader_codes": "recognition",
        "quote": "Every Friday the coordinator tells me what went well, and that is why I come back.",
        "start": "39",
        "end": "121",
        "paragraph": "I01",
        "locator": "",
        "speakers": "",
        "fragment": "",
        "memo": "",
        "references": "interview2026",
        "locators": "",
    }
    assert second["memo"] == "Praise alone was not enough here."
    assert third["broader_codes"] == ""


def test_a_line_on_two_passages_is_two_rows_and_a_line_that_no_longer_counts_says_why(study, edit, folder):
    edit("codings/interview.yaml", "id: line-9a21dd3463", "id: L2")
    edit(
        "codings/interview.yaml",
        "        rationale: Volunteers left in spite of weekly praise; told by a third person.",
        "        rationale: Both left.\n        also: [{quote: 'The guests know my name by now'}]\n"
        "        status: withdrawn\n        status_date: 2026-12-01\n        status_reason: told by a third person",
    )
    graph = kg.open(study)
    rows = [row for row in tables.rows(graph, "evidence") if row["line"] == "L2"]
    assert [row["quote"] for row in rows] == [
        "Two of us left although they were praised every week.",
        "The guests know my name by now",
    ]
    assert {(row["status"], row["status_date"], row["status_reason"]) for row in rows} == {
        ("withdrawn", "2026-12-01", "told by a third person")
    }
    (claim, _) = tables.rows(graph, "propositions")
    assert (claim["supports"], claim["opposes"], claim["state"]) == (1, 0, "supported")


def test_every_coding_line_and_source_of_the_bundled_study_is_there(dart):
    assert len(dart.table("codings")) == len(dart.query("codings").rows)
    assert set(dart.table("evidence")["line"]) == {row["id"] for row in dart.query("lines").dicts()}
    assert list(dart.table("sources")["source"]) == [row[0] for row in dart.query("sources").rows]
    families = {(r["excerpt"], r["code"], r["coder"]): r["family"] for r in dart.query("codings").dicts()}
    assert {(r["excerpt"], r["code"], r["coder"]): r["family"] for r in tables.rows(dart, "codings")} == families


def test_texts_that_a_spreadsheet_would_run_are_quoted_and_numbers_stay_numbers():
    lines = list(render.csv_lines(("text", "number"), [(text, -3) for text in FORMULAS]))
    assert all(re.match("\"?'", line) for line in lines[1:])
    assert [row[1] for row in csv.reader(io.StringIO("".join(lines), newline=""))][1:] == ["-3"] * len(FORMULAS)


@pytest.mark.slow
@given(st.lists(st.sampled_from(UNSEEN), max_size=4), st.sampled_from(SIGNS), st.text(max_size=3), st.booleans())
def test_no_unseen_character_hides_a_formula(before, sign, after, is_name):
    text = f"{''.join(before)}{sign}{after}"
    lines = render.csv((text, "b") if is_name else ("a", "b"), [(text, 1)])
    for row in list(csv.reader(io.StringIO(lines, newline="")))[0 if is_name else 1 :]:
        assert row[0] == f"'{text}"


@pytest.mark.parametrize("character", UNSEEN)
def test_every_unseen_character_is_looked_through(character):
    assert render.guarded(f"{character}=1") == f"'{character}=1"


@pytest.mark.parametrize("text", ["a=1", "1-2", "中＝", "\u0301=1", "", "'", "' a", "\u200b", "“=1”"])
def test_other_texts_stay_as_they_are(text):
    assert render.guarded(text) == text


@given(st.lists(st.tuples(HOSTILE, HOSTILE), min_size=1))
def test_every_text_is_read_back_as_it_was(rows):
    text = render.csv(("a", "b"), rows)
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [tuple(map(unescaped, row)) for row in read] == rows
    framed = pandas.read_csv(io.StringIO(text, newline=""), dtype=str, keep_default_na=False)
    assert [tuple(map(unescaped, row)) for row in framed.itertuples(index=False)] == rows


def test_a_formula_in_a_memo_is_harmless_in_the_file_and_itself_in_pandas(study, edit, folder):
    edit("codings/interview.yaml", "memo: Praise alone was not enough here.", "memo: '=HYPERLINK(\"http://x\")'")
    graph = kg.open(study)
    tables.write_csv(graph, folder)
    assert "\"'=HYPERLINK(" in (folder / "codings.csv").read_text("utf-8")
    assert '=HYPERLINK("http://x")' in set(graph.table("codings")["memo"].dropna())


@pytest.mark.slow
@settings(max_examples=examples(8))
@given(made=strategies.files())
def test_csv_parquet_and_pandas_hold_the_same_and_what_they_refer_to_is_there(made):
    with tempfile.TemporaryDirectory() as name:
        graph = kg.open(strategies.write(Path(name) / "study", made))
        out = Path(name)
        tables.write_csv(graph, out)
        tables.write_parquet(graph, out)
        package = json.loads((out / "datapackage.json").read_text("utf-8"))
        held = {t: parquet.read_table(out / f"{t}.parquet").to_pylist() for t in columns.TABLES}
        for resource in package["resources"]:
            rows = held[resource["name"]]
            assert read_csv(out, resource["name"]) == [{k: as_text(v) for k, v in row.items()} for row in rows]
            frame = graph.table(resource["name"])
            assert list(frame.columns) == [field["name"] for field in resource["schema"]["fields"]]
            assert [[None if pandas.isna(v) else v for v in row] for row in frame.astype(object).values.tolist()] == [
                [pandas.Timestamp(v) if isinstance(v, date) else v for v in row.values()] for row in rows
            ]
            if key := resource["schema"].get("primaryKey"):
                assert len({tuple(row[k] for k in key) for row in rows}) == len(rows)
            for foreign in resource["schema"].get("foreignKeys", ()):
                target = foreign["reference"]
                known = {row[target["fields"]] for row in held[target["resource"]]}
                assert {row[foreign["fields"]] for row in rows} <= known | {None}
        quotes = {row["id"]: (row["start"], row["end"]) for row in map(located, held["excerpts"])}
        assert quotes == {row["excerpt"]: (row["start"], row["end"]) for row in held["excerpts"]}


def located(row):
    """Read a passage's place from its id."""
    start, end = row["excerpt"].rpartition(":")[2].split("-")
    return {"id": row["excerpt"], "start": int(start), "end": int(end)}


def test_columns_have_types(dart, folder):
    frame = dart.table("codings")
    assert frame["start"].dtype == "Int64"
    assert (frame["end"] - frame["start"] == frame["quote"].str.len()).all()
    assert frame["date"].dt.year.min() == 2026
    tables.write_parquet(dart, folder)
    schema = parquet.read_schema(folder / "evidence.parquet")
    assert {name: str(schema.field(name).type) for name in ("quote", "start", "date", "status_date")} == {
        "quote": "string",
        "start": "int64",
        "date": "date32[day]",
        "status_date": "date32[day]",
    }
    assert schema.field("line").metadata[b"description"] == b"id of the evidence line"


def test_an_unknown_table_names_those_that_come_near(dart):
    with pytest.raises(UnknownTerm, match="no table is called 'coding'; did you mean 'codings'"):
        dart.table("coding")
    with pytest.raises(UnknownTerm, match="'assertions' or 'attributes' or 'authors' or"):
        dart.table("xyz")


def test_a_missing_package_is_named_with_how_to_get_it(dart, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(StoreUnavailable, match="pip install pandas"):
        dart.table("codings")
    with pytest.raises(StoreUnavailable, match=r"pip install '\.\[export\]' in the checkout"):
        tables.write_parquet(dart, folder)
    assert not list(folder.iterdir())


def test_the_network_has_every_record_once_and_a_link_for_every_act(dart, folder):
    graphml.write_graphml(dart, folder)
    network = networkx.read_graphml(folder / "study.graphml", force_multigraph=True)
    kinds = networkx.get_node_attributes(network, "kind")
    assert set(kinds) == set(network.nodes)
    for kind, (table, *_) in graphml.NODES.items():
        assert sum(of == kind for of in kinds.values()) == len(dart.table(table))
    links = pandas.Series([link for *_, link in network.edges(data="link")]).value_counts()
    assert links["coded"] == len(dart.table("codings"))
    assert links["supports"] + links["opposes"] + links["qualifies"] == len(dart.table("evidence"))
    assert links["asserts"] == len(dart.table("assertions"))


def test_the_network_holds_what_xml_cannot(study, edit, folder):
    edit("propositions.yaml", "{en: Pay leaves", '{en: "\\x1b<&\\"]]> Pay leaves')
    edit("propositions.yaml", "unchanged.}\n    subject: pay", 'unchanged."}\n    subject: pay')
    graphml.write_graphml(kg.open(study), folder)
    network = networkx.read_graphml(folder / "study.graphml")
    assert network.nodes["proposition/P2"]["label"].startswith('\ufffd<&"]]> Pay')


def test_references_are_those_that_are_cited_in_each_form(study, edit, folder):
    edit("references.json", "[\n", '[\n  {"id": "other", "type": "book", "title": "Never cited"},\n')
    edit(
        "references.json",
        '"title": "Interview at',
        '"author": [{"family": "王", "given": "小明"}], "title": "Interview at',
    )
    graph = kg.open(study)
    for write in (references.write_bibtex, references.write_ris, references.write_csl_json):
        write(graph, folder)
    assert list(parse_string((folder / "references.bib").read_text("utf-8"), "bibtex").entries) == ["interview2026"]
    (entry,) = rispy.loads((folder / "references.ris").read_text("utf-8"))
    assert (entry["id"], entry["year"], entry["authors"]) == ("interview2026", "2026", ["王, 小明"])
    items = json.loads((folder / "references.json").read_text("utf-8"))
    assert [item["id"] for item in items] == ["interview2026"]
    schema = json.loads((Path(kg.loaders.references.__file__).parent / "csl-data.json").read_text("utf-8"))
    assert not list(Draft7Validator(schema).iter_errors(items))
    assert dict(zip(*(graph.table("references")[c] for c in ("reference", "cited")), strict=True)) == {
        "interview2026": True,
        "other": False,
    }


def test_a_study_that_cites_nothing_gives_empty_lists(study, edit, folder):
    for _ in range(3):
        edit("sources/interview.md", " [@interview2026]", "")
    edit("study.yaml", "    sha256: 6a9cefdc9db2845e2c284a555e835e170b061606e5c75245e66aa7f127f3dd86\n", "")
    graph = kg.open(study)
    references.write_csl_json(graph, folder)
    references.write_bibtex(graph, folder)
    assert json.loads((folder / "references.json").read_text("utf-8")) == []
    assert not parse_string((folder / "references.bib").read_text("utf-8"), "bibtex").entries


def test_the_same_study_gives_the_same_bytes_in_another_process(study):
    code = (
        "import hashlib, pathlib, sys, tempfile, kg\n"
        "from kg.exports import graphml, references, tables\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "for write in (tables.write_csv, tables.write_parquet, graphml.write_graphml, references.write_csl_json):\n"
        "    write(kg.open(sys.argv[1]), folder)\n"
        "print({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())})\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(study)], capture_output=True, encoding="utf-8", check=True, env=env(seed)
        ).stdout
        for seed in "12"
    }
    assert len(said) == 1


def env(seed):
    import os

    return {**os.environ, "PYTHONHASHSEED": seed}
