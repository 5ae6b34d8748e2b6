"""Make a text of the lines of a PDF's pages: what is body, and in which order.

A PDF has characters at places and no words, lines or paragraphs. PDFium tells lines apart; here

- numbers of lines in a margin, running heads and page numbers are taken out,
- columns that the file writes line by line across both are read one after the other,
- lines are joined into paragraphs (:mod:`kg.loaders.documents._pdf_paragraphs`),
- with a hyphen at the end of a line or not, as the document itself writes the word elsewhere
  (:mod:`kg.loaders.documents._pdf_words`).

All measures are relative to the height of a line, as fonts have it (some 1.2 of the font size).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.loaders.documents._pdf_paragraphs import GAP, Line, joined, regions
from kg.loaders.documents._pdf_words import between, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.loaders.documents._pdf_paragraphs import Paragraph
    from kg.loaders.documents._pdf_words import Vocabulary

AGAIN = 3
"""Pages on which a line stands at one height for it to be a running head."""
EDGE = 3
"""Lines at the top and bottom of a page that may be running heads."""
NUMBERED = 5
"""Lines of a page whose numbers stand in the margin, at least."""
COLUMN = 4
"""Lines of each column, and changes between them, where a file writes across both."""
COLUMN_TEXT = 12
"""Characters of a line of a column, by the median: the cells of a table of numbers have fewer."""
TRIED = 20
"""Places of a page between columns that are tried."""

_NUMBER = re.compile(r"\d+|^[ivxlcdm]+\b|\b[ivxlcdm]+$")
_LONE_NUMBER = re.compile("[-\u2013\u2014\\s]*([0-9]+|[ivxlcdmIVXLCDM]+)[-\u2013\u2014\\s]*")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


class Segment(NamedTuple):
    """A piece of a line on a page, in the coordinates of one who reads it, from the page's top left.

    Args:
        first: index of its first character on the page.
        end: index behind its last one.
        left: edge of its first character.
        top: of a letter in its middle.
        right: edge of its last character.
        bottom: of a letter in its middle.
        turns: quarters by which the page is turned clockwise for it to be upright; -1 when it stands askew.
    """

    first: int
    end: int
    left: float
    top: float
    right: float
    bottom: float
    turns: int

    @property
    def size(self) -> float:
        """Return its height; never none at all."""
        return max(self.bottom - self.top, 0.1)


SECOND = "\ufdd0"
"""Stands for the second index of a character that has two: it is no character, and in no text."""


class Page(NamedTuple):
    """A page as PDFium reads it.

    Args:
        number: from 0.
        label: what is printed on it, as the file says; empty when it does not say.
        characters: one for each index of PDFium.
        segments: in the order of the file.
        outside: pieces of lines that stand outside of what is shown.
        invisible: whether its text is not to be seen.
        picture: whether it has hardly a character and a picture that may be a scan.
        drawings: whether it has hardly a character and drawings.
        size: width and height as it is shown.
    """

    number: int
    label: str
    characters: str
    segments: list[Segment]
    outside: int = 0
    invisible: bool = False
    picture: bool = False
    drawings: bool = False
    size: tuple[float, float] = (0.0, 0.0)

    def text(self, one: Segment) -> str:
        """Return the characters of a piece of a line."""
        return self.characters[one.first : one.end].replace(SECOND, "")


@dataclass(slots=True)
class _Result:
    """The text as it grows, and what each page gave to it."""

    parts: list[str] = field(default_factory=list)
    at: int = 0
    runs: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    behind: dict[int, tuple[int, int]] = field(default_factory=lambda: defaultdict(lambda: (0, 0)))
    stretches: list[list[int]] = field(default_factory=list)
    """Where the text of a page begins, and the page's index."""

    def write(self, text: str) -> None:
        """Add what no page has."""
        self.parts.append(text)
        self.at += len(text)

    def write_run(self, page: int, first: int, text: str) -> None:
        """Add characters of a page, one or more."""
        if not self.stretches or self.stretches[-1][1] != page:
            self.stretches.append([self.at, page])
        start, index = self.behind[page]
        runs = self.runs[page]
        if runs and (start, index) == (self.at, first):
            runs[-1] += len(text)
        else:
            runs += (self.at - start, first - index, len(text))
        self.write(text)
        self.behind[page] = (self.at, first + len(text))


def laid_out(pages: Sequence[Page], bodies: list[tuple[list[Line], list[str]]]) -> dict[str, Any]:
    """Make the text of a document.

    Args:
        pages: all of them, in order.
        bodies: what :func:`body` gave of each. It is emptied, so that no line is kept longer than it is needed.

    Returns:
        ``text``; ``stretches``, where the text of a page begins and the page's index; ``pages``, of each its label,
        runs, what was left out and its size; and what is to be said of pages, by their index.
    """
    left_out = [out for _, out in bodies]
    lines = [some for some, _ in bodies]
    bodies.clear()
    for index, heads in _running(pages, lines).items():
        left_out[index] += [line.text for line in heads]
        lines[index] = [line for line in lines[index] if line not in heads]
    paragraphs = deque(joined(regions(lines)))
    del lines
    words = vocabulary(line.text for paragraph in paragraphs for line in paragraph.lines)
    result, texts = _Result(), []
    while paragraphs:
        paragraph = paragraphs.popleft()
        if result.at:
            result.write("\n\n" if paragraph.apart else "\n")
        _write(result, pages, paragraph, words)
        texts.append("".join(result.parts))
        result.parts.clear()
    if result.at:
        texts.append("\n")
    return {
        "text": "".join(texts),
        "stretches": result.stretches,
        "pages": [[page.label, result.runs[page.number], left_out[page.number], page.size] for page in pages],
        "scans": [page.number for page in pages if page.picture],
        "drawn": [page.number for page in pages if page.drawings],
        "invisible": [page.number for page in pages if page.invisible],
        "outside": [page.number for page in pages if page.outside],
        "unmapped": [[page.number, number] for page in pages if (number := _unmapped(page.characters))],
        "right_to_left": [page.number for page in pages if _right_to_left(page.characters)],
    }


def _unmapped(characters: str) -> int:
    """Return how many glyphs have no character, when they are more than one in a hundred."""
    number = characters.count("\ufffd")
    return number if number and 100 * number > len("".join(characters.split())) else 0


def _right_to_left(characters: str) -> bool:
    """Say whether more than one letter in twenty is Arabic or Hebrew."""
    if characters.isascii():
        return False
    return 20 * len(_RIGHT_TO_LEFT.findall(characters)) > sum(map(str.isalpha, characters))


# What is body


def body(page: Page) -> tuple[list[Line], list[str]]:
    """Return the lines of a page in the order in which they are read, and what in its margins is none.

    Args:
        page: as it was read.
    """
    askew = [one for one in page.segments if one.turns < 0]
    upright = [one for one in page.segments if one.turns >= 0]
    numbers = _line_numbers(page, upright)
    rest = [one for one in upright if one not in numbers] if numbers else upright
    return list(_lines(page, _in_columns(rest))), [page.text(one) for one in [*sorted(numbers), *askew]]


def _line_numbers(page: Page, segments: Sequence[Segment]) -> set[Segment]:
    """Return the numbers of lines that stand in a margin: integers one after the other, beside the text."""
    numbers: list[Segment] = []
    others: list[Segment] = []
    for one in segments:
        text = page.text(one)
        (numbers if len(text) <= 4 and text.isascii() and text.isdigit() else others).append(one)
    if len(numbers) < NUMBERED or not others:
        return set()
    sides = (
        [one for one in numbers if sum(one.right < other.left for other in others) > 0.8 * len(others)],
        [one for one in numbers if sum(one.left > other.right for other in others) > 0.8 * len(others)],
    )
    found: set[Segment] = set()
    rows = len({round(one.top) for one in others})
    for side in sides:
        side.sort(key=lambda one: one.top)
        values = [int(page.text(one)) for one in side]
        steps = Counter(after - before for before, after in pairwise(values))
        step, times = steps.most_common(1)[0] if steps else (0, 0)
        if step > 0 and times >= max(NUMBERED - 1, 0.8 * (len(side) - 1)) and 2 * step * len(side) > rows:
            found.update(side)
    return found


def _running(pages: Sequence[Page], lines: Sequence[list[Line]]) -> dict[int, list[Line]]:
    """Return the running heads and page numbers of each page that has some.

    They stand at one height of several pages, digits apart the same; where most pages have such a line, another one
    alone at that height is one too, as the title of a short chapter. A number alone that is the page's is one anyhow.
    """
    edges: list[tuple[int, list[Line]]] = []
    """A page's lines from an edge inwards."""
    for index, some in enumerate(lines):
        upright = sorted((line for line in some if not line.turns), key=lambda line: line.top)
        edges += [(index, upright[:EDGE]), (index, upright[: -EDGE - 1 : -1])]
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for index, some in edges:
        for line in some:
            places[_key(line.text)].add((round(line.top), index))
    again = {key: _at_one_height(found) for key, found in places.items() if len(found) >= AGAIN}
    heights = Counter(place for found in again.values() for place in found)
    by_height = Counter(height for height, _ in heights)
    running: dict[int, list[Line]] = {}
    for index, some in edges:
        taken: list[Line] = []
        for number, line in enumerate(some):
            height = round(line.top)
            alone = number + 1 == len(some) or abs(some[number + 1].top - line.top) > 1.3 * line.size
            usual = sum(by_height[height + off] for off in (-1, 0, 1)) > max(AGAIN, 0.3 * len(pages))
            if not (
                (height, index) in again.get(_key(line.text), ())
                or (usual and alone and not number)
                or (not number and _is_number_of(line.text, pages[index]))
            ):
                break
            taken.append(line)
        if taken:
            running.setdefault(index, []).extend(line for line in taken if line not in running.get(index, ()))
    return running


def _key(text: str) -> str:
    """Return what is the same in a running head on every page."""
    return _NUMBER.sub("#", " ".join(text.casefold().split()))


def _at_one_height(places: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those places (height, page) that are on so many pages at one height, give or take a point or two."""
    by_height: dict[int, set[int]] = defaultdict(set)
    for height, index in places:
        for off in (-2, -1, 0, 1, 2):
            by_height[height + off].add(index)
    return {(height, index) for height, index in places if len(by_height[height]) >= AGAIN}


def _is_number_of(text: str, page: Page) -> bool:
    number = _LONE_NUMBER.fullmatch(text)
    return number is not None and number[1] in {page.label, str(page.number + 1)}


# The order of reading


def _in_columns(segments: list[Segment], depth: int = 0) -> list[Segment]:
    """Put pieces of lines into the order of their columns, where the file writes across them.

    The order of the file is that of reading in nearly all PDFs, and left as it is. It is not where it changes again
    and again between the sides of a strip without text.
    """
    if len(segments) < 2 * COLUMN or depth > 3:
        return segments
    gutters = Counter(
        round((one.right + other.left) / 4) * 2
        for one, other in pairwise(segments)
        if one.turns == other.turns == 0 and abs(one.top - other.top) < one.size and other.left > one.right
    )
    for x, times in sorted(gutters.most_common(TRIED), key=lambda item: (-item[1], item[0])):
        if times < COLUMN:
            return segments
        sides = [-1 if one.right <= x else 1 if one.left >= x else 0 for one in segments]
        beside = [side for side in sides if side]
        changes = sum(before != after for before, after in pairwise(beside))
        columns = [[one for one, side in zip(segments, sides, strict=True) if side == which] for which in (-1, 1)]
        if changes < COLUMN or any(
            len(column) < COLUMN or median(one.end - one.first for one in column) < COLUMN_TEXT for column in columns
        ):
            continue
        return _column_by_column(segments, sides, depth)
    return segments


def _column_by_column(segments: list[Segment], sides: list[int], depth: int) -> list[Segment]:
    """Return the left side, then the right one, of each band between pieces that go across both."""
    ordered: list[Segment] = []
    band: tuple[list[Segment], list[Segment]] = ([], [])

    def end_band() -> None:
        for column in band:
            ordered.extend(_in_columns(list(column), depth + 1))
            column.clear()

    for one, side in sorted(zip(segments, sides, strict=True), key=lambda item: (round(item[0].top), item[0].left)):
        if side:
            band[side > 0].append(one)
        else:
            end_band()
            ordered.append(one)
    end_band()
    return ordered


def _lines(page: Page, segments: Sequence[Segment]) -> Iterator[Line]:
    """Put pieces that stand side by side into lines: an index up or down, a cell of a table."""
    line: Line | None = None
    longest = 0
    for one in segments:
        text = page.text(one)
        if line is not None and _beside(line, one):
            between = page.characters[line.pieces[-1][1] : one.first]
            gap = one.left - line.right
            wide = gap > 2 * GAP * line.size
            space = "\t" if wide else " " if gap > 0.15 * one.size or between.strip("\r\n") else ""
            line.pieces.append((one.first, one.end, space))
            line.text += space + text
            line.right = max(line.right, one.right)
            if one.end - one.first > longest:
                line.top, line.size, longest = one.top, one.size, one.end - one.first
            continue
        if line is not None:
            yield line
        longest = one.end - one.first
        line = Line(page.number, text, [(one.first, one.end, "")], one.left, one.top, one.right, one.size, one.turns)
    if line is not None:
        yield line


def _beside(line: Line, one: Segment) -> bool:
    """Say whether a piece stands right of a line and at its height, a bit up or down as an index does."""
    if line.turns != one.turns or one.left < line.right - 0.3 * line.size:
        return False
    (small, size), (top, height) = sorted([(one.top, one.size), (line.top, line.size)], key=lambda box: box[1])
    return top < small + size / 2 < top + height


# Words

_RUN = re.compile(f"[^{SECOND}]+")


def _write(result: _Result, pages: Sequence[Page], paragraph: Paragraph, words: Vocabulary) -> None:
    """Write a paragraph in one line."""
    for line, following in zip(paragraph.lines, [*paragraph.lines[1:], None], strict=True):
        characters = pages[line.page].characters
        dropped, space = between(line.text, following.text, words) if following else (0, "")
        for number, (first, end, before) in enumerate(line.pieces):
            result.write(before)
            cut = dropped if number + 1 == len(line.pieces) else 0
            for run in _RUN.finditer(characters, first, end - cut):
                result.write_run(line.page, run.start(), run[0])
        result.write(space)
