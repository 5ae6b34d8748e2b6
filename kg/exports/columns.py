"""What the tables of a study hold: the names, meanings and types of their columns."""

from __future__ import annotations

from typing import NamedTuple

from kg import model
from kg.errors import UnknownTerm, closest

STRING, INTEGER, NUMBER, BOOLEAN, DATE = "string", "integer", "number", "boolean", "date"
"""What a column holds, by its name in Frictionless Table Schema."""


class Column(NamedTuple):
    """A column of a table.

    Args:
        name: its name.
        meaning: what stands in it.
        type: what it holds.
        table: the table whose first column it refers to, if any.
    """

    name: str
    meaning: str
    type: str = STRING
    table: str = ""


class Contents(NamedTuple):
    """The columns and the key of a table.

    Args:
        title: what it holds; a row is one of these.
        key: the columns by which a row is known; empty when rows may be alike.
        columns: in order.
    """

    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of its columns."""
        return tuple(column.name for column in self.columns)


_NAMES = {"stated": "stated_strength", "lowered": "lowered_by"}
"""Columns that are not named as the fields."""
_TABLES = {"proposition": "propositions", "coder": "coders"}


def _own(kind: str) -> tuple[Column, ...]:
    """Return a column for each field that the model gives one."""
    return tuple(
        Column(
            _NAMES.get(field.name, field.name),
            field.meaning,
            field.holds.type,
            _TABLES.get(field.of, ""),
        )
        for field in model.columns(kind)
    )


_EXCERPT = Column("excerpt", "id of the passage", STRING, "excerpts")
_SOURCE = Column("source", "id of the source that the passage is in", STRING, "sources")
_FROM = (
    _SOURCE,
    Column("role", "what the source is to the study: theory, case or literature"),
    Column("case", "id of the case that the source belongs to, if any", STRING, "cases"),
)
_PLACE = (
    Column("quote", "the passage, word for word"),
    Column("start", "where it begins in the source's text (Unicode codepoints, from 0)", INTEGER),
    Column("end", "where it ends (Unicode codepoints, exclusive)", INTEGER),
    Column("paragraph", "label of the paragraph it begins in, if any"),
    Column("locator", "its place in the document, as a term of CSL 1.0.2 and a value such as 'page 12', if told"),
    Column("speakers", "labels of those who speak in it, joined by '; ', if it stands in a transcript"),
    Column("fragment", "where it stands in the original file, as 'page=7' or 't=751.9,755' (seconds), if known"),
)
_RESTS = (
    Column("references", "keys of the references that the passage rests on, joined by '; '"),
    Column("locators", "the places in these, as key, comma, term of CSL 1.0.2 and value, joined by '; ', if told"),
)
_ACT = (
    Column("coder", "id of who did it", STRING, "coders"),
    Column("date", "when", DATE),
)
_CLAIM = Column("proposition", "id of the proposition", STRING, "propositions")
_CODE = Column("code", "id of the code", STRING, "codes")
_LABELS = (Column("label", "its label"), Column("label_zh", "the same in Chinese, if any"))
_FAMILY = Column("family", "id of the selective code that it stands under, or is, if any", STRING, "codes")
_BROADER = Column("broader_codes", "ids of all codes above it, the nearest first, joined by '; '")
_LEVEL = Column("level", "open, axial or selective")

TABLES: dict[str, Contents] = {
    "assertions": Contents(
        "Passages of the theory's own text that state a proposition; they are no evidence",
        (),
        (_CLAIM, _EXCERPT, _SOURCE, *_ACT, *_PLACE),
    ),
    "attributes": Contents(
        "Attributes, and what cases and sources have of them, a row for each value",
        (),
        (
            Column("attribute", "id of the attribute"),
            *_LABELS,
            Column("type", "text, integer, decimal, date, datetime or boolean"),
            Column("kind", "case or source, of what has a value"),
            Column("record", "id of what has a value"),
            Column("value", "the value, as text"),
        ),
    ),
    "authors": Contents(
        "Authors of the references, or editors of those without an author",
        ("author",),
        (
            Column("author", "id of the author"),
            Column("name", "name"),
            Column("kind", "person or organisation"),
            Column("orcid", "ORCID iD, if told"),
            Column("references", "number of references", INTEGER),
        ),
    ),
    "cases": Contents("Cases", ("case",), (Column("case", "id of the case"), *_LABELS)),
    "citations": Contents(
        "Which passage rests on which reference, a row for each place in it",
        (),
        (
            _EXCERPT,
            Column("reference", "key of the reference", STRING, "references"),
            Column("locator_kind", "what the place in the reference is, such as page: a term of CSL 1.0.2, if told"),
            Column("locator", "the place in the reference, such as 12 or 33-35, if told"),
        ),
    ),
    "coders": Contents(
        "Coders",
        ("coder",),
        (
            Column("coder", "id of the coder"),
            Column("name", "name"),
            Column("kind", "person or software"),
            Column("orcid", "ORCID iD of a person, if told"),
            Column("version", "version of software, if told"),
            Column("note", "how this coder worked, if told"),
        ),
    ),
    "codes": Contents(
        "Codes of the codebook",
        ("code",),
        (
            Column("code", "id of the code"),
            *_LABELS,
            _LEVEL,
            Column("paradigm", "condition, action or consequence, of an axial code"),
            Column("broader", "id of the code right above it, if any", STRING, "codes"),
            _FAMILY,
            _BROADER,
            Column("definition", "what it means"),
            Column("include", "when it is given, if told"),
            Column("exclude", "when it is not given, if told"),
            Column("indicates", "id of the concept that it indicates, if any", STRING, "concepts"),
            Column("anchor", "the quote that shows it, if any"),
            Column("codings", "how often it was given", INTEGER),
        ),
    ),
    "codings": Contents(
        "Codings: this coder gave this code to this passage, then",
        (),
        (
            _EXCERPT,
            *_FROM,
            *_ACT,
            _CODE,
            Column("label", "label of the code"),
            _LEVEL,
            _FAMILY,
            _BROADER,
            *_PLACE,
            Column("memo", "what the coder noted, if anything"),
            *_RESTS,
        ),
    ),
    "concepts": Contents(
        "Concepts of the theory",
        ("concept",),
        (
            Column("concept", "id of the concept"),
            *_LABELS,
            Column("kind", "what sort of concept it is, joined by '; '"),
            Column("broader", "ids of the concepts right above it, joined by '; '"),
            Column("related", "ids of related concepts, joined by '; '"),
            Column("definition", "what it means, if told"),
            Column("origin", "where the definition comes from, if told"),
        ),
    ),
    "confidence": Contents(
        "Confidence in claims, after GRADE-CERQual: the concern about a component, or the overall confidence",
        ("proposition", "component"),
        (
            Column("proposition", "id of the proposition", STRING, "propositions"),
            Column(
                "component", "methodological_limitations, coherence, adequacy or relevance; overall for the confidence"
            ),
            Column(
                "level", "of concern none (or very minor), minor, moderate or serious; of confidence high to very-low"
            ),
            Column("reason", "why"),
            *_ACT,
        ),
    ),
    "evidence": Contents(
        "Evidence lines, a row for each passage of a line",
        ("line", "excerpt"),
        (
            Column("line", "id of the evidence line"),
            *_own("line"),
            _EXCERPT,
            *_FROM,
            *_PLACE,
            *_RESTS,
        ),
    ),
    "excerpts": Contents(
        "Passages",
        ("excerpt",),
        (Column("excerpt", "id of the passage"), *_FROM, *_PLACE, *_RESTS),
    ),
    "propositions": Contents(
        "Propositions, and how each stands",
        ("proposition",),
        (
            Column("proposition", "id of the proposition"),
            Column("kind", "finding, definition, gap, method or suggestion"),
            Column("statement", "the proposition in English"),
            Column("statement_zh", "the proposition in Chinese, if any"),
            Column("subject", "id of its subject", STRING, "concepts"),
            Column("relation", "id of its relation", STRING, "relations"),
            Column("object", "id of its object", STRING, "concepts"),
            Column("stage", "id of the stage it is bound to, if any", STRING, "concepts"),
            Column("scope", "where it holds, in words, if anywhere"),
            Column("state", "how it stands, such as supported, contested or looked for evidence, found none"),
            Column("supports", "number of active evidence lines that support it", INTEGER),
            Column("qualifies", "number of active evidence lines that qualify it", INTEGER),
            Column("opposes", "number of active evidence lines that oppose it", INTEGER),
            Column("asserted", "number of passages of the theory's own text that state it; no evidence", INTEGER),
        ),
    ),
    "readings": Contents(
        "Readings: how a coder judged an evidence line that was read again, its author too",
        ("line", "coder", "date", "settles"),
        (
            Column("line", "id of the evidence line", STRING, ""),
            *_ACT,
            Column("stance", "supports, opposes, qualifies or irrelevant"),
            Column("strength", "strong, moderate or weak, if it bears on the claim"),
            Column("alone", "whether the passage carries the claim alone, if that was judged", BOOLEAN),
            Column("settles", "whether the line counts as this reading says, whatever the others say", BOOLEAN),
            Column("reason", "why, if told"),
        ),
    ),
    "questions": Contents(
        "What the theory's own text leaves open, a row for each concept and candidate answer",
        (),
        (
            Column("question", "id of the question"),
            Column("about", "id of the concept it is about", STRING, "concepts"),
            Column("text", "the question in English"),
            Column("text_zh", "the question in Chinese, if any"),
            Column("note", "why it is open"),
            Column("candidate", "id of a candidate answer from the literature, if any", STRING, "concepts"),
        ),
    ),
    "references": Contents(
        "References",
        ("reference",),
        (
            Column("reference", "key of the reference"),
            Column("name", "who and when, in a few words"),
            Column("type", "its type in CSL 1.0.2"),
            Column("authors", "its authors as Family, Given, joined by '; '"),
            Column("author_ids", "ids of its authors, or of its editors if it has none, joined by '; '"),
            Column("year", "when it was issued, if told", INTEGER),
            Column("title", "its title"),
            Column("container", "what it appeared in, such as a journal"),
            Column("volume", "volume"),
            Column("issue", "issue"),
            Column("page", "pages"),
            Column("publisher", "publisher"),
            Column("doi", "DOI"),
            Column("url", "URL"),
            Column("marks", "what lowers the strength of evidence that rests on it, joined by '; '"),
            Column("cited", "whether a source or a passage rests on it", BOOLEAN),
        ),
    ),
    "relations": Contents(
        "Relations between concepts",
        ("relation",),
        (Column("relation", "id of the relation"), *_LABELS),
    ),
    "searches": Contents(
        "Searches for evidence that found nothing, a row for each thing and source",
        (),
        (
            Column("search", "id of the search"),
            Column("about", "id of the proposition or concept"),
            Column("case", "id of the case, if it was one", STRING, "cases"),
            Column("source", "id of a source that was read, if listed", STRING, "sources"),
            Column("note", "where and how it was looked for"),
            *_ACT,
        ),
    ),
    "sets": Contents(
        "Sets of codes, sources or cases, a row for each member",
        (),
        (
            Column("set", "id of the set"),
            *_LABELS,
            Column("description", "what it holds, if told"),
            Column("kind", "code, source or case, of a member"),
            Column("member", "id of the member"),
        ),
    ),
    "settlements": Contents(
        "On which paragraphs and families of codes two coders differed, and how each was settled",
        (),
        (
            Column("source", "id of the source", STRING, "sources"),
            Column("paragraph", "label of the paragraph"),
            Column("family", "id of the selective code", STRING, "codes"),
            Column("decision", "given, or not given"),
            Column("reason", "why"),
            *_ACT,
        ),
    ),
    "sources": Contents(
        "Sources",
        ("source",),
        (
            Column("source", "id of the source"),
            Column("title", "its title"),
            Column("role", "theory, case or literature"),
            Column("case", "id of its case, if any", STRING, "cases"),
            Column("language", "its language"),
            Column("reference", "key of the publication that it is, if any", STRING, "references"),
            Column("witness", "what its passages rest on instead of their references, if it says so"),
            Column("file", "its file inside the study folder"),
            Column("sha256", "SHA-256 of the file"),
            Column("length", "how long its text is (Unicode codepoints)", INTEGER),
        ),
    ),
    "uncoded": Contents(
        "Paragraphs without a code, and why they have none",
        (),
        (
            Column("source", "id of the source", STRING, "sources"),
            Column("paragraph", "label of the paragraph"),
            Column("memo", "why it has no code"),
            *_ACT,
        ),
    ),
}
"""Every table by its name."""


def contents(name: str) -> Contents:
    """Return what a table holds.

    Args:
        name: one of :data:`TABLES`.

    Raises:
        UnknownTerm: when no table has the name.
    """
    if name not in TABLES:
        raise UnknownTerm(name, "table", closest(name, TABLES) or sorted(TABLES))
    return TABLES[name]
