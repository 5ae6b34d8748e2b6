"""A user's own SPARQL: read only, in a process of its own, with limits on time, memory and rows.

Oxigraph cannot be interrupted in the middle of a query, so the query runs in a child process, which is ended when
its time is over or its memory full. The process that waits for it looks how much it has: limits of the system are
not kept everywhere (macOS ignores RLIMIT_AS, Windows has none), and what they end says nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import query
from kg.errors import QueryLimit, QueryRefused, StoreUnavailable

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

TIMEOUT = 30.0
"""How long a query runs (seconds)."""
LIMIT = 10_000
"""How many rows it gives."""
MEMORY = 2**30
"""How much memory its process has (bytes)."""
SIZE = 64 * 2**20
"""How much its rows hold, as JSON (bytes)."""
_LOOK = 0.05
"""How often its process is looked at (seconds); meanwhile it can take some 100 MB more."""
_SKIPPED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*|\\.",
    re.DOTALL,
)
"""Strings, IRIs and comments; and the escaped characters of names, which begin none of these (``ex:a\\#b``)."""
_WORD = re.compile(
    r"(?<![\w:?$@.-])(SERVICE|LOAD|INSERT|DELETE|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b(?![:\w-])", re.IGNORECASE
)
_DATASET = re.compile(r"(?<![\w:?$@.-])FROM\b(?![:\w-])", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class Result(NamedTuple):
    """Hold what a query gave.

    Args:
        table: rows of a SELECT; of an ASK one row with the column ``answer``.
        turtle: the graph of a CONSTRUCT or DESCRIBE, in Turtle; else None.
        more: whether rows were left out because of the row limit.
    """

    table: query.Table
    turtle: str | None
    more: bool


def refuse_writes(text: str) -> None:
    """Refuse a query that would write or call another server.

    Args:
        text: the SPARQL text.

    Raises:
        QueryRefused: when it is an update or has SERVICE.

    Example:
        >>> refuse_writes('SELECT ?service { ?s ?p "SERVICE" } # SERVICE')
        >>> refuse_writes("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
        Traceback (most recent call last):
            ...
        kg.errors.QueryRefused: SERVICE is refused: queries are read only and stay on this machine
    """
    unescaped = _ESCAPE.sub(lambda m: _character(int(m[1] or m[2], 16)), text)
    for form in (text, unescaped):
        # A query that only reads has none of these words outside strings, IRIs, comments and names.
        if found := _WORD.search(_bare(form)):
            raise QueryRefused(f"{found[1].upper()} is refused: queries are read only and stay on this machine")


def names_graphs(text: str) -> bool:
    """Say whether a query names the graphs that it is asked of; without such a clause it is asked of all of them.

    Args:
        text: the SPARQL text.

    Example:
        >>> names_graphs("SELECT * FROM <urn:g> { ?s ?p ?o }")
        True
        >>> names_graphs('SELECT ?from { ?from ex:from "FROM <urn:g>" } # FROM <urn:g>')
        False
    """
    return bool(_DATASET.search(_bare(text)))


def _bare(text: str) -> str:
    """Return a query without strings, IRIs and comments; an escaped character stays part of its name."""
    return _SKIPPED.sub(lambda m: "_" if m[0][0] == "\\" else " ", text)


def _character(codepoint: int) -> str:
    return chr(codepoint) if codepoint <= sys.maxunicode else " "


def run(
    folder: Path,
    text: str,
    bindings: Mapping[str, str] | None = None,
    *,
    timeout: float = TIMEOUT,
    limit: int = LIMIT,
    memory: int = MEMORY,
    size: int = SIZE,
    unwanted: threading.Event | None = None,
) -> Result:
    """Run a query in a child process.

    Args:
        folder: the Oxigraph store's folder.
        text: SELECT, ASK, CONSTRUCT or DESCRIBE. ``FROM`` and ``FROM NAMED`` name the graphs it is asked of;
            without them it is asked of all of them.
        bindings: plain literals by variable name, bound by the engine.
        timeout: seconds until the query is ended.
        limit: rows (or statements) returned at most.
        memory: bytes of memory with which the query is ended.
        size: bytes of the rows, as JSON, above which they are not given.
        unwanted: ends the query once it is set, because nobody waits for it any more.

    Returns:
        What the query gave.

    Raises:
        QueryRefused: when it would write, calls another server or is not valid.
        QueryLimit: when it went past its time, its memory or its size, or is unwanted.
        StoreUnavailable: when the store is damaged or gone.
    """
    refuse_writes(text)
    order = {
        "store": str(folder),
        "text": text,
        "bindings": dict(bindings or {}),
        "limit": limit,
        "union": not names_graphs(text),
        "seconds": timeout,
        "size": size,
    }
    # -P: no module of the folder one stands in, which may be somebody else's study.
    command = [sys.executable, "-P", "-m", "kg.sparql"]
    with subprocess.Popen(  # noqa: S603 (ours)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        try:
            given, complaint = _awaited(child, json.dumps(order).encode(), timeout, memory, unwanted)
        finally:
            child.kill()
    if child.returncode:
        raise QueryRefused(
            f"the query did not run: {complaint.decode(errors='replace').strip() or 'the child process ended'}"
        )
    if not given:
        raise QueryLimit(
            f"what the query gives is bigger than {_mebibytes(size)}; ask for fewer rows, or for less in each"
        )
    answer = json.loads(given)
    if "unavailable" in answer:
        raise StoreUnavailable(answer["unavailable"])
    if "error" in answer:
        raise QueryRefused(answer["error"])
    table = query.Table(tuple(answer["columns"]), [tuple(row) for row in answer["rows"]])
    return Result(table, answer["turtle"], answer["more"])


def _awaited(
    child: subprocess.Popen[bytes], order: bytes, timeout: float, memory: int, unwanted: threading.Event | None
) -> tuple[bytes, bytes]:
    """Return what a query's process writes, unless it goes past a limit.

    Raises:
        QueryLimit: when it does, or is unwanted.
    """
    import psutil

    seen, end, sent = psutil.Process(child.pid), time.monotonic() + timeout, order
    while True:
        try:
            return child.communicate(sent, timeout=_LOOK)
        except subprocess.TimeoutExpired:
            sent = b""
        if time.monotonic() > end:
            raise QueryLimit(
                f"the query was ended after {timeout:g} s; make it narrower, or give 'kg sparql' more with --timeout"
            )
        if unwanted and unwanted.is_set():
            raise QueryLimit("the query was ended, because nobody waits for it any more")
        try:
            taken = seen.memory_info().rss
        except psutil.Error:
            # It ended just now.
            continue
        if taken > memory:
            raise QueryLimit(
                f"the query was ended because it took more than {_mebibytes(memory)} of memory; make it narrower: join "
                "every pattern to another by a variable, and sort, count or compare fewer rows"
            )


def _mebibytes(size: int) -> str:
    return f"{size // 2**20:,} MiB"


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    from itertools import islice

    from pyoxigraph import Literal, QueryBoolean, QuerySolutions, RdfFormat, Variable, serialize

    try:
        store = query.Oxigraph(Path(order["store"])).store
    except StoreUnavailable as e:
        return {"unavailable": str(e)}
    bound: dict[Variable, Any] = {Variable(k): Literal(v) for k, v in order["bindings"].items()}
    try:
        result = store.query(
            order["text"], prefixes=prefixes(), use_default_graph_as_union=order["union"], substitutions=bound or None
        )
        if isinstance(result, QueryBoolean):
            return {"columns": ["answer"], "rows": [[bool(result)]], "turtle": None, "more": False}
        taken: list[Any] = list(islice(result, order["limit"] + 1))
    except (SyntaxError, ValueError, OSError, RuntimeError) as e:
        return {"error": f"the query is not valid: {e}" if isinstance(e, SyntaxError) else f"the query failed: {e}"}
    more, kept = len(taken) > order["limit"], taken[: order["limit"]]
    if isinstance(result, QuerySolutions):
        columns = [v.value for v in result.variables]
        return {
            "columns": columns,
            "rows": [[query.value(row[c]) for c in columns] for row in kept],
            "turtle": None,
            "more": more,
        }
    lines = sorted(f"{t} ." for t in kept)
    from pyoxigraph import parse

    turtle = serialize(
        [q.triple for q in parse("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES)],
        format=RdfFormat.TURTLE,
        prefixes=prefixes(),
    )
    return {"columns": [], "rows": [], "turtle": turtle.decode() if turtle else "", "more": more}


def prefixes() -> dict[str, str]:
    """Return the prefixes that a query may use without declaring them."""
    from kg.model import PREFIXES

    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix != "owl"}


def main() -> None:
    """Run the query that stands on standard input, and write what it gives, or nothing when that is too big."""
    import faulthandler
    import os

    order = json.load(sys.stdin)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        # Ends the process also when the one that waits for it is gone, though a query holds Python's lock.
        faulthandler.dump_traceback_later(order["seconds"] + 1, exit=True, file=nowhere)
        given = json.dumps(_answer(order))
        if len(given) <= order["size"]:
            sys.stdout.write(given)
            sys.stdout.flush()
        faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    main()
