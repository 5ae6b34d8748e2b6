"""Processes that respond to addresses, as many as there are processors: Python makes one page at a time.

One that takes too long, or was stopped, is ended and another takes its place.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import OrderedDict
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.browse.refusals import Refusal
from kg.browse.targets import Representation
from kg.processes import Child, Ended, Limits, Reply, serve

if TYPE_CHECKING:
    from kg.browse.targets import Target

MOST = 4
"""How many processes there are at most: each holds what it knows of the study."""
TIME = 20.0
"""How long one may take to respond, or to begin (seconds)."""
LATE = "this took too long and was given up; choose less at once, or try again"
ENDED = "what makes the pages was ended twice, as for want of memory; close other programs and try again"


def number() -> int:
    """Return how many processes respond here."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, MOST)


class Workers:
    """Processes that begin with the block and end with it; whoever waits for them is served in turn.

    Args:
        folder: the study's folder.
        endpoint: URL of the SPARQL endpoint that answers named queries; empty for the tables of the build.
    """

    def __init__(self, folder: Path, endpoint: str = "") -> None:
        self.folder, self.endpoint = folder, endpoint
        self.waiting: OrderedDict[Future[Representation], Target] = OrderedDict()
        self.arrival = threading.Condition()
        self.children: set[Child] = set()
        self.lock = threading.Lock()
        self.ended = threading.Event()

    def __enter__(self) -> Workers:
        threading.Thread(target=self._serve, args=(number(),), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.ended.set()
            for child in self.children:
                child.kill()

    async def respond(self, target: Target) -> Representation:
        """Return what is asked for; cancelled before its turn, it is not made.

        Args:
            target: what is asked for.

        Raises:
            Refusal: when it cannot be made, as by a fault of the program.
        """
        future: Future[Representation] = Future()
        with self.arrival:
            self.waiting[future] = target
            self.arrival.notify()
        try:
            return await asyncio.wrap_future(future)
        finally:
            with self.arrival:
                self.waiting.pop(future, None)

    def _next(self) -> tuple[Future[Representation], Target]:
        """Wait for a target, and return the one that has waited longest."""
        with self.arrival:
            while not self.waiting:
                self.arrival.wait()
            return self.waiting.popitem(last=False)

    def _serve(self, processes: int) -> None:
        """Keep a process busy, and let the next one start once it is ready, so that the first answer comes soon."""
        child = self._start()
        if processes > 1:
            threading.Thread(target=self._serve, args=(processes - 1,), daemon=True).start()
        while child:
            future, target = self._next()
            if future.set_running_or_notify_cancel():
                child = self._respond(child, target, future)

    def _respond(self, child: Child, target: Target, future: Future[Representation]) -> Child:
        """Respond to one target, and return the process that takes the next."""
        for _ in range(2):
            try:
                head, body = child.call("respond", *target, limits=Limits(TIME))
            except Refusal as e:
                future.set_exception(e)
                return child
            except Ended as e:
                # It was ended from outside, as for want of memory: another, if one can be started, takes its place
                # and tries once more; but not what took too long already.
                if e.limit:
                    future.set_exception(Refusal(503, LATE))
                child.close()
                with self.lock:
                    self.children.discard(child)
                with suppress(OSError):
                    child = self._start() or child
                if e.limit:
                    return child
            else:
                future.set_result(Representation(body, *head))
                return child
        future.set_exception(Refusal(503, ENDED))
        return child

    def _start(self) -> Child | None:
        """Start a process and wait until it is ready."""
        with self.lock:
            if self.ended.is_set():
                return None
            child = Child("kg.browse.workers", errors=[Refusal], look=min(1.0, TIME / 10))
            self.children.add(child)
        with suppress(Ended):
            child.call("open", str(self.folder), self.endpoint, limits=Limits(TIME))
        return child


class _Worker:
    """The work of one of the processes."""

    def open(self, folder: str, endpoint: str) -> None:
        """Read what every page needs, so that the first one comes soon.

        Args:
            folder: the study's folder.
            endpoint: URL of what answers named queries; empty for the tables of the build.
        """
        from kg.browse import html, responses  # noqa: F401 - read now, while the server itself is being read
        from kg.browse.study import LatestBuild

        self.latest = LatestBuild(Path(folder), endpoint)
        html.read()
        # It may be being built for the first time, or anew; what else is wrong is said by the page that meets it.
        with suppress(Exception):
            self.latest.study().read()

    def respond(self, *target: Any) -> Reply:
        """Return media type, status, tag and whether it passes of what is asked for, with its content.

        Args:
            target: the fields of a target.

        Raises:
            Refusal: when it cannot be made.
        """
        from kg.browse import refusals, responses, targets

        try:
            body, *head = responses.respond(self.latest.study(), targets.Target(*target))
        except Exception as e:
            raise refusals.of(e) from None
        return Reply(head, body)


if __name__ == "__main__":
    from kg.browse import refusals

    _worker = _Worker()
    serve({"open": _worker.open, "respond": _worker.respond}, errors=(refusals.Refusal,))
