"""A document of quotes, before it is written as Markdown or for Word."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Block(NamedTuple):
    """A part of a document.

    Args:
        kind: a heading, a line of text, or a quote.
        text: its words; of a quote, those of the source.
        level: of a heading, from 1.
        lead: what stands in bold before a line of text.
        after: where a quote stands.
    """

    kind: Literal["heading", "text", "quote"]
    text: str
    level: int = 1
    lead: str = ""
    after: str = ""


class Document(NamedTuple):
    """A document to be written as Markdown or for Word.

    Args:
        name: of its file, without a suffix.
        title: its title.
        blocks: what it says, in order.
        date: the last day on which anything it shows was done (YYYY-MM-DD).
    """

    name: str
    title: str
    blocks: list[Block]
    date: str
