"""Processes that make answers, as many as there are processors: Python makes one page at a time.

``python -m kg.browse.makers FOLDER`` is one of them. It reads what is wanted from its standard input, writes what
it made to its standard output, and ends when its input does, however the process that started it ended.
"""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.browse.making import Made, Wanted

MOST = 4
"""How many processes there are at most: each holds what it knows of the study."""
GONE = (OSError, EOFError, pickle.UnpicklingError)
"""What is raised when a process ended."""


def number() -> int:
    """Return how many processes make answers here."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, MOST)


class _Maker:
    """Hold one process."""

    def __init__(self, folder: Path) -> None:
        # -P: no module of the folder one stands in, which may be somebody else's study.
        command = [sys.executable, "-P", "-m", "kg.browse.makers", str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (ours)
        assert self.process.stdin
        assert self.process.stdout
        self.asked, self.answers = self.process.stdin, self.process.stdout

    def answer(self) -> Any:
        """Return what the process says next: at first that it is ready.

        Raises:
            EOFError: when it ended.
        """
        return pickle.load(self.answers)  # noqa: S301 (from a process of ours)

    def make(self, wanted: Wanted) -> Any:
        """Return what the process makes.

        Raises:
            OSError, EOFError, pickle.UnpicklingError: when it ended meanwhile.
        """
        pickle.dump(wanted, self.asked)
        self.asked.flush()
        return self.answer()

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
        self.idle: SimpleQueue[_Maker] = SimpleQueue()
        self.all: set[_Maker] = set()
        self.lock = threading.Lock()
        self.ended = False
        self.limiter: Any = None

    def __enter__(self) -> Makers:
        threading.Thread(target=self._start_all, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self.lock:
            self.ended = True
            for maker in self.all:
                maker.end()

    def _start_all(self) -> None:
        """Start one after another, so that the first answer comes soon."""
        for _ in range(number()):
            if not (maker := self._started()):
                return
            self.idle.put(maker)

    def _started(self) -> _Maker | None:
        """Start a process and wait until it is ready."""
        with self.lock:
            if self.ended:
                return None
            maker = _Maker(self.folder)
            self.all.add(maker)
        with suppress(*GONE):
            maker.answer()
        return maker

    async def make(self, wanted: Wanted) -> Made:
        """Make an answer.

        Args:
            wanted: what is wanted.

        Raises:
            RuntimeError: when it cannot be made by a fault of the program, with the traceback.
        """
        from anyio import CapacityLimiter, to_thread

        if self.limiter is None:
            self.limiter = CapacityLimiter(number())
        return await to_thread.run_sync(self._make, wanted, limiter=self.limiter)

    def _make(self, wanted: Wanted) -> Made:
        maker = self.idle.get()
        try:
            try:
                made = maker.make(wanted)
            except GONE:
                # It was ended from outside, as for want of memory: another takes its place, once.
                maker.end()
                with self.lock:
                    self.all.discard(maker)
                maker = self._started() or maker
                made = maker.make(wanted)
        finally:
            self.idle.put(maker)
        if isinstance(made, str):
            raise RuntimeError(made)
        found: Made = made
        return found


def main() -> None:
    """Make answers until nobody wants any more."""
    # Ctrl-C goes to every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What anything prints is no answer.
    os.dup2(2, 1)
    from kg.browse import making, rendering
    from kg.browse.view import Opened
    from kg.errors import StoreUnavailable

    opened = Opened(Path(sys.argv[1]))
    rendering.environment()
    # It may be being built for the first time, or anew since the tables changed.
    with suppress(StoreUnavailable, sqlite3.Error):
        opened.view().read()
    # Nobody listens or asks any more when the process that started this one is gone.
    with suppress(BrokenPipeError, EOFError):
        pickle.dump("ready", answers)
        while True:
            answers.flush()
            wanted = pickle.load(asked)  # noqa: S301 (from the process that started this one)
            try:
                made: Made | str = making.make(opened.view(), wanted)
            except Exception:
                made = traceback.format_exc()
            pickle.dump(made, answers)
    # Else what could not be written would be tried once more, and complained of.
    os._exit(0)


if __name__ == "__main__":
    main()
