"""Make a new study folder that builds."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

from kg import moving, paths
from kg.entries import FILES
from kg.errors import Finding, StudyError
from kg.files import write_whole
from kg.loaders._yaml_write import scalar
from kg.naming import slug

if TYPE_CHECKING:
    from pathlib import Path


def study_id(name: str) -> str:
    """Return the id of a study in a folder of some name: the name itself where it can be an id.

    Args:
        name: any text.

    Example:
        >>> study_id("Volunteers-2026"), study_id("My study"), study_id("为什么 志愿者"), study_id("CON"), study_id("!")
        ('Volunteers-2026', 'my-study', '为什么-志愿者', 'study-con', 'study')
    """
    identifier = slug(name, "study")
    return name if name.lower() == identifier else identifier


_EMPTY = {
    "study.yaml": "id: template\nformat: 2\ntitle: {en: TITLE}\ncoders: []\nsources: []\n",
    "codebook.yaml": "codes: []\n",
    "concepts.yaml": "concepts: []\nrelations: []\n",
    "propositions.yaml": "propositions: []\n",
}
"""The files of a study without an example; each names its schema above this."""


def init(target: Path, *, empty: bool = False) -> Path:
    """Make a new study from the template.

    Args:
        target: a folder that does not exist yet; :func:`study_id` makes the study's id of its name.
        empty: whether it has no example, so that everything in it is yours.

    Returns:
        The folder.

    Raises:
        StudyError: when something is there already, or it cannot be made.
    """
    if target.exists():
        raise StudyError(
            [
                Finding(
                    str(target),
                    0,
                    "invalid-value",
                    "there is something here already",
                    "name a folder that does not exist yet",
                )
            ]
        )
    with ExitStack() as stack:
        try:
            staged = stack.enter_context(moving.laid_aside(target, "init"))
        except OSError as e:
            message = f"cannot be made: {e.strerror}"
            raise StudyError([Finding(str(target), 0, "unreadable-file", message, "choose another place")]) from e
        if empty:
            _write_empty(staged, target.resolve().name)
        else:
            template = paths.shipped("seeds") / "template"
            shutil.copytree(template, staged, dirs_exist_ok=True, copy_function=shutil.copyfile)
        study = staged / "study.yaml"
        identifier = scalar(study_id(target.resolve().name))
        study.write_text(
            study.read_text("utf-8").replace("id: template", f"id: {identifier}", 1), "utf-8", newline="\n"
        )
        write_schemas(staged / "schema")
        moving.move_in(staged, target)
    return target


def _write_empty(folder: Path, title: str) -> None:
    for name, content in _EMPTY.items():
        first = f"# yaml-language-server: $schema=schema/{name.removesuffix('.yaml')}.json\n"
        write_whole(folder / name, (first + content.replace("TITLE", scalar(title))).encode())
    write_whole(folder / "references.json", b"[]\n")
    for name in ("sources", "codings"):
        (folder / name).mkdir()


@cache
def schema(name: str) -> str:
    """Return the JSON Schema of one kind of study file.

    Args:
        name: ``study``, ``concepts``, ``codebook``, ``propositions``, ``codings`` or ``agreement``.
    """
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **FILES[name].model_json_schema()}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> None:
    """Write the JSON Schema of every kind of study file.

    Args:
        folder: where ``NAME.json`` files are written.
    """
    folder.mkdir(exist_ok=True)
    for name in FILES:
        write_whole(folder / f"{name}.json", schema(name).encode())
