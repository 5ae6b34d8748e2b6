"""The records: what the loaders make of what a person wrote; quotes have found their positions, sources their text.

Offsets are Unicode codepoints, end exclusive.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import Field

from kg.cjk import cjk
from kg.entries import (
    UNCITED,
    Attribute,
    Case,
    Code,
    Coder,
    Component,
    Concept,
    Counting,
    Judgement,
    Label,
    Mark,
    OpenQuestion,
    Original,
    Phrases,
    Proposition,
    Publish,
    Record,
    Relation,
    Role,
    Search,
    Set,
    Settlement,
    Speaker,
    Stance,
    Strength,
    Text,
    ValueType,
)
from kg.entries import Concern as ConcernLevel
from kg.entries import Confidence as ConfidenceLevel
from kg.locators import Term
from kg.places import Place


class Locator(Record):
    """A place in a publication or document, such as a page: where a reader finds a passage again."""

    kind: Term = Field(description="A term of CSL 1.0.2.")
    value: Text

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Citation(Record):
    """The citation of a reference, with the place in it where one is given."""

    reference: str
    locator: Locator | None = None


def _keys(citations: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(citation.reference for citation in citations))


class Unread(NamedTuple):
    """Words behind a cited key that are no place that can be read.

    Args:
        start: where they begin (codepoints).
        words: the words.
        citation: what was understood.
    """

    start: int
    words: str
    citation: Citation


class Paragraph(Record):
    """A stretch of body text and what is cited in it."""

    start: int
    end: int
    id: str | None = None
    citations: tuple[Citation, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Return the keys of what is cited, each once, in the order of the text."""
        return _keys(self.citations)


class Value(NamedTuple):
    """A value of an attribute in the one form of :func:`kg.values.parse`.

    Args:
        attribute: id of the attribute.
        type: its type.
        text: the value.
    """

    attribute: str
    type: ValueType
    text: str


class PageFile(NamedTuple):
    """The file of what each page of a PDF gave to its text (:mod:`kg.page_map`).

    Args:
        file: its path in the study.
        sha256: of its bytes when it was written.
    """

    file: str
    sha256: str


class Source(Record):
    """A document: its text, and which parts of it are body."""

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
    witness: str | None = Field(default=None, description="As SourceEntry.witness_token has it.")
    values: tuple[Value, ...] = ()
    original: Original | None = None
    places: tuple[Place, ...] = Field(default=(), description="Its pages, headings, turns and the like, in order.")
    speakers: Mapping[str, Speaker] = Field(default={}, description="The role of each label by which its turns begin.")
    pages: PageFile | None = None
    readers: tuple[str, ...] = Field(default=(), description="Ids of the coders who read all of it, sorted.")
    consent: str = ""
    licence: str = ""
    embargo: datetime.date | None = None
    publish: Publish | None = None

    @property
    def participants(self) -> tuple[str, ...]:
        """Return the labels of those who speak and do not ask, sorted."""
        return tuple(sorted(label for label, role in self.speakers.items() if role != "interviewer" and label))


class Author(Record):
    """A person or organisation that wrote or edited references, as :mod:`kg.authors` finds them in these."""

    id: str
    family: str = Field(default="", description="Family name with its particles; empty where a name is not parted.")
    given: str = ""
    literal: str = Field(default="", description="The whole name, where it is not parted.")
    orcid: str | None = None
    organisation: bool = False

    @property
    def name(self) -> str:
        """Return the name as lists of references have it: the family name first."""
        if cjk().search(self.family):
            return self.family + self.given
        return self.literal or ", ".join(filter(None, (self.family, self.given)))

    @property
    def kind(self) -> Literal["person", "organisation"]:
        """Return whether it is a person or an organisation."""
        return "organisation" if self.organisation else "person"


class Reference(Record):
    """One publication as a CSL-JSON item."""

    id: str
    csl: Mapping[str, Any]
    name: str = Field(default="", description="Derived: who and when, in a few words that no other reference has.")
    authors: tuple[str, ...] = Field(default=(), description="Ids of its authors, or of its editors if it has none.")

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return what lowers the strength of evidence that rests on it: CSL-JSON's ``custom.marks``."""
        return tuple(self.csl.get("custom", {}).get("marks", ()))


class Excerpt(Record):
    """A passage of one source, ``text[start:end] == exact``."""

    id: str
    source: str
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    paragraph: str | None = None
    locator: Locator | None = Field(default=None, description="Its place in the document that its source is.")
    speakers: tuple[str, ...] = Field(default=(), description="Labels of those who speak in it, sorted.")
    fragment: str = Field(
        default="", description="Where it stands in the original, such as page=7: part of an address."
    )
    citations: tuple[Citation, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Return the keys of what it rests on, each once: of its source first, then in the order of the text."""
        return _keys(self.citations)

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Return the places in the publications that it rests on: each key with its place, sorted."""
        return tuple(sorted({(c.reference, str(c.locator)) for c in self.citations if c.locator}))

    @property
    def cited(self) -> tuple[str, ...]:
        """Return the keys of the publications that it rests on: its references without :data:`UNCITED`, sorted."""
        return tuple(sorted({key for key in self.references if key != UNCITED}))


class Coding(Record):
    """One coding: a coder gave a code to an excerpt on a day."""

    excerpt: str
    code: str
    coder: str
    date: datetime.date
    memo: str = ""


class Assertion(Record):
    """The statement of a proposition by a passage of the theory's own text."""

    excerpt: str
    proposition: str
    coder: str
    date: datetime.date


class EvidenceLine(Record):
    """The reason why excerpts support, oppose or qualify a proposition."""

    id: str
    proposition: str
    excerpts: tuple[str, ...]
    stance: Stance
    stated: Strength
    strength: Strength = Field(description="Derived: as stated, or one step lower when all its references are marked.")
    lowered: tuple[str, ...] = Field(description="The marks that lowered it.")
    rationale: str
    accepted: str = Field(default="", description="Why it is right, though a check doubts it.")
    coder: str
    date: datetime.date
    status: Counting = "active"
    status_date: datetime.date | None = None
    status_reason: str = ""
    replaced_by: str | None = None


class Reading(Record):
    """The judgement of an evidence line by a coder; of a line that was read again its author's is one, too."""

    line: str
    coder: str
    date: datetime.date
    stance: Judgement
    strength: Strength | None = None
    alone: bool | None = None
    reason: str = ""
    settles: bool = False

    @property
    def act(self) -> str:
        """Return what the coder did: ``reads`` or ``settles``."""
        return "settles" if self.settles else "reads"


class Confidence(Record):
    """How much confidence a proposition deserves by its evidence."""

    proposition: str
    level: ConfidenceLevel
    reason: str
    coder: str
    date: datetime.date


class Concern(Record):
    """The level of concern about one component of the confidence in a proposition."""

    proposition: str
    component: Component
    level: ConcernLevel
    reason: str
    coder: str
    date: datetime.date


class Uncoded(Record):
    """The reason why a paragraph has no code, with who gave it."""

    source: str
    paragraph: str
    memo: str
    coder: str
    date: datetime.date


class SourcePart(NamedTuple):
    """The records of one source: all that its named graph states.

    Args:
        study: the study's id.
        source: the source.
        excerpts: its passages, in their order.
        codings: the codings of these.
        uncoded: its paragraphs without a code.
        settlements: what was settled of its paragraphs.
        assertions: the propositions that its passages state.
        lines: the evidence lines whose first passage stands in it.
        readings: how coders read these again.
        quoted: the passages of other sources that these lines quote.
    """

    study: str
    source: Source
    excerpts: list[Excerpt]
    codings: list[Coding]
    uncoded: list[Uncoded]
    settlements: list[Settlement]
    assertions: list[Assertion]
    lines: list[EvidenceLine]
    readings: list[Reading]
    quoted: list[Excerpt]


class Study(Record):
    """A whole study, loaded and anchored."""

    id: str
    title: Label
    description: str
    license: str
    ontology: tuple[str, ...]
    coders: tuple[Coder, ...]
    attributes: tuple[Attribute, ...] = ()
    cases: tuple[Case, ...]
    values: Mapping[str, tuple[Value, ...]] = Field(default={}, description="Case -> its values of attributes.")
    sources: tuple[Source, ...]
    sets: tuple[Set, ...] = ()
    phrases: tuple[Phrases, ...] = ()
    references: tuple[Reference, ...]
    authors: tuple[Author, ...] = Field(description="Who wrote or edited the references.")
    concepts: tuple[Concept, ...] = Field(description="The study's own concepts.")
    relations: tuple[Relation, ...]
    bundled: Mapping[str, str] = Field(description="Concept or relation id of a bundled ontology -> IRI.")
    codes: tuple[Code, ...]
    anchors: Mapping[str, str] = Field(description="Code -> the excerpt that shows it.")
    propositions: tuple[Proposition, ...]
    questions: tuple[OpenQuestion, ...]
    searches: tuple[Search, ...]
    settlements: tuple[Settlement, ...]
    confidences: tuple[Confidence, ...] = ()
    concerns: tuple[Concern, ...] = ()
    uncoded: tuple[Uncoded, ...]
    excerpts: tuple[Excerpt, ...]
    codings: tuple[Coding, ...]
    assertions: tuple[Assertion, ...]
    lines: tuple[EvidenceLine, ...]
    readings: tuple[Reading, ...]
