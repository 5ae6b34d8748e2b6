"""What every loader of documents gives: the text, what its stretches are called, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg.places import Kind, Memo, Place, order

if TYPE_CHECKING:
    from kg.errors import Finding

__all__ = ["Document", "Kind", "Memo", "PageText", "Place", "in_order"]


class PageText(NamedTuple):
    """What a page of a PDF gave to the text, and what it did not.

    Args:
        label: what is printed on it; its index, from 1, when the file does not say.
        runs: for each run of characters that stand side by side on the page and in the text three numbers: how far
            behind the one before it begins in the text, how far behind it on the page (which may be less than none),
            and its length. So a line of print takes some eight bytes of JSON.
        left_out: running heads, page numbers and numbers of lines, as they stand there.
    """

    label: str
    runs: tuple[int, ...]
    left_out: tuple[str, ...] = ()


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
        pages: of a PDF each page, in order, also those without text.
    """

    text: str
    places: tuple[Place, ...]
    memos: tuple[Memo, ...]
    remarks: tuple[Finding, ...]
    loader: str
    pages: tuple[PageText, ...] = ()


def in_order(places: list[Place]) -> tuple[Place, ...]:
    """Sort places as a document has them: by start, the longest first, then by kind.

    Args:
        places: in any order.
    """
    return tuple(sorted(places, key=order))
