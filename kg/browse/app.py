"""The local web app: addresses to pages, read only, on loopback, with nothing from elsewhere."""

from __future__ import annotations

import asyncio
import gzip
import threading
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs

from cachetools import LRUCache
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg import query, sparql
from kg.browse import accept, data, guard, links, making, refusals, rendering
from kg.browse.frame import Asked, Page
from kg.browse.making import Made, Wanted
from kg.browse.refusals import Unmade
from kg.browse.view import Opened
from kg.errors import KGError
from kg.store.evidence import FACETS
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path

    from starlette.requests import Request

    from kg.browse.makers import Makers
    from kg.sparql import Result

T = TypeVar("T")

KEPT = 48 * 2**20
"""How much of the pages made last is kept (bytes)."""
FIELDS = 200
"""How many fields an address may have."""
MANY = "this address has too many fields; choose less at once"
ELSEWHERE = "A page elsewhere wrote this query, so it was not run; read it, and press Run if it is what you want."
GRAPHS = "name the graphs in the query itself, by FROM and FROM NAMED"
WAIT = 30.0
"""How long a request waits for what it asks for, with its turn (seconds)."""
SPARQL_TIMEOUT, SPARQL_ROWS, SPARQL_AT_ONCE = 10.0, 1000, 2
"""Limits of a query on the page: seconds, rows, and how many run at a time."""
SPARQL_MEMORY, SPARQL_SIZE = 512 * 2**20, 4 * 2**20
"""Limits of a query on the page: memory of its process, and what its rows hold (bytes)."""
FORMS = {
    "text/html": "html",
    "text/turtle": "ttl",
    "application/ld+json": "json",
    "application/json": "json",
}
"""The form of a page or record by its media type."""


class Browser:
    """Answer requests about one study.

    Args:
        folder: the study's folder.
        makers: make the answers.
    """

    def __init__(self, folder: Path, makers: Makers) -> None:
        self.opened, self.makers = Opened(folder), makers
        self.pages: LRUCache[Any, tuple[int, Made]] = LRUCache(KEPT, getsizeof=lambda kept: kept[0])
        """Answers with their sizes (bytes)."""
        self.queries = asyncio.Semaphore(SPARQL_AT_ONCE)

    async def made(self, request: Request, path: str, form: str, language: str) -> Made:
        """Make an answer, or return it if it was made before: the same build gives the same answer."""
        # What is kept is counted with its address, which may be longer than what is answered.
        given = request.scope["query_string"]
        key = (self.opened.stamp(), path, form, language, given)
        if kept := self.pages.get(key):
            return kept[1]
        made = await _awaited(request, self.makers.make(Wanted(path, form, language, asked(request))))
        if len(made.body) < KEPT // 8:
            self.pages[key] = len(made.body) + 4 * len(path) + len(given) + 500, made
        return made

    async def query(self, request: Request, text: str) -> Result:
        """Run a query of the reader's own, in its turn, as long as the reader waits."""
        folder = (await run_in_threadpool(self.opened.view)).graph.oxigraph.folder
        await _awaited(request, self.queries.acquire(), SPARQL_TIMEOUT)
        unwanted = threading.Event()
        leaving = asyncio.ensure_future(_left(request))
        leaving.add_done_callback(lambda _: unwanted.set())
        try:
            return await run_in_threadpool(
                sparql.run,
                folder,
                text,
                timeout=SPARQL_TIMEOUT,
                limit=SPARQL_ROWS,
                memory=SPARQL_MEMORY,
                size=SPARQL_SIZE,
                unwanted=unwanted,
            )
        finally:
            leaving.cancel()
            self.queries.release()


async def _left(request: Request) -> None:
    """Wait until the client is gone; what it sends as a body is nothing to us."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _awaited(request: Request, coming: Coroutine[Any, Any, T], seconds: float = WAIT) -> T:
    """Await something as long as the client does, so that nobody's turn comes after those of who is gone.

    Raises:
        Unmade: when the client is gone, or it takes too long.
    """
    work, leaving = asyncio.ensure_future(coming), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((work, leaving), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Unmade(503)
        return work.result()
    finally:
        work.cancel()
        leaving.cancel()


def asked(request: Request) -> Asked:
    """Read what stands after the question mark; what makes no sense is left out.

    Args:
        request: the request.

    Raises:
        Unmade: when there are too many fields.
    """
    given = fields(request)

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


def fields(request: Request) -> dict[str, list[str]]:
    """Return the values of each field of an address.

    Args:
        request: the request.

    Raises:
        Unmade: when there are too many.
    """
    try:
        return parse_qs(request.scope["query_string"].decode("latin-1"), max_num_fields=FIELDS, errors="replace")
    except ValueError:
        raise Unmade(400, MANY) from None


def app(folder: Path, makers: Makers, hosts: Sequence[str]) -> Starlette:
    """Make the app.

    Args:
        folder: the study's folder.
        makers: make the answers.
        hosts: names by which it may be addressed.
    """
    browser = Browser(folder, makers)

    async def answer(request: Request, path: str, form: str, language: str) -> Response:
        made = await browser.made(request, path, form, language)
        headers = {"ETag": made.tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
        if request.headers.get("if-none-match") == made.tag:
            return Response(status_code=304, headers=headers)
        if accept.compressed(request.headers.get("accept-encoding", "")):
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
        return await answer(request, "", "suggestions", "en")

    async def neighbours(request: Request) -> Response:
        kind, identifier = request.path_params["kind"], request.path_params["id"]
        return await answer(request, f"{kind}/{identifier}", "neighbours", "en")

    def own(language: str) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            return await _sparql(browser, request, language)

        return endpoint

    async def failed(request: Request, error: Exception) -> Response:
        return refusals.page(refusals.of(error), guard.language(request.scope))

    def routes(language: str) -> list[Route]:
        shown = {path: page(language, path) for path in making.PAGES}
        return [
            Route("/{kind}/{id}", record(language)),
            Route("/drawn.json", picture(language, "elements")),
            Route("/picture.svg", picture(language, "svg")),
            *(Route(f"/{path}", endpoint) for path, endpoint in shown.items()),
            *(Route(f"/{path or 'index'}.{{form}}", endpoint) for path, endpoint in shown.items()),
            Route("/sparql", own(language)),
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
        # Within what Starlette itself says of an error, which is no page and has no headers: nothing gets that far.
        middleware=[Middleware(guard.Guard, hosts)],
        exception_handlers={HTTPException: failed},
    )


def _preferred(request: Request) -> str:
    """Choose the form that the client would rather have."""
    return FORMS[accept.best(request.headers.get("accept", ""), tuple(FORMS))]


async def _sparql(browser: Browser, request: Request, language: str) -> Response:
    """Run a query of the reader's own, and show its rows."""
    given = fields(request)
    if {"default-graph-uri", "named-graph-uri"} & given.keys():
        raise Unmade(400, GRAPHS)
    text, name = given.get("q", [""])[-1], given.get("name", [""])[-1]
    result, said, status = None, "", 200
    if name in query.names():
        text = query.named(name).text
    elif text.strip() and not name:
        if guard.foreign(dict(request.headers.raw)):
            said = word(ELSEWHERE, language)
        else:
            try:
                result = await browser.query(request, text)
            except KGError as e:
                refused = refusals.of(e)
                said, status = word(refused.said, language), refused.status
    return await run_in_threadpool(_shown, browser, request, language, text, result, said, status)


def _shown(
    browser: Browser, request: Request, language: str, text: str, result: Result | None, said: str, status: int
) -> Response:
    """Show a query with what it gave, or that alone to a program."""
    if result is not None and "accept" in request.headers:
        data = ["text/turtle"] if result.turtle is not None else ["application/json", "text/csv"]
        media = accept.best(request.headers["accept"], (*data, "text/html"))
        if media == "text/turtle":
            return Response(result.turtle, media_type=media)
        if media == "text/csv":
            from kg import render

            return Response(render.csv(result.table.columns, result.table.rows), media_type=media)
        if media == "application/json":
            rows = [list(row) for row in result.table.rows]
            return JSONResponse({"columns": result.table.columns, "rows": rows, "more": result.more})
    content = {
        "text": text,
        "result": result,
        "said": said,
        "limit": SPARQL_ROWS,
        "queries": [query.named(n) for n in query.names()],
    }
    page = Page("sparql.html", "SPARQL", "sparql", content)
    return Response(rendering.html(browser.opened.view(), page, links.Served(language)), status, media_type="text/html")
