"""The local web app: addresses to pages, read only, on loopback, with nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from cachetools import LRUCache
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg import build, claims, query
from kg.browse import data, links, pages, records, rendering
from kg.browse.frame import Asked, Page
from kg.browse.view import View
from kg.errors import KGError, QueryLimit, UnknownTerm
from kg.evidence import FACETS
from kg.picture import svg
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.graph import Graph

    Make = Callable[[View, Asked, str], Page]

KEPT = 48 * 2**20
"""How much of the pages made last is kept (bytes)."""
AT_ONCE = 2
"""How many pages are made at a time: more threads would only take turns."""
LONGEST = 8000
"""How long an address may be (characters)."""
HTML = "text/html; charset=utf-8"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SPARQL_TIMEOUT, SPARQL_ROWS, SPARQL_AT_ONCE = 10.0, 1000, 2
"""Limits of a query on the page: seconds, rows, and how many run at a time."""


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


def made_of(body: bytes, kind: str, status: int = 200) -> Made:
    """Return an answer with its tag; compressed, six times as many are kept."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Made(gzip.compress(body, compresslevel=1, mtime=0), kind, status, tag)


class _Headers:
    """Send the security headers with every answer, errors too, and how long it took."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = f"app;dur={(time.perf_counter() - began) * 1000:.1f}"
                sent = {**HEADERS, "Server-Timing": took}
                message["headers"] = [
                    *message["headers"],
                    *((key.lower().encode(), value.encode()) for key, value in sent.items()),
                ]
            await send(message)

        await self.app(scope, receive, with_headers)


class Browser:
    """Answer requests about one study.

    Args:
        open_graph: opens the study's graph; called again when another build has taken its place.
    """

    def __init__(self, open_graph: Callable[[], Graph]) -> None:
        self.open_graph = open_graph
        self.lock = threading.Lock()
        self.view = View(open_graph())
        self.pages: LRUCache[Any, Made] = LRUCache(KEPT, getsizeof=lambda made: len(made.body) + 500)
        self.limiter = CapacityLimiter(AT_ONCE)
        self.queries = threading.BoundedSemaphore(SPARQL_AT_ONCE)

    def current(self) -> View:
        """Return the study as it was built last."""
        if build.current(self.view.graph.folder) != self.view.graph.built:
            with self.lock:
                if build.current(self.view.graph.folder) != self.view.graph.built:
                    self.view = View(self.open_graph())
                    self.pages.clear()
        return self.view

    async def kept(self, key: tuple[Any, ...], make: Callable[[View], Made]) -> Made:
        """Make an answer, or return it if it was made before: the same build gives the same answer."""
        view = self.current()
        key = (view.digest, *key)
        with self.lock:
            if (held := self.pages.get(key)) is not None:
                return held
        made = await to_thread.run_sync(make, view, limiter=self.limiter)
        with self.lock:
            if len(made.body) < KEPT // 8:
                self.pages[key] = made
        return made


def asked(request: Request) -> Asked:
    """Read what stands after the question mark; what makes no sense is left out.

    Args:
        request: the request.

    Raises:
        HTTPException: when the address is too long.
    """
    text = request.url.query
    if len(text) > LONGEST:
        raise HTTPException(414, "this address is too long")
    given = parse_qs(text, max_num_fields=200, errors="replace")

    def one(name: str) -> str:
        return given.get(name, [""])[-1]

    def number(name: str, least: int, most: int, default: int) -> int:
        value = one(name)
        return min(max(int(value), least), most) if value.isascii() and value.isdigit() and len(value) < 9 else default

    return Asked(
        choice={facet: frozenset(given[facet]) for facet in FACETS if facet in given},
        page=number("page", 1, 10**6, 1),
        claims=number("claims", 1, 10**6, 1),
        question=one("q"),
        at=one("at"),
        text=one("q"),
        of=one("of"),
        depth=number("depth", 1, 6, 2),
        unfolded=tuple(given.get("unfold", ())),
        expanded=tuple(given.get("expand", ())),
        everything=one("all") == "1",
    )


def app(open_graph: Callable[[], Graph], hosts: Sequence[str] = ("127.0.0.1", "localhost")) -> Starlette:
    """Make the app.

    Args:
        open_graph: opens the study's graph.
        hosts: names by which it may be addressed; a request that names another is refused, so that a
            page from elsewhere cannot reach it by a name of its own (DNS rebinding).
    """
    browser = Browser(open_graph)

    async def answer(request: Request, key: tuple[Any, ...], make: Callable[[View], Made]) -> Response:
        made = await browser.kept(key, make)
        headers = {"ETag": made.tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
        if request.headers.get("if-none-match") == made.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(made.body, made.status, {**headers, "Content-Encoding": "gzip"}, made.kind)
        return Response(gzip.decompress(made.body), made.status, headers, made.kind)

    def shown(language: str, make: Make) -> Callable[..., Any]:
        """Answer with a page, or with the records on it as data."""

        async def endpoint(request: Request) -> Response:
            given = asked(request)
            form = request.path_params.get("form") or _preferred(request)
            if form not in (*data.FORMS, "html"):
                raise HTTPException(404)

            def made(view: View) -> Made:
                if form == "html":
                    return _page(view, language, partial(make, view, given, language))
                return _data(view, language, form, lambda: make(view, given, language).shows)

            return await answer(request, (request.url.path, form, given_key(given), language), made)

        return endpoint

    def record(language: str) -> Callable[..., Any]:
        """Answer with a record, as a page or as data."""

        async def endpoint(request: Request) -> Response:
            kind, identifier = request.path_params["kind"], request.path_params["id"]
            stem, _, suffix = identifier.rpartition(".")
            if suffix not in (*data.FORMS, "html"):
                stem, suffix = identifier, _preferred(request)
            if suffix in data.FORMS:
                return await answer(
                    request, (kind, stem, suffix), lambda view: _data(view, language, suffix, lambda: [(kind, stem)])
                )
            if kind == "excerpt":
                return RedirectResponse(links.record(links.Served(language), "excerpt", stem), 303)
            given = asked(request)

            def made(view: View) -> Made:
                def make() -> Page:
                    if kind not in records.RECORDS:
                        raise UnknownTerm(kind, "kind of record", query.nearest(kind, list(records.RECORDS)))
                    _known(view, kind, stem)
                    return records.RECORDS[kind](view, stem, given, language)

                return _page(view, language, make)

            return await answer(request, (kind, stem, given_key(given), language), made)

        return endpoint

    async def suggest(request: Request) -> Response:
        found = await run_in_threadpool(pages.suggestions, browser.current(), asked(request).question[:200])
        return JSONResponse(found)

    def drawn(language: str) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            given = asked(request)
            return await answer(
                request, ("drawn.json", given_key(given), language), lambda view: _elements(view, given, language)
            )

        return endpoint

    def vector(language: str) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            given = asked(request)

            def made(view: View) -> Made:
                return made_of(svg.draw(pages.drawing(view, given, language), language).encode(), "image/svg+xml")

            return await answer(request, ("picture.svg", given_key(given), language), made)

        return endpoint

    async def neighbours(request: Request) -> Response:
        kind, identifier = request.path_params["kind"], request.path_params["id"]
        found = await run_in_threadpool(browser.current().rows, "neighbours", id=identifier, kind=kind)
        counts = Counter(row["neighbour_kind"] for row in found)
        return JSONResponse({k: counts[k] for k in sorted(counts)})

    def sparql(language: str) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(_sparql, browser, request, language)

        return endpoint

    async def failed(request: Request, error: Exception) -> Response:
        """Say what went wrong on a page with a status."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        said = error.detail if isinstance(error, HTTPException) else "something went wrong here; the terminal says more"
        if status == 404 and said == "Not Found":
            said = "there is no such page"
        language = "zh" if request.url.path.startswith("/zh/") else "en"
        return await run_in_threadpool(_error, browser.view, language, status, str(said))

    def routes(language: str) -> list[Route]:
        listed: dict[str, Make] = {f"/{kind}s": partial(pages.listing, kind=kind) for kind in pages.LISTED}
        made: dict[str, Make] = {
            "/": pages.home,
            "/ask": _answer,
            "/matrix": pages.matrix,
            "/gaps": pages.gaps,
            "/ontology": pages.ontology,
            "/search": pages.found,
            "/picture": pages.picture,
            **listed,
        }
        return [
            Route("/drawn.json", drawn(language)),
            Route("/picture.svg", vector(language)),
            *(Route(path, shown(language, make)) for path, make in made.items()),
            *(
                Route(f"{path if path != '/' else '/index'}.{{form}}", shown(language, make))
                for path, make in made.items()
            ),
            Route("/sparql", sparql(language)),
            Route("/{kind}/{id}", record(language)),
        ]

    others = [Mount(f"/{language}", routes=routes(language)) for language in links.LANGUAGES if language != "en"]
    return Starlette(
        routes=[
            Mount("/static", StaticFiles(packages=[("kg.browse", "static")])),
            Route("/suggest", suggest),
            Route("/neighbours/{kind}/{id}", neighbours),
            *others,
            *routes("en"),
        ],
        middleware=[Middleware(_Headers), Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
        exception_handlers={HTTPException: failed, 500: failed},
    )


def given_key(given: Asked) -> tuple[Any, ...]:
    """Return what stands after the question mark as one key, so that equal pages are kept once."""
    held = {**vars(given), "choice": frozenset(given.choice.items())}
    return tuple(held.values())


def _answer(view: View, given: Asked, language: str) -> Page:
    return pages.answer(view, given, language) if given.question.strip() else pages.home(view, given, language)


def _page(view: View, language: str, make: Callable[[], Page]) -> Made:
    """Write a page, or say on one why there is none."""
    try:
        page, status = make(), 200
    except UnknownTerm as e:
        page, status = _excuse(str(e), language, 404, e.suggestions), 404
    except KGError as e:
        page, status = _excuse(str(e), language, 400), 400
    return made_of(rendering.html(view, page, links.Served(language)).encode(), HTML, status)


def _excuse(said: str, language: str, status: int, suggestions: Sequence[str] = ()) -> Page:
    from kg.render import clean

    title = word("Not found" if status == 404 else "This cannot be shown", language)
    return Page("error.html", title, "", {"said": clean(said), "suggestions": suggestions})


def _error(view: View, language: str, status: int, said: str) -> Response:
    page = _excuse(said, language, status)
    return Response(rendering.html(view, page, links.Served(language)), status, media_type="text/html")


def _known(view: View, kind: str, identifier: str) -> None:
    """Refuse an id that no record has."""
    if kind == "line":
        if not view.rows("trace-line", id=identifier):
            raise UnknownTerm(identifier, "evidence line")
    elif (kind, identifier) not in view.names:
        raise UnknownTerm(identifier, kind, query.nearest(identifier, view.ids(kind)))


def _preferred(request: Request) -> str:
    """Choose the form that the client asks for."""
    accept = request.headers.get("accept", "")
    wanted = [part.split(";")[0].strip() for part in accept.split(",")]
    for media in wanted:
        if media in ("text/html", "application/xhtml+xml"):
            return "html"
        if media == "text/turtle":
            return "ttl"
        if media in ("application/ld+json", "application/json"):
            return "json"
    return "html"


def _data(view: View, language: str, form: str, wanted: Callable[[], Sequence[tuple[str, str]]]) -> Made:
    """Write records as data, or say on a page why there are none."""
    media, write = data.FORMS[form]
    try:
        return made_of(write(view.graph, wanted()), media)
    except UnknownTerm as e:
        page, status = _excuse(str(e), language, 404), 404
    except KGError as e:
        page, status = _excuse(str(e), language, 400), 400
    return made_of(rendering.html(view, page, links.Served(language)).encode(), HTML, status)


def _elements(view: View, given: Asked, language: str) -> Made:
    """Give a picture's nodes with their places, and its links."""
    import json

    from kg.picture import layers

    try:
        network = pages.drawing(view, given, language)
    except KGError as e:
        return made_of(json.dumps({"error": str(e)}).encode(), "application/json", 404)
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
    return made_of(json.dumps(made, ensure_ascii=False).encode(), "application/json")


def _sparql(browser: Browser, request: Request, language: str) -> Response:
    """Run a query of the reader's own, and show its rows."""
    view = browser.current()
    text = asked(request).question
    name = request.query_params.get("name", "")
    if name in query.names():
        text = query.named(name).text
    result, said, status = None, "", 200
    run = text.strip() and not name
    if run:
        if not browser.queries.acquire(timeout=SPARQL_TIMEOUT):
            said, status = word("other queries are running; try again in a moment", language), 503
        else:
            try:
                result = view.graph.sparql(text, timeout=SPARQL_TIMEOUT, limit=SPARQL_ROWS)
            except QueryLimit as e:
                said, status = str(e), 503
            except KGError as e:
                said, status = str(e), 400
            finally:
                browser.queries.release()
    if result is not None and "text/html" not in request.headers.get("accept", "text/html"):
        if result.turtle is not None:
            return Response(result.turtle, media_type="text/turtle")
        if "text/csv" in request.headers["accept"]:
            from kg import render

            return Response(render.csv(result.table.columns, result.table.rows), media_type="text/csv")
        return JSONResponse(
            {"columns": result.table.columns, "rows": [list(r) for r in result.table.rows], "more": result.more}
        )
    content = {
        "text": text,
        "result": result,
        "said": said,
        "limit": SPARQL_ROWS,
        "queries": [query.named(n) for n in query.names()],
    }
    page = Page("sparql.html", "SPARQL", "sparql", content)
    return Response(rendering.html(view, page, links.Served(language)), status, media_type="text/html")
