"""What is answered when there is no answer: a page that needs nothing of the study, with a status, words and a mend."""

from __future__ import annotations

from functools import cache, partial
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kg.browse import addresses
from kg.errors import KGError, QueryLimit, ServerUnavailable, StoreUnavailable, closest
from kg.words import word

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The headers of every answer."""
REASONS = {
    400: "this cannot be read as a request; open the address that 'kg browse' printed",
    403: "a page elsewhere asked for this; follow a link, or open the address by yourself",
    404: "there is no such page; begin at the first one",
    405: "this is only read: send GET or HEAD",
    408: "the request did not come to its end in time; send it again",
    414: "this address is too long; choose less at once",
    431: "this request is too long; delete the cookies that the browser keeps for this address",
    500: "something went wrong by a fault of the program; the terminal says more",
    503: "too much is asked at once; try again in a moment",
}
"""What went wrong and how it is mended, by status."""
SHOWN = 200
"""How much of an address is shown (characters)."""
GONE = "the graph that was built is not there any more; run 'kg build' and load this page again"


class Refusal(Exception):
    """A refusal of an answer, with its status and why.

    Args:
        status: the status of HTTP, one of :data:`REASONS`.
        reason: why, and what to do; without it, the usual one of the status.
        trace: the traceback of a fault of the program, for the terminal.
    """

    def __init__(self, status: int, reason: str = "", trace: str = "") -> None:
        super().__init__(status, reason, trace)
        self.status, self.reason, self.trace = status, reason or REASONS[status], trace


def of(error: Exception) -> Refusal:
    """Return what is answered after an error.

    Args:
        error: the error.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        ours = error.detail and error.detail != HTTPStatus(error.status_code).phrase
        return Refusal(error.status_code, error.detail if ours or error.status_code not in REASONS else "")
    if isinstance(error, StoreUnavailable):
        return Refusal(503, GONE)
    if isinstance(error, KGError):
        return Refusal(503 if isinstance(error, (QueryLimit, ServerUnavailable)) else 400, str(error))
    import traceback

    return Refusal(500, trace="".join(traceback.format_exception(error)))


def page(refusal: Refusal, language: str = "en", asked: str = "") -> Response:
    """Return a refusal as a page: what was asked for, what comes near, a field to ask, what there is.

    Args:
        refusal: why there is no answer.
        language: ``en`` or ``zh``.
        asked: the path that was asked for, where there is no page.
    """
    from kg.html import templates
    from kg.render import clean

    title = word("Not found" if refusal.status == 404 else "This cannot be shown", language)
    template = templates("kg.browse").get_template("refusal.html")
    reason = clean(word(refusal.reason, language))
    to = addresses.Served(language)
    pages = [page for _, some in to.menu() for page in some]
    # A path is as near as the nearest of its parts, and by its name as well as by its address.
    parts = [part for part in asked.strip("/").split("/") if part and part != language][:2]
    near = [page for page in pages if any(closest(part, (page[0], page[1], word(page[1], language))) for part in parts)]
    html = template.render(
        _=partial(word, language=language),
        title=title,
        reason=reason,
        language=language,
        asked=clean(asked)[:SHOWN],
        near=near,
        pages=pages,
        to=to,
    )
    return Response(html, refusal.status, {"Cache-Control": "no-store"}, "text/html")


@cache
def raw(status: int) -> bytes:
    """Return the whole answer, as bytes, to what was never read as a request.

    Args:
        status: the status of HTTP.
    """
    answer = page(Refusal(status))
    head = {**HEADERS, **answer.headers, "Connection": "close"}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join([*lines, "", ""]).encode() + bytes(answer.body)
