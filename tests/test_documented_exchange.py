"""What the pages on import and export show is what is printed, and their links lead somewhere.

Each page has a function here that makes the small files that the page speaks of. A line ``…`` of a page stands
for lines that it leaves out; of the digests it shows, only which ones are the same is compared.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import sys
import zipfile
from pathlib import Path

import projects
import pytest
import yaml
from projects import make, units, where
from test_refi_qda import project, selection, source

from kg import cli

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {page.stem: page.read_text("utf-8") for page in [DOCS / "exchange.md", *DOCS.glob("coming-from/*.md")]}

TALK = """Why people stay

I: What made you stay?
R: Every Friday the coordinator tells me what went well 😀 and that is why I come back.

I: And the others?
R: Two of us left although they were praised every week.
"""
SECOND = """Second talk

R: Nobody told us how the money was spent, so we stopped asking.
"""
FRIDAY = "Every Friday the coordinator tells me what went well 😀"
BACK = "that is why I come back."
LEFT = "Two of us left although they were praised every week."
MONEY = "Nobody told us how the money was spent"
WHY, DEFINITION, DIARY = "Who stays, and why", "Being told how one's work went.", "The kitchen was cold."


def texts(folder):
    (folder / "texts").mkdir()
    (folder / "texts/Interview 1.txt").write_text(TALK, "utf-8")
    (folder / "texts/Interview 2.txt").write_text(SECOND, "utf-8")


# REFI-QDA, as three programs write it ---------------------------------------------------------------------------

CODES = (
    '<Users><User guid="U1" name="Ada Park"/></Users><CodeBook><Codes>'
    '<Code guid="C1" name="Recognition" isCodable="false" color="#ff0000">'
    f'<Code guid="C2" name="Feedback" isCodable="true"><Description>{DEFINITION}</Description></Code>'
    '<Code guid="C3" name="Praise" isCodable="true"/></Code>'
    '<Code guid="C4" name="Leaving" isCodable="true"/></Codes></CodeBook>'
)
WINDOWS = {"sources/T1.txt": TALK.replace("\n", "\r\n"), "sources/T2.txt": SECOND.replace("\n", "\r\n")}
FIRST, OTHER = WINDOWS.values()


def coded(*codes):
    return "".join(
        f'<Coding guid="K{code}" creatingUser="U1"><CodeRef targetGUID="{code}"/></Coding>' for code in codes
    )


def passage(text, quote, *codes, count=len, **more):
    return selection(*where(text, quote, count), code="", inside=coded(*codes) + more.pop("inside", ""), **more)


def area(kind):
    return f'<{kind} guid="P2" page="0" firstX="1" firstY="1" secondX="9" secondY="9">{coded("C2")}</{kind}>'


def nvivo(folder):
    """UTF-16 units, CR LF counts two, no quotes; cases as codes, annotations as notes with a link."""
    first = (
        passage(FIRST, FRIDAY, "C2", count=units),
        passage(FIRST, BACK, "C2", count=units, inside='<NoteRef targetGUID="N1"/>'),
        passage(FIRST, LEFT, "C3", "C4", count=units).replace('guid="S', 'guid="LEFT', 1),
        '<VariableValue><VariableRef targetGUID="V1"/><TextValue>Oslo</TextValue></VariableValue>',
    )
    sources = (
        source("".join(first), name='name="Interview 1" richTextPath="internal://T1.docx"'),
        source(passage(OTHER, MONEY, "A1", count=units), name='name="Interview 2"').replace("T1", "T2"),
        f'<PictureSource guid="P1" name="Kitchen.jpg" path="internal://P1.jpg">{area("PictureSelection")}</PictureSource>',
    )
    head = (
        '<Variables><Variable guid="V1" name="town" typeOfVariable="Text"/></Variables><Cases>'
        '<Case guid="A1" name="Soup kitchen"><SourceRef targetGUID="T1"/><SourceRef targetGUID="T2"/></Case></Cases>'
    )
    tail = (
        '<Notes><Note guid="N1" name="On feedback" plainTextPath="internal://N1.txt"/>'
        f'<Note guid="N2" name="Field diary"><PlainTextContent>{DIARY}</PlainTextContent></Note>'
        '<Note guid="N3" name="Annotation"><PlainTextContent>Says it twice.</PlainTextContent></Note></Notes>'
        '<Links><Link guid="L1" originGUID="N3" targetGUID="LEFT"/></Links>'
        '<Sets><Set guid="X1" name="Interviews"><MemberSource targetGUID="T1"/></Set></Sets>'
    )
    members = WINDOWS | {"sources/N1.txt": "She names the feedback itself."}
    made = project(folder, "".join(sources), codes=CODES + head, tail=tail, texts=members, head='origin="NVivo"')
    made.rename(folder / "kitchen.qdpx")
    short = source(passage(FIRST, LEFT.rstrip("."), "C4", count=units), name='name="Interview 1"')
    project(folder, short, codes=CODES, texts=WINDOWS, head='origin="NVivo"').rename(folder / "short.qdpx")
    (folder / "kitchen.nvpx").write_bytes(b"\0")


def atlas_ti(folder):
    """The XML is named as the project, CR LF counts one, a memo is a description, a quotation may be empty."""
    inside = (
        passage(TALK, FRIDAY, "C2", name=FRIDAY, inside="<Description>She names the feedback itself.</Description>")
        + passage(TALK, LEFT, "C3", "C4", name=LEFT)
        + selection(30, 30, code="C4")
    )
    report = f'<PDFSource guid="T2" name="Report 2025.pdf" path="relative:///r.pdf">{area("PDFSelection")}</PDFSource>'
    codes = CODES.replace(' color="#ff0000"', "")
    made = project(
        folder, source(inside, name='name="Interview 1"') + report, codes=codes, texts=WINDOWS, xml="Kitchen.qde"
    )
    made.rename(folder / "kitchen.qdpx")


def maxqda(folder):
    """Segments are named by their text; a comment has no code; the variables of a document hang on a case."""
    texts(folder)
    inside = (
        passage(FIRST, FRIDAY, "C2", name=FRIDAY)
        + passage(FIRST, BACK, name=BACK, inside="<Description>ask again</Description>")
        + passage(FIRST, LEFT, "C3", "C4", name=LEFT)
    )
    sources = source(inside) + source(passage(OTHER, MONEY, "C4", name=MONEY)).replace("T1", "T2")
    head = (
        '<Variables><Variable guid="V1" name="age" typeOfVariable="Integer"/></Variables><Cases><Case guid="A1">'
        '<VariableValue><VariableRef targetGUID="V1"/><IntegerValue>40</IntegerValue></VariableValue>'
        '<SourceRef targetGUID="T1"/></Case></Cases>'
    )
    project(folder, sources, codes=CODES + head, texts=WINDOWS).rename(folder / "kitchen.qdpx")
    rows = (
        "Color,Document group,Document name,Code,Beginning,End,Segment\n"
        f"●,Volunteers,Interview 1,Recognition > Feedback,4,4,{BACK}\n"
    )
    (folder / "segments.csv").write_text(rows, "utf-8")


# Databases ------------------------------------------------------------------------------------------------------


def qualcoder(folder):
    def coding(code, file, text, quote, stored=None, **more):
        pos0, pos1 = where(text, quote, units)
        row = {"cid": code, "fid": file, "seltext": stored or quote, "pos0": pos0, "pos1": pos1}
        return row | {"owner": "Ada Park", "date": "2026-03-04 10:11:12"} | more

    pos0, pos1 = where(TALK, "the others", units)
    (folder / "kitchen.qda").mkdir()
    rows = {
        "project": [{"databaseversion": "v17", "memo": WHY, "about": "QualCoder 4.0"}],
        "source": [
            {"id": 1, "name": "interview1.docx", "fulltext": TALK, "memo": "in the kitchen"},
            {"id": 2, "name": "interview2.txt", "fulltext": SECOND},
            {"id": 3, "name": "kitchen.jpg", "mediapath": "/images/kitchen.jpg"},
        ],
        "code_cat": [{"catid": 1, "name": "Recognition"}],
        "code_name": [
            {"cid": 1, "name": "Feedback", "memo": DEFINITION, "catid": 1, "color": "#FF0000"},
            {"cid": 2, "name": "Praise", "catid": 1, "color": "#00FF00"},
            {"cid": 3, "name": "Leaving", "color": "#0000FF"},
        ],
        "code_text": [
            coding(1, 1, TALK, FRIDAY),
            coding(1, 1, TALK, BACK, memo="names the reason"),
            coding(2, 1, TALK, LEFT),
            coding(3, 1, TALK, LEFT, important=1),
            coding(3, 2, SECOND, MONEY, stored=MONEY.replace("the money", "our money")),
        ],
        "annotation": [{"anid": 1, "fid": 1, "pos0": pos0, "pos1": pos1, "memo": "who?", "owner": "Ada Park"}],
        "cases": [{"caseid": 1, "name": "Soup kitchen"}],
        "case_text": [{"caseid": 1, "fid": 1, "pos0": 0, "pos1": units(TALK)}],
        "attribute": [{"name": "town", "attr_type": "case", "value": "Oslo", "id": 1}],
        "code_image": [{"id": 3, "x1": 1, "y1": 1, "width": 2, "height": 2, "cid": 1}],
        "journal": [{"jid": 1, "name": "first day", "jentry": DIARY}],
    }
    make(folder / "kitchen.qda/data.qda", projects.QUALCODER, rows)


def rqda(folder):
    def coding(code, quote, status=1):
        start, end = where(TALK, quote)
        row = {"cid": code, "fid": 1, "seltext": quote, "selfirst": start, "selend": end, "status": status}
        return row | {"owner": "ada", "date": "Wed Mar  4 10:11:12 2020"}

    rows = {
        "project": [{"databaseversion": "0.2.2", "memo": WHY}],
        "source": [
            {"name": "Interview 1", "id": 1, "file": TALK, "memo": "in the kitchen", "status": 1},
            {"name": "Draft", "id": 2, "file": "Nothing.", "status": 0},
        ],
        "freecode": [
            {"name": "Feedback", "memo": DEFINITION, "id": 1, "status": 1, "color": "red"},
            {"name": "Leaving", "id": 2, "status": 1},
            {"name": "Old", "id": 3, "status": 0},
        ],
        "codecat": [{"name": "Recognition", "catid": 1, "status": 1}, {"name": "Power", "catid": 2, "status": 1}],
        "treecode": [{"cid": 1, "catid": 1, "status": 1}, {"cid": 1, "catid": 2, "status": 1}],
        "coding": [coding(1, FRIDAY), coding(1, BACK), coding(2, LEFT), coding(2, "the others", status=0)],
        "cases": [{"name": "Soup kitchen", "id": 1, "status": 1}],
        "caselinkage": [{"caseid": 1, "fid": 1, "selfirst": 0, "selend": len(TALK), "status": 1}],
        "caseAttr": [{"variable": "town", "value": "Oslo", "caseID": 1, "status": 1}],
        "journal": [{"name": "first day", "journal": DIARY, "status": 1}],
        "annotation": [{"fid": 1, "position": 4, "annotation": "who?", "status": 1}],
    }
    make(folder / "kitchen.rqda", projects.RQDA, rows)


def requal(folder):
    def segment(code, quote):
        start, end = where(TALK, quote)
        row = {"project_id": 1, "user_id": 1, "doc_id": 1, "code_id": code}
        return row | {"segment_start": start + 1, "segment_end": end, "segment_text": quote}

    rows = {
        "projects": [{"project_name": "Kitchen", "project_description": WHY, "created_at": "2026-03-01 09:00:00"}],
        "users": [{"user_id": 1, "user_login": "ada", "user_name": "Ada Park", "user_mail": "ada@example.org"}],
        "documents": [
            {"project_id": 1, "doc_name": "Interview 1", "doc_description": "in the kitchen", "doc_text": TALK}
        ],
        "codes": [
            {"project_id": 1, "code_name": "Feedback", "code_description": DEFINITION, "code_color": "rgb(1,2,3)"},
            {"project_id": 1, "code_name": "Leaving", "code_color": "rgb(1,2,3)"},
        ],
        "categories": [{"project_id": 1, "category_name": "Recognition"}],
        "categories_codes_map": [{"project_id": 1, "category_id": 1, "code_id": 1}],
        "segments": [segment(1, FRIDAY), segment(1, BACK), segment(2, LEFT)],
        "memos": [{"project_id": 1, "text": "names the reason"}, {"project_id": 1, "text": DIARY}],
        "memos_segments_map": [{"memo_id": 1, "segment_id": 2}],
        "cases": [{"project_id": 1, "case_name": "Soup kitchen"}],
        "cases_documents_map": [{"project_id": 1, "case_id": 1, "doc_id": 1}],
        "logs": [
            {"project_id": 1, "action": "Add segment", "payload": json.dumps([{"segment_id": number}])}
            for number in (1, 2, 3)
        ],
        "user_permissions": [{"user_id": 1, "project_id": 1, "project_owner": 1}],
    }
    make(folder / "kitchen.requal", projects.REQUAL, rows)


def taguette(folder):
    """Taguette's own code makes the projects and the tables."""
    from taguette import database, export

    texts(folder)
    html = '<meta charset="utf-8">' + "".join(f"<p>{line}</p>" for line in TALK.splitlines() if line)
    tagged = {FRIDAY: ("power",), LEFT: ("money.own", "power"), "And the others?": ()}
    pages = [("Interview 1.html", html, tagged)]
    projects.taguette(folder / "taguette.sqlite3", pages, "Kitchen")
    (folder / "kitchen.sqlite3").write_bytes((folder / "taguette.sqlite3").read_bytes())
    address, _, _ = projects.taguette(folder / "taguette.sqlite3", pages, "Other")
    session = database.connect(address)()
    with (folder / "all_tags.csv").open("w", encoding="utf-8", newline="") as table:
        export.highlights_csv(session, 1, "", table)
    with (folder / "codebook.csv").open("w", encoding="utf-8", newline="") as table:
        export.codebook_csv(
            session.query(database.Tag).filter_by(project_id=1).order_by(database.Tag.path).all(), table
        )
    session.close()


# Tables, annotations, references --------------------------------------------------------------------------------


def spreadsheet(folder):
    """The tables are those that the page shows."""
    from openpyxl import Workbook

    texts(folder)
    for name, column in (("quotes", "Document"), ("survey", "Name"), ("codes", "Theme")):
        (table,) = re.findall(rf"^```\n({column},.*?)^```", PAGES["spreadsheet"], re.DOTALL | re.MULTILINE)
        (folder / f"{name}.csv").write_text(table, "utf-8")
    book = Workbook()
    for row in (
        ("Quelle", "Textstelle", "Kategorie", "Wer"),
        ("Interview 1", BACK, "Feedback", "Ada"),
        ("Interview 2", "we stopped asking", "Leaving", "Ada"),
    ):
        book.active.append(row)
    book.save(folder / "zitate.xlsx")


def hypothesis(folder):
    """What the sidebar exports of a page with a menu above the interview."""
    texts(folder)
    address, menu = "https://example.org/interviews/interview-1.html", "Home\nInterviews\n"

    def note(number, text, tags, quote="", **more):
        target = {"source": address}
        if quote:
            start, end = where(menu + TALK, quote, units)
            target["selector"] = [
                {"type": "RangeSelector", "startContainer": "/p[2]", "startOffset": 3},
                {"type": "TextPositionSelector", "start": start, "end": end},
                {"type": "TextQuoteSelector", "exact": quote, "prefix": "R: ", "suffix": ""},
            ]
        day = f"2026-03-04T10:1{number}:12.000+00:00"
        return {
            "id": f"a{number}", "created": day, "updated": day, "user": "acct:ada@hypothes.is", "uri": address,
            "user_info": {"display_name": "Ada Park"}, "text": text, "tags": tags, "group": "__world__",
            "permissions": {"read": ["group:__world__"]}, "target": [target], "links": {}, "hidden": False,
            "flagged": False, "document": {"title": ["Interview 1"]},
        } | more  # fmt: skip

    notes = [
        note(1, "names the reason", ["Feedback"], FRIDAY),
        note(2, "", ["Praise", "Leaving"], LEFT),
        note(3, DIARY, []),
        note(4, "I agree.", [], references=["a1"], user="acct:ben@hypothes.is", user_info={"display_name": "Ben"}),
    ]
    exported = {"export_date": "2026-03-05T10:00:00.000Z", "client_version": "1.1766.0", "annotations": notes}
    (folder / "interview-1.json").write_text(json.dumps(exported | {"export_userid": "acct:ada@hypothes.is"}), "utf-8")


def zotero(folder):
    at = "http://zotero.org/users/123456/items/"
    paper = {
        "id": f"{at}AB12CD34", "type": "article-journal", "title": "Why volunteers stay", "citation-key": "park2021why",
        "author": [{"family": "Park", "given": "Ada"}], "container-title": "Journal of Volunteering",
        "issued": {"date-parts": [[2021, 5]]}, "DOI": "10.1000/jv.2021.12",
    }  # fmt: skip
    book = {"id": f"{at}EF56GH78", "type": "book", "title": "共同创造", "author": [{"literal": "王小明"}]}
    broken = {"id": f"{at}XX00YY11", "type": "article-journal", "author": [{"family": "Nobody"}]}
    (folder / "library.json").write_text(json.dumps([paper, book, broken]), "utf-8")
    shown("kg init my-study", folder)


# The page on all of it ------------------------------------------------------------------------------------------


def exchange(folder):
    """Return what is done before the command that prints a line."""
    qualcoder(folder)
    spreadsheet(folder)
    shown("kg import quotes.csv --texts texts", folder)
    with zipfile.ZipFile(folder / "evil.qdpx", "w") as archive:
        archive.writestr("project.qde", "<Project name='x' xmlns='urn:QDA-XML:project:1.0'/>")
        archive.writestr("../../home/me/.profile", "rm")

    def change(name, old, new):
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")

    def newer():
        change("quotes.csv", "we stopped asking", "so we stopped asking")
        change("quotes/codings/interview-1.yaml", "memo: names the", "memo: names her")

    return {
        "different from the study as it was": newer,
        "import-conflict": lambda: change("quotes.csv", "names the reason", "a reason"),
    }


MAKERS = {
    "atlas-ti": atlas_ti, "exchange": exchange, "hypothesis": hypothesis, "maxqda": maxqda, "nvivo": nvivo,
    "qualcoder": qualcoder, "requal": requal, "rqda": rqda, "spreadsheet": spreadsheet, "taguette": taguette,
    "zotero": zotero,
}  # fmt: skip


def shown(command, folder):
    """Run a command in a folder and return what a terminal shows."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(SystemExit):
        patch.chdir(folder)
        patch.setattr(sys, "argv", shlex.split(command))
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            cli.main()
    return printed.getvalue()


def transcripts(page):
    """Return the commands of a page, each with what it prints."""
    for block in re.findall(r"^```console\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE):
        _, *parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
        yield from zip(parts[::2], parts[1::2], strict=True)


def numbered(text, digests):
    """Put the number of a digest in its place: each edit of the bundled study makes another."""
    return re.sub(r"\b[0-9a-f]{64}\b", lambda m: f"digest {digests.setdefault(m[0], len(digests))}", text)


def filled(page, printed):
    """Fill in the lines that a page leaves out, where what is printed has the others."""
    parts = re.split(r"^…\n", page, flags=re.MULTILINE)
    return printed if re.fullmatch("(?:.*\n)*?".join(map(re.escape, parts)), printed) else page


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_shows_what_is_printed_and_its_way_back_works(page, tmp_path):
    before = MAKERS[page](tmp_path) or {}
    ours, theirs = {}, {}
    for command, expected in transcripts(page):
        for mark, act in before.items():
            if mark in expected:
                act()
        printed = numbered(shown(command, tmp_path), ours)
        assert printed == filled(numbered(expected, theirs), printed), command
    back = re.findall(r"`kg\s+export\s+(\S+)\s+\S+?(\s+--study\s+\S+)?`", PAGES[page].partition("## Back")[2])
    assert back or page == "exchange"
    for number, (form, study) in enumerate(back):
        assert shown(f"kg export {form} back-{number} {study}", tmp_path).splitlines()[-1].startswith("wrote")


def test_the_codings_file_and_the_lines_of_python_that_the_page_shows_are_true(tmp_path, monkeypatch):
    qualcoder(tmp_path)
    shown("kg import kitchen.qda", tmp_path)
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGES["exchange"], re.DOTALL)
    written = yaml.safe_load(Path("kitchen/codings/interview2.yaml").read_text("utf-8"))
    assert yaml.safe_load(example)["excerpts"] == written["excerpts"]
    (python,) = re.findall(r"```python\n(.*?)```", PAGES["exchange"], re.DOTALL)
    names = {}
    exec(python, names)
    assert set(names["codings"]["quote"]) == {FRIDAY, BACK, LEFT}


def heading(line):
    """Return what a heading is called in a link."""
    return re.sub(r"[^\w\- ]", "", line.strip("# ").lower()).replace(" ", "-")


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_links_of_a_page_lead_somewhere(page):
    base = DOCS if page == "exchange" else DOCS / "coming-from"
    for file, part in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", PAGES[page]):
        target = base / file if file else base / f"{page}.md"
        assert target.is_file(), file
        if part:
            assert part in map(heading, re.findall(r"^#+ .*", target.read_text("utf-8"), re.MULTILINE)), part


def test_every_page_can_be_reached_from_the_page_on_exchange():
    assert {f"coming-from/{page}.md" for page in PAGES} - {"coming-from/exchange.md"} <= set(
        re.findall(r"\]\(([^)#]+)\)", PAGES["exchange"])
    )
