"""Write the pages as files, for any web host or archive: no program answers there."""

from __future__ import annotations

import json
import shutil
from functools import partial
from typing import TYPE_CHECKING

from kg import filenames
from kg.browse import addresses, data, exploring, html, maps, overviews, style
from kg.browse import records as kinds
from kg.browse.parameters import Parameters
from kg.browse.study import BuiltStudy
from kg.picture import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.browse.frame import Page
    from kg.graph import Graph
    from kg.progress import Progress

DRAWN = ("proposition", "concept")
"""Kinds of record whose neighbourhood has a page of its own."""


LIVE = ("live.js", "idiomorph.min.js", "idiomorph.LICENSE.txt")
"""Files that pages need which are told of changes; nobody tells those of a folder."""


def write(graph: Graph, folder: Path, progress: Progress, *, styled: bool = False) -> None:
    """Write every page in every language, every record as data, and the whole picture.

    Args:
        graph: the study's graph.
        folder: an empty folder.
        progress: called with each language, how many of its pages are written, and how many there are.
        styled: whether the page that shows how everything looks is among them.
    """
    study = BuiltStudy(graph)
    records = [(kind, identifier) for kind, identifier in study.names if kind in kinds.RECORDS]
    records += [("line", row["id"]) for row in study.rows("lines")]
    names = filenames.of(records)
    # The page of a neighbourhood stands in a folder of its own, under the record's kind.
    for kind, identifier in records:
        if kind in DRAWN:
            names["explore", f"{kind}/{identifier}"] = f"{kind}/{names[kind, identifier]}"
    for language in addresses.LANGUAGES:
        todo = list(_pages(study, language, records, styled=styled))
        for number, (path, make) in enumerate(todo):
            progress(f"writing pages ({language})", number, len(todo))
            to = addresses.Files(language, path, names)
            target = folder / to.file(language, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(html.render(study, make(), to, static=True), "utf-8")
    for number, (kind, identifier) in enumerate(records):
        progress("writing data", number, len(records))
        for suffix, (_, form) in data.FORMS.items():
            (folder / kind / f"{names[kind, identifier]}.{suffix}").write_bytes(form(graph, [(kind, identifier)]))
    shutil.copytree(html.assets(), folder / "static")
    for name in ("cytoscape.min.js", "cytoscape.LICENSE.txt", "cytoscape.css", "explore.js", *LIVE):
        (folder / "static" / name).unlink()
    (folder / "graph.html").write_text(page.page(graph.picture(), "en"), "utf-8")
    about = {"study": study.header["study"], "title": study.header["title"], "digest": study.digest}
    (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _pages(
    study: BuiltStudy, language: str, records: list[tuple[str, str]], *, styled: bool
) -> Iterator[tuple[str, Callable[[], Page]]]:
    """Give the path of every page and what makes it."""
    whole = Parameters(whole=True)
    listed = {"": maps.home, **overviews.OVERVIEWS, "picture": maps.picture, "explore": exploring.explore}
    if styled:
        listed["style"] = style.page
    for path, make in listed.items():
        yield path, partial(make, study, whole, language)
    for kind, identifier in records:
        path = addresses.path_of(kind, identifier)
        yield path, partial(kinds.RECORDS[kind], study, identifier, whole, language)
        if kind in DRAWN:
            yield f"explore/{path}", partial(exploring.explore, study, Parameters(of=path, whole=True), language)
