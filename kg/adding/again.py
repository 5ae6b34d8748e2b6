"""Read documents of a study anew: a newer loader or file may give another text, in which passages have moved.

A passage is found again exactly, by its own words and by what stands around it, or it is an orphan: then it is kept,
and not counted until a person confirms a place (:mod:`kg.confirm`). Nothing is written unless that is asked for.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import anchor, aside, editing, moving, page_map
from kg.adding import extracting, portable, read_study
from kg.entries import CodebookFile, CodingsFile
from kg.errors import UnknownTerm, closest
from kg.inputs import listed
from kg.loaders import SOURCES, _yaml, passages
from kg.loaders import sources as loading
from kg.loaders._reader import Reader
from kg.loaders.imports.safe import refuse
from kg.loaders.passages import Document
from kg.loaders.study import Reading
from kg.paths import store_folder
from kg.places import Places
from kg.places import read as read_places
from kg.progress import silent

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from kg.adding.extracting import Extract, Options
    from kg.editing.files import Files
    from kg.entries import PassageEntry, SourceEntry
    from kg.errors import Finding
    from kg.loaders._yaml_text import Path as Place
    from kg.loaders._yaml_text import YamlText
    from kg.loaders.passages import Span
    from kg.loaders.theory import Theory
    from kg.progress import Progress

GONE = "the text was read anew, and {why}"
"""Why an orphan is not counted."""


class Moved(NamedTuple):
    """A passage that stands elsewhere in the new text.

    Args:
        file: the file that quotes it.
        line: where it does so.
        before: where it stood (codepoints).
        now: where it stands.
    """

    file: str
    line: int
    before: Span
    now: Span


class Orphan(NamedTuple):
    """A passage that is not in the new text, or at more than one place of it.

    Args:
        file: the file that quotes it.
        line: where it does so.
        quote: its words.
        why: what became of it.
    """

    file: str
    line: int
    quote: str
    why: str


@dataclass(frozen=True)
class Renewal:
    """The change of a source when its document is read anew.

    Args:
        id: of the source.
        loaders: what read it before, and now.
        lines: how many lines of the text are gone, and how many are new.
        places: whether what its stretches are called has changed.
        stays: how many passages stand where they stood.
        moved: the passages that stand elsewhere.
        orphans: the passages that are lost.
    """

    id: str
    loaders: tuple[str, str]
    lines: tuple[int, int]
    places: bool
    stays: int
    moved: tuple[Moved, ...]
    orphans: tuple[Orphan, ...]

    @property
    def changes(self) -> bool:
        """Return whether anything of the source would be written."""
        return self.places or self.lines != (0, 0)


class _Quote(NamedTuple):
    """A passage as a file of the study has it."""

    file: str
    at: Place
    line: int
    entry: PassageEntry


def renew(
    study: Path,
    named: Sequence[Path],
    options: Options,
    *,
    write: bool,
    progress: Progress = silent,
    by: str | None = None,
    now: datetime.datetime | None = None,
) -> list[Renewal]:
    """Read documents of a study anew, and say what changes.

    Args:
        study: the study's folder.
        named: ids of sources, or newer files of the names of their originals; none for every source with an original.
        options: what a person says of the documents; what was said before holds on where it is silent.
        write: whether to write it: all of it, or nothing, as one edit that can be undone.
        progress: called with the step, how many documents are read, and how many there are.
        by: id of the coder in whose journal the edit is kept; None keeps it in none.
        now: the moment of the edit; now when it is None.

    Returns:
        What changes, by source.

    Raises:
        StudyError: when a document or the study cannot be read. Nothing is written then.
        EditRefused: when a file cannot be changed surely. Nothing is written then.
        UnknownTerm: when no source is called so.
    """
    with moving.lock(study):
        moving.recover(study)
        theory = read_study(study)
        renewing = _Renewing(study, theory, options)
        chosen = _chosen(theory, named)
        renewals = []
        for number, (entry, file) in enumerate(chosen):
            progress("reading documents", number, len(chosen))
            renewals.append(renewing.renew(entry, file))
        if write and renewing.files:
            ids = [one.id for one in renewals if one.changes]
            renewing.write(by, now, ids)
    return renewals


def _chosen(theory: Theory, named: Sequence[Path]) -> list[tuple[SourceEntry, Path | None]]:
    """Return the sources that are meant, each with its newer file if one is named."""
    made = [entry for entry in theory.listing.sources if entry.original]
    if not named:
        return [(entry, None) for entry in made]
    by_id = {entry.id: entry for entry in made}
    by_name = {PurePosixPath(entry.original.file).name.casefold(): entry for entry in made if entry.original}
    chosen: list[tuple[SourceEntry, Path | None]] = []
    for path in named:
        if (word := str(path)) in by_id:
            chosen.append((by_id[word], None))
        elif path.is_file() and (entry := by_name.get(portable(path.name).casefold())):
            chosen.append((entry, path))
        else:
            raise UnknownTerm(word, "source with an original", closest(word, [*by_id, *by_name]))
    return list({entry.id: (entry, path) for entry, path in chosen}.values())


class _Renewing:
    """What is to be written when documents were read anew.

    Args:
        study: the study's folder.
        theory: what the study says.
        options: what a person says of the documents.
    """

    def __init__(self, study: Path, theory: Theory, options: Options) -> None:
        self.study, self.theory, self.options = study, theory, options
        self.files: dict[str, bytes] = {}
        """New content by the path in the study."""
        self._texts: set[str] = set()
        self._changes: dict[str, dict[Place, dict[str, Any]]] = {}
        self._quotes = self._quoted()

    def renew(self, entry: SourceEntry, file: Path | None) -> Renewal:
        """Read the document of one source anew."""
        assert entry.original
        index = self.theory.listing.sources.index(entry)
        reader = Reader(self.study)
        old = loading.read(reader, index, entry, self.theory.references, self.theory.values["source", entry.id])
        places = self._places(entry, old.text) if old else None
        if old is None or places is None:
            refuse(entry.file, "missing-file", f"the text of '{entry.id}' is not as it was added", "restore it")
        original = file or self.study / entry.original.file
        if not original.is_file():
            mend = f"name the file: kg add --again {PurePosixPath(entry.original.file).name}"
            refuse(entry.original.file, "missing-file", f"the original of '{entry.id}' is not there", mend)
        extract = extracting.extract(original, original.name, self._options(entry, places))
        new = old.model_copy(
            update={"text": extract.text, "body": tuple(SOURCES[extract.suffix](extract.text, entry.title))}
        )
        stays, moved, orphans = self._anchor(Document(old), Document(new), differs=extract.text != old.text)
        renewal = Renewal(
            entry.id,
            (places.loader, extract.places.loader),
            _differing(old.text, extract.text),
            extract.places != places or _speakers(extract) != entry.speakers,
            stays,
            tuple(moved),
            tuple(orphans),
        )
        if renewal.changes:
            self._keep(index, entry, extract, original)
        return renewal

    def write(self, by: str | None, now: datetime.datetime | None, ids: Sequence[str]) -> None:
        """Write what changes, as one edit."""
        with aside.folder(store_folder(self.study), "add") as laid:

            def make(files: Files) -> dict[str, Any]:
                for file, changes in self._changes.items():
                    files.change(file, lambda yaml, changes=changes: _set(yaml, changes))  # type: ignore[misc]
                for name, data in self.files.items():
                    self._enter(files, name, data, laid)
                return {"said": f"read anew: {', '.join(ids)}"}

            editing.edit(self.study, by, now, make)

    def _enter(self, files: Files, name: str, data: bytes, laid: Path) -> None:
        """Have a file changed: a text of the source by what differs, so that the journal can take it back."""
        if files.read(name) is not None and name in self._texts:
            files.rewrite(name, data.decode())
            return
        (laid / name).parent.mkdir(parents=True, exist_ok=True)
        (laid / name).write_bytes(data)
        files.lay(name, laid / name)

    def _places(self, entry: SourceEntry, text: str) -> Places | None:
        if entry.places is None or not (self.study / entry.places).is_file():
            return Places("", "", "")
        try:
            return read_places((self.study / entry.places).read_text("utf-8"), len(text))
        except (OSError, ValueError):
            return Places("", "", "")

    def _options(self, entry: SourceEntry, places: Places) -> Options:
        """Return what was said of a document, now or when it was added."""
        return replace(
            self.options,
            encoding=self.options.encoding or places.encoding or None,
            speakers=self.options.speakers if self.options.speakers is not None else entry.speakers,
        )

    def _keep(self, index: int, entry: SourceEntry, extract: Extract, original: Path) -> None:
        """Note the files and keys of a source that change."""
        assert entry.original
        at: Place = ("sources", index)
        self.files[entry.file] = extract.text.encode()
        self._texts.add(entry.file)
        file = entry.places or f"sources/{entry.id}.places.json"
        self.files[file] = extract.places.write().encode()
        if extract.pages:
            self.files[page_map.file_beside(file)] = extract.pages.encode()
        keys: dict[str, Any] = {"sha256": extract.places.text}
        if entry.places is None:
            keys["places"] = file
        if (speakers := _speakers(extract)) != entry.speakers and entry.speakers != "none":
            keys["speakers"] = speakers
        if self.options.speakers == "none":
            keys["speakers"] = "none"
        changes = self._changes.setdefault("study.yaml", {})
        changes[at] = keys
        if extract.places.original != entry.original.sha256:
            changes[(*at, "original")] = {"sha256": extract.places.original}
            if not (self.study / entry.original.file).exists() or original != self.study / entry.original.file:
                self.files[entry.original.file] = original.read_bytes()

    def _quoted(self) -> dict[str, list[_Quote]]:
        """Return the passages that files of the study quote, by source."""
        quotes: dict[str, list[_Quote]] = {}
        for file in (*listed(self.study, "codings"), "codebook.yaml"):
            findings: list[Finding] = []
            read = _yaml.read(self.study / file, file, findings)
            if read is None:
                refuse(file, findings[0].rule, findings[0].message, findings[0].mend, findings[0].line)
            value, lines = read
            for source, at, entry in _entries(file, value):
                quotes.setdefault(source, []).append(_Quote(file, at, lines.get((*at, "quote"), 0), entry))
        return quotes

    def _anchor(self, old: Document, new: Document, *, differs: bool) -> tuple[int, list[Moved], list[Orphan]]:
        """Find the passages of a source in its new text."""
        stays, moved, orphans = 0, list[Moved](), list[Orphan]()
        for quote in self._quotes.get(old.source.id, ()):
            if quote.entry.unconfirmed:
                continue
            before = passages.place(old, quote.entry)
            if isinstance(before, passages.Misplaced):
                continue  # what is wrong with it already, 'kg check' says
            now = _again(old, new, before) if differs else before
            keys: dict[str, Any] = {}
            if not isinstance(now, str):
                changed = _placed(new, quote.entry, now)
                if changed is None:
                    now = f"'{quote.entry.paragraph}' is not its paragraph any more"
                else:
                    keys = changed
            if isinstance(now, str):
                orphans.append(Orphan(quote.file, quote.line, quote.entry.quote, now))
                keys = {"unconfirmed": GONE.format(why=now)}
                keys |= {"start": None} if quote.entry.start is not None else {}
            elif now == before:
                stays += 1
            else:
                moved.append(Moved(quote.file, quote.line, before, now))
            if keys:
                self._changes.setdefault(quote.file, {})[quote.at] = keys
            if now != before:
                self._name_lines(quote)
        return stays, moved, orphans

    def _name_lines(self, quote: _Quote) -> None:
        """Write down the ids of the evidence lines of a passage that are made of where it stands, so that they stay."""
        line = quote.at[: quote.at.index("also")] if "also" in quote.at else quote.at
        for at, identifier in self._unnamed.get(quote.file, {}).items():
            if at[: len(line)] == line:
                self._changes.setdefault(quote.file, {}).setdefault(at, {})["id"] = identifier

    @cached_property
    def _unnamed(self) -> Mapping[str, Mapping[Place, str]]:
        """The ids of evidence lines that have none in their file, by the file and the place in it."""
        reading = Reading(self.study)
        for _ in reading.parts(silent):
            pass
        return reading.unnamed


def _set(yaml: YamlText, changes: Mapping[Place, Mapping[str, Any]]) -> None:
    for path, values in changes.items():
        yaml.set(path, values)


def _entries(file: str, value: Any) -> Iterator[tuple[str, Place, PassageEntry]]:
    """Give the passages that a file quotes, each with its source and its place in the file."""
    if file == "codebook.yaml":
        for number, code in enumerate(CodebookFile.model_validate(value).codes):
            if code.anchor:
                yield code.anchor.source, ("codes", number, "anchor"), code.anchor
        return
    content = CodingsFile.model_validate(value)
    for number, excerpt in enumerate(content.excerpts):
        yield content.source, ("excerpts", number), excerpt
        for line, evidence in enumerate(excerpt.evidence):
            for other, quote in enumerate(evidence.also):
                at: Place = ("excerpts", number, "evidence", line, "also", other)
                yield quote.source or content.source, at, quote


def _again(old: Document, new: Document, before: Span) -> Span | str:
    """Return where a passage stands in a new text, or why that is not sure."""
    text = old.source.text
    words, (start, end) = text[slice(*before)], before

    def inside(document: Document, spans: Sequence[Span]) -> list[Span]:
        source = document.source
        return [span for span in spans if anchor.in_body(source.text, source.body, *span)]

    spans = inside(new, new.index.find(words))
    if not spans:
        return "its words are not there any more"
    if len(spans) == 1:
        return spans[0]
    around = text[max(0, start - anchor.CONTEXT) : start], text[end : end + anchor.CONTEXT]
    alike = inside(new, new.index.find(words, *around))
    if len(alike) == 1:
        return alike[0]
    former = inside(old, old.index.find(words))
    if len(former) == len(spans) and before in former:
        return spans[former.index(before)]
    return f"its words stand {len(spans)} times in it"


def _placed(new: Document, entry: PassageEntry, span: Span) -> dict[str, Any] | None:
    """Return the keys that an entry needs to mean a place; None when it cannot."""
    if passages.place(new, entry) == span:
        return {}
    moved = entry.model_copy(update={"start": span[0], "prefix": None, "suffix": None})
    if passages.place(new, moved) != span:
        return None
    gone: Mapping[str, Any] = {key: None for key in ("prefix", "suffix") if getattr(entry, key) is not None}
    return {"start": span[0], **gone}


def _speakers(extract: Extract) -> dict[str, Any] | None:
    return dict(extract.places.speakers) or None


def _differing(old: str, new: str) -> tuple[int, int]:
    """Return how many lines of a text are gone, and how many are new."""
    before, now = Counter(old.split("\n")), Counter(new.split("\n"))
    gone, added = (before - now).total(), (now - before).total()
    return (gone, added) if gone or added or old == new else (1, 1)
