"""A study folder: read its files, anchor its quotes, report all that is wrong at once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from kg import anchor, paths
from kg.errors import Finding, StudyError
from kg.progress import silent
from kg.records import (
    FILES,
    Assertion,
    CodebookFile,
    Coding,
    CodingsFile,
    ConceptsFile,
    EvidenceLine,
    Excerpt,
    PropositionsFile,
    Record,
    Reference,
    Source,
    Study,
    StudyFile,
)
from loaders import SOURCES, _yaml, ontology, references

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from kg.progress import Progress


class Loaded(NamedTuple):
    """Hold what a study folder gave.

    Args:
        study: its records, anchored.
        findings: what does not forbid a build.
        places: file and line of every record, by kind and id.
    """

    study: Study
    findings: list[Finding]
    places: dict[tuple[str, str], tuple[str, int]]


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
    return _Reader(folder, progress).study()


class _Reader:
    def __init__(self, folder: Path, progress: Progress) -> None:
        self.folder, self.progress = folder, progress
        self.findings: list[Finding] = []
        self.lines: dict[str, _yaml.Lines] = {}
        self.places: dict[tuple[str, str], tuple[str, int]] = {}

    def error(
        self, file: str, path: tuple[Any, ...], rule: str, message: str, mend: str = "", severity: str = "error"
    ) -> None:
        """Add a finding at the line of the value at ``path``."""
        lines = self.lines.get(file, {})
        while path and path not in lines:
            path = path[:-1]
        self.findings.append(Finding(file, lines.get(path, 0), rule, message, mend, severity))

    def read(self, name: str, schema: str) -> Any:
        """Read and validate one YAML file, or return None."""
        result = _yaml.read(self.folder / name, name, self.findings)
        if result is None:
            return None
        value, self.lines[name] = result
        model = FILES[schema]
        try:
            return model.model_validate(value if value is not None else {})
        except ValidationError as e:
            for problem in e.errors():
                where = tuple(problem["loc"])
                if problem["type"] == "extra_forbidden":
                    known = _fields(model, where[:-1])
                    self.error(
                        name,
                        where,
                        "unknown-key",
                        f"unknown key '{where[-1]}'",
                        near(str(where[-1]), known, "a key here"),
                    )
                else:
                    shown = ".".join(str(part) for part in where)
                    self.error(name, where, "invalid-value", f"{shown}: {problem['msg']}", f"see 'kg schema {schema}'")
            return None

    def known(self, file: str, path: tuple[Any, ...], word: str | None, ids: Collection[str], kind: str) -> bool:
        """Check that an id exists."""
        if word is None or word in ids:
            return True
        self.error(file, path, f"unknown-{kind}", f"unknown {kind} '{word}'", near(word, ids, f"a {kind}"))
        return False

    def unique(self, file: str, key: str, items: Iterable[Any], kind: str) -> dict[str, Any]:
        """Index records by id; a second one with the same id is an error."""
        found: dict[str, Any] = {}
        for index, item in enumerate(items):
            if item.id in found:
                self.error(
                    file, (key, index, "id"), "duplicate-id", f"the {kind} '{item.id}' stands here twice", "rename one"
                )
            found[item.id] = item
            self.places[kind, item.id] = (file, self.lines.get(file, {}).get((key, index), 0))
        return found

    def acyclic(self, file: str, key: str, items: dict[str, Any]) -> None:
        """Check that ``broader`` never leads back to where it began."""
        for index, item in enumerate(items.values()):
            seen, at = [item.id], item.broader
            while at in items and at not in seen:
                seen.append(at)
                at = items[at].broader
            if at == item.id:
                loop = " -> ".join([*seen, item.id])
                self.error(
                    file,
                    (key, index, "broader"),
                    "cyclic-broader",
                    f"broader leads in a circle: {loop}",
                    "remove one 'broader'",
                )

    def study(self) -> Loaded:
        """Read everything."""
        self.file: StudyFile | None = self.read("study.yaml", "study")
        codebook: CodebookFile | None = self.read("codebook.yaml", "codebook")
        claims: PropositionsFile | None = self.read("propositions.yaml", "propositions")
        own = self.read("concepts.yaml", "concepts") if (self.folder / "concepts.yaml").exists() else ConceptsFile()
        name = "references.json"
        refs: dict[str, Reference] = {}
        if (self.folder / name).exists():
            refs = references.load(self.folder / name, name, self.findings, self.places)
        files = sorted((self.folder / "codings").glob("*.yaml")) if (self.folder / "codings").is_dir() else []
        codings = {}
        for number, f in enumerate(files):
            self.progress("reading codings", number, len(files))
            codings[f"codings/{f.name}"] = self.read(f"codings/{f.name}", "codings")
        if self.file is None or codebook is None or claims is None or own is None:
            raise StudyError([f for f in self.findings if f.severity == "error"])
        study = self.file
        self.coders = self.unique("study.yaml", "coders", study.coders, "coder")
        cases = self.unique("study.yaml", "cases", study.cases, "case")
        bundled: dict[str, str] = {}
        for index, vocabulary in enumerate(study.ontology):
            shipped = {p.stem for p in paths.shipped("ontology").glob("*.ttl")} - {"evidence", "shapes"}
            if self.known("study.yaml", ("ontology", index), vocabulary, shipped, "ontology"):
                bundled |= ontology.terms(paths.shipped("ontology") / f"{vocabulary}.ttl")
        concepts = self.unique("concepts.yaml", "concepts", own.concepts, "concept")
        relations = self.unique("concepts.yaml", "relations", own.relations, "relation")
        for table, key in ((concepts, "concepts"), (relations, "relations")):
            for index, word in enumerate(table):
                if word in bundled:
                    self.error(
                        "concepts.yaml",
                        (key, index, "id"),
                        "duplicate-id",
                        f"'{word}' is a term of a bundled ontology",
                        "rename it",
                    )
        terms = {*bundled, *concepts}
        for index, concept in enumerate(own.concepts):
            self.known("concepts.yaml", ("concepts", index, "broader"), concept.broader, terms, "concept")
        self.acyclic("concepts.yaml", "concepts", concepts)
        self.codes = self.unique("codebook.yaml", "codes", codebook.codes, "code")
        for index, code in enumerate(codebook.codes):
            self.known("codebook.yaml", ("codes", index, "broader"), code.broader, self.codes, "code")
            self.known("codebook.yaml", ("codes", index, "indicates"), code.indicates, terms, "concept")
        self.acyclic("codebook.yaml", "codes", self.codes)
        file = "propositions.yaml"
        self.propositions = self.unique(file, "propositions", claims.propositions, "proposition")
        self.unique(file, "questions", claims.questions, "question")
        self.unique(file, "searches", claims.searches, "search")
        for index, claim in enumerate(claims.propositions):
            for role in ("subject", "object", "stage"):
                self.known(file, ("propositions", index, role), getattr(claim, role), terms, "concept")
            self.known(file, ("propositions", index, "relation"), claim.relation, {*bundled, *relations}, "relation")
        for index, question in enumerate(claims.questions):
            for word in (*question.about, *question.candidates):
                self.known(file, ("questions", index), word, terms, "concept")
        for index, search in enumerate(claims.searches):
            for word in search.about:
                self.known(file, ("searches", index, "about"), word, {*terms, *self.propositions}, "concept")
            self.known(file, ("searches", index, "case"), search.case, cases, "case")
            self.known(file, ("searches", index, "coder"), search.coder, self.coders, "coder")
            for word in search.sources:
                self.known(file, ("searches", index, "sources"), word, {s.id for s in study.sources}, "source")
        self.sources = self.read_sources(study, cases, refs)
        self.excerpts: dict[str, Excerpt] = {}
        self.codings: dict[tuple[str, str, str, str], Coding] = {}
        self.assertions: dict[tuple[str, str], Assertion] = {}
        self.evidence: dict[str, EvidenceLine] = {}
        self.evidence_at: dict[str, tuple[str, tuple[Any, ...]]] = {}
        for number, (name, content) in enumerate(codings.items()):
            self.progress("finding quotes", number, len(codings))
            if content is not None:
                self.read_codings(name, content)
        for identifier, line in self.evidence.items():
            at, path = self.evidence_at[identifier]
            self.known(at, (*path, "replaced_by"), line.replaced_by, self.evidence, "line")
        errors = [f for f in self.findings if f.severity == "error"]
        if errors:
            raise StudyError(errors)
        made = Study(
            id=study.id,
            title=study.title,
            description=study.description,
            license=study.license,
            ontology=study.ontology,
            coders=study.coders,
            cases=study.cases,
            sources=tuple(self.sources.values()),
            references=tuple(sorted(refs.values(), key=lambda r: r.id)),
            concepts=own.concepts,
            relations=own.relations,
            bundled=bundled,
            codes=codebook.codes,
            propositions=claims.propositions,
            questions=claims.questions,
            searches=claims.searches,
            excerpts=tuple(sorted(self.excerpts.values(), key=lambda e: (e.source, e.start, e.end))),
            codings=tuple(self.codings.values()),
            assertions=tuple(self.assertions.values()),
            lines=tuple(self.evidence.values()),
        )
        return Loaded(made, sorted(self.findings), self.places)

    def read_sources(self, study: StudyFile, cases: Collection[str], refs: Collection[str]) -> dict[str, Source]:
        """Read the documents and find their bodies."""
        self.unique("study.yaml", "sources", study.sources, "source")
        found: dict[str, Source] = {}
        for index, entry in enumerate(study.sources):
            self.progress("reading sources", index, len(study.sources))
            at = ("sources", index)
            self.known("study.yaml", (*at, "case"), entry.case, cases, "case")
            self.known("study.yaml", (*at, "reference"), entry.reference, refs, "reference")
            path = (self.folder / entry.file).resolve()
            if not path.is_relative_to(self.folder.resolve()):
                self.error(
                    "study.yaml",
                    (*at, "file"),
                    "outside-study",
                    f"'{entry.file}' is outside the study folder",
                    "copy it into sources/",
                )
                continue
            split = SOURCES.get(path.suffix.lower())
            if split is None:
                mend = f"use one of {', '.join(sorted(SOURCES))}"
                self.error(
                    "study.yaml", (*at, "file"), "unknown-format", f"no loader reads '{path.suffix}' files", mend
                )
                continue
            if not path.is_file():
                there = [p.relative_to(self.folder).as_posix() for p in self.folder.glob("sources/*")]
                self.error(
                    "study.yaml",
                    (*at, "file"),
                    "missing-file",
                    f"there is no file '{entry.file}'",
                    near(entry.file, there, "a file here"),
                )
                continue
            text = _yaml.read_text(path, entry.file, self.findings)
            if text is None:
                continue
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if entry.sha256 is None:
                self.error(
                    "study.yaml",
                    at,
                    "unpinned-source",
                    f"the source '{entry.id}' has no sha256",
                    f"add 'sha256: {digest}'",
                    "warning",
                )
            elif entry.sha256 != digest:
                self.error(
                    "study.yaml",
                    (*at, "sha256"),
                    "source-edited",
                    f"'{entry.file}' was edited after it was listed",
                    f"restore it; or, if the edit is meant, check its codings and write 'sha256: {digest}'",
                )
            if data.startswith(b"\xef\xbb\xbf"):
                self.findings.append(
                    Finding(
                        entry.file,
                        1,
                        "source-bom",
                        "the source begins with a byte order mark",
                        "offsets count from behind it; save without it to be rid of this",
                        "warning",
                    )
                )
            if "\r" in text:
                line = text[: text.index("\r")].count("\n") + 1
                self.findings.append(
                    Finding(
                        entry.file,
                        line,
                        "source-crlf",
                        "the source has CR line ends",
                        "an offset counts each CR; save with LF to be rid of this",
                        "warning",
                    )
                )
            body = tuple(split(text, entry.title))
            labels: set[str] = set()
            previous = end = None
            for paragraph in body:
                # Two stretches of one paragraph have a citation between them, two paragraphs a label.
                if paragraph.id == previous and f"[{paragraph.id}]" in text[end : paragraph.start]:
                    previous = None
                line = text[: paragraph.start].count("\n") + 1
                if paragraph.id and paragraph.id != previous and paragraph.id in labels:
                    self.findings.append(
                        Finding(
                            entry.file,
                            line,
                            "duplicate-id",
                            f"the paragraph '{paragraph.id}' stands here twice",
                            "rename one",
                        )
                    )
                labels.add(paragraph.id or "")
                if paragraph.id != previous or paragraph.id is None:
                    for key in paragraph.references:
                        if key not in refs and key != "uncited":
                            self.findings.append(
                                Finding(
                                    entry.file,
                                    line,
                                    "unknown-reference",
                                    f"unknown reference '{key}'",
                                    near(key, refs, "a reference"),
                                )
                            )
                previous, end = paragraph.id, paragraph.end
            found[entry.id] = Source(
                id=entry.id,
                file=entry.file,
                title=entry.title,
                role=entry.role,
                case=entry.case,
                language=entry.language,
                reference=entry.reference,
                sha256=digest,
                text=text,
                body=body,
            )
        return found

    def excerpt(
        self, file: str, path: tuple[Any, ...], source: Source, quote: str, prefix: str | None, suffix: str | None
    ) -> str | None:
        """Anchor one quote and return the excerpt's id."""
        text = source.text
        places = anchor.find(text, quote, prefix, suffix)
        at = (*path, "quote")
        if not places:
            others = [s.id for s in self.sources.values() if s.id != source.id and anchor.find(s.text, quote)]
            if others:
                why = f"it stands in {', '.join(others)}"
            elif (prefix or suffix) and anchor.find(text, quote):
                why = "the quote is there, but not with this prefix or suffix"
            else:
                why = anchor.explain(text, quote)
            self.error(file, at, "quote-not-found", f"the quote is not in the source '{source.id}'", why)
            return None
        inside = [p for p in places if anchor.in_body(text, source.body, *p)]
        if not inside:
            self.error(
                file,
                at,
                "quote-not-in-body",
                "the quote stands only in a title, heading, label or citation",
                "quote the body of the text",
            )
            return None
        if len(inside) > 1:
            shown = "; ".join(f"{s}: '…{text[max(0, s - 20) : s]}[…]{text[e : e + 20]}…'" for s, e in inside[:4])
            self.error(
                file,
                at,
                "quote-ambiguous",
                f"the quote stands {len(inside)} times in '{source.id}'",
                f"add a prefix or suffix: {shown}",
            )
            return None
        start, end = inside[0]
        if cut := anchor.cut(text, start, end):
            self.error(
                file, at, "cut-mid-word", f"the quote is cut inside a word: '{cut}'", "quote whole words", "warning"
            )
        paragraph = anchor.in_body(text, source.body, start, end)
        assert paragraph is not None
        identifier = f"{source.id}:{start}-{end}"
        self.places["excerpt", identifier] = (file, self.lines[file].get(at, 0))
        own = (source.reference,) if source.reference else ()
        keys = tuple(
            dict.fromkeys((*own, *(k for p in source.body if p.start < end and start < p.end for k in p.references)))
        )
        self.excerpts[identifier] = Excerpt(
            id=identifier,
            source=source.id,
            start=start,
            end=end,
            exact=text[start:end],
            prefix=text[max(0, start - anchor.CONTEXT) : start],
            suffix=text[end : end + anchor.CONTEXT],
            paragraph=paragraph.id,
            references=keys,
        )
        return identifier

    def read_codings(self, file: str, content: CodingsFile) -> None:
        """Turn the entries of one codings file into excerpts, codings, assertions and evidence lines."""
        known_source = self.known(file, ("source",), content.source, self.file_sources(), "source")
        self.known(file, ("coder",), content.coder, self.coders, "coder")
        source = self.sources.get(content.source)
        for index, entry in enumerate(content.excerpts):
            at: tuple[Any, ...] = ("excerpts", index)
            coder, day = entry.coder or content.coder, entry.date or content.date
            self.known(file, (*at, "coder"), entry.coder, self.coders, "coder")
            for code in entry.codes:
                self.known(file, (*at, "codes"), code, self.codes, "code")
            for claim in entry.asserts:
                self.known(file, (*at, "asserts"), claim, self.propositions, "proposition")
            for number, line in enumerate(entry.evidence):
                self.known(
                    file, (*at, "evidence", number, "proposition"), line.proposition, self.propositions, "proposition"
                )
            if source is None or not known_source:
                continue
            if source.role == "theory" and entry.evidence:
                self.error(
                    file,
                    (*at, "evidence"),
                    "theory-as-evidence",
                    "the theory's own text is no evidence for it",
                    "write 'asserts' instead",
                )
            if source.role != "theory" and entry.asserts:
                self.error(
                    file,
                    (*at, "asserts"),
                    "assertion-outside-theory",
                    f"'{source.id}' is not the theory's own text",
                    "write an evidence line instead",
                )
            excerpt = self.excerpt(file, at, source, entry.quote, entry.prefix, entry.suffix)
            if excerpt is None:
                continue
            for code in entry.codes:
                self.codings[excerpt, code, coder, day.isoformat()] = Coding(
                    excerpt=excerpt, code=code, coder=coder, date=day, memo=entry.memo
                )
            for claim in entry.asserts:
                self.assertions[excerpt, claim] = Assertion(excerpt=excerpt, proposition=claim, coder=coder, date=day)
            for number, line in enumerate(entry.evidence):
                here = (*at, "evidence", number)
                members = [excerpt]
                for position, more in enumerate(line.also):
                    other = self.sources.get(more.source or source.id)
                    if other is None:
                        self.known(
                            file, (*here, "also", position, "source"), more.source, self.file_sources(), "source"
                        )
                    elif other.role == "theory":
                        self.error(
                            file,
                            (*here, "also", position),
                            "theory-as-evidence",
                            "the theory's own text is no evidence for it",
                            "quote another source",
                        )
                    elif joined := self.excerpt(
                        file, (*here, "also", position), other, more.quote, more.prefix, more.suffix
                    ):
                        members.append(joined)
                content_key = json.dumps(
                    [line.proposition, line.stance, members, coder, day.isoformat(), line.rationale], ensure_ascii=False
                )
                identifier = line.id or "line-" + hashlib.sha256(content_key.encode()).hexdigest()[:10]
                if identifier in self.evidence:
                    self.error(
                        file,
                        here,
                        "duplicate-id",
                        f"the evidence line '{identifier}' stands here twice",
                        "remove one, or give it another id",
                    )
                if line.status != "active" and not (line.status_date and line.status_reason):
                    self.error(
                        file,
                        here,
                        "undated-status",
                        f"a {line.status} line needs its day and reason",
                        "add status_date and status_reason",
                    )
                if line.status == "superseded" and not line.replaced_by:
                    self.error(
                        file,
                        here,
                        "superseded-by-nothing",
                        "a superseded line names its successor",
                        "add 'replaced_by: ID'",
                    )
                self.evidence_at[identifier] = (file, here)
                self.places["line", identifier] = (file, self.lines[file].get(here, 0))
                self.evidence[identifier] = EvidenceLine(
                    id=identifier,
                    proposition=line.proposition,
                    excerpts=tuple(dict.fromkeys(members)),
                    stance=line.stance,
                    strength=line.strength,
                    rationale=line.rationale,
                    coder=coder,
                    date=day,
                    status=line.status,
                    status_date=line.status_date,
                    status_reason=line.status_reason,
                    replaced_by=line.replaced_by,
                )

    def file_sources(self) -> set[str]:
        """Return the ids of all listed sources, readable or not."""
        assert self.file is not None
        return {s.id for s in self.file.sources}


def near(word: str, known: Collection[str], kind: str) -> str:
    """Suggest the nearest right thing.

    Args:
        word: what was written.
        known: what would have been right.
        kind: what these are called.

    Returns:
        A sentence.
    """
    from rapidfuzz import process

    best = process.extractOne(word, sorted(known), score_cutoff=60)
    if best:
        return f"did you mean '{best[0]}'?"
    some = sorted(known)[:8]
    return (
        f"{kind} is one of: {', '.join(some)}{' …' if len(known) > len(some) else ''}"
        if some
        else f"there is no {kind} yet"
    )


def _fields(model: type[Record], where: tuple[Any, ...]) -> list[str]:
    """Return the keys allowed at a place inside a model."""
    schema: Any = model.model_json_schema()
    at: Any = schema
    for part in where:
        at = at.get("items", {}) if isinstance(part, int) else at.get("properties", {}).get(part, {})
        for option in (at, *at.get("anyOf", ())):
            if "$ref" in option:
                at = schema["$defs"][option["$ref"].rsplit("/", 1)[1]]
    return sorted(at.get("properties", {}))
