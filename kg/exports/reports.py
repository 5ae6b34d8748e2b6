"""A report as a document for Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import query
from kg.exports import word
from kg.exports.document import Block, Document

if TYPE_CHECKING:
    from kg.query import Engine
    from kg.reports.report import Report


def document(engine: Engine, report: Report) -> bytes:
    """Write a report for Word, its tables on pages that lie on their side.

    Args:
        engine: what answers queries; the document has the day of the last act in the study.
        report: the report.

    Raises:
        StoreUnavailable: when the package python-docx is not installed.
    """
    blocks: list[Block] = []
    for number, one in enumerate(report.all):
        blocks += [Block("heading", one.title)] if number else []
        rows = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in one.table.rows)
        blocks += [Block("table", "", rows=(tuple(map(str, one.table.columns)), *rows))] if one.table.columns else []
        blocks += [Block("text", note) for note in one.notes]
    day = max((row["date"] for row in query.run(engine, "acts").dicts()), default="1970-01-01")
    return word.document(Document(report.name, report.title, blocks, day, is_wide=True))
