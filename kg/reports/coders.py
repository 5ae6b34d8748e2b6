"""How far coders agree and on what they differ, and who did what when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg import agreement as agreements
from kg import numbers, query
from kg.query import Table
from kg.reports.report import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.agreement import Agreement
    from kg.query import Engine
    from kg.store.tables import Tables


def agreement(tables: Tables, unit: str = "paragraph") -> Report:
    """Say how far coders agree on codes, stances and strengths, and on what they differ.

    Args:
        tables: the tables of a build.
        unit: in which units codes are compared, one of :data:`kg.agreement.UNITS`.

    Returns:
        One row for all that was judged of a kind, for each two coders where there are more, for each family of
        codes and for each code; the notes say what is left out and why.

    Raises:
        UnknownTerm: when there is no such unit.
        KGError: when nothing was judged by two coders.
        StoreUnavailable: when the package nltk is not installed.
    """
    return agreed(tables, agreements.agreement(tables, unit))


def agreed(tables: Tables, found: Agreement) -> Report:
    """Report how far coders agree, of what was compared.

    Args:
        tables: the tables of the same build.
        found: what was compared.

    Raises:
        StoreUnavailable: when the package nltk is not installed.
    """
    rows = []
    for one in (*found.totals, *agreements.pairs(found), *found.families, *found.codes):
        disputed, units = len(one.disputed), len(one.compared)
        who = ", ".join(one.coders)
        rows.append((one.on, one.name, who, units, units - disputed, disputed, one.percent, one.alpha))
    coders = {coder for one in found.totals for coder in one.coders}
    known = query.run(tables, "coders").dicts()
    notes = [f"{row['coder']}: {presented(row)}" for row in known if row["coder"] in coders]
    settled = sum(bool(differing.settled) for _, differing in found.disputed)
    differ = numbers.number(len(found.disputed), "disagreement")
    notes += [
        f"codes by {found.unit}: {agreements.UNITS[found.unit]}",
        *(one.said() for one in found.left_out),
        f"{differ}, {settled} settled; 'kg report disagreements' shows their passages",
        "alpha: Krippendorff's, nominal, of strengths ordinal; empty where all judged alike and nothing else occurs",
    ]
    columns = ("on", "name", "coders", "units", "agree", "differ", "percent", "alpha")
    further = (_disagreements(found),)
    return Report("agreement", "Agreement of coders", tuple(notes), Table(columns, rows), columns, further=further)


def disagreements(tables: Tables, unit: str = "paragraph") -> Report:
    """List on what coders differ, each judgement with its passage.

    Args:
        tables: the tables of a build.
        unit: in which units codes are compared, one of :data:`kg.agreement.UNITS`.

    Raises:
        UnknownTerm: when there is no such unit.
        KGError: when nothing was judged by two coders.
    """
    return _disagreements(agreements.agreement(tables, unit))


def _disagreements(found: Agreement) -> Report:
    """List each disagreement, with a row for each coder."""
    rows = [
        (number, one.on, one.name, unit.source, unit.place, coder, said.value, said.passage, said.reason, unit.settled)
        for number, (one, unit) in enumerate(found.disputed, 1)
        for coder, said in unit.judgements.items()
    ]
    columns = ("number", "on", "name", "source", "where", "coder", "judged", "passage", "codes or reason", "settled")
    notes = tuple(one.said() for one in found.left_out)
    return Report("disagreements", "On what coders differ", notes, Table(columns, rows), columns)


def audit(engine: Engine) -> Report:
    """Say who coded what when.

    Args:
        engine: what answers queries.
    """
    acts = query.run(engine, "acts")
    return Report("audit", "Who did what when", (), acts, acts.columns)


def presented(coder: Mapping[str, Any]) -> str:
    """Say who a coder is, and what is told of how that coder worked."""
    return f"{coder['name']} ({coder['kind']}). {coder['note'] or ''}".strip()
