"""The library: open a study's graph and ask it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg import paths, query
from kg.errors import KGError, StoreUnavailable, StudyError
from kg.progress import silent
from kg.store import build, opening, oxigraph, tables

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from pandas import DataFrame
    from pyoxigraph import Store
    from rdflib import Dataset

    from kg.answer import Answer
    from kg.answers import Answers
    from kg.cite import Citation
    from kg.endpoint.client import Address as EndpointAddress
    from kg.limits import Limits
    from kg.picture.network import Network
    from kg.picture.scene import Scene
    from kg.progress import Progress
    from kg.property_graph.server import Address
    from kg.query import Table
    from kg.reports.report import Report
    from kg.search import Results
    from kg.store.sparql import Result
    from kg.trace import Trace


class Graph:
    """The graph of one study, which answers questions about it; made by :func:`open`.

    Args:
        folder: the study's folder.
        built: the folder of its build.
        errors: why the graph is older than the study's files; empty when it is not.
        engine: what answers named queries; by default the tables of the build.

    Example:
        >>> import kg
        >>> g = kg.open("dart")
        >>> [claim.id for claim in g.ask("what supports transparency").claims]
        ['P18', 'P23']
    """

    def __init__(
        self, folder: Path, built: Path, errors: tuple[Any, ...] = (), engine: query.Engine | None = None
    ) -> None:
        self.folder, self.built, self.errors = folder, built, errors
        opening.use(built, self)
        self.oxigraph = oxigraph.Oxigraph(built / build.STORE)
        self.tables = tables.Tables(built / tables.NAME, self.oxigraph)
        self.engine = engine or self.tables

    @property
    def store(self) -> Store:
        """Return the graph as a store of pyoxigraph, read only.

        Example:
            >>> import kg
            >>> len(kg.open("dart").store) > 10_000
            True
        """
        return self.oxigraph.store

    @cached_property
    def answers(self) -> Answers:
        """Return what answers questions, with what all of them need read once.

        Example:
            >>> import kg
            >>> kg.open("dart").answers.read("what supports transparency").stance
            'supports'
        """
        from kg import answers

        return answers.Answers(self.engine, self.tables)

    def close(self) -> None:
        """End the engine that :meth:`with_cypher` started; a graph is a context manager, too.

        Example:
            >>> import kg
            >>> with kg.open("dart").with_cypher() as g:
            ...     g.query("cross-case-matrix").rows[0][:3]
            ('P03', 'xiaomi', 'supports')
        """
        self.engine.close()

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def with_sparql(self) -> Graph:
        """Return this graph with its questions answered in SPARQL, by Oxigraph.

        Example:
            >>> import kg
            >>> g = kg.open("dart")
            >>> g.with_sparql().query("claims").rows == g.query("claims").rows
            True
        """
        return Graph(self.folder, self.built, self.errors, self.oxigraph)

    def with_cypher(self, server: Address | None = None, progress: Progress = silent) -> Graph:
        """Return this graph with its questions answered in Cypher; close it when done.

        Args:
            server: where it was pushed to; None for the server that NEO4J_URI names, or else
                the embedded engine.
            progress: called while the embedded engine's graph is made.

        Raises:
            ServerUnavailable: when the server does not answer, or does not have this graph.

        Example:
            >>> import kg
            >>> with kg.open("dart").with_cypher() as g:
            ...     [claim.id for claim in g.ask("what supports transparency").claims]
            ['P18', 'P23']
        """
        from kg.property_graph import cypher

        return Graph(
            self.folder,
            self.built,
            self.errors,
            cypher.Cypher(self.folder, self.store, server or cypher.address(), progress),
        )

    def with_endpoint(self, address: str | EndpointAddress) -> Graph:
        """Return this graph with its questions answered by a SPARQL 1.1 endpoint; close it when done.

        Words and names are still looked up in the build.

        Args:
            address: where the endpoint takes queries: its URL, to which the environment may give a name and a
                password (SPARQL_USERNAME, SPARQL_PASSWORD) or a token (SPARQL_TOKEN); or an address that has them.

        Raises:
            ServerUnavailable: when it does not answer, or does not have this graph.

        Example:
            >>> import kg
            >>> with kg.open("dart").with_endpoint("http://localhost:3030/ds/sparql") as g:  # doctest: +SKIP
            ...     [claim.id for claim in g.ask("what supports transparency").claims]
            ['P18', 'P23']
        """
        from kg.endpoint import client, engine

        asked = client.address(address) if isinstance(address, str) else address
        return Graph(self.folder, self.built, self.errors, engine.Endpoint(asked, self.id, self.digest))

    @cached_property
    def id(self) -> str:
        """Return the id of the study.

        Example:
            >>> import kg
            >>> kg.open("dart").id
            'dart'
        """
        return str(query.run(self.tables, "study").dicts()[0]["study"])

    @property
    def digest(self) -> str:
        """Return the digest of the build, which is the same wherever the study is built.

        Example:
            >>> import kg
            >>> len(kg.open("dart").digest)
            64
        """
        return (self.built / "digest").read_text("ascii")

    def ask(self, question: str) -> Answer:
        """Answer a question in English or Chinese.

        Args:
            question: such as ``what supports transparency`` or ``什么支持透明度``.

        Returns:
            What the theory claims, the evidence, and what no quote supports.

        Raises:
            UnknownTerm: when the graph does not know a word of it.
            KGError: when it has no form that can be answered.

        Example:
            >>> import kg
            >>> kg.open("dart").ask("什么支持透明度").claims[0].state
            'supported'
        """
        return self.answers.answer(question)

    def trace(self, identifier: str, *, withdrawn: bool = False) -> Trace:
        """Trace a record to its passages and to the claims that rest on it.

        Args:
            identifier: id of any record, or ``kind/id`` where two kinds share one.
            withdrawn: whether withdrawn and superseded evidence is shown.

        Returns:
            A tree and a table.

        Raises:
            UnknownTerm: when no record has the id.

        Example:
            >>> import kg
            >>> kg.open("dart").trace("abstract:2375-2406").rows[0][1]
            '"transparency" is the guarantee'
        """
        from kg import trace

        return trace.trace(self.engine, identifier, withdrawn=withdrawn)

    def cite(self, identifier: str, style: str = "apa") -> list[Citation]:
        """Cite the references that a record rests on.

        Args:
            identifier: id of a reference, source, excerpt, or anything with passages.
            style: name of a CSL style.

        Returns:
            Citations sorted by key.

        Raises:
            UnknownTerm: when no record has the id, or no style the name.

        Example:
            >>> import kg
            >>> [c.reference for c in kg.open("dart").cite("abstract")]
            ['thesis-abstract']
        """
        from kg import cite

        return cite.cite(self.engine, identifier, style)

    def report(self, name: str, limits: Limits | None = None, by: str | None = None, unit: str | None = None) -> Report:
        """Make a report.

        Args:
            name: one of :data:`kg.reports.REPORTS`.
            limits: what the evidence of the report ``matrix`` is limited to, such as those of an answer.
            by: what the reports ``matrix`` and ``codes`` set against: ``case`` or id of an attribute; ``codes`` also
                ``source`` or ``code``.
            unit: in which units of the texts the reports on coders compare codes, one of :data:`kg.agreement.UNITS`;
                by what ``saturation`` counts new codes, one of :data:`kg.reports.saturation.SATURATED`.

        Returns:
            Its notes and its table.

        Raises:
            KeyError: when no report has the name.
            UnknownTerm: when ``by`` is nothing of the study.
            KGError: when the study has nothing to report on, or the report sets nothing against another.

        Example:
            >>> import kg
            >>> kg.open("dart").report("matrix").table.columns[:2]
            ('claim', 'state')
        """
        from kg import reports

        chosen: dict[str, Any] = {"limits": limits, "by": by, "unit": unit}
        told = {key: value for key, value in chosen.items() if value is not None}
        return reports.make(self, name, told)

    def picture(
        self,
        focus: str | None = None,
        *,
        depth: int = 2,
        cases: Iterable[str] = (),
        stances: Iterable[str] = (),
        language: str = "en",
    ) -> Network:
        """Choose what a picture shows; :data:`kg.picture.formats.FORMATS` draws it.

        Args:
            focus: id of the record to begin with; None means the theory down to its codes.
            depth: how many links away from it.
            cases: ids of cases whose passages are kept; ``literature`` stands for those of no case.
            stances: stances that are kept.
            language: ``en`` or ``zh``, for labels.

        Raises:
            UnknownTerm: when no record has the id, or no case.
            KGError: when the record is in no layer of the picture.

        Example:
            >>> import kg
            >>> [len(nodes) for nodes in kg.open("dart").picture("P21").layers().values()]
            [1, 1, 2, 14, 8, 4, 8]
        """
        from kg import trace
        from kg.picture import network

        engine = self.tables
        choice = network.Choice(frozenset(cases), frozenset(stances))
        if focus is None:
            return network.theory(engine, language, choice)
        kind, identifier, _ = trace.resolve(engine, focus)
        return network.around(engine, kind, identifier, depth, language, choice)

    def scene(
        self,
        focus: str | None = None,
        *,
        depth: int = 2,
        cases: Iterable[str] = (),
        stances: Iterable[str] = (),
        language: str = "en",
        as_figure: bool = False,
    ) -> Scene:
        """Place what a picture shows: the map of the theory, a claim with its evidence, a concept by its sides.

        Args:
            focus: id of the record to begin with; None means the theory; around any other than a claim or a concept
                the chain from theory to reference is shown.
            depth: how many links of a chain are followed.
            cases: ids of cases whose evidence is looked at; ``literature`` stands for that of no case.
            stances: stances that are looked at.
            language: ``en`` or ``zh``, for labels.
            as_figure: whether the theory is a figure, each concept once and claims as labelled arrows, and not a map.

        Returns:
            Boxes, labels and lines with their places, and all that a file needs to stand alone.

        Raises:
            UnknownTerm: when no record has the id, or no case.
            KGError: when the record is in no layer of the picture.

        Example:
            >>> import kg
            >>> len([group for group in kg.open("dart").scene().groups if group.kind == "row"])
            23
        """
        from kg import trace
        from kg.picture import butterfly, chain, figure, sides, theory
        from kg.picture import map as lanes
        from kg.picture.scene import MARGIN

        tables = self.tables
        if focus is not None:
            kind, identifier, _ = trace.resolve(tables, focus)
            if kind == "proposition":
                evidence = butterfly.of(tables, identifier, language, cases=cases, stances=stances)
                return butterfly.scene(evidence, language).with_margin(MARGIN)
            if kind == "concept":
                around = sides.of(tables, identifier, language, theory.chosen(tables, cases, stances))
                return sides.scene(around, language).with_margin(MARGIN)
        if focus is None and query.run(tables, "claims").rows:
            read = theory.theory(tables, language, within=theory.chosen(tables, cases, stances))
            return lanes.framed(figure.figure(read) if as_figure else lanes.lanes(read), read)
        network = self.picture(focus, depth=depth, cases=cases, stances=stances, language=language)
        return chain.chain(network, language)

    def table(self, name: str) -> DataFrame:
        """Return a table of the study for pandas: the rows that ``kg export csv`` writes.

        Args:
            name: one of :data:`kg.exports.columns.TABLES`, such as ``codings``, ``evidence`` or ``propositions``.

        Returns:
            A DataFrame. Texts, numbers and truth values may be missing; offsets count Unicode codepoints,
            the end exclusive.

        Raises:
            UnknownTerm: when no table has the name.
            StoreUnavailable: when the package pandas is not installed.

        Example:
            >>> import kg
            >>> codings = kg.open("dart").table("codings")
            >>> codings.groupby("role").size().to_dict()
            {'case': 500, 'literature': 180, 'theory': 35}
        """
        from kg.exports import tables

        return tables.frame(self, name)

    def supplement(self) -> str:
        """Write the map, every report, all evidence, the codebook and the references as one HTML page.

        Of a study that withholds texts give :func:`kg.publishing.outgoing` the graph first.

        Example:
            >>> import kg
            >>> kg.open("dart").supplement()[:15]
            '<!doctype html>'
        """
        from kg import cite, reports
        from kg.picture import drawing, theory
        from kg.picture import map as lanes

        (study,) = (r for r in query.run(self.engine, "study").dicts())
        read = theory.theory(self.tables)
        # As narrow as the text of the page, so that its type is not shrunk.
        picture = drawing.in_file(lanes.framed(lanes.lanes(read, lanes.NARROW), read)) if read.claims else ""
        title = f"Supplement: {study['title']}"
        return reports.supplement(self, title, cite.entries(self.engine), picture)

    def search(self, text: str, *, exact: bool = False, limit: int = 10) -> Results:
        """Find words in the sources.

        Args:
            text: words, in any order and form, or what to look for literally.
            exact: look for the text as it stands, in any case of letters.
            limit: how many places are given at most.

        Returns:
            The places, the best first, with the passages that overlap them and the claims that these bear on. Where
            no paragraph has all words, the nearest.

        Example:
            >>> import kg
            >>> [hit.found for hit in kg.open("dart").search("self-cleaning washing machine").hits]
            ['self-cleaning washing machine', 'self-cleaning (免清洗) washing machine']
            >>> kg.open("dart").search("guarantee", exact=True).total
            1
        """
        from kg import search

        return (search.exact if exact else search.search)(self.tables, text, limit)

    def query(self, name: str, **parameters: str) -> Table:
        """Run a named query of ``queries/``.

        Args:
            name: such as ``evidence-for-concept``.
            parameters: its parameters; a concept may be given by id or label.

        Returns:
            Columns and rows.

        Raises:
            UnknownTerm: when the query, or what a parameter names, does not exist.
            KGError: when a parameter is missing or not known.

        Example:
            >>> import kg
            >>> kg.open("dart").query("unsupported-propositions").rows[0][0]
            'P19'
        """
        return query.run(self.engine, name, **self.resolve(name, parameters))

    def limited_query(
        self, name: str, parameters: dict[str, str], *, timeout: float = 30.0, limit: int = 10_000
    ) -> tuple[Table, bool]:
        """Run a named query with a time and a row limit.

        Args:
            name: the query's name.
            parameters: ids by name, as :meth:`resolve` gives them.
            timeout: seconds.
            limit: rows.

        Returns:
            Columns and rows, and whether there were more.

        Raises:
            QueryLimit: when it ran past its time.

        Example:
            >>> import kg
            >>> table, more = kg.open("dart").limited_query("claims", {}, limit=2)
            >>> len(table.rows), more
            (2, True)
        """
        return self.engine.limited(query.named(name), parameters, timeout=timeout, limit=limit)

    def resolve(self, name: str, parameters: dict[str, str]) -> dict[str, str]:
        """Replace labels in a query's parameters by ids.

        Args:
            name: the query's name.
            parameters: values by name.

        Raises:
            UnknownTerm: when the query, or what a parameter names, does not exist.
            KGError: when a parameter is missing or not known.
        """
        asked = query.named(name)
        query.check_parameters(asked, parameters)
        resolved = {}
        for key, value in parameters.items():
            kind = asked.kind(key)
            if kind == "text":
                resolved[key] = value
            elif kind in ("concept", "relation", "case"):
                resolved[key] = self.answers.identify(value, kind)
            else:
                from kg import trace

                resolved[key] = trace.resolve(self.engine, value if kind == "any" else f"{kind}/{value}")[1]
        return resolved

    def sparql(self, text: str, *, timeout: float = 30.0, limit: int = 10_000) -> Result:
        """Run SPARQL of one's own: read only, with a time and a row limit.

        Args:
            text: SELECT, ASK, CONSTRUCT or DESCRIBE over the union of all named graphs.
            timeout: seconds.
            limit: rows.

        Returns:
            Rows, or a graph in Turtle.

        Raises:
            QueryRefused: when it would write, calls another server or is not valid.
            QueryLimit: when it ran past its time.

        Example:
            >>> import kg
            >>> kg.open("dart").sparql("ASK { ?s a ev:Proposition }").table.rows
            [(True,)]
        """
        from kg.store import sparql

        return sparql.run(self.oxigraph.folder, text, timeout=timeout, limit=limit)

    def cypher(self, text: str, *, timeout: float = 30.0, limit: int = 10_000) -> tuple[Table, bool]:
        """Run Cypher of one's own: read only, with a time and a row limit.

        Args:
            text: a query that only reads; ``$study`` is the study's id.
            timeout: seconds.
            limit: rows.

        Returns:
            Columns and rows, and whether there were more. Lists, nodes and paths are plain lists and mappings.

        Raises:
            QueryRefused: when it would write or is not valid.
            QueryLimit: when it ran past its time.
            ServerUnavailable: when the server does not answer.
            KGError: when this graph is not answered in Cypher; :meth:`with_cypher` gives one that is.

        Example:
            >>> import kg
            >>> with kg.open("dart").with_cypher() as g:
            ...     g.cypher("MATCH (p:Proposition) RETURN count(p) AS claims")[0].rows
            [(23,)]
        """
        from kg.property_graph import cypher

        if not isinstance(self.engine, cypher.Cypher):
            raise KGError("this graph is asked in SPARQL; with_cypher() gives one that is asked in Cypher")
        return self.engine.run(text, timeout=timeout, limit=limit)

    @property
    def rdf(self) -> Dataset:
        """Return the graph as an rdflib Dataset over the store; its default graph is the union.

        Example:
            >>> import kg
            >>> from rdflib import RDF, URIRef
            >>> claims = kg.open("dart").rdf.subjects(RDF.type, URIRef("https://w3id.org/dart-kg/evidence#Proposition"))
            >>> len(list(claims))
            23
        """
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        return Dataset(store=OxigraphStore(store=self.store), default_union=True)


def open(study: str | os.PathLike[str] | None = None, progress: Progress = silent, *, built: bool = False) -> Graph:
    """Open the graph of a study, built anew when its files changed.

    Args:
        study: a folder, its study.yaml, or the name of a bundled study; None means the study
            that the working directory lies in, or else the bundled one.
        progress: called with each step of a build, how much of it is done, and how much there is.
        built: whether the graph built last is taken as it is.

    Returns:
        The graph. When the files have errors it is the one built before, and ``errors`` says why.

    Raises:
        StudyError: when the files have errors and no graph was built before.
        StoreUnavailable: when the graph built last is asked for and there is none.

    Example:
        >>> import kg
        >>> kg.open("dart").folder.name
        'dart'
    """
    folder = paths.study_folder(study)
    if built:
        return _current(folder)
    try:
        build.build(folder, progress)
    except StudyError as e:
        try:
            return _current(folder, e.findings)
        except StoreUnavailable:
            raise e from None
    return _current(folder)


def _current(folder: Path, errors: tuple[Any, ...] = ()) -> Graph:
    """Return the graph that was built last, also when another build takes it away in just that moment."""
    built = build.current(folder)
    while True:
        try:
            return Graph(folder, built, errors)
        except StoreUnavailable:
            latest = build.current(folder)
            if latest == built:
                raise
            built = latest
