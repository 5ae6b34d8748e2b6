"""Make small projects of other tools: real databases with the schema that each tool publishes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import NamedTuple

from helpers import awaited

INTERVIEW = "海尔 gave every team its own budget. 😀 Nobody asked for leave.\n\nWe 𝕥rust the market, said 张瑞敏.\n"
WINDOWS = "First line.\r\nSecond 😀 line ends.\r\nThird line."


def make(path, tables, rows):
    """Make a database: of a column that a table does not have, nothing is stored."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for table, listed in tables.items():
            connection.execute(f"CREATE TABLE {table} ({listed})")
        for table, entries in rows.items():
            for entry in entries:
                names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                kept = {name: value for name, value in entry.items() if name in names}
                places = ", ".join("?" * len(kept))
                connection.execute(f"INSERT INTO {table} ({', '.join(kept)}) VALUES ({places})", list(kept.values()))
        connection.commit()
    return path


def change(path, *statements):
    """Change a database by SQL."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def units(text):
    """Count UTF-16 units, as Qt and JavaScript do."""
    return len(text.encode("utf-16-le")) // 2


def where(text, quote, count=len):
    """Say where a quote begins and ends, in a counting of characters."""
    start = text.index(quote)
    return count(text[:start]), count(text[: start + len(quote)])


# QualCoder ------------------------------------------------------------------------------------------------------

QUALCODER = {
    "project": "databaseversion text, date text, memo text, about text, bookmarkfile integer, bookmarkpos integer, codername text, recently_used_codes text",
    "source": "id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text, av_text_id integer, risid integer, unique(name)",
    "code_image": "imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer, cid integer, memo text, date text, owner text, important integer, pdf_page integer",
    "code_av": "avid integer primary key, id integer, pos0 integer, pos1 integer, cid integer, memo text, date text, owner text, important integer",
    "annotation": "anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text, unique(fid, pos0, pos1, owner)",
    "attribute_type": "name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text",
    "attribute": "attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text, unique(name, attr_type, id)",
    "case_text": "id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text",
    "cases": "caseid integer primary key, name text, memo text, owner text, date text, constraint ucm unique(name)",
    "code_cat": "catid integer primary key, name text, owner text, date text, memo text, supercatid integer, unique(name)",
    "code_text": "ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer, unique(cid, fid, pos0, pos1, owner)",
    "code_name": "cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, supercid integer, unique(name)",
    "journal": "jid integer primary key, name text, jentry text, date text, owner text, unique(name)",
    "stored_sql": "title text, description text, grouper text, ssql text, unique(title)",
    "graph": "grid integer primary key, name text, description text, date text, scene_width integer, scene_height integer, unique(name)",
    "ris": "risid integer, tag text, longtag text, value text",
    "coder_names": "name text unique not null, visibility integer not null default 1",
}
QUALCODER_FIRST = {
    "project": "databaseversion text, date text, memo text, about text",
    "source": "id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text, unique(name)",
    "code_text": "cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, unique(cid, fid, pos0, pos1, owner)",
    "code_name": "cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, unique(name)",
    "code_cat": QUALCODER["code_cat"],
    "annotation": QUALCODER["annotation"],
    "cases": QUALCODER["cases"],
    "case_text": "caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text",
    "journal": "jid integer primary key, name text, jentry text, date text, owner text",
}
QUALCODER_QUOTES = {
    1: ("budget", INTERVIEW, "every team its own budget"),
    2: ("leave", INTERVIEW, "Nobody asked for leave.\n\nWe 𝕥rust the market"),
    3: ("leave", WINDOWS, "line ends"),
}
"""Rowid of a coding -> its code, the text and the passage."""


def qualcoder(folder, tables=QUALCODER, count=units):
    """Make a QualCoder project: three codings, two of them behind characters that Qt counts twice."""
    folder.mkdir(parents=True)
    stamp = "2024-03-05 10:11:12"
    codes = {"budget": 1, "leave": 2}
    files = {INTERVIEW: 1, WINDOWS: 2}
    codings = []
    for number, (code, text, quote) in QUALCODER_QUOTES.items():
        pos0, pos1 = where(text, quote, count)
        # Qt gives the line ends of a selection as U+2029.
        codings.append({
            "cid": codes[code], "fid": files[text], "seltext": quote.replace("\n", "\u2029"), "pos0": pos0, "pos1": pos1,
            "owner": "Li 李", "date": stamp, "memo": "clear" if number == 1 else "", "important": 1 if number == 1 else None,
        })  # fmt: skip
    start, end = where(INTERVIEW, "张瑞敏", count)
    rows = {
        "project": [{"databaseversion": "v17", "date": stamp, "memo": "Pilot study", "about": "QualCoder 3.8"}],
        "source": [
            {
                "id": 1,
                "name": "interview.docx",
                "fulltext": INTERVIEW,
                "mediapath": "/docs/interview.docx",
                "memo": "by phone",
                "risid": 1,
            },
            {"id": 2, "name": "windows.txt", "fulltext": WINDOWS, "mediapath": None},
            {"id": 3, "name": "report.pdf", "fulltext": "\ufeffA report.", "mediapath": "docs:C:/papers/report.pdf"},
            {"id": 4, "name": "floor.jpg", "mediapath": "/images/floor.jpg"},
            {"id": 5, "name": "talk.mp3", "mediapath": "audio:/home/li/talk.mp3", "av_text_id": 1},
            {"id": 6, "name": "visit.mp4", "mediapath": "/video/visit.mp4"},
        ],
        "code_cat": [
            {"catid": 1, "name": "power", "memo": "who decides"},
            {"catid": 2, "name": "money", "supercatid": 1},
        ],
        "code_name": [
            {"cid": 1, "name": "budget", "memo": "own money", "catid": 2, "color": "#FF0000"},
            {"cid": 2, "name": "leave", "catid": None, "supercid": 1, "color": ""},
        ],
        "code_text": codings,
        "annotation": [
            {"anid": 1, "fid": 1, "pos0": start, "pos1": end, "memo": "the CEO", "owner": "Wang", "date": stamp}
        ],
        "cases": [{"caseid": 1, "name": "Haier", "memo": "since 1984"}, {"caseid": 2, "name": "empty"}],
        "case_text": [
            {"caseid": 1, "fid": 1, "pos0": 0, "pos1": len(INTERVIEW)},
            {"caseid": 1, "fid": 2, "pos0": 3, "pos1": 9},
            {"caseid": 1, "fid": 4, "pos0": 0, "pos1": 0},
        ],
        "journal": [{"jid": 1, "name": "first day", "jentry": "It went well."}],
    }
    if "attribute" in tables:
        rows |= {
            "attribute": [
                {"name": "age", "attr_type": "case", "value": "40", "id": 1},
                {"name": "age", "attr_type": "case", "value": "", "id": 2},
            ],
            "code_image": [{"id": 4, "x1": 1, "y1": 1, "width": 2, "height": 2, "cid": 1}],
            "code_av": [{"id": 5, "pos0": 0, "pos1": 900, "cid": 1}, {"id": 6, "pos0": 5, "pos1": 6, "cid": 2}],
            "stored_sql": [{"title": "all", "ssql": "select * from source"}],
            "ris": [{"risid": 1, "tag": "TI", "longtag": "title", "value": "Rendanheyi"}],
        }
    make(folder / "data.qda", tables, rows)
    return folder


# RQDA -----------------------------------------------------------------------------------------------------------

RQDA = {
    "source": "name text, id integer, file text, memo text, owner text, date text, dateM text, status integer",
    "freecode": "name text, memo text, owner text, date text, dateM text, id integer, status integer, color text",
    "treecode": "cid integer, catid integer, date text, dateM text, memo text, status integer, owner text",
    "treefile": "fid integer, catid integer, date text, dateM text, memo text, status integer, owner text",
    "filecat": "name text, fid integer, catid integer, owner text, date text, dateM text, memo text, status integer",
    "codecat": "name text, cid integer, catid integer, owner text, date text, dateM text, memo text, status integer",
    "coding": "cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text, date text, memo text",
    "coding2": "cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text, date text, memo text",
    "project": "databaseversion text, date text, dateM text, memo text, about text, imageDir text",
    "cases": "name text, memo text, owner text, date text, dateM text, id integer, status integer",
    "caselinkage": "caseid integer, fid integer, selfirst real, selend real, status integer, owner text, date text, memo text",
    "attributes": "name text, status integer, date text, dateM text, owner text, memo text, class text",
    "caseAttr": "variable text, value text, caseID integer, date text, dateM text, owner text, status integer",
    "fileAttr": "variable text, value text, fileID integer, date text, dateM text, owner text, status integer",
    "journal": "name text, journal text, date text, dateM text, owner text, status integer",
    "annotation": "fid integer, position integer, annotation text, owner text, date text, dateM text, status integer",
    "image": "name text, id integer, date text, dateM text, owner text, status integer",
    "imageCoding": "cid integer, iid integer, x1 integer, y1 integer, x2 integer, y2 integer, memo text, date text, dateM text, owner text, status integer",
}
RQDA_FIRST = {
    name: RQDA[name] for name in ("source", "treecode", "codecat", "coding", "project", "cases", "caselinkage")
} | {
    "freecode": "name text, memo text, owner text, date text, dateM text, id integer, status integer",
}


def rqda(path, tables=RQDA):
    """Make an RQDA project with deleted rows of every kind."""
    stamp, other = "Wed Mar 16 11:45:26 2011", "Wed Mar  2 09:00:00 2011"

    def coding(cid, quote, status=1, fid=1, owner="rqda", **more):
        start, end = where(INTERVIEW, quote)
        row = {"cid": cid, "fid": fid, "seltext": quote, "selfirst": start, "selend": end, "status": status}
        return row | {"owner": owner, "date": stamp} | more

    rows = {
        "project": [{"databaseversion": "0.2.2", "date": other, "memo": "Pilot study"}],
        "source": [
            {"name": "interview", "id": 1, "file": INTERVIEW, "memo": "by phone", "status": 1},
            {"name": "thrown away", "id": 2, "file": "Nothing here.", "status": 0},
            {"name": "second", "id": 3, "file": "A second file.", "status": 1},
        ],
        "freecode": [
            {"name": "budget", "memo": "own money", "id": 1, "status": 1, "color": "red"},
            {"name": "leave", "id": 2, "status": 1},
            {"name": "gone", "id": 3, "status": 0},
        ],
        "codecat": [
            {"name": "money", "catid": 1, "status": 1},
            {"name": "power", "catid": 2, "status": 1, "memo": "who decides"},
            {"name": "gone", "catid": 3, "status": 0},
        ],
        "treecode": [
            {"cid": 1, "catid": 2, "status": 1},
            {"cid": 1, "catid": 1, "status": 1},
            {"cid": 2, "catid": 1, "status": 0},
            {"cid": 2, "catid": 3, "status": 1},
        ],
        "coding": [
            coding(1, "every team its own budget", memo="clear"),
            coding(2, "𝕥rust the market, said 张瑞敏", owner="Li 李"),
            coding(2, "Nobody", status=0),
            coding(2, "asked", status=-1),
            coding(3, "leave"),
            coding(1, "team", fid=2),
        ],
        "cases": [
            {"name": "Haier", "id": 1, "status": 1, "memo": "since 1984"},
            {"name": "gone", "id": 2, "status": 0},
        ],
        "caselinkage": [
            {"caseid": 1, "fid": 1, "selfirst": 0, "selend": len(INTERVIEW), "status": 1},
            {"caseid": 1, "fid": 3, "selfirst": 2, "selend": 8, "status": 1},
            {"caseid": 1, "fid": 3, "selfirst": 0, "selend": 4, "status": 0},
        ],
    }
    if "journal" in tables:
        rows |= {
            "journal": [{"name": "first day", "journal": "It went well.", "status": 1}, {"name": "x", "status": 0}],
            "annotation": [
                {"fid": 1, "position": 4, "annotation": "note this", "status": 1},
                {"fid": 1, "position": 9, "annotation": "", "status": 0},
            ],
            "coding2": [coding(1, "team")],
            "caseAttr": [{"variable": "age", "value": "40", "caseID": 1, "status": 1}],
            "treefile": [{"fid": 1, "catid": 1, "status": 1}],
        }
    return make(path, tables, rows)


# requal ---------------------------------------------------------------------------------------------------------

REQUAL = {
    "projects": "project_id INTEGER PRIMARY KEY AUTOINCREMENT, project_name TEXT, project_description TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP",
    "requal_version": "project_id INTEGER, version TEXT",
    "users": "user_id INTEGER PRIMARY KEY, user_login TEXT UNIQUE NOT NULL, user_name TEXT, user_mail TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP",
    "user_permissions": "user_id INTEGER, project_id INTEGER, project_owner INTEGER",
    "logs": "user_id INTEGER, project_id INTEGER, action TEXT, payload JSON, created_at TEXT DEFAULT CURRENT_TIMESTAMP",
    "documents": "doc_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER, user_id INTEGER, doc_name TEXT, doc_description TEXT, doc_text TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP",
    "codes": "project_id INTEGER, code_id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, code_name TEXT, code_description TEXT, code_color TEXT",
    "categories": "project_id INTEGER, category_id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, category_name TEXT, category_description TEXT",
    "categories_codes_map": "project_id INTEGER, category_id INTEGER, code_id INTEGER",
    "cases": "project_id INTEGER, case_id INTEGER PRIMARY KEY AUTOINCREMENT, case_name TEXT, case_description TEXT",
    "cases_documents_map": "project_id INTEGER, case_id INTEGER, doc_id INTEGER",
    "segments": "project_id INTEGER, user_id INTEGER, doc_id INTEGER, code_id INTEGER, segment_id INTEGER PRIMARY KEY AUTOINCREMENT, segment_start INTEGER, segment_end INTEGER, segment_text TEXT",
    "memos": "project_id INTEGER, memo_id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, text TEXT",
    "memos_codes_map": "memo_id INTEGER, code_id INTEGER",
    "memos_documents_map": "memo_id INTEGER, doc_id INTEGER, memo_start INTEGER, memo_end INTEGER",
    "memos_segments_map": "memo_id INTEGER, segment_id INTEGER",
    "attributes": "attribute_id INTEGER PRIMARY KEY AUTOINCREMENT, attribute_name TEXT, attribute_object TEXT, attribute_type TEXT, project_id INTEGER, user_id INTEGER",
    "attribute_values": "attribute_value_id INTEGER PRIMARY KEY AUTOINCREMENT, attribute_id INTEGER, value TEXT",
    "attributes_users_map": "user_id INTEGER, attribute_id INTEGER, attribute_value_id INTEGER, project_id INTEGER",
    "attributes_documents_map": "doc_id INTEGER, attribute_id INTEGER, attribute_value_id INTEGER, project_id INTEGER",
    "attributes_cases_map": "case_id INTEGER, attribute_id INTEGER, attribute_value_id INTEGER, project_id INTEGER",
}
REQUAL_FIRST = {
    name: REQUAL[name]
    for name in ("projects", "documents", "codes", "segments", "categories", "categories_codes_map", "users")
}


def requal(path, tables=REQUAL):
    """Make a requal project: a coding with a memo, a memo beside a passage, one beside a code, a free one."""

    def segment(code, quote, **more):
        start, end = where(INTERVIEW, quote)
        row = {
            "project_id": 1,
            "user_id": 7,
            "doc_id": 1,
            "code_id": code,
            "segment_start": start + 1,
            "segment_end": end,
        }
        return row | {"segment_text": quote} | more

    added = json.dumps([{"project_id": 1, "doc_id": 1, "segment_id": 1}])
    rows = {
        "projects": [
            {"project_name": "Pilot", "project_description": "Pilot study", "created_at": "2023-12-10 22:48:05"}
        ],
        "users": [{"user_id": 7, "user_login": "li", "user_name": "Li 李", "user_mail": "li@example.org"}],
        "documents": [{"project_id": 1, "doc_name": "interview", "doc_description": "by phone", "doc_text": INTERVIEW}],
        "codes": [
            {"project_id": 1, "code_name": "budget", "code_description": "own money", "code_color": "rgb(1,2,3)"},
            {"project_id": 1, "code_name": "leave"},
        ],
        "categories": [
            {"project_id": 1, "category_name": "money"},
            {"project_id": 1, "category_name": "power", "category_description": "who decides"},
        ],
        "categories_codes_map": [
            {"project_id": 1, "category_id": 2, "code_id": 1},
            {"project_id": 1, "category_id": 1, "code_id": 1},
        ],
        "segments": [
            segment(1, "every team its own budget"),
            segment(2, "𝕥rust the market, said 张瑞敏"),
            segment(None, "Nobody"),
            segment(1, "leave", project_id=9),
        ],
    }
    if "memos" in tables:
        rows |= {
            "cases": [{"project_id": 1, "case_name": "Haier", "case_description": "since 1984"}],
            "cases_documents_map": [{"project_id": 1, "case_id": 1, "doc_id": 1}],
            "memos": [{"project_id": 1, "text": text} for text in ("clear", "who?", "a good code", "It went well.")],
            "memos_segments_map": [{"memo_id": 1, "segment_id": 1}, {"memo_id": 2, "segment_id": 3}],
            "memos_codes_map": [{"memo_id": 3, "code_id": 1}],
            "attributes": [{"project_id": 1, "attribute_name": "age", "attribute_object": "case"}],
            "attribute_values": [{"attribute_id": 1, "value": "40"}],
            "attributes_cases_map": [{"case_id": 1, "attribute_id": 1, "attribute_value_id": 1, "project_id": 1}],
            "logs": [
                {"project_id": 1, "action": "Add segment", "payload": added, "created_at": "2023-12-11 08:00:00 UTC"},
                {
                    "project_id": 1,
                    "action": "Add segment",
                    "payload": "[broken",
                    "created_at": "2023-12-12 08:00:00 UTC",
                },
                {"project_id": 1, "action": "Add code", "payload": added, "created_at": "2023-12-13 08:00:00 UTC"},
            ],
        }
    return make(path, tables, rows)


# Taguette: by its own code --------------------------------------------------------------------------------------

PAGE = """<html><head><meta charset="utf-8"><title>no text</title><style>p {}</style></head><body>
<h1>海尔  and
its teams</h1>
<p>Every team has its <b>own bud</b>get. 😀 Nobody&nbsp;asked for&#32;leave &amp; nobody left.</p>
<ul><li>first point</li><li>second <i>point</i></li></ul>
<table><tr><td>2021</td><td>4,000 teams</td></tr><tr><td>2022</td><td>5,000 teams</td></tr></table>
<pre>
one
  two 𝕥hree</pre><p>Line one<br>line two<img src="http://example.org/a.png"> ends <script>alert(1)</script>here.</p>
</body></html>"""
TAGGED = {
    "海尔  and\nits": ("power",),
    "its own budget. 😀 Nobody\xa0asked": ("money", "money.own"),
    "leave & nobody left.\nfirst point": ("power",),
    "teams2022": ("money.own",),
    "two 𝕥hreeLine one": (),
    "two ends here.": ("power/people",),
}
"""A stretch of the page's text, as a browser counts it -> its tags."""


class Highlight(NamedTuple):
    start: int
    end: int
    snippet: str
    tags: tuple[str, ...]


def taguette_text(html):
    """Return the text that a browser counts, as Taguette's own parser reads it."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "html5lib").get_text()


def taguette(path, pages=(("page.html", PAGE, TAGGED),), title="Pilot"):
    """Make a Taguette database as Taguette does: its own conversion, tables, snippets and history.

    Returns:
        The database's address for Taguette, the project's number there, and the highlights by their numbers.
    """
    import datetime

    from taguette import convert, database, extract

    address = f"sqlite:///{path}"
    db = database.connect(address)()
    made = datetime.datetime(2024, 3, 5, 10, 11, 12)
    user = db.get(database.User, "li") or database.User(login="li")
    project = database.Project(name=title, description="Pilot study", created=made)
    db.add_all([user, project])
    db.flush()
    db.add(database.ProjectMember(project=project, user=user, privileges=database.Privileges.ADMIN))
    tags = {}
    for name in ("power", "money", "money.own", "power/people"):
        tags[name] = database.Tag(project=project, path=name, description=f"all of {name}")
    db.add_all(tags.values())
    db.flush()
    highlights = {}
    for name, page, tagged in pages:
        html = awaited(convert.to_html, page.encode(), "text/html", name, {})
        document = database.Document(
            name=name, description="by phone", filename=name, project=project, created=made, contents=html,
            text_direction=database.TextDirection.LEFT_TO_RIGHT,
        )  # fmt: skip
        db.add(document)
        db.flush()
        text = taguette_text(html)
        for quote, names in tagged.items():
            start, end = where(text, quote, lambda found: len(found.encode()))
            snippet = extract.extract(html, start, end)
            highlight = database.Highlight(document=document, start_offset=start, end_offset=end, snippet=snippet)
            highlight.tags = [tags[name] for name in names]
            db.add(highlight)
            db.flush()
            add = database.Command.highlight_add("li", document, highlight, sorted(tags[name].id for name in names))
            add.date = made
            db.add(add)
            highlights[highlight.id] = Highlight(start, end, snippet, names)
    db.commit()
    number = project.id
    db.close()
    return address, number, highlights
