"""The documents of a study."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from kg import anchor
from kg.loaders import sources
from kg.loaders._reader import Reader
from kg.loaders.passages import Document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.inputs import File
    from kg.loaders.theory import Theory
    from kg.records import Source

DOCUMENTS = 64
"""Sources that are held at once because evidence lines of others quote them."""


class Library:
    """The documents of a study, to be looked at from the codings of another.

    Args:
        folder: the study's folder.
        theory: what belongs to no single source.

    Attributes:
        files: the state in which each file of theirs was read last, by its name.
    """

    def __init__(self, folder: Path, theory: Theory) -> None:
        self.folder, self.theory = folder, theory
        self.files: dict[str, File] = {}
        self._entries = {entry.id: entry for entry in theory.listing.sources}
        self.document = lru_cache(DOCUMENTS)(self._document)

    def _document(self, source: str) -> Document | None:
        """Return a source, or None when there is none that can be read."""
        text = self._source(source)
        return Document(text) if text else None

    def _source(self, source: str) -> Source | None:
        # What is wrong with it is a finding of its own part.
        entry = self._entries.get(source)
        if entry is None:
            return None
        values, reader = self.theory.values["source", entry.id], Reader(self.folder)
        document = sources.read(reader, 0, entry, self.theory.references, values)
        self.files |= {name: file for name, file in reader.files.items() if file}
        return document

    @cached_property
    def texts(self) -> Mapping[str, anchor.Index]:
        """The texts of all sources by id, in which a quote is looked for that its source does not have."""
        return {name: anchor.Index(source.text) for name in self._entries if (source := self._source(name))}
