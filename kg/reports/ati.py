"""The annotation supplement that the ATI form asks for: each quote with claim, source and analytic note."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg import bearing, claims, query
from kg.query import Table
from kg.reports.report import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.query import Engine


def ati(engine: Engine) -> Report:
    """List each quote of an evidence line with its claim, source and analytic note, as the ATI form of QDR asks.

    ATI is Annotation for Transparent Inquiry of the Qualitative Data Repository: an annotation has what it is on, an
    excerpt of a source, the full citation, and an analytic note.

    Args:
        engine: what answers queries.

    Returns:
        One row a quote; only lines that count are there.
    """
    from kg import cite

    entries = cite.entries(engine)
    items = {row["reference"]: json.loads(row["csl"]) for row in query.run(engine, "references").dicts()}
    titles = {row["source"]: row["title"] for row in query.run(engine, "sources").dicts()}
    propositions = bearing.load(engine, query.run(engine, "claims"), bearing.of(engine))
    rows: list[tuple[Any, ...]] = []
    for claim in propositions:
        for stance in claims.STANCES:
            for line in claim.of(stance):
                for passage in line.passages:
                    places = passage.citations
                    cited = [f"{entries[key]} [{place}]" if place else entries[key] for key, place in places.items()]
                    links = [link for key in places if (link := _address(items[key]))]
                    where = ", ".join(filter(None, (titles[passage.source], passage.where)))
                    rows.append(
                        (len(rows) + 1, claim.id, claim.statement, stance, passage.quote, where, " ".join(cited),
                         line.rationale, " ".join(links))
                    )  # fmt: skip
    columns = (
        "number", "claim", "statement", "stance", "source excerpt", "source", "citation", "analytic note", "link",
    )  # fmt: skip
    note = "an annotation is on a claim; the excerpt stands word for word in its source, which every build checks"
    return Report("ati", "Annotations", (note,), Table(columns, rows), ("number", "claim", "stance", "source excerpt"))


def _address(item: Mapping[str, Any]) -> str:
    """Return where a publication is found."""
    return f"https://doi.org/{item['DOI']}" if item.get("DOI") else str(item.get("URL") or "")
