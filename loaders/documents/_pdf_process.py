"""The process that reads PDFs: PDFium is C++, and what is read is somebody else's.

It is called as :mod:`kg.processes` says: a document is opened, then its pages are read one call each, so that a crash
names its page. What is refused is a value of the reply and no error, because only the caller knows the file's name.

Characters are asked for one by one (``FPDFText_GetUnicode``): the text that PDFium gives of a whole page leaves some
out, so that its positions are not those of the boxes.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import closing, suppress
from itertools import groupby, repeat
from math import pi
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.loaders.documents._pdf_layout import SECOND, Page, Segment, body, laid_out
from kg.loaders.documents._pdf_paragraphs import GAP
from kg.loaders.documents._png import png
from kg.processes import Reply, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfDocument, PdfPage

    from kg.loaders.documents._pdf_paragraphs import Line

MAX_PAGES = 20_000
MAX_PIXELS = 4_000_000
"""Pixels of a picture."""
MEMORY = 2 * 2**30
"""Addresses that this process may have (bytes), where the system keeps such limits."""
FEW = 20
"""Characters of a page, besides white space, that may be no more than a stamp on a scan."""
SCAN = 0.3
"""Part of a page that a picture covers at least which may be a scan."""
OBJECTS = 10_000
"""Objects of a page without text that are looked at."""
ASKEW = 0.1
"""Quarters of a turn by which text may be off."""
_HYPHEN = 2
"""Code of a hyphen at the end of a line, as PDFium has it."""
_LINE, _WORD = re.compile("[^\r\n]+"), re.compile(r"\S+")
_UNMAPPED = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]"
    "|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]"
)
"""Characters that say nothing: of control, for private use, or no characters; most are glyphs without a mapping."""
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""A character behind the first 65,536: PDFium has two indices for it."""
_DINGBATS = str.maketrans("\uf0b7\uf0a7\uf0d8\uf0fc\uf0e0\uf06e", "\u2022\u25aa\u27a2\u2713\u2192\u25a0")
"""Codes for private use that office programs write for the bullets of the fonts Symbol and Wingdings."""
_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""Characters that some readers take for line ends."""


class _Reader:
    """The reader of one document."""

    def __init__(self) -> None:
        self.document: PdfDocument | None = None
        self.pages: list[Page] = []
        self.bodies: list[tuple[list[Line], list[str]]] = []

    def open(self, path: str, password: str | None, seconds: float) -> dict[str, Any]:
        """Open a document.

        Args:
            path: its file.
            password: what opens it, if it is encrypted.
            seconds: processor time that each call may take.

        Returns:
            How many pages it has and the version of PDFium, or what is ``refused``.
        """
        self._seconds = seconds
        _limit_memory()
        self._limit_time()
        import pypdfium2
        import pypdfium2.raw as pdfium

        # Whether there is something to open is looked at before: PDFium says "file access" for all of it.
        try:
            document = pypdfium2.PdfDocument(path, password=password)
        except pypdfium2.PdfiumError:
            code = pdfium.FPDF_GetLastError()
            kinds = {pdfium.FPDF_ERR_PASSWORD: "password", pdfium.FPDF_ERR_SECURITY: "security"}
            return {"refused": kinds.get(code, "broken")}
        pages = len(document)
        if not 0 < pages <= MAX_PAGES:
            return {"refused": "pages", "pages": pages}
        self.document, self.pages, self.bodies = document, [], []
        return {"pages": pages, "pdfium": pypdfium2.PDFIUM_INFO.build}

    def read_page(self, index: int) -> bool:
        """Read a page and keep it.

        Args:
            index: from 0.

        Returns:
            Whether there is such a page: a document may promise pages that it does not have.
        """
        self._limit_time()
        page = self._page(index)
        if page is None:
            return False
        with closing(page):
            read = _read_page(page, index, self._document.get_page_label(index))
        self.bodies.append(body(read))
        self.pages.append(read._replace(segments=[]))
        return True

    def text(self) -> Reply:
        """Make the text of the pages that were read; they are let go."""
        self._limit_time()
        about = " ".join(self._document.get_metadata_value(key) for key in ("Creator", "Producer"))
        result = laid_out(self.pages, self.bodies)
        result["recognised"] = "ocrmypdf" in about.lower() or "tesseract" in about.lower()
        self.pages.clear()
        return Reply(result, result.pop("text").encode())

    def boxes(self, stretches: Sequence[tuple[int, int, str]]) -> list[list[list[float]] | None]:
        """Return the rectangles of stretches of pages.

        Args:
            stretches: of each the page's index, the index of its first character there, and its characters; those of
                a page stand together.

        Returns:
            Of each stretch its rectangles: left, top, right and bottom edge as parts of the page's width and height as
            it is shown; None when other characters stand there.
        """
        self._limit_time()
        found: list[list[list[float]] | None] = []
        for index, some in groupby(stretches, key=itemgetter(0)):
            page = self._page(index)
            if page is None:
                found += [None for _ in some]
                continue
            with closing(page), closing(page.get_textpage()) as textpage:
                view, count = _view(page), textpage.count_chars()
                found += [_boxes(textpage.raw, count, view, first, characters) for _, first, characters in some]
        return found

    def picture(self, index: int, width: int) -> Reply:
        """Draw a page.

        Args:
            index: from 0.
            width: pixels of a row; fewer when there would be more than :data:`MAX_PIXELS` in all.

        Returns:
            The picture's width and height, and the PNG; no value when there is no such page.
        """
        import pypdfium2.raw as pdfium

        self._limit_time()
        page = self._page(index)
        if page is None:
            return Reply()
        with closing(page):
            across, down = page.get_size()
            if not (across > 0 and down > 0):
                return Reply()
            # As far as both edges keep a pixel.
            scale = min(max(width, 1) / across, (MAX_PIXELS / across / down) ** 0.5, MAX_PIXELS / max(across, down))
            columns, rows = max(1, int(across * scale)), max(1, int(down * scale))
            pixels = (ctypes.c_ubyte * (columns * rows * 3))()
            bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_BGR, pixels, columns * 3)
            try:
                pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
                flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
                pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, flags)
            finally:
                pdfium.FPDFBitmap_Destroy(bitmap)
        return Reply([columns, rows], png(bytes(pixels), columns, rows))

    @property
    def _document(self) -> PdfDocument:
        assert self.document is not None, "a document is opened first"
        return self.document

    def _page(self, index: int) -> PdfPage | None:
        import pypdfium2

        if not 0 <= index < len(self._document):
            return None
        with suppress(pypdfium2.PdfiumError):
            return self._document[index]
        return None

    def _limit_time(self) -> None:
        """Let this call take its time of the processor and no more: a busy machine refuses no page."""
        with suppress(ImportError, ValueError, OSError):
            import resource

            used = resource.getrusage(resource.RUSAGE_SELF)
            end = int(used.ru_utime + used.ru_stime + self._seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (end, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory() -> None:
    """Keep this process from taking all memory, and from leaving it in a file when it crashes."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _boxes(raw: Any, count: int, view: _View, first: int, characters: str) -> list[list[float]] | None:
    """Return the rectangles of some characters of a page; None when others stand there."""
    import pypdfium2.raw as pdfium

    if first < 0 or first + len(characters) > count:
        return None
    # One more, since a character may have two indices.
    there, _ = _characters(raw, first, min(first + len(characters) + 1, count))
    if there[: len(characters)] != characters:
        return None
    width, height = view.size()
    edges = [ctypes.c_double() for _ in range(4)]
    found = []
    for number in range(pdfium.FPDFText_CountRects(raw, first, len(characters))):
        pdfium.FPDFText_GetRect(raw, number, *edges)
        left, top, right, bottom = (edge.value for edge in edges)
        box = view.shown(left, bottom, right, top)
        relative = (box[0] / width, box[1] / height, box[2] / width, box[3] / height)
        found.append([round(min(max(part, 0.0), 1.0), 5) for part in relative])
    return found


class _View(NamedTuple):
    """The part of a page that is shown, in its own coordinates, and by how many quarters it is turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    def size(self) -> tuple[float, float]:
        """Return width and height as it is shown."""
        across, down = self.right - self.left, self.top - self.bottom
        return (down, across) if self.turns % 2 else (across, down)

    def shown(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Return the left, top, right and bottom edge of a rectangle as it is shown, from the top left corner."""
        if self.turns == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turns == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        if self.turns == 3:
            return self.top - top, self.right - right, self.top - bottom, self.right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom


def _view(page: PdfPage) -> _View:
    """Return what is shown of a page: the boxes of the file may be inherited, swapped or wrong."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    return _View(box.left, box.bottom, box.right, box.top, pdfium.FPDFPage_GetRotation(page))


def _characters(raw: Any, first: int, end: int) -> tuple[str, list[int]]:
    """Read characters of a page, one for each index.

    Returns:
        The characters; what no text can hold stands as U+FFFD. The indices behind each hyphen at the end of a line.
    """
    import pypdfium2.raw as pdfium

    codes = list(map(pdfium.FPDFText_GetUnicode, repeat(raw), range(first, end)))
    hyphens = []
    if _HYPHEN in codes:
        for at, code in enumerate(codes):
            # Glyphs without a mapping may have that code, too.
            if code == _HYPHEN and pdfium.FPDFText_IsHyphen(raw, first + at) == 1:
                codes[at] = ord("-")
                hyphens.append(first + at + 1)
    text = "".join(map(chr, codes))
    if not text.isascii():
        text = text.translate(_DINGBATS)
    text = _UNMAPPED.sub("\ufffd", text)
    if not text.isascii():
        text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16") + SECOND, text)
    return _BREAKS.sub(" ", text), hyphens


def _read_page(page: PdfPage, index: int, label: str) -> Page:
    """Read the characters of a page and where its lines stand."""
    with closing(page.get_textpage()) as textpage:
        count = textpage.count_chars()
        characters, hyphens = _characters(textpage.raw, 0, count)
        view = _view(page)
        every = list(_segments(textpage.raw, characters, hyphens, view))
        segments = [one for one in every if _is_shown(one, view)]
        invisible = _invisible(textpage.raw, segments)
    few = len(characters) <= 20 * FEW and len("".join(characters.split())) < FEW
    pictures, drawings = _pictures(page) if few else (False, False)
    outside = len(every) - len(segments)
    width, height = view.size()
    size = round(width, 2), round(height, 2)
    return Page(index, label, characters, segments, outside, invisible, pictures, drawings, size)


def _is_shown(one: Segment, view: _View) -> bool:
    width, height = _View(*view[:4], max(one.turns, 0)).size()
    return one.right > 0 and one.left < width and one.bottom > 0 and one.top < height


def _segments(raw: Any, characters: str, hyphens: list[int], view: _View) -> Iterator[Segment]:
    """Give the pieces of lines of a page: they end at a line end, and where there is more room than a space needs."""
    frame = _Frame(raw, view)
    ends = iter([*hyphens, len(characters) + 1])
    hyphen = next(ends)
    for line in _LINE.finditer(characters):
        first, end = line.span()
        while first < end:
            while hyphen <= first:
                hyphen = next(ends)
            last = min(end, hyphen)
            yield from _pieces(frame, characters, first, last)
            first = last


def _pieces(frame: _Frame, characters: str, first: int, end: int) -> Iterator[Segment]:
    """Give the pieces of a line."""
    words = [word.span() for word in _WORD.finditer(characters, first, end)]
    if not words:
        return
    begin, last = words[0][0], words[-1][1]
    middle = (begin + last) // 2
    shape = next((at for at in range(middle, last) if characters[at].isalnum()), middle)
    turns = frame.turns(shape)
    top, bottom = frame.height(shape, turns)
    room = GAP * (bottom - top)
    edge, right = frame.width(begin, turns)
    before = begin
    for start, end_of_word in words:
        # A character is asked for once, a word of one letter too.
        left, own = (edge, right) if start == begin else frame.width(start, turns)
        if start != begin and turns >= 0 and not -room < left - right < room:
            yield Segment(begin, before, edge, top, max(edge, right), bottom, turns)
            begin, edge = start, left
        right = own if end_of_word == start + 1 else frame.width(end_of_word - 1, turns)[1]
        before = end_of_word
    yield Segment(begin, before, edge, top, max(edge, right), bottom, turns)


class _Frame:
    """The coordinates of text, seen as it is read: from its left to its right, and from above down.

    Characters have the edges of their fonts and not of their ink.
    """

    def __init__(self, raw: Any, view: _View) -> None:
        import pypdfium2.raw as pdfium

        self._raw = raw
        self._angle, self._box = pdfium.FPDFText_GetCharAngle, pdfium.FPDFText_GetLooseCharBox
        self._rectangle = pdfium.FS_RECTF()
        self._reference = ctypes.byref(self._rectangle)
        self._view = view

    def turns(self, index: int) -> int:
        """Return by how many quarters the page is turned clockwise for a character to be upright; -1 when by none."""
        # PDFium has the angle by which the character was turned, clockwise.
        quarters = -self._angle(self._raw, index) * 2 / pi
        turns = round(quarters)
        return turns % 4 if abs(quarters - turns) < ASKEW else -1

    def width(self, index: int, turns: int) -> tuple[float, float]:
        """Return the left and right edge of a character."""
        box, view = self._rectangle, self._view
        if not self._box(self._raw, index, self._reference):
            return 0.0, 0.0
        if turns <= 0:
            return box.left - view.left, box.right - view.left
        if turns == 1:
            return box.bottom - view.bottom, box.top - view.bottom
        if turns == 2:
            return view.right - box.right, view.right - box.left
        return view.top - box.top, view.top - box.bottom

    def height(self, index: int, turns: int) -> tuple[float, float]:
        """Return the top and bottom of a character."""
        box = self._rectangle
        if not self._box(self._raw, index, self._reference):
            return 0.0, 0.0
        shown = self._view._replace(turns=max(turns, 0)).shown(box.left, box.bottom, box.right, box.top)
        return shown[1], shown[3]


def _invisible(raw: Any, segments: list[Segment]) -> bool:
    """Say whether text is there to be found and not to be seen, as a machine lays it over a scan that it recognised."""
    import pypdfium2.raw as pdfium

    asked = segments[:: max(1, len(segments) // 10)]
    modes = [pdfium.FPDFTextObj_GetTextRenderMode(pdfium.FPDFText_GetTextObject(raw, one.first)) for one in asked]
    return 2 * modes.count(pdfium.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes)


def _pictures(page: PdfPage) -> tuple[bool, bool]:
    """Say whether a page has pictures that a scan could be, and whether it has drawings."""
    import pypdfium2.raw as pdfium

    view, drawings = _view(page), 0
    room = max((view.right - view.left) * (view.top - view.bottom), 1.0)
    for number, one in enumerate(page.get_objects(max_depth=3)):
        if number > OBJECTS:
            break
        if one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = one.get_bounds()
            if (right - left) * (top - bottom) > SCAN * room:
                return True, False
        drawings += one.type in {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING}
    return False, drawings > 0


if __name__ == "__main__":
    reader = _Reader()
    serve(
        {
            "open": reader.open,
            "read_page": reader.read_page,
            "text": reader.text,
            "boxes": reader.boxes,
            "picture": reader.picture,
        },
        (),
    )
