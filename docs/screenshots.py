"""Make the pictures of the pages that README and docs show, from the bundled study.

    python docs/screenshots.py

It needs the packages of the tests and a Chromium.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

import browser  # noqa: E402 - the tests' way to a browser

import kg  # noqa: E402

SHOTS = {
    "map": ("/", 1440, 900, "light"),
    "answer": ("/ask?q=what+supports+transparency", 1280, 860, "light"),
    "source": ("/source/afu?at=5521-5662#excerpt-5521-5662", 1280, 760, "light"),
    "picture": ("/explore?of=proposition/P17", 1440, 900, "light"),
    "phone": ("/zh/proposition/P18", 390, 760, "dark"),
}
"""Name, address, width and height (pixels), and colours of each."""


def main() -> None:
    """Make them all."""
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


if __name__ == "__main__":
    main()
