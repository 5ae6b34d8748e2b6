"""Make the pictures of the pages that README and docs show, from the bundled study.

    python docs/screenshots.py              # all
    python docs/screenshots.py first-study  # those of the first study, by the steps that its test does

It needs the packages of the tests and a Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import browser  # noqa: E402 - the tests' way to a browser
import first_study  # noqa: E402
import papers  # noqa: E402

import kg  # noqa: E402
from kg import scaffold  # noqa: E402
from kg.store import passages  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHOTS = {
    "map": ("/", 1440, 900, "light"),
    "answer": ("/ask?q=what+supports+transparency", 1280, 860, "light"),
    "source": ("/source/afu?at=5521-5662#excerpt-5521-5662", 1280, 760, "light"),
    "picture": ("/explore?of=proposition/P17", 1440, 900, "light"),
    "phone": ("/zh/proposition/P18", 390, 760, "dark"),
}
"""Name, address, width and height (pixels), and colours of each."""
DOCUMENT = ("document", "Praise without an event was remembered by nobody.", 1440, 800)
"""Name, passage, width and height of the picture of the example of docs/documents.md."""


def main() -> None:
    """Make them all, or those of the first study."""
    if sys.argv[1:] == ["first-study"]:
        with browser.chromium() as running:
            first_studies(running)
        return
    kg.open("dart")
    with browser.chromium() as running, browser.served(kg.open("dart").folder) as address:
        for name, (path, width, height, scheme) in SHOTS.items():
            with browser.Visit(
                running, address, viewport={"width": width, "height": height}, color_scheme=scheme
            ) as visit:
                page = visit.go(path)
                if "explore" in path:
                    page.wait_for_selector("#stage[data-drawn]")
                page.wait_for_timeout(300)
                page.screenshot(path=HERE / "pictures" / f"{name}.png")
        document(running)
        first_studies(running)


def first_studies(running: Browser) -> None:
    """Make the pictures of the first study, in both languages."""
    for story in (first_study.ENGLISH, first_study.CHINESE):
        place = HERE / "pictures" / story.page
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as room:
            study = first_study.begin(story, Path(room))
            with (
                browser.edited(study) as (address, begin),
                browser.Visit(running, address, viewport={"width": 1120, "height": 720}) as visit,
            ):

                def shot(name: str, page: Page = visit.page, place: Path = place) -> None:
                    page.wait_for_timeout(300)
                    page.screenshot(path=place / f"{name}.png")

                first_study.in_the_browser(visit.page, story, address, begin, study, shot)


def document(running: Browser) -> None:
    """Make the picture of the example of docs/documents.md."""
    name, words, width, height = DOCUMENT
    with tempfile.TemporaryDirectory() as folder:
        study = papers.with_paper(scaffold.init(Path(folder) / "my-study"), {words: ()})
        graph = kg.open(study)
        (passage,) = passages.of_source(graph.tables, papers.SOURCE).values()
        span = f"{passage.start}-{passage.end}"
        with (
            browser.served(study) as address,
            browser.Visit(running, address, viewport={"width": width, "height": height}) as visit,
        ):
            page = visit.go(f"/source/{papers.SOURCE}?at={span}#excerpt-{span}")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1000)
            page.screenshot(path=HERE / "pictures" / f"{name}.png")


if __name__ == "__main__":
    main()
