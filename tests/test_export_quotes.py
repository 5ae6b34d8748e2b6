"""The quotes as researchers hand them in: by proposition and by code, in Word and in Markdown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pytest
import strategies
from docx.oxml.ns import qn
from helpers import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import kg
from kg.errors import StoreUnavailable
from kg.exports import quotes, tables, word
from kg.exports.document import Block, Document

MARKED = st.text(alphabet="*_#|<>`[]()!\\~^$&@+-=:.1a 中“\"'{}\n\r\t\u3000é👍\u0301;/", max_size=30)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


def section(document, heading):
    """Return the blocks under a heading, up to the next of its level or above."""
    place = next(n for n, b in enumerate(document.blocks) if b.kind == "heading" and b.text.startswith(heading))
    level = document.blocks[place].level
    found = []
    for block in document.blocks[place + 1 :]:
        if block.kind == "heading" and block.level <= level:
            break
        found.append(block)
    return found


def under(blocks, heading):
    """Return the blocks under a heading of the second level."""
    return section(Document("", "", blocks, ""), heading)


def plain(text):
    """Bring a text to what Markdown keeps of white space: lines without spaces around them."""
    return "\n".join(line.strip(" \t") for line in re.split("\r\n|\r|\n", text.strip()))


def one_line(text):
    """Bring a text to one line."""
    return plain(text).replace("\n", " ")


def shown(markdown):
    """Return the text of every heading and paragraph that a reader of Markdown sees, with its kind."""
    found = []
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(markdown)
    for before, token in pairwise(tokens):
        assert token.type not in (
            "html_block",
            "fence",
            "code_block",
            "bullet_list_open",
            "ordered_list_open",
            "table_open",
            "hr",
        )
        if token.type == "inline":
            assert {child.type for child in token.children} <= {
                "text",
                "text_special",
                "hardbreak",
                "strong_open",
                "strong_close",
            }
            text = "".join("\n" if c.type == "hardbreak" else c.content for c in token.children)
            found.append((before.tag, text))
    return found


def test_a_proposition_has_its_quotes_for_and_against_with_reason_and_source(study):
    by_proposition, _ = quotes.documents(kg.open(study))
    first = section(by_proposition, "P1 Regular feedback")
    assert first[0] == Block("text", "contested", lead="How it stands")
    head, quote, reason = under(first, "For: supports")
    assert head.lead.startswith("Evidence line line-")
    assert head.text == "moderate · active · The coder, 2026-11-24"
    assert quote == Block(
        "quote",
        "Every Friday the coordinator tells me what went well, and that is why I come back.",
        after="Interview at the soup kitchen, para. I01 (Interview at the Soup Kitchen, personal communication, November 24, 2026) [interview:39-121]",
    )
    assert reason == Block(
        "text", "The volunteer names the weekly feedback as the reason for coming back.", lead="Because"
    )
    assert under(first, "Against: opposes")[1].text == "Two of us left although they were praised every week."
    assert under(first, "Within limits")[0].text == "No evidence."
    assert under(first, "Stated by the theory")[0].text == "Volunteers who get regular feedback stay longer."


def test_a_proposition_without_evidence_says_so_and_where_it_was_looked_for(study):
    by_proposition, _ = quotes.documents(kg.open(study))
    second = section(by_proposition, "P2 Pay")
    assert under(second, "For: supports") == [Block("text", "No evidence: unsupported.")]
    (note,) = under(second, "Looked for, found nothing")
    assert note.text.endswith("neither is mentioned. (The coder, 2026-11-24)")


def test_evidence_that_no_longer_counts_is_shown_apart_with_why(study, edit):
    edit(
        "codings/interview.yaml",
        "        strength: weak\n",
        "        strength: weak\n        status: withdrawn\n        status_date: 2026-12-01\n        status_reason: hearsay\n",
    )
    by_proposition, _ = quotes.documents(kg.open(study))
    first = section(by_proposition, "P1 Regular feedback")
    assert under(first, "Against: opposes") == [Block("text", "No evidence.")]
    head, quote, _ = under(first, "Not counted")
    assert head.text == "weak · opposes, but withdrawn on 2026-12-01: hearsay · The coder, 2026-11-24"
    assert quote.text.startswith("Two of us left")


def test_codes_stand_under_the_code_above_them_with_coder_day_and_memo(study):
    _, by_code = quotes.documents(kg.open(study))
    headings = [(b.level, b.text) for b in by_code.blocks if b.kind == "heading"]
    assert headings == [
        (1, "Belonging [belonging]"),
        (1, "Recognition [recognition]"),
        (2, "Weekly feedback [weekly-feedback]"),
        (1, "References"),
    ]
    assert section(by_code, "Recognition")[2].text == "No quote has this code itself."
    blocks = section(by_code, "Weekly feedback")
    assert Block("text", "praise and criticism alike", lead="Given when") in blocks
    assert Block("text", "feedback", lead="Indicates") in blocks
    assert blocks[-1] == Block("text", "The coder, 2026-11-24: Praise alone was not enough here.", lead="Coded by")


def test_a_document_says_so_when_it_has_no_list_of_references(study):
    # An interview of one's own is cited in the text only, as APA has it.
    assert [section(d, "References") for d in quotes.documents(kg.open(study))] == [[Block("text", "None.")]] * 2


def test_two_coders_of_a_passage_are_both_named_under_one_quote(dart):
    _, by_code = quotes.documents(dart)
    rows = list(tables.rows(dart, "codings"))
    assert sum(b.lead == "Coded by" for b in by_code.blocks) == len(rows)
    assert sum(b.kind == "quote" for b in by_code.blocks) == len({(row["code"], row["excerpt"]) for row in rows})


def test_the_bibliography_has_what_the_quotes_cite_and_nothing_else(study, edit):
    edit("references.json", "[\n", '[\n  {"id": "other", "type": "book", "title": "Never cited"},\n')
    edit("references.json", '"type": "interview"', '"type": "report"')
    for document in quotes.documents(kg.open(study)):
        (entry,) = section(document, "References")
        assert entry.text.startswith("Interview at the soup kitchen. (2026).")


@settings(max_examples=examples(6))
@given(made=strategies.files())
def test_every_quote_memo_and_reason_of_a_study_is_in_all_files_word_for_word(made):
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        graph = kg.open(strategies.write(out / "study", made))
        quotes.write_markdown(graph, out)
        quotes.write_docx(graph, out)
        for file, table, texts in (
            ("by-proposition", "evidence", ("quote", "rationale")),
            ("by-code", "codings", ("quote", "memo")),
        ):
            seen = "\n".join(text for _, text in shown((out / f"{file}.md").read_text("utf-8")))
            read = "\n".join(p.text for p in docx.Document(out / f"{file}.docx").paragraphs)
            wanted = {row[text] for row in tables.rows(graph, table) for text in texts if row[text]}
            assert all(plain(text) in seen and text in read for text in wanted)
            assert seen.count("\n“") == read.count("\n“")


@given(MARKED, MARKED, MARKED, MARKED)
def test_no_text_of_a_study_is_taken_for_markdown(title, text, quote, after):
    made = "\n\n".join(
        quotes._markdown(block)
        for block in (
            Block("heading", f"P1 {title}"),
            Block("text", f"x{text}", lead=f"Evidence line {one_line(title)}"),
            Block("text", text),
            Block("quote", quote, after=f"source {after}"),
        )
    )
    found = shown(made)
    assert found[0] == ("h2", one_line(f"P1 {title}"))
    assert [part for part in found if part[0] == "p"] == [
        part
        for part in (
            ("p", f"Evidence line {one_line(title)}".strip() + ": " + plain(f"x{text}")),
            ("p", plain(text)),
            ("p", f"“{plain(quote)}”"),
            ("p", f"— {one_line(f'source {after}')}"),
        )
        if part[1]
    ]


def test_word_has_headings_quotes_and_a_chinese_font(study, edit, folder):
    edit("propositions.yaml", "volunteers stay.}", "volunteers stay., zh: 定期反馈延长志愿者的服务时间。}")
    quotes.write_docx(kg.open(study), folder)
    read = docx.Document(folder / "by-proposition.docx")
    styles = [(p.style.name, p.text) for p in read.paragraphs]
    assert styles[0] == ("Title", "Why volunteers stay: quotes by proposition")
    assert styles[1] == ("Heading 1", "P1 Regular feedback lengthens the time volunteers stay.")
    assert styles[2] == ("Normal", "定期反馈延长志愿者的服务时间。")
    assert ("Heading 2", "For: supports") in styles
    assert any(style == "Quote" and text.startswith("“Every Friday") for style, text in styles)
    fonts = list(read.styles.element.iter(qn("w:rFonts")))
    assert {font.get(qn("w:eastAsia")) for font in fonts} == {word.CHINESE_FONT}
    assert not any(font.get(qn("w:eastAsiaTheme")) for font in fonts)
    assert {tag.get(qn("w:eastAsia")) for tag in read.styles.element.iter(qn("w:lang"))} == {"zh-CN"}
    assert read.core_properties.created.date().isoformat() == "2026-11-24"
    assert read.core_properties.author == ""


def test_word_holds_what_xml_cannot(tmp_path):
    blocks = [Block("quote", "a\x00\x1b\ufffe<b>\r\nc\td & e", after="\x07"), Block("heading", "h\x0b", 12)]
    file = tmp_path / "made.docx"
    file.write_bytes(word.document(Document("made", "t\x01", blocks, quotes.EARLIEST)))
    title, quote, heading = docx.Document(file).paragraphs
    assert (title.text, heading.text, heading.style.name) == ("t\ufffd", "h\ufffd", "Heading 9")
    assert quote.text == "“a\ufffd\ufffd\ufffd<b>\nc\td & e”\n— \ufffd"


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes_at_another_time_and_place(study, folder):
    code = "import pathlib, sys, kg; from kg.exports import quotes\nquotes.write_docx(kg.open(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    quotes.write_docx(kg.open(study), folder)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    given = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai"}
    subprocess.run([sys.executable, "-c", code, study, elsewhere], check=True, env=given)
    for name in ("by-code.docx", "by-proposition.docx"):
        assert (folder / name).read_bytes() == (elsewhere / name).read_bytes()
        with zipfile.ZipFile(folder / name) as packed:
            assert {member.date_time for member in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_missing_package_is_named_with_how_to_get_it(study, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(
        StoreUnavailable, match=r"python-docx: pip install '\.\[export\]' in the checkout; Markdown needs none"
    ):
        quotes.write_docx(kg.open(study), folder)
