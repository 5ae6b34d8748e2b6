"""What every loader of documents gives: the text, what its stretches are called, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.page_map import PageText
from kg.places import Kind, Memo, Place, order

if TYPE_CHECKING:
    from kg.errors import Finding

__all__ = ["Document", "Kind", "Memo", "PageText", "Place", "in_order"]


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
