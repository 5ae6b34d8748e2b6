"""Any SPARQL 1.1 endpoint, which answers named queries from the graph that was pushed to it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kg import query
from kg.endpoint import held
from kg.endpoint.binding import bind
from kg.endpoint.client import Client, results
from kg.errors import ServerUnavailable
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.endpoint.client import Address

TIMEOUT = 120.0
"""Seconds that a query of an answer may take."""
CHECKED = 5.0
"""Seconds for which the build of the server is taken to be the one that it was."""
UNION = "urn:x-arq:UnionGraph"
"""What Apache Jena calls the union of all named graphs, where its default graph is another."""
_HELD = f"""PREFIX dcterms: <{rdf.DCT}>
PREFIX ev: <{rdf.EV}>
PREFIX pushed: <{held.PUSHED}>
SELECT DISTINCT ?what ?value WHERE {{
  {{ ?study a ev:Study ; dcterms:identifier ?value BIND("study" AS ?what) }}
  UNION {{ GRAPH ?graph {{ ?study a ev:Study ; dcterms:identifier ?value }} BIND("named" AS ?what) }}
  UNION {{ GRAPH <%s> {{ <%s> pushed:graph ?graph }} BIND("named" AS ?what) BIND("" AS ?value) }}
  UNION {{ <%s> pushed:build ?value BIND("build" AS ?what) }}
  UNION {{ <%s> pushed:graph ?graph BIND("pushed" AS ?what) BIND("" AS ?value) }}
}}
"""
"""What a server holds: studies in its default graph, studies or a push in any named graph, a build, and its push."""


class Endpoint:
    """The engine that answers named queries in SPARQL, somewhere else; a context manager.

    Args:
        address: where queries are sent to.
        study: the study's id.
        digest: of the build that the server must hold.

    Raises:
        ServerUnavailable: when the server does not answer, or does not have this build of the study.
    """

    def __init__(self, address: Address, study: str, digest: str) -> None:
        self.study, self.digest = study, digest
        self.client = Client(address)
        self._more: dict[str, str] = {}
        self._checked = 0.0
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self.client.close()

    def answer(self, asked: query.Query, parameters: Mapping[str, str]) -> query.Table:
        """Return the rows of a query."""
        self._check()
        return self._table(asked, bind(asked.text, parameters), TIMEOUT)

    def limited(
        self, asked: query.Query, parameters: Mapping[str, str], *, timeout: float, limit: int
    ) -> tuple[query.Table, bool]:
        """Return the rows of a query, and whether there were more."""
        self._check()
        # No shipped query has a LIMIT of its own.
        table = self._table(asked, f"{bind(asked.text, parameters)}\nLIMIT {limit + 1}", timeout)
        return table._replace(rows=table.rows[:limit]), len(table.rows) > limit

    def _table(self, asked: query.Query, text: str, seconds: float) -> query.Table:
        columns = tuple(asked.columns)
        return query.Table(columns, self._ask(text, columns, seconds))

    def _ask(self, text: str, columns: tuple[str, ...], seconds: float) -> list[tuple[query.Cell, ...]]:
        """Return the rows of a query."""
        reply = self.client.send(
            "POST",
            form={"query": text, **self._more},
            headers={"Accept": "application/sparql-results+json"},
            seconds=seconds,
        )
        return results(reply, self.client.address, columns)

    def _check(self) -> None:
        """Make sure that the server has the graph that was built last; a push may have begun since."""
        if time.monotonic() - self._checked < CHECKED:
            return
        where, study = self.client.address.shown, self.study
        holds = self._holds()
        if not holds["study"] and "default-graph-uri" not in self.client.address.url:
            self._more = {"default-graph-uri": UNION} if holds["named"] else {}
            in_default, holds = holds, self._holds() if holds["named"] else holds
            holds["named"] |= in_default["named"]
        if holds["pushed"] and not holds["build"]:
            raise ServerUnavailable(f"a push of '{study}' to {where} is not at its end; carry on with 'kg push'")
        if study not in holds["study"]:
            if study in holds["named"]:
                raise ServerUnavailable(
                    f"{where} has '{study}' in named graphs, and asks its default graph alone, which does not have it; "
                    "configure it so that its default graph is the union of its named graphs"
                )
            raise ServerUnavailable(f"{where} does not have the study '{study}'; write it there with 'kg push'")
        if others := sorted(holds["study"] - {study}):
            raise ServerUnavailable(
                f"{where} also has {', '.join(others)}; give each study a dataset of its own, since a query is asked "
                "of all graphs"
            )
        if not holds["build"]:
            raise ServerUnavailable(f"{where} does not say which build of '{study}' it has; write it with 'kg push'")
        if holds["build"] != {self.digest}:
            raise ServerUnavailable(f"{where} has another build of '{study}' than this; renew it with 'kg push'")
        self._checked = time.monotonic()

    def _holds(self) -> dict[str, set[str]]:
        """Return what the server holds, by what it is."""
        record = held.name(self.study)
        found: dict[str, set[str]] = {"study": set(), "named": set(), "build": set(), "pushed": set()}
        for what, value in self._ask(_HELD % ((record,) * 4), ("what", "value"), TIMEOUT):
            found.setdefault(str(what), set()).add(str(value))
        return found
