"""Reports on a study: what each is, by its name; a module a topic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from kg import bearing, judges, query
from kg.errors import KGError
from kg.query import Table
from kg.reports import ati, coders, codes, confidence, coreq, gaps, matrix, pages, saturation
from kg.reports.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kg.query import Engine
    from kg.store.tables import Tables


class Reported(Protocol):
    """The study that reports are on.

    Args:
        engine: what answers queries.
        tables: the tables of the build.
        folder: the study's folder.
    """

    @property
    def engine(self) -> Engine:
        """Return what answers queries."""

    @property
    def tables(self) -> Tables:
        """Return the tables of the build."""

    @property
    def folder(self) -> Path:
        """Return the study's folder."""


class Maker(NamedTuple):
    """A report that can be made.

    Args:
        make: makes it of what it needs.
        options: what else it can be told, by name.
        needs: what of :class:`Reported` it is made of: tables where only these have it.
        judges: gives the names of who judged what it tells, if all of them are software; None where it names them.
    """

    make: Callable[..., Report]
    options: tuple[str, ...] = ()
    needs: tuple[Literal["engine", "tables", "folder"], ...] = ("engine",)
    judges: Callable[[Engine, Mapping[str, Any]], tuple[str, ...]] | None = None


def _judges_of_lines(engine: Engine, options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of who judged the evidence on all claims, if all of them are software."""
    limits = options.get("limits", bearing.NONE)
    bears = bearing.of(engine) if not limits else bearing.Read(engine, limits=limits)
    return judges.of_claims(engine, bears, [row[0] for row in query.run(engine, "claims").rows])


def _judges_of_codes(engine: Engine, _options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of who coded, if all of them are software."""
    return judges.software(engine, {row["coder"] for row in query.run(engine, "codings").dicts()})


REPORTS = {
    "matrix": Maker(matrix.matrix, ("limits", "by"), judges=_judges_of_lines),
    "codes": Maker(codes.codes, ("by",), judges=_judges_of_codes),
    "saturation": Maker(saturation.saturation, ("unit",), ("engine", "folder"), judges=_judges_of_codes),
    "agreement": Maker(coders.agreement, ("unit",), ("tables",)),
    "disagreements": Maker(coders.disagreements, ("unit",), ("tables",)),
    "confidence": Maker(confidence.confidence),
    "gaps": Maker(gaps.gaps, judges=_judges_of_lines),
    "audit": Maker(coders.audit),
    "ati": Maker(ati.ati),
    "coreq": Maker(coreq.checklist, needs=("tables", "folder")),
}
"""Every report by its name."""


PUBLISHED = ("ati", "supplement")
"""The reports that are made to go out, so that what sources withhold is not in them."""


def make(graph: Reported, name: str, options: Mapping[str, Any]) -> Report:
    """Make a report.

    Args:
        graph: the study.
        name: one of :data:`REPORTS`.
        options: what else it is told, by name.

    Raises:
        KeyError: when no report has the name.
        KGError: when the report cannot be told that, or there is nothing to report on.
    """
    maker = REPORTS[name]
    for option in options:
        if option not in maker.options:
            able = [other for other, one in REPORTS.items() if option in one.options]
            raise KGError(f"the report '{name}' has no option '{option}'; these have it: {', '.join(able)}")
    made = maker.make(*(getattr(graph, need) for need in maker.needs), **options)
    alone = maker.judges(graph.engine, options) if maker.judges else ()
    return replace(made, notes=(*made.notes, f"{judges.ALONE}: {', '.join(alone)}")) if alone else made


def supplement(graph: Reported, title: str, entries: Mapping[str, str], picture: str = "") -> str:
    """Write everything on one HTML page that reads like the supplement to a paper.

    Args:
        graph: the study.
        title: the study's title.
        entries: the entry in the list of references by key.
        picture: the map of the theory, as SVG.
    """
    reports, engine = [], graph.engine
    # Each quote stands under its claim there.
    for name in (name for name in REPORTS if name != "ati"):
        try:
            reports.append(make(graph, name, {}))
        except KGError as e:
            reports.append(Report(name, name.capitalize(), (str(e),), Table((), [])))
    propositions = bearing.load(engine, query.run(engine, "claims"), bearing.of(engine))
    cited = sorted(
        {key for claim in propositions for p in (*claim.quotes(), *claim.assertions) for key in p.references}
    )
    codebook = query.run(engine, "codebook").dicts()
    called = {row["reference"]: row["name"] for row in query.run(engine, "references").dicts()}
    listed = [(key, entries[key]) for key in cited]
    shown = {"claims": propositions, "codes": codebook, "references": listed, "called": called, "picture": picture}
    return pages.page(title, reports, **shown)
