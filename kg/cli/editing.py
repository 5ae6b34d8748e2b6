"""Edit a study from the terminal: code, draw evidence lines, rename, merge, undo."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli._coder import CoderOption, complete, kind_of, who
from kg.cli._common import AsJson, Study, app, read_input, say
from kg.errors import EditRefused, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.editing import Outcome
    from kg.editing.fixing import Fix
    from kg.editing.operation import Operation
    from kg.editing.threeway import Conflict


class Strengths(StrEnum):
    """How strong evidence is."""

    STRONG = "strong"
    MODERATE = "moderate"
    WEAK = "weak"


class Kinds(StrEnum):
    """The kinds of record that can be renamed."""

    CODE = "code"
    CLAIM = "claim"
    LINE = "line"
    CONCEPT = "concept"
    RELATION = "relation"
    SOURCE = "source"
    CASE = "case"
    CODER = "coder"
    QUESTION = "question"
    SEARCH = "search"
    SET = "set"


Start = Annotated[
    int | None, typer.Option("--start", help="Where the passage begins, when its words stand more than once.")
]
Quote = Annotated[str, typer.Argument(help="The passage, word for word; any white space stands for any other.")]
Claim = Annotated[str, typer.Argument(help="Id of the claim.", autocompletion=complete("proposition"))]
Because = Annotated[str, typer.Option("--because", help="Why the passage bears on the claim so.")]
HowStrong = Annotated[Strengths, typer.Option("--strength", help="How strong the evidence is; see docs/judging.md.")]
InSource = Annotated[
    str | None,
    typer.Option("--in", help="The source; needed when the words stand in several.", autocompletion=complete("source")),
]


@app.command()
def code(
    source: Annotated[str, typer.Argument(help="Id of the source.", autocompletion=complete("source"))],
    quote: Quote,
    codes: Annotated[list[str], typer.Argument(help="Ids of codes.", autocompletion=complete("code"))],
    memo: Annotated[str, typer.Option(help="What is to be noted of it.")] = "",
    new: Annotated[bool, typer.Option("--new", help="Add codes that are not there yet, as open codes.")] = False,
    start: Start = None,
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Give codes to a passage of a source.

    It is written into a codings file of yours, which is made if there is none; nothing else in the study changes.

    Example: kg code interview "The guests know my name by now" belonging
    """
    from kg.editing.coding import Code
    from kg.editing.files import Files
    from kg.editing.records import Add, ids

    folder = own_folder(study)
    there = ids(Files(folder), "code") if new else codes
    added = [
        Add(kind="code", record={"id": one, "level": "open", "label": {"en": one.replace("-", " ")}})
        for one in dict.fromkeys(codes)
        if one not in there
    ]
    act = Code(source=source, quote=quote, start=start, codes=tuple(codes), memo=memo)
    _apply(folder, [*added, act], coder, as_json=as_json)


@app.command()
def support(
    claim: Claim,
    quote: Quote,
    because: Because,
    strength: HowStrong,
    source: InSource = None,
    start: Start = None,
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Draw an evidence line: a passage supports a claim.

    Example: kg support P1 "that is why I come back" --because "She names it as the reason." --strength moderate
    """
    _evidence("supports", claim, quote, because, strength, source, start, coder, study, as_json=as_json)


@app.command()
def oppose(
    claim: Claim,
    quote: Quote,
    because: Because,
    strength: HowStrong,
    source: InSource = None,
    start: Start = None,
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Draw an evidence line: a passage opposes a claim.

    Example: kg oppose P1 "Two of us left" --because "They left in spite of praise." --strength weak
    """
    _evidence("opposes", claim, quote, because, strength, source, start, coder, study, as_json=as_json)


@app.command()
def qualify(
    claim: Claim,
    quote: Quote,
    because: Because,
    strength: HowStrong,
    source: InSource = None,
    start: Start = None,
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Draw an evidence line: a passage says that a claim holds by degree, on a condition, or for a part only.

    Example: kg qualify P1 "Every Friday" --because "It speaks of one day." --strength weak
    """
    _evidence("qualifies", claim, quote, because, strength, source, start, coder, study, as_json=as_json)


@app.command()
def rename(
    kind: Annotated[Kinds, typer.Argument(help="What it is.")],
    old: Annotated[str, typer.Argument(help="Its id.", autocompletion=complete())],
    new: Annotated[str, typer.Argument(help="The id that it gets.")],
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Give a record another id, wherever the study names it.

    Example: kg rename code belonging being-known
    """
    from kg.editing.records import Rename

    _apply(own_folder(study), [Rename(kind=kind_of(kind), id=old, to=new)], coder, as_json=as_json)


@app.command()
def merge(
    what: Annotated[str, typer.Argument(help="'code', and the codes; or the folder of another copy of the study.")],
    codes: Annotated[list[str] | None, typer.Argument(help="Ids of codes.", autocompletion=complete("code"))] = None,
    into: Annotated[
        str | None,
        typer.Option(help="The code that stays: one of them, another, or a new id.", autocompletion=complete("code")),
    ] = None,
    ours: Annotated[
        list[str] | None, typer.Option(help="Conflict in which the study here stays, or 'all'. Repeatable.")
    ] = None,
    theirs: Annotated[
        list[str] | None, typer.Option(help="Conflict in which the other copy is taken, or 'all'. Repeatable.")
    ] = None,
    driver: Annotated[
        bool, typer.Option("--driver", help="Merge one file, as git asks a merge driver: BASE OURS THEIRS [NAME].")
    ] = False,
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Put codes together, or merge a colleague's copy of the study.

    What has one of the codes has the one that stays, and the others are gone. Of a copy, what only one of you changed
    is taken; what both changed differently is asked, or listed and chosen by --ours and --theirs.

    Example: kg merge code praise thanks --into recognition

    Example: kg merge ../copy-of-ada --theirs codebook.yaml:trust
    """
    if driver:
        _driver(what, *(codes or ()))
        return
    folder = own_folder(study)
    if what != "code":
        if codes or into:
            raise EditRefused(
                "a copy of the study is merged by itself", "kg merge FOLDER, or kg merge code A B --into C"
            )
        _merge_copy(folder, what, who(folder, coder), ours or [], theirs or [], as_json=as_json)
        return
    if not codes or into is None:
        raise EditRefused("name the codes, and the one that stays", "kg merge code praise thanks --into recognition")
    from kg.editing.files import Files
    from kg.editing.records import Merge, Rename, ids

    operations: list[Operation] = [Merge(codes=tuple(codes), into=into)]
    if into not in ids(Files(folder), "code"):
        first, *others = dict.fromkeys(codes)
        operations = [Rename(kind="code", id=first, to=into)]
        operations += [Merge(codes=tuple(others), into=into)] if others else []
    _apply(folder, operations, coder, as_json=as_json)


def _merge_copy(folder: Path, other: str, by: str, ours: list[str], theirs: list[str], *, as_json: bool) -> None:
    """Merge another copy of a study, and ask which side a conflict takes."""
    import sys

    from kg import paths, render
    from kg.editing import journal
    from kg.editing.merging import MergeConflicts
    from kg.editing.merging import merge as merge_copy

    choices: dict[str, Any] = dict.fromkeys(ours, "ours") | dict.fromkeys(theirs, "theirs")
    while True:
        try:
            done = merge_copy(folder, paths.study_folder(other), by, journal.now(), choices)
            break
        except MergeConflicts as e:
            if as_json:
                render.write(render.dump({"done": None, "conflicts": [one._asdict() for one in e.conflicts]}))
                raise typer.Exit(1) from None
            for one in e.conflicts:
                typer.echo(render.clean(f"{one.address}: {one.what}"))
                for side, said in (("ours", one.ours), ("theirs", one.theirs)):
                    typer.echo(render.clean(f"  {side}: " + (said or "it is not there").replace("\n", "\n    ")))
                if sys.stdin is not None and sys.stdin.isatty():
                    while choices.get(one.address) not in ("ours", "theirs"):
                        choices[one.address] = typer.prompt("ours or theirs?").strip()
            if not (sys.stdin is not None and sys.stdin.isatty()):
                typer.echo(f"{e}; choose with --ours or --theirs, by address, or 'all'")
                raise typer.Exit(1) from None
    if not (as_json or done.how):
        say("nothing tells what both copies came from: what one has and the other has not is taken")
    _told(done.outcome, as_json=as_json)


def _driver(*names: str) -> None:
    """Merge one file for git: into the second of the files, with its own marks where both changed an entry."""
    import subprocess
    from contextlib import suppress

    from kg.editing.merging import merge_text

    if len(names) not in (3, 4):
        raise EditRefused("a merge driver gets three files", "kg merge --driver %O %A %B %P")
    base, ours, theirs = map(Path, names[:3])
    name = names[3] if len(names) == 4 else names[1]
    for one in ("codings", "readings"):
        name = f"{one}/{Path(name).name}" if Path(name).parent.name == one else name
    name = name if name.startswith(("codings/", "readings/")) else Path(name).name
    text: str | None = None
    conflicts: list[Conflict] = []
    # What is no YAML that can be changed surely is left to git.
    with suppress(ValueError, AssertionError):
        text, conflicts = merge_text(name, *(one.read_bytes().decode() for one in (base, ours, theirs)))
    if text is not None and not conflicts:
        ours.write_bytes(text.encode())
        return
    for clash in conflicts:
        say(f"{clash.address}: {clash.what}")
    labels = ["-L", "ours", "-L", "base", "-L", "theirs"]
    command = ["git", "merge-file", *labels, str(ours), str(base), str(theirs)]
    done = subprocess.run(command, check=False)  # noqa: S603 - no shell
    # Where git finds lines that do not touch, a person looks all the same: they are one judgement.
    raise typer.Exit(min(done.returncode, 127) or int(bool(conflicts)))


@app.command()
def edit(
    operations: Annotated[
        str | None, typer.Argument(help="An operation as JSON, or a list of them; - reads it from standard input.")
    ] = None,
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """Edit a study by operations: all that are given, or none; without one, list the operations.

    Example: kg edit '{"do": "memo", "source": "interview", "quote": "I would miss them", "memo": "A rival reason."}'
    """
    import json

    from kg import editing, render

    if operations is None:
        if as_json:
            render.write(render.dump({name: one.model_json_schema() for name, one in editing.OPERATIONS.items()}))
            return
        for name, said, fields in editing.listing():
            typer.echo(f"{name}: {said}\n  {fields}".rstrip())
        return
    text = read_input() if operations == "-" else operations
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise EditRefused(f"this is no JSON: {e}", 'an operation is such as {"do": "retire", "kind": …}') from e
    given = values if isinstance(values, list) else [values]
    if not all(isinstance(one, dict) for one in given):
        raise EditRefused("an operation is an object", "'kg edit' lists the operations")
    _apply(own_folder(study), [editing.read(one) for one in given], coder, as_json=as_json)


@app.command()
def undo(coder: CoderOption = None, study: Study = None, as_json: AsJson = False) -> None:
    """Take back your last edit that was not taken back yet; what others changed meanwhile stays.

    Example: kg undo
    """
    from kg import editing
    from kg.editing import journal

    folder = own_folder(study)
    _told(editing.undo(folder, who(folder, coder), journal.now()), as_json=as_json)


@app.command()
def redo(coder: CoderOption = None, study: Study = None, as_json: AsJson = False) -> None:
    """Make again what you undid last.

    Example: kg redo
    """
    from kg import editing
    from kg.editing import journal

    folder = own_folder(study)
    _told(editing.redo(folder, who(folder, coder), journal.now()), as_json=as_json)


@app.command()
def fix(
    yes: Annotated[bool, typer.Option("--yes", help="Do all that is sure, and ask nothing.")] = False,
    take: Annotated[
        list[str] | None, typer.Option(help="What to do, as it is listed, such as interview:3a. Repeatable.")
    ] = None,
    coder: CoderOption = None,
    study: Study = None,
    as_json: AsJson = False,
) -> None:
    """List what can be mended at once: digests, ids, passages that are not in their source.

    On a terminal it asks, one by one; all that is done is one edit.

    Example: kg fix --yes
    """
    import sys

    from kg import render
    from kg.editing import fixing

    folder = own_folder(study)
    fixes = fixing.fixes(folder)
    asks = not (yes or take or as_json) and sys.stdin is not None and sys.stdin.isatty()
    if as_json and not (yes or take):
        render.write(render.dump([{**one._asdict(), "ways": list(one.ways)} for one in fixes]))
        return
    chosen: list[Operation] = []
    if take:
        by_address = {f"{one.address}{letter}": way for one in fixes for letter, way in one.ways.items()}
        by_address |= {one.address: next(iter(one.ways.values())) for one in fixes if len(one.ways) == 1}
        if unknown := [one for one in take if one not in by_address]:
            raise EditRefused(f"nothing to mend is called '{unknown[0]}'", "'kg fix' lists what there is")
        chosen = [by_address[one] for one in take]
    elif yes:
        chosen = [next(iter(one.ways.values())) for one in fixes if one.sure]
    else:
        chosen = _chosen(fixes, asks=asks)
    if chosen:
        _apply(folder, chosen, coder, as_json=as_json)
    elif as_json:
        _told(None, as_json=True)
    elif not fixes:
        typer.echo(f"{folder.name}: there is nothing to mend here; 'kg check' says what only you can")
    elif not asks:
        sure = sum(one.sure for one in fixes)
        typer.echo(f"{len(fixes)} to mend, {sure} of them surely: --yes does these, --take ADDRESS one")


def _chosen(fixes: Sequence[Fix], *, asks: bool) -> list[Operation]:
    """Print what can be mended, and ask of each whether it is to be."""
    from kg import render

    chosen = []
    for one in fixes:
        typer.echo(render.clean(f"{one.address}: {one.what}"))
        for letter, said in one.said.items():
            typer.echo(render.clean(f"  {letter or ('y' if asks else '-')}  {said}"))
        if not one.ways:
            typer.echo("  nothing in its source comes near it; write the right words into the file")
        elif asks:
            answers = {letter or "y": way for letter, way in one.ways.items()}
            answer = typer.prompt(f"{'/'.join(answers)}, or Enter to leave it", default="", show_default=False)
            if answer.strip() in answers:
                chosen.append(answers[answer.strip()])
    return chosen


def _evidence(
    stance: str,
    claim: str,
    quote: str,
    because: str,
    strength: Strengths,
    source: str | None,
    start: int | None,
    coder: str | None,
    study: str | None,
    *,
    as_json: bool,
) -> None:
    """Draw an evidence line."""
    from kg.editing import read

    folder = own_folder(study)
    values = {"do": "evidence", "source": source or _source(folder, quote), "quote": quote, "claim": claim}
    values |= {"stance": stance, "strength": strength.value, "reason": because}
    _apply(folder, [read(values | ({} if start is None else {"start": start}))], coder, as_json=as_json)


def _source(folder: Path, quote: str) -> str:
    """Return the one source that may be evidence in which a quote stands."""
    from kg.editing import records
    from kg.editing.files import Files, blaming_the_study

    files = Files(folder)
    with blaming_the_study(folder):
        documents = [files.document(one) for one in records.ids(files, "source")]
    found = [one.source.id for one in documents if one.source.role != "theory" and one.index.find(quote)]
    if len(found) != 1:
        why = f"the words stand in {', '.join(found)}" if found else "no source that may be evidence has these words"
        raise EditRefused(why, "name the source with --in" + "; it says then what comes near" * (not found))
    return found[0]


def _apply(folder: Path, operations: Sequence[Operation], coder: str | None, *, as_json: bool) -> None:
    """Make an edit, and say what was done."""
    from kg import editing
    from kg.editing import journal

    _told(editing.apply(folder, operations, who(folder, coder), journal.now()), as_json=as_json)


def _told(outcome: Outcome | None, *, as_json: bool) -> None:
    """Print what became of an edit."""
    from kg import render

    entry, findings = (outcome.entry, outcome.findings) if outcome else (None, ())
    if as_json:
        done = entry.model_dump(mode="json", exclude={"steps", "files"}, exclude_none=True) if entry else None
        files = sorted(entry.files) if entry else []
        render.write(render.dump({"done": done, "files": files, "findings": findings}))
        return
    if entry is None:
        typer.echo("nothing had to change")
        return
    typer.echo(render.clean(f"{entry.said}\nwrote {', '.join(sorted(entry.files))}"))
    if findings:
        say(render.clean(listing(findings)))


def own_folder(study: str | None) -> Path:
    """Return the folder of the study that is edited: never that of the bundled one by mistake.

    Raises:
        EditRefused: when none is named, and the working directory lies in none.
    """
    from kg import paths

    folder = paths.study_folder(study)
    if study is None and folder == paths.shipped("seeds") / paths.BUNDLED and not Path.cwd().is_relative_to(folder):
        raise EditRefused("you stand in no study", "go into its folder, or name it: --study FOLDER")
    return folder
