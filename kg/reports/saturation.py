"""Saturation: the codes that each further source, case or paragraph adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg import crosstab, query
from kg.errors import UnknownTerm, closest
from kg.query import Table
from kg.reports.report import Report

if TYPE_CHECKING:
    from pathlib import Path

    from kg.entries import StudyFile
    from kg.query import Engine


SATURATED = ("source", "case", "paragraph")
"""By what new codes are counted."""


def saturation(engine: Engine, folder: Path, unit: str = SATURATED[0]) -> Report:
    """Count the codes that each further source adds, or each case, or each coded paragraph.

    Args:
        engine: what answers queries.
        folder: the study's folder.
        unit: one of :data:`SATURATED`.

    Returns:
        One row a unit, in the order in which study.yaml lists the sources, the theory's own text first; a case comes
        with the first of its sources.

    Raises:
        StudyError: when study.yaml cannot be read.
        UnknownTerm: when there is no such unit.
    """
    from kg.loaders import theory

    if unit not in SATURATED:
        raise UnknownTerm(unit, "unit of saturation", closest(unit, SATURATED) or list(SATURATED))
    return by_unit(engine, theory.listing(folder), unit)


def by_unit(engine: Engine, listing: StudyFile, unit: str = SATURATED[0]) -> Report:
    """Count the codes that each further unit adds, in the order of a study.yaml that was read.

    Args:
        engine: what answers queries.
        listing: what it says.
        unit: one of :data:`SATURATED`.
    """
    places = {one.id: (one.role != "theory", at) for at, one in enumerate(listing.sources)}
    codings = sorted(
        query.run(engine, "codings").dicts(), key=lambda row: places.get(row["source"], (True, len(places)))
    )
    cases = crosstab.cases_of(query.run(engine, "sources").dicts())
    units: dict[str, list[dict[str, Any]]] = {}
    for row in codings:
        # Where a source has no labels, the passage is what a paragraph is elsewhere.
        step = row["excerpt"] if not row["paragraph"] else f"{row['source']} {row['paragraph']}"
        row["step"] = step
        units.setdefault({"source": row["source"], "case": cases[row["source"]], "paragraph": step}[unit], []).append(
            row
        )
    seen: set[str] = set()
    rows: list[tuple[Any, ...]] = []
    curve: list[tuple[int, str]] = []
    for name, mine in units.items():
        before = len(seen)
        steps: dict[str, set[str]] = {}
        for row in mine:
            steps.setdefault(row["step"], set()).add(row["code"])
        for number, given in enumerate(steps.values()):
            seen |= given
            curve.append((len(seen), name if number == 0 and unit != "paragraph" else ""))
        new = len(seen) - before
        rows.append((name, len(steps), len(mine), len({row["code"] for row in mine}), new, len(seen)))
    columns: tuple[str, ...] = (unit, "paragraphs", "codings", "codes", "new codes", "codes so far")
    if unit == "paragraph":
        columns, rows = columns[:1] + columns[2:], [row[:1] + row[2:] for row in rows]
    note = f"new codes: codes that no {unit} above has; few in the last rows speak for saturation"
    return Report("saturation", f"New codes by {unit}", (note,), Table(columns, rows), columns, curve=tuple(curve))
