"""A small study that can be changed in every way that a person changes one, and what a build of it holds."""

from __future__ import annotations

import copy
import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING, Any

import yaml

import kg
from kg.store import build, oxigraph, tables

if TYPE_CHECKING:
    from pathlib import Path

Change = Callable[["Draft", Random], None]
_DAY = "2026-11-24"
_WORDS = ("price", "talk", "trust", "sample", "forum", "plan", "risk", "offer", "顾客信任", "公开的价格")


class Draft:
    """The files of a study as Python values.

    Args:
        seed: the same gives the same texts.
    """

    def __init__(self, seed: int = 7) -> None:
        chance = Random(seed)
        self.texts: dict[str, str] = {}
        self.codings: dict[str, dict[str, Any]] = {}
        self.readings: dict[str, dict[str, Any]] = {}
        self.study: dict[str, Any] = {
            "id": "drafted", "format": 2, "title": {"en": "Why people take part"}, "license": "CC0",
            "coders": [{"id": "ann", "name": "Ann"}, {"id": "bo", "name": "Bo"}],
            "attributes": [{"id": "size", "label": {"en": "Size"}, "type": "integer"}],
            "cases": [{"id": "north", "label": {"en": "North"}, "attributes": {"size": 3}}, {"id": "south", "label": {"en": "South", "zh": "南方"}}],
            "sources": [],
        }  # fmt: skip
        self.concepts = {
            "concepts": [{"id": word, "label": {"en": word}} for word in ("trust", "price", "talk", "early-stage")],
            "relations": [{"id": "raises", "label": {"en": "raises"}}],
        }
        self.codebook = {
            "codes": [
                {"id": "openness", "level": "selective", "label": {"en": "Openness", "zh": "公开"}},
                {"id": "named", "level": "open", "label": {"en": "Named contact"}, "broader": "openness", "indicates": "talk"},
                {"id": "cost", "level": "open", "label": {"en": "Cost"}, "indicates": "price"},
                {"id": "worry", "level": "open", "label": {"en": "Worry"}},
            ]
        }  # fmt: skip
        self.claims = {
            "propositions": [
                {"id": f"P{n}", "statement": {"en": f"{a} raises {b}."}, "subject": a, "relation": "raises", "object": b}
                for n, (a, b) in enumerate((("talk", "trust"), ("price", "trust"), ("trust", "talk")), 1)
            ]
        }  # fmt: skip
        self.references = [
            {"id": f"ref{n}", "type": "book", "title": f"Book {n}", "issued": {"date-parts": [[2000 + n]]}, "author": [{"family": f"Author{n % 2}", "given": "A."}]}
            for n in range(4)
        ]  # fmt: skip
        self.agreement: dict[str, Any] = {"settlements": []}
        self.confidence: dict[str, Any] = {"confidence": []}
        self.broken: dict[str, str] = {}
        for name, role in (("frame", "theory"), ("ames", "case"), ("beck", "case"), ("cole", "literature")):
            self.add_source(name, role, chance)

    def add_source(self, name: str, role: str, chance: Random) -> None:
        """Add a source with codings of some of its passages."""
        paragraphs = [
            f"[{name[0].upper()}{n:02}] "
            + " ".join(f"{name} {n}.{k} says that the {chance.choice(_WORDS)} was {chance.choice(_WORDS)}." for k in (1, 2))
            + chance.choice(("", f" [@ref{n % 4}]", f" [@ref{n % 3}, p. {n}]", " [@uncited]"))
            for n in range(1, 6)
        ]  # fmt: skip
        self.texts[f"sources/{name}.md"] = "\n\n".join([f"# {name.title()}", *paragraphs, ""])
        entry = {"id": name, "file": f"sources/{name}.md", "title": f"Notes of {name.title()}", "role": role}
        if role == "case":
            entry["case"] = chance.choice(("north", "south"))
        self.study["sources"].append(entry)
        self.codings[f"codings/{name}.yaml"] = {"source": name, "coder": "ann", "date": _DAY, "excerpts": []}
        for _ in range(4):
            (asserts if role == "theory" else add_line)(self, chance, name)
        if role != "theory":
            add_coding(self, chance, name)

    def passage(self, source: str, chance: Random) -> str:
        """Return a sentence that stands in a source."""
        text = self.texts[self.entry(source)["file"]]
        return chance.choice([line for line in _sentences(text) if text.count(line) == 1])

    def entry(self, source: str) -> dict[str, Any]:
        """Return what study.yaml says of a source."""
        return next(entry for entry in self.study["sources"] if entry["id"] == source)

    def ids(self, *roles: str) -> list[str]:
        """Return the ids of the sources of some roles."""
        return [entry["id"] for entry in self.study["sources"] if entry["role"] in roles]

    def file(self, source: str, chance: Random) -> dict[str, Any]:
        """Return one of the codings files of a source."""
        return chance.choice([f for _, f in sorted(self.codings.items()) if f["source"] == source])

    def lines(self) -> list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
        """Return every evidence line with the entry and the file that it stands in."""
        return [
            (line, entry, file)
            for _, file in sorted(self.codings.items())
            for entry in file["excerpts"]
            for line in entry.get("evidence", ())
        ]

    def files(self) -> dict[str, str]:
        """Return the text of every file."""
        written = {
            "study.yaml": self.study, "concepts.yaml": self.concepts, "codebook.yaml": self.codebook,
            "propositions.yaml": self.claims, **self.codings, **self.readings,
        }  # fmt: skip
        if self.agreement["settlements"]:
            written["agreement.yaml"] = self.agreement
        if self.confidence["confidence"]:
            written["confidence.yaml"] = self.confidence
        texts = {name: yaml.safe_dump(value, allow_unicode=True, sort_keys=False) for name, value in written.items()}
        return texts | self.texts | {"references.json": json.dumps(self.references, indent=1)} | self.broken

    def write(self, folder: Path) -> None:
        """Write the files that differ from those of a folder, and remove the others."""
        wanted = self.files()
        for name, text in wanted.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_bytes() != text.encode():
                path.write_bytes(text.encode())
        for path in folder.rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
                path.unlink()

    def copy(self) -> Draft:
        """Return another draft that says the same."""
        return copy.deepcopy(self)


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text, which each name their place in it."""
    return [f"{part}." for line in text.split("\n") for part in _bare(line).split(". ") if " says that " in part for part in [part.rstrip(".")]]  # fmt: skip


def _bare(line: str) -> str:
    return line.partition("] ")[2].partition(" [@")[0]


def _entry(draft: Draft, chance: Random, source: str) -> dict[str, Any]:
    """Return the entry of some passage in some codings file of a source, a new one if there is none."""
    file, quote = draft.file(source, chance), draft.passage(source, chance)
    entry = next((entry for entry in file["excerpts"] if entry["quote"] == quote), None)
    if entry is None:
        entry = {"quote": quote}
        file["excerpts"].insert(chance.randint(0, len(file["excerpts"])), entry)
    return entry


def _some(draft: Draft, chance: Random) -> str:
    return chance.choice(draft.ids("case", "literature"))


# ---- Changes, each of which leaves a study that can be built


def asserts(draft: Draft, chance: Random, source: str = "frame") -> None:
    """Let a passage of the theory state a claim."""
    _entry(draft, chance, source)["asserts"] = [chance.choice(draft.claims["propositions"])["id"]]


def add_coding(draft: Draft, chance: Random, source: str = "") -> None:
    """Give a passage a code."""
    entry = _entry(draft, chance, source or _some(draft, chance))
    code = chance.choice(draft.codebook["codes"])["id"]
    entry["codes"] = sorted({*entry.get("codes", ()), code})
    entry["memo"] = chance.choice(("", "Seen twice."))


def drop_entry(draft: Draft, chance: Random) -> None:
    """Drop a passage with all that is said of it, unless something names its lines."""
    _, file = chance.choice(sorted(draft.codings.items()))
    named = {line.get("replaced_by") for line, _, _ in draft.lines()}
    named |= {one["line"] for read in draft.readings.values() for one in read["readings"]}
    free = [e for e in file["excerpts"] if not {line.get("id") for line in e.get("evidence", ())} & (named - {None})]
    if free:
        file["excerpts"].remove(chance.choice(free))


def add_line(draft: Draft, chance: Random, source: str = "") -> None:
    """Let a passage bear on a claim, also together with a passage of another source."""
    source = source or _some(draft, chance)
    line = {
        "proposition": chance.choice(draft.claims["propositions"])["id"],
        "stance": chance.choice(("supports", "opposes", "qualifies")),
        "strength": chance.choice(("strong", "moderate", "weak")),
        "rationale": f"Because of {chance.random()}.",
    }
    if chance.random() < 0.7:
        line["id"] = f"{chance.choice(('line', 'trust', source))}-{chance.randrange(10**6)}"
    others = [one for one in draft.ids("case", "literature") if one != source]
    if others and chance.random() < 0.5:
        other = chance.choice(others)
        line["also"] = [{"source": other, "quote": draft.passage(other, chance)}]
    _entry(draft, chance, source).setdefault("evidence", []).append(line)


def edit_line(draft: Draft, chance: Random) -> None:
    """Judge an evidence line otherwise."""
    if lines := [line for line, _, _ in draft.lines() if "id" in line]:
        line = chance.choice(lines)
        line["stance"] = chance.choice(("supports", "opposes", "qualifies"))
        line["proposition"] = chance.choice(draft.claims["propositions"])["id"]


def withdraw(draft: Draft, chance: Random) -> None:
    """Withdraw a line, replace it by another, or take that back."""
    lines = [line for line, _, _ in draft.lines() if "id" in line]
    if len(lines) < 2:
        return
    line, other = chance.sample(lines, 2)
    for key in ("status", "status_date", "status_reason", "replaced_by"):
        line.pop(key, None)
    status = chance.choice(("active", "withdrawn", "superseded"))
    if status != "active":
        line |= {"status": status, "status_date": _DAY, "status_reason": "Read again."}
    if status == "superseded":
        line["replaced_by"] = other["id"]


def quote_elsewhere(draft: Draft, chance: Random) -> None:
    """Quote a passage of another source in a line, or no longer."""
    if lines := draft.lines():
        line, _, file = chance.choice(lines)
        others = [one for one in draft.ids("case", "literature") if one != file["source"]]
        if "also" in line or not others:
            line.pop("also", None)
        else:
            other = chance.choice(others)
            line["also"] = [{"source": other, "quote": draft.passage(other, chance)}]


def move_line(draft: Draft, chance: Random) -> None:
    """Move a line to a passage of another source; its id goes along."""
    read = {one["line"] for file in draft.readings.values() for one in file["readings"]}
    if lines := [one for one in draft.lines() if one[0].get("id", "") not in read]:
        line, entry, _ = chance.choice(lines)
        entry["evidence"].remove(line)
        line.pop("also", None)
        _entry(draft, chance, _some(draft, chance)).setdefault("evidence", []).append(line)


def read_again(draft: Draft, chance: Random) -> None:
    """Let another coder read a line, differ on it, or settle it."""
    read = {one["line"] for file in draft.readings.values() for one in file["readings"]}
    lines = [(line, file) for line, _, file in draft.lines() if "id" in line and line["id"] not in read]
    if lines:
        line, file = chance.choice(lines)
        source = file["source"]
        name = f"readings/{source}.yaml"
        known = draft.readings.setdefault(name, {"source": source, "coder": "bo", "date": "2026-11-25", "readings": []})
        judged = {
            "line": line["id"],
            "stance": chance.choice(("supports", "opposes", "irrelevant")),
            "strength": "weak",
        }
        known["readings"].append(judged | chance.choice(({}, {"settles": True, "reason": "Both were asked."})))


def drop_readings(draft: Draft, chance: Random) -> None:
    """Drop a file of readings."""
    if draft.readings:
        del draft.readings[chance.choice(sorted(draft.readings))]


def uncoded(draft: Draft, chance: Random) -> None:
    """Say why some paragraphs have no code, or no longer."""
    file = draft.file(_some(draft, chance), chance)
    letter = draft.texts[draft.entry(file["source"])["file"]].partition("[")[2][0]
    some = chance.sample([1, 2, 3, 4, 5], chance.randint(0, 2))
    file["uncoded"] = [{"paragraph": f"{letter}{n:02}", "memo": chance.choice(("Off topic.", "Empty."))} for n in some]


def edit_text(draft: Draft, chance: Random) -> None:
    """Put words before all passages of a source."""
    file = draft.entry(chance.choice(draft.ids("theory", "case", "literature")))["file"]
    draft.texts[file] = draft.texts[file].replace("\n\n", f"\n\nAside {chance.randrange(99)} was Nora.\n\n", 1)


def second_file(draft: Draft, chance: Random) -> None:
    """Let another coder code passages of a source in a file of its own, or rename that."""
    source = _some(draft, chance)
    name = f"codings/{chance.choice('akz')}-{source}.yaml"
    if name not in draft.codings:
        draft.codings[name] = {"source": source, "coder": "bo", "date": _DAY, "excerpts": []}
        add_coding(draft, chance, source)
        add_line(draft, chance, source)


def rename_file(draft: Draft, chance: Random) -> None:
    """Rename a codings file and the file of a source."""
    name = chance.choice(sorted(draft.codings))
    draft.codings[f"codings/r{chance.randrange(10**6)}.yaml"] = draft.codings.pop(name)
    entry = chance.choice(draft.study["sources"])
    moved = f"sources/m{chance.randrange(10**6)}.md"
    draft.texts[moved] = draft.texts.pop(entry["file"])
    entry["file"] = moved


def rename_source(draft: Draft, chance: Random) -> None:
    """Give a source another id."""
    old, new = _some(draft, chance), f"s{chance.randrange(10**6)}"
    for entry in draft.study["sources"]:
        entry["id"] = new if entry["id"] == old else entry["id"]
    for file in [*draft.codings.values(), *draft.readings.values(), *draft.agreement["settlements"]]:
        file["source"] = new if file["source"] == old else file["source"]
    for line, _, _ in draft.lines():
        for other in line.get("also", ()):
            other["source"] = new if other["source"] == old else other["source"]


def new_source(draft: Draft, chance: Random) -> None:
    """Add a source with its codings."""
    draft.add_source(f"{chance.choice('adz')}{chance.randrange(10**6)}", chance.choice(("case", "literature")), chance)


def drop_source(draft: Draft, chance: Random) -> None:
    """Remove a source, its codings and what names it."""
    names = draft.ids("case", "literature")
    if len(names) < 2:
        return
    gone = chance.choice(names)
    del draft.texts[draft.entry(gone)["file"]]
    draft.study["sources"] = [entry for entry in draft.study["sources"] if entry["id"] != gone]
    draft.codings = {name: file for name, file in draft.codings.items() if file["source"] != gone}
    draft.readings = {name: file for name, file in draft.readings.items() if file["source"] != gone}
    draft.agreement["settlements"] = [one for one in draft.agreement["settlements"] if one["source"] != gone]
    there = {line.get("id") for line, _, _ in draft.lines()}
    for line, _, _ in draft.lines():
        line["also"] = [other for other in line.get("also", ()) if other["source"] != gone]
        if line.get("replaced_by") not in there:
            for key in ("status", "status_date", "status_reason", "replaced_by"):
                line.pop(key, None)


def edit_source(draft: Draft, chance: Random) -> None:
    """Change what study.yaml says of a source."""
    entry = chance.choice([entry for entry in draft.study["sources"] if entry["role"] != "theory"])
    text = draft.texts[entry["file"]].encode()
    what = chance.choice(("case", "witness", "title", "attributes", "sha256", "reference", "role", "original"))
    if what == "sha256":
        for one in draft.study["sources"]:
            one.pop("sha256", None)
        entry["sha256"] = hashlib.sha256(text).hexdigest()
    elif what == "role":
        entry["role"] = "literature" if entry["role"] == "case" else "case"
    else:
        entry[what] = {
            "case": chance.choice(("north", "south")), "witness": chance.choice(("self", None)),
            "title": f"Minutes {chance.randrange(99)}", "attributes": {"size": chance.randrange(9)}, "reference": "ref3",
            "original": {"file": f"sources/originals/{chance.randrange(9)}.pdf", "sha256": "0" * 64},
        }[what]  # fmt: skip


def edit_code(draft: Draft, chance: Random) -> None:
    """Change the codebook."""
    code = chance.choice(draft.codebook["codes"])
    what = chance.choice(("label", "definition", "new", "anchor"))
    if what == "label":
        code["label"] = {"en": f"Code {chance.randrange(99)}"}
    elif what == "definition":
        code["definition"] = f"What is said of {chance.randrange(99)}."
    elif what == "new":
        new = {"id": f"code{chance.randrange(10**6)}", "level": "open", "label": {"en": "New"}, "broader": "openness"}
        draft.codebook["codes"].append(new)
    else:
        shown = [
            {"source": file["source"], "quote": entry["quote"]}
            for _, file in sorted(draft.codings.items())
            for entry in file["excerpts"]
            if code["id"] in entry.get("codes", ())
        ]
        code.pop("anchor", None)
        if shown:
            code["anchor"] = chance.choice(shown)


def edit_claim(draft: Draft, chance: Random) -> None:
    """Change the claims, or what their words mean."""
    claim = chance.choice(draft.claims["propositions"])
    what = chance.choice(("statement", "stage", "new", "concept", "search"))
    if what == "statement":
        claim["statement"] = {"en": f"It raises {chance.choice(_WORDS)}.", "zh": "提高信任。"}
    elif what == "stage":
        claim["stage"] = "early-stage"
    elif what == "new":
        draft.claims["propositions"].append(claim | {"id": f"P{chance.randrange(10, 10**6)}"})
    elif what == "concept":
        chance.choice(draft.concepts["concepts"])["synonyms"] = [f"word{chance.randrange(99)}"]
    else:
        search = {
            "id": f"S{chance.randrange(10**6)}",
            "about": [claim["id"]],
            "note": "Nothing.",
            "coder": "bo",
            "date": _DAY,
        }
        draft.claims.setdefault("searches", []).append(search)


def edit_references(draft: Draft, chance: Random) -> None:
    """Change the references: marks lower what rests on them."""
    item = chance.choice(draft.references)
    what = chance.choice(("marks", "year", "title", "new"))
    if what == "marks":
        item["custom"] = {"marks": chance.choice(([], ["promotional"]))}
    elif what == "year":
        item["issued"] = {"date-parts": [[chance.randrange(1900, 2026)]]}
    elif what == "title":
        item["title"] = f"Book of {chance.randrange(99)}"
    else:
        draft.references.append({"id": f"ref{chance.randrange(10, 10**6)}", "type": "book", "title": "Another"})


def edit_study(draft: Draft, chance: Random) -> None:
    """Change the study's title, what it leaves out, its ontology, its cases or coders."""
    what = chance.choice(("title", "uncited", "ontology", "coder", "case"))
    if what == "uncited":
        draft.study["uncited"] = chance.choice(("include", "leave-out"))
    elif what == "ontology":
        draft.study["ontology"] = chance.choice(([], ["dart"]))
        taken = {"trust"} if draft.study["ontology"] else set()
        draft.study["ontology"] = (
            draft.study["ontology"] if not taken & {c["id"] for c in draft.concepts["concepts"]} else []
        )
    elif what == "coder":
        draft.study["coders"].append({"id": f"coder{chance.randrange(10**6)}", "name": "Another"})
    elif what == "case":
        chance.choice(draft.study["cases"])["label"] = {"en": f"Place {chance.randrange(99)}"}
    else:
        draft.study["title"] = {"en": f"Why people talk {chance.randrange(99)} times"}


def settle(draft: Draft, chance: Random) -> None:
    """Settle whether a paragraph belongs to a family of codes."""
    source = _some(draft, chance)
    letter = draft.texts[draft.entry(source)["file"]].partition("[")[2][0]
    settled = {
        "source": source, "paragraph": f"{letter}{chance.randint(1, 5):02}", "family": "openness",
        "decision": chance.choice(("given", "not given")), "reason": f"Asked {chance.randrange(99)}.", "coder": "ann", "date": _DAY,
    }  # fmt: skip
    draft.agreement["settlements"] = [*draft.agreement["settlements"][:2], settled]


def judge_confidence(draft: Draft, chance: Random) -> None:
    """Judge how much confidence a claim deserves, or judge it otherwise."""
    claim = chance.choice(draft.claims["propositions"])["id"]
    concern = {"concern": chance.choice(("none", "minor", "serious")), "reason": f"Seen {chance.randrange(99)} times."}
    components = ("methodological_limitations", "coherence", "adequacy", "relevance")
    others = [one for one in draft.confidence["confidence"] if one["proposition"] != claim]
    judged = {"proposition": claim, "overall": chance.choice(("high", "very-low")), "reason": "So.", "coder": "ann"}
    draft.confidence["confidence"] = [*others, judged | dict.fromkeys(components, concern) | {"date": _DAY}]


def leave(draft: Draft, chance: Random) -> None:
    """Change nothing."""


CHANGES: tuple[Change, ...] = (
    asserts, add_coding, drop_entry, add_line, edit_line, withdraw, quote_elsewhere, move_line, read_again, drop_readings,
    uncoded, edit_text, second_file, rename_file, rename_source, new_source, drop_source, edit_source, edit_code, edit_claim,
    edit_references, edit_study, settle, judge_confidence, leave,
)  # fmt: skip


# ---- Changes after which a study cannot be built


def break_yaml(draft: Draft, chance: Random) -> None:
    """Let a codings file be no YAML."""
    draft.broken[chance.choice(sorted(draft.codings))] = "source: ames\nexcerpts: [\n"


def unknown_code(draft: Draft, chance: Random) -> None:
    """Name a code that there is not."""
    _entry(draft, chance, _some(draft, chance))["codes"] = ["cots"]


def drop_code(draft: Draft, chance: Random) -> None:
    """Remove a code that passages may still have."""
    draft.codebook["codes"] = [code for code in draft.codebook["codes"] if code["id"] != "cost"]


def drop_reference(draft: Draft, chance: Random) -> None:
    """Remove a reference that texts may still cite."""
    draft.references = draft.references[1:]


def same_id(draft: Draft, chance: Random) -> None:
    """Give two lines one id."""
    if lines := [line for line, _, _ in draft.lines()]:
        one, other = chance.choice(lines), chance.choice(lines)
        one["id"] = other["id"] = "same"


def lost_quote(draft: Draft, chance: Random) -> None:
    """Change a text so that a passage is gone which a line of another source may quote."""
    file = draft.entry(_some(draft, chance))["file"]
    draft.texts[file] = draft.texts[file].replace(" says that ", " said that ")


BREAKS: tuple[Change, ...] = (break_yaml, unknown_code, drop_code, drop_reference, same_id, lost_quote)


# ---- What a build holds


def content(folder: Path, built: build.Built) -> dict[str, Any]:
    """Return all that a build holds and answers, in an order that does not depend on how it was made."""
    held: dict[str, Any] = {"digest": built.digest, "stored": build.digest(folder)}
    held["findings"] = [str(finding) for finding in built.findings]
    store = build.read(folder)
    held["statements"] = sorted(map(str, store))
    held["named graphs"] = sorted(map(str, store.named_graphs()))
    held["of the study"] = built.quads == len(store)
    del store
    held |= _tables(build.current(folder) / tables.NAME)
    with kg.open(folder, built=True) as graph:
        held["answers"] = [
            repr(graph.ask(question))
            for question in ("What supports trust?", "What opposes trust in the south?", "What is missing?")
        ]
        held["found"] = [graph.search(text) for text in ("the price was trust", "顾客信任")]
        engine = oxigraph.Oxigraph(build.current(folder) / build.STORE)
        names = ("cross-case-matrix", "coverage-by-case", "codes-to-drivers", "codings", "evidence", "readings")
        held["queries"] = {name: graph.query(name).rows for name in names}
        held["in SPARQL"] = {name: sorted(kg.query.run(engine, name).rows, key=str) for name in names[:2]}
    return held


def _tables(path: Path) -> dict[str, list[Any]]:
    """Return every row of every table in its order; of the full text each word with its places."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        held = {
            f"table {name}": db.execute(f'SELECT * FROM "{name}"').fetchall()
            for name in names
            if not name.startswith(("fulltext", "sqlite_"))
        }
        held["indexes"] = sorted(db.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        db.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, fulltext, instance)")
        held["words"] = sorted(
            db.execute("SELECT term, d.id, col, offset FROM word w LEFT JOIN document d ON d.number = w.doc").fetchall()
        )
        held["ranks"] = [
            db.execute(
                "SELECT d.id, round(bm25(fulltext, 1.0, 0.3), 6) FROM fulltext f JOIN document d ON d.number = f.rowid "
                "WHERE fulltext MATCH ? ORDER BY d.number",
                (word,),
            ).fetchall()
            for word in ("price", "trust", "openness", "talk")
        ]
    return held
