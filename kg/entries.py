"""What a person writes: one model for every file of a study folder, and for every entry in it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kg import orcid
from kg.language.shipped import table
from kg.refs import Ref

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


Judgement = Literal["supports", "opposes", "qualifies", "irrelevant"]


Status = Literal["active", "withdrawn", "superseded"]


Counting = Literal["active", "withdrawn", "superseded", "disputed"]
"""Whether an evidence line counts, and else why not: only an active one does."""


Paradigm = Literal["condition", "action", "consequence"]


CoderKind = Literal["person", "software"]


Speaker = Literal["interviewer", "participant", "unknown"]
"""Who speaks in a transcript; of a name alone nobody knows."""


ValueType = Literal["text", "integer", "decimal", "date", "datetime", "boolean"]


Mark = Literal["company", "promotional", "unlinked"]


Component = Literal["methodological_limitations", "coherence", "adequacy", "relevance"]


COMPONENTS: tuple[Component, ...] = get_args(Component)
"""The components of confidence, in the order of GRADE-CERQual."""


Concern = Literal["none", "minor", "moderate", "serious"]


Confidence = Literal["high", "moderate", "low", "very-low"]


CONCERNS: dict[str, str] = {
    "none": "no or very minor concerns",
    "minor": "minor concerns",
    "moderate": "moderate concerns",
    "serious": "serious concerns",
}
"""The levels of concern of GRADE-CERQual in its words, the least first."""


CONFIDENCES: dict[str, str] = {
    "high": "It is highly likely that the claim is a reasonable representation of the phenomenon of interest.",
    "moderate": "It is likely that the claim is a reasonable representation of the phenomenon of interest.",
    "low": "It is possible that the claim is a reasonable representation of the phenomenon of interest.",
    "very-low": "It is not clear whether the claim is a reasonable representation of the phenomenon of interest.",
}
"""The levels of confidence of GRADE-CERQual with what each means, the highest first."""
Publish = Literal["full", "passages", "none"]
"""How much of a source's text goes out: all, its passages with a few words around them, or nothing."""


STUDY_FORMAT = 2
"""The format of a study folder that this version writes; :mod:`kg.upgrade` lists what each brought."""


JUDGED = {
    "supports": "The marked words say or show the relation as the claim has it, and nothing in them limits it.",
    "opposes": (
        "The subject was tested without effect, or something else is named instead, or the subject was there and the "
        "object wholly failed; of a claim that something comes first, carries or is needed, also: it went on without."
    ),
    "qualifies": (
        "It holds by degree, on a condition, for a part, kind, time or some people only, in form only, or in the "
        "reverse order; accounts are disputed; or a single case speaks against a claim of most, few, still or tends."
    ),
    "irrelevant": "The marked words lack the subject, the object or what ties them, or only leave something unsaid.",
    "strong": "A study found it for the very subject and the very object of the claim.",
    "moderate": (
        "A study found it for a neighbour or a part; or an event has, in the marked words, a named actor, an act that "
        "happened, a date, figure or named thing, and a word that joins both sides."
    ),
    "weak": "All else that bears: opinion, advice, promise, thought without finding, one person's story, contrast.",
}
"""The decision rules of docs/judging.md in short, by what is chosen by them."""


def _choices(told: Mapping[str, str], *values: str) -> WithJsonSchema:
    """Return the schema of a choice, in which each value says when it is chosen."""
    return WithJsonSchema({"oneOf": [{"const": value, "description": told[value]} for value in values]})


ToStance = Annotated[Stance, _choices(JUDGED, *get_args(Stance))]


ToJudgement = Annotated[Judgement, _choices(JUDGED, *get_args(Judgement))]


ToStrength = Annotated[Strength, _choices(JUDGED, *get_args(Strength))]


ToConcern = Annotated[Concern, _choices(CONCERNS, *CONCERNS)]


ToConfidence = Annotated[Confidence, _choices(CONFIDENCES, *CONFIDENCES)]


UNCITED = "uncited"
"""The key that marks a paragraph for which there is no publication."""


ACCEPTED = "Why this is right, though 'kg check' doubts it; it is not doubted again."


class Record(BaseModel):
    """The base of all records: frozen, strict, nothing unknown."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Label(Record):
    """The name of a thing in English and, where there is one, in Chinese."""

    en: Text
    zh: Text | None = None


class Coder(Record):
    """A person, a team or a piece of software that codes."""

    id: Identifier
    name: Text
    kind: CoderKind = Field(default="person", description="software: a program or language model, which is no author.")
    orcid: Text | None = Field(
        default=None,
        description="ORCID iD of a person, such as 0000-0002-1825-0097.",
        json_schema_extra={"pattern": r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]"},
    )
    version: Text | None = Field(default=None, description="Version of software, such as 1.4.2.")
    note: str = Field(default="", description="How this coder worked, such as blind to another's coding.")

    @field_validator("orcid")
    @classmethod
    def _of_a_person(cls, written: str | None, info: ValidationInfo) -> str | None:
        if written is None:
            return None
        if info.data.get("kind") == "software":
            raise PydanticCustomError("orcid", "an ORCID iD is a person's, and the coder's kind is software")
        try:
            return orcid.parse(written)
        except ValueError as e:
            raise PydanticCustomError("orcid", "{fault}", {"fault": str(e)}) from None

    @field_validator("version")
    @classmethod
    def _of_software(cls, written: str | None, info: ValidationInfo) -> str | None:
        if written is not None and info.data.get("kind") == "person":
            raise PydanticCustomError(
                "version", "a version is of software; write 'kind: software' if the coder is that"
            )
        return written


class Attribute(Record):
    """A variable: what cases and sources have a value of, all of one type."""

    id: Identifier
    label: Label
    type: ValueType
    description: str = ""


Values = Annotated[
    dict[Identifier, Annotated[Text | bool, WithJsonSchema({"type": ["string", "number", "boolean"]})]],
    Field(default={}, description="Values by the id of their attribute, each of its type."),
]


class Case(Record):
    """A unit the study compares."""

    id: Identifier
    label: Label
    synonyms: tuple[Text, ...] = Field(default=(), strict=False)
    attributes: Values


class Witness(Record):
    """What a source is a witness of: a publication, a person or an event; exactly one of them."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    reference: Annotated[Identifier, Ref("reference")] | None = Field(
        default=None, description="Key in references.json; one witness with whatever cites it."
    )
    person: Text | None = Field(default=None, description="Who tells it; written alike in each source of this person.")
    event: Text | None = Field(default=None, description="The meeting, visit or other occasion that it records.")

    @model_validator(mode="after")
    def _one(self) -> Witness:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise PydanticCustomError("witness", "a witness is one of reference, person and event")
        return self


def _witness(value: Any) -> Any:
    """Read what a source is a witness of, so that an error says what was written and not what was tried."""
    if isinstance(value, dict):
        return Witness.model_validate(value)
    if value is not None and value != "self" and not isinstance(value, Witness):
        message = "'{written}' is no witness; write self, or one of {reference: KEY}, {person: NAME}, {event: NAME}"
        raise PydanticCustomError("witness", message, {"written": value})
    return value


def written_witness(token: str) -> str | dict[str, str]:
    """Return how a source's witness is written in study.yaml.

    Args:
        token: as :attr:`SourceEntry.witness_token` has it.

    Example:
        >>> written_witness("source/qr05"), written_witness("person/Mrs Li")
        ('self', {'person': 'Mrs Li'})
    """
    kind, _, named = token.partition("/")
    return "self" if kind == "source" else {kind: named}


Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Original(Record):
    """The file that the text of a source was made of, such as a PDF."""

    file: Text = Field(description="Path from the study folder; it may lie outside, and need not be there.")
    sha256: Sha256 = Field(description="SHA-256 of its bytes when the text was made.")


def _speakers(value: Any) -> Any:
    """Read who speaks, so that an error says what was written and not what was tried."""
    if isinstance(value, str) and value not in ("auto", "none"):
        message = "'{written}' names no speakers; write auto, none, or the role of each label: {{I: interviewer}}"
        raise PydanticCustomError("speakers", message, {"written": value})
    return value


class SourceEntry(Record):
    """A document of the study, as study.yaml lists it."""

    id: Identifier
    file: Text = Field(description="Path inside the study folder; .txt or .md.")
    title: Text
    role: Role = Field(description="theory: the theory's own text, which asserts but is no evidence.")
    case: Annotated[Identifier, Ref("case")] | None = None
    language: Text = "en"
    reference: Annotated[Identifier, Ref("reference")] | None = Field(
        default=None, description="Key in references.json."
    )
    sha256: Sha256 | None = Field(
        default=None, description="SHA-256 of the file's bytes: a source is immutable once coded."
    )
    witness: Annotated[Literal["self"] | Witness | None, BeforeValidator(_witness)] = Field(
        default=None,
        description="What its passages rest on as one witness, whatever they cite; self: the source counts for itself.",
    )
    original: Original | None = None
    places: Text | None = Field(
        default=None,
        description="File in the study that says what stretches of the text are called, as 'kg add' writes it.",
    )
    speakers: Annotated[Literal["auto", "none"] | dict[Text, Speaker] | None, BeforeValidator(_speakers)] = Field(
        default=None,
        description="Role of each label by which turns begin; auto: guessed from the labels; none: it has no turns.",
    )
    attributes: Values
    consent: str = Field(default="", description="What those who speak or write in it agreed to, in a sentence.")
    licence: str = Field(default="", description="Licence of the document itself, such as CC-BY-4.0.")
    embargo: Day | None = Field(default=None, description="The day until which nothing of its text is published.")
    publish: Publish | None = Field(
        default=None,
        description="What 'kg site', 'kg export', 'kg graph' and 'kg report supplement' give of its text: full, "
        "passages (with a few words around each) or none. Without it as 'publishing' says.",
    )

    @property
    def witness_token(self) -> str | None:
        """Return what its passages rest on instead of their references, such as ``person/Mrs Li``: kind and name."""
        if self.witness is None or self.witness == "self":
            return self.witness and f"source/{self.id}"
        ((kind, named),) = self.witness.model_dump(exclude_none=True).items()
        return f"{kind}/{' '.join(named.split())}"


class Set(Record):
    """A set of codes, sources or cases that belong together."""

    id: Identifier
    label: Label
    description: str = ""
    codes: tuple[Annotated[Identifier, Ref("code")], ...] = Field(default=(), strict=False)
    sources: tuple[Annotated[Identifier, Ref("source")], ...] = Field(default=(), strict=False)
    cases: tuple[Annotated[Identifier, Ref("case")], ...] = Field(default=(), strict=False)


class Phrases(Record):
    """Words of the study's own by which something is asked, such as "which ward" where its cases are wards."""

    asks: str = Field(description="Name of an operation or cue of docs/asking.md, such as cases or supports.")
    en: tuple[Text, ...] = Field(default=(), strict=False)
    zh: tuple[Text, ...] = Field(default=(), strict=False)

    @field_validator("asks")
    @classmethod
    def _is_asked(cls, written: str) -> str:
        asked = table("operations")
        if written not in (names := [*asked["operation"], *asked["cue"]]):
            message = "'{name}' is no operation or cue; those are: {names}"
            raise PydanticCustomError("unknown_operation", message, {"name": written, "names": ", ".join(names)})
        return written


class Publishing(Record):
    """What of the texts of a study's sources is published."""

    publish: Publish = Field(default="full", description="Of sources that do not say it themselves.")
    context: Annotated[int, Field(strict=False, ge=0, le=50)] = Field(
        default=5, description="Words around each passage where only passages are published."
    )


class Organisation(Record):
    """An organisation, such as the university of an author or who paid for a study."""

    name: Text
    ror: Text | None = Field(
        default=None,
        description="Its id of ROR, such as https://ror.org/02nr0ka47.",
        json_schema_extra={"pattern": r"(https://ror\.org/)?0[a-z0-9]{6}\d{2}"},
    )

    @field_validator("ror")
    @classmethod
    def _is_ror(cls, written: str | None) -> str | None:
        if written is None:
            return None
        identifier = written.removeprefix("https://ror.org/")
        if not re.fullmatch(r"0[a-hj-km-np-tv-z0-9]{6}\d{2}", identifier):
            message = "'{written}' has not the form of a ROR id, https://ror.org/02nr0ka47"
            raise PydanticCustomError("ror", message, {"written": written})
        return f"https://ror.org/{identifier}"


class StudyAuthor(Record):
    """A person or organisation that answers for a study."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["family"]}, {"required": ["name"]}]})

    family: Text | None = Field(default=None, description="Family name of a person.")
    given: Text | None = None
    name: Text | None = Field(default=None, description="Whole name, of an organisation or where it is not parted.")
    orcid: Text | None = Field(default=None, description="ORCID iD, such as 0000-0002-1825-0097.")
    affiliation: tuple[Organisation, ...] = Field(default=(), strict=False)

    @field_validator("orcid")
    @classmethod
    def _is_orcid(cls, written: str | None) -> str | None:
        try:
            return written and orcid.parse(written)
        except ValueError as e:
            raise PydanticCustomError("orcid", "{fault}", {"fault": str(e)}) from None

    @model_validator(mode="after")
    def _named(self) -> StudyAuthor:
        if (self.family is None) == (self.name is None) or (self.given and not self.family):
            raise PydanticCustomError("author", "an author has a family and a given name, or a name")
        return self


class Grant(Record):
    """Money that a study was made with."""

    funder: Organisation
    award: Text | None = Field(default=None, description="Number of the grant.")
    title: Text | None = None


DOI = Annotated[
    str, StringConstraints(pattern=r"^10\.\d{4,9}/[!-;=?-\[\]-~]+$"), Field(description="Such as 10.5281/zenodo.1.")
]


class StudyFile(Record):
    """A study: study.yaml."""

    id: Identifier
    format: Annotated[int, Field(strict=False, ge=1)] = Field(
        default=1, description="Version of the format of the study's files; 'kg upgrade' brings it to the newest."
    )
    title: Label
    description: str = ""
    license: str = ""
    ontology: tuple[Identifier, ...] = Field(default=(), strict=False)
    coders: tuple[Coder, ...] = Field(strict=False)
    attributes: tuple[Attribute, ...] = Field(default=(), strict=False)
    cases: tuple[Case, ...] = Field(default=(), strict=False)
    sources: tuple[SourceEntry, ...] = Field(strict=False)
    sets: tuple[Set, ...] = Field(default=(), strict=False)
    phrases: tuple[Phrases, ...] = Field(default=(), strict=False)
    uncited: Literal["include", "leave-out"] = Field(
        default="include", description="Whether passages of paragraphs marked [@uncited] are part of the graph."
    )
    publishing: Publishing = Publishing()
    authors: tuple[StudyAuthor, ...] = Field(default=(), strict=False, description="Who answers for the study.")
    method: str = Field(default="", description="How it was made, in some sentences.")
    coreq: Mapping[Annotated[str, StringConstraints(pattern=r"^([1-9]|[12][0-9]|3[0-2])$")], Text] = Field(
        default={}, strict=False, description="Answers to items of the checklist COREQ, by their numbers."
    )
    ethics: str = Field(default="", description="Who approved it, under which number, and what was agreed to.")
    funding: tuple[Grant, ...] = Field(default=(), strict=False)
    doi: DOI | None = None
    publisher: Organisation | None = Field(default=None, description="Where it is published, such as a repository.")
    published: Day | None = None
    keywords: tuple[Text, ...] = Field(default=(), strict=False)


class Concept(Record):
    """What the theory talks about."""

    id: Identifier
    label: Label
    synonyms: tuple[Text, ...] = Field(default=(), strict=False)
    definition: str = ""
    source: str = Field(default="", description="Where the definition comes from.")
    broader: Annotated[Identifier, Ref("concept")] | None = None


class Relation(Record):
    """How a proposition ties its subject to its object."""

    id: Identifier
    label: Label
    synonyms: tuple[Text, ...] = Field(default=(), strict=False)
    definition: str = ""


class ConceptsFile(Record):
    """A study's own concepts and relations: concepts.yaml."""

    concepts: tuple[Concept, ...] = Field(default=(), strict=False)
    relations: tuple[Relation, ...] = Field(default=(), strict=False)


class PassageEntry(Record):
    """A passage of a source, named by its text."""

    quote: Text = Field(description="The passage, word for word.")
    paragraph: Identifier | None = Field(default=None, description="Label of the paragraph it stands in.")
    prefix: str | None = Field(default=None, description="Text right before, when the quote occurs more than once.")
    suffix: str | None = Field(default=None, description="Text right after, when the quote occurs more than once.")
    start: Position | None = Field(default=None, description="Where it begins, in codepoints; instead of a search.")
    locator: Text | None = Field(
        default=None, description="Its place in the document, such as 'p. 12', 'chap. 3' or '00:12:30'."
    )
    stated: str = Field(default="", description="The passage as the imported file has it, where that differs.")
    unconfirmed: str = Field(
        default="", description="Why it is not counted: the passage was imported and is not what the source holds."
    )


class QuoteEntry(PassageEntry):
    """A passage of any source, named by its text."""

    source: Annotated[Identifier, Ref("source")] | None = None


class AnchorEntry(QuoteEntry):
    """The anchor example of a code."""

    source: Annotated[Identifier, Ref("source")]


class Code(Record):
    """An analyst's label."""

    id: Identifier
    level: Level
    label: Label
    definition: str = Field(default="", description="What it means; a code without one is a warning.")
    include: str = ""
    exclude: str = ""
    broader: Annotated[Identifier, Ref("code")] | None = None
    indicates: Annotated[Identifier, Ref("concept")] | None = Field(
        default=None, description="The concept this code indicates."
    )
    paradigm: Paradigm | None = Field(default=None, description="What an axial code is in the coding paradigm.")
    anchor: AnchorEntry | None = Field(default=None, description="A passage with this code that shows it best.")


class CodebookFile(Record):
    """The codes: codebook.yaml."""

    codes: tuple[Code, ...] = Field(strict=False)


class Proposition(Record):
    """One claim of the theory."""

    id: Identifier
    kind: Kind = "finding"
    statement: Label
    subject: Annotated[Identifier, Ref("concept")]
    relation: Annotated[Identifier, Ref("relation")]
    object: Annotated[Identifier, Ref("concept")]
    stage: Annotated[Identifier, Ref("concept")] | None = None
    scope: str = ""
    accepted: str = Field(default="", description=ACCEPTED)


class OpenQuestion(Record):
    """What the theory's own text leaves open."""

    id: Identifier
    about: tuple[Annotated[Identifier, Ref("concept")], ...] = Field(strict=False, min_length=1)
    question: Label
    note: str = ""
    candidates: tuple[Annotated[Identifier, Ref("concept")], ...] = Field(
        default=(), strict=False, description="Answers the literature offers, kept apart."
    )


class Search(Record):
    """A search for evidence that found none."""

    id: Identifier
    about: tuple[Annotated[Identifier, Ref("concept", "proposition")], ...] = Field(strict=False, min_length=1)
    case: Annotated[Identifier, Ref("case")] | None = None
    sources: tuple[Annotated[Identifier, Ref("source")], ...] = Field(default=(), strict=False)
    note: Text = Field(description="Where and how it was looked for.")
    coder: Annotated[Identifier, Ref("coder")]
    date: Day


class PropositionsFile(Record):
    """The claims, open questions and vain searches: propositions.yaml."""

    propositions: tuple[Proposition, ...] = Field(strict=False)
    questions: tuple[OpenQuestion, ...] = Field(default=(), strict=False)
    searches: tuple[Search, ...] = Field(default=(), strict=False)


class EvidenceEntry(Record):
    """The tie of a passage to a proposition."""

    id: Identifier | None = Field(
        default=None, description="Given once and kept, also when the line is corrected; 'kg upgrade' gives it."
    )
    proposition: Annotated[Identifier, Ref("proposition")]
    stance: ToStance
    strength: ToStrength = Field(description="How directly the passage bears on the proposition.")
    rationale: Text
    accepted: str = Field(default="", description=ACCEPTED)
    also: tuple[QuoteEntry, ...] = Field(default=(), strict=False, description="Further passages of the same line.")
    status: Status = "active"
    status_date: Day | None = None
    status_reason: str = ""
    replaced_by: Annotated[Identifier, Ref("line")] | None = None


class ExcerptEntry(PassageEntry):
    """One coded passage."""

    coder: Annotated[Identifier, Ref("coder")] | None = None
    date: Day | None = None
    codes: tuple[Annotated[Identifier, Ref("code")], ...] = Field(default=(), strict=False)
    memo: str = ""
    asserts: tuple[Annotated[Identifier, Ref("proposition")], ...] = Field(
        default=(), strict=False, description="Propositions this passage of the theory states; not evidence."
    )
    evidence: tuple[EvidenceEntry, ...] = Field(default=(), strict=False)


class UncodedEntry(Record):
    """The reason why a paragraph has no code."""

    paragraph: Identifier
    memo: Text


class CodingsFile(Record):
    """The coded passages of one source: codings/NAME.yaml."""

    source: Annotated[Identifier, Ref("source")]
    coder: Annotated[Identifier, Ref("coder")]
    date: Day
    excerpts: tuple[ExcerptEntry, ...] = Field(strict=False)
    uncoded: tuple[UncodedEntry, ...] = Field(default=(), strict=False)
    whole: bool = Field(
        default=False,
        strict=False,
        description="Whether the coder read all of the source, so that what has no code was judged to need none.",
    )


class ReadingEntry(Record):
    """The judgement of an evidence line by a coder who sees its claim, paragraph and passage, or what settles it."""

    line: Annotated[Identifier, Ref("line")]
    stance: ToJudgement
    strength: ToStrength | None = Field(default=None, description="None for a passage that does not bear on the claim.")
    alone: bool | None = Field(
        default=None, strict=False, description="Whether the passage carries the claim alone, without its paragraph."
    )
    reason: str = ""
    settles: bool = Field(
        default=False,
        strict=False,
        description="Whether it settles what the coders differ on; the line then counts so.",
    )
    coder: Annotated[Identifier, Ref("coder")] | None = None
    date: Day | None = None


class ReadingsFile(Record):
    """Evidence lines of one source as a coder read them again: readings/NAME.yaml."""

    source: Annotated[Identifier, Ref("source")]
    coder: Annotated[Identifier, Ref("coder")]
    date: Day
    readings: tuple[ReadingEntry, ...] = Field(strict=False)


class Settlement(Record):
    """The decision whether a paragraph belongs to a family of codes on which two coders differ."""

    source: Annotated[Identifier, Ref("source")]
    paragraph: Identifier
    family: Annotated[Identifier, Ref("family")] = Field(description="The selective code under which the codes stand.")
    decision: Literal["given", "not given"]
    reason: Text
    coder: Annotated[Identifier, Ref("coder")]
    date: Day


class AgreementFile(Record):
    """What was decided where coders disagree: agreement.yaml."""

    settlements: tuple[Settlement, ...] = Field(strict=False)


class ConcernEntry(Record):
    """The judgement of one component of confidence."""

    concern: ToConcern
    reason: Text
    coder: Annotated[Identifier, Ref("coder")] | None = None
    date: Day | None = None


class ConfidenceEntry(Record):
    """How much confidence a proposition deserves by its evidence, after GRADE-CERQual: four components, then all."""

    proposition: Annotated[Identifier, Ref("proposition")]
    methodological_limitations: ConcernEntry = Field(
        description="Problems in how the studies that gave the evidence were designed or done."
    )
    coherence: ConcernEntry = Field(
        description="How well what the evidence says fits the claim: contrary cases, other explanations."
    )
    adequacy: ConcernEntry = Field(description="How rich the evidence is, and how much of it there is.")
    relevance: ConcernEntry = Field(
        description="How far the evidence is about the people, setting and thing that the claim is about."
    )
    overall: ToConfidence
    reason: Text
    coder: Annotated[Identifier, Ref("coder")] = Field(description="Of each component, too, that has no own.")
    date: Day

    @property
    def components(self) -> dict[Component, ConcernEntry]:
        """Return the judgement of each component."""
        return {name: getattr(self, name) for name in COMPONENTS}


class ConfidenceFile(Record):
    """How much confidence the propositions deserve: confidence.yaml."""

    confidence: tuple[ConfidenceEntry, ...] = Field(strict=False)


Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+/[^\s/][^\x00-\x1f\x7f]*$", max_length=300),
    Field(description="Kind and id of a record, such as proposition/P1."),
]
_FAR = 99_999
"""How far from the middle a record is put at most (pixels)."""


class NeighboursEntry(Record):
    """How many neighbours of a record are shown."""

    record: Key
    kind: Identifier = Field(description="Kind of the neighbours.")
    number: Annotated[int, Field(strict=False, ge=0, le=999)]


class PinEntry(Record):
    """Where a record was put."""

    record: Key
    height: Annotated[int, Field(strict=False, ge=-_FAR, le=_FAR)] = Field(
        description="How far below the middle, in pixels; above it, negative."
    )


class ArrangementEntry(Record):
    """A view of the graph that is kept."""

    id: Identifier
    name: Text
    note: str = ""
    of: tuple[Key, ...] = Field(strict=False, min_length=1, max_length=200, description="What it begins with.")
    show: tuple[NeighboursEntry, ...] | None = Field(
        default=None, strict=False, max_length=200, description="What is shown beside; without it what is at first."
    )
    hide: tuple[Key, ...] = Field(default=(), strict=False, max_length=200)
    pins: tuple[PinEntry, ...] = Field(default=(), strict=False, max_length=200)


class ArrangementsFile(Record):
    """Views of the graph that are kept under a name: arrangements.yaml."""

    arrangements: tuple[ArrangementEntry, ...] = Field(strict=False)


FILES: dict[str, type[Record]] = {
    "study": StudyFile,
    "concepts": ConceptsFile,
    "codebook": CodebookFile,
    "propositions": PropositionsFile,
    "codings": CodingsFile,
    "readings": ReadingsFile,
    "agreement": AgreementFile,
    "confidence": ConfidenceFile,
    "arrangements": ArrangementsFile,
}
"""The files a person writes, by the name of their JSON Schema."""
