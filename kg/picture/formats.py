"""The forms in which a picture is given away: a visible list, each with a function that writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import StoreUnavailable
from kg.picture import drawing, page
from kg.render import xml_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.picture.network import Network
    from kg.picture.scene import Scene


class Picture(NamedTuple):
    """A picture in the two ways in which it is given away: to be seen, and to be worked with.

    Args:
        network: its nodes and links, for other tools.
        scene: what is seen, with everything that a file needs to stand alone.
        language: ``en`` or ``zh``, for the words of the picture itself.
        theme: one of :data:`kg.picture.marks.PALETTES`.
    """

    network: Network
    scene: Scene
    language: str = "en"
    theme: str = "light"


class Format(NamedTuple):
    """A form in which a picture is given away.

    Args:
        title: what it is.
        write: gives the bytes of the file for a picture.
    """

    title: str
    write: Callable[[Picture], bytes]


def _html(picture: Picture) -> bytes:
    return page.page(picture.network, picture.language).encode()


def _svg(picture: Picture) -> bytes:
    return drawing.in_file(picture.scene, picture.theme).encode()


def _png(picture: Picture) -> bytes:
    try:
        import resvg_py
    except ImportError as e:
        raise StoreUnavailable(
            "a PNG needs the package resvg-py: pip install '.[report]' in the checkout; SVG needs none"
        ) from e
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing.in_file(picture.scene, picture.theme), zoom=2))


def _pdf(picture: Picture) -> bytes:
    from kg.picture import pdf

    return pdf.write(picture.scene, picture.theme)


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


def _graphml(picture: Picture) -> bytes:
    import io

    import networkx

    out = io.BytesIO()
    networkx.write_graphml_xml(_networkx(picture.network), out)
    return out.getvalue() + b"\n"


def _gexf(picture: Picture) -> bytes:
    import io

    import networkx

    out = io.BytesIO()
    networkx.write_gexf(_networkx(picture.network), out)
    # networkx writes the day; the same network is to give the same bytes.
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue()) + b"\n"


def _mermaid(picture: Picture) -> bytes:
    """Write a flowchart of Mermaid; quotes and markup are written as its entities."""
    from kg.words import word

    network, language = picture.network, picture.language

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
    "pdf": Format("a picture for print", _pdf),
    "png": Format("a picture of pixels", _png),
    "svg": Format("a picture for papers", _svg),
}
"""Every form by its name."""
