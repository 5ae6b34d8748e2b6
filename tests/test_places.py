"""Where the source is the publication or the interview, the place of a passage in it is where a reader finds it again."""

from __future__ import annotations

import itertools
import json
import shlex
import tempfile
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pdfs
import pytest
import strategies
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import kg
from kg import adding, exports, importing, query
from kg.cli import app
from kg.loaders import pandoc_citations
from kg.loaders import study as loader
from kg.loaders.imports import Options
from kg.places import Map, Place

PAPER = [
    {
        "id": "smith2014",
        "type": "article-journal",
        "title": "Why volunteers stay",
        "author": [{"family": "Smith", "given": "Ann"}],
        "issued": {"date-parts": [[2014]]},
    },
    {
        "id": "li2024",
        "type": "interview",
        "title": "Two years of feedback",
        "author": [{"family": "Li", "given": "Wen"}],
        "issued": {"date-parts": [[2024]]},
        "container-title": "Oral histories",
        "URL": "https://example.org/li",
    },
]
TALK = (
    "WEBVTT\n\n12:29.000 --> 12:31.500\n<v I>Why do you stay?</v>\n\n"
    "12:31.900 --> 12:35.000\n<v Li>We get feedback every week.</v>\n\n"
    "12:35.200 --> 12:40.500\n<v Li>Nobody was praised for it.</v>\n"
)
"""A talk of half a minute, from a little after the twelfth minute on."""


def paper():
    """Return a PDF of three pages, which are printed iv, v and 1."""
    lines = (
        ["Volunteers of the kitchen stay where", "they are told what came of their work.", "They ask for it in"],
        ["every season and are not content with", "praise alone, whoever says it."],
        ["Pay has no part in it at all."],
    )
    pages = [pdfs.page(pdfs.column(60, 760, of)) for of in lines]
    return pdfs.pdf(*pages, labels="0 <</S/r/St 4>> 2 <</S/D>>")


def code(study, source, *quotes, more=""):
    """Code passages of a source as its first evidence."""
    entries = "".join(
        f"  - quote: {quote}\n    codes: [weekly-feedback]\n{more}    evidence:\n"
        "      - {proposition: P1, stance: supports, strength: weak, rationale: They say so.}\n"
        for quote in quotes
    )
    text = f"source: {source}\ncoder: me\ndate: 2026-11-24\nexcerpts:\n{entries}"
    (study / f"codings/{source}.yaml").write_text(text, "utf-8")


@pytest.fixture
def placed(study, tmp_path):
    """Return a study to which a paper and an interview were added, with a passage of each coded."""
    references = json.loads((study / "references.json").read_text("utf-8"))
    (study / "references.json").write_text(json.dumps([*references, *PAPER]), "utf-8")
    (tmp_path / "paper.pdf").write_bytes(paper())
    (tmp_path / "talk.vtt").write_text(TALK, "utf-8")
    adding.add(study, [tmp_path / "paper.pdf"], adding.Options(reference="smith2014"))
    adding.add(study, [tmp_path / "talk.vtt"], adding.Options(reference="li2024", case="kitchen"))
    code(study, "paper", "they are told what came of their work", "They ask for it in every season")
    code(study, "talk", "We get feedback every week.")
    return study


def passage(study, words):
    """Return the record of the passage that has some words."""
    (found,) = (one for one in loader.load(study).study.excerpts if words in " ".join(one.exact.split()))
    return found


def printed(study, *arguments):
    """Return what a command prints, on one line."""
    out = CliRunner().invoke(app, [*arguments, "--study", str(study)])
    assert out.exit_code == 0, out.output
    return " ".join(out.output.split())


def test_a_passage_of_a_paper_is_cited_with_its_printed_page(placed):
    told = passage(placed, "they are told")
    assert printed(placed, "cite", told.id).startswith("(Smith, 2014, p. iv) Smith, A. (2014). Why volunteers stay.")


def test_a_passage_over_a_page_break_is_cited_with_both_pages(placed):
    asked = passage(placed, "every season")
    assert printed(placed, "cite", asked.id).startswith("(Smith, 2014, pp. iv–v)")


def test_a_passage_of_an_interview_is_cited_with_speaker_and_time(placed):
    said = passage(placed, "feedback every week")
    assert printed(placed, "cite", said.id).startswith("(Li, 2024, 12:31)")


# ---- Where a passage is found


def test_the_time_is_that_at_which_the_passage_begins(placed):
    code(placed, "talk", "Nobody was praised for it.", "Why do you stay?")
    both = [one for one in loader.load(placed).study.excerpts if one.source == "talk"]
    assert [(str(e.locator), e.speakers, e.fragment) for e in both] == [
        ("timestamp 12:29", ("I",), "t=749,751.5"),
        ("timestamp 12:35", ("Li",), "t=755.2,760.5"),
    ]


def test_a_passage_is_its_pages_and_the_first_of_them_in_the_file(placed):
    told, asked = passage(placed, "they are told"), passage(placed, "every season")
    assert (str(told.locator), told.fragment, told.places) == ("page iv", "page=1", (("smith2014", "page iv"),))
    assert (str(asked.locator), asked.fragment) == ("page iv-v", "page=1")


def test_a_place_that_a_person_wrote_comes_first(placed):
    code(placed, "paper", "they are told what came of their work", more="    locator: p. 104\n")
    told = passage(placed, "they are told")
    assert (str(told.locator), told.places) == ("page 104", (("smith2014", "page 104"),))


def test_a_place_that_a_person_wrote_in_one_entry_holds_for_the_others(placed):
    code(placed, "paper", "they are told what came of their work", more="    locator: p. 104\n")
    once = "  - quote: they are told what came of their work\n    codes: [belonging]\n    date: 2026-11-25\n"
    file = placed / "codings/paper.yaml"
    file.write_text(file.read_text("utf-8").replace("excerpts:\n", f"excerpts:\n{once}"), "utf-8")
    assert str(passage(placed, "they are told").locator) == "page 104"


def test_a_page_that_stands_beside_the_words_comes_before_the_one_that_is_known(study, tmp_path):
    references = json.loads((study / "references.json").read_text("utf-8"))
    (study / "references.json").write_text(json.dumps([*references, *PAPER]), "utf-8")
    (tmp_path / "notes.md").write_text("They stay for feedback. [@smith2014, p. 12]\n\nThey come back.\n", "utf-8")
    adding.add(study, [tmp_path / "notes.md"], adding.Options(reference="smith2014"))
    code(study, "notes", "They stay for feedback.", "They come back.")
    assert passage(study, "They stay").places == (("smith2014", "page 12"),)
    assert passage(study, "They come").places == (("smith2014", "paragraph 2"),)


def test_a_paragraph_with_a_label_needs_no_number(study, tmp_path):
    (tmp_path / "notes.md").write_text("[N1] They stay for feedback.\n\nThey come back.\n", "utf-8")
    adding.add(study, [tmp_path / "notes.md"], adding.Options())
    code(study, "notes", "They stay for feedback.", "They come back.")
    assert [str(passage(study, words).locator) for words in ("They stay", "They come")] == ["None", "paragraph 2"]


def spans():
    """Draw the places of a text of 60 codepoints, of one kind, one behind the other, and a passage of it."""
    cuts = st.lists(st.integers(0, 60), min_size=2, max_size=12).map(sorted)
    passages = st.tuples(st.integers(0, 59), st.integers(1, 60)).map(lambda p: (p[0], min(60, p[0] + p[1])))
    return st.tuples(cuts, passages)


@given(spans())
def test_the_pages_of_a_passage_are_those_of_its_letters(drawn):
    cuts, (start, end) = drawn
    of = [Place("page", a, b, str(n), n) for n, (a, b) in enumerate(itertools.pairwise(cuts), 1)]
    touched = [page.label for page in of if any(page.start <= at < page.end for at in range(start, end))]
    located = Map(of).locator(start, end)
    if not touched:
        assert located is None or located[1]
        return
    value = touched[0] if len(touched) == 1 else f"{touched[0]}-{touched[-1]}"
    assert located == ("page", value)
    assert Map(of).fragment(start, end) == f"page={touched[0]}"


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_place_of_any_label_is_read_as_it_was_written(one, other):
    of = [Place("page", 0, 5, one, 1), Place("page", 5, 10, other, 2)]
    source = {"id": "s", "file": "s.txt", "title": "s", "role": "case", "case": None, "language": "en"}
    from kg.loaders import passages
    from kg.records import Paragraph, Source

    document = passages.Document(
        Source(
            **source,
            reference=None,
            sha256="0" * 64,
            text="a bc de fg",
            body=(Paragraph(start=0, end=10),),
            places=tuple(of),
        )
    )
    for span in ((0, 4), (0, 10)):
        place = passages.excerpt(document, span).locator
        assert place is None or pandoc_citations.locator(pandoc_citations.written(place)) == place


# ---- Wherever a passage is shown

ANSWERS = [
    ("ask 'what supports feedback'", "p. iv 37-74 [smith2014, p. iv]"),
    ("ask 'what supports feedback'", "talk Li, 12:31"),
    ("ask 'what supports feedback' --json", '"speakers": [ "Li" ]'),
    ("trace P1", "(Li, 12:31)"),
    ("trace P1", "(pp. iv-v)"),
    ("trace P1 --csv", '"timestamp 12:31; li2024, timestamp 12:31",Li'),
    ("trace P1 --engine sparql --csv", '"timestamp 12:31; li2024, timestamp 12:31",Li'),
    ("trace P1 --md", "| page iv; smith2014, page iv |"),
    ("cite P1", "(Smith, 2014, pp. iv, iv–v)"),
    ("cite P1 --format bibtex", "Cited: 12:31."),
    ("report supplement", "Li, 12:31"),
    ("query trace-source --param id=talk", "speaker"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "part"), ANSWERS)
def test_the_place_is_in_every_answer(placed, command, part):
    assert part in printed(placed, *shlex.split(command))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("csv", ["page iv,,page=1", "timestamp 12:31,Li,\"t=751.9,755\"", "smith2014,page,iv-v"]),
        ("ris", ["N1  - Cited: 12:31.", "N1  - Cited: pp. iv, iv-v."]),
        ("annotations", ['"value": "page=1"', "rfc8118", '"value": "t=751.9,755"', '"locator": "iv"', '"speaker": [']),
        ("quotes-markdown", ["(Smith, 2014, p. iv)", "talk, Li, 12:31 (Li, 2024, 12:31)"]),
        ("nquads", ['evidence#speaker> "Li"', 'evidence#fragment> "page=1"', 'evidence#original> "sources/originals/']),
        ("jsonld", ['"speaker": "Li"', '"locator": "iv"']),
        ("graphml", ["page iv"]),
    ],
)  # fmt: skip
def test_the_place_is_in_every_export(placed, tmp_path, name, parts):
    exports.export(kg.open(placed), name, tmp_path / "out")
    text = "".join(path.read_text("utf-8") for path in sorted((tmp_path / "out").iterdir()))
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize("name", ["refi-qda", "annotations", "csv"])
def test_the_place_comes_back_from_an_export(placed, tmp_path, name):
    exports.export(kg.open(placed), name, tmp_path / "out")
    (path,) = (tmp_path / "out").glob({"csv": "codings.csv", "annotations": "*.jsonld", "refi-qda": "*.qdpx"}[name])
    texts = {f"{one}.txt": (placed / f"sources/{one}.txt").read_text("utf-8") for one in ("paper", "talk")}
    report = importing.import_file(path, tmp_path / "back", Options(texts=texts), date(2026, 11, 24))
    assert not [what for what in report.lost if "selector" in what]
    back = loader.load(tmp_path / "back").study
    assert {str(e.locator) for e in back.excerpts} >= {"page iv", "page iv-v", "timestamp 12:31"}


def test_a_crate_has_all_that_its_study_is_built_of(placed, tmp_path):
    exports.export(kg.open(placed), "ro-crate", tmp_path / "out")
    (study,) = (path.parent for path in (tmp_path / "out").rglob("study.yaml"))
    assert str(passage(study, "they are told").locator) == "page iv"


def test_the_place_is_on_the_pages(placed, tmp_path):
    from kg.browse import site
    from kg.progress import silent

    site.write(kg.open(placed), tmp_path / "site", silent)
    page = (tmp_path / "site/proposition/P1.html").read_text("utf-8")
    assert "Li, 12:31" in page
    assert "pp. iv-v" in page


def test_an_assistant_is_told_the_place(placed):
    from kg.agents import tools

    (said,) = tools.cite(kg.open(placed), passage(placed, "feedback every week").id, "apa")
    assert (said.text, said.locator, said.speakers) == ("(Li, 2024, 12:31)", "timestamp 12:31", ("Li",))


def asked(study):
    """Return questions whose rows have places, each with a value of its parameter."""
    said = passage(study, "feedback every week")
    given = {"source": "talk", "proposition": "P1", "excerpt": said.id, "reference": "smith2014"}
    return [(f"trace-{kind}", {"id": value}) for kind, value in given.items()] + [
        ("record", {"id": said.id, "kind": "excerpt"})
    ]


def same_rows(graph, engine, questions):
    for name, parameters in questions:
        ours = query.run(graph.oxigraph, name, **parameters).rows
        assert Counter(query.run(engine, name, **parameters).rows) == Counter(ours), name
        assert len(ours) > 3


def test_sql_and_sparql_give_the_same_rows(placed):
    graph = kg.open(placed)
    same_rows(graph, graph.tables, asked(placed))


@settings(max_examples=examples(10))
@given(strategies.files(mapped=True))
def test_a_study_with_any_places_is_built_and_keeps_its_shapes(made):
    from kg import check

    with tempfile.TemporaryDirectory() as folder:
        study = strategies.write(Path(folder) / "study", made)
        graph = kg.open(study)
        assert "shape" not in {finding.rule for finding in check.check(study)}
        for row in graph.query("sources").dicts():
            asking = {"id": row["source"]}
            ours = query.run(graph.oxigraph, "trace-source", **asking).rows
            assert Counter(query.run(graph.tables, "trace-source", **asking).rows) == Counter(ours)


@pytest.mark.slow
@pytest.mark.xdist_group("arcadedb")
def test_cypher_gives_the_same_rows(placed):
    from kg.property_graph.cypher import Cypher

    graph = kg.open(placed)
    with closing(Cypher(graph.folder, graph.store, None)) as engine:
        same_rows(graph, engine, asked(placed))


# ---- Interviews


def test_of_several_participants_the_one_who_speaks_is_named_unless_the_citation_names_her(placed, edit):
    said = passage(placed, "feedback every week").id
    assert printed(placed, "cite", said).startswith("(Li, 2024, 12:31)")
    edit("references.json", '"family": "Li", "given": "Wen"', '"family": "Chen", "given": "Ann"')
    # Of an interview with one person the reference is that person's, whatever the label of her turns.
    assert printed(placed, "cite", said).startswith("(Chen, 2024, 12:31)")
    edit("study.yaml", "I: interviewer", "I: participant")
    assert printed(placed, "cite", said).startswith("(Chen, 2024, Li, 12:31)")


def test_an_interview_of_ones_own_has_no_entry_and_is_cited_by_its_title(study, tmp_path):
    """APA 7, 8.36: the words of participants are no personal communication, and stand in no list of references."""
    (tmp_path / "talk.vtt").write_text(TALK, "utf-8")
    adding.add(study, [tmp_path / "talk.vtt"], adding.Options(case="kitchen", title="Interview 4"))
    code(study, "talk", "We get feedback every week.")
    said = passage(study, "feedback every week")
    assert printed(study, "cite", said.id) == "(“Interview 4”, Li, 12:31)"
    assert printed(study, "cite", said.id, "--format", "csl-json") == "[]"


def test_an_interview_that_was_not_published_is_a_personal_communication(placed, edit):
    edit("references.json", ', "container-title": "Oral histories", "URL": "https://example.org/li"', "")
    said = passage(placed, "feedback every week")
    assert printed(placed, "cite", said.id) == "(W. Li, personal communication, 2024, 12:31)"
