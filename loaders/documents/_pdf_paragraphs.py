"""Join the lines of a column into paragraphs, also over columns and pages and past the footnotes between them.

A paragraph ends where there is more room than between its lines, before an indent, before an entry of a list or a turn
of a transcript, and behind a line into which the first word of the next would have gone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.loaders.documents._pdf_words import HYPHENATED, UNSPACED_BEGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GAP = 1.2
"""Room within a line that is more than a space between words."""
LEADING = 1.35
"""Room between lines, in that of running text, that ends a paragraph."""
INDENT = 0.6
SAME_SIZE = 0.12
"""Part by which sizes of one kind of text differ at most: a footnote differs by more."""
BY_THE_WAY = 4
"""Lines that stand upright in a margin or beside an axis, at most: they end no paragraph."""
_SENTENCE = re.compile("[.!?:;\u2026\u3002\uff01\uff1f\uff1a\uff1b][\"'\u201d\u2019)\\]\u00bb\u300d\u300f]*[0-9]{0,3}$")
_LEADERS = re.compile(r"(?:\. ?){3}\s*\w{1,5}$")
"""End of a line of a table of contents."""
_BULLET = re.compile("[\u27a2\u2713\u25a0\ufffd\u2022\u2023\u25aa\u25cf\u25cb\u25e6\u2043\u00b7\u2219*\u2013-]\\s")
_ITEM = re.compile(
    r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s|\[\d+\]\s|\[?\d{1,2}:\d\d|[^\W\d_][\w .]{0,24}[:\uff1a](?:\s|$)"
)
"""Begin of an item of a list, or of a turn of a transcript."""


@dataclass(slots=True, eq=False)
class Line:
    """A line of text."""

    page: int
    text: str
    pieces: list[tuple[int, int, str]]
    """First and end of its runs of characters on the page, and what stands before each."""
    left: float
    top: float
    right: float
    size: float
    turns: int
    full: bool = False
    """Whether the next line's first word would not have gone into it."""


@dataclass(slots=True, eq=False)
class Paragraph:
    """Lines that are one paragraph."""

    lines: list[Line]
    apart: bool
    """Whether there is room before it."""
    indented: bool = False

    @property
    def size(self) -> float:
        return self.lines[0].size


def regions(bodies: Sequence[list[Line]]) -> Iterator[list[Paragraph]]:
    """Give the paragraphs of each column of each page."""
    leadings = _leadings([line for lines in bodies for line in lines])
    for lines in bodies:
        region: list[Line] = []
        own = _leadings(lines)
        for line in lines:
            if region and (line.turns != region[-1].turns or line.top < region[-1].top - line.size):
                yield list(_paragraphs(region, own, leadings))
                region = []
            region.append(line)
        if region:
            yield list(_paragraphs(region, own, leadings))


def _leadings(lines: Sequence[Line]) -> dict[int, float]:
    """Return the room from line to line in running text, by size: the smallest one that is not rare."""
    steps: dict[int, Counter[float]] = defaultdict(Counter)
    for line, following in pairwise(lines):
        step = following.top - line.top
        if _alike(line.size, following.size) and 0.6 * line.size < step < 3 * line.size:
            steps[round(line.size)][round(2 * step) / 2] += 1
    return {
        size: min(step for step, times in counts.items() if times >= 0.15 * counts.total())
        for size, counts in steps.items()
        if counts.total() >= 4 and counts.most_common(1)[0][1] >= 0.15 * counts.total()
    }


def _alike(size: float, other: float) -> bool:
    return abs(size - other) <= SAME_SIZE * min(size, other)


def _paragraphs(lines: Sequence[Line], own: dict[int, float], leadings: dict[int, float]) -> Iterator[Paragraph]:
    """Put the lines of a column together."""
    _fill(lines)
    steps = [after.top - before.top for before, after in pairwise(lines)]
    paragraph = Paragraph([lines[0]], apart=True, indented=_first_is_indented(lines, 0))
    for number in range(1, len(lines)):
        before, line = lines[number - 1], lines[number]
        size = round(line.size)
        leading = own.get(size) or leadings.get(size) or GAP * line.size
        step = steps[number - 1]
        # Lines that are all that far apart are set so: by the one before, of a new paragraph by the next.
        other = number - 2 if len(paragraph.lines) > 1 else number
        even = other < len(steps) and abs(step - steps[other]) < 0.1 * step
        apart = (
            not _alike(before.size, line.size)
            or not _overlap(before, line)
            or (step > LEADING * leading and not (even and before.full and step < 3 * line.size))
        )
        if apart or _ends(paragraph, line, lines[number + 1] if number + 1 < len(lines) else None):
            yield paragraph
            paragraph = Paragraph([line], apart, _first_is_indented(lines, number))
        else:
            paragraph.lines.append(line)
    yield paragraph


def _overlap(line: Line, other: Line) -> bool:
    return line.left < other.right and other.left < line.right


def _first_is_indented(lines: Sequence[Line], number: int) -> bool:
    line = lines[number]
    following = lines[number + 1] if number + 1 < len(lines) else None
    return following is not None and line.left - following.left > INDENT * line.size


def _fill(lines: Sequence[Line]) -> None:
    """Say of each line whether it is full: whether the first word of the next would not have gone into it."""
    by_size: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_size[round(line.size)].append(line)
    edges = {size: _edges(some) for size, some in by_size.items()}
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        edge = next(edge for edge in edges[round(line.size)] if edge >= line.right - 0.5 * line.size)
        word = following.text.split(maxsplit=1)[0] if following else "words"
        if UNSPACED_BEGIN.match(word):
            room = 2 * line.size
        else:
            room = (line.right - line.left) / len(line.text) * (min(len(word), 30) + 1)
        line.full = edge - line.right < room


def _edges(lines: Sequence[Line]) -> list[float]:
    """Return the right edges of text that is justified, and the one that no line goes beyond."""
    rights = sorted(line.right for line in lines)
    found, at = [], 0
    while at < len(rights):
        end = at
        while end < len(rights) and rights[end] - rights[at] < 2:
            end += 1
        if end - at >= max(3, 0.25 * len(rights)):
            found.append(rights[end - 1])
        at = end
    return [*found, rights[-1]]


def _ends(paragraph: Paragraph, line: Line, following: Line | None) -> bool:
    """Say whether a paragraph ends before a line that stands right below it."""
    before = paragraph.lines[-1]
    sentence = _SENTENCE.search(before.text) is not None
    # Chinese has no small letters, but commas of its own.
    continued = not sentence and (line.text[:1].islower() or before.text[-1:] in "\uff0c\u3001")
    if _BULLET.match(line.text) or _LEADERS.search(before.text) or "\t" in before.text or "\t" in line.text:
        # An entry of a list, of a table of contents, or a row of a table.
        return True
    if HYPHENATED.search(before.text) and line.text[:1].islower():
        return False
    if _ITEM.match(line.text) and (sentence or not before.full):
        return True
    if not before.full:
        return not continued
    indent = INDENT * line.size
    first = paragraph.lines[0]
    hanging = len(paragraph.lines) > 1 and paragraph.lines[1].left - first.left > indent
    if hanging and line.left <= first.left + indent / 2:
        # A hanging indent: the next entry of a list.
        return True
    if line.left - before.left > indent:
        returns = following is not None and line.left - following.left > indent / 2
        return (returns or sentence) and not continued
    if before.left - line.left > indent:
        return sentence and len(paragraph.lines) > 1
    return False


def joined(regions: Iterable[list[Paragraph]]) -> Iterator[Paragraph]:
    """Put together the paragraphs that go on in the next column or on the next page, past what is between in print.

    These are footnotes, captions and the like: what is smaller than the body is no end of it.
    """
    allregions = [region for region in regions if region]
    sizes: Counter[float] = Counter()
    firsts = indents = 0
    for region in allregions:
        for paragraph in region:
            sizes[round(paragraph.size * 2) / 2] += sum(len(line.text) for line in paragraph.lines)
            firsts += len(paragraph.lines) > 1
            indents += paragraph.indented
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    by_indent = indents > 0.4 * firsts
    done: list[Paragraph] = []
    last: Paragraph | None = None
    """The one that may go on."""
    for region in allregions:
        if region[0].lines[0].turns and sum(len(one.lines) for one in region) <= BY_THE_WAY:
            done += region
            continue
        at = next((n for n, one in enumerate(region) if one.size > (1 - SAME_SIZE / 2) * body), 0)
        first = region[at]
        if last is not None and _goes_on(last, first, by_indent=by_indent):
            last.lines += first.lines
            del region[at]
        if region:
            *_, last = [one for one in region if one.size > (1 - SAME_SIZE / 2) * body] or [last or region[-1]]
        done += region
    yield from done


def _goes_on(last: Paragraph, first: Paragraph, *, by_indent: bool) -> bool:
    """Say whether a paragraph goes on with the first one of the next column."""
    before, line = last.lines[-1], first.lines[0]
    if not _alike(before.size, line.size) or before.turns != line.turns or _BULLET.match(line.text):
        return False
    if not _SENTENCE.search(before.text):
        return line.text[:1].islower() or (before.full and not first.indented and not _ITEM.match(line.text))
    return by_indent and before.full and len(first.lines) > 1 and not first.indented and not _ITEM.match(line.text)
