"""A source as it is read: turns, headings and pages in the margin, the document's pages beside, ways there and back."""

from __future__ import annotations

import contextlib
import gzip
import re
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import browser
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import EXAMPLES, QUOTES, SOURCE, code, with_paper

import kg
from kg import adding, facsimile
from kg.browse import reader, reading, responses, site, workers
from kg.browse.responses import Target
from kg.browse.study import BuiltStudy
from kg.places import Place
from kg.progress import silent
from kg.store import passages


@pytest.fixture
def served(study):
    """A study with the paper and the interviews, as pages are made of it."""
    adding.add(study, [EXAMPLES / "interviews", EXAMPLES / "documents/handbook.docx"], adding.Options(case="kitchen"))
    code(study, "li", ["The coordinator tells us every Friday what went well."])
    return BuiltStudy(kg.open(with_paper(study)))


def ask(built, path, form="html", query="", language="en"):
    answer = responses.respond(built, Target(path, form, language, query))
    return answer, gzip.decompress(answer.body)


def page_of(built, path, query="", language="en"):
    answer, body = ask(built, path, query=query, language=language)
    assert answer.status == 200
    return body.decode()


def excerpt(built, words):
    found = [p for p in passages.of_source(built.tables, SOURCE).values() if words in p.quote]
    return found[0]


# How the text is split


def test_turns_and_headings_begin_paragraphs_of_their_own():
    text = "Talk\nI: Why?\nB: So.\nAnd so on.\n"
    places = [
        Place("heading", 0, 4, "Talk", 2),
        Place("turn", 5, 12, "I"),
        Place("turn", 13, 30, "B", time=(65.0, 70.0)),
    ]
    blocks = reader.blocks(text, [], (), places)
    assert [("".join(s.text for s in b.segments), b.heading, b.turn and b.turn.label) for b in blocks] == [
        ("Talk", 2, None),
        ("I: Why?", 0, "I"),
        ("B: So.\nAnd so on.\n", 0, "B"),
    ]


def test_rows_of_a_table_stay_together_and_other_lines_of_a_pdf_do_not():
    text = "One.\nTwo.\na\tb\nc\td\nThree."
    blocks = reader.blocks(text, [], (), [Place("page", 0, len(text), "1", 1)])
    assert ["".join(s.text for s in b.segments) for b in blocks] == ["One.", "Two.", "a\tb\nc\td", "Three."]


@st.composite
def texts(draw):
    """A text with places and passages anywhere."""
    text = draw(st.text("ab \n\t#", min_size=1, max_size=60))
    at = st.integers(0, len(text))
    ends = sorted(draw(st.lists(at, max_size=5, unique=True)))
    pages = [
        Place("page", start, end, f"p{draw(st.integers(1, 4))}", draw(st.integers(1, 4)))
        for start, end in zip([0, *ends], [*ends, len(text)], strict=True)
        if start < end
    ]
    spans = draw(st.lists(st.tuples(at, at).filter(lambda span: span[0] < span[1]), max_size=4))
    turns = [Place("turn", *span, "B") for span in spans[:2]]
    marks = [reader.Mark(*span, f"s:{span[0]}-{span[1]}") for span in spans]
    places = pages * draw(st.booleans()) + turns
    return text, marks, sorted(places, key=lambda place: (place.start, -place.end, place.kind))


@given(texts())
def test_however_a_text_is_split_nothing_is_lost_and_every_passage_is_whole(drawn):
    text, marks, places = drawn
    blocks = reader.blocks(text, marks, (), places)
    at = 0
    for block in blocks:
        assert not text[at : block.start].strip()
        words = "".join(segment.text for segment in block.segments)
        assert text.startswith(words, block.start)
        at = block.start + len(words)
    assert not text[at:].strip()
    for mark in marks:
        told = "".join(s.text for b in blocks for s in b.segments if mark.id in s.marks)
        assert "".join(told.split()) == "".join(text[mark.start : mark.end].split())
    numbers = sorted({place.level for place in places if place.kind == "page"})
    leaves = reader.leaves(blocks, numbers)
    assert [block for leaf in leaves for block in leaf.blocks] == blocks
    assert sorted(number for leaf in leaves for number in leaf.pages) == (numbers if blocks else [])


def test_a_page_is_beside_the_text_that_begins_on_it():
    text = "One.\nTwo goes on.\n1 Note.\nThree."
    cuts = [(0, 9, 1), (9, 18, 2), (18, 26, 1), (26, 32, 2)]
    places = [Place("page", start, end, str(number), number) for start, end, number in cuts]
    leaves = reader.leaves(reader.blocks(text, [], (), places), [1, 2, 3])
    assert [([b.start for b in leaf.blocks], leaf.pages) for leaf in leaves] == [([0, 5, 18], (1,)), ([26], (2, 3))]


def test_times_are_those_of_a_player():
    assert [reading.time(seconds) for seconds in (0, 59.9, 60, 3600)] == ["0:00", "0:59", "1:00", "1:00:00"]


# What stands on the page


def test_an_interview_shows_who_speaks_and_marks_the_interviewers_words(served):
    page = page_of(served, "source/li")
    first, second = re.findall(r'<div class="block( asks)?">\n<p class="turn" lang="en">(.*?)</p>', page)[:2]
    assert first == (" asks", '<b>I</b> <span class="role">interviewer</span>')
    assert second == ("", '<b>B</b> <span class="role">participant</span>')
    assert '<span class="role">访谈者</span>' in page_of(served, "source/li", language="zh")
    group = page_of(served, "source/focus")
    assert '<p class="turn" lang="en"><b>Bob Stone</b> <time>0:10</time></p>' in group


def test_a_word_document_shows_its_headings(served):
    page = page_of(served, "source/handbook")
    assert '<h2 class="text">The Friday talk</h2>' in page
    assert "leafmark" not in page


def test_the_paper_stands_beside_its_text_with_boxes_that_lead_back(served):
    passage = excerpt(served, "remembered by nobody")
    page = page_of(served, f"source/{SOURCE}", f"at={passage.start}-{passage.end}")
    assert re.findall(r'id="leaf-(\d)"', page) == list("123456")
    assert list(re.findall(r'id="page-\d" href="#leaf-\d" aria-label="page (\d+)"', page)) == [
        str(number) for number in range(112, 118)
    ]
    for number in (4, 5):
        sheet = page.split(f'id="leaf-{number}"')[1].split("</figure>")[0]
        address = f"/source/{SOURCE}?at={passage.start}-{passage.end}#excerpt-{passage.start}-{passage.end}"
        assert f'class="box chosen" href="{address}"' in sheet
        assert f'src="/source/{SOURCE}/pages/{number}.png"' in sheet
        assert f'alt="page {111 + number}, as it is printed"' in sheet
        assert f'href="#leaf-{number - 1}" aria-label="previous page: {110 + number}"' in sheet
    assert page.count('class="sheet asked"') == 2


def test_a_passage_links_to_its_page_and_its_reference_where_it_stands(served):
    passage = excerpt(served, "remembered by nobody")
    page = page_of(served, f"source/{SOURCE}")
    beside = page.split(f'data-passage="{passage.start}-{passage.end}"')[1].split("</li>")[0]
    assert 'href="#leaf-4">pages 115–116</a>' in beside
    assert 'class="reference" href="/reference/ilvesoo2021"' in beside
    # And backwards: the reference lists the passage, with the way to it.
    assert f"at={passage.start}-{passage.end}#excerpt-{passage.start}-{passage.end}" in page_of(
        served, "reference/ilvesoo2021"
    )


def test_the_picture_of_a_page_is_an_answer_of_its_own(served):
    answer, png = ask(served, f"source/{SOURCE}/4", "png")
    assert (answer.kind, answer.status, answer.passing) == ("image/png", 200, False)
    assert png.startswith(b"\x89PNG")
    again, _ = ask(served, f"source/{SOURCE}/4", "png")
    assert again.tag == answer.tag


@pytest.mark.parametrize(
    ("path", "says"), [(f"source/{SOURCE}/99", "no page 99"), ("source/li/1", "no pages"), (f"source/{SOURCE}/0", "no page 0")]
)  # fmt: skip
def test_a_page_that_there_is_not_is_a_picture_that_says_so(served, path, says):
    answer, svg = ask(served, path, "png")
    assert (answer.kind, answer.status, answer.passing) == ("image/svg+xml", 404, True)
    assert says in svg.decode()


def test_a_picture_of_no_source_is_a_page_of_an_error(served):
    answer, _ = ask(served, "source/nope/1", "png")
    assert (answer.kind, answer.status) == (responses.HTML, 404)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_document_that_is_gone_or_another_is_said_and_its_text_is_shown(served, language):
    from kg.words import word

    original = served.graph.folder / f"sources/originals/{SOURCE}.pdf"
    kept = original.read_bytes()
    for damage, says in ((None, facsimile.MISSING), (b"%PDF-1.7 damaged", facsimile.CHANGED)):
        original.unlink() if damage is None else original.write_bytes(damage)
        answer, body = ask(served, f"source/{SOURCE}", language=language)
        page = body.decode()
        # It is not kept, because the file may be put back.
        assert (answer.status, answer.passing) == (200, True)
        assert word(says, language) in page
        assert "A kitchen that serves eighty meals" in page
        assert "leafmark" in page
        assert "<figure" not in page
    original.write_bytes(kept)
    answer, body = ask(served, f"source/{SOURCE}", language=language)
    assert not answer.passing
    assert "<figure" in body.decode()


def test_what_a_document_calls_its_parts_is_escaped(served, monkeypatch):
    from kg.browse import records
    from kg.store.documents import Document

    evil = '"><script>alert(1)</script>'
    places = (Place("page", 0, 40, evil, 1), Place("turn", 0, 40, evil, time=(1.0, 2.0)))
    monkeypatch.setattr(
        records.documents, "of_source", lambda *_: Document("", "", None, places, {evil: "interviewer"})
    )
    assert "<script>alert" not in page_of(served, "source/li")


@pytest.mark.slow
def test_many_requests_at_once_start_no_more_processes_than_there_are_workers(served):
    ours = psutil.Process()
    most, over = 0, threading.Event()

    def count():
        nonlocal most
        while not over.wait(0.02):
            with contextlib.suppress(psutil.Error):
                lines = [" ".join(child.cmdline()) for child in ours.children(recursive=True)]
                most = max(most, sum("_pdf_process" in line for line in lines))

    with browser.served(served.graph.folder) as address:
        counting = threading.Thread(target=count)
        counting.start()
        wanted = [f"{address}/source/{SOURCE}/pages/{number}.png" for number in range(1, 7)] * 4
        with ThreadPoolExecutor(len(wanted)) as pool:
            answers = list(pool.map(lambda url: urllib.request.urlopen(url).read(), wanted))
        over.set()
        counting.join()
    assert 1 <= most <= workers.number()
    assert answers[:6] == answers[6:12] == answers[12:18] == answers[18:]
    assert len(set(answers)) == 6


# In a folder of files


def test_a_folder_of_files_has_the_pages_with_passages_and_their_boxes(served, tmp_path):
    told = site.write(served.graph, tmp_path / "site", silent)
    labels = {label for some in QUOTES.values() for label in some}
    assert told == (len(labels), ())
    files = sorted(path.name for path in (tmp_path / "site/source").glob("*.png"))
    assert files == [f"{SOURCE}-{int(label) - 111}.png" for label in sorted(labels)]
    for name, up in ((f"source/{SOURCE}.html", "../"), (f"zh/source/{SOURCE}.html", "../../")):
        page = (tmp_path / "site" / name).read_text("utf-8")
        assert re.findall(r'<img src="([^"]*)"', page) == [f"{up}source/{file}" for file in files]
        assert page.count('class="box"') >= len(QUOTES)


def test_pages_for_which_a_folder_has_no_room_are_left_out_whole(served, tmp_path, monkeypatch):
    monkeypatch.setattr(site, "PICTURES", 100_000)
    assert site.write(served.graph, tmp_path / "site", silent) == (0, (SOURCE,))
    assert not list((tmp_path / "site").rglob("*-*.png"))
    assert "<figure" not in (tmp_path / f"site/source/{SOURCE}.html").read_text("utf-8")


def test_a_folder_without_pages_is_wanted(served, tmp_path):
    assert site.write(served.graph, tmp_path / "site", silent, pictures=False) == (0, ())
    assert not list((tmp_path / "site").rglob("*.png"))
