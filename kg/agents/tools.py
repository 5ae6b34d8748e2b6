"""What an assistant may ask of a study; each answer is the text that the command line prints with ``--json``.

As a module that is run it is the process of :class:`kg.agents.asked.AskedStudy`, which answers one call after another.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kg import bearing, judges, query, render, trace
from kg.agents import quotes
from kg.errors import KGError, QueryLimit, UnknownTerm, closest
from kg.graph import Graph
from kg.processes import Reply, serve
from kg.store import passages, sparql

if TYPE_CHECKING:
    from collections.abc import Callable


def ask(graph: Graph, question: str) -> object:
    """Answer a question in words, as ``kg ask`` does."""
    return graph.ask(question)


def trace_(graph: Graph, identifier: str) -> object:
    """Trace a record to its passages and to the claims that rest on it, as ``kg trace`` does."""
    return graph.trace(identifier)


def search(graph: Graph, text: str) -> object:
    """Find words in the sources, as ``kg search`` does."""
    return graph.search(text)


def passage(graph: Graph, identifier: str) -> object:
    """Return a passage with the text around it and the claims that it bears on."""
    key = identifier.removeprefix("excerpt/")
    found = passages.passages(graph.tables, [key])
    if key not in found:
        kind, _, _ = trace.resolve(graph.engine, identifier)
        raise KGError(f"'{identifier}' is no passage but a {kind}; 'trace' leads from it to its passages")
    one = found[key]
    (row,) = graph.query("source-text", id=one.source).dicts()
    whole = row["whole"]
    return {
        "passage": one,
        "before": whole[max(0, one.start - quotes.CONTEXT) : one.start],
        "after": whole[one.end : one.end + quotes.CONTEXT],
        "bears_on": [bears._asdict() for bears in passages.bearing(graph.tables, one.source).get(key, ())],
    }


def cite(graph: Graph, identifier: str, style: str) -> object:
    """Cite the references that a record rests on, as ``kg cite`` does."""
    return graph.cite(identifier, style)


def gaps(graph: Graph) -> object:
    """Say what is missing, as ``kg report gaps`` does."""
    report = graph.report("gaps")
    return {"title": report.title, "notes": report.notes, "rows": report.table.dicts()}


def check_quote(graph: Graph, text: str, source: str | None) -> object:
    """Say whether words stand in the sources."""
    return quotes.check(graph.engine, text, source)


def claims(graph: Graph) -> object:
    """List the claims, each with how it stands and its number of evidence lines by stance."""
    rows = graph.query("claims")
    bears = bearing.of(graph.engine)
    alone = judges.by_claim(graph.engine, bears, [row[0] for row in rows.rows])
    return [
        {**row, "state": claim.state, "lines": claim.tally, "software": alone.get(claim.id, ())}
        for row, claim in zip(rows.dicts(), bearing.load(graph.engine, rows, bears), strict=True)
    ]


def claim(graph: Graph, identifier: str) -> object:
    """Return a claim with all that bears on it, as it stands in an answer."""
    rows = graph.query("claims")
    ids = [row["claim"] for row in rows.dicts()]
    if identifier not in ids:
        raise UnknownTerm(identifier, "claim", closest(identifier, ids))
    chosen = query.Table(rows.columns, [rows.rows[ids.index(identifier)]])
    bears = bearing.of(graph.engine)
    (loaded,) = bearing.load(graph.engine, chosen, bears)
    return json.loads(render.dump(loaded)) | {"software": judges.of_claims(graph.engine, bears, [identifier])}


def sources(graph: Graph) -> object:
    """List the sources."""
    return graph.query("sources").dicts()


def source(graph: Graph, identifier: str) -> object:
    """Return a source with its whole text, in which positions count codepoints."""
    rows = {row["source"]: row for row in graph.query("sources").dicts()}
    if identifier not in rows:
        raise UnknownTerm(identifier, "source", closest(identifier, rows))
    (row,) = graph.query("source-text", id=identifier).dicts()
    return {**rows[identifier], "text": row["whole"]}


def codebook(graph: Graph) -> object:
    """List the codes with their definitions."""
    return graph.query("codebook").dicts()


FUNCTIONS: dict[str, Callable[..., object]] = {
    "ask": ask,
    "trace": trace_,
    "search": search,
    "passage": passage,
    "cite": cite,
    "gaps": gaps,
    "check_quote": check_quote,
    "claims": claims,
    "claim": claim,
    "sources": sources,
    "source": source,
    "codebook": codebook,
}
"""What can be asked, by name."""


class _Process:
    """The process that answers, with the graph that it was asked last."""

    graph: Graph | None = None

    def run(self, name: str, folder: str, built: str, arguments: list[str | None]) -> Reply:
        """Answer one call.

        Args:
            name: one of :data:`FUNCTIONS`.
            folder: the study's folder.
            built: the folder of its build.
            arguments: what the function takes besides the graph.

        Raises:
            KGError: when there is no answer, or it is too big.
        """
        if self.graph is None or str(self.graph.built) != built:
            self.graph = Graph(Path(folder), Path(built))
        text = render.dump(FUNCTIONS[name](self.graph, *arguments)).encode()
        if len(text) > sparql.SIZE:
            raise QueryLimit(f"the answer is bigger than {sparql.SIZE // 2**20} MiB; ask for less at once")
        return Reply(body=text)


if __name__ == "__main__":
    serve({"run": _Process().run})
