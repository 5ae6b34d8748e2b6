"""Build a study: a store and tables made aside, source by source, checked, and swapped in whole."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import aside, inputs, paths
from kg.errors import Finding, KGError, StoreUnavailable, StudyError
from kg.progress import silent
from kg.store import opening

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pyoxigraph import NamedNode, Store

    from kg.loaders.study import Reading
    from kg.progress import Progress

_log = logging.getLogger("kg")
FORMAT = "111"
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


def build(folder: Path, progress: Progress = silent, parts: Path | None = None) -> Built:
    """Build the graph of a study, if its files changed since it was last built.

    Args:
        folder: the study's folder.
        progress: called with each step, how much of it is done, and how much there is.
        parts: a folder with the parts of sources, as :mod:`kg.store.parts` has them; a source whose files are as they
            were when its parts were written is not read.

    Returns:
        The digest of the study, whether anything was built, and the findings.

    Raises:
        StudyError: when the study has errors; the graph built before stays as it was.
        StoreUnavailable: when the parts cannot be read.
    """
    # What makes or mends something is imported when it is needed: most commands find an unchanged study.
    if aside.left(folder, "import"):
        from kg import moving

        moving.recover(folder)
    store = paths.store_folder(folder)
    if done := _unchanged(store, folder):
        return done
    from kg import moving
    from kg.collecting import uncollected

    with moving.lock(folder):
        if done := _unchanged(store, folder):
            return done
        with uncollected():
            return _make(folder, store, progress, parts)


def _unchanged(store: Path, folder: Path) -> Built | None:
    built = _current(store)
    if built and inputs.unchanged(folder, built / INPUTS, FORMAT):
        return Built((built / "digest").read_text("ascii"), fresh=False)
    return None


def _make(folder: Path, store: Path, progress: Progress, parts: Path | None) -> Built:
    """Build aside, check, and swap the result in by one rename."""
    shipped = inputs.shipped()
    before = _current(store)
    # The graph before the new one stays: who has read the pointer may not have opened it yet.
    for old in store.glob("graph-*"):
        if old != before:
            opening.remove(old)
    new = Path(tempfile.mkdtemp(prefix="graph-", dir=store))
    try:
        edited, fault = _edited_if_possible(folder, before, new, progress)
        reading, digest, quads = edited or _built(folder, new, progress, parts)
        if fault:
            _log.warning("the study was built from nothing, for the build before it could not be built upon: %s", fault)
        (new / SIZES).write_text(_sizes(new), "ascii", newline="\n")
        inputs.Inputs(FORMAT, reading.reader.files, shipped).write(new / INPUTS)
        (new / "digest").write_text(digest, "ascii", newline="\n")
        pointer = new / "name"
        pointer.write_text(new.name, "ascii", newline="\n")
        os.replace(pointer, store / POINTER)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return Built(digest, fresh=True, findings=tuple(reading.reader.listed()), quads=quads)


def _built(folder: Path, new: Path, progress: Progress, parts: Path | None) -> tuple[Reading, str, int]:
    """Build a study from nothing, or from the parts of its sources.

    Returns:
        The study that was read, its digest, and how many statements there are.
    """
    from pyoxigraph import Store

    from kg.loaders import study as loader
    from kg.store import filling, fold, tables
    from kg.store.parts import Parts

    made = Parts.at(parts, inputs.version(FORMAT)) if parts else None
    headers = [*made.headers(folder)] if made else []
    unchanged = {name: file for header in headers for name, file in header.files.items()}
    reading = loader.Reading(folder, {header.source: header.kept for header in headers}, unchanged)
    graph = Store(str(new / STORE))
    folded = fold.fold(reading, graph, new / tables.NAME, progress, made.contribution if made else None)
    progress("checking every quote", 0, 1)
    _load_vocabularies(graph, reading.theory.listing.ontology)
    _check_quotes(graph, folder)
    filling.finish(new / tables.NAME, graph, reading.theory.listing.phrases)
    quads = len(graph)
    _Edits(0, quads, *folded.theory).write(new)
    return reading, folded.digest, quads


def _edited_if_possible(
    folder: Path, before: Path | None, new: Path, progress: Progress
) -> tuple[tuple[Reading, str, int] | None, Exception | None]:
    """Build a study out of the build before it.

    Returns:
        The same as :func:`_edited`, and the fault for which it could not be tried to the end, if there was one; where
        there is no build, nothing is left of what was tried.
    """
    if before is None:
        return None, None
    edited = fault = None
    try:
        edited = _edited(folder, before, new, progress)
    except KGError:
        raise
    except (OSError, RuntimeError, sqlite3.DatabaseError) as e:
        # What is damaged is not built upon; and a disk may know no second names of files, which a copy is made of.
        fault = e
    if edited is None:
        shutil.rmtree(new)
        new.mkdir(0o700)
    return edited, fault


def _edited(folder: Path, before: Path, new: Path, progress: Progress) -> tuple[Reading, str, int] | None:
    """Build a study out of the build before it, of which the sources that did not change are taken.

    Returns:
        The study that was read, its digest, and how many statements there are; None where a build from nothing is due.
    """
    from pyoxigraph import Store

    from kg.loaders import study as loader
    from kg.store import filling, fold, tables

    unchanged = inputs.kept(folder, before / INPUTS, FORMAT)
    last = _Edits.read(before)
    if unchanged is None or last is None or last.number >= MOST_EDITS:
        return None
    stored = fold.stored(before / tables.NAME)
    reading = loader.Reading(folder, {source: one.kept for source, one in stored.items()}, unchanged)
    if len(reading.kept) < LEAST_KEPT * max(len(reading.sources), len(stored)):
        return None
    Store.read_only(str(before / STORE)).backup(str(new / STORE))
    shutil.copyfile(before / tables.NAME, new / tables.NAME)
    graph = Store(str(new / STORE))
    folded = fold.edit(reading, graph, new / tables.NAME, stored, fold.Theory(last.basis, last.theory), progress)
    quads = last.quads + folded.more + _load_vocabularies(graph, reading.theory.listing.ontology)
    _check_quotes(graph, folder, folded.changed)
    phrases = reading.theory.listing.phrases
    if folded.theory.basis == last.basis and folded.sources is not None:
        filling.update(new / tables.NAME, before / tables.NAME, graph, phrases, folded.sources)
    else:
        filling.finish(new / tables.NAME, graph, phrases)
    _Edits(last.number + 1, quads, *folded.theory).write(new)
    return reading, folded.digest, quads


class _Edits(NamedTuple):
    """The way of a build from the last one that was made from nothing.

    Args:
        number: how many edits it is long.
        quads: how many statements the build has.
        basis: digest of what the graph is made of that belongs to no single source.
        theory: digest of that graph.
    """

    number: int
    quads: int
    basis: str
    theory: str

    @classmethod
    def read(cls, built: Path) -> _Edits | None:
        """Read it from the folder of a build."""
        try:
            number, quads, basis, theory = (built / EDITS).read_text("ascii").split()
            return cls(int(number), int(quads), basis, theory)
        except (OSError, ValueError):
            return None

    def write(self, built: Path) -> None:
        """Write it into the folder of a build."""
        (built / EDITS).write_text(" ".join(map(str, self)), "ascii", newline="\n")


def _load_vocabularies(graph: Store, names: Iterable[str]) -> int:
    """Load the vocabularies that a study uses, each into a named graph of its own, and remove others.

    Returns:
        How many statements there are more than before.
    """
    from pyoxigraph import NamedNode, RdfFormat

    from kg.store import rdf

    wanted = {rdf.VOCABULARIES + name: name for name in ("evidence", *names)}
    # Not by a list of all named graphs, of which each source has one.
    shipped = (rdf.VOCABULARIES + path.stem for path in paths.shipped("ontology").glob("*.ttl"))
    there = {name for name in shipped if graph.contains_named_graph(NamedNode(name))}
    changed = [NamedNode(name) for name in sorted(wanted.keys() ^ there)]
    before = sum(_number(graph, name) for name in changed)
    for name in changed:
        if name.value in there:
            graph.remove_graph(name)
        else:
            path = paths.shipped("ontology") / f"{wanted[name.value]}.ttl"
            graph.bulk_load(path=str(path), format=RdfFormat.TURTLE, to_graph=name)
    if changed:
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


def theory_digest(built: Path) -> str:
    """Return the digest of the graph of a build that belongs to no single source.

    Args:
        built: the folder of the build.

    Raises:
        StoreUnavailable: when the build does not say it.
    """
    edits = _Edits.read(built)
    if edits is None:
        raise StoreUnavailable(f"the built graph at {built} is damaged; remove that folder, and run 'kg build'")
    return edits.theory


def beside(folder: Path, store: Path) -> Path:
    """Build a study into a folder that is not in the cache, as one of a revision that is soon gone.

    Args:
        folder: the study's folder.
        store: an empty folder, which gets the build.

    Returns:
        The folder of the build.

    Raises:
        StudyError: when the study has errors.
    """
    _make(folder, store, silent, None)
    built = _current(store)
    assert built is not None
    return built
