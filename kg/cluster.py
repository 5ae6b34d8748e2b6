"""A study read on a cluster: Dask's workers read its sources, and each writes the parts of some into one folder.

What they run is what a build on one machine runs (:func:`kg.store.fold.contribution`), so that the named graphs and
their digest are the same. Functions are sent by their names, for which every worker has this version of dart-kg;
what comes back are ids, names and digests. A worker that ends costs what it had in hand: Dask gives that to
another, and what was written is found there and not written again.
"""

from __future__ import annotations

import os
import platform
import uuid
from collections import defaultdict
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import inputs, moving
from kg.collecting import uncollected
from kg.errors import KGError, ServerUnavailable, StoreUnavailable, StudyError
from kg.loaders.study import Reading, SourceReader
from kg.progress import silent
from kg.records import Excerpt
from kg.store import build, fold, rdf
from kg.store.parts import Graph, Header, Parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.progress import Progress

CONNECT = 10
"""Seconds in which a scheduler has to answer."""
JOIN = 60
"""Seconds in which a first worker has to be there, which a cluster may start only when there is work."""
TOGETHER = 8
"""Sources of one task: what a worker that ends costs, and what Dask's own work for a task is shared by."""


class Task(NamedTuple):
    """One source that a worker reads.

    Args:
        source: its id.
        codings: names of the codings files that name it.
        readings: names of the readings files that name it.
        quoted: passages of it, in JSON, that only evidence lines of other sources quote; where there are any, its
            named graph is written with them, and no other part of it.
    """

    source: str
    codings: Sequence[str]
    readings: Sequence[str]
    quoted: Sequence[str] = ()


Done = list[tuple[str, bool, dict[str, Graph]]]
"""The id of each source, whether it was read, and the named graphs of those that were written with more passages."""


def write(tasks: Sequence[Task], study: str, folder: str, version: str, state: tuple[str, str]) -> Done:
    """Write the parts of some sources; this is what a worker runs.

    Args:
        tasks: the sources. One that has an error is left out, to be told by who reads it next.
        study: path of the study's folder.
        folder: path of the folder of parts.
        version: of who asks, see :func:`kg.inputs.version`.
        state: digest of the files that belong to no single source, as who asks sees them, and a name of the run.

    Raises:
        StoreUnavailable: when this machine has another version, or sees other files.
    """
    here = f"the worker on {platform.node()} (process {os.getpid()})"
    if inputs.version(build.FORMAT) != version:
        raise StoreUnavailable(f"{here} has another version of dart-kg; install the same everywhere")
    if not Path(folder).is_dir():
        raise StoreUnavailable(f"{here} does not see the folder {folder}; all have to see it under this path")
    try:
        reader = _reader(study, *state)
    except StudyError as e:
        raise StoreUnavailable(f"{here} cannot read the study in {study}; all have to see it under this path") from e
    if reader is None:
        raise StoreUnavailable(f"{here} sees other files in {study}, or they were changed just now; run this again")
    parts = Parts(Path(folder), version)
    with uncollected():
        return [_written(reader, parts, Task(*task)) for task in tasks]


@lru_cache(maxsize=1)
def _reader(study: str, state: str, _run: str) -> SourceReader | None:
    """Return what sources are read with in a run; None when the files of the study are others than are meant."""
    reader = SourceReader(Path(study))
    return reader if reader.state() == state else None


def _written(reader: SourceReader, parts: Parts, task: Task) -> tuple[str, bool, dict[str, Graph]]:
    """Write the parts of one source, unless they are there."""
    files = reader.files(task.source, task.codings, task.readings)
    if not task.quoted:
        header = parts.header(task.source, reader.reader.folder)
        if header and reader.holds(header.kept, files, header.files):
            return task.source, False, {}
    part = reader.read(files)
    if part.records is None or any(finding.severity == "error" for finding in part.reader.findings):
        return task.source, True, {}
    if task.quoted:
        graph = fold.whole(part.records, map(Excerpt.model_validate_json, task.quoted))
        return task.source, True, {graph.name: parts.write_graph(graph)}
    kept = reader.keep(files, part)
    parts.write(fold.contribution(part.records, kept), reader.states(part, kept))
    return task.source, True, {}


def write_parts(folder: Path, scheduler: str, into: Path, progress: Progress = silent) -> build.Built:
    """Read a study on a cluster, and write its parts into a folder.

    Args:
        folder: the study's folder, which all workers see under its path.
        scheduler: address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``.
        into: the folder of parts, which all workers see under its path; what is done there is not done again.
        progress: called with the step, how many sources are done, and how many there are.

    Returns:
        The digest of the study, which is that of a build on one machine; whether any source was read; the findings;
        and the number of statements.

    Raises:
        StudyError: when the study has errors.
        ServerUnavailable: when the scheduler does not answer, has no workers, or goes away.
        StoreUnavailable: when a worker or the folder cannot be used.
    """
    from filelock import FileLock

    with _connected(scheduler) as cluster, moving.still(folder), uncollected():
        reading = Reading(folder)
        parts = Parts.of(reading.theory.listing.id, into.absolute(), inputs.version(build.FORMAT))
        with FileLock(parts.folder / "lock"):
            work = _Work(cluster, folder, parts, (reading.state(), uuid.uuid4().hex), progress)
            # What names no source that is listed is wrong, and is told when it is read here.
            tasks = [Task(str(f.id), f.codings, f.readings) for f in reading.sources if len(f.listed) == 1]
            fresh = any(read for _, read, _ in work.do("reading sources on the cluster", tasks))
            return _finish(folder, parts, work, progress)._replace(fresh=fresh)


class _Work(NamedTuple):
    """What workers are asked to do, and for whom."""

    cluster: Any
    folder: Path
    parts: Parts
    state: tuple[str, str]
    progress: Progress

    def do(self, step: str, tasks: Sequence[Task]) -> Done:
        """Have tasks done, and return what came of them, in no order.

        Args:
            step: what it is, for a person.
            tasks: the tasks.
        """
        import distributed

        batches = [[tuple(task) for task in tasks[n : n + TOGETHER]] for n in range(0, len(tasks), TOGETHER)]
        given = {"study": str(self.folder), "folder": str(self.parts.folder), "version": self.parts.version}
        done: Done = []
        # Not pure: the same call on another day reads other files.
        futures = self.cluster.map(write, batches, pure=False, state=self.state, **given)
        if futures:
            self.cluster.wait_for_workers(1, timeout=JOIN)
        for _, result in distributed.as_completed(futures, loop=self.cluster.loop, with_results=True):
            done += result
            self.progress(step, len(done), len(tasks))
        return done


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Connect with a scheduler, and say in words what goes wrong with it."""
    try:
        import distributed
        from distributed.comm import CommClosedError
    except ModuleNotFoundError as e:
        raise StoreUnavailable(
            "reading a study on a cluster needs the package distributed: pip install '.[cluster]' in the checkout"
        ) from e
    if not address:  # for which Dask would start a cluster of its own
        raise ServerUnavailable("name the address of a Dask scheduler, such as tcp://10.0.0.1:8786")
    try:
        cluster = distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as e:
        message = f"no Dask scheduler answers at {address}: {_words(e)}; check the address, and that one runs there"
        raise ServerUnavailable(message) from e
    try:
        yield cluster
    except KGError:
        raise
    except TimeoutError as e:
        raise ServerUnavailable(f"the scheduler at {address} has no worker; start some with 'dask worker'") from e
    except (distributed.client.FutureCancelledError, distributed.client.FuturesCancelledError, CommClosedError) as e:
        message = f"the scheduler at {address} went away; run the command again: what is done is not done again"
        raise ServerUnavailable(message) from e
    except distributed.KilledWorker as e:
        raise ServerUnavailable(f"workers ended again and again, perhaps for lack of memory: {_words(e)}") from e
    except (ImportError, RuntimeError) as e:
        message = f"the cluster cannot run dart-kg: {_words(e)}; install this version of it everywhere"
        raise ServerUnavailable(message) from e
    finally:
        cluster.close(timeout=CONNECT)


def _words(e: BaseException) -> str:
    return (str(e).strip().splitlines() or [type(e).__name__])[0]


def _finish(folder: Path, parts: Parts, work: _Work, progress: Progress) -> build.Built:
    """Check what is said of the whole, write what belongs to no single source, and list what the study consists of."""
    headers = {header.source: header for header in parts.headers(folder)}
    unchanged = {name: file for header in headers.values() for name, file in header.files.items()}
    reading = Reading(folder, {source: header.kept for source, header in headers.items()}, unchanged)
    graphs: dict[str, Graph] = {}
    written: list[Header] = []
    quoted: defaultdict[str, dict[str, Excerpt]] = defaultdict(dict)
    for files, part in zip(reading.sources, reading.parts(progress), strict=True):
        header = headers.get(str(files.id)) if files.id in reading.kept else None
        if header is None and part.records and not reading.failed:
            # Its files were changed meanwhile, or what a worker wrote is not seen here.
            kept = reading.keep(files, part)
            parts.write(fold.contribution(part.records, kept), reading.states(part, kept))
            header = parts.header(part.records.source.id, folder)
        if header:
            written.append(header)
            graphs |= header.graphs
            for excerpt in header.excerpts():
                quoted[excerpt.source][excerpt.id] = excerpt
    study = reading.finish().study
    by_source = {files.id: files for files in reading.sources}
    tasks = []
    for source, excerpts in sorted(quoted.items()):
        more = [excerpts[one].model_dump_json() for one in sorted(excerpts.keys() - parts.excerpts(source))]
        if more:
            tasks.append(Task(source, by_source[source].codings, by_source[source].readings, more))
    for _, _, more_graphs in work.do("reading quoted sources on the cluster", tasks):
        graphs |= more_graphs
    theory = fold.graph(rdf.theory(study))
    graphs[theory.name] = parts.write_graph(theory)
    digests = {name: graph.digest for name, graph in graphs.items()}
    vocabularies = ("evidence", *reading.theory.listing.ontology)
    quads = parts.finish(digests, vocabularies, written)
    quads += sum(graph.statements for graph in graphs.values())
    return build.Built(fold.digest(digests), fresh=True, findings=tuple(reading.reader.listed()), quads=quads)
