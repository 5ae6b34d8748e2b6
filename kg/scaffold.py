"""Make a new study folder that builds."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from typing import TYPE_CHECKING

from kg import moving, paths
from kg.errors import Finding, KGError, StudyError
from kg.files import write_whole
from kg.records import FILES

if TYPE_CHECKING:
    from pathlib import Path


def init(target: Path) -> Path:
    """Make a new study from the template.

    Args:
        target: a folder that does not exist yet; its name becomes the study's id.

    Returns:
        The folder.

    Raises:
        StudyError: when something is there already, or its name cannot be an id.
    """
    name = target.resolve().name
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
    if not re.fullmatch(r"\w[\w.\-]*", name):
        mend = "use letters, digits, '.', '_' and '-'"
        raise StudyError([Finding(str(target), 0, "invalid-value", f"'{name}' cannot be the id of a study", mend)])
    try:
        with moving.laid_aside(target, "init") as made:
            template = paths.shipped("seeds") / "template"
            shutil.copytree(template, made, dirs_exist_ok=True, copy_function=shutil.copyfile)
            study = made / "study.yaml"
            study.write_text(study.read_text("utf-8").replace("id: template", f"id: {name}", 1), "utf-8")
            write_schemas(made / "schema")
            moving.move_in(made, target)
    except OSError as e:
        if isinstance(e, KGError):
            raise
        raise StudyError(
            [Finding(str(target), 0, "unreadable-file", f"cannot be made: {e.strerror}", "choose another place")]
        ) from e
    return target


@cache
def schema(name: str) -> str:
    """Return the JSON Schema of one kind of study file.

    Args:
        name: ``study``, ``concepts``, ``codebook``, ``propositions``, ``codings`` or ``agreement``.
    """
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **FILES[name].model_json_schema()}
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> None:
    """Write the JSON Schema of every kind of study file.

    Args:
        folder: where ``NAME.json`` files are written.
    """
    folder.mkdir(exist_ok=True)
    for name in FILES:
        write_whole(folder / f"{name}.json", schema(name).encode())
