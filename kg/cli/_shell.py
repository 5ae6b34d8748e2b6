"""The shell of kg cypher: one query after the other, each ended by a semicolon."""

from __future__ import annotations

import contextlib
import re
import sys
from typing import TYPE_CHECKING

from kg.cli._common import say
from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_PIECE = re.compile(
    r"""
    "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `(?:[^`]|``)*`  # strings and quoted names
    | //[^\n]* | /\*.*?\*/                                    # comments
    | (?P<end>;)
    | ["'`] | /\*                                              # one that is not closed yet
    | .
    """,
    re.DOTALL | re.VERBOSE,
)
HELP = """End a query with ';'. It only reads; $study is the study's id.
:help  this text
:quit  end (so does Control-D)"""


def statements(lines: Iterable[str]) -> Iterator[str]:
    r"""Join lines to queries.

    Args:
        lines: what was written, line by line.

    Yields:
        Each query without its semicolon, and lines that begin with a colon between queries as they are.

    Example:
        >>> list(statements(["RETURN ';' // ;", "AS a; RETURN 2;", ":quit", "RETURN 3"]))
        ["RETURN ';' // ;\nAS a", 'RETURN 2', ':quit', 'RETURN 3']
    """
    buffer = ""
    for line in lines:
        if not buffer.strip() and line.strip().startswith(":"):
            yield line.strip()
            continue
        buffer += line.rstrip("\n") + "\n"
        while end := next((m.end() for m in _PIECE.finditer(buffer) if m["end"]), 0):
            if buffer[: end - 1].strip():
                yield buffer[: end - 1].strip()
            buffer = buffer[end:]
    if buffer.strip():
        yield buffer.strip()


def run(ask: Callable[[str], None]) -> int:
    """Ask what is written on standard input until it ends.

    Args:
        ask: runs one query and prints its rows.

    Returns:
        The highest exit code of a query that failed; 0 at a terminal, where its error was seen.
    """
    interactive = sys.stdin.isatty()
    if interactive:
        say("Cypher, read only; ':help' for help")
    failed = 0
    for text in statements(_typed() if interactive else sys.stdin):
        if text in (":quit", ":exit"):
            break
        if text.startswith(":"):
            say(HELP)
            continue
        try:
            ask(text)
        except KGError as e:
            from kg.render import clean

            say(f"error: {clean(e)}")
            failed = max(failed, e.exit_code)
    return 0 if interactive else failed


def _typed() -> Iterator[str]:
    # Importing readline gives input() its history and its keys, where there is one.
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401
    while True:
        try:
            yield input("cypher> ")
        except EOFError:
            say("")
            return
        except KeyboardInterrupt:
            say("\n':quit' ends")
