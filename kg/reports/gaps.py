"""What a study lacks: claims, cases and concepts without quotes, claims that rest on one reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import bearing, query
from kg.query import Table
from kg.reports.report import Report

if TYPE_CHECKING:
    from kg.query import Engine


class Gap(NamedTuple):
    """A gap of a study: something that is missing.

    Args:
        name: what kind of gap it is.
        kind: kind of the record that lacks something.
        id: its id.
        detail: more about it, in words.
        involves: kind and id of the records that have to do with it.
    """

    name: str
    kind: str
    id: str
    detail: str
    involves: tuple[tuple[str, str], ...] = ()


def missing(engine: Engine) -> list[Gap]:
    """Return what is missing: claims, cases and concepts without quotes, and claims that rest on one reference.

    Args:
        engine: what answers queries.
    """
    found: list[Gap] = []
    propositions = bearing.load(engine, query.run(engine, "claims"), bearing.of(engine))
    for claim in propositions:
        for line, readings in claim.disputes:
            judgements = "; ".join(f"{r.coder} {r.stance}" for r in readings) or f"{line.coder} {line.stance}"
            on = (("proposition", claim.id),)
            found.append(Gap("evidence line to be settled", "line", line.id, f"on {claim.id}: {judgements}", on))
        number, independent = claim.witnesses("supports")
        if not any(claim.tally.values()):
            found.append(Gap("claim without evidence", "proposition", claim.id, claim.statement))
        elif not number:
            found.append(Gap("claim without support", "proposition", claim.id, f"{claim.state}: {claim.statement}"))
        elif independent == 1:
            quotes = claim.quotes("supports")
            documents = sorted({p.source for p in quotes})
            references = quotes[0].references
            involves = (*(("source", d) for d in documents), *(("reference", key) for key in references))
            if len(documents) > 1:
                name = "claim on one reference through several documents"
                detail = f"{number} quotes in {', '.join(documents)} rest on one reference"
            else:
                name = "claim with a single witness"
                detail = f"all support is from {documents[0]}: {', '.join(references) or 'no reference'}"
            found.append(Gap(name, "proposition", claim.id, detail, involves))
    findings = [c for c in propositions if c.kind == "finding"]
    supported_in = {c.id: c.by_case["supports"] for c in findings}
    for case in (r for r in query.run(engine, "records").dicts() if r["kind"] == "case"):
        without = [claim for claim, supports in supported_in.items() if not supports[case["id"]]]
        if len(without) == len(findings):
            found.append(Gap("case without support", "case", case["id"], "no quote supports any finding of the theory"))
        elif without:
            detail = f"no quote supports {', '.join(without)}"
            involves = tuple(("proposition", claim) for claim in without)
            found.append(Gap("case without support for some", "case", case["id"], detail, involves))
    for row in query.run(engine, "concept-coverage").dicts():
        if not row["claims"] and row["excerpts"]:
            detail = f"{row['label']}: {row['excerpts']} passages and no claim of the theory"
            found.append(Gap("concept without a claim", "concept", row["concept"], detail))
        elif row["claims"] and not row["excerpts"]:
            detail = f"{row['label']}: in {row['claims']} claim(s) and no passage outside the theory's own text"
            found.append(Gap("concept without quotes", "concept", row["concept"], detail))
        elif not row["claims"]:
            found.append(Gap("concept without claims and quotes", "concept", row["concept"], row["label"]))
    vain: dict[tuple[str, str], list[str]] = {}
    for row in query.run(engine, "searches").dicts():
        vain.setdefault((row["search"], row["note"]), []).append(row["about"])
    claimed = {claim.id for claim in propositions}
    for (search, note), some in vain.items():
        about = [*dict.fromkeys(some)]
        involves = tuple(("proposition" if one in claimed else "concept", one) for one in about)
        found.append(Gap("looked for in vain", "search", search, f"on {', '.join(about)}: {note}", involves))
    return found


def gaps(engine: Engine) -> Report:
    """List what is missing.

    Args:
        engine: what answers queries.
    """
    columns = ("gap", "id", "detail")
    rows = [(gap.name, gap.id, gap.detail) for gap in missing(engine)]
    return Report("gaps", "What is missing", (), Table(columns, rows), columns)
