"""Say all that is wrong with a study: its files, its graph's shape, its quotes, its coverage."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from kg import cite, moving, paths
from kg.errors import RULES, Finding, StudyError
from kg.store import build, quotes, rdf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyoxigraph import Store
    from rdflib import Graph

    from kg.loaders.study import Loaded


def check(folder: Path) -> list[Finding]:
    """Check a study and its built graph.

    Args:
        folder: the study's folder.

    Returns:
        Every finding, by file and line; errors of the files alone when these forbid a build.
    """
    from kg.loaders import study as loader

    try:
        with moving.still(folder):
            build.build(folder)
            loaded = loader.load(folder)
    except StudyError as e:
        return list(e.findings)
    store = build.read(folder)
    return sorted(
        [
            *loaded.findings,
            *_coverage(loaded),
            *_citations(loaded),
            *quotes.check(store, folder, loaded.places),
            *_shapes(store, loaded),
        ]
    )


def _coverage(loaded: Loaded) -> list[Finding]:
    """Say what is not covered: claims, codes, references and sources that nothing uses."""
    study, places = loaded.study, loaded.places
    argued = {line.proposition for line in study.lines if line.status == "active"}
    searched = {about for search in study.searches for about in search.about}
    broader = {code.id: code.broader for code in study.codes}
    used: set[str] = set()
    for coding in study.codings:
        at: str | None = coding.code
        while at and at not in used:
            used.add(at)
            at = broader[at]
    cited = {key for e in study.excerpts for key in e.references} | {s.reference for s in study.sources}
    cited |= {key for s in study.sources for p in s.body for key in p.references}
    coded = {excerpt.source for excerpt in study.excerpts}
    given = {coding.excerpt for coding in study.codings}
    seen = {(e.source, e.paragraph) for e in study.excerpts if e.id in given}
    seen |= {(memo.source, memo.paragraph) for memo in study.uncoded}
    made: list[tuple[str, str, str, str, str]] = []
    for claim in study.propositions:
        if claim.id not in argued | searched:
            message = f"the proposition '{claim.id}' has no evidence for or against it"
            made.append(
                (
                    "proposition",
                    claim.id,
                    "proposition-without-evidence",
                    message,
                    "add an evidence line, or a search that found nothing",
                )
            )
    made += [
        ("code", c.id, "code-unused", f"the code '{c.id}' was never given", "give it, or remove it")
        for c in study.codes
        if c.id not in used
    ]
    undefined = [c.id for c in study.codes if not c.definition.strip()]
    if undefined:  # one finding: a codebook that was imported may have none at all
        message = f"{len(undefined)} codes have no definition: {', '.join(undefined[:5])}{' …' * (len(undefined) > 5)}"
        made.append(("code", undefined[0], "code-undefined", message, "say what each means, and what not"))
    made += [
        ("reference", r.id, "reference-uncited", f"nothing cites '{r.id}'", "cite it, or remove it")
        for r in study.references
        if r.id not in cited
    ]
    for s in study.sources:
        if s.role == "theory" or s.id not in coded:
            continue
        labels = list(dict.fromkeys(p.id for p in s.body if p.id))
        if bare := [label for label in labels if (s.id, label) not in seen]:
            # One finding a source: of a transcript most turns may well have no code.
            shown = ", ".join(bare[:8]) + (" …" if len(bare) > 8 else "")
            message = f"{len(bare):,} of {len(labels):,} paragraphs of '{s.id}' have no code: {shown}"
            made.append(("source", s.id, "paragraph-uncoded", message, "code them, or say why not under 'uncoded'"))
    made += [
        ("source", s.id, "source-uncoded", f"no passage of '{s.id}' is coded", "code it, or remove it")
        for s in study.sources
        if s.id not in coded
    ]
    return [
        # It forbids no build, but a list of references that nothing cites misleads a reader.
        Finding(*places[kind, key], rule, message, mend, "error" if rule == "reference-uncited" else "warning")
        for kind, key, rule, message, mend in made
    ]


def _citations(loaded: Loaded) -> list[Finding]:
    """Say which references cannot be written whole in a citation style, and how they are written instead."""
    mend = (
        "mend that value; numbers of a date stand in date-parts, as [[2019, 3]], and a name has a family or a literal"
    )
    return [
        Finding(
            *loaded.places["reference", reference.id],
            "reference-not-formatted",
            f"'{reference.id}' is cited as {cite.in_text(dict(reference.csl))}: {fault}",
            mend,
            "warning",
        )
        for reference in loaded.study.references
        for fault in cite.faults(dict(reference.csl))
    ]


def _shapes(store: Store, loaded: Loaded) -> list[Finding]:
    """Run the SHACL shapes."""
    import pyshacl
    from rdflib import Namespace

    conforms, report, _ = pyshacl.validate(
        _union(store), shacl_graph=str(paths.shipped("ontology") / "shapes.ttl"), shacl_graph_format="turtle"
    )
    if conforms:
        return []
    sh = Namespace("http://www.w3.org/ns/shacl#")
    root = rdf.base(loaded.study.id)
    findings = []
    for result in report.subjects(sh.focusNode):
        focus = str(report.value(result, sh.focusNode))
        kind, _, identifier = unquote(focus.removeprefix(root)).partition("/")
        file, line = loaded.places.get((kind, identifier), ("study.yaml", 0))
        message = f"{kind} '{identifier}': {report.value(result, sh.resultMessage)}"
        findings.append(Finding(file, line, "shape", message, "see ontology/shapes.ttl"))
    return findings


def _union(store: Store) -> Graph:
    """Return all statements of all graphs."""
    from pyoxigraph import BlankNode, NamedNode
    from rdflib import BNode, Graph, Literal, URIRef

    @cache
    def node(iri: str) -> URIRef:
        return URIRef(iri)

    def term(value: Any) -> Any:
        if isinstance(value, NamedNode):
            return node(value.value)
        if isinstance(value, BlankNode):
            return BNode(value.value)
        plain = value.language or value.datatype.value == rdf.XSD + "string"
        datatype = None if plain else node(value.datatype.value)
        return Literal(value.value, lang=value.language, datatype=datatype, normalize=False)

    graph = Graph()
    # Not by rdflib's parser of N-Triples: it takes time by the square of a long text.
    for quad in store:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def sarif(findings: Iterable[Finding]) -> str:
    """Write findings as SARIF 2.1.0.

    Args:
        findings: the findings.
    """
    listed = sorted(findings)
    rules = sorted({f.rule for f in listed})
    results = [
        {
            "ruleId": f.rule,
            "level": f.severity,
            "message": {"text": f"{f.message}. {f.mend}".rstrip(". ") + "."},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": {"uri": f.file}}
                    | ({"region": {"startLine": f.line}} if f.line else {})
                }
            ],
        }
        for f in listed
    ]
    driver = {"name": "dart-kg", "rules": [{"id": r, "shortDescription": {"text": RULES[r]}} for r in rules]}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=2)
