"""Evidence lines as nanopublications: each with what it asserts, where that comes from, and its licence.

They are unsigned, under the URI that the nanopub package replaces when it signs. The standard wants a time
where the study has a day: it is midnight UTC.
"""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg import filenames, query
from kg.errors import StoreUnavailable
from kg.exports.licences import licence
from kg.exports.rdf import prefixes
from kg.store import rdf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nanopub.nanopub import Nanopub
    from rdflib import Dataset

    from kg.exports.licences import Licence
    from kg.graph import Graph

TEMPORARY = "http://purl.org/nanopub/temp/np#"
"""What the nanopub package replaces when it signs."""

RETIRED = "retired"
"""The folder of lines that do not count, so that nobody publishes them with the others."""


def write_nanopublications(graph: Graph, folder: Path) -> list[str]:
    """Write a TriG file for each evidence line; those that do not count into a folder of their own.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        What they do not hold, and how many lie apart.

    Raises:
        StoreUnavailable: when the nanopub package is missing.
    """
    from pyoxigraph import RdfFormat, parse, serialize

    files = filenames.of(("line", row["id"]) for row in query.run(graph.engine, "lines").dicts())
    spaces = prefixes(graph.store) | {"np": "http://www.nanopub.org/nschema#", "this": TEMPORARY}
    apart = 0
    for line, active, publication in nanopublications(graph):
        home = folder if active else folder / RETIRED
        home.mkdir(exist_ok=True)
        apart += not active
        # By graph and then sorted: rdflib gives them in another order each time.
        lines = filter(None, publication.rdf.serialize(format="nquads").split("\n"))
        text = "\n".join(sorted(lines, key=lambda line: (line.rsplit(" ", 2)[1], line)))
        here = {prefix: space for prefix, space in spaces.items() if f"<{space}" in text}
        quads = parse(text, format=RdfFormat.N_QUADS)
        serialize(quads, home / f"{files['line', line]}.trig", format=RdfFormat.TRIG, prefixes=here)
    left_out = ["evidence lines alone are nanopublications; all else of the study is left out"]
    return left_out + ([f"{apart} that do not count lie in {RETIRED}/; they are not to be published"] if apart else [])


def nanopublications(graph: Graph) -> Iterator[tuple[str, bool, Nanopub]]:
    """Make a nanopublication of each evidence line; with a profile of the nanopub package it can be signed.

    Args:
        graph: the study.

    Returns:
        The line's id, whether it counts, and its nanopublication, sorted by id.

    Raises:
        StoreUnavailable: when the nanopub package is missing.

    Example:
        >>> import kg
        >>> line, active, made = next(nanopublications(kg.open("dart")))
        >>> active, made.is_valid
        (True, True)
    """
    try:
        import nanopub  # noqa: F401
    except ImportError as e:
        raise StoreUnavailable(
            "nanopublications need the package nanopub: pip install '.[export]' in the checkout"
        ) from e
    from rdflib import RDF

    data = graph.rdf
    given = licence(graph.store)
    lines = {
        _one(data, node, rdf.DCT, "identifier"): (node, space)
        for kind, space in (("EvidenceLine", rdf.EV), ("UncountedLine", rdf.UNCOUNTED))
        for node in data.subjects(RDF.type, _name(kind))
    }
    for identifier, (node, space) in sorted(lines.items()):
        yield str(identifier), space == rdf.EV, _publication(data, node, space, given)


def _name(local: str, space: str = rdf.EV) -> Any:
    from rdflib import URIRef

    return URIRef(space + local)


def _one(data: Dataset, node: Any, space: str, local: str) -> Any:
    return data.value(node, _name(local, space))


def _publication(data: Dataset, line: Any, space: str, given: Licence) -> Nanopub:
    """Make the nanopublication of a line out of what the study's graph says by the predicates of a namespace."""
    from nanopub.definitions import DUMMY_NAMESPACE, DUMMY_URI
    from nanopub.nanopub import Nanopub
    from rdflib import RDF, XSD, Literal, URIRef
    from rdflib import Graph as Triples

    assertion, provenance, about = (Triples(bind_namespaces="none") for _ in range(3))
    excerpts = set(data.objects(line, _name("excerpt", space)))
    sources = {_one(data, excerpt, rdf.OA, "hasSource") for excerpt in excerpts}
    primary = _name("hadPrimarySource", rdf.PROV)
    references = {reference for node in excerpts | sources for reference in data.objects(node, primary)}
    authors = {author for reference in references for author in data.objects(reference, _name("creator", rdf.DCT))}
    citations = {citation for node in excerpts for citation in data.objects(node, _name("citation"))}
    coder, day = _one(data, line, rdf.PROV, "wasAttributedTo"), _one(data, line, rdf.DCT, "created")
    claim = _one(data, line, space, "proposition")
    # A line's author and day are its provenance; the whole text of a source is too long to go with every line.
    apart = {_name("wasAttributedTo", rdf.PROV), _name("created", rdf.DCT), _name("text")}
    for part, nodes in (
        (assertion, {line, claim, *excerpts, *citations, *(URIRef(f"{excerpt}#selector") for excerpt in excerpts)}),
        (provenance, {coder, *sources, *references, *authors}),
    ):
        for triple in (triple for node in nodes for triple in data.triples((node, None, None))):
            if triple[1] not in apart:
                part.add(triple)
    stated = DUMMY_NAMESPACE["assertion"]
    # Nanopublications know a person by the ORCID iD; what the study says of the coder stands beside it.
    agent = _one(data, coder, rdf.EV, "orcid") or coder
    provenance.add((stated, _name("wasAttributedTo", rdf.PROV), agent))
    provenance.add((stated, _name("created", rdf.DCT), day))
    for origin in {*sources, *references, *_works(data, references)}:
        provenance.add((stated, _name("wasDerivedFrom", rdf.PROV), origin))
    # rdflib would write it in another form, or not, by a switch that other packages turn.
    at = Literal(f"{day}T00:00:00Z", datatype=XSD.dateTime, normalize=False)
    about.add((DUMMY_URI, _name("created", rdf.DCT), at))
    about.add((DUMMY_URI, _name("creator", rdf.DCT), agent))
    for kind in set(data.objects(coder, RDF.type)) & {_name(of, rdf.PROV) for of in rdf.AGENTS.values()}:
        about.add((agent, RDF.type, kind))
    if given.words:
        about.add((DUMMY_URI, _name("rights", rdf.DCT), Literal(given.words)))
    if given.iri:
        about.add((DUMMY_URI, _name("license", rdf.DCT), URIRef(given.iri)))
    with warnings.catch_warnings():
        # nanopub is built on a class that rdflib calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Nanopub(assertion=assertion, provenance=provenance, pubinfo=about)


def _works(data: Dataset, references: set[Any]) -> set[Any]:
    """Return the addresses of those publications that have a DOI."""
    from rdflib import URIRef

    items = (json.loads(_one(data, reference, rdf.EV, "cslJson")) for reference in references)
    return {URIRef("https://doi.org/" + quote(str(item["DOI"]), safe="/:;()")) for item in items if item.get("DOI")}
