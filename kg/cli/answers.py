"""Ask, trace, cite, report, search, show and list."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
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
    say,
)
from kg.errors import UnknownTerm, closest
from kg.files import write_whole
from kg.query import Table

AnyId = Annotated[str, typer.Argument(metavar="ID", help="Id of any record, or kind/id where two kinds share one.")]


class Pages(StrEnum):
    """The forms in which reports are printed."""

    TABLE = "table"
    MD = "md"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


class Entries(StrEnum):
    """The forms in which citations are printed."""

    TEXT = "text"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl-json"


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question, in English or Chinese.")],
    study: Study = None,
    engine: Engine = Engines.TABLES,
    as_json: AsJson = False,
    show_query: ShowQuery = False,
    whole: Annotated[bool, typer.Option("--all", help="Show every claim and quote, and why each counts.")] = False,
) -> None:
    """Answer a question in your own words: the verdict, the claims, the quotes, and what to ask next.

    Ask about claims, concepts, cases, stages, sources, references, authors, codes and coders: what supports or
    opposes something, whether it holds, who wrote of it, what is missing, how cases compare, what should be done.

    Example: kg ask "what supports transparency"
    """
    from kg import render

    with asked_by(open_study(study), engine) as graph:
        answer = graph.ask(" ".join(question))
        records = graph.query("records").dicts()
    if as_json:
        render.write(render.dump(answer))
    else:
        column = "label_zh" if answer.language == "zh" else "label"
        names = {(r["kind"], r["id"]): r[column] or r["label"] for r in records}
        render.answer(answer, names, 0 if whole else render.QUOTES)
    print_queries(answer.queries, engine, wanted=show_query)


@app.command()
def trace(
    identifier: AnyId,
    study: Study = None,
    engine: Engine = Engines.TABLES,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the table as CSV.")] = False,
    as_md: Annotated[bool, typer.Option("--md", help="Print the table as Markdown.")] = False,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Show withdrawn and superseded evidence too.")] = False,
    show_query: ShowQuery = False,
) -> None:
    """Trace a record to its passages, and to the claims that rest on it.

    Example: kg trace P18
    """
    with asked_by(open_study(study), engine) as graph:
        traced = graph.trace(identifier, withdrawn=withdrawn)
    from kg import render
    from kg.trace import COLUMNS

    if as_json:
        render.write(render.dump(traced))
    elif as_csv:
        render.write(render.csv(COLUMNS, traced.rows))
    elif as_md:
        render.write(render.markdown(COLUMNS, traced.rows))
    else:
        render.trace(traced)
    for other in traced.also:
        say(f"note: there is also {other}; trace it with 'kg trace {other}'")
    print_queries(traced.queries, engine, wanted=show_query)


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
    citations = open_study(study).cite(identifier, style)
    from kg import bibliography, render

    places: dict[str, list[str]] = {}
    for one in citations:
        places.setdefault(one.reference, []).extend(filter(None, [one.locator]))
    items = {one.reference: one.csl for one in citations if one.reference}
    noted = [bibliography.with_places(item, places[key]) for key, item in items.items()]

    if as_json:
        render.write(render.dump(citations))
    elif output is Entries.CSL:
        render.write(render.dump(list(items.values())))
    elif not citations:
        say(f"'{identifier}' rests on no reference")
    elif output is Entries.BIBTEX:
        render.write(bibliography.bibtex(noted))
    elif output is Entries.RIS:
        render.write(bibliography.ris(noted))
    else:
        page = render.Page()
        for number, citation in enumerate(citations):
            page.put(f"{chr(10) if number else ''}{citation.text}")
            if citation.entry:
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
    from kg import render
    from kg import report as reports

    if name is None:
        print_rows(
            Table(("name", "title"), [(n, (f.__doc__ or "").split("\n")[0]) for n, f in reports.REPORTS.items()]),
            Rows.JSON if as_json else Rows.TABLE,
        )
        return
    graph = open_study(study)
    if name == "supplement":
        render.write(graph.supplement())
        return
    if name not in reports.REPORTS:
        names = [*reports.REPORTS, "supplement"]
        raise UnknownTerm(name, "report", closest(name, names) or names)
    chosen = graph.report(name)
    if plot is not None:
        write_whole(plot, reports.svg(chosen).encode())
    if as_json or output is Pages.JSON:
        render.write(render.dump({"title": chosen.title, "notes": chosen.notes, "rows": chosen.table.dicts()}))
    elif output is Pages.CSV:
        render.write(render.csv(chosen.table.columns, chosen.table.rows))
    elif output is Pages.MD:
        notes = "".join(f"- {render.clean(note)}\n" for note in chosen.notes)
        render.write(f"# {chosen.title}\n\n{render.markdown(chosen.table.columns, chosen.table.rows)}\n{notes}")
    elif output is Pages.HTML:
        render.write(reports.page(chosen.title, [chosen]))
    else:
        render.report(chosen)


@app.command()
def search(
    text: Annotated[list[str], typer.Argument(help="Words, in any order.")],
    study: Study = None,
    as_json: AsJson = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Find the text as it stands, in any case of letters, also signs.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Places shown at most.")] = 10,
) -> None:
    """Find words in every source, the best places first, with the passages and claims they touch.

    A paragraph that has all words comes before one that has some, and words near each other before words apart.
    English words are found in any form.

    Example: kg search self-cleaning washing machine
    """
    results = open_study(study).search(" ".join(text), exact=exact, limit=limit)
    from kg import render

    if as_json:
        render.write(render.dump(results))
    else:
        render.results(results)


@app.command()
def show(
    identifier: AnyId,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Show one record with all its properties.

    Example: kg show transparency
    """
    graph = open_study(study)
    from kg import bearing, render
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
    if kind == "line":
        for reading in bearing.readings(graph.engine, key):
            page.put(f"{reading.coder} {reading.act} it on {reading.date} as {reading.judgement}", 2)
    for other in also:
        say(f"note: there is also {other}; see 'kg show {other}'")


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
    graph = open_study(study)
    from kg import kinds, query, render

    rows = graph.query("records").dicts()
    if kind is None:
        rows += graph.query("lines").dicts()
        counts = {k: sum(r["kind"] == k for r in rows) for k in kinds.NAMED}
        if as_json:
            render.write(render.dump(counts))
        else:
            render.table(query.Table(("kind", "records"), list(counts.items())))
        return
    wanted = kind.removesuffix("s").lower()
    if wanted not in kinds.NAMED:
        raise UnknownTerm(kind, "kind of record", closest(wanted, kinds.NAMED) or kinds.NAMED)
    if wanted == "line":
        rows = graph.query("lines").dicts()
    chosen = [r for r in rows if r["kind"] == wanted]
    if as_json:
        render.write(render.dump(chosen))
    else:
        render.table(query.Table(("id", "label", "label_zh"), [(r["id"], r["label"], r["label_zh"]) for r in chosen]))
