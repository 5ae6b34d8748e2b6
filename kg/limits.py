"""What evidence is limited to, and whether a line is within it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FIELDS = {
    "case": "cases", "stage": "stages", "source": "sources", "role": "roles", "reference": "references",
    "author": "authors", "coder": "coders", "strength": "strengths", "attribute": "attributes",
}  # fmt: skip
"""The field that has the wanted values of every facet."""


def apart(facet: str, values: Iterable[str]) -> list[tuple[str, ...]]:
    """Return wanted values of a facet in groups, one of each of which is wanted: those of each attribute by themselves.

    Args:
        facet: the facet.
        values: the wanted values; of attributes written ``attribute=value``.

    Example:
        >>> apart("attribute", ["region=North", "open=true", "region=South"]), apart("case", ["afu", "haier"])
        ([('open=true',), ('region=North', 'region=South')], [('afu', 'haier')])
    """
    return [(*some,) for _, some in groupby(sorted(values), key=partial(apart_by, facet))]


def apart_by(facet: str, value: str) -> str:
    """Return what tells the groups of a facet's values apart: of ``attribute=value`` the attribute.

    Args:
        facet: the facet.
        value: the value.
    """
    return value.partition("=")[0] if facet == "attribute" else ""


@dataclass(frozen=True)
class Limits:
    """What evidence is limited to: lines that have one of the wanted values of every facet that has any.

    A line has a value when one of its passages has it. A year is that of a reference which a passage cites.

    Args:
        cases: ids of cases; ``literature`` stands for passages of no case.
        stages: ids of the stages to which claims are bound.
        sources: ids of sources.
        roles: roles of sources, such as ``literature``.
        references: keys of references that passages cite.
        authors: ids of authors of these.
        coders: ids of those who drew the lines.
        strengths: strengths after lowering.
        attributes: values that a source or its case has of attributes, as ``attribute=value``.
        since: the first year.
        until: the last year.
        without: facet and value pairs that no passage of a line may have.
    """

    cases: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    without: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) not in ((), None) for field in fields(self))

    @property
    def is_dated(self) -> bool:
        """Say whether years are limited; a year may be 0."""
        return self.since is not None or self.until is not None

    def wanted(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give every facet that is limited, with the wanted values; each attribute is one by itself."""
        for facet, name in FIELDS.items():
            for values in apart(facet, getattr(self, name)):
                yield facet, values

    def holds(self, year: int) -> bool:
        """Say whether a year is among those that are wanted.

        Args:
            year: the year.
        """
        return (self.since is None or year >= self.since) and (self.until is None or year <= self.until)

    def admit(self, values: Mapping[str, frozenset[str]]) -> bool:
        """Say whether a line is within the limits.

        Args:
            values: what it has, by facet; years as text.

        Example:
            >>> Limits(cases=("haier",), since=2015).admit({"case": frozenset(["haier"]), "year": frozenset(["2014"])})
            False
        """
        none: frozenset[str] = frozenset()
        if any(not values.get(facet, none).intersection(wanted) for facet, wanted in self.wanted()):
            return False
        if self.is_dated and not any(self.holds(int(year)) for year in values.get("year", none)):
            return False
        return not any(value in values.get(facet, none) for facet, value in self.without)
