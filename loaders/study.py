"""A study folder: read its files, anchor its quotes, report all that is wrong at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import paths
from kg.errors import Finding, StudyError
from kg.loaders import ontology, references, sources, unread
from kg.loaders._reader import Reader
from kg.loaders.codings import Codings
from kg.progress import silent
from kg.records import (
    AgreementFile,
    CodebookFile,
    ConceptsFile,
    PropositionsFile,
    Reference,
    Study,
    StudyFile,
)
from kg.store import inputs

if TYPE_CHECKING:
    from pathlib import Path

    from kg.progress import Progress
    from kg.store.inputs import File


class Loaded(NamedTuple):
    """What a study folder gave.

    Args:
        study: its records, anchored.
        findings: what does not forbid a build.
        places: file and line of every record, by kind and id.
        files: the state in which each file was read, by its name; None for one that may be there and was not.
    """

    study: Study
    findings: list[Finding]
    places: dict[tuple[str, str], tuple[str, int]]
    files: dict[str, File | None]


def load(folder: Path, progress: Progress = silent) -> Loaded:
    """Read a study folder.

    Args:
        folder: the folder that holds study.yaml.
        progress: called with the step, how many files of it are done, and how many there are.

    Returns:
        The study, the findings that do not forbid a build, and where each record stands.

    Raises:
        StudyError: with every error of the folder, when there is one.
    """
    reader = Reader(folder, progress)
    listing: StudyFile | None = reader.read("study.yaml", "study")
    codebook: CodebookFile | None = reader.read("codebook.yaml", "codebook")
    claims: PropositionsFile | None = reader.read("propositions.yaml", "propositions")
    own = reader.read("concepts.yaml", "concepts") if reader.has("concepts.yaml") else ConceptsFile()
    settled = (
        reader.read("agreement.yaml", "agreement") if reader.has("agreement.yaml") else AgreementFile(settlements=())
    )
    name = "references.json"
    refs: dict[str, Reference] = {}
    if reader.has(name) and (cited := reader.text(name)):
        refs = references.load(cited.text, name, reader.findings, reader.places)
    files = inputs.codings(reader.folder)
    codings = {}
    for number, name in enumerate(files):
        reader.progress("reading codings", number, len(files))
        codings[name] = reader.read(name, "codings")
    if listing is None or codebook is None or claims is None or own is None or settled is None:
        raise StudyError(reader.errors())
    study = listing
    coders = reader.unique("study.yaml", "coders", study.coders, "coder")
    cases = reader.unique("study.yaml", "cases", study.cases, "case")
    shipped = {p.stem for p in paths.shipped("ontology").glob("*.ttl")} - {"evidence", "shapes"}
    bundled = ontology.Terms({}, {})
    for index, vocabulary in enumerate(study.ontology):
        if reader.known("study.yaml", ("ontology", index), vocabulary, shipped, "ontology"):
            more = ontology.terms(paths.shipped("ontology") / f"{vocabulary}.ttl")
            bundled.concepts.update(more.concepts)
            bundled.relations.update(more.relations)
    concepts = reader.unique("concepts.yaml", "concepts", own.concepts, "concept")
    relations = reader.unique("concepts.yaml", "relations", own.relations, "relation")
    for table, key, others in (
        (concepts, "concepts", {*bundled.concepts, *bundled.relations}),
        (relations, "relations", {*bundled.concepts, *bundled.relations, *concepts}),
    ):
        for index, word in enumerate(table):
            if word in others:
                message = f"'{word}' is another concept or relation already"
                reader.error("concepts.yaml", (key, index, "id"), "duplicate-id", message, "rename it")
    terms, known_relations = {*bundled.concepts, *concepts}, {*bundled.relations, *relations}
    for index, concept in enumerate(own.concepts):
        reader.known("concepts.yaml", ("concepts", index, "broader"), concept.broader, terms, "concept")
    reader.acyclic("concepts.yaml", "concepts", concepts)
    codes = reader.unique("codebook.yaml", "codes", codebook.codes, "code")
    for index, code in enumerate(codebook.codes):
        reader.known("codebook.yaml", ("codes", index, "broader"), code.broader, codes, "code")
        reader.known("codebook.yaml", ("codes", index, "indicates"), code.indicates, terms, "concept")
    reader.acyclic("codebook.yaml", "codes", codes)
    file = "propositions.yaml"
    propositions = reader.unique(file, "propositions", claims.propositions, "proposition")
    reader.unique(file, "questions", claims.questions, "question")
    reader.unique(file, "searches", claims.searches, "search")
    for index, claim in enumerate(claims.propositions):
        for role in ("subject", "object", "stage"):
            reader.known(file, ("propositions", index, role), getattr(claim, role), terms, "concept")
        reader.known(file, ("propositions", index, "relation"), claim.relation, known_relations, "relation")
    for index, question in enumerate(claims.questions):
        for word in (*question.about, *question.candidates):
            reader.known(file, ("questions", index), word, terms, "concept")
    for index, search in enumerate(claims.searches):
        for word in search.about:
            reader.known(file, ("searches", index, "about"), word, {*terms, *propositions}, "concept")
        reader.known(file, ("searches", index, "case"), search.case, cases, "case")
        reader.known(file, ("searches", index, "coder"), search.coder, coders, "coder")
        for word in search.sources:
            reader.known(file, ("searches", index, "sources"), word, {s.id for s in study.sources}, "source")
    documents = sources.load(reader, study, cases, refs)
    coded = Codings(
        reader,
        {s.id for s in study.sources},
        documents,
        codes,
        coders,
        propositions,
        refs,
        leave_out_uncited=study.uncited == "leave-out",
    )
    for number, (name, content) in enumerate(codings.items()):
        reader.progress("finding quotes", number, len(codings))
        if content is not None:
            coded.add(name, content)
    anchors = coded.anchors("codebook.yaml", codebook.codes)
    coded.finish()
    families = {code.id for code in codebook.codes if code.level == "selective"}
    for index, settlement in enumerate(settled.settlements):
        at = ("settlements", index)
        reader.known("agreement.yaml", (*at, "family"), settlement.family, families, "code")
        reader.known("agreement.yaml", (*at, "coder"), settlement.coder, coders, "coder")
        if reader.known("agreement.yaml", (*at, "source"), settlement.source, {s.id for s in study.sources}, "source"):
            labels = (
                {p.id for p in documents[settlement.source].body if p.id} if settlement.source in documents else None
            )
            if labels is not None and settlement.paragraph not in labels:
                message = f"'{settlement.source}' has no paragraph '{settlement.paragraph}'"
                reader.error("agreement.yaml", (*at, "paragraph"), "unknown-paragraph", message)
    unread.look(reader)
    if errors := reader.errors():
        raise StudyError(errors)
    made = Study(
        id=study.id,
        title=study.title,
        description=study.description,
        license=study.license,
        ontology=study.ontology,
        coders=study.coders,
        cases=study.cases,
        sources=tuple(documents.values()),
        references=tuple(sorted(refs.values(), key=lambda r: r.id)),
        concepts=own.concepts,
        relations=own.relations,
        bundled=bundled.concepts | bundled.relations,
        codes=codebook.codes,
        anchors=anchors,
        propositions=claims.propositions,
        questions=claims.questions,
        searches=claims.searches,
        settlements=settled.settlements,
        uncoded=tuple(coded.uncoded),
        excerpts=tuple(sorted(coded.excerpts.values(), key=lambda e: (e.source, e.start, e.end))),
        codings=tuple(coded.codings.values()),
        assertions=tuple(coded.assertions.values()),
        lines=tuple(coded.lines.values()),
    )
    return Loaded(made, sorted(reader.findings), reader.places, reader.files)
