"""Kinds of record, the words of the evidence model, and ids: each in one place, on which all others agree."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from kg import claims, kinds, records
from kg.ids import excerpt_id, source_of, span_of
from kg.words import word


def test_every_kind_that_people_name_has_a_page_and_no_other():
    from kg.browse.records import RECORDS

    assert set(RECORDS) == set(kinds.NAMED)


def test_the_layers_of_a_picture_are_the_trace_from_theory_to_reference():
    assert kinds.LAYERS == ("theory", "proposition", "concept", "code", "excerpt", "source", "reference")


def test_every_kind_and_every_list_has_a_name_in_chinese():
    for kind in kinds.KINDS.values():
        assert word(kind.name, "zh") == kind.zh != kind.name
        assert bool(kind.title) == bool(kind.title_zh)


def test_text_on_every_node_can_be_read():
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one, other):
        bright, dark = sorted((light(one), light(other)), reverse=True)
        return (bright + 0.05) / (dark + 0.05)

    for look in kinds.LOOKS.values():
        assert contrast("#1d2733", look.fill) >= 7
        assert contrast(look.line, look.fill) >= 4.5


def test_the_words_of_the_records_are_those_that_evidence_is_sorted_by():
    assert get_args(records.Stance) == claims.STANCES
    assert get_args(records.Strength) == claims.STRENGTHS
    assert claims.LITERATURE in get_args(records.Role)


@given(st.from_regex(r"\A[\w][\w.\-]*\Z"), st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_id_of_a_passage_says_its_source_and_place(source, start, end):
    made = excerpt_id(source, start, end)
    assert source_of(made) == source
    assert span_of(made) == f"{start}-{end}"
