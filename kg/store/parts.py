"""The parts of a study: what its sources give to a build, in a folder that several machines write to and read from.

The folder holds

- ``study``: the IRI that those of the study's records begin with, by which the folder is known;
- ``nquads/AB/ABC….nq``: a named graph, called by the SHA-256 of its sorted N-Quads;
- ``sources/AB/ABC….json``: by the SHA-256 of a source's id what a build keeps of it, in one line, and in a second one
  its rows of the tables;
- ``vocabularies/NAME.nq``: a vocabulary that the study uses, in a named graph of its own;
- ``graphs``, written last: the SHA-256 and the IRI of each named graph of the study, in the order of the IRIs. Its own
  SHA-256 is the digest of the study, see :func:`kg.store.fold.digest`.

Each file is whole or not there, and what it is called by does not depend on who wrote it: so whatever was written
before something failed is not written again.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import paths
from kg.errors import StoreUnavailable
from kg.files import sync
from kg.inputs import File, same
from kg.loaders.kept import Kept
from kg.records import Excerpt
from kg.store import fold, rdf
from kg.store.filling import Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

LISTING = "graphs"
"""Name of the file that lists the named graphs."""
_STUDY, _GRAPHS, _SOURCES, _VOCABULARIES = "study", "nquads", "sources", "vocabularies"
_UNFINISHED = ".unfinished-"
"""How the name of a file begins that is being written, or was when its process was killed."""


class Graph(NamedTuple):
    """A named graph in a file.

    Args:
        digest: SHA-256 of its sorted N-Quads.
        size: of the file in bytes.
        statements: how many it has.
    """

    digest: str
    size: int
    statements: int


class Header(NamedTuple):
    """The content of the parts of one source, but for statements and rows.

    Args:
        version: of what wrote them, see :func:`kg.inputs.version`.
        source: id of the source.
        kept: by what it is known that the source need not be read again.
        graphs: its named graphs by their IRIs in angle brackets.
        quoted: the passages of other sources that its evidence lines quote, by id, in JSON.
        files: the state of each file that they were made of, by its name.
    """

    version: str
    source: str
    kept: Kept
    graphs: Mapping[str, Graph]
    quoted: Mapping[str, str]
    files: Mapping[str, File]

    @classmethod
    def parse(cls, line: str) -> Header:
        """Read it from a line of JSON."""
        version, source, kept, graphs, quoted, files = json.loads(line)
        by_name = {name: Graph(*graph) for name, graph in graphs.items()}
        return cls(version, source, Kept(*kept), by_name, quoted, {name: File(*file) for name, file in files.items()})

    def excerpts(self) -> Iterator[Excerpt]:
        """Give the passages of other sources that its evidence lines quote."""
        return map(Excerpt.model_validate_json, self.quoted.values())


class Parts:
    """A folder of the parts of a study.

    Args:
        folder: the folder, which is there.
        version: of what reads and writes them, see :func:`kg.inputs.version`; what another wrote counts for nothing.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self.folder, self.version = folder, version

    @classmethod
    def at(cls, folder: Path, version: str) -> Parts:
        """Return the parts in a folder.

        Args:
            folder: the folder.
            version: of what reads them.

        Raises:
            StoreUnavailable: when it is no folder of parts.
        """
        if not (folder / _STUDY).is_file():
            raise StoreUnavailable(f"{folder} is no folder of parts; 'kg build --scheduler ADDRESS --parts' writes one")
        return cls(folder, version)

    @classmethod
    def of(cls, study: str, folder: Path, version: str) -> Parts:
        """Return the parts of a study in a folder, which is made or must be one of its parts.

        Args:
            study: id of the study.
            folder: the folder.
            version: of what reads and writes them.

        Raises:
            StoreUnavailable: when something else is in the folder: what is stale is removed from it one day.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            _write(folder / _STUDY, rdf.base(study).encode())
        parts = cls.at(folder, version)
        if parts.root != rdf.base(study):
            raise StoreUnavailable(f"{folder} has the parts of another study; name another folder")
        return parts

    def write(self, share: fold.Contribution, files: Mapping[str, File]) -> None:
        """Write what one source gives.

        Args:
            share: all that it gives.
            files: the state of each file that it was made of.
        """
        graphs = {graph.name: self.write_graph(graph) for graph in share.graphs}
        quoted = {one: excerpt.model_dump_json() for one, excerpt in share.quoted.items()}
        header = Header(self.version, share.source, share.kept, graphs, quoted, files)
        lines = (json.dumps(value, ensure_ascii=False) for value in (header, share.rows))
        _write(self._source(share.source), "".join(f"{line}\n" for line in lines).encode())

    def write_graph(self, graph: fold.NamedGraph) -> Graph:
        """Write a named graph, unless it is there.

        Args:
            graph: the graph.
        """
        written = Graph(graph.digest, len(graph.statements), graph.statements.count(b"\n"))
        if not self._is_there(written):
            _write(self.file(written.digest), graph.statements)
        return written

    def header(self, source: str, study: Path) -> Header | None:
        """Return what is kept of a source, if its parts are there and its files are as they were.

        Args:
            source: its id.
            study: the study's folder.
        """
        return self._header(self._source(source), study)

    def headers(self, study: Path) -> Iterator[Header]:
        """Give what is kept of each source whose parts are there and whose files are as they were.

        Args:
            study: the study's folder.
        """
        for path in sorted(self.folder.glob(f"{_SOURCES}/??/*.json")):
            if header := self._header(path, study):
                yield header

    def contribution(self, source: str) -> fold.Contribution:
        """Return what a source gives to a build.

        Args:
            source: its id; its parts are there.

        Raises:
            StoreUnavailable: when a file of it is damaged or gone.
        """
        path = self._source(source)
        try:
            first, second, _ = path.read_text("utf-8").split("\n")
            header, rows = Header.parse(first), Rows(*json.loads(second))
        except (OSError, ValueError, TypeError) as e:
            raise _damaged(path) from e
        graphs = tuple(
            fold.NamedGraph(name, self.statements(graph.digest), graph.digest) for name, graph in header.graphs.items()
        )
        return fold.Contribution(source, graphs, rows, header.kept, {one.id: one for one in header.excerpts()})

    def excerpts(self, source: str) -> set[str]:
        """Return the ids of the passages of a source that it gives itself.

        Args:
            source: its id; its parts are there.
        """
        return {row[0] for row in self.contribution(source).rows.excerpt}

    def file(self, digest: str) -> Path:
        """Return the file of a named graph.

        Args:
            digest: SHA-256 of its sorted N-Quads.
        """
        return self.folder / _GRAPHS / digest[:2] / f"{digest}.nq"

    def statements(self, digest: str) -> bytes:
        """Return the sorted N-Quads of a named graph.

        Args:
            digest: their SHA-256.

        Raises:
            StoreUnavailable: when its file is damaged or gone.
        """
        path = self.file(digest)
        try:
            data = path.read_bytes()
        except OSError as e:
            raise _damaged(path) from e
        if hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(path)
        return data

    @property
    def root(self) -> str:
        """Return the IRI that those of the study's records begin with."""
        return (self.folder / _STUDY).read_text("utf-8")

    def vocabularies(self) -> list[str]:
        """Return the names of the vocabularies that the study uses, sorted.

        Raises:
            StoreUnavailable: when the parts were not finished, or another version wrote them.
        """
        files = {path.stem: path for path in sorted((self.folder / _VOCABULARIES).glob("*.nq"))}
        if not self.graphs() or any(path.read_bytes() != _vocabulary(name) for name, path in files.items()):
            raise StoreUnavailable(
                f"the parts in {self.folder} are unfinished, or of another version; "
                "'kg build --scheduler ADDRESS --parts' writes them to the end"
            )
        return list(files)

    def graphs(self) -> dict[str, str]:
        """Return the SHA-256 of each named graph that is listed, by its IRI in angle brackets."""
        try:
            lines = (self.folder / LISTING).read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}

    def finish(self, graphs: Mapping[str, str], vocabularies: Iterable[str], headers: Collection[Header]) -> int:
        """List the named graphs of a study, and remove what belongs to it no more.

        Args:
            graphs: SHA-256 of each, by its IRI in angle brackets; all are written.
            vocabularies: names of the vocabularies that the study uses.
            headers: what is kept of each of its sources.

        Returns:
            How many statements the vocabularies have.
        """
        written = {self.folder / _VOCABULARIES / f"{name}.nq": _vocabulary(name) for name in vocabularies}
        for path, data in written.items():
            _write(path, data)
        _write(self.folder / LISTING, fold.listing(graphs).encode())
        # A source that others quote has two graphs: what it gives itself, and what is listed.
        kept = {self.file(digest) for digest in graphs.values()} | written.keys()
        for header in headers:
            kept.add(self._source(header.source))
            kept.update(self.file(graph.digest) for graph in header.graphs.values())
        for pattern in (f"{_GRAPHS}/??/*", f"{_SOURCES}/??/*", f"{_VOCABULARIES}/*"):
            for path in self.folder.glob(pattern):
                if path not in kept:
                    path.unlink(missing_ok=True)
        return sum(data.count(b"\n") for data in written.values())

    def _source(self, source: str) -> Path:
        digest = hashlib.sha256(source.encode()).hexdigest()
        return self.folder / _SOURCES / digest[:2] / f"{digest}.json"

    def _header(self, path: Path, study: Path) -> Header | None:
        try:
            with path.open(encoding="utf-8") as file:
                written = os.fstat(file.fileno()).st_mtime_ns
                header = Header.parse(file.readline())
        except (OSError, ValueError, TypeError):
            return None
        if header.version != self.version or not all(map(self._is_there, header.graphs.values())):
            return None
        files = same(study, header.files, written)
        return None if files is None else header._replace(files=files)

    def _is_there(self, graph: Graph) -> bool:
        with suppress(OSError):
            return self.file(graph.digest).stat().st_size == graph.size
        return False


def _damaged(path: Path) -> StoreUnavailable:
    return StoreUnavailable(f"the part {path} is damaged or gone; remove it, and write the parts again")


def _vocabulary(name: str) -> bytes:
    """Return a vocabulary that ships as sorted N-Quads, in the named graph that a build gives it."""
    from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

    graph, file = NamedNode(rdf.VOCABULARIES + name), paths.shipped("ontology") / f"{name}.ttl"
    triples = parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=False)
    quads = (Quad(one.subject, one.predicate, one.object, graph) for one in triples)
    data: Any = serialize(quads, format=RdfFormat.N_QUADS)
    return b"".join(sorted(data.splitlines(keepends=True)))


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is whole or not there, however many write it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.parent / f"{_UNFINISHED}{uuid.uuid4().hex}"
    unfinished.write_bytes(data)
    sync(unfinished)
    unfinished.replace(path)
