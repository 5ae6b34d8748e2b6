"""Reports on a study: matrix, saturation, agreement, gaps, audit, and all of them in one page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import bearing, claims, html, query
from kg.errors import KGError, StoreUnavailable
from kg.query import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg.limits import Limits
    from kg.query import Engine


@dataclass(frozen=True)
class Report:
    """A report: its table, and how to read it.

    Args:
        name: its name.
        title: its heading.
        notes: how it is to be read, and what it warns of.
        table: columns and rows.
        brief: the columns that a terminal shows.
        curve: for a plot, the values of a curve with a label at some of its points.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    table: Table
    brief: tuple[str, ...] = ()
    curve: tuple[tuple[int, str], ...] = ()


def matrix(engine: Engine, limits: Limits | None = None) -> Report:
    """Set propositions against cases: how many lines support, oppose and qualify.

    Args:
        engine: what answers queries.
        limits: what the evidence is limited to; when given, every line is read and looked at by itself.

    Returns:
        One row a proposition; ``quotes`` counts its passages, ``independent`` the witnesses among
        them that share no reference.
    """
    bears = bearing.of(engine) if limits is None else bearing.Read(engine, limits=limits)
    propositions = bearing.load(engine, query.run(engine, "claims"), bears)
    cases = [r["id"] for r in query.run(engine, "records").dicts() if r["kind"] == "case"]
    rows: list[tuple[Any, ...]] = []
    warned: list[str] = []
    for claim in propositions:
        counts = claim.by_case
        cells = []
        for case in (*cases, claims.LITERATURE):
            marks = [f"{sign}{counts[s][case]}" for s, sign in claims.SIGNS.items() if counts[s][case]]
            cells.append(" ".join(marks) or "none")
        for stance in claims.STANCES:
            quotes, independent = claim.witnesses(stance)
            if independent < quotes:
                warned.append(f"{claim.id} {stance}: {quotes} quotes, but only {independent} independent of each other")
        rows.append((claim.id, claim.state, *cells, *claim.witnesses(), claim.statement))
    note = "+ supports, − opposes, ~ qualifies, with the number of evidence lines; none: no line"
    about = "independent: passages that share a reference are one witness"
    if disputed := [dispute.line.id for claim in propositions for dispute in claim.disputes]:
        lines = "1 evidence line" if len(disputed) == 1 else f"{len(disputed)} evidence lines"
        warned.append(f"coders differ on {lines}, in no cell until that is settled: {', '.join(disputed)}")
    columns = ("claim", "state", *cases, claims.LITERATURE, "quotes", "independent", "statement")
    return Report(
        "matrix", "Propositions by case", (note, about, *warned), Table(columns, rows), ("claim", *columns[2:-1])
    )


def saturation(engine: Engine) -> Report:
    """Count the codes that each further source adds.

    Args:
        engine: what answers queries.

    Returns:
        One row a source, in the order of the study's sources by id, the theory's own text first.
    """
    codings = query.run(engine, "codings").dicts()
    theory = {r["source"] for r in query.run(engine, "sources").dicts() if r["role"] == "theory"}
    order = sorted({c["source"] for c in codings}, key=lambda s: (s not in theory, s))
    seen: set[str] = set()
    rows: list[tuple[Any, ...]] = []
    curve: list[tuple[int, str]] = []
    for source in order:
        mine = [c for c in codings if c["source"] == source]
        before = len(seen)
        # A paragraph is the step; where a source has no labels, the passage is.
        steps: dict[str, set[str]] = {}
        for coding in mine:
            steps.setdefault(coding["paragraph"] or coding["excerpt"], set()).add(coding["code"])
        for number, given in enumerate(steps.values()):
            seen |= given
            curve.append((len(seen), source if number == 0 else ""))
        new = len(seen) - before
        rows.append((source, len(steps), len(mine), len({c["code"] for c in mine}), new, len(seen)))
    columns = ("source", "paragraphs", "codings", "codes", "new codes", "codes so far")
    note = "new codes: codes that no source above has; few in the last rows speak for saturation"
    return Report("saturation", "New codes by source", (note,), Table(columns, rows), columns, tuple(curve))


def agreement(engine: Engine) -> Report:
    """Compare two coders, family of codes by family, on the paragraphs that both judged.

    A unit is a paragraph, its value whether the coder gave it any code of the family. Agreement is
    in percent and Krippendorff's alpha for nominal data (K. Krippendorff, Content Analysis, 2004).

    Args:
        engine: what answers queries.

    Returns:
        One row a family and one for all; the notes list the disagreements and how each was settled.

    Raises:
        KGError: when no paragraph was coded by two coders.
        StoreUnavailable: when the package krippendorff is not installed.
    """
    values: dict[tuple[str, str], dict[str, set[str]]] = {}
    families: set[str] = set()
    for coding in query.run(engine, "codings").dicts():
        if coding["paragraph"] and coding["family"]:
            unit = values.setdefault((coding["source"], coding["paragraph"]), {})
            unit.setdefault(coding["coder"], set()).add(coding["family"])
            families.add(coding["family"])
    for memo in query.run(engine, "uncoded-paragraphs").dicts():
        # To have looked and given no code is a judgement too.
        values.setdefault((memo["source"], memo["paragraph"]), {}).setdefault(memo["coder"], set())
    pairs = Counter(
        (a, b) for unit in values.values() for a in unit for b in unit if a < b
    )  # the two who share most paragraphs
    if not pairs:
        raise KGError("no paragraph was coded by two coders; code some a second time, blind, to see how far they agree")
    (first, second), _ = min(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    units = {key: unit for key, unit in sorted(values.items()) if first in unit and second in unit}
    rows: list[tuple[Any, ...]] = []
    everything: list[tuple[int, int]] = []
    disputed: list[tuple[str, str, str, str]] = []
    for family in sorted(families):
        given = [(int(family in u[first]), int(family in u[second])) for u in units.values()]
        everything += given
        rows.append((family, *_compared(given)))
        disputed += [(*key, family, first if a else second) for key, (a, b) in zip(units, given, strict=True) if a != b]
    rows.append(("all", *_compared(everything)))
    settled = {(r["source"], r["paragraph"], r["family"]): r for r in query.run(engine, "settlements").dicts()}
    listed = []
    for source, paragraph, family, who in sorted(disputed):
        how = settled.get((source, paragraph, family))
        end = f"{how['decision']} ({how['coder']}, {how['date']}): {how['reason']}" if how else "not settled"
        listed.append(f"{paragraph} {family}, by {who} only: {end}")
    coders = query.run(engine, "coders").dicts()
    notes = [
        f"{r['coder']}: {r['name']} ({r['kind']}). {r['note'] or ''}".strip()
        for r in coders
        if r["coder"] in (first, second)
    ]
    notes.append(f"{len(units)} paragraphs were judged by both; {len(disputed)} disagreements, {len(settled)} settled")
    columns = ("family", "both", f"only {first}", f"only {second}", "neither", "percent", "alpha")
    return Report("agreement", "Agreement of two coders", (*notes, *listed), Table(columns, rows), columns)


def _compared(given: list[tuple[int, int]]) -> tuple[int, int, int, int, float, float | None]:
    """Return the four counts, agreement in percent, and alpha where both values occur."""
    try:
        from krippendorff import alpha
    except ImportError as e:
        raise StoreUnavailable(
            "this report needs the package krippendorff: pip install '.[report]' in the checkout"
        ) from e
    counts = Counter(given)
    same = counts[1, 1] + counts[0, 0]
    # Without variation alpha is not defined: nothing could have been disagreed on.
    varied = len({value for pair in given for value in pair}) > 1
    reliability = alpha(list(zip(*given, strict=True)), level_of_measurement="nominal") if varied else None
    percent = round(100 * same / len(given), 1)
    rounded = None if reliability is None else round(float(reliability), 2)
    return counts[1, 1], counts[1, 0], counts[0, 1], counts[0, 0], percent, rounded


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


def audit(engine: Engine) -> Report:
    """Say who coded what when.

    Args:
        engine: what answers queries.
    """
    acts = query.run(engine, "acts")
    return Report("audit", "Who did what when", (), acts, acts.columns)


REPORTS: dict[str, Callable[[Engine], Report]] = {
    "matrix": matrix,
    "saturation": saturation,
    "agreement": agreement,
    "gaps": gaps,
    "audit": audit,
}
"""Every report by its name."""


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

    from matplotlib import pyplot

    # Text stays text, and neither salt nor date changes from run to run.
    with mpl.rc_context({"svg.hashsalt": "dart-kg", "svg.fonttype": "none", "font.family": "sans-serif"}):
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
        for sign, values in totals.items():
            values.append(numbers[sign])
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


def page(title: str, reports: Sequence[Report], **more: Any) -> str:
    """Write reports as one HTML page, without scripts and without requests to anywhere.

    Args:
        title: its heading.
        reports: what it shows first.
        more: claims, codes, references and what these are called, when these follow.
    """
    plots = {r.name: svg(r) for r in reports if r.curve or (r.name == "matrix" and r.table.rows)}
    drawn = {name: text[text.index("<svg") :] for name, text in plots.items()}
    template = html.templates("kg").get_template("report.html")
    shown = {"claims": (), "picture": "", **more}
    return template.render(title=title, reports=reports, plots=drawn, stances=claims.STANCES, **shown)


def supplement(engine: Engine, title: str, entries: Mapping[str, str], picture: str = "") -> str:
    """Write everything on one HTML page that reads like the supplement to a paper.

    Args:
        engine: what answers queries.
        title: the study's title.
        entries: the entry in the list of references by key.
        picture: the map of the theory, as SVG.
    """
    reports = []
    for name, make in REPORTS.items():
        try:
            reports.append(make(engine))
        except KGError as e:
            reports.append(Report(name, name.capitalize(), (str(e),), Table((), [])))
    propositions = bearing.load(engine, query.run(engine, "claims"), bearing.of(engine))
    cited = sorted(
        {key for claim in propositions for p in (*claim.quotes(), *claim.assertions) for key in p.references}
    )
    codes = query.run(engine, "codebook").dicts()
    called = {row["reference"]: row["name"] for row in query.run(engine, "references").dicts()}
    listed = [(key, entries[key]) for key in cited]
    return page(title, reports, claims=propositions, codes=codes, references=listed, called=called, picture=picture)
