"""What a file of another tool holds, before it is a study: one model for every format.

Nothing here is checked against the text yet. A loader says what its file says, in the file's own
counting; :mod:`kg.loaders.imports.readings` finds how that counts, and :mod:`kg.importing` writes the study.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Mapping

    from kg.entries import Level, ValueType

Kind = Literal["text", "pdf", "picture", "audio", "video"]


ASTRAL = re.compile("[\U00010000-\U0010ffff]")
"""Characters that UTF-16 counts twice."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to count positions.

    Args:
        utf16: whether a character above U+FFFF counts two, as in Java, JavaScript and Qt.
        crlf_is_one: whether CR LF counts one.
        bom_counts: whether a byte order mark at the beginning of the file counts one.
        base: the number of the first position, 0 or 1.
        inclusive: whether the end is the last position of the passage, not the one behind it.
    """

    utf16: bool = False
    crlf_is_one: bool = False
    bom_counts: bool = False
    base: int = 0
    inclusive: bool = False

    def __str__(self) -> str:
        parts = [f"{'UTF-16 units' if self.utf16 else 'codepoints'} from {self.base}"]
        parts.append("end inclusive" if self.inclusive else "end exclusive")
        parts += ["CR LF counts one"] * self.crlf_is_one + ["the byte order mark counts"] * self.bom_counts
        return ", ".join(parts)

    def of(self, document: Document) -> Reading:
        """Return this reading without what makes no difference in a document, so that like ones are equal."""
        text = document.text or ""
        return Reading(
            self.utf16 and bool(ASTRAL.search(text)),
            self.crlf_is_one and "\r\n" in text,
            self.bom_counts and document.bom,
            self.base,
            self.inclusive,
        )


@dataclass(frozen=True, slots=True)
class Coder:
    """A person who codes.

    Args:
        key: what the file calls them elsewhere.
        name: for people.
        fields: further fields of a coder record, when the file came from this tool.
    """

    key: str
    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A unit of comparison.

    Args:
        key: what the file calls it elsewhere.
        name: for people.
        documents: keys of the documents that belong to it.
        fields: further fields of a case record, when the file came from this tool.
        values: what it has of attributes, as the file writes it, by the attribute's key.
    """

    key: str
    name: str
    documents: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A variable of cases and documents.

    Args:
        key: what the file calls it elsewhere.
        name: for people.
        type: the type of its values.
        description: what the file says of it; may be empty.
        fields: further fields of an attribute record, when the file came from this tool.
    """

    key: str
    name: str
    type: ValueType = "text"
    description: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Set:
    """A set of codes and documents.

    Args:
        key: what the file calls it elsewhere.
        name: for people.
        description: what the file says of it; may be empty.
        codes: keys of the codes in it.
        documents: keys of the documents in it.
        fields: further fields of a set record, when the file came from this tool.
    """

    key: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the codebook.

    Args:
        key: what the file calls it elsewhere.
        name: for people.
        parent: key of the code, category or folder above it.
        definition: what the file says of it; may be empty.
        level: open, axial or selective, when the file says so.
        fields: further fields of a code record, when the file came from this tool.
    """

    key: str
    name: str
    parent: str | None = None
    definition: str = ""
    level: Level | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """A coding: the code that a passage was given, by whom and when.

    Args:
        code: the code's key.
        coder: key of who gave it; None when the file does not say.
        date: when; None when the file does not say.
        memo: what was written beside it.
    """

    code: str
    coder: str | None = None
    date: datetime.date | None = None
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of what a passage has to do with a proposition, when the file came from this tool.

    Args:
        coder: key of who says so.
        date: when.
        asserts: the proposition that the passage states; empty when it is evidence.
        evidence: an evidence entry of a codings file.
    """

    coder: str
    date: datetime.date
    asserts: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A marked stretch of a document, as the file has it.

    Args:
        where: how a report names it, such as ``selection 3f2a``, ``row 12``.
        start: where it begins, in the file's own counting; None when the file has the text alone.
        end: where it ends, in the file's own counting.
        stated: the passage's text as the file stores it; None when it stores positions alone.
        hint: text that may be the passage's beginning, such as a selection's name.
        prefix: text right before it, when the file has it.
        suffix: text right after it, when the file has it.
        given: the codes that it has.
        memo: what was written beside the passage itself.
        coder: key of who marked it.
        date: when it was marked.
        paragraph: label of the paragraph it stands in, when the file came from this tool.
        claims: what it has to do with propositions.
        locator: its place in the document, such as ``p. 12``, as a codings file has it; empty when the file says none.
    """

    where: str
    start: int | None = None
    end: int | None = None
    stated: str | None = None
    hint: str = ""
    prefix: str | None = None
    suffix: str | None = None
    given: tuple[Given, ...] = ()
    memo: str = ""
    coder: str | None = None
    date: datetime.date | None = None
    paragraph: str | None = None
    claims: tuple[Claim, ...] = ()
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document and its passages.

    Args:
        key: what the file calls it elsewhere.
        name: for people; may be empty.
        text: its text without a byte order mark; None when the file has none.
        bom: whether the stored text began with a byte order mark.
        kind: what it is.
        passages: its marked passages, in the file's order.
        fields: further fields of a source entry, when the file came from this tool.
        is_row: whether it is a row of a table: "Yes." under another name is another document.
        values: what it has of attributes, as the file writes it, by the attribute's key.
    """

    key: str
    name: str
    text: str | None
    bom: bool = False
    kind: Kind = "text"
    passages: tuple[Passage, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_row: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memo:
    """A note that belongs to no passage: to a code, a document, the whole.

    Args:
        name: its title.
        text: what it says.
        about: what it belongs to, for a reader.
    """

    name: str
    text: str
    about: str = ""


@dataclass(slots=True)
class Material:
    """The content of a file, in the same form whatever its format.

    Args:
        title: the project's name; may be empty.
        documents: gives the documents one at a time, each time it is called anew.
        readings: how its positions may be meant, the likeliest first; empty when it has none.
        description: what the file says of itself.
        coders: who coded.
        cases: what is compared.
        attributes: the variables of cases and documents.
        sets: sets of codes and documents.
        codes: the codebook; a code may come before its parent.
        references: publications, as CSL-JSON items.
        memos: notes that belong to no passage.
        date: the day that codings without a day of their own get; None when the file has none.
        lost: how many elements of which kind were not taken, by a phrase such as
            ``"colours of codes"``. Loaders add to it, also while documents are given.
        said: sentences a person should read.
        records: content of further study files, by the name of their schema, when the file came from this tool.
    """

    title: str
    documents: Callable[[], Iterator[Document]] = lambda: iter(())
    readings: tuple[Reading, ...] = ()
    description: str = ""
    coders: tuple[Coder, ...] = ()
    cases: tuple[Case, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    sets: tuple[Set, ...] = ()
    codes: tuple[Code, ...] = ()
    references: tuple[Mapping[str, Any], ...] = ()
    memos: tuple[Memo, ...] = ()
    date: datetime.date | None = None
    lost: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    records: Mapping[str, Any] = field(default_factory=dict)
