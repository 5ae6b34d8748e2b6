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


def write_bibtex(graph: Graph, folder: Path) -> None:
    """Write references.bib.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    (folder / "references.bib").write_text(bibliography.bibtex(cited(graph)), "utf-8", newline="\n")


def write_ris(graph: Graph, folder: Path) -> None:
    """Write references.ris.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    (folder / "references.ris").write_text(bibliography.ris(cited(graph)), "utf-8", newline="\n")


def write_csl_json(graph: Graph, folder: Path) -> None:
    """Write references.json.

    Args:
        graph: the study.
        folder: an empty folder.
    """
    text = json.dumps(cited(graph), ensure_ascii=False, indent=2)
    (folder / "references.json").write_text(text + "\n", "utf-8", newline="\n")
