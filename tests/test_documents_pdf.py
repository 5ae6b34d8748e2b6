"""PDFs as people have them: what becomes of their pages, and the way back from the text to the page."""

from __future__ import annotations

import hashlib
import json
import random
import re
import textwrap
from collections import Counter

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfs import IMAGE, bomb, column, loop, page, pdf, png_pixels, text

from kg import page_map
from kg.errors import StudyError
from kg.loaders.documents import _pdf_layout, read
from kg.loaders.documents import pdf as loader
from kg.loaders.documents._pdf_layout import Page, Segment
from kg.processes import Child, Ended, Limits

PROCESS = "kg.loaders.documents._pdf_process"
WORDS = "value is made by firms and people together when they talk share risk and know what the other one does".split()


@pytest.fixture
def made(tmp_path):
    """Return a function that writes a PDF and reads it."""

    def make(*pages, password=None, **kwargs):
        path = tmp_path / "paper.pdf"
        path.write_bytes(pages[0] if isinstance(pages[0], bytes) else pdf(*pages, **kwargs))
        make.path = path
        return read(path, password=password)

    return make


def refused(made, *pages, **kwargs):
    """Return the finding with which a PDF is refused."""
    with pytest.raises(StudyError) as error:
        made(*pages, **kwargs)
    (finding,) = error.value.findings
    assert finding.file == "paper.pdf"
    return finding


def boxes_of(path, text, pages, start, end, password=None):
    """Return the boxes of one stretch."""
    with loader.Viewer(path, password) as viewer:
        (boxes,) = viewer.boxes(text, pages, [(start, end)])
    return boxes


def picture_of(path, number, width, password=None):
    with loader.Viewer(path, password) as viewer:
        return viewer.picture(number, width)


def rules(document):
    return [remark.rule for remark in document.remarks]


def prose(number, seed=0):
    """Return so many words, a sentence of about ten of them each."""
    chance = random.Random(seed)
    words = [chance.choice(WORDS) for _ in range(number)]
    for at in range(0, number, 10):
        words[at] = words[at].capitalize()
        words[min(at + 9, number - 1)] += "."
    return " ".join(words)


def wrapped(words, width=60):
    return textwrap.wrap(words, width, break_on_hyphens=False)


# Paragraphs


def test_lines_of_a_paragraph_are_one_line_of_the_text(made):
    first, second = prose(60), prose(45, 1)
    document = made(page(column(50, 780, [*wrapped(first), None, *wrapped(second)])))
    assert document.text == f"{first}\n\n{second}\n"


def test_an_indent_begins_a_paragraph_and_none_is_needed_before_the_first(made):
    texts = [prose(47, seed) for seed in range(4)]
    lines = [line for one in texts for line in textwrap.wrap(one, 60, initial_indent="   ")]
    assert made(page(column(50, 780, lines))).text.split() == " ".join(texts).split()
    assert [line for line in made(page(column(50, 780, lines))).text.splitlines() if line] == texts


def test_a_line_that_had_room_for_the_next_word_ends_a_paragraph(made):
    texts = ["Short talk.", prose(40), "And then?", "Yes, we did.", prose(33, 2)]
    lines = [line for one in texts for line in wrapped(one)]
    assert [line for line in made(page(column(50, 780, lines))).text.splitlines() if line] == texts


def test_turns_and_entries_of_lists_are_paragraphs(made):
    turns = [f"{who}: {prose(14, seed)}" for seed, who in enumerate(["I", "P1", "I", "P1"])]
    items = [f"{number}. {prose(20, number)}" for number in (1, 2, 3)]
    lines = [line for one in turns + items for line in wrapped(one)]
    assert [line for line in made(page(column(50, 780, lines))).text.splitlines() if line] == turns + items


def test_hanging_indents_are_entries(made):
    entries = [f"Author, A. ({year}). {prose(25, year)}" for year in (2001, 2002, 2003)]
    lines = [line for one in entries for line in textwrap.wrap(one, 60, subsequent_indent="    ")]
    assert [line for line in made(page(column(50, 780, lines))).text.splitlines() if line] == entries


def test_double_spaced_text_is_no_row_of_paragraphs(made):
    words = prose(120)
    assert made(page(column(50, 780, wrapped(words), leading=26))).text == f"{words}\n"


def test_a_heading_is_a_line_of_its_own(made):
    content = text(50, 780, "1 Why people trust", 14) + column(50, 760, wrapped(prose(50)))
    assert made(page(content)).text == f"1 Why people trust\n\n{prose(50)}\n"


def test_an_index_up_or_down_is_part_of_its_line(made):
    content = text(50, 700, "see the note") + text(122, 704, "12", 6) + text(131, 700, " and H")
    content += text(167, 697, "2", 6) + text(171, 700, "O here")
    assert made(page(content)).text == "see the note12 and H2O here\n"


def test_the_cells_of_a_row_are_parted_by_tabs(made):
    rows = [("trust", "12", "0.4"), ("access", "7", "0.1"), ("risk", "31", "0.9")]
    content = b"".join(
        text(x, 700 - 12 * n, cell) for n, row in enumerate(rows) for x, cell in zip((50, 200, 300), row, strict=True)
    )
    assert made(page(content)).text == "trust\t12\t0.4\naccess\t7\t0.1\nrisk\t31\t0.9\n"


def test_chinese_lines_are_joined_without_a_space(made):
    lines = [
        "访谈者问的是信任从哪里来，以及企业与顾客怎样一起",
        "创造价值。受访者说，先要谈，再要看得见，",
        "才会一起承担风险。",
    ]
    content = b"".join(text(50, 780 - 16 * n, line, 12, "C1") for n, line in enumerate(lines))
    assert made(page(content)).text == "".join(lines) + "\n"


# Columns and pages


def left_and_right(seed=0):
    return prose(160, seed), prose(160, seed + 100)


def test_two_columns_are_read_one_after_the_other(made):
    left, right = left_and_right()
    document = made(page(column(50, 780, wrapped(left, 36)), column(310, 780, wrapped(right, 36))))
    assert " ".join(document.text.split()) == f"{left} {right}"


def test_two_columns_that_the_file_writes_line_by_line_are_so_too(made):
    left, right = left_and_right()
    count = min(len(wrapped(left, 36)), len(wrapped(right, 36)))
    lines = zip(wrapped(left, 36)[:count], wrapped(right, 36)[:count], strict=True)
    content = text(50, 800, "A title that goes across both of the columns of the page", 12)
    content += b"".join(
        text(50, 770 - 12 * n, one) + text(310, 770 - 12 * n, other) for n, (one, other) in enumerate(lines)
    )
    halves = [" ".join(wrapped(side, 36)[:count]) for side in (left, right)]
    found = " ".join(made(page(content)).text.split())
    assert found == f"A title that goes across both of the columns of the page {halves[0]} {halves[1]}"


def test_a_quote_goes_over_a_page_break_past_the_footnote(made):
    """The words before and behind the break are one sentence of the text, and each page knows its part."""
    lines = wrapped(prose(400).replace(".", "").lower().capitalize() + ".")
    first = column(50, 780, lines[:20]) + text(50, 60, "1 A footnote in small print.", 7) + text(290, 30, "12")
    second = column(50, 780, lines[20:]) + text(290, 30, "13")
    document = made(page(first), page(second), labels="0 <</S/D/St 12>>")
    whole = " ".join(lines)
    assert document.text == f"{whole}\n\n1 A footnote in small print.\n"
    pages = [(document.text[place.start : place.end].strip(), place.label) for place in document.places]
    assert pages == [
        (" ".join(lines[:20]), "12"),
        (" ".join(lines[20:]), "13"),
        ("1 A footnote in small print.", "12"),
    ]
    assert [place.level for place in document.places] == [1, 2, 1]


def test_a_word_that_a_page_break_parts_is_one_word(made):
    first = column(50, 780, ["We heard it again and again: trust is made by the organi-"])
    second = column(50, 780, ["zation and by nobody else, as people say."])
    document = made(page(first), page(second))
    assert "made by the organization and by nobody" in document.text
    boxes = boxes_of(made.path, document.text, document.pages, *span(document, "organization"))
    assert [box.page for box in boxes] == [1, 2]


def span(document, words):
    start = document.text.index(words)
    return start, start + len(words)


LABELS = "0 <</S/r>> 2 <</S/D/St 9>> 4 <</S/D/P(S)>> 6 <</P(Cover)>> 7 <</S/A/St 27>>"


def test_pages_have_their_printed_labels(made):
    pages = [page(column(50, 780, [f"This is what page number {'abcdefghi'[n]} says."])) for n in range(9)]
    document = made(*pages, labels=LABELS)
    expected = ["i", "ii", "9", "10", "S1", "S2", "Cover", "AA", "BB"]
    assert [place.label for place in document.places] == [one.label for one in document.pages] == expected
    assert pypdf.PdfReader(made.path).page_labels == expected
    assert [place.label for place in made(*pages).places] == [str(n) for n in range(1, 10)]


def test_running_heads_and_page_numbers_are_no_text_and_are_remembered(made):
    bodies = [prose(100, seed) for seed in range(6)]
    pages = [
        page(
            text(
                50, 815, f"{n + 7}      Journal of Trust 12 (2024)" if n % 2 else f"A. Author: On trust      {n + 7}", 8
            ),
            column(50, 780, wrapped(body)),
            text(290, 30, f"- {n + 7} -"),
        )
        for n, body in enumerate(bodies)
    ]
    document = made(*pages, labels="0 <</S/D/St 7>>")
    assert document.text.split() == " ".join(bodies).split()
    assert document.pages[1].left_out[0].startswith("8")
    assert "Journal of Trust 12 (2024)" in document.pages[1].left_out[0]
    assert document.pages[1].left_out[-1] == "- 8 -"
    (remark,) = document.remarks
    assert (remark.rule, remark.severity) == ("document-left-out", "note")
    assert "6 of 6 pages" in remark.message


def test_what_stands_on_two_pages_or_within_the_text_is_text(made):
    pages = [page(column(50, 815, ["Interview guide", None, *wrapped(prose(30, n)), "I:"])) for n in range(2)]
    assert made(*pages).text.count("Interview guide") == 2
    pages = [
        page(column(50, 780, [*wrapped(prose(200, n))[:8], None, "Yes.", None, *wrapped(prose(200, n))[8:]]))
        for n in range(5)
    ]
    assert made(*pages).text.count("\nYes.\n") == 5


def test_numbers_of_lines_in_the_margin_are_no_text(made):
    lines = wrapped(prose(400))[:25]
    numbers = b"".join(text(60 if n < 10 else 54, 780 - 24 * (n - 1), str(n)) for n in range(1, 26))
    body = column(110, 780, lines, leading=24)
    by_line = b"".join(
        text(54, 780 - 24 * n, str(n + 1)) + text(110, 780 - 24 * n, line) for n, line in enumerate(lines)
    )
    for content in (numbers + body, body + numbers, by_line):
        document = made(page(content))
        assert document.text.split() == " ".join(lines).split()
        assert document.pages[0].left_out == tuple(str(n) for n in range(1, 26))


# Hyphens


@pytest.mark.parametrize(
    ("first", "second", "elsewhere", "expected"),
    [
        ("the infor-", "mation we had", "", "the information we had"),
        ("the infor-", "mation we had", "no information", "the information we had"),
        ("the co-", "creation of value", "a co-creation", "the co-creation of value"),
        ("the co-", "creation of value", "a co-creation, a cocreation", "the cocreation of value"),
        ("the Schwarz-", "Weiss picture", "", "the Schwarz-Weiss picture"),
        ("it was FAA-", "approved then", "", "it was FAA-approved then"),
        ("from 1990-", "1995 they met", "", "from 1990-1995 they met"),
        ("a 10-", "year plan", "", "a 10-year plan"),
        ("in short-", "and long-term views", "", "in short- and long-term views"),
        ("the state-of-the-", "art answer", "the state-of-the-art", "the state-of-the-art answer"),
        ("the Well-", "known case", "It is well-known.", "the Well-known case"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_goes_by_the_words_of_the_document(made, first, second, elsewhere, expected):
    before = "x" * (50 - len(first))
    lines = [f"{before} {first}", second, None, elsewhere or None]
    document = made(page(column(50, 780, lines)))
    assert document.text.splitlines()[0] == f"{before} {expected}"
    # What is marked on the page is the word, with both of its halves.
    boxes = boxes_of(made.path, document.text, document.pages, *span(document, expected))
    assert len(boxes) == 2


def test_a_hyphen_that_ends_a_paragraph_stays(made):
    document = made(page(column(50, 780, ["and then we said this-", None, None, "another one begins"])))
    assert document.text == "and then we said this-\n\nanother one begins\n"


# What cannot be read


def test_a_scan_is_refused_with_the_command_that_recognises_it(made):
    written = page(column(50, 780, wrapped(prose(30))))
    stamped = page(IMAGE, text(50, 30, "stamp 12"))
    finding = refused(made, written, page(IMAGE), written, stamped, labels="0 <</S/r>>")
    assert finding.rule == "scanned-page"
    assert "pages ii (the 2. of the file) and iv (the 4. of the file)" in finding.message
    assert "ocrmypdf -l eng+chi_sim --skip-text 'paper.pdf' 'paper-text.pdf'" in finding.mend


def test_a_page_without_anything_is_no_scan(made):
    document = made(page(column(50, 780, wrapped(prose(30)))), page(), page(column(50, 780, wrapped(prose(30, 1)))))
    assert [place.level for place in document.places] == [1, 3]
    assert len(document.pages) == 3
    assert not document.remarks


def test_a_document_without_text_is_refused(made):
    assert refused(made, page()).rule == "empty-file"
    assert refused(made, page(b"10 10 m 200 200 l S\n")).rule == "empty-file"


def test_text_that_a_machine_recognised_is_marked(made):
    invisible = b"3 Tr\n" + column(50, 780, wrapped(prose(30))) + b"0 Tr\n"
    document = made(page(IMAGE, invisible), page(IMAGE), page(column(50, 780, wrapped(prose(30, 1)))))
    assert rules(document) == ["recognised-text", "scanned-page"]
    assert document.remarks[0].message.endswith("page 1")
    assert document.remarks[1].message.endswith("page 2")


def test_glyphs_without_a_mapping_are_counted(made):
    unknown = text(50, 700, [5] * 4, font="U1")
    document = made(page(column(50, 780, wrapped(prose(30))), unknown), page(column(50, 780, wrapped(prose(20, 1)))))
    assert rules(document) == ["unmapped-glyphs"]
    assert document.remarks[0].message.startswith("4 glyphs")
    assert "\n\ufffd\ufffd\ufffd\ufffd\n" in document.text
    few = made(page(column(50, 780, wrapped(prose(200))), text(50, 300, [6, 5, 6], font="U1")))
    assert "fi\ufffdfi" in few.text
    assert not few.remarks


def test_arabic_and_hebrew_are_warned_of(made):
    arabic = text(50, 700, [1, 2, 3, 1, 2, 3, 3, 2], font="U1")
    document = made(page(column(50, 780, wrapped(prose(10))), arabic), page(column(50, 780, wrapped(prose(30, 1)))))
    assert rules(document) == ["right-to-left"]
    assert document.remarks[0].message.endswith("page 1")


def test_ligatures_are_letters_and_a_character_of_two_codes_is_one(made):
    document = made(page(text(50, 700, [6, 4, 6], font="U1")))
    assert document.text == "fi\U0001f600fi\n"
    left, right = (boxes_of(made.path, document.text, document.pages, *some)[0] for some in ((0, 2), (3, 5)))
    (middle,) = boxes_of(made.path, document.text, document.pages, 2, 3)
    assert left.right <= middle.left + 0.01 < middle.right <= right.left + 0.01


def test_what_stands_outside_of_the_page_is_left_out(made):
    marks = text(50, 900, "journal_12.indd 3 12.03.2024")
    document = made(page(column(50, 780, wrapped(prose(30))), marks))
    assert document.text == prose(30) + "\n"
    assert rules(document) == ["document-left-out"]


# Encrypted, broken, hostile


def encrypted(tmp_path, user, owner=None):
    writer = pypdf.PdfWriter()
    path = tmp_path / "plain.pdf"
    path.write_bytes(pdf(page(column(50, 780, ["Only for those who know."]))))
    writer.append(path)
    writer.encrypt(user, owner, algorithm="RC4-128")
    with (tmp_path / "secret.pdf").open("wb") as stream:
        writer.write(stream)
    return (tmp_path / "secret.pdf").read_bytes()


def test_a_password_opens_an_encrypted_file(made, tmp_path):
    secret = encrypted(tmp_path, "sesame")
    assert refused(made, secret).message == "the file is encrypted and needs a password"
    assert refused(made, secret, password="open").message == "the file is encrypted and needs another password"
    document = made(secret, password="sesame")
    assert document.text == "Only for those who know.\n"
    assert len(boxes_of(made.path, document.text, document.pages, 0, 4, password="sesame")) == 1
    assert picture_of(made.path, 1, 100, password="sesame")
    # One that only forbids printing is no obstacle to reading.
    assert made(encrypted(tmp_path, "", "owner")).text == "Only for those who know.\n"


def test_the_password_is_in_no_finding(made, tmp_path):
    assert "hunter2" not in str(refused(made, encrypted(tmp_path, "sesame"), password="hunter2"))


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty-file"),
        (b"PK\x03\x04" + bytes(2000), "unknown-format"),
        (b"%PDF-1.7\n" + bytes(2000), "broken-document"),
        (loop(), "broken-document"),
    ],
)
def test_a_file_that_is_no_pdf_is_refused(made, data, rule):
    assert refused(made, data).rule == rule


def test_a_file_that_was_cut_off_behind_its_pages_is_read(made):
    data = pdf(page(column(50, 780, ["text"])))
    assert made(data[: data.rindex(b"startxref")]).text == "text\n"


def test_a_missing_file_is_one_finding(tmp_path):
    with pytest.raises(StudyError) as error:
        read(tmp_path / "none.pdf")
    assert error.value.findings[0].rule == "missing-file"


def test_a_bomb_is_stopped_and_its_page_named(made, monkeypatch):
    monkeypatch.setattr(loader, "PAGE_TIME", 1.0)
    monkeypatch.setattr(loader, "WAIT", 60.0)
    finding = refused(made, bomb())
    assert finding.rule == "broken-document"
    assert finding.message.startswith("page 2 takes")


def test_memory_that_is_too_much_is_said(made, monkeypatch):
    monkeypatch.setattr(loader, "MEMORY", 2**20)
    finding = refused(made, page(column(50, 780, wrapped(prose(3000)))))
    assert "more memory than 1 MB" in finding.message


def test_a_page_of_any_size_is_read_and_drawn(made):
    huge = page(text(50, 700, "Small words"), media=(0, 0, 2_000_000, 2_000_000))
    assert made(huge).text == "Small words\n"
    drawn = picture_of(made.path, 1, 10_000)
    assert drawn.width * drawn.height <= 4_000_000
    assert made(page(text(0, 1, "Flat words", 4), media=(0, 0, 14_000, 8))).text == "Flat words\n"
    drawn = picture_of(made.path, 1, 100_000_000)
    assert drawn.width * drawn.height <= 4_000_000


def damaged(whole, seed):
    """Return a file with some bytes changed, lost, doubled, or with other tokens."""
    chance = random.Random(seed)
    data = bytearray(whole)
    for _ in range(chance.choice((1, 3, 20, 200))):
        at = chance.randrange(len(data))
        how = chance.randrange(4)
        if how == 0:
            data[at] = chance.randrange(256)
        elif how == 1:
            del data[at : at + chance.randrange(1, 60)]
        elif how == 2:
            data[at:at] = data[at : at + chance.randrange(1, 60)]
        else:
            data[at : at + 4] = chance.choice((b"9999", b"-1 0", b"null", b"<<>>", b"[[[["))
    return bytes(data)


def outcome(child, path):
    """Return what the process makes of a file: its text, or why not."""
    limits = Limits(120, 2**30)
    opened = child.call("open", str(path), None, 20.0, limits=limits).value
    if "refused" in opened:
        return opened["refused"]
    for index in range(min(opened["pages"], 20)):
        if not child.call("read_page", index, limits=limits).value:
            return "page"
    found = child.call("text", limits=limits).value
    child.call("picture", 0, 200, limits=limits)
    child.call("boxes", [(0, 0, "Value"), (0, 10**9, "x"), (4, -1, "x"), (9, 0, "x")], limits=limits)
    return found


@pytest.mark.slow
def test_damaged_files_are_read_or_refused(tmp_path):
    pages = [page(column(50, 780, wrapped(prose(120, n))), text(290, 30, str(n + 1))) for n in range(4)]
    whole = pdf(*pages, page(text(50, 700, "访谈", font="C1"), text(50, 600, [1, 4, 5], font="U1")), labels=LABELS)
    path = tmp_path / "damaged.pdf"
    seen = Counter()
    child = Child(PROCESS, quiet=True)
    for seed in range(600):
        path.write_bytes(damaged(whole, seed))
        complaint = None
        try:
            found = outcome(child, path)
            seen[type(found)] += 1
        except Ended as ended:
            complaint = ended.complaint
        if complaint is not None:
            # PDFium may crash, which is why it has a process; a fault of ours has something to say.
            assert not complaint, seed
            child.close()
            child = Child(PROCESS, quiet=True)
            with pytest.raises(StudyError, match=r"page|file|text"):
                read(path)
    child.kill()
    child.close()
    assert seen[dict] > 100
    assert seen[str] > 10


def test_a_damaged_file_is_whole_or_a_finding(made):
    whole = pdf(*(page(column(50, 780, wrapped(prose(60, n)))) for n in range(3)))
    for seed in range(12):
        try:
            document = made(damaged(whole, seed))
        except StudyError as error:
            (finding,) = error.findings
        else:
            assert_whole(document)
            continue
        assert finding.message
        assert finding.mend


# Back to the page


def ink(drawn):
    """Return the left, top, right and bottom edge of what is drawn, in parts of the picture."""
    width, height, rows = png_pixels(drawn.png)
    assert (width, height) == (drawn.width, drawn.height)
    dark = [
        (x, y)
        for y, row in enumerate(rows)
        for x, shade in enumerate(row)
        if max(shade if isinstance(shade, tuple) else [shade]) < 128
    ]
    xs, ys = {x for x, _ in dark}, {y for _, y in dark}
    return min(xs) / width, min(ys) / height, (max(xs) + 1) / width, (max(ys) + 1) / height


TURNS = {
    0: (1, 0, 0, 1, 100, 300),
    90: (0, 1, -1, 0, 300, 100),
    180: (-1, 0, 0, -1, 300, 300),
    270: (0, -1, 1, 0, 200, 400),
}


@pytest.mark.parametrize("turns", [0, 90, 180, 270])
@pytest.mark.parametrize("written", [0, 90, 180, 270])
def test_boxes_lie_round_the_ink_however_page_and_text_are_turned(made, turns, written):
    *turn, x, y = TURNS[written]
    extra = b"/CropBox[60 80 500 600]/Rotate %d" % turns
    document = made(page(text(x, y, "Marked words", 20, turn=turn), media=(10, 20, 595, 842), extra=extra))
    assert document.text == "Marked words\n"
    (box,) = boxes_of(made.path, document.text, document.pages, 0, 12)
    left, top, right, bottom = ink(picture_of(made.path, 1, 600))
    assert box.left <= left + 0.01
    assert box.top <= top + 0.01
    assert box.right >= right - 0.01
    assert box.bottom >= bottom - 0.01
    assert (box.right - box.left) * (box.bottom - box.top) < 2.5 * (right - left) * (bottom - top)


def test_boxes_are_those_of_the_words_alone(made):
    words = prose(60)
    document = made(page(column(50, 780, wrapped(words))))
    lines = wrapped(words)
    start, end = len(lines[0]) - 4, len(lines[0]) + 1 + 5
    first, second = boxes_of(made.path, document.text, document.pages, start, end)
    width, height = 595, 842
    assert first.left * width == pytest.approx(50 + 6 * start, abs=1.5)
    assert first.right * width == pytest.approx(50 + 6 * len(lines[0]), abs=1.5)
    assert (second.left * width, second.right * width) == pytest.approx((50, 80), abs=1.5)
    assert second.top > first.bottom - 0.005
    assert abs(first.top * height - (842 - 780)) < 12


def test_no_stretch_has_no_boxes(made):
    document = made(page(column(50, 780, ["one", None, None, "two"])))
    assert boxes_of(made.path, document.text, document.pages, 3, 5) == ()


def test_another_file_is_no_place_for_boxes(made):
    document = made(page(column(50, 780, wrapped(prose(40)))))
    for other in (page(column(50, 780, wrapped(prose(40, 1)))), page(text(50, 700, "short"))):
        made.path.write_bytes(pdf(other))
        assert boxes_of(made.path, document.text, document.pages, 100, 130) is None


def test_the_boxes_of_many_passages_are_those_of_each(made):
    document = made(*(page(column(50, 780, wrapped(prose(120, n)))) for n in range(3)))
    spans = [(at, at + 40) for at in range(0, len(document.text) - 40, 25)][::-1]
    with loader.Viewer(made.path) as viewer:
        together = viewer.boxes(document.text, document.pages, spans)
        assert together == [viewer.boxes(document.text, document.pages, [one])[0] for one in spans]
        assert {box.page for some in together for box in some} == {1, 2, 3}
        # What is another text somewhere is no other one elsewhere.
        wrong = "x" + document.text[1:]
        assert [some is None for some in viewer.boxes(wrong, document.pages, [(0, 5), (5, 9)])] == [True, False]


def test_a_picture_is_small_and_only_of_pages_that_there_are(made):
    made(page(column(50, 780, ["Marked words and others"], size=20)))
    plain = picture_of(made.path, 1, 595)
    _, _, shades = png_pixels(plain.png)
    assert min(min(row) for row in shades) == 0
    assert len(plain.png) < 20_000
    assert picture_of(made.path, 2, 100) is None
    assert picture_of(made.path, 0, 100) is None


# Every position


def assert_whole(document):
    """Assert that places and runs fit the text."""
    end = 0
    for place in document.places:
        assert place.start == end < place.end
        end = place.end
    assert end == len(document.text)
    assert document.text.endswith("\n")
    assert "\n\n\n" not in document.text
    seen = set()
    for number, one in enumerate(document.pages, 1):
        for start, _, length in loader.stretches(one):
            assert 0 <= start < start + length <= len(document.text)
            assert not seen & set(range(start, start + length))
            seen |= set(range(start, start + length))
            assert {place.level for place in document.places if place.start <= start < place.end} == {number}
    assert all(document.text[at].isspace() for at in set(range(len(document.text))) - seen)


def test_every_position_is_on_a_page_and_every_letter_in_a_box(made):
    pages = [page(column(50, 780, wrapped(prose(300, n))), text(290, 30, str(n + 1))) for n in range(5)]
    document = made(*pages)
    assert_whole(document)
    assert {one.size for one in document.pages} == {(595, 842)}
    assert page_map.read(page_map.write(document.pages), len(document.text)) == document.pages
    lines = sum(len(wrapped(prose(300, n))) for n in range(5))
    assert len(json.dumps([one.runs for one in document.pages])) < 14 * lines


@st.composite
def drawn_pages(draw):
    """Pages with pieces of lines anywhere, of any size."""
    pages = []
    for index in range(draw(st.integers(1, 4))):
        characters, segments = "", []
        for _ in range(draw(st.integers(0, 14))):
            words = draw(st.text(st.sampled_from("abcXY12.,-•中文\t\ufdd0 "), min_size=1, max_size=12)).strip()
            words = words.strip("\ufdd0 \t")
            if not words:
                continue
            left, top = draw(st.integers(0, 500)), draw(st.integers(0, 60)) * 12.0
            size = draw(st.sampled_from((0.0, 7.0, 12.0, 12.0, 18.0)))
            turns = draw(st.sampled_from((0, 0, 0, 1, -1)))
            first = len(characters)
            characters += words + draw(st.sampled_from(("\r\n", " ", "")))
            end = first + len(words)
            segments.append(Segment(first, end, left, top, left + 6.0 * len(words), top + size, turns))
        pages.append(Page(index, draw(st.sampled_from(("", "iv", "3"))), characters, segments))
    return pages


@given(drawn_pages())
def test_whatever_stands_on_pages_every_character_is_in_the_text_or_left_out(pages):
    found = _pdf_layout.laid_out(pages, [_pdf_layout.body(one) for one in pages])
    whole = found["text"]
    starts = [start for start, _ in found["stretches"]]
    assert starts == sorted(set(starts))
    assert bool(starts) == bool(whole)
    for one, (label, runs, out, _) in zip(pages, found["pages"], strict=True):
        assert label == one.label
        taken = []
        for start, first, length in loader.stretches(page_map.PageText(label, tuple(runs))):
            assert whole[start : start + length] == one.characters[first : first + length]
            taken += range(first, first + length)
        assert len(taken) == len(set(taken))
        left = [at for piece in one.segments for at in range(piece.first, piece.end) if at not in set(taken)]
        # A hyphen that joins two halves is in neither, nor is the second index of a character that has two.
        missing, kept = (
            re.sub("[-\\s\ufdd0]", "", "".join(some)) for some in ([one.characters[at] for at in left], out)
        )
        assert sorted(missing) == sorted(kept)


# What others read


def test_the_words_are_those_that_pypdf_finds(made):
    left, right = left_and_right(5)
    pages = [
        page(column(50, 780, wrapped(left, 36)), column(310, 780, wrapped(right, 36))),
        page(column(50, 780, wrapped(prose(300, 7)))),
        page(text(50, 700, "Turned words"), extra=b"/Rotate 90"),
    ]
    document = made(*pages)
    others = " ".join(one.extract_text() for one in pypdf.PdfReader(made.path).pages)
    assert sorted(document.text.split()) == sorted(others.split())


def test_the_same_file_gives_the_same_text(made):
    data = pdf(*(page(column(50, 780, wrapped(prose(200, n)))) for n in range(3)))
    first, second = made(data), made(data)
    assert first == second
    assert re.fullmatch(r"pdf 1 \(PDFium \d+\)", first.loader)
    assert hashlib.sha256(data).digest() == hashlib.sha256(made.path.read_bytes()).digest()
