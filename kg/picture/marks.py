"""The marks that all pictures share: strands by stance, signs of the states, bars of the strengths, and their colours.

A mark is drawn about the point (0, 0) from :class:`Part`, whose colours are names. In a page a name is a class, which
the style sheet gives a colour in either theme; in a file it is looked up in :data:`PALETTES`. Nothing is told by colour
alone: stances differ by their dashes, states by their shapes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from kg import claims

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE = "none"
"""The colour, and in place of a stance the name, of what has no evidence."""

PALETTES: dict[str, dict[str, str]] = {
    "light": {
        "paper": "#fbfaf7", "card": "#ffffff", "ink": "#1d2733", "soft": "#55606b", "line": "#d9d6cd",
        "frame": "#7c7f85", "accent": "#1c4e80", "band": "#f1efe8", "concept": "#e7eff6", "none": "#6b7178",
        "supports": "#1b6e3c", "opposes": "#a3271d", "qualifies": "#7a5a00",
        "supports-tint": "#e9f4ec", "opposes-tint": "#fbecea", "qualifies-tint": "#f8f1dc",
        "case-1": "#4f7ca8", "case-2": "#8a6bb1", "case-3": "#c47f35", "case-4": "#7c7f85",
    },
    "dark": {
        "paper": "#14181d", "card": "#1b2027", "ink": "#e5e7ea", "soft": "#a7b0ba", "line": "#343c46",
        "frame": "#8a939e", "accent": "#8ec1f2", "band": "#191e24", "concept": "#1d2a37", "none": "#8f98a2",
        "supports": "#7bd39b", "opposes": "#ff9d92", "qualifies": "#e6c25c",
        "supports-tint": "#17281e", "opposes-tint": "#2d1c1b", "qualifies-tint": "#2a2516",
        "case-1": "#4f7ca8", "case-2": "#8a6bb1", "case-3": "#c47f35", "case-4": "#7c7f85",
    },
}  # fmt: skip
"""The colours of files by theme and name; the style sheet of the pages has variables of the same names and values."""

DASHES = {"supports": "", "opposes": "7 4", "qualifies": "1.5 4", NONE: "2 5"}
"""Dashes of a strand by its stance (pixels on, pixels off); empty is solid."""
ORDER = ("supports", "qualifies", "opposes")
"""The order of strands side by side, from above: what qualifies lies between for and against."""
_BETWEEN = 1.5
"""Space between two strands side by side (pixels)."""
_MOST = 18
"""How wide all strands of a claim are at most, with the spaces between them (pixels)."""
_THIN = 1.3
"""Width of the strand of a claim without evidence (pixels)."""
HEAD = 8
"""How long the head of an arrow is (pixels)."""


def strand_width(witnesses: int) -> float:
    """Return how wide a strand is (pixels): by the square root, so that ten witnesses are twice as wide as one.

    Args:
        witnesses: number of independent witnesses; 0 gives no strand.

    Example:
        >>> [strand_width(n) for n in (0, 1, 10)]
        [0.0, 2.45, 5.15]
    """
    return round(1.2 + 1.25 * math.sqrt(witnesses), 2) if witnesses > 0 else 0.0


class Strand(NamedTuple):
    """A strand of a claim: the evidence of one stance.

    Args:
        stance: supports, opposes, qualifies or :data:`NONE`.
        width: how wide it is (pixels).
        offset: how far below the middle of all strands its own middle is (pixels).
    """

    stance: str
    width: float
    offset: float

    @property
    def dashes(self) -> str:
        """Return its dashes (pixels on, pixels off)."""
        return DASHES[self.stance]


def strands(witnesses: Mapping[str, int]) -> list[Strand]:
    """Return the strands of a claim side by side, from above.

    Args:
        witnesses: number of independent witnesses by stance.

    Returns:
        One strand a stance that has witnesses; one thin one when none has.

    Example:
        >>> strands({"supports": 1, "opposes": 1})
        [Strand(stance='supports', width=2.45, offset=-1.98), Strand(stance='opposes', width=2.45, offset=1.98)]
    """
    widths = [(stance, strand_width(witnesses[stance])) for stance in ORDER if witnesses.get(stance)]
    if not widths:
        return [Strand(NONE, _THIN, 0.0)]
    between = _BETWEEN * (len(widths) - 1)
    # So many witnesses that they would leave the row are drawn narrower, in the same proportions.
    scale = min(1.0, (_MOST - between) / sum(wide for _, wide in widths))
    widths = [(stance, round(max(wide * scale, _THIN), 2)) for stance, wide in widths]
    top = -(sum(wide for _, wide in widths) + between) / 2
    placed = []
    for stance, wide in widths:
        placed.append(Strand(stance, wide, round(top + wide / 2, 2)))
        top += wide + _BETWEEN
    return placed


def heaviest(witnesses: Mapping[str, int]) -> str:
    """Return the stance with most witnesses, which the head of an arrow has the colour of.

    Args:
        witnesses: number of independent witnesses by stance.

    Returns:
        The first of :data:`ORDER` when several have as many; :data:`NONE` when none has any.
    """
    stance = max(ORDER, key=lambda stance: witnesses.get(stance, 0))
    return stance if witnesses.get(stance) else NONE


def arrow(stance: str, half: float, *, back: bool = False) -> Part:
    """Return the head of an arrow; its tip is at (0, 0).

    Args:
        stance: the stance whose colour it has, or :data:`NONE`.
        half: half its height (pixels).
        back: whether it points to the left.
    """
    return Part(f"M0 0l{HEAD if back else -HEAD:g} {-half:g}v{2 * half:g}z", stance)


class Part(NamedTuple):
    """A path of a mark.

    Args:
        path: what is drawn, as the attribute ``d`` of an SVG path, about (0, 0).
        fill: name of the colour inside, if any.
        stroke: name of the colour of its line, if any.
        width: how wide its line is (pixels).
        dashes: dashes of its line (pixels on, pixels off).
    """

    path: str
    fill: str | None = None
    stroke: str | None = None
    width: float = 0
    dashes: str = ""


SIZE = 5
"""How far a sign reaches from its middle (pixels)."""


def _ring(radius: float) -> str:
    return f"M{-radius:g} 0a{radius:g} {radius:g} 0 1 1 {2 * radius:g} 0a{radius:g} {radius:g} 0 1 1 {-2 * radius:g} 0z"


_HOLLOW = Part(_ring(4.25), None, NONE, 1.5, "2 2")

STATES: dict[str, tuple[Part, ...]] = {
    "contested": (Part("M0 -6l6 6l-6 6z", "opposes"), Part("M0 -6l-6 6l6 6z", "supports")),
    "supported": (Part(_ring(5), "supports"),),
    "weakly supported": (Part(_ring(4.25), None, "supports", 1.5), Part("M0 -5a5 5 0 0 0 0 10z", "supports")),
    "opposed": (Part("M-4.5 -4.5l9 9m0 -9l-9 9", None, "opposes", 2.5),),
    "qualified only": (Part("M-5 1q2.5 -5 5 0t5 0", None, "qualifies", 2.2),),
    "disputed": (Part("M0 -5.25l5.25 5.25l-5.25 5.25l-5.25 -5.25z", None, "qualifies", 1.5),),
    "looked for evidence, found none": (_HOLLOW, Part("M-4.5 4.5l9 -9", None, NONE, 1.5)),
    "nothing within the limits": (Part("M-5 0h10", None, NONE, 2),),
    "asserted, no case evidence yet": (_HOLLOW,),
    "no passage at all": (_HOLLOW,),
}
"""The sign of every state of :data:`kg.claims.STATES`."""
COLOURS = {
    "contested": "opposes", "supported": "supports", "weakly supported": "supports", "opposed": "opposes",
    "qualified only": "qualifies", "disputed": "qualifies",
}  # fmt: skip
"""The colour of the outline of a claim by its state; :data:`NONE` for every other."""


def bars(strength: str, stance: str) -> tuple[Part, ...]:
    """Return three bars that rise to the right, as many of them in the stance's colour as the evidence is strong.

    They reach from (0, 0), their foot on the left, 14 pixels to the right and 11 up.

    Args:
        strength: strong, moderate or weak.
        stance: supports, opposes or qualifies.
    """
    full = len(claims.STRENGTHS) - claims.STRENGTHS.index(strength)
    return tuple(
        Part(f"M{5 * at} 0v{-(3 + 4 * at)}h4v{3 + 4 * at}z", stance if at < full else "line") for at in range(3)
    )
