"""Run named queries, and SPARQL and Cypher of one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli._common import (
    AsJson,
    Engine,
    Engines,
    Rows,
    ShowQuery,
    Study,
    app,
    asked_by,
    open_study,
    print_queries,
    print_rows,
    read_input,
    say_more,
)
from kg.errors import KGError
from kg.query import Table

Format = Annotated[Rows, typer.Option("--format", help="How rows are printed; ttl is for CONSTRUCT and DESCRIBE.")]
Timeout = Annotated[float, typer.Option(min=0.1, help="Seconds until the query is ended.")]
Limit = Annotated[int, typer.Option(min=1, help="Rows at most.")]


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(help="Name of a query; without one, all are listed.")] = None,
    parameters: Annotated[list[str] | None, typer.Option("--param", "-p", help="A parameter, as name=value.")] = None,
    study: Study = None,
    engine: Engine = Engines.SPARQL,
    output: Format = Rows.TABLE,
    as_json: AsJson = False,
    show_query: ShowQuery = False,
    timeout: Timeout = 30.0,
    limit: Limit = 10_000,
) -> None:
    """Run a named query.

    Example: kg query evidence-for-concept -p concept=transparency
    """
    from kg import query as queries

    output = Rows.JSON if as_json else output
    if name is None:
        listed = [(n, queries.named(n).title, ", ".join(queries.named(n).parameters)) for n in queries.names()]
        print_rows(Table(("name", "title", "parameters"), listed), output)
        return
    given = {}
    for pair in parameters or []:
        key, equals, value = pair.partition("=")
        if not equals:
            raise KGError(f"'{pair}' is no parameter; write -p name=value")
        given[key] = value
    graph = open_study(study)
    bound = graph.resolve(name, given)
    print_queries([(name, bound)], engine, wanted=show_query)
    with asked_by(graph, engine) as graph:
        table, more = graph.limited_query(name, bound, timeout=timeout, limit=limit)
    print_rows(table, output)
    say_more(limit, more=more)


@app.command()
def sparql(
    text: Annotated[str, typer.Argument(help="The query, or '-' to read it from standard input.")],
    study: Study = None,
    output: Format = Rows.TABLE,
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    limit: Limit = 10_000,
) -> None:
    """Run SPARQL of your own: SELECT, ASK, CONSTRUCT or DESCRIBE; read only.

    The prefixes dart, ev, dcterms, oa, prov, rdf, rdfs, skos and xsd are known.

    Example: kg sparql "SELECT ?p ?label { ?p a ev:Proposition ; rdfs:label ?label }"
    """
    graph = open_study(study)
    result = graph.sparql(read_input() if text == "-" else text, timeout=timeout, limit=limit)
    if result.turtle is None:
        print_rows(result.table, Rows.JSON if as_json else output)
    else:
        from kg import render

        render.write(result.turtle)
    say_more(limit, more=result.more)


@app.command()
def cypher(
    text: Annotated[
        str | None, typer.Argument(help="The query, or '-' to read it from standard input; none with --shell.")
    ] = None,
    study: Study = None,
    output: Format = Rows.TABLE,
    as_json: AsJson = False,
    shell: Annotated[bool, typer.Option("--shell", help="Ask one query after the other, each ended by ';'.")] = False,
    timeout: Timeout = 30.0,
    limit: Limit = 10_000,
) -> None:
    """Run Cypher of your own; read only. $study is the study's id.

    It runs in the Neo4j named by NEO4J_URI, to which the study was pushed, or else in the embedded engine.

    Example: kg cypher "MATCH (p:Proposition)-[:OPPOSED_BY]->(l) RETURN p.id, count(l)"
    """
    output = Rows.JSON if as_json else output
    if shell == (text is not None):
        raise KGError("write a query, or --shell to ask one after the other")
    with asked_by(open_study(study), Engines.CYPHER) as graph:

        def run(one: str) -> None:
            table, more = graph.cypher(one, timeout=timeout, limit=limit)
            print_rows(table, output)
            say_more(limit, more=more)

        if text is not None:
            run(read_input() if text == "-" else text)
            return
        from kg.cli import _shell

        failed = _shell.run(run)
    if failed:
        raise typer.Exit(failed)
