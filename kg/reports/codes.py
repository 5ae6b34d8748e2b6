"""Codes set against cases, sources, attributes or each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import crosstab
from kg.query import Table
from kg.reports.report import Report

if TYPE_CHECKING:
    from kg.query import Engine


def codes(engine: Engine, by: str = "case") -> Report:
    """Set codes against cases, or what else is asked: how many passages have both.

    Args:
        engine: what answers queries.
        by: one of :data:`kg.crosstab.BY`, or id of an attribute of cases or sources.

    Returns:
        One row a code that any passage has.

    Raises:
        UnknownTerm: when ``by`` is nothing of the study.
    """
    found = crosstab.crosstab(engine, by)
    cells = found.cells
    rows = [
        (code, found.passages[code], *(cells.get((code, column), 0) for column in found.columns))
        for code in found.codes
    ]
    table = Table(("code", "passages", *found.columns), rows)
    note = "the number of passages that have both; a passage with two codes is counted with each"
    if by == "code":
        # As many columns as codes are for programs; people read which codes stand together.
        pairs = sorted(((a, b, n) for (a, b), n in cells.items() if a < b), key=lambda pair: (-pair[2], pair[:2]))
        return Report("codes", "Codes by code", (note,), Table(("code", "other", "passages"), pairs), numbers=table)
    columns = crosstab.called(engine, found.columns) if by == "case" else found.columns
    shown = Table(("code", "passages", *columns), rows)
    return Report("codes", f"Codes by {by}", (note,), shown, numbers=table)
