"""Texts, Markdown and HTML as documents: encodings, places, and what is refused with the way out."""

from __future__ import annotations

import os

import pytest
from documents import around, check, docx, docx_members, odt_members, p, zipped
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import StudyError
from kg.loaders.documents import LOADERS, content, read
from kg.loaders.encoding import decode


def take(path, data, **more):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return check(read(path, **more))


def refused(path, *words, **more):
    """Check that a file is refused with one finding in some words, and return that."""
    with pytest.raises(StudyError) as caught:
        read(path, **more)
    (finding,) = caught.value.findings
    assert finding.mend or finding.rule in ("file-too-big", "unsafe-archive")
    for word in words:
        assert word in str(caught.value)
    return finding


# ---- Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_utf_8_and_what_has_a_byte_order_mark_are_read(encoding):
    assert decode("访谈者：您\r\n为什么？\rYes\n".encode(encoding), "a.txt").text == "访谈者：您\n为什么？\nYes\n"


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("中文访谈", "gb18030", "gb18030"),  # eight bytes, which detectors take for Korean
        ("訪談：您為什麼信任？", "big5", "big5"),
        ("Entrevista: ¿por qué", "latin-1", "cp1252"),
        ("Plain\nInterview – “why”", "cp1252", "cp1252"),
        ("Ça va, déjà", "cp1252", "cp1252"),
        ("访谈者：您为什么", "utf-16-le", "utf-16-le"),
        ("Hello there", "utf-16-be", "utf-16-be"),
    ],
)
def test_another_encoding_is_refused_and_shown_under_the_likeliest_ones(tmp_path, text, encoding, named):
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    finding = refused(path, f"--encoding {named} reads '{text.splitlines()[-1]}'")
    assert finding.rule == "wrong-encoding"
    assert finding.mend.index(f"--encoding {named}") == finding.mend.index("--encoding")
    assert read(path, encoding=named).text == text


def test_the_line_of_the_first_wrong_byte_is_named(tmp_path):
    (tmp_path / "a.txt").write_bytes("one\ntwo\n访谈".encode("gbk"))
    assert refused(tmp_path / "a.txt", "byte 0xb7 is not UTF-8").line == 3


def test_what_no_common_encoding_explains_is_asked_for(tmp_path):
    (tmp_path / "a.txt").write_bytes("Почему вы доверяете".encode("cp1251"))
    refused(tmp_path / "a.txt", "save it as UTF-8, or name its encoding: --encoding NAME")


@pytest.mark.parametrize("name", ["klingon", "hex", "base64", "idna", "punycode", "undefined", "a\0b", "x" * 999])
def test_what_is_no_encoding_of_texts_is_refused(tmp_path, name):
    (tmp_path / "a.txt").write_bytes(b"one")
    assert refused(tmp_path / "a.txt", "there is no encoding", encoding=name).rule == "wrong-encoding"


def test_a_wrong_word_about_the_encoding_is_refused_or_warned_of(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("访谈".encode("gbk"))
    refused(path, "is not UTF-8", encoding="utf-8")
    path.write_bytes("über".encode())
    (remark,) = take(path, "über".encode(), encoding="latin-1").remarks
    assert (remark.rule, remark.severity) == ("wrong-encoding", "warning")
    assert remark.message == "it is read as cp1252: 'Ã¼ber'; as UTF-8 it would read 'über'"
    path.write_bytes("über".encode("utf-16"))
    refused(path, "it begins with the byte order mark of UTF-16", encoding="gb18030")


def test_a_nul_byte_and_an_empty_file_are_refused(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"one\ntwo\0\n")
    assert refused(tmp_path / "a.txt", "NUL").line == 2
    for held in (b"", b" \n\t", b"\xef\xbb\xbf"):
        (tmp_path / "a.txt").write_bytes(held)
        assert refused(tmp_path / "a.txt", "the file is empty").rule == "empty-file"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff"), min_size=1))
def test_what_is_utf_8_is_read_as_it_is(text):
    if text.strip():
        assert decode(text.encode(), "a.txt").text == text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        with pytest.raises(StudyError, match="empty"):
            decode(text.encode(), "a.txt")


@given(st.binary(max_size=200), st.sampled_from(["", "gb18030", "big5", "cp1252", "utf-16", "shift_jis", "nonsense"]))
def test_any_bytes_are_a_text_or_a_finding(data, encoding):
    rules = set()
    try:
        assert "\r" not in decode(data, "a.txt", encoding or None).text
    except StudyError as e:
        rules = {one.rule for one in e.findings}
    assert rules <= {"wrong-encoding", "nul-byte", "empty-file"}


# ---- Plain text and Markdown


def test_the_paragraphs_of_a_text_are_its_lines_that_are_not_blank(tmp_path):
    document = take(tmp_path / "a.txt", "\ufeffI: Why?\r\n\r\n  P1: Because.  \r\n")
    assert document.text == "I: Why?\n\n  P1: Because.  \n"
    assert [(place[:2], place.label, document.text[place.start : place.end]) for place in document.places] == [
        (("paragraph", 0), "1", "I: Why?"),
        (("paragraph", 11), "2", "P1: Because."),
    ]


def test_markdown_has_headings_and_paragraphs(tmp_path):
    text = "---\ntitle: x\n---\n# Of *trust* #\n\n[H01] One. [@a2001]\nmore\n\nSub\n---\n\n- item\n- other\n\n```\ncode\n```\n"
    document = take(tmp_path / "a.md", text.replace("---\ntitle: x\n---\n", ""))
    assert [
        (place.kind, place.label, place.level, document.text[place.start : place.end]) for place in document.places
    ] == [
        ("heading", "Of *trust*", 1, "# Of *trust* #"),
        ("paragraph", "1", 0, "[H01] One. [@a2001]\nmore"),
        ("heading", "Sub", 2, "Sub\n---"),
        ("paragraph", "2", 0, "- item"),
        ("paragraph", "3", 0, "- other"),
        ("paragraph", "4", 0, "```\ncode\n```"),
    ]
    (tmp_path / "a.md").write_text(text, "utf-8")
    assert read(tmp_path / "a.md").places[0].start == len("---\ntitle: x\n---\n")


# ---- HTML


def page(folder, body, head="", **more):
    return take(folder / "a.html", f"<!doctype html><html><head>{head}</head><body>{body}</body></html>", **more)


def test_a_page_is_read_by_its_blocks_without_scripts_and_styles(tmp_path):
    body = "<script>x()</script><style>p{}</style><h1>Of <b>trust</b></h1><p>A\n  b<br> c</p><div>A</div><div>B</div>C<noscript>no</noscript>"
    document = page(tmp_path, body, "<title>T</title>")
    assert document.text == "Of trust\n\nA b\nc\n\nA\nB\nC\n"
    assert [(place.kind, place.label, place.level) for place in document.places] == [
        ("heading", "Of trust", 1), ("paragraph", "1", 0), ("paragraph", "2", 0), ("paragraph", "3", 0), ("paragraph", "4", 0),
    ]  # fmt: skip


def test_lists_are_numbered_and_pre_keeps_its_lines(tmp_path):
    body = "<ol start=3 type=a><li>one<li><p>two</p><ul><li>in</ul><li value=9>nine</ol><pre>\n a\n   b\n</pre>"
    assert page(tmp_path, body).text == "c. one\nd. two\n• in\ni. nine\n\n a\n   b\n"


def test_rows_are_lines_and_tables_that_only_lay_out_a_page_are_none(tmp_path):
    rows = "<table><caption>Tab. 1</caption><thead><tr><th>A<th>B</thead><tr><td>1 <td><p>two</p></table>"
    assert page(tmp_path, rows).text == "Tab. 1\nA\tB\n1\ttwo\n"
    layout = "<table><tr><td><ul><li>menu</ul><td><h2>Head</h2><p>One.<p>Two.<table><tr><td>x<td>y</table></table>"
    assert page(tmp_path, layout).text == "• menu\n\nHead\n\nOne.\n\nTwo.\n\nx\ty\n"


def test_hidden_elements_are_left_out_and_counted(tmp_path):
    body = "<p>seen<span hidden>ONE</span><span style='display: none'>TWO</span></p><img><p hidden>THREE<script>x</script></p>"
    document = page(tmp_path, body)
    assert document.text == "seen\n"
    assert [one.message for one in document.remarks] == [
        "characters of hidden text are left out, beginning 'ONETWOTHREE': 11",
        "pictures, charts and the like are left out: 1",
    ]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [('<meta charset="gb2312">', "gbk"), ('<meta http-equiv="Content-Type" content="text/html; charset=Big5">', "big5"),
     ("<META CHARSET=iso-8859-1>", "cp1252"), ('<meta charset="utf-16">', "utf-8")],
)  # fmt: skip
def test_what_a_page_says_of_its_encoding_is_believed(tmp_path, declared, encoding):
    words = {"gbk": "访谈", "big5": "訪談", "cp1252": "“déjà”", "utf-8": "访谈"}[encoding]
    document = take(tmp_path / "a.html", f"<html><head>{declared}</head><p>{words}".encode(encoding))
    assert (document.text, document.remarks) == (f"{words}\n", ())


def test_a_person_and_a_byte_order_mark_come_before_what_a_page_says(tmp_path):
    html = '<meta charset="big5"><p>访谈'
    assert take(tmp_path / "a.html", html.encode("gbk"), encoding="gb18030").text == "访谈\n"
    assert take(tmp_path / "a.html", html.encode("utf-8-sig")).text == "访谈\n"
    assert take(tmp_path / "a.html", '<meta charset="klingon"><p>访谈').text == "访谈\n"


def test_a_page_that_says_nothing_and_is_not_utf_8_is_asked_about(tmp_path):
    (tmp_path / "a.html").write_bytes("<p>访谈".encode("gbk"))
    refused(tmp_path / "a.html", "--encoding gb18030 reads '<p>访谈'")


def test_a_page_that_says_another_encoding_and_is_utf_8_is_warned_of(tmp_path):
    (remark,) = take(tmp_path / "a.html", '<meta charset="latin1"><p>déjà').remarks
    assert remark.mend == "if the second is right, use --encoding utf-8"


def test_five_thousand_elements_in_each_other_are_refused(tmp_path):
    (tmp_path / "a.html").write_text("<div>" * 5000 + "x", "utf-8")
    assert refused(tmp_path / "a.html", "inside each other").rule == "file-too-big"


_TEXTS = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>&\xad"), max_size=10)
_TAGS = st.sampled_from("p div span b h1 h3 ul ol li table tr td th br pre blockquote script section".split())
_TREES = st.recursive(_TEXTS, lambda inner: st.tuples(_TAGS, st.lists(inner, max_size=4)), max_leaves=20)


def _html(tree):
    return tree if isinstance(tree, str) else f"<{tree[0]}>{''.join(map(_html, tree[1]))}</{tree[0]}>"


@given(st.lists(_TREES, max_size=6))
def test_every_position_of_a_drawn_page_has_a_place(tmp_path_factory, trees):
    document = page(tmp_path_factory.mktemp("drawn"), "".join(map(_html, trees)) + "<p>end")
    for place in document.places:
        assert around(document, place.start, place.kind) == around(document, place.end - 1, place.kind) == [place]


# ---- What is refused, with the way out

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("name", "held", "words"),
    [
        ("a.rtf", b"{\\rtf1\\ansi one}", "an RTF file, which is not read"),
        ("a.doc", b"{\\rtf1\\ansi one}", "an RTF file, which is not read"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "save it as DOCX"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "an old Word file"),
        ("a.xls", OLE, "an old Office file"),
        ("a.wpd", b"\xffWPC\x10\0\0\0", "a WordPerfect file"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "ocrmypdf"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "a picture, which is not read"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0", "a picture"),
        ("a.m4a", b"\0\0\0\x18ftypM4A \0\0", "a recording"),
        ("a.mp3", b"ID3\x04\0\0", "add its transcript"),
        ("a.djvu", b"AT&TFORM\0\0\0\1DJVU", "ddjvu"),
        (
            "a.fodt",
            b'<?xml version="1.0"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:x">',
            "save it as ODT",
        ),
        ("a.rtf", b"only words", "an RTF file"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "unpack it"),
        ("a.xyz", b"words", "no loader reads '.xyz' files"),
        ("words", b"words", "it has no suffix"),
    ],
)
def test_other_formats_are_refused_with_the_way_out(tmp_path, name, held, words):
    (tmp_path / name).write_bytes(held)
    assert refused(tmp_path / name, words).rule == "unknown-format"


@pytest.mark.parametrize(
    ("name", "members", "stored", "words"),
    [
        ("a.epub", {"mimetype": "application/epub+zip"}, ["mimetype"], "ebook-convert"),
        ("a.docx", {"mimetype": "application/epub+zip"}, ["mimetype"], "an EPUB book"),
        ("a.xlsx", {"[Content_Types].xml": "", "xl/workbook.xml": ""}, [], "kg import"),
        ("a.docx", {"[Content_Types].xml": "", "ppt/presentation.xml": ""}, [], "a presentation"),
        ("a.pages", {"Index/Document.iwa": ""}, [], "Export To"),
        ("a.zip", {"a.txt": ""}, [], "unpack it"),
        ("a.txt", {"a.txt": ""}, [], "a zip file"),
    ],
)
def test_other_zipped_formats_are_refused_with_the_way_out(tmp_path, name, members, stored, words):
    assert refused(zipped(tmp_path / name, members, stored), words).rule == "unknown-format"


def test_a_locked_office_file_is_refused(tmp_path):
    (tmp_path / "a.docx").write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    assert refused(tmp_path / "a.docx", "save it without one").rule == "locked-document"


@pytest.mark.parametrize(
    ("name", "made", "right"),
    [("a.odt", "docx", "a.docx"), ("a.txt", "docx", "a.docx"), ("a.docx", "odt", "a.odt"), ("a.docx", "pdf", "a.pdf"),
     ("a.txt", "pdf", "a.pdf"), ("a.pdf", "html", "a.html"), ("a.docx", "html", "a.html"), ("a.odt", "text", "a.txt")],
)  # fmt: skip
def test_a_file_of_another_format_than_its_name_says_is_refused(tmp_path, name, made, right):
    path = tmp_path / name
    if made == "docx":
        docx(path, p("One."))
    elif made == "odt":
        zipped(path, odt_members("<text:p>One.</text:p>"), ["mimetype"])
    else:
        path.write_bytes(
            {"pdf": b"%PDF-1.7\n%\xe2\xe3", "html": b"<!DOCTYPE html><p>One", "text": b"Only words."}[made]
        )
    finding = refused(path)
    assert (finding.rule, finding.mend) == ("wrong-suffix", f"rename it to {right}")


def test_a_text_about_formats_is_a_text(tmp_path):
    for number, words in enumerate(
        ["BM: Why?", "ID3: Because.", "see %PDF-1.7 there", "RIFF and more", "the ftyp", "II*"]
    ):
        assert take(tmp_path / f"{number}.txt", words).text == words


def test_what_is_no_file_is_refused(tmp_path):
    assert refused(tmp_path / "none.txt", "there is no such file").rule == "missing-file"
    (tmp_path / "folder.pages").mkdir()
    refused(tmp_path / "folder.pages", "an Apple Pages file")
    refused(tmp_path, "it is a folder")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX files")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert refused(tmp_path / "a.txt", "no file").rule == "unreadable-file"


def test_every_suffix_that_is_read_is_checked_by_its_content():
    assert set(LOADERS) == set(content.KINDS)
    assert not set(LOADERS) & set(content.SUFFIXES)
    assert set(content.SUFFIXES.values()) <= set(content.REFUSED)


def test_a_document_of_word_without_its_text_is_refused(tmp_path):
    members = docx_members(p("One."))
    del members["word/document.xml"]
    assert refused(zipped(tmp_path / "a.docx", members), "no text of a Word document").rule == "broken-document"
    (tmp_path / "b.docx").write_bytes(b"\x01\x02\x03\x04" * 100)
    assert refused(tmp_path / "b.docx", "save it again").rule == "broken-document"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_one_byte_order_mark_is_taken_away_and_not_a_second_one_that_is_text(encoding):
    from kg.loaders.encoding import verbatim

    assert verbatim("\ufeffone\r\n".encode(encoding), "a.txt").text == "\ufeffone\r\n"
