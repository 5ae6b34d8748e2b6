"""Run the web app on a port of this machine."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from kg.errors import ServerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.graph import Graph


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


def serve(
    open_graph: Callable[[], Graph], host: str, port: int, names: Sequence[str], ready: Callable[[str], None]
) -> None:
    """Answer requests until interrupted.

    Args:
        open_graph: opens the study's graph.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        names: further names by which it may be addressed.
        ready: called with the address once it answers.

    Raises:
        ServerUnavailable: when the port is taken or the address is not this machine's.
    """
    with listen(host, port) as listening:
        import uvicorn

        from kg.browse import app

        shown = f"[{host}]" if ":" in host else host
        made = app.app(open_graph, ["127.0.0.1", "localhost", host, *names])
        server = uvicorn.Server(uvicorn.Config(made, log_level="warning", access_log=False, server_header=False))
        ready(f"http://{shown}:{listening.getsockname()[1]}/")
        # A page that was made before is not to wait for one that is being made.
        sys.setswitchinterval(0.001)
        server.run(sockets=[listening])
