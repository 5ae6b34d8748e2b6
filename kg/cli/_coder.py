"""Who edits a study from the terminal, and ids as the shell completes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.errors import EditRefused, KGError

if TYPE_CHECKING:
    from collections.abc import Callable

CODER = "DART_KG_CODER"
"""Variable of the environment that names who edits."""


def complete(*kinds: str) -> Callable[[Any, str], list[str]]:
    """Return what completes an id in the shell.

    Args:
        kinds: of the records that are meant; that of the argument ``kind`` when none is named.
    """

    def completed(context: typer.Context, incomplete: str) -> list[str]:
        from kg import paths
        from kg.editing import records
        from kg.editing.files import Files

        try:
            files = Files(paths.study_folder(context.params.get("study")))
            wanted = kinds or (kind_of(str(context.params.get("kind"))),)
            return [one for kind in wanted for one in records.ids(files, kind) if one.startswith(incomplete)]
        except (KGError, KeyError, OSError):
            return []

    return completed


CoderOption = Annotated[
    str | None,
    typer.Option(
        "--coder",
        help=f"Who edits, by id. Default: {CODER}, else who was named before, else the study's only person.",
        autocompletion=complete("coder"),
    ),
]


def kind_of(word: str) -> Any:
    """Return the kind of record that a word of the command names.

    Args:
        word: the kind as people call it.
    """
    return "proposition" if word == "claim" else str(word)


def who(folder: Path, given: str | None) -> str:
    """Return who edits: as it is said, as it was said before, the only person, or who answers when asked.

    Args:
        folder: the study's folder.
        given: who is named.

    Raises:
        EditRefused: when that is not sure, and nobody can be asked.
    """
    import os
    import sys

    from kg.editing import who as known

    if named := given or os.environ.get(CODER) or known.usual(folder):
        return named
    there = [one["id"] for one in known.coders(folder)]
    if not (sys.stdin and sys.stdin.isatty()):
        raise EditRefused("who edits?", f"name a coder with --coder or {CODER}: {', '.join(there)}")
    answer = ""
    while answer not in there:
        answer = typer.prompt(f"who edits? ({', '.join(there)})", err=True).strip()
    known.remember(folder, answer)
    return answer


def who_if_any(folder: Path, given: str | None) -> str | None:
    """Return who edits, as :func:`who` does; None in a study without coders, whose edits are kept in no journal.

    Args:
        folder: the study's folder.
        given: who is named.
    """
    from kg.editing.files import Files

    if given is None and not Files(folder).value("study.yaml").get("coders"):
        return None
    return who(folder, given)
