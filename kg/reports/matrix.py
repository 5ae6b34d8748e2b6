"""The matrix: how many evidence lines support, oppose and qualify each claim, by case or attribute."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kg import bearing, claims, crosstab, query, values
from kg.query import Table
from kg.reports.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.bearing import Bearing, Claim
    from kg.limits import Limits
    from kg.query import Engine


def matrix(engine: Engine, limits: Limits = bearing.NONE, by: str = "case") -> Report:
    """Set propositions against cases: how many lines support, oppose and qualify.

    Args:
        engine: what answers queries.
        limits: what the evidence is limited to.
        by: ``case``, or id of an attribute of cases or sources, whose values are set against.

    Returns:
        One row a proposition; ``quotes`` counts its passages, ``independent`` the witnesses among
        them that share no reference.

    Raises:
        UnknownTerm: when the study has no such attribute.
    """
    bears = bearing.of(engine) if not limits else bearing.Read(engine, limits=limits)
    propositions = bearing.load(engine, query.run(engine, "claims"), bears)
    columns, within = _columns(engine, by, bears)
    rows: list[tuple[Any, ...]] = []
    numbers: list[tuple[Any, ...]] = []
    warned: list[str] = []
    for claim in propositions:
        counts = within(claim)
        cells = []
        for column in columns:
            marks = [f"{sign}{counts[s][column]}" for s, sign in claims.SIGNS.items() if counts[s][column]]
            cells.append(" ".join(marks) or "none")
        for stance in claims.STANCES:
            quotes, independent = claim.witnesses(stance)
            if independent < quotes:
                warned.append(f"{claim.id} {stance}: {quotes} quotes, but only {independent} independent of each other")
        rest = (*claim.witnesses(), claim.statement)
        rows.append((claim.id, claim.state, *cells, *rest))
        numbers.append((claim.id, claim.state, *(counts[s][c] for c in columns for s in claims.STANCES), *rest))
    note = "+ supports, − opposes, ~ qualifies, with the number of evidence lines; none: no line"
    about = "independent: passages that share a reference are one witness"
    if disputed := [dispute.line.id for claim in propositions for dispute in claim.disputes]:
        lines = "1 evidence line" if len(disputed) == 1 else f"{len(disputed)} evidence lines"
        warned.append(f"coders differ on {lines}, in no cell until that is settled: {', '.join(disputed)}")
    called = crosstab.called(engine, columns) if by == "case" else columns
    shown = ("claim", "state", *called, "quotes", "independent", "statement")
    single = ("claim", "state", *(f"{c} {s}" for c in columns for s in claims.STANCES), *shown[-3:])
    return Report(
        "matrix",
        f"Propositions by {by}",
        (note, about, *warned),
        Table(shown, rows),
        ("claim", *shown[2:-1]),
        Table(single, numbers),
    )


def _columns(
    engine: Engine, by: str, bears: Bearing
) -> tuple[list[str], Callable[[Claim], Mapping[str, Mapping[str, int]]]]:
    """Return what claims are set against, and what counts the lines of a claim there by stance."""
    if by == "case":
        cases = [r["id"] for r in query.run(engine, "records").dicts() if r["kind"] == "case"]
        return [*cases, claims.LITERATURE], lambda claim: claim.by_case
    attributes = query.run(engine, "attributes").dicts()
    crosstab.check_attribute(by, attributes, ("case",))
    limits = bears.limits
    wanted = {value: f"{by}={value}" for value in values.of(attributes, by)}
    others = tuple(value for value in limits.attributes if value not in wanted.values())
    if len(others) < len(limits.attributes):
        wanted = {value: name for value, name in wanted.items() if name in limits.attributes}
    limited = {value: bears.within(replace(limits, attributes=(*others, name))) for value, name in wanted.items()}
    if len(others) == len(limits.attributes):
        lacking = tuple(("attribute", name) for name in wanted.values())
        limited[crosstab.WITHOUT] = bears.within(replace(limits, without=(*limits.without, *lacking)))

    def count(claim: Claim) -> dict[str, Counter[str]]:
        counts: dict[str, Counter[str]] = {stance: Counter() for stance in claims.STANCES}
        for value, some in limited.items():
            for stance, number in some.tally(claim.id).items():
                counts[stance][value] = number
        return counts

    return [*limited], count
