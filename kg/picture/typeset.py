"""Widths of texts in the faces of the pages and pictures, and lines that fit, without a font at hand.

Places in a picture are computed before anything draws it, so that page, file and print are the same. The advance
widths were read once from the fonts that the pages ship (fontTools over @fontsource-variable 5.3.1) and lie in
``advances.json`` by face: the first character of a run in hexadecimal, and the widths of the run in thousandths of the
size. Kerning is left out: it makes texts narrower, hardly ever wider.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNKNOWN = 600
"""The width of a character that no face has, unless it is wide or combining (thousandths)."""
_BOLD = 500
"""The weight above which the widths of the heavier face are taken."""
_ELLIPSIS = "…"
_NOT_FIRST = frozenset("，。、；：？！）》」』】〕〉”’…—～·,.;:?!)]}%‰℃々ー")
"""What no line begins with (W3C, Requirements for Chinese Text Layout, 3.1.6)."""
_NOT_LAST = frozenset("（《「『【〔〈“‘([{￥$£")
"""What no line ends in."""


class _Advances(dict[str, int]):
    """The widths of characters in a face; one that it lacks is estimated when it is first asked for."""

    def __missing__(self, character: str) -> int:
        if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
            self[character] = 0
        else:
            self[character] = 1000 if is_wide(character) else _UNKNOWN
        return self[character]


@cache
def _faces() -> dict[str, _Advances]:
    read = json.loads(resources.files("kg.picture").joinpath("advances.json").read_text("ascii"))
    return {
        face: _Advances(
            (chr(int(first, 16) + at), int(advance))
            for first, run in runs.items()
            for at, advance in enumerate(run.split())
        )
        for face, runs in read.items()
    }


@cache
def _advances(weight: int, *, serif: bool) -> _Advances:
    return _faces()[f"{'serif' if serif else 'sans'}{600 if weight > _BOLD else 400}"]


@cache
def is_wide(character: str) -> bool:
    """Return whether a character is as wide as it is high, as Chinese ones are.

    Args:
        character: one character.
    """
    return unicodedata.east_asian_width(character) in "WF"


def width(text: str, size: float, *, weight: int = 400, serif: bool = False) -> float:
    """Return how wide a text is on one line (pixels).

    Args:
        text: any text.
        size: size of the type (pixels).
        weight: 400 or 600.
        serif: whether it is set in the face for reading, Source Serif 4, and not in Source Sans 3.

    Example:
        >>> width("P18", 10, weight=600), width("透明性", 10)
        (16.08, 30.0)
    """
    advances = _advances(weight, serif=serif)
    return sum([advances[character] for character in text]) * size / 1000


@lru_cache(maxsize=8192)
def _lines(text: str, room: float, size: float, most: int, weight: int, serif: bool) -> tuple[str, ...]:  # noqa: FBT001
    advances = _advances(weight, serif=serif)
    # Thousandths of the size are compared, so that no line is multiplied.
    limit = room * 1000 / size
    lines: list[str] = []
    line, used = "", 0
    for piece, spaced in _pieces(text):
        wide = sum([advances[c] for c in piece])
        space = advances[" "] if spaced and line else 0
        if line and used + space + wide > limit:
            lines.append(line)
            if len(lines) == most:
                lines[-1] = _cut(line, limit, advances, spaced=spaced)
                return tuple(lines)
            line, used, space = "", 0, 0
        line += (" " if space else "") + piece
        used += space + wide
        while used > limit and len(line) > 1:
            # A word that is longer than a line is broken anywhere.
            fit = max(_fitting(line, limit, advances), 1)
            lines.append(line[:fit])
            if len(lines) == most:
                lines[-1] = _cut(line[:fit], limit, advances, spaced=False)
                return tuple(lines)
            line = line[fit:]
            used = sum([advances[c] for c in line])
    return (*lines, line) if line else tuple(lines)


def lines(text: str, width: float, size: float, most: int, *, weight: int = 400, serif: bool = False) -> list[str]:
    """Break a text into lines that fit; what is too long ends in an ellipsis.

    Chinese is broken between any two characters but before closing and after opening punctuation, other text at blanks
    and after hyphens, a word that is longer than a line anywhere.

    Args:
        text: any text; white space counts as one blank.
        width: room for a line (pixels).
        size: size of the type (pixels).
        most: how many lines there may be, at least one.
        weight: 400 or 600.
        serif: whether it is set in Source Serif 4.

    Returns:
        At most that many lines; none for a text without characters. A line is wider than the room only where not even
        one character fits.

    Example:
        >>> lines("making access demand explicit", 110, 14, 2, weight=600)
        ['making access', 'demand explicit']
        >>> lines("making access demand explicit", 110, 14, 1, weight=600)
        ['making access …']
        >>> lines("透明性是价值共创过程的保障，也是起点。", 84, 14, 2)
        ['透明性是价值', '共创过程的…']
    """
    return list(_lines(text, width, size, most, weight, serif))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Give the pieces of a text that are not broken, and whether a blank stands before each."""
    for word in text.split():
        spaced = True
        start = 0
        for at in range(1, len(word)):
            if _may_break(word[at - 1], word[at], at - start):
                yield word[start:at], spaced
                start, spaced = at, False
        yield word[start:], spaced


def _may_break(before: str, after: str, length: int) -> bool:
    """Return whether a line may end between two characters of a word."""
    if before == "-":
        # Not after a hyphen that begins a word, as in -5, nor between hyphens.
        return length > 1 and after.isalpha()
    if before.isascii() and after.isascii():
        return False
    return (is_wide(before) or is_wide(after)) and after not in _NOT_FIRST and before not in _NOT_LAST


def _fitting(text: str, limit: float, advances: _Advances) -> int:
    """Return how many characters of a text fit."""
    used = 0
    for at, character in enumerate(text):
        used += advances[character]
        if used > limit:
            return at
    return len(text)


def _cut(line: str, limit: float, advances: _Advances, *, spaced: bool) -> str:
    """Return a line that goes on with an ellipsis at its end, shortened so that this fits too."""
    if spaced:
        end = f" {_ELLIPSIS}"
        room = limit - sum([advances[c] for c in end])
        if sum([advances[c] for c in line]) <= room:
            return line + end
    room = limit - advances[_ELLIPSIS]
    fit = _fitting(line, room, advances)
    kept = line[:fit].rstrip()
    at = kept.rfind(" ")
    # Whole words are kept, unless that would leave less than half of the line.
    if fit < len(line) and line[fit] != " " and at > len(kept) / 2:
        shorter = kept[:at].rstrip()
        if sum([advances[c] for c in f"{shorter} "]) <= room:
            return f"{shorter} {_ELLIPSIS}"
    return f"{kept}{_ELLIPSIS}" if kept or advances[_ELLIPSIS] <= limit else line[:1]
