"""Split a source's text at its excerpts, so that overlapping passages are each highlighted from end to end."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.csl import CITED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.claims import Passage
    from kg.store.passages import Bearing

_BLANK = re.compile(r"\n[ \t]*(?:\r?\n[ \t]*)+")
"""Blank lines; what begins with a plain character is found twenty times as fast as with an optional one."""


_FENCE = re.compile(r"---[ \t]*\r?\n(.*?\n)---[ \t]*(?:\r?\n|$)", re.DOTALL)
"""What stands before a text between two lines of hyphens."""
_FIELD = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]*(.*)")


def front_matter(text: str) -> tuple[dict[str, str], int]:
    r"""Return what a file says of itself before its text, by name, and where the text begins.

    Args:
        text: the whole text.

    Returns:
        Nothing and 0 when it does not begin with fields between two lines of hyphens, one on each line.

    Example:
        >>> front_matter('---\ntitle: "A day"\nrights: CC0-1.0\n---\nText.')
        ({'title': 'A day', 'rights': 'CC0-1.0'}, 39)
        >>> front_matter("--- so he said")
        ({}, 0)
    """
    found = _FENCE.match(text)
    if not found:
        return {}, 0
    fields = {}
    for line in filter(str.strip, found[1].splitlines()):
        field = _FIELD.fullmatch(line.rstrip())
        if not field:
            return {}, 0
        value = field[2].strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        fields[field[1]] = value[1:-1] if quoted else value
    return fields, found.end()


class Mark(NamedTuple):
    """The place of a passage in the text: from where to where (codepoints, end exclusive), and its id."""

    start: int
    end: int
    id: str


class Segment(NamedTuple):
    """A stretch of text that is in the same passages from its first character to its last.

    Args:
        text: the stretch.
        marks: ids of the passages it is in.
        begins: ids of the passages that begin with it.
        reference: key of the reference that it cites, if it is such a key.
    """

    text: str
    marks: tuple[str, ...]
    begins: tuple[str, ...]
    reference: str | None = None


class Block(NamedTuple):
    """A paragraph of the text.

    Args:
        start: where it begins in the text (codepoints).
        segments: its text; all blocks together are the whole text but for the blank lines between them.
        begins: ids of the passages that begin in it.
        heading: whether it is a heading of Markdown.
    """

    start: int
    segments: tuple[Segment, ...]
    begins: tuple[str, ...]
    heading: bool


class Margin(NamedTuple):
    """The margin beside a passage.

    Args:
        passage: the passage.
        bears: what it has to do with claims.
    """

    passage: Passage
    bears: tuple[Bearing, ...]


def blocks(text: str, marks: Iterable[Mark], references: Sequence[str] = ()) -> list[Block]:
    r"""Split a text into paragraphs, and these at every place where a passage begins or ends.

    Args:
        text: the whole text.
        marks: its passages, in any order; they may overlap and cross paragraphs.
        references: keys that are looked for in citations such as ``[@smith2014]``.

    Returns:
        The paragraphs in order. The segments of a passage, joined, are its words; where it crosses
        paragraphs, the blank lines between are in no segment.

    Example:
        >>> paragraphs = blocks("One two three.\n\nFour.", [Mark(0, 7, "a"), Mark(4, 13, "b")])
        >>> [(s.text, s.marks) for s in paragraphs[0].segments]
        [('One ', ('a',)), ('two', ('a', 'b')), (' three', ('b',)), ('.', ())]
    """
    ordered = sorted(marks)
    citable = frozenset(references)
    paragraphs: list[Block] = []
    at = 0
    # A mark is open from its first paragraph to its last, so that no paragraph looks at all of them.
    open_marks: list[Mark] = []
    waiting = 0
    for gap in (*_BLANK.finditer(text), None):
        end = gap.start() if gap else len(text)
        if gap and text.endswith("\r", at, end):
            end -= 1
        if end > at:
            while waiting < len(ordered) and ordered[waiting].start < end:
                open_marks.append(ordered[waiting])
                waiting += 1
            here = [m for m in open_marks if m.end > at]
            segments = tuple(_segments(text, at, end, here, citable))
            begins = tuple(i for s in segments for i in s.begins)
            paragraphs.append(Block(at, segments, begins, text.startswith("#", at)))
            open_marks = [m for m in here if m.end > end]
        at = gap.end() if gap else end
    return paragraphs


def _segments(text: str, start: int, end: int, here: list[Mark], citable: frozenset[str]) -> Iterable[Segment]:
    """Cut one paragraph."""
    cuts = {start, end}
    for mark in here:
        cuts |= {max(mark.start, start), min(mark.end, end)}
    keys: dict[tuple[int, int], str] = {}
    for citation in CITED.finditer(text, start, end) if citable else ():
        if citation[1] in citable:
            keys[citation.span(1)] = citation[1]
            cuts |= {*citation.span(1)}
    inside: list[Mark] = []
    waiting = 0
    for a, b in pairwise(sorted(cuts)):
        begin = waiting
        while waiting < len(here) and here[waiting].start <= a:
            waiting += 1
        begun = here[begin:waiting]
        inside = [m for m in inside if m.end > a] + begun
        # A passage that began in a paragraph above began there.
        begins = tuple([m.id for m in begun if m.start >= start]) if begun else ()
        yield Segment(text[a:b], tuple([m.id for m in inside]), begins, keys.get((a, b)))
