"""Build a study: a store and tables made aside, source by source, checked, and swapped in whole."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import aside, inputs, paths
from kg.errors import Finding, StoreUnavailable, StudyError
from kg.progress import silent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pyoxigraph import NamedNode, Store

    from kg.progress import Progress
    from kg.store import fold

FORMAT = "43"
"""Raised when the graph or the tables a study gives change, so that older graphs are built again."""
POINTER = "current"
"""Name of the file that names the folder of the build made last."""
STORE = "oxigraph"
"""Name of the store in the folder of a build."""
INPUTS = "inputs"
"""Name of the list of the files that it was made of."""
EDITS = "edits"
"""Name of the file that says how many edits ago a build was made from nothing, and how many statements it has."""
MOST_EDITS = 200
"""Edits after which a study is built from nothing, so that store and tables are compact again."""
LEAST_KEPT = 0.5
"""Share of the sources that must be as they were for a build to be made out of the one before it."""
SIZES = "sizes"
"""Name of the file that lists the files of a build and their sizes."""


class Built(NamedTuple):
    """The outcome of a build.

    Args:
        digest: of the study; see :mod:`kg.store.fold`.
        fresh: whether anything was built.
        findings: what does not forbid a build.
        quads: how many statements were written.
    """

    digest: str
    fresh: bool
    findings: tuple[Finding, ...] = ()
    quads: int = 0


def build(folder: Path, progress: Progress = silent) -> Built:
    """Build the graph of a study, if its files changed since it was last built.

    Args:
        folder: the study's folder.
        progress: called with each step, how much of it is done, and how much there is.

    Returns:
        The digest of the study, whether anything was built, and the findings.

    Raises:
        StudyError: when the study has errors; the graph built before stays as it was.
    """
    # What makes or mends something is imported when it is needed: most commands find an unchanged study.
    if aside.left(folder, "import"):
        from kg import moving

        moving.recover(folder)
    store = paths.store_folder(folder)
    if done := _unchanged(store, folder):
        return done
    from kg import moving

    with moving.lock(folder):
        if done := _unchanged(store, folder):
            return done
        # A build makes millions of objects and no cycles: looking for cycles among them would cost an eighth of it.
        collects = gc.isenabled()
        gc.disable()
        try:
            return _make(folder, store, progress)
        finally:
            if collects:
                gc.enable()


def _unchanged(store: Path, folder: Path) -> Built | None:
    built = _current(store)
    if built and inputs.unchanged(folder, built / INPUTS, FORMAT):
        return Built((built / "digest").read_text("ascii"), fresh=False)
    return None


def _make(folder: Path, store: Path, progress: Progress) -> Built:
    """Build aside, check, and swap the result in by one rename."""
    shipped = inputs.shipped()
    before = _current(store)
    # What an interrupted build left behind; the graph in use stays, a reader may have it open.
    for old in store.glob("graph-*"):
        if old != before:
            shutil.rmtree(old, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix="graph-", dir=store))
    try:
        folded, quads = (before and _edited(folder, before, new, progress)) or _built(folder, new, progress)
        (new / SIZES).write_text(_sizes(new), "ascii")
        inputs.Inputs(FORMAT, folded.loaded.files, shipped).write(new / INPUTS)
        (new / "digest").write_text(folded.digest, "ascii")
        pointer = new / "name"
        pointer.write_text(new.name, "ascii")
        os.replace(pointer, store / POINTER)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return Built(folded.digest, fresh=True, findings=tuple(folded.loaded.findings), quads=quads)


def _built(folder: Path, new: Path, progress: Progress) -> tuple[fold.Folded, int]:
    """Build a study from nothing.

    Returns:
        What was written, and how many statements there are.
    """
    from pyoxigraph import Store

    from kg.loaders import study as loader
    from kg.store import filling, fold, tables

    reading = loader.Reading(folder)
    graph = Store(str(new / STORE))
    folded = fold.fold(reading, graph, new / tables.NAME, progress)
    progress("checking every quote", 0, 1)
    _load_vocabularies(graph, folded.loaded.study.ontology)
    _check_quotes(graph, folder)
    filling.finish(new / tables.NAME, graph, folded.loaded.study.phrases)
    quads = len(graph)
    (new / EDITS).write_text(f"0 {quads}", "ascii")
    return folded, quads


def _edited(folder: Path, before: Path, new: Path, progress: Progress) -> tuple[fold.Folded, int] | None:
    """Build a study out of the build before it, of which the sources that did not change are taken.

    Returns:
        What was written, and how many statements there are; None where a build from nothing is due.
    """
    from pyoxigraph import Store

    from kg.loaders import study as loader
    from kg.store import filling, fold, tables

    unchanged = inputs.kept(folder, before / INPUTS, FORMAT)
    edits, quads = _edits(before)
    if unchanged is None or edits >= MOST_EDITS:
        return None
    stored = fold.stored(before / tables.NAME)
    reading = loader.Reading(folder, {source: one.kept for source, one in stored.items()}, unchanged)
    if len(reading.kept) < LEAST_KEPT * max(len(reading.sources), len(stored)):
        return None
    Store.read_only(str(before / STORE)).backup(str(new / STORE))
    shutil.copyfile(before / tables.NAME, new / tables.NAME)
    graph = Store(str(new / STORE))
    folded = fold.edit(reading, graph, new / tables.NAME, stored, progress)
    quads += _load_vocabularies(graph, folded.loaded.study.ontology)
    _check_quotes(graph, folder, folded.changed)
    filling.finish(new / tables.NAME, graph, folded.loaded.study.phrases)
    quads += folded.more
    (new / EDITS).write_text(f"{edits + 1} {quads}", "ascii")
    return folded, quads


def _edits(built: Path) -> tuple[int, int]:
    """Return how many edits a build is away from one that was made from nothing, and how many statements it has."""
    try:
        edits, quads = map(int, (built / EDITS).read_text("ascii").split())
    except (OSError, ValueError):
        return MOST_EDITS, 0
    return edits, quads


def _load_vocabularies(graph: Store, names: Iterable[str]) -> int:
    """Load the vocabularies that a study uses, each into a named graph of its own, and remove others.

    Returns:
        How many statements there are more than before.
    """
    from pyoxigraph import NamedNode, RdfFormat

    from kg.store import rdf

    wanted = {rdf.VOCABULARIES + name: name for name in ("evidence", *names)}
    there = {name.value for name in graph.named_graphs() if not str(name.value).startswith(rdf.STUDIES)}
    changed = [NamedNode(name) for name in sorted(wanted.keys() ^ there)]
    before = sum(_number(graph, name) for name in changed)
    for name in changed:
        if name.value in there:
            graph.remove_graph(name)
        else:
            path = paths.shipped("ontology") / f"{wanted[name.value]}.ttl"
            graph.bulk_load(path=str(path), format=RdfFormat.TURTLE, to_graph=name)
    graph.flush()
    return sum(_number(graph, name) for name in changed) - before


def _number(graph: Store, name: NamedNode) -> int:
    """Return how many statements a named graph has."""
    return sum(1 for _ in graph.quads_for_pattern(None, None, None, name))


def _check_quotes(graph: Store, folder: Path, names: Collection[str] | None = None) -> None:
    """Check every excerpt of some named graphs, or of all, against the bytes of its source file."""
    from kg.loaders import study as loader
    from kg.store import quotes

    if quotes.check(graph, folder, None, names):
        # Where each excerpt was coded is looked up only now: nobody needs it in a build that is right.
        raise StudyError(quotes.check(graph, folder, loader.load(folder).places, names))


def _current(store: Path) -> Path | None:
    try:
        folder = store / (store / POINTER).read_text("ascii")
    except OSError:
        return None
    return folder if _is_whole(folder) else None


def _sizes(folder: Path) -> str:
    """List the files of a build that answers are read from, with their sizes."""
    names = [*folder.glob(f"{STORE}/*.sst"), *folder.glob(f"{STORE}/MANIFEST-*"), folder / STORE / "CURRENT"]
    names += folder.glob("*.sqlite")
    return "".join(f"{path.stat().st_size} {path.relative_to(folder).as_posix()}\n" for path in sorted(names))


def _is_whole(folder: Path) -> bool:
    """Say whether no file of a build was cut off or deleted since; if one was, it is built again."""
    try:
        listed = [line.split(" ", 1) for line in (folder / SIZES).read_text("ascii").splitlines()]
        return all((folder / name).stat().st_size == int(size) for size, name in listed)
    except (OSError, ValueError):
        return False


def stamp(pointer: Path) -> tuple[int, int]:
    """Return what differs between two builds of a study, by a single look at the disk.

    Args:
        pointer: the file that names the build made last, which each build replaces.

    Raises:
        StoreUnavailable: when there is none.
    """
    try:
        status = os.stat(pointer)
    except FileNotFoundError:
        raise StoreUnavailable(f"no graph was built at {pointer.parent}; run 'kg build'") from None
    return status.st_ino, status.st_mtime_ns


def is_current(folder: Path) -> bool:
    """Say whether the graph built last was made of the files as they are now.

    Args:
        folder: the study's folder.
    """
    return _unchanged(paths.store_folder(folder), folder) is not None


def current(folder: Path) -> Path:
    """Return the folder of the build made last: the store, the tables, the digest.

    Args:
        folder: the study's folder.

    Raises:
        StoreUnavailable: when none was ever made.
    """
    built = _current(paths.store_folder(folder))
    if built is None:
        raise StoreUnavailable(f"no graph was built of '{folder.name}'; run 'kg build'")
    return built


def digest(folder: Path) -> str:
    """Return the digest of the study whose graph was built last; see :mod:`kg.store.fold`.

    Args:
        folder: the study's folder.

    Raises:
        StoreUnavailable: when none was ever built.
    """
    return (current(folder) / "digest").read_text("ascii")


def read(folder: Path) -> Store:
    """Open the graph built last, read only.

    Args:
        folder: the study's folder.

    Raises:
        StoreUnavailable: when none was ever built.
    """
    from pyoxigraph import Store

    return Store.read_only(str(current(folder) / STORE))
