"""Turn what a file holds into the records of a study: coders, cases, codes, sources, codings, notes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kg import scaffold, values
from kg.cjk import han, has_han
from kg.entries import FILES, LEVELS, STUDY_FORMAT
from kg.errors import Finding, StudyError
from kg.ids import excerpt_id, source_of
from kg.importing import passages
from kg.importing.along import Along, refuse_copy
from kg.importing.folder import new_file
from kg.loaders import _yaml, pandoc_citations
from kg.loaders.imports.material import Reading
from kg.loaders.imports.safe import fit
from kg.loaders.readings import authored
from kg.naming import Ids, slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kg.importing.folder import Folder
    from kg.importing.report import Report
    from kg.loaders.imports import Options
    from kg.loaders.imports.material import Case, Code, Coder, Document, Material
    from kg.loaders.study import Loaded
    from kg.progress import Progress
    from kg.records import Source, Study

UNKNOWN = {"id": "unknown", "name": "Unknown coder", "note": "Stands where an imported file names no coder."}
_DEEPEST = 50
"""Codes above a code: a person has few, and what is done for each code and those above it takes time by the square."""


def with_texts(options: Options, study: Study) -> Options:
    """Add the texts of a study's sources, by id, title and file, to those that a person gives.

    Args:
        options: what a person adds to a file.
        study: the study it goes into.
    """
    texts = dict(options.texts)
    for source in study.sources:
        if source.body:
            for name in (source.title, source.file.rpartition("/")[2], source.id):
                texts.setdefault(name, source.text)
    return dataclasses.replace(options, texts=texts)


class Importer:
    """The import of one file into a folder.

    Args:
        material: what the file holds.
        there: the study it goes into, as it is; None for a new one.
        before: ids by kind and key that the import before gave.
        folder: where it is written.
        report: takes what is counted and said.
    """

    def __init__(
        self,
        material: Material,
        there: Loaded | None,
        before: Mapping[str, Mapping[str, str]],
        folder: Folder,
        report: Report,
    ) -> None:
        study = there.study if there else None
        self.material, self.study, self.folder, self.report = material, study, folder, report
        self.along: Along | None = None
        if there and study and material.records:
            judged = authored(study.lines, study.readings)
            lines = {li.id: li for li in judged if there.places["line", li.id][0] not in folder.owned}
            self.along = Along(material, study, lines, report, before.get("reference", {}))
        coders = {coder.id: coder.name for coder in study.coders} if study else {}
        cases = {case.id: case.label.en for case in study.cases} if study else {}
        codes = {code.id: code.label.en for code in study.codes} if study else {}
        own = {s.id: s.title for s in study.sources if s.file in folder.owned} if study else {}
        taken = {p.stem.lower() for name in ("sources", "codings") for p in (folder.aside / name).glob("*")}
        taken |= {s.id for s in study.sources} if study else set()
        attributes = {attribute.id: attribute.label.en for attribute in study.attributes} if study else {}
        sets = {one.id: one.label.en for one in study.sets} if study else {}
        self.attributes = Ids("attribute", attributes, before.get("attribute", {}))
        self.sets = Ids("set", sets, before.get("set", {}))
        self.types: dict[str, str] = {a.id: a.type for a in study.attributes} if study else {}
        """Types of attributes by our id."""
        self._described: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for kind, identifier, given in (
            *(("case", case, given) for case, given in (study.values if study else {}).items()),
            *(("source", s.id, s.values) for s in (study.sources if study else ())),
        ):
            self._described[kind, identifier] = {(value.attribute, value.text) for value in given}
        self.coders = Ids("coder", coders, before.get("coder", {}))
        self.cases = Ids("case", cases, before.get("case", {}))
        self.codes = Ids("code", codes, before.get("code", {}))
        self.sources = Ids("source", own, before.get("source", {}), taken)
        self._texts = {hashlib.sha256(s.text.encode()).digest(): s for s in study.sources} if study else {}
        self._rows = {(s.title, s.text): s for s in study.sources} if study else {}
        self._codebook = {code.id: code for code in study.codes} if study else {}
        self._coded: dict[str, set[tuple[str, str, str, str]]] = {}
        for c in study.codings if study else ():
            act = (c.excerpt, c.code, c.coder, c.date.isoformat())
            self._coded.setdefault(source_of(c.excerpt), set()).add(act)
        self._stated = {(a.excerpt, a.proposition) for a in study.assertions} if study else set()
        self._marked = {excerpt.id for excerpt in study.excerpts} if study else set()
        self._located = {e.id: str(e.locator) for e in study.excerpts if e.locator} if study else {}
        self._listed: list[dict[str, Any]] = []
        self._pinned: dict[str, str] = {}
        self._acting: set[str] = set()
        self._doubled: Counter[str] = Counter()
        self._seen: set[str] = set()

    def run(self, progress: Progress) -> None:
        """Write everything.

        Args:
            progress: called with the step, how much of it is done, and how much there is (0: unknown).
        """
        material, report = self.material, self.report
        if self.along:
            self._foresee(self.along)
        attributes = self._attributes()
        coders, (cases, places), codes = self._coders(), self._cases(), self._codes()
        if self.along:
            self.along.ids |= {
                "coder": _ours(material.coders, self.coders),
                "case": _ours(material.cases, self.cases),
                "code": _ours(material.codes, self.codes),
            }
            self.along.decide(self.coders.given)
        references = self._references()
        propositions = self._propositions()
        report.claims = bool(propositions)
        alone = next(iter(self.coders.given.values())) if len(material.coders) == 1 else UNKNOWN["id"]
        keys = passages.Keys(self.codes.given, self.coders.given, propositions, alone, material.date or report.day)
        reading = report.reading.reading if report.reading else Reading()
        report.taken.update(dict.fromkeys(("documents", "passages", "codings"), 0))
        for number, document in enumerate(material.documents()):
            progress("checking passages", number, 0)
            self._document(document, reading, keys, places.get(document.key))
        there = {coder.id for coder in self.study.coders} if self.study else set()
        if UNKNOWN["id"] in self._acting - there - set(self.coders.given.values()):
            coders.append(dict(UNKNOWN))
        self._notes()
        for path in sorted(set(self.folder.owned) - set(self.folder.written)):
            report.changes.append(f"{path}: no longer in the file; it is kept, remove it if that is meant")
            self.folder.written[path] = self.folder.owned[path]
        lists = {
            "coders": coders,
            "attributes": attributes,
            "cases": cases,
            "sources": self._listed,
            "sets": self._sets(),
        }
        if self.study is None:
            self._begin(lists, codes)
        else:
            if self.along and self.along.new["ontology"]:
                lists["ontology"] = self.along.new["ontology"]
            self.folder.add("study.yaml", lists, self._pinned)
            self.folder.add("codebook.yaml", {"codes": codes}, {})
            if self.along:
                self._add(self.along.new)
        self.folder.add_references(references)
        for what, number in (
            ("codes", len(self.codes.given)), ("cases", len(self.cases.given)), ("coders", len(self.coders.given)),
            ("attributes", len(self.attributes.given)), ("sets", len(self.sets.given)),
            ("references", len(references)), ("notes", len(material.memos)),
        ):  # fmt: skip
            report.taken[what] += number
        report.ids = {
            ids.kind: ids.given
            for ids in (self.coders, self.attributes, self.cases, self.codes, self.sources, self.sets)
        }
        if self.along:
            report.ids["reference"] = self.along.keys
        report.files = self.folder.written
        if self.study is not None and not self.folder.owned:
            refuse_copy(
                self.study,
                material,
                [*(p for p in sorted(self.folder.changed) if not p.startswith("imports/")), *report.changes],
            )

    def _foresee(self, along: Along) -> None:
        """Give all sources their ids before anything names them."""
        lost, sentences = self.report.lost.copy(), list(self.report.said)
        for document in self.material.documents():
            if document.key not in self.sources.given:
                same = self._same(document, _text(document)[0])
                name = same.id if same else self._name(document)
                self.sources.given[document.key] = name
                along.source(document, name, same)
        # What the documents count is counted when they are written.
        self.report.lost.clear()
        self.report.lost.update(lost)
        self.report.said[:] = sentences

    def _add(self, new: Mapping[str, list[Any]]) -> None:
        """Add what only our own export holds to the files of a study."""
        for file, kinds in (
            ("concepts", ("concepts", "relations")),
            ("propositions", ("propositions", "questions", "searches")),
            ("agreement", ("settlements",)),
            ("confidence", ("confidence",)),
        ):
            self.folder.add(f"{file}.yaml", {kind: new[kind] for kind in kinds}, {})
            for kind in kinds:
                self.report.taken[_CALLED.get(kind, kind)] += len(new[kind])

    def _begin(self, lists: Mapping[str, list[Any]], codes: list[Any]) -> None:
        """Write the files of a new study that are the person's from now on.

        Args:
            lists: the records of study.yaml by the key of their list.
            codes: the codebook.
        """
        material, folder = self.material, self.folder
        title = fit(" ".join(material.title.split()) or self.report.study.name)[0]
        head: dict[str, Any] = {
            "id": slug(self.report.study.resolve().name, "study"), "format": STUDY_FORMAT, "title": _label(title),
            "description": material.description.strip() or f"Imported from {self.report.file}.",
        }  # fmt: skip
        head |= {k: v for k, v in material.records.get("study", {}).items() if k not in lists}
        kept = {key: records for key, records in lists.items() if records or key not in ("attributes", "sets")}
        files = {
            "study": head | kept,
            "codebook": {"codes": codes},
            "propositions": material.records.get("propositions", {"propositions": []}),
        } | {
            name: material.records[name] for name in ("concepts", "agreement", "confidence") if name in material.records
        }
        for name, content in files.items():
            _validate(name, content)
            folder.write(f"{name}.yaml", new_file(f"schema/{name}", content).encode())
        scaffold.write_schemas(folder.aside / "schema")

    def _each(self, what: str, records: Sequence[Any]) -> list[Any]:
        """Return the records that have a key of their own, and count the others."""
        by_key: dict[str, Any] = {}
        for record in records:
            by_key.setdefault(record.key, record)
        self.report.lost[f"{what} that have the key of another"] += len(records) - len(by_key)
        return list(by_key.values())

    def _coders(self) -> list[dict[str, Any]]:
        new = []
        for coder in self._each("coders", self.material.coders):
            name = _name(coder)
            identifier = self.coders.give(coder.key, name, coder.fields.get("id"))
            if self.coders.is_new(coder.key):
                new.append({"id": identifier, "name": name, **_without(coder.fields, "id")})
        return new

    def _cases(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """Return new cases, and the case of each document that is in exactly one."""
        new: list[dict[str, Any]] = []
        members: dict[str, list[str]] = {}
        for case in self._each("cases", self.material.cases):
            name = " ".join(case.name.split()) or f"case {len(new) + 1}"
            identifier = self.cases.give(case.key, name, case.fields.get("id"))
            if self.cases.is_new(case.key):
                entry = {"id": identifier, "label": _label(name), **_without(case.fields, "id")}
                new.append(entry | self._values(case.values))
            else:
                self._compare("case", identifier, self._values(case.values))
            for document in case.documents:
                members.setdefault(document, []).append(identifier)
        if several := sum(len(set(cases)) > 1 for cases in members.values()):
            self.report.lost["documents in several cases (a source has one case)"] += several
        return new, {document: cases[0] for document, cases in members.items() if len(set(cases)) == 1}

    def _attributes(self) -> list[dict[str, Any]]:
        new: list[dict[str, Any]] = []
        for attribute in self._each("attributes", self.material.attributes):
            name = " ".join(attribute.name.split()) or f"attribute {len(new) + 1}"
            identifier = self.attributes.give(attribute.key, name, attribute.fields.get("id"))
            if self.attributes.is_new(attribute.key):
                self.types[identifier] = attribute.type
                entry = {"id": identifier, "label": _label(name), "type": attribute.type}
                entry |= {"description": text} if (text := attribute.description.strip()) else {}
                new.append(entry | _without(attribute.fields, "id", "type"))
        return new

    def _values(self, given: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """Return the field of a case or source for its values of attributes; count those that are none."""
        kept = {}
        for key, written in given.items():
            identifier = self.attributes.given.get(key)
            if identifier is None:
                self.report.lost["values of attributes that the file does not list"] += 1
                continue
            try:
                kept[identifier] = values.parse(self.types[identifier], written)
            except ValueError:
                self.report.lost["values that are not of their attribute's type"] += 1
        return {"attributes": kept} if kept else {}

    def _compare(self, kind: str, identifier: str, described: Mapping[str, Mapping[str, str]]) -> None:
        """Say that a case or source of the study has other values in the file, if it has."""
        there = self._described.get((kind, identifier))
        if there is not None and described.get("attributes", {}).items() - there:
            change = f"the {kind} '{identifier}' has other values in the file; study.yaml stays"
            self.report.changes.append(change)

    def _sets(self) -> list[dict[str, Any]]:
        """Return new sets, of the codes and documents that were taken."""
        there = {one.id: one for one in self.study.sets} if self.study else {}
        cases = _ours(self.material.cases, self.cases)
        new: list[dict[str, Any]] = []
        for one in self._each("sets", self.material.sets):
            name = " ".join(one.name.split()) or f"set {len(new) + 1}"
            identifier = self.sets.give(one.key, name, one.fields.get("id"))
            members = {
                "codes": [self.codes.given.get(key) for key in dict.fromkeys(one.codes)],
                "sources": [self.sources.given.get(key) for key in dict.fromkeys(one.documents)],
                "cases": [cases.get(case) for case in one.fields.get("cases", ())],
            }
            self.report.lost["members of sets that are not taken"] += sum(kept.count(None) for kept in members.values())
            entry: dict[str, Any] = {"id": identifier, "label": _label(name)}
            entry |= {"description": text} if (text := one.description.strip()) else {}
            entry |= _without(one.fields, "id", "cases")
            entry |= {key: found for key, kept in members.items() if (found := [k for k in kept if k is not None])}
            if self.sets.is_new(one.key):
                new.append(entry)
            elif any({*entry.get(key, ())} - {*getattr(there[identifier], key)} for key in members):
                self.report.changes.append(f"the set '{identifier}' has other members in the file; study.yaml stays")
        return new

    def _codes(self) -> list[dict[str, Any]]:
        codes = self._each("codes", self.material.codes)
        parents = _parents(codes, self.report.lost)
        # A level that the file does not say follows from how many codes stand below.
        heights: dict[str, int] = {}
        for code in codes:
            height, at = 0, parents.get(code.key)
            while at is not None and (height := height + 1) < len(LEVELS):
                heights[at] = max(heights.get(at, 0), height)
                at = parents.get(at)
        new = []
        for code in codes:
            self.codes.give(code.key, _name(code), code.fields.get("id"))
        for code in codes:
            if not self.codes.is_new(code.key):
                self._differs(code)
                continue
            entry: dict[str, Any] = {
                "id": self.codes.given[code.key],
                "level": code.level or LEVELS[min(heights.get(code.key, 0), 2)],
                "label": _label(_name(code)),
                "definition": code.definition.strip(),
            }
            if code.key in parents:
                entry["broader"] = self.codes.given[parents[code.key]]
            fields = self.along.code(code.fields) if self.along else code.fields
            new.append({k: v for k, v in (entry | _without(fields, "id")).items() if v not in ("", None)})
        return new

    def _differs(self, code: Code) -> None:
        """Say how a code of the file is not what the codebook, which is the person's, says."""
        there = self._codebook[self.codes.given[code.key]]
        if there.label.en.casefold() != _name(code).casefold():
            change = (
                f"the code '{there.id}' is called '{_name(code)}' in the file; codebook.yaml keeps '{there.label.en}'"
            )
            self.report.changes.append(change)
        if there.definition.strip() and code.definition.strip() not in ("", there.definition.strip()):
            self.report.changes.append(f"the code '{there.id}' is defined otherwise in the file; codebook.yaml stays")

    def _references(self) -> list[Mapping[str, Any]]:
        """Return the references that the study does not have yet."""
        if self.along:
            return self.along.references
        there = {r.id: r for r in self.study.references} if self.study else {}
        new = []
        for item in self.material.references:
            if (existing := there.get(str(item.get("id")))) is None:
                new.append(item)
            elif dict(existing.csl) != dict(item):
                self.report.said.append(
                    f"the reference '{existing.id}' is in the study already, and different: it stays"
                )
        return new

    def _propositions(self) -> frozenset[str]:
        """Return the ids of the propositions that evidence can be about."""
        if self.study is None:
            listed = self.material.records.get("propositions", {}).get("propositions", ())
            return frozenset(claim["id"] for claim in listed)
        return frozenset(claim.id for claim in self.study.propositions).union(self.along.claims if self.along else ())

    def _document(self, document: Document, reading: Reading, keys: passages.Keys, case: str | None) -> None:
        """Write a document and its codings."""
        key = document.key
        while key in self._seen:
            self._doubled[document.key] += 1
            key = f"{document.key} ({self._doubled[document.key]})"
        self._seen.add(key)
        document = dataclasses.replace(document, key=key)
        text, marked = _text(document)
        if marked:
            self.report.lost["byte order marks behind another (each stands as U+FFFD)"] += 1
        same = self._same(document, text)
        if self.along:
            document = self._followed(self.along, document)
        described = self._values(document.values)
        if same is not None:
            source = self.sources.given[document.key] = same.id
            path = f"codings/{same.id}-{self.report.name}.yaml"
        else:
            source = self._source(document, text, case, described)
            path = f"codings/{source}.yaml"
        self._compare("source", source, described)
        self.report.taken["documents"] += 1
        entries = passages.entries(dataclasses.replace(document, text=text), reading, keys, self.report)
        if same is not None:
            entries = self._fresh(source, path, entries)
        self._uncoded(source, document.fields, same)
        self._read_whole(source, document.fields.get("readers", ()), keys, same)
        written = {line["id"] for entry in entries for line in entry.get("evidence", ())}
        self._readings(source, document.fields.get("readings", ()), written, same)
        if not entries and path not in self.folder.owned:
            return
        self._acting.update(entry["coder"] for entry in entries)
        content = (
            passages.codings(source, entries)
            if entries
            else {"source": source, "coder": next(iter(self.coders.given.values()), UNKNOWN["id"]),
                  "date": keys.day.isoformat(), "excerpts": []}
        )  # fmt: skip
        news = self._news(path, content)
        kept = not self.folder.own(path, new_file("../schema/codings", content))
        if news:
            self.report.changes.append(f"{path}: {news}")
        elif kept:
            self.report.said.append(f"{path} was edited by hand and stays as it is: the file has nothing new there")

    def _fresh(self, source: str, path: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Leave out codings that other files of the study have: the same project may come under another name."""
        there = set(self._coded.get(source, ()))

        def acts(entry: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, tuple[str, str, str, str]]:
            start = int(entry.get("start") or 0)
            excerpt = excerpt_id(source, start, start + len(entry["quote"]))
            coder, day = (str(entry.get(key) or head.get(key)) for key in ("coder", "date"))
            return {code: (excerpt, code, coder, day) for code in entry.get("codes", ())}

        own = self._before(path)
        if own:
            there -= {act for entry in own.get("excerpts") or () for act in acts(entry, own).values()}
        kept = []
        for entry in entries:
            repeated = {code for code, act in acts(entry, {}).items() if act in there and "unconfirmed" not in entry}
            self.report.lost["codings that the study has already"] += len(repeated)
            self.report.taken["codings"] -= len(repeated)
            left = [code for code in entry["codes"] if code not in repeated]
            # A passage that waits for a person may have no start, and is no excerpt yet.
            start = entry.get("start")
            place = "" if start is None else excerpt_id(source, int(start), int(start) + len(entry["quote"]))
            asserted = [claim for claim in entry.get("asserts", ()) if own or (place, claim) not in self._stated]
            new = left or asserted or entry.get("evidence")
            bare = not repeated and (own or entry.get("memo") or "unconfirmed" in entry or place not in self._marked)
            if (before := self._located.get(place)) and not own and (locator := entry.pop("locator", "")):
                # A passage has one place, whoever says it.
                differs = str(pandoc_citations.locator(locator)) != before
                self.report.lost["places that differ from another of the same passage"] += differs
            if new or bare:
                kept.append(entry | {"codes": left} | ({"asserts": asserted} if "asserts" in entry else {}))
        return kept

    def _same(self, document: Document, text: str | None) -> Source | None:
        """Return the source of the study that has a text already, unless the import wrote it, which it does anew."""
        same = self._texts.get(hashlib.sha256(text.encode()).digest()) if text is not None else None
        if same is not None and document.is_row:
            same = self._rows.get((document.name, same.text))
        return None if same is None or same.file in self.folder.owned else same

    def _followed(self, along: Along, document: Document) -> Document:
        """Follow ids in a document of our own export, and leave out passages that are no body of its source."""
        theirs = str(document.fields.get("id"))
        kept = [p for p in document.passages if along.stands(theirs, p.start or 0, p.end or 0)]
        self.report.lost["passages that are no body of the source here"] += len(document.passages) - len(kept)
        return dataclasses.replace(document, passages=tuple(along.passage(theirs, p) for p in kept))

    def _uncoded(self, source: str, fields: Mapping[str, Any], same: Source | None) -> None:
        """Write why paragraphs have no code, one file a coder and day."""
        acts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        there = {(u.source, u.paragraph, u.memo) for u in self.study.uncoded} if self.study and same else set()
        for memo in fields.get("uncoded", ()):
            if same and not any(p.id == memo["paragraph"] for p in same.body):
                self.report.lost["memos of paragraphs that the source does not have here"] += 1
            elif (source, memo["paragraph"], memo["memo"].strip()) not in there:
                coder = self.along.ids["coder"].get(memo["coder"]) if self.along else memo["coder"]
                acts.setdefault((coder or UNKNOWN["id"], memo["date"]), []).append(_without(memo, "coder", "date"))
        name = f"{source}-{self.report.name}" if same else source
        for number, ((coder, day), listed) in enumerate(acts.items(), 1):
            self._acting.add(coder)
            content = {"source": source, "coder": coder, "date": day, "excerpts": [], "uncoded": listed}
            self.folder.own(f"codings/{name}-uncoded-{number}.yaml", new_file("../schema/codings", content))

    def _read_whole(self, source: str, readers: Iterable[str], keys: passages.Keys, same: Source | None) -> None:
        """Write which coders read all of a source, one file a coder."""
        for reader in readers:
            coder = self.along.ids["coder"].get(reader) if self.along else reader
            if coder is None or (same and coder in same.readers):
                continue
            self._acting.add(coder)
            content = {"source": source, "coder": coder, "date": keys.day.isoformat(), "whole": True, "excerpts": []}
            self.folder.own(f"codings/{source}-whole-{coder}.yaml", new_file("../schema/codings", content))

    def _readings(
        self, source: str, readings: Iterable[Mapping[str, Any]], written: Collection[str], same: Source | None
    ) -> None:
        """Write how those evidence lines that were written were read again, one file a coder and day."""
        acts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for reading in readings:
            line = self.along.line(reading["line"]) if self.along else reading["line"]
            coder = self.along.ids["coder"].get(reading["coder"]) if self.along else reading["coder"]
            if line not in written or coder is None:
                self.report.lost["readings of evidence lines that are not taken"] += 1
                continue
            acts.setdefault((coder, reading["date"]), []).append(_without(reading, "coder", "date") | {"line": line})
        name = f"{source}-{self.report.name}" if same else source
        for number, ((coder, day), listed) in enumerate(acts.items(), 1):
            self._acting.add(coder)
            content = {"source": source, "coder": coder, "date": day, "readings": listed}
            self.folder.own(f"readings/{name}-{number}.yaml", new_file("../schema/readings", content))

    def _name(self, document: Document) -> str:
        """Return the id of the source that a document becomes."""
        return self.sources.give(document.key, _printable(document.name) or document.kind, document.fields.get("id"))

    def _source(
        self, document: Document, text: str | None, case: str | None, described: dict[str, dict[str, str]]
    ) -> str:
        """Write a document's text, list it, and return its id."""
        source = self._name(document)
        title = _printable(document.name) or source
        if text is None:
            self.report.lost[f"{_KINDS[document.kind]} without text (kept as sources without passages)"] += 1
        elif title in text and title != text.strip():
            # A line that is just the title would not be body.
            lines = {line.strip() for line in text.splitlines()}
            while title in lines:
                title += " (text)"
        start = (text or title)[:5000]
        chinese = len(han().findall(start))
        entry: dict[str, Any] = {"id": source, "file": f"sources/{source}.txt", "title": title, "role": "case"}
        entry |= {"case": case, "language": "zh" if chinese * 4 > len(start.strip()) else "und"}
        entry |= _without(document.fields, "id", "uncoded", "readers", "readings", "file") | described
        # A name from the file becomes a path only when it cannot lead anywhere; how its text is read is in its suffix.
        if _FILE.fullmatch(named := str(document.fields.get("file", ""))):
            own = source == document.fields.get("id") and (
                self.study is None or not (self.folder.aside / named).exists()
            )
            entry["file"] = named if own else f"sources/{source}.{named.rpartition('.')[2]}"
        if self.along:
            entry = self.along.listed(entry)
        file = entry["file"]
        written = self.folder.own(file, text if text is not None else f"{title}\n")
        digest = self.folder.written[file]
        if self.sources.is_new(document.key):
            self._listed.append({k: v for k, v in (entry | {"sha256": digest}).items() if v is not None})
        elif written and self.folder.owned.get(file) != digest:
            self._pinned[source] = digest
            self.report.changes.append(f"{file}: its text")
        return source

    def _news(self, path: str, content: dict[str, Any]) -> str:
        """Say how many entries of a codings file are new and how many are gone; nothing where a person edited it."""
        there = self._before(path)
        if not there:
            return ""

        def acts(codings: Mapping[str, Any]) -> set[str]:
            head = {k: codings.get(k) for k in ("coder", "date")}
            rows = (head | dict(entry) for entry in codings.get("excerpts") or ())
            return {json.dumps(row | {"start": str(row.get("start"))}, sort_keys=True) for row in rows}

        new, old = acts(content), acts(there)
        return f"entries new: {len(new - old)}, gone: {len(old - new)}" if new != old else ""

    def _before(self, path: str) -> dict[str, Any]:
        """Return what the import before wrote into a codings file; nothing where a person edited it."""
        loaded = _yaml.read(self.folder.aside / path, path, []) if self.folder.is_untouched(path) else None
        return loaded[0] if loaded and isinstance(loaded[0], dict) else {}

    def _notes(self) -> None:
        """Write the notes that belong to no passage beside the report."""
        if self.material.memos:
            parts = [f"# Notes of {self.report.file}"]
            for memo in self.material.memos:
                head = " ".join(memo.name.split()) or "Note"
                parts += [f"## {head}" + (f" ({memo.about})" if memo.about else ""), memo.text.strip()]
            text = "\n\n".join(part for part in parts if part) + "\n"
            self.folder.own(f"imports/{self.report.name}-notes.md", text)


_CALLED = {
    "propositions": "claims",
    "questions": "open questions",
    "searches": "records of a vain search",
    "confidence": "judgements of confidence",
}
_FILE = re.compile(r"sources/\w[\w.\-]*\.(?:txt|md)")
_KINDS = {"text": "documents", "pdf": "PDFs", "picture": "pictures", "audio": "sound recordings", "video": "films"}


def _validate(name: str, content: Mapping[str, Any]) -> None:
    """Check what is the person's file from now on; our own export can be edited so that it fits no schema."""
    try:
        FILES[name].model_validate(content)
    except ValidationError as e:
        findings = [
            Finding(
                f"{name}.yaml",
                0,
                "invalid-value",
                f"{'.'.join(map(str, p['loc']))}: {p['msg']}",
                f"see 'kg schema {name}'",
            )
            for p in e.errors()
        ]
        raise StudyError(findings) from None


def _ours(records: Sequence[Coder | Case | Code], ids: Ids) -> dict[str, str]:
    """Return our ids of records by the ids that our own export gave them."""
    return {str(r.fields["id"]): ids.given[r.key] for r in records if "id" in r.fields}


def _text(document: Document) -> tuple[str | None, bool]:
    """Return a document's text, if it has one, and whether what would be read as a byte order mark was replaced."""
    text = document.text if document.text and document.text.strip() else None
    if text is None or not text.startswith("\ufeff"):
        return text, False
    # The file would be read as if this were its byte order mark, and every position were one less.
    return "\ufffd" + text[1:], True


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else " " for c in name).strip()[:300]


def _parents(codes: Sequence[Code], lost: Counter[str]) -> dict[str, str]:
    """Return the key of the code above each code; one under no code, in a circle or far too deep stands by itself."""
    there = {code.key for code in codes}
    parents = {code.key: code.parent for code in codes if code.parent is not None and code.parent in there}
    depths: dict[str | None, int] = {None: -1}
    # Each code is walked over once: up to one whose depth is known, and down again.
    for key in list(parents):
        walked: dict[str, None] = {}
        at: str | None = key
        while at is not None and at not in depths and at not in walked:
            walked[at] = None
            at = parents.get(at)
        if at is not None and at in walked:
            del parents[at]
            depths[at] = 0
            lost["circles among codes"] += 1
        for code in reversed(walked):
            if code not in depths:
                depths[code] = depths[parents.get(code)] + 1
            if depths[code] > _DEEPEST:
                del parents[code]
                depths[code] = 0
                lost[f"places of codes more than {_DEEPEST} deep"] += 1
    return parents


def _name(record: Code | Coder) -> str:
    """Return the name of a record, its key when it has none, and what stands for both when it has neither."""
    return " ".join(record.name.split()) or " ".join(record.key.split()) or "?"


def _label(name: str) -> dict[str, str]:
    """Make a label; a name in Chinese is the Chinese label, too."""
    return {"en": name, "zh": name} if has_han(name) else {"en": name}


def _without(fields: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {k: v for k, v in fields.items() if k not in keys}
