"""A study folder: read its files, anchor its quotes, report all that is wrong at once.

A study is read source by source (:class:`Reading`), so that nobody has to hold all of its passages;
:func:`load` holds them, for those that look at the whole of a study.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kg import authors, csl, inputs
from kg.errors import Finding, StudyError
from kg.loaders import _yaml, codings, kept, theory, unread
from kg.loaders._reader import Reader
from kg.loaders.codings import LinePlace, SourceFiles
from kg.loaders.library import Library
from kg.progress import silent
from kg.records import Study

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.inputs import File
    from kg.loaders._reader import Completion
    from kg.loaders.codings import FileRecords, Part
    from kg.loaders.kept import Kept
    from kg.loaders.theory import Theory
    from kg.progress import Progress
    from kg.refs import Place

_T = TypeVar("_T")


class Loaded(NamedTuple):
    """The content of a study folder.

    Args:
        study: its records, anchored.
        findings: what does not forbid a build.
        places: file and line of every record, by kind and id.
        files: the state in which each file was read, by its name; None for one that may be there and was not.
    """

    study: Study
    findings: list[Finding]
    places: dict[tuple[str, str], tuple[str, int]]
    files: dict[str, File | None]


def load(folder: Path, progress: Progress = silent) -> Loaded:
    """Read a whole study folder.

    Args:
        folder: the folder that holds study.yaml.
        progress: called with the step, how many sources are done, and how many there are.

    Returns:
        The study, the findings that do not forbid a build, and where each record stands.

    Raises:
        StudyError: with every error of the folder, when there is one.
    """
    reading = Reading(folder)
    parts = list(reading.parts(progress))
    loaded = reading.finish()
    order = [entry.id for entry in reading.theory.listing.sources]
    return loaded._replace(study=_whole(loaded.study, order, parts))


class TheoryRead(NamedTuple):
    """What the files say that belong to no single source.

    Args:
        reader: what read them, with all that is wrong with them.
        theory: what they say.
    """

    reader: Reader
    theory: Theory


def read_theory(folder: Path) -> TheoryRead | None:
    """Read the files of a study that belong to no single source.

    Args:
        folder: the folder that holds study.yaml.

    Returns:
        What they say; None when one cannot be used without which no source can be read.

    Raises:
        StudyError: when the study has a newer format than this version reads.
    """
    reader = Reader(folder)
    read = theory.read(reader)
    return TheoryRead(reader, read) if read else None


class SourceReader:
    """What the sources of a study are read with: all that its other files say.

    Args:
        folder: the folder that holds study.yaml.
        known: what these files say, if they were read before.

    Attributes:
        reader: what read these files, with all that is wrong with them.
        theory: what they say.
        library: where the sources are found that evidence lines of others quote.

    Raises:
        StudyError: when a file cannot be used without which no source can be read.
    """

    def __init__(self, folder: Path, known: TheoryRead | None = None) -> None:
        self.reader = known.reader.copied(folder) if known else Reader(folder)
        read = known.theory if known else theory.read(self.reader)
        if read is None:
            for part in inputs.BY_SOURCE:
                for name in inputs.listed(folder, part):
                    self.reader.read(name, part)
            raise StudyError(self.reader.errors())
        self.theory: Theory = read
        self.library = Library(folder, read)
        self._entries = {entry.id: entry for entry in read.listing.sources}
        codes = enumerate(read.codebook.codes)
        self._listed = _by_source((entry.id, at, entry) for at, entry in enumerate(read.listing.sources))
        self._shown = _by_source((code.anchor.source, at, code) for at, code in codes if code.anchor)
        self._settled = _by_source((one.source, at, one) for at, one in enumerate(read.settled.settlements))

    def files(self, source: str | None, codings: Sequence[str], readings: Sequence[str]) -> SourceFiles:
        """Return the files of a source, with what other files say of it.

        Args:
            source: its id.
            codings: names of the codings files that name it.
            readings: names of the readings files that name it.
        """
        listed, settled = self._listed.get(source, ()), self._settled.get(source, ())
        return SourceFiles(source, listed, codings, readings, self._shown.get(source, ()), settled)

    def read(self, files: SourceFiles) -> Part:
        """Read one source.

        Args:
            files: of the source.
        """
        return codings.read(self.reader.folder, files, self.theory, self.library)

    def keep(self, files: SourceFiles, part: Part) -> Kept:
        """Return what is kept of a source.

        Args:
            files: of the source.
            part: what they hold, without an error.
        """
        return kept.keep(files, part, self.theory, self._entries, self.reader.files)

    def holds(self, one: Kept, files: SourceFiles, unchanged: Mapping[str, File]) -> bool:
        """Say whether a source, when it was read again, would be as it was.

        Args:
            one: what was kept of it.
            files: of the source now.
            unchanged: the files of the study that are as they were.
        """
        return kept.holds(one, files, self.theory, self._entries, self.reader.files, unchanged)

    def states(self, part: Part, one: Kept) -> dict[str, File]:
        """Return the state of each file that made a source what it is, and that belongs to a source.

        Args:
            part: what the source's files hold.
            one: what is kept of it.
        """
        states = {name: file for name, file in part.reader.files.items() if file}
        for source in one.quotes:
            names = self._texts(source)
            if not states.keys() | self.library.files.keys() >= {*names}:
                self.library.document(source)
            states |= {name: self.library.files[name] for name in names if name in self.library.files}
        return states

    def _texts(self, source: str) -> tuple[str, ...]:
        entry = self._entries[source]
        return (entry.file, *filter(None, (entry.places,)))

    def state(self) -> str:
        """Return a digest of the files that belong to no single source."""
        states = [file and file.sha256 for file in map(self.reader.files.get, unread.FILES)]
        return hashlib.sha256(json.dumps(states).encode()).hexdigest()


class Reading(SourceReader):
    """A study folder that is read source by source.

    Args:
        folder: the folder that holds study.yaml.
        before: what was kept of each source when the study was read before, by the source's id.
        unchanged: the files of the study that are as they were then, by their name.
        known: what the files say that belong to no single source, if they were read before.

    Attributes:
        sources: the files of each source, in the order in which they are read.
        kept: what was kept of each source that need not be read again.
        unnamed: by codings file, the ids of the evidence lines that have none there, by the place of the line.
        failed: whether an error was found in what was read up to now.

    Raises:
        StudyError: when a file cannot be used without which no source can be read.
    """

    def __init__(
        self,
        folder: Path,
        before: Mapping[str, Kept] = MappingProxyType({}),
        unchanged: Mapping[str, File] = MappingProxyType({}),
        known: TheoryRead | None = None,
    ) -> None:
        super().__init__(folder, known)
        self._unchanged = unchanged
        self.sources = self._sources({part: inputs.listed(folder, part) for part in inputs.BY_SOURCE}, before)
        self.kept = self._holding(before)
        self.unnamed: dict[str, Mapping[Place, str]] = {}
        self._lines: list[LinePlace] = []
        self._anchors: dict[str, str] = {}
        self._left_out: set[str] = set()
        self.failed = _failed(self.reader)

    def parts(self, progress: Progress = silent) -> Iterator[Part]:
        """Read each source in turn.

        Args:
            progress: called with the step, how many sources are done, and how many there are.

        Returns:
            What each source gives; of one that need not be read again all but its records.
        """
        for number, files in enumerate(self.sources):
            progress("finding quotes", number, len(self.sources))
            part = self._restored(files) or self.read(files)
            self._lines += part.lines
            self.unnamed |= part.unnamed
            self._anchors |= part.anchors
            self._left_out |= part.left_out
            self.failed = self.failed or _failed(part.reader)
            self.reader.take(part.reader)
            yield part

    def _holding(self, before: Mapping[str, Kept]) -> dict[str, Kept]:
        """Return what was kept of the sources that need not be read again."""
        known = ((files, before.get(files.id or "")) for files in self.sources)
        return {str(files.id): one for files, one in known if one and self.holds(one, files, self._unchanged)}

    def _restored(self, files: SourceFiles) -> Part | None:
        """Return what was kept of a source, if it need not be read again."""
        if files.id not in self.kept:
            return None

        def completion(number: int) -> Completion:
            return lambda _: self.read(files).reader.completed(number)

        reader = Reader(self.reader.folder)
        reader.files.update({name: self._unchanged[name] for name in self._texts(str(files.id))})
        return kept.restore(self.kept[files.id], reader, completion)

    def finish(self) -> Loaded:
        """Check what can be checked when all sources were read.

        Returns:
            The study without its sources and what stands in them, the findings, and where each record stands.

        Raises:
            StudyError: with every error of the folder, when there is one.
        """
        self.check()
        study = _study(self.theory, self._anchors)
        return Loaded(study, self.reader.listed(), self.reader.places, self.reader.files)

    def basis(self) -> str:
        """Return a digest of all that the study is made of without its sources and what stands in them."""
        return hashlib.sha256(json.dumps([self.state(), sorted(self._anchors.items())]).encode()).hexdigest()

    def check(self) -> None:
        """Check what can be checked when all sources were read.

        Raises:
            StudyError: with every error of the folder, when there is one.
        """
        self._check_lines()
        if self._left_out:
            message = f"{len(self._left_out)} passages of paragraphs marked [@uncited] were left out"
            if len(self._left_out) == 1:
                message = "1 passage of a paragraph marked [@uncited] was left out"
            mend = "write 'uncited: include' to have them in the graph"
            self.reader.error("study.yaml", ("uncited",), "uncited-left-out", message, mend, "note")
        self._say_unnamed()
        unread.look(self.reader)
        if errors := self.reader.errors():
            raise StudyError(errors)

    def _sources(self, names: Mapping[str, Sequence[str]], before: Mapping[str, Kept]) -> list[SourceFiles]:
        """Part the files by the source that they name, in the order of the codings files."""
        known = {name: source for source, one in before.items() for name in (*one.codings, *one.readings)}
        parts: dict[str, dict[str | None, list[str]]] = {}
        for part, listed_there in names.items():
            by_source = parts.setdefault(part, {})
            for name in listed_there:
                if name in known and name in self._unchanged:
                    self.reader.files[name] = self._unchanged[name]
                    by_source.setdefault(known[name], []).append(name)
                # The texts of all codings are too much to be held: each is read again with its source.
                elif file := self.reader.text(name):
                    by_source.setdefault(_yaml.peek(file.text, "source"), []).append(name)
        files, readings = parts["codings"], parts["readings"]
        return [
            self.files(source, files.get(source, []), readings.get(source, []))
            for source in dict.fromkeys((*files, *readings, *self._listed))
        ]

    def _say_unnamed(self) -> None:
        """Say which codings files have evidence lines without an id, in one finding at the first of these."""
        files = sorted(self.unnamed)
        if not files:
            return
        ids = {identifier for named in self.unnamed.values() for identifier in named.values()}
        places = (place.line for place in self._lines if place.file == files[0] and place.id in ids)
        number = sum(map(len, self.unnamed.values()))
        lines = "1 evidence line has" if number == 1 else f"{number:,} evidence lines have"
        shown = ", ".join(files[:5]) + (" …" if len(files) > 5 else "")
        message = f"{lines} no id in the file ({shown}); a correction gives them another"
        mend = "'kg upgrade' writes the ids that they have now"
        self.reader.add(Finding(files[0], min(places, default=0), "line-without-id", message, mend, "note"))

    def _check_lines(self) -> None:
        """Check that no two evidence lines have one id, and that each successor exists."""
        places: dict[str, LinePlace] = {}
        for place in sorted(self._lines, key=lambda place: place.file):
            if place.id in places:
                message = f"the evidence line '{place.id}' stands here twice"
                mend = "remove one, or give it another id"
                self.reader.add(Finding(place.file, place.line, "duplicate-id", message, mend))
            places[place.id] = place
        for place in places.values():
            if place.replaced_by and place.replaced_by not in places:
                self.reader.unknown(place.file, place.names, place.replaced_by, ("line",), {"line": places})


def _failed(reader: Reader) -> bool:
    return any(finding.severity == "error" for finding in reader.findings)


def _by_source(named: Iterable[tuple[str, int, _T]]) -> dict[str | None, list[tuple[int, _T]]]:
    """Group what names a source, with its place in its file."""
    groups: dict[str | None, list[tuple[int, _T]]] = {}
    for source, at, item in named:
        groups.setdefault(source, []).append((at, item))
    return groups


def _study(theory: Theory, anchors: Mapping[str, str]) -> Study:
    """Return a study without its sources and what stands in them."""
    listing, claims = theory.listing, theory.claims
    items = {key: reference.csl for key, reference in theory.references.items()}
    authored, by_reference = authors.of(items)
    names = csl.names(items)
    return Study(
        id=listing.id,
        title=listing.title,
        description=listing.description,
        license=listing.license,
        ontology=listing.ontology,
        coders=listing.coders,
        attributes=listing.attributes,
        cases=listing.cases,
        values={case.id: theory.values["case", case.id] for case in listing.cases},
        sets=listing.sets,
        phrases=listing.phrases,
        sources=(),
        references=tuple(
            reference.model_copy(update={"name": names[key], "authors": by_reference[key]})
            for key, reference in sorted(theory.references.items())
        ),
        authors=authored,
        concepts=theory.own.concepts,
        relations=theory.own.relations,
        bundled=theory.bundled,
        codes=theory.codebook.codes,
        anchors={code.id: anchors[code.id] for code in theory.codebook.codes if code.id in anchors},
        propositions=claims.propositions,
        questions=claims.questions,
        searches=claims.searches,
        settlements=theory.settled.settlements,
        confidences=theory.confidences,
        concerns=theory.concerns,
        uncoded=(),
        excerpts=(),
        codings=(),
        assertions=(),
        lines=(),
        readings=(),
    )


def _whole(study: Study, order: Sequence[str], parts: Sequence[Part]) -> Study:
    """Put the records of the sources into a study: in the order of the listing, or of the codings files."""
    records = {part.records.source.id: part.records for part in parts if part.records}
    files: dict[str, FileRecords] = {name: file for part in parts for name, file in part.files.items()}
    ordered = [files[name] for name in sorted(files)]
    # The entry in the codings of its own source says more of a passage than a quote elsewhere.
    excerpts = {e.id: e for part in records.values() for e in part.quoted}
    excerpts |= {e.id: e for part in records.values() for e in part.excerpts}
    assertions = {key: assertion for file in ordered for key, assertion in file.assertions.items()}
    return study.model_copy(
        update={
            "sources": tuple(records[name].source for name in order),
            "uncoded": tuple(itertools.chain.from_iterable(file.uncoded for file in ordered)),
            "excerpts": tuple(sorted(excerpts.values(), key=lambda e: (e.source, e.start, e.end))),
            "codings": tuple(itertools.chain.from_iterable(file.codings.values() for file in ordered)),
            "assertions": tuple(assertions.values()),
            "lines": tuple(itertools.chain.from_iterable(file.lines for file in ordered)),
            "readings": tuple(itertools.chain.from_iterable(records[name].readings for name in order)),
        }
    )
