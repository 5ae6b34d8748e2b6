"""Make an answer: a page, its records as data, or a picture, of whatever an address asks for."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg import claims, query
from kg.browse import data, links, pages, records, rendering
from kg.browse.frame import Page
from kg.errors import KGError, StoreUnavailable, UnknownTerm
from kg.picture import layers, svg
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.browse.frame import Asked
    from kg.browse.view import View

HTML = "text/html; charset=utf-8"


class Wanted(NamedTuple):
    """Say which answer is wanted; of one build, equal wishes have equal answers.

    Args:
        path: path of the page without language and suffix, such as ``ask`` or ``proposition/P18``.
        form: one of :data:`FORMS`.
        language: ``en`` or ``zh``.
        asked: what stands after the question mark.
    """

    path: str
    form: str
    language: str
    asked: Asked


class Made(NamedTuple):
    """Hold an answer.

    Args:
        body: what is sent, compressed by gzip.
        kind: its media type.
        status: the status of HTTP.
        tag: what tells it from others.
    """

    body: bytes
    kind: str
    status: int
    tag: str


def _made(body: bytes, kind: str, status: int = 200) -> Made:
    """Return an answer with its tag; compressed, six times as many are kept."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Made(gzip.compress(body, compresslevel=1, mtime=0), kind, status, tag)


def _answer(view: View, asked: Asked, language: str) -> Page:
    return pages.answer(view, asked, language) if asked.question.strip() else pages.home(view, asked, language)


def _listing(kind: str) -> Callable[[View, Asked, str], Page]:
    return lambda view, asked, language: pages.listing(view, asked, language, kind)


PAGES: dict[str, Callable[[View, Asked, str], Page]] = {
    "": pages.home,
    "ask": _answer,
    "matrix": pages.matrix,
    "gaps": pages.gaps,
    "ontology": pages.ontology,
    "search": pages.found,
    "picture": pages.picture,
    **{f"{kind}s": _listing(kind) for kind in pages.LISTED},
}
"""The pages that are about no single record, by path."""


def _page_of(view: View, wanted: Wanted) -> Page:
    """Make the page of an address.

    Raises:
        UnknownTerm: when it is about a record that is not there.
    """
    if wanted.path in PAGES:
        return PAGES[wanted.path](view, wanted.asked, wanted.language)
    kind, _, identifier = wanted.path.partition("/")
    if kind not in records.RECORDS:
        raise UnknownTerm(kind, "kind of record", query.nearest(kind, list(records.RECORDS)))
    if kind == "line":
        if not view.tables.sql("SELECT 1 FROM line WHERE id = :id", id=identifier):
            raise UnknownTerm(identifier, "evidence line")
    elif (kind, identifier) not in view.names:
        raise UnknownTerm(identifier, kind, query.nearest(identifier, view.ids(kind)))
    return records.RECORDS[kind](view, identifier, wanted.asked, wanted.language)


def _html(view: View, wanted: Wanted) -> Made:
    page = _page_of(view, wanted)
    return _made(rendering.html(view, page, links.Served(wanted.language)).encode(), HTML)


def _data(view: View, wanted: Wanted) -> Made:
    """Give the record that a page is about, or those that it lists, as data."""
    if wanted.path in PAGES:
        shown = _page_of(view, wanted).shows
    else:
        kind, _, identifier = wanted.path.partition("/")
        shown = ((kind, identifier),)
    media, write = data.FORMS[wanted.form]
    return _made(write(view.graph, shown), media)


def _svg(view: View, wanted: Wanted) -> Made:
    drawn = pages.drawing(view, wanted.asked, wanted.language)
    return _made(svg.draw(drawn, wanted.language).encode(), "image/svg+xml")


def _elements(view: View, wanted: Wanted) -> Made:
    """Give a picture's nodes with their places, and its links."""
    language = wanted.language
    try:
        network = pages.drawing(view, wanted.asked, language)
    except KGError as e:
        return _made(json.dumps({"error": str(e)}).encode(), "application/json", 404)
    boxes, bears = layers.place(network), svg.bearing(network)
    to = links.Served(language)
    nodes = [
        {
            "id": n.key,
            "kind": n.kind,
            "caption": svg.caption(n, bears, language),
            "label": "\n".join(boxes[n.key].lines),
            "text": n.text,
            "count": n.count,
            "address": links.record(to, n.kind, n.id) if n.count == 1 and n.kind != "theory" else "",
            "x": boxes[n.key].middle[0],
            "y": boxes[n.key].middle[1],
            "width": boxes[n.key].width,
            "height": boxes[n.key].height,
        }
        for n in network.nodes
    ]
    edges = [
        {"source": e.start, "target": e.end, "link": e.link, "said": word(e.link, language), "count": e.count,
         "forward": e.forward}
        for e in network.edges
    ]  # fmt: skip
    looks = {
        "nodes": {kind: look._asdict() for kind, look in svg.LOOKS.items()},
        "edges": {link: svg.stroke(link)._asdict() for link in (*claims.STANCES, "other")},
    }
    made = {"nodes": nodes, "edges": edges, "looks": looks, "left_out": network.left_out}
    return _made(json.dumps(made, ensure_ascii=False).encode(), "application/json")


def _suggestions(view: View, wanted: Wanted) -> Made:
    """Give questions that begin as what was typed does."""
    return _made(json.dumps(pages.suggestions(view, wanted.asked.question[:200])).encode(), "application/json")


def _neighbours(view: View, wanted: Wanted) -> Made:
    """Give how many neighbours of each kind a record has."""
    kind, _, identifier = wanted.path.partition("/")
    counts = Counter(row["neighbour_kind"] for row in view.rows("neighbours", id=identifier, kind=kind))
    return _made(json.dumps({kind: counts[kind] for kind in sorted(counts)}).encode(), "application/json")


FORMS: dict[str, Callable[[View, Wanted], Made]] = {
    "html": _html,
    **dict.fromkeys(data.FORMS, _data),
    "svg": _svg,
    "elements": _elements,
    "suggestions": _suggestions,
    "neighbours": _neighbours,
}
"""The forms of an answer; after those of a page stand those of a picture, and what scripts of the pages ask for."""


def make(view: View, wanted: Wanted) -> Made:
    """Make an answer, or a page that says why there is none.

    Args:
        view: the study.
        wanted: what is wanted.

    Raises:
        StoreUnavailable: when the study is not there any more.
    """
    try:
        return FORMS[wanted.form](view, wanted)
    except StoreUnavailable:
        raise
    except UnknownTerm as e:
        page, status = excuse(str(e), wanted.language, 404, e.suggestions), 404
    except KGError as e:
        page, status = excuse(str(e), wanted.language, 400), 400
    return _made(rendering.html(view, page, links.Served(wanted.language)).encode(), HTML, status)


def excuse(said: str, language: str, status: int, suggestions: Sequence[str] = ()) -> Page:
    """Return a page that says what went wrong.

    Args:
        said: what went wrong.
        language: ``en`` or ``zh``.
        status: the status of HTTP.
        suggestions: the nearest right words.
    """
    from kg.render import clean

    title = word("Not found" if status == 404 else "This cannot be shown", language)
    return Page("error.html", title, "", {"said": clean(said), "suggestions": suggestions})
