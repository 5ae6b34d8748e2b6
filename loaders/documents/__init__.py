"""Read documents as people have them: one module a format, all listed here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from kg.loaders.documents.document import Document


class Loader(NamedTuple):
    """The loader of a format.

    Args:
        title: what the format is called.
        module: the module that has ``read(path, …) -> Document``.
        takes: what that asks for besides the path: ``encoding``, ``password``.
    """

    title: str
    module: str
    takes: tuple[str, ...] = ()


LOADERS: dict[str, Loader] = {
    ".docx": Loader("Word document", "kg.loaders.documents.docx"),
    ".docm": Loader("Word document with macros", "kg.loaders.documents.docx"),
    ".htm": Loader("HTML page", "kg.loaders.documents.html", ("encoding",)),
    ".html": Loader("HTML page", "kg.loaders.documents.html", ("encoding",)),
    ".md": Loader("Markdown", "kg.loaders.documents.markdown", ("encoding",)),
    ".odt": Loader("OpenDocument text", "kg.loaders.documents.odt"),
    ".pdf": Loader("PDF", "kg.loaders.documents.pdf", ("password",)),
    ".srt": Loader("subtitles (SubRip)", "kg.loaders.documents.subtitles", ("encoding",)),
    ".txt": Loader("plain text", "kg.loaders.documents.text", ("encoding",)),
    ".vtt": Loader("subtitles (WebVTT)", "kg.loaders.documents.subtitles", ("encoding",)),
}
"""How each kind of document is read, by its suffix."""


def read(path: Path, *, encoding: str | None = None, password: str | None = None) -> Document:
    """Read a document.

    Args:
        path: the file.
        encoding: what a text is encoded as; without it UTF-8, or what a byte order mark says.
        password: what opens an encrypted PDF.

    Returns:
        Its text, its places and what was left out.

    Raises:
        StudyError: when it cannot be read, is of a format that is not read, or is not to be trusted.
    """
    from kg.loaders.documents import content

    loader = LOADERS[content.check(path)]
    given = {"encoding": encoding, "password": password}
    document: Document = import_module(loader.module).read(path, **{name: given[name] for name in loader.takes})
    return document
