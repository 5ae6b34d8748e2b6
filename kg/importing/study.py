"""Turn what a file holds into the records of a study: coders, cases, codes, sources, codings, notes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kg import scaffold
from kg.errors import Finding, StudyError
from kg.importing import passages
from kg.importing.folder import new_file
from kg.importing.naming import Ids, slug
from kg.records import FILES, LEVELS
from loaders import _yaml
from loaders.imports.readings import Reading
from loaders.imports.safe import fit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.importing.folder import Folder
    from kg.importing.report import Report
    from kg.progress import Progress
    from kg.records import Study
    from loaders.imports import Options
    from loaders.imports.material import Code, Coder, Document, Material

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
    """Write what a file holds into a folder.

    Args:
        material: what the file holds.
        study: the study it goes into; None for a new one.
        before: ids by kind and key that the import before gave.
        folder: where it is written.
        report: takes what is counted and said.
    """

    def __init__(
        self,
        material: Material,
        study: Study | None,
        before: Mapping[str, Mapping[str, str]],
        folder: Folder,
        report: Report,
    ) -> None:
        self.material, self.study, self.folder, self.report = material, study, folder, report
        coders = {coder.id: coder.name for coder in study.coders} if study else {}
        cases = {case.id: case.label.en for case in study.cases} if study else {}
        codes = {code.id: code.label.en for code in study.codes} if study else {}
        own = {s.id: s.title for s in study.sources if s.file in folder.owned} if study else {}
        taken = {p.stem.lower() for name in ("sources", "codings") for p in (folder.aside / name).glob("*")}
        taken |= {s.id for s in study.sources} if study else set()
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
            self._coded.setdefault(c.excerpt.rpartition(":")[0], set()).add(act)
        self._listed: list[dict[str, Any]] = []
        self._pinned: dict[str, str] = {}
        self._acting: set[str] = set()
        self._doubled: Counter[str] = Counter()

    def run(self, progress: Progress) -> None:
        """Write everything.

        Args:
            progress: called with the step, how much of it is done, and how much there is (0: unknown).
        """
        material, report = self.material, self.report
        coders, (cases, places), codes = self._coders(), self._cases(), self._codes()
        references = self._references()
        propositions = self._propositions()
        report.claims = bool(propositions)
        alone = next(iter(self.coders.given.values())) if len(material.coders) == 1 else UNKNOWN["id"]
        known = passages.Known(self.codes.given, self.coders.given, propositions, alone, material.date or report.day)
        reading = report.reading.reading if report.reading else Reading()
        report.taken.update(dict.fromkeys(("documents", "passages", "codings"), 0))
        for number, document in enumerate(material.documents()):
            progress("checking passages", number, 0)
            self._document(document, reading, known, places.get(document.key))
        there = {coder.id for coder in self.study.coders} if self.study else set()
        if UNKNOWN["id"] in self._acting - there - set(self.coders.given.values()):
            coders.append(dict(UNKNOWN))
        self._notes()
        for path in sorted(set(self.folder.owned) - set(self.folder.written)):
            report.changes.append(f"{path}: no longer in the file; it is kept, remove it if that is meant")
            self.folder.written[path] = self.folder.owned[path]
        if self.study is None:
            self._begin(coders, cases, codes)
        else:
            lists = {"coders": coders, "cases": cases, "sources": self._listed}
            self.folder.add("study.yaml", lists, self._pinned)
            self.folder.add("codebook.yaml", {"codes": codes}, {})
        self.folder.add_references(references)
        for what, number in (
            ("codes", len(self.codes.given)), ("cases", len(self.cases.given)), ("coders", len(self.coders.given)),
            ("references", len(references)), ("notes", len(material.memos)),
        ):  # fmt: skip
            report.taken[what] += number
        report.ids = {ids.kind: ids.given for ids in (self.coders, self.cases, self.codes, self.sources)}
        report.files = self.folder.written

    def _begin(self, coders: list[Any], cases: list[Any], codes: list[Any]) -> None:
        """Write the files of a new study that are the person's from now on."""
        material, folder = self.material, self.folder
        title = fit(" ".join(material.title.split()) or self.report.study.name)[0]
        head: dict[str, Any] = {
            "id": slug(self.report.study.resolve().name, "study"), "title": _label(title),
            "description": material.description.strip() or f"Imported from {self.report.file}.",
        }  # fmt: skip
        head |= {k: v for k, v in material.records.get("study", {}).items() if k not in ("coders", "cases", "sources")}
        files = {
            "study": head | {"coders": coders, "cases": cases, "sources": self._listed},
            "codebook": {"codes": codes},
            "propositions": material.records.get("propositions", {"propositions": []}),
        } | {name: material.records[name] for name in ("concepts", "agreement") if name in material.records}
        for name, content in files.items():
            _validate(name, content)
            folder.write(f"{name}.yaml", new_file(f"schema/{name}", content).encode())
        scaffold.write_schemas(folder.aside / "schema")

    def _each(self, what: str, records: Sequence[Any]) -> list[Any]:
        """Return the records that have a key of their own, and count the others."""
        found: dict[str, Any] = {}
        for record in records:
            found.setdefault(record.key, record)
        self.report.lost[f"{what} that have the key of another"] += len(records) - len(found)
        return list(found.values())

    def _coders(self) -> list[dict[str, Any]]:
        made = []
        for coder in self._each("coders", self.material.coders):
            name = _name(coder)
            identifier = self.coders.give(coder.key, name, coder.fields.get("id"))
            if self.coders.is_new(coder.key):
                made.append({"id": identifier, "name": name, **_without(coder.fields, "id")})
        return made

    def _cases(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """Return new cases, and the case of each document that is in exactly one."""
        made: list[dict[str, Any]] = []
        members: dict[str, list[str]] = {}
        for case in self._each("cases", self.material.cases):
            name = " ".join(case.name.split()) or f"case {len(made) + 1}"
            identifier = self.cases.give(case.key, name, case.fields.get("id"))
            if self.cases.is_new(case.key):
                made.append({"id": identifier, "label": _label(name), **_without(case.fields, "id")})
            for document in case.documents:
                members.setdefault(document, []).append(identifier)
        if several := sum(len(set(found)) > 1 for found in members.values()):
            self.report.lost["documents in several cases (a source has one case)"] += several
        return made, {document: found[0] for document, found in members.items() if len(set(found)) == 1}

    def _codes(self) -> list[dict[str, Any]]:
        codes = self._each("codes", self.material.codes)
        parents = _parents(codes, self.report.lost)
        heights: dict[str, int] = {}
        for code in codes:
            height, at = 0, parents.get(code.key)
            while at is not None and (height := height + 1) < len(LEVELS):
                heights[at] = max(heights.get(at, 0), height)
                at = parents.get(at)
        made = []
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
            made.append({k: v for k, v in (entry | _without(code.fields, "id")).items() if v not in ("", None)})
        return made

    def _differs(self, code: Code) -> None:
        """Say how a code of the file is not what the codebook, which is the person's, says."""
        there = self._codebook[self.codes.given[code.key]]
        if there.label.en.casefold() != _name(code).casefold():
            said = (
                f"the code '{there.id}' is called '{_name(code)}' in the file; codebook.yaml keeps '{there.label.en}'"
            )
            self.report.changes.append(said)
        if there.definition.strip() and code.definition.strip() not in ("", there.definition.strip()):
            self.report.changes.append(f"the code '{there.id}' is defined otherwise in the file; codebook.yaml stays")

    def _references(self) -> list[Mapping[str, Any]]:
        """Return the references that the study does not have yet."""
        there = {r.id: r for r in self.study.references} if self.study else {}
        made = []
        for item in self.material.references:
            if (held := there.get(str(item.get("id")))) is None:
                made.append(item)
            elif dict(held.csl) != dict(item):
                self.report.said.append(f"the reference '{held.id}' is in the study already, and different: it stays")
        return made

    def _propositions(self) -> frozenset[str]:
        """Return the ids of the propositions that evidence can be about."""
        listed = self.material.records.get("propositions", {}).get("propositions", ())
        claims = frozenset(claim["id"] for claim in listed)
        if self.study is None:
            return claims
        there = frozenset(claim.id for claim in self.study.propositions)
        self.report.lost["propositions (import into a new folder to have them)"] += len(claims - there)
        return there

    def _document(self, document: Document, reading: Reading, known: passages.Known, case: str | None) -> None:
        """Write a document and its codings."""
        key = document.key
        while key in self.sources.given:
            self._doubled[document.key] += 1
            key = f"{document.key} ({self._doubled[document.key]})"
        document = dataclasses.replace(document, key=key)
        text = document.text if document.text and document.text.strip() else None
        if text is not None and text.startswith("\ufeff"):
            # The file would be read as if this were its byte order mark, and every position were one less.
            self.report.lost["byte order marks behind another (each stands as U+FFFD)"] += 1
            text = "\ufffd" + text[1:]
        same = self._texts.get(hashlib.sha256(text.encode()).digest()) if text is not None else None
        if same is not None and document.is_row:
            same = self._rows.get((document.name, same.text))
        if same is not None and same.file in self.folder.owned:
            same = None  # the import's own, which it writes anew
        if same is not None:
            source = self.sources.given[document.key] = same.id
            path = f"codings/{same.id}-{self.report.name}.yaml"
        else:
            source = self._source(document, text, case)
            path = f"codings/{source}.yaml"
        self.report.taken["documents"] += 1
        made = passages.entries(dataclasses.replace(document, text=text), reading, known, self.report)
        if same is not None:
            made = self._fresh(source, path, made)
        self._uncoded(source, document.fields.get("uncoded", ()))
        if not made and path not in self.folder.owned:
            return
        self._acting.update(entry["coder"] for entry in made)
        content = (
            passages.codings(source, made)
            if made
            else {"source": source, "coder": next(iter(self.coders.given.values()), UNKNOWN["id"]),
                  "date": known.day.isoformat(), "excerpts": []}
        )  # fmt: skip
        news = self._news(path, content)
        kept = not self.folder.own(path, new_file("../schema/codings", content))
        if news:
            self.report.changes.append(f"{path}: {news}")
        elif kept:
            self.report.said.append(f"{path} was edited by hand and stays as it is: the file has nothing new there")

    def _fresh(self, source: str, path: str, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Leave out codings that other files of the study have: the same project may come under another name."""
        there = set(self._coded.get(source, ()))

        def acts(entry: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, tuple[str, str, str, str]]:
            start = int(entry.get("start") or 0)
            excerpt = f"{source}:{start}-{start + len(entry['quote'])}"
            coder, day = (str(entry.get(key) or head.get(key)) for key in ("coder", "date"))
            return {code: (excerpt, code, coder, day) for code in entry.get("codes", ())}

        own = self._before(path)
        if own:
            there -= {act for entry in own.get("excerpts") or () for act in acts(entry, own).values()}
        kept = []
        for entry in made:
            known = {code for code, act in acts(entry, {}).items() if act in there and "unconfirmed" not in entry}
            self.report.lost["codings that the study has already"] += len(known)
            self.report.taken["codings"] -= len(known)
            left = [code for code in entry["codes"] if code not in known]
            if left or not known or entry.get("evidence") or entry.get("asserts"):
                kept.append(entry | {"codes": left})
        return kept

    def _uncoded(self, source: str, memos: Sequence[Mapping[str, Any]]) -> None:
        """Write why paragraphs have no code, one file a coder and day."""
        acts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for memo in memos:
            acts.setdefault((memo["coder"], memo["date"]), []).append(_without(memo, "coder", "date"))
        for number, ((coder, day), listed) in enumerate(acts.items(), 1):
            content = {"source": source, "coder": coder, "date": day, "excerpts": [], "uncoded": listed}
            self.folder.own(f"codings/{source}-uncoded-{number}.yaml", new_file("../schema/codings", content))

    def _source(self, document: Document, text: str | None, case: str | None) -> str:
        """Write a document's text, list it, and return its id."""
        name = "".join(c if c.isprintable() else " " for c in document.name).strip()[:300]
        source = self.sources.give(document.key, name or document.kind, document.fields.get("id"))
        title = name or source
        if text is None:
            self.report.lost[f"{_KINDS[document.kind]} without text (kept as sources without passages)"] += 1
        elif title in text and title != text.strip():
            # A line that is just the title would not be body.
            lines = {line.strip() for line in text.splitlines()}
            while title in lines:
                title += " (text)"
        start = (text or title)[:5000]
        chinese = sum("\u4e00" <= c <= "\u9fff" for c in start)
        entry: dict[str, Any] = {"id": source, "file": f"sources/{source}.txt", "title": title, "role": "case"}
        entry |= {"case": case, "language": "zh" if chinese * 4 > len(start.strip()) else "und"}
        entry |= _without(document.fields, "id", "uncoded", "file")
        # A name from the file becomes a path only when it cannot lead anywhere.
        if _FILE.fullmatch(named := str(document.fields.get("file", ""))) and source == document.fields.get("id"):
            entry["file"] = named
        file = entry["file"]
        held = self.folder.own(file, text if text is not None else f"{title}\n")
        digest = self.folder.written[file]
        if self.sources.is_new(document.key):
            self._listed.append({k: v for k, v in (entry | {"sha256": digest}).items() if v is not None})
        elif held and self.folder.owned.get(file) != digest:
            self._pinned[source] = digest
            self.report.changes.append(f"{file}: its text")
        return source

    def _news(self, path: str, content: dict[str, Any]) -> str:
        """Say how many entries of a codings file are new and how many are gone; nothing where a person edited it."""
        there = self._before(path)
        if not there:
            return ""

        def acts(held: Mapping[str, Any]) -> set[str]:
            head = {k: held.get(k) for k in ("coder", "date")}
            rows = (head | dict(entry) for entry in held.get("excerpts") or ())
            return {json.dumps(row | {"start": str(row.get("start"))}, sort_keys=True) for row in rows}

        new, old = acts(content), acts(there)
        return f"entries new: {len(new - old)}, gone: {len(old - new)}" if new != old else ""

    def _before(self, path: str) -> dict[str, Any]:
        """Return what the import before wrote into a codings file; nothing where a person edited it."""
        found = _yaml.read(self.folder.aside / path, path, []) if self.folder.is_untouched(path) else None
        return found[0] if found and isinstance(found[0], dict) else {}

    def _notes(self) -> None:
        """Write the notes that belong to no passage beside the report."""
        if self.material.memos:
            parts = [f"# Notes of {self.report.file}"]
            for memo in self.material.memos:
                head = " ".join(memo.name.split()) or "Note"
                parts += [f"## {head}" + (f" ({memo.about})" if memo.about else ""), memo.text.strip()]
            text = "\n\n".join(part for part in parts if part) + "\n"
            self.folder.own(f"imports/{self.report.name}-notes.md", text)


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


def _parents(codes: Sequence[Code], lost: Counter[str]) -> dict[str, str]:
    """Return the key of the code above each code; one under no code, in a circle or far too deep stands by itself."""
    there = {code.key for code in codes}
    parents = {code.key: code.parent for code in codes if code.parent is not None and code.parent in there}
    depths: dict[str | None, int] = {None: -1}
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
    chinese = any("\u4e00" <= c <= "\u9fff" for c in name)
    return {"en": name, "zh": name} if chinese else {"en": name}


def _without(fields: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {k: v for k, v in fields.items() if k not in keys}
