"""A claim with its evidence, written straight: as a butterfly, and cases against stances."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from kg import claims
from kg.picture import butterfly, marks
from kg.picture.drawing import sign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.browse.fragments import Fragments
    from kg.picture.butterfly import Butterfly, Curve, Group, Quote, Side

CASES = "cases"
"""The name, in an address, of the view that sets cases against stances."""


def picture(f: Fragments, scene: Butterfly, prefix: str = "") -> Markup:
    """Return a claim in the middle of its evidence; on a narrow screen one side stands below the other.

    Args:
        f: the pieces of pages in the language.
        scene: the claim with its evidence.
        prefix: what its ids begin with, on a page with several.
    """
    form = butterfly.shape(scene)
    classes = " ".join(
        filter(None, ("wings", form.double and f"double-{form.double}", "below" if form.below else "beside"))
    )
    qualifying = scene.sides["qualifies"]
    stem = _stem(qualifying) if qualifying.number else ""
    sides = "".join([_side(f, scene.sides[stance], prefix, doubled=form.double == stance) for stance in claims.STANCES])
    return Markup(f'{_jumps(f, scene, prefix)}<div class="{classes}">\n{_claim(f, scene)}{stem}{sides}</div>\n')


def by_case(f: Fragments, scene: Butterfly) -> Markup:
    """Return a table of cases against stances; what a case has nothing of is shown, too.

    Args:
        f: the pieces of pages in the language.
        scene: the claim with its evidence.
    """
    groups = {(stance, group.case): group for stance, side in scene.sides.items() for group in side.groups}
    head = "".join(
        [f'<th scope="col" class="{stance}">{_title(f, scene.sides[stance])}</th>' for stance in claims.STANCES]
    )
    rows = []
    for case, name in scene.cases:
        some = [groups.get((stance, case)) for stance in claims.STANCES]
        cells = "".join([_cell(f, stance, one) for stance, one in zip(claims.STANCES, some, strict=True)])
        if not any(some):
            cells = f'<td class="empty" colspan="{len(some)}"><span>{f.word("nothing")}</span></td>'
        rows.append(f'<tr><th scope="row">{_case(f, case, name)}</th>{cells}</tr>\n')
    return Markup(
        f'<table class="by-case">\n<thead><tr><td></td>{head}</tr></thead>\n'
        f"<tbody>\n{''.join(rows)}</tbody>\n</table>\n"
    )


def _case(f: Fragments, case: str, name: str) -> str:
    """Return a link to a case; literature is none."""
    return f'<a href="{f.page("case", case)}">{escape(name)}</a>' if case != claims.LITERATURE else escape(name)


def _cell(f: Fragments, stance: str, group: Group | None) -> str:
    name = f'<b class="side-name" aria-hidden="true">{f.word(butterfly.TITLES[stance])}</b>'
    if group is None:
        return f'<td class="{stance} empty">{name}<span>{f.word("nothing")}</span></td>'
    return f'<td class="{stance}">{name}{_quotes(f, group)}</td>'


def _jumps(f: Fragments, scene: Butterfly, prefix: str) -> str:
    """Return links to the sides in their order, for a narrow screen; to one without a quote there is none."""
    links = []
    for stance, side in scene.sides.items():
        words = f"{f.word(butterfly.TITLES[stance])} {side.number}"
        if side.number:
            links.append(f'<a class="{stance}" href="#{prefix}{stance}">{words}</a>')
        else:
            links.append(f"<span>{words}</span>")
    return f'<nav class="jumps" aria-label="{f.word("Evidence")}">{"".join(links)}</nav>\n'


def _claim(f: Fragments, scene: Butterfly) -> str:
    """Return the claim as the theory has it: what acts, how, and on what."""
    stage = f.link("concept", scene.stage.id) if scene.stage else f.word("any stage")
    how = scene.relation.id
    relation = f'<a class="relation" href="{f.page("relation", how)}">{f.name("relation", how)}</a>'
    scope = f'<p class="which">{f.word("scope")}: {escape(scene.scope)}</p>' if scene.scope else ""
    colour = marks.COLOURS.get(scene.state, marks.NONE)
    return (
        f'<div class="claim {colour}">'
        f'<p class="which"><b>{escape(scene.claim)}</b> · {f.word(scene.kind)} · {stage}</p>\n'
        f'<p class="says">{f.link("concept", scene.subject.id)} {relation} {f.link("concept", scene.object.id)}</p>\n'
        f'<p class="stands">{sign(marks.STATES[scene.state])} {f.word(scene.state)}</p>{scope}</div>\n'
    )


def _side(f: Fragments, side: Side, prefix: str, *, doubled: bool) -> str:
    """Return one side: its heading, and its groups with the lines to the claim."""
    stance = side.stance
    parts = [
        f'<section class="side {stance}" id="{prefix}{stance}" aria-labelledby="{prefix}{stance}-title">\n',
        f'<h2 id="{prefix}{stance}-title">{_title(f, side)}</h2>\n',
    ]
    single = butterfly.curves(side.groups, butterfly.stack(side.groups))
    twice = butterfly.curves(side.groups, butterfly.stack(side.groups, 2)) if doubled else single
    for number, group in enumerate(side.groups):
        lines = ""
        if stance != "qualifies":
            lines = _curve(stance, single[number], "one" if doubled else "")
            lines += _curve(stance, twice[number], "two") if doubled else ""
        many = len(group.quotes)
        parts.append(
            f'<div class="group n{min(many, 6)}">{lines}'
            f"<h3>{_case(f, group.case, group.name)} <small>{many}</small></h3>\n{_quotes(f, group)}</div>\n"
        )
    return "".join([*parts, "</section>\n"])


def _title(f: Fragments, side: Side) -> str:
    name = f.word(butterfly.TITLES[side.stance])
    if not side.number:
        return f"{name} <small>{f.word('no quotes')}</small>"
    quotes = f.word("quote" if side.number == 1 else "quotes")
    return f"{name} <small>{side.number} {quotes}, {side.independent} {f.word('independent')}</small>"


def _quotes(f: Fragments, group: Group) -> str:
    """Return the quotes of a group; of very many the first, and the rest folded."""
    shown = _cards(f, group.stance, group.shown)
    if not group.more:
        return shown
    return (
        f'{shown}<details class="more"><summary>{len(group.more)} {f.word("more")}</summary>'
        f"{_cards(f, group.stance, group.more)}</details>\n"
    )


def _cards(f: Fragments, stance: str, quotes: Iterable[Quote]) -> str:
    return f'<div class="quotes">{"".join([_card(f, stance, quote) for quote in quotes])}</div>\n'


def _card(f: Fragments, stance: str, quote: Quote) -> str:
    """Return a quote in two lines, which leads to its place, with who says it; all of it on demand."""
    references = [f'<a href="{f.page("reference", key)}">{escape(name)}</a>' for key, name in quote.references]
    origin = references[0] if references else f'<a href="{f.page("source", quote.source)}">{escape(quote.origin)}</a>'
    others = f'<span class="others"> +{len(references) - 1}</span>' if len(references) > 1 else ""
    rests = f'<p class="rests">{" · ".join(references)}</p>' if others else ""
    place = f'<span class="place"> · {escape(quote.place)}</span>' if quote.place else ""
    return (
        f'<div class="quote {stance}"><p class="words"><a href="{f.plain("excerpt", quote.excerpt)}">'
        f"{escape(quote.words)}</a></p>\n"
        f'<p class="from"><span class="origin">{origin}</span>{others}{place}'
        f'<span class="strength">{f.word(quote.strength)} {_bars(quote.strength, stance)}</span></p>\n'
        f'<details class="whole"><summary aria-label="{f.word("the whole quote, and why it counts")}">…</summary>'
        f"{rests}"
        f'<p class="because"><span>{f.word("because")}:</span> {escape(quote.because)} '
        f'<a href="{f.plain("line", quote.line)}">{f.word("evidence line")}</a></p></details></div>\n'
    )


def _curve(stance: str, curve: Curve, column: str) -> str:
    """Return the line from a group to the claim, drawn from the group's own upper edge."""
    wide = butterfly.GUTTER
    start, end = curve.start - curve.place.top, curve.end - curve.place.top
    if stance == "supports":
        points = 0.0, wide * 0.55, wide * 0.4, wide - 8.0
        head = f"M{wide} {end:g}l-8 -5v10z"
    else:
        points = float(wide), wide * 0.45, wide * 0.6, 8.0
        head = f"M0 {end:g}l8 -5v10z"
    one, two, three, four = points
    return (
        f'<svg class="edge {stance} {column}" width="{wide}" height="1" aria-hidden="true">'
        f'<path class="strand" d="M{one:g} {start:g}C{two:g} {start:g} {three:g} {end:g} {four:g} {end:g}" '
        f'stroke-width="{curve.width:g}"{dashes(stance)}/><path class="head" d="{head}"/></svg>'
    )


def _stem(side: Side) -> str:
    """Return the line from what qualifies up to the claim."""
    width = marks.strand_width(side.independent)
    return (
        '<svg class="stem qualifies" width="12" aria-hidden="true"><path class="head" d="M6 0l-5 8h10z"/>'
        f'<line class="strand" x1="6" x2="6" y1="8" y2="100%" stroke-width="{width:g}"{dashes("qualifies")}/></svg>\n'
    )


def dashes(stance: str) -> str:
    """Return the attribute of the dashes of a stance, with a blank before it; empty for a solid line.

    Args:
        stance: supports, opposes, qualifies or none.
    """
    return f' stroke-dasharray="{marks.DASHES[stance]}"' if marks.DASHES[stance] else ""


def _bars(strength: str, stance: str) -> str:
    """Return the bars of a strength."""
    parts = "".join([f'<path class="f-{part.fill}" d="{part.path}"/>' for part in marks.bars(strength, stance)])
    return f'<svg class="bars" width="14" height="11" viewBox="0 -11 14 11" aria-hidden="true">{parts}</svg>'
