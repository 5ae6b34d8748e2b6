"""What every loader of documents gives: the text, what its stretches are called, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from kg.errors import Finding

Kind = Literal["page", "heading", "paragraph", "turn", "cue"]


class Place(NamedTuple):
    """A stretch of a document's text with what it is called in the document.

    Args:
        kind: what it is; places of one kind do not overlap.
        start: where it begins (codepoints).
        end: where it ends (codepoints, exclusive).
        label: of a page what is printed on it (iv, 12, S3), of a heading its number and words, of a paragraph its
            number, of a turn who speaks, of a cue its number.
        level: of a heading 1 to 9; of a page its index, from 1.
        time: when a turn or cue begins and ends (seconds); the end is the beginning when it is unknown.
    """

    kind: Kind
    start: int
    end: int
    label: str
    level: int = 0
    time: tuple[float, float] | None = None


class Memo(NamedTuple):
    """A comment that stands in a document beside its text.

    Args:
        start: where what it is about begins (codepoints).
        end: where that ends (codepoints, exclusive).
        text: what it says.
        author: who wrote it; empty when the document does not say.
        date: when, as the document has it; empty when it does not say.
    """

    start: int
    end: int
    text: str
    author: str
    date: str


@dataclass(frozen=True)
class Document:
    """A document as its loader read it.

    Args:
        text: as the document has it, with LF as line ends: a paragraph is a line, the cells of a row are parted by
            tabs, and where the format has blocks a blank line stands between them. It ends with a line end.
        places: what its stretches are called, sorted by start, longest first, then kind.
        memos: the comments, in the order of what they are about.
        remarks: warnings of what was left out.
        loader: what read it, such as ``docx 1``: a later version may give another text.
    """

    text: str
    places: tuple[Place, ...]
    memos: tuple[Memo, ...]
    remarks: tuple[Finding, ...]
    loader: str


def in_order(places: list[Place]) -> tuple[Place, ...]:
    """Sort places as a document has them: by start, the longest first, then by kind.

    Args:
        places: in any order.
    """
    return tuple(sorted(places, key=lambda place: (place.start, -place.end, place.kind)))
