"""The page that shows how everything looks: what a person who changes the look opens first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import claims
from kg.browse import addresses, samples
from kg.browse.frame import Facet, Page, Slice
from kg.browse.study import Standing
from kg.store import passages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.browse.parameters import Parameters
    from kg.browse.samples import Pictures
    from kg.browse.study import BuiltStudy
    from kg.claims import Line

COLOURS = (
    "paper", "card", "band", "ink", "soft", "line", "frame", "none", "accent", "concept", "supports", "supports-tint",
    "opposes", "opposes-tint", "qualifies", "qualifies-tint", "mark", "over", "picked", "case-1", "case-2", "case-3",
    "case-4",
)  # fmt: skip
"""The colours of the style sheet, by name."""
THEMES = ("light", "dark")
"""The themes."""


@dataclass(frozen=True)
class Style:
    """Samples of everything that pages are made of.

    Args:
        colours: names of the colours.
        standings: claims, each in another state; none in a study without claims.
        lines: evidence lines, one of each stance that there is.
        by_case: numbers of evidence lines by case and stance.
        facet: something to choose by.
        part: a page of a list with pages before and after it.
        concept: id of a concept, or empty.
        pictures: the pictures of made-up claims in each theme and language.
    """

    colours: Sequence[str]
    standings: Sequence[Standing]
    lines: Sequence[Line]
    by_case: Sequence[tuple[str, Sequence[int]]]
    facet: Facet
    part: Slice[int]
    concept: str
    pictures: Mapping[tuple[str, str], Pictures]


def page(study: BuiltStudy, parameters: Parameters, language: str) -> Page:
    """Show every element in every state, in both themes and both languages."""
    rows = [*study.claims.values()]
    standings = [
        Standing(row, samples.tally(state), state)
        for row, state in zip(rows * (len(claims.STATES) // len(rows) + 1) if rows else (), claims.STATES, strict=False)
    ]
    tallies = [[*samples.tally(state).values()] for state in claims.STATES]
    found = [study.evidence.ids(study.evidence.having("stance", stance), 0, 1) for stance in claims.STANCES]
    cases = (*study.ids("case"), claims.LITERATURE)
    content = Style(
        colours=COLOURS,
        standings=standings,
        lines=passages.lines(study.tables, [line for some in found for line in some]),
        by_case=[(case, tallies[number % len(tallies)]) for number, case in enumerate(cases)],
        facet=Facet("stance", "", tuple((s, n, s == "opposes") for n, s in enumerate(claims.STANCES)), ()),
        part=Slice((), 100, 2, 4, 25),
        concept=next(iter(study.ids("concept")), ""),
        pictures={
            (theme, tongue): samples.pictures(study, tongue, f"{theme}-{tongue}")
            for theme in THEMES
            for tongue in addresses.LANGUAGES
        },
    )
    return Page("style.html", "Style", "style", content)
