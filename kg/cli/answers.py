"""Ask, trace, cite, report, search, show and list."""

from __future__ import annotations

from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import claims
from kg.cli._common import (
    AsJson,
    Engine,
    Engines,
    OnDay,
    Rows,
    ShowQuery,
    Study,
    app,
    asked_by,
    open_study,
    print_queries,
    print_rows,
    published,
    say,
)
from kg.errors import UnknownTerm, closest
from kg.files import write_whole
from kg.query import Table
from kg.words import word

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
        records, sources = graph.query("records").dicts(), graph.query("sources").dicts()
    if as_json:
        render.write(render.dump(answer))
    else:
        column = "label_zh" if answer.language == "zh" else "label"
        names = {(r["kind"], r["id"]): r[column] or r["label"] for r in records}
        here = claims.outside(((s["role"], s["case"]) for s in sources), cases=any(kind == "case" for kind, _ in names))
        names.setdefault(("case", claims.LITERATURE), word(here, answer.language))
        render.answer(answer, names, 0 if whole else render.QUOTES, study)
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
        told = render.alone(traced.software)
        render.write(render.markdown(COLUMNS, traced.rows) + (f"\n- {render.clean(told)}\n" if told else ""))
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
        typer.Argument(help="Such as matrix; without a name all are listed. supplement: all in one HTML page."),
    ] = None,
    study: Study = None,
    output: Annotated[Pages, typer.Option("--format", help="How the report is printed.")] = Pages.TABLE,
    as_json: AsJson = False,
    by: Annotated[
        str | None,
        typer.Option(help="What matrix and codes set against: case or an attribute; codes also source or code."),
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the plot of matrix or saturation to this SVG file.")] = None,
    word: Annotated[Path | None, typer.Option(help="Write the report to this Word file, too.")] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            help="In which units coders are compared: paragraph, turn, line, sentence or overlap; by which saturation "
            "counts new codes: source, case or paragraph."
        ),
    ] = None,
    on: OnDay = None,
) -> None:
    """Report on a study: evidence by case, saturation, agreement of coders, confidence, gaps, who did what when.

    Example: kg report agreement --unit sentence
    """
    from kg import render, reports
    from kg.reports import pages, plots

    if name is None:
        print_rows(
            Table(
                ("name", "title"), [(n, (one.make.__doc__ or "").split("\n")[0]) for n, one in reports.REPORTS.items()]
            ),
            Rows.JSON if as_json else Rows.TABLE,
        )
        return
    if name not in (*reports.REPORTS, "supplement"):
        names = [*reports.REPORTS, "supplement"]
        raise UnknownTerm(name, "report", closest(name, names) or names)
    with published(study, on) if name in reports.PUBLISHED else nullcontext(open_study(study)) as graph:
        if name == "supplement":
            render.write(graph.supplement())
            return
        chosen = graph.report(name, by=by, unit=unit)
        if plot is not None:
            write_whole(plot, plots.svg(chosen).encode())
        if word is not None:
            from kg.exports import reports as documents

            write_whole(word, documents.document(graph.engine, chosen))
    if as_json or output is Pages.JSON:
        made = [{"title": r.title, "notes": r.notes, "rows": r.single.dicts()} for r in chosen.all]
        render.write(render.dump(made[0] | ({"further": made[1:]} if made[1:] else {})))
    elif output is Pages.CSV:
        # A file has one table: the last with no name under which it could be asked for by itself.
        table = [one for one in chosen.all if one is chosen or one.name not in reports.REPORTS][-1].single
        render.write(render.csv(table.columns, table.rows))
    elif output is Pages.MD:
        for number, one in enumerate(chosen.all):
            notes = "".join(f"- {render.clean(note)}\n" for note in one.notes)
            head = "\n## " if number else "# "
            render.write(f"{head}{one.title}\n\n{render.markdown(one.table.columns, one.table.rows)}\n{notes}")
    elif output is Pages.HTML:
        render.write(pages.page(chosen.title, [chosen]))
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
    from kg import bearing, confidence, render
    from kg import trace as tracer
    from kg.entries import CONCERNS

    kind, key, also = tracer.resolve(graph.engine, identifier)
    rows = graph.query("record", id=f"{kind}/{key}", kind=kind)
    judged = confidence.judged(graph.engine).get(key) if kind == "proposition" else None
    if as_json:
        more = {"confidence": judged} if judged else {}
        render.write(render.dump({"kind": kind, "id": key, "properties": rows.dicts()} | more))
        return
    page = render.Page()
    page.put(f"{kind} {key}", style="bold")
    for row in rows.dicts():
        value = str(row["value"])
        shown = f"{value[:300]} … ({len(value):,} characters)" if len(value) > 400 else value
        page.put(f"{row['property']}{'@' + row['language'] if row['language'] else ''}: {shown}", 2)
    if judged:
        whole = judged.overall
        page.put(f"confidence: {judged.level} ({whole.coder}, {whole.date}): {whole.reason}", 2)
        for component, one in judged.concerns.items():
            title = confidence.TITLES[component].lower()
            page.put(f"{title}: {CONCERNS[one.level]} ({one.coder}, {one.date}): {one.reason}", 4)
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
