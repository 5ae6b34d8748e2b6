"""Evidence is chosen and counted as one would by looking at every line."""

import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import claims, query
from kg.store import evidence, filling, tables

THEORY = """
CREATE TABLE claims (claim, stage);
CREATE TABLE sources (source, role, [case], witness);
CREATE TABLE searches (about);
CREATE TABLE "references" (reference, csl);
CREATE TABLE attributes (attribute, kind, record, value);
INSERT INTO sources VALUES ('a', 'case', 'a', NULL), ('b', 'case', 'b', NULL), ('literature', 'literature', NULL, NULL);
"""


def known_of(lines: list[strategies.DrawnLine], folder: str) -> evidence.Evidence:
    """Write lines as a build does, and read them."""
    path = Path(folder) / tables.NAME
    db = sqlite3.connect(path)
    db.executescript(filling.SCHEMA + THEORY)
    stages = {line.claim: line.stage for line in lines}
    having = [(of(v), "case", case, v.split("=")[1]) for case, some in strategies.ATTRIBUTES.items() for v in some]
    db.executemany("INSERT INTO attributes VALUES (?, ?, ?, ?)", having)
    db.executemany("INSERT INTO claims VALUES (?, ?)", [(c, next(iter(stages.get(c, ())), None)) for c in "PQR"])
    for line in lines:
        values = (line.id, line.claim, line.stance, line.strength, line.strength, *line.coder)
        db.execute(
            "INSERT INTO line (id, claim, stance, strength, stated, coder, status) VALUES (?, ?, ?, ?, ?, ?, 'active')",
            values,
        )
        for case in line.case:
            excerpt = f"{case}:{line.id}"
            db.execute("INSERT INTO excerpt (id, source, start) VALUES (?, ?, 0)", (excerpt, case))
            db.execute("INSERT INTO line_excerpt VALUES (?, ?)", (line.id, excerpt))
            codings = [(excerpt, code, line.coder[0], "") for code in line.code]
            db.executemany("INSERT INTO coding (excerpt, code, coder, date) VALUES (?, ?, ?, ?)", codings)
    db.execute(
        "INSERT INTO line (id, claim, stance, strength, status) VALUES ('w', 'P', 'opposes', 'weak', 'withdrawn')"
    )
    evidence.write(db)
    db.commit()
    db.close()
    return evidence.Evidence(tables.Tables(path, None))


def values(line: strategies.DrawnLine, facet: str) -> tuple[str, ...]:
    """Return what a line has of a facet."""
    return (line.stance,) if facet == "stance" else getattr(line, facet)


def of(value: str) -> str:
    """Return the attribute of a value."""
    return value.split("=", maxsplit=1)[0]


def admits(line: strategies.DrawnLine, facet: str, wanted: frozenset[str]) -> bool:
    """Say whether a line has what is wanted of a facet."""
    groups = [wanted] if facet != "attribute" else [{v for v in wanted if of(v) == one} for one in map(of, wanted)]
    return all(not group or set(values(line, facet)) & group for group in groups)


@settings(deadline=None)
@given(made=strategies.evidence_lines())
def test_counts_beside_a_filter_are_what_the_filter_gives(made):
    lines, choice = made
    with tempfile.TemporaryDirectory() as folder:
        known = known_of(lines, folder)
        counted = known.counts(known.of(), choice)
        for facet in evidence.FACETS:
            expected = Counter()
            for value in {v for line in lines for v in values(line, facet)}:
                # Values of one attribute are either, those of two are both: each is a facet by itself.
                others = {v for v in choice.get(facet, ()) if facet == "attribute" and of(v) != of(value)}
                asked = {**choice, facet: frozenset({value} | others)}
                kept = {n.id for n in lines if all(admits(n, f, v) for f, v in asked.items())}
                expected[value] = len(kept)
                chosen = known.choose(known.of(), asked)
                assert set(known.ids(chosen, 0, chosen.bit_count())) == kept
            assert dict(counted[facet]) == dict(expected)


@settings(deadline=None)
@given(made=strategies.evidence_lines(), start=st.integers(0, 25), number=st.integers(0, 25))
def test_lines_stand_by_claim_stance_strength_and_the_best_witness(made, start, number):
    lines, _ = made
    resting = {n.id: [(case, 0, (f"source/{case}",)) for case in n.case] for n in lines}
    ranked = sorted(
        lines, key=lambda n: (n.claim, claims.rank(n.id, n.stance, n.strength, resting[n.id], lowered=False))
    )
    with tempfile.TemporaryDirectory() as folder:
        known = known_of(lines, folder)
        assert known.ids(known.of(), start, start + number) == [n.id for n in ranked[start : start + number]]
        for claim in "PQR":
            mine = [n for n in ranked if n.claim == claim]
            assert known.ids(known.of([claim]), 0, len(mine)) == [n.id for n in mine]
            assert known.tally(known.of([claim])) == {s: sum(n.stance == s for n in mine) for s in claims.STANCES}
            active = [(n.stance, n.strength) for n in mine]
            assert known.state(claim) == claims.state(active, disputed=False, searched=False, asserted=False)


@settings(deadline=None)
@given(wanted=st.sets(st.integers(0, 3000)), start=st.integers(0, 40), number=st.integers(0, 40))
def test_places_are_those_of_the_bits(wanted, start, number):
    lines = sum(1 << place for place in wanted)
    assert evidence.places(lines, start, start + number) == sorted(wanted)[start : start + number]


def test_the_sets_are_what_the_query_says(dart):
    told = dart.tables
    known = evidence.Evidence(told)
    rows = [r for r in query.run(dart.engine, "evidence").dicts() if r["status"] == "active"]
    assert known.of().bit_count() == len({r["line"] for r in rows}) > 100
    for facet, column in (("case", "case"), ("code", "code"), ("coder", "coder"), ("stance", "stance")):
        expected: dict[str, set[str]] = {}
        for row in rows:
            value = row[column] or ("literature" if facet == "case" else None)
            if value:
                expected.setdefault(value, set()).add(row["line"])
        found = {v: set(known.ids(held, 0, held.bit_count())) for v, held in known.sets[facet].items()}
        assert found == expected
