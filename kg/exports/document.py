"""A document of quotes or tables, before it is written as Markdown or for Word."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Block(NamedTuple):
    """A part of a document.

    Args:
        kind: a heading, a line of text, a quote, or a table.
        text: its words; of a quote, those of the source; none of a table.
        level: of a heading, from 1.
        lead: what stands in bold before a line of text.
        after: where a quote stands.
        rows: of a table, the first of them its head.
    """

    kind: Literal["heading", "text", "quote", "table"]
    text: str
    level: int = 1
    lead: str = ""
    after: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


class Document(NamedTuple):
    """A document to be written as Markdown or for Word.

    Args:
        name: of its file, without a suffix.
        title: its title.
        blocks: what it says, in order.
        date: the last day on which anything it shows was done (YYYY-MM-DD).
        is_wide: whether its pages lie on their side, for wide tables.
    """

    name: str
    title: str
    blocks: list[Block]
    date: str
    is_wide: bool = False
