"""How a claim came to stand as it does: what was done to it, in order, and how it stood after each day."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from kg import bearing, claims, query
from kg.editing import journal
from kg.errors import UnknownTerm, closest
from kg.kinds import KINDS
from kg.store import passages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.claims import Line, Reading
    from kg.graph import Graph

ORDER = ("stated", "searched", "drew", "read", "disputed", "settled", "withdrawn", "superseded", "edited")
"""What may have been done on a day, in the order in which it is told."""


class Event(NamedTuple):
    """Something that was done to a claim.

    Args:
        date: the day.
        coder: who did it; empty where the study does not say.
        what: one of :data:`ORDER`.
        id: the evidence line, passage, search, or the number of the edit in the journal.
        detail: more about it, in words.
        state: how the claim stood at the end of that day, one of :data:`kg.claims.STATES`.
    """

    date: str
    coder: str
    what: str
    id: str
    detail: str
    state: str = ""


def history(graph: Graph, claim: str) -> list[Event]:
    """Return what was done to a claim, by day.

    Of a line that was corrected only the last wording is known; the journal says when it was corrected.

    Args:
        graph: the study.
        claim: id of the claim.

    Raises:
        UnknownTerm: when there is no such claim.
    """
    known = [row["claim"] for row in query.run(graph.tables, "claims").dicts()]
    if claim not in known:
        raise UnknownTerm(claim, KINDS["proposition"].name, closest(claim, known))
    lines = passages.lines_on(graph.tables, claim)
    read = {line.id: bearing.readings(graph.tables, line.id) for line in lines}
    ends = _ends(graph, lines)
    events = [*_events(graph, claim, lines, read, ends)]
    days = sorted({event.date for event in events})
    states = {day: _state(graph, claim, day, lines, read, ends) for day in days}
    events = [event._replace(state=states[event.date]) for event in events]
    return sorted(events, key=lambda e: (e.date, ORDER.index(e.what), e.coder, e.id))


def _ends(graph: Graph, lines: list[Line]) -> dict[str, tuple[str, str, str]]:
    """Return status, day and reason of each line that does not count."""
    rows = graph.tables.sql("SELECT id, status, status_date, status_reason FROM line WHERE status_date IS NOT NULL")
    wanted = {line.id for line in lines}
    return {line: (status, day, reason or "") for line, status, day, reason in rows if line in wanted}


def _events(
    graph: Graph,
    claim: str,
    lines: list[Line],
    read: dict[str, tuple[Reading, ...]],
    ends: dict[str, tuple[str, str, str]],
) -> Iterator[Event]:
    tables = graph.tables
    for excerpt, coder, day, quote in tables.sql(
        "SELECT a.excerpt, a.coder, a.date, e.quote FROM assertion a JOIN excerpt e ON e.id = a.excerpt "
        "WHERE a.claim = :claim ORDER BY 1",
        claim=claim,
    ):
        yield Event(day, coder, "stated", excerpt, f"“{' '.join(quote.split())}”")
    searches = {r["search"]: r for r in query.run(tables, "searches").dicts() if r["about"] == claim}
    for search, row in sorted(searches.items()):
        yield Event(row["date"], row["coder"], "searched", search, row["note"])
    for line in lines:
        own = _own(line, read[line.id])
        yield Event(line.date, line.coder, "drew", line.id, f"{own[0]}, {own[1]}: {line.rationale}")
        for one in read[line.id]:
            if one.act == "settles" or (one.coder, one.date) != (line.coder, line.date):
                yield Event(one.date, one.coder, "settled" if one.act == "settles" else "read", line.id, one.judgement)
        if line.id in ends:
            status, day, reason = ends[line.id]
            settled = any(one.act == "settles" and one.date == day for one in read[line.id])
            if not (settled and status == "withdrawn"):
                yield Event(day, "", status, line.id, reason)
    about = {claim, *(line.id for line in lines)}
    for entry in journal.read(graph.folder):
        if about & _named(json.loads(json.dumps(entry.operations))):
            yield Event(f"{entry.when:%Y-%m-%d}", entry.by, "edited", str(entry.number), entry.said)


def _named(value: object) -> set[str]:
    """Return every text that an operation of the journal has."""
    if isinstance(value, str):
        return {value}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for one in inside for text in _named(one)}


def _own(line: Line, read: tuple[Reading, ...]) -> tuple[str, str]:
    """Return the stance and strength that the author of a line gave it."""
    for one in read:
        if one.act == "reads" and (one.coder, one.date) == (line.coder, line.date):
            return one.stance, one.strength or ""
    return line.stance, line.stated


def _state(
    graph: Graph,
    claim: str,
    day: str,
    lines: list[Line],
    read: dict[str, tuple[Reading, ...]],
    ends: dict[str, tuple[str, str, str]],
) -> str:
    """Return how a claim stood at the end of a day."""
    active: list[tuple[str, str]] = []
    disputed = False
    for line in lines:
        status, since, _ = ends.get(line.id, ("active", "", ""))
        if line.date > day or (status in ("withdrawn", "superseded") and since <= day):
            continue
        stance, strength = _own(line, read[line.id])
        known = [one for one in read[line.id] if one.date <= day]
        settled = next((one for one in known if one.act == "settles"), None)
        # Two lines on one passage may dispute each other without a reading.
        rivals = status == "disputed" and since <= day
        if settled is None and (rivals or any(one.stance != stance for one in known)):
            disputed = True
        elif settled is None:
            active.append((stance, _weight(line, strength)))
        elif settled.stance != "irrelevant":
            active.append((settled.stance, _weight(line, settled.strength or strength)))
    tables = graph.tables
    searched = any(r["about"] == claim and r["date"] <= day for r in query.run(tables, "searches").dicts())
    stated = tables.sql("SELECT 1 FROM assertion WHERE claim = :claim AND date <= :day", claim=claim, day=day)
    return claims.state(active, disputed=disputed, searched=searched, asserted=bool(stated))


def _weight(line: Line, stated: str) -> str:
    """Return the strength that a stated one becomes by the marks of the line's references."""
    if not line.lowered:
        return stated
    place = claims.STRENGTHS.index(stated)
    return claims.STRENGTHS[min(place + 1, len(claims.STRENGTHS) - 1)]
