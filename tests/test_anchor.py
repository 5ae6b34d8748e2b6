"""Quotes are found exactly, or not at all."""

import json
import re

import pytest
from helpers import examples, repin
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg import anchor
from kg.entries import PassageEntry
from kg.errors import StudyError
from kg.loaders import markdown, passages, text
from kg.loaders.study import load
from kg.records import Source

WORDS = st.text(alphabet="aé e\u0301中文🙂\n\r\t.", min_size=1, max_size=30)


@given(WORDS, WORDS.filter(str.strip), WORDS)
def test_a_passage_of_a_text_is_found_at_its_place(before: str, quote: str, after: str) -> None:
    places = anchor.find(before + quote + after, quote)
    assert (len(before), len(before) + len(quote)) in places


@given(WORDS, WORDS.filter(str.strip))
def test_what_is_found_equals_the_quote_but_for_white_space(whole: str, quote: str) -> None:
    for start, end in anchor.find(whole, quote):
        assert whole[start:end].split() == quote.split()


def brute_force(text: str, quote: str) -> list[tuple[int, int]]:
    """Find a quote by trying every place, letter for letter, or else word for word."""
    if not quote.strip():
        return []
    exact = [(at, at + len(quote)) for at in range(len(text)) if text.startswith(quote, at)]
    words = re.compile(r"\s+".join(map(re.escape, quote.split())))
    return exact or [m.span() for at in range(len(text)) if (m := words.match(text, at))]


REPEATING = st.text(alphabet="ab \n", max_size=300)


@given(st.integers(0, 3), REPEATING | st.text(alphabet="abcdefgh中文🙂 \n\u3000", max_size=300), st.data())
def test_an_index_finds_what_a_search_finds(scans: int, whole: str, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anchor, "SCANS", scans)
        index = anchor.Index(whole)
        for _ in range(6):
            start = data.draw(st.integers(0, len(whole)))
            part = whole[start : start + data.draw(st.integers(1, 60))]
            quote = data.draw(st.sampled_from([part, " ".join(part.split()), part + "a", part.replace(" ", "\n ")]))
            assert index.find(quote) == brute_force(whole, quote)


def test_a_quote_wrapped_over_lines_matches_crlf() -> None:
    assert anchor.find("one\r\ntwo three", "one two") == [(0, 8)]


def test_a_lookalike_is_no_match() -> None:
    assert anchor.find("Users did not lead the design.", "Users did lead the design.") == []


def test_an_ellipsis_that_swallows_a_negation_is_named() -> None:
    why = anchor.explain("Users did not lead the design.", "Users did … lead the design.")
    assert "'not'" in why


def test_headings_labels_and_citations_are_no_body() -> None:
    source = "---\ntitle: Users lead\n---\n\n# Users lead\n\n[H01] Users lead it. [@a1]\n"
    body = markdown.paragraphs(source, "")
    inside = [p for p in anchor.find(source, "Users lead") if anchor.in_body(source, body, *p)]
    assert inside == [(source.index("Users lead it"), source.index(" it."))]
    start = source.index("@a1")
    assert not anchor.in_body(source, body, start, start + 3)


def test_a_title_line_of_plain_text_is_no_body() -> None:
    source = "Trust\n\nTrust matters.\n"
    body = text.paragraphs(source, "Trust")
    assert [bool(anchor.in_body(source, body, *p)) for p in anchor.find(source, "Trust")] == [False, True]


def test_a_cut_inside_a_grapheme_is_seen() -> None:
    assert anchor.cut("e\u0301tude", 0, 1) is not None


PASSAGES = st.text(
    alphabet="abc é\u0065\u0301中文字,。🙂👩\u200d👩\u200d👧\"':#-{}[]&*!|>%@`\\ \t", min_size=1, max_size=40
)


@settings(max_examples=examples(60))
@given(st.lists(PASSAGES, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]), st.data())
def test_any_passage_of_any_source_comes_back_at_its_place(study, lines, end, data) -> None:
    """Write a source and a quote of it as files, load them, and find the quote where it was taken from."""
    whole = end.join(lines)
    first = data.draw(st.integers(0, len(whole) - 1))
    last = data.draw(st.integers(first + 1, len(whole)))
    quote = whole[first:last]
    assume(quote.strip() and whole.strip() != "The theory")
    assume(quote == quote.strip() and "\r" not in (quote[0], quote[-1]))
    (study / "sources/theory.txt").write_bytes(whole.encode())
    (study / "propositions.yaml").write_text("propositions: []\n", "utf-8")
    (study / "codings/interview.yaml").unlink(missing_ok=True)
    coding = {
        "source": "theory",
        "coder": "me",
        "date": "2026-11-24",
        "excerpts": [{"quote": quote, "codes": ["recognition"]}],
    }
    (study / "codings/theory.yaml").write_text(json.dumps(coding, ensure_ascii=False), "utf-8")
    repin(study)
    try:
        (excerpt,) = load(study).study.excerpts
    except StudyError as e:
        assert {f.rule for f in e.findings} == {"quote-ambiguous"}  # noqa: PT017
        assert len(anchor.find(whole, quote)) > 1
    else:
        assert (excerpt.start, excerpt.end, excerpt.exact) == (first, last, quote)


TEXT = "# Stay or leave\n\n[A1] We stay. They stay. [@r1]\n\n[A2] Nobody left. We stay.\n"


@pytest.mark.parametrize(
    ("entry", "gives"),
    [
        ({"quote": "They stay"}, "They stay"),
        ({"quote": "They  stay"}, "They stay"),
        ({"quote": "We stay", "paragraph": "A2"}, "We stay"),
        ({"quote": "We stay", "suffix": ". They"}, "We stay"),
        ({"quote": "We stay", "start": TEXT.rindex("We")}, "We stay"),
        ({"quote": "We stay"}, ("quote", "quote-ambiguous")),
        ({"quote": "We stay", "start": 3}, ("start", "quote-not-found")),
        ({"quote": "They left"}, ("quote", "quote-not-found")),
        ({"quote": "They stay", "paragraph": "A2"}, ("quote", "quote-not-found")),
        ({"quote": "They stay", "paragraph": "A3"}, ("paragraph", "unknown-paragraph")),
        ({"quote": "Stay or leave"}, ("quote", "quote-not-in-body")),
    ],
)
def test_a_passage_has_one_place_or_a_reason_why_not(entry, gives):
    body = tuple(markdown.paragraphs(TEXT, ""))
    told = {"title": "", "role": "case", "case": None, "language": "en", "reference": None, "sha256": ""}
    document = passages.Document(Source(id="s", file="s.md", text=TEXT, body=body, **told))
    place = passages.place(document, PassageEntry(**entry))
    assert (TEXT[slice(*place)] if len(place) == 2 else place[:2]) == gives
