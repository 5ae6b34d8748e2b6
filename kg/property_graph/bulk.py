"""The files that ``neo4j-admin database import`` takes: one of nodes a label, one of relationships a kind.

Neo4j Operations Manual, "Import": a string that is there is quoted, also when it is empty; nothing
between two commas is no property. Ids are unique within a label and a study, so every label is an
id space of its own. The texts are as they are in the study, since the server must have them so: no apostrophe
guards one that a spreadsheet would run as a formula, and the files say that they are for no spreadsheet.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from kg.errors import KGError
from kg.model import TEXTS
from kg.property_graph import projection
from kg.property_graph.projection import PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.property_graph.projection import PropertyGraph

UNIT = "\x1f"
"""Stands between the strings of a list: the unit separator of ASCII."""

_TYPES = {"date": "date", "integer": "long", "number": "double"}
"""The type of a property by that of a column; all others are strings."""


def write(graph: PropertyGraph, folder: Path) -> None:
    """Write a study for a bulk import.

    Args:
        graph: the study.
        folder: an empty folder.

    Raises:
        KGError: when a list has the character that separates its strings.
    """
    given = []
    for label, nodes in graph.nodes.items():
        if nodes:
            given.append(f"--nodes={label}={label}.csv")
            types = _typed(label)
            head = ["id:ID(" + label + ")", *(f"{key}:{kind}" for key, kind in types.items())]
            rows = ([node["id"], *(node.get(key) for key in types)] for node in nodes.values())
            _write(folder / f"{label}.csv", head, rows)
    for kind, pairs in graph.relationships.items():
        name = f"{kind.start}-{kind.type}-{kind.end}.csv"
        given.append(f"--relationships={kind.type}={name}")
        _write(folder / name, [f":START_ID({kind.start})", f":END_ID({kind.end})"], pairs)
    schema = "".join(f"{statement};\n" for statement in projection.schema())
    (folder / "schema.cypher").write_text(schema, "utf-8", newline="\n")
    (folder / "import.sh").write_text(_command(given), "utf-8", newline="\n")


def _typed(label: str) -> dict[str, str]:
    """Return the keys of a label other than its id, with their types as the import writes them."""
    types = {
        field.key: "string[]" if field.holds == TEXTS else _TYPES.get(field.holds.type, "string")
        for field in PROPERTIES[label]
    }
    types["graphs"] = "string[]"
    return {key: types.get(key.removesuffix("Zh"), "string") for key in sorted(projection.keys(label) - {"id"})}


def _command(given: list[str]) -> str:
    command = 'neo4j-admin database import full "$database" "$@" --multiline-fields=true --array-delimiter=U+001F'
    return "\n".join(
        [
            "#!/bin/sh",
            "# Make a new database of this study, on the machine of the server and while the server is stopped:",
            "#   sh import.sh DATABASE [--overwrite-destination]",
            "# then start the server and run schema.cypher in it, which makes constraints and full-text indexes.",
            "# The files are for the server alone: a spreadsheet would run a text that begins with '=' as a formula.",
            "# For a spreadsheet: kg export csv.",
            "set -eu",
            'cd "$(dirname "$0")"',
            "database=${1:-neo4j}",
            '[ "$#" = 0 ] || shift',
            " \\\n  ".join([command, *map(shlex.quote, given)]),
            "",
        ]
    )


def _write(path: Path, head: list[str], rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(head) + "\n")
        file.writelines(",".join(map(_cell, row)) + "\n" for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and any(UNIT in part for part in value):
        raise KGError(f"a synonym or mark has the control character U+001F, which separates them here: {value!r}")
    text = UNIT.join(value) if isinstance(value, list) else str(value)
    return '"' + text.replace('"', '""') + '"'
