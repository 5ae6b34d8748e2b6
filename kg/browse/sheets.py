"""The pages of a source's document that its page shows, and where on them passages stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import facsimile
from kg.browse.parameters import Parameters
from kg.browse.reader import Mark
from kg.places import of_kind
from kg.store import documents, passages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.browse.study import BuiltStudy
    from kg.facsimile import Sheet
    from kg.loaders.documents.pdf import Box
    from kg.store.documents import Document

MOST = 3000
"""Pages of a document that are all shown."""


class Shown(NamedTuple):
    """The pages of a document that are shown.

    Args:
        sheets: the pages by their index.
        last: index of the document's last page.
        boxes: by the page's index each passage that stands there and its boxes.
        faults: why pages are not shown, or not as they should.
    """

    sheets: Mapping[int, Sheet] = {}
    last: int = 0
    boxes: Mapping[int, Sequence[tuple[str, Sequence[Box]]]] = {}
    faults: tuple[str, ...] = ()


def shown(study: BuiltStudy, document: Document, text: str, marks: Sequence[Mark], parameters: Parameters) -> Shown:
    """Return the pages of a document that are shown.

    In a folder of files, and of a document of very many pages, only those with passages are shown.

    Args:
        study: the study.
        document: the document.
        text: its text.
        marks: the passages in it, in order.
        parameters: say whether pages are wanted, and whether they are for a folder of files.
    """
    if not parameters.pictures or not of_kind(document.places, "page"):
        return Shown()
    seen = facsimile.Facsimile(study.graph.folder, document)
    faults: list[str] = []
    found: Mapping[tuple[int, int], Sequence[Box]] = {}
    try:
        seen.check()
        found = seen.boxes(text, [(mark.start, mark.end) for mark in marks])
        if any((mark.start, mark.end) not in found for mark in marks):
            faults.append(facsimile.MOVED)
    except facsimile.NotShown as e:
        if str(e) != facsimile.UNKNOWN:
            return Shown(faults=(str(e),))
        faults.append(str(e))
    boxes: dict[int, list[tuple[str, list[Box]]]] = {}
    for mark in marks:
        for box in found.get((mark.start, mark.end), ()):
            here = boxes.setdefault(box.page, [])
            if not here or here[-1][0] != mark.id:
                here.append((mark.id, []))
            here[-1][1].append(box)
    every = seen.sheets(len(text))
    few = parameters.whole or len(every) > MOST
    sheets = {sheet.number: sheet for sheet in every if not few or sheet.number in boxes}
    return Shown(sheets, every[-1].number if every else 0, boxes, tuple(faults))


def pictures(study: BuiltStudy, source: str) -> Iterator[tuple[int, bytes]]:
    """Give the pictures of the pages of a source's document on which passages stand, each with the page's index.

    Args:
        study: the study.
        source: the source's id.

    Raises:
        NotShown: when a page cannot be shown.
    """
    document = documents.of_source(study.tables, source)
    marks = [Mark(p.start, p.end, p.id) for p in passages.of_source(study.tables, source).values()]
    seen = facsimile.Facsimile(study.graph.folder, document)
    for number in shown(study, document, study.text(source), marks, Parameters(whole=True)).sheets:
        yield number, seen.picture(number)
