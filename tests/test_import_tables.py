"""Tables of quotes and codes, and Taguette's codebook, as people and their tools write them."""

from __future__ import annotations

import datetime
import zipfile
from csv import writer

import pytest
from openpyxl import Workbook

from kg import importing
from kg.errors import StudyError
from kg.loaders.imports import FORMATS, Options, codebook, table


@pytest.fixture
def csv(tmp_path):
    """Write a text file and read it as a table."""

    def read(text, name="coded.csv", encoding="utf-8", **options):
        path = tmp_path / name
        read.path = path
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return table.read(path, Options(**options))

    return read


@pytest.fixture
def xlsx(tmp_path):
    """Write a workbook of some sheets and return its path."""

    def write(**sheets):
        book = Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "coded.xlsx"
        book.save(path)
        return path

    return write


def refusal(call, *args):
    with pytest.raises(StudyError) as caught:
        call(*args)
    (finding,) = caught.value.findings
    return finding


def quotes(material):
    return {
        document.name: {p.stated: [given.code for given in p.given] for p in document.passages}
        for document in material.documents()
    }


def formats(path):
    return [name for name, form in FORMATS.items() if form.fits(path)]


def test_rows_of_one_quote_are_one_passage_with_several_codes(csv):
    made = csv(
        "Document,Quote,Code,Coder,Date\nA,It works.,trust,Ann,2024-03-01\nA,It works.,ease,Bo,2024/3/2\nB,No.,,,\n"
    )
    assert quotes(made) == {"A": {"It works.": ["trust", "ease"]}, "B": {"No.": []}}
    first = next(made.documents()).passages[0]
    assert [(g.coder, g.date) for g in first.given] == [
        ("Ann", datetime.date(2024, 3, 1)),
        ("Bo", datetime.date(2024, 3, 2)),
    ]
    assert first.where == "line 2"
    assert [coder.name for coder in made.coders] == ["Ann", "Bo"]
    assert (made.lost, made.said, made.readings) == ({}, [], ())


def test_codes_in_one_cell_are_parted_by_semicolons_and_lines_and_never_by_commas(csv):
    made = csv('quote,codes\n"One, two.","trust; ease\nspeed"\nThree.,"ease, of use；信任"\n')
    assert quotes(made)["coded"] == {"One, two.": ["trust", "ease", "speed"], "Three.": ["ease, of use", "信任"]}
    assert "1 codes hold a comma" in " ".join(made.said)


def test_codes_that_dedoose_joined_by_commas_are_parted(csv):
    made = csv(
        "Media Title,Excerpt Range,Excerpt Copy,Codes Applied Combined,Excerpt Creator,Code: Trust Applied\n"
        'Talk,0-9,It works.,"Trust, Ease",ann,True\n'
    )
    assert quotes(made) == {"Talk": {"It works.": ["Trust", "Ease"]}}
    assert made.lost == {"cells of the column 'Excerpt Range'": 1}


def test_a_code_of_dedoose_may_hold_a_comma_and_stands_under_others_as_its_column_says(csv):
    made = csv(
        "Media Title,Excerpt Copy,Codes Applied Combined,Code: Bonds Applied,"
        '"Code: Bonds\\Trust, mutual Applied",Code: Trust Applied,Code: Trust Weight\n'
        'Talk,It works.,"Trust, mutual, Ease",False,True,False,\n'
        'Talk,It does.,"Trust, Bonds",TRUE,FALSE,TRUE,3\n'
    )
    assert quotes(made) == {"Talk": {"It works.": ["Bonds > Trust, mutual", "Ease"], "It does.": ["Bonds", "Trust"]}}
    assert made.lost == {"cells of the column 'Code: Trust Weight'": 1}


def test_maxqda_writes_codes_with_those_above_and_counts_paragraphs(csv):
    made = csv(
        "Color;Comment;Document group;Document name;Code;Beginning;End;Segment\n"
        ";odd;G;Talk;Trust > Doubt;12;13;It took me a long time.\n;;G;Talk;Trust\\Hope;14;14;It will be fine by May.\n"
    )
    assert [(c.key, c.name, c.parent) for c in made.codes] == [
        ("Trust", "Trust", None),
        ("Trust > Doubt", "Doubt", "Trust"),
        ("Trust > Hope", "Hope", "Trust"),
    ]
    (document,) = made.documents()
    assert [(p.start, p.given[0].memo) for p in document.passages] == [(None, "odd"), (None, "")]
    assert made.lost == {"cells of the column 'Document group'": 2, "positions that do not count characters": 2}
    assert "do not count characters" in made.said[0]


def test_positions_that_are_as_far_apart_as_the_quote_is_long_are_taken(csv):
    made = csv("quote,code,start,end\n🙂 yes,a,4,9\nno,b,20,22\n", texts={"coded.txt": "any text"})
    (document,) = made.documents()
    assert [(p.start, p.end) for p in document.passages] == [(4, 9), (20, 22)]
    assert document.text == "any text"
    assert made.readings


def test_one_position_alone_is_a_column_that_is_not_used(csv):
    made = csv("quote,code,end\nyes,a,9\n")
    assert made.lost == {"cells of the column 'end'": 1}


def test_times_and_pages_are_no_positions(csv):
    made = csv("quote,code,start,end\nyes,a,0:12,0:15\nno,a,3,\n")
    assert made.lost == {"positions that are no two whole numbers": 2}
    assert made.readings == ()


def test_chinese_columns_are_known(csv):
    made = csv("文档,引文,编码,编码者,日期,备注,个案,类别\n访谈一,我信任它。,信任,王伟,2024年3月1日,重要,海尔,态度\n")
    (document,) = made.documents()
    (passage,) = document.passages
    (given,) = passage.given
    assert (document.name, passage.stated, given.code, given.coder) == ("访谈一", "我信任它。", "态度 > 信任", "王伟")
    assert (given.date, given.memo) == (datetime.date(2024, 3, 1), "重要")
    assert [(case.name, case.documents) for case in made.cases] == [("海尔", ("访谈一",))]
    assert made.lost == {}


def test_a_comment_on_several_codes_is_of_the_passage(csv):
    (document,) = csv("quote,code,comment\nyes,a;b,both\n").documents()
    assert document.passages[0].memo == "both"
    assert [g.memo for g in document.passages[0].given] == ["", ""]


def test_a_person_names_columns(csv):
    made = csv("What they said,Theme\nIt works.,trust\n", columns={"quote": ("what they SAID",), "code": ("Theme",)})
    assert quotes(made) == {"coded": {"It works.": ["trust"]}}


@pytest.mark.parametrize(
    ("columns", "message", "mend"),
    [
        ({}, "no column is known to hold the quotes; the columns are 'Said', 'Theme'", "--column quote=NAME"),
        ({"quote": ("Sayd",)}, "no column is called 'Sayd', only 'Said', 'Theme'", "did you mean 'Said'?"),
        ({"qoute": ("Said",)}, "no column of ours is called 'qoute'", "did you mean 'quote'?"),
    ],
)
def test_a_column_that_is_not_there_is_refused_with_those_that_are(csv, columns, message, mend):
    finding = refusal(lambda: csv("Said,Theme\nyes,a\n", columns=columns))
    assert (finding.rule, finding.message) == ("unknown-column", message)
    assert mend in finding.mend


def test_what_stands_in_other_columns_is_counted_by_name(csv):
    made = csv("quote,coder,Colour,coder,\nyes,a,red,b,stray\nno,a,,b,\n")
    assert made.lost == {
        "cells of the column 'Colour'": 1,
        "cells of another column 'coder'": 2,
        "cells of columns without a name": 1,
    }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings_are_found(csv, separator, encoding):
    made = csv(f'引文{separator}code\n"a, b; c"{separator}信任\n', encoding=encoding)
    assert quotes(made) == {"coded": {"a, b; c": ["信任"]}}


def test_excels_line_that_names_the_separator_is_no_header(csv):
    made = csv("sep=;\nquote;code\nyes;a\n")
    assert next(made.documents()).passages[0].where == "line 3"


def test_a_title_above_the_header_is_passed_over(csv):
    made = csv("My interviews\n\nquote,code\nyes,a\n")
    assert quotes(made) == {"coded": {"yes": ["a"]}}
    assert made.lost == {"rows above the columns' names": 1}


def test_a_row_with_a_cell_too_many_is_left_out_and_said(csv):
    made = csv("quote,code\nYes, I think,trust\nno,a\nshort\n")
    assert quotes(made) == {"coded": {"no": ["a"], "short": []}}
    assert made.lost == {"rows with more cells than columns": 1}
    assert "at line 2: quote cells" in made.said[0]


def test_rows_without_quote_or_day_are_counted_and_twins_are_once(csv):
    made = csv("quote,code,date\n,a,\nyes,a,3/1/2024\nyes,a,3/1/2024\n")
    assert made.lost == {
        "rows without a quote": 1,
        "days that are not written year first": 2,
        "codings that stand in the table twice": 1,
    }


def test_rows_without_a_document_are_in_one_named_after_the_file(csv):
    made = csv("quote,document\nyes,A\nno,\n")
    assert quotes(made) == {"A": {"yes": []}, "coded": {"no": []}}
    assert any(s.startswith("1 rows name no document") for s in made.said)
    assert any("hold codes" in s for s in made.said)


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"quote,code\nye\0s,a\n", "nul-byte", 2),
        (b"quote,code\nyes,a\n\xe9t\xe9,b\n", "wrong-encoding", 3),
        (b'quote,code\nyes,a\n"no,b\n', "broken-table", 3),
        (b'quote,code\n"yes" he said,b\n', "broken-table", 2),
        (b"quote,code\n" + b"a" * 200_000 + b",b\n", "broken-table", 2),
        (b"," * 10_000, "broken-table", 1),
        (b"\n\n", "broken-table", 0),
    ],
)
def test_a_broken_csv_file_is_refused_at_its_line(csv, data, rule, line):
    finding = refusal(csv, data)
    assert (finding.file, finding.rule, finding.line) == ("coded.csv", rule, line)


def test_codes_nested_past_belief_stay_one_name(csv):
    made = csv("quote,code\nyes," + "a\\" * 1000 + "\n")
    assert len(made.codes) == 1


def test_a_workbook_is_read_with_days_numbers_and_lines(xlsx):
    path = xlsx(
        Coded=[
            ["文档", "原文", "代码", "日期", "起始", "结束"],
            ["访谈", "第一行\n第二行", "信任;反馈", datetime.datetime(2024, 3, 1, 12), 3, 10.0],
        ]
    )
    assert formats(path) == ["table"]
    (document,) = table.read(path, Options()).documents()
    (passage,) = document.passages
    assert (passage.where, passage.stated) == ("row 2", "第一行\n第二行")
    assert (passage.start, passage.end, passage.date) == (3, 10, datetime.date(2024, 3, 1))
    assert [given.code for given in passage.given] == ["信任", "反馈"]


def test_of_a_workbook_the_first_sheet_with_quotes_is_read(xlsx):
    path = xlsx(Notes=[["nothing here"]], Coded=[["quote"], ["yes"]], More=[["quote"], ["no"]])
    made = table.read(path, Options())
    assert quotes(made) == {"coded": {"yes": []}}
    assert made.lost == {"further sheets of the workbook": 1}


def test_formulas_are_never_computed_and_those_without_a_stored_value_are_counted(xlsx):
    path = xlsx(Coded=[["quote", "code"], ["=1+1", "a"], ["yes", "=A1"], ["=really", "a"]])
    made = table.read(path, Options())
    assert quotes(made) == {"coded": {"yes": []}}
    assert made.lost == {"formulas without a stored value": 3, "rows without a quote": 2}


def test_the_stored_value_of_a_formula_is_read(xlsx):
    path = xlsx(Coded=[["quote", "code"], ["yes", "=1+1"]])
    rewrite(path, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>", b"<v />", b"<v>2</v>")
    made = table.read(path, Options())
    assert quotes(made) == {"coded": {"yes": ["2"]}}
    assert made.lost == {}


def rewrite(path, member, *pairs, add=None):
    """Replace bytes in a member of a zip file."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        members[member] = members[member].replace(old, new)
    members |= add or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_a_workbook_that_unpacks_to_too_much_is_refused_by_its_member(xlsx):
    path = xlsx(Coded=[["quote"], ["yes"]])
    rewrite(path, "", add={"xl/media/image1.png": b"\0" * 50_000_000})
    finding = refusal(table.read, path, Options())
    assert (finding.rule, finding.file) == ("unsafe-archive", "coded.xlsx: xl/media/image1.png")


def test_a_workbook_of_too_many_elements_is_refused_by_its_member(xlsx):
    path = xlsx(Coded=[["quote"], ["yes"]])
    # Text between them, since what deflates a thousandfold is refused before.
    filling = b"".join(b"%d" % number for number in range(5000)) + b"<si/>" * 500_000
    rewrite(path, "", add={"xl/sharedStrings.xml": b"<sst>" + filling * 21 + b"</sst>"})
    finding = refusal(table.read, path, Options())
    assert (finding.rule, finding.file) == ("unsafe-archive", "coded.xlsx: xl/sharedStrings.xml")
    assert "XML tags" in finding.message


def test_a_workbook_with_a_document_type_is_refused_by_its_member(xlsx):
    path = xlsx(Coded=[["quote"], ["yes"]])
    bomb = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    rewrite(path, "xl/worksheets/sheet1.xml", b"<worksheet", bomb)
    finding = refusal(table.read, path, Options())
    assert (finding.rule, finding.file) == ("broken-xml", "coded.xlsx: xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'ref="A1:A2"', b'ref="A1:XFD1048576"', None),
        (b'<row r="2"', b'<row r="2000000"', "rows"),
        (b'r="A2"', b'r="XFD2"', "columns"),
        (b'<row r="2"', b'<row r="two"', "row 2 cannot be read"),
        (b't="inlineStr"><is><t>yes</t></is>', b't="s"><v>999</v>', "row 2 cannot be read"),
        (b"</sheetData>", b"", "cannot be read"),
    ],
    ids=["a size that is not so", "too many rows", "too many columns", "no number", "no such text", "not closed"],
)
def test_a_crafted_worksheet_is_read_or_refused(xlsx, old, new, what):
    path = xlsx(Coded=[["quote"], ["yes"]])
    rewrite(path, "xl/worksheets/sheet1.xml", old, new)
    if what is None:
        assert quotes(table.read(path, Options())) == {"coded": {"yes": []}}
    else:
        finding = refusal(table.read, path, Options())
        assert finding.rule == "broken-table"
        assert what in finding.message


@pytest.mark.parametrize("data", [b"", b"quote,code\n", b"PK\3\4 and no more"], ids=["empty", "text", "begun"])
def test_what_is_no_workbook_is_refused(tmp_path, data):
    path = tmp_path / "coded.xlsx"
    path.write_bytes(data)
    assert formats(path) == ["table"]
    assert refusal(table.read, path, Options()).rule == "broken-archive"


def test_a_zip_file_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "coded.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    assert refusal(table.read, path, Options()).rule == "broken-table"


def written(path, rows):
    """Write rows as Taguette 1.5.2 does: text cells, in a workbook of one sheet or a CSV file with CR LF."""
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer(stream).writerows(rows)
    return path


CODEBOOK = [
    ["tag", "description", "number of highlights", "number of documents"],
    ["trust", "Says that it relies on it.", 3, 2],
    ["信任.反馈", "", 0, 0],
]
# One row for each tag of a highlight.
HIGHLIGHTS = [
    ["id", "document", "tag", "content"],
    ["1", "Talk", "ease", "It works."],
    ["1", "Talk", "trust", "It works."],
    ["2", "Talk", "trust", "It works."],
]


@pytest.mark.parametrize("name", ["codebook.csv", "codebook.xlsx"])
def test_taguettes_codebook_gives_codes_with_definitions(tmp_path, name):
    path = written(tmp_path / name, CODEBOOK)
    assert formats(path)[0] == "codebook"
    made = codebook.read(path, Options())
    assert [(c.name, c.definition) for c in made.codes] == [("trust", "Says that it relies on it."), ("信任.反馈", "")]
    assert made.lost == {
        "cells of the column 'number of highlights'": 2,
        "cells of the column 'number of documents'": 2,
    }


@pytest.mark.parametrize(
    ("header", "is_codebook"),
    [
        ("tag,description", True),
        ("Name,Description", True),
        ("tag,description,number of highlights", True),
        ("tag,name,description", True),
        ("tag,number of highlights", False),
        ("id,document,tag,content", False),
        ("tag,description,colour", True),
        ("", False),
    ],
)
def test_a_codebook_is_told_from_other_tables_by_its_columns(tmp_path, header, is_codebook):
    path = tmp_path / "a.csv"
    path.write_text(header + "\n", "utf-8")
    assert codebook.fits(path) is is_codebook


@pytest.mark.parametrize("data", [b"\0\1\2", b"\xff\xfe\0", b"PK\3\4", b'"open'])
def test_looking_at_a_foreign_file_never_fails(tmp_path, data):
    for name in ("a.csv", "a.xlsx"):
        (tmp_path / name).write_bytes(data)
        assert not codebook.fits(tmp_path / name)
    assert not codebook.fits(tmp_path / "missing.csv")
    assert not table.fits(tmp_path)


def test_tags_that_are_empty_or_stand_twice_are_counted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("tag,description\na,first\n,lone\na,second\n", "utf-8")
    made = codebook.read(path, Options())
    assert [(c.name, c.definition) for c in made.codes] == [("a", "first")]
    assert made.lost == {"rows without a code": 1, "codes that stand in the codebook twice": 1}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_taguettes_highlights_are_a_table(tmp_path, form):
    path = written(tmp_path / f"all_tags.{form}", HIGHLIGHTS)
    assert formats(path) == ["table"]
    made = table.read(path, Options())
    (document,) = made.documents()
    assert document.name == "Talk"
    # Two highlights of the same words are two; the tags of each are together.
    assert [(p.stated, [g.code for g in p.given]) for p in document.passages] == [
        ("It works.", ["ease", "trust"]),
        ("It works.", ["trust"]),
    ]
    assert made.lost == {}


# ---- Encodings


def test_a_table_in_another_encoding_is_shown_and_asked_about_and_read_as_a_person_says(csv):
    written = "文档,引文,编码\n访谈一,我们信任他。,信任\n"
    found = refusal(csv, written, "coded.csv", "gb18030")
    assert (found.rule, found.line) == ("wrong-encoding", 1)
    assert "--encoding gb18030 reads '文档,引文,编码'" in found.mend
    made = table.read(csv.path, Options(encoding="gbk"))
    assert quotes(made) == {"访谈一": {"我们信任他。": ["信任"]}}
    assert made.said == []


def test_a_table_that_is_utf_8_and_is_said_to_be_another_is_read_so_and_both_are_shown(csv):
    made = csv("quote,code\nCafé,a\n", "coded.csv", "utf-8")
    made = table.read(csv.path, Options(encoding="cp1252"))
    (said,) = made.said[:1]
    assert "it is read as cp1252" in said
    assert "as UTF-8 it would read 'Café,a'" in said


def test_a_codebook_in_another_encoding_is_known_as_one(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_bytes("名称,定义\n信任,相信他人\n".encode("gb18030"))
    other = tmp_path / "utf-8.csv"
    other.write_bytes("名称,定义\n信任,相信他人\n".encode())
    assert formats(path) == formats(other)


def test_positions_of_a_table_count_the_characters_of_its_encoding(csv, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/访谈一.txt").write_bytes("他说:我们信任他。\r\n".encode("gb18030"))
    texts = importing.texts(tmp_path / "texts", "gb18030")
    assert texts == {"访谈一.txt": "他说:我们信任他。\r\n"}
    with pytest.raises(StudyError, match="--encoding gb18030 reads"):
        importing.texts(tmp_path / "texts")
