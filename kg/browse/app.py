"""The local web app: addresses to pages, read only, on loopback, with nothing from elsewhere."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from cachetools import LRUCache
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg import query
from kg.browse import data, links, making, pages, rendering
from kg.browse.frame import Asked, Page
from kg.browse.making import Made, Wanted
from kg.browse.view import Opened
from kg.errors import KGError, QueryLimit
from kg.evidence import FACETS
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.browse.makers import Makers
    from kg.browse.view import View

KEPT = 48 * 2**20
"""How much of the pages made last is kept (bytes)."""
LONGEST = 8000
"""How long an address may be (characters)."""
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
        folder: the study's folder.
        makers: make the answers.
    """

    def __init__(self, folder: Path, makers: Makers) -> None:
        self.opened, self.makers = Opened(folder), makers
        self.pages: LRUCache[Any, Made] = LRUCache(KEPT, getsizeof=lambda made: len(made.body) + 500)
        self.queries = threading.BoundedSemaphore(SPARQL_AT_ONCE)

    async def made(self, wanted: Wanted) -> Made:
        """Make an answer, or return it if it was made before: the same build gives the same answer."""
        choice = frozenset(wanted.asked.choice.items())
        key = (self.opened.stamp(), *wanted[:-1], *{**vars(wanted.asked), "choice": choice}.values())
        if (held := self.pages.get(key)) is not None:
            return held
        made = await self.makers.make(wanted)
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


def app(folder: Path, makers: Makers, hosts: Sequence[str]) -> Starlette:
    """Make the app.

    Args:
        folder: the study's folder.
        makers: make the answers.
        hosts: names by which it may be addressed; a request that names another is refused, so that a
            page from elsewhere cannot reach it by a name of its own (DNS rebinding).
    """
    browser = Browser(folder, makers)

    async def answer(request: Request, path: str, form: str, language: str) -> Response:
        made = await browser.made(Wanted(path, form, language, asked(request)))
        headers = {"ETag": made.tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
        if request.headers.get("if-none-match") == made.tag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(made.body, made.status, {**headers, "Content-Encoding": "gzip"}, made.kind)
        return Response(gzip.decompress(made.body), made.status, headers, made.kind)

    def page(language: str, path: str) -> Callable[..., Any]:
        """Answer with a page, or with the records on it as data."""

        async def endpoint(request: Request) -> Response:
            form = request.path_params.get("form") or _preferred(request)
            if form not in (*data.FORMS, "html"):
                raise HTTPException(404)
            return await answer(request, path, form, language)

        return endpoint

    def record(language: str) -> Callable[..., Any]:
        """Answer with a record, as a page or as data."""

        async def endpoint(request: Request) -> Response:
            kind, identifier = request.path_params["kind"], request.path_params["id"]
            stem, _, suffix = identifier.rpartition(".")
            if suffix not in (*data.FORMS, "html"):
                stem, suffix = identifier, _preferred(request)
            if kind == "excerpt" and suffix == "html":
                return RedirectResponse(links.record(links.Served(language), "excerpt", stem), 303)
            return await answer(request, links.path_of(kind, stem), suffix, language)

        return endpoint

    def picture(language: str, form: str) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            return await answer(request, "picture", form, language)

        return endpoint

    async def suggest(request: Request) -> Response:
        found = await run_in_threadpool(pages.suggestions, browser.opened.view(), asked(request).question[:200])
        return JSONResponse(found)

    async def neighbours(request: Request) -> Response:
        kind, identifier = request.path_params["kind"], request.path_params["id"]
        found = await run_in_threadpool(browser.opened.view().rows, "neighbours", id=identifier, kind=kind)
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
        return await run_in_threadpool(_error, browser.opened.view(), language, status, str(said))

    def routes(language: str) -> list[Route]:
        shown = {path: page(language, path) for path in making.PAGES}
        return [
            Route("/{kind}/{id}", record(language)),
            Route("/drawn.json", picture(language, "elements")),
            Route("/picture.svg", picture(language, "svg")),
            *(Route(f"/{path}", endpoint) for path, endpoint in shown.items()),
            *(Route(f"/{path or 'index'}.{{form}}", endpoint) for path, endpoint in shown.items()),
            Route("/sparql", sparql(language)),
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


def _error(view: View, language: str, status: int, said: str) -> Response:
    page = making.excuse(said, language, status)
    return Response(rendering.html(view, page, links.Served(language)), status, media_type="text/html")


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


def _sparql(browser: Browser, request: Request, language: str) -> Response:
    """Run a query of the reader's own, and show its rows."""
    view = browser.opened.view()
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
