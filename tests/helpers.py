"""What several tests do with a study folder."""

from __future__ import annotations

import asyncio
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.errors import StudyError
from kg.loaders import study as loader
from kg.store import build


def examples(number):
    """Return how many examples a property is tried with: in 'make nightly' twenty times as many as in 'make test'.

    In CI, where they are the same in every run, half as many are enough.
    """
    if os.environ.get("NIGHTLY"):
        return number * 20
    return max(2, number // 2) if os.environ.get("CI") == "true" else number


def awaited(function, *arguments):
    """Call a coroutine function in a thread of its own: a test in a real browser may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(function(*arguments))).result()


def errors(folder):
    with pytest.raises(StudyError) as caught:
        loader.load(folder)
    return caught.value.findings


def repin(study):
    """Write the digests of the sources as they are now."""
    listing = study / "study.yaml"
    text = listing.read_text("utf-8")
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.strip().startswith("file:"):
            digest = hashlib.sha256((study / line.split()[1]).read_bytes()).hexdigest()
            lines[number + 1] = f"    sha256: {digest}"
    listing.write_text("\n".join(lines) + "\n", "utf-8")


def accept(built):
    """Let a build that a test changed pass for whole: else it would be taken for damaged, and made again."""
    (built / build.SIZES).write_text(build._sizes(built), "ascii")


def digest_of(data):
    """Make the digest of a study from its N-Quads alone, as docs/exchange.md says."""
    graphs = {}
    for line in data.splitlines(keepends=True):
        graphs.setdefault(line.split()[-2].decode(), []).append(line)
    sums = (f"{hashlib.sha256(b''.join(sorted(graphs[name]))).hexdigest()}  {name}\n" for name in sorted(graphs))
    return hashlib.sha256("".join(sums).encode()).hexdigest()
