"""Run the web app on a port of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

from kg.errors import ServerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.process import BaseProcess
    from pathlib import Path

MOST = 4
"""How many processes answer requests: each holds what it knows of the study."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    Args:
        host: address to listen on.
        port: the port; 0 takes a free one.

    Raises:
        ServerUnavailable: when the port is taken or the address is not this machine's.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as e:
        listening.close()
        raise ServerUnavailable(f"cannot listen on {host}:{port}: {e.strerror}; take another with --port") from e
    return listening


def serve(folder: Path, host: str, port: int, names: Sequence[str], ready: Callable[[str], None]) -> None:
    """Answer requests until interrupted, in as many processes as there are processors, at most :data:`MOST`.

    Args:
        folder: the study's folder.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        names: further names by which it may be addressed.
        ready: called with the address once it answers.

    Raises:
        ServerUnavailable: when the port is taken or the address is not this machine's.
    """
    with listen(host, port) as listening:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{listening.getsockname()[1]}/")
        hosts = ["127.0.0.1", "localhost", host, *names]
        helpers = [_helper(listening, folder, hosts) for _ in range(1, min(_processors(), MOST))]
        try:
            _answer(listening, folder, hosts)
        finally:
            for helper in helpers:
                helper.terminate()


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _helper(listening: socket.socket, folder: Path, hosts: Sequence[str]) -> BaseProcess:
    """Start a process that takes requests from the same port; a page is made by one processor."""
    # Not by fork: the store of the graph has threads, which a fork would lose.
    helper = multiprocessing.get_context("spawn").Process(target=_help, args=(listening, folder, hosts), daemon=True)
    helper.start()
    return helper


def _help(listening: socket.socket, folder: Path, hosts: Sequence[str]) -> None:
    """Answer requests until the first process ends, however it ends."""
    first = multiprocessing.parent_process()
    assert first

    def watch() -> None:
        first.join()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    # Ctrl-C goes to every process of the terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _answer(listening, folder, hosts)


def _answer(listening: socket.socket, folder: Path, hosts: Sequence[str]) -> None:
    """Answer requests."""
    import uvicorn

    import kg
    from kg.browse import app

    made = app.app(lambda: kg.open(folder, built=True), hosts)
    server = uvicorn.Server(uvicorn.Config(made, log_level="warning", access_log=False, server_header=False))
    # A page that was made before is not to wait for one that is being made.
    sys.setswitchinterval(0.001)
    server.run(sockets=[listening])
