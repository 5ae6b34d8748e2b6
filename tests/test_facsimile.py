"""The pages of a document as pictures, and the boxes of its passages on them: made once, kept, and never of another file."""

from __future__ import annotations

import hashlib
import os
import random
import runpy

import pytest
from papers import EXAMPLES, PAPER, QUOTES, SOURCE, with_paper
from pdfs import bomb, column, page, pdf, png_pixels

import kg
from kg import adding, facsimile, places, scaffold
from kg.adding import again
from kg.facsimile import Facsimile, NotShown
from kg.loaders.documents import pdf as loader
from kg.store import documents, passages
from kg.store.documents import Document


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """The paper in a study that was built."""
    folder = tmp_path_factory.mktemp("paper") / "study"
    scaffold.init(folder)
    return kg.open(with_paper(folder))


@pytest.fixture(autouse=True)
def forgotten():
    """No document stays open, and nothing is remembered of another test."""
    facsimile._close()
    facsimile._refused.clear()
    yield
    facsimile._close()


@pytest.fixture
def seen(study):
    """The paper in a study of its own, as a page looks at it."""
    graph = kg.open(with_paper(study))
    return Facsimile(study, documents.of_source(graph.tables, SOURCE)), graph


def text_of(graph):
    return (graph.folder / f"sources/{SOURCE}.txt").read_text("utf-8")


def spans_of(graph):
    return [(p.start, p.end) for p in passages.of_source(graph.tables, SOURCE).values()]


# What stands where: the ink that goes when the words are taken away

LINES = [
    "Value is made by firms and peo-",
    "ple together when they talk and",
    "share the risk, and know what it",
    "is that the other one does. So a",
    "dialogue is more than an interro-",
    "gation, and less than friendship.",
    "People who are heard come again.",
    "Firms that listen are not better.",
]


def two_columns(blank=()):
    """Return two pages of two columns each; characters at some places of the lines are left blank."""
    pages = []
    for number in range(2):
        content = []
        for side in range(2):
            lines = [
                "".join(" " if (number, side, at, place) in blank else c for place, c in enumerate(line))
                for at, line in enumerate(LINES)
            ]
            content.append(column(50 + 260 * side, 780, lines, size=12, leading=16))
        pages.append(page(*content))
    return pdf(*pages)


def ink(png):
    """Return the pixels that are not white."""
    width, height, rows = png_pixels(png)
    return width, height, {(x, y) for y, row in enumerate(rows) for x, shade in enumerate(row) if shade < 200}


@pytest.mark.parametrize("seed", range(6))
def test_the_boxes_of_a_passage_hold_the_ink_that_goes_with_its_words_and_no_other(tmp_path, seed):
    """Over lines, hyphens, columns and the page break: in Courier nothing moves when words are blanks."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(two_columns())
    document = loader.read(path)
    every = [
        (number, side, at, place)
        for number in range(2)
        for side in range(2)
        for at, line in enumerate(LINES)
        for place, _ in enumerate(line)
    ]
    # The text has them in this order, but for hyphens at line ends and the blanks between.
    printed = [one for one in every if LINES[one[2]][one[3]] not in " -"]
    letters = [at for at, character in enumerate(document.text) if character not in " \n-"]
    assert len(printed) == len(letters)
    chance = random.Random(seed)
    first = chance.randrange(len(letters) - 60)
    last = min(len(letters) - 1, first + chance.choice([3, 40, 150, 300]))
    path.with_name("blank.pdf").write_bytes(two_columns(set(printed[first : last + 1])))
    with loader.Viewer(path) as whole, loader.Viewer(path.with_name("blank.pdf")) as without:
        (boxes,) = whole.boxes(document.text, document.pages, [(letters[first], letters[last] + 1)])
        assert boxes
        for number in (1, 2):
            width, height, black = ink(whole.picture(number, 595).png)
            gone = black - ink(without.picture(number, 595).png)[2]
            here = [b for b in boxes if b.page == number]
            assert bool(gone) == bool(here)

            def inside(pixel, room, here=here, width=width, height=height):
                x, y = (pixel[0] + 0.5) / width, (pixel[1] + 0.5) / height
                across, down = room / width, room / height
                return any(
                    b.left - across <= x <= b.right + across and b.top - down <= y <= b.bottom + down for b in here
                )

            # A pixel at the edge of a letter may differ where the letter after it is drawn with others.
            assert sum(not inside(pixel, 2) for pixel in gone) <= 0.005 * len(gone)
            assert not [pixel for pixel in black - gone if inside(pixel, -1.5)]


def test_passages_are_on_the_pages_on_which_pypdf_finds_their_words(paper):
    import pypdf

    reader = pypdf.PdfReader(PAPER)
    document = documents.of_source(paper.tables, SOURCE)
    seen = Facsimile(paper.folder, document)
    text = text_of(paper)
    assert [sheet.label for sheet in seen.sheets(len(text))] == reader.page_labels
    found = seen.boxes(text, spans_of(paper))
    assert len(found) == len(QUOTES)
    for (start, end), boxes in found.items():
        words = text[start:end]
        labels = [reader.page_labels[number - 1] for number in sorted({box.page for box in boxes})]
        assert tuple(labels) == QUOTES[words]
        for number in {box.page for box in boxes}:
            heights = []
            reader.pages[number - 1].extract_text(
                visitor_text=lambda said, _, matrix, *__, heights=heights: heights.append((matrix[5], said))
            )
            for box in (one for one in boxes if one.page == number):
                # A line of print whose baseline lies in the box has a word of the passage.
                lines = [said for y, said in heights if box.top <= 1 - y / 594 <= box.bottom + 0.002 and said.strip()]
                assert any(word.strip("-.,;") in words for line in lines for word in line.split())


# What is kept


def test_what_was_made_is_kept_and_needs_no_document_any_more(seen, monkeypatch):
    page_seen, graph = seen
    spans = spans_of(graph)
    boxes, picture = page_seen.boxes(text_of(graph), spans), page_seen.picture(3)
    assert picture.startswith(b"\x89PNG")
    assert png_pixels(picture)[0] == facsimile.WIDTH
    monkeypatch.setattr(loader, "Viewer", None)
    facsimile._close()
    assert page_seen.boxes(text_of(graph), spans) == boxes
    page_seen.path.unlink()
    assert page_seen.picture(3) == picture
    with pytest.raises(NotShown, match="not there"):
        page_seen.picture(4)


def test_pages_are_turned_in_one_process(seen, monkeypatch):
    page_seen, _ = seen
    begun = []
    started = loader.Viewer.__enter__
    monkeypatch.setattr(loader.Viewer, "__enter__", lambda viewer: begun.append(1) or started(viewer))
    for number in (1, 2, 3):
        page_seen.picture(number)
    assert len(begun) == 1


def test_a_process_that_was_ended_meanwhile_is_replaced(seen):
    page_seen, _ = seen
    page_seen.picture(1)
    ((_, viewer),) = facsimile._open.items()
    viewer._opened._child.kill()
    assert page_seen.picture(2).startswith(b"\x89PNG")


def test_a_document_is_closed_when_nobody_looks_at_it_any_more(seen, monkeypatch):
    page_seen, _ = seen
    monkeypatch.setattr(facsimile, "IDLE", 0.0)
    page_seen.picture(1)
    facsimile._closing[0].join(30)
    assert not facsimile._open


def test_what_was_looked_at_longest_ago_goes_first(seen, monkeypatch):
    page_seen, _ = seen
    sizes = [len(page_seen.picture(number)) for number in (1, 2, 3)]
    for age, number in ((300, 2), (200, 1), (100, 3)):
        file = page_seen.kept / f"{number}-{facsimile.WIDTH}.png"
        os.utime(file, (file.stat().st_mtime - age,) * 2)
    page_seen.picture(2)  # looked at again
    monkeypatch.setattr(facsimile, "MOST", sum(sizes) + 10)
    page_seen.picture(4)
    left = {int(file.name.partition("-")[0]) for file in page_seen.kept.glob("*.png")}
    assert 1 not in left
    assert {2, 4} <= left
    assert sum(file.stat().st_size for file in page_seen.kept.iterdir()) <= facsimile.MOST


def test_a_kept_file_that_is_damaged_is_made_anew(seen):
    page_seen, graph = seen
    boxes = page_seen.boxes(text_of(graph), spans_of(graph))
    (file,) = page_seen.kept.glob("boxes-*")
    for damage in (b"", b"[[1,2]]", b"{}", b"\xff"):
        file.write_bytes(damage)
        assert page_seen.boxes(text_of(graph), spans_of(graph)) == boxes


def test_a_cache_that_cannot_be_written_costs_only_time(seen, monkeypatch):
    page_seen, _ = seen

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(facsimile, "write_whole", full)
    assert page_seen.picture(1) == page_seen.picture(1)
    assert not list(page_seen.kept.glob("*.png"))


# What cannot be shown is said


def test_another_document_is_never_shown(seen):
    page_seen, graph = seen
    page_seen.path.write_bytes(pdf(page(column(50, 700, ["another"]))))
    for look in (lambda: page_seen.picture(1), lambda: page_seen.boxes(text_of(graph), spans_of(graph))):
        with pytest.raises(NotShown) as error:
            look()
        assert str(error.value) == facsimile.CHANGED


@pytest.mark.parametrize("become", ["gone", "folder", "pipe"])
def test_a_document_that_is_not_there_is_said(seen, become):
    page_seen, _ = seen
    page_seen.path.unlink()
    if become == "folder":
        page_seen.path.mkdir()
    elif become == "pipe":
        os.mkfifo(page_seen.path)
    with pytest.raises(NotShown) as error:
        page_seen.picture(1)
    assert str(error.value) == facsimile.MISSING


@pytest.mark.parametrize("damage", [None, b"", b"{}", b'{"pages": [{"label": 1}]}', b"\xff"])
def test_without_the_map_of_a_page_there_are_pictures_and_no_boxes(seen, damage):
    page_seen, graph = seen
    file = graph.folder / f"sources/{SOURCE}.pages.json"
    file.unlink() if damage is None else file.write_bytes(damage)
    with pytest.raises(NotShown) as error:
        page_seen.boxes(text_of(graph), spans_of(graph))
    assert str(error.value) == facsimile.UNKNOWN
    assert page_seen.picture(1).startswith(b"\x89PNG")
    assert [sheet.label for sheet in page_seen.sheets(len(text_of(graph)))] == [str(n) for n in range(112, 118)]


def test_words_that_stand_elsewhere_on_the_page_have_no_box(seen):
    page_seen, graph = seen
    text = text_of(graph)
    (start, end), *others = spans_of(graph)
    wrong = text[:start] + text[start].swapcase() + text[start + 1 :]
    assert set(page_seen.boxes(wrong, spans_of(graph))) == set(others)
    assert set(page_seen.boxes(text, spans_of(graph))) == {(start, end), *others}


def test_a_locked_document_is_said(study, tmp_path):
    import pypdf

    writer = pypdf.PdfWriter(clone_from=PAPER)
    writer.encrypt("sesame", algorithm="RC4-128")
    with (tmp_path / "locked.pdf").open("wb") as stream:
        writer.write(stream)
    adding.add(study, [tmp_path / "locked.pdf"], adding.Options(password=lambda _: "sesame"))
    graph = kg.open(study)
    page_seen = Facsimile(study, documents.of_source(graph.tables, "locked"))
    with pytest.raises(NotShown, match="needs a password"):
        page_seen.picture(1)


def test_a_page_that_is_a_strip_is_left_out(study, tmp_path):
    sizes = [(0, 0, 595, 842), (0, 0, 10, 14_000), (0, 0, 14_000, 10), (0, 0, 14_000, 14_000)]
    pages = [page(column(2, 5, [f"page {number}"], size=4), media=size) for number, size in enumerate(sizes, 1)]
    (tmp_path / "strip.pdf").write_bytes(pdf(*pages))
    adding.add(study, [tmp_path / "strip.pdf"], adding.Options())
    graph = kg.open(study)
    page_seen = Facsimile(study, documents.of_source(graph.tables, "strip"))
    length = len((study / "sources/strip.txt").read_text("utf-8"))
    assert [(sheet.number, round(sheet.height, 2)) for sheet in page_seen.sheets(length)] == [(1, 1.42), (4, 1.0)]
    width, height, _ = png_pixels(page_seen.picture(4))
    assert (width, height) == (facsimile.WIDTH, facsimile.WIDTH)


def test_a_page_that_takes_too_long_is_said_and_not_tried_at_every_look(tmp_path, monkeypatch):
    (tmp_path / "bomb.pdf").write_bytes(bomb())
    digest = hashlib.sha256(bomb()).hexdigest()
    called = (places.Place("page", 0, 1, "1", 1), places.Place("page", 1, 2, "2", 2))
    page_seen = Facsimile(tmp_path, Document("bomb.pdf", digest, None, called))
    assert page_seen.picture(1).startswith(b"\x89PNG")
    facsimile._close()
    monkeypatch.setattr(loader, "LOOK_TIME", 0.5)
    for _ in range(2):
        with pytest.raises(NotShown, match=r"takes (too long|more memory)"):
            page_seen.picture(2)
        monkeypatch.setattr(loader, "Viewer", None)
    assert page_seen.picture(1).startswith(b"\x89PNG")


# The files of the example


def test_the_documents_of_the_example_are_those_that_their_program_writes(tmp_path):
    runpy.run_path(str(EXAMPLES / "make.py"))["write"](tmp_path)
    for file in sorted((EXAMPLES / "documents").iterdir()):
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()


def test_a_study_of_before_gets_the_map_of_its_pages(seen, edit):
    _, graph = seen
    study = graph.folder
    written = (study / f"sources/{SOURCE}.pages.json").read_bytes()
    digest = hashlib.sha256(written).hexdigest()
    edit(f"sources/{SOURCE}.places.json", f'"pages": "{digest}",\n ', "")
    (study / f"sources/{SOURCE}.pages.json").unlink()
    assert documents.of_source(kg.open(study).tables, SOURCE).pages is None
    (renewal,) = again.renew(study, [], adding.Options(), write=True)
    assert (renewal.places, renewal.lines, len(renewal.moved)) == (True, (0, 0), 0)
    assert (study / f"sources/{SOURCE}.pages.json").read_bytes() == written
    assert documents.of_source(kg.open(study).tables, SOURCE).pages.sha256 == digest
