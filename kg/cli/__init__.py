"""The command: reads its words, calls the library, prints."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from kg.cli import answers, outputs, queries, studies, views  # noqa: F401 - each adds its commands to app
from kg.cli._common import app, say
from kg.errors import KGError, StudyError, UnknownTerm


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
    """Run the command; an error is one message and an exit code: 1 findings, 2 bad input, 3 unavailable."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe in the C locale would refuse Chinese.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # So would the words of the command.
    words = [os.fsencode(word).decode("utf-8", "replace") for word in sys.argv[1:]]
    try:
        app(words)
    except KGError as e:
        from kg.render import clean

        text = clean(e)
        say(text if isinstance(e, StudyError) else f"error: {text}")
        if isinstance(e, UnknownTerm) and not e.suggestions:
            say("'kg list' shows what there is")
        if isinstance(e, StudyError):
            say(f"{len(e.findings)} error(s); nothing was written")
        sys.exit(e.exit_code)
    except BrokenPipeError:
        # The reader of the pipe has seen enough, as 'head' does.
        sys.stderr.close()
        sys.exit(0)
    except OSError as e:
        say(f"error: {e.filename or 'a file'}: {e.strerror}")
        sys.exit(3)
