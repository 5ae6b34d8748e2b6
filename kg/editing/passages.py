"""Passages in the codings files of a study: where one stands, and the entries that are about it."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import nearest
from kg.entries import EvidenceEntry, PassageEntry
from kg.errors import EditRefused, Finding, StudyError, UnknownTerm
from kg.ids import excerpt_id, line_id, source_of, span_of
from kg.loaders import passages
from kg.loaders.passages import Misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.editing.files import Files
    from kg.loaders._yaml_text import Path
    from kg.loaders.passages import Document, Span
    from kg.nearest import Proposal

_PLACE = ("quote", "paragraph", "prefix", "suffix", "start")


class Found(NamedTuple):
    """An entry of a codings file that is about a passage.

    Args:
        file: the codings file.
        number: which of its excerpts.
        value: what stands there.
        coder: who coded it.
        date: when.
    """

    file: str
    number: int
    value: dict[str, Any]
    coder: str
    date: str

    @property
    def path(self) -> Path:
        """Return where it stands in the file."""
        return "excerpts", self.number


def place(document: Document, quote: str, start: int | None = None, end: int | None = None) -> Span:
    """Find where a passage stands.

    Args:
        document: the source.
        quote: its words.
        start: where it begins (codepoints), when it stands more than once.
        end: where it ends, exclusive, where that is said, too.

    Raises:
        StudyError: when it does not stand there, or not exactly once.
    """
    source = document.source
    if start is not None and end is not None:
        there = source.text[start:end]
        # Who selects a word takes the blank beside it along.
        start, there = start + len(there) - len(there.lstrip()), there.strip()
        if " ".join(there.split()) != " ".join(quote.split()):
            message = f"at {start} '{source.id}' has other words than the quote"
            raise StudyError([Finding(source.file, 0, "quote-not-found", message, f"it has {there[:200]!r}")])
        quote = there
    found = passages.place(document, PassageEntry(quote=quote, start=start))
    if isinstance(found, Misplaced):
        near = () if found.mend else nearest.propose(source.text, quote, body=source.body)
        likely = f"is it {nearest.shown(near[0])}?" if near else "nothing in the source comes near it"
        mend = found.mend or likely
        if found.rule == "quote-ambiguous":
            mend = mend.replace("add a prefix or suffix", "say with --start where the one begins that is meant")
        raise StudyError([Finding(source.file, 0, found.rule, found.message, mend)])
    return found


def written(document: Document, span: Span) -> dict[str, Any]:
    """Return how a passage is written in a codings file: its words, and where it begins if they do not tell that.

    Args:
        document: the source.
        span: where it stands.
    """
    text = document.source.text[slice(*span)]
    for values in ({"quote": " ".join(text.split())}, {"quote": text}, {"quote": text, "start": span[0]}):
        if passages.place(document, PassageEntry.model_validate(values)) == span:
            return values
    raise EditRefused(f"the passage at {span[0]}-{span[1]} of '{document.source.id}' cannot be quoted")


def stands(document: Document, found: Found) -> Span | None:
    """Return where an entry's passage stands; None when that cannot be said.

    Args:
        document: the source.
        found: the entry.
    """
    span = passages.place(document, _entry(found.value))
    return None if isinstance(span, Misplaced) else span


def _entry(value: dict[str, Any]) -> PassageEntry:
    """Return what of a value tells the place of its passage."""
    return PassageEntry.model_validate({key: value[key] for key in _PLACE if key in value})


def about(files: Files, source: str, span: Span) -> Iterator[Found]:
    """Give the entries that are about a passage, by file and place.

    Args:
        files: of the study.
        source: id of the source.
        span: where the passage stands.
    """
    document = files.document(source)
    words = document.source.text[slice(*span)].split()
    for found in entries(files, source):
        if found.value.get("unconfirmed") or found.value["quote"].split() != words:
            continue
        if stands(document, found) == span:
            yield found


def entries(files: Files, source: str) -> Iterator[Found]:
    """Give the coded passages of a source, by file and place.

    Args:
        files: of the study.
        source: id of the source.
    """
    for name in files.of_source("codings", source):
        yield from _entries(files, name)


def _entries(files: Files, name: str) -> Iterator[Found]:
    content = files.value(name)
    for number, value in enumerate(content["excerpts"]):
        coder, date = value.get("coder") or content["coder"], value.get("date") or content["date"]
        yield Found(name, number, value, coder, date)


def named(files: Files, excerpt: str) -> tuple[str, Span, list[Found]]:
    """Return the source and place that the id of a passage names, and the entries about it.

    Args:
        files: of the study.
        excerpt: the passage's id, such as ``interview:39-121``.

    Raises:
        UnknownTerm: when no entry is about it.
    """
    first, _, last = span_of(excerpt).partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        raise UnknownTerm(excerpt, "passage")
    span = int(first), int(last)
    found = list(about(files, source_of(excerpt), span))
    if not found:
        raise UnknownTerm(excerpt, "passage")
    return source_of(excerpt), span, found


def line(files: Files, identifier: str) -> tuple[Found, int]:
    """Return the entry in which an evidence line stands, and which of its lines it is.

    Args:
        files: of the study.
        identifier: the line's id.

    Raises:
        UnknownTerm: when no file has it.
    """
    for name in files.names("codings"):
        if identifier not in (files.text(name) or ""):
            continue
        for found in _entries(files, name):
            for at, one in enumerate(found.value.get("evidence", ())):
                if one.get("id") == identifier:
                    return found, at
    raise UnknownTerm(identifier, "evidence line with an id of its own")


def identified(files: Files, identifier: str) -> tuple[Found, int]:
    """Return the entry in which an evidence line stands, and which it is; write an id that only the build gives it.

    Args:
        files: of the study.
        identifier: the line's id.

    Raises:
        UnknownTerm: when there is no such line.
    """
    try:
        return line(files, identifier)
    except UnknownTerm:
        for name in files.names("codings"):
            for found in _entries(files, name):
                for at, one in enumerate(found.value.get("evidence", ())):
                    if "id" not in one and _given(files, found, one) == identifier:
                        path = (*found.path, "evidence", at)
                        files.change(name, lambda yaml, path=path: yaml.set(path, {"id": identifier}))  # type: ignore[misc]
                        return found, at
        raise


def _given(files: Files, found: Found, value: dict[str, Any]) -> str:
    """Return the id that a build gives an evidence line without one; empty when a passage of it has no place."""
    here = source(files, found.file)
    members = []
    for one, of in ((found.value, here), *((one, one.get("source", here)) for one in value.get("also", ()))):
        span = passages.place(document := files.document(of), _entry(one))
        if isinstance(span, Misplaced):
            return ""
        members.append(excerpt_id(document.source.id, *span))
    said = EvidenceEntry.model_validate({key: value[key] for key in ("proposition", "stance", "strength", "rationale")})
    return line_id([said.proposition, said.stance, members, found.coder, found.date, said.rationale])


class Lost(NamedTuple):
    """A passage that does not count, because it is not confirmed or not in its source.

    Args:
        address: how a person names it: the codings file and which of its excerpts, such as ``interview-1:3``.
        found: the entry.
        why: why it does not count.
        proposals: the places that it may mean, the likeliest first.
    """

    address: str
    found: Found
    why: str
    proposals: tuple[Proposal, ...]

    @property
    def letters(self) -> dict[str, Proposal]:
        """Return each place by its letter."""
        return dict(zip(string.ascii_lowercase, self.proposals, strict=False))


def lost(files: Files, name: str) -> Iterator[Lost]:
    """Give the passages of a codings file that do not count, in its order.

    Args:
        files: of the study.
        name: the file.
    """
    document = files.document(source(files, name))
    body, text = document.source.body, document.source.text
    for one in _entries(files, name):
        why, quote = one.value.get("unconfirmed", ""), one.value["quote"]
        if not why:
            missed = passages.place(document, _entry(one.value))
            if not isinstance(missed, Misplaced) or missed.rule != "quote-not-found":
                continue
            why = missed.message
        start = int(one.value["start"]) if "start" in one.value else None
        stated = one.value.get("stated", "")
        proposals = nearest.propose(text, quote, stated=stated, start=start, body=body)
        address = f"{name.removeprefix('codings/').removesuffix('.yaml')}:{one.number + 1}"
        yield Lost(address, one, why, proposals)


def source(files: Files, name: str) -> str:
    """Return the source that a codings file is about."""
    return str(files.value(name)["source"])
