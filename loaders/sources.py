"""The documents of a study: their bytes, their text, and which of it is body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import Finding, near
from kg.loaders import SOURCES
from kg.records import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg.loaders._files import FileText
    from kg.loaders._reader import Place, Reader
    from kg.records import Paragraph, SourceEntry, StudyFile


def load(reader: Reader, study: StudyFile, cases: Collection[str], refs: Collection[str]) -> dict[str, Source]:
    """Read the documents and find their bodies.

    Args:
        reader: the study's reader, which takes the findings.
        study: the listing, study.yaml.
        cases: ids of the cases.
        refs: keys of the references.

    Returns:
        The sources that could be read, by id.
    """
    reader.unique("study.yaml", "sources", study.sources, "source")
    found: dict[str, Source] = {}
    for index, entry in enumerate(study.sources):
        reader.progress("reading sources", index, len(study.sources))
        at = ("sources", index)
        reader.known("study.yaml", (*at, "case"), entry.case, cases, "case")
        reader.known("study.yaml", (*at, "reference"), entry.reference, refs, "reference")
        path = reader.folder / entry.file
        if not reader.inside(entry.file):
            reader.error(
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
            reader.error("study.yaml", (*at, "file"), "unknown-format", f"no loader reads '{path.suffix}' files", mend)
            continue
        if not path.is_file():
            there = [p.relative_to(reader.folder).as_posix() for p in reader.folder.glob("sources/*")]
            reader.error(
                "study.yaml",
                (*at, "file"),
                "missing-file",
                f"there is no file '{entry.file}'",
                near(entry.file, there, "a file here"),
            )
            continue
        file = reader.text(entry.file)
        if file is None:
            continue
        text, digest = file.text, file.file.sha256
        _check_bytes(reader, (*at, "sha256"), entry, file)
        body = tuple(split(text, entry.title))
        _check_paragraphs(reader, entry.file, text, body, refs)
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


def _check_bytes(reader: Reader, at: Place, entry: SourceEntry, file: FileText) -> None:
    """Check that a source is the one that was listed."""
    text, digest = file.text, file.file.sha256
    if entry.sha256 is None:
        reader.error(
            "study.yaml",
            at,
            "unpinned-source",
            f"the source '{entry.id}' has no sha256",
            f"add 'sha256: {digest}'",
            "warning",
        )
    elif entry.sha256 != digest:
        reader.error(
            "study.yaml",
            at,
            "source-edited",
            f"'{entry.file}' was edited after it was listed",
            f"restore it; or, if the edit is meant, check its codings and write 'sha256: {digest}'",
        )
    if file.bom:
        reader.findings.append(
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
        reader.findings.append(
            Finding(
                entry.file,
                line,
                "source-crlf",
                "the source has CR line ends",
                "an offset counts each CR: leave it as it is once it is coded",
                "warning",
            )
        )


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
            reader.findings.append(
                Finding(
                    file,
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
                    reader.findings.append(
                        Finding(
                            file,
                            line,
                            "unknown-reference",
                            f"unknown reference '{key}'",
                            reader.near("unknown-reference", key, refs, "a reference"),
                        )
                    )
        previous, end = paragraph.id, paragraph.end
