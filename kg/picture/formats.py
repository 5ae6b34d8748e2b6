"""The forms in which a picture is given away: a visible list, each with a function that writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import StoreUnavailable
from kg.picture import page, svg
from kg.render import xml_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.picture.network import Network


class Format(NamedTuple):
    """A form in which a picture is given away.

    Args:
        title: what it is.
        write: gives the bytes of the file for a network and a language.
    """

    title: str
    write: Callable[[Network, str], bytes]


def _html(network: Network, language: str) -> bytes:
    return page.page(network, language).encode()


def _svg(network: Network, language: str) -> bytes:
    return svg.draw(network, language).encode()


def _png(network: Network, language: str) -> bytes:
    try:
        import resvg_py
    except ImportError as e:
        raise StoreUnavailable(
            "a PNG needs the package resvg-py: pip install '.[report]' in the checkout; SVG needs none"
        ) from e
    return bytes(resvg_py.svg_to_bytes(svg_string=svg.draw(network, language), zoom=2))


def _networkx(network: Network) -> Any:
    """Return the network for other tools, with a position of every node."""
    import networkx

    from kg.picture import layers

    boxes = layers.place(network)
    graph: Any = networkx.MultiDiGraph(name=xml_text(network.title))
    for node in network.nodes:
        x, y = boxes[node.key].middle
        graph.add_node(
            node.key,
            label=xml_text(node.label),
            kind=node.kind,
            text=xml_text(node.text),
            count=node.count,
            x=x,
            y=-y,
        )
    for number, edge in enumerate(network.edges):
        graph.add_edge(*edge.directed, key=number, link=edge.link, count=edge.count)
    return graph


def _graphml(network: Network, _: str) -> bytes:
    import io

    import networkx

    out = io.BytesIO()
    networkx.write_graphml_xml(_networkx(network), out)
    return out.getvalue() + b"\n"


def _gexf(network: Network, _: str) -> bytes:
    import io

    import networkx

    out = io.BytesIO()
    networkx.write_gexf(_networkx(network), out)
    # networkx writes the day; the same network is to give the same bytes.
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue()) + b"\n"


def _mermaid(network: Network, language: str) -> bytes:
    """Write a flowchart of Mermaid; quotes and markup are written as its entities."""
    from kg.words import word

    def escaped(text: str) -> str:
        return "".join(c if c.isalnum() or c in " .,:;?!()/+-–’“”·…" else f"#{ord(c)};" for c in text)

    names = {n.key: f"n{number}" for number, n in enumerate(network.nodes)}
    shapes = {"concept": '(["{}"])', "code": '{{{{"{}"}}}}', "excerpt": '>"{}"]', "reference": '[["{}"]]'}
    lines = ["flowchart LR"]
    lines += [f"  {names[n.key]}" + shapes.get(n.kind, '["{}"]').format(escaped(n.label)) for n in network.nodes]
    for edge in network.edges:
        # Without heads: an arrow to the left would turn the order of the layers about.
        line = '-. "{}" .-' if edge.link in ("opposes", "qualifies") else '-- "{}" ---'
        lines.append(f"  {names[edge.start]} {line.format(escaped(word(edge.link, language)))} {names[edge.end]}")
    return ("\n".join(lines) + "\n").encode()


FORMATS: dict[str, Format] = {
    "gexf": Format("for Gephi", _gexf),
    "graphml": Format("for yEd, Cytoscape, igraph and networkx", _graphml),
    "html": Format("one page that opens offline, by pyvis", _html),
    "mermaid": Format("a flowchart in text, for Markdown", _mermaid),
    "png": Format("a picture of pixels", _png),
    "svg": Format("a picture for papers", _svg),
}
"""Every form by its name."""
