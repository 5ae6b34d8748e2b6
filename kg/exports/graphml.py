"""The whole study as one network in GraphML, for Gephi, Cytoscape, igraph and networkx.

``kg graph theory.graphml`` writes a picture: of the theory or around a record, what is alike put together, placed.
This has every passage, coding and evidence line, an edge each, and is written as it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.exports import tables
from kg.render import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.graph import Graph

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

NODES = {
    "author": ("authors", "name", None, "kind"),
    "case": ("cases", "label", "label_zh", None),
    "code": ("codes", "label", "label_zh", "definition"),
    "concept": ("concepts", "label", "label_zh", "definition"),
    "excerpt": ("excerpts", "excerpt", None, "quote"),
    "proposition": ("propositions", "statement", "statement_zh", "state"),
    "reference": ("references", "title", None, "authors"),
    "source": ("sources", "title", None, "role"),
}
"""Every kind of node: its table, and the columns that are its label, its label in Chinese, and its text."""

LINKS = {
    "citations": ("excerpt", {"reference": "reference"}),
    "codes": ("code", {"broader": "code", "indicates": "concept"}),
    "excerpts": ("excerpt", {"source": "source"}),
    "propositions": ("proposition", {"object": "concept", "stage": "concept", "subject": "concept"}),
    "sources": ("source", {"case": "case", "reference": "reference"}),
}
"""By table: the kind at the start of its links, and by the column that names the end, the kind there."""

_NODE_DATA = ("kind", "label", "label_zh", "text")
_EDGE_DATA = ("link", "line", "strength", "status", "coder", "date", "locator")


def write_graphml(graph: Graph, folder: Path) -> None:
    """Write study.graphml.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    from lxml import etree

    with etree.xmlfile(str(folder / "study.graphml"), encoding="utf-8") as file:
        file.write_declaration()
        with file.element("graphml", nsmap={None: NAMESPACE}):
            for kind, names in (("node", _NODE_DATA), ("edge", _EDGE_DATA)):
                for name in names:
                    given = {"id": f"{kind}_{name}", "for": kind, "attr.name": name, "attr.type": "string"}
                    file.write("\n", etree.Element("key", given))
            with file.element("graph", {"id": "study", "edgedefault": "directed"}):
                for key, data in _nodes(graph):
                    file.write("\n", _element("node", {"id": key}, data))
                for start, end, data in _edges(graph):
                    file.write("\n", _element("edge", {"source": start, "target": end}, data))


def _element(kind: str, given: dict[str, str], data: dict[str, Any]) -> Any:
    from lxml import etree

    element = etree.Element(kind, {name: xml_text(value) for name, value in given.items()})
    for name, value in data.items():
        if value is not None:
            etree.SubElement(element, "data", key=f"{kind}_{name}").text = xml_text(str(value))
    return element


def _nodes(graph: Graph) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, (table, *columns) in NODES.items():
        for row in tables.rows(graph, table):
            label, chinese, text = (row[column] if column else None for column in columns)
            yield f"{kind}/{row[kind]}", {"kind": kind, "label": label, "label_zh": chinese, "text": text}


def _edges(graph: Graph) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for table, (kind, ends) in LINKS.items():
        for row in tables.rows(graph, table):
            for column, end in ends.items():
                if row[column] is not None:
                    link = "cites" if column == "reference" else column
                    data = {"link": link}
                    if table == "citations" and row["locator"]:
                        data["locator"] = f"{row['locator_kind']} {row['locator']}"
                    yield f"{kind}/{row[kind]}", f"{end}/{row[column]}", data
    for row in tables.rows(graph, "concepts"):
        for link in ("broader", "related"):
            for other in (row[link] or "").split("; "):
                if other:
                    yield f"concept/{row['concept']}", f"concept/{other}", {"link": link}
    for row in tables.rows(graph, "references"):
        for author in (row["author_ids"] or "").split("; "):
            if author:
                yield f"reference/{row['reference']}", f"author/{author}", {"link": "creator"}
    for link, table, end in (("asserts", "assertions", "proposition"), ("coded", "codings", "code")):
        for row in tables.rows(graph, table):
            data = {"link": link, "coder": row["coder"], "date": row["date"]}
            yield f"excerpt/{row['excerpt']}", f"{end}/{row[end]}", data
    for row in tables.rows(graph, "evidence"):
        data = {"link": row["stance"]} | {name: row[name] for name in _EDGE_DATA[1:]}
        yield f"excerpt/{row['excerpt']}", f"proposition/{row['proposition']}", data
