"""Oxigraph, which answers named queries in SPARQL from the store of a build."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg import query
from kg.store.opening import damage_told, open_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyoxigraph import Store


class Oxigraph:
    """The engine that answers named queries in SPARQL.

    Args:
        folder: where the store lies, opened when it is first asked; a limited query opens it in a process of its own.
        store: the store, when it is open already.
    """

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        if store is not None:
            self.store = store

    @cached_property
    def store(self) -> Store:
        """Return the graph, read only."""
        return open_store(self.folder)

    def close(self) -> None:
        """End nothing: the store is only read."""

    def limited(
        self, asked: query.Query, parameters: Mapping[str, str], *, timeout: float, limit: int
    ) -> tuple[query.Table, bool]:
        """Return the rows of a query, and whether there were more."""
        from kg.store import sparql

        result = sparql.run(self.folder, asked.text, parameters, timeout=timeout, limit=limit)
        return result.table.select(tuple(asked.columns)), result.more

    def answer(self, asked: query.Query, parameters: Mapping[str, str]) -> query.Table:
        """Return the rows of a query."""
        from pyoxigraph import Literal, Variable

        bound: dict[Variable, Any] = {Variable(k): Literal(v) for k, v in parameters.items()}
        columns = tuple(asked.columns)
        wanted = [Variable(c) for c in columns]
        with damage_told(self.folder.parent):
            solutions = self.store.query(asked.text, use_default_graph_as_union=True, substitutions=bound or None)
            return query.Table(columns, [tuple(query.value(s[v]) for v in wanted) for s in solutions])  # type: ignore[union-attr]
