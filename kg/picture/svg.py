"""Draw a network as SVG: no script, no font, no picture from elsewhere; text stays text."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import markupsafe

from kg import claims
from kg.kinds import LOOKS
from kg.picture import layers
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.picture.layers import Box
    from kg.picture.network import Edge, Network, Node

MARGIN = 24
_HEAD, _FOOT = 46, 40


class Stroke(NamedTuple):
    """The stroke of a link: its colour and its dashes (pixels on, pixels off; empty is solid)."""

    colour: str
    dashes: str


STROKES = {
    "supports": Stroke("#1b6e3c", ""),
    "opposes": Stroke("#a3271d", "9 5"),
    "qualifies": Stroke("#7a5a00", "3 4"),
}
"""Stances differ by dashes and by a word, not by colour alone."""
OTHER = Stroke("#767676", "")


def stroke(link: str) -> Stroke:
    """Return how a link is drawn.

    Args:
        link: supports, opposes, qualifies or any other.
    """
    return STROKES.get(link, OTHER)


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


def draw(
    network: Network, language: str = "en", link: Callable[[Node], str | None] = lambda _: None, *, heading: bool = True
) -> str:
    """Draw a network.

    Args:
        network: what is drawn.
        language: ``en`` or ``zh``, for the words of the drawing itself.
        link: gives the address that a node leads to, if any; what is Markup was escaped.
        heading: whether the title stands above it.

    Returns:
        The SVG element; the same network gives the same text.
    """
    boxes = layers.place(network)
    bears = bearing(network)
    top = MARGIN + (_HEAD if heading else 0)
    wide, high = layers.extent(boxes)
    wide = max(wide, 560)
    width, height = round(wide + 2 * MARGIN), round(high + top + _FOOT + MARGIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="system-ui, \'Noto Sans CJK SC\', sans-serif" font-size="12" role="group" '
        f'aria-label="{escape(network.title)}">',
        f'<rect class="paper" width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    if heading:
        parts.append(
            f'<text class="heading" x="{MARGIN}" y="{MARGIN + 14}" font-size="17" font-weight="600" fill="#1d2733">'
            f"{escape(layers.wrap(network.title, width // 9, 1)[0] if network.title else '')}</text>"
        )
    parts.append(f'<g transform="translate({MARGIN} {top})">')
    begun = {link: _begun(link, language) for link in {e.link for e in network.edges}}
    parts += [_edge(boxes[e.start], boxes[e.end], e, *begun[e.link]) for e in network.edges]
    for node in network.nodes:
        box = _box(node, boxes[node.key], caption(node, bears, language))
        address = link(node)
        parts.append(f'<a href="{markupsafe.escape(address)}">{box}</a>' if address else box)
    parts.append("</g>")
    parts.append(_legend(network, height - MARGIN - 6, language))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _begun(link: str, language: str) -> tuple[str, str]:
    """Return how every line of a link begins, and its word."""
    drawn = stroke(link)
    dashes = f' stroke-dasharray="{drawn.dashes}"' if drawn.dashes else ""
    width = 1.6 if link in STROKES else 1
    looks = f'fill="none" stroke="{drawn.colour}" stroke-width="{width}"{dashes}'
    return f'<path class="link {escape(link)}" {looks} d="', escape(word(link, language))


def _edge(start: Box, end: Box, edge: Edge, begun: str, title: str) -> str:
    """Draw a link from the right of one node to the left of the other; inside a column as a bow on the left."""
    (x1, y1), (x2, y2) = start.middle, end.middle
    if start.x == end.x:
        x1 = x2 = start.x
        bends = x1 - 36, x1 - 36
    else:
        x1, x2 = start.x + start.width, end.x
        bend = min(60.0, (x2 - x1) / 2)
        bends = x1 + bend, x2 - bend
    path = f"M{x1:g} {y1:g} C{bends[0]:g} {y1:g} {bends[1]:g} {y2:g} {x2:g} {y2:g}"
    many = f" × {edge.count}" if edge.count > 1 else ""
    return f'{begun}{path}"><title>{title}{many}</title></path>'


def _box(node: Node, box: Box, above: str) -> str:
    look = LOOKS[node.kind]
    small = _small(above, round(box.width / 6))
    # No line has a line break: escaping all at once is the same.
    lines = escape("\n".join(box.lines)).split("\n") if box.lines else ()
    line = f'<tspan x="{box.x + 9:g}" dy="{layers.LINE}">'
    at = f'x="{box.x + 9:g}" y="{box.y + 14:g}"'
    drawn = f'width="{box.width:g}" height="{box.height:g}" rx="{look.round}" fill="{look.fill}" stroke="{look.line}"'
    behind = f'<rect x="{box.x + 4:g}" y="{box.y + 4:g}" {drawn}/>' if node.count > 1 else ""
    return (
        f'<g class="node {node.kind}">{behind}<title>{escape(f"{above}: {node.text}")}</title>'
        f'<rect x="{box.x:g}" y="{box.y:g}" {drawn} stroke-width="{2 if node.kind == "proposition" else 1}"/>'
        f'<text class="kind" {at} font-size="10" fill="{look.line}">{small}</text>'
        f'<text class="label" {at} fill="#1d2733">{"".join([f"{line}{part}</tspan>" for part in lines])}</text></g>'
    )


@lru_cache(maxsize=2048)
def _small(above: str, width: int) -> str:
    """Return as much of the line above a label as fits; most nodes of a picture have the same few."""
    return escape(layers.wrap(above, width, 1)[0])


def _legend(network: Network, y: float, language: str) -> str:
    """Name the line styles that occur."""
    drawn = {e.link for e in network.edges}
    parts, x = ['<g class="legend" font-size="11">'], float(MARGIN)
    for name in (*(s for s in claims.STANCES if s in drawn), "other links"):
        look = stroke(name)
        dashes = f' stroke-dasharray="{look.dashes}"' if look.dashes else ""
        text = word(name, language)
        parts.append(
            f'<path class="link {escape(name)}" d="M{x:g} {y - 4:g} h34" stroke="{look.colour}" stroke-width="2"{dashes}/>'
            f'<text class="label" x="{x + 42:g}" y="{y:g}" fill="#1d2733">{escape(text)}</text>'
        )
        x += 60 + 7 * layers.columns(text)
    return "".join(parts) + "</g>"
