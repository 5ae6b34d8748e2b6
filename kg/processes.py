"""Processes of our own that answer calls one after another.

What cannot be interrupted, as a query in an engine, or would hold Python's lock, as the making of a page, runs in
a process of its own. :class:`Child` starts one and calls its functions by name; :func:`serve` is the other end.

A message is a line of JSON and the bytes that belong to it. Nothing is unpickled, so that whatever a process gives
back is data and never code. A secret is an argument of a call: the command line of a process is read by everyone.

A process ends when its input does, that is, however the one that started it ended. In the middle of a call that has
a time limit its own clock ends it: a query may hold Python's lock until then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

GRACE = 10.0
"""How long a process that is closed may take to end by itself (seconds)."""
LOOK = 0.05
"""How often the limits of a call are looked at (seconds); meanwhile its process can take some 100 MB more."""


class Limits(NamedTuple):
    """The limits of a call; past them the process is ended.

    Args:
        seconds: how long it may take.
        memory: how much memory the process may have (bytes). It is measured by the process that waits: limits of the
            system are not kept everywhere (macOS ignores RLIMIT_AS, Windows has none), and what they end says nothing.
        unwanted: ends it once it is set.
    """

    seconds: float | None = None
    memory: int | None = None
    unwanted: threading.Event | None = None


UNLIMITED = Limits()


class Reply(NamedTuple):
    """The reply to a call.

    Args:
        value: what JSON can hold.
        body: bytes that go with it.
    """

    value: Any = None
    body: bytes = b""


class Ended(Exception):
    """The end of a process before it replied.

    Args:
        limit: name of the limit that was passed, as in :class:`Limits`; empty when the process ended by itself or was
            ended from outside.
        complaint: the last line that it wrote to its standard error, if that is kept.
    """

    def __init__(self, limit: str, complaint: str) -> None:
        super().__init__(limit, complaint)
        self.limit, self.complaint = limit, complaint


class Child:
    """A process that runs a module which calls :func:`serve`; as a context manager it is killed at the end.

    Args:
        module: the module's name.
        errors: kinds of error that it may raise here, with those derived from them.
        quiet: whether its standard error is kept for :class:`Ended`; else it is that of this process.
        look: how often the limits of a call are looked at (seconds).
        folder: where it stands.
        environment: what is added to its environment.

    Raises:
        OSError: when no process can be started.
    """

    def __init__(
        self,
        module: str,
        *,
        errors: Sequence[type[Exception]] = (KGError,),
        quiet: bool = False,
        look: float = LOOK,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.errors, self.look = errors, look
        self._complaints = tempfile.TemporaryFile() if quiet else None  # noqa: SIM115 (closed with the process)
        self.process = subprocess.Popen(  # noqa: S603 (ours)
            # -P: no module of the folder one stands in, which may be somebody else's study.
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            # Ctrl-C is for the process that started it, which ends it in order.
            start_new_session=True,
        )
        assert self.process.stdin
        assert self.process.stdout
        self._calls, self._replies = self.process.stdin, self.process.stdout
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._over = threading.Event()
        self._call: tuple[float, Limits] | None = None
        """When the call that is being answered began, and its limits."""
        self._passed = ""

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.close()

    @property
    def running(self) -> bool:
        """Return whether it has not ended yet."""
        return self.process.poll() is None

    def call(self, function: str, *arguments: Any, limits: Limits = UNLIMITED) -> Reply:
        """Call a function of the process, one call at a time.

        Args:
            function: its name, as :func:`serve` has it.
            arguments: what JSON can hold.
            limits: what the call may take.

        Raises:
            Ended: when the process ended before it replied, or passed a limit, which ends it.
            Exception: what the function raised, if it is of the kinds in ``errors``.
        """
        with self._lock:
            self._call, self._passed = (time.monotonic(), limits), ""
        if self._watcher is None and limits != UNLIMITED:
            self._watcher = threading.Thread(target=self._watch, daemon=True)
            self._watcher.start()
        # What is no message, or cannot be sent or read any more, is no reply either.
        message = None
        with suppress(OSError, ValueError):
            _write(self._calls, [function, arguments, limits.seconds])
            message = _read(self._replies)
        with self._lock:
            self._call = None
        if message is None:
            self.kill()
            raise Ended(self._passed, self._complaint())
        (error, value), body = message
        if error is not None:
            raise _error(self.errors, error)
        return Reply(value, body)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._over.set()
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """End it in order: its input ends, and it does what it has to at its end."""
        self._over.set()
        # A broken pipe only says that it has ended already.
        with suppress(OSError):
            self._calls.close()
        try:
            self.process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            self.kill()
        self._replies.close()
        if self._complaints:
            self._complaints.close()

    def _watch(self) -> None:
        """End the process when a call passes a limit; also one that was stopped can be killed."""
        while not self._over.wait(self.look):
            with self._lock:
                self._passed = self._limit_passed()
                if self._passed:
                    self.process.kill()
                    return

    def _limit_passed(self) -> str:
        """Return the limit that the call has passed, or nothing."""
        if not self._call:
            return ""
        began, limits = self._call
        if limits.seconds is not None and time.monotonic() - began > limits.seconds:
            return "seconds"
        if limits.unwanted and limits.unwanted.is_set():
            return "unwanted"
        if limits.memory is not None:
            import psutil

            # It may have ended just now.
            with suppress(psutil.Error):
                return "memory" if psutil.Process(self.process.pid).memory_info().rss > limits.memory else ""
        return ""

    def _complaint(self) -> str:
        """Return the last line that the process, which has ended, wrote to its standard error."""
        if not self._complaints or self._complaints.closed:
            return ""
        self._complaints.seek(0)
        return self._complaints.read().decode("utf-8", "replace").strip().rpartition("\n")[2]


def serve(functions: Mapping[str, Callable[..., Any]], errors: tuple[type[Exception], ...] = (KGError,)) -> None:
    """Answer the calls of the process that started this one, until that is gone.

    Args:
        functions: what can be called, by name. Each returns what JSON can hold, or a :class:`Reply`.
        errors: kinds of error that are raised where the call was made; any other ends this process.
    """
    import faulthandler

    # Unbuffered: what cannot be written, because nobody reads any more, is not tried again at the end.
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    # What anything prints is no reply.
    os.dup2(2, 1)
    with open(os.devnull, "w", encoding="utf-8") as nowhere, suppress(BrokenPipeError):
        while message := _read(sys.stdin.buffer):
            (function, arguments, seconds), _ = message
            if seconds is not None:
                faulthandler.dump_traceback_later(seconds + 1, exit=True, file=nowhere)
            try:
                result = functions[function](*arguments)
                reply = result if isinstance(result, Reply) else Reply(result)
                _write(replies, [None, reply.value], reply.body)
            except errors as e:
                _write(replies, [[type(e).__name__, e.args, vars(e)], None])
            faulthandler.cancel_dump_traceback_later()


def _write(stream: IO[bytes], value: Any, body: bytes = b"") -> None:
    """Write a message."""
    rest = memoryview(json.dumps([value, len(body)]).encode() + b"\n" + body)
    while rest:
        rest = rest[stream.write(rest) :]
    stream.flush()


def _read(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """Read a message; None when there is none any more, or half of one."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    value, size = json.loads(line)
    body = stream.read(size)
    return (value, body) if len(body) == size else None


def _error(kinds: Sequence[type[Exception]], described: Sequence[Any]) -> Exception:
    """Return an error as it was raised in the process."""
    name, arguments, state = described
    for kind in kinds:
        if kind.__name__ == name:
            error = kind(*arguments)
            vars(error).update(state)
            return error
        with suppress(LookupError):
            return _error(kind.__subclasses__(), described)
    raise LookupError(name)
