"""What Neo4j Browser takes: a style for the labels, and the first queries a person tries, ready to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import paths

if TYPE_CHECKING:
    from pathlib import Path


def write(study: str, folder: Path) -> None:
    """Write the style and the saved queries, which name the study.

    Args:
        study: the study's id.
        folder: an empty folder.
    """
    for path in sorted((paths.shipped("queries") / "browser").iterdir()):
        text = path.read_text("utf-8").replace("$study", "'" + study.replace("'", "\\'") + "'")
        (folder / path.name).write_text(text, "utf-8", newline="\n")
