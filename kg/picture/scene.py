"""A scene: what a picture consists of and where it stands, before anything draws it.

Page, file and print are drawn from the same scene by :mod:`kg.picture.drawing`, and ``tests/measuring.py`` measures it.
Places are in pixels from the upper left corner; colours are names, see :data:`kg.picture.marks.PALETTES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kg.picture.marks import Part

MARGIN = 24
"""How wide the margin of a picture is that stands alone in a file."""
Point = tuple[float, float]
"""A place: how far to the right, how far down."""


class Box(NamedTuple):
    """A rectangle behind which nothing passes.

    Args:
        name: what edges call it; no other box of the scene has this name.
        x: its left edge.
        y: its upper edge.
        width: how wide it is.
        height: how high it is.
        fill: name of the colour inside.
        stroke: name of the colour of its outline, if it has one.
        thickness: how wide its outline is.
        radius: how round its corners are.
        dashes: dashes of its outline (pixels on, pixels off); empty is solid.
    """

    name: str
    x: float
    y: float
    width: float
    height: float
    fill: str = "card"
    stroke: str | None = None
    thickness: float = 1
    radius: float = 4
    dashes: str = ""


class Label(NamedTuple):
    """A line of text.

    Args:
        x: where it begins; where its middle or end is, when it is anchored there.
        y: its baseline.
        text: its words.
        size: size of the type.
        weight: 400 or 600.
        colour: name of its colour.
        anchor: ``start``, ``middle`` or ``end``.
        box: name of the box that it stands in, if any; an edge of that box may not pass through it either.
        serif: whether it is set in the face for reading.
    """

    x: float
    y: float
    text: str
    size: float = 13
    weight: int = 400
    colour: str = "ink"
    anchor: str = "start"
    box: str = ""
    serif: bool = False


class Edge(NamedTuple):
    """A line between boxes.

    Args:
        points: the corners of the line, from its start to its end.
        ends: names of the boxes that it touches.
        colour: name of its colour.
        width: how wide it is.
        dashes: dashes (pixels on, pixels off); empty is solid.
        between: names of the boxes that lie on it and are drawn over it, as its own label.
    """

    points: tuple[Point, ...]
    ends: tuple[str, ...]
    colour: str
    width: float
    dashes: str = ""
    between: tuple[str, ...] = ()


class Sign(NamedTuple):
    """A mark at a place.

    Args:
        x: its middle.
        y: its middle.
        parts: what it consists of, see :mod:`kg.picture.marks`.
    """

    x: float
    y: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Group:
    """Things that belong together: they are drawn one after the other, lifted together, and lead to one address.

    Args:
        kind: what it is, which is a class in the page: ``band``, ``concept``, ``row`` or ``legend``.
        record: kind and id of the record that it leads to, if it leads anywhere.
        says: what is read out in place of its labels, and shown when a pointer rests on it.
        marks: further classes in the page.
        edges: its lines, which lie under its boxes.
        boxes: its boxes.
        labels: its texts.
        signs: its marks.
    """

    kind: str
    record: tuple[str, str] | None = None
    says: str = ""
    marks: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    boxes: tuple[Box, ...] = ()
    labels: tuple[Label, ...] = ()
    signs: tuple[Sign, ...] = ()

    def moved(self, right: float, down: float) -> Group:
        """Return the same at another place.

        Args:
            right: how far to the right.
            down: how far down.
        """
        return replace(
            self,
            edges=tuple(e._replace(points=tuple((x + right, y + down) for x, y in e.points)) for e in self.edges),
            boxes=tuple(b._replace(x=b.x + right, y=b.y + down) for b in self.boxes),
            labels=tuple(label._replace(x=label.x + right, y=label.y + down) for label in self.labels),
            signs=tuple(s._replace(x=s.x + right, y=s.y + down) for s in self.signs),
        )


@dataclass(frozen=True)
class Scene:
    """All of a picture.

    Args:
        title: what it is a picture of.
        width: how wide it is.
        height: how high it is.
        back: what lies behind everything and may be covered, such as the bands of the stages.
        groups: what it shows, in the order in which it is read.
    """

    title: str
    width: float
    height: float
    back: tuple[Group, ...] = ()
    groups: tuple[Group, ...] = field(default=())

    @property
    def boxes(self) -> list[Box]:
        """Return the boxes that nothing may pass behind."""
        return [box for group in self.groups for box in group.boxes]

    @property
    def edges(self) -> list[Edge]:
        """Return all lines."""
        return [edge for group in self.groups for edge in group.edges]

    @property
    def labels(self) -> list[Label]:
        """Return all texts."""
        return [label for group in (*self.back, *self.groups) for label in group.labels]

    def with_margin(self, margin: float) -> Scene:
        """Return the same with a margin on all sides, as a file that stands alone has one.

        Args:
            margin: how wide it is.
        """
        return replace(
            self,
            width=self.width + 2 * margin,
            height=self.height + 2 * margin,
            back=tuple(group.moved(margin, margin) for group in self.back),
            groups=tuple(group.moved(margin, margin) for group in self.groups),
        )


def bend(start: Point, end: Point, steps: int = 24) -> tuple[Point, ...]:
    """Return the corners of a line that leaves and arrives level, bent as an S.

    Args:
        start: where it begins.
        end: where it ends.
        steps: of how many straight pieces it is made.
    """
    (x0, y0), (x1, y1) = start, end
    points = []
    for step in range(steps + 1):
        t = step / steps
        far = 3 * t * (1 - t) ** 2 * 0.55 + 3 * t**2 * (1 - t) * 0.45 + t**3
        points.append((round(x0 + (x1 - x0) * far, 2), round(y0 + (y1 - y0) * (3 * t**2 - 2 * t**3), 2)))
    return tuple(points)
