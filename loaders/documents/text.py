"""Plain text as a document: its paragraphs are numbered, its text stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.loaders import encoding as encodings
from kg.loaders import text as plain
from kg.loaders.documents.document import Document, Place
from kg.loaders.imports.safe import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

LOADER = "text 1"


def read(path: Path, *, encoding: str | None = None) -> Document:
    """Read a text file.

    Args:
        path: the file.
        encoding: what it is encoded as; without it UTF-8, or what a byte order mark says.

    Raises:
        StudyError: when its encoding is not known, or it is no text.
    """
    decoded = encodings.decode(read_bytes(path), path.name, encoding)
    paragraphs = enumerate(plain.paragraphs(decoded.text, ""), 1)
    places = tuple(Place("paragraph", one.start, one.end, str(number)) for number, one in paragraphs)
    return Document(decoded.text, places, (), decoded.remarks, LOADER)
