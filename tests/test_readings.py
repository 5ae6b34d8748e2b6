"""A file does not say how its positions count: its quotes and its texts do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.loaders.imports.material import Document, Passage, Reading
from kg.loaders.imports.readings import READINGS, Evidence, Positions, same

TEXTS = st.text(alphabet="ab 中👍\U00020000\u0301\r\n.", max_size=60)


def units(text: str, reading: Reading) -> int:
    """Count a beginning of a text, one character after another, as a reading counts it."""
    count, at = 0, 0
    while at < len(text):
        if reading.crlf_is_one and text[at : at + 2] == "\r\n":
            at += 1
        count += 2 if reading.utf16 and ord(text[at]) > 0xFFFF else 1
        at += 1
    return count


def positions(text: str, start: int, end: int, reading: Reading, *, bom: bool = False) -> tuple[int, int]:
    """Write positions as a tool writes them that counts by this reading."""
    shift = reading.base + (reading.bom_counts and bom)
    return units(text[:start], reading) + shift, units(text[:end], reading) + shift - reading.inclusive


def split(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1 : at + 1] == "\r\n"


@given(TEXTS, st.data(), st.sampled_from(READINGS), st.booleans())
def test_positions_written_by_any_reading_are_read_back_by_it(text, data, reading, bom):
    length = st.integers(0, len(text))
    start, end = sorted((data.draw(length), data.draw(length)))
    if reading.crlf_is_one and (split(text, start) or split(text, end)):
        return  # such a tool cannot say that
    written = positions(text, start, end, reading, bom=bom)
    found = Positions(Document("d", "", text, bom), reading).span(Passage("p", *written))
    assert found == (start, end)


@given(TEXTS, st.integers(-9, 200), st.integers(-9, 200), st.sampled_from(READINGS))
def test_positions_outside_a_text_or_inside_a_character_are_no_passage(text, start, end, reading):
    found = Positions(Document("d", "", text), reading).span(Passage("p", start, end))
    if found is not None:
        assert 0 <= found[0] <= found[1] <= len(text)
        assert positions(text, *found, reading) == (start, end)


def document(
    text: str, spans: list[tuple[int, int]], reading: Reading, *, bom: bool = False, stated: bool = False
) -> Document:
    passages = []
    for number, (start, end) in enumerate(spans):
        written = positions(text, start, end, reading, bom=bom)
        passages.append(Passage(f"p{number}", *written, stated=text[start:end] if stated else None))
    return Document("d", "d", text, bom, passages=tuple(passages))


@pytest.mark.parametrize("reading", READINGS, ids=str)
def test_stored_quotes_tell_every_reading_apart(reading):
    text = "One user said so.\r\nAnother 😀 one did not.\r\nNobody 😀😀 asked."
    spans = [
        (0, 8),
        (text.index("Another"), text.index(" 😀")),
        (text.index("one"), text.index(" did")),
        (48, len(text)),
    ]
    made = document(text, spans, reading, bom=True, stated=True)
    found = Evidence(READINGS)
    found.add(made)
    chosen = found.choose()
    # A byte order mark that counts and positions from 1 are the same where every file has a mark.
    assert [Positions(made, chosen.reading).span(p) for p in made.passages] == spans
    assert chosen.sure == "certain"


def test_a_passage_outside_its_text_tells_a_reading_without_any_quote():
    text = "😀😀😀 the end"
    found = Evidence(READINGS)
    found.add(document(text, [(4, len(text))], Reading(utf16=True)))
    assert found.choose().reading.utf16
    assert found.choose().sure == "certain"


def test_ends_of_words_tell_a_reading_when_nothing_else_does():
    words = [f"word{number}" for number in range(60)]
    text = " ".join(words) + " and much more text that nobody marked at all"
    spans = [(text.index(w + " "), text.index(w + " ") + len(w)) for w in words]
    found = Evidence(READINGS)
    found.add(document(text, spans, Reading(base=1, inclusive=True)))
    assert found.choose().reading == Reading(base=1, inclusive=True)
    assert found.choose().sure == "likely"


def test_the_usual_reading_is_assumed_where_nothing_speaks_for_another():
    found = Evidence(READINGS)
    found.add(Document("d", "", "透明是保证", passages=(Passage("p", 1, 3),)))
    assert found.choose().reading == READINGS[0] == Reading()
    assert found.choose().sure == "assumed"


def test_only_white_space_may_differ():
    assert same("one\r\ntwo", " one two ")
    assert not same("one two", "one  twO")
    assert not same("one", "one.")


def test_few_passages_tell_a_reading_when_all_their_ends_are_ends_of_words():
    text = "So 😀 every Friday they say what went well, that is why I come back, and two of us left."
    spans = [
        (text.index(part), text.index(part) + len(part))
        for part in ("every Friday", "what went well", "why I", "two of us")
    ]
    found = Evidence(READINGS)
    found.add(document(text, spans, Reading(utf16=True)))
    chosen = found.choose()
    assert (chosen.reading, chosen.sure) == (Reading(utf16=True), "likely")


def test_passages_whose_quotes_all_agree_need_no_other_reading():
    found = Evidence(READINGS[:1])
    found.add(Document("d", "", "one two", passages=(Passage("p", 4, 7, stated="two"),)))
    assert found.perfect
    found.add(Document("e", "", "one two", passages=(Passage("p", 4, 7),)))
    assert not found.perfect
