"""What the commands share: their options, how a study is opened, how rows are printed."""

from __future__ import annotations

import datetime
import json
import sys
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli._ending import Commands
from kg.errors import KGError
from kg.progress import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.graph import Graph
    from kg.query import Table

app = typer.Typer(
    cls=Commands,
    help="A knowledge graph of a theory and of the evidence for and against it.\n\n"
    'Begin with: kg ask "what supports transparency"',
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Study = Annotated[
    str | None,
    typer.Option(
        "--study", "-s", help="Study folder, or name of a bundled study. Default: the study you stand in, else 'dart'."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OnDay = Annotated[
    datetime.datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        metavar="DAY",
        help="The day of publication, YYYY-MM-DD: embargoes until then are over. Without it none counts as over.",
    ),
]
ShowQuery = Annotated[bool, typer.Option("--show-query", help="Print the queries that were asked, on standard error.")]


class Rows(StrEnum):
    """The forms in which rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    TTL = "ttl"


class Engines(StrEnum):
    """The engines that answer."""

    TABLES = "tables"
    SPARQL = "sparql"
    CYPHER = "cypher"


def is_url(text: str) -> bool:
    """Say whether a word is an address of the web."""
    return text.lower().startswith(("http://", "https://"))


def _engine(text: str) -> str:
    """Refuse what names no engine."""
    if not is_url(text) and text not in [*Engines]:
        raise typer.BadParameter(f"'{text}' is none of {', '.join(Engines)}, and no http(s)://HOST:PORT/PATH")
    return text


Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        callback=_engine,
        metavar=f"[{'|'.join(Engines)}|URL]",
        help="What answers: the tables of the build, SPARQL in Oxigraph, Cypher in the Neo4j named by NEO4J_URI, "
        "else embedded, or the SPARQL endpoint at a URL; with equal rows.",
    ),
]


def say(message: str) -> None:
    """Print a message on standard error."""
    typer.echo(message, err=True)


def read_input() -> str:
    """Return what is written on standard input.

    Raises:
        KGError: when it is not UTF-8.
    """
    if sys.stdin is None:
        raise KGError("there is no standard input to read from")
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise KGError(f"standard input is not UTF-8: byte 0x{e.object[e.start]:02x} at {e.start:,}") from None


def open_study(study: str | None) -> Graph:
    """Open a study's graph, built anew if need be."""
    import kg

    with Bar() as bar:
        graph = kg.open(study, bar)
    if graph.errors:
        say(f"warning: the study has {len(graph.errors)} error(s), so this is the graph built before; see 'kg build'")
    return graph


@contextmanager
def published(study: str | None, on: datetime.datetime | None) -> Iterator[Graph]:
    """Give a study's graph as it may go out, and say what is withheld."""
    from kg import publishing

    graph = open_study(study)
    with Bar() as bar, publishing.outgoing(graph, on.date() if on else None, bar) as out:
        for sentence in out.said:
            say(sentence)
        yield out.graph


@contextmanager
def asked_by(graph: Graph, engine: str) -> Iterator[Graph]:
    """Give a graph that an engine answers, or the endpoint at a URL, which is ended afterwards."""
    if is_url(engine):
        with graph.with_endpoint(engine) as other:
            yield other
        return
    if engine != Engines.CYPHER:
        yield graph.with_sparql() if engine == Engines.SPARQL else graph
        return
    with Bar() as bar:
        other = graph.with_cypher(progress=bar)
    with other:
        yield other


def print_queries(queries: Iterable[tuple[str, Mapping[str, str]]], engine: str, *, wanted: bool) -> None:
    """Print the text of each query behind an answer once, under all parameters that it was run with, if wanted."""
    if not wanted:
        return
    from kg import query

    asked = list(queries)
    for name in dict.fromkeys(name for name, _ in asked):
        given = [", ".join(f"{k}={v}" for k, v in p.items()) for n, p in asked if n == name]
        say(f"# kg query {name}: {'; '.join(g for g in given if g) or 'no parameters'}")
        say(query.named(name).cypher if engine == Engines.CYPHER else query.named(name).text)


def print_rows(table: Table, output: Rows) -> None:
    """Print rows."""
    from kg import render

    if output is Rows.TTL:
        raise KGError("rows are no graph; ttl is for CONSTRUCT and DESCRIBE")
    if output is Rows.JSON:
        render.write(render.dump(table.dicts()))
    elif not table.rows and output is Rows.TABLE:
        say("no rows")
    else:
        # A list or a node is JSON in a cell.
        flat = [
            [json.dumps(c, ensure_ascii=False) if isinstance(c, (list, dict)) else c for c in row] for row in table.rows
        ]
        shown = table._replace(rows=list(map(tuple, flat)))
        if output is Rows.CSV:
            render.write(render.csv(shown.columns, shown.rows))
        else:
            render.table(shown)


def say_more(limit: int, *, more: bool) -> None:
    """Say so when there were more rows than the limit."""
    if more:
        say(f"note: there are more than {limit:,} rows; --limit shows more")
