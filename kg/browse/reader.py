"""Split a source's text at its excerpts, so that overlapping passages are each highlighted from end to end.

Where the text was made of a document, it is split at turns, headings and pages as well.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.csl import CITED
from kg.places import of_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.claims import Passage
    from kg.places import Place
    from kg.store.passages import Bearing

_BLANK = re.compile(r"\n[ \t]*(?:\r?\n[ \t]*)+")
"""Blank lines; what begins with a plain character is found twenty times as fast as with an optional one."""


HEADING = re.compile(r"(#{1,6})[ \t]+")
"""What makes a line of Markdown a heading."""
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
        pages: the pages of the document whose text goes on here.
    """

    text: str
    marks: tuple[str, ...]
    begins: tuple[str, ...]
    reference: str | None = None
    pages: tuple[Place, ...] = ()


class Block(NamedTuple):
    """A paragraph of the text.

    Args:
        start: where it begins in the text (codepoints).
        segments: its text; all blocks together are the whole text but for the blank lines between them.
        begins: ids of the passages that begin in it.
        heading: level of the heading that it is; 0 for none.
        turn: the turn that begins with it, if one does.
    """

    start: int
    segments: tuple[Segment, ...]
    begins: tuple[str, ...]
    heading: int
    turn: Place | None = None


class Leaf(NamedTuple):
    """The text that begins on a page of the document.

    Args:
        blocks: its paragraphs.
        pages: indices of the pages to be shown beside it: its own, and those after it on which no paragraph begins.
    """

    blocks: tuple[Block, ...]
    pages: tuple[int, ...]


class Margin(NamedTuple):
    """The margin beside a passage.

    Args:
        passage: the passage.
        bears: what it has to do with claims.
    """

    passage: Passage
    bears: tuple[Bearing, ...]


def blocks(
    text: str, marks: Iterable[Mark], references: Sequence[str] = (), places: Sequence[Place] = ()
) -> list[Block]:
    r"""Split a text into paragraphs, and these at every place where a passage begins or ends.

    Args:
        text: the whole text.
        marks: its passages, in any order; they may overlap and cross paragraphs.
        references: keys that are looked for in citations such as ``[@smith2014]``.
        places: what stretches of the text are called in the document that it was made of, in order.

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
    headings = {place.start: place.level for place in of_kind(places, "heading")}
    turns = {place.start: place for place in (*of_kind(places, "cue"), *of_kind(places, "turn"))}
    pages = deque(of_kind(places, "page"))
    paragraphs: list[Block] = []
    # A mark is open from its first paragraph to its last, so that no paragraph looks at all of them.
    open_marks: list[Mark] = []
    waiting = 0
    for at, end in _paragraphs(text, places):
        while waiting < len(ordered) and ordered[waiting].start < end:
            open_marks.append(ordered[waiting])
            waiting += 1
        here = [m for m in open_marks if m.end > at]
        begun: dict[int, list[Place]] = {}
        while pages and pages[0].start < end:
            begun.setdefault(max(pages[0].start, at), []).append(pages.popleft())
        segments = tuple(_segments(text, at, end, here, citable, begun))
        begins = tuple(i for s in segments for i in s.begins)
        heading = headings.get(at) or (_level(text, at, end) if text.startswith("#", at) else 0)
        paragraphs.append(Block(at, segments, begins, heading, turns.get(at)))
        open_marks = [m for m in here if m.end > end]
    return paragraphs


def leaves(blocks: Iterable[Block], pages: Sequence[int]) -> list[Leaf]:
    """Put paragraphs together that begin on one page.

    Args:
        blocks: the paragraphs of a text, in order.
        pages: indices of the pages that are to be shown, in order.
    """
    found: list[list[Block]] = []
    first: dict[int, int] = {}
    page = furthest = 0
    for block in blocks:
        begun = [place.level for segment in block.segments for place in segment.pages]
        if block.segments[0].pages:
            page = begun[0]
        # A footnote may lead back to the page before, which is shown already.
        if page > furthest or not found:
            furthest = page
            first[page] = len(found)
            found.append([])
        found[-1].append(block)
        page = begun[-1] if begun else page
    beside: list[list[int]] = [[] for _ in found]
    at = 0
    for one in pages if found else ():
        at = first.get(one, at)
        beside[at].append(one)
    return [Leaf(tuple(some), tuple(numbers)) for some, numbers in zip(found, beside, strict=True)]


def _paragraphs(text: str, places: Sequence[Place]) -> Iterator[tuple[int, int]]:
    """Give where each paragraph begins and ends: at blank lines, and where a turn or heading begins or ends a line.

    Of a PDF, whose lines were joined, every line of the text is a paragraph.
    """
    cuts: set[int] = set()
    for place in places:
        cuts |= {place.start, place.end + 1 if text.startswith("\n", place.end) else place.end}
    if any(place.kind == "page" for place in places):
        # The rows of a table, whose cells are parted by tabs, stay together.
        lines_of = text.split("\n")
        ends = accumulate(len(line) + 1 for line in lines_of)
        cuts |= {
            end
            for end, (line, below) in zip(ends, pairwise(lines_of), strict=False)
            if "\t" not in line or "\t" not in below
        }
    lines = deque(sorted(cut for cut in cuts if text.startswith("\n", cut - 1)))
    at = 0
    for gap in (*_BLANK.finditer(text), None):
        end = gap.start() if gap else len(text)
        if gap and text.endswith("\r", at, end):
            end -= 1
        while lines and lines[0] < end:
            cut = lines.popleft()
            if cut - 1 > at:
                yield at, cut - 1
            at = max(at, cut)
        if end > at:
            yield at, end
        at = gap.end() if gap else end


def _level(text: str, start: int, end: int) -> int:
    """Return the level of a heading of Markdown."""
    sign = HEADING.match(text, start, end)
    return len(sign[1]) if sign else 3


def _segments(
    text: str, start: int, end: int, here: list[Mark], citable: frozenset[str], pages: dict[int, list[Place]]
) -> Iterable[Segment]:
    """Cut one paragraph."""
    cuts = {start, end, *pages}
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
        yield Segment(text[a:b], tuple([m.id for m in inside]), begins, keys.get((a, b)), tuple(pages.get(a, ())))
