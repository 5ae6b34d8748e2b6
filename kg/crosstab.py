"""Codes set against what their passages have: cases, sources, values of an attribute, other codes."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import query, values
from kg.claims import LITERATURE, outside
from kg.errors import UnknownTerm, closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.query import Engine

BY = ("case", "source", "code")
"""What codes are set against, besides values of attributes."""
THEORY = "theory"
"""The column of the theory's own text, called as the role of such a source."""
WITHOUT = "none"
"""The column of what has no value of an attribute."""


class Crosstab(NamedTuple):
    """How many passages have each code in each column.

    Args:
        by: one of :data:`BY`, or id of an attribute.
        columns: ids of cases (``literature`` and ``theory`` for none), sources or codes, or values of the attribute.
        codes: ids of the codes that any passage has.
        passages: number of passages by code.
        cells: number of passages by code and column, where there are any.
    """

    by: str
    columns: tuple[str, ...]
    codes: tuple[str, ...]
    passages: Mapping[str, int]
    cells: Mapping[tuple[str, str], int]


def crosstab(engine: Engine, by: str = BY[0]) -> Crosstab:
    """Set codes against what their passages have.

    Args:
        engine: what answers queries.
        by: one of :data:`BY`, or id of an attribute of cases or sources.

    Raises:
        UnknownTerm: when it is neither.

    Example:
        >>> import kg
        >>> crosstab(kg.open("dart").engine).cells["channel-and-market", "afu"]
        4
    """
    rows = query.run(engine, "codes-by-source").dicts()
    passages = Counter[str]()
    for row in rows:
        passages[row["code"]] += row["excerpts"]
    cells = Counter[tuple[str, str]]()
    if by == "code":
        columns: Iterable[str] = sorted(passages)
        for pair in query.run(engine, "code-co-occurrence").dicts():
            cells[pair["code"], pair["other"]] = cells[pair["other"], pair["code"]] = pair["excerpts"]
    else:
        columns, having = _columns(engine, by)
        for row in rows:
            for column in having.get(row["source"], (WITHOUT,)):
                cells[row["code"], column] += row["excerpts"]
        there = {column for _, column in cells} - {*columns}
        columns = [*columns, *(one for one in (LITERATURE, THEORY, WITHOUT) if one in there)]
    return Crosstab(by, (*columns,), (*sorted(passages),), passages, cells)


def _columns(engine: Engine, by: str) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Return the columns, and by source those in which its passages are."""
    sources = query.run(engine, "sources").dicts()
    if by == "source":
        return [row["source"] for row in sources], {row["source"]: (row["source"],) for row in sources}
    if by == "case":
        cases = [row["id"] for row in query.run(engine, "records").dicts() if row["kind"] == "case"]
        return cases, {source: (case,) for source, case in cases_of(sources).items()}
    attributes = query.run(engine, "attributes").dicts()
    check_attribute(by, attributes, BY)
    had: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in attributes:
        if row["attribute"] == by and row["record"]:
            had[row["kind"], row["record"]].append(row["value"])
    having = {
        row["source"]: tuple(dict.fromkeys((*had["source", row["source"]], *had["case", row["case"] or ""])))
        for row in sources
    }
    return values.of(attributes, by), {source: some for source, some in having.items() if some}


def cases_of(sources: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the case of each source, by its id; of those outside of all cases ``literature`` or ``theory``.

    Args:
        sources: rows of the query ``sources``.
    """
    outside = {row["source"]: THEORY if row["role"] == THEORY else LITERATURE for row in sources}
    return {row["source"]: row["case"] or outside[row["source"]] for row in sources}


def called(engine: Engine, columns: Iterable[str]) -> tuple[str, ...]:
    """Return columns as a person is shown them: what belongs to no case by what it is.

    Args:
        engine: what answers queries.
        columns: ids of cases, or what else they are.
    """
    sources = ((row["role"], row["case"]) for row in query.run(engine, "sources").dicts())
    cases = [row["id"] for row in query.run(engine, "records").dicts() if row["kind"] == "case"]
    name = outside(sources, cases=bool(cases))
    return tuple(name if column == LITERATURE and LITERATURE not in cases else column for column in columns)


def check_attribute(identifier: str, attributes: Iterable[Mapping[str, object]], others: Iterable[str] = ()) -> None:
    """Refuse what is no attribute of the study.

    Args:
        identifier: what was given.
        attributes: rows of the query ``attributes``.
        others: what may be given besides.

    Raises:
        UnknownTerm: with what is like it, or all that there are.
    """
    known = [*others, *dict.fromkeys(str(row["attribute"]) for row in attributes)]
    if identifier not in known:
        raise UnknownTerm(identifier, "attribute", closest(identifier, known) or known)
