"""Put a document together line by line, as the loaders of paragraphs do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.loaders._files import MAX_BYTES
from kg.loaders.documents.document import Document, Memo, Place, in_order
from kg.loaders.imports.safe import fit, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.errors import Finding

_ENDS = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line besides LF, as ``str.splitlines`` has it."""
_BLANKS = dict.fromkeys([*range(0x09, 0x0E), *range(0x1C, 0x1F), 0x85, 0x2028, 0x2029], " ")
_LEAD = re.compile(r"\s*\n")


class Mark(NamedTuple):
    """A mark in a line that is being written.

    Args:
        at: where it stands in the line (codepoints).
        kind: what it is, such as ``opens`` or ``closes``.
        id: of what it marks.
    """

    at: int
    kind: str
    id: str


class Line:
    """A line that is being written, with marks in it.

    Attributes:
        length: how long it is (codepoints).
        marks: those in it.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self.marks: list[Mark] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def put(self, text: str) -> None:
        """Add some text.

        Args:
            text: as it is.
        """
        if text:
            self._pieces.append(text)
            self.length += len(text)

    def mark(self, kind: str, identifier: str) -> None:
        """Set a mark behind what was written so far.

        Args:
            kind: what it is.
            identifier: of what it marks.
        """
        self.marks.append(Mark(self.length, kind, identifier))

    def join(self, other: Line) -> None:
        """Add another line with its marks.

        Args:
            other: it is not changed.
        """
        self.marks += [Mark(self.length + at, kind, identifier) for at, kind, identifier in other.marks]
        self.put(other.text)

    def flat(self) -> Line:
        """Return it with a blank for each tab and line end, as a cell of a table is written."""
        other = Line()
        other.put(self.text.translate(_BLANKS))
        other.marks = list(self.marks)
        return other

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._pieces)

    def trimmed(self) -> Line:
        """Return it without white space at its end."""
        other = Line()
        other.put(self.text.rstrip())
        other.marks = [mark._replace(at=min(mark.at, other.length)) for mark in self.marks]
        return other


class Block(NamedTuple):
    """A paragraph, a row or a note of a document.

    Args:
        line: its text; a line end in it is a line break.
        level: of a heading 1 to 9, else 0.
        label: what a paragraph is called that is not counted with the others, such as a note.
        aside: whether it stands beside the text, as a box or a note.
        gap: whether a blank line stands before it.
    """

    line: Line
    level: int = 0
    label: str = ""
    aside: bool = False
    gap: bool = False


def note(sign: str, blocks: Iterable[Block]) -> Block:
    """Return a footnote or endnote as one paragraph, whatever is in it.

    Args:
        sign: the number or sign that stands in the text.
        blocks: what is in it.
    """
    line = Line()
    line.put(f"[^{sign}] ")
    first = True
    for block in blocks:
        if block.line.text.strip():
            line.put("" if first else "\n")
            line.join(block.line.trimmed())
            first = False
    return Block(line, label=f"note {sign}", aside=True)


def row(cells: Iterable[Iterable[Block]]) -> Iterator[Block]:
    """Give the row of a table as a line with its cells parted by tabs, and then what stands beside it.

    Args:
        cells: what is in each cell.
    """
    line = Line()
    asides: list[Block] = []
    for number, blocks in enumerate(cells):
        line.put("\t" if number else "")
        first = True
        for block in blocks:
            if block.aside:
                asides.append(block)
            elif block.line.text.strip():
                line.put("" if first else " ")
                line.join(block.line.flat().trimmed())
                first = False
            else:
                line.marks += [mark._replace(at=line.length) for mark in block.line.marks]
    yield Block(line)
    yield from asides


class Written(NamedTuple):
    """Where a line stands in the text.

    Args:
        start: its start in the text (codepoints).
        cut: how much white space before it is not in the text.
        size: how long it is in the text.
    """

    start: int
    cut: int
    size: int

    def place(self, at: int) -> int:
        """Return where a position of the line stands in the text."""
        return self.start + min(max(at - self.cut, 0), self.size)


class Draft:
    """A document that is being put together.

    Args:
        file: how a person calls the document.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._pieces: list[str] = []
        self._length = 0
        self._gap = False
        self._paragraphs = 0
        self._places: list[Place] = []
        self._memos: list[Memo] = []
        self._opened: dict[str, int] = {}
        self._closed: dict[str, int] = {}
        self._around: dict[str, tuple[int, int]] = {}

    def take(self, blocks: Iterable[Block]) -> None:
        """Add blocks, and keep where the marks in them stand.

        Args:
            blocks: in order; a mark of the kind ``opens``, ``closes`` or ``refers`` is that of a comment.
        """
        for block in blocks:
            self._gap |= block.gap or bool(block.level)
            written = self.add(block.line.text, level=block.level, label=block.label)
            for at, kind, identifier in block.line.marks:
                if kind == "opens":
                    self._opened.setdefault(identifier, written.place(at))
                elif kind == "closes":
                    self._closed.setdefault(identifier, written.place(at))
                self._around.setdefault(identifier, (written.start, written.start + written.size))

    def open(self, identifier: str) -> None:
        """Let a comment begin with what comes next."""
        self._opened.setdefault(identifier, self._length)

    def close(self, identifier: str) -> None:
        """Let a comment end with what was added last."""
        self._closed.setdefault(identifier, max(self._length - 1, 0))

    def comment(self, identifier: str, text: str, author: str, date: str) -> bool:
        """Keep a comment with what it is about: what its marks enclose, or else the paragraph that has them.

        Args:
            identifier: that of its marks.
            text: what it says.
            author: who wrote it.
            date: when.

        Returns:
            Whether there are such marks.
        """
        start, end = self._opened.get(identifier), self._closed.get(identifier)
        if start is None or end is None or end <= start:
            if identifier not in self._around:
                return False
            start, end = self._around[identifier]
        self._memos.append(Memo(start, end, text, author, date))
        return True

    def add(self, text: str, *, level: int = 0, label: str = "") -> Written:
        """Add a paragraph, or leave a blank line for one that has no words.

        Args:
            text: its text; a line end in it is a line break.
            level: of a heading 1 to 9, else 0.
            label: what a paragraph is called that is not counted with the others, such as a note.

        Returns:
            Where it stands.

        Raises:
            StudyError: when the document has more text than is read.
        """
        text = _ENDS.sub("\n", fit(text)[0])
        lead = _LEAD.match(text)
        cut = lead.end() if lead else 0
        kept = text[cut:].rstrip()
        self._gap |= bool(cut)
        if not kept:
            self._gap = True
            return Written(self._length, len(text), 0)
        if self._length + len(kept) > MAX_BYTES:
            refuse(self.file, "file-too-big", f"it has more than {MAX_BYTES:,} characters of text", "split it")
        if self._gap and self._pieces:
            self._put("\n")
        self._gap = False
        start = self._length
        self._put(f"{kept}\n")
        first = start + len(kept) - len(kept.lstrip())
        if level:
            self._places.append(Place("heading", first, start + len(kept), " ".join(kept.split()), level))
        else:
            self._paragraphs += not label
            self._places.append(Place("paragraph", first, start + len(kept), label or str(self._paragraphs)))
        return Written(start, cut, len(kept))

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def document(self, loader: str, remarks: Sequence[Finding] = ()) -> Document:
        """Return the document.

        Args:
            loader: what read it.
            remarks: warnings of what was left out.

        Raises:
            StudyError: when it has no text.
        """
        if not self._pieces:
            refuse(self.file, "empty-file", "the document has no text", "is it a scan, or pictures only?")
        text = "".join(self._pieces)
        memos = sorted(_trimmed(text, memo) for memo in self._memos)
        return Document(text, in_order(self._places), tuple(memos), tuple(remarks), loader)


def _trimmed(text: str, memo: Memo) -> Memo:
    """Return a memo about what it encloses without the white space around that."""
    about = text[memo.start : memo.end]
    if not about.strip():
        return memo
    start = memo.start + len(about) - len(about.lstrip())
    return memo._replace(start=start, end=start + len(about.strip()))
