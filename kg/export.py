"""The forms in which a study is given to other tools: a visible list, each written aside and moved in whole."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph import Graph


class Format(NamedTuple):
    """Describe a form.

    Args:
        title: what it is.
        next: what to do with the files, for a person.
        write: writes a graph into an empty folder.
    """

    title: str
    next: str
    write: Callable[[Graph, Path], None]


def _neo4j_csv(graph: Graph, folder: Path) -> None:
    from kg.property_graph import bulk, cypher

    bulk.write(cypher.property_graph(graph.folder, graph.store), folder)


def _neo4j_browser(graph: Graph, folder: Path) -> None:
    from kg.property_graph import browser, projection

    browser.write(projection.study_id(graph.store), folder)


FORMATS: dict[str, Format] = {
    "neo4j-browser": Format(
        "colours and saved queries for Neo4j Browser", "drop them on its window, style.grass first", _neo4j_browser
    ),
    "neo4j-csv": Format(
        "files for neo4j-admin database import", "run import.sh there on the machine of the server", _neo4j_csv
    ),
}
"""Every form by its name."""


def export(graph: Graph, name: str, folder: Path) -> list[str]:
    """Write a study in a form for other tools.

    Args:
        graph: the study.
        name: one of :data:`FORMATS`.
        folder: where; it is made, or may be there and empty.

    Returns:
        Names of the files, sorted.

    Raises:
        KeyError: when there is no such form.
        KGError: when the folder holds something.
    """
    form = FORMATS[name]
    return written(folder, lambda aside: form.write(graph, aside))


def written(folder: Path, write: Callable[[Path], None]) -> list[str]:
    """Write a folder aside and move it in whole.

    Args:
        folder: where; it is made, or may be there and empty.
        write: writes into an empty folder.

    Returns:
        Names of the files with their folders, sorted.

    Raises:
        KGError: when the folder holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KGError(f"'{folder}' holds something already; name a folder that is not there yet, or is empty")
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".kg-export-", dir=folder.parent))
    try:
        write(aside)
        aside.chmod(0o755)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
