"""Let an assistant ask a study."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from kg.cli._common import AsJson, Study, app, open_study, say
from kg.errors import KGError


class Transport(StrEnum):
    """The ways in which an assistant asks."""

    STDIO = "stdio"
    HTTP = "http"


@app.command()
def mcp(
    study: Study = None,
    transport: Annotated[
        Transport, typer.Option(help="stdio: the assistant starts this command; http: programs of this machine ask it.")
    ] = Transport.STDIO,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for http; 0 takes a free one.")] = 8001,
    as_json: AsJson = False,
) -> None:
    """Let an assistant ask a study, over the Model Context Protocol.

    It only reads, answers as the other commands do with --json, and follows the study's files. With stdio it ends
    when the assistant does; with http it listens on this machine only, and Ctrl-C ends it.

    Example: kg mcp --study dart
    """
    if as_json and transport is Transport.STDIO:
        raise KGError("over stdio nothing but the protocol is printed; --json is for --transport http")
    from kg import paths
    from kg.agents import server
    from kg.agents.asked import AskedStudy

    folder = paths.study_folder(study)
    open_study(study)
    with AskedStudy(folder) as asked:
        if transport is Transport.STDIO:
            say(f"{folder.name}: an assistant may ask over standard input; end it with Ctrl-C")
            server.over_stdio(asked)
            return
        server.over_http(asked, port, lambda address: _ready(address, folder.name, as_json=as_json))


def _ready(address: str, study: str, *, as_json: bool) -> None:
    """Say where it is."""
    if as_json:
        import json

        typer.echo(json.dumps({"study": study, "address": address}))
    else:
        typer.echo(f"{study} for assistants at {address} – Ctrl-C ends it")
    sys.stdout.flush()
