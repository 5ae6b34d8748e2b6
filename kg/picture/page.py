"""Draw a network as one HTML file by pyvis: it opens offline, moves nothing, and has the same content as a table.

pyvis describes the nodes and links, and brings the script that draws them; the page around them is ours, because its
own asks for files from elsewhere and does not escape its heading.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kg import claims, html
from kg.kinds import LOOKS
from kg.picture import chain, layers, typeset
from kg.words import word

if TYPE_CHECKING:
    from kg.picture.network import Network
    from kg.picture.scene import Scene

_TALLEST = 2400
"""How high the picture is at most (pixels)."""
_MARGIN = 5
"""The space around the words of a node (pixels)."""
_ROUND = "round-rectangle"
"""The shape that pyvis draws as an ellipse; it draws all others as boxes."""


def page(network: Network, language: str = "en") -> str:
    """Write a network as a page that asks for nothing outside itself.

    Args:
        network: what is drawn.
        language: ``en`` or ``zh``, for the words of the page itself.

    Returns:
        HTML; the same network gives the same text.
    """
    boxes = layers.place(network)
    nodes, edges, _, _, _, options = _drawn(network, chain.chain(network, language), boxes, language).get_network_data()
    bears = chain.bearing(network)
    joined: dict[str, list[str]] = {}
    ids = {n.key: n.id for n in network.nodes}
    for edge in network.edges:
        one, other = edge.directed
        joined.setdefault(one, []).append(f"{word(edge.link, language)} → {ids[other]}")
        joined.setdefault(other, []).append(f"{ids[one]} → {word(edge.link, language)}")
    template = html.templates("kg").get_template("graph.html")
    return template.render(
        network=network,
        language=language,
        word=lambda text: word(text, language),
        caption=lambda node: chain.caption(node, bears, language),
        joined=joined,
        looks=LOOKS,
        strokes={link: chain.stroke(link) for link in sorted({e.link for e in network.edges})},
        library=_library(),
        nodes=nodes,
        edges=edges,
        options=json.loads(options),
        height=_height(boxes),
        middle=_middle(network, joined),
    )


def _middle(network: Network, joined: dict[str, list[str]]) -> str:
    """Return the key of the node in sight at first: the claim with most links; without claims, any with most."""
    some = network.layers().get("proposition") or network.nodes
    return max(some, key=lambda node: (len(joined.get(node.key, ())), node.key)).key if some else ""


def _height(boxes: dict[str, layers.Box]) -> int:
    """Return how high the picture is, so that its words are read without zooming (pixels)."""
    return round(min(layers.extent(boxes)[1] + 80, _TALLEST))


@cache
def _library() -> str:
    """Return the script of vis-network that comes with pyvis."""
    return resources.files("pyvis").joinpath("lib", "vis-9.1.2", "vis-network.min.js").read_text("utf-8")


def _drawn(network: Network, scene: Scene, boxes: dict[str, layers.Box], language: str) -> Any:
    """Return the nodes where they were placed, and the links, as pyvis describes them.

    A line between two nodes is straight there, so that one which has corners goes by a node without looks at each.
    """
    from pyvis.network import Network as Drawing

    drawing = Drawing(directed=True)
    drawing.set_options(
        json.dumps(
            {
                "physics": {"enabled": False},
                "interaction": {"zoomView": False, "hover": True, "dragNodes": False},
                "edges": {"smooth": False, "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}}},
                "nodes": {"font": {"size": 12, "align": "left", "face": "system-ui, sans-serif", "color": "#1d2733"}},
            }
        )
    )
    bears = chain.bearing(network)
    places = {box.name: (box.x + box.width / 2, box.y + box.height / 2) for box in scene.boxes}
    (lines,) = (group.edges for group in scene.groups if group.kind == "links")
    for node in network.nodes:
        box, look = boxes[node.key], LOOKS[node.kind]
        x, y = places[node.key]
        above = chain.caption(node, bears, language)
        (small,) = typeset.lines(above, box.width - 2 * layers.INSIDE, layers.SIZE, 1)
        drawing.add_node(
            node.key,
            label="\n".join((small, *box.lines)),
            title=f"{above} {node.id}\n{node.text}",
            x=x,
            y=y,
            shape="ellipse" if look.shape == _ROUND else "box",
            color={"background": look.fill, "border": look.line},
            borderWidth=2 if node.kind == "proposition" else 1,
            shapeProperties={"borderDashes": [4, 3] if node.count > 1 else False, "borderRadius": look.round},
            # A margin is added to it.
            widthConstraint={"minimum": box.width - 2 * _MARGIN, "maximum": box.width - 2 * _MARGIN},
            margin=_MARGIN,
        )
    for number, (edge, line) in enumerate(zip(network.edges, lines, strict=True)):
        points = line.points if edge.forward else line.points[::-1]
        corners = [f"{number}.{at}" for at in range(len(points))]
        for corner, (x, y) in zip(corners, points, strict=True):
            drawing.add_node(corner, label=" ", x=x, y=y, shape="dot", size=0, chosen=False, corner=True)
        said = _line(edge.link, edge.count, language)
        plain = {key: value for key, value in said.items() if key not in ("label", "font")}
        # Its word stands beside the longest piece; its head is at its end.
        longest = max(range(1, len(points)), key=lambda at: abs(points[at][0] - points[at - 1][0]))
        for at, (one, other) in enumerate(pairwise(corners), 1):
            heads = {"to": {"enabled": at == len(points) - 1, "scaleFactor": 0.5}}
            drawing.add_edge(one, other, arrows=heads, **(said if at == longest else plain))
    return drawing


def _line(link: str, count: int, language: str) -> dict[str, Any]:
    look = chain.stroke(link)
    dashes = [float(n) for n in look.dashes.split()] or False
    text = word(link, language) + (f" × {count}" if count > 1 else "")
    # A stance has its word beside the line; of the others there are too many.
    named = {"label": text, "font": {"size": 12, "color": look.colour}} if link in claims.STANCES else {}
    return {"color": look.colour, "dashes": dashes, "title": text, "link": link, "width": 1.6 if named else 1} | named
