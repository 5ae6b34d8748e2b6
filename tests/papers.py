"""The example of docs/documents.md as a study: a paper of six pages whose passages go over pages and notes."""

from __future__ import annotations

import json
from pathlib import Path

from kg import adding

EXAMPLES = Path(__file__).parent.parent / "docs/examples"
PAPER = EXAMPLES / "documents/ilvesoo-renkvist-2021.pdf"
SOURCE = "ilvesoo-renkvist-2021"
REFERENCE = {
    "id": "ilvesoo2021",
    "type": "article-journal",
    "title": "A word on Friday",
    "author": [{"family": "Ilvesoo", "given": "Marta"}],
    "issued": {"date-parts": [[2021]]},
    "page": "112-117",
}
QUOTES = {
    "Praise without an event was remembered by nobody.": ("115", "116"),
    "cannot say that the talks alone made the difference; we come back to this at the end": ("113", "114"),
    "Where a coordinator spoke with each person every week": ("112",),
    "A fifth kitchen paid fares for six weeks": ("113",),
    "no talks\t116\t51\t44": ("114",),
}
"""Passages of it, with the pages on which they stand: over a page break, over one past a note, with a word that is parted
at the end of a line, in a note, in a table."""


def with_paper(study, quotes=QUOTES):
    """Add the paper to a copy of the template, coded."""
    file = study / "references.json"
    file.write_text(json.dumps([*json.loads(file.read_text("utf-8")), REFERENCE]), "utf-8")
    adding.add(study, [PAPER], adding.Options(reference="ilvesoo2021"))
    code(study, SOURCE, quotes)
    return study


def code(study, source, quotes):
    """Code passages of a source, each as evidence."""
    excerpts = "".join(
        f"  - quote: {json.dumps(quote)}\n    codes: [weekly-feedback]\n    evidence:\n      - proposition: P1\n"
        f"        stance: supports\n        strength: weak\n        rationale: Number {number}.\n"
        for number, quote in enumerate(quotes)
    )
    text = f"source: {source}\ncoder: me\ndate: 2026-11-24\nexcerpts:\n{excerpts}"
    (study / f"codings/{source}.yaml").write_text(text, "utf-8")
