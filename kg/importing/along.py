"""What only our own export holds (concepts, claims, evidence, searches), on its way into another study.

Two studies may mean different things by one id. So each record is compared with the one that has its id there: the
same is shared; a concept, a reference or an evidence line that differs gets an id of its own, which is followed
wherever it is named; a claim that differs is not taken, and neither is what rests on it. Nothing of the other study is
changed.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from kg import anchor, paths
from kg.errors import Finding, StudyError
from kg.ids import excerpt_id
from kg.loaders import SOURCES, ontology

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from kg.entries import Record
    from kg.importing.report import Report
    from kg.loaders.imports.material import Claim, Document, Material, Passage
    from kg.records import EvidenceLine, Source, Study

_CLAIMS = "claims whose id is another claim's in the study (rename them in one of the two, and import again)"
_REST = "that rest on a claim, source, concept or person that is not taken"


class Along:
    """The ids that the records of our own export get in a study, and which of them are new there.

    Args:
        material: what the file holds.
        study: the study it goes into.
        lines: its evidence lines as their authors judged them, by id, without those that the previous import of the
            file wrote.
        report: collects counts and messages.
        before: the key that the previous import gave to each reference, by its key in the file.
    """

    def __init__(
        self,
        material: Material,
        study: Study,
        lines: Mapping[str, EvidenceLine],
        report: Report,
        before: Mapping[str, str],
    ) -> None:
        self.records, self.study, self.report = material.records, study, report
        self.ids: dict[str, dict[str, str]] = {kind: {} for kind in ("coder", "case", "code", "source", "line")}
        """Our id by kind and theirs; a line that is missing is not taken."""
        self.shared: dict[str, Source] = {}
        """By their id the sources that are the study's own, because they have the same text."""
        self.roles: dict[str, str] = {}
        self.claims: set[str] = set()
        self.new: dict[str, list[Any]] = {}
        """New records by the key of their list."""
        self._lines = lines
        self._evidence: dict[str, tuple[str, Passage, Claim]] = {}
        self.references, self.keys = self._cited(material.references, before)
        self.terms = self._terms(material)

    # ---- What does not depend on passages

    def _cited(
        self, items: Iterable[Mapping[str, Any]], before: Mapping[str, str]
    ) -> tuple[list[Mapping[str, Any]], dict[str, str]]:
        """Return the references that are new, and our key of each."""
        there = {reference.id: dict(reference.csl) for reference in self.study.references}
        listed = {str(item.get("id")): dict(item) for item in items}
        new: list[Mapping[str, Any]] = []
        keys: dict[str, str] = {}
        for key, item in listed.items():
            if (earlier := before.get(key)) in there and earlier is not None:
                keys[key] = earlier
                if there[earlier] != item | {"id": earlier}:
                    self.report.changes.append(f"the reference '{earlier}' is different in the file; it stays")
                continue

            def same(other: str, item: Mapping[str, Any] = item) -> bool:
                return there[other] == {**item, "id": other}

            ours = _free(key, there, listed, same)
            keys[key] = ours
            if ours not in there:
                new.append(item | {"id": ours})
            if ours != key:
                self.report.said.append(f"the reference '{key}' of the file is '{ours}' here: another has its key")
        return new, keys

    def _terms(self, material: Material) -> dict[str, str]:
        """Name the concepts and relations, and the vocabularies that they are from."""
        own = self.records.get("concepts", {})
        listed = {kind: list(own.get(kind, ())) for kind in ("concepts", "relations")}
        theirs = {record["id"] for records in listed.values() for record in records}
        there = {kind: {r.id: r for r in getattr(self.study, kind)} for kind in listed}
        taken = {*self.study.bundled, *there["concepts"], *there["relations"]}
        shipped = {p.stem: p for p in paths.shipped("ontology").glob("*.ttl")}
        claims = self.records.get("propositions", {})
        words = {code.fields.get("indicates") for code in material.codes}
        words |= {
            claim.get(r) for claim in claims.get("propositions", ()) for r in ("subject", "relation", "object", "stage")
        }
        for asked in (*claims.get("questions", ()), *claims.get("searches", ())):
            words |= {*asked.get("about", ()), *asked.get("candidates", ())}
        words |= {concept.get("broader") for concept in listed["concepts"]}
        self.new["ontology"] = []
        for name in self.records.get("study", {}).get("ontology", ()):
            if name in self.study.ontology or name not in shipped:
                continue
            vocabulary = ontology.terms(shipped[name])
            terms = {*vocabulary.concepts, *vocabulary.relations}
            if not words & terms - theirs:
                continue
            if clash := sorted(terms & taken):
                message = f"the file needs the ontology '{name}', and '{clash[0]}' is another concept or relation here"
                raise StudyError([Finding("concepts.yaml", 0, "duplicate-id", message, "rename it, and import again")])
            taken |= terms
            self.new["ontology"].append(name)
        ids: dict[str, str] = {}
        for kind, records in listed.items():
            existing = there[kind]
            self.new[kind] = []
            for record in records:

                def same(other: str, record: Any = record, existing: Any = existing) -> bool:
                    return other in existing and existing[other].label.en.casefold() == record["label"]["en"].casefold()

                ids[record["id"]] = ours = _free(record["id"], taken, theirs, same)
                if ours not in taken:
                    self.new[kind].append(record | {"id": ours})
                elif existing[ours].definition.strip() != record.get("definition", "").strip():
                    self.report.changes.append(f"'{ours}' is defined otherwise in the file; concepts.yaml stays")
        for concept in self.new["concepts"]:
            if "broader" in concept:
                concept["broader"] = ids.get(concept["broader"], concept["broader"])
        return ids

    # ---- Sources, before anything that names them

    def source(self, document: Document, name: str, same: Source | None) -> None:
        """Remember what a document becomes, and the evidence lines in it.

        Args:
            document: the document.
            name: id of the source it becomes.
            same: that source, when the study has its text already.
        """
        theirs = str(document.fields.get("id"))
        self.ids["source"][theirs] = name
        self.roles[theirs] = same.role if same else str(document.fields.get("role", "case"))
        if same:
            self.shared[theirs] = same
        elif document.text:
            cited = self._inline(document)
            if wrong := sorted(key for key in cited if self.keys.get(key, key) != key):
                message = f"the text of '{theirs}' cites '{wrong[0]}', which is another publication in this study"
                mend = "change the key in one of the two studies, in its texts, too"
                raise StudyError([Finding("references.json", 0, "duplicate-id", message, mend)])
        for passage in document.passages:
            for claim in passage.claims:
                if claim.evidence:
                    self._evidence[claim.evidence["id"]] = theirs, passage, claim

    def _inline(self, document: Document) -> set[str]:
        """Return the keys that the text of a document cites."""
        file = str(document.fields.get("file", ""))
        split = SOURCES.get(f".{file.rpartition('.')[2].lower()}")
        body = split(document.text or "", document.name) if split else ()
        return {key for paragraph in body for key in paragraph.references}

    def stands(self, theirs: str, start: int, end: int) -> bool:
        """Say whether a stretch of a source's text is body there.

        Args:
            theirs: the source's id in the file.
            start: where it begins, in codepoints.
            end: where it ends.
        """
        same = self.shared.get(theirs)
        return same is None or bool(anchor.in_body(same.text, same.body, start, end))

    def listed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Follow the keys of references in what study.yaml says of a source.

        Args:
            fields: the source's fields.
        """
        ours = dict(fields)
        if "reference" in ours:
            ours["reference"] = self.keys.get(str(ours["reference"]), ours["reference"])
        witness = ours.get("witness")
        if isinstance(witness, dict) and "reference" in witness:
            ours["witness"] = {"reference": self.keys.get(str(witness["reference"]), witness["reference"])}
        return ours

    def labelled(self, theirs: str, paragraph: object) -> bool:
        """Say whether a source has a paragraph of a label.

        Args:
            theirs: the source's id in the file.
            paragraph: the label.
        """
        same = self.shared.get(theirs)
        return same is None or paragraph in {p.id for p in same.body}

    # ---- What rests on them

    def decide(self, coders: Mapping[str, str]) -> None:
        """Decide which claims, evidence lines, questions, searches, settlements and judgements of confidence are taken.

        Args:
            coders: our id of a coder by the key that the file has; ``ids`` has all kinds but lines by now.
        """
        propositions = self.records.get("propositions", {})
        there = {claim.id: claim for claim in self.study.propositions}
        self.new["propositions"] = []
        refused = 0
        for claim in propositions.get("propositions", ()):
            roles = {
                role: self._term(claim[role]) for role in ("subject", "relation", "object", "stage") if role in claim
            }
            ours = claim | roles
            if claim["id"] not in there:
                self.new["propositions"].append(ours)
            elif _plain(there[claim["id"]]) != ours:
                refused += 1
                continue
            self.claims.add(claim["id"])
        self.report.lost[_CLAIMS] += refused
        self._choose(coders)
        self._asked(propositions)
        settled = {(s.source, s.paragraph, s.family) for s in self.study.settlements}
        self.new["settlements"] = []
        codebook = {code.id: code for code in self.study.codes}
        for settlement in self.records.get("agreement", {}).get("settlements", ()):
            ours = {kind: self.ids[of].get(settlement[kind]) for kind, of in _SETTLED.items()}
            family = codebook.get(str(ours["family"]))
            if (
                None in ours.values()
                or (family is not None and family.level != "selective")
                or not self.labelled(settlement["source"], settlement["paragraph"])
            ):
                self.report.lost[f"settlements {_REST}"] += 1
            elif (ours["source"], settlement["paragraph"], ours["family"]) not in settled:
                self.new["settlements"].append(settlement | ours)

        self._judge()

    def _judge(self) -> None:
        """Decide which judgements of the confidence in claims are taken: of claims that have none yet."""
        judged = {one.proposition for one in self.study.confidences}
        self.new["confidence"] = []
        for entry in self.records.get("confidence", {}).get("confidence", ()):
            ours = {
                key: value | {"coder": self.ids["coder"].get(value["coder"])} if "coder" in value else value
                for key, value in entry.items()
                if isinstance(value, dict)
            } | {"coder": self.ids["coder"].get(entry["coder"])}
            known = [ours["coder"], *(one.get("coder", "") for one in ours.values() if isinstance(one, dict))]
            if entry["proposition"] not in self.claims or None in known:
                self.report.lost[f"judgements of confidence {_REST}"] += 1
            elif entry["proposition"] not in judged:
                self.new["confidence"].append(entry | ours)

    def _term(self, word: str) -> str:
        return self.terms.get(word, word)

    def _choose(self, coders: Mapping[str, str]) -> None:
        """Decide which evidence lines are taken, and by which ids."""
        ids = self.ids["line"]
        for identifier, (theirs, passage, claim) in self._evidence.items():
            line = claim.evidence
            spans = [(theirs, passage.start or 0, passage.end or 0)]
            spans += [
                (str(more.get("source", theirs)), int(more["start"]), int(more["start"]) + len(more["quote"]))
                for more in line.get("also", ())
            ]
            if line["proposition"] not in self.claims or not all(
                self.roles.get(source, "theory") != "theory" and self.stands(source, start, end)
                for source, start, end in spans
            ):
                continue
            members = tuple(excerpt_id(self.ids["source"][source], start, end) for source, start, end in spans)

            content = (
                line["proposition"], line["stance"], line.get("strength"), line["rationale"].strip(),
                coders.get(claim.coder), claim.date, tuple(dict.fromkeys(members)),
            )  # fmt: skip

            def same(other: str, content: Any = content) -> bool:
                existing = self._lines[other]
                return bool(
                    content
                    == (
                        existing.proposition,
                        existing.stance,
                        existing.stated,
                        existing.rationale,
                        existing.coder,
                        existing.date,
                        existing.excerpts,
                    )
                )

            ids[identifier] = _free(identifier, self._lines, self._evidence, same)
        # A line that is superseded by one that is not taken would be superseded by nothing.
        while gone := [
            key for key in ids if (after := self._evidence[key][2].evidence.get("replaced_by")) and after not in ids
        ]:
            for key in gone:
                del ids[key]
        for key, ours in ids.items():
            if ours in self._lines:
                line, existing = self._evidence[key][2].evidence, self._lines[ours]
                after = ids.get(line.get("replaced_by", ""))
                if (existing.status, existing.replaced_by) != (line.get("status", "active"), after):
                    self.report.changes.append(f"the evidence line '{ours}' has another status in the file; it stays")
        self.report.lost[f"evidence lines {_REST}"] += len(self._evidence) - len(ids)
        self.report.lost["evidence lines that the study has already"] += sum(
            ours in self._lines for ours in ids.values()
        )

    def _asked(self, propositions: Mapping[str, Any]) -> None:
        """Decide which open questions and searches are taken."""
        words = {*self.terms, *self.study.bundled} | {
            word
            for name in self.new["ontology"]
            for table in ontology.terms(paths.shipped("ontology") / f"{name}.ttl")
            for word in table
        }
        for kind in ("questions", "searches"):
            there = {record.id: _plain(record) for record in getattr(self.study, kind)}
            self.new[kind] = []
            for record in propositions.get(kind, ()):
                ours = dict(record)
                ours["about"] = [
                    self._term(w) if w in words else w if w in self.claims else None for w in record["about"]
                ]
                if "candidates" in record:
                    ours["candidates"] = [self._term(word) for word in record["candidates"]]
                for key in ("coder", "case"):
                    if key in record:
                        ours[key] = self.ids[key].get(record[key])
                if "sources" in record:
                    ours["sources"] = [self.ids["source"].get(source) for source in record["sources"]]
                named = [*ours["about"], *ours.get("sources", ()), ours.get("coder", ""), ours.get("case", "")]
                if None in named:
                    self.report.lost[f"{kind} {_REST}"] += 1
                elif record["id"] not in there:
                    self.new[kind].append(ours)
                elif there[record["id"]] != ours:
                    self.report.lost[f"{kind} whose id is another's in the study"] += 1

    def line(self, theirs: str) -> str | None:
        """Return our id of an evidence line that is taken and new in the study; None for any other.

        Args:
            theirs: its id in the file.
        """
        ours = self.ids["line"].get(theirs)
        return None if ours in self._lines else ours

    # ---- What is written

    def code(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Follow ids in what a code has besides its name.

        Args:
            fields: the code's further fields.
        """
        ours = dict(fields)
        if "indicates" in ours:
            ours["indicates"] = self._term(str(ours["indicates"]))
        shown = ours.get("anchor")
        if isinstance(shown, dict):
            theirs = str(shown.get("source"))
            same = self.shared.get(theirs)
            places = anchor.find(same.text, str(shown.get("quote"))) if same else []
            label = shown.get("paragraph")
            if same and not (
                any(self.stands(theirs, *place) for place in places) and (label is None or self.labelled(theirs, label))
            ):
                del ours["anchor"]
                self.report.lost["anchors of codes that are no body of the source here"] += 1
            else:
                ours["anchor"] = shown | {"source": self.ids["source"].get(theirs, theirs)}
        return ours

    def passage(self, theirs: str, passage: Passage) -> Passage:
        """Follow ids in what a passage says of claims, and leave out what is not taken.

        Args:
            theirs: id of its source in the file.
            passage: the passage.
        """
        kept = []
        for claim in passage.claims:
            if claim.asserts:
                if claim.asserts in self.claims and self.roles.get(theirs) == "theory":
                    kept.append(claim)
                else:
                    self.report.lost["passages of the theory whose claim is not taken"] += 1
                continue
            line = dict(claim.evidence)
            ours = self.ids["line"].get(line["id"])
            if ours is None or ours in self._lines:
                continue
            line["id"] = ours
            if line.get("replaced_by"):
                line["replaced_by"] = self.ids["line"][line["replaced_by"]]
            if line.get("also"):
                sources = self.ids["source"]
                line["also"] = [more | {"source": sources[str(more.get("source", theirs))]} for more in line["also"]]
            kept.append(dataclasses.replace(claim, evidence=line))
        return dataclasses.replace(passage, claims=tuple(kept))


_SETTLED = {"source": "source", "family": "code", "coder": "coder"}
"""What a settlement names, and of which kind it is."""


def refuse_copy(study: Study, material: Material, changed: Sequence[str]) -> None:
    """Refuse a copy of the very study that was edited.

    Args:
        study: the study that the file goes into.
        material: what the file holds.
        changed: what would be changed in the study.

    Raises:
        StudyError: when the file has the study's id, and something in it is not in the study.
    """
    if changed and material.records.get("study", {}).get("id") == study.id:
        message = (
            f"the file is a copy of this very study, '{study.id}', in which something was edited ({changed[0]}"
            f"{' and more' if changed[1:] else ''}); two versions of one study cannot be merged yet"
        )
        mend = (
            "import it into a new folder, compare the two, and carry over by hand what you want; or, if it is another "
            "study that happens to have this id, change 'id' in its study.yaml and export it again"
        )
        raise StudyError([Finding("study.yaml", 0, "copy-of-study", message, mend)])


def _free(identifier: str, taken: Collection[str], reserved: Collection[str], same: Callable[[str], bool]) -> str:
    """Return an id for a record: the first that is free, or taken by the same record."""
    # What is reserved is the own id of another record of the file.
    free, number = identifier, 1
    while (free in taken and not same(free)) or (free in reserved and free != identifier):
        number += 1
        free = f"{identifier}-{number}"
    return free


def _plain(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_defaults=True)
