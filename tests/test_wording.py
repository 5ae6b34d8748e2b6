"""Findings, edits and refusals are said on a page in its language, and by the roads that a page has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import paths
from kg.browse import wording
from kg.language import shipped

TABLE = shipped.table("told")["told"]
ROOMS = ("kg", "loaders")


@pytest.fixture(scope="module")
def program():
    """Return the texts of the program, in which sentences are made."""
    root = paths.shipped("language").parent.parent
    files = (file for room in ROOMS for file in (root / room).rglob("*.py"))
    return re.sub(r"\s+", " ", " ".join(file.read_text("utf-8") for file in files))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["en"][:40])
def test_every_sentence_of_the_table_is_one_that_the_program_says(program, row):
    for literal in row["en"].split("{}"):
        # What a sentence says of a number or a state is put together from words.
        for part in re.split(r"s? (?:have|has) (?=no id)| is (?=withdrawn|superseded)", literal):
            assert part.strip(" ':,s") in program, part


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["en"][:40])
def test_every_sentence_is_said_in_chinese_with_what_stands_in_it(row):
    parts = [f"x{n}" for n in range(row["en"].count("{}"))]
    said = wording.sentence(row["en"].format(*parts), "zh")
    assert re.search(r"[一-鿿]", said)
    named = {int(one) for one in re.findall(r"\{[wt]?(\d)\}", row["zh"])}
    assert all(f"x{n}" in said for n in named)


def test_a_mend_names_the_road_of_the_page_or_says_that_it_is_for_the_terminal():
    assert wording.sentence("see 'kg trace' for who did", "en") == "a click on the passage shows who did"
    assert wording.sentence("see 'kg schema study'", "zh") == "在终端中:see 'kg schema study'"
    again = wording.sentence("restore it; or see what would change with: kg add --again tom", "en")
    assert again == "restore it; or see in the terminal what would change: kg add --again tom"
    doubt = "quote all that shows it, or lower it; or say why it is right: 'accepted: reason' on the evidence line"
    assert wording.sentence(doubt, "en").endswith("; or write why it is right, and press the button beside it")


def test_what_was_undone_is_said_whole_and_quotes_stay_as_they_are():
    said = wording.sentence("undid: new code a; coded tom:1-2 a: 'I left; and how'", "zh")
    assert said == "已撤销:新建编码 a；已编码 tom:1-2 a:'I left; and how'"


def test_a_journal_by_another_hand_nests_no_deeper_than_is_read():
    assert wording.sentence("undid: " * 5000 + "new code a", "zh").startswith("已撤销:undid")


def test_only_sentences_of_an_answer_are_worded():
    told = {"said": "new code a", "record": {"said": "new code a"}, "findings": [{"mend": "write one", "file": "x"}]}
    assert wording.answer(told, "zh") == {
        "said": "新建编码 a",
        "record": {"said": "new code a"},
        "findings": [{"mend": "请写一条", "file": "x"}],
    }


@given(st.text(), st.sampled_from(["en", "zh"]))
def test_any_text_is_said_somehow(text, language):
    assert isinstance(wording.sentence(text, language), str)


@given(st.sampled_from(TABLE), st.lists(st.text(), min_size=4, max_size=4))
def test_whatever_stands_in_a_sentence_breaks_nothing(row, parts):
    assert isinstance(wording.sentence(row["en"].format(*parts), "zh"), str)
