"""Measure dart-kg beside what its users would otherwise take, and say which target is not met.

    python bench/run.py [--sizes 1000,10000,100000] [--full] [--write]

Everything is a ratio of two times taken in turn in one run, so that the machine matters little.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import peer
import synesis
from generate import generate
from pyoxigraph import RdfFormat, Store
from rdflib import Dataset, Literal

import kg
from kg import query
from kg.loaders import study as loader
from kg.store import build, oxigraph, rdf

if TYPE_CHECKING:
    from kg.answer import Answer

Work = Callable[[], Any]
GROWTH = (10_000, 100_000)
CAPPED = 10_000
"""rdflib takes minutes above this many excerpts, so it is left out there unless asked for."""
ENOUGH = 30.0
"""Seconds after which nothing is measured once more."""
MEMORY = 1536
"""Megabytes that a build may take, whatever the size."""
PAGE = Path(__file__).parent.parent / "docs" / "speed.md"
PACKAGES = ("pyoxigraph", "pydantic", "pydantic-core", "PyYAML", "markdown-it-py", "rdflib", "synesis", "lark")


def _seconds(value: float | None) -> str:
    if value is None:
        return "left out"
    return f"{value:,.1f} s" if value >= 10 else f"{value:.2f} s" if value >= 1 else f"{value * 1000:,.1f} ms"


def _megabytes(value: float | None) -> str:
    return f"{value:,.0f} MB"


class Row(NamedTuple):
    """One comparison.

    Args:
        what: what was measured.
        size: how many excerpts the study has, if it is a made one.
        ours: seconds.
        other: seconds of what it is compared with; None when that was left out.
        target: the ratio to reach.
        least: True when the ratio says how many times faster we are, False when it says how
            many times longer we take.
        same: whether both gave the same.
        form: writes a quantity: seconds, if not said otherwise.
    """

    what: str
    size: str
    ours: float
    other: float | None
    target: float
    least: bool = True
    same: bool = True
    form: Callable[[float | None], str] = _seconds

    @property
    def ratio(self) -> float | None:
        """Return the ratio that the target is about."""
        if self.other is None:
            return None
        return self.other / self.ours if self.least else self.ours / self.other

    @property
    def met(self) -> str:
        """Return ``yes``, ``NO``, or a dash when nothing was compared."""
        if self.ratio is None:
            return "–"
        if not self.same:
            return "NO, answers differ"
        return "yes" if (self.ratio >= self.target if self.least else self.ratio <= self.target) else "NO"

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is printed."""
        goal = f"≥ {self.target:g} × faster" if self.least else f"≤ {self.target:g} × as long"
        ratio = "–" if self.ratio is None else f"{self.ratio:.1f} ×"
        return self.what, self.size, self.form(self.ours), self.form(self.other), ratio, goal, self.met


HEAD = ("what", "excerpts", "dart-kg", "beside it", "ratio", "target", "met")


def best(times: int, *works: Work) -> list[float]:
    """Time pieces of work in turn, so that what else the machine does falls on all alike.

    Args:
        times: how often at most; slow work is not repeated once it took :data:`ENOUGH`.
        works: what is timed.

    Returns:
        The shortest time of each in seconds.
    """
    found = [float("inf")] * len(works)
    end = time.perf_counter() + ENOUGH
    for _ in range(times):
        for place, work in enumerate(works):
            gc.collect()
            began = time.perf_counter()
            result = work()
            found[place] = min(found[place], time.perf_counter() - began)
            # Freeing what was made is not part of making it.
            del result
        if time.perf_counter() > end:
            break
    return found


def read(folder: Path, size: int) -> Row:
    """Compare reading and checking a study's files with Synesis on the same items."""
    study = loader.load(folder).study
    given = peer.content(study)
    items = [item for source in synesis.load(**given).linked_project.sources.values() for item in source.items]
    codes: dict[str, set[str]] = {}
    for coding in study.codings:
        codes.setdefault(coding.excerpt, set()).add(coding.code)
    wanted = sorted((e.exact, sorted(codes.get(e.id, ()))) for e in study.excerpts)
    same = wanted == sorted((item.quote, sorted(item.codes)) for item in items)
    del study, items, wanted
    ours, other = best(5, partial(loader.load, folder), partial(synesis.load, **given))
    return Row("read and check a study, beside synesis", f"{size:,}", ours, other, 1, same=same)


def graph(folder: Path, size: int, scratch: Path, *, against_rdflib: bool) -> tuple[list[Row], str]:
    """Compare loading, tracing and counting with rdflib's memory store; say also how large the graph is."""
    data = rdf.nquads(loader.load(folder).study)
    works: list[Work] = [partial(_load, data, scratch)]
    if against_rdflib:
        works.append(partial(_load_rdflib, data))
    rows = [_row("load N-Quads, on disk, beside rdflib in memory", size, best(5, *works), 3)]
    built = _build(folder, scratch)
    disk = sum(path.stat().st_size for path in (build.current(folder) / build.STORE).rglob("*") if path.is_file())
    fact = f"{size:,} excerpts: {built.quads:,} statements, {len(data) / 2**20:,.0f} MB of N-Quads, {disk / 2**20:,.0f} MB on disk"
    store = build.read(folder)
    dataset = _load_rdflib(data) if against_rdflib else None
    some = [f"P{k:05}" for k in (3, 17, 31)]
    questions: tuple[tuple[str, str, list[dict[str, str]], float], ...] = (
        ("trace 3 propositions to their passages", "trace-proposition", [{"id": one} for one in some], 4),
        ("cross-case matrix", "cross-case-matrix", [{}], 5),
    )
    for what, name, asked, target in questions:
        works = [partial(_ask, store, name, asked)]
        if dataset is not None:
            works.append(partial(_ask_rdflib, dataset, name, asked))
        same = len({str(sorted(work(), key=str)) for work in works}) == 1
        rows.append(_row(f"{what}, beside rdflib", size, best(5, *works), target, same=same))
    return rows, fact


def _row(what: str, size: int, times: list[float], target: float, *, same: bool = True) -> Row:
    return Row(what, f"{size:,}", times[0], times[1] if len(times) > 1 else None, target, same=same)


def _load(data: bytes, scratch: Path) -> Store:
    store = Store(tempfile.mkdtemp(dir=scratch))
    store.bulk_load(input=data, format=RdfFormat.N_QUADS)
    store.flush()
    return store


def _load_rdflib(data: bytes) -> Dataset:
    return Dataset(default_union=True).parse(data=data, format="nquads")


def _ask(store: Store, name: str, asked: list[dict[str, str]]) -> list[Any]:
    return [row for one in asked for row in query.run(oxigraph.Oxigraph(Path(), store), name, **one).rows]


def _ask_rdflib(dataset: Dataset, name: str, asked: list[dict[str, str]]) -> list[Any]:
    named = query.named(name)
    rows: list[Any] = []
    found: Any
    for one in asked:
        for found in dataset.query(named.text, initBindings={k: Literal(v) for k, v in one.items()}):
            cells = [found[column] for column in named.columns]
            rows.append(
                tuple(int(c) if getattr(c, "datatype", None) and str(c).isdigit() else c and str(c) for c in cells)
            )
    return rows


def growth(folders: dict[int, Path], scratch: Path) -> list[Row]:
    """Compare ten times the excerpts with once: a whole build, and one trace."""
    small, large = (folders[size] for size in GROWTH)
    what = f"{GROWTH[0]:,} → {GROWTH[1]:,}"
    stores: dict[Path, Store] = {}

    def make(folder: Path) -> None:
        _build(folder, scratch)
        stores[folder] = build.read(folder)

    slow, fast = best(2, partial(make, large), partial(make, small))
    one = [{"id": "P00017"}]
    slow_trace, fast_trace = best(
        9, *(partial(_ask, stores[folder], "trace-proposition", one) for folder in (large, small))
    )
    return [
        Row("kg build, ten times the excerpts", what, slow, fast, 12, least=False),
        Row("trace one proposition, ten times the excerpts", what, slow_trace, fast_trace, 2, least=False),
    ]


BUILD = "from kg.store import build; build.build(Path(sys.argv[1]))"
BULK_LOAD = (
    "from pyoxigraph import RdfFormat, Store; store = Store(sys.argv[2]); "
    "store.bulk_load(path=sys.argv[1], format=RdfFormat.N_QUADS); store.flush()"
)
SPENT = "; usage = resource.getrusage(resource.RUSAGE_SELF); print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)"


def building(folder: Path, size: int, scratch: Path) -> list[Row]:
    """Compare a whole build with loading what it writes, in seconds of the processor; and say how much memory it takes."""
    statements = scratch / "statements.nq"
    reading = loader.Reading(folder)
    with statements.open("w", encoding="utf-8", newline="\n") as file:
        for part in reading.parts():
            assert part.records
            file.writelines(rdf.source(part.records))
        file.writelines(rdf.theory(reading.finish().study))
    ours, memory = _spent(BUILD, folder, scratch)
    other, _ = _spent(BULK_LOAD, statements, scratch)
    statements.unlink()
    return [
        Row("kg build, beside bulk_load of its statements", f"{size:,}", ours, other, 2.5, least=False),
        Row(
            "kg build, most memory, beside what is allowed",
            f"{size:,}",
            memory,
            MEMORY,
            1,
            least=False,
            form=_megabytes,
        ),
    ]


def editing(folder: Path, size: int, scratch: Path) -> list[Row]:
    """Compare an edit of one coding with a build from nothing, in seconds of the processor."""
    copied = scratch / "edited"
    shutil.copytree(folder, copied)
    command = [sys.executable, str(Path(__file__).with_name("edit.py")), str(copied)]
    env = {**os.environ, "DART_KG_CACHE": tempfile.mkdtemp(dir=scratch)}
    found = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.split()
    shutil.rmtree(copied)
    full, edited, again, _ = map(float, found)
    return [
        Row("kg build after one coding changed, beside one from nothing", f"{size:,}", edited, full, 35),
        Row("kg build, unchanged, beside what is allowed", f"{size:,}", again, UNCHANGED, 1, least=False),
    ]


UNCHANGED = 0.2
"""Seconds of the processor that it may take to see that nothing changed."""
AT_ONCE = (0.020, 0.050)
"""Seconds that the middle answer, and 95 of 100 answers, may take at any size."""


def answering(size: int, folder: Path) -> list[Row]:
    """Compare answers from the tables with those from Oxigraph, all in one process; the study was built just before."""
    ours = kg.open(folder, built=True)
    labels = [row["label"] for row in ours.query("labels").dicts() if row["kind"] == "concept" and row["preferred"]][:5]
    ids: dict[str, list[str]] = {}
    for kind, identifier in ours.tables.names:
        ids.setdefault(kind, []).append(identifier)
    ids["line"] = [row[0] for row in ours.tables.sql("SELECT id FROM line ORDER BY id LIMIT 3")]
    ids["excerpt"] = [row[0] for row in ours.tables.sql("SELECT id FROM excerpt ORDER BY id LIMIT 3")]
    asked: dict[str, list[Callable[[kg.Graph], Any]]] = {
        "ask what is missing": [lambda g: _shown(g.ask("what is missing"))],
        "ask what supports X": [lambda g, x=label: _shown(g.ask(f"what supports {x}")) for label in labels],
        **{
            f"trace a {kind}": [lambda g, x=f"{kind}/{i}": g.trace(x).rows for i in some[:3]]
            for kind, some in ids.items()
        },
        "report matrix": [lambda g: g.report("matrix").table],
        "report gaps": [lambda g: g.report("gaps").table],
    }
    rows, times = [], []
    for what, works in asked.items():
        works[0](ours)  # what is read once is read
        mine = [best(5, partial(work, ours))[0] for work in works]
        # Opened anew, for it keeps the lines of the claims that it read.
        beside = best(1, lambda work=works[0]: work(ours.with_sparql()))[0]
        same = works[0](ours) == works[0](ours.with_sparql())
        rows.append(Row(f"{what}, beside Oxigraph", f"{size:,}", mine[0], beside, 10, same=same))
        times += mine
    times.sort()
    places = (len(times) // 2, int(len(times) * 0.95))
    for name, place, most in zip(("the middle answer", "95 of 100 answers"), places, AT_ONCE, strict=True):
        rows.append(Row(f"{name}, beside what is allowed", f"{size:,}", times[place], most, 1, least=False))
    return rows


def _shown(answer: Answer) -> tuple[Any, ...]:
    """Return what a terminal or a page shows of an answer: its counts, how each claim stands, the first lines of some."""
    lines = [[line.id for line in claim.lines[:10]] for claim in answer.claims[:30]]
    return answer.tally, answer.by_case, [(c.id, c.state, c.witnesses()) for c in answer.claims], lines


def _spent(code: str, path: Path, scratch: Path) -> tuple[float, float]:
    """Run code in a process of its own, and return its seconds of the processor and its most megabytes of memory."""
    command = [sys.executable, "-c", f"import resource, sys; from pathlib import Path; {code}{SPENT}", str(path)]
    command.append(tempfile.mkdtemp(dir=scratch))
    env = {**os.environ, "DART_KG_CACHE": tempfile.mkdtemp(dir=scratch)}
    seconds, kilobytes = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(kilobytes) / 1024


def _build(folder: Path, scratch: Path) -> build.Built:
    os.environ["DART_KG_CACHE"] = tempfile.mkdtemp(dir=scratch)
    return build.build(folder)


def commands(scratch: Path) -> list[Row]:
    """Compare the command, each time a new process, with what importing rdflib costs."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    # Both sides find their modules compiled, as an installer leaves them.
    env |= {"DART_KG_CACHE": str(scratch / "commands"), "PYTHONPYCACHEPREFIX": str(scratch / "compiled")}

    def python(code: str, *words: str) -> None:
        subprocess.run([sys.executable, "-c", code, *words], env=env, cwd=scratch, check=True, capture_output=True)

    kg = "from kg.cli import main; main()"
    python(kg, "build", "dart")
    ask = partial(python, kg, "ask", "what supports transparency")
    again, import_rdflib = partial(python, kg, "build", "dart"), partial(python, "import rdflib")
    asked, built, imported = best(10, ask, again, import_rdflib)
    return [
        Row("kg ask, cold, beside 'import rdflib'", "bundled", asked, imported, 2, least=False),
        Row("kg build, unchanged, beside 'import rdflib'", "bundled", built, imported, 2, least=False),
    ]


def table(rows: list[Row]) -> list[str]:
    """Return rows as lines of Markdown."""
    return ["| " + " | ".join(cells) + " |" for cells in (HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows))]


def not_met(rows: list[Row]) -> list[str]:
    """Return what misses its target, as lines of Markdown."""
    missed = [
        f"- {row.what} ({row.size}): {row.cells()[4]}, target {row.cells()[5]}"
        for row in rows
        if row.met.startswith("NO")
    ]
    return missed or ["Every target is met."]


def page(rows: list[Row], facts: list[str]) -> str:
    """Return docs/speed.md."""
    return "\n".join(
        [
            "# Speed",
            "",
            "`make bench` measures this anew; `python bench/run.py --write` also writes this page.",
            "",
            *table(rows),
            "",
            "## Not met",
            "",
            *not_met(rows),
            "",
            "## What was measured",
            "",
            "- Every row is two times taken in turn in one run, the shortest of up to ten each (slow ones of fewer).",
            "- The studies are made by `bench/generate.py`: 100 excerpts a source, one or two codes an excerpt, an evidence",
            "  line on every third, one passage in seven Chinese, five cases, 60 codes. From 5,000 excerpts on a proposition",
            "  has 33 evidence lines whatever the size; there are 50, 100 and 1,000 propositions at 1,000, 10,000 and 100,000.",
            "- *Load*: the study's N-Quads from memory into Oxigraph on disk, and into rdflib's `Dataset` in memory.",
            "- *Trace* and *matrix*: the same SPARQL text, parameters bound by each engine; the rows are compared too.",
            f"- rdflib is left out above {CAPPED:,} excerpts unless `--full` is given: it takes many minutes there.",
            "- *Read and check*: our side reads files and finds every quote in its source; `synesis.load` is given the same",
            "  passages, codes, memos and evidence as text in memory and has no sources to check against. That it read every",
            "  passage with its codes is compared before.",
            "- *kg build*: files to a finished graph in an empty cache folder, every quote checked; beside *bulk_load* in seconds",
            "  of the processor, each once in a process of its own.",
            "- *An edit*: `bench/edit.py` in a process of its own; what did not change is taken from the build before.",
            "- *Answers*: in one process, when what all of them need is read; the shortest of up to five, of Oxigraph one.",
            "- *kg ask*, *kg build* unchanged: new processes on the bundled study, built before.",
            "",
            "## On what",
            "",
            *(f"- {fact}" for fact in facts),
            "",
        ]
    )


def machine() -> list[str]:
    """Say in general terms what this ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB of memory",
        f"{platform.python_implementation()} {platform.python_version()}; {versions}",
    ]


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(description="Measure dart-kg beside rdflib and synesis.")
    parser.add_argument("--sizes", default="1000,10000", help="excerpts, comma-separated")
    parser.add_argument("--full", action="store_true", help=f"compare with rdflib above {CAPPED:,} excerpts too")
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    given = parser.parse_args()
    rows: list[Row] = []
    facts = machine()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        rows += told(commands(scratch))
        folders = {int(size): scratch / f"study-{size}" for size in given.sizes.split(",")}
        for size, made in folders.items():
            generate(size, made)
            rows += told([read(made, size)])
            if size in GROWTH:
                rows += told(building(made, size, scratch))
                rows += told(editing(made, size, scratch))
            found, fact = graph(made, size, scratch, against_rdflib=given.full or size <= CAPPED)
            rows += told(found)
            facts.append(fact)
            if size in GROWTH:
                rows += told(answering(size, made))
        if set(GROWTH) <= set(folders):
            rows += told(growth(folders, scratch))
    if given.write:
        PAGE.write_text(page(rows, facts), "utf-8")
    missed = [row.what for row in rows if row.met.startswith("NO")]
    print(f"not met: {'; '.join(missed)}" if missed else "every target is met")


def told(rows: list[Row]) -> list[Row]:
    """Print rows as they are measured, and give them back."""
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row.cells(), (54, 16, 9, 9, 8, 15, 3), strict=True)),
            flush=True,
        )
    return rows


if __name__ == "__main__":
    main()
