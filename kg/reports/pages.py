"""Reports as one HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg import claims, html
from kg.reports.plots import svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.reports.report import Report


def page(title: str, reports: Sequence[Report], **more: Any) -> str:
    """Write reports as one HTML page, without scripts and without requests to anywhere.

    Args:
        title: its heading.
        reports: what it shows first.
        more: claims, codes, references and what these are called, when these follow.
    """
    plots = {r.name: svg(r) for r in reports if r.curve or (r.name == "matrix" and r.table.rows)}
    drawn = {name: text[text.index("<svg") :] for name, text in plots.items()}
    named = {r.name for r in reports}
    reports = [one for r in reports for one in (r, *(more for more in r.further if more.name not in named))]
    template = html.templates("kg").get_template("report.html")
    shown = {"claims": (), "picture": "", **more}
    return template.render(title=title, reports=reports, plots=drawn, stances=claims.STANCES, **shown)
