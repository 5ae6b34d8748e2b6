"""The pages of a document as pictures, and where on them its passages stand.

Both are made when somebody looks at a page, by :class:`kg.loaders.documents.pdf.Viewer`, and kept in the cache beside
the builds of the study, under the digest of the document: what is kept is right whatever becomes of the file. When
there is too much of it, what was looked at longest ago goes first.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from contextlib import contextmanager, suppress
from functools import lru_cache
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cachetools import TTLCache

from kg import page_map, paths
from kg.errors import KGError, StudyError
from kg.files import file_digest, write_whole
from kg.loaders.imports.safe import MAX_MEMBER
from kg.places import of_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.loaders.documents.pdf import Box, Viewer
    from kg.page_map import PageText
    from kg.store.documents import Document

WIDTH = 1200
"""Pixels of a row of a picture: a page is read on a screen of any density."""
MOST = 256 * 2**20
"""How much is kept of a study (bytes)."""
STRIP = 20
"""How many times as long as wide a page may be, or as wide as long."""
IDLE = 30.0
"""How long a document stays open after somebody looked at it (seconds)."""
FOLDER = "pages"
"""The folder in the cache of a study."""

Span = tuple[int, int]
T = TypeVar("T")


MISSING = "the document is not there; put it back where study.yaml names it"
CHANGED = "the document is not the one that the text was made of; restore it"
MOVED = "the characters of its pages are not where the text was read; read it again: kg add --again"
UNKNOWN = "nobody knows which characters of a page became the text; read it again: kg add --again --write"
"""Why pages or passages on them are not shown."""


class NotShown(KGError):
    """The reason why a page cannot be shown, in words for a reader."""


class Sheet(NamedTuple):
    """A page of a document.

    Args:
        number: its index, from 1.
        label: what is printed on it.
        height: as a part of its width.
    """

    number: int
    label: str
    height: float


class Facsimile:
    """The pages of one document as pictures.

    Args:
        folder: the study's folder.
        document: what the build keeps of it.
    """

    def __init__(self, folder: Path, document: Document) -> None:
        self.document = document
        self.path = folder / document.original
        self.kept = paths.store_folder(folder) / FOLDER / document.sha256[:32]
        self._folder = folder

    def sheets(self, length: int) -> tuple[Sheet, ...]:
        """Return the pages of the document, also those without text; where only these are known, those with text.

        A page that is a strip, which nobody could read beside a text, is left out.

        Args:
            length: of its text (codepoints).
        """
        with suppress(NotShown):
            every = (
                Sheet(number, page.label, page.size[1] / page.size[0] if page.size[0] else 0.0)
                for number, page in enumerate(self._pages(length), 1)
            )
            return tuple(sheet for sheet in every if 1 / STRIP < sheet.height < STRIP)
        labels = {place.level: place.label for place in of_kind(self.document.places, "page")}
        return tuple(Sheet(number, labels[number], 2**0.5) for number in sorted(labels))

    def check(self) -> None:
        """Check that the document is there and the one that the text was made of.

        Raises:
            NotShown: when it is not.
        """
        try:
            status = self.path.stat()
            if not S_ISREG(status.st_mode):
                raise NotShown(MISSING)
            digest = _sha256(self.path, status.st_size, status.st_mtime_ns) if status.st_size <= MAX_MEMBER else ""
        except OSError:
            raise NotShown(MISSING) from None
        if digest != self.document.sha256:
            raise NotShown(CHANGED)

    def boxes(self, text: str, spans: Iterable[Span]) -> Mapping[Span, tuple[Box, ...]]:
        """Return the rectangles on the pages round some passages, line by line.

        Args:
            text: the document's text.
            spans: where each begins and ends (codepoints, end exclusive).

        Returns:
            Those of each passage; one whose characters stand elsewhere on its pages is not there.

        Raises:
            NotShown: when the document cannot be read, or nobody knows which characters of a page became the text.
        """
        from kg.loaders.documents.pdf import Box

        pages = self._pages(len(text))
        assert self.document.pages
        file = self.kept / f"boxes-{self.document.pages.sha256[:16]}.json"
        known = _known(file)
        wanted = sorted(set(spans))
        if missing := [span for span in wanted if span not in known]:
            found = self._looked("boxes", lambda viewer: viewer.boxes(text, pages, missing))
            known |= {span: some for span, some in zip(missing, found, strict=True) if some is not None}
            rows = [[*span, some] for span, some in sorted(known.items())]
            self._keep(file, json.dumps(rows, separators=(",", ":")).encode())
        return {span: tuple(Box(*box) for box in known[span]) for span in wanted if span in known}

    def picture(self, number: int) -> bytes:
        """Return the picture of a page as PNG.

        Args:
            number: index of the page, from 1.

        Raises:
            NotShown: when the document cannot be read, or there is no such page.
        """
        file = self.kept / f"{number}-{WIDTH}.png"
        with suppress(OSError):
            png = file.read_bytes()
            os.utime(file)
            return png
        picture = self._looked(f"page {number}", lambda viewer: viewer.picture(number, WIDTH))
        if picture is None:
            raise NotShown(f"the document has no page {number:,}")
        self._keep(file, picture.png)
        return picture.png

    def _looked(self, what: str, look: Callable[[Viewer], T]) -> T:
        """Look at the document; why that cannot be done is said in words for a reader, and not tried again at once."""
        key = self.path, self.document.sha256, what
        if key in _refused:
            raise NotShown(_refused[key])
        self.check()
        try:
            with _viewed(self.path, self.document.sha256) as viewer:
                return look(viewer)
        except StudyError as e:
            _refused[key] = e.findings[0].message
            raise NotShown(_refused[key]) from e

    def _pages(self, length: int) -> tuple[PageText, ...]:
        """Return what each page gave to the text."""
        if (file := self.document.pages) is None:
            raise NotShown(UNKNOWN)
        try:
            status = (self._folder / file.file).stat()
            return _page_map(self._folder / file.file, status.st_size, status.st_mtime_ns, file.sha256, length)
        except (OSError, ValueError):
            raise NotShown(UNKNOWN) from None

    def _keep(self, file: Path, data: bytes) -> None:
        """Keep what was made, and let go of what is oldest; a cache that cannot be written only costs time."""
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, data)
            _prune(self.kept.parent)


_refused: TTLCache[tuple[Path, str, str], str] = TTLCache(64, ttl=60)
"""Why something was not shown: what takes too long should not take it at every look."""
_turning = threading.RLock()
_open: dict[tuple[Path, str], Viewer] = {}
"""The document that was looked at last: the next page of it needs no new process."""
_closing: list[threading.Timer] = []


@contextmanager
def _viewed(path: Path, sha256: str) -> Iterator[Viewer]:
    """Open a document, one at a time in this process, and keep it open while somebody turns its pages."""
    from kg.loaders.documents.pdf import Viewer

    with _turning:
        while _closing:
            _closing.pop().cancel()
        if (path, sha256) not in _open or not _open[path, sha256].running:
            _close()
            _open[path, sha256] = Viewer(path).__enter__()
        try:
            yield _open[path, sha256]
        except BaseException:
            _close()
            raise
        _closing.append(threading.Timer(IDLE, _close))
        _closing[0].daemon = True
        _closing[0].start()


def _close() -> None:
    with _turning:
        while _open:
            _open.popitem()[1].__exit__()


def _prune(folder: Path) -> None:
    """Remove what was looked at longest ago until the rest is not too much."""
    there = []
    for path in folder.glob("*/*"):
        with suppress(OSError):
            status = path.stat()
            there.append((status.st_mtime_ns, status.st_size, path))
    size = sum(one[1] for one in there)
    for _, length, path in sorted(there):
        if size <= MOST:
            break
        path.unlink(missing_ok=True)
        size -= length


def _known(file: Path) -> dict[Span, Sequence[tuple[int, float, float, float, float]]]:
    """Return the boxes that were found before; none when the file is not what this version writes."""
    try:
        rows = json.loads(file.read_bytes())
        return {(start, end): some for start, end, some in rows}
    except (OSError, ValueError, TypeError):
        return {}


@lru_cache(64)
def _sha256(path: Path, size: int, modified: int) -> str:  # noqa: ARG001 (what tells a changed file)
    return file_digest(path)


@lru_cache(4)
def _page_map(path: Path, size: int, modified: int, sha256: str, length: int) -> tuple[PageText, ...]:  # noqa: ARG001
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError
    return page_map.read(data.decode(), length)
