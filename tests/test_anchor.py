"""Quotes are found exactly, or not at all."""

import json
import re
import unicodedata

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
def test_what_is_found_equals_the_quote_but_for_white_space_and_normal_form(whole: str, quote: str) -> None:
    for start, end in anchor.find(whole, quote):
        assert parted(whole[start:end]).split() == parted(quote).split()


def parted(text: str) -> str:
    return unicodedata.normalize("NFD", text)


LETTERS = [
    "a",
    "e\u0301",
    "\u00e9",
    "o\u0323\u0302",
    "\u1ed9",
    "o\u0302\u0323",
    "\u212b",
    "한",
    parted("한"),
    "하",
    "が",
    "中",
    "\uf900",
    " ",
    "\n",
    "\u0344",
    "\u0c4a",
]
"""Letters in several forms: with one mark or two, in either order, of Korean, Japanese and Telugu."""
TEXTS = st.lists(st.sampled_from(LETTERS), max_size=14).map("".join)


@given(TEXTS, TEXTS.filter(str.strip), TEXTS, st.sampled_from(["NFC", "NFD"]), st.sampled_from(["NFC", "NFD"]))
def test_a_quote_in_one_normal_form_is_found_in_a_text_in_the_other(before, quote, after, of_text, of_quote) -> None:
    """macOS parts letters of file names and copied texts, and PDF readers do; people type them composed."""
    before, inside, after = (unicodedata.normalize(of_text, part) for part in (f"{before}.", quote, f".{after}"))
    whole = before + inside + after
    lead = len(inside) - len(inside.lstrip())
    place = (len(before) + lead, len(before) + len(inside.rstrip()))
    spans = anchor.find(whole, unicodedata.normalize(of_quote, quote).strip())
    # What begins or ends with a mark is not the same letters where that belongs to another.
    if not anchor._joins(quote.strip()[0]):
        assert place in spans
    for start, end in spans:
        assert parted(whole[start:end]).split() == parted(quote).split()


@given(TEXTS, TEXTS.filter(str.strip))
def test_nothing_is_found_that_is_a_part_of_a_letter(whole: str, quote: str) -> None:
    for start, end in anchor.find(whole, quote):
        if whole[start:end] != quote and parted(whole[start:end]) != parted(quote):
            assert re.fullmatch(r"\s+".join(map(re.escape, parted(quote).split())), parted(whole[start:end].strip()))
        if "".join(whole[start:end].split()) != "".join(quote.split()):
            assert not any(at < len(whole) and anchor._joins(whole[at]) for at in (start, end))


@pytest.mark.parametrize(
    ("quote", "whole"), [("cafe", "caf\u00e9"), ("하", "한"), ("\u00e9", "e\u0301\u0323"), ("é", "e")]
)
def test_another_letter_is_no_match(quote: str, whole: str) -> None:
    assert anchor.find(whole, quote) == []


@pytest.mark.parametrize(("of_text", "of_quote"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_study_in_two_normal_forms_is_built_with_the_letters_of_its_source(study, of_text, of_quote) -> None:
    """The byte check of the build compares what the graph has with the file."""
    import kg
    from kg.agents import quotes

    words = "Café, naïve Überraschung in Sài Gòn, 한국어"
    whole = unicodedata.normalize(of_text, f"Title\n\nShe said: {words}.\n")
    (study / "sources/theory.txt").write_text(whole, "utf-8")
    (study / "propositions.yaml").write_text("propositions: []\n", "utf-8")
    (study / "codings/interview.yaml").unlink()
    entry = {"quote": unicodedata.normalize(of_quote, words), "codes": ["recognition"], "prefix": "said: "}
    coding = {"source": "theory", "coder": "me", "date": "2026-11-24", "excerpts": [entry]}
    (study / "codings/theory.yaml").write_text(json.dumps(coding, ensure_ascii=False), "utf-8")
    repin(study)
    (excerpt,) = load(study).study.excerpts
    start = whole.index("said: ") + len("said: ")
    assert (excerpt.start, whole[excerpt.start : excerpt.end]) == (start, excerpt.exact)
    assert excerpt.exact == unicodedata.normalize(of_text, words)
    graph = kg.open(study)
    checked = quotes.check(graph.tables, entry["quote"])
    assert (checked.verdict, checked.places[0].start, checked.places[0].excerpts) == ("verbatim", start, (excerpt.id,))
    for exact in (True, False):
        asked = unicodedata.normalize(of_quote, "Überraschung")
        (hit,) = graph.search(asked, exact=exact).hits
        assert hit.found == whole[hit.start : hit.end] == unicodedata.normalize(of_text, "Überraschung")
        assert hit.excerpts == (excerpt.id,)


def test_what_stands_before_a_quote_may_be_in_another_form() -> None:
    whole = parted("le café noir, la nuit noire")
    assert anchor.find(whole, "noir", prefix="café ") == [(whole.index("noir"), whole.index("noir") + 4)]


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


def test_the_nearest_passage_is_shown_without_the_blanks_beside_it():
    text = "R: I was back the next Saturday.\n\nI: Why?\n"
    assert anchor.explain(text, "I was back the next Saturdayy.") == (
        "nearest passage (3-32): 'I was back the next Saturday.'"
    )


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
