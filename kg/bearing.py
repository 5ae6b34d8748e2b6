"""What bears on claims: their evidence lines and the passages that state them.

Two roads give the same: :class:`Counted` counts in the tables of a build and reads a line when it is looked at, so that
a hundred thousand lines are summed up in milliseconds; :class:`Read` reads all lines of a claim, from any engine.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol, overload

from kg import claims, dates, query
from kg.claims import STANCES, Dispute, Line, Passage, Reading
from kg.limits import Limits
from kg.store import passages
from kg.store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.query import Engine


NONE = Limits()
"""No limits."""


class Witnesses(NamedTuple):
    """The number of passages, and of those among them that share no reference.

    Args:
        passages: how many there are.
        independent: how many groups they fall into, each of passages that rest on the same thing.
    """

    passages: int
    independent: int


class Bearing(Protocol):
    """The reader of what bears on claims; only active lines are counted."""

    limits: Limits

    def active(self, claim: str, stance: str = "") -> Sequence[Line]:
        """Return the active lines among :meth:`lines`."""

    def lines(self, claim: str, stance: str = "") -> Sequence[Line]:
        """Return the evidence lines of a claim, by stance, strength and id.

        Args:
            claim: id of the proposition.
            stance: supports, opposes or qualifies; empty for all.
        """

    def disputes(self, claim: str) -> tuple[Dispute, ...]:
        """Return the lines of a claim on which coders differ, by id; no count has them."""

    def assertions(self, claim: str) -> tuple[Passage, ...]:
        """Return the passages of the theory's own text that state a claim."""

    def is_asserted(self, claim: str) -> bool:
        """Say whether a passage of the theory's own text states a claim."""

    def tally(self, *wanted: str) -> dict[str, int]:
        """Count the lines of claims by stance."""

    def by_case(self, *wanted: str) -> dict[str, Counter[str]]:
        """Count the lines of claims by stance and case; ``literature`` stands for no case."""

    def weights(self, claim: str) -> set[tuple[str, str]]:
        """Return each stance and strength that a line of a claim has."""

    def witnesses(self, claim: str, stance: str = "") -> Witnesses:
        """Count the passages of a claim's lines, and the independent ones among them."""

    def sources(self, *wanted: str) -> tuple[str, ...]:
        """Return the ids of the sources of the lines of claims, each once, in the order of the lines."""

    def coders(self, *wanted: str) -> frozenset[str]:
        """Return the ids of who drew the lines of claims."""

    def within(self, limits: Limits) -> Bearing:
        """Return the same, with only the lines that are within limits; assertions stay."""


def of(engine: Engine, *, withdrawn: bool = False) -> Bearing:
    """Return what bears on the claims of a graph, by the fastest road.

    Args:
        engine: what answers queries.
        withdrawn: whether withdrawn and superseded lines are among :meth:`Bearing.lines`.
    """
    return Counted(engine) if isinstance(engine, Tables) and not withdrawn else Read(engine, withdrawn=withdrawn)


class Values:
    """What evidence lines have that they can be limited by, of any engine.

    Args:
        engine: what answers queries.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @cached_property
    def roles(self) -> dict[str, str]:
        """Return the role of every source."""
        return {row["source"]: row["role"] for row in query.run(self.engine, "sources").dicts()}

    @cached_property
    def stages(self) -> dict[str, str]:
        """Return the stage of every claim that is bound to one."""
        return {row["claim"]: row["stage"] for row in query.run(self.engine, "claims").dicts() if row["stage"]}

    @cached_property
    def years(self) -> dict[str, str]:
        """Return the year of every reference that has one."""
        rows = query.run(self.engine, "references").dicts()
        years = {row["reference"]: dates.year(json.loads(row["csl"]).get("issued")) for row in rows}
        return {key: year for key, year in years.items() if year.lstrip("-").isdigit()}

    @cached_property
    def authors(self) -> dict[str, set[str]]:
        """Return the authors of every reference."""
        by_reference: dict[str, set[str]] = {}
        for row in query.run(self.engine, "authors").dicts():
            for cited in query.run(self.engine, "references-by-author", author=row["author"]).dicts():
                by_reference.setdefault(cited["reference"], set()).add(row["author"])
        return by_reference

    @cached_property
    def attributes(self) -> dict[tuple[str, str], set[str]]:
        """Return the values of attributes that each source and case has, by kind and id, as ``attribute=value``."""
        having: dict[tuple[str, str], set[str]] = {}
        for row in query.run(self.engine, "attributes").dicts():
            if row["record"]:
                having.setdefault((row["kind"], row["record"]), set()).add(f"{row['attribute']}={row['value']}")
        return having

    def of(self, line: Line) -> dict[str, frozenset[str]]:
        """Return what an evidence line has, by facet."""
        references = frozenset(key for p in line.passages for key in p.references)
        return {
            "case": frozenset(line.cases),
            "stance": frozenset([line.stance]),
            "strength": frozenset([line.strength]),
            "coder": frozenset([line.coder]),
            "code": frozenset(code for p in line.passages for code in p.codes),
            "stage": frozenset(filter(None, [self.stages.get(line.claim)])),
            "source": frozenset(p.source for p in line.passages),
            "role": frozenset(self.roles[p.source] for p in line.passages),
            "reference": references,
            "attribute": frozenset(
                value
                for p in line.passages
                for record in (("source", p.source), ("case", p.case or ""))
                for value in self.attributes.get(record, ())
            ),
            "author": frozenset(author for key in references for author in self.authors.get(key, ())),
            "year": frozenset(self.years[key] for key in references if key in self.years),
        }


class Read:
    """A reader of what bears on claims, claim by claim.

    Args:
        engine: what answers queries.
        withdrawn: whether withdrawn and superseded lines are kept.
        limits: what the lines are limited to.
    """

    def __init__(self, engine: Engine, *, withdrawn: bool = False, limits: Limits = NONE) -> None:
        self.engine, self.withdrawn, self.limits = engine, withdrawn, limits
        self._values = Values(engine)
        self._read: dict[str, tuple[tuple[Passage, ...], tuple[Line, ...]]] = {}

    def _of(self, claim: str) -> tuple[tuple[Passage, ...], tuple[Line, ...]]:
        if claim not in self._read:
            rows = query.run(self.engine, "trace-proposition", id=claim).dicts()
            quoted = claims.passages(rows)
            stated = dict.fromkeys(r["excerpt"] for r in rows if r["link"] == "asserts" and r["target"] == claim)
            lines = (
                line
                for line in claims.lines(rows, quoted)
                if line.claim == claim
                and (self.withdrawn or line.status in ("active", "disputed"))
                and (not self.limits or self.limits.admit(self._values.of(line)))
            )
            self._read[claim] = tuple(quoted[excerpt] for excerpt in stated), tuple(lines)
        return self._read[claim]

    def lines(self, claim: str, stance: str = "") -> Sequence[Line]:
        """Return the evidence lines of a claim, by stance, strength and id."""
        lines = (line for line in self._of(claim)[1] if stance in ("", line.stance))
        return tuple(line for line in lines if line.status == "active" or self.withdrawn)

    def active(self, claim: str, stance: str = "") -> Sequence[Line]:
        """Return the active lines among :meth:`lines`."""
        return tuple(line for line in self.lines(claim, stance) if line.status == "active")

    def disputes(self, claim: str) -> tuple[Dispute, ...]:
        """Return the lines of a claim on which coders differ, by id; no count has them."""
        lines = (line for line in self._of(claim)[1] if line.status == "disputed")
        return disputes(self.engine, sorted(lines, key=lambda line: line.id))

    def _active(self, wanted: Iterable[str]) -> list[Line]:
        return [line for claim in wanted for line in self.active(claim)]

    def assertions(self, claim: str) -> tuple[Passage, ...]:
        """Return the passages of the theory's own text that state a claim."""
        return self._of(claim)[0]

    def is_asserted(self, claim: str) -> bool:
        """Say whether a passage of the theory's own text states a claim."""
        return bool(self.assertions(claim))

    def tally(self, *wanted: str) -> dict[str, int]:
        """Count the lines of claims by stance."""
        counts = Counter(line.stance for line in self._active(wanted))
        return {stance: counts[stance] for stance in STANCES}

    def by_case(self, *wanted: str) -> dict[str, Counter[str]]:
        """Count the lines of claims by stance and case; ``literature`` stands for no case."""
        counts: dict[str, Counter[str]] = {stance: Counter() for stance in STANCES}
        for line in self._active(wanted):
            counts[line.stance].update(line.cases)
        return counts

    def weights(self, claim: str) -> set[tuple[str, str]]:
        """Return each stance and strength that a line of a claim has."""
        return {(line.stance, line.strength) for line in self.active(claim)}

    def witnesses(self, claim: str, stance: str = "") -> Witnesses:
        """Count the passages of a claim's lines, and the independent ones among them."""
        return _witnesses(self.active(claim, stance))

    def sources(self, *wanted: str) -> tuple[str, ...]:
        """Return the ids of the sources of the lines of claims, each once, in the order of the lines."""
        return tuple(dict.fromkeys(p.source for line in self._active(wanted) for p in line.passages))

    def coders(self, *wanted: str) -> frozenset[str]:
        """Return the ids of who drew the lines of claims."""
        return frozenset(line.coder for line in self._active(wanted))

    def within(self, limits: Limits) -> Bearing:
        """Return the same, with only the lines that are within limits; assertions stay."""
        return Read(self.engine, withdrawn=self.withdrawn, limits=limits)


def _witnesses(lines: Iterable[Line]) -> Witnesses:
    quoted = dict.fromkeys(p for line in lines for p in line.passages)
    return Witnesses(len(quoted), claims.witnesses(quoted))


def readings(engine: Engine, line: str) -> tuple[Reading, ...]:
    """Return how coders read an evidence line again, its author first, and what settled it last.

    Args:
        engine: what answers queries.
        line: the line's id.
    """
    return tuple(Reading(**row) for row in query.run(engine, "readings-of-line", line=line).dicts())


def status(engine: Engine, line: str) -> str:
    """Say whether an evidence line counts, and of one that does not since when and why.

    Args:
        engine: what answers queries.
        line: the line's id.

    Returns:
        Its status, such as ``withdrawn on 2026-11-28: Misread.``
    """
    ((state, since, reason, successor),) = query.run(engine, "line-status", line=line).rows
    told = f"{state} on {since}: {reason}" if since else str(state)
    return f"{told} ({successor})" if successor else told


def disputes(engine: Engine, lines: Iterable[Line]) -> tuple[Dispute, ...]:
    """Return evidence lines with their readings.

    Args:
        engine: what answers queries.
        lines: the lines.
    """
    return tuple(Dispute(line, readings(engine, line.id)) for line in lines)


class CountedLines(Sequence[Line]):
    """A sequence of evidence lines that are counted already, each read when it is looked at.

    Args:
        tables: the tables of a build.
        chosen: which of them, as one bit a line.
    """

    def __init__(self, tables: Tables, chosen: int) -> None:
        self.tables, self.evidence, self.chosen = tables, tables.evidence, chosen

    def __len__(self) -> int:
        return self.chosen.bit_count()

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, int):
            return self._all[at]
        start, stop, step = at.indices(len(self))
        if step < 0 or (start, stop) == (0, len(self)):
            return self._all[at]
        ids = self.evidence.ids(self.chosen, start, max(start, stop))
        return tuple(passages.lines(self.tables, ids))[::step]

    @cached_property
    def _all(self) -> tuple[Line, ...]:
        return tuple(passages.lines(self.tables, self.evidence.ids(self.chosen, 0, len(self))))

    def __iter__(self):  # type: ignore[no-untyped-def] # noqa: ANN204
        return iter(self._all)


class Counted:
    """A reader of what bears on claims, counted in the tables of a build.

    Args:
        tables: the tables.
        limits: what the lines are limited to.
    """

    def __init__(self, tables: Tables, limits: Limits = NONE) -> None:
        self.tables, self.limits, self.evidence = tables, limits, tables.evidence
        self._within = tables.evidence.within(limits) if limits else None
        self._values = Values(tables)

    def chosen(self, wanted: Iterable[str], stance: str = "") -> int:
        """Return the lines of claims, as one bit a line.

        Args:
            wanted: ids of propositions.
            stance: supports, opposes or qualifies; empty for all.
        """
        lines = self.evidence.of(wanted)
        if self._within is not None:
            lines &= self._within
        return lines & self.evidence.having("stance", stance) if stance else lines

    def lines(self, claim: str, stance: str = "") -> Sequence[Line]:
        """Return the evidence lines of a claim, by stance, strength and id."""
        return CountedLines(self.tables, self.chosen([claim], stance))

    def active(self, claim: str, stance: str = "") -> Sequence[Line]:
        """Return the same lines, for no other is counted."""
        return self.lines(claim, stance)

    def disputes(self, claim: str) -> tuple[Dispute, ...]:
        """Return the lines of a claim on which coders differ, by id; no count has them."""
        ids = self.evidence.disputed.get(claim)
        lines = passages.lines(self.tables, ids) if ids else ()
        return disputes(self.tables, [n for n in lines if not self.limits or self.limits.admit(self._values.of(n))])

    def assertions(self, claim: str) -> tuple[Passage, ...]:
        """Return the passages of the theory's own text that state a claim."""
        return tuple(passages.passages(self.tables, self.tables.stated.get(claim, ())).values())

    def is_asserted(self, claim: str) -> bool:
        """Say whether a passage of the theory's own text states a claim."""
        return claim in self.evidence.asserted

    def tally(self, *wanted: str) -> dict[str, int]:
        """Count the lines of claims by stance."""
        if len(wanted) == 1:
            return self.evidence.tally_of(wanted[0], self._within)
        return self.evidence.tally(self.chosen(wanted))

    def by_case(self, *wanted: str) -> dict[str, Counter[str]]:
        """Count the lines of claims by stance and case; ``literature`` stands for no case."""
        if len(wanted) == 1:
            return self.evidence.by_case_of(wanted[0], self._within)
        chosen, having = self.chosen(wanted), self.evidence.having
        return {stance: self.evidence.counted("case", chosen & having("stance", stance)) for stance in STANCES}

    def weights(self, claim: str) -> set[tuple[str, str]]:
        """Return each stance and strength that a line of a claim has."""
        return self.evidence.weights_of(claim, self._within)

    def witnesses(self, claim: str, stance: str = "") -> Witnesses:
        """Count the passages of a claim's lines, and the independent ones among them."""
        if self.limits:
            return _witnesses(self.lines(claim, stance))
        return Witnesses(*self.evidence.witnesses.get((claim, stance), (0, 0)))

    def sources(self, *wanted: str) -> tuple[str, ...]:
        """Return the ids of the sources of the lines of claims, each once, in the order of the lines."""
        return self.evidence.sources(self.chosen(wanted))

    def coders(self, *wanted: str) -> frozenset[str]:
        """Return the ids of who drew the lines of claims."""
        return frozenset(self.evidence.counted("coder", self.chosen(wanted)))

    def within(self, limits: Limits) -> Bearing:
        """Return the same, with only the lines that are within limits; assertions stay."""
        return Counted(self.tables, limits)


@dataclass(frozen=True)
class Claim:
    """A proposition with all that bears on it.

    Args:
        id: the proposition's id.
        kind: finding, definition, gap, method or suggestion.
        statement: the proposition in English.
        statement_zh: the proposition in Chinese, if any.
        subject: id of its subject.
        relation: id of its relation.
        object: id of its object.
        stage: id of the stage it is bound to, if any.
        scope: where it holds, in words, if anywhere.
        searches: notes of the searches that found nothing.
        bearing: what bears on it.
    """

    id: str
    kind: str
    statement: str
    statement_zh: str | None
    subject: str
    relation: str
    object: str
    stage: str | None
    scope: str | None
    searches: tuple[str, ...]
    bearing: Bearing = field(repr=False, compare=False)

    @property
    def assertions(self) -> tuple[Passage, ...]:
        """Return the passages of the theory's own text that state it."""
        return self.bearing.assertions(self.id)

    @property
    def lines(self) -> Sequence[Line]:
        """Return its evidence lines, active ones only unless others were asked for."""
        return self.bearing.lines(self.id)

    def of(self, stance: str) -> Sequence[Line]:
        """Return its active lines of one stance."""
        return self.bearing.active(self.id, stance)

    def quotes(self, *stances: str) -> tuple[Passage, ...]:
        """Return the passages of its active lines of some stances, each once."""
        return tuple(dict.fromkeys(p for s in stances or STANCES for line in self.of(s) for p in line.passages))

    @property
    def tally(self) -> dict[str, int]:
        """Return the number of its active lines by stance."""
        return self.bearing.tally(self.id)

    @property
    def by_case(self) -> dict[str, Counter[str]]:
        """Return the number of its active lines by stance and case; ``literature`` stands for no case."""
        return self.bearing.by_case(self.id)

    def witnesses(self, stance: str = "") -> Witnesses:
        """Return the number of its passages of a stance, or of all, and of the independent ones among them."""
        return self.bearing.witnesses(self.id, stance)

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """Return the evidence lines on which coders differ; no count has them until they are settled."""
        return self.bearing.disputes(self.id)

    @property
    def is_supported(self) -> bool:
        """Say whether an active evidence line supports it."""
        return bool(self.tally["supports"])

    @property
    def state(self) -> str:
        """Say how it stands."""
        weights = self.bearing.weights(self.id)
        return claims.state(
            weights,
            disputed=bool(self.disputes),
            searched=bool(self.searches),
            asserted=self.bearing.is_asserted(self.id),
            limited=bool(self.bearing.limits),
        )


def load(engine: Engine, rows: query.Table, bearing: Bearing) -> tuple[Claim, ...]:
    """Return propositions with what bears on them.

    Args:
        engine: what answers queries.
        rows: rows of any ``claims…`` query.
        bearing: what bears on them.

    Returns:
        The claims, in the rows' order.
    """
    vain: dict[str, dict[str, None]] = {}
    limits = bearing.limits
    for row in query.run(engine, "searches").dicts():
        # What was looked for in one case says nothing of another.
        if not limits or row["case"] in limits.cases:
            vain.setdefault(row["about"], {})[row["note"]] = None
    return tuple(
        Claim(row.pop("claim"), **row, searches=tuple(vain.get(key, ())), bearing=bearing)
        for row in rows.dicts()
        for key in [row["claim"]]
    )
