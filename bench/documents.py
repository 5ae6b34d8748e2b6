"""Measure documents: how long they take to be added, and a page of one to be looked at.

    python bench/documents.py [--pages 236]

Each time is the least of some tries, because other programs only make it longer. The bare loop asks PDFium for every
character of every page and does nothing with it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import papers
import pdfs

import kg
from kg import adding, scaffold
from kg.browse import responses
from kg.browse.study import BuiltStudy
from kg.facsimile import Facsimile, _close
from kg.loaders.documents import read
from kg.store import documents, passages

WORDS = "value is made by firms and people together when they talk share risk and know what the other one does".split()
LOOP = """
import sys, time, pypdfium2, pypdfium2.raw as raw
began = time.perf_counter()
document = pypdfium2.PdfDocument(sys.argv[1])
for page in document:
    text = page.get_textpage()
    for at in range(text.count_chars()):
        raw.FPDFText_GetUnicode(text.raw, at)
print(time.perf_counter() - began)
"""


def best(function: object, tries: int = 3) -> float:
    """Return the least time of some calls (seconds)."""
    times = []
    for _ in range(tries):
        began = time.perf_counter()
        function()  # type: ignore[operator]
        times.append(time.perf_counter() - began)
    return min(times)


def book(pages: int) -> bytes:
    """Return a PDF of so many pages, 45 lines each, with page numbers."""
    chance = random.Random(1)
    made = []
    for number in range(pages):
        lines = [" ".join(chance.choice(WORDS) for _ in range(13)) for _ in range(45)]
        made.append(pdfs.page(pdfs.column(50, 780, lines, leading=15), pdfs.text(290, 30, str(number + 1))))
    return pdfs.pdf(*made)


def transcript(size: int, seed: int) -> str:
    """Return an interview of so many bytes."""
    chance = random.Random(seed)
    turns, length = [], 0
    while length < size:
        words = " ".join(chance.choice(WORDS) for _ in range(chance.choice([8, 40])))
        turns.append(f"{'IB'[len(turns) % 2]}: {words.capitalize()}{'?.'[len(turns) % 2]}")
        length += len(turns[-1]) + 2
    return "\n\n".join(turns) + "\n"


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=236)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    os.environ["DART_KG_CACHE"] = str(folder / "cache")
    path = folder / "book.pdf"
    path.write_bytes(book(options.pages))

    def bare() -> float:
        return float(subprocess.run([sys.executable, "-c", LOOP, str(path)], capture_output=True, check=True).stdout)

    loop = min(bare() for _ in range(3))
    whole = best(lambda: read(path))
    print(f"{options.pages} pages: text and places {whole:.2f} s, bare loop {loop:.2f} s: {whole / loop:.1f} times")

    talks = folder / "talks"
    talks.mkdir()
    for number in range(50):
        (talks / f"talk-{number}.txt").write_text(transcript(40_000, number), "utf-8")
    study = scaffold.init(folder / "study")
    began = time.perf_counter()
    adding.add(study, [talks], adding.Options(case="kitchen"))
    print(f"50 transcripts of 40 kB: {time.perf_counter() - began:.2f} s")

    study = papers.with_paper(scaffold.init(folder / "paper"))
    adding.add(study, [path], adding.Options(case="kitchen"))
    text = (study / "sources/book.txt").read_text("utf-8")
    papers.code(study, "book", [text[at : at + 90].replace("\n", " ") for at in range(1000, len(text) - 200, 9000)])
    graph = kg.open(study)
    built = BuiltStudy(graph)
    for source in (papers.SOURCE, "book"):
        seen = Facsimile(study, documents.of_source(graph.tables, source))
        whole_text = (study / f"sources/{source}.txt").read_text("utf-8")
        spans = [(p.start, p.end) for p in passages.of_source(graph.tables, source).values()]
        pages = iter(range(1, 7))

        def fresh(seen: Facsimile = seen, pages: object = pages) -> None:
            _close()
            seen.picture(next(pages))  # type: ignore[call-overload]

        one = best(fresh)
        turned = best(lambda seen=seen, pages=pages: seen.picture(next(pages)))
        kept = best(lambda seen=seen: seen.picture(1), 20)
        _close()
        began = time.perf_counter()
        seen.boxes(whole_text, spans)
        boxes = time.perf_counter() - began
        known = best(lambda seen=seen, t=whole_text, s=spans: seen.boxes(t, s), 20)
        target = responses.Target(f"source/{source}", "html", "en", "")
        page = best(lambda target=target: responses.respond(built, target), 5)
        png = responses.Target(f"source/{source}/1", "png", "en", "")
        answered = best(lambda png=png: responses.respond(built, png), 20)
        print(
            f"{source}: a picture {one:.2f} s, the next of the same {turned:.2f} s, kept {1000 * kept:.1f} ms "
            f"(as an answer {1000 * answered:.1f} ms); boxes of {len(spans)} passages {boxes:.2f} s, "
            f"kept {1000 * known:.1f} ms; the page with all of them {1000 * page:.0f} ms"
        )
    _close()


if __name__ == "__main__":
    main()
