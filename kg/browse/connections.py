"""Bounds on connections, which uvicorn has none of: how long a request is, how long it takes, how many there are.

Without them one client that sends a head without end takes all memory, and a few that send a byte now and then, or
read an answer byte by byte, take every place there is. Others were tried in its place: hypercorn has no bound on
connections, granian none on answers that nobody reads, and with both who holds every place keeps all others out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kg.browse import refusals

if TYPE_CHECKING:
    import asyncio
    from typing import Any

LENGTH = 64 * 2**10
"""How long a request may be, with its head and what follows it (bytes): most take no more than an address."""
RECEIVING = 10.0
"""How long it may take to come, from when the connection or the answer before it was there (seconds)."""
ANSWERING = 60.0
"""How long an answer may take, and then, how long a client may take to read it (seconds)."""


class Bounds(NamedTuple):
    """The bounds of a request.

    Args:
        length: how long it may be, with its head and what follows it (bytes).
        seconds: how long its answer may take, with the time in which what follows the head comes.
    """

    length: int
    seconds: float


USUAL = Bounds(LENGTH, ANSWERING)
DOCUMENTS, ADDING = "/edit/documents", Bounds(LENGTH + 64 * 2**20, 300.0)
"""The path that takes documents, where a study is edited, and its own bounds."""
LOOK = 1.0
"""How often each connection is looked at (seconds)."""
CONNECTIONS = 128
"""How many connections there are at most; a Mac lets a process have 256 files."""

AHEAD = 100
"""How many requests may come before the first of them is answered; browsers send none."""
AT_ONCE = 32
"""How many are taken at once: few enough that one is heard before as many others as there may be have come."""


class Connection(HttpToolsProtocol):
    """A connection with limits on size, time and number.

    A connection that passes a limit is closed. When there are too many, a new one takes the place of the one that has
    been idle longest or, when none is idle, of the one whose answer has taken longest: so nobody can keep others out by
    opening many.
    """

    transport: asyncio.Transport

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.received = 0
        """How much of a request has come (bytes)."""
        self.bounds = USUAL
        """The bounds of the request that comes."""
        self.since = 0.0
        """Since when it is doing what it does (seconds of the loop's clock)."""
        self.until = 0.0
        """When that must be over (seconds of the loop's clock)."""
        self.look: asyncio.TimerHandle | None = None
        self.answered: RequestResponseCycle | None = None
        """What is being answered; those after it, which came at once with it, wait in the pipeline."""

    @property
    def answering(self) -> bool:
        """Say whether a request waits for its answer."""
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, in another's place when there are too many."""
        super().connection_made(transport)
        self._within(RECEIVING)
        self.look = self.loop.call_later(LOOK, self._look)
        if len(self.connections) > CONNECTIONS:
            others: Any = self.connections - {self}
            last = min(others, key=lambda one: (one.answering, one.since))
            # It is not counted any more, nor chosen again before it is told that it is lost.
            self.connections.discard(last)
            last.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and with it what is being answered: uvicorn tells only the last request of those that came at once."""
        super().connection_lost(exc)
        self.pipeline.clear()
        if self.answered:
            self.answered.disconnected = True
            self.answered.message_event.set()
        if self.look:
            self.look.cancel()

    def data_received(self, data: bytes) -> None:
        """Take what was sent, unless it is too long."""
        self.received += len(data)
        super().data_received(data)
        if self.received > self.bounds.length and not self.transport.is_closing():
            self._refuse(431)

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        super().on_headers_complete()
        self.bounds = ADDING if self.scope["path"] == DOCUMENTS else USUAL
        if len(self.pipeline) > AHEAD:
            # The parser takes it for no request, and reads no further.
            raise ValueError
        if not self.pipeline:
            self.answered = self.cycle
        self._within(self.bounds.seconds)

    def on_message_complete(self) -> None:
        """Count anew."""
        self.received, self.bounds = 0, USUAL
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait until the answer is read, and for the next request."""
        self.answered = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()
        self._within(ANSWERING if self.answering or self.transport.get_write_buffer_size() else RECEIVING)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (what uvicorn would say)
        """Refuse what is no request."""
        self._refuse(400)

    def shutdown(self) -> None:
        """End at once, whoever still waits."""
        self.transport.abort()

    def _within(self, seconds: float) -> None:
        """Give what begins now a bound of its own."""
        self.since = self.loop.time()
        self.until = self.since + seconds

    def _look(self) -> None:
        """Close what takes too long; who began a request is told so."""
        # A look now and then costs less than a timer for each request.
        self.look = self.loop.call_later(LOOK, self._look)
        if self.loop.time() < self.until:
            return
        if self.received:
            self._refuse(408)
        else:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Say why, if nothing else is being said, and close."""
        if self.answering or self.transport.is_closing() or self.transport.get_write_buffer_size():
            self.transport.abort()
            return
        self.transport.write(refusals.raw(status))
        self.transport.close()
        self._within(RECEIVING)
