"""Propositions with the passages that state them and the evidence for and against them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg import query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.query import Engine

STANCES = ("supports", "opposes", "qualifies")


@dataclass(frozen=True)
class Passage:
    """Hold an excerpt as an answer shows it.

    Args:
        id: the excerpt's id.
        source: id of its source.
        case: id of its case, if it has one.
        paragraph: label of its paragraph, if it has one.
        start: where it begins in the source's text (codepoints).
        end: where it ends (codepoints, exclusive).
        quote: its words.
        codes: ids of its codes, sorted.
        references: keys of the references it rests on, sorted.
    """

    id: str
    source: str
    case: str | None
    paragraph: str | None
    start: int
    end: int
    quote: str
    codes: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Hold an evidence line as an answer shows it.

    Args:
        id: the line's id.
        claim: id of the proposition.
        stance: supports, opposes or qualifies.
        strength: strong, moderate or weak, derived from what its author stated.
        stated: the strength as its author stated it.
        lowered: the marks of its references that lowered it, if any did.
        status: active, withdrawn or superseded.
        rationale: why it counts.
        coder: who drew it.
        date: when.
        passages: the excerpts on which it rests.
    """

    id: str
    claim: str
    stance: str
    strength: str
    stated: str
    lowered: str | None
    status: str
    rationale: str
    coder: str
    date: str
    passages: tuple[Passage, ...]

    @property
    def cases(self) -> tuple[str | None, ...]:
        """Return the cases its passages belong to; None stands for literature."""
        return tuple(dict.fromkeys(p.case for p in self.passages))


@dataclass(frozen=True)
class Claim:
    """Hold a proposition with all that bears on it.

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
        assertions: passages of the theory's own text that state it.
        lines: its evidence lines, active ones only unless asked otherwise.
        searches: notes of the searches that found nothing.
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
    assertions: tuple[Passage, ...] = ()
    lines: tuple[Line, ...] = ()
    searches: tuple[str, ...] = ()

    def of(self, stance: str) -> tuple[Line, ...]:
        """Return the active lines of one stance."""
        return tuple(line for line in self.lines if line.stance == stance and line.status == "active")

    def quotes(self, *stances: str) -> tuple[Passage, ...]:
        """Return the passages of the active lines of some stances, each once."""
        return tuple(dict.fromkeys(p for s in stances or STANCES for line in self.of(s) for p in line.passages))

    @property
    def state(self) -> str:
        """Say how the claim stands."""
        active = [(line.stance, line.strength) for line in self.lines if line.status == "active"]
        return state(active, searched=bool(self.searches), asserted=bool(self.assertions))


def state(active: Iterable[tuple[str, str]], *, searched: bool, asserted: bool) -> str:
    """Say how a claim stands. No support, weak support and opposition are three things.

    Args:
        active: stance and strength of each active evidence line.
        searched: whether evidence was looked for in vain.
        asserted: whether a passage of the theory's own text states it.

    Example:
        >>> state([("supports", "weak")], searched=True, asserted=True)
        'weakly supported'
    """
    strengths: dict[str, set[str]] = {}
    for stance, strength in active:
        strengths.setdefault(stance, set()).add(strength)
    if "supports" in strengths and "opposes" in strengths:
        return "contested"
    if "supports" in strengths:
        return "weakly supported" if strengths["supports"] == {"weak"} else "supported"
    if "opposes" in strengths:
        return "opposed"
    if "qualifies" in strengths:
        return "qualified only"
    if searched:
        return "looked for evidence, found none"
    return "asserted, no case evidence yet" if asserted else "no passage at all"


def witnesses(found: Iterable[Passage]) -> int:
    """Count independent witnesses: passages that share a reference are one.

    A passage without a reference shares its source. The count is the number of connected
    components of the graph of passages and references.

    Args:
        found: the passages.

    Returns:
        At most the number of passages.

    Example:
        >>> a = Passage("s:0-1", "s", None, None, 0, 1, "a", (), ("smith2014", "lee2015"))
        >>> b = replace(a, id="s:2-3", references=("lee2015",))
        >>> witnesses([a, b]), witnesses([a, replace(b, references=("wang2016",))])
        (1, 2)
    """
    groups: list[set[str]] = []
    for passage in found:
        keys = {f"reference/{key}" for key in passage.references} or {f"source/{passage.source}"}
        for group in [g for g in groups if g & keys]:
            groups.remove(group)
            keys |= group
        groups.append(keys)
    return len(groups)


def passages(rows: Iterable[dict[str, Any]]) -> dict[str, Passage]:
    """Group the rows of a trace query by passage.

    Args:
        rows: rows of any ``trace-…`` query.

    Returns:
        Passages by id, in the rows' order.
    """
    first: dict[str, dict[str, Any]] = {}
    linked: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        first.setdefault(row["excerpt"], row)
        if row["link"] in ("case", "coded", "cites"):
            linked.setdefault((row["excerpt"], row["link"]), set()).add(row["target"])

    def targets(key: str, link: str) -> tuple[str, ...]:
        return tuple(sorted(linked.get((key, link), ())))

    return {
        key: Passage(
            key,
            row["source"],
            next(iter(targets(key, "case")), None),
            row["paragraph"],
            row["start"],
            row["end"],
            row["quote"],
            codes=targets(key, "coded"),
            references=targets(key, "cites"),
        )
        for key, row in first.items()
    }


def lines(rows: list[dict[str, Any]], known: dict[str, Passage]) -> list[Line]:
    """Collect the evidence lines in the rows of a trace query.

    Args:
        rows: rows of any ``trace-…`` query.
        known: their passages.

    Returns:
        The lines, sorted by stance, strength and id.
    """
    members: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["line"]:
            members.setdefault(row["line"], []).append(row)
    order = {"strong": 0, "moderate": 1, "weak": 2}
    made = [
        Line(
            key,
            r[0]["target"],
            r[0]["link"],
            r[0]["strength"],
            r[0]["stated"],
            r[0]["lowered"],
            r[0]["status"],
            r[0]["reason"],
            r[0]["coder"],
            r[0]["date"],
            tuple(known[e] for e in dict.fromkeys(row["excerpt"] for row in r)),
        )
        for key, r in members.items()
    ]
    return sorted(made, key=lambda line: (STANCES.index(line.stance), order[line.strength], line.id))


def load(engine: Engine, rows: query.Table, *, withdrawn: bool = False) -> tuple[Claim, ...]:
    """Fill propositions with what bears on them.

    Args:
        engine: what answers queries.
        rows: rows of any ``claims…`` query.
        withdrawn: whether withdrawn and superseded evidence lines are kept.

    Returns:
        The claims, in the rows' order.
    """
    vain: dict[str, list[str]] = {}
    for row in query.run(engine, "searches").dicts():
        notes = vain.setdefault(row["about"], [])
        if row["note"] not in notes:
            notes.append(row["note"])
    found = []
    for row in rows.dicts():
        claim = Claim(row.pop("claim"), **row)
        links = query.run(engine, "trace-proposition", id=claim.id).dicts()
        known = passages(links)
        stated = [r["excerpt"] for r in links if r["link"] == "asserts" and r["target"] == claim.id]
        mine = [n for n in lines(links, known) if n.claim == claim.id and (withdrawn or n.status == "active")]
        found.append(
            replace(
                claim,
                assertions=tuple(known[e] for e in dict.fromkeys(stated)),
                lines=tuple(mine),
                searches=tuple(vain.get(claim.id, ())),
            )
        )
    return tuple(found)


def by_case(claims: Iterable[Claim]) -> dict[str, Counter[str | None]]:
    """Count active evidence lines by stance and case; None stands for literature.

    Args:
        claims: the claims.
    """
    counts: dict[str, Counter[str | None]] = {stance: Counter() for stance in STANCES}
    for claim in claims:
        for stance in STANCES:
            for line in claim.of(stance):
                counts[stance].update(line.cases)
    return counts
