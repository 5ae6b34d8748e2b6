"""A study that assistants ask: always as its files are, within bounds of time and size."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from kg import graph, render
from kg.errors import KGError, QueryLimit
from kg.processes import Child, Ended, Limits
from kg.store import sparql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kg.graph import Graph

TIME = sparql.TIMEOUT
"""How long an answer may take, and how long one waits for its turn (seconds)."""
AT_ONCE = 32
"""How many calls are worked on or wait for their turn."""
QUERIES = 2
"""How many SPARQL queries run at once: each may take the memory that ``kg sparql`` gives one."""
LATE = f"this took longer than {TIME:g} s and was ended; ask for less at once"
BUSY = "too much is asked at once; try again in a moment"
ENDED = "the process that answers has ended, as for want of memory; try again, and see the standard error of 'kg mcp'"
FAULT = "this is a fault of kg, nothing of yours; what started 'kg mcp' has its traceback on standard error"


class Answer(NamedTuple):
    """The answer to a call.

    Args:
        text: JSON, or a graph in Turtle.
        notes: what has to be known besides, such as that the graph is older than the files.
    """

    text: str
    notes: tuple[str, ...] = ()


class AskedStudy:
    """A study whose answers are made in a process of their own, which is ended when one takes too long.

    As a context manager it ends what still runs. It may be asked by several threads.

    Args:
        folder: the study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._child: Child | None = None
        self._opening, self._answering = threading.Lock(), threading.Lock()
        self._queries = threading.BoundedSemaphore(QUERIES)
        self._calls = threading.BoundedSemaphore(AT_ONCE)
        self._over = threading.Event()

    def __enter__(self) -> AskedStudy:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if child := self._child:
            child.kill()

    def answer(self, name: str, *arguments: str | None) -> Answer:
        """Answer a call.

        Args:
            name: one of :data:`kg.agents.tools.FUNCTIONS`.
            arguments: what it takes.

        Raises:
            KGError: when there is no answer: the study cannot be built, a word or id is unknown, it takes too long.
        """
        with _turn(self._calls, 0):
            return self._answer(name, arguments)

    def _answer(self, name: str, arguments: Sequence[str | None]) -> Answer:
        opened, notes = self._open()
        with _turn(self._answering):
            child = self._running()
            try:
                built = [str(self.folder), str(opened.built)]
                reply = child.call("run", name, *built, arguments, limits=Limits(TIME))
            except Ended as e:
                child.close()
                self._child = None
                raise QueryLimit(LATE if e.limit else ENDED) from None
        return Answer(reply.body.decode(), notes)

    def sparql(self, text: str, unwanted: threading.Event) -> Answer:
        """Run a SPARQL query, as ``kg sparql`` does: its rows, or a graph in Turtle.

        Args:
            text: the query.
            unwanted: ends it once it is set.

        Raises:
            QueryRefused: when it would write, calls another server or is not valid.
            QueryLimit: when it went past its time, its memory or its size.
        """
        with _turn(self._calls, 0):
            opened, notes = self._open()
            with _turn(self._queries):
                result = sparql.run(opened.oxigraph.folder, text, unwanted=unwanted)
        if result.more:
            notes = (*notes, f"there are more than {sparql.LIMIT:,} rows; ask for fewer, or with LIMIT and OFFSET")
        return Answer(result.turtle if result.turtle is not None else render.dump(result.table.dicts()), notes)

    def _open(self) -> tuple[Graph, tuple[str, ...]]:
        """Return the graph, built again if the files changed, and what has to be known of it."""
        with self._opening:
            opened = graph.open(self.folder)
        if not opened.errors:
            return opened, ()
        errors = f"the study's files have {len(opened.errors)} error(s); 'kg check' lists them"
        return opened, (f"this is the graph that was built before its files changed: {errors}",)

    def _running(self) -> Child:
        """Return the process that answers, started if need be."""
        if self._over.is_set():
            raise KGError(BUSY)
        if self._child is None:
            self._child = Child("kg.agents.tools")
        return self._child


@contextmanager
def _turn(lock: threading.Lock | threading.BoundedSemaphore, seconds: float = TIME) -> Iterator[None]:
    """Wait for one's turn, but not for ever."""
    if not lock.acquire(timeout=seconds):
        raise QueryLimit(BUSY)
    try:
        yield
    finally:
        lock.release()
