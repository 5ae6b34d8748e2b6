"""A concept with all that is about it, written straight: by its sides, its codes, and what no claim uses."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

from kg.browse.butterfly import dashes
from kg.cjk import has_han
from kg.ids import source_of
from kg.picture import marks, sides
from kg.picture.drawing import sign
from kg.picture.map import counted
from kg.picture.theory import SHORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.browse.fragments import Fragments
    from kg.picture.sides import CodeUse, Side, Sides
    from kg.picture.theory import Claim, Named

WIDE = 100
"""How wide the space of the lines is, in the units of the drawing, which is stretched to the space there is."""
BAR = 150
"""How long the longest bar of a code is (pixels)."""
FIRST, MOST = 6, 30
"""How many passages that no claim uses are shown at once, and how many in all."""


def picture(f: Fragments, scene: Sides) -> Markup:
    """Return a concept between what acts on it and on what it acts; on a narrow screen one stands below the other.

    Args:
        f: the pieces of pages in the language.
        scene: the concept with all that is about it.
    """
    most = max(len(scene.acts_on_it.claims), len(scene.it_acts_on.claims))
    reach = sides.reach(most)
    return Markup(
        f'<div class="around reach-{sides.REACHES.index(reach)}">\n'
        f"{_side(f, scene.acts_on_it, 'acts on it', reach, to=True)}{_middle(f, scene)}"
        f"{_side(f, scene.it_acts_on, 'it acts on', reach, to=False)}</div>\n"
    )


def codes(f: Fragments, scene: Sides) -> Markup:
    """Return the codes that indicate a concept, with bars of their passages by case.

    Args:
        f: the pieces of pages in the language.
        scene: the concept with all that is about it.
    """
    used = [use for use in scene.codes if use.number]
    unused = [use for use in scene.codes if not use.number]
    longest = max((use.number for use in used), default=1)
    keys = "".join(
        [
            f'<li><svg width="11" height="11" aria-hidden="true"><rect class="{_colour(scene, case)}" width="11" '
            f'height="11" rx="2"/></svg> {escape(name)}</li>'
            for case, name in scene.cases
            if any(case in use.by_case for use in used)
        ]
    )
    legend = f'<ul class="keys">{keys}</ul>\n' if keys else ""
    bars = "".join([_bar(f, scene, use, longest) for use in used])
    listed = f'<ul class="codes">{bars}</ul>\n' if used else ""
    rest = ", ".join([f.link("code", use.code.id) for use in unused])
    without = f'<p class="note">{f.word("without a passage")}: {rest}</p>\n' if rest else ""
    return Markup(f"{legend}{listed}{without}")


def passages_left(f: Fragments, scene: Sides) -> Markup:
    """Return the passages that no claim uses; of many the first, and the rest folded.

    Args:
        f: the pieces of pages in the language.
        scene: the concept with all that is about it.
    """
    cards = [
        f'<div class="quote"><p class="words"><a href="{f.plain("excerpt", one.id)}">{escape(one.quote)}</a></p>\n'
        f'<p class="from"><span class="origin">{f.link("source", source_of(one.id))}</span></p></div>\n'
        for one in scene.unused[:MOST]
    ]
    shown = f'<div class="quotes">{"".join(cards[:FIRST])}</div>\n'
    if len(cards) <= FIRST:
        return Markup(shown)
    left = len(scene.unused) - len(cards)
    note = f'<p class="note">{left} {f.word("more on the pages of the codes")}</p>' if left else ""
    return Markup(
        f'{shown}<details class="more"><summary>{len(scene.unused) - FIRST} {f.word("more")}</summary>'
        f'<div class="quotes">{"".join(cards[FIRST:])}</div>{note}</details>\n'
    )


def _middle(f: Fragments, scene: Sides) -> str:
    """Return the concept itself, with what is above and below it."""
    joined = scene.acts_on_it.total + scene.it_acts_on.total
    about = f"{counted(joined, f.language)} · {f.number(scene.lines, 'line')}"
    stage = ""
    if scene.stage_of:
        stage = f'<p class="near"><span>{f.word("stage of")}</span> {f.named(scene.stage_of)}</p>'
    below = _near(f, "narrower", scene.narrower) + _near(f, "related", scene.related) + stage
    return (
        f'<div class="middle"><div class="above">{_near(f, "broader", scene.broader)}</div>\n'
        f'<div class="concept-box"><b>{escape(scene.concept.name)}</b><span>{about}</span></div>\n'
        f'<div class="beneath">{below}</div></div>\n'
    )


def _near(f: Fragments, link: str, some: Sequence[Named]) -> str:
    """Return concepts above, below or beside the one in the middle."""
    if not some:
        return ""
    links = " ".join([f.link("concept", identifier) for identifier, _ in some])
    return f'<p class="near {link}"><span>{f.word(link)}</span> {links}</p>'


def _side(f: Fragments, side: Side, title: str, reach: float, *, to: bool) -> str:
    """Return a side: the neighbours with their claims, and the lines between these and the concept."""
    count = counted(side.total, f.language) if side.total else f.word("no claim")
    name = "acting" if to else "acted"
    rows = []
    for other, some in side.neighbours:
        pills = "".join([_pill(f, one) for one in some])
        rows.append(
            f'<li class="r{len(some)}"><div class="other">{f.link("concept", other.id)}</div><ul>{pills}</ul></li>\n'
        )
    left = side.total - len(side.claims)
    more = f'<p class="note"><a href="#claims">{left} {f.word("more")}</a></p>' if left else ""
    lines = _lines(side, reach, to=to) if side.claims else ""
    return (
        f'<section class="{name}"><h2>{f.word(title)} <small>{count}</small></h2>\n'
        f'<div class="rows"><ul class="neighbours">{"".join(rows)}</ul>{lines}</div>{more}</section>\n'
    )


def _pill(f: Fragments, one: Claim) -> str:
    """Return a claim in one line: its sign, its id, how it joins the two, and its counts."""
    lacking = f.word(SHORT.get(one.state, one.state))
    counts = f.tally(one.tally) if one.has_evidence else f'<span class="tally zero">{lacking}</span>'
    colour = marks.COLOURS.get(one.state, marks.NONE)
    strands = "".join([f'<i class="{s.stance} w{min(round(s.width), 9)}"></i>' for s in marks.strands(one.witnesses)])
    return (
        f'<li class="by {marks.heaviest(one.witnesses)}">'
        f'<a class="pill {colour}" href="{f.page("proposition", one.id)}" title="{f.word(one.state)}">'
        f'<span class="bundle" aria-hidden="true">{strands}</span>{sign(marks.STATES[one.state])} '
        f'<b>{escape(one.id)}</b> <span class="how">{f.name("relation", one.relation.id)}</span> {counts}</a></li>'
    )


def _lines(side: Side, reach: float, *, to: bool) -> str:
    """Return the lines of a side, in a drawing that is as wide as the space it is put in, and their heads."""
    number = len(side.claims)
    high = number * sides.ROW
    paths, heads = [], []
    for (_, one), start, end in zip(side.claims, sides.starts(number), sides.ends(number, reach), strict=True):
        for strand in marks.strands(one.witnesses):
            first, last = (start, end) if to else (end, start)
            a, b = first + high / 2 + strand.offset, last + high / 2 + strand.offset
            paths.append(
                f'<path class="strand {strand.stance}" d="M0 {a:g}C55 {a:g} 45 {b:g} {WIDE} {b:g}" '
                f'stroke-width="{strand.width:g}"{dashes(strand.stance)}/>'
            )
        if to:
            heads.append(f'<path class="head {marks.heaviest(one.witnesses)}" d="M8 {end + high / 2:g}l-8 -5v10z"/>')
    drawn = (
        f'<svg class="flow" height="{high}" viewBox="0 0 {WIDE} {high}" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(paths)}</svg>"
    )
    if heads:
        drawn += f'<svg class="heads" width="8" height="{high}" aria-hidden="true">{"".join(heads)}</svg>'
    return drawn


def _bar(f: Fragments, scene: Sides, use: CodeUse, longest: int) -> str:
    """Return a code with its bar, in which the cases follow each other."""
    parts, at = [], 0.0
    for case, number in use.by_case.items():
        wide = BAR * number / longest
        size = f'x="{at:.1f}" width="{max(wide - 1, 1):.1f}" height="12" rx="1"'
        parts.append(f'<rect class="{_colour(scene, case)}" {size}/>')
        at += wide
    names = dict(scene.cases)
    told = ", ".join([f"{escape(names[case])} {number}" for case, number in use.by_case.items()])
    return (
        f'<li><span class="code-name">{f.link("code", use.code.id)}</span>'
        f'<span class="bar" title="{told}"><svg width="{at:.1f}" height="12" aria-hidden="true">{"".join(parts)}</svg> '
        f'{use.number}<span class="hidden">: {told}</span></span></li>\n'
    )


def _colour(scene: Sides, case: str) -> str:
    """Return the class of the colour of a case."""
    return sides.colour([one.id for one in scene.cases].index(case), len(scene.cases))


def labels(rows: Sequence[Mapping[str, object]]) -> list[tuple[str, str, list[str]]]:
    """Return what a concept is called, by language: the language, the name that is preferred, the others.

    Args:
        rows: rows of the query ``labels``; names that are not preferred tell no language, so their letters do.
    """
    by_language: dict[str, tuple[str, list[str]]] = {"en": ("", []), "zh": ("", [])}
    for row in rows:
        label = str(row["label"])
        language = str(row["language"]) or ("zh" if has_han(label) else "en")
        first, others = by_language.setdefault(language, ("", []))
        if row["preferred"] and not first:
            by_language[language] = (label, others)
        elif label not in others:
            others.append(label)
    return [(language, first, others) for language, (first, others) in by_language.items() if first or others]
