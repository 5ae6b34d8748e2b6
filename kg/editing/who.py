"""Who edits a study: the coders that it has, and the one who edited before on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import paths
from kg.editing.files import Files, blaming_the_study
from kg.errors import UnknownTerm, closest
from kg.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def coders(folder: Path) -> list[dict[str, str]]:
    """List the coders of a study: id, name and kind of each, in the order of study.yaml.

    Args:
        folder: the study's folder.
    """
    with blaming_the_study(folder):
        listed = Files(folder).value("study.yaml").get("coders") or ()
        return [
            {"id": str(one["id"]), "name": str(one["name"]), "kind": str(one.get("kind", "person"))} for one in listed
        ]


def usual(folder: Path) -> str | None:
    """Return the id of who edits when nobody says so: who was remembered, else the only person; None when not sure.

    Args:
        folder: the study's folder.
    """
    there = {one["id"]: one["kind"] for one in coders(folder)}
    remembered = paths.store_folder(folder) / "coder"
    if remembered.is_file() and (before := remembered.read_text("utf-8").strip()) in there:
        return before
    people = [key for key, kind in there.items() if kind == "person"]
    return people[0] if len(people) == 1 else None


def remember(folder: Path, coder: str) -> None:
    """Keep in mind who edits, in the folder of the graphs.

    Args:
        folder: the study's folder.
        coder: id of the coder.

    Raises:
        UnknownTerm: when the study has no such coder.
    """
    there = [one["id"] for one in coders(folder)]
    if coder not in there:
        raise UnknownTerm(coder, "coder of this study", closest(coder, there) or there[:3])
    remembered = paths.store_folder(folder) / "coder"
    remembered.parent.mkdir(parents=True, exist_ok=True)
    write_whole(remembered, f"{coder}\n".encode())
