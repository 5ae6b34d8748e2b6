"""Make, build and check a study."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli._coder import CoderOption, who_if_any
from kg.cli._common import AsJson, Rows, app, print_rows, say
from kg.errors import UnknownTerm, closest, listing
from kg.progress import Bar

if TYPE_CHECKING:
    from collections.abc import Sequence


class Findings(StrEnum):
    """The forms in which findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


@app.command()
def build(
    study: Annotated[str | None, typer.Argument(help="Study folder, or name of a bundled study.")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Read the sources on the workers of a Dask scheduler, such as tcp://HOST:8786."
        ),
    ] = None,
    parts: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="With --scheduler: where workers write, seen by all. Else: what to build from."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the graph of a study, if its files changed.

    With --scheduler the parts of a graph are written into a folder by a cluster; see docs/scale.md.

    Example: kg build my-study
    """
    from kg import paths, render
    from kg.store import build as builder

    folder = paths.study_folder(study)
    with Bar() as bar:
        if scheduler is None:
            built = builder.build(folder, bar, parts)
        elif parts is None:
            raise typer.BadParameter("name the folder of parts too: --parts FOLDER", param_hint="'--scheduler'")
        else:
            from kg import cluster

            built = cluster.write_parts(folder, scheduler, parts, bar)
    if built.findings:
        say(render.clean(listing(built.findings)))
    if as_json:
        render.write(
            render.dump({"study": str(folder), "digest": built.digest, "fresh": built.fresh, "statements": built.quads})
        )
    else:
        made = "built" if scheduler is None else f"parts in {parts}"
        done = f"{made}, {built.quads:,} statements" if built.fresh else "unchanged"
        typer.echo(f"{folder.name}: {done}, sha256 {built.digest}")


@app.command()
def watch(
    study: Annotated[str | None, typer.Argument(help="Study folder, or name of a bundled study.")] = None,
    as_json: AsJson = False,
) -> None:
    """Build a study each time its files change, and say what is to be mended. Ctrl-C ends it.

    Example: kg watch my-study
    """
    from kg import paths, render, watching

    folder = paths.study_folder(study)
    for state in watching.states(folder):
        if as_json:
            findings = [asdict(finding) for finding in state.findings]
            told = {"digest": state.digest, "built": state.fresh, "findings": findings, "trouble": state.trouble}
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            if state.findings or state.trouble:
                say(render.clean(state.trouble or listing(state.findings)))
            done = "the build before it answers" if state.is_broken else "built" if state.fresh else "unchanged"
            typer.echo(f"{folder.name}: {done}, sha256 {state.digest}" if state.digest else f"{folder.name}: no build")
        sys.stdout.flush()


@app.command()
def check(
    study: Annotated[str | None, typer.Argument(help="Study folder, or name of a bundled study.")] = None,
    output: Annotated[Findings, typer.Option("--format", help="How findings are printed.")] = Findings.TEXT,
    as_json: AsJson = False,
) -> None:
    """Say all that is wrong with a study: files, quotes, shapes, coverage.

    Exit code 0: nothing, or notes only; 1: warnings; 2: errors.

    Example: kg check my-study --format sarif
    """
    from kg import check as checker
    from kg import paths

    folder = paths.study_folder(study)
    findings = checker.check(folder)
    if output is Findings.SARIF:
        typer.echo(checker.sarif(findings))
    elif as_json or output is Findings.JSON:
        from kg import render

        render.write(render.dump(findings))
    else:
        from kg import render

        if findings:
            typer.echo(render.clean(listing(findings)))
        count = Counter(f.severity for f in findings)
        shown = ("error", "warning", *(["note"] if count["note"] else []))
        counted = ", ".join(f"{count[what]} {what}{'s' * (count[what] != 1)}" for what in shown)
        typer.echo(f"{folder.name}: {counted if findings else 'nothing to mend'}")
    worst = {f.severity for f in findings}
    if "error" in worst or "warning" in worst:
        raise typer.Exit(2 if "error" in worst else 1)


@app.command()
def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            help="study, concepts, codebook, propositions, codings, readings or agreement; without one, all are listed."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write every schema as NAME.json into this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the JSON Schema of a kind of study file.

    Example: kg schema codings
    """
    from kg import render, scaffold
    from kg.entries import FILES

    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        scaffold.write_schemas(output)
    elif name is None:
        render.write(render.dump(sorted(FILES)) if as_json else "\n".join(sorted(FILES)))
    elif name not in FILES:
        raise UnknownTerm(name, "schema", closest(name, FILES) or sorted(FILES))
    else:
        render.write(scaffold.schema(name))


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(help="A folder that does not exist yet; the study's id is made of its name.")
    ],
    empty: Annotated[bool, typer.Option("--empty", help="Without the example, to fill it in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new study that builds, with an example to change.

    Example: kg init my-study
    """
    import shlex

    from kg import render, scaffold

    place = scaffold.init(folder, empty=empty)
    name = place.resolve().name
    identifier = scaffold.study_id(name)
    files = sorted(
        p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file() and p.parent.name != "schema"
    )
    if as_json:
        render.write(render.dump({"study": str(place), "id": identifier, "files": files}))
    else:
        called = "" if identifier == name else f"\nthe study's id is {identifier}"
        typer.echo(f"made {place} with {', '.join(files)}{called}")
        shown = shlex.quote(str(place))
        following = f"kg browse --edit --study {shown}" if empty else f'kg ask "what supports feedback" --study {shown}'
        typer.echo(f"next: {following}")


@app.command("import")
def import_(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="What another tool exported; for QualCoder the project's folder. Without one, all formats."
        ),
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="A study, or a folder that is not there yet; without it one named as the file.")
    ] = None,
    name: Annotated[str | None, typer.Option("--format", help="Format, where a look inside does not tell.")] = None,
    texts: Annotated[
        Path | None, typer.Option(help="Folder of .txt and .md files: the documents of quotes that come without.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="For tables: OURS=THEIRS, such as quote=Segment; text=Answer where rows are documents; repeatable."
        ),
    ] = None,
    separator: Annotated[
        str, typer.Option(help="For tables: what parts the codes of a cell, where it is not found.")
    ] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of texts that are not UTF-8, such as gb18030.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken and what not.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a project, quotes, a codebook or references of another tool into a study.

    REFI-QDA (ATLAS.ti, NVivo, MAXQDA), QualCoder, RQDA, requal, Taguette, tables, Web Annotation, Hypothesis,
    CSL-JSON, BibTeX, RIS, RefWorks, EndNote. A passage that is not what its text holds is kept, shown, and not counted.

    Example: kg import interviews.qdpx --into interviews
    """
    import datetime

    from kg import importing, render
    from kg.loaders.imports import Options, formats
    from kg.naming import slug
    from kg.query import Table

    if file is None:
        if as_json:
            forms = formats().items()
            render.write(render.dump([{"format": key, "title": f.title, "suffixes": f.suffixes} for key, f in forms]))
            return
        listed = [(key, form.title, " ".join(form.suffixes)) for key, form in formats().items()]
        print_rows(Table(("format", "title", "files"), listed), Rows.TABLE)
        return
    given = importing.texts(texts, encoding) if texts else {}
    options = Options(importing.columns(column or ()), given, separator, encoding)
    target = into or Path(slug(file.stem, "study"))
    with Bar() as bar:
        report = importing.import_file(
            file, target, options, datetime.date.today(), name=name, dry_run=dry_run, progress=bar
        )
    if as_json:
        render.write(render.dump(report.summary() | {"dry_run": dry_run}))
        return
    typer.echo(render.clean(report.text()))
    if dry_run:
        typer.echo("nothing was written")
    elif report.fresh:
        bare = "" if report.claims else "; then write its claims in propositions.yaml: 'kg ask' answers about these"
        typer.echo(f"this is kept in {target / report.path}\nnext: kg check {target}{bare}")


@app.command()
def confirm(
    study: Annotated[str | None, typer.Argument(help="Study folder.")] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(help="What to confirm, as it is listed; 'all' takes what has the very words. Repeatable."),
    ] = None,
    coder: CoderOption = None,
    as_json: AsJson = False,
) -> None:
    """List imported passages that are not confirmed, with the places they may mean, and take one.

    Taking writes the source's own text and its position into the codings file; all else of it stays as it is, and
    'kg undo' takes it back.

    Example: kg confirm my-study --take interview-1:3
    """
    from kg import confirm as confirming
    from kg import nearest, paths, render

    folder = paths.study_folder(study)
    if take:
        taken = confirming.take(folder, take, who_if_any(folder, coder))
        if as_json:
            render.write(render.dump(taken))
            return
        for address, place in taken.places.items():
            typer.echo(render.clean(f"{address} is {nearest.shown(place)}"))
        for one in taken.left:
            typer.echo(render.clean(f"{one.address} is left: {one.why}"))
        typer.echo(f"{len(taken.places)} confirmed, {len(taken.left)} left")
        return
    listed = confirming.pending(folder)
    if as_json:
        render.write(render.dump(listed))
        return
    for passage in listed:
        typer.echo(render.clean(f"{passage.address}  {passage.file}:{passage.line}: {passage.reason}"))
        typer.echo(render.clean(f"  the file has {nearest.short(passage.stated)}"))
        for letter, place in passage.letters():
            typer.echo(render.clean(f"  {letter}  {nearest.shown(place)} ({place.why})"))
        if not passage.proposals:
            typer.echo("  nothing in its source comes near it")
    if listed:
        example = next((one.address for one in listed if one.proposals), None)
        how = f"; to take a place: kg confirm … --take {example}" if example else ""
        typer.echo(f"{len(listed)} {'passage is' if len(listed) == 1 else 'passages are'} not confirmed{how}")
    else:
        typer.echo(f"{folder.name}: every passage is confirmed")


@app.command()
def upgrade(
    study: Annotated[str | None, typer.Argument(help="Study folder.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the changes: all of them, or none.")] = False,
    coder: CoderOption = None,
    as_json: AsJson = False,
) -> None:
    """Show what the files of an older study lack, as a unified diff; --write writes it.

    Lines are added: the format of the study, and ids of evidence lines as they are now. All else stays byte for byte.

    Example: kg upgrade my-study
    """
    from kg import paths, render
    from kg import upgrade as upgrading

    folder = paths.study_folder(study)
    by = who_if_any(folder, coder) if write else None
    with Bar() as bar:
        changes = upgrading.write(folder, by, progress=bar) if write else upgrading.plan(folder, bar)
    if as_json:
        listed = [{"file": c.file, "ids": c.ids, "diff": "\n".join(c.diff())} for c in changes]
        render.write(render.dump({"study": str(folder), "written": write and bool(changes), "files": listed}))
        return
    if not changes:
        typer.echo(f"{folder.name}: there is nothing to upgrade")
        return
    ids, files = sum(c.ids for c in changes), ", ".join(c.file for c in changes)
    counted = f"{len(changes)} file{'s' * (len(changes) > 1)}, {ids:,} id{'s' * (ids != 1)} of evidence lines"
    if write:
        typer.echo(render.clean(f"{folder.name}: wrote {counted}: {files}{'; kg undo takes it back' * bool(by)}"))
        return
    told = f"{counted}; nothing was written, --write does that"
    _page([*(line for change in changes for line in change.diff()), told])


def _page(lines: Sequence[str]) -> None:
    """Print a diff and what follows it: coloured on a terminal, and in a pager where it is longer than that."""
    import shutil
    import sys

    import click

    from kg import render

    colours = {"+": "green", "-": "red", "@": "cyan"}
    shown = [(render.clean(line.removesuffix("\r")), colours.get(line[:1])) for line in lines]
    if not sys.stdout.isatty():
        render.write("\n".join(line for line, _ in shown))
        return
    text = "\n".join(click.style(line, fg=colour) if colour else line for line, colour in shown) + "\n"
    if len(lines) < shutil.get_terminal_size().lines:
        click.echo(text, nl=False)
    else:
        click.echo_via_pager(text)
