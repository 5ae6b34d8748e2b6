"""Add documents to a study, and read them anew."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli._coder import CoderOption, who_if_any
from kg.cli._common import AsJson, Study, app, say
from kg.errors import KGError, listing
from kg.progress import Bar

if TYPE_CHECKING:
    from kg.adding import Added
    from kg.adding.extracting import Options, Speakers

PASSWORD = "DART_KG_PASSWORD"  # noqa: S105 (the name of a variable)
"""Variable of the environment that has the password of locked documents."""


class Roles(StrEnum):
    """The roles of a source."""

    THEORY = "theory"
    CASE = "case"
    LITERATURE = "literature"


@app.command()
def add(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Documents, and folders and zip files of them; with --again also ids of sources."),
    ] = None,
    case: Annotated[str | None, typer.Option(help="Case that they are about.")] = None,
    reference: Annotated[
        str | None, typer.Option(help="Publication that they are, by its key in references.json.")
    ] = None,
    study: Study = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of texts that are not UTF-8, such as gb18030.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of a single document; else the name of its file.")] = None,
    role: Annotated[
        Roles | None, typer.Option(help="What they are; else literature with --reference and no --case, or case.")
    ] = None,
    speakers: Annotated[
        list[str] | None,
        typer.Option(help="auto, none, or LABEL=ROLE, ROLE being interviewer, participant or unknown; repeatable."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read what was added anew, and show what moves; without FILE everything.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="With --again: write that.")] = False,
    coder: CoderOption = None,
    as_json: AsJson = False,
) -> None:
    """Add documents to a study: PDF, DOCX, ODT, HTML, subtitles (.srt, .vtt), .txt, .md.

    The original is kept in the study, and its text is written beside it, with its pages, turns and times. Speakers of a
    transcript are found where its labels or times are sure. 'kg undo' takes it back.

    Example: kg add interviews/ --case kitchen
    """
    from kg import adding, paths, render

    folder = paths.study_folder(study)
    options = adding.Options(case, reference, title, role.value if role else None, encoding, _speakers(speakers), _ask)
    if again:
        by = who_if_any(folder, coder) if write else None
        _again(folder, files or [], options, by, write=write, as_json=as_json)
        return
    if write:
        raise KGError("--write belongs to --again; documents are added at once")
    if not files:
        raise KGError("name what is to be added: files, folders or zip files of documents")
    with Bar() as bar:
        done = adding.add(folder, files, options, bar, by=who_if_any(folder, coder))
    if as_json:
        content = {"study": str(folder), "added": [one._asdict() for one in done.added], "findings": done.findings}
        render.write(render.dump(content))
    else:
        for one in done.added:
            typer.echo(render.clean(_told(one)))
        if done.findings:
            say(render.clean(listing(done.findings)))
        number, left = len(done.added), len({finding.file for finding in done.refused})
        missed = f"; {left:,} file{'s' * (left != 1)} could not be read" if left else ""
        typer.echo(f"{folder.name}: added {number:,} source{'s' * (number != 1)}{missed}")
    if done.refused:
        raise typer.Exit(1)


def _speakers(words: list[str] | None) -> Speakers | None:
    """Read how a person names speakers."""
    from typing import get_args

    from kg.entries import Speaker

    if not words:
        return None
    if words in (["auto"], ["none"]):
        return words[0]  # type: ignore[return-value]
    roles: dict[str, Speaker] = {}
    for pair in (pair for word in words for pair in re.split(r",(?=[^,=]+=)", word)):
        label, _, role = map(str.strip, pair.rpartition("="))
        if not label or role not in get_args(Speaker):
            shown = ", ".join(get_args(Speaker))
            raise KGError(
                f"--speakers takes auto, none or LABEL=ROLE, such as I=interviewer ({shown}), and not '{pair}'"
            )
        roles[label] = role  # type: ignore[assignment]
    return roles


def _ask(file: str) -> str | None:
    """Return the password of a document: from the environment, or asked on a terminal."""
    import os
    import sys

    if password := os.environ.get(PASSWORD):
        return password
    if not (sys.stdin and sys.stdin.isatty()):
        return None
    asked: str = typer.prompt(f"password of {file}", hide_input=True, default="", show_default=False, err=True)
    return asked or None


def _told(one: Added) -> str:
    """Say what became of a document."""
    from kg.numbers import number

    counts = [number(one.paragraphs, "paragraph")]
    if one.pages:
        counts.insert(0, number(one.pages, "page"))
    told = f"{one.shown} -> {one.id} ({one.loader}): {', '.join(counts)}"
    if not one.turns:
        return told
    turns = ", ".join(f"{label} {turns:,}" for label, turns in list(one.turns.items())[:8])
    turns += " …" * (len(one.turns) > 8)
    if one.grade == "ask":
        mend = f"if it is one: kg add --again {one.id} --speakers auto --write"
        return f"{told}\n  is it a transcript? lines begin with {turns}\n  {mend}"
    told += "\n  turns: " + ", ".join(
        f"{label} {turns:,} ({one.roles.get(label, 'unknown')})" for label, turns in list(one.turns.items())[:8]
    )
    told += " …" * (len(one.turns) > 8)
    if "interviewer" not in one.roles.values():
        told += "\n  who asks? write it under 'speakers' of this source in study.yaml"
    return told


def _again(folder: Path, named: list[Path], options: Options, by: str | None, *, write: bool, as_json: bool) -> None:
    """Read documents anew, and say what changes."""
    from kg import render
    from kg.adding import again
    from kg.nearest import short
    from kg.numbers import number

    with Bar() as bar:
        renewals = again.renew(folder, named, options, write=write, progress=bar, by=by)
    changed = [one for one in renewals if one.changes]
    if as_json:
        render.write(render.dump({"study": str(folder), "written": write and bool(changed), "sources": renewals}))
        return
    for one in renewals:
        if not one.changes:
            typer.echo(f"{one.id}: nothing changes")
            continue
        gone, new = one.lines
        by = (
            one.loaders[1] if one.loaders[0] == one.loaders[1] else f"{one.loaders[0] or 'nothing'} -> {one.loaders[1]}"
        )
        text = "its text stays, its places change"
        if gone or new:
            text = f"{number(gone, 'line')} of its text {'goes' if gone == 1 else 'go'}"
            text += f" and {new:,} {'comes' if new == 1 else 'come'}"
        counts = f"passages: {one.stays:,} stay, {len(one.moved):,} move, {len(one.orphans):,} are lost"
        typer.echo(render.clean(f"{one.id} ({by}): {text}; {counts}"))
        for passage in one.moved:
            before, now = ("-".join(map(str, span)) for span in (passage.before, passage.now))
            typer.echo(f"  {passage.file}:{passage.line}: {before} -> {now}")
        for orphan in one.orphans:
            typer.echo(render.clean(f"  {orphan.file}:{orphan.line}: lost: {short(orphan.quote)}: {orphan.why}"))
    lost = any(one.orphans for one in changed)
    if changed and write:
        typer.echo("written" + ("; 'kg confirm' lists the lost passages, which do not count now" if lost else ""))
    elif changed:
        typer.echo("nothing was written, --write does that")
