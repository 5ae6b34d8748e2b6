"""All active evidence lines of a study, to be chosen by case, stance, stage, code and coder, with counts.

Some lines are held as a whole number whose bit n stands for the line at place n: to choose is 'and', to
count is to count bits, so that both take microseconds among a hundred thousand. Lines stand in the order
of their claims, stance, strength and id. :func:`write` keeps the numbers with the tables of a build.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

from kg import claims, dates
from kg.claims import STANCES
from kg.ids import BETWEEN
from kg.limits import apart, apart_by

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from kg.limits import Limits


FACETS = ("case", "stance", "stage", "code", "coder", "attribute")
"""What lines are chosen by on a page. A value of an attribute is written ``attribute=value``."""
_HELD = (*FACETS, "strength")
"""The facets whose lines are held in memory; those of others are read when they are asked for."""
CHUNK = 64
"""How many bytes of a number are looked through at once."""

_SCHEMA = """
CREATE TABLE line_place (place INTEGER PRIMARY KEY, line TEXT);
CREATE INDEX line_place_line ON line_place (line);
CREATE TABLE line_span (claim TEXT PRIMARY KEY, first INTEGER, number INTEGER);
CREATE TABLE witness (claim TEXT, stance TEXT, passages INTEGER, independent INTEGER, PRIMARY KEY (claim, stance))
  WITHOUT ROWID;
CREATE TABLE issued (reference TEXT PRIMARY KEY, year TEXT) WITHOUT ROWID;
CREATE TABLE line_set (facet TEXT, value TEXT, lines BLOB, PRIMARY KEY (facet, value)) WITHOUT ROWID;
"""
_MEMBERS = """
WITH active AS (SELECT p.place, n.* FROM line_place p JOIN line n ON n.id = p.line {among}),
passage AS (
  SELECT a.place, e.id, e.source
  FROM active a JOIN line_excerpt m ON m.line = a.id JOIN excerpt e ON e.id = m.excerpt
)
SELECT 'stance', stance, place FROM active
UNION ALL SELECT 'strength', strength, place FROM active
UNION ALL SELECT 'coder', coder, place FROM active
UNION ALL SELECT 'stage', c.stage, a.place FROM active a JOIN claims c ON c.claim = a.claim WHERE c.stage IS NOT NULL
UNION ALL SELECT 'case', coalesce(s.[case], :literature), p.place FROM passage p JOIN sources s ON s.source = p.source
UNION ALL SELECT 'attribute', a.attribute || '=' || a.value, p.place
  FROM passage p JOIN attributes a ON a.kind = 'source' AND a.record = p.source
UNION ALL SELECT 'attribute', a.attribute || '=' || a.value, p.place
  FROM passage p JOIN sources s ON s.source = p.source JOIN attributes a ON a.kind = 'case' AND a.record = s.[case]
UNION ALL SELECT 'code', c.code, p.place FROM passage p JOIN coding c ON c.excerpt = p.id
UNION ALL SELECT 'role', s.role, p.place FROM passage p JOIN sources s ON s.source = p.source
UNION ALL SELECT 'year', y.year, p.place FROM passage p JOIN citing c ON c.excerpt = p.id
  JOIN issued y ON y.reference = c.reference
"""

_MANY = {
    "source": "SELECT id FROM excerpt WHERE source = :value",
    "reference": "SELECT excerpt AS id FROM citing WHERE reference = :value",
    "author": "SELECT c.excerpt AS id FROM references_by_author a JOIN citing c ON c.reference = a.reference "
    "WHERE a.author = :value",
}
"""The passages that have a value of a facet of which there may be more values than lines."""


_AMONG = "WHERE n.claim IN (SELECT value FROM json_each(:claims))"
"""What limits lines to those of some claims."""


def write(db: sqlite3.Connection) -> None:
    """Keep which lines have each value of each facet.

    Args:
        db: the tables of a build, which have the study's records and their indexes.
    """
    db.executescript(_SCHEMA)
    lines = sorted(_ranked(db))
    db.executemany("INSERT INTO line_place VALUES (?, ?)", enumerate(rank[-1] for _, rank in lines))
    _write_spans(db, Counter(claim for claim, _ in lines))
    items = db.execute('SELECT reference, csl FROM "references"').fetchall()
    years = [(key, dates.year(json.loads(item).get("issued"))) for key, item in items]
    db.executemany("INSERT INTO issued VALUES (?, ?)", [(key, y) for key, y in years if y.lstrip("-").isdigit()])
    sets: dict[tuple[str, str], bytearray] = {}
    for facet, value, place in db.execute(_MEMBERS.format(among=""), {"literature": claims.LITERATURE}):
        bits = sets.setdefault((facet, value), bytearray(len(lines) // 8 + 1))
        # Little-endian, as it is read: bit n of the number is bit n & 7 of byte n >> 3.
        bits[place >> 3] |= 1 << (place & 7)
    db.executemany("INSERT INTO line_set VALUES (?, ?, ?)", [(*key, bytes(bits)) for key, bits in sorted(sets.items())])
    _witnesses(db)


def change(db: sqlite3.Connection, before: sqlite3.Connection, sources: Iterable[str]) -> None:
    """Bring what is kept of evidence lines to what the records are now, when only some sources changed.

    The lines of a claim stand together: those of other claims keep their bits, moved to where they begin now.

    Args:
        db: the tables of a build, with the new records and with what was kept of the old ones.
        before: the tables with the old records.
        sources: ids of the sources that changed.
    """
    names = {"sources": json.dumps(sorted(sources))}
    touched = {claim for tables in (before, db) for (claim,) in tables.execute(_TOUCHED, names)}
    if not touched:
        return
    order = [line for (line,) in db.execute("SELECT line FROM line_place ORDER BY place")]
    spans = {claim: (first, n) for claim, first, n in db.execute("SELECT * FROM line_span WHERE number > 0")}
    anew: dict[str, list[str]] = {}
    for claim, rank in sorted(_ranked(db, touched)):
        anew.setdefault(claim, []).append(rank[-1])
    placed: list[str] = []
    moved: list[list[int]] = []  # where runs of lines that stay begin, their number, and where they begin now
    for claim in sorted(spans.keys() | anew.keys()):
        if claim in touched:
            placed += anew.get(claim, ())
            continue
        first, number = spans[claim]
        if moved and moved[-1][0] + moved[-1][1] == first and moved[-1][2] + moved[-1][1] == len(placed):
            moved[-1][1] += number
        else:
            moved.append([first, number, len(placed)])
        placed += order[first : first + number]
    if placed != order:
        same = next((n for n, pair in enumerate(zip(order, placed, strict=False)) if pair[0] != pair[1]), None)
        same = min(len(order), len(placed)) if same is None else same
        db.execute("DELETE FROM line_place WHERE place >= ?", (same,))
        db.executemany("INSERT INTO line_place VALUES (?, ?)", enumerate(placed[same:], same))
    numbers = Counter({claim: number for claim, (_, number) in spans.items() if claim not in touched})
    numbers.update({claim: len(lines) for claim, lines in anew.items()})
    db.execute("DELETE FROM line_span")
    _write_spans(db, numbers)
    sets: dict[tuple[str, str], int] = {}
    for facet, value, octets in db.execute("SELECT * FROM line_set"):
        bits = int.from_bytes(octets, "little")
        sets[facet, value] = sum((bits >> first & ((1 << number) - 1)) << now for first, number, now in moved)
    chosen = {"claims": json.dumps(sorted(touched)), "literature": claims.LITERATURE}
    for facet, value, place in db.execute(_MEMBERS.format(among=_AMONG), chosen):
        sets[facet, value] = sets.get((facet, value), 0) | 1 << place
    size = len(placed) // 8 + 1
    db.execute("DELETE FROM line_set")
    rows = [(*key, bits.to_bytes(size, "little")) for key, bits in sorted(sets.items()) if bits]
    db.executemany("INSERT INTO line_set VALUES (?, ?, ?)", rows)
    db.executemany("DELETE FROM witness WHERE claim = ?", [(claim,) for claim in touched])
    _witnesses(db, touched)


_TOUCHED = """
SELECT DISTINCT n.claim FROM excerpt e JOIN line_excerpt m ON m.excerpt = e.id JOIN line n ON n.id = m.line
WHERE e.source IN (SELECT value FROM json_each(:sources))
"""


def _write_spans(db: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
    """Keep where the lines of each claim begin, by their numbers."""
    first, at = {}, 0
    for claim in sorted(numbers):
        first[claim] = at
        at += numbers[claim]
    ids = [claim for (claim,) in db.execute("SELECT claim FROM claims ORDER BY rowid")]
    rows = [(claim, first[claim], numbers[claim]) if numbers.get(claim) else (claim, 0, 0) for claim in ids]
    db.executemany("INSERT INTO line_span VALUES (?, ?, ?)", rows)


def _ranked(db: sqlite3.Connection, among: Iterable[str] | None = None) -> Iterator[tuple[str, claims.Rank]]:
    """Give the claim and the rank of every active line, or of those of some claims."""
    asked = f"""
        SELECT n.id, n.claim, n.stance, n.strength, n.lowered, e.source, e.start, e.citations, s.witness
        FROM (SELECT * FROM line n {_AMONG if among is not None else ""}) n
        JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt
        JOIN sources s ON s.source = e.source
        WHERE n.status = 'active' ORDER BY n.id, e.source, e.start"""
    given = {"claims": json.dumps(sorted(among))} if among is not None else {}
    for (line, claim, stance, strength, lowered), rows in groupby(db.execute(asked, given), key=lambda row: row[:5]):
        passages = [
            (source, start, claims.rests_on(source, citations.split(BETWEEN) if citations else (), witness))
            for *_, source, start, citations, witness in rows
        ]
        yield claim, claims.rank(line, stance, strength, passages, lowered=bool(lowered))


def _witnesses(db: sqlite3.Connection, among: Iterable[str] | None = None) -> None:
    """Keep of claims how many passages their lines of each stance have, and how many are independent."""
    asked = f"""
        SELECT n.claim, n.stance, e.id, e.source, e.citations, s.witness
        FROM (SELECT * FROM line n {_AMONG if among is not None else ""}) n
        JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt
        JOIN sources s ON s.source = e.source
        WHERE n.status = 'active' ORDER BY n.claim"""
    given = {"claims": json.dumps(sorted(among))} if among is not None else {}
    for claim, rows in groupby(db.execute(asked, given), key=itemgetter(0)):
        resting: dict[str, dict[str, tuple[str, ...]]] = {}
        for _, stance, excerpt, source, citations, witness in rows:
            keys = claims.rests_on(source, citations.split(BETWEEN) if citations else (), witness)
            # The empty stance stands for all: a passage of two stances is counted once there.
            for one in ("", stance):
                resting.setdefault(one, {})[excerpt] = keys
        counts = [(claim, one, len(some), claims.independent(some.values())) for one, some in resting.items()]
        db.executemany("INSERT INTO witness VALUES (?, ?, ?, ?)", counts)


class Reads(Protocol):
    """The tables of a build."""

    def sql(self, text: str, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of SQL."""


class Evidence:
    """The active evidence lines of a study, to be chosen and counted.

    Args:
        tables: the tables of a build.
    """

    def __init__(self, tables: Reads) -> None:
        self.tables = tables
        rows = tables.sql("SELECT claim, first, number FROM line_span ORDER BY rowid")
        self.spans: dict[str, tuple[int, int]] = {claim: (first, number) for claim, first, number in rows}
        # The same bits twice: as numbers to choose among all lines, as bytes to cut out those of one claim.
        self.sets: dict[str, dict[str, int]] = {facet: {} for facet in _HELD}
        self._bytes: dict[str, dict[str, bytes]] = {facet: {} for facet in self.sets}
        held = ", ".join(f"'{facet}'" for facet in sorted(_HELD))
        for facet, value, bits in tables.sql(
            f"SELECT facet, value, lines FROM line_set WHERE facet IN ({held}) ORDER BY facet, value"
        ):
            self.sets[facet][value] = int.from_bytes(bits, "little")
            self._bytes[facet][value] = bits
        self.witnesses: dict[tuple[str, str], tuple[int, int]] = {
            (claim, stance): (passages, independent)
            for claim, stance, passages, independent in tables.sql("SELECT * FROM witness")
        }
        self.disputed: dict[str, list[str]] = {}
        """By claim the ids of the lines on which coders differ; no count has them."""
        for claim, line in tables.sql("SELECT claim, id FROM line WHERE status = 'disputed' ORDER BY claim, id"):
            self.disputed.setdefault(claim, []).append(line)
        self.searched = {about for (about,) in tables.sql("SELECT DISTINCT about FROM searches")}
        self.asserted = {claim for (claim,) in tables.sql("SELECT DISTINCT claim FROM assertion")}

    def of(self, wanted: Iterable[str] | None = None) -> int:
        """Return the lines that bear on some claims.

        Args:
            wanted: ids of propositions; None means all.
        """
        lines = 0
        for claim in self.spans if wanted is None else wanted:
            first, number = self.spans[claim]
            # The lines of a claim stand together: as many ones as it has lines, moved to where they begin.
            lines |= ((1 << number) - 1) << first
        return lines

    def having(self, facet: str, value: str) -> int:
        """Return the lines that have a value.

        Args:
            facet: one of :data:`FACETS`, or ``strength``, ``source``, ``role``, ``reference``, ``author``, ``year``.
            value: the value.
        """
        if facet in self.sets:
            return self.sets[facet].get(value, 0)
        if facet in _MANY:
            return self._few(facet, value)
        rows = self.tables.sql(
            "SELECT lines FROM line_set WHERE facet = :facet AND value = :value", facet=facet, value=value
        )
        return int.from_bytes(rows[0][0], "little") if rows else 0

    def _few(self, facet: str, value: str) -> int:
        """Return the lines that have a value for which no number is kept."""
        rows = self.tables.sql(
            f"SELECT DISTINCT p.place FROM ({_MANY[facet]}) e JOIN line_excerpt m ON m.excerpt = e.id "
            "JOIN line_place p ON p.line = m.line",
            value=value,
        )
        bits = bytearray(max((place for (place,) in rows), default=0) // 8 + 1)
        for (place,) in rows:
            bits[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(bits, "little")

    def within(self, limits: Limits) -> int:
        """Return the lines that are within limits.

        Args:
            limits: the limits.
        """
        lines = self.of()
        for facet, wanted in limits.wanted():
            either = 0
            for value in wanted:
                either |= self.having(facet, value)
            lines &= either
        if limits.is_dated:
            either = 0
            for year, bits in self.tables.sql("SELECT value, lines FROM line_set WHERE facet = 'year'"):
                if limits.holds(int(year)):
                    either |= int.from_bytes(bits, "little")
            lines &= either
        for facet, value in limits.without:
            lines &= ~self.having(facet, value)
        return lines

    def choose(self, lines: int, choice: Mapping[str, frozenset[str]]) -> int:
        """Keep the lines that have one of the wanted values of every facet.

        Args:
            lines: what is chosen from.
            choice: wanted values by facet; a facet that is not there, or has no value, wants all.
        """
        for facet, every in choice.items():
            for values in apart(facet, every):
                either = 0
                for value in values:
                    either |= self.having(facet, value)
                lines &= either
        return lines

    def counts(self, lines: int, choice: Mapping[str, frozenset[str]]) -> dict[str, Counter[str]]:
        """Count how many lines each value of each facet would give, together with what is chosen of the others.

        Args:
            lines: what is chosen from.
            choice: wanted values by facet.

        Returns:
            By facet the number of lines by value; a value that only the other choices exclude has 0.
        """
        counts = {}
        for facet in FACETS:
            counts[facet] = Counter[str]()
            having = sorted((value, bits) for value, bits in self.sets[facet].items() if lines & bits)
            for group, some in groupby(having, lambda one: apart_by(facet, one[0])):  # noqa: B023
                # What is chosen of the facet itself does not count, or its other values would all have 0.
                chosen = frozenset(v for v in choice.get(facet, ()) if apart_by(facet, v) != group)
                others = self.choose(lines, {**choice, facet: chosen})
                counts[facet].update({value: (others & bits).bit_count() for value, bits in some})
        return counts

    def tally(self, lines: int) -> dict[str, int]:
        """Count lines by stance.

        Args:
            lines: what is counted.
        """
        return {stance: (lines & self.having("stance", stance)).bit_count() for stance in STANCES}

    def counted(self, facet: str, lines: int) -> Counter[str]:
        """Count lines by the values of a facet; a value that none has is left out.

        Args:
            facet: one of :data:`FACETS`, or ``strength``.
            lines: what is counted.
        """
        return Counter({value: n for value, bits in self.sets[facet].items() if (n := (lines & bits).bit_count())})

    def _of_claim(self, claim: str, facet: str, within: int | None) -> dict[str, int]:
        """Return by value the lines of one claim, whose first is bit 0: a small number out of a large one."""
        first, number = self.spans[claim]
        # Only the bytes in which these lines are; the bits of other claims at both ends are moved out and masked.
        begin, end, mask = first >> 3, (first + number + 7) >> 3, (1 << number) - 1

        def part(bits: bytes) -> int:
            return int.from_bytes(bits[begin:end], "little") >> (first & 7) & mask

        chosen = mask if within is None else within >> first & mask
        return {value: lines for value, bits in self._bytes[facet].items() if (lines := part(bits) & chosen)}

    def tally_of(self, claim: str, within: int | None = None) -> dict[str, int]:
        """Count the lines of one claim by stance.

        Args:
            claim: id of the proposition.
            within: the lines that count, as one bit a line; None for all.
        """
        stances = self._of_claim(claim, "stance", within)
        return {stance: stances.get(stance, 0).bit_count() for stance in STANCES}

    def by_case_of(self, claim: str, within: int | None = None) -> dict[str, Counter[str]]:
        """Count the lines of one claim by stance and case, with ``literature`` for no case.

        Args:
            claim: id of the proposition.
            within: the lines that count, as one bit a line; None for all.
        """
        stances, cases = self._of_claim(claim, "stance", within), self._of_claim(claim, "case", within)
        return {
            stance: Counter(
                {one: n for one, bits in cases.items() if (n := (bits & stances.get(stance, 0)).bit_count())}
            )
            for stance in STANCES
        }

    def weights_of(self, claim: str, within: int | None = None) -> set[tuple[str, str]]:
        """Return each stance and strength that a line of one claim has.

        Args:
            claim: id of the proposition.
            within: the lines that count, as one bit a line; None for all.
        """
        stances, strengths = self._of_claim(claim, "stance", within), self._of_claim(claim, "strength", within)
        return {
            (stance, strength)
            for stance, some in stances.items()
            for strength, bits in strengths.items()
            if some & bits
        }

    def state(self, claim: str, within: int | None = None) -> str:
        """Say how a claim stands.

        Args:
            claim: id of the proposition.
            within: the lines that count, as one bit a line; None for all.
        """
        return claims.state(
            self.weights_of(claim, within),
            # Coders who differ and vain searches are told of a claim as a whole, not of a part of its evidence.
            disputed=within is None and claim in self.disputed,
            searched=within is None and claim in self.searched,
            asserted=claim in self.asserted,
            limited=within is not None,
        )

    def independent(self, lines: int) -> dict[tuple[str, str], int]:
        """Count the independent witnesses of some lines.

        Args:
            lines: which.

        Returns:
            Their number by claim and stance; a pair that none of the lines has is left out.
        """
        text = """
            SELECT n.claim, n.stance, e.id, e.source, e.citations, s.witness
            FROM json_each(:places) j CROSS JOIN line_place p ON p.place = j.value JOIN line n ON n.id = p.line
            JOIN line_excerpt m ON m.line = n.id JOIN excerpt e ON e.id = m.excerpt
            JOIN sources s ON s.source = e.source"""
        resting: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
        wanted = places(lines, 0, lines.bit_count())
        for claim, stance, excerpt, source, citations, witness in self.tables.sql(text, places=str(wanted)):
            keys = claims.rests_on(source, citations.split(BETWEEN) if citations else (), witness)
            resting.setdefault((claim, stance), {})[excerpt] = keys
        return {pair: claims.independent(some.values()) for pair, some in resting.items()}

    def ids(self, lines: int, start: int, stop: int) -> list[str]:
        """Return the ids of lines, in their order.

        Args:
            lines: which.
            start: how many are passed over.
            stop: how many are counted, those passed over too.
        """
        text = "SELECT p.line FROM json_each(:places) j CROSS JOIN line_place p ON p.place = j.value ORDER BY p.place"
        return [line for (line,) in self.tables.sql(text, places=str(places(lines, start, stop)))]

    def sources(self, lines: int) -> tuple[str, ...]:
        """Return the ids of the sources of lines, each once, in the order of the lines.

        Args:
            lines: which.
        """
        text = """
            SELECT e.source FROM json_each(:places) j CROSS JOIN line_place p ON p.place = j.value
            JOIN line_excerpt m ON m.line = p.line JOIN excerpt e ON e.id = m.excerpt ORDER BY p.place, e.source"""
        wanted = places(lines, 0, lines.bit_count())
        return tuple(dict.fromkeys(source for (source,) in self.tables.sql(text, places=str(wanted))))


def places(lines: int, start: int, stop: int) -> list[int]:
    """Return the places of some lines, in order.

    Args:
        lines: which.
        start: how many are passed over.
        stop: how many are counted, those passed over too.

    Example:
        >>> places(0b101101, 1, 3)
        [2, 3]
    """
    chosen: list[int] = []
    seen = 0
    octets = lines.to_bytes(lines.bit_length() // 8 + 1, "little")
    for at in range(0, len(octets), CHUNK):
        part = int.from_bytes(octets[at : at + CHUNK], "little")
        number = part.bit_count()
        if seen + number > start:
            chosen += [8 * at + bit for n, bit in enumerate(_bits(part), seen) if start <= n < stop]
        seen += number
        if seen >= stop:
            break
    return chosen


def _bits(number: int) -> list[int]:
    """Return the places of the bits of a small number."""
    places = []
    while number:
        # A number and its negative have one bit in common, the lowest.
        lowest = number & -number
        places.append(lowest.bit_length() - 1)
        number ^= lowest
    return places
