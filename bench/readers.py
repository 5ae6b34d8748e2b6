"""Measure the pages of 'kg browse' for readers at once while somebody edits the study, beside the same without edits.

    python bench/readers.py STUDY [--requests 1000] [--rounds 3] [--every 5]

Twenty requests at a time, of every kind of page, as in ``browse.py``: without edits and with them in turn. An edit gives
one passage another code, and is made every few seconds, or as soon as the build of the one before is there; 'kg browse'
sees it and builds the study. The study is edited in place, and was built before.
"""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path

from browse import AS_A_BROWSER, Browser, Draw, parallel, share
from edit import edit

import kg
from kg import paths
from kg.store import build


class Editor(threading.Thread):
    """A person who edits a study until told to stop.

    Args:
        folder: the study's folder.
        every: seconds between two edits, at least.
        first: number of the first edit.
    """

    def __init__(self, folder: Path, every: float, first: int) -> None:
        super().__init__()
        self.folder, self.every = folder, every
        self.file = sorted((folder / "codings").glob("*.yaml"))[-3]
        self.pointer = paths.store_folder(folder) / build.POINTER
        self.first, self.waits = first, list[float]()
        self.stopped = threading.Event()

    def run(self) -> None:
        """Edit, and wait for the build."""
        while not self.stopped.is_set():
            before, began = build.stamp(self.pointer), time.perf_counter()
            edit(self.file, self.first + len(self.waits))
            while build.stamp(self.pointer) == before:
                time.sleep(0.02)
            self.waits.append(time.perf_counter() - began)
            self.stopped.wait(max(0.0, self.every - self.waits[-1]))

    def stop(self) -> list[float]:
        """Stop, and return the seconds from each saved file to its build."""
        self.stopped.set()
        self.join()
        return self.waits


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("--requests", type=int, default=1000, help="of each round, without edits and with them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two edits, at least")
    given = parser.parse_args()
    draw = Draw(kg.open(given.study, built=True))
    browser = Browser(given.study)
    edits = 0
    try:
        parallel(browser.port, [path for _, path in draw.some(given.requests // 4)], AS_A_BROWSER)
        for _ in range(given.rounds):
            for is_edited in (False, True):
                asked = [path for _, path in draw.some(given.requests)]
                editor = Editor(given.study, given.every, edits)
                if is_edited:
                    editor.start()
                began = time.perf_counter()
                answers = parallel(browser.port, asked, AS_A_BROWSER)
                took = time.perf_counter() - began
                waits = editor.stop() if is_edited else []
                edits += len(waits)
                wrong = sorted({answer.status for answer in answers} - {200})
                times = [
                    f"{share([time_(a) for a in answers], part) * 1000:,.0f}"
                    for time_ in (lambda a: a.server, lambda a: a.whole)
                    for part in (0.5, 0.95)
                ]
                print(
                    f"{'with' if is_edited else 'without'} edits: {len(answers)} pages in {took:.1f} s, other than 200: {wrong}; "
                    f"server time median {times[0]}, 95 of 100 {times[1]} ms; whole {times[2]}, {times[3]} ms; "
                    f"{len(waits)} edits, to their builds {', '.join(f'{one:.1f}' for one in waits)} s; {browser.memory()} MB",
                    flush=True,
                )
    finally:
        browser.stop()


if __name__ == "__main__":
    main()
