"""Small studies of every shape, as the files of a folder, for property tests."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from kg.entries import COMPONENTS, CONCERNS, CONFIDENCES
from kg.places import Place, Places

if TYPE_CHECKING:
    from pathlib import Path

Files = dict[str, str]

WORDS = st.text(alphabet="aZ é中文👍🏽\u0301'\"\\`{}$;,:#.-", min_size=1, max_size=12).map(
    lambda text: " ".join(f"x{text}y".split())
)
ORCIDS = ["0000-0002-1825-0097", "https://orcid.org/0000-0001-5109-3700"]
DAYS = st.dates().map(str)


@st.composite
def places(draw: st.DrawFn, text: str) -> Places:
    """Draw what stretches of a text are called: pages, or turns of which some have times."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    stretches = enumerate(itertools.pairwise([0, *cuts, len(text)]), 1)
    if draw(st.booleans()):
        labels = st.sampled_from(["iv", "12", "S-3", "{b}", ""]) | WORDS
        of = [Place("page", start, end, draw(labels), number) for number, (start, end) in stretches]
    else:
        times = st.none() | st.sampled_from([(0.0, 1.5), (751.9, 755.0), (3600.0, 3600.0)])
        of = [Place("turn", start, end, draw(WORDS | st.just("")), time=draw(times)) for _, (start, end) in stretches]
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Places(digest, digest, "drawn 1", places=tuple(sorted(of, key=lambda p: (p.start, -p.end, p.kind))))


@st.composite
def confidence(draw: st.DrawFn, claim: str) -> dict[str, Any]:
    """Draw what was judged of the confidence in a claim; a component may be another's, and of another day."""
    concerns = {}
    for component in COMPONENTS:
        concerns[component] = {"concern": draw(st.sampled_from(list(CONCERNS))), "reason": draw(WORDS)}
        if draw(st.booleans()):
            concerns[component] |= {"coder": draw(st.sampled_from(["me", "你"])), "date": draw(DAYS)}
    overall = {"overall": draw(st.sampled_from(list(CONFIDENCES))), "reason": draw(WORDS)}
    return {"proposition": claim} | concerns | overall | {"coder": "me", "date": draw(DAYS)}


@st.composite
def files(draw: st.DrawFn, *, mapped: bool = False) -> Files:
    """Draw a study: concepts, codes in levels, claims, two sources, codings, lines of every stance and status.

    Args:
        draw: draws.
        mapped: whether sources may say what their stretches are called, as those that were added do.
    """
    concepts = ["c1", "概念2", "c.3"][: draw(st.integers(2, 3))]
    codes = ["k1", "k-2", "代码3", "k4"][: draw(st.integers(1, 4))]
    claims = ["P1", "P.2", "主张3"][: draw(st.integers(1, 3))]
    cases = ["here", "那里"][: draw(st.integers(0, 2))]
    some = st.sampled_from

    def maybe(strategy: st.SearchStrategy[Any], key: str) -> dict[str, Any]:
        found = draw(st.none() | strategy)
        return {} if found is None else {key: found}

    def label() -> dict[str, str]:
        return {"en": draw(WORDS)} | maybe(WORDS, "zh")

    def coded(quote: str, role: str) -> dict[str, Any]:
        entry: dict[str, Any] = {"quote": quote} | maybe(WORDS, "memo") | maybe(some(["me", "你"]), "coder")
        entry |= maybe(some(["p. 12", "chaps. 2-3", "00:01:02", "{p. é, above}"]), "locator")
        entry["codes"] = draw(st.lists(some(codes), unique=True, max_size=2))
        if role == "theory":
            entry["asserts"] = draw(st.lists(some(claims), unique=True, max_size=2))
            return entry
        entry["evidence"] = []
        for number in range(draw(st.integers(0, 2))):
            line = {
                "id": f"L{len(lines)}",
                "proposition": draw(some(claims)),
                "stance": draw(some(["supports", "opposes", "qualifies"])),
                "strength": draw(some(["strong", "moderate", "weak"])),
                "rationale": f"{draw(WORDS)} {number}",
            } | maybe(WORDS, "accepted")
            if lines and draw(st.booleans()):
                line |= {
                    "status": "superseded",
                    "status_date": "2026-01-02",
                    "status_reason": "r",
                    "replaced_by": lines[-1],
                }
            elif draw(st.booleans()):
                line |= {"status": "withdrawn", "status_date": "2026-01-02", "status_reason": "r"}
            lines.append(line["id"])
            entry["evidence"].append(line)
        return entry

    def read_again(number: int) -> dict[str, Any]:
        stance = draw(some(["supports", "opposes", "qualifies", "irrelevant"]))
        reading = {"line": lines[number], "stance": stance, "reason": draw(WORDS), "settles": draw(st.booleans())}
        reading |= {} if stance == "irrelevant" else {"strength": draw(some(["strong", "moderate", "weak"]))}
        return reading | maybe(st.booleans(), "alone")

    lines: list[str] = []
    made: Files = {}
    sources = []
    for name, role in (("theory", "theory"), ("one", "case"), ("文献", "literature")):
        sentences = [f"{number} {draw(WORDS)} {name}." for number in range(draw(st.integers(1, 3)))]
        file = f"sources/{name}.{'md' if role == 'literature' else 'txt'}"
        clusters = some(["", " [@r1]", " [@r1, p. 3; @r2]", " [@r2, §§ 1, 2; @r2, fig. 4]"])
        made[file] = "".join(f"{one}{draw(clusters) if role == 'literature' else ''}\n\n" for one in sentences)
        entry = {"id": name, "file": file, "title": f"{draw(WORDS)} of {name}", "role": role}
        entry |= maybe(some(["r1", "r2"]), "reference")
        entry |= maybe(some(["self", {"reference": "r1"}, {"person": "李 女士"}, {"event": "a: visit"}]), "witness")
        if mapped and draw(st.booleans()):
            entry |= {"places": f"sources/{name}.places.json", "original": {"file": "a.pdf", "sha256": "0" * 64}}
            made[entry["places"]] = draw(places(made[file])).write()
        sources.append(entry | (maybe(some(cases), "case") if cases and role == "case" else {}))
        given = [coded(sentence, role) for sentence in sentences if draw(st.booleans())]
        made[f"codings/{name}.yaml"] = as_yaml({"source": name, "coder": "me", "date": draw(DAYS), "excerpts": given})
        drawn = sum(len(entry.get("evidence", ())) for entry in given)
        again = [read_again(number) for number in range(len(lines) - drawn, len(lines)) if draw(st.booleans())]
        if again:
            head = {"source": name, "coder": "you", "date": draw(DAYS)}
            made[f"readings/{name}.yaml"] = as_yaml(head | {"readings": again})
    levels = ["selective", "axial", "open", "open"]
    made["codebook.yaml"] = as_yaml(
        {
            "codes": [
                {"id": code, "level": levels[place], "label": label()}
                | maybe(WORDS, "definition")
                | maybe(WORDS, "include")
                | maybe(some(concepts), "indicates")
                | (maybe(some(codes[:place]), "broader") if place else {})
                for place, code in enumerate(codes)
            ]
        }
    )
    made["concepts.yaml"] = as_yaml(
        {
            "concepts": [
                {"id": concept, "label": label(), "synonyms": draw(st.lists(WORDS, unique=True, max_size=2))}
                | maybe(WORDS, "definition")
                | (maybe(some(concepts[:place]), "broader") if place else {})
                for place, concept in enumerate(concepts)
            ],
            "relations": [{"id": "drives", "label": label()}],
        }
    )
    made["propositions.yaml"] = as_yaml(
        {
            "propositions": [
                {
                    "id": claim,
                    "statement": label(),
                    "subject": draw(some(concepts)),
                    "relation": "drives",
                    "object": draw(some(concepts)),
                }
                | maybe(some(concepts), "stage")
                | maybe(WORDS, "scope")
                | maybe(WORDS, "accepted")
                for claim in claims
            ],
            "questions": [
                {"id": "Q1", "about": [draw(some(concepts))], "question": label()}
                | maybe(st.lists(some(concepts), unique=True, min_size=1, max_size=2), "candidates")
            ],
            "searches": [
                {"id": "S1", "about": [draw(some(claims))], "note": draw(WORDS), "coder": "me", "date": draw(DAYS)}
                | (maybe(some(cases), "case") if cases else {})
            ],
        }
    )
    if judged := draw(st.lists(some(claims), unique=True)):
        made["confidence.yaml"] = as_yaml({"confidence": [draw(confidence(claim)) for claim in judged]})
    names = st.fixed_dictionaries({"family": WORDS}, optional={"given": WORDS, "ORCID": some(ORCIDS)}) | (
        st.fixed_dictionaries({"literal": WORDS | some(["王伟", "others"])})
    )
    made["references.json"] = json.dumps(
        [
            {"id": key, "type": "book", "title": draw(WORDS)}
            | maybe(st.lists(names, max_size=2), draw(some(["author", "editor"])))
            for key in ("r1", "r2")
        ],
        ensure_ascii=False,
    )
    you = {"id": "你", "name": "You", "note": draw(WORDS)}
    coders = some([you | {"orcid": "0000-0002-1825-0097"}, you | {"kind": "software", "version": "4.1"}, you])
    of_type = {
        "text": WORDS,
        "integer": st.integers(-(10**18) + 1, 10**18 - 1).map(str),
        "decimal": st.decimals(-1000, 1000, places=2).map(str),
        "date": DAYS,
        "datetime": st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat()),
        "boolean": st.booleans(),
    }
    types = {name: draw(some(sorted(of_type))) for name in ["a1", "属性.2"][: draw(st.integers(0, 2))]}

    def values() -> dict[str, Any]:
        given = {name: draw(of_type[kind]) for name, kind in types.items() if draw(st.booleans())}
        return {"attributes": given} if given else {}

    def members(of: list[str]) -> list[str]:
        return draw(st.lists(some(of), unique=True, max_size=2)) if of else []

    sets = [
        {"id": name, "label": label()} | maybe(WORDS, "description")
        | {"codes": members(codes), "sources": members([entry["id"] for entry in sources]), "cases": members(cases)}
        for name in ["open", "集合"][: draw(st.integers(0, 2))]
    ]  # fmt: skip
    made["study.yaml"] = as_yaml(
        {
            "id": "drawn",
            "title": label(),
            "license": "CC0-1.0",
            "coders": [{"id": "me", "name": draw(WORDS)}, draw(coders), {"id": "you", "name": "You"}],
            "attributes": [
                {"id": name, "label": label(), "type": kind} | maybe(WORDS, "description")
                for name, kind in types.items()
            ],
            "cases": [{"id": case, "label": label()} | values() for case in cases],
            "sources": [source | values() for source in sources],
            "sets": sets,
        }
    )
    return made


def as_yaml(value: dict[str, Any]) -> str:
    """Write a file of a study."""
    # JSON is YAML too.
    return "".join(f"{key}: {json.dumps(part, ensure_ascii=False)}\n" for key, part in value.items())


def write(folder: Path, made: Files) -> Path:
    """Write the files of a study into a folder."""
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


class DrawnLine(NamedTuple):
    """Hold an evidence line as it is drawn: its id and the values that it has of every facet."""

    id: str
    claim: str
    stance: str
    strength: str
    case: tuple[str, ...]
    stage: tuple[str, ...]
    code: tuple[str, ...]
    coder: tuple[str, ...]

    @property
    def attribute(self) -> tuple[str, ...]:
        """Return the values that its cases have of attributes."""
        return tuple(value for case in self.case for value in ATTRIBUTES.get(case, ()))


ATTRIBUTES = {"a": ("town=x", "open=true"), "b": ("town=y", "open=true")}
"""What the cases of drawn evidence lines have of attributes."""


@st.composite
def evidence_lines(draw: st.DrawFn) -> tuple[list[DrawnLine], dict[str, frozenset[str]]]:
    """Draw evidence lines and a choice among them."""
    cases, codes = (
        st.lists(st.sampled_from(of), unique=True, min_size=1, max_size=2).map(tuple)
        for of in (["a", "b", "literature"], "abc")
    )
    stages = {claim: draw(st.sampled_from([(), ("s",), ("t",)])) for claim in "PQ"}
    lines = []
    for n in range(draw(st.integers(0, 20))):
        claim = draw(st.sampled_from("PQ"))
        stance = draw(st.sampled_from(["supports", "opposes", "qualifies"]))
        strength = draw(st.sampled_from(["strong", "moderate", "weak"]))
        coder = (draw(st.sampled_from("xy")),)
        lines.append(DrawnLine(f"l{n:02}", claim, stance, strength, draw(cases), stages[claim], draw(codes), coder))
    values = {
        "case": ["a", "b", "literature"],
        "code": "abc",
        "coder": "xy",
        "stage": "st",
        "stance": ["supports", "opposes"],
        "attribute": ["town=x", "town=y", "open=true"],
    }
    return lines, {
        facet: draw(st.frozensets(st.sampled_from(list(of)), max_size=2))
        for facet, of in values.items()
        if draw(st.booleans())
    }
