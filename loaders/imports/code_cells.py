"""Find out how a table writes codes: what parts several codes in a cell, and a code from those above it.

Programs differ, and a comma may be part of a code's name as well as stand between two codes. So a separator is
taken only where the table itself says so: by a column that counts the codes, or because what it parts stands in
other cells, too.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEVELS = re.compile(r" > |\\|\s*(?:->|→)\s*")
"""MAXQDA and Dedoose write a code behind those above it; survey tables do so with an arrow."""
_DEEPEST = 20
"""More levels than this are no codebook."""
_LINES = "\r\n"
_SEPARATORS = {";": ";；", ",": ",，、", "|": "|｜"}
"""What may part codes, the likeliest first, with its full-width forms. Line ends part codes always."""
_COUNTED = {**_SEPARATORS, "/": "/", "line end": ""}
"""What else does when a column counts the codes."""


class Separator(NamedTuple):
    """A separator of the codes of a cell.

    Args:
        name: how a person is told of it.
        pattern: what is looked for.
        why: what speaks for it; empty where nothing has to be said.
    """

    name: str
    pattern: re.Pattern[str]
    why: str = ""

    def parts(self, cell: str, count: int | None = None) -> list[str]:
        """Return the codes of a cell, without empty ones.

        Args:
            cell: the cell.
            count: how many there are, where the table says so: a single one is not parted.

        Example:
            >>> Separator(",", re.compile(",")).parts("trust, doubt,")
            ['trust', 'doubt']
        """
        parts = [cell] if count == 1 else self.pattern.split(cell)
        return [part for part in (" ".join(part.split()) for part in parts) if part.strip("\\ ")]


def _separator(name: str, signs: str, why: str = "") -> Separator:
    return Separator(name, re.compile(f"[{re.escape(signs + _LINES)}]+"), why)


def separator(
    cells: Sequence[str], counts: Sequence[int | None] = (), *, given: str = "", dedoose: bool = False
) -> Separator:
    """Decide what parts the codes of cells.

    Args:
        cells: all cells that hold codes.
        counts: how many codes each has, where a column says so.
        given: what parts them, when a person says so.
        dedoose: whether they are Dedoose's, which joins codes by commas.

    Returns:
        The separator: the one that is given; the one that gives as many codes as the table counts; a semicolon or line
        end where there is one; the one whose parts stand in other cells, too; or else a semicolon.

    Example:
        >>> separator(["trust, doubt", "doubt, hope", "trust"]).name
        ','
        >>> separator(["trust, mutual", "trust, lost", "trust"]).name
        ';'
    """
    if given:
        return Separator(given, re.compile(f"(?:{re.escape(given.strip(' ') or given)}|[{_LINES}])+"))
    if dedoose:
        return _separator(",", ",;")
    # A single code is not parted, whatever it holds, so it speaks for no separator.
    counted = [(cell, count) for cell, count in zip(cells, counts, strict=False) if count and count > 1]
    if counted:
        every = [_separator(name, signs) for name, signs in _COUNTED.items()]
        agreeing = [sum(len(one.parts(cell)) == count for cell, count in counted) for one in every]
        best = agreeing.index(max(agreeing))
        if agreeing[best] * 2 >= len(counted):
            return every[best]._replace(why=f"as counted in {agreeing[best]} of {len(counted)} rows")
    usual = _separator(";", _SEPARATORS[";"])
    different = set(cells)
    if not any(usual.pattern.search(cell.strip()) for cell in different):
        for name, signs in list(_SEPARATORS.items())[1:]:
            other = _separator(name, signs, "what it parts stands in other cells, too")
            if _is_shared(different, other):
                return other
    return usual


def _is_shared(cells: set[str], separator: Separator) -> bool:
    """Say whether most of what a separator parts stands in several cells, and some of it alone in one."""
    parted = [set(separator.parts(cell)) for cell in cells]
    seen = Counter(part for parts in parted for part in parts)
    alone = {part for parts in parted if len(parts) == 1 for part in parts}
    joined = {part for parts in parted if len(parts) > 1 for part in parts}
    shared = sum(seen[part] > 1 for part in joined)
    return bool(joined & alone) and shared * 3 >= len(joined) * 2


def applied(cell: str, names: Sequence[str]) -> list[str]:
    """Return the codes of one row of a Dedoose export.

    The row has them twice: joined by commas in one cell, where a name with a comma is ambiguous, and in a column for
    each code, which settles it.

    Args:
        cell: the codes joined by commas, each without its parent codes.
        names: the codes whose columns say that they were given, each with its parent codes.

    Returns:
        The ``names``, and then the codes of the cell that no column accounts for.

    Example:
        >>> applied("Trust, mutual, Ease, Hope", ["Bonds > Trust, mutual", "Ease"])
        ['Bonds > Trust, mutual', 'Ease', 'Hope']
    """
    left = cell
    for name in sorted(names, key=lambda name: -len(levels(name)[-1])):
        left = re.sub(rf"(?:^|(?<=,))\s*{re.escape(levels(name)[-1])}\s*(?=,|$)", "", left, count=1)
    return [*names, *_separator(",", ",;").parts(left)]


def levels(name: str, *, colons: bool = False) -> list[str]:
    """Return a code's name behind those of the codes above it.

    Args:
        name: as the table has it.
        colons: whether a colon parts a category from its code, as in ATLAS.ti.

    Example:
        >>> levels("trust > doubt"), levels("trust->doubt"), levels("Mood: Warmth", colons=True)
        (['trust', 'doubt'], ['trust', 'doubt'], ['Mood', 'Warmth'])
    """
    name = " ".join(name.split())
    names = [part.strip() for part in _LEVELS.split(name) if part.strip()]
    if len(names) == 1 and colons:
        above, _, below = names[0].partition(": ")
        names = [part.strip() for part in (above, below) if part.strip()]
    return names if 0 < len(names) <= _DEEPEST else [name]
