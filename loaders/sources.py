"""The documents of a study: their bytes, their text, and which of it is body."""

from __future__ import annotations

import hashlib
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from unicodedata import normalize

from kg import page_map, places
from kg.entries import UNCITED
from kg.errors import Finding
from kg.loaders import SOURCES, pandoc_citations
from kg.loaders._reader import suggestion
from kg.locators import plain
from kg.records import PageFile, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from kg.entries import SourceEntry, Speaker
    from kg.loaders._files import FileText
    from kg.loaders._reader import Reader
    from kg.records import Paragraph, Unread, Value
    from kg.refs import Place

composed = partial(normalize, "NFC")
_TEXTS = 4
"""Texts whose paragraphs are kept."""


def read(
    reader: Reader, index: int, entry: SourceEntry, references: Collection[str], values: tuple[Value, ...]
) -> Source | None:
    """Read a document and find its body.

    Args:
        reader: takes the findings.
        index: place of the source in study.yaml.
        entry: what stands there.
        references: keys of the references.
        values: what it has of the study's attributes.

    Returns:
        The source, or None when it cannot be read.
    """
    path = reader.folder / entry.file
    at: Place = ("sources", index, "file")
    if not reader.inside(entry.file):
        message = f"'{entry.file}' is outside the study folder"
        reader.error("study.yaml", at, "outside-study", message, "copy it into sources/")
        return None
    suffix = path.suffix.lower()
    if suffix not in SOURCES:
        mend = f"use one of {', '.join(sorted(SOURCES))}"
        reader.error("study.yaml", at, "unknown-format", f"no loader reads '{path.suffix}' files", mend)
        return None
    if not path.is_file():
        message = f"there is no file '{entry.file}'"
        folder = path.parent
        if folder.is_dir() and any(composed(one.name) == composed(path.name) for one in folder.iterdir()):
            mend = "the file's name is in the other Unicode form (é as one character, or as e and an accent): rename it"
            reader.error("study.yaml", at, "missing-file", message, mend)
        else:
            nearest = suggestion(entry.file, lambda: _beside(reader.folder), "a file here")
            reader.error("study.yaml", at, "missing-file", message, completion=nearest)
        return None
    file = reader.text(entry.file)
    if file is None:
        return None
    _check_bytes(reader, ("sources", index, "sha256"), entry, file)
    called = _places(reader, index, entry, file)
    body = _body(suffix, file.text, entry.title)
    _check_paragraphs(reader, entry.file, file.text, body, references)
    return Source(
        id=entry.id,
        file=entry.file,
        title=entry.title,
        role=entry.role,
        case=entry.case,
        language=entry.language,
        reference=entry.reference,
        sha256=file.file.sha256,
        text=file.text,
        body=body,
        witness=entry.witness_token,
        values=values,
        original=entry.original,
        places=tuple(p for p in called.places if p.kind != "turn" or entry.speakers != "none") if called else (),
        speakers=_speakers(reader, index, entry, called) if called else {},
        pages=_pages(entry, called) if called else None,
        consent=entry.consent,
        licence=entry.licence,
        embargo=entry.embargo,
        publish=entry.publish,
    )


@lru_cache(_TEXTS)
def _body(suffix: str, text: str, title: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text, which an edit asks for again and again."""
    return tuple(SOURCES[suffix](text, title))


def _beside(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.glob("sources/*")]


def _check_bytes(reader: Reader, at: Place, entry: SourceEntry, file: FileText) -> None:
    """Check that a source is the one that was listed."""
    text, digest = file.text, file.file.sha256
    if entry.sha256 is None:
        message = f"the source '{entry.id}' has no sha256"
        reader.error("study.yaml", at, "unpinned-source", message, f"add 'sha256: {digest}'", "warning")
    elif entry.sha256 != digest:
        message = f"'{entry.file}' was edited after it was listed"
        mend = f"restore it; or, if the edit is meant, check its codings and write 'sha256: {digest}'"
        if _has_other_line_ends(entry, file):
            message += ": only its line ends were changed, as git does on Windows"
            mend = "restore it; a file .gitattributes with the line 'sources/** -text' has git leave it alone"
        reader.error("study.yaml", at, "source-edited", message, mend)
    if file.bom:
        message = "the source begins with a byte order mark"
        mend = "offsets count from behind it; save without it to be rid of this"
        reader.add(Finding(entry.file, 1, "source-bom", message, mend, "warning"))
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        mend = "an offset counts each CR: leave it as it is once it is coded"
        reader.add(Finding(entry.file, line, "source-crlf", "the source has CR line ends", mend, "warning"))


def _has_other_line_ends(entry: SourceEntry, file: FileText) -> bool:
    """Say whether a text is the one that was listed but for its line ends."""
    bare = ("\ufeff" * file.bom + file.text).replace("\r\n", "\n")
    return entry.sha256 in {hashlib.sha256(text.encode()).hexdigest() for text in (bare, bare.replace("\n", "\r\n"))}


def _places(reader: Reader, index: int, entry: SourceEntry, file: FileText) -> places.Places | None:
    """Read what the stretches of a text are called; None where the file that says it cannot be used."""
    if entry.places is None:
        return places.Places("", "", "")
    written = reader.text(entry.places)
    if written is None or entry.sha256 not in (None, file.file.sha256):
        return None  # of a text that was edited they are not the places
    try:
        called = places.read(written.text, len(file.text))
        if called.text != file.file.sha256:
            raise ValueError(f"it is of another text than '{entry.file}'")
    except ValueError as e:
        mend = f"restore it, or make it anew: kg add --again {entry.id} --write"
        reader.error("study.yaml", ("sources", index, "places"), "broken-places", f"'{entry.places}': {e}", mend)
        return None
    return called


def _pages(entry: SourceEntry, called: places.Places) -> PageFile | None:
    """Return the file of what each page gave to the text, which no build reads."""
    return PageFile(page_map.file_beside(entry.places), called.pages) if entry.places and called.pages else None


def _speakers(reader: Reader, index: int, entry: SourceEntry, called: places.Places) -> dict[str, Speaker]:
    """Return the role of each speaker: as study.yaml has it, else as it was guessed."""
    if entry.speakers == "none":
        return {}
    labels = {place.label: None for place in called.places if place.kind == "turn"}
    given = entry.speakers if isinstance(entry.speakers, dict) else called.speakers
    if isinstance(entry.speakers, dict):
        for label in sorted(given.keys() - labels):
            line = reader.line("study.yaml", ("sources", index, "speakers", label))
            reader.unknown("study.yaml", line, label, ("speaker",), {"speaker": labels})
    return {label: given.get(label, "unknown") for label in labels}


def _check_paragraphs(reader: Reader, file: str, text: str, body: Sequence[Paragraph], refs: Collection[str]) -> None:
    """Check the labels and citations of a source."""
    labels: set[str] = set()
    previous = end = None
    line, at = 1, 0
    for paragraph in body:
        # Two stretches of one paragraph have a citation between them, two paragraphs a label.
        if paragraph.id == previous and f"[{paragraph.id}]" in text[end : paragraph.start]:
            previous = None
        line, at = line + text.count("\n", at, paragraph.start), paragraph.start
        if paragraph.id and paragraph.id != previous and paragraph.id in labels:
            message = f"the paragraph '{paragraph.id}' stands here twice"
            reader.add(Finding(file, line, "duplicate-id", message, "rename one"))
        labels.add(paragraph.id or "")
        if paragraph.id != previous or paragraph.id is None:
            for key in paragraph.references:
                if key not in refs and key != UNCITED:
                    reader.unknown(file, line, key, ("reference",), {"reference": refs})
        for unread in paragraph.unread:
            _unread(reader, file, line + text.count("\n", at, unread.start), unread)
        previous, end = paragraph.id, paragraph.end


def _unread(reader: Reader, file: str, line: int, unread: Unread) -> None:
    """Add the finding that words behind a cited key are no place: plain words are no more than a note."""
    citation = unread.citation
    understood = f"'{plain(str(citation.locator))}'" if citation.locator else "no place"
    words = " ".join(unread.words.split())
    message = f"'{words[:80]}' is not read as a place in '{citation.reference}'; understood: {understood}"
    mend = f"write one place, such as [@{citation.reference}, p. 12], or put what cannot be read in braces: {{p. …}}"
    severity = "warning" if pandoc_citations.is_place(unread.words) else "note"
    reader.add(Finding(file, line, "locator-not-read", message, mend, severity))
