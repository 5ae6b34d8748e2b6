"""Read the codebook that Taguette exports as CSV or XLSX.

Its columns are ``tag`` and ``description``, in versions since 2021 and 2025 also how many highlights and
documents have the tag; Taguette itself takes ``name`` and ``path`` for ``tag`` too. Its exported highlights
are a table of quotes and codes, which :mod:`loaders.imports.table` reads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loaders.imports import spreadsheet
from loaders.imports.material import Code, Material
from loaders.imports.taguette import above

if TYPE_CHECKING:
    from pathlib import Path

    from loaders.imports import Options

NAMES = {"tag": ("tag", "name", "path"), "description": ("description",)}
_COUNTS = {"number of highlights", "number of documents"}


def fits(path: Path) -> bool:
    """Say whether a table has the columns of a Taguette codebook and no other."""
    header = spreadsheet.header(path, NAMES)
    return (
        len(header) == len(set(header))
        and "description" in header
        and len(set(header) & set(NAMES["tag"])) == 1
        and set(header) <= {*NAMES["tag"], *NAMES["description"], *_COUNTS}
    )


def read(path: Path, options: Options) -> Material:  # noqa: ARG001 (every loader is called alike)
    """Read a codebook.

    Args:
        path: the file.
        options: not used.

    Returns:
        The codes.

    Raises:
        StudyError: when it cannot be read.
    """
    found = spreadsheet.open_table(path, NAMES, "tag")
    codes: dict[str, Code] = {}
    for _, row in found.records():
        name = row["tag"].strip()
        if not name:
            found.lost["rows without a tag"] += 1
        elif name in codes:
            found.lost["tags that stand in the codebook twice"] += 1
        else:
            codes[name] = Code(name, name, definition=row.get("description", "").strip())
    for name, code in codes.items():
        codes[name] = replace(code, parent=above(name, codes))
    return Material(title=path.stem, codes=tuple(codes.values()), lost=+found.lost, said=found.said())
