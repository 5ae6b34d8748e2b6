"""The named questions of queries/: read their headers, bind their parameters, return rows.

Parameters are bound as RDF terms by the engine, never pasted into the text of a query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kg import paths
from kg.errors import KGError, UnknownTerm, closest
from kg.kinds import WITH_PASSAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_HEADER = re.compile(r"^# (?:(title|description)|(param|column) (\w+)): (.+)$", re.MULTILINE)
_MARKED = re.compile(r"^(?:#|//|--)\[(\w+)\] (.*\n)", re.MULTILINE)
"""A line of a query that is only there when it is asked of one kind."""
_OF_KIND = {f"trace-{kind}": ("trace", kind) for kind in WITH_PASSAGES}
"""Questions that are one file for several kinds: the file, and the kind whose lines are kept."""

Cell = Any
"""Text, a number, a truth value or None; from Cypher of one's own also a list or a mapping."""


class Table(NamedTuple):
    """The rows of an answer.

    Args:
        columns: their names.
        rows: one tuple a row; None where nothing is bound.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """Return every row as a mapping from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def select(self, columns: tuple[str, ...]) -> Table:
        """Return these columns only, in this order; a table without rows may lack them all."""
        if columns == self.columns:
            return self
        if not self.rows:
            return Table(columns, [])
        places = [self.columns.index(c) for c in columns]
        return Table(columns, [tuple(row[i] for i in places) for row in self.rows])


@dataclass(frozen=True)
class Query:
    """A named question.

    Args:
        name: the file's name without its suffix.
        title: what it answers, in a few words.
        description: what it answers, in a sentence.
        parameters: kind and meaning by name, such as ``concept - id of a concept``.
        columns: meaning by name, in order.
        text: the SPARQL text.
        cypher: the Cypher text.
        sql: the SQL text; empty where the rows are a table, or are answered in SPARQL alone.
    """

    name: str
    title: str
    description: str
    parameters: Mapping[str, str]
    columns: Mapping[str, str]
    text: str
    cypher: str
    sql: str

    def kind(self, parameter: str) -> str:
        """Return what a parameter is the id of, or ``text``."""
        return self.parameters[parameter].split(" - ")[0]


@cache
def named(name: str) -> Query:
    """Read one query file.

    Args:
        name: the file's name without its suffix.

    Returns:
        The query.

    Raises:
        UnknownTerm: when there is no such file.

    Example:
        >>> named("claims-about-concept").parameters
        {'concept': 'concept - id of a concept'}
    """
    if name not in names():
        raise UnknownTerm(name, "query", closest(name, names()))
    text = _text(name, ".rq")
    once: dict[str, str] = {}
    many: dict[str, dict[str, str]] = {"param": {}, "column": {}}
    for field, kind, key, value in _HEADER.findall(text):
        if field:
            once[field] = value
        else:
            many[kind][key] = value
    return Query(
        name,
        once["title"],
        once["description"],
        many["param"],
        many["column"],
        text,
        _text(name, ".cypher"),
        _text(name, ".sql"),
    )


def _text(name: str, suffix: str) -> str:
    """Read the file of a query, if there is one; of a file for several kinds, without the lines of the other kinds."""
    file, kind = _OF_KIND.get(name, (name, ""))
    path = paths.shipped("queries") / f"{file}{suffix}"
    text = path.read_text("utf-8") if path.is_file() else ""
    return _MARKED.sub(lambda line: line[2] if line[1] == kind else "", text) if kind else text


@cache
def names() -> tuple[str, ...]:
    """List the shipped queries, sorted."""
    files = {p.stem for p in paths.shipped("queries").glob("*.rq")}
    return tuple(sorted((files - {file for file, _ in _OF_KIND.values()}) | {*_OF_KIND}))


def check_parameters(query: Query, parameters: Mapping[str, str]) -> None:
    """Check that a query is given exactly the parameters it takes.

    Args:
        query: the query.
        parameters: values by name.

    Raises:
        KGError: when one is missing or not known, naming those it takes.
    """
    takes = ", ".join(f"{k} ({v})" for k, v in query.parameters.items()) or "none"
    for name in parameters:
        if name not in query.parameters:
            raise KGError(f"the query '{query.name}' has no parameter '{name}'; it takes: {takes}")
    for name in query.parameters:
        if name not in parameters:
            raise KGError(f"the query '{query.name}' needs the parameter '{name}'; it takes: {takes}")


class Engine(Protocol):
    """An engine that answers named queries: Oxigraph in SPARQL, or a property graph in Cypher."""

    def answer(self, query: Query, parameters: Mapping[str, str]) -> Table:
        """Return the rows of a query.

        Args:
            query: the query.
            parameters: values by name, bound by the engine.
        """

    def limited(self, query: Query, parameters: Mapping[str, str], *, timeout: float, limit: int) -> tuple[Table, bool]:
        """Return the rows of a query, and whether there were more.

        Args:
            query: the query.
            parameters: values by name, bound by the engine.
            timeout: seconds until it is ended.
            limit: rows at most.

        Raises:
            QueryLimit: when it ran past its time.
        """

    def close(self) -> None:
        """End what was started for it."""


def run(engine: Engine, name: str, **parameters: str) -> Table:
    """Run a named query.

    Args:
        engine: what answers it.
        name: the query's name.
        parameters: values by parameter name, bound as plain literals.

    Returns:
        The rows, with the columns that the query's header declares.

    Raises:
        UnknownTerm: when there is no such query.
        KGError: when a parameter is missing or not known.
    """
    query = named(name)
    check_parameters(query, parameters)
    return engine.answer(query, parameters)


def value(term: Any) -> Cell:
    """Return the plain Python value of an RDF term.

    Args:
        term: a pyoxigraph term, or None.
    """
    if term is None:
        return None
    datatype = getattr(term, "datatype", None)
    if datatype is not None:
        kind = datatype.value.rpartition("#")[2]
        if kind == "integer":
            return int(term.value)
        if kind in ("decimal", "double", "float"):
            return float(term.value)
        if kind == "boolean":
            return bool(term.value == "true")
    return str(term.value) if hasattr(term, "value") else str(term)
