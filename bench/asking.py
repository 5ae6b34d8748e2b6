"""Measure how long questions and suggestions take, over all operations and limits.

    python bench/asking.py [--size 100000] [--write]

A made study (``generate.py``) is built; then every form of a question is asked of several concepts, in one process.
Times are of the processor. The same forms are asked of a study of a hundredth of the size, for the ratio.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from generate import generate
from run import machine

import kg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PAGE = Path(__file__).parent.parent / "docs" / "speed-asking.md"
FORMS = (
    "what supports {a}", "what opposes {a} in North", "what qualifies {a} since 2015", "does {a} strengthen {b}",
    "what drives {a}", "what follows from {a}", "compare North and South on {a}", "who says that {a} changes {b}",
    "which references support {a}", "which authors support {a} in the literature", "how many quotes support {a} in South",
    "strong evidence for {a}", "{a}", "define {a}", "how does {a} relate to {b}", "what is missing on {a}",
    "which claims are contested in North", "weakly supported claims about {a}", "claims with a single witness",
    "who coded {a}", "where does it speak of {a}", "find growth of {a}", "summary of North",
    "what should managers do about {a}", "evidence for {a} except in North", "when was {a} talked about",
    "open questions about {a}", "什么支持{c}", "{c}有争议吗", "比较北和南的{c}", "which evidence was withdrawn",
    "why does {a} hinder {b}", "blue elephants and {a}",
)  # fmt: skip
CONCEPTS = (("trust", "pricing", "信任"), ("openness", "community", "公开"), ("pricing", "quality", "定价"),
            ("community", "trust", "社区"), ("quality", "openness", "质量"))  # fmt: skip
TYPED = ("w", "what s", "what supp", "tr", "trust", "P0", "openn", "信", "信任", "who", "how does tr")
TARGETS = {"question": (20.0, 50.0), "suggestions": (10.0, 10.0)}
"""Milliseconds that the middle one, and 95 of 100, may take."""
HEAD = """# How long a question takes

`python bench/asking.py --write` makes this page: {forms} forms of questions, over all operations and limits, each about
{concepts} concepts, and what is suggested for {typed} beginnings; milliseconds of the processor, in one process that has asked in either language.
Targets at {size:,} passages: the middle question 20 ms, 95 of 100 within 50 ms, suggestions 10 ms.
"""


def times(work: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Return the milliseconds of the processor that each text takes, sorted.

    Args:
        work: what is done with a text.
        texts: the texts.
    """
    taken = []
    for text in texts:
        began = time.process_time()
        work(text)
        taken.append((time.process_time() - began) * 1000)
    return sorted(taken)


def measure(size: int, scratch: Path) -> dict[str, list[float]]:
    """Build a study and return the times of its questions and of its suggestions.

    Args:
        size: how many passages.
        scratch: an empty folder.
    """
    folder = scratch / f"study-{size}"
    generate(size, folder)
    graph = kg.open(folder)
    # The first question in other words waits for the texts of the study to be encoded.
    graph.ask("what do blue elephants do")
    graph.ask("蓝色的大象做什么")
    questions = [form.format(a=a, b=b, c=c) for form in FORMS for a, b, c in CONCEPTS]
    return {"question": times(graph.ask, questions), "suggestions": times(graph.answers.suggest, TYPED)}


def main() -> int:
    """Measure, print, and say which target is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=100_000, help="passages of the study")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DART_KG_CACHE"] = f"{scratch}/cache"
        small, large = (measure(size, Path(scratch)) for size in (given.size // 100, given.size))
    lines = [
        "| what | passages | middle | 95 of 100 | slowest | middle ÷ that of a hundredth |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    missed = []
    for what, taken in large.items():
        middle, most = statistics.median(taken), taken[int(0.95 * len(taken))]
        ratio = middle / statistics.median(small[what])
        lines.append(f"| {what} | {given.size:,} | {middle:.1f} | {most:.1f} | {taken[-1]:.1f} | {ratio:.1f} |")
        if middle > TARGETS[what][0] or most > TARGETS[what][1]:
            missed.append(what)
    head = HEAD.format(forms=len(FORMS), concepts=len(CONCEPTS), typed=len(TYPED), size=given.size)
    text = head + "\n".join(["", *lines, "", *machine()]) + "\n"
    if given.write:
        PAGE.write_text(text, "utf-8")
    print(text)
    for what in missed:
        print(f"target not met: {what}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
