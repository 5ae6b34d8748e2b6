"""Words that are given as a quote: verbatim, near, or not there, with their places and the source's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.agents import quotes
from kg.errors import KGError, UnknownTerm

YILIAO = Path(__file__).parent / "studies/yiliao"


@pytest.fixture(scope="module")
def yiliao(cache):
    return kg.open(YILIAO)


def whole(graph, source):
    (row,) = graph.query("source-text", id=source).dicts()
    return row["whole"]


def test_a_verbatim_quote_has_its_place_in_codepoints_and_the_passages_that_it_touches(dart):
    checked = quotes.check(dart.engine, '"transparency" is the guarantee')
    assert (checked.verdict, checked.more) == ("verbatim", 0)
    (place,) = checked.places
    assert (place.source, place.start, place.end, place.excerpts) == ("abstract", 2375, 2406, ("abstract:2375-2406",))
    assert place.exact == whole(dart, "abstract")[place.start : place.end]
    assert whole(dart, "abstract")[place.start - 80 : place.end + 80] == place.before + place.exact + place.after


def test_the_width_of_white_space_is_free_and_nothing_else_is(dart):
    assert quotes.check(dart.engine, "is  the\nguarantee ").verdict == "verbatim"
    assert quotes.check(dart.engine, "is the Guarantee").verdict == "nearest"


def test_a_quote_that_differs_by_a_word_is_not_verbatim_and_has_the_words_that_stand_there(dart):
    checked = quotes.check(dart.engine, '"transparency" is the best guarantee')
    assert checked.verdict == "nearest"
    place = checked.places[0]
    assert place.exact == whole(dart, place.source)[place.start : place.end]
    assert "is the guarantee" in place.exact
    assert place.likeness < 100


def test_words_that_stand_nowhere_are_not_there(dart, yiliao):
    assert quotes.check(dart.engine, "quantum annealing hardware outperformed zebras yesterday").verdict == "not there"
    assert quotes.check(yiliao.engine, "量子计算机昨天超过了斑马的速度").verdict == "not there"


def test_a_chinese_quote_is_verbatim_or_nearest_in_codepoints(yiliao):
    text = whole(yiliao, "donghe-fangtan")
    quote = next(line for line in text.splitlines() if len(line) > 30)[8:28]
    checked = quotes.check(yiliao.engine, quote)
    assert checked.verdict == "verbatim"
    assert [text[p.start : p.end] for p in checked.places if p.source == "donghe-fangtan"] == [quote]
    near = quotes.check(yiliao.engine, quote[:9] + "绝" + quote[10:])
    assert near.verdict == "nearest"
    assert near.places[0].exact in text
    assert near.places[0].exact[:6] in quote or quote[:6] in near.places[0].exact


def test_only_the_source_that_is_named_is_looked_at(dart):
    assert quotes.check(dart.engine, '"transparency" is the guarantee', "haier").verdict != "verbatim"
    with pytest.raises(UnknownTerm, match="did you mean 'haier'"):
        quotes.check(dart.engine, "transparency", "hair")


def test_of_many_places_the_first_are_given_and_the_rest_counted(dart):
    checked = quotes.check(dart.engine, "the", "abstract")
    assert len(checked.places) == quotes.MOST
    assert checked.more > 0
    assert len(checked.places) + checked.more == whole(dart, "abstract").count("the")


@pytest.mark.parametrize("text", ["", "  \n", "“…”", "!?"])
def test_a_text_without_words_is_refused(dart, text):
    with pytest.raises(KGError, match="no words"):
        quotes.check(dart.engine, text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_whatever_is_checked_a_place_has_the_words_of_its_source(text):
    graph = kg.open("template")
    try:
        checked = quotes.check(graph.engine, text)
    except KGError:
        return
    assert (checked.verdict == "not there") == (not checked.places)
    for place in checked.places:
        assert place.exact == whole(graph, place.source)[place.start : place.end]
        if checked.verdict == "verbatim":
            assert "".join(place.exact.split()) == "".join(text.split())


@given(st.data())
def test_every_stretch_of_a_source_is_verbatim_at_its_place(data):
    graph = kg.open("template")
    source = data.draw(st.sampled_from([row["source"] for row in graph.query("sources").dicts()]))
    text = whole(graph, source)
    start = data.draw(st.integers(0, len(text) - 31))
    quote = text[start : start + 30].strip()
    checked = quotes.check(graph.engine, quote, source)
    assert checked.verdict == "verbatim"
    assert text.index(quote) in [place.start for place in checked.places] or checked.more
