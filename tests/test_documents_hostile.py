"""Documents that were made to do harm, and damaged ones: a finding with the file, no crash, no long run.

What could take memory or time without a bound runs in a process of its own, with 1.5 GB and two minutes.
"""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
import zlib

import pytest
from documents import ODD, ODD_PARTS, check, docx, docx_members, odt, odt_members, p, tbl, tc, zipped

from kg.errors import StudyError
from kg.loaders.documents import read

LIMIT = 1_500_000_000
MUTATIONS = 600


def refused(path, *words, rule):
    """Check that a document is refused with one finding of a rule that names the file."""
    with pytest.raises(StudyError) as caught:
        read(path)
    (finding,) = caught.value.findings
    assert finding.rule == rule
    assert finding.file.startswith(path.name)
    for word in words:
        assert word in str(caught.value)


def bounded(path, code="read(Path(sys.argv[1]))"):
    """Read a document in a process with limits; return what it was refused with, or nothing."""
    script = (
        "import resource, sys\nfrom pathlib import Path\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT}))\nresource.setrlimit(resource.RLIMIT_CPU, (120, 120))\n"
        "from kg.errors import StudyError\nfrom kg.loaders.documents import read\n"
        f"try:\n    print(len({code}.text))\nexcept StudyError as e:\n    print(e.findings[0].rule)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout.strip()


# ---- Zip files


def test_a_part_that_unpacks_a_thousandfold_is_refused(tmp_path):
    members = docx_members(p("x")) | {"word/styles.xml": b" " * 60_000_000}
    refused(zipped(tmp_path / "a.docx", members), "a zip bomb", rule="unsafe-archive")


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    path = docx(tmp_path / "a.docx", p("x" * 10_000))
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("word/document.xml").file_size
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (size - 500).to_bytes(4, "little")))
    refused(path, "word/document.xml", rule="broken-archive")


@pytest.mark.slow
def test_a_part_of_more_bytes_or_elements_than_a_book_has_is_refused(tmp_path):
    noise = zlib.compress(random.Random(1).randbytes(200_000)).hex()
    big = f"<w:p><w:r><w:t>{noise}</w:t></w:r></w:p>" * 170
    refused(docx(tmp_path / "a.docx", big), "word/document.xml", "more than 67,108,864 bytes", rule="file-too-big")
    members = odt_members("<text:p/>" * 10)
    members["content.xml"] = "<a>" + "<b/>" * 2_100_000 + noise + "<b c=''/>" * 1_000_000 + "</a>"
    refused(
        zipped(tmp_path / "a.odt", members, ["mimetype"]), "content.xml", "elements and attributes", rule="file-too-big"
    )


def test_a_list_of_members_that_takes_much_memory_is_refused(tmp_path):
    path = docx(tmp_path / "a.docx", p("x"))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (50_000_000).to_bytes(4, "little")
    path.write_bytes(data)
    refused(path, "list of members", rule="unsafe-archive")


@pytest.mark.parametrize("name", ["../word/out.xml", "/etc/x", "word/\\..\\..\\x"])
def test_a_member_that_leads_out_is_refused(tmp_path, name):
    refused(zipped(tmp_path / "a.docx", docx_members(p("x")) | {name: ""}), "leads out", rule="unsafe-archive")


def test_a_part_that_another_part_leads_to_is_only_looked_up(tmp_path):
    members = docx_members(p("x"))
    members["_rels/.rels"] = members["_rels/.rels"].replace("word/document.xml", "../../../../etc/passwd")
    refused(zipped(tmp_path / "a.docx", members), "no text of a Word document", rule="broken-document")


@pytest.mark.slow
def test_parts_that_are_too_much_together_are_refused(tmp_path):
    noise = f"<x>{zlib.compress(random.Random(1).randbytes(100_000)).hex()}</x>"
    parts = dict.fromkeys(("numbering", "settings", "footnotes", "comments"), noise * 130)
    refused(docx(tmp_path / "a.docx", p("x"), **parts), "its parts unpack to more", rule="file-too-big")


# ---- XML

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)
)
OUT = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("start", [BOMB + "]>", OUT + "]>", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'])
@pytest.mark.parametrize("entity", ["&i;", ""])
def test_a_document_type_is_refused_whatever_it_would_expand_to(tmp_path, start, entity):
    for part in ("word/document.xml", "word/styles.xml"):
        members = docx_members(p(f"x{entity}" if part == "word/document.xml" else "x"))
        members[part] = start + members[part]
        refused(zipped(tmp_path / "a.docx", members), part, rule="broken-xml")
    members = odt_members(f"<text:p>x{entity}</text:p>")
    members["content.xml"] = start + members["content.xml"]
    refused(zipped(tmp_path / "a.odt", members, ["mimetype"]), "content.xml", rule="broken-xml")


@pytest.mark.parametrize("depth", [60, 240, 5000, 200_000])
def test_deep_nesting_is_read_or_refused(tmp_path, depth):
    rules = set()
    wrapped = ("<w:p>" + "<w:ins>" * depth + "<w:r><w:t>x</w:t></w:r>" + "</w:ins>" * depth + "</w:p>", docx)
    tables = ("<w:tbl><w:tr><w:tc>" * depth + p("x") + "</w:tc></w:tr></w:tbl>" * depth, docx)
    boxes = (
        "<w:p><w:r><w:pict><w:txbxContent>" * depth + p("x") + "</w:txbxContent></w:pict></w:r></w:p>" * depth,
        docx,
    )
    spans = ("<text:p>" + "<text:span>" * depth + "x" + "</text:span>" * depth + "</text:p>", odt)
    lists = (
        "<text:list><text:list-item>" * depth + "<text:p>x</text:p>" + "</text:list-item></text:list>" * depth,
        odt,
    )
    for number, (body, make) in enumerate([wrapped, tables, boxes, spans, lists]):
        path = make(tmp_path / f"{number}.{make.__name__}", body)
        try:
            assert check(read(path)).text.strip() == "x"
        except StudyError as e:
            rules |= {one.rule for one in e.findings}
    assert rules <= {"broken-xml", "file-too-big"}
    assert bool(rules) == (depth > 60) or depth == 60


# ---- A few bytes that stand for many


def test_a_note_a_box_and_a_comment_that_are_named_a_thousand_times_are_written_once(tmp_path):
    sign = '<w:r><w:footnoteReference w:id="2"/><w:commentReference w:id="0"/></w:r>'
    footnotes = f'<w:footnote w:id="2">{p("long " * 10_000)}</w:footnote>'
    document = check(
        read(
            docx(
                tmp_path / "a.docx",
                p("a", sign * 1000),
                footnotes=footnotes,
                comments=f'<w:comment w:id="0">{p("b")}</w:comment>',
            )
        )
    )
    assert document.text.count("long") == 10_000
    assert len(document.memos) == 1


def test_numbers_and_spaces_stay_short_whatever_the_file_asks_for(tmp_path):
    level = '<w:lvl w:ilvl="0"><w:start w:val="900000000"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    for form in ("lowerRoman", "upperLetter", "chineseCounting", "decimalEnclosedCircle", "ideographDigital"):
        numbering = f'<w:abstractNum w:abstractNumId="0">{level.format(form, "%1" * 5000)}</w:abstractNum>'
        numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        body = p("x", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
        assert len(read(docx(tmp_path / "a.docx", body, numbering=numbering)).text) < 150
    spaces = "<text:p>x<text:s text:c='999999999'/>y</text:p>"
    assert len(read(odt(tmp_path / "a.odt", spaces)).text) < 1100


@pytest.mark.slow
def test_what_merges_hides_or_looks_around_takes_time_by_its_length(tmp_path):
    """Paragraphs without ends become one; runs without properties, lists without paragraphs are looked into."""
    merged = p("ab", properties="<w:rPr><w:del/></w:rPr>") * 200_000
    assert bounded(docx(tmp_path / "merged.docx", merged)) == "400001"
    private = "<w:r>" + "<w:t>\ue001</w:t>" * 300_000 + "</w:r>"
    assert bounded(docx(tmp_path / "private.docx", p(private))) == "300001"
    lists = "<text:list><text:list-item>" * 100 + "<text:x/>" * 500_000 + "</text:list-item></text:list>" * 100
    assert bounded(odt(tmp_path / "lists.odt", lists + "<text:p>x</text:p>")) == "2"


def test_styles_that_rest_on_each_other_in_a_circle_are_read(tmp_path):
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 500}"/></w:style>'
        for n in range(500)
    )
    assert (
        read(docx(tmp_path / "a.docx", "".join(p("x", style=f"s{n}") for n in range(500)), styles=styles)).text
        == "x\n" * 500
    )
    styles = "".join(
        f'<style:style style:name="s{n}" style:family="paragraph" style:parent-style-name="s{(n + 1) % 500}"/>'
        for n in range(500)
    )
    body = "".join(f"<text:p text:style-name='s{n}'>x</text:p>" for n in range(500))
    assert read(odt(tmp_path / "a.odt", body, automatic=styles)).text == "x\n" * 500


def test_lists_that_are_named_by_styles_in_a_circle_are_read(tmp_path):
    link = '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = p("x", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
    assert read(docx(tmp_path / "a.docx", body, numbering=link, styles=styles)).text == "x\n"


@pytest.mark.slow
def test_big_documents_stay_within_memory_and_time(tmp_path):
    """Each of them is as long as is read, and made of what takes the most to read."""
    runs = "<w:r><w:fldChar w:fldCharType='begin'/></w:r>" * 300_000
    assert bounded(docx(tmp_path / "fields.docx", p(runs) + p("x"))) in ("empty-file", "file-too-big", "2")
    rows = tbl(*[[tc(p("a")), tc(p("b"))]] * 60_000)
    assert bounded(docx(tmp_path / "rows.docx", rows)).isdigit()
    comments = "".join(f'<w:comment w:id="{n}">{p("c")}</w:comment>' for n in range(60_000))
    marks = "".join(f'<w:r><w:commentReference w:id="{n}"/></w:r>' for n in range(60_000))
    assert bounded(docx(tmp_path / "comments.docx", p("x", marks), comments=comments)) == "2"
    assert bounded(odt(tmp_path / "paragraphs.odt", "<text:p>x</text:p>" * 500_000)).isdigit()
    html = tmp_path / "a.html"
    html.write_text("<table><tr><td>" * 80 + "<b>x" * 100_000, "utf-8")
    assert bounded(html)
    html.write_text("<p>x" * 400_000, "utf-8")
    assert bounded(html).isdigit()
    text = tmp_path / "a.txt"
    text.write_bytes("访谈。".encode("gb18030") * 10_000_000)
    assert bounded(text) == "wrong-encoding"


# ---- Damaged files


def mutations(data, seed, number):
    """Give copies of some bytes, each damaged in another way."""
    draw = random.Random(seed)
    for _ in range(number):
        damaged = bytearray(data)
        for _ in range(draw.choice((1, 1, 2, 5, 20))):
            at = draw.randrange(len(damaged))
            match draw.randrange(5):
                case 0:
                    damaged[at] = draw.randrange(256)
                case 1:
                    damaged[at] ^= 1 << draw.randrange(8)
                case 2:
                    del damaged[at : at + draw.randrange(1, 40)]
                case 3:
                    damaged[at:at] = damaged[draw.randrange(len(damaged)) :][: draw.randrange(1, 40)]
                case _:
                    damaged[at : at + 4] = draw.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"<<>>"))
            if not damaged:
                damaged = bytearray(b"x")
        yield bytes(damaged)


def survive(path, copies):
    """Read damaged copies; each is a document or a finding. Returns how many were read."""
    read_well = 0
    for data in copies:
        path.write_bytes(data)
        try:
            document = read(path)
        except StudyError as e:
            named = {one.file.startswith(path.name) for one in e.findings}
        else:
            named = {True}
            read_well += 1
            if document.loader.startswith(("docx", "odt", "html")):
                check(document)
        assert named == {True}
    return read_well


ODT_BODY = (
    "<text:h text:outline-level='1'>Head</text:h><text:p>One<text:s text:c='2'/>two<text:note><text:note-citation>1"
    "</text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body></text:note></text:p><text:list>"
    "<text:list-item><text:p>item</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell>"
    "<text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>"
    "</table:table><text:p>x<office:annotation><dc:creator>Bo</dc:creator><text:p>c</text:p></office:annotation></text:p>"
)
HTML = (
    '<!doctype html><html><head><meta charset="utf-8"><title>T</title></head><body><h1>Head</h1><p>One <b>two</b><br>x</p>'
    "<ol start=3><li>a<li>b</ol><table><tr><td>a<td>b</table><pre>\n x\n</pre><p hidden>no</p>访谈</body></html>"
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_damaged_archives_are_read_or_refused(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    whole = docx(path, ODD, **ODD_PARTS) if kind == "docx" else odt(path, ODT_BODY)
    assert survive(path, [whole.read_bytes()]) == 1
    survive(path, mutations(whole.read_bytes(), kind, MUTATIONS))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "part"), [("docx", "word/document.xml"), ("docx", "word/styles.xml"), ("docx", "word/numbering.xml"),
                       ("docx", "word/footnotes.xml"), ("odt", "content.xml"), ("odt", "styles.xml")]
)  # fmt: skip
def test_damaged_xml_is_read_or_refused(tmp_path, kind, part):
    members = docx_members(ODD, **ODD_PARTS) if kind == "docx" else odt_members(ODT_BODY)
    path = tmp_path / f"a.{kind}"

    def copies():
        for data in mutations(members[part].encode(), part, MUTATIONS):
            yield zipped(path, members | {part: data}, ["mimetype"]).read_bytes()

    survive(path, copies())


@pytest.mark.slow
def test_xml_with_elements_taken_out_doubled_or_moved_is_read_or_refused(tmp_path):
    """Bytes that are damaged are mostly no XML any more; these are, and mean something else."""
    from lxml import etree

    for kind, part, members in (
        ("docx", "word/document.xml", docx_members(ODD, **ODD_PARTS)),
        ("docx", "word/numbering.xml", docx_members(ODD, **ODD_PARTS)),
        ("odt", "content.xml", odt_members(ODT_BODY)),
    ):
        draw, path, read_well = random.Random(part), tmp_path / f"a.{kind}", 0
        for _ in range(MUTATIONS // 3):
            root = etree.fromstring(members[part])
            for _ in range(draw.randrange(1, 6)):
                one, other = draw.choice(list(root.iter())), draw.choice(list(root.iter()))
                match draw.randrange(4):
                    case 0 if one.getparent() is not None:
                        one.getparent().remove(one)
                    case 1:
                        one.append(etree.fromstring(etree.tostring(other, with_tail=False)))
                    case 2 if one.attrib:
                        one.set(draw.choice(sorted(one.attrib)), draw.choice(["", "-1", "99999999999", "x", "0"]))
                    case _:
                        one.tag = other.tag
            read_well += survive(
                path, [zipped(path, members | {part: etree.tostring(root)}, ["mimetype"]).read_bytes()]
            )
        assert read_well > 10


@pytest.mark.slow
def test_damaged_texts_and_pages_are_read_or_refused(tmp_path):
    assert survive(tmp_path / "a.html", mutations(HTML.encode(), "html", MUTATIONS)) > 10
    assert (
        survive(tmp_path / "a.md", mutations("# Head\n\n- [H01] 访谈 [@a, p. 3]\n\n> x\n".encode(), "md", MUTATIONS))
        > 10
    )
    assert survive(tmp_path / "a.txt", mutations("I: Why?\r\nP1: 因为。\r\n".encode("utf-16"), "txt", MUTATIONS)) > 10
