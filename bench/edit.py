"""Measure in one process what a build from nothing, an edit of one coding and a build of an unchanged study take.

    python bench/edit.py STUDY

prints four numbers: seconds of the processor of each, the shortest of some edits, and the most megabytes of memory that
the process had. The study is edited in place, and DART_KG_CACHE has to be an empty folder.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from pathlib import Path

from kg.store import build

EDITS = 5


def spent(folder: Path, *, fresh: bool) -> float:
    """Build a study, and return the seconds of the processor that this took."""
    began = time.process_time()
    assert build.build(folder).fresh == fresh
    return time.process_time() - began


def edit(file: Path, number: int) -> None:
    """Give one passage of a codings file another code."""
    text = file.read_text("utf-8")
    codes = [*re.finditer(r"codes: \[([\w-]+)", text)]
    place = codes[7 * number % len(codes)]
    other = next(code[1] for code in codes if code[1] not in text[place.start() : text.index("]", place.start())])
    file.write_text(text[: place.start(1)] + other + text[place.end(1) :], "utf-8")


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1])
    file = sorted((folder / "codings").glob("*.yaml"))[-3]
    full = spent(folder, fresh=True)
    edits = []
    for number in range(EDITS):
        edit(file, number)
        edits.append(spent(folder, fresh=True))
    again = spent(folder, fresh=False)
    print(full, min(edits), again, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
