"""Respond to an address: with a page, its records as data, or a picture."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from kg import claims, facsimile
from kg.browse import addresses, data, exploring, html, maps, overviews, pages, parameters, records, style
from kg.browse.frame import Page
from kg.errors import KGError, StoreUnavailable, UnknownTerm, closest
from kg.kinds import LISTED, LOOKS
from kg.picture import chain, drawing, figure, layers
from kg.picture import map as lanes
from kg.places import of_kind
from kg.store import documents, passages
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy

HTML = "text/html; charset=utf-8"


class Target(NamedTuple):
    """The target of a request; of one build, equal targets have equal representations.

    Args:
        path: path of the page without language and suffix, such as ``ask`` or ``proposition/P18``.
        form: one of :data:`FORMS`.
        language: ``en`` or ``zh``.
        query: what stands after the question mark, as it was sent.
    """

    path: str
    form: str
    language: str
    query: str


class Representation(NamedTuple):
    """The representation of a target, as it is sent.

    Args:
        body: its content, compressed by gzip.
        kind: its media type.
        status: the status of HTTP.
        tag: what tells it from others (ETag).
        passing: whether it says what may change without a build, so that it is not kept.
    """

    body: bytes
    kind: str
    status: int
    tag: str
    passing: bool = False


def _representation(content: bytes, kind: str, status: int = 200) -> Representation:
    """Return a representation with its tag; compressed, six times as many are kept."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    return Representation(gzip.compress(content, compresslevel=1, mtime=0), kind, status, tag)


def _answer(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    return (
        pages.answer(study, parameters, language)
        if parameters.question.strip()
        else maps.home(study, parameters, language)
    )


PAGES: dict[str, Callable[[BuiltStudy, Parameters, str], Page]] = {
    "": maps.home,
    "ask": _answer,
    "search": pages.search_results,
    "picture": maps.picture,
    "explore": exploring.explore,
    **overviews.OVERVIEWS,
    "style": style.page,
}
"""The pages that are about no single record, by path."""


def _page_of(study: BuiltStudy, target: Target, parameters: Parameters) -> Page:
    """Make the page of a target.

    Raises:
        UnknownTerm: when it is about a record that is not there.
    """
    if target.path in PAGES:
        return PAGES[target.path](study, parameters, target.language)
    kind, _, identifier = target.path.partition("/")
    if kind not in records.RECORDS:
        raise UnknownTerm(kind, "kind of record", closest(kind, list(records.RECORDS)))
    if kind == "line":
        if not passages.is_line(study.tables, identifier):
            raise UnknownTerm(identifier, "evidence line")
    elif (kind, identifier) not in study.names:
        raise UnknownTerm(identifier, kind, closest(identifier, study.ids(kind)))
    return records.RECORDS[kind](study, identifier, parameters, target.language)


def _html(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    page = _page_of(study, target, parameters)
    made = _representation(html.render(study, page, addresses.Served(target.language)).encode(), HTML)
    return made._replace(passing=page.passing)


def _data(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    """Give the record that a page is about, or those that it lists, as data."""
    if target.path in PAGES:
        shown = _page_of(study, target, parameters).shows
    else:
        kind, _, identifier = target.path.partition("/")
        shown = ((kind, identifier),)
    media, write = data.FORMS[target.form]
    return _representation(write(study.graph, shown), media)


def _svg(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    if target.path == "explore":
        text = drawing.in_file(chain.chain(exploring.drawing(study, parameters, target.language), target.language))
    else:
        made = maps.drawn(study, replace(parameters, whole=True), target.language).theory
        placed = figure.figure(made) if target.path == "figure" else lanes.lanes(made)
        text = drawing.in_file(lanes.framed(placed, made))
    return _representation(text.encode(), "image/svg+xml")


def _elements(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    """Give the nodes to explore with their places, and their links."""
    language = target.language
    try:
        network = exploring.drawing(study, parameters, language)
    except KGError as e:
        return _representation(json.dumps({"error": str(e)}).encode(), "application/json", 404)
    boxes, bears = layers.place(network), chain.bearing(network)
    to = addresses.Served(language)
    nodes = [
        {
            "id": n.key,
            "kind": n.kind,
            "caption": chain.caption(n, bears, language),
            "label": "\n".join(boxes[n.key].lines),
            "text": n.text,
            "count": n.count,
            "address": addresses.record(to, n.kind, n.id) if n.count == 1 and n.kind != "theory" else "",
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
        "nodes": {kind: look._asdict() for kind, look in LOOKS.items()},
        "edges": {link: chain.stroke(link)._asdict() for link in (*claims.STANCES, "other")},
    }
    elements = {"nodes": nodes, "edges": edges, "looks": looks, "left_out": network.left_out}
    return _representation(json.dumps(elements, ensure_ascii=False).encode(), "application/json")


def _suggestions(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    """Give questions that begin as what was typed does."""
    return _representation(json.dumps(pages.suggestions(study, parameters.question[:200])).encode(), "application/json")


def _neighbours(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    """Give how many neighbours of each kind a record has."""
    kind, _, identifier = target.path.partition("/")
    counts = Counter(row["neighbour_kind"] for row in study.rows("neighbours", id=identifier, kind=kind))
    return _representation(json.dumps({kind: counts[kind] for kind in sorted(counts)}).encode(), "application/json")


def _png(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    """Give the picture of a page of a document; of one that cannot be shown, a picture that says why."""
    _, source, number = target.path.split("/")
    if ("source", source) not in study.names:
        raise UnknownTerm(source, "source", closest(source, study.ids("source")))
    document = documents.of_source(study.tables, source)
    try:
        if not of_kind(document.places, "page"):
            raise facsimile.NotShown("the document has no pages")
        png = facsimile.Facsimile(study.graph.folder, document).picture(int(number))
    except facsimile.NotShown as e:
        lines = "".join(
            f'<text x="20" y="{40 + 30 * at}">{escape(line)}</text>' for at, line in enumerate(wrap(str(e), 60))
        )
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 905" font-size="20">{lines}</svg>'
        return _representation(svg.encode(), "image/svg+xml", 404)._replace(passing=True)
    # It is compressed as it is.
    tag = f'"{hashlib.sha256(png).hexdigest()[:20]}"'
    return Representation(gzip.compress(png, compresslevel=0, mtime=0), "image/png", 200, tag)


FORMS: dict[str, Callable[[BuiltStudy, Target, Parameters], Representation]] = {
    "html": _html,
    **dict.fromkeys(data.FORMS, _data),
    "svg": _svg,
    "png": _png,
    "elements": _elements,
    "suggestions": _suggestions,
    "neighbours": _neighbours,
}
"""The forms of an answer; after those of a page stand those of a picture, and what scripts of the pages ask for."""


def _takes(target: Target) -> str:
    """Return what decides which fields an address may have: its page, the kind of its record, or its form."""
    if target.form == "suggestions":
        return "suggest"
    if target.path in PAGES:
        return target.path
    kind = target.path.partition("/")[0]
    # The page on which sources are searched has the name of a kind, and other fields.
    return "search-record" if kind == "search" else kind


def respond(study: BuiltStudy, target: Target) -> Representation:
    """Return what is asked for, or a page that says why there is none.

    Args:
        study: the study.
        target: what is asked for.

    Raises:
        StoreUnavailable: when the study is not there any more.
    """
    try:
        return FORMS[target.form](study, target, parameters.read(target.query, _takes(target)))
    except StoreUnavailable:
        raise
    except KGError as e:
        page, status = _failure(study, target, e)
    return _representation(html.render(study, page, addresses.Served(target.language)).encode(), HTML, status)


@dataclass(frozen=True)
class Failure:
    """The reason why there is no page, and what there is instead.

    Args:
        asked: what was asked for.
        kind: kind of the record that is not there; empty when it is something else.
        field: the field that the page does not have, or empty.
        known: the fields that it has.
        reason: why there is no page, when it is none of these.
        near: kind and id of the records that come near.
        words: other words that come near, such as fields.
        holdings: kinds of record with how many there are.
    """

    asked: str
    kind: str
    field: str
    known: Sequence[str]
    reason: str
    near: Sequence[tuple[str, str]]
    words: Sequence[str]
    holdings: Sequence[tuple[str, int]]


def _failure(study: BuiltStudy, target: Target, error: KGError) -> tuple[Page, int]:
    """Return a page that says why there is none, and its status."""
    from kg.render import clean

    missing = isinstance(error, UnknownTerm)
    kind = error.kind if isinstance(error, UnknownTerm) else ""
    unknown = isinstance(error, parameters.UnknownField)
    near: list[tuple[str, str]] = []
    if isinstance(error, UnknownTerm):
        kinds = (kind,) if kind in records.RECORDS else tuple(records.RECORDS)
        near = [(k, one) for one in error.suggestions for k in kinds if (k, one) in study.names]
        first, _, last = target.path.partition("/")
        if (first, last) not in study.names:
            # An id of another kind is a slip, too: /claims/P18, /code/P18.
            identifier = last or error.word
            near += [(k, identifier) for k in records.RECORDS if (k, identifier) in study.names and k != kind]
    content = Failure(
        asked=clean(error.word if isinstance(error, UnknownTerm) else target.path),
        kind=kind,
        field=clean(error.field) if isinstance(error, parameters.UnknownField) else "",
        known=error.known if isinstance(error, parameters.UnknownField) else (),
        reason="" if missing or unknown else clean(str(error)),
        near=near,
        words=error.suggestions if isinstance(error, (parameters.UnknownField, UnknownTerm)) and not near else (),
        holdings=[(one, len(study.ids(one))) for one in LISTED],
    )
    title = "Not found" if missing else "This cannot be shown"
    return Page("error.html", title, target.path if target.path in PAGES else "", content), 404 if missing else 400
