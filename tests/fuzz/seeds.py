"""Small valid files of every format that can be imported: where fuzzing begins."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING

import projects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "Prices are open.\r\nWe trust them, 因为透明。 Nobody 😀 asked twice.\n"


def _place(exact: str) -> tuple[int, int]:
    start = TEXT.index(exact)
    return start, start + len(exact)


def refi_qda(folder: Path) -> Path:
    """Make a project with everything that is read: users, cases, notes, links, sets, PDFs, transcripts."""
    start, end = _place("We trust them")
    coded = (
        f'<PlainTextSelection guid="S1" name="We trust them" startPosition="{start}" endPosition="{end}" '
        'creatingUser="U1" creationDateTime="2024-03-01T10:00:00Z"><Description>odd</Description>'
        '<Coding guid="K1" creatingUser="U1"><CodeRef targetGUID="C1"/><NoteRef targetGUID="N1"/></Coding>'
        "</PlainTextSelection>"
    )
    heard = (
        f'<SyncPoint guid="a" timeStamp="0" position="{start}"/><SyncPoint guid="b" timeStamp="9" position="{end}"/>'
        '<TranscriptSelection guid="X" fromSyncPoint="a" toSyncPoint="b">'
        '<Coding guid="K2"><CodeRef targetGUID="C2"/></Coding></TranscriptSelection>'
    )
    xml = f"""<?xml version="1.0" encoding="utf-8"?>
<Project name="Study" origin="Some 1" creationDateTime="2024-03-01T10:00:00Z" xmlns="urn:QDA-XML:project:1.0">
<Users><User guid="U1" name="Ada"/><User guid="U2" id="bo"/></Users>
<CodeBook><Codes><Code guid="C1" name="Trust" color="#ff0000"><Description>all</Description><NoteRef targetGUID="N2"/>
<Code guid="C2" name="Doubt"/></Code></Codes></CodeBook>
<Variables><Variable guid="V" name="age"/></Variables>
<Cases><Case guid="A" name="Firm"><SourceRef targetGUID="T1"/><VariableValue/></Case></Cases>
<Sources><TextSource guid="T1" name="Interview" plainTextPath="internal://T1.txt">{coded}</TextSource>
<TextSource guid="T2" name="Memo"><PlainTextContent>One line.</PlainTextContent></TextSource>
<PDFSource guid="P" name="Paper.pdf" path="internal://P.pdf"><PDFSelection guid="Q"/>
<Representation guid="R" plainTextPath="T1.txt">{coded}</Representation></PDFSource>
<AudioSource guid="M" name="Talk.mp3"><Transcript guid="W" plainTextPath="internal://T1.txt">{heard}</Transcript>
</AudioSource><PictureSource guid="I" name="Shop.png"/></Sources>
<Notes><Note guid="N1" name="m" creatingUser="U1"><PlainTextContent>hm</PlainTextContent></Note>
<Note guid="N2" name="Diary" plainTextPath="internal://N2.txt"/></Notes>
<Links><Link guid="L" name="l" originGUID="N1" targetGUID="N2"/></Links>
<Sets><Set guid="Z" name="axial"><MemberCode targetGUID="C1"/></Set></Sets><Graphs><Graph guid="G"/></Graphs>
</Project>"""
    path = folder / "seed.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("sources/T1.txt", TEXT.encode())
        archive.writestr("sources/N2.txt", "Day one.")
    return path


def refi_qda_own(folder: Path) -> Path:
    """Make what this tool exports: a project with our records in a note."""
    import kg
    from kg import exports, paths

    shutil.copytree(paths.shipped("seeds") / "template", folder / "template")
    made = exports.export(kg.open(folder / "template"), "refi-qda", folder / "out")
    return (folder / "out" / made.files[0]).replace(folder / "own.qdpx")


def refi_codebook(folder: Path) -> Path:
    """Make a codebook with a set."""
    path = folder / "seed.qdc"
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Some 1"><Codes>'
        '<Code guid="{C1}" name="Trust" color="#ff0000"><Description>all</Description><Code guid="C2" name="Doubt"/>'
        '</Code></Codes><Sets><Set guid="Z" name="axial"><MemberCode targetGUID="C1"/></Set></Sets></CodeBook>',
        "utf-8",
    )
    return path


def qualcoder(folder: Path) -> Path:
    """Make a QualCoder project and return its database, which can be imported by itself."""
    return (projects.qualcoder(folder / "pilot.qda") / "data.qda").replace(folder / "seed.qda")


def rqda(folder: Path) -> Path:
    """Make an RQDA project."""
    return projects.rqda(folder / "seed.rqda")


def requal(folder: Path) -> Path:
    """Make a requal project."""
    return projects.requal(folder / "seed.requal")


def taguette(folder: Path) -> Path:
    """Make a Taguette database."""
    projects.taguette(folder / "seed.sqlite3")
    return folder / "seed.sqlite3"


ROWS = (
    ("Document", "Quote", "Code", "Coder", "Date", "Memo", "Start", "End", "Case", "Colour"),
    ("A.docx", "We trust them", "Trust; Doubt > Late", "Ann", "2024-03-01", "odd", "4", "17", "Firm", "red"),
    ("A.docx", "We trust them", "Trust", "Bo", "2024/3/2", "", "4", "17", "", ""),
    ("", "因为透明", "信任", "", "3/2/24", "=1+1", "", "", "Firm", ""),
)


def csv(folder: Path) -> Path:
    """Make a table of quotes as CSV."""
    path = folder / "seed.csv"
    path.write_text("\r\n".join(",".join(row) for row in ROWS) + "\r\n", "utf-8", newline="")
    return path


def tsv(folder: Path) -> Path:
    """Make a table of quotes as TSV."""
    path = folder / "seed.tsv"
    path.write_text("\n".join("\t".join(row) for row in ROWS) + "\n", "utf-8", newline="")
    return path


def xlsx(folder: Path) -> Path:
    """Make a table of quotes as a workbook with a formula."""
    from openpyxl import Workbook

    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.create_sheet("more").append(["nothing"])
    book.save(folder / "seed.xlsx")
    return folder / "seed.xlsx"


def codebook(folder: Path) -> Path:
    """Make a codebook as Taguette exports it."""
    path = folder / "codes.csv"
    path.write_text('tag,description\ntrust,"all, or most"\ntrust.late,\n', "utf-8")
    return path


def web_annotation(folder: Path) -> Path:
    """Make annotations of the W3C's model, as a page of a collection."""
    target = {
        "source": {"id": "https://example.org/page.html", "title": "A page"},
        "selector": [
            {"type": "TextQuoteSelector", "exact": "We trust them", "prefix": "open. ", "suffix": ","},
            {"type": "TextPositionSelector", "start": 17, "end": 30},
            {"type": "RangeSelector", "refinedBy": {"type": "TextQuoteSelector", "exact": "trust"}},
        ],
    }
    note = {
        "@context": "http://www.w3.org/ns/anno.jsonld", "id": "https://example.org/1", "type": "Annotation",
        "motivation": "tagging", "created": "2024-03-01T10:00:00Z", "target": target,
        "creator": {"id": "https://example.org/ann", "name": "Ann"},
        "body": [
            {"type": "TextualBody", "value": "trust", "purpose": "tagging"},
            {"type": "TextualBody", "value": "odd", "purpose": "commenting"},
            {"type": "Choice", "items": ["https://example.org/code"]},
        ],
    }  # fmt: skip
    graph = [{"id": "https://example.org/code", "prefLabel": {"en": "Doubt"}}]
    path = folder / "seed.jsonld"
    path.write_text(json.dumps({"type": "AnnotationPage", "items": [note], "total": 1, "@graph": graph}), "utf-8")
    return path


def hypothesis(folder: Path) -> Path:
    """Make annotations as Hypothesis exports them."""
    selector = [
        {"type": "TextPositionSelector", "start": 17, "end": 30},
        {"type": "TextQuoteSelector", "exact": "We trust them", "prefix": "open. "},
    ]
    row = {
        "id": "a1b2", "created": "2024-03-01T10:00:00.000000+00:00", "user": "acct:ann@hypothes.is",
        "uri": "https://example.org/page.html", "text": "a point", "tags": ["trust", "信任"],
        "target": [{"source": "https://example.org/page.html", "selector": selector}],
        "document": {"title": ["A page"]}, "user_info": {"display_name": "Ann"},
    }  # fmt: skip
    reply = {"id": "c3", "uri": row["uri"], "text": "indeed", "references": ["a1b2"], "user": "acct:bo@hypothes.is"}
    path = folder / "seed.json"
    path.write_text(json.dumps({"total": 2, "rows": [row, reply]}), "utf-8")
    return path


def csl(folder: Path) -> Path:
    """Make references as CSL-JSON."""
    items = [
        {
            "id": "http://zotero.org/users/1/items/AB", "citation-key": "wang2014", "type": "article-journal",
            "title": "Why users stay", "author": [{"family": "Wang", "given": "Wei"}, {"literal": "A Firm"}],
            "issued": {"date-parts": [[2014, 5, 3]]}, "container-title": "Journal", "volume": 3, "page": "5-14",
            "custom": {"marks": ["company"]}, "extra": 1,
        },
        {"id": "li2020", "type": "book", "title": "信任", "issued": {"literal": "in press"}},
    ]  # fmt: skip
    path = folder / "refs.json"
    path.write_text(json.dumps(items, ensure_ascii=False), "utf-8")
    return path


def bibtex(folder: Path) -> Path:
    """Make references as BibTeX."""
    path = folder / "seed.bib"
    path.write_text(
        """@string{ju = "Journal of {Users}"}
@article{wang2014, title = {Why {U}sers \\emph{stay}}, author = {Prahalad, C. K. and 王伟 and {A Firm} and others},
  journal = ju, year = 2014, month = may, day = 3, volume = 3, pages = {5--14}, url = {https://example.org/a%20b\\&c}}
@inproceedings{li, crossref = {conf}, title = "caf\\'e", urldate = {2020-05-04}}
@proceedings{conf, title = {A Conference}, date = {2014-05/2015}}
""",
        "utf-8",
    )
    return path


def ris(folder: Path) -> Path:
    """Make references as RIS."""
    path = folder / "seed.ris"
    path.write_text(
        "TY  - JOUR\nID  - wang2014\nAU  - Wang, Wei\nAU  - A Firm\nED  - Li, B.\nTI  - Why users\nstay\nPY  - 2014/05/03/\n"
        "SP  - 5\nEP  - 14\nUR  - https://example.org/a;b\nKW  - trust\nSN  - 1234-5678\nZZ  - odd\nER  - \n\n"
        "TY  - BOOK\nT1  - 信任\nY1  - 2020\nER  - \n",
        "utf-8",
    )
    return path


SEEDS: dict[str, Callable[[Path], Path]] = {
    "refi-qda": refi_qda,
    "refi-qda-own": refi_qda_own,
    "refi-codebook": refi_codebook,
    "qualcoder": qualcoder,
    "rqda": rqda,
    "requal": requal,
    "taguette": taguette,
    "codebook": codebook,
    "csv": csv,
    "tsv": tsv,
    "xlsx": xlsx,
    "web-annotation": web_annotation,
    "hypothesis": hypothesis,
    "csl": csl,
    "bibtex": bibtex,
    "ris": ris,
}
"""What makes a small valid file of a format, by a name for it."""
