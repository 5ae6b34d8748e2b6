"""The one place where the RDF graph becomes a labelled property graph, by Neo4j's naming conventions.

Every record is a node with one label, and is known by the study's id and its own. Statements
between records are relationships; all others are properties. An evidence line is a node, so that
it keeps its reason, author and date; its stance is also the type of the relationship to it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.model import MODEL, PREDICATES, RECORD, TERM, TEXTS, VERBATIM, Field, Predicate, Value
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pyoxigraph import Store

Properties = dict[str, Any]
KEY = ("study", "id")
"""The properties by which a node is known, together with its label."""
OF_BUILD = ("digest", "graphs")
"""The properties of the study's node that say which build it is of, and which of its named graphs are whole."""

PROPERTIES: dict[str, tuple[Field, ...]] = {
    model.label: tuple(field for field in model.fields if field.holds != RECORD) for model in MODEL.values()
}
"""Every label with the fields that are its properties. A Chinese text has a key that ends in Zh."""

VALUE = "AttributeValue"
"""The label of what a case or source has of an attribute: in RDF the attribute is a predicate, here it is a node."""
PROPERTIES[VALUE] = (
    Field("text", Predicate("rdf:value"), VERBATIM, "value"),
    Field("number", Predicate("rdf:value"), Value("a number", "xsd:double", float, "number"), "number"),
)

RELATIONSHIPS: dict[tuple[str, str], str] = {
    (model.label, field.predicate.iri): field.key
    for model in MODEL.values()
    for field in model.fields
    if field.holds == RECORD and field.key.isupper()
}
"""The type of the relationship that a predicate of a label becomes."""

BY_STANCE = {"supports": "SUPPORTED_BY", "opposes": "OPPOSED_BY", "qualifies": "QUALIFIED_BY"}
"""The type of the relationship from a proposition to an evidence line."""

NOT_COUNTED = "NOT_COUNTED"
"""The type of the relationship from a proposition to an evidence line that does not count."""

TYPES = frozenset({*RELATIONSHIPS.values(), *BY_STANCE.values(), NOT_COUNTED, "HAS_VALUE", "OF_ATTRIBUTE"})
"""Every type of relationship."""

FULL_TEXT = {
    "excerpt_text": ("Excerpt", ("quote",)),
    "source_text": ("Source", ("title", "text")),
    "proposition_text": ("Proposition", ("statement", "statementZh")),
    "code_text": ("Code", ("label", "labelZh", "definition", "include", "exclude")),
    "concept_text": ("Concept", ("label", "labelZh", "synonyms", "synonymsZh", "definition")),
    "reference_text": ("Reference", ("title",)),
    "author_text": ("Author", ("name",)),
}
"""Full-text indexes by name: label and properties."""


class Kind(NamedTuple):
    """A kind of relationship: its type and the labels at its ends."""

    type: str
    start: str
    end: str


class PropertyGraph:
    """A study, or some named graphs of it, as a labelled property graph; made when it is first looked at.

    Args:
        store: the study's graph in RDF.
        digest: of the build.
        digests: of the named graphs, by name.
        only: names of the graphs whose nodes and relationships it has; None for all.
    """

    def __init__(
        self, store: Store, digest: str, digests: Mapping[str, str], only: Collection[str] | None = None
    ) -> None:
        self.store, self.digest, self.digests, self.only = store, digest, digests, only
        self.study = study_id(store)

    def limited(self, only: Collection[str]) -> PropertyGraph:
        """Return the nodes and relationships that some named graphs state.

        Args:
            only: their names.
        """
        return PropertyGraph(self.store, self.digest, self.digests, only)

    @property
    def listed(self) -> list[str]:
        """Return the named graphs with their digests, as the study's node keeps them."""
        return [f"{digest} {name}" for name, digest in sorted(self.digests.items())]

    @property
    def nodes(self) -> dict[str, dict[str, Properties]]:
        """Return by label and id the properties of each node; ``study`` and ``id`` are among them."""
        return self._made[0]

    @property
    def relationships(self) -> dict[Kind, list[tuple[str, str]]]:
        """Return by kind the sorted pairs of the ids at the start and at the end."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[dict[str, dict[str, Properties]], dict[Kind, list[tuple[str, str]]]]:
        return _make(self)


def graph_name(iri: str, study: str) -> str:
    """Return what a named graph is called in the property graph.

    Args:
        iri: its name in RDF.
        study: the study's id.

    Example:
        >>> graph_name("https://w3id.org/dart-kg/study/dart/graph/source/haier", "dart")
        'source/haier'
        >>> graph_name("https://w3id.org/dart-kg/evidence", "dart")
        'vocabulary/evidence'
    """
    own = f"{rdf.base(study)}graph/"
    return iri.removeprefix(own) if iri.startswith(own) else f"vocabulary/{iri.removeprefix(rdf.VOCABULARIES)}"


def keys(label: str) -> frozenset[str]:
    """Return the keys of all properties that nodes of a label may have.

    Args:
        label: one of :data:`PROPERTIES`.

    Example:
        >>> sorted(keys("UncodedParagraph"))
        ['created', 'graph', 'id', 'iri', 'memo', 'memoZh', 'paragraph', 'paragraphZh', 'study']
    """
    own = {field.key for field in PROPERTIES[label]}
    translated = {f"{field.key}Zh" for field in PROPERTIES[label] if _is_text(field)}
    return frozenset({*KEY, "iri", "graph", *own, *translated, *(OF_BUILD if label == "Study" else ())})


def _is_text(field: Field) -> bool:
    """Say whether a field holds words, which may be in Chinese."""
    return field.holds != TERM and not field.holds.datatype


def schema(*, full_text: bool = True) -> list[str]:
    """Return the statements that make the constraints and indexes.

    Args:
        full_text: whether indexes are made too, of full text and of named graphs, for Neo4j alone.

    Returns:
        Cypher that may be run again.
    """
    statements = [
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE (n.study, n.id) IS UNIQUE"
        for label in PROPERTIES
    ]
    if full_text:
        statements += [
            f"CREATE INDEX {label.lower()}_graph IF NOT EXISTS FOR (n:{label}) ON (n.study, n.graph)"
            for label in PROPERTIES
        ]
        statements += [
            f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label}) ON EACH [{', '.join(f'n.{k}' for k in of)}]"
            for name, (label, of) in FULL_TEXT.items()
        ]
    return statements


def project(store: Store, digest: str, digests: Mapping[str, str] | None = None) -> PropertyGraph:
    """Turn a study's RDF graph into a property graph.

    Args:
        store: the graph.
        digest: of the build, kept on the study's node.
        digests: of its named graphs by their IRIs, kept there, too.

    Returns:
        The property graph; nodes and relationships are sorted by id.
    """
    study = study_id(store)
    return PropertyGraph(store, digest, {graph_name(iri, study): one for iri, one in (digests or {}).items()})


class _Homes:
    """The labels and ids of records, by IRI: of those that are projected, and of others that they name.

    Args:
        graph: what is projected.
    """

    def __init__(self, graph: PropertyGraph) -> None:
        from pyoxigraph import NamedNode

        self.store, self.whole = graph.store, graph.only is None
        self.graphs: list[Any] = [None]
        if graph.only is not None:
            names = sorted(self.store.named_graphs(), key=str)
            self.graphs = [name for name in names if graph_name(str(name.value), graph.study) in graph.only]
        self.node: Any = NamedNode
        self.identified = list(self.each(rdf.DCT + "identifier"))
        labels = _labels(self.each(rdf.RDF + "type"))
        self.own = {q.subject.value: (labels[q.subject.value], q.object.value) for q in self.identified}
        self._others: dict[str, tuple[str, str] | None] = {}

    def each(self, predicate: str) -> Iterator[Any]:
        """Return the statements with a predicate in the graphs that are projected."""
        for graph in self.graphs:
            yield from self.store.quads_for_pattern(None, self.node(predicate), None, graph)

    def of(self, subject: str, predicate: str) -> list[Any]:
        """Return the objects of a record's predicate in any graph."""
        return [q.object for q in self.store.quads_for_pattern(self.node(subject), self.node(predicate), None)]

    def get(self, term: Any) -> tuple[str, str] | None:
        """Return the label and the id of the record that a term is, if it is one."""
        iri = getattr(term, "value", "")
        if iri in self.own or self.whole or not isinstance(term, self.node):
            return self.own.get(iri)
        if iri not in self._others:
            ids = self.of(iri, rdf.DCT + "identifier")
            found = _labels(self.store.quads_for_pattern(term, self.node(rdf.RDF + "type"), None)) if ids else {}
            self._others[iri] = (found[iri], ids[0].value) if iri in found else None
        return self._others[iri]


def _make(graph: PropertyGraph) -> tuple[dict[str, dict[str, Properties]], dict[Kind, list[tuple[str, str]]]]:
    """Return the nodes and the relationships of a property graph."""
    homes, study = _Homes(graph), graph.study
    stated = {q.subject.value: graph_name(q.graph_name.value, study) for q in homes.identified}
    nodes: dict[str, dict[str, Properties]] = {label: {} for label in PROPERTIES}
    for iri, (label, identifier) in sorted(homes.own.items(), key=lambda item: item[1]):
        nodes[label][identifier] = {"study": study, "id": identifier, "iri": iri, "graph": stated[iri]}
    if study in nodes["Study"]:
        nodes["Study"][study].update({"digest": graph.digest, "graphs": graph.listed})
    _fill(homes, nodes)
    nodes["Concept"] = {key: _with_kinds(value, homes) for key, value in nodes["Concept"].items()}
    relationships = _relationships(homes, nodes) | _values(homes, nodes, study)
    return nodes, dict(sorted(relationships.items()))


def study_id(store: Store) -> str:
    """Return the id of the study that a graph holds.

    Args:
        store: the graph.
    """
    from pyoxigraph import NamedNode

    (quad,) = store.quads_for_pattern(None, NamedNode(rdf.RDF + "type"), NamedNode(rdf.EV + "Study"))
    (statement,) = store.quads_for_pattern(quad.subject, NamedNode(rdf.DCT + "identifier"), None)
    identifier: Any = statement.object
    return str(identifier.value)


def _labels(types: Iterable[Any]) -> dict[str, str]:
    """Return the label of every record. A code and a case are concepts of SKOS too, but not of the theory."""
    labels: dict[str, str] = {}
    for quad in types:
        namespace, _, name = quad.object.value.rpartition("#")
        if name in PROPERTIES and (namespace + "#" == rdf.EV or labels.get(quad.subject.value) is None):
            labels[quad.subject.value] = name
    return labels


def _fill(homes: _Homes, nodes: dict[str, dict[str, Properties]]) -> None:
    """Give the nodes their properties."""
    stated: dict[str, dict[str, Field]] = {}
    for label, fields in PROPERTIES.items():
        for field in fields:
            stated.setdefault(field.predicate.iri, {})[label] = field
    for predicate, by_label in stated.items():
        for quad in homes.each(predicate):
            # The selector of an excerpt is a node of its own in RDF only.
            home = homes.own.get(quad.subject.value.removesuffix("#selector"))
            if home is None or home[0] not in by_label:
                continue
            field = by_label[home[0]]
            node = nodes[home[0]][home[1]]
            term = quad.object
            key = f"{field.key}Zh" if getattr(term, "language", None) == "zh" else field.key
            if field.holds == TEXTS:
                node.setdefault(key, []).append(term.value)
            else:
                node[key] = local(term.value) if field.holds == TERM else field.holds.read(term.value)
    for group in nodes.values():
        for node in group.values():
            for value in node.values():
                if isinstance(value, list):
                    value.sort()


_TAILS = sorted({one.tail for one in PREDICATES.values() if one.tail})


def local(iri: str) -> str:
    """Return what a term of the evidence model is called in the property graph.

    Args:
        iri: the term.

    Example:
        >>> local("https://w3id.org/dart-kg/evidence#openLevel")
        'open'
    """
    name = iri.rpartition("#")[2]
    return next((name.removesuffix(tail) for tail in _TAILS if name.endswith(tail)), name)


def _with_kinds(node: Properties, homes: _Homes) -> Properties:
    """Name the classes of a concept by their English labels, as the ontology has them."""
    kinds = node.pop("kinds", [])
    names = sorted(
        label.value for kind in kinds for label in homes.of(kind, rdf.RDFS + "label") if label.language == "en"
    )
    return {**node, "kinds": names} if names else node


def _relationships(homes: _Homes, nodes: dict[str, dict[str, Properties]]) -> dict[Kind, list[tuple[str, str]]]:
    """Collect the statements between records."""
    relationships: dict[Kind, set[tuple[str, str]]] = {}
    for predicate in sorted({p for _, p in RELATIONSHIPS}):
        for quad in homes.each(predicate):
            start, end = homes.get(quad.subject), homes.get(quad.object)
            if start and end and (name := RELATIONSHIPS.get((start[0], predicate))):
                relationships.setdefault(Kind(name, start[0], end[0]), set()).add((start[1], end[1]))
    for quad in homes.each(rdf.EV + "proposition"):
        (_, line), (_, claim) = homes.own[quad.subject.value], _known(homes, quad.object)
        kind = Kind(BY_STANCE[nodes["EvidenceLine"][line]["stance"]], "Proposition", "EvidenceLine")
        relationships.setdefault(kind, set()).add((claim, line))
    for quad in homes.each(PREDICATES["uncountedProposition"].iri):
        (label, line), (_, claim) = homes.own[quad.subject.value], _known(homes, quad.object)
        relationships.setdefault(Kind(NOT_COUNTED, "Proposition", label), set()).add((claim, line))
    return {kind: sorted(pairs) for kind, pairs in sorted(relationships.items())}


def _known(homes: _Homes, term: Any) -> tuple[str, str]:
    """Return the label and the id of a record that must be there."""
    home = homes.get(term)
    assert home is not None
    return home


def _values(homes: _Homes, nodes: dict[str, dict[str, Properties]], study: str) -> dict[Kind, list[tuple[str, str]]]:
    """Make a node of each value of an attribute, and tie it to what has it and to the attribute."""
    pairs: dict[Kind, list[tuple[str, str]]] = {}
    (typed,) = (field for field in PROPERTIES["Attribute"] if field.key == "type")
    of_class = homes.store.quads_for_pattern(None, homes.node(rdf.RDF + "type"), homes.node(rdf.EV + "Attribute"))
    subjects: list[Any] = [quad.subject for quad in of_class]
    for iri in sorted(subject.value for subject in subjects):
        _, attribute = _known(homes, homes.node(iri))
        kinds = [str(term.value) for term in homes.of(iri, typed.predicate.iri)]
        for quad in homes.each(iri):
            kind, record = homes.own[quad.subject.value]
            identifier = f"{kind.lower()}/{record}/{attribute}"
            stated = nodes[kind][record]["graph"]
            node = {"study": study, "id": identifier, "graph": stated, "value": quad.object.value}
            if "integer" in kinds or "decimal" in kinds:
                node["number"] = float(quad.object.value)
            nodes[VALUE][identifier] = node
            pairs.setdefault(Kind("HAS_VALUE", kind, VALUE), []).append((record, identifier))
            pairs.setdefault(Kind("OF_ATTRIBUTE", VALUE, "Attribute"), []).append((identifier, attribute))
    nodes[VALUE] = dict(sorted(nodes[VALUE].items()))
    return {kind: sorted(of) for kind, of in pairs.items()}
