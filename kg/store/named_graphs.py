"""The named graphs of a study with their digests: what is compared and sent when a server is kept in step.

They are those of a build, or those that a cluster wrote into a folder of parts, of which no build is needed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from kg import paths
from kg.store import build, fold, rdf, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pyoxigraph import Store

    from kg.store.parts import Parts


class Graphs(Protocol):
    """The named graphs of a study, wherever they are.

    Attributes:
        study: the study's id.
        build: digest of the study.
    """

    study: str
    build: str

    @property
    def digests(self) -> Mapping[str, str]:
        """Return the SHA-256 of each graph by its IRI: of its sorted N-Quads, of a vocabulary that of its file."""

    def content(self, name: str) -> tuple[bytes, str]:
        """Return the statements of a graph, and their media type.

        Args:
            name: its IRI.
        """


class NamedGraphs:
    """The named graphs of a build: of the theory, of each source, and of each vocabulary.

    Args:
        built: the folder of the build.
        store: its graph.
        study: the study's id.
    """

    def __init__(self, built: Path, store: Store, study: str) -> None:
        self.built, self.store, self.study = built, store, study
        self.build = (built / "digest").read_text("ascii")

    @cached_property
    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each graph by its IRI: of its sorted N-Quads, of a vocabulary that of its file."""
        digests = {rdf.theory_graph(self.study)[1:-1]: build.theory_digest(self.built)}
        with closing(sqlite3.connect(f"{(self.built / tables.NAME).as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            for (graphs,) in db.execute("SELECT graphs FROM part"):
                digests |= {name[1:-1]: digest for name, digest in json.loads(graphs).items()}
        return digests | _of_vocabularies(self.vocabularies)

    @cached_property
    def vocabularies(self) -> list[str]:
        """Return the IRIs of the vocabularies."""
        names = [str(graph.value) for graph in self.store.named_graphs()]
        return sorted(name for name in names if not name.startswith(rdf.STUDIES))

    def content(self, name: str) -> tuple[bytes, str]:
        """Return the statements of a graph, and their media type.

        Args:
            name: its IRI.
        """
        from pyoxigraph import NamedNode, RdfFormat

        if name in self.vocabularies:
            return _vocabulary(name).read_bytes(), "text/turtle"
        statements = self.store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(name))
        return statements or b"", "application/n-triples"


class PartGraphs:
    """The named graphs of a study that lie in a folder of parts, as the cluster listed them last.

    Args:
        parts: the parts.

    Raises:
        StoreUnavailable: when the folder lists none, or another version wrote it.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts, self.study = parts, unquote(parts.root.removeprefix(rdf.STUDIES).rstrip("/"))
        self.listed = {name[1:-1]: digest for name, digest in parts.graphs().items()}
        self.build = fold.digest(parts.graphs())
        self.vocabularies = [rdf.VOCABULARIES + name for name in parts.vocabularies()]

    @cached_property
    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each graph by its IRI: of its sorted N-Quads, of a vocabulary that of its file."""
        return self.listed | _of_vocabularies(self.vocabularies)

    def content(self, name: str) -> tuple[bytes, str]:
        """Return the statements of a graph, and their media type.

        Args:
            name: its IRI.

        Raises:
            StoreUnavailable: when a file is damaged or gone.
        """
        if name in self.vocabularies:
            return _vocabulary(name).read_bytes(), "text/turtle"
        # A graph is named where it is sent to; a line feed within a text is written otherwise.
        statements = self.parts.statements(self.listed[name])
        return statements.replace(f" <{name}> .\n".encode(), b" .\n"), "application/n-triples"


def _vocabulary(name: str) -> Path:
    """Return the file of a vocabulary."""
    return paths.shipped("ontology") / f"{name.removeprefix(rdf.VOCABULARIES)}.ttl"


def _of_vocabularies(names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of the file of each vocabulary."""
    return {name: hashlib.sha256(_vocabulary(name).read_bytes()).hexdigest() for name in names}
