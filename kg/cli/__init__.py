"""The command: reads its words, calls the library, prints."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from kg.cli import answers, outputs, queries, studies, views  # noqa: F401 - each adds its commands to app
from kg.cli._common import app
from kg.cli._ending import ended


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dart-kg {version('dart-kg')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command and end the process with its exit code, see docs/commands.md."""
    sys.exit(_run())


def _run() -> int | str | None:
    """Run the command; return what the process is to end with."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # It was closed by who called.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - until the process ends
        elif hasattr(stream, "reconfigure"):
            # A pipe in the C locale would refuse Chinese.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # So would the words of the command.
    words = [os.fsencode(word).decode("utf-8", "replace") for word in sys.argv[1:]]
    try:
        try:
            app(words)
        except SystemExit as e:
            # Only now is it known whether all could be written.
            sys.stdout.flush()
            return e.code
    except (Exception, KeyboardInterrupt) as e:
        return ended(e)
    return 0
