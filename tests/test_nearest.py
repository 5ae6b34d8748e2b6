"""The places that are proposed for a passage which is not in its source word for word."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import anchor
from kg.nearest import MOST, propose

CASES = Path(__file__).parent / "cases"
TALK = (CASES / "transcript-texts/Int 1.txt").read_text("utf-8")


def quotes():
    with (CASES / "transcript-quotes.csv").open(encoding="utf-8", newline="") as file:
        return [row["Quote"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("quote", "exact", "sure"),
    list(
        zip(
            quotes(),
            [
                "We came back [00:01:12] because the food was warm,\n3\tand the people too.",
                "We came back [00:01:12] because the food was warm,\n3\tand the people too.",
                "We came back [00:01:12] because the food was warm",
                "We came back",
                "the food was warm,",
            ],
            [True, False, False, True, True],
            strict=True,
        )
    ),
)
def test_a_quote_from_a_transcript_has_its_place_without_marks_of_time_and_numbers_of_lines(quote, exact, sure):
    (place,) = propose(TALK, quote)
    assert (place.exact, place.sure) == (exact, sure)
    assert TALK[place.start : place.end] == place.exact
    # It is shown and never an anchor.
    assert (quote.strip() in TALK) == bool(anchor.find(TALK, quote.strip()))


@pytest.mark.parametrize(
    ("text", "quote", "exact"),
    [
        ("I stayed #00:01:20-3# because of her.", "I stayed because of her.", "I stayed #00:01:20-3# because of her."),
        ("I stayed (01:20) because", "stayed because", "stayed (01:20) because"),
        ("I stayed <00:01:20.500> because", "stayed because", "stayed <00:01:20.500> because"),
        ("I stayed 00:01:20,500 because", "stayed because", "stayed 00:01:20,500 because"),
        ("12  I stayed\n13  because of her.\n", "I stayed because of her", "I stayed\n13  because of her"),
        ("12: I stayed\n13: because of her.\n", "I stayed\n13: because", "I stayed\n13: because"),
        ("I said “no” – always.", 'I said "no" - always', "I said “no” – always"),
        ("I DIDN’T go.", "I didn't go", "I DIDN’T go"),
        ("cafe\u0301 au lait", "café au lait", "cafe\u0301 au lait"),
        ("un\u00adsure and co\u200boperate", "unsure and cooperate", "un\u00adsure and co\u200boperate"),
        ("我信任\n它，所以留下。", "“我信任它，所以留下。”", "我信任\n它，所以留下。"),
        ("ＡＢＣ works", "ABC works", "ＡＢＣ works"),
    ],
)
def test_what_stands_between_words_makes_no_difference(text, quote, exact):
    (place,) = propose(text, quote)
    assert (place.exact, place.sure) == (exact, True)


@pytest.mark.parametrize(
    ("text", "quote"), [("the therapist came", "the rapist came"), ("résumé it", "resume it"), ("the way", "they way")]
)
def test_other_words_are_never_sure(text, quote):
    assert not any(place.sure for place in propose(text, quote))


def test_a_number_that_is_no_number_of_a_line_stays_a_word():
    (place,) = propose("In the year\n1984. It was\nso and so.", "the year it was so")
    assert not place.sure


def test_an_ellipsis_that_swallows_a_negation_is_said():
    (place,) = propose("Users did not lead the design.", "Users did … lead the design.")
    assert (place.exact, place.sure) == ("Users did not lead the design.", False)
    assert place.why == "it has all that the ellipsis leaves out, which holds 'not'"


def test_of_two_places_with_the_same_words_none_is_sure():
    text = "We came, back. We came: back. We never."
    places = propose(text, "we came back")
    assert [place.exact for place in places] == ["We came, back", "We came: back"]
    assert not any(place.sure for place in places)


def test_the_passage_at_the_position_of_the_file_comes_first():
    text = "Prices are open. We trust them."
    first, second = propose(text, "Prices are open.", stated="We trust them.", start=0)
    assert (first.exact, second.exact) == ("Prices are open.", "We trust them.")
    assert not first.sure
    assert second.sure


def test_what_merely_looks_alike_is_shown_in_whole_words():
    (place,) = propose("And then we trusted them, all the while.", "we trust them all the while")
    assert (place.exact, place.sure) == ("we trusted them, all the while", False)
    assert place.why.startswith("it looks alike")


@pytest.mark.parametrize(
    ("text", "quote"), [("abc", "…"), ("", "x"), ("abc", "zzz qqq"), ("[00:01:02]", "[00:01:02] a")]
)
def test_where_nothing_comes_near_nothing_is_proposed(text, quote):
    assert propose(text, quote) == ()


@given(st.text(alphabet="ab 1\n\t.…[]:#“”中é\u0301-", max_size=40), st.text(alphabet="ab 1\n.…[]:“中é-", max_size=12))
def test_a_proposal_is_always_the_text_of_the_source_at_its_place(text, quote):
    places = propose(text, quote)
    assert len(places) <= MOST
    for place in places:
        assert text[place.start : place.end] == place.exact
        assert place.exact.strip()
    assert sum(place.sure for place in places) <= 1


@pytest.mark.parametrize(
    "quote",
    [
        "." * 200_000 + "x",
        "a … " * 50_000,
        "[ " * 100_000,
        "a" * 200_000,
        "the [00:01:12] " * 10_000,
        "the … zzz",
        "\n1 " * 60_000,
    ],
    ids=["stops", "ellipses", "brackets", "one word", "times", "a part that is nowhere", "numbers"],
)
def test_a_hostile_quote_takes_no_longer_than_its_length(quote):
    # A square of any of these would not end within the time that a test has.
    assert propose("the cat sat on the mat. " * 20_000, quote)[MOST:] == ()
