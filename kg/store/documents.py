"""What a build keeps of the documents that sources were made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from kg.places import Place
from kg.records import PageFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.store.tables import Tables


class Document(NamedTuple):
    """The document that a source was made of.

    Args:
        original: path of the file from the study's folder; empty when the study does not name it.
        sha256: of its bytes when the text was made.
        pages: the file of what each page of a PDF gave to the text; None for others.
        places: what stretches of the text are called, in order.
        speakers: the role of each label by which turns begin.
    """

    original: str = ""
    sha256: str = ""
    pages: PageFile | None = None
    places: tuple[Place, ...] = ()
    speakers: Mapping[str, str] = {}


def of_source(tables: Tables, source: str) -> Document:
    """Return the document of a source; an empty one for a text that was not added as a document.

    Args:
        tables: the tables of a build.
        source: the source's id.
    """
    text = "SELECT original, sha256, pages, pages_sha256, places, speakers FROM source_document WHERE source = :source"
    for original, sha256, pages, digest, places, speakers in tables.sql(text, source=source):
        return Document(
            original or "",
            sha256 or "",
            PageFile(pages, digest) if pages else None,
            tuple(
                Place(kind, start, end, label, level, (time[0], time[1]) if time else None)
                for kind, start, end, label, level, time in json.loads(places)
            ),
            json.loads(speakers),
        )
    return Document()
