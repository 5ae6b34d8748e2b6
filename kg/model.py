"""The model, once: every field of every record, with the predicate, the JSON-LD name and the property-graph key it has.

RDF (:mod:`kg.store.rdf`), the property graph (:mod:`kg.property_graph.projection`) and ``ontology/context.jsonld``
derive from the two tables below. To write the last of these anew: ``python -m kg.model > ontology/context.jsonld``.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import orcid

if TYPE_CHECKING:
    from collections.abc import Callable


class Value(NamedTuple):
    """A kind of value.

    Args:
        name: what it is.
        datatype: the type of a literal that is no text, or how JSON-LD reads it; empty for a text.
        read: makes what the property graph holds of the text of a literal.
        type: the type of a column that holds it, by its name in Frictionless Table Schema.
    """

    name: str
    datatype: str = ""
    read: Callable[[str], Any] = str
    type: str = "string"


TEXT, TEXTS = Value("a text, which is left out when it is empty"), Value("texts")
VERBATIM = Value("a text, which is kept when it is empty")
WORDS = Value("a label in English and perhaps in Chinese")
TRUTH = Value("true or false", "xsd:boolean", "true".__eq__, "boolean")
NUMBER = Value("an integer", "xsd:integer", int, "integer")
ORCID = Value("an ORCID iD, whose IRI is its address", "@id", lambda iri: iri.removeprefix(orcid.HOME))
DAY = Value("a date", "xsd:date", date.fromisoformat, "date")
JSON = Value("an object of JSON")
TERM, RECORD = Value("a term of the evidence model"), Value("one record or several")

PREFIXES = {
    "ev": "https://w3id.org/dart-kg/evidence#",
    "dart": "https://w3id.org/dart-kg/dart#",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "uncounted": "https://w3id.org/dart-kg/uncounted#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The vocabularies by their prefix."""


class Predicate(NamedTuple):
    """A predicate.

    Args:
        curie: its IRI, with a prefix of :data:`PREFIXES`.
        holds: what its values are.
        tail: what stands after the value of a record in the name of a term, as in ``openLevel``.
    """

    curie: str
    holds: Value = TEXT
    tail: str = ""

    @property
    def iri(self) -> str:
        """Return its IRI."""
        return expand(self.curie)


def expand(curie: str) -> str:
    """Return the IRI that a prefix and a name stand for.

    Args:
        curie: the two with a colon between them.

    Example:
        >>> expand("skos:broader")
        'http://www.w3.org/2004/02/skos/core#broader'
    """
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


PREDICATES = {
    "identifier": Predicate("dcterms:identifier"),
    "title": Predicate("dcterms:title"),
    "description": Predicate("dcterms:description"),
    "language": Predicate("dcterms:language"),
    "license": Predicate("dcterms:license"),
    "subject": Predicate("dcterms:subject", RECORD),
    "creator": Predicate("dcterms:creator", RECORD),
    "created": Predicate("dcterms:created", DAY),
    "replacedBy": Predicate("dcterms:isReplacedBy", RECORD),
    "label": Predicate("rdfs:label", WORDS),
    "comment": Predicate("rdfs:comment"),
    "prefLabel": Predicate("skos:prefLabel", WORDS),
    "altLabel": Predicate("skos:altLabel", TEXTS),
    "definition": Predicate("skos:definition"),
    "scopeNote": Predicate("skos:scopeNote"),
    "example": Predicate("skos:example", RECORD),
    "broader": Predicate("skos:broader", RECORD),
    "related": Predicate("skos:related", RECORD),
    "source": Predicate("oa:hasSource", RECORD),
    "selector": Predicate("oa:hasSelector", RECORD),
    "target": Predicate("oa:hasTarget", RECORD),
    "body": Predicate("oa:hasBody", RECORD),
    "exact": Predicate("oa:exact", VERBATIM),
    "prefix": Predicate("oa:prefix", VERBATIM),
    "suffix": Predicate("oa:suffix", VERBATIM),
    "start": Predicate("oa:start", NUMBER),
    "end": Predicate("oa:end", NUMBER),
    "primarySource": Predicate("prov:hadPrimarySource", RECORD),
    "citation": Predicate("ev:citation", RECORD),
    "reference": Predicate("ev:reference", RECORD),
    "locatorKind": Predicate("ev:locatorKind"),
    "locator": Predicate("ev:locator"),
    "coder": Predicate("prov:wasAssociatedWith", RECORD),
    "attributedTo": Predicate("prov:wasAttributedTo", RECORD),
    "used": Predicate("prov:used", RECORD),
    "claimSubject": Predicate("rdf:subject", RECORD),
    "claimRelation": Predicate("rdf:predicate", RECORD),
    "claimObject": Predicate("rdf:object", RECORD),
    "kind": Predicate("ev:kind", TERM),
    "orcid": Predicate("ev:orcid", ORCID),
    "familyName": Predicate("ev:familyName"),
    "givenName": Predicate("ev:givenName"),
    "version": Predicate("ev:version"),
    "valueType": Predicate("ev:valueType"),
    "range": Predicate("rdfs:range", RECORD),
    "member": Predicate("prov:hadMember", RECORD),
    "stage": Predicate("ev:stage", RECORD),
    "scope": Predicate("ev:scope"),
    "role": Predicate("ev:role", TERM, "Role"),
    "level": Predicate("ev:level", TERM, "Level"),
    "indicates": Predicate("ev:indicates", RECORD),
    "exclusion": Predicate("ev:exclusion"),
    "paragraph": Predicate("ev:paragraph"),
    "text": Predicate("ev:text", VERBATIM),
    "file": Predicate("ev:file"),
    "sha256": Predicate("ev:sha256"),
    "witness": Predicate("ev:witness"),
    "consent": Predicate("ev:consent"),
    "available": Predicate("dcterms:available", DAY),
    "publish": Predicate("ev:publish"),
    "original": Predicate("ev:original"),
    "speaker": Predicate("ev:speaker", TEXTS),
    "participant": Predicate("ev:participant", TEXTS),
    "readWholeBy": Predicate("ev:readWholeBy", RECORD),
    "fragment": Predicate("ev:fragment"),
    "cslJson": Predicate("ev:cslJson", JSON),
    "proposition": Predicate("ev:proposition", RECORD),
    "excerpt": Predicate("ev:excerpt", RECORD),
    "stance": Predicate("ev:stance", TERM),
    "strength": Predicate("ev:strength", TERM),
    "rationale": Predicate("ev:rationale"),
    "accepted": Predicate("ev:accepted"),
    "status": Predicate("ev:status", TERM),
    "statusDate": Predicate("ev:statusDate", DAY),
    "statusReason": Predicate("ev:statusReason"),
    "case": Predicate("ev:case", RECORD),
    "candidate": Predicate("ev:candidate", RECORD),
    "paradigm": Predicate("ev:paradigm", TERM),
    "mark": Predicate("ev:mark", TEXTS),
    "statedStrength": Predicate("ev:statedStrength", TERM),
    "loweredBy": Predicate("ev:loweredBy"),
    "uncountedProposition": Predicate("uncounted:proposition", RECORD),
    "uncountedExcerpt": Predicate("uncounted:excerpt", RECORD),
    "uncountedStance": Predicate("uncounted:stance", TERM),
    "uncountedStrength": Predicate("uncounted:strength", TERM),
    "line": Predicate("ev:line", RECORD),
    "judgedStance": Predicate("ev:judgedStance", TERM),
    "judgedStrength": Predicate("ev:judgedStrength", TERM),
    "alone": Predicate("ev:alone", TRUTH),
    "settles": Predicate("ev:settles", TRUTH),
    "family": Predicate("ev:family", RECORD),
    "decision": Predicate("ev:decision"),
    "assesses": Predicate("ev:assesses", RECORD),
    "confidence": Predicate("ev:confidence", TERM, "Confidence"),
    "assessment": Predicate("ev:assessment", RECORD),
    "component": Predicate("ev:component", TERM),
    "concern": Predicate("ev:concern", TERM, "Concern"),
}
"""Every predicate by its short name in JSON-LD."""


class Field(NamedTuple):
    """A field of a record.

    Args:
        name: its attribute in :mod:`kg.records`.
        predicate: the predicate that states it.
        holds: what its values are.
        key: its key in the property graph, or the type of the relationship to the record that it holds.
        of: the kind of record that it holds; empty when it is no record.
        on: the part of the record's node that it is stated of, as ``selector``; empty for the node itself.
        column: its column in the tables of a build.
        meaning: what stands in that column; empty when it has none of its own.
        derived: whether it is no attribute, but found elsewhere: by :mod:`kg.store.rdf`, or in the ontology.
    """

    name: str
    predicate: Predicate
    holds: Value
    key: str
    of: str = ""
    on: str = ""
    column: str = ""
    meaning: str = ""
    derived: bool = False


class Model(NamedTuple):
    """The classes and fields of the records of a kind.

    Args:
        types: their classes; the first names the label in the property graph.
        fields: their fields.
        id: the attributes that make up their id.
    """

    types: tuple[str, ...]
    fields: tuple[Field, ...]
    id: tuple[str, ...] = ("id",)

    @property
    def label(self) -> str:
        """Return the label in the property graph."""
        return self.types[0].partition(":")[2]


def _field(name: str, short: str = "", key: str = "", of: str = "", **more: Any) -> Field:
    """Make a field; its short name and its key are its name where none is given."""
    predicate = PREDICATES[short or name]
    return Field(name, predicate, **{"holds": predicate.holds, "key": key or name, "of": of, "column": name} | more)


_LABEL = _field("label", "prefLabel")
_SYNONYMS = _field("synonyms", "altLabel")
_DEFINITION = _field("definition")
# An ontology says where a definition comes from; JSON-LD has no short name for it.
_ORIGIN = Field("source", Predicate("dcterms:source"), TEXT, "source")
_NOTE = _field("note", "comment")
_PARAGRAPH = _field("paragraph")
_DATE = _field("date", "created", "created")
_MEMO = _field("memo", "comment")
_ACCEPTED = _field("accepted")
_CODER = _field("coder", "coder", "MADE_BY", "coder")
_SOURCE = _field("source", "source", "IN_SOURCE", "source")
_BROADER = ("broader", "broader", "BROADER")

# A place in a publication or document is two values of one attribute.
_LOCATOR = (
    _field("locator", "locatorKind", "locatorKind", derived=True),
    _field("locator", key="locator", derived=True),
)
_MARKS = "the marks of its references that lowered it, if any did"
_SUCCESSOR = "id of the line that took its place, if one did"
_LOWERED = _field("lowered", "loweredBy", "loweredBy", meaning=_MARKS, derived=True)

MODEL = {
    "theory": Model(
        ("ev:Study",),
        (_field("title", holds=WORDS), _field("description"), _field("license")),
    ),
    "coder": Model(
        ("ev:Coder",),
        (_field("name", "label", holds=TEXT), _field("kind"), _field("orcid"), _field("version"), _NOTE),
    ),
    "attribute": Model(
        ("ev:Attribute", "rdf:Property"),
        (_field("label"), _field("type", "valueType"), _field("description")),
    ),
    "case": Model(("ev:Case", "skos:Concept"), (_LABEL, _SYNONYMS)),
    "source": Model(
        ("ev:Source",),
        (
            _field("title"),
            _field("language"),
            _field("role"),
            _field("sha256"),
            _field("text"),
            _field("file"),
            _field("case", "subject", "IN_CASE", "case"),
            _field("reference", "primarySource", "CITES", "reference"),
            _field("witness"),
            _field("original", derived=True),
            _field("participants", "participant"),
            _field("readers", "readWholeBy", "READ_WHOLE_BY", "coder"),
            _field("consent"),
            _field("licence", "license"),
            _field("embargo", "available"),
            _field("publish"),
        ),
    ),
    "set": Model(
        ("ev:Set",),
        (
            _field("label"),
            _field("description"),
            _field("codes", "member", "HAS_MEMBER", "code"),
            _field("sources", "member", "HAS_MEMBER", "source"),
            _field("cases", "member", "HAS_MEMBER", "case"),
        ),
    ),
    "reference": Model(
        ("ev:Reference",),
        (
            _field("title", derived=True),
            _field("name", "label", holds=TEXT),
            _field("csl", "cslJson", "cslJson"),
            _field("marks", "mark"),
            _field("authors", "creator", "WRITTEN_BY", "author"),
        ),
    ),
    "author": Model(
        ("ev:Author",),
        (
            _field("name", "label", holds=TEXT),
            _field("family", "familyName"),
            _field("given", "givenName"),
            _field("kind"),
            _field("orcid"),
        ),
    ),
    "concept": Model(
        ("skos:Concept",),
        (
            _LABEL,
            _SYNONYMS,
            _DEFINITION,
            _ORIGIN,
            Field("kinds", Predicate("rdf:type"), TEXTS, "kinds", derived=True),
            _field(*_BROADER, "concept"),
            _field("related", "related", "RELATED", "concept", derived=True),
        ),
    ),
    "relation": Model(
        ("ev:Relation",),
        (_field("label"), _SYNONYMS, _DEFINITION, _ORIGIN._replace(derived=True)),
    ),
    "code": Model(
        ("ev:Code", "skos:Concept"),
        (
            _LABEL,
            _DEFINITION,
            _field("include", "scopeNote"),
            _field("exclude", "exclusion"),
            _field("level"),
            _field("paradigm"),
            _field(*_BROADER, "code"),
            _field("indicates", "indicates", "INDICATES", "concept"),
            _field("anchor", "example", "SHOWN_BY", "excerpt", derived=True),
        ),
    ),
    "proposition": Model(
        ("ev:Proposition",),
        (
            _field("statement", "label"),
            _field("kind"),
            _field("scope"),
            _ACCEPTED,
            _field("subject", "claimSubject", "HAS_SUBJECT", "concept"),
            _field("relation", "claimRelation", "HAS_RELATION", "relation"),
            _field("object", "claimObject", "HAS_OBJECT", "concept"),
            _field("stage", "stage", "IN_STAGE", "concept"),
        ),
    ),
    "question": Model(
        ("ev:OpenQuestion",),
        (
            _field("question", "label"),
            _NOTE,
            _field("about", "subject", "ABOUT", "concept"),
            _field("candidates", "candidate", "HAS_CANDIDATE", "concept"),
        ),
    ),
    "search": Model(
        ("ev:Search",),
        (
            _NOTE,
            _DATE,
            # A search is about propositions, or about concepts.
            _field("about", "subject", "ABOUT", "proposition", derived=True),
            _field("case", "case", "IN_CASE", "case"),
            _field("sources", "used", "READ", "source"),
            _CODER,
        ),
    ),
    "excerpt": Model(
        ("ev:Excerpt", "oa:SpecificResource"),
        (
            _PARAGRAPH,
            _field("exact", "exact", "quote", on="selector"),
            _field("prefix", on="selector"),
            _field("suffix", on="selector"),
            _field("start", on="selector"),
            _field("end", on="selector"),
            _SOURCE,
            _field("case", "subject", "IN_CASE", "case", derived=True),
            _field("references", "primarySource", "CITES", "reference", derived=True),
            *_LOCATOR,
            _field("speakers", "speaker"),
            _field("fragment"),
            _field("citations", "citation", "HAS_CITATION", "citation", derived=True),
        ),
    ),
    "citation": Model(
        ("ev:Citation",),
        (*_LOCATOR, _field("reference", "reference", "OF_REFERENCE", "reference", derived=True)),
        ("excerpt", "reference", "locator"),
    ),
    "coding": Model(
        ("ev:Coding", "oa:Annotation"),
        (
            _DATE,
            _MEMO,
            _field("excerpt", "target", "CODES", "excerpt"),
            _field("code", "body", "WITH_CODE", "code"),
            _CODER,
        ),
        ("excerpt", "code", "coder", "date"),
    ),
    "assertion": Model(
        ("ev:Assertion", "oa:Annotation"),
        (
            _DATE,
            _MEMO._replace(derived=True),
            _field("excerpt", "target", "STATED_IN", "excerpt"),
            _field("proposition", "body", "ASSERTS", "proposition"),
            _CODER,
        ),
        ("excerpt", "proposition"),
    ),
    "line": Model(
        ("ev:EvidenceLine",),
        (
            _field("excerpts", "excerpt", "RESTS_ON", "excerpt"),
            # Its stance is the type of the relationship from the proposition.
            _field("proposition", of="proposition", column="claim", meaning="id of the proposition"),
            _field("stance", meaning="supports, opposes or qualifies"),
            _field("strength", meaning="strong, moderate or weak, derived from what its author stated"),
            _field("stated", "statedStrength", "statedStrength", meaning="the strength as its author stated it"),
            _LOWERED,
            _field("status", meaning="active, withdrawn, superseded or disputed; only an active line counts"),
            _field("status_date", "statusDate", "statusDate", meaning="since when, of a line that does not count"),
            _field("status_reason", "statusReason", "statusReason", meaning="why, of a line that does not count"),
            _field("replaced_by", "replacedBy", "REPLACED_BY", "line", meaning=_SUCCESSOR),
            _field("rationale", meaning="why the passages argue for or against the proposition"),
            _ACCEPTED,
            _field("coder", "attributedTo", "MADE_BY", "coder", meaning="id of who did it"),
            _DATE._replace(meaning="when"),
        ),
    ),
    "reading": Model(
        ("ev:Reading",),
        (
            _field("line", "line", "OF_LINE", "line"),
            _field("stance", "judgedStance"),
            _field("strength", "judgedStrength"),
            _field("alone"),
            _field("settles"),
            _field("reason", "comment"),
            _DATE,
            _CODER,
        ),
        ("line", "coder", "act", "date"),
    ),
    "uncoded": Model(
        ("ev:UncodedParagraph",),
        (_PARAGRAPH, _DATE, _MEMO, _SOURCE, _CODER),
        ("source", "paragraph", "coder"),
    ),
    "settlement": Model(
        ("ev:Settlement",),
        (
            _PARAGRAPH,
            _field("decision"),
            _field("reason", "comment"),
            _DATE,
            _SOURCE,
            _field("family", "family", "OF_FAMILY", "code"),
            _CODER,
        ),
        ("source", "paragraph", "family"),
    ),
    "confidence": Model(
        ("ev:ConfidenceAssessment",),
        (
            _field("proposition", "assesses", "ASSESSES", "proposition"),
            _field("level", "confidence", "confidence"),
            _field("reason", "comment"),
            _DATE,
            _CODER,
        ),
        ("proposition",),
    ),
    "concern": Model(
        ("ev:Concern",),
        (
            _field("proposition", "assessment", "PART_OF", "confidence"),
            _field("component"),
            _field("level", "concern", "concern"),
            _field("reason", "comment"),
            _DATE,
            _CODER,
        ),
        ("proposition", "component"),
    ),
}
"""What the records of each kind are made of."""

_UNCOUNTED = {"excerpts": ("uncountedExcerpt", "RESTED_ON"), "proposition": ("uncountedProposition", "proposition")}
_UNCOUNTED |= {"stance": ("uncountedStance", "stance"), "strength": ("uncountedStrength", "strength")}
MODEL["uncounted"] = Model(
    ("ev:UncountedLine",),
    tuple(
        field._replace(predicate=PREDICATES[_UNCOUNTED[field.name][0]], key=_UNCOUNTED[field.name][1])
        if field.name in _UNCOUNTED
        else field
        for field in MODEL["line"].fields
    ),
)
"""An evidence line that does not count has a class and predicates of its own: who counts lines does not count it."""


def columns(kind: str) -> tuple[Field, ...]:
    """Return the fields of a kind that have a column of their own in the tables of a build, in order.

    Args:
        kind: one of :data:`MODEL`.

    Example:
        >>> [field.column for field in columns("line")][:3]
        ['claim', 'stance', 'strength']
    """
    return tuple(field for field in MODEL[kind].fields if field.meaning)


def context() -> dict[str, Any]:
    """Return the context of JSON-LD: the prefixes and the short name of every predicate."""
    typed = {JSON: "@json", TERM: "@id", RECORD: "@id"}

    def definition(predicate: Predicate) -> str | dict[str, str]:
        if predicate.holds == WORDS:
            return {"@id": predicate.curie, "@container": "@language"}
        kind = typed.get(predicate.holds, predicate.holds.datatype)
        return {"@id": predicate.curie, "@type": kind} if kind else predicate.curie

    keywords = {"id": "@id", "type": "@type", "graph": "@graph"}
    return {"@version": 1.1, **PREFIXES, **keywords, **{name: definition(one) for name, one in PREDICATES.items()}}


def main() -> None:
    """Print ``ontology/context.jsonld``, a line each name."""
    lines = []
    for name, value in context().items():
        written = json.dumps(value)
        lines.append(f'    "{name}": ' + (f"{{ {written[1:-1]} }}" if isinstance(value, dict) else written))
    print('{\n  "@context": {\n' + ",\n".join(lines) + "\n  }\n}")  # noqa: T201


if __name__ == "__main__":
    main()
