"""Places in publications: read from citations and codings, and shown wherever what a passage rests on is shown."""

from __future__ import annotations

import json
import shlex
import time
import zipfile
from datetime import date
from typing import get_args

import pytest
from helpers import errors, repin
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import kg
from kg import cite, exports, importing, locators
from kg.loaders import pandoc_citations
from kg.loaders import study as loader
from kg.loaders.imports import Options, refi_qda, table, web_annotation
from kg.records import Citation, Locator


def read(cluster):
    """Return key, place and what was not read of each citation of a cluster."""
    cited = pandoc_citations.items(cluster, 0, len(cluster))
    return [(item.key, item.locator and str(item.locator), item.unread) for item in cited]


@pytest.mark.parametrize(
    ("cluster", "places"),
    [
        ("[@smith2014, p. 12]", ["page 12"]),
        ("[see @smith2014, pp. 33-35, 40, and *passim*; @lee2015, chap. 2]", ["page 33-35, 40", "chapter 2"]),
        ("[-@smith2014, 12]", ["page 12"]),
        ("[@smith2014 pages 12–14 & 20]", ["page 12–14 & 20"]),
        ("[@smith2014, chapter IV]", ["chapter IV"]),
        ("[@smith2014, §§ 3-4]", ["section 3-4"]),
        ("[@smith2014, ¶ 4]", ["paragraph 4"]),
        ("[@smith2014, sec. 4.2; @smith2014, para. 7]", ["section 4.2", "paragraph 7"]),
        ("[@smith2014, fol. 12v]", ["folio 12v"]),
        ("[@smith2014, fig. 3a]", ["figure 3a"]),
        ("[@smith2014, l. 5; @a1, n. 6; @a2, no. 7; @a3, v. 8]", ["line 5", "note 6", "issue 7", "verse 8"]),
        ("[@a, vol. 2; @b, bk. 3; @c, pt. 1; @d, col. 4; @e, op. 9]", ["volume 2", "book 3", "part 1", "column 4", "opus 9"]),
        ("[@smith2014, s.v. hermeneutics]", ["sub-verbo hermeneutics"]),
        ("[@film, 00:12:30]", ["timestamp 00:12:30"]),
        ("[@film, time 12:30-13:05]", ["timestamp 12:30-13:05"]),
        ("[@smith{ii, A, D-Z}, with a suffix]", ["page ii, A, D-Z"]),
        ("[@smith, {pp. iv, vi-xi, (xv)-(xvii)} with suffix here]", ["page iv, vi-xi, (xv)-(xvii)"]),
        ("[@smith, {chap. 1; 2}; @lee, p. 3]", ["chapter 1; 2", "page 3"]),
        ("[@{smith}, p. 3]", ["page 3"]),
        ("[@王2014，第12页；@lee，第三章]", ["page 12", "chapter 三"]),
        ("[@wang2014, 12-15页]", ["page 12-15"]),
        ("[@wang2014, 图3]", ["figure 3"]),
        ("[@smith2014]", [None]),
        ("[@smith{}, 99 years later]", [None]),
        ("[@smith and @lee]", [None, None]),
    ],
)  # fmt: skip
def test_a_place_is_read_as_pandoc_has_it(cluster, places):
    assert [(place, unread) for _, place, unread in read(cluster)] == [(place, "") for place in places]


@pytest.mark.parametrize(
    ("cluster", "place", "unread"),
    [
        ("[@smith2014, p. twelve]", None, "p. twelve"),
        ("[@smith2014, S. 12]", None, "S. 12"),
        ("[@smith2014, p. 12, chap. 3]", "page 12", "chap. 3"),
        ("[@smith2014, 第3章第2节]", "chapter 3", "第2节"),
        ("[@smith2014, passim]", None, "passim"),
        ("[@smith2014, p.]", None, "p."),
    ],
)
def test_words_that_are_no_place_are_not_lost(cluster, place, unread):
    assert read(cluster) == [("smith2014", place, unread)]


def places():
    values = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="{}[]"), min_size=1, max_size=6)
    numbers = st.from_regex(r"\A[0-9]{1,4}[a-z]?(-[0-9]{1,4})?(, [0-9]{1,3})?\Z")
    texts = numbers | st.lists(values, min_size=1, max_size=3).map(" ".join)
    return st.builds(Locator, kind=st.sampled_from(get_args(locators.Term)), value=texts)


@given(places())
def test_a_place_that_is_written_is_read_as_it_was(place):
    assert pandoc_citations.locator(pandoc_citations.written(place)) == place


@given(st.text(alphabet="[]{}()@;,.-–: pchs§¶第页章三12ivA\n", max_size=60))
def test_no_cluster_breaks_the_reading(text):
    from kg.loaders import markdown

    for paragraph in markdown.paragraphs(f"Words. [@a{text}", ""):
        assert all(text for _, text, _ in paragraph.unread)


def test_every_term_of_csl_has_its_labels():
    assert set(get_args(locators.Term)) == set(locators.LABELS)


BOOK = {
    "id": "smith2014", "type": "book", "title": "Why", "issued": {"date-parts": [[2014]]},
    "author": [{"family": "Smith", "given": "Ann"}],
}  # fmt: skip
TALK = {**BOOK, "id": "lee2015", "title": "A talk", "author": [{"family": "Lee"}], "issued": {"date-parts": [[2015]]}}


@pytest.fixture
def cited(study, edit):
    """Return a study in which passages have places: I01 cites two works, I02 one work twice, the interview has pages."""
    references = json.loads((study / "references.json").read_text("utf-8"))
    (study / "references.json").write_text(json.dumps([*references, BOOK, TALK]), "utf-8")
    edit(
        "sources/interview.md",
        "why I come back. [@interview2026]",
        "why I come back. [see @smith2014, p. 12; @lee2015]",
    )
    edit(
        "sources/interview.md",
        "praised every week. [@interview2026]",
        "praised every week. [@smith2014, chap. 3; @smith2014, p. 40; @smith2014, p. 9]",
    )
    edit("codings/interview.yaml", "codes: [belonging]", "codes: [belonging]\n    locator: 00:12:30")
    repin(study)
    return study


FIRST, SECOND, THIRD = "interview:39-121", "interview:163-216", "interview:283-336"
"""The passages of the interview."""


def test_a_place_is_in_the_records(cited):
    first, second, third = (e for e in loader.load(cited).study.excerpts if e.source == "interview")
    page = Citation(reference="smith2014", locator=Locator(kind="page", value="12"))
    assert first.citations == (page, Citation(reference="lee2015"))
    assert first.references == ("smith2014", "lee2015")
    assert second.places == (("smith2014", "chapter 3"), ("smith2014", "page 40"), ("smith2014", "page 9"))
    assert str(third.locator) == "timestamp 00:12:30"


def test_one_passage_has_one_place_whoever_coded_it(cited, edit):
    edit(
        "codings/interview.yaml",
        "  - quote: The guests know",
        "  - quote: The guests know my name by now, so I would miss them.\n    coder: me\n    date: 2026-11-25\n"
        "    codes: [belonging]\n  - quote: The guests know",
    )
    (third,) = (e for e in loader.load(cited).study.excerpts if e.id == THIRD)
    assert str(third.locator) == "timestamp 00:12:30"
    edit("codings/interview.yaml", "    date: 2026-11-25\n", "    date: 2026-11-25\n    locator: p. 3\n")
    (finding,) = errors(cited)
    assert (finding.rule, finding.file) == ("locator-differs", "codings/interview.yaml")
    assert finding.message == "'00:12:30' is not the place that this passage has above: 'page 3'"


def test_a_place_that_cannot_be_read_is_said_with_its_file_and_line(cited, edit):
    edit("sources/interview.md", "p. 12;", "p. twelve;")
    edit("sources/interview.md", "[@interview2026]", "[@interview2026, emphasis added]")
    repin(cited)
    wide, narrow = [f for f in loader.load(cited).findings if f.rule == "locator-not-read"]
    assert (wide.file, wide.line, wide.severity) == ("sources/interview.md", 3, "warning")
    assert wide.message == "'p. twelve' is not read as a place in 'smith2014'; understood: no place"
    assert (narrow.line, narrow.severity) == (7, "note")
    edit("codings/interview.yaml", "locator: 00:12:30", "locator: on the left")
    (finding,) = errors(cited)
    assert (finding.rule, finding.message) == ("locator-not-read", "'on the left' is not read as a place")


def test_a_place_is_given_in_the_codings_of_its_own_source(cited, edit):
    edit("codings/theory.yaml", "asserts: [P2]", "asserts: [P2]\n")
    quote = "\n        also: [{quote: Pay has no part in it., source: theory, locator: p. 3}]"
    edit("study.yaml", "role: theory ", "role: literature ")
    edit("codings/theory.yaml", "    asserts: [P1]\n", "")
    edit("codings/theory.yaml", "    asserts: [P2]\n", "")
    edit("codings/interview.yaml", "reason for coming back.", f"reason for coming back.{quote}")
    (finding,) = errors(cited)
    assert finding.rule == "locator-elsewhere"
    assert finding.mend == "write 'locator' at the passage in the codings of 'theory'"


def texts(graph, identifier, style="apa"):
    return [citation.text for citation in graph.cite(identifier, style)]


def test_a_citation_has_the_place_and_by_whom_it_is_reported(cited, edit):
    graph = kg.open(cited)
    by = "as reported in “Interview at the soup kitchen”, note I01"
    assert texts(graph, FIRST) == [f"(Lee, 2015, {by})", f"(Smith, 2014, p. 12, {by})"]
    assert [(c.locator, c.note) for c in graph.cite(FIRST)] == [("", "I01"), ("page 12", "I01")]
    assert [c.locator for c in graph.cite(SECOND)] == ["chapter 3", "page 9, 40"]
    assert texts(graph, "P1") == ["(Lee, 2015)", "(Smith, 2014, Chapter 3)", "(Smith, 2014, pp. 9, 12, 40)"]
    (third,) = texts(graph, THIRD)
    assert third.endswith("2026, as reported in “Interview at the soup kitchen”, 00:12:30, note I03)")
    edit("study.yaml", "role: case", "role: case\n    reference: interview2026")
    edit(
        "codings/interview.yaml", "    codes: [weekly-feedback]\n", "    codes: [weekly-feedback]\n    locator: p. 2\n"
    )
    graph = kg.open(cited)
    own = "(Interview at the Soup Kitchen, personal communication, November 24, 2026, p. 2)"
    assert texts(graph, FIRST) == [
        own,
        f"(Lee, 2015, as reported in {own[1:]}",
        f"(Smith, 2014, p. 12, as reported in {own[1:]}",
    ]


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("apa", "(Smith, 2014, pp. 33–35)"),
        ("chicago-author-date", "(Smith 2014, 33–35)"),
        ("american-sociological-association", "(Smith 2014:33–35)"),
        ("modern-language-association", "(Smith, Why 33–35)"),
        ("ieee", "[1, pp. 33–35]"),
        ("oscola", "A Smith, Why (2014) 33–35."),
        ("nature", "1, pp. 33-35"),
    ],
)
def test_a_style_writes_a_place_its_own_way_and_one_that_writes_none_has_it_at_the_end(style, text):
    assert cite.in_text(BOOK, "page 33-35", style) == text


@pytest.mark.parametrize("term", get_args(locators.Term))
def test_a_place_of_any_kind_is_in_a_citation(term):
    for style in ("apa", "chicago-author-date", "ieee", "nature"):
        assert "17" in cite.in_text(BOOK, f"{term} 17", style)
    assert cite.in_text(BOOK, "chapter 3") == "(Smith, 2014, Chapter 3)"


def test_no_citation_of_the_bundled_study_names_a_note_as_a_place(dart):
    rows = dart.query("trace-reference", id="taghizadeh2016scale").dicts()
    (cited,) = dart.cite(next(row["excerpt"] for row in rows if row["paragraph"] == "T17"))
    assert (cited.locator, cited.note) == ("", "T17")
    title = "Literature on value co-creation, DART, and customers in new product development, notes"
    assert cited.text == f"(Taghizadeh et al., 2016, as reported in “{title}”, note T17)"
    for excerpt in [row["excerpt"] for row in dart.query("trace-source", id="literature").dicts()][::40]:
        for citation in dart.cite(excerpt):
            assert citation.note[:1] == "T"
            assert citation.note not in citation.locator
            assert citation.text.endswith(f"as reported in “{title}”, note {citation.note})")


def test_the_rows_of_a_trace_have_the_places(cited):
    graph = kg.open(cited)
    rows = graph.query("trace-source", id="interview").dicts()
    assert [(r["excerpt"], r["link"], r["target"], r["locator"]) for r in rows if r["locator"]] == [
        (FIRST, "cites", "smith2014", "page 12"),
        (SECOND, "cites", "smith2014", "chapter 3"),
        (SECOND, "cites", "smith2014", "page 40"),
        (SECOND, "cites", "smith2014", "page 9"),
        (THIRD, "source", "interview", "timestamp 00:12:30"),
    ]


def printed(study, *arguments):
    """Return what a command prints, on one line."""
    from kg.cli import app

    out = CliRunner().invoke(app, [*arguments, "--study", str(study)])
    assert out.exit_code == 0, out.output
    return " ".join(out.output.split())


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("ask 'what supports feedback'", "interview I01 39-121 [lee2015; smith2014, p. 12]"),
        ("ask 'what supports feedback' --json", '"places": [ [ "smith2014", "page 12" ] ]'),
        ("trace P1", "reference smith2014 Why (p. 12)"),
        ("trace P1 --json", '"label": "Why (p. 12)"'),
        ("trace P1 --csv", '"lee2015, smith2014","smith2014, page 12"'),
        ("trace belonging --md", "| timestamp 00:12:30 |"),
        (f"cite {FIRST}", "(Smith, 2014, p. 12, as reported in"),
        (f"cite {FIRST} --json", '"locator": "page 12"'),
        (f"cite {FIRST} --format bibtex", "Cited: p. 12."),
        ("cite P1 --format ris", "N1 - Cited: chap. 3; pp. 9, 12, 40."),
        ("report supplement", "</a>, p. 12"),
        ("query trace-proposition --param id=P1", "page 12"),
    ],
)
def test_a_place_is_printed_wherever_a_reference_is(cited, command, part):
    """A page written as documented, ``[@smith2014, p. 12]``, was once in no answer, trace, table or export."""
    assert part in printed(cited, *shlex.split(command))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("csv", ["smith2014,page,12", '"smith2014, page 12"', "I03,timestamp 00:12:30"]),
        ("bibtex", ["Cited: chap. 3; pp. 9, 12, 40."]),
        ("ris", ["N1  - Cited: chap. 3; pp. 9, 12, 40."]),
        ("annotations", ['"locatorKind": "page",', '"locator": "12"', '"locator": "00:12:30"']),
        ("quotes-markdown", ["(Lee, 2015; Smith, 2014, p. 12)", "para. I03, 00:12:30"]),
        ("graphml", ["page 12"]),
        ("nquads", ['evidence#locatorKind> "page"', 'evidence#locator> "12"']),
        ("jsonld", ['"locator": "12"']),
    ],
)
def test_a_place_is_in_every_export_of_what_passages_rest_on(cited, tmp_path, name, parts):
    exports.export(kg.open(cited), name, tmp_path / "out")
    text = "".join(path.read_text("utf-8") for path in sorted((tmp_path / "out").iterdir()))
    assert [part for part in parts if part not in text] == []


def test_a_place_is_on_every_page_that_shows_the_passage(cited, tmp_path):
    from kg.browse import site
    from kg.progress import silent

    site.write(kg.open(cited), tmp_path / "site", silent)
    for page in ("proposition/P1.html", "reference/smith2014.html", "code/weekly-feedback.html"):
        assert "p. 12" in (tmp_path / "site" / page).read_text("utf-8"), page


def test_a_reference_in_csl_has_no_room_for_a_place_and_that_is_said(cited, tmp_path):
    out = exports.export(kg.open(cited), "csl-json", tmp_path / "csl")
    assert out.said == ["4 places in references are left out: an item of CSL-JSON has none"]


@pytest.mark.parametrize("name", ["refi-qda", "annotations", "csv"])
def test_the_place_of_a_passage_comes_back_from_an_export(cited, tmp_path, name):
    exports.export(kg.open(cited), name, tmp_path / "out")
    (path,) = (tmp_path / "out").glob({"csv": "codings.csv", "annotations": "*.jsonld", "refi-qda": "*.qdpx"}[name])
    texts = {
        f"{name}.md": (cited / "sources/interview.md").read_text("utf-8")
        for name in ("interview", "Interview at the soup kitchen")
    }
    importing.import_file(path, tmp_path / "back", Options(texts=texts), date(2026, 11, 24))
    back = loader.load(tmp_path / "back").study
    assert {str(e.locator) for e in back.excerpts if "guests know" in e.exact} == {"timestamp 00:12:30"}


def passages(module, path, **options):
    """Return the places of the passages that an importer finds in a file."""
    return [
        passage.locator
        for document in module.read(path, Options(**options)).documents()
        for passage in document.passages
    ]


def test_a_page_of_a_pdf_that_hypothesis_exports_is_a_place(tmp_path):
    selectors = [
        {"type": "TextQuoteSelector", "exact": "It works."},
        {"type": "PageSelector", "index": 11, "label": "xii (a)"},
    ]
    target = {"source": "https://example.org/a.pdf", "selector": selectors}
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps({"rows": [{"uri": "https://example.org/a.pdf", "target": [target], "text": "Why"}]}), "utf-8"
    )
    assert passages(web_annotation, path) == ["{p. xii (a)}"]


@pytest.mark.parametrize(
    ("column", "cell", "place"),
    [
        ("Page", "12", "p. 12"), ("Page number", "iv-v", "pp. iv-v"), ("locator", "chapter 3", "chap. 3"), ("页码", "第12页", "p. 12"),
        ("Timestamp", "12:30", "time 12:30"), ("Page", "12 30", ""), ("locator", "title-locator 5", "tit. 5"), ("Page", "NA", ""),
    ],
)  # fmt: skip
def test_a_column_of_pages_or_times_is_of_places(tmp_path, column, cell, place):
    path = tmp_path / "a.csv"
    path.write_text(f"quote,code,{column}\nIt works.,trust,{cell}\n", "utf-8")
    assert passages(table, path) == [place]
    assert table.read(path, Options()).lost["places that cannot be read"] == (not place and cell != "NA")


def test_the_times_of_a_transcript_are_a_place(tmp_path):
    transcript = (
        '<Project xmlns="urn:QDA-XML:project:1.0" name="a"><Sources><AudioSource guid="S" name="Talk">'
        '<Transcript guid="T"><PlainTextContent>It works. No.</PlainTextContent>'
        '<SyncPoint guid="a" timeStamp="750000" position="0"/><SyncPoint guid="b" timeStamp="755999" position="9"/>'
        '<SyncPoint guid="c" timeStamp="0" position="13"/>'
        '<TranscriptSelection guid="X" fromSyncPoint="a" toSyncPoint="b"/>'
        '<TranscriptSelection guid="Y" fromSyncPoint="c" toSyncPoint="c"/></Transcript></AudioSource></Sources></Project>'
    )
    path = tmp_path / "a.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", transcript)
    assert passages(refi_qda, path) == ["00:12:30-00:12:35", ""]
    assert str(pandoc_citations.locator("00:12:30-00:12:35")) == "timestamp 00:12:30-00:12:35"


def test_an_import_into_the_study_keeps_the_place_that_a_passage_has(cited, tmp_path):
    path = tmp_path / "more.csv"
    path.write_text(
        'document,quote,code,page\ninterview,"The guests know my name by now, so I would miss them.",names,3\n'
        "interview,Two of us left although they were praised every week.,leaving,4\n", "utf-8"
    )  # fmt: skip
    texts = {"interview.md": (cited / "sources/interview.md").read_text("utf-8")}
    report = importing.import_file(path, cited, Options(texts=texts), date(2026, 11, 25))
    placed = {e.id: str(e.locator) for e in loader.load(cited).study.excerpts if e.locator}
    assert placed == {THIRD: "timestamp 00:12:30", SECOND: "page 4"}
    assert report.lost["places that differ from another of the same passage"] == 1


@pytest.mark.parametrize("part", ["i, ", "1, ", "1-", "第1, ", "@a ", "{", "p. 1; @a, ", "(1)", "1 and "])
def test_long_clusters_are_read_in_the_time_of_their_length(part):
    seconds = []
    for number in (2_000, 16_000):
        cluster = f"[@a, {part * number}]"
        runs = []
        # The shortest of several: others also pay for what the process has to clear away meanwhile.
        for _ in range(3):
            before = time.process_time()
            read(cluster)
            runs.append(time.process_time() - before)
        seconds.append(min(runs))
    assert seconds[1] < 40 * seconds[0] + 0.2


def test_a_place_that_is_too_long_is_not_read():
    assert read(f"[@a, p. {'1' * 201}]") == [("a", None, f"p. {'1' * 201}")]
    assert pandoc_citations.locator("{p. " + "x" * 201 + "}") is None
