"""A report: a table, and how it is to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.query import Table


@dataclass(frozen=True)
class Report:
    """A report: its table, and how to read it.

    Args:
        name: its name.
        title: its heading.
        notes: how it is to be read, and what it warns of.
        table: columns and rows.
        brief: the columns that a terminal shows.
        numbers: the same for programs, a number a cell; None where the table is so already.
        curve: for a plot, the values of a curve with a label at some of its points.
        further: reports that stand under it where there is room, such as in a document.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    table: Table
    brief: tuple[str, ...] = ()
    numbers: Table | None = None
    curve: tuple[tuple[int, str], ...] = ()
    further: tuple[Report, ...] = ()

    @property
    def single(self) -> Table:
        """Return its table for programs, a number a cell."""
        return self.numbers or self.table

    @property
    def all(self) -> tuple[Report, ...]:
        """Return it and what stands under it."""
        return (self, *self.further)
