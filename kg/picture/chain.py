"""The chain from theory to reference as a scene: the layers of a network as columns, its links as lines between them.

A line that passes a column does so between two of its boxes, in the nearest gap, so that it passes behind none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import claims
from kg.picture import layers, marks
from kg.picture.layers import EDGE_OF_BOX, INSIDE, LINE, SIZE
from kg.picture.scene import Box, Edge, Group, Label, Scene
from kg.picture.typeset import lines, width
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.picture.network import Edge as Link
    from kg.picture.network import Network, Node
    from kg.picture.scene import Point

MARGIN = 24
_TITLE, _FOOT, _BOW = 18, 36, 28
"""Size of the heading, height of the legend, and how far a line inside a column bows out (pixels)."""
_PAINT = {
    "theory": ("band", "ink"), "proposition": ("card", "ink"), "concept": ("concept", "accent"),
    "code": ("band", "frame"), "excerpt": ("card", "frame"), "source": ("band", "frame"),
    "reference": ("card", "frame"),
}  # fmt: skip
"""Names of the colours inside and around a box, by the kind of the record."""


class Stroke(NamedTuple):
    """The stroke of a link in what other programs draw: its colour, and its dashes (pixels on, pixels off)."""

    colour: str
    dashes: str


def stroke(link: str) -> Stroke:
    """Return how a link is drawn.

    Args:
        link: supports, opposes, qualifies or any other.
    """
    return Stroke(marks.PALETTES["light"][_colour(link)], marks.DASHES.get(link, ""))


def _colour(link: str) -> str:
    return link if link in claims.STANCES else "frame"


def bearing(network: Network) -> dict[str, list[tuple[str, str]]]:
    """Say of each passage on which claims it bears and how.

    Args:
        network: what is drawn.

    Returns:
        Pairs of stance and claim by the passage's key.
    """
    bears: dict[str, list[tuple[str, str]]] = {}
    for edge in network.edges:
        if edge.end.startswith("excerpt/") and edge.link in (*claims.STANCES, "asserts"):
            bears.setdefault(edge.end, []).append((edge.link, edge.start.partition("/")[2]))
    return bears


def caption(node: Node, bears: dict[str, list[tuple[str, str]]], language: str) -> str:
    """Return the small line above a node's label: its kind, and of a passage its stance.

    Args:
        node: the node.
        bears: from :func:`bearing`.
        language: ``en`` or ``zh``.
    """
    stances = ", ".join(f"{word(stance, language)} {claim}" for stance, claim in bears.get(node.key, ()))
    return f"{word(node.kind, language)} · {stances}" if stances else word(node.kind, language)


def chain(network: Network, language: str = "en") -> Scene:
    """Place a network with its heading and what its lines mean.

    Args:
        network: what is drawn.
        language: ``en`` or ``zh``, for the words of the picture itself.

    Returns:
        The scene; the same network gives the same one.
    """
    placed = layers.place(network)
    wide = max(layers.extent(placed)[0], 560)
    titled = lines(network.title, wide, _TITLE, 2, weight=600)
    # Lines pass above the first box of a column, too.
    top = MARGIN + 26 * len(titled) + layers.ROOM
    high = layers.extent(placed)[1] + top
    boxes = {
        key: Box(
            key,
            box.x + MARGIN + _BOW,
            box.y + top,
            box.width,
            box.height,
            *_PAINT[key.partition("/")[0]],
            radius=4,
            thickness=1.5 if key.startswith("proposition/") else 1,
        )
        for key, box in placed.items()
    }
    columns: dict[float, list[Box]] = {}
    for box in boxes.values():
        columns.setdefault(box.x, []).append(box)
    ordered = [sorted(columns[x], key=lambda box: box.y) for x in sorted(columns)]
    edges = tuple(_edge(link, boxes, ordered) for link in network.edges)
    bears = bearing(network)
    title = tuple(Label(MARGIN, MARGIN + _TITLE + 26 * n, text, _TITLE, 600) for n, text in enumerate(titled))
    groups = (
        Group("links", edges=edges),
        *(_node(n, boxes[n.key], placed[n.key].lines, caption(n, bears, language)) for n in network.nodes),
        _legend(network, high + layers.ROOM + _FOOT, language),
    )
    return Scene(
        network.title,
        wide + 2 * MARGIN + 2 * _BOW,
        high + layers.ROOM + _FOOT + MARGIN,
        (Group("title", labels=title),),
        groups,
    )


def _node(node: Node, box: Box, label: Sequence[str], above: str) -> Group:
    """Return the box of a node with a small line that says its kind, and its label."""
    x, y = box.x + INSIDE, box.y + EDGE_OF_BOX / 2 + SIZE
    (small,) = lines(above, box.width - 2 * INSIDE, SIZE, 1) or ("",)
    labels = [Label(x, y, small, SIZE, 400, "soft", box=box.name)]
    labels += [Label(x, y + LINE * n, text, SIZE, 400, "ink", box=box.name) for n, text in enumerate(label, 1)]
    record = (node.kind, node.id) if node.count == 1 and node.kind != "theory" else None
    # What stands for several records has a dashed outline.
    drawn = box if node.count == 1 else box._replace(dashes="4 3")
    return Group("node", record, f"{above}: {node.text}", (node.kind,), boxes=(drawn,), labels=tuple(labels))


def _edge(link: Link, boxes: dict[str, Box], columns: list[list[Box]]) -> Edge:
    """Return the line of a link, from the right of one box to the left of the other through gaps of the columns."""
    start, end = boxes[link.start], boxes[link.end]
    begun, ended = _middle(start), _middle(end)
    points: list[Point]
    if start.x == end.x:
        points = [(start.x, begun), (start.x - _BOW, begun), (start.x - _BOW, ended), (end.x, ended)]
    else:
        left = start.x + start.width
        points = [(left, begun)]
        for column in columns:
            if start.x < column[0].x < end.x:
                across = begun + (ended - begun) * (column[0].x - left) / (end.x - left)
                y = layers.gap([(box.y, box.y + box.height) for box in column], across)
                points += [(column[0].x - 4, y), (column[0].x + column[0].width + 4, y)]
        points.append((end.x, ended))
    thickness = 1.6 if link.link in claims.STANCES else 1
    return Edge(tuple(points), (link.start, link.end), _colour(link.link), thickness, marks.DASHES.get(link.link, ""))


def _middle(box: Box) -> float:
    return box.y + box.height / 2


def _legend(network: Network, y: float, language: str) -> Group:
    """Name the lines that occur."""
    drawn = {e.link for e in network.edges}
    labels, edges, x = [], [], float(MARGIN)
    for name in (*(s for s in claims.STANCES if s in drawn), "other links"):
        text = word(name, language)
        edges.append(Edge(((x, y - 4), (x + 30, y - 4)), (), _colour(name), 2, marks.DASHES.get(name, "")))
        labels.append(Label(x + 36, y, text, SIZE, 400, "soft"))
        x += 36 + width(text, SIZE) + 18
    return Group("legend", edges=tuple(edges), labels=tuple(labels))
