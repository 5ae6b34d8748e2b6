"""Write a study as a REFI-QDA project or codebook, for ATLAS.ti, NVivo, MAXQDA, QualCoder and others.

As the standard has it (REFI-QDA 1.5): texts inside, UTF-8, LF, without a byte order mark, positions in
codepoints from 0, end exclusive. Evidence lines are links from passages to propositions, which are notes;
memos are notes, levels of codes are sets. What the format has no place for is in one note, as JSON, from
which :mod:`kg.loaders.imports.refi_qda` makes the same study again.
"""

from __future__ import annotations

import json
import re
import zipfile
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from kg import moving
from kg.entries import LEVELS, written_witness
from kg.loaders import readings
from kg.loaders.imports.refi_qda import ORIGIN, RECORDS, guid
from kg.loaders.pandoc_citations import written
from kg.numbers import number
from kg.render import xml_text
from kg.values import TYPES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.entries import Attribute, Code, Record
    from kg.graph import Graph
    from kg.records import Reading, Source, Study, Value

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_ELSEWHERE = ("title", "case", "text", "body", "sha256", "witness", "values", "original", "places", "pages", "speakers")
"""What a source has that stands elsewhere in the project, is derived, or is left out."""
_NAME = 80
"""Codepoints of a passage that are its name, as MAXQDA and others show it."""


def write_project(graph: Graph, folder: Path) -> list[str]:
    """Write a study as STUDY.qdpx.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        Sentences on what is not as it was.
    """
    from kg.loaders import study as loader

    with moving.still(graph.folder):
        study, findings, *_ = loader.load(graph.folder)
    unconfirmed = sum(finding.rule == "quote-unconfirmed" for finding in findings)
    left_out = f"{number(unconfirmed, 'passage')} that nobody confirmed {'is' if unconfirmed == 1 else 'are'} left out"
    sentences = [left_out] if unconfirmed else []
    sentences += [finding.message for finding in findings if finding.rule == "memo-without-code"]
    sentences += [f"left out: {path.name}" for path in sorted((graph.folder / "imports").glob("*-notes.md"))]
    with zipfile.ZipFile(folder / f"{study.id}.qdpx", "w", zipfile.ZIP_DEFLATED) as archive:
        return [*sentences, *_Project(study, archive).write()]


def write_codebook(graph: Graph, folder: Path) -> list[str]:
    """Write the codes of a study as STUDY.qdc.

    Args:
        graph: the study.
        folder: an empty folder.

    Returns:
        Sentences on what is not as it was.
    """
    from lxml import etree

    from kg.loaders import study as loader

    with moving.still(graph.folder):
        study = loader.load(graph.folder).study
    book = etree.Element("CodeBook", {"xmlns": CODEBOOK, "origin": _origin()})
    _codes(etree.SubElement(book, "Codes"), study)
    sets: list[tuple[str, str, str, Sequence[str]]] = [
        (guid(study.id, "set", level), level, "", [code.id for code in study.codes if code.level == level])
        for level in LEVELS
    ]
    sets += [(guid(study.id, "own set", one.id), one.label.en, one.description, one.codes) for one in study.sets]
    if any(codes for *_, codes in sets):  # the schema does not take an empty Sets
        listed = etree.SubElement(book, "Sets")
        for key, name, description, codes in sets:
            if codes:
                element = etree.SubElement(listed, "Set", {"guid": key, "name": xml_text(name)})
                if description:
                    etree.SubElement(element, "Description").text = xml_text(description)
                for code in codes:
                    etree.SubElement(element, "MemberCode", {"guid": guid(study.id, "code", code)})
    data = etree.tostring(book, encoding="utf-8", xml_declaration=True, pretty_print=True)
    (folder / f"{study.id}.qdc").write_bytes(data)
    lost = sum(bool(code.include or code.exclude or code.anchor or code.label.zh) for code in study.codes)
    said = [f"include, exclude, Chinese labels and anchors of {lost} codes have no place in a codebook"] if lost else []
    if other := sum(len(one.sources) + len(one.cases) for one in study.sets):
        said.append(f"{other} sources and cases in sets have no place in a codebook")
    return said


def _origin() -> str:
    return f"{ORIGIN} {version('dart-kg')}"


def _when(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _codes(parent: Any, study: Study) -> None:
    """Write the codes under an element, a code in the one above it."""
    from lxml import etree

    under: dict[str | None, list[Code]] = {}
    for code in study.codes:
        under.setdefault(code.broader, []).append(code)
    waiting = [(code, parent) for code in reversed(under.get(None, []))]
    while waiting:
        code, above = waiting.pop()
        attributes = {"guid": guid(study.id, "code", code.id), "name": xml_text(code.label.en), "isCodable": "true"}
        element = etree.SubElement(above, "Code", attributes)
        if code.definition:
            etree.SubElement(element, "Description").text = xml_text(code.definition)
        waiting += [(child, element) for child in reversed(under.get(code.id, []))]


def _plain(record: Record, *without: str) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_defaults=True, exclude=set(without))


class _Project:
    """The writer of one project, a source at a time."""

    def __init__(self, study: Study, archive: zipfile.ZipFile) -> None:
        self.study, self.archive = study, archive
        self.lines = readings.authored(study.lines, study.readings)
        self.counts = {line.id: line.status == "active" for line in study.lines}
        self.notes: list[tuple[str, str, str, str | None, str | None]] = []
        """GUID, name, text, coder and time of each note."""
        self.links: list[tuple[str, str, str, str, str | None]] = []
        """GUID, name, origin, target and note of each link."""
        self.sentences: list[str] = []
        self.assertions: dict[str, list[str]] = {}

    def guid(self, kind: str, identifier: str) -> str:
        return guid(self.study.id, kind, identifier)

    def write(self) -> list[str]:
        from lxml import etree

        study = self.study
        days = [coding.date for coding in study.codings] + [line.date for line in study.lines]
        head = {"name": xml_text(study.title.en), "origin": _origin()}
        if days:
            head["creationDateTime"] = _when(max(days))
        # The texts come first: the project is one member, and a zip has one open at a time.
        moved = {source.id: self._text(source) for source in study.sources}
        self._claims()
        self._records()
        if apart := sum(coder.kind == "software" or coder.orcid is not None for coder in study.coders):
            kept = f"that {apart} coders are software, or have an ORCID iD, stands in a note"
            self.sentences.append(f"{kept}, which other programs do not read")
        if mapped := sum(bool(source.places) for source in study.sources):
            kept = "where each passage stands is kept, what else their text is called there is not"
            self.sentences.append(f"{mapped} sources have pages, turns or the like: {kept}")
        if cases := sum(len(one.cases) for one in study.sets):
            self.sentences.append(f"{cases} cases in sets stand in a note, which other programs do not read")
        with self._member("project.qde") as member, etree.xmlfile(member, encoding="utf-8") as xml:
            xml.write_declaration()
            with xml.element("Project", {"xmlns": PROJECT, **head}):
                if study.coders:
                    with xml.element("Users"):
                        for coder in study.coders:
                            user = {"guid": self.guid("coder", coder.id), "name": xml_text(coder.name), "id": coder.id}
                            xml.write(etree.Element("User", user))
                if study.codes:
                    book = etree.Element("CodeBook")
                    _codes(etree.SubElement(book, "Codes"), study)
                    xml.write(book)
                if study.attributes:
                    with xml.element("Variables"):
                        for attribute in study.attributes:
                            xml.write(self._variable(attribute))
                if study.cases:
                    with xml.element("Cases"):
                        for case in study.cases:
                            xml.write(self._case(case.id, case.label.en))
                if study.sources:
                    with xml.element("Sources"):
                        for source in self._sources(moved):
                            xml.write(source)
                with xml.element("Notes"):
                    key = self.guid("note", RECORDS)
                    attributes = {"guid": key, "name": RECORDS, "plainTextPath": f"internal://{key}.txt"}
                    xml.write(etree.Element("Note", attributes))
                    for note in self.notes:
                        xml.write(self._note(*note))
                if self.links:
                    with xml.element("Links"):
                        for link in self.links:
                            xml.write(self._link(*link))
                if study.codes or study.sets:
                    with xml.element("Sets"):
                        for level in LEVELS:
                            if codes := [code.id for code in study.codes if code.level == level]:
                                xml.write(self._set(self.guid("set", level), level, "", codes))
                        for one in study.sets:
                            key = self.guid("own set", one.id)
                            xml.write(self._set(key, one.label.en, one.description, one.codes, one.sources))
                if study.description:
                    with xml.element("Description"):
                        xml.write(xml_text(study.description))
        return self.sentences

    def _member(self, name: str) -> Any:
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        return self.archive.open(info, "w", force_zip64=name == "project.qde")

    def _text(self, source: Source) -> list[int]:
        """Write a source's text with LF, and return where each CR was that is gone."""
        # A lone CR is a line end to some programs and not to others: all become LF.
        gone = [match.start() for match in re.finditer("\r(?=\n)", source.text)]
        if "\r" in source.text:
            self.sentences.append(f"the line ends of '{source.id}' are LF now; {len(gone)} CR are gone")
        with self._member(f"sources/{self.guid('source', source.id)}.txt") as member:
            member.write(re.sub("\r\n?", "\n", source.text).encode())
        return gone

    def _case(self, identifier: str, name: str) -> Any:
        from lxml import etree

        case = etree.Element("Case", {"guid": self.guid("case", identifier), "name": xml_text(name)})
        self._values(case, self.study.values.get(identifier, ()))
        for source in self.study.sources:
            if source.case == identifier:
                etree.SubElement(case, "SourceRef", {"targetGUID": self.guid("source", source.id)})
        return case

    def _sources(self, moved: dict[str, list[int]]) -> Iterator[Any]:
        """Give the sources with their passages and codings."""
        from bisect import bisect_left

        from lxml import etree

        codings: dict[str, list[Any]] = {}
        for coding in self.study.codings:
            codings.setdefault(coding.excerpt, []).append(coding)
        excerpts: dict[str, list[Any]] = {}
        for excerpt in self.study.excerpts:
            excerpts.setdefault(excerpt.source, []).append(excerpt)
        codes = {code.id: self.guid("code", code.id) for code in self.study.codes}
        coders = {coder.id: self.guid("coder", coder.id) for coder in self.study.coders}
        for source in self.study.sources:
            key, gone = self.guid("source", source.id), moved[source.id]
            attributes = {"guid": key, "name": xml_text(source.title), "plainTextPath": f"internal://{key}.txt"}
            text_source = etree.Element("TextSource", attributes)
            for excerpt in excerpts.get(source.id, ()):
                # Every CR that is gone before a place moves it one to the left.
                start, end = (at - bisect_left(gone, at) for at in (excerpt.start, excerpt.end))
                name = " ".join(excerpt.exact.split())
                selection = etree.SubElement(
                    text_source, "PlainTextSelection",
                    {"guid": self.guid("excerpt", excerpt.id), "name": xml_text(name[:_NAME]),
                     "startPosition": str(start), "endPosition": str(end)},
                )  # fmt: skip
                for coding in codings.get(excerpt.id, ()):
                    day = coding.date.isoformat()
                    act = self.guid("coding", f"{excerpt.id} {coding.code} {coding.coder} {day}")
                    element = etree.SubElement(
                        selection, "Coding",
                        {"guid": act, "creatingUser": coders[coding.coder], "creationDateTime": f"{day}T00:00:00Z"},
                    )  # fmt: skip
                    etree.SubElement(element, "CodeRef", {"targetGUID": codes[coding.code]})
                    if coding.memo:
                        memo = self.guid("memo", act)
                        etree.SubElement(element, "NoteRef", {"targetGUID": memo})
                        self.notes.append((memo, "memo", coding.memo, coders[coding.coder], _when(coding.date)))
            self._values(text_source, source.values)
            yield text_source

    def _claims(self) -> None:
        """Make propositions and evidence lines notes, and tie passages to them by links."""
        study = self.study
        for claim in study.propositions:
            self.notes.append(
                (
                    self.guid("proposition", claim.id),
                    f"{claim.id}: {claim.statement.en}"[:_NAME],
                    claim.statement.en,
                    None,
                    None,
                )
            )
        for assertion in study.assertions:
            key = self.guid("assertion", f"{assertion.excerpt} {assertion.proposition}")
            self.links.append(
                (
                    key,
                    "asserts",
                    self.guid("excerpt", assertion.excerpt),
                    self.guid("proposition", assertion.proposition),
                    None,
                )
            )
            self.assertions[key] = [self.guid("coder", assertion.coder), assertion.date.isoformat()]
        for line in self.lines:
            note = self.guid("line", line.id)
            self.notes.append(
                (note, f"evidence {line.id}", line.rationale, self.guid("coder", line.coder), _when(line.date))
            )
            for excerpt in line.excerpts:
                key = self.guid("link", f"{line.id} {excerpt}")
                target = self.guid("proposition", line.proposition)
                # A link of another name is no evidence to whoever counts the links by their names.
                name = line.stance if self.counts[line.id] else "does not count"
                self.links.append((key, name, self.guid("excerpt", excerpt), target, note))

    def _records(self) -> None:
        """Put what the format has no place for into one note."""
        study = self.study
        excerpts = {excerpt.id: excerpt for excerpt in study.excerpts}
        lines = {}
        for line in self.lines:
            first, *others = line.excerpts
            also = [
                {"source": e.source, "start": e.start, "quote": e.exact} for e in (excerpts[other] for other in others)
            ]
            lines[line.id] = (
                _plain(
                    line,
                    "id",
                    "proposition",
                    "excerpts",
                    "stance",
                    "stated",
                    "strength",
                    "lowered",
                    "rationale",
                    "coder",
                    "date",
                )
                | {"first": self.guid("excerpt", first), "strength": line.stated}
                | ({} if self.counts[line.id] else {"stance": line.stance})
                | ({"also": also} if also else {})
            )
        homes = {line.id: (excerpts[line.excerpts[0]].source, line) for line in study.lines}
        again: dict[str, list[Reading]] = {}
        for reading in study.readings:
            source, line = homes[reading.line]
            # What the author judged is in the line.
            if not readings.is_authors(reading, line):
                again.setdefault(source, []).append(reading)
        sources = {
            self.guid("source", s.id): _plain(s, *_ELSEWHERE)
            | ({"witness": written_witness(s.witness)} if s.witness else {})
            | {"uncoded": [_plain(u, "source") for u in study.uncoded if u.source == s.id]}
            | {"readings": [_plain(r) for r in again.get(s.id, ())]}
            for s in study.sources
        }
        records = {
            "study": study.model_dump(mode="json", include={"id", "title", "description", "license", "ontology"}),
            "coders": {self.guid("coder", c.id): _plain(c, "name") for c in study.coders},
            "attributes": {self.guid("attribute", a.id): _plain(a, "type", "description") for a in study.attributes},
            "cases": {self.guid("case", c.id): _plain(c, "attributes") for c in study.cases},
            "sets": {self.guid("own set", s.id): _plain(s, "description", "codes", "sources") for s in study.sets},
            "codes": {self.guid("code", c.id): _plain(c, "broader", "definition", "level") for c in study.codes},
            "sources": sources,
            "references": [dict(r.csl) for r in study.references],
            "lines": lines,
            "assertions": self.assertions,
            "locators": {self.guid("excerpt", e.id): written(e.locator) for e in study.excerpts if e.locator},
            "propositions": {
                "propositions": [_plain(p) for p in study.propositions],
                "questions": [_plain(q) for q in study.questions],
                "searches": [_plain(s) for s in study.searches],
            },
        }
        if study.concepts or study.relations:
            records["concepts"] = {
                "concepts": [_plain(c) for c in study.concepts], "relations": [_plain(r) for r in study.relations]
            }  # fmt: skip
        if study.settlements:
            records["agreement"] = {"settlements": [_plain(s) for s in study.settlements]}
        if study.confidences:
            concerns: dict[str, dict[str, Any]] = {}
            for one in study.concerns:
                judged = {"concern": one.level} | _plain(one, "proposition", "component", "level")
                concerns.setdefault(one.proposition, {})[one.component] = judged
            records["confidence"] = {
                "confidence": [
                    _plain(one, "level") | {"overall": one.level} | concerns[one.proposition]
                    for one in study.confidences
                ]
            }
        with self._member(f"sources/{self.guid('note', RECORDS)}.txt") as member:
            member.write(json.dumps(records, ensure_ascii=False, sort_keys=True, indent=1).encode())

    def _note(self, key: str, name: str, text: str, coder: str | None, when: str | None) -> Any:
        from lxml import etree

        attributes = {"guid": key, "name": xml_text(name), "creatingUser": coder, "creationDateTime": when}
        note = etree.Element("Note", {k: v for k, v in attributes.items() if v is not None})
        etree.SubElement(note, "PlainTextContent").text = xml_text(text)
        return note

    def _link(self, key: str, name: str, origin: str, target: str, note: str | None) -> Any:
        from lxml import etree

        attributes = {"guid": key, "name": name, "direction": "OneWay", "originGUID": origin, "targetGUID": target}
        link = etree.Element("Link", attributes)
        if note is not None:
            etree.SubElement(link, "NoteRef", {"targetGUID": note})
        return link

    def _set(self, key: str, name: str, description: str, codes: Iterable[str], sources: Iterable[str] = ()) -> Any:
        from lxml import etree

        element = etree.Element("Set", {"guid": key, "name": xml_text(name)})
        if description:
            etree.SubElement(element, "Description").text = xml_text(description)
        for code in codes:
            etree.SubElement(element, "MemberCode", {"targetGUID": self.guid("code", code)})
        for source in sources:
            etree.SubElement(element, "MemberSource", {"targetGUID": self.guid("source", source)})
        return element

    def _variable(self, attribute: Attribute) -> Any:
        from lxml import etree

        key, name = self.guid("attribute", attribute.id), xml_text(attribute.label.en)
        kind = TYPES[attribute.type].refi
        element = etree.Element("Variable", {"guid": key, "name": name, "typeOfVariable": kind})
        if attribute.description:
            etree.SubElement(element, "Description").text = xml_text(attribute.description)
        return element

    def _values(self, parent: Any, values: Iterable[Value]) -> None:
        """Write what a case or source has of attributes."""
        from lxml import etree

        for value in values:
            element = etree.SubElement(parent, "VariableValue")
            etree.SubElement(element, "VariableRef", {"targetGUID": self.guid("attribute", value.attribute)})
            etree.SubElement(element, f"{TYPES[value.type].refi}Value").text = xml_text(value.text)
