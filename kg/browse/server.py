"""Run the web app on a port of this machine."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

from kg.errors import ServerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import uvicorn
    from starlette.types import ASGIApp

    from kg.browse.workers import Workers


QUEUE = 1024
"""How many connections wait to be taken."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    Args:
        host: address to listen on.
        port: the port; 0 takes a free one.

    Raises:
        ServerUnavailable: when the port is in use or not allowed, or the address is another machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once only over what says that it is TCP; else each page on a kept connection takes 40 ms more.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(QUEUE)
    except OSError as e:
        listening.close()
        raise ServerUnavailable(f"cannot listen on {host}:{port}: {e.strerror}; take another with --port") from e
    return listening


def server_of(app: ASGIApp) -> uvicorn.Server:
    """Return what takes requests and hands them to an app.

    Args:
        app: the app.
    """
    import uvicorn

    from kg.browse.connections import AT_ONCE, Connection

    class Server(uvicorn.Server):
        """A server that lets more connections wait than it takes at once."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            for listening in sockets or ():
                # asyncio lets no more wait than it takes at once; who is not let wait tries again after a second.
                listening.listen(QUEUE)

    return Server(
        uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            # What a client does wrong is answered, and nobody at the terminal can mend it.
            log_level="error",
            access_log=False,
            server_header=False,
            # Nobody stands between this and the browser, so no header may say where a request comes from.
            proxy_headers=False,
            backlog=AT_ONCE,
            timeout_graceful_shutdown=2,
        )
    )


def serve(
    folder: Path,
    workers: Workers,
    host: str,
    port: int,
    names: Sequence[str],
    ready: Callable[[str], None],
    *,
    edit: bool = False,
) -> None:
    """Answer requests until interrupted.

    Args:
        folder: the study's folder.
        workers: make the answers.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        names: further names by which it may be addressed.
        ready: called with the address once it answers; where the study is edited, that at which a session begins.
        edit: whether the study can be edited in the browser.

    Raises:
        ServerUnavailable: when the port is in use or not allowed, or the address is another machine's.
    """
    with listen(host, port) as listening:
        from kg.browse import app, events
        from kg.browse.editing import Editing

        with events.Watched(folder) as watched, ExitStack() as stack:
            editing = stack.enter_context(Editing(folder)) if edit else None
            server = server_of(app.app(folder, workers, watched, ["127.0.0.1", "localhost", host, *names], editing))
            shown = f"[{host}]" if ":" in host else host
            ready(f"http://{shown}:{listening.getsockname()[1]}{editing.begin if editing else '/'}")
            server.run(sockets=[listening])
