"""Arrangements: views of the graph that are kept under a name, with a note, in ``arrangements.yaml`` of a study.

They are no part of the graph: a record that is not in the study any more forbids nothing, and is named where the
arrangement is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import Finding
from kg.loaders._reader import Reader
from kg.store import around, passages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.entries import ArrangementEntry, ArrangementsFile
    from kg.store.tables import Tables

FILE = "arrangements.yaml"


def read(folder: Path) -> tuple[ArrangementEntry, ...]:
    """Return the arrangements of a study in the order of the file; none where it cannot be read, which a build says.

    Args:
        folder: the study's folder.
    """
    return _read(Reader(folder))


def _read(reader: Reader) -> tuple[ArrangementEntry, ...]:
    found: ArrangementsFile | None = reader.read(FILE, "arrangements") if reader.has(FILE) else None
    return found.arrangements if found else ()


def keys(arrangement: ArrangementEntry) -> tuple[str, ...]:
    """Return all records that an arrangement names, as ``kind/id``, each once.

    Args:
        arrangement: the arrangement.
    """
    named = (*(one.record for one in arrangement.show or ()), *(one.record for one in arrangement.pins))
    return tuple(dict.fromkeys((*arrangement.of, *arrangement.hide, *named)))


def there(tables: Tables, key: str) -> bool:
    """Return whether a study has a record that can be shown.

    Args:
        tables: the tables of a build.
        key: kind and id, as ``kind/id``.
    """
    kind, _, identifier = key.partition("/")
    if kind not in around.KINDS:
        return False
    if kind == "excerpt":
        return bool(around.quotes(tables, [identifier]))
    if kind == "line":
        return passages.is_line(tables, identifier)
    return (kind, identifier) in tables.names


def missing(tables: Tables, arrangement: ArrangementEntry) -> tuple[str, ...]:
    """Return the records that an arrangement names and the study does not have, as ``kind/id``.

    Args:
        tables: the tables of a build.
        arrangement: the arrangement.
    """
    return tuple(key for key in keys(arrangement) if not there(tables, key))


def check(folder: Path, tables: Tables) -> Iterator[Finding]:
    """Give a warning for each arrangement that names what is not in the study.

    Args:
        folder: the study's folder.
        tables: the tables of its build.
    """
    reader = Reader(folder)
    for index, one in enumerate(_read(reader)):
        if lost := missing(tables, one):
            message = f"the arrangement '{one.id}' names what is not in the study: {', '.join(lost)}"
            mend = "save it again from the explorer, or take it out"
            yield Finding(
                FILE, reader.line(FILE, ("arrangements", index)), "arrangement-incomplete", message, mend, "warning"
            )
