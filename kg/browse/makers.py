"""Processes that make answers, as many as there are processors: Python makes one page at a time.

``python -m kg.browse.makers FOLDER`` is one of them. It reads what is wanted from its standard input, writes what
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

from kg.browse.refusals import Unmade

if TYPE_CHECKING:
    from kg.browse.making import Made, Wanted

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


class _Maker:
    """One process."""

    def __init__(self, folder: Path) -> None:
        # -P: no module of the folder one stands in, which may be somebody else's study.
        command = [sys.executable, "-P", "-m", "kg.browse.makers", str(folder)]
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

    def make(self, wanted: Wanted) -> Any:
        """Return what the process makes.

        Raises:
            OSError, EOFError, pickle.UnpicklingError: when it ended meanwhile.
        """
        self.busy, self.late = time.monotonic(), False
        pickle.dump(wanted, self.asked)
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


class Makers:
    """Make answers in processes that begin with the block and end with it; whoever waits is served in turn.

    Args:
        folder: the study's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waiting: OrderedDict[Future[Made], Wanted] = OrderedDict()
        self.wish = threading.Condition()
        self.all: set[_Maker] = set()
        self.lock = threading.Lock()
        self.ended = threading.Event()

    def __enter__(self) -> Makers:
        threading.Thread(target=self._serve, args=(number(),), daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.ended.set()
            for maker in self.all:
                maker.end()

    async def make(self, wanted: Wanted) -> Made:
        """Make an answer; cancelled before its turn, it is not made.

        Args:
            wanted: what is wanted.

        Raises:
            Unmade: when it cannot be made, as by a fault of the program.
        """
        made: Future[Made] = Future()
        with self.wish:
            self.waiting[made] = wanted
            self.wish.notify()
        try:
            return await asyncio.wrap_future(made)
        finally:
            with self.wish:
                self.waiting.pop(made, None)

    def _next(self) -> tuple[Future[Made], Wanted]:
        """Wait for the wish that has waited longest."""
        with self.wish:
            while not self.waiting:
                self.wish.wait()
            return self.waiting.popitem(last=False)

    def _watch(self) -> None:
        """Look at every process now and then."""
        while not self.ended.wait(min(1.0, TIME / 10)):
            with self.lock:
                for maker in self.all:
                    maker.look()

    def _serve(self, processes: int) -> None:
        """Keep a process busy, and let the next one start once it is ready, so that the first answer comes soon."""
        maker = self._started()
        if processes > 1:
            threading.Thread(target=self._serve, args=(processes - 1,), daemon=True).start()
        while maker:
            made, wanted = self._next()
            if made.set_running_or_notify_cancel():
                maker = self._answer(maker, wanted, made)

    def _answer(self, maker: _Maker, wanted: Wanted, made: Future[Made]) -> _Maker:
        """Answer one wish, and return the process that takes the next."""
        for _ in range(2):
            try:
                answer = maker.make(wanted)
            except GONE:
                # It was ended from outside, as for want of memory: another, if one can be started, takes its place
                # and tries once more; but not what took too long already.
                late = maker.late
                if late:
                    made.set_exception(Unmade(503, LATE))
                maker.end()
                with self.lock:
                    self.all.discard(maker)
                with suppress(OSError):
                    maker = self._started() or maker
                if late:
                    return maker
                continue
            if isinstance(answer, Unmade):
                made.set_exception(answer)
            else:
                made.set_result(answer)
            return maker
        made.set_exception(Unmade(503, ENDED))
        return maker

    def _started(self) -> _Maker | None:
        """Start a process and wait until it is ready."""
        with self.lock:
            if self.ended.is_set():
                return None
            maker = _Maker(self.folder)
            self.all.add(maker)
        with suppress(*GONE):
            maker.answer()
        return maker


def main() -> None:
    """Make answers until nobody wants any more."""
    # Ctrl-C goes to every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What anything prints is no answer.
    os.dup2(2, 1)
    from kg.browse import making, refusals, rendering
    from kg.browse.view import Opened

    opened = Opened(Path(sys.argv[1]))
    rendering.environment()
    # It may be being built for the first time, or anew; what else is wrong is said by the page that meets it.
    with suppress(Exception):
        opened.view().read()
    # Nobody listens or asks any more when the process that started this one is gone.
    with suppress(BrokenPipeError, EOFError):
        pickle.dump("ready", answers)
        while True:
            answers.flush()
            wanted = pickle.load(asked)  # noqa: S301 (from the process that started this one)
            try:
                made: Made | Unmade = making.make(opened.view(), wanted)
            except Exception as e:
                made = refusals.of(e)
            pickle.dump(made, answers)
    # Else what could not be written would be tried once more, and complained of.
    os._exit(0)


if __name__ == "__main__":
    main()
