"""A server spoken to over HTTP, with bounds on time, on size and on redirects, and errors that say what to do.

SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/; SPARQL 1.1 Graph Store HTTP Protocol,
https://www.w3.org/TR/sparql11-http-rdf-update/.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import KGError, QueryLimit, QueryRefused, ServerUnavailable
from kg.query import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import httpx2

    from kg.query import Cell

_URL = re.compile(
    r"(?P<shown>https?://(?P<host>\[[\da-fA-F:.%]+\]|[^\s/@:?#\[\]\\]+)(?::\d{1,5})?(?:/[^\s?#@\\]*)?)"
    r"(?P<more>\?[^\s#]*)?"
)
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|\[::1\]", re.IGNORECASE)
PATIENCE = 15.0
"""Seconds after which a server that cannot be connected to is given up."""
SIZE = 256 * 2**20
"""Bytes of an answer at most."""
REDIRECTS = 3
"""How often one request is sent on at most."""
_WORDS = 300
"""Characters that are repeated of what a server complains of."""


class Address(NamedTuple):
    """The address of a SPARQL server, and who asks.

    Args:
        url: such as ``http://localhost:3030/ds/sparql``; what stands after a question mark goes along.
        username: None when the server asks for none.
        password: goes with the username.
        token: is sent instead of both, as a bearer token.
    """

    url: str
    username: str | None = None
    password: str | None = None
    token: str | None = None

    @property
    def shown(self) -> str:
        """Return the address as it may be printed: without what a person may have put into it as a secret.

        Example:
            >>> Address("http://localhost:3030/ds?key=secret").shown, Address("http://me:secret@localhost/ds").shown
            ('http://localhost:3030/ds?…', '…')
        """
        match = _URL.fullmatch(self.url)
        return match["shown"] + ("?…" if match["more"] else "") if match else "…"

    def __repr__(self) -> str:
        return f"Address({self.shown!r}, {self.username!r}, ...)"


def address(url: str) -> Address:
    """Return an address, with the name and the password, or the token, that the environment has for it.

    Args:
        url: where the server is.
    """
    return Address(url, *(os.environ.get(f"SPARQL_{name}") or None for name in ("USERNAME", "PASSWORD", "TOKEN")))


class Reply(NamedTuple):
    """The reply of a server.

    Args:
        status: of HTTP.
        media_type: of its content, without parameters.
        body: its content.
    """

    status: int
    media_type: str
    body: bytes


class Client:
    """A connection to a SPARQL server; a context manager.

    Args:
        address: where it is.

    Raises:
        ServerUnavailable: when that is no address.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        match = _URL.fullmatch(address.url)
        if not match:
            more = " and the name and the password as SPARQL_USERNAME and SPARQL_PASSWORD" if "@" in address.url else ""
            raise ServerUnavailable(f"what is given is no address of a server; write http://HOST:PORT/PATH{more}")
        import httpx2

        self._http = httpx2.Client(
            headers={
                "User-Agent": "dart-kg",
                **({"Authorization": f"Bearer {address.token}"} if address.token else {}),
            },
            auth=None if address.token or not address.username else (address.username, address.password or ""),
            # A proxy of the environment stands between this machine and others, not before the machine itself.
            trust_env=not _LOOPBACK.fullmatch(match["host"]),
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def send(
        self,
        method: str,
        *,
        parameters: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str],
        seconds: float,
        accepted: tuple[int, ...] = (),
    ) -> Reply:
        """Send a request, and return the reply.

        Args:
            method: of HTTP.
            parameters: what is added to the address.
            form: what is sent as a form.
            content: what is sent as it is.
            headers: what is said of the request and of what is wanted.
            seconds: until it is given up.
            accepted: what the status may be besides those of success.

        Raises:
            QueryLimit: when the time is over, or the reply too big.
            QueryRefused: when the server does not understand what was sent.
            ServerUnavailable: when it does not answer, does not let us in, or cannot do what it is asked.
        """
        import httpx2

        with self._explained(seconds):
            request = self._http.build_request(
                method,
                httpx2.URL(self.address.url).copy_merge_params(parameters or {}),
                data=form,
                content=content,
                headers=headers,
                timeout=httpx2.Timeout(seconds, connect=min(PATIENCE, seconds)),
            )
            reply = self._receive(request, time.monotonic() + seconds, seconds)
        if reply.status >= HTTPStatus.MULTIPLE_CHOICES and reply.status not in accepted:
            raise self._refusal(reply)
        return reply

    def _receive(self, request: httpx2.Request, end: float, seconds: float) -> Reply:
        """Send a request, wherever the server sends it on to."""
        for _ in range(REDIRECTS):
            response = self._http.send(request, stream=True)
            try:
                onward = response.next_request
                if onward is None:
                    return self._read(response, end, seconds)
                self._check_onward(request, onward)
                request = onward
            finally:
                response.close()
        raise ServerUnavailable(f"{self.address.shown} sends every request on to another address")

    def _check_onward(self, request: httpx2.Request, onward: httpx2.Request) -> None:
        """Follow a server to itself only, with the whole request: a password is for no other."""
        here, there = request.url, onward.url
        same = (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)
        upgraded = (here.scheme, there.scheme, here.host, there.port) == ("http", "https", there.host, None)
        if not (same or upgraded) or onward.method != request.method:
            elsewhere = Address(str(there)).shown
            raise ServerUnavailable(f"{self.address.shown} sends on to {elsewhere}; give that address if you trust it")

    def _read(self, response: httpx2.Response, end: float, seconds: float) -> Reply:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > SIZE:
                raise QueryLimit(f"what {self.address.shown} gives is bigger than {SIZE // 2**20} MiB; ask for less")
            if time.monotonic() > end:
                raise self._late(seconds)
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Reply(response.status_code, media_type, bytes(body))

    @contextmanager
    def _explained(self, seconds: float) -> Iterator[None]:
        """Turn the errors of the connection into ours, which say what to do."""
        import httpx2

        try:
            yield
        except KGError:
            raise
        except (httpx2.ReadTimeout, httpx2.WriteTimeout) as e:
            raise self._late(seconds) from e
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as e:
            raise ServerUnavailable(
                f"no answer from {self.address.shown}: {_words(str(e)) or type(e).__name__}; "
                "is the server running, and is the address right?"
            ) from e

    def _late(self, seconds: float) -> QueryLimit:
        return QueryLimit(
            f"{self.address.shown} did not answer within {seconds:g} s; ask for less, or give it more time"
        )

    def _refusal(self, reply: Reply) -> ServerUnavailable | QueryRefused:
        """Say what a status means and what to do."""
        where, status = self.address.shown, f"{reply.status} {_phrase(reply.status)}".strip()
        said = _said(reply)
        if reply.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return ServerUnavailable(
                f"{where} did not let us in ({status}); check SPARQL_USERNAME and SPARQL_PASSWORD, or SPARQL_TOKEN"
            )
        if reply.status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED):
            return ServerUnavailable(
                f"{where} does not do that ({status}); is it the address of its queries, such as "
                "http://HOST:3030/DATASET/sparql, or for 'kg push' of its graph store, such as .../data?"
            )
        if HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
            return ServerUnavailable(f"{where} sends on to nowhere ({status})")
        if reply.status == HTTPStatus.BAD_REQUEST:
            return QueryRefused(f"{where} did not understand what it was asked: {said or status}")
        return ServerUnavailable(f"{where} could not do that ({status}){f': {said}' if said else ''}")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _said(reply: Reply) -> str:
    """Return what a server says of its refusal, unless that is a page."""
    if "html" in reply.media_type:
        return ""
    return _words(reply.body[: 4 * _WORDS].decode("utf-8", "replace"))


def _words(text: str) -> str:
    """Return text as part of a sentence."""
    return " ".join(text.split())[:_WORDS].rstrip(".")


def results(reply: Reply, where: Address, columns: Iterable[str]) -> list[tuple[Cell, ...]]:
    """Return the rows that a reply holds.

    Args:
        reply: to a SELECT.
        where: who gave it.
        columns: names of the variables that are wanted.

    Raises:
        ServerUnavailable: when it is no result of SPARQL, or lacks one of them.
    """
    from pyoxigraph import QueryResultsFormat, Variable, parse_query_results

    wanted = [Variable(column) for column in columns]
    try:
        solutions: Any = parse_query_results(reply.body, format=QueryResultsFormat.JSON)
        return [tuple(value(row[variable]) for variable in wanted) for row in solutions]
    except (SyntaxError, ValueError, KeyError, TypeError) as e:
        # A TypeError, where it is the result of an ASK.
        kind = reply.media_type or "nothing"
        raise ServerUnavailable(f"{where.shown} answers with what is no result of SPARQL ({kind}); is it one?") from e
