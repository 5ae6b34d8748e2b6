"""Write the graph elsewhere: to a Neo4j, or to files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli._common import AsJson, Rows, Study, app, open_study, print_rows, say
from kg.errors import KGError, UnknownTerm, closest
from kg.progress import Bar
from kg.query import Table


@app.command()
def push(
    study: Study = None,
    uri: Annotated[str | None, typer.Option(envvar="NEO4J_URI", help="Where, such as neo4j://localhost:7687.")] = None,
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
    as_json: AsJson = False,
) -> None:
    """Write the study to a Neo4j, so that it holds this build of it and nothing of it besides.

    Only nodes of this study are touched. A push again writes the difference only, and carries
    on one that was broken off.

    Example: kg push --uri neo4j://localhost:7687 --username neo4j
    """
    from kg import render
    from kg.property_graph import cypher
    from kg.property_graph import push as pusher
    from kg.property_graph.server import Address, Server

    if not uri:
        why = "; --dry-run compares this build with what a server holds of the study" if dry_run else ""
        raise KGError(f"no server is named{why}; give --uri neo4j://HOST:7687, or set NEO4J_URI")
    graph = open_study(study)
    address = Address(uri, username, password, database)
    with Bar() as bar, Server(address) as server:
        projection = cypher.property_graph(graph.folder, graph.store)
        changes = pusher.difference(server, projection) if dry_run else pusher.push(server, projection, bar)
    counts = changes.counts()
    if as_json:
        done = [{"act": act, "what": what, "number": number} for act, what, number in counts]
        render.write(
            render.dump({"study": projection.study, "uri": address.shown, "dry_run": dry_run, "changes": done})
        )
    elif counts:
        say(f"{projection.study} at {address.shown}: {'this would be done' if dry_run else 'done'}")
        print_rows(Table(("act", "what", "number"), counts), Rows.TABLE)
    else:
        typer.echo(f"{projection.study} at {address.shown}: nothing to do, it holds this build")


@app.command()
def export(
    name: Annotated[
        str | None, typer.Argument(metavar="FORMAT", help="Such as refi-qda; without one, all are listed.")
    ] = None,
    folder: Annotated[Path | None, typer.Argument(help="A folder that is not there yet, or is empty.")] = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Write the study in a form for other tools.

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
    files, sentences = exports.export(open_study(study), name, folder)
    for sentence in sentences:
        say(sentence)
    if as_json:
        render.write(render.dump({"format": name, "folder": str(folder), "files": files, "said": sentences}))
    else:
        what = files[0] if len(files) == 1 else f"{len(files)} files"
        typer.echo(f"wrote {what} to {folder}; {exports.FORMATS[name].next}")
