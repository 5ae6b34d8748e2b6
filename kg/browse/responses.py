"""Respond to an address: with a page, its records as data, or a picture."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from kg import facsimile
from kg.browse import (
    addresses,
    crosstabs,
    data,
    exploring,
    html,
    maps,
    overviews,
    pages,
    parameters,
    records,
    signposting,
    style,
    waiting,
)
from kg.browse.frame import FACET_KINDS, Page
from kg.browse.targets import Representation, Target
from kg.errors import KGError, ServerUnavailable, StoreUnavailable, UnknownTerm, closest
from kg.kinds import LISTED
from kg.picture import columns, drawing, figure
from kg.picture import map as lanes
from kg.places import of_kind
from kg.store import documents, passages
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.browse.parameters import Parameters
    from kg.browse.study import BuiltStudy

HTML = "text/html; charset=utf-8"


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
    "passages": crosstabs.shared,
    "waiting": waiting.page,
    "read": waiting.read,
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
    to = addresses.Served(target.language)
    made = _representation(html.render(study, page, to, editing=target.editing).encode(), HTML)
    return made._replace(passing=page.passing, links=signposting.header(signposting.links(study, page, to)))


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
        shown = exploring.drawing(study, parameters, target.language)
        placed = columns.place(shown, "columns", target.language)
        text = drawing.in_file(columns.scene(shown, placed, target.language))
    else:
        made = maps.drawn(study, replace(parameters, whole=True), target.language).theory
        drawn = figure.figure(made) if target.path == "figure" else lanes.lanes(made)
        text = drawing.in_file(lanes.framed(drawn, made))
    return _representation(text.encode(), "image/svg+xml")


def _elements(form: str) -> Callable[[BuiltStudy, Target, Parameters], Representation]:
    """Return what gives a picture to explore in one of its forms."""

    def make(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
        to = addresses.Served(target.language)
        try:
            made = exploring.elements(study, parameters, target.language, form, partial(addresses.record, to))
        except KGError as e:
            return _representation(json.dumps({"error": str(e)}).encode(), "application/json", 404)
        given = _representation(json.dumps(made, ensure_ascii=False).encode(), "application/json")
        # The file of arrangements may change without a build.
        return given._replace(passing=bool(parameters.arrangement))

    return make


def _suggestions(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    """Give questions that begin as what was typed does."""
    return _representation(json.dumps(pages.suggestions(study, parameters.question[:200])).encode(), "application/json")


def _found(study: BuiltStudy, target: Target, parameters: Parameters) -> Representation:
    """Give the records that can be explored and have what was typed in their names."""
    found = exploring.find(study, parameters.question, target.language)
    rows = [{"key": one.key, "word": word(one.kind, target.language), "id": one.id, "text": one.text} for one in found]
    return _representation(json.dumps(rows, ensure_ascii=False).encode(), "application/json")


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
    **{form: _elements(form) for form in columns.FORMS},
    "suggestions": _suggestions,
    "found": _found,
}
"""The forms of an answer; after those of a page stand those of a picture, and what scripts of the pages ask for."""


SHOWN = frozenset({"html", "svg", "png"})
"""The forms that people look at; in place of the others a program is told in JSON why there is no answer."""


def _takes(target: Target) -> str:
    """Return what decides which fields an address may have: its page, the kind of its record, or its form."""
    if target.form in ("suggestions", "found"):
        return "suggest"
    if target.path in PAGES:
        return target.path
    kind = target.path.partition("/")[0]
    # The page on which sources are searched has the name of a kind, and other fields.
    return "search-record" if kind == "search" else kind


def _read(study: BuiltStudy, target: Target) -> Parameters:
    """Read what stands after the question mark.

    Raises:
        KGError: when a field is unknown, or its value makes no sense.
    """
    read = replace(parameters.read(target.query, _takes(target)), only=target.only)
    if read.choice:
        known = study.choosable
        if target.path in ("picture", "figure"):
            known = {**known, "stage": (*known["stage"], maps.NO_STAGE)}
        parameters.check_choice(read.choice, known)
    if read.by != "case":
        others = {"matrix": (), "crosstab": ("code",)}[target.path]
        parameters.check_choice({"by": [read.by]}, {"by": ("case", *others, *study.attributes)})
    return read


def respond(study: BuiltStudy, target: Target) -> Representation:
    """Return what is asked for, or a page that says why there is none; to a program that is said in JSON.

    Args:
        study: the study.
        target: what is asked for.

    Raises:
        StoreUnavailable: when the study is not there any more.
        ServerUnavailable: when the endpoint that answers does not.
    """
    try:
        return FORMS[target.form](study, target, _read(study, target))
    except (StoreUnavailable, ServerUnavailable):
        raise
    except KGError as e:
        page, status = _failure(study, target, e)
        if target.form not in SHOWN:
            return _representation(json.dumps(_told(e), ensure_ascii=False).encode(), "application/json", status)
    written = html.render(study, page, addresses.Served(target.language), editing=target.editing)
    return _representation(written.encode(), HTML, status)


@dataclass(frozen=True)
class Failure:
    """The reason why there is no page, and what there is instead.

    Args:
        asked: what was asked for.
        kind: kind of the record that is not there; empty when it is something else.
        field: the field that the page does not have, or whose value makes no sense; empty when it is something else.
        value: the value that makes no sense, or empty.
        takes: what the field takes, in words, where its values cannot be listed.
        known: the fields that the page has.
        offered: the first of the values that the field can have, what each is called, and the page's address with it.
        left: how many values there are besides.
        without: the address of the page without the field.
        reason: why there is no page, when it is none of these.
        near: kind and id of the records that come near.
        words: other words that come near, such as fields; of values, as many of those offered come first.
        holdings: kinds of record with how many there are.
    """

    asked: str
    kind: str
    field: str
    value: str
    takes: str
    known: Sequence[str]
    offered: Sequence[tuple[str, str, str]]
    left: int
    without: str
    reason: str
    near: Sequence[tuple[str, str]]
    words: Sequence[str]
    holdings: Sequence[tuple[str, int]]


def _failure(study: BuiltStudy, target: Target, error: KGError) -> tuple[Page, int]:
    """Return a page that says why there is none, and its status."""
    from kg.render import clean

    missing = isinstance(error, UnknownTerm)
    kind = error.kind if isinstance(error, UnknownTerm) else ""
    refused = error if isinstance(error, (parameters.UnknownField, parameters.UnknownValue)) else None
    wrong = error if isinstance(error, parameters.UnknownValue) else None
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
        field=clean(refused.field) if refused else "",
        value=clean(wrong.value) if wrong else "",
        takes=wrong.takes if wrong else "",
        known=refused.known if refused else (),
        offered=_offered(study, target, wrong) if wrong else (),
        left=max(0, len(wrong.known) - OFFERED) if wrong else 0,
        without=_with(target, refused.field) if refused else "",
        reason="" if missing or refused else clean(str(error)),
        near=near,
        words=getattr(error, "suggestions", ()) if not near else (),
        holdings=[(one, len(study.ids(one))) for one in LISTED],
    )
    title = "Not found" if missing else "This cannot be shown"
    return Page("error.html", title, target.path if target.path in PAGES else "", content), 404 if missing else 400


OFFERED = 12
"""How many of the values that a field can have are offered."""


def _with(target: Target, field: str, *values: str) -> str:
    """Return the address of what is asked for with other values of a field, or without it."""
    given = {name: [one for one in some if one] for name, some in parameters.fields(target.query).items()}
    return addresses.Served(target.language).page(target.path, **{**given, field: values})


def _offered(study: BuiltStudy, target: Target, error: parameters.UnknownValue) -> list[tuple[str, str, str]]:
    """Return values that a field can have, the near ones first: each with its name and the address with it."""
    values = [*dict.fromkeys((*error.suggestions, *error.known))][:OFFERED]
    kind = FACET_KINDS.get(error.field, "")

    def called(value: str) -> str:
        if value == maps.NO_STAGE:
            return word("any stage", target.language)
        return study.name(kind, value, target.language) if kind else word(value, target.language)

    given = parameters.fields(target.query).get(error.field, [])
    kept = [one for one in given if one in error.known] if error.field in FACET_KINDS else []
    return [(value, called(value), _with(target, error.field, *dict.fromkeys((*kept, value)))) for value in values]


def _told(error: KGError) -> dict[str, object]:
    """Return why there is no answer as a program reads it."""
    told: dict[str, object] = {"error": str(error)}
    if isinstance(error, (parameters.UnknownField, parameters.UnknownValue)):
        told |= {"field": error.field, "known": error.known, "near": error.suggestions}
    if isinstance(error, parameters.UnknownValue):
        told |= {"value": error.value, **({"takes": error.takes} if error.takes else {})}
    return told
