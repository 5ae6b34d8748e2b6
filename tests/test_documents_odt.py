"""OpenDocument texts: the text as a reader sees it, with notes, numbers, boxes and comments."""

from __future__ import annotations

import pytest
from documents import around, check, odt, said
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import StudyError
from kg.loaders.documents import read


def take(folder, *body, **more):
    """Read a document of some paragraphs, and check what holds for all."""
    return check(read(odt(folder / "made.odt", "".join(body), **more)))


def lines(folder, *body, **more):
    return take(folder, *body, **more).text.splitlines()


def p(text, style=""):
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def h(text, level=1, more=""):
    return f'<text:h text:outline-level="{level}" {more}>{text}</text:h>'


def items(*inside, style="L1", more=""):
    listed = "".join(
        one if one.startswith("<text:list-") else f"<text:list-item>{one}</text:list-item>" for one in inside
    )
    named = f'text:style-name="{style}"' if style else ""
    return f"<text:list {named} {more}>{listed}</text:list>"


def note(text, sign="1", kind="footnote"):
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>{sign}</text:note-citation>'
        f"<text:note-body>{p(text)}</text:note-body></text:note>"
    )


# ---- Words and changes


def test_white_space_is_folded_and_spaces_tabs_and_breaks_are_elements(tmp_path):
    body = p(
        "\n  one\n   two<text:s/><text:s text:c='2'/>three<text:tab/>four<text:line-break/> five <text:span> six</text:span> "
    )
    assert lines(tmp_path, body) == ["one two   threefour".replace("threefour", "three\tfour"), " five six"]


def test_what_was_inserted_is_read_and_what_was_deleted_is_not(tmp_path):
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>NEVER</text:p></text:deletion></text:changed-region>"
        "<text:changed-region><text:insertion/></text:changed-region></text:tracked-changes>"
    )
    body = p("The firm <text:change/><text:change-start/>always<text:change-end/> shares.")
    document = take(tmp_path, changes, body)
    assert document.text == "The firm always shares.\n"
    assert said(document, "note") == ["tracked changes are read as if all were accepted: 2"]


def test_links_fields_and_soft_hyphens(tmp_path):
    body = p(
        "see <text:a>this <text:span>link</text:span></text:a>, p. <text:page-number>4</text:page-number>; co\xadop<text:soft-page-break/>erate"
    )
    assert lines(tmp_path, body) == ["see this link, p. 4; cooperate"]


def test_characters_are_read_without_the_readings_above_them(tmp_path):
    ruby = "<text:ruby><text:ruby-base>信</text:ruby-base><text:ruby-text>xin</text:ruby-text></text:ruby>任"
    document = take(tmp_path, p(ruby))
    assert document.text == "信任\n"
    assert said(document) == ["readings above characters (ruby) are left out: 1"]


def test_hidden_text_is_left_out_and_counted(tmp_path):
    dark = '<style:text-properties text:display="none"/>'
    automatic = f'<style:style style:name="T1" style:family="text">{dark}</style:style>'
    automatic += f'<style:style style:name="P0" style:family="paragraph">{dark}</style:style>'
    automatic += '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="P0"/>'
    document = take(
        tmp_path,
        p("seen<text:span text:style-name='T1'>ONE</text:span>"),
        p("TWO", "P1"),
        "<text:section text:display='none'><text:p>THREE</text:p></text:section>",
        "<text:section><text:p>shown</text:p></text:section>",
        p("x<text:hidden-text text:is-hidden='true'>FOUR</text:hidden-text>"),
        p("FIVE<text:hidden-paragraph text:is-hidden='true'/>"),
        automatic=automatic,
    )
    assert document.text == "seen\n\nshown\nx\n"
    assert said(document, "warning") == ["characters of hidden text are left out, beginning 'ONETWOTHREEFOURFIVE': 19"]


# ---- Headings and lists

LISTS = """<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"/>
<text:list-level-style-number text:level="2" style:num-suffix=")" style:num-format="a" text:display-levels="2"/></text:list-style>
<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="\uf0b7"/></text:list-style>
<text:list-style style:name="L3"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:list-style>"""


def test_numbers_of_lists_are_counted(tmp_path):
    nested = items(p("b"), p("c"), style="")
    body = [
        items(p("a") + nested, p("d") + p("more"), "<text:list-header><text:p>head</text:p></text:list-header>", p("e"))
    ]
    body += [p("between"), items(p("f"), more='text:continue-numbering="true"'), items(p("new"))]
    body += [items(p("x"), style="L2"), items(p("甲"), p("乙"), style="L3")]
    assert lines(tmp_path, *body, automatic=LISTS) == [
        "1. a", "1.a) b", "1.b) c", "2. d", "more", "head", "3. e", "between", "4. f", "1. new", "• x", "一、 甲", "二、 乙",
    ]  # fmt: skip


def test_a_list_goes_on_with_the_one_it_names_or_starts_where_it_says(tmp_path):
    body = [items(p("a"), p("b"), more='xml:id="list1"'), items(p("c"), more='text:continue-list="list1"')]
    body.append(items("<text:list-item text:start-value='7'><text:p>d</text:p></text:list-item>", p("e")))
    assert lines(tmp_path, *body, automatic=LISTS) == ["1. a", "2. b", "3. c", "7. d", "8. e"]


def test_an_item_that_only_holds_a_list_is_not_counted(tmp_path):
    assert lines(tmp_path, items(p("a"), items(p("b"), style=""), p("c")), automatic=LISTS) == [
        "1. a",
        "1.a) b",
        "2. c",
    ]


def test_a_list_takes_the_style_of_its_paragraphs(tmp_path):
    automatic = LISTS + '<style:style style:name="P9" style:family="paragraph" style:list-style-name="L1"/>'
    assert lines(tmp_path, items(p("a", "P9"), style=""), automatic=automatic) == ["1. a"]


OUTLINE = """<office:styles><text:outline-style style:name="Outline">
<text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>
<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>
<style:style style:name="Title" style:family="paragraph"/>
<style:style style:name="Plain" style:family="paragraph" style:list-style-name=""/></office:styles>"""


def test_headings_have_their_level_and_number(tmp_path):
    automatic = '<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Title"/>'
    body = [p("Of trust", "P2"), h("Method"), h("Sample", 2), h("No number", 2, 'text:is-list-header="true"')]
    body += [h("Coding", 2), h("Plain", 1, 'text:style-name="Plain"'), h("Findings"), p("x")]
    document = take(tmp_path, *body, automatic=automatic, styles=OUTLINE)
    assert [(place.label, place.level) for place in document.places if place.kind == "heading"] == [
        ("Of trust", 1), ("1. Method", 1), ("1.1 Sample", 2), ("No number", 2), ("1.2 Coding", 2), ("Plain", 1), ("2. Findings", 1),
    ]  # fmt: skip
    assert document.text.startswith("Of trust\n\n1. Method\n\n1.1 Sample\n")


# ---- Tables, boxes, notes, comments


def cell(*inside, more=""):
    return f"<table:table-cell {more}>{''.join(inside)}</table:table-cell>"


COVERED = "<table:covered-table-cell><text:p>COVERED</text:p></table:covered-table-cell>"


def table(*rows):
    shown = ("<table:table-row>" + "".join(row) + "</table:table-row>" for row in rows)
    return f"<table:table><table:table-column/>{''.join(shown)}</table:table>"


def test_a_row_is_a_line_with_its_cells_parted_by_tabs(tmp_path):
    made = table(
        [cell(p("wide"), more='table:number-columns-spanned="2"'), COVERED, cell(p("c"))],
        [
            cell(p("down"), more='table:number-rows-spanned="2"'),
            cell(p("one"), p("two")),
            cell(items(p("a"), style="L2")),
        ],
        [COVERED, cell(p("")), cell(p("last"))],
        [cell(h("Alone"), p("Text."))],
    )
    assert lines(tmp_path, p("Before"), made, p("After"), automatic=LISTS) == [
        "Before", "", "wide\tc", "down\tone two\t• a", "\t\tlast", "", "Alone", "Text.", "", "After",
    ]  # fmt: skip


def test_rows_of_the_head_and_tables_in_tables_are_read(tmp_path):
    inner = table([cell(p("x")), cell(p("y"))])
    head = "<table:table><table:table-header-rows><table:table-row>"
    head += f"{cell(p('A'))}{cell(p('B'), inner)}</table:table-row></table:table-header-rows></table:table>"
    assert lines(tmp_path, head) == ["A\tB x y"]


def test_boxes_and_shapes_follow_their_paragraph(tmp_path):
    box = f"<draw:frame><draw:text-box>{p('Box.')}</draw:text-box></draw:frame>"
    shape = f"<draw:g><draw:custom-shape>{p('Shape.')}</draw:custom-shape></draw:g>"
    picture = "<draw:frame><draw:image/><draw:image/></draw:frame>"
    document = take(tmp_path, p(f"a{box}b{picture}"), shape, p("c"))
    assert document.text == "ab\nBox.\nShape.\nc\n"
    assert said(document) == ["pictures, charts and the like are left out: 1"]


def test_notes_follow_their_paragraph(tmp_path):
    document = take(tmp_path, p(f"One{note('First.')} two{note('Last.', 'ii', 'endnote')}."), p("Three"))
    assert document.text == "One two.\n[^1] First.\n[^ii] Last.\nThree\n"
    assert [place.label for place in document.places] == ["1", "note 1", "note ii", "2"]


def test_a_comment_is_kept_with_what_it_is_about(tmp_path):
    inside = f"<dc:creator>Bo</dc:creator><dc:date>2026-01-02T10:00:00</dc:date>{p('Really?')}{p('Check.')}"
    ranged = f'<office:annotation office:name="c1">{inside}</office:annotation>'
    document = take(
        tmp_path,
        p(f'The firm {ranged}shares data<office:annotation-end office:name="c1"/>.'),
        p(f"At a point<office:annotation>{p('No author.')}</office:annotation>."),
    )
    assert document.text == "The firm shares data.\nAt a point.\n"
    assert [(document.text[memo.start : memo.end], *memo[2:]) for memo in document.memos] == [
        ("shares data", "Really?\nCheck.", "Bo", "2026-01-02T10:00:00"),
        ("At a point.", "No author.", "", ""),
    ]


def test_headers_are_noted(tmp_path):
    styles = f"<office:master-styles><style:master-page><style:header>{p('Confidential')}</style:header></style:master-page></office:master-styles>"
    assert said(take(tmp_path, p("a"), styles=styles)) == ["headers and footers are left out: 'Confidential'"]


def test_an_encrypted_document_is_refused(tmp_path):
    entry = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    with pytest.raises(StudyError, match=r"encrypted with a password \[locked-document\]\n.*save it without one"):
        take(tmp_path, p("a"), manifest=entry)


# ---- Drawn documents

WORDS = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>&\xad\ufffe\uffff"), max_size=12
)


@st.composite
def bodies(draw):
    """Draw paragraphs, headings, lists, tables and notes; return the XML and the words in their order."""
    body, shown = [], []
    for _ in range(draw(st.integers(1, 8))):
        kind, words = draw(st.sampled_from(["plain", "heading", "item", "row", "cell", "note", "box"])), draw(WORDS)
        if kind == "heading":
            body.append(h(words, draw(st.integers(1, 10))))
        elif kind == "item":
            body.append(items(p(words), p("y")))
        elif kind in ("row", "cell"):
            body.append(table([cell(p(words)), *([cell(p("y"))] if kind == "row" else [])]))
        elif kind == "note":
            body.append(p(words + note("Note.")))
        elif kind == "box":
            body.append(p(f"x<draw:frame><draw:text-box>{p(words)}</draw:text-box></draw:frame>"))
        else:
            body.append(p(words))
        shown.append("".join(words.split()))
    return "".join([*body, p("end")]), shown


@given(bodies())
def test_every_position_of_a_drawn_document_has_a_place_and_all_words_are_there(tmp_path_factory, drawn):
    body, shown = drawn
    document = check(read(odt(tmp_path_factory.mktemp("drawn") / "a.odt", body, automatic=LISTS, styles=OUTLINE)))
    packed, at = "".join(document.text.split()), 0
    for words in shown:
        at = packed.index(words, at) + len(words)
    for place in document.places:
        assert around(document, place.start, place.kind) == around(document, place.end - 1, place.kind) == [place]
