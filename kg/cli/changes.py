"""Say what changed between two states of a study, and how a claim came to stand as it does."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer

from kg.cli._common import AsJson, Study, app, open_study


class Forms(StrEnum):
    """The forms in which changes are printed."""

    TABLE = "table"
    MD = "md"
    JSON = "json"


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A folder, git:REV, or built: for the graph built last.")],
    new: Annotated[str | None, typer.Argument(help="The same; without it the study as it is.")] = None,
    study: Study = None,
    output: Annotated[Forms, typer.Option("--format", help="md is for a pull request.")] = Forms.TABLE,
    as_json: AsJson = False,
) -> None:
    """Say what changed: claims that stand otherwise and through what, lines, quotes, codes, all else.

    Ends with 1 when anything changed, and with 0 when nothing did.

    Example: kg diff git:HEAD~1
    """
    from kg import diff as differ
    from kg import paths, render, revisions, snapshot

    new = new or study or str(paths.study_folder(study))
    # A revision is looked for in the repository of the other side, if that is a folder.
    plain = [name for name in (new, old) if not name.startswith((revisions.GIT, revisions.BUILT))]
    beside = paths.study_folder(study or (plain[0] if plain else None))
    with ExitStack() as stack:
        before, after = (snapshot.of(stack.enter_context(revisions.opened(name, beside))) for name in (old, new))
        found = differ.changes(before, after)
    if as_json or output is Forms.JSON:
        listed = [change._asdict() | {"fields": [f._asdict() for f in change.fields]} for change in found]
        render.write(render.dump({"old": old, "new": new, "counts": differ.counts(found), "changes": listed}))
    elif output is Forms.MD:
        parts = [f"### {title} ({len(t.rows)})\n\n{render.markdown(*t)}" for title, t in differ.sections(found)]
        render.write("\n".join(parts) or "Nothing changed.\n")
    else:
        if not found:
            typer.echo("nothing changed")
        for number, (title, table) in enumerate(differ.sections(found)):
            page = render.Page()
            page.put(f"{chr(10) if number else ''}{title} ({len(table.rows)})", style="bold")
            page.emit()
            render.table(table)
    if found:
        raise typer.Exit(1)


@app.command()
def log(
    claim: Annotated[str, typer.Argument(help="Id of a claim.")],
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Say how a claim came to stand as it does: its lines, readings, withdrawals, searches and edits, by day.

    Example: kg log P18
    """
    from kg import history, render

    graph = open_study(study)
    events = history.history(graph, claim)
    if as_json:
        render.write(render.dump([event._asdict() for event in events]))
        return
    page, state = render.Page(), ""
    for event, after in zip(events, [*events[1:], None], strict=True):
        page.put(f"{event.date}  {event.coder}: {event.what} {event.id}".rstrip())
        if event.detail:
            page.put(event.detail, 12, "dim")
        if event.state != state and (after is None or after.date != event.date):
            page.put(f"{event.date}  the claim is {event.state}", style="bold")
            state = event.state
