"""Word documents: the text as a reader sees it, with notes, numbers, boxes and comments."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from documents import ODD, ODD_PARTS, STRICT, around, check, docx, docx_members, in_list, p, r, said, tbl, tc, zipped
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import StudyError
from kg.loaders.documents import read


def take(folder, *body, **parts):
    """Read a document of some paragraphs, and check what holds for all."""
    return check(read(docx(folder / "made.docx", "".join(body), **parts)))


def lines(folder, *body, **parts):
    return take(folder, *body, **parts).text.splitlines()


# ---- Changes


def test_what_was_inserted_or_moved_here_is_read_and_what_was_deleted_or_moved_away_is_not(tmp_path):
    document = take(
        tmp_path,
        p(
            "The firm ",
            f"<w:del>{r('NEVER').replace('w:t', 'w:delText')}</w:del>",
            f"<w:ins>{r('always')}</w:ins>",
            " shares.",
        ),
        p(f"<w:moveFrom>{r('GONE')}</w:moveFrom>", f"<w:moveTo>{r('Come')}</w:moveTo>"),
    )
    assert document.text == "The firm always shares.\nCome\n"
    assert said(document, "note") == ["tracked changes are read as if all were accepted: 3"]


def test_an_insertion_that_was_deleted_again_is_not_read(tmp_path):
    assert lines(tmp_path, p("a", f"<w:ins><w:del>{r('NEVER')}</w:del></w:ins>", "b")) == ["ab"]


def test_a_paragraph_whose_end_is_deleted_goes_on_with_the_next(tmp_path):
    gone = "<w:rPr><w:del/></w:rPr>"
    assert lines(tmp_path, p("We trust ", properties=gone), p("them."), p("Why?")) == ["We trust them.", "Why?"]
    assert lines(tmp_path, p(f"<w:del>{r('all')}</w:del>", properties=gone), p("One.")) == ["One."]
    assert lines(tmp_path, p("Last.", properties=gone)) == ["Last."]
    assert lines(tmp_path, p("Before ", properties=gone), tbl([tc(p("1")), tc(p("2"))])) == [
        "Before", "", "1\t2",
    ]  # fmt: skip


def test_a_deleted_row_and_a_deleted_cell_are_not_read(tmp_path):
    rows = f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{tc(p('GONE'))}{tc(p('GONE'))}</w:tr>"
    rows += f"<w:tr>{tc(p('a'))}{tc(p('GONE'), properties='<w:cellDel/>')}{tc(p('b'))}</w:tr></w:tbl>"
    assert lines(tmp_path, rows) == ["a\tb"]


# ---- Words and signs


def test_tabs_line_breaks_hyphens_and_symbols(tmp_path):
    inside = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t></w:r>"
    sign = '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    assert lines(tmp_path, p(inside, "co\xadoperate", sign)) == ["a\tb", "c‑decooperateα✓"]


def test_a_line_break_parts_lines_of_one_paragraph(tmp_path):
    document = take(tmp_path, p("Ann Lee", "<w:r><w:br/></w:r>", "Hello."), p("Next"))
    assert [(place.label, document.text[place.start : place.end]) for place in document.places] == [
        ("1", "Ann Lee\nHello."),
        ("2", "Next"),
    ]


def test_an_unknown_sign_of_a_symbol_font_stands_as_such_and_is_counted(tmp_path):
    document = take(tmp_path, p("a", '<w:r><w:sym w:font="Odd" w:char="F0E1"/></w:r>', "\ue001"))
    assert document.text == "a\ufffd\ufffd\n"
    assert said(document, "warning") == ["characters of symbol fonts are not known and stand as \ufffd: 2"]


def test_white_space_counts_where_word_keeps_it(tmp_path):
    assert lines(
        tmp_path, p("<w:r><w:t> one </w:t></w:r>", "<w:r><w:t xml:space='preserve'> two\n</w:t></w:r>", "three")
    ) == ["one two three"]


def test_hidden_text_is_left_out_and_counted(tmp_path):
    styles = (
        '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Dark"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Darker"><w:basedOn w:val="Dark"/></w:style>'
    )
    document = take(
        tmp_path,
        p("seen", r("HIDDEN", "<w:vanish/>"), r("shown", '<w:vanish w:val="0"/>')),
        p(r("STYLED", '<w:rStyle w:val="Secret"/>'), "x"),
        p(
            "ALL",
            r(" but", '<w:vanish w:val="false"/>'),
            r(" both toggle", '<w:rStyle w:val="Secret"/>'),
            style="Darker",
        ),
        styles=styles,
    )
    assert document.text == "seenshown\nx\n but both toggle\n"
    assert said(document, "warning") == ["characters of hidden text are left out, beginning 'HIDDENSTYLEDALL': 15"]


def test_the_code_of_a_field_is_not_read_and_its_result_is(tmp_path):
    def field(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    inner = field("begin") + "<w:r><w:instrText>PAGE</w:instrText></w:r>" + field("separate") + r("7") + field("end")
    whole = field("begin") + r("IF ") + inner + field("separate") + r("result") + field("end")
    document = take(
        tmp_path, p("see ", whole, "."), p('<w:fldSimple w:instr="DATE"><w:r><w:t>1 May</w:t></w:r></w:fldSimple>')
    )
    assert document.text == "see result.\n1 May\n"
    assert said(document, "warning") == ["characters in the codes of fields are left out: 4"]


def test_a_box_to_tick_is_shown(tmp_path):
    box = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>{}</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert lines(tmp_path, p(box.format("<w:checked/>"), " yes ", box.format('<w:default w:val="0"/>'), " no")) == [
        "☒ yes ☐ no"
    ]


def test_content_controls_links_and_smart_tags_are_entered(tmp_path):
    block = f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{p('block')}</w:sdtContent></w:sdt>"
    inline = f"<w:sdt><w:sdtContent>{r('inline')}</w:sdtContent></w:sdt><w:hyperlink>{r(' link')}</w:hyperlink>"
    row = f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent>{tc(p('a'))}</w:sdtContent></w:sdt>{tc(p('b'))}</w:tr></w:sdtContent></w:sdt></w:tbl>"
    assert lines(tmp_path, block, p(inline, f"<w:smartTag>{r(' tag')}</w:smartTag>"), row) == [
        "block",
        "inline link tag",
        "",
        "a\tb",
    ]


def test_characters_are_read_without_the_readings_above_them(tmp_path):
    ruby = f"<w:r><w:ruby><w:rt>{r('xin')}</w:rt><w:rubyBase>{r('信')}</w:rubyBase></w:ruby></w:r>"
    document = take(tmp_path, p(ruby, "任"))
    assert document.text == "信任\n"
    assert said(document) == ["readings above characters (ruby) are left out: 1"]


def test_an_equation_is_written_in_a_line(tmp_path):
    def e(text):
        return f"<m:r><m:t>{text}</m:t></m:r>"

    fraction = f"<m:oMath><m:f><m:num>{e('a+1')}</m:num><m:den>{e('b')}</m:den></m:f>{e('=')}<m:sSup><m:e>{e('x')}</m:e><m:sup>{e('2')}</m:sup></m:sSup></m:oMath>"
    assert lines(tmp_path, p("so ", fraction)) == ["so (a+1)/b=x^2"]


def test_iso_strict_documents_are_read_as_well(tmp_path):
    members = docx_members(p("Strict.", style="H1"), namespace=STRICT)
    assert check(read(zipped(tmp_path / "a.docx", members))).places[0].label == "Strict."


# ---- Headings and lists

NUMBERED = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/><w:suff w:val="nothing"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>"""


def test_numbers_of_lists_are_counted(tmp_path):
    items = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (2, 0), (3, 0), (3, 0), (1, 0), (4, 0), (4, 0)]
    body = [p(f"i{number}", properties=in_list(*one)) for number, one in enumerate(items)]
    body.insert(3, p("between"))
    assert lines(tmp_path, *body, numbering=NUMBERED) == [
        "1. i0", "1.a) i1", "1.b) i2", "between", "2. i3", "2.a) i4", "• i5", "7. i6", "8. i7", "9. i8", "一、i9", "二、i10",
    ]  # fmt: skip


def test_a_number_comes_from_a_style_and_can_be_taken_away(tmp_path):
    styles = f'<w:style w:type="paragraph" w:styleId="N"><w:pPr>{in_list(1)}</w:pPr></w:style>'
    styles += '<w:style w:type="paragraph" w:styleId="M"><w:basedOn w:val="N"/></w:style>'
    body = [p("a", style="M"), p("b", style="N", properties=in_list(0)), p("c", style="N")]
    assert lines(tmp_path, *body, styles=styles, numbering=NUMBERED) == ["1. a", "b", "2. c"]


def test_an_item_without_words_is_counted_and_not_shown(tmp_path):
    body = [p("a", properties=in_list(1)), p(properties=in_list(1)), p("c", properties=in_list(1))]
    assert lines(tmp_path, *body, numbering=NUMBERED) == ["1. a", "", "3. c"]


def test_headings_are_known_by_style_name_outline_level_and_what_a_style_rests_on(tmp_path):
    styles = (
        '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="Heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:basedOn w:val="berschrift2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    )
    document = take(
        tmp_path,
        p("Of trust", style="T"),
        p("Two", style="Own"),
        p("Three", properties='<w:outlineLvl w:val="2"/>'),
        p("No heading", style="Own", properties='<w:outlineLvl w:val="9"/>'),
        styles=styles,
    )
    headings = [(place.label, place.level) for place in document.places if place.kind == "heading"]
    assert headings == [("Of trust", 1), ("Two", 2), ("Three", 3)]
    assert document.text == "Of trust\n\nTwo\n\nThree\nNo heading\n"


def test_the_label_of_a_heading_has_its_number(tmp_path):
    document = take(tmp_path, p("Findings", style="H1", properties=in_list(1)), p("x"), numbering=NUMBERED)
    assert document.text == "1. Findings\nx\n"
    assert document.places[0][:5] == ("heading", 0, 11, "1. Findings", 1)


# ---- Tables and boxes


def test_a_row_is_a_line_with_its_cells_parted_by_tabs(tmp_path):
    table = tbl(
        [tc(p("wide"), properties='<w:gridSpan w:val="2"/>'), tc(p("c"))],
        [tc(p("down"), properties='<w:vMerge w:val="restart"/>'), tc(p("one"), p("two")), tc(p("a\tb"))],
        [tc(p(), properties="<w:vMerge/>"), tc(p()), tc(p("last"))],
    )
    assert lines(tmp_path, p("Before"), table, p("After")) == [
        "Before",
        "",
        "wide\tc",
        "down\tone two\ta b",
        "\t\tlast",
        "",
        "After",
    ]


def test_the_only_cell_of_a_row_is_read_as_what_stands_in_it(tmp_path):
    assert lines(tmp_path, tbl([tc(p("Heading", style="H1"), p("Text."))])) == ["Heading", "Text."]


def test_a_table_in_a_table_is_read_in_its_cell(tmp_path):
    inner = tbl([tc(p("x")), tc(p("y"))])
    assert lines(tmp_path, tbl([tc(p("I:")), tc(p("Why?"), inner, p())])) == ["I:\tWhy? x y"]


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path):
    box = f"<w:txbxContent>{p('Box.')}{p('More.')}</w:txbxContent>"
    both = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></w:r>"
    assert lines(tmp_path, p("a", both, "b"), p("c", old)) == ["ab", "Box.", "More.", "c", "Box.", "More."]


def test_pictures_and_headers_are_noted(tmp_path):
    document = take(
        tmp_path, p("a", "<w:r><w:drawing><a:blip/></w:drawing></w:r>"), header=p("Confidential"), footer=p("Page")
    )
    assert said(document) == [
        "pictures, charts and the like are left out: 1",
        "headers and footers are left out: 'Confidential', 'Page'",
    ]
    assert {one.severity for one in document.remarks} == {"note"}


# ---- Notes and comments


def note(identifier, kind="footnote", more="", after=""):
    return f'<w:r><w:{kind}Reference w:id="{identifier}"{more}/>{after}</w:r>'


def test_notes_follow_their_paragraph_in_the_order_of_the_text(tmp_path):
    notes = "".join(
        f'<w:footnote w:id="{n}">{p(f"Note {n}.")}{p("More.") if n == 4 else ""}</w:footnote>' for n in (2, 3, 4)
    )
    notes = f'<w:footnote w:type="separator" w:id="0">{p("---")}</w:footnote>' + notes
    ends = f'<w:endnote w:id="2">{p("End.")}</w:endnote>'
    body = [p("One", note(4), " two", note(2), "."), p("Three", note(2, "endnote")), p("Four", note(3))]
    document = take(tmp_path, *body, footnotes=notes, endnotes=ends)
    assert document.text == "One two.\n[^1] Note 4.\nMore.\n[^2] Note 2.\nThree\n[^i] End.\nFour\n[^3] Note 3.\n"
    assert [place.label for place in document.places] == ["1", "note 1", "note 2", "2", "note i", "3", "note 3"]


def test_a_note_is_written_once_however_often_it_is_named(tmp_path):
    assert lines(tmp_path, p(note(2), "a", note(2)), footnotes=f'<w:footnote w:id="2">{p("N")}</w:footnote>') == [
        "a",
        "[^1] N",
    ]


def test_the_own_sign_of_a_note_is_not_in_the_sentence(tmp_path):
    sign = note(2, more=' w:customMarkFollows="1"', after="<w:t>*</w:t>")
    assert lines(tmp_path, p("One", sign, " two"), footnotes=f'<w:footnote w:id="2">{p("N")}</w:footnote>') == [
        "One two",
        "[^*] N",
    ]


def test_a_note_in_a_table_follows_its_row(tmp_path):
    table = tbl([tc(p("a", note(2))), tc(p("b"))], [tc(p("c")), tc(p("d"))])
    assert lines(tmp_path, table, footnotes=f'<w:footnote w:id="2">{p("N")}</w:footnote>') == ["a\tb", "[^1] N", "c\td"]


def test_notes_are_numbered_as_the_document_says(tmp_path):
    settings = '<w:footnotePr><w:numFmt w:val="upperRoman"/><w:numStart w:val="4"/></w:footnotePr>'
    assert lines(
        tmp_path, p("a", note(2)), settings=settings, footnotes=f'<w:footnote w:id="2">{p("N")}</w:footnote>'
    ) == ["a", "[^IV] N"]


COMMENTS = (
    f'<w:comment w:id="0" w:author="Bo" w:date="2026-01-02T10:00:00Z">{p("Really?")}{p("Check.")}</w:comment>'
    f'<w:comment w:id="1">{p("No author.")}</w:comment>'
)


def comment(identifier):
    """Return the beginning, the end and the sign of a comment."""
    opens, closes = (f'<w:comment{kind} w:id="{identifier}"/>' for kind in ("RangeStart", "RangeEnd"))
    return opens, closes, f'<w:r><w:commentReference w:id="{identifier}"/></w:r>'


def test_a_comment_is_kept_with_what_it_is_about(tmp_path):
    (opens, closes, sign), (first, last, other) = comment(0), comment(1)
    body = [
        p("The firm", opens, " shares data", closes, sign, "."),
        tbl([tc(p("x")), tc(p("a", first, "bc"))]),
        p("End", last, other),
    ]
    document = take(tmp_path, *body, comments=COMMENTS)
    assert [(document.text[memo.start : memo.end], *memo[2:]) for memo in document.memos] == [
        ("shares data", "Really?\nCheck.", "Bo", "2026-01-02T10:00:00Z"),
        ("bc\n\nEnd", "No author.", "", ""),
    ]


def test_a_comment_at_a_point_is_about_its_paragraph_and_one_at_none_is_counted(tmp_path):
    document = take(tmp_path, p("The firm", comment(0)[2], " shares."), comments=COMMENTS)
    assert [(memo.start, memo.end, memo.author) for memo in document.memos] == [(0, 16, "Bo")]
    assert said(document, "warning") == ["comments about nothing in the text are left out: 1"]


# ---- Transcripts


def test_a_transcript_of_teams_comes_out_as_lines(tmp_path):
    def turn(name, time, text):
        return p(r(name, "<w:b/>"), r(f"   {time}"), "<w:r><w:br/></w:r>", r(text))

    assert lines(tmp_path, turn("Ann Lee", "0:05", "Hello there."), turn("Bob O'Neil", "0:12", "Hi.")) == [
        "Ann Lee   0:05", "Hello there.", "Bob O'Neil   0:12", "Hi.",
    ]  # fmt: skip


def test_a_transcript_of_otter_comes_out_as_lines(tmp_path):
    body = [p("Ann Lee  0:05"), p("Hello there."), p(), p("Speaker 2  0:12"), p("Hi: fine.")]
    assert lines(tmp_path, *body) == ["Ann Lee  0:05", "Hello there.", "", "Speaker 2  0:12", "Hi: fine."]


def test_a_transcript_in_a_table_comes_out_as_a_line_a_turn(tmp_path):
    assert lines(tmp_path, tbl([tc(p("00:01")), tc(p("I:")), tc(p("Why?"))], [tc(p("00:04")), tc(p("P1:")), tc(p("Because."))])) == [
        "00:01\tI:\tWhy?", "00:04\tP1:\tBecause.",
    ]  # fmt: skip


# ---- What is no document


def test_a_document_without_words_is_refused(tmp_path):
    with pytest.raises(StudyError, match="the document has no text"):
        take(tmp_path, p(), p(" "))


ODD_TEXT = """1. Findings
The firm always shares data with users.
[^1] FOOTNOTE
MOVED-TOa\tb
c‑deα
LINKTEXTFIELDRESULTSDTTEXT
AFTERBREAK
TEXTBOX

00:01:12
I:\tWhy? NESTED

BLOCKSDT

2. Discussion
"""
"""Written by hand from what the XML of the odd document says."""


def test_all_that_libraries_lose_or_double_is_read_once(tmp_path):
    document = take(tmp_path, ODD, **ODD_PARTS)
    assert document.text == ODD_TEXT
    assert [(document.text[memo.start : memo.end], *memo[2:]) for memo in document.memos] == [
        ("with users.", "COMMENT", "B", "")
    ]
    assert [place.label for place in document.places if place.kind == "heading"] == ["1. Findings", "2. Discussion"]


def test_python_docx_has_every_word_that_it_is_right_about(tmp_path):
    """It loses insertions, boxes and notes; of plain paragraphs and tables it has the same words in the same order."""
    from docx import Document

    path = tmp_path / "other.docx"
    other = Document()
    other.add_heading("Of trust", 1)
    other.add_paragraph("The firm\tshares data.")
    other.add_paragraph("One.", style="List Bullet")
    table = other.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"cell {number}"
    other.add_paragraph("访谈者：您为什么信任？").add_run(" 😀").bold = True
    other.save(path)
    document = check(read(path))
    assert document.text == (
        "Of trust\nThe firm\tshares data.\n• One.\n\ncell 0\tcell 1\ncell 2\tcell 3\n\n访谈者：您为什么信任？ 😀\n"
    )
    again = Document(path)
    theirs = [one.text for one in again.paragraphs]
    assert [line.removeprefix("• ") for line in document.text.splitlines() if line and "cell" not in line] == theirs


# ---- Drawn documents

WORDS = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>&\xad\ufffe\uffff"), max_size=12
).filter(lambda text: not any("\ue000" <= one <= "\uf8ff" for one in text))


@st.composite
def bodies(draw):
    """Draw paragraphs, headings, tables, notes and breaks; return the XML and the words in their order."""
    body, shown = [], []
    for number in range(draw(st.integers(1, 8))):
        kind, words = (
            draw(st.sampled_from(["plain", "heading", "break", "row", "cell", "deleted", "note"])),
            draw(WORDS),
        )
        if kind == "heading":
            body.append(p(words, style=f"H{draw(st.integers(1, 3))}"))
        elif kind == "break":
            body.append(p(words, "<w:r><w:br/></w:r>", "x"))
        elif kind in ("row", "cell"):
            body.append(tbl([tc(p(words)), *([tc(p("y"))] if kind == "row" else [])]))
        elif kind == "deleted":
            body.append(p(words, properties="<w:rPr><w:del/></w:rPr>"))
        elif kind == "note":
            body.append(p(words, note(number)))
        else:
            body.append(p(words))
        shown.append("".join(words.split()))
    return "".join([*body, p("end")]), shown


@given(bodies())
def test_every_position_of_a_drawn_document_has_a_place_and_all_words_are_there(tmp_path_factory, drawn):
    body, shown = drawn
    notes = "".join(f'<w:footnote w:id="{number}">{p("Note.")}</w:footnote>' for number in range(8))
    document = check(read(docx(tmp_path_factory.mktemp("drawn") / "a.docx", body, footnotes=notes)))
    packed, at = "".join(document.text.split()), 0
    for words in shown:
        at = packed.index(words, at) + len(words)
    for place in document.places:
        assert around(document, place.start, place.kind) == around(document, place.end - 1, place.kind) == [place]


# ---- What another program shows


def words(text):
    return Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.replace("\u00ad", "")))


def shown_by_libreoffice(name):
    """Return what LibreOffice 7.4 wrote: soffice --convert-to "txt:Text (encoded):UTF8" NAME.docx."""
    return words((Path(__file__).parent / f"libreoffice/{name}.txt").read_text("utf-8"))


def test_the_words_are_those_that_libreoffice_shows(tmp_path):
    handbook = Path(__file__).parent.parent / "docs/examples/documents/handbook.docx"
    assert words(read(handbook).text) == shown_by_libreoffice("handbook")


def test_beyond_libreoffice_stand_notes_boxes_and_results_and_not_what_was_deleted_or_is_hidden(tmp_path):
    ours, theirs = words(read(docx(tmp_path / "odd.docx", ODD, **ODD_PARTS)).text), shown_by_libreoffice("odd")
    # LibreOffice writes what was deleted, moved away and hidden, neither notes nor boxes, and works out fields anew.
    assert set(ours - theirs) == {
        "always", "MOVED-TOa", "FOOTNOTE", "TEXTBOX", "deα", "LINKTEXTFIELDRESULTSDTTEXT",
    }  # fmt: skip
    assert set(theirs - ours) == {"NEVERalways", "MOVED-FROMMOVED-TOHIDDENa", "de", "LINKTEXT", "SDTTEXT"}
