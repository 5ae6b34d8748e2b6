"""Processes that make answers, as many as there are processors: Python makes one page at a time.

``python -m kg.browse.workers FOLDER`` is one of them. It reads what is target from its standard input, writes what
it made to its standard output, and ends when its input does, however the process that started it ended. One that
takes too long, or was stopped, is ended and another takes its place.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.browse.refusals import Refusal

if TYPE_CHECKING:
    from kg.browse.responses import Representation, Target

MOST = 4
"""How many processes there are at most: each holds what it knows of the study."""
TIME = 20.0
"""How long one may take to make an answer, or to begin (seconds)."""
LATE = "this took too long and was given up; choose less at once, or try again"
ENDED = "what makes the pages was ended twice, as for want of memory; close other programs and try again"
GONE = (OSError, EOFError, pickle.UnpicklingError)
"""What is raised when a process ended."""


def number() -> int:
    """Return how many processes make answers here."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, MOST)


class _Worker:
    """One process."""

    def __init__(self, folder: Path) -> None:
        # -P: no module of the folder one stands in, which may be somebody else's study.
        command = [sys.executable, "-P", "-m", "kg.browse.workers", str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (ours)
        assert self.process.stdin
        assert self.process.stdout
        self.asked, self.answers = self.process.stdin, self.process.stdout
        self.busy: float | None = time.monotonic()
        """Since when it is awaited (seconds); None when nobody waits for it."""
        self.late = False

    def answer(self) -> Any:
        """Return what the process says next: at first that it is ready.

        Raises:
            EOFError: when it ended.
        """
        answer = pickle.load(self.answers)  # noqa: S301 (from a process of ours)
        self.busy = None
        return answer

    def make(self, target: Target) -> Any:
        """Return what the process makes.

        Raises:
            OSError, EOFError, pickle.UnpicklingError: when it ended meanwhile.
        """
        self.busy, self.late = time.monotonic(), False
        pickle.dump(target, self.asked)
        self.asked.flush()
        return self.answer()

    def look(self) -> None:
        """End the process if it takes too long; also one that was stopped can be killed."""
        busy = self.busy
        if busy is not None and time.monotonic() - busy > TIME:
            self.late = True
            self.process.kill()

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


class Workers:
    """Make answers in processes that begin with the block and end with it; whoever waits is served in turn.

    Args:
        folder: the study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waiting: OrderedDict[Future[Representation], Target] = OrderedDict()
        self.wish = threading.Condition()
        self.all: set[_Worker] = set()
        self.lock = threading.Lock()
        self.ended = threading.Event()

    def __enter__(self) -> Workers:
        threading.Thread(target=self._serve, args=(number(),), daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.ended.set()
            for worker in self.all:
                worker.end()

    async def respond(self, target: Target) -> Representation:
        """Make an answer; cancelled before its turn, it is not made.

        Args:
            target: what is asked for.

        Raises:
            Refusal: when it cannot be made, as by a fault of the program.
        """
        made: Future[Representation] = Future()
        with self.wish:
            self.waiting[made] = target
            self.wish.notify()
        try:
            return await asyncio.wrap_future(made)
        finally:
            with self.wish:
                self.waiting.pop(made, None)

    def _next(self) -> tuple[Future[Representation], Target]:
        """Wait for the wish that has waited longest."""
        with self.wish:
            while not self.waiting:
                self.wish.wait()
            return self.waiting.popitem(last=False)

    def _watch(self) -> None:
        """Look at every process now and then."""
        while not self.ended.wait(min(1.0, TIME / 10)):
            with self.lock:
                for worker in self.all:
                    worker.look()

    def _serve(self, processes: int) -> None:
        """Keep a process busy, and let the next one start once it is ready, so that the first answer comes soon."""
        worker = self._started()
        if processes > 1:
            threading.Thread(target=self._serve, args=(processes - 1,), daemon=True).start()
        while worker:
            made, target = self._next()
            if made.set_running_or_notify_cancel():
                worker = self._answer(worker, target, made)

    def _answer(self, worker: _Worker, target: Target, made: Future[Representation]) -> _Worker:
        """Answer one wish, and return the process that takes the next."""
        for _ in range(2):
            try:
                answer = worker.make(target)
            except GONE:
                # It was ended from outside, as for want of memory: another, if one can be started, takes its place
                # and tries once more; but not what took too long already.
                late = worker.late
                if late:
                    made.set_exception(Refusal(503, LATE))
                worker.end()
                with self.lock:
                    self.all.discard(worker)
                with suppress(OSError):
                    worker = self._started() or worker
                if late:
                    return worker
                continue
            if isinstance(answer, Refusal):
                made.set_exception(answer)
            else:
                made.set_result(answer)
            return worker
        made.set_exception(Refusal(503, ENDED))
        return worker

    def _started(self) -> _Worker | None:
        """Start a process and wait until it is ready."""
        with self.lock:
            if self.ended.is_set():
                return None
            worker = _Worker(self.folder)
            self.all.add(worker)
        with suppress(*GONE):
            worker.answer()
        return worker


def main() -> None:
    """Make answers until nobody wants any more."""
    # Ctrl-C goes to every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What anything prints is no answer.
    os.dup2(2, 1)
    from kg.browse import html, refusals, responses
    from kg.browse.study import LatestBuild

    latest = LatestBuild(Path(sys.argv[1]))
    html.environment()
    # It may be being built for the first time, or anew; what else is wrong is said by the page that meets it.
    with suppress(Exception):
        latest.study().read()
    # Nobody listens or asks any more when the process that started this one is gone.
    with suppress(BrokenPipeError, EOFError):
        pickle.dump("ready", answers)
        while True:
            answers.flush()
            target = pickle.load(asked)  # noqa: S301 (from the process that started this one)
            try:
                made: Representation | Refusal = responses.respond(latest.study(), target)
            except Exception as e:
                made = refusals.of(e)
            pickle.dump(made, answers)
    # Else what could not be written would be tried once more, and complained of.
    os._exit(0)


if __name__ == "__main__":
    main()
