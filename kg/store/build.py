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
    from collections.abc import Iterable

    from pyoxigraph import Store

    from kg.progress import Progress

FORMAT = "44"
"""Raised when the graph or the tables a study gives change, so that older graphs are built again."""
POINTER = "current"
"""Name of the file that names the folder of the build made last."""
STORE = "oxigraph"
"""Name of the store in the folder of a build."""
INPUTS = "inputs"
"""Name of the list of the files that it was made of."""
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
    from pyoxigraph import Store

    from kg.loaders import study as loader
    from kg.store import filling, fold, tables

    shipped = inputs.shipped()
    reading = loader.Reading(folder)
    before = _current(store)
    # What an interrupted build left behind; the graph in use stays, a reader may have it open.
    for old in store.glob("graph-*"):
        if old != before:
            shutil.rmtree(old, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix="graph-", dir=store))
    try:
        graph = Store(str(new / STORE))
        loaded, digest = fold.fold(reading, graph, new / tables.NAME, progress)
        progress("checking every quote", 0, 1)
        _load_vocabularies(graph, loaded.study.ontology)
        _check_quotes(graph, folder)
        filling.finish(new / tables.NAME, graph, loaded.study.phrases)
        quads = len(graph)
        del graph
        (new / SIZES).write_text(_sizes(new), "ascii")
        inputs.Inputs(FORMAT, loaded.files, shipped).write(new / INPUTS)
        (new / "digest").write_text(digest, "ascii")
        pointer = new / "name"
        pointer.write_text(new.name, "ascii")
        os.replace(pointer, store / POINTER)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return Built(digest, fresh=True, findings=tuple(loaded.findings), quads=quads)


def _load_vocabularies(graph: Store, names: Iterable[str]) -> None:
    """Load the vocabularies that a study uses, each into a named graph of its own."""
    from pyoxigraph import NamedNode, RdfFormat

    from kg.store import rdf

    for name in ("evidence", *names):
        path = paths.shipped("ontology") / f"{name}.ttl"
        graph.bulk_load(path=str(path), format=RdfFormat.TURTLE, to_graph=NamedNode(rdf.VOCABULARIES + name))
    graph.flush()


def _check_quotes(graph: Store, folder: Path) -> None:
    """Check every excerpt of a graph against the bytes of its source file."""
    from kg.loaders import study as loader
    from kg.store import quotes

    if quotes.check(graph, folder):
        # Where each excerpt was coded is looked up only now: nobody needs it in a build that is right.
        raise StudyError(quotes.check(graph, folder, loader.load(folder).places))


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
