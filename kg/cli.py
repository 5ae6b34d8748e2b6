"""The command: reads its words, calls the library, prints."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.errors import KGError, StudyError, UnknownTerm
from kg.progress import Bar
from kg.query import Table

app = typer.Typer(
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
ShowQuery = Annotated[bool, typer.Option("--show-query", help="Print the SPARQL that was asked, on standard error.")]


class Rows(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    TTL = "ttl"


class Pages(StrEnum):
    """How reports are printed."""

    TABLE = "table"
    MD = "md"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


class Findings(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


class Entries(StrEnum):
    """How citations are printed."""

    TEXT = "text"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl-json"


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _open(study: str | None) -> Any:
    import kg

    with Bar() as bar:
        graph = kg.open(study, bar)
    if graph.errors:
        _say(f"warning: the study has {len(graph.errors)} error(s), so this is the graph built before; see 'kg build'")
    return graph


def _shown(queries: Any, *, wanted: bool) -> None:
    """Print the queries behind an answer, each once with the parameters it was given."""
    if not wanted:
        return
    from kg import query

    for name in dict.fromkeys(name for name, _ in queries):
        given = [", ".join(f"{k}={v}" for k, v in p.items()) for n, p in queries if n == name]
        _say(f"# kg query {name}: {'; '.join(g for g in given if g) or 'no parameters'}")
        _say(query.named(name).text)


@app.command()
def build(
    study: Annotated[str | None, typer.Argument(help="Study folder, or name of a bundled study.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build the graph of a study, if its files changed.

    Example: kg build my-study
    """
    from kg import build as builder
    from kg import paths

    folder = paths.study_folder(study)
    with Bar() as bar:
        built = builder.build(folder, bar)
    for finding in built.findings:
        _say(str(finding))
    if as_json:
        from kg import render

        render.write(
            render.dump({"study": str(folder), "digest": built.digest, "fresh": built.fresh, "statements": built.quads})
        )
    else:
        done = f"built, {built.quads:,} statements" if built.fresh else "unchanged"
        typer.echo(f"{folder.name}: {done}, sha256 {built.digest}")


@app.command()
def check(
    study: Annotated[str | None, typer.Argument(help="Study folder, or name of a bundled study.")] = None,
    output: Annotated[Findings, typer.Option("--format", help="How findings are printed.")] = Findings.TEXT,
    as_json: AsJson = False,
) -> None:
    """Say all that is wrong with a study: files, quotes, shapes, coverage.

    Exit code 0: nothing; 1: warnings only; 2: errors.

    Example: kg check my-study --format sarif
    """
    from kg import check as checker
    from kg import paths

    folder = paths.study_folder(study)
    found = checker.check(folder)
    if output is Findings.SARIF:
        typer.echo(checker.sarif(found))
    elif as_json or output is Findings.JSON:
        from kg import render

        render.write(render.dump(found))
    else:
        from kg import render

        for finding in found:
            typer.echo(render.clean(finding))
        errors = sum(f.severity == "error" for f in found)
        typer.echo(
            f"{folder.name}: {errors} errors, {len(found) - errors} warnings"
            if found
            else f"{folder.name}: nothing to mend"
        )
    if found:
        raise typer.Exit(2 if any(f.severity == "error" for f in found) else 1)


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question, in English or Chinese.")],
    study: Study = None,
    as_json: AsJson = False,
    show_query: ShowQuery = False,
    limit: Annotated[
        int, typer.Option(min=0, help="Evidence lines shown for each claim and stance; 0 shows all.")
    ] = 10,
) -> None:
    """Answer a question: what the theory claims, the evidence, what no quote supports.

    Forms: what supports | opposes | qualifies X; which cases support X; who says X; what drives X;
    how does X relate to Y; in which stage does X act; what is X; what is missing.
    X is a concept or a proposition, in English or Chinese; 'in CASE' limits the evidence.

    Example: kg ask "what supports transparency"
    """
    graph = _open(study)
    found = graph.ask(" ".join(question))
    from kg import render

    if as_json:
        render.write(render.dump(found))
    else:
        column = "label_zh" if found.language == "zh" else "label"
        names = {(r["kind"], r["id"]): r[column] or r["label"] for r in graph.query("records").dicts()}
        render.answer(found, names, limit)
    _shown(found.queries, wanted=show_query)


@app.command()
def trace(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Id of any record, or kind/id where two kinds share one.")
    ],
    study: Study = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the table as CSV.")] = False,
    as_md: Annotated[bool, typer.Option("--md", help="Print the table as Markdown.")] = False,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Show withdrawn and superseded evidence too.")] = False,
    show_query: ShowQuery = False,
) -> None:
    """Trace a record to its passages, and to the claims that rest on it.

    Example: kg trace P18
    """
    found = _open(study).trace(identifier, withdrawn=withdrawn)
    from kg import render
    from kg.trace import COLUMNS

    if as_json:
        render.write(render.dump(found))
    elif as_csv:
        render.write(render.csv(COLUMNS, found.rows))
    elif as_md:
        render.write(render.markdown(COLUMNS, found.rows))
    else:
        render.trace(found)
    for other in found.also:
        _say(f"note: there is also {other}; trace it with 'kg trace {other}'")
    _shown(found.queries, wanted=show_query)


@app.command()
def cite(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a reference, source, excerpt, or anything with passages.")
    ],
    study: Study = None,
    as_json: AsJson = False,
    style: Annotated[str, typer.Option(help="Name of a CSL style, such as apa, ieee, chicago-author-date.")] = "apa",
    output: Annotated[Entries, typer.Option("--format", help="How citations are printed.")] = Entries.TEXT,
) -> None:
    """Cite the references that a record rests on.

    Example: kg cite P18 --format bibtex
    """
    found = _open(study).cite(identifier, style)
    from kg import cite as citations
    from kg import render

    if as_json:
        render.write(render.dump(found))
    elif output is Entries.CSL:
        render.write(render.dump([c.csl for c in found]))
    elif not found:
        _say(f"'{identifier}' rests on no reference")
    elif output is Entries.BIBTEX:
        render.write(citations.bibtex([c.csl for c in found]))
    elif output is Entries.RIS:
        render.write(citations.ris([c.csl for c in found]))
    else:
        page = render.Page()
        for number, citation in enumerate(found):
            page.put(f"{chr(10) if number else ''}{citation.text}")
            page.put(citation.entry)


@app.command()
def report(
    name: Annotated[
        str | None,
        typer.Argument(help="matrix, saturation, agreement, gaps, audit, or supplement for all in one HTML page."),
    ] = None,
    study: Study = None,
    output: Annotated[Pages, typer.Option("--format", help="How the report is printed.")] = Pages.TABLE,
    as_json: AsJson = False,
    plot: Annotated[Path | None, typer.Option(help="Write the plot of matrix or saturation to this SVG file.")] = None,
) -> None:
    """Report on a study: evidence by case, saturation, agreement, gaps, who did what when.

    Example: kg report matrix
    """
    from kg import query, render
    from kg import report as reports

    if name is None:
        _rows(
            Table(("name", "title"), [(n, (f.__doc__ or "").split("\n")[0]) for n, f in reports.REPORTS.items()]),
            Rows.JSON if as_json else Rows.TABLE,
        )
        return
    graph = _open(study)
    if name == "supplement":
        render.write(graph.supplement())
        return
    if name not in reports.REPORTS:
        known = [*reports.REPORTS, "supplement"]
        raise UnknownTerm(name, "report", query.nearest(name, known) or known)
    found = graph.report(name)
    if plot is not None:
        plot.write_text(reports.svg(found), "utf-8")
    if as_json or output is Pages.JSON:
        render.write(render.dump({"title": found.title, "notes": found.notes, "rows": found.table.dicts()}))
    elif output is Pages.CSV:
        render.write(render.csv(found.table.columns, found.table.rows))
    elif output is Pages.MD:
        notes = "".join(f"- {render.clean(note)}\n" for note in found.notes)
        render.write(f"# {found.title}\n\n{render.markdown(found.table.columns, found.table.rows)}\n{notes}")
    elif output is Pages.HTML:
        render.write(reports.page(found.title, [found]))
    else:
        render.report(found)


@app.command()
def search(
    text: Annotated[list[str], typer.Argument(help="What to look for, literally.")],
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Find a text in every source, with the excerpts it touches.

    Example: kg search "interactive platform"
    """
    found = _open(study).search(" ".join(text))
    from kg import render

    if as_json:
        render.write(render.dump(found))
    elif found:
        render.hits(found)
    else:
        _say(f"'{' '.join(text)}' stands in no source")


@app.command()
def show(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Id of any record, or kind/id where two kinds share one.")
    ],
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Show one record with all its properties.

    Example: kg show transparency
    """
    graph = _open(study)
    from kg import render
    from kg import trace as tracer

    kind, key, also = tracer.resolve(graph.engine, identifier)
    rows = graph.query("record", id=f"{kind}/{key}", kind=kind)
    if as_json:
        render.write(render.dump({"kind": kind, "id": key, "properties": rows.dicts()}))
        return
    page = render.Page()
    page.put(f"{kind} {key}", style="bold")
    for row in rows.dicts():
        value = str(row["value"])
        shown = f"{value[:300]} … ({len(value):,} characters)" if len(value) > 400 else value
        page.put(f"{row['property']}{'@' + row['language'] if row['language'] else ''}: {shown}", 2)
    for other in also:
        _say(f"note: there is also {other}; see 'kg show {other}'")


@app.command("list")
def list_(
    kind: Annotated[
        str | None, typer.Argument(help="Kind of record; without one, the kinds are listed with their counts.")
    ] = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """List the records of a kind.

    Example: kg list proposition
    """
    graph = _open(study)
    from kg import query, render, trace

    rows = graph.query("records").dicts()
    if kind is None:
        rows += graph.query("lines").dicts()
        counts = {k: sum(r["kind"] == k for r in rows) for k in trace.KINDS}
        if as_json:
            render.write(render.dump(counts))
        else:
            render.table(query.Table(("kind", "records"), list(counts.items())))
        return
    wanted = kind.removesuffix("s").lower()
    if wanted not in trace.KINDS:
        raise UnknownTerm(kind, "kind of record", query.nearest(wanted, trace.KINDS) or trace.KINDS)
    if wanted == "line":
        rows = graph.query("lines").dicts()
    chosen = [r for r in rows if r["kind"] == wanted]
    if as_json:
        render.write(render.dump(chosen))
    else:
        render.table(query.Table(("id", "label", "label_zh"), [(r["id"], r["label"], r["label_zh"]) for r in chosen]))


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(help="Name of a query; without one, all are listed.")] = None,
    parameters: Annotated[list[str] | None, typer.Option("--param", "-p", help="A parameter, as name=value.")] = None,
    study: Study = None,
    output: Annotated[Rows, typer.Option("--format", help="How rows are printed.")] = Rows.TABLE,
    as_json: AsJson = False,
    show_query: ShowQuery = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds until the query is ended.")] = 30.0,
    limit: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 10_000,
) -> None:
    """Run a named query.

    Example: kg query evidence-for-concept -p concept=transparency
    """
    from kg import build as builder
    from kg import query as queries
    from kg import sparql as runner

    if name is None:
        listed = [(n, queries.named(n).title, ", ".join(queries.named(n).parameters)) for n in queries.names()]
        _rows(Table(("name", "title", "parameters"), listed), Rows.JSON if as_json else output)
        return
    given = {}
    for pair in parameters or []:
        key, equals, value = pair.partition("=")
        if not equals:
            raise KGError(f"'{pair}' is no parameter; write -p name=value")
        given[key] = value
    graph = _open(study)
    asked = queries.named(name)
    bound = graph.resolve(name, given)
    _shown([(name, bound)], wanted=show_query)
    result = runner.run(builder.graph_folder(graph.folder), asked.text, bound, timeout=timeout, limit=limit)
    _rows(result.table.select(tuple(asked.columns)), Rows.JSON if as_json else output)
    _more(result.more, limit)
    if output is Rows.TABLE and not as_json and not result.table.rows:
        _say("no rows")


@app.command()
def sparql(
    text: Annotated[str, typer.Argument(help="The query, or '-' to read it from standard input.")],
    study: Study = None,
    output: Annotated[
        Rows, typer.Option("--format", help="How rows are printed; ttl is for CONSTRUCT and DESCRIBE.")
    ] = Rows.TABLE,
    as_json: AsJson = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds until the query is ended.")] = 30.0,
    limit: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 10_000,
) -> None:
    """Run SPARQL of your own: SELECT, ASK, CONSTRUCT or DESCRIBE; read only.

    The prefixes dart, ev, dcterms, oa, prov, rdf, rdfs, skos and xsd are known.

    Example: kg sparql "SELECT ?p ?label { ?p a ev:Proposition ; rdfs:label ?label }"
    """
    graph = _open(study)
    result = graph.sparql(sys.stdin.read() if text == "-" else text, timeout=timeout, limit=limit)
    if result.turtle is not None:
        from kg import render

        render.write(result.turtle)
    else:
        _rows(result.table, Rows.JSON if as_json else output)
    _more(result.more, limit)


def _rows(table: Table, output: Rows) -> None:
    from kg import render

    if output is Rows.TTL:
        raise KGError("rows are no graph; ttl is for CONSTRUCT and DESCRIBE")
    if output is Rows.JSON:
        render.write(render.dump(table.dicts()))
    elif output is Rows.CSV:
        render.write(render.csv(table.columns, table.rows))
    else:
        render.table(table)


def _more(more: bool, limit: int) -> None:
    if more:
        _say(f"note: there are more than {limit:,} rows; --limit shows more")


@app.command()
def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            help="study, concepts, codebook, propositions, codings or agreement; without one, all are listed."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write every schema as NAME.json into this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the JSON Schema of a kind of study file.

    Example: kg schema codings
    """
    from kg import query, render, scaffold
    from kg.records import FILES

    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        scaffold.write_schemas(output)
    elif name is None:
        render.write(render.dump(sorted(FILES)) if as_json else "\n".join(sorted(FILES)))
    elif name not in FILES:
        raise UnknownTerm(name, "schema", query.nearest(name, FILES) or sorted(FILES))
    else:
        render.write(scaffold.schema(name))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet; its name becomes the study's id.")],
    as_json: AsJson = False,
) -> None:
    """Make a new study that builds, with an example to change.

    Example: kg init my-study
    """
    from kg import render, scaffold

    made = scaffold.init(folder)
    files = sorted(p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file() and p.parent.name != "schema")
    if as_json:
        render.write(render.dump({"study": str(made), "files": files}))
    else:
        typer.echo(f'made {made} with {", ".join(files)}\nnext: kg ask "what supports feedback" --study {made}')


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dart-kg {version('dart-kg')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command; an error is one message and an exit code: 1 findings, 2 bad input, 3 unavailable."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe in the C locale would refuse Chinese.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # So would the words of the command.
    words = [os.fsencode(word).decode("utf-8", "replace") for word in sys.argv[1:]]
    try:
        app(words)
    except KGError as e:
        from kg.render import clean

        text = clean(e)
        _say(text if isinstance(e, StudyError) else f"error: {text}")
        if isinstance(e, UnknownTerm) and not e.suggestions:
            _say("'kg list' shows what there is")
        if isinstance(e, StudyError):
            _say(f"{len(e.findings)} error(s); nothing was built")
        sys.exit(e.exit_code)
    except BrokenPipeError:
        # The reader of the pipe has seen enough, as 'head' does.
        sys.stderr.close()
        sys.exit(0)
    except OSError as e:
        _say(f"error: {e.filename or 'a file'}: {e.strerror}")
        sys.exit(3)
