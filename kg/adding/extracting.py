"""Make of a document what a study keeps of it: its text, and what its stretches are called."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from kg import page_map
from kg.cjk import han
from kg.errors import Finding, StudyError
from kg.loaders import documents
from kg.loaders._files import MAX_BYTES
from kg.loaders.documents import speakers as recognising
from kg.loaders.imports.safe import fit, refuse
from kg.places import Place, Places, order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kg.entries import Role, Speaker
    from kg.loaders.documents.document import Document
    from kg.loaders.documents.speakers import Grade

Speakers = Literal["auto", "none"] | dict[str, "Speaker"]
"""Whether turns are looked for even where a text only looks like a transcript; or not at all; or by which labels."""
CHINESE = 0.6
"""Share of the letters that are Chinese characters in a Chinese text; a Japanese one has fewer."""


@dataclass(frozen=True)
class Options:
    """The options of adding: what a person says of the documents.

    Args:
        case: id of the case that they are about.
        reference: key of the publication that they are.
        title: the title of a single document; else it is called as its file.
        role: what they are in the study; else ``literature`` if they are a publication and about no case, or ``case``.
        encoding: what texts are encoded as.
        speakers: who speaks in transcripts; None to take the turns that are sure.
        password: gives the password of a document that is locked, by its name; None when there is none.
    """

    case: str | None = None
    reference: str | None = None
    title: str | None = None
    role: Role | None = None
    encoding: str | None = None
    speakers: Speakers | None = None
    password: Callable[[str], str | None] | None = None


class Extract(NamedTuple):
    """The part of a document that a study keeps.

    Args:
        text: its text.
        suffix: of the file of the text.
        places: what its stretches are called.
        pages: what each page of a PDF gave to the text, as a file has it; empty for others.
        grade: how sure its turns are.
        turns: how many turns each speaker has, or would have.
        language: of the text, where it is told by its letters.
        remarks: warnings of what was left out.
    """

    text: str
    suffix: str
    places: Places
    pages: str
    grade: Grade
    turns: Mapping[str, int]
    language: str | None
    remarks: tuple[Finding, ...]


def extract(path: Path, shown: str, options: Options) -> Extract:
    """Read a document.

    Args:
        path: the file.
        shown: how a person calls it.
        options: what a person says of it.

    Raises:
        StudyError: when it cannot be read; the findings call it as a person does.
    """
    try:
        document = _read(path, shown, options)
    except StudyError as e:
        raise StudyError([replace(finding, file=shown) for finding in e.findings]) from e
    text = fit(document.text)[0]
    if text.startswith("\ufeff"):  # it would be read as a byte order mark
        text = f"\ufffd{text[1:]}"
    data = text.encode()
    if not text.strip():
        refuse(shown, "empty-file", "no text was found in it", "is it the right file?")
    if len(data) > MAX_BYTES:
        refuse(shown, "file-too-big", f"its text has {len(data):,} bytes, more than {MAX_BYTES:,}", "split it")
    grade, called, turns = _turns(document, text, options.speakers)
    roles = recognising.roles(turns) if grade == "sure" else {}
    if isinstance(options.speakers, dict):
        roles |= {label: role for label, role in options.speakers.items() if label in roles}
    with path.open("rb") as stream:
        original = hashlib.file_digest(stream, "sha256").hexdigest()
    pages = page_map.write(document.pages) if document.pages else ""
    places = Places(
        hashlib.sha256(data).hexdigest(),
        original,
        document.loader,
        options.encoding or "",
        roles,
        called,
        document.memos,
        hashlib.sha256(pages.encode()).hexdigest() if pages else "",
    )
    suffix = ".md" if path.suffix.lower() == ".md" else ".txt"
    remarks = [replace(remark, file=shown) for remark in document.remarks]
    if isinstance(options.speakers, dict) and (missing := options.speakers.keys() - turns):
        message = f"no turn of '{', '.join(sorted(missing))}' was found"
        remarks.append(
            Finding(shown, 0, "unknown-speaker", message, "write the labels as the text has them", "warning")
        )
    return Extract(text, suffix, places, pages, grade, turns, _language(text), tuple(remarks))


def _read(path: Path, shown: str, options: Options) -> Document:
    """Read a document; ask for the password of one that is locked."""
    try:
        return documents.read(path, encoding=options.encoding)
    except StudyError as e:
        if options.password is None or all(finding.rule != "locked-document" for finding in e.findings):
            raise
        password = options.password(shown)
        if not password:
            raise
    return documents.read(path, encoding=options.encoding, password=password)


def _turns(
    document: Document, text: str, speakers: Speakers | None
) -> tuple[Grade, tuple[Place, ...], Mapping[str, int]]:
    """Return how sure the turns of a document are, its places with them, and how many each speaker has."""
    others = tuple(place for place in document.places if place.kind != "turn")
    own = [place for place in document.places if place.kind == "turn"]
    if speakers == "none":
        return "no", others, {}
    if own:
        counts: dict[str, int] = {}
        for place in own:
            counts[place.label] = counts.get(place.label, 0) + 1
        return "sure", document.places, counts
    found = recognising.recognise(text)
    # Where a person names one of two speakers, the other one speaks as well.
    if isinstance(speakers, dict) and speakers.keys() - found.speakers:
        found = recognising.by_labels(text, speakers)
    if found.grade == "no" or (found.grade == "ask" and speakers is None):
        return found.grade, others, found.speakers
    turns = [Place("turn", turn.start, turn.end, turn.speaker, time=turn.time) for turn in found.turns]
    return "sure", tuple(sorted([*others, *turns], key=order)), found.speakers


def _language(text: str) -> str | None:
    """Return the language of a text where its characters tell it."""
    sample = text[:20_000]
    letters = sum(character.isalpha() for character in sample)
    return "zh" if letters and len(han().findall(sample)) > CHINESE * letters else None
