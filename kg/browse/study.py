"""What pages need of one build of a study, read once."""

from __future__ import annotations

import json
import threading
from functools import cache, cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import agreement, cite, claims, confidence, graph, paths, query, values
from kg.errors import KGError
from kg.store import build, listings
from kg.words import word

if TYPE_CHECKING:
    from pathlib import Path

    from kg.answer import Holdings
    from kg.confidence import Confidence
    from kg.exports.about import About
    from kg.graph import Graph
    from kg.store.evidence import Evidence


Row = dict[str, Any]
"""A row of a named query."""


class Standing(NamedTuple):
    """The standing of a claim.

    Args:
        claim: its row of the query ``claims``.
        tally: its number of evidence lines by stance.
        state: how it stands, in words; empty where that is not shown.
    """

    claim: Row
    tally: dict[str, int]
    state: str = ""


class BuiltStudy:
    """One build of a study, with what many of its pages need.

    Args:
        graph: the study's graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph, self.tables = graph, graph.tables
        self.answers = graph.answers
        self.digest = (graph.built / "digest").read_text("ascii")
        self.entry = lru_cache(maxsize=4096)(self._entry)
        self.concerning = cache(self._concerning)
        self.labels = cache(self._labels)
        self.ids = cache(self._ids)
        self.standing = cache(self._standing)
        self.argued = cache(self._argued)
        self.compared = cache(partial(agreement.compare, self.tables))

    def read(self) -> None:
        """Read what every page needs."""
        _ = self.names, self.header, self.claims, self.evidence

    def rows(self, name: str, **parameters: str) -> list[Row]:
        """Return the rows of a named query.

        Args:
            name: the query's name.
            parameters: ids or texts by name.
        """
        return query.run(self.graph.engine, name, **parameters).dicts()

    @property
    def names(self) -> dict[tuple[str, str], dict[str, str]]:
        """Return what every record is called, by kind and id, in each language that it has a name in."""
        return self.tables.names

    @cached_property
    def header(self) -> Row:
        """Return the study's id, titles and description."""
        (row,) = self.rows("study")
        return row

    def name(self, kind: str, identifier: str, language: str) -> str:
        """Return what a record is called, in English where it has no name in the language, else its id.

        Args:
            kind: kind of record.
            identifier: its id.
            language: ``en`` or ``zh``.
        """
        if (kind, identifier) == ("case", claims.LITERATURE) and (kind, identifier) not in self.names:
            return word(self.tables.outside, language)
        if kind == "value":
            attribute, _, value = identifier.partition("=")
            return f"{self.attributes.get(attribute, {}).get(language, attribute)}: {value}"
        names = self.names.get((kind, identifier), {})
        return names.get(language) or names.get("en") or identifier

    def _ids(self, kind: str) -> list[str]:
        """Return the ids of all records of a kind, sorted."""
        return [i for k, i in self.names if k == kind]

    @cached_property
    def claims(self) -> dict[str, Row]:
        """Return the rows of the query ``claims`` by id."""
        return {row["claim"]: row for row in self.rows("claims")}

    @cached_property
    def about(self) -> dict[str, tuple[str, str, str | None]]:
        """Return the subject, object and stage of every claim, by its id."""
        return {claim: (row["subject"], row["object"], row["stage"]) for claim, row in self.claims.items()}

    @cached_property
    def evidence(self) -> Evidence:
        """Return all evidence lines."""
        return self.tables.evidence

    def _standing(self, claim: str) -> Standing:
        """Return how a claim stands."""
        return Standing(self.claims[claim], self.evidence.tally_of(claim), self.evidence.state(claim))

    def _concerning(self, concept: str) -> tuple[str, ...]:
        """Return the ids of the claims about a concept."""
        return tuple([row["claim"] for row in self.rows("claims-about-concept", concept=concept)])

    def _argued(self, case: str) -> list[str]:
        """Return the ids of the claims that evidence of a case bears on."""
        lines = self.evidence.having("case", case)
        return [claim for claim in self.claims if self.evidence.of([claim]) & lines]

    @cached_property
    def unsupported(self) -> frozenset[str]:
        """Return the ids of the claims that no quote supports."""
        supporting = self.evidence.having("stance", "supports")
        return frozenset(claim for claim in self.claims if not self.evidence.of([claim]) & supporting)

    @cached_property
    def choosable(self) -> dict[str, tuple[str, ...]]:
        """Return what evidence can be chosen by: the values of each facet, also those that no line has."""
        stages = {stage for _, _, stage in self.about.values() if stage}
        return {
            "case": (*self.ids("case"), claims.LITERATURE),
            "stance": (*claims.STANCES,),
            "stage": tuple(sorted(stages)),
            "code": (*self.ids("code"),),
            "coder": (*self.ids("coder"),),
            "attribute": self.values,
        }

    @cached_property
    def attributes(self) -> dict[str, dict[str, str]]:
        """Return what each attribute is called in each language, by its id."""
        rows = self.rows("attributes")
        return {row["attribute"]: {"en": row["label"], "zh": row["label_zh"] or row["label"]} for row in rows}

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Return what cases and sources have of attributes, as ``attribute=value``, by attribute and value."""
        return tuple(f"{attribute}={value}" for attribute in self.attributes for value in self.values_of(attribute))

    def values_of(self, attribute: str) -> list[str]:
        """Return the values that cases and sources have of an attribute, in the order of its type.

        Args:
            attribute: its id.
        """
        return values.of(self.rows("attributes"), attribute)

    @cached_property
    def sources(self) -> dict[str, Row]:
        """Return the rows of the query ``sources`` by id."""
        return {row["source"]: row for row in self.rows("sources")}

    @cached_property
    def holdings(self) -> Holdings:
        """Return how many sources, coded passages and codes there are."""
        from kg import answers

        return answers.count_holdings(partial(query.run, self.graph.engine))

    @cached_property
    def codes(self) -> dict[str, Row]:
        """Return the rows of the query ``codebook`` by id."""
        return {row["code"]: row for row in self.rows("codebook")}

    @cached_property
    def references(self) -> dict[str, str]:
        """Return the CSL-JSON item of every reference, as text, by key."""
        return {row["reference"]: row["csl"] for row in self.rows("references")}

    @cached_property
    def authors(self) -> dict[str, Row]:
        """Return the rows of the query ``authors`` by id."""
        return {row["author"]: row for row in self.rows("authors")}

    @cached_property
    def written_by(self) -> dict[str, list[str]]:
        """Return the ids of the authors of each reference that has any."""
        return listings.authors(self.tables)

    @cached_property
    def searches(self) -> list[Row]:
        """Return the rows of the query ``searches``."""
        return self.rows("searches")

    @cached_property
    def publication(self) -> About | None:
        """Return what the study says of itself as a publication; None when its study.yaml could not be read."""
        from kg.exports import about

        try:
            return about.of(self.graph)
        except KGError:
            return None

    @cached_property
    def acts(self) -> list[Row]:
        """Return the rows of the query ``acts``: who did what when."""
        return self.rows("acts")

    @cached_property
    def readings(self) -> list[Row]:
        """Return the rows of the query ``readings``: what coders said of evidence lines of others."""
        return self.rows("readings")

    @cached_property
    def read_again(self) -> frozenset[str]:
        """Return the ids of the evidence lines that a coder read who had not drawn them."""
        return confidence.read_again(self.tables)

    @cached_property
    def confidence(self) -> dict[str, Confidence]:
        """Return the confidence in each claim for which it was judged, by the claim's id."""
        return confidence.judged(self.tables)

    @cached_property
    def facts(self) -> dict[tuple[str, str], list[Row]]:
        """Return the rows of the queries ``attributes`` and ``sets`` that are about a record, by its kind and id."""
        facts: dict[tuple[str, str], list[Row]] = {}
        for row in (*self.rows("attributes"), *self.rows("sets")):
            facts.setdefault((row["kind"], row["record"] if "record" in row else row["member"]), []).append(row)
        return facts

    @cached_property
    def questions(self) -> list[Row]:
        """Return the rows of the query ``open-questions``."""
        return self.rows("open-questions")

    @cached_property
    def stated(self) -> dict[str, list[str]]:
        """Return the passages of the theory's own text that state a claim, by its id."""
        passages: dict[str, list[str]] = {}
        for row in self.rows("assertions"):
            passages.setdefault(row["claim"], []).append(row["excerpt"])
        return passages

    def text(self, source: str) -> str:
        """Return the whole text of a source.

        Args:
            source: its id.
        """
        (row,) = self.rows("source-text", id=source)
        return str(row["whole"])

    @cached_property
    def called(self) -> dict[str, list[Row]]:
        """Return the rows of the query ``labels`` of every concept, by its id."""
        labels: dict[str, list[Row]] = {}
        for row in self.rows("labels"):
            if row["kind"] == "concept":
                labels.setdefault(row["id"], []).append(row)
        return labels

    def _labels(self, language: str) -> dict[tuple[str, str], str]:
        """Return what every record is called in a language, by kind and id."""
        return {key: names.get(language) or names["en"] for key, names in self.names.items()}

    @cached_property
    def broader(self) -> dict[str, str | None]:
        """Return the concept above each that has one."""
        return {c: values["broader"][0] for c, values in self.definitions.items() if "broader" in values}

    @cached_property
    def above(self) -> dict[str, str | None]:
        """Return the code above each code."""
        return {code: row["broader"] for code, row in self.codes.items()}

    @cached_property
    def definitions(self) -> dict[str, dict[str, list[str]]]:
        """Return the properties of every concept."""
        properties: dict[str, dict[str, list[str]]] = {}
        for c in self.ids("concept"):
            for row in self.rows("concept", concept=c):
                properties.setdefault(c, {}).setdefault(row["property"], []).append(row["value"])
        return properties

    def terms(self) -> list[dict[str, str]]:
        """Return the classes and properties of the evidence model with their labels and definitions."""
        from pyoxigraph import NamedNode

        from kg.store import rdf

        terms: dict[str, dict[str, str]] = {}
        names = {rdf.RDFS + "label": "label", rdf.SKOS + "prefLabel": "label", rdf.SKOS + "definition": "definition"}
        for quad in self.graph.store.quads_for_pattern(None, None, None, NamedNode(f"{rdf.VOCABULARIES}evidence")):
            term: Any = quad.subject
            value: Any = quad.object
            key = names.get(quad.predicate.value)
            if key and term.value.startswith(rdf.EV):
                row = terms.setdefault(term.value.removeprefix(rdf.EV), {"en": "", "zh": "", "definition": ""})
                row["definition" if key == "definition" else value.language] = value.value
        return [{"term": term, **terms[term]} for term in sorted(terms)]

    def reference(self, key: str) -> dict[str, Any]:
        """Return the CSL-JSON item of a reference.

        Args:
            key: its key.
        """
        item: dict[str, Any] = json.loads(self.references[key])
        return item

    def _entry(self, key: str) -> str:
        """Return the entry of a reference in the list of references."""
        return cite.entry(self.reference(key))


class LatestBuild:
    """The newest build of a study, opened anew when another was made.

    Args:
        folder: the study's folder.
        endpoint: URL of the SPARQL endpoint that answers named queries; empty for the tables of the build.
    """

    def __init__(self, folder: Path, endpoint: str = "") -> None:
        self.folder, self.endpoint = folder, endpoint
        self.pointer = paths.store_folder(folder) / build.POINTER
        self.lock = threading.Lock()
        self.opened: tuple[tuple[int, int], BuiltStudy] | None = None

    def stamp(self) -> tuple[int, int]:
        """Return what differs between two builds."""
        return build.stamp(self.pointer)

    def study(self) -> BuiltStudy:
        """Return the study as it was built last.

        Raises:
            StoreUnavailable: when there is none.
            ServerUnavailable: when the endpoint does not answer, or does not have this build.
        """
        with self.lock:
            stamp = self.stamp()
            if not self.opened or self.opened[0] != stamp:
                opened = graph.open(self.folder, built=True)
                self.opened = stamp, BuiltStudy(opened.with_endpoint(self.endpoint) if self.endpoint else opened)
            return self.opened[1]
