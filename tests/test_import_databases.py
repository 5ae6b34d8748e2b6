"""Projects of QualCoder, RQDA, requal and Taguette: what is read of their databases, and what is refused."""

from __future__ import annotations

import csv
import datetime
import io
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing

import projects
import pytest

from kg import importing
from kg.errors import StudyError
from kg.loaders import study as loader
from kg.loaders.imports import FORMATS, Options, hypertext, qualcoder, requal, rows, rqda, taguette
from kg.loaders.imports.hypertext import Hypertext
from kg.loaders.imports.readings import Evidence, Positions, same

MADE = {
    "qualcoder": lambda folder: projects.qualcoder(folder / "pilot.qda"),
    "rqda": lambda folder: projects.rqda(folder / "pilot.rqda"),
    "requal": lambda folder: projects.requal(folder / "pilot.requal"),
}
OPTIONS = Options()


def chosen(material):
    """Choose the reading as an import does."""
    evidence = Evidence(material.readings)
    for document in material.documents():
        evidence.add(document)
    return evidence.choose()


def quotes(material):
    """Cut every passage out of its document, as an import does: what its name is -> the text."""
    reading = chosen(material).reading
    found = {}
    for document in material.documents():
        for passage in document.passages:
            start, end = Positions(document, reading).span(passage)
            found[passage.where] = document.text[start:end]
    return found


def by_name(material):
    return {code.name: code for code in material.codes}


def parents(material):
    names = {code.key: code.name for code in material.codes}
    return {code.name: names.get(code.parent) for code in material.codes}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A Taguette database that Taguette itself made, and its highlights by their numbers."""
    path = tmp_path_factory.mktemp("taguette") / "pilot.sqlite3"
    address, number, highlights = projects.taguette(path)
    return path, address, number, highlights


# QualCoder


def test_a_qualcoder_project_is_its_folder_or_the_database_in_it(tmp_path):
    folder = projects.qualcoder(tmp_path / "pilot.qda")
    for path in (folder, folder / "data.qda"):
        assert FORMATS["qualcoder"].fits(path)
        assert qualcoder.read(path, OPTIONS).title == "pilot"


def test_positions_of_qt_are_read_as_utf16_by_the_stored_passages(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda"), OPTIONS)
    found = chosen(material)
    assert (found.reading.utf16, found.reading.crlf_is_one, found.sure) == (True, False, "certain")
    assert quotes(material) == {
        "coding 1": "every team its own budget",
        "coding 2": "Nobody asked for leave.\n\nWe 𝕥rust the market",
        "coding 3": "line ends",
        "annotation 1": "张瑞敏",
    }


def test_positions_in_codepoints_are_read_as_such(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda", count=len), OPTIONS)
    assert not chosen(material).reading.utf16
    assert quotes(material)["coding 2"] == "Nobody asked for leave.\n\nWe 𝕥rust the market"


def test_positions_of_an_editor_that_counts_a_line_end_as_one(tmp_path):
    """Qt's editor holds a text with CR LF as one with LF, and QualCoder stored it as it was."""
    folder = projects.qualcoder(tmp_path / "pilot.qda", count=lambda text: projects.units(text.replace("\r\n", "\n")))
    material = qualcoder.read(folder, OPTIONS)
    assert (chosen(material).reading.utf16, chosen(material).reading.crlf_is_one) == (True, True)
    assert quotes(material)["coding 3"] == "line ends"


def test_line_ends_that_qt_stores_in_a_selection_are_line_ends(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda"), OPTIONS)
    stated = [passage.stated for document in material.documents() for passage in document.passages]
    assert stated[1] == "Nobody asked for leave.\n\nWe 𝕥rust the market"


def test_categories_and_codes_above_codes_are_one_tree(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda"), OPTIONS)
    assert parents(material) == {"power": None, "money": "power", "budget": "money", "leave": "budget"}
    assert by_name(material)["power"].definition == "who decides"


def test_who_coded_when_and_what_was_written_beside_it(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda"), OPTIONS)
    first, _, note = next(material.documents()).passages
    assert (first.given[0].coder, first.given[0].memo) == ("Li 李", "clear")
    assert first.given[0].date == datetime.date(2024, 3, 5)
    assert (note.given, note.memo, note.coder) == ((), "the CEO", "Wang")
    assert [coder.name for coder in material.coders] == ["Li 李", "Wang"]


def test_media_are_documents_without_text_and_a_pdf_has_its_text(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda"), OPTIONS)
    found = {document.name: (document.kind, document.text is not None) for document in material.documents()}
    assert found == {
        "interview.docx": ("text", True),
        "windows.txt": ("text", True),
        "report.pdf": ("pdf", True),
        "floor.jpg": ("picture", False),
        "talk.mp3": ("audio", False),
        "visit.mp4": ("video", False),
    }


def test_a_byte_order_mark_in_the_database_is_no_part_of_the_text(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda"), OPTIONS)
    report = next(document for document in material.documents() if document.name == "report.pdf")
    assert (report.text, report.bom) == ("A report.", True)


def test_attributes_of_cases_and_files_come_with_the_narrowest_type_that_holds_all_values():
    lost = Counter()
    notes = {"age": "in years", "share": "", "unsure": "", "town": ""}
    given = [(1, "age", "40"), (1, "share", "0.5"), (1, "unsure", "7"), (1, "town", "12"), (2, "age", "")]
    of = rows.described(
        given, [(3, "age", "7"), (4, "unsure", "n/a"), (None, "age", "1"), (3, "", "1")], lost, notes, [*notes][:3]
    )
    assert [(a.name, a.type, a.description) for a in of.attributes] == [
        ("age", "integer", "in years"), ("share", "decimal", ""), ("unsure", "text", ""), ("town", "text", "")
    ]  # fmt: skip
    assert of.cases == {1: {"age": "40", "share": "0.5", "unsure": "7", "town": "12"}}
    assert of.documents == {3: {"age": "7"}, 4: {"unsure": "n/a"}}
    assert lost == {"values of attributes that belong to nothing": 2}


def test_attributes_of_qualcoder_rqda_and_requal_are_those_of_the_study(tmp_path):
    for name, make in MADE.items():
        path = make(tmp_path)
        importing.import_file(path, tmp_path / name, OPTIONS, datetime.date(2026, 1, 2))
        study = loader.load(tmp_path / name).study
        assert [(a.id, a.type) for a in study.attributes] == [("age", "text")]
        assert [v.text for v in study.values[study.cases[0].id]] == ["40"]


def test_what_qualcoder_has_and_a_study_has_not_is_counted(tmp_path):
    material = qualcoder.read(projects.qualcoder(tmp_path / "pilot.qda"), OPTIONS)
    assert material.lost == {
        "bounds of cases inside documents": 1,
        "codings of pictures": 1,
        "codings of recordings": 2,
        "colours of codes": 1,
        "fields of references": 1,
        "links of documents to references": 1,
        "links of recordings to transcripts": 1,
        "marks of importance": 1,
        "stored queries": 1,
    }
    assert [case.documents for case in material.cases] == [("1", "2", "4"), ()]
    assert [(a.name, a.type) for a in material.attributes] == [("age", "text")]
    assert [dict(case.values) for case in material.cases] == [{"age": "40"}, {}]
    assert [(memo.name, memo.about) for memo in material.memos] == [
        ("first day", "journal"),
        ("interview.docx", "document"),
        ("Haier", "case"),
    ]


def test_a_qualcoder_database_of_the_first_version_lacks_columns_and_tables(tmp_path):
    folder = projects.qualcoder(tmp_path / "old.qda", tables=projects.QUALCODER_FIRST)
    material = qualcoder.read(folder, OPTIONS)
    assert quotes(material)["coding 3"] == "line ends"
    assert parents(material)["leave"] is None
    assert material.lost == {"bounds of cases inside documents": 1, "colours of codes": 1}


# RQDA


def test_rqda_counts_codepoints(tmp_path):
    material = rqda.read(projects.rqda(tmp_path / "pilot.rqda"), OPTIONS)
    assert chosen(material).sure == "certain"
    assert quotes(material) == {"coding 1": "every team its own budget", "coding 2": "𝕥rust the market, said 张瑞敏"}


def test_what_rqda_marks_as_deleted_stays_out_and_is_counted(tmp_path):
    material = rqda.read(projects.rqda(tmp_path / "pilot.rqda"), OPTIONS)
    deleted = {phrase: number for phrase, number in material.lost.items() if phrase.startswith("deleted")}
    assert deleted == {
        "deleted annotations": 1,
        "deleted cases": 1,
        "deleted categories": 1,
        "deleted codes": 1,
        "deleted codings": 2,
        "deleted documents": 1,
        "deleted journal entries": 1,
        "deleted links of cases to documents": 1,
        "deleted links of codes to categories": 1,
    }
    assert [document.name for document in material.documents()] == ["interview", "second"]
    assert "gone" not in by_name(material)
    # Active codings of what is deleted: RQDA does not show them either.
    assert material.lost["codings whose code is missing"] == 1
    assert material.lost["codings of documents that are missing or have no text"] == 1


def test_of_several_categories_of_rqda_the_first_is_the_parent(tmp_path):
    material = rqda.read(projects.rqda(tmp_path / "pilot.rqda"), OPTIONS)
    assert parents(material) == {"money": None, "power": None, "budget": "money", "leave": None}
    assert material.lost["further categories of codes"] == 1
    assert material.lost["links of codes to categories that are missing"] == 1


def test_days_of_rqda_are_read_in_any_locale(tmp_path):
    material = rqda.read(projects.rqda(tmp_path / "pilot.rqda"), OPTIONS)
    first = next(material.documents()).passages[0]
    assert first.given[0].date == datetime.date(2011, 3, 16)
    assert material.date == datetime.date(2011, 3, 2)


def test_memos_of_rqda(tmp_path):
    material = rqda.read(projects.rqda(tmp_path / "pilot.rqda"), OPTIONS)
    assert [(memo.name, memo.text, memo.about) for memo in material.memos] == [
        ("first day", "It went well.", "journal"),
        ("interview", "by phone", "document"),
        ("Haier", "since 1984", "case"),
        ("interview", "note this", "document, at character 4"),
    ]
    assert by_name(material)["budget"].definition == "own money"
    assert material.cases[0].documents == ("1", "3")
    assert material.lost["bounds of cases inside documents"] == 1


def test_an_rqda_database_of_the_first_version(tmp_path):
    material = rqda.read(projects.rqda(tmp_path / "old.rqda", tables=projects.RQDA_FIRST), OPTIONS)
    assert quotes(material)["coding 1"] == "every team its own budget"
    assert "colours of codes" not in material.lost


# requal


def test_requal_counts_from_one_and_its_ends_belong_to_the_passage(tmp_path):
    material = requal.read(projects.requal(tmp_path / "pilot.requal"), OPTIONS)
    found = chosen(material)
    assert (found.reading.base, found.reading.inclusive, found.sure) == (1, True, "certain")
    assert quotes(material) == {
        "segment 1": "every team its own budget",
        "segment 2": "𝕥rust the market, said 张瑞敏",
        "segment 3": "Nobody",
    }


def test_memos_of_requal_stand_beside_a_coding_a_passage_a_code_or_alone(tmp_path):
    material = requal.read(projects.requal(tmp_path / "pilot.requal"), OPTIONS)
    coded, _, noted = next(material.documents()).passages
    assert (coded.given[0].memo, coded.memo) == ("clear", "")
    assert (noted.given, noted.memo) == ((), "who?")
    assert [(memo.text, memo.about) for memo in material.memos[:2]] == [
        ("a good code", "code budget"),
        ("It went well.", ""),
    ]


def test_the_log_of_requal_says_when_a_segment_was_made(tmp_path):
    material = requal.read(projects.requal(tmp_path / "pilot.requal"), OPTIONS)
    first, second, _ = next(material.documents()).passages
    assert first.given[0].date == datetime.date(2023, 12, 11)
    assert second.given[0].date is None
    assert material.date == datetime.date(2023, 12, 10)


def test_coders_of_requal_have_names_and_no_addresses(tmp_path):
    material = requal.read(projects.requal(tmp_path / "pilot.requal"), OPTIONS)
    assert [(coder.key, coder.name) for coder in material.coders] == [("7", "Li 李")]
    assert "example.org" not in repr(material)


def test_rows_of_a_deleted_project_are_counted(tmp_path):
    material = requal.read(projects.requal(tmp_path / "pilot.requal"), OPTIONS)
    assert material.lost["segments of another project"] == 1


def test_requal_with_two_projects_is_refused(tmp_path):
    path = projects.requal(tmp_path / "two.requal")
    projects.change(path, "INSERT INTO projects (project_name) VALUES ('Zweitens')")
    with pytest.raises(StudyError, match="it holds 2 projects, and one is read: 'Pilot', 'Zweitens'"):
        requal.read(path, OPTIONS)


def test_a_requal_database_of_the_first_version(tmp_path):
    material = requal.read(projects.requal(tmp_path / "old.requal", tables=projects.REQUAL_FIRST), OPTIONS)
    assert quotes(material)["segment 2"] == "𝕥rust the market, said 张瑞敏"


# Taguette


def test_every_highlight_of_taguette_is_what_its_snippet_says(page):
    path, _, _, highlights = page
    material = taguette.read(path, OPTIONS)
    found = {passage.where: passage for document in material.documents() for passage in document.passages}
    cut = quotes(material)
    assert len(found) == len(highlights) == len(projects.TAGGED)
    for number, highlight in highlights.items():
        passage = found[f"highlight {number}"]
        assert same(cut[passage.where], passage.stated)
        # bs4 is independent of what reads the page here.
        assert same(cut[passage.where], projects.taguette_text(shown_breaks(highlight.snippet)))
        names = {code.key: code.name for code in material.codes}
        assert tuple(names[given.code] for given in passage.given) == highlight.tags


def shown_breaks(html):
    """Put white space where a browser begins a new line or cell."""
    for tag in ("</h1>", "</p>", "</li>", "</td>", "</pre>", "<br/>"):
        html = html.replace(tag, f" {tag}" if tag.startswith("</") else f"{tag} ")
    return html


def test_taguette_exports_the_same_passages(page):
    """Its own export of highlights, without white space, in which the two differ."""
    from taguette import database, export

    path, address, number, _ = page
    file = io.StringIO()
    db = database.connect(address)()
    export.highlights_csv(db, number, "", file)
    db.close()
    exported = {
        (f"highlight {row['id']}", row["tag"]): row["content"] for row in csv.DictReader(io.StringIO(file.getvalue()))
    }
    material = taguette.read(path, OPTIONS)
    names = {code.key: code.name for code in material.codes}
    cut = quotes(material)
    ours = {
        (passage.where, names[given.code]): cut[passage.where]
        for document in material.documents()
        for passage in document.passages
        for given in passage.given
    }
    assert ours.keys() == exported.keys()
    for key, quote in ours.items():
        assert "".join(quote.split()) == "".join(exported[key].split())


def test_a_document_of_taguette_is_read_in_paragraphs(page):
    (document,) = taguette.read(page[0], OPTIONS).documents()
    assert document.text == (
        "海尔 and its teams\n\nEvery team has its own budget. 😀 Nobody\xa0asked for leave & nobody left.\n\n"
        "first point\nsecond point\n\n2021\t4,000 teams\n2022\t5,000 teams\n\none\n  two 𝕥hree\n\n"
        "Line one\nline two ends here.\n"
    )


def test_the_history_of_taguette_says_who_gave_a_tag_and_when(page):
    material = taguette.read(page[0], OPTIONS)
    given = [given for document in material.documents() for passage in document.passages for given in passage.given]
    assert {(one.coder, one.date) for one in given} == {("li", datetime.date(2024, 3, 5))}
    assert [coder.key for coder in material.coders] == ["li"]


def test_a_tag_that_was_given_later_has_its_own_coder(page, tmp_path):
    from taguette import database

    path = shutil.copy(page[0], tmp_path / "later.sqlite3")
    db = database.connect(f"sqlite:///{path}")()
    db.add(database.User(login="wang"))
    highlight = db.get(database.Highlight, 1)
    highlight.tags.append(db.query(database.Tag).filter_by(path="money").one())
    command = database.Command.highlight_add("wang", highlight.document, highlight, [tag.id for tag in highlight.tags])
    command.date = datetime.datetime(2024, 6, 7)
    db.add(command)
    db.commit()
    db.close()
    material = taguette.read(path, OPTIONS)
    names = {code.key: code.name for code in material.codes}
    first = next(material.documents()).passages[0]
    assert [(names[given.code], given.coder, str(given.date)) for given in first.given] == [
        ("power", "li", "2024-03-05"),
        ("money", "wang", "2024-06-07"),
    ]


def test_tags_that_continue_another_stand_under_it(page):
    material = taguette.read(page[0], OPTIONS)
    assert parents(material) == {"power": None, "money": None, "money.own": "money", "power/people": "power"}
    assert by_name(material)["money.own"].definition == "all of money.own"


def test_a_taguette_database_with_two_projects_is_refused_and_an_exported_project_is_read(tmp_path):
    from taguette import database

    projects.taguette(tmp_path / "all.sqlite3", title="Erstens")
    address, number, _ = projects.taguette(tmp_path / "all.sqlite3", title="Zweitens")
    with pytest.raises(StudyError, match="it holds 2 projects, and one is read: 'Erstens', 'Zweitens'"):
        taguette.read(tmp_path / "all.sqlite3", OPTIONS)

    # As its button 'Export project' does.
    one, db = database.connect(f"sqlite:///{tmp_path / 'one.sqlite3'}")(), database.connect(address)()
    one.add(database.User(login="admin"))
    one.commit()
    database.copy_project(db, one, number, "admin")
    one.close()
    db.close()
    material = taguette.read(tmp_path / "one.sqlite3", OPTIONS)
    assert material.title == "Zweitens"
    cut = quotes(material)
    passages = [passage for document in material.documents() for passage in document.passages]
    assert len(passages) == len(projects.TAGGED)
    assert all(same(cut[passage.where], passage.stated) for passage in passages)


def test_pictures_of_a_document_are_counted_once_however_often_it_is_given(page):
    material = taguette.read(page[0], OPTIONS)
    for _ in range(3):
        list(material.documents())
    assert material.lost == {"pictures in documents": 1, "rights of members": 1}


def test_a_highlight_outside_its_document_lies_outside_the_text(page, tmp_path):
    path = shutil.copy(page[0], tmp_path / "moved.sqlite3")
    projects.change(path, "UPDATE highlights SET start_offset = 90000, end_offset = 90005 WHERE id = 1")
    document = next(taguette.read(path, OPTIONS).documents())
    assert document.passages[0].start > len(document.text)


# HTML


def random_page(chance):
    """Write HTML that Taguette lets through, with characters of one to four bytes."""

    def inline(depth):
        parts = []
        for _ in range(chance.randrange(1, 5)):
            part = "".join(
                chance.choice(["a", "é", "海", "😀", " ", "\n", "&amp;", "&nbsp;", "  ", "x y"]) for _ in range(6)
            )
            tag = chance.choice(["b", "i", "u", "q", "code", "br", "img", ""])
            if tag in {"br", "img"}:
                part += f"<{tag}>"
            elif tag and depth:
                part = f"<{tag}>{part}{inline(depth - 1)}</{tag}>"
            parts.append(part)
        return "".join(parts)

    blocks = []
    for _ in range(chance.randrange(1, 7)):
        tag = chance.choice(["p", "h1", "blockquote", "pre", "ul", "table", "dl", ""])
        if tag == "ul":
            blocks.append(f"<ul><li>{inline(1)}</li> <li>{inline(1)}</li></ul>")
        elif tag == "table":
            blocks.append(f"<table><tr><td>{inline(0)}</td>\n<td>{inline(0)}</td></tr><tr><th>{inline(0)}</table>")
        elif tag == "dl":
            blocks.append(f"<dl><dt>{inline(0)}<dd>{inline(1)}</dl>")
        else:
            blocks.append(f"<{tag}>{inline(2)}</{tag}>" if tag else inline(2))
    return chance.choice(["", "\n", " "]).join(blocks)


@pytest.mark.parametrize("seed", range(60))
def test_positions_in_any_page_are_those_of_taguette(seed):
    """Any stretch: what is cut here is what Taguette's parser has there, but for white space."""
    from taguette import convert

    chance = random.Random(seed)
    html = convert.get_html_body(f'<meta charset="utf-8">{random_page(chance)}'.encode())
    raw, shown = projects.taguette_text(html), Hypertext(html)
    data = raw.encode()
    assert "".join(shown.text.split()) == "".join(raw.split())
    for _ in range(30):
        first, last = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
        ((start, end),) = shown.spans([(len(raw[:first].encode()), len(raw[:last].encode()))])
        assert "".join(shown.text[start:end].split()) == "".join(raw[first:last].split())
        assert 0 <= start <= end <= len(shown.text)
    assert shown.spans([(0, len(data) + 1)])[0][0] > len(shown.text)


def test_stray_text_in_a_table_stands_before_it_as_in_a_browser():
    assert Hypertext("<table>stray<tr><td>cell</td></tr></table>").text == "stray\n\ncell\n"


def test_the_line_end_that_begins_preformatted_text_does_not_count():
    shown = Hypertext("<pre>\nab</pre>")
    assert shown.spans([(0, 1)]) == [(0, 1)]


def test_a_position_inside_a_character_means_its_end():
    assert Hypertext("<p>a海b</p>").spans([(2, 5)]) == [(2, 3)]


def test_comments_of_html_are_no_text():
    assert Hypertext("<p>a<!-- hidden -->b</p>").text == "ab\n"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<blockquote>" * 400, "inside each other"),
        ("".join(f"<p><b id={number}>" for number in range(400)), "inside each other"),
        ("<i></i>" * 5001, "elements"),
        ("a" * (hypertext.MAX_HTML + 1), "characters of HTML"),
    ],
    ids=["nested", "multiplied", "many", "long"],
)
def test_html_that_grows_without_bounds_is_refused(html, reason, monkeypatch):
    monkeypatch.setattr(hypertext, "MAX_ELEMENTS", 5000)
    with pytest.raises(StudyError, match=reason):
        Hypertext(html, "all.sqlite3: page")


# Every database


@pytest.mark.parametrize("name", MADE)
def test_documents_are_given_again_as_often_as_asked(name, tmp_path):
    material = FORMATS[name].read(MADE[name](tmp_path), OPTIONS)
    first, lost = list(material.documents()), material.lost.copy()
    assert first
    assert list(material.documents()) == first
    assert material.lost == lost


@pytest.mark.parametrize("name", MADE)
def test_the_database_is_closed_while_a_document_is_used(name, tmp_path, monkeypatch):
    """However long an import takes with a document, the limit of time for reading does not run."""
    material = FORMATS[name].read(MADE[name](tmp_path), OPTIONS)
    opened = []
    connect = sqlite3.connect

    def counted(*args, **kwargs):
        opened.append(connect(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", counted)
    next(material.documents())
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[-1].execute("SELECT 1")


def test_each_format_fits_its_own_databases_alone(tmp_path, page):
    paths = {name: make(tmp_path) for name, make in MADE.items()} | {"taguette": page[0]}
    for name, path in paths.items():
        file = path / "data.qda" if path.is_dir() else path
        for other in paths:
            # Whatever a file is called: its tables count.
            renamed = shutil.copy(file, tmp_path / f"renamed{FORMATS[other].suffixes[0]}")
            assert FORMATS[other].fits(tmp_path / renamed) == (name == other)


@pytest.mark.parametrize("name", [*MADE, "taguette"])
def test_files_of_others_are_not_of_the_format(name, tmp_path):
    suffix = FORMATS[name].suffixes[0]
    for number, content in enumerate([b"", b"name,code\n", b"SQLite format 2\0" + b"\xff" * 5000]):
        path = tmp_path / f"{number}{suffix}"
        path.write_bytes(content)
        assert not FORMATS[name].fits(path)
    assert not FORMATS[name].fits(tmp_path / f"missing{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    assert not FORMATS[name].fits(tmp_path / f"folder{suffix}")


VIEWS = {
    "qualcoder": ("source", "code_text"),
    "rqda": ("source", "coding", "treecode"),
    "requal": ("documents", "segments", "memos"),
    "taguette": ("documents", "highlights", "highlight_tags"),
}


@pytest.mark.parametrize(("name", "table"), [(name, table) for name, tables in VIEWS.items() for table in tables])
def test_a_view_in_the_place_of_a_table_is_refused(name, table, tmp_path, page):
    path = shutil.copy(page[0], tmp_path / "pilot.sqlite3") if name == "taguette" else MADE[name](tmp_path)
    projects.change(
        path / "data.qda" if name == "qualcoder" else path,
        f"ALTER TABLE {table} RENAME TO kept",
        f"CREATE VIEW {table} AS SELECT * FROM kept",
    )
    assert FORMATS[name].fits(tmp_path / path)
    with pytest.raises(StudyError) as caught:
        list(FORMATS[name].read(tmp_path / path, OPTIONS).documents())
    assert [finding.rule for finding in caught.value.findings] == ["broken-database"]


WRONG = {
    "qualcoder": ("code_text", "pos0", "codings without a position"),
    "rqda": ("coding", "selend", "codings without a position"),
    "requal": ("segments", "segment_start", "segments without a position"),
}


@pytest.mark.parametrize("value", ["NULL", "'seven'", "X'00ff'", "1.5", "9e999"])
@pytest.mark.parametrize("name", WRONG)
def test_a_passage_without_a_number_for_a_position_is_counted(name, value, tmp_path):
    table, column, phrase = WRONG[name]
    path = MADE[name](tmp_path)
    projects.change(
        path / "data.qda" if path.is_dir() else path, f"UPDATE {table} SET {column} = {value} WHERE rowid = 1"
    )
    material = FORMATS[name].read(path, OPTIONS)
    assert material.lost[phrase] == 1
    assert f"{table.rstrip('s')} 1" not in quotes(material)


def test_an_immense_position_lies_outside_the_text(tmp_path):
    folder = projects.qualcoder(tmp_path / "pilot.qda")
    projects.change(folder / "data.qda", f"UPDATE code_text SET pos1 = {2**63 - 1} WHERE ctid = 1")
    material = qualcoder.read(folder, OPTIONS)
    document = next(material.documents())
    assert Positions(document, chosen(material).reading).span(document.passages[0]) is None


def read_or_refused(name, path):
    """Return the documents; none when the file is refused as it should be. Anything else is an error."""
    try:
        return list(FORMATS[name].read(path, OPTIONS).documents())
    except StudyError as error:
        rules = {finding.rule for finding in error.findings}
    assert rules <= {"broken-database", "file-too-big"}
    return []


@pytest.mark.parametrize("name", [*MADE, "taguette"])
def test_a_database_with_any_value_in_any_column_is_read_or_refused(name, tmp_path, page):
    """SQLite lets every column hold every kind of value; most columns of ids do not, and stay."""
    values = [None, "", "text", "\ud83d", "a\0b", -1, 2**62, 1.5, b"\xff\0", "1"]
    chance = random.Random(name)
    for round_ in range(25):
        folder = tmp_path / str(round_)
        folder.mkdir()
        path = shutil.copy(page[0], folder / "pilot.sqlite3") if name == "taguette" else MADE[name](folder)
        file = path / "data.qda" if name == "qualcoder" else path
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for _ in range(8):
                table = chance.choice([table for table in tables if not table.startswith("sqlite_")])
                column = chance.choice([row[1] for row in connection.execute(f"PRAGMA table_info({table})")])
                value = chance.choice(values)
                given = value.encode("utf-8", "surrogatepass") if value == "\ud83d" else value
                as_text = "CAST(? AS TEXT)" if value == "\ud83d" else "?"
                try:
                    connection.execute(f"UPDATE {table} SET {column} = {as_text}", (given,))
                except sqlite3.Error:
                    continue
            connection.commit()
        for document in read_or_refused(name, folder / path):
            assert document.text is None or "\0" not in document.text
            assert all(isinstance(p.start, int) and isinstance(p.end, int) for p in document.passages)


@pytest.mark.parametrize("name", [*MADE, "taguette"])
def test_a_damaged_database_is_read_or_refused(name, tmp_path, page):
    chance = random.Random(name)
    path = shutil.copy(page[0], tmp_path / "pilot.sqlite3") if name == "taguette" else MADE[name](tmp_path)
    file = tmp_path / (path / "data.qda" if name == "qualcoder" else path)
    whole = file.read_bytes()
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(20, len(data))] = chance.randrange(256)
        if chance.random() < 0.2:
            data = data[: chance.randrange(100, len(data))]
        file.write_bytes(data)
        assert all(document.key for document in read_or_refused(name, tmp_path / path))
