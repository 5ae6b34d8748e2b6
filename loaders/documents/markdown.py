"""Markdown as a document: its headings and numbered paragraphs, its text stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.loaders import encoding as encodings
from kg.loaders import markdown
from kg.loaders.documents.document import Document, Place, in_order
from kg.loaders.imports.safe import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

LOADER = "markdown 1"


def read(path: Path, *, encoding: str | None = None) -> Document:
    """Read a Markdown file.

    Args:
        path: the file.
        encoding: what it is encoded as; without it UTF-8, or what a byte order mark says.

    Raises:
        StudyError: when its encoding is not known, or it is no text.
    """
    decoded = encodings.decode(read_bytes(path), path.name, encoding)
    places, paragraphs = [], 0
    for block in markdown.blocks(decoded.text):
        if block.kind == "heading":
            label = " ".join(block.content.split())
            places.append(Place("heading", block.start, block.end, label, block.level))
        else:
            paragraphs += 1
            places.append(Place("paragraph", block.start, block.end, str(paragraphs)))
    return Document(decoded.text, in_order(places), (), decoded.remarks, LOADER)
