"""The command: reads its words, calls the library, prints."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any

import typer

from kg.cli import _common
from kg.cli._ending import ended

MODULES = {
    "answers": ("ask", "trace", "cite", "report", "search", "show", "list"),
    "outputs": ("push", "export", "pseudonymise"),
    "queries": ("query", "sparql", "cypher"),
    "studies": ("build", "watch", "check", "schema", "init", "import", "confirm", "upgrade"),
    "documents": ("add",),
    "changes": ("diff", "log"),
    "reading": ("read",),
    "editing": ("code", "support", "oppose", "qualify", "rename", "merge", "edit", "undo", "redo", "fix"),
    "views": ("graph", "browse", "site"),
    "agents": ("mcp",),
}
"""The commands of each module, in the order of the help. One that is named is read alone: to read all takes longer than
to answer."""


def _read(*modules: str) -> typer.Typer:
    """Read modules, each of which adds its commands, and return the app."""
    for module in modules:
        import_module(f"kg.cli.{module}")
    return _common.app


def __getattr__(name: str) -> Any:
    """Return the app with all of its commands as ``kg.cli.app``."""
    if name == "app":
        return _read(*MODULES)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dart-kg {version('dart-kg')}")
        raise typer.Exit


@_common.app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command and end the process with its exit code, see docs/commands.md."""
    sys.exit(_run())


def _typed(word: bytes, read: str) -> str:
    """Return a word of the command as it was typed: in UTF-8, or else in the encoding of the locale.

    Args:
        word: its bytes.
        read: what Python read them as.
    """
    with suppress(UnicodeDecodeError):
        return word.decode()
    # Python keeps bytes that it cannot read as halves of pairs.
    return word.decode("utf-8", "replace") if any("\udc80" <= c <= "\udcff" for c in read) else read


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
    words = [_typed(os.fsencode(word), word) for word in sys.argv[1:]]
    try:
        try:
            # Whoever completes a word, or asks for help, needs them all.
            named = [m for m, commands in MODULES.items() if words[:1] and words[0] in commands]
            _read(*(MODULES if "_KG_COMPLETE" in os.environ else named or MODULES))(words)
        except SystemExit as e:
            # Only now is it known whether all could be written.
            sys.stdout.flush()
            return e.code
    except (Exception, KeyboardInterrupt) as e:
        return ended(e)
    return 0
