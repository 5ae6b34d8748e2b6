"""Add documents to a study: interviews, papers, notes, as people have them.

Of each document the study keeps the file itself (``sources/originals/NAME``), the text that was made of it, against
which quotes are checked from then on (``sources/ID.txt``), what its stretches are called (``sources/ID.places.json``),
of a PDF what each page gave to the text (``sources/ID.pages.json``), and an entry in study.yaml with the digests. All
that can be read is added by one move; what cannot is named, and leaves nothing behind. No text is made anew but by
:mod:`kg.adding.again`.
"""

from __future__ import annotations

import itertools
import re
import shutil
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import aside, editing, moving, page_map
from kg.adding import extracting, found
from kg.adding.extracting import Extract, Options
from kg.errors import Finding, KGError, StudyError, near
from kg.loaders import SOURCES
from kg.loaders import theory as reading
from kg.loaders._reader import Reader
from kg.loaders.imports.safe import fit, refuse
from kg.loaders.unread import ORIGINALS
from kg.naming import slug
from kg.paths import store_folder
from kg.progress import silent

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from kg.adding.found import Found
    from kg.editing.files import Files
    from kg.loaders.documents.speakers import Grade
    from kg.loaders.theory import Theory
    from kg.progress import Progress

__all__ = ["Added", "Addition", "Options", "add"]

_UNPORTABLE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u2028-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_LONGEST = 150
"""Bytes of the name of an original."""


class Added(NamedTuple):
    """A source that was added.

    Args:
        id: its id.
        shown: the file as a person calls it.
        file: the file of its text.
        original: where the document itself is kept.
        loader: what read it.
        paragraphs: of its body.
        pages: how many it has.
        grade: how sure its turns are.
        turns: how many each speaker has; of a text that may be a transcript, would have.
        roles: the role of each speaker.
    """

    id: str
    shown: str
    file: str
    original: str
    loader: str
    paragraphs: int
    pages: int
    grade: Grade
    turns: Mapping[str, int]
    roles: Mapping[str, str]


@dataclass(frozen=True)
class Addition:
    """A report of what was added to a study.

    Args:
        study: the study's folder.
        added: the sources.
        findings: the files that could not be read, and warnings of what others lost.
    """

    study: Path
    added: tuple[Added, ...]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Return the findings of the files that were not added."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def add(
    study: Path,
    paths: Sequence[Path],
    options: Options,
    progress: Progress = silent,
    *,
    by: str | None = None,
    now: datetime.datetime | None = None,
) -> Addition:
    """Add documents to a study: all that can be read, in one edit, which can be undone.

    Args:
        study: the study's folder.
        paths: files, folders and zip files of them.
        options: what a person says of them.
        progress: called with the step, how many documents are read, and how many there are.
        by: id of the coder in whose journal the edit is kept; None keeps it in none.
        now: the moment of the edit; now when it is None.

    Returns:
        What was added, and why other files were not.

    Raises:
        StudyError: when none can be added, the study cannot be read or has no such case or reference. Nothing is
            written then.
        EditRefused: when study.yaml is written so that nothing can be added surely.
    """
    with moving.lock(study):
        moving.recover(study)
        theory = read_study(study)
        _check(theory, options)
        try:
            with aside.folder(store_folder(study), "add") as laid:
                adding = _Adding(study, laid, theory, options)
                addition = adding.run(paths, progress)
                if addition.added:
                    # Nobody has quoted it yet: no passage has to be looked for.
                    editing.edit(study, by, now, adding.enter, keeps=True)
        except OSError as e:
            if isinstance(e, KGError):
                raise
            message = f"cannot be written: {e.strerror or str(e)[:200]}"
            refuse(str(study), "unreadable-file", message, "nothing was added; mend that, and add again")
    if addition.refused and not addition.added:
        raise StudyError(addition.findings)
    return addition


def read_study(study: Path) -> Theory:
    """Read what a study says besides its sources.

    Args:
        study: the study's folder.

    Raises:
        StudyError: when it cannot be read.
    """
    reader = Reader(study)
    theory = reading.read(reader)
    if theory is None:
        raise StudyError(reader.errors())
    return theory


def _check(theory: Theory, options: Options) -> None:
    """Check that the case and the reference are there."""
    for kind, identifier in (("case", options.case), ("reference", options.reference)):
        if identifier is not None and identifier not in theory.ids[kind]:
            message = f"unknown {kind} '{identifier}'"
            refuse("study.yaml", f"unknown-{kind}", message, near(identifier, theory.ids[kind], f"a {kind}"))


class _Adding:
    """Documents on their way into a study.

    Args:
        study: the study's folder.
        laid: an empty folder, in which files are laid aside as they are to stand in the study.
        theory: what the study says.
        options: what a person says of the documents.
    """

    def __init__(self, study: Path, laid: Path, theory: Theory, options: Options) -> None:
        self.study, self.aside, self.options = study, laid, options
        self.findings: list[Finding] = []
        self.added: list[Added] = []
        self.entries: list[dict[str, Any]] = []
        self._there = {one.original.sha256: one.id for one in theory.listing.sources if one.original}
        self._ids = {source.id.casefold() for source in theory.listing.sources}
        self._names = {path.name.casefold() for path in (study / ORIGINALS).glob("*")}
        self._texts = {path.name.casefold() for path in (study / "sources").glob("*")}

    def run(self, paths: Sequence[Path], progress: Progress) -> Addition:
        """Read the documents, and lay aside what is kept of them."""
        unpacked = self.aside / ".unpacked"
        unpacked.mkdir()
        (self.aside / ORIGINALS).mkdir(parents=True)
        documents = found.find(paths, self.study, unpacked, self.findings)
        titled = list(itertools.islice(documents, 2)) if self.options.title else []
        if len(titled) > 1:
            refuse(titled[1].shown, "invalid-value", "one title is given for several documents", "leave out --title")
        for number, document in enumerate(itertools.chain(titled, documents)):
            progress("reading documents", number, max(len(paths), number + 1))
            try:
                self._take(document)
            except StudyError as e:
                self.findings += e.findings
        if not self.added and not self.findings:
            refuse(str(paths[0]), "missing-file", "there is no document in it", "name files, or a folder of them")
        shutil.rmtree(unpacked)
        return Addition(self.study, tuple(self.added), tuple(self.findings))

    def _take(self, document: Found) -> None:
        """Read a document, and lay aside what is kept of it."""
        # What is read is the copy that is kept: nobody changes it in between.
        name = _free(portable(document.name), self._names)
        kept = self.aside / ORIGINALS / name
        _copy(document, kept)
        try:
            extract = extracting.extract(kept, document.shown, self.options)
            if (there := self._there.get(extract.places.original)) is not None:
                message = f"it is in the study already, as '{there}'"
                mend = f"nothing, if that is meant; to read it anew: kg add --again {there}"
                self.findings.append(Finding(document.shown, 0, "source-exists", message, mend, "note"))
                kept.unlink()
                return
        except BaseException:
            kept.unlink(missing_ok=True)
            raise
        self._names.add(name.casefold())
        identifier = self._id(document.name, extract.suffix)
        self._there[extract.places.original] = identifier
        (self.aside / f"sources/{identifier}{extract.suffix}").write_bytes(extract.text.encode())
        places = f"sources/{identifier}.places.json"
        (self.aside / places).write_bytes(extract.places.write().encode())
        if extract.pages:
            (self.aside / page_map.file_beside(places)).write_bytes(extract.pages.encode())
        self._enter(identifier, document, name, extract)

    def _id(self, name: str, suffix: str) -> str:
        """Return an id that is free, and free as the name of a file."""
        plain = slug(Path(fit(name)[0]).stem, "source")
        for number in itertools.count(1):
            identifier = plain if number == 1 else f"{plain}-{number}"
            files = {f"{identifier}{end}".casefold() for end in (suffix, ".places.json", page_map.SUFFIX)}
            if identifier.casefold() not in self._ids and self._texts.isdisjoint(files):
                self._ids.add(identifier.casefold())
                return identifier
        raise AssertionError

    def _enter(self, identifier: str, document: Found, name: str, extract: Extract) -> None:
        """Note the entry of a source in study.yaml."""
        options, places = self.options, extract.places
        title = options.title or " ".join(Path(fit(document.name)[0]).stem.split()) or identifier
        role = options.role or ("literature" if options.reference and not options.case else "case")
        file = f"sources/{identifier}{extract.suffix}"
        original = f"{ORIGINALS}/{name}"
        entry: dict[str, Any] = {"id": identifier, "file": file, "title": title, "role": role}
        entry |= {"case": options.case, "language": extract.language, "reference": options.reference}
        entry |= {
            "sha256": places.text,
            "original": {"file": original, "sha256": places.original},
            "places": f"sources/{identifier}.places.json",
            "speakers": dict(places.speakers) or ("none" if options.speakers == "none" else None),
        }
        self.entries.append({key: value for key, value in entry.items() if value is not None})
        paragraphs = len(SOURCES[extract.suffix](extract.text, title))
        pages = len({place.level for place in places.places if place.kind == "page"})
        self.findings += extract.remarks
        self.added.append(
            Added(
                identifier, document.shown, file, original, places.loader, paragraphs, pages, extract.grade,
                extract.turns, places.speakers,
            )
        )  # fmt: skip

    def enter(self, files: Files) -> dict[str, Any]:
        """Add the entries to study.yaml, and what was laid aside to the study."""
        files.change("study.yaml", lambda yaml: yaml.append(("sources",), self.entries))
        for path in sorted(path for path in self.aside.rglob("*") if path.is_file()):
            files.lay(path.relative_to(self.aside).as_posix(), path)
        ids = ", ".join(one.id for one in self.added)
        said = f"added {len(self.added):,} source{'s' * (len(self.added) != 1)}: {ids}"
        return {"said": said, "operations": [{"do": "add", "kind": "source", "record": one} for one in self.entries]}


def portable(name: str) -> str:
    """Return a name of a file that every file system takes.

    Args:
        name: the name that a file has somewhere.

    Example:
        >>> portable("Ann: 1?.docx"), portable("CON.txt"), portable("..")
        ('Ann- 1-.docx', 'file-CON.txt', 'file')
    """
    text = _UNPORTABLE.sub("-", unicodedata.normalize("NFC", fit(name[:1000])[0])).strip(". ")
    path = PurePosixPath(text or "file")
    suffix = path.suffix if len(path.suffix.encode()) < 20 else ""
    stem = text.removesuffix(suffix).encode()[:_LONGEST].decode(errors="ignore").rstrip(". ") or "file"
    return f"{'file-' * bool(_RESERVED.match(stem))}{stem}{suffix}"


def _free(name: str, taken: Iterable[str]) -> str:
    """Return a name, with a number where it is taken in whatever case."""
    path = PurePosixPath(name)
    names = (name if number == 1 else f"{path.stem}-{number}{path.suffix}" for number in itertools.count(1))
    return next(one for one in names if one.casefold() not in taken)


def _copy(document: Found, to: Path) -> None:
    """Copy a document; what cannot be copied is said of it, and not of the study."""
    from kg.loaders.documents import content

    try:
        content.check(document.path)
    except StudyError as e:
        raise StudyError([replace(finding, file=document.shown) for finding in e.findings]) from e
    try:
        data = document.path.read_bytes()
    except OSError as e:
        refuse(document.shown, "unreadable-file", f"cannot be read: {e.strerror or e}", "mend its permissions")
    to.write_bytes(data)
