"""Measure taking and giving a REFI-QDA project beside pyrefiqda merely parsing and writing the same one.

    python bench/exchange.py [--documents 1000] [--codings 100000] [--write]

Each is a process of its own, so that its peak of memory is known; both are run in turn, and the shorter of two
runs counts. We read, decide how positions count, check every passage and write the study; pyrefiqda unpacks
and parses.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from xml.sax.saxutils import quoteattr

from generate import DID, WHAT, WHO, WHY
from run import Row, machine, not_met, table, told

PAGE = Path(__file__).parent.parent / "docs" / "speed-exchange.md"
CODES = 200
TIMES = 2
TAKE = """
import datetime, sys
from pathlib import Path
from kg import importing
from kg.loaders.imports import Options
report = importing.import_file(Path(sys.argv[1]), Path(sys.argv[2]), Options(), datetime.date(2026, 1, 1))
print(report.taken["codings"])
"""
PARSE = """
import sys
from pyrefiqda import RefiProject
project = RefiProject.load(sys.argv[1], sys.argv[2])
print(sum(len(s.coding) for t in project.sources.text_source for s in t.plain_text_selection))
"""
GIVE = """
import sys
from pathlib import Path
from types import SimpleNamespace
from kg.exports import refi_qda
out = Path(sys.argv[2]); out.mkdir()
began = time.perf_counter()
refi_qda.write_project(SimpleNamespace(folder=Path(sys.argv[1])), out)
print(0)
"""
SAVE = """
import sys
from pyrefiqda import RefiProject
project = RefiProject.load(sys.argv[1], sys.argv[2] + "-in")
began = time.perf_counter()
RefiProject.save(project, sys.argv[2] + ".qdpx", sys.argv[2] + "-in")
print(0)
"""
TIMED = """
import time
began = time.perf_counter()
{work}
took = time.perf_counter() - began
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(took, int(peak.split()[1]) // 1024)
"""


def project(path: Path, documents: int, codings: int) -> None:
    """Write a project as another program would: texts inside, two users, a note at every tenth coding."""
    drawn = random.Random(1)
    each = codings // documents
    notes, sources = [], []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(documents):
            language = number % 2
            parts = [tuple(drawn.choice(words)[language] for words in (WHO, WHAT, DID, WHY)) for _ in range(each)]
            sentences = [f"{at} {who}: {what} {did}, {why}. 😀" for at, (who, what, did, why) in enumerate(parts)]
            text, at, made = "\n".join(sentences), 0, []
            for place, sentence in enumerate(sentences):
                key = f"{number:08x}-{place:04x}"
                memo = ""
                if place % 10 == 0:
                    notes.append(
                        f'<Note guid="{key}-4000-8000-0000000000aa" name="memo"><PlainTextContent>see {place}</PlainTextContent></Note>'
                    )
                    memo = f'<NoteRef targetGUID="{key}-4000-8000-0000000000aa"/>'
                made.append(
                    f'<PlainTextSelection guid="{key}-4000-8000-000000000001" name={quoteattr(sentence[:40])} startPosition="{at}" '
                    f'endPosition="{at + len(sentence)}"><Coding guid="{key}-4000-8000-000000000002" creatingUser="{user(place % 2)}" '
                    f'creationDateTime="2025-01-{1 + place % 28:02}T10:00:00Z"><CodeRef targetGUID="{code(drawn.randrange(CODES))}"/>'
                    f"{memo}</Coding></PlainTextSelection>"
                )
                at += len(sentence) + 1
            name = f"{number:08x}-0000-4000-8000-000000000000"
            archive.writestr(f"sources/{name}.txt", text)
            sources.append(
                f'<TextSource guid="{name}" name="Interview {number}" plainTextPath="internal://{name}.txt">{"".join(made)}</TextSource>'
            )
        codes = "".join(
            f'<Code guid="{code(number)}" name="Code {number}" isCodable="true"/>' for number in range(CODES)
        )
        users = "".join(f'<User guid="{user(number)}" name="User {number}"/>' for number in range(2))
        archive.writestr(
            "project.qde",
            '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="Made" origin="bench">'
            f"<Users>{users}</Users><CodeBook><Codes>{codes}</Codes></CodeBook><Sources>{''.join(sources)}</Sources>"
            f"<Notes>{''.join(notes)}</Notes></Project>",
        )


def code(number: int) -> str:
    """Return the GUID of a code."""
    return f"c0de0000-0000-4000-8000-{number:012x}"


def user(number: int) -> str:
    """Return the GUID of a user."""
    return f"abcd0000-0000-4000-8000-{number:012x}"


def run(work: str, source: Path, target: Path) -> tuple[int, float, int]:
    """Run a piece of work in a process of its own; return what it counted, its seconds and its peak of memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED.format(work=work), source, target], capture_output=True, text=True, check=True
    )
    counted, took = done.stdout.split("\n")[:2]
    seconds, memory = took.split()
    return int(counted), float(seconds), int(memory)


def measure(scratch: Path, documents: int, codings: int) -> tuple[list[Row], list[str]]:
    """Measure taking and giving one project."""
    made = scratch / "made.qdpx"
    project(made, documents, codings)
    rows, memory = [], []
    study = scratch / "study-0"
    for what, ours, other, first, second in (
        ("kg import, beside pyrefiqda parsing", TAKE, PARSE, made, made),
        ("kg export refi-qda, beside pyrefiqda writing", GIVE, SAVE, study, made),
    ):
        times: list[tuple[tuple[int, float, int], tuple[int, float, int]]] = []
        for number in range(TIMES):
            name = "study" if ours is TAKE else "out"
            times.append(
                (run(ours, first, scratch / f"{name}-{number}"), run(other, second, scratch / f"peer-{name}-{number}"))
            )
        best = [min(pair[side][1] for pair in times) for side in (0, 1)]
        peaks = [min(pair[side][2] for pair in times) for side in (0, 1)]
        same = times[0][0][0] == times[0][1][0]
        rows += told([Row(what, f"{codings:,}", best[0], best[1], 1.5, least=False, same=same)])
        memory.append(f"- {what}: {peaks[0]:,} MB of memory at most, beside {peaks[1]:,} MB.")
    return rows, memory


def main() -> None:
    """Measure, print, and with --write write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--codings", type=int, default=100_000)
    parser.add_argument("--write", action="store_true", help="write docs/speed-exchange.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        rows, memory = measure(Path(scratch), given.documents, given.codings)
    print("\n".join(memory))
    if given.write:
        lines = [
            "# Speed of import and export",
            "",
            "`python bench/exchange.py --write` measures this anew and writes this page.",
            "",
        ]
        lines += [*table(rows), "", "## Not met", "", *not_met(rows), "", "## What was measured", ""]
        lines += [
            f"- One REFI-QDA project of {given.documents:,} documents and {given.codings:,} codings, a tenth with a note.",
            "- Import reads it, decides how positions count, checks every passage against its text and writes the study;",
            "  pyrefiqda unpacks and parses it into objects. Export loads the study from its files and writes the project;",
            "  pyrefiqda writes the objects that it has. Each is a process of its own, the shorter of two runs counts.",
            *memory, "", "## On what", "", *(f"- {fact}" for fact in machine()), f"- pyrefiqda {version('pyrefiqda')}",
        ]  # fmt: skip
        PAGE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
