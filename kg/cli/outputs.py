"""Write the graph elsewhere: to a Neo4j, or to files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli._common import AsJson, OnDay, Rows, Study, app, is_url, open_study, print_rows, say
from kg.errors import KGError, UnknownTerm, closest
from kg.progress import Bar
from kg.query import Table

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.progress import Progress
    from kg.property_graph.server import Address
    from kg.store.named_graphs import Graphs


@app.command()
def push(
    url: Annotated[
        str | None,
        typer.Argument(
            help="Where: the graph store of a SPARQL server, such as http://localhost:3030/ds/data, or a Neo4j, such "
            "as neo4j://localhost:7687; without it, the one named by --uri."
        ),
    ] = None,
    study: Study = None,
    uri: Annotated[str | None, typer.Option(envvar="NEO4J_URI", help="The Neo4j, if no URL is given.")] = None,
    username: Annotated[str | None, typer.Option(envvar="NEO4J_USERNAME", help="Who asks.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="NEO4J_PASSWORD", help="Better given by the variable: others see an option.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(envvar="NEO4J_DATABASE", help="Which database; without it the user's home.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only compare with what the server holds, and say what would be done.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Take every source, also those that the server says it has.")
    ] = False,
    parts: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="For a SPARQL server: what a cluster wrote there, without a build; names the study."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the study to a SPARQL server or a Neo4j, so that it holds this build of it and nothing of it besides.

    Only what is of this study is touched. A push again writes what changed only, and carries on one
    that was broken off. Who asks a SPARQL server is told by SPARQL_USERNAME and SPARQL_PASSWORD, or SPARQL_TOKEN.

    Example: kg push http://localhost:3030/ds/data
    """
    from kg import render

    if not (url or uri):
        why = "; --dry-run compares this build with what a server holds of the study" if dry_run else ""
        raise KGError(f"no server is named{why}; give a URL, or --uri neo4j://HOST:7687, or set NEO4J_URI")
    with Bar() as bar:
        if url and is_url(url):
            graphs = _graphs(study, parts)
            name, (shown, counts) = graphs.study, _to_endpoint(graphs, url, bar, dry_run=dry_run, whole=whole)
        elif parts is not None:
            raise KGError("a Neo4j is filled from a build: 'kg build STUDY --parts FOLDER', then 'kg push'")
        else:
            from kg.property_graph.server import Address

            graph, address = open_study(study), Address(url or uri or "", username, password, database)
            name, shown, counts = graph.id, address.shown, _to_neo4j(graph, address, bar, dry_run=dry_run, whole=whole)
    if as_json:
        done = [{"act": act, "what": what, "number": number} for act, what, number in counts]
        render.write(render.dump({"study": name, "uri": shown, "dry_run": dry_run, "changes": done}))
    elif counts:
        say(f"{name} at {shown}: {'this would be done' if dry_run else 'done'}")
        print_rows(Table(("act", "what", "number"), counts), Rows.TABLE)
    else:
        typer.echo(f"{name} at {shown}: nothing to do, it holds this build")


def _graphs(study: str | None, parts: Path | None) -> Graphs:
    """Return the named graphs of a study: of its build, or of a folder of parts."""
    from kg import inputs
    from kg.store.named_graphs import NamedGraphs, PartGraphs

    if parts is None:
        graph = open_study(study)
        return NamedGraphs(graph.built, graph.store, graph.id)
    if study is not None:
        raise typer.BadParameter(
            "the folder of parts says which study it is; leave --study out", param_hint="'--parts'"
        )
    from kg.store import build
    from kg.store.parts import Parts

    return PartGraphs(Parts.at(parts, inputs.version(build.FORMAT)))


def _to_endpoint(
    graphs: Graphs, url: str, bar: Progress, *, dry_run: bool, whole: bool
) -> tuple[str, list[tuple[str, str, int]]]:
    """Push a study to a SPARQL server, or compare, and return where it is and what was done to how many of what."""
    from kg.endpoint import push as pusher
    from kg.endpoint.client import Client, address

    with Client(address(url)) as client:
        if dry_run:
            changes = pusher.difference(client, graphs, whole=whole)
        else:
            changes = pusher.push(client, graphs, bar, whole=whole)
        return client.address.shown, changes.counts()


def _to_neo4j(
    graph: Graph, address: Address, bar: Progress, *, dry_run: bool, whole: bool
) -> list[tuple[str, str, int]]:
    """Push a study to a Neo4j, or compare, and return what was done to how many of what."""
    from kg.property_graph import cypher
    from kg.property_graph import push as pusher
    from kg.property_graph.server import Server

    with Server(address) as server:
        projection = cypher.property_graph(graph.folder, graph.store)
        if dry_run:
            changes = pusher.difference(server, projection, whole=whole)
        else:
            changes = pusher.push(server, projection, bar, whole=whole)
    return changes.counts()


@app.command()
def export(
    name: Annotated[
        str | None, typer.Argument(metavar="FORMAT", help="Such as refi-qda; without one, all are listed.")
    ] = None,
    folder: Annotated[Path | None, typer.Argument(help="A folder that is not there yet, or is empty.")] = None,
    study: Study = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Write the study in a form for other tools, without what its sources withhold.

    Example: kg export neo4j-csv import/
    """
    from kg import exports, render

    if name is None:
        listed = [(key, form.title) for key, form in exports.FORMATS.items()]
        print_rows(Table(("format", "title"), listed), Rows.JSON if as_json else Rows.TABLE)
        return
    if name not in exports.FORMATS:
        alike = [key for key, form in exports.FORMATS.items() if name.lower() in f"{form.title} {form.next}".lower()]
        raise UnknownTerm(name, "format", closest(name, exports.FORMATS) or alike or sorted(exports.FORMATS))
    if folder is None:
        raise KGError(f"name a folder: kg export {name} FOLDER")
    graph = open_study(study)
    with Bar() as bar:
        files, sentences = exports.export(graph, name, folder, on.date() if on else None, bar)
    for sentence in sentences:
        say(sentence)
    if as_json:
        render.write(render.dump({"format": name, "folder": str(folder), "files": files, "said": sentences}))
    else:
        what = files[0] if len(files) == 1 else f"{len(files)} files"
        typer.echo(f"wrote {what} to {folder}; {exports.FORMATS[name].next}")


@app.command()
def pseudonymise(
    names: Annotated[
        Path,
        typer.Argument(metavar="TABLE", help="CSV with the columns name and pseudonym, kept outside of both folders."),
    ],
    folder: Annotated[Path, typer.Argument(help="Of the copy: a folder that is not there yet, or is empty.")],
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Write a copy of a study with pseudonyms in the place of names; quotes, passages and places stay true.

    Says what was changed, and what looks like a name and was not. The study itself is not changed.

    Example: kg pseudonymise ../names.csv ../for-others
    """
    from dataclasses import asdict

    from kg import pseudonyms, render

    graph = open_study(study)
    with Bar() as bar:
        told = pseudonyms.pseudonymise(graph, names, folder, bar)
    if as_json:
        content = asdict(told) | {
            "rows": [row._asdict() for row in told.rows],
            "suspects": [one._asdict() for one in told.suspects],
        }
        render.write(render.dump({"folder": str(folder), **content}))
        return
    print_rows(Table(("name", "pseudonym", "in texts", "elsewhere"), [tuple(row) for row in told.rows]), Rows.TABLE)
    if told.suspects:
        say("\nThese look like names and were not changed:")
        print_rows(Table(("words", "times", "where"), [tuple(one) for one in told.suspects]), Rows.TABLE)
    for title, sentences in (("Names of the table stand here still:", told.kept), ("", told.said)):
        if sentences:
            say("\n" + "\n".join(filter(None, (title, *sentences))))
    say(f"wrote {len(told.files)} files to {folder}")
