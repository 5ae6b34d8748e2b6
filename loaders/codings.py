"""One source and its codings: quotes find their places, and become excerpts, codings and evidence lines."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import anchor, nearest
from kg.entries import UNCITED, EvidenceEntry
from kg.errors import Finding
from kg.ids import excerpt_id, line_id
from kg.loaders import pandoc_citations, passages, readings, sources
from kg.loaders._reader import Reader
from kg.loaders.passages import Document, Misplaced
from kg.records import Assertion, Coding, EvidenceLine, SourcePart, Uncoded

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from kg.entries import (
        Code,
        CodingsFile,
        ExcerptEntry,
        PassageEntry,
        QuoteEntry,
        ReadingsFile,
        Settlement,
        SourceEntry,
        Strength,
    )
    from kg.loaders.library import Library
    from kg.loaders.theory import Theory
    from kg.records import Excerpt, Locator, Reading, Source
    from kg.refs import Place

_AS_WRITTEN = (EvidenceEntry.model_fields.keys() & EvidenceLine.model_fields.keys()) - {"id", "strength"}
"""What an evidence line has as a person wrote it."""
_ONE_STEP_LOWER: dict[Strength, Strength] = {"strong": "moderate", "moderate": "weak", "weak": "weak"}


class SourceFiles(NamedTuple):
    """The files of one source, and what other files of the study say of it.

    Args:
        id: the id by which codings files name it.
        listed: its entries in study.yaml with their places there; none when it is not listed, and one else.
        codings: the names of the codings files that name it.
        readings: the names of the readings files that name it.
        anchors: the codes that one of its passages shows, with their places in codebook.yaml.
        settlements: what was settled of its paragraphs, with the places in agreement.yaml.
    """

    id: str | None
    listed: Sequence[tuple[int, SourceEntry]]
    codings: Sequence[str]
    readings: Sequence[str]
    anchors: Sequence[tuple[int, Code]]
    settlements: Sequence[tuple[int, Settlement]]


class FileRecords(NamedTuple):
    """The records that one codings file gives, in its order."""

    uncoded: list[Uncoded]
    codings: dict[tuple[str, str, str, str], Coding]
    assertions: dict[tuple[str, str], Assertion]
    lines: list[EvidenceLine]


class LinePlace(NamedTuple):
    """The place of an evidence line, and the other line that it names.

    Args:
        file: the codings file.
        line: where the entry begins in it.
        id: of the evidence line.
        replaced_by: id of its successor.
        names: where the successor is named.
    """

    file: str
    line: int
    id: str
    replaced_by: str | None
    names: int


class Part(NamedTuple):
    """The content of the files of one source.

    Args:
        records: the records of the source; None when it cannot be read.
        files: the same records by codings file.
        anchors: ids of the passages that show codes, by code.
        lines: the place of each evidence line; duplicate ids are looked for later, over the whole study.
        left_out: ids of passages that are left out, because no publication is known for them.
        unnamed: by codings file, the ids of the evidence lines that have none there, by the place of the line.
        reader: the findings, the places of the records, and the state of the files.
    """

    records: SourcePart | None
    files: Mapping[str, FileRecords]
    anchors: Mapping[str, str]
    lines: Sequence[LinePlace]
    left_out: set[str]
    unnamed: Mapping[str, Mapping[Place, str]]
    reader: Reader


def read(folder: Path, files: SourceFiles, theory: Theory, library: Library) -> Part:
    """Read one source with its codings.

    Args:
        folder: the study's folder.
        files: the source's files.
        theory: what belongs to no single source.
        library: where the other sources are found that evidence lines quote.

    Returns:
        The source's records, and all that is wrong with its files.
    """
    reader = Reader(folder, theory.lines)
    source = None
    for index, entry in files.listed:
        source = sources.read(reader, index, entry, theory.references, theory.values["source", entry.id]) or source
    coded = _Coded(reader, theory, library, Document(source) if source else None)
    for name in files.codings:
        content: CodingsFile | None = _content(reader, name, "codings", files.id)
        if content is not None:
            coded.add(name, content)
    again = coded.judge(
        {name: entry for name in files.readings if (entry := _content(reader, name, "readings", files.id))}
    )
    anchors = {code.id: excerpt for index, code in files.anchors if (excerpt := coded.anchor(index, code))}
    for index, settlement in files.settlements:
        coded.labelled("agreement.yaml", ("settlements", index, "paragraph"), settlement.paragraph, suggest=False)
    settled = [settlement for _, settlement in files.settlements]
    records = coded.part(theory.listing.id, source, settled, again) if source else None
    return Part(records, coded.files, anchors, coded.lines, coded.left_out, coded.unnamed, reader)


def _content(reader: Reader, name: str, schema: str, source: str | None) -> Any:
    """Read a file that named the source when the files were parted by their sources."""
    content = reader.read(name, schema)
    if content is not None and content.source != source:
        message = "the file was changed while the study was read"
        reader.add(Finding(name, 0, "unreadable-file", message, "run the command again"))
        return None
    return content


class _Coded:
    """The codings of one source, as they are collected.

    Args:
        reader: takes the findings.
        theory: what belongs to no single source.
        library: the other sources.
        document: the source; None when it cannot be read, so that no passage of it has a place.
    """

    def __init__(self, reader: Reader, theory: Theory, library: Library, document: Document | None) -> None:
        self.reader, self.theory, self.library, self.document = reader, theory, library, document
        # The successor of an evidence line may stand in any file.
        self.ids = {kind: ids for kind, ids in theory.ids.items() if kind != "line"}
        self.leaves_out = theory.listing.uncited == "leave-out"
        self.files: dict[str, FileRecords] = {}
        self.readers: set[str] = set()
        self.excerpts: dict[str, Excerpt] = {}
        self.written: dict[str, Locator] = {}
        self.left_out: set[str] = set()
        self.unplaced: set[str] = set()
        self.lines: list[LinePlace] = []
        self.unnamed: dict[str, dict[Place, str]] = {}
        self._acts: set[tuple[str, str, str, str]] = set()
        self._coded: set[tuple[str, str]] = set()

    def part(self, study: str, source: Source, settlements: list[Settlement], again: list[Reading]) -> SourcePart:
        """Return all records of the source."""
        own = [e for e in self.excerpts.values() if e.source == source.id]
        quoted = [e for e in self.excerpts.values() if e.source != source.id]
        files = self.files.values()
        assertions: dict[tuple[str, str], Assertion] = {}
        for file in files:
            assertions |= file.assertions
        return SourcePart(
            study,
            source.model_copy(update={"readers": tuple(sorted(self.readers))}),
            excerpts=sorted(own, key=lambda e: (e.start, e.end)),
            codings=[coding for file in files for coding in file.codings.values()],
            uncoded=[memo for file in files for memo in file.uncoded],
            settlements=settlements,
            assertions=list(assertions.values()),
            lines=[line for file in files for line in file.lines],
            readings=again,
            quoted=quoted,
        )

    def add(self, file: str, content: CodingsFile) -> None:
        """Turn the entries of one codings file into records.

        Args:
            file: how findings call it.
            content: what it says.
        """
        self.reader.resolve(file, content, self.ids)
        if bare := [index for index, entry in enumerate(content.excerpts) if entry.memo and not entry.codes]:
            message = f"{len(bare)} memos of passages without a code stay in '{file}' and out of the graph"
            if len(bare) == 1:
                message = f"1 memo of a passage without a code stays in '{file}' and out of the graph"
            mend = "give the passage a code, if the memo is to be seen with it"
            self.reader.error(file, ("excerpts", bare[0], "memo"), "memo-without-code", message, mend, "note")
        records = self.files[file] = FileRecords([], {}, {}, [])
        if self.document is None:
            return
        source = self.document.source.id
        if content.whole:
            self.readers.add(content.coder)
        for index, memo in enumerate(content.uncoded):
            if self.labelled(file, ("uncoded", index, "paragraph"), memo.paragraph):
                records.uncoded.append(
                    Uncoded(
                        source=source,
                        paragraph=memo.paragraph,
                        memo=memo.memo,
                        coder=content.coder,
                        date=content.date,
                    )
                )
        for index, entry in enumerate(content.excerpts):
            coder, day = entry.coder or content.coder, entry.date or content.date
            self._entry(file, ("excerpts", index), self.document, entry, coder, day)

    def judge(self, files: Mapping[str, ReadingsFile]) -> list[Reading]:
        """Judge the evidence lines by all their readings.

        Args:
            files: what each readings file says, by its name.

        Returns:
            The readings.
        """
        lines = {line.id: line for records in self.files.values() for line in records.lines}
        again = readings.read(self.reader, files, lines, self.ids, self.unplaced)
        changed = readings.judged([*lines.values()], again, self._span, self._strength)
        for records in self.files.values():
            records.lines[:] = [changed.get(line.id, line) for line in records.lines]
        for line in changed.values():
            if line.status == "disputed":
                at = self.reader.places["line", line.id]
                message = (
                    f"coders differ on the evidence line '{line.id}', so that no count has it: {line.status_reason}"
                )
                mend = f"settle it in a file of readings/: a reading of '{line.id}' with 'settles: true' and a reason"
                self.reader.add(Finding(*at, "line-disputed", message, mend, "note"))
        return again

    def _span(self, line: EvidenceLine) -> tuple[int, int]:
        excerpt = self.excerpts[line.excerpts[0]]
        return excerpt.start, excerpt.end

    def anchor(self, index: int, code: Code) -> str | None:
        """Return the id of the passage of this source that shows a code.

        Args:
            index: place of the code in codebook.yaml.
            code: the code, which has an anchor here.
        """
        if code.anchor is None or self.document is None:
            return None
        at: Place = ("codes", index, "anchor")
        excerpt = self._excerpt("codebook.yaml", at, self.document, code.anchor)
        if excerpt and (excerpt, code.id) not in self._coded:
            message = f"the anchor of '{code.id}' is no passage with that code"
            mend = "code this very passage, or choose another"
            self.reader.error("codebook.yaml", at, "anchor-not-coded", message, mend)
            return None
        return excerpt

    def labelled(self, file: str, at: Place, label: str, *, suggest: bool = True) -> bool:
        """Check that the source, if it can be read, has a paragraph."""
        document = self.document
        if document is None or label in document.labels:
            return document is not None
        wrong = passages.unlabelled(document, label)
        complete = (lambda f: replace(f, mend=passages.nearest_label(document, label))) if suggest else None
        self.reader.error(file, at, wrong.rule, wrong.message, completion=complete)
        return False

    def _entry(
        self, file: str, at: Place, document: Document, entry: ExcerptEntry, coder: str, day: datetime.date
    ) -> None:
        """Turn one coded passage into an excerpt, and what is said of it."""
        self._check_role(file, at, document.source, entry)
        excerpt = self._excerpt(file, at, document, entry)
        if excerpt is None:
            for number, line in enumerate(entry.evidence):
                # It is no line of the graph yet, and gets an id that no other has.
                here = (*at, "evidence", number)
                self.unplaced.add(self._identifier(file, here, line, [file, str(at[1])], coder, day))
            return
        records = self.files[file]
        for code in entry.codes:
            key = (excerpt, code, coder, day.isoformat())
            if key in self._acts:
                message = f"'{coder}' gave '{code}' to this passage on that day already"
                self.reader.error(file, (*at, "codes"), "duplicate-id", message, "put both memos into one")
            self._acts.add(key)
            self._coded.add((excerpt, code))
            records.codings[key] = Coding(excerpt=excerpt, code=code, coder=coder, date=day, memo=entry.memo)
        for claim in entry.asserts:
            records.assertions[excerpt, claim] = Assertion(excerpt=excerpt, proposition=claim, coder=coder, date=day)
        for number, line in enumerate(entry.evidence):
            here = (*at, "evidence", number)
            members = [excerpt, *self._quoted(file, here, document, line.also)]
            self._line(file, here, line, members, coder, day)

    def _check_role(self, file: str, at: Place, source: Source, entry: ExcerptEntry) -> None:
        """Check that the theory asserts and is no evidence, and that no other source asserts."""
        if source.role == "theory" and entry.evidence:
            message, mend = "the theory's own text is no evidence for it", "write 'asserts' instead"
            self.reader.error(file, (*at, "evidence"), "theory-as-evidence", message, mend)
        if source.role != "theory" and entry.asserts:
            message, mend = f"'{source.id}' is not the theory's own text", "write an evidence line instead"
            self.reader.error(file, (*at, "asserts"), "assertion-outside-theory", message, mend)

    def _quoted(self, file: str, here: Place, document: Document, also: Sequence[QuoteEntry]) -> list[str]:
        """Return the ids of the further passages of an evidence line."""
        members = []
        for position, entry in enumerate(also):
            at = (*here, "also", position)
            own = entry.source in (None, document.source.id)
            other = document if own or entry.source is None else self.library.document(entry.source)
            if other is None:
                continue
            if entry.locator and not own:
                message = f"the place of a passage of '{entry.source}' is given here"
                mend = f"write 'locator' at the passage in the codings of '{entry.source}'"
                self.reader.error(file, (*at, "locator"), "locator-elsewhere", message, mend)
            if other.source.role == "theory":
                message, mend = "the theory's own text is no evidence for it", "quote another source"
                self.reader.error(file, at, "theory-as-evidence", message, mend)
            elif joined := self._excerpt(file, at, other, entry):
                members.append(joined)
        return members

    def _line(
        self, file: str, here: Place, entry: EvidenceEntry, members: list[str], coder: str, day: datetime.date
    ) -> None:
        """Turn one evidence entry into an evidence line."""
        identifier = self._identifier(file, here, entry, members, coder, day)
        if entry.status != "active" and not (entry.status_date and entry.status_reason):
            message = f"a {entry.status} line needs its day and reason"
            self.reader.error(file, here, "undated-status", message, "add status_date and status_reason")
        if entry.status == "superseded" and not entry.replaced_by:
            message, mend = "a superseded line names its successor", "add 'replaced_by: ID'"
            self.reader.error(file, here, "superseded-by-nothing", message, mend)
        names = self.reader.line(file, (*here, "replaced_by"))
        place = LinePlace(file, self.reader.line(file, here), identifier, entry.replaced_by, names)
        self.lines.append(place)
        self.reader.places["line", identifier] = (file, place.line)
        strength, lowered = self._strength(entry.strength, members)
        self.files[file].lines.append(
            EvidenceLine(
                id=identifier,
                excerpts=tuple(dict.fromkeys(members)),
                stated=entry.strength,
                strength=strength,
                lowered=lowered,
                coder=coder,
                date=day,
                **{name: getattr(entry, name) for name in _AS_WRITTEN},
            )
        )

    def _identifier(
        self, file: str, here: Place, entry: EvidenceEntry, members: list[str], coder: str, day: datetime.date
    ) -> str:
        """Return the id of an evidence line; one that has none in its file has one made of what it says."""
        if entry.id:
            return entry.id
        content = [entry.proposition, entry.stance, members, coder, day.isoformat(), entry.rationale]
        identifier = line_id(content)
        self.unnamed.setdefault(file, {})[here] = identifier
        return identifier

    def _strength(self, stated: Strength, members: Collection[str]) -> tuple[Strength, tuple[str, ...]]:
        """Lower a strength by one step when every reference of the line is marked, or none was found."""
        references = self.theory.references
        # A key that is no reference is a finding of the source that cites it.
        cited = {key for member in members for key in self.excerpts[member].references}
        marks = [{UNCITED} if key == UNCITED else {*references[key].marks} for key in cited if self._is_known(key)]
        if not marks or not all(marks) or _ONE_STEP_LOWER[stated] == stated:
            return stated, ()
        return _ONE_STEP_LOWER[stated], tuple(sorted(set(itertools.chain.from_iterable(marks))))

    def _is_known(self, key: str) -> bool:
        return key == UNCITED or key in self.theory.references

    def _excerpt(self, file: str, path: Place, document: Document, entry: PassageEntry) -> str | None:
        """Find one quote, and return the excerpt's id."""
        source = document.source
        if entry.unconfirmed:
            self._unconfirmed(file, path, source, entry)
            return None
        place = passages.place(document, entry)
        if isinstance(place, Misplaced):
            self._misplaced(file, path, document, entry, place)
            return None
        at = (*path, "quote")
        if cut := anchor.cut(source.text, *place):
            message = f"the quote is cut inside a word: '{cut}'"
            self.reader.error(file, at, "cut-mid-word", message, "quote whole words", "warning")
        excerpt = self._placed(file, path, document, place, entry)
        self.reader.places["excerpt", excerpt.id] = (file, self.reader.line(file, at))
        if self.leaves_out and set(excerpt.references) == {UNCITED}:
            self.left_out.add(excerpt.id)
            return None
        self.excerpts[excerpt.id] = excerpt
        return excerpt.id

    def _locator(self, file: str, path: Place, entry: PassageEntry) -> Locator | None:
        """Read the place of a passage in its document."""
        if entry.locator is None:
            return None
        locator = pandoc_citations.locator(entry.locator)
        if locator is None:
            message = f"'{entry.locator[:80]}' is not read as a place"
            mend = "write such as 'p. 12', 'chap. 3', '00:12:30', or in braces what cannot be read: '{p. iv, above}'"
            self.reader.error(file, (*path, "locator"), "locator-not-read", message, mend)
        return locator

    def _placed(self, file: str, path: Place, document: Document, span: passages.Span, entry: PassageEntry) -> Excerpt:
        """Return a passage with the place that an entry gives it or one before gave: it is one, whoever coded it."""
        written = self._locator(file, path, entry)
        key = excerpt_id(document.source.id, *span)
        before = self.written.setdefault(key, written) if written else self.written.get(key)
        if written not in (None, before):
            message = f"'{entry.locator}' is not the place that this passage has above: '{before}'"
            self.reader.error(file, (*path, "locator"), "locator-differs", message, "write one place for both")
        return passages.excerpt(document, span, before)

    def _misplaced(self, file: str, path: Place, document: Document, entry: PassageEntry, wrong: Misplaced) -> None:
        """Add the finding that a quote has no place."""
        library = self.library

        def complete(finding: Finding) -> Finding:
            if wrong.key == "paragraph":
                return replace(finding, mend=passages.nearest_label(document, str(entry.paragraph)))
            return replace(finding, mend=passages.explain(document, entry, library.texts))

        later = complete if wrong.mend is None else None
        self.reader.error(file, (*path, wrong.key), wrong.rule, wrong.message, wrong.mend or "", completion=later)

    def _unconfirmed(self, file: str, path: Place, source: Source, entry: PassageEntry) -> None:
        """Show an imported passage that is not counted, with what the imported file says of it."""
        message = f"a passage of '{source.id}' is not confirmed: {entry.unconfirmed}"
        if not entry.stated:
            message += f": {_shown(entry.quote)}"
        else:
            message += f"; the imported file has {_shown(entry.stated)}, the source {_shown(entry.quote)}"
        mend = "'kg confirm' takes the place that is meant; or put 'quote' right, and delete 'unconfirmed' and 'stated'"

        def complete(finding: Finding) -> Finding:
            near = nearest.propose(source.text, entry.quote, stated=entry.stated, body=source.body)
            shown = f"nearest {nearest.shown(near[0])} ({near[0].why})" if near else "nothing comes near it"
            return replace(finding, message=f"{finding.message}; {shown}")

        later = complete if entry.start is None else None
        if "not at hand" in entry.unconfirmed:
            mend, later = "import again with its text: kg import … --texts FOLDER", None
        self.reader.error(file, (*path, "unconfirmed"), "quote-unconfirmed", message, mend, "warning", later)


def _shown(passage: str) -> str:
    """Quote a passage for a finding, short and in one line."""
    return repr(passage if len(passage) <= 200 else f"{passage[:120]} … {passage[-60:]}")
