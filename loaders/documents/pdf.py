"""Read a PDF: its text with the pages as they are numbered in print, and back from the text to the page.

PDFium reads it, in a process of its own (:mod:`kg.loaders.documents._pdf_process`) that has limits: a page may crash
it, take minutes, or unpack to gigabytes. What is one paragraph is decided in :mod:`kg.loaders.documents._pdf_layout`.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import Finding
from kg.loaders.documents.document import Document, PageText, Place, in_order
from kg.loaders.imports.safe import MAX_MEMBER, refuse
from kg.processes import Child, Ended, Limits, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

VERSION = 1
"""Of what is made of a page's characters; a change of it may give another text."""
PAGE_TIME = 20.0
"""How long a page, or what is made of all of them, may take (seconds of the processor)."""
WAIT = 10 * PAGE_TIME
"""How long it is waited for (seconds), since other programs may have the processor."""
LOOK_TIME = 5.0
"""How long the picture of a page, or all boxes, may take of the processor (seconds): somebody waits for it."""
DOCUMENT_TIME = 600.0
"""How long all pages may be waited for (seconds)."""
MEMORY = 2**30
"""Memory that the process may have (bytes)."""
SHOWN = 12
"""Pages that a message names."""


class Box(NamedTuple):
    """A rectangle on a page as it is shown, in parts of the page's width and height from its top left corner.

    Args:
        page: index of the page, from 1.
        left: edge, 0 to 1.
        top: edge.
        right: edge.
        bottom: edge.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Picture(NamedTuple):
    """A picture of a page.

    Args:
        width: in pixels.
        height: in pixels.
        png: the file.
    """

    width: int
    height: int
    png: bytes


def read(path: Path, *, password: str | None = None) -> Document:
    """Read a PDF.

    Args:
        path: the file.
        password: what opens it, if it is encrypted; it is kept nowhere.

    Returns:
        Its text; a place for each page that has some, of two or more stretches where a paragraph that goes on stands
        before the footnotes of the page where it began; and which characters of each page became which of the text.

    Raises:
        StudyError: when it is no PDF that can be read, needs a password, takes too much time or memory, or has pages
            that are pictures of text.
    """
    with _Opened(path, password) as opened:
        left = DOCUMENT_TIME
        for index in range(opened.pages):
            there, took = opened.timed(f"page {index + 1}", min(left, WAIT), "read_page", index)
            left -= took
            if not there:
                message = f"page {index + 1} of {opened.pages:,} cannot be read"
                refuse(path.name, "broken-document", message, "open it in a viewer and print it to a new PDF")
        reply = opened.reply("the text", "text")
    text, found = reply.body.decode(), reply.value
    labels = [label or str(number) for number, (label, *_) in enumerate(found["pages"], 1)]
    remarks = _remarks(path.name, text, found, labels)
    starts = [start for start, _ in found["stretches"]]
    places = [
        Place("page", start, end, labels[index], index + 1)
        for (start, index), end in zip(found["stretches"], [*starts[1:], len(text)], strict=True)
    ]
    pages = tuple(
        PageText(label, tuple(runs), tuple(out), (size[0], size[1]))
        for label, (_, runs, out, size) in zip(labels, found["pages"], strict=True)
    )
    return Document(text, in_order(places), (), remarks, f"pdf {VERSION} (PDFium {opened.pdfium})", pages)


class Viewer:
    """A PDF that is looked at, opened in a process of its own, which ends with the block.

    Args:
        path: the file.
        password: what opens it, if it is encrypted; it is kept nowhere.

    Raises:
        StudyError: from every method, when the PDF cannot be read, or takes too much time or memory.
    """

    def __init__(self, path: Path, password: str | None = None) -> None:
        self._opened = _Opened(path, password, LOOK_TIME, 1.6 * LOOK_TIME)

    def __enter__(self) -> Viewer:
        self._opened.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.__exit__(*error)

    @property
    def running(self) -> bool:
        """Return whether its process has not ended yet."""
        return self._opened.running

    def boxes(
        self, text: str, pages: Sequence[PageText], spans: Sequence[tuple[int, int]]
    ) -> list[tuple[Box, ...] | None]:
        """Return the rectangles on the pages round some stretches of the text, line by line.

        Args:
            text: the document's text.
            pages: what each page gave to it, as :func:`read` told.
            spans: where each stretch begins and ends (codepoints, end exclusive).

        Returns:
            Those of each stretch, in order; None where other characters stand there: it is another file, or another
            version of PDFium reads it otherwise.
        """
        parts = [
            (place, number, first, text[begin : begin + length])
            for number, page in enumerate(pages)
            for place, begin, first, length in _within(page, spans)
        ]
        if not parts:
            return [()] * len(spans)
        found = self._opened.call("the pages of the passages", "boxes", [part[1:] for part in parts])
        by_span: list[list[Box] | None] = [[] for _ in spans]
        for (place, number, *_), rectangles in zip(parts, found, strict=True):
            if rectangles is None:
                by_span[place] = None
            elif (some := by_span[place]) is not None:
                some += [Box(number + 1, *edges) for edges in rectangles]
        return [None if some is None else tuple(some) for some in by_span]

    def picture(self, page: int, width: int) -> Picture | None:
        """Draw a page.

        Args:
            page: index of the page, from 1.
            width: of the picture in pixels; less for a page that would have more than four million pixels.

        Returns:
            The picture; None when there is no such page.
        """
        reply = self._opened.reply(f"the picture of page {page}", "picture", page - 1, width)
        if reply.value is None:
            return None
        columns, rows = reply.value
        return Picture(columns, rows, reply.body)


def stretches(page: PageText) -> Iterator[tuple[int, int, int]]:
    """Give the runs of characters of a page: where each begins in the text, where on the page, and its length.

    Args:
        page: what a page gave to the text.

    Example:
        >>> list(stretches(PageText("1", (10, 0, 5, 1, 2, 7))))
        [(10, 0, 5), (16, 7, 7)]
    """
    start = first = 0
    for at in range(0, len(page.runs), 3):
        start, first, length = start + page.runs[at], first + page.runs[at + 1], page.runs[at + 2]
        yield start, first, length
        start, first = start + length, first + length


def _within(page: PageText, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Give the parts of runs that lie in some stretches of the text, with the number of the stretch."""
    runs = list(stretches(page))
    for place, (start, end) in enumerate(spans):
        # Runs of a page do not overlap and go on through the text.
        at = max(0, bisect_right(runs, start, key=lambda run: run[0]) - 1)
        for begin, first, length in runs[at:]:
            if begin >= end:
                break
            low, high = max(begin, start), min(begin + length, end)
            if low < high:
                yield place, low, first + low - begin, high - low


class _Opened:
    """A PDF opened in a process of its own, which ends with the block.

    Args:
        path: the file.
        password: what opens it.
        seconds: processor time that each call may take.
        wait: how long a call is waited for (seconds).
    """

    def __init__(self, path: Path, password: str | None, seconds: float = PAGE_TIME, wait: float = WAIT) -> None:
        self._path, self._password, self._seconds, self._wait = path, password, seconds, wait

    def __enter__(self) -> _Opened:
        path = self._path
        _check(path)
        self._child = Child("kg.loaders.documents._pdf_process", quiet=True)
        try:
            opened = self.call("the file", "open", str(path.absolute()), self._password, self._seconds)
            refused = opened.get("refused")
            if refused == "password":
                wrong = "another" if self._password else "a"
                message = f"the file is encrypted and needs {wrong} password"
                refuse(path.name, "locked-document", message, "give it")
            if refused == "security":
                message = "the file is encrypted in a way that is not known"
                refuse(path.name, "broken-document", message, "save it without encryption")
            if refused == "pages":
                message = f"the file has {opened['pages']:,} pages" if opened["pages"] else "the file has no page"
                refuse(
                    path.name, "broken-document", message, "split it" if opened["pages"] else "is it the right file?"
                )
            if refused:
                mend = "open it in a viewer and print it to a new PDF, or get it again"
                refuse(path.name, "broken-document", "the file is damaged: it cannot be opened", mend)
        except BaseException:
            self.__exit__()
            raise
        self.pages: int = opened["pages"]
        self.pdfium: int = opened["pdfium"]
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._child.close()

    @property
    def running(self) -> bool:
        return self._child.running

    def call(self, what: str, function: str, *arguments: Any) -> Any:
        """Return the value of a call; what it is about is named when it fails."""
        return self.reply(what, function, *arguments).value

    def timed(self, what: str, seconds: float, function: str, *arguments: Any) -> tuple[Any, float]:
        """Return the value of a call and how long it was waited for."""
        import time

        began = time.monotonic()
        value = self.reply(what, function, *arguments, wait=max(seconds, 0.0)).value
        return value, time.monotonic() - began

    def reply(self, what: str, function: str, *arguments: Any, wait: float | None = None) -> Reply:
        """Return the reply to a call.

        Raises:
            StudyError: when the process ended, by itself or because it took too much.
        """
        try:
            return self._child.call(function, *arguments, limits=Limits(self._wait if wait is None else wait, MEMORY))
        except Ended as ended:
            mend = "open it in a viewer and print it to a new PDF"
            refuse(self._path.name, "broken-document", f"{what} {self._end(ended)}", mend)

    def _end(self, ended: Ended) -> str:
        """Say by what the process ended."""
        import signal

        code = self._child.process.returncode
        if ended.limit == "seconds" or code == -getattr(signal, "SIGXCPU", 0):
            return "takes too long to read"
        if ended.limit == "memory" or ended.complaint.startswith("MemoryError"):
            return f"takes more memory than {MEMORY // 2**20:,} MB"
        return f"cannot be read: the reader of PDFs ended there ({ended.complaint or code})"


def _check(path: Path) -> None:
    """Look at a file before a process is started for it."""
    try:
        if not path.is_file():
            refuse(path.name, "missing-file", "there is no such file", "mend its name")
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(1024)
    except OSError as e:
        refuse(path.name, "unreadable-file", f"cannot be read: {e.strerror}", "mend its permissions")
    if size > MAX_MEMBER:
        refuse(path.name, "file-too-big", f"the file has {size:,} bytes, more than {MAX_MEMBER:,}", "split it")
    if not head:
        refuse(path.name, "empty-file", "the file is empty", "get it again")
    # Readers of PDF find the mark in the first 1,024 bytes: some files have those of a mail before it.
    if b"%PDF-" not in head:
        refuse(path.name, "wrong-suffix", "the file is called PDF and is none", "save it as PDF, or mend its suffix")


def _remarks(file: str, text: str, found: dict[str, Any], labels: Sequence[str]) -> tuple[Finding, ...]:
    """Refuse a document whose text is not there, and say what is to be known of the others.

    Raises:
        StudyError: when pages are pictures of text, or none has any.
    """
    scans = found["scans"]
    if scans and not (text and (found["recognised"] or found["invisible"])):
        stem = file.rpartition(".")[0]
        mend = (
            f"let a program recognise it, here in English and Chinese: ocrmypdf -l eng+chi_sim --skip-text "
            f"'{file}' '{stem}-text.pdf'; then take that file"
        )
        refuse(file, "scanned-page", f"pictures without text, as a scanner makes them: {_named(scans, labels)}", mend)
    if not text:
        mend = "if its words are drawn, print it to a picture and let a program recognise them: ocrmypdf --force-ocr"
        refuse(file, "empty-file", "no page has any text", mend)
    remarks = []

    def remark(rule: str, pages: Sequence[int], message: str, mend: str, severity: str = "warning") -> None:
        if pages:
            remarks.append(Finding(file, 0, rule, f"{message}: {_named(pages, labels)}", mend, severity))

    remark("recognised-text", found["invisible"], "text that a machine recognised", "compare quotes with the page")
    remark("scanned-page", scans, "no text, also after recognition", "look whether words stand there")
    remark("page-without-text", found["drawn"], "drawings and no text", "look whether words are drawn there")
    unmapped = found["unmapped"]
    number = sum(count for _, count in unmapped)
    message = f"{number:,} glyphs whose fonts do not say what they are, for each of which '\ufffd' stands"
    remark("unmapped-glyphs", [page for page, _ in unmapped], message, "compare quotes with the page")
    message = "Arabic or Hebrew, whose letters may come in the wrong order"
    remark("right-to-left", found["right_to_left"], message, "compare quotes with the page")
    message = "text outside of what is shown, which was left out"
    remark("document-left-out", found["outside"], message, "it is printer's marks, as a rule", "note")
    if heads := sum(1 for *_, out, _ in found["pages"] if out):
        where = f"on {heads:,} of {len(labels):,} pages"
        message = f"running heads, numbers of pages or of lines were left out of the text {where}"
        remarks.append(Finding(file, 0, "document-left-out", message, "they are kept beside it", "note"))
    return tuple(remarks)


def _named(pages: Sequence[int], labels: Sequence[str]) -> str:
    """Name pages as they are numbered in print, with their index where that is another."""
    names = [
        label if (label := labels[page]) == str(page + 1) else f"{label} (the {page + 1:,}. of the file)"
        for page in pages[:SHOWN]
    ]
    if len(pages) > SHOWN:
        names.append(f"{len(pages) - SHOWN:,} more")
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"page {listed}" if len(pages) == 1 else f"pages {listed}"
