"""A build as a fold over sources: what each gives is made by itself, written, and let go.

The digest of a study is the SHA-256 of a list of its named graphs: of each, in the order of their IRIs, the SHA-256 of
its sorted N-Quads, two blanks, its IRI in angle brackets and a line feed. Whoever has the N-Quads can make it again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from kg.loaders.codings import LinePlace
from kg.store import filling, rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Quad, Store

    from kg.loaders.kept import Kept
    from kg.loaders.study import Reading
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
    """The share of one source in a build.

    Args:
        source: its id.
        graphs: its named graph, and that of its evidence lines that do not count, if there are any.
        rows: of the tables.
        kept: by what it is known that the source need not be read again.
        quoted: the passages of other sources that its evidence lines quote, by id.
    """

    source: str
    graphs: tuple[NamedGraph, ...]
    rows: filling.Rows
    kept: Kept
    quoted: dict[str, Excerpt]


def contribution(part: SourcePart, kept: Kept) -> Contribution:
    """Return what one source gives to a build.

    Args:
        part: its records.
        kept: what is kept of it.
    """
    graphs = tuple(graph(statements) for statements in (rdf.source(part), rdf.uncounted(part)) if statements)
    quoted = {excerpt.id: excerpt for excerpt in part.quoted}
    return Contribution(part.source.id, graphs, filling.rows(part), kept, quoted)


def whole(part: SourcePart, excerpts: Iterable[Excerpt]) -> NamedGraph:
    """Return the named graph of a source of which others quote passages that it has no code for.

    Args:
        part: its records.
        excerpts: these passages.
    """
    return graph(rdf.source(part._replace(excerpts=[*part.excerpts, *excerpts])))


class Stored(NamedTuple):
    """What a build keeps of one source besides its rows and statements.

    Args:
        kept: by what it is known that the source need not be read again.
        graphs: SHA-256 of the sorted N-Quads of each of its named graphs, by their names.
        quoted: the passages of other sources that its evidence lines quote, by id.
        only_quoted: ids of the passages of its own that nothing but evidence lines of other sources quotes.
    """

    kept: Kept
    graphs: dict[str, str]
    quoted: dict[str, Excerpt]
    only_quoted: list[str]


def stored(file: Path) -> dict[str, Stored]:
    """Return what a build keeps of each source, by the source's id.

    Args:
        file: of its tables.
    """
    from kg.loaders.kept import Kept
    from kg.records import Excerpt

    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        return {
            source: Stored(
                Kept.parse(kept),
                json.loads(graphs),
                {one: Excerpt.model_validate_json(text) for one, text in json.loads(quoted).items()},
                json.loads(only_quoted),
            )
            for source, kept, graphs, quoted, only_quoted in db.execute("SELECT * FROM part")
        }


class Theory(NamedTuple):
    """The graph of a build that belongs to no single source.

    Args:
        basis: digest of what it is made of.
        digest: SHA-256 of its sorted N-Quads.
    """

    basis: str
    digest: str


class Folded(NamedTuple):
    """A study that was written into a store and into tables.

    Args:
        digest: of the study.
        theory: its graph that belongs to no single source.
        changed: names of the graphs that are not as they were; None for all.
        more: how many statements there are more than before.
        sources: ids of the sources that have other rows than before; None for all.
    """

    digest: str
    theory: Theory
    changed: frozenset[str] | None = None
    more: int = 0
    sources: frozenset[str] | None = None


def fold(
    reading: Reading,
    store: Store,
    file: Path,
    progress: Progress,
    made: Callable[[str], Contribution] | None = None,
) -> Folded:
    """Write a study into a store and into tables, source by source.

    Args:
        reading: the study's folder.
        store: an empty store, which gets every statement of the study.
        file: of the tables, which is not there yet; :func:`kg.store.filling.finish` completes them.
        progress: called with the step, how many sources are done, and how many there are.
        made: gives what a source that need not be read gives to a build, by the source's id.

    Raises:
        StudyError: when the study has errors.
    """
    with closing(filling.create(file)) as db:
        return _Fold(reading, db, _Loading(store), {}, None, made).run(progress)


def edit(
    reading: Reading, store: Store, file: Path, before: Mapping[str, Stored], theory: Theory, progress: Progress
) -> Folded:
    """Bring the store and the tables of a build to what a study says now.

    Args:
        reading: the study's folder, of which the sources are known that need not be read again.
        store: a copy of the build's store.
        file: a copy of its tables; :func:`kg.store.filling.finish` completes them.
        before: what the build kept of each source.
        theory: its graph that belongs to no single source.
        progress: called with the step, how many sources are done, and how many there are.

    Raises:
        StudyError: when the study has errors.
    """
    with closing(filling.change(file)) as db:
        replacing = _Replacing(store)
        folding = _Fold(reading, db, replacing, before, theory)
        folded = folding.run(progress)
        if gone := {name for one in before.values() for name in one.graphs} - folding.digests.keys():
            for name in gone:
                replacing.remove(name)
            replacing.finish()
        return folded._replace(
            changed=frozenset(replacing.changed), more=replacing.more, sources=frozenset(folding.sources)
        )


def listing(graphs: Mapping[str, str]) -> str:
    """List named graphs, as the digest of a study is made of them.

    Args:
        graphs: SHA-256 of the sorted N-Quads of each, by its IRI in angle brackets.
    """
    return "".join(f"{graphs[name]}  {name}\n" for name in sorted(graphs))


def digest(graphs: Mapping[str, str]) -> str:
    """Return the digest of a study.

    Args:
        graphs: SHA-256 of the sorted N-Quads of each named graph, by its IRI in angle brackets.
    """
    return hashlib.sha256(listing(graphs).encode()).hexdigest()


class _Fold:
    """The store and the tables of a build, as they are filled.

    Args:
        reading: the study's folder.
        db: the tables.
        writer: what writes named graphs into the store.
        before: what is in them of each source; nothing in a new build.
        theory: the graph in them that belongs to no single source; None in a new build.
        made: gives what a source that need not be read gives to a build; None where it is in the build already.
    """

    def __init__(
        self,
        reading: Reading,
        db: sqlite3.Connection,
        writer: _Loading | _Replacing,
        before: Mapping[str, Stored],
        theory: Theory | None,
        made: Callable[[str], Contribution] | None = None,
    ) -> None:
        self.reading, self.db, self.writer, self.before, self.theory = reading, db, writer, before, theory
        self.made = made
        self.digests: dict[str, str] = {}
        self.sources: set[str] = set()
        # The passages of each source that evidence lines of others quote.
        self._quoted: defaultdict[str, dict[str, Excerpt]] = defaultdict(dict)

    def run(self, progress: Progress) -> Folded:
        """Write what changed of the sources, then what is said of the whole."""
        # First all that goes: an evidence line may have moved from one source to another.
        for source, one in self.before.items():
            if source not in self.reading.kept:
                filling.remove(self.db, source, (line[_ID] for line in one.kept.lines))
        for files, part in zip(self.reading.sources, self.reading.parts(progress), strict=True):
            is_kept = files.id in self.reading.kept
            if is_kept and self.made is None:
                self._keep(self.before[str(files.id)])
            # When there is an error the others are looked for, and nothing is written any more.
            elif self.reading.failed:
                continue
            elif is_kept and self.made:
                self._add(self.made(str(files.id)))
            elif part.records:
                self._add(contribution(part.records, self.reading.keep(files, part)))
        theory = self._finish()
        self._add_quoted()
        self.writer.finish()
        self.db.commit()
        return Folded(digest(self.digests), theory)

    def _finish(self) -> Theory:
        """Check what is said of the whole, and write the graph that belongs to no single source if it changed."""
        basis = self.reading.basis()
        if self.theory and self.theory.basis == basis:
            self.reading.check()
            self.digests[rdf.theory_graph(self.reading.theory.listing.id)] = self.theory.digest
            return self.theory
        written = graph(rdf.theory(self.reading.finish().study))
        self._write(written)
        return Theory(basis, written.digest)

    def _keep(self, one: Stored) -> None:
        self.digests |= one.graphs
        self._quote(one.quoted.values())

    def _add(self, share: Contribution) -> None:
        """Write what one source gives."""
        self.sources.add(share.source)
        for one in share.graphs:
            self._write(one)
        filling.insert(self.db, share.rows)
        self._quote(share.quoted.values())
        quoted = {identifier: excerpt.model_dump_json() for identifier, excerpt in share.quoted.items()}
        # As SQLite's own functions of JSON write it.
        graphs = json.dumps({one.name: one.digest for one in share.graphs}, separators=(",", ":"))
        row = (share.source, str(share.kept), graphs, json.dumps(quoted, ensure_ascii=False), "[]")
        self.db.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?)", row)

    def _quote(self, excerpts: Iterable[Excerpt]) -> None:
        for excerpt in excerpts:
            self._quoted[excerpt.source][excerpt.id] = excerpt

    def _add_quoted(self) -> None:
        """Write the passages that only evidence lines of other sources quote; each belongs to the graph of its own."""
        by_source = {files.id: files for files in self.reading.sources}
        before = {source: one.only_quoted for source, one in self.before.items() if source in self.reading.kept}
        for source in sorted(self._quoted.keys() | {source for source, ids in before.items() if ids}):
            excerpts, there = self._quoted[source], before.get(source, [])
            own = {e for (e,) in self.db.execute("SELECT id FROM excerpt WHERE source = ?", (source,))} - {*there}
            new = sorted(excerpts.keys() - own)
            if new == there:
                continue
            part = self.reading.read(by_source[source]).records
            if part is None:
                continue
            self.sources.add(source)
            filling.remove_excerpts(self.db, there)
            filling.insert_excerpts(self.db, [excerpts[identifier] for identifier in new])
            # What its own part gave is stated already, and a statement that is stated again is the same one.
            written = whole(part, (excerpts[identifier] for identifier in new))
            self._write(written)
            self.db.execute(
                "UPDATE part SET only_quoted = ?, graphs = json_set(graphs, ?, ?) WHERE source = ?",
                (json.dumps(new, ensure_ascii=False), f'$."{written.name}"', written.digest, source),
            )

    def _write(self, of: NamedGraph) -> None:
        self.digests[of.name] = of.digest
        self.writer.write(of)


_ID = LinePlace._fields.index("id")


class _Loading:
    """Named graphs that are loaded into an empty store.

    Args:
        store: the store.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._bundle: list[bytes] = []
        self._size = 0

    def write(self, graph: NamedGraph) -> None:
        """Put a named graph into the bundle that is loaded next, and load it when it is big enough."""
        self._bundle.append(graph.statements)
        self._size += len(graph.statements)
        if self._size >= BUNDLE:
            self.finish()

    def finish(self) -> None:
        """Load what was not loaded yet."""
        from pyoxigraph import RdfFormat

        data = b"".join(self._bundle)
        self._bundle, self._size = [], 0
        self.store.bulk_load(input=data, format=RdfFormat.N_QUADS)


class _Replacing:
    """Named graphs that take the place of those of a store.

    The store is a copy that nobody reads before it is swapped in, so that no two of its states need be one step apart.

    Args:
        store: the store.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.changed: set[str] = set()
        self.more = 0

    def write(self, graph: NamedGraph) -> None:
        """Put the statements of a named graph in the place of those that are there."""
        from pyoxigraph import RdfFormat, parse

        self._replace(graph.name, set(parse(graph.statements, format=RdfFormat.N_QUADS)))

    def remove(self, name: str) -> None:
        """Remove a named graph."""
        self._replace(name, set())

    def _replace(self, name: str, wanted: set[Quad]) -> None:
        """Write the difference alone: an edit changes a few of the thousands of statements of a source."""
        from pyoxigraph import NamedNode

        graph = NamedNode(name[1:-1])
        there = set(self.store.quads_for_pattern(None, None, None, graph))
        for quad in there - wanted:
            self.store.remove(quad)
        self.store.extend(wanted - there)
        if not wanted:
            self.store.remove_graph(graph)
        self.more += len(wanted) - len(there)
        if there != wanted:
            self.changed.add(name)

    def finish(self) -> None:
        """Let what was written be on the disk."""
        self.store.flush()


def graph(statements: Sequence[str]) -> NamedGraph:
    """Return a named graph by its statements.

    Args:
        statements: sorted; each ends with the IRI of the graph and a full stop.
    """
    data = "".join(statements).encode()
    return NamedGraph(statements[0].rsplit(" ", 2)[1], data, hashlib.sha256(data).hexdigest())
