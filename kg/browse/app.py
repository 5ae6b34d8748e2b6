"""The local web app: addresses to pages, on loopback, with nothing from elsewhere; read only unless told to edit."""

from __future__ import annotations

import asyncio
import gzip
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from cachetools import LRUCache
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg import query
from kg.browse import accept, addresses, data, events, guard, parameters, refusals
from kg.browse.refusals import Refusal
from kg.browse.study import LatestBuild
from kg.browse.targets import EXPLORED, PATHS, Target
from kg.errors import KGError
from kg.store import sparql
from kg.words import word

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path

    from starlette.requests import Request

    from kg.browse.editing import Editing
    from kg.browse.targets import Representation
    from kg.browse.workers import Workers
    from kg.store.sparql import Result

T = TypeVar("T")

OTHER_NAMES = {
    "claims": "propositions", "codebook": "codes", "concepts": "ontology", "relations": "ontology", "missing": "gaps",
}  # fmt: skip
"""Names that people expect for pages, with the paths that these have."""
KEPT = 48 * 2**20
"""How much of the pages made last is kept (bytes)."""
ELSEWHERE = "A page elsewhere wrote this query, so it was not run; read it, and press Run if it is what you want."
BLIND = "this is hidden while you code blind, for it tells what others did; read the sources, or end blind mode there"
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


@dataclass(frozen=True)
class OwnQuery:
    """A query of the reader's own, with what it gave.

    Args:
        text: the SPARQL text, as it was written.
        result: what it gave, if it was run.
        reason: why it was not run, or ended; else empty.
        limit: how many rows are given at most.
        queries: the named queries, as examples.
    """

    text: str
    result: Result | None
    reason: str
    limit: int
    queries: Sequence[query.Query]


class ServedStudy:
    """A study with what is kept of its pages.

    Args:
        folder: the study's folder.
        workers: make the answers.
        editing: takes edits of the study, where it is edited.
    """

    def __init__(self, folder: Path, workers: Workers, editing: Editing | None = None) -> None:
        self.latest, self.workers, self.editing = LatestBuild(folder), workers, editing
        self.kept: LRUCache[Any, tuple[int, Representation]] = LRUCache(KEPT, getsizeof=lambda kept: kept[0])
        """Representations with their sizes (bytes)."""
        self.queries = asyncio.Semaphore(SPARQL_AT_ONCE)

    async def representation(self, request: Request, path: str, form: str, language: str) -> Representation:
        """Make what is asked for, or return it if it was made before: the same build gives the same."""
        only = await self.editing.hidden(request, path) if self.editing else None
        if only == "" or (only and (form != "html" or "coder" in parameters.fields(_query(request)))):
            raise Refusal(403, BLIND)
        target = Target(path, form, language, _query(request), self.editing is not None and form == "html", only or "")
        key = self.latest.stamp(), target
        if kept := self.kept.get(key):
            return kept[1]
        representation = await _awaited(request, self.workers.respond(target))
        # It is counted with its address, which may be longer than itself.
        if len(representation.body) < KEPT // 8 and not representation.passing:
            self.kept[key] = len(representation.body) + 4 * len(path) + len(target.query) + 500, representation
        return representation

    async def query(self, request: Request, text: str) -> Result:
        """Run a query of the reader's own, in its turn, as long as the reader waits."""
        folder = (await run_in_threadpool(self.latest.study)).graph.oxigraph.folder
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
        Refusal: when the client is gone, or it takes too long.
    """
    work, leaving = asyncio.ensure_future(coming), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((work, leaving), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Refusal(503)
        return work.result()
    finally:
        work.cancel()
        leaving.cancel()


def _query(request: Request) -> str:
    """Return what stands after the question mark."""
    return str(request.scope["query_string"], "latin-1")


def app(
    folder: Path, workers: Workers, watched: events.Watched, hosts: Sequence[str], editing: Editing | None = None
) -> Starlette:
    """Make the app.

    Args:
        folder: the study's folder.
        workers: make the answers.
        watched: tells of changes of the study.
        hosts: names by which it may be addressed.
        editing: takes edits of the study; without it nothing can be changed.
    """
    served = ServedStudy(folder, workers, editing)

    async def answer(request: Request, path: str, form: str, language: str) -> Response:
        representation = await served.representation(request, path, form, language)
        headers = {"ETag": representation.tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}
        if representation.links:
            headers["Link"] = representation.links
        if request.headers.get("if-none-match") == representation.tag:
            return Response(status_code=304, headers=headers)
        if accept.compressed(request.headers.get("accept-encoding", "")):
            return Response(
                representation.body, representation.status, {**headers, "Content-Encoding": "gzip"}, representation.kind
            )
        return Response(gzip.decompress(representation.body), representation.status, headers, representation.kind)

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
                return RedirectResponse(addresses.record(addresses.Served(language), "excerpt", stem), 303)
            return await answer(request, addresses.path_of(kind, stem), suffix, language)

        return endpoint

    def picture(path: str, language: str, form: str) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            return await answer(request, path, form, language)

        return endpoint

    async def sheet(request: Request) -> Response:
        source, number = request.path_params["id"], request.path_params["number"]
        return await answer(request, f"source/{source}/{number}", "png", "en")

    async def suggest(request: Request) -> Response:
        return await answer(request, "", "suggestions", "en")

    async def changes(request: Request) -> Response:
        return events.response(watched, "zh" if request.query_params.get("in") == "zh" else "en")

    def own(language: str) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            return await _sparql(served, request, language)

        return endpoint

    async def failed(request: Request, error: Exception) -> Response:
        refused = refusals.of(error)
        asked = request.url.path if refused.status == 404 else ""
        return refusals.page(refused, guard.language(request.scope), asked)

    def moved(language: str, path: str) -> Callable[..., Any]:
        """Lead from a name that people expect to the page that has another."""

        async def endpoint(request: Request) -> Response:
            identifier = request.path_params.get("id")
            page = addresses.Served(language).page(f"{path}/{identifier}" if identifier else path)
            return RedirectResponse(f"{page}?{_query(request)}" if _query(request) else page, 308)

        return endpoint

    def routes(language: str) -> list[Route]:
        shown = {path: page(language, path) for path in PATHS}
        return [
            *(Route(f"/{name}", moved(language, path)) for name, path in OTHER_NAMES.items()),
            Route("/claim/{id}", moved(language, "proposition")),
            Route("/{kind}/{id}", record(language)),
            *(Route(f"/explore-{form}.json", picture("explore", language, form)) for form in EXPLORED),
            Route("/found.json", picture("explore", language, "found")),
            *(Route(f"/{path}.svg", picture(path, language, "svg")) for path in ("explore", "figure", "picture")),
            *(Route(f"/{path}", endpoint) for path, endpoint in shown.items()),
            *(Route(f"/{path or 'index'}.{{form}}", endpoint) for path, endpoint in shown.items()),
            Route("/sparql", own(language)),
        ]

    others = [Mount(f"/{language}", routes=routes(language)) for language in addresses.LANGUAGES if language != "en"]
    return Starlette(
        routes=[
            Mount("/static", StaticFiles(packages=[("kg.browse", "static")])),
            *(editing.routes() if editing else ()),
            Route("/suggest", suggest),
            Route("/events", changes),
            Route("/source/{id}/pages/{number:int}.png", sheet),
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


async def _sparql(served: ServedStudy, request: Request, language: str) -> Response:
    """Run a query of the reader's own, and show its rows."""
    if served.editing and await served.editing.hidden(request, "sparql") is not None:
        raise Refusal(403, BLIND)
    fields = parameters.fields(_query(request))
    if {"default-graph-uri", "named-graph-uri"} & fields.keys():
        raise Refusal(400, GRAPHS)
    parameters.check(fields, "sparql")
    text, name = fields.get("q", [""])[-1], fields.get("name", [""])[-1]
    result, reason, status = None, "", 200
    if name and name not in query.names():
        raise parameters.UnknownValue("name", name, tuple(query.names()))
    if name:
        text = query.named(name).text
    elif text.strip():
        if guard.foreign(dict(request.headers.raw)):
            reason = word(ELSEWHERE, language)
        else:
            try:
                result = await served.query(request, text)
            except KGError as e:
                refusal = refusals.of(e)
                reason, status = word(refusal.reason, language), refusal.status
    return await run_in_threadpool(_shown, served, request, language, text, result, reason, status)


def _shown(
    served: ServedStudy, request: Request, language: str, text: str, result: Result | None, reason: str, status: int
) -> Response:
    """Show a query with what it gave, or that alone to a program."""
    # The processes that make the other pages read this for themselves, meanwhile: so the first page comes sooner.
    from kg.browse import html
    from kg.browse.frame import Page

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
    content = OwnQuery(text, result, reason, SPARQL_ROWS, [query.named(n) for n in query.names()])
    page = Page("sparql.html", "SPARQL", "sparql", content)
    return Response(
        html.render(served.latest.study(), page, addresses.Served(language), editing=served.editing is not None),
        status,
        media_type="text/html",
    )
