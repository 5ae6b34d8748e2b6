"""Agreement of coders: true for any number of them, by units that are stated, with nothing left out in silence."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import math
import re
from datetime import date
from pathlib import Path

import krippendorff
import lxml.html
import numpy as np
import pytest
import yaml
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from test_refi_qda import project, quote, source
from typer.testing import CliRunner

import kg
from kg import agreement, importing
from kg.cli import app
from kg.errors import KGError, UnknownTerm
from kg.loaders.imports import Options
from kg.places import Place, Places

TEXT = "Feedback keeps me here. Nobody pays us.\nGuests know me.\n\nI left when it stopped. It was too late.\n"
WORDS = {"feedback": "Feedback keeps me here.", "pay": "Nobody pays us.", "guests": "Guests know me.", "left": "I left when it stopped.", "late": "It was too late."}  # fmt: skip


TURNS = [(0, 55), (57, 80), (81, 97)]
"""Where one speaks until another does."""


def write(folder, coders, text=TEXT, codes=("a", "b"), turns=()):
    """Write a study with one unlabelled text: by coder passages with their codes and 'whole'; with the turns of it."""
    names = sorted(coders)
    (folder / "sources").mkdir(parents=True)
    (folder / "codings").mkdir()
    (folder / "sources/talk.txt").write_text(text, "utf-8")
    listed = {
        "id": "drawn",
        "format": 2,
        "title": {"en": "Drawn"},
        "coders": [{"id": name, "name": name} for name in names],
        "sources": [{"id": "talk", "file": "sources/talk.txt", "title": "Talk", "role": "case", "sha256": hashlib.sha256(text.encode()).hexdigest()}],
    }  # fmt: skip
    if turns:
        digest = listed["sources"][0]["sha256"]
        spoken = tuple(Place("turn", start, end, f"S{number}") for number, (start, end) in enumerate(turns))
        (folder / "sources/talk.places.json").write_text(
            Places(digest, digest, "txt 1", "", {}, spoken, ()).write(), "utf-8"
        )
        listed["sources"][0] |= {
            "places": "sources/talk.places.json",
            "speakers": {one.label: "participant" for one in spoken},
        }
    (folder / "study.yaml").write_text(yaml.safe_dump(listed), "utf-8")
    book = {"codes": [{"id": c, "level": "open", "label": {"en": c.upper()}, "definition": "One."} for c in codes]}
    (folder / "codebook.yaml").write_text(yaml.safe_dump(book), "utf-8")
    (folder / "propositions.yaml").write_text("propositions: []\n", "utf-8")
    for name in names:
        coded = dict(coders[name])
        content = {"source": "talk", "coder": name, "date": date(2026, 11, 24), "whole": coded.pop("whole", False)}
        content["excerpts"] = [
            {"quote": quote, "codes": [*given]} if isinstance(quote, str) else
            {"quote": text[quote[0] : quote[1]], "start": quote[0], "codes": [*given]}
            for quote, given in coded.items()
        ]  # fmt: skip
        (folder / f"codings/{name}.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return folder


def compared(folder, unit="paragraph", name="a"):
    found = kg.open(folder)
    return next(row for row in found.report("agreement", unit=unit).table.dicts() if row["name"] == name)


def notes(folder, unit="paragraph"):
    return "\n".join(kg.open(folder).report("agreement", unit=unit).notes)


def oracle(units, coders, order=()):
    """Return alpha as the package krippendorff has it, of coders' judgements by unit."""
    values = [*order] or sorted({value for unit in units for value in unit.values()})
    table = [[values.index(unit[c]) if c in unit else np.nan for unit in units] for c in coders]
    return krippendorff.alpha(table, level_of_measurement="ordinal" if order else "nominal")


FOUR = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]


def units_of(observers):
    return [
        {str(n): row[place] for n, row in enumerate(observers) if row[place] != "."}
        for place in range(len(observers[0]))
    ]


@pytest.mark.parametrize(
    ("observers", "order", "alpha"),
    [
        (["0100000010", "1110010000"], "", 0.095),
        (["aabbdcccedda", "babbbccceddd"], "", 0.692),
        (FOUR, "", 0.743),
        (FOUR, "12345", 0.815),
    ],
    ids=["B: binary, two observers", "C: nominal, two observers", "D: nominal, four", "D: ordinal, four"],
)
def test_alpha_is_that_of_the_published_data(observers, order, alpha):
    """K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011; a dot is no judgement."""
    assert round(agreement.alpha(units_of(observers), order), 3) == alpha


JUDGED = st.integers(2, 5).flatmap(
    lambda many: st.lists(
        st.dictionaries(st.sampled_from([str(n) for n in range(many)]), st.sampled_from("wms"), max_size=many),
        max_size=12,
    )
)
"""Judgements of two to five coders by unit, of which some judged less than others."""


@pytest.mark.parametrize("order", ["", "wms"])
@given(units=JUDGED)
def test_alpha_is_that_of_an_independent_implementation(order, units):
    found = agreement.alpha(units, order)
    paired = [unit for unit in units if len(unit) > 1]
    if len({value for unit in paired for value in unit.values()}) < 2:
        assert found is None
    else:
        assert math.isclose(found, oracle(paired, [str(n) for n in range(5)], order), abs_tol=1e-9)
        assert (found == 1) == all(len({*unit.values()}) == 1 for unit in paired)


def test_a_paragraph_that_one_coder_coded_is_counted_as_left_out_with_who_it_was(tmp_path):
    folder = write(tmp_path / "s", {"me": {WORDS["pay"]: "a", WORDS["left"]: "b"}, "you": {WORDS["pay"]: "a"}})
    said = notes(folder)
    assert "1 of 3 paragraphs were judged by two coders or more" in said
    assert "left out: 1 judged by me only (talk 1)" in said


def test_who_read_the_whole_source_differs_from_who_coded_where_they_gave_no_code(tmp_path):
    coders = {"me": {WORDS["pay"]: "a", WORDS["left"]: "a"}, "you": {WORDS["pay"]: "a", "whole": True}}
    row = compared(write(tmp_path / "s", coders))
    assert (row["units"], row["agree"], row["differ"]) == (2, 1, 1)
    assert row["alpha"] < 1


def test_of_three_coders_none_is_dropped(tmp_path):
    coders = {
        "ann": {WORDS["pay"]: "a", WORDS["left"]: "a"},
        "ben": {WORDS["pay"]: "a", WORDS["left"]: "a"},
        "cleo": {WORDS["pay"]: "b"},
    }
    folder = write(tmp_path / "s", coders)
    row = compared(folder)
    assert (row["coders"], row["units"], row["differ"]) == ("ann, ben, cleo", 2, 1)
    pairs = [r for r in kg.open(folder).report("agreement").table.dicts() if r["on"] == "codes"]
    assert [r["coders"] for r in pairs] == ["ann, ben, cleo", "ann, ben", "ann, cleo", "ben, cleo"]
    assert [r["alpha"] for r in pairs][1:3] == [1.0, -0.5]


def test_the_projects_of_two_coders_merged_by_import_are_compared(tmp_path):
    """Their texts have no labels: it was said that no paragraph was coded by two coders."""
    for name, words in (("Ann", "Nobody pays us."), ("Ben", "Feedback keeps me here.")):
        users = f'<Users><User guid="U-{name}" name="{name}"/></Users>'
        codes = '<CodeBook><Codes><Code guid="C1" name="Trust" isCodable="true"/></Codes></CodeBook>'
        made = quote(TEXT, words, attributes=f'creatingUser="U-{name}"')
        made = made.replace("<Coding ", f'<Coding creatingUser="U-{name}" ')
        (tmp_path / name).mkdir()
        path = project(tmp_path / name, source(made), texts={"sources/T1.txt": TEXT}, codes=users + codes)
        path = path.rename(tmp_path / f"{name}.qdpx")
        importing.import_file(path, tmp_path / "merged", Options(), date(2026, 11, 24))
    found = compared(tmp_path / "merged", name="trust")
    assert (found["units"], found["agree"]) == (1, 1)
    with pytest.raises(KGError, match=r"by sentence.*\n(.*\n)*left out: 1 judged by"):
        kg.open(tmp_path / "merged").report("agreement", unit="sentence")


@pytest.mark.parametrize(
    ("unit", "units", "agree"), [("paragraph", 1, 1), ("line", 1, 1), ("overlap", 1, 1), ("sentence", 2, 1)]
)
def test_an_unlabelled_text_is_compared_by_each_unit(tmp_path, unit, units, agree):
    coders = {"me": {(0, 39): "a"}, "you": {WORDS["pay"]: "a", WORDS["feedback"]: "b"}}
    folder = write(tmp_path / "s", coders)
    row = compared(folder, unit)
    assert (row["units"], row["agree"]) == (units, agree)
    assert f"codes by {unit}: {agreement.UNITS[unit]}" in notes(folder, unit)


def test_an_unknown_unit_and_a_text_without_turns_are_said(tmp_path):
    folder = write(tmp_path / "s", {"me": {WORDS["pay"]: "a"}, "you": {WORDS["pay"]: "a"}})
    with pytest.raises(UnknownTerm, match="sentence"):
        kg.open(folder).report("agreement", unit="sentense")
    with pytest.raises(KGError, match="left out: talk, whose text has no turns"):
        kg.open(folder).report("agreement", unit="turn")


PLACES = [(0, 23), (0, 39), (24, 39), (24, 55), (40, 55), (57, 80), (57, 97), (81, 97)]
CODINGS = st.dictionaries(st.sampled_from(PLACES), st.sampled_from(["a", "b", "ab"]), max_size=4)
SPANS = {
    "turn": TURNS,
    "paragraph": [(0, 39), (40, 55), (57, 97)],
    "line": [(0, 39), (40, 55), (57, 97)],
    "sentence": [(0, 23), (24, 39), (40, 55), (57, 80), (81, 97)],
}


def overlaps(places):
    """Return the stretches of passages that share a character, joined until none does."""
    joined = [set(range(*place)) for place in places]
    while pair := next(((a, b) for a, b in itertools.combinations(joined, 2) if a & b), None):
        joined = [one for one in joined if one not in pair] + [pair[0] | pair[1]]
    return sorted((min(one), max(one) + 1) for one in joined)


def counted(coders, unit, code):
    """Return how each coder judged each unit of the text as to a code, counted without the tool."""
    drawn = {place for made in coders.values() for place in made if place != "whole"}
    units = []
    for start, end in SPANS[unit] if unit in SPANS else overlaps(drawn):
        judged = {}
        for name, made in coders.items():
            there = [given for place, given in made.items() if place != "whole" and place[0] < end and place[1] > start]
            if there or made["whole"]:
                judged[name] = str(any(code in given for given in there))
        units.append(judged)
    return [judged for judged in units if len(judged) > 1]


DRAWN = st.lists(st.tuples(CODINGS, st.booleans()), min_size=2, max_size=5).map(
    lambda drawn: {f"c{n}": {**codings, "whole": whole} for n, (codings, whole) in enumerate(drawn)}
)
"""What two to five coders coded, each of whom may have read the text whole."""


@settings(max_examples=examples(25))
@given(coders=DRAWN, unit=st.sampled_from([*agreement.UNITS]))
def test_drawn_codings_agree_as_an_independent_count_says(tmp_path_factory, coders, unit):
    folder = write(tmp_path_factory.mktemp("drawn") / "s", coders, turns=TURNS)
    for code in "ab":
        paired = counted(coders, unit, code)
        try:
            row = compared(folder, unit, code)
        except (KGError, StopIteration):
            # Nothing was compared, or nobody gave the code where something was.
            assert not any("True" in judged.values() for judged in paired)
            continue
        differ = sum(len({*judged.values()}) > 1 for judged in paired)
        assert (row["units"], row["agree"], row["differ"]) == (len(paired), len(paired) - differ, differ)
        values = {value for judged in paired for value in judged.values()}
        if len(values) > 1:
            # Half of the last digit is rounded either way: 0.125.
            assert abs(row["alpha"] - oracle(paired, sorted(coders))) <= 0.005 + 1e-9
        else:
            assert row["alpha"] is None
        listed = [r for r in kg.open(folder).report("disagreements", unit=unit).table.dicts() if r["name"] == code]
        assert len({r["number"] for r in listed}) == differ
        for _, rows in itertools.groupby(listed, key=lambda r: r["number"]):
            assert len({r["judged"] for r in rows}) == 2


def forms(folder, report, unit):
    """Give the rows of a report in each form in which it goes out, all cells as text."""

    def printed(form):
        words = ["report", report, "--study", str(folder), "--unit", unit, "--format", form]
        return CliRunner().invoke(app, words).output

    plain = [{k: "" if v is None else str(v) for k, v in row.items()} for row in json.loads(printed("json"))["rows"]]
    yield "json", plain
    # The CSV of the agreement of coders is the table of that name; disagreements have their own.
    yield "csv", [*csv.DictReader(io.StringIO(printed("csv")))]
    lines = [line.strip("| ").split(" | ") for line in printed("md").splitlines() if line.startswith("|")]
    yield "md", [dict(zip(lines[0], cells, strict=False)) for cells in lines[2 : 2 + len(plain)]]
    page = printed("html")
    heads, rows = _table(page)
    yield "html", [dict(zip(heads, cells, strict=True)) for cells in rows]


def _table(page):
    """Return the heads and rows of the first table of a page."""
    tree = lxml.html.fromstring(page)
    table = tree.xpath("//table")[0]
    rows = [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in table.xpath(".//tr")]
    return rows[0], rows[1:]


@settings(max_examples=examples(10))
@given(coders=DRAWN, unit=st.sampled_from([*agreement.UNITS]))
def test_coders_who_differ_are_shown_as_agreeing_in_no_form(tmp_path_factory, coders, unit):
    folder = write(tmp_path_factory.mktemp("drawn") / "s", coders, turns=TURNS)
    differ = {code: sum(len({*j.values()}) > 1 for j in counted(coders, unit, code)) for code in "ab"}
    try:
        kg.open(folder).report("agreement", unit=unit)
    except KGError:
        assert not any(differ.values())
        return
    for form, rows in forms(folder, "agreement", unit):
        for row in rows:
            told = differ[row["name"]] if row["name"] else sum(differ.values())
            if row["coders"].count(",") == 1 and not row["name"] and len(coders) > 2:
                continue
            assert int(row["differ"]) == told, form
            assert (float(row["percent"]) < 100) == (told > 0), form
            if told:
                assert float(row["alpha"]) < 1, form


def test_one_disagreement_in_ten_thousand_is_not_rounded_away():
    def unit(*values):
        return agreement.Unit("x", "talk", {str(n): agreement.Judgement(v) for n, v in enumerate(values)})

    alike = tuple(unit("given", "given") if n % 2 else unit("not given", "not given") for n in range(9999))
    all_alike = agreement.Comparison("code", "a", alike)
    one_apart = agreement.Comparison("code", "a", (*alike, unit("given", "not given")))
    assert (all_alike.percent, all_alike.alpha) == (100.0, 1.0)
    assert (one_apart.percent, one_apart.alpha) == (99.9, 0.99)


def test_a_disagreement_shows_the_passages_of_both_coders_in_every_form(tmp_path):
    folder = write(tmp_path / "s", {"me": {WORDS["feedback"]: "a"}, "you": {WORDS["pay"]: "b"}})
    rows = [r for r in kg.open(folder).report("disagreements").table.dicts() if r["name"] == "a"]
    assert [(r["coder"], r["judged"], r["passage"], r["codes or reason"]) for r in rows] == [
        ("me", "given", WORDS["feedback"], "a"),
        ("you", "not given", WORDS["pay"], "b"),
    ]
    for form in ("html", "md", "json"):
        shown = CliRunner().invoke(app, ["report", "agreement", "--study", str(folder), "--format", form]).output
        assert WORDS["feedback"] in shown, form
        assert WORDS["pay"] in shown, form
    table = CliRunner().invoke(app, ["report", "disagreements", "--study", str(folder), "--format", "csv"]).output
    assert table.count("\n") == 5
    assert json.loads(shown)["further"][0]["rows"][0]["coder"] == "me"


STANCES = """source: interview
coder: {coder}
date: 2026-11-25
readings:
  - {{line: line-b8e5950a4d, stance: {first}, strength: strong}}
  - {{line: line-9a21dd3463, stance: {second}{strength}}}
"""


def read_again(study, edit, coder, first, second, strength=", strength: weak"):
    (study / "readings").mkdir(exist_ok=True)
    text = STANCES.format(coder=coder, first=first, second=second, strength=strength)
    (study / f"readings/{coder}.yaml").write_text(text, "utf-8")
    edit("study.yaml", "coders:\n", f"coders:\n  - {{id: {coder}, name: {coder}}}\n")


def test_stances_and_strengths_of_all_readers_are_compared(study, edit):
    read_again(study, edit, "you", "supports", "qualifies")
    read_again(study, edit, "third", "supports", "irrelevant", "")
    found = {r["on"]: r for r in kg.open(study).report("agreement").table.dicts() if r["coders"].count(",") == 2}
    assert (found["stance"]["units"], found["stance"]["differ"]) == (2, 1)
    assert found["stance"]["coders"] == "me, third, you"
    # Who says that it does not bear gives no strength.
    assert (found["strength"]["units"], found["strength"]["differ"]) == (2, 1)


def test_what_was_settled_is_shown_with_the_disagreement_and_changes_no_figure(study, edit):
    read_again(study, edit, "you", "supports", "qualifies")
    before = kg.open(study).report("agreement").table.rows
    settle = "source: interview\ncoder: me\ndate: 2026-11-26\nreadings:\n  - {line: line-9a21dd3463, stance: opposes, strength: weak, settles: true, reason: As first judged.}\n"
    (study / "readings/settled.yaml").write_text(settle, "utf-8")
    assert kg.open(study).report("agreement").table.rows == before
    (mine, yours) = (r for r in kg.open(study).report("disagreements").table.dicts() if r["on"] == "stance")
    assert (mine["judged"], yours["judged"]) == ("opposes", "qualifies")
    assert mine["settled"] == "opposes (me, 2026-11-26): As first judged."


def test_two_lines_of_two_coders_on_one_passage_are_one_unit(study, edit):
    edit("study.yaml", "coders:\n", "coders:\n  - {id: you, name: you}\n")
    other = "source: interview\ncoder: you\ndate: 2026-11-25\nexcerpts:\n  - quote: that is why I come back.\n    evidence: [{proposition: P1, id: mine, stance: qualifies, strength: weak, rationale: Only on Fridays.}]\n"
    (study / "codings/you.yaml").write_text(other, "utf-8")
    found = {r["on"]: r for r in kg.open(study).report("agreement").table.dicts()}
    assert (found["stance"]["units"], found["stance"]["differ"], found["stance"]["alpha"]) == (1, 1, 0.0)
    rows = [r for r in kg.open(study).report("disagreements").table.dicts() if r["on"] == "stance"]
    assert [r["passage"] for r in rows] == [
        "Every Friday the coordinator tells me what went well, and that is why I come back.",
        "that is why I come back.",
    ]


def test_an_answer_says_on_which_passage_two_lines_of_two_coders_differ(study, edit):
    """It was said that coders differ on no evidence line."""
    edit("study.yaml", "coders:\n", "coders:\n  - {id: you, name: you}\n")
    asked = ("do coders agree", "where do coders differ", "do the coders agree on P1", "编码者在哪里有分歧")
    assert all(not kg.open(study).ask(question).headline.startswith("1") for question in asked[:2])
    other = "source: interview\ncoder: you\ndate: 2026-11-25\nexcerpts:\n  - quote: that is why I come back.\n    evidence: [{proposition: P1, id: mine, stance: opposes, strength: weak, rationale: Only on Fridays.}]\n"
    (study / "codings/you.yaml").write_text(other, "utf-8")
    for question in asked:
        answer = kg.open(study).ask(question)
        assert [claim.id for claim in answer.claims] == ["P1"], question
        assert any("mine" in row["property"] for row in answer.definition), question


def test_the_bundled_study_has_the_figures_that_its_documentation_says(dart):
    page = (Path(__file__).parent.parent / "docs/evidence.md").read_text("utf-8")
    table = page.split("## Agreement in figures", 1)[1].split("| --- |", 1)[1].split("\n\n", 1)[0]
    told = [line.strip("| ").replace(",", "").split(" | ") for line in table.splitlines()[1:]]
    totals = [r for r in dart.report("agreement").table.dicts() if not r["name"]]
    assert [(row[0].split()[0], row[1].split(), row[3:]) for row in told] == [
        (said, r["coders"].split(", "), [str(r[key]) for key in ("agree", "differ", "percent", "alpha")])
        for said, r in zip(("families", "codes", "stances", "their"), totals, strict=True)
    ]
    units = [math.prod(int(number) for number in re.findall(r"\d+", row[2])) for row in told]
    assert units == [r["units"] for r in totals]
    assert [r["kind"] for r in dart.query("coders").dicts()] == ["software"] * 3
    assert "All three are language models" in page
