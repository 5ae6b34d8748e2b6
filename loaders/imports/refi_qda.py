"""REFI-QDA projects: a zip of project.qde and sources, as ATLAS.ti, NVivo, MAXQDA, QualCoder and others export.

The standard is REFI-QDA 1.5 (https://www.qdasoftware.org); what programs do differently is read as they do it:
any namespace version, names and folders in any case, sources without names or ``internal://``, comments as
passages without a code. The XML is read three times, a source at a time, and never held whole.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import uuid
from collections import Counter
from contextlib import closing
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg.entries import (
    LEVELS,
    AgreementFile,
    AnchorEntry,
    ConceptsFile,
    ConfidenceFile,
    Day,
    Identifier,
    Position,
    PropositionsFile,
    ReadingEntry,
    Text,
    ValueType,
)
from kg.errors import StudyError
from kg.loaders._files import MAX_BYTES
from kg.loaders.imports import safe
from kg.loaders.imports.material import (
    Attribute,
    Case,
    Claim,
    Code,
    Coder,
    Document,
    Given,
    Kind,
    Material,
    Memo,
    Passage,
    Set,
)
from kg.loaders.imports.readings import READINGS
from kg.values import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lxml import etree

    from kg.entries import Level
    from kg.loaders.imports import Options

ORIGIN = "dart-kg"
"""What ``origin`` begins with in a project that this tool wrote: its positions need no guessing."""
RECORDS = "dart-kg records"
"""Name of the note that holds, as JSON, what the format has no place for."""
_SOURCES: dict[str, Kind] = {
    "TextSource": "text", "PDFSource": "pdf", "PictureSource": "picture", "AudioSource": "audio",
    "VideoSource": "video",
}  # fmt: skip
_AREAS = {
    "PDFSelection": "areas of PDF pages", "PictureSelection": "areas of pictures",
    "AudioSelection": "stretches of sound", "VideoSelection": "stretches of film",
}  # fmt: skip
_TYPES = {TYPES[name].refi: name for name in get_args(ValueType)}
"""Types of attributes by what the standard calls them."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def guid(study: str, kind: str, identifier: str) -> str:
    """Return the GUID of a record, the same at every export (a UUID of version 5).

    Args:
        study: the study's id.
        kind: what it is, such as ``code``.
        identifier: its id.

    Example:
        >>> guid("dart", "code", "trust") == guid("dart", "code", "trust")
        True
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://w3id.org/dart-kg/{study}/{kind}/{identifier}"))


def fits(path: Path) -> bool:
    """Say whether a zip file holds a project."""
    try:
        with closing(safe.Archive(path)) as archive:
            return _project(archive) is not None
    except StudyError:
        return True  # its name says so; reading it says what is wrong


def read(path: Path, options: Options) -> Material:
    """Read a project.

    Args:
        path: the ``.qdpx`` file.
        options: an encoding of the texts in it; the file says all else.

    Returns:
        What it holds.

    Raises:
        StudyError: when the archive or the XML cannot be read or trusted.
    """
    archive = safe.Archive(path)
    if _project(archive) is None:
        names = ", ".join(archive.names()[:5]) or "nothing"
        safe.refuse(path.name, "broken-archive", f"it has no project.qde, but {names}", "is it a REFI-QDA project?")
    return _Project(archive, options.encoding).material()


def _project(archive: safe.Archive) -> str | None:
    """Return the member that is the project: project.qde, in any case, or the only .qde there is."""
    if member := archive.find("project.qde"):
        return member
    others = [name for name in archive.names() if name.lower().endswith(".qde")]
    return others[0] if len(others) == 1 else None


@lru_cache(maxsize=1000)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return _local(str(element.tag))


def key_of(element: etree._Element, attribute: str = "guid") -> str:
    """Return a GUID as it can be compared: without braces, in lower case."""
    return element.get(attribute, "").strip("{} ").lower()


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Give the children of one name, in any namespace."""
    return (child for child in element if name_of(child) == name)


def text_of(element: etree._Element, name: str) -> str:
    """Return the text of a child; empty when it has none."""
    return next((child.text or "" for child in children(element, name)), "")


def day_of(element: etree._Element) -> datetime.date | None:
    """Return the day of an element; None when it has none that is one."""
    for attribute in ("creationDateTime", "modifiedDateTime"):
        if written := _DAY.match(element.get(attribute, "")):
            try:
                return datetime.date.fromisoformat(written[0])
            except ValueError:
                continue
    return None


def time_of(milliseconds: str) -> str:
    """Write a point of a recording as hours, minutes and seconds; empty when it is none.

    Args:
        milliseconds: from the beginning, as the file has it.

    Example:
        >>> time_of("754500"), time_of("soon")
        ('00:12:34', '')
    """
    if not (milliseconds.isascii() and milliseconds.isdecimal() and len(milliseconds) < 12):
        return ""
    minutes, seconds = divmod(int(milliseconds) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"


def codes_of(book: etree._Element, lost: Counter[str]) -> list[Code]:
    """Read the tree of codes under a CodeBook or Codes element.

    Args:
        book: the element.
        lost: takes the count of what codes have besides.

    Returns:
        The codes, a code before those under it.
    """
    listed = []
    waiting: list[tuple[etree._Element, str | None]] = [
        (code, None) for codes in (*children(book, "Codes"), book) for code in children(codes, "Code")
    ]
    waiting.reverse()
    while waiting:
        code, parent = waiting.pop()
        key = key_of(code)
        lost["colours of codes"] += bool(code.get("color"))
        listed.append(Code(key, code.get("name", ""), parent, text_of(code, "Description")))
        waiting += [(child, key) for child in reversed(list(children(code, "Code")))]
    return listed


def sets_of(
    elements: Iterable[etree._Element], lost: Counter[str], own: Mapping[str, Mapping[str, Any]] = {}
) -> tuple[dict[str, Level], list[Set]]:
    """Read sets; those of codes that are called open, axial and selective are levels.

    Args:
        elements: Set elements.
        lost: takes the count of members that are no code or source.
        own: what our own export adds to a set, by its GUID; such a set is no level, whatever its name.

    Returns:
        Levels by the code's GUID, and the other sets.
    """
    levels: dict[str, Level] = {}
    sets = []
    for element in elements:
        key, name = key_of(element), element.get("name", "").strip()
        codes, documents = (
            tuple(key_of(member, "targetGUID") or key_of(member) for member in children(element, kind))
            for kind in ("MemberCode", "MemberSource")
        )
        level = next((level for level in LEVELS if level == name.lower()), None)
        if level is None or documents or key in own:
            lost["notes in sets"] += sum(1 for _ in children(element, "MemberNote"))
            sets.append(Set(key, name, text_of(element, "Description"), codes, documents, own.get(key, {})))
        else:
            levels.update(dict.fromkeys(codes, level))
    return levels, sets


def values_of(element: etree._Element) -> dict[str, str]:
    """Read what a case or source has of variables, by the GUID of the variable.

    Args:
        element: the case or source.
    """
    values = {}
    for value in children(element, "VariableValue"):
        key = next((key_of(ref, "targetGUID") for ref in children(value, "VariableRef")), "")
        text = next((child.text or "" for child in value if name_of(child).endswith("Value")), "")
        if text.strip():
            values[key] = text
    return values


class UncodedFields(BaseModel):
    """The reason why a paragraph has no code."""

    paragraph: Identifier
    memo: Text
    coder: Identifier
    date: datetime.date


class ReadingFields(ReadingEntry):
    """A reading of an evidence line, with who made it and when."""

    coder: Identifier
    date: Day


class SourceFields(BaseModel):
    """The fields of a source besides its name, text and case."""

    model_config = ConfigDict(extra="allow")

    id: Identifier
    uncoded: list[UncodedFields] = Field(default=[])
    readers: list[Identifier] = Field(default=[])
    readings: list[ReadingFields] = Field(default=[])


class StudyFields(BaseModel):
    """The fields of a study besides its records."""

    model_config = ConfigDict(extra="allow")

    id: str = ""
    ontology: list[str] = Field(default=[])


class SetFields(BaseModel):
    """The fields of a set besides its name, description, codes and sources."""

    model_config = ConfigDict(extra="allow")

    id: Identifier
    cases: list[Identifier] = Field(default=[])


class CodeFields(BaseModel):
    """The fields of a code besides its name, definition, level and place."""

    model_config = ConfigDict(extra="allow")

    indicates: Identifier | None = None
    anchor: AnchorEntry | None = None


class AlsoFields(BaseModel):
    """A further passage of an evidence line."""

    source: Identifier
    start: Position
    quote: Text


class LineFields(BaseModel):
    """Optional fields of an evidence line in our export: further passages, what replaces it, and newer fields."""

    model_config = ConfigDict(extra="allow")

    also: list[AlsoFields] = Field(default=[])
    replaced_by: Identifier | None = None


class Records(BaseModel):
    """The records that our own export puts into one note, because the format has no place for them.

    Fields of records stand by the GUID of their element; evidence lines by their id.
    """

    study: StudyFields
    coders: dict[str, dict[str, Any]] = {}
    cases: dict[str, dict[str, Any]] = {}
    attributes: dict[str, dict[str, Any]] = {}
    sets: dict[str, SetFields] = {}
    codes: dict[str, CodeFields] = {}
    sources: dict[str, SourceFields] = {}
    references: list[dict[str, Any]] = []
    lines: dict[str, LineFields] = {}
    assertions: dict[str, tuple[str, datetime.date]] = {}
    locators: dict[str, str] = {}
    propositions: PropositionsFile
    concepts: ConceptsFile | None = None
    agreement: AgreementFile | None = None
    confidence: ConfidenceFile | None = None


_KEPT = ("study", "concepts", "propositions", "agreement", "confidence")
"""Records that are taken as they are written."""


class _Note(NamedTuple):
    """A note of the project, to which its other elements refer."""

    name: str
    text: str
    coder: str | None
    date: datetime.date | None


class _Project:
    """A project; its archive stays open as long as documents may be asked for."""

    def __init__(self, archive: safe.Archive, encoding: str = "") -> None:
        self.archive, self.encoding = archive, encoding
        self.file = str(_project(archive))
        self.label = f"{archive.name}: {self.file}"
        self.lost: Counter[str] = Counter()
        self.sentences: list[str] = []
        self.notes: dict[str, _Note] = {}
        self.noted = self.note_room = safe.Room(self.label, "its notes have")
        self.used: set[str] = set()
        self.memos: list[tuple[str, str]] = []
        self.cases: set[str] = set()
        self.documents: set[str] = set()
        self.attached: dict[str, list[str]] = {}
        self.links: list[tuple[str, str, str, str, str]] = []
        self.members = {name.rpartition("/")[2].casefold(): name for name in reversed(archive.names())}
        self.records: dict[str, Any] = {}
        self.claims: dict[str, list[Claim]] = {}
        self.beside: dict[str, Mapping[str, str]] = {}
        """Values of variables that stand in a case without a name, by the one document in it."""

    def material(self) -> Material:
        """Read all but the passages."""
        users: list[etree._Element] = []
        codes: list[Code] = []
        cases: list[Case] = []
        variables: list[etree._Element] = []
        sets: list[etree._Element] = []
        head: dict[str, Any] = {}
        wanted = (
            "Project", "Users", "CodeBook", "Variable", "Case", *_SOURCES, "Note", "Link", "Set", "Graph",
        )  # fmt: skip
        with self.archive.open(self.file) as stream:
            for element in safe.xml_events(stream, self.label, wanted):
                name, parent = name_of(element), element.getparent()
                above = name_of(parent) if parent is not None else ""
                if name == "Users":
                    users = [*children(element, "User")]
                elif name == "CodeBook":
                    codes = codes_of(element, self.lost)
                    for code in element.iter("{*}Code"):
                        self._refer(code, f"code '{code.get('name', '')}'")
                elif name == "Case":
                    case = self._case(element)
                    # MAXQDA makes one for each document, to hang values of variables on.
                    if case.name or len(case.documents) > 1:
                        cases.append(case)
                    else:
                        self.lost["cases without a name that hold one document at most"] += 1
                        for document in case.documents:
                            self.beside[document] = case.values
                elif name in _SOURCES and above == "Sources":
                    self._beside(element, name)
                    safe.forget(element)
                elif name == "Note" and above == "Notes":
                    self._note(element)
                    safe.forget(element)
                elif name == "Link":
                    self._link(element)
                    safe.forget(element)
                elif name == "Set":
                    sets.append(element)
                elif name == "Variable":
                    variables.append(element)
                elif name == "Graph":
                    self.lost["graphs"] += 1
                elif name == "Project":
                    head = {
                        "name": element.get("name", ""),
                        "origin": element.get("origin", ""),
                        "day": day_of(element),
                    }
                    head["description"] = text_of(element, "Description")
                    self._refer(element, "the project")
        own = str(head.get("origin", "")).startswith(ORIGIN)
        if own:
            self._own()
        else:
            self._attach({code.key for code in codes})
        records = self.records
        levels, listed = sets_of(sets, self.lost, records.get("sets", {}))
        return Material(
            title=str(head.get("name", "")),
            documents=self._documents,
            readings=READINGS[:1] if own else READINGS,
            description=str(head.get("description", "")),
            coders=tuple(
                Coder(
                    key_of(user),
                    user.get("name", "") or user.get("id", ""),
                    records.get("coders", {}).get(key_of(user), {}),
                )
                for user in users
            ),
            cases=tuple(dataclasses.replace(case, fields=self._fields("cases", case.key, case.name)) for case in cases),
            attributes=tuple(self._attribute(variable) for variable in variables),
            sets=tuple(dataclasses.replace(one, fields=self._fields("sets", one.key, one.name)) for one in listed),
            codes=tuple(
                Code(c.key, c.name, c.parent, c.definition, levels.get(c.key), self._fields("codes", c.key, c.name))
                for c in codes
            ),
            references=tuple(records.get("references", ())),
            memos=tuple(self._free()),
            date=head.get("day"),
            lost=self.lost,
            said=self.sentences,
            records={k: records[k] for k in _KEPT if records.get(k)},
        )

    def _attach(self, codes: set[str]) -> None:
        """Make a note that is linked with a passage the memo of it, as NVivo's annotations are; count other links."""
        elsewhere = {*self.notes, *codes, *self.cases, *self.documents}
        for _, origin, target, _, _ in self.links:
            note, other = (origin, target) if origin in self.notes else (target, origin)
            if note in self.notes and other not in elsewhere:
                self.attached.setdefault(other, []).append(note)
                self.used.add(note)
            else:
                self.lost["links"] += 1

    def _fields(self, kind: str, key: str, name: str) -> Mapping[str, Any]:
        """Return what our own export adds to a record; its label only if nobody renamed the record since."""
        fields: dict[str, Any] = dict(self.records.get(kind, {}).get(key, {}))
        label = fields.get("label")
        if not isinstance(label, dict) or label.get("en") != name:
            fields.pop("label", None)
        return fields

    def _attribute(self, variable: etree._Element) -> Attribute:
        key, name = key_of(variable), variable.get("name", "").strip()
        kind = _TYPES.get(variable.get("typeOfVariable", ""), "text")
        return Attribute(key, name, kind, text_of(variable, "Description"), self._fields("attributes", key, name))

    def _case(self, element: etree._Element) -> Case:
        for name, what in (
            ("CodeRef", "codes given to cases"),
            ("SelectionRef", "passages listed in cases"),
            ("Description", "descriptions of cases"),
        ):
            self.lost[what] += sum(1 for _ in children(element, name))
        sources = tuple(key_of(ref, "targetGUID") for ref in children(element, "SourceRef"))
        self.cases.add(key_of(element))
        return Case(key_of(element), element.get("name", "").strip(), sources, values=values_of(element))

    def _refer(self, element: etree._Element, about: str) -> None:
        """Remember the notes of an element that become notes of the study."""
        self.memos += [(key_of(ref, "targetGUID"), about) for ref in children(element, "NoteRef")]

    def _beside(self, source: etree._Element, kind: str) -> None:
        """Count what a source has besides its passages."""
        about = f"document '{source.get('name') or key_of(source)}'"
        self.documents.add(key_of(source))
        self._refer(source, about)
        self.used.update(key_of(ref, "targetGUID") for ref in source.iter("{*}NoteRef"))
        inner = sum(1 for _ in source.iter("{*}VariableValue")) - sum(1 for _ in children(source, "VariableValue"))
        self.lost["values of variables of parts of documents"] += inner
        self.lost["codes given to whole documents"] += sum(1 for _ in children(source, "Coding"))
        self.lost["descriptions of documents"] += any(text.text for text in children(source, "Description"))
        if kind == "TextSource":
            self.lost["formatted versions of documents"] += bool(source.get("richTextPath"))
        else:
            self.lost["files of PDFs, pictures, sound and film"] += bool(source.get("path"))
        for name, what in _AREAS.items():
            for area in children(source, name):
                self.lost[what] += 1
                self.lost[f"codings of {what}"] += sum(1 for _ in area.iter("{*}Coding"))

    def _note(self, note: etree._Element) -> None:
        text = self._text(note)
        self.noted.take(len(text.text) if text else 0)
        self.notes[key_of(note)] = _Note(
            note.get("name", ""), text.text if text else "", key_of(note, "creatingUser") or None, day_of(note)
        )
        self.lost["codings of notes"] += sum(1 for _ in note.iter("{*}Coding"))

    def _link(self, link: etree._Element) -> None:
        note = next((key_of(ref, "targetGUID") for ref in children(link, "NoteRef")), "")
        self.used.add(note)
        self.links.append(
            (key_of(link), key_of(link, "originGUID"), key_of(link, "targetGUID"), link.get("name", ""), note)
        )

    def _free(self) -> Iterator[Memo]:
        """Give the notes that no passage or coding has."""
        about = {key: what for key, what in self.memos if key in self.notes}
        for key, note in self.notes.items():
            if key in about or key not in self.used:
                yield Memo(note.name, note.text, about.get(key, ""))

    def _text(self, element: etree._Element) -> safe.Text | None:
        """Return the text of a source or note, from the XML or from its file in the archive."""
        for content in children(element, "PlainTextContent"):
            text, replaced = safe.fit(content.text or "")
            return safe.Text(text.removeprefix("\ufeff"), text.startswith("\ufeff"), "utf-8", replaced)
        path = element.get("plainTextPath", "")
        if not path:
            return None
        member = self._member(path)
        if member is None:
            self.sentences.append(f"'{element.get('name') or path}': its text '{path}' is not in the archive")
            return None
        called = f"{self.archive.name}: {member}"
        if (size := self.archive.size(member)) > MAX_BYTES:
            safe.refuse(called, "file-too-big", f"a text of {size:,} bytes, more than {MAX_BYTES:,}", "split it")
        text_file = safe.decode(self.archive.read(member), called, self.encoding)
        if text_file.replaced:
            self.sentences.append(f"{member}: {text_file.replaced} characters that no text file holds stand as U+FFFD")
        return text_file

    def _member(self, path: str) -> str | None:
        """Find a source's file: in the folder of sources, in any case, with or without ``internal://``."""
        if re.match(r"(?:relative|absolute)://", path):
            return None
        name = path.removeprefix("internal://").replace("\\", "/").lstrip("/")
        return self.archive.find(f"sources/{name}") or self.archive.find(name) or self.members.get(
            name.rpartition("/")[2].casefold()
        )  # fmt: skip

    def _documents(self) -> Iterator[Document]:
        """Give the sources, one at a time."""
        with self.archive.open(self.file) as stream:
            for element in safe.xml_events(stream, self.label, (*_SOURCES, "Sources")):
                name, parent = name_of(element), element.getparent()
                if name == "Sources":
                    return
                if parent is None or name_of(parent) != "Sources":
                    continue
                yield from self._source(element, _SOURCES[name])
                safe.forget(element)

    def _source(self, element: etree._Element, kind: Kind) -> Iterator[Document]:
        key, name = key_of(element), element.get("name", "")
        self.note_room = safe.Room(self.label, f"the notes beside passages of '{name[:80]}' have")
        fields = self.records.get("sources", {}).get(key, {})
        values = {**self.beside.get(key, {}), **values_of(element)}
        inner = element if kind == "text" else next(children(element, "Representation"), None)
        transcripts = list(children(element, "Transcript"))
        if inner is not None or not transcripts:
            text = self._text(inner) if inner is not None else None
            passages = tuple(self._passages(inner)) if inner is not None else ()
            yield Document(
                key, name, text.text if text else None, bool(text and text.bom), kind, passages, fields, values=values
            )
        for number, transcript in enumerate(transcripts, 1):
            text = self._text(transcript)
            called = f"{name} ({transcript.get('name') or f'transcript {number}'})"
            points = {key_of(p): p for p in children(transcript, "SyncPoint")}
            heard = tuple(self._heard(transcript, points))
            yield Document(
                key_of(transcript) or f"{key}-{number}", called, text.text if text else None, bool(text and text.bom),
                kind, heard, values=values,
            )  # fmt: skip

    def _passages(self, source: etree._Element) -> Iterator[Passage]:
        for selection in children(source, "PlainTextSelection"):
            yield self._passage(selection, selection.get("startPosition", ""), selection.get("endPosition", ""))

    def _heard(self, transcript: etree._Element, points: Mapping[str, etree._Element]) -> Iterator[Passage]:
        """Give the passages of a transcript, which lie between points of its text and of its recording."""
        for selection in children(transcript, "TranscriptSelection"):
            ends = [points.get(key_of(selection, f"{side}SyncPoint")) for side in ("from", "to")]
            start, end = ("" if point is None else point.get("position", "") for point in ends)
            times = dict.fromkeys(time_of("" if point is None else point.get("timeStamp", "")) for point in ends)
            # A program that knows no times writes 0 for each.
            time = "-".join(filter(None, times)) if times.keys() - {"", time_of("0")} else ""
            yield self._passage(selection, start, end, time)

    def _passage(self, selection: etree._Element, start: str, end: str, time: str = "") -> Passage:
        key = key_of(selection)
        given, notes, memo = [], [], ""
        for child in selection:
            name = name_of(child)
            if name == "Coding":
                about = [self._memo(ref) for ref in children(child, "NoteRef")]
                coder, day = key_of(child, "creatingUser") or None, day_of(child)
                code = next((key_of(ref, "targetGUID") for ref in children(child, "CodeRef")), "")
                if code in self.cases:
                    self.lost["passages given to cases"] += 1
                else:
                    given.append(Given(code, coder, day, "\n".join(filter(None, about))))
            elif name == "NoteRef":
                notes.append(self._memo(child))
            elif name == "Description":
                memo = child.text or ""
        notes += [self.notes[note].text for note in self.attached.get(key, ())]
        return Passage(
            where=f"passage {key}",
            start=int(start) if start.isdecimal() and len(start) < 16 else -1,
            end=int(end) if end.isdecimal() and len(end) < 16 else -1,
            hint=selection.get("name", ""),
            given=tuple(given),
            memo="\n".join(filter(None, (memo, *notes))),
            coder=key_of(selection, "creatingUser") or None,
            date=day_of(selection),
            claims=tuple(self.claims.get(key, ())),
            locator=self.records.get("locators", {}).get(key, time),
        )

    def _memo(self, reference: etree._Element) -> str:
        note = self.notes.get(key_of(reference, "targetGUID"))
        self.note_room.take(len(note.text) if note else 0)
        return note.text if note else ""

    def _own(self) -> None:
        """Read what our own export put into notes and links."""
        key = next((key for key, note in self.notes.items() if note.name == RECORDS), None)
        if key is None:
            self.lost["links"] += len(self.links)
            return
        try:
            records = Records.model_validate_json(self.notes.pop(key).text)
        except ValidationError as e:
            what = f"the note '{RECORDS}' is not what was written: {e.errors()[0]['msg']}"
            safe.refuse(self.label, "broken-json", what, "delete that note, and what it holds is left out")
        self.records = records.model_dump(mode="json", exclude_defaults=True)
        study = records.study.id
        propositions = {guid(study, "proposition", claim.id): claim.id for claim in records.propositions.propositions}
        lines = {guid(study, "line", identifier): identifier for identifier in records.lines}
        for link, origin, target, name, note in self.links:
            proposition = propositions.get(target)
            written = self.notes.get(note)
            if proposition and name == "asserts" and link in records.assertions:
                coder, day = records.assertions[link]
                self.claims.setdefault(origin, []).append(Claim(coder, day, asserts=proposition))
            elif proposition and note in lines and written is not None:
                line = dict(self.records["lines"][lines[note]])
                if line.pop("first", None) == origin:
                    entry = {"id": lines[note], "proposition": proposition, "stance": name, "rationale": written.text}
                    day = written.date or datetime.date.min
                    self.claims.setdefault(origin, []).append(Claim(written.coder or "", day, evidence=entry | line))
            else:
                self.lost["links"] += 1
        for key in (*propositions, *lines):
            self.notes.pop(key, None)
