"""What the figure gives to be placed, and what it is given back, by ``dot`` or by our own columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.picture.scene import Point


class Node(NamedTuple):
    """A box to be placed.

    Args:
        name: its name.
        width: how wide it is.
        height: how high it is.
    """

    name: str
    width: float
    height: float


class Line(NamedTuple):
    """A line to be placed, between the box of a concept and the label of a claim.

    Args:
        start: name of the box where it begins.
        end: name of the box where it ends.
    """

    start: str
    end: str


class Layout(NamedTuple):
    """The places of boxes and lines.

    Args:
        width: how wide it is.
        height: how high it is.
        at: upper left corner of every box, by its name.
        points: the corners of every line.
    """

    width: float
    height: float
    at: Mapping[str, Point]
    points: Mapping[Line, Sequence[Point]]
