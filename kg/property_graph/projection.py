"""The one place where the RDF graph becomes a labelled property graph, by Neo4j's naming conventions.

Every record is a node with one label, and is known by the study's id and its own. Statements
between records are relationships; all others are properties. An evidence line is a node, so that
it keeps its reason, author and date; its stance is also the type of the relationship to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg.model import MODEL, PREDICATES, RECORD, TERM, TEXTS, VERBATIM, Field, Predicate, Value
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

Properties = dict[str, Any]
KEY = ("study", "id")
"""The properties by which a node is known, together with its label."""

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


class PropertyGraph(NamedTuple):
    """A study as a labelled property graph.

    Args:
        study: the study's id.
        nodes: by label and id, the node's properties; ``study`` and ``id`` are among them.
        relationships: by kind, sorted pairs of the ids at the start and at the end.
    """

    study: str
    nodes: dict[str, dict[str, Properties]]
    relationships: dict[Kind, list[tuple[str, str]]]


def keys(label: str) -> frozenset[str]:
    """Return the keys of all properties that nodes of a label may have.

    Args:
        label: one of :data:`PROPERTIES`.

    Example:
        >>> sorted(keys("UncodedParagraph"))
        ['created', 'id', 'iri', 'memo', 'memoZh', 'paragraph', 'paragraphZh', 'study']
    """
    own = {field.key for field in PROPERTIES[label]}
    translated = {f"{field.key}Zh" for field in PROPERTIES[label] if _is_text(field)}
    return frozenset({*KEY, "iri", *own, *translated, *({"digest"} if label == "Study" else ())})


def _is_text(field: Field) -> bool:
    """Say whether a field holds words, which may be in Chinese."""
    return field.holds != TERM and not field.holds.datatype


def schema(*, full_text: bool = True) -> list[str]:
    """Return the statements that make the constraints and indexes.

    Args:
        full_text: whether full-text indexes are made too, which only Neo4j has.

    Returns:
        Cypher that may be run again.
    """
    statements = [
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE (n.study, n.id) IS UNIQUE"
        for label in PROPERTIES
    ]
    if full_text:
        statements += [
            f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label}) ON EACH [{', '.join(f'n.{k}' for k in of)}]"
            for name, (label, of) in FULL_TEXT.items()
        ]
    return statements


def project(store: Store, digest: str) -> PropertyGraph:
    """Turn a study's RDF graph into a property graph.

    Args:
        store: the graph.
        digest: of the build, kept on the study's node.

    Returns:
        The property graph; nodes and relationships are sorted by id.
    """
    from pyoxigraph import NamedNode

    def each(predicate: str) -> Any:
        return store.quads_for_pattern(None, NamedNode(predicate), None)

    labels = _labels(each)
    homes = {q.subject.value: (labels[q.subject.value], q.object.value) for q in each(rdf.DCT + "identifier")}
    study = study_id(store)
    nodes: dict[str, dict[str, Properties]] = {label: {} for label in PROPERTIES}
    for iri, (label, identifier) in sorted(homes.items(), key=lambda item: item[1]):
        nodes[label][identifier] = {"study": study, "id": identifier, "iri": iri}
    nodes["Study"][study]["digest"] = digest
    _fill(each, homes, nodes)
    nodes["Concept"] = {key: _with_kinds(value, each) for key, value in nodes["Concept"].items()}
    relationships = _relationships(each, homes, nodes) | _values(each, homes, nodes)
    return PropertyGraph(study, nodes, dict(sorted(relationships.items())))


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


def _labels(each: Callable[[str], Any]) -> dict[str, str]:
    """Return the label of every record. A code and a case are concepts of SKOS too, but not of the theory."""
    labels: dict[str, str] = {}
    for quad in each(rdf.RDF + "type"):
        namespace, _, name = quad.object.value.rpartition("#")
        if name in PROPERTIES and (namespace + "#" == rdf.EV or labels.get(quad.subject.value) is None):
            labels[quad.subject.value] = name
    return labels


def _fill(
    each: Callable[[str], Any], homes: dict[str, tuple[str, str]], nodes: dict[str, dict[str, Properties]]
) -> None:
    """Give the nodes their properties."""
    stated: dict[str, dict[str, Field]] = {}
    for label, fields in PROPERTIES.items():
        for field in fields:
            stated.setdefault(field.predicate.iri, {})[label] = field
    for predicate, by_label in stated.items():
        for quad in each(predicate):
            # The selector of an excerpt is a node of its own in RDF only.
            home = homes.get(quad.subject.value.removesuffix("#selector"))
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


def _with_kinds(node: Properties, each: Callable[[str], Any]) -> Properties:
    """Name the classes of a concept by their English labels, as the ontology has them."""
    kinds = node.pop("kinds", [])
    names = sorted(
        quad.object.value
        for quad in (each(rdf.RDFS + "label") if set(kinds) - {rdf.SKOS + "Concept"} else ())
        if quad.subject.value in kinds and quad.object.language == "en"
    )
    return {**node, "kinds": names} if names else node


def _relationships(
    each: Callable[[str], Any], homes: dict[str, tuple[str, str]], nodes: dict[str, dict[str, Properties]]
) -> dict[Kind, list[tuple[str, str]]]:
    """Collect the statements between records."""
    relationships: dict[Kind, set[tuple[str, str]]] = {}
    for predicate in sorted({p for _, p in RELATIONSHIPS}):
        for quad in each(predicate):
            start = homes.get(quad.subject.value)
            end = homes.get(getattr(quad.object, "value", ""))
            if start and end and (name := RELATIONSHIPS.get((start[0], predicate))):
                relationships.setdefault(Kind(name, start[0], end[0]), set()).add((start[1], end[1]))
    for quad in each(rdf.EV + "proposition"):
        (_, line), (_, claim) = homes[quad.subject.value], homes[quad.object.value]
        kind = Kind(BY_STANCE[nodes["EvidenceLine"][line]["stance"]], "Proposition", "EvidenceLine")
        relationships.setdefault(kind, set()).add((claim, line))
    for quad in each(PREDICATES["uncountedProposition"].iri):
        (label, line), (_, claim) = homes[quad.subject.value], homes[quad.object.value]
        relationships.setdefault(Kind(NOT_COUNTED, "Proposition", label), set()).add((claim, line))
    return {kind: sorted(pairs) for kind, pairs in sorted(relationships.items())}


def _values(
    each: Callable[[str], Any], homes: dict[str, tuple[str, str]], nodes: dict[str, dict[str, Properties]]
) -> dict[Kind, list[tuple[str, str]]]:
    """Make a node of each value of an attribute, and tie it to what has it and to the attribute."""
    pairs: dict[Kind, list[tuple[str, str]]] = {}
    for iri, (label, attribute) in homes.items():
        for quad in each(iri) if label == "Attribute" else ():
            kind, record = homes[quad.subject.value]
            identifier = f"{kind.lower()}/{record}/{attribute}"
            node = {"study": nodes["Attribute"][attribute]["study"], "id": identifier, "value": quad.object.value}
            if nodes["Attribute"][attribute]["type"] in ("integer", "decimal"):
                node["number"] = float(quad.object.value)
            nodes[VALUE][identifier] = node
            pairs.setdefault(Kind("HAS_VALUE", kind, VALUE), []).append((record, identifier))
            pairs.setdefault(Kind("OF_ATTRIBUTE", VALUE, "Attribute"), []).append((identifier, attribute))
    nodes[VALUE] = dict(sorted(nodes[VALUE].items()))
    return {kind: sorted(of) for kind, of in pairs.items()}
