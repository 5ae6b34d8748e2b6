"""Place the nodes of a network in columns, so that the same network gives the same picture every time."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, NamedTuple

from kg.kinds import LOOKS
from kg.picture import typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.picture.network import Network, Node

GAP, ROOM = 110, 14
"""Space between two columns, and at least between two nodes of one (pixels)."""
SIZE, LINE, EDGE_OF_BOX, INSIDE = 12, 16, 10, 9
"""Size and height of a line of text, and the space above and below the text of a node, and beside it (pixels)."""
MOST_LINES = 3
_ANY_FACE = 0.86
"""The part of a line that is filled: other programs draw a network in faces that are wider than that of the pages."""
SWEEPS = 4


class Box(NamedTuple):
    """The place and size of a node.

    Args:
        x: its left edge (pixels).
        y: its upper edge (pixels).
        width: how wide it is (pixels).
        height: how high it is (pixels).
        lines: its label, broken.
    """

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """Return its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


def place(network: Network) -> dict[str, Box]:
    """Place every node: layers from left to right, each column spread over the whole height.

    Inside a column nodes are ordered by the mean place of their neighbours (K. Sugiyama et al.,
    Methods for visual understanding of hierarchical system structures, 1981), ties by id.

    Args:
        network: what is shown.

    Returns:
        Boxes by the nodes' keys.
    """
    order = [[n.key for n in nodes] for nodes in network.layers().values()]
    layer = {key: at for at, column in enumerate(order) for key in column}
    near: dict[str, list[str]] = {key: [] for key in layer}
    for edge in network.edges:
        if layer[edge.start] != layer[edge.end]:
            near[edge.start].append(edge.end)
            near[edge.end].append(edge.start)
    places = {key: (at + 0.5) / len(column) for column in order for at, key in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in order if sweep % 2 == 0 else reversed(order):
            means = []
            for key in column:
                others = near[key]
                mean = sum([places[o] for o in others]) / len(others) if others else places[key]
                # Rounded: means that are equal but for the arithmetic are ties.
                means.append((round(mean, 9), key))
            column[:] = [key for _, key in sorted(means)]
            places |= {key: (at + 0.5) / len(column) for at, key in enumerate(column)}
    nodes = {n.key: n for n in network.nodes}
    sizes = {key: _size(node) for key, node in nodes.items()}
    tallest = max((sum(sizes[k][0] + ROOM for k in column) for column in order), default=0)
    boxes: dict[str, Box] = {}
    left = 0.0
    for column in order:
        width = LOOKS[nodes[column[0]].kind].width
        room = (tallest - sum(sizes[k][0] for k in column)) / len(column)
        top = room / 2
        for key in column:
            height, lines = sizes[key]
            boxes[key] = Box(round(left, 1), round(top, 1), width, height, lines)
            top += height + room
        left += width + GAP
    return boxes


def _size(node: Node) -> tuple[float, tuple[str, ...]]:
    lines = typeset.lines(node.label, _ANY_FACE * (LOOKS[node.kind].width - 2 * INSIDE), SIZE, MOST_LINES)
    return LINE * (len(lines) + 1) + EDGE_OF_BOX, tuple(lines)


def extent(boxes: dict[str, Box]) -> tuple[float, float]:
    """Return width and height of all boxes together.

    Args:
        boxes: from :func:`place`.
    """
    if not boxes:
        return 0, 0
    return max(b.x + b.width for b in boxes.values()), max(b.y + b.height for b in boxes.values())


def gap(column: Sequence[tuple[float, float]], y: float) -> float:
    """Return the height at which a line passes a column without passing behind a box: in the nearest space.

    Args:
        column: where each box begins and ends, from above; between two there is :data:`ROOM` at least.
        y: the height at which the line would pass if there were no boxes.
    """
    at = bisect([(top + bottom) / 2 for top, bottom in column], y)
    # In a wide space the line goes straight on.
    if at:
        y = max(y, column[at - 1][1] + ROOM / 2)
    if at < len(column):
        y = min(y, column[at][0] - ROOM / 2)
    return y
