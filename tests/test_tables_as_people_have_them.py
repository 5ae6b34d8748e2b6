"""Tables as people and their programs have them: each of `tests/cases`, and what is like them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import kg
from kg import importing
from kg.errors import StudyError
from kg.loaders import study as loader
from kg.loaders.imports import Options, code_cells, codebook, table

CASES = Path(__file__).parent / "cases"
DAY = datetime.date(2026, 3, 4)
QUESTION = "What did you like most about the evenings at the soup kitchen this year?"


def taken(case, into, *, name=None, **options):
    """Import a case into a new study and return the report and the study."""
    report = importing.import_file(CASES / case, into, Options(**options), DAY, name=name)
    return report, loader.load(into).study


def written(path, text):
    path.write_text(text, "utf-8")
    return path


def given(material):
    """Return the codes of each quote, by document."""
    return {
        document.name: {p.stated: [g.code for g in p.given] for p in document.passages}
        for document in material.documents()
    }


def places(study):
    """Return the path of each code, from the top down."""
    codes = {code.id: code for code in study.codes}

    def path(code):
        return (*(path(codes[code.broader]) if code.broader else ()), code.label.en)

    return {path(code): code for code in study.codes}


# ---- ATLAS.ti, QualCoder


def test_the_quotation_table_of_atlas_ti_has_several_codes_a_cell_and_categories(tmp_path):
    texts = {"Int 1.txt": "The soup was warm. Nobody greeted me.\n"}
    report, study = taken("atlas-quotations.csv", tmp_path / "s", texts=texts)
    assert report.taken["codings"] == 5
    codings = {(e.exact, c.code) for e in study.excerpts for c in study.codings if c.excerpt == e.id}
    assert codings == {
        ("The soup was warm.", "food"),
        ("The soup was warm.", "warmth"),
        ("The soup was warm.", "staff"),
        ("Nobody greeted me.", "staff"),
        ("Nobody greeted me.", "cold"),
    }
    assert set(places(study)) == {("Food",), ("Mood",), ("Mood", "Warmth"), ("Mood", "Cold"), ("Staff",)}
    assert report.said == [
        "codes in a cell are parted by ',' (as counted in 2 of 2 rows); to part them otherwise: --separator",
        "2 codes stand under a category, as ATLAS.ti writes it: 'Mood' over 'Warmth'",
    ]
    assert report.lost == {"cells of the column 'Number'": 2, "cells of the column 'Reference'": 2}


def test_the_report_of_qualcoder_is_known(tmp_path):
    report, study = taken("qualcoder-report.csv", tmp_path / "s", texts={"Int 1.txt": "The soup was warm.\n"})
    assert (report.taken["passages"], report.lost, report.said) == (1, {}, [])
    assert set(places(study)) == {("Mood",), ("Mood", "Warmth")}
    assert [coder.name for coder in study.coders] == ["Ann"]


def test_the_categories_of_qualcoder_begin_with_the_nearest(tmp_path):
    path = written(
        tmp_path / "report.csv",
        "File/case,Coder,Coded,Id,Codename,Coded_Memo,Category,Category\n"
        "a.txt,Ann,Yes.,ctid:1,Warmth,so warm,Mood,Evening\n"
        "a.txt,Ann,No.,ctid:2,Cold,,Mood,Evening\n"
        "a.txt,Ann,Hm.,ctid:3,Odd,,,\n",
    )
    made = table.read(path, Options())
    assert [code.key for code in made.codes] == [
        "Evening", "Evening > Mood", "Evening > Mood > Warmth", "Evening > Mood > Cold", "Odd",
    ]  # fmt: skip
    assert next(made.documents()).passages[0].given[0].memo == "so warm"


# ---- Several codes


@pytest.mark.parametrize(
    ("cells", "counts", "name"),
    [
        (["a; b", "b"], (), ";"),
        (["a, b; c"], (), ";"),
        (["a, b\nc"], (), ";"),
        (["a, b", "b, c", "a", "c"], (), ","),
        (["信任、反馈", "反馈、时间", "信任", "时间"], (), ","),
        (["a|b", "b|c", "a", "c"], (), "|"),
        # What is parted stands nowhere else: it is one name.
        (["ease, of use", "trust"], (), ";"),
        (["ease, of use", "ease, of use", "trust"], (), ";"),
        (["trust, lost", "trust, mutual", "trust"], (), ";"),
        # A name of two parts in every cell, none of them alone.
        (["trust, high", "trust, low", "hope, high", "hope, low"], (), ";"),
        (["a, b", "c"], (2, 1), ","),
        (["a, b", "c, d"], (1, 1), ";"),
        (["a/b", "c"], (2, 1), "/"),
        (["a, b; c", "d"], (2, 1), ";"),
        (["a, b; c", "d"], (3, 1), ";"),
        ([], (), ";"),
    ],
)
def test_a_separator_is_taken_where_the_table_itself_speaks_for_it(cells, counts, name):
    assert code_cells.separator(cells, counts).name == name


def test_a_single_code_with_a_comma_stays_whole_where_codes_are_counted(tmp_path):
    path = written(
        tmp_path / "q.csv",
        'Quotation Content,Codes,Number of Codes\nyes,"a, b",2\nno,"ease, of use",1\nhm,"a, c, d",2\n,,0\n',
    )
    made = table.read(path, Options())
    assert given(made)["q"] == {"yes": ["a", "b"], "no": ["ease, of use"], "hm": ["a", "c", "d"]}
    assert "1 cells hold other numbers of codes than the table counts" in made.said


@pytest.mark.parametrize(("separator", "cell"), [(",", "a, b"), (" / ", "a / b"), ("&&", "a&&b"), ("\n", '"a\nb"')])
def test_a_person_says_what_parts_codes(tmp_path, separator, cell):
    path = written(tmp_path / "q.csv", f'quote;code\nyes;{cell}\nno;"x; y"\n')
    made = table.read(path, Options(separator=separator))
    assert given(made)["q"] == {"yes": ["a", "b"], "no": ["x; y"]}


def test_a_colon_parts_no_code_outside_of_atlas_ti(tmp_path):
    path = written(tmp_path / "q.csv", "quote,code\nyes,Q1: yes\n")
    assert [code.key for code in table.read(path, Options()).codes] == ["Q1: yes"]


# ---- Wide tables


def test_all_columns_of_codes_are_taken_and_a_long_header_is_named_by_its_beginning(tmp_path):
    columns = importing.columns(["text=What did you like most", "code=Code 1", "code=Code 2", "code=Code 3"])
    report, study = taken("wide-survey.csv", tmp_path / "s", columns=columns)
    assert (report.taken["passages"], report.taken["codings"]) == (2, 4)
    assert set(places(study)) == {("food",), ("food", "warm"), ("talk",), ("staff",)}
    assert [(e.source, e.exact) for e in study.excerpts] == [
        ("r1", "The warm soup and the talk"),
        ("r2", "Nobody greeted me"),
    ]
    assert kg.open(tmp_path / "s").store


def test_numbered_columns_are_found_by_themselves(tmp_path):
    report, _ = taken("wide-survey.csv", tmp_path / "s", columns={"text": (QUESTION,)})
    assert (report.taken["codings"], report.lost) == (4, {"cells of the column 'Respondent'": 2})


@pytest.mark.parametrize("header", ["Code,Code", "Code 1,Code 2", "code_1,code_2", "Code,Code.1", "编码1,编码2"])
def test_columns_of_one_name_are_all_taken(tmp_path, header):
    path = written(tmp_path / "q.csv", f"quote,{header}\nyes,a,b\nno,c,\n")
    made = table.read(path, Options())
    assert given(made)["q"] == {"yes": ["a", "b"], "no": ["c"]}
    assert made.lost == {}


def test_several_quotes_of_a_row_all_get_its_codes_and_none_its_position(tmp_path):
    path = written(tmp_path / "q.csv", "Quote 1,Quote 2,code,start,end\nyes,no,a,0,3\nhm,,b,4,6\n")
    made = table.read(path, Options(texts={"q": "yes hm no"}))
    assert given(made)["q"] == {"yes": ["a"], "no": ["a"], "hm": ["b"]}
    assert [p.start for d in made.documents() for p in d.passages] == [None, None, 4]
    assert made.lost == {"positions of rows with several quotes": 1}


def refusal(path, **columns):
    with pytest.raises(StudyError) as caught:
        table.read(path, Options({ours: (theirs,) for ours, theirs in columns.items()}))
    return caught.value.findings[0]


def test_an_error_shows_whole_names_and_takes_what_it_showed():
    path = CASES / "wide-survey.csv"
    assert f"'{QUESTION}'" in refusal(path).message
    assert "--column text=NAME" in refusal(path).mend
    assert table.read(path, Options({"quote": (QUESTION,)})).codes


def test_a_hostile_header_is_shown_short_and_may_be_typed_as_shown(tmp_path):
    path = written(tmp_path / "q.csv", ",".join(["x" * 5000, *(f"column number {n}" for n in range(4000))]) + "\n")
    message = refusal(path).message
    assert len(message) < 5000
    shown = message.partition("'")[2].partition("'")[0]
    assert shown.endswith("…")
    assert table.read(path, Options({"quote": (shown,)})).lost == {}


def test_a_beginning_of_several_names_is_refused_with_these():
    finding = refusal(CASES / "wide-survey.csv", quote="Cod")
    assert finding.message == "3 columns begin with 'Cod': 'Code 1', 'Code 2', 'Code 3'"


def test_one_of_ours_that_is_single_is_refused_twice(tmp_path):
    path = written(tmp_path / "q.csv", "a,b,quote\n")
    with pytest.raises(StudyError, match="'document' is one column, and not several: 'a', 'b'"):
        table.read(path, Options({"document": ("a", "b")}))


def test_a_title_that_begins_as_a_column_does_is_no_header(tmp_path):
    path = written(tmp_path / "q.csv", "Saying of the people\nSaying,code\nyes,a\n")
    assert given(table.read(path, Options({"quote": ("Saying",)}))) == {"q": {"yes": ["a"]}}


def test_our_columns_may_be_called_by_any_name_that_is_known(tmp_path):
    path = written(tmp_path / "q.csv", "Said,code\nyes,a\n")
    assert given(table.read(path, Options({"segment": ("Said",)}))) == {"q": {"yes": ["a"]}}


# ---- Rows as documents


def test_rows_of_one_document_are_its_paragraphs_and_each_is_coded_where_it_stands(tmp_path):
    path = written(
        tmp_path / "turns.csv",
        "document,id,turn,code,coder\nA,1,Yes.,a,Ann\nA,2,Yes. And no.,b,Ann\nA,3,Yes.,c,Ann\nA,1,Yes.,d,Bo\nA,4,Hm.,,\n",
    )
    into = tmp_path / "s"
    report = importing.import_file(path, into, Options({"text": ("turn",)}), DAY)
    study = loader.load(into).study
    assert (into / "sources/a.txt").read_text("utf-8") == "Yes.\n\nYes. And no.\n\nYes.\n\nHm."
    codes = {c.excerpt: set() for c in study.codings}
    for coding in study.codings:
        codes[coding.excerpt].add(coding.code)
    assert codes == {"a:0-4": {"a", "d"}, "a:6-18": {"b"}, "a:20-24": {"c"}}
    assert not report.unconfirmed


def test_a_row_with_the_text_of_another_is_taken_for_that_and_said(tmp_path):
    path = written(tmp_path / "turns.csv", "document,turn,code\nA,Yes.,a\nA,No.,b\nA,Yes.,c\n")
    made = table.read(path, Options({"text": ("turn",)}))
    (document,) = made.documents()
    assert document.text == "Yes.\n\nNo."
    assert [[g.code for g in p.given] for p in document.passages] == [["a", "c"], ["b"]]
    assert "1 rows have the text of another row" in made.said[0]
    assert "--column id=NAME" in made.said[0]


def test_a_row_without_a_name_is_called_by_its_place_and_answers_are_paragraphs(tmp_path):
    path = written(tmp_path / "survey.csv", "Why,How,code\nBecause.,So.,a\n,,b\nOr.,,\n")
    made = table.read(path, Options({"text": ("Why", "How")}))
    assert [(d.name, d.text) for d in made.documents()] == [("line 2", "Because.\n\nSo."), ("line 4", "Or.")]
    first, second = made.documents()
    assert [(p.start, p.end, p.stated) for p in first.passages] == [(0, 13, "Because.\n\nSo.")]
    assert second.passages == ()
    assert made.lost == {"rows without a quote": 1}


def test_answers_in_the_same_words_stay_those_of_their_people(tmp_path):
    first = written(tmp_path / "first.csv", "who,answer,code\nAnn,Yes.,a\nBo,Yes.,b\n")
    second = written(tmp_path / "second.csv", "who,answer,code,coder\nCy,Yes.,c,Bea\nBo,Yes.,d,Bea\n")
    options = Options({"document": ("who",), "text": ("answer",)})
    for path in (first, second):
        importing.import_file(path, tmp_path / "s", options, DAY)
    study = loader.load(tmp_path / "s").study
    assert {(c.excerpt, c.code) for c in study.codings} == {
        ("ann:0-4", "a"), ("bo:0-4", "b"), ("cy:0-4", "c"), ("bo:0-4", "d"),
    }  # fmt: skip


def test_answers_to_several_questions_build(tmp_path):
    path = written(tmp_path / "q.csv", "Why,How,code\nBecause.,So.,a\n[H01] x,# y,b\n")
    importing.import_file(path, tmp_path / "s", Options({"text": ("Why", "How")}), DAY)
    assert [e.exact for e in loader.load(tmp_path / "s").study.excerpts] == ["Because.\n\nSo.", "[H01] x\n\n# y"]


def test_a_quote_is_looked_for_in_the_text_of_its_row(tmp_path):
    path = written(
        tmp_path / "q.csv",
        "document,full text,quote,code,start,end\nA,Yes and no.,no,a,8,10\nA,Yes and no.,maybe,b,0,5\n",
    )
    report = importing.import_file(path, tmp_path / "s", Options(), DAY)
    assert report.unconfirmed == {"it is not in its document": 1}
    (excerpt,) = loader.load(tmp_path / "s").study.excerpts
    assert (excerpt.start, excerpt.exact) == (8, "no")
    assert report.lost["cells of the column 'start'"] == 2


# ---- Codebooks


def test_the_codebook_of_requal_has_categories_and_na_is_none(tmp_path):
    report, study = taken("codebook-requal.csv", tmp_path / "s")
    assert report.format == "codebook"
    assert {path: code.definition for path, code in places(study).items()} == {
        ("Relations",): "",
        ("Relations", "Trust"): "Belief, in others",
        ("Doubt",): "",
    }


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"name": "taguette-codebook", "columns": {"tag": ("Code",)}},
        {"name": "codebook", "columns": {"code": ("Code",), "definition": ("Definition",)}},
    ],
)
def test_a_nested_codebook_goes_on_with_the_theme_above(tmp_path, options):
    report, study = taken("codebook-nested.csv", tmp_path / "s", **options)
    found = places(study)
    assert {path: (code.definition, code.include, code.exclude) for path, code in found.items()} == {
        ("Relations",): ("", "", ""),
        ("Relations", "Trust"): ("Belief in others", "any trust", "none"),
        ("Relations", "Doubt"): ("Lack of trust", "", ""),
        ("Work",): ("", "", ""),
        ("Work", "Trust"): ("Trust in the firm", "", ""),
    }
    assert "I trust her" in (tmp_path / "s/imports/codebook-nested.csv-notes.md").read_text("utf-8")
    assert any("anchor of a code needs the source" in said for said in report.said)


def paths(material):
    codes = {code.key: code for code in material.codes}

    def path(code):
        return [*(path(codes[code.parent]) if code.parent else []), code.name]

    return {" > ".join(path(code)) for code in material.codes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Names in every row: a blank cell is none.
        ("Theme,Code,Definition\nA,x,1\nA,y,2\n,z,3\n", {"A", "A > x", "A > y", "z"}),
        # A parent is never gone on with, nor a category right of the codes.
        ("Parent,Code,Definition\nA,x,1\n,y,2\n", {"A", "A > x", "y"}),
        ("Code,Category,Definition\nx,A,1\ny,,2\n", {"A", "A > x", "y"}),
        # Three levels, of which the lower begins anew with the upper.
        (
            "Theme,Subtheme,Code\nA,B,x\n,,y\n,C,z\nD,,w\n",
            {"A", "A > B", "A > B > x", "A > B > y", "A > C", "A > C > z", "D", "D > w"},
        ),
        # A row of its own says what a theme means.
        ("Theme,Code,Description\nA,,all of it\n,x,1\n", {"A", "A > x"}),
        # A parent is another row, wherever that stands.
        ("Name,Parent,Description\nx,top,1\nlow,x,2\ntop,,3\n", {"top", "top > x", "top > x > low"}),
        # A category is none, though a code is called as it is.
        ("Code,Category,Description\nA,A,1\nx,A,2\n", {"A", "A > A", "A > x"}),
        # Dedoose numbers its codes.
        ("Id,Parent Id,Depth,Title,Description\n7,,0,A,1\n8,7,1,x,2\n", {"A", "A > x"}),
        # NVivo, MAXQDA, ATLAS.ti.
        ("Name,Description,Files,References\nx,1,2,3\n", {"x"}),
        ("Code,Code memo,Coded segments\nA > x,1,3\n", {"A", "A > x"}),
        ("Code,Comment,Code Group,Grounded\nx,1,A,3\n", {"A", "A > x"}),
        ("编码,定义,类别\n信任,相信,态度\n", {"态度", "态度 > 信任"}),
        ("tag,description\ntrust,1\ntrust.late,2\n", {"trust", "trust > trust.late"}),
    ],
)
def test_a_codebook_says_by_columns_what_is_above(tmp_path, text, expected):
    path = written(tmp_path / "codes.csv", text)
    assert codebook.fits(path)
    made = codebook.read(path, Options())
    assert paths(made) == expected
    assert len({code.key for code in made.codes}) == len(made.codes)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Code,Definition,Quote", "codebook"),
        ("Code,Description,Example", "codebook"),
        ("Document,Code,Quote,Definition", "table"),
        ("Document,Code,Comment,Segment", "table"),
        ("File,Codename,Coded,Category", "table"),
        ("Code,Text,Category", "table"),
        ("Document name,Code,Beginning,End,Segment", "table"),
        ("Media Title,Excerpt Copy,Codes Applied Combined,Excerpt Creator", "table"),
        ("doc_name,code_name,segment_text,user_name", "table"),
    ],
)
def test_a_codebook_and_a_table_of_quotes_are_told_apart_by_the_header_and_by_a_person(tmp_path, header, name):
    path = written(tmp_path / "t.csv", f"{header}\n" + ",".join(f"c{n}" for n in range(header.count(",") + 1)) + "\n")
    report = importing.import_file(path, tmp_path / "s", Options(), DAY)
    assert report.format == name
    other = {"codebook": "table", "table": "codebook"}[name]
    if "Combined" not in header and "Example" not in header:
        assert importing.import_file(path, tmp_path / "o", Options(), DAY, name=other).format == other


# ---- Columns of other programs, that none of the examples has


@pytest.mark.parametrize(
    ("text", "document", "quote", "code"),
    [
        ("doc_name,code_name,segment_text,user_name\nA,x,yes,Ann\n", "A", "yes", "x"),
        ("filename,codename,codetext,rowid\nA,x,yes,1\n", "A", "yes", "x"),
        (
            "Document name;Code;Segment;Created by;Created;Weight score\nA;T > x;yes;Ann;2024-03-01;0\n",
            "A",
            "yes",
            "T > x",
        ),
        ("Media Title,Excerpt Range,Excerpt Copy,Codes Applied Combined\nA,0-3,yes,x\n", "A", "yes", "x"),
        ("File Name,Hierarchical Name,Coded Text\nA,Nodes\\\\x,yes\n", "A", "yes", "Nodes > x"),
        ("ID,Quotation Content,Document,Codes,Created by\n1:1,yes,A,x,Ann\n", "A", "yes", "x"),
    ],
    ids=["requal", "RQDA", "MAXQDA", "Dedoose", "NVivo", "ATLAS.ti"],
)
def test_the_columns_of_other_programs_are_known(tmp_path, text, document, quote, code):
    path = written(tmp_path / "t.csv", text)
    assert not codebook.fits(path)
    assert given(table.read(path, Options())) == {document: {quote: [code]}}


def test_a_title_above_a_codebook_is_passed_over(tmp_path):
    path = written(tmp_path / "codes.csv", "Our codes\n\nCode,Definition\nx,1\n")
    assert codebook.fits(path)
    assert paths(codebook.read(path, Options())) == {"x"}


def test_a_document_is_found_by_its_name_without_walking_all_texts():
    class Counting(dict):
        walks = 0

        def items(self):
            Counting.walks += 1
            return super().items()

    options = Options(texts=Counting({f"Talk {n}.txt": str(n) for n in range(50)}))
    assert [options.text(f"folder\\talk {n}") for n in range(50)] == [str(n) for n in range(50)]
    assert options.text("TALK 7.TXT") == "7"
    assert options.text("Talk 99") is None
    assert Counting.walks == 1
