"""What is kept of a source that was read, so that it is not read again while nothing that it is made of changes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.entries import UNCITED
from kg.errors import Finding
from kg.loaders.codings import LinePlace, Part
from kg.loaders.unread import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.entries import SourceEntry
    from kg.inputs import File
    from kg.loaders._reader import Completion, Reader
    from kg.loaders.codings import SourceFiles
    from kg.loaders.theory import Theory

    Entries = Mapping[str, SourceEntry]


class Kept(NamedTuple):
    """The content of the files of one source but for its records, and all that the records depend on.

    It is written down as JSON, so that its values are lists, mappings and texts.

    Args:
        basis: digest of what the study's other files say of the source and of those that it quotes.
        codings: names of its codings files.
        readings: names of its readings files.
        quotes: ids of the other sources that its evidence lines quote.
        uses: kinds and id of each record that its files name.
        marks: the marks of each reference that its passages and texts cite.
        findings: what is wrong with it, and whether that takes long to say; nothing of it forbids a build.
        lines: the places of its evidence lines.
        anchors: ids of the passages that show codes, by code.
        left_out: ids of passages that are left out.
        unnamed: by codings file the places and ids of the evidence lines that have none there.
    """

    basis: str
    codings: list[str]
    readings: list[str]
    quotes: list[str]
    uses: list[tuple[list[str], str]]
    marks: dict[str, list[str]]
    findings: list[tuple[list[Any], bool]]
    lines: list[list[Any]]
    anchors: dict[str, str]
    left_out: list[str]
    unnamed: dict[str, list[tuple[list[Any], str]]]

    @classmethod
    def parse(cls, text: str) -> Kept:
        """Read it from JSON."""
        return cls(*json.loads(text))

    def __str__(self) -> str:
        """Return it as JSON."""
        return json.dumps(self, ensure_ascii=False)


def keep(files: SourceFiles, part: Part, theory: Theory, entries: Entries, states: Mapping[str, File | None]) -> Kept:
    """Return what is kept of a source.

    Args:
        files: of the source.
        part: what they hold, without an error.
        theory: what belongs to no single source.
        entries: the sources that study.yaml lists, by id.
        states: of the files of the study that were read.
    """
    assert part.records is not None
    source, quoted = part.records.source, part.records.quoted
    cited = {key for paragraph in source.body for key in paragraph.references}
    cited.update(key for excerpt in (*part.records.excerpts, *quoted) for key in excerpt.references)
    references = sorted((cited | {source.reference}) - {None, UNCITED}, key=str)
    uses = sorted((list(kinds), name) for kinds, name in part.reader.used if kinds[0] in theory.ids)
    named = {name for kinds, name in uses if kinds[0] == "source"}
    quotes = sorted(named.union(excerpt.source for excerpt in quoted) - {source.id})
    reader = part.reader
    findings = [
        (list(astuple(finding)), reader.is_unfinished(number)) for number, finding in enumerate(reader.findings)
    ]
    return Kept(
        basis=_basis(files, theory, entries, quotes, findings, states),
        codings=list(files.codings),
        readings=list(files.readings),
        quotes=quotes,
        uses=uses,
        # What is no reference is an error of the source that cites it, which may be read later; no build keeps this.
        marks={str(key): list(theory.references[str(key)].marks) for key in references if key in theory.references},
        findings=findings,
        lines=[list(place) for place in part.lines],
        anchors=dict(part.anchors),
        left_out=sorted(part.left_out),
        unnamed={file: [(list(at), name) for at, name in ids.items()] for file, ids in part.unnamed.items()},
    )


def holds(
    kept: Kept,
    files: SourceFiles,
    theory: Theory,
    entries: Entries,
    states: Mapping[str, File | None],
    unchanged: Mapping[str, File],
) -> bool:
    """Say whether a source, when it was read again, would be as it was.

    Args:
        kept: what was kept of it.
        files: of the source now.
        theory: what belongs to no single source now.
        entries: the sources that study.yaml lists, by id.
        states: of the files of the study that belong to no single source.
        unchanged: the files of the study that are as they were.
    """
    if files.codings != kept.codings or files.readings != kept.readings or len(files.listed) != 1:
        return False
    if any(source not in entries for source in kept.quotes):
        return False
    texts = [
        name
        for source in (files.listed[0][1].id, *kept.quotes)
        for name in (entries[source].file, entries[source].places)
        if name is not None
    ]
    return (
        all(name in unchanged for name in (*kept.codings, *kept.readings, *texts))
        and all(any(name in theory.ids[kind] for kind in kinds) for kinds, name in kept.uses)
        and all(
            key in theory.references and list(theory.references[key].marks) == marks
            for key, marks in kept.marks.items()
        )
        and kept.basis == _basis(files, theory, entries, kept.quotes, kept.findings, states)
    )


def restore(kept: Kept, reader: Reader, completion: Callable[[int], Completion]) -> Part:
    """Return what was read of a source, without its records.

    Args:
        kept: what was kept of it, which holds.
        reader: a reader of the study that found nothing yet.
        completion: gives what completes the finding with a number.
    """
    for number, (finding, takes_long) in enumerate(kept.findings):
        reader.add(Finding(*finding), completion(number) if takes_long else None)
    return Part(
        records=None,
        files={},
        anchors=kept.anchors,
        lines=[LinePlace(*place) for place in kept.lines],
        left_out={*kept.left_out},
        unnamed={file: {tuple(at): name for at, name in ids} for file, ids in kept.unnamed.items()},
        reader=reader,
    )


def _basis(
    files: SourceFiles,
    theory: Theory,
    entries: Entries,
    quotes: Iterable[str],
    findings: Iterable[tuple[list[Any], bool]],
    states: Mapping[str, File | None],
) -> str:
    """Return a digest of what the files that belong to no single source say of a source and of those that it quotes."""
    own = [entry.id for _, entry in files.listed]
    documents = [[entries[one].model_dump(mode="json"), theory.values["source", one]] for one in (*own, *quotes)]
    said: list[Any] = [
        theory.listing.id,
        theory.listing.uncited,
        documents,
        [[code.id, code.anchor and code.anchor.model_dump(mode="json")] for _, code in files.anchors],
        [settlement.model_dump(mode="json") for _, settlement in files.settlements],
    ]
    # The lines of what is found in these files change when anything does that stands before.
    there = {str(finding[0]) for finding, _ in findings}
    said.append([file.sha256 for name in FILES if name in there and (file := states.get(name))])
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
