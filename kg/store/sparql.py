"""A user's own SPARQL: read only, in a process of its own, with limits on time, memory and rows.

Oxigraph cannot be interrupted in the middle of a query, so the query runs in a child process, which is ended when
its time is over or its memory full.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import query
from kg.errors import QueryLimit, QueryRefused
from kg.processes import Child, Ended, Limits, Reply, serve
from kg.store.opening import open_store

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from pyoxigraph import Store

TIMEOUT = 30.0
"""How long a query runs (seconds)."""
LIMIT = 10_000
"""How many rows it gives."""
MEMORY = 2**30
"""How much memory its process has (bytes)."""
SIZE = 64 * 2**20
"""How much its rows hold, as JSON (bytes)."""
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
    """The result of a query.

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
        if refused := _WORD.search(_bare(form)):
            raise QueryRefused(f"{refused[1].upper()} is refused: queries are read only and stay on this machine")


def names_graphs(text: str) -> bool:
    """Return whether a query names the graphs that it is asked of; without such a clause it is asked of all of them.

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
    with Child("kg.store.sparql", quiet=True) as child:
        try:
            reply = child.call(
                "run",
                str(folder),
                text,
                dict(bindings or {}),
                not names_graphs(text),
                limit,
                size,
                limits=Limits(timeout, memory, unwanted),
            )
        except Ended as e:
            raise _error(e, timeout, memory) from None
    result = json.loads(reply.body)
    table = query.Table(tuple(result["columns"]), [tuple(row) for row in result["rows"]])
    return Result(table, result["turtle"], result["more"])


def _error(ended: Ended, timeout: float, memory: int) -> QueryLimit | QueryRefused:
    """Say why the process of a query ended."""
    if ended.limit == "seconds":
        return QueryLimit(
            f"the query was ended after {timeout:g} s; make it narrower, or give 'kg sparql' more with --timeout"
        )
    if ended.limit == "unwanted":
        return QueryLimit("the query was ended, because nobody waits for it any more")
    if ended.limit == "memory":
        return QueryLimit(
            f"the query was ended because it took more than {_mebibytes(memory)} of memory; make it narrower: join "
            "every pattern to another by a variable, and sort, count or compare fewer rows"
        )
    return QueryRefused(f"the query did not run: {ended.complaint or 'the child process ended'}")


def _mebibytes(size: int) -> str:
    return f"{size // 2**20:,} MiB"


def _run(folder: str, text: str, bindings: dict[str, str], union: bool, limit: int, size: int) -> Reply:  # noqa: FBT001
    """Run a query in this process.

    Args:
        folder: the Oxigraph store's folder.
        text: SELECT, ASK, CONSTRUCT or DESCRIBE.
        bindings: plain literals by variable name.
        union: whether it is asked of all graphs.
        limit: rows (or statements) returned at most.
        size: bytes of the rows, as JSON, above which they are not given.

    Returns:
        The fields of a :class:`Result`, as JSON.

    Raises:
        QueryRefused: when it is not valid.
        QueryLimit: when its rows are too big.
        StoreUnavailable: when the store is damaged or gone.
    """
    result = json.dumps(_result(open_store(Path(folder)), text, bindings, union=union, limit=limit))
    if len(result) > size:
        raise QueryLimit(
            f"what the query gives is bigger than {_mebibytes(size)}; ask for fewer rows, or for less in each"
        )
    return Reply(body=result.encode())


def _result(store: Store, text: str, bindings: dict[str, str], *, union: bool, limit: int) -> dict[str, Any]:
    """Return columns, rows, Turtle, and whether rows were left out."""
    from itertools import islice

    from pyoxigraph import Literal, QueryBoolean, QuerySolutions, RdfFormat, Variable, parse, serialize

    bound: dict[Variable, Any] = {Variable(k): Literal(v) for k, v in bindings.items()}
    try:
        result = store.query(text, prefixes=prefixes(), use_default_graph_as_union=union, substitutions=bound or None)
        if isinstance(result, QueryBoolean):
            return {"columns": ["answer"], "rows": [[bool(result)]], "turtle": None, "more": False}
        taken: list[Any] = list(islice(result, limit + 1))
    except SyntaxError as e:
        raise QueryRefused(f"the query is not valid: {e}") from e
    except (ValueError, OSError, RuntimeError) as e:
        raise QueryRefused(f"the query failed: {e}") from e
    more, kept = len(taken) > limit, taken[:limit]
    if isinstance(result, QuerySolutions):
        columns = [v.value for v in result.variables]
        rows = [[query.value(row[c]) for c in columns] for row in kept]
        return {"columns": columns, "rows": rows, "turtle": None, "more": more}
    lines = sorted(f"{t} ." for t in kept)
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


if __name__ == "__main__":
    serve({"run": _run})
