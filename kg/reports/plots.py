"""Reports drawn as SVG: the curve of saturation, the matrix."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kg import claims
from kg.errors import KGError, StoreUnavailable

if TYPE_CHECKING:
    from kg.reports.report import Report


def svg(report: Report) -> str:
    """Draw a report as SVG; the same report gives the same bytes.

    Args:
        report: one with a curve, or the matrix.

    Raises:
        KGError: when the report is nothing to draw.
        StoreUnavailable: when the package matplotlib is not installed.
    """
    if not report.curve and report.name != "matrix":
        raise KGError(f"the report '{report.name}' has no plot; matrix and saturation have one")
    try:
        import matplotlib as mpl
    except ImportError as e:
        raise StoreUnavailable("a plot needs the package matplotlib: pip install '.[report]' in the checkout") from e
    mpl.use("svg")
    import io
    import warnings

    from matplotlib import pyplot

    # Text stays text, and neither salt nor date changes from run to run.
    with (
        mpl.rc_context({"svg.hashsalt": "dart-kg", "svg.fonttype": "none", "font.family": "sans-serif"}),
        warnings.catch_warnings(),
    ):
        # One font measures the text, so that it stands at the same place everywhere; who shows it has one for Chinese.
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font", UserWarning)
        figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
        (_draw_curve if report.curve else _draw_matrix)(axes, report)
        axes.set_title(report.title)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close(figure)
    return out.getvalue()


def _draw_curve(axes: Any, report: Report) -> None:
    """Draw codes so far over coded paragraphs; a line marks where a source begins."""
    numbers = range(1, len(report.curve) + 1)
    axes.step(numbers, [value for value, _ in report.curve], where="post", color="#1f5f8b")
    top = max(value for value, _ in report.curve)
    for number, (_, label) in zip(numbers, report.curve, strict=True):
        if label:
            axes.axvline(number, color="#999999", linewidth=0.8, linestyle=":")
            axes.text(number, top * 1.02, label, fontsize=8, rotation=20, color="#444444")
    axes.set(
        xlabel="coded paragraphs, in the order of the sources", ylabel="different codes so far", ylim=(0, top * 1.15)
    )


def _draw_matrix(axes: Any, report: Report) -> None:
    """Draw support to the right and opposition to the left, over all cases."""
    totals: dict[str, list[int]] = {sign: [] for sign in claims.SIGNS.values()}
    cells = slice(2, -3)
    for row in report.table.rows:
        numbers = Counter[str]()
        for cell in row[cells]:
            for part in () if cell == "none" else str(cell).split():
                numbers[part[0]] += int(part[1:])
        for sign, sums in totals.items():
            sums.append(numbers[sign])
    places = range(len(report.table.rows))
    plus, minus, limit = totals.values()
    axes.barh(places, plus, color="#2b7a4b", label="supports")
    axes.barh(places, limit, left=plus, color="#c9a227", label="qualifies", hatch="//", edgecolor="white")
    axes.barh(places, [-n for n in minus], color="#b03a2e", label="opposes", hatch="xx", edgecolor="white")
    axes.set_yticks(list(places), [row[0] for row in report.table.rows], fontsize=7)
    axes.invert_yaxis()
    axes.axvline(0, color="#444444", linewidth=0.8)
    axes.set(xlabel="evidence lines against (left) and for (right)")
    axes.legend(fontsize=8)
