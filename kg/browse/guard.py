"""What stands around the app: who may ask, the headers of every answer, and a page in place of every error."""

from __future__ import annotations

import sys
import time
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.browse import addresses, refusals
from kg.browse.connections import LENGTH
from kg.browse.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST = 8000
"""How long an address may be (characters)."""

HOST = "this request names another host; open the address that 'kg browse' printed, or give the name with --name"


class Guard:
    """An app that is asked only by who may, and has a page for every error.

    Args:
        app: the app.
        hosts: names by which it may be addressed; a request that names another is refused, so that a page from
            elsewhere cannot reach it by a name of its own (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str]) -> None:
        self.app, self.hosts = app, {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: with the headers, and with how long it took."""
        began, started = time.perf_counter(), False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                took = f"app;dur={(time.perf_counter() - began) * 1000:.1f}"
                sent = {**refusals.HEADERS, "Server-Timing": took}
                message["headers"] = [
                    *message["headers"],
                    *((key.lower().encode(), value.encode()) for key, value in sent.items()),
                ]
            await send(message)

        try:
            self._admit(scope)
            await self.app(scope, receive, with_headers)
        except Exception as e:
            refused = refusals.of(e)
            if refused.trace:
                sys.stderr.write(refused.trace)
            if started:
                # Half an answer is no page; the connection is closed when this one ends.
                return
            await refusals.page(refused, language(scope))(scope, receive, with_headers)

    def _admit(self, scope: Scope) -> None:
        """Refuse what nobody should ask.

        Raises:
            Refusal: when it is refused.
        """
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if _name(headers.get(b"host", b"")) not in self.hosts:
            raise Refusal(400, HOST)
        address = len(scope["raw_path"]) + len(scope["query_string"])
        if address > LONGEST:
            raise Refusal(414)
        if address + sum(len(name) + len(value) for name, value in scope["headers"]) > LENGTH:
            raise Refusal(431)
        # Any page that is open in the browser can make it ask; only a link that a person follows is answered.
        followed = headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") == b"document"
        if foreign(headers) and not followed and not scope["path"].startswith("/static/"):
            raise Refusal(403)


def language(scope: Scope) -> str:
    """Return the language in which an address is answered.

    Args:
        scope: the request.
    """
    first = scope["path"].split("/", 2)[1:2]
    return first[0] if first and first[0] in addresses.LANGUAGES else "en"


def foreign(headers: Mapping[bytes, bytes]) -> bool:
    """Say whether a page of another site, or of another port of this one, made the browser ask.

    Args:
        headers: those of the request; what is no browser says nothing about it.
    """
    return headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site")


@lru_cache(64)
def _name(host: bytes) -> str | None:
    """Return the name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host.decode('latin-1')}").hostname if not set(host) & set(b"/?#@\\") else None
    except ValueError:
        return None
