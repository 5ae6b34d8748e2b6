"""Look at a study: as a picture, in a browser, as a folder of pages."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli._common import AsJson, OnDay, Study, app, open_study, published, say
from kg.errors import EditRefused, KGError, UnknownTerm, closest
from kg.files import write_whole


class Language(StrEnum):
    """The languages in which labels are shown."""

    EN = "en"
    ZH = "zh"


InLanguage = Annotated[Language, typer.Option("--lang", help="Language of labels and words.")]


@app.command()
def graph(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write; the suffix names the form. Without it, standard output.")
    ] = None,
    focus: Annotated[
        str | None, typer.Option(help="Id of a record to begin with; without it, the theory down to its codes.")
    ] = None,
    depth: Annotated[int, typer.Option(min=1, max=6, help="How many links away from it.")] = 2,
    case: Annotated[
        list[str] | None, typer.Option(help="Only passages of this case, or 'literature'; may be repeated.")
    ] = None,
    stance: Annotated[list[str] | None, typer.Option(help="Only evidence of this stance; may be repeated.")] = None,
    output: Annotated[
        str | None, typer.Option("--format", help="html, svg, png, pdf, graphml, gexf or mermaid; by default html.")
    ] = None,
    figure: Annotated[
        bool,
        typer.Option("--figure", help="The theory with each concept once, claims as labelled arrows."),
    ] = False,
    dark: Annotated[bool, typer.Option("--dark", help="Light on dark, for slides; svg, png and pdf.")] = False,
    study: Study = None,
    language: InLanguage = Language.EN,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Draw the theory or the chain around a record, as one page that opens offline, or for papers and other tools.

    Of the theory SVG, PNG and PDF are its map: a row a claim, its evidence as strands.

    Example: kg graph transparency.html --focus P18
    """
    from kg import claims
    from kg.picture import formats

    if file == Path("/dev/stdout"):
        # What is said of a file that was written would stand in it.
        file = None
    name = output or ((file.suffix[1:].lower() or "html") if file else "html")
    name = {"htm": "html", "mmd": "mermaid"}.get(name, name)
    if name not in formats.FORMATS:
        raise UnknownTerm(name, "form of picture", closest(name, formats.FORMATS) or sorted(formats.FORMATS))
    for wanted in stance or ():
        if wanted not in claims.STANCES:
            raise UnknownTerm(wanted, "stance", closest(wanted, claims.STANCES) or claims.STANCES)
    with published(study, on) as opened:
        drawn = opened.picture(focus, depth=depth, cases=case or (), stances=stance or (), language=language)
        if drawn.left_out:
            narrower = "choose a --focus, a smaller --depth, a --case or a --stance"
            were = "1 node was" if drawn.left_out == 1 else f"{drawn.left_out} nodes were"
            say(f"note: {were} left out; {narrower}")
        if focus is None and "proposition" not in drawn.layers():
            from kg import answers, summary

            if not opened.query("claims").rows:
                say(f"note: {summary.without_claims(answers.count_holdings(opened.query), language)}")
        if as_json:
            from kg import render

            render.write(
                render.dump(
                    {
                        "title": drawn.title,
                        "nodes": drawn.nodes,
                        "edges": drawn.edges,
                        "left_out": drawn.left_out,
                    }
                )
            )
            return
        picture = formats.FORMATS[name].write(
            formats.Picture(
                drawn,
                opened.scene(
                    focus, depth=depth, cases=case or (), stances=stance or (), language=language, as_figure=figure
                ),
                language,
                "dark" if dark else "light",
            )
        )
        if file is not None:
            from kg import numbers

            write_whole(file, picture)
            nodes, links = numbers.number(len(drawn.nodes), "node"), numbers.number(len(drawn.edges), "link")
            typer.echo(f"wrote {file}: {nodes}, {links}")
        elif name in ("png", "pdf") and sys.stdout.isatty():
            raise KGError(f"a {name.upper()} is not for a terminal; name a file: kg graph picture.{name}")
        else:
            sys.stdout.buffer.write(picture)
            sys.stdout.buffer.flush()


@app.command()
def browse(
    study: Study = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others can reach any but the default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="A further name it may be addressed by; may be repeated.")
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            "--engine", metavar="URL", help="The SPARQL endpoint that answers, to which the study was pushed."
        ),
    ] = "",
    edit: Annotated[
        bool, typer.Option("--edit", help="Let the study be edited in the browser, at the address that is printed.")
    ] = False,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
    as_json: AsJson = False,
) -> None:
    """Look at a study in a browser: ask, read the passages where they stand, see the picture.

    Read only unless it is told to --edit, on this machine only unless told otherwise. When files
    of the study change it is built again, and open pages follow. Ctrl-C ends it.

    Example: kg browse
    """
    from kg import paths
    from kg.browse import server
    from kg.browse.workers import Workers

    folder = _edited_folder(study, host) if edit else paths.study_folder(study)
    # They begin while the study is looked at.
    with Workers(folder, engine) as workers:
        opened = open_study(study)
        if engine:
            # What is wrong with it is said here, and not on every page.
            opened.with_endpoint(engine).close()
        server.serve(
            folder,
            workers,
            host,
            port,
            [*(name or ())],
            lambda address: _ready(address, folder.name, open_page=open_page, as_json=as_json),
            edit=edit,
        )


def _edited_folder(study: str | None, host: str) -> Path:
    """Return the folder of the study that is edited.

    Raises:
        EditRefused: when it is none of the person's own, or others could reach it.
    """
    import ipaddress

    from kg.cli.editing import own_folder

    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        # Of no other name it is known where it leads.
        is_here = host == "localhost"
    if not is_here:
        raise EditRefused(f"others could edit the study at {host}", "edit on this machine only: leave out --host")
    return own_folder(study)


def _ready(address: str, study: str, *, open_page: bool, as_json: bool) -> None:
    """Say where it is."""
    if as_json:
        import json

        typer.echo(json.dumps({"study": study, "address": address}))
    else:
        typer.echo(f"{study} at {address} – Ctrl-C ends it")
    sys.stdout.flush()
    if open_page and sys.stdout.isatty():
        import webbrowser

        webbrowser.open(address)


@app.command()
def site(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet, or is empty.")],
    study: Study = None,
    style: Annotated[bool, typer.Option("--style", help="Write a page, too, that shows how everything looks.")] = False,
    pages: Annotated[
        bool, typer.Option("--pages/--no-pages", help="Show the pages of PDFs on which passages stand.")
    ] = True,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Write the pages of 'kg browse' as files, for any web host or archive, without what its sources withhold.

    Example: kg site public/
    """
    from kg import exports
    from kg.browse import site as writer
    from kg.progress import Bar

    with published(study, on) as opened, Bar() as bar:
        told: list[writer.Pictures] = []
        files = exports.written(
            folder, lambda aside: told.append(writer.write(opened, aside, bar, styled=style, pictures=pages))
        )
    (drawn,) = told
    if as_json:
        from kg import render

        content = {"folder": str(folder), "files": len(files), "pages": drawn.number, "without_pages": drawn.left_out}
        render.write(render.dump(content))
    else:
        if drawn.left_out:
            say(f"no pages of {', '.join(drawn.left_out)}: all pages would be more than {writer.PICTURES // 2**20} MB")
        typer.echo(f"wrote {len(files):,} files to {folder}; open {folder / 'index.html'}")
