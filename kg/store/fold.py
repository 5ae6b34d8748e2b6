"""A build as a fold over sources: what each gives is made by itself, written, and let go.

The digest of a study is the SHA-256 of a list of its named graphs: of each, in the order of their IRIs, the SHA-256 of
its sorted N-Quads, two blanks, its IRI in angle brackets and a line feed. Whoever has the N-Quads can make it again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from kg.store import filling, rdf

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Store

    from kg.loaders.study import Loaded, Reading
    from kg.progress import Progress
    from kg.records import Excerpt, SourcePart

BUNDLE = 64 * 2**20
"""Bytes of N-Quads that are loaded at once: loading takes four times as much memory, and more calls take longer."""


class NamedGraph(NamedTuple):
    """The statements of one named graph.

    Args:
        name: its IRI in angle brackets.
        statements: its sorted N-Quads.
        digest: their SHA-256.
    """

    name: str
    statements: bytes
    digest: str


class Contribution(NamedTuple):
    """The share of one source's records in a build.

    Args:
        graphs: its named graph, and that of its evidence lines that do not count, if there are any.
        rows: of the tables.
    """

    graphs: tuple[NamedGraph, ...]
    rows: filling.Rows


def contribution(part: SourcePart) -> Contribution:
    """Return what one source gives to a build.

    Args:
        part: its records.
    """
    graphs = tuple(_graph(statements) for statements in (rdf.source(part), rdf.uncounted(part)) if statements)
    return Contribution(graphs, filling.rows(part))


def fold(reading: Reading, store: Store, file: Path, progress: Progress) -> tuple[Loaded, str]:
    """Write a study into a store and into tables, source by source.

    Args:
        reading: the study's folder.
        store: an empty store, which gets every statement of the study.
        file: of the tables, which is not there yet; :func:`kg.store.filling.finish` completes them.
        progress: called with the step, how many sources are done, and how many there are.

    Returns:
        The study without its sources, with the findings and the files; and its digest.

    Raises:
        StudyError: when the study has errors.
    """
    with closing(filling.create(file)) as db:
        folding = _Fold(reading, store, db)
        for part in reading.parts(progress):
            # When there is an error the others are looked for, and nothing is written any more.
            if part.records and not reading.failed:
                folding.add(part.records)
        loaded = reading.finish()
        folding.add_quoted()
        folding.write(_graph(rdf.theory(loaded.study)))
        folding.load()
        db.commit()
    return loaded, digest(folding.digests)


def digest(graphs: Mapping[str, str]) -> str:
    """Return the digest of a study.

    Args:
        graphs: SHA-256 of the sorted N-Quads of each named graph, by its IRI in angle brackets.
    """
    return hashlib.sha256("".join(f"{graphs[name]}  {name}\n" for name in sorted(graphs)).encode()).hexdigest()


class _Fold:
    """The store and the tables of a build, as they are filled.

    Args:
        reading: the study's folder.
        store: the store.
        db: the tables.
    """

    def __init__(self, reading: Reading, store: Store, db: sqlite3.Connection) -> None:
        self.reading, self.store, self.db = reading, store, db
        self.digests: dict[str, str] = {}
        self._bundle: list[bytes] = []
        self._size = 0
        self._quoted: defaultdict[str, dict[str, Excerpt]] = defaultdict(dict)

    def add(self, part: SourcePart) -> None:
        """Write what one source gives."""
        share = contribution(part)
        for graph in share.graphs:
            self.write(graph)
        filling.insert(self.db, share.rows)
        for excerpt in part.quoted:
            self._quoted[excerpt.source][excerpt.id] = excerpt

    def add_quoted(self) -> None:
        """Write the passages that only evidence lines of other sources quote; each belongs to the graph of its own."""
        by_source = {files.id: files for files in self.reading.sources}
        for source, excerpts in sorted(self._quoted.items()):
            new = filling.insert_excerpts(self.db, list(excerpts.values()))
            part = self.reading.read(by_source[source]).records if new else None
            if part is None:
                continue
            whole = part._replace(excerpts=[*part.excerpts, *(excerpts[identifier] for identifier in new)])
            # What its own part gave is stated already, and a statement that is stated again is the same one.
            self.write(_graph(rdf.source(whole)))

    def write(self, graph: NamedGraph) -> None:
        """Put a named graph into the bundle that is loaded next, and load it when it is big enough."""
        self.digests[graph.name] = graph.digest
        self._bundle.append(graph.statements)
        self._size += len(graph.statements)
        if self._size >= BUNDLE:
            self.load()

    def load(self) -> None:
        """Load what was not loaded yet."""
        from pyoxigraph import RdfFormat

        data = b"".join(self._bundle)
        self._bundle, self._size = [], 0
        self.store.bulk_load(input=data, format=RdfFormat.N_QUADS)


def _graph(statements: Sequence[str]) -> NamedGraph:
    """Return a named graph by its statements, each of which ends with its IRI and a full stop."""
    data = "".join(statements).encode()
    return NamedGraph(statements[0].rsplit(" ", 2)[1], data, hashlib.sha256(data).hexdigest())
