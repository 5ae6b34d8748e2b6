"""The records: one model for every word of the study folder, and all that loaders know.

The ``…File`` models are what a person writes, the others what the loaders make of it:
quotes have found their positions, and sources their text.
Offsets are Unicode codepoints, end exclusive.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Identifier = Annotated[
    str,
    StringConstraints(pattern=r"^[\w][\w.\-]*$", max_length=120),
    Field(description="Letters (of any script), digits, '.', '_' and '-'."),
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Position = Annotated[int, Field(strict=False, ge=0)]
Day = Annotated[datetime.date, Field(strict=False, description="YYYY-MM-DD")]
Role = Literal["theory", "case", "literature"]
Level = Literal["open", "axial", "selective"]
LEVELS: tuple[Level, ...] = get_args(Level)
Kind = Literal["finding", "definition", "gap", "method", "suggestion"]
Stance = Literal["supports", "opposes", "qualifies"]
Strength = Literal["strong", "moderate", "weak"]
Status = Literal["active", "withdrawn", "superseded"]
Paradigm = Literal["condition", "action", "consequence"]
Mark = Literal["company", "promotional", "unlinked"]


class Record(BaseModel):
    """Be the base of all records: frozen, strict, nothing unknown."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Label(Record):
    """Name a thing in English and, where there is one, in Chinese."""

    en: Text
    zh: Text | None = None


class Coder(Record):
    """Name a person or team that codes."""

    id: Identifier
    name: Text
    note: str = Field(default="", description="How this coder worked, such as blind to another's coding.")


class Case(Record):
    """Describe a unit the study compares."""

    id: Identifier
    label: Label
    synonyms: tuple[Text, ...] = Field(default=(), strict=False)


class SourceEntry(Record):
    """List one document of the study in study.yaml."""

    id: Identifier
    file: Text = Field(description="Path inside the study folder; .txt or .md.")
    title: Text
    role: Role = Field(description="theory: the theory's own text, which asserts but is no evidence.")
    case: Identifier | None = None
    language: Text = "en"
    reference: Identifier | None = Field(default=None, description="Key in references.json.")
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = Field(
        default=None, description="SHA-256 of the file's bytes: a source is immutable once coded."
    )


class StudyFile(Record):
    """Describe a study: study.yaml."""

    id: Identifier
    title: Label
    description: str = ""
    license: str = ""
    ontology: tuple[Identifier, ...] = Field(default=(), strict=False)
    coders: tuple[Coder, ...] = Field(strict=False)
    cases: tuple[Case, ...] = Field(default=(), strict=False)
    sources: tuple[SourceEntry, ...] = Field(strict=False)
    uncited: Literal["include", "leave-out"] = Field(
        default="include", description="Whether passages of paragraphs marked [@uncited] are part of the graph."
    )


class Concept(Record):
    """Describe what the theory talks about."""

    id: Identifier
    label: Label
    synonyms: tuple[Text, ...] = Field(default=(), strict=False)
    definition: str = ""
    source: str = Field(default="", description="Where the definition comes from.")
    broader: Identifier | None = None


class Relation(Record):
    """Describe how a proposition ties its subject to its object."""

    id: Identifier
    label: Label
    synonyms: tuple[Text, ...] = Field(default=(), strict=False)
    definition: str = ""


class ConceptsFile(Record):
    """List a study's own concepts and relations: concepts.yaml."""

    concepts: tuple[Concept, ...] = Field(default=(), strict=False)
    relations: tuple[Relation, ...] = Field(default=(), strict=False)


class PassageEntry(Record):
    """Point at a passage of a source by its text."""

    quote: Text = Field(description="The passage, word for word.")
    paragraph: Identifier | None = Field(default=None, description="Label of the paragraph it stands in.")
    prefix: str | None = Field(default=None, description="Text right before, when the quote occurs more than once.")
    suffix: str | None = Field(default=None, description="Text right after, when the quote occurs more than once.")
    start: Position | None = Field(default=None, description="Where it begins, in codepoints; instead of a search.")
    stated: str = Field(default="", description="The passage as the imported file has it, where that differs.")
    unconfirmed: str = Field(
        default="", description="Why it is not counted: the passage was imported and is not what the source holds."
    )


class QuoteEntry(PassageEntry):
    """Point at a passage of any source by its text."""

    source: Identifier | None = None


class AnchorEntry(QuoteEntry):
    """Show a code by a passage that has it."""

    source: Identifier


class Code(Record):
    """Describe an analyst's label."""

    id: Identifier
    level: Level
    label: Label
    definition: str = Field(default="", description="What it means; a code without one is a warning.")
    include: str = ""
    exclude: str = ""
    broader: Identifier | None = None
    indicates: Identifier | None = Field(default=None, description="The concept this code indicates.")
    paradigm: Paradigm | None = Field(default=None, description="What an axial code is in the coding paradigm.")
    anchor: AnchorEntry | None = Field(default=None, description="A passage with this code that shows it best.")


class CodebookFile(Record):
    """List the codes: codebook.yaml."""

    codes: tuple[Code, ...] = Field(strict=False)


class Proposition(Record):
    """State one claim of the theory."""

    id: Identifier
    kind: Kind = "finding"
    statement: Label
    subject: Identifier
    relation: Identifier
    object: Identifier
    stage: Identifier | None = None
    scope: str = ""


class OpenQuestion(Record):
    """Say what the theory's own text leaves open."""

    id: Identifier
    about: tuple[Identifier, ...] = Field(strict=False, min_length=1)
    question: Label
    note: str = ""
    candidates: tuple[Identifier, ...] = Field(
        default=(), strict=False, description="Answers the literature offers, kept apart."
    )


class Search(Record):
    """Record that evidence was looked for and none was found."""

    id: Identifier
    about: tuple[Identifier, ...] = Field(strict=False, min_length=1)
    case: Identifier | None = None
    sources: tuple[Identifier, ...] = Field(default=(), strict=False)
    note: Text = Field(description="Where and how it was looked for.")
    coder: Identifier
    date: Day


class PropositionsFile(Record):
    """List the claims, open questions and vain searches: propositions.yaml."""

    propositions: tuple[Proposition, ...] = Field(strict=False)
    questions: tuple[OpenQuestion, ...] = Field(default=(), strict=False)
    searches: tuple[Search, ...] = Field(default=(), strict=False)


class EvidenceEntry(Record):
    """Tie a passage to a proposition."""

    id: Identifier | None = None
    proposition: Identifier
    stance: Stance
    strength: Strength = Field(description="How directly the passage bears on the proposition.")
    rationale: Text
    also: tuple[QuoteEntry, ...] = Field(default=(), strict=False, description="Further passages of the same line.")
    status: Status = "active"
    status_date: Day | None = None
    status_reason: str = ""
    replaced_by: Identifier | None = None


class ExcerptEntry(PassageEntry):
    """Code one passage."""

    coder: Identifier | None = None
    date: Day | None = None
    codes: tuple[Identifier, ...] = Field(default=(), strict=False)
    memo: str = ""
    asserts: tuple[Identifier, ...] = Field(
        default=(), strict=False, description="Propositions this passage of the theory states; not evidence."
    )
    evidence: tuple[EvidenceEntry, ...] = Field(default=(), strict=False)


class UncodedEntry(Record):
    """Say why a paragraph has no code."""

    paragraph: Identifier
    memo: Text


class CodingsFile(Record):
    """Code the passages of one source: codings/NAME.yaml."""

    source: Identifier
    coder: Identifier
    date: Day
    excerpts: tuple[ExcerptEntry, ...] = Field(strict=False)
    uncoded: tuple[UncodedEntry, ...] = Field(default=(), strict=False)


class Settlement(Record):
    """Settle whether a paragraph belongs to a family of codes on which two coders differ."""

    source: Identifier
    paragraph: Identifier
    family: Identifier = Field(description="The selective code under which the codes stand.")
    decision: Literal["given", "not given"]
    reason: Text
    coder: Identifier
    date: Day


class AgreementFile(Record):
    """Settle what coders disagree on: agreement.yaml."""

    settlements: tuple[Settlement, ...] = Field(strict=False)


FILES: dict[str, type[Record]] = {
    "study": StudyFile,
    "concepts": ConceptsFile,
    "codebook": CodebookFile,
    "propositions": PropositionsFile,
    "codings": CodingsFile,
    "agreement": AgreementFile,
}
"""The files a person writes, by the name of their JSON Schema."""


class Paragraph(Record):
    """Mark a stretch of body text and the references cited in it."""

    start: int
    end: int
    id: str | None = None
    references: tuple[str, ...] = ()


class Source(Record):
    """Hold a document: its text, and which parts of it are body."""

    id: str
    file: str
    title: str
    role: Role
    case: str | None
    language: str
    reference: str | None
    sha256: str
    text: str
    body: tuple[Paragraph, ...]


class Reference(Record):
    """Hold one publication as a CSL-JSON item."""

    id: str
    csl: Mapping[str, Any]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return what lowers the strength of evidence that rests on it: CSL-JSON's ``custom.marks``."""
        return tuple(self.csl.get("custom", {}).get("marks", ()))


class Excerpt(Record):
    """Hold a passage of one source, ``text[start:end] == exact``."""

    id: str
    source: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    paragraph: str | None = None
    references: tuple[str, ...] = ()


class Coding(Record):
    """Hold one act: this coder gave this code to this excerpt, then."""

    excerpt: str
    code: str
    coder: str
    date: datetime.date
    memo: str = ""


class Assertion(Record):
    """Hold that a passage of the theory's own text states a proposition."""

    excerpt: str
    proposition: str
    coder: str
    date: datetime.date


class EvidenceLine(Record):
    """Hold why excerpts support, oppose or qualify a proposition."""

    id: str
    proposition: str
    excerpts: tuple[str, ...]
    stance: Stance
    stated: Strength
    strength: Strength = Field(description="Derived: as stated, or one step lower when all its references are marked.")
    lowered: tuple[str, ...] = Field(description="The marks that lowered it.")
    rationale: str
    coder: str
    date: datetime.date
    status: Status = "active"
    status_date: datetime.date | None = None
    status_reason: str = ""
    replaced_by: str | None = None


class Uncoded(Record):
    """Hold why a paragraph has no code."""

    source: str
    paragraph: str
    memo: str
    coder: str
    date: datetime.date


class Study(Record):
    """Hold a whole study, loaded and anchored."""

    id: str
    title: Label
    description: str
    license: str
    ontology: tuple[str, ...]
    coders: tuple[Coder, ...]
    cases: tuple[Case, ...]
    sources: tuple[Source, ...]
    references: tuple[Reference, ...]
    concepts: tuple[Concept, ...] = Field(description="The study's own concepts.")
    relations: tuple[Relation, ...]
    bundled: Mapping[str, str] = Field(description="Concept or relation id of a bundled ontology -> IRI.")
    codes: tuple[Code, ...]
    anchors: Mapping[str, str] = Field(description="Code -> the excerpt that shows it.")
    propositions: tuple[Proposition, ...]
    questions: tuple[OpenQuestion, ...]
    searches: tuple[Search, ...]
    settlements: tuple[Settlement, ...]
    uncoded: tuple[Uncoded, ...]
    excerpts: tuple[Excerpt, ...]
    codings: tuple[Coding, ...]
    assertions: tuple[Assertion, ...]
    lines: tuple[EvidenceLine, ...]
