"""A user's own SPARQL: read only, in a process of its own, with a time and a row limit.

Oxigraph cannot be interrupted in the middle of a query, so the query runs in a child process,
which is ended when its time is over.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import query
from kg.errors import QueryLimit, QueryRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TIMEOUT = 30.0
LIMIT = 10_000
_SKIPPED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*",
    re.DOTALL,
)
_WORD = re.compile(
    r"(?<![\w:?$@.-])(SERVICE|LOAD|INSERT|DELETE|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b(?![:\w-])", re.IGNORECASE
)
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
        if found := _WORD.search(_SKIPPED.sub(" ", form)):
            raise QueryRefused(f"{found[1].upper()} is refused: queries are read only and stay on this machine")


def _character(codepoint: int) -> str:
    return chr(codepoint) if codepoint <= sys.maxunicode else " "


def run(
    folder: Path, text: str, bindings: Mapping[str, str] | None = None, *, timeout: float = TIMEOUT, limit: int = LIMIT
) -> Result:
    """Run a query in a child process.

    Args:
        folder: the Oxigraph store's folder.
        text: SELECT, ASK, CONSTRUCT or DESCRIBE.
        bindings: plain literals by variable name, bound by the engine.
        timeout: seconds until the query is ended.
        limit: rows (or statements) returned at most.

    Returns:
        What the query gave.

    Raises:
        QueryRefused: when it would write, calls another server or is not valid.
        QueryLimit: when it ran past its time.
    """
    refuse_writes(text)
    order = json.dumps({"store": str(folder), "text": text, "bindings": dict(bindings or {}), "limit": limit})
    try:
        child = subprocess.run(
            # -P: no module of the folder one stands in, which may be somebody else's study.
            [sys.executable, "-P", "-m", "kg.sparql"],
            input=order.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryLimit(
            f"the query was ended after {timeout:g} s; make it narrower, or give it more with --timeout"
        ) from None
    if child.returncode:
        raise QueryRefused(
            f"the query did not run: {child.stderr.decode(errors='replace').strip() or 'the child process ended'}"
        )
    answer = json.loads(child.stdout)
    if "error" in answer:
        raise QueryRefused(answer["error"])
    table = query.Table(tuple(answer["columns"]), [tuple(row) for row in answer["rows"]])
    return Result(table, answer["turtle"], answer["more"])


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    from itertools import islice

    from pyoxigraph import Literal, QueryBoolean, QuerySolutions, RdfFormat, Store, Variable, serialize

    store = Store.read_only(order["store"])
    bound: dict[Variable, Any] = {Variable(k): Literal(v) for k, v in order["bindings"].items()}
    try:
        result = store.query(
            order["text"], prefixes=prefixes(), use_default_graph_as_union=True, substitutions=bound or None
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
    from kg import rdf

    return {
        "dart": rdf.VOCABULARIES + "dart#",
        "ev": rdf.EV,
        "dcterms": rdf.DCT,
        "oa": rdf.OA,
        "prov": rdf.PROV,
        "rdf": rdf.RDF,
        "rdfs": rdf.RDFS,
        "skos": rdf.SKOS,
        "xsd": rdf.XSD,
    }


if __name__ == "__main__":
    json.dump(_answer(json.load(sys.stdin)), sys.stdout)
