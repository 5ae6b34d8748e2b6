"""Judge evidence lines blind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli._coder import CoderOption, who
from kg.cli._common import AsJson, Study, app, open_study
from kg.cli.editing import own_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.blind import Unread


@app.command()
def read(
    coder: CoderOption = None,
    study: Study = None,
    rules: Annotated[bool, typer.Option("--rules", help="Only print the rules.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge evidence lines that you have not seen, knowing claim, paragraph and passage only.

    Each reading is written at once, and 'kg undo' takes it back; x ends. --json lists what waits, for a program that
    writes its readings by 'kg edit'.

    Example: kg read --coder reader
    """
    from kg import blind, editing, render
    from kg.editing import journal
    from kg.editing.coding import Read

    if rules:
        _say_rules()
        return
    folder = own_folder(study)
    by = who(folder, coder)
    waiting = blind.unread(open_study(str(folder)), by)
    if as_json:
        listed = [one._asdict() | {"passages": [p._asdict() for p in one.passages]} for one in waiting]
        said = {"stances": blind.STANCES, "strengths": blind.STRENGTHS, "doubt": blind.DOUBT}
        render.write(render.dump({"coder": by, "rules": said, "unread": listed}))
        return
    if waiting:
        _say_rules()
    done = 0
    for number, one in enumerate(waiting, 1):
        _say_line(one, number, len(waiting))
        try:
            stance = _asked("judged", (*blind.STANCES, "next", "x"))
            if stance == "x":
                break
            if stance == "next":
                continue
            strength = None if stance == "irrelevant" else _asked("how strong", blind.STRENGTHS)
            alone = (
                None if stance == "irrelevant" else _asked("does the passage carry it alone", ("yes", "no")) == "yes"
            )
            reason = typer.prompt("why", default="", show_default=False).strip()
        except typer.Abort:
            typer.echo()
            break
        act = Read.model_validate(
            {"line": one.line, "stance": stance, "strength": strength, "alone": alone, "reason": reason}
        )
        editing.apply(folder, [act], by, journal.now())
        done += 1
    typer.echo(f"{done} read, {len(waiting) - done} wait for '{by}'")


def _say_rules() -> None:
    """Print the rules in short."""
    from kg import blind

    for name, when in {**blind.STANCES, **blind.STRENGTHS}.items():
        typer.echo(f"{name}: {when}")
    typer.echo(f"{blind.DOUBT}; all rules: docs/judging.md")


def _say_line(one: Unread, number: int, total: int) -> None:
    """Print what a coder may know of an evidence line."""
    from kg import render

    page = render.Page()
    page.put(f"\n{number} of {total}", style="dim")
    page.put(one.claim, style="bold")
    for place in one.passages:
        page.put(f"{place.before}»{place.passage}«{place.after}", 2)
    page.emit()


def _asked(what: str, answers: Iterable[str]) -> str:
    """Ask until one of some answers is given, or the beginning of one that no other has."""
    answers = tuple(answers)
    while True:
        given = typer.prompt(f"{what}? ({', '.join(answers)})").strip().lower()
        meant = [answer for answer in answers if given and answer.startswith(given)]
        if len(meant) == 1:
            return meant[0]
