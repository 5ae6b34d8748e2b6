"""The one place where records become RDF terms.

N-Quads are written as text and sorted, so that the same study gives the same bytes.
The terms are those of ontology/evidence.ttl and of the standards it is aligned to.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.records import SourcePart, Study

EV = "https://w3id.org/dart-kg/evidence#"
DCT = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
VOCABULARIES = "https://w3id.org/dart-kg/"
STUDIES = f"{VOCABULARIES}study/"

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def base(study: str) -> str:
    """Return the IRI of a study, to which its records' IRIs are relative."""
    return f"{STUDIES}{quote(study, safe='')}/"


def _iri(value: str) -> str:
    return f"<{value}>"


def _text(value: str, language: str = "", datatype: str = "") -> str:
    tail = f"@{language}" if language else f"^^<{datatype}>" if datatype else ""
    return f'"{value.translate(_ESCAPES)}"{tail}'


@lru_cache(maxsize=65536)
def _quoted(identifier: str) -> str:
    """Return an id as it stands in an IRI; the same few are asked for again and again."""
    return quote(identifier, safe=":")


class _Graph:
    """Collect the lines of one named graph."""

    def __init__(self, root: str, name: str, lines: list[str]) -> None:
        self.root, self.tail, self.lines = root, f"<{root}graph/{name}> .\n", lines

    def node(self, kind: str, identifier: str) -> str:
        return f"<{self.root}{kind}/{_quoted(identifier)}>"

    def add(self, subject: str, predicate: str, *objects: str | None) -> None:
        self.lines.extend(f"{subject} <{predicate}> {o} {self.tail}" for o in objects if o)

    def thing(self, subject: str, identifier: str, *types: str) -> None:
        self.add(subject, RDF + "type", *map(_iri, types))
        self.add(subject, DCT + "identifier", _text(identifier))

    def label(self, subject: str, predicate: str, label: object) -> None:
        for language in ("en", "zh"):
            if value := getattr(label, language):
                self.add(subject, predicate, _text(value, language))


def nquads(study: Study) -> bytes:
    """Write a study as N-Quads.

    Args:
        study: an anchored study.

    Returns:
        UTF-8 N-Quads, sorted: one named graph for the theory and one for each source.
    """
    lines = theory(study)
    for part in parts(study):
        lines += source(part)
    return "".join(sorted(lines)).encode()


def parts(study: Study) -> list[SourcePart]:
    """Part a study by its sources.

    Args:
        study: an anchored study.

    Returns:
        One part a source, in the order of the sources.
    """
    from kg.records import SourcePart

    by_source = {s.id: SourcePart(study.id, s, [], [], [], [], [], [], []) for s in study.sources}
    excerpts = {excerpt.id: excerpt for excerpt in study.excerpts}
    homes = {excerpt.id: by_source[excerpt.source] for excerpt in study.excerpts}
    for excerpt in study.excerpts:
        homes[excerpt.id].excerpts.append(excerpt)
    for coding in study.codings:
        homes[coding.excerpt].codings.append(coding)
    for memo in study.uncoded:
        by_source[memo.source].uncoded.append(memo)
    for settled in study.settlements:
        by_source[settled.source].settlements.append(settled)
    for assertion in study.assertions:
        homes[assertion.excerpt].assertions.append(assertion)
    for line in study.lines:
        home = homes[line.excerpts[0]]
        home.lines.append(line)
        home.quoted.extend(excerpts[e] for e in line.excerpts if homes[e] is not home)
    return list(by_source.values())


def _day(value: object) -> str | None:
    return _text(str(value), datatype=XSD + "date") if value else None


def _words(values: Iterable[str]) -> list[str]:
    return [_text(v) for v in values]


def theory(study: Study) -> list[str]:
    """Write the theory of a study as N-Quads: whatever belongs to no single source.

    Args:
        study: a study.

    Returns:
        The lines of its named graph, sorted, each once.
    """
    lines: list[str] = []
    root = base(study.id)
    g = _Graph(root, "theory", lines)
    own = {c.id for c in study.concepts} | {r.id for r in study.relations}

    def term(identifier: str | None) -> str | None:
        if identifier is None:
            return None
        return g.node("concept", identifier) if identifier in own else _iri(study.bundled[identifier])

    me = _iri(root)
    g.thing(me, study.id, EV + "Study")
    g.label(me, DCT + "title", study.title)
    g.add(me, DCT + "description", _text(study.description) if study.description else None)
    g.add(me, DCT + "license", _text(study.license) if study.license else None)
    for coder in study.coders:
        node = g.node("coder", coder.id)
        g.thing(node, coder.id, EV + "Coder")
        g.add(node, RDFS + "label", _text(coder.name))
        g.add(node, RDFS + "comment", _text(coder.note) if coder.note else None)
    for case in study.cases:
        node = g.node("case", case.id)
        g.thing(node, case.id, EV + "Case", SKOS + "Concept")
        g.label(node, SKOS + "prefLabel", case.label)
        g.add(node, SKOS + "altLabel", *_words(case.synonyms))
    for reference in study.references:
        node = g.node("reference", reference.id)
        g.thing(node, reference.id, EV + "Reference")
        g.add(node, DCT + "title", _text(reference.csl["title"]))
        packed = json.dumps(reference.csl, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        g.add(node, EV + "cslJson", _text(packed, datatype=RDF + "JSON"))
        g.add(node, EV + "mark", *_words(reference.marks))
    for concept in study.concepts:
        node = g.node("concept", concept.id)
        g.thing(node, concept.id, SKOS + "Concept")
        g.label(node, SKOS + "prefLabel", concept.label)
        g.add(node, SKOS + "altLabel", *_words(concept.synonyms))
        g.add(node, SKOS + "definition", _text(concept.definition) if concept.definition else None)
        g.add(node, DCT + "source", _text(concept.source) if concept.source else None)
        g.add(node, SKOS + "broader", term(concept.broader))
    for relation in study.relations:
        node = g.node("concept", relation.id)
        g.thing(node, relation.id, EV + "Relation")
        g.label(node, RDFS + "label", relation.label)
        g.add(node, SKOS + "altLabel", *_words(relation.synonyms))
        g.add(node, SKOS + "definition", _text(relation.definition) if relation.definition else None)
    for code in study.codes:
        node = g.node("code", code.id)
        g.thing(node, code.id, EV + "Code", SKOS + "Concept")
        g.label(node, SKOS + "prefLabel", code.label)
        g.add(node, SKOS + "definition", _text(code.definition) if code.definition else None)
        g.add(node, SKOS + "scopeNote", _text(code.include) if code.include else None)
        g.add(node, EV + "exclusion", _text(code.exclude) if code.exclude else None)
        g.add(node, EV + "level", _iri(f"{EV}{code.level}Level"))
        g.add(node, SKOS + "broader", g.node("code", code.broader) if code.broader else None)
        g.add(node, EV + "indicates", term(code.indicates))
        g.add(node, EV + "paradigm", _iri(EV + code.paradigm) if code.paradigm else None)
        g.add(node, SKOS + "example", g.node("excerpt", study.anchors[code.id]) if code.id in study.anchors else None)
    for claim in study.propositions:
        node = g.node("proposition", claim.id)
        g.thing(node, claim.id, EV + "Proposition")
        g.label(node, RDFS + "label", claim.statement)
        g.add(node, EV + "kind", _iri(EV + claim.kind))
        g.add(node, RDF + "subject", term(claim.subject))
        g.add(node, RDF + "predicate", term(claim.relation))
        g.add(node, RDF + "object", term(claim.object))
        g.add(node, EV + "stage", term(claim.stage))
        g.add(node, EV + "scope", _text(claim.scope) if claim.scope else None)
    for question in study.questions:
        node = g.node("question", question.id)
        g.thing(node, question.id, EV + "OpenQuestion")
        g.label(node, RDFS + "label", question.question)
        g.add(node, DCT + "subject", *map(term, question.about))
        g.add(node, EV + "candidate", *map(term, question.candidates))
        g.add(node, RDFS + "comment", _text(question.note) if question.note else None)
    claims = {p.id for p in study.propositions}
    for search in study.searches:
        node = g.node("search", search.id)
        g.thing(node, search.id, EV + "Search")
        g.add(node, DCT + "subject", *(g.node("proposition", a) if a in claims else term(a) for a in search.about))
        g.add(node, EV + "case", g.node("case", search.case) if search.case else None)
        g.add(node, PROV + "used", *(g.node("source", s) for s in search.sources))
        g.add(node, RDFS + "comment", _text(search.note))
        g.add(node, PROV + "wasAssociatedWith", g.node("coder", search.coder))
        g.add(node, DCT + "created", _day(search.date))
    return sorted(set(lines))


def source(part: SourcePart) -> list[str]:
    """Write the records of one source as N-Quads.

    Args:
        part: a source and all that was found in it.

    Returns:
        The lines of the source's named graph, sorted, each once.
    """
    root = base(part.study)
    source = part.source
    lines: list[str] = []
    g = _Graph(root, f"source/{quote(source.id)}", lines)
    integer = XSD + "integer"
    case = g.node("case", source.case) if source.case else None
    node = g.node("source", source.id)
    g.thing(node, source.id, EV + "Source")
    g.add(node, DCT + "title", _text(source.title))
    g.add(node, DCT + "language", _text(source.language))
    g.add(node, EV + "role", _iri(f"{EV}{source.role}Role"))
    g.add(node, DCT + "subject", case)
    g.add(node, EV + "sha256", _text(source.sha256))
    g.add(node, EV + "text", _text(source.text))
    g.add(node, EV + "file", _text(source.file))
    g.add(node, PROV + "hadPrimarySource", g.node("reference", source.reference) if source.reference else None)
    for excerpt in part.excerpts:
        node = g.node("excerpt", excerpt.id)
        selector = f"{node[:-1]}#selector>"
        g.thing(node, excerpt.id, EV + "Excerpt", OA + "SpecificResource")
        g.add(node, OA + "hasSource", g.node("source", excerpt.source))
        g.add(node, OA + "hasSelector", selector)
        g.add(node, DCT + "subject", case)
        g.add(node, EV + "paragraph", _text(excerpt.paragraph) if excerpt.paragraph else None)
        g.add(node, PROV + "hadPrimarySource", *(g.node("reference", r) for r in excerpt.references if r != "uncited"))
        g.add(selector, RDF + "type", _iri(OA + "TextQuoteSelector"), _iri(OA + "TextPositionSelector"))
        g.add(selector, OA + "exact", _text(excerpt.exact))
        g.add(selector, OA + "prefix", _text(excerpt.prefix))
        g.add(selector, OA + "suffix", _text(excerpt.suffix))
        g.add(selector, OA + "start", _text(str(excerpt.start), datatype=integer))
        g.add(selector, OA + "end", _text(str(excerpt.end), datatype=integer))
    for coding in part.codings:
        identifier = f"{coding.excerpt}:{coding.code}:{coding.coder}:{coding.date}"
        node = g.node("coding", identifier)
        g.thing(node, identifier, EV + "Coding", OA + "Annotation")
        g.add(node, OA + "hasTarget", g.node("excerpt", coding.excerpt))
        g.add(node, OA + "hasBody", g.node("code", coding.code))
        g.add(node, PROV + "wasAssociatedWith", g.node("coder", coding.coder))
        g.add(node, DCT + "created", _day(coding.date))
        g.add(node, RDFS + "comment", _text(coding.memo) if coding.memo else None)
    for memo in part.uncoded:
        identifier = f"{memo.source}:{memo.paragraph}:{memo.coder}"
        node = g.node("uncoded", identifier)
        g.thing(node, identifier, EV + "UncodedParagraph")
        g.add(node, OA + "hasSource", g.node("source", memo.source))
        g.add(node, EV + "paragraph", _text(memo.paragraph))
        g.add(node, RDFS + "comment", _text(memo.memo))
        g.add(node, PROV + "wasAssociatedWith", g.node("coder", memo.coder))
        g.add(node, DCT + "created", _day(memo.date))
    for settled in part.settlements:
        identifier = f"{settled.source}:{settled.paragraph}:{settled.family}"
        node = g.node("settlement", identifier)
        g.thing(node, identifier, EV + "Settlement")
        g.add(node, OA + "hasSource", g.node("source", settled.source))
        g.add(node, EV + "paragraph", _text(settled.paragraph))
        g.add(node, EV + "family", g.node("code", settled.family))
        g.add(node, EV + "decision", _text(settled.decision))
        g.add(node, RDFS + "comment", _text(settled.reason))
        g.add(node, PROV + "wasAssociatedWith", g.node("coder", settled.coder))
        g.add(node, DCT + "created", _day(settled.date))
    for assertion in part.assertions:
        identifier = f"{assertion.excerpt}:{assertion.proposition}"
        node = g.node("assertion", identifier)
        g.thing(node, identifier, EV + "Assertion", OA + "Annotation")
        g.add(node, OA + "hasTarget", g.node("excerpt", assertion.excerpt))
        g.add(node, OA + "hasBody", g.node("proposition", assertion.proposition))
        g.add(node, PROV + "wasAssociatedWith", g.node("coder", assertion.coder))
        g.add(node, DCT + "created", _day(assertion.date))
    for line in part.lines:
        node = g.node("line", line.id)
        g.thing(node, line.id, EV + "EvidenceLine")
        g.add(node, EV + "proposition", g.node("proposition", line.proposition))
        g.add(node, EV + "excerpt", *(g.node("excerpt", e) for e in line.excerpts))
        g.add(node, EV + "stance", _iri(EV + line.stance))
        g.add(node, EV + "statedStrength", _iri(EV + line.stated))
        g.add(node, EV + "strength", _iri(EV + line.strength))
        g.add(node, EV + "loweredBy", _text(", ".join(line.lowered)) if line.lowered else None)
        g.add(node, EV + "rationale", _text(line.rationale))
        g.add(node, PROV + "wasAttributedTo", g.node("coder", line.coder))
        g.add(node, DCT + "created", _day(line.date))
        g.add(node, EV + "status", _iri(EV + line.status))
        g.add(node, EV + "statusDate", _day(line.status_date))
        g.add(node, EV + "statusReason", _text(line.status_reason) if line.status_reason else None)
        g.add(node, DCT + "isReplacedBy", g.node("line", line.replaced_by) if line.replaced_by else None)
    return sorted(set(lines))
