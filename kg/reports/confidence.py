"""The confidence in claims after GRADE-CERQual: Summary of Findings and Evidence Profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg import bearing, crosstab, query
from kg import confidence as judgements
from kg.claims import LITERATURE
from kg.entries import CONCERNS, CONFIDENCES
from kg.errors import KGError
from kg.query import Table
from kg.reports.coders import presented
from kg.reports.report import Report

if TYPE_CHECKING:
    from kg.query import Engine


def confidence(engine: Engine) -> Report:
    """Show how much confidence claims deserve, after GRADE-CERQual: summary of findings and evidence profile.

    Args:
        engine: what answers queries.

    Returns:
        The summary of findings, one row a claim; under it the evidence profile, in which the concern about each
        component stands beside what the graph knows of it.

    Raises:
        KGError: when the confidence in no claim was judged.
    """
    judged = judgements.judged(engine)
    if not judged:
        raise KGError("the confidence in no claim was judged; judge it in confidence.yaml, see docs/study.md")
    propositions = bearing.load(engine, query.run(engine, "claims"), bearing.of(engine))
    again, coders = judgements.read_again(engine), {r["coder"]: r for r in query.run(engine, "coders").dicts()}
    names = {(r["kind"], r["id"]): r["label"] for r in query.run(engine, "records").dicts()}
    names.setdefault(("case", LITERATURE), *crosstab.called(engine, [LITERATURE]))
    called = {r["reference"]: r["name"] for r in query.run(engine, "references").dicts()}
    summary: list[tuple[Any, ...]] = []
    profile: list[tuple[Any, ...]] = []
    for claim in propositions:
        if (one := judged.get(claim.id)) is None:
            continue
        known = judgements.known(claim, again, names=names)
        references = "; ".join(sorted(called[key] for key in {key for p in claim.quotes() for key in p.references}))
        who = f"{one.overall.coder}, {one.overall.date}"
        summary.append((claim.id, claim.statement, one.level, one.overall.reason, references))
        concerns = [
            cell
            for component, judgement in one.concerns.items()
            for cell in (
                f"{CONCERNS[judgement.level]}: {judgement.reason}",
                "; ".join(f"{label}: {value}" for label, value in known[component]),
            )
        ]
        profile.append((claim.id, claim.statement, claim.state, *concerns, one.level, one.overall.reason, who))
    bare = [claim.id for claim in propositions if claim.id not in judged]
    judges = {judgement.coder for one in judged.values() for judgement in (one.overall, *one.concerns.values())}
    notes = (
        "confidence: how far a finding is a reasonable representation of what it is about, after GRADE-CERQual",
        *(f"{level.replace('-', ' ')}: {told}" for level, told in CONFIDENCES.items()),
        *(f"judged by {presented(coders[coder])}" for coder in sorted(judges)),
        *((f"not judged: {', '.join(bare)}",) if bare else ()),
    )
    columns = (
        *("claim", "finding", "state"),
        *(name for title in judgements.TITLES.values() for name in (title.lower(), f"{title.lower()}: what is known")),
        *("confidence", "explanation", "judged by"),
    )
    about = "beside each concern stands what the graph knows; it is counted, and no judgement is made of it"
    below = Report("evidence-profile", "Evidence profile", (about,), Table(columns, profile))
    heads = ("claim", "finding", "confidence", "explanation", "references")
    brief = ("claim", "confidence", "explanation")
    return Report("confidence", "Summary of findings", notes, Table(heads, summary), brief, further=(below,))
