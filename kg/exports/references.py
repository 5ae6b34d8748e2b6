"""The cited references of a study: BibTeX, RIS and CSL-JSON, for Zotero, LaTeX, pandoc and others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg import bibliography, query
from kg.exports import tables

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph import Graph


def cited(graph: Graph) -> list[dict[str, Any]]:
    """Return the references on which a source or a passage rests, as CSL-JSON items sorted by key.

    Args:
        graph: the study.

    Example:
        >>> import kg
        >>> cited(kg.open("dart"))[0]["id"]
        'aa2018pollcopy'
    """
    wanted = {row["reference"] for row in tables.rows(graph, "references") if row["cited"]}
    listed = query.run(graph.tables, "references").dicts()
    return [json.loads(row["csl"]) for row in listed if row["reference"] in wanted]


def _with_places(graph: Graph) -> list[dict[str, Any]]:
    """Return the cited references, in whose notes stand the places at which the study cites them."""
    places: dict[str, list[str]] = {}
    for row in tables.rows(graph, "citations"):
        if row["locator"]:
            places.setdefault(row["reference"], []).append(f"{row['locator_kind']} {row['locator']}")
    return [bibliography.with_places(item, places.get(item["id"], ())) for item in cited(graph)]


def write_bibtex(graph: Graph, folder: Path) -> None:
    """Write references.bib; the places at which the study cites a reference stand in its note.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    (folder / "references.bib").write_text(bibliography.bibtex(_with_places(graph)), "utf-8", newline="\n")


def write_ris(graph: Graph, folder: Path) -> None:
    """Write references.ris; the places at which the study cites a reference stand in its note.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    (folder / "references.ris").write_text(bibliography.ris(_with_places(graph)), "utf-8", newline="\n")


def write_csl_json(graph: Graph, folder: Path) -> list[str]:
    """Write references.json.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        What is left out.
    """
    text = json.dumps(cited(graph), ensure_ascii=False, indent=2)
    (folder / "references.json").write_text(text + "\n", "utf-8", newline="\n")
    places = sum(row["locator"] is not None for row in tables.rows(graph, "citations"))
    return [f"{places} places in references are left out: an item of CSL-JSON has none"] if places else []
