"""The one place where records become RDF terms.

N-Quads are written as text and sorted, so that the same study gives the same bytes.
The terms are those of ontology/evidence.ttl and of the standards it is aligned to.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from kg import model, orcid
from kg.kinds import KINDS
from kg.model import MODEL, PREFIXES
from kg.values import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.model import Field, Value
    from kg.records import EvidenceLine, Locator, SourcePart, Study
    from kg.records import Value as AttributeValue

    Objects = Callable[["_Graph", Any], Iterable[str]]

EV, DCT, OA, PROV = (PREFIXES[prefix] for prefix in ("ev", "dcterms", "oa", "prov"))
RDF, RDFS, SKOS, XSD = (PREFIXES[prefix] for prefix in ("rdf", "rdfs", "skos", "xsd"))
UNCOUNTED = PREFIXES["uncounted"]
VOCABULARIES = "https://w3id.org/dart-kg/"
STUDIES = f"{VOCABULARIES}study/"

AGENTS = {"person": "Person", "software": "SoftwareAgent"}
"""The class of PROV that a coder of each kind has too."""

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_ESCAPED = re.compile("[" + re.escape("".join(map(chr, _ESCAPES))) + "]")
_PLAIN = re.compile(r"[A-Za-z0-9_.:~-]*")
"""An id that stands in an IRI as it is: the characters of RFC 3986 that are not reserved, and the colon."""


def base(study: str) -> str:
    """Return the IRI of a study, to which its records' IRIs are relative."""
    return f"{STUDIES}{quote(study, safe='')}/"


def theory_graph(study: str) -> str:
    """Return the name of the graph that belongs to no single source, in angle brackets."""
    return f"<{base(study)}graph/theory>"


def _iri(value: str) -> str:
    return f"<{value}>"


def _text(value: str, tail: str = "") -> str:
    # To look for what is escaped takes a fraction of the time of translating each character.
    return f'"{value.translate(_ESCAPES) if _ESCAPED.search(value) else value}"{tail}'


@lru_cache(maxsize=65536)
def _quoted(identifier: str) -> str:
    """Return an id as it stands in an IRI; the same few are asked for again and again."""
    return identifier if _PLAIN.fullmatch(identifier) else quote(identifier, safe=":")


class _Writer(NamedTuple):
    """The parts from which the statements about records of a kind are written.

    Args:
        segment: what stands before the id in the IRI.
        identify: gives the id of a record.
        types: the statements of its classes, from the predicate on.
        parts: by the part of its node: the attribute, the predicate and the objects of each field.
    """

    segment: str
    identify: Callable[[Any], str]
    types: tuple[str, ...]
    parts: tuple[tuple[str, tuple[tuple[Callable[[Any], Any], str, Objects], ...]], ...]


@cache
def _writer(kind: str) -> _Writer:
    """Make what writes a kind from the model, once and not for each record."""
    definition = MODEL[kind]
    *some, last = map(attrgetter, definition.id)
    parts: dict[str, list[tuple[Callable[[Any], Any], str, Objects]]] = {"": []}
    for field in definition.fields:
        if not field.derived:
            written = (attrgetter(field.name), f" <{field.predicate.iri}> ", _objects(field))
            parts.setdefault(field.on, []).append(written)
    return _Writer(
        KINDS[kind].segment,
        (lambda record: ":".join([*(get(record) for get in some), str(last(record))])) if some else last,
        tuple(f" <{RDF}type> <{model.expand(one)}>" for one in definition.types),
        tuple((on, tuple(fields)) for on, fields in parts.items()),
    )


def _objects(field: Field) -> Objects:
    """Return what gives the objects for the value of a field."""
    if field.holds == model.RECORD:
        segment = KINDS[field.of].segment
        return lambda graph, value: [
            graph.node(segment, one) for one in ((value,) if isinstance(value, str) else value)
        ]
    if field.holds == model.TERM:
        tail = f"{field.predicate.tail}>"
        return lambda _, value: (f"<{EV}{value}{tail}",)
    return _LITERALS.get(field.holds) or _typed(field.holds)


def _typed(holds: Value) -> Objects:
    tail = f'"^^<{model.expand(holds.datatype)}>'
    return lambda _, value: (f'"{value}{tail}',)


def _labels(_: _Graph, label: Any) -> list[str]:
    return [_text(value, f"@{language}") for language in ("en", "zh") if (value := getattr(label, language))]


def _json(_: _Graph, value: Any) -> tuple[str]:
    packed = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (_text(packed, f"^^<{RDF}JSON>"),)


_LITERALS: dict[Value, Objects] = {
    model.TEXT: lambda _, value: (_text(value),) if value else (),
    model.TRUTH: lambda _, value: (f'"{str(value).lower()}"^^<{XSD}boolean>',),
    model.VERBATIM: lambda _, value: (_text(value),),
    model.TEXTS: lambda _, values: map(_text, values),
    model.WORDS: _labels,
    model.JSON: _json,
    model.ORCID: lambda _, value: (_iri(orcid.HOME + value),),
}
"""What gives the objects for a value that is no plain literal with a datatype."""


class _Graph:
    """The lines of one named graph.

    Args:
        root: IRI of the study.
        name: name of the graph, after the study's.
        elsewhere: IRIs of the concepts and relations that an ontology has and the study has not.
    """

    def __init__(self, root: str, name: str, elsewhere: Mapping[str, str] = {}) -> None:
        self.root, self.tail, self.elsewhere = root, f" <{root}graph/{name}> .\n", elsewhere or {}
        self.lines: list[str] = []

    def node(self, segment: str, identifier: str) -> str:
        if segment == "concept" and identifier in self.elsewhere:
            return _iri(self.elsewhere[identifier])
        return f"<{self.root}{segment}/{_quoted(identifier)}>"

    def add(self, subject: str, predicate: str, *objects: str) -> None:
        self.lines.extend(f"{subject} <{predicate}> {o}{self.tail}" for o in objects)

    def place(self, node: str, locator: Locator | None) -> None:
        """State a place of a passage or citation, if it has one."""
        if locator:
            self.add(node, EV + "locatorKind", _text(locator.kind))
            self.add(node, EV + "locator", _text(locator.value))

    def write_values(self, node: str, values: Iterable[AttributeValue]) -> None:
        """Write the values of a case or source: the attribute itself is the predicate."""
        for value in values:
            datatype = TYPES[value.type].datatype
            typed = "" if datatype == "string" else f"^^<{XSD}{datatype}>"
            self.add(node, self.node("attribute", value.attribute)[1:-1], _text(value.text, typed))

    def write(self, kind: str, record: Any, node: str = "") -> str:
        """Write the attributes of a record, and return its node."""
        writer, tail, append = _writer(kind), self.tail, self.lines.append
        identifier = writer.identify(record)
        node = node or self.node(writer.segment, identifier)
        for statement in writer.types:
            append(f"{node}{statement}{tail}")
        append(f"{node} <{DCT}identifier> {_text(identifier)}{tail}")
        for on, fields in writer.parts:
            subject = f"{node[:-1]}#{on}>" if on else node
            for get, predicate, objects in fields:
                value = get(record)
                if value is not None:
                    for written in objects(self, value):
                        append(f"{subject}{predicate}{written}{tail}")
        return node


class _Placed(NamedTuple):
    """A citation with a place, and the passage that it is of: together they are its id."""

    excerpt: str
    reference: str
    locator: Locator


def nquads(study: Study) -> bytes:
    """Write a study as N-Quads.

    Args:
        study: an anchored study.

    Returns:
        UTF-8 N-Quads, sorted: one named graph for the theory, one for each source, one for what does not count of it.
    """
    lines = theory(study)
    for part in parts(study):
        lines += source(part) + uncounted(part)
    return "".join(sorted(lines)).encode()


def parts(study: Study) -> list[SourcePart]:
    """Part a study by its sources.

    Args:
        study: an anchored study.

    Returns:
        One part a source, in the order of the sources.
    """
    from kg.records import SourcePart

    by_source = {s.id: SourcePart(study.id, s, [], [], [], [], [], [], [], []) for s in study.sources}
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
    of_line: dict[str, SourcePart] = {}
    for line in study.lines:
        home = of_line[line.id] = homes[line.excerpts[0]]
        home.lines.append(line)
        home.quoted.extend(excerpts[e] for e in line.excerpts if homes[e] is not home)
    for reading in study.readings:
        of_line[reading.line].readings.append(reading)
    return list(by_source.values())


def theory(study: Study) -> list[str]:
    """Write the theory of a study as N-Quads: whatever belongs to no single source.

    Args:
        study: a study.

    Returns:
        The lines of its named graph, sorted, each once.
    """
    own = {c.id for c in study.concepts} | {r.id for r in study.relations}
    root = base(study.id)
    g = _Graph(root, "theory", {term: iri for term, iri in study.bundled.items() if term not in own})
    g.write("theory", study, _iri(root))
    for coder in study.coders:
        g.add(g.write("coder", coder), RDF + "type", _iri(PROV + AGENTS[coder.kind]))
    for attribute in study.attributes:
        g.add(g.write("attribute", attribute), RDFS + "range", _iri(XSD + TYPES[attribute.type].datatype))
    for case in study.cases:
        g.write_values(g.write("case", case), study.values.get(case.id, ()))
    for kind, records in (
        ("set", study.sets),
        ("concept", study.concepts),
        ("relation", study.relations),
        ("proposition", study.propositions),
        ("question", study.questions),
        ("author", study.authors),
        ("confidence", study.confidences),
        ("concern", study.concerns),
    ):
        for record in records:
            g.write(kind, record)
    for reference in study.references:
        g.add(g.write("reference", reference), DCT + "title", _text(reference.csl["title"]))
    for code in study.codes:
        node = g.write("code", code)
        if code.id in study.anchors:
            g.add(node, SKOS + "example", g.node("excerpt", study.anchors[code.id]))
    claims = {p.id for p in study.propositions}
    for search in study.searches:
        about = (g.node("proposition" if one in claims else "concept", one) for one in search.about)
        g.add(g.write("search", search), DCT + "subject", *about)
    return sorted(set(g.lines))


def source(part: SourcePart) -> list[str]:
    """Write the records of one source as N-Quads, but for the evidence lines that do not count.

    Args:
        part: the records of the source.

    Returns:
        The lines of the source's named graph, sorted, each once.
    """
    g = _Graph(base(part.study), f"source/{quote(part.source.id)}")
    of = g.write("source", part.source)
    g.write_values(of, part.source.values)
    if part.source.original:
        g.add(of, EV + "original", _text(part.source.original.file))
    case = [g.node("case", part.source.case)] if part.source.case else []
    for excerpt in part.excerpts:
        node = g.write("excerpt", excerpt)
        selector = f"{node[:-1]}#selector>"
        g.add(node, OA + "hasSelector", selector)
        g.add(selector, RDF + "type", _iri(OA + "TextQuoteSelector"), _iri(OA + "TextPositionSelector"))
        g.add(node, DCT + "subject", *case)
        g.add(node, PROV + "hadPrimarySource", *(g.node("reference", key) for key in excerpt.cited))
        g.place(node, excerpt.locator)
        for citation in excerpt.citations:
            if citation.locator:
                placed = g.write("citation", _Placed(excerpt.id, citation.reference, citation.locator))
                g.add(node, EV + "citation", placed)
                g.add(placed, EV + "reference", g.node("reference", citation.reference))
                g.place(placed, citation.locator)
    for kind, records in (
        ("coding", part.codings),
        ("uncoded", part.uncoded),
        ("settlement", part.settlements),
        ("assertion", part.assertions),
        ("reading", part.readings),
    ):
        for record in records:
            g.write(kind, record)
    for line in part.lines:
        if line.status == "active":
            _line(g, "line", line)
    return sorted(set(g.lines))


def uncounted(part: SourcePart) -> list[str]:
    """Write the evidence lines of one source that do not count as N-Quads.

    Args:
        part: the records of the source.

    Returns:
        The lines of their named graph, sorted; none when all lines count.
    """
    g = _Graph(base(part.study), f"source/{quote(part.source.id)}/uncounted")
    for line in part.lines:
        if line.status != "active":
            _line(g, "uncounted", line)
    return sorted(set(g.lines))


def _line(g: _Graph, kind: str, line: EvidenceLine) -> None:
    node = g.write(kind, line)
    if line.lowered:
        g.add(node, EV + "loweredBy", _text(", ".join(line.lowered)))
