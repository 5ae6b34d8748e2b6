"""Write the pages as files, for any web host or archive: no program answers there."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from kg import facsimile, filenames, masks
from kg.browse import addresses, data, exploring, html, maps, overviews, sheets, style
from kg.browse import records as kinds
from kg.browse.parameters import Parameters
from kg.browse.study import BuiltStudy
from kg.picture import page

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from kg.browse.frame import Page
    from kg.graph import Graph
    from kg.progress import Progress

PICTURES = 100 * 2**20
"""How much the pictures of pages may be (bytes): what web hosts for such folders take without asking."""
DRAWN = ("proposition", "concept")
"""Kinds of record whose neighbourhood has a page of its own."""
LIVE = (
    "live.js", "idiomorph.min.js", "idiomorph.LICENSE.txt",
    "edit.js", "edit-reader.js", "edit-records.js", "edit-waiting.js", "edit-blind.js", "edit-explore.js",
    "edit-documents.js", "edit.css",
)  # fmt: skip
"""Files of pages that are told of changes and edited; those of a folder are neither."""


class Pictures(NamedTuple):
    """The pictures of pages of documents in a folder of pages.

    Args:
        number: how many there are.
        left_out: sources whose pages are not there, because there would be too much of them.
    """

    number: int
    left_out: tuple[str, ...]


def write(graph: Graph, folder: Path, progress: Progress, *, styled: bool = False, pictures: bool = True) -> Pictures:
    """Write every page in every language, every record as data, and the whole picture.

    Args:
        graph: the study as it may go out (:mod:`kg.publishing`).
        folder: an empty folder.
        progress: called with each language, how many of its pages are written, and how many there are.
        styled: whether the page that shows how everything looks is among them.
        pictures: whether pages of documents on which passages stand are shown.

    Returns:
        What became of the pictures of pages.
    """
    study = BuiltStudy(graph)
    records = [(kind, identifier) for kind, identifier in study.names if kind in kinds.RECORDS]
    records += [("line", row["id"]) for row in study.rows("lines")]
    names = filenames.of(records)
    # The page of a neighbourhood stands in a folder of its own, under the record's kind.
    for kind, identifier in records:
        if kind in DRAWN:
            names["explore", f"{kind}/{identifier}"] = f"{kind}/{names[kind, identifier]}"
    drawn = _pictures(study, folder, names, progress) if pictures else {}
    pictured = {source for source, number in drawn.items() if number}
    for language in addresses.LANGUAGES:
        todo = list(_pages(study, language, records, pictured, styled=styled))
        for number, (path, make) in enumerate(todo):
            progress(f"writing pages ({language})", number, len(todo))
            to = addresses.Files(language, path, names)
            target = folder / to.file(language, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            written = masks.translated(html.render(study, make(), to, static=True), language)
            target.write_text(written, "utf-8", newline="\n")
    for number, (kind, identifier) in enumerate(records):
        progress("writing data", number, len(records))
        for suffix, (_, form) in data.FORMS.items():
            (folder / kind / f"{names[kind, identifier]}.{suffix}").write_bytes(form(graph, [(kind, identifier)]))
    shutil.copytree(html.assets(), folder / "static")
    for name in ("cytoscape.min.js", "cytoscape.LICENSE.txt", "cytoscape.css", "explore.js", *LIVE):
        (folder / "static" / name).unlink()
    (folder / "graph.html").write_text(page.page(graph.picture(), "en"), "utf-8", newline="\n")
    about = {"study": study.header["study"], "title": study.header["title"], "digest": study.digest}
    (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8", newline="\n")
    return Pictures(sum(drawn.values()), tuple(sorted(drawn.keys() - pictured)))


def _pictures(study: BuiltStudy, folder: Path, names: dict[tuple[str, str], str], progress: Progress) -> dict[str, int]:
    """Write the pages of documents on which passages stand, source by source as long as there is room.

    Returns:
        How many pages are shown of each source that has some; none of one that has no room.
    """
    written: dict[str, int] = {}
    room = PICTURES
    to = addresses.Files("en", "", names)
    for number, source in enumerate(study.sources):
        progress("drawing pages", number, len(study.sources))
        files, left = [], room
        with suppress(facsimile.NotShown):
            for page, png in sheets.pictures(study, source):
                files.append(folder / unquote(to.sheet(source, page)))
                files[-1].parent.mkdir(parents=True, exist_ok=True)
                files[-1].write_bytes(png)
                left -= len(png)
                if left < 0:
                    break
        if files:
            written[source] = len(files) if left >= 0 else 0
        if left >= 0:
            room = left
        else:
            for file in files:
                file.unlink()
    return written


def _pages(
    study: BuiltStudy, language: str, records: list[tuple[str, str]], pictured: Collection[str], *, styled: bool
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
        parameters = replace(whole, pictures=identifier in pictured) if kind == "source" else whole
        yield path, partial(kinds.RECORDS[kind], study, identifier, parameters, language)
        if kind in DRAWN:
            yield f"explore/{path}", partial(exploring.explore, study, Parameters(starts=(path,), whole=True), language)
