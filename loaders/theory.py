"""What a study says besides its sources: its listing, concepts, codes, propositions, settlements and references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import paths
from kg.entries import STUDY_FORMAT, AgreementFile, CodebookFile, ConceptsFile, PropositionsFile, StudyFile
from kg.errors import Finding, StudyError
from kg.loaders import _yaml, ontology, references
from kg.records import Value
from kg.values import TYPES, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.entries import Case, SourceEntry
    from kg.loaders._reader import Ids, Reader
    from kg.loaders._yaml import Lines
    from kg.records import Reference


class Theory(NamedTuple):
    """The part of a study that belongs to no single source, and what its sources may name.

    Args:
        listing: study.yaml.
        own: concepts.yaml.
        codebook: codebook.yaml.
        claims: propositions.yaml.
        settled: agreement.yaml.
        references: the references by key.
        values: the values of attributes of each case and source, by its kind and id.
        bundled: IRI of each concept and relation of a bundled ontology, by id.
        ids: ids by kind of record.
        lines: the line of every value of these files, by the file's name.
    """

    listing: StudyFile
    own: ConceptsFile
    codebook: CodebookFile
    claims: PropositionsFile
    settled: AgreementFile
    references: Mapping[str, Reference]
    values: Mapping[tuple[str, str], tuple[Value, ...]]
    bundled: Mapping[str, str]
    ids: Ids
    lines: Mapping[str, Lines]


def read(reader: Reader) -> Theory | None:
    """Read and check the files that belong to no single source.

    Args:
        reader: the study's reader, which takes the findings.

    Returns:
        The theory, or None when a file that must be there cannot be used.

    Raises:
        StudyError: when the study has a newer format than this version reads.
    """
    listing = _listing(reader)
    codebook: CodebookFile | None = reader.read("codebook.yaml", "codebook")
    claims: PropositionsFile | None = reader.read("propositions.yaml", "propositions")
    own = reader.read("concepts.yaml", "concepts") if reader.has("concepts.yaml") else ConceptsFile()
    settled = AgreementFile(settlements=())
    if reader.has("agreement.yaml"):
        settled = reader.read("agreement.yaml", "agreement")
    cited = _references(reader)
    if listing is None or codebook is None or claims is None or own is None or settled is None:
        return None
    bundled = _bundled(reader, listing)
    ids = _ids(reader, bundled, listing, own, codebook, claims) | {"reference": cited}
    for file, record in (
        ("concepts.yaml", own),
        ("codebook.yaml", codebook),
        ("propositions.yaml", claims),
        ("study.yaml", listing),
        ("agreement.yaml", settled),
    ):
        reader.resolve(file, record, ids)
    terms = {**bundled.concepts, **bundled.relations}
    values = _values(reader, listing)
    return Theory(listing, own, codebook, claims, settled, cited, values, terms, ids, dict(reader.lines))


def _values(reader: Reader, listing: StudyFile) -> dict[tuple[str, str], tuple[Value, ...]]:
    """Check the values of attributes; one of no attribute, or not of its type, is an error."""
    file = "study.yaml"
    types = {attribute.id: attribute.type for attribute in listing.attributes}
    checked: dict[tuple[str, str], tuple[Value, ...]] = {}
    listed: tuple[tuple[str, str, Sequence[Case | SourceEntry]], ...] = (
        ("case", "cases", listing.cases),
        ("source", "sources", listing.sources),
    )
    for kind, key, records in listed:
        for index, record in enumerate(records):
            values = []
            for attribute, written in record.attributes.items():
                place = (key, index, "attributes", attribute)
                if attribute not in types:
                    reader.unknown(file, reader.line(file, place), attribute, ("attribute",), {"attribute": types})
                    continue
                try:
                    text = str(written).lower() if isinstance(written, bool) else written
                    values.append(Value(attribute, types[attribute], parse(types[attribute], text)))
                except ValueError as e:
                    message = f"the {kind} '{record.id}' has no {attribute} of type {types[attribute]}: {e}"
                    mend = f"write {TYPES[types[attribute]].expected}; or give the attribute another type"
                    reader.error(file, place, "attribute-value", message, mend)
            checked[kind, record.id] = tuple(sorted(values))
    return checked


def _listing(reader: Reader) -> StudyFile | None:
    """Read study.yaml; of a newer format nothing is read, since what is unknown there may be right."""
    file = reader.text("study.yaml")
    if file is None:
        return None
    written = _yaml.peek(file.text, "format") or ""
    # Not int: a text of digits may be longer than what Python makes a number of.
    if re.fullmatch(r"[1-9][0-9]*", written) and (len(written), written) > (len(str(STUDY_FORMAT)), str(STUDY_FORMAT)):
        _, lines = _yaml.parse(file.text, "study.yaml", []) or (None, {})
        message = f"the study has format {written[:20]}; this version of kg reads formats up to {STUDY_FORMAT}"
        mend = "install a newer version of dart-kg, as its README says"
        raise StudyError([Finding("study.yaml", lines.get(("format",), 0), "newer-format", message, mend)])
    listing: StudyFile | None = reader.parse(file.text, "study.yaml", "study")
    return listing


def _references(reader: Reader) -> dict[str, Reference]:
    """Read the references, which need not be there."""
    name = "references.json"
    file = reader.text(name) if reader.has(name) else None
    return references.load(file.text, name, reader.findings, reader.places) if file else {}


def _bundled(reader: Reader, listing: StudyFile) -> ontology.Terms:
    """Return what the ontologies define that a study takes from the package."""
    shipped = {p.stem: p for p in paths.shipped("ontology").glob("*.ttl") if p.stem not in ("evidence", "shapes")}
    bundled = ontology.Terms({}, {})
    for index, name in enumerate(listing.ontology):
        if name in shipped:
            terms = ontology.terms(shipped[name])
            bundled.concepts.update(terms.concepts)
            bundled.relations.update(terms.relations)
        else:
            line = reader.line("study.yaml", ("ontology", index))
            reader.unknown("study.yaml", line, name, ("ontology",), {"ontology": shipped})
    return bundled


def _ids(
    reader: Reader,
    bundled: ontology.Terms,
    listing: StudyFile,
    own: ConceptsFile,
    codebook: CodebookFile,
    claims: PropositionsFile,
) -> dict[str, Any]:
    """Index the records by kind and id; two with one id, and circles of broader ones, are errors."""
    coders = reader.unique("study.yaml", "coders", listing.coders, "coder")
    cases = reader.unique("study.yaml", "cases", listing.cases, "case")
    sources = reader.unique("study.yaml", "sources", listing.sources, "source")
    reader.unique("study.yaml", "attributes", listing.attributes, "attribute")
    reader.unique("study.yaml", "sets", listing.sets, "set")
    concepts = reader.unique("concepts.yaml", "concepts", own.concepts, "concept")
    relations = reader.unique("concepts.yaml", "relations", own.relations, "relation")
    taken = {*bundled.concepts, *bundled.relations}
    for table, key, others in ((concepts, "concepts", taken), (relations, "relations", {*taken, *concepts})):
        for index, word in enumerate(table):
            if word in others:
                message = f"'{word}' is another concept or relation already"
                reader.error("concepts.yaml", (key, index, "id"), "duplicate-id", message, "rename it")
    reader.acyclic("concepts.yaml", "concepts", concepts)
    codes = reader.unique("codebook.yaml", "codes", codebook.codes, "code")
    reader.acyclic("codebook.yaml", "codes", codes)
    propositions = reader.unique("propositions.yaml", "propositions", claims.propositions, "proposition")
    reader.unique("propositions.yaml", "questions", claims.questions, "question")
    reader.unique("propositions.yaml", "searches", claims.searches, "search")
    return {
        "case": cases,
        "code": codes,
        "coder": coders,
        "concept": {*bundled.concepts, *concepts},
        "family": {code.id for code in codebook.codes if code.level == "selective"},
        "proposition": propositions,
        "relation": {*bundled.relations, *relations},
        "source": sources,
    }
