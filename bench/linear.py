"""Measure how the time of every loader and every check grows with its input, over three sizes.

    python bench/linear.py [--factor 4] [--write]

Each kind of input (``tests/sizes.py``) is made in three sizes, each some times as large as the one before, and built and
checked, or imported. Where time grows with the input, the time per unit stays the same; where it grows with its square,
it is multiplied by the factor. Times are of the processor; the smallest size is measured once more first, since what is
imported once is no matter of size.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

TESTS = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))

import sizes  # noqa: E402 (it lies among the tests)
from run import machine  # noqa: E402

from kg import check, importing  # noqa: E402
from kg.errors import listing  # noqa: E402
from kg.loaders.imports import Options  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parent.parent / "docs" / "speed-linear.md"
MOST = 2.0
"""How many times as long a unit of the largest size may take as one of the middle size."""
HEAD = """# Time grows with the input

`python bench/linear.py --write` makes this page. Each kind of input is built and checked, or imported, in three sizes; the
columns are microseconds of the processor per unit (line, paragraph, quote, reference, …), and the last how many times as
long a unit of the largest takes as one of the middle size, where {factor} would be the square. The target is at most {most:g}.
"""


class Row(NamedTuple):
    """The times of one kind of input.

    Args:
        what: the kind.
        numbers: units of each size.
        times: seconds of the processor for each.
    """

    what: str
    numbers: tuple[int, ...]
    times: tuple[float, ...]

    def unit(self, place: int) -> float:
        """Return the microseconds of a unit."""
        return self.times[place] / self.numbers[place] * 1e6

    @property
    def growth(self) -> float:
        """Return how many times as long a unit of the largest takes as one of the middle size."""
        return self.unit(2) / self.unit(1)


def checked(folder: Path) -> None:
    """Build and check a study, and write what is wrong with it for a person."""
    listing(check.check(folder))


def imported(path: Path) -> None:
    """Import a file into a new study."""
    texts = importing.texts(path.parent / "texts") if (path.parent / "texts").is_dir() else {}
    importing.import_file(path, path.parent / "study", Options({}, texts), datetime.date(2026, 1, 1))


def measured(
    what: str, make: Callable[[Path, int], Path], number: int, factor: int, work: Callable[[Path], None]
) -> Row:
    """Measure one kind of input in three sizes."""
    numbers, times = (number, number * factor, number * factor**2), []
    for size in (number, *numbers):
        with tempfile.TemporaryDirectory() as folder:
            path = make(Path(folder) / "input", size)
            began = time.process_time()
            work(path)
            times.append(time.process_time() - began)
    return Row(what, numbers, tuple(times[1:]))


def main() -> int:
    """Measure, print, and say which target is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--factor", type=int, default=4, help="how many times as large each size is as the one before")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        os.environ["DART_KG_CACHE"] = cache
        kinds = [(what, *how, checked) for what, how in sizes.STUDIES.items()]
        kinds += [(f"import: {what}", *how, imported) for what, how in sizes.IMPORTS.items()]
        for what, make, number, work in kinds:
            rows.append(measured(what, make, number, given.factor, work))
            print(
                f"{what}: {', '.join(f'{rows[-1].unit(place):.0f}' for place in range(3))} µs a unit", file=sys.stderr
            )
    head = ("input", "units", "smallest", "middle", "largest", "growth")
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    for row in rows:
        units = " / ".join(f"{number:,}" for number in row.numbers)
        cells = (row.what, units, *(f"{row.unit(place):,.0f}" for place in range(3)), f"{row.growth:.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    missed = [row.what for row in rows if row.growth > MOST]
    text = HEAD.format(factor=given.factor, most=MOST) + "\n".join(["", *lines, "", *machine()]) + "\n"
    if given.write:
        PAGE.write_text(text, "utf-8")
    print(text)
    for what in missed:
        print(f"target not met: {what}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
