"""What a study says besides its sources: its listing, concepts, codes, propositions, settlements and references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import paths
from kg.entries import STUDY_FORMAT, AgreementFile, CodebookFile, ConceptsFile, PropositionsFile, StudyFile
from kg.errors import Finding, StudyError
from kg.loaders import _yaml, ontology, references
from kg.records import Concern, Confidence, Value
from kg.values import TYPES, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.entries import ArrangementsFile, Case, ConfidenceFile, SourceEntry
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
        confidences: how much confidence propositions deserve, by confidence.yaml.
        concerns: what was judged of the components of that.
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
    confidences: tuple[Confidence, ...]
    concerns: tuple[Concern, ...]
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
    judged = reader.read("confidence.yaml", "confidence") if reader.has("confidence.yaml") else None
    if reader.has("arrangements.yaml"):
        _arrangements(reader)
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
        ("confidence.yaml", judged),
    ):
        if record is not None:
            reader.resolve(file, record, ids)
    terms = {**bundled.concepts, **bundled.relations}
    values = _values(reader, listing)
    confidences, concerns = _confidences(reader, judged) if judged else ((), ())
    return Theory(
        listing, own, codebook, claims, settled, confidences, concerns, cited, values, terms, ids, dict(reader.lines)
    )


def _arrangements(reader: Reader) -> None:
    """Check the arrangements, which are no part of the graph: each has an id of its own."""
    found: ArrangementsFile | None = reader.read("arrangements.yaml", "arrangements")
    ids: set[str] = set()
    for index, one in enumerate(found.arrangements if found else ()):
        if one.id in ids:
            message = f"the arrangement '{one.id}' stands here twice"
            reader.error("arrangements.yaml", ("arrangements", index), "duplicate-id", message, "keep one of the two")
        ids.add(one.id)


def _confidences(reader: Reader, judged: ConfidenceFile) -> tuple[tuple[Confidence, ...], tuple[Concern, ...]]:
    """Turn what was judged of the confidence in propositions into records; a proposition is judged once."""
    confidences: dict[str, Confidence] = {}
    concerns: list[Concern] = []
    for index, entry in enumerate(judged.confidence):
        place = ("confidence", index)
        if entry.proposition in confidences:
            message = f"the confidence in '{entry.proposition}' is judged here twice"
            reader.error("confidence.yaml", place, "duplicate-id", message, "keep one of the two")
            continue
        confidences[entry.proposition] = Confidence(
            proposition=entry.proposition,
            level=entry.overall,
            reason=entry.reason,
            coder=entry.coder,
            date=entry.date,
        )
        concerns += [
            Concern(
                proposition=entry.proposition,
                component=component,
                level=one.concern,
                reason=one.reason,
                coder=one.coder or entry.coder,
                date=one.date or entry.date,
            )
            for component, one in entry.components.items()
        ]
        reader.places["confidence", entry.proposition] = ("confidence.yaml", reader.line("confidence.yaml", place))
    return tuple(confidences.values()), tuple(concerns)


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


def listing(folder: Path) -> StudyFile:
    """Read study.yaml alone.

    Args:
        folder: the study's folder.

    Raises:
        StudyError: when it cannot be read.
    """
    from kg.loaders._reader import Reader

    reader = Reader(folder)
    read = _listing(reader)
    if read is None:
        raise StudyError(reader.errors())
    return read


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
