"""Say all that is wrong with a study: its files, its graph's shape, its quotes, its coverage."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from kg import arrangements, cite, graph, lint, moving, paths
from kg.errors import RULES, Finding, RecordFinding, StudyError
from kg.store import build, quotes, rdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Store
    from rdflib import Graph

    from kg.loaders.study import Loaded
    from kg.records import Study


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
            *quick(loaded),
            *_citations(loaded),
            *_originals(folder, loaded),
            *_pages(folder, loaded),
            *arrangements.check(folder, graph.open(folder, built=True).tables),
            *quotes.check(store, folder, loaded.places),
            *_shapes(store, loaded),
        ]
    )


def quick(loaded: Loaded) -> list[Finding]:
    """Say what is wrong with the records of a study: all that needs no graph, no other file and no citation style.

    Args:
        loaded: the study.

    Returns:
        The findings, by file and line.
    """
    return sorted([*loaded.findings, *_coverage(loaded), *lint.lint(loaded)])


def _coverage(loaded: Loaded) -> list[Finding]:
    """Say what is not covered: claims, codes, references and sources that nothing uses."""
    study = loaded.study
    return [
        # It forbids no build, but a list of references that nothing cites misleads a reader.
        gap.placed(loaded.places, "error" if gap.rule == "reference-uncited" else "warning")
        for gap in chain(_claims(study), _codes(study), _references(study), _sources(study))
    ]


def _claims(study: Study) -> Iterator[RecordFinding]:
    """Give the propositions that nobody argued for, or against, or searched evidence of."""
    argued = {line.proposition for line in study.lines if line.status == "active"}
    argued |= {about for search in study.searches for about in search.about}
    mend = "add an evidence line, or a search that found nothing"
    for claim in study.propositions:
        if claim.id not in argued:
            message = f"the proposition '{claim.id}' has no evidence for or against it"
            yield RecordFinding("proposition", claim.id, "proposition-without-evidence", message, mend)


def _codes(study: Study) -> Iterator[RecordFinding]:
    """Give the codes that nobody gave, and those that nobody defined."""
    broader = {code.id: code.broader for code in study.codes}
    used: set[str] = set()
    for coding in study.codings:
        at: str | None = coding.code
        while at and at not in used:
            used.add(at)
            at = broader[at]
    for code in study.codes:
        if code.id not in used:
            yield RecordFinding(
                "code", code.id, "code-unused", f"the code '{code.id}' was never given", "give it, or remove it"
            )
    undefined = [code.id for code in study.codes if not code.definition.strip()]
    if undefined:  # one finding: a codebook that was imported may have none at all
        which = f"{', '.join(undefined[:5])}{' …' * (len(undefined) > 5)}"
        message = f"{len(undefined):,} codes have no definition: {which}"
        message = message if undefined[1:] else f"1 code has no definition: {which}"
        yield RecordFinding("code", undefined[0], "code-undefined", message, "say what each means, and what not")


def _references(study: Study) -> Iterator[RecordFinding]:
    """Give the references that nothing cites."""
    cited = {key for e in study.excerpts for key in e.references} | {s.reference for s in study.sources}
    cited |= {key for s in study.sources for p in s.body for key in p.references}
    for reference in study.references:
        if reference.id not in cited:
            message = f"nothing cites '{reference.id}'"
            yield RecordFinding("reference", reference.id, "reference-uncited", message, "cite it, or remove it")


def _sources(study: Study) -> Iterator[RecordFinding]:
    """Give the sources of which nothing is coded, and those that have paragraphs without a code."""
    coded = {excerpt.source for excerpt in study.excerpts}
    given = {coding.excerpt for coding in study.codings}
    seen = {(e.source, e.paragraph) for e in study.excerpts if e.id in given}
    seen |= {(memo.source, memo.paragraph) for memo in study.uncoded}
    for source in study.sources:
        if source.id not in coded:
            message = f"no passage of '{source.id}' is coded"
            yield RecordFinding("source", source.id, "source-uncoded", message, "code it, or remove it")
        elif source.role != "theory":
            labels = list(dict.fromkeys(p.id for p in source.body if p.id))
            if bare := [label for label in labels if (source.id, label) not in seen]:
                # One finding a source: of a transcript most turns may well have no code.
                shown = ", ".join(bare[:8]) + (" …" if len(bare) > 8 else "")
                message = f"{len(bare):,} of {len(labels):,} paragraphs of '{source.id}' have no code: {shown}"
                mend = "code them, or say why not under 'uncoded'"
                yield RecordFinding("source", source.id, "paragraph-uncoded", message, mend)


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


def _originals(folder: Path, loaded: Loaded) -> Iterator[Finding]:
    """Say which files are not any more those that the texts were made of; one that is not there may be elsewhere."""
    for source in loaded.study.sources:
        if source.original is None or not (path := folder / source.original.file).is_file():
            continue
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            digest = ""
        if digest != source.original.sha256:
            message = f"'{source.original.file}' is not the file that '{source.id}' was made of"
            mend = f"restore it; or see what would change with: kg add --again {source.id}"
            yield Finding(*loaded.places["source", source.id], "original-edited", message, mend, "warning")


def _pages(folder: Path, loaded: Loaded) -> Iterator[Finding]:
    """Say of which PDFs nobody knows any more which characters of a page became the text."""
    for source in loaded.study.sources:
        if source.pages is None:
            continue
        try:
            digest = hashlib.sha256((folder / source.pages.file).read_bytes()).hexdigest()
        except OSError:
            digest = ""
        if digest != source.pages.sha256:
            message = f"'{source.pages.file}' is not there, or not as it was written: no page shows its passages"
            mend = f"restore it, or make it anew: kg add --again {source.id} --write"
            yield Finding(*loaded.places["source", source.id], "broken-places", message, mend, "warning")


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
